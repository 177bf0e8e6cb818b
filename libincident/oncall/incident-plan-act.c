/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "oncall/incident-plan-inside-private.h"

/* What a decision on a run comes to. */

IncidentWalk
incident_walk_from (const IncidentRun         *run,
                    const IncidentPolicyRules *policy)
{
  return (IncidentWalk) {
    .run = run, .policy = policy, .policy_name = run->policy, .version = run->version, .number = run->number, .step = run->step,
    .loop = run->loop, .arming = run->arming, .started_at = run->started_at,
    .is_empty = run->is_empty && (!run->has_fired || incident_run_has_failed (run)),
  };
}

void
incident_planner_say_end (IncidentPlanner *self,
                          IncidentWalk    *walk,
                          const char      *why)
{
  IncidentSaying saying = INCIDENT_SAYING ("escalation-ended");

  saying.first_page = self->plan->pages->len;
  saying.state = INCIDENT_RUN_ENDED;
  saying.why = why;
  saying.says_due = TRUE;
  saying.text = why;
  saying.reaches = TRUE;
  /* Nobody knows any more whom it would have paged. */
  if (self->state->live && walk->policy == NULL)
    incident_planner_page (self, walk, self->rules->oncall->fallback, INCIDENT_PAGE_REASON_FALLBACK);
  incident_planner_say (self, walk, &saying);
}

static const char *
get_end (const IncidentPlanner *self,
         const IncidentRun     *run)
{
  const IncidentDossier *dossier = self->state->dossier;

  if (run->episode != self->state->episode)
    return "reopened";
  if (self->state->live)
    return "target-gone";
  if (self->state->open)
    return "recovered";

  return dossier != NULL && dossier->merged_into != NULL ? "merged" : "ended";
}

static void
say_pause (IncidentPlanner *self,
           IncidentWalk    *walk)
{
  IncidentSaying saying = INCIDENT_SAYING ("escalation-paused");

  saying.first_page = self->plan->pages->len;
  saying.state = INCIDENT_RUN_PAUSED;
  saying.why = "paused";
  saying.reason = INCIDENT_PAGE_REASON_PAUSED;
  saying.says_due = TRUE;
  saying.due = incident_planner_get_snooze (self);
  incident_planner_say (self, walk, &saying);
}

/* @people: interned; nullable: what stills it is that the case is resolved. */
void
incident_planner_say_frozen (IncidentPlanner *self,
                             IncidentWalk    *walk,
                             const GPtrArray *people)
{
  IncidentSaying saying = INCIDENT_SAYING ("escalation-acknowledged");
  gint64 timeout = incident_planner_get_ack_timeout (self, walk->policy);

  saying.first_page = self->plan->pages->len;
  saying.state = INCIDENT_RUN_ACKED;
  saying.why = people != NULL ? "acked" : "resolved";
  saying.reason = INCIDENT_PAGE_REASON_ACKED;
  saying.acked_by = people;
  saying.says_due = TRUE;
  saying.wait = timeout > 0 && people != NULL ? timeout : -1;
  incident_planner_say (self, walk, &saying);
}

static void
freeze (IncidentPlanner *self,
        IncidentWalk    *walk)
{
  const IncidentRun *run = walk->run;
  g_autoptr(GPtrArray) people = NULL;

  if (incident_planner_is_acked_anew (self, run, walk->policy))
    people = incident_planner_list_acks (self, run, walk->policy);
  for (guint i = 0; people != NULL && run->acked_by != NULL && i < run->acked_by->len; i++)
    if (incident_planner_is_acked (self, g_ptr_array_index (run->acked_by, i)))
      incident_names_add (&people, g_ptr_array_index (run->acked_by, i));
  incident_planner_say_frozen (self, walk, people);
}

void
incident_planner_say_armed (IncidentPlanner    *self,
                            IncidentWalk       *walk,
                            IncidentPageReason  reason)
{
  IncidentSaying saying = INCIDENT_SAYING ("escalation-rearmed");

  walk->arming++;
  saying.first_page = self->plan->pages->len;
  saying.state = INCIDENT_RUN_RUNNING;
  saying.why = incident_page_reason_to_string (reason);
  saying.reason = reason;
  saying.takes_back = TRUE;
  saying.wakes = reason == INCIDENT_PAGE_REASON_MANUAL;
  saying.says_due = TRUE;
  saying.due = self->planning->now;
  incident_planner_say (self, walk, &saying);
}

/* Less than a second is in time. */
static void
set_late (IncidentWalk *walk,
          gint64        late)
{
  walk->late = late >= G_USEC_PER_SEC ? late : 0;
}

/* The same step, the same loop, targets anew, and who had acknowledged. */
static void
arm_anew (IncidentPlanner    *self,
          IncidentWalk       *walk,
          IncidentPageReason  reason)
{
  g_autoptr(GPtrArray) again = walk->run->acked_by != NULL ? g_ptr_array_copy (walk->run->acked_by, NULL, NULL) : NULL;

  if (reason == INCIDENT_PAGE_REASON_ACK_TIMEOUT)
    for (guint i = 0; again != NULL && i < again->len; i++)
      incident_names_add (&self->unacked, g_ptr_array_index (again, i));
  if (reason == INCIDENT_PAGE_REASON_ACK_TIMEOUT || walk->run->state == INCIDENT_RUN_PAUSED)
    set_late (walk, incident_planner_get_thaw_lateness (self, walk->run, walk->policy));
  incident_planner_say_armed (self, walk, reason);
  incident_planner_walk (self, walk, reason, again);
}

/* By name; one that is gone: the next one that exists. */
static guint
find_step (const IncidentPolicyRules *policy,
           const IncidentPolicyRules *before,
           guint                      step)
{
  for (; before != NULL && step < before->steps->len; step++)
    {
      int found = incident_policy_rules_find_step (policy, ((const IncidentPolicyStep *) g_ptr_array_index (before->steps, step))->name);

      if (found >= 0)
        return (guint) found;
    }

  return policy->steps->len - 1;
}

static gboolean
is_same_step (const IncidentPolicyRules *policy,
              guint                      step,
              const IncidentPolicyRules *before,
              guint                      step_before)
{
  return before != NULL && step_before < before->steps->len
         && g_str_equal (((const IncidentPolicyStep *) g_ptr_array_index (policy->steps, step))->name,
                         ((const IncidentPolicyStep *) g_ptr_array_index (before->steps, step_before))->name);
}

static void
move (IncidentPlanner *self,
      IncidentWalk    *walk)
{
  const IncidentPolicyRules *before = walk->policy;
  const IncidentRun *run = walk->run;
  IncidentSaying saying = INCIDENT_SAYING ("escalation-moved");
  g_autoptr(GPtrArray) people = NULL;

  if (incident_planner_is_acked_anew (self, run, before))
    people = incident_planner_list_acks (self, run, before);
  walk->policy = incident_oncall_rules_get_policy (self->rules->oncall, run->policy);
  if (walk->policy == NULL)
    {
      incident_planner_say_end (self, walk, "target-gone");
      return;
    }

  walk->version = g_intern_string (incident_planner_get_version (self->rules));
  walk->step = find_step (walk->policy, before, run->step);
  /* Its pages are others, whatever place the step has now. */
  walk->arming++;
  saying.first_page = self->plan->pages->len;
  saying.moves = TRUE;
  saying.says_due = TRUE;
  saying.due = run->due;
  if (is_same_step (walk->policy, walk->step, before, run->step))
    {
      saying.wait = run->due != INCIDENT_TIME_NONE && run->boot != 0 && run->boot == self->planning->boot
                    ? MAX (run->due_boot - self->planning->now_boot, 0) : -1;
      saying.fires = run->has_fired;
    }
  else if (run->state == INCIDENT_RUN_RUNNING)
    saying.due = self->planning->now;
  incident_planner_say (self, walk, &saying);
  if (people != NULL && run->state != INCIDENT_RUN_ACKED)
    incident_planner_say_frozen (self, walk, people);
}

IncidentPageReason
incident_planner_get_first_reason (const IncidentPlanner *self)
{
  return self->state->episode > 1 ? INCIDENT_PAGE_REASON_REOPENED : INCIDENT_PAGE_REASON_STEP;
}

static void
go_on (IncidentPlanner *self,
       IncidentWalk    *walk)
{
  const IncidentRun *run = walk->run;
  IncidentPageReason reason = run->loop == 0 && run->step == 0 && !run->has_fired ? incident_planner_get_first_reason (self) : INCIDENT_PAGE_REASON_STEP;

  if (run->due != INCIDENT_TIME_NONE && !incident_run_has_failed (run))
    set_late (walk, incident_planner_get_lateness (self->planning, run));
  walk->step += run->has_fired ? 1 : 0;
  incident_planner_walk (self, walk, reason, NULL);
}

void
incident_planner_act (IncidentPlanner   *self,
                      const IncidentRun *run)
{
  const IncidentPolicyRules *policy = incident_planner_find_policy (self, run);
  IncidentWalk walk = incident_walk_from (run, policy);

  switch (incident_planner_decide (self, run, policy))
    {
    case INCIDENT_DECISION_END:
      incident_planner_say_end (self, &walk, get_end (self, run));
      break;
    case INCIDENT_DECISION_MOVE:
      move (self, &walk);
      break;
    case INCIDENT_DECISION_PAUSE:
      say_pause (self, &walk);
      break;
    case INCIDENT_DECISION_FREEZE:
      freeze (self, &walk);
      break;
    case INCIDENT_DECISION_RESUME:
      arm_anew (self, &walk, INCIDENT_PAGE_REASON_RESUMED);
      break;
    case INCIDENT_DECISION_UNACK:
      arm_anew (self, &walk, INCIDENT_PAGE_REASON_UNACK);
      break;
    case INCIDENT_DECISION_TIME_OUT:
      arm_anew (self, &walk, INCIDENT_PAGE_REASON_ACK_TIMEOUT);
      break;
    case INCIDENT_DECISION_GO_ON:
    case INCIDENT_DECISION_FIRE:
      go_on (self, &walk);
      break;
    case INCIDENT_DECISION_REST:
    default:
      break;
    }
}
