/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "oncall-test.h"

/* What is on and off in July 2017, and that a start is the first and an end the last of a time that comes twice, is
 * what GoAlert's own tests expect. */

static void
assert_stretches (const char *zone, const char *days, const char *from, const char *until, const char *first, const char *end,
                  const char *expected)
{
  g_autoptr(GArray) restrictions = g_array_new (FALSE, FALSE, sizeof (IncidentRestriction));
  g_autoptr(GArray) stretches = g_array_new (FALSE, FALSE, sizeof (IncidentStretch));
  g_autoptr(GString) found = g_string_new (NULL);
  g_auto(IncidentWallClock) clock = { NULL };

  add_restriction (restrictions, days, from, until);
  clock_init (&clock, zone, first, end);
  incident_restrictions_list (restrictions, &clock, at (first), at (end), stretches);
  for (guint i = 0; i < stretches->len; i++)
    {
      const IncidentStretch *stretch = &g_array_index (stretches, IncidentStretch, i);
      g_autofree char *one = show (stretch->from);
      g_autofree char *other = show (stretch->until);

      g_string_append_printf (found, "%s %s\n", one, other);
    }
  assert_string_equal (found->str, expected);
}

static void
assert_july (const char *days, const char *from, const char *until, const char *expected)
{
  assert_stretches ("UTC", days, from, until, "2017-07-20T00:00Z", "2017-08-01T00:00Z", expected);
}

static void
test_a_day_of_the_week_comes_each_week (void **state)
{
  assert_july ("mo", "08:00", "20:00", "2017-07-24T08:00Z 2017-07-24T20:00Z\n2017-07-31T08:00Z 2017-07-31T20:00Z\n");
}

static void
test_a_night_ends_on_the_next_day (void **state)
{
  assert_july ("mo", "20:00", "08:00", "2017-07-24T20:00Z 2017-07-25T08:00Z\n2017-07-31T20:00Z 2017-08-01T00:00Z\n");
}

static void
test_each_working_day_is_one (void **state)
{
  assert_july (WORKDAYS, "08:00", "20:00",
               "2017-07-20T08:00Z 2017-07-20T20:00Z\n"
               "2017-07-21T08:00Z 2017-07-21T20:00Z\n"
               "2017-07-24T08:00Z 2017-07-24T20:00Z\n"
               "2017-07-25T08:00Z 2017-07-25T20:00Z\n"
               "2017-07-26T08:00Z 2017-07-26T20:00Z\n"
               "2017-07-27T08:00Z 2017-07-27T20:00Z\n"
               "2017-07-28T08:00Z 2017-07-28T20:00Z\n"
               "2017-07-31T08:00Z 2017-07-31T20:00Z\n");
}

static void
test_whole_days_that_touch_are_one (void **state)
{
  assert_july (WORKDAYS, "08:00", "08:00",
               "2017-07-20T00:00Z 2017-07-22T08:00Z\n"
               "2017-07-24T08:00Z 2017-07-29T08:00Z\n"
               "2017-07-31T08:00Z 2017-08-01T00:00Z\n");
  assert_july (EVERY_DAY, "00:00", "00:00", "2017-07-20T00:00Z 2017-08-01T00:00Z\n");
  assert_july ("mo tu", "00:00", "24:00", "2017-07-24T00:00Z 2017-07-26T00:00Z\n2017-07-31T00:00Z 2017-08-01T00:00Z\n");
}

static void
test_no_day_is_never (void **state)
{
  assert_july ("", "08:00", "20:00", "");
}

static void
test_an_occurrence_in_a_gap_is_empty (void **state)
{
  assert_stretches ("America/Chicago", "su", "02:00", "03:00", "2018-03-10T00:00Z", "2018-03-19T00:00Z",
                    "2018-03-18T07:00Z 2018-03-18T08:00Z\n");
  assert_stretches ("America/Chicago", "su", "02:15", "02:45", "2018-03-10T00:00Z", "2018-03-13T00:00Z", "");
}

static void
test_an_occurrence_that_a_gap_cuts_is_shorter (void **state)
{
  assert_stretches ("America/Chicago", "su", "01:30", "02:30", "2018-03-10T00:00Z", "2018-03-13T00:00Z",
                    "2018-03-11T07:30Z 2018-03-11T08:00Z\n");
  assert_stretches ("America/Chicago", "su", "02:30", "04:00", "2018-03-10T00:00Z", "2018-03-13T00:00Z",
                    "2018-03-11T08:00Z 2018-03-11T09:00Z\n");
}

static void
test_a_start_is_the_first_and_an_end_the_last_of_a_time_that_comes_twice (void **state)
{
  assert_stretches ("America/Chicago", "su", "01:30", "01:45", "2018-11-03T00:00Z", "2018-11-06T00:00Z",
                    "2018-11-04T06:30Z 2018-11-04T07:45Z\n");
  assert_stretches ("America/Chicago", "su", "00:00", "01:00", "2018-11-03T00:00Z", "2018-11-06T00:00Z",
                    "2018-11-04T05:00Z 2018-11-04T07:00Z\n");
  assert_stretches ("America/Chicago", "su", "01:00", "02:00", "2018-11-03T00:00Z", "2018-11-06T00:00Z",
                    "2018-11-04T06:00Z 2018-11-04T08:00Z\n");
}

static void
test_whole_days_are_one_when_midnight_is_set (void **state)
{
  static const char * const days[][3] = {
    { "Asia/Beirut", "2020-03-25T00:00Z", "2020-04-02T00:00Z" },
    { "Asia/Beirut", "2020-10-20T00:00Z", "2020-10-30T00:00Z" },
    { "Africa/Cairo", "2023-04-25T00:00Z", "2023-05-02T00:00Z" },
    { "America/Sao_Paulo", "2018-02-15T00:00Z", "2018-02-20T00:00Z" },
    { "America/Havana", "2020-03-05T00:00Z", "2020-03-10T00:00Z" },
    { "America/Havana", "2020-10-28T00:00Z", "2020-11-05T00:00Z" },
    { "America/St_Johns", "2010-11-05T00:00Z", "2010-11-09T00:00Z" },
    { "Pacific/Apia", "2011-12-28T00:00Z", "2012-01-02T00:00Z" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (days); i++)
    {
      g_autofree char *all = g_strdup_printf ("%s %s\n", days[i][1], days[i][2]);

      assert_stretches (days[i][0], EVERY_DAY, "00:00", "24:00", days[i][1], days[i][2], all);
    }
}

/* 2020-11-01 in Havana was a Sunday, and at one o’clock midnight came again. */
static void
test_a_day_lasts_until_its_midnight_has_come_for_good (void **state)
{
  assert_stretches ("America/Havana", "sa", "00:00", "24:00", "2020-10-30T00:00Z", "2020-11-03T00:00Z",
                    "2020-10-31T04:00Z 2020-11-01T05:00Z\n");
  assert_stretches ("America/Havana", "su", "00:00", "24:00", "2020-10-30T00:00Z", "2020-11-03T00:00Z",
                    "2020-11-01T04:00Z 2020-11-02T05:00Z\n");
  assert_stretches ("Asia/Beirut", "sa", "00:00", "24:00", "2020-10-22T00:00Z", "2020-10-27T00:00Z",
                    "2020-10-23T21:00Z 2020-10-24T22:00Z\n");
}

/* The 30th of December 2011 would have been a Friday. */
static void
test_a_day_that_is_skipped_has_no_hours (void **state)
{
  assert_stretches ("Pacific/Apia", "fr", "00:00", "24:00", "2011-12-26T00:00Z", "2012-01-05T00:00Z", "");
  assert_stretches ("Pacific/Apia", "th", "20:00", "08:00", "2011-12-26T00:00Z", "2012-01-05T00:00Z",
                    "2011-12-30T06:00Z 2011-12-30T10:00Z\n");
}

static void
test_what_has_begun_is_cut_to_what_is_asked_for (void **state)
{
  assert_stretches ("Europe/Madrid", "mo", "22:00", "21:00", "2026-01-06T12:00Z", "2026-01-06T13:00Z",
                    "2026-01-06T12:00Z 2026-01-06T13:00Z\n");
}

static void
assert_turns (IncidentLayer *layer, const char *from, const char *until, const char *expected)
{
  g_autoptr(GArray) turns = g_array_new (FALSE, FALSE, sizeof (IncidentTurn));
  g_autoptr(GString) found = g_string_new (NULL);

  incident_layer_list_turns (layer, at (from), at (until), turns);
  for (guint i = 0; i < turns->len; i++)
    {
      const IncidentTurn *turn = &g_array_index (turns, IncidentTurn, i);
      g_autofree char *one = show (turn->from);
      g_autofree char *other = show (turn->until);

      g_string_append_printf (found, "%s %s %s\n", one, other,
                              turn->person == INCIDENT_EVERYBODY ? "*" : (char *) g_ptr_array_index (layer->people, turn->person));
    }
  assert_string_equal (found->str, expected);
}

static void
test_a_rotation_goes_on_while_nobody_is_on (void **state)
{
  g_autoptr(Watch) watch = watch_new ("Europe/Amsterdam");
  IncidentLayer *layer = add_layer (watch->schedule, "a", 0, "u0 u1 u2 u3 u4 u5 u6 u7");

  rotate (layer, "2026-02-01T09:00", 1, INCIDENT_ROTATION_DAY);
  add_restriction (layer->restrictions, WORKDAYS, "09:00", "17:00");
  assert_turns (layer, "2026-02-05T00:00Z", "2026-02-11T00:00Z",
                "2026-02-05T08:00Z 2026-02-05T16:00Z u4\n"
                "2026-02-06T08:00Z 2026-02-06T16:00Z u5\n"
                "2026-02-09T08:00Z 2026-02-09T16:00Z u0\n"
                "2026-02-10T08:00Z 2026-02-10T16:00Z u1\n");
}

static void
test_a_holiday_is_off_from_midnight_to_midnight (void **state)
{
  g_autoptr(Watch) watch = watch_new ("Europe/Madrid");
  IncidentLayer *layer = add_layer (watch->schedule, "nights", 0, "ana");

  add_restriction (layer->restrictions, EVERY_DAY, "22:00", "06:00");
  layer->off = add_holiday (watch->rules, "2026-12-25");
  assert_turns (layer, "2026-12-24T12:00Z", "2026-12-26T12:00Z",
                "2026-12-24T21:00Z 2026-12-24T23:00Z *\n"
                "2026-12-25T23:00Z 2026-12-26T05:00Z *\n");
}

/* A minute is off by what the clock shows: the first half past midnight is Sunday's, and it comes once more. */
static void
test_a_holiday_is_what_the_clock_shows (void **state)
{
  g_autoptr(Watch) watch = watch_new ("America/Havana");
  IncidentLayer *layer = add_layer (watch->schedule, "all", 0, "ana");

  layer->off = add_holiday (watch->rules, "2020-10-31");
  assert_turns (layer, "2020-10-30T12:00Z", "2020-11-02T00:00Z",
                "2020-10-30T12:00Z 2020-10-31T04:00Z *\n"
                "2020-11-01T04:00Z 2020-11-02T00:00Z *\n");

  set_zone (layer, "Pacific/Apia");
  ((IncidentHoliday *) (gpointer) layer->off->days->data)->day = (gint32) (wall ("2011-12-30T00:00") / INCIDENT_MINUTES_A_DAY);
  assert_turns (layer, "2011-12-29T00:00Z", "2012-01-02T00:00Z", "2011-12-29T00:00Z 2012-01-02T00:00Z *\n");
}

/* The day before it had a minute of it. */
static void
test_a_holiday_may_come_in_two_parts (void **state)
{
  g_autoptr(Watch) watch = watch_new ("America/St_Johns");
  IncidentLayer *layer = add_layer (watch->schedule, "all", 0, "ana");

  layer->off = add_holiday (watch->rules, "2010-11-07");
  assert_turns (layer, "2010-11-06T12:00Z", "2010-11-09T00:00Z",
                "2010-11-06T12:00Z 2010-11-07T02:30Z *\n"
                "2010-11-07T02:31Z 2010-11-07T03:30Z *\n"
                "2010-11-08T03:30Z 2010-11-09T00:00Z *\n");
}

static void
test_a_layer_has_bounds (void **state)
{
  g_autoptr(Watch) watch = watch_new ("UTC");
  IncidentLayer *layer = add_layer (watch->schedule, "summer", 0, "ana bo");

  rotate (layer, "2026-06-01T09:00", 1, INCIDENT_ROTATION_DAY);
  layer->from = at ("2026-06-01T00:00Z");
  layer->until = at ("2026-06-02T12:00Z");
  assert_turns (layer, "2026-05-01T00:00Z", "2026-07-01T00:00Z",
                "2026-06-01T00:00Z 2026-06-01T09:00Z bo\n"
                "2026-06-01T09:00Z 2026-06-02T09:00Z ana\n"
                "2026-06-02T09:00Z 2026-06-02T12:00Z bo\n");
  assert_turns (layer, "2026-07-01T00:00Z", "2026-08-01T00:00Z", "");
}

static void
test_a_turn_that_goes_on_is_one (void **state)
{
  g_autoptr(Watch) watch = watch_new ("UTC");
  IncidentLayer *alone = add_layer (watch->schedule, "alone", 0, "ana");

  rotate (alone, "2026-06-01T09:00", 1, INCIDENT_ROTATION_DAY);
  assert_turns (alone, "2026-06-01T00:00Z", "2026-06-05T00:00Z", "2026-06-01T00:00Z 2026-06-05T00:00Z *\n");
}

int
main (void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test (test_a_day_of_the_week_comes_each_week),
    cmocka_unit_test (test_a_night_ends_on_the_next_day),
    cmocka_unit_test (test_each_working_day_is_one),
    cmocka_unit_test (test_whole_days_that_touch_are_one),
    cmocka_unit_test (test_no_day_is_never),
    cmocka_unit_test (test_an_occurrence_in_a_gap_is_empty),
    cmocka_unit_test (test_an_occurrence_that_a_gap_cuts_is_shorter),
    cmocka_unit_test (test_a_start_is_the_first_and_an_end_the_last_of_a_time_that_comes_twice),
    cmocka_unit_test (test_whole_days_are_one_when_midnight_is_set),
    cmocka_unit_test (test_a_day_lasts_until_its_midnight_has_come_for_good),
    cmocka_unit_test (test_a_day_that_is_skipped_has_no_hours),
    cmocka_unit_test (test_what_has_begun_is_cut_to_what_is_asked_for),
    cmocka_unit_test (test_a_rotation_goes_on_while_nobody_is_on),
    cmocka_unit_test (test_a_holiday_is_off_from_midnight_to_midnight),
    cmocka_unit_test (test_a_holiday_is_what_the_clock_shows),
    cmocka_unit_test (test_a_holiday_may_come_in_two_parts),
    cmocka_unit_test (test_a_layer_has_bounds),
    cmocka_unit_test (test_a_turn_that_goes_on_is_one),
  };

  return cmocka_run_group_tests (tests, NULL, NULL);
}
