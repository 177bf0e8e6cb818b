/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "model/incident-case-private.h"

G_BEGIN_DECLS

/* When things were so in a case: read from its events by who asks, since the hot state
 * does not keep it. All in microseconds, INCIDENT_TIME_NONE for what did not happen;
 * of the present episode, but for the spans. */

/* How long one value stood: a severity, a phase. */
typedef struct
{
  char   *value;
  gint64  from;
  gint64  until;   /* INCIDENT_TIME_NONE: still */
} IncidentSpan;

typedef struct
{
  gint64      opened_at;
  gint64      phase_since;
  gint64      acknowledged_at;
  gint64      acted_at;       /* the last event by anybody but a machine's reminder */
  gint64      commanded_at;   /* when there was first a commander */
  gint64      judged_at;      /* when the severity was set last */
  gint64      major_at;       /* when it first was major, by severity or by word */
  gint64      recovered_at;
  gint64      closed_at;
  GHashTable *filed;          /* reporting clock → gint64 * */
  GPtrArray  *severities;     /* (element-type IncidentSpan), over all episodes */
  GPtrArray  *phases;         /* likewise */
} IncidentMoments;

/* @major: a bit for each severity that is major. */
void incident_moments_init  (IncidentMoments *self,
                             IncidentCase    *kase,
                             guint            major);
void incident_moments_clear (IncidentMoments *self);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (IncidentMoments, incident_moments_clear)

G_END_DECLS
