/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "oncall/incident-plan-inside-private.h"

/* How a run begins, and what people ask for. */

gboolean
incident_planner_has_run (const IncidentPlanner *self)
{
  for (const IncidentRun *run = self->state->runs; run != NULL; run = run->next)
    if (run->episode == self->state->episode)
      return TRUE;

  return FALSE;
}

static gboolean
add (GPtrArray                 *policies,
     const IncidentPolicyRules *policy)
{
  if (policy != NULL && policies != NULL)
    g_ptr_array_add (policies, (gpointer) policy);
  return policy != NULL;
}

gboolean
incident_planner_find_starts (const IncidentPlanner *self,
                              GPtrArray             *policies)
{
  const GPtrArray *named = self->state->dossier != NULL ? self->state->dossier->policies : NULL;
  const GPtrArray *starts = self->rules->oncall->starts;
  gboolean is_any = FALSE;

  for (guint i = 0; named != NULL && i < named->len; i++)
    is_any |= add (policies, incident_oncall_rules_get_policy (self->rules->oncall, g_ptr_array_index (named, i)));
  for (guint i = 0; !is_any && i < starts->len; i++)
    {
      const IncidentPolicyStart *start = g_ptr_array_index (starts, i);

      if (incident_planner_holds (self, &start->condition))
        return add (policies, start->policy);
    }

  return is_any;
}

void
incident_planner_start (IncidentPlanner           *self,
                        const IncidentPolicyRules *policy,
                        IncidentPageReason         reason)
{
  IncidentWalk walk = {
    .policy = policy, .policy_name = policy->name, .version = incident_planner_get_version (self->rules), .is_empty = TRUE,
    .number = (self->state->runs != NULL ? self->state->runs->number : 0) + ++self->n_started, .started_at = self->planning->now,
  };
  IncidentSaying saying = INCIDENT_SAYING ("escalation-started");
  g_autoptr(GPtrArray) people = incident_planner_list_acks (self, NULL, policy);

  saying.first_page = self->plan->pages->len;
  saying.state = INCIDENT_RUN_RUNNING;
  saying.begins = TRUE;
  saying.wakes = reason == INCIDENT_PAGE_REASON_MANUAL;
  saying.says_due = TRUE;
  saying.due = self->planning->now;
  incident_planner_say (self, &walk, &saying);
  /* Somebody is at it already; but who escalates wants others to come. */
  if (people != NULL && reason != INCIDENT_PAGE_REASON_MANUAL)
    incident_planner_say_frozen (self, &walk, people);
  else
    incident_planner_walk (self, &walk, reason, NULL);
}

/* What people ask for */

static const IncidentRun *
find_run_of (const IncidentPlanner *self,
             const char            *policy) /* NULL: the last one */
{
  for (const IncidentRun *run = self->state->runs; run != NULL; run = run->next)
    if (incident_planner_is_current (self, run) && (policy == NULL || g_str_equal (run->policy, policy)))
      return run;

  return NULL;
}

static void
take_back (IncidentPlanner *self,
           const GPtrArray *people) /* interned; nullable */
{
  for (guint i = 0; people != NULL && i < people->len; i++)
    if (incident_planner_is_acked (self, g_ptr_array_index (people, i)))
      incident_names_add (&self->unacked, g_ptr_array_index (people, i));
}

/* The next step at once, and neither an acknowledgement nor a snooze holds it up. */
static void
escalate_run (IncidentPlanner   *self,
              const IncidentRun *run)
{
  IncidentWalk walk = incident_walk_from (run, incident_planner_find_policy (self, run));
  g_autoptr(GPtrArray) anew = incident_planner_list_acks (self, run, walk.policy);

  if (walk.policy == NULL)
    {
      incident_planner_say_end (self, &walk, "target-gone");
      return;
    }

  take_back (self, run->acked_by);
  take_back (self, anew);
  if (run->state != INCIDENT_RUN_RUNNING || self->unacked != NULL || incident_planner_get_snooze (self) != INCIDENT_TIME_NONE)
    incident_planner_say_armed (self, &walk, INCIDENT_PAGE_REASON_MANUAL);
  walk.step += run->has_fired ? 1 : 0;
  incident_planner_walk (self, &walk, INCIDENT_PAGE_REASON_MANUAL, NULL);
}

static void
escalate_to_policy (IncidentPlanner           *self,
                    const IncidentPolicyRules *policy,
                    gboolean                   is_alone)
{
  const IncidentRun *same = find_run_of (self, policy->name);

  if (same != NULL && is_alone)
    {
      escalate_run (self, same);
      return;
    }
  if (same != NULL)
    return;

  for (const IncidentRun *run = self->state->runs; run != NULL && is_alone; run = run->next)
    if (incident_planner_is_current (self, run))
      {
        IncidentWalk walk = incident_walk_from (run, incident_planner_find_policy (self, run));

        incident_planner_say_end (self, &walk, "superseded");
      }
  incident_planner_start (self, policy, INCIDENT_PAGE_REASON_MANUAL);
}

static void
page_directly (IncidentPlanner      *self,
               const IncidentTarget *target,
               guint                 asked)
{
  IncidentSaying saying = INCIDENT_SAYING ("person-paged");
  g_autoptr(GArray) targets = g_array_new (FALSE, FALSE, sizeof *target);

  g_array_append_vals (targets, target, 1);
  saying.first_page = self->plan->pages->len;
  saying.reason = INCIDENT_PAGE_REASON_DIRECT;
  incident_planner_page (self, NULL, targets, INCIDENT_PAGE_REASON_DIRECT);
  for (guint i = 0; i < self->plan->pages->len; i++)
    g_array_index (self->plan->pages, IncidentPlannedPage, i).arming = asked;
  incident_planner_say (self, NULL, &saying);
}

/* Whoever wants a team beside what goes on does not want to hear that it goes on, also where both are called the same. */
static gboolean
is_team (const IncidentPlanner *self,
         const char            *name,
         IncidentTarget        *target)
{
  if (target->kind != INCIDENT_TARGET_TEAM && g_hash_table_contains (self->rules->oncall->teams, name))
    *target = (IncidentTarget) { INCIDENT_TARGET_TEAM, name };
  return target->kind == INCIDENT_TARGET_TEAM;
}

void
incident_planner_answer (IncidentPlanner     *self,
                         const IncidentAsked *asked)
{
  const IncidentPolicyRules *policy;
  IncidentTarget target;
  gboolean is_known = incident_rules_find_target (self->rules, asked->target, &target, &policy);
  const IncidentRun *last = find_run_of (self, NULL);

  self->answers = asked->seq;
  if (policy != NULL && !asked->escalates && find_run_of (self, policy->name) != NULL && is_team (self, asked->target, &target))
    policy = NULL;
  if (policy != NULL)
    escalate_to_policy (self, policy, asked->escalates);
  else if (!is_known && asked->escalates && last != NULL)
    escalate_run (self, last);
  else
    page_directly (self, &target, asked->seq);

  /* It was answered already by what goes on. */
  if (self->answers != 0)
    {
      IncidentSaying saying = INCIDENT_SAYING ("person-paged");

      saying.first_page = self->plan->pages->len;
      saying.text = "that escalation goes on already";
      incident_planner_say (self, NULL, &saying);
    }
}
