/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "oncall/incident-schedule-private.h"

#include <string.h>

#include "base/incident-time-private.h"
#include "oncall/incident-schedule-days-private.h"

/* A schedule as a calendar that others read (RFC 5545): a VEVENT a shift, in UTC. Rules of recurrence would say other
 * times than we do on days when the clock is set. Nothing but names of people is told of them. */

/* Shifts that reach out of what is asked for are told whole, if they are no longer than this. */
#define REACH (100 * G_TIME_SPAN_DAY)

/* Octets of a line before it is folded. */
#define LINE_LENGTH 75

/* Appends “NAME:value”, folded between characters. */
static void
append_line (GString    *out,
             const char *line)
{
  gsize room = LINE_LENGTH;

  while (*line != '\0')
    {
      gsize n = (gsize) (g_utf8_next_char (line) - line);

      if (n > room)
        {
          g_string_append (out, "\r\n ");
          room = LINE_LENGTH - 1;
        }
      g_string_append_len (out, line, (gssize) n);
      room -= n;
      line += n;
    }
  g_string_append (out, "\r\n");
}

static void
append_escaped (GString    *line,
                const char *text)
{
  for (; *text != '\0'; text++)
    {
      if (*text == '\n')
        g_string_append (line, "\\n");
      else if (strchr ("\\;,", *text) != NULL)
        g_string_append_printf (line, "\\%c", *text);
      else if ((guchar) *text >= 0x20 && *text != 0x7f)
        g_string_append_c (line, *text);
    }
}

static void
append_text (GString    *out,
             const char *name,
             const char *text)
{
  g_autoptr(GString) line = g_string_new (name);

  g_string_append_c (line, ':');
  append_escaped (line, text);
  append_line (out, line->str);
}

/* “20260105T090000Z” */
static void
append_time (GString    *out,
             const char *name,
             gint64      time)
{
  char text[INCIDENT_TIME_LENGTH];

  incident_time_write (time, text);
  g_string_append_printf (out, "%s:%.4s%.2s%.2sT%.2s%.2s%.2sZ\r\n", name, text, text + 5, text + 8, text + 11, text + 14, text + 17);
}

/* When what is known of schedules last changed. */
static gint64
find_stamp (const IncidentRoster *roster)
{
  gint64 stamp = 0;

  for (guint i = 0; i < roster->changes->len; i++)
    {
      const IncidentRosterChange *change = g_ptr_array_index (roster->changes, i);

      stamp = MAX (stamp, MAX (change->added_at, MAX (change->taken_at, change->withdrawn_at)));
    }
  for (guint i = 0; i < roster->bases->len; i++)
    {
      gint64 since = g_array_index (roster->bases, IncidentRosterBase, i).from;

      if (since <= INCIDENT_TIME_MAX)
        stamp = MAX (stamp, since);
    }
  return stamp;
}

/* The same for the same shift, whatever time is asked for and whoever is on it. */
static char *
make_uid (IncidentSchedule   *self,
          const IncidentSpan *span,
          gboolean            has_start)
{
  g_autoptr(GString) key = g_string_new (self->rules->name);
  g_autofree char *hash = NULL;

  g_string_append_printf (key, "\n%s\n%" G_GUINT64_FORMAT "\n", span->layer != NULL ? span->layer : "",
                          span->change != NULL ? span->change->id : 0);
  if (has_start)
    g_string_append_printf (key, "%" G_GINT64_FORMAT, span->from);
  hash = g_compute_checksum_for_string (G_CHECKSUM_SHA256, key->str, -1);
  return g_strdup_printf ("%.32s@libincident", hash);
}

static void
append_people (GString            *out,
               const IncidentSpan *span)
{
  g_autofree char *people = incident_schedule_write_people (span->people, ", ");

  append_text (out, "SUMMARY", people);
}

static void
append_origin (GString            *out,
               const IncidentSpan *span)
{
  g_autoptr(GString) text = g_string_new (NULL);

  if (span->layer != NULL)
    g_string_append_printf (text, "Layer: %s", span->layer);
  if (span->change != NULL)
    g_string_append_printf (text, "%sOverride: %" G_GUINT64_FORMAT " (%s)", text->len > 0 ? "\n" : "", span->change->id,
                            incident_override_kind_to_string (span->change->kind));
  if (text->len > 0)
    append_text (out, "DESCRIPTION", text->str);
}

typedef struct
{
  IncidentSchedule *schedule;
  gint64            from;     /* what is asked for */
  gint64            until;
  gint64            first;    /* what was looked at */
  gint64            last;
  gint64            stamp;
} Export;

/* What began before all that was looked at, or ends after, is cut as was asked for. */
static void
append_event (const Export       *self,
              GString            *out,
              const IncidentSpan *span)
{
  gboolean has_start = span->from > self->first;
  g_autofree char *uid = make_uid (self->schedule, span, has_start);

  g_string_append (out, "BEGIN:VEVENT\r\n");
  append_text (out, "UID", uid);
  append_time (out, "DTSTAMP", self->stamp);
  append_time (out, "DTSTART", has_start ? span->from : self->from);
  append_time (out, "DTEND", span->until < self->last ? span->until : self->until);
  g_string_append_printf (out, "SEQUENCE:%" G_GUINT64_FORMAT "\r\n", MIN (self->schedule->roster->head, (guint64) G_MAXINT));
  append_people (out, span);
  append_origin (out, span);
  g_string_append (out, "TRANSP:TRANSPARENT\r\nEND:VEVENT\r\n");
}

/**
 * incident_schedule_to_icalendar:
 * @self: a schedule
 * @from: where to begin, in microseconds since the Unix epoch, UTC
 * @until: where to end
 *
 * Writes who is on call as a calendar that other programs read (iCalendar, RFC 5545).
 *
 * Each shift of which a part lies between @from and @until is an event, told whole, up to 100 days before and after. It
 * has the names of people alone, no addresses and no numbers. All times are UTC, and nothing is told by rules of
 * recurrence. An event keeps its `UID` as long as the layer or the override and the beginning of the shift are
 * the same; `SEQUENCE` rises with each change of schedules that the store knows. Where nobody is on call there is no
 * event. The same schedule gives the same bytes.
 *
 * [method@Desk.import_calendar] reads it back.
 *
 * Returns: (transfer full): the calendar
 *
 * Since: 0.1
 */
char *
incident_schedule_to_icalendar (IncidentSchedule *self,
                                gint64            from,
                                gint64            until)
{
  Export export = { self, CLAMP (from, INCIDENT_TIME_MIN, INCIDENT_TIME_MAX), CLAMP (until, INCIDENT_TIME_MIN, INCIDENT_TIME_MAX), 0, 0, 0 };
  g_autoptr(GArray) spans = NULL;
  GString *out;

  g_return_val_if_fail (self != NULL, NULL);
  g_return_val_if_fail (from <= until, NULL);

  export.first = MAX (export.from - REACH, INCIDENT_TIME_MIN);
  export.last = MIN (export.until + REACH, INCIDENT_TIME_MAX);
  export.stamp = find_stamp (self->roster);
  spans = incident_roster_cover (self->roster, self->rules->name, export.first, export.last);
  out = g_string_new ("BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//libincident//libincident//EN\r\nCALSCALE:GREGORIAN\r\nMETHOD:PUBLISH\r\n"
                      "REFRESH-INTERVAL;VALUE=DURATION:PT1H\r\nX-PUBLISHED-TTL:PT1H\r\n");
  append_text (out, "NAME", incident_schedule_get_title (self));
  append_text (out, "X-WR-CALNAME", incident_schedule_get_title (self));
  append_text (out, "X-WR-TIMEZONE", self->rules->zone_name);
  for (guint i = 0; i < spans->len; i++)
    {
      const IncidentSpan *span = &g_array_index (spans, IncidentSpan, i);

      if (span->people->len > 0 && span->from < export.until && span->until > export.from)
        append_event (&export, out, span);
    }
  g_string_append (out, "END:VCALENDAR\r\n");
  return g_string_free (out, FALSE);
}
