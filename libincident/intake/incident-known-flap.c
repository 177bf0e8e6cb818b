/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "intake/incident-known-private.h"

#include <math.h>

/* How often a thing has begun and ended of late. */

IncidentUnrest *
incident_unrest_new (void)
{
  IncidentUnrest *self = g_new0 (IncidentUnrest, 1);

  self->fires = g_array_new (FALSE, FALSE, sizeof (gint64));
  return self;
}

void
incident_unrest_free (IncidentUnrest *self)
{
  g_array_unref (self->fires);
  g_free (self);
}

static IncidentUnrest *
ensure_unrest (IncidentKnown *known)
{
  if (known->unrest == NULL)
    known->unrest = incident_unrest_new ();

  return known->unrest;
}

/* Flapping */

static double
get_penalty (const IncidentUnrest *unrest,
             const IncidentFlap   *flap,
             gint64                at)
{
  double halves = (double) (at - unrest->penalty_at) / (double) flap->half_life;

  return halves <= 0 ? unrest->penalty : unrest->penalty * exp2 (-halves);
}

gint64
incident_known_get_flap_end (const IncidentKnown *known)
{
  const IncidentFlap *flap = &known->route->flap;
  const IncidentUnrest *unrest = known->unrest;

  if (unrest == NULL || flap->half_life == 0 || unrest->penalty <= flap->stop)
    return unrest != NULL ? unrest->penalty_at : 0;

  return unrest->penalty_at + (gint64) ceil (log2 (unrest->penalty / flap->stop) * (double) flap->half_life);
}

void
incident_known_penalize (IncidentKnown *known,
                         gint64         now)
{
  const IncidentFlap *flap = &known->route->flap;
  IncidentUnrest *unrest;

  if (flap->half_life == 0)
    return;

  unrest = ensure_unrest (known);
  unrest->penalty = get_penalty (unrest, flap, now) + 1;
  unrest->penalty_at = MAX (now, unrest->penalty_at);
  known->begins_to_flap = !known->flapping && unrest->penalty >= flap->start;
}

/* Thresholds */

void
incident_known_count_fire (IncidentKnown *known,
                           gint64         now)
{
  const IncidentThreshold *threshold = &known->route->threshold;
  GArray *fires;

  if (threshold->count == 0)
    return;

  fires = ensure_unrest (known)->fires;
  while (fires->len > 0 && g_array_index (fires, gint64, 0) <= now - threshold->within)
    g_array_remove_index (fires, 0);
  if (fires->len >= threshold->count)
    g_array_remove_index (fires, 0);
  g_array_append_val (fires, now);
}
