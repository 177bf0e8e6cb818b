/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "intake/incident-alert-private.h"

#include <libincident/incident-error.h>

#include <string.h>

#include "base/incident-json-reader-private.h"
#include "base/incident-text-private.h"
#include "base/incident-time-private.h"
#include "intake/incident-receipt-private.h"
#include "model/incident-record-private.h"

/* The webhook of Prometheus Alertmanager, version 4. Members that are not named
 * here are passed over: users may add their own since 0.32. */

#define SOURCE   "alertmanager"
#define NO_TIME  "0001-01-01T00:00:00Z"
#define MAX_NAME 100 /* bytes of a fingerprint */

static void
read_labels (IncidentJsonReader *reader,
             GPtrArray          *labels)
{
  const char *name;

  incident_json_reader_enter_object (reader);
  while (incident_json_reader_next_member (reader, &name))
    {
      const char *value = incident_json_reader_read_string (reader);

      if (value != NULL)
        incident_old_labels_add (labels, name, value);
    }
  incident_old_labels_sort (labels);
}

/* FNV-1a, 64 bits, as Alertmanager computes it where it sends none. */
static char *
compute_fingerprint (GPtrArray *labels)
{
  guint64 hash = G_GUINT64_CONSTANT (0xcbf29ce484222325);
  g_autoptr(GString) input = g_string_new (NULL);

  for (guint i = 0; i < labels->len; i++)
    {
      const IncidentLabel *label = g_ptr_array_index (labels, i);

      g_string_append_printf (input, "%s\xff%s\xff", label->name, label->value);
    }
  for (gsize i = 0; i < input->len; i++)
    hash = (hash ^ (guchar) input->str[i]) * G_GUINT64_CONSTANT (0x100000001b3);

  return g_strdup_printf ("%016" G_GINT64_MODIFIER "x", hash);
}

/* What teams write in the label “severity”, by custom. */
static IncidentSeverity
severity_of_label (const char *label)
{
  static const struct
  {
    const char       *label;
    IncidentSeverity  severity;
  } table[] = {
    { "critical", INCIDENT_SEVERITY_SEV2 },
    { "error", INCIDENT_SEVERITY_SEV3 },
    { "warning", INCIDENT_SEVERITY_SEV4 },
    { "info", INCIDENT_SEVERITY_SEV5 },
  };

  for (guint i = 0; label != NULL && i < G_N_ELEMENTS (table); i++)
    if (g_ascii_strcasecmp (label, table[i].label) == 0)
      return table[i].severity;

  return INCIDENT_SEVERITY_UNKNOWN;
}

static const char *
read_time (IncidentJsonReader *reader,
           gint64             *time)
{
  const char *text = incident_json_reader_read_string (reader);
  g_autoptr(GError) error = NULL;

  if (text == NULL || g_str_equal (text, NO_TIME))
    return NULL;
  if (incident_time_from_string (text, time, &error))
    return text;

  incident_json_reader_fail (reader, "%s", error->message);
  return NULL;
}

static void
read_status (IncidentJsonReader *reader,
             IncidentAlert      *alert,
             gboolean           *has_status)
{
  const char *status = incident_json_reader_read_string (reader);

  if (status == NULL)
    return;
  alert->firing = g_str_equal (status, "firing");
  *has_status = alert->firing || g_str_equal (status, "resolved");
  if (!*has_status)
    incident_json_reader_fail (reader, "must be “firing” or “resolved”");
}

static void
read_fingerprint (IncidentJsonReader *reader,
                  IncidentAlert      *alert)
{
  const char *fingerprint = incident_json_reader_read_string (reader);

  if (fingerprint == NULL || *fingerprint == '\0')
    return;
  if (!incident_fact_is_value (fingerprint) || strlen (fingerprint) > MAX_NAME)
    incident_json_reader_fail (reader, "must be one line of at most %d bytes without control characters", MAX_NAME);
  g_free (alert->fingerprint);
  alert->fingerprint = g_strdup (fingerprint);
}

static void
read_alert_member (IncidentJsonReader *reader,
                   IncidentAlert      *alert,
                   const char         *name,
                   gboolean           *has_status)
{
  if (g_str_equal (name, "status"))
    read_status (reader, alert, has_status);
  else if (g_str_equal (name, "labels"))
    read_labels (reader, alert->labels);
  else if (g_str_equal (name, "annotations"))
    read_labels (reader, alert->annotations);
  else if (g_str_equal (name, "startsAt"))
    {
      const char *text = read_time (reader, &alert->starts_at);

      if (text != NULL)
        alert->start = incident_time_normalize (text, NULL);
    }
  else if (g_str_equal (name, "endsAt"))
    read_time (reader, &alert->ends_at);
  else if (g_str_equal (name, "generatorURL"))
    {
      const char *link = incident_json_reader_read_string (reader);

      if (link != NULL && *link != '\0')
        alert->link = g_strdup (link);
    }
  else if (g_str_equal (name, "fingerprint"))
    read_fingerprint (reader, alert);
  else
    incident_json_reader_skip (reader);
}

static void
complete_alert (IncidentAlert *alert)
{
  const char *name = incident_old_labels_get (alert->labels, "alertname");

  if (alert->fingerprint == NULL)
    alert->fingerprint = compute_fingerprint (alert->labels);
  alert->name = g_strdup (name != NULL ? name : alert->fingerprint);
  alert->summary = g_strdup (incident_old_labels_get (alert->annotations, "summary"));
  alert->severity = severity_of_label (incident_old_labels_get (alert->labels, "severity"));
  /* Alertmanager gives a firing alert an end that moves on: it has none. */
  if (alert->firing)
    alert->ends_at = INCIDENT_TIME_NONE;
}

static IncidentAlert *
read_alert (IncidentJsonReader *reader)
{
  g_autoptr(IncidentAlert) alert = incident_alert_new ();
  gboolean has_status = FALSE;
  const char *name;

  incident_json_reader_enter_object (reader);
  while (incident_json_reader_next_member (reader, &name))
    read_alert_member (reader, alert, name, &has_status);

  if (!incident_json_reader_failed (reader) && !has_status)
    incident_json_reader_fail (reader, "must have the member “status”");
  else if (!incident_json_reader_failed (reader) && alert->labels->len == 0)
    incident_json_reader_fail (reader, "must have the member “labels”, with at least one label");
  if (incident_json_reader_failed (reader))
    return NULL;

  complete_alert (alert);
  return g_steal_pointer (&alert);
}

/* A bad alert does not take the good ones with it. */
static void
read_alerts (IncidentJsonReader *reader,
             IncidentAlertGroup *group)
{
  guint depth;

  incident_json_reader_enter_array (reader);
  depth = incident_json_reader_get_depth (reader);
  while (incident_json_reader_next_element (reader))
    {
      GError *error = NULL;
      IncidentAlert *alert = read_alert (reader);

      if (alert != NULL)
        g_ptr_array_add (group->alerts, alert);
      else if (incident_json_reader_recover (reader, depth, &error))
        g_ptr_array_add (group->refused, incident_receipt_new_refused (error));
    }
}

typedef struct
{
  GPtrArray *group_labels;
  GPtrArray *common_labels;
  GPtrArray *common_annotations;
  gboolean   has_alerts;
} Envelope;

static void
envelope_clear (Envelope *envelope)
{
  g_ptr_array_unref (envelope->group_labels);
  g_ptr_array_unref (envelope->common_labels);
  g_ptr_array_unref (envelope->common_annotations);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Envelope, envelope_clear)

/* Each name and value is closed by a byte that UTF-8 never has, so that “ab” and
 * “c” are not “a” and “bc”. The sender's own group key changes with the spelling
 * of its configuration, so it is not used. */
static char *
make_group_key (GPtrArray *labels)
{
  g_autoptr(GChecksum) checksum = g_checksum_new (G_CHECKSUM_SHA256);

  g_checksum_update (checksum, (const guchar *) SOURCE "\xff", -1);
  for (guint i = 0; i < labels->len; i++)
    {
      const IncidentLabel *label = g_ptr_array_index (labels, i);
      g_autofree char *closed = g_strconcat (label->name, "\xff", label->value, "\xff", NULL);

      g_checksum_update (checksum, (const guchar *) closed, -1);
    }

  return g_strdup (g_checksum_get_string (checksum));
}

/* “DiskWillFillIn4Hours (cluster=eu-west-1)”, unless the alerts share a summary. */
static char *
make_title (const Envelope     *envelope,
            IncidentAlertGroup *group)
{
  const char *summary = incident_old_labels_get (envelope->common_annotations, "summary");
  const char *name = incident_old_labels_get (envelope->group_labels, "alertname");
  GString *title;
  guint n_others = 0;

  if (summary != NULL && !incident_text_is_blank (summary))
    return g_strdup (summary);
  if (name == NULL && group->alerts->len > 0)
    name = ((IncidentAlert *) g_ptr_array_index (group->alerts, 0))->name;

  title = g_string_new (name != NULL && !incident_text_is_blank (name) ? name : "Alerts");
  for (guint i = 0; i < envelope->group_labels->len; i++)
    {
      const IncidentLabel *label = g_ptr_array_index (envelope->group_labels, i);

      if (!g_str_equal (label->name, "alertname"))
        g_string_append_printf (title, "%s%s=%s", n_others++ == 0 ? " (" : ", ", label->name, label->value);
    }
  g_string_append (title, n_others > 0 ? ")" : "");
  return g_string_free (title, FALSE);
}

static void
read_envelope_member (IncidentJsonReader *reader,
                      IncidentAlertGroup *group,
                      Envelope           *envelope,
                      const char         *name)
{
  if (g_str_equal (name, "alerts"))
    {
      envelope->has_alerts = TRUE;
      read_alerts (reader, group);
    }
  else if (g_str_equal (name, "groupLabels"))
    read_labels (reader, envelope->group_labels);
  else if (g_str_equal (name, "commonLabels"))
    read_labels (reader, envelope->common_labels);
  else if (g_str_equal (name, "commonAnnotations"))
    read_labels (reader, envelope->common_annotations);
  else
    incident_json_reader_skip (reader);
}

IncidentAlertGroup *
incident_alertmanager_parse (const char  *body,
                             gsize        length,
                             const char  *name,
                             GError     **error)
{
  g_autoptr(IncidentJsonReader) reader = incident_json_reader_new (body, length, name, NULL);
  g_autoptr(IncidentAlertGroup) group = incident_alert_group_new (SOURCE);
  g_auto(Envelope) envelope = { incident_old_labels_new (), incident_old_labels_new (), incident_old_labels_new (), FALSE };
  const char *service;
  const char *member;

  incident_json_reader_enter_object (reader);
  while (incident_json_reader_next_member (reader, &member))
    read_envelope_member (reader, group, &envelope, member);
  if (!incident_json_reader_failed (reader) && !envelope.has_alerts)
    incident_json_reader_fail (reader, "must have the member “alerts”: this is no message of Alertmanager's webhook");
  if (!incident_json_reader_finish (reader, error))
    return NULL;

  service = incident_old_labels_get (envelope.common_labels, "service");
  if (service != NULL && incident_fact_is_value (service) && !incident_text_is_blank (service) && strlen (service) <= MAX_NAME)
    group->service = g_strdup (service);
  group->group = make_group_key (envelope.group_labels);
  group->title = make_title (&envelope, group);
  return g_steal_pointer (&group);
}
