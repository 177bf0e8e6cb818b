/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "comms/incident-slack-blocks-private.h"

#include <string.h>

#include "base/incident-text-private.h"
#include "comms/incident-slack-block-list-private.h"
#include "comms/incident-slack-text-private.h"

#define MOST_OPTIONS      100
#define MOST_IN_OPTION    75
#define MOST_IN_LABEL     24    /* of title and buttons */
#define MOST_IN_NOTE      3000
#define MOST_IN_TITLE     200
#define MOST_IN_TEXT      3000
#define MOST_IN_ANSWER    4000

static void
begin_input (IncidentJsonWriter *writer,
             const char         *id,
             const char         *label,
             gboolean            is_optional)
{
  incident_json_writer_begin_object (writer);
  incident_json_writer_member (writer, "type", "input");
  incident_json_writer_member (writer, "block_id", id);
  incident_json_writer_name (writer, "optional");
  incident_json_writer_boolean (writer, is_optional);
  incident_slack_write_plain (writer, "label", label, MOST_IN_OPTION);
  incident_json_writer_name (writer, "element");
  incident_json_writer_begin_object (writer);
}

static void
end_input (IncidentJsonWriter *writer)
{
  incident_json_writer_end_object (writer);
  incident_json_writer_end_object (writer);
}

/* Each block has one element, which goes by the same name. */
void
incident_slack_write_input (IncidentJsonWriter *writer,
                            const char         *id,
                            const char         *label,
                            gboolean            is_optional,
                            gboolean            has_lines,
                            gint64              most)
{
  begin_input (writer, id, label, is_optional);
  incident_json_writer_member (writer, "type", "plain_text_input");
  incident_json_writer_member (writer, "action_id", id);
  incident_json_writer_name (writer, "multiline");
  incident_json_writer_boolean (writer, has_lines);
  incident_json_writer_name (writer, "max_length");
  incident_json_writer_int (writer, most);
  end_input (writer);
}

static void
write_choice (IncidentJsonWriter *writer,
              const char         *id,
              const char         *label,
              GPtrArray          *options)
{
  begin_input (writer, id, label, TRUE);
  incident_json_writer_member (writer, "type", "static_select");
  incident_json_writer_member (writer, "action_id", id);
  incident_json_writer_name (writer, "options");
  incident_json_writer_begin_array (writer);
  for (guint i = 0; i < options->len; i++)
    {
      incident_json_writer_begin_object (writer);
      incident_slack_write_plain (writer, "text", g_ptr_array_index (options, i), MOST_IN_OPTION);
      incident_json_writer_member (writer, "value", g_ptr_array_index (options, i));
      incident_json_writer_end_object (writer);
    }
  incident_json_writer_end_array (writer);
  end_input (writer);
}

static void
write_severity (IncidentJsonWriter *writer)
{
  g_autoptr(GPtrArray) options = g_ptr_array_new ();

  for (IncidentSeverity severity = INCIDENT_SEVERITY_SEV1; severity <= INCIDENT_SEVERITY_SEV5; severity++)
    g_ptr_array_add (options, (gpointer) incident_severity_to_string (severity));
  write_choice (writer, "severity", "Severity", options);
}

/* Where there are too many to choose from, the name is written. */
static void
write_service (IncidentJsonWriter *writer,
               const char * const *services)
{
  g_autoptr(GPtrArray) options = g_ptr_array_new ();
  gboolean is_whole = TRUE;

  for (; *services != NULL; services++)
    {
      is_whole = is_whole && g_utf8_strlen (*services, -1) <= MOST_IN_OPTION;
      g_ptr_array_add (options, (gpointer) *services);
    }
  if (is_whole && options->len > 0 && options->len <= MOST_OPTIONS)
    write_choice (writer, "service", "Service", options);
  else
    incident_slack_write_input (writer, "service", "Service", TRUE, FALSE, MOST_IN_OPTION);
}

char *
incident_slack_view_open (const char * const *services,
                          const char         *note)
{
  IncidentJsonWriter writer;

  incident_json_writer_init (&writer, FALSE);
  incident_json_writer_begin_object (&writer);
  incident_json_writer_member (&writer, "type", "modal");
  incident_json_writer_member (&writer, "callback_id", INCIDENT_SLACK_FORM_OPEN);
  if (note != NULL && g_utf8_strlen (note, -1) <= MOST_IN_NOTE)
    incident_json_writer_member (&writer, "private_metadata", note);
  incident_slack_write_plain (&writer, "title", "Open an incident", MOST_IN_LABEL);
  incident_slack_write_plain (&writer, "submit", "Open", MOST_IN_LABEL);
  incident_slack_write_plain (&writer, "close", "Cancel", MOST_IN_LABEL);
  incident_json_writer_name (&writer, "blocks");
  incident_json_writer_begin_array (&writer);
  incident_slack_write_input (&writer, "title", "What is wrong?", FALSE, FALSE, MOST_IN_TITLE);
  write_severity (&writer);
  write_service (&writer, services);
  incident_slack_write_input (&writer, "description", "What is known so far?", TRUE, TRUE, MOST_IN_TEXT);
  incident_json_writer_end_array (&writer);
  incident_json_writer_end_object (&writer);
  return incident_json_writer_finish (&writer);
}

char *
incident_slack_write_answer (const char *text)
{
  g_autofree char *escaped = incident_slack_text_escape (text, MOST_IN_ANSWER);
  IncidentJsonWriter writer;

  incident_json_writer_init (&writer, FALSE);
  incident_json_writer_begin_object (&writer);
  incident_json_writer_member (&writer, "response_type", "ephemeral");
  incident_json_writer_member (&writer, "text", incident_slack_text_is_shown (escaped) ? escaped : "…");
  incident_json_writer_end_object (&writer);
  return incident_json_writer_finish (&writer);
}
