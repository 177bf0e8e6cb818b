/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "oncall/incident-proof-private.h"

#include "base/incident-hash-private.h"
#include "oncall/incident-restriction-private.h"
#include "oncall/incident-rotation-private.h"

/* What a proof tells of a schedule by itself: who is away while on call, shifts that a clock change
 * makes empty or twice as long, and days that not every month has. */

/* That is in every month. */
#define LAST_SURE_DAY 28

static void
add_absence (GArray                *absences,
             const char            *schedule,
             const char            *person,
             const IncidentAbsence *away,
             const IncidentSpan    *span)
{
  const IncidentProofAbsence absence = { schedule, person, MAX (span->from, away->from), MIN (span->until, away->until), away->why };
  IncidentProofAbsence *last = absences->len > 0 ? &g_array_index (absences, IncidentProofAbsence, absences->len - 1) : NULL;

  if (absence.from >= absence.until)
    return;
  if (last != NULL && last->schedule == schedule && last->person == person && last->until == absence.from)
    last->until = absence.until;
  else
    g_array_append_val (absences, absence);
}

void
incident_proof_add_absences (GArray              *absences,
                             const IncidentRules *rules,
                             const char          *schedule,
                             const GArray        *spans)
{
  for (guint i = 0; i < spans->len; i++)
    {
      const IncidentSpan *span = &g_array_index (spans, IncidentSpan, i);

      for (guint j = 0; j < span->people->len; j++)
        {
          const char *name = g_ptr_array_index (span->people, j);
          const IncidentRulesPerson *person = rules->people != NULL ? g_hash_table_lookup (rules->people, name) : NULL;

          for (guint k = 0; person != NULL && k < person->away->len; k++)
            add_absence (absences, schedule, name, &g_array_index (person->away, IncidentAbsence, k), span);
        }
    }
}

void
incident_proof_add_rotations (GArray                      *rotations,
                              const IncidentScheduleRules *schedule)
{
  for (guint i = 0; i < schedule->layers->len; i++)
    {
      const IncidentLayer *layer = g_ptr_array_index (schedule->layers, i);
      IncidentProofRotation rotation = { schedule->name, layer->name, 0 };
      g_autoptr(GDateTime) start = NULL;

      if (!layer->rotates || layer->rotation.unit != INCIDENT_ROTATION_MONTH)
        continue;
      start = g_date_time_new_from_unix_utc (layer->rotation.start * 60);
      rotation.day = (guint) g_date_time_get_day_of_month (start);
      if (rotation.day > LAST_SURE_DAY)
        g_array_append_val (rotations, rotation);
    }
}

/* A shift of @nominal minutes that lasts so long by the sun. */
static void
judge_shift (GArray      *shifts,
             const char  *schedule,
             const char  *layer,
             gint64       begins,
             gint64       ends,
             gint64       nominal)
{
  const IncidentProofShift shift = { schedule, layer, begins, ends > begins };

  if (ends <= begins || ends - begins >= 2 * nominal * G_TIME_SPAN_MINUTE)
    g_array_append_val (shifts, shift);
}

/* Those that the clock is set in, or beside. */
static void
add_rotation (GArray                  *shifts,
              const char              *schedule,
              const IncidentLayer     *layer,
              const IncidentWallClock *clock,
              gint64                   change)
{
  const IncidentRotation *rotation = &layer->rotation;
  gint64 last = incident_rotation_find (rotation, clock, change + G_TIME_SPAN_DAY);

  for (gint64 k = incident_rotation_find (rotation, clock, change - G_TIME_SPAN_DAY); k <= last; k++)
    judge_shift (shifts, schedule, layer->name,
                 incident_rotation_get_hand_off (rotation, clock, k), incident_rotation_get_hand_off (rotation, clock, k + 1),
                 incident_rotation_get_wall_time (rotation, k + 1) - incident_rotation_get_wall_time (rotation, k));
}

static void
add_restriction (GArray                    *shifts,
                 const char                *schedule,
                 const IncidentLayer       *layer,
                 const IncidentRestriction *restriction,
                 const IncidentWallClock   *clock,
                 gint64                     change)
{
  gint64 today = incident_divide_down (incident_wall_clock_read (clock, change), INCIDENT_MINUTES_A_DAY);

  for (gint64 day = today - 1; day <= today + 1; day++)
    {
      IncidentWallTime from = day * INCIDENT_MINUTES_A_DAY + restriction->from;
      IncidentWallTime until = day * INCIDENT_MINUTES_A_DAY + restriction->until
                               + (restriction->until <= restriction->from ? INCIDENT_MINUTES_A_DAY : 0);
      /* The epoch was a Thursday. */
      guint weekday = (guint) (((day + 3) % 7 + 7) % 7);

      if ((restriction->weekdays >> weekday & 1) != 0)
        judge_shift (shifts, schedule, layer->name, incident_wall_clock_find_first (clock, from),
                     incident_wall_clock_find_last (clock, until), until - from);
    }
}

void
incident_proof_add_shifts (GArray                      *shifts,
                           const IncidentScheduleRules *schedule,
                           gint64                       from,
                           gint64                       until)
{
  for (guint i = 0; i < schedule->layers->len; i++)
    {
      const IncidentLayer *layer = g_ptr_array_index (schedule->layers, i);
      g_auto(IncidentWallClock) clock = { NULL, };

      incident_wall_clock_init (&clock, layer->zone, from, until);
      for (guint j = 0; j < clock.offsets->len; j++)
        {
          gint64 since = g_array_index (clock.offsets, IncidentWallOffset, j).since;

          if (since == G_MININT64 || since < from / G_USEC_PER_SEC || since >= until / G_USEC_PER_SEC)
            continue;
          if (layer->rotates)
            add_rotation (shifts, schedule->name, layer, &clock, since * G_USEC_PER_SEC);
          for (guint k = 0; k < layer->restrictions->len; k++)
            add_restriction (shifts, schedule->name, layer, &g_array_index (layer->restrictions, IncidentRestriction, k), &clock,
                             since * G_USEC_PER_SEC);
        }
    }
}

/* Each zone once, by name: each change of what it is ahead. */
static void
describe_zone (GTimeZone  *zone,
               gint64      from,
               gint64      until,
               GHashTable *known,
               GString    *text)
{
  g_auto(IncidentWallClock) clock = { NULL, };

  if (!g_hash_table_add (known, (gpointer) g_intern_string (g_time_zone_get_identifier (zone))))
    return;

  incident_wall_clock_init (&clock, zone, from, until);
  g_string_append_printf (text, "%s %" G_GINT64_FORMAT, g_time_zone_get_identifier (zone), incident_wall_clock_read (&clock, from));
  for (guint i = 0; i < clock.offsets->len; i++)
    {
      const IncidentWallOffset *offset = &g_array_index (clock.offsets, IncidentWallOffset, i);

      if (offset->since != G_MININT64 && offset->since > from / G_USEC_PER_SEC && offset->since < until / G_USEC_PER_SEC)
        g_string_append_printf (text, " %" G_GINT64_FORMAT " %" G_GINT64_FORMAT, offset->since, offset->offset);
    }
  g_string_append_c (text, '\n');
}

char *
incident_zones_to_version (const IncidentOncallRules *rules,
                           gint64                     from,
                           gint64                     until)
{
  g_autoptr(GHashTable) known = g_hash_table_new (g_direct_hash, g_direct_equal);
  g_autoptr(GString) text = g_string_new (NULL);

  for (guint i = 0; i < rules->schedules->len; i++)
    {
      const IncidentScheduleRules *schedule = g_ptr_array_index (rules->schedules, i);

      describe_zone (schedule->zone, from, until, known, text);
      for (guint j = 0; j < schedule->layers->len; j++)
        describe_zone (((const IncidentLayer *) g_ptr_array_index (schedule->layers, j))->zone, from, until, known, text);
    }

  return incident_hash_to_version (text->str);
}
