/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "comms/incident-webhook-private.h"

#include <string.h>

#include "base/incident-text-private.h"
#include "comms/incident-chat-text-private.h"

/* An Adaptive Card. Words stand in text runs, which know no markup, so there is nothing to escape; and
 * without entities nobody is called. */

#define MOST_BYTES (28 * 1024)

static const IncidentChatMarkup plain = { .escaped = "", .guarded = "", .line_mark = "" };

/* How much of everything, from step to step until it fits. */
typedef struct
{
  gsize text;
  gsize line;
  guint n_lines;
} Room;

static void
write_run (IncidentJsonWriter *writer,
           const char         *text,
           gsize               n_characters,
           gboolean            is_bold)
{
  g_autofree char *cut = incident_chat_write_line (&plain, text, n_characters);

  incident_json_writer_begin_object (writer);
  incident_json_writer_member (writer, "type", "TextRun");
  incident_json_writer_member (writer, "text", cut);
  if (is_bold)
    incident_json_writer_member (writer, "weight", "Bolder");
  incident_json_writer_end_object (writer);
}

/* @name: bold, before the rest; nullable. A run has no line breaks. */
static void
write_line (IncidentJsonWriter *writer,
            const char         *name,
            const char         *text,
            gsize               n_characters)
{
  incident_json_writer_begin_object (writer);
  incident_json_writer_member (writer, "type", "RichTextBlock");
  incident_json_writer_name (writer, "inlines");
  incident_json_writer_begin_array (writer);
  if (name != NULL)
    write_run (writer, name, n_characters, TRUE);
  if (text != NULL)
    write_run (writer, text, n_characters, FALSE);
  incident_json_writer_end_array (writer);
  incident_json_writer_end_object (writer);
}

static void
write_text (IncidentJsonWriter *writer,
            const char         *text,
            const Room         *room)
{
  g_autofree char *cut = incident_text_cut (text, room->text);
  g_auto(GStrv) lines = g_strsplit (cut, "\n", (int) room->n_lines);

  for (char **line = lines; *line != NULL; line++)
    if (!incident_text_is_blank (*line))
      write_line (writer, NULL, *line, room->text);
}

static void
write_parts (IncidentJsonWriter    *writer,
             const IncidentMessage *message,
             const Room            *room)
{
  for (guint i = 0; i < MIN (message->fields->len, room->n_lines); i++)
    {
      const IncidentMessageField *field = g_ptr_array_index (message->fields, i);
      g_autofree char *value = g_strconcat ("\u00a0", field->value, NULL);

      write_line (writer, field->name, value, room->line);
    }
  for (guint i = 0; i < MIN (message->sections->len, room->n_lines); i++)
    {
      const IncidentMessageSection *section = g_ptr_array_index (message->sections, i);

      write_line (writer, section->title, NULL, room->line);
      for (guint j = 0; j < MIN (section->lines->len, room->n_lines); j++)
        write_line (writer, NULL, g_ptr_array_index (section->lines, j), room->line);
    }
}

static void
write_link (IncidentJsonWriter *writer,
            const char         *url)
{
  incident_json_writer_name (writer, "actions");
  incident_json_writer_begin_array (writer);
  incident_json_writer_begin_object (writer);
  incident_json_writer_member (writer, "type", "Action.OpenUrl");
  incident_json_writer_member (writer, "title", "Open");
  incident_json_writer_member (writer, "url", url);
  incident_json_writer_end_object (writer);
  incident_json_writer_end_array (writer);
}

static void
write_card (IncidentJsonWriter    *writer,
            const IncidentMessage *message,
            const Room            *room)
{
  g_autofree char *heading = incident_chat_dup_heading (message);
  const char *url = incident_chat_get_url (message);

  incident_json_writer_begin_object (writer);
  incident_json_writer_member (writer, "$schema", "http://adaptivecards.io/schemas/adaptive-card.json");
  incident_json_writer_member (writer, "type", "AdaptiveCard");
  incident_json_writer_member (writer, "version", "1.4");
  incident_json_writer_name (writer, "body");
  incident_json_writer_begin_array (writer);
  if (heading != NULL)
    write_line (writer, heading, NULL, 200);
  if (!incident_chat_has_parts (message) || heading == NULL)
    write_text (writer, message->text, room);
  write_parts (writer, message, room);
  incident_json_writer_end_array (writer);
  if (url != NULL && strlen (url) < 2000)
    write_link (writer, url);
  incident_json_writer_end_object (writer);
}

static char *
write_body (const IncidentMessage *message,
            const Room            *room)
{
  IncidentJsonWriter writer;

  incident_json_writer_init (&writer, FALSE);
  incident_json_writer_begin_object (&writer);
  incident_json_writer_member (&writer, "type", "message");
  incident_json_writer_name (&writer, "attachments");
  incident_json_writer_begin_array (&writer);
  incident_json_writer_begin_object (&writer);
  incident_json_writer_member (&writer, "contentType", "application/vnd.microsoft.card.adaptive");
  incident_json_writer_name (&writer, "content");
  write_card (&writer, message, room);
  incident_json_writer_end_object (&writer);
  incident_json_writer_end_array (&writer);
  incident_json_writer_end_object (&writer);
  return incident_json_writer_finish (&writer);
}

char *
incident_webhook_write_teams (const IncidentMessage *message)
{
  static const Room rooms[] = { { 4000, 500, 50 }, { 2000, 200, 20 }, { 1000, 100, 10 }, { 500, 50, 5 } };
  char *body = NULL;

  for (gsize i = 0; i < G_N_ELEMENTS (rooms); i++)
    {
      g_free (body);
      body = write_body (message, &rooms[i]);
      if (strlen (body) <= MOST_BYTES)
        break;
    }
  return body;
}

/* A success that tells of an error: “Webhook message delivery failed with error: … returned HTTP error 429 …” */
void
incident_webhook_read_teams (const IncidentHttpReply *reply,
                             IncidentDelivery        *delivery)
{
  g_autofree char *answer = incident_webhook_dup_answer (reply);
  const char *told = strstr (answer, "HTTP error ");
  guint64 status = told != NULL ? g_ascii_strtoull (told + strlen ("HTTP error "), NULL, 10) : 0;

  if (status >= 300 && status <= 599)
    incident_webhook_judge_status ((guint) status, NULL, 0, delivery);
}
