/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "model/incident-oncall-rules-private.h"

G_BEGIN_DECLS

/* The clock on the wall of a zone, for a while: what it shows when, and when it shows what. Instants are in
 * microseconds, UTC. It is asked often, so it knows each change of the zone's offset beforehand. */

/* A stretch of time, [from, until). */
typedef struct
{
  gint64  from;
  gint64  until;
} IncidentStretch;

typedef struct
{
  gint64  since;    /* seconds since 1970, UTC; of the first one G_MININT64 */
  gint64  offset;   /* so many seconds ahead of UTC */
} IncidentWallOffset;

typedef struct
{
  GArray *offsets;  /* (element-type IncidentWallOffset), by time; never empty */
} IncidentWallClock;

/* It is right from some days before @from until some days after @until. */
void             incident_wall_clock_init          (IncidentWallClock       *self,
                                                    GTimeZone               *zone,
                                                    gint64                   from,
                                                    gint64                   until);
void             incident_wall_clock_clear         (IncidentWallClock       *self);
IncidentWallTime incident_wall_clock_read          (const IncidentWallClock *self,
                                                    gint64                   at);
/* The latest that it has shown by then: more than it shows, where it was set back a while ago. */
IncidentWallTime incident_wall_clock_read_furthest (const IncidentWallClock *self,
                                                    gint64                   at);
/* The first, or the last, instant at which it shows @time. It never does, as it is set forward over it: the first
 * instant after that. Before and after all time that can be written: G_MININT64 and G_MAXINT64. */
gint64           incident_wall_clock_find_first    (const IncidentWallClock *self,
                                                    IncidentWallTime         time);
gint64           incident_wall_clock_find_last     (const IncidentWallClock *self,
                                                    IncidentWallTime         time);

static inline gint64
incident_divide_down (gint64 a,
                      gint64 b)
{
  return a / b - (a % b < 0);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (IncidentWallClock, incident_wall_clock_clear)

G_END_DECLS
