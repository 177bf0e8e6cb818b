/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#if !defined (INCIDENT_INSIDE) && !defined (INCIDENT_COMPILATION)
# error "Only <libincident/incident.h> can be included directly."
#endif

#include <glib-object.h>
#include <libincident/incident-version-macros.h>

G_BEGIN_DECLS

/**
 * IncidentAlertStatus:
 * @INCIDENT_ALERT_STATUS_FIRING: it is wrong now. Nick: `firing`
 * @INCIDENT_ALERT_STATUS_ACKNOWLEDGED: it is wrong, and somebody looks after it.
 *   Nick: `acknowledged`
 * @INCIDENT_ALERT_STATUS_RESOLVED: it is over. Nick: `resolved`
 * @INCIDENT_ALERT_STATUS_SUPPRESSED: it is wrong, and something holds it back.
 *   Nick: `suppressed`
 * @INCIDENT_ALERT_STATUS_INFO: it is neither right nor wrong, only said. Nick: `info`
 *
 * How an alert stands.
 *
 * Since: 0.1
 */
typedef enum
{
  INCIDENT_ALERT_STATUS_FIRING,
  INCIDENT_ALERT_STATUS_ACKNOWLEDGED,
  INCIDENT_ALERT_STATUS_RESOLVED,
  INCIDENT_ALERT_STATUS_SUPPRESSED,
  INCIDENT_ALERT_STATUS_INFO,
} IncidentAlertStatus;

#define INCIDENT_TYPE_ALERT_STATUS (incident_alert_status_get_type ())
#define INCIDENT_TYPE_ALERT        (incident_alert_get_type ())

typedef struct _IncidentAlert IncidentAlert;

INCIDENT_AVAILABLE_IN_ALL
GType               incident_alert_status_get_type  (void) G_GNUC_CONST;

INCIDENT_AVAILABLE_IN_ALL
const char         *incident_alert_status_to_string (IncidentAlertStatus   status);

INCIDENT_AVAILABLE_IN_ALL
GType               incident_alert_get_type         (void) G_GNUC_CONST;

INCIDENT_AVAILABLE_IN_ALL
IncidentAlert      *incident_alert_ref              (IncidentAlert        *self);

INCIDENT_AVAILABLE_IN_ALL
void                incident_alert_unref            (IncidentAlert        *self);

INCIDENT_AVAILABLE_IN_ALL
const char         *incident_alert_get_source       (IncidentAlert        *self);

INCIDENT_AVAILABLE_IN_ALL
const char         *incident_alert_get_dedup_key    (IncidentAlert        *self);

INCIDENT_AVAILABLE_IN_ALL
const char         *incident_alert_get_episode_key  (IncidentAlert        *self);

INCIDENT_AVAILABLE_IN_ALL
IncidentAlertStatus incident_alert_get_status       (IncidentAlert        *self);

INCIDENT_AVAILABLE_IN_ALL
const char         *incident_alert_get_severity     (IncidentAlert        *self);

INCIDENT_AVAILABLE_IN_ALL
const char         *incident_alert_get_name         (IncidentAlert        *self);

INCIDENT_AVAILABLE_IN_ALL
const char         *incident_alert_get_summary      (IncidentAlert        *self);

INCIDENT_AVAILABLE_IN_ALL
const char         *incident_alert_get_link         (IncidentAlert        *self);

INCIDENT_AVAILABLE_IN_ALL
gint64              incident_alert_get_starts_at    (IncidentAlert        *self);

INCIDENT_AVAILABLE_IN_ALL
gint64              incident_alert_get_ends_at      (IncidentAlert        *self);

INCIDENT_AVAILABLE_IN_ALL
guint64             incident_alert_get_case_number  (IncidentAlert        *self);

INCIDENT_AVAILABLE_IN_ALL
const char         *incident_alert_get_why          (IncidentAlert        *self);

INCIDENT_AVAILABLE_IN_ALL
const char         *incident_alert_get_label        (IncidentAlert        *self,
                                                     const char           *name);

INCIDENT_AVAILABLE_IN_ALL
const char         *incident_alert_get_annotation   (IncidentAlert        *self,
                                                     const char           *name);

INCIDENT_AVAILABLE_IN_ALL
GHashTable         *incident_alert_dup_labels       (IncidentAlert        *self);

INCIDENT_AVAILABLE_IN_ALL
GHashTable         *incident_alert_dup_annotations  (IncidentAlert        *self);

INCIDENT_AVAILABLE_IN_ALL
char               *incident_alert_to_json          (IncidentAlert        *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (IncidentAlert, incident_alert_unref)

G_END_DECLS
