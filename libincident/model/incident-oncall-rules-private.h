/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <libincident/incident-matcher.h>

#include "model/incident-comms-rules-private.h"
#include "model/incident-interval-private.h"

G_BEGIN_DECLS

/* What a playbook says of being on call: schedules, escalation policies, how people are
 * paged. Strings are kept by the IncidentRules that these belong to. */

/* A clock on a wall, whatever the zone: minutes since 1970-01-01 00:00 as it shows them. */
typedef gint64 IncidentWallTime;

#define INCIDENT_MINUTES_A_DAY 1440

typedef enum
{
  INCIDENT_ROTATION_HOUR,
  INCIDENT_ROTATION_DAY,
  INCIDENT_ROTATION_WEEK,
  INCIDENT_ROTATION_MONTH,
} IncidentRotationUnit;

typedef struct
{
  IncidentWallTime     start;      /* of hand-off 0: an anchor, not a beginning */
  IncidentRotationUnit unit;
  guint                length;     /* so many units; at least 1 */
} IncidentRotation;

/* [day + from, day + until) on each of the weekdays; a day longer where until ≤ from. */
typedef struct
{
  guint                weekdays;   /* a bit each, 0: Monday … 6: Sunday */
  guint                from;       /* minutes of the day; as below */
  guint                until;
} IncidentRestriction;

/* Whole days by the wall clock of whoever asks: sorted, without overlap. */
typedef struct
{
  const char          *name;
  GArray              *days;       /* (element-type IncidentHoliday) */
} IncidentHolidays;

typedef struct
{
  gint32               day;        /* since 1970-01-01 */
  const char          *what;       /* nullable */
} IncidentHoliday;

typedef struct
{
  const char          *name;       /* never NULL: “1”, “2” … where none is given */
  guint                priority;   /* the greatest that has somebody wins; equal ones add up */
  GTimeZone           *zone;       /* its own, or that of the schedule; never NULL */
  GPtrArray           *people;     /* of strings, in their order; not empty. Without a rotation all at once */
  gboolean             rotates;
  IncidentRotation     rotation;
  GArray              *restrictions; /* (element-type IncidentRestriction); empty: always */
  const IncidentHolidays *off;     /* not on these days, midnight to midnight; nullable */
  gint64               from;       /* instants; G_MININT64 and G_MAXINT64 where there is no bound */
  gint64               until;
} IncidentLayer;

typedef struct
{
  const char          *name;
  const char          *title;      /* nullable */
  GTimeZone           *zone;
  const char          *zone_name;
  GPtrArray           *layers;     /* (element-type IncidentLayer), the greatest priority first, then as they were written */
  GArray              *wanted_gaps; /* (element-type IncidentRestriction): nobody is meant to be on call then */
} IncidentScheduleRules;

typedef enum
{
  INCIDENT_TARGET_PERSON,
  INCIDENT_TARGET_TEAM,
  INCIDENT_TARGET_SCHEDULE,
  INCIDENT_TARGET_ROLE,
  INCIDENT_TARGET_CHANNEL,
} IncidentTargetKind;

typedef struct
{
  IncidentTargetKind   kind;
  const char          *name;
} IncidentTarget;

/* When a step, or a policy, is for a case. */
typedef struct
{
  IncidentCondition    condition;  /* severity, service, category, phase */
  IncidentBits         priorities;
  GPtrArray           *labels;     /* (element-type IncidentMatcher): some alert of the case matches all of them; empty: none has to */
  guint                alerts;     /* so many alerts of the case began …; 0: not asked */
  gint64               within;     /* … in so long */
} IncidentOncallCondition;

/* Business hours. */
typedef struct
{
  const IncidentInterval *interval; /* NULL: at any time */
  const IncidentHolidays *off;      /* nullable; days by the clock of @zone */
  GTimeZone           *zone;
} IncidentHours;

typedef struct
{
  const char          *name;       /* never NULL, unique in its policy */
  GArray              *targets;    /* (element-type IncidentTarget) */
  gint64               wait;       /* from its firing to the next step */
  IncidentOncallCondition *condition; /* NULL: for every case */
  IncidentHours        hours;
  gboolean             waits_for_hours; /* outside them: it waits until they begin; else it is skipped */
  gboolean             wants_all;  /* each person who was paged has to acknowledge */
} IncidentPolicyStep;

typedef struct
{
  const char          *name;
  const char          *title;      /* nullable */
  GPtrArray           *steps;      /* (element-type IncidentPolicyStep); not empty */
  guint                repeat;     /* so many further loops */
  gboolean             is_endless; /* it loops until … */
  gint64               give_up;    /* … so long after its start; 0: no limit of time */
  gint64               ack_timeout[INCIDENT_SEVERITY_SEV5 + 1]; /* by severity; 0: never */
  gboolean             any_ack;    /* an acknowledgement by whomever freezes it; else by who was paged by it, or acts on the case */
  GArray              *fallback;   /* (element-type IncidentTarget); empty: that of all policies */
} IncidentPolicyRules;

/* Which policy a case gets by itself: the first that holds. */
typedef struct
{
  IncidentOncallCondition condition;
  const IncidentPolicyRules *policy;
} IncidentPolicyStart;

typedef struct
{
  const char          *channel;    /* the name of one */
  const char          *recipient;  /* whom that knows: an address, an id; never NULL */
  gint64               after;      /* the page */
} IncidentContactMethod;

typedef struct
{
  GTimeZone           *zone;       /* nullable: they said none */
  GArray              *methods;    /* (element-type IncidentContactMethod), in their order; empty: no way to page them */
} IncidentOncallPerson;

typedef struct _IncidentOncallRules
{
  GPtrArray           *schedules;  /* (element-type IncidentScheduleRules), in the order of their names */
  GPtrArray           *policies;   /* (element-type IncidentPolicyRules), likewise */
  GPtrArray           *holidays;   /* (element-type IncidentHolidays), likewise */
  GPtrArray           *starts;     /* (element-type IncidentPolicyStart) */
  GHashTable          *people;     /* person → IncidentOncallPerson: each person of the playbook */
  GHashTable          *teams;      /* team → GPtrArray of strings: its members, in their order */
  GHashTable          *team_policies; /* team → IncidentPolicyRules, lent: of those that have one */
  GArray              *fallback;   /* (element-type IncidentTarget): who is paged where nobody was */
  guint                rate;       /* at most so many pages a person and method …; 0: no limit */
  gint64               rate_window; /* … in so long */
  IncidentBits         rate_except; /* severities that are never held */
} IncidentOncallRules;

IncidentOncallRules   *incident_oncall_rules_new          (void);
void                   incident_oncall_rules_free         (IncidentOncallRules       *self);
/* Each is added and lent, empty but for its name (lent). */
IncidentScheduleRules *incident_oncall_rules_add_schedule (IncidentOncallRules       *self,
                                                           const char                *name);
IncidentLayer         *incident_schedule_rules_add_layer  (IncidentScheduleRules     *self,
                                                           const char                *name);
IncidentPolicyRules   *incident_oncall_rules_add_policy   (IncidentOncallRules       *self,
                                                           const char                *name);
IncidentPolicyStep    *incident_policy_rules_add_step     (IncidentPolicyRules       *self,
                                                           const char                *name);
IncidentHolidays      *incident_oncall_rules_add_holidays (IncidentOncallRules       *self,
                                                           const char                *name);
IncidentPolicyStart   *incident_oncall_rules_add_start    (IncidentOncallRules       *self);
IncidentOncallPerson  *incident_oncall_rules_add_person   (IncidentOncallRules       *self,
                                                           const char                *name);
const IncidentScheduleRules *
                       incident_oncall_rules_get_schedule (const IncidentOncallRules *self,
                                                           const char                *name);
const IncidentPolicyRules *
                       incident_oncall_rules_get_policy   (const IncidentOncallRules *self,
                                                           const char                *name);
const IncidentOncallPerson *
                       incident_oncall_rules_get_person   (const IncidentOncallRules *self,
                                                           const char                *name);
/* -1: there is none of the name. */
int                    incident_policy_rules_find_step    (const IncidentPolicyRules *self,
                                                           const char                *name);
/* When a run of it gives up; G_MAXINT64: never. */
gint64                 incident_policy_rules_get_end      (const IncidentPolicyRules *self,
                                                           gint64                     started_at);
/* So long after its start nobody else is paged. */
gboolean               incident_policy_rules_gives_up     (const IncidentPolicyRules *self,
                                                           gint64                     started_at,
                                                           gint64                     now);
/* Is there another loop after this one? */
gboolean               incident_policy_rules_has_loop     (const IncidentPolicyRules *self,
                                                           guint                      loop,
                                                           gint64                     started_at,
                                                           gint64                     now);
/* How people name targets: “team payments”, or a name alone. FALSE: there is no such, and @target is a person of the name.
 * @policy: it is one, or has one; else NULL. */
gboolean               incident_rules_find_target         (const IncidentRules       *self,
                                                           const char                *name,
                                                           IncidentTarget            *target,
                                                           const IncidentPolicyRules **policy);
/* Days since 1970-01-01. */
gboolean               incident_holidays_contain          (const IncidentHolidays    *self, /* nullable */
                                                           gint32                     day);
/* “person ana”, “schedule payments”: as pages and events name it. */
char                  *incident_target_to_string          (const IncidentTarget      *self);
void                   incident_oncall_condition_init     (IncidentOncallCondition   *self);
void                   incident_oncall_condition_clear    (IncidentOncallCondition   *self);

G_END_DECLS
