/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <libincident/incident-case.h>

#include "model/incident-fold-private.h"
#include "model/incident-timeline-private.h"

G_BEGIN_DECLS

/* @desk is what the case's verbs reach up to; the case keeps it alive. */
IncidentCase        *incident_case_new       (GObject      *desk,
                                              GPtrArray    *records);
GObject             *incident_case_get_desk  (IncidentCase *self);
IncidentTimeline    *incident_case_peek_timeline (IncidentCase *self);
const IncidentFold  *incident_case_get_fold  (IncidentCase *self);
const IncidentState *incident_case_get_state (IncidentCase *self);
/* Folds what was committed; records that the case has already are passed over.
 * TRUE if there was anything new. Call incident_case_announce() when all that
 * came of the same commit is in place. */
gboolean             incident_case_append    (IncidentCase *self,
                                              GPtrArray    *records);
/* Tells the world, event by event, in order. A handler may act on the case, drop
 * the last reference to it, or both. */
void                 incident_case_announce  (IncidentCase *self);

G_END_DECLS
