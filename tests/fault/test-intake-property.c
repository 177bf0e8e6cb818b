/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* test-intake-property: days of monitoring, each from a seed that is told when it fails. INCIDENT_WORLDS says how
 * many, INCIDENT_WORLD which one alone, or first; with INCIDENT_TRACE all that happens is told. */
#include "intake-day.h"

#define START G_GINT64_CONSTANT (1795417200000000)

static void
wait_until_all_is_over (Day *day)
{
  gint64 next = 0;

  for (guint i = 0; i < 500; i++)
    {
      guint desk = i % 7 == 0 ? 1 : 0;

      day_settle (day, desk, &next);
      if (next == G_MAXINT64)
        return;
      day_advance (day, MAX (next - day_get_time (day), 1));
    }
  day_fail (day, "something is still due");
}

static void
live_through (guint32 seed)
{
  g_autoptr(Day) day = day_new (seed);

  while (day_get_time (day) < START + G_TIME_SPAN_DAY)
    day_step (day);
  day_end (day);
  wait_until_all_is_over (day);
  /* What is forgotten stays so. */
  for (guint i = 0; i < 4; i++)
    {
      day_advance (day, 13 * G_TIME_SPAN_HOUR);
      day_restart (day, i % 2);
      day_settle (day, i % 2, NULL);
    }
  day_watch_end (day);
}

static void
test_whoever_was_told_firing_is_told_ended_once (void **state)
{
  const char *one = g_getenv ("INCIDENT_WORLD");
  const char *many = g_getenv ("INCIDENT_WORLDS");
  guint32 first = one != NULL ? (guint32) g_ascii_strtoull (one, NULL, 10) : 1;
  guint32 n = many != NULL ? (guint32) g_ascii_strtoull (many, NULL, 10) : one != NULL ? 1 : 40;

  for (guint32 i = 0; i < n; i++)
    live_through (first + i);
}

int
main (void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test (test_whoever_was_told_firing_is_told_ended_once),
  };

  return cmocka_run_group_tests (tests, NULL, NULL);
}
