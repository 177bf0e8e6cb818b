/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#if !defined (INCIDENT_INSIDE) && !defined (INCIDENT_COMPILATION)
# error "Only <libincident/incident.h> can be included directly."
#endif

#include <glib-object.h>
#include <libincident/incident-version-macros.h>

G_BEGIN_DECLS

/**
 * IncidentLevel:
 * @INCIDENT_LEVEL_UNKNOWN: not judged yet; written as `null` in JSON
 * @INCIDENT_LEVEL_HIGH: high
 * @INCIDENT_LEVEL_MEDIUM: medium
 * @INCIDENT_LEVEL_LOW: low
 *
 * How far an incident reaches (impact), or how little time there is (urgency).
 *
 * Since: 0.1
 */
typedef enum
{
  INCIDENT_LEVEL_UNKNOWN,
  INCIDENT_LEVEL_HIGH,
  INCIDENT_LEVEL_MEDIUM,
  INCIDENT_LEVEL_LOW,
} IncidentLevel;

#define INCIDENT_TYPE_LEVEL (incident_level_get_type ())

INCIDENT_AVAILABLE_IN_ALL
GType             incident_level_get_type       (void) G_GNUC_CONST;

INCIDENT_AVAILABLE_IN_ALL
const char       *incident_level_to_string      (IncidentLevel      level);

INCIDENT_AVAILABLE_IN_ALL
gboolean          incident_level_from_string    (const char        *string,
                                                 IncidentLevel     *level,
                                                 GError           **error);

/**
 * IncidentPriority:
 * @INCIDENT_PRIORITY_UNKNOWN: impact or urgency is not judged yet; written as `null` in JSON
 * @INCIDENT_PRIORITY_P1: critical
 * @INCIDENT_PRIORITY_P2: high
 * @INCIDENT_PRIORITY_P3: moderate
 * @INCIDENT_PRIORITY_P4: low
 * @INCIDENT_PRIORITY_P5: when there is time
 *
 * In which order to work.
 *
 * Since: 0.1
 */
typedef enum
{
  INCIDENT_PRIORITY_UNKNOWN,
  INCIDENT_PRIORITY_P1,
  INCIDENT_PRIORITY_P2,
  INCIDENT_PRIORITY_P3,
  INCIDENT_PRIORITY_P4,
  INCIDENT_PRIORITY_P5,
} IncidentPriority;

#define INCIDENT_TYPE_PRIORITY (incident_priority_get_type ())

INCIDENT_AVAILABLE_IN_ALL
GType             incident_priority_get_type    (void) G_GNUC_CONST;

INCIDENT_AVAILABLE_IN_ALL
const char       *incident_priority_to_string   (IncidentPriority   priority);

INCIDENT_AVAILABLE_IN_ALL
gboolean          incident_priority_from_string (const char        *string,
                                                 IncidentPriority  *priority,
                                                 GError           **error);

INCIDENT_AVAILABLE_IN_ALL
IncidentPriority  incident_priority_from_impact (IncidentLevel      impact,
                                                 IncidentLevel      urgency);

G_END_DECLS
