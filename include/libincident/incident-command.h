/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#if !defined (INCIDENT_INSIDE) && !defined (INCIDENT_COMPILATION)
# error "Only <libincident/incident.h> can be included directly."
#endif

#include <libincident/incident-actor.h>
#include <libincident/incident-version-macros.h>

G_BEGIN_DECLS

#define INCIDENT_TYPE_COMMAND (incident_command_get_type ())

typedef struct _IncidentCommand IncidentCommand;

INCIDENT_AVAILABLE_IN_ALL
GType            incident_command_get_type        (void) G_GNUC_CONST;

INCIDENT_AVAILABLE_IN_ALL
IncidentCommand *incident_command_new             (const char       *verb,
                                                   const char       *actor);

INCIDENT_AVAILABLE_IN_ALL
IncidentCommand *incident_command_new_for         (const char       *verb,
                                                   IncidentActor    *actor);

INCIDENT_AVAILABLE_IN_ALL
IncidentCommand *incident_command_ref             (IncidentCommand  *self);

INCIDENT_AVAILABLE_IN_ALL
void             incident_command_unref           (IncidentCommand  *self);

INCIDENT_AVAILABLE_IN_ALL
const char      *incident_command_get_verb        (IncidentCommand  *self);

INCIDENT_AVAILABLE_IN_ALL
const char      *incident_command_get_actor       (IncidentCommand  *self);

INCIDENT_AVAILABLE_IN_ALL
gboolean         incident_command_set             (IncidentCommand  *self,
                                                   const char       *argument,
                                                   const char       *value,
                                                   GError          **error);

INCIDENT_AVAILABLE_IN_ALL
const char      *incident_command_get             (IncidentCommand  *self,
                                                   const char       *argument);

INCIDENT_AVAILABLE_IN_ALL
void             incident_command_set_occurred_at (IncidentCommand  *self,
                                                   gint64            time);

INCIDENT_AVAILABLE_IN_ALL
void             incident_command_set_seen        (IncidentCommand  *self,
                                                   guint             version);

INCIDENT_AVAILABLE_IN_ALL
gboolean         incident_command_set_operation   (IncidentCommand  *self,
                                                   const char       *operation,
                                                   GError          **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (IncidentCommand, incident_command_unref)

G_END_DECLS
