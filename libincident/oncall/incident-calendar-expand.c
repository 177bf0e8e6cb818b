/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "oncall/incident-calendar-rule-private.h"

#include <string.h>

/* What a rule of recurrence gives (RFC 5545, 3.3.10): period by period, all days of the period that pass every
 * part of the rule, times the times of the day. Each period is reckoned from its number alone, so that what lies
 * long before is skipped; and each day that is looked at is taken off a budget, so that no rule goes on for ever. */

typedef struct
{
  const IncidentCalendarRule *rule;
  gint64   first_day;      /* of the start */
  int      year;           /* of the start, as those below */
  int      month;
  int      day;
  guint    weekday;
  guint64  seconds;
  guint64  minutes;
  guint64  hours;
  GArray  *set;            /* (element-type gint64): what the period gives, by the wall */
} Expansion;

static guint
get_weekday (gint64 day)
{
  /* 1970-01-01 was a Thursday. */
  return (guint) (((day + 3) % 7 + 7) % 7);
}

static int
get_month_length (int year,
                  int month)
{
  return g_date_get_days_in_month ((GDateMonth) month, (GDateYear) CLAMP (year, 1, 9999));
}

static gboolean
has_bit (guint64 bits,
         guint   bit)
{
  return (bits >> bit & 1) != 0;
}

/* The @n-th of @length. */
static gboolean
contain (const IncidentCalendarDays *days,
         gint64                      n,
         gint64                      length)
{
  return n >= 1 && n <= length && length <= INCIDENT_CALENDAR_MAX_DAYS && (days->plus[n] != 0 || days->minus[length + 1 - n] != 0);
}

/* The first day of week 1: the one with at least four days of the year. */
static gint64
get_first_week (int   year,
                guint week_start)
{
  gint64 first = incident_calendar_get_day (year, 1, 1);
  guint into = (get_weekday (first) + 7 - week_start) % 7;

  return into <= 3 ? first - into : first + 7 - into;
}

static gboolean
is_in_weeks (const Expansion *self,
             gint64           day,
             int              year)
{
  gint64 begin = get_first_week (year, self->rule->week_start);
  gint64 end = get_first_week (year + 1, self->rule->week_start);

  if (day < begin)
    {
      end = begin;
      begin = get_first_week (year - 1, self->rule->week_start);
    }
  else if (day >= end)
    {
      begin = end;
      end = get_first_week (year + 2, self->rule->week_start);
    }
  return contain (&self->rule->weeks, (day - begin) / 7 + 1, (end - begin) / 7);
}

/* Is it the second Monday of its month, or of its year? */
static gboolean
is_nth (const IncidentCalendarRule *rule,
        guint                       weekday,
        gint64                      place,
        gint64                      length)
{
  return rule->nth_plus[weekday][(place - 1) / 7 + 1] != 0 || rule->nth_minus[weekday][(length - place) / 7 + 1] != 0;
}

static gboolean
passes_weekdays (const Expansion *self,
                 gint64           at,
                 int              year,
                 int              month,
                 int              day)
{
  const IncidentCalendarRule *rule = self->rule;
  guint weekday = get_weekday (at);
  gint64 new_year;

  if (!rule->has_weekdays || has_bit (rule->weekdays, weekday))
    return TRUE;
  if (!rule->has_nth)
    return FALSE;
  if (rule->frequency == INCIDENT_CALENDAR_MONTHLY || rule->months != 0)
    return is_nth (rule, weekday, day, get_month_length (year, month));

  new_year = incident_calendar_get_day (year, 1, 1);
  return is_nth (rule, weekday, at - new_year + 1, incident_calendar_get_day (year + 1, 1, 1) - new_year);
}

/* What a rule leaves open is as it is at the start. */
static gboolean
passes_defaults (const Expansion *self,
                 gint64           at,
                 int              month,
                 int              day)
{
  const IncidentCalendarRule *rule = self->rule;

  if (rule->has_weekdays || rule->month_days.is_given || rule->year_days.is_given)
    return TRUE;
  if (rule->weeks.is_given || rule->frequency == INCIDENT_CALENDAR_WEEKLY)
    return get_weekday (at) == self->weekday;
  if (rule->frequency == INCIDENT_CALENDAR_YEARLY && rule->months == 0)
    return month == self->month && day == self->day;
  return rule->frequency < INCIDENT_CALENDAR_MONTHLY || day == self->day;
}

static gboolean
passes (const Expansion *self,
        gint64           at)
{
  const IncidentCalendarRule *rule = self->rule;
  gint64 new_year;
  int year, month, day;

  incident_calendar_split_day (at, &year, &month, &day);
  if (rule->months != 0 && !has_bit (rule->months, (guint) month))
    return FALSE;
  if (rule->month_days.is_given && !contain (&rule->month_days, day, get_month_length (year, month)))
    return FALSE;
  if (!passes_defaults (self, at, month, day) || !passes_weekdays (self, at, year, month, day))
    return FALSE;
  if (rule->weeks.is_given && !is_in_weeks (self, at, year))
    return FALSE;
  if (!rule->year_days.is_given)
    return TRUE;

  new_year = incident_calendar_get_day (year, 1, 1);
  return contain (&rule->year_days, at - new_year + 1, incident_calendar_get_day (year + 1, 1, 1) - new_year);
}

static void
add_times (Expansion *self,
           gint64     day,
           guint64    hours,
           guint64    minutes)
{
  for (guint hour = 0; hour < 24; hour++)
    for (guint minute = 0; has_bit (hours, hour) && minute < 60; minute++)
      for (guint second = 0; has_bit (minutes, minute) && second <= 60; second++)
        if (has_bit (self->seconds, second))
          {
            gint64 wall = day * INCIDENT_CALENDAR_DAY + hour * 3600 + minute * 60 + MIN (second, 59);

            g_array_append_val (self->set, wall);
          }
}

/* The days of a period. @last is not one of them. */
static void
get_period (const Expansion *self,
            gint64           number,
            gint64          *first,
            gint64          *last)
{
  gint64 step = number * self->rule->interval;
  gint64 month;

  switch (self->rule->frequency)
    {
    case INCIDENT_CALENDAR_YEARLY:
      *first = incident_calendar_get_day ((int) (self->year + step), 1, 1);
      *last = incident_calendar_get_day ((int) (self->year + step + 1), 1, 1);
      break;
    case INCIDENT_CALENDAR_MONTHLY:
      month = self->year * 12 + self->month - 1 + step;
      *first = incident_calendar_get_day ((int) (month / 12), (int) (month % 12) + 1, 1);
      *last = incident_calendar_get_day ((int) ((month + 1) / 12), (int) ((month + 1) % 12) + 1, 1);
      break;
    case INCIDENT_CALENDAR_WEEKLY:
      *first = self->first_day - (self->weekday + 7 - self->rule->week_start) % 7 + step * 7;
      *last = *first + 7;
      break;
    case INCIDENT_CALENDAR_DAILY:
    case INCIDENT_CALENDAR_HOURLY:
    case INCIDENT_CALENDAR_MINUTELY:
    default:
      *first = self->first_day + step;
      *last = *first + 1;
      break;
    }
}

/* Hours and minutes: the period is one of them, and passes whole or not at all. */
static gint64
fill_part_of_day (Expansion *self,
                  gint64     start,
                  gint64     number)
{
  gboolean is_hour = self->rule->frequency == INCIDENT_CALENDAR_HOURLY;
  gint64 length = is_hour ? 3600 : 60;
  gint64 wall = (start / length - (start % length < 0 ? 1 : 0) + number * self->rule->interval) * length;
  gint64 day = wall / INCIDENT_CALENDAR_DAY - (wall % INCIDENT_CALENDAR_DAY < 0 ? 1 : 0);
  gint64 of_day = wall - day * INCIDENT_CALENDAR_DAY;
  guint hour = (guint) (of_day / 3600), minute = (guint) (of_day / 60 % 60);

  if (has_bit (self->hours, hour) && (is_hour || has_bit (self->minutes, minute)) && passes (self, day))
    add_times (self, day, G_GUINT64_CONSTANT (1) << hour,
               is_hour ? self->minutes : G_GUINT64_CONSTANT (1) << minute);
  return wall;
}

/* Fills the set; where the period begins. */
static gint64
fill (Expansion              *self,
      gint64                  start,
      gint64                  number,
      IncidentCalendarBudget *budget)
{
  gint64 first, last;

  g_array_set_size (self->set, 0);
  if (self->rule->frequency <= INCIDENT_CALENDAR_HOURLY)
    {
      first = fill_part_of_day (self, start, number);
      *budget -= 1 + 10 * (gint64) self->set->len;
      return first;
    }

  get_period (self, number, &first, &last);
  /* A year of seconds is more than is to be kept before it is counted. */
  for (gint64 day = first; day < last && *budget > 10 * (gint64) self->set->len; day++)
    {
      /* Twelve leaps where a rule names months. */
      if (self->rule->frequency == INCIDENT_CALENDAR_YEARLY && self->rule->months != 0)
        {
          int year, month, of_month;

          incident_calendar_split_day (day, &year, &month, &of_month);
          if (of_month == 1 && !has_bit (self->rule->months, (guint) month))
            {
              day += get_month_length (year, month) - 1;
              continue;
            }
        }
      *budget -= 1;
      if (passes (self, day))
        add_times (self, day, self->hours, self->minutes);
    }
  *budget -= 10 * (gint64) self->set->len;
  return first * INCIDENT_CALENDAR_DAY;
}

static void
choose_positions (Expansion *self)
{
  guint kept = 0, length = self->set->len;

  for (guint i = 0; i < length; i++)
    {
      guint from_end = length - i;
      gboolean chosen = (i + 1 <= INCIDENT_CALENDAR_MAX_DAYS && self->rule->positions.plus[i + 1] != 0)
                        || (from_end <= INCIDENT_CALENDAR_MAX_DAYS && self->rule->positions.minus[from_end] != 0);

      if (chosen)
        g_array_index (self->set, gint64, kept++) = g_array_index (self->set, gint64, i);
    }
  g_array_set_size (self->set, kept);
}

/* The number of a period that surely does not begin after @wall. */
static gint64
find_period (const Expansion *self,
             gint64           start,
             gint64           wall)
{
  static const gint64 lengths[] = { 60, 3600, INCIDENT_CALENDAR_DAY, INCIDENT_CALENDAR_WEEK, 31 * INCIDENT_CALENDAR_DAY,
                                    366 * INCIDENT_CALENDAR_DAY };
  gint64 periods = (wall - start) / (lengths[self->rule->frequency] * self->rule->interval);

  /* Only what was counted has to be counted from the start. */
  return self->rule->count > 0 ? 0 : MAX (periods - 1, 0);
}

static void
init (Expansion                  *self,
      const IncidentCalendarRule *rule,
      gint64                      start,
      gboolean                    is_date)
{
  gint64 day = start / INCIDENT_CALENDAR_DAY - (start % INCIDENT_CALENDAR_DAY < 0 ? 1 : 0);
  gint64 of_day = start - day * INCIDENT_CALENDAR_DAY;

  self->rule = rule;
  self->first_day = day;
  incident_calendar_split_day (day, &self->year, &self->month, &self->day);
  self->weekday = get_weekday (day);
  self->seconds = !is_date && rule->seconds != 0 ? rule->seconds : G_GUINT64_CONSTANT (1) << (of_day % 60);
  self->minutes = !is_date && rule->minutes != 0 ? rule->minutes : G_GUINT64_CONSTANT (1) << (of_day / 60 % 60);
  self->hours = !is_date && rule->hours != 0 ? rule->hours : G_GUINT64_CONSTANT (1) << (of_day / 3600);
  /* Every hour, and every minute, has passed already what its period is. */
  if (rule->frequency <= INCIDENT_CALENDAR_HOURLY && rule->hours == 0)
    self->hours = (G_GUINT64_CONSTANT (1) << 24) - 1;
  if (rule->frequency == INCIDENT_CALENDAR_MINUTELY && rule->minutes == 0)
    self->minutes = (G_GUINT64_CONSTANT (1) << 60) - 1;
  self->set = g_array_new (FALSE, FALSE, sizeof (gint64));
}

/* Adds what the set has after the start. FALSE: there is nothing more to come. */
static gboolean
take_set (const Expansion *self,
          gint64           start,
          gint64           from,
          gint64           until,
          guint           *count,
          GArray          *times)
{
  const IncidentCalendarRule *rule = self->rule;

  for (guint i = 0; i < self->set->len; i++)
    {
      gint64 wall = g_array_index (self->set, gint64, i);

      if (wall <= start || (i > 0 && wall == g_array_index (self->set, gint64, i - 1)))
        continue;
      if (wall >= until || (rule->has_until && wall > rule->until.wall) || (rule->count > 0 && ++*count > rule->count))
        return FALSE;
      if (wall >= from)
        g_array_append_val (times, wall);
    }
  return TRUE;
}

gboolean
incident_calendar_rule_expand (const IncidentCalendarRule *rule,
                               gint64                      start,
                               gboolean                    is_date,
                               gint64                      from,
                               gint64                      until,
                               IncidentCalendarBudget     *budget,
                               GArray                     *times)
{
  gint64 end = rule->has_until ? MIN (until, rule->until.wall + 1) : until;
  Expansion self = { 0, };
  guint count = 1;

  /* The start is the first of them in any case. */
  if (start >= from && start < until)
    g_array_append_val (times, start);

  init (&self, rule, start, is_date);
  for (gint64 number = find_period (&self, start, from); *budget > 0; number++)
    {
      if (fill (&self, start, number, budget) >= end)
        break;
      if (rule->positions.is_given)
        choose_positions (&self);
      if (!take_set (&self, start, from, until, &count, times))
        break;
    }

  g_array_unref (self.set);
  return *budget > 0;
}
