/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "intake/incident-format-alertmanager-private.h"

#include <libincident/incident-error.h>

#include "base/incident-time-private.h"
#include "intake/incident-formats-private.h"

/* POST /api/v2/alerts of Prometheus Alertmanager, which Prometheus sends: an array of alerts, or
 * a bare one. An alert has no state: it ends at its end, which each message moves on. */

#define RESOLVE_TIMEOUT (5 * G_TIME_SPAN_MINUTE)

static void
read_alert_member (IncidentIntakeMessage *message,
                   IncidentJsonReader    *reader,
                   IncidentAlertDraft    *draft,
                   const char            *name,
                   gboolean              *has_labels)
{
  if (g_str_equal (name, "labels"))
    {
      *has_labels = TRUE;
      incident_alertmanager_read_labels (reader, draft->labels, FALSE);
    }
  else if (g_str_equal (name, "annotations"))
    incident_alertmanager_read_labels (reader, draft->annotations, FALSE);
  else if (g_str_equal (name, "startsAt"))
    incident_alertmanager_read_time (message, reader, &draft->starts_at, &draft->episode);
  else if (g_str_equal (name, "endsAt"))
    incident_alertmanager_read_time (message, reader, &draft->ends_at, NULL);
  else if (g_str_equal (name, "generatorURL"))
    draft->link = incident_json_reader_read_string (reader);
  else
    incident_json_reader_skip (reader);
}

static gboolean
check_alert (IncidentJsonReader *reader,
             IncidentAlertDraft *draft,
             gboolean            has_labels)
{
  if (incident_json_reader_failed (reader))
    return FALSE;

  if (!has_labels)
    incident_json_reader_fail (reader, "must have the member “labels”");
  else if (draft->labels->len == 0)
    incident_json_reader_fail (reader, "must have at least one label that is not empty");
  else if (draft->starts_at != INCIDENT_TIME_NONE && draft->ends_at != INCIDENT_TIME_NONE && draft->starts_at > draft->ends_at)
    incident_json_reader_fail (reader, "must not end before it starts");
  return !incident_json_reader_failed (reader);
}

static gboolean
read_alert (IncidentIntakeMessage *message,
            IncidentJsonReader    *reader,
            IncidentAlertDraft    *draft)
{
  gboolean has_labels = FALSE;
  const char *name;

  incident_alert_draft_reset (draft);
  draft->raw_start = incident_json_reader_get_offset (reader);
  incident_json_reader_enter_object (reader);
  while (incident_json_reader_next_member (reader, &name))
    read_alert_member (message, reader, draft, name, &has_labels);
  if (!check_alert (reader, draft, has_labels))
    return FALSE;

  draft->raw_length = incident_json_reader_get_offset (reader) - draft->raw_start;
  if (draft->ends_at == INCIDENT_TIME_NONE)
    draft->ends_at = message->received_at
                     + (message->source != NULL && message->source->timeout > 0 ? message->source->timeout : RESOLVE_TIMEOUT);
  draft->gives_up = draft->ends_at > message->received_at;
  draft->status = draft->gives_up ? INCIDENT_ALERT_STATUS_FIRING : INCIDENT_ALERT_STATUS_RESOLVED;
  incident_alertmanager_complete (message, draft);
  return TRUE;
}

static gboolean
read_item (IncidentIntakeMessage  *message,
           GError                **error)
{
  g_autoptr(IncidentJsonReader) reader = incident_json_reader_new (message->bytes, message->length, message->place, NULL);
  g_auto(IncidentAlertDraft) draft = { NULL, };

  incident_alert_draft_init (&draft);
  if (read_alert (message, reader, &draft))
    incident_intake_message_take (message, &draft);
  return incident_json_reader_finish (reader, error);
}

static gboolean
read_message (IncidentIntakeMessage  *message,
              GError                **error)
{
  g_autoptr(IncidentJsonReader) reader = incident_json_reader_new (message->bytes, message->length, message->place, NULL);

  if (incident_json_reader_peek (reader) == INCIDENT_JSON_OBJECT)
    return read_item (message, error);

  incident_alertmanager_read_alerts (message, reader, read_alert);
  return incident_json_reader_finish (reader, error);
}

static gboolean
recognise (IncidentNode *root,
           const char   *bytes,
           gsize         length)
{
  IncidentNode *alert = root != NULL && root->type == INCIDENT_JSON_ARRAY ? incident_node_get_child (root, 0) : root;
  IncidentNode *labels = incident_node_get_member (alert, "labels");

  return labels != NULL && labels->type == INCIDENT_JSON_OBJECT && incident_node_get_member (alert, "status") == NULL;
}

const IncidentFormat incident_format_alertmanager_api = {
  .name = "alertmanager-api",
  .title = "Prometheus, and what else speaks the API of Alertmanager (v2)",
  .recognise = recognise,
  .read = read_message,
  .read_item = read_item,
};
