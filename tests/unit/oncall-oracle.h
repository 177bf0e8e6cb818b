/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "oncall-test.h"

/* The rules of being on call once more, slow and to the letter: a clock is read minute by minute, and each minute is
 * asked about by itself. It shares nothing with the library but what the rules are written in. */

#define MINUTE G_TIME_SPAN_MINUTE

typedef struct
{
  gint64  start;     /* of minute 0 */
  int     n;
  gint64 *walls;     /* what the clock shows in each minute */
  gint64  least;     /* the first wall time below */
  int     n_walls;
  int    *first;     /* in which minute each wall time comes first; or the one after it, where it never comes */
  int    *last;
} Reading;

static inline void
reading_init (Reading *self, GTimeZone *zone, gint64 start, int n)
{
  gint64 greatest = G_MININT64;

  *self = (Reading) { .start = start, .n = n, .walls = g_new (gint64, n), .least = G_MAXINT64 };
  for (int i = 0; i < n; i++)
    {
      gint64 seconds = (start + i * MINUTE) / G_USEC_PER_SEC;
      int interval = g_time_zone_find_interval (zone, G_TIME_TYPE_UNIVERSAL, seconds);

      self->walls[i] = (seconds + g_time_zone_get_offset (zone, interval)) / 60;
      self->least = MIN (self->least, self->walls[i]);
      greatest = MAX (greatest, self->walls[i]);
    }

  self->n_walls = (int) (greatest - self->least) + 1;
  self->first = g_new (int, self->n_walls);
  self->last = g_new (int, self->n_walls);
  memset (self->first, 0xff, sizeof (int) * (gsize) self->n_walls);
  for (int i = 0; i < n; i++)
    {
      int wall_time = (int) (self->walls[i] - self->least);

      if (self->first[wall_time] < 0)
        self->first[wall_time] = i;
      self->last[wall_time] = i;
      for (int j = wall_time - 1; i > 0 && j >= 0 && self->first[j] < 0; j--)
        self->first[j] = self->last[j] = i;
    }
}

static inline void
reading_clear (Reading *self)
{
  g_free (self->walls);
  g_free (self->first);
  g_free (self->last);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Reading, reading_clear)

/* Before the reading: 0, after it: n. */
static inline int
find_minute (const Reading *self, const int *table, gint64 wall_time)
{
  if (wall_time < self->least)
    return 0;
  return wall_time - self->least < self->n_walls ? table[wall_time - self->least] : self->n;
}

/* A hand-off by adding one length after the other to the start. */
typedef struct
{
  const IncidentRotation *rotation;
  GDateTime              *start;
  gint64                  k;
  gint64                  wall_time;
} HandOff;

static inline void
hand_off_read (HandOff *self)
{
  const IncidentRotation *rotation = self->rotation;
  g_autoptr(GDateTime) month = NULL;
  g_autoptr(GDateTime) day = NULL;
  int months;

  if (rotation->unit != INCIDENT_ROTATION_MONTH)
    return;

  months = g_date_time_get_year (self->start) * 12 + g_date_time_get_month (self->start) - 1
           + (int) self->k * (int) rotation->length;
  month = g_date_time_new_utc (months / 12, months % 12 + 1, 1, g_date_time_get_hour (self->start),
                               g_date_time_get_minute (self->start), 0);
  day = g_date_time_add_days (month, g_date_time_get_day_of_month (self->start) - 1);
  self->wall_time = g_date_time_to_unix (day) / 60;
}

static inline void
hand_off_move (HandOff *self, int by)
{
  static const int minutes[] = { 60, 24 * 60, 7 * 24 * 60, 0 };

  self->k += by;
  self->wall_time += by * minutes[self->rotation->unit] * (gint64) self->rotation->length;
  hand_off_read (self);
}

/* The number of the last hand-off before or in each minute. */
static inline gint64 *
read_rotation (const Reading *self, const IncidentRotation *rotation)
{
  g_autoptr(GDateTime) start = g_date_time_new_from_unix_utc (rotation->start * 60);
  gint64 *numbers = g_new (gint64, self->n);
  HandOff hand_off = { rotation, start, 0, rotation->start };

  while (hand_off.wall_time < self->least)
    hand_off_move (&hand_off, 1);
  while (hand_off.wall_time > self->least)
    hand_off_move (&hand_off, -1);

  for (int i = 0; i < self->n; )
    {
      int next;
      gint64 k = hand_off.k;

      hand_off_move (&hand_off, 1);
      next = find_minute (self, self->first, hand_off.wall_time);
      while (i < next)
        numbers[i++] = k;
    }

  return numbers;
}

/* In which minutes a restriction holds. */
static inline gboolean *
read_restrictions (const Reading *self, const GArray *restrictions)
{
  gboolean *holds = g_new0 (gboolean, self->n);

  for (gint64 day = self->least / 1440 - 2; day <= (self->least + self->n_walls) / 1440 + 1; day++)
    {
      g_autoptr(GDateTime) date = g_date_time_new_from_unix_utc (day * 86400);

      for (guint j = 0; j < restrictions->len; j++)
        {
          const IncidentRestriction *one = &g_array_index (restrictions, IncidentRestriction, j);
          gint64 end = day * 1440 + one->until + (one->until > one->from ? 0 : 1440);

          if ((one->weekdays >> (g_date_time_get_day_of_week (date) - 1) & 1) == 0)
            continue;
          for (int i = find_minute (self, self->first, day * 1440 + one->from); i < find_minute (self, self->last, end); i++)
            holds[i] = TRUE;
        }
    }

  return holds;
}

static inline gboolean
is_holiday (const Reading *self, int minute, const IncidentHolidays *holidays)
{
  for (guint i = 0; holidays != NULL && i < holidays->days->len; i++)
    if (g_array_index (holidays->days, IncidentHoliday, i).day == self->walls[minute] / 1440)
      return TRUE;

  return FALSE;
}

/* What a layer says in each minute: a place in its people, -1: nobody, -2: all of them. */
static inline int *
read_layer (const IncidentLayer *layer, gint64 start, int n)
{
  g_auto(Reading) reading = { 0 };
  g_autofree gint64 *numbers = NULL;
  g_autofree gboolean *holds = NULL;
  int *turns = g_new (int, n);
  int people = (int) layer->people->len;

  reading_init (&reading, layer->zone, start, n);
  if (layer->rotates)
    numbers = read_rotation (&reading, &layer->rotation);
  holds = read_restrictions (&reading, layer->restrictions);

  for (int i = 0; i < n; i++)
    {
      gint64 moment = start + i * MINUTE;

      if ((layer->restrictions->len > 0 && !holds[i]) || is_holiday (&reading, i, layer->off) || moment < layer->from
          || moment >= layer->until)
        turns[i] = -1;
      else
        turns[i] = layer->rotates ? (int) ((numbers[i] % people + people) % people) : -2;
    }

  return turns;
}

static inline gboolean
counts_at (const IncidentRosterChange *change, gint64 moment)
{
  gboolean is_in_its_time = moment >= change->from && moment < change->until && moment >= change->added_at;
  gboolean is_withdrawn = change->withdrawn_at != INCIDENT_TIME_NONE && moment >= change->withdrawn_at;
  gboolean is_open = change->kind == INCIDENT_OVERRIDE_KIND_SWAP && (change->substitute == NULL || moment < change->taken_at);

  return is_in_its_time && !is_withdrawn && !is_open;
}

static inline void
put_on (GPtrArray *people, const char *person)
{
  if (person != NULL && !g_ptr_array_find_with_equal_func (people, person, g_str_equal, NULL))
    g_ptr_array_add (people, (gpointer) person);
}

/* By whom a person of a layer is taken off or replaced. */
static inline void
put_on_or_substitute (const GPtrArray *changes, gint64 moment, GPtrArray *people, const char *person)
{
  for (guint i = 0; i < changes->len; i++)
    {
      const IncidentRosterChange *change = g_ptr_array_index (changes, i);

      if (!counts_at (change, moment) || g_strcmp0 (change->person, person) != 0)
        continue;
      if (change->kind == INCIDENT_OVERRIDE_KIND_REMOVE)
        return;
      if (change->kind == INCIDENT_OVERRIDE_KIND_REPLACE || change->kind == INCIDENT_OVERRIDE_KIND_SWAP)
        {
          put_on (people, change->substitute);
          return;
        }
    }

  put_on (people, person);
}

static inline gboolean
ask_temporary (const GPtrArray *changes, gint64 moment, GPtrArray *people)
{
  for (guint i = 0; i < changes->len; i++)
    {
      const IncidentRosterChange *change = g_ptr_array_index (changes, i);

      if (change->kind != INCIDENT_OVERRIDE_KIND_TEMPORARY || !counts_at (change, moment))
        continue;
      for (guint j = 0; j < change->shifts->len; j++)
        {
          const IncidentFixedShift *shift = &g_array_index (change->shifts, IncidentFixedShift, j);

          if (moment >= shift->from && moment < shift->until)
            put_on (people, shift->person);
        }
      return TRUE;
    }

  return FALSE;
}

static inline void
ask_feeds (const GPtrArray *changes, gint64 moment, guint priority, GPtrArray *people)
{
  for (guint i = 0; i < changes->len; i++)
    {
      const IncidentRosterChange *change = g_ptr_array_index (changes, i);

      for (guint j = 0; change->kind == INCIDENT_OVERRIDE_KIND_FEED && counts_at (change, moment) && j < change->shifts->len; j++)
        {
          const IncidentFixedShift *shift = &g_array_index (change->shifts, IncidentFixedShift, j);

          if (shift->priority == priority && shift->person != NULL && moment >= shift->from && moment < shift->until)
            put_on_or_substitute (changes, moment, people, shift->person);
        }
    }
}

#define GREATEST_PRIORITY 3

/* Who is on call in minute @i, @turns being what the layers say. */
static inline void
ask (const IncidentScheduleRules *rules, int * const *turns, const GPtrArray *changes, gint64 moment, int i, GPtrArray *people)
{
  if (ask_temporary (changes, moment, people))
    return;

  for (int priority = GREATEST_PRIORITY; priority >= 0 && people->len == 0; priority--)
    {
      for (guint j = 0; j < rules->layers->len; j++)
        {
          const IncidentLayer *layer = g_ptr_array_index (rules->layers, j);

          for (int k = 0; (int) layer->priority == priority && k < (int) layer->people->len; k++)
            if (turns[j][i] == k || turns[j][i] == -2)
              put_on_or_substitute (changes, moment, people, g_ptr_array_index (layer->people, k));
        }
      ask_feeds (changes, moment, (guint) priority, people);
    }
  for (guint j = 0; j < changes->len; j++)
    {
      const IncidentRosterChange *change = g_ptr_array_index (changes, j);

      if (change->kind == INCIDENT_OVERRIDE_KIND_ADD && counts_at (change, moment))
        put_on (people, change->person);
    }
}
