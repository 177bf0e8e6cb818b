/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "oncall/incident-schedule-private.h"

#include <string.h>

#include <libincident/incident-text.h>

#include "base/incident-text-private.h"
#include "base/incident-time-private.h"
#include "oncall/incident-schedule-days-private.h"

/* A schedule on a terminal: a line a day, midnight to midnight, with whoever is on call written into their time. */

enum {
  LABEL_WIDTH = 16,   /* “Mon 2026-01-05  ” */
  LEAST_COLUMNS = 40, MOST_COLUMNS = 400
};

typedef struct
{
  IncidentSchedule  *schedule;
  IncidentWallClock *clock;
  GArray            *spans;  /* IncidentSpan */
  guint              width;  /* of a day */
  GString           *out;
  gboolean           has_changes;
} Page;

/* How many columns a character takes. */
static guint
get_width (gunichar c)
{
  return g_unichar_iszerowidth (c) ? 0 : g_unichar_iswide (c) ? 2 : 1;
}

/* As much of @text as fits; how wide that is. */
static guint
append_fitting (GString    *out,
                const char *text,
                guint       room)
{
  guint used = 0;

  for (; *text != '\0'; text = g_utf8_next_char (text))
    {
      gunichar c = g_utf8_get_char (text);

      if (used + get_width (c) > room)
        break;
      g_string_append_unichar (out, c);
      used += get_width (c);
    }
  return used;
}

static void
append_repeated (GString    *out,
                 const char *text,
                 guint       n)
{
  for (guint i = 0; i < n; i++)
    g_string_append (out, text);
}

/* A part of a day. “┃ana━━━” begins there; “━ana━━━” goes on from the day before. */
static void
append_part (Page               *self,
             const IncidentSpan *span,
             guint               width,
             gboolean            begins)
{
  const char *fill = span->people->len > 0 ? "━" : span->is_wanted_gap ? " " : "╳";
  g_autofree char *people = incident_schedule_write_people (span->people, "+");
  /* What a calendar brought is no change of the day. */
  gboolean is_changed = incident_span_is_changed (span);
  g_autofree char *marked = g_strconcat (people, is_changed ? "*" : "", NULL);
  g_autofree char *shown = incident_text_for_terminal (marked);
  guint used = 1;

  g_string_append (self->out, begins && span->people->len > 0 ? "┃" : fill);
  if (span->people->len == 0 && (span->is_wanted_gap || width < strlen ("nobody") + 3))
    shown[0] = '\0';
  if (width > 1)
    used += append_fitting (self->out, shown, width - 1);
  append_repeated (self->out, fill, width - used);
  self->has_changes |= is_changed && span->people->len > 0;
}

/* Where a moment is in its day. A day when the clock is set has the columns of any other. */
static guint
get_column (const Page *self,
            gint64      at,
            gint64      begin,
            gint64      end)
{
  return (guint) ((double) (at - begin) / (double) (end - begin) * self->width + 0.5);
}

/* A day: [begin, end) of it is asked for, [midnight, next) is all of it. @first: the first span that reaches into it. */
static void
append_day (Page   *self,
            guint  *first,
            gint64  begin,
            gint64  end,
            gint64  midnight,
            gint64  next)
{
  char label[INCIDENT_SCHEDULE_TIME_LENGTH];
  guint column = get_column (self, begin, midnight, next);

  g_string_append (self->out, incident_schedule_write_time (self->clock, midnight, 14, label));
  append_repeated (self->out, " ", LABEL_WIDTH - 14 + column);
  for (guint i = *first; i < self->spans->len; i++)
    {
      const IncidentSpan *span = &g_array_index (self->spans, IncidentSpan, i);
      guint until = get_column (self, MIN (span->until, end), midnight, next);

      if (span->from >= end)
        break;
      *first = i;
      /* However short it is, a part without anybody is seen. */
      if (until <= column && span->people->len == 0 && !span->is_wanted_gap && column < self->width)
        until = column + 1;
      if (until > column)
        append_part (self, span, until - column, span->from >= begin);
      column = MAX (column, until);
    }
  while (self->out->len > 0 && self->out->str[self->out->len - 1] == ' ')
    g_string_truncate (self->out, self->out->len - 1);
  g_string_append_c (self->out, '\n');
}

static void
append_days (Page   *self,
             gint64  from,
             gint64  until)
{
  g_autoptr(GArray) days = incident_schedule_list_days (self->clock, from - G_TIME_SPAN_DAY * 3, until + G_TIME_SPAN_DAY * 3);
  guint first = 0;

  for (guint i = 0; i + 1 < days->len; i++)
    {
      gint64 midnight = g_array_index (days, gint64, i), next = g_array_index (days, gint64, i + 1);

      if (next > from && midnight < until)
        append_day (self, &first, MAX (midnight, from), MIN (next, until), midnight, next);
    }
}

/* The hours, every third or sixth as there is room. */
static void
append_hours (Page *self)
{
  guint step = self->width >= 60 ? 2 : self->width >= 32 ? 3 : 6;
  guint column = 0;

  append_repeated (self->out, " ", LABEL_WIDTH);
  for (guint hour = 0; hour < 24; hour += step)
    {
      guint place = (hour * self->width + 12) / 24;

      append_repeated (self->out, " ", place - column);
      g_string_append_printf (self->out, "%02u", hour);
      column = place + 2;
    }
  g_string_append_c (self->out, '\n');
}

static void
append_title (Page   *self,
              gint64  from,
              gint64  until)
{
  g_autofree char *title = incident_text_for_terminal (incident_schedule_get_title (self->schedule));
  char begin[INCIDENT_SCHEDULE_TIME_LENGTH], end[INCIDENT_SCHEDULE_TIME_LENGTH];

  g_string_append_printf (self->out, "%s (%s)\n%s – %s\n\n", title, self->schedule->rules->zone_name,
                          incident_schedule_write_time (self->clock, from, 20, begin),
                          incident_schedule_write_time (self->clock, until, 20, end));
}

/* Spans of a gap may differ in what took people off it. */
static void
append_gaps (Page *self)
{
  guint n = 0;

  for (guint i = 0; i < self->spans->len; i++)
    {
      const IncidentSpan *span = &g_array_index (self->spans, IncidentSpan, i);
      char begin[INCIDENT_SCHEDULE_TIME_LENGTH], end[INCIDENT_SCHEDULE_TIME_LENGTH];
      g_autofree char *length = NULL;
      gint64 until = span->until;

      if (!incident_span_is_gap (span))
        continue;
      for (; i + 1 < self->spans->len && incident_span_is_gap (&g_array_index (self->spans, IncidentSpan, i + 1)); i++)
        until = g_array_index (self->spans, IncidentSpan, i + 1).until;
      if (n++ == 0)
        g_string_append (self->out, "\nNobody is on call:\n");
      length = incident_schedule_write_length (until - span->from);
      g_string_append_printf (self->out, "  %s – %s  %s\n", incident_schedule_write_time (self->clock, span->from, 20, begin),
                              incident_schedule_write_time (self->clock, until, 20, end), length);
    }
  if (n == 0)
    g_string_append (self->out, "\nSomebody is on call whenever somebody is to be.\n");
}

/**
 * incident_schedule_to_text:
 * @self: a schedule
 * @from: where to begin, in microseconds since the Unix epoch, UTC
 * @until: where to end
 * @columns: how wide a terminal is; at least 40 are taken
 *
 * Draws who is on call for a terminal: a line a day, from midnight to midnight by the clock of the schedule.
 *
 * A name stands where its time begins, `+` between those who are on call together, and `*` behind who is by an
 * override. Where nobody is on call, the line is crossed out; where nobody is meant to be, it is empty. All gaps are
 * listed beneath. The text is safe for a terminal, without colours, and the same for the same schedule.
 *
 * Returns: (transfer full): the text, which ends in a line feed
 *
 * Since: 0.1
 */
char *
incident_schedule_to_text (IncidentSchedule *self,
                           gint64            from,
                           gint64            until,
                           guint             columns)
{
  g_auto(IncidentWallClock) clock = { NULL };
  g_autoptr(GArray) spans = NULL;
  Page page = { .schedule = self };

  g_return_val_if_fail (self != NULL, NULL);
  g_return_val_if_fail (from <= until, NULL);

  incident_wall_clock_init (&clock, self->rules->zone, from, until);
  spans = incident_roster_cover (self->roster, self->rules->name, from, until);
  page.clock = &clock;
  page.spans = spans;
  page.width = CLAMP (columns, LEAST_COLUMNS, MOST_COLUMNS) - LABEL_WIDTH;
  page.out = g_string_new (NULL);
  append_title (&page, from, until);
  append_hours (&page);
  append_days (&page, from, until);
  if (page.has_changes)
    g_string_append (page.out, "\n* by an override\n");
  append_gaps (&page);
  return g_string_free (page.out, FALSE);
}
