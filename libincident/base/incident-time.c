/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <libincident/incident-time.h>

#include <string.h>

#include <libincident/incident-text.h>

#include "base/incident-error-private.h"
#include "base/incident-time-private.h"

#define SECONDS_PER_DAY 86400
#define LONGEST_FRACTION 32
#define LONGEST_QUOTE 60

/* A time as it was written, each part checked. */
typedef struct
{
  int         year;
  int         month;
  int         day;
  int         hour;
  int         minute;
  int         second;
  const char *fraction;         /* its digits */
  gsize       fraction_length;
  int         offset;           /* minutes east of UTC */
} Parts;

/* Days since 1970-01-01 in the Gregorian calendar, carried on into the past. A
 * year is counted from March, so that the leap day is its last. */
static gint64
days_from_civil (int year,
                 int month,
                 int day)
{
  gint64 y = month <= 2 ? year - 1 : year;
  gint64 era = (y >= 0 ? y : y - 399) / 400;
  gint64 year_of_era = y - era * 400;
  gint64 day_of_year = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
  gint64 day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;

  return era * 146097 + day_of_era - 719468;
}

/* The way back, from days since 0001-01-01. */
static void
civil_from_days (guint32  days,
                 guint32 *year,
                 guint32 *month,
                 guint32 *day)
{
  guint32 shifted = days + 306; /* from 0000-03-01 */
  guint32 era = shifted / 146097;
  guint32 day_of_era = shifted % 146097;
  guint32 year_of_era = (day_of_era - day_of_era / 1460 + day_of_era / 36524 - day_of_era / 146096) / 365;
  guint32 day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
  guint32 march = (5 * day_of_year + 2) / 153;

  *day = day_of_year - (153 * march + 2) / 5 + 1;
  *month = march < 10 ? march + 3 : march - 9;
  *year = year_of_era + era * 400 + (*month <= 2 ? 1 : 0);
}

static int
days_of_month (int year,
               int month)
{
  static const int days[] = { 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31 };
  gboolean is_leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;

  return month == 2 && is_leap ? 29 : days[month - 1];
}

/* Takes @count digits, or says which @wanted ones are missing. The parser is a
 * chain: each link returns the fault, or NULL and moves @at. */
static const char *
take_number (const char **at,
             int          count,
             int         *number,
             const char  *fault)
{
  *number = 0;
  for (int i = 0; i < count; i++)
    {
      if (!g_ascii_isdigit (**at))
        return fault;
      *number = *number * 10 + (**at - '0');
      *at += 1;
    }
  return NULL;
}

static const char *
take_character (const char **at,
                const char  *choice,
                const char  *fault)
{
  if (**at == '\0' || strchr (choice, **at) == NULL)
    return fault;
  *at += 1;
  return NULL;
}

static const char *
take_date (const char **at,
           Parts       *parts)
{
  const char *fault = take_number (at, 4, &parts->year, "the year must have four digits");

  if (fault == NULL)
    fault = take_character (at, "-", "“-” must follow the year");
  if (fault == NULL)
    fault = take_number (at, 2, &parts->month, "the month must have two digits");
  if (fault == NULL && (parts->month < 1 || parts->month > 12))
    fault = "the month must be 01 to 12";
  if (fault == NULL)
    fault = take_character (at, "-", "“-” must follow the month");
  if (fault == NULL)
    fault = take_number (at, 2, &parts->day, "the day must have two digits");
  if (fault == NULL && (parts->day < 1 || parts->day > days_of_month (parts->year, parts->month)))
    fault = "the month has no such day";
  return fault;
}

static const char *
take_fraction (const char **at,
               Parts       *parts)
{
  parts->fraction = *at;
  parts->fraction_length = 0;
  if (**at != '.')
    return NULL;

  parts->fraction = *at + 1;
  parts->fraction_length = strspn (parts->fraction, "0123456789");
  if (parts->fraction_length == 0)
    return "a digit must follow the point";
  if (parts->fraction_length > LONGEST_FRACTION)
    return "the fraction of a second can have 32 digits";
  *at = parts->fraction + parts->fraction_length;
  return NULL;
}

static const char *
take_clock (const char **at,
            Parts       *parts)
{
  const char *fault = take_number (at, 2, &parts->hour, "the hour must have two digits");

  if (fault == NULL && parts->hour > 23)
    fault = "the hour must be 00 to 23";
  if (fault == NULL)
    fault = take_character (at, ":", "“:” must follow the hour");
  if (fault == NULL)
    fault = take_number (at, 2, &parts->minute, "the minute must have two digits");
  if (fault == NULL && parts->minute > 59)
    fault = "the minute must be 00 to 59";
  if (fault == NULL)
    fault = take_character (at, ":", "“:” and the second must follow the minute");
  if (fault == NULL)
    fault = take_number (at, 2, &parts->second, "the second must have two digits");
  if (fault == NULL && parts->second == 60)
    fault = "a leap second has no microsecond of its own: write the second before it";
  if (fault == NULL && parts->second > 59)
    fault = "the second must be 00 to 59";
  if (fault == NULL)
    fault = take_fraction (at, parts);
  return fault;
}

static const char *
take_offset (const char **at,
             Parts       *parts)
{
  gboolean is_west = **at == '-';
  const char *fault = take_character (at, "Zz+-", "“Z” or an offset such as “+01:00” must follow the second");
  int hours, minutes;

  parts->offset = 0;
  if (fault != NULL || (*at)[-1] == 'Z' || (*at)[-1] == 'z')
    return fault;

  fault = take_number (at, 2, &hours, "the hours of the offset must have two digits");
  if (fault == NULL && hours > 23)
    fault = "the hours of the offset must be 00 to 23";
  if (fault == NULL)
    fault = take_character (at, ":", "“:” and minutes must follow the hours of the offset");
  if (fault == NULL)
    fault = take_number (at, 2, &minutes, "the minutes of the offset must have two digits");
  if (fault == NULL && minutes > 59)
    fault = "the minutes of the offset must be 00 to 59";
  if (fault == NULL)
    parts->offset = (hours * 60 + minutes) * (is_west ? -1 : 1);
  return fault;
}

/* Seconds since the epoch, rounded down to a whole one. */
static const char *
take_time (const char *at,
           Parts      *parts,
           gint64     *seconds)
{
  const char *fault = take_date (&at, parts);

  if (fault == NULL)
    fault = take_character (&at, "Tt", "“T” and the time of day must follow the date");
  if (fault == NULL)
    fault = take_clock (&at, parts);
  if (fault == NULL)
    fault = take_offset (&at, parts);
  if (fault == NULL && *at != '\0')
    fault = "nothing must follow the time";
  if (fault != NULL)
    return fault;

  *seconds = days_from_civil (parts->year, parts->month, parts->day) * SECONDS_PER_DAY
             + parts->hour * 3600 + parts->minute * 60 + parts->second - parts->offset * 60;
  if (*seconds < INCIDENT_TIME_MIN / G_USEC_PER_SEC || *seconds > INCIDENT_TIME_MAX / G_USEC_PER_SEC)
    return "in UTC it is not of the years 0001 to 9999";
  return NULL;
}

static gboolean
parse (const char  *string,
       Parts       *parts,
       gint64      *seconds,
       GError     **error)
{
  const char *fault = take_time (string, parts, seconds);
  g_autofree char *start = NULL;
  g_autofree char *safe = NULL;

  if (fault == NULL)
    return TRUE;

  /* In bytes: it may be no UTF-8 at all. A character cut in two is shown as such. */
  start = g_strndup (string, LONGEST_QUOTE);
  safe = incident_text_for_terminal (start);
  incident_set_error_at (error, INCIDENT_ERROR_INVALID, NULL,
                         "“%s%s” is not a time: %s; write it as 2026-11-23T07:00:00Z (RFC 3339)",
                         safe, strlen (string) > LONGEST_QUOTE ? "…" : "", fault);
  return FALSE;
}

static gint64
get_microseconds (const Parts *parts)
{
  gint64 microseconds = 0;

  for (gsize i = 0; i < 6; i++)
    microseconds = microseconds * 10 + (i < parts->fraction_length ? parts->fraction[i] - '0' : 0);
  return microseconds;
}

/**
 * incident_time_from_string:
 * @string: a time as RFC 3339 writes it, such as `2026-11-23T08:00:00.5+01:00`
 * @time: (out): return location for microseconds since the Unix epoch, UTC;
 *   left alone on failure
 * @error: return location for an error
 *
 * Reads a time.
 *
 * The date and the time of day are separated by `T`, the fraction of a second
 * has 1 to 32 digits, and the offset, or `Z`, must be there. Of the fraction
 * only microseconds are kept: what is finer is cut, toward the past. Leap
 * seconds (`:60`) are refused, as are times that in UTC lie outside the years
 * 0001 to 9999. The locale and the time zone of the process do not matter.
 *
 * Sets %INCIDENT_ERROR_INVALID if @string is anything else; the message says
 * which part is wrong.
 *
 * Can be called from any thread.
 *
 * Returns: %TRUE if @time was set, or %FALSE with @error set
 *
 * Since: 0.1
 */
gboolean
incident_time_from_string (const char  *string,
                           gint64      *time,
                           GError     **error)
{
  Parts parts;
  gint64 seconds;

  g_return_val_if_fail (string != NULL, FALSE);
  g_return_val_if_fail (time != NULL, FALSE);
  g_return_val_if_fail (error == NULL || *error == NULL, FALSE);

  if (!parse (string, &parts, &seconds, error))
    return FALSE;

  *time = seconds * G_USEC_PER_SEC + get_microseconds (&parts);
  return TRUE;
}

static void
put_two (char    *buffer,
         guint32  number)
{
  buffer[0] = (char) ('0' + number / 10);
  buffer[1] = (char) ('0' + number % 10);
}

void
incident_time_write (gint64 time,
                     char   buffer[INCIDENT_TIME_LENGTH])
{
  guint64 microseconds, seconds;
  guint32 fraction, second_of_day, year, month, day;

  buffer[0] = '\0';
  g_return_if_fail (time >= INCIDENT_TIME_MIN && time <= INCIDENT_TIME_MAX);

  /* Counted from the year 1, so that nothing is negative. */
  microseconds = (guint64) (time - INCIDENT_TIME_MIN);
  seconds = microseconds / G_USEC_PER_SEC;
  fraction = (guint32) (microseconds % G_USEC_PER_SEC);
  second_of_day = (guint32) (seconds % SECONDS_PER_DAY);
  civil_from_days ((guint32) (seconds / SECONDS_PER_DAY), &year, &month, &day);
  memcpy (buffer, "0000-00-00T00:00:00.000000Z", INCIDENT_TIME_LENGTH);
  put_two (buffer, year / 100);
  put_two (buffer + 2, year % 100);
  put_two (buffer + 5, month);
  put_two (buffer + 8, day);
  put_two (buffer + 11, second_of_day / 3600);
  put_two (buffer + 14, second_of_day / 60 % 60);
  put_two (buffer + 17, second_of_day % 60);
  put_two (buffer + 20, fraction / 10000);
  put_two (buffer + 22, fraction / 100 % 100);
  put_two (buffer + 24, fraction % 100);
}

/* No printf: alerts have two times each, and come in thousands. */
static void
write_exact (const Parts *parts,
             gint64       seconds,
             char        *exact)
{
  char buffer[INCIDENT_TIME_LENGTH];
  gsize digits = parts->fraction_length;
  char *at = exact + strlen ("2026-11-23T07:00:00");

  while (digits > 0 && parts->fraction[digits - 1] == '0')
    digits--;
  incident_time_write (seconds * G_USEC_PER_SEC, buffer);
  memcpy (exact, buffer, (gsize) (at - exact));
  if (digits > 0)
    {
      *at++ = '.';
      memcpy (at, parts->fraction, digits);
      at += digits;
    }
  memcpy (at, "Z", 2);
}

gboolean
incident_time_read_exact (const char  *string,
                          gint64      *time,
                          char         exact[INCIDENT_TIME_EXACT_LENGTH],
                          GError     **error)
{
  Parts parts;
  gint64 seconds;

  g_return_val_if_fail (string != NULL, FALSE);
  g_return_val_if_fail (error == NULL || *error == NULL, FALSE);

  if (!parse (string, &parts, &seconds, error))
    return FALSE;

  *time = seconds * G_USEC_PER_SEC + get_microseconds (&parts);
  write_exact (&parts, seconds, exact);
  return TRUE;
}

char *
incident_time_normalize (const char  *string,
                         GError     **error)
{
  char exact[INCIDENT_TIME_EXACT_LENGTH];
  gint64 time;

  return incident_time_read_exact (string, &time, exact, error) ? g_strdup (exact) : NULL;
}

/**
 * incident_time_to_string:
 * @time: microseconds since the Unix epoch, UTC, of the years 0001 to 9999
 *
 * Writes a time as RFC 3339 does, in UTC and always with six digits of the
 * second: `2026-11-23T07:00:00.000000Z`.
 *
 * So written, times sort as text in the order in which they happened.
 * [const@TIME_NONE] is no time and cannot be written.
 *
 * Can be called from any thread.
 *
 * Returns: (transfer full): the time as text
 *
 * Since: 0.1
 */
char *
incident_time_to_string (gint64 time)
{
  char buffer[INCIDENT_TIME_LENGTH];

  g_return_val_if_fail (time >= INCIDENT_TIME_MIN && time <= INCIDENT_TIME_MAX, NULL);

  incident_time_write (time, buffer);
  return g_strdup (buffer);
}

/**
 * incident_time_to_local_string:
 * @time: microseconds since the Unix epoch, UTC, of the years 0001 to 9999
 *
 * Writes a time for people, in the time zone of the process and rounded down to
 * the second: `2026-11-23 08:00:00 +01:00`.
 *
 * Where the calendar of GLib ends, in the first and last hours of the range, UTC
 * is written instead, as `+00:00`.
 *
 * Can be called from any thread.
 *
 * Returns: (transfer full): the time as text
 *
 * Since: 0.1
 */
char *
incident_time_to_local_string (gint64 time)
{
  char buffer[INCIDENT_TIME_LENGTH];
  g_autoptr(GDateTime) local = NULL;
  int offset;

  g_return_val_if_fail (time >= INCIDENT_TIME_MIN && time <= INCIDENT_TIME_MAX, NULL);

  incident_time_write (time, buffer);
  local = g_date_time_new_from_unix_local ((time - INCIDENT_TIME_MIN) / G_USEC_PER_SEC
                                           + INCIDENT_TIME_MIN / G_USEC_PER_SEC);
  if (local == NULL || g_date_time_get_year (local) > 9999)
    return g_strdup_printf ("%.10s %.8s +00:00", buffer, buffer + 11);

  offset = (int) (g_date_time_get_utc_offset (local) / G_TIME_SPAN_MINUTE);
  return g_strdup_printf ("%04d-%02d-%02d %02d:%02d:%02d %c%02d:%02d",
                          g_date_time_get_year (local), g_date_time_get_month (local),
                          g_date_time_get_day_of_month (local), g_date_time_get_hour (local),
                          g_date_time_get_minute (local), g_date_time_get_second (local),
                          offset < 0 ? '-' : '+', ABS (offset) / 60, ABS (offset) % 60);
}
