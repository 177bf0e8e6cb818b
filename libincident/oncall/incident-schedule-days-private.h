/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "oncall/incident-wall-clock-private.h"

G_BEGIN_DECLS

/* Days and times of a schedule, as its pictures write them. */

/* “Mon 2026-01-05 09:00” and its NUL, with room for years that are far away. */
#define INCIDENT_SCHEDULE_TIME_LENGTH 48

/* Where days begin within (from, until), by the wall: (element-type gint64). */
GArray  *incident_schedule_list_days    (const IncidentWallClock *clock,
                                         gint64                   from,
                                         gint64                   until);
/* The first @n characters: 3 “Mon”, 14 “Mon 2026-01-05”, 20 with the time. */
char    *incident_schedule_write_time   (const IncidentWallClock *clock,
                                         gint64                   at,
                                         guint                    n,
                                         char                     buffer[INCIDENT_SCHEDULE_TIME_LENGTH]);
/* “2 d 3 h”, “45 min” */
char    *incident_schedule_write_length (gint64                   length);
/* “ana, bo” or “nobody” */
char    *incident_schedule_write_people (const GPtrArray         *people,
                                         const char              *separator);
/* 0: Monday */
guint    incident_schedule_get_weekday  (const IncidentWallClock *clock,
                                         gint64                   at);

G_END_DECLS
