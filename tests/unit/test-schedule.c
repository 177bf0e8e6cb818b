/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "oncall-test.h"

#include "oncall/incident-schedule-private.h"

static IncidentSchedule *
make_schedule (Watch *watch)
{
  g_autoptr(IncidentRoster) roster = incident_roster_new_plain (watch->rules);

  rotate (add_layer (watch->schedule, "daily", 0, "ana bo"), "2026-01-05T09:00", 1, INCIDENT_ROTATION_DAY);
  return incident_schedule_new (roster, "s");
}

static void
test_a_schedule_says_how_it_is_called (void **state)
{
  g_autoptr(Watch) watch = watch_new ("Europe/Madrid");
  g_autoptr(IncidentSchedule) schedule = make_schedule (watch);

  assert_string_equal (incident_schedule_get_name (schedule), "s");
  assert_string_equal (incident_schedule_get_title (schedule), "s");
  assert_string_equal (incident_schedule_get_zone (schedule), "Europe/Madrid");
  watch->schedule->title = "Payments";
  assert_string_equal (incident_schedule_get_title (schedule), "Payments");
}

static void
test_who_is_on_call_at_a_moment_is_told (void **state)
{
  g_autoptr(Watch) watch = watch_new ("Europe/Madrid");
  g_autoptr(IncidentSchedule) schedule = make_schedule (watch);
  g_auto(GStrv) people = incident_schedule_dup_on_call (schedule, at ("2026-01-06T08:00Z"));
  g_auto(GStrv) before = incident_schedule_dup_on_call (schedule, at ("2026-01-06T08:00Z") - 1);

  assert_string_equal (people[0], "bo");
  assert_null (people[1]);
  assert_string_equal (before[0], "ana");
}

static void
test_shifts_fill_the_time_that_is_asked_for (void **state)
{
  g_autoptr(Watch) watch = watch_new ("Europe/Madrid");
  g_autoptr(IncidentSchedule) schedule = make_schedule (watch);
  g_autoptr(GPtrArray) shifts = incident_schedule_list_shifts (schedule, at ("2026-01-05T12:00Z"), at ("2026-01-07T12:00Z"));
  g_autoptr(GPtrArray) none = incident_schedule_list_shifts (schedule, 0, 0);

  assert_int_equal (shifts->len, 3);
  assert_time (incident_shift_get_from (shifts->pdata[0]), "2026-01-05T12:00Z");
  assert_time (incident_shift_get_until (shifts->pdata[0]), "2026-01-06T08:00Z");
  assert_string_equal (incident_shift_get_people (shifts->pdata[1])[0], "bo");
  assert_time (incident_shift_get_until (shifts->pdata[2]), "2026-01-07T12:00Z");
  assert_int_equal (none->len, 0);
}

static void
test_a_shift_is_written_as_json (void **state)
{
  g_autoptr(Watch) watch = watch_new ("Europe/Madrid");
  g_autoptr(IncidentSchedule) schedule = make_schedule (watch);
  g_autoptr(GPtrArray) shifts = incident_schedule_list_shifts (schedule, at ("2026-01-06T08:00Z"), at ("2026-01-06T09:00Z"));
  g_autofree char *json = incident_shift_to_json (shifts->pdata[0]);

  assert_string_equal (json, "{\"from\":\"2026-01-06T08:00:00.000000Z\",\"until\":\"2026-01-06T09:00:00.000000Z\","
                             "\"people\":[\"bo\"],\"layer\":\"daily\",\"override\":null,\"wanted_gap\":false}");
}

static void
test_there_is_no_schedule_of_another_name (void **state)
{
  g_autoptr(Watch) watch = watch_new ("Europe/Madrid");
  g_autoptr(IncidentRoster) roster = incident_roster_new_plain (watch->rules);

  assert_null (incident_schedule_new (roster, "x"));
}

static void
test_a_schedule_and_its_shifts_outlive_what_they_were_made_of (void **state)
{
  Watch *watch = watch_new ("Europe/Madrid");
  IncidentSchedule *schedule = make_schedule (watch);
  g_autoptr(IncidentSchedule) same = incident_schedule_ref (schedule);
  g_autoptr(GPtrArray) shifts = NULL;

  incident_schedule_unref (schedule);
  watch_free (watch);
  shifts = incident_schedule_list_shifts (same, at ("2026-01-05T12:00Z"), at ("2026-01-05T13:00Z"));
  assert_string_equal (incident_shift_get_people (shifts->pdata[0])[0], "ana");
}

int
main (void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test (test_a_schedule_says_how_it_is_called),
    cmocka_unit_test (test_who_is_on_call_at_a_moment_is_told),
    cmocka_unit_test (test_shifts_fill_the_time_that_is_asked_for),
    cmocka_unit_test (test_a_shift_is_written_as_json),
    cmocka_unit_test (test_there_is_no_schedule_of_another_name),
    cmocka_unit_test (test_a_schedule_and_its_shifts_outlive_what_they_were_made_of),
  };

  return cmocka_run_group_tests (tests, NULL, NULL);
}
