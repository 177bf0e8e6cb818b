/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "desk/incident-desk-alerts-private.h"

G_BEGIN_DECLS

/* What is told to one case. */
struct _IncidentBriefingPart
{
  guint64                  number;      /* of the case; 0: it is opened */
  char                    *group;       /* that the case stands for (nullable) */
  guint64                  follows;     /* what stood for it until now */
  const IncidentRouteRule *route;       /* of the first alert that fires */
  const IncidentGrouping  *grouping;    /* likewise, lent */
  GPtrArray               *tellings;    /* (element-type IncidentTelling), lent */
  guint                    n_fired;
  int                      draft;       /* that opens it; -1: none */
  gboolean                 is_opened;
  gboolean                 is_reopened;
  gboolean                 is_quiet;    /* none of its alerts fires any more … */
  const IncidentRouteRule *quiet_route; /* … and this was the route of the last of them */
};

/* The decision stands at the case: writes its events. */
void     incident_briefing_part_write (IncidentBriefingPart  *self,
                                       IncidentBriefing      *briefing);
/* Opens the case, by the guards and the event by which a person would, and writes its events. */
gboolean incident_briefing_part_open  (IncidentBriefingPart  *self,
                                       IncidentBriefing      *briefing,
                                       GError               **error);

G_END_DECLS
