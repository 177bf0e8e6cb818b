/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "incident-test.h"

#include <string.h>

#include "oncall/incident-layer-private.h"
#include "oncall/incident-restriction-private.h"
#include "oncall/incident-rotation-private.h"
#include "oncall/incident-roster-private.h"

/* Schedules put together by hand, and times as people write them. */

/* “2026-01-05T09:00+01:00”: an instant. */
static inline gint64
at (const char *text)
{
  g_autofree char *exact = g_strdup_printf ("%.16s:00%s", text, text + 16);
  g_autoptr(GError) error = NULL;
  gint64 time = 0;

  incident_time_from_string (exact, &time, &error);
  assert_no_error (error);
  return time;
}

/* “2026-01-05T09:00”: what a clock on a wall shows. */
static inline IncidentWallTime
wall (const char *text)
{
  g_autofree char *utc = g_strconcat (text, "Z", NULL);

  return at (utc) / G_TIME_SPAN_MINUTE;
}

/* “2026-01-05T08:00Z” */
static inline char *
show (gint64 time)
{
  g_autofree char *text = incident_time_to_string (time);

  return g_strdup_printf ("%.16sZ", text);
}

static inline void
assert_time (gint64 time, const char *expected)
{
  g_autofree char *found = show (time);
  g_autofree char *wanted = show (at (expected));

  assert_string_equal (found, wanted);
  assert_true (time == at (expected));
}

static inline GTimeZone *
zone_of (const char *name)
{
  GTimeZone *zone = g_time_zone_new_identifier (name);

  if (zone == NULL)
    fail_msg ("there is no zone %s", name);
  return zone;
}

/* One that is right between two days. */
static inline void
clock_init (IncidentWallClock *clock, const char *zone_name, const char *from, const char *until)
{
  g_autoptr(GTimeZone) zone = zone_of (zone_name);

  incident_wall_clock_init (clock, zone, at (from), at (until));
}

typedef struct
{
  IncidentRules         *rules;
  IncidentScheduleRules *schedule; /* “s” */
  IncidentRoster         roster;
} Watch;

static inline void
free_change (gpointer data)
{
  IncidentRosterChange *change = data;

  g_clear_pointer (&change->shifts, g_array_unref);
  g_free (change);
}

static inline IncidentScheduleRules *
add_schedule (IncidentRules *rules, const char *name, const char *zone)
{
  IncidentScheduleRules *schedule = incident_oncall_rules_add_schedule (rules->oncall, name);

  schedule->zone = zone_of (zone);
  schedule->zone_name = zone;
  return schedule;
}

static inline Watch *
watch_new (const char *zone)
{
  Watch *self = g_new0 (Watch, 1);

  self->rules = incident_rules_new (incident_lifecycle_get_default ());
  self->schedule = add_schedule (self->rules, "s", zone);
  self->roster.rules = self->rules;
  self->roster.bases = g_array_new (FALSE, FALSE, sizeof (IncidentRosterBase));
  self->roster.changes = g_ptr_array_new_with_free_func (free_change);
  self->roster.by_schedule = g_hash_table_new_full (g_str_hash, g_str_equal, NULL, (GDestroyNotify) g_ptr_array_unref);
  g_hash_table_insert (self->roster.by_schedule, (gpointer) "s", g_ptr_array_new ());
  return self;
}

static inline void
watch_free (Watch *self)
{
  g_hash_table_unref (self->roster.by_schedule);
  g_ptr_array_unref (self->roster.changes);
  g_array_unref (self->roster.bases);
  incident_rules_unref (self->rules);
  g_free (self);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Watch, watch_free)

/* The rules were in force from then on. */
static inline void
watch_add_base (Watch *self, gint64 from, IncidentRules *rules)
{
  IncidentRosterBase base = { from, rules };

  g_array_append_val (self->roster.bases, base);
}

/* People in a row: “ana bo”. */
static inline IncidentLayer *
add_layer (IncidentScheduleRules *schedule, const char *name, guint priority, const char *people)
{
  IncidentLayer *layer = incident_schedule_rules_add_layer (schedule, name);
  g_auto(GStrv) names = g_strsplit (people, " ", -1);

  layer->priority = priority;
  layer->zone = g_time_zone_ref (schedule->zone);
  for (guint i = 0; names[i] != NULL; i++)
    g_ptr_array_add (layer->people, (gpointer) g_intern_string (names[i]));
  return layer;
}

static inline void
set_zone (IncidentLayer *layer, const char *zone)
{
  g_time_zone_unref (layer->zone);
  layer->zone = zone_of (zone);
}

static inline void
rotate (IncidentLayer *layer, const char *start, guint length, IncidentRotationUnit unit)
{
  layer->rotates = TRUE;
  layer->rotation = (IncidentRotation) { wall (start), unit, length };
}

static inline guint
read_minute (const char *clock)
{
  return (guint) (g_ascii_strtoull (clock, NULL, 10) * 60 + g_ascii_strtoull (clock + 3, NULL, 10));
}

/* “mo tu we th fr” */
static inline void
add_restriction (GArray *restrictions, const char *days, const char *from, const char *until)
{
  static const char * const names[] = { "mo", "tu", "we", "th", "fr", "sa", "su" };
  IncidentRestriction restriction = { 0, read_minute (from), read_minute (until) };

  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    if (strstr (days, names[i]) != NULL)
      restriction.weekdays |= 1u << i;
  g_array_append_val (restrictions, restriction);
}

#define EVERY_DAY "mo tu we th fr sa su"
#define WORKDAYS  "mo tu we th fr"

static inline IncidentHolidays *
add_holiday (IncidentRules *rules, const char *day)
{
  IncidentHolidays *holidays = incident_oncall_rules_add_holidays (rules->oncall, "holidays");
  g_autofree char *midnight = g_strconcat (day, "T00:00", NULL);
  IncidentHoliday holiday = { (gint32) (wall (midnight) / INCIDENT_MINUTES_A_DAY), NULL };

  g_array_append_val (holidays->days, holiday);
  return holidays;
}

static inline IncidentRosterChange *
change_schedule (Watch *self, IncidentOverrideKind kind, const char *person, const char *substitute, const char *from,
                 const char *until)
{
  IncidentRosterChange *change = g_new0 (IncidentRosterChange, 1);

  *change = (IncidentRosterChange) {
    .id = self->roster.changes->len + 1, .schedule = (char *) "s", .kind = kind, .person = (char *) person,
    .substitute = (char *) substitute, .from = at (from), .until = at (until),
    .added_at = INCIDENT_TIME_NONE, .taken_at = INCIDENT_TIME_NONE, .withdrawn_at = INCIDENT_TIME_NONE,
  };
  if (kind == INCIDENT_OVERRIDE_KIND_TEMPORARY || kind == INCIDENT_OVERRIDE_KIND_FEED)
    change->shifts = g_array_new (FALSE, FALSE, sizeof (IncidentFixedShift));
  g_ptr_array_add (self->roster.changes, change);
  g_ptr_array_add (g_hash_table_lookup (self->roster.by_schedule, "s"), change);
  return change;
}

static inline void
add_shift (IncidentRosterChange *change, const char *person, guint priority, const char *from, const char *until)
{
  IncidentFixedShift shift = { (char *) person, NULL, priority, at (from), at (until) };

  g_array_append_val (change->shifts, shift);
}

static inline char *
join_people (const GPtrArray *people)
{
  GString *text = g_string_new (NULL);

  for (guint i = 0; i < people->len; i++)
    g_string_append_printf (text, "%s%s", i > 0 ? " " : "", (const char *) g_ptr_array_index (people, i));
  return g_string_free (text, FALSE);
}

static inline void
assert_on_call (Watch *self, const char *time, const char *expected)
{
  g_autoptr(GPtrArray) people = g_ptr_array_new ();
  g_autofree char *found = NULL;

  assert_true (incident_roster_get_on_call (&self->roster, "s", at (time), people));
  found = join_people (people);
  assert_string_equal (found, expected);
}

/* A line a span: “2026-01-05T08:00Z ana bo”, then as there are “, by LAYERS”, “, override ID” and “, meant”; the end is
 * that of the last span. */
static inline char *
show_cover (Watch *self, gint64 from, gint64 until)
{
  g_autoptr(GArray) spans = incident_roster_cover (&self->roster, "s", from, until);
  GString *text = g_string_new (NULL);

  for (guint i = 0; i < spans->len; i++)
    {
      const IncidentSpan *span = &g_array_index (spans, IncidentSpan, i);
      g_autofree char *time = show (span->from);
      g_autofree char *people = join_people (span->people);

      if (span->until != (i + 1 < spans->len ? g_array_index (spans, IncidentSpan, i + 1).from : until))
        fail_msg ("spans do not follow each other at %s", time);
      g_string_append_printf (text, "%s %s", time, span->people->len > 0 ? people : "nobody");
      if (span->layer != NULL)
        g_string_append_printf (text, ", by %s", span->layer);
      if (span->change != NULL)
        g_string_append_printf (text, ", override %" G_GUINT64_FORMAT, span->change->id);
      g_string_append (text, span->is_wanted_gap ? ", meant\n" : "\n");
    }

  return g_string_free (text, FALSE);
}

static inline void
assert_cover (Watch *self, const char *from, const char *until, const char *expected)
{
  g_autofree char *found = show_cover (self, at (from), at (until));

  assert_string_equal (found, expected);
}
