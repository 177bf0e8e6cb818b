/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#if !defined (INCIDENT_INSIDE) && !defined (INCIDENT_COMPILATION)
# error "Only <libincident/incident.h> can be included directly."
#endif

#include <gio/gio.h>
#include <json-glib/json-glib.h>
#include <libincident/incident-actor.h>
#include <libincident/incident-version-macros.h>

G_BEGIN_DECLS

#define INCIDENT_TYPE_EVENT (incident_event_get_type ())

INCIDENT_AVAILABLE_IN_ALL
G_DECLARE_FINAL_TYPE (IncidentEvent, incident_event, INCIDENT, EVENT, GObject)

INCIDENT_AVAILABLE_IN_ALL
guint64     incident_event_get_case_number (IncidentEvent *self);

INCIDENT_AVAILABLE_IN_ALL
guint       incident_event_get_seq         (IncidentEvent *self);

INCIDENT_AVAILABLE_IN_ALL
guint64     incident_event_get_log_index   (IncidentEvent *self);

INCIDENT_AVAILABLE_IN_ALL
const char *incident_event_get_kind        (IncidentEvent *self);

INCIDENT_AVAILABLE_IN_ALL
const char *incident_event_get_actor       (IncidentEvent *self);

INCIDENT_AVAILABLE_IN_ALL
gint64      incident_event_get_occurred_at (IncidentEvent *self);

INCIDENT_AVAILABLE_IN_ALL
IncidentVerification incident_event_get_verification (IncidentEvent *self);

INCIDENT_AVAILABLE_IN_ALL
gint64      incident_event_get_recorded_at (IncidentEvent *self);

INCIDENT_AVAILABLE_IN_ALL
const char *incident_event_get_text        (IncidentEvent *self);

INCIDENT_AVAILABLE_IN_ALL
char       *incident_event_dup_fact        (IncidentEvent *self,
                                            const char    *name);

INCIDENT_AVAILABLE_IN_ALL
JsonNode   *incident_event_dup_data        (IncidentEvent *self);

INCIDENT_AVAILABLE_IN_ALL
char       *incident_event_dup_summary     (IncidentEvent *self);

INCIDENT_AVAILABLE_IN_ALL
GBytes     *incident_event_dup_leaf_hash   (IncidentEvent *self);

INCIDENT_AVAILABLE_IN_ALL
char       *incident_event_dup_operation   (IncidentEvent *self);

INCIDENT_AVAILABLE_IN_ALL
char       *incident_event_to_json         (IncidentEvent *self);

G_END_DECLS
