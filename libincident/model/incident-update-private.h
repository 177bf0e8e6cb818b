/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "model/incident-rules-private.h"
#include "model/incident-timeline-private.h"

G_BEGIN_DECLS

/* What stakeholders are told: an update, which for some audiences is proposed first and given when it
 * is approved. */

/* The audience that is there in any playbook. */
#define INCIDENT_AUDIENCE_INTERNAL "internal"

/* Where a case stands, in words that everybody knows. */
typedef enum
{
  INCIDENT_STAGE_INVESTIGATING,
  INCIDENT_STAGE_IDENTIFIED,
  INCIDENT_STAGE_MONITORING,
  INCIDENT_STAGE_RESOLVED,
} IncidentStage;

IncidentStage incident_stage_of              (const IncidentState *state);
const char   *incident_stage_to_string       (IncidentStage        stage);

/* When another has to follow an update that is given at @at and announces no time itself: by the playbook's
 * cadence; INCIDENT_TIME_NONE: whenever. */
gint64        incident_update_get_next       (const IncidentRules *rules,
                                              const IncidentState *state,
                                              gint64               at);
/* When the next one is due, as it was announced or else by the cadence since @since; INCIDENT_TIME_NONE: none is. */
gint64        incident_update_get_due        (const IncidentRules *rules,
                                              const IncidentState *state,
                                              gint64               since);

/* Has what @actor says to @audience to be approved by somebody else? */
gboolean      incident_update_needs_approval (const IncidentRules *rules,
                                              const IncidentState *state,
                                              const char          *actor,
                                              const char          *audience);
/* May @actor let it go out? @by_name: they have the right to approve by a rule for less than everybody. */
gboolean      incident_update_may_approve    (const IncidentRules *rules,
                                              const IncidentState *state,
                                              const char          *actor,
                                              gboolean             by_name,
                                              const char          *audience);

/* The proposal that is event @seq; NULL: it is none. @ended_by: the event by which it is over, 0: none. */
const IncidentRecord *incident_update_find_proposal (IncidentTimeline *past,
                                              guint                seq,
                                              guint               *ended_by);
/* The event that has the same words, since it proposed this one or was proposed by it; NULL: none has. */
const IncidentRecord *incident_update_find_twin (IncidentTimeline *past,
                                              const IncidentRecord *update);

G_END_DECLS
