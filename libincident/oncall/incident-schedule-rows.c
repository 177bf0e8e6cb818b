/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "oncall/incident-schedule-svg-private.h"

#include <string.h>

#include "base/incident-text-private.h"
#include "oncall/incident-cover-private.h"

/* What decides who is on call, beneath who is: a row a layer, one for what calendars brought, one for overrides. */

enum { ROW_HEIGHT = 24, BAR_HEIGHT = 18, MOST_LANES = 4 };

typedef enum
{
  ROW_LAYER,
  ROW_FEEDS,
  ROW_CHANGES,
} RowKind;

typedef struct
{
  RowKind     kind;
  const char *layer;   /* interned; of a layer */
} Row;

char *
incident_svg_write_tip (const IncidentSvg *self,
                        const char        *what,
                        gint64             from,
                        gint64             until,
                        const char        *why)
{
  g_autofree char *length = incident_schedule_write_length (until - from);
  char begin[INCIDENT_SCHEDULE_TIME_LENGTH], end[INCIDENT_SCHEDULE_TIME_LENGTH];

  return g_strdup_printf ("%s, %s – %s (%s)%s%s", what, incident_schedule_write_time (self->clock, from, 20, begin),
                          incident_schedule_write_time (self->clock, until, 20, end), length, why != NULL ? ", " : "", why != NULL ? why : "");
}

static gboolean
is_in_row (const IncidentPiece *piece,
           const Row           *row)
{
  switch (row->kind)
    {
    case ROW_LAYER:
      return piece->kind == INCIDENT_PIECE_TURN && piece->layer != NULL && g_str_equal (piece->layer, row->layer);
    case ROW_FEEDS:
      return piece->kind == INCIDENT_PIECE_TURN && piece->layer == NULL;
    case ROW_CHANGES:
    default:
      return piece->kind == INCIDENT_PIECE_CHANGE || piece->kind == INCIDENT_PIECE_FIXED;
    }
}

static int
compare_pieces (gconstpointer a,
                gconstpointer b)
{
  const IncidentPiece *left = *(const IncidentPiece * const *) a, *right = *(const IncidentPiece * const *) b;

  if (left->from != right->from)
    return left->from < right->from ? -1 : 1;
  if (left->until != right->until)
    return left->until < right->until ? -1 : 1;
  if (left->order != right->order)
    return left->order < right->order ? -1 : 1;
  return left->place < right->place ? -1 : left->place > right->place;
}

static GPtrArray *
collect (const IncidentSvg *self,
         const Row         *row)
{
  GPtrArray *pieces = g_ptr_array_new ();

  for (guint i = 0; i < self->pieces->len; i++)
    {
      IncidentPiece *piece = &g_array_index (self->pieces, IncidentPiece, i);

      if (is_in_row (piece, row) && piece->until > self->from && piece->from < self->until)
        g_ptr_array_add (pieces, piece);
    }
  g_ptr_array_sort (pieces, compare_pieces);
  return pieces;
}

/* Those at one time lie above each other. @lanes: one for each of @pieces; how many there are. */
static guint
find_lanes (const GPtrArray *pieces,
            guint           *lanes)
{
  gint64 ends[MOST_LANES];
  guint n = 0;

  for (guint i = 0; i < pieces->len; i++)
    {
      const IncidentPiece *piece = g_ptr_array_index (pieces, i);
      guint lane = 0;

      while (lane < n && ends[lane] > piece->from && lane < MOST_LANES - 1)
        lane++;
      n = MAX (n, lane + 1);
      ends[lane] = piece->until;
      lanes[i] = lane;
    }
  return n;
}

/* “bo for ana”, “+ bo”, “− ana” */
static char *
write_label (const IncidentPiece *piece)
{
  if (piece->kind != INCIDENT_PIECE_CHANGE)
    return g_strdup (piece->person);
  if (piece->substitute != NULL)
    return g_strdup_printf ("%s for %s", piece->substitute, piece->person);
  if (piece->change != NULL && piece->change->kind == INCIDENT_OVERRIDE_KIND_REMOVE)
    return g_strdup_printf ("without %s", piece->person);
  return g_strdup_printf ("+ %s", piece->person);
}

static void
append_piece (IncidentSvg         *self,
              const IncidentPiece *piece,
              double               y,
              double               height)
{
  g_autofree char *label = write_label (piece);
  g_autofree char *number = piece->change != NULL ? g_strdup_printf ("override %" G_GUINT64_FORMAT, piece->change->id) : NULL;
  g_autofree char *tip = incident_svg_write_tip (self, label, piece->from, piece->until, piece->layer != NULL ? piece->layer : number);
  IncidentSvgBar bar = { MAX (piece->from, self->from), MIN (piece->until, self->until), y, height,
                         piece->substitute != NULL ? piece->substitute : piece->person, label, tip, piece->kind == INCIDENT_PIECE_CHANGE };

  incident_svg_append_bar (self, &bar);
}

static void
append_row (IncidentSvg     *self,
            const GPtrArray *pieces,
            double           y,
            const char      *label)
{
  g_autofree guint *lanes = g_new (guint, pieces->len + 1);
  guint n = MAX (find_lanes (pieces, lanes), 1);
  double height = (double) BAR_HEIGHT / n;
  /* Layers without a name are numbered. */
  g_autofree char *whole = g_strconcat (g_ascii_isdigit (*label) ? "layer " : "", label, NULL);
  g_autofree char *shown = incident_text_cut (whole, 18);

  incident_svg_append_text (self->out, INCIDENT_SVG_LEFT - 8, y + BAR_HEIGHT / 2 + 4, "end", "muted", INCIDENT_SVG_FONT, shown);
  incident_svg_append_number (self->out, "<rect x=\"", INCIDENT_SVG_LEFT);
  incident_svg_append_number (self->out, "\" y=\"", y + BAR_HEIGHT / 2 - 0.5);
  g_string_append_printf (self->out, "\" width=\"%d\" height=\"1\" class=\"track\" fill=\"#e3e7ec\"/>\n", INCIDENT_SVG_RIGHT - INCIDENT_SVG_LEFT);
  for (guint i = 0; i < pieces->len; i++)
    append_piece (self, g_ptr_array_index (pieces, i), y + lanes[i] * height, height - (n > 1 ? 0.8 : 0));
}

double
incident_svg_append_rows (IncidentSvg *self,
                          double       y)
{
  const GPtrArray *layers = self->schedule->rules->layers;

  for (guint i = 0; i < layers->len + 2; i++)
    {
      const IncidentLayer *layer = i < layers->len ? g_ptr_array_index (layers, i) : NULL;
      Row row = { layer != NULL ? ROW_LAYER : i == layers->len ? ROW_FEEDS : ROW_CHANGES, layer != NULL ? layer->name : NULL };
      g_autoptr(GPtrArray) pieces = collect (self, &row);

      if (layer == NULL && pieces->len == 0)
        continue;
      append_row (self, pieces, y, layer != NULL ? layer->name : row.kind == ROW_FEEDS ? "calendar" : "overrides");
      y += ROW_HEIGHT;
    }
  return y;
}
