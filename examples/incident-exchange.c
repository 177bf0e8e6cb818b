/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <string.h>

#include "incident-alerts.h"
#include "incident-print.h"
#include "incident-verbs.h"

/* What other programs have, and may have. */

typedef struct
{
  const char *name;
  guint       n_places;  /* of the verb, with the name */
  gboolean  (*run)       (Words   *words,
                          GError **error);
} Subject;

/* What was lost on the way is said apart from the document. */
static void
print_notes (char **notes)
{
  for (guint i = 0; notes[i] != NULL; i++)
    print_note (notes[i]);
}

static gboolean
import_alertmanager (Words   *words,
                     GError **error)
{
  const char *place = words_get_place (words, 1);
  gboolean is_stream = place == NULL || strcmp (place, "-") == 0;
  g_autofree char *name = is_stream ? g_strdup ("standard input") : g_filename_display_name (place);
  g_autofree char *json = NULL;
  g_autofree char *document = NULL;
  g_auto(GStrv) notes = NULL;
  gsize length;

  if (!g_file_get_contents (is_stream ? "/dev/stdin" : place, &json, &length, error))
    return FALSE;

  document = incident_playbook_import_alertmanager (json, (gssize) length, name, &notes, error);
  if (document == NULL)
    return FALSE;

  print_document (document);
  print_notes (notes);
  return TRUE;
}

static gboolean
export_alertmanager (Words   *words,
                     GError **error)
{
  IncidentPlaybook *playbook = words_get_playbook (words, error);
  g_autofree char *document = NULL;
  g_auto(GStrv) notes = NULL;

  if (playbook == NULL)
    return FALSE;

  document = incident_playbook_export_alertmanager (playbook, &notes, error);
  if (document == NULL)
    return FALSE;

  print_document (document);
  print_notes (notes);
  return TRUE;
}

/* @subjects ends with a name that is NULL. */
static gboolean
run_subject (const Verb    *verb,
             const Subject *subjects,
             Words         *words,
             GError       **error)
{
  const char *name = words_get_place (words, 0);
  g_autoptr(GString) known = g_string_new (NULL);

  for (const Subject *subject = subjects; subject->name != NULL; subject++)
    {
      if (strcmp (subject->name, name) != 0)
        {
          g_string_append_printf (known, "%s%s", known->len > 0 ? ", " : "", subject->name);
          continue;
        }
      if (words_get_place (words, subject->n_places) == NULL)
        return subject->run (words, error);

      g_set_error (error, G_OPTION_ERROR, G_OPTION_ERROR_FAILED,
                   "The words do not fit: incident %s %s", verb->name, verb->usage);
      return FALSE;
    }

  g_set_error (error, G_OPTION_ERROR, G_OPTION_ERROR_FAILED,
               "“%s” is nothing to %s: there are %s", name, verb->name, known->str);
  return FALSE;
}

gboolean
verb_import (const Verb *verb,
             Words      *words,
             GError    **error)
{
  static const Subject subjects[] = {
    { "alertmanager", 2, import_alertmanager },
    { "silences", 2, silences_import },
    { NULL, 0, NULL }
  };

  return run_subject (verb, subjects, words, error);
}

gboolean
verb_export (const Verb *verb,
             Words      *words,
             GError    **error)
{
  static const Subject subjects[] = {
    { "alertmanager", 1, export_alertmanager },
    { "silences", 1, silences_export },
    { NULL, 0, NULL }
  };

  return run_subject (verb, subjects, words, error);
}
