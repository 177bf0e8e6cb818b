/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "oncall-test.h"

#include <time.h>

/* How fast a year is swept, in time of the processor: other work on the machine does not count. */

#define SCHEDULES 12
#define OVERRIDES 100
#define MOMENTS   10000
#define CHANGES   1000

static void
add_region (Watch *watch, const char *name, const char *zone, const char *people)
{
  IncidentLayer *layer = add_layer (watch->schedule, name, 2, people);

  set_zone (layer, zone);
  rotate (layer, "2026-01-05T09:00", 1, INCIDENT_ROTATION_WEEK);
  add_restriction (layer->restrictions, WORKDAYS, "09:00", "17:00");
  layer->off = incident_oncall_rules_add_holidays (watch->rules->oncall, name);
  for (gint32 i = 0; i < 14; i++)
    {
      IncidentHoliday holiday = { (gint32) (wall ("2026-01-06T00:00") / INCIDENT_MINUTES_A_DAY) + i * 25, NULL };

      g_array_append_val (layer->off->days, holiday);
    }
}

/* Three regions by day, others by night and at weekends; every third day somebody changes something. */
static Watch *
make_watch (void)
{
  static const IncidentOverrideKind kinds[] = {
    INCIDENT_OVERRIDE_KIND_ADD, INCIDENT_OVERRIDE_KIND_REMOVE, INCIDENT_OVERRIDE_KIND_REPLACE, INCIDENT_OVERRIDE_KIND_SWAP,
  };
  Watch *watch = watch_new ("Europe/Madrid");
  IncidentLayer *nights = add_layer (watch->schedule, "nights", 1, "p q r s");
  IncidentRosterChange *change;

  add_region (watch, "asia", "Asia/Tokyo", "a b c d");
  add_region (watch, "europe", "Europe/Madrid", "e f g h");
  add_region (watch, "america", "America/New_York", "i j k l");
  rotate (nights, "2026-01-05T20:00", 1, INCIDENT_ROTATION_DAY);
  add_restriction (nights->restrictions, EVERY_DAY, "20:00", "08:00");
  rotate (add_layer (watch->schedule, "rest", 0, "t u v"), "2026-01-05T00:00", 8, INCIDENT_ROTATION_HOUR);
  add_restriction (watch->schedule->wanted_gaps, "sa su", "00:00", "24:00");

  for (guint i = 0; i < OVERRIDES; i++)
    {
      change = change_schedule (watch, kinds[i % G_N_ELEMENTS (kinds)], i % 2 == 0 ? "e" : "p", "x", "2026-01-01T00:00Z", "2026-01-02T00:00Z");
      change->from += i * 3 * G_TIME_SPAN_DAY;
      change->until += i * 3 * G_TIME_SPAN_DAY;
    }
  return watch;
}

static double
get_seconds (clock_t since)
{
  return (double) (clock () - since) / CLOCKS_PER_SEC;
}

static void
test_a_year_of_twelve_schedules_takes_well_under_a_second (void **state)
{
  g_autoptr(GPtrArray) watches = g_ptr_array_new_with_free_func ((GDestroyNotify) watch_free);
  guint n = 0;
  clock_t since;
  double seconds;

  for (guint i = 0; i < SCHEDULES; i++)
    g_ptr_array_add (watches, make_watch ());

  since = clock ();
  for (guint i = 0; i < SCHEDULES; i++)
    {
      Watch *watch = g_ptr_array_index (watches, i);
      g_autoptr(GArray) spans = incident_roster_cover (&watch->roster, "s", at ("2026-01-01T00:00Z"), at ("2027-01-01T00:00Z"));

      n += spans->len;
    }
  seconds = get_seconds (since);
  print_message ("%u schedules, %u spans: %.1f ms\n", SCHEDULES, n, seconds * 1000);
  assert_true (n > SCHEDULES * 1000);
  assert_true (seconds < 0.5);
}

static void
test_a_moment_takes_microseconds (void **state)
{
  g_autoptr(Watch) watch = make_watch ();
  g_autoptr(GPtrArray) people = g_ptr_array_new ();
  clock_t since = clock ();
  double seconds;

  for (guint i = 0; i < MOMENTS; i++)
    {
      g_ptr_array_set_size (people, 0);
      incident_roster_get_on_call (&watch->roster, "s", at ("2026-01-01T00:00Z") + i * 50 * G_TIME_SPAN_MINUTE, people);
    }
  seconds = get_seconds (since);
  print_message ("one moment: %.1f µs\n", seconds * 1e6 / MOMENTS);
  assert_true (seconds / MOMENTS < 0.0005);
}

static void
test_the_next_change_takes_microseconds (void **state)
{
  g_autoptr(Watch) watch = make_watch ();
  clock_t since = clock ();
  double seconds;

  for (guint i = 0; i < CHANGES; i++)
    incident_roster_next_change (&watch->roster, "s", at ("2026-01-01T00:00Z") + i * 500 * G_TIME_SPAN_MINUTE);
  seconds = get_seconds (since);
  print_message ("one next change: %.1f µs\n", seconds * 1e6 / CHANGES);
  assert_true (seconds / CHANGES < 0.005);
}

int
main (void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test (test_a_year_of_twelve_schedules_takes_well_under_a_second),
    cmocka_unit_test (test_a_moment_takes_microseconds),
    cmocka_unit_test (test_the_next_change_takes_microseconds),
  };

  return cmocka_run_group_tests (tests, NULL, NULL);
}
