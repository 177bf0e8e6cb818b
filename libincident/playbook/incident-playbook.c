/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "playbook/incident-playbook-private.h"

#include <gio/gio.h>

#include <string.h>

#include "base/incident-hash-private.h"
#include "model/incident-intake-rules-private.h"

/**
 * IncidentPlaybook:
 *
 * A team's rules, as one JSON document: the lifecycle, roles, people, teams and
 * services, who may do what, checklists, when somebody is reminded of what, and who
 * is on call.
 *
 * A playbook is checked when it is read, and all that is wrong with it is told at
 * once, each with its place. What it does not say is as the library has it built
 * in. A playbook never changes and may be shared between threads.
 *
 * Cases record under which playbook they were acted on, by its content hash
 * ([method@Playbook.get_version]).
 *
 * Since: 0.1
 */

struct _IncidentPlaybook
{
  IncidentTree  *tree;
  IncidentRules *rules;
  char          *version;
};

G_DEFINE_BOXED_TYPE (IncidentPlaybook, incident_playbook, incident_playbook_ref, incident_playbook_unref)

static IncidentPlaybook *
new_from_tree (IncidentTree  *tree /* (transfer full) */,
               GPtrArray     *problems,
               GError       **error)
{
  g_autoptr(IncidentTree) owned = tree;
  IncidentNode *root = incident_tree_get_root (tree);
  IncidentRules *rules = NULL;
  IncidentPlaybook *self;

  if (problems->len == 0)
    incident_shape_check (&incident_playbook_shape, root, root, problems);
  if (problems->len == 0)
    rules = incident_playbook_compile (root, problems);
  if (!incident_problems_end (problems, error))
    return NULL;

  rules->document = incident_node_to_json (root, FALSE);
  self = g_atomic_rc_box_new0 (IncidentPlaybook);
  self->tree = g_steal_pointer (&owned);
  self->version = incident_hash_to_version (rules->document);
  /* The empty playbook is the built-in one. */
  rules->version = g_str_equal (rules->document, "{}") ? NULL : g_strdup (self->version);
  self->rules = rules;
  return self;
}

/**
 * incident_playbook_new_from_json:
 * @json: (array length=length) (element-type guint8): a playbook
 * @length: the length of @json in bytes, or -1 if it ends with a NUL
 * @source: (nullable): what to call the document in messages, such as its file
 *   name
 * @error: return location for an error
 *
 * Reads a playbook and checks it.
 *
 * Returns: (transfer full): a new playbook, or %NULL with @error set to
 *   %INCIDENT_ERROR_INVALID, whose message has a line for each problem: source,
 *   line, column, JSON pointer, and what would be right
 *   ([func@Error.list_problems])
 *
 * Since: 0.1
 */
IncidentPlaybook *
incident_playbook_new_from_json (const char  *json,
                                 gssize       length,
                                 const char  *source,
                                 GError     **error)
{
  g_autoptr(GPtrArray) problems = NULL;
  IncidentTree *tree;

  g_return_val_if_fail (json != NULL, NULL);
  g_return_val_if_fail (length >= -1, NULL);
  g_return_val_if_fail (error == NULL || *error == NULL, NULL);

  tree = incident_tree_new (json, length < 0 ? strlen (json) : (gsize) length, source, error);
  if (tree == NULL)
    return NULL;

  problems = incident_problems_new ();
  return new_from_tree (tree, problems, error);
}

static IncidentTree *
load_tree (const char  *path,
           GError     **error)
{
  g_autoptr(GFile) file = g_file_new_for_path (path);
  g_autofree char *name = g_filename_display_name (path);
  g_autofree char *json = NULL;
  gsize length;

  if (!g_file_load_contents (file, NULL, &json, &length, NULL, error))
    {
      g_prefix_error (error, "Cannot read %s: ", name);
      return NULL;
    }

  return incident_tree_new (json, length, name, error);
}

/**
 * incident_playbook_load:
 * @paths: (array zero-terminated=1) (element-type filename): files, at least one
 * @error: return location for an error
 *
 * Reads a playbook from one file or several, and checks it.
 *
 * Sections that stand in several files are joined by the names in them, and lists
 * one after another; what is said twice is an error. This call blocks.
 *
 * Returns: (transfer full): a new playbook, or %NULL with @error set as by
 *   [ctor@Playbook.new_from_json], or to an error of GIO where a file cannot be
 *   read
 *
 * Since: 0.1
 */
IncidentPlaybook *
incident_playbook_load (const char * const  *paths,
                        GError             **error)
{
  g_autoptr(GPtrArray) problems = NULL;
  g_autoptr(IncidentTree) tree = NULL;

  g_return_val_if_fail (paths != NULL && paths[0] != NULL, NULL);
  g_return_val_if_fail (error == NULL || *error == NULL, NULL);

  problems = incident_problems_new ();
  for (guint i = 0; paths[i] != NULL; i++)
    {
      IncidentTree *next = load_tree (paths[i], error);

      if (next == NULL)
        return NULL;
      if (tree == NULL)
        tree = next;
      else
        incident_tree_merge (tree, next, problems);
    }

  return new_from_tree (g_steal_pointer (&tree), problems, error);
}

static gpointer
make_default (gpointer data)
{
  g_autoptr(GError) error = NULL;
  IncidentPlaybook *playbook = incident_playbook_new_from_json ("{}", -1, NULL, &error);

  g_assert_no_error (error);
  return playbook;
}

/**
 * incident_playbook_get_default:
 *
 * Lends the built-in playbook, for who has no own: the lifecycle of the four
 * steps; any name is a person, a team, a service; and everybody may do what the
 * guards let pass.
 *
 * Returns: (transfer none): the built-in playbook
 *
 * Since: 0.1
 */
IncidentPlaybook *
incident_playbook_get_default (void)
{
  static GOnce once = G_ONCE_INIT;

  return g_once (&once, make_default, NULL);
}

/**
 * incident_playbook_ref:
 * @self: a playbook
 *
 * Takes a reference.
 *
 * Returns: (transfer full): @self
 *
 * Since: 0.1
 */
IncidentPlaybook *
incident_playbook_ref (IncidentPlaybook *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return g_atomic_rc_box_acquire (self);
}

static void
incident_playbook_clear (gpointer data)
{
  IncidentPlaybook *self = data;

  incident_tree_free (self->tree);
  incident_rules_unref (self->rules);
  g_free (self->version);
}

/**
 * incident_playbook_unref:
 * @self: (transfer full): a playbook
 *
 * Drops a reference.
 *
 * Since: 0.1
 */
void
incident_playbook_unref (IncidentPlaybook *self)
{
  g_return_if_fail (self != NULL);

  g_atomic_rc_box_release_full (self, incident_playbook_clear);
}

IncidentRules *
incident_playbook_get_rules (IncidentPlaybook *self)
{
  return self->rules;
}

IncidentNode *
incident_playbook_get_root (IncidentPlaybook *self)
{
  return incident_tree_get_root (self->tree);
}

/**
 * incident_playbook_get_name:
 * @self: a playbook
 *
 * Tells what the playbook is called.
 *
 * Returns: (transfer none) (nullable): its name, or %NULL if it has none
 *
 * Since: 0.1
 */
const char *
incident_playbook_get_name (IncidentPlaybook *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return incident_node_get_string (incident_playbook_get_root (self), "name");
}

/**
 * incident_playbook_get_version:
 * @self: a playbook
 *
 * Names the playbook by what it says: the same content has the same version,
 * whatever the order and the blanks.
 *
 * Returns: (transfer none): the first 32 hexadecimal digits of the SHA-256 of the
 *   document with its members sorted
 *
 * Since: 0.1
 */
const char *
incident_playbook_get_version (IncidentPlaybook *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return self->version;
}

/**
 * incident_playbook_get_lifecycle:
 * @self: a playbook
 *
 * Gets what may be done to a case.
 *
 * Returns: (transfer none): the lifecycle
 *
 * Since: 0.1
 */
IncidentLifecycle *
incident_playbook_get_lifecycle (IncidentPlaybook *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return self->rules->lifecycle;
}

/**
 * incident_playbook_list_duties:
 * @self: a playbook
 * @role: the name of a role
 *
 * Tells what who has a role does, to be shown where it is assigned.
 *
 * Returns: (transfer full): the duties; none if the playbook says nothing of the
 *   role
 *
 * Since: 0.1
 */
char **
incident_playbook_list_duties (IncidentPlaybook *self,
                               const char       *role)
{
  const IncidentRulesRole *known;
  GStrvBuilder *duties;
  char **list;

  g_return_val_if_fail (self != NULL, NULL);
  g_return_val_if_fail (role != NULL, NULL);

  known = incident_rules_get_role (self->rules, role);
  duties = g_strv_builder_new ();
  for (guint i = 0; known != NULL && i < known->duties->len; i++)
    g_strv_builder_add (duties, g_ptr_array_index (known->duties, i));
  list = g_strv_builder_end (duties);
  g_strv_builder_unref (duties);
  return list;
}

/**
 * incident_playbook_list_warnings:
 * @self: a playbook
 *
 * Tells what is right and may not be meant: matchers that only the older grammar of
 * Alertmanager takes, a rule that mutes nearly everything, routes that get no alert, a
 * channel to which nothing is ever sent, people on call who cannot be paged, a policy
 * that has one person alone.
 *
 * Returns: (transfer container) (element-type utf8): a line for each, as an error
 *   has: source, line, column, JSON pointer, and what is to be thought of. They belong
 *   to the playbook
 *
 * Since: 0.1
 */
GPtrArray *
incident_playbook_list_warnings (IncidentPlaybook *self)
{
  const GPtrArray *warnings;
  GPtrArray *list;

  g_return_val_if_fail (self != NULL, NULL);

  warnings = self->rules->intake->warnings;
  list = g_ptr_array_new ();
  for (guint i = 0; i < warnings->len; i++)
    g_ptr_array_add (list, g_ptr_array_index (warnings, i));
  return list;
}

/**
 * incident_playbook_to_json:
 * @self: a playbook
 *
 * Writes the playbook as one document, its members sorted.
 *
 * Returns: (transfer full): a JSON object
 *
 * Since: 0.1
 */
char *
incident_playbook_to_json (IncidentPlaybook *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return incident_node_to_json (incident_playbook_get_root (self), TRUE);
}

/**
 * incident_playbook_dup_schema:
 *
 * Writes the JSON Schema (draft 2020-12) of playbooks, for editors to complete
 * and check them. It comes from the table that playbooks are read by. What names
 * something in another section is checked by the library alone.
 *
 * Returns: (transfer full): a JSON Schema
 *
 * Since: 0.1
 */
char *
incident_playbook_dup_schema (void)
{
  return incident_shape_dup_schema (&incident_playbook_shape, "libincident playbook");
}
