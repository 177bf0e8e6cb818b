/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "incident-oncall.h"

#include <string.h>

#include "incident-verbs.h"

/* Who is on call. */

#define WEEK (7 * G_TIME_SPAN_DAY)
/* How far is looked for who comes next. */
#define AHEAD (4 * WEEK)

static char *
join_people (IncidentShift *shift)
{
  return incident_shift_get_covered (shift) ? g_strjoinv (", ", (char **) incident_shift_get_people (shift)) : NULL;
}

/* Which rule or change put them there. */
static char *
dup_rule (IncidentShift *shift)
{
  guint64 override = incident_shift_get_override (shift);

  return override != 0 ? g_strdup_printf ("override %" G_GUINT64_FORMAT, override) : g_strdup (incident_shift_get_layer (shift));
}

static gboolean
have_same_people (IncidentShift *shift,
                  IncidentShift *other)
{
  return g_strv_equal (incident_shift_get_people (shift), incident_shift_get_people (other));
}

/* The first shift after the first with other people; NULL if none comes soon. */
static IncidentShift *
find_next (GPtrArray *shifts)
{
  for (guint i = 1; i < shifts->len; i++)
    if (!have_same_people (g_ptr_array_index (shifts, 0), g_ptr_array_index (shifts, i)))
      return g_ptr_array_index (shifts, i);

  return NULL;
}

static void
add_people (Table         *table,
            IncidentShift *shift)
{
  g_autofree char *people = join_people (shift);

  if (people != NULL)
    table_add (table, STYLE_PLAIN, people);
  else
    table_add (table, incident_shift_get_wanted_gap (shift) ? STYLE_FAINT : STYLE_BAD,
               incident_shift_get_wanted_gap (shift) ? "nobody, as wanted" : "nobody");
}

static void
print_now (GPtrArray *schedules,
           gint64     at)
{
  static const char * const headings[] = { "SCHEDULE", "ON CALL", "BY", "UNTIL", "THEN", NULL };
  g_autoptr(Table) table = table_new (headings, TRUE, TRUE);

  for (guint i = 0; i < schedules->len; i++)
    {
      IncidentSchedule *schedule = g_ptr_array_index (schedules, i);
      g_autoptr(GPtrArray) shifts = incident_schedule_list_shifts (schedule, at, at + AHEAD);
      IncidentShift *next = find_next (shifts);
      g_autofree char *rule = dup_rule (g_ptr_array_index (shifts, 0));

      table_add (table, STYLE_PLAIN, incident_schedule_get_name (schedule));
      add_people (table, g_ptr_array_index (shifts, 0));
      table_add (table, STYLE_FAINT, rule);
      table_add_time (table, next != NULL ? incident_shift_get_from (next) : INCIDENT_TIME_NONE);
      if (next != NULL)
        add_people (table, next);
      else
        table_add (table, STYLE_PLAIN, NULL);
    }

  table_print (table);
}

static void
begin_schedule (JsonBuilder      *builder,
                IncidentSchedule *schedule)
{
  json_builder_begin_object (builder);
  json_builder_set_member_name (builder, "schedule");
  json_builder_add_string_value (builder, incident_schedule_get_name (schedule));
  json_builder_set_member_name (builder, "title");
  json_builder_add_string_value (builder, incident_schedule_get_title (schedule));
  json_builder_set_member_name (builder, "zone");
  json_builder_add_string_value (builder, incident_schedule_get_zone (schedule));
}

static void
add_time (JsonBuilder *builder,
          const char  *name,
          gint64       time)
{
  g_autofree char *text = incident_time_to_string (time);

  json_builder_set_member_name (builder, name);
  json_builder_add_string_value (builder, text);
}

static void
add_shift (JsonBuilder   *builder,
           IncidentShift *shift)
{
  g_autofree char *document = incident_shift_to_json (shift);

  json_builder_add_value (builder, answer_read (document));
}

static void
print_now_as_json (GPtrArray *schedules,
                   gint64     at)
{
  g_autoptr(JsonBuilder) builder = json_builder_new ();

  json_builder_begin_array (builder);
  for (guint i = 0; i < schedules->len; i++)
    {
      g_autoptr(GPtrArray) shifts = incident_schedule_list_shifts (g_ptr_array_index (schedules, i), at, at + AHEAD);
      IncidentShift *next = find_next (shifts);

      begin_schedule (builder, g_ptr_array_index (schedules, i));
      add_time (builder, "at", at);
      json_builder_set_member_name (builder, "now");
      add_shift (builder, g_ptr_array_index (shifts, 0));
      json_builder_set_member_name (builder, "next");
      if (next != NULL)
        add_shift (builder, next);
      else
        json_builder_add_null_value (builder);
      json_builder_end_object (builder);
    }
  json_builder_end_array (builder);
  answer_print (builder);
}

/* Of all shifts, or of gaps alone. */
static void
print_shifts (OnCallSpan *span,
              gboolean    gaps)
{
  static const char * const headings[] = { "SCHEDULE", "FROM", "UNTIL", "BY", "ON CALL", NULL };
  g_autoptr(Table) table = table_new (headings, TRUE, TRUE);
  guint n_rows = 0;

  for (guint i = 0; i < span->schedules->len; i++)
    {
      IncidentSchedule *schedule = g_ptr_array_index (span->schedules, i);
      g_autoptr(GPtrArray) shifts = incident_schedule_list_shifts (schedule, span->from, span->until);

      for (guint j = 0; j < shifts->len; j++)
        {
          IncidentShift *shift = g_ptr_array_index (shifts, j);
          g_autofree char *rule = dup_rule (shift);

          if (gaps && incident_shift_get_covered (shift))
            continue;
          table_add (table, STYLE_PLAIN, incident_schedule_get_name (schedule));
          table_add_time (table, incident_shift_get_from (shift));
          table_add_time (table, incident_shift_get_until (shift));
          table_add (table, STYLE_FAINT, rule);
          add_people (table, shift);
          n_rows++;
        }
    }

  if (n_rows > 0)
    table_print (table);
  else
    print_line ("There are no gaps");
}

static void
print_shifts_as_json (OnCallSpan *span,
                      gboolean    gaps)
{
  g_autoptr(JsonBuilder) builder = json_builder_new ();

  json_builder_begin_array (builder);
  for (guint i = 0; i < span->schedules->len; i++)
    {
      g_autoptr(GPtrArray) shifts = incident_schedule_list_shifts (g_ptr_array_index (span->schedules, i), span->from, span->until);

      begin_schedule (builder, g_ptr_array_index (span->schedules, i));
      add_time (builder, "from", span->from);
      add_time (builder, "until", span->until);
      json_builder_set_member_name (builder, gaps ? "gaps" : "shifts");
      json_builder_begin_array (builder);
      for (guint j = 0; j < shifts->len; j++)
        if (!gaps || !incident_shift_get_covered (g_ptr_array_index (shifts, j)))
          add_shift (builder, g_ptr_array_index (shifts, j));
      json_builder_end_array (builder);
      json_builder_end_object (builder);
    }
  json_builder_end_array (builder);
  answer_print (builder);
}

static gboolean
tell_shifts (IncidentDesk *desk,
             Words        *words,
             OnCallSpan   *span,
             GError      **error)
{
  gboolean gaps = words_has (words, "gaps");

  if (words_has (words, "json"))
    print_shifts_as_json (span, gaps);
  else
    print_shifts (span, gaps);
  return TRUE;
}

/* At the moment that --at or --from names. */
static gboolean
tell_now (IncidentDesk *desk,
          Words        *words,
          OnCallSpan   *span,
          GError      **error)
{
  if (words_has (words, "json"))
    print_now_as_json (span->schedules, span->from);
  else
    print_now (span->schedules, span->from);
  return TRUE;
}

/* All that there are, or the one that is named. */
static GPtrArray *
list_schedules (IncidentDesk *desk,
                Words        *words,
                GError      **error)
{
  g_autoptr(GPtrArray) schedules = NULL;
  IncidentSchedule *schedule;

  if (!words_has (words, "schedule"))
    return incident_desk_list_schedules (desk, error);

  schedule = incident_desk_get_schedule (desk, words_get (words, "schedule"), error);
  if (schedule == NULL)
    return NULL;

  schedules = g_ptr_array_new_with_free_func ((GDestroyNotify) incident_schedule_unref);
  g_ptr_array_add (schedules, schedule);
  return g_steal_pointer (&schedules);
}

/* Ways to tell; the first is for when none is asked for. */
static const OnCallView views[] = {
  { NULL, WEEK, TRUE, tell_now },
  { "gaps", AHEAD, TRUE, tell_shifts },
  { "calendar", WEEK, TRUE, oncall_draw },
  { "svg", WEEK, TRUE, oncall_draw },
  { "ical", AHEAD, TRUE, oncall_draw },
  { "prove", 365 * G_TIME_SPAN_DAY, FALSE, oncall_prove },
  { "load", -AHEAD, FALSE, oncall_measure_load },
};

static const OnCallView *
find_view (Words   *words,
           GError **error)
{
  const char *names[G_N_ELEMENTS (views)] = { NULL, };
  const OnCallView *found = &views[0];

  for (guint i = 1; i < G_N_ELEMENTS (views); i++)
    {
      names[i - 1] = views[i].name;
      if (words_has (words, views[i].name))
        found = &views[i];
    }
  if (!words_check_one_of (words, names, error))
    return NULL;
  if (!found->has_schedules && words_has (words, "schedule"))
    {
      g_set_error (error, G_OPTION_ERROR, G_OPTION_ERROR_FAILED, "--schedule does not go with --%s, which is about all of them",
                   found->name);
      return NULL;
    }

  return words_check_text (words, "schedule", error) && words_check_text (words, "prove", error) ? found : NULL;
}

/* A moment is not asked for a span. */
static gboolean
asks_for_span (Words *words)
{
  return words_has (words, "from") || words_has (words, "until") || words_has (words, "for");
}

static gboolean
tell (Words   *words,
      GError **error)
{
  static const OnCallView shifts = { NULL, WEEK, TRUE, tell_shifts };
  const OnCallView *view = find_view (words, error);
  g_autoptr(IncidentDesk) desk = NULL;
  g_autoptr(GPtrArray) schedules = NULL;
  OnCallSpan span = { 0 };

  if (view == NULL)
    return FALSE;
  if (view == &views[0] && asks_for_span (words))
    view = &shifts;

  desk = words_open_desk (words, error);
  if (desk == NULL || !words_get_span (words, desk, view->length, &span.from, &span.until, error))
    return FALSE;

  schedules = view->has_schedules ? list_schedules (desk, words, error) : NULL;
  if (view->has_schedules && schedules == NULL)
    return FALSE;

  span.schedules = schedules;
  if (schedules == NULL || schedules->len > 0 || words_has (words, "json"))
    return view->run (desk, words, &span, error);
  print_line ("The playbook has no schedules");
  return TRUE;
}

/* Who wants to see gaps shall not find that a calendar was imported. */
static gboolean
import (Words   *words,
        GError **error)
{
  static const char * const seeing[] = { "at", "from", "until", "for" };

  for (guint i = 1; i < G_N_ELEMENTS (views) + G_N_ELEMENTS (seeing); i++)
    {
      const char *option = i < G_N_ELEMENTS (views) ? views[i].name : seeing[i - G_N_ELEMENTS (views)];

      if (!words_has (words, option))
        continue;
      g_set_error (error, G_OPTION_ERROR, G_OPTION_ERROR_FAILED, "--%s does not go with “oncall import”", option);
      return FALSE;
    }

  return oncall_import (words, error);
}

gboolean
verb_oncall (const Verb *verb,
             Words      *words,
             GError    **error)
{
  const char *name = words_get_place (words, 0);

  if (name == NULL)
    return tell (words, error);
  if (strcmp (name, "import") == 0)
    return import (words, error);

  g_set_error (error, G_OPTION_ERROR, G_OPTION_ERROR_FAILED, "“%s”: say import FILE, or nothing and see who is on call", name);
  return FALSE;
}
