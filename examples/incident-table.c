/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "incident-print.h"

#include <stdio.h>
#include <unistd.h>

#include <sys/ioctl.h>

typedef struct
{
  char *text;
  Style style;
} Cell;

struct _Table
{
  GArray  *cells;
  guint    n_columns;
  gboolean cut;
};

static const char * const style_codes[] = {
  [STYLE_PLAIN] = "",
  [STYLE_BAD] = "\033[31m",
  [STYLE_WARNING] = "\033[33m",
  [STYLE_GOOD] = "\033[32m",
  [STYLE_FAINT] = "\033[2m",
};

static gboolean
is_colourful (void)
{
  const char *no_color = g_getenv ("NO_COLOR");

  return isatty (STDOUT_FILENO) && (no_color == NULL || *no_color == '\0')
         && g_strcmp0 (g_getenv ("TERM"), "dumb") != 0;
}

static guint
character_width (gunichar character)
{
  if (g_unichar_iszerowidth (character))
    return 0;

  return g_unichar_iswide (character) ? 2 : 1;
}

static guint
text_width (const char *text)
{
  guint width = 0;

  for (const char *at = text; *at != '\0'; at = g_utf8_next_char (at))
    width += character_width (g_utf8_get_char (at));

  return width;
}

static char *
cut_text (const char *text,
          guint       width)
{
  const char *at = text;
  guint used = 0;

  if (text_width (text) <= width)
    return g_strdup (text);

  while (used + character_width (g_utf8_get_char (at)) < width)
    {
      used += character_width (g_utf8_get_char (at));
      at = g_utf8_next_char (at);
    }

  return g_strdup_printf ("%.*s…", (int) (at - text), text);
}

static void
cell_clear (gpointer data)
{
  g_free (((Cell *) data)->text);
}

Table *
table_new (const char * const *headings,
           gboolean            show_headings,
           gboolean            cut)
{
  Table *self = g_new0 (Table, 1);

  self->cells = g_array_new (FALSE, FALSE, sizeof (Cell));
  g_array_set_clear_func (self->cells, cell_clear);
  self->n_columns = g_strv_length ((char **) headings);
  self->cut = cut;
  for (guint i = 0; show_headings && i < self->n_columns; i++)
    table_add (self, STYLE_FAINT, headings[i]);

  return self;
}

void
table_free (Table *self)
{
  g_array_unref (self->cells);
  g_free (self);
}

void
table_add (Table      *self,
           Style       style,
           const char *text)
{
  Cell cell = { incident_text_for_terminal (text != NULL ? text : "–"), style };

  g_array_append_val (self->cells, cell);
}

void
table_add_time (Table  *self,
                gint64  time)
{
  g_autofree char *text = time != INCIDENT_TIME_NONE ? incident_time_to_local_string (time) : NULL;

  table_add (self, STYLE_PLAIN, text);
}

static guint
find_columns (void)
{
  struct winsize window = { 0 };

  return isatty (STDOUT_FILENO) && ioctl (STDOUT_FILENO, TIOCGWINSZ, &window) == 0 ? window.ws_col : 0;
}

guint
print_get_columns (void)
{
  guint columns = find_columns ();

  return columns > 0 ? columns : 80;
}

/* How wide the last column may be; G_MAXUINT for as wide as it likes. */
static guint
width_left (Table       *self,
            const guint *widths)
{
  guint columns = self->cut ? find_columns () : 0;
  guint used = 0;

  if (columns == 0)
    return G_MAXUINT;

  for (guint i = 0; i + 1 < self->n_columns; i++)
    used += widths[i] + 2;

  return columns > used + 8 ? columns - used : 8;
}

static void
append_cell (GString    *out,
             const Cell *cell,
             guint       padding,
             gboolean    colourful)
{
  if (colourful && cell->style != STYLE_PLAIN)
    g_string_append_printf (out, "%s%s\033[0m%*s", style_codes[cell->style], cell->text, (int) padding, "");
  else
    g_string_append_printf (out, "%s%*s", cell->text, (int) padding, "");
}

static void
append_last_cell (GString    *out,
                  const Cell *cell,
                  guint       width,
                  gboolean    colourful)
{
  g_autofree char *text = cut_text (cell->text, width);
  Cell last = { text, cell->style };

  append_cell (out, &last, 0, colourful);
  g_string_append_c (out, '\n');
}

void
table_print (Table *self)
{
  g_autofree guint *widths = g_new0 (guint, self->n_columns);
  g_autoptr(GString) out = g_string_new (NULL);
  gboolean colourful = is_colourful ();
  guint left;

  for (guint i = 0; i < self->cells->len; i++)
    {
      guint width = text_width (g_array_index (self->cells, Cell, i).text);

      widths[i % self->n_columns] = MAX (widths[i % self->n_columns], width);
    }

  left = width_left (self, widths);
  for (guint i = 0; i < self->cells->len; i++)
    {
      const Cell *cell = &g_array_index (self->cells, Cell, i);
      guint column = i % self->n_columns;

      if (column + 1 < self->n_columns)
        append_cell (out, cell, widths[column] - text_width (cell->text) + 2, colourful);
      else
        append_last_cell (out, cell, left, colourful);
    }

  g_print ("%s", out->str);
}
