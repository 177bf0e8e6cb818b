/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "intake-test.h"

/* Which case is told of an alert, what it learns of it, and how it ends. */

/* Groups */

static void
test_one_case_takes_all_where_nothing_parts_them (void **state)
{
  Office *office = *state;

  rule (office, "\"route\":{\"group-by\":[]}");
  say (office, "firing disk host=a, firing net host=b", "opened:1 opened:1");
  reopen_office (office);
  say (office, "firing fan", "joined:1");
}

static void
test_each_has_a_case_where_every_label_parts_them (void **state)
{
  Office *office = *state;

  rule (office, "\"route\":{\"group-by\":[\"...\"]}");
  say (office, "firing disk host=a, firing disk2 host=a, firing disk3 host=b", "opened:1 opened:2 opened:3");
}

static void
test_labels_part_cases (void **state)
{
  Office *office = *state;

  rule (office, "\"route\":{\"group-by\":[\"host\"]}");
  say (office, "firing disk host=a, firing net host=b, firing fan host=a, firing fuse", "opened:1 opened:2 opened:1 opened:3");
  reopen_office (office);
  say (office, "firing lamp, firing bulb host=b", "joined:3 joined:2");
}

static void
test_each_route_has_cases_of_its_own (void **state)
{
  Office *office = *state;

  rule (office, "\"route\":{\"group-by\":[],\"routes\":[{\"name\":\"shop\",\"matchers\":[\"team=shop\"]}]}");
  say (office, "firing disk team=shop, firing net, firing fan team=shop", "opened:1 opened:2 opened:1");
}

static void
test_a_route_that_goes_on_tells_other_teams_too (void **state)
{
  Office *office = *state;
  g_autoptr(IncidentCase) kase = NULL;
  g_autoptr(IncidentEvent) event = NULL;

  rule (office, "\"teams\":{\"shop\":{},\"security\":{},\"others\":{}},\"route\":{\"routes\":["
                "{\"name\":\"shop\",\"matchers\":[\"team=shop\"],\"continue\":true,\"team\":\"shop\",\"policy\":\"shop-first\"},"
                "{\"name\":\"doors\",\"matchers\":[\"alertname=door\"],\"team\":\"security\",\"policy\":\"night-watch\"},"
                "{\"name\":\"rest\",\"team\":\"others\"}]}");
  say (office, "firing door team=shop", "opened:1");
  kase = get_case (office, 1);
  event = dup_event (kase, 1);
  assert_fact (event, "route", "shop");
  assert_fact (event, "team", "shop");
  assert_fact (event, "policy", "shop-first");
  assert_fact (event, "also-route", "doors");
  assert_fact (event, "also-team", "security");
  assert_fact (event, "also-policy", "night-watch");
}

/* Windows */

static void
test_a_case_takes_alerts_for_a_while_alone (void **state)
{
  Office *office = *state;

  rule (office, "\"route\":{\"group-by\":[],\"window\":\"1h\"}");
  say (office, "firing disk", "opened:1");
  advance (office, 60 * MINUTE);
  say (office, "firing net", "joined:1");
  reopen_office (office);
  advance (office, 1);
  say (office, "firing fan", "opened:2");
  /* What was told stays where it was. */
  say (office, "resolved net, resolved disk", "resolved:1 resolved:1");
  say (office, "firing fuse", "joined:2");
}

static void
cancel (Office *office, guint64 number)
{
  g_autoptr(IncidentCase) kase = get_case (office, number);

  act (kase, "cancel", "ana", "text", "a drill", NULL);
}

static void
test_a_case_that_ended_lately_goes_on (void **state)
{
  Office *office = *state;

  rule (office, "\"route\":{\"group-by\":[],\"reopen-within\":\"30m\"}");
  say (office, "firing disk", "opened:1");
  cancel (office, 1);
  advance (office, 30 * MINUTE);
  say (office, "firing net", "reopened:1");
  cancel (office, 1);
  reopen_office (office);
  advance (office, 30 * MINUTE + 1);
  say (office, "firing fan", "opened:2");
  assert_told (office, 1, "opened alert-fired cancelled reopened alert-fired cancelled");
}

/* It is open still, but nobody would be called. */
static void
test_a_case_that_had_recovered_has_not (void **state)
{
  Office *office = *state;
  g_autoptr(IncidentCase) kase = NULL;

  rule (office, "\"route\":{\"group-by\":[]}");
  say (office, "firing disk", "opened:1");
  kase = get_case (office, 1);
  act (kase, "diagnose", "ana", "text", "full", NULL);
  act (kase, "resolve", "ana", "text", "emptied", NULL);
  act (kase, "recover", "ana", "text", "half full", NULL);
  reopen_office (office);
  say (office, "firing net", "reopened:1");
  say (office, "firing fan", "joined:1");
  assert_told (office, 1, "opened alert-fired diagnosed resolved recovered reopened alert-fired alert-fired");
}

static void
test_alerts_follow_a_case_that_was_merged (void **state)
{
  Office *office = *state;
  g_autoptr(IncidentCase) first = NULL;

  rule (office, "\"route\":{\"group-by\":[\"host\"]}");
  say (office, "firing disk host=a, firing net host=b", "opened:1 opened:2");
  first = get_case (office, 1);
  act (first, "merge", "ana", "case", "2", NULL);
  say (office, "firing fan host=a", "joined:2");
  reopen_office (office);
  /* Whoever was told that it fires is told that it ended. */
  say (office, "resolved disk host=a, resolved fan host=a", "resolved:1 resolved:2");
}

/* What a case learns */

static void
test_who_was_called_is_called_again_when_it_gets_worse (void **state)
{
  Office *office = *state;

  rule (office, "\"route\":{\"group-by\":[]}");
  say (office, "firing disk severity=warning", "opened:1");
  assert_last_fact (office, 1, "pages", NULL);
  say (office, "firing net severity=info", "joined:1");
  assert_last_fact (office, 1, "pages", NULL);
  reopen_office (office);
  say (office, "firing fan severity=critical", "joined:1");
  assert_last_fact (office, 1, "pages", "worse");
  assert_last_fact (office, 1, "severity", "sev2");
}

static void
test_the_same_alert_may_get_worse (void **state)
{
  Office *office = *state;

  rule (office, "\"route\":{\"group-by\":[]}");
  say (office, "firing disk severity=warning", "opened:1");
  say (office, "firing disk severity=critical", "worsened:1");
  assert_told (office, 1, "opened alert-fired alert-worsened");
  assert_last_fact (office, 1, "pages", "worse");
  reopen_office (office);
  say (office, "firing disk severity=critical", "repeated:1");
  say (office, "firing disk severity=warning", "updated:1");
  assert_told (office, 1, "opened alert-fired alert-worsened");
}

static void
test_who_was_called_is_called_again_for_another_service (void **state)
{
  Office *office = *state;

  rule (office, "\"route\":{\"group-by\":[]}");
  say (office, "firing disk service=shop", "opened:1");
  say (office, "firing net service=shop", "joined:1");
  assert_last_fact (office, 1, "pages", NULL);
  reopen_office (office);
  say (office, "firing fan service=stock", "joined:1");
  assert_last_fact (office, 1, "pages", "service");
  assert_last_fact (office, 1, "affects", "stock");
  say (office, "firing fuse service=stock", "joined:1");
  assert_last_fact (office, 1, "pages", NULL);
}

static char *
make_many (const char *what, guint n)
{
  g_autoptr(GString) words = g_string_new (NULL);

  for (guint i = 0; i < n; i++)
    g_string_append_printf (words, "%s%s a%u", i > 0 ? ", " : "", what, i);
  return g_string_free (g_steal_pointer (&words), FALSE);
}

static void
test_many_alerts_are_one_event (void **state)
{
  Office *office = *state;
  g_autofree char *fire = make_many ("firing", 20);
  g_autofree char *end = make_many ("resolved", 19);
  g_autoptr(IncidentCase) kase = NULL;

  rule (office, "\"route\":{\"group-by\":[]}");
  g_ptr_array_unref (take_words (office, "shop", fire));
  assert_told (office, 1, "opened alerts-fired");
  kase = get_case (office, 1);
  assert_int_equal (incident_case_get_firing_alerts (kase), 20);
  reopen_office (office);
  g_ptr_array_unref (take_words (office, "shop", end));
  assert_told (office, 1, "opened alerts-fired alerts-resolved");
  say (office, "resolved a19", "resolved:1");
  assert_told (office, 1, "opened alerts-fired alerts-resolved alert-resolved alerts-ended");
}

/* How it ends */

#define MAY_END "\"rights\":[{\"everyone\":true,\"may\":[\"*\"]},{\"automation\":\"shop\",\"may\":[\"*\"]}],"
#define ENDS(how, rest) MAY_END "\"route\":{\"group-by\":[],\"when-ended\":\"" how "\",\"ended-for\":\"10m\"" rest "}"

static void
assert_ended_as (Office *office, const char *how, const char *kinds)
{
  g_autofree char *sections = g_strdup_printf (MAY_END "\"route\":{\"when-ended\":\"%s\",\"ended-for\":\"10m\"}", how);
  g_autofree char *all = g_strconcat ("opened alert-fired alert-resolved alerts-ended", kinds, NULL);

  rule (office, sections);
  say (office, "firing disk", "opened:1");
  say (office, "resolved disk", "resolved:1");
  settle_after (office, 10 * MINUTE - 1);
  assert_told (office, 1, "opened alert-fired alert-resolved alerts-ended");
  settle_after (office, 1);
  assert_told (office, 1, all);
  reopen_office (office);
  settle_after (office, 60 * MINUTE);
  assert_told (office, 1, all);
}

static void
test_the_end_may_be_noted_alone (void **state)
{
  assert_ended_as (*state, "note", "");
}

static void
test_a_case_may_be_resolved_when_nothing_fires (void **state)
{
  assert_ended_as (*state, "resolve", " diagnosed resolved");
}

static void
test_a_case_may_be_recovered_when_nothing_fires (void **state)
{
  assert_ended_as (*state, "recover", " diagnosed resolved recovered");
}

static void
test_a_case_may_be_closed_when_nothing_fires (void **state)
{
  assert_ended_as (*state, "close", " diagnosed resolved recovered closed");
}

static void
test_a_case_ends_though_nobody_was_there_when_its_alerts_did (void **state)
{
  Office *office = *state;

  rule (office, ENDS ("recover", ""));
  say (office, "firing disk", "opened:1");
  say (office, "resolved disk", "resolved:1");
  reopen_office (office);
  settle_after (office, 10 * MINUTE);
  assert_told (office, 1, "opened alert-fired alert-resolved alerts-ended diagnosed resolved recovered");
}

static void
test_what_fires_again_keeps_a_case_from_ending (void **state)
{
  Office *office = *state;

  rule (office, ENDS ("recover", ""));
  say (office, "firing disk", "opened:1");
  say (office, "resolved disk", "resolved:1");
  advance (office, 5 * MINUTE);
  say (office, "firing disk run=4", "joined:1");
  settle_after (office, 30 * MINUTE);
  assert_told (office, 1, "opened alert-fired alert-resolved alerts-ended alert-fired");
  say (office, "resolved disk run=4", "resolved:1");
  reopen_office (office);
  settle_after (office, 10 * MINUTE);
  assert_told (office, 1, "opened alert-fired alert-resolved alerts-ended alert-fired alert-resolved alerts-ended "
                          "diagnosed resolved recovered");
}

/* Nobody is told of that, so the case does not know. */
static void
test_what_fires_again_and_is_muted_does_not (void **state)
{
  Office *office = *state;

  rule (office, ENDS ("recover", ",\"wait\":\"1h\""));
  say (office, "firing disk", "suppressed:0");
  settle_after (office, 60 * MINUTE);
  say (office, "resolved disk", "resolved:1");
  advance (office, 5 * MINUTE);
  say (office, "firing disk run=64", "suppressed:0");
  reopen_office (office);
  settle_after (office, 5 * MINUTE);
  assert_told (office, 1, "opened alert-fired alert-resolved alerts-ended diagnosed resolved recovered");
}

static void
test_a_case_that_is_resolved_already_ends_again (void **state)
{
  Office *office = *state;

  rule (office, ENDS ("resolve", ""));
  say (office, "firing disk", "opened:1");
  say (office, "resolved disk", "resolved:1");
  settle_after (office, 10 * MINUTE);
  say (office, "firing disk run=1", "joined:1");
  say (office, "resolved disk run=1", "resolved:1");
  settle_after (office, 10 * MINUTE);
  assert_told (office, 1, "opened alert-fired alert-resolved alerts-ended diagnosed resolved alert-fired alert-resolved alerts-ended");
}

static void
test_a_case_that_somebody_took_over_is_theirs_to_end (void **state)
{
  Office *office = *state;
  g_autoptr(IncidentCase) kase = NULL;

  rule (office, ENDS ("close", ",\"wait\":\"1m\""));
  say (office, "firing disk", "suppressed:0");
  settle_after (office, MINUTE);
  kase = get_case (office, 1);
  act (kase, "diagnose", "ana", "text", "full", NULL);
  say (office, "resolved disk", "resolved:1");
  settle_after (office, 10 * MINUTE);
  reopen_office (office);
  settle_after (office, 10 * MINUTE);
  assert_told (office, 1, "opened alert-fired diagnosed alert-resolved alerts-ended");
}

/* The route says so at the end, whatever it says later. */
static void
test_another_playbook_ends_no_case_otherwise (void **state)
{
  Office *office = *state;

  rule (office, ENDS ("resolve", ""));
  say (office, "firing disk", "opened:1");
  say (office, "resolved disk", "resolved:1");
  rule (office, MAY_END "\"route\":{\"group-by\":[]}");
  settle_after (office, 10 * MINUTE);
  assert_told (office, 1, "opened alert-fired alert-resolved alerts-ended diagnosed resolved");
}

int
main (void)
{
  const struct CMUnitTest tests[] = {
    both (test_one_case_takes_all_where_nothing_parts_them),
    office_test (test_each_has_a_case_where_every_label_parts_them),
    both (test_labels_part_cases),
    office_test (test_each_route_has_cases_of_its_own),
    office_test (test_a_route_that_goes_on_tells_other_teams_too),
    both (test_a_case_takes_alerts_for_a_while_alone),
    both (test_a_case_that_ended_lately_goes_on),
    both (test_a_case_that_had_recovered_has_not),
    both (test_alerts_follow_a_case_that_was_merged),
    both (test_who_was_called_is_called_again_when_it_gets_worse),
    both (test_the_same_alert_may_get_worse),
    both (test_who_was_called_is_called_again_for_another_service),
    both (test_many_alerts_are_one_event),
    both (test_the_end_may_be_noted_alone),
    both (test_a_case_may_be_resolved_when_nothing_fires),
    both (test_a_case_may_be_recovered_when_nothing_fires),
    both (test_a_case_may_be_closed_when_nothing_fires),
    both (test_a_case_ends_though_nobody_was_there_when_its_alerts_did),
    both (test_what_fires_again_keeps_a_case_from_ending),
    both (test_what_fires_again_and_is_muted_does_not),
    both (test_a_case_that_is_resolved_already_ends_again),
    both (test_a_case_that_somebody_took_over_is_theirs_to_end),
    office_test (test_another_playbook_ends_no_case_otherwise),
  };

  return cmocka_run_group_tests (tests, NULL, NULL);
}
