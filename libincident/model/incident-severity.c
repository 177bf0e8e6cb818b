/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <libincident/incident-severity.h>

#include "base/incident-enum-private.h"

G_DEFINE_ENUM_TYPE (IncidentSeverity, incident_severity,
  G_DEFINE_ENUM_VALUE (INCIDENT_SEVERITY_UNKNOWN, "unknown"),
  G_DEFINE_ENUM_VALUE (INCIDENT_SEVERITY_SEV1, "sev1"),
  G_DEFINE_ENUM_VALUE (INCIDENT_SEVERITY_SEV2, "sev2"),
  G_DEFINE_ENUM_VALUE (INCIDENT_SEVERITY_SEV3, "sev3"),
  G_DEFINE_ENUM_VALUE (INCIDENT_SEVERITY_SEV4, "sev4"),
  G_DEFINE_ENUM_VALUE (INCIDENT_SEVERITY_SEV5, "sev5"))

/**
 * incident_severity_to_string:
 * @severity: a severity
 *
 * Names a severity as it is written in JSON, such as `sev1`.
 *
 * Returns: (transfer none) (nullable): the name, or %NULL if @severity is no
 *   member of the enumeration
 *
 * Since: 0.1
 */
const char *
incident_severity_to_string (IncidentSeverity severity)
{
  return incident_enum_get_nick (INCIDENT_TYPE_SEVERITY, (int) severity);
}

/**
 * incident_severity_from_string:
 * @string: the name of a severity
 * @severity: (out): return location for the severity
 * @error: return location for an error
 *
 * Reads the name that [func@Severity.to_string] writes.
 *
 * Returns: %TRUE if @string names a severity; otherwise @error is set to
 *   %INCIDENT_ERROR_INVALID and its message lists the names
 *
 * Since: 0.1
 */
gboolean
incident_severity_from_string (const char        *string,
                               IncidentSeverity  *severity,
                               GError           **error)
{
  int value;

  g_return_val_if_fail (string != NULL, FALSE);
  g_return_val_if_fail (severity != NULL, FALSE);
  g_return_val_if_fail (error == NULL || *error == NULL, FALSE);

  if (!incident_enum_from_nick (INCIDENT_TYPE_SEVERITY, "severity", string, &value, error))
    return FALSE;

  *severity = (IncidentSeverity) value;
  return TRUE;
}
