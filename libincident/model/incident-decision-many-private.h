/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "model/incident-decision-private.h"

G_BEGIN_DECLS

/* One command on many cases. What is said of several in the same words is drafted
 * once, with the places where it holds. */

#define INCIDENT_MAX_KINDS_OF_CASE 8

/* Cases of which the command says the same: judged once, but for the guards that
 * look at the case. */
typedef struct
{
  const char               *phase;
  gboolean                  live;
  gboolean                  open;
  guint                     episode;
  guint                     level;
  guint                     binding;
  IncidentLifecycle        *lifecycle;  /* lent */
  const IncidentTransition *transition;
  guint                     guards;     /* those of the transition that look at more of the case */
  IncidentRecord           *draft;
} IncidentKindOfCase;

/* Cases of which the rights that no role gives are the same. The strings are those of a
 * state, told apart by their addresses: no state changes while cases are looked at. */
typedef struct
{
  const char *phase;
  const char *service;
  const char *category;
  guint       severity;
  gboolean    is_permitted;
  gboolean    by_name;
} IncidentKnownSituation;

#define INCIDENT_MAX_SITUATIONS 8

typedef struct
{
  IncidentDecision    decision;
  IncidentCommand    *command;
  guint               n_cases;
  IncidentKindOfCase  kinds[INCIDENT_MAX_KINDS_OF_CASE];
  guint               n_kinds;
  IncidentKindOfCase *last;
  gboolean            has_rights;      /* which may differ from case to case */
  gboolean            is_automation;
  IncidentKnownSituation situations[INCIDENT_MAX_SITUATIONS];
  guint               n_situations;
  const char         *missing;         /* the lifecycle without which the last one could not be judged */
  GHashTable           *pasts;  /* number → IncidentTimeline, for a command that looks back; else NULL */
} IncidentManyDecision;

void       incident_many_decision_init  (IncidentManyDecision  *self,
                                         IncidentClock         *clock,
                                         IncidentOperations    *operations,
                                         const IncidentRulebook *rulebook,
                                         IncidentCommand       *command,
                                         guint                  n_cases);
void       incident_many_decision_clear (IncidentManyDecision  *self);
/* An error names the case. */
gboolean   incident_many_decision_add   (IncidentManyDecision  *self,
                                         guint64                number,
                                         const IncidentState   *state,
                                         GError               **error);
/* The drafts, complete but for what the store gives. Lent. */
GPtrArray *incident_many_decision_end   (IncidentManyDecision  *self);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (IncidentManyDecision, incident_many_decision_clear)

G_END_DECLS
