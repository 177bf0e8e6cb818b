/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "intake-test.h"

/* What keeps an alert from being told, and what it never keeps: an end that somebody waits for. */

/* Inhibition */

#define INHIBIT(rule) "\"inhibit\":[{" rule "}]"
#define SOURCE_AND_TARGET "\"source\":[\"level=page\"],\"target\":[\"level=warn\"]"

static void
test_one_that_fires_mutes_another (void **state)
{
  Office *office = *state;

  rule (office, INHIBIT (SOURCE_AND_TARGET));
  say (office, "firing cluster level=page", "opened:1");
  say (office, "firing disk level=warn", "suppressed:0");
  reopen_office (office);
  settle_after (office, MINUTE);
  assert_told (office, 2, NULL);
  say (office, "resolved cluster level=page", "resolved:1");
  /* Freed in the same moment. */
  assert_told (office, 2, "opened alert-fired");
}

static void
test_what_mutes_may_stand_behind_what_it_mutes (void **state)
{
  Office *office = *state;

  rule (office, INHIBIT (SOURCE_AND_TARGET));
  say (office, "firing disk level=warn, firing cluster level=page", "suppressed:0 opened:1");
}

static void
test_only_the_last_that_mutes_frees (void **state)
{
  Office *office = *state;

  rule (office, INHIBIT (SOURCE_AND_TARGET));
  say (office, "firing one level=page, firing two level=page, firing disk level=warn", "opened:1 opened:2 suppressed:0");
  say (office, "resolved one level=page", "resolved:1");
  reopen_office (office);
  settle (office);
  assert_told (office, 3, NULL);
  say (office, "resolved two level=page", "resolved:2");
  assert_told (office, 3, "opened alert-fired");
}

static void
test_the_timeout_of_what_mutes_frees (void **state)
{
  Office *office = *state;

  rule (office, INHIBIT (SOURCE_AND_TARGET));
  say_as (office, "quick", "firing cluster level=page", "opened:1");
  say (office, "firing disk level=warn", "suppressed:0");
  settle_after (office, 10 * MINUTE);
  assert_told (office, 2, "opened alert-fired");
}

/* It fires, whoever was told. */
static void
test_what_is_muted_mutes_too (void **state)
{
  Office *office = *state;

  rule (office, "\"inhibit\":[{\"source\":[\"level=page\"],\"target\":[\"level=warn\"]},"
                "{\"source\":[\"level=warn\"],\"target\":[\"level=info\"]}]");
  say (office, "firing cluster level=page, firing disk level=warn, firing file level=info", "opened:1 suppressed:0 suppressed:0");
  say (office, "resolved cluster level=page", "resolved:1");
  assert_told (office, 2, "opened alert-fired");
  assert_told (office, 3, NULL);
  say (office, "resolved disk level=warn", "resolved:2");
  assert_told (office, 3, "opened alert-fired");
}

static void
test_those_of_both_sides_do_not_mute_each_other (void **state)
{
  Office *office = *state;

  rule (office, INHIBIT ("\"source\":[\"level=page\"],\"target\":[\"level=~page|warn\"]"));
  say (office, "firing one level=page, firing two level=page, firing disk level=warn", "opened:1 opened:2 suppressed:0");
  reopen_office (office);
  say (office, "firing three level=page", "opened:3");
}

/* “mute” matches the sources alone: it mutes those of both sides too. */
static void
test_one_of_one_side_mutes_those_of_both (void **state)
{
  Office *office = *state;

  rule (office, INHIBIT ("\"source\":[\"level=~mute|page\"],\"target\":[\"level=~page|warn\"]"));
  say (office, "firing one level=mute, firing two level=page, firing disk level=warn", "opened:1 suppressed:0 suppressed:0");
  say (office, "resolved one level=mute", "resolved:1");
  /* Now the other one still mutes what is of one side. */
  assert_told (office, 2, "opened alert-fired");
  assert_told (office, 3, NULL);
  say (office, "resolved two level=page", "resolved:2");
  assert_told (office, 3, "opened alert-fired");
}

static void
test_equal_labels_must_be_equal (void **state)
{
  Office *office = *state;

  rule (office, INHIBIT (SOURCE_AND_TARGET ",\"equal\":[\"host\",\"room\"]"));
  say (office, "firing cluster level=page host=a room=1", "opened:1");
  say (office, "firing disk level=warn host=a room=1", "suppressed:0");
  say (office, "firing fan level=warn host=a room=2", "opened:2");
  say (office, "firing fuse level=warn host=a", "opened:3");
}

static void
test_a_label_that_both_lack_is_equal (void **state)
{
  Office *office = *state;

  rule (office, INHIBIT (SOURCE_AND_TARGET ",\"equal\":[\"host\"]"));
  say (office, "firing cluster level=page, firing disk level=warn, firing fan level=warn host=a", "opened:1 suppressed:0 opened:2");
}

static void
test_a_label_that_is_required_is_not_equal_where_both_lack_it (void **state)
{
  Office *office = *state;

  rule (office, INHIBIT (SOURCE_AND_TARGET ",\"equal\":[\"host\"],\"require\":true"));
  say (office, "firing cluster level=page, firing disk level=warn", "opened:1 opened:2");
  say (office, "firing other level=page host=a, firing fan level=warn host=a", "opened:3 suppressed:0");
}

static void
test_a_rule_holds_for_its_routes_alone (void **state)
{
  Office *office = *state;

  rule (office, "\"route\":{\"routes\":[{\"name\":\"shop\",\"matchers\":[\"team=shop\"]}]},"
                INHIBIT (SOURCE_AND_TARGET ",\"routes\":[\"shop\"]"));
  say (office, "firing cluster level=page, firing disk level=warn team=shop, firing fan level=warn", "opened:1 suppressed:0 opened:2");
}

static void
test_what_was_told_before_it_is_muted_ends_as_ever (void **state)
{
  Office *office = *state;

  rule (office, INHIBIT (SOURCE_AND_TARGET));
  say (office, "firing disk level=warn", "opened:1");
  say (office, "firing cluster level=page", "opened:2");
  say (office, "resolved disk level=warn", "resolved:1");
  assert_told (office, 1, "opened alert-fired alert-resolved alerts-ended");
}

/* Silences */

static guint64
silence (Office *office, const char *matchers, gint64 from, gint64 until, const char *interval)
{
  const char *lists[] = { matchers, NULL };
  g_autoptr(GError) error = NULL;
  g_autoptr(IncidentSilence) plain = incident_silence_new (lists, START + from, START + until, "work", &error);
  g_autoptr(IncidentSilence) wanted = NULL;
  g_autoptr(IncidentSilence) made = NULL;

  assert_no_error (error);
  wanted = incident_silence_with_interval (plain, interval);
  made = incident_desk_add_silence (office->desk, wanted, "ana", &error);
  assert_no_error (error);
  return incident_silence_get_id (made);
}

static void
test_a_silence_never_holds_back_an_end (void **state)
{
  Office *office = *state;

  rule (office, "");
  say (office, "firing disk", "opened:1");
  silence (office, "alertname=disk", 0, 60 * MINUTE, NULL);
  reopen_office (office);
  say (office, "resolved disk", "resolved:1");
  assert_told (office, 1, "opened alert-fired alert-resolved alerts-ended");
}

static void
test_what_a_silence_held_is_told_when_it_is_over (void **state)
{
  Office *office = *state;

  rule (office, "");
  silence (office, "team=shop", 0, 60 * MINUTE, NULL);
  say (office, "firing disk team=shop, firing net team=shop, firing fan", "suppressed:0 suppressed:0 opened:1");
  say (office, "resolved net team=shop", "resolved:0");
  reopen_office (office);
  settle_after (office, 60 * MINUTE - 1);
  assert_told (office, 2, NULL);
  settle_after (office, 1);
  assert_told (office, 2, "opened alert-fired");
  assert_told (office, 3, NULL);
}

static void
test_a_silence_that_is_ended_frees_at_once (void **state)
{
  Office *office = *state;
  guint64 id;

  rule (office, "");
  id = silence (office, "alertname=disk", 0, 60 * MINUTE, NULL);
  say (office, "firing disk", "suppressed:0");
  reopen_office (office);
  assert_true (incident_desk_expire_silence (office->desk, id, "ana", NULL));
  assert_told (office, 1, "opened alert-fired");
}

/* Both must be over. */
static void
test_two_silences_hold_until_both_are_over (void **state)
{
  Office *office = *state;

  rule (office, "");
  silence (office, "alertname=disk", 0, 10 * MINUTE, NULL);
  silence (office, "alertname=~d.*", 5 * MINUTE, 20 * MINUTE, NULL);
  say (office, "firing disk", "suppressed:0");
  settle_after (office, 10 * MINUTE);
  assert_told (office, 1, NULL);
  reopen_office (office);
  settle_after (office, 10 * MINUTE);
  assert_told (office, 1, "opened alert-fired");
}

/* One that ended before it began, or at once, is read again as any other. */
static void
test_a_silence_that_never_began_is_read_again (void **state)
{
  Office *office = *state;
  guint64 pending, now;

  rule (office, "");
  pending = silence (office, "alertname=disk", 10 * MINUTE, 60 * MINUTE, NULL);
  now = silence (office, "alertname=disk", 0, 60 * MINUTE, NULL);
  assert_true (incident_desk_expire_silence (office->desk, pending, "ana", NULL));
  assert_true (incident_desk_expire_silence (office->desk, now, "ana", NULL));
  reopen_office (office);
  advance (office, 20 * MINUTE);
  say (office, "firing disk", "opened:1");
}

#define MORNINGS "\"intervals\":{\"mornings\":[{\"times\":[{\"start\":\"07:00\",\"end\":\"08:00\"}]}]}"

static void
test_a_silence_recurs (void **state)
{
  Office *office = *state;

  rule (office, MORNINGS);
  silence (office, "alertname=disk", 0, 3 * G_TIME_SPAN_DAY, "mornings");
  say (office, "firing disk", "suppressed:0");
  settle_after (office, 60 * MINUTE - 1);
  assert_told (office, 1, NULL);
  settle_after (office, 1);
  assert_told (office, 1, "opened alert-fired");
  say (office, "resolved disk", "resolved:1");
  /* The next morning. */
  advance (office, G_TIME_SPAN_DAY - 30 * MINUTE);
  reopen_office (office);
  say (office, "firing disk run=1470", "suppressed:0");
  settle_after (office, 30 * MINUTE);
  assert_told (office, 1, "opened alert-fired alert-resolved alerts-ended alert-fired");
}

/* Intervals and maintenance */

static void
test_a_route_is_mute_at_times (void **state)
{
  Office *office = *state;

  rule (office, MORNINGS ",\"route\":{\"routes\":[{\"name\":\"shop\",\"matchers\":[\"team=shop\"],\"mute\":[\"mornings\"]}]}");
  say (office, "firing disk team=shop, firing fan", "suppressed:0 opened:1");
  reopen_office (office);
  settle_after (office, 60 * MINUTE);
  assert_told (office, 2, "opened alert-fired");
}

static void
test_a_route_is_active_at_times_alone (void **state)
{
  Office *office = *state;

  rule (office, MORNINGS ",\"route\":{\"routes\":[{\"name\":\"shop\",\"matchers\":[\"team=shop\"],\"active\":[\"mornings\"]}]}");
  say (office, "firing disk team=shop", "opened:1");
  advance (office, 60 * MINUTE);
  say (office, "resolved disk team=shop", "resolved:1");
  say (office, "firing fan team=shop", "suppressed:0");
  settle_after (office, 23 * G_TIME_SPAN_HOUR - 1);
  assert_told (office, 2, NULL);
  reopen_office (office);
  settle_after (office, 1);
  assert_told (office, 2, "opened alert-fired");
}

static void
test_planned_work_explains_alerts (void **state)
{
  Office *office = *state;

  rule (office, "\"maintenance\":[{\"name\":\"move\",\"matchers\":[\"room=1\"],\"from\":\"2026-11-23T07:10:00Z\","
                "\"until\":\"2026-11-23T08:00:00Z\"}]");
  say (office, "firing fan room=1", "opened:1");
  advance (office, 10 * MINUTE);
  say (office, "firing disk room=1", "suppressed:0");
  say (office, "resolved fan room=1", "resolved:1");
  reopen_office (office);
  settle_after (office, 50 * MINUTE - 1);
  assert_told (office, 2, NULL);
  settle_after (office, 1);
  assert_told (office, 2, "opened alert-fired");
}

static void
test_planned_work_recurs (void **state)
{
  Office *office = *state;

  rule (office, MORNINGS ",\"maintenance\":[{\"name\":\"backup\",\"matchers\":[\"alertname=disk\"],\"interval\":\"mornings\"}]");
  say (office, "firing disk", "suppressed:0");
  settle_after (office, 60 * MINUTE);
  assert_told (office, 1, "opened alert-fired");
}

/* What holds it back may be gone with the playbook. */
static void
test_another_playbook_judges_what_is_held_again (void **state)
{
  Office *office = *state;

  rule (office, INHIBIT (SOURCE_AND_TARGET));
  say (office, "firing cluster level=page, firing disk level=warn", "opened:1 suppressed:0");
  settle (office);
  rule (office, "");
  settle (office);
  assert_told (office, 2, "opened alert-fired");
}

/* All of them */

static void
test_it_is_told_when_nothing_holds_it_back_any_more (void **state)
{
  Office *office = *state;

  rule (office, INHIBIT (SOURCE_AND_TARGET) "," MORNINGS ",\"route\":{\"wait\":\"2m\"}");
  silence (office, "alertname=disk", 0, 30 * MINUTE, NULL);
  say (office, "firing disk level=warn, firing cluster level=page", "suppressed:0 suppressed:0");
  settle_after (office, 2 * MINUTE);
  assert_told (office, 1, "opened alert-fired");
  settle_after (office, 28 * MINUTE);
  assert_told (office, 2, NULL);
  reopen_office (office);
  settle (office);
  say (office, "resolved cluster level=page", "resolved:1");
  assert_told (office, 2, "opened alert-fired");
}

int
main (void)
{
  const struct CMUnitTest tests[] = {
    both (test_one_that_fires_mutes_another),
    office_test (test_what_mutes_may_stand_behind_what_it_mutes),
    both (test_only_the_last_that_mutes_frees),
    office_test (test_the_timeout_of_what_mutes_frees),
    office_test (test_what_is_muted_mutes_too),
    both (test_those_of_both_sides_do_not_mute_each_other),
    office_test (test_one_of_one_side_mutes_those_of_both),
    office_test (test_equal_labels_must_be_equal),
    office_test (test_a_label_that_both_lack_is_equal),
    office_test (test_a_label_that_is_required_is_not_equal_where_both_lack_it),
    office_test (test_a_rule_holds_for_its_routes_alone),
    office_test (test_what_was_told_before_it_is_muted_ends_as_ever),
    both (test_a_silence_never_holds_back_an_end),
    both (test_what_a_silence_held_is_told_when_it_is_over),
    both (test_a_silence_that_is_ended_frees_at_once),
    both (test_two_silences_hold_until_both_are_over),
    both (test_a_silence_that_never_began_is_read_again),
    both (test_a_silence_recurs),
    both (test_a_route_is_mute_at_times),
    both (test_a_route_is_active_at_times_alone),
    both (test_planned_work_explains_alerts),
    office_test (test_planned_work_recurs),
    office_test (test_another_playbook_judges_what_is_held_again),
    both (test_it_is_told_when_nothing_holds_it_back_any_more),
  };

  return cmocka_run_group_tests (tests, NULL, NULL);
}
