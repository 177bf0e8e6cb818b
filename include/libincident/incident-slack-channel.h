/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#if !defined (INCIDENT_INSIDE) && !defined (INCIDENT_COMPILATION)
# error "Only <libincident/incident.h> can be included directly."
#endif

#include <libincident/incident-channel.h>
#include <libincident/incident-clock.h>

G_BEGIN_DECLS

#define INCIDENT_TYPE_SLACK_CHANNEL (incident_slack_channel_get_type ())

INCIDENT_AVAILABLE_IN_ALL
G_DECLARE_FINAL_TYPE (IncidentSlackChannel, incident_slack_channel, INCIDENT, SLACK_CHANNEL, GObject)

INCIDENT_AVAILABLE_IN_ALL
IncidentSlackChannel *incident_slack_channel_new (const char    *api,
                                                  const char    *token,
                                                  IncidentClock *clock);

G_END_DECLS
