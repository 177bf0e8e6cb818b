/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* An escalation policy walking on one episode of a case: a part of the fold, so that all that a
 * deadline needs stands in the events. */

typedef enum
{
  INCIDENT_RUN_RUNNING,
  INCIDENT_RUN_ACKED,      /* frozen at its step */
  INCIDENT_RUN_PAUSED,
  INCIDENT_RUN_EXHAUSTED,  /* after its last loop: nobody has come */
  INCIDENT_RUN_ENDED,
} IncidentRunState;

typedef struct _IncidentRun IncidentRun;

struct _IncidentRun
{
  IncidentRun      *next;       /* that began before it; NULL: it is the first */
  const char       *policy;     /* interned, as below */
  const char       *version;    /* of the playbook that the policy is of */
  const char       *why;        /* why it stands as it does: “acked”, “ack-timeout” …; NULL: no reason was given */
  guint16           number;     /* in its case, from 1 */
  guint16           episode;
  guint16           step;       /* from 0: that was fired last, or that comes first */
  guint16           loop;       /* from 0 */
  guint16           arming;     /* from 0: how often a step was armed anew in this run */
  guint8            state;      /* IncidentRunState */
  guint8            has_fired;  /* the step, in this loop and arming */
  guint8            is_empty;   /* nobody was reached by the steps of this pass before this one */
  guint8            failures;   /* of its last deadline, one after another */
  gint64            started_at;
  gint64            frozen_at;  /* by an acknowledgement, last */
  gint64            due;        /* by the wall; INCIDENT_TIME_NONE: it waits for nothing */
  gint64            due_boot;   /* by the clock of the boot … */
  guint32           boot;       /* … of this hash; 0: not told */
  guint32           seq;        /* of the event that told of it last */
  GPtrArray        *paged;      /* interned: whom the step paged, in this loop and arming; NULL: nobody */
  GPtrArray        *reached;    /* interned: whom the run has paged so far; NULL: nobody */
  GPtrArray        *failed;     /* interned: of those, who could not be reached by any method; NULL: nobody */
  GPtrArray        *acked_by;   /* interned: whose acknowledgement it knows; NULL: nobody's */
};

/* What the facts of an event say of one run, read once for as many cases as they are of. */
typedef struct
{
  guint             number;     /* 0: nothing; as below -1 where it is not said */
  int               step;
  int               loop;
  int               arming;
  int               state;
  int               failures;
  gboolean          fires;
  gboolean          says_due;
  gint64            due;
  gint64            due_boot;
  guint32           boot;
  const char       *policy;     /* interned, as below; NULL: not said */
  const char       *version;
  const char       *why;
  const char       *people;     /* the facts from the first line that names somebody on, lent; NULL: none does */
} IncidentRunEffect;

/* “run=N” has set the number. FALSE: it is about something else. */
gboolean         incident_run_effect_read    (IncidentRunEffect *self,
                                              const char        *name,
                                              gsize              name_length,
                                              const char        *value,
                                              gsize              value_length);

void             incident_run_free           (IncidentRun       *self); /* and those before it */
IncidentRun     *incident_run_copy           (const IncidentRun *self); /* likewise */
/* Makes the run if it is new. */
void             incident_run_apply          (IncidentRun      **runs,
                                              const IncidentRunEffect *effect,
                                              guint              seq,
                                              guint              episode,
                                              gint64             occurred_at);
/* NULL: there is none of the number. Takes a list that is NULL. */
IncidentRun     *incident_run_find           (IncidentRun       *runs,
                                              guint              number);
/* The last one that began in the episode and is not over; NULL: none. */
IncidentRun     *incident_run_find_current   (IncidentRun       *runs,
                                              guint              episode);
gboolean         incident_run_is_over        (const IncidentRun *self); /* exhausted or ended */
gboolean         incident_run_has_failed     (const IncidentRun *self); /* all that the step has paged */
const char      *incident_run_state_to_string (IncidentRunState  state);
gboolean         incident_run_has_paged      (const IncidentRun *self,
                                              const char        *person);
/* Lists of interned strings, nullable while they are empty. */
gboolean         incident_names_contain      (const GPtrArray   *names,
                                              const char        *interned);
void             incident_names_add          (GPtrArray        **names,
                                              const char        *interned);

G_END_DECLS
