/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#if !defined (INCIDENT_INSIDE) && !defined (INCIDENT_COMPILATION)
# error "Only <libincident/incident.h> can be included directly."
#endif

#include <gio/gio.h>
#include <libincident/incident-assignment.h>
#include <libincident/incident-event.h>
#include <libincident/incident-priority.h>
#include <libincident/incident-severity.h>
#include <libincident/incident-task.h>

G_BEGIN_DECLS

#define INCIDENT_TYPE_CASE (incident_case_get_type ())

INCIDENT_AVAILABLE_IN_ALL
G_DECLARE_FINAL_TYPE (IncidentCase, incident_case, INCIDENT, CASE, GObject)

INCIDENT_AVAILABLE_IN_ALL
gboolean          incident_case_number_from_string (const char    *id,
                                                    guint64       *number,
                                                    GError       **error);

INCIDENT_AVAILABLE_IN_ALL
char             *incident_case_number_to_string   (guint64        number);

INCIDENT_AVAILABLE_IN_ALL
guint64           incident_case_get_number         (IncidentCase  *self);

INCIDENT_AVAILABLE_IN_ALL
const char       *incident_case_get_id             (IncidentCase  *self);

INCIDENT_AVAILABLE_IN_ALL
const char       *incident_case_get_title          (IncidentCase  *self);

INCIDENT_AVAILABLE_IN_ALL
const char       *incident_case_get_phase          (IncidentCase  *self);

INCIDENT_AVAILABLE_IN_ALL
gboolean          incident_case_get_open           (IncidentCase  *self);

INCIDENT_AVAILABLE_IN_ALL
gboolean          incident_case_get_live           (IncidentCase  *self);

INCIDENT_AVAILABLE_IN_ALL
IncidentSeverity  incident_case_get_severity       (IncidentCase  *self);

INCIDENT_AVAILABLE_IN_ALL
IncidentLevel     incident_case_get_impact         (IncidentCase  *self);

INCIDENT_AVAILABLE_IN_ALL
IncidentLevel     incident_case_get_urgency        (IncidentCase  *self);

INCIDENT_AVAILABLE_IN_ALL
IncidentPriority  incident_case_get_priority       (IncidentCase  *self);

INCIDENT_AVAILABLE_IN_ALL
const char       *incident_case_get_service        (IncidentCase  *self);

INCIDENT_AVAILABLE_IN_ALL
const char       *incident_case_get_category       (IncidentCase  *self);

INCIDENT_AVAILABLE_IN_ALL
const char       *incident_case_get_commander      (IncidentCase  *self);

INCIDENT_AVAILABLE_IN_ALL
guint             incident_case_get_episode        (IncidentCase  *self);

INCIDENT_AVAILABLE_IN_ALL
guint             incident_case_get_version        (IncidentCase  *self);

INCIDENT_AVAILABLE_IN_ALL
guint             incident_case_get_firing_alerts  (IncidentCase  *self);

INCIDENT_AVAILABLE_IN_ALL
gint64            incident_case_get_opened_at      (IncidentCase  *self);

INCIDENT_AVAILABLE_IN_ALL
gint64            incident_case_get_updated_at     (IncidentCase  *self);

INCIDENT_AVAILABLE_IN_ALL
gint64            incident_case_get_closed_at      (IncidentCase  *self);

INCIDENT_AVAILABLE_IN_ALL
const char       *incident_case_get_holder         (IncidentCase  *self,
                                                    const char    *role);

INCIDENT_AVAILABLE_IN_ALL
GPtrArray        *incident_case_list_assignments   (IncidentCase  *self);

INCIDENT_AVAILABLE_IN_ALL
GListModel       *incident_case_get_timeline       (IncidentCase  *self);

INCIDENT_AVAILABLE_IN_ALL
GPtrArray        *incident_case_list_events        (IncidentCase  *self);

INCIDENT_AVAILABLE_IN_ALL
char             *incident_case_to_json            (IncidentCase  *self);

INCIDENT_AVAILABLE_IN_ALL
const char       *incident_case_get_playbook       (IncidentCase  *self);

INCIDENT_AVAILABLE_IN_ALL
gboolean          incident_case_get_major          (IncidentCase  *self);

INCIDENT_AVAILABLE_IN_ALL
GPtrArray        *incident_case_list_tasks         (IncidentCase  *self);

INCIDENT_AVAILABLE_IN_ALL
GPtrArray        *incident_case_list_pages         (IncidentCase  *self);

INCIDENT_AVAILABLE_IN_ALL
char             *incident_case_record_to_json     (IncidentCase  *self);

G_END_DECLS
