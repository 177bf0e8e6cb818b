/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "intake/incident-format-alertmanager-private.h"

#include <libincident/incident-error.h>

#include <string.h>

#include "base/incident-text-private.h"
#include "base/incident-time-private.h"
#include "intake/incident-formats-private.h"

/* The webhook of Prometheus Alertmanager, version 4. Members that are not named
 * here are passed over: users may add their own since 0.32. */

#define NO_TIME "0001-01-01T00:00:00Z"

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

gboolean
incident_alertmanager_read_time (IncidentIntakeMessage *message,
                                 IncidentJsonReader    *reader,
                                 gint64                *time,
                                 const char           **exact)
{
  const char *text = incident_json_reader_read_string (reader);
  g_autoptr(GError) error = NULL;

  if (text == NULL || g_str_equal (text, NO_TIME))
    return FALSE;
  if (incident_intake_message_read_time (message, text, time, exact, &error))
    return TRUE;

  incident_json_reader_fail (reader, "%s", error->message);
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
  draft->status = g_str_equal (status, "firing") ? INCIDENT_ALERT_STATUS_FIRING : INCIDENT_ALERT_STATUS_RESOLVED;
  *has_status = draft->status == INCIDENT_ALERT_STATUS_FIRING || g_str_equal (status, "resolved");
  if (!*has_status)
    incident_json_reader_fail (reader, "must be “firing” or “resolved”");
}

static void
read_alert_member (IncidentIntakeMessage *message,
                   IncidentJsonReader    *reader,
                   IncidentAlertDraft    *draft,
                   const char            *name,
                   gboolean              *has_status)
{
  if (g_str_equal (name, "status"))
    read_status (reader, draft, has_status);
  else if (g_str_equal (name, "labels"))
    incident_alertmanager_read_labels (reader, draft->labels, TRUE);
  else if (g_str_equal (name, "annotations"))
    incident_alertmanager_read_labels (reader, draft->annotations, TRUE);
  else if (g_str_equal (name, "startsAt"))
    incident_alertmanager_read_time (message, reader, &draft->starts_at, &draft->episode);
  else if (g_str_equal (name, "endsAt"))
    incident_alertmanager_read_time (message, reader, &draft->ends_at, NULL);
  else if (g_str_equal (name, "generatorURL"))
    draft->link = incident_json_reader_read_string (reader);
  else if (g_str_equal (name, "fingerprint"))
    draft->key = incident_json_reader_read_string (reader);
  else
    incident_json_reader_skip (reader);
}

static const char *
find (GArray     *labels,
      const char *name)
{
  for (guint i = 0; i < labels->len; i++)
    if (g_str_equal (g_array_index (labels, IncidentLabel, i).name, name))
      return g_array_index (labels, IncidentLabel, i).value;

  return NULL;
}

void
incident_alertmanager_complete (IncidentIntakeMessage *message,
                                IncidentAlertDraft    *draft)
{
  if (draft->key == NULL || *draft->key == '\0')
    draft->key = incident_intake_message_fingerprint (message, draft->labels);
  draft->name = find (draft->labels, "alertname");
  draft->summary = find (draft->annotations, "summary");
  draft->severity = find (draft->labels, "severity");
}

static gboolean
read_alert (IncidentIntakeMessage *message,
            IncidentJsonReader    *reader,
            IncidentAlertDraft    *draft)
{
  gboolean has_status = FALSE;
  const char *name;

  incident_alert_draft_reset (draft);
  draft->raw_start = incident_json_reader_get_offset (reader);
  incident_json_reader_enter_object (reader);
  while (incident_json_reader_next_member (reader, &name))
    read_alert_member (message, reader, draft, name, &has_status);

  if (!incident_json_reader_failed (reader) && !has_status)
    incident_json_reader_fail (reader, "must have the member “status”");
  else if (!incident_json_reader_failed (reader) && draft->labels->len == 0)
    incident_json_reader_fail (reader, "must have the member “labels”, with at least one label");
  if (incident_json_reader_failed (reader))
    return FALSE;

  draft->raw_length = incident_json_reader_get_offset (reader) - draft->raw_start;
  /* A firing alert is given an end that moves on: it has none. */
  if (draft->status == INCIDENT_ALERT_STATUS_FIRING)
    draft->ends_at = INCIDENT_TIME_NONE;
  incident_alertmanager_complete (message, draft);
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
      if (read (message, reader, &draft))
        incident_intake_message_take (message, &draft);
      else if (incident_json_reader_recover (reader, depth, &error))
        incident_intake_message_refuse (message, error);
    }
}

typedef struct
{
  GArray   *group_labels;
  GArray   *common_annotations;
  gboolean  has_alerts;
  gboolean  has_groups;
  gint64    n_truncated;
} Envelope;

static void
envelope_clear (Envelope *envelope)
{
  g_array_unref (envelope->group_labels);
  g_array_unref (envelope->common_annotations);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Envelope, envelope_clear)

static void
read_envelope_member (IncidentIntakeMessage *message,
                      IncidentJsonReader    *reader,
                      Envelope              *envelope,
                      const char            *name)
{
  if (g_str_equal (name, "alerts"))
    {
      envelope->has_alerts = TRUE;
      incident_alertmanager_read_alerts (message, reader, read_alert);
    }
  else if (g_str_equal (name, "groupLabels"))
    {
      envelope->has_groups = TRUE;
      incident_alertmanager_read_labels (reader, envelope->group_labels, TRUE);
    }
  else if (g_str_equal (name, "commonAnnotations"))
    incident_alertmanager_read_labels (reader, envelope->common_annotations, TRUE);
  else if (g_str_equal (name, "truncatedAlerts") && incident_json_reader_peek (reader) == INCIDENT_JSON_INT)
    incident_json_reader_read_int (reader, &envelope->n_truncated);
  else
    incident_json_reader_skip (reader);
}

/* What is lent by the reader must outlive it. */
static void
keep_envelope (IncidentIntakeMessage *message,
               Envelope              *envelope)
{
  const char *summary = find (envelope->common_annotations, "summary");

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

  message->notes = g_ptr_array_new_with_free_func (g_free);
  g_ptr_array_add (message->notes, g_strdup_printf ("The sender left out %" G_GINT64_FORMAT " alerts of this group: "
                                                    "of these nothing is known", envelope->n_truncated));
}

static gboolean
read_message (IncidentIntakeMessage  *message,
              GError                **error)
{
  g_autoptr(IncidentJsonReader) reader = incident_json_reader_new (message->bytes, message->length, message->place, NULL);
  g_auto(Envelope) envelope = { g_array_new (FALSE, FALSE, sizeof (IncidentLabel)),
                                g_array_new (FALSE, FALSE, sizeof (IncidentLabel)), FALSE, FALSE, 0 };
  const char *member;

  incident_json_reader_enter_object (reader);
  while (incident_json_reader_next_member (reader, &member))
    read_envelope_member (message, reader, &envelope, member);
  if (!incident_json_reader_failed (reader) && !envelope.has_alerts)
    incident_json_reader_fail (reader, "must have the member “alerts”: this is no message of Alertmanager's webhook");
  if (!incident_json_reader_finish (reader, error))
    return FALSE;

  keep_envelope (message, &envelope);
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
recognise (IncidentNode *root,
           const char   *bytes,
           gsize         length)
{
  IncidentNode *alerts = incident_node_get_member (root, "alerts");

  return alerts != NULL && alerts->type == INCIDENT_JSON_ARRAY && incident_node_get_member (root, "orgId") == NULL
         && incident_node_get_member (root, "groupKey") != NULL;
}

const IncidentFormat incident_format_alertmanager = {
  .name = "alertmanager",
  .title = "Prometheus Alertmanager, webhook",
  .recognise = recognise,
  .read = read_message,
  .read_item = read_item,
};
