/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "oncall/incident-cover-private.h"

#include "oncall/incident-layer-private.h"

/* How far who is on call next is looked for, by and by; who is the same for so long may be so for ever. */
static const gint64 windows[] = {
  G_TIME_SPAN_DAY, 8 * G_TIME_SPAN_DAY, 64 * G_TIME_SPAN_DAY, 400 * G_TIME_SPAN_DAY,
};

/* A sweep over the boundaries: what acts between two of them, and what comes of it. */
typedef struct
{
  GPtrArray  *active[INCIDENT_N_PIECE_KINDS]; /* of IncidentPiece; turns by priority, the greatest first, others by age */
  GPtrArray  *layers;  /* of strings: those that put somebody there */
  GString    *label;
  IncidentSpan span;   /* what comes of it */
  GArray     *spans;
} Sweep;

static void
span_clear (gpointer data)
{
  IncidentSpan *self = data;

  g_clear_pointer (&self->people, g_ptr_array_unref);
}

static void
sweep_init (Sweep *self)
{
  for (guint i = 0; i < INCIDENT_N_PIECE_KINDS; i++)
    self->active[i] = g_ptr_array_new ();
  self->layers = g_ptr_array_new ();
  self->label = g_string_new (NULL);
  self->span = (IncidentSpan) { .people = g_ptr_array_new () };
  self->spans = g_array_new (FALSE, FALSE, sizeof (IncidentSpan));
  g_array_set_clear_func (self->spans, span_clear);
}

static void
sweep_clear (Sweep *self)
{
  for (guint i = 0; i < INCIDENT_N_PIECE_KINDS; i++)
    g_ptr_array_unref (self->active[i]);
  g_ptr_array_unref (self->layers);
  g_string_free (self->label, TRUE);
  g_ptr_array_unref (self->span.people);
  g_clear_pointer (&self->spans, g_array_unref);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Sweep, sweep_clear)

static void
add_once (GPtrArray  *set,
          const char *string)
{
  if (!g_ptr_array_find (set, string, NULL))
    g_ptr_array_add (set, (gpointer) string);
}

/* Of all changes that did something the last one is told. */
static void
note_change (Sweep                      *self,
             const IncidentRosterChange *change)
{
  if (self->span.change == NULL || change->id > self->span.change->id)
    self->span.change = change;
}

/* Who is there in place of who would have been; NULL: nobody. A substitute is not replaced in turn. */
static const char *
substitute (Sweep      *self,
            const char *person)
{
  const GPtrArray *changes = self->active[INCIDENT_PIECE_CHANGE];

  for (guint i = changes->len; i > 0; i--)
    {
      const IncidentPiece *piece = g_ptr_array_index (changes, i - 1);

      if (piece->person == person && piece->change->kind != INCIDENT_OVERRIDE_KIND_ADD)
        {
          note_change (self, piece->change);
          return piece->substitute;
        }
    }

  return person;
}

static const IncidentPiece *
get_turn (Sweep *self,
          guint  i)
{
  return i < self->active[INCIDENT_PIECE_TURN]->len ? g_ptr_array_index (self->active[INCIDENT_PIECE_TURN], i) : NULL;
}

static void
resolve_layers (Sweep *self)
{
  const IncidentRosterChange *feed = NULL;
  const IncidentPiece *turn;
  guint priority = 0;

  for (guint i = 0; (turn = get_turn (self, i)) != NULL; i++)
    {
      const char *person;

      if (self->span.people->len > 0 && turn->priority < priority)
        break;

      priority = turn->priority;
      person = substitute (self, turn->person);
      if (person == NULL)
        continue;
      add_once (self->span.people, person);
      if (turn->layer != NULL)
        add_once (self->layers, turn->layer);
      else
        feed = turn->change;
    }

  /* What a person did is told rather than that there is a calendar. */
  if (self->span.change == NULL)
    self->span.change = feed;
}

static void
add_people (Sweep *self)
{
  const GPtrArray *changes = self->active[INCIDENT_PIECE_CHANGE];

  for (guint i = 0; i < changes->len; i++)
    {
      const IncidentPiece *piece = g_ptr_array_index (changes, i);

      if (piece->change->kind != INCIDENT_OVERRIDE_KIND_ADD || g_ptr_array_find (self->span.people, piece->person, NULL))
        continue;
      g_ptr_array_add (self->span.people, (gpointer) piece->person);
      note_change (self, piece->change);
    }
}

static void
resolve_temporary (Sweep *self)
{
  const GPtrArray *holding = self->active[INCIDENT_PIECE_TEMPORARY];
  const GPtrArray *fixed = self->active[INCIDENT_PIECE_FIXED];

  self->span.change = ((const IncidentPiece *) g_ptr_array_index (holding, holding->len - 1))->change;
  for (guint i = 0; i < fixed->len; i++)
    {
      const IncidentPiece *piece = g_ptr_array_index (fixed, i);

      if (piece->change == self->span.change)
        add_once (self->span.people, piece->person);
    }
}

static const char *
name_layers (Sweep *self)
{
  if (self->layers->len < 2)
    return self->layers->len > 0 ? g_ptr_array_index (self->layers, 0) : NULL;

  g_string_truncate (self->label, 0);
  for (guint i = 0; i < self->layers->len; i++)
    {
      g_string_append (self->label, i > 0 ? ", " : "");
      g_string_append (self->label, g_ptr_array_index (self->layers, i));
    }
  return g_intern_string (self->label->str);
}

static void
resolve (Sweep *self)
{
  g_ptr_array_set_size (self->span.people, 0);
  g_ptr_array_set_size (self->layers, 0);
  self->span.change = NULL;

  if (self->active[INCIDENT_PIECE_TEMPORARY]->len > 0)
    {
      resolve_temporary (self);
    }
  else
    {
      resolve_layers (self);
      add_people (self);
    }
  self->span.layer = name_layers (self);
  self->span.is_wanted_gap = self->span.people->len == 0 && self->active[INCIDENT_PIECE_WANTED_GAP]->len > 0;
}

static gboolean
has_same_people (const IncidentSpan *one,
                 const IncidentSpan *other)
{
  gboolean is_same = one->people->len == other->people->len;

  for (guint i = 0; is_same && i < one->people->len; i++)
    is_same = g_ptr_array_index (one->people, i) == g_ptr_array_index (other->people, i);
  return is_same;
}

static gboolean
is_same_but_for_time (const IncidentSpan *one,
                      const IncidentSpan *other)
{
  return one->layer == other->layer && one->change == other->change && one->is_wanted_gap == other->is_wanted_gap
         && has_same_people (one, other);
}

static void
add_span (Sweep  *self,
          gint64  from,
          gint64  until)
{
  IncidentSpan *last = self->spans->len > 0 ? &g_array_index (self->spans, IncidentSpan, self->spans->len - 1) : NULL;
  IncidentSpan span = self->span;

  if (last != NULL && is_same_but_for_time (last, &span))
    {
      last->until = until;
      return;
    }

  span.from = from;
  span.until = until;
  span.people = g_ptr_array_copy (self->span.people, NULL, NULL);
  g_array_append_val (self->spans, span);
}

static int
compare_pieces (gconstpointer a,
                gconstpointer b)
{
  const IncidentPiece *one = a;
  const IncidentPiece *other = b;

  return (one->from > other->from) - (one->from < other->from);
}

static int
compare_moments (gconstpointer a,
                 gconstpointer b)
{
  const gint64 *one = a;
  const gint64 *other = b;

  return (*one > *other) - (*one < *other);
}

static gboolean
is_before (const IncidentPiece *one,
           const IncidentPiece *other)
{
  if (one->priority != other->priority)
    return one->priority > other->priority;
  if (one->order != other->order)
    return one->order < other->order;
  return one->place < other->place;
}

static void
begin_piece (Sweep               *self,
             const IncidentPiece *piece)
{
  GPtrArray *active = self->active[piece->kind];
  guint i = active->len;

  while (i > 0 && is_before (piece, g_ptr_array_index (active, i - 1)))
    i--;
  g_ptr_array_insert (active, (int) i, (gpointer) piece);
}

static void
end_pieces (Sweep  *self,
            gint64  moment)
{
  for (guint i = 0; i < INCIDENT_N_PIECE_KINDS; i++)
    for (guint j = self->active[i]->len; j > 0; j--)
      if (((const IncidentPiece *) g_ptr_array_index (self->active[i], j - 1))->until <= moment)
        g_ptr_array_remove_index (self->active[i], j - 1);
}

/* When anything begins or ends, each moment once, @from first and @until last. */
static GArray *
list_moments (const GArray *pieces,
              gint64        from,
              gint64        until)
{
  GArray *moments = g_array_new (FALSE, FALSE, sizeof (gint64));
  guint n = 0;

  g_array_append_val (moments, from);
  g_array_append_val (moments, until);
  for (guint i = 0; i < pieces->len; i++)
    {
      g_array_append_val (moments, g_array_index (pieces, IncidentPiece, i).from);
      g_array_append_val (moments, g_array_index (pieces, IncidentPiece, i).until);
    }

  g_array_sort (moments, compare_moments);
  for (guint i = 1; i < moments->len; i++)
    if (g_array_index (moments, gint64, i) != g_array_index (moments, gint64, n))
      g_array_index (moments, gint64, ++n) = g_array_index (moments, gint64, i);
  g_array_set_size (moments, n + 1);
  return moments;
}

/* The spans of [from, until), through which the same rules are in force. */
static void
sweep (Sweep  *self,
       GArray *pieces,
       gint64  from,
       gint64  until)
{
  g_autoptr(GArray) moments = list_moments (pieces, from, until);
  guint next = 0;

  g_array_sort (pieces, compare_pieces);
  for (guint i = 0; i + 1 < moments->len; i++)
    {
      gint64 moment = g_array_index (moments, gint64, i);

      end_pieces (self, moment);
      for (; next < pieces->len && g_array_index (pieces, IncidentPiece, next).from == moment; next++)
        begin_piece (self, &g_array_index (pieces, IncidentPiece, next));
      resolve (self);
      add_span (self, moment, g_array_index (moments, gint64, i + 1));
    }
  end_pieces (self, until);
}

GArray *
incident_roster_cover (IncidentRoster *self,
                       const char     *schedule,
                       gint64          from,
                       gint64          until)
{
  g_auto(Sweep) all = { .spans = NULL };
  g_autoptr(GArray) pieces = g_array_new (FALSE, FALSE, sizeof (IncidentPiece));
  gboolean is_known = incident_oncall_rules_get_schedule (self->rules->oncall, schedule) != NULL;

  sweep_init (&all);
  for (gint64 moment = from; moment < until; )
    {
      gint64 end;
      const IncidentScheduleRules *rules = incident_roster_find_rules (self, schedule, moment, &end);

      end = MIN (end, until);
      g_array_set_size (pieces, 0);
      if (rules != NULL)
        incident_roster_list_pieces (self, rules, moment, end, pieces);
      sweep (&all, pieces, moment, end);
      is_known |= rules != NULL;
      moment = end;
    }

  return is_known ? g_steal_pointer (&all.spans) : NULL;
}

gboolean
incident_span_is_gap (const IncidentSpan *self)
{
  return self->people->len == 0 && !self->is_wanted_gap;
}

gboolean
incident_span_is_changed (const IncidentSpan *self)
{
  return self->change != NULL && self->change->kind != INCIDENT_OVERRIDE_KIND_FEED;
}

gboolean
incident_roster_get_on_call (IncidentRoster *self,
                             const char     *schedule,
                             gint64          at,
                             GPtrArray      *people)
{
  g_autoptr(GArray) spans = NULL;
  gint64 end;

  /* There is no moment after the last one. */
  at = MIN (at, G_MAXINT64 - 1);
  if (incident_roster_find_rules (self, schedule, at, &end) == NULL)
    return FALSE;

  spans = incident_roster_cover (self, schedule, at, at + 1);
  g_ptr_array_extend (people, g_array_index (spans, IncidentSpan, 0).people, NULL, NULL);
  return TRUE;
}

static void
take_earlier (gint64 *earliest,
              gint64  after,
              gint64  moment)
{
  if (moment > after && moment < *earliest)
    *earliest = moment;
}

static void
find_change (const IncidentRosterChange *change,
             gint64                      after,
             gint64                     *earliest)
{
  gint64 from, until;

  if (!incident_roster_change_get_stretch (change, &from, &until))
    return;

  take_earlier (earliest, after, from);
  take_earlier (earliest, after, until);
  for (guint i = 0; until > after && change->shifts != NULL && i < change->shifts->len; i++)
    {
      take_earlier (earliest, after, g_array_index (change->shifts, IncidentFixedShift, i).from);
      take_earlier (earliest, after, g_array_index (change->shifts, IncidentFixedShift, i).until);
    }
}

/* The first moment after @after at which anything that acts on a schedule may begin or end. */
static gint64
find_boundary (IncidentRoster *self,
               const char     *schedule,
               gint64          after)
{
  const GPtrArray *changes = g_hash_table_lookup (self->by_schedule, schedule);
  gint64 earliest;
  const IncidentScheduleRules *rules = incident_roster_find_rules (self, schedule, after, &earliest);

  for (guint i = 0; rules != NULL && i < rules->layers->len; i++)
    {
      const IncidentLayer *layer = g_ptr_array_index (rules->layers, i);

      take_earlier (&earliest, after, layer->from);
      take_earlier (&earliest, after, layer->until);
      if (incident_layer_moves_after (layer, after))
        take_earlier (&earliest, after, after + 1);
    }
  for (guint i = 0; changes != NULL && i < changes->len; i++)
    find_change (g_ptr_array_index (changes, i), after, &earliest);

  return earliest;
}

gint64
incident_roster_next_change (IncidentRoster *self,
                             const char     *schedule,
                             gint64          at)
{
  g_autoptr(GArray) now = incident_roster_cover (self, schedule, at, at + 1);
  gint64 from = at;

  if (now == NULL)
    return G_MAXINT64;

  for (guint i = 0; i < G_N_ELEMENTS (windows); i++)
    {
      g_autoptr(GArray) spans = incident_roster_cover (self, schedule, from, at + windows[i]);

      /* By then the playbook has no such schedule. */
      for (guint j = 0; spans != NULL && j < spans->len; j++)
        {
          const IncidentSpan *span = &g_array_index (spans, IncidentSpan, j);

          if (!has_same_people (span, &g_array_index (now, IncidentSpan, 0)))
            return span->from;
        }
      from = at + windows[i];
    }

  return find_boundary (self, schedule, from - 1);
}
