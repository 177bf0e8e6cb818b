/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "comms/incident-slack-block-list-private.h"

#include "base/incident-text-private.h"
#include "comms/incident-slack-text-private.h"

#define MOST_BLOCKS    50
#define MOST_IN_HEADER 150

void
incident_slack_block_list_init (IncidentSlackBlockList *self,
                                gsize                   most)
{
  self->blocks = g_ptr_array_new_with_free_func (g_free);
  self->length = 2;
  self->most = most;
  self->most_blocks = MOST_BLOCKS;
}

void
incident_slack_block_list_clear (IncidentSlackBlockList *self)
{
  g_clear_pointer (&self->blocks, g_ptr_array_unref);
}

gsize
incident_slack_block_list_room (const IncidentSlackBlockList *self)
{
  return self->blocks->len < self->most_blocks && self->length < self->most ? self->most - self->length : 0;
}

/* With the comma behind it. */
static gsize
measure (const char *block)
{
  return (gsize) g_utf8_strlen (block, -1) + 1;
}

gboolean
incident_slack_block_list_add (IncidentSlackBlockList *self,
                               char                   *block)
{
  gsize length = measure (block);

  if (length > incident_slack_block_list_room (self))
    {
      g_free (block);
      return FALSE;
    }

  g_ptr_array_add (self->blocks, block);
  self->length += length;
  return TRUE;
}

void
incident_slack_block_list_join (IncidentSlackBlockList *self,
                                IncidentSlackBlockList *other)
{
  for (guint i = 0; i < other->blocks->len; i++)
    {
      char *block = g_strdup (g_ptr_array_index (other->blocks, i));

      self->length += measure (block);
      g_ptr_array_add (self->blocks, block);
    }
  incident_slack_block_list_clear (other);
}

char *
incident_slack_block_list_finish (IncidentSlackBlockList *self)
{
  GString *out = g_string_new ("[");

  for (guint i = 0; i < self->blocks->len; i++)
    {
      if (i > 0)
        g_string_append_c (out, ',');
      g_string_append (out, g_ptr_array_index (self->blocks, i));
    }
  g_string_append_c (out, ']');
  incident_slack_block_list_clear (self);
  return g_string_free (out, FALSE);
}

/* Blocks */

void
incident_slack_write_plain (IncidentJsonWriter *writer,
                            const char         *name,
                            const char         *text,
                            gsize               n_characters)
{
  g_autofree char *clean = incident_slack_text_clean (text, n_characters);

  incident_json_writer_name (writer, name);
  incident_json_writer_begin_object (writer);
  incident_json_writer_member (writer, "type", "plain_text");
  incident_json_writer_member (writer, "text", clean);
  /* What looks like the name of one stays what was written. */
  incident_json_writer_name (writer, "emoji");
  incident_json_writer_boolean (writer, FALSE);
  incident_json_writer_end_object (writer);
}

void
incident_slack_write_mrkdwn (IncidentJsonWriter *writer,
                             const char         *text)
{
  incident_json_writer_begin_object (writer);
  incident_json_writer_member (writer, "type", "mrkdwn");
  incident_json_writer_member (writer, "text", text);
  /* No names, channels and addresses are looked for in it. */
  incident_json_writer_name (writer, "verbatim");
  incident_json_writer_boolean (writer, TRUE);
  incident_json_writer_end_object (writer);
}

static void
begin_block (IncidentJsonWriter *writer,
             const char         *type)
{
  incident_json_writer_init (writer, FALSE);
  incident_json_writer_begin_object (writer);
  incident_json_writer_member (writer, "type", type);
}

static char *
end_block (IncidentJsonWriter *writer)
{
  incident_json_writer_end_object (writer);
  return incident_json_writer_finish (writer);
}

char *
incident_slack_block_header (const char *text)
{
  g_autoptr(GString) line = g_string_new (text);
  IncidentJsonWriter writer;

  incident_text_make_line (line);
  begin_block (&writer, "header");
  incident_slack_write_plain (&writer, "text", line->str, MOST_IN_HEADER);
  return end_block (&writer);
}

char *
incident_slack_block_plain (const char *text)
{
  IncidentJsonWriter writer;

  begin_block (&writer, "section");
  incident_slack_write_plain (&writer, "text", text, INCIDENT_SLACK_MOST_IN_SECTION);
  return end_block (&writer);
}

char *
incident_slack_block_mrkdwn (const char *text)
{
  IncidentJsonWriter writer;

  begin_block (&writer, "section");
  incident_json_writer_name (&writer, "text");
  incident_slack_write_mrkdwn (&writer, text);
  return end_block (&writer);
}

char *
incident_slack_block_context (const char *text)
{
  IncidentJsonWriter writer;

  begin_block (&writer, "context");
  incident_json_writer_name (&writer, "elements");
  incident_json_writer_begin_array (&writer);
  incident_slack_write_mrkdwn (&writer, text);
  incident_json_writer_end_array (&writer);
  return end_block (&writer);
}

char *
incident_slack_block_divider (void)
{
  IncidentJsonWriter writer;

  begin_block (&writer, "divider");
  return end_block (&writer);
}
