/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "fuzz.h"

#include <string.h>

#include "intake/incident-format-private.h"

#define RECEIVED_AT G_GINT64_CONSTANT (1795417200000000)

static void
check_text (const char *text)
{
  fuzz_assert (text == NULL || g_utf8_validate (text, -1, NULL));
}

static void
check_labels (IncidentLabels labels)
{
  for (guint i = 0; i < labels.n; i++)
    {
      check_text (labels.labels[i].name);
      check_text (labels.labels[i].value);
      fuzz_assert (labels.labels[i].name != NULL && labels.labels[i].value != NULL);
      fuzz_assert (i == 0 || strcmp (labels.labels[i - 1].name, labels.labels[i].name) < 0);
    }
}

/* One line of a length that the store takes. */
static void
check_key (const char *key)
{
  fuzz_assert (key != NULL && *key != '\0' && strlen (key) <= INCIDENT_MAX_ALERT_KEY);
  check_text (key);
  for (const char *at = key; *at != '\0'; at++)
    fuzz_assert ((guchar) *at >= 0x20 && *at != 0x7f);
}

static void
check_alert (IncidentAlert *alert)
{
  g_autofree char *json = incident_alert_to_json (alert);

  fuzz_assert (g_utf8_validate (json, -1, NULL));
  check_key (alert->key);
  check_key (alert->episode);
  fuzz_assert (alert->name != NULL && incident_alert_status_to_string (alert->status) != NULL);
  check_text (alert->name);
  check_text (alert->summary);
  check_text (alert->severity);
  check_text (alert->link);
  check_labels (alert->labels);
  check_labels (alert->annotations);
}

/* Grafana tells the organisation of its alerts once, around them: their slices do not have it. PagerDuty's
 * routing key is a credential: what is kept does not have it. */
static gboolean
is_key_of (const IncidentFormat *format,
           const char           *key,
           const char           *whole)
{
  return strcmp (key, whole) == 0 || strcmp (format->name, "pagerduty") == 0
         || (strcmp (format->name, "grafana") == 0 && g_str_has_prefix (whole, "org-") && g_str_has_suffix (whole, key))
         || (strcmp (format->name, "grafana") == 0 && strlen (whole) == 32);
}

static void
check_slice (const IncidentFormat  *format,
             IncidentIntakeMessage *message,
             IncidentAlert         *alert)
{
  const IncidentSource *source = message->source;
  gsize length;
  const char *raw = g_bytes_get_data (message->raw, &length);
  g_autoptr(IncidentAlert) again = NULL;

  fuzz_assert ((gsize) alert->raw_start + alert->raw_length <= length);
  again = incident_intake_read_slice (format->name, raw + alert->raw_start, alert->raw_length, "fuzz", source,
                                      RECEIVED_AT);
  fuzz_assert (again != NULL);
  fuzz_assert (is_key_of (format, again->key, alert->key));
  fuzz_assert (strcmp (again->episode, alert->episode) == 0);
  fuzz_assert (again->status == alert->status && again->starts_at == alert->starts_at && again->ends_at == alert->ends_at);
  fuzz_assert (again->labels.n == alert->labels.n);
  for (guint i = 0; i < alert->labels.n; i++)
    fuzz_assert (strcmp (again->labels.labels[i].name, alert->labels.labels[i].name) == 0
                 && strcmp (again->labels.labels[i].value, alert->labels.labels[i].value) == 0);
}

static void
check_message (const IncidentFormat  *format,
               IncidentIntakeMessage *message)
{
  fuzz_assert (message->format == format);
  for (guint i = 0; i < message->alerts->len; i++)
    {
      check_alert (g_ptr_array_index (message->alerts, i));
      check_slice (format, message, g_ptr_array_index (message->alerts, i));
    }
  for (guint i = 0; i < message->refused->len; i++)
    {
      const GError *error = incident_receipt_get_error (g_ptr_array_index (message->refused, i));

      fuzz_assert (error != NULL && incident_error_get_where (error) != NULL);
      fuzz_check_error (FALSE, error);
    }
  fuzz_assert (message->n_unlisted == 0 || message->refused->len == 1000);
  check_text (message->title);
  check_text (message->made_key);
  for (guint i = 0; message->notes != NULL && i < message->notes->len; i++)
    check_text (g_ptr_array_index (message->notes, i));
}

/* A mapping of the samples of CloudEvents, which other JSON may have the members of, too. */
static const IncidentSource *
get_source (void)
{
  static const IncidentWord statuses[] = {
    { "failed", "firing" }, { "seen", "acknowledged" }, { "done", "resolved" }, { "quiet", "suppressed" }, { "", "info" },
  };
  static const IncidentWord labels[] = { { "id", "/job/id" }, { "first", "/list/0" } };
  static IncidentMapping mapping;
  static IncidentSource source;

  if (mapping.key != NULL)
    return &source;

  mapping.key = g_ptr_array_new ();
  g_ptr_array_add (mapping.key, (gpointer) "/job/id");
  mapping.status = "/job/state";
  mapping.statuses = g_array_new (FALSE, FALSE, sizeof (IncidentWord));
  g_array_append_vals (mapping.statuses, statuses, G_N_ELEMENTS (statuses));
  mapping.episode = "/job/run";
  mapping.severity = "/severity";
  mapping.name = "/name";
  mapping.summary = "/text";
  mapping.link = "/url";
  mapping.starts_at = "/since";
  mapping.ends_at = "/until";
  mapping.labels = "/tags";
  mapping.more_labels = g_array_new (FALSE, FALSE, sizeof (IncidentWord));
  g_array_append_vals (mapping.more_labels, labels, G_N_ELEMENTS (labels));
  mapping.annotations = "/notes";
  source.name = "fuzz";
  source.timeout = G_TIME_SPAN_HOUR;
  source.zone = g_time_zone_new_offset (-3 * 3600);
  source.mapping = &mapping;
  return &source;
}

static void
read_by (const IncidentFormat *format,
         GBytes               *body,
         const IncidentSource *source)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(IncidentIntakeMessage) message =
    incident_intake_message_read (body, format->name, "fuzz", "fuzz", source, RECEIVED_AT, &error);

  fuzz_check_error (message != NULL, error);
  if (message != NULL)
    check_message (format, message);
}

/* Any bytes, by every format and by their looks. */
int
LLVMFuzzerTestOneInput (const guint8 *data,
                        gsize         size)
{
  g_autoptr(GBytes) body = g_bytes_new (data, size);
  g_autoptr(GError) unknown = NULL;
  const char *bytes = size > 0 ? g_bytes_get_data (body, NULL) : "";
  const IncidentFormat *found = incident_format_recognise (bytes, size, &unknown);

  /* What speaks of jobs is of a source with a mapping. */
  const IncidentSource *source = g_strstr_len (bytes, (gssize) size, "job") != NULL ? get_source () : NULL;

  fuzz_check_error (found != NULL, unknown);
  for (guint i = 0; incident_formats[i] != NULL; i++)
    {
      read_by (incident_formats[i], body, source);
      /* The body is the evidence: nobody writes into it. */
      fuzz_assert (size == 0 || memcmp (bytes, data, size) == 0);
    }
  return 0;
}
