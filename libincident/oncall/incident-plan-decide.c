/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "oncall/incident-plan-inside-private.h"

#include "model/incident-binding-private.h"

/* What is to become of a run, by the state alone. */

const char *
incident_planner_get_version (const IncidentRules *rules)
{
  return rules->version != NULL ? rules->version : INCIDENT_BUILT_IN;
}

const IncidentPolicyRules *
incident_planner_find_policy (const IncidentPlanner *self,
                              const IncidentRun     *run)
{
  const IncidentPlanning *planning = self->planning;
  const IncidentPolicyRules *policy = NULL;

  if (g_strcmp0 (run->version, incident_planner_get_version (self->rules)) != 0 && planning->find_policy != NULL)
    policy = planning->find_policy (run->version, run->policy, planning->find_data);

  /* Rather that of today than none. */
  return policy != NULL ? policy : incident_oncall_rules_get_policy (self->rules->oncall, run->policy);
}

gboolean
incident_planner_is_current (const IncidentPlanner *self,
                             const IncidentRun     *run)
{
  return run->episode == self->state->episode && !incident_run_is_over (run);
}

/* `resolve` by a person: nobody is woken for what is being mended. */
gboolean
incident_planner_is_resolved (const IncidentPlanner *self)
{
  return g_strcmp0 (self->state->phase, "resolution") == 0;
}

gint64
incident_planner_get_snooze (const IncidentPlanner *self)
{
  const IncidentDossier *dossier = self->state->dossier;
  gint64 until = dossier != NULL ? dossier->snoozed_until : INCIDENT_TIME_NONE;

  return until != INCIDENT_TIME_NONE && until > self->planning->now ? until : INCIDENT_TIME_NONE;
}

/* Channels acknowledge nothing. */
static gboolean
have_all_acked (const IncidentPlanner *self,
                const GPtrArray       *paged)
{
  for (guint i = 0; i < paged->len; i++)
    {
      const char *person = g_ptr_array_index (paged, i);

      if (incident_oncall_rules_get_person (self->rules->oncall, person) != NULL && !incident_planner_is_acked (self, person))
        return FALSE;
    }

  return TRUE;
}

static gboolean
is_paged_by_any (const IncidentPlanner *self,
                 const char            *person)
{
  for (const IncidentRun *run = self->state->runs; run != NULL; run = run->next)
    if (incident_planner_is_current (self, run) && incident_run_has_paged (run, person))
      return TRUE;

  return FALSE;
}

static gboolean
waits_for_all (const IncidentRun         *run,
               const IncidentPolicyRules *policy)
{
  const IncidentPolicyStep *step =
    run != NULL && policy != NULL && run->step < policy->steps->len ? g_ptr_array_index (policy->steps, run->step) : NULL;

  return step != NULL && step->wants_all && run->has_fired && run->paged != NULL;
}

/* What the run has gone on in spite of holds it up no more. Whom no run has called is at it without being called: that is
 * good news for all of them. */
static gboolean
is_news (const IncidentPlanner     *self,
         const IncidentRun         *run,
         const IncidentPolicyRules *policy,
         const char                *person)
{
  if (run == NULL)
    return TRUE;
  if (incident_dossier_find_worked (self->state->dossier, person)->seq <= run->seq)
    return FALSE;

  return policy == NULL || policy->any_ack || incident_run_has_paged (run, person) || !is_paged_by_any (self, person);
}

GPtrArray *
incident_planner_list_acks (const IncidentPlanner     *self,
                            const IncidentRun         *run,
                            const IncidentPolicyRules *policy)
{
  const GPtrArray *acknowledged = self->state->dossier != NULL ? self->state->dossier->acknowledged : NULL;
  GPtrArray *people = NULL;

  for (guint i = 0; acknowledged != NULL && i < acknowledged->len; i++)
    {
      const char *person = g_intern_string (g_ptr_array_index (acknowledged, i));

      if (incident_names_contain (self->unacked, person))
        continue;
      if (is_news (self, run, policy, person) || (waits_for_all (run, policy) && incident_names_contain (run->paged, person)))
        incident_names_add (&people, person);
    }

  return people;
}

gboolean
incident_planner_is_acked_anew (const IncidentPlanner     *self,
                                const IncidentRun         *run,
                                const IncidentPolicyRules *policy)
{
  g_autoptr(GPtrArray) people = incident_planner_list_acks (self, run, policy);

  return waits_for_all (run, policy) ? have_all_acked (self, run->paged) : people != NULL;
}

static gboolean
has_ack_left (const IncidentPlanner     *self,
              const IncidentRun         *run,
              const IncidentPolicyRules *policy)
{
  if (waits_for_all (run, policy))
    return have_all_acked (self, run->paged);

  for (guint i = 0; run->acked_by != NULL && i < run->acked_by->len; i++)
    if (incident_planner_is_acked (self, g_ptr_array_index (run->acked_by, i)))
      return TRUE;

  return FALSE;
}

/* How late it is for a deadline; negative: it is still to come. By the clock of the boot, where it is the same. */
gint64
incident_planner_get_lateness (const IncidentPlanning *planning,
                               const IncidentRun      *run)
{
  if (run->boot != 0 && run->boot == planning->boot)
    return planning->now_boot - run->due_boot;

  return planning->now - run->due;
}

static IncidentDecisionOnRun
wait_for (IncidentPlanner   *self,
          const IncidentRun *run,
          gint64             shift, /* of the deadline */
          IncidentDecisionOnRun  then)
{
  gint64 late;

  if (run->due == INCIDENT_TIME_NONE)
    return INCIDENT_DECISION_REST;

  late = incident_planner_get_lateness (self->planning, run) - shift;
  if (late >= 0)
    return then;
  if (run->boot != 0 && run->boot == self->planning->boot)
    incident_planner_wait (self, -late);
  else
    incident_planner_wait_until (self, run->due + shift);
  return INCIDENT_DECISION_REST;
}

gint64
incident_planner_get_ack_timeout (const IncidentPlanner     *self,
                                  const IncidentPolicyRules *policy)
{
  return policy != NULL ? policy->ack_timeout[self->state->severity] : 0;
}

/* The severity, or the policy, may be another since. */
static gint64
get_shift (const IncidentPlanner     *self,
           const IncidentRun         *run,
           const IncidentPolicyRules *policy)
{
  return run->due != INCIDENT_TIME_NONE ? incident_planner_get_ack_timeout (self, policy) - (run->due - run->frozen_at) : 0;
}

/* Who acts on the case is at it. */
static gint64
get_pushed_due (const IncidentPlanner     *self,
                const IncidentRun         *run,
                const IncidentPolicyRules *policy)
{
  gint64 worked = INCIDENT_TIME_NONE;

  for (guint i = 0; run->acked_by != NULL && i < run->acked_by->len; i++)
    {
      const IncidentWorked *of_one = incident_dossier_find_worked (self->state->dossier, g_ptr_array_index (run->acked_by, i));

      worked = of_one != NULL ? MAX (worked, of_one->at) : worked;
    }

  return worked != INCIDENT_TIME_NONE ? worked + incident_planner_get_ack_timeout (self, policy) : INCIDENT_TIME_NONE;
}

gint64
incident_planner_get_thaw_lateness (const IncidentPlanner     *self,
                                    const IncidentRun         *run,
                                    const IncidentPolicyRules *policy)
{
  const IncidentDossier *dossier = self->state->dossier;
  gint64 pushed = get_pushed_due (self, run, policy);
  gint64 late = run->state == INCIDENT_RUN_ACKED && run->due != INCIDENT_TIME_NONE
                ? incident_planner_get_lateness (self->planning, run) - get_shift (self, run, policy) : G_MAXINT64;

  if (pushed != INCIDENT_TIME_NONE)
    late = MIN (late, self->planning->now - pushed);
  if (dossier != NULL && dossier->snoozed_until != INCIDENT_TIME_NONE)
    late = MIN (late, self->planning->now - dossier->snoozed_until);
  return late != G_MAXINT64 ? late : 0;
}

static IncidentDecisionOnRun
decide_acked (IncidentPlanner           *self,
              const IncidentRun         *run,
              const IncidentPolicyRules *policy)
{
  IncidentDecisionOnRun then;
  gint64 shift = get_shift (self, run, policy);
  gint64 pushed;

  if (incident_planner_is_resolved (self))
    return INCIDENT_DECISION_REST;
  if (g_strcmp0 (run->why, "resolved") == 0)
    return incident_planner_is_acked_anew (self, run, policy) ? INCIDENT_DECISION_FREEZE : INCIDENT_DECISION_RESUME;
  if (!has_ack_left (self, run, policy))
    return incident_planner_is_acked_anew (self, run, policy) ? INCIDENT_DECISION_FREEZE : INCIDENT_DECISION_UNACK;
  /* By the severity as it is now, whatever it was. */
  if (incident_planner_get_ack_timeout (self, policy) == 0)
    return INCIDENT_DECISION_REST;

  /* Somebody else may be at it by now. */
  then = !waits_for_all (run, policy) && incident_planner_is_acked_anew (self, run, policy)
         ? INCIDENT_DECISION_FREEZE : INCIDENT_DECISION_TIME_OUT;
  pushed = get_pushed_due (self, run, policy);
  if (pushed == INCIDENT_TIME_NONE || (run->due != INCIDENT_TIME_NONE && pushed <= run->due + shift))
    return wait_for (self, run, shift, then);
  if (pushed <= self->planning->now)
    return then;
  incident_planner_wait_until (self, pushed);
  return INCIDENT_DECISION_REST;
}

/* As long as the case is snoozed nobody is paged, whatever the reason. */
static IncidentDecisionOnRun
put_off (IncidentPlanner       *self,
         IncidentDecisionOnRun  decision)
{
  gint64 snooze = incident_planner_get_snooze (self);

  if (snooze == INCIDENT_TIME_NONE)
    return decision;
  if (decision == INCIDENT_DECISION_RESUME || decision == INCIDENT_DECISION_UNACK)
    return INCIDENT_DECISION_PAUSE;
  if (decision != INCIDENT_DECISION_TIME_OUT)
    return decision;

  incident_planner_wait_until (self, snooze);
  return INCIDENT_DECISION_REST;
}

static IncidentDecisionOnRun
decide_running (IncidentPlanner           *self,
                const IncidentRun         *run,
                const IncidentPolicyRules *policy)
{
  if (incident_planner_is_resolved (self) || incident_planner_is_acked_anew (self, run, policy))
    return INCIDENT_DECISION_FREEZE;
  if (incident_planner_get_snooze (self) != INCIDENT_TIME_NONE)
    return INCIDENT_DECISION_PAUSE;

  return incident_run_has_failed (run) ? INCIDENT_DECISION_GO_ON : wait_for (self, run, 0, INCIDENT_DECISION_FIRE);
}

IncidentDecisionOnRun
incident_planner_decide (IncidentPlanner           *self,
                         const IncidentRun         *run,
                         const IncidentPolicyRules *policy)
{
  const IncidentDossier *dossier = self->state->dossier;

  if (!self->state->live || run->episode != self->state->episode || policy == NULL)
    return INCIDENT_DECISION_END;
  if (dossier != NULL && dossier->moved > run->seq && g_strcmp0 (run->version, incident_planner_get_version (self->rules)) != 0)
    return INCIDENT_DECISION_MOVE;

  switch ((IncidentRunState) run->state)
    {
    case INCIDENT_RUN_RUNNING:
      return decide_running (self, run, policy);
    case INCIDENT_RUN_ACKED:
      return put_off (self, decide_acked (self, run, policy));
    case INCIDENT_RUN_PAUSED:
      if (incident_planner_get_snooze (self) == INCIDENT_TIME_NONE)
        return incident_planner_is_resolved (self) || incident_planner_is_acked_anew (self, run, policy)
               ? INCIDENT_DECISION_FREEZE : INCIDENT_DECISION_RESUME;
      incident_planner_wait_until (self, incident_planner_get_snooze (self));
      return INCIDENT_DECISION_REST;
    case INCIDENT_RUN_EXHAUSTED:
    case INCIDENT_RUN_ENDED:
    default:
      return INCIDENT_DECISION_REST;
    }
}
