/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include <glib/gstdio.h>

#include "incident-print.h"
#include "incident-verbs.h"

/* One byte more than the library takes, so that it refuses what is too large
 * and says so, without all of it being read. */
#define MOST_BYTES (INCIDENT_DESK_MAX_BODY + 1)

static int
compare_names (const void *a,
               const void *b)
{
  return strcmp (*(char * const *) a, *(char * const *) b);
}

static void
set_file_error (GError    **error,
                const char *what,
                const char *name)
{
  int saved_errno = errno;

  g_set_error (error, G_FILE_ERROR, g_file_error_from_errno (saved_errno),
               "Cannot %s %s: %s", what, name, g_strerror (saved_errno));
}

static GBytes *
read_stream (FILE       *stream,
             const char *name,
             GError    **error)
{
  g_autofree char *bytes = g_malloc (MOST_BYTES);
  gsize length = fread (bytes, 1, MOST_BYTES, stream);

  if (ferror (stream))
    {
      set_file_error (error, "read", name);
      return NULL;
    }

  return g_bytes_new_take (g_steal_pointer (&bytes), length);
}

/* @path is NULL for standard input. */
static GBytes *
read_body (const char *path,
           const char *name,
           GError    **error)
{
  GBytes *body;
  FILE *stream;

  if (path == NULL)
    return read_stream (stdin, name, error);

  stream = g_fopen (path, "rb");
  if (stream == NULL)
    {
      set_file_error (error, "open", name);
      return NULL;
    }

  body = read_stream (stream, name, error);
  fclose (stream);
  return body;
}

/* Other variables are nobody's business; nor are parameters of plugins and what hosts and services
 * were given by hand, which may be passwords. */
static gboolean
is_macro (const char *name)
{
  return (g_str_has_prefix (name, "NAGIOS_") || g_str_has_prefix (name, "ICINGA_") || g_str_has_prefix (name, "NOTIFY_"))
         && !g_str_has_prefix (name, "NAGIOS__") && !g_str_has_prefix (name, "NOTIFY_PARAMETER");
}

/* What a program that is run by Nagios, Icinga or Checkmk is given in its environment, as lines NAME=VALUE. */
static GBytes *
read_macros (void)
{
  g_auto(GStrv) names = g_listenv ();
  g_autoptr(GString) body = g_string_new (NULL);

  qsort (names, g_strv_length (names), sizeof *names, compare_names);
  for (guint i = 0; names[i] != NULL; i++)
    {
      g_auto(GStrv) lines = NULL;
      g_autofree char *value = NULL;

      if (!is_macro (names[i]))
        continue;
      /* As Nagios itself writes long output. */
      lines = g_strsplit (g_getenv (names[i]), "\n", -1);
      value = g_strjoinv ("\\n", lines);
      g_string_append_printf (body, "%s=%s\n", names[i], value);
    }

  return g_string_free_to_bytes (g_steal_pointer (&body));
}

static GBytes *
read_input (Words      *words,
            const char *path,
            const char *name,
            GError    **error)
{
  if (!words_has (words, "macros"))
    return read_body (path, name, error);
  if (words_get_place (words, 0) == NULL)
    return read_macros ();

  g_set_error_literal (error, G_OPTION_ERROR, G_OPTION_ERROR_FAILED,
                       "--macros reads the environment: leave the file out");
  return NULL;
}

static void
add_receipt (Table           *table,
             IncidentReceipt *receipt)
{
  const GError *problem = incident_receipt_get_error (receipt);
  guint64 number = incident_receipt_get_case_number (receipt);
  g_autofree char *id = number != 0 ? incident_case_number_to_string (number) : NULL;

  table_add (table, STYLE_PLAIN, id);
  table_add (table, problem != NULL ? STYLE_BAD : STYLE_PLAIN, incident_receipt_get_outcome (receipt));
  table_add (table, STYLE_PLAIN, incident_receipt_get_summary (receipt));
  table_add (table, problem != NULL ? STYLE_BAD : STYLE_FAINT, incident_receipt_get_why (receipt));
}

static void
print_receipts (GPtrArray *receipts)
{
  static const char * const columns[] = { "id", "outcome", "alert", "why", NULL };
  g_autoptr(Table) table = table_new (columns, FALSE, FALSE);

  for (guint i = 0; i < receipts->len; i++)
    add_receipt (table, g_ptr_array_index (receipts, i));

  table_print (table);
}

static void
print_receipts_as_json (GPtrArray *receipts)
{
  g_autoptr(GPtrArray) documents = g_ptr_array_new_with_free_func (g_free);

  for (guint i = 0; i < receipts->len; i++)
    g_ptr_array_add (documents, incident_receipt_to_json (g_ptr_array_index (receipts, i)));

  print_array (documents);
}

/* The first of those that were not taken stands for all; each has its line. */
static gboolean
check_receipts (GPtrArray *receipts,
                GError   **error)
{
  const GError *first = NULL;
  guint n_bad = 0;
  guint n_notes = 0;

  for (guint i = 0; i < receipts->len; i++)
    {
      IncidentReceipt *receipt = g_ptr_array_index (receipts, i);
      const GError *problem = incident_receipt_get_error (receipt);

      n_notes += problem == NULL && incident_receipt_get_alert (receipt) == NULL ? 1 : 0;
      if (problem == NULL)
        continue;
      if (first == NULL)
        first = problem;
      n_bad++;
    }

  if (first == NULL)
    return TRUE;

  g_propagate_prefixed_error (error, g_error_copy (first), "%u of %u alerts could not be taken in: ",
                              n_bad, receipts->len - n_notes);
  return FALSE;
}

gboolean
verb_ingest (const Verb *verb,
             Words      *words,
             GError    **error)
{
  const char *sender = words_has (words, "source") ? words_get (words, "source") : words_get_actor (words);
  const char *path = g_strcmp0 (words_get_place (words, 0), "-") != 0 ? words_get_place (words, 0) : NULL;
  const char *stream = words_has (words, "macros") ? "the environment" : "standard input";
  const char *name = path != NULL ? path : stream;
  g_autoptr(IncidentDesk) desk = NULL;
  g_autoptr(GPtrArray) receipts = NULL;
  g_autoptr(GBytes) body = NULL;
  gint64 at;

  if (!words_get_time (words, "at", &at, error))
    return FALSE;
  body = read_input (words, path, name, error);
  if (body == NULL)
    return FALSE;

  desk = words_open_desk (words, error);
  if (desk == NULL)
    return FALSE;

  receipts = incident_desk_ingest (desk, words_get (words, "format"), body, name, sender, at, error);
  if (receipts == NULL)
    return FALSE;

  if (words_has (words, "json"))
    print_receipts_as_json (receipts);
  else
    print_receipts (receipts);

  return check_receipts (receipts, error);
}
