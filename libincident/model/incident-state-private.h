/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <libincident/incident-priority.h>
#include <libincident/incident-severity.h>

#include "model/incident-effect-private.h"

G_BEGIN_DECLS

/* The fold: what is true of a case after its events so far. It needs nothing but
 * the events; everything that shows or judges a case reads it from here. */

typedef struct
{
  char       *group;    /* GRefString; NULL: no alert opened the case */
  GHashTable *statuses; /* key → GUINT_TO_POINTER (is firing) */
  guint       n_firing;
} IncidentCaseAlerts;

/* What guards judge by. Stores keep one for each case, so it is kept small. */
typedef struct
{
  const char         *phase;       /* interned */
  char               *service;     /* GRefString, nullable, as the one below */
  char               *category;
  GPtrArray          *assignments; /* (element-type IncidentAssignment), by seq; NULL before the first */
  IncidentCaseAlerts *alerts;      /* NULL before the first */
  guint32             version;     /* seq of the last event; 0: nothing is folded yet */
  guint32             decided;     /* seq of the last event that a person's view depends on */
  guint64             episode : 24;
  guint64             level : 24;  /* escalations in this episode */
  guint64             severity : 4;
  guint64             impact : 3;
  guint64             urgency : 3;
  guint64             live : 1;
  guint64             open : 1;
  guint64             severity_from_alert : 1; /* no person has judged it yet */
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
const char    *incident_state_get_holder    (const IncidentState  *self,
                                             const char           *role);
gboolean       incident_state_has_responder (const IncidentState  *self);
gboolean       incident_state_knows_alert   (const IncidentState  *self,
                                             const char           *key);

G_END_DECLS
