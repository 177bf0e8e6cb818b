/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "intake/incident-known-private.h"

#include <math.h>

/* How often a thing has begun and ended of late. */

/* Flapping */

static double
get_penalty (const IncidentKnown *known,
             gint64               at)
{
  const IncidentFlap *flap = &known->route->flap;
  double halves = (double) (at - known->penalty_at) / (double) flap->half_life;

  return halves <= 0 ? (double) known->penalty : (double) known->penalty * exp2 (-halves);
}

gint64
incident_known_get_flap_end (const IncidentKnown *known)
{
  const IncidentFlap *flap = &known->route->flap;

  if (flap->half_life == 0 || (double) known->penalty <= flap->stop)
    return known->penalty_at;

  return known->penalty_at + (gint64) ceil (log2 ((double) known->penalty / flap->stop) * (double) flap->half_life);
}

/* It began or ended once more. */
void
incident_known_penalize (IncidentKnown *known,
                         gint64         now)
{
  const IncidentFlap *flap = &known->route->flap;

  if (flap->half_life == 0)
    return;

  known->penalty = (float) (get_penalty (known, now) + 1);
  known->penalty_at = MAX (now, known->penalty_at);
  known->begins_to_flap = !known->flapping && (double) known->penalty >= flap->start;
}

/* Thresholds */

void
incident_known_count_fire (IncidentKnown *known,
                           gint64         now)
{
  const IncidentThreshold *threshold = &known->route->threshold;

  if (threshold->count == 0)
    return;

  if (known->fires == NULL)
    known->fires = g_array_new (FALSE, FALSE, sizeof (gint64));
  while (known->fires->len > 0 && g_array_index (known->fires, gint64, 0) <= now - threshold->within)
    g_array_remove_index (known->fires, 0);
  if (known->fires->len >= threshold->count)
    g_array_remove_index (known->fires, 0);
  g_array_append_val (known->fires, now);
}
