/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#if !defined (INCIDENT_INSIDE) && !defined (INCIDENT_COMPILATION)
# error "Only <libincident/incident.h> can be included directly."
#endif

#include <glib-object.h>
#include <libincident/incident-version-macros.h>

G_BEGIN_DECLS

#define INCIDENT_TYPE_REMINDER (incident_reminder_get_type ())

typedef struct _IncidentReminder IncidentReminder;

INCIDENT_AVAILABLE_IN_ALL
GType             incident_reminder_get_type        (void) G_GNUC_CONST;

INCIDENT_AVAILABLE_IN_ALL
IncidentReminder *incident_reminder_ref             (IncidentReminder *self);

INCIDENT_AVAILABLE_IN_ALL
void              incident_reminder_unref           (IncidentReminder *self);

INCIDENT_AVAILABLE_IN_ALL
guint64           incident_reminder_get_case_number (IncidentReminder *self);

INCIDENT_AVAILABLE_IN_ALL
const char       *incident_reminder_get_kind        (IncidentReminder *self);

INCIDENT_AVAILABLE_IN_ALL
const char       *incident_reminder_get_text        (IncidentReminder *self);

INCIDENT_AVAILABLE_IN_ALL
const char       *incident_reminder_get_person      (IncidentReminder *self);

INCIDENT_AVAILABLE_IN_ALL
gint64            incident_reminder_get_due_at      (IncidentReminder *self);

INCIDENT_AVAILABLE_IN_ALL
char             *incident_reminder_to_json         (IncidentReminder *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (IncidentReminder, incident_reminder_unref)

G_END_DECLS
