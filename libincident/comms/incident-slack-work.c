/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "comms/incident-slack-work-private.h"

#include <string.h>

IncidentSlackWork *
incident_slack_work_new (IncidentSlackChannel *channel,
                         IncidentDelivery     *delivery,
                         GTask                *task)
{
  IncidentSlackWork *work = g_new0 (IncidentSlackWork, 1);

  work->channel = channel;
  work->task = g_object_ref (task);
  if (delivery != NULL)
    {
      work->delivery = g_object_ref (delivery);
      work->message = incident_delivery_get_message (delivery);
      work->place = g_strdup (work->message->conversation);
    }
  return work;
}

static void
work_free (IncidentSlackWork *work)
{
  g_clear_object (&work->delivery);
  g_object_unref (work->task);
  g_free (work->method);
  g_free (work->place);
  g_free (work->ts);
  g_free (work->name);
  g_free (work->cursor);
  g_free (work->file);
  g_free (work);
}

/* Calls */

static void
on_answered (GObject      *source,
             GAsyncResult *result,
             gpointer      data)
{
  IncidentSlackWork *work = data;
  g_autoptr(IncidentSlackAnswer) answer = incident_slack_api_call_finish (work->channel->api, result);

  work->step (work, answer);
}

void
incident_slack_work_call (IncidentSlackWork *work,
                          const char        *method,
                          GPtrArray         *form,
                          IncidentSlackStep  step)
{
  g_autoptr(GPtrArray) owned = form;
  g_autofree char *before G_GNUC_UNUSED = work->method;

  work->method = g_strdup (method);
  work->step = step;
  incident_slack_api_call_async (work->channel->api, work->method, owned, g_task_get_cancellable (work->task),
                                 on_answered, work);
}

void
incident_slack_work_upload (IncidentSlackWork *work,
                            const char        *url,
                            IncidentSlackStep  step)
{
  g_autofree char *before G_GNUC_UNUSED = work->method;

  work->method = g_strdup ("the upload of the file");
  work->step = step;
  incident_slack_api_upload_async (work->channel->api, url, work->message->file_type, work->message->file,
                                   g_task_get_cancellable (work->task), on_answered, work);
}

GPtrArray *
incident_slack_work_form (IncidentSlackWork *work,
                          const char        *name)
{
  GPtrArray *form = incident_slack_form_new ();

  incident_slack_form_add (form, name, work->place);
  return form;
}

/* Ends */

static void
end (IncidentSlackWork *work,
     IncidentOutcome    outcome,
     const char        *detail)
{
  incident_delivery_set_outcome (work->delivery, outcome, detail);
  g_task_return_boolean (work->task, TRUE);
  work_free (work);
}

void
incident_slack_work_sent (IncidentSlackWork *work)
{
  if (work->place != NULL)
    incident_delivery_set_conversation (work->delivery, work->place);
  if (work->ts != NULL)
    incident_delivery_set_external_id (work->delivery, work->ts);
  end (work, INCIDENT_OUTCOME_SENT, NULL);
}

void
incident_slack_work_refuse (IncidentSlackWork *work,
                            const char        *detail)
{
  end (work, INCIDENT_OUTCOME_REFUSED, detail);
}

static char *
describe (IncidentSlackWork         *work,
          const IncidentSlackAnswer *answer)
{
  if (answer->class == INCIDENT_SLACK_WAIT)
    return g_strdup_printf ("Slack takes no more of %s for now", work->method);
  if (answer->tree != NULL)
    return g_strdup_printf ("Slack answered %s with “%s”", work->method, answer->error);

  return g_strdup_printf ("%s: %s", work->method, answer->error);
}

static IncidentOutcome
outcome_of (IncidentSlackClass class)
{
  switch (class)
    {
    case INCIDENT_SLACK_OK:
      return INCIDENT_OUTCOME_SENT;
    case INCIDENT_SLACK_WAIT:
      return INCIDENT_OUTCOME_WAIT;
    case INCIDENT_SLACK_SAFE:
      return INCIDENT_OUTCOME_RETRY;
    case INCIDENT_SLACK_UNSURE:
      return INCIDENT_OUTCOME_UNSURE;
    case INCIDENT_SLACK_CONFIG:
      return INCIDENT_OUTCOME_CLOSED;
    case INCIDENT_SLACK_CONTENT:
    case INCIDENT_SLACK_GONE:
    case INCIDENT_SLACK_OTHER:
    default:
      return INCIDENT_OUTCOME_REFUSED;
    }
}

void
incident_slack_work_fail (IncidentSlackWork         *work,
                          const IncidentSlackAnswer *answer)
{
  g_autofree char *detail = describe (work, answer);

  if (answer->class == INCIDENT_SLACK_WAIT)
    incident_delivery_set_retry_after (work->delivery, answer->retry_after, answer->is_wide);
  end (work, outcome_of (answer->class), detail);
}

void
incident_slack_work_fail_early (IncidentSlackWork         *work,
                                const IncidentSlackAnswer *answer)
{
  IncidentSlackAnswer early = *answer;

  if (early.class == INCIDENT_SLACK_UNSURE)
    early.class = INCIDENT_SLACK_SAFE;
  incident_slack_work_fail (work, &early);
}

void
incident_slack_work_tell (IncidentSlackWork *work,
                          gboolean           is_there)
{
  if (is_there && work->delivery != NULL && work->place != NULL)
    incident_delivery_set_conversation (work->delivery, work->place);
  if (is_there && work->delivery != NULL && work->ts != NULL)
    incident_delivery_set_external_id (work->delivery, work->ts);
  g_task_return_boolean (work->task, is_there);
  work_free (work);
}

/* As a channel of one's own would say it. */
static int
code_of (IncidentSlackClass class)
{
  switch (class)
    {
    case INCIDENT_SLACK_WAIT:
    case INCIDENT_SLACK_SAFE:
      return G_IO_ERROR_BUSY;
    case INCIDENT_SLACK_UNSURE:
      return G_IO_ERROR_TIMED_OUT;
    case INCIDENT_SLACK_CONFIG:
      return G_IO_ERROR_PERMISSION_DENIED;
    case INCIDENT_SLACK_OK:
    case INCIDENT_SLACK_CONTENT:
    case INCIDENT_SLACK_GONE:
    case INCIDENT_SLACK_OTHER:
    default:
      return G_IO_ERROR_FAILED;
    }
}

void
incident_slack_work_tell_failure (IncidentSlackWork         *work,
                                  const IncidentSlackAnswer *answer)
{
  g_autofree char *detail = describe (work, answer);

  if (work->delivery != NULL && answer->class == INCIDENT_SLACK_WAIT)
    {
      incident_delivery_set_outcome (work->delivery, INCIDENT_OUTCOME_WAIT, detail);
      incident_delivery_set_retry_after (work->delivery, answer->retry_after, answer->is_wide);
    }
  g_task_return_new_error (work->task, G_IO_ERROR, code_of (answer->class), "%s", detail);
  work_free (work);
}

/* What is in the way */

static void
on_mended (IncidentSlackWork         *work,
           const IncidentSlackAnswer *answer)
{
  if (answer->class == INCIDENT_SLACK_OK)
    work->again (work);
  else
    incident_slack_work_fail_early (work, answer);
}

gboolean
incident_slack_work_mend (IncidentSlackWork         *work,
                          const IncidentSlackAnswer *answer,
                          void                     (*again) (IncidentSlackWork *work))
{
  const char *method = NULL;

  if (answer->class != INCIDENT_SLACK_GONE || work->is_mended || work->place == NULL)
    return FALSE;
  if (strcmp (answer->error, "is_archived") == 0)
    method = "conversations.unarchive";
  else if (strcmp (answer->error, "not_in_channel") == 0)
    method = "conversations.join";
  else
    return FALSE;

  work->is_mended = TRUE;
  work->again = again;
  incident_slack_work_call (work, method, incident_slack_work_form (work, "channel"), on_mended);
  return TRUE;
}
