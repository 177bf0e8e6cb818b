/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "foresee-test.h"

/* Simulations of the small company; each page was worked out by hand. */

#define PAGE "at step loop arming person channel reason"

static char *
simulate (Office *office, const char *scenario)
{
  g_autoptr(GError) error = NULL;
  char *answer = incident_desk_simulate (office->desk, NULL, scenario, &error);

  assert_no_error (error);
  return answer;
}

static void
assert_simulated (Office *office, const char *scenario, const char *pages, const char *ends_at, const char *ends)
{
  g_autofree char *answer = simulate (office, scenario);
  g_autofree char *end = NULL;
  g_autoptr(JsonNode) node = NULL;
  JsonObject *object = read_answer (answer, &node);
  JsonObject *last = json_object_get_object_member (object, "ends");

  assert_list (object, "pages", PAGE, pages);
  end = g_strdup_printf ("%s %s", get_text (last, "state"), get_text (last, "why"));
  assert_string_equal (end, ends);
  if (ends_at != NULL)
    assert_true (strncmp (get_text (last, "at") + 8, ends_at, strlen (ends_at)) == 0);
}

#define TEN_MINUTES_EACH \
  "23 07:00 1 0 0 bo chat step\n" \
  "23 07:10 2 0 0 carmen phone step\n" \
  "23 07:20 1 1 0 bo chat repeat\n" \
  "23 07:30 2 1 0 carmen phone repeat\n"

static void
test_nobody_acknowledges (void **state)
{
  Office *office = *state;

  rule_by (office, COMPANY (PLAIN_POLICY));
  assert_simulated (office, "{\"case\": {}, \"for\": \"72h\"}", TEN_MINUTES_EACH, "23T07:40:00", "exhausted exhausted");
}

static void
test_same_question_gets_same_bytes (void **state)
{
  Office *office = *state;
  g_autofree char *first = NULL;
  g_autofree char *again = NULL;

  rule_by (office, COMPANY (PLAIN_POLICY));
  first = simulate (office, "{\"case\": {\"severity\": \"sev2\"}, \"for\": \"72h\"}");
  again = simulate (office, "{\"for\": \"72h\", \"case\": {\"severity\": \"sev2\"}}");
  assert_string_equal (first, again);
}

static void
test_nothing_is_written (void **state)
{
  Office *office = *state;
  g_autofree char *answer = NULL;
  g_autoptr(GPtrArray) events = NULL;
  g_autoptr(GError) error = NULL;

  rule_by (office, COMPANY (PLAIN_POLICY));
  answer = simulate (office, "{\"case\": {}, \"for\": \"72h\", \"events\": [{\"at\": \"+5m\", \"acknowledge\": \"bo\"}]}");
  events = incident_desk_list_events (office->desk, 0, 10, &error);
  assert_no_error (error);
  assert_int_equal (events->len, 0);
}

static void
test_acknowledgement_stops_it (void **state)
{
  Office *office = *state;

  rule_by (office, COMPANY (PLAIN_POLICY));
  assert_simulated (office, "{\"case\": {}, \"for\": \"72h\", \"events\": [{\"at\": \"+12m\", \"acknowledge\": \"carmen\"}]}",
                    "23 07:00 1 0 0 bo chat step\n"
                    "23 07:10 2 0 0 carmen phone step\n",
                    "23T07:12:00", "acked acked");
}

static void
test_who_is_asked_for_by_name_is_paged_after_all (void **state)
{
  Office *office = *state;

  rule_by (office, COMPANY (PLAIN_POLICY));
  assert_simulated (office, "{\"case\": {}, \"for\": \"72h\", \"events\": [{\"at\": \"+2m\", \"acknowledge\": \"bo\"},"
                            " {\"at\": \"+5m\", \"page\": \"carmen\", \"target\": \"bo\"}]}",
                    "23 07:00 1 0 0 bo chat step\n"
                    "23 07:05 0 0 0 bo chat direct\n",
                    NULL, "acked acked");
}

/* In the week of ana, who has a second way to be paged. */
static void
test_later_method_comes_until_acknowledged (void **state)
{
  Office *office = *state;
  g_autofree char *answer = NULL;
  g_autoptr(JsonNode) node = NULL;

  rule_by (office, COMPANY (PLAIN_POLICY));
  assert_simulated (office, "{\"case\": {}, \"from\": \"2026-11-24T08:00:00Z\", \"for\": \"8m\"}",
                    "24 08:00 1 0 0 ana chat step\n"
                    "24 08:05 1 0 0 ana phone step\n",
                    "24T08:08:00", "running time-over");
  answer = simulate (office, "{\"case\": {}, \"from\": \"2026-11-24T08:00:00Z\", \"for\": \"8m\","
                             " \"events\": [{\"at\": \"2026-11-24T09:03:00+01:00\", \"acknowledge\": \"ana\"}]}");
  assert_list (read_answer (answer, &node), "not-paged", "at person method reason", "24 08:05 ana 2 acked\n");
}

static void
test_who_cannot_be_paged_is_told (void **state)
{
  Office *office = *state;
  g_autofree char *answer = NULL;
  g_autoptr(JsonNode) node = NULL;

  rule_by (office, COMPANY (PLAIN_POLICY));
  answer = simulate (office, "{\"case\": {}, \"for\": \"15m\"}");
  assert_list (read_answer (answer, &node), "not-paged", "at step person reason target", "23 07:10 2 dan no-contact person dan\n");
}

static void
test_taken_back_acknowledgement_pages_again (void **state)
{
  Office *office = *state;

  rule_by (office, COMPANY (PLAIN_POLICY));
  assert_simulated (office, "{\"case\": {}, \"for\": \"1h\", \"events\": [{\"at\": \"+5m\", \"unacknowledge\": \"bo\"},"
                            " {\"at\": \"+2m\", \"acknowledge\": \"bo\"}]}",
                    "23 07:00 1 0 0 bo chat step\n"
                    "23 07:05 1 0 1 bo chat unack\n"
                    "23 07:15 2 0 1 carmen phone step\n"
                    "23 07:25 1 1 1 bo chat repeat\n"
                    "23 07:35 2 1 1 carmen phone repeat\n",
                    "23T07:45:00", "exhausted exhausted");
}

static void
test_override_counts_from_when_it_is_made (void **state)
{
  Office *office = *state;

  rule_by (office, COMPANY (PLAIN_POLICY));
  assert_simulated (office, "{\"case\": {}, \"for\": \"1h\", \"events\": [{\"at\": \"+15m\", \"override\": {\"schedule\": \"weekly\","
                            " \"kind\": \"replace\", \"person\": \"bo\", \"substitute\": \"eve\", \"until\": \"2026-11-23T12:00:00Z\"}}]}",
                    "23 07:00 1 0 0 bo chat step\n"
                    "23 07:10 2 0 0 carmen phone step\n"
                    "23 07:20 1 1 0 eve chat repeat\n"
                    "23 07:30 2 1 0 carmen phone repeat\n",
                    NULL, "exhausted exhausted");
}

static void
test_step_goes_on_where_all_its_pages_fail (void **state)
{
  Office *office = *state;

  rule_by (office, COMPANY (PLAIN_POLICY));
  assert_simulated (office, "{\"case\": {}, \"for\": \"9m\", \"events\": ["
                            " {\"at\": \"+0m\", \"fails\": {\"person\": \"bo\", \"channel\": \"chat\"}}]}",
                    "23 07:00 1 0 0 bo chat step\n"
                    "23 07:00 2 0 0 carmen phone step\n",
                    NULL, "running time-over");
}

static void
test_set_clock_neither_delays_nor_repeats (void **state)
{
  Office *office = *state;

  rule_by (office, COMPANY (PLAIN_POLICY));
  assert_simulated (office, "{\"case\": {}, \"for\": \"72h\", \"events\": [{\"at\": \"+5m\", \"clock\": \"-1h\"}]}",
                    "23 07:00 1 0 0 bo chat step\n"
                    "23 06:10 2 0 0 carmen phone step\n"
                    "23 06:20 1 1 0 bo chat repeat\n"
                    "23 06:30 2 1 0 carmen phone repeat\n",
                    "23T06:40:00", "exhausted exhausted");
}

static void
test_set_clock_delays_no_method (void **state)
{
  Office *office = *state;

  rule_by (office, COMPANY (" \"policies\": {\"main\": {\"steps\": [{\"page\": [{\"person\": \"ana\"}], \"wait\": \"10m\"}]}},"
                            " \"escalation\": {\"start\": [{\"policy\": \"main\"}]}"));
  assert_simulated (office, "{\"case\": {}, \"for\": \"72h\", \"events\": [{\"at\": \"+2m\", \"clock\": \"-1h\"}]}",
                    "23 07:00 1 0 0 ana chat step\n"
                    "23 06:05 1 0 0 ana phone step\n",
                    "23T06:10:00", "exhausted exhausted");
}

static void
test_who_had_acknowledged_is_paged_when_asked_for_by_name (void **state)
{
  Office *office = *state;

  rule_by (office, COMPANY (PLAIN_POLICY));
  assert_simulated (office, "{\"case\": {}, \"for\": \"1h\", \"events\": [{\"at\": \"+1m\", \"acknowledge\": \"bo\"},"
                            " {\"at\": \"+2m\", \"page\": \"ana\", \"target\": \"person bo\"}]}",
                    "23 07:00 1 0 0 bo chat step\n"
                    "23 07:02 0 0 0 bo chat direct\n",
                    NULL, "acked acked");
}

static void
test_refused_act_changes_nothing (void **state)
{
  Office *office = *state;
  g_autofree char *answer = NULL;
  g_autoptr(JsonNode) node = NULL;
  JsonObject *object;

  rule_by (office, COMPANY (PLAIN_POLICY));
  answer = simulate (office, "{\"case\": {}, \"for\": \"72h\", \"events\": [{\"at\": \"+1m\", \"recover\": \"bo\"},"
                             " {\"at\": \"+1m\", \"acknowledge\": \"zoe\"}]}");
  object = read_answer (answer, &node);
  assert_list (object, "refused", "at what", "23 07:01 recover\n23 07:01 acknowledge\n");
  assert_list (object, "pages", PAGE, TEN_MINUTES_EACH);
}

static void
test_recovered_case_ends_it (void **state)
{
  Office *office = *state;

  rule_by (office, COMPANY (PLAIN_POLICY));
  assert_simulated (office, "{\"case\": {\"phase\": \"diagnosis\"}, \"for\": \"72h\", \"events\": ["
                            " {\"at\": \"+1m\", \"resolve\": \"bo\"}, {\"at\": \"+15m\", \"recover\": \"bo\"}]}",
                    "23 07:00 1 0 0 bo chat step\n", "23T07:15:00", "ended recovered");
}

static void
test_case_that_is_there_goes_on_as_it_stands (void **state)
{
  Office *office = *state;
  g_autoptr(IncidentCase) kase = NULL;
  g_autoptr(IncidentEscalator) escalator = NULL;
  g_autoptr(GError) error = NULL;
  gint64 next;

  rule_by (office, COMPANY (PLAIN_POLICY));
  kase = open_case (office);
  escalator = incident_escalator_new (office->desk);
  incident_escalator_run (escalator, &next, &error);
  assert_no_error (error);
  advance (office, 4 * MINUTE);
  assert_simulated (office, "{\"case\": \"INC-1\", \"for\": \"72h\"}",
                    "23 07:10 2 0 0 carmen phone step\n"
                    "23 07:20 1 1 0 bo chat repeat\n"
                    "23 07:30 2 1 0 carmen phone repeat\n",
                    "23T07:40:00", "exhausted exhausted");
}

static void
test_other_playbook_is_tried (void **state)
{
  Office *office = *state;
  g_autoptr(IncidentPlaybook) other = playbook_new (COMPANY (
    " \"policies\": {\"late\": {\"steps\": [{\"page\": [{\"person\": \"eve\"}], \"wait\": \"30m\"}]}},"
    " \"escalation\": {\"start\": [{\"if\": {\"severity\": [\"sev1\"]}, \"policy\": \"late\"}]}"));
  g_autofree char *answer = NULL;
  g_autoptr(JsonNode) node = NULL;
  g_autoptr(GError) error = NULL;
  JsonObject *object;

  rule_by (office, COMPANY (PLAIN_POLICY));
  answer = incident_desk_simulate (office->desk, other, "{\"case\": {}, \"for\": \"72h\", \"events\": [{\"at\": \"+1h\","
                                   " \"severity\": \"sev1\"}]}", &error);
  assert_no_error (error);
  object = read_answer (answer, &node);
  assert_list (object, "pages", PAGE, "23 08:00 1 0 0 eve chat step\n");
  assert_string_equal (json_object_get_string_member (json_object_get_object_member (object, "versions"), "playbook"),
                       incident_playbook_get_version (other));
  assert_true (json_object_get_double_member (object, "first-person") == 3600.0);
}

static void
test_case_for_no_policy_says_so (void **state)
{
  Office *office = *state;

  assert_simulated (office, "{\"case\": {}, \"for\": \"72h\"}", "", NULL, "- no-run");
}

static void
assert_wrong (Office *office, const char *scenario, const char *where)
{
  g_autoptr(GError) error = NULL;
  g_autofree char *answer = incident_desk_simulate (office->desk, NULL, scenario, &error);

  assert_null (answer);
  assert_error (error, INCIDENT_ERROR, INCIDENT_ERROR_INVALID);
  if (strstr (error->message, where) == NULL)
    fail_msg ("“%s” does not name “%s”", error->message, where);
}

static void
test_wrong_scenarios_name_the_place (void **state)
{
  Office *office = *state;

  assert_wrong (office, "{\"for\": \"1h\"}", "case");
  assert_wrong (office, "{\"case\": {}}", "until");
  assert_wrong (office, "{\"case\": {}, \"for\": \"9999d\"}", "/for");
  assert_wrong (office, "{\"case\": {}, \"for\": \"1h\", \"more\": 1}", "/more");
  assert_wrong (office, "{\"case\": {\"colour\": \"red\"}, \"for\": \"1h\"}", "/case/colour");
  assert_wrong (office, "{\"case\": \"7\", \"for\": \"1h\"}", "/case");
  assert_wrong (office, "{\"case\": {\"phase\": \"lunch\"}, \"for\": \"1h\"}", "/case/phase");
  assert_wrong (office, "{\"case\": {}, \"for\": \"1h\", \"until\": \"2026-11-24T00:00:00Z\"}", "/for");
  assert_wrong (office, "{\"case\": {}, \"for\": \"1h\", \"events\": [{\"at\": \"soon\", \"acknowledge\": \"bo\"}]}", "/events/0/at");
  assert_wrong (office, "{\"case\": {}, \"for\": \"1h\", \"events\": [{\"at\": \"+1m\"}]}", "/events/0");
  assert_wrong (office, "{\"case\": {}, \"for\": \"1h\", \"events\": [{\"at\": \"+1m\", \"acknowledge\": \"bo\", \"close\": \"bo\"}]}",
                "/events/0");
  assert_wrong (office, "{\"case\": {}, \"for\": \"1h\", \"events\": [{\"at\": \"+1m\", \"clock\": \"2h\"}]}", "/events/0/clock");
  assert_wrong (office, "{\"case\": {}, \"for\": \"1h\", \"events\": [{\"at\": \"+1m\", \"override\": {\"schedule\": \"weekly\","
                        " \"kind\": \"replace\", \"person\": \"bo\", \"until\": \"2026-11-24T00:00:00Z\"}}]}", "/events/0/override");
}

static void
test_no_clock_is_set_beyond_the_calendar (void **state)
{
  Office *office = *state;

  rule_by (office, COMPANY (PLAIN_POLICY));
  assert_wrong (office, "{\"case\": {}, \"for\": \"1h\", \"events\": [{\"at\": \"+1m\", \"clock\": \"-999999d\"}]}", "/events/0/clock");
  assert_wrong (office, "{\"case\": {}, \"for\": \"1h\", \"events\": [{\"at\": \"+1m\", \"clock\": \"+999999d\"},"
                        " {\"at\": \"+2m\", \"clock\": \"+999999d\"}, {\"at\": \"+3m\", \"clock\": \"+999999d\"}]}", "/events/2/clock");
  assert_wrong (office, "{\"case\": {}, \"from\": \"9999-12-31T00:00:00Z\", \"for\": \"72h\"}", "calendar");
}

/* They have a place behind the last step, which is none of the policy's. */
static void
test_fallback_is_of_no_step (void **state)
{
  Office *office = *state;
  g_autofree char *answer = NULL;
  g_autoptr(JsonNode) node = NULL;
  JsonObject *object;

  rule_by (office, COMPANY (" \"policies\": {\"main\": {\"steps\": [{\"page\": [{\"person\": \"bo\"}], \"wait\": \"10m\"}],"
                            " \"fallback\": [{\"person\": \"carmen\"}, {\"person\": \"dan\"}]}},"
                            " \"escalation\": {\"start\": [{\"policy\": \"main\"}]}"));
  answer = simulate (office, "{\"case\": {}, \"for\": \"72h\"}");
  object = read_answer (answer, &node);
  assert_list (object, "pages", PAGE, "23 07:00 1 0 0 bo chat step\n23 07:10 0 0 0 carmen phone fallback\n");
  assert_list (object, "not-paged", "at step person reason", "23 07:10 0 dan no-contact\n");
}

static void
test_missing_case_is_not_found (void **state)
{
  Office *office = *state;
  g_autoptr(GError) error = NULL;
  g_autofree char *answer = incident_desk_simulate (office->desk, NULL, "{\"case\": \"INC-7\", \"for\": \"1h\"}", &error);

  assert_null (answer);
  assert_error (error, INCIDENT_ERROR, INCIDENT_ERROR_NOT_FOUND);
}

int
main (void)
{
  const struct CMUnitTest tests[] = {
    office_test (test_nobody_acknowledges),
    office_test (test_same_question_gets_same_bytes),
    office_test (test_nothing_is_written),
    office_test (test_acknowledgement_stops_it),
    office_test (test_who_is_asked_for_by_name_is_paged_after_all),
    office_test (test_later_method_comes_until_acknowledged),
    office_test (test_who_cannot_be_paged_is_told),
    office_test (test_taken_back_acknowledgement_pages_again),
    office_test (test_override_counts_from_when_it_is_made),
    office_test (test_step_goes_on_where_all_its_pages_fail),
    office_test (test_set_clock_neither_delays_nor_repeats),
    office_test (test_set_clock_delays_no_method),
    office_test (test_who_had_acknowledged_is_paged_when_asked_for_by_name),
    office_test (test_refused_act_changes_nothing),
    office_test (test_recovered_case_ends_it),
    office_test (test_case_that_is_there_goes_on_as_it_stands),
    office_test (test_other_playbook_is_tried),
    office_test (test_case_for_no_policy_says_so),
    office_test (test_wrong_scenarios_name_the_place),
    office_test (test_no_clock_is_set_beyond_the_calendar),
    office_test (test_fallback_is_of_no_step),
    office_test (test_missing_case_is_not_found),
  };

  return cmocka_run_group_tests (tests, NULL, NULL);
}
