/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "desk-test.h"

#include "model/incident-event-private.h"

static IncidentEvent *
event_of (const char *kind, const char *facts, const char *payload)
{
  g_autoptr(IncidentRecord) record = incident_record_new ();

  record->subject = 7;
  record->seq = 2;
  record->occurred_at = START;
  record->recorded_at = START + 250000;
  record->kind = g_intern_string (kind);
  record->actor = g_ref_string_new ("ana");
  record->facts = g_ref_string_new (facts);
  record->payload = g_strdup (payload);
  return incident_event_new (record);
}

static void
assert_summary (const char *kind, const char *facts, const char *payload, const char *expected)
{
  g_autoptr(IncidentEvent) event = event_of (kind, facts, payload);
  g_autofree char *summary = incident_event_dup_summary (event);

  assert_string_equal (summary, expected);
}

static void
test_each_kind_has_its_summary (void **state)
{
  assert_summary ("opened", "phase=new\nstate=live\nepisode=1", "{\"title\":\"Checkout answers 500\"}",
                  "opened: Checkout answers 500");
  assert_summary ("opened", "phase=new", "{\"title\":\"T\",\"text\":\"since noon\"}", "opened: T: since noon");
  assert_summary ("diagnosed", "phase=diagnosis", "{}", "diagnosed");
  assert_summary ("diagnosed", "phase=diagnosis", "{\"text\":\"only /pay\"}", "diagnosed: only /pay");
  assert_summary ("escalated", "phase=escalation\ntarget=payments\nescalation=functional\nlevel=1",
                  "{\"text\":\"needs a database owner\"}", "escalated to payments: needs a database owner");
  assert_summary ("escalated", "phase=escalation\ntarget=cto\nescalation=hierarchical\nlevel=2",
                  "{\"text\":\"tell customers\"}", "escalated to cto for authority: tell customers");
  assert_summary ("examined", "phase=examination", "{\"text\":\"pool exhausted\"}", "examined: pool exhausted");
  assert_summary ("resolved", "phase=resolution", "{\"text\":\"rolled back\"}", "resolved: rolled back");
  assert_summary ("recovered", "phase=recovered\nstate=open", "{\"text\":\"0.1 %\"}", "recovered: 0.1 %");
  assert_summary ("closed", "phase=closed\nstate=ended", "{}", "closed");
  assert_summary ("cancelled", "phase=cancelled\nstate=ended", "{\"text\":\"a drill\"}", "cancelled: a drill");
  assert_summary ("reopened", "phase=diagnosis\nstate=live\nepisode=2", "{\"text\":\"again\"}", "reopened: again");
  assert_summary ("assigned", "role=commander\nperson=ana", "{}", "ana is commander");
  assert_summary ("assigned", "role=commander\nperson=ana", "{\"text\":\"shift end\"}", "ana is commander: shift end");
  assert_summary ("released", "role=scribe", "{\"text\":\"done\"}", "scribe released: done");
  assert_summary ("classified", "severity=sev2\nimpact=high", "{\"text\":\"many\"}",
                  "severity sev2, impact high: many");
  assert_summary ("classified", "service=a=b", "{}", "service a=b");
  assert_summary ("noted", "", "{\"text\":\"told support\"}", "told support");
  assert_summary ("alert-fired", "alert=f@t\nalert-status=firing",
                  "{\"name\":\"DiskFull\",\"summary\":\"db-1 is full\"}",
                  "alert fired: DiskFull: db-1 is full");
  assert_summary ("alert-resolved", "alert=f@t\nalert-status=resolved", "{\"name\":\"DiskFull\"}",
                  "alert resolved: DiskFull");
  assert_summary ("alerts-ended", "", "{\"text\":\"No alert of this case fires any more\"}",
                  "alerts ended: No alert of this case fires any more");
}

static void
test_the_summary_takes_strings_however_they_are_written (void **state)
{
  assert_summary ("noted", "", "{\"text\":\"a\\n\\\"b\\\" \\u00e9\\u2028c \"}", "a \"b\" é c");
  assert_summary ("opened", "", "{\"te\\u0078t\":\"x\",\"title\":\"T\"}", "opened: T: x");
  assert_summary ("noted", "", "{\"n\":1,\"title\":2,\"labels\":{\"name\":\"no\"},\"text\":\"x\"}", "x");
  assert_summary ("noted", "", "{\"title\":\"\",\"tex\":\"no\",\"texts\":\"no\",\"text\":\"x\"}", "x");
  assert_summary ("noted", "", "{\"text\":\"first\",\"text\":\"second\"}", "first");
}

static void
test_the_summary_of_what_is_withheld_says_so (void **state)
{
  assert_summary ("noted", "", NULL, "(withheld)");
  assert_summary ("escalated", "phase=escalation\ntarget=payments\nescalation=functional\nlevel=1", NULL,
                  "escalated to payments: (withheld)");
}

static void
test_text_is_lent_where_there_is_some (void **state)
{
  g_autoptr(IncidentEvent) noted = event_of ("noted", "", "{\"text\":\"a\\n\\\"b\\\" \\u00e9\"}");
  g_autoptr(IncidentEvent) closed = event_of ("closed", "phase=closed", "{}");
  g_autoptr(IncidentEvent) withheld = event_of ("noted", "", NULL);

  assert_string_equal (incident_event_get_text (noted), "a\n\"b\" é");
  assert_ptr_equal (incident_event_get_text (noted), incident_event_get_text (noted));
  assert_null (incident_event_get_text (closed));
  assert_null (incident_event_get_text (withheld));
}

static void
test_facts_are_read_by_name (void **state)
{
  g_autoptr(IncidentEvent) event = event_of ("escalated", "phase=escalation\ntarget=a=b\nlevel=2", "{\"text\":\"x\"}");

  assert_fact (event, "target", "a=b");
  assert_fact (event, "level", "2");
  assert_fact (event, "text", NULL);
  assert_fact (event, "", NULL);
}

static void
test_data_are_facts_and_payload_together (void **state)
{
  g_autoptr(IncidentEvent) event =
    event_of ("escalated", "phase=escalation\ntarget=4\nescalation=functional\nlevel=2", "{\"text\":\"x\"}");
  g_autoptr(JsonNode) node = incident_event_dup_data (event);
  g_autofree char *json = json_to_string (node, FALSE);

  assert_string_equal (json, "{\"phase\":\"escalation\",\"target\":\"4\",\"escalation\":\"functional\",\"level\":2,"
                             "\"text\":\"x\"}");
}

static void
test_data_keep_what_is_nested (void **state)
{
  g_autoptr(IncidentEvent) event =
    event_of ("alert-fired", "alert=f@t", "{\"name\":\"A\",\"labels\":{\"a\":\"b\"},\"annotations\":{}}");
  g_autoptr(JsonNode) node = incident_event_dup_data (event);
  g_autofree char *json = json_to_string (node, FALSE);

  assert_string_equal (json, "{\"alert\":\"f@t\",\"name\":\"A\",\"labels\":{\"a\":\"b\"},\"annotations\":{}}");
}

static void
test_an_event_without_facts_or_words_has_empty_data (void **state)
{
  g_autoptr(IncidentEvent) event = event_of ("closed", "", "{}");
  g_autoptr(JsonNode) node = incident_event_dup_data (event);
  g_autofree char *json = json_to_string (node, FALSE);

  assert_string_equal (json, "{}");
}

static void
test_json_has_the_fields_of_the_command_line (void **state)
{
  g_autoptr(IncidentEvent) event = event_of ("reopened", "phase=diagnosis\nstate=live\nepisode=2",
                                             "{\"text\":\"<again>\"}");
  g_autofree char *json = incident_event_to_json (event);

  assert_string_equal (json, "{\"seq\":2,\"occurred_at\":\"2026-11-23T07:00:00.000000Z\","
                             "\"recorded_at\":\"2026-11-23T07:00:00.250000Z\",\"actor\":\"ana\",\"kind\":\"reopened\","
                             "\"data\":{\"phase\":\"diagnosis\",\"state\":\"live\",\"episode\":2,\"text\":\"<again>\"}}");
}

static void
test_json_of_what_is_withheld_keeps_the_facts (void **state)
{
  g_autoptr(IncidentEvent) event = event_of ("resolved", "phase=resolution", NULL);
  g_autofree char *json = incident_event_to_json (event);

  assert_non_null (strstr (json, "\"data\":{\"phase\":\"resolution\",\"withheld\":true}}"));
}

static void
test_an_event_tells_where_it_stands (void **state)
{
  g_autoptr(IncidentCase) other G_GNUC_UNUSED = open_case (*state);
  g_autoptr(IncidentCase) kase = open_case (*state);
  g_autoptr(IncidentEvent) event = NULL;
  g_autoptr(GBytes) leaf = NULL;

  advance (*state, MINUTE);
  act (kase, "diagnose", "bo", "text", "x", NULL);
  event = dup_last_event (kase);
  assert_true (incident_event_get_case_number (event) == 2);
  assert_int_equal (incident_event_get_seq (event), 2);
  assert_true (incident_event_get_log_index (event) == 2);
  assert_string_equal (incident_event_get_kind (event), "diagnosed");
  assert_string_equal (incident_event_get_actor (event), "bo");
  assert_true (incident_event_get_occurred_at (event) == START + MINUTE);
  assert_true (incident_event_get_recorded_at (event) == START + MINUTE);
  leaf = incident_event_dup_leaf_hash (event);
  assert_int_equal (g_bytes_get_size (leaf), 32);
  assert_memory_equal (g_bytes_get_data (leaf, NULL), incident_event_get_record (event)->leaf, 32);
}

static void
test_an_event_names_the_operation_it_came_from (void **state)
{
  g_autoptr(IncidentCase) kase = open_case (*state);
  IncidentCommand *command = command_new ("note", "bo", "text", "x", NULL);
  g_autoptr(IncidentEvent) event = NULL;
  g_autofree char *operation = NULL;

  assert_true (incident_command_set_operation (command, "0123456789ABCDEFfedcba9876543210", NULL));
  act_with (kase, command);
  event = dup_last_event (kase);
  operation = incident_event_dup_operation (event);
  assert_string_equal (operation, "0123456789abcdeffedcba9876543210");
}

static void
test_an_event_that_was_handed_out_does_not_change (void **state)
{
  g_autoptr(IncidentCase) kase = open_case (*state);
  g_autoptr(IncidentEvent) event = dup_event (kase, 1);
  g_autofree char *before = incident_event_to_json (event);
  g_autofree char *after = NULL;

  act (kase, "classify", "ana", "severity", "sev1", NULL);
  act (kase, "cancel", "ana", "text", "a drill", NULL);
  after = incident_event_to_json (event);
  assert_string_equal (before, after);
}

int
main (void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test (test_each_kind_has_its_summary),
    cmocka_unit_test (test_the_summary_takes_strings_however_they_are_written),
    cmocka_unit_test (test_the_summary_of_what_is_withheld_says_so),
    cmocka_unit_test (test_text_is_lent_where_there_is_some),
    cmocka_unit_test (test_facts_are_read_by_name),
    cmocka_unit_test (test_data_are_facts_and_payload_together),
    cmocka_unit_test (test_data_keep_what_is_nested),
    cmocka_unit_test (test_an_event_without_facts_or_words_has_empty_data),
    cmocka_unit_test (test_json_has_the_fields_of_the_command_line),
    cmocka_unit_test (test_json_of_what_is_withheld_keeps_the_facts),
    office_test (test_an_event_tells_where_it_stands),
    office_test (test_an_event_names_the_operation_it_came_from),
    office_test (test_an_event_that_was_handed_out_does_not_change),
  };

  return cmocka_run_group_tests (tests, NULL, NULL);
}
