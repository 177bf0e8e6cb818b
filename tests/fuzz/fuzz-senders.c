/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "fuzz.h"

#include <string.h>

#include "intake/incident-alert-private.h"
#include "intake/incident-format-private.h"

#define RECEIVED G_GINT64_CONSTANT (1795417202000000)

static void
check_alert (IncidentIntakeMessage *message,
             IncidentAlert         *alert)
{
  const char *raw = g_bytes_get_data (message->raw, NULL);
  g_autofree char *json = incident_alert_to_json (alert);
  g_autoptr(IncidentAlert) again = NULL;

  fuzz_assert (g_utf8_validate (json, -1, NULL));
  fuzz_assert (*alert->key != '\0' && strlen (alert->key) <= INCIDENT_MAX_ALERT_KEY);
  fuzz_assert ((gsize) alert->raw_start + alert->raw_length <= g_bytes_get_size (message->raw));
  for (guint i = 1; i < alert->labels.n; i++)
    fuzz_assert (strcmp (alert->labels.labels[i - 1].name, alert->labels.labels[i].name) < 0);

  again = incident_intake_read_slice (message->format->name, raw + alert->raw_start, alert->raw_length, "fuzz", NULL, RECEIVED);
  fuzz_assert (again != NULL);
  fuzz_assert (again->status == alert->status && again->labels.n == alert->labels.n);
  /* A routing key is part of the key, and is not in the slice. */
  fuzz_assert (strcmp (again->key, alert->key) == 0 || strcmp (message->format->name, "pagerduty") == 0);
  fuzz_assert (strcmp (again->episode, alert->episode) == 0);
}

static void
check_body (GBytes     *body,
            const char *format)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(IncidentIntakeMessage) message = incident_intake_message_read (body, format, NULL, "fuzz", NULL, RECEIVED, &error);

  fuzz_check_error (message != NULL, error);
  for (guint i = 0; message != NULL && i < message->alerts->len; i++)
    check_alert (message, g_ptr_array_index (message->alerts, i));
}

/* Whatever a body is, a format either takes it, and can read it again from the slices that
 * were kept, or says what is wrong: the one that it looks like, and one that its size chooses. */
int
LLVMFuzzerTestOneInput (const guint8 *data,
                        gsize         size)
{
  static const char * const formats[] = {
    "pagerduty", "opsgenie", "nagios", "checkmk", "icinga", "zabbix", "cloudwatch", "datadog", "sentry",
  };
  g_autoptr(GBytes) body = g_bytes_new (data, size);

  check_body (body, NULL);
  check_body (body, formats[size % G_N_ELEMENTS (formats)]);
  return 0;
}
