/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "oncall/incident-layer-private.h"

#include "oncall/incident-restriction-private.h"
#include "oncall/incident-rotation-private.h"

static void
add_turn (GArray *turns,
          gint64  from,
          gint64  until,
          guint   person)
{
  IncidentTurn turn = { from, until, person };
  IncidentTurn *last = turns->len > 0 ? &g_array_index (turns, IncidentTurn, turns->len - 1) : NULL;

  if (last != NULL && last->until == from && last->person == person)
    last->until = until;
  else
    g_array_append_val (turns, turn);
}

/* Between two hand-offs at one moment there is no turn. */
static void
add_rotation (const IncidentLayer     *self,
              const IncidentWallClock *clock,
              const IncidentStretch   *stretch,
              GArray                  *turns)
{
  gint64 k = incident_rotation_find (&self->rotation, clock, stretch->from);
  gint64 from = stretch->from;

  while (from < stretch->until)
    {
      gint64 until = MIN (incident_rotation_get_hand_off (&self->rotation, clock, k + 1), stretch->until);

      if (from < until)
        add_turn (turns, from, until, incident_rotation_get_turn (k, self->people->len));
      from = until;
      k++;
    }
}

static void
list_stretches (const IncidentLayer     *self,
                const IncidentWallClock *clock,
                gint64                   from,
                gint64                   until,
                GArray                  *stretches)
{
  IncidentStretch all = { from, until };

  if (self->restrictions->len > 0)
    incident_restrictions_list (self->restrictions, clock, from, until, stretches);
  else
    g_array_append_val (stretches, all);

  if (self->off != NULL && stretches->len > 0)
    {
      g_autoptr(GArray) off = g_array_new (FALSE, FALSE, sizeof (IncidentStretch));

      incident_holidays_list (self->off, clock, from, until, off);
      incident_stretches_remove (stretches, off);
    }
}

void
incident_layer_list_turns (const IncidentLayer *self,
                           gint64               from,
                           gint64               until,
                           GArray              *turns)
{
  g_autoptr(GArray) stretches = g_array_new (FALSE, FALSE, sizeof (IncidentStretch));
  g_auto(IncidentWallClock) clock = { NULL };

  from = MAX (from, self->from);
  until = MIN (until, self->until);
  if (from >= until)
    return;

  incident_wall_clock_init (&clock, self->zone, from, until);
  list_stretches (self, &clock, from, until, stretches);
  for (guint i = 0; i < stretches->len; i++)
    {
      const IncidentStretch *stretch = &g_array_index (stretches, IncidentStretch, i);

      if (self->rotates && self->people->len > 1)
        add_rotation (self, &clock, stretch, turns);
      else
        add_turn (turns, stretch->from, stretch->until, INCIDENT_EVERYBODY);
    }
}

gboolean
incident_layer_moves_after (const IncidentLayer *self,
                            gint64               after)
{
  const GArray *days = self->off != NULL ? self->off->days : NULL;

  if (self->restrictions->len > 0 || (self->rotates && self->people->len > 1))
    return self->from <= after && self->until > after;

  /* The days are in their order; zones are less than two days apart. */
  return days != NULL && days->len > 0
         && g_array_index (days, IncidentHoliday, days->len - 1).day + 2 > after / G_TIME_SPAN_DAY;
}
