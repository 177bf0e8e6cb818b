/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "report/incident-report-read-private.h"

#include <string.h>

#include "base/incident-enum-private.h"
#include "base/incident-text-private.h"

/* A report of a long case is longer than what strangers may send. */
static const IncidentJsonLimits report_limits = {
  .size = 256 * 1024 * 1024,
  .depth = 16,
  .values = 16 * 1024 * 1024,
  .members = 64,
  .string = 16 * 1024 * 1024,
  .number = 32,
};

enum { MAX_SECTIONS = 1000 };

static void
require_all (IncidentJsonReader          *reader,
             const IncidentReportMembers *members)
{
  for (guint i = 0; members->names[i] != NULL; i++)
    if ((members->seen & (1u << i)) == 0)
      {
        incident_json_reader_fail (reader, "member “%s” is missing", members->names[i]);
        return;
      }
}

gboolean
incident_report_next_member (IncidentJsonReader    *reader,
                             IncidentReportMembers *members,
                             guint                 *member)
{
  const char *name;

  if (!incident_json_reader_next_member (reader, &name))
    {
      if (!incident_json_reader_failed (reader))
        require_all (reader, members);
      return FALSE;
    }

  for (guint i = 0; members->names[i] != NULL; i++)
    if (strcmp (members->names[i], name) == 0)
      {
        /* In a large object the reader looks for twins at its end; what was read is not read over. */
        if ((members->seen & (1u << i)) != 0)
          {
            incident_json_reader_fail (reader, "member “%s” stands twice", name);
            return FALSE;
          }
        members->seen |= 1u << i;
        *member = i;
        return TRUE;
      }

  incident_json_reader_fail (reader, "member “%s” is not known", name);
  return FALSE;
}

const char *
incident_report_read_string (IncidentJsonReader *reader,
                             GStringChunk       *strings)
{
  return incident_report_keep (strings, incident_json_reader_read_string (reader));
}

static gboolean
read_null (IncidentJsonReader *reader)
{
  return incident_json_reader_peek (reader) == INCIDENT_JSON_NULL && incident_json_reader_read_null (reader);
}

const char *
incident_report_read_nullable (IncidentJsonReader *reader,
                               GStringChunk       *strings)
{
  return read_null (reader) ? NULL : incident_report_read_string (reader, strings);
}

const char *
incident_report_read_id (IncidentJsonReader *reader,
                         GStringChunk       *strings)
{
  const char *id = incident_json_reader_read_string (reader);

  if (id != NULL && !incident_text_is_id (id))
    incident_json_reader_fail (reader, "must be an id: lower-case letters, digits and dashes");
  return incident_report_keep (strings, id);
}

const char *
incident_report_read_nullable_id (IncidentJsonReader *reader,
                                  GStringChunk       *strings)
{
  return read_null (reader) ? NULL : incident_report_read_id (reader, strings);
}

gint64
incident_report_read_range (IncidentJsonReader *reader,
                            gint64              minimum,
                            gint64              maximum)
{
  gint64 value = minimum;

  if (incident_json_reader_read_int (reader, &value) && (value < minimum || value > maximum))
    incident_json_reader_fail (reader, "must be from %" G_GINT64_FORMAT " to %" G_GINT64_FORMAT, minimum, maximum);
  return value;
}

gboolean
incident_report_read_boolean (IncidentJsonReader *reader)
{
  gboolean value = FALSE;

  incident_json_reader_read_boolean (reader, &value);
  return value;
}

gint64
incident_report_read_time (IncidentJsonReader *reader)
{
  const char *string = incident_json_reader_read_string (reader);
  g_autoptr(GError) error = NULL;
  gint64 time = 0;

  if (string != NULL && !incident_time_from_string (string, &time, &error))
    incident_json_reader_fail (reader, "%s", error->message);
  return time;
}

gint64
incident_report_read_when (IncidentJsonReader *reader)
{
  return read_null (reader) ? INCIDENT_TIME_NONE : incident_report_read_time (reader);
}

int
incident_report_read_enum (IncidentJsonReader *reader,
                           GType               type,
                           const char         *what)
{
  g_autoptr(GError) error = NULL;
  const char *nick;
  int value = 0;

  if (read_null (reader))
    return 0;

  nick = incident_json_reader_read_string (reader);
  if (nick != NULL && !incident_enum_from_nick (type, what, nick, &value, &error))
    incident_json_reader_fail (reader, "%s", error->message);
  else if (nick != NULL && value == 0)
    incident_json_reader_fail (reader, "an unknown %s is null", what);
  return value;
}

static void
read_case (IncidentJsonReader *reader,
           IncidentReport     *self)
{
  static const char * const names[] = {
    "id", "title", "revision", "episode", "phase", "open", "severity", "severity_peak", "priority", "impact",
    "urgency", "service", "category", "commander", "opened_at", "updated_at", "closed_at", NULL
  };
  IncidentReportMembers members = { names, 0 };
  guint member;

  incident_json_reader_enter_object (reader);
  while (incident_report_next_member (reader, &members, &member))
    switch (member)
      {
      case 0: self->id = incident_report_read_string (reader, self->strings); break;
      case 1: self->title = incident_report_read_string (reader, self->strings); break;
      case 2: self->revision = (guint) incident_report_read_range (reader, 1, G_MAXUINT); break;
      case 3: self->episode = (guint) incident_report_read_range (reader, 1, G_MAXUINT); break;
      case 4: self->phase = incident_report_read_id (reader, self->strings); break;
      case 5: self->open = incident_report_read_boolean (reader); break;
      case 6: self->severity = (IncidentSeverity) incident_report_read_enum (reader, INCIDENT_TYPE_SEVERITY, "severity"); break;
      case 7: self->severity_peak = (IncidentSeverity) incident_report_read_enum (reader, INCIDENT_TYPE_SEVERITY, "severity"); break;
      case 8: self->priority = (IncidentPriority) incident_report_read_enum (reader, INCIDENT_TYPE_PRIORITY, "priority"); break;
      case 9: self->impact = (IncidentLevel) incident_report_read_enum (reader, INCIDENT_TYPE_LEVEL, "impact"); break;
      case 10: self->urgency = (IncidentLevel) incident_report_read_enum (reader, INCIDENT_TYPE_LEVEL, "urgency"); break;
      case 11: self->service = incident_report_read_nullable (reader, self->strings); break;
      case 12: self->category = incident_report_read_nullable (reader, self->strings); break;
      case 13: self->commander = incident_report_read_nullable (reader, self->strings); break;
      case 14: self->opened_at = incident_report_read_time (reader); break;
      case 15: self->updated_at = incident_report_read_time (reader); break;
      default: self->closed_at = incident_report_read_when (reader); break;
      }
}

static void
read_importance (IncidentJsonReader    *reader,
                 IncidentReportSection *section)
{
  const char *nick = incident_json_reader_read_string (reader);

  section->must = g_strcmp0 (nick, "must") == 0;
  if (nick != NULL && !section->must && !g_str_equal (nick, "should"))
    incident_json_reader_fail (reader, "must be “must” or “should”");
}

static void
read_state (IncidentJsonReader    *reader,
            IncidentReportSection *section)
{
  const char *nick = incident_json_reader_read_string (reader);

  if (nick != NULL && !incident_report_state_from_nick (nick, &section->state))
    incident_json_reader_fail (reader, "must be “missing”, “generated”, “edited”, “reviewed” or “not-applicable”");
}

static void
read_blocks (IncidentJsonReader    *reader,
             IncidentReportSection *section)
{
  incident_json_reader_enter_array (reader);
  while (incident_json_reader_next_element (reader))
    {
      IncidentReportBlock *block = incident_report_read_block (reader, section->strings);

      if (block != NULL)
        g_ptr_array_add (section->blocks, block);
    }
}

/* An id is the section's address in a page. */
static void
read_section_id (IncidentJsonReader    *reader,
                 IncidentReport        *self,
                 IncidentReportSection *section)
{
  section->id = incident_report_read_id (reader, self->strings);

  for (guint i = 0; i < self->sections->len; i++)
    {
      IncidentReportSection *other = g_ptr_array_index (self->sections, i);

      if (g_strcmp0 (other->id, section->id) == 0)
        incident_json_reader_fail (reader, "section “%s” was there before", section->id);
    }
}

static void
read_section (IncidentJsonReader *reader,
              IncidentReport     *self)
{
  static const char * const names[] = { "id", "heading", "state", "importance", "source", "blocks", NULL };
  g_autoptr(IncidentReportSection) section = incident_report_section_new (self->strings, NULL, NULL, NULL, FALSE);
  IncidentReportMembers members = { names, 0 };
  guint member;

  incident_json_reader_enter_object (reader);
  while (incident_report_next_member (reader, &members, &member))
    switch (member)
      {
      case 0: read_section_id (reader, self, section); break;
      case 1: section->heading = incident_report_read_string (reader, self->strings); break;
      case 2: read_state (reader, section); break;
      case 3: read_importance (reader, section); break;
      case 4: section->source = incident_report_read_id (reader, self->strings); break;
      default: read_blocks (reader, section); break;
      }
  if (incident_json_reader_failed (reader))
    return;

  if (self->sections->len == MAX_SECTIONS)
    incident_json_reader_fail (reader, "more than %d sections", MAX_SECTIONS);
  g_ptr_array_add (self->sections, g_steal_pointer (&section));
}

static void
read_constant (IncidentJsonReader *reader,
               const char         *constant)
{
  const char *string = incident_json_reader_read_string (reader);

  if (string != NULL && !g_str_equal (string, constant))
    incident_json_reader_fail (reader, "must be “%s”", constant);
}

static void
read_kind (IncidentJsonReader *reader,
           IncidentReport     *self)
{
  const char *string = incident_json_reader_read_string (reader);
  g_autoptr(GError) error = NULL;

  if (string != NULL && !incident_report_kind_from_string (string, &self->kind, &error))
    incident_json_reader_fail (reader, "%s", error->message);
}

static void
read_sections (IncidentJsonReader *reader,
               IncidentReport     *self)
{
  incident_json_reader_enter_array (reader);
  while (incident_json_reader_next_element (reader))
    read_section (reader, self);
}

static void
read_report (IncidentJsonReader *reader,
             IncidentReport     *self)
{
  static const char * const names[] = { "$schema", "version", "kind", "case", "completeness_percent", "sections", NULL };
  IncidentReportMembers members = { names, 0 };
  gint64 completeness = 0;
  guint member;

  incident_json_reader_enter_object (reader);
  while (incident_report_next_member (reader, &members, &member))
    switch (member)
      {
      case 0: read_constant (reader, INCIDENT_REPORT_SCHEMA); break;
      case 1: incident_report_read_range (reader, INCIDENT_REPORT_VERSION, INCIDENT_REPORT_VERSION); break;
      case 2: read_kind (reader, self); break;
      case 3: read_case (reader, self); break;
      case 4: completeness = incident_report_read_range (reader, 0, 100); break;
      default: read_sections (reader, self); break;
      }

  /* It is not kept: it follows from the sections. */
  if (!incident_json_reader_failed (reader) && completeness != incident_report_get_completeness (self))
    incident_json_reader_fail (reader, "“completeness_percent” is %" G_GINT64_FORMAT ", but the sections make it %u",
                               completeness, incident_report_get_completeness (self));
}

/**
 * incident_report_new_from_json:
 * @json: (array length=length) (element-type guint8): what [method@Report.to_json] wrote
 * @length: the length of @json in bytes, or -1 if it ends with a NUL
 * @source: (nullable): what to call the document in messages, such as a file name
 * @error: return location for an error
 *
 * Reads a report again.
 *
 * Each member must be there and have its type, and no other may be there.
 * Writing the report again gives the same bytes.
 *
 * Returns: (transfer full): a report; or %NULL, and @error is set to
 *   %INCIDENT_ERROR_INVALID, with the place where @json is no JSON or no report
 *
 * Since: 0.1
 */
IncidentReport *
incident_report_new_from_json (const char  *json,
                               gssize       length,
                               const char  *source,
                               GError     **error)
{
  g_autoptr(IncidentReport) self = NULL;
  g_autoptr(IncidentJsonReader) reader = NULL;

  g_return_val_if_fail (json != NULL, NULL);
  g_return_val_if_fail (length >= -1, NULL);
  g_return_val_if_fail (error == NULL || *error == NULL, NULL);

  self = incident_report_alloc ();
  reader = incident_json_reader_new (json, length >= 0 ? (gsize) length : strlen (json), source, &report_limits);
  read_report (reader, self);
  if (!incident_json_reader_finish (reader, error))
    return NULL;

  return g_steal_pointer (&self);
}
