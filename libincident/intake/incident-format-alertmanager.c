/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "intake/incident-format-alertmanager-private.h"

#include <libincident/incident-error.h>

#include "base/incident-text-private.h"
#include "intake/incident-formats-private.h"

/* The webhook of Prometheus Alertmanager, version 4. Members that are not named
 * here are passed over: users may add their own since 0.32. */

void
incident_alertmanager_read_labels (IncidentJsonReader *reader,
                                   GArray             *labels,
                                   gboolean            keep_empty)
{
  const char *name;

  incident_json_reader_enter_object (reader);
  while (incident_json_reader_next_member (reader, &name))
    {
      IncidentLabel label = { name, incident_json_reader_read_string (reader) };

      if (label.value != NULL && (keep_empty || *label.value != '\0'))
        g_array_append_val (labels, label);
    }
}

/* The first instant of the year 1 is how Go writes that there is no time. */
gboolean
incident_alertmanager_read_time (IncidentIntakeMessage *message,
                                 IncidentJsonReader    *reader,
                                 gint64                *time,
                                 const char           **exact)
{
  const char *text = incident_json_reader_read_string (reader);
  g_autoptr(GError) error = NULL;

  if (text == NULL)
    return FALSE;
  if (!incident_intake_message_read_time (message, text, time, exact, &error))
    {
      incident_json_reader_fail (reader, "%s", error->message);
      return FALSE;
    }
  if (*time != INCIDENT_TIME_MIN)
    return TRUE;

  *time = INCIDENT_TIME_NONE;
  if (exact != NULL)
    *exact = NULL;
  return FALSE;
}

static void
read_status (IncidentJsonReader *reader,
             IncidentAlertDraft *draft,
             gboolean           *has_status)
{
  const char *status = incident_json_reader_read_string (reader);

  if (status == NULL)
    return;
  draft->status = incident_name_is (status, "firing") ? INCIDENT_ALERT_STATUS_FIRING : INCIDENT_ALERT_STATUS_RESOLVED;
  *has_status = draft->status == INCIDENT_ALERT_STATUS_FIRING || incident_name_is (status, "resolved");
  if (!*has_status)
    incident_json_reader_fail (reader, "must be “firing” or “resolved”");
}

void
incident_alertmanager_read_member (IncidentIntakeMessage *message,
                                   IncidentJsonReader    *reader,
                                   IncidentAlertDraft    *draft,
                                   const char            *name,
                                   gboolean              *has_status)
{
  if (incident_name_is (name, "status"))
    read_status (reader, draft, has_status);
  else if (incident_name_is (name, "labels"))
    incident_alertmanager_read_labels (reader, draft->labels, TRUE);
  else if (incident_name_is (name, "annotations"))
    incident_alertmanager_read_labels (reader, draft->annotations, TRUE);
  else if (incident_name_is (name, "startsAt"))
    incident_alertmanager_read_time (message, reader, &draft->starts_at, &draft->episode);
  else if (incident_name_is (name, "endsAt"))
    incident_alertmanager_read_time (message, reader, &draft->ends_at, NULL);
  else if (incident_name_is (name, "generatorURL"))
    draft->link = incident_json_reader_read_string (reader);
  else if (incident_name_is (name, "fingerprint"))
    draft->key = incident_json_reader_read_string (reader);
  else
    incident_json_reader_skip (reader);
}

const char *
incident_alertmanager_find (GArray     *labels,
                            const char *name)
{
  for (guint i = 0; i < labels->len; i++)
    if (incident_name_is (g_array_index (labels, IncidentLabel, i).name, name))
      return g_array_index (labels, IncidentLabel, i).value;

  return NULL;
}

void
incident_alertmanager_complete (IncidentIntakeMessage *message,
                                IncidentAlertDraft    *draft)
{
  if (draft->key == NULL || *draft->key == '\0')
    draft->key = incident_intake_message_fingerprint (message, draft->labels);
  draft->name = incident_alertmanager_find (draft->labels, "alertname");
  draft->summary = incident_alertmanager_find (draft->annotations, "summary");
  draft->severity = incident_alertmanager_find (draft->labels, "severity");
}

gboolean
incident_alertmanager_end_alert (IncidentIntakeMessage *message,
                                 IncidentJsonReader    *reader,
                                 IncidentAlertDraft    *draft,
                                 gboolean               has_status)
{
  if (!incident_json_reader_failed (reader) && !has_status)
    incident_json_reader_fail (reader, "must have the member “status”");
  else if (!incident_json_reader_failed (reader) && draft->labels->len == 0)
    incident_json_reader_fail (reader, "must have the member “labels”, with at least one label");
  if (incident_json_reader_failed (reader))
    return FALSE;

  /* A firing alert is given an end that moves on: it has none. */
  if (draft->status == INCIDENT_ALERT_STATUS_FIRING)
    draft->ends_at = INCIDENT_TIME_NONE;
  incident_alertmanager_complete (message, draft);
  return TRUE;
}

static gboolean
read_alert (IncidentIntakeMessage *message,
            IncidentJsonReader    *reader,
            IncidentAlertDraft    *draft)
{
  gboolean has_status = FALSE;
  const char *name;

  incident_json_reader_enter_object (reader);
  while (incident_json_reader_next_member (reader, &name))
    incident_alertmanager_read_member (message, reader, draft, name, &has_status);

  return incident_alertmanager_end_alert (message, reader, draft, has_status);
}

static gboolean
take_alert (IncidentIntakeMessage *message,
            IncidentJsonReader    *reader,
            IncidentReadAlertFunc  read,
            IncidentAlertDraft    *draft)
{
  incident_alert_draft_reset (draft);
  draft->raw_start = incident_json_reader_get_offset (reader);
  if (!read (message, reader, draft))
    return FALSE;

  draft->raw_length = incident_json_reader_get_offset (reader) - draft->raw_start;
  incident_intake_message_take (message, draft);
  return TRUE;
}

void
incident_alertmanager_read_alerts (IncidentIntakeMessage *message,
                                   IncidentJsonReader    *reader,
                                   IncidentReadAlertFunc  read)
{
  g_auto(IncidentAlertDraft) draft = { NULL, };
  guint depth;

  incident_alert_draft_init (&draft);
  incident_json_reader_enter_array (reader);
  depth = incident_json_reader_get_depth (reader);
  while (incident_json_reader_next_element (reader))
    {
      GError *error = NULL;

      /* A bad alert does not take the good ones with it. */
      if (!take_alert (message, reader, read, &draft) && incident_json_reader_recover (reader, depth, &error))
        incident_intake_message_refuse (message, error);
    }
}

gboolean
incident_alertmanager_read_item (IncidentIntakeMessage  *message,
                                 IncidentReadAlertFunc   read,
                                 GError                **error)
{
  g_autoptr(IncidentJsonReader) reader =
    incident_json_reader_new (message->bytes, message->length, message->place, &incident_intake_limits);
  g_auto(IncidentAlertDraft) draft = { NULL, };

  incident_alert_draft_init (&draft);
  take_alert (message, reader, read, &draft);
  return incident_json_reader_finish (reader, error);
}

typedef struct
{
  GArray   *group_labels;
  GArray   *common_annotations;
  gboolean  has_alerts;
  gint64    n_truncated;
  gint64    organisation;
} Envelope;

static void
envelope_clear (Envelope *envelope)
{
  g_array_unref (envelope->group_labels);
  g_array_unref (envelope->common_annotations);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Envelope, envelope_clear)

/* FALSE: of a member that only helps. */
static gboolean
read_envelope_member (IncidentIntakeMessage *message,
                      IncidentJsonReader    *reader,
                      IncidentReadAlertFunc  read,
                      Envelope              *envelope,
                      const char            *name)
{
  if (g_str_equal (name, "alerts"))
    {
      envelope->has_alerts = TRUE;
      incident_alertmanager_read_alerts (message, reader, read);
    }
  else if (g_str_equal (name, "groupLabels"))
    incident_alertmanager_read_labels (reader, envelope->group_labels, TRUE);
  else if (g_str_equal (name, "orgId") && envelope->organisation >= 0)
    incident_json_reader_read_int (reader, &envelope->organisation);
  else
    {
      if (g_str_equal (name, "commonAnnotations"))
        incident_alertmanager_read_labels (reader, envelope->common_annotations, TRUE);
      else if (g_str_equal (name, "truncatedAlerts"))
        incident_json_reader_read_int (reader, &envelope->n_truncated);
      else
        incident_json_reader_skip (reader);
      return FALSE;
    }
  return TRUE;
}

/* What is lent by the reader must outlive it. */
static void
keep_envelope (IncidentIntakeMessage *message,
               Envelope              *envelope)
{
  const char *summary = incident_alertmanager_find (envelope->common_annotations, "summary");

  if (summary != NULL && !incident_text_is_blank (summary))
    message->title = g_strdup (summary);
  message->group_labels = g_array_new (FALSE, FALSE, sizeof (IncidentLabel));
  for (guint i = 0; i < envelope->group_labels->len; i++)
    {
      const IncidentLabel *from = &g_array_index (envelope->group_labels, IncidentLabel, i);
      IncidentLabel label = { incident_intake_message_keep (message, from->name),
                              incident_intake_message_keep (message, from->value) };

      g_array_append_val (message->group_labels, label);
    }
  if (envelope->n_truncated <= 0)
    return;

  incident_intake_message_note (message, "The sender left out %" G_GINT64_FORMAT " alerts of this group: "
                                "of these nothing is known", envelope->n_truncated);
}

gboolean
incident_alertmanager_read_envelope (IncidentIntakeMessage  *message,
                                     IncidentReadAlertFunc   read,
                                     gint64                 *organisation,
                                     GError                **error)
{
  g_autoptr(IncidentJsonReader) reader =
    incident_json_reader_new (message->bytes, message->length, message->place, &incident_intake_limits);
  g_auto(Envelope) envelope = { g_array_new (FALSE, FALSE, sizeof (IncidentLabel)),
                                g_array_new (FALSE, FALSE, sizeof (IncidentLabel)), FALSE, 0,
                                organisation != NULL ? 0 : -1 };
  const char *member;

  incident_json_reader_enter_object (reader);
  /* A text that was cut in a character stands in what all alerts share, too. */
  while (incident_json_reader_next_member (reader, &member))
    if (!read_envelope_member (message, reader, read, &envelope, member) && incident_json_reader_failed (reader))
      incident_json_reader_recover (reader, 1, NULL);
  if (!incident_json_reader_failed (reader) && !envelope.has_alerts)
    incident_json_reader_fail (reader, "must have the member “alerts”: this is no message of %s", message->format->title);
  if (!incident_json_reader_finish (reader, error))
    return FALSE;

  keep_envelope (message, &envelope);
  if (organisation != NULL)
    *organisation = envelope.organisation;
  return TRUE;
}

static gboolean
read_message (IncidentIntakeMessage  *message,
              GError                **error)
{
  return incident_alertmanager_read_envelope (message, read_alert, NULL, error);
}

static gboolean
read_item (IncidentIntakeMessage  *message,
           GError                **error)
{
  return incident_alertmanager_read_item (message, read_alert, error);
}

/* Grafana says the same and more. */
static gboolean
recognise (IncidentNode *root,
           const char   *bytes,
           gsize         length)
{
  IncidentNode *alerts = incident_node_get_member (root, "alerts");
  IncidentNode *first = incident_node_get_child (alerts, 0);

  /* Users may replace all of the envelope but the alerts. */
  return alerts != NULL && alerts->type == INCIDENT_JSON_ARRAY
         && (incident_node_get_member (root, "groupKey") != NULL || incident_node_get_member (root, "groupLabels") != NULL
             || (incident_node_get_member (first, "labels") != NULL && incident_node_get_member (first, "status") != NULL))
         && !incident_format_grafana.recognise (root, bytes, length);
}

const IncidentFormat incident_format_alertmanager = {
  .name = "alertmanager",
  .title = "Prometheus Alertmanager, webhook",
  .recognise = recognise,
  .read = read_message,
  .read_item = read_item,
};
