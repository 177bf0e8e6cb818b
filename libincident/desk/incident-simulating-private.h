/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "comms/incident-page-body-private.h"
#include "desk/incident-desk-foresee-private.h"
#include "desk/incident-scenario-private.h"
#include "oncall/incident-simulation-private.h"

G_BEGIN_DECLS

/* A simulation as it goes on. The wall clock may be set in it; time goes on by another one, which stands for that of
 * the boot. */

/* A message that waits for its time. */
typedef struct
{
  IncidentOutboxRow *row;
  IncidentPageBody   body;
  guint              firing;     /* those of one firing belong together */
  gboolean           is_over;    /* it went out, or is not wanted any more */
  gboolean           has_failed;
} IncidentSend;

typedef struct
{
  const char *person;
  const char *channel;  /* NULL: each */
} IncidentFailure;

typedef struct
{
  IncidentDesk            *desk;
  const IncidentScenario  *scenario;
  IncidentRoster          *roster;
  const IncidentRulebook  *rulebook;
  IncidentRulebook         own_rulebook;  /* of the playbook that was given */
  IncidentOperations       operations;
  guint64                  number;        /* 0: of no case that is there */
  GPtrArray               *alerts;        /* nullable: not known */
  IncidentSimulation       simulation;
  gint64                   now;           /* the clock that is never set … */
  gint64                   ahead;         /* … and the wall, so far ahead of it */
  guint                    n_played;      /* events of the scenario */
  guint                    n_firings;
  GPtrArray               *sends;         /* (element-type IncidentSend) */
  guint                    first_waiting; /* those before it are over */
  GArray                  *failures;      /* (element-type IncidentFailure) */
  IncidentJsonWriter       pages;
  IncidentJsonWriter       not_paged;
  IncidentJsonWriter       refused;
  gint64                   first_person;  /* so long after the beginning; -1: nobody yet */
} IncidentSimulating;

void   incident_send_free            (IncidentSend             *self);
gint64 incident_simulating_get_wall  (const IncidentSimulating *self);
/* For the loop: takes the messages of a plan. */
void   incident_simulating_told      (const IncidentPlan       *plan,
                                      const IncidentState      *state,
                                      gint64                    at,
                                      gpointer                  data);
/* Sends what is due, as it was made. */
void   incident_simulating_send_due  (IncidentSimulating       *self);
/* Plays what happens by now. */
void   incident_simulating_play_due  (IncidentSimulating       *self);

G_END_DECLS
