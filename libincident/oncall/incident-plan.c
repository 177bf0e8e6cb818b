/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "oncall/incident-plan-inside-private.h"

#include <libincident/incident-time.h>

/* A plan looks at each run of a case and at what people ask for, decides what is due, and says it. It
 * reads the state alone, so whoever has the same events comes to the same plan. */

static void
event_clear (gpointer data)
{
  IncidentPlannedEvent *self = data;

  g_free (self->facts);
  g_free (self->payload);
}

static void
page_clear (gpointer data)
{
  g_free (((IncidentPlannedPage *) data)->target);
}

void
incident_plan_init (IncidentPlan *self)
{
  *self = (IncidentPlan) {
    .events = g_array_new (FALSE, FALSE, sizeof (IncidentPlannedEvent)),
    .pages = g_array_new (FALSE, FALSE, sizeof (IncidentPlannedPage)),
    .due = G_MAXINT64,
    .due_boot = G_MAXINT64,
  };
  g_array_set_clear_func (self->events, event_clear);
  g_array_set_clear_func (self->pages, page_clear);
}

void
incident_plan_clear (IncidentPlan *self)
{
  g_clear_pointer (&self->events, g_array_unref);
  g_clear_pointer (&self->pages, g_array_unref);
}

guint32
incident_boot_hash (const char *boot_id)
{
  guint32 hash = g_str_hash (boot_id);

  /* Who cannot tell one boot from the next goes by the wall: the clock of another boot may be days away. */
  if (g_str_equal (boot_id, INCIDENT_BOOT_UNKNOWN))
    return 0;

  return hash != 0 ? hash : 1;
}

static const IncidentAsked *
get_asked (const IncidentPlanner *self)
{
  const GPtrArray *asked = self->state->dossier != NULL ? self->state->dossier->asked : NULL;

  return self->state->live && asked != NULL && asked->len > 0 ? g_ptr_array_index (asked, 0) : NULL;
}

static gboolean
wants_start (const IncidentPlanner *self)
{
  return self->state->live && !incident_planner_has_run (self) && !incident_planner_is_resolved (self) && incident_planner_get_snooze (self) == INCIDENT_TIME_NONE
         && incident_planner_find_starts (self, NULL);
}

static void
look_at_runs (IncidentPlanner *self)
{
  for (const IncidentRun *run = self->state->runs; run != NULL; run = run->next)
    if (!incident_run_is_over (run))
      incident_planner_act (self, run);
}

static void
start_all (IncidentPlanner *self)
{
  g_autoptr(GPtrArray) policies = g_ptr_array_new ();

  incident_planner_find_starts (self, policies);
  for (guint i = 0; i < policies->len; i++)
    incident_planner_start (self, g_ptr_array_index (policies, i), incident_planner_get_first_reason (self));
}

static IncidentPlanner
planner_new (IncidentPlan           *plan,
             const IncidentPlanning *planning,
             const IncidentState    *state)
{
  return (IncidentPlanner) { .plan = plan, .planning = planning, .state = state, .rules = planning->roster->rules };
}

void
incident_plan_make (IncidentPlan           *self,
                    const IncidentPlanning *planning,
                    const IncidentState    *state)
{
  IncidentPlanner planner = planner_new (self, planning, state);

  g_array_set_size (self->events, 0);
  g_array_set_size (self->pages, 0);
  self->due = G_MAXINT64;
  self->due_boot = G_MAXINT64;
  self->boot = planning->boot;
  self->now_boot = planning->now_boot;

  /* One at a time: what it changes, the next look sees. */
  if (get_asked (&planner) != NULL)
    {
      incident_planner_answer (&planner, get_asked (&planner));
      incident_planner_wait_until (&planner, planning->now);
    }
  else
    {
      look_at_runs (&planner);
      if (wants_start (&planner))
        start_all (&planner);
    }
  g_clear_pointer (&planner.unacked, g_ptr_array_unref);
}

gint64
incident_plan_get_due (const IncidentPlanning *planning,
                       const IncidentState    *state,
                       gint64                 *due_boot)
{
  IncidentPlan plan = { .due = G_MAXINT64, .due_boot = G_MAXINT64 };
  IncidentPlanner planner = planner_new (&plan, planning, state);

  *due_boot = G_MAXINT64;
  if (get_asked (&planner) != NULL || wants_start (&planner))
    return INCIDENT_TIME_NONE;

  for (const IncidentRun *run = state->runs; run != NULL; run = run->next)
    if (!incident_run_is_over (run) && incident_planner_decide (&planner, run, incident_planner_find_policy (&planner, run)) != INCIDENT_DECISION_REST)
      return INCIDENT_TIME_NONE;

  if (state->live && !incident_planner_has_run (&planner) && incident_planner_get_snooze (&planner) != INCIDENT_TIME_NONE)
    incident_planner_wait_until (&planner, incident_planner_get_snooze (&planner));
  *due_boot = plan.due_boot;
  return plan.due;
}
