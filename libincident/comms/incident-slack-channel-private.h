/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <libincident/incident-slack-channel.h>

#include "comms/incident-slack-api-private.h"

G_BEGIN_DECLS

/* As the playbook says; copies what it needs of @rules. NULL with INCIDENT_ERROR_INVALID: no token is told, or the
 * address of the Web API is none. */
IncidentSlackChannel *incident_slack_channel_new_from_rules (const IncidentChannelRules *rules,
                                                             IncidentClock              *clock,
                                                             GError                    **error);
/* Lent: for who answers what comes in, so that all keep to one pace. */
IncidentSlackApi     *incident_slack_channel_get_api        (IncidentSlackChannel       *self);

G_END_DECLS
