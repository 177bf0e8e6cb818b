/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "oncall/incident-calendar-private.h"

#include <string.h>

/* When the events of a calendar happen: their rules and dates, less those that are left out, with those that are
 * changed one by one. */

/* All of one UID. */
typedef struct
{
  IncidentCalendarEvent *main;      /* NULL: there are changes alone */
  GPtrArray             *changes;   /* of IncidentCalendarEvent: with a RECURRENCE-ID; one of each that is changed */
  GHashTable            *places;    /* which is changed → its place in @changes; NULL: there are none */
  GArray                *left_out;  /* (element-type gint64), sorted: seconds UTC of what does not happen, or days */
  GArray                *left_out_days;
  GArray                *futures;   /* (element-type Future), sorted */
} Series;

/* From here on it is as @event has it. */
typedef struct
{
  gint64                       since;
  const IncidentCalendarEvent *event;
  gint64                       moved;  /* so far, by the wall */
} Future;

static void
series_free (gpointer data)
{
  Series *self = data;

  g_ptr_array_unref (self->changes);
  g_clear_pointer (&self->places, g_hash_table_unref);
  g_array_unref (self->left_out);
  g_array_unref (self->left_out_days);
  g_array_unref (self->futures);
  g_free (self);
}

static Series *
series_new (void)
{
  Series *self = g_new0 (Series, 1);

  self->changes = g_ptr_array_new ();
  self->left_out = g_array_new (FALSE, FALSE, sizeof (gint64));
  self->left_out_days = g_array_new (FALSE, FALSE, sizeof (gint64));
  self->futures = g_array_new (FALSE, FALSE, sizeof (Future));
  return self;
}

static int
compare_numbers (gconstpointer a,
                 gconstpointer b)
{
  gint64 left = *(const gint64 *) a, right = *(const gint64 *) b;

  return left < right ? -1 : left > right;
}

static gint64
get_day_of (gint64 wall)
{
  return wall - (wall % INCIDENT_CALENDAR_DAY + INCIDENT_CALENDAR_DAY) % INCIDENT_CALENDAR_DAY;
}

char *
incident_calendar_write_wall (gint64 wall)
{
  gint64 day = get_day_of (wall);
  int year, month, of_month;

  incident_calendar_split_day (day / INCIDENT_CALENDAR_DAY, &year, &month, &of_month);
  return g_strdup_printf ("%04d-%02d-%02d %02d:%02d", year, month, of_month, (int) ((wall - day) / 3600), (int) ((wall - day) / 60 % 60));
}

/* The later revision counts where two change one. To change it alone, and all from it on, are two things. */
static void
add_change (Series                *self,
            IncidentCalendarEvent *event)
{
  const IncidentCalendarDate *id = &event->recurrence_id;
  gint64 *key = g_new (gint64, 1);
  gpointer place;

  *key = incident_calendar_zone_get_instant (id->zone, id->time.wall, NULL) * 2 + (event->and_future ? 1 : 0);
  if (self->places == NULL)
    self->places = g_hash_table_new_full (g_int64_hash, g_int64_equal, g_free, NULL);
  if (!g_hash_table_lookup_extended (self->places, key, NULL, &place))
    {
      g_hash_table_insert (self->places, key, GUINT_TO_POINTER (self->changes->len));
      g_ptr_array_add (self->changes, event);
      return;
    }

  g_free (key);
  if (event->sequence >= ((IncidentCalendarEvent *) g_ptr_array_index (self->changes, GPOINTER_TO_UINT (place)))->sequence)
    g_ptr_array_index (self->changes, GPOINTER_TO_UINT (place)) = event;
}

/* What has no UID is alone. The last one counts where two have one. */
static GPtrArray *
collect (IncidentCalendar *calendar)
{
  g_autoptr(GHashTable) by_uid = g_hash_table_new (g_str_hash, g_str_equal);
  GPtrArray *all = g_ptr_array_new_with_free_func (series_free);

  for (guint i = 0; i < calendar->events->len; i++)
    {
      IncidentCalendarEvent *event = g_ptr_array_index (calendar->events, i);
      Series *series = event->uid != NULL ? g_hash_table_lookup (by_uid, event->uid) : NULL;

      if (series == NULL)
        {
          series = series_new ();
          g_ptr_array_add (all, series);
          if (event->uid != NULL)
            g_hash_table_insert (by_uid, event->uid, series);
        }
      if (event->has_recurrence_id)
        add_change (series, event);
      else if (series->main == NULL || event->sequence >= series->main->sequence)
        series->main = event;
    }
  return all;
}

static void
leave_out (Series                     *series,
           const IncidentCalendarDate *date)
{
  gboolean by_day = date->time.kind == INCIDENT_CALENDAR_DATE || series->main == NULL
                    || series->main->start.kind == INCIDENT_CALENDAR_DATE;
  gint64 day = get_day_of (date->time.wall);
  gint64 at = incident_calendar_zone_get_instant (date->zone, date->time.wall, NULL);

  if (by_day)
    g_array_append_val (series->left_out_days, day);
  else
    g_array_append_val (series->left_out, at);
}

static int
compare_futures (gconstpointer a,
                 gconstpointer b)
{
  const Future *left = a, *right = b;

  return left->since < right->since ? -1 : left->since > right->since;
}

/* By how much a change moves all that follow: the series is told by the wall of its own zone, and the change may name
 * the one that it is of in another, in UTC mostly. */
static gint64
find_move (const Series                *series,
           const IncidentCalendarEvent *event,
           gint64                       since)
{
  const IncidentCalendarDate *id = &event->recurrence_id;
  gint64 wall = id->time.wall;

  if (!event->has_start || series->main == NULL || !series->main->has_start)
    return 0;
  if (id->zone != series->main->zone)
    wall = since + incident_calendar_zone_get_offset (series->main->zone, since);
  return event->start.wall - wall;
}

static void
prepare (Series *series)
{
  for (guint i = 0; series->main != NULL && i < series->main->exdates->len; i++)
    leave_out (series, &g_array_index (series->main->exdates, IncidentCalendarDate, i));
  for (guint i = 0; i < series->changes->len; i++)
    {
      const IncidentCalendarEvent *event = g_ptr_array_index (series->changes, i);
      const IncidentCalendarDate *id = &event->recurrence_id;
      Future future = { incident_calendar_zone_get_instant (id->zone, id->time.wall, NULL), event, 0 };

      leave_out (series, id);
      if (event->and_future)
        {
          future.moved = find_move (series, event, future.since);
          g_array_append_val (series->futures, future);
        }
    }
  g_array_sort (series->left_out, compare_numbers);
  g_array_sort (series->left_out_days, compare_numbers);
  g_array_sort (series->futures, compare_futures);
}

static gboolean
is_left_out (const Series *series,
             gint64        wall,
             gint64        at)
{
  gint64 day = get_day_of (wall);

  return g_array_binary_search (series->left_out, &at, compare_numbers, NULL)
         || g_array_binary_search (series->left_out_days, &day, compare_numbers, NULL);
}

/* The last one that began by then; NULL: none has. */
static const Future *
find_future (const Series *series,
             gint64        at)
{
  guint low = 0, high = series->futures->len;

  while (low < high)
    {
      guint middle = low + (high - low) / 2;

      if (g_array_index (series->futures, Future, middle).since <= at)
        low = middle + 1;
      else
        high = middle;
    }
  return low > 0 ? &g_array_index (series->futures, Future, low - 1) : NULL;
}

/* RFC 5545 wants the same exact length each time (3.8.5.3), and people read the clock: where it was set in between, the
 * later of the two ends counts, so that nobody goes home before the next one is there. */
static gint64
find_end_by_dtend (IncidentCalendar            *calendar,
                   const IncidentCalendarEvent *event,
                   const IncidentCalendarZone  *zone,
                   gint64                       wall,
                   gint64                       at)
{
  gint64 start = incident_calendar_zone_get_instant (event->zone, event->start.wall, NULL);
  gint64 exact = at + incident_calendar_zone_get_instant (event->end_zone, event->end.wall, NULL) - start;
  gint64 length = event->end.wall - event->start.wall;
  gint64 by_clock;
  g_autofree char *day = NULL;

  if (event->start.kind == INCIDENT_CALENDAR_DATE)
    return incident_calendar_zone_get_instant (zone, wall + MAX (length, INCIDENT_CALENDAR_DAY), NULL);
  if (event->end_zone != event->zone || zone != event->zone)
    return exact;

  by_clock = incident_calendar_zone_get_instant (zone, wall + length, NULL);
  if (by_clock == exact || wall == event->start.wall)
    return by_clock;
  day = incident_calendar_write_wall (wall);
  incident_calendar_add_warning (calendar, event->line, "The clock is set within the event of %s: it ends by the clock or as long after its "
                                 "start as the first one, whichever is later", day);
  return MAX (exact, by_clock);
}

static gint64
find_end (IncidentCalendar            *calendar,
          const IncidentCalendarEvent *event,
          const IncidentCalendarZone  *zone,
          gint64                       wall,
          gint64                       at)
{
  gint64 days = event->has_duration ? event->duration.days : event->start.kind == INCIDENT_CALENDAR_DATE ? 1 : 0;

  if (event->has_end)
    return find_end_by_dtend (calendar, event, zone, wall, at);
  if (days > 0)
    at = incident_calendar_zone_get_instant (zone, wall + days * INCIDENT_CALENDAR_DAY, NULL);
  return at + (event->has_duration ? event->duration.seconds : 0);
}

static gint64
find_end_of_period (const IncidentCalendarDate *date,
                    gint64                      at)
{
  if (date->has_end)
    return incident_calendar_zone_get_instant (date->zone, date->end.wall, NULL);

  if (date->duration.days > 0)
    at = incident_calendar_zone_get_instant (date->zone, date->time.wall + date->duration.days * INCIDENT_CALENDAR_DAY, NULL);
  return at + date->duration.seconds;
}

typedef struct
{
  IncidentCalendar *calendar;
  gint64            from;
  gint64            until;
  GArray           *occurrences;
} Listing;

static void
add (Listing                     *self,
     const IncidentCalendarEvent *event,
     const IncidentCalendarZone  *zone,
     gint64                       wall,
     const IncidentCalendarDate  *period)
{
  IncidentCalendarOccurrence occurrence = { event, zone, wall, 0, 0 };
  gboolean is_skipped;

  if (self->occurrences->len > INCIDENT_CALENDAR_MAX_SHIFTS)
    return;

  occurrence.at = incident_calendar_zone_get_instant (zone, wall, &is_skipped);
  if (occurrence.at >= self->until)
    return;
  occurrence.until = period != NULL ? find_end_of_period (period, occurrence.at)
                                    : find_end (self->calendar, event, zone, wall, occurrence.at);
  if (occurrence.until < self->from)
    return;
  if (is_skipped)
    {
      g_autofree char *shown = incident_calendar_write_wall (wall);

      incident_calendar_add_warning (self->calendar, event->line, "The clock skips %s: it is told by the offset before, as RFC 5545 has it", shown);
    }
  g_array_append_val (self->occurrences, occurrence);
}

/* One of the series: left out, or as a change from some time on has it, or as it is. */
static void
add_of_series (Listing                    *self,
               const Series               *series,
               const IncidentCalendarZone *zone,
               gint64                      wall,
               const IncidentCalendarDate *period)
{
  gint64 at = incident_calendar_zone_get_instant (zone, wall, NULL);
  const Future *future;

  if (is_left_out (series, wall, at))
    return;

  future = find_future (series, at);
  if (future == NULL)
    add (self, series->main, zone, wall, period);
  else if (!future->event->is_cancelled && future->event->has_start)
    add (self, future->event, future->event->zone, wall + future->moved, NULL);
}

/* The longest that one of them may last, and be moved. */
static gint64
find_reach (const Series *series)
{
  gint64 reach = 0;

  for (guint i = 0; i <= series->futures->len; i++)
    {
      const Future *future = i < series->futures->len ? &g_array_index (series->futures, Future, i) : NULL;
      const IncidentCalendarEvent *event = future != NULL ? future->event : series->main;
      gint64 length = event->has_end ? event->end.wall - event->start.wall
                                     : event->duration.days * INCIDENT_CALENDAR_DAY + event->duration.seconds;

      reach = MAX (reach, MAX (length, 0) + (future != NULL ? ABS (future->moved) : 0));
    }
  return reach + 3 * INCIDENT_CALENDAR_DAY;
}

static gboolean
expand (IncidentCalendar            *calendar,
        const IncidentCalendarEvent *event,
        const GPtrArray             *rules,
        gint64                       from,
        gint64                       until,
        GArray                      *walls)
{
  for (guint i = 0; i < rules->len; i++)
    {
      if (incident_calendar_rule_expand (g_ptr_array_index (rules, i), event->start.wall, event->start.kind == INCIDENT_CALENDAR_DATE,
                                         from, until, &calendar->budget, walls))
        continue;
      incident_calendar_add_problem (calendar, event->line, "The event recurs too often to be followed: a rule should name days and hours, and "
                                     "a start not long ago where it has COUNT");
      return FALSE;
    }
  g_array_sort (walls, compare_numbers);
  return TRUE;
}

static void
list_main (Listing *self,
           Series  *series)
{
  g_autoptr(GArray) walls = g_array_new (FALSE, FALSE, sizeof (gint64));
  g_autoptr(GArray) exwalls = g_array_new (FALSE, FALSE, sizeof (gint64));
  const IncidentCalendarEvent *event = series->main;
  gint64 reach = find_reach (series);
  gint64 from = self->from - reach, until = self->until + reach;

  if (!expand (self->calendar, event, event->rules, from, until, walls)
      || !expand (self->calendar, event, event->exrules, from, until, exwalls))
    return;
  if (event->rules->len == 0)
    g_array_append_val (walls, event->start.wall);

  for (guint i = 0; i < walls->len; i++)
    {
      gint64 wall = g_array_index (walls, gint64, i);

      if (i > 0 && wall == g_array_index (walls, gint64, i - 1))
        continue;
      /* A rule to leave out does not give the start by itself. */
      if (wall != event->start.wall && g_array_binary_search (exwalls, &wall, compare_numbers, NULL))
        continue;
      add_of_series (self, series, event->zone, wall, NULL);
    }
  for (guint i = 0; i < event->dates->len; i++)
    {
      const IncidentCalendarDate *date = &g_array_index (event->dates, IncidentCalendarDate, i);

      add_of_series (self, series, date->zone, date->time.wall, date->is_period ? date : NULL);
    }
}

void
incident_calendar_list_occurrences (IncidentCalendar *self,
                                    gint64            from,
                                    gint64            until,
                                    GArray           *occurrences)
{
  g_autoptr(GPtrArray) all = collect (self);
  Listing listing = { self, from, until, occurrences };

  for (guint i = 0; i < all->len && self->problems->len == 0; i++)
    {
      Series *series = g_ptr_array_index (all, i);

      /* What is called off is called off with all that was changed of it. */
      if (series->main != NULL && series->main->is_cancelled)
        continue;

      prepare (series);
      if (series->main != NULL && series->main->has_start)
        list_main (&listing, series);
      for (guint j = 0; j < series->changes->len; j++)
        {
          const IncidentCalendarEvent *event = g_ptr_array_index (series->changes, j);

          if (event->has_start && !event->is_cancelled)
            add (&listing, event, event->zone, event->start.wall, NULL);
        }
    }
}
