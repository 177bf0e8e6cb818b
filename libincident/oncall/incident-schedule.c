/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "oncall/incident-schedule-private.h"

/**
 * IncidentSchedule:
 *
 * Who is on call when: what the playbook says, and what people changed on single days.
 *
 * It is as it was when the desk was asked for it. A moment of the past is told as it was in force
 * then: what is changed later never rewrites it.
 *
 * A schedule never changes and may be shared between threads.
 *
 * Since: 0.1
 */
G_DEFINE_BOXED_TYPE (IncidentSchedule, incident_schedule, incident_schedule_ref, incident_schedule_unref)

IncidentSchedule *
incident_schedule_new (IncidentRoster *roster,
                       const char     *name)
{
  const IncidentScheduleRules *rules = incident_oncall_rules_get_schedule (roster->rules->oncall, name);
  IncidentSchedule *self;

  if (rules == NULL)
    return NULL;

  self = g_atomic_rc_box_new0 (IncidentSchedule);
  self->roster = incident_roster_ref (roster);
  self->rules = rules;
  return self;
}

/**
 * incident_schedule_ref:
 * @self: a schedule
 *
 * Takes a reference.
 *
 * Returns: (transfer full): @self
 *
 * Since: 0.1
 */
IncidentSchedule *
incident_schedule_ref (IncidentSchedule *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return g_atomic_rc_box_acquire (self);
}

static void
incident_schedule_clear (gpointer data)
{
  IncidentSchedule *self = data;

  incident_roster_unref (self->roster);
}

/**
 * incident_schedule_unref:
 * @self: (transfer full): a schedule
 *
 * Drops a reference.
 *
 * Since: 0.1
 */
void
incident_schedule_unref (IncidentSchedule *self)
{
  g_return_if_fail (self != NULL);

  g_atomic_rc_box_release_full (self, incident_schedule_clear);
}

/**
 * incident_schedule_get_name:
 * @self: a schedule
 *
 * Tells how the playbook calls it.
 *
 * Returns: (transfer none): the name
 *
 * Since: 0.1
 */
const char *
incident_schedule_get_name (IncidentSchedule *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return self->rules->name;
}

/**
 * incident_schedule_get_title:
 * @self: a schedule
 *
 * Tells how people call it.
 *
 * Returns: (transfer none): the title, or the name where the playbook gives none
 *
 * Since: 0.1
 */
const char *
incident_schedule_get_title (IncidentSchedule *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return self->rules->title != NULL ? self->rules->title : self->rules->name;
}

/**
 * incident_schedule_get_zone:
 * @self: a schedule
 *
 * Tells by which clock it is written. A layer of it may have a zone of its own.
 *
 * Returns: (transfer none): the name of a time zone, such as `Europe/Madrid`
 *
 * Since: 0.1
 */
const char *
incident_schedule_get_zone (IncidentSchedule *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return self->rules->zone_name;
}

/**
 * incident_schedule_dup_on_call:
 * @self: a schedule
 * @at: a moment, in microseconds since the Unix epoch, UTC
 *
 * Tells who is, or was, on call at a moment.
 *
 * Returns: (transfer full) (array zero-terminated=1): the people, each once; none
 *   where nobody is
 *
 * Since: 0.1
 */
char **
incident_schedule_dup_on_call (IncidentSchedule *self,
                               gint64            at)
{
  g_autoptr(GPtrArray) people = NULL;
  char **names;

  g_return_val_if_fail (self != NULL, NULL);

  people = g_ptr_array_new ();
  incident_roster_get_on_call (self->roster, self->rules->name, at, people);
  names = g_new0 (char *, people->len + 1);
  for (guint i = 0; i < people->len; i++)
    names[i] = g_strdup (g_ptr_array_index (people, i));
  return names;
}

/**
 * incident_schedule_list_shifts:
 * @self: a schedule
 * @from: where to begin, in microseconds since the Unix epoch, UTC
 * @until: where to end: the first moment that is not told
 *
 * Tells who is on call from one moment to another.
 *
 * The shifts follow each other without a gap: where nobody is on call there is a shift without
 * people. The first and the last are as long as the time that was asked for.
 *
 * Returns: (transfer container) (element-type IncidentShift): the shifts, by time
 *
 * Since: 0.1
 */
GPtrArray *
incident_schedule_list_shifts (IncidentSchedule *self,
                               gint64            from,
                               gint64            until)
{
  g_autoptr(GArray) spans = NULL;
  GPtrArray *shifts;

  g_return_val_if_fail (self != NULL, NULL);
  g_return_val_if_fail (from <= until, NULL);

  spans = incident_roster_cover (self->roster, self->rules->name, from, until);
  shifts = g_ptr_array_new_full (spans->len, (GDestroyNotify) incident_shift_unref);
  for (guint i = 0; i < spans->len; i++)
    g_ptr_array_add (shifts, incident_shift_new (&g_array_index (spans, IncidentSpan, i)));
  return shifts;
}
