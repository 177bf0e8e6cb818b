/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "oncall/incident-roster-private.h"

#include <libincident/incident-time.h>

void
incident_fixed_shift_clear (IncidentFixedShift *self)
{
  g_clear_pointer (&self->person, g_free);
  g_clear_pointer (&self->words, g_free);
}

static GArray *
shifts_new (void)
{
  GArray *shifts = g_array_new (FALSE, FALSE, sizeof (IncidentFixedShift));

  g_array_set_clear_func (shifts, (GDestroyNotify) incident_fixed_shift_clear);
  return shifts;
}

IncidentRosterChange *
incident_roster_change_new (const char           *schedule,
                            IncidentOverrideKind  kind,
                            const char           *person,
                            const char           *substitute,
                            gint64                from,
                            gint64                until,
                            const char           *text)
{
  IncidentRosterChange *self = g_new0 (IncidentRosterChange, 1);

  self->schedule = g_strdup (schedule);
  self->kind = kind;
  self->person = g_strdup (person);
  self->substitute = g_strdup (substitute);
  self->from = from;
  self->until = until;
  self->text = g_strdup (text);
  if (kind == INCIDENT_OVERRIDE_KIND_TEMPORARY || kind == INCIDENT_OVERRIDE_KIND_FEED)
    self->shifts = shifts_new ();
  self->added_at = self->taken_at = self->withdrawn_at = INCIDENT_TIME_NONE;
  return self;
}

void
incident_roster_change_add_shift (IncidentRosterChange *self,
                                  const char           *person,
                                  const char           *words,
                                  guint                 priority,
                                  gint64                from,
                                  gint64                until)
{
  IncidentFixedShift shift = { g_strdup (person), g_strdup (words), priority, from, until };

  g_array_append_val (self->shifts, shift);
}

IncidentRosterChange *
incident_roster_change_copy (const IncidentRosterChange *self)
{
  IncidentRosterChange *copy = incident_roster_change_new (self->schedule, self->kind, self->person, self->substitute,
                                                           self->from, self->until, self->text);

  copy->id = self->id;
  copy->actor = g_strdup (self->actor);
  copy->added_at = self->added_at;
  copy->taken_at = self->taken_at;
  copy->withdrawn_at = self->withdrawn_at;
  for (guint i = 0; self->shifts != NULL && i < self->shifts->len; i++)
    {
      const IncidentFixedShift *shift = &g_array_index (self->shifts, IncidentFixedShift, i);

      incident_roster_change_add_shift (copy, shift->person, shift->words, shift->priority, shift->from, shift->until);
    }
  return copy;
}

void
incident_roster_change_free (IncidentRosterChange *self)
{
  g_free (self->schedule);
  g_free (self->person);
  g_free (self->substitute);
  g_free (self->actor);
  g_free (self->text);
  g_clear_pointer (&self->shifts, g_array_unref);
  g_free (self);
}

IncidentOverrideState
incident_roster_change_get_state (const IncidentRosterChange *self,
                                  gint64                      now)
{
  if (self->withdrawn_at != INCIDENT_TIME_NONE)
    return INCIDENT_OVERRIDE_STATE_WITHDRAWN;
  if (self->kind != INCIDENT_OVERRIDE_KIND_SWAP)
    return INCIDENT_OVERRIDE_STATE_IN_FORCE;
  if (self->taken_at != INCIDENT_TIME_NONE)
    return INCIDENT_OVERRIDE_STATE_TAKEN;

  return self->from <= now ? INCIDENT_OVERRIDE_STATE_PAST_DUE : INCIDENT_OVERRIDE_STATE_OPEN;
}
