/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "model/incident-reminder-private.h"

#include "base/incident-json-writer-private.h"

/**
 * IncidentReminder:
 *
 * Something that is due in a case, and that nobody has done.
 *
 * Its kind is `no-commander`, `no-severity`, `update`, `offer-ROLE`, `task-N`,
 * `stuck-acknowledged`, `stuck-PHASE`, `not-closed`, `span-of-control`,
 * `commander-operates` or `report-CLOCK`; by that name it is dismissed (the verb
 * `dismiss`). A reminder never changes and may be shared between threads.
 *
 * Since: 0.1
 */

G_DEFINE_BOXED_TYPE (IncidentReminder, incident_reminder, incident_reminder_ref, incident_reminder_unref)

IncidentReminder *
incident_reminder_new (guint64     case_number,
                       const char *kind,
                       char       *text,
                       const char *person,
                       gint64      due_at)
{
  IncidentReminder *self = g_atomic_rc_box_new (IncidentReminder);

  self->case_number = case_number;
  self->kind = g_strdup (kind);
  self->text = text;
  self->person = g_strdup (person);
  self->due_at = due_at;
  return self;
}

/**
 * incident_reminder_ref:
 * @self: a reminder
 *
 * Takes a reference.
 *
 * Returns: (transfer full): @self
 *
 * Since: 0.1
 */
IncidentReminder *
incident_reminder_ref (IncidentReminder *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return g_atomic_rc_box_acquire (self);
}

static void
incident_reminder_clear (gpointer data)
{
  IncidentReminder *self = data;

  g_free (self->kind);
  g_free (self->text);
  g_free (self->person);
}

/**
 * incident_reminder_unref:
 * @self: (transfer full): a reminder
 *
 * Drops a reference.
 *
 * Since: 0.1
 */
void
incident_reminder_unref (IncidentReminder *self)
{
  g_return_if_fail (self != NULL);

  g_atomic_rc_box_release_full (self, incident_reminder_clear);
}

/**
 * incident_reminder_get_case_number:
 * @self: a reminder
 *
 * Tells which case it is about.
 *
 * Returns: the number of the case
 *
 * Since: 0.1
 */
guint64
incident_reminder_get_case_number (IncidentReminder *self)
{
  g_return_val_if_fail (self != NULL, 0);

  return self->case_number;
}

/**
 * incident_reminder_get_kind:
 * @self: a reminder
 *
 * Tells what sort of reminder it is.
 *
 * Returns: (transfer none): the kind
 *
 * Since: 0.1
 */
const char *
incident_reminder_get_kind (IncidentReminder *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return self->kind;
}

/**
 * incident_reminder_get_text:
 * @self: a reminder
 *
 * Says what is due.
 *
 * Returns: (transfer none): one sentence
 *
 * Since: 0.1
 */
const char *
incident_reminder_get_text (IncidentReminder *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return self->text;
}

/**
 * incident_reminder_get_person:
 * @self: a reminder
 *
 * Tells whom it is for.
 *
 * Returns: (transfer none) (nullable): the person, or %NULL if nobody is in charge
 *
 * Since: 0.1
 */
const char *
incident_reminder_get_person (IncidentReminder *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return self->person;
}

/**
 * incident_reminder_get_due_at:
 * @self: a reminder
 *
 * Tells since when it is due.
 *
 * Returns: microseconds since the Unix epoch, UTC
 *
 * Since: 0.1
 */
gint64
incident_reminder_get_due_at (IncidentReminder *self)
{
  g_return_val_if_fail (self != NULL, 0);

  return self->due_at;
}

/**
 * incident_reminder_to_json:
 * @self: a reminder
 *
 * Writes the reminder as JSON.
 *
 * Returns: (transfer full): a JSON object
 *
 * Since: 0.1
 */
char *
incident_reminder_to_json (IncidentReminder *self)
{
  IncidentJsonWriter writer;

  g_return_val_if_fail (self != NULL, NULL);

  incident_json_writer_init (&writer, FALSE);
  incident_json_writer_begin_object (&writer);
  incident_json_writer_name (&writer, "case");
  incident_json_writer_int (&writer, (gint64) self->case_number);
  incident_json_writer_member (&writer, "kind", self->kind);
  incident_json_writer_member (&writer, "text", self->text);
  incident_json_writer_member (&writer, "person", self->person);
  incident_json_writer_name (&writer, "due_at");
  incident_json_writer_time (&writer, self->due_at);
  incident_json_writer_end_object (&writer);
  return incident_json_writer_finish (&writer);
}
