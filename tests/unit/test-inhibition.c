/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "playbook-test.h"

/* Whom an alert mutes, and which one is said to do so, as alerts come and go. */

#define ALERT(name, state, rest) "{\"status\":\"" state "\",\"labels\":{\"alertname\":\"" name "\"" rest "},\"fingerprint\":\"" name \
  "\",\"startsAt\":\"2026-11-23T06:59:00Z\"}"
#define SOURCE(name, state) ALERT (name, state, ",\"severity\":\"critical\",\"cluster\":\"a\"")
#define TARGET(name, state) ALERT (name, state, ",\"severity\":\"warning\",\"cluster\":\"a\"")
/* Matches both sides of the rule. */
#define BOTH(name, state) ALERT (name, state, ",\"severity\":\"critical\",\"cluster\":\"a\",\"job\":\"node\"")

#define RULE "{\"inhibit\": [{\"name\": \"worst\", \"source\": [\"severity=critical\"]," \
  " \"target\": [\"{severity=~\\\"warning|critical\\\",job=~\\\"|node\\\",alertname!~\\\"Source.*\\\"}\"], \"equal\": [\"cluster\"]}]}"

/* What became of the only alert of a message, and why. */
static char *
ask (Office *office, const char *alert)
{
  g_autofree char *body = g_strdup_printf ("{\"alerts\":[%s]}", alert);
  g_autoptr(GBytes) bytes = g_bytes_new (body, strlen (body));
  g_autoptr(GError) error = NULL;
  g_autoptr(GPtrArray) receipts = incident_desk_ingest (office->desk, "alertmanager", bytes, "body.json", "prometheus",
                                                        INCIDENT_TIME_NONE, &error);
  IncidentReceipt *receipt;

  assert_no_error (error);
  assert_int_equal (receipts->len, 1);
  receipt = g_ptr_array_index (receipts, 0);
  return g_strdup_printf ("%s: %s", incident_receipt_get_outcome (receipt), incident_receipt_get_why (receipt));
}

static void
say (Office *office, const char *alert)
{
  g_free (ask (office, alert));
}

static void
assert_said (Office *office, const char *alert, const char *word)
{
  g_autofree char *answer = ask (office, alert);

  if (strstr (answer, word) == NULL)
    fail_msg ("“%s” does not contain “%s”", answer, word);
}

static void
assert_muted_by (Office *office, const char *name, const char *target)
{
  g_autofree char *words = g_strdup_printf ("inhibition worst: %s fires", name);

  assert_said (office, target, words);
}

static void
test_the_source_that_is_named_still_fires (void **state)
{
  Office *office = *state;

  rule_by (office, RULE);
  assert_said (office, SOURCE ("Source1", "firing"), "it fires, and ");
  assert_said (office, SOURCE ("Source2", "firing"), "it fires, and ");
  assert_said (office, SOURCE ("Source3", "firing"), "it fires, and ");
  assert_muted_by (office, "Source1", TARGET ("Target1", "firing"));
  say (office, SOURCE ("Source2", "resolved"));
  say (office, SOURCE ("Source1", "resolved"));
  assert_muted_by (office, "Source3", TARGET ("Target2", "firing"));
  say (office, SOURCE ("Source4", "firing"));
  say (office, SOURCE ("Source3", "resolved"));
  assert_muted_by (office, "Source4", TARGET ("Target3", "firing"));
}

static void
test_the_last_source_that_ends_frees_its_targets (void **state)
{
  Office *office = *state;
  g_autoptr(GPtrArray) alerts = NULL;
  g_autoptr(GError) error = NULL;

  rule_by (office, RULE);
  say (office, SOURCE ("Source1", "firing"));
  say (office, SOURCE ("Source2", "firing"));
  assert_muted_by (office, "Source1", TARGET ("Target1", "firing"));
  say (office, SOURCE ("Source1", "resolved"));
  assert_muted_by (office, "Source2", TARGET ("Target2", "firing"));
  say (office, SOURCE ("Source2", "resolved"));

  alerts = incident_desk_list_alerts (office->desk, "severity=warning", INCIDENT_TIME_NONE, &error);
  assert_no_error (error);
  assert_int_equal (alerts->len, 2);
  for (guint i = 0; i < alerts->len; i++)
    {
      assert_int_equal (incident_alert_get_status (alerts->pdata[i]), INCIDENT_ALERT_STATUS_FIRING);
      assert_true (incident_alert_get_case_number (alerts->pdata[i]) != 0);
    }
}

static void
test_those_that_match_both_sides_do_not_mute_each_other (void **state)
{
  Office *office = *state;

  rule_by (office, RULE);
  assert_said (office, BOTH ("Both1", "firing"), "it fires, and ");
  assert_said (office, BOTH ("Both2", "firing"), "it fires, and ");
  assert_muted_by (office, "Both1", TARGET ("Target1", "firing"));
  say (office, SOURCE ("Source1", "firing"));
  assert_muted_by (office, "Source1", BOTH ("Both3", "firing"));
}

/* The same alert, whose labels change while it fires: keys are those of the sender. */
static void
test_a_source_that_changes_is_known_again (void **state)
{
  Office *office = *state;

  rule_by (office, RULE);
  say (office, SOURCE ("Source1", "firing"));
  say (office, ALERT ("Source1", "firing", ",\"severity\":\"critical\",\"cluster\":\"a\",\"zone\":\"b\""));
  assert_muted_by (office, "Source1", TARGET ("Target1", "firing"));
  say (office, ALERT ("Source1", "firing", ",\"severity\":\"critical\",\"cluster\":\"b\""));
  assert_said (office, TARGET ("Target2", "firing"), "it fires, and ");
  say (office, ALERT ("Source1", "resolved", ",\"severity\":\"critical\",\"cluster\":\"b\""));
  assert_said (office, ALERT ("Target3", "firing", ",\"severity\":\"warning\",\"cluster\":\"b\""), "it fires, and ");
}

int
main (void)
{
  const struct CMUnitTest tests[] = {
    both (test_the_source_that_is_named_still_fires),
    both (test_the_last_source_that_ends_frees_its_targets),
    both (test_those_that_match_both_sides_do_not_mute_each_other),
    both (test_a_source_that_changes_is_known_again),
  };

  return cmocka_run_group_tests (tests, NULL, NULL);
}
