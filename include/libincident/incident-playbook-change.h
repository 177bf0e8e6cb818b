/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#if !defined (INCIDENT_INSIDE) && !defined (INCIDENT_COMPILATION)
# error "Only <libincident/incident.h> can be included directly."
#endif

#include <glib-object.h>
#include <libincident/incident-version-macros.h>

G_BEGIN_DECLS

#define INCIDENT_TYPE_PLAYBOOK_CHANGE (incident_playbook_change_get_type ())

typedef struct _IncidentPlaybookChange IncidentPlaybookChange;

INCIDENT_AVAILABLE_IN_ALL
GType                   incident_playbook_change_get_type    (void) G_GNUC_CONST;

INCIDENT_AVAILABLE_IN_ALL
IncidentPlaybookChange *incident_playbook_change_ref         (IncidentPlaybookChange *self);

INCIDENT_AVAILABLE_IN_ALL
void                    incident_playbook_change_unref       (IncidentPlaybookChange *self);

INCIDENT_AVAILABLE_IN_ALL
const char             *incident_playbook_change_get_text    (IncidentPlaybookChange *self);

INCIDENT_AVAILABLE_IN_ALL
const char             *incident_playbook_change_get_section (IncidentPlaybookChange *self);

INCIDENT_AVAILABLE_IN_ALL
const char             *incident_playbook_change_get_name    (IncidentPlaybookChange *self);

INCIDENT_AVAILABLE_IN_ALL
char                   *incident_playbook_change_to_json     (IncidentPlaybookChange *self,
                                                              GPtrArray              *touched);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (IncidentPlaybookChange, incident_playbook_change_unref)

G_END_DECLS
