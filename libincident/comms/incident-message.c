/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "comms/incident-message-private.h"

#include <libincident/incident-time.h>

#include "base/incident-json-writer-private.h"
#include "comms/incident-page-body-private.h"

/**
 * IncidentMessage:
 *
 * What is to be told, or was, through a channel: an entry of the outbox.
 *
 * A message is written in the commit of what causes it, so it is never lost, and it keeps
 * its [method@Message.get_key] through all attempts. It stands in no channel's dialect: its
 * texts are plain, and whoever delivers it escapes them for where they go.
 *
 * A message never changes and may be shared between threads.
 *
 * Since: 0.1
 */
G_DEFINE_BOXED_TYPE (IncidentMessage, incident_message, incident_message_ref, incident_message_unref)

static void
field_free (gpointer data)
{
  IncidentMessageField *field = data;

  g_free (field->name);
  g_free (field->value);
  g_free (field);
}

static void
section_free (gpointer data)
{
  IncidentMessageSection *section = data;

  g_free (section->title);
  g_ptr_array_unref (section->lines);
  g_free (section);
}

static void
action_free (gpointer data)
{
  IncidentMessageAction *action = data;

  g_free (action->id);
  g_free (action->label);
  g_free (action->value);
  g_free (action->confirm);
  g_free (action);
}

IncidentMessage *
incident_message_new (IncidentOutboxRow *row)
{
  IncidentMessage *self = g_atomic_rc_box_new0 (IncidentMessage);

  self->row = row;
  self->text = g_strdup ("");
  self->recipients = g_new0 (char *, 1);
  self->occurred_at = INCIDENT_TIME_NONE;
  self->fields = g_ptr_array_new_with_free_func (field_free);
  self->sections = g_ptr_array_new_with_free_func (section_free);
  self->actions = g_ptr_array_new_with_free_func (action_free);
  return self;
}

static void
message_clear (gpointer data)
{
  IncidentMessage *self = data;

  incident_outbox_row_free (self->row);
  g_free (self->case_id);
  g_free (self->title);
  g_free (self->text);
  g_strfreev (self->recipients);
  g_free (self->conversation);
  g_free (self->thread);
  g_free (self->replaces);
  g_ptr_array_unref (self->fields);
  g_ptr_array_unref (self->sections);
  g_ptr_array_unref (self->actions);
  g_free (self->url);
  g_free (self->event);
  g_free (self->event_kind);
  g_free (self->file_name);
  g_free (self->file_type);
  g_clear_pointer (&self->file, g_bytes_unref);
  g_free (self->first_key);
}

void
incident_message_add_field (IncidentMessage *self,
                            const char      *name,
                            const char      *value)
{
  IncidentMessageField *field;

  if (value == NULL)
    return;

  field = g_new (IncidentMessageField, 1);
  field->name = g_strdup (name);
  field->value = g_strdup (value);
  g_ptr_array_add (self->fields, field);
}

void
incident_message_set_field (IncidentMessage *self,
                            const char      *name,
                            const char      *value)
{
  for (guint i = 0; i < self->fields->len; i++)
    {
      IncidentMessageField *field = g_ptr_array_index (self->fields, i);

      if (!g_str_equal (field->name, name))
        continue;
      g_free (field->value);
      field->value = g_strdup (value);
      return;
    }

  incident_message_add_field (self, name, value);
}

IncidentMessageSection *
incident_message_add_section (IncidentMessage *self,
                              const char      *title)
{
  IncidentMessageSection *section = g_new (IncidentMessageSection, 1);

  section->title = g_strdup (title);
  section->lines = g_ptr_array_new_with_free_func (g_free);
  g_ptr_array_add (self->sections, section);
  return section;
}

void
incident_message_add_action (IncidentMessage    *self,
                             const char         *id,
                             const char         *label,
                             const char         *value,
                             const char         *confirm,
                             IncidentActionStyle style)
{
  IncidentMessageAction *action = g_new (IncidentMessageAction, 1);

  action->id = g_strdup (id);
  action->label = g_strdup (label);
  action->value = g_strdup (value);
  action->confirm = g_strdup (confirm);
  action->style = style;
  g_ptr_array_add (self->actions, action);
}

/**
 * incident_message_ref:
 * @self: a message
 *
 * Takes a reference.
 *
 * Returns: (transfer full): @self
 *
 * Since: 0.1
 */
IncidentMessage *
incident_message_ref (IncidentMessage *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return g_atomic_rc_box_acquire (self);
}

/**
 * incident_message_unref:
 * @self: (transfer full): a message
 *
 * Gives a reference back.
 *
 * Since: 0.1
 */
void
incident_message_unref (IncidentMessage *self)
{
  g_return_if_fail (self != NULL);

  g_atomic_rc_box_release_full (self, message_clear);
}

/**
 * incident_message_get_number:
 * @self: a message
 *
 * Tells the place of the message in the outbox, by which people name it.
 *
 * Returns: the number, from 1
 *
 * Since: 0.1
 */
guint64
incident_message_get_number (IncidentMessage *self)
{
  g_return_val_if_fail (self != NULL, 0);

  return self->row->id;
}

/**
 * incident_message_get_key:
 * @self: a message
 *
 * Tells what the message is known by to the far side: the same at each attempt, so that what arrived twice is seen.
 *
 * It says nothing of the case.
 *
 * Returns: (transfer none): the key, of letters, digits and dashes
 *
 * Since: 0.1
 */
const char *
incident_message_get_key (IncidentMessage *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return self->row->key;
}

/**
 * incident_message_get_kind:
 * @self: a message
 *
 * Tells what the message does.
 *
 * Returns: the kind
 *
 * Since: 0.1
 */
IncidentMessageKind
incident_message_get_kind (IncidentMessage *self)
{
  g_return_val_if_fail (self != NULL, INCIDENT_MESSAGE_KIND_POST);

  return self->row->kind;
}

/**
 * incident_message_get_channel:
 * @self: a message
 *
 * Tells the channel it goes through, by its name in the playbook.
 *
 * Returns: (transfer none): the name
 *
 * Since: 0.1
 */
const char *
incident_message_get_channel (IncidentMessage *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return self->row->channel;
}

/**
 * incident_message_get_case_number:
 * @self: a message
 *
 * Tells the case it is of.
 *
 * Returns: the number of the case; 0 if it is of none
 *
 * Since: 0.1
 */
guint64
incident_message_get_case_number (IncidentMessage *self)
{
  g_return_val_if_fail (self != NULL, 0);

  return self->row->subject;
}

/**
 * incident_message_get_title:
 * @self: a message
 *
 * Tells what it is about, in a line.
 *
 * Returns: (transfer none) (nullable): the title, in plain text
 *
 * Since: 0.1
 */
const char *
incident_message_get_title (IncidentMessage *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return self->title;
}

/**
 * incident_message_get_text:
 * @self: a message
 *
 * Tells all that it says, in plain text.
 *
 * It may hold words of strangers: escape it for where it goes.
 *
 * Returns: (transfer none): the text, never empty
 *
 * Since: 0.1
 */
const char *
incident_message_get_text (IncidentMessage *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return self->text;
}

/**
 * incident_message_get_recipients:
 * @self: a message
 *
 * Tells to whom it goes, where that is not a conversation: mail addresses, or what people are called on the channel.
 *
 * Returns: (transfer none) (array zero-terminated=1): the addresses; none if it goes to a conversation
 *
 * Since: 0.1
 */
const char * const *
incident_message_get_recipients (IncidentMessage *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return (const char * const *) self->recipients;
}

/**
 * incident_message_get_conversation:
 * @self: a message
 *
 * Tells the conversation it goes to, as the far side names it.
 *
 * Returns: (transfer none) (nullable): its id there
 *
 * Since: 0.1
 */
const char *
incident_message_get_conversation (IncidentMessage *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return self->conversation;
}

/**
 * incident_message_get_thread:
 * @self: a message
 *
 * Tells the message there that it belongs below.
 *
 * Returns: (transfer none) (nullable): its id there
 *
 * Since: 0.1
 */
const char *
incident_message_get_thread (IncidentMessage *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return self->thread;
}

/**
 * incident_message_get_replaces:
 * @self: a message
 *
 * Tells the message there that it takes the place of.
 *
 * Returns: (transfer none) (nullable): its id there; %NULL if it is a new one
 *
 * Since: 0.1
 */
const char *
incident_message_get_replaces (IncidentMessage *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return self->replaces;
}

/**
 * incident_message_get_state:
 * @self: a message
 *
 * Tells how it stands.
 *
 * Returns: the state
 *
 * Since: 0.1
 */
IncidentMessageState
incident_message_get_state (IncidentMessage *self)
{
  g_return_val_if_fail (self != NULL, INCIDENT_MESSAGE_STATE_DEAD);

  return self->row->state;
}

/**
 * incident_message_get_attempts:
 * @self: a message
 *
 * Tells how often it was tried.
 *
 * Returns: the number of attempts; those that were only asked to come later do not count
 *
 * Since: 0.1
 */
guint
incident_message_get_attempts (IncidentMessage *self)
{
  g_return_val_if_fail (self != NULL, 0);

  return self->row->attempts;
}

/**
 * incident_message_get_due_at:
 * @self: a message
 *
 * Tells when it is due.
 *
 * Returns: the time, in microseconds since the Unix epoch, UTC
 *
 * Since: 0.1
 */
gint64
incident_message_get_due_at (IncidentMessage *self)
{
  g_return_val_if_fail (self != NULL, INCIDENT_TIME_NONE);

  return self->row->not_before;
}

/**
 * incident_message_get_external_id:
 * @self: a message
 *
 * Tells what the far side calls it.
 *
 * Returns: (transfer none) (nullable): its id there, once it was delivered
 *
 * Since: 0.1
 */
const char *
incident_message_get_external_id (IncidentMessage *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return self->row->external_id;
}

/**
 * incident_message_get_permalink:
 * @self: a message
 *
 * Tells where people can see it.
 *
 * Returns: (transfer none) (nullable): a link, once it was delivered
 *
 * Since: 0.1
 */
const char *
incident_message_get_permalink (IncidentMessage *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return self->row->permalink;
}

/**
 * incident_message_get_trouble:
 * @self: a message
 *
 * Tells what went wrong at the last attempt, or why it is withdrawn, expired or dead.
 *
 * Returns: (transfer none) (nullable): the reason, in words; never a secret
 *
 * Since: 0.1
 */
const char *
incident_message_get_trouble (IncidentMessage *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return self->row->trouble;
}

/* As JSON */

static void
write_strings (IncidentJsonWriter *writer,
               const char         *name,
               char              **strings)
{
  incident_json_writer_name (writer, name);
  incident_json_writer_begin_array (writer);
  for (; *strings != NULL; strings++)
    incident_json_writer_string (writer, *strings);
  incident_json_writer_end_array (writer);
}

static void
write_fields (IncidentJsonWriter    *writer,
              const IncidentMessage *self)
{
  incident_json_writer_name (writer, "fields");
  incident_json_writer_begin_array (writer);
  for (guint i = 0; i < self->fields->len; i++)
    {
      const IncidentMessageField *field = g_ptr_array_index (self->fields, i);

      incident_json_writer_begin_object (writer);
      incident_json_writer_member (writer, "name", field->name);
      incident_json_writer_member (writer, "value", field->value);
      incident_json_writer_end_object (writer);
    }
  incident_json_writer_end_array (writer);
}

static void
write_sections (IncidentJsonWriter    *writer,
                const IncidentMessage *self)
{
  incident_json_writer_name (writer, "sections");
  incident_json_writer_begin_array (writer);
  for (guint i = 0; i < self->sections->len; i++)
    {
      const IncidentMessageSection *section = g_ptr_array_index (self->sections, i);

      incident_json_writer_begin_object (writer);
      incident_json_writer_member (writer, "title", section->title);
      incident_json_writer_name (writer, "lines");
      incident_json_writer_begin_array (writer);
      for (guint j = 0; j < section->lines->len; j++)
        incident_json_writer_string (writer, g_ptr_array_index (section->lines, j));
      incident_json_writer_end_array (writer);
      incident_json_writer_end_object (writer);
    }
  incident_json_writer_end_array (writer);
}

static void
write_content (IncidentJsonWriter    *writer,
               const IncidentMessage *self)
{
  incident_json_writer_member (writer, "title", self->title);
  incident_json_writer_member (writer, "text", self->text);
  write_strings (writer, "recipients", self->recipients);
  incident_json_writer_member (writer, "thread", self->thread);
  incident_json_writer_member (writer, "replaces", self->replaces);
  incident_json_writer_member (writer, "severity", incident_severity_to_string (self->severity));
  incident_json_writer_member (writer, "url", self->url);
  write_fields (writer, self);
  write_sections (writer, self);
  /* Who was paged, and why: for programs that fetch people. */
  if (self->row->kind == INCIDENT_MESSAGE_KIND_PAGE && self->row->body != NULL)
    {
      g_autofree char *page = incident_page_body_tell (self->row->body);

      incident_json_writer_name (writer, "page");
      incident_json_writer_raw (writer, page);
    }
  incident_json_writer_name (writer, "event");
  if (self->event != NULL)
    incident_json_writer_raw (writer, self->event);
  else
    incident_json_writer_null (writer);
}

static void
write_fate (IncidentJsonWriter      *writer,
            const IncidentOutboxRow *row)
{
  incident_json_writer_member (writer, "state", incident_message_state_to_string (row->state));
  incident_json_writer_name (writer, "attempts");
  incident_json_writer_int (writer, row->attempts);
  incident_json_writer_moment (writer, "created_at", row->created_at);
  incident_json_writer_moment (writer, "due_at", row->not_before);
  incident_json_writer_moment (writer, "expires_at", row->expires_at < G_MAXINT64 ? row->expires_at : INCIDENT_TIME_NONE);
  incident_json_writer_member (writer, "external_id", row->external_id);
  incident_json_writer_member (writer, "permalink", row->permalink);
  incident_json_writer_member (writer, "trouble", row->trouble);
  incident_json_writer_name (writer, "log");
  incident_json_writer_raw (writer, row->log != NULL ? row->log : "[]");
}

/**
 * incident_message_to_json:
 * @self: a message
 *
 * Writes all that is known of the message as a JSON object: what it says, how it stands,
 * and its attempts so far.
 *
 * Returns: (transfer full): the JSON
 *
 * Since: 0.1
 */
char *
incident_message_to_json (IncidentMessage *self)
{
  IncidentJsonWriter writer;

  g_return_val_if_fail (self != NULL, NULL);

  incident_json_writer_init (&writer, FALSE);
  incident_json_writer_begin_object (&writer);
  incident_json_writer_name (&writer, "number");
  incident_json_writer_int (&writer, (gint64) self->row->id);
  incident_json_writer_member (&writer, "key", self->row->key);
  incident_json_writer_member (&writer, "channel", self->row->channel);
  incident_json_writer_member (&writer, "kind", incident_message_kind_to_string (self->row->kind));
  incident_json_writer_member (&writer, "case", self->case_id);
  incident_json_writer_name (&writer, "seq");
  incident_json_writer_int (&writer, self->row->seq);
  incident_json_writer_member (&writer, "conversation",
                               self->conversation != NULL ? self->conversation : self->row->conversation);
  write_content (&writer, self);
  write_fate (&writer, self->row);
  incident_json_writer_end_object (&writer);
  return incident_json_writer_finish (&writer);
}
