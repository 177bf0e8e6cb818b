/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "oncall/incident-cover-private.h"

#include <libincident/incident-time.h>

#include "oncall/incident-layer-private.h"
#include "oncall/incident-restriction-private.h"

/* Rules that are not known any more: those that came after them, as before all that are known. */
static IncidentRules *
find_known (IncidentRoster *self,
            guint           base)
{
  for (guint i = base; i < self->bases->len; i++)
    if (g_array_index (self->bases, IncidentRosterBase, i).rules != NULL)
      return g_array_index (self->bases, IncidentRosterBase, i).rules;

  return self->rules;
}

const IncidentScheduleRules *
incident_roster_find_rules (IncidentRoster *self,
                            const char     *schedule,
                            gint64          at,
                            gint64         *until)
{
  guint n = self->bases != NULL ? self->bases->len : 0;
  guint next = 0;

  while (next < n && g_array_index (self->bases, IncidentRosterBase, next).from <= at)
    next++;
  /* Before all that are known the first one counts, too. */
  next = MAX (next, 1);

  *until = next < n ? g_array_index (self->bases, IncidentRosterBase, next).from : G_MAXINT64;
  return incident_oncall_rules_get_schedule ((n > 0 ? find_known (self, next - 1) : self->rules)->oncall, schedule);
}

gboolean
incident_roster_change_get_stretch (const IncidentRosterChange *self,
                                    gint64                     *from,
                                    gint64                     *until)
{
  *from = MAX (self->from, self->added_at);
  *until = self->until;
  if (self->withdrawn_at != INCIDENT_TIME_NONE)
    *until = MIN (*until, self->withdrawn_at);
  if (self->kind == INCIDENT_OVERRIDE_KIND_SWAP)
    *from = MAX (*from, self->taken_at);

  return *from < *until && (self->kind != INCIDENT_OVERRIDE_KIND_SWAP || self->substitute != NULL);
}

static void
add_piece (GArray        *pieces,
           IncidentPiece  piece,
           gint64         from,
           gint64         until)
{
  piece.from = MAX (piece.from, from);
  piece.until = MIN (piece.until, until);
  if (piece.from < piece.until)
    g_array_append_val (pieces, piece);
}

/* A piece for each of the people who are on call together. */
static void
add_layer (const IncidentLayer *layer,
           guint                order,
           gint64               from,
           gint64               until,
           GArray              *pieces)
{
  g_autoptr(GArray) turns = g_array_new (FALSE, FALSE, sizeof (IncidentTurn));
  g_autofree const char **people = g_new (const char *, layer->people->len);
  IncidentPiece piece = {
    .kind = INCIDENT_PIECE_TURN, .priority = layer->priority, .order = order, .layer = g_intern_string (layer->name),
  };

  for (guint i = 0; i < layer->people->len; i++)
    people[i] = g_intern_string (g_ptr_array_index (layer->people, i));

  incident_layer_list_turns (layer, from, until, turns);
  for (guint i = 0; i < turns->len; i++)
    {
      const IncidentTurn *turn = &g_array_index (turns, IncidentTurn, i);
      gboolean is_one = turn->person != INCIDENT_EVERYBODY;

      piece.from = turn->from;
      piece.until = turn->until;
      for (guint j = is_one ? turn->person : 0; j < (is_one ? turn->person + 1 : layer->people->len); j++)
        {
          piece.place = j;
          piece.person = people[j];
          add_piece (pieces, piece, from, until);
        }
    }
}

static void
add_wanted_gaps (const IncidentScheduleRules *rules,
                 gint64                       from,
                 gint64                       until,
                 GArray                      *pieces)
{
  g_autoptr(GArray) stretches = g_array_new (FALSE, FALSE, sizeof (IncidentStretch));
  g_auto(IncidentWallClock) clock = { NULL };

  if (rules->wanted_gaps->len == 0)
    return;

  incident_wall_clock_init (&clock, rules->zone, from, until);
  incident_restrictions_list (rules->wanted_gaps, &clock, from, until, stretches);
  for (guint i = 0; i < stretches->len; i++)
    {
      const IncidentStretch *stretch = &g_array_index (stretches, IncidentStretch, i);

      add_piece (pieces, (IncidentPiece) { .kind = INCIDENT_PIECE_WANTED_GAP, .from = stretch->from, .until = stretch->until },
                 from, until);
    }
}

static void
add_fixed_shifts (const IncidentRosterChange *change,
                  IncidentPiece               piece,
                  gint64                      from,
                  gint64                      until,
                  GArray                     *pieces)
{
  for (guint i = 0; change->shifts != NULL && i < change->shifts->len; i++)
    {
      const IncidentFixedShift *shift = &g_array_index (change->shifts, IncidentFixedShift, i);

      /* Whom nobody knows is not on call. */
      if (shift->person == NULL || shift->from >= until || shift->until <= from)
        continue;

      piece.priority = piece.kind == INCIDENT_PIECE_TURN ? shift->priority : 0;
      piece.place = i;
      piece.person = g_intern_string (shift->person);
      piece.from = shift->from;
      piece.until = shift->until;
      add_piece (pieces, piece, from, until);
    }
}

static void
add_change (const IncidentRosterChange *change,
            guint                       order,
            gint64                      from,
            gint64                      until,
            GArray                     *pieces)
{
  IncidentPiece piece = { .order = order, .change = change };

  if (!incident_roster_change_get_stretch (change, &piece.from, &piece.until))
    return;

  from = MAX (from, piece.from);
  until = MIN (until, piece.until);
  switch (change->kind)
    {
    case INCIDENT_OVERRIDE_KIND_FEED:
      piece.kind = INCIDENT_PIECE_TURN;
      add_fixed_shifts (change, piece, from, until, pieces);
      return;

    case INCIDENT_OVERRIDE_KIND_TEMPORARY:
      piece.kind = INCIDENT_PIECE_TEMPORARY;
      add_piece (pieces, piece, from, until);
      piece.kind = INCIDENT_PIECE_FIXED;
      add_fixed_shifts (change, piece, from, until, pieces);
      return;

    case INCIDENT_OVERRIDE_KIND_ADD:
    case INCIDENT_OVERRIDE_KIND_REMOVE:
    case INCIDENT_OVERRIDE_KIND_REPLACE:
    case INCIDENT_OVERRIDE_KIND_SWAP:
    default:
      piece.kind = INCIDENT_PIECE_CHANGE;
      piece.person = g_intern_string (change->person);
      piece.substitute = change->kind != INCIDENT_OVERRIDE_KIND_REMOVE ? g_intern_string (change->substitute) : NULL;
      add_piece (pieces, piece, from, until);
      return;
    }
}

void
incident_roster_list_pieces (IncidentRoster              *self,
                             const IncidentScheduleRules *rules,
                             gint64                       from,
                             gint64                       until,
                             GArray                      *pieces)
{
  const GPtrArray *changes = g_hash_table_lookup (self->by_schedule, rules->name);

  for (guint i = 0; i < rules->layers->len; i++)
    add_layer (g_ptr_array_index (rules->layers, i), i, from, until, pieces);
  add_wanted_gaps (rules, from, until, pieces);
  for (guint i = 0; changes != NULL && i < changes->len; i++)
    add_change (g_ptr_array_index (changes, i), rules->layers->len + i, from, until, pieces);
}
