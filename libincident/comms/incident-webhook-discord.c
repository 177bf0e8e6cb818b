/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "comms/incident-webhook-private.h"

#include <string.h>

#include "base/incident-node-private.h"
#include "comms/incident-chat-text-private.h"

/* In characters. */
#define CONTENT_LENGTH     2000
#define EMBED_LENGTH       6000  /* all its texts together */
#define MOST_FIELDS        25
#define FIELD_NAME_LENGTH  100   /* of 256 */
#define FIELD_LENGTH       200   /* of 1024 */
#define DESCRIPTION_LENGTH 3000  /* of 4096 */

/* Of people: numbers that have grown from 17 digits to 19. */
#define SHORTEST_ID        15
#define LONGEST_ID         20
#define ROOM_FOR_CALL      (LONGEST_ID + 4)

/* What Discord says of a webhook that is no more, or whose token is wrong. */
#define UNKNOWN_WEBHOOK 10015
#define INVALID_TOKEN   50027

static const IncidentChatMarkup markup = {
  .escaped = "\\`*_~|<>[]()#",
  .guarded = "@",
  .line_mark = "\\",
};

/* Takes what it writes from @room. */
static void
write_counted (IncidentJsonWriter *writer,
               const char         *name,
               const char         *text,
               gsize              *room)
{
  incident_json_writer_member (writer, name, text);
  *room -= (gsize) g_utf8_strlen (text, -1);
}

static void
write_fields (IncidentJsonWriter    *writer,
              const IncidentMessage *message,
              gsize                 *room)
{
  incident_json_writer_name (writer, "fields");
  incident_json_writer_begin_array (writer);
  for (guint i = 0; i < MIN (message->fields->len, MOST_FIELDS) && *room > FIELD_NAME_LENGTH + FIELD_LENGTH; i++)
    {
      const IncidentMessageField *field = g_ptr_array_index (message->fields, i);
      g_autofree char *name = incident_chat_write_line (&markup, field->name, FIELD_NAME_LENGTH);
      g_autofree char *value = incident_chat_write_line (&markup, field->value, FIELD_LENGTH);

      /* An empty one makes it refuse all. */
      if (*name == '\0' || *value == '\0')
        continue;
      incident_json_writer_begin_object (writer);
      write_counted (writer, "name", name, room);
      write_counted (writer, "value", value, room);
      incident_json_writer_name (writer, "inline");
      incident_json_writer_boolean (writer, TRUE);
      incident_json_writer_end_object (writer);
    }
  incident_json_writer_end_array (writer);
}

static void
write_embed (IncidentJsonWriter    *writer,
             const IncidentMessage *message)
{
  g_autofree char *sections = incident_chat_write_sections (&markup, message, DESCRIPTION_LENGTH);
  gsize room = EMBED_LENGTH;

  incident_json_writer_name (writer, "embeds");
  incident_json_writer_begin_array (writer);
  incident_json_writer_begin_object (writer);
  if (*sections != '\0')
    write_counted (writer, "description", sections, &room);
  incident_json_writer_name (writer, "color");
  incident_json_writer_int (writer, incident_chat_get_colour (message));
  write_fields (writer, message, &room);
  incident_json_writer_end_object (writer);
  incident_json_writer_end_array (writer);
}

/* The id of who is paged: only that one person is called. */
static const char *
get_called (const IncidentMessage *message)
{
  const char *recipient = message->row->kind == INCIDENT_MESSAGE_KIND_PAGE ? message->recipients[0] : NULL;

  return recipient != NULL && strlen (recipient) >= SHORTEST_ID && strlen (recipient) <= LONGEST_ID
         && strspn (recipient, G_CSET_DIGITS) == strlen (recipient) ? recipient : NULL;
}

/* Whatever the words come to, they call nobody else. */
static void
write_mentions (IncidentJsonWriter *writer,
                const char         *called)
{
  incident_json_writer_name (writer, "allowed_mentions");
  incident_json_writer_begin_object (writer);
  incident_json_writer_name (writer, "parse");
  incident_json_writer_begin_array (writer);
  incident_json_writer_end_array (writer);
  if (called != NULL)
    {
      incident_json_writer_name (writer, "users");
      incident_json_writer_begin_array (writer);
      incident_json_writer_string (writer, called);
      incident_json_writer_end_array (writer);
    }
  incident_json_writer_end_object (writer);
}

char *
incident_webhook_write_discord (const IncidentMessage *message)
{
  IncidentJsonWriter writer;
  const char *called = get_called (message);
  g_autofree char *words = incident_chat_write_message (&markup, message, CONTENT_LENGTH - (called != NULL ? ROOM_FOR_CALL : 0));
  g_autofree char *content = called != NULL ? g_strdup_printf ("<@%s> %s", called, words) : g_steal_pointer (&words);

  incident_json_writer_init (&writer, FALSE);
  incident_json_writer_begin_object (&writer);
  incident_json_writer_member (&writer, "content", content);
  if (incident_chat_has_parts (message))
    write_embed (&writer, message);
  write_mentions (&writer, called);
  incident_json_writer_end_object (&writer);
  return incident_json_writer_finish (&writer);
}

static double
get_number (IncidentNode *root,
            const char   *name)
{
  IncidentNode *member = incident_node_get_member (root, name);

  if (member != NULL && member->type == INCIDENT_JSON_INT)
    return (double) member->value.integer;
  if (member != NULL && member->type == INCIDENT_JSON_DOUBLE)
    return member->value.number;

  return 0;
}

/* Its header has whole seconds; here are parts of one. */
static void
read_retry_after (IncidentNode     *root,
                  IncidentDelivery *delivery)
{
  double seconds = get_number (root, "retry_after");

  if (seconds > 0 && seconds < 86400)
    incident_delivery_set_retry_after (delivery, (gint64) (seconds * G_USEC_PER_SEC) + 1, TRUE);
}

void
incident_webhook_read_discord (const IncidentHttpReply *reply,
                               IncidentDelivery        *delivery)
{
  g_autoptr(IncidentTree) tree = incident_tree_new_tolerant (g_bytes_get_data (reply->body, NULL), g_bytes_get_size (reply->body), NULL, NULL);
  IncidentNode *root = tree != NULL ? incident_tree_get_root (tree) : NULL;
  gint64 code = (gint64) get_number (root, "code");

  switch (incident_delivery_get_outcome (delivery))
    {
    case INCIDENT_OUTCOME_SENT:
      incident_delivery_set_external_id (delivery, incident_node_get_string (root, "id"));
      incident_delivery_set_conversation (delivery, incident_node_get_string (root, "channel_id"));
      break;
    case INCIDENT_OUTCOME_WAIT:
      read_retry_after (root, delivery);
      break;
    case INCIDENT_OUTCOME_REFUSED:
      if (code == UNKNOWN_WEBHOOK || code == INVALID_TOKEN)
        incident_delivery_set_outcome (delivery, INCIDENT_OUTCOME_CLOSED, "It answered that there is no such webhook");
      break;
    case INCIDENT_OUTCOME_RETRY:
    case INCIDENT_OUTCOME_UNSURE:
    case INCIDENT_OUTCOME_CLOSED:
    default:
      break;
    }
}
