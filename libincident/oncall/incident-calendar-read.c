/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "oncall/incident-calendar-private.h"

#include <string.h>

#include "base/incident-error-private.h"
#include "base/incident-text-private.h"

/* A calendar of others as shifts: who is on call when its events happen. */

/* So much of a title is kept. */
#define LONGEST_WORDS 200

static gint64
truncate_to_minute (gint64 seconds)
{
  return (seconds - (seconds % 60 + 60) % 60) * G_USEC_PER_SEC;
}

static char *
make_words (const char *summary)
{
  g_autoptr(GString) line = g_string_new (summary);

  incident_text_make_line (line);
  return line->len > 0 ? incident_text_cut (line->str, LONGEST_WORDS) : NULL;
}

typedef struct
{
  IncidentCalendar       *calendar;
  IncidentCalendarPeople *people;
  gint64                  from;    /* in microseconds */
  gint64                  until;
  GArray                 *shifts;
  GHashTable             *sayings; /* event → Saying */
} Making;

/* What an event says: looked up once, however often it happens. */
typedef struct
{
  GPtrArray *people;   /* empty: nobody */
  char      *words;    /* nullable */
  guint      priority;
  gboolean   is_told;  /* a warning was given of it */
} Saying;

static void
saying_free (gpointer data)
{
  Saying *self = data;

  g_ptr_array_unref (self->people);
  g_free (self->words);
  g_free (self);
}

static Saying *
find_saying (Making                      *self,
             const IncidentCalendarEvent *event)
{
  Saying *saying = g_hash_table_lookup (self->sayings, event);

  if (saying != NULL)
    return saying;

  saying = g_new0 (Saying, 1);
  saying->people = g_ptr_array_new ();
  saying->priority = INCIDENT_CALENDAR_PRIORITY;
  incident_calendar_people_find (self->people, event, saying->people);
  if (event->summary != NULL)
    {
      saying->words = make_words (event->summary);
      incident_calendar_split_priority (event->summary, &saying->priority);
    }
  g_hash_table_insert (self->sayings, (gpointer) event, saying);
  return saying;
}

/* One warning an event. */
static gboolean
is_to_be_told (Saying *saying)
{
  gboolean was_told = saying->is_told;

  saying->is_told = TRUE;
  return !was_told;
}

static void
warn_unmatched (Making                           *self,
                const IncidentCalendarOccurrence *occurrence,
                Saying                           *saying)
{
  g_autofree char *day = NULL;

  if (!is_to_be_told (saying))
    return;

  day = incident_calendar_write_wall (occurrence->wall);
  incident_calendar_add_warning (self->calendar, occurrence->event->line,
                                 "“%s” names nobody of the playbook, neither by an address nor by name: from %s on nobody is on call by it",
                                 saying->words != NULL ? saying->words : "", day);
}

static void
add_shift (Making     *self,
           const char *person,
           const char *words,
           guint       priority,
           gint64      from,
           gint64      until)
{
  IncidentFixedShift shift = { g_strdup (person), g_strdup (words), priority, from, until };

  g_array_append_val (self->shifts, shift);
}

static void
make_shifts (Making                           *self,
             const IncidentCalendarOccurrence *occurrence)
{
  Saying *saying = find_saying (self, occurrence->event);
  gint64 from = MAX (truncate_to_minute (occurrence->at), self->from);
  gint64 until = MIN (truncate_to_minute (occurrence->until), self->until);

  if (from >= until)
    {
      if (occurrence->at == occurrence->until && is_to_be_told (saying))
        incident_calendar_add_warning (self->calendar, occurrence->event->line, "“%s” has no length, and so is no shift: it needs DTEND or DURATION",
                                       saying->words != NULL ? saying->words : "");
      return;
    }

  for (guint i = 0; i < saying->people->len; i++)
    add_shift (self, g_ptr_array_index (saying->people, i), NULL, saying->priority, from, until);
  if (saying->people->len == 0)
    {
      warn_unmatched (self, occurrence, saying);
      add_shift (self, NULL, saying->words, saying->priority, from, until);
    }
}

static int
compare_shifts (gconstpointer a,
                gconstpointer b)
{
  const IncidentFixedShift *left = a, *right = b;
  int person = g_strcmp0 (left->person, right->person);

  if (left->from != right->from)
    return left->from < right->from ? -1 : 1;
  if (left->until != right->until)
    return left->until < right->until ? -1 : 1;
  if (left->priority != right->priority)
    return left->priority > right->priority ? -1 : 1;
  return person != 0 || left->person != NULL ? person : g_strcmp0 (left->words, right->words);
}

/* Sorted, each once. */
static GArray *
settle_shifts (GArray *shifts)
{
  GArray *settled = g_array_new (FALSE, FALSE, sizeof (IncidentFixedShift));

  g_array_set_clear_func (settled, (GDestroyNotify) incident_fixed_shift_clear);
  g_array_sort (shifts, compare_shifts);
  for (guint i = 0; i < shifts->len; i++)
    {
      IncidentFixedShift *shift = &g_array_index (shifts, IncidentFixedShift, i);

      if (i > 0 && compare_shifts (shift, shift - 1) == 0)
        continue;
      g_array_append_vals (settled, &(IncidentFixedShift) { g_strdup (shift->person), g_strdup (shift->words), shift->priority,
                                                            shift->from, shift->until }, 1);
    }
  return settled;
}

static GArray *
read_shifts (IncidentCalendar    *calendar,
             const IncidentRules *rules,
             gint64               from,
             gint64               until)
{
  g_autoptr(IncidentCalendarPeople) people = incident_calendar_people_new (rules);
  g_autoptr(GArray) occurrences = g_array_new (FALSE, FALSE, sizeof (IncidentCalendarOccurrence));
  g_autoptr(GArray) shifts = g_array_new (FALSE, FALSE, sizeof (IncidentFixedShift));
  g_autoptr(GHashTable) sayings = g_hash_table_new_full (NULL, NULL, NULL, saying_free);
  Making making = { calendar, people, from, until, shifts, sayings };

  g_array_set_clear_func (shifts, (GDestroyNotify) incident_fixed_shift_clear);
  incident_calendar_list_occurrences (calendar, from / G_USEC_PER_SEC, calendar->horizon, occurrences);
  for (guint i = 0; i < occurrences->len && shifts->len <= INCIDENT_CALENDAR_MAX_SHIFTS; i++)
    make_shifts (&making, &g_array_index (occurrences, IncidentCalendarOccurrence, i));
  if (occurrences->len > INCIDENT_CALENDAR_MAX_SHIFTS || shifts->len > INCIDENT_CALENDAR_MAX_SHIFTS)
    incident_calendar_add_problem (calendar, 0, "The events make more than %d shifts", INCIDENT_CALENDAR_MAX_SHIFTS);
  return settle_shifts (shifts);
}

static void
init (IncidentCalendar *self,
      GTimeZone        *zone,
      gint64            until,
      GPtrArray        *warnings)
{
  g_autoptr(GTimeZone) utc = g_time_zone_new_utc ();

  *self = (IncidentCalendar) { .warnings = warnings, .budget = INCIDENT_CALENDAR_BUDGET };
  self->zones = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, (GDestroyNotify) incident_calendar_zone_free);
  self->utc = incident_calendar_zone_new (utc);
  self->local = incident_calendar_zone_new (zone);
  self->events = g_ptr_array_new_with_free_func ((GDestroyNotify) incident_calendar_event_free);
  self->problems = g_ptr_array_new_with_free_func (g_free);
  self->horizon = until / G_USEC_PER_SEC;
}

static void
clear (IncidentCalendar *self)
{
  g_hash_table_unref (self->zones);
  incident_calendar_zone_free (self->utc);
  incident_calendar_zone_free (self->local);
  g_ptr_array_unref (self->events);
  g_ptr_array_unref (self->problems);
}

/* The text up to its NUL, without a mark of the byte order; NULL: it is no text. */
static char *
take_text (const char  *text,
           gsize        length,
           GError     **error)
{
  const char *bad;
  gsize line = 1;

  if (length > INCIDENT_CALENDAR_MAX_BYTES)
    {
      incident_set_error_at (error, INCIDENT_ERROR_INVALID, "text", "A calendar has at most %d bytes, and this one has %" G_GSIZE_FORMAT,
                             INCIDENT_CALENDAR_MAX_BYTES, length);
      return NULL;
    }
  if (length >= 3 && memcmp (text, "\xef\xbb\xbf", 3) == 0)
    {
      text += 3;
      length -= 3;
    }
  if (g_utf8_validate_len (text, length, &bad))
    return g_strndup (text, length);

  for (const char *at = text; at < bad; at++)
    line += *at == '\n' ? 1 : 0;
  incident_set_error_at (error, INCIDENT_ERROR_INVALID, "text", "Line %" G_GSIZE_FORMAT " is not UTF-8, as all of a calendar must be", line);
  return NULL;
}

GArray *
incident_calendar_read (const char           *text,
                        gsize                 length,
                        const IncidentRules  *rules,
                        GTimeZone            *zone,
                        gint64                from,
                        gint64                until,
                        GPtrArray            *warnings,
                        GError              **error)
{
  g_autofree char *copy = take_text (text, length, error);
  g_autoptr(GArray) shifts = NULL;
  IncidentCalendar calendar;

  if (copy == NULL)
    return NULL;

  init (&calendar, zone, until, warnings);
  incident_calendar_parse (&calendar, copy);
  if (calendar.problems->len == 0)
    shifts = read_shifts (&calendar, rules, from, until);
  if (calendar.problems->len > 0)
    {
      g_clear_pointer (&shifts, g_array_unref);
      g_ptr_array_add (calendar.problems, NULL);
      incident_set_error_problems (error, "text", (char **) calendar.problems->pdata);
    }
  clear (&calendar);
  return g_steal_pointer (&shifts);
}
