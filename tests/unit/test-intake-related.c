/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "intake-test.h"

/* Cases that may have one cause are linked, by the section “correlate”, and stay cases of their own. */

#define SAME_RACK "\"correlate\":[{\"name\":\"rack\",\"equal\":[\"rack\"],\"within\":\"15m\"}]"

static void
assert_linked (Office *office, guint64 number, const char *expected)
{
  assert_last_fact (office, number, "link", "related");
  assert_last_fact (office, number, "linked-to", expected);
}

static void
test_cases_with_the_same_label_are_linked_and_not_merged (void **state)
{
  Office *office = *state;

  rule (office, SAME_RACK);
  say (office, "firing disk rack=7", "opened:1");
  say (office, "firing net rack=8", "opened:2");
  say (office, "firing power rack=7", "opened:3");
  assert_told (office, 1, "opened alert-fired");
  assert_told (office, 2, "opened alert-fired");
  assert_told (office, 3, "opened alert-fired linked");
  assert_linked (office, 3, "INC-1");
}

static void
test_cases_of_one_message_are_linked (void **state)
{
  Office *office = *state;

  rule (office, SAME_RACK);
  say (office, "firing disk rack=7, firing net rack=7", "opened:1 opened:2");
  assert_told (office, 1, "opened alert-fired");
  assert_linked (office, 2, "INC-1");
}

static void
test_what_lacks_the_label_is_not_related (void **state)
{
  Office *office = *state;

  rule (office, SAME_RACK);
  say (office, "firing disk", "opened:1");
  say (office, "firing net", "opened:2");
  assert_told (office, 2, "opened alert-fired");
}

static void
test_what_is_too_long_ago_is_not_related (void **state)
{
  Office *office = *state;

  rule (office, SAME_RACK);
  say (office, "firing disk rack=7", "opened:1");
  advance (office, 15 * MINUTE + 1);
  say (office, "firing net rack=7", "opened:2");
  assert_told (office, 2, "opened alert-fired");
}

/* An alert that joins a case makes it as new as itself. */
static void
test_a_case_stays_related_as_long_as_alerts_join_it (void **state)
{
  Office *office = *state;

  rule (office, SAME_RACK ",\"route\":{\"group-by\":[\"alertname\"]}");
  say (office, "firing disk run=0 rack=7", "opened:1");
  advance (office, 10 * MINUTE);
  say (office, "resolved disk run=0 rack=7", "resolved:1");
  say (office, "firing disk run=9 rack=7", "joined:1");
  advance (office, 10 * MINUTE);
  say (office, "firing net rack=7", "opened:2");
  assert_linked (office, 2, "INC-1");
}

static void
test_a_service_is_related_to_what_it_depends_on (void **state)
{
  Office *office = *state;

  rule (office, "\"services\":{\"shop\":{\"depends-on\":[\"db\"]},\"db\":{},\"mail\":{}},"
                "\"correlate\":[{\"name\":\"below\",\"dependent\":true,\"within\":\"15m\"}]");
  say (office, "firing slow service=shop", "opened:1");
  say (office, "firing queue service=mail", "opened:2");
  say (office, "firing disk service=db", "opened:3");
  assert_told (office, 2, "opened alert-fired");
  assert_linked (office, 3, "INC-1");
}

static void
test_what_is_related_is_known_after_a_restart (void **state)
{
  Office *office = *state;

  rule (office, SAME_RACK);
  say (office, "firing disk rack=7", "opened:1");
  reopen_office (office);
  say (office, "firing net rack=7", "opened:2");
  assert_linked (office, 2, "INC-1");
}

/* A link says nothing of who looks after the case. */
static void
test_a_link_takes_no_case_over (void **state)
{
  Office *office = *state;

  rule (office, SAME_RACK ",\"route\":{\"when-ended\":\"recover\"}");
  say (office, "firing disk rack=7", "opened:1");
  say (office, "firing net rack=7", "opened:2");
  say (office, "resolved net rack=7", "resolved:2");
  settle (office);
  assert_told (office, 2, "opened alert-fired linked alert-resolved alerts-ended diagnosed resolved recovered");
}

int
main (void)
{
  const struct CMUnitTest tests[] = {
    office_test (test_cases_with_the_same_label_are_linked_and_not_merged),
    office_test (test_cases_of_one_message_are_linked),
    office_test (test_what_lacks_the_label_is_not_related),
    office_test (test_what_is_too_long_ago_is_not_related),
    office_test (test_a_case_stays_related_as_long_as_alerts_join_it),
    office_test (test_a_service_is_related_to_what_it_depends_on),
    office_test (test_what_is_related_is_known_after_a_restart),
    office_test (test_a_link_takes_no_case_over),
  };

  return cmocka_run_group_tests (tests, NULL, NULL);
}
