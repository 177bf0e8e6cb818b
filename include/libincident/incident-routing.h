/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#if !defined (INCIDENT_INSIDE) && !defined (INCIDENT_COMPILATION)
# error "Only <libincident/incident.h> can be included directly."
#endif

#include <glib-object.h>
#include <libincident/incident-severity.h>

G_BEGIN_DECLS

#define INCIDENT_TYPE_ROUTING (incident_routing_get_type ())

typedef struct _IncidentRouting IncidentRouting;

INCIDENT_AVAILABLE_IN_ALL
GType            incident_routing_get_type         (void) G_GNUC_CONST;

INCIDENT_AVAILABLE_IN_ALL
IncidentRouting *incident_routing_ref              (IncidentRouting *self);

INCIDENT_AVAILABLE_IN_ALL
void             incident_routing_unref            (IncidentRouting *self);

INCIDENT_AVAILABLE_IN_ALL
char           **incident_routing_dup_routes       (IncidentRouting *self);

INCIDENT_AVAILABLE_IN_ALL
const char      *incident_routing_get_group        (IncidentRouting *self);

INCIDENT_AVAILABLE_IN_ALL
GHashTable      *incident_routing_dup_group_labels (IncidentRouting *self);

INCIDENT_AVAILABLE_IN_ALL
const char      *incident_routing_get_service      (IncidentRouting *self);

INCIDENT_AVAILABLE_IN_ALL
const char      *incident_routing_get_team         (IncidentRouting *self);

INCIDENT_AVAILABLE_IN_ALL
const char      *incident_routing_get_category     (IncidentRouting *self);

INCIDENT_AVAILABLE_IN_ALL
const char      *incident_routing_get_policy       (IncidentRouting *self);

INCIDENT_AVAILABLE_IN_ALL
IncidentSeverity incident_routing_get_severity     (IncidentRouting *self);

INCIDENT_AVAILABLE_IN_ALL
guint64          incident_routing_get_case_number  (IncidentRouting *self);

INCIDENT_AVAILABLE_IN_ALL
char           **incident_routing_dup_mutes        (IncidentRouting *self);

INCIDENT_AVAILABLE_IN_ALL
char            *incident_routing_to_json          (IncidentRouting *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (IncidentRouting, incident_routing_unref)

G_END_DECLS
