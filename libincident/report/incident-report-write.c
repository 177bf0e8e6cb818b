/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "report/incident-report-private.h"

#include "base/incident-json-writer-private.h"

static void
write_int (IncidentJsonWriter *writer,
           const char         *name,
           gint64              value)
{
  incident_json_writer_name (writer, name);
  incident_json_writer_int (writer, value);
}

static void
write_boolean (IncidentJsonWriter *writer,
               const char         *name,
               gboolean            value)
{
  incident_json_writer_name (writer, name);
  incident_json_writer_boolean (writer, value);
}

/* What is not judged yet is null, not a word. */
static const char *
severity_or_null (IncidentSeverity severity)
{
  return severity != INCIDENT_SEVERITY_UNKNOWN ? incident_severity_to_string (severity) : NULL;
}

static const char *
level_or_null (IncidentLevel level)
{
  return level != INCIDENT_LEVEL_UNKNOWN ? incident_level_to_string (level) : NULL;
}

static const char *
priority_or_null (IncidentPriority priority)
{
  return priority != INCIDENT_PRIORITY_UNKNOWN ? incident_priority_to_string (priority) : NULL;
}

static void
write_case (IncidentJsonWriter *writer,
            IncidentReport     *self)
{
  incident_json_writer_name (writer, "case");
  incident_json_writer_begin_object (writer);
  incident_json_writer_member (writer, "id", self->id);
  incident_json_writer_member (writer, "title", self->title);
  write_int (writer, "revision", self->revision);
  write_int (writer, "episode", self->episode);
  incident_json_writer_member (writer, "phase", self->phase);
  write_boolean (writer, "open", self->open);
  incident_json_writer_member (writer, "severity", severity_or_null (self->severity));
  incident_json_writer_member (writer, "severity_peak", severity_or_null (self->severity_peak));
  incident_json_writer_member (writer, "priority", priority_or_null (self->priority));
  incident_json_writer_member (writer, "impact", level_or_null (self->impact));
  incident_json_writer_member (writer, "urgency", level_or_null (self->urgency));
  incident_json_writer_member (writer, "service", self->service);
  incident_json_writer_member (writer, "category", self->category);
  incident_json_writer_member (writer, "commander", self->commander);
  incident_json_writer_moment (writer, "opened_at", self->opened_at);
  incident_json_writer_moment (writer, "updated_at", self->updated_at);
  incident_json_writer_moment (writer, "closed_at", self->closed_at);
  incident_json_writer_end_object (writer);
}

static void
write_value (IncidentJsonWriter  *writer,
             IncidentReportValue *value)
{
  if (value->kind == INCIDENT_REPORT_VALUE_NONE)
    {
      incident_json_writer_null (writer);
      return;
    }

  incident_json_writer_begin_object (writer);
  incident_json_writer_name (writer, incident_report_value_get_nick (value->kind));
  if (value->text != NULL)
    incident_json_writer_string (writer, value->text);
  else if (value->kind == INCIDENT_REPORT_VALUE_TIME)
    incident_json_writer_time (writer, value->number);
  else
    incident_json_writer_int (writer, value->number);
  incident_json_writer_end_object (writer);
}

static void
write_entry (IncidentJsonWriter  *writer,
             IncidentReportEntry *entry)
{
  incident_json_writer_begin_object (writer);
  write_int (writer, "seq", entry->seq);
  write_int (writer, "episode", entry->episode);
  incident_json_writer_moment (writer, "occurred_at", entry->occurred_at);
  incident_json_writer_moment (writer, "recorded_at", entry->recorded_at);
  incident_json_writer_member (writer, "actor", entry->actor);
  incident_json_writer_member (writer, "kind", entry->kind);
  incident_json_writer_member (writer, "what", entry->what);
  incident_json_writer_member (writer, "phase", entry->phase);
  incident_json_writer_member (writer, "state", entry->state);
  incident_json_writer_member (writer, "severity", severity_or_null (entry->severity));
  incident_json_writer_end_object (writer);
}

static void
write_paragraph (IncidentJsonWriter  *writer,
                 IncidentReportBlock *block)
{
  incident_json_writer_name (writer, "values");
  incident_json_writer_begin_array (writer);
  for (guint i = 0; i < block->values->len; i++)
    write_value (writer, incident_report_block_get_value (block, i));
  incident_json_writer_end_array (writer);
}

static void
write_facts (IncidentJsonWriter  *writer,
             IncidentReportBlock *block)
{
  incident_json_writer_name (writer, "facts");
  incident_json_writer_begin_array (writer);
  for (guint i = 0; i < block->values->len; i++)
    {
      incident_json_writer_begin_object (writer);
      incident_json_writer_member (writer, "label", g_ptr_array_index (block->columns, i));
      incident_json_writer_name (writer, "value");
      write_value (writer, incident_report_block_get_value (block, i));
      incident_json_writer_end_object (writer);
    }
  incident_json_writer_end_array (writer);
}

static void
write_table (IncidentJsonWriter  *writer,
             IncidentReportBlock *block)
{
  incident_json_writer_member (writer, "caption", block->caption);
  incident_json_writer_name (writer, "columns");
  incident_json_writer_begin_array (writer);
  for (guint i = 0; i < block->columns->len; i++)
    incident_json_writer_string (writer, g_ptr_array_index (block->columns, i));
  incident_json_writer_end_array (writer);

  incident_json_writer_name (writer, "rows");
  incident_json_writer_begin_array (writer);
  for (guint row = 0; row < incident_report_block_get_n_rows (block); row++)
    {
      incident_json_writer_begin_array (writer);
      for (guint column = 0; column < block->columns->len; column++)
        write_value (writer, incident_report_block_get_cell (block, row, column));
      incident_json_writer_end_array (writer);
    }
  incident_json_writer_end_array (writer);
}

static void
write_timeline (IncidentJsonWriter  *writer,
                IncidentReportBlock *block)
{
  incident_json_writer_name (writer, "entries");
  incident_json_writer_begin_array (writer);
  for (guint i = 0; i < block->entries->len; i++)
    write_entry (writer, incident_report_block_get_entry (block, i));
  incident_json_writer_end_array (writer);
}

static void
write_block (IncidentJsonWriter  *writer,
             IncidentReportBlock *block)
{
  incident_json_writer_begin_object (writer);
  incident_json_writer_member (writer, "block", incident_report_block_get_nick (block->kind));
  switch (block->kind)
    {
    case INCIDENT_REPORT_BLOCK_PARAGRAPH:
      write_paragraph (writer, block);
      break;
    case INCIDENT_REPORT_BLOCK_FACTS:
      write_facts (writer, block);
      break;
    case INCIDENT_REPORT_BLOCK_TABLE:
      write_table (writer, block);
      break;
    case INCIDENT_REPORT_BLOCK_TIMELINE:
      write_timeline (writer, block);
      break;
    default:
      g_assert_not_reached ();
    }
  incident_json_writer_end_object (writer);
}

static void
write_section (IncidentJsonWriter    *writer,
               IncidentReportSection *section)
{
  incident_json_writer_begin_object (writer);
  incident_json_writer_member (writer, "id", section->id);
  incident_json_writer_member (writer, "heading", section->heading);
  incident_json_writer_member (writer, "state", incident_report_state_get_nick (section->state));
  incident_json_writer_member (writer, "importance", section->must ? "must" : "should");
  incident_json_writer_member (writer, "source", section->source);
  incident_json_writer_name (writer, "blocks");
  incident_json_writer_begin_array (writer);
  for (guint i = 0; i < section->blocks->len; i++)
    write_block (writer, g_ptr_array_index (section->blocks, i));
  incident_json_writer_end_array (writer);
  incident_json_writer_end_object (writer);
}

/**
 * incident_report_to_json:
 * @self: a report
 *
 * Writes the report as JSON, without loss.
 *
 * The document names its format in `$schema` (`urn:libincident:report`) and
 * `version`. Times are RFC 3339 in UTC with microseconds, durations are
 * microseconds in members called `duration_us`, and what is not known is `null`.
 *
 * Returns: (transfer full): an object, one member a line
 *
 * Since: 0.1
 */
char *
incident_report_to_json (IncidentReport *self)
{
  IncidentJsonWriter writer;

  g_return_val_if_fail (self != NULL, NULL);

  incident_json_writer_init (&writer, TRUE);
  incident_json_writer_begin_object (&writer);
  incident_json_writer_member (&writer, "$schema", INCIDENT_REPORT_SCHEMA);
  write_int (&writer, "version", INCIDENT_REPORT_VERSION);
  incident_json_writer_member (&writer, "kind", incident_report_kind_to_string (self->kind));
  write_case (&writer, self);
  write_int (&writer, "completeness_percent", incident_report_get_completeness (self));
  incident_json_writer_name (&writer, "sections");
  incident_json_writer_begin_array (&writer);
  for (guint i = 0; i < self->sections->len; i++)
    write_section (&writer, g_ptr_array_index (self->sections, i));
  incident_json_writer_end_array (&writer);
  incident_json_writer_end_object (&writer);
  return incident_json_writer_finish (&writer);
}
