/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <libincident/incident-desk.h>

#include <libincident/incident-error.h>

#include <string.h>

#include "base/incident-error-private.h"
#include "desk/incident-desk-oncall-private.h"
#include "oncall/incident-calendar-private.h"

/* So far ahead the events of a calendar are looked up: those that recur have no end. */
#define HORIZON (366 * G_TIME_SPAN_DAY)

static GArray *
read_shifts (IncidentDesk   *self,
             const char     *schedule,
             const char     *text,
             gsize           length,
             gint64          from,
             GPtrArray      *warnings,
             GError        **error)
{
  const IncidentRules *rules = incident_desk_get_rulebook (self)->rules;
  const IncidentScheduleRules *found = incident_oncall_rules_get_schedule (rules->oncall, schedule);

  if (found == NULL)
    {
      incident_set_error_at (error, INCIDENT_ERROR_NOT_FOUND, "schedule", "There is no schedule “%s” in the playbook", schedule);
      return NULL;
    }

  return incident_calendar_read (text, length, rules, found->zone, from, from + HORIZON, warnings, error);
}

static IncidentRosterChange *
make_change (const char   *schedule,
             gint64        from,
             const GArray *shifts)
{
  IncidentRosterChange *change = incident_roster_change_new (schedule, INCIDENT_OVERRIDE_KIND_FEED, NULL, NULL, from, from + HORIZON, NULL);

  for (guint i = 0; i < shifts->len; i++)
    {
      const IncidentFixedShift *shift = &g_array_index (shifts, IncidentFixedShift, i);

      incident_roster_change_add_shift (change, shift->person, shift->words, shift->priority, shift->from, shift->until);
    }
  return change;
}

/* One that says nothing of the time to come must not empty a schedule. */
static gboolean
check_not_empty (const GArray  *shifts,
                 GError       **error)
{
  if (shifts->len > 0)
    return TRUE;

  incident_set_error_at (error, INCIDENT_ERROR_INVALID, "text", "The calendar has no event from now on, for a year: what was imported before stays");
  return FALSE;
}

/**
 * incident_desk_import_calendar:
 * @self: a desk
 * @schedule: the name of a schedule of the playbook
 * @text: a calendar (iCalendar, RFC 5545)
 * @length: how many bytes it has, at most 8 MiB; or -1 if it ends with a NUL
 * @actor: who does so
 * @warnings: (out) (optional) (transfer container) (element-type utf8): return location for what people should know: events
 *   that name nobody, times that a clock skips …, with the line of each
 * @error: return location for an error
 *
 * Imports a calendar into a schedule.
 *
 * The events of the next 366 days become shifts of the schedule, beside its layers: `[L3]` at the beginning of an event's
 * title is their priority, which is 1 elsewhere, as that of layers. Who is on call is, in this order, whoever takes part by the address that
 * the playbook has for them, whom the title names by address or name, and the organizer. An event that names nobody
 * is kept, and nobody is on call by it. Whole days, and times without a zone, are by the clock of the schedule.
 *
 * What was imported into the schedule before is withdrawn from now on. A text that cannot be read changes nothing, and
 * neither does one without any event to come, or one that names nobody where the last one does: the last good one stays,
 * and [method@Override.to_json] of it tells since when. Whoever may import has the right `override` in the playbook. This call blocks.
 *
 * Returns: (transfer full): what was imported; or %NULL with @error set: %INCIDENT_ERROR_NOT_FOUND at `schedule`;
 *   %INCIDENT_ERROR_INVALID at `text`, with a line for each thing that is wrong ([func@Error.list_problems]);
 *   %INCIDENT_ERROR_REFUSED with the code `not-permitted`; or what ails the store
 *
 * Since: 0.1
 */
IncidentOverride *
incident_desk_import_calendar (IncidentDesk  *self,
                               const char    *schedule,
                               const char    *text,
                               gssize         length,
                               const char    *actor,
                               GPtrArray    **warnings,
                               GError       **error)
{
  g_autoptr(GPtrArray) told = g_ptr_array_new_with_free_func (g_free);
  g_autoptr(GArray) shifts = NULL;
  IncidentRosterChange *change;
  IncidentOverride *made;
  gint64 now;

  g_return_val_if_fail (INCIDENT_IS_DESK (self), NULL);
  g_return_val_if_fail (schedule != NULL, NULL);
  g_return_val_if_fail (text != NULL, NULL);
  g_return_val_if_fail (length >= -1, NULL);
  g_return_val_if_fail (actor != NULL, NULL);
  g_return_val_if_fail (error == NULL || *error == NULL, NULL);

  now = incident_clock_get_time (incident_desk_get_clock (self));
  now -= now % G_TIME_SPAN_MINUTE;
  shifts = read_shifts (self, schedule, text, length >= 0 ? (gsize) length : strlen (text), now, told, error);
  if (shifts == NULL || !check_not_empty (shifts, error))
    return NULL;

  change = make_change (schedule, now, shifts);
  made = incident_desk_add_change (self, change, actor, error);
  incident_roster_change_free (change);
  if (made != NULL && warnings != NULL)
    *warnings = g_steal_pointer (&told);
  return made;
}
