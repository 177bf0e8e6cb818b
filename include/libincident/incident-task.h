/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#if !defined (INCIDENT_INSIDE) && !defined (INCIDENT_COMPILATION)
# error "Only <libincident/incident.h> can be included directly."
#endif

#include <glib-object.h>
#include <libincident/incident-version-macros.h>

G_BEGIN_DECLS

#define INCIDENT_TYPE_TASK (incident_task_get_type ())

typedef struct _IncidentTask IncidentTask;

INCIDENT_AVAILABLE_IN_ALL
GType         incident_task_get_type    (void) G_GNUC_CONST;

INCIDENT_AVAILABLE_IN_ALL
IncidentTask *incident_task_ref         (IncidentTask *self);

INCIDENT_AVAILABLE_IN_ALL
void          incident_task_unref       (IncidentTask *self);

INCIDENT_AVAILABLE_IN_ALL
guint         incident_task_get_number  (IncidentTask *self);

INCIDENT_AVAILABLE_IN_ALL
const char   *incident_task_get_title   (IncidentTask *self);

INCIDENT_AVAILABLE_IN_ALL
const char   *incident_task_get_state   (IncidentTask *self);

INCIDENT_AVAILABLE_IN_ALL
gboolean      incident_task_get_must_do (IncidentTask *self);

INCIDENT_AVAILABLE_IN_ALL
const char   *incident_task_get_person  (IncidentTask *self);

INCIDENT_AVAILABLE_IN_ALL
const char   *incident_task_get_role    (IncidentTask *self);

INCIDENT_AVAILABLE_IN_ALL
const char   *incident_task_get_kind    (IncidentTask *self);

INCIDENT_AVAILABLE_IN_ALL
gint64        incident_task_get_due     (IncidentTask *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (IncidentTask, incident_task_unref)

G_END_DECLS
