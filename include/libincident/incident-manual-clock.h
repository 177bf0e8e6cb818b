/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#if !defined (INCIDENT_INSIDE) && !defined (INCIDENT_COMPILATION)
# error "Only <libincident/incident.h> can be included directly."
#endif

#include <libincident/incident-clock.h>

G_BEGIN_DECLS

#define INCIDENT_TYPE_MANUAL_CLOCK (incident_manual_clock_get_type ())

INCIDENT_AVAILABLE_IN_ALL
G_DECLARE_FINAL_TYPE (IncidentManualClock, incident_manual_clock, INCIDENT, MANUAL_CLOCK, GObject)

INCIDENT_AVAILABLE_IN_ALL
IncidentClock *incident_manual_clock_new      (gint64               time,
                                               guint64              seed);

INCIDENT_AVAILABLE_IN_ALL
void           incident_manual_clock_advance  (IncidentManualClock *self,
                                               gint64               duration);

INCIDENT_AVAILABLE_IN_ALL
void           incident_manual_clock_set_time (IncidentManualClock *self,
                                               gint64               time);

G_END_DECLS
