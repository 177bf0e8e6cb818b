/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "oncall/incident-calendar-rule-private.h"

#include <string.h>

#include "base/incident-text-private.h"

/* RRULE as text (RFC 5545, 3.3.10). What the rule means is in incident-calendar-expand.c. */

/* Rules with longer steps give nothing that a schedule could use, but take as long to follow. */
#define LONGEST_INTERVAL 10000

void
incident_calendar_rule_free (IncidentCalendarRule *self)
{
  g_free (self);
}

/* A number with a sign where there may be one; it ends the text. */
static gboolean
read_number (const char *text,
             gboolean    may_have_sign,
             gint64     *number)
{
  gboolean is_negative = may_have_sign && *text == '-';
  const char *digits = text + (may_have_sign && (*text == '-' || *text == '+') ? 1 : 0);

  if (*digits == '\0' || strlen (digits) > 9 || strspn (digits, "0123456789") != strlen (digits))
    return FALSE;

  *number = g_ascii_strtoll (digits, NULL, 10) * (is_negative ? -1 : 1);
  return TRUE;
}

static gboolean
read_bits (const char *text,
           gint64      least,
           gint64      most,
           guint64    *bits)
{
  g_auto(GStrv) parts = g_strsplit (text, ",", -1);

  for (guint i = 0; parts[i] != NULL; i++)
    {
      gint64 number;

      if (!read_number (parts[i], FALSE, &number) || number < least || number > most)
        return FALSE;
      *bits |= G_GUINT64_CONSTANT (1) << number;
    }
  return *bits != 0;
}

static gboolean
read_days (const char           *text,
           gint64                most,
           IncidentCalendarDays *days)
{
  g_auto(GStrv) parts = g_strsplit (text, ",", -1);

  days->is_given = parts[0] != NULL;
  for (guint i = 0; parts[i] != NULL; i++)
    {
      gint64 number;

      if (!read_number (parts[i], TRUE, &number) || number == 0 || number > most || number < -most)
        return FALSE;
      (number > 0 ? days->plus : days->minus)[ABS (number)] = 1;
    }
  return days->is_given;
}

/* -1: it is none. */
static int
find_weekday (const char *text)
{
  static const char * const names[] = { "MO", "TU", "WE", "TH", "FR", "SA", "SU" };

  for (int i = 0; i < 7; i++)
    if (g_ascii_strcasecmp (text, names[i]) == 0)
      return i;
  return -1;
}

/* “MO”, “2MO”, “-1FR” */
static gboolean
read_weekdays (IncidentCalendarRule *self,
               const char           *text)
{
  g_auto(GStrv) parts = g_strsplit (text, ",", -1);

  for (guint i = 0; parts[i] != NULL; i++)
    {
      gsize n = strspn (parts[i], "+-0123456789");
      g_autofree char *digits = g_strndup (parts[i], n);
      int weekday = find_weekday (parts[i] + n);
      gint64 number = 0;

      if (weekday < 0 || (n > 0 && (!read_number (digits, TRUE, &number) || number == 0 || ABS (number) > INCIDENT_CALENDAR_MAX_NTH)))
        return FALSE;
      self->has_weekdays = TRUE;
      self->has_nth |= number != 0;
      if (number == 0)
        self->weekdays |= G_GUINT64_CONSTANT (1) << weekday;
      else
        (number > 0 ? self->nth_plus : self->nth_minus)[weekday][ABS (number)] = 1;
    }
  return self->has_weekdays;
}

static gboolean
read_frequency (IncidentCalendarRule *self,
                const char           *text)
{
  static const char * const names[] = { "MINUTELY", "HOURLY", "DAILY", "WEEKLY", "MONTHLY", "YEARLY" };

  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    if (g_ascii_strcasecmp (text, names[i]) == 0)
      {
        self->frequency = (IncidentCalendarFrequency) i;
        return TRUE;
      }
  return FALSE;
}

static gboolean
read_guint (const char *text,
            gint64      most,
            guint      *value)
{
  gint64 number;

  if (!read_number (text, FALSE, &number) || number < 1 || number > most)
    return FALSE;

  *value = (guint) number;
  return TRUE;
}

static gboolean
read_until (IncidentCalendarRule *self,
            const char           *text)
{
  self->has_until = incident_calendar_read_time (text, strlen (text), &self->until);
  return self->has_until;
}

static gboolean
read_week_start (IncidentCalendarRule *self,
                 const char           *text)
{
  int weekday = find_weekday (text);

  self->week_start = weekday >= 0 ? (guint) weekday : 0;
  return weekday >= 0;
}

/* What would be right for a part; NULL: it is. */
static const char *
take_part (IncidentCalendarRule *self,
           const char           *name,
           const char           *value)
{
  if (g_str_equal (name, "FREQ"))
    return read_frequency (self, value) ? NULL : "MINUTELY, HOURLY, DAILY, WEEKLY, MONTHLY or YEARLY";
  if (g_str_equal (name, "INTERVAL"))
    return read_guint (value, LONGEST_INTERVAL, &self->interval) ? NULL : "a number from 1 to 10000";
  if (g_str_equal (name, "COUNT"))
    return read_guint (value, 999999999, &self->count) ? NULL : "a number from 1 on";
  if (g_str_equal (name, "UNTIL"))
    return read_until (self, value) ? NULL : "a day such as 20261231 or a time such as 20261231T080000Z";
  if (g_str_equal (name, "WKST"))
    return read_week_start (self, value) ? NULL : "one of MO, TU, WE, TH, FR, SA, SU";
  if (g_str_equal (name, "BYSECOND"))
    return read_bits (value, 0, 60, &self->seconds) ? NULL : "numbers from 0 to 60";
  if (g_str_equal (name, "BYMINUTE"))
    return read_bits (value, 0, 59, &self->minutes) ? NULL : "numbers from 0 to 59";
  if (g_str_equal (name, "BYHOUR"))
    return read_bits (value, 0, 23, &self->hours) ? NULL : "numbers from 0 to 23";
  if (g_str_equal (name, "BYMONTH"))
    return read_bits (value, 1, 12, &self->months) ? NULL : "numbers from 1 to 12";
  if (g_str_equal (name, "BYDAY"))
    return read_weekdays (self, value) ? NULL : "weekdays such as MO, 2TU or -1FR";
  if (g_str_equal (name, "BYMONTHDAY"))
    return read_days (value, 31, &self->month_days) ? NULL : "numbers from 1 to 31 or from -31 to -1";
  if (g_str_equal (name, "BYYEARDAY"))
    return read_days (value, 366, &self->year_days) ? NULL : "numbers from 1 to 366 or from -366 to -1";
  if (g_str_equal (name, "BYWEEKNO"))
    return read_days (value, 53, &self->weeks) ? NULL : "numbers from 1 to 53 or from -53 to -1";
  if (g_str_equal (name, "BYSETPOS"))
    return read_days (value, 366, &self->positions) ? NULL : "numbers from 1 to 366 or from -366 to -1";
  if (g_str_equal (name, "RSCALE"))
    return g_ascii_strcasecmp (value, "GREGORIAN") == 0 ? NULL : "GREGORIAN, the only calendar that schedules know";
  if (g_str_equal (name, "SKIP"))
    return g_ascii_strcasecmp (value, "OMIT") == 0 ? NULL : "OMIT";
  return "one of the parts of a rule, such as FREQ, INTERVAL or BYDAY";
}

/* What RFC 5545 says must not stand together; NULL: all is well. */
static const char *
find_conflict (const IncidentCalendarRule *self)
{
  gboolean is_monthly = self->frequency == INCIDENT_CALENDAR_MONTHLY, is_yearly = self->frequency == INCIDENT_CALENDAR_YEARLY;

  if (self->count > 0 && self->has_until)
    return "COUNT and UNTIL must not stand in one rule";
  if (self->weeks.is_given && !is_yearly)
    return "BYWEEKNO goes with FREQ=YEARLY alone";
  if (self->has_nth && ((!is_monthly && !is_yearly) || self->weeks.is_given))
    return "BYDAY has numbers with FREQ=MONTHLY, or FREQ=YEARLY without BYWEEKNO, alone";
  if (self->month_days.is_given && self->frequency == INCIDENT_CALENDAR_WEEKLY)
    return "BYMONTHDAY does not go with FREQ=WEEKLY";
  if (self->year_days.is_given && self->frequency >= INCIDENT_CALENDAR_DAILY && !is_yearly)
    return "BYYEARDAY does not go with FREQ=DAILY, WEEKLY and MONTHLY";
  return NULL;
}

IncidentCalendarRule *
incident_calendar_rule_parse (const char  *text,
                              char       **problem)
{
  g_auto(GStrv) parts = g_strsplit (text, ";", -1);
  g_autoptr(IncidentCalendarRule) self = g_new0 (IncidentCalendarRule, 1);
  const char *conflict;
  gboolean has_frequency = FALSE;

  self->interval = 1;
  for (guint i = 0; parts[i] != NULL; i++)
    {
      char *value = strchr (parts[i], '=');
      g_autofree char *name = NULL;
      const char *right;

      /* “;” at the end is met with. */
      if (*parts[i] == '\0' && i > 0)
        continue;
      name = g_ascii_strup (parts[i], value != NULL ? value - parts[i] : -1);
      right = value != NULL ? take_part (self, name, value + 1) : "followed by “=” and a value";
      if (right != NULL)
        {
          g_autofree char *shown = incident_text_cut (name, 40);

          *problem = g_strdup_printf ("“%s” must be %s", shown, right);
          return NULL;
        }
      has_frequency |= g_str_equal (name, "FREQ");
    }

  conflict = has_frequency ? find_conflict (self) : "it needs FREQ, such as FREQ=WEEKLY";
  if (conflict == NULL)
    return g_steal_pointer (&self);
  *problem = g_strdup (conflict);
  return NULL;
}

gboolean
incident_calendar_rule_get_until (IncidentCalendarRule *self,
                                  IncidentCalendarTime *until)
{
  *until = self->until;
  return self->has_until;
}

void
incident_calendar_rule_set_until (IncidentCalendarRule *self,
                                  gint64                wall)
{
  self->until = (IncidentCalendarTime) { INCIDENT_CALENDAR_FLOATING, wall };
  self->has_until = TRUE;
}
