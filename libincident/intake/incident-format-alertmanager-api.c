/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "intake/incident-format-alertmanager-private.h"

#include <libincident/incident-error.h>

#include <string.h>

#include "intake/incident-formats-private.h"

/* POST /api/v2/alerts of Prometheus Alertmanager, which Prometheus sends: an array of alerts, or
 * a bare one. An alert has no state: it ends at its end, which each message moves on. What
 * GET answers there is read, too: it has a state in so far as it may be suppressed. */

#define RESOLVE_TIMEOUT (5 * G_TIME_SPAN_MINUTE)

typedef struct
{
  gboolean has_labels;
  gboolean is_suppressed;
} Seen;

/* The API takes more than RFC 3339: “2024-01-01 00:00:00” and “2024-01-01T00:00:00” are in UTC,
 * and “+0100” is an offset. NULL: there is nothing to mend. */
static char *
mend_time (const char *text)
{
  gsize length = strlen (text);
  g_autofree char *mended = NULL;

  if (length < strlen ("2024-01-01 00:00:00") || strchr ("T ", text[10]) == NULL)
    return NULL;

  mended = g_strdup (text);
  mended[10] = 'T';
  if (strpbrk (text + 11, "Zz+-") == NULL)
    return g_strconcat (mended, "Z", NULL);
  if (length >= strlen ("2024-01-01T00:00:00+0100") && strchr ("+-", text[length - 5]) != NULL
      && strspn (text + length - 4, "0123456789") == 4)
    return g_strdup_printf ("%.*s:%s", (int) length - 2, mended, mended + length - 2);
  return NULL;
}

static void
read_time (IncidentIntakeMessage  *message,
           IncidentJsonReader     *reader,
           gint64                 *time,
           const char            **exact)
{
  const char *text = incident_json_reader_read_string (reader);
  g_autoptr(GError) error = NULL;
  g_autofree char *mended = NULL;

  if (text == NULL)
    return;
  if (!incident_intake_message_read_time (message, text, time, exact, &error))
    {
      mended = mend_time (text);
      if (mended == NULL || !incident_intake_message_read_time (message, mended, time, exact, NULL))
        {
          incident_json_reader_fail (reader, "%s", error->message);
          return;
        }
    }
  if (*time != INCIDENT_TIME_MIN)
    return;

  *time = INCIDENT_TIME_NONE;
  if (exact != NULL)
    *exact = NULL;
}

static void
read_state (IncidentJsonReader *reader,
            Seen               *seen)
{
  const char *name, *state;

  incident_json_reader_enter_object (reader);
  while (incident_json_reader_next_member (reader, &name))
    if (!g_str_equal (name, "state"))
      incident_json_reader_skip (reader);
    else
      {
        state = incident_json_reader_read_string (reader);
        if (state == NULL)
          return;
        seen->is_suppressed = g_str_equal (state, "suppressed");
        if (!seen->is_suppressed && !g_str_equal (state, "active") && !g_str_equal (state, "unprocessed"))
          incident_json_reader_fail (reader, "must be “active”, “suppressed” or “unprocessed”");
      }
}

static void
read_member (IncidentIntakeMessage *message,
             IncidentJsonReader    *reader,
             IncidentAlertDraft    *draft,
             const char            *name,
             Seen                  *seen)
{
  if (incident_name_is (name, "labels"))
    {
      seen->has_labels = TRUE;
      incident_alertmanager_read_labels (reader, draft->labels, FALSE);
    }
  else if (incident_name_is (name, "annotations"))
    incident_alertmanager_read_labels (reader, draft->annotations, FALSE);
  else if (incident_name_is (name, "startsAt"))
    read_time (message, reader, &draft->starts_at, &draft->episode);
  else if (incident_name_is (name, "endsAt"))
    read_time (message, reader, &draft->ends_at, NULL);
  else if (incident_name_is (name, "generatorURL"))
    draft->link = incident_json_reader_read_string (reader);
  else if (incident_name_is (name, "status"))
    read_state (reader, seen);
  else
    incident_json_reader_skip (reader);
}

static gboolean
check_alert (IncidentJsonReader *reader,
             IncidentAlertDraft *draft,
             const Seen         *seen)
{
  if (incident_json_reader_failed (reader))
    return FALSE;

  if (!seen->has_labels)
    incident_json_reader_fail (reader, "must have the member “labels”");
  else if (draft->labels->len == 0)
    incident_json_reader_fail (reader, "must have at least one label that is not empty");
  else if (draft->starts_at != INCIDENT_TIME_NONE && draft->ends_at != INCIDENT_TIME_NONE
           && draft->starts_at > draft->ends_at)
    incident_json_reader_fail (reader, "must not end before it starts");
  return !incident_json_reader_failed (reader);
}

static gint64
get_timeout (IncidentIntakeMessage *message)
{
  return message->source != NULL && message->source->timeout > 0 ? message->source->timeout : RESOLVE_TIMEOUT;
}

static gboolean
read_alert (IncidentIntakeMessage *message,
            IncidentJsonReader    *reader,
            IncidentAlertDraft    *draft)
{
  Seen seen = { FALSE, FALSE };
  const char *name;

  incident_json_reader_enter_object (reader);
  while (incident_json_reader_next_member (reader, &name))
    read_member (message, reader, draft, name, &seen);
  if (!check_alert (reader, draft, &seen))
    return FALSE;

  if (draft->ends_at == INCIDENT_TIME_NONE)
    draft->ends_at = message->received_at + get_timeout (message);
  draft->gives_up = draft->ends_at > message->received_at;
  draft->status = !draft->gives_up ? INCIDENT_ALERT_STATUS_RESOLVED
                  : seen.is_suppressed ? INCIDENT_ALERT_STATUS_SUPPRESSED : INCIDENT_ALERT_STATUS_FIRING;
  incident_alertmanager_complete (message, draft);
  return TRUE;
}

static gboolean
read_item (IncidentIntakeMessage  *message,
           GError                **error)
{
  return incident_alertmanager_read_item (message, read_alert, error);
}

static gboolean
read_message (IncidentIntakeMessage  *message,
              GError                **error)
{
  g_autoptr(IncidentJsonReader) reader =
    incident_json_reader_new (message->bytes, message->length, message->place, &incident_intake_limits);

  if (incident_json_reader_peek (reader) == INCIDENT_JSON_OBJECT)
    return read_item (message, error);

  incident_alertmanager_read_alerts (message, reader, read_alert);
  return incident_json_reader_finish (reader, error);
}

/* The alerts of the webhook have a status that is a word. */
static gboolean
recognise (IncidentNode *root,
           const char   *bytes,
           gsize         length)
{
  IncidentNode *alert = root != NULL && root->type == INCIDENT_JSON_ARRAY ? incident_node_get_child (root, 0) : root;
  IncidentNode *labels = incident_node_get_member (alert, "labels");

  /* Its list of groups is no message. */
  return labels != NULL && labels->type == INCIDENT_JSON_OBJECT && incident_node_get_string (alert, "status") == NULL
         && incident_node_get_member (alert, "alerts") == NULL;
}

const IncidentFormat incident_format_alertmanager_api = {
  .name = "alertmanager-api",
  .title = "Prometheus, and what else speaks the API of Alertmanager (v2)",
  .recognise = recognise,
  .read = read_message,
  .read_item = read_item,
};
