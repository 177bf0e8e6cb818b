/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <string.h>

#include "incident-answer.h"
#include "incident-verbs.h"

/* Who would be paged, and who would have been under other rules. */

#define LONGEST (366 * G_TIME_SPAN_DAY)
#define MONTH   (28 * G_TIME_SPAN_DAY)

/* What the words say of a case that is not there; these are members of the scenario, too. */
static const char * const classes[] = { "title", "severity", "service", "category" };

static void
print_sent (JsonObject *answer)
{
  static const char * const headings[] = { "WHEN", "WHO", "CHANNEL", "POLICY", "STEP", "LOOP", "REASON", "THROUGH", NULL };
  g_autoptr(Table) table = table_new (headings, TRUE, TRUE);

  for (guint i = 0; i < answer_get_length (answer, "pages"); i++)
    {
      JsonObject *page = answer_get_element (answer, "pages", i);
      gboolean has_failed = answer_get_boolean (page, "failed");
      g_autofree char *channel = g_strdup_printf ("%s%s", answer_get_text (page, "channel"), has_failed ? ", which fails" : "");

      answer_add_time (table, page, "at");
      answer_add_text (table, page, "person");
      table_add (table, has_failed ? STYLE_BAD : STYLE_PLAIN, channel);
      answer_add_text (table, page, "policy");
      answer_add_number (table, page, "step");
      answer_add_number (table, page, "loop");
      answer_add_text (table, page, "reason");
      answer_add_text (table, page, "target");
    }

  if (answer_get_length (answer, "pages") > 0)
    table_print (table);
  else
    print_line ("Nobody is paged");
}

static void
print_not_sent (JsonObject *answer)
{
  static const char * const headings[] = { "NOT PAGED", "WHO", "STEP", "LOOP", "REASON", "THROUGH", NULL };
  g_autoptr(Table) table = table_new (headings, TRUE, TRUE);

  for (guint i = 0; i < answer_get_length (answer, "not-paged"); i++)
    {
      JsonObject *page = answer_get_element (answer, "not-paged", i);

      answer_add_time (table, page, "at");
      answer_add_text (table, page, "person");
      answer_add_number (table, page, "step");
      answer_add_number (table, page, "loop");
      answer_add_text (table, page, "reason");
      answer_add_text (table, page, "target");
    }

  if (answer_get_length (answer, "not-paged") > 0)
    table_print (table);
}

static void
print_end (JsonObject *answer)
{
  JsonObject *end = answer_get_object (answer, "ends");
  gint64 at = answer_get_time (end, "at");
  g_autofree char *time = incident_time_to_local_string (at);
  g_autofree char *first = answer_dup_length (answer, "first-person");
  const char *state = answer_get_text (end, "state");
  const char *why = answer_get_text (end, "why");
  gboolean says_more = why != NULL && g_strcmp0 (why, state) != 0;

  for (guint i = 0; i < answer_get_length (answer, "refused"); i++)
    {
      JsonObject *refused = answer_get_element (answer, "refused", i);

      print_line ("Refused: %s: %s", answer_get_text (refused, "what"), answer_get_text (refused, "why"));
    }
  if (first != NULL)
    print_line ("The first person is paged after %s", first);
  print_line ("It ends at %s: %s%s%s", time, state != NULL ? state : "no escalation has begun", says_more ? ", " : "",
              says_more ? why : "");
}

static gboolean
print_answer (Words      *words,
              const char *document)
{
  g_autoptr(JsonNode) node = NULL;
  JsonObject *answer;

  if (words_has (words, "json"))
    {
      print_document (document);
      return TRUE;
    }

  node = answer_read (document);
  answer = answer_get_root (node);
  print_sent (answer);
  print_not_sent (answer);
  print_end (answer);
  return TRUE;
}

static void
add_member (JsonBuilder *builder,
            const char  *name,
            const char  *value)
{
  json_builder_set_member_name (builder, name);
  json_builder_add_string_value (builder, value);
}

/* The id of a case as scenarios write it. */
static gboolean
add_case (JsonBuilder  *builder,
          const char   *id,
          GError      **error)
{
  g_autofree char *name = NULL;
  guint64 number;

  if (!incident_case_number_from_string (id, &number, error))
    return words_blame ("case", error);

  name = incident_case_number_to_string (number);
  add_member (builder, "case", name);
  return TRUE;
}

static void
add_made_case (JsonBuilder *builder,
               Words       *words)
{
  json_builder_set_member_name (builder, "case");
  json_builder_begin_object (builder);
  for (guint i = 0; i < G_N_ELEMENTS (classes); i++)
    if (words_has (words, classes[i]))
      add_member (builder, classes[i], words_get (words, classes[i]));
  json_builder_end_object (builder);
}

/* When it begins and ends. */
static gboolean
add_times (JsonBuilder   *builder,
           Words         *words,
           IncidentDesk  *desk,
           GError       **error)
{
  g_autofree char *beginning = NULL;
  g_autofree char *end = NULL;
  gint64 from;
  gint64 until;

  if (!words_get_span (words, desk, G_TIME_SPAN_DAY, &from, &until, error))
    return FALSE;
  if (until - from > LONGEST)
    {
      g_set_error (error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE, "--%s: that is longer than a year",
                   words_has (words, "until") ? "until" : "for");
      return FALSE;
    }

  beginning = incident_time_to_string (from);
  end = incident_time_to_string (until);
  add_member (builder, "from", beginning);
  add_member (builder, "until", end);
  return TRUE;
}

static char *
build_scenario (Words         *words,
                IncidentDesk  *desk,
                GError       **error)
{
  g_autoptr(JsonBuilder) builder = json_builder_new ();
  g_autoptr(JsonNode) root = NULL;

  json_builder_begin_object (builder);
  if (words_has (words, "case") && !add_case (builder, words_get (words, "case"), error))
    return NULL;
  if (!words_has (words, "case"))
    add_made_case (builder, words);
  if (!add_times (builder, words, desk, error))
    return NULL;
  json_builder_end_object (builder);

  root = json_builder_get_root (builder);
  return json_to_string (root, FALSE);
}

/* Either a file says all of it, or the words do: a case that is there, or one that is not. */
static gboolean
check_words (Words   *words,
             GError **error)
{
  static const char * const own[] = { "case", "from", "until", "for" };
  gboolean is_made = FALSE;

  for (guint i = 0; i < G_N_ELEMENTS (classes); i++)
    {
      const char *alone[] = { "scenario", classes[i], NULL };
      const char *there[] = { "case", classes[i], NULL };

      is_made |= words_has (words, classes[i]);
      if (!words_check_text (words, classes[i], error) || !words_check_one_of (words, alone, error)
          || !words_check_one_of (words, there, error))
        return FALSE;
    }
  for (guint i = 0; i < G_N_ELEMENTS (own); i++)
    {
      const char *alone[] = { "scenario", own[i], NULL };

      if (!words_check_one_of (words, alone, error))
        return FALSE;
    }
  if (is_made || words_has (words, "case") || words_has (words, "scenario"))
    return TRUE;

  g_set_error_literal (error, G_OPTION_ERROR, G_OPTION_ERROR_FAILED,
                       "A case is missing: add --case ID, or what one would be, such as --severity sev1, or --scenario FILE");
  return FALSE;
}

/* What the library finds wrong with a scenario that the words have made, is wrong with a word: “… /case/service: must …”. */
static void
propagate_of_words (GError  *found,
                    GError **error)
{
  const char *where = incident_error_get_where (found);
  const char *told = where != NULL && g_str_has_prefix (where, "/case/") ? strstr (found->message, where) : NULL;

  if (told == NULL)
    {
      g_propagate_error (error, found);
      return;
    }

  g_set_error (error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE, "--%s%s", strrchr (where, '/') + 1, told + strlen (where));
  g_error_free (found);
}

static char *
read_scenario (Words   *words,
               GError **error)
{
  gsize length;
  g_autofree char *text = words_read_file (words_get (words, "scenario"), &length, error);

  if (text == NULL || strlen (text) == length)
    return g_steal_pointer (&text);

  g_set_error_literal (error, INCIDENT_ERROR, INCIDENT_ERROR_INVALID, "--scenario: the file is no text: it has a NUL");
  return NULL;
}

static gboolean
simulate (Words   *words,
          GError **error)
{
  gboolean has_file = words_has (words, "scenario");
  g_autoptr(IncidentDesk) desk = NULL;
  g_autoptr(GError) local_error = NULL;
  g_autofree char *scenario = NULL;
  g_autofree char *answer = NULL;

  if (!check_words (words, error))
    return FALSE;

  desk = words_open_desk (words, error);
  if (desk == NULL)
    return FALSE;

  scenario = has_file ? read_scenario (words, error) : build_scenario (words, desk, error);
  if (scenario == NULL)
    return FALSE;

  answer = incident_desk_simulate (desk, NULL, scenario, &local_error);
  if (answer != NULL)
    return print_answer (words, answer);
  if (has_file)
    g_propagate_error (error, g_steal_pointer (&local_error));
  else
    propagate_of_words (g_steal_pointer (&local_error), error);
  return FALSE;
}

static void
add_comparison (Table      *table,
                const char *name,
                JsonObject *object)
{
  static const char * const measures[] = { "pages", "pages-at-night", "steps" };
  static const char * const times[] = { "was", "would-be" };
  const char *first = json_object_has_member (object, "case") ? "first-person" : "first-person-median";

  for (guint i = 0; i < G_N_ELEMENTS (times); i++)
    {
      JsonObject *part = answer_get_object (object, times[i]);
      g_autofree char *wait = answer_dup_length (part, first);

      table_add (table, STYLE_PLAIN, i == 0 ? name : "");
      table_add (table, STYLE_PLAIN, i == 0 ? "was" : "would be");
      for (guint j = 0; j < G_N_ELEMENTS (measures); j++)
        answer_add_number (table, part, measures[j]);
      table_add (table, STYLE_PLAIN, wait);
      answer_add_text (table, part, "ends");
    }
}

static void
print_comparison (JsonObject *answer)
{
  static const char * const headings[] = { "CASE", "", "PAGES", "AT NIGHT", "STEPS", "FIRST AFTER", "ENDS", NULL };
  g_autoptr(Table) table = table_new (headings, TRUE, TRUE);

  for (guint i = 0; i < answer_get_length (answer, "cases"); i++)
    {
      JsonObject *kase = answer_get_element (answer, "cases", i);

      add_comparison (table, answer_get_text (kase, "case"), kase);
    }
  add_comparison (table, "all", answer_get_object (answer, "sum"));
  table_print (table);
}

/* Who replays what was, makes up no case. */
static gboolean
check_replay (Words   *words,
              GError **error)
{
  static const char * const others[] = { "case", "title", "severity", "service", "category", "scenario" };

  for (guint i = 0; i < G_N_ELEMENTS (others); i++)
    if (words_has (words, others[i]))
      {
        g_set_error (error, G_OPTION_ERROR, G_OPTION_ERROR_FAILED, "--%s does not go with “simulate replay”", others[i]);
        return FALSE;
      }

  return TRUE;
}

static gboolean
replay (Words   *words,
        GError **error)
{
  g_autoptr(IncidentDesk) desk = NULL;
  g_autoptr(JsonNode) node = NULL;
  g_autofree char *document = NULL;
  gint64 from;
  gint64 until;

  if (!check_replay (words, error))
    return FALSE;

  desk = words_open_desk (words, error);
  if (desk == NULL || !words_get_span (words, desk, -MONTH, &from, &until, error))
    return FALSE;

  document = incident_desk_replay (desk, NULL, from, until, error);
  if (document == NULL)
    return FALSE;
  if (words_has (words, "json"))
    {
      print_document (document);
      return TRUE;
    }

  node = answer_read (document);
  print_comparison (answer_get_root (node));
  return TRUE;
}

gboolean
verb_simulate (const Verb *verb,
               Words      *words,
               GError    **error)
{
  const char *name = words_get_place (words, 0);

  if (name == NULL)
    return simulate (words, error);
  if (strcmp (name, "replay") == 0)
    return replay (words, error);

  g_set_error (error, G_OPTION_ERROR, G_OPTION_ERROR_FAILED, "“%s”: say replay, or nothing and simulate a case", name);
  return FALSE;
}
