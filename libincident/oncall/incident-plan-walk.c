/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "oncall/incident-plan-inside-private.h"

/* From step to step, until somebody is paged. */

static const IncidentPolicyStep *
get_step (const IncidentWalk *walk)
{
  return g_ptr_array_index (walk->policy->steps, walk->step);
}

static gboolean
has_given_up (const IncidentWalk *walk,
              gint64              now)
{
  return incident_policy_rules_gives_up (walk->policy, walk->started_at, now);
}

static gboolean
has_loop_left (const IncidentWalk *walk,
               gint64              now)
{
  return incident_policy_rules_has_loop (walk->policy, walk->loop, walk->started_at, now);
}

static const GArray *
get_fallback (const IncidentPlanner *self,
              const IncidentWalk    *walk)
{
  return walk->policy->fallback->len > 0 ? walk->policy->fallback : self->rules->oncall->fallback;
}

/* Beside the steps: behind the last one of the loop, where no page of a step is. */
static gboolean
page_fallback (IncidentPlanner *self,
               IncidentWalk    *walk)
{
  IncidentWalk beside = *walk;

  beside.step = walk->policy->steps->len;
  return incident_planner_page (self, &beside, get_fallback (self, walk), INCIDENT_PAGE_REASON_FALLBACK);
}

static void
exhaust (IncidentPlanner *self,
         IncidentWalk    *walk)
{
  IncidentSaying saying = INCIDENT_SAYING ("escalation-exhausted");

  walk->step = MIN (walk->step, walk->policy->steps->len - 1);
  saying.first_page = self->plan->pages->len;
  saying.state = INCIDENT_RUN_EXHAUSTED;
  saying.why = has_given_up (walk, self->planning->now) ? "given-up" : "exhausted";
  saying.reaches = TRUE;
  saying.says_due = TRUE;
  page_fallback (self, walk);
  incident_planner_say (self, walk, &saying);
}

/* Whichever is first: somebody else comes on call, or a pass would have been over. */
static gint64
get_pause (const IncidentPlanner *self,
           const IncidentWalk    *walk,
           gboolean              *is_by_wall)
{
  const gint64 now = self->planning->now;
  gint64 wait = 0;
  gint64 change = G_MAXINT64;

  for (guint i = 0; i < walk->policy->steps->len; i++)
    {
      const IncidentPolicyStep *step = g_ptr_array_index (walk->policy->steps, i);

      wait += step->wait;
      for (guint n = 0; n < step->targets->len; n++)
        {
          const IncidentTarget *target = &g_array_index (step->targets, IncidentTarget, n);

          if (target->kind == INCIDENT_TARGET_SCHEDULE)
            change = MIN (change, incident_roster_next_change (self->planning->roster, target->name, now));
        }
    }

  wait = MIN (MAX (wait, G_TIME_SPAN_MINUTE), incident_policy_rules_get_end (walk->policy, walk->started_at) - now);
  *is_by_wall = change < now + wait;
  return *is_by_wall ? change : wait;
}

/* A pass without one page: who is there for all cases is asked, and the steps wait. */
static void
fall_back (IncidentPlanner *self,
           IncidentWalk    *walk)
{
  IncidentSaying saying = INCIDENT_SAYING ("fallback-paged");
  gboolean is_by_wall;
  gint64 pause = get_pause (self, walk, &is_by_wall);

  saying.first_page = self->plan->pages->len;
  saying.reason = INCIDENT_PAGE_REASON_FALLBACK;
  saying.reaches = TRUE;
  saying.says_due = TRUE;
  saying.wait = is_by_wall ? -1 : pause;
  saying.due = is_by_wall ? pause : INCIDENT_TIME_NONE;
  page_fallback (self, walk);
  walk->step = 0;
  walk->loop++;
  incident_planner_say (self, walk, &saying);
}

/* FALSE: it rests there. */
static gboolean
begin_loop (IncidentPlanner *self,
            IncidentWalk    *walk)
{
  if (!has_loop_left (walk, self->planning->now))
    {
      exhaust (self, walk);
      return FALSE;
    }
  if (walk->is_empty)
    {
      fall_back (self, walk);
      return FALSE;
    }

  walk->step = 0;
  walk->loop++;
  walk->is_empty = TRUE;
  return TRUE;
}

static void
skip (IncidentPlanner    *self,
      IncidentWalk       *walk,
      IncidentPageReason  reason)
{
  IncidentSaying saying = INCIDENT_SAYING ("step-skipped");

  saying.first_page = self->plan->pages->len;
  saying.reason = reason;
  incident_planner_leave_out (self, walk, reason);
  incident_planner_say (self, walk, &saying);
}

static void
hold (IncidentPlanner *self,
      IncidentWalk    *walk,
      gint64           until)
{
  IncidentSaying saying = INCIDENT_SAYING ("step-held");

  saying.first_page = self->plan->pages->len;
  saying.reason = INCIDENT_PAGE_REASON_WAITING_HOURS;
  saying.says_due = TRUE;
  saying.due = MIN (until, incident_policy_rules_get_end (walk->policy, walk->started_at));
  incident_planner_leave_out (self, walk, INCIDENT_PAGE_REASON_WAITING_HOURS);
  incident_planner_say (self, walk, &saying);
}

/* A limit of time may be nearer than the next step. */
static gint64
get_wait (const IncidentPlanner *self,
          const IncidentWalk    *walk)
{
  gint64 left = incident_policy_rules_get_end (walk->policy, walk->started_at) - self->planning->now;

  return CLAMP (get_step (walk)->wait, 0, MAX (left, 0));
}

/* FALSE: nobody could be paged. */
static gboolean
fire (IncidentPlanner    *self,
      IncidentWalk       *walk,
      IncidentPageReason  reason,
      const GPtrArray    *again)
{
  IncidentSaying saying = INCIDENT_SAYING ("step-fired");
  gboolean is_anybody_paged;

  saying.first_page = self->plan->pages->len;
  saying.reason = reason;
  is_anybody_paged = incident_planner_page (self, walk, get_step (walk)->targets, reason);
  is_anybody_paged |= incident_planner_page_again (self, walk, again, reason);
  if (!is_anybody_paged)
    {
      saying.kind = "step-skipped";
      incident_planner_say (self, walk, &saying);
      return FALSE;
    }

  walk->is_empty = FALSE;
  saying.fires = TRUE;
  saying.says_due = TRUE;
  saying.wait = get_wait (self, walk);
  incident_planner_say (self, walk, &saying);
  return TRUE;
}

/* FALSE: on to the next one. */
static gboolean
take_step (IncidentPlanner    *self,
           IncidentWalk       *walk,
           IncidentPageReason  reason,
           const GPtrArray    *again)
{
  const IncidentPolicyStep *step = get_step (walk);
  gint64 hours;

  if (!incident_planner_holds (self, step->condition))
    {
      skip (self, walk, INCIDENT_PAGE_REASON_CONDITION_FALSE);
      return FALSE;
    }

  /* Who escalates does not wait. */
  hours = reason == INCIDENT_PAGE_REASON_MANUAL ? self->planning->now : incident_planner_get_hours (self, &step->hours);
  if (hours > self->planning->now && (!step->waits_for_hours || hours == G_MAXINT64))
    {
      skip (self, walk, INCIDENT_PAGE_REASON_OUTSIDE_HOURS);
      return FALSE;
    }
  if (hours > self->planning->now)
    {
      hold (self, walk, hours);
      return TRUE;
    }

  return fire (self, walk, walk->loop > 0 && reason == INCIDENT_PAGE_REASON_STEP ? INCIDENT_PAGE_REASON_REPEAT : reason, again);
}

void
incident_planner_walk (IncidentPlanner    *self,
                       IncidentWalk       *walk,
                       IncidentPageReason  reason,
                       const GPtrArray    *again)
{
  /* What was due before that is not skipped for being late. */
  if (has_given_up (walk, self->planning->now - walk->late))
    {
      exhaust (self, walk);
      return;
    }

  for (;;)
    {
      if (walk->step >= walk->policy->steps->len && !begin_loop (self, walk))
        return;
      if (take_step (self, walk, reason, again))
        return;
      again = NULL;
      walk->late = 0;
      walk->step++;
    }
}
