/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <libincident/incident-override.h>

#include "base/incident-enum-private.h"

G_DEFINE_ENUM_TYPE (IncidentOverrideKind, incident_override_kind,
                    G_DEFINE_ENUM_VALUE (INCIDENT_OVERRIDE_KIND_ADD, "add"),
                    G_DEFINE_ENUM_VALUE (INCIDENT_OVERRIDE_KIND_REMOVE, "remove"),
                    G_DEFINE_ENUM_VALUE (INCIDENT_OVERRIDE_KIND_REPLACE, "replace"),
                    G_DEFINE_ENUM_VALUE (INCIDENT_OVERRIDE_KIND_SWAP, "swap"),
                    G_DEFINE_ENUM_VALUE (INCIDENT_OVERRIDE_KIND_TEMPORARY, "temporary"),
                    G_DEFINE_ENUM_VALUE (INCIDENT_OVERRIDE_KIND_FEED, "feed"))

G_DEFINE_ENUM_TYPE (IncidentOverrideState, incident_override_state,
                    G_DEFINE_ENUM_VALUE (INCIDENT_OVERRIDE_STATE_IN_FORCE, "in-force"),
                    G_DEFINE_ENUM_VALUE (INCIDENT_OVERRIDE_STATE_OPEN, "open"),
                    G_DEFINE_ENUM_VALUE (INCIDENT_OVERRIDE_STATE_TAKEN, "taken"),
                    G_DEFINE_ENUM_VALUE (INCIDENT_OVERRIDE_STATE_PAST_DUE, "past-due"),
                    G_DEFINE_ENUM_VALUE (INCIDENT_OVERRIDE_STATE_WITHDRAWN, "withdrawn"))

/**
 * incident_override_kind_to_string:
 * @kind: a kind
 *
 * Names a kind of override, as JSON has it.
 *
 * Can be called from any thread.
 *
 * Returns: (transfer none) (nullable): the name, such as `replace`, or %NULL if there is no such kind
 *
 * Since: 0.1
 */
const char *
incident_override_kind_to_string (IncidentOverrideKind kind)
{
  return incident_enum_get_nick (INCIDENT_TYPE_OVERRIDE_KIND, (int) kind);
}

/**
 * incident_override_kind_from_string:
 * @string: a name, such as `replace`
 * @kind: (out): return location for the kind
 * @error: return location for an error
 *
 * Reads the name of a kind of override.
 *
 * Can be called from any thread.
 *
 * Returns: %TRUE if @kind is set; otherwise @error is set to %INCIDENT_ERROR_INVALID, which names those there
 *   are
 *
 * Since: 0.1
 */
gboolean
incident_override_kind_from_string (const char            *string,
                                    IncidentOverrideKind  *kind,
                                    GError               **error)
{
  int value;

  g_return_val_if_fail (string != NULL, FALSE);
  g_return_val_if_fail (kind != NULL, FALSE);
  g_return_val_if_fail (error == NULL || *error == NULL, FALSE);

  if (!incident_enum_from_nick (INCIDENT_TYPE_OVERRIDE_KIND, "kind", string, &value, error))
    return FALSE;

  *kind = (IncidentOverrideKind) value;
  return TRUE;
}

/**
 * incident_override_state_to_string:
 * @state: a state
 *
 * Names a state of an override, as JSON has it.
 *
 * Can be called from any thread.
 *
 * Returns: (transfer none) (nullable): the name, such as `past-due`, or %NULL if there is no such state
 *
 * Since: 0.1
 */
const char *
incident_override_state_to_string (IncidentOverrideState state)
{
  return incident_enum_get_nick (INCIDENT_TYPE_OVERRIDE_STATE, (int) state);
}
