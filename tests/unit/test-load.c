/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "foresee-test.h"

/* How being on call was shared in the small company, and what would have been under other rules; by hand. */

static char *
measure (Office *office, gint64 from, gint64 until)
{
  g_autoptr(GError) error = NULL;
  char *answer = incident_desk_measure_load (office->desk, from, until, &error);

  assert_no_error (error);
  return answer;
}

static JsonObject *
get_person (JsonObject *answer, const char *name)
{
  JsonArray *people = json_object_get_array_member (answer, "people");

  for (guint i = 0; i < json_array_get_length (people); i++)
    if (g_str_equal (json_object_get_string_member (json_array_get_object_element (people, i), "person"), name))
      return json_array_get_object_element (people, i);

  return NULL;
}

/* “is/expected”; “-”: null. */
static void
assert_measure (JsonObject *person, const char *name, const char *expected)
{
  JsonObject *measured = json_object_get_object_member (person, name);
  g_autofree char *is = json_to_string (json_object_get_member (measured, "is"), FALSE);
  g_autofree char *share = json_to_string (json_object_get_member (measured, "expected"), FALSE);
  g_autofree char *found = g_strdup_printf ("%s/%s", is, share);

  if (!g_str_equal (found, expected))
    fail_msg ("“%s” of %s is %s but should be %s", name, get_text (person, "person"), found, expected);
}

/* Four weeks from the hand-off to ana, in winter. */
#define HAND_OFF (START + G_TIME_SPAN_HOUR)
#define WEEKS(n) ((n) * 7 * G_TIME_SPAN_DAY)

static void
test_equal_shares_are_as_expected (void **state)
{
  Office *office = *state;
  g_autofree char *answer = NULL;
  g_autoptr(JsonNode) node = NULL;
  JsonObject *object;

  rule_by (office, COMPANY (PLAIN_POLICY));
  answer = measure (office, HAND_OFF, HAND_OFF + WEEKS (4));
  object = read_answer (answer, &node);
  assert_measure (get_person (object, "ana"), "hours", "336/336");
  /* Monday to Monday, twice: seven nights each, two weekends. */
  assert_measure (get_person (object, "ana"), "nights", "14/14");
  assert_measure (get_person (object, "bo"), "nights", "14/14");
  assert_measure (get_person (object, "ana"), "weekends", "2/2");
  assert_measure (get_person (object, "ana"), "longest-stretch", "168/168");
  assert_measure (get_person (object, "ana"), "shortest-rest", "168/168");
  assert_measure (get_person (object, "ana"), "holidays", "0/0");
  assert_measure (get_person (object, "ana"), "pages", "0/0");
  /* Five days of eight hours; in Tokyo they end at one in the night. */
  assert_measure (get_person (object, "eve"), "hours", "160/160");
  assert_measure (get_person (object, "eve"), "nights", "20/20");
  assert_measure (get_person (object, "eve"), "longest-stretch", "8/8");
  assert_measure (get_person (object, "eve"), "shortest-rest", "16/16");
  assert_null (get_person (object, "carmen"));
}

static void
test_unequal_share_shows_beside_the_expected_one (void **state)
{
  Office *office = *state;
  g_autofree char *answer = NULL;
  g_autoptr(JsonNode) node = NULL;

  rule_by (office, COMPANY (PLAIN_POLICY));
  answer = measure (office, HAND_OFF, HAND_OFF + WEEKS (3));
  assert_measure (get_person (read_answer (answer, &node), "ana"), "hours", "336/252");
  assert_measure (get_person (json_node_get_object (node), "bo"), "hours", "168/252");
  assert_measure (get_person (json_node_get_object (node), "bo"), "shortest-rest", "null/168");
}

/* Takes the pages that fall due in so many minutes. */
static void
escalate (Office *office, guint minutes)
{
  g_autoptr(IncidentEscalator) escalator = incident_escalator_new (office->desk);

  for (guint i = 0; i < minutes; i++)
    {
      g_autoptr(GError) error = NULL;
      gint64 next;

      incident_escalator_run (escalator, &next, &error);
      assert_no_error (error);
      advance (office, MINUTE);
    }
}

static void
test_pages_are_counted_and_those_at_night (void **state)
{
  Office *office = *state;
  g_autofree char *answer = NULL;
  g_autoptr(IncidentCase) by_day = NULL;
  g_autoptr(IncidentCase) by_night = NULL;
  g_autoptr(JsonNode) node = NULL;
  JsonObject *object;

  rule_by (office, COMPANY (PLAIN_POLICY));
  by_day = open_case (office);
  escalate (office, 5);
  act (by_day, "acknowledge", "bo", NULL);
  advance (office, 15 * G_TIME_SPAN_HOUR);
  /* 23:05 in Madrid, in the week of ana; carmen comes ten minutes later, by UTC. */
  by_night = open_case (office);
  escalate (office, 15);
  answer = measure (office, START, START + G_TIME_SPAN_DAY);
  object = read_answer (answer, &node);
  assert_measure (get_person (object, "bo"), "pages", "1/1");
  assert_measure (get_person (object, "bo"), "pages-at-night", "0/0.5");
  assert_measure (get_person (object, "ana"), "pages", "1/1");
  assert_measure (get_person (object, "ana"), "pages-at-night", "1/0.5");
  assert_measure (get_person (object, "carmen"), "pages", "1/0");
  assert_measure (get_person (object, "carmen"), "pages-at-night", "1/0");
}

static void
test_who_stands_in_has_the_hours (void **state)
{
  Office *office = *state;
  g_autoptr(IncidentOverride) override = NULL;
  g_autoptr(IncidentOverride) added = NULL;
  g_autofree char *answer = NULL;
  g_autoptr(JsonNode) node = NULL;
  g_autoptr(GError) error = NULL;
  JsonObject *object;

  rule_by (office, COMPANY (PLAIN_POLICY));
  override = incident_override_new ("weekly", INCIDENT_OVERRIDE_KIND_REPLACE, "ana", "carmen", HAND_OFF + G_TIME_SPAN_DAY,
                                    HAND_OFF + 2 * G_TIME_SPAN_DAY, NULL);
  added = incident_desk_add_override (office->desk, override, "bo", &error);
  assert_no_error (error);
  answer = measure (office, HAND_OFF, HAND_OFF + WEEKS (1));
  object = read_answer (answer, &node);
  assert_measure (get_person (object, "ana"), "hours", "144/84");
  assert_measure (get_person (object, "ana"), "longest-stretch", "120/72");
  assert_measure (get_person (object, "carmen"), "hours", "24/0");
}

static void
test_time_that_is_none_is_invalid (void **state)
{
  Office *office = *state;
  g_autoptr(GError) error = NULL;

  assert_null (incident_desk_measure_load (office->desk, START, START - 1, &error));
  assert_error (error, INCIDENT_ERROR, INCIDENT_ERROR_INVALID);
}

/* Replays */

static char *
replay (Office *office, IncidentPlaybook *playbook)
{
  g_autoptr(GError) error = NULL;
  char *answer = incident_desk_replay (office->desk, playbook, START, START + G_TIME_SPAN_DAY, &error);

  assert_no_error (error);
  return answer;
}

static void
assert_side (JsonObject *object, const char *side, const char *expected)
{
  g_autofree char *found = NULL;
  g_autoptr(JsonNode) node = json_node_copy (json_object_get_member (object, side));

  found = json_to_string (node, FALSE);
  assert_string_equal (found, expected);
}

static JsonObject *
get_case (JsonObject *answer, guint position)
{
  return json_array_get_object_element (json_object_get_array_member (answer, "cases"), position);
}

/* The same rules do the same again. */
static void
test_same_rules_replay_what_was (void **state)
{
  Office *office = *state;
  g_autofree char *answer = NULL;
  g_autofree char *again = NULL;
  g_autoptr(IncidentCase) kase = NULL;
  g_autoptr(JsonNode) node = NULL;
  JsonObject *object;

  rule_by (office, COMPANY (PLAIN_POLICY));
  kase = open_case (office);
  escalate (office, 14);
  act (kase, "acknowledge", "carmen", NULL);
  escalate (office, 60);
  answer = replay (office, NULL);
  object = read_answer (answer, &node);
  assert_side (get_case (object, 0), "was",
               "{\"pages\":2,\"pages-at-night\":0,\"nights-woken\":0,\"steps\":2,\"first-person\":0}");
  assert_side (get_case (object, 0), "would-be",
               "{\"pages\":2,\"pages-at-night\":0,\"nights-woken\":0,\"steps\":2,\"first-person\":0,\"ends\":\"acked\"}");
  again = replay (office, NULL);
  assert_string_equal (answer, again);
}

/* A case that nobody looked at, one by night that bo took at once; and rules that wake eve, for whom it is day. */
static void
test_other_rules_are_compared_with_what_was (void **state)
{
  Office *office = *state;
  g_autoptr(IncidentPlaybook) other = playbook_new (COMPANY (
    " \"policies\": {\"main\": {\"steps\": [{\"page\": [{\"person\": \"eve\"}], \"wait\": \"30m\"}, "
    "{\"page\": [{\"schedule\": \"weekly\"}], \"wait\": \"30m\"}]}},"
    " \"escalation\": {\"start\": [{\"if\": {\"severity\": [\"sev1\"]}, \"policy\": \"main\"}]}"));
  g_autofree char *answer = NULL;
  g_autoptr(IncidentCase) first = NULL;
  g_autoptr(IncidentCase) second = NULL;
  g_autoptr(JsonNode) node = NULL;
  JsonObject *object;

  rule_by (office, COMPANY (PLAIN_POLICY));
  first = open_case (office);
  escalate (office, 45);
  advance (office, 15 * G_TIME_SPAN_HOUR);
  second = open_with (office, command_new ("open", "bo", "title", "Down", "severity", "sev1", NULL));
  escalate (office, 5);
  act (second, "acknowledge", "bo", NULL);
  advance (office, G_TIME_SPAN_HOUR);
  answer = replay (office, other);
  object = read_answer (answer, &node);
  assert_side (get_case (object, 0), "was",
               "{\"pages\":4,\"pages-at-night\":0,\"nights-woken\":0,\"steps\":4,\"first-person\":0}");
  assert_side (get_case (object, 0), "would-be",
               "{\"pages\":0,\"pages-at-night\":0,\"nights-woken\":0,\"steps\":0,\"first-person\":null,\"ends\":null}");
  assert_side (get_case (object, 1), "was",
               "{\"pages\":1,\"pages-at-night\":1,\"nights-woken\":1,\"steps\":1,\"first-person\":0}");
  assert_side (get_case (object, 1), "would-be",
               "{\"pages\":1,\"pages-at-night\":0,\"nights-woken\":0,\"steps\":1,\"first-person\":0,\"ends\":\"acked\"}");
  assert_side (json_object_get_object_member (object, "sum"), "would-be",
               "{\"pages\":1,\"pages-at-night\":0,\"nights-woken\":0,\"steps\":1,\"nobody\":1,\"first-person-median\":0,"
               "\"first-person-longest\":0}");
}

static void
test_replay_writes_nothing (void **state)
{
  Office *office = *state;
  g_autoptr(IncidentCase) kase = NULL;
  g_autofree char *answer = NULL;

  rule_by (office, COMPANY (PLAIN_POLICY));
  kase = open_case (office);
  advance (office, G_TIME_SPAN_HOUR);
  answer = replay (office, NULL);
  assert_non_null (strstr (answer, "\"pages\":4"));
  assert_int_equal (incident_case_get_version (kase), 1);
}

int
main (void)
{
  const struct CMUnitTest tests[] = {
    office_test (test_equal_shares_are_as_expected),
    office_test (test_unequal_share_shows_beside_the_expected_one),
    office_test (test_pages_are_counted_and_those_at_night),
    office_test (test_who_stands_in_has_the_hours),
    office_test (test_time_that_is_none_is_invalid),
    office_test (test_same_rules_replay_what_was),
    office_test (test_other_rules_are_compared_with_what_was),
    office_test (test_replay_writes_nothing),
  };

  return cmocka_run_group_tests (tests, NULL, NULL);
}
