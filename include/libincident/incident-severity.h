/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#if !defined (INCIDENT_INSIDE) && !defined (INCIDENT_COMPILATION)
# error "Only <libincident/incident.h> can be included directly."
#endif

#include <glib-object.h>
#include <libincident/incident-version-macros.h>

G_BEGIN_DECLS

/**
 * IncidentSeverity:
 * @INCIDENT_SEVERITY_UNKNOWN: not judged yet; written as `null` in JSON
 * @INCIDENT_SEVERITY_SEV1: critical: most users or data exposed; tell the public
 * @INCIDENT_SEVERITY_SEV2: a major part is down for many
 * @INCIDENT_SEVERITY_SEV3: partial, or one failure away from SEV2
 * @INCIDENT_SEVERITY_SEV4: needs action; users are not hindered
 * @INCIDENT_SEVERITY_SEV5: cosmetic
 *
 * How bad an incident is.
 *
 * The smaller the number, the worse. Unsure between two: take the worse.
 *
 * Since: 0.1
 */
typedef enum
{
  INCIDENT_SEVERITY_UNKNOWN,
  INCIDENT_SEVERITY_SEV1,
  INCIDENT_SEVERITY_SEV2,
  INCIDENT_SEVERITY_SEV3,
  INCIDENT_SEVERITY_SEV4,
  INCIDENT_SEVERITY_SEV5,
} IncidentSeverity;

#define INCIDENT_TYPE_SEVERITY (incident_severity_get_type ())

INCIDENT_AVAILABLE_IN_ALL
GType       incident_severity_get_type    (void) G_GNUC_CONST;

INCIDENT_AVAILABLE_IN_ALL
const char *incident_severity_to_string   (IncidentSeverity   severity);

INCIDENT_AVAILABLE_IN_ALL
gboolean    incident_severity_from_string (const char        *string,
                                           IncidentSeverity  *severity,
                                           GError           **error);

G_END_DECLS
