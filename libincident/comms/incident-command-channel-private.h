/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <libincident/incident-command-channel.h>

#include "model/incident-comms-rules-private.h"

G_BEGIN_DECLS

/* INCIDENT_ERROR_INVALID, with its place in the playbook: there is nothing to run. */
IncidentChannel *incident_command_channel_new_from_rules (const IncidentChannelRules  *rules,
                                                          GError                     **error);
/* For tests: INCIDENT_PROGRAM_PATIENCE is more than they have. */
void             incident_command_channel_set_patience   (IncidentCommandChannel      *self,
                                                          gint64                       patience);

G_END_DECLS
