/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "oncall/incident-calendar-private.h"

#include <string.h>

#include <libincident/incident-text.h>

#include "base/incident-text-private.h"

/* The components of a calendar: events, and the zones that it describes. What else there is, is passed over. */

#define DEEPEST       8
#define MOST_PROBLEMS 20
#define MOST_WARNINGS 100

/* STANDARD or DAYLIGHT within a VTIMEZONE. */
typedef struct
{
  guint                line;
  gboolean             has_start;
  IncidentCalendarTime start;
  gboolean             has_before;
  gint32               before;
  gboolean             has_after;
  gint32               after;
  GPtrArray           *rules;   /* (element-type IncidentCalendarRule) */
  GArray              *dates;   /* (element-type gint64): by the wall */
} Observance;

typedef struct
{
  IncidentCalendar      *calendar;
  gboolean               in_zones; /* the first reading, for zones alone: events may come before theirs */
  char                  *stack[DEEPEST];
  guint                  depth;
  IncidentCalendarEvent *event;    /* being read, as those below; NULL */
  IncidentCalendarZone  *zone;
  char                  *zone_name;
  Observance            *observance;
} Parser;

static void G_GNUC_PRINTF (4, 0)
add_line (GPtrArray  *lines,
          guint       most,
          guint       line,
          const char *format,
          va_list     args)
{
  g_autofree char *raw = NULL;
  g_autofree char *text = NULL;

  if (lines->len > most)
    return;
  if (lines->len == most)
    {
      g_ptr_array_add (lines, g_strdup ("There are more of them"));
      return;
    }

  /* What it quotes is foreign. */
  raw = g_strdup_vprintf (format, args);
  text = incident_text_for_terminal (raw);
  g_ptr_array_add (lines, line > 0 ? g_strdup_printf ("Line %u: %s", line, text) : g_steal_pointer (&text));
}

void
incident_calendar_add_problem (IncidentCalendar *self,
                               guint             line,
                               const char       *format,
                               ...)
{
  va_list args;

  va_start (args, format);
  add_line (self->problems, MOST_PROBLEMS, line, format, args);
  va_end (args);
}

void
incident_calendar_add_warning (IncidentCalendar *self,
                               guint             line,
                               const char       *format,
                               ...)
{
  va_list args;

  va_start (args, format);
  add_line (self->warnings, MOST_WARNINGS, line, format, args);
  va_end (args);
}

static void
observance_free (Observance *self)
{
  g_ptr_array_unref (self->rules);
  g_array_unref (self->dates);
  g_free (self);
}

static Observance *
observance_new (guint line)
{
  Observance *self = g_new0 (Observance, 1);

  self->line = line;
  self->rules = g_ptr_array_new_with_free_func ((GDestroyNotify) incident_calendar_rule_free);
  self->dates = g_array_new (FALSE, FALSE, sizeof (gint64));
  return self;
}

static void
take_observance_dates (Parser                     *self,
                       const IncidentCalendarLine *line)
{
  g_auto(GStrv) parts = g_strsplit (line->value, ",", -1);

  for (guint i = 0; parts[i] != NULL; i++)
    {
      IncidentCalendarTime time;

      /* A period says no more here than its start. */
      if (incident_calendar_read_time (parts[i], strcspn (parts[i], "/"), &time) && time.kind != INCIDENT_CALENDAR_DATE)
        g_array_append_val (self->observance->dates, time.wall);
      else
        incident_calendar_add_problem (self->calendar, line->line, "RDATE of a zone must be a time such as 20261025T030000");
    }
}

static void
take_observance_line (Parser                     *self,
                      const IncidentCalendarLine *line)
{
  Observance *observance = self->observance;

  if (g_str_equal (line->name, "DTSTART"))
    {
      observance->has_start = incident_calendar_read_time (line->value, strlen (line->value), &observance->start)
                              && observance->start.kind != INCIDENT_CALENDAR_DATE;
      if (!observance->has_start)
        incident_calendar_add_problem (self->calendar, line->line, "DTSTART of a zone must be a time such as 19701025T030000");
    }
  else if (g_str_equal (line->name, "TZOFFSETFROM"))
    observance->has_before = incident_calendar_read_offset (line->value, &observance->before);
  else if (g_str_equal (line->name, "TZOFFSETTO"))
    observance->has_after = incident_calendar_read_offset (line->value, &observance->after);
  else if (g_str_equal (line->name, "RRULE"))
    incident_calendar_take_rule (self->calendar, line, observance->rules);
  else if (g_str_equal (line->name, "RDATE"))
    take_observance_dates (self, line);
}

/* All changes from its start to the horizon: what holds in between must be known, however long ago it began. */
static void
end_observance (Parser *self)
{
  g_autoptr(GArray) walls = g_array_new (FALSE, FALSE, sizeof (gint64));
  Observance *observance = self->observance;
  gint64 until = self->calendar->horizon + 2 * INCIDENT_CALENDAR_DAY;

  if (!observance->has_start || !observance->has_before || !observance->has_after)
    {
      incident_calendar_add_problem (self->calendar, observance->line,
                                     "A zone's part needs DTSTART, TZOFFSETFROM and TZOFFSETTO, such as 19701025T030000, +0200 and +0100");
      return;
    }

  g_array_append_val (walls, observance->start.wall);
  g_array_append_vals (walls, observance->dates->data, observance->dates->len);
  for (guint i = 0; i < observance->rules->len; i++)
    {
      IncidentCalendarRule *rule = g_ptr_array_index (observance->rules, i);
      IncidentCalendarTime end;

      if (incident_calendar_rule_get_until (rule, &end) && end.kind == INCIDENT_CALENDAR_UTC)
        incident_calendar_rule_set_until (rule, end.wall + observance->before);
      if (!incident_calendar_rule_expand (rule, observance->start.wall, FALSE, observance->start.wall, until,
                                          &self->calendar->budget, walls))
        incident_calendar_add_problem (self->calendar, observance->line, "The zone changes too often to be followed");
    }
  for (guint i = 0; i < walls->len; i++)
    incident_calendar_zone_add_change (self->zone, g_array_index (walls, gint64, i) - observance->before,
                                       observance->before, observance->after);
}

static void
end_zone (Parser *self,
          guint   line)
{
  IncidentCalendarZone *zone = g_steal_pointer (&self->zone);

  if (self->zone_name != NULL && incident_calendar_zone_seal (zone)
      && !g_hash_table_contains (self->calendar->zones, self->zone_name))
    {
      /* What the system knows by the name is as all schedules have it. */
      IncidentCalendarZone *known = incident_calendar_zone_new_named (self->zone_name);

      g_hash_table_insert (self->calendar->zones, g_strdup (self->zone_name), known != NULL ? known : g_steal_pointer (&zone));
    }
  else if (self->zone_name == NULL)
    incident_calendar_add_problem (self->calendar, line, "A VTIMEZONE needs its TZID");
  g_clear_pointer (&zone, incident_calendar_zone_free);
  g_clear_pointer (&self->zone_name, g_free);
}

/* Within that, which is so deep: elsewhere it means nothing. */
static gboolean
is_inside (const Parser *self,
           guint         depth,
           const char   *name)
{
  return self->depth == depth && g_str_equal (self->stack[depth - 1], name);
}

static gboolean
is_inside_observance (const Parser *self)
{
  return self->observance != NULL && self->depth == 3;
}

static IncidentCalendarEvent *
begin_event (Parser *self,
             guint   line)
{
  IncidentCalendarEvent *event = g_new0 (IncidentCalendarEvent, 1);
  GPtrArray *events = self->calendar->events;

  event->line = line;
  event->attendees = g_array_new (FALSE, FALSE, sizeof (IncidentCalendarAttendee));
  event->rules = g_ptr_array_new_with_free_func ((GDestroyNotify) incident_calendar_rule_free);
  event->exrules = g_ptr_array_new_with_free_func ((GDestroyNotify) incident_calendar_rule_free);
  event->dates = g_array_new (FALSE, FALSE, sizeof (IncidentCalendarDate));
  event->exdates = g_array_new (FALSE, FALSE, sizeof (IncidentCalendarDate));
  g_ptr_array_add (events, event);
  if (events->len == INCIDENT_CALENDAR_MAX_EVENTS + 1)
    incident_calendar_add_problem (self->calendar, line, "There are more than %d events", INCIDENT_CALENDAR_MAX_EVENTS);
  return event;
}

static gboolean
begin (Parser                     *self,
       const IncidentCalendarLine *line)
{
  g_autofree char *name = g_ascii_strup (line->value, -1);

  if (self->depth == DEEPEST || (self->depth == 0) != g_str_equal (name, "VCALENDAR"))
    {
      incident_calendar_add_problem (self->calendar, line->line, "“BEGIN:%.40s” has no place here: a calendar is “BEGIN:VCALENDAR”, "
                                     "its events, “END:VCALENDAR”", name);
      return FALSE;
    }

  if (self->in_zones && is_inside (self, 1, "VCALENDAR") && g_str_equal (name, "VTIMEZONE"))
    self->zone = incident_calendar_zone_new (NULL);
  else if (self->zone != NULL && is_inside (self, 2, "VTIMEZONE") && (g_str_equal (name, "STANDARD") || g_str_equal (name, "DAYLIGHT")))
    self->observance = observance_new (line->line);
  else if (!self->in_zones && is_inside (self, 1, "VCALENDAR") && g_str_equal (name, "VEVENT"))
    self->event = begin_event (self, line->line);
  self->stack[self->depth++] = g_steal_pointer (&name);
  return TRUE;
}

static gboolean
end (Parser                     *self,
     const IncidentCalendarLine *line)
{
  if (self->depth == 0 || g_ascii_strcasecmp (self->stack[self->depth - 1], line->value) != 0)
    {
      g_autofree char *shown = incident_text_cut (line->value, 40);

      if (self->depth == 0)
        incident_calendar_add_problem (self->calendar, line->line, "“END:%s” ends nothing", shown);
      else
        incident_calendar_add_problem (self->calendar, line->line, "“END:%s” stands where “END:%s” must come", shown,
                                       self->stack[self->depth - 1]);
      return FALSE;
    }

  if (is_inside_observance (self))
    {
      end_observance (self);
      g_clear_pointer (&self->observance, observance_free);
    }
  else if (self->zone != NULL && is_inside (self, 2, "VTIMEZONE"))
    end_zone (self, line->line);
  else if (is_inside (self, 2, "VEVENT"))
    self->event = NULL;
  g_free (self->stack[--self->depth]);
  return TRUE;
}

/* FALSE: the calendar is no calendar from here on. */
static gboolean
take_line (Parser                     *self,
           const IncidentCalendarLine *line)
{
  if (g_str_equal (line->name, "BEGIN"))
    return begin (self, line);
  if (g_str_equal (line->name, "END"))
    return end (self, line);
  if (self->depth == 0)
    {
      incident_calendar_add_problem (self->calendar, line->line, "A calendar begins with “BEGIN:VCALENDAR”");
      return FALSE;
    }

  if (is_inside_observance (self))
    take_observance_line (self, line);
  else if (self->zone != NULL && is_inside (self, 2, "VTIMEZONE") && g_str_equal (line->name, "TZID") && self->zone_name == NULL)
    self->zone_name = g_strdup (line->value);
  else if (self->event != NULL && is_inside (self, 2, "VEVENT"))
    incident_calendar_event_take (self->calendar, self->event, line);
  return TRUE;
}

static void
read_all (Parser     *self,
          const char *text)
{
  IncidentCalendarReader reader = { text, 1 };
  g_auto(IncidentCalendarLine) line = { 0, };
  g_autofree char *problem = NULL;
  gboolean any = FALSE, whole = TRUE;

  while (whole && incident_calendar_reader_next (&reader, &line, &problem))
    {
      any = TRUE;
      whole = take_line (self, &line) && self->calendar->events->len <= INCIDENT_CALENDAR_MAX_EVENTS;
    }

  if (problem != NULL)
    incident_calendar_add_problem (self->calendar, line.line, "%s", problem);
  else if (!any)
    incident_calendar_add_problem (self->calendar, 0, "The text is empty: a calendar begins with “BEGIN:VCALENDAR”");
  else if (whole && self->depth > 0)
    incident_calendar_add_problem (self->calendar, reader.line, "“END:%s” is missing: the text is cut off", self->stack[self->depth - 1]);

  while (self->depth > 0)
    g_free (self->stack[--self->depth]);
  g_clear_pointer (&self->observance, observance_free);
  g_clear_pointer (&self->zone, incident_calendar_zone_free);
  g_clear_pointer (&self->zone_name, g_free);
}

void
incident_calendar_parse (IncidentCalendar *self,
                         const char       *text)
{
  Parser zones = { .calendar = self, .in_zones = TRUE };
  Parser events = { .calendar = self };

  read_all (&zones, text);
  if (self->problems->len == 0)
    read_all (&events, text);
  for (guint i = 0; i < self->events->len && self->problems->len == 0; i++)
    incident_calendar_event_check (self, g_ptr_array_index (self->events, i));
}
