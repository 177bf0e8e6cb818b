/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "oncall/incident-wall-clock-private.h"

G_BEGIN_DECLS

/* When some restriction (element-type IncidentRestriction) holds within [from, until): adds to @stretches
 * (element-type IncidentStretch), by time, those that touch as one. An occurrence begins when the clock on the wall
 * first shows its start and ends when that last shows its end. */
void incident_restrictions_list (const GArray            *self,
                                 const IncidentWallClock *clock,
                                 gint64                   from,
                                 gint64                   until,
                                 GArray                  *stretches);
/* When the clock on the wall shows one of the days; as above. */
void incident_holidays_list     (const IncidentHolidays  *self,
                                 const IncidentWallClock *clock,
                                 gint64                   from,
                                 gint64                   until,
                                 GArray                  *stretches);
/* Takes the stretches of @off out of those of @self, both by time. */
void incident_stretches_remove  (GArray                  *self,
                                 const GArray            *off);

G_END_DECLS
