/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "oncall/incident-schedule-svg-private.h"

#include <string.h>

#include "base/incident-text-private.h"

/* Colours and shapes of the picture of a schedule. Who is who is never told by colour alone. */

#define N_COLORS 12

/* On white; the style has those on black. Red is for where nobody is. */
static const char * const colors[N_COLORS] = {
  "#a3c8f5", "#f5c38c", "#a6d9a3", "#dcb0e6", "#efd96b", "#8fd6d6", "#c3b8f2", "#d8c0a3", "#bdd672", "#f4b8cf", "#b9c5d1", "#86c5ae",
};

static const char style[] =
  "<style>\n"
  "@media (prefers-color-scheme: dark) {\n"
  "  .incident-schedule .paper { fill: #14181d; } .incident-schedule .ink { fill: #e6eaef; } .incident-schedule .muted { fill: #9aa5b1; }\n"
  "  .incident-schedule .weekend { fill: #1b2129; } .incident-schedule .rule { stroke: #2c343d; } .incident-schedule .week { stroke: #4a5562; }\n"
  "  .incident-schedule .track { fill: #1f262e; } .incident-schedule .gap { fill: #ff7b86; } .incident-schedule .hole { stroke: #ff5d6b; }\n"
  "  .incident-schedule .hatch { stroke: #ff5d6b; } .incident-schedule .ground { fill: #2b1316; } .incident-schedule .mark { fill: #e6eaef; }\n"
  "  .incident-schedule .band { fill: #ff5d6b; }\n"
  "  .incident-schedule .c0 { fill: #2f5f9e; } .incident-schedule .c1 { fill: #8f571d; } .incident-schedule .c2 { fill: #2f7338; }\n"
  "  .incident-schedule .c3 { fill: #7c3f8a; } .incident-schedule .c4 { fill: #75641a; } .incident-schedule .c5 { fill: #1f7070; }\n"
  "  .incident-schedule .c6 { fill: #564a9c; } .incident-schedule .c7 { fill: #6a5439; } .incident-schedule .c8 { fill: #55681d; }\n"
  "  .incident-schedule .c9 { fill: #8a3f60; } .incident-schedule .c10 { fill: #4a5866; } .incident-schedule .c11 { fill: #2a6853; }\n"
  "}\n"
  "</style>\n"
  "<defs><pattern id=\"incident-gap\" width=\"7\" height=\"7\" patternUnits=\"userSpaceOnUse\" patternTransform=\"rotate(45)\">"
  "<rect width=\"7\" height=\"7\" class=\"ground\" fill=\"#fff0f0\"/>"
  "<line x1=\"0\" y1=\"0\" x2=\"0\" y2=\"7\" stroke-width=\"5\" class=\"hatch\" stroke=\"#d3213a\"/></pattern></defs>\n";

void
incident_svg_append_style (GString *out)
{
  g_string_append (out, style);
}

double
incident_svg_get_x (const IncidentSvg *self,
                    gint64             at)
{
  double part = (double) (CLAMP (at, self->from, self->until) - self->from) / (double) (self->until - self->from);

  return INCIDENT_SVG_LEFT + part * (INCIDENT_SVG_RIGHT - INCIDENT_SVG_LEFT);
}

void
incident_svg_append_number (GString    *out,
                            const char *before,
                            double      value)
{
  char buffer[G_ASCII_DTOSTR_BUF_SIZE];

  g_string_append (out, before);
  g_string_append (out, g_ascii_formatd (buffer, sizeof buffer, "%.1f", value));
}

double
incident_svg_measure (const char *text)
{
  double width = 0;

  for (; *text != '\0'; text = g_utf8_next_char (text))
    {
      gunichar c = g_utf8_get_char (text);

      width += g_unichar_iswide (c) ? 1.05 : c < 0x80 && strchr ("iljtfrI.,:;'|! ()[]", (int) c) != NULL ? 0.4
               : g_unichar_isupper (c) || c == 'm' || c == 'w' || c == '@' ? 0.9 : 0.62;
    }
  return width;
}

static const char *
get_paint (const char *class)
{
  return g_str_equal (class, "ink") ? "#1f2933" : g_str_equal (class, "gap") ? "#b3142b" : "#5f6b7a";
}

void
incident_svg_append_text (GString    *out,
                          double      x,
                          double      y,
                          const char *anchor,
                          const char *class,
                          int         size,
                          const char *text)
{
  incident_svg_append_number (out, "<text x=\"", x);
  incident_svg_append_number (out, "\" y=\"", y);
  g_string_append_printf (out, "\" font-size=\"%d\" text-anchor=\"%s\" class=\"%s\" fill=\"%s\"%s>", size, anchor, class, get_paint (class),
                          g_str_equal (class, "gap") || size > INCIDENT_SVG_FONT ? " font-weight=\"bold\"" : "");
  incident_text_append_html (out, text);
  g_string_append (out, "</text>\n");
}

/* The same for the same person, as long as those before in the layers are the same. */
static guint
find_color (const IncidentSvg *self,
            const char        *person)
{
  for (guint i = 0; i < self->people->len; i++)
    if (g_str_equal (g_ptr_array_index (self->people, i), person))
      return i % N_COLORS;

  return 0;
}

static void
append_rect (GString *out,
             double   x,
             double   y,
             double   width,
             double   height)
{
  incident_svg_append_number (out, "<rect x=\"", x);
  incident_svg_append_number (out, "\" y=\"", y);
  incident_svg_append_number (out, "\" width=\"", width);
  incident_svg_append_number (out, "\" height=\"", height);
  g_string_append (out, "\" ");
}

static gboolean
fits (const char           *label,
      int                   size,
      const IncidentSvgBar *bar,
      double                width)
{
  return size <= bar->height && incident_svg_measure (label) * size + 3 <= width;
}

/* All of it, smaller where it must be, or its first letters, or nothing. */
static void
append_label (IncidentSvg          *self,
              const IncidentSvgBar *bar,
              double                x,
              double                width)
{
  int largest = bar->height >= 24 ? INCIDENT_SVG_FONT + 2 : INCIDENT_SVG_FONT;
  g_autofree char *label = g_strdup (bar->label);
  int size = largest;

  for (guint most = 4; most > 0; most--)
    {
      if (most < 4 && g_utf8_strlen (bar->label, -1) > most)
        {
          g_free (label);
          label = g_utf8_substring (bar->label, 0, most);
        }
      for (size = largest; size > 9 && !fits (label, size, bar, width);)
        size -= 2;
      if (fits (label, size, bar, width))
        {
          incident_svg_append_text (self->out, x + width / 2, bar->y + bar->height / 2 + size * 0.36, "middle", "ink", size, label);
          return;
        }
    }
}

void
incident_svg_append_bar (IncidentSvg          *self,
                         const IncidentSvgBar *bar)
{
  guint color = find_color (self, bar->person);
  double x = incident_svg_get_x (self, bar->from);
  /* A hair between two. */
  double width = MAX (incident_svg_get_x (self, bar->until) - x - 0.8, 0.6);

  append_rect (self->out, x, bar->y, width, bar->height);
  g_string_append_printf (self->out, "rx=\"2\" class=\"c%u\" fill=\"%s\"><title>", color, colors[color]);
  incident_text_append_html (self->out, bar->tip);
  g_string_append (self->out, "</title></rect>\n");
  if (bar->is_changed)
    {
      append_rect (self->out, x, bar->y + bar->height - 4, width, 4);
      g_string_append (self->out, "class=\"mark\" fill=\"#1f2933\"/>\n");
    }
  append_label (self, bar, x, width);
}

/* From the top row through all that might have filled it, and wide enough to be seen. */
void
incident_svg_append_gap (IncidentSvg *self,
                         gint64       from,
                         gint64       until,
                         double       y,
                         double       height,
                         double       bottom,
                         const char  *tip)
{
  double x = incident_svg_get_x (self, from), middle;
  double width = MAX (incident_svg_get_x (self, until) - x, 3.0);

  x = MIN (x, INCIDENT_SVG_RIGHT - width);
  middle = x + width / 2;
  append_rect (self->out, x, y, width, bottom - y);
  g_string_append (self->out, "class=\"band\" fill=\"#d3213a\" opacity=\"0.13\"/>\n");
  append_rect (self->out, x, y, width, height);
  g_string_append (self->out, "class=\"hole\" fill=\"url(#incident-gap)\" stroke=\"#d3213a\" stroke-width=\"1.5\"><title>");
  incident_text_append_html (self->out, tip);
  g_string_append (self->out, "</title></rect>\n");
  incident_svg_append_number (self->out, "<path d=\"M", middle - 5);
  incident_svg_append_number (self->out, " ", y - 9);
  g_string_append (self->out, "h10l-5 7z\" class=\"gap\" fill=\"#b3142b\"/>\n");
  if (width < 60)
    return;
  append_rect (self->out, middle - 26, y + height / 2 - 9, 52, 18);
  g_string_append (self->out, "rx=\"3\" class=\"ground\" fill=\"#fff0f0\"/>\n");
  incident_svg_append_text (self->out, middle, y + height / 2 + 4.5, "middle", "gap", INCIDENT_SVG_FONT + 2, "nobody");
}

void
incident_svg_append_swatch (IncidentSvg *self,
                            double       x,
                            double       y,
                            const char  *person)
{
  guint color = person != NULL ? find_color (self, person) : 0;

  append_rect (self->out, x, y, 12, 12);
  if (person == NULL)
    {
      g_string_append (self->out, "class=\"hole\" fill=\"url(#incident-gap)\" stroke=\"#d3213a\"/>\n");
      return;
    }
  g_string_append_printf (self->out, "rx=\"2\" class=\"c%u\" fill=\"%s\"/>\n", color, colors[color]);
}
