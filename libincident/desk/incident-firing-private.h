/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "desk/incident-desk-oncall-private.h"

G_BEGIN_DECLS

/* What is due for some cases, planned and committed at once. What comes to the same is planned and said once. */

typedef struct
{
  guint64 number;
  guint32 version;   /* before */
  guint32 episode;
} IncidentFiringCase;

typedef struct
{
  IncidentState *state;   /* of one of them */
  IncidentPlan   plan;
  GArray        *cases;   /* IncidentFiringCase */
} IncidentFiringGroup;

typedef struct
{
  IncidentDesk           *desk;     /* lent */
  const IncidentPlanning *planning; /* lent */
  GPtrArray              *groups;   /* IncidentFiringGroup, planned */
  GPtrArray              *drafts;   /* (element-type IncidentRecord) */
  GPtrArray              *messages; /* (element-type IncidentOutboxRow) */
  guint8                  operation[INCIDENT_OPERATION_LENGTH];
  guint32                 step;     /* of the next draft */
} IncidentFiring;

void     incident_firing_init   (IncidentFiring         *self,
                                 IncidentDesk           *desk,
                                 const IncidentPlanning *planning);
void     incident_firing_clear  (IncidentFiring         *self);
/* Plans what is due for these, each named once. Nothing is committed. */
gboolean incident_firing_plan   (IncidentFiring         *self,
                                 const guint64          *numbers,
                                 gsize                   n_numbers,
                                 GError                **error);
/* FALSE: nothing was recorded. TRUE and @is_known FALSE: it is recorded, and what the store gave is to be read there. */
gboolean incident_firing_commit (IncidentFiring         *self,
                                 IncidentClaim          *claim,
                                 gboolean               *is_known,
                                 GError                **error);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (IncidentFiring, incident_firing_clear)

G_END_DECLS
