/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#if !defined (INCIDENT_INSIDE) && !defined (INCIDENT_COMPILATION)
# error "Only <libincident/incident.h> can be included directly."
#endif

#include <libincident/incident-channel.h>

G_BEGIN_DECLS

#define INCIDENT_TYPE_COMMAND_CHANNEL (incident_command_channel_get_type ())

INCIDENT_AVAILABLE_IN_ALL
G_DECLARE_FINAL_TYPE (IncidentCommandChannel, incident_command_channel, INCIDENT, COMMAND_CHANNEL, GObject)

INCIDENT_AVAILABLE_IN_ALL
IncidentChannel *incident_command_channel_new (const char * const *command);

G_END_DECLS
