/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "incident-oncall.h"

/* Whether somebody is always reached, and how the burden is shared. */

static void
add_finding (Table      *table,
             Style       style,
             const char *what,
             const char *where,
             JsonObject *object,
             const char *detail)
{
  table_add (table, style, what);
  table_add (table, STYLE_PLAIN, where);
  answer_add_time (table, object, json_object_has_member (object, "at") ? "at" : "from");
  answer_add_time (table, object, "until");
  table_add (table, STYLE_PLAIN, detail);
}

/* Times of a policy, which follow one another. */
static void
add_spans (Table      *table,
           JsonObject *policy,
           const char *list,
           Style       style,
           const char *what)
{
  for (guint i = 0; i < answer_get_length (policy, list); i++)
    {
      JsonObject *span = answer_get_element (policy, list, i);

      add_finding (table, style, what, answer_get_text (policy, "policy"), span, answer_get_text (span, "person"));
    }
}

static void
add_steps (Table      *table,
           JsonObject *policy,
           const char *list,
           Style       style,
           const char *what)
{
  for (guint i = 0; i < answer_get_length (policy, list); i++)
    {
      JsonObject *step = answer_get_element (policy, list, i);
      const char *name = answer_get_text (step, "name");
      const char *target = answer_get_text (step, "target");
      g_autofree char *number = answer_dup_number (step, "step");
      g_autofree char *detail = g_strdup_printf ("step %s%s%s%s%s", number,
                                                 name != NULL ? " " : "", name != NULL ? name : "",
                                                 target != NULL ? ": " : "", target != NULL ? target : "");

      add_finding (table, style, what, answer_get_text (policy, "policy"), step, detail);
    }
}

static void
add_policy (Table      *table,
            JsonObject *policy)
{
  add_spans (table, policy, "uncovered", STYLE_BAD, "nobody is reached");
  add_spans (table, policy, "wanted-gaps", STYLE_FAINT, "nobody, as wanted");
  add_spans (table, policy, "alone", STYLE_WARNING, "one person alone");
  add_steps (table, policy, "never-staffed", STYLE_WARNING, "never staffed");
  add_steps (table, policy, "not-judged", STYLE_FAINT, "depends on the case");
  if (answer_get_boolean (policy, "endless"))
    add_finding (table, STYLE_WARNING, "repeats without end", answer_get_text (policy, "policy"), policy, NULL);
}

static void
add_people (Table      *table,
            JsonObject *proof)
{
  for (guint i = 0; i < answer_get_length (proof, "no-contact"); i++)
    {
      g_autoptr(JsonObject) nothing = json_object_new ();

      add_finding (table, STYLE_BAD, "cannot be paged", NULL, nothing, answer_get_word (proof, "no-contact", i));
    }
  for (guint i = 0; i < answer_get_length (proof, "absences"); i++)
    {
      JsonObject *absence = answer_get_element (proof, "absences", i);
      const char *why = answer_get_text (absence, "why");
      g_autofree char *detail = g_strdup_printf ("%s%s%s", answer_get_text (absence, "person"), why != NULL ? ": " : "",
                                                 why != NULL ? why : "");

      add_finding (table, STYLE_WARNING, "away while on call", answer_get_text (absence, "schedule"), absence, detail);
    }
}

static void
add_schedules (Table      *table,
               JsonObject *proof)
{
  for (guint i = 0; i < answer_get_length (proof, "clock-changes"); i++)
    {
      JsonObject *change = answer_get_element (proof, "clock-changes", i);
      g_autofree char *what = g_strdup_printf ("a clock change: %s", answer_get_text (change, "shift"));

      add_finding (table, STYLE_WARNING, what, answer_get_text (change, "schedule"), change, answer_get_text (change, "layer"));
    }
  for (guint i = 0; i < answer_get_length (proof, "rotations"); i++)
    {
      JsonObject *rotation = answer_get_element (proof, "rotations", i);
      const char *layer = answer_get_text (rotation, "layer");
      g_autofree char *day = answer_dup_number (rotation, "day");
      g_autofree char *detail = g_strdup_printf ("%s: day %s", layer != NULL ? layer : "a layer", day);

      add_finding (table, STYLE_WARNING, "not in every month", answer_get_text (rotation, "schedule"), rotation, detail);
    }
}

static void
print_proof (JsonObject *proof)
{
  static const char * const headings[] = { "FINDING", "WHERE", "FROM", "UNTIL", "WHAT", NULL };
  g_autoptr(Table) table = table_new (headings, FALSE, TRUE);
  guint n_policies = answer_get_length (proof, "policies");

  for (guint i = 0; i < n_policies; i++)
    {
      JsonObject *policy = answer_get_element (proof, "policies", i);

      print_line (answer_get_boolean (policy, "proven") ? "Policy “%s” always reaches somebody"
                                                                    : "Policy “%s” is not proven: at times it reaches nobody",
                  answer_get_text (policy, "policy"));
      add_policy (table, policy);
    }
  if (n_policies == 0)
    print_line ("There are no policies: nothing is proven");
  add_people (table, proof);
  add_schedules (table, proof);
  table_print (table);
}

gboolean
oncall_prove (IncidentDesk  *desk,
              Words         *words,
              OnCallSpan    *span,
              GError       **error)
{
  const char *policy = words_get (words, "prove");
  g_autofree char *document = incident_desk_prove (desk, NULL, *policy != '\0' ? policy : NULL, span->from, span->until, error);
  g_autoptr(JsonNode) node = NULL;

  if (document == NULL)
    return FALSE;
  if (words_has (words, "json"))
    {
      print_document (document);
      return TRUE;
    }

  node = answer_read (document);
  print_proof (answer_get_root (node));
  return TRUE;
}

/* What is, and what would be an equal share. */
static void
add_measure (Table      *table,
             JsonObject *person,
             const char *name)
{
  JsonObject *measure = answer_get_object (person, name);
  g_autofree char *is = answer_dup_number (measure, "is");
  g_autofree char *expected = answer_dup_number (measure, "expected");
  g_autofree char *text = g_strdup_printf ("%s/%s", is != NULL ? is : "–", expected != NULL ? expected : "–");

  table_add (table, STYLE_PLAIN, text);
}

static void
print_load (JsonObject *load)
{
  static const char * const headings[] = { "PERSON", "HOURS", "NIGHTS", "WEEKENDS", "HOLIDAYS", "LONGEST (H)", "REST (H)", "PAGES",
                                           "PAGES AT NIGHT", NULL };
  static const char * const measures[] = { "hours", "nights", "weekends", "holidays", "longest-stretch", "shortest-rest", "pages",
                                           "pages-at-night" };
  g_autoptr(Table) table = table_new (headings, TRUE, FALSE);

  for (guint i = 0; i < answer_get_length (load, "people"); i++)
    {
      JsonObject *person = answer_get_element (load, "people", i);

      answer_add_text (table, person, "person");
      for (guint j = 0; j < G_N_ELEMENTS (measures); j++)
        add_measure (table, person, measures[j]);
    }

  table_print (table);
  print_line ("Each is what is, and what would be an equal share");
}

gboolean
oncall_measure_load (IncidentDesk  *desk,
                     Words         *words,
                     OnCallSpan    *span,
                     GError       **error)
{
  g_autofree char *document = incident_desk_measure_load (desk, span->from, span->until, error);
  g_autoptr(JsonNode) node = NULL;

  if (document == NULL)
    return FALSE;
  if (words_has (words, "json"))
    {
      print_document (document);
      return TRUE;
    }

  node = answer_read (document);
  print_load (answer_get_root (node));
  return TRUE;
}
