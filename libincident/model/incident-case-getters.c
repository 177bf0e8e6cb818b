/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "model/incident-case-private.h"

#include <libincident/incident-time.h>

#include "base/incident-error-private.h"

/**
 * incident_case_number_from_string:
 * @id: what people write, such as `INC-1` or `1`
 * @number: (out): return location for the number
 * @error: return location for an error
 *
 * Reads the id of a case.
 *
 * Returns: %TRUE if @id is one; otherwise @error is set to
 *   %INCIDENT_ERROR_INVALID
 *
 * Since: 0.1
 */
gboolean
incident_case_number_from_string (const char  *id,
                                  guint64     *number,
                                  GError     **error)
{
  const char *digits;

  g_return_val_if_fail (id != NULL, FALSE);
  g_return_val_if_fail (number != NULL, FALSE);
  g_return_val_if_fail (error == NULL || *error == NULL, FALSE);

  digits = g_ascii_strncasecmp (id, "INC-", 4) == 0 ? id + 4 : id;
  if (g_ascii_string_to_unsigned (digits, 10, 1, G_MAXINT64, number, NULL))
    return TRUE;

  incident_set_error_at (error, INCIDENT_ERROR_INVALID, "id",
                         "“%s” is not the id of a case: write it as INC-1 or 1", id);
  return FALSE;
}

/**
 * incident_case_number_to_string:
 * @number: the number of a case
 *
 * Writes the id of a case as [func@Case.number_from_string] reads it.
 *
 * Returns: (transfer full): the id, such as `INC-1`
 *
 * Since: 0.1
 */
char *
incident_case_number_to_string (guint64 number)
{
  return g_strdup_printf ("INC-%" G_GUINT64_FORMAT, number);
}

/**
 * incident_case_get_number: (get-property number)
 * @self: a case
 *
 * Gets the property [property@Case:number].
 *
 * The number, unique in its store.
 *
 * Returns: the number
 *
 * Since: 0.1
 */
guint64
incident_case_get_number (IncidentCase *self)
{
  g_return_val_if_fail (INCIDENT_IS_CASE (self), 0);

  return incident_case_get_fold (self)->number;
}

/**
 * incident_case_get_title: (get-property title)
 * @self: a case
 *
 * Gets the property [property@Case:title].
 *
 * What is wrong, in one line.
 *
 * Returns: (transfer none): the title
 *
 * Since: 0.1
 */
const char *
incident_case_get_title (IncidentCase *self)
{
  g_return_val_if_fail (INCIDENT_IS_CASE (self), NULL);

  return incident_case_get_fold (self)->title;
}

/**
 * incident_case_get_phase: (get-property phase)
 * @self: a case
 *
 * Gets the property [property@Case:phase].
 *
 * Where in its lifecycle it is.
 *
 * Returns: (transfer none): the phase
 *
 * Since: 0.1
 */
const char *
incident_case_get_phase (IncidentCase *self)
{
  g_return_val_if_fail (INCIDENT_IS_CASE (self), NULL);

  return incident_case_get_state (self)->phase;
}

/**
 * incident_case_get_open: (get-property open)
 * @self: a case
 *
 * Gets the property [property@Case:open].
 *
 * Whether there is still something to do: it is neither closed nor cancelled.
 *
 * Returns: %TRUE if so
 *
 * Since: 0.1
 */
gboolean
incident_case_get_open (IncidentCase *self)
{
  g_return_val_if_fail (INCIDENT_IS_CASE (self), FALSE);

  return incident_case_get_state (self)->open;
}

/**
 * incident_case_get_live: (get-property live)
 * @self: a case
 *
 * Gets the property [property@Case:live].
 *
 * Whether users still suffer: it is open and not recovered.
 *
 * Returns: %TRUE if so
 *
 * Since: 0.1
 */
gboolean
incident_case_get_live (IncidentCase *self)
{
  g_return_val_if_fail (INCIDENT_IS_CASE (self), FALSE);

  return incident_case_get_state (self)->live;
}

/**
 * incident_case_get_severity: (get-property severity)
 * @self: a case
 *
 * Gets the property [property@Case:severity].
 *
 * How bad it is.
 *
 * Returns: the severity
 *
 * Since: 0.1
 */
IncidentSeverity
incident_case_get_severity (IncidentCase *self)
{
  g_return_val_if_fail (INCIDENT_IS_CASE (self), INCIDENT_SEVERITY_UNKNOWN);

  return (IncidentSeverity) incident_case_get_state (self)->severity;
}

/**
 * incident_case_get_impact: (get-property impact)
 * @self: a case
 *
 * Gets the property [property@Case:impact].
 *
 * How far it reaches.
 *
 * Returns: the impact
 *
 * Since: 0.1
 */
IncidentLevel
incident_case_get_impact (IncidentCase *self)
{
  g_return_val_if_fail (INCIDENT_IS_CASE (self), INCIDENT_LEVEL_UNKNOWN);

  return (IncidentLevel) incident_case_get_state (self)->impact;
}

/**
 * incident_case_get_urgency: (get-property urgency)
 * @self: a case
 *
 * Gets the property [property@Case:urgency].
 *
 * How little time there is.
 *
 * Returns: the urgency
 *
 * Since: 0.1
 */
IncidentLevel
incident_case_get_urgency (IncidentCase *self)
{
  g_return_val_if_fail (INCIDENT_IS_CASE (self), INCIDENT_LEVEL_UNKNOWN);

  return (IncidentLevel) incident_case_get_state (self)->urgency;
}

/**
 * incident_case_get_priority: (get-property priority)
 * @self: a case
 *
 * Gets the property [property@Case:priority].
 *
 * In which order to work; it follows from impact and urgency.
 *
 * Returns: the priority
 *
 * Since: 0.1
 */
IncidentPriority
incident_case_get_priority (IncidentCase *self)
{
  g_return_val_if_fail (INCIDENT_IS_CASE (self), INCIDENT_PRIORITY_UNKNOWN);

  return incident_state_get_priority (incident_case_get_state (self));
}

/**
 * incident_case_get_service: (get-property service)
 * @self: a case
 *
 * Gets the property [property@Case:service].
 *
 * Which service is hit, or %NULL if that is not known.
 *
 * Returns: (transfer none) (nullable): the service, or %NULL
 *
 * Since: 0.1
 */
const char *
incident_case_get_service (IncidentCase *self)
{
  g_return_val_if_fail (INCIDENT_IS_CASE (self), NULL);

  return incident_case_get_state (self)->service;
}

/**
 * incident_case_get_category: (get-property category)
 * @self: a case
 *
 * Gets the property [property@Case:category].
 *
 * What sort of incident it is, or %NULL if that is not known.
 *
 * Returns: (transfer none) (nullable): the category, or %NULL
 *
 * Since: 0.1
 */
const char *
incident_case_get_category (IncidentCase *self)
{
  g_return_val_if_fail (INCIDENT_IS_CASE (self), NULL);

  return incident_case_get_state (self)->category;
}

/**
 * incident_case_get_commander: (get-property commander)
 * @self: a case
 *
 * Gets the property [property@Case:commander].
 *
 * Who commands, or %NULL before somebody does.
 *
 * Returns: (transfer none) (nullable): the commander, or %NULL
 *
 * Since: 0.1
 */
const char *
incident_case_get_commander (IncidentCase *self)
{
  g_return_val_if_fail (INCIDENT_IS_CASE (self), NULL);

  return incident_state_get_holder (incident_case_get_state (self), "commander");
}

/**
 * incident_case_get_episode: (get-property episode)
 * @self: a case
 *
 * Gets the property [property@Case:episode].
 *
 * How often it was opened: 1, and one more at each reopening.
 *
 * Returns: the number
 *
 * Since: 0.1
 */
guint
incident_case_get_episode (IncidentCase *self)
{
  g_return_val_if_fail (INCIDENT_IS_CASE (self), 0);

  return incident_case_get_state (self)->episode;
}

/**
 * incident_case_get_version: (get-property version)
 * @self: a case
 *
 * Gets the property [property@Case:version].
 *
 * The sequence number of its last event.
 *
 * Returns: the number
 *
 * Since: 0.1
 */
guint
incident_case_get_version (IncidentCase *self)
{
  g_return_val_if_fail (INCIDENT_IS_CASE (self), 0);

  return incident_case_get_state (self)->version;
}

/**
 * incident_case_get_firing_alerts: (get-property firing-alerts)
 * @self: a case
 *
 * Gets the property [property@Case:firing-alerts].
 *
 * How many of its alerts fire.
 *
 * Returns: the number
 *
 * Since: 0.1
 */
guint
incident_case_get_firing_alerts (IncidentCase *self)
{
  const IncidentDossier *dossier;

  g_return_val_if_fail (INCIDENT_IS_CASE (self), 0);

  dossier = incident_case_get_state (self)->dossier;
  return dossier != NULL ? dossier->n_firing : 0;
}

/**
 * incident_case_get_opened_at: (get-property opened-at)
 * @self: a case
 *
 * Gets the property [property@Case:opened-at].
 *
 * When it was opened, in microseconds since the Unix epoch, UTC.
 *
 * Returns: microseconds since the Unix epoch, UTC
 *
 * Since: 0.1
 */
gint64
incident_case_get_opened_at (IncidentCase *self)
{
  g_return_val_if_fail (INCIDENT_IS_CASE (self), INCIDENT_TIME_NONE);

  return incident_case_get_fold (self)->opened_at;
}

/**
 * incident_case_get_updated_at: (get-property updated-at)
 * @self: a case
 *
 * Gets the property [property@Case:updated-at].
 *
 * When its last event was recorded, in microseconds since the Unix epoch, UTC.
 *
 * Returns: microseconds since the Unix epoch, UTC
 *
 * Since: 0.1
 */
gint64
incident_case_get_updated_at (IncidentCase *self)
{
  g_return_val_if_fail (INCIDENT_IS_CASE (self), INCIDENT_TIME_NONE);

  return incident_case_get_fold (self)->updated_at;
}

/**
 * incident_case_get_closed_at: (get-property closed-at)
 * @self: a case
 *
 * Gets the property [property@Case:closed-at].
 *
 * When it ended, in microseconds since the Unix epoch, UTC, or %INCIDENT_TIME_NONE while it is open.
 *
 * Returns: microseconds since the Unix epoch, UTC, or %INCIDENT_TIME_NONE while it is open
 *
 * Since: 0.1
 */
gint64
incident_case_get_closed_at (IncidentCase *self)
{
  g_return_val_if_fail (INCIDENT_IS_CASE (self), INCIDENT_TIME_NONE);

  return incident_case_get_fold (self)->closed_at;
}

/**
 * incident_case_get_holder:
 * @self: a case
 * @role: the name of a role, such as `commander`
 *
 * Tells who has a role now.
 *
 * Returns: (transfer none) (nullable): the person, or %NULL if nobody has it
 *
 * Since: 0.1
 */
const char *
incident_case_get_holder (IncidentCase *self,
                          const char   *role)
{
  g_return_val_if_fail (INCIDENT_IS_CASE (self), NULL);
  g_return_val_if_fail (role != NULL, NULL);

  return incident_state_get_holder (incident_case_get_state (self), role);
}

/**
 * incident_case_list_assignments:
 * @self: a case
 *
 * Lists who has had which role, and from when until when.
 *
 * Returns: (transfer container) (element-type IncidentAssignment): all
 *   assignments so far, in the order in which they were made
 *
 * Since: 0.1
 */
GPtrArray *
incident_case_list_assignments (IncidentCase *self)
{
  GPtrArray *held;
  GPtrArray *assignments;

  g_return_val_if_fail (INCIDENT_IS_CASE (self), NULL);

  held = incident_case_get_state (self)->assignments;
  assignments = g_ptr_array_new_with_free_func ((GDestroyNotify) incident_assignment_unref);
  for (guint i = 0; held != NULL && i < held->len; i++)
    g_ptr_array_add (assignments, incident_assignment_ref (g_ptr_array_index (held, i)));

  return assignments;
}

/**
 * incident_case_to_json:
 * @self: a case
 *
 * Writes what is true of the case now as JSON, as `incident show --json` does.
 *
 * Returns: (transfer full): a JSON object
 *
 * Since: 0.1
 */
char *
incident_case_to_json (IncidentCase *self)
{
  g_return_val_if_fail (INCIDENT_IS_CASE (self), NULL);

  return incident_fold_to_json (incident_case_get_fold (self));
}
