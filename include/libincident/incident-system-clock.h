/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#if !defined (INCIDENT_INSIDE) && !defined (INCIDENT_COMPILATION)
# error "Only <libincident/incident.h> can be included directly."
#endif

#include <libincident/incident-clock.h>

G_BEGIN_DECLS

#define INCIDENT_TYPE_SYSTEM_CLOCK (incident_system_clock_get_type ())

INCIDENT_AVAILABLE_IN_ALL
G_DECLARE_FINAL_TYPE (IncidentSystemClock, incident_system_clock, INCIDENT, SYSTEM_CLOCK, GObject)

INCIDENT_AVAILABLE_IN_ALL
IncidentClock *incident_system_clock_new (void);

G_END_DECLS
