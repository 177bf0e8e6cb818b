/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "oncall/incident-wall-clock-private.h"

#include "base/incident-time-private.h"

#define SECONDS_A_MINUTE 60
#define SECONDS_A_DAY    86400
/* More than a clock was ever set by, and more than it is ahead of UTC. */
#define SECONDS_AROUND   (2 * SECONDS_A_DAY)

static gint64
get_seconds (gint64 at)
{
  return incident_divide_down (CLAMP (at, INCIDENT_TIME_MIN, INCIDENT_TIME_MAX), G_USEC_PER_SEC);
}

static void
add_offset (IncidentWallClock *self,
            gint64             since,
            gint64             offset)
{
  IncidentWallOffset added = { since, offset };

  /* What changes is the name of the zone alone. */
  if (self->offsets->len > 0
      && g_array_index (self->offsets, IncidentWallOffset, self->offsets->len - 1).offset == offset)
    return;

  g_array_append_val (self->offsets, added);
}

/* GLib numbers the intervals between the changes of a zone, but does not tell where they
 * begin: adds those that begin after @low and not after @high. */
static void
add_changes (IncidentWallClock *self,
             GTimeZone         *zone,
             gint64             low,
             int                low_interval,
             gint64             high,
             int                high_interval)
{
  gint64 middle = low + (high - low) / 2;
  int middle_interval;

  if (low_interval == high_interval)
    return;
  if (high - low == 1)
    {
      add_offset (self, high, g_time_zone_get_offset (zone, high_interval));
      return;
    }

  middle_interval = g_time_zone_find_interval (zone, G_TIME_TYPE_UNIVERSAL, middle);
  add_changes (self, zone, low, low_interval, middle, middle_interval);
  add_changes (self, zone, middle, middle_interval, high, high_interval);
}

void
incident_wall_clock_init (IncidentWallClock *self,
                          GTimeZone         *zone,
                          gint64             from,
                          gint64             until)
{
  gint64 low = get_seconds (from) - 2 * SECONDS_AROUND;
  gint64 high = get_seconds (until) + 2 * SECONDS_AROUND;
  int interval = g_time_zone_find_interval (zone, G_TIME_TYPE_UNIVERSAL, low);

  self->offsets = g_array_new (FALSE, FALSE, sizeof (IncidentWallOffset));
  add_offset (self, G_MININT64, g_time_zone_get_offset (zone, interval));
  add_changes (self, zone, low, interval, high, g_time_zone_find_interval (zone, G_TIME_TYPE_UNIVERSAL, high));
}

void
incident_wall_clock_clear (IncidentWallClock *self)
{
  g_clear_pointer (&self->offsets, g_array_unref);
}

static const IncidentWallOffset *
get_offset (const IncidentWallClock *self,
            guint                    i)
{
  return &g_array_index (self->offsets, IncidentWallOffset, i);
}

static gint64
get_end (const IncidentWallClock *self,
         guint                    i)
{
  return i + 1 < self->offsets->len ? get_offset (self, i + 1)->since : G_MAXINT64;
}

/* Which offset holds at a second. */
static guint
find_offset (const IncidentWallClock *self,
             gint64                   seconds)
{
  guint low = 0;
  guint high = self->offsets->len;

  while (high - low > 1)
    {
      guint middle = low + (high - low) / 2;

      if (get_offset (self, middle)->since <= seconds)
        low = middle;
      else
        high = middle;
    }

  return low;
}

IncidentWallTime
incident_wall_clock_read (const IncidentWallClock *self,
                          gint64                   at)
{
  gint64 seconds = get_seconds (at);

  return incident_divide_down (seconds + get_offset (self, find_offset (self, seconds))->offset, SECONDS_A_MINUTE);
}

IncidentWallTime
incident_wall_clock_read_furthest (const IncidentWallClock *self,
                                   gint64                   at)
{
  gint64 seconds = get_seconds (at);
  guint i = find_offset (self, seconds);
  gint64 furthest = seconds + get_offset (self, i)->offset;

  for (; i > 0 && get_offset (self, i)->since > seconds - SECONDS_AROUND; i--)
    furthest = MAX (furthest, get_offset (self, i)->since - 1 + get_offset (self, i - 1)->offset);

  return incident_divide_down (furthest, SECONDS_A_MINUTE);
}

/* The second at which it is set forward over @wall, as nothing shows that. */
static gint64
find_gap (const IncidentWallClock *self,
          guint                    first,
          guint                    last,
          gint64                   wall)
{
  for (guint i = MAX (first, 1); i <= last; i++)
    if (get_offset (self, i)->since + get_offset (self, i)->offset > wall)
      return get_offset (self, i)->since;

  g_assert_not_reached ();
}

static gint64
find (const IncidentWallClock *self,
      IncidentWallTime         time,
      gboolean                 is_last)
{
  gint64 wall = time * SECONDS_A_MINUTE;
  guint first = find_offset (self, wall - SECONDS_AROUND);
  guint last = find_offset (self, wall + SECONDS_AROUND);
  gint64 found = G_MAXINT64;

  for (guint i = first; i <= last && (is_last || found == G_MAXINT64); i++)
    {
      gint64 seconds = wall - get_offset (self, i)->offset;

      if (seconds >= get_offset (self, i)->since && seconds < get_end (self, i))
        found = seconds;
    }
  if (found == G_MAXINT64)
    found = find_gap (self, first, last, wall);

  /* Offsets were not always whole minutes. */
  return incident_divide_down (found, SECONDS_A_MINUTE) * SECONDS_A_MINUTE * G_USEC_PER_SEC;
}

/* 0: within all time that can be written. */
static int
compare_with_all_time (IncidentWallTime time)
{
  const gint64 minute = SECONDS_A_MINUTE * G_USEC_PER_SEC;
  const gint64 around = SECONDS_AROUND / SECONDS_A_MINUTE;

  return (time > INCIDENT_TIME_MAX / minute + around) - (time < INCIDENT_TIME_MIN / minute - around);
}

static gint64
find_in_all_time (const IncidentWallClock *self,
                  IncidentWallTime         time,
                  gboolean                 is_last)
{
  int order = compare_with_all_time (time);

  if (order != 0)
    return order < 0 ? G_MININT64 : G_MAXINT64;
  return find (self, time, is_last);
}

gint64
incident_wall_clock_find_first (const IncidentWallClock *self,
                                IncidentWallTime         time)
{
  return find_in_all_time (self, time, FALSE);
}

gint64
incident_wall_clock_find_last (const IncidentWallClock *self,
                               IncidentWallTime         time)
{
  return find_in_all_time (self, time, TRUE);
}
