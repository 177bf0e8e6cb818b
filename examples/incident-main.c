/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <locale.h>

#include "incident-print.h"
#include "incident-verbs.h"

/* What the exit status means is fixed: programs depend on it. */
enum
{
  STATUS_DONE,
  STATUS_FAILED,
  STATUS_WORDS,
  STATUS_REFUSED,
  STATUS_NOT_FOUND,
  STATUS_CONFLICT,
};

/* Is the fault in the document that the verb reads? Its places are JSON pointers, or it is the text of a calendar;
 * the places of words are names. */
static gboolean
is_about_document (const GError *error,
                   const Verb   *verb)
{
  const char *where = incident_error_get_where (error);

  return verb != NULL && verb->takes_document
         && (where == NULL || *where == '\0' || *where == '/' || g_str_equal (where, "text"));
}

static int
status_of (const GError *error,
           const Verb   *verb)
{
  if (error->domain == G_OPTION_ERROR)
    return STATUS_WORDS;
  if (g_error_matches (error, INCIDENT_ERROR, INCIDENT_ERROR_REFUSED))
    return STATUS_REFUSED;
  if (g_error_matches (error, INCIDENT_ERROR, INCIDENT_ERROR_NOT_FOUND))
    return STATUS_NOT_FOUND;
  if (g_error_matches (error, INCIDENT_ERROR, INCIDENT_ERROR_CONFLICT))
    return STATUS_CONFLICT;
  if (g_error_matches (error, INCIDENT_ERROR, INCIDENT_ERROR_INVALID) && !is_about_document (error, verb))
    return STATUS_WORDS;

  return STATUS_FAILED;
}

static gboolean
check_words (const Verb *verb,
             Words      *words,
             GError    **error)
{
  const char *extra = words_get_place (words, verb->n_most);

  if (words->places->len < verb->n_least)
    {
      g_set_error (error, G_OPTION_ERROR, G_OPTION_ERROR_FAILED,
                   "Words are missing: incident %s %s", verb->name, verb->usage);
      return FALSE;
    }

  if (extra != NULL)
    {
      g_set_error (error, G_OPTION_ERROR, G_OPTION_ERROR_FAILED,
                   "“%s” is one word too many: incident %s %s; put a text of several words in quotes",
                   extra, verb->name, verb->usage);
      return FALSE;
    }

  if (words_has (words, "at") && verb->run != verb_open && verb->run != verb_change && verb->run != verb_task
      && verb->run != verb_update && verb->run != verb_ingest && verb->run != verb_route && verb->run != verb_oncall)
    {
      g_set_error (error, G_OPTION_ERROR, G_OPTION_ERROR_FAILED,
                   "--at goes with verbs that change a case, with “ingest”, “route” and “oncall”; “%s” does not", verb->name);
      return FALSE;
    }

  return TRUE;
}

static gboolean
run (Words       *words,
     char       **argv,
     const Verb **verb,
     GError     **error)
{
  g_autofree char *summary = verbs_dup_summary ();

  if (!words_read_first (words, argv, summary, error))
    return FALSE;

  if (words_has (words, "version"))
    {
      print_line ("incident %d.%d.%d", INCIDENT_MAJOR_VERSION, INCIDENT_MINOR_VERSION, INCIDENT_MICRO_VERSION);
      return print_flush (error);
    }

  if (words_get_place (words, 0) == NULL)
    {
      g_set_error_literal (error, G_OPTION_ERROR, G_OPTION_ERROR_FAILED,
                           "A verb is missing; see “incident --help”");
      return FALSE;
    }

  *verb = verbs_find (words_get_place (words, 0), error);
  return *verb != NULL
         && words_read_verb (words, (*verb)->usage, (*verb)->help, (*verb)->options, error)
         && check_words (*verb, words, error)
         && (*verb)->run (*verb, words, error)
         && print_flush (error);
}

int
main (int    argc,
      char **argv)
{
  g_autoptr(Words) words = words_new ();
  g_autoptr(GError) error = NULL;
  const Verb *verb = NULL;

  /* The encoding of the terminal alone: messages are in one language. */
  setlocale (LC_CTYPE, "");

  if (run (words, argv, &verb, &error))
    return STATUS_DONE;

  print_flush (NULL);
  print_error (error, words_want_json (argv));
  return status_of (error, verb);
}
