/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "report/incident-report-read-private.h"

#include <string.h>

static gboolean
value_kind_from_nick (const char              *nick,
                      IncidentReportValueKind *kind)
{
  for (guint i = INCIDENT_REPORT_VALUE_TEXT; i <= INCIDENT_REPORT_VALUE_DURATION; i++)
    if (strcmp (incident_report_value_get_nick ((IncidentReportValueKind) i), nick) == 0)
      {
        *kind = (IncidentReportValueKind) i;
        return TRUE;
      }

  return FALSE;
}

/* Out of range is a failure, and still no value to keep. */
static gint64
read_duration (IncidentJsonReader *reader)
{
  gint64 duration = incident_report_read_range (reader, 0, G_MAXINT64);

  return MAX (duration, 0);
}

static void
read_content (IncidentJsonReader      *reader,
              IncidentReportBlock     *block,
              IncidentReportValueKind  kind)
{
  switch (kind)
    {
    case INCIDENT_REPORT_VALUE_TEXT:
      incident_report_block_add_text (block, incident_json_reader_read_string (reader));
      break;
    case INCIDENT_REPORT_VALUE_WORDS:
      incident_report_block_add_words (block, incident_json_reader_read_string (reader));
      break;
    case INCIDENT_REPORT_VALUE_CODE:
      incident_report_block_add_code (block, incident_json_reader_read_string (reader));
      break;
    case INCIDENT_REPORT_VALUE_NUMBER:
      incident_report_block_add_number (block, incident_report_read_range (reader, G_MININT64, G_MAXINT64));
      break;
    case INCIDENT_REPORT_VALUE_TIME:
      incident_report_block_add_time (block, incident_report_read_time (reader));
      break;
    case INCIDENT_REPORT_VALUE_DURATION:
      incident_report_block_add_duration (block, read_duration (reader));
      break;
    case INCIDENT_REPORT_VALUE_NONE:
    default:
      g_assert_not_reached ();
    }
}

/* {"text": …}, {"words": …}, {"time": …} … or null: one value is added, or the reader failed. */
static void
read_value (IncidentJsonReader  *reader,
            IncidentReportBlock *block)
{
  guint before = block->values->len;
  IncidentReportValueKind kind;
  const char *name;

  if (incident_json_reader_peek (reader) == INCIDENT_JSON_NULL)
    {
      incident_json_reader_read_null (reader);
      incident_report_block_add_text (block, NULL);
      return;
    }

  incident_json_reader_enter_object (reader);
  while (incident_json_reader_next_member (reader, &name))
    if (value_kind_from_nick (name, &kind))
      read_content (reader, block, kind);
    else
      incident_json_reader_fail (reader, "“%s” is no kind of value", name);
  if (!incident_json_reader_failed (reader) && block->values->len != before + 1)
    incident_json_reader_fail (reader, "a value has one member");
}

static void
read_values (IncidentJsonReader  *reader,
             IncidentReportBlock *block)
{
  incident_json_reader_enter_array (reader);
  while (incident_json_reader_next_element (reader))
    read_value (reader, block);
}

static void
read_label (IncidentJsonReader  *reader,
            IncidentReportBlock *block)
{
  const char *label = incident_report_read_string (reader, block->strings);

  if (label != NULL)
    g_ptr_array_add (block->columns, (gpointer) label);
}

static void
read_facts (IncidentJsonReader  *reader,
            IncidentReportBlock *block)
{
  static const char * const names[] = { "label", "value", NULL };

  incident_json_reader_enter_array (reader);
  while (incident_json_reader_next_element (reader))
    {
      IncidentReportMembers members = { names, 0 };
      guint member;

      incident_json_reader_enter_object (reader);
      while (incident_report_next_member (reader, &members, &member))
        if (member == 0)
          read_label (reader, block);
        else
          read_value (reader, block);
    }
}

static void
read_columns (IncidentJsonReader  *reader,
              IncidentReportBlock *block)
{
  incident_json_reader_enter_array (reader);
  while (incident_json_reader_next_element (reader))
    read_label (reader, block);
  if (!incident_json_reader_failed (reader) && block->columns->len == 0)
    incident_json_reader_fail (reader, "a table has columns");
}

static void
read_rows (IncidentJsonReader  *reader,
           IncidentReportBlock *block)
{
  if (block->columns->len == 0)
    incident_json_reader_fail (reader, "“columns” come before the rows");

  incident_json_reader_enter_array (reader);
  while (incident_json_reader_next_element (reader))
    {
      guint before = block->values->len;

      read_values (reader, block);
      if (!incident_json_reader_failed (reader) && block->values->len - before != block->columns->len)
        incident_json_reader_fail (reader, "a row of %u values in a table of %u columns",
                                   block->values->len - before, block->columns->len);
    }
}

static void
read_entry (IncidentJsonReader  *reader,
            IncidentReportBlock *block)
{
  static const char * const names[] = {
    "seq", "episode", "occurred_at", "recorded_at", "actor", "kind", "what", "phase", "state", "severity", NULL
  };
  IncidentReportEntry entry = { 0, };
  IncidentReportMembers members = { names, 0 };
  guint member;

  incident_json_reader_enter_object (reader);
  while (incident_report_next_member (reader, &members, &member))
    switch (member)
      {
      case 0: entry.seq = (guint) incident_report_read_range (reader, 1, G_MAXUINT); break;
      case 1: entry.episode = (guint) incident_report_read_range (reader, 1, G_MAXUINT); break;
      case 2: entry.occurred_at = incident_report_read_time (reader); break;
      case 3: entry.recorded_at = incident_report_read_time (reader); break;
      case 4: entry.actor = incident_report_read_string (reader, block->strings); break;
      case 5: entry.kind = incident_report_read_id (reader, block->strings); break;
      case 6: entry.what = incident_report_read_string (reader, block->strings); break;
      case 7: entry.phase = incident_report_read_nullable_id (reader, block->strings); break;
      case 8: entry.state = incident_report_read_nullable_id (reader, block->strings); break;
      default: entry.severity = (IncidentSeverity) incident_report_read_enum (reader, INCIDENT_TYPE_SEVERITY, "severity"); break;
      }

  if (!incident_json_reader_failed (reader))
    g_array_append_val (block->entries, entry);
}

static void
read_entries (IncidentJsonReader  *reader,
              IncidentReportBlock *block)
{
  incident_json_reader_enter_array (reader);
  while (incident_json_reader_next_element (reader))
    read_entry (reader, block);
}

static void
read_caption (IncidentJsonReader  *reader,
              IncidentReportBlock *block)
{
  block->caption = incident_report_read_nullable (reader, block->strings);
}

typedef void (* ReadFunc) (IncidentJsonReader  *reader,
                           IncidentReportBlock *block);

/* The members of each kind of block, after “block”. */
static const struct
{
  const char *names[5];
  ReadFunc    functions[4];
} bodies[] = {
  [INCIDENT_REPORT_BLOCK_PARAGRAPH] = { { "block", "values" }, { NULL, read_values } },
  [INCIDENT_REPORT_BLOCK_FACTS] = { { "block", "facts" }, { NULL, read_facts } },
  [INCIDENT_REPORT_BLOCK_TABLE] = { { "block", "caption", "columns", "rows" },
                                    { NULL, read_caption, read_columns, read_rows } },
  [INCIDENT_REPORT_BLOCK_TIMELINE] = { { "block", "entries" }, { NULL, read_entries } },
};

/* What a block has depends on its kind, so that comes first. */
static gboolean
read_block_kind (IncidentJsonReader      *reader,
                 IncidentReportBlockKind *kind)
{
  const char *name, *nick;

  if (!incident_json_reader_next_member (reader, &name))
    {
      incident_json_reader_fail (reader, "member “block” is missing");
      return FALSE;
    }
  if (!g_str_equal (name, "block"))
    {
      incident_json_reader_fail (reader, "the first member of a block is “block”");
      return FALSE;
    }

  nick = incident_json_reader_read_string (reader);
  if (nick != NULL && !incident_report_block_from_nick (nick, kind))
    incident_json_reader_fail (reader, "must be “paragraph”, “facts”, “table” or “timeline”");
  return !incident_json_reader_failed (reader);
}

IncidentReportBlock *
incident_report_read_block (IncidentJsonReader *reader,
                            GStringChunk       *strings)
{
  g_autoptr(IncidentReportBlock) block = NULL;
  IncidentReportMembers members = { NULL, 1 };
  IncidentReportBlockKind kind;
  guint member;

  incident_json_reader_enter_object (reader);
  if (!read_block_kind (reader, &kind))
    return NULL;

  block = incident_report_block_new (strings, kind);
  members.names = bodies[kind].names;
  while (incident_report_next_member (reader, &members, &member))
    bodies[kind].functions[member] (reader, block);

  return incident_json_reader_failed (reader) ? NULL : g_steal_pointer (&block);
}
