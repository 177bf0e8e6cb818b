/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "desk/incident-desk-override-private.h"

#include <libincident/incident-error.h>
#include <libincident/incident-time.h>

#include <string.h>

#include "base/incident-error-private.h"
#include "base/incident-time-private.h"
#include "model/incident-command-private.h"
#include "model/incident-oncall-rules-private.h"

/* What may be changed about who is on call. */

/* So many names are told to whoever wrote one that there is not. */
#define TOLD 12

gboolean
incident_override_refuse (GError     **error,
                          const char  *code,
                          const char  *format,
                          ...)
{
  char *codes[] = { (char *) code, NULL };
  g_autofree char *why = NULL;
  g_autofree char *message = NULL;
  va_list args;

  va_start (args, format);
  why = g_strdup_vprintf (format, args);
  va_end (args);
  message = g_strdup_printf ("“override” refused: %s: %s", code, why);
  incident_set_error_refused (error, codes, message);
  return FALSE;
}

static int
compare_names (gconstpointer a,
               gconstpointer b)
{
  return strcmp (*(const char * const *) a, *(const char * const *) b);
}

/* Takes @names; “ana, bo and 3 more”. */
static char *
tell_names (GPtrArray *names)
{
  g_autoptr(GPtrArray) owned = names;
  GString *text = g_string_new (NULL);

  g_ptr_array_sort (owned, compare_names);
  for (guint i = 0; i < MIN (owned->len, TOLD); i++)
    g_string_append_printf (text, "%s“%s”", i > 0 ? ", " : "", (const char *) g_ptr_array_index (owned, i));
  if (owned->len > TOLD)
    g_string_append_printf (text, " and %u more", owned->len - TOLD);
  return g_string_free (text, FALSE);
}

static gboolean
check_schedule (const IncidentRules  *rules,
                const char           *schedule,
                GError              **error)
{
  const GPtrArray *schedules = rules->oncall->schedules;
  GPtrArray *names;
  g_autofree char *told = NULL;

  if (incident_oncall_rules_get_schedule (rules->oncall, schedule) != NULL)
    return TRUE;

  names = g_ptr_array_new ();
  for (guint i = 0; i < schedules->len; i++)
    g_ptr_array_add (names, (gpointer) ((const IncidentScheduleRules *) g_ptr_array_index (schedules, i))->name);
  told = tell_names (names);
  incident_set_error_at (error, INCIDENT_ERROR_NOT_FOUND, "schedule", "There is no schedule “%s” in the playbook: there %s %s", schedule,
                         schedules->len == 1 ? "is" : "are", schedules->len > 0 ? told : "none");
  return FALSE;
}

/* Where the playbook names nobody, any name is a person. */
static gboolean
check_person (const IncidentRules  *rules,
              const char           *where,
              const char           *person,
              GError              **error)
{
  GHashTableIter iter;
  gpointer name;
  GPtrArray *names;
  g_autofree char *told = NULL;

  if (g_hash_table_size (rules->people) == 0 ? *person != '\0' : g_hash_table_contains (rules->people, person))
    return TRUE;

  names = g_ptr_array_new ();
  g_hash_table_iter_init (&iter, rules->people);
  while (g_hash_table_iter_next (&iter, &name, NULL))
    g_ptr_array_add (names, name);
  told = names->len > 0 ? tell_names (names) : (g_ptr_array_unref (names), g_strdup ("any name"));
  incident_set_error_at (error, INCIDENT_ERROR_NOT_FOUND, where, "There is no person “%s” in the playbook: it may be %s", person, told);
  return FALSE;
}

/* Whom an override of a kind names. */
static gboolean
check_people (const IncidentRosterChange  *change,
              const IncidentRules         *rules,
              GError                     **error)
{
  const char *kind = incident_override_kind_to_string (change->kind);
  gboolean wants_person = change->shifts == NULL;
  gboolean wants_substitute = change->kind == INCIDENT_OVERRIDE_KIND_REPLACE;

  if (wants_person != (change->person != NULL))
    incident_set_error_at (error, INCIDENT_ERROR_INVALID, "person", wants_person ? "“%s” needs a person: say who is meant"
                                                                                 : "“%s” names people in its shifts alone", kind);
  else if (wants_substitute && change->substitute == NULL)
    incident_set_error_at (error, INCIDENT_ERROR_INVALID, "substitute", "“replace” needs a substitute: say who is on call instead");
  else if (!wants_substitute && change->substitute != NULL)
    incident_set_error_at (error, INCIDENT_ERROR_INVALID, "substitute", "“%s” takes no substitute: that is for “replace”", kind);
  else if (wants_substitute && g_str_equal (change->person, change->substitute))
    incident_set_error_at (error, INCIDENT_ERROR_INVALID, "substitute", "“%s” cannot stand for “%s”: name another person",
                           change->substitute, change->person);
  else
    return (change->person == NULL || check_person (rules, "person", change->person, error))
           && (change->substitute == NULL || check_person (rules, "substitute", change->substitute, error));

  return FALSE;
}

static gint64
to_minute (gint64 time)
{
  gint64 rest = time % G_TIME_SPAN_MINUTE;

  return time - (rest < 0 ? rest + G_TIME_SPAN_MINUTE : rest);
}

static gboolean
check_time (const char  *where,
            gint64       time,
            GError     **error)
{
  if (time >= INCIDENT_TIME_MIN && time <= INCIDENT_TIME_MAX)
    return TRUE;

  incident_set_error_at (error, INCIDENT_ERROR_INVALID, where, "It must be a time of the years 1 to 9999");
  return FALSE;
}

static gboolean
check_span (const char  *where_from,
            const char  *where_until,
            gint64      *from,
            gint64      *until,
            GError     **error)
{
  if (!check_time (where_from, *from, error) || !check_time (where_until, *until, error))
    return FALSE;

  *from = to_minute (*from);
  *until = to_minute (*until);
  if (*until > *from)
    return TRUE;

  incident_set_error_at (error, INCIDENT_ERROR_INVALID, where_until, "The end must be later than the start, by a minute at least");
  return FALSE;
}

/* Before it is known what of it is past. */
static gboolean
check_shift (const IncidentRosterChange  *change,
             const IncidentRules         *rules,
             guint                        position,
             GError                     **error)
{
  IncidentFixedShift *shift = &g_array_index (change->shifts, IncidentFixedShift, position);
  g_autofree char *person = g_strdup_printf ("/shifts/%u/person", position);
  g_autofree char *from = g_strdup_printf ("/shifts/%u/from", position);
  g_autofree char *until = g_strdup_printf ("/shifts/%u/until", position);
  gboolean may_be_nobody = change->kind == INCIDENT_OVERRIDE_KIND_FEED;

  if (!may_be_nobody && shift->person == NULL)
    {
      incident_set_error_at (error, INCIDENT_ERROR_INVALID, person, "A shift needs a person");
      return FALSE;
    }
  if ((shift->person != NULL && !check_person (rules, person, shift->person, error))
      || !check_span (from, until, &shift->from, &shift->until, error))
    return FALSE;
  if (shift->from >= change->from && shift->until <= change->until)
    return TRUE;

  incident_set_error_at (error, INCIDENT_ERROR_INVALID, shift->from < change->from ? from : until,
                         "A shift must lie within the time of the whole");
  return FALSE;
}

static gboolean
check_shifts (const IncidentRosterChange  *change,
              const IncidentRules         *rules,
              GError                     **error)
{
  for (guint i = 0; change->shifts != NULL && i < change->shifts->len; i++)
    if (!check_shift (change, rules, i, error))
      return FALSE;

  return TRUE;
}

/* It begins now, if not later. */
static void
cut_past (IncidentRosterChange *change,
          gint64                now)
{
  change->from = MAX (change->from, now);
  for (guint i = 0; change->shifts != NULL && i < change->shifts->len;)
    {
      IncidentFixedShift *shift = &g_array_index (change->shifts, IncidentFixedShift, i);

      shift->from = MAX (shift->from, now);
      if (shift->until > shift->from)
        i++;
      else
        g_array_remove_index (change->shifts, i);
    }
}

/* Of those that are not past. */
static gboolean
check_has_shift (const IncidentRosterChange  *change,
                 GError                     **error)
{
  if (change->shifts == NULL || change->shifts->len > 0)
    return TRUE;

  incident_set_error_at (error, INCIDENT_ERROR_INVALID, "shifts", "“%s” needs a shift, or nobody would be on call all the time",
                         incident_override_kind_to_string (change->kind));
  return FALSE;
}

static gboolean
check_text (const IncidentRosterChange  *change,
            GError                     **error)
{
  if (change->text == NULL || strlen (change->text) <= INCIDENT_MAX_TEXT_LENGTH)
    return TRUE;

  incident_set_error_at (error, INCIDENT_ERROR_INVALID, "text", "“text” is too long: %" G_GSIZE_FORMAT " bytes, and at most %d are kept",
                         strlen (change->text), INCIDENT_MAX_TEXT_LENGTH);
  return FALSE;
}

/* NULL: they name nobody in common. */
static const char *
find_common (const IncidentRosterChange *a,
             const IncidentRosterChange *b)
{
  const char * const ours[] = { a->person, a->substitute };

  for (guint i = 0; i < G_N_ELEMENTS (ours); i++)
    if (ours[i] != NULL && (g_strcmp0 (ours[i], b->person) == 0 || g_strcmp0 (ours[i], b->substitute) == 0))
      return ours[i];

  return NULL;
}

/* So that none can chain: who stands for somebody is not taken away, or replaced, by another one. */
static gboolean
check_overlap (const IncidentRosterChange  *change,
               const IncidentRoster        *roster,
               gint64                       now,
               GError                     **error)
{
  const GPtrArray *others = g_hash_table_lookup (roster->by_schedule, change->schedule);

  for (guint i = 0; others != NULL && i < others->len; i++)
    {
      const IncidentRosterChange *other = g_ptr_array_index (others, i);
      IncidentOverrideState state = incident_roster_change_get_state (other, now);
      gboolean is_temporary = change->kind == INCIDENT_OVERRIDE_KIND_TEMPORARY && other->kind == change->kind;
      const char *common = find_common (change, other);
      g_autofree char *from = NULL;
      g_autofree char *until = NULL;

      if (other->id == change->id || state == INCIDENT_OVERRIDE_STATE_WITHDRAWN || state == INCIDENT_OVERRIDE_STATE_PAST_DUE
          || (common == NULL && !is_temporary) || other->from >= change->until || other->until <= change->from)
        continue;

      from = incident_time_to_string (other->from);
      until = incident_time_to_string (other->until);
      if (is_temporary)
        return incident_override_refuse (error, "overlap", "override %" G_GUINT64_FORMAT " is a temporary schedule from %s until %s: "
                                         "withdraw that one first, or choose another time", other->id, from, until);
      return incident_override_refuse (error, "overlap", "override %" G_GUINT64_FORMAT " names “%s” from %s until %s: "
                                       "withdraw that one first, or choose another time", other->id, common, from, until);
    }

  return TRUE;
}

gboolean
incident_override_judge (IncidentRosterChange  *change,
                         const IncidentRoster  *roster,
                         gint64                 now,
                         GError               **error)
{
  const IncidentRules *rules = roster->rules;

  if (change->from == INCIDENT_TIME_NONE)
    change->from = now;
  if (!check_schedule (rules, change->schedule, error) || !check_people (change, rules, error) || !check_text (change, error)
      || !check_span ("from", "until", &change->from, &change->until, error) || !check_shifts (change, rules, error))
    return FALSE;
  if (change->until <= now)
    {
      g_autofree char *time = incident_time_to_string (now);

      incident_set_error_at (error, INCIDENT_ERROR_INVALID, "until", "The end is past, and who was on call does not change afterwards: "
                             "it must be later than %s", time);
      return FALSE;
    }

  cut_past (change, to_minute (now));
  return check_has_shift (change, error) && check_overlap (change, roster, now, error);
}

static gboolean
check_open (const IncidentRosterChange  *swap,
            gint64                       now,
            GError                     **error)
{
  g_autofree char *from = incident_time_to_string (swap->from);

  switch (incident_roster_change_get_state (swap, now))
    {
    case INCIDENT_OVERRIDE_STATE_OPEN:
      return TRUE;
    case INCIDENT_OVERRIDE_STATE_TAKEN:
      return incident_override_refuse (error, "taken", "swap %" G_GUINT64_FORMAT " was taken by “%s”", swap->id, swap->substitute);
    case INCIDENT_OVERRIDE_STATE_PAST_DUE:
      return incident_override_refuse (error, "past-due", "swap %" G_GUINT64_FORMAT " began at %s without anybody having taken it: “%s” "
                                       "stays on call", swap->id, from, swap->person);
    case INCIDENT_OVERRIDE_STATE_WITHDRAWN:
      return incident_override_refuse (error, "withdrawn", "swap %" G_GUINT64_FORMAT " was withdrawn", swap->id);
    case INCIDENT_OVERRIDE_STATE_IN_FORCE:
    default:
      incident_set_error_at (error, INCIDENT_ERROR_INVALID, "id", "Override %" G_GUINT64_FORMAT " is no swap, but “%s”: that takes effect by itself",
                             swap->id, incident_override_kind_to_string (swap->kind));
      return FALSE;
    }
}

static gboolean
check_part (const IncidentRosterChange  *swap,
            gint64                      *from,
            gint64                      *until,
            GError                     **error)
{
  g_autofree char *first = incident_time_to_string (swap->from);
  g_autofree char *last = incident_time_to_string (swap->until);

  if (*from == INCIDENT_TIME_NONE)
    *from = swap->from;
  if (*until == INCIDENT_TIME_NONE)
    *until = swap->until;
  if (!check_span ("from", "until", from, until, error))
    return FALSE;
  if (*from >= swap->from && *until <= swap->until)
    return TRUE;

  incident_set_error_at (error, INCIDENT_ERROR_INVALID, *from < swap->from ? "from" : "until",
                         "It must lie within the swap, which is from %s until %s", first, last);
  return FALSE;
}

gboolean
incident_override_judge_taking (const IncidentRosterChange  *swap,
                                const IncidentRoster        *roster,
                                const char                  *taker,
                                gint64                      *from,
                                gint64                      *until,
                                gint64                       now,
                                GError                     **error)
{
  IncidentRosterChange taken = *swap;

  if (!check_person (roster->rules, "actor", taker, error) || !check_open (swap, now, error)
      || !check_schedule (roster->rules, swap->schedule, error))
    return FALSE;
  if (g_str_equal (swap->person, taker))
    return incident_override_refuse (error, "own-swap", "“%s” offers swap %" G_GUINT64_FORMAT ": another has to take it, or it can be withdrawn",
                                     taker, swap->id);
  if (!check_part (swap, from, until, error))
    return FALSE;

  taken.substitute = (char *) taker;
  taken.from = *from;
  taken.until = *until;
  return check_overlap (&taken, roster, now, error);
}
