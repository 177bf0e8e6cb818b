/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <libincident/incident-channel.h>
#include <libincident/incident-clock.h>

#include "model/incident-comms-rules-private.h"

G_BEGIN_DECLS

/* The channel that the playbook describes; NULL with an error, or without one if the host has to add it. */
IncidentChannel *incident_channel_make (const IncidentCommsRules   *comms,
                                        const IncidentChannelRules *rules,
                                        IncidentClock              *clock,
                                        GError                    **error);
/* Else the next message shows whether it works again. */
gboolean         incident_channel_can_probe (IncidentChannel       *self);

G_END_DECLS
