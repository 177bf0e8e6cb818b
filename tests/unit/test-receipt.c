/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "incident-test.h"

#include "base/incident-error-private.h"
#include "intake/incident-receipt-private.h"

static void
assert_json (IncidentReceipt *receipt, const char *expected)
{
  g_autofree char *json = incident_receipt_to_json (receipt);

  assert_string_equal (json, expected);
}

static IncidentAlert *
make_alert (const char *summary)
{
  g_auto(IncidentAlertDraft) draft = { NULL, };

  incident_alert_draft_init (&draft);
  draft.key = "f";
  draft.episode = "t";
  draft.name = "Disk";
  draft.summary = summary;
  return incident_alert_new (&draft, g_intern_string ("monitor"), 0);
}

static void
test_a_receipt_tells_alert_case_outcome_and_why (void **state)
{
  g_autoptr(IncidentAlert) alert = make_alert ("full");
  g_autoptr(IncidentReceipt) receipt = incident_receipt_new (alert, 7, "joined", "its group has an open case");

  assert_string_equal (incident_receipt_get_alert (receipt), "monitor/f@t");
  assert_string_equal (incident_receipt_get_dedup_key (receipt), "f");
  assert_string_equal (incident_receipt_get_summary (receipt), "Disk: full");
  assert_true (incident_receipt_get_case_number (receipt) == 7);
  assert_string_equal (incident_receipt_get_outcome (receipt), "joined");
  assert_string_equal (incident_receipt_get_why (receipt), "its group has an open case");
  assert_null (incident_receipt_get_error (receipt));
  assert_json (receipt, "{\"alert\":\"monitor/f@t\",\"summary\":\"Disk: full\",\"case\":\"INC-7\",\"outcome\":\"joined\","
                        "\"why\":\"its group has an open case\",\"where\":null}");
}

static void
test_a_receipt_without_a_case_says_so (void **state)
{
  g_autoptr(IncidentAlert) alert = make_alert (NULL);
  g_autoptr(IncidentReceipt) receipt = incident_receipt_new (alert, 0, "ignored", "it has ended");

  assert_true (incident_receipt_get_case_number (receipt) == 0);
  assert_json (receipt,
               "{\"alert\":\"monitor/f@t\",\"summary\":\"Disk\",\"case\":null,\"outcome\":\"ignored\",\"why\":\"it has ended\","
                        "\"where\":null}");
}

static void
test_a_refused_alert_has_its_error_and_place (void **state)
{
  GError *error = NULL;
  g_autoptr(IncidentReceipt) receipt = NULL;

  incident_set_error_at (&error, INCIDENT_ERROR_INVALID, "/alerts/1/labels", "line 1: must be an object");
  receipt = incident_receipt_new_refused (error);
  assert_string_equal (incident_receipt_get_outcome (receipt), "refused");
  assert_null (incident_receipt_get_alert (receipt));
  assert_true (incident_receipt_get_case_number (receipt) == 0);
  assert_string_equal (incident_receipt_get_why (receipt), "line 1: must be an object");
  assert_ptr_equal (incident_receipt_get_error (receipt), error);
  assert_json (receipt,
               "{\"alert\":null,\"summary\":null,\"case\":null,\"outcome\":\"refused\",\"why\":\"line 1: must be an object\","
                        "\"where\":\"/alerts/1/labels\"}");
}

int
main (void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test (test_a_receipt_tells_alert_case_outcome_and_why),
    cmocka_unit_test (test_a_receipt_without_a_case_says_so),
    cmocka_unit_test (test_a_refused_alert_has_its_error_and_place),
  };

  return cmocka_run_group_tests (tests, NULL, NULL);
}
