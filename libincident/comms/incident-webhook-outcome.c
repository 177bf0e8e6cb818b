/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "comms/incident-webhook-private.h"

/* Who asks to be left in peace, but does not say for how long. */
#define USUAL_RETRY_AFTER (10 * G_TIME_SPAN_SECOND)

static IncidentOutcome
outcome_of_status (guint status)
{
  if (status >= 200 && status < 300)
    return INCIDENT_OUTCOME_SENT;
  if (status == 410)
    return INCIDENT_OUTCOME_CLOSED;
  if (status == 429)
    return INCIDENT_OUTCOME_WAIT;
  /* It may have been taken before something broke. */
  if (status == 408 || status >= 500)
    return INCIDENT_OUTCOME_UNSURE;

  return INCIDENT_OUTCOME_REFUSED;
}

void
incident_webhook_judge_status (guint             status,
                               const char       *retry_after,
                               gint64            now,
                               IncidentDelivery *delivery)
{
  IncidentOutcome outcome = outcome_of_status (status);
  g_autofree char *detail = g_strdup_printf ("It answered %u%s", status, status == 410 ? ": it wants no more" : "");
  gint64 patience = incident_http_read_retry_after (retry_after, now);

  incident_delivery_set_outcome (delivery, outcome, outcome == INCIDENT_OUTCOME_SENT ? NULL : detail);
  if (outcome == INCIDENT_OUTCOME_WAIT && patience == 0)
    patience = USUAL_RETRY_AFTER;
  if (outcome != INCIDENT_OUTCOME_SENT && patience > 0)
    incident_delivery_set_retry_after (delivery, patience, TRUE);
}

/* There may be none, and that has no bytes to copy. */
char *
incident_webhook_dup_answer (const IncidentHttpReply *reply)
{
  gsize length;
  const char *bytes = g_bytes_get_data (reply->body, &length);

  return length > 0 ? g_strndup (bytes, length) : g_strdup ("");
}

/* What nobody but the team can mend, so that another attempt will fare no better. */
static gboolean
is_for_the_team (const GError *error)
{
  return g_error_matches (error, G_IO_ERROR, G_IO_ERROR_PERMISSION_DENIED)
         || g_error_matches (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT)
         || g_error_matches (error, G_IO_ERROR, G_IO_ERROR_NOT_SUPPORTED);
}

void
incident_webhook_judge_error (const GError     *error,
                              gboolean          is_out,
                              IncidentDelivery *delivery)
{
  IncidentOutcome outcome = is_out ? INCIDENT_OUTCOME_UNSURE
                          : is_for_the_team (error) ? INCIDENT_OUTCOME_CLOSED
                          : INCIDENT_OUTCOME_RETRY;

  incident_delivery_set_outcome (delivery, outcome, error->message);
}
