/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "oncall/incident-schedule-days-private.h"

#include <string.h>

#include "oncall/incident-calendar-private.h"

static const char * const weekdays[] = { "Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun" };

static gint64
get_day (const IncidentWallClock *clock,
         gint64                   at)
{
  return incident_divide_down (incident_wall_clock_read (clock, at), INCIDENT_MINUTES_A_DAY);
}

guint
incident_schedule_get_weekday (const IncidentWallClock *clock,
                               gint64                   at)
{
  /* 1970-01-01 was a Thursday. */
  return (guint) (((get_day (clock, at) + 3) % 7 + 7) % 7);
}

GArray *
incident_schedule_list_days (const IncidentWallClock *clock,
                             gint64                   from,
                             gint64                   until)
{
  GArray *days = g_array_new (FALSE, FALSE, sizeof (gint64));

  for (gint64 day = get_day (clock, from) + 1;; day++)
    {
      gint64 at = incident_wall_clock_find_first (clock, day * INCIDENT_MINUTES_A_DAY);

      if (at >= until)
        return days;
      /* A day that a zone skips begins with the next one. */
      if (at > from && (days->len == 0 || at > g_array_index (days, gint64, days->len - 1)))
        g_array_append_val (days, at);
    }
}

char *
incident_schedule_write_time (const IncidentWallClock *clock,
                              gint64                   at,
                              guint                    n,
                              char                     buffer[INCIDENT_SCHEDULE_TIME_LENGTH])
{
  IncidentWallTime wall = incident_wall_clock_read (clock, at);
  gint64 day = incident_divide_down (wall, INCIDENT_MINUTES_A_DAY);
  int minute = (int) (wall - day * INCIDENT_MINUTES_A_DAY);
  int year, month, of_month;

  incident_calendar_split_day (day, &year, &month, &of_month);
  g_snprintf (buffer, INCIDENT_SCHEDULE_TIME_LENGTH, "%s %04d-%02d-%02d %02d:%02d", weekdays[incident_schedule_get_weekday (clock, at)],
              year, month, of_month, minute / 60, minute % 60);
  buffer[MIN (n, INCIDENT_SCHEDULE_TIME_LENGTH - 1)] = '\0';
  return buffer;
}

char *
incident_schedule_write_length (gint64 length)
{
  gint64 days = length / G_TIME_SPAN_DAY, hours = length / G_TIME_SPAN_HOUR % 24, minutes = length / G_TIME_SPAN_MINUTE % 60;
  g_autoptr(GString) text = g_string_new (NULL);

  if (days > 0)
    g_string_append_printf (text, "%" G_GINT64_FORMAT " d ", days);
  if (hours > 0)
    g_string_append_printf (text, "%" G_GINT64_FORMAT " h ", hours);
  if (minutes > 0 || text->len == 0)
    g_string_append_printf (text, "%" G_GINT64_FORMAT " min ", minutes);
  g_string_truncate (text, text->len - 1);
  return g_string_free (g_steal_pointer (&text), FALSE);
}

char *
incident_schedule_write_people (const GPtrArray *people,
                                const char      *separator)
{
  GString *text = g_string_new (people->len == 0 ? "nobody" : NULL);

  for (guint i = 0; i < people->len; i++)
    g_string_append_printf (text, "%s%s", i > 0 ? separator : "", (const char *) g_ptr_array_index (people, i));
  return g_string_free (text, FALSE);
}
