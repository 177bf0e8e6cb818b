/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "model/incident-comms-rules-private.h"
#include "store/incident-outbox-private.h"

G_BEGIN_DECLS

/* Who is to be told of what happened: events become messages, by the playbook alone. What they
 * say is made when they are sent, from the case as it is then. */

/* Lanes: what has to be told in order is in one. “%c” is the case. */
#define INCIDENT_LANE_CASE     "%c"
#define INCIDENT_LANE_CARD     "%c/card"
#define INCIDENT_LANE_ANNOUNCE "%c/announce"
#define INCIDENT_LANE_PEOPLE   "%c/people"
#define INCIDENT_LANE_TIDY     "%c/tidy"

/* Adds to @messages (element-type IncidentOutboxRow). Any thread. */
void incident_reaction_add       (const IncidentCommsRules   *rules,
                                  GPtrArray                  *drafts,    /* (element-type IncidentRecord) */
                                  GPtrArray                  *messages);
/* A row without a cause: key, budget and time are set. @salt tells it from others of its kind. */
IncidentOutboxRow *
     incident_reaction_new_row   (const IncidentChannelRules *channel,
                                  IncidentMessageKind         kind,
                                  const char                 *lane,
                                  const char                 *salt,
                                  gint64                      now);
/* The same for one that shows the case as it is when it is sent: the card, the announcement. */
IncidentOutboxRow *
     incident_reaction_new_view  (const IncidentChannelRules *channel,
                                  IncidentMessageKind         kind,
                                  const char                 *salt,
                                  gint64                      now);
/* An event that tells of deliveries, which are told to nobody through the channel that they are about. */
gboolean incident_reaction_is_of_delivery (const char        *kind);

G_END_DECLS
