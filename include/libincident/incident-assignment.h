/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#if !defined (INCIDENT_INSIDE) && !defined (INCIDENT_COMPILATION)
# error "Only <libincident/incident.h> can be included directly."
#endif

#include <glib-object.h>
#include <libincident/incident-version-macros.h>

G_BEGIN_DECLS

#define INCIDENT_TYPE_ASSIGNMENT (incident_assignment_get_type ())

typedef struct _IncidentAssignment IncidentAssignment;

INCIDENT_AVAILABLE_IN_ALL
GType               incident_assignment_get_type        (void) G_GNUC_CONST;

INCIDENT_AVAILABLE_IN_ALL
IncidentAssignment *incident_assignment_ref             (IncidentAssignment *self);

INCIDENT_AVAILABLE_IN_ALL
void                incident_assignment_unref           (IncidentAssignment *self);

INCIDENT_AVAILABLE_IN_ALL
const char         *incident_assignment_get_role        (IncidentAssignment *self);

INCIDENT_AVAILABLE_IN_ALL
const char         *incident_assignment_get_person      (IncidentAssignment *self);

INCIDENT_AVAILABLE_IN_ALL
const char         *incident_assignment_get_assigned_by (IncidentAssignment *self);

INCIDENT_AVAILABLE_IN_ALL
gint64              incident_assignment_get_since       (IncidentAssignment *self);

INCIDENT_AVAILABLE_IN_ALL
gint64              incident_assignment_get_until       (IncidentAssignment *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (IncidentAssignment, incident_assignment_unref)

G_END_DECLS
