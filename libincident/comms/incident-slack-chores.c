/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "comms/incident-slack-work-private.h"

#include <string.h>

#include "base/incident-text-private.h"
#include "comms/incident-slack-text-private.h"

/* What is done to the channel of a case. All of it may be done twice without harm. */

#define MOST_IN_TOPIC    250
#define MOST_IN_BOOKMARK 100
#define MOST_INVITED     100

static void
call_here (IncidentSlackWork *work,
           const char        *method,
           GPtrArray         *form,
           IncidentSlackStep  step)
{
  if (work->place == NULL)
    {
      g_ptr_array_unref (form);
      incident_slack_work_refuse (work, "it has no conversation to go to");
      return;
    }

  incident_slack_work_call (work, method, form, step);
}

/* Topic */

static void
on_topic_set (IncidentSlackWork         *work,
              const IncidentSlackAnswer *answer)
{
  if (answer->class == INCIDENT_SLACK_OK)
    incident_slack_work_sent (work);
  else if (!incident_slack_work_mend (work, answer, incident_slack_set_topic))
    incident_slack_work_fail (work, answer);
}

void
incident_slack_set_topic (IncidentSlackWork *work)
{
  GPtrArray *form = incident_slack_work_form (work, "channel");
  g_autofree char *topic = incident_slack_text_escape_line (work->message->text, MOST_IN_TOPIC);

  incident_slack_form_add (form, "topic", topic);
  call_here (work, "conversations.setTopic", form, on_topic_set);
}

/* Invitations */

static void
on_invited (IncidentSlackWork         *work,
            const IncidentSlackAnswer *answer)
{
  if (answer->class == INCIDENT_SLACK_OK)
    {
      work->n += MOST_INVITED;
      incident_slack_invite (work);
    }
  else if (!incident_slack_work_mend (work, answer, incident_slack_invite))
    {
      incident_slack_work_fail (work, answer);
    }
}

void
incident_slack_invite (IncidentSlackWork *work)
{
  guint n = g_strv_length (work->message->recipients);
  g_autoptr(GString) users = g_string_new (NULL);
  GPtrArray *form;

  if (work->n >= n)
    {
      incident_slack_work_sent (work);
      return;
    }

  for (guint i = work->n; i < MIN (n, work->n + MOST_INVITED); i++)
    g_string_append_printf (users, "%s%s", users->len > 0 ? "," : "", work->message->recipients[i]);
  form = incident_slack_work_form (work, "channel");
  incident_slack_form_add (form, "users", users->str);
  /* One who cannot come keeps nobody else away. */
  incident_slack_form_add (form, "force", "true");
  call_here (work, "conversations.invite", form, on_invited);
}

/* Bookmarks */

static void
on_bookmarked (IncidentSlackWork         *work,
               const IncidentSlackAnswer *answer)
{
  if (answer->class == INCIDENT_SLACK_OK)
    incident_slack_work_sent (work);
  else
    incident_slack_work_fail (work, answer);
}

static gboolean
has_bookmark (IncidentNode *bookmarks,
              const char   *url)
{
  for (guint i = 0; i < incident_node_get_length (bookmarks); i++)
    if (g_strcmp0 (incident_node_get_string (incident_node_get_child (bookmarks, i), "link"), url) == 0)
      return TRUE;

  return FALSE;
}

static void
on_bookmarks (IncidentSlackWork         *work,
              const IncidentSlackAnswer *answer)
{
  const IncidentMessage *message = work->message;
  g_autofree char *title = NULL;
  GPtrArray *form;

  if (answer->class != INCIDENT_SLACK_OK)
    {
      if (!incident_slack_work_mend (work, answer, incident_slack_add_bookmark))
        incident_slack_work_fail_early (work, answer);
      return;
    }
  if (has_bookmark (incident_node_get_member (incident_slack_answer_get_root (answer), "bookmarks"), message->url))
    {
      incident_slack_work_sent (work);
      return;
    }

  title = incident_text_cut (incident_slack_text_is_shown (message->title) ? message->title : message->url, MOST_IN_BOOKMARK);
  form = incident_slack_work_form (work, "channel_id");
  incident_slack_form_add (form, "title", title);
  incident_slack_form_add (form, "type", "link");
  incident_slack_form_add (form, "link", message->url);
  incident_slack_work_call (work, "bookmarks.add", form, on_bookmarked);
}

void
incident_slack_add_bookmark (IncidentSlackWork *work)
{
  if (work->message->url == NULL)
    incident_slack_work_refuse (work, "it tells no link");
  else
    call_here (work, "bookmarks.list", incident_slack_work_form (work, "channel_id"), on_bookmarks);
}

/* The end */

static void
on_archived (IncidentSlackWork         *work,
             const IncidentSlackAnswer *answer)
{
  if (answer->class == INCIDENT_SLACK_OK)
    incident_slack_work_sent (work);
  else if (!incident_slack_work_mend (work, answer, incident_slack_archive))
    incident_slack_work_fail (work, answer);
}

void
incident_slack_archive (IncidentSlackWork *work)
{
  call_here (work, "conversations.archive", incident_slack_work_form (work, "channel"), on_archived);
}
