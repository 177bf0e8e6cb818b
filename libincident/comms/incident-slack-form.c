/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "comms/incident-slack-form-private.h"

#include "base/incident-text-private.h"
#include "comms/incident-slack-block-list-private.h"

#define MOST_IN_LABEL  24     /* of title and buttons */
#define MOST_IN_TEXT   3000
#define MOST_IN_TARGET 200
#define MOST_IN_ERROR  500

char *
incident_slack_view_words (const char *id,
                           const char *title,
                           const char *label,
                           gboolean    asks_whom,
                           const char *note)
{
  IncidentJsonWriter writer;

  incident_json_writer_init (&writer, FALSE);
  incident_json_writer_begin_object (&writer);
  incident_json_writer_member (&writer, "type", "modal");
  incident_json_writer_member (&writer, "callback_id", id);
  incident_json_writer_member (&writer, "private_metadata", note);
  incident_slack_write_plain (&writer, "title", title, MOST_IN_LABEL);
  incident_slack_write_plain (&writer, "submit", "Record", MOST_IN_LABEL);
  incident_slack_write_plain (&writer, "close", "Cancel", MOST_IN_LABEL);
  incident_json_writer_name (&writer, "blocks");
  incident_json_writer_begin_array (&writer);
  if (asks_whom)
    incident_slack_write_input (&writer, "target", "Whom: a person, a team or a policy", FALSE, FALSE, MOST_IN_TARGET);
  incident_slack_write_input (&writer, "text", label, FALSE, TRUE, MOST_IN_TEXT);
  incident_json_writer_end_array (&writer);
  incident_json_writer_end_object (&writer);
  return incident_json_writer_finish (&writer);
}

char *
incident_slack_write_form_error (const char *block,
                                 const char *text)
{
  g_autofree char *cut = incident_text_cut (text, MOST_IN_ERROR);
  IncidentJsonWriter writer;

  incident_json_writer_init (&writer, FALSE);
  incident_json_writer_begin_object (&writer);
  incident_json_writer_member (&writer, "response_action", "errors");
  incident_json_writer_name (&writer, "errors");
  incident_json_writer_begin_object (&writer);
  incident_json_writer_member (&writer, block, cut);
  incident_json_writer_end_object (&writer);
  incident_json_writer_end_object (&writer);
  return incident_json_writer_finish (&writer);
}
