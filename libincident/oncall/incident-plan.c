/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "oncall/incident-plan-inside-private.h"

#include <libincident/incident-time.h>

#include "base/incident-hash-private.h"
#include "model/incident-binding-private.h"

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

  return hash != 0 ? hash : 1;
}

/* What is to become of a run */

typedef enum
{
  REST,
  END,
  MOVE,
  PAUSE,
  FREEZE,
  RESUME,   /* after a pause, or a solution that did not hold */
  UNACK,
  TIME_OUT,
  GO_ON,    /* nobody whom the step has paged can be reached */
  FIRE,
} Decision;

static const char *
get_version (const IncidentRules *rules)
{
  return rules->version != NULL ? rules->version : INCIDENT_BUILT_IN;
}

static const IncidentPolicyRules *
find_policy (const IncidentPlanner *self,
             const IncidentRun     *run)
{
  const IncidentPlanning *planning = self->planning;
  const IncidentPolicyRules *policy = NULL;

  if (g_strcmp0 (run->version, get_version (self->rules)) != 0 && planning->find_policy != NULL)
    policy = planning->find_policy (run->version, run->policy, planning->find_data);

  /* Rather that of today than none. */
  return policy != NULL ? policy : incident_oncall_rules_get_policy (self->rules->oncall, run->policy);
}

static gboolean
is_current (const IncidentPlanner *self,
            const IncidentRun     *run)
{
  return run->episode == self->state->episode && !incident_run_is_over (run);
}

/* `resolve` by a person: nobody is woken for what is being mended. */
static gboolean
is_resolved (const IncidentPlanner *self)
{
  return g_strcmp0 (self->state->phase, "resolution") == 0;
}

static gint64
get_snooze (const IncidentPlanner *self)
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
    if (is_current (self, run) && incident_run_has_paged (run, person))
      return TRUE;

  return FALSE;
}

static gboolean
is_acked (const IncidentPlanner     *self,
          const IncidentRun         *run,
          const IncidentPolicyRules *policy)
{
  const GPtrArray *acknowledged = self->state->dossier != NULL ? self->state->dossier->acknowledged : NULL;
  const IncidentPolicyStep *step;

  if (acknowledged == NULL || acknowledged->len == 0)
    return FALSE;

  step = policy != NULL && run->step < policy->steps->len ? g_ptr_array_index (policy->steps, run->step) : NULL;
  if (step != NULL && step->wants_all && run->has_fired && run->paged != NULL)
    return have_all_acked (self, run->paged);
  if (policy == NULL || policy->any_ack)
    return TRUE;

  /* Whom no run has called is at it without being called: that is good news for all of them. */
  for (guint i = 0; i < acknowledged->len; i++)
    if (incident_run_has_paged (run, g_ptr_array_index (acknowledged, i))
        || !is_paged_by_any (self, g_ptr_array_index (acknowledged, i)))
      return TRUE;

  return FALSE;
}

static gboolean
has_ack_left (const IncidentPlanner *self,
              const IncidentRun     *run)
{
  for (guint i = 0; run->acked_by != NULL && i < run->acked_by->len; i++)
    if (incident_planner_is_acked (self, g_ptr_array_index (run->acked_by, i)))
      return TRUE;

  return FALSE;
}

/* How late it is for a deadline; negative: it is still to come. By the clock of the boot, where it is the same. */
static gint64
get_lateness (const IncidentPlanning *planning,
              const IncidentRun      *run)
{
  if (run->boot != 0 && run->boot == planning->boot)
    return planning->now_boot - run->due_boot;

  return planning->now - run->due;
}

static Decision
wait_for (IncidentPlanner   *self,
          const IncidentRun *run,
          Decision           then)
{
  gint64 late;

  if (run->due == INCIDENT_TIME_NONE)
    return REST;

  late = get_lateness (self->planning, run);
  if (late >= 0)
    return then;
  if (run->boot != 0 && run->boot == self->planning->boot)
    incident_planner_wait (self, -late);
  else
    incident_planner_wait_until (self, run->due);
  return REST;
}

static gint64
get_ack_timeout (const IncidentPlanner     *self,
                 const IncidentPolicyRules *policy)
{
  return policy != NULL ? policy->ack_timeout[self->state->severity] : 0;
}

/* Who acts on the case is at it. */
static gint64
get_pushed_due (const IncidentPlanner     *self,
                const IncidentRun         *run,
                const IncidentPolicyRules *policy)
{
  gint64 worked = INCIDENT_TIME_NONE;

  for (guint i = 0; run->acked_by != NULL && i < run->acked_by->len; i++)
    worked = MAX (worked, incident_dossier_get_worked (self->state->dossier, g_ptr_array_index (run->acked_by, i)));

  return worked != INCIDENT_TIME_NONE ? worked + get_ack_timeout (self, policy) : INCIDENT_TIME_NONE;
}

static Decision
decide_acked (IncidentPlanner           *self,
              const IncidentRun         *run,
              const IncidentPolicyRules *policy)
{
  gint64 pushed;

  if (is_resolved (self))
    return REST;
  if (g_strcmp0 (run->why, "resolved") == 0)
    return is_acked (self, run, policy) ? FREEZE : RESUME;
  if (!has_ack_left (self, run))
    return is_acked (self, run, policy) ? FREEZE : UNACK;
  if (run->due == INCIDENT_TIME_NONE)
    return REST;

  pushed = get_pushed_due (self, run, policy);
  if (pushed == INCIDENT_TIME_NONE || pushed <= run->due)
    return wait_for (self, run, TIME_OUT);
  if (pushed <= self->planning->now)
    return TIME_OUT;
  incident_planner_wait_until (self, pushed);
  return REST;
}

static gboolean
has_failed (const IncidentRun *run)
{
  guint n = 0;

  if (!run->has_fired || run->paged == NULL || run->failed == NULL)
    return FALSE;

  for (guint i = 0; i < run->paged->len; i++)
    n += incident_names_contain (run->failed, g_ptr_array_index (run->paged, i)) ? 1 : 0;
  return n == run->paged->len;
}

static Decision
decide_running (IncidentPlanner           *self,
                const IncidentRun         *run,
                const IncidentPolicyRules *policy)
{
  if (is_resolved (self) || is_acked (self, run, policy))
    return FREEZE;
  if (get_snooze (self) != INCIDENT_TIME_NONE)
    return PAUSE;

  return has_failed (run) ? GO_ON : wait_for (self, run, FIRE);
}

static Decision
decide (IncidentPlanner           *self,
        const IncidentRun         *run,
        const IncidentPolicyRules *policy)
{
  const IncidentDossier *dossier = self->state->dossier;

  if (!self->state->live || run->episode != self->state->episode || policy == NULL)
    return END;
  if (dossier != NULL && dossier->moved > run->seq && g_strcmp0 (run->version, get_version (self->rules)) != 0)
    return MOVE;

  switch ((IncidentRunState) run->state)
    {
    case INCIDENT_RUN_RUNNING:
      return decide_running (self, run, policy);
    case INCIDENT_RUN_ACKED:
      return decide_acked (self, run, policy);
    case INCIDENT_RUN_PAUSED:
      if (get_snooze (self) == INCIDENT_TIME_NONE)
        return is_resolved (self) || is_acked (self, run, policy) ? FREEZE : RESUME;
      incident_planner_wait_until (self, get_snooze (self));
      return REST;
    case INCIDENT_RUN_EXHAUSTED:
    case INCIDENT_RUN_ENDED:
    default:
      return REST;
    }
}

/* What is said */

static IncidentWalk
walk_from (const IncidentRun         *run,
           const IncidentPolicyRules *policy)
{
  return (IncidentWalk) {
    .run = run, .policy = policy, .policy_name = run->policy, .version = run->version, .number = run->number, .step = run->step,
    .loop = run->loop, .arming = run->arming, .is_empty = run->is_empty, .started_at = run->started_at,
  };
}

static void
say_end (IncidentPlanner *self,
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
  saying.due = get_snooze (self);
  incident_planner_say (self, walk, &saying);
}

static void
say_freeze (IncidentPlanner *self,
            IncidentWalk    *walk)
{
  IncidentSaying saying = INCIDENT_SAYING ("escalation-acknowledged");
  const GPtrArray *acknowledged = self->state->dossier != NULL ? self->state->dossier->acknowledged : NULL;
  g_autoptr(GPtrArray) people = NULL;
  gint64 timeout = get_ack_timeout (self, walk->policy);

  for (guint i = 0; !is_resolved (self) && acknowledged != NULL && i < acknowledged->len; i++)
    incident_names_add (&people, g_intern_string (g_ptr_array_index (acknowledged, i)));
  saying.first_page = self->plan->pages->len;
  saying.state = INCIDENT_RUN_ACKED;
  saying.why = is_resolved (self) ? "resolved" : "acked";
  saying.reason = INCIDENT_PAGE_REASON_ACKED;
  saying.acked_by = people;
  saying.says_due = TRUE;
  saying.wait = timeout > 0 && !is_resolved (self) ? timeout : -1;
  incident_planner_say (self, walk, &saying);
}

static void
say_armed (IncidentPlanner    *self,
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
  saying.says_due = TRUE;
  saying.due = self->planning->now;
  incident_planner_say (self, walk, &saying);
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
  say_armed (self, walk, reason);
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

  walk->policy = incident_oncall_rules_get_policy (self->rules->oncall, run->policy);
  if (walk->policy == NULL)
    {
      say_end (self, walk, "target-gone");
      return;
    }

  walk->version = g_intern_string (get_version (self->rules));
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
}

static IncidentPageReason
get_first_reason (const IncidentPlanner *self)
{
  return self->state->episode > 1 ? INCIDENT_PAGE_REASON_REOPENED : INCIDENT_PAGE_REASON_STEP;
}

static void
go_on (IncidentPlanner *self,
       IncidentWalk    *walk)
{
  const IncidentRun *run = walk->run;
  IncidentPageReason reason = run->loop == 0 && run->step == 0 && !run->has_fired ? get_first_reason (self) : INCIDENT_PAGE_REASON_STEP;
  gint64 late = run->due != INCIDENT_TIME_NONE ? get_lateness (self->planning, run) : 0;

  walk->late = late >= G_USEC_PER_SEC && !has_failed (run) ? late : 0;
  walk->step += run->has_fired ? 1 : 0;
  incident_planner_walk (self, walk, reason, NULL);
}

static void
act (IncidentPlanner   *self,
     const IncidentRun *run)
{
  const IncidentPolicyRules *policy = find_policy (self, run);
  IncidentWalk walk = walk_from (run, policy);

  switch (decide (self, run, policy))
    {
    case END:
      say_end (self, &walk, get_end (self, run));
      break;
    case MOVE:
      move (self, &walk);
      break;
    case PAUSE:
      say_pause (self, &walk);
      break;
    case FREEZE:
      say_freeze (self, &walk);
      break;
    case RESUME:
      arm_anew (self, &walk, INCIDENT_PAGE_REASON_RESUMED);
      break;
    case UNACK:
      arm_anew (self, &walk, INCIDENT_PAGE_REASON_UNACK);
      break;
    case TIME_OUT:
      arm_anew (self, &walk, INCIDENT_PAGE_REASON_ACK_TIMEOUT);
      break;
    case GO_ON:
    case FIRE:
      go_on (self, &walk);
      break;
    case REST:
    default:
      break;
    }
}

/* A run begins */

static gboolean
has_run (const IncidentPlanner *self)
{
  for (const IncidentRun *run = self->state->runs; run != NULL; run = run->next)
    if (run->episode == self->state->episode)
      return TRUE;

  return FALSE;
}

static const IncidentPolicyRules *
find_start (const IncidentPlanner *self)
{
  const GPtrArray *starts = self->rules->oncall->starts;

  for (guint i = 0; i < starts->len; i++)
    {
      const IncidentPolicyStart *start = g_ptr_array_index (starts, i);

      if (incident_planner_holds (self, &start->condition))
        return start->policy;
    }

  return NULL;
}

static void
start (IncidentPlanner           *self,
       const IncidentPolicyRules *policy,
       IncidentPageReason         reason)
{
  IncidentWalk walk = {
    .policy = policy, .policy_name = policy->name, .version = get_version (self->rules), .is_empty = TRUE,
    .number = self->state->runs != NULL ? self->state->runs->number + 1 : 1, .started_at = self->planning->now,
  };
  IncidentSaying saying = INCIDENT_SAYING ("escalation-started");

  saying.first_page = self->plan->pages->len;
  saying.state = INCIDENT_RUN_RUNNING;
  saying.begins = TRUE;
  saying.says_due = TRUE;
  saying.due = self->planning->now;
  incident_planner_say (self, &walk, &saying);
  incident_planner_walk (self, &walk, reason, NULL);
}

/* What people ask for */

static const IncidentRun *
find_run_of (const IncidentPlanner *self,
             const char            *policy) /* NULL: the last one */
{
  for (const IncidentRun *run = self->state->runs; run != NULL; run = run->next)
    if (is_current (self, run) && (policy == NULL || g_str_equal (run->policy, policy)))
      return run;

  return NULL;
}

/* The next step at once, and nobody's acknowledgement holds it up. */
static void
escalate_run (IncidentPlanner   *self,
              const IncidentRun *run)
{
  const GPtrArray *acknowledged = self->state->dossier->acknowledged;
  IncidentWalk walk = walk_from (run, find_policy (self, run));

  if (walk.policy == NULL)
    {
      say_end (self, &walk, "target-gone");
      return;
    }

  for (guint i = 0; acknowledged != NULL && i < acknowledged->len; i++)
    incident_names_add (&self->unacked, g_intern_string (g_ptr_array_index (acknowledged, i)));
  if (run->state != INCIDENT_RUN_RUNNING || self->unacked != NULL)
    say_armed (self, &walk, INCIDENT_PAGE_REASON_MANUAL);
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
    if (is_current (self, run))
      {
        IncidentWalk walk = walk_from (run, find_policy (self, run));

        say_end (self, &walk, "superseded");
      }
  start (self, policy, INCIDENT_PAGE_REASON_MANUAL);
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

static void
answer (IncidentPlanner     *self,
        const IncidentAsked *asked)
{
  const IncidentPolicyRules *policy;
  IncidentTarget target;
  gboolean is_known = incident_rules_find_target (self->rules, asked->target, &target, &policy);
  const IncidentRun *last = find_run_of (self, NULL);

  self->answers = asked->seq;
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

static const IncidentAsked *
get_asked (const IncidentPlanner *self)
{
  const GPtrArray *asked = self->state->dossier != NULL ? self->state->dossier->asked : NULL;

  return self->state->live && asked != NULL && asked->len > 0 ? g_ptr_array_index (asked, 0) : NULL;
}

static gboolean
wants_start (const IncidentPlanner *self)
{
  return self->state->live && !has_run (self) && !is_resolved (self) && get_snooze (self) == INCIDENT_TIME_NONE
         && find_start (self) != NULL;
}

static void
look_at_runs (IncidentPlanner *self)
{
  for (const IncidentRun *run = self->state->runs; run != NULL; run = run->next)
    if (!incident_run_is_over (run))
      act (self, run);
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

  /* One at a time: what it changes, the next look sees. */
  if (get_asked (&planner) != NULL)
    {
      answer (&planner, get_asked (&planner));
      incident_planner_wait_until (&planner, planning->now);
    }
  else
    {
      look_at_runs (&planner);
      if (wants_start (&planner))
        start (&planner, find_start (&planner), get_first_reason (&planner));
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
    if (!incident_run_is_over (run) && decide (&planner, run, find_policy (&planner, run)) != REST)
      return INCIDENT_TIME_NONE;

  if (state->live && !has_run (&planner) && get_snooze (&planner) != INCIDENT_TIME_NONE)
    incident_planner_wait_until (&planner, get_snooze (&planner));
  *due_boot = plan.due_boot;
  return plan.due;
}
