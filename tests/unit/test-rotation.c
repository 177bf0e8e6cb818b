/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "oncall-test.h"

/* Hand-offs in Chicago, and those of a start that is yet to come, are what GoAlert's own tests expect. */

typedef struct
{
  IncidentRotation  rotation;
  IncidentWallClock clock;
} Turns;

static void
turns_init (Turns *self, const char *zone, const char *start, guint length, IncidentRotationUnit unit, const char *around)
{
  g_autofree char *day = g_strconcat (around, "T12:00Z", NULL);

  self->rotation = (IncidentRotation) { wall (start), unit, length };
  clock_init (&self->clock, zone, day, day);
}

static void
turns_clear (Turns *self)
{
  incident_wall_clock_clear (&self->clock);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Turns, turns_clear)

static void
assert_hand_off (Turns *self, gint64 k, const char *expected)
{
  assert_time (incident_rotation_get_hand_off (&self->rotation, &self->clock, k), expected);
}

/* The shift of an instant. */
static void
assert_shift (Turns *self, const char *time, const char *from, const char *until)
{
  gint64 k = incident_rotation_find (&self->rotation, &self->clock, at (time));

  assert_hand_off (self, k, from);
  assert_hand_off (self, k + 1, until);
}

/* The shift that begins with a hand-off at its start. */
static void
assert_first_shift (const char *start, guint length, IncidentRotationUnit unit, const char *from, const char *until)
{
  g_autofree char *day = g_strndup (start, 10);
  g_auto(Turns) turns = { 0 };

  turns_init (&turns, "America/Chicago", start, length, unit, day);
  assert_shift (&turns, from, from, until);
}

static void
test_a_week_and_a_day_go_by_the_wall (void **state)
{
  assert_first_shift ("2017-06-10T08:00", 1, INCIDENT_ROTATION_WEEK, "2017-06-10T08:00-05:00", "2017-06-17T08:00-05:00");
  assert_first_shift ("2017-06-10T08:00", 2, INCIDENT_ROTATION_WEEK, "2017-06-10T08:00-05:00", "2017-06-24T08:00-05:00");
  assert_first_shift ("2017-06-10T08:00", 1, INCIDENT_ROTATION_DAY, "2017-06-10T08:00-05:00", "2017-06-11T08:00-05:00");
  assert_first_shift ("2017-06-10T08:00", 2, INCIDENT_ROTATION_DAY, "2017-06-10T08:00-05:00", "2017-06-12T08:00-05:00");
}

static void
test_a_day_has_23_or_25_hours_when_the_clock_is_set (void **state)
{
  assert_first_shift ("2017-03-10T08:00", 1, INCIDENT_ROTATION_WEEK, "2017-03-10T08:00-06:00", "2017-03-17T08:00-05:00");
  assert_first_shift ("2017-11-04T08:00", 1, INCIDENT_ROTATION_WEEK, "2017-11-04T08:00-05:00", "2017-11-11T08:00-06:00");
  assert_first_shift ("2017-03-11T08:00", 1, INCIDENT_ROTATION_DAY, "2017-03-11T08:00-06:00", "2017-03-12T08:00-05:00");
  assert_first_shift ("2017-11-04T08:00", 1, INCIDENT_ROTATION_DAY, "2017-11-04T08:00-05:00", "2017-11-05T08:00-06:00");
}

static void
test_an_hour_is_one_on_the_wall (void **state)
{
  assert_first_shift ("2017-06-10T08:00", 1, INCIDENT_ROTATION_HOUR, "2017-06-10T08:00-05:00", "2017-06-10T09:00-05:00");
  assert_first_shift ("2017-03-12T00:00", 3, INCIDENT_ROTATION_HOUR, "2017-03-12T00:00-06:00", "2017-03-12T03:00-05:00");
  assert_first_shift ("2017-11-05T00:00", 3, INCIDENT_ROTATION_HOUR, "2017-11-05T00:00-05:00", "2017-11-05T03:00-06:00");
}

static void
test_an_hour_may_last_two (void **state)
{
  g_auto(Turns) turns = { 0 };

  turns_init (&turns, "America/Chicago", "2017-01-01T01:00", 1, INCIDENT_ROTATION_HOUR, "2017-11-05");
  assert_shift (&turns, "2017-11-05T01:00-05:00", "2017-11-05T01:00-05:00", "2017-11-05T02:00-06:00");
  assert_shift (&turns, "2017-11-05T01:30-06:00", "2017-11-05T01:00-05:00", "2017-11-05T02:00-06:00");
}

/* Of two hand-offs at one moment the later one counts. */
static void
test_an_hour_may_be_skipped (void **state)
{
  g_auto(Turns) turns = { 0 };
  gint64 before, after;

  turns_init (&turns, "America/Chicago", "2017-01-01T01:00", 1, INCIDENT_ROTATION_HOUR, "2017-03-12");
  assert_shift (&turns, "2017-03-12T01:00-06:00", "2017-03-12T01:00-06:00", "2017-03-12T03:00-05:00");
  assert_shift (&turns, "2017-03-12T03:00-05:00", "2017-03-12T03:00-05:00", "2017-03-12T04:00-05:00");

  before = incident_rotation_find (&turns.rotation, &turns.clock, at ("2017-03-12T01:59-06:00"));
  after = incident_rotation_find (&turns.rotation, &turns.clock, at ("2017-03-12T03:00-05:00"));
  assert_int_equal (after, before + 2);
}

static void
test_a_hand_off_that_is_left_out_is_right_after_that (void **state)
{
  g_auto(Turns) turns = { 0 };

  turns_init (&turns, "America/Chicago", "2020-03-06T02:30", 1, INCIDENT_ROTATION_DAY, "2020-03-08");
  assert_hand_off (&turns, 1, "2020-03-07T02:30-06:00");
  assert_hand_off (&turns, 2, "2020-03-08T03:00-05:00");
  assert_hand_off (&turns, 3, "2020-03-09T02:30-05:00");
}

static void
test_lord_howe_hands_off_a_quarter_later_once (void **state)
{
  g_auto(Turns) turns = { 0 };

  turns_init (&turns, "Australia/Lord_Howe", "2020-10-03T02:15", 1, INCIDENT_ROTATION_DAY, "2020-10-04");
  assert_hand_off (&turns, 0, "2020-10-03T02:15+10:30");
  assert_hand_off (&turns, 1, "2020-10-04T02:30+11:00");
  assert_hand_off (&turns, 2, "2020-10-05T02:15+11:00");
}

static void
test_a_hand_off_that_comes_twice_is_the_first (void **state)
{
  g_auto(Turns) turns = { 0 };

  turns_init (&turns, "Europe/Dublin", "2021-10-30T01:30", 1, INCIDENT_ROTATION_DAY, "2021-10-31");
  assert_hand_off (&turns, 1, "2021-10-31T01:30+01:00");
  assert_shift (&turns, "2021-10-31T01:29Z", "2021-10-31T01:30+01:00", "2021-11-01T01:30Z");
  assert_shift (&turns, "2021-10-31T01:30Z", "2021-10-31T01:30+01:00", "2021-11-01T01:30Z");
}

/* The 30th of December 2011 was none: three hand-offs of twelve hours fall on one moment. */
static void
test_hand_offs_of_a_day_that_is_skipped_are_one (void **state)
{
  g_auto(Turns) turns = { 0 };

  turns_init (&turns, "Pacific/Apia", "2011-12-29T00:00", 12, INCIDENT_ROTATION_HOUR, "2011-12-30");
  assert_hand_off (&turns, 1, "2011-12-29T12:00-10:00");
  for (gint64 k = 2; k <= 4; k++)
    assert_hand_off (&turns, k, "2011-12-31T00:00+14:00");
  assert_hand_off (&turns, 5, "2011-12-31T12:00+14:00");
  assert_int_equal (incident_rotation_find (&turns.rotation, &turns.clock, at ("2011-12-29T23:59-10:00")), 1);
  assert_int_equal (incident_rotation_find (&turns.rotation, &turns.clock, at ("2011-12-31T00:00+14:00")), 4);
}

static void
test_a_start_is_an_anchor_and_no_beginning (void **state)
{
  g_auto(Turns) turns = { 0 };

  turns_init (&turns, "UTC", "2018-12-10T00:00", 1, INCIDENT_ROTATION_DAY, "2018-12-07");
  assert_shift (&turns, "2018-12-05T00:00Z", "2018-12-05T00:00Z", "2018-12-06T00:00Z");
  assert_shift (&turns, "2018-12-04T23:59Z", "2018-12-04T00:00Z", "2018-12-05T00:00Z");
  assert_shift (&turns, "2018-12-10T00:00Z", "2018-12-10T00:00Z", "2018-12-11T00:00Z");
  assert_int_equal (incident_rotation_find (&turns.rotation, &turns.clock, at ("2018-12-10T00:00Z") - 1), -1);
  assert_int_equal (incident_rotation_find (&turns.rotation, &turns.clock, at ("2018-12-05T00:00Z")), -5);
}

static void
test_turns_go_round_in_both_directions (void **state)
{
  assert_int_equal (incident_rotation_get_turn (0, 3), 0);
  assert_int_equal (incident_rotation_get_turn (5, 3), 2);
  assert_int_equal (incident_rotation_get_turn (-1, 3), 2);
  assert_int_equal (incident_rotation_get_turn (-3, 3), 0);
  assert_int_equal (incident_rotation_get_turn (-7, 1), 0);
}

static void
test_months_keep_their_day (void **state)
{
  g_auto(Turns) turns = { 0 };

  turns_init (&turns, "Europe/Madrid", "2026-01-15T09:00", 1, INCIDENT_ROTATION_MONTH, "2026-04-01");
  assert_hand_off (&turns, -1, "2025-12-15T09:00+01:00");
  assert_hand_off (&turns, 3, "2026-04-15T09:00+02:00");
  assert_shift (&turns, "2026-04-15T08:59+02:00", "2026-03-15T09:00+01:00", "2026-04-15T09:00+02:00");
  assert_shift (&turns, "2026-04-15T09:00+02:00", "2026-04-15T09:00+02:00", "2026-05-15T09:00+02:00");
}

static void
test_a_day_that_the_month_does_not_have_spills_over (void **state)
{
  g_auto(Turns) turns = { 0 };

  turns_init (&turns, "UTC", "2026-01-31T00:00", 1, INCIDENT_ROTATION_MONTH, "2026-03-01");
  assert_hand_off (&turns, 1, "2026-03-03T00:00Z");
  assert_hand_off (&turns, 2, "2026-03-31T00:00Z");
  assert_hand_off (&turns, 3, "2026-05-01T00:00Z");
  assert_hand_off (&turns, 25, "2028-03-02T00:00Z");
  assert_hand_off (&turns, -11, "2025-03-03T00:00Z");
  assert_shift (&turns, "2026-03-02T23:59Z", "2026-01-31T00:00Z", "2026-03-03T00:00Z");
  assert_shift (&turns, "2026-03-03T00:00Z", "2026-03-03T00:00Z", "2026-03-31T00:00Z");
}

static void
test_several_months_may_pass (void **state)
{
  g_auto(Turns) turns = { 0 };

  turns_init (&turns, "UTC", "2026-11-30T12:00", 3, INCIDENT_ROTATION_MONTH, "2027-03-01");
  assert_shift (&turns, "2027-03-02T11:59Z", "2026-11-30T12:00Z", "2027-03-02T12:00Z");
  assert_shift (&turns, "2027-03-02T12:00Z", "2027-03-02T12:00Z", "2027-05-30T12:00Z");
  assert_shift (&turns, "2026-08-29T12:00Z", "2026-05-30T12:00Z", "2026-08-30T12:00Z");
}

static void
test_the_shift_of_an_instant_is_found_far_away (void **state)
{
  g_auto(Turns) turns = { 0 };

  turns_init (&turns, "Europe/Madrid", "1970-01-01T00:00", 1, INCIDENT_ROTATION_HOUR, "2030-07-01");
  assert_shift (&turns, "2030-07-01T12:34+02:00", "2030-07-01T12:00+02:00", "2030-07-01T13:00+02:00");
}

static void
test_a_shift_may_be_longer_than_all_time (void **state)
{
  g_auto(Turns) turns = { 0 };

  turns_init (&turns, "UTC", "2026-01-01T00:00", G_MAXUINT, INCIDENT_ROTATION_WEEK, "2026-01-05");
  assert_true (incident_rotation_get_hand_off (&turns.rotation, &turns.clock, 1) == G_MAXINT64);
  assert_true (incident_rotation_get_hand_off (&turns.rotation, &turns.clock, -1) == G_MININT64);
  turns.rotation.unit = INCIDENT_ROTATION_MONTH;
  assert_true (incident_rotation_get_hand_off (&turns.rotation, &turns.clock, 1) == G_MAXINT64);
  assert_int_equal (incident_rotation_find (&turns.rotation, &turns.clock, at ("2026-01-05T00:00Z")), 0);
}

static void
test_shifts_that_a_clock_swallows_are_told (void **state)
{
  g_autoptr(Watch) watch = watch_new ("America/Chicago");
  IncidentLayer *layer = add_layer (watch->schedule, "hourly", 0, "ana bo");
  g_autoptr(GArray) moments = g_array_new (FALSE, FALSE, sizeof (gint64));

  rotate (layer, "2017-01-01T00:00", 1, INCIDENT_ROTATION_HOUR);
  assert_true (incident_rotation_has_empty_shift (layer, at ("2017-01-01T00:00Z"), at ("2019-01-01T00:00Z"), moments));
  assert_int_equal (moments->len, 2);
  assert_time (g_array_index (moments, gint64, 0), "2017-03-12T03:00-05:00");
  assert_time (g_array_index (moments, gint64, 1), "2018-03-11T03:00-05:00");

  layer->from = at ("2017-06-01T00:00Z");
  layer->until = at ("2018-01-01T00:00Z");
  assert_false (incident_rotation_has_empty_shift (layer, at ("2017-01-01T00:00Z"), at ("2019-01-01T00:00Z"), NULL));
}

static void
test_a_day_is_swallowed_once_in_samoa_and_never_in_chicago (void **state)
{
  g_autoptr(Watch) watch = watch_new ("America/Chicago");
  IncidentLayer *layer = add_layer (watch->schedule, "daily", 0, "ana bo");
  g_autoptr(GArray) moments = g_array_new (FALSE, FALSE, sizeof (gint64));

  rotate (layer, "2010-01-01T00:00", 1, INCIDENT_ROTATION_DAY);
  assert_false (incident_rotation_has_empty_shift (layer, at ("2005-01-01T00:00Z"), at ("2030-01-01T00:00Z"), moments));
  assert_int_equal (moments->len, 0);

  set_zone (layer, "Pacific/Apia");
  assert_true (incident_rotation_has_empty_shift (layer, at ("2005-01-01T00:00Z"), at ("2030-01-01T00:00Z"), moments));
  assert_int_equal (moments->len, 1);
  assert_time (g_array_index (moments, gint64, 0), "2011-12-31T00:00+14:00");
}

int
main (void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test (test_a_week_and_a_day_go_by_the_wall),
    cmocka_unit_test (test_a_day_has_23_or_25_hours_when_the_clock_is_set),
    cmocka_unit_test (test_an_hour_is_one_on_the_wall),
    cmocka_unit_test (test_an_hour_may_last_two),
    cmocka_unit_test (test_an_hour_may_be_skipped),
    cmocka_unit_test (test_a_hand_off_that_is_left_out_is_right_after_that),
    cmocka_unit_test (test_lord_howe_hands_off_a_quarter_later_once),
    cmocka_unit_test (test_a_hand_off_that_comes_twice_is_the_first),
    cmocka_unit_test (test_hand_offs_of_a_day_that_is_skipped_are_one),
    cmocka_unit_test (test_a_start_is_an_anchor_and_no_beginning),
    cmocka_unit_test (test_turns_go_round_in_both_directions),
    cmocka_unit_test (test_months_keep_their_day),
    cmocka_unit_test (test_a_day_that_the_month_does_not_have_spills_over),
    cmocka_unit_test (test_several_months_may_pass),
    cmocka_unit_test (test_the_shift_of_an_instant_is_found_far_away),
    cmocka_unit_test (test_a_shift_may_be_longer_than_all_time),
    cmocka_unit_test (test_shifts_that_a_clock_swallows_are_told),
    cmocka_unit_test (test_a_day_is_swallowed_once_in_samoa_and_never_in_chicago),
  };

  return cmocka_run_group_tests (tests, NULL, NULL);
}
