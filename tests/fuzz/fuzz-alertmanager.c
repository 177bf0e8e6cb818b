/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "fuzz.h"

#include <libincident/incident.h>

static void
check_event (IncidentEvent *event)
{
  g_autofree char *summary = incident_event_dup_summary (event);
  g_autofree char *json = incident_event_to_json (event);
  g_autoptr(JsonNode) data = incident_event_dup_data (event);

  fuzz_assert (g_utf8_validate (summary, -1, NULL));
  fuzz_assert (g_utf8_validate (json, -1, NULL));
  fuzz_assert (JSON_NODE_HOLDS_OBJECT (data));
  fuzz_assert (incident_event_get_occurred_at (event) <= incident_event_get_recorded_at (event));
}

/* One message makes at most one case. */
static void
check_case (IncidentDesk *desk)
{
  g_autoptr(IncidentCase) kase = incident_desk_get_case (desk, 1, NULL);
  g_autoptr(IncidentCase) second = incident_desk_get_case (desk, 2, NULL);
  g_autoptr(GPtrArray) events = NULL;
  g_autofree char *json = NULL;

  fuzz_assert (second == NULL);
  if (kase == NULL)
    return;

  json = incident_case_to_json (kase);
  fuzz_assert (g_utf8_validate (json, -1, NULL));
  events = incident_case_list_events (kase);
  for (guint i = 0; i < events->len; i++)
    check_event (g_ptr_array_index (events, i));
}

/* FALSE if an alert stands there twice: who says of one that it has ended and
 * that it fires, is not held to either. */
static gboolean
check_receipts (GPtrArray *receipts)
{
  g_autoptr(GHashTable) alerts = g_hash_table_new (g_str_hash, g_str_equal);
  gboolean distinct = TRUE;

  for (guint i = 0; i < receipts->len; i++)
    {
      IncidentReceipt *receipt = g_ptr_array_index (receipts, i);
      g_autofree char *json = incident_receipt_to_json (receipt);
      const char *alert = incident_receipt_get_alert (receipt);

      fuzz_assert (g_utf8_validate (json, -1, NULL));
      /* A note is about the message, and neither of an alert nor of something wrong. */
      fuzz_assert (g_str_equal (incident_receipt_get_outcome (receipt), "refused") == (incident_receipt_get_error (receipt) != NULL));
      fuzz_assert (alert == NULL || incident_receipt_get_error (receipt) == NULL);
      fuzz_assert (incident_receipt_get_why (receipt) != NULL);
      if (alert != NULL)
        distinct = g_hash_table_add (alerts, (gpointer) alert) && distinct;
    }

  return distinct;
}

/* A message is taken in whole or not at all, and once. */
int
LLVMFuzzerTestOneInput (const guint8 *data,
                        gsize         size)
{
  g_autoptr(GBytes) body = g_bytes_new_static (data, size);
  g_autoptr(IncidentClock) clock = incident_manual_clock_new (G_GINT64_CONSTANT (1795417200000000), 7);
  g_autoptr(IncidentStore) store = incident_memory_store_new (clock);
  g_autoptr(IncidentDesk) desk = incident_desk_new (store, clock, NULL);
  g_autoptr(GPtrArray) receipts = NULL;
  g_autoptr(GPtrArray) again = NULL;
  g_autoptr(GError) error = NULL;
  guint64 n_events;
  gboolean distinct;

  receipts = incident_desk_ingest (desk, "alertmanager", body, NULL, "fuzz", INCIDENT_TIME_NONE, &error);
  fuzz_check_error (receipts != NULL, error);
  n_events = incident_store_get_size (store, NULL);
  if (receipts == NULL)
    {
      fuzz_assert (n_events == 0);
      return 0;
    }

  distinct = check_receipts (receipts);
  check_case (desk);
  again = incident_desk_ingest (desk, "alertmanager", body, NULL, "fuzz", INCIDENT_TIME_NONE, &error);
  fuzz_assert (again != NULL && again->len == receipts->len);
  fuzz_assert (!distinct || incident_store_get_size (store, NULL) == n_events);
  return 0;
}
