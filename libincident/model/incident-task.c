/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "model/incident-task-private.h"

/**
 * IncidentTask:
 *
 * Something that is to be done in a case, as it stands: from a checklist or added
 * by hand, or a follow-up action, which may outlive the case.
 *
 * A task never changes: ask the case again ([method@Case.list_tasks]). It may be
 * shared between threads.
 *
 * Since: 0.1
 */

struct _IncidentTask
{
  guint              number;
  char              *title;
  IncidentTaskState  state;
  gboolean           must_do;
  char              *person;
  char              *role;
  char              *kind;
  gint64             due;
};

G_DEFINE_BOXED_TYPE (IncidentTask, incident_task, incident_task_ref, incident_task_unref)

IncidentTask *
incident_task_new (guint                    number,
                   const char              *title,
                   const IncidentTaskEntry *entry)
{
  IncidentTask *self = g_atomic_rc_box_new (IncidentTask);

  self->number = number;
  self->title = g_strdup (title);
  self->state = entry->state;
  self->must_do = entry->must_do;
  self->person = g_strdup (entry->person);
  self->role = g_strdup (entry->role);
  self->kind = g_strdup (entry->kind);
  self->due = entry->due;
  return self;
}

/**
 * incident_task_ref:
 * @self: a task
 *
 * Takes a reference.
 *
 * Returns: (transfer full): @self
 *
 * Since: 0.1
 */
IncidentTask *
incident_task_ref (IncidentTask *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return g_atomic_rc_box_acquire (self);
}

static void
incident_task_clear (gpointer data)
{
  IncidentTask *self = data;

  g_free (self->title);
  g_free (self->person);
  g_free (self->role);
  g_free (self->kind);
}

/**
 * incident_task_unref:
 * @self: (transfer full): a task
 *
 * Drops a reference.
 *
 * Since: 0.1
 */
void
incident_task_unref (IncidentTask *self)
{
  g_return_if_fail (self != NULL);

  g_atomic_rc_box_release_full (self, incident_task_clear);
}

/**
 * incident_task_get_number:
 * @self: a task
 *
 * Tells which task of its case it is.
 *
 * Returns: its number, from 1
 *
 * Since: 0.1
 */
guint
incident_task_get_number (IncidentTask *self)
{
  g_return_val_if_fail (self != NULL, 0);

  return self->number;
}

/**
 * incident_task_get_title:
 * @self: a task
 *
 * Says what there is to do.
 *
 * Returns: (transfer none) (nullable): one line, or %NULL if the words were removed
 *
 * Since: 0.1
 */
const char *
incident_task_get_title (IncidentTask *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return self->title;
}

/**
 * incident_task_get_state:
 * @self: a task
 *
 * Tells how far it is.
 *
 * Returns: (transfer none): `open`, `in-progress`, `done` or `skipped`
 *
 * Since: 0.1
 */
const char *
incident_task_get_state (IncidentTask *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return incident_task_state_to_string (self->state);
}

/**
 * incident_task_get_must_do:
 * @self: a task
 *
 * Tells whether the case waits for it.
 *
 * Returns: %TRUE if the case does not close before it is done or skipped
 *
 * Since: 0.1
 */
gboolean
incident_task_get_must_do (IncidentTask *self)
{
  g_return_val_if_fail (self != NULL, FALSE);

  return self->must_do;
}

/**
 * incident_task_get_person:
 * @self: a task
 *
 * Tells who does it.
 *
 * Returns: (transfer none) (nullable): the person, or %NULL
 *
 * Since: 0.1
 */
const char *
incident_task_get_person (IncidentTask *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return self->person;
}

/**
 * incident_task_get_role:
 * @self: a task
 *
 * Tells whose holder does it.
 *
 * Returns: (transfer none) (nullable): the role, or %NULL
 *
 * Since: 0.1
 */
const char *
incident_task_get_role (IncidentTask *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return self->role;
}

/**
 * incident_task_get_kind:
 * @self: a task
 *
 * Tells what sort of follow-up action it is.
 *
 * Returns: (transfer none) (nullable): `prevent`, `detect`, `mitigate` or `learn`; %NULL for a task of the case
 *
 * Since: 0.1
 */
const char *
incident_task_get_kind (IncidentTask *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return self->kind;
}

/**
 * incident_task_get_due:
 * @self: a task
 *
 * Tells until when it is to be done.
 *
 * Returns: microseconds since the Unix epoch, UTC, or %INCIDENT_TIME_NONE
 *
 * Since: 0.1
 */
gint64
incident_task_get_due (IncidentTask *self)
{
  g_return_val_if_fail (self != NULL, 0);

  return self->due;
}
