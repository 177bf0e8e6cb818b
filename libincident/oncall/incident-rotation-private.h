/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "oncall/incident-wall-clock-private.h"

G_BEGIN_DECLS

/* Hand-off @k, of either sign, as the clock on the wall shows it; G_MININT64 and G_MAXINT64 where there is no calendar. */
IncidentWallTime incident_rotation_get_wall_time (const IncidentRotation  *self,
                                                  gint64                   k);
gint64           incident_rotation_get_hand_off  (const IncidentRotation  *self,
                                                  const IncidentWallClock *clock,
                                                  gint64                   k);
/* The last hand-off that the clock on the wall has shown by @at. */
gint64           incident_rotation_find          (const IncidentRotation  *self,
                                                  const IncidentWallClock *clock,
                                                  gint64                   at);
/* Whose turn it is after hand-off @k, of @people in a row. */
guint            incident_rotation_get_turn      (gint64                   k,
                                                  guint                    people);

G_END_DECLS
