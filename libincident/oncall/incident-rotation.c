/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "oncall/incident-rotation-private.h"

#include "oncall/incident-roster-private.h"

/* GDate counts days from 0001-01-01, which is 1. */
#define DAY_OF_1970     719163
#define LAST_YEAR       9999
#define MONTHS_A_YEAR   12

/* A day of the calendar, by months since the year 0. */
typedef struct
{
  gint64 month;
  int    day;    /* from 1 */
  int    minute;
} MonthTime;

static void
read_month_time (MonthTime        *self,
                 IncidentWallTime  time)
{
  gint64 day = incident_divide_down (time, INCIDENT_MINUTES_A_DAY);
  GDate date;

  g_date_clear (&date, 1);
  g_date_set_julian (&date, (guint32) MAX (day + DAY_OF_1970, 1));
  self->month = (gint64) g_date_get_year (&date) * MONTHS_A_YEAR + g_date_get_month (&date) - 1;
  self->day = g_date_get_day (&date);
  self->minute = (int) (time - day * INCIDENT_MINUTES_A_DAY);
}

/* A day that the month does not have spills over into the next one. */
static IncidentWallTime
get_month_time (const MonthTime *self)
{
  gint64 year = incident_divide_down (self->month, MONTHS_A_YEAR);
  gint64 day;
  GDate date;

  if (year < 1 || year > LAST_YEAR)
    return year < 1 ? G_MININT64 : G_MAXINT64;

  g_date_clear (&date, 1);
  g_date_set_dmy (&date, 1, (GDateMonth) (self->month - year * MONTHS_A_YEAR + 1), (GDateYear) year);
  day = (gint64) g_date_get_julian (&date) - DAY_OF_1970 + self->day - 1;
  return day * INCIDENT_MINUTES_A_DAY + self->minute;
}

/* Minutes of one shift; 0: months differ. */
static gint64
get_minutes (const IncidentRotation *self)
{
  static const gint64 units[] = { 60, INCIDENT_MINUTES_A_DAY, 7 * INCIDENT_MINUTES_A_DAY, 0 };

  return units[self->unit] * self->length;
}

IncidentWallTime
incident_rotation_get_wall_time (const IncidentRotation *self,
                                 gint64                  k)
{
  MonthTime time;

  if (self->unit != INCIDENT_ROTATION_MONTH)
    return self->start + k * get_minutes (self);

  read_month_time (&time, self->start);
  time.month += k * self->length;
  return get_month_time (&time);
}

gint64
incident_rotation_get_hand_off (const IncidentRotation  *self,
                                const IncidentWallClock *clock,
                                gint64                   k)
{
  return incident_wall_clock_find_first (clock, incident_rotation_get_wall_time (self, k));
}

/* The last hand-off that a clock on a wall shows by @time, if it is never set. */
static gint64
find_by_wall (const IncidentRotation *self,
              IncidentWallTime        time)
{
  MonthTime start, end;
  gint64 k;

  if (self->unit != INCIDENT_ROTATION_MONTH)
    return incident_divide_down (time - self->start, get_minutes (self));

  read_month_time (&start, self->start);
  read_month_time (&end, time);
  k = incident_divide_down (end.month - start.month, self->length);
  /* That of this month may be yet to come, and that of the last may have spilled over into this. */
  while (incident_rotation_get_wall_time (self, k) > time)
    k--;
  return k;
}

gint64
incident_rotation_find (const IncidentRotation  *self,
                        const IncidentWallClock *clock,
                        gint64                   at)
{
  return find_by_wall (self, incident_wall_clock_read_furthest (clock, at));
}

guint
incident_rotation_get_turn (gint64 k,
                            guint  people)
{
  return (guint) (k - incident_divide_down (k, people) * people);
}

gboolean
incident_rotation_has_empty_shift (const IncidentLayer *layer,
                                   gint64               from,
                                   gint64               until,
                                   GArray              *moments)
{
  g_auto(IncidentWallClock) clock = { NULL };
  gint64 first = MAX (from, layer->from);
  gint64 end = MIN (until, layer->until);
  gboolean has_one = FALSE;

  if (!layer->rotates || first >= end)
    return FALSE;

  incident_wall_clock_init (&clock, layer->zone, first, end);
  for (guint i = 1; i < clock.offsets->len; i++)
    {
      gint64 moment = g_array_index (clock.offsets, IncidentWallOffset, i).since * G_USEC_PER_SEC;
      gint64 before = incident_rotation_find (&layer->rotation, &clock, moment - 1);
      gint64 after = incident_rotation_find (&layer->rotation, &clock, moment);

      /* Of the hand-offs that fall on one moment the last one counts. */
      for (gint64 k = before + 2; k <= after && moment >= first && moment < end; k++)
        {
          has_one = TRUE;
          if (moments != NULL)
            g_array_append_val (moments, moment);
        }
    }

  return has_one;
}
