/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "model/incident-event-private.h"

#include <string.h>

#include "base/incident-json-reader-private.h"
#include "model/incident-operation-private.h"

/**
 * IncidentEvent:
 *
 * One entry of a case's timeline: what was seen, decided or done, by whom, and
 * when.
 *
 * An event never changes, but that its words may be removed for good: the verb
 * `redact`. It is made on demand over the compact record that the
 * case keeps, so two events may show the same entry: compare
 * [method@Event.get_log_index].
 *
 * What an event says has two parts. *Facts* are short names and values, kept
 * for ever, from which the state of the case is folded: the phase entered, the
 * severity, who took which role. The *payload* holds people's words. Both
 * together are its data, see [method@Event.dup_data].
 *
 * Since: 0.1
 */
struct _IncidentEvent
{
  GObject parent_instance;

  IncidentRecord *record;
  char *text; /* of the payload, once asked for */
};

G_DEFINE_FINAL_TYPE (IncidentEvent, incident_event, G_TYPE_OBJECT)

/* A binding can make an event of nothing, and then it says nothing. */
static IncidentRecord *
get_record (IncidentEvent *self)
{
  static IncidentRecord nothing = { .kind = "", .actor = (char *) "", .facts = (char *) "", .payload = (char *) "{}" };

  return self->record != NULL ? self->record : &nothing;
}

/* Facts that are numbers in JSON. */
static gboolean
fact_is_number (const char *name,
                gsize       length)
{
  static const char * const numbers[] = { "episode", "level" };

  for (guint i = 0; i < G_N_ELEMENTS (numbers); i++)
    if (strlen (numbers[i]) == length && memcmp (numbers[i], name, length) == 0)
      return TRUE;

  return FALSE;
}

static void
write_value (IncidentJsonWriter *writer,
             const char         *name,
             const char         *value,
             gsize               length)
{
  g_autofree char *copy = g_strndup (value, length);

  if (fact_is_number (name, strlen (name)))
    incident_json_writer_int (writer, g_ascii_strtoll (copy, NULL, 10));
  else
    incident_json_writer_string (writer, copy);
}

/* What an event says of many, such as alerts, stands in as many lines, and is one array. */
static void
write_list (IncidentJsonWriter *writer,
            const char         *name,
            const char         *facts)
{
  const char *found, *value;
  gsize found_length, value_length;

  incident_json_writer_begin_array (writer);
  while (incident_facts_next (&facts, &found, &found_length, &value, &value_length))
    if (found_length == strlen (name) && memcmp (found, name, found_length) == 0)
      write_value (writer, name, value, value_length);
  incident_json_writer_end_array (writer);
}

static void
write_facts (IncidentJsonWriter *writer,
             const char         *facts)
{
  g_autoptr(GHashTable) lists = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  const char *cursor = facts, *line, *name, *value;
  gsize name_length, value_length;

  while (line = cursor, incident_facts_next (&cursor, &name, &name_length, &value, &value_length))
    {
      g_autofree char *copy = g_strndup (name, name_length);
      const char *again;
      gsize again_length;

      if (g_hash_table_contains (lists, copy))
        continue;
      incident_json_writer_name (writer, copy);
      if (incident_facts_find (cursor, copy, &again, &again_length))
        {
          write_list (writer, copy, line);
          g_hash_table_add (lists, g_steal_pointer (&copy));
        }
      else
        write_value (writer, copy, value, value_length);
    }
}

static void
write_payload (IncidentJsonWriter *writer,
               const char         *payload)
{
  g_autoptr(IncidentJsonReader) reader = incident_json_reader_new (payload, strlen (payload), NULL, &incident_record_limits);
  const char *name, *start;
  gsize length;

  incident_json_reader_enter_object (reader);
  while (incident_json_reader_next_member (reader, &name)
         && incident_json_reader_read_raw (reader, &start, &length))
    {
      g_autofree char *value = g_strndup (start, length);

      incident_json_writer_name (writer, name);
      incident_json_writer_raw (writer, value);
    }
}

static void
write_data (IncidentJsonWriter *writer,
            IncidentRecord     *record)
{
  incident_json_writer_begin_object (writer);
  write_facts (writer, record->facts);
  if (record->payload != NULL)
    write_payload (writer, record->payload);
  else
    {
      incident_json_writer_name (writer, "withheld");
      incident_json_writer_boolean (writer, TRUE);
    }
  incident_json_writer_end_object (writer);
}

static void
incident_event_finalize (GObject *object)
{
  IncidentEvent *self = INCIDENT_EVENT (object);

  g_clear_pointer (&self->record, incident_record_unref);
  g_free (self->text);

  G_OBJECT_CLASS (incident_event_parent_class)->finalize (object);
}

static void
incident_event_class_init (IncidentEventClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = incident_event_finalize;
}

static void
incident_event_init (IncidentEvent *self)
{
}

IncidentEvent *
incident_event_new (IncidentRecord *record)
{
  IncidentEvent *self = g_object_new (INCIDENT_TYPE_EVENT, NULL);

  self->record = incident_record_ref (record);
  return self;
}

IncidentRecord *
incident_event_get_record (IncidentEvent *self)
{
  return get_record (self);
}

/**
 * incident_event_get_case_number:
 * @self: an event
 *
 * Tells whose timeline it stands in.
 *
 * Returns: the number of the case
 *
 * Since: 0.1
 */
guint64
incident_event_get_case_number (IncidentEvent *self)
{
  g_return_val_if_fail (INCIDENT_IS_EVENT (self), 0);

  return get_record (self)->subject;
}

/**
 * incident_event_get_seq:
 * @self: an event
 *
 * Tells its place in the timeline of its case.
 *
 * Returns: the place, from 1, without gaps
 *
 * Since: 0.1
 */
guint
incident_event_get_seq (IncidentEvent *self)
{
  g_return_val_if_fail (INCIDENT_IS_EVENT (self), 0);

  return get_record (self)->seq;
}

/**
 * incident_event_get_log_index:
 * @self: an event
 *
 * Tells its place in the log of its store, across all cases, in the order of
 * commits.
 *
 * Returns: the place, from 0, without gaps
 *
 * Since: 0.1
 */
guint64
incident_event_get_log_index (IncidentEvent *self)
{
  g_return_val_if_fail (INCIDENT_IS_EVENT (self), 0);

  return get_record (self)->log_index;
}

/**
 * incident_event_get_kind:
 * @self: an event
 *
 * Tells what happened, in the past tense: `opened`, `escalated`, `assigned` …
 *
 * Returns: (transfer none): the kind
 *
 * Since: 0.1
 */
const char *
incident_event_get_kind (IncidentEvent *self)
{
  g_return_val_if_fail (INCIDENT_IS_EVENT (self), NULL);

  return get_record (self)->kind;
}

/**
 * incident_event_get_actor:
 * @self: an event
 *
 * Tells who did it.
 *
 * Returns: (transfer none): a person's or a program's name
 *
 * Since: 0.1
 */
const char *
incident_event_get_actor (IncidentEvent *self)
{
  g_return_val_if_fail (INCIDENT_IS_EVENT (self), NULL);

  return get_record (self)->actor;
}

/**
 * incident_event_get_verification:
 * @self: an event
 *
 * Tells how it was known who did it.
 *
 * Returns: how the actor was verified; what a newer version of the library has
 *   recorded and this one does not know counts as
 *   %INCIDENT_VERIFICATION_ASSERTED
 *
 * Since: 0.1
 */
IncidentVerification
incident_event_get_verification (IncidentEvent *self)
{
  g_return_val_if_fail (INCIDENT_IS_EVENT (self), INCIDENT_VERIFICATION_NONE);

  return get_record (self)->verified < INCIDENT_VERIFICATION_NONE
         ? (IncidentVerification) get_record (self)->verified : INCIDENT_VERIFICATION_ASSERTED;
}

/**
 * incident_event_get_occurred_at:
 * @self: an event
 *
 * Tells when it happened. A person may have dated it back.
 *
 * Returns: microseconds since the Unix epoch, UTC
 *
 * Since: 0.1
 */
gint64
incident_event_get_occurred_at (IncidentEvent *self)
{
  g_return_val_if_fail (INCIDENT_IS_EVENT (self), 0);

  return get_record (self)->occurred_at;
}

/**
 * incident_event_get_recorded_at:
 * @self: an event
 *
 * Tells when it was written down. This is never dated back.
 *
 * Returns: microseconds since the Unix epoch, UTC
 *
 * Since: 0.1
 */
gint64
incident_event_get_recorded_at (IncidentEvent *self)
{
  g_return_val_if_fail (INCIDENT_IS_EVENT (self), 0);

  return get_record (self)->recorded_at;
}

/**
 * incident_event_get_text:
 * @self: an event
 *
 * Tells what the actor said: the finding, the reason, the solution, the note.
 *
 * Returns: (transfer none) (nullable): the words, or %NULL if there are none, or
 *   none any more: they were removed
 *
 * Since: 0.1
 */
const char *
incident_event_get_text (IncidentEvent *self)
{
  g_return_val_if_fail (INCIDENT_IS_EVENT (self), NULL);

  if (self->text == NULL)
    self->text = incident_record_dup_string (get_record (self), "text");
  return self->text;
}

/**
 * incident_event_dup_fact:
 * @self: an event
 * @name: the name of a fact, such as `phase`
 *
 * Reads one of the facts that the state of the case is folded from.
 *
 * Returns: (transfer full) (nullable): the value, or %NULL if the event does
 *   not state it
 *
 * Since: 0.1
 */
char *
incident_event_dup_fact (IncidentEvent *self,
                         const char    *name)
{
  g_return_val_if_fail (INCIDENT_IS_EVENT (self), NULL);
  g_return_val_if_fail (name != NULL, NULL);

  return incident_facts_dup (get_record (self)->facts, name);
}

/**
 * incident_event_dup_data:
 * @self: an event
 *
 * Reads all that the event says: its facts and its payload as one JSON object.
 *
 * Where the payload was erased, the member `withheld` is true in its place.
 *
 * Returns: (transfer full): an object node
 *
 * Since: 0.1
 */
JsonNode *
incident_event_dup_data (IncidentEvent *self)
{
  IncidentJsonWriter writer;
  g_autoptr(GError) error = NULL;
  g_autofree char *json = NULL;
  JsonNode *node;

  g_return_val_if_fail (INCIDENT_IS_EVENT (self), NULL);

  incident_json_writer_init (&writer, FALSE);
  write_data (&writer, get_record (self));
  json = incident_json_writer_finish (&writer);
  node = incident_json_to_node (json, strlen (json), NULL, &incident_record_limits, &error);
  g_assert_no_error (error);
  return node;
}

/**
 * incident_event_dup_summary:
 * @self: an event
 *
 * Says in one line for people what happened, without who and when.
 *
 * The line holds people's words as they were given: escape it for where it goes.
 *
 * Returns: (transfer full): a line, such as `escalated to payments: needs a
 *   database owner`
 *
 * Since: 0.1
 */
char *
incident_event_dup_summary (IncidentEvent *self)
{
  GString *line;

  g_return_val_if_fail (INCIDENT_IS_EVENT (self), NULL);

  line = g_string_new (NULL);
  incident_record_write_summary (get_record (self), line);
  return g_string_free (line, FALSE);
}

/**
 * incident_event_dup_leaf_hash:
 * @self: an event
 *
 * Reads the event's leaf hash in the Merkle log of its store (RFC 9162, 2.1.1).
 *
 * Returns: (transfer full): 32 bytes
 *
 * Since: 0.1
 */
GBytes *
incident_event_dup_leaf_hash (IncidentEvent *self)
{
  g_return_val_if_fail (INCIDENT_IS_EVENT (self), NULL);

  incident_record_unseal (get_record (self));
  return g_bytes_new (get_record (self)->leaf, sizeof get_record (self)->leaf);
}

/**
 * incident_event_dup_operation:
 * @self: an event
 *
 * Names the command that the event came from; a command may record several.
 *
 * Returns: (transfer full): the operation id, 32 hexadecimal digits
 *
 * Since: 0.1
 */
char *
incident_event_dup_operation (IncidentEvent *self)
{
  g_return_val_if_fail (INCIDENT_IS_EVENT (self), NULL);

  return incident_operation_to_string (get_record (self)->operation);
}

static void
write_event (IncidentJsonWriter *writer,
             IncidentRecord     *record)
{
  incident_json_writer_begin_object (writer);
  incident_json_writer_name (writer, "seq");
  incident_json_writer_int (writer, record->seq);
  incident_json_writer_name (writer, "occurred_at");
  incident_json_writer_time (writer, record->occurred_at);
  incident_json_writer_name (writer, "recorded_at");
  incident_json_writer_time (writer, record->recorded_at);
  incident_json_writer_member (writer, "actor", record->actor);
  incident_json_writer_member (writer, "kind", record->kind);
  incident_json_writer_name (writer, "data");
  write_data (writer, record);
  incident_json_writer_end_object (writer);
}

/**
 * incident_event_to_json:
 * @self: an event
 *
 * Writes the event as JSON, as `incident timeline --json` does.
 *
 * Returns: (transfer full): an object with the members `seq`, `occurred_at`,
 *   `recorded_at`, `actor`, `kind` and `data`
 *
 * Since: 0.1
 */
char *
incident_event_to_json (IncidentEvent *self)
{
  IncidentJsonWriter writer;

  g_return_val_if_fail (INCIDENT_IS_EVENT (self), NULL);

  incident_json_writer_init (&writer, FALSE);
  write_event (&writer, get_record (self));
  return incident_json_writer_finish (&writer);
}
