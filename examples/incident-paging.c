/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "incident-answer.h"
#include "incident-verbs.h"

/* Who was paged and why, and paging whoever is due. */

static void
print_pages (GPtrArray *pages)
{
  static const char * const headings[] = { "WHEN", "PERSON", "PAGED", "REASON", "WHAT", NULL };
  g_autoptr(Table) table = table_new (headings, TRUE, TRUE);

  for (guint i = 0; i < pages->len; i++)
    {
      IncidentPage *page = g_ptr_array_index (pages, i);
      gboolean is_sent = incident_page_get_sent (page);
      g_autofree char *text = incident_page_to_text (page);

      table_add_time (table, incident_page_get_at (page));
      table_add (table, STYLE_PLAIN, incident_page_get_person (page));
      table_add (table, is_sent ? STYLE_GOOD : STYLE_WARNING, is_sent ? "yes" : "no");
      table_add (table, STYLE_PLAIN, incident_page_reason_to_string (incident_page_get_reason (page)));
      table_add (table, STYLE_PLAIN, text);
    }

  if (pages->len > 0)
    table_print (table);
  else
    print_line ("Nobody was to be paged so far");
}

static gboolean
list_pages (Words   *words,
            GError **error)
{
  g_autoptr(IncidentCase) kase = words_get_case (words, error);
  g_autoptr(GPtrArray) documents = g_ptr_array_new_with_free_func (g_free);
  g_autoptr(GPtrArray) pages = NULL;

  if (kase == NULL)
    return FALSE;

  pages = incident_case_list_pages (kase);
  if (!words_has (words, "json"))
    {
      print_pages (pages);
      return TRUE;
    }

  for (guint i = 0; i < pages->len; i++)
    g_ptr_array_add (documents, incident_page_to_json (g_ptr_array_index (pages, i)));
  print_array (documents);
  return TRUE;
}

/* What became of each message. */
static void
print_methods (JsonObject *answer)
{
  static const char * const headings[] = { "NO", "STATE", "CHANNEL", "DUE", "SENT", "WHAT", NULL };
  g_autoptr(Table) table = table_new (headings, TRUE, TRUE);
  guint n_methods = 0;

  for (guint i = 0; i < answer_get_length (answer, "pages"); i++)
    {
      JsonObject *page = answer_get_element (answer, "pages", i);

      for (guint j = 0; j < answer_get_length (page, "methods"); j++, n_methods++)
        {
          JsonObject *method = answer_get_element (page, "methods", j);

          answer_add_number (table, method, "message");
          answer_add_text (table, method, "state");
          answer_add_text (table, method, "channel");
          answer_add_time (table, method, "due_at");
          answer_add_time (table, method, "sent_at");
          answer_add_text (table, method, "text");
        }
    }

  if (n_methods > 0)
    table_print (table);
}

static gboolean
explain (Words   *words,
         GError **error)
{
  g_autoptr(IncidentDesk) desk = NULL;
  g_autoptr(JsonNode) node = NULL;
  g_autofree char *document = NULL;
  guint64 number;

  if (!incident_case_number_from_string (words_get_place (words, 0), &number, error) || !words_check_place (words, 1, error))
    return FALSE;

  desk = words_open_desk (words, error);
  document = desk != NULL ? incident_desk_explain_page (desk, number, words_get_place (words, 1), error) : NULL;
  if (document == NULL)
    return FALSE;
  if (words_has (words, "json"))
    {
      print_document (document);
      return TRUE;
    }

  node = answer_read (document);
  print_line ("%s", answer_get_text (answer_get_root (node), "text"));
  print_methods (answer_get_root (node));
  return TRUE;
}

gboolean
verb_why_paged (const Verb *verb,
                Words      *words,
                GError    **error)
{
  return words_get_place (words, 1) != NULL ? explain (words, error) : list_pages (words, error);
}

gboolean
verb_escalate_due (const Verb *verb,
                   Words      *words,
                   GError    **error)
{
  g_autoptr(IncidentDesk) desk = words_open_desk (words, error);
  g_autoptr(IncidentEscalator) escalator = NULL;
  g_autoptr(GError) local_error = NULL;
  g_autofree char *time = NULL;
  gint64 next;

  if (desk == NULL)
    return FALSE;

  escalator = incident_escalator_new (desk);
  incident_escalator_run (escalator, &next, &local_error);
  if (local_error != NULL)
    {
      g_propagate_error (error, g_steal_pointer (&local_error));
      return FALSE;
    }

  if (words_has (words, "json"))
    {
      time = next != G_MAXINT64 ? incident_time_to_string (next) : NULL;
      print_member ("next", time);
      return TRUE;
    }

  time = next != G_MAXINT64 ? incident_time_to_local_string (next) : NULL;
  if (time != NULL)
    print_line ("The next is due at %s", time);
  else
    print_line ("Nothing more is due");
  return TRUE;
}
