/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "report/incident-report-html-private.h"

#include <string.h>

#include "base/incident-time-private.h"

enum { MAX_TICKS = 10 };

/* Seconds: 1 2 5 10 15 30 min, 1 2 3 6 12 h, 1 2 7 d. */
static const gint64 steps[] = {
  60, 120, 300, 600, 900, 1800, 3600, 7200, 10800, 21600, 43200, 86400, 172800, 604800
};
static const int month_steps[] = { 1, 2, 3, 6, 12, 24, 60, 120, 240, 600, 1200, 2400, 6000, 12000 };

/* Parts of “2026-11-23T07:00:00.000000Z”. */
enum { YEAR_LENGTH = 4, DATE_LENGTH = 10, MONTH_DAY_AT = 5, CLOCK_AT = 11, CLOCK_LENGTH = 5, CLOCK_LENGTH_SECONDS = 8 };

static gint64
floor_divide (gint64 value,
              gint64 by)
{
  return value / by - (value % by < 0 ? 1 : 0);
}

static void
slice (char        target[16],
       const char *from,
       gsize       length)
{
  memcpy (target, from, length);
  target[length] = '\0';
}

/* The lower line stands where it differs from the one before. */
static void
add_tick (GArray     *ticks,
          char        last[16],
          gint64      time,
          const char *label,
          gsize       label_length,
          const char *lower,
          gsize       lower_length)
{
  IncidentReportTick tick = { time, "", "" };

  slice (tick.label, label, label_length);
  slice (tick.lower, lower, lower_length);
  if (strcmp (last, tick.lower) == 0)
    tick.lower[0] = '\0';
  else
    memcpy (last, tick.lower, sizeof tick.lower);
  g_array_append_val (ticks, tick);
}

static void
list_even (GArray *ticks,
           gint64  from,
           gint64  until,
           gint64  step)
{
  char last[16] = "";

  for (gint64 i = floor_divide (from - 1, step) + 1; i * step <= until; i++)
    {
      char text[INCIDENT_TIME_LENGTH];

      incident_time_write (i * step, text);
      if (step < G_TIME_SPAN_DAY)
        add_tick (ticks, last, i * step, text + CLOCK_AT, CLOCK_LENGTH, text, DATE_LENGTH);
      else
        add_tick (ticks, last, i * step, text + MONTH_DAY_AT, DATE_LENGTH - MONTH_DAY_AT, text, YEAR_LENGTH);
    }
}

/* Months since year 0. */
static int
get_month (gint64 time)
{
  g_autoptr(GDateTime) date = g_date_time_new_from_unix_utc (floor_divide (time, G_USEC_PER_SEC));

  /* GDateTime begins with year 1. */
  return date != NULL ? g_date_time_get_year (date) * 12 + g_date_time_get_month (date) - 1 : 12;
}

static void
list_months (GArray *ticks,
             gint64  from,
             gint64  until,
             int     step)
{
  for (int month = MAX ((get_month (from) / step) * step, 12); month <= get_month (until); month += step)
    {
      g_autoptr(GDateTime) date = g_date_time_new_utc (month / 12, month % 12 + 1, 1, 0, 0, 0);
      gint64 time = g_date_time_to_unix (date) * G_USEC_PER_SEC;
      char text[INCIDENT_TIME_LENGTH], last[16] = "";

      if (time < from)
        continue;
      incident_time_write (time, text);
      add_tick (ticks, last, time, text + MONTH_DAY_AT, 2, text, YEAR_LENGTH);
    }
}

GArray *
incident_report_list_ticks (gint64 from,
                            gint64 until)
{
  GArray *ticks = g_array_new (FALSE, FALSE, sizeof (IncidentReportTick));
  guint i = 0;

  while (i < G_N_ELEMENTS (steps) && (until - from) / (steps[i] * G_USEC_PER_SEC) >= MAX_TICKS)
    i++;
  if (i < G_N_ELEMENTS (steps))
    list_even (ticks, from, until, steps[i] * G_USEC_PER_SEC);
  else
    {
      int months = get_month (until) - get_month (from);

      for (i = 0; months / month_steps[i] >= MAX_TICKS - 1 && i + 1 < G_N_ELEMENTS (month_steps);)
        i++;
      list_months (ticks, from, until, month_steps[i]);
    }

  /* Too short for a round time: say when it was. */
  if (ticks->len == 0)
    {
      char text[INCIDENT_TIME_LENGTH], last[16] = "";

      incident_time_write (from, text);
      add_tick (ticks, last, from, text + CLOCK_AT, CLOCK_LENGTH_SECONDS, text, DATE_LENGTH);
    }
  return ticks;
}
