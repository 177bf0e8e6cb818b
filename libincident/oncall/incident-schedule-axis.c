/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "oncall/incident-schedule-svg-private.h"

#include <string.h>

#include "oncall/incident-calendar-private.h"

/* Days, weeks and months across the picture of a schedule, as fine as there is room. */

static const char * const months[] = { "January", "February", "March", "April", "May", "June", "July", "August", "September", "October",
                                       "November", "December" };
static const char * const weekdays[] = { "Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun" };

static void
append_line (IncidentSvg *self,
             double       x,
             double       top,
             double       bottom,
             gboolean     is_week)
{
  incident_svg_append_number (self->out, "<line x1=\"", x);
  incident_svg_append_number (self->out, "\" x2=\"", x);
  incident_svg_append_number (self->out, "\" y1=\"", top);
  incident_svg_append_number (self->out, "\" y2=\"", bottom);
  g_string_append_printf (self->out, "\" class=\"%s\" stroke=\"%s\"/>\n", is_week ? "week" : "rule", is_week ? "#aab4c0" : "#e3e7ec");
}

static void
append_weekend (IncidentSvg *self,
                double       x,
                double       end,
                double       top,
                double       bottom)
{
  incident_svg_append_number (self->out, "<rect x=\"", x);
  incident_svg_append_number (self->out, "\" y=\"", top);
  incident_svg_append_number (self->out, "\" width=\"", end - x);
  incident_svg_append_number (self->out, "\" height=\"", bottom - top);
  g_string_append (self->out, "\" class=\"weekend\" fill=\"#f2f4f7\"/>\n");
}

typedef struct
{
  double x;        /* where it begins in the picture */
  double width;    /* of what is seen of it */
  double whole;    /* of a day */
  guint  weekday;
  int    year;
  int    month;
  int    day;
} Day;

static void
read_day (IncidentSvg *self,
          gint64       begin,
          gint64       end,
          Day         *day)
{
  IncidentWallTime wall = incident_wall_clock_read (self->clock, begin);

  incident_calendar_split_day (incident_divide_down (wall, INCIDENT_MINUTES_A_DAY), &day->year, &day->month, &day->day);
  day->weekday = incident_schedule_get_weekday (self->clock, begin);
  day->x = incident_svg_get_x (self, begin);
  day->width = incident_svg_get_x (self, end) - day->x;
  day->whole = (double) G_TIME_SPAN_DAY / (double) (self->until - self->from) * (INCIDENT_SVG_RIGHT - INCIDENT_SVG_LEFT);
}

/* Every day, or the days that weeks begin with, or none. */
static void
append_day_label (IncidentSvg *self,
                  const Day   *day,
                  double       y)
{
  g_autofree char *text = NULL;

  if (day->whole >= 38 && day->width >= 38)
    text = g_strdup_printf ("%s %d", weekdays[day->weekday], day->day);
  else if (day->whole >= 17 && day->whole < 38 && day->width >= 14)
    text = g_strdup_printf ("%d", day->day);
  else if (day->whole >= 3 && day->whole < 17 && day->weekday == 0 && day->x < INCIDENT_SVG_RIGHT - 14)
    text = g_strdup_printf ("%d", day->day);
  if (text == NULL)
    return;

  if (day->whole >= 17)
    incident_svg_append_text (self->out, day->x + day->width / 2, y, "middle", "muted", INCIDENT_SVG_FONT, text);
  else
    incident_svg_append_text (self->out, day->x + 2, y, "start", "muted", INCIDENT_SVG_FONT, text);
}

/* Quarters of days, where a day is wide. */
static void
append_hours (IncidentSvg *self,
              const Day   *day,
              gint64       begin,
              gint64       end,
              double       top,
              double       bottom)
{
  IncidentWallTime midnight = incident_divide_down (incident_wall_clock_read (self->clock, begin), INCIDENT_MINUTES_A_DAY) * INCIDENT_MINUTES_A_DAY;

  for (int hour = 6; hour < 24 && day->whole >= 240; hour += 6)
    {
      gint64 at = incident_wall_clock_find_first (self->clock, midnight + hour * 60);
      g_autofree char *text = g_strdup_printf ("%02d:00", hour);

      if (at <= begin || at >= end)
        continue;
      append_line (self, incident_svg_get_x (self, at), top, bottom, FALSE);
      incident_svg_append_text (self->out, incident_svg_get_x (self, at), top - 4, "middle", "muted", 9, text);
    }
}

void
incident_svg_append_axis (IncidentSvg *self,
                          double       top,
                          double       bottom)
{
  g_autoptr(GArray) days = incident_schedule_list_days (self->clock, self->from, self->until);
  double free_from = 0;

  g_array_prepend_val (days, self->from);
  g_array_append_val (days, self->until);
  for (guint i = 0; i + 1 < days->len; i++)
    {
      gint64 begin = g_array_index (days, gint64, i), end = g_array_index (days, gint64, i + 1);
      Day day;

      read_day (self, begin, end, &day);
      if (day.weekday >= 5)
        append_weekend (self, day.x, day.x + day.width, top, bottom);
      if (i > 0 && (day.weekday == 0 || day.whole >= 6))
        append_line (self, day.x, day.weekday == 0 ? top - 14 : top, bottom, day.weekday == 0);
      append_hours (self, &day, begin, end, top, bottom);
      append_day_label (self, &day, day.whole >= 240 ? top - 15 : top - 4);
      if ((i == 0 || day.day == 1) && day.x >= free_from)
        {
          g_autofree char *text = g_strdup_printf ("%s %d", months[day.month - 1], day.year);
          double label_end = day.x + incident_svg_measure (text) * INCIDENT_SVG_FONT + 8;

          if (label_end <= INCIDENT_SVG_WIDTH || i == 0)
            incident_svg_append_text (self->out, day.x + 1, top - 28, "start", "ink", INCIDENT_SVG_FONT, text);
          free_from = label_end;
        }
    }
}
