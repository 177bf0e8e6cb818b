/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <libincident/incident-priority.h>
#include <libincident/incident-severity.h>

#include "model/incident-binding-private.h"
#include "model/incident-dossier-private.h"
#include "model/incident-effect-private.h"
#include "model/incident-run-private.h"

G_BEGIN_DECLS

/* The fold: what is true of a case after its events so far. It needs nothing but
 * the events; everything that shows or judges a case reads it from here. */

/* Who says what the priority is; the later the stronger. */
typedef enum
{
  INCIDENT_PRIORITY_BY_TABLE,
  INCIDENT_PRIORITY_BY_RULE,   /* raised, and never lowered but by a person */
  INCIDENT_PRIORITY_BY_PERSON,
} IncidentPriorityBy;

#define INCIDENT_MAX_EPISODE 0x3fff
#define INCIDENT_MAX_LEVEL   0x3ff

/* What guards judge by. Stores keep one for each case, so it is kept small. */
typedef struct
{
  const char         *phase;       /* interned */
  char               *service;     /* GRefString, nullable, as the one below */
  char               *category;
  GPtrArray          *assignments; /* (element-type IncidentAssignment), by seq; NULL before the first */
  IncidentDossier    *dossier;     /* NULL while there is nothing for it */
  IncidentRun        *runs;        /* escalation policies that walk on it, the last one first; NULL: none did */
  guint32             version;     /* seq of the last event; 0: nothing is folded yet */
  guint32             decided;     /* seq of the last event that a person's view depends on */
  guint64             episode : 14;
  guint64             level : 10;  /* escalations in this episode */
  guint64             binding : 16; /* the playbook and lifecycle it is under: see incident-binding-private.h */
  guint64             severity : 3;
  guint64             impact : 2;
  guint64             urgency : 2;
  guint64             priority : 3;
  guint64             priority_by : 2; /* IncidentPriorityBy */
  guint64             live : 1;
  guint64             open : 1;
  guint64             severity_from_alert : 1; /* no person has judged it yet */
  guint64             major : 1;
} IncidentState;

/* A state that is all zero is one before its first event. */
void           incident_state_clear         (IncidentState        *self);
/* Free it by incident_state_clear() and g_free(). */
IncidentState *incident_state_copy          (const IncidentState  *self);
void           incident_state_apply         (IncidentState        *self,
                                             const IncidentEffect *effect,
                                             guint32               seq,
                                             const char           *actor,
                                             gint64                occurred_at);
IncidentPriority incident_state_get_priority (const IncidentState *self);
const char    *incident_state_get_holder    (const IncidentState  *self,
                                             const char           *role);
gboolean       incident_state_holds         (const IncidentState  *self,
                                             const char           *role,
                                             const char           *person);
guint          incident_state_count_holders (const IncidentState  *self,
                                             const char           *role); /* NULL: any */
gboolean       incident_state_has_responder (const IncidentState  *self);
gboolean       incident_state_knows_alert   (const IncidentState  *self,
                                             const char           *key);

G_END_DECLS
