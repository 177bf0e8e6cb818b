/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "comms/incident-slack-work-private.h"

#include <string.h>

#include "comms/incident-slack-blocks-private.h"

/* Messages: posts, cards, answers, pages. */

static gboolean
is_answer (IncidentSlackWork *work)
{
  return work->message->row->kind == INCIDENT_MESSAGE_KIND_ANSWER;
}

/* The message that this one takes the place of, if that is still there. */
static const char *
get_replaced (IncidentSlackWork *work)
{
  return work->is_new ? NULL : work->message->replaces;
}

/* What goes to a person goes to their direct messages. */
static const char *
get_person (IncidentSlackWork *work)
{
  return work->message->recipients[0];
}

/* Links */

static void
on_linked (IncidentSlackWork         *work,
           const IncidentSlackAnswer *answer)
{
  if (answer->class == INCIDENT_SLACK_OK)
    incident_delivery_set_permalink (work->delivery, incident_node_get_string (incident_slack_answer_get_root (answer), "permalink"));
  incident_slack_work_sent (work);
}

/* It is sent: whatever happens now changes nothing about that. */
static void
ask_link (IncidentSlackWork *work)
{
  GPtrArray *form;

  if (get_replaced (work) != NULL || work->ts == NULL)
    {
      incident_slack_work_sent (work);
      return;
    }

  form = incident_slack_work_form (work, "channel");
  incident_slack_form_add (form, "message_ts", work->ts);
  incident_slack_work_call (work, "chat.getPermalink", form, on_linked);
}

/* Pins */

/* A pin that could not be set is tried again when the card changes. */
static void
on_pinned (IncidentSlackWork         *work,
           const IncidentSlackAnswer *answer)
{
  g_autofree char *card = g_strdup_printf ("%s/%s", work->place, work->ts);

  switch (answer->class)
    {
    case INCIDENT_SLACK_WAIT:
    case INCIDENT_SLACK_SAFE:
    case INCIDENT_SLACK_UNSURE:
      g_hash_table_add (work->channel->unpinned, g_steal_pointer (&card));
      break;
    case INCIDENT_SLACK_OK:
    case INCIDENT_SLACK_CONTENT:
    case INCIDENT_SLACK_GONE:
    case INCIDENT_SLACK_CONFIG:
    case INCIDENT_SLACK_OTHER:
    default:
      g_hash_table_remove (work->channel->unpinned, card);
      break;
    }
  ask_link (work);
}

static gboolean
is_to_be_pinned (IncidentSlackWork *work)
{
  g_autofree char *card = NULL;

  if (work->message->row->kind != INCIDENT_MESSAGE_KIND_CARD || work->ts == NULL || work->place == NULL)
    return FALSE;
  if (get_replaced (work) == NULL)
    return TRUE;

  card = g_strdup_printf ("%s/%s", work->place, work->ts);
  return g_hash_table_contains (work->channel->unpinned, card);
}

static void
pin (IncidentSlackWork *work)
{
  GPtrArray *form;

  if (!is_to_be_pinned (work))
    {
      ask_link (work);
      return;
    }

  form = incident_slack_work_form (work, "channel");
  incident_slack_form_add (form, "timestamp", work->ts);
  incident_slack_work_call (work, "pins.add", form, on_pinned);
}

/* Words */

static void
note_place (IncidentSlackWork         *work,
            const IncidentSlackAnswer *answer)
{
  IncidentNode *root = incident_slack_answer_get_root (answer);
  const char *place = incident_node_get_string (root, "channel");
  const char *ts = incident_node_get_string (root, "ts");

  if (place != NULL)
    {
      g_free (work->place);
      work->place = g_strdup (place);
    }
  work->ts = g_strdup (ts != NULL ? ts : get_replaced (work));
}

/* Another way to say it, once. FALSE: there is none. */
static gboolean
say_otherwise (IncidentSlackWork         *work,
               const IncidentSlackAnswer *answer)
{
  gboolean is_gone = answer->class == INCIDENT_SLACK_GONE
                     && (strcmp (answer->error, "message_not_found") == 0 || strcmp (answer->error, "cant_update_message") == 0
                         || strcmp (answer->error, "edit_window_closed") == 0);
  gboolean is_unseen = is_answer (work) && (answer->class == INCIDENT_SLACK_GONE || strcmp (answer->error, "user_not_in_channel") == 0);

  if (answer->class == INCIDENT_SLACK_CONTENT && !work->is_plain)
    {
      work->is_plain = TRUE;
      work->is_bare = strstr (answer->error, "metadata") != NULL;
    }
  else if ((is_gone || is_unseen) && !work->is_new)
    {
      work->is_new = TRUE;
    }
  else
    {
      return FALSE;
    }

  incident_slack_say (work);
  return TRUE;
}

static void
on_said (IncidentSlackWork         *work,
         const IncidentSlackAnswer *answer)
{
  if (answer->class == INCIDENT_SLACK_OK)
    {
      note_place (work, answer);
      if (is_answer (work))
        incident_slack_work_sent (work);
      else
        pin (work);
    }
  else if (!say_otherwise (work, answer) && !incident_slack_work_mend (work, answer, incident_slack_say))
    {
      incident_slack_work_fail (work, answer);
    }
}

static void
add_words (IncidentSlackWork *work,
           GPtrArray         *form)
{
  g_autofree char *text = work->is_plain ? incident_slack_blocks_plain (work->message) : incident_slack_blocks_text (work->message);
  g_autofree char *blocks = work->is_plain ? NULL : incident_slack_blocks_write (work->message);
  g_autofree char *metadata = incident_slack_write_metadata (work->message->row->key);

  /* An update without blocks would keep the old ones. */
  incident_slack_form_add (form, "text", text);
  incident_slack_form_add (form, "blocks", blocks == NULL && get_replaced (work) != NULL ? "[]" : blocks);
  incident_slack_form_add (form, "metadata", work->is_bare || is_answer (work) ? NULL : metadata);
}

static void
post (IncidentSlackWork *work,
      const char        *place)
{
  GPtrArray *form = incident_slack_form_new ();

  incident_slack_form_add (form, "channel", place);
  add_words (work, form);
  incident_slack_form_add (form, "thread_ts", work->is_new ? NULL : work->message->thread);
  incident_slack_form_add (form, "unfurl_links", "false");
  incident_slack_form_add (form, "unfurl_media", "false");
  incident_slack_work_call (work, "chat.postMessage", form, on_said);
}

static void
update (IncidentSlackWork *work)
{
  GPtrArray *form = incident_slack_work_form (work, "channel");

  incident_slack_form_add (form, "ts", get_replaced (work));
  add_words (work, form);
  incident_slack_work_call (work, "chat.update", form, on_said);
}

static void
whisper (IncidentSlackWork *work)
{
  GPtrArray *form = incident_slack_work_form (work, "channel");

  incident_slack_form_add (form, "user", get_person (work));
  add_words (work, form);
  incident_slack_form_add (form, "thread_ts", work->message->thread);
  incident_slack_work_call (work, "chat.postEphemeral", form, on_said);
}

void
incident_slack_say (IncidentSlackWork *work)
{
  gboolean is_page = work->message->row->kind == INCIDENT_MESSAGE_KIND_PAGE;

  if ((is_page || is_answer (work)) && get_person (work) == NULL)
    incident_slack_work_refuse (work, "it says not who it is for");
  else if (is_answer (work) && work->place != NULL && !work->is_new)
    whisper (work);
  else if (is_page || is_answer (work))
    post (work, get_person (work));
  else if (work->place == NULL)
    incident_slack_work_refuse (work, "it has no conversation to go to");
  else if (get_replaced (work) != NULL)
    update (work);
  else
    post (work, work->place);
}
