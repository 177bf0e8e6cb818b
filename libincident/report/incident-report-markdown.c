/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "report/incident-report-private.h"

#include <string.h>

#include "base/incident-text-private.h"

/* What stands between back quotes shows itself: only where it holds none. */
static void
append_code (GString    *out,
             const char *code)
{
  if (incident_text_is_id (code))
    g_string_append_printf (out, "`%s`", code);
  else
    incident_text_append_markdown (out, code);
}

static void
append_value (GString             *out,
              IncidentReportValue *value)
{
  char buffer[INCIDENT_REPORT_BUFFER_LENGTH];
  const char *text = incident_report_value_to_text (value, buffer);

  if (text == NULL)
    g_string_append (out, "–");
  else if (value->kind == INCIDENT_REPORT_VALUE_CODE)
    append_code (out, text);
  else
    incident_text_append_markdown (out, text);
}

/* Blanks at the ends of a run count: they stand in the middle of a sentence. */
static void
append_run (GString    *out,
            const char *run)
{
  gsize length = strlen (run);

  if (length == 0)
    return;
  if (run[0] == ' ' && out->str[out->len - 1] != '\n')
    g_string_append_c (out, ' ');
  incident_text_append_markdown (out, run);
  if (length > 1 && run[length - 1] == ' ')
    g_string_append_c (out, ' ');
}

/* A paragraph is escaped as one text, but for the code in it. */
static void
append_paragraph (GString             *out,
                  IncidentReportBlock *block)
{
  g_autoptr(GString) run = g_string_new (NULL);

  for (guint i = 0; i < block->values->len; i++)
    {
      IncidentReportValue *value = incident_report_block_get_value (block, i);
      char buffer[INCIDENT_REPORT_BUFFER_LENGTH];
      const char *text = incident_report_value_to_text (value, buffer);

      if (value->kind != INCIDENT_REPORT_VALUE_CODE)
        {
          g_string_append (run, text != NULL ? text : "–");
          continue;
        }
      append_run (out, run->str);
      g_string_truncate (run, 0);
      append_code (out, text);
    }
  append_run (out, run->str);
  g_string_append (out, "\n\n");
}

static void
append_facts (GString             *out,
              IncidentReportBlock *block)
{
  for (guint i = 0; i < block->values->len; i++)
    {
      g_string_append (out, "- **");
      incident_text_append_markdown (out, g_ptr_array_index (block->columns, i));
      g_string_append (out, ":** ");
      append_value (out, incident_report_block_get_value (block, i));
      g_string_append_c (out, '\n');
    }
  g_string_append_c (out, '\n');
}

static void
append_table (GString             *out,
              IncidentReportBlock *block)
{
  if (block->caption != NULL)
    {
      g_string_append (out, "### ");
      incident_text_append_markdown (out, block->caption);
      g_string_append (out, "\n\n");
    }

  for (guint column = 0; column < block->columns->len; column++)
    {
      g_string_append (out, column == 0 ? "| " : " | ");
      incident_text_append_markdown (out, g_ptr_array_index (block->columns, column));
    }
  g_string_append (out, " |\n|");
  for (guint column = 0; column < block->columns->len; column++)
    g_string_append (out, incident_report_block_is_numeric (block, column) ? "---:|" : "---|");
  g_string_append_c (out, '\n');

  for (guint row = 0; row < incident_report_block_get_n_rows (block); row++)
    {
      for (guint column = 0; column < block->columns->len; column++)
        {
          g_string_append (out, column == 0 ? "| " : " | ");
          append_value (out, incident_report_block_get_cell (block, row, column));
        }
      g_string_append (out, " |\n");
    }
  g_string_append_c (out, '\n');
}

static void
append_timeline (GString             *out,
                 IncidentReportBlock *block)
{
  g_string_append (out, "| Time (UTC) | Who | What | Entry |\n|---|---|---|---:|\n");
  for (guint i = 0; i < block->entries->len; i++)
    {
      IncidentReportEntry *entry = incident_report_block_get_entry (block, i);
      char time[INCIDENT_REPORT_BUFFER_LENGTH];

      incident_text_append_constant (out, "| ");
      g_string_append (out, incident_report_format_time (entry->occurred_at, time));
      incident_text_append_constant (out, " | ");
      incident_text_append_markdown (out, entry->actor);
      incident_text_append_constant (out, " | ");
      incident_text_append_markdown (out, entry->what);
      incident_text_append_constant (out, " | ");
      incident_text_append_number (out, entry->seq);
      incident_text_append_constant (out, " |\n");
    }
  g_string_append_c (out, '\n');
}

static void
append_block (GString             *out,
              IncidentReportBlock *block)
{
  switch (block->kind)
    {
    case INCIDENT_REPORT_BLOCK_PARAGRAPH:
      append_paragraph (out, block);
      break;
    case INCIDENT_REPORT_BLOCK_FACTS:
      append_facts (out, block);
      break;
    case INCIDENT_REPORT_BLOCK_TABLE:
      append_table (out, block);
      break;
    case INCIDENT_REPORT_BLOCK_TIMELINE:
      append_timeline (out, block);
      break;
    default:
      g_assert_not_reached ();
    }
}

/**
 * incident_report_to_markdown:
 * @self: a report
 *
 * Writes the report as Markdown: CommonMark, with tables as GitHub has them.
 *
 * What people said is escaped, so it shows as they wrote it, in one line. The
 * timeline is a table; [method@Report.to_html] draws it too.
 *
 * Returns: (transfer full): a document
 *
 * Since: 0.1
 */
char *
incident_report_to_markdown (IncidentReport *self)
{
  GString *out;

  g_return_val_if_fail (self != NULL, NULL);

  out = g_string_new (NULL);
  g_string_append_printf (out, "# %s: ", incident_report_get_heading (self));
  incident_text_append_markdown (out, self->id);
  g_string_append_c (out, ' ');
  incident_text_append_markdown (out, self->title);
  g_string_append_printf (out, "\n\nRevision %u. All times are UTC. %u %% complete.\n\n",
                          self->revision, incident_report_get_completeness (self));

  for (guint i = 0; i < self->sections->len; i++)
    {
      IncidentReportSection *section = g_ptr_array_index (self->sections, i);

      g_string_append (out, "## ");
      incident_text_append_markdown (out, section->heading);
      g_string_append (out, "\n\n");
      for (guint k = 0; k < section->blocks->len; k++)
        append_block (out, g_ptr_array_index (section->blocks, k));
    }

  /* One line end at the end. */
  g_string_truncate (out, out->len - 1);
  return g_string_free (out, FALSE);
}
