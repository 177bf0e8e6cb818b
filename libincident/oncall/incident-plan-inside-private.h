/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <libincident/incident-time.h>

#include "oncall/incident-plan-private.h"

G_BEGIN_DECLS

/* What the parts of planning share. */

typedef struct
{
  IncidentPlan              *plan;
  const IncidentPlanning    *planning;
  const IncidentState       *state;
  const IncidentRules       *rules;    /* in force */
  GPtrArray                 *unacked;  /* interned: whose acknowledgement the plan takes back; NULL: nobody's */
  guint                      n_started; /* runs that begin in the plan */
  guint                      answers;  /* seq of what is answered by the next event; 0: nothing */
} IncidentPlanner;

/* A run as it goes on while it is planned. */
typedef struct
{
  const IncidentRun         *run;      /* as it stands in the state; NULL: it begins */
  const IncidentPolicyRules *policy;   /* NULL: it is gone */
  const char                *policy_name;
  const char                *version;
  guint                      number;
  guint                      step;
  guint                      loop;
  guint                      arming;
  gboolean                   is_empty;
  gint64                     started_at;
  gint64                     late;     /* so long after its deadline; 0: in time */
} IncidentWalk;

/* What is to become of a run. */
typedef enum
{
  INCIDENT_DECISION_REST,
  INCIDENT_DECISION_END,
  INCIDENT_DECISION_MOVE,     /* to the playbook in force */
  INCIDENT_DECISION_PAUSE,
  INCIDENT_DECISION_FREEZE,
  INCIDENT_DECISION_RESUME,   /* after a pause, or a solution that did not hold */
  INCIDENT_DECISION_UNACK,
  INCIDENT_DECISION_TIME_OUT, /* of an acknowledgement */
  INCIDENT_DECISION_GO_ON,    /* nobody whom the step has paged can be reached */
  INCIDENT_DECISION_FIRE,
} IncidentDecisionOnRun;

/* An event in the making. */
typedef struct
{
  const char                *kind;
  int                        state;    /* IncidentRunState; -1: as it was */
  const char                *why;      /* nullable */
  IncidentPageReason         reason;   /* of what it tells; -1: none */
  gboolean                   begins;   /* the run */
  gboolean                   moves;    /* it goes by another version */
  gboolean                   fires;
  gboolean                   reaches;  /* pages are beside the steps */
  gint64                     wait;     /* the deadline: so long from now, by whatever clock is true; -1: at a time of the wall, … */
  gint64                     due;      /* … INCIDENT_TIME_NONE: never */
  gboolean                   says_due;
  const GPtrArray           *acked_by; /* interned; nullable */
  gboolean                   takes_back; /* the acknowledgements that the planner takes back */
  gboolean                   wakes;    /* nobody is spared by a snooze any more */
  guint                      first_page; /* of the plan: from there on they are the event's */
  const char                *text;     /* nullable: in place of what follows from the pages */
} IncidentSaying;

#define INCIDENT_SAYING(a_kind) \
  { .kind = a_kind, .state = -1, .reason = (IncidentPageReason) -1, .wait = -1, .due = INCIDENT_TIME_NONE }

/* incident-plan-decide.c: what it rests for is told to the plan. */
IncidentDecisionOnRun
          incident_planner_decide       (IncidentPlanner        *self,
                                         const IncidentRun      *run,
                                         const IncidentPolicyRules *policy); /* nullable: it is gone */
const IncidentPolicyRules *
          incident_planner_find_policy  (const IncidentPlanner  *self,
                                         const IncidentRun      *run);
const char *
          incident_planner_get_version  (const IncidentRules    *rules);
gboolean  incident_planner_is_current   (const IncidentPlanner  *self,
                                         const IncidentRun      *run);
gboolean  incident_planner_is_resolved  (const IncidentPlanner  *self);
gint64    incident_planner_get_snooze   (const IncidentPlanner  *self); /* INCIDENT_TIME_NONE: there is none, by now */
gint64    incident_planner_get_ack_timeout (const IncidentPlanner *self,
                                         const IncidentPolicyRules *policy);
gint64    incident_planner_get_lateness (const IncidentPlanning *planning,
                                         const IncidentRun      *run);
/* So long ago an acknowledgement timed out, or a snooze ended. */
gint64    incident_planner_get_thaw_lateness (const IncidentPlanner *self,
                                         const IncidentRun      *run,
                                         const IncidentPolicyRules *policy);
/* Whose acknowledgements hold the run up, or would if it were not for others that it waits for: interned; NULL: nobody's.
 * @run is NULL where it begins by itself. */
GPtrArray *
          incident_planner_list_acks    (const IncidentPlanner  *self,
                                         const IncidentRun      *run,
                                         const IncidentPolicyRules *policy);
/* By them, since it was told of last. */
gboolean  incident_planner_is_acked_anew (const IncidentPlanner *self,
                                         const IncidentRun      *run,
                                         const IncidentPolicyRules *policy);

/* incident-plan-act.c */
void      incident_planner_act          (IncidentPlanner        *self,
                                         const IncidentRun      *run);
IncidentWalk
          incident_walk_from            (const IncidentRun      *run,
                                         const IncidentPolicyRules *policy);
void      incident_planner_say_end      (IncidentPlanner        *self,
                                         IncidentWalk           *walk,
                                         const char             *why);
void      incident_planner_say_frozen   (IncidentPlanner        *self,
                                         IncidentWalk           *walk,
                                         const GPtrArray        *people); /* interned; nullable */
void      incident_planner_say_armed    (IncidentPlanner        *self,
                                         IncidentWalk           *walk,
                                         IncidentPageReason      reason);
IncidentPageReason
          incident_planner_get_first_reason (const IncidentPlanner *self);

/* incident-plan-answer.c */
void      incident_planner_start        (IncidentPlanner        *self,
                                         const IncidentPolicyRules *policy,
                                         IncidentPageReason      reason);
void      incident_planner_answer       (IncidentPlanner        *self,
                                         const IncidentAsked    *asked);
gboolean  incident_planner_has_run      (const IncidentPlanner  *self); /* in this episode */
/* Adds the policies (IncidentPolicyRules) that are for the case: those that the routes of its alerts name, or else the
 * first of the playbook that is for it. FALSE: none is. */
gboolean  incident_planner_find_starts  (const IncidentPlanner  *self,
                                         GPtrArray              *policies); /* nullable */

/* incident-plan-say.c: @walk is NULL for what is beside all runs. */
void      incident_planner_say          (IncidentPlanner        *self,
                                         const IncidentWalk     *walk,
                                         const IncidentSaying   *saying);
/* When to look again: the earlier counts. */
void      incident_planner_wait         (IncidentPlanner        *self,
                                         gint64                  wait);
void      incident_planner_wait_until   (IncidentPlanner        *self,
                                         gint64                  due);

/* incident-plan-targets.c: adds to the pages of the plan, of people and of reasons why not; whether anybody is paged. */
gboolean  incident_planner_page         (IncidentPlanner        *self,
                                         const IncidentWalk     *walk, /* nullable */
                                         const GArray           *targets, /* IncidentTarget */
                                         IncidentPageReason      reason);
/* Those who had acknowledged and have not any more, besides. */
gboolean  incident_planner_page_again   (IncidentPlanner        *self,
                                         const IncidentWalk     *walk,
                                         const GPtrArray        *people, /* interned; nullable */
                                         IncidentPageReason      reason);
/* Tells why a step as a whole pages nobody. */
void      incident_planner_leave_out    (IncidentPlanner        *self,
                                         const IncidentWalk     *walk,
                                         IncidentPageReason      reason);
gboolean  incident_planner_is_acked     (const IncidentPlanner  *self,
                                         const char             *person);

/* incident-plan-condition.c */
gboolean  incident_planner_holds        (const IncidentPlanner  *self,
                                         const IncidentOncallCondition *condition); /* NULL: always */
/* The moment from which a step is within its hours: now, or later; G_MAXINT64: never. */
gint64    incident_planner_get_hours    (const IncidentPlanner  *self,
                                         const IncidentHours    *hours);

/* incident-plan-walk.c: from its step on, until one has paged somebody, one waits, or it is at its end. */
void      incident_planner_walk         (IncidentPlanner        *self,
                                         IncidentWalk           *walk,
                                         IncidentPageReason      reason,
                                         const GPtrArray        *again); /* interned; nullable */

G_END_DECLS
