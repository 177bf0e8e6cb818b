/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "comms/incident-slack-work-private.h"

#include <libincident/incident-time.h>
#include <string.h>

/* The channel of a case: making it, and finding the one that was made. */

#define MOST_IN_NAME  80
#define MOST_NAMES    20
#define MOST_PAGES    50
/* A page is to fit into what is read of an answer. */
#define PAGE          "200"
/* Slack's clock is another one. */
#define SLACK         (60 * G_TIME_SPAN_SECOND)

gboolean
incident_slack_read_room (IncidentSlackWork *work)
{
  const char *body = work->message->row->body;
  g_autoptr(IncidentTree) tree = body != NULL ? incident_tree_new (body, strlen (body), NULL, NULL) : NULL;
  IncidentNode *root = tree != NULL ? incident_tree_get_root (tree) : NULL;
  const char *name = incident_node_get_string (root, "name");

  if (name == NULL || *name == '\0')
    name = work->message->title;
  if (name == NULL || *name == '\0')
    return FALSE;

  /* Slack would take no other characters. */
  work->name = g_ascii_strdown (name, -1);
  g_strcanon (work->name, "abcdefghijklmnopqrstuvwxyz0123456789_-", '-');
  work->is_private = incident_node_get_boolean (root, "private");
  return TRUE;
}

/* “inc-42”, “inc-42-2”, “inc-42-3” … */
static char *
get_name (IncidentSlackWork *work,
          guint              n)
{
  g_autofree char *suffix = n > 1 ? g_strdup_printf ("-%u", n) : g_strdup ("");

  return g_strdup_printf ("%.*s%s", (int) (MOST_IN_NAME - strlen (suffix)), work->name, suffix);
}

/* Finding */

static gboolean
is_one_of_its_names (IncidentSlackWork *work,
                     const char        *name)
{
  for (guint n = 1; n <= MOST_NAMES; n++)
    {
      g_autofree char *possible = get_name (work, n);

      if (strcmp (possible, name) == 0)
        return TRUE;
    }

  return FALSE;
}

/* Made by us, since this message was first tried, and not for another one. */
static gboolean
is_ours (IncidentSlackWork *work,
         IncidentNode      *room)
{
  const char *id = incident_node_get_string (room, "id");
  const char *name = incident_node_get_string (room, "name");
  IncidentNode *created = incident_node_get_member (room, "created");
  const char *key = id != NULL ? g_hash_table_lookup (work->channel->rooms, id) : NULL;

  return id != NULL && name != NULL && created != NULL && created->type == INCIDENT_JSON_INT
         && created->value.integer >= work->since / G_TIME_SPAN_SECOND
         && g_strcmp0 (incident_node_get_string (room, "creator"), work->channel->user) == 0
         && (key == NULL || strcmp (key, work->message->row->key) == 0)
         && !incident_node_get_boolean (room, "is_archived")
         && is_one_of_its_names (work, name);
}

static void list_rooms (IncidentSlackWork *work,
                        const char        *cursor);

static IncidentNode *
find_ours (IncidentSlackWork *work,
           IncidentNode      *rooms)
{
  for (guint i = 0; i < incident_node_get_length (rooms); i++)
    if (is_ours (work, incident_node_get_child (rooms, i)))
      return incident_node_get_child (rooms, i);

  return NULL;
}

static void
on_listed (IncidentSlackWork         *work,
           const IncidentSlackAnswer *answer)
{
  IncidentNode *root = incident_slack_answer_get_root (answer);
  const char *cursor = incident_node_get_string (incident_node_get_member (root, "response_metadata"), "next_cursor");
  IncidentNode *room = answer->class == INCIDENT_SLACK_OK ? find_ours (work, incident_node_get_member (root, "channels")) : NULL;

  if (room != NULL)
    {
      g_free (work->place);
      work->place = g_strdup (incident_node_get_string (room, "id"));
    }
  else if (answer->class == INCIDENT_SLACK_OK && cursor != NULL && *cursor != '\0' && ++work->n_pages < MOST_PAGES)
    {
      list_rooms (work, cursor);
      return;
    }
  else if (answer->class == INCIDENT_SLACK_WAIT && work->cursor != NULL)
    {
      g_hash_table_replace (work->channel->sought, g_strdup (work->message->row->key), g_strdup (work->cursor));
    }

  work->found (work, answer);
}

static void
list_rooms (IncidentSlackWork *work,
            const char        *cursor)
{
  GPtrArray *form = incident_slack_form_new ();

  g_free (work->cursor);
  work->cursor = g_strdup (cursor);
  incident_slack_form_add (form, "types", work->is_private ? "private_channel" : "public_channel");
  incident_slack_form_add (form, "exclude_archived", "true");
  incident_slack_form_add (form, "limit", PAGE);
  incident_slack_form_add (form, "cursor", cursor);
  incident_slack_work_call (work, "conversations.list", form, on_listed);
}

/* In a workspace that has more pages than Slack lets us read at once it goes on where it had to wait. */
static void
go_on_listing (IncidentSlackWork *work)
{
  g_autofree char *key = NULL;
  g_autofree char *cursor = NULL;

  g_hash_table_steal_extended (work->channel->sought, work->message->row->key, (gpointer *) &key, (gpointer *) &cursor);
  list_rooms (work, cursor);
}

static void
on_named (IncidentSlackWork         *work,
          const IncidentSlackAnswer *answer)
{
  const char *user = incident_node_get_string (incident_slack_answer_get_root (answer), "user_id");

  if (answer->class != INCIDENT_SLACK_OK || user == NULL)
    {
      work->found (work, answer);
      return;
    }

  g_free (work->channel->user);
  work->channel->user = g_strdup (user);
  go_on_listing (work);
}

void
incident_slack_find_room (IncidentSlackWork *work,
                          IncidentSlackStep  found)
{
  work->found = found;
  work->was_sought = TRUE;
  work->since = incident_delivery_get_unsure_since (work->delivery) - SLACK;
  if (work->channel->user == NULL)
    incident_slack_work_call (work, "auth.test", NULL, on_named);
  else
    go_on_listing (work);
}

/* Making */

static void create (IncidentSlackWork *work);

static void
take_room (IncidentSlackWork *work)
{
  g_hash_table_insert (work->channel->rooms, g_strdup (work->place), g_strdup (work->message->row->key));
  work->ts = g_strdup (work->place);
  incident_slack_work_sent (work);
}

static void
try_next_name (IncidentSlackWork *work)
{
  if (++work->n > MOST_NAMES)
    incident_slack_work_refuse (work, "all names for its channel are taken");
  else
    create (work);
}

static void
on_found (IncidentSlackWork         *work,
          const IncidentSlackAnswer *answer)
{
  if (work->place != NULL)
    take_room (work);
  else if (answer->class == INCIDENT_SLACK_OK)
    try_next_name (work);
  else
    incident_slack_work_fail (work, answer);
}

static void
on_created (IncidentSlackWork         *work,
            const IncidentSlackAnswer *answer)
{
  IncidentNode *room = incident_node_get_member (incident_slack_answer_get_root (answer), "channel");
  const char *id = incident_node_get_string (room, "id");
  gboolean may_be_ours = incident_delivery_get_unsure_since (work->delivery) != INCIDENT_TIME_NONE;

  if (id != NULL)
    {
      work->place = g_strdup (id);
      take_room (work);
    }
  else if (answer->class != INCIDENT_SLACK_OTHER || strcmp (answer->error, "name_taken") != 0)
    {
      incident_slack_work_fail (work, answer);
    }
  else if (may_be_ours && !work->was_sought)
    {
      incident_slack_find_room (work, on_found);
    }
  else
    {
      try_next_name (work);
    }
}

static void
create (IncidentSlackWork *work)
{
  g_autofree char *name = get_name (work, work->n);
  GPtrArray *form = incident_slack_form_new ();

  incident_slack_form_add (form, "name", name);
  incident_slack_form_add (form, "is_private", work->is_private ? "true" : "false");
  incident_slack_work_call (work, "conversations.create", form, on_created);
}

void
incident_slack_make_room (IncidentSlackWork *work)
{
  g_clear_pointer (&work->place, g_free);
  if (!incident_slack_read_room (work))
    {
      incident_slack_work_refuse (work, "it tells no name for its channel");
      return;
    }

  work->n = 1;
  create (work);
}
