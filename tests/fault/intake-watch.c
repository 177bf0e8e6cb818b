/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "intake-day.h"

#include "model/incident-event-private.h"

static PlainThing *
get_known (Day   *self,
           guint  i)
{
  return g_ptr_array_index (self->things, i);
}

static gboolean
is_muted (Day      *self,
          guint     i,
          gboolean  perhaps)
{
  return plain_is_muted (&self->playbook, self->silences, self->things, get_known (self, i), day_get_time (self), perhaps);
}

/* Less often than its route wants, if that can be told; or, if @perhaps, where it cannot. */
static gboolean
is_rare (Day              *self,
         const PlainRoute *route,
         const PlainThing *thing,
         gboolean          perhaps)
{
  guint n = 0;

  if (route->count < 2)
    return FALSE;
  if (self->n_playbooks > 1 || thing->doubtful)
    return perhaps;

  for (guint i = 0; i < thing->begins->len; i++)
    n += g_array_index (thing->begins, gint64, i) > thing->heard_at - route->within ? 1 : 0;
  return n < route->count;
}

/* Too short a time, or too seldom. */
static gboolean
is_immature (Day      *self,
             guint     i,
             gboolean  perhaps)
{
  const PlainThing *thing = get_known (self, i);
  const PlainRoute *route = plain_find_route (&self->playbook, thing);

  if (day_get_time (self) < thing->heard_at + route->wait && (perhaps || !thing->doubtful))
    return TRUE;

  return is_rare (self, route, thing, perhaps);
}

void
day_watch_before (Day  *self,
                  Hold *holds)
{
  for (guint i = 0; i < self->things->len; i++)
    {
      holds[i].is_muted = is_muted (self, i, FALSE);
      holds[i].is_immature = !get_known (self, i)->active || is_immature (self, i, FALSE);
    }
}

/* What is told */

static Thing *
find_thing (Day        *self,
            const char *key)
{
  g_autofree char *start = g_strndup (key, (gsize) (strchr (key, '@') - key));
  Thing *thing = g_hash_table_lookup (self->by_key, start);

  if (thing == NULL)
    day_fail (self, "nobody ever sent %s", key);
  return thing;
}

static void
take_telling (Day            *self,
              const char     *key,
              guint64         number,
              gboolean        fires,
              const Hold     *before)
{
  Thing *thing = find_thing (self, key);
  guint64 told = GPOINTER_TO_SIZE (g_hash_table_lookup (self->told, key));

  if (fires && told != 0)
    day_fail (self, "case %" G_GUINT64_FORMAT " is told that %s fires, as case %" G_GUINT64_FORMAT " was, which was not told of the end",
              number, key, told);
  if (!fires && told != number)
    day_fail (self, "case %" G_GUINT64_FORMAT " is told that %s ended, but case %" G_GUINT64_FORMAT " was told that it fires", number, key, told);
  if (fires && before[thing->i].is_muted && is_muted (self, thing->i, FALSE))
    day_fail (self, "case %" G_GUINT64_FORMAT " is told that %s fires, which is muted", number, key);
  if (fires && before[thing->i].is_immature && is_immature (self, thing->i, FALSE))
    day_fail (self, "case %" G_GUINT64_FORMAT " is told that %s fires, too early", number, key);
  thing->n_told += fires ? 1 : 0;
  thing->n_told -= fires ? 0 : 1;
  g_hash_table_insert (self->told, g_strdup (key), GSIZE_TO_POINTER (fires ? number : 0));
}

static void
take_event (Day            *self,
            IncidentEvent  *event,
            const Hold     *before)
{
  const IncidentRecord *record = incident_event_get_record (event);
  const char *cursor = record->facts;
  const char *name, *value;
  gsize name_length, length;
  gboolean fires = g_str_has_suffix (record->kind, "-fired");

  day_say (self, "case %" G_GUINT64_FORMAT ": %s of %s: %s %s", record->subject, record->kind, record->actor, record->facts, record->payload);
  self->n_events++;
  self->n_cases = MAX (self->n_cases, record->subject);
  if (!fires && !g_str_equal (record->kind, "alert-resolved") && !g_str_equal (record->kind, "alerts-resolved"))
    return;

  while (incident_facts_next (&cursor, &name, &name_length, &value, &length))
    if (name_length == strlen ("alert") && memcmp (name, "alert", name_length) == 0)
      {
        g_autofree char *key = g_strndup (value, length);

        take_telling (self, key, record->subject, fires, before);
      }
}

static void
take_events (Day            *self,
             const Hold     *before)
{
  g_autoptr(GPtrArray) events = NULL;
  g_autoptr(GError) error = NULL;

  do
    {
      g_clear_pointer (&events, g_ptr_array_unref);
      events = incident_desk_list_events (self->desks[0], self->n_events, 1000, &error);
      assert_no_error (error);
      for (guint i = 0; i < events->len; i++)
        take_event (self, g_ptr_array_index (events, i), before);
    }
  while (events->len == 1000);
}

/* What is not told */

static gboolean
must_be_told (Day   *self,
              guint  i)
{
  const PlainThing *thing = get_known (self, i);

  return thing->active && day_get_time (self) < thing->certain && !plain_find_route (&self->playbook, thing)->flap
         && !is_immature (self, i, TRUE) && !is_muted (self, i, TRUE);
}

void
day_watch_after (Day            *self,
                 const Hold     *before,
                 gboolean        is_settled)
{
  take_events (self, before);
  for (guint i = 0; is_settled && i < self->things->len; i++)
    {
      const Thing *thing = g_ptr_array_index (self->things, i);

      if (thing->n_told > 1)
        day_fail (self, "%s is told as firing %u times", thing->key, thing->n_told);
      if (thing->n_told == 0 && must_be_told (self, i))
        day_fail (self, "nobody is told that %s fires (thing %u)", thing->key, i);
    }
}

/* Whole timelines */

typedef struct
{
  Day        *day;
  guint64     number;
  GHashTable *firing;      /* keys */
  gboolean    is_quiet;    /* the last one ended, and that is still to be noted */
  gboolean    taken_over;
} Reading;

static void
read_alerts (Reading              *self,
             const IncidentRecord *record,
             gboolean              fires)
{
  const char *cursor = record->facts;
  const char *name, *value;
  gsize name_length, length;

  if (self->is_quiet)
    day_fail (self->day, "case %" G_GUINT64_FORMAT ": nobody noted that no alert fires before event %u", self->number, record->seq);
  while (incident_facts_next (&cursor, &name, &name_length, &value, &length))
    {
      g_autofree char *key = g_strndup (value, length);

      if (name_length != strlen ("alert") || memcmp (name, "alert", name_length) != 0)
        continue;
      if (fires ? !g_hash_table_add (self->firing, g_steal_pointer (&key)) : !g_hash_table_remove (self->firing, key))
        day_fail (self->day, "case %" G_GUINT64_FORMAT ": event %u tells what it told before: %s", self->number, record->seq, record->facts);
    }
  self->is_quiet = !fires && g_hash_table_size (self->firing) == 0;
}

static void
read_event (Reading              *self,
            const IncidentRecord *record)
{
  static const char * const ends[] = { "resolved", "recovered", "closed", "cancelled", "merged", NULL };
  gboolean by_person = g_str_equal (record->actor, "ana") || g_str_equal (record->actor, "bo");

  if (g_str_equal (record->kind, "alert-fired") || g_str_equal (record->kind, "alerts-fired"))
    read_alerts (self, record, TRUE);
  else if (g_str_equal (record->kind, "alert-resolved") || g_str_equal (record->kind, "alerts-resolved"))
    read_alerts (self, record, FALSE);
  else if (g_str_equal (record->kind, "alerts-ended"))
    {
      if (!self->is_quiet)
        day_fail (self->day, "case %" G_GUINT64_FORMAT ": event %u says that no alert fires, out of time", self->number, record->seq);
      self->is_quiet = FALSE;
    }
  if (!by_person && self->taken_over && g_strv_contains (ends, record->kind))
    day_fail (self->day, "case %" G_GUINT64_FORMAT ": event %u of %s ends what a person took over", self->number, record->seq, record->actor);
  self->taken_over = self->taken_over || (by_person && !g_str_equal (record->kind, "noted"));
}

static void
read_case (Day     *self,
           guint64  number)
{
  g_autoptr(GHashTable) firing = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  Reading reading = { self, number, firing, FALSE, FALSE };
  g_autoptr(GError) error = NULL;
  g_autoptr(IncidentCase) kase = incident_desk_get_case (self->desks[0], number, &error);
  GListModel *timeline;

  assert_no_error (error);
  timeline = incident_case_get_timeline (kase);
  for (guint i = 0; i < g_list_model_get_n_items (timeline); i++)
    {
      g_autoptr(IncidentEvent) event = g_list_model_get_item (timeline, i);

      read_event (&reading, incident_event_get_record (event));
    }
  if (g_hash_table_size (firing) > 0 || incident_case_get_firing_alerts (kase) > 0 || reading.is_quiet)
    day_fail (self, "case %" G_GUINT64_FORMAT ": %u alerts still fire", number, MAX (g_hash_table_size (firing), incident_case_get_firing_alerts (kase)));
}

void
day_watch_end (Day *self)
{
  for (guint64 number = 1; number <= self->n_cases; number++)
    read_case (self, number);
}
