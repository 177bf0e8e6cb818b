/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "comms/incident-webhook-private.h"

#include <string.h>

#include "comms/incident-chat-text-private.h"

/* What the oldest servers take. */
#define TEXT_LENGTH 4000

/* “<” has to go altogether: the server itself makes calls and links of “<!channel>” and “<https://…|words>”
 * before anybody looks for a backslash. */
static const IncidentChatSubstitute substitutes[] = {
  { '&', "&amp;" }, { '<', "&lt;" }, { '>', "&gt;" }, { 0, NULL },
};

static const IncidentChatMarkup markup = {
  .escaped = "\\`*_[]~|!#",
  .guarded = "@",
  .line_mark = "\\",
  .substitutes = substitutes,
};

char *
incident_webhook_write_mattermost (const IncidentMessage *message)
{
  IncidentJsonWriter writer;
  g_autofree char *text = incident_chat_write_message (&markup, message, TEXT_LENGTH);
  const char *addressee = incident_chat_get_addressee (message);

  incident_json_writer_init (&writer, FALSE);
  incident_json_writer_begin_object (&writer);
  if (addressee != NULL)
    incident_json_writer_member (&writer, "channel", addressee);
  incident_json_writer_member (&writer, "text", text);
  incident_chat_write_attachments (&writer, &markup, message);
  incident_json_writer_end_object (&writer);
  return incident_json_writer_finish (&writer);
}

/* Anything else is a page to log in at, or something in between. */
void
incident_webhook_read_mattermost (const IncidentHttpReply *reply,
                                  IncidentDelivery        *delivery)
{
  g_autofree char *answer = incident_webhook_dup_answer (reply);

  if (strcmp (g_strstrip (answer), "ok") != 0)
    incident_delivery_set_outcome (delivery, INCIDENT_OUTCOME_REFUSED, "It answered something else than “ok”, so it is no Mattermost");
}
