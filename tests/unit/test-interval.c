/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "incident-test.h"

#include "model/incident-interval-private.h"

/* Times that lie inside and outside, and ranges that are refused, are those of the tests
 * of Prometheus Alertmanager (timeinterval). */

static gint64
at (const char *text)
{
  g_autoptr(GError) error = NULL;
  gint64 time = 0;

  incident_time_from_string (text, &time, &error);
  assert_no_error (error);
  return time;
}

typedef gboolean (*Add) (IncidentIntervalSpec *spec, const char *text, char **problem);

/* “09:00-17:00” */
static gboolean
add_times (IncidentIntervalSpec *spec, const char *text, char **problem)
{
  g_auto(GStrv) parts = g_strsplit (text, "-", 2);

  return incident_interval_spec_add_time (spec, parts[0], parts[1], problem);
}

static void
add (IncidentIntervalSpec *spec, Add function, const char *list)
{
  g_auto(GStrv) parts = g_strsplit (list, ",", -1);

  for (guint i = 0; parts[i] != NULL; i++)
    {
      g_autofree char *problem = NULL;

      if (!function (spec, parts[i], &problem))
        fail_msg ("%s: %s", parts[i], problem);
    }
}

static void
assert_inside (IncidentInterval *interval, const char *time)
{
  if (!incident_interval_contains (interval, at (time)))
    fail_msg ("%s is outside", time);
}

static void
assert_outside (IncidentInterval *interval, const char *time)
{
  if (incident_interval_contains (interval, at (time)))
    fail_msg ("%s is inside", time);
}

static void
assert_next (IncidentInterval *interval, const char *time, const char *expected)
{
  g_autofree char *found = incident_time_to_string (incident_interval_next_change (interval, at (time)));
  g_autofree char *wanted = incident_time_to_string (at (expected));

  assert_string_equal (found, wanted);
}

static void
assert_refused (Add function, const char *text, const char *expected)
{
  g_autoptr(IncidentInterval) interval = incident_interval_new ("x");
  IncidentIntervalSpec *spec = incident_interval_add_spec (interval);
  g_autofree char *problem = NULL;

  if (function (spec, text, &problem))
    fail_msg ("taken: %s", text);
  assert_true (g_str_has_prefix (problem, expected));
  assert_inside (interval, "2026-11-23T07:00:00Z");
}

static void
test_an_empty_spec_always_holds_and_no_spec_never (void **state)
{
  g_autoptr(IncidentInterval) interval = incident_interval_new ("x");

  assert_outside (interval, "2006-01-02T15:04:00Z");
  assert_true (incident_interval_next_change (interval, 0) == G_MAXINT64);
  incident_interval_add_spec (interval);
  assert_inside (interval, "2006-01-02T15:04:00Z");
  assert_true (incident_interval_next_change (interval, 0) == G_MAXINT64);
}

static void
test_office_hours (void **state)
{
  g_autoptr(IncidentInterval) interval = incident_interval_new ("office");
  IncidentIntervalSpec *spec = incident_interval_add_spec (interval);

  add (spec, add_times, "09:00-17:00");
  add (spec, incident_interval_spec_add_weekdays, "monday:friday");
  assert_inside (interval, "2020-05-04T15:04:00Z");
  assert_inside (interval, "2020-05-05T10:04:00Z");
  assert_inside (interval, "2020-07-08T09:00:00Z");
  assert_inside (interval, "2020-07-08T16:59:59.999999Z");
  assert_outside (interval, "2020-07-08T17:00:00Z");
  assert_outside (interval, "2020-05-03T15:04:00Z");
  assert_outside (interval, "2020-05-04T08:59:59.999999Z");
}

static void
test_days_of_one_month (void **state)
{
  g_autoptr(IncidentInterval) interval = incident_interval_new ("easter");
  IncidentIntervalSpec *spec = incident_interval_add_spec (interval);

  add (spec, incident_interval_spec_add_days, "4:6");
  add (spec, incident_interval_spec_add_months, "April");
  add (spec, incident_interval_spec_add_years, "2020");
  assert_inside (interval, "2020-04-04T15:04:00Z");
  assert_inside (interval, "2020-04-06T23:05:00Z");
  assert_outside (interval, "2020-04-03T23:59:00Z");
  assert_outside (interval, "2020-04-07T00:00:00Z");
  assert_outside (interval, "2019-04-06T23:59:00Z");
  assert_outside (interval, "2020-06-04T23:59:00Z");
}

static void
test_negative_days_count_from_the_end (void **state)
{
  g_autoptr(IncidentInterval) interval = incident_interval_new ("x");
  IncidentIntervalSpec *spec = incident_interval_add_spec (interval);

  add (spec, incident_interval_spec_add_days, "-3:-1");
  assert_inside (interval, "2020-01-29T15:04:00Z");
  assert_inside (interval, "2020-01-31T15:04:00Z");
  assert_inside (interval, "2020-06-30T00:00:00Z");
  assert_inside (interval, "2020-02-29T23:05:00Z");
  assert_inside (interval, "2021-02-26T00:00:00Z");
  assert_outside (interval, "2020-01-28T23:59:00Z");
  assert_outside (interval, "2020-03-01T00:00:00Z");
}

static void
test_days_end_with_the_month (void **state)
{
  g_autoptr(IncidentInterval) all = incident_interval_new ("x");
  g_autoptr(IncidentInterval) none = incident_interval_new ("y");
  IncidentIntervalSpec *spec = incident_interval_add_spec (all);

  add (spec, incident_interval_spec_add_months, "june");
  add (spec, incident_interval_spec_add_days, "1:31");
  assert_inside (all, "2020-06-01T00:00:00Z");
  assert_inside (all, "2020-06-30T23:59:59Z");
  assert_outside (all, "2020-05-31T00:00:00Z");
  assert_outside (all, "2020-07-01T00:00:00Z");

  spec = incident_interval_add_spec (none);
  add (spec, incident_interval_spec_add_months, "february");
  add (spec, incident_interval_spec_add_days, "30:31");
  assert_outside (none, "2021-02-28T13:00:00Z");
}

static void
test_fields_are_joined_by_and_ranges_by_or (void **state)
{
  g_autoptr(IncidentInterval) interval = incident_interval_new ("x");
  IncidentIntervalSpec *spec = incident_interval_add_spec (interval);

  add (spec, incident_interval_spec_add_weekdays, "monday:friday,sunday");
  add (spec, incident_interval_spec_add_months, "january:march");
  add (spec, incident_interval_spec_add_days, "-7:-1");
  add (spec, incident_interval_spec_add_years, "2020:2025,2030:2035");
  add (spec, add_times, "09:00-17:00");
  assert_inside (interval, "2021-01-27T09:00:00Z");
  assert_inside (interval, "2021-01-28T16:59:00Z");
  assert_inside (interval, "2025-03-31T13:00:00Z");
  assert_inside (interval, "2035-01-31T13:00:00Z");
  assert_outside (interval, "2021-01-30T13:00:00Z");
  assert_outside (interval, "2021-04-01T13:00:00Z");
  assert_outside (interval, "2026-01-30T13:00:00Z");
  assert_outside (interval, "2035-01-31T17:01:00Z");
}

static void
test_any_spec_is_enough (void **state)
{
  g_autoptr(IncidentInterval) interval = incident_interval_new ("night");

  add (incident_interval_add_spec (interval), add_times, "22:00-24:00");
  add (incident_interval_add_spec (interval), add_times, "00:00-06:00");
  assert_inside (interval, "2026-11-23T23:59:59Z");
  assert_inside (interval, "2026-11-24T00:00:00Z");
  assert_outside (interval, "2026-11-24T06:00:00Z");
  assert_next (interval, "2026-11-23T23:00:00Z", "2026-11-24T06:00:00Z");
}

static void
set_zone (IncidentIntervalSpec *spec, const char *name)
{
  add (spec, incident_interval_spec_set_zone, name);
}

static void
test_a_zone_is_that_of_the_wall (void **state)
{
  g_autoptr(IncidentInterval) interval = incident_interval_new ("sydney");
  IncidentIntervalSpec *spec = incident_interval_add_spec (interval);

  add (spec, add_times, "09:00-17:00");
  add (spec, incident_interval_spec_add_weekdays, "monday:friday");
  set_zone (spec, "Australia/Sydney");
  assert_inside (interval, "2021-04-06T13:00:00+10:00");
  assert_outside (interval, "2021-04-06T13:00:00Z");
  assert_inside (interval, "2021-11-01T09:00:00+11:00");
  assert_inside (interval, "2021-10-31T22:00:00Z");
  assert_outside (interval, "2021-10-31T21:00:00Z");
}

static void
test_times_that_are_wrong_are_refused (void **state)
{
  static const char * const wrong[] = { "01:99-23:59", "00:00-99:99", "12:30-24:01", "9:00-17:00", "09:00-17:00:00", "09.00-17.00",
                                        "09:00-", "-17:00", "ab:cd-ef:gh" };

  for (guint i = 0; i < G_N_ELEMENTS (wrong); i++)
    assert_refused (add_times, wrong[i], "must be times of the day");
  assert_refused (add_times, "17:31-17:31", "must end later");
  assert_refused (add_times, "09:30-07:41", "must end later");
  assert_refused (add_times, "24:00-17:41", "must end later");
}

static void
test_weekdays_that_are_wrong_are_refused (void **state)
{
  assert_refused (incident_interval_spec_add_weekdays, "friday:monday", "must not go over");
  assert_refused (incident_interval_spec_add_weekdays, "blurgsday:flurgsday", "must be a day of the week");
  assert_refused (incident_interval_spec_add_weekdays, "1:3", "must be a day of the week");
  assert_refused (incident_interval_spec_add_weekdays, "monday:", "must be a day of the week");
  assert_refused (incident_interval_spec_add_weekdays, "", "must be a day of the week");
  assert_refused (incident_interval_spec_add_weekdays, "monday:tuesday:friday", "must be a day of the week");
}

static void
test_days_that_are_wrong_are_refused (void **state)
{
  g_autoptr(IncidentInterval) interval = incident_interval_new ("x");

  assert_refused (incident_interval_spec_add_days, "0", "must be a day of the month");
  assert_refused (incident_interval_spec_add_days, "-50:-20", "must be a day of the month");
  assert_refused (incident_interval_spec_add_days, "1:50", "must be a day of the month");
  assert_refused (incident_interval_spec_add_days, "+1", "must be a day of the month");
  assert_refused (incident_interval_spec_add_days, "-15:5", "must end at a negative day");
  assert_refused (incident_interval_spec_add_days, "10:-25", "must start at a day");
  assert_refused (incident_interval_spec_add_days, "28:-1", "must start at a day");
  add (incident_interval_add_spec (interval), incident_interval_spec_add_days, "1:-1,27:-1,-31:-1");
}

static void
test_months_and_years_that_are_wrong_are_refused (void **state)
{
  g_autoptr(IncidentInterval) interval = incident_interval_new ("x");

  assert_refused (incident_interval_spec_add_months, "martius:june", "must be a month");
  assert_refused (incident_interval_spec_add_months, "march:junius", "must be a month");
  assert_refused (incident_interval_spec_add_months, "13", "must be a month");
  assert_refused (incident_interval_spec_add_months, "0", "must be a month");
  assert_refused (incident_interval_spec_add_months, "december:january", "must not go over");
  assert_refused (incident_interval_spec_add_years, "2022:2020", "must not end before");
  assert_refused (incident_interval_spec_add_years, "-1", "must be a year");
  assert_refused (incident_interval_spec_add_years, "20266", "must be a year");
  add (incident_interval_add_spec (interval), incident_interval_spec_add_months, "January:december,3:MAY,05");
  add (incident_interval_add_spec (interval), incident_interval_spec_add_years, "2020:2020,1999");
}

static void
test_zones_that_are_none_are_refused (void **state)
{
  static const char * const wrong[] = { "", "Europe", "Mars/Olympus", "/etc/localtime", "../zoneinfo/UTC", "Europe/../UTC", "CET-1CEST,M3.5.0,M10.5.0",
                                        ":UTC", "+01:00" };
  g_autoptr(IncidentInterval) interval = incident_interval_new ("x");

  for (guint i = 0; i < G_N_ELEMENTS (wrong); i++)
    assert_refused (incident_interval_spec_set_zone, wrong[i], "must be a time zone");
  set_zone (incident_interval_add_spec (interval), "Local,Etc/GMT+5,America/Argentina/Buenos_Aires,UTC");
}

static void
test_the_next_change_is_where_the_answer_differs (void **state)
{
  g_autoptr(IncidentInterval) interval = incident_interval_new ("office");
  IncidentIntervalSpec *spec = incident_interval_add_spec (interval);

  add (spec, add_times, "09:00-12:00,12:00-17:00");
  add (spec, incident_interval_spec_add_weekdays, "monday:friday");
  /* 2026-11-27 is a Friday. */
  assert_next (interval, "2026-11-27T08:00:00.5Z", "2026-11-27T09:00:00Z");
  assert_next (interval, "2026-11-27T09:00:00Z", "2026-11-27T17:00:00Z");
  assert_next (interval, "2026-11-27T17:00:00Z", "2026-11-30T09:00:00Z");
}

static void
test_the_next_change_may_be_years_ahead (void **state)
{
  g_autoptr(IncidentInterval) interval = incident_interval_new ("x");
  IncidentIntervalSpec *spec = incident_interval_add_spec (interval);

  add (spec, incident_interval_spec_add_years, "2090:2091");
  add (spec, incident_interval_spec_add_months, "2");
  assert_next (interval, "2026-11-27T08:00:00Z", "2090-02-01T00:00:00Z");
  assert_next (interval, "2090-02-01T00:00:00Z", "2090-03-01T00:00:00Z");
  assert_next (interval, "2090-03-01T00:00:00Z", "2091-02-01T00:00:00Z");
  assert_true (incident_interval_next_change (interval, at ("2091-03-01T00:00:00Z")) == G_MAXINT64);
}

static void
test_years_alone_end_with_the_last (void **state)
{
  g_autoptr(IncidentInterval) interval = incident_interval_new ("x");

  add (incident_interval_add_spec (interval), incident_interval_spec_add_years, "2027:2029,2028:2030");
  assert_next (interval, "2026-11-27T08:00:00Z", "2027-01-01T00:00:00Z");
  assert_next (interval, "2027-01-01T00:00:00Z", "2031-01-01T00:00:00Z");
}

static void
test_the_29th_of_february_is_found (void **state)
{
  g_autoptr(IncidentInterval) interval = incident_interval_new ("x");
  IncidentIntervalSpec *spec = incident_interval_add_spec (interval);

  add (spec, incident_interval_spec_add_days, "29");
  add (spec, incident_interval_spec_add_months, "february");
  assert_next (interval, "2026-11-27T08:00:00Z", "2028-02-29T00:00:00Z");
  assert_next (interval, "2096-11-27T08:00:00Z", "2104-02-29T00:00:00Z");
}

/* It is asked again some years on; what matters is that it does not take years. */
static void
test_days_that_never_come_are_not_looked_for_for_ever (void **state)
{
  g_autoptr(IncidentInterval) interval = incident_interval_new ("x");
  IncidentIntervalSpec *spec = incident_interval_add_spec (interval);

  add (spec, incident_interval_spec_add_days, "30:31");
  add (spec, incident_interval_spec_add_months, "february");
  assert_true (incident_interval_next_change (interval, at ("2026-11-27T08:00:00Z")) > at ("2028-01-01T00:00:00Z"));
}

/* In Madrid the clock goes from 02:00 to 03:00 on 2026-03-29 and from 03:00 back to
 * 02:00 on 2026-10-25. */
static void
test_an_hour_that_is_left_out_has_no_times (void **state)
{
  g_autoptr(IncidentInterval) interval = incident_interval_new ("x");
  IncidentIntervalSpec *spec = incident_interval_add_spec (interval);

  add (spec, add_times, "02:15-02:45");
  set_zone (spec, "Europe/Madrid");
  assert_next (interval, "2026-03-28T00:00:00Z", "2026-03-28T01:15:00Z");
  assert_next (interval, "2026-03-28T01:45:00Z", "2026-03-30T00:15:00Z");
}

static void
test_a_time_that_begins_in_the_hour_left_out_begins_after_it (void **state)
{
  g_autoptr(IncidentInterval) interval = incident_interval_new ("x");
  IncidentIntervalSpec *spec = incident_interval_add_spec (interval);

  add (spec, add_times, "02:30-04:00");
  set_zone (spec, "Europe/Madrid");
  assert_next (interval, "2026-03-29T00:00:00Z", "2026-03-29T01:00:00Z");
  assert_next (interval, "2026-03-29T01:00:00Z", "2026-03-29T02:00:00Z");
}

static void
test_an_hour_that_comes_twice_has_its_times_twice (void **state)
{
  g_autoptr(IncidentInterval) interval = incident_interval_new ("x");
  IncidentIntervalSpec *spec = incident_interval_add_spec (interval);

  add (spec, add_times, "02:15-02:45");
  set_zone (spec, "Europe/Madrid");
  assert_next (interval, "2026-10-25T00:00:00Z", "2026-10-25T00:15:00Z");
  assert_next (interval, "2026-10-25T00:15:00Z", "2026-10-25T00:45:00Z");
  assert_next (interval, "2026-10-25T00:45:00Z", "2026-10-25T01:15:00Z");
  assert_next (interval, "2026-10-25T01:15:00Z", "2026-10-25T01:45:00Z");
}

/* Minute by minute, with GLib's calendar, over what is hard: clocks that move, months
 * that end, a zone that is half an hour off. */
static void
assert_changes_as_minute_by_minute (const char *zone, const char *from, guint days)
{
  g_autoptr(IncidentInterval) interval = incident_interval_new ("x");
  IncidentIntervalSpec *spec = incident_interval_add_spec (interval);
  g_autoptr(GTimeZone) of_glib = g_time_zone_new_identifier (zone);
  gint64 start = at (from);
  gint64 next = start;
  gboolean now = FALSE;

  add (spec, add_times, "01:30-02:30,12:00-24:00");
  add (spec, incident_interval_spec_add_weekdays, "sunday:thursday");
  add (spec, incident_interval_spec_add_days, "1:5,-7:-1");
  set_zone (spec, zone);
  for (gint64 time = start; time < start + days * G_TIME_SPAN_DAY; time += G_TIME_SPAN_MINUTE)
    {
      g_autoptr(GDateTime) utc = g_date_time_new_from_unix_utc (time / G_USEC_PER_SEC);
      g_autoptr(GDateTime) wall = g_date_time_to_timezone (utc, of_glib);
      int minute = g_date_time_get_hour (wall) * 60 + g_date_time_get_minute (wall);
      int day = g_date_time_get_day_of_month (wall);
      int length = g_date_get_days_in_month ((GDateMonth) g_date_time_get_month (wall), (GDateYear) g_date_time_get_year (wall));
      int weekday = g_date_time_get_day_of_week (wall);
      gboolean expected = ((minute >= 90 && minute < 150) || minute >= 720) && weekday != 5 && weekday != 6
                          && (day <= 5 || day > length - 7);

      assert_int_equal (incident_interval_contains (interval, time), expected);
      if (time == start)
        now = expected;
      else
        assert_int_equal (time == next, expected != now);
      now = expected;
      if (time == start || time == next)
        next = incident_interval_next_change (interval, time);
    }
}

static void
test_changes_are_those_of_the_clock_on_the_wall (void **state)
{
  assert_changes_as_minute_by_minute ("Europe/Madrid", "2026-03-20T00:00:00Z", 20);
  assert_changes_as_minute_by_minute ("Europe/Madrid", "2026-10-20T00:00:00Z", 20);
  assert_changes_as_minute_by_minute ("Australia/Lord_Howe", "2026-03-25T00:00:00Z", 20);
  assert_changes_as_minute_by_minute ("America/St_Johns", "2024-02-20T00:00:00Z", 25);
  assert_changes_as_minute_by_minute ("UTC", "1969-12-20T00:00:00Z", 30);
}

int
main (void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test (test_an_empty_spec_always_holds_and_no_spec_never),
    cmocka_unit_test (test_office_hours),
    cmocka_unit_test (test_days_of_one_month),
    cmocka_unit_test (test_negative_days_count_from_the_end),
    cmocka_unit_test (test_days_end_with_the_month),
    cmocka_unit_test (test_fields_are_joined_by_and_ranges_by_or),
    cmocka_unit_test (test_any_spec_is_enough),
    cmocka_unit_test (test_a_zone_is_that_of_the_wall),
    cmocka_unit_test (test_times_that_are_wrong_are_refused),
    cmocka_unit_test (test_weekdays_that_are_wrong_are_refused),
    cmocka_unit_test (test_days_that_are_wrong_are_refused),
    cmocka_unit_test (test_months_and_years_that_are_wrong_are_refused),
    cmocka_unit_test (test_zones_that_are_none_are_refused),
    cmocka_unit_test (test_the_next_change_is_where_the_answer_differs),
    cmocka_unit_test (test_the_next_change_may_be_years_ahead),
    cmocka_unit_test (test_years_alone_end_with_the_last),
    cmocka_unit_test (test_the_29th_of_february_is_found),
    cmocka_unit_test (test_days_that_never_come_are_not_looked_for_for_ever),
    cmocka_unit_test (test_an_hour_that_is_left_out_has_no_times),
    cmocka_unit_test (test_a_time_that_begins_in_the_hour_left_out_begins_after_it),
    cmocka_unit_test (test_an_hour_that_comes_twice_has_its_times_twice),
    cmocka_unit_test (test_changes_are_those_of_the_clock_on_the_wall),
  };

  return cmocka_run_group_tests (tests, NULL, NULL);
}
