/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <libincident/incident-page.h>

#include "model/incident-run-private.h"
#include "model/incident-state-private.h"
#include "oncall/incident-roster-private.h"

G_BEGIN_DECLS

/* What is to be done about a case now, and when it is to be looked at again: one pure function. The
 * escalator commits its answer, a simulation goes on from it. */

/* What a clock calls a boot that the system does not name. */
#define INCIDENT_BOOT_UNKNOWN "unknown"

/* The policy of a version of the playbook that is not in force any more; NULL: not known. Lent for as long as the
 * planning lasts. */
typedef const IncidentPolicyRules *(*IncidentFindPolicy) (const char *version,
                                                          const char *policy,
                                                          gpointer    data);

typedef struct
{
  IncidentRoster      *roster;     /* its rules are those in force: who there is, and how they are reached */
  IncidentFindPolicy   find_policy; /* nullable: none is known */
  gpointer             find_data;
  const GPtrArray     *alerts;     /* of the case, as the two below read them; NULL: not known, which a condition takes for true */
  const char       *(*get_label)   (gpointer alert, const char *name); /* or annotation; NULL: it has none */
  gint64            (*get_start)   (gpointer alert);
  gint64               now;        /* by the wall … */
  gint64               now_boot;   /* … and by the clock of the boot … */
  guint32              boot;       /* … of this hash; 0: not told */
} IncidentPlanning;

/* One person, paged or not. */
typedef struct
{
  const char          *person;     /* interned; NULL: it is about a target as a whole; or a channel is paged */
  const char          *channel;    /* interned: of a target that is a channel; NULL */
  char                *target;     /* “schedule payments” */
  IncidentPageReason   reason;
  gboolean             is_sent;    /* it is to be sent, by all of the person's methods in turn */
  guint                run;        /* its number; 0: beside all runs */
  guint                step;       /* from 0 */
  guint                loop;
  guint                arming;
  guint                event;      /* place in the events of the plan: that tells of it */
} IncidentPlannedPage;

typedef struct
{
  const char          *kind;       /* interned */
  char                *facts;
  char                *payload;    /* a JSON object */
} IncidentPlannedEvent;

typedef struct
{
  GArray              *events;     /* IncidentPlannedEvent, in their order; none: nothing is to be done */
  GArray              *pages;      /* IncidentPlannedPage */
  gint64               due;        /* when to look again, by the wall; now or past: at once. G_MAXINT64: not before the case changes */
  gint64               due_boot;   /* the same by the clock of the boot, where it is told by that; else G_MAXINT64 */
  guint32              boot;       /* when it was made, as IncidentPlanning has it */
  gint64               now_boot;
} IncidentPlan;

void     incident_plan_init     (IncidentPlan           *self);
void     incident_plan_clear    (IncidentPlan           *self);
/* Empties and fills @self. At most one paging step of a run fires in it. */
void     incident_plan_make     (IncidentPlan           *self,
                                 const IncidentPlanning *planning,
                                 const IncidentState    *state);
/* Only when to look again: cheap, for many cases. INCIDENT_TIME_NONE: at once. */
gint64   incident_plan_get_due  (const IncidentPlanning *planning,
                                 const IncidentState    *state,
                                 gint64                 *due_boot);
/* Does a condition of a policy ask for alerts at all? */
gboolean incident_plan_needs_alerts (const IncidentPlanning *planning,
                                 const IncidentState    *state);
/* 0: it is not told. */
guint32  incident_boot_hash     (const char             *boot_id);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (IncidentPlan, incident_plan_clear)

G_END_DECLS
