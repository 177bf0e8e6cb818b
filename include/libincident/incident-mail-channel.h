/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#if !defined (INCIDENT_INSIDE) && !defined (INCIDENT_COMPILATION)
# error "Only <libincident/incident.h> can be included directly."
#endif

#include <libincident/incident-channel.h>
#include <libincident/incident-clock.h>

G_BEGIN_DECLS

#define INCIDENT_TYPE_MAIL_CHANNEL (incident_mail_channel_get_type ())

INCIDENT_AVAILABLE_IN_ALL
G_DECLARE_FINAL_TYPE (IncidentMailChannel, incident_mail_channel, INCIDENT, MAIL_CHANNEL, GObject)

INCIDENT_AVAILABLE_IN_ALL
IncidentChannel *incident_mail_channel_new (const char          *from,
                                            const char * const  *command,
                                            IncidentClock       *clock);

G_END_DECLS
