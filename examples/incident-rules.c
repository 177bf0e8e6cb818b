/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <string.h>

#include "incident-print.h"
#include "incident-verbs.h"

/* Playbooks, reminders and refusals. */

/* The files that the words name after the first. */
static IncidentPlaybook *
load_all (Words   *words,
          GError **error)
{
  g_autoptr(GPtrArray) paths = g_ptr_array_new ();

  for (guint i = 1; words_get_place (words, i) != NULL; i++)
    g_ptr_array_add (paths, (gpointer) words_get_place (words, i));
  g_ptr_array_add (paths, NULL);
  return incident_playbook_load ((const char * const *) paths->pdata, error);
}

static gboolean
check_playbook (Words   *words,
                GError **error)
{
  g_autoptr(IncidentPlaybook) playbook = NULL;
  g_autoptr(GPtrArray) warnings = NULL;

  if (words_get_place (words, 1) == NULL)
    {
      g_set_error_literal (error, G_OPTION_ERROR, G_OPTION_ERROR_FAILED,
                           "Words are missing: incident playbook check FILE…");
      return FALSE;
    }

  playbook = load_all (words, error);
  if (playbook == NULL || !incident_playbook_check_samples (playbook, error))
    return FALSE;

  warnings = incident_playbook_list_warnings (playbook);
  if (words_has (words, "json"))
    {
      print_member_and_list ("version", incident_playbook_get_version (playbook), "warnings", warnings);
      return TRUE;
    }

  print_line ("It is a playbook, version %s", incident_playbook_get_version (playbook));
  for (guint i = 0; i < warnings->len; i++)
    print_line ("%s", (const char *) g_ptr_array_index (warnings, i));
  return TRUE;
}

static gboolean
show_playbook (Words   *words,
               GError **error)
{
  g_autoptr(IncidentPlaybook) read = NULL;
  IncidentPlaybook *playbook;
  g_autofree char *document = NULL;

  if (words_get_place (words, 1) != NULL)
    playbook = read = load_all (words, error);
  else
    playbook = words_get_playbook (words, error);
  if (playbook == NULL)
    return FALSE;

  document = incident_playbook_to_json (playbook);
  print_document (document);
  return TRUE;
}

static IncidentPlaybook *
load_one (Words   *words,
          guint    place,
          GError **error)
{
  const char * const paths[] = { words_get_place (words, place), NULL };

  return incident_playbook_load (paths, error);
}

static char *
join_ids (GPtrArray *ids)
{
  GString *text = g_string_new (NULL);

  for (guint i = 0; i < ids->len; i++)
    g_string_append_printf (text, "%s%s", i > 0 ? " " : "", (const char *) g_ptr_array_index (ids, i));
  return g_string_free (text, FALSE);
}

static gboolean
print_change (IncidentDesk           *desk,
              IncidentPlaybookChange *change,
              Table                  *table,
              GError                **error)
{
  g_autoptr(GPtrArray) ids = incident_desk_list_touched (desk, change, error);
  g_autofree char *cases = ids != NULL ? join_ids (ids) : NULL;

  if (ids == NULL)
    return FALSE;

  table_add (table, STYLE_PLAIN, incident_playbook_change_get_text (change));
  table_add (table, STYLE_PLAIN, cases);
  return TRUE;
}

/* One object a change. */
static gboolean
print_changes_as_json (IncidentDesk *desk,
                       GPtrArray    *changes,
                       GError      **error)
{
  g_autoptr(GPtrArray) documents = g_ptr_array_new_with_free_func (g_free);

  for (guint i = 0; i < changes->len; i++)
    {
      g_autoptr(GPtrArray) ids = incident_desk_list_touched (desk, g_ptr_array_index (changes, i), error);
      char *document;

      if (ids == NULL)
        return FALSE;
      document = incident_playbook_change_to_json (g_ptr_array_index (changes, i), ids);
      g_ptr_array_add (documents, document);
    }

  print_array (documents);
  return TRUE;
}

static gboolean
diff_playbooks (Words   *words,
                GError **error)
{
  static const char * const headings[] = { "CHANGE", "OPEN CASES", NULL };
  g_autoptr(IncidentPlaybook) before = NULL;
  g_autoptr(IncidentPlaybook) after = NULL;
  g_autoptr(IncidentDesk) desk = NULL;
  g_autoptr(GPtrArray) changes = NULL;
  g_autoptr(Table) table = table_new (headings, TRUE, FALSE);

  if (words_get_place (words, 2) == NULL || words_get_place (words, 3) != NULL)
    {
      g_set_error_literal (error, G_OPTION_ERROR, G_OPTION_ERROR_FAILED,
                           "The words do not fit: incident playbook diff OLD NEW");
      return FALSE;
    }

  before = load_one (words, 1, error);
  after = before != NULL ? load_one (words, 2, error) : NULL;
  if (after == NULL)
    return FALSE;

  words_set_playbook (words, before);
  desk = words_open_desk (words, error);
  if (desk == NULL)
    return FALSE;

  changes = incident_playbook_diff (before, after);
  if (words_has (words, "json"))
    return print_changes_as_json (desk, changes, error);
  for (guint i = 0; i < changes->len; i++)
    if (!print_change (desk, g_ptr_array_index (changes, i), table, error))
      return FALSE;
  if (changes->len > 0)
    table_print (table);
  else
    print_line ("Both say the same");
  return TRUE;
}

gboolean
verb_playbook (const Verb *verb,
               Words      *words,
               GError    **error)
{
  const char *what = words_get_place (words, 0);

  if (strcmp (what, "check") == 0)
    return check_playbook (words, error);
  if (strcmp (what, "show") == 0)
    return show_playbook (words, error);
  if (strcmp (what, "diff") == 0)
    return diff_playbooks (words, error);

  g_set_error (error, G_OPTION_ERROR, G_OPTION_ERROR_FAILED,
               "“%s” is nothing to do to a playbook: there are check, show and diff", what);
  return FALSE;
}

static void
print_reminders (GPtrArray *reminders)
{
  static const char * const headings[] = { "CASE", "REMINDER", "FOR", "SINCE", "WHAT", NULL };
  g_autoptr(Table) table = table_new (headings, TRUE, FALSE);

  for (guint i = 0; i < reminders->len; i++)
    {
      IncidentReminder *reminder = g_ptr_array_index (reminders, i);
      g_autofree char *id = incident_case_number_to_string (incident_reminder_get_case_number (reminder));

      table_add (table, STYLE_PLAIN, id);
      table_add (table, STYLE_WARNING, incident_reminder_get_kind (reminder));
      table_add (table, STYLE_PLAIN, incident_reminder_get_person (reminder));
      table_add_time (table, incident_reminder_get_due_at (reminder));
      table_add (table, STYLE_PLAIN, incident_reminder_get_text (reminder));
    }
  if (reminders->len > 0)
    table_print (table);
}

gboolean
verb_reminders (const Verb *verb,
                Words      *words,
                GError    **error)
{
  g_autoptr(IncidentDesk) desk = words_open_desk (words, error);
  g_autoptr(GPtrArray) documents = g_ptr_array_new_with_free_func (g_free);
  g_autoptr(GPtrArray) reminders = NULL;

  if (desk == NULL)
    return FALSE;

  reminders = words_has (words, "record") ? incident_desk_remind (desk, NULL, error)
                                          : incident_desk_list_reminders (desk, error);
  if (reminders == NULL)
    return FALSE;

  if (!words_has (words, "json"))
    {
      print_reminders (reminders);
      return TRUE;
    }

  for (guint i = 0; i < reminders->len; i++)
    g_ptr_array_add (documents, incident_reminder_to_json (g_ptr_array_index (reminders, i)));
  print_array (documents);
  return TRUE;
}

static void
add_refusal (Table           *table,
             IncidentRefusal *refusal)
{
  g_autofree char *id = incident_case_number_to_string (incident_refusal_get_case_number (refusal));

  table_add_time (table, incident_refusal_get_time (refusal));
  table_add (table, STYLE_PLAIN, incident_refusal_get_case_number (refusal) != 0 ? id : NULL);
  table_add (table, STYLE_PLAIN, incident_refusal_get_actor (refusal));
  table_add (table, STYLE_PLAIN, incident_refusal_get_verb (refusal));
  table_add (table, STYLE_PLAIN, incident_refusal_get_why (refusal));
}

gboolean
verb_refusals (const Verb *verb,
               Words      *words,
               GError    **error)
{
  static const char * const headings[] = { "WHEN", "CASE", "WHO", "WHAT", "WHY NOT", NULL };
  g_autoptr(IncidentDesk) desk = words_open_desk (words, error);
  g_autoptr(GPtrArray) documents = g_ptr_array_new_with_free_func (g_free);
  g_autoptr(Table) table = table_new (headings, TRUE, FALSE);
  guint64 after = 0;
  guint n;

  if (desk == NULL)
    return FALSE;

  do
    {
      g_autoptr(GPtrArray) refusals = incident_desk_list_refusals (desk, after, INCIDENT_QUERY_MAX_LIMIT, error);

      if (refusals == NULL)
        return FALSE;
      n = refusals->len;
      for (guint i = 0; i < n; i++)
        {
          IncidentRefusal *refusal = g_ptr_array_index (refusals, i);

          after = incident_refusal_get_number (refusal);
          g_ptr_array_add (documents, incident_refusal_to_json (refusal));
          add_refusal (table, refusal);
        }
    }
  while (n == INCIDENT_QUERY_MAX_LIMIT);

  if (words_has (words, "json"))
    print_array (documents);
  else if (documents->len > 0)
    table_print (table);
  return TRUE;
}
