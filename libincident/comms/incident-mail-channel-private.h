/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <libincident/incident-clock.h>
#include <libincident/incident-mail-channel.h>

#include "model/incident-comms-rules-private.h"

G_BEGIN_DECLS

/* INCIDENT_ERROR_INVALID, with its place in the playbook: what is no address or no domain. */
IncidentChannel *incident_mail_channel_new_from_rules (const IncidentChannelRules  *rules,
                                                       IncidentClock               *clock,
                                                       GError                     **error);
/* For tests: INCIDENT_PROGRAM_PATIENCE is more than they have. */
void             incident_mail_channel_set_patience   (IncidentMailChannel         *self,
                                                       gint64                       patience);

G_END_DECLS
