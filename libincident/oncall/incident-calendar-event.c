/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "oncall/incident-calendar-private.h"

#include <string.h>

#include "base/incident-text-private.h"

/* The lines of a VEVENT. */

static void
attendee_clear (gpointer data)
{
  g_free (((IncidentCalendarAttendee *) data)->address);
}

void
incident_calendar_event_free (IncidentCalendarEvent *self)
{
  for (guint i = 0; i < self->attendees->len; i++)
    attendee_clear (&g_array_index (self->attendees, IncidentCalendarAttendee, i));
  g_array_unref (self->attendees);
  g_ptr_array_unref (self->rules);
  g_ptr_array_unref (self->exrules);
  g_array_unref (self->dates);
  g_array_unref (self->exdates);
  g_free (self->uid);
  g_free (self->summary);
  g_free (self->organizer);
  g_free (self);
}

/* The zone of a time: UTC for UTC, that of TZID, or the schedule's own. NULL: a problem was told. */
static const IncidentCalendarZone *
find_zone (IncidentCalendar            *calendar,
           const IncidentCalendarLine  *line,
           const IncidentCalendarTime  *time)
{
  const char *name = incident_calendar_line_get_parameter (line, "TZID");
  IncidentCalendarZone *zone;
  g_autofree char *shown = NULL;

  if (time->kind == INCIDENT_CALENDAR_UTC)
    return calendar->utc;
  if (name == NULL || *name == '\0')
    return calendar->local;

  zone = g_hash_table_lookup (calendar->zones, name);
  if (zone != NULL)
    return zone;
  zone = incident_calendar_zone_new_named (name);
  if (zone != NULL)
    {
      g_hash_table_insert (calendar->zones, g_strdup (name), zone);
      return zone;
    }

  shown = incident_text_cut (name, 80);
  incident_calendar_add_problem (calendar, line->line, "TZID “%s” must be a zone's name in IANA's list, such as “Europe/Madrid”, "
                                 "or that of a VTIMEZONE in the text", shown);
  return NULL;
}

static gboolean
read_time (IncidentCalendar            *calendar,
           const IncidentCalendarLine  *line,
           const char                  *text,
           gsize                        length,
           IncidentCalendarTime        *time,
           const IncidentCalendarZone **zone)
{
  g_autofree char *copy = NULL;
  g_autofree char *shown = NULL;

  if (incident_calendar_read_time (text, length, time))
    {
      *zone = find_zone (calendar, line, time);
      return *zone != NULL;
    }

  copy = g_strndup (text, length);
  shown = incident_text_cut (copy, 40);
  incident_calendar_add_problem (calendar, line->line, "%s “%s” must be a day such as 20260105 or a time such as 20260105T090000Z",
                                 line->name, shown);
  return FALSE;
}

static gboolean
read_duration (IncidentCalendar           *calendar,
               const IncidentCalendarLine *line,
               const char                 *text,
               IncidentCalendarDuration   *duration)
{
  g_autofree char *shown = NULL;

  if (incident_calendar_read_duration (text, strlen (text), duration))
    return TRUE;

  shown = incident_text_cut (text, 40);
  incident_calendar_add_problem (calendar, line->line, "%s “%s” must be a duration that is not negative, such as P7D, PT12H or P1DT2H30M",
                                 line->name, shown);
  return FALSE;
}

/* “START”, or “START/END” and “START/DURATION”. */
static gboolean
read_date (IncidentCalendar           *calendar,
           const IncidentCalendarLine *line,
           const char                 *text,
           IncidentCalendarDate       *date)
{
  const char *slash = strchr (text, '/');
  const IncidentCalendarZone *end_zone;

  *date = (IncidentCalendarDate) { 0, };
  if (!read_time (calendar, line, text, slash != NULL ? (gsize) (slash - text) : strlen (text), &date->time, &date->zone))
    return FALSE;
  if (slash == NULL)
    return TRUE;

  date->is_period = TRUE;
  date->has_end = g_ascii_isdigit (slash[1]);
  return date->has_end ? read_time (calendar, line, slash + 1, strlen (slash + 1), &date->end, &end_zone)
                       : read_duration (calendar, line, slash + 1, &date->duration);
}

static void
take_dates (IncidentCalendar           *calendar,
            const IncidentCalendarLine *line,
            GArray                     *dates)
{
  g_auto(GStrv) parts = g_strsplit (line->value, ",", -1);

  for (guint i = 0; parts[i] != NULL; i++)
    {
      IncidentCalendarDate date;

      if (*parts[i] != '\0' && read_date (calendar, line, parts[i], &date))
        g_array_append_val (dates, date);
    }
}

void
incident_calendar_take_rule (IncidentCalendar           *calendar,
                             const IncidentCalendarLine *line,
                             GPtrArray                  *rules)
{
  g_autofree char *problem = NULL;
  IncidentCalendarRule *rule;

  calendar->n_rules++;
  if (calendar->n_rules == INCIDENT_CALENDAR_MAX_RULES + 1)
    incident_calendar_add_problem (calendar, line->line, "There are more than %d rules", INCIDENT_CALENDAR_MAX_RULES);
  if (calendar->n_rules > INCIDENT_CALENDAR_MAX_RULES)
    return;

  rule = incident_calendar_rule_parse (line->value, &problem);
  if (rule != NULL)
    g_ptr_array_add (rules, rule);
  else
    incident_calendar_add_problem (calendar, line->line, "%s: %s", line->name, problem);
}

/* NULL: it is no address of mail. */
static char *
read_address (const char *value)
{
  return g_ascii_strncasecmp (value, "mailto:", 7) == 0 ? g_strdup (value + 7) : NULL;
}

static void
take_attendee (IncidentCalendarEvent      *event,
               const IncidentCalendarLine *line)
{
  const char *state = incident_calendar_line_get_parameter (line, "PARTSTAT");
  IncidentCalendarAttendee attendee;

  attendee.address = read_address (line->value);
  attendee.declined = state != NULL && g_ascii_strcasecmp (state, "DECLINED") == 0;
  if (attendee.address != NULL)
    g_array_append_val (event->attendees, attendee);
}

static void
take_recurrence_id (IncidentCalendar           *calendar,
                    IncidentCalendarEvent      *event,
                    const IncidentCalendarLine *line)
{
  const char *range = incident_calendar_line_get_parameter (line, "RANGE");

  event->has_recurrence_id = read_date (calendar, line, line->value, &event->recurrence_id);
  event->and_future = range != NULL && g_ascii_strcasecmp (range, "THISANDFUTURE") == 0;
}

static void
put (char **place,
     char  *value)
{
  g_free (*place);
  *place = value;
}

/* FALSE: it is not about time. */
static gboolean
take_time_line (IncidentCalendar           *calendar,
                IncidentCalendarEvent      *event,
                const IncidentCalendarLine *line)
{
  if (g_str_equal (line->name, "DTSTART"))
    event->has_start = read_time (calendar, line, line->value, strlen (line->value), &event->start, &event->zone);
  else if (g_str_equal (line->name, "DTEND"))
    event->has_end = read_time (calendar, line, line->value, strlen (line->value), &event->end, &event->end_zone);
  else if (g_str_equal (line->name, "DURATION"))
    event->has_duration = read_duration (calendar, line, line->value, &event->duration);
  else if (g_str_equal (line->name, "RRULE"))
    incident_calendar_take_rule (calendar, line, event->rules);
  else if (g_str_equal (line->name, "EXRULE"))
    incident_calendar_take_rule (calendar, line, event->exrules);
  else if (g_str_equal (line->name, "RDATE"))
    take_dates (calendar, line, event->dates);
  else if (g_str_equal (line->name, "EXDATE"))
    take_dates (calendar, line, event->exdates);
  else if (g_str_equal (line->name, "RECURRENCE-ID"))
    take_recurrence_id (calendar, event, line);
  else
    return FALSE;
  return TRUE;
}

void
incident_calendar_event_take (IncidentCalendar           *calendar,
                              IncidentCalendarEvent      *event,
                              const IncidentCalendarLine *line)
{
  if (take_time_line (calendar, event, line))
    return;

  if (g_str_equal (line->name, "UID"))
    put (&event->uid, g_strdup (line->value));
  else if (g_str_equal (line->name, "SUMMARY"))
    put (&event->summary, incident_calendar_unescape (line->value));
  else if (g_str_equal (line->name, "ORGANIZER"))
    put (&event->organizer, read_address (line->value));
  else if (g_str_equal (line->name, "ATTENDEE"))
    take_attendee (event, line);
  else if (g_str_equal (line->name, "SEQUENCE"))
    event->sequence = g_ascii_strtoll (line->value, NULL, 10);
  else if (g_str_equal (line->name, "STATUS"))
    event->is_cancelled = g_ascii_strcasecmp (line->value, "CANCELLED") == 0;
}

/* The end of a rule is told by the wall of the start, as its times are. */
static void
settle_until (IncidentCalendarEvent *event,
              IncidentCalendarRule  *rule)
{
  IncidentCalendarTime until;

  if (!incident_calendar_rule_get_until (rule, &until))
    return;

  /* A day is meant to its end. */
  if (until.kind == INCIDENT_CALENDAR_DATE)
    incident_calendar_rule_set_until (rule, until.wall + INCIDENT_CALENDAR_DAY - 1);
  else if (until.kind == INCIDENT_CALENDAR_UTC)
    incident_calendar_rule_set_until (rule, until.wall + incident_calendar_zone_get_offset (event->zone, until.wall));
}

static gboolean
ends_before_start (const IncidentCalendarEvent *event)
{
  if (!event->has_end)
    return FALSE;

  return incident_calendar_zone_get_instant (event->end_zone, event->end.wall, NULL)
         < incident_calendar_zone_get_instant (event->zone, event->start.wall, NULL);
}

void
incident_calendar_event_check (IncidentCalendar      *calendar,
                               IncidentCalendarEvent *event)
{
  if (!event->has_start)
    {
      /* One that is called off needs no more than its name. */
      if (!event->is_cancelled)
        incident_calendar_add_problem (calendar, event->line, "The event needs DTSTART, such as “DTSTART:20260105T090000Z”");
      return;
    }

  if (event->has_end && event->has_duration)
    incident_calendar_add_problem (calendar, event->line, "The event has DTEND and DURATION: one of them must go");
  else if (event->has_end && (event->end.kind == INCIDENT_CALENDAR_DATE) != (event->start.kind == INCIDENT_CALENDAR_DATE))
    incident_calendar_add_problem (calendar, event->line, "DTSTART and DTEND must both be days or both be times");
  else if (ends_before_start (event))
    incident_calendar_add_problem (calendar, event->line, "The event must end after it starts");

  for (guint i = 0; i < event->rules->len; i++)
    settle_until (event, g_ptr_array_index (event->rules, i));
  for (guint i = 0; i < event->exrules->len; i++)
    settle_until (event, g_ptr_array_index (event->exrules, i));
}
