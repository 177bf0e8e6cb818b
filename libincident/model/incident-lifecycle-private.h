/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <libincident/incident-lifecycle.h>

#include "model/incident-guard-private.h"

G_BEGIN_DECLS

#define INCIDENT_MAX_PHASES 64

typedef enum
{
  INCIDENT_STATUS_LIVE,  /* pages */
  INCIDENT_STATUS_OPEN,  /* over, but not settled */
  INCIDENT_STATUS_ENDED,
} IncidentStatus;

typedef struct
{
  const char     *name;   /* interned */
  IncidentStatus  status;
} IncidentPhase;

typedef struct
{
  const char *verb;       /* interned */
  const char *event;      /* interned; the kind that is recorded */
  guint64     from;       /* a bit a phase; none: it makes a case */
  int         to;         /* index of a phase; -1: the phase stays */
  guint       guards;     /* a bit a guard */
  gboolean    episode;    /* begins a new one */
} IncidentTransition;

struct _IncidentLifecycle
{
  GArray *phases;         /* IncidentPhase */
  GArray *transitions;    /* IncidentTransition */
};

extern const char incident_lifecycle_default_json[];

IncidentLifecycle        *incident_lifecycle_new           (void);
const char               *incident_status_to_string        (IncidentStatus        status);
int                       incident_lifecycle_find_phase    (IncidentLifecycle    *self,
                                                            const char           *name);
/* @phase is NULL before the case is opened. */
const IncidentTransition *incident_lifecycle_find          (IncidentLifecycle    *self,
                                                            const char           *verb,
                                                            const char           *phase);
/* What speaks against it; nothing: it may happen. Gives the transition judged. */
const IncidentTransition *incident_lifecycle_judge         (IncidentLifecycle    *self,
                                                            const IncidentState  *state,
                                                            const char           *verb,
                                                            const char           *actor,
                                                            IncidentCommand      *command,
                                                            IncidentRefusals     *refusals);

#define incident_lifecycle_phase(self, i)      (&g_array_index ((self)->phases, IncidentPhase, (i)))
#define incident_lifecycle_transition(self, i) (&g_array_index ((self)->transitions, IncidentTransition, (i)))

G_END_DECLS
