/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* checker PATH: opens a store afresh, reads all of it, and compares what queries
 * find with what the events fold to. Prints the number of events. */
#include <libincident/incident.h>

#include <stdlib.h>

static void
expect (gboolean      ok,
        const GError *error,
        const char   *what)
{
  if (ok)
    return;

  g_printerr ("checker: %s: %s\n", what, error != NULL ? error->message : "it is not so");
  exit (1);
}

static guint64
read_log (IncidentDesk *desk)
{
  guint64 n = 0;
  guint n_read;

  do
    {
      g_autoptr(GError) error = NULL;
      g_autoptr(GPtrArray) events = incident_desk_list_events (desk, n, 1000, &error);

      expect (events != NULL, error, "the log");
      n_read = events->len;
      for (guint i = 0; i < n_read; i++)
        expect (incident_event_get_log_index (g_ptr_array_index (events, i)) == n + i, NULL, "the log has no gap");
      n += n_read;
    }
  while (n_read == 1000);

  return n;
}

/* What the events say, read case by case. */
static guint
fold_all (IncidentDesk *desk,
          GHashTable   *phases)
{
  guint n = 0;

  while (TRUE)
    {
      g_autoptr(GError) error = NULL;
      g_autoptr(IncidentCase) kase = incident_desk_get_case (desk, n + 1, &error);

      if (g_error_matches (error, INCIDENT_ERROR, INCIDENT_ERROR_NOT_FOUND))
        return n;
      expect (kase != NULL, error, "a case");
      n++;
      g_hash_table_insert (phases, GUINT_TO_POINTER (n), g_strdup (incident_case_get_phase (kase)));
    }
}

static guint
find_in_phase (IncidentDesk *desk,
               const char   *phase,
               GHashTable   *phases)
{
  g_autoptr(IncidentQuery) query = incident_query_new ();
  g_autoptr(GError) error = NULL;
  g_autoptr(GPtrArray) found = NULL;

  incident_query_set_phase (query, phase);
  incident_query_set_limit (query, 1000);
  found = incident_desk_find_cases (desk, query, &error);
  expect (found != NULL, error, "a query");
  for (guint i = 0; i < found->len; i++)
    {
      guint number = (guint) incident_case_get_number (g_ptr_array_index (found, i));

      expect (g_strcmp0 (g_hash_table_lookup (phases, GUINT_TO_POINTER (number)), phase) == 0, NULL,
              "a case is found in its phase");
    }

  return found->len;
}

int
main (int    argc,
      char **argv)
{
  g_autoptr(GHashTable) phases = g_hash_table_new_full (NULL, NULL, NULL, g_free);
  g_auto(GStrv) names = incident_lifecycle_list_phases (incident_lifecycle_get_default ());
  g_autoptr(GError) error = NULL;
  g_autoptr(IncidentDesk) desk = NULL;
  guint n_cases, n_found = 0;
  guint64 n_events;

  if (argc != 2)
    return 2;

  desk = incident_desk_open (argv[1], &error);
  expect (desk != NULL, error, "the store");
  n_events = read_log (desk);
  n_cases = fold_all (desk, phases);
  for (guint i = 0; names[i] != NULL; i++)
    n_found += find_in_phase (desk, names[i], phases);
  expect (n_found == n_cases, NULL, "each case is found once");
  expect (incident_store_get_size (incident_desk_get_store (desk), NULL) == n_events, NULL, "the size is that of the log");
  g_print ("%" G_GUINT64_FORMAT "\n", n_events);
  return 0;
}
