/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "model/incident-assignment-private.h"

#include <libincident/incident-time.h>

/**
 * IncidentAssignment:
 *
 * Who held a role in a case, from when until when, and who gave it.
 *
 * An assignment never changes and may be shared between threads.
 *
 * Since: 0.1
 */
struct _IncidentAssignment
{
  char  *role;
  char  *person;
  char  *assigned_by;
  gint64 since;
  gint64 until;
};

G_DEFINE_BOXED_TYPE (IncidentAssignment, incident_assignment, incident_assignment_ref, incident_assignment_unref)

IncidentAssignment *
incident_assignment_new (const char *role,
                         const char *person,
                         const char *assigned_by,
                         gint64      since,
                         gint64      until)
{
  IncidentAssignment *self = g_atomic_rc_box_new0 (IncidentAssignment);

  self->role = g_ref_string_new (role);
  self->person = g_ref_string_new (person);
  self->assigned_by = g_ref_string_new (assigned_by);
  self->since = since;
  self->until = until;
  return self;
}

IncidentAssignment *
incident_assignment_ended (IncidentAssignment *self,
                           gint64              until)
{
  return incident_assignment_new (self->role, self->person, self->assigned_by, self->since, until);
}

/**
 * incident_assignment_ref:
 * @self: an assignment
 *
 * Takes a reference.
 *
 * Returns: (transfer full): @self
 *
 * Since: 0.1
 */
IncidentAssignment *
incident_assignment_ref (IncidentAssignment *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return g_atomic_rc_box_acquire (self);
}

static void
incident_assignment_clear (gpointer data)
{
  IncidentAssignment *self = data;

  g_ref_string_release (self->role);
  g_ref_string_release (self->person);
  g_ref_string_release (self->assigned_by);
}

/**
 * incident_assignment_unref:
 * @self: (transfer full): an assignment
 *
 * Drops a reference.
 *
 * Since: 0.1
 */
void
incident_assignment_unref (IncidentAssignment *self)
{
  g_return_if_fail (self != NULL);

  g_atomic_rc_box_release_full (self, incident_assignment_clear);
}

/**
 * incident_assignment_get_role:
 * @self: an assignment
 *
 * Tells which role was given.
 *
 * Returns: (transfer none): the role, such as `commander`
 *
 * Since: 0.1
 */
const char *
incident_assignment_get_role (IncidentAssignment *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return self->role;
}

/**
 * incident_assignment_get_person:
 * @self: an assignment
 *
 * Tells who held it.
 *
 * Returns: (transfer none): the person
 *
 * Since: 0.1
 */
const char *
incident_assignment_get_person (IncidentAssignment *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return self->person;
}

/**
 * incident_assignment_get_assigned_by:
 * @self: an assignment
 *
 * Tells who gave it.
 *
 * Returns: (transfer none): the person
 *
 * Since: 0.1
 */
const char *
incident_assignment_get_assigned_by (IncidentAssignment *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return self->assigned_by;
}

/**
 * incident_assignment_get_since:
 * @self: an assignment
 *
 * Tells when it began.
 *
 * Returns: microseconds since the Unix epoch, UTC
 *
 * Since: 0.1
 */
gint64
incident_assignment_get_since (IncidentAssignment *self)
{
  g_return_val_if_fail (self != NULL, INCIDENT_TIME_NONE);

  return self->since;
}

/**
 * incident_assignment_get_until:
 * @self: an assignment
 *
 * Tells when it ended.
 *
 * Returns: microseconds since the Unix epoch, UTC, or %INCIDENT_TIME_NONE while
 *   it lasts
 *
 * Since: 0.1
 */
gint64
incident_assignment_get_until (IncidentAssignment *self)
{
  g_return_val_if_fail (self != NULL, INCIDENT_TIME_NONE);

  return self->until;
}
