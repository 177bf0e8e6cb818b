/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "comms/incident-slack-work-private.h"

#include <libincident/incident-time.h>
#include <string.h>

#include "comms/incident-slack-blocks-private.h"

/* Did a message arrive whose answer did not? Its conversation is read since then, for the key in its metadata. */

#define MOST_PAGES 50
/* A page is to fit into what is read of an answer. */
#define PAGE       "200"
/* Slack's clock is another one. */
#define SLACK      (60 * G_TIME_SPAN_SECOND)

static void read_page (IncidentSlackWork *work,
                       const char        *cursor);

/* A file carries no key: it is known by its name, since only we share it there, once a report. */
static gboolean
has_file (IncidentNode *said,
          const char   *name)
{
  IncidentNode *files = incident_node_get_member (said, "files");

  for (guint i = 0; name != NULL && i < incident_node_get_length (files); i++)
    if (g_strcmp0 (incident_node_get_string (incident_node_get_child (files, i), "name"), name) == 0)
      return TRUE;

  return FALSE;
}

static gboolean
is_sought (IncidentSlackWork *work,
           IncidentNode      *said)
{
  IncidentNode *metadata = incident_node_get_member (said, "metadata");
  IncidentNode *payload = incident_node_get_member (metadata, "event_payload");

  if (work->message->row->kind == INCIDENT_MESSAGE_KIND_FILE)
    return has_file (said, work->message->file_name);

  return g_strcmp0 (incident_node_get_string (metadata, "event_type"), INCIDENT_SLACK_EVENT_TYPE) == 0
         && g_strcmp0 (incident_node_get_string (payload, "id"), work->message->row->key) == 0;
}

static gboolean
find_in_page (IncidentSlackWork *work,
              IncidentNode      *messages)
{
  for (guint i = 0; i < incident_node_get_length (messages); i++)
    {
      IncidentNode *said = incident_node_get_child (messages, i);
      const char *ts = incident_node_get_string (said, "ts");

      if (ts == NULL || !is_sought (work, said))
        continue;
      work->ts = g_strdup (ts);
      return TRUE;
    }

  return FALSE;
}

static void
on_linked (IncidentSlackWork         *work,
           const IncidentSlackAnswer *answer)
{
  if (answer->class == INCIDENT_SLACK_OK)
    incident_delivery_set_permalink (work->delivery, incident_node_get_string (incident_slack_answer_get_root (answer), "permalink"));
  incident_slack_work_tell (work, TRUE);
}

static void
on_joined (IncidentSlackWork         *work,
           const IncidentSlackAnswer *answer)
{
  if (answer->class == INCIDENT_SLACK_OK)
    read_page (work, NULL);
  else
    incident_slack_work_tell_failure (work, answer);
}

static void
fail_page (IncidentSlackWork         *work,
           const IncidentSlackAnswer *answer)
{
  /* Below what is gone nothing arrives. */
  if (g_strcmp0 (answer->error, "thread_not_found") == 0)
    {
      incident_slack_work_tell (work, FALSE);
      return;
    }
  /* Who may write to a channel without being in it may not read it. */
  if (g_strcmp0 (answer->error, "not_in_channel") == 0 && !work->is_mended)
    {
      work->is_mended = TRUE;
      incident_slack_work_call (work, "conversations.join", incident_slack_work_form (work, "channel"), on_joined);
      return;
    }

  incident_slack_work_tell_failure (work, answer);
}

static void
on_page (IncidentSlackWork         *work,
         const IncidentSlackAnswer *answer)
{
  IncidentNode *root = incident_slack_answer_get_root (answer);
  const char *cursor = incident_node_get_string (incident_node_get_member (root, "response_metadata"), "next_cursor");

  if (answer->class != INCIDENT_SLACK_OK)
    {
      fail_page (work, answer);
    }
  else if (find_in_page (work, incident_node_get_member (root, "messages")))
    {
      GPtrArray *form = incident_slack_work_form (work, "channel");

      incident_slack_form_add (form, "message_ts", work->ts);
      incident_slack_work_call (work, "chat.getPermalink", form, on_linked);
    }
  else if (cursor != NULL && *cursor != '\0' && ++work->n_pages < MOST_PAGES)
    {
      read_page (work, cursor);
    }
  else
    {
      incident_slack_work_tell (work, FALSE);
    }
}

static void
read_page (IncidentSlackWork *work,
           const char        *cursor)
{
  GPtrArray *form = incident_slack_work_form (work, "channel");
  g_autofree char *oldest = g_strdup_printf ("%" G_GINT64_FORMAT ".%06" G_GINT64_FORMAT, work->since / G_TIME_SPAN_SECOND,
                                             work->since % G_TIME_SPAN_SECOND);
  const char *thread = work->message->thread;

  incident_slack_form_add (form, "ts", thread);
  incident_slack_form_add (form, "oldest", oldest);
  incident_slack_form_add (form, "inclusive", "true");
  incident_slack_form_add (form, "limit", PAGE);
  incident_slack_form_add (form, "include_all_metadata", "true");
  incident_slack_form_add (form, "cursor", cursor);
  incident_slack_work_call (work, thread != NULL ? "conversations.replies" : "conversations.history", form, on_page);
}

static void
on_room (IncidentSlackWork         *work,
         const IncidentSlackAnswer *answer)
{
  if (work->place != NULL)
    {
      work->ts = g_strdup (work->place);
      g_hash_table_insert (work->channel->rooms, g_strdup (work->place), g_strdup (work->message->row->key));
      incident_slack_work_tell (work, TRUE);
    }
  else if (answer->class == INCIDENT_SLACK_OK)
    {
      incident_slack_work_tell (work, FALSE);
    }
  else
    {
      incident_slack_work_tell_failure (work, answer);
    }
}

/* Where a page or an answer stands cannot be read. */
static void
tell_nothing (IncidentSlackWork *work)
{
  const IncidentSlackAnswer none = { .class = INCIDENT_SLACK_OTHER, .error = (char *) "it cannot be told whether it arrived" };

  work->method = g_strdup ("Slack");
  incident_slack_work_tell_failure (work, &none);
}

static void
find_said (IncidentSlackWork *work)
{
  gint64 since = incident_delivery_get_unsure_since (work->delivery);

  work->since = (since != INCIDENT_TIME_NONE ? since : work->message->row->created_at) - SLACK;
  if (work->place == NULL)
    incident_slack_work_tell (work, FALSE);
  else
    read_page (work, NULL);
}

void
incident_slack_find_message (IncidentSlackWork *work)
{
  switch (work->message->row->kind)
    {
    case INCIDENT_MESSAGE_KIND_ROOM:
      g_clear_pointer (&work->place, g_free);
      if (incident_slack_read_room (work))
        incident_slack_find_room (work, on_room);
      else
        incident_slack_work_tell (work, FALSE);
      break;
    case INCIDENT_MESSAGE_KIND_POST:
    case INCIDENT_MESSAGE_KIND_FILE:
      find_said (work);
      break;
    case INCIDENT_MESSAGE_KIND_CARD:
    case INCIDENT_MESSAGE_KIND_ANNOUNCEMENT:
      if (work->message->replaces == NULL)
        find_said (work);
      else
        incident_slack_work_tell (work, FALSE);
      break;
    case INCIDENT_MESSAGE_KIND_ANSWER:
    case INCIDENT_MESSAGE_KIND_PAGE:
      tell_nothing (work);
      break;
    /* Once more does no harm. */
    case INCIDENT_MESSAGE_KIND_TOPIC:
    case INCIDENT_MESSAGE_KIND_INVITE:
    case INCIDENT_MESSAGE_KIND_BOOKMARK:
    case INCIDENT_MESSAGE_KIND_ARCHIVE:
    case INCIDENT_MESSAGE_KIND_EVENT:
    default:
      incident_slack_work_tell (work, FALSE);
      break;
    }
}
