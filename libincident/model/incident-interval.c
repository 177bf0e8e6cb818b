/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "model/incident-interval-private.h"

#include <string.h>

#define MINUTES_PER_DAY 1440
#define SECONDS_PER_DAY 86400
/* Some days never come, as the 30th of February: do not look for them for ever. */
#define MOST_STEPS      1000

static void
spec_free (gpointer data)
{
  IncidentIntervalSpec *self = data;

  g_clear_pointer (&self->times, g_array_unref);
  g_clear_pointer (&self->weekdays, g_array_unref);
  g_clear_pointer (&self->days_of_month, g_array_unref);
  g_clear_pointer (&self->months, g_array_unref);
  g_clear_pointer (&self->years, g_array_unref);
  g_time_zone_unref (self->zone);
  g_free (self);
}

IncidentInterval *
incident_interval_new (const char *name)
{
  IncidentInterval *self = g_new0 (IncidentInterval, 1);

  self->name = name;
  self->specs = g_ptr_array_new_with_free_func (spec_free);
  return self;
}

void
incident_interval_free (IncidentInterval *self)
{
  g_ptr_array_unref (self->specs);
  g_free (self);
}

IncidentIntervalSpec *
incident_interval_add_spec (IncidentInterval *self)
{
  IncidentIntervalSpec *spec = g_new0 (IncidentIntervalSpec, 1);

  spec->zone = g_time_zone_new_utc ();
  g_ptr_array_add (self->specs, spec);
  return spec;
}

static void
add_span (GArray **spans,
          int      first,
          int      last)
{
  IncidentRange span = { first, last };

  if (*spans == NULL)
    *spans = g_array_new (FALSE, FALSE, sizeof (IncidentRange));
  g_array_append_val (*spans, span);
}

static gboolean
fail (char       **problem,
      const char  *format,
      ...) G_GNUC_PRINTF (2, 3);

static gboolean
fail (char       **problem,
      const char  *format,
      ...)
{
  va_list args;

  va_start (args, format);
  *problem = g_strdup_vprintf (format, args);
  va_end (args);
  return FALSE;
}

/* “09:00”, up to “24:00”. */
static gboolean
read_time (const char *text,
           int        *minutes)
{
  const char *shape = "00:00";

  for (guint i = 0; i < 5; i++)
    if (shape[i] == ':' ? text[i] != ':' : !g_ascii_isdigit (text[i]))
      return FALSE;
  if (text[5] != '\0' || text[3] > '5')
    return FALSE;

  *minutes = ((text[0] - '0') * 10 + text[1] - '0') * 60 + (text[3] - '0') * 10 + text[4] - '0';
  return *minutes <= MINUTES_PER_DAY;
}

gboolean
incident_interval_spec_add_time (IncidentIntervalSpec  *self,
                                 const char            *start,
                                 const char            *end,
                                 char                 **problem)
{
  int first, last;

  if (!read_time (start, &first) || !read_time (end, &last))
    return fail (problem, "must be times of the day such as “09:00”, up to “24:00”");
  if (first >= last)
    return fail (problem, "must end later on the day than it starts: over midnight takes two, one until “24:00” and one from “00:00”");

  add_span (&self->times, first, last);
  return TRUE;
}

typedef gboolean (*ReadWord) (const char *word,
                              int        *number);

/* “word” or “word:word” */
static gboolean
read_span (const char *text,
           ReadWord    read,
           int        *first,
           int        *last)
{
  const char *colon = strchr (text, ':');
  g_autofree char *start = colon != NULL ? g_strndup (text, (gsize) (colon - text)) : g_strdup (text);

  return read (start, first) && read (colon != NULL ? colon + 1 : start, last);
}

/* Decimal digits, with a “-” in front where there may be. */
static gboolean
read_number (const char *text,
             gsize       most_digits,
             int        *number)
{
  gboolean is_negative = *text == '-';
  gsize n = strspn (text + is_negative, "0123456789");

  if (n == 0 || n > most_digits || text[is_negative + n] != '\0')
    return FALSE;

  *number = 0;
  for (text += is_negative; *text != '\0'; text++)
    *number = *number * 10 + (*text - '0');
  if (is_negative)
    *number = -*number;
  return TRUE;
}

static gboolean
read_name (const char * const *names,
           guint               n,
           const char         *word,
           int                *number)
{
  for (guint i = 0; i < n; i++)
    if (g_ascii_strcasecmp (names[i], word) == 0)
      {
        *number = (int) i;
        return TRUE;
      }

  return FALSE;
}

static gboolean
read_weekday (const char *word,
              int        *number)
{
  static const char * const names[] = { "sunday", "monday", "tuesday", "wednesday", "thursday", "friday", "saturday" };

  return read_name (names, G_N_ELEMENTS (names), word, number);
}

static gboolean
read_day (const char *word,
          int        *number)
{
  return read_number (word, 2, number) && *number != 0 && ABS (*number) <= 31;
}

static gboolean
read_month (const char *word,
            int        *number)
{
  static const char * const names[] = { "january", "february", "march", "april", "may", "june", "july", "august",
                                        "september", "october", "november", "december" };

  if (!read_name (names, G_N_ELEMENTS (names), word, number))
    return read_number (word, 2, number) && *number >= 1 && *number <= 12;

  ++*number;
  return TRUE;
}

static gboolean
read_year (const char *word,
           int        *number)
{
  return read_number (word, 4, number) && *number >= 1;
}

gboolean
incident_interval_spec_add_weekdays (IncidentIntervalSpec  *self,
                                     const char            *text,
                                     char                 **problem)
{
  int first, last;

  if (!read_span (text, read_weekday, &first, &last))
    return fail (problem, "must be a day of the week such as “monday”, or two as in “monday:friday”");
  if (first > last)
    return fail (problem, "must not go over the end of a week, which is saturday: that takes two, as “friday:saturday” and “sunday:monday”");

  add_span (&self->weekdays, first, last);
  return TRUE;
}

gboolean
incident_interval_spec_add_days (IncidentIntervalSpec  *self,
                                 const char            *text,
                                 char                 **problem)
{
  /* The shortest month tells whether the one is before the other in all. Negative
   * numbers are taken from 28, as Alertmanager does: “28:-1” is refused. */
  const int shortest = 28;
  int first, last;

  if (!read_span (text, read_day, &first, &last))
    return fail (problem, "must be a day of the month, 1 to 31, or -31 to -1 from its end, or two as in “1:15” and “-3:-1”");
  if (first < 0 && last > 0)
    return fail (problem, "must end at a negative day, as it starts at one");
  if ((first < 0 ? shortest + first : first) > (last < 0 ? shortest + last : last))
    return fail (problem, "must start at a day that is before its end in a month of 28 days too");

  add_span (&self->days_of_month, first, last);
  return TRUE;
}

gboolean
incident_interval_spec_add_months (IncidentIntervalSpec  *self,
                                   const char            *text,
                                   char                 **problem)
{
  int first, last;

  if (!read_span (text, read_month, &first, &last))
    return fail (problem, "must be a month such as “march” or “3”, or two as in “march:may”");
  if (first > last)
    return fail (problem, "must not go over the end of a year: that takes two, as “november:december” and “january:february”");

  add_span (&self->months, first, last);
  return TRUE;
}

gboolean
incident_interval_spec_add_years (IncidentIntervalSpec  *self,
                                  const char            *text,
                                  char                 **problem)
{
  int first, last;

  if (!read_span (text, read_year, &first, &last))
    return fail (problem, "must be a year such as “2026”, or two as in “2026:2028”");
  if (first > last)
    return fail (problem, "must not end before the year it starts in");

  add_span (&self->years, first, last);
  return TRUE;
}

/* Names are those of IANA's files, and never lead to another file. */
static GTimeZone *
find_zone (const char *text)
{
  gboolean is_name = g_ascii_isalpha (*text)
                     && strspn (text, G_CSET_A_2_Z G_CSET_a_2_z G_CSET_DIGITS "/_+-") == strlen (text);

  if (g_ascii_strcasecmp (text, "Local") == 0)
    return g_time_zone_new_local ();
  return is_name ? g_time_zone_new_identifier (text) : NULL;
}

gboolean
incident_interval_spec_set_zone (IncidentIntervalSpec  *self,
                                 const char            *text,
                                 char                 **problem)
{
  GTimeZone *zone = find_zone (text);

  if (zone == NULL)
    return fail (problem, "must be a time zone such as “Europe/Madrid”, or “Local” for that of the machine");

  g_time_zone_unref (self->zone);
  self->zone = zone;
  return TRUE;
}

/* A time as the clock on the wall shows it. */
typedef struct
{
  gint64 seconds;  /* since 1970, as if there were no zones */
  gint64 offset;   /* of the zone, seconds */
  gint64 day;      /* since 1970 */
  int    minute;   /* of the day */
  int    weekday;
  gint64 year;
  int    month;
  int    day_of_month;
} Wall;

static gint64
divide_down (gint64 a,
             gint64 b)
{
  return a / b - (a % b < 0);
}

/* Days since 1970 of a day of the Gregorian calendar. Years are counted from March,
 * so that the day that leaps is the last. */
static gint64
get_day (gint64 year,
         int    month,
         int    day_of_month)
{
  gint64 y = month <= 2 ? year - 1 : year;
  gint64 day_of_year = (153 * ((month + 9) % 12) + 2) / 5 + day_of_month - 1;

  return y * 365 + divide_down (y, 4) - divide_down (y, 100) + divide_down (y, 400) + day_of_year - 719468;
}

static void
fill_date (Wall *self)
{
  /* In 400 years there are 146097 days. That may find the year before, never the one after. */
  gint64 days = self->day + 719468;
  gint64 year = divide_down (days * 400, 146097);
  gint64 day_of_year;
  int month;

  if (get_day (year + 1, 3, 1) <= self->day)
    year++;
  day_of_year = self->day - get_day (year, 3, 1);
  month = (int) ((5 * day_of_year + 2) / 153);
  self->day_of_month = (int) (day_of_year - (153 * month + 2) / 5) + 1;
  self->month = month < 10 ? month + 3 : month - 9;
  self->year = self->month <= 2 ? year + 1 : year;
}

static void
wall_init (Wall      *self,
           GTimeZone *zone,
           gint64     seconds)
{
  self->offset = g_time_zone_get_offset (zone, g_time_zone_find_interval (zone, G_TIME_TYPE_UNIVERSAL, seconds));
  self->seconds = seconds + self->offset;
  self->day = divide_down (self->seconds, SECONDS_PER_DAY);
  self->minute = (int) ((self->seconds - self->day * SECONDS_PER_DAY) / 60);
  self->weekday = (int) ((self->day % 7 + 7 + 4) % 7);
  fill_date (self);
}

static int
get_month_length (const Wall *wall)
{
  static const int lengths[] = { 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31 };

  if (wall->month == 2)
    return (int) (get_day (wall->year, 3, 1) - get_day (wall->year, 2, 1));
  return lengths[wall->month - 1];
}

static gboolean
is_in (const GArray *spans,
       gint64        number)
{
  for (guint i = 0; spans != NULL && i < spans->len; i++)
    {
      const IncidentRange *span = &g_array_index (spans, IncidentRange, i);

      if (number >= span->first && number <= span->last)
        return TRUE;
    }

  return spans == NULL;
}

static gboolean
is_in_times (const GArray *spans,
             int           minute)
{
  for (guint i = 0; spans != NULL && i < spans->len; i++)
    {
      const IncidentRange *span = &g_array_index (spans, IncidentRange, i);

      if (minute >= span->first && minute < span->last)
        return TRUE;
    }

  return spans == NULL;
}

/* A span that starts behind the end of the month is not in it; one that ends there
 * ends with the month. */
static gboolean
is_in_days (const GArray *spans,
            const Wall   *wall)
{
  int length = spans != NULL ? get_month_length (wall) : 0;

  for (guint i = 0; spans != NULL && i < spans->len; i++)
    {
      const IncidentRange *span = &g_array_index (spans, IncidentRange, i);
      int first = span->first < 0 ? length + span->first + 1 : span->first;
      int last = span->last < 0 ? length + span->last + 1 : span->last;

      if (wall->day_of_month >= first && wall->day_of_month <= last)
        return TRUE;
    }

  return spans == NULL;
}

static gboolean
is_on_day (const IncidentIntervalSpec *self,
           const Wall                 *wall)
{
  return is_in (self->weekdays, wall->weekday) && is_in_days (self->days_of_month, wall);
}

static gboolean
spec_contains (const IncidentIntervalSpec *self,
               gint64                      seconds)
{
  Wall wall;

  wall_init (&wall, self->zone, seconds);
  return is_in_times (self->times, wall.minute) && is_in (self->years, wall.year) && is_in (self->months, wall.month)
         && is_on_day (self, &wall);
}

static gboolean
contains (const IncidentInterval *self,
          gint64                  seconds)
{
  for (guint i = 0; i < self->specs->len; i++)
    if (spec_contains (g_ptr_array_index (self->specs, i), seconds))
      return TRUE;

  return FALSE;
}

gboolean
incident_interval_contains (const IncidentInterval *self,
                            gint64                  at)
{
  return contains (self, divide_down (at, G_USEC_PER_SEC));
}

/* The first day of the next year in which the answer may be another; G_MAXINT64: there
 * is none. */
static gint64
find_year (const IncidentIntervalSpec *self,
           gint64                      year)
{
  gint64 next = G_MAXINT64;

  for (guint i = 0; i < self->years->len; i++)
    {
      const IncidentRange *span = &g_array_index (self->years, IncidentRange, i);

      if (span->first > year)
        next = MIN (next, span->first);
      if (span->last >= year)
        next = MIN (next, span->last + 1);
    }

  return next != G_MAXINT64 ? get_day (next, 1, 1) : G_MAXINT64;
}

static int
find_minute (const IncidentIntervalSpec *self,
             int                         minute)
{
  int next = MINUTES_PER_DAY;

  for (guint i = 0; i < self->times->len; i++)
    {
      const IncidentRange *span = &g_array_index (self->times, IncidentRange, i);

      if (span->first > minute)
        next = MIN (next, span->first);
      else if (span->last > minute)
        next = MIN (next, span->last);
    }

  return next;
}

/* When the clock on the wall next shows what may change the answer, as if the zone's
 * offset stayed. */
static gint64
find_on_wall (const IncidentIntervalSpec *self,
              const Wall                 *wall)
{
  gboolean goes_by_day = self->weekdays != NULL || self->days_of_month != NULL;

  if (!is_in (self->years, wall->year))
    {
      gint64 day = find_year (self, wall->year);

      return day != G_MAXINT64 ? day * SECONDS_PER_DAY : G_MAXINT64;
    }
  if (is_in (self->months, wall->month) && is_on_day (self, wall) && self->times != NULL)
    return wall->day * SECONDS_PER_DAY + find_minute (self, wall->minute) * 60;
  if (is_in (self->months, wall->month) && (goes_by_day || self->times != NULL))
    return (wall->day + 1) * SECONDS_PER_DAY;
  if (self->months != NULL)
    return (wall->day - wall->day_of_month + 1 + get_month_length (wall)) * SECONDS_PER_DAY;
  if (self->years != NULL)
    return find_year (self, wall->year) * SECONDS_PER_DAY;

  return G_MAXINT64;
}

/* The first second after @seconds and up to @end from which on the zone has another
 * offset; @end: there is none. */
static gint64
find_shift (GTimeZone *zone,
            gint64     seconds,
            gint64     end)
{
  int interval = g_time_zone_find_interval (zone, G_TIME_TYPE_UNIVERSAL, seconds);
  gint64 first = seconds;

  if (g_time_zone_find_interval (zone, G_TIME_TYPE_UNIVERSAL, end) == interval)
    return end;
  while (end - first > 1)
    {
      gint64 middle = first + (end - first) / 2;

      if (g_time_zone_find_interval (zone, G_TIME_TYPE_UNIVERSAL, middle) == interval)
        first = middle;
      else
        end = middle;
    }

  return end;
}

static gint64
find_next (const IncidentIntervalSpec *self,
           gint64                      seconds)
{
  Wall wall;
  gint64 next;

  wall_init (&wall, self->zone, seconds);
  next = find_on_wall (self, &wall);
  return next != G_MAXINT64 ? find_shift (self->zone, seconds, next - wall.offset) : G_MAXINT64;
}

gint64
incident_interval_next_change (const IncidentInterval *self,
                               gint64                  at)
{
  gint64 seconds = divide_down (at, G_USEC_PER_SEC);
  gboolean now = contains (self, seconds);

  for (guint step = 0; step < MOST_STEPS; step++)
    {
      gint64 next = G_MAXINT64;

      for (guint i = 0; i < self->specs->len; i++)
        next = MIN (next, find_next (g_ptr_array_index (self->specs, i), seconds));
      if (next > G_MAXINT64 / G_USEC_PER_SEC)
        return G_MAXINT64;

      seconds = next;
      if (contains (self, seconds) != now)
        break;
    }

  return seconds * G_USEC_PER_SEC;
}
