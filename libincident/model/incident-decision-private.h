/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <libincident/incident-clock.h>

#include "model/incident-command-private.h"
#include "model/incident-judgement-private.h"

G_BEGIN_DECLS

/* Where a command becomes events. The drafts are complete but for what the store
 * gives: the case's number where it is new, the place in the log, the hash. */

typedef struct
{
  IncidentClock            *clock;
  IncidentOperations       *operations;
  const IncidentRulebook   *rulebook;
  gint64                    now;
  GPtrArray                *drafts;     /* (element-type IncidentRecord) */

  /* Of the case and the command in hand: */
  guint64                   number;     /* 0 before the case is opened */
  const IncidentState      *state;      /* NULL before the case is opened */
  IncidentTimeline         *past;       /* its events; NULL: nobody has to look back */
  guint                     first;      /* its first draft */
  guint                     version;    /* of the case, before its first draft */
  IncidentState            *ahead;      /* the state after the first drafts; NULL: nobody has asked for it */
  guint                     n_ahead;    /* how many these are */
  IncidentLifecycle        *lifecycle;  /* what the case is under */
  gboolean                  is_moved;   /* it was under another until now */
  guint8                    verified;   /* of the actor */
  const IncidentTransition *transition; /* NULL: nothing changes */
  guint8                    operation[INCIDENT_OPERATION_LENGTH];
} IncidentDecision;

void       incident_decision_init    (IncidentDecision    *self,
                                      IncidentClock       *clock,
                                      IncidentOperations  *operations,
                                      const IncidentRulebook *rulebook);
void       incident_decision_clear   (IncidentDecision    *self);
/* @state is lent until the next turn. At first there is no case. */
void       incident_decision_turn_to (IncidentDecision    *self,
                                      guint64              number,
                                      const IncidentState *state);
/* For a command that looks back (incident_verb_looks_back()): the events of the case, all up to its state. Lent
 * until the next turn. */
void       incident_decision_look_back (IncidentDecision  *self,
                                      IncidentTimeline    *past);
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
                                      IncidentCommand     *command,
                                      const char          *more_facts,
                                      GError             **error);

/* The state of the case in hand as its drafts leave it; NULL: there is no case. */
const IncidentState *incident_decision_get_ahead (IncidentDecision *self);
/* The checklists that the case is for as it is now, and that it does not have yet. */
void       incident_decision_add_checklists (IncidentDecision *self,
                                      const char          *actor,
                                      gint64               occurred_at);
void       incident_decision_add_checklist (IncidentDecision *self,
                                      const IncidentRulesChecklist *checklist,
                                      const char          *actor,
                                      gint64               occurred_at,
                                      gboolean             is_said); /* the event is drafted already */
/* Of “update”: somebody else has to approve it. */
gboolean   incident_decision_is_proposal (IncidentDecision *self,
                                      IncidentCommand     *command);
/* Of “update” and “approve”. */
void       incident_decision_append_update (IncidentDecision *self,
                                      IncidentCommand     *command,
                                      GString             *facts);
/* The words of what an event is a part of are removed with it. */
void       incident_decision_redact_parts (IncidentDecision *self,
                                      guint                seq,
                                      const char          *actor,
                                      gint64               occurred_at);
/* One that another case has; @title is nullable. */
void       incident_decision_add_task (IncidentDecision    *self,
                                      const IncidentTaskEntry *task,
                                      const char          *title,
                                      const char          *actor,
                                      gint64               occurred_at);
/* Facts: under which playbook and lifecycle the case is judged, where that is new … */
void       incident_decision_append_binding (IncidentDecision *self,
                                      GString             *facts);
/* That no person did it. */
void       incident_decision_append_automation (IncidentDecision *self,
                                      const char          *actor,
                                      GString             *facts);
/* … and the priority, where the usual table would say another. */
void       incident_decision_append_priority (IncidentDecision *self,
                                      IncidentLevel        impact,
                                      IncidentLevel        urgency,
                                      GString             *facts);
/* What the store does not know: the lifecycle of the case has to be loaded first. */
gboolean   incident_decision_lacks_lifecycle (IncidentDecision *self);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (IncidentDecision, incident_decision_clear)

G_END_DECLS
