/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "oncall/incident-roster-body-private.h"

#include <libincident/incident-error.h>
#include <libincident/incident-time.h>

#include <string.h>

#include "base/incident-node-private.h"

/* The journal is ours, but the file that it stands in may be damaged, or be made by somebody: an entry
 * is read to the letter or not at all. */

gboolean
incident_roster_entry_fail (const IncidentRosterEntry  *self,
                            GError                    **error,
                            const char                 *format,
                            ...)
{
  g_autofree char *why = NULL;
  va_list args;

  va_start (args, format);
  why = g_strdup_vprintf (format, args);
  va_end (args);
  g_set_error (error, INCIDENT_ERROR, INCIDENT_ERROR_CORRUPT,
               "Entry %" G_GUINT64_FORMAT " (“%s”) of the journal of who is on call cannot be read: %s", self->id, self->kind, why);
  return FALSE;
}

void
incident_roster_body_clear (IncidentRosterBody *self)
{
  g_clear_pointer (&self->change, incident_roster_change_free);
  g_clear_pointer (&self->version, g_free);
  g_clear_pointer (&self->person, g_free);
}

static IncidentNode *
find (IncidentNode      *node,
      const char        *name,
      IncidentJsonType   type,
      gboolean           may_be_null,
      GError           **error)
{
  IncidentNode *member = incident_node_get_member (node, name);

  if (member == NULL)
    incident_node_fail (node, error, "lacks the member “%s”", name);
  else if (member->type != type && !(may_be_null && member->type == INCIDENT_JSON_NULL))
    incident_node_fail_type (member, type, error);
  else
    return member;

  return NULL;
}

/* Of our own making, so that nothing else stands there. */
static gboolean
check_members (IncidentNode        *node,
               const char * const  *names,
               GError             **error)
{
  if (node->type != INCIDENT_JSON_OBJECT)
    return incident_node_fail_type (node, INCIDENT_JSON_OBJECT, error);

  for (guint i = 0; i < incident_node_get_length (node); i++)
    if (!g_strv_contains (names, incident_node_get_child (node, i)->name))
      return incident_node_fail (incident_node_get_child (node, i), error, "is unknown");

  return TRUE;
}

static gboolean
read_text (IncidentNode  *node,
           const char    *name,
           gboolean       may_be_null,
           char         **text,
           GError       **error)
{
  IncidentNode *member = find (node, name, INCIDENT_JSON_STRING, may_be_null, error);

  if (member == NULL)
    return FALSE;
  *text = member->type == INCIDENT_JSON_STRING ? g_strdup (member->value.string) : NULL;
  return TRUE;
}

static gboolean
read_id (IncidentNode  *node,
         const char    *name,
         guint64       *id,
         GError       **error)
{
  IncidentNode *member = find (node, name, INCIDENT_JSON_INT, FALSE, error);

  if (member == NULL)
    return FALSE;
  if (member->value.integer < 1)
    return incident_node_fail (member, error, "must be 1 or more");

  *id = (guint64) member->value.integer;
  return TRUE;
}

static gboolean
read_time (IncidentNode  *node,
           const char    *name,
           gint64        *time,
           GError       **error)
{
  IncidentNode *member = find (node, name, INCIDENT_JSON_STRING, FALSE, error);

  if (member == NULL)
    return FALSE;
  return incident_time_from_string (member->value.string, time, NULL) || incident_node_fail (member, error, "must be a time");
}

static gboolean
read_span (IncidentNode  *node,
           gint64        *from,
           gint64        *until,
           GError       **error)
{
  if (!read_time (node, "from", from, error) || !read_time (node, "until", until, error))
    return FALSE;
  return *until > *from || incident_node_fail (incident_node_get_member (node, "until"), error, "must be later than “from”");
}

static gboolean
read_shift (IncidentRosterChange  *change,
            IncidentNode          *node,
            GError               **error)
{
  static const char * const names[] = { "person", "words", "priority", "from", "until", NULL };
  g_autofree char *person = NULL;
  g_autofree char *words = NULL;
  IncidentNode *priority;
  gint64 from, until;

  if (!check_members (node, names, error)
      || !read_text (node, "person", change->kind == INCIDENT_OVERRIDE_KIND_FEED, &person, error)
      || !read_text (node, "words", TRUE, &words, error)
      || !read_span (node, &from, &until, error))
    return FALSE;

  priority = find (node, "priority", INCIDENT_JSON_INT, FALSE, error);
  if (priority == NULL)
    return FALSE;
  if (priority->value.integer < 0 || priority->value.integer > G_MAXINT)
    return incident_node_fail (priority, error, "must be from 0 to %d", G_MAXINT);

  incident_roster_change_add_shift (change, person, words, (guint) priority->value.integer, from, until);
  return TRUE;
}

static gboolean
read_shifts (IncidentRosterChange  *change,
             IncidentNode          *node,
             GError               **error)
{
  IncidentNode *shifts = find (node, "shifts", INCIDENT_JSON_ARRAY, FALSE, error);

  if (shifts == NULL)
    return FALSE;
  for (guint i = 0; i < incident_node_get_length (shifts); i++)
    if (!read_shift (change, incident_node_get_child (shifts, i), error))
      return FALSE;

  return TRUE;
}

static gboolean
has_shifts (IncidentOverrideKind kind)
{
  return kind == INCIDENT_OVERRIDE_KIND_TEMPORARY || kind == INCIDENT_OVERRIDE_KIND_FEED;
}

/* By whom it is about: a swap has no substitute before it is taken. */
static gboolean
read_people (IncidentRosterBody  *self,
             IncidentNode        *node,
             GError             **error)
{
  static const char * const single[] = { "person", "from", "until", "text", NULL };
  static const char * const pair[] = { "person", "substitute", "from", "until", "text", NULL };
  static const char * const swap[] = { "person", "from", "until", "text", "rest-of", NULL };
  static const char * const spread[] = { "from", "until", "text", "shifts", NULL };
  IncidentRosterChange *change = self->change;

  if (has_shifts (change->kind))
    return check_members (node, spread, error) && read_shifts (change, node, error);
  if (change->kind == INCIDENT_OVERRIDE_KIND_REPLACE)
    return check_members (node, pair, error) && read_text (node, "person", FALSE, &change->person, error)
           && read_text (node, "substitute", FALSE, &change->substitute, error);
  if (change->kind != INCIDENT_OVERRIDE_KIND_SWAP)
    return check_members (node, single, error) && read_text (node, "person", FALSE, &change->person, error);

  return check_members (node, swap, error) && read_text (node, "person", FALSE, &change->person, error)
         && (incident_node_get_member (node, "rest-of") == NULL || read_id (node, "rest-of", &self->of, error));
}

static gboolean
read_change (IncidentRosterBody         *self,
             const IncidentRosterEntry  *entry,
             IncidentOverrideKind        kind,
             IncidentNode               *node,
             GError                    **error)
{
  if (entry->schedule == NULL)
    return incident_node_fail (node, error, "names no schedule");

  self->change = incident_roster_change_new (entry->schedule, kind, NULL, NULL, 0, 0, NULL);
  self->change->id = entry->id;
  self->change->actor = g_strdup (entry->actor);
  self->change->added_at = entry->at;
  return read_people (self, node, error) && read_span (node, &self->change->from, &self->change->until, error)
         && read_text (node, "text", TRUE, &self->change->text, error);
}

static gboolean
read_node (IncidentRosterBody         *self,
           const IncidentRosterEntry  *entry,
           IncidentNode               *node,
           GError                    **error)
{
  static const char * const of_playbook[] = { "version", NULL };
  static const char * const of_taken[] = { "swap", "person", "from", "until", NULL };
  static const char * const of_withdrawn[] = { "id", NULL };
  IncidentOverrideKind kind;

  if (g_str_equal (entry->kind, "playbook"))
    return check_members (node, of_playbook, error) && read_text (node, "version", FALSE, &self->version, error);
  if (g_str_equal (entry->kind, "taken"))
    return check_members (node, of_taken, error) && read_id (node, "swap", &self->of, error)
           && read_text (node, "person", FALSE, &self->person, error) && read_span (node, &self->from, &self->until, error);
  if (g_str_equal (entry->kind, "withdrawn"))
    return check_members (node, of_withdrawn, error) && read_id (node, "id", &self->of, error);
  if (incident_override_kind_from_string (entry->kind, &kind, NULL))
    return read_change (self, entry, kind, node, error);

  return incident_node_fail (node, error, "is of an unknown kind");
}

gboolean
incident_roster_body_read (IncidentRosterBody         *self,
                           const IncidentRosterEntry  *entry,
                           GError                    **error)
{
  g_autoptr(GError) local_error = NULL;
  g_autoptr(IncidentTree) tree = incident_tree_new (entry->body, strlen (entry->body), NULL, &local_error);

  if (tree != NULL && read_node (self, entry, incident_tree_get_root (tree), &local_error))
    return TRUE;

  incident_roster_body_clear (self);
  return incident_roster_entry_fail (entry, error, "%s", local_error->message);
}
