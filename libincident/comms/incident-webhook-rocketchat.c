/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "comms/incident-webhook-private.h"

#include "base/incident-node-private.h"
#include "comms/incident-chat-text-private.h"

#define TEXT_LENGTH 4000  /* of 5000, unless the server is told otherwise */

/* It knows no escapes, so what makes code, emphasis, spoilers and links is shown as its neighbour. */
static const IncidentChatSubstitute substitutes[] = {
  { '`', "ˋ" }, { '*', "∗" }, { '|', "¦" }, { '~', "∼" }, { '[', "［" }, { ']', "］" }, { '<', "‹" }, { '>', "›" }, { 0, NULL },
};

static const IncidentChatMarkup markup = {
  .escaped = "",
  .guarded = "@#\\$",
  .line_mark = INCIDENT_CHAT_GUARD,
  .substitutes = substitutes,
};

char *
incident_webhook_write_rocketchat (const IncidentMessage *message)
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

void
incident_webhook_read_rocketchat (const IncidentHttpReply *reply,
                                  IncidentDelivery        *delivery)
{
  g_autoptr(IncidentTree) tree = incident_tree_new (g_bytes_get_data (reply->body, NULL), g_bytes_get_size (reply->body), NULL, NULL);
  IncidentNode *success = tree != NULL ? incident_node_get_member (incident_tree_get_root (tree), "success") : NULL;

  if (success != NULL && success->type == INCIDENT_JSON_BOOLEAN && !success->value.boolean)
    incident_delivery_set_outcome (delivery, INCIDENT_OUTCOME_REFUSED, "It answered that it had no success");
}
