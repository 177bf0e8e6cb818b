/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <string.h>

#include "incident-print.h"
#include "incident-verbs.h"

/* What --format asks for, or --json; @fallback if neither does. */
static const char *
get_format (Words      *words,
            const char *fallback)
{
  if (words_has (words, "format"))
    return words_get (words, "format");

  return words_has (words, "json") ? "json" : fallback;
}

static gboolean
unknown_format (const char *format,
                const char *known,
                GError    **error)
{
  g_set_error (error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE,
               "--format: “%s” is none of %s", format, known);
  return FALSE;
}

/* Whole or not at all; and nothing but a file is ever replaced. */
static gboolean
write_file (Words      *words,
            const char *document,
            GError    **error)
{
  const char *path = words_get (words, "output");
  g_autoptr(GFile) file = g_file_new_for_commandline_arg (path);

  if (!g_file_replace_contents (file, document, strlen (document), NULL, FALSE, G_FILE_CREATE_NONE,
                                NULL, NULL, error))
    {
      g_prefix_error (error, "Cannot write %s: ", path);
      return FALSE;
    }

  if (words_has (words, "json"))
    print_member ("file", path);

  return TRUE;
}

/* NULL for an unknown format. */
static char *
render (IncidentReport *report,
        const char     *format)
{
  if (strcmp (format, "md") == 0)
    return incident_report_to_markdown (report);
  if (strcmp (format, "html") == 0)
    return incident_report_to_html (report);
  if (strcmp (format, "json") == 0)
    return incident_report_to_json (report);

  return NULL;
}

gboolean
verb_report (const Verb *verb,
             Words      *words,
             GError    **error)
{
  const char *format = get_format (words, "md");
  const char *kind_name = words_has (words, "kind") ? words_get (words, "kind") : "problem";
  g_autoptr(IncidentCase) kase = NULL;
  g_autoptr(IncidentReport) report = NULL;
  g_autofree char *document = NULL;
  IncidentReportKind kind;

  if (!incident_report_kind_from_string (kind_name, &kind, error))
    return FALSE;

  kase = words_get_case (words, error);
  if (kase == NULL)
    return FALSE;

  report = incident_case_report (kase, kind);
  document = render (report, format);
  if (document == NULL)
    return unknown_format (format, "html, md, json", error);

  if (words_has (words, "output"))
    return write_file (words, document, error);

  print_document (document);
  return TRUE;
}

gboolean
verb_status_page (const Verb *verb,
                  Words      *words,
                  GError    **error)
{
  const char *format = get_format (words, "html");
  g_autoptr(IncidentDesk) desk = NULL;
  g_autofree char *document = NULL;

  if (!g_str_equal (format, "html") && !g_str_equal (format, "json"))
    return unknown_format (format, "html, json", error);

  desk = words_open_desk (words, error);
  document = desk != NULL ? incident_desk_dup_status_page (desk, format, error) : NULL;
  if (document == NULL)
    return FALSE;
  if (words_has (words, "output"))
    return write_file (words, document, error);

  print_document (document);
  return TRUE;
}

static char *
join_guards (IncidentLifecycle *lifecycle,
             const char        *verb,
             const char        *from)
{
  g_auto(GStrv) guards = incident_lifecycle_list_guards (lifecycle, verb, from);

  return g_strjoinv (", ", guards);
}

/* A row for @first and the phases after it that lead to the same place under
 * the same guards. Returns how many these are. */
static guint
add_transitions (Table              *table,
                 IncidentLifecycle  *lifecycle,
                 const char         *verb,
                 char              **first)
{
  const char *to = incident_lifecycle_get_to (lifecycle, verb, *first);
  g_autofree char *guards = join_guards (lifecycle, verb, *first);
  g_autoptr(GString) from = g_string_new (*first);
  guint n_phases = 1;

  for (; *first != NULL && first[n_phases] != NULL; n_phases++)
    {
      g_autofree char *other_guards = join_guards (lifecycle, verb, first[n_phases]);

      if (g_strcmp0 (incident_lifecycle_get_to (lifecycle, verb, first[n_phases]), to) != 0
          || strcmp (other_guards, guards) != 0)
        break;
      g_string_append_printf (from, ", %s", first[n_phases]);
    }

  table_add (table, STYLE_PLAIN, verb);
  table_add (table, STYLE_PLAIN, to);
  table_add (table, STYLE_PLAIN, guards);
  table_add (table, STYLE_PLAIN, *first != NULL ? from->str : NULL);
  return n_phases;
}

static void
print_transitions (IncidentLifecycle *lifecycle)
{
  static const char * const headings[] = { "VERB", "LEADS TO", "NEEDS", "FROM", NULL };
  g_autoptr(Table) table = table_new (headings, TRUE, FALSE);
  g_auto(GStrv) verbs = incident_lifecycle_list_verbs (lifecycle);

  for (guint i = 0; verbs[i] != NULL; i++)
    {
      g_auto(GStrv) from = incident_lifecycle_list_from (lifecycle, verbs[i]);
      guint n_phases = g_strv_length (from);
      guint done = 0;

      do
        done += add_transitions (table, lifecycle, verbs[i], from + done);
      while (done < n_phases);
    }

  table_print (table);
}

gboolean
verb_lifecycle (const Verb *verb,
                Words      *words,
                GError    **error)
{
  IncidentPlaybook *playbook = words_get_playbook (words, error);
  IncidentLifecycle *lifecycle = playbook != NULL ? incident_playbook_get_lifecycle (playbook) : NULL;
  const char *format = get_format (words, "table");
  g_autofree char *document = NULL;

  if (lifecycle == NULL)
    return FALSE;
  if (strcmp (format, "dot") == 0)
    document = incident_lifecycle_to_dot (lifecycle);
  else if (strcmp (format, "mermaid") == 0)
    document = incident_lifecycle_to_mermaid (lifecycle);
  else if (strcmp (format, "json") == 0)
    document = incident_lifecycle_to_json (lifecycle);
  else if (words_has (words, "format"))
    return unknown_format (format, "dot, mermaid, json", error);

  if (document != NULL)
    print_document (document);
  else
    print_transitions (lifecycle);

  return TRUE;
}

gboolean
verb_backup (const Verb *verb,
             Words      *words,
             GError    **error)
{
  g_autoptr(IncidentDesk) desk = words_open_desk (words, error);
  const char *path = words_get_place (words, 0);

  if (desk == NULL || !incident_store_backup (incident_desk_get_store (desk), path, NULL, error))
    return FALSE;

  if (words_has (words, "json"))
    print_member ("file", path);

  return TRUE;
}
