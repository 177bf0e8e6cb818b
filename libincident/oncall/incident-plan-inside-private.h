/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

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
  guint                      first_page; /* of the plan: from there on they are the event's */
  const char                *text;     /* nullable: in place of what follows from the pages */
} IncidentSaying;

#define INCIDENT_SAYING(a_kind) \
  { .kind = a_kind, .state = -1, .reason = (IncidentPageReason) -1, .wait = -1, .due = INCIDENT_TIME_NONE }

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
/* Those who had acknowledged, besides. */
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
