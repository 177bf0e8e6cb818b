/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "oncall-test.h"

#include "oncall/incident-schedule-private.h"

/* What overrides and temporary schedules do on 2018-01-01 is what GoAlert's own tests expect. */

/* “foobar” from eight to ten, as there. */
static Watch *
make_new_year (void)
{
  Watch *watch = watch_new ("UTC");

  add_restriction (add_layer (watch->schedule, "a", 0, "foobar")->restrictions, EVERY_DAY, "08:00", "10:00");
  return watch;
}

static void
assert_new_year (Watch *watch, const char *expected)
{
  assert_cover (watch, "2018-01-01T08:00Z", "2018-01-01T09:00Z", expected);
}

static void
test_without_layers_nobody_is_on_call (void **state)
{
  g_autoptr(Watch) watch = watch_new ("UTC");

  assert_on_call (watch, "2026-01-05T09:00Z", "");
  assert_cover (watch, "2026-01-05T09:00Z", "2026-01-06T09:00Z", "2026-01-05T09:00Z nobody\n");
  assert_cover (watch, "2026-01-05T09:00Z", "2026-01-05T09:00Z", "");
}

static void
test_a_schedule_that_there_is_not_is_told (void **state)
{
  g_autoptr(Watch) watch = watch_new ("UTC");
  g_autoptr(GPtrArray) people = g_ptr_array_new ();

  assert_false (incident_roster_get_on_call (&watch->roster, "x", 0, people));
  assert_null (incident_roster_cover (&watch->roster, "x", 0, 1));
  assert_true (incident_roster_next_change (&watch->roster, "x", 0) == G_MAXINT64);
}

static void
test_a_week_goes_from_hand_to_hand (void **state)
{
  g_autoptr(Watch) watch = watch_new ("Europe/Madrid");

  rotate (add_layer (watch->schedule, "weekly", 0, "ana bo cy"), "2026-01-05T09:00", 1, INCIDENT_ROTATION_WEEK);
  assert_cover (watch, "2026-03-20T00:00Z", "2026-04-10T00:00Z",
                "2026-03-20T00:00Z bo, by weekly\n"
                "2026-03-23T08:00Z cy, by weekly\n"
                "2026-03-30T07:00Z ana, by weekly\n"
                "2026-04-06T07:00Z bo, by weekly\n");
  assert_on_call (watch, "2026-03-30T08:59+02:00", "cy");
  assert_on_call (watch, "2026-03-30T09:00+02:00", "ana");
}

static void
test_the_layer_of_the_greatest_priority_wins_while_it_has_somebody (void **state)
{
  g_autoptr(Watch) watch = watch_new ("UTC");

  add_restriction (add_layer (watch->schedule, "office", 2, "ana")->restrictions, "mo", "09:00", "17:00");
  add_layer (watch->schedule, "rest", 1, "bo");
  assert_cover (watch, "2026-01-05T00:00Z", "2026-01-06T00:00Z",
                "2026-01-05T00:00Z bo, by rest\n"
                "2026-01-05T09:00Z ana, by office\n"
                "2026-01-05T17:00Z bo, by rest\n");
}

static void
test_equal_priorities_add_up_each_person_once (void **state)
{
  g_autoptr(Watch) watch = watch_new ("UTC");

  add_layer (watch->schedule, "a", 1, "ana bo");
  add_layer (watch->schedule, "b", 1, "bo cy");
  add_layer (watch->schedule, "c", 0, "dora");
  assert_cover (watch, "2026-01-05T00:00Z", "2026-01-06T00:00Z", "2026-01-05T00:00Z ana bo cy, by a, b\n");
}

static void
test_the_sun_is_followed (void **state)
{
  g_autoptr(Watch) watch = watch_new ("UTC");
  static const char * const zones[] = { "Asia/Tokyo", "Europe/London", "America/Los_Angeles" };
  static const char * const people[] = { "aiko", "bea", "carl" };

  for (guint i = 0; i < G_N_ELEMENTS (zones); i++)
    {
      IncidentLayer *layer = add_layer (watch->schedule, people[i], 1, people[i]);

      set_zone (layer, zones[i]);
      add_restriction (layer->restrictions, EVERY_DAY, "09:00", "17:00");
    }

  assert_cover (watch, "2026-01-05T01:00Z", "2026-01-06T01:00Z",
                "2026-01-05T01:00Z aiko, by aiko\n"
                "2026-01-05T08:00Z nobody\n"
                "2026-01-05T09:00Z bea, by bea\n"
                "2026-01-05T17:00Z carl, by carl\n"
                "2026-01-06T00:00Z aiko carl, by aiko, carl\n");
  assert_cover (watch, "2026-07-06T00:00Z", "2026-07-07T00:00Z",
                "2026-07-06T00:00Z aiko, by aiko\n"
                "2026-07-06T08:00Z bea, by bea\n"
                "2026-07-06T16:00Z carl, by carl\n");
}

static void
test_a_replacement_is_there_where_somebody_would_have_been (void **state)
{
  g_autoptr(Watch) watch = make_new_year ();

  change_schedule (watch, INCIDENT_OVERRIDE_KIND_REPLACE, "foobar", "binbaz", "2018-01-01T08:30Z", "2018-01-01T08:45Z");
  assert_new_year (watch,
                   "2018-01-01T08:00Z foobar, by a\n"
                   "2018-01-01T08:30Z binbaz, by a, override 1\n"
                   "2018-01-01T08:45Z foobar, by a\n");
  change_schedule (watch, INCIDENT_OVERRIDE_KIND_REPLACE, "absent", "other", "2018-01-01T08:00Z", "2018-01-01T08:30Z");
  assert_on_call (watch, "2018-01-01T08:15Z", "foobar");
}

static void
test_who_is_added_is_on_in_any_case (void **state)
{
  g_autoptr(Watch) watch = make_new_year ();

  change_schedule (watch, INCIDENT_OVERRIDE_KIND_ADD, "binbaz", NULL, "2018-01-01T08:30Z", "2018-01-01T08:45Z");
  change_schedule (watch, INCIDENT_OVERRIDE_KIND_ADD, "binbaz", NULL, "2018-01-01T08:00Z", "2018-01-01T08:15Z");
  assert_new_year (watch,
                   "2018-01-01T08:00Z foobar binbaz, by a, override 2\n"
                   "2018-01-01T08:15Z foobar, by a\n"
                   "2018-01-01T08:30Z foobar binbaz, by a, override 1\n"
                   "2018-01-01T08:45Z foobar, by a\n");
  change_schedule (watch, INCIDENT_OVERRIDE_KIND_ADD, "eve", NULL, "2018-01-01T20:00Z", "2018-01-01T21:00Z");
  assert_cover (watch, "2018-01-01T19:00Z", "2018-01-01T22:00Z",
                "2018-01-01T19:00Z nobody\n"
                "2018-01-01T20:00Z eve, override 3\n"
                "2018-01-01T21:00Z nobody\n");
}

static void
test_adding_who_is_on_changes_nothing (void **state)
{
  g_autoptr(Watch) watch = make_new_year ();

  change_schedule (watch, INCIDENT_OVERRIDE_KIND_ADD, "foobar", NULL, "2018-01-01T08:30Z", "2018-01-01T08:45Z");
  assert_new_year (watch, "2018-01-01T08:00Z foobar, by a\n");
}

static void
test_who_is_removed_is_not_on (void **state)
{
  g_autoptr(Watch) watch = make_new_year ();

  change_schedule (watch, INCIDENT_OVERRIDE_KIND_REMOVE, "foobar", NULL, "2018-01-01T08:30Z", "2018-01-01T08:45Z");
  assert_new_year (watch,
                   "2018-01-01T08:00Z foobar, by a\n"
                   "2018-01-01T08:30Z nobody, override 1\n"
                   "2018-01-01T08:45Z foobar, by a\n");
}

static void
test_overrides_of_each_kind_act_together (void **state)
{
  g_autoptr(Watch) watch = watch_new ("UTC");

  add_layer (watch->schedule, "a", 0, "rab baz bin");
  change_schedule (watch, INCIDENT_OVERRIDE_KIND_ADD, "foo", NULL, "2000-01-02T03:05Z", "2000-01-02T03:06Z");
  change_schedule (watch, INCIDENT_OVERRIDE_KIND_REPLACE, "rab", "bar", "2000-01-02T03:05Z", "2000-01-02T03:06Z");
  change_schedule (watch, INCIDENT_OVERRIDE_KIND_REMOVE, "baz", NULL, "2000-01-02T03:05Z", "2000-01-02T03:06Z");
  assert_cover (watch, "2000-01-02T03:04Z", "2000-01-02T03:08Z",
                "2000-01-02T03:04Z rab baz bin, by a\n"
                "2000-01-02T03:05Z bar bin foo, by a, override 3\n"
                "2000-01-02T03:06Z rab baz bin, by a\n");
}

static void
test_where_somebody_is_removed_the_next_layer_comes_through (void **state)
{
  g_autoptr(Watch) watch = watch_new ("UTC");

  add_layer (watch->schedule, "first", 2, "ana");
  add_layer (watch->schedule, "second", 1, "bo");
  change_schedule (watch, INCIDENT_OVERRIDE_KIND_REMOVE, "ana", NULL, "2026-01-05T09:00Z", "2026-01-05T10:00Z");
  assert_cover (watch, "2026-01-05T08:00Z", "2026-01-05T11:00Z",
                "2026-01-05T08:00Z ana, by first\n"
                "2026-01-05T09:00Z bo, by second, override 1\n"
                "2026-01-05T10:00Z ana, by first\n");
}

/* Each is replaced in what the layers say, not in what another override says. */
static void
test_replacements_do_not_chain (void **state)
{
  g_autoptr(Watch) watch = watch_new ("UTC");

  add_layer (watch->schedule, "a", 0, "ana bo");
  change_schedule (watch, INCIDENT_OVERRIDE_KIND_REPLACE, "ana", "bo", "2026-01-05T09:00Z", "2026-01-05T10:00Z");
  change_schedule (watch, INCIDENT_OVERRIDE_KIND_REPLACE, "bo", "cy", "2026-01-05T09:00Z", "2026-01-05T10:00Z");
  assert_on_call (watch, "2026-01-05T09:00Z", "bo cy");
}

static void
test_who_replaces_a_fellow_is_there_once (void **state)
{
  g_autoptr(Watch) watch = watch_new ("UTC");

  add_layer (watch->schedule, "a", 0, "ana bo");
  change_schedule (watch, INCIDENT_OVERRIDE_KIND_REPLACE, "ana", "bo", "2026-01-05T09:00Z", "2026-01-05T10:00Z");
  assert_on_call (watch, "2026-01-05T09:30Z", "bo");
}

static Watch *
make_swap (const char *substitute, const char *taken_at)
{
  Watch *watch = watch_new ("UTC");
  IncidentRosterChange *swap;

  rotate (add_layer (watch->schedule, "daily", 0, "ana bo"), "2026-01-05T00:00", 1, INCIDENT_ROTATION_DAY);
  swap = change_schedule (watch, INCIDENT_OVERRIDE_KIND_SWAP, "ana", substitute, "2026-01-05T00:00Z", "2026-01-06T00:00Z");
  swap->added_at = at ("2026-01-02T00:00Z");
  swap->taken_at = taken_at != NULL ? at (taken_at) : INCIDENT_TIME_NONE;
  return watch;
}

static void
test_a_swap_that_nobody_took_leaves_the_giver_on (void **state)
{
  g_autoptr(Watch) watch = make_swap (NULL, NULL);

  assert_cover (watch, "2026-01-04T12:00Z", "2026-01-06T12:00Z",
                "2026-01-04T12:00Z bo, by daily\n"
                "2026-01-05T00:00Z ana, by daily\n"
                "2026-01-06T00:00Z bo, by daily\n");
}

static void
test_a_swap_that_was_taken_replaces_the_giver (void **state)
{
  g_autoptr(Watch) watch = make_swap ("cy", "2026-01-03T10:00Z");

  assert_cover (watch, "2026-01-04T12:00Z", "2026-01-06T12:00Z",
                "2026-01-04T12:00Z bo, by daily\n"
                "2026-01-05T00:00Z cy, by daily, override 1\n"
                "2026-01-06T00:00Z bo, by daily\n");
}

static void
test_a_swap_acts_when_it_is_taken (void **state)
{
  g_autoptr(Watch) watch = make_swap ("cy", "2026-01-05T10:00Z");

  assert_cover (watch, "2026-01-05T00:00Z", "2026-01-06T00:00Z",
                "2026-01-05T00:00Z ana, by daily\n"
                "2026-01-05T10:00Z cy, by daily, override 1\n");
}

/* What is left of it is an offer of its own. */
static void
test_a_part_of_a_swap_may_be_taken (void **state)
{
  g_autoptr(Watch) watch = make_swap ("cy", "2026-01-03T10:00Z");
  IncidentRosterChange *part = g_ptr_array_index (watch->roster.changes, 0);

  part->until = at ("2026-01-05T12:00Z");
  change_schedule (watch, INCIDENT_OVERRIDE_KIND_SWAP, "ana", NULL, "2026-01-05T12:00Z", "2026-01-06T00:00Z");
  assert_cover (watch, "2026-01-05T00:00Z", "2026-01-06T00:00Z",
                "2026-01-05T00:00Z cy, by daily, override 1\n"
                "2026-01-05T12:00Z ana, by daily\n");
}

static void
test_a_temporary_schedule_replaces_all_else (void **state)
{
  g_autoptr(Watch) watch = make_new_year ();
  IncidentRosterChange *change;

  change = change_schedule (watch, INCIDENT_OVERRIDE_KIND_TEMPORARY, NULL, NULL, "2018-01-01T08:15Z", "2018-01-01T08:45Z");
  add_shift (change, "baz", 0, "2018-01-01T08:25Z", "2018-01-01T08:35Z");
  assert_new_year (watch,
                   "2018-01-01T08:00Z foobar, by a\n"
                   "2018-01-01T08:15Z nobody, override 1\n"
                   "2018-01-01T08:25Z baz, override 1\n"
                   "2018-01-01T08:35Z nobody, override 1\n"
                   "2018-01-01T08:45Z foobar, by a\n");

  change_schedule (watch, INCIDENT_OVERRIDE_KIND_ADD, "eve", NULL, "2018-01-01T08:20Z", "2018-01-01T08:30Z");
  assert_on_call (watch, "2018-01-01T08:20Z", "");
  assert_on_call (watch, "2018-01-01T08:25Z", "baz");
}

static void
test_shifts_of_a_temporary_schedule_end_with_it_and_may_overlap (void **state)
{
  g_autoptr(Watch) watch = make_new_year ();
  IncidentRosterChange *change;

  change = change_schedule (watch, INCIDENT_OVERRIDE_KIND_TEMPORARY, NULL, NULL, "2018-01-01T08:15Z", "2018-01-01T08:45Z");
  add_shift (change, "baz", 0, "2018-01-01T07:00Z", "2018-01-01T09:00Z");
  add_shift (change, "ana", 0, "2018-01-01T08:30Z", "2018-01-01T09:00Z");
  assert_new_year (watch,
                   "2018-01-01T08:00Z foobar, by a\n"
                   "2018-01-01T08:15Z baz, override 1\n"
                   "2018-01-01T08:30Z baz ana, override 1\n"
                   "2018-01-01T08:45Z foobar, by a\n");
}

static void
test_a_feed_is_layers_of_its_own (void **state)
{
  g_autoptr(Watch) watch = watch_new ("UTC");
  IncidentRosterChange *feed;

  add_layer (watch->schedule, "base", 1, "ana");
  feed = change_schedule (watch, INCIDENT_OVERRIDE_KIND_FEED, NULL, NULL, "2026-01-01T00:00Z", "2026-02-01T00:00Z");
  add_shift (feed, "low", 0, "2026-01-05T00:00Z", "2026-01-06T00:00Z");
  add_shift (feed, "even", 1, "2026-01-05T06:00Z", "2026-01-05T12:00Z");
  add_shift (feed, "high", 3, "2026-01-05T10:00Z", "2026-01-05T14:00Z");
  add_shift (feed, NULL, 4, "2026-01-05T10:00Z", "2026-01-05T23:00Z");
  assert_cover (watch, "2026-01-05T00:00Z", "2026-01-06T00:00Z",
                "2026-01-05T00:00Z ana, by base\n"
                "2026-01-05T06:00Z ana even, by base, override 1\n"
                "2026-01-05T10:00Z high, override 1\n"
                "2026-01-05T14:00Z ana, by base\n");

  change_schedule (watch, INCIDENT_OVERRIDE_KIND_REPLACE, "high", "sub", "2026-01-05T13:00Z", "2026-01-05T14:00Z");
  assert_cover (watch, "2026-01-05T12:00Z", "2026-01-05T14:00Z",
                "2026-01-05T12:00Z high, override 1\n"
                "2026-01-05T13:00Z sub, override 2\n");
}

static void
test_an_override_counts_for_no_minute_before_it_was_made (void **state)
{
  g_autoptr(Watch) watch = make_new_year ();
  IncidentRosterChange *change;

  change = change_schedule (watch, INCIDENT_OVERRIDE_KIND_REPLACE, "foobar", "ana", "2018-01-01T08:00Z", "2018-01-01T09:00Z");
  change->added_at = at ("2018-01-01T08:20Z");
  assert_new_year (watch,
                   "2018-01-01T08:00Z foobar, by a\n"
                   "2018-01-01T08:20Z ana, by a, override 1\n");
}

static void
test_an_override_that_is_withdrawn_does_not_rewrite_the_past (void **state)
{
  g_autoptr(Watch) watch = make_new_year ();
  IncidentRosterChange *change;

  change = change_schedule (watch, INCIDENT_OVERRIDE_KIND_REPLACE, "foobar", "ana", "2018-01-01T08:00Z", "2018-01-01T09:00Z");
  change->withdrawn_at = at ("2018-01-01T08:40Z");
  assert_new_year (watch,
                   "2018-01-01T08:00Z ana, by a, override 1\n"
                   "2018-01-01T08:40Z foobar, by a\n");
  change->withdrawn_at = at ("2017-12-31T00:00Z");
  assert_new_year (watch, "2018-01-01T08:00Z foobar, by a\n");
  change->withdrawn_at = at ("2018-02-01T00:00Z");
  assert_new_year (watch, "2018-01-01T08:00Z ana, by a, override 1\n");
}

static void
test_a_temporary_schedule_that_is_withdrawn_does_not_rewrite_the_past (void **state)
{
  g_autoptr(Watch) watch = make_new_year ();
  IncidentRosterChange *change;

  change = change_schedule (watch, INCIDENT_OVERRIDE_KIND_TEMPORARY, NULL, NULL, "2018-01-01T08:00Z", "2018-01-01T09:00Z");
  add_shift (change, "baz", 0, "2018-01-01T08:00Z", "2018-01-01T09:00Z");
  change->added_at = at ("2018-01-01T08:10Z");
  change->withdrawn_at = at ("2018-01-01T08:40Z");
  assert_new_year (watch,
                   "2018-01-01T08:00Z foobar, by a\n"
                   "2018-01-01T08:10Z baz, override 1\n"
                   "2018-01-01T08:40Z foobar, by a\n");
}

static void
test_another_playbook_does_not_rewrite_the_past (void **state)
{
  g_autoptr(Watch) watch = make_new_year ();
  g_autoptr(IncidentRules) before = incident_rules_new (incident_lifecycle_get_default ());

  add_layer (add_schedule (before, "s", "UTC"), "old", 0, "zoe");
  watch_add_base (watch, G_MININT64, before);
  watch_add_base (watch, at ("2018-01-01T08:30Z"), watch->rules);
  assert_new_year (watch,
                   "2018-01-01T08:00Z zoe, by old\n"
                   "2018-01-01T08:30Z foobar, by a\n");
  assert_on_call (watch, "2018-01-01T08:29Z", "zoe");
  assert_on_call (watch, "2018-01-01T08:30Z", "foobar");
  assert_on_call (watch, "2018-01-01T10:00Z", "");
}

/* Those that are known first hold for all time before them. */
static void
test_rules_that_are_not_known_any_more_are_those_after_them (void **state)
{
  g_autoptr(Watch) watch = make_new_year ();
  g_autoptr(IncidentRules) second = incident_rules_new (incident_lifecycle_get_default ());

  add_layer (add_schedule (second, "s", "UTC"), "second", 0, "zoe");
  watch_add_base (watch, at ("2018-01-01T08:10Z"), NULL);
  watch_add_base (watch, at ("2018-01-01T08:20Z"), second);
  watch_add_base (watch, at ("2018-01-01T08:30Z"), NULL);
  watch_add_base (watch, at ("2018-01-01T08:40Z"), watch->rules);
  assert_new_year (watch,
                   "2018-01-01T08:00Z zoe, by second\n"
                   "2018-01-01T08:30Z foobar, by a\n");
}

static void
test_a_schedule_that_is_new_had_nobody_before (void **state)
{
  g_autoptr(Watch) watch = make_new_year ();
  g_autoptr(IncidentRules) before = incident_rules_new (incident_lifecycle_get_default ());
  g_autoptr(GPtrArray) people = g_ptr_array_new ();

  watch_add_base (watch, G_MININT64, before);
  watch_add_base (watch, at ("2018-01-01T08:30Z"), watch->rules);
  assert_new_year (watch,
                   "2018-01-01T08:00Z nobody\n"
                   "2018-01-01T08:30Z foobar, by a\n");
  assert_false (incident_roster_get_on_call (&watch->roster, "s", at ("2018-01-01T08:00Z"), people));
}

static void
test_gaps_that_are_meant_are_told_apart (void **state)
{
  g_autoptr(Watch) watch = watch_new ("Europe/Madrid");

  add_restriction (add_layer (watch->schedule, "office", 0, "ana")->restrictions, WORKDAYS, "09:00", "17:00");
  add_restriction (watch->schedule->wanted_gaps, "sa su", "00:00", "00:00");
  assert_cover (watch, "2026-01-09T12:00Z", "2026-01-12T12:00Z",
                "2026-01-09T12:00Z ana, by office\n"
                "2026-01-09T16:00Z nobody\n"
                "2026-01-09T23:00Z nobody, meant\n"
                "2026-01-11T23:00Z nobody\n"
                "2026-01-12T08:00Z ana, by office\n");
  change_schedule (watch, INCIDENT_OVERRIDE_KIND_ADD, "bo", NULL, "2026-01-10T00:00Z", "2026-01-12T12:00Z");
  assert_cover (watch, "2026-01-09T23:00Z", "2026-01-11T23:30Z",
                "2026-01-09T23:00Z nobody, meant\n"
                "2026-01-10T00:00Z bo, override 1\n");
}

static void
assert_next (Watch *watch, const char *time, const char *expected)
{
  gint64 next = incident_roster_next_change (&watch->roster, "s", at (time));

  if (expected == NULL)
    assert_true (next == G_MAXINT64);
  else
    assert_time (next, expected);
}

static void
test_somebody_is_on_call_in_the_first_and_the_last_moment (void **state)
{
  g_autoptr(Watch) watch = watch_new ("Europe/Madrid");
  g_autoptr(GPtrArray) people = g_ptr_array_new ();

  add_layer (watch->schedule, "all", 0, "ana");
  assert_true (incident_roster_get_on_call (&watch->roster, "s", G_MININT64, people));
  assert_true (incident_roster_get_on_call (&watch->roster, "s", G_MAXINT64, people));
  assert_int_equal (people->len, 2);
}

/* Who waits for somebody on call by it, waits for nobody. */
static void
test_nobody_is_next_where_the_schedule_is_gone (void **state)
{
  g_autoptr(Watch) watch = watch_new ("UTC");
  g_autoptr(IncidentRules) after = incident_rules_new (incident_lifecycle_get_default ());

  add_restriction (add_layer (watch->schedule, "office", 0, "ana")->restrictions, WORKDAYS, "09:00", "17:00");
  watch_add_base (watch, G_MININT64, watch->rules);
  watch_add_base (watch, at ("2026-01-10T12:00Z"), after);
  watch->roster.rules = after;
  assert_next (watch, "2026-01-09T12:00Z", "2026-01-09T17:00Z");
  assert_next (watch, "2026-01-10T08:00Z", NULL);
}

static void
test_the_next_change_is_when_others_are_on_call (void **state)
{
  g_autoptr(Watch) watch = watch_new ("Europe/Madrid");

  rotate (add_layer (watch->schedule, "weekly", 0, "ana ana bo"), "2026-01-05T09:00", 1, INCIDENT_ROTATION_WEEK);
  assert_next (watch, "2026-01-04T00:00Z", "2026-01-05T08:00Z");
  assert_next (watch, "2026-01-05T08:00Z", "2026-01-19T08:00Z");
  change_schedule (watch, INCIDENT_OVERRIDE_KIND_ADD, "cy", NULL, "2026-01-12T00:00Z", "2026-01-13T00:00Z");
  assert_next (watch, "2026-01-05T08:00Z", "2026-01-12T00:00Z");
  assert_next (watch, "2026-01-12T00:00Z", "2026-01-13T00:00Z");
}

static void
test_the_next_change_may_never_come (void **state)
{
  g_autoptr(Watch) watch = watch_new ("Europe/Madrid");

  rotate (add_layer (watch->schedule, "always", 0, "ana"), "2026-01-05T09:00", 1, INCIDENT_ROTATION_HOUR);
  assert_next (watch, "2026-01-04T00:00Z", NULL);
}

static void
test_the_next_change_may_be_years_ahead (void **state)
{
  g_autoptr(Watch) watch = watch_new ("Europe/Madrid");
  IncidentLayer *layer = add_layer (watch->schedule, "always", 0, "ana");
  IncidentRosterChange *feed;

  change_schedule (watch, INCIDENT_OVERRIDE_KIND_ADD, "bo", NULL, "2033-01-12T00:00Z", "2033-01-13T00:00Z");
  assert_next (watch, "2026-01-04T00:00Z", "2033-01-12T00:00Z");
  feed = change_schedule (watch, INCIDENT_OVERRIDE_KIND_FEED, NULL, NULL, "2020-01-12T00:00Z", "2040-01-13T00:00Z");
  add_shift (feed, "cy", 0, "2032-01-12T00:00Z", "2032-01-13T00:00Z");
  assert_next (watch, "2026-01-04T00:00Z", "2032-01-12T00:00Z");
  layer->until = at ("2031-01-12T00:00Z");
  assert_next (watch, "2026-01-04T00:00Z", "2031-01-12T00:00Z");
}

/* It is not looked for for ever: one may look again then. */
static void
test_a_next_change_that_is_far_is_told_too_early_and_never_too_late (void **state)
{
  g_autoptr(Watch) watch = watch_new ("UTC");
  gint64 now = at ("2026-01-04T00:00Z");
  gint64 next;

  rotate (add_layer (watch->schedule, "slow", 0, "ana bo"), "2026-01-01T00:00", 24, INCIDENT_ROTATION_MONTH);
  next = incident_roster_next_change (&watch->roster, "s", now);
  assert_true (next > now + 365 * G_TIME_SPAN_DAY && next <= at ("2028-01-01T00:00Z"));
  assert_next (watch, "2027-06-01T00:00Z", "2028-01-01T00:00Z");
}

static void
test_a_shift_tells_what_it_is_made_of (void **state)
{
  g_autoptr(Watch) watch = make_new_year ();
  g_autoptr(GArray) spans = NULL;
  g_autoptr(IncidentShift) shift = NULL;
  g_autoptr(IncidentShift) gap = NULL;

  add_restriction (watch->schedule->wanted_gaps, EVERY_DAY, "00:00", "08:00");
  change_schedule (watch, INCIDENT_OVERRIDE_KIND_REPLACE, "foobar", "ana", "2018-01-01T08:00Z", "2018-01-01T09:00Z");
  spans = incident_roster_cover (&watch->roster, "s", at ("2018-01-01T07:00Z"), at ("2018-01-01T09:00Z"));
  assert_int_equal (spans->len, 2);
  gap = incident_shift_new (&g_array_index (spans, IncidentSpan, 0));
  shift = incident_shift_new (&g_array_index (spans, IncidentSpan, 1));

  assert_time (incident_shift_get_from (shift), "2018-01-01T08:00Z");
  assert_time (incident_shift_get_until (shift), "2018-01-01T09:00Z");
  assert_string_equal (incident_shift_get_people (shift)[0], "ana");
  assert_null (incident_shift_get_people (shift)[1]);
  assert_string_equal (incident_shift_get_layer (shift), "a");
  assert_int_equal (incident_shift_get_override (shift), 1);
  assert_true (incident_shift_get_covered (shift));
  assert_false (incident_shift_get_wanted_gap (shift));

  assert_null (incident_shift_get_people (gap)[0]);
  assert_null (incident_shift_get_layer (gap));
  assert_int_equal (incident_shift_get_override (gap), 0);
  assert_false (incident_shift_get_covered (gap));
  assert_true (incident_shift_get_wanted_gap (gap));
}

int
main (void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test (test_nobody_is_next_where_the_schedule_is_gone),
    cmocka_unit_test (test_somebody_is_on_call_in_the_first_and_the_last_moment),
    cmocka_unit_test (test_without_layers_nobody_is_on_call),
    cmocka_unit_test (test_a_schedule_that_there_is_not_is_told),
    cmocka_unit_test (test_a_week_goes_from_hand_to_hand),
    cmocka_unit_test (test_the_layer_of_the_greatest_priority_wins_while_it_has_somebody),
    cmocka_unit_test (test_equal_priorities_add_up_each_person_once),
    cmocka_unit_test (test_the_sun_is_followed),
    cmocka_unit_test (test_a_replacement_is_there_where_somebody_would_have_been),
    cmocka_unit_test (test_who_is_added_is_on_in_any_case),
    cmocka_unit_test (test_adding_who_is_on_changes_nothing),
    cmocka_unit_test (test_who_is_removed_is_not_on),
    cmocka_unit_test (test_overrides_of_each_kind_act_together),
    cmocka_unit_test (test_where_somebody_is_removed_the_next_layer_comes_through),
    cmocka_unit_test (test_replacements_do_not_chain),
    cmocka_unit_test (test_who_replaces_a_fellow_is_there_once),
    cmocka_unit_test (test_a_swap_that_nobody_took_leaves_the_giver_on),
    cmocka_unit_test (test_a_swap_that_was_taken_replaces_the_giver),
    cmocka_unit_test (test_a_swap_acts_when_it_is_taken),
    cmocka_unit_test (test_a_part_of_a_swap_may_be_taken),
    cmocka_unit_test (test_a_temporary_schedule_replaces_all_else),
    cmocka_unit_test (test_shifts_of_a_temporary_schedule_end_with_it_and_may_overlap),
    cmocka_unit_test (test_a_feed_is_layers_of_its_own),
    cmocka_unit_test (test_an_override_counts_for_no_minute_before_it_was_made),
    cmocka_unit_test (test_an_override_that_is_withdrawn_does_not_rewrite_the_past),
    cmocka_unit_test (test_a_temporary_schedule_that_is_withdrawn_does_not_rewrite_the_past),
    cmocka_unit_test (test_another_playbook_does_not_rewrite_the_past),
    cmocka_unit_test (test_rules_that_are_not_known_any_more_are_those_after_them),
    cmocka_unit_test (test_a_schedule_that_is_new_had_nobody_before),
    cmocka_unit_test (test_gaps_that_are_meant_are_told_apart),
    cmocka_unit_test (test_the_next_change_is_when_others_are_on_call),
    cmocka_unit_test (test_the_next_change_may_never_come),
    cmocka_unit_test (test_the_next_change_may_be_years_ahead),
    cmocka_unit_test (test_a_next_change_that_is_far_is_told_too_early_and_never_too_late),
    cmocka_unit_test (test_a_shift_tells_what_it_is_made_of),
  };

  return cmocka_run_group_tests (tests, NULL, NULL);
}
