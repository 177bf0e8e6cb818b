/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#if !defined (INCIDENT_INSIDE) && !defined (INCIDENT_COMPILATION)
# error "Only <libincident/incident.h> can be included directly."
#endif

#include <libincident/incident-desk.h>

G_BEGIN_DECLS

#define INCIDENT_TYPE_ESCALATOR (incident_escalator_get_type ())

INCIDENT_AVAILABLE_IN_ALL
G_DECLARE_FINAL_TYPE (IncidentEscalator, incident_escalator, INCIDENT, ESCALATOR, GObject)

INCIDENT_AVAILABLE_IN_ALL
IncidentEscalator *incident_escalator_new      (IncidentDesk       *desk);

INCIDENT_AVAILABLE_IN_ALL
IncidentDesk      *incident_escalator_get_desk (IncidentEscalator  *self);

INCIDENT_AVAILABLE_IN_ALL
guint              incident_escalator_run      (IncidentEscalator  *self,
                                                gint64             *next,
                                                GError            **error);

INCIDENT_AVAILABLE_IN_ALL
void               incident_escalator_start    (IncidentEscalator  *self);

INCIDENT_AVAILABLE_IN_ALL
void               incident_escalator_stop     (IncidentEscalator  *self);

G_END_DECLS
