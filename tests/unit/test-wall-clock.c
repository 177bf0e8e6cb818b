/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "oncall-test.h"

/* What clocks show in Chicago is what GoAlert's own tests expect of it. */

static void
assert_shown (const char *zone, const char *time, const char *first, const char *last)
{
  g_auto(IncidentWallClock) clock = { NULL };

  clock_init (&clock, zone, first, last);
  assert_time (incident_wall_clock_find_first (&clock, wall (time)), first);
  assert_time (incident_wall_clock_find_last (&clock, wall (time)), last);
}

static void
assert_shown_once (const char *zone, const char *time, const char *expected)
{
  assert_shown (zone, time, expected, expected);
}

static void
assert_furthest (const char *zone, const char *time, const char *expected)
{
  g_auto(IncidentWallClock) clock = { NULL };

  clock_init (&clock, zone, time, time);
  assert_int_equal (incident_wall_clock_read_furthest (&clock, at (time)), wall (expected));
}

static void
test_on_most_days_a_time_is_shown_once (void **state)
{
  assert_shown_once ("America/Chicago", "2018-03-09T01:00", "2018-03-09T01:00-06:00");
  assert_shown_once ("America/Chicago", "2018-03-11T01:00", "2018-03-11T01:00-06:00");
  assert_shown_once ("America/Chicago", "2018-03-11T01:30", "2018-03-11T01:30-06:00");
  assert_shown_once ("America/Chicago", "2018-03-11T03:30", "2018-03-11T03:30-05:00");
  assert_shown_once ("UTC", "2018-03-09T01:00", "2018-03-09T01:00Z");
}

static void
test_a_time_that_is_left_out_is_the_first_one_after_it (void **state)
{
  assert_shown_once ("America/Chicago", "2018-03-11T02:00", "2018-03-11T03:00-05:00");
  assert_shown_once ("America/Chicago", "2018-03-11T02:30", "2018-03-11T03:00-05:00");
  assert_shown_once ("America/Chicago", "2018-03-11T03:00", "2018-03-11T03:00-05:00");
}

static void
test_a_time_that_comes_twice_has_a_first_and_a_last (void **state)
{
  assert_shown_once ("America/Chicago", "2018-11-04T00:30", "2018-11-04T00:30-05:00");
  assert_shown ("America/Chicago", "2018-11-04T01:00", "2018-11-04T01:00-05:00", "2018-11-04T01:00-06:00");
  assert_shown ("America/Chicago", "2018-11-04T01:30", "2018-11-04T01:30-05:00", "2018-11-04T01:30-06:00");
  assert_shown_once ("America/Chicago", "2018-11-04T02:00", "2018-11-04T02:00-06:00");
  assert_shown_once ("America/Chicago", "2018-11-04T02:30", "2018-11-04T02:30-06:00");
}

/* It says that its winter is the time that is set. */
static void
test_dublin_is_as_others (void **state)
{
  assert_shown_once ("Europe/Dublin", "2021-03-28T01:30", "2021-03-28T01:00Z");
  assert_shown ("Europe/Dublin", "2021-10-31T01:30", "2021-10-31T00:30Z", "2021-10-31T01:30Z");
}

static void
test_lord_howe_is_set_by_half_an_hour (void **state)
{
  assert_shown_once ("Australia/Lord_Howe", "2020-10-04T02:15", "2020-10-04T02:30+11:00");
  assert_shown ("Australia/Lord_Howe", "2021-04-04T01:45", "2021-04-04T01:45+11:00", "2021-04-04T01:45+10:30");
  assert_shown_once ("Australia/Lord_Howe", "2021-04-04T02:00", "2021-04-04T02:00+10:30");
}

static void
test_a_day_that_is_skipped_is_the_beginning_of_the_next (void **state)
{
  assert_shown_once ("Pacific/Apia", "2011-12-29T23:59", "2011-12-29T23:59-10:00");
  assert_shown_once ("Pacific/Apia", "2011-12-30T00:00", "2011-12-31T00:00+14:00");
  assert_shown_once ("Pacific/Apia", "2011-12-30T12:00", "2011-12-31T00:00+14:00");
  assert_shown_once ("Pacific/Apia", "2011-12-31T00:00", "2011-12-31T00:00+14:00");
  assert_shown_once ("Pacific/Kwajalein", "1993-08-21T12:00", "1993-08-22T00:00+12:00");
}

static void
test_midnight_may_be_left_out (void **state)
{
  assert_shown_once ("Asia/Beirut", "2020-03-29T00:00", "2020-03-29T01:00+03:00");
  assert_shown_once ("Africa/Cairo", "2023-04-28T00:00", "2023-04-28T01:00+03:00");
  assert_shown_once ("America/Sao_Paulo", "2017-10-15T00:00", "2017-10-15T01:00-02:00");
  assert_shown_once ("America/Havana", "2020-03-08T00:00", "2020-03-08T01:00-04:00");
}

static void
test_midnight_may_come_twice (void **state)
{
  assert_shown ("America/Havana", "2020-11-01T00:00", "2020-11-01T00:00-04:00", "2020-11-01T00:00-05:00");
  assert_shown ("Asia/Beirut", "2020-10-24T23:00", "2020-10-24T23:00+03:00", "2020-10-24T23:00+02:00");
  assert_shown_once ("Asia/Beirut", "2020-10-25T00:00", "2020-10-25T00:00+02:00");
  assert_shown ("Africa/Cairo", "2023-10-26T23:30", "2023-10-26T23:30+03:00", "2023-10-26T23:30+02:00");
  assert_shown ("America/Sao_Paulo", "2018-02-17T23:59", "2018-02-17T23:59-02:00", "2018-02-17T23:59-03:00");
}

/* Until 2011 Newfoundland was set at a minute past midnight. */
static void
test_a_minute_of_a_day_may_come_before_the_day_before_ends (void **state)
{
  assert_shown ("America/St_Johns", "2010-11-07T00:00", "2010-11-07T00:00-02:30", "2010-11-07T00:00-03:30");
  assert_shown ("America/St_Johns", "2010-11-06T23:30", "2010-11-06T23:30-02:30", "2010-11-06T23:30-03:30");
}

static void
test_a_clock_reads_minutes_that_have_begun (void **state)
{
  g_auto(IncidentWallClock) clock = { NULL };

  clock_init (&clock, "Asia/Kathmandu", "2026-01-05T00:00Z", "2026-01-05T00:00Z");
  assert_int_equal (incident_wall_clock_read (&clock, at ("2026-01-05T00:00Z")), wall ("2026-01-05T05:45"));
  assert_int_equal (incident_wall_clock_read (&clock, at ("2026-01-05T00:00Z") - 1), wall ("2026-01-05T05:44"));
}

static void
test_the_furthest_is_kept_while_an_hour_comes_again (void **state)
{
  assert_furthest ("America/Chicago", "2018-11-04T01:59-05:00", "2018-11-04T01:59");
  assert_furthest ("America/Chicago", "2018-11-04T01:10-06:00", "2018-11-04T01:59");
  assert_furthest ("America/Chicago", "2018-11-04T02:00-06:00", "2018-11-04T02:00");
  assert_furthest ("America/Chicago", "2018-03-11T03:00-05:00", "2018-03-11T03:00");
}

/* In Liberia the clocks were 44 minutes and 30 seconds behind. */
static void
test_an_instant_is_a_whole_minute (void **state)
{
  assert_shown_once ("Africa/Monrovia", "1971-06-01T09:00", "1971-06-01T09:44Z");
}

static void
test_it_is_right_for_years (void **state)
{
  g_auto(IncidentWallClock) clock = { NULL };

  clock_init (&clock, "Europe/Madrid", "2000-01-01T00:00Z", "2036-01-01T00:00Z");
  assert_time (incident_wall_clock_find_first (&clock, wall ("2000-07-01T12:00")), "2000-07-01T12:00+02:00");
  assert_time (incident_wall_clock_find_first (&clock, wall ("2019-01-01T12:00")), "2019-01-01T12:00+01:00");
  assert_time (incident_wall_clock_find_first (&clock, wall ("2035-07-01T12:00")), "2035-07-01T12:00+02:00");
}

static void
test_there_is_time_that_cannot_be_written (void **state)
{
  g_auto(IncidentWallClock) clock = { NULL };

  clock_init (&clock, "Europe/Madrid", "9999-12-31T00:00Z", "9999-12-31T00:00Z");
  assert_true (incident_wall_clock_find_first (&clock, G_MAXINT64) == G_MAXINT64);
  assert_true (incident_wall_clock_find_last (&clock, G_MININT64) == G_MININT64);
  assert_true (incident_wall_clock_find_first (&clock, wall ("9999-12-31T00:00")) < G_MAXINT64);
}

int
main (void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test (test_on_most_days_a_time_is_shown_once),
    cmocka_unit_test (test_a_time_that_is_left_out_is_the_first_one_after_it),
    cmocka_unit_test (test_a_time_that_comes_twice_has_a_first_and_a_last),
    cmocka_unit_test (test_dublin_is_as_others),
    cmocka_unit_test (test_lord_howe_is_set_by_half_an_hour),
    cmocka_unit_test (test_a_day_that_is_skipped_is_the_beginning_of_the_next),
    cmocka_unit_test (test_midnight_may_be_left_out),
    cmocka_unit_test (test_midnight_may_come_twice),
    cmocka_unit_test (test_a_minute_of_a_day_may_come_before_the_day_before_ends),
    cmocka_unit_test (test_a_clock_reads_minutes_that_have_begun),
    cmocka_unit_test (test_the_furthest_is_kept_while_an_hour_comes_again),
    cmocka_unit_test (test_an_instant_is_a_whole_minute),
    cmocka_unit_test (test_it_is_right_for_years),
    cmocka_unit_test (test_there_is_time_that_cannot_be_written),
  };

  return cmocka_run_group_tests (tests, NULL, NULL);
}
