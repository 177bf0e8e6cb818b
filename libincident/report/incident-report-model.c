/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "report/incident-report-private.h"

#include <string.h>

#include "base/incident-time-private.h"

static const char * const value_nicks[] = { "none", "text", "words", "code", "number", "time", "duration_us" };
static const char * const block_nicks[] = { "paragraph", "facts", "table", "timeline" };
static const char * const state_nicks[] = { "missing", "generated", "edited", "reviewed", "not-applicable" };

static gboolean
find_nick (const char * const *nicks,
           guint               n_nicks,
           const char         *nick,
           guint              *position)
{
  for (guint i = 0; i < n_nicks; i++)
    if (strcmp (nicks[i], nick) == 0)
      {
        *position = i;
        return TRUE;
      }

  return FALSE;
}

const char *
incident_report_value_get_nick (IncidentReportValueKind kind)
{
  return value_nicks[kind];
}

const char *
incident_report_block_get_nick (IncidentReportBlockKind kind)
{
  return block_nicks[kind];
}

gboolean
incident_report_block_from_nick (const char              *nick,
                                 IncidentReportBlockKind *kind)
{
  guint position;

  if (!find_nick (block_nicks, G_N_ELEMENTS (block_nicks), nick, &position))
    return FALSE;

  *kind = (IncidentReportBlockKind) position;
  return TRUE;
}

const char *
incident_report_state_get_nick (IncidentReportState state)
{
  return state_nicks[state];
}

gboolean
incident_report_state_from_nick (const char          *nick,
                                 IncidentReportState *state)
{
  guint position;

  if (!find_nick (state_nicks, G_N_ELEMENTS (state_nicks), nick, &position))
    return FALSE;

  *state = (IncidentReportState) position;
  return TRUE;
}

IncidentReportSection *
incident_report_section_new (GStringChunk *strings,
                             const char   *id,
                             const char   *heading,
                             const char   *source,
                             gboolean      must)
{
  IncidentReportSection *self = g_new0 (IncidentReportSection, 1);

  self->id = id;
  self->heading = heading;
  self->source = source;
  self->must = must;
  self->strings = strings;
  self->blocks = g_ptr_array_new_with_free_func ((GDestroyNotify) incident_report_block_free);
  return self;
}

void
incident_report_section_free (IncidentReportSection *self)
{
  g_ptr_array_unref (self->blocks);
  g_free (self);
}

IncidentReportBlock *
incident_report_section_add (IncidentReportSection   *self,
                             IncidentReportBlockKind  kind,
                             const char              *caption)
{
  IncidentReportBlock *block = incident_report_block_new (self->strings, kind);

  block->caption = caption;
  g_ptr_array_add (self->blocks, block);
  return block;
}

IncidentReportBlock *
incident_report_block_new (GStringChunk            *strings,
                           IncidentReportBlockKind  kind)
{
  IncidentReportBlock *self = g_new0 (IncidentReportBlock, 1);

  self->kind = kind;
  self->columns = g_ptr_array_new ();
  self->values = g_array_new (FALSE, FALSE, sizeof (IncidentReportValue));
  self->entries = g_array_new (FALSE, TRUE, sizeof (IncidentReportEntry));
  self->strings = strings;
  return self;
}

void
incident_report_block_free (IncidentReportBlock *self)
{
  g_ptr_array_unref (self->columns);
  g_array_unref (self->values);
  g_array_unref (self->entries);
  g_free (self);
}

void
incident_report_block_add_columns (IncidentReportBlock *self,
                                   ...)
{
  va_list headings;
  const char *heading;

  va_start (headings, self);
  while ((heading = va_arg (headings, const char *)) != NULL)
    g_ptr_array_add (self->columns, (gpointer) heading);
  va_end (headings);
}

void
incident_report_block_add_label (IncidentReportBlock *self,
                                 const char          *label)
{
  g_assert (self->columns->len == self->values->len);

  g_ptr_array_add (self->columns, (gpointer) label);
}

static void
add_value (IncidentReportBlock     *self,
           IncidentReportValueKind  kind,
           const char              *text,
           gint64                   number)
{
  IncidentReportValue value = { kind, incident_report_keep (self->strings, text), number };

  g_array_append_val (self->values, value);
}

void
incident_report_block_add_text (IncidentReportBlock *self,
                                const char          *text)
{
  add_value (self, text != NULL ? INCIDENT_REPORT_VALUE_TEXT : INCIDENT_REPORT_VALUE_NONE, text, 0);
}

void
incident_report_block_add_words (IncidentReportBlock *self,
                                 const char          *words)
{
  add_value (self, words != NULL ? INCIDENT_REPORT_VALUE_WORDS : INCIDENT_REPORT_VALUE_NONE, words, 0);
}

void
incident_report_block_add_code (IncidentReportBlock *self,
                                const char          *code)
{
  add_value (self, code != NULL ? INCIDENT_REPORT_VALUE_CODE : INCIDENT_REPORT_VALUE_NONE, code, 0);
}

void
incident_report_block_add_marked (IncidentReportBlock *self,
                                  const char          *marked)
{
  g_auto(GStrv) parts = g_strsplit (marked, "`", -1);

  for (guint i = 0; parts[i] != NULL; i++)
    if (i % 2 == 1)
      incident_report_block_add_code (self, parts[i]);
    else if (*parts[i] != '\0')
      incident_report_block_add_text (self, parts[i]);
}

void
incident_report_block_add_number (IncidentReportBlock *self,
                                  gint64               number)
{
  add_value (self, INCIDENT_REPORT_VALUE_NUMBER, NULL, number);
}

void
incident_report_block_add_time (IncidentReportBlock *self,
                                gint64               time)
{
  if (time == INCIDENT_TIME_NONE)
    add_value (self, INCIDENT_REPORT_VALUE_NONE, NULL, 0);
  else
    add_value (self, INCIDENT_REPORT_VALUE_TIME, NULL, time);
}

void
incident_report_block_add_duration (IncidentReportBlock *self,
                                    gint64               duration)
{
  g_assert (duration >= 0);

  add_value (self, INCIDENT_REPORT_VALUE_DURATION, NULL, duration);
}

IncidentReportValue *
incident_report_block_get_value (IncidentReportBlock *self,
                                 guint                position)
{
  return &g_array_index (self->values, IncidentReportValue, position);
}

IncidentReportEntry *
incident_report_block_get_entry (IncidentReportBlock *self,
                                 guint                position)
{
  return &g_array_index (self->entries, IncidentReportEntry, position);
}

guint
incident_report_block_get_n_rows (IncidentReportBlock *self)
{
  return self->columns->len > 0 ? self->values->len / self->columns->len : 0;
}

IncidentReportValue *
incident_report_block_get_cell (IncidentReportBlock *self,
                                guint                row,
                                guint                column)
{
  return incident_report_block_get_value (self, row * self->columns->len + column);
}

gboolean
incident_report_block_is_numeric (IncidentReportBlock *self,
                                  guint                column)
{
  for (guint row = 0; row < incident_report_block_get_n_rows (self); row++)
    {
      IncidentReportValue *cell = incident_report_block_get_cell (self, row, column);

      if (cell->kind != INCIDENT_REPORT_VALUE_NONE)
        return cell->kind == INCIDENT_REPORT_VALUE_NUMBER || cell->kind == INCIDENT_REPORT_VALUE_DURATION;
    }

  return FALSE;
}

/* White space of any kind, also of other scripts, becomes one blank. */
static char *
collapse (const char *text)
{
  GString *line = g_string_new (NULL);
  gboolean blank = FALSE;

  for (const char *c = text; *c != '\0'; c = g_utf8_next_char (c))
    if (g_unichar_isspace (g_utf8_get_char (c)))
      blank = TRUE;
    else
      {
        if (blank && line->len > 0)
          g_string_append_c (line, ' ');
        blank = FALSE;
        g_string_append_unichar (line, g_utf8_get_char (c));
      }

  return g_string_free (line, FALSE);
}

char *
incident_report_shorten (const char *text,
                         glong       n_chars)
{
  g_autofree char *line = collapse (text);
  char *end, *cut;

  if (g_utf8_strlen (line, -1) <= n_chars)
    return g_steal_pointer (&line);

  /* One word that fills the line is cut inside. */
  end = g_utf8_offset_to_pointer (line, MAX (n_chars - 1, 0));
  cut = g_strrstr_len (line, end - line + (*end == ' ' ? 1 : 0), " ");
  if (cut != NULL && cut - line > (end - line) / 2)
    end = cut;
  *end = '\0';
  return g_strconcat (line, "…", NULL);
}

const char *
incident_report_format_time (gint64 time,
                             char   buffer[INCIDENT_REPORT_BUFFER_LENGTH])
{
  G_STATIC_ASSERT (INCIDENT_TIME_LENGTH <= INCIDENT_REPORT_BUFFER_LENGTH);

  /* Whole seconds are enough for people. */
  incident_time_write (time, buffer);
  buffer[strlen ("2026-11-23")] = ' ';
  buffer[strlen ("2026-11-23T07:00:00")] = '\0';
  return buffer;
}

static const char *
format_pair (char        buffer[INCIDENT_REPORT_BUFFER_LENGTH],
             gint64      large,
             const char *unit,
             gint64      small,
             const char *rest)
{
  g_snprintf (buffer, INCIDENT_REPORT_BUFFER_LENGTH, "%" G_GINT64_FORMAT " %s %" G_GINT64_FORMAT " %s", large, unit, small, rest);
  return buffer;
}

static const char *
format_one (char        buffer[INCIDENT_REPORT_BUFFER_LENGTH],
            gint64      number,
            const char *unit)
{
  g_snprintf (buffer, INCIDENT_REPORT_BUFFER_LENGTH, "%" G_GINT64_FORMAT "%s", number, unit);
  return buffer;
}

const char *
incident_report_format_duration (gint64 duration,
                                 char   buffer[INCIDENT_REPORT_BUFFER_LENGTH])
{
  gint64 seconds = duration / G_USEC_PER_SEC;
  gint64 minutes = seconds / 60;
  gint64 hours = minutes / 60;
  gint64 days = hours / 24;

  if (duration > 0 && seconds == 0)
    return "< 1 s";
  if (minutes == 0)
    return format_one (buffer, seconds, " s");
  if (hours == 0 && seconds % 60 == 0)
    return format_one (buffer, minutes, " min");
  if (hours == 0)
    return format_pair (buffer, minutes, "min", seconds % 60, "s");
  if (days == 0)
    return format_pair (buffer, hours, "h", minutes % 60, "min");
  return format_pair (buffer, days, "d", hours % 24, "h");
}

char *
incident_report_format_severity (IncidentSeverity severity)
{
  if (severity == INCIDENT_SEVERITY_UNKNOWN)
    return NULL;

  return g_ascii_strup (incident_severity_to_string (severity), -1);
}

const char *
incident_report_value_to_text (const IncidentReportValue *self,
                               char                       buffer[INCIDENT_REPORT_BUFFER_LENGTH])
{
  switch (self->kind)
    {
    case INCIDENT_REPORT_VALUE_NONE:
      return NULL;
    case INCIDENT_REPORT_VALUE_TEXT:
    case INCIDENT_REPORT_VALUE_WORDS:
    case INCIDENT_REPORT_VALUE_CODE:
      return self->text;
    case INCIDENT_REPORT_VALUE_NUMBER:
      return format_one (buffer, self->number, "");
    case INCIDENT_REPORT_VALUE_TIME:
      return incident_report_format_time (self->number, buffer);
    case INCIDENT_REPORT_VALUE_DURATION:
      return incident_report_format_duration (self->number, buffer);
    default:
      g_assert_not_reached ();
    }
}
