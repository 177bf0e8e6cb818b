/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <libincident/incident-lifecycle.h>

#include "base/incident-shape-private.h"
#include "model/incident-guard-private.h"
#include "model/incident-verb-private.h"

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
  const IncidentVerb *record; /* a verb of the record; NULL: one of the lifecycle alone */
  gboolean    is_built_in; /* the document does not name it */
} IncidentTransition;

struct _IncidentLifecycle
{
  GArray *phases;         /* IncidentPhase */
  GArray *transitions;    /* IncidentTransition */
  char   *id;             /* content hash; NULL: that of the built-in one */
  char   *document;       /* what the hash is of: canonical JSON */
  GHashTable *moves;      /* phase of an older lifecycle → phase; NULL: cases stay under theirs */
};

/* What a lifecycle's document looks like; a playbook's has it as a section. */
extern const IncidentShape incident_lifecycle_shape;

extern const char incident_lifecycle_default_json[];

/* NULL where there are problems. @node has the shape already. */
IncidentLifecycle        *incident_lifecycle_new_from_node (IncidentNode         *node,
                                                            GPtrArray            *problems);
/* The phase in which a case goes on that comes from another lifecycle; NULL: it does not. */
const char               *incident_lifecycle_move          (IncidentLifecycle    *self,
                                                            const char           *phase);
IncidentLifecycle        *incident_lifecycle_new           (void);
const char               *incident_status_to_string        (IncidentStatus        status);
int                       incident_lifecycle_find_phase    (IncidentLifecycle    *self,
                                                            const char           *name);
/* @phase is NULL before the case is opened. */
const IncidentTransition *incident_lifecycle_find          (IncidentLifecycle    *self,
                                                            const char           *verb,
                                                            const char           *phase);
/* What speaks against it; nothing: it may happen. Gives the transition judged.
 * @passed: a bit for each guard that is not asked. */
const IncidentTransition *incident_lifecycle_judge         (IncidentLifecycle    *self,
                                                            const IncidentState  *state,
                                                            const char           *verb,
                                                            const char           *actor,
                                                            IncidentCommand      *command,
                                                            guint                 passed,
                                                            IncidentRefusals     *refusals);

#define incident_lifecycle_phase(self, i)      (&g_array_index ((self)->phases, IncidentPhase, (i)))
#define incident_lifecycle_transition(self, i) (&g_array_index ((self)->transitions, IncidentTransition, (i)))

G_END_DECLS
