/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "oncall/incident-restriction-private.h"

#define DAYS_A_WEEK 7
/* 1970-01-01 was a Thursday. */
#define WEEKDAY_OF_1970 3
/* More than an occurrence lasts, and than a clock is set by. */
#define DAYS_AROUND 3
#define SECONDS_A_DAY 86400

/* As much as there is of it within [from, until). */
static void
add_stretch (GArray *stretches,
             gint64  first,
             gint64  last,
             gint64  from,
             gint64  until)
{
  IncidentStretch stretch = { MAX (first, from), MIN (last, until) };

  if (stretch.from < stretch.until)
    g_array_append_val (stretches, stretch);
}

static int
compare_stretches (gconstpointer a,
                   gconstpointer b)
{
  const IncidentStretch *one = a;
  const IncidentStretch *other = b;

  return (one->from > other->from) - (one->from < other->from);
}

/* Makes one of those that touch or overlap, from @first on. */
static void
merge_stretches (GArray *self,
                 guint   first)
{
  guint n = first;

  if (self->len == first)
    return;

  qsort (&g_array_index (self, IncidentStretch, first), self->len - first, sizeof (IncidentStretch), compare_stretches);
  for (guint i = first + 1; i < self->len; i++)
    {
      IncidentStretch *last = &g_array_index (self, IncidentStretch, n);
      const IncidentStretch *next = &g_array_index (self, IncidentStretch, i);

      if (next->from <= last->until)
        last->until = MAX (last->until, next->until);
      else
        g_array_index (self, IncidentStretch, ++n) = *next;
    }
  g_array_set_size (self, n + 1);
}

static void
add_occurrence (const IncidentRestriction *self,
                const IncidentWallClock   *clock,
                gint64                     day,
                gint64                     from,
                gint64                     until,
                GArray                    *stretches)
{
  IncidentWallTime midnight = day * INCIDENT_MINUTES_A_DAY;
  IncidentWallTime end = midnight + self->until + (self->until <= self->from ? INCIDENT_MINUTES_A_DAY : 0);

  add_stretch (stretches, incident_wall_clock_find_first (clock, midnight + self->from),
               incident_wall_clock_find_last (clock, end), from, until);
}

void
incident_restrictions_list (const GArray            *self,
                            const IncidentWallClock *clock,
                            gint64                   from,
                            gint64                   until,
                            GArray                  *stretches)
{
  gint64 first = incident_divide_down (incident_wall_clock_read (clock, from), INCIDENT_MINUTES_A_DAY) - DAYS_AROUND;
  gint64 last = incident_divide_down (incident_wall_clock_read (clock, until), INCIDENT_MINUTES_A_DAY) + DAYS_AROUND;
  guint before = stretches->len;

  for (gint64 day = first; day <= last; day++)
    {
      guint weekday = (guint) ((day % DAYS_A_WEEK + DAYS_A_WEEK + WEEKDAY_OF_1970) % DAYS_A_WEEK);

      for (guint i = 0; i < self->len; i++)
        {
          const IncidentRestriction *restriction = &g_array_index (self, IncidentRestriction, i);

          if ((restriction->weekdays & 1u << weekday) != 0)
            add_occurrence (restriction, clock, day, from, until, stretches);
        }
    }
  merge_stretches (stretches, before);
}

/* While one offset of the zone holds, a day is a stretch like any other. */
static void
add_day (const IncidentWallClock *clock,
         gint64                   day,
         guint                    i,
         gint64                   from,
         gint64                   until,
         GArray                  *stretches)
{
  const IncidentWallOffset *offset = &g_array_index (clock->offsets, IncidentWallOffset, i);
  gint64 midnight = day * SECONDS_A_DAY - offset->offset;
  gint64 end = midnight + SECONDS_A_DAY;

  if (i + 1 < clock->offsets->len)
    end = MIN (end, g_array_index (clock->offsets, IncidentWallOffset, i + 1).since);
  add_stretch (stretches, MAX (midnight, offset->since) * G_USEC_PER_SEC, end * G_USEC_PER_SEC, from, until);
}

void
incident_holidays_list (const IncidentHolidays  *self,
                        const IncidentWallClock *clock,
                        gint64                   from,
                        gint64                   until,
                        GArray                  *stretches)
{
  gint64 first = incident_divide_down (incident_wall_clock_read (clock, from), INCIDENT_MINUTES_A_DAY) - DAYS_AROUND;
  gint64 last = incident_divide_down (incident_wall_clock_read (clock, until), INCIDENT_MINUTES_A_DAY) + DAYS_AROUND;
  guint before = stretches->len;

  for (guint i = 0; i < self->days->len; i++)
    {
      gint64 day = g_array_index (self->days, IncidentHoliday, i).day;

      for (guint j = 0; j < clock->offsets->len && day >= first && day <= last; j++)
        add_day (clock, day, j, from, until, stretches);
    }
  merge_stretches (stretches, before);
}

void
incident_stretches_remove (GArray       *self,
                           const GArray *off)
{
  g_autoptr(GArray) rest = g_array_new (FALSE, FALSE, sizeof (IncidentStretch));
  guint j = 0;

  for (guint i = 0; i < self->len; i++)
    {
      const IncidentStretch *stretch = &g_array_index (self, IncidentStretch, i);
      gint64 from = stretch->from;

      while (j < off->len && g_array_index (off, IncidentStretch, j).until <= from)
        j++;
      for (guint k = j; k < off->len && g_array_index (off, IncidentStretch, k).from < stretch->until; k++)
        {
          add_stretch (rest, from, g_array_index (off, IncidentStretch, k).from, stretch->from, stretch->until);
          from = g_array_index (off, IncidentStretch, k).until;
        }
      add_stretch (rest, from, stretch->until, stretch->from, stretch->until);
    }

  g_array_set_size (self, 0);
  g_array_append_vals (self, rest->data, rest->len);
}
