/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "report/incident-report-html-private.h"

#include <string.h>

#include "base/incident-text-private.h"
#include "base/incident-time-private.h"

typedef struct
{
  GString        *out;
  IncidentReport *report;
  guint           n_charts;
} Page;

enum { LONGEST_WORD = 24 };

/* To the first word that may be too long: a word has no more characters than bytes. */
static const char *
skip_short_words (const char *words)
{
  const char *end = words + strlen (words);

  while (end - words > LONGEST_WORD)
    {
      guint length = LONGEST_WORD + 1;

      /* To behind the last blank that is near enough. */
      while (length > 0 && !g_ascii_isspace (words[length - 1]))
        length--;
      if (length == 0)
        return words;
      words += length;
    }

  return end;
}

/* Short words stay whole; only one that is too long for a column may be cut. */
static gboolean
has_long_word (const char *words)
{
  guint length = 0;

  for (const char *c = skip_short_words (words); *c != '\0'; c = g_utf8_next_char (c))
    {
      gboolean is_space = (guchar) *c < 0x80 ? g_ascii_isspace (*c) : g_unichar_isspace (g_utf8_get_char (c));

      length = is_space ? 0 : length + 1;
      if (length > LONGEST_WORD)
        return TRUE;
    }

  return FALSE;
}

/* What people said is isolated: a direction that it turns ends with it. */
static void
append_words (Page       *page,
              const char *words)
{
  if (has_long_word (words))
    incident_text_append_constant (page->out, "<bdi class=\"long\">");
  else
    incident_text_append_constant (page->out, "<bdi>");
  incident_text_append_html (page->out, words);
  incident_text_append_constant (page->out, "</bdi>");
}

static void
append_time (Page   *page,
             gint64  time)
{
  char stamp[INCIDENT_TIME_LENGTH];

  incident_time_write (time, stamp);
  incident_text_append_constant (page->out, "<time datetime=\"");
  incident_text_append_len (page->out, stamp, INCIDENT_TIME_LENGTH - 1);
  incident_text_append_constant (page->out, "\"><span class=\"d\">");
  incident_text_append_len (page->out, stamp, strlen ("2026-11-23"));
  incident_text_append_constant (page->out, "</span> ");
  incident_text_append_len (page->out, stamp + strlen ("2026-11-23T"), strlen ("07:00:00"));
  incident_text_append_constant (page->out, "</time>");
}

static void
append_value (Page                *page,
              IncidentReportValue *value)
{
  char buffer[INCIDENT_REPORT_BUFFER_LENGTH];

  switch (value->kind)
    {
    case INCIDENT_REPORT_VALUE_NONE:
      g_string_append (page->out, "<span class=\"none\">–</span>");
      break;
    case INCIDENT_REPORT_VALUE_WORDS:
      append_words (page, value->text);
      break;
    case INCIDENT_REPORT_VALUE_CODE:
      g_string_append (page->out, "<code>");
      incident_text_append_html (page->out, value->text);
      g_string_append (page->out, "</code>");
      break;
    case INCIDENT_REPORT_VALUE_TIME:
      append_time (page, value->number);
      break;
    case INCIDENT_REPORT_VALUE_TEXT:
    case INCIDENT_REPORT_VALUE_NUMBER:
    case INCIDENT_REPORT_VALUE_DURATION:
    default:
      incident_text_append_html (page->out, incident_report_value_to_text (value, buffer));
      break;
    }
}

static void
append_paragraph (Page                *page,
                  IncidentReportBlock *block)
{
  g_string_append (page->out, "<p>");
  for (guint i = 0; i < block->values->len; i++)
    append_value (page, incident_report_block_get_value (block, i));
  g_string_append (page->out, "</p>\n");
}

static void
append_facts (Page                *page,
              IncidentReportBlock *block)
{
  g_string_append (page->out, "<dl>\n");
  for (guint i = 0; i < block->values->len; i++)
    {
      g_string_append (page->out, "<div><dt>");
      incident_text_append_html (page->out, g_ptr_array_index (block->columns, i));
      g_string_append (page->out, "</dt><dd>");
      append_value (page, incident_report_block_get_value (block, i));
      g_string_append (page->out, "</dd></div>\n");
    }
  g_string_append (page->out, "</dl>\n");
}

static void
append_head_row (Page                *page,
                 IncidentReportBlock *block)
{
  g_string_append (page->out, "<thead><tr>");
  for (guint column = 0; column < block->columns->len; column++)
    {
      g_string_append (page->out, incident_report_block_is_numeric (block, column)
                                  ? "<th scope=\"col\" class=\"n\">" : "<th scope=\"col\">");
      incident_text_append_html (page->out, g_ptr_array_index (block->columns, column));
      g_string_append (page->out, "</th>");
    }
  g_string_append (page->out, "</tr></thead>\n");
}

static void
append_rows (Page                *page,
             IncidentReportBlock *block)
{
  g_autofree gboolean *numeric = g_new (gboolean, block->columns->len);

  for (guint column = 0; column < block->columns->len; column++)
    numeric[column] = incident_report_block_is_numeric (block, column);

  g_string_append (page->out, "<tbody>\n");
  for (guint row = 0; row < incident_report_block_get_n_rows (block); row++)
    {
      incident_text_append_constant (page->out, "<tr>");
      for (guint column = 0; column < block->columns->len; column++)
        {
          g_string_append (page->out, numeric[column] ? "<td class=\"n\">" : "<td>");
          append_value (page, incident_report_block_get_cell (block, row, column));
          incident_text_append_constant (page->out, "</td>");
        }
      incident_text_append_constant (page->out, "</tr>\n");
    }
  g_string_append (page->out, "</tbody>");
}

static void
append_table (Page                *page,
              IncidentReportBlock *block)
{
  /* Rows that stay on one sheet of paper, and columns that need not fill a line. */
  enum { SHORT = 8, NARROW = 3 };

  g_string_append_printf (page->out, "<div class=\"table%s\"><table%s>\n",
                          incident_report_block_get_n_rows (block) <= SHORT ? " short" : "",
                          block->columns->len <= NARROW ? " class=\"narrow\"" : "");
  if (block->caption != NULL)
    {
      g_string_append (page->out, "<caption>");
      incident_text_append_html (page->out, block->caption);
      g_string_append (page->out, "</caption>\n");
    }
  append_head_row (page, block);
  append_rows (page, block);
  g_string_append (page->out, "</table></div>\n");
}

static void
append_timeline (Page                *page,
                 IncidentReportBlock *block)
{
  g_string_append (page->out, "<figure>\n");
  incident_report_append_chart (page->out, page->report, block, ++page->n_charts);
  g_string_append (page->out, "</figure>\n<div class=\"table\"><table>\n<thead><tr><th scope=\"col\">Time (UTC)</th>"
                              "<th scope=\"col\">What</th><th scope=\"col\">Who</th>"
                              "<th scope=\"col\" class=\"n\">Entry</th></tr></thead>\n<tbody>\n");
  for (guint i = 0; i < block->entries->len; i++)
    {
      IncidentReportEntry *entry = incident_report_block_get_entry (block, i);

      incident_text_append_constant (page->out, "<tr><td>");
      append_time (page, entry->occurred_at);
      incident_text_append_constant (page->out, "</td><td class=\"e ");
      g_string_append (page->out, incident_report_entry_get_class (entry));
      incident_text_append_constant (page->out, "\">");
      append_words (page, entry->what);
      incident_text_append_constant (page->out, "</td><td>");
      append_words (page, entry->actor);
      incident_text_append_constant (page->out, "</td><td class=\"n\">#");
      incident_text_append_number (page->out, entry->seq);
      incident_text_append_constant (page->out, "</td></tr>\n");
    }
  g_string_append (page->out, "</tbody></table></div>\n");
}

static void
append_block (Page                *page,
              IncidentReportBlock *block)
{
  switch (block->kind)
    {
    case INCIDENT_REPORT_BLOCK_PARAGRAPH:
      append_paragraph (page, block);
      break;
    case INCIDENT_REPORT_BLOCK_FACTS:
      append_facts (page, block);
      break;
    case INCIDENT_REPORT_BLOCK_TABLE:
      append_table (page, block);
      break;
    case INCIDENT_REPORT_BLOCK_TIMELINE:
      append_timeline (page, block);
      break;
    default:
      g_assert_not_reached ();
    }
}

static void
append_section (Page                  *page,
                IncidentReportSection *section)
{
  /* An id holds nothing to escape. */
  g_string_append_printf (page->out, "<section id=\"%s\"%s>\n<h2>", section->id,
                          section->state == INCIDENT_REPORT_STATE_MISSING ? " class=\"missing\"" : "");
  incident_text_append_html (page->out, section->heading);
  g_string_append (page->out, "</h2>\n");
  for (guint i = 0; i < section->blocks->len; i++)
    append_block (page, g_ptr_array_index (section->blocks, i));
  g_string_append (page->out, "</section>\n");
}

static void
append_head (Page *page)
{
  g_string_append (page->out,
                   "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\"/>\n"
                   "<meta http-equiv=\"Content-Security-Policy\" "
                   "content=\"default-src 'none'; style-src 'unsafe-inline'; img-src data:\"/>\n"
                   "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\"/>\n<title>");
  incident_text_append_html (page->out, page->report->id);
  g_string_append_printf (page->out, " – %s – ", incident_report_get_heading (page->report));
  incident_text_append_html (page->out, page->report->title);
  g_string_append_printf (page->out, "</title>\n<style>\n%s</style>\n</head>\n", incident_report_css);
}

static void
append_badges (Page *page)
{
  IncidentReport *report = page->report;
  g_autofree char *severity = incident_report_format_severity (report->severity);

  g_string_append (page->out, "<ul class=\"badges\">");
  if (severity != NULL)
    g_string_append_printf (page->out, "<li class=\"%s\"><i></i>%s</li>", incident_severity_to_string (report->severity), severity);
  else
    g_string_append (page->out, "<li><i></i>Severity not judged</li>");
  if (report->priority != INCIDENT_PRIORITY_UNKNOWN)
    {
      g_autofree char *priority = g_ascii_strup (incident_priority_to_string (report->priority), -1);

      g_string_append_printf (page->out, "<li>%s</li>", priority);
    }
  g_string_append (page->out, "<li>");
  incident_text_append_html (page->out, report->phase);
  g_string_append (page->out, "</li></ul>\n");
}

static void
append_header (Page *page)
{
  IncidentReport *report = page->report;

  g_string_append_printf (page->out, "<body>\n<div class=\"bar%s%s\"></div>\n<header>\n<p class=\"kicker\"><b>",
                          report->severity != INCIDENT_SEVERITY_UNKNOWN ? " " : "",
                          report->severity != INCIDENT_SEVERITY_UNKNOWN ? incident_severity_to_string (report->severity) : "");
  incident_text_append_html (page->out, report->id);
  g_string_append_printf (page->out, "</b> · %s · revision %u · all times are UTC</p>\n<h1>",
                          incident_report_get_heading (report), report->revision);
  append_words (page, report->title);
  g_string_append (page->out, "</h1>\n");
  append_badges (page);
  g_string_append (page->out, "</header>\n");
}

static void
append_footer (Page *page)
{
  GPtrArray *sections = page->report->sections;
  guint n_missing = 0;

  for (guint i = 0; i < sections->len; i++)
    {
      IncidentReportSection *section = g_ptr_array_index (sections, i);

      n_missing += section->state == INCIDENT_REPORT_STATE_MISSING ? 1 : 0;
    }

  g_string_append (page->out, "<footer><p>Made from the record of ");
  incident_text_append_html (page->out, page->report->id);
  g_string_append_printf (page->out, " up to entry %u. The report is %u %% complete: nothing is recorded for %u of its %u sections.",
                          page->report->revision, incident_report_get_completeness (page->report), n_missing, sections->len);
  g_string_append (page->out, "</p></footer>\n</body>\n</html>\n");
}

/**
 * incident_report_to_html:
 * @self: a report
 *
 * Writes the report as one HTML page that needs nothing else.
 *
 * It holds no script and asks for no other file, draws the timeline as inline
 * SVG, prints well, and is dark where the reader's screen is. What people said
 * is escaped. The page is well-formed XML, too.
 *
 * Returns: (transfer full): a document
 *
 * Since: 0.1
 */
char *
incident_report_to_html (IncidentReport *self)
{
  Page page = { NULL, self, 0 };

  g_return_val_if_fail (self != NULL, NULL);

  page.out = g_string_new (NULL);
  append_head (&page);
  append_header (&page);
  g_string_append (page.out, "<main>\n");
  for (guint i = 0; i < self->sections->len; i++)
    append_section (&page, g_ptr_array_index (self->sections, i));
  g_string_append (page.out, "</main>\n");
  append_footer (&page);
  return g_string_free (page.out, FALSE);
}
