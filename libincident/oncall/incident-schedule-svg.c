/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "oncall/incident-schedule-svg-private.h"

#include <string.h>

#include "base/incident-text-private.h"
#include "base/incident-time-private.h"
#include "oncall/incident-cover-private.h"

/* The picture of a schedule: who is on call in the end, large, and beneath it what decides that. */

enum { AXIS_Y = 92, MAIN_Y = 102, MAIN_HEIGHT = 40, ROWS_Y = 158, LEGEND_STEP = 20, MOST_TOLD_GAPS = 20 };

static void
add_person (IncidentSvg *self,
            const char  *person)
{
  if (person != NULL && !g_ptr_array_find_with_equal_func (self->people, person, g_str_equal, NULL))
    g_ptr_array_add (self->people, (gpointer) person);
}

/* Those of the layers in their order, whether they are on call in this time or not: so they keep their colour. */
static void
collect_people (IncidentSvg *self)
{
  const GPtrArray *layers = self->schedule->rules->layers;

  for (guint i = 0; i < layers->len; i++)
    {
      const IncidentLayer *layer = g_ptr_array_index (layers, i);

      for (guint j = 0; j < layer->people->len; j++)
        add_person (self, g_ptr_array_index (layer->people, j));
    }
  for (guint i = 0; i < self->pieces->len; i++)
    {
      const IncidentPiece *piece = &g_array_index (self->pieces, IncidentPiece, i);

      add_person (self, piece->person);
      add_person (self, piece->substitute);
    }
  for (guint i = 0; i < self->spans->len; i++)
    {
      const IncidentSpan *span = &g_array_index (self->spans, IncidentSpan, i);

      for (guint j = 0; j < span->people->len; j++)
        add_person (self, g_ptr_array_index (span->people, j));
    }
}

/* Those that touch are one. */
static GArray *
list_gaps (const GArray *spans)
{
  GArray *gaps = g_array_new (FALSE, FALSE, sizeof (IncidentStretch));

  for (guint i = 0; i < spans->len; i++)
    {
      const IncidentSpan *span = &g_array_index (spans, IncidentSpan, i);
      IncidentStretch gap = { span->from, span->until };

      if (!incident_span_is_gap (span))
        continue;
      if (gaps->len > 0 && g_array_index (gaps, IncidentStretch, gaps->len - 1).until == gap.from)
        g_array_index (gaps, IncidentStretch, gaps->len - 1).until = gap.until;
      else
        g_array_append_val (gaps, gap);
    }
  return gaps;
}

/* How long each is on call, in the order of the colours; then where nobody is. */
static void
append_description (IncidentSvg  *self,
                    const GArray *gaps)
{
  for (guint i = 0; i < self->people->len; i++)
    {
      gint64 total = 0;
      g_autofree char *length = NULL;

      for (guint j = 0; j < self->spans->len; j++)
        {
          const IncidentSpan *span = &g_array_index (self->spans, IncidentSpan, j);

          if (g_ptr_array_find_with_equal_func (span->people, g_ptr_array_index (self->people, i), g_str_equal, NULL))
            total += span->until - span->from;
        }
      if (total == 0)
        continue;
      length = incident_schedule_write_length (total);
      incident_text_append_html (self->out, g_ptr_array_index (self->people, i));
      g_string_append_printf (self->out, " is on call for %s. ", length);
    }
  for (guint i = 0; i < MIN (gaps->len, MOST_TOLD_GAPS); i++)
    {
      const IncidentStretch *gap = &g_array_index (gaps, IncidentStretch, i);
      g_autofree char *tip = incident_svg_write_tip (self, "Nobody is on call", gap->from, gap->until, NULL);

      incident_text_append_html (self->out, tip);
      g_string_append (self->out, ". ");
    }
  if (gaps->len > MOST_TOLD_GAPS)
    g_string_append_printf (self->out, "There are %u more such gaps. ", gaps->len - MOST_TOLD_GAPS);
  if (gaps->len == 0)
    g_string_append (self->out, "Somebody is on call whenever somebody is to be.");
}

/* The head that is to be closed by the height, which is known at the end. */
static void
append_head (IncidentSvg  *self,
             const GArray *gaps)
{
  char begin[INCIDENT_SCHEDULE_TIME_LENGTH], end[INCIDENT_SCHEDULE_TIME_LENGTH];
  g_autofree char *range = g_strdup_printf ("%s – %s, %s", incident_schedule_write_time (self->clock, self->from, 20, begin),
                                            incident_schedule_write_time (self->clock, self->until, 20, end), self->schedule->rules->zone_name);
  const char *title = incident_schedule_get_title (self->schedule);
  g_autofree char *shown = incident_text_cut (title, 60);

  g_string_append (self->out, "<title>Who is on call: ");
  incident_text_append_html (self->out, title);
  g_string_append (self->out, ", ");
  incident_text_append_html (self->out, range);
  g_string_append (self->out, "</title>\n<desc>");
  append_description (self, gaps);
  g_string_append (self->out, "</desc>\n");
  incident_svg_append_style (self->out);
  g_string_append_printf (self->out, "<rect width=\"%d\" height=\"100%%\" class=\"paper\" fill=\"#ffffff\"/>\n", INCIDENT_SVG_WIDTH);
  incident_svg_append_text (self->out, 16, 26, "start", "ink", 16, shown);
  incident_svg_append_text (self->out, 16, 44, "start", "muted", INCIDENT_SVG_FONT, range);
}

/* In a word, whether all is well. */
static void
append_verdict (IncidentSvg  *self,
                const GArray *gaps)
{
  gint64 total = 0;
  g_autofree char *length = NULL;
  g_autofree char *text = NULL;

  for (guint i = 0; i < gaps->len; i++)
    total += g_array_index (gaps, IncidentStretch, i).until - g_array_index (gaps, IncidentStretch, i).from;
  length = incident_schedule_write_length (total);
  if (gaps->len == 0)
    text = g_strdup ("No gaps");
  else
    text = g_strdup_printf ("%u %s: nobody for %s", gaps->len, gaps->len == 1 ? "gap" : "gaps", length);
  incident_svg_append_text (self->out, INCIDENT_SVG_RIGHT, 26, "end", gaps->len == 0 ? "muted" : "gap", gaps->len == 0 ? INCIDENT_SVG_FONT : 14,
                            text);
}

static void
append_span (IncidentSvg        *self,
             const IncidentSpan *span)
{
  double height = (double) MAIN_HEIGHT / MAX (span->people->len, 1);
  g_autofree char *number = span->change != NULL ? g_strdup_printf ("override %" G_GUINT64_FORMAT, span->change->id) : NULL;
  g_autofree char *why = number != NULL && span->layer != NULL ? g_strdup_printf ("%s, %s", span->layer, number)
                                                               : g_strdup (number != NULL ? number : span->layer);

  for (guint i = 0; i < span->people->len; i++)
    {
      const char *person = g_ptr_array_index (span->people, i);
      g_autofree char *tip = incident_svg_write_tip (self, person, span->from, span->until, why);
      IncidentSvgBar bar = { span->from, span->until, MAIN_Y + i * height, height - (span->people->len > 1 ? 0.8 : 0), person, person, tip,
                             incident_span_is_changed (span) };

      incident_svg_append_bar (self, &bar);
    }
}

/* What there is to explain, besides people. */
static GPtrArray *
list_marks (const IncidentSvg *self,
            const GArray      *gaps)
{
  GPtrArray *marks = g_ptr_array_new ();
  gboolean has_changes = FALSE, has_wanted = FALSE;

  for (guint i = 0; i < self->spans->len; i++)
    {
      const IncidentSpan *span = &g_array_index (self->spans, IncidentSpan, i);

      has_changes |= span->people->len > 0 && incident_span_is_changed (span);
      has_wanted |= span->people->len == 0 && span->is_wanted_gap;
    }
  if (gaps->len > 0)
    g_ptr_array_add (marks, (gpointer) "nobody is on call");
  if (has_changes)
    g_ptr_array_add (marks, (gpointer) "underlined: by an override");
  if (has_wanted)
    g_ptr_array_add (marks, (gpointer) "left empty: nobody is meant to be");
  return marks;
}

static double
append_legend (IncidentSvg  *self,
               const GArray *gaps,
               double        y)
{
  g_autoptr(GPtrArray) marks = list_marks (self, gaps);
  double x = INCIDENT_SVG_LEFT;

  for (guint i = 0; i < self->people->len + marks->len; i++)
    {
      const char *person = i < self->people->len ? g_ptr_array_index (self->people, i) : NULL;
      gboolean has_swatch = person != NULL || (i == self->people->len && gaps->len > 0);
      g_autofree char *shown = incident_text_cut (person != NULL ? person : g_ptr_array_index (marks, i - self->people->len), 40);
      double width = incident_svg_measure (shown) * INCIDENT_SVG_FONT + 34;

      if (x + width > INCIDENT_SVG_RIGHT && x > INCIDENT_SVG_LEFT)
        {
          x = INCIDENT_SVG_LEFT;
          y += LEGEND_STEP;
        }
      if (has_swatch)
        incident_svg_append_swatch (self, x, y, person);
      incident_svg_append_text (self->out, has_swatch ? x + 17 : x, y + 10, "start", person != NULL ? "ink" : "muted", INCIDENT_SVG_FONT, shown);
      x += width;
    }
  return y + LEGEND_STEP;
}

static void
append_picture (IncidentSvg *self)
{
  g_autoptr(GArray) gaps = list_gaps (self->spans);
  g_autoptr(GString) rows = g_string_new (NULL);
  g_autofree char *frame = NULL;
  GString *out = self->out;
  double bottom;

  append_head (self, gaps);
  append_verdict (self, gaps);
  /* How low the rows reach is known when they are drawn; the days lie behind them. */
  self->out = rows;
  bottom = incident_svg_append_rows (self, ROWS_Y);
  self->out = out;
  incident_svg_append_axis (self, AXIS_Y, bottom);
  g_string_append_len (out, rows->str, (gssize) rows->len);
  incident_svg_append_text (out, INCIDENT_SVG_LEFT - 8, MAIN_Y + MAIN_HEIGHT / 2 + 5, "end", "ink", 13, "On call");
  for (guint i = 0; i < self->spans->len; i++)
    append_span (self, &g_array_index (self->spans, IncidentSpan, i));
  for (guint i = 0; i < gaps->len; i++)
    {
      const IncidentStretch *gap = &g_array_index (gaps, IncidentStretch, i);
      g_autofree char *tip = incident_svg_write_tip (self, "Nobody is on call", gap->from, gap->until, NULL);

      incident_svg_append_gap (self, gap->from, gap->until, MAIN_Y, MAIN_HEIGHT, bottom, tip);
    }
  bottom = append_legend (self, gaps, bottom + 14);
  frame = g_strdup_printf ("<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %d %d\" role=\"img\" class=\"incident-schedule\" "
                           "font-family=\"sans-serif\">\n", INCIDENT_SVG_WIDTH, (int) bottom + 8);
  g_string_prepend (out, frame);
  g_string_append (out, "</svg>\n");
}

/**
 * incident_schedule_to_svg:
 * @self: a schedule
 * @from: where to begin, in microseconds since the Unix epoch, UTC
 * @until: where to end, later than @from
 *
 * Draws who is on call, as a picture that stands alone or within a page (SVG).
 *
 * The time goes from left to right, with days and weeks by the clock of the schedule. On top is who is on call in the
 * end, and where nobody is; beneath, a row a layer, and where there are any, a row for calendars and one for
 * overrides. People keep their colour from picture to picture, and their names stand beside it; it is drawn for light and
 * for dark pages. Nothing is loaded from elsewhere, and the same schedule gives the same bytes.
 *
 * Returns: (transfer full): the picture
 *
 * Since: 0.1
 */
char *
incident_schedule_to_svg (IncidentSchedule *self,
                          gint64            from,
                          gint64            until)
{
  g_auto(IncidentWallClock) clock = { NULL };
  g_autoptr(GArray) spans = NULL;
  g_autoptr(GArray) pieces = NULL;
  g_autoptr(GPtrArray) people = NULL;
  IncidentSvg svg;

  g_return_val_if_fail (self != NULL, NULL);
  g_return_val_if_fail (from < until, NULL);

  incident_wall_clock_init (&clock, self->rules->zone, from, until);
  spans = incident_roster_cover (self->roster, self->rules->name, from, until);
  pieces = g_array_new (FALSE, FALSE, sizeof (IncidentPiece));
  incident_roster_list_pieces (self->roster, self->rules, from, until, pieces);
  people = g_ptr_array_new ();
  svg = (IncidentSvg) { g_string_new (NULL), self, &clock, from, until, spans, pieces, people };
  collect_people (&svg);
  append_picture (&svg);
  return g_string_free (svg.out, FALSE);
}
