/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <libincident/incident-desk.h>

#include <libincident/incident-error.h>

#include "base/incident-error-private.h"
#include "desk/incident-desk-oncall-private.h"
#include "oncall/incident-schedule-private.h"

/**
 * incident_desk_get_schedule:
 * @self: a desk
 * @name: the name of a schedule of the playbook
 * @error: return location for an error
 *
 * Gets a schedule as it is lived: with what people changed on single days.
 *
 * It tells how all that was known when it was asked for, and does not change afterwards. This call blocks.
 *
 * Returns: (transfer full): the schedule; or %NULL with @error set to %INCIDENT_ERROR_NOT_FOUND if the playbook has
 *   none of the name, or to what ails the store
 *
 * Since: 0.1
 */
IncidentSchedule *
incident_desk_get_schedule (IncidentDesk  *self,
                            const char    *name,
                            GError       **error)
{
  g_autoptr(IncidentRoster) roster = NULL;
  IncidentSchedule *schedule;

  g_return_val_if_fail (INCIDENT_IS_DESK (self), NULL);
  g_return_val_if_fail (name != NULL, NULL);
  g_return_val_if_fail (error == NULL || *error == NULL, NULL);

  roster = incident_desk_load_roster (self, error);
  if (roster == NULL)
    return NULL;

  schedule = incident_schedule_new (roster, name);
  if (schedule == NULL)
    incident_set_error_at (error, INCIDENT_ERROR_NOT_FOUND, "name", "There is no schedule “%s” in the playbook", name);
  return schedule;
}

/**
 * incident_desk_list_schedules:
 * @self: a desk
 * @error: return location for an error
 *
 * Lists the schedules of the playbook, as [method@Desk.get_schedule] gives them. This call blocks.
 *
 * Returns: (transfer container) (element-type IncidentSchedule): the schedules, by name; or %NULL with @error set to
 *   what ails the store
 *
 * Since: 0.1
 */
GPtrArray *
incident_desk_list_schedules (IncidentDesk  *self,
                              GError       **error)
{
  g_autoptr(IncidentRoster) roster = NULL;
  g_autoptr(GPtrArray) schedules = NULL;
  const GPtrArray *rules;

  g_return_val_if_fail (INCIDENT_IS_DESK (self), NULL);
  g_return_val_if_fail (error == NULL || *error == NULL, NULL);

  roster = incident_desk_load_roster (self, error);
  if (roster == NULL)
    return NULL;

  rules = roster->rules->oncall->schedules;
  schedules = g_ptr_array_new_with_free_func ((GDestroyNotify) incident_schedule_unref);
  for (guint i = 0; i < rules->len; i++)
    g_ptr_array_add (schedules, incident_schedule_new (roster, ((const IncidentScheduleRules *) g_ptr_array_index (rules, i))->name));

  return g_steal_pointer (&schedules);
}
