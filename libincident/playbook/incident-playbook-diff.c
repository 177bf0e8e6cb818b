/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "playbook/incident-playbook-private.h"

/* Two documents side by side, in the words of the table that they are read by. */

typedef struct
{
  GPtrArray  *changes;
  const char *section;
  const char *name;     /* of the entry in the section; nullable */
  const char *subject;  /* “service checkout” */
} Diff;

static void compare (Diff                *self,
                     const IncidentShape *shape,
                     IncidentNode        *before,
                     IncidentNode        *after,
                     const char          *path);

static void
add (Diff       *self,
     const char *path,
     const char *what)
{
  char *text = *path != '\0' ? g_strdup_printf ("%s: %s %s", self->subject, path, what)
                             : g_strdup_printf ("%s: %s", self->subject, what);

  g_ptr_array_add (self->changes, incident_playbook_change_new (text, self->section, self->name));
}

/* As people write it: words without quotes, the rest as JSON. */
static char *
describe (IncidentNode *node)
{
  if (node == NULL)
    return g_strdup ("nothing");
  if (node->type == INCIDENT_JSON_STRING)
    return g_strdup (node->value.string);

  return incident_node_to_json (node, FALSE);
}

static gboolean
are_equal (IncidentNode *before,
           IncidentNode *after)
{
  g_autofree char *left = before != NULL ? incident_node_to_json (before, FALSE) : NULL;
  g_autofree char *right = after != NULL ? incident_node_to_json (after, FALSE) : NULL;

  return g_strcmp0 (left, right) == 0;
}

static char *
join_path (const char *path,
           const char *name)
{
  return *path != '\0' ? g_strdup_printf ("%s %s", path, name) : g_strdup (name);
}

static gboolean
has_equal (IncidentNode *list,
           IncidentNode *element)
{
  for (guint i = 0; i < incident_node_get_length (list); i++)
    if (are_equal (incident_node_get_child (list, i), element))
      return TRUE;

  return FALSE;
}

/* The element of @list that has the same name in the member @key. */
static IncidentNode *
find_named (IncidentNode *list,
            const char   *key,
            const char   *name)
{
  for (guint i = 0; i < incident_node_get_length (list); i++)
    {
      IncidentNode *element = incident_node_get_child (list, i);

      if (g_strcmp0 (incident_node_get_string (element, key), name) == 0)
        return element;
    }

  return NULL;
}

/* What has a name is compared with what had it; the rest comes and goes as a whole. */
static void
compare_element (Diff                *self,
                 const IncidentShape *shape,
                 IncidentNode        *before,
                 IncidentNode        *after,
                 const char          *path)
{
  IncidentNode *element = after != NULL ? after : before;
  const char *name = incident_node_get_string (element, shape->key);
  g_autofree char *whole = name == NULL ? incident_node_to_json (element, FALSE) : NULL;
  g_autofree char *what = whole != NULL ? g_strdup_printf ("%s %s", after != NULL ? "+" : "−", whole) : NULL;
  g_autofree char *deeper = name != NULL ? join_path (path, name) : NULL;

  if (whole != NULL)
    add (self, path, what);
  else if (before == NULL || after == NULL)
    add (self, deeper, after != NULL ? "is new" : "is gone");
  else
    compare (self, shape->element, before, after, deeper);
}

/* Do those that both have follow one another as before? */
static gboolean
is_same_order (const IncidentShape *shape,
               IncidentNode        *before,
               IncidentNode        *after)
{
  guint last = 0;

  for (guint i = 0; i < incident_node_get_length (before); i++)
    {
      const char *name = incident_node_get_string (incident_node_get_child (before, i), shape->key);
      IncidentNode *twin = name != NULL ? find_named (after, shape->key, name) : NULL;

      if (twin == NULL)
        continue;
      if (twin->position < last)
        return FALSE;
      last = twin->position;
    }

  return TRUE;
}

static void
compare_named_lists (Diff                *self,
                     const IncidentShape *shape,
                     IncidentNode        *before,
                     IncidentNode        *after,
                     const char          *path)
{
  guint n = self->changes->len;

  for (guint i = 0; i < incident_node_get_length (before); i++)
    {
      IncidentNode *element = incident_node_get_child (before, i);
      const char *name = incident_node_get_string (element, shape->key);
      IncidentNode *twin = name != NULL ? find_named (after, shape->key, name) : NULL;

      if (twin != NULL ? !are_equal (element, twin) : !has_equal (after, element))
        compare_element (self, shape, element, twin, path);
    }
  for (guint i = 0; i < incident_node_get_length (after); i++)
    {
      IncidentNode *element = incident_node_get_child (after, i);
      const char *name = incident_node_get_string (element, shape->key);

      if (name != NULL ? find_named (before, shape->key, name) == NULL : !has_equal (before, element))
        compare_element (self, shape, NULL, element, path);
    }
  if (self->changes->len == n || !is_same_order (shape, before, after))
    add (self, path, "in another order");
}

/* Who joined and who left, whatever the order. */
static void
compare_lists (Diff         *self,
               IncidentNode *before,
               IncidentNode *after,
               const char   *path)
{
  guint n = self->changes->len;

  for (guint i = 0; i < incident_node_get_length (before); i++)
    {
      IncidentNode *element = incident_node_get_child (before, i);
      g_autofree char *text = describe (element);
      g_autofree char *what = g_strdup_printf ("− %s", text);

      if (!has_equal (after, element))
        add (self, path, what);
    }
  for (guint i = 0; i < incident_node_get_length (after); i++)
    {
      IncidentNode *element = incident_node_get_child (after, i);
      g_autofree char *text = describe (element);
      g_autofree char *what = g_strdup_printf ("+ %s", text);

      if (!has_equal (before, element))
        add (self, path, what);
    }
  if (self->changes->len == n)
    add (self, path, "in another order");
}

static void
compare_entries (Diff                *self,
                 const IncidentShape *shape,
                 IncidentNode        *before,
                 IncidentNode        *after,
                 const char          *path)
{
  for (guint i = 0; i < incident_node_get_length (before); i++)
    {
      IncidentNode *entry = incident_node_get_child (before, i);
      g_autofree char *deeper = join_path (path, entry->name);

      if (!incident_shape_is_foreign (entry->name))
        compare (self, shape, entry, incident_node_get_member (after, entry->name), deeper);
    }
  for (guint i = 0; i < incident_node_get_length (after); i++)
    {
      IncidentNode *entry = incident_node_get_child (after, i);
      g_autofree char *deeper = join_path (path, entry->name);

      if (!incident_shape_is_foreign (entry->name) && incident_node_get_member (before, entry->name) == NULL)
        compare (self, shape, NULL, entry, deeper);
    }
}

static void
compare_members (Diff                *self,
                 const IncidentShape *shape,
                 IncidentNode        *before,
                 IncidentNode        *after,
                 const char          *path)
{
  for (const IncidentShapeMember *member = shape->members; member->name != NULL; member++)
    {
      g_autofree char *deeper = join_path (path, member->name);

      compare (self, member->shape, incident_node_get_member (before, member->name),
               incident_node_get_member (after, member->name), deeper);
    }
}

static void
compare (Diff                *self,
         const IncidentShape *shape,
         IncidentNode        *before,
         IncidentNode        *after,
         const char          *path)
{
  g_autofree char *left = NULL;
  g_autofree char *right = NULL;
  g_autofree char *what = NULL;

  if (are_equal (before, after))
    return;

  if (shape->kind == INCIDENT_SHAPE_LIST && shape->key != NULL)
    compare_named_lists (self, shape, before, after, path);
  else if (shape->kind == INCIDENT_SHAPE_LIST)
    compare_lists (self, before, after, path);
  else if (shape->kind == INCIDENT_SHAPE_MAP)
    compare_entries (self, shape->element, before, after, path);
  else if (shape->kind == INCIDENT_SHAPE_OBJECT)
    compare_members (self, shape, before, after, path);
  else
    {
      left = describe (before);
      right = describe (after);
      what = g_strdup_printf ("%s → %s", left, right);
      add (self, path, what);
    }
}

/* An entry that comes or goes is one change, not one for each of its members. */
static void
compare_entry (Diff                *self,
               const IncidentShape *section,
               const char          *name,
               IncidentNode        *before,
               IncidentNode        *after)
{
  g_autofree char *subject = g_strdup_printf ("%s %s", section->singular, name);

  self->name = name;
  self->subject = subject;
  if (before == NULL)
    add (self, "", "is new");
  else if (after == NULL)
    add (self, "", "is gone");
  else
    compare (self, section->element, before, after, "");
  self->name = NULL;
}

static void
compare_section (Diff                *self,
                 const IncidentShape *section,
                 IncidentNode        *before,
                 IncidentNode        *after)
{
  if (section->kind != INCIDENT_SHAPE_MAP)
    {
      self->subject = self->section;
      compare (self, section, before, after, "");
      return;
    }

  for (guint i = 0; i < incident_node_get_length (before); i++)
    {
      IncidentNode *entry = incident_node_get_child (before, i);

      if (!incident_shape_is_foreign (entry->name))
        compare_entry (self, section, entry->name, entry, incident_node_get_member (after, entry->name));
    }
  for (guint i = 0; i < incident_node_get_length (after); i++)
    {
      IncidentNode *entry = incident_node_get_child (after, i);

      if (!incident_shape_is_foreign (entry->name) && incident_node_get_member (before, entry->name) == NULL)
        compare_entry (self, section, entry->name, NULL, entry);
    }
}

/**
 * incident_playbook_diff:
 * @self: a playbook
 * @other: the playbook that may take its place
 *
 * Says in words what would change.
 *
 * Returns: (transfer container) (element-type IncidentPlaybookChange): the
 *   changes, in the order of the sections; none if both say the same
 *
 * Since: 0.1
 */
GPtrArray *
incident_playbook_diff (IncidentPlaybook *self,
                        IncidentPlaybook *other)
{
  Diff diff = { NULL, };

  g_return_val_if_fail (self != NULL, NULL);
  g_return_val_if_fail (other != NULL, NULL);

  diff.changes = g_ptr_array_new_with_free_func ((GDestroyNotify) incident_playbook_change_unref);
  for (const IncidentShapeMember *section = incident_playbook_shape.members; section->name != NULL; section++)
    {
      IncidentNode *before = incident_node_get_member (incident_playbook_get_root (self), section->name);
      IncidentNode *after = incident_node_get_member (incident_playbook_get_root (other), section->name);

      diff.section = section->name;
      if (!are_equal (before, after))
        compare_section (&diff, section->shape, before, after);
    }
  return diff.changes;
}
