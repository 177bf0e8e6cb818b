/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <libincident/incident-severity.h>

#include "model/incident-interval-private.h"
#include "model/incident-labels-private.h"
#include "model/incident-secret-private.h"

G_BEGIN_DECLS

/* What a playbook says of alerts: who sends them, and what becomes of them. Strings are
 * kept by the IncidentRules that these belong to, where nothing else is said. */

/* A place in a body: a JSON pointer. */
typedef const char *IncidentPointer;

typedef struct
{
  const char       *word;
  const char       *means;
} IncidentWord;

/* How a body of the team's own is read. Pointers are those of RFC 6901, from the item. */
typedef struct
{
  IncidentPointer  items;       /* an array of alerts; NULL: the body is one, or an array of them */
  GPtrArray       *key;         /* pointers; not empty */
  IncidentPointer  episode;     /* an id of one occurrence; or NULL */
  IncidentPointer  status;
  GArray          *statuses;    /* IncidentWord: what it says → “firing”, “acknowledged”, “resolved”, “suppressed”, “info” */
  const char      *always;      /* the status of all; where there is no pointer */
  IncidentPointer  severity;    /* NULL: not told; likewise those below */
  IncidentPointer  name;
  IncidentPointer  summary;
  IncidentPointer  link;
  IncidentPointer  starts_at;
  IncidentPointer  ends_at;
  IncidentPointer  labels;      /* an object */
  GArray          *more_labels; /* IncidentWord: a label → the pointer to its value */
  IncidentPointer  annotations; /* an object */
  const char      *sample;      /* a body, as JSON, that it is tested with; or NULL */
} IncidentMapping;

typedef struct
{
  const char      *name;        /* who sends: the actor of what it brings */
  const char      *format;      /* NULL: recognised */
  IncidentSecret   token;       /* of the HTTP door, as a bearer token (PagerDuty: routing key; Opsgenie: GenieKey) */
  IncidentSecret   signature;   /* the key of an HMAC, where the format has one */
  gint64           timeout;     /* after so long without a word an alert has ended; 0: as the format says, or never */
  GTimeZone       *zone;        /* of local times; NULL: UTC */
  GArray          *severities;  /* IncidentWord: what the sender says → “sev1” … */
  IncidentMapping *mapping;     /* of the format “json”; else NULL */
} IncidentSource;

typedef struct
{
  guint   count;   /* 0: no threshold */
  gint64  within;
} IncidentThreshold;

/* A penalty of 1 a change, halved in half_life; the alert flaps from start on, until stop. */
typedef struct
{
  gint64  half_life;  /* 0: no damping */
  double  start;
  double  stop;
} IncidentFlap;

typedef enum
{
  INCIDENT_WHEN_ENDED_NOTE,     /* the timeline says so; people do the rest */
  INCIDENT_WHEN_ENDED_RESOLVE,  /* the desk resolves a case that nobody took over … */
  INCIDENT_WHEN_ENDED_RECOVER,  /* … and recovers it … */
  INCIDENT_WHEN_ENDED_CLOSE,    /* … and closes it */
} IncidentWhenEnded;

/* A route as it holds: what it inherits from its parent is in it. */
typedef struct _IncidentRouteRule IncidentRouteRule;
struct _IncidentRouteRule
{
  char              *path;         /* “/route/routes/2”: where it stands; owned */
  const char        *name;         /* nullable */
  GPtrArray         *matchers;     /* (element-type IncidentMatcher) */
  gboolean           goes_on;      /* “continue” */
  GPtrArray         *routes;       /* (element-type IncidentRouteRule) */

  GPtrArray         *group_by;     /* names of labels; NULL: as the sender groups, or by “alertname” */
  gboolean           group_by_all;
  const char        *service;      /* nullable, as those below */
  const char        *team;
  const char        *category;
  const char        *policy;       /* of escalation */
  IncidentSeverity   severity;     /* UNKNOWN: what the alert says */
  gint64             wait;         /* it must fire so long before a case is opened */
  gint64             window;       /* a case takes alerts so long after it was opened; 0: as long as it is open */
  gint64             reopen_within; /* a case that ended less long ago is opened again; 0: never */
  IncidentThreshold  threshold;
  IncidentFlap       flap;
  IncidentWhenEnded  when_ended;
  gint64             ended_for;    /* so long after the last alert ended */
  GPtrArray         *mute;         /* (element-type IncidentInterval, lent): not inherited, as that below */
  GPtrArray         *active;
};

typedef struct
{
  const char *name;            /* nullable */
  char       *path;            /* “/inhibit/0” */
  GPtrArray  *source_matchers; /* (element-type IncidentMatcher) */
  GPtrArray  *target_matchers;
  GPtrArray  *equal;           /* names of labels */
  gboolean    require;         /* a label that both lack is not equal */
  GPtrArray  *routes;          /* names of routes whose alerts it mutes; NULL: all */
} IncidentInhibition;

/* Work that is planned. */
typedef struct
{
  const char       *name;
  GPtrArray        *matchers;  /* (element-type IncidentMatcher) */
  gint64            starts_at; /* once: [starts_at, ends_at); INCIDENT_TIME_NONE where it recurs */
  gint64            ends_at;
  IncidentInterval *interval;  /* lent; NULL: once */
  const char       *reason;
} IncidentMaintenance;

/* Cases that may have one cause are linked, never merged. */
typedef struct
{
  const char *name;
  GPtrArray  *equal;     /* names of labels that both have, with the same values; empty: any */
  gboolean    dependent; /* and the service of one depends on that of the other */
  gint64      within;
} IncidentCorrelation;

typedef struct _IncidentIntakeRules IncidentIntakeRules;
struct _IncidentIntakeRules
{
  GHashTable        *sources;      /* name → IncidentSource; owned, as all below */
  GHashTable        *intervals;    /* name → IncidentInterval */
  IncidentRouteRule *route;        /* never NULL */
  GPtrArray         *inhibitions;  /* (element-type IncidentInhibition) */
  GPtrArray         *maintenance;  /* (element-type IncidentMaintenance) */
  GPtrArray         *correlations; /* (element-type IncidentCorrelation) */
  GPtrArray         *warnings;     /* (element-type char): what may not be meant */
};

/* Without a playbook: one route, which takes everything. */
IncidentIntakeRules *incident_intake_rules_new  (void);
void                 incident_intake_rules_free (IncidentIntakeRules *self);
/* NULL: there is none of the name. */
const IncidentSource *incident_intake_rules_get_source (const IncidentIntakeRules *self,
                                                 const char                *name);
const IncidentInterval *incident_intake_rules_get_interval (const IncidentIntakeRules *self,
                                                 const char                *name);
IncidentSource      *incident_source_new        (const char *name);
void                 incident_source_free       (IncidentSource *self);
/* With lists that are empty, and no pointers. */
IncidentMapping     *incident_mapping_new       (void);
void                 incident_mapping_free      (IncidentMapping *self);
/* What is inherited is that of @parent; “group_by” is shared with it: replace it, never
 * change it. The route is not added to the parent's. */
IncidentRouteRule   *incident_route_rule_new    (const IncidentRouteRule *parent, /* nullable */
                                                 char                    *path);  /* (transfer full) */
void                 incident_route_rule_free   (IncidentRouteRule *self);
IncidentInhibition  *incident_inhibition_new    (char *path); /* (transfer full) */
void                 incident_inhibition_free   (IncidentInhibition *self);
IncidentMaintenance *incident_maintenance_new   (const char *name);
void                 incident_maintenance_free  (IncidentMaintenance *self);
IncidentCorrelation *incident_correlation_new   (const char *name);
void                 incident_correlation_free  (IncidentCorrelation *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (IncidentIntakeRules, incident_intake_rules_free)

G_END_DECLS
