/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <libincident/incident-desk.h>

#include <string.h>

#include "desk/incident-desk-foresee-private.h"
#include "desk/incident-told-private.h"
#include "oncall/incident-load-private.h"
#include "oncall/incident-simulation-private.h"

/* What was, and what would have been. One case after another: of those before only numbers are kept. */

/* Of one case, or of all. */
typedef struct
{
  const IncidentRules *rules;   /* which tell when it is night for whom */
  guint64      pages;
  guint64      night_pages;
  guint64      steps;
  guint64      nobody;          /* of all: cases in which nobody was reached */
  GHashTable  *nights;          /* a set of “PERSON/NIGHT” */
  gint64       first;           /* of one: so long after it was opened; -1: nobody was reached … */
  GArray      *firsts;          /* … of all: those that are not -1 (element-type gint64) */
} Tally;

typedef struct
{
  IncidentDesk       *desk;
  IncidentRoster     *roster;
  gint64              horizon;  /* nothing is known beyond it */
  IncidentJsonWriter  writer;
  guint64             n_cases;
  Tally               was;      /* of all */
  Tally               would;
} Replay;

/* Of one case. */
typedef struct
{
  gint64  opened_at;
  Tally   was;
  Tally   would;
} Pair;

static void
tally_init (Tally               *self,
            const IncidentRules *rules)
{
  memset (self, 0, sizeof *self);
  self->rules = rules;
  self->nights = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  self->first = -1;
  self->firsts = g_array_new (FALSE, FALSE, sizeof (gint64));
}

static void
tally_clear (Tally *self)
{
  g_hash_table_unref (self->nights);
  g_array_unref (self->firsts);
}

static void
count_page (Tally      *self,
            const char *person,
            gint64      at,
            gint64      opened_at)
{
  gint64 night = incident_load_get_night (incident_load_get_zone (self->rules, person), at);

  self->pages++;
  if (self->first < 0)
    self->first = MAX (at - opened_at, 0);
  if (night == G_MININT64)
    return;

  self->night_pages++;
  g_hash_table_add (self->nights, g_strdup_printf ("%s/%" G_GINT64_FORMAT, person, night));
}

static void
add_tally (Tally       *self,
           const Tally *other)
{
  GHashTableIter iter;
  gpointer night;

  self->pages += other->pages;
  self->night_pages += other->night_pages;
  self->steps += other->steps;
  if (other->first < 0)
    self->nobody++;
  else
    g_array_append_val (self->firsts, other->first);

  g_hash_table_iter_init (&iter, other->nights);
  while (g_hash_table_iter_next (&iter, &night, NULL))
    g_hash_table_add (self->nights, g_strdup (night));
}

static void
write_number (IncidentJsonWriter *writer,
              const char         *name,
              guint64             number)
{
  incident_json_writer_name (writer, name);
  incident_json_writer_int (writer, (gint64) number);
}

static void
write_counts (IncidentJsonWriter *writer,
              const Tally        *tally)
{
  write_number (writer, "pages", tally->pages);
  write_number (writer, "pages-at-night", tally->night_pages);
  write_number (writer, "nights-woken", g_hash_table_size (tally->nights));
  write_number (writer, "steps", tally->steps);
}

static int
compare_times (gconstpointer a,
               gconstpointer b)
{
  gint64 one = *(const gint64 *) a;
  gint64 other = *(const gint64 *) b;

  return (one > other) - (one < other);
}

/* The median is the lower one of two. */
static void
write_sum (IncidentJsonWriter *writer,
           const char         *name,
           const Tally        *tally)
{
  GArray *firsts = tally->firsts;

  g_array_sort (firsts, compare_times);
  incident_json_writer_name (writer, name);
  incident_json_writer_begin_object (writer);
  write_counts (writer, tally);
  write_number (writer, "nobody", tally->nobody);
  incident_foresee_write_duration (writer, "first-person-median",
                                   firsts->len > 0 ? g_array_index (firsts, gint64, (firsts->len - 1) / 2) : -1);
  incident_foresee_write_duration (writer, "first-person-longest",
                                   firsts->len > 0 ? g_array_index (firsts, gint64, firsts->len - 1) : -1);
  incident_json_writer_end_object (writer);
}

/* What was */

static void
count_past (Pair            *self,
            const GPtrArray *records)
{
  g_autoptr(GPtrArray) people = g_ptr_array_new ();

  for (guint i = 0; i < records->len; i++)
    {
      const IncidentRecord *record = g_ptr_array_index (records, i);

      if (!incident_told_is_own (record))
        continue;
      self->was.steps += incident_told_has_fired (record->facts) ? 1 : 0;
      g_ptr_array_set_size (people, 0);
      incident_told_add_people (record, people);
      for (guint j = 0; j < people->len; j++)
        count_page (&self->was, g_ptr_array_index (people, j), record->occurred_at, self->opened_at);
    }
}

/* What would have been */

static void
told (const IncidentPlan  *plan,
      const IncidentState *state,
      gint64               at,
      gpointer             data)
{
  Pair *self = data;

  for (guint i = 0; i < plan->events->len; i++)
    self->would.steps += incident_told_has_fired (g_array_index (plan->events, IncidentPlannedEvent, i).facts) ? 1 : 0;
  for (guint i = 0; i < plan->pages->len; i++)
    {
      const IncidentPlannedPage *page = &g_array_index (plan->pages, IncidentPlannedPage, i);

      if (page->is_sent && page->person != NULL)
        count_page (&self->would, page->person, at, self->opened_at);
    }
}

/* What people and monitoring did, when they did it. FALSE: it did not come to an end. */
static gboolean
play (const Replay       *self,
      IncidentSimulation *simulation,
      const GPtrArray    *records)
{
  gint64 now = ((const IncidentRecord *) g_ptr_array_index (records, 0))->recorded_at;

  for (guint i = 0; i < records->len; i++)
    {
      const IncidentRecord *record = g_ptr_array_index (records, i);

      if (incident_told_is_own (record))
        continue;
      /* No clock goes back here. */
      if (record->recorded_at > now)
        {
          if (!incident_simulation_run (simulation, now, record->recorded_at))
            return FALSE;
          now = record->recorded_at;
        }
      incident_simulation_apply (simulation, record->facts, record->actor, record->occurred_at);
    }

  return incident_simulation_run (simulation, now, MAX (self->horizon, now + 1));
}

static const char *
describe_end (const IncidentState *state,
              gboolean             is_over)
{
  if (!is_over)
    return "too-many-steps";

  return state->runs != NULL ? incident_run_state_to_string ((IncidentRunState) state->runs->state) : NULL;
}

static void
write_side (IncidentJsonWriter *writer,
            const char         *name,
            const Tally        *tally,
            const char         *ends) /* nullable */
{
  incident_json_writer_name (writer, name);
  incident_json_writer_begin_object (writer);
  write_counts (writer, tally);
  incident_foresee_write_duration (writer, "first-person", tally->first);
  if (g_str_equal (name, "would-be"))
    incident_json_writer_member (writer, "ends", ends);
  incident_json_writer_end_object (writer);
}

static void
write_pair (Replay     *self,
            guint64     number,
            const Pair *pair,
            const char *ends)
{
  g_autofree char *id = incident_case_number_to_string (number);

  incident_json_writer_begin_object (&self->writer);
  incident_json_writer_member (&self->writer, "case", id);
  write_side (&self->writer, "was", &pair->was, NULL);
  write_side (&self->writer, "would-be", &pair->would, ends);
  incident_json_writer_end_object (&self->writer);
}

static void
replay_case (Replay          *self,
             guint64          number,
             const GPtrArray *records)
{
  g_auto(IncidentSimulation) simulation = { { NULL, }, };
  IncidentPlanning planning;
  Pair pair = { ((const IncidentRecord *) g_ptr_array_index (records, 0))->recorded_at, };
  gboolean is_over;

  incident_desk_init_planning (self->desk, &planning, self->roster);
  planning.boot = 0;
  planning.alerts = NULL;
  tally_init (&pair.was, self->was.rules);
  tally_init (&pair.would, self->would.rules);
  incident_simulation_init (&simulation, &planning, g_new0 (IncidentState, 1), INCIDENT_MOST_LOOKS, told, &pair);
  count_past (&pair, records);
  is_over = play (self, &simulation, records);

  write_pair (self, number, &pair, describe_end (simulation.state, is_over));
  add_tally (&self->was, &pair.was);
  add_tally (&self->would, &pair.would);
  self->n_cases++;
  tally_clear (&pair.was);
  tally_clear (&pair.would);
}

/* The numbers of the cases since @from, the oldest first. */
static GArray *
find_cases (IncidentDesk  *desk,
            gint64         from,
            GError       **error)
{
  g_autoptr(IncidentQuery) query = incident_query_new ();
  g_autoptr(GArray) all = g_array_new (FALSE, FALSE, sizeof (guint64));
  guint n_found;

  incident_query_set_since (query, from);
  incident_query_set_limit (query, INCIDENT_QUERY_MAX_LIMIT);
  do
    {
      g_autoptr(GArray) found = incident_store_find_cases (incident_desk_get_store (desk), query, error);

      if (found == NULL)
        return NULL;
      n_found = found->len;
      g_array_append_vals (all, found->data, found->len);
      if (n_found > 0)
        incident_query_set_before (query, g_array_index (found, guint64, n_found - 1));
    }
  while (n_found == INCIDENT_QUERY_MAX_LIMIT);

  for (guint i = 0; i < all->len / 2; i++)
    {
      guint64 number = g_array_index (all, guint64, i);

      g_array_index (all, guint64, i) = g_array_index (all, guint64, all->len - 1 - i);
      g_array_index (all, guint64, all->len - 1 - i) = number;
    }
  return g_steal_pointer (&all);
}

static gboolean
replay_cases (Replay        *self,
              const GArray  *cases,
              gint64         from,
              gint64         until,
              GError       **error)
{
  for (guint i = 0; i < cases->len; i++)
    {
      guint64 number = g_array_index (cases, guint64, i);
      g_autoptr(GPtrArray) records = incident_store_load (incident_desk_get_store (self->desk), number, 0, error);
      gint64 opened_at;

      if (records == NULL)
        return FALSE;
      opened_at = records->len > 0 ? ((const IncidentRecord *) g_ptr_array_index (records, 0))->occurred_at : until;
      if (opened_at >= from && opened_at < until)
        replay_case (self, number, records);
    }

  return TRUE;
}

static char *
replay (Replay        *self,
        const GArray  *cases,
        gint64         from,
        gint64         until,
        GError       **error)
{
  g_autofree char *answer = NULL;
  gboolean done;

  incident_json_writer_init (&self->writer, FALSE);
  incident_json_writer_begin_object (&self->writer);
  incident_foresee_write_versions (&self->writer, self->roster, from, until);
  incident_foresee_write_span (&self->writer, from, until);
  incident_json_writer_name (&self->writer, "cases");
  incident_json_writer_begin_array (&self->writer);
  done = replay_cases (self, cases, from, until, error);
  incident_json_writer_end_array (&self->writer);
  incident_json_writer_name (&self->writer, "sum");
  incident_json_writer_begin_object (&self->writer);
  write_number (&self->writer, "cases", self->n_cases);
  write_sum (&self->writer, "was", &self->was);
  write_sum (&self->writer, "would-be", &self->would);
  incident_json_writer_end_object (&self->writer);
  incident_json_writer_end_object (&self->writer);
  answer = incident_json_writer_finish (&self->writer);
  return done ? g_steal_pointer (&answer) : NULL;
}

/**
 * incident_desk_replay:
 * @self: a desk
 * @playbook: (nullable): the rules to try, or %NULL for those of the desk
 * @from: when the time begins, in UTC microseconds
 * @until: when it ends, at most ten years later
 * @error: return location for an error
 *
 * Tells what the cases that were opened in a time would have done under other rules.
 *
 * What people and monitoring did is played again when it was recorded, and the escalator's part is planned anew, until now;
 * nothing is written and nobody is paged. Who was on call is told by the schedules of @playbook and what people changed on
 * single days, as those were known at each moment. Whether an alert would have met a condition is not known any more: then
 * the condition holds.
 *
 * The answer is an object of `versions` and `from` and `until`, as [method@Desk.prove] has them, and:
 *
 * - `cases`, by number: each with its id as `case`, and `was` and `would-be`, which are objects of `pages`, how often a person
 *   was paged; `pages-at-night`, those from 22:00 to 07:00 by that person's own clock; `nights-woken`, the nights in which
 *   somebody was, one for each of them; `steps` that were fired; `first-person`, how long it took until somebody was paged, in
 *   seconds, or `null`; and of what would be `ends`, the state of the run that began last, `null` where there was none, or
 *   `too-many-steps`;
 * - `sum`, with `cases`, how many these are, and `was` and `would-be`: the same in sum, with `nobody`, the cases in which nobody
 *   was paged, and `first-person-median` and `first-person-longest` of the others.
 *
 * This call blocks.
 *
 * Returns: (transfer full): the comparison, as JSON; or %NULL with @error set: %INCIDENT_ERROR_INVALID if the time is none, or
 *   what ails the store
 *
 * Since: 0.1
 */
char *
incident_desk_replay (IncidentDesk      *self,
                      IncidentPlaybook  *playbook,
                      gint64             from,
                      gint64             until,
                      GError           **error)
{
  g_autoptr(GArray) cases = NULL;
  Replay replaying = { self, };
  char *answer;

  g_return_val_if_fail (INCIDENT_IS_DESK (self), NULL);
  g_return_val_if_fail (error == NULL || *error == NULL, NULL);

  if (!incident_foresee_check_span (from, until, error))
    return NULL;
  replaying.roster = incident_desk_imagine_roster (self, playbook, error);
  if (replaying.roster == NULL)
    return NULL;

  replaying.horizon = incident_clock_get_time (incident_desk_get_clock (self));
  tally_init (&replaying.was, incident_desk_get_rulebook (self)->rules);
  tally_init (&replaying.would, replaying.roster->rules);
  cases = find_cases (self, from, error);
  answer = cases != NULL ? replay (&replaying, cases, from, until, error) : NULL;
  tally_clear (&replaying.was);
  tally_clear (&replaying.would);
  incident_roster_unref (replaying.roster);
  return answer;
}
