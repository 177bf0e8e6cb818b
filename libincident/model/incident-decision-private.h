/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <libincident/incident-clock.h>

#include "model/incident-command-private.h"
#include "model/incident-lifecycle-private.h"

G_BEGIN_DECLS

/* Where a command becomes events. The drafts are complete but for what the store
 * gives: the case's number where it is new, the place in the log, the hash. */

typedef struct
{
  IncidentClock            *clock;
  IncidentOperations       *operations;
  gint64                    now;
  GPtrArray                *drafts;     /* (element-type IncidentRecord) */

  /* Of the case and the command in hand: */
  guint64                   number;     /* 0 before the case is opened */
  const IncidentState      *state;      /* NULL before the case is opened */
  guint                     first;      /* its first draft */
  const IncidentTransition *transition; /* NULL: nothing changes */
  guint8                    operation[INCIDENT_OPERATION_LENGTH];
} IncidentDecision;

void       incident_decision_init    (IncidentDecision    *self,
                                      IncidentClock       *clock,
                                      IncidentOperations  *operations);
void       incident_decision_clear   (IncidentDecision    *self);
/* @state is lent until the next turn. At first there is no case. */
void       incident_decision_turn_to (IncidentDecision    *self,
                                      guint64              number,
                                      const IncidentState *state);
/* @payload (transfer full) is a JSON object. */
void       incident_decision_add     (IncidentDecision    *self,
                                      const char          *kind,
                                      const char          *actor,
                                      gint64               occurred_at,
                                      const char          *facts,
                                      char                *payload);
/* No drafts and TRUE: what is asked for holds already. @more_facts, nullable, join
 * those of the command. */
gboolean   incident_decision_command (IncidentDecision    *self,
                                      IncidentLifecycle   *lifecycle,
                                      IncidentCommand     *command,
                                      const char          *more_facts,
                                      GError             **error);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (IncidentDecision, incident_decision_clear)

G_END_DECLS
