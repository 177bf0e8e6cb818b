/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <libincident/incident-priority.h>

#include "base/incident-enum-private.h"

G_DEFINE_ENUM_TYPE (IncidentLevel, incident_level,
  G_DEFINE_ENUM_VALUE (INCIDENT_LEVEL_UNKNOWN, "unknown"),
  G_DEFINE_ENUM_VALUE (INCIDENT_LEVEL_HIGH, "high"),
  G_DEFINE_ENUM_VALUE (INCIDENT_LEVEL_MEDIUM, "medium"),
  G_DEFINE_ENUM_VALUE (INCIDENT_LEVEL_LOW, "low"))

/**
 * incident_level_to_string:
 * @level: a level
 *
 * Names a level as it is written in JSON, such as `high`.
 *
 * Returns: (transfer none) (nullable): the name, or %NULL if @level is no
 *   member of the enumeration
 *
 * Since: 0.1
 */
const char *
incident_level_to_string (IncidentLevel level)
{
  return incident_enum_get_nick (INCIDENT_TYPE_LEVEL, (int) level);
}

/**
 * incident_level_from_string:
 * @string: the name of a level
 * @level: (out): return location for the level
 * @error: return location for an error
 *
 * Reads the name that [func@Level.to_string] writes.
 *
 * Returns: %TRUE if @string names a level; otherwise @error is set to
 *   %INCIDENT_ERROR_INVALID and its message lists the names
 *
 * Since: 0.1
 */
gboolean
incident_level_from_string (const char     *string,
                            IncidentLevel  *level,
                            GError        **error)
{
  int value;

  g_return_val_if_fail (string != NULL, FALSE);
  g_return_val_if_fail (level != NULL, FALSE);
  g_return_val_if_fail (error == NULL || *error == NULL, FALSE);

  if (!incident_enum_from_nick (INCIDENT_TYPE_LEVEL, "level", string, &value, error))
    return FALSE;

  *level = (IncidentLevel) value;
  return TRUE;
}

G_DEFINE_ENUM_TYPE (IncidentPriority, incident_priority,
  G_DEFINE_ENUM_VALUE (INCIDENT_PRIORITY_UNKNOWN, "unknown"),
  G_DEFINE_ENUM_VALUE (INCIDENT_PRIORITY_P1, "p1"),
  G_DEFINE_ENUM_VALUE (INCIDENT_PRIORITY_P2, "p2"),
  G_DEFINE_ENUM_VALUE (INCIDENT_PRIORITY_P3, "p3"),
  G_DEFINE_ENUM_VALUE (INCIDENT_PRIORITY_P4, "p4"),
  G_DEFINE_ENUM_VALUE (INCIDENT_PRIORITY_P5, "p5"))

/**
 * incident_priority_to_string:
 * @priority: a priority
 *
 * Names a priority as it is written in JSON, such as `p1`.
 *
 * Returns: (transfer none) (nullable): the name, or %NULL if @priority is no
 *   member of the enumeration
 *
 * Since: 0.1
 */
const char *
incident_priority_to_string (IncidentPriority priority)
{
  return incident_enum_get_nick (INCIDENT_TYPE_PRIORITY, (int) priority);
}

/**
 * incident_priority_from_string:
 * @string: the name of a priority
 * @priority: (out): return location for the priority
 * @error: return location for an error
 *
 * Reads the name that [func@Priority.to_string] writes.
 *
 * Returns: %TRUE if @string names a priority; otherwise @error is set to
 *   %INCIDENT_ERROR_INVALID and its message lists the names
 *
 * Since: 0.1
 */
gboolean
incident_priority_from_string (const char        *string,
                               IncidentPriority  *priority,
                               GError           **error)
{
  int value;

  g_return_val_if_fail (string != NULL, FALSE);
  g_return_val_if_fail (priority != NULL, FALSE);
  g_return_val_if_fail (error == NULL || *error == NULL, FALSE);

  if (!incident_enum_from_nick (INCIDENT_TYPE_PRIORITY, "priority", string, &value, error))
    return FALSE;

  *priority = (IncidentPriority) value;
  return TRUE;
}

/**
 * incident_priority_from_impact:
 * @impact: how far the incident reaches
 * @urgency: how little time there is
 *
 * Reads the priority from the usual table of impact and urgency.
 *
 * The table is the one that 24,918 cases of a ServiceNow log show (UCI Machine
 * Learning Repository, data set 498); that log never pairs high impact with low
 * urgency, which is a P3 here.
 *
 * Returns: the priority, or %INCIDENT_PRIORITY_UNKNOWN unless both are known
 *
 * Since: 0.1
 */
IncidentPriority
incident_priority_from_impact (IncidentLevel impact,
                               IncidentLevel urgency)
{
  static const IncidentPriority table[3][3] = {
    { INCIDENT_PRIORITY_P1, INCIDENT_PRIORITY_P2, INCIDENT_PRIORITY_P3 },
    { INCIDENT_PRIORITY_P2, INCIDENT_PRIORITY_P3, INCIDENT_PRIORITY_P4 },
    { INCIDENT_PRIORITY_P3, INCIDENT_PRIORITY_P4, INCIDENT_PRIORITY_P4 },
  };

  g_return_val_if_fail ((int) impact >= 0 && impact <= INCIDENT_LEVEL_LOW, INCIDENT_PRIORITY_UNKNOWN);
  g_return_val_if_fail ((int) urgency >= 0 && urgency <= INCIDENT_LEVEL_LOW, INCIDENT_PRIORITY_UNKNOWN);

  if (impact == INCIDENT_LEVEL_UNKNOWN || urgency == INCIDENT_LEVEL_UNKNOWN)
    return INCIDENT_PRIORITY_UNKNOWN;

  return table[impact - 1][urgency - 1];
}
