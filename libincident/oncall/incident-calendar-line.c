/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "oncall/incident-calendar-private.h"

#include <string.h>

#include "base/incident-text-private.h"

/* Content lines of iCalendar (RFC 5545, 3.1): unfolded, and split into name, parameters and value. */

#define LONGEST_LINE 65536

void
incident_calendar_line_clear (IncidentCalendarLine *self)
{
  g_clear_pointer (&self->name, g_free);
  self->n_parameters = 0;
}

/* One line without its folds; NULL: the end. CR LF is the rule, LF alone is met with. */
static char *
unfold (IncidentCalendarReader *self)
{
  g_autoptr(GString) line = NULL;

  while (*self->at != '\0')
    {
      const char *end = strchr (self->at, '\n');
      gsize length = end != NULL ? (gsize) (end - self->at) : strlen (self->at);
      gsize kept = length > 0 && self->at[length - 1] == '\r' ? length - 1 : length;

      if (line == NULL)
        line = g_string_new_len (self->at, (gssize) kept);
      else
        g_string_append_len (line, self->at + 1, (gssize) kept - 1);
      self->at += length + (end != NULL ? 1 : 0);
      self->line++;
      if (*self->at != ' ' && *self->at != '\t')
        break;
    }

  return line != NULL ? g_string_free (g_steal_pointer (&line), FALSE) : NULL;
}

static gboolean
is_name_char (char c)
{
  return g_ascii_isalnum (c) || c == '-';
}

/* Makes capitals of the name at @at; what follows it, or NULL if there is none. */
static char *
take_name (char *at)
{
  char *start = at;

  for (; is_name_char (*at); at++)
    *at = g_ascii_toupper (*at);
  return at > start ? at : NULL;
}

/* The values of a parameter, up to “;” or “:”, without quotes. NULL: a quote has no end. */
static char *
take_values (char *at)
{
  char *to = at;
  gboolean quoted = FALSE;

  for (; *at != '\0' && (quoted || (*at != ';' && *at != ':')); at++)
    {
      if (*at == '"')
        quoted = !quoted;
      else
        *to++ = *at;
    }
  if (quoted || *at == '\0')
    return NULL;

  /* The text gets shorter by its quotes: what is between is not read any more. */
  memset (to, '\0', (gsize) (at - to));
  return at;
}

/* Those that are too many to keep are passed over. NULL: this is no content line. */
static char *
take_parameters (IncidentCalendarLine *line,
                 char                 *at)
{
  while (*at == ';')
    {
      IncidentCalendarParameter parameter;

      *at++ = '\0';
      parameter.name = at;
      at = take_name (at);
      if (at == NULL || *at != '=')
        return NULL;
      *at++ = '\0';
      parameter.value = at;
      at = take_values (at);
      if (at == NULL)
        return NULL;
      if (line->n_parameters < G_N_ELEMENTS (line->parameters))
        line->parameters[line->n_parameters++] = parameter;
    }
  return *at == ':' ? at : NULL;
}

/* Splits @text, which it takes. The end of a parameter's value is where the next one begins. */
static gboolean
split (IncidentCalendarLine *line,
       char                 *text)
{
  char *at;

  line->name = text;
  at = take_name (text);
  at = at != NULL ? take_parameters (line, at) : NULL;
  if (at == NULL)
    return FALSE;

  *at = '\0';
  line->value = at + 1;
  return TRUE;
}

gboolean
incident_calendar_reader_next (IncidentCalendarReader  *self,
                               IncidentCalendarLine    *line,
                               char                   **problem)
{
  g_autofree char *text = NULL;
  g_autofree char *shown = NULL;

  incident_calendar_line_clear (line);
  do
    {
      line->line = self->line;
      g_free (text);
      text = unfold (self);
    }
  while (text != NULL && *text == '\0');

  if (text == NULL)
    return FALSE;
  if (strlen (text) > LONGEST_LINE)
    {
      *problem = g_strdup_printf ("has more than %d bytes", LONGEST_LINE);
      return FALSE;
    }
  if (split (line, g_strdup (text)))
    return TRUE;

  shown = incident_text_cut (text, 40);
  *problem = g_strdup_printf ("“%s” is no line of a calendar, such as “SUMMARY:ana” or “DTSTART;TZID=Europe/Madrid:20260105T090000”", shown);
  return FALSE;
}

const char *
incident_calendar_line_get_parameter (const IncidentCalendarLine *self,
                                      const char                 *name)
{
  for (guint i = 0; i < self->n_parameters; i++)
    if (g_str_equal (self->parameters[i].name, name))
      return self->parameters[i].value;

  return NULL;
}

char *
incident_calendar_unescape (const char *value)
{
  GString *text = g_string_sized_new (strlen (value));

  for (; *value != '\0'; value++)
    {
      if (*value != '\\' || value[1] == '\0')
        {
          g_string_append_c (text, *value);
          continue;
        }
      value++;
      g_string_append_c (text, *value == 'n' || *value == 'N' ? '\n' : *value);
    }

  return g_string_free (text, FALSE);
}
