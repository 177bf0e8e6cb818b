/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "oncall/incident-simulation-private.h"

#include "model/incident-rules-private.h"

void
incident_simulation_init (IncidentSimulation     *self,
                          const IncidentPlanning *planning,
                          IncidentState          *state,
                          guint                   most_looks,
                          IncidentSimulationTold  told,
                          gpointer                data)
{
  self->planning = *planning;
  self->state = state;
  self->n_looks = 0;
  self->most_looks = most_looks;
  self->told = told;
  self->data = data;
  incident_plan_init (&self->plan);
}

void
incident_simulation_clear (IncidentSimulation *self)
{
  if (self->state == NULL)
    return;

  incident_plan_clear (&self->plan);
  incident_state_clear (self->state);
  g_clear_pointer (&self->state, g_free);
}

void
incident_simulation_apply (IncidentSimulation *self,
                           const char         *facts,
                           const char         *actor,
                           gint64              at)
{
  IncidentEffect effect;

  incident_effect_read (&effect, facts);
  incident_state_apply (self->state, &effect, self->state->version + 1, actor, at);
}

gboolean
incident_simulation_look (IncidentSimulation *self,
                          gint64              now,
                          gint64              now_boot,
                          gint64             *due,
                          gint64             *due_boot)
{
  self->planning.now = now;
  self->planning.now_boot = now_boot;
  do
    {
      if (self->n_looks == self->most_looks)
        return FALSE;

      self->n_looks++;
      incident_plan_make (&self->plan, &self->planning, self->state);
      for (guint i = 0; i < self->plan.events->len; i++)
        incident_simulation_apply (self, g_array_index (self->plan.events, IncidentPlannedEvent, i).facts, INCIDENT_DESK_ACTOR, now);
      if (self->plan.events->len > 0 && self->told != NULL)
        self->told (&self->plan, self->state, now, self->data);
    }
  while (self->plan.events->len > 0 && self->plan.due <= now);

  *due = self->plan.due;
  if (due_boot != NULL)
    *due_boot = self->plan.due_boot;
  return TRUE;
}

gboolean
incident_simulation_run (IncidentSimulation *self,
                         gint64              from,
                         gint64              until)
{
  gint64 due;

  for (gint64 now = from; now < until; now = MAX (due, now + 1))
    if (!incident_simulation_look (self, now, 0, &due, NULL))
      return FALSE;

  return TRUE;
}
