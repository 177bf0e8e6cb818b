/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <libincident/incident-priority.h>
#include <libincident/incident-severity.h>

#include "model/incident-lifecycle-private.h"

G_BEGIN_DECLS

/* What a playbook says, as decisions read it: people, roles, rights, checklists …
 * Made once, never changed, and shared between threads. All strings are interned or
 * belong to the rules. */

/* Who acts where the desk does so by itself. */
#define INCIDENT_DESK_ACTOR "desk"

/* A set of severities or levels: a bit each, by number. 0: any. */
typedef guint IncidentBits;

typedef struct
{
  gint64      from;    /* the days, in UTC microseconds */
  gint64      until;
  const char *why;     /* nullable */
} IncidentAbsence;

typedef struct
{
  const char *name;
  GPtrArray  *qualifications; /* of strings */
  GPtrArray  *teams;          /* of strings */
  GArray     *away;           /* IncidentAbsence */
} IncidentRulesPerson;

typedef struct
{
  const char *name;
  GPtrArray  *duties;         /* of strings */
  GPtrArray  *teams;          /* whose members may hold it; none: anybody */
  const char *qualification;  /* nullable: what who holds it must have */
  guint       holders;
  gboolean    is_operational;
} IncidentRulesRole;

typedef struct
{
  const char *name;
  const char *owner;          /* a team; nullable */
  GPtrArray  *depends_on;     /* of strings */
} IncidentRulesService;

typedef struct
{
  IncidentBits severities;
  GPtrArray   *services;      /* of strings, empty: any; as below */
  GPtrArray   *categories;
  GPtrArray   *phases;
} IncidentCondition;

typedef enum
{
  INCIDENT_SUBJECT_EVERYONE,
  INCIDENT_SUBJECT_OWNERS,
  INCIDENT_SUBJECT_ROLE,
  INCIDENT_SUBJECT_TEAM,
  INCIDENT_SUBJECT_PERSON,
  INCIDENT_SUBJECT_AUTOMATION,
} IncidentSubject;

typedef struct
{
  IncidentSubject    subject;
  const char        *name;    /* of the role, team …; NULL for everyone and owners */
  GPtrArray         *may;     /* of strings; “*”: all */
  IncidentCondition  condition;
  gboolean           is_conditional;
} IncidentRight;

typedef struct
{
  const char *title;
  const char *text;           /* nullable, as all below */
  const char *person;
  const char *role;
  const char *after;
  gint64      due;            /* so long after it is added; 0: whenever */
  gboolean    must_do;
} IncidentRulesTask;

typedef struct
{
  const char        *name;
  gboolean           is_automatic; /* it says for which cases */
  IncidentCondition  condition;
  GArray            *tasks;   /* IncidentRulesTask */
} IncidentRulesChecklist;

/* A rule that raises the priority. */
typedef struct
{
  guint             services; /* from so many services on; 0: by phase */
  const char       *phase;
  gint64            after;    /* so long in it */
  IncidentPriority  to;
} IncidentRaise;

typedef enum
{
  INCIDENT_STARTS_OPENED,
  INCIDENT_STARTS_MAJOR,
  INCIDENT_STARTS_RECOVERED,
  INCIDENT_STARTS_CLOSED,
  INCIDENT_STARTS_AFTER,      /* when another was filed */
} IncidentStarts;

typedef struct
{
  const char        *name;
  const char        *means;   /* nullable */
  IncidentCondition  condition;
  IncidentStarts     starts;
  const char        *after;   /* nullable: the other clock */
  gint64             within;
} IncidentReportingClock;

typedef struct
{
  gint64       updates[INCIDENT_SEVERITY_SEV5 + 1]; /* by severity; 0: none */
  gint64       remind_every;
  guint        remind_most;
  gboolean     has_quiet_hours;
  guint        quiet_from;    /* minutes since midnight */
  guint        quiet_until;
  GTimeZone   *quiet_zone;
  IncidentBits quiet_severities;
  gint64       stuck_acknowledged; /* 0: never */
  GHashTable  *stuck_phases;  /* phase → gint64 * */
} IncidentCadence;

typedef struct
{
  IncidentLifecycle *lifecycle;
  char              *version;      /* content hash of the playbook; NULL: built in */
  char              *document;     /* what the hash is of: canonical JSON */
  GStringChunk      *strings;      /* what the pointers point to */
  GHashTable        *people;       /* name → IncidentRulesPerson; empty: any name is a person; likewise below */
  GHashTable        *automations;  /* a set */
  GHashTable        *teams;        /* a set */
  GHashTable        *services;     /* name → IncidentRulesService */
  GHashTable        *categories;   /* name → the category it is within, or itself */
  GHashTable        *roles;        /* name → IncidentRulesRole */
  GPtrArray         *rights;       /* of IncidentRight; NULL: everybody may everything */
  GHashTable        *by_verb;      /* verb → GPtrArray of IncidentRight, those for “*” among them */
  GPtrArray         *for_all;      /* those for “*” */
  GPtrArray         *checklists;   /* of IncidentRulesChecklist */
  GPtrArray         *clocks;       /* of IncidentReportingClock */
  GArray            *raises;       /* IncidentRaise */
  IncidentPriority   matrix[3][3]; /* by impact and urgency, high first */
  gboolean           has_matrix;   /* it is not the usual one */
  IncidentBits       major;        /* severities that are major */
  IncidentCadence    cadence;
  struct _IncidentIntakeRules *intake; /* what is said of alerts (incident-intake-rules-private.h); never NULL */
  struct _IncidentCommsRules *comms;   /* of communication (incident-comms-rules-private.h); never NULL */
  struct _IncidentOncallRules *oncall; /* of being on call (incident-oncall-rules-private.h); never NULL */
} IncidentRules;

IncidentRules        *incident_rules_new      (IncidentLifecycle     *lifecycle);
IncidentRules        *incident_rules_ref      (IncidentRules         *self);
void                  incident_rules_unref    (IncidentRules         *self);
/* Keeps a string as long as the rules; NULL stays NULL. */
const char           *incident_rules_keep     (IncidentRules         *self,
                                               const char            *string);
/* Default deny: from now on only what is added is allowed. */
void                  incident_rules_deny_all (IncidentRules         *self);
void                  incident_rules_add_right (IncidentRules        *self,
                                               IncidentRight         *right); /* (transfer full) */

IncidentRulesRole    *incident_rules_get_role (const IncidentRules   *self,
                                               const char            *name);
IncidentRulesChecklist *incident_rules_get_checklist (const IncidentRules *self,
                                               const char            *name);
/* A source of alerts is one, too. */
gboolean              incident_rules_is_automation (const IncidentRules *self,
                                               const char            *actor);
/* Is it somebody's name? */
gboolean              incident_rules_knows    (const IncidentRules   *self,
                                               const char            *actor);
gboolean              incident_rules_is_away  (const IncidentRules   *self,
                                               const char            *person,
                                               gint64                 at,
                                               const char           **why);

void                  incident_condition_clear (IncidentCondition    *self);

/* Of what a right or a checklist is for. What a command is about to say counts
 * where there is no case yet. */
typedef struct
{
  const IncidentState *state;     /* NULL before the case is opened */
  const char          *service;   /* nullable */
  const char          *category;  /* nullable */
  IncidentSeverity     severity;
  gboolean             without_roles; /* rights of roles do not count */
} IncidentSituation;

void                  incident_situation_init (IncidentSituation       *self,
                                               const IncidentState     *state,
                                               IncidentCommand         *command); /* nullable */
gboolean              incident_condition_holds (const IncidentCondition *self,
                                               const IncidentRules     *rules,
                                               const IncidentSituation *situation);

/* May @actor do it? @by_name: there is a rule for less than everybody. */
gboolean              incident_rules_permit   (const IncidentRules     *self,
                                               const char              *verb,
                                               const char              *actor,
                                               const IncidentSituation *situation,
                                               gboolean                *by_name); /* nullable */
/* Who may, for a person who may not: “role commander, team core”. */
char                 *incident_rules_describe_right (const IncidentRules *self,
                                               const char              *verb);
/* Whether rights depend on the case at all. */
gboolean              incident_rules_have_rights (const IncidentRules  *self);

/* The worse where one of the two is not known; unknown where neither is. */
IncidentPriority      incident_rules_get_priority (const IncidentRules *self,
                                               IncidentLevel            impact,
                                               IncidentLevel            urgency);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (IncidentRules, incident_rules_unref)

G_END_DECLS
