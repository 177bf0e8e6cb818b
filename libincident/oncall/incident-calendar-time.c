/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "oncall/incident-calendar-private.h"

#include <string.h>

/* Dates, times and durations as iCalendar writes them, and the zones that they are of. */

gint64
incident_calendar_get_day (int year,
                           int month,
                           int day)
{
  /* Years that begin in March end in the day that leaps: 400 of them have 146097 days. */
  gint64 shifted = month > 2 ? year : (gint64) year - 1;
  gint64 era = (shifted >= 0 ? shifted : shifted - 399) / 400;
  gint64 of_era = shifted - era * 400;
  gint64 of_year = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1;

  return era * 146097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719468;
}

void
incident_calendar_split_day (gint64  days,
                             int    *year,
                             int    *month,
                             int    *day)
{
  gint64 since = days + 719468;
  gint64 era = (since >= 0 ? since : since - 146096) / 146097;
  gint64 of_era = since - era * 146097;
  gint64 years = (of_era - of_era / 1460 + of_era / 36524 - of_era / 146096) / 365;
  gint64 of_year = of_era - (365 * years + years / 4 - years / 100);
  gint64 shifted = (5 * of_year + 2) / 153;

  *day = (int) (of_year - (153 * shifted + 2) / 5 + 1);
  *month = (int) (shifted < 10 ? shifted + 3 : shifted - 9);
  *year = (int) (years + era * 400 + (*month <= 2 ? 1 : 0));
}

/* @n digits, no more. -1: they are not. */
static int
read_digits (const char *text,
             guint       n)
{
  int number = 0;

  for (guint i = 0; i < n; i++)
    {
      if (!g_ascii_isdigit (text[i]))
        return -1;
      number = number * 10 + (text[i] - '0');
    }
  return number;
}

static gboolean
read_date (const char *text,
           gint64     *wall)
{
  int year = read_digits (text, 4), month = read_digits (text + 4, 2), day = read_digits (text + 6, 2);

  if (year < 1 || month < 1 || day < 1 || !g_date_valid_dmy ((GDateDay) day, (GDateMonth) month, (GDateYear) year))
    return FALSE;

  *wall = incident_calendar_get_day (year, month, day) * INCIDENT_CALENDAR_DAY;
  return TRUE;
}

/* A leap second is the one before it. */
static gboolean
read_clock (const char *text,
            gint64     *wall)
{
  int hour = read_digits (text, 2), minute = read_digits (text + 2, 2), second = read_digits (text + 4, 2);

  if (hour < 0 || hour > 23 || minute < 0 || minute > 59 || second < 0 || second > 60)
    return FALSE;

  *wall += hour * 3600 + minute * 60 + MIN (second, 59);
  return TRUE;
}

gboolean
incident_calendar_read_time (const char           *text,
                             gsize                 length,
                             IncidentCalendarTime *time)
{
  if (length < 8 || !read_date (text, &time->wall))
    return FALSE;

  time->kind = length == 8 ? INCIDENT_CALENDAR_DATE : length == 16 ? INCIDENT_CALENDAR_UTC : INCIDENT_CALENDAR_FLOATING;
  if (length == 8)
    return TRUE;
  return (length == 15 || (length == 16 && text[15] == 'Z')) && text[8] == 'T' && read_clock (text + 9, &time->wall);
}

/* “15M”: a number and its unit, one of those that may still follow. */
static gboolean
take_part (const char **text,
           const char  *end,
           const char **units,
           gint64      *number,
           char        *unit)
{
  const char *at = *text, *found;

  *number = 0;
  for (; at < end && g_ascii_isdigit (*at) && at - *text < 6; at++)
    *number = *number * 10 + (*at - '0');
  if (at == *text || at == end)
    return FALSE;

  found = strchr (*units, *at);
  if (found == NULL || *found == '\0')
    return FALSE;
  *unit = *at;
  *units = found + 1;
  *text = at + 1;
  return TRUE;
}

gboolean
incident_calendar_read_duration (const char               *text,
                                 gsize                     length,
                                 IncidentCalendarDuration *duration)
{
  const char *end = text + length, *units = "WD";
  gboolean any = FALSE, in_clock = FALSE;

  *duration = (IncidentCalendarDuration) { 0, 0 };
  if (length > 0 && *text == '+')
    text++;
  if (text == end || *text++ != 'P')
    return FALSE;

  while (text < end)
    {
      gint64 number;
      char unit;

      if (*text == 'T' && !in_clock)
        {
          text++;
          in_clock = TRUE;
          any = FALSE;
          units = "HMS";
          continue;
        }
      if (!take_part (&text, end, &units, &number, &unit))
        return FALSE;
      any = TRUE;
      if (!in_clock)
        duration->days += unit == 'W' ? number * 7 : number;
      else
        duration->seconds += number * (unit == 'H' ? 3600 : unit == 'M' ? 60 : 1);
    }
  return any;
}

gboolean
incident_calendar_read_offset (const char *text,
                               gint32     *offset)
{
  gsize length = strlen (text);
  int hours, minutes, seconds;

  if ((length != 5 && length != 7) || (*text != '+' && *text != '-'))
    return FALSE;

  hours = read_digits (text + 1, 2);
  minutes = read_digits (text + 3, 2);
  seconds = length == 7 ? read_digits (text + 5, 2) : 0;
  if (hours < 0 || hours > 23 || minutes < 0 || minutes > 59 || seconds < 0 || seconds > 59)
    return FALSE;

  *offset = (hours * 3600 + minutes * 60 + seconds) * (*text == '-' ? -1 : 1);
  return TRUE;
}

IncidentCalendarZone *
incident_calendar_zone_new (GTimeZone *zone)
{
  IncidentCalendarZone *self = g_new0 (IncidentCalendarZone, 1);

  self->zone = zone != NULL ? g_time_zone_ref (zone) : NULL;
  self->changes = g_array_new (FALSE, FALSE, sizeof (IncidentCalendarChange));
  return self;
}

/* Names are those of files: none leads out of their folder. “/” in front is for names that only their
 * VTIMEZONE explains. */
IncidentCalendarZone *
incident_calendar_zone_new_named (const char *name)
{
  gboolean is_name = g_ascii_isalpha (*name) && strlen (name) <= 64
                     && strspn (name, G_CSET_A_2_Z G_CSET_a_2_z G_CSET_DIGITS "/_+-") == strlen (name);
  g_autoptr(GTimeZone) zone = NULL;

  /* The one of this machine is nobody's; and “UTC+3”, which is three hours west, is a zone of POSIX. */
  if (!is_name || g_str_equal (name, "localtime") || (strpbrk (name, "+-") != NULL && strchr (name, '/') == NULL))
    return NULL;
  if (g_str_equal (name, "UTC"))
    zone = g_time_zone_new_utc ();
  else
    zone = g_time_zone_new_identifier (name);
  return zone != NULL ? incident_calendar_zone_new (zone) : NULL;
}

void
incident_calendar_zone_free (IncidentCalendarZone *self)
{
  g_clear_pointer (&self->zone, g_time_zone_unref);
  g_array_unref (self->changes);
  g_free (self);
}

void
incident_calendar_zone_add_change (IncidentCalendarZone *self,
                                   gint64                at,
                                   gint32                before,
                                   gint32                after)
{
  IncidentCalendarChange change = { at, after };

  if (self->changes->len == 0 || at < self->first)
    {
      self->first = at;
      self->before = before;
    }
  g_array_append_val (self->changes, change);
}

static int
compare_changes (gconstpointer a,
                 gconstpointer b)
{
  gint64 left = ((const IncidentCalendarChange *) a)->at, right = ((const IncidentCalendarChange *) b)->at;

  return left < right ? -1 : left > right;
}

gboolean
incident_calendar_zone_seal (IncidentCalendarZone *self)
{
  g_array_sort (self->changes, compare_changes);
  return self->changes->len > 0;
}

gint32
incident_calendar_zone_get_offset (const IncidentCalendarZone *self,
                                   gint64                      at)
{
  guint low = 0, high = self->changes->len;

  if (self->zone != NULL)
    return g_time_zone_get_offset (self->zone, g_time_zone_find_interval (self->zone, G_TIME_TYPE_UNIVERSAL, at));

  while (low < high)
    {
      guint middle = low + (high - low) / 2;

      if (g_array_index (self->changes, IncidentCalendarChange, middle).at <= at)
        low = middle + 1;
      else
        high = middle;
    }
  return low > 0 ? g_array_index (self->changes, IncidentCalendarChange, low - 1).offset : self->before;
}

gint64
incident_calendar_zone_get_instant (const IncidentCalendarZone *self,
                                    gint64                      wall,
                                    gboolean                   *is_skipped)
{
  gint32 before = incident_calendar_zone_get_offset (self, wall - INCIDENT_CALENDAR_DAY);
  gint32 after = incident_calendar_zone_get_offset (self, wall + INCIDENT_CALENDAR_DAY);
  gint64 first = wall - MAX (before, after), second = wall - MIN (before, after);
  gboolean skipped = FALSE;
  gint64 instant = first;

  if (incident_calendar_zone_get_offset (self, first) != MAX (before, after))
    {
      skipped = incident_calendar_zone_get_offset (self, second) != MIN (before, after);
      instant = skipped ? wall - before : second;
    }
  if (is_skipped != NULL)
    *is_skipped = skipped;
  return instant;
}
