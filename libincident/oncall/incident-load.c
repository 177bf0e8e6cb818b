/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "oncall/incident-load-private.h"

#include <string.h>

#include "oncall/incident-wall-clock-private.h"

#define NIGHT_BEGINS (22 * G_TIME_SPAN_HOUR)
#define NIGHT_LASTS  (9 * G_TIME_SPAN_HOUR)
/* The epoch was a Thursday. */
#define WEEKEND_BEGINS (2 * G_TIME_SPAN_DAY)
#define WEEKEND_LASTS  (2 * G_TIME_SPAN_DAY)
#define WEEK           (7 * G_TIME_SPAN_DAY)

/* The people of a layer, and when who was on call through it. */
typedef struct
{
  const char *schedule;
  const char *layer;
  GPtrArray  *members;   /* (element-type utf8), interned, each once: who shares */
  GHashTable *on_call;   /* person → GArray of IncidentStretch */
} Group;

typedef struct
{
  IncidentRoster *roster;
  const GArray   *pages;
  gint64          from;
  gint64          until;
  GPtrArray      *groups;  /* (element-type Group) */
  GHashTable     *people;  /* person → GArray of IncidentStretch: on any schedule */
} Measuring;

static void
group_free (Group *self)
{
  g_ptr_array_unref (self->members);
  g_hash_table_unref (self->on_call);
  g_free (self);
}

static GHashTable *
make_stretches (void)
{
  return g_hash_table_new_full (g_direct_hash, g_direct_equal, NULL, (GDestroyNotify) g_array_unref);
}

static GArray *
ensure_stretches (GHashTable *table,
                  const char *person)
{
  GArray *stretches = g_hash_table_lookup (table, person);

  if (stretches == NULL)
    {
      stretches = g_array_new (FALSE, FALSE, sizeof (IncidentStretch));
      g_hash_table_insert (table, (gpointer) person, stretches);
    }
  return stretches;
}

GTimeZone *
incident_load_get_zone (const IncidentRules *rules,
                        const char          *person)
{
  static gsize utc = 0;
  const IncidentOncallPerson *found = incident_oncall_rules_get_person (rules->oncall, person);

  if (g_once_init_enter (&utc))
    g_once_init_leave (&utc, (gsize) g_time_zone_new_utc ());
  return found != NULL && found->zone != NULL ? found->zone : (GTimeZone *) utc;
}

/* As the clock on the wall has it, in microseconds. */
static gint64
to_wall (GTimeZone *zone,
         gint64     at)
{
  int interval = g_time_zone_find_interval (zone, G_TIME_TYPE_UNIVERSAL, incident_divide_down (at, G_USEC_PER_SEC));

  return at + (interval >= 0 ? g_time_zone_get_offset (zone, interval) * G_TIME_SPAN_SECOND : 0);
}

static gint32
get_day (GTimeZone *zone,
         gint64     at)
{
  return (gint32) incident_divide_down (to_wall (zone, at), G_TIME_SPAN_DAY);
}

gint64
incident_load_get_night (GTimeZone *zone,
                         gint64     at)
{
  gint64 wall = to_wall (zone, at) - NIGHT_BEGINS;
  gint64 night = incident_divide_down (wall, G_TIME_SPAN_DAY);

  return wall - night * G_TIME_SPAN_DAY < NIGHT_LASTS ? night : G_MININT64;
}

/* How many of what comes again each @period, lasts @length and begins at @first are touched, by the clock on the wall. */
static guint
count_touched (const GArray *stretches,
               GTimeZone    *zone,
               gint64        first,
               gint64        length,
               gint64        period)
{
  gint64 last = G_MININT64;
  guint n = 0;

  for (guint i = 0; i < stretches->len; i++)
    {
      const IncidentStretch *stretch = &g_array_index (stretches, IncidentStretch, i);
      gint64 from = to_wall (zone, stretch->from) - first;
      gint64 until = to_wall (zone, stretch->until) - first;
      gint64 k = incident_divide_down (from - length, period) + 1;

      for (k = MAX (k, last == G_MININT64 ? k : last + 1); k * period < until; k++)
        {
          last = k;
          n++;
        }
    }

  return n;
}

static gboolean
is_holiday (const IncidentOncallRules *rules,
            gint32                     day)
{
  for (guint i = 0; i < rules->holidays->len; i++)
    if (incident_holidays_contain (g_ptr_array_index (rules->holidays, i), day))
      return TRUE;

  return FALSE;
}

static guint
count_holidays (const IncidentOncallRules *rules,
                const GArray              *stretches,
                GTimeZone                 *zone)
{
  gint32 last = G_MININT32;
  guint n = 0;

  for (guint i = 0; rules->holidays->len > 0 && i < stretches->len; i++)
    {
      const IncidentStretch *stretch = &g_array_index (stretches, IncidentStretch, i);
      gint32 end = get_day (zone, stretch->until - 1);

      for (gint32 day = MAX (get_day (zone, stretch->from), last + (last == G_MININT32 ? 0 : 1)); day <= end; day++)
        {
          last = day;
          n += is_holiday (rules, day) ? 1 : 0;
        }
    }

  return n;
}

static int
compare_stretches (gconstpointer a,
                   gconstpointer b)
{
  const IncidentStretch *one = a;
  const IncidentStretch *other = b;

  return one->from != other->from ? (one->from > other->from) - (one->from < other->from)
                                  : (one->until > other->until) - (one->until < other->until);
}

/* In order, and what touches or overlaps is one. */
static void
join (GArray *stretches)
{
  guint n = 0;

  g_array_sort (stretches, compare_stretches);
  for (guint i = 0; i < stretches->len; i++)
    {
      IncidentStretch stretch = g_array_index (stretches, IncidentStretch, i);

      if (n > 0 && g_array_index (stretches, IncidentStretch, n - 1).until >= stretch.from)
        g_array_index (stretches, IncidentStretch, n - 1).until = MAX (g_array_index (stretches, IncidentStretch, n - 1).until, stretch.until);
      else
        g_array_index (stretches, IncidentStretch, n++) = stretch;
    }
  g_array_set_size (stretches, n);
}

static gboolean
contains (const GArray *stretches,
          gint64        at)
{
  guint low = 0;
  guint high = stretches->len;

  while (low < high)
    {
      guint middle = low + (high - low) / 2;
      const IncidentStretch *stretch = &g_array_index (stretches, IncidentStretch, middle);

      if (stretch->from <= at && at < stretch->until)
        return TRUE;
      if (stretch->from > at)
        high = middle;
      else
        low = middle + 1;
    }

  return FALSE;
}

/* @anywhen: pages count whenever they came; else those that came while on call. */
static void
measure (const Measuring *self,
         const char      *person,
         const GArray    *stretches,
         gboolean         anywhen,
         double           measures[INCIDENT_N_LOADS])
{
  GTimeZone *zone = incident_load_get_zone (self->roster->rules, person);

  memset (measures, 0, INCIDENT_N_LOADS * sizeof *measures);
  measures[INCIDENT_LOAD_REST] = -1;
  for (guint i = 0; i < stretches->len; i++)
    {
      const IncidentStretch *stretch = &g_array_index (stretches, IncidentStretch, i);
      double length = (double) (stretch->until - stretch->from);
      double rest = i > 0 ? (double) (stretch->from - g_array_index (stretches, IncidentStretch, i - 1).until) : -1;

      measures[INCIDENT_LOAD_ON_CALL] += length;
      measures[INCIDENT_LOAD_LONGEST] = MAX (measures[INCIDENT_LOAD_LONGEST], length);
      if (rest >= 0 && (measures[INCIDENT_LOAD_REST] < 0 || rest < measures[INCIDENT_LOAD_REST]))
        measures[INCIDENT_LOAD_REST] = rest;
    }
  measures[INCIDENT_LOAD_NIGHTS] = count_touched (stretches, zone, NIGHT_BEGINS, NIGHT_LASTS, G_TIME_SPAN_DAY);
  measures[INCIDENT_LOAD_WEEKENDS] = count_touched (stretches, zone, WEEKEND_BEGINS, WEEKEND_LASTS, WEEK);
  measures[INCIDENT_LOAD_HOLIDAYS] = count_holidays (self->roster->rules->oncall, stretches, zone);

  for (guint i = 0; i < self->pages->len; i++)
    {
      const IncidentLoadPage *page = &g_array_index (self->pages, IncidentLoadPage, i);

      if (page->person != person || page->at < self->from || page->at >= self->until
          || !(anywhen || contains (stretches, page->at)))
        continue;
      measures[INCIDENT_LOAD_PAGES]++;
      measures[INCIDENT_LOAD_NIGHT_PAGES] += incident_load_get_night (zone, page->at) != G_MININT64 ? 1 : 0;
    }
}

static Group *
ensure_group (Measuring  *self,
              const char *schedule,
              const char *layer)
{
  const IncidentScheduleRules *rules = incident_oncall_rules_get_schedule (self->roster->rules->oncall, schedule);
  Group *group;

  for (guint i = 0; i < self->groups->len; i++)
    {
      group = g_ptr_array_index (self->groups, i);
      if (g_str_equal (group->schedule, schedule) && g_str_equal (group->layer, layer))
        return group;
    }

  group = g_new0 (Group, 1);
  group->schedule = g_intern_string (schedule);
  group->layer = g_intern_string (layer);
  group->members = g_ptr_array_new ();
  group->on_call = make_stretches ();
  g_ptr_array_add (self->groups, group);
  for (guint i = 0; rules != NULL && i < rules->layers->len; i++)
    {
      const IncidentLayer *found = g_ptr_array_index (rules->layers, i);

      for (guint j = 0; g_str_equal (found->name, layer) && j < found->people->len; j++)
        {
          const char *person = g_intern_string (g_ptr_array_index (found->people, j));

          if (!g_ptr_array_find (group->members, person, NULL))
            g_ptr_array_add (group->members, (gpointer) person);
        }
    }
  return group;
}

/* A span tells of all layers that put somebody there: each has what its own people, or one who stands in, did. */
static void
add_to_groups (Measuring          *self,
               const char         *schedule,
               const IncidentSpan *span,
               const char         *person)
{
  const IncidentStretch stretch = { span->from, span->until };
  g_auto(GStrv) layers = span->layer != NULL ? g_strsplit (span->layer, ", ", -1) : NULL;
  gboolean is_known = FALSE;

  for (guint i = 0; layers != NULL && layers[i] != NULL; i++)
    is_known = is_known || g_ptr_array_find (ensure_group (self, schedule, layers[i])->members, person, NULL);
  for (guint i = 0; layers != NULL && layers[i] != NULL; i++)
    {
      Group *group = ensure_group (self, schedule, layers[i]);

      if (is_known ? g_ptr_array_find (group->members, person, NULL) : i == 0)
        g_array_append_val (ensure_stretches (group->on_call, person), stretch);
    }
}

static void
add_schedule (Measuring  *self,
              const char *name)
{
  g_autoptr(GArray) spans = incident_roster_cover (self->roster, name, self->from, self->until);

  for (guint i = 0; spans != NULL && i < spans->len; i++)
    {
      const IncidentSpan *span = &g_array_index (spans, IncidentSpan, i);
      const IncidentStretch stretch = { span->from, span->until };

      for (guint j = 0; j < span->people->len; j++)
        {
          const char *person = g_ptr_array_index (span->people, j);

          add_to_groups (self, name, span, person);
          g_array_append_val (ensure_stretches (self->people, person), stretch);
        }
    }
}

static void
add_names (GPtrArray           *names,
           const IncidentRules *rules) /* nullable */
{
  for (guint i = 0; rules != NULL && i < rules->oncall->schedules->len; i++)
    {
      const IncidentScheduleRules *schedule = g_ptr_array_index (rules->oncall->schedules, i);

      if (!g_ptr_array_find_with_equal_func (names, schedule->name, g_str_equal, NULL))
        g_ptr_array_add (names, (gpointer) schedule->name);
    }
}

/* Those there are, and those that there were. */
static void
add_schedules (Measuring *self)
{
  g_autoptr(GPtrArray) names = g_ptr_array_new ();

  add_names (names, self->roster->rules);
  for (guint i = 0; self->roster->bases != NULL && i < self->roster->bases->len; i++)
    add_names (names, g_array_index (self->roster->bases, IncidentRosterBase, i).rules);
  for (guint i = 0; i < names->len; i++)
    add_schedule (self, g_ptr_array_index (names, i));
}

static void
join_all (GHashTable *table)
{
  GHashTableIter iter;
  gpointer stretches;

  g_hash_table_iter_init (&iter, table);
  while (g_hash_table_iter_next (&iter, NULL, &stretches))
    join (stretches);
}

/* Who shares, was on call, or was paged. */
static void
add_people (Measuring *self)
{
  for (guint i = 0; i < self->groups->len; i++)
    {
      const Group *group = g_ptr_array_index (self->groups, i);

      join_all (group->on_call);
      for (guint j = 0; j < group->members->len; j++)
        ensure_stretches (self->people, g_ptr_array_index (group->members, j));
    }
  for (guint i = 0; i < self->pages->len; i++)
    ensure_stretches (self->people, g_array_index (self->pages, IncidentLoadPage, i).person);
  join_all (self->people);
}

/* What all of a group did, by the heads that share it; of the longest and the shortest times, the mean of theirs. */
static void
share (const Measuring *self,
       const Group     *group,
       double           shares[INCIDENT_N_LOADS])
{
  double n_rests = 0;
  GHashTableIter iter;
  gpointer person, stretches;

  memset (shares, 0, INCIDENT_N_LOADS * sizeof *shares);
  g_hash_table_iter_init (&iter, group->on_call);
  while (g_hash_table_iter_next (&iter, &person, &stretches))
    {
      double measures[INCIDENT_N_LOADS];

      measure (self, person, stretches, FALSE, measures);
      for (guint i = 0; i < INCIDENT_N_LOADS; i++)
        shares[i] += i == INCIDENT_LOAD_REST && measures[i] < 0 ? 0 : measures[i];
      n_rests += measures[INCIDENT_LOAD_REST] < 0 ? 0 : 1;
    }

  for (guint i = 0; i < INCIDENT_N_LOADS; i++)
    if (i != INCIDENT_LOAD_REST)
      shares[i] /= MAX (group->members->len, 1);
  shares[INCIDENT_LOAD_REST] = n_rests > 0 ? shares[INCIDENT_LOAD_REST] / n_rests : -1;
}

static void
expect (GArray      *loads,
        const Group *group,
        const double shares[INCIDENT_N_LOADS])
{
  for (guint i = 0; i < loads->len; i++)
    {
      IncidentLoad *load = &g_array_index (loads, IncidentLoad, i);
      double rest = load->expected[INCIDENT_LOAD_REST];
      double longest = load->expected[INCIDENT_LOAD_LONGEST];

      if (!g_ptr_array_find (group->members, load->person, NULL))
        continue;
      for (guint j = 0; j < INCIDENT_N_LOADS; j++)
        load->expected[j] += shares[j];
      load->expected[INCIDENT_LOAD_LONGEST] = MAX (longest, shares[INCIDENT_LOAD_LONGEST]);
      load->expected[INCIDENT_LOAD_REST] = rest < 0 ? shares[INCIDENT_LOAD_REST]
                                           : shares[INCIDENT_LOAD_REST] < 0 ? rest : MIN (rest, shares[INCIDENT_LOAD_REST]);
    }
}

static int
compare_loads (gconstpointer a,
               gconstpointer b)
{
  return strcmp (((const IncidentLoad *) a)->person, ((const IncidentLoad *) b)->person);
}

static GArray *
make_loads (const Measuring *self)
{
  GArray *loads = g_array_new (FALSE, FALSE, sizeof (IncidentLoad));
  GHashTableIter iter;
  gpointer person, stretches;

  g_hash_table_iter_init (&iter, self->people);
  while (g_hash_table_iter_next (&iter, &person, &stretches))
    {
      IncidentLoad load = { .person = person, .expected = { [INCIDENT_LOAD_REST] = -1 } };

      measure (self, person, stretches, TRUE, load.is);
      g_array_append_val (loads, load);
    }
  g_array_sort (loads, compare_loads);

  for (guint i = 0; i < self->groups->len; i++)
    {
      double shares[INCIDENT_N_LOADS];

      share (self, g_ptr_array_index (self->groups, i), shares);
      expect (loads, g_ptr_array_index (self->groups, i), shares);
    }
  return loads;
}

GArray *
incident_load_measure (IncidentRoster *roster,
                       const GArray   *pages,
                       gint64          from,
                       gint64          until)
{
  Measuring self = { roster, pages, from, until, };
  GArray *loads;

  self.groups = g_ptr_array_new_with_free_func ((GDestroyNotify) group_free);
  self.people = make_stretches ();
  add_schedules (&self);
  add_people (&self);
  loads = make_loads (&self);
  g_ptr_array_unref (self.groups);
  g_hash_table_unref (self.people);
  return loads;
}
