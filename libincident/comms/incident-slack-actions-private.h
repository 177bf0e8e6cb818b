/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "comms/incident-message-private.h"
#include "comms/incident-slack-block-list-private.h"

G_BEGIN_DECLS

/* The buttons of a message. */
void incident_slack_add_actions (IncidentSlackBlockList *list,
                                 const IncidentMessage  *message);

G_END_DECLS
