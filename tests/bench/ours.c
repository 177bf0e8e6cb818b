/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The library, through what its headers offer. */
#include "worker.h"

#include <glib/gstdio.h>
#include <libincident/incident.h>
#include <stdio.h>
#include <string.h>

#define TEXT "rolled back to 1.4.1"
#define N_THREADS 64

static const char * const verbs[N_RING] = { "resolve", "recover", "reopen" };

static IncidentDesk *desk;
static IncidentCase **held;
static guint64 n_heard;

static void
check (const GError *error)
{
  if (error != NULL)
    g_error ("%s", error->message);
}

static IncidentCommand *
new_command (const char *verb)
{
  IncidentCommand *command = incident_command_new (verb, "ana");

  incident_command_set (command, "text", TEXT, NULL);
  return command;
}

static void
act_on (const guint64   *numbers,
        gsize            n,
        IncidentCommand *command)
{
  g_autoptr(GError) error = NULL;

  incident_desk_act_many (desk, numbers, n, command, &error);
  check (error);
}

/* Opened and diagnosed, 1,024 at once. */
static void
open_cases (void)
{
  g_autofree guint64 *numbers = g_new (guint64, worker_n_cases);

  for (guint32 i = 0; i < worker_n_cases;)
    {
      g_autoptr(IncidentBatch) batch = incident_batch_new (desk);
      g_autoptr(GError) error = NULL;

      for (guint j = 0; j < 1024 && i < worker_n_cases; j++, i++)
        {
          g_autoptr(IncidentCommand) command = incident_command_new ("open", "ana");

          numbers[i] = i + 1;
          incident_command_set (command, "title", "Checkout answers 500", NULL);
          incident_command_set (command, "severity", "sev2", NULL);
          incident_command_set (command, "service", "checkout", NULL);
          incident_batch_act (batch, 0, command, &error);
          check (error);
        }
      incident_batch_commit (batch, &error);
      check (error);
    }
  for (guint32 i = 0; i < worker_n_cases; i += 64)
    {
      g_autoptr(IncidentCommand) command = incident_command_new ("diagnose", "ana");

      act_on (numbers + i, MIN (64, worker_n_cases - i), command);
    }
}

static void
open_desk (const char *uri)
{
  g_autoptr(GError) error = NULL;

  desk = incident_desk_open (uri, &error);
  check (error);
  open_cases ();
}

static void
memory_begin (void)
{
  open_desk ("memory:");
}

static void
file_begin (void)
{
  static const char * const suffixes[] = { "", "-wal", "-shm" };
  g_autofree char *path = worker_path ("ours.db");

  for (guint i = 0; i < G_N_ELEMENTS (suffixes); i++)
    {
      g_autofree char *name = g_strconcat (path, suffixes[i], NULL);

      g_unlink (name);
    }
  open_desk (path);
}

static void
end (void)
{
  for (guint32 i = 0; held != NULL && i < worker_n_cases; i++)
    g_object_unref (held[i]);
  g_clear_pointer (&held, g_free);
  g_clear_object (&desk);
}

/* The events of the ring, and the phases: as the queries of the library tell them. */
static guint64
checksum (void)
{
  static const char * const phases[N_RING] = { "diagnosis", "resolution", "recovered" };
  g_autoptr(GError) error = NULL;
  guint64 sum = incident_store_get_size (incident_desk_get_store (desk), &error) - 2 * (guint64) worker_n_cases;

  check (error);
  for (guint i = 0; i < N_RING; i++)
    {
      g_autoptr(IncidentQuery) query = incident_query_new ();
      g_autoptr(GBytes) numbers = NULL;

      incident_query_set_phase (query, phases[i]);
      incident_query_set_limit (query, INCIDENT_QUERY_MAX_LIMIT);
      while (numbers == NULL || g_bytes_get_size (numbers) > 0)
        {
          const gint64 *values;
          gsize length;

          g_clear_pointer (&numbers, g_bytes_unref);
          numbers = incident_desk_list_column (desk, query, "number", &error);
          check (error);
          values = g_bytes_get_data (numbers, &length);
          for (gsize j = 0; j < length / sizeof *values; j++)
            sum += worker_checksum ((guint32) values[j] - 1, i);
          if (length > 0)
            incident_query_set_before (query, (guint64) values[length / sizeof *values - 1]);
        }
    }

  return sum;
}

/* One call a case */

static void
hold_cases (void)
{
  held = g_new (IncidentCase *, worker_n_cases);
  for (guint32 i = 0; i < worker_n_cases; i++)
    held[i] = incident_desk_get_case (desk, i + 1, NULL);
}

static void
one_begin (void)
{
  memory_begin ();
  hold_cases ();
}

static void
on_event (IncidentCase  *kase,
          IncidentEvent *event,
          gpointer       data)
{
  n_heard++;
}

static void
one_heard_begin (void)
{
  one_begin ();
  for (guint32 i = 0; i < worker_n_cases; i++)
    g_signal_connect (held[i], "event-recorded", G_CALLBACK (on_event), NULL);
}

static void
durable_one_begin (void)
{
  file_begin ();
  hold_cases ();
}

static void
one_run (guint64 n)
{
  typedef gboolean (*Verb) (IncidentCase *, const char *, const char *, GError **);
  static const Verb calls[N_RING] = { incident_case_resolve, incident_case_recover, incident_case_reopen };

  while (n > 0)
    {
      g_autoptr(GError) error = NULL;
      const guint32 *cases;
      guint step;
      guint32 got = worker_next ((guint32) MIN (n, 1024), &step, &cases);

      for (guint32 i = 0; i < got; i++)
        calls[step] (held[cases[i]], TEXT, "ana", &error);
      check (error);
      n -= got;
    }
}

/* One command on many cases */

static void
on_changed (IncidentDesk *changed,
            gpointer      data)
{
  n_heard++;
}

static void
many_heard_begin (void)
{
  memory_begin ();
  g_signal_connect (desk, "changed", G_CALLBACK (on_changed), NULL);
}

static void
many_run (guint64 n)
{
  g_autofree guint64 *numbers = g_new (guint64, worker_batch);

  while (n > 0)
    {
      g_autoptr(IncidentCommand) command = NULL;
      const guint32 *cases;
      guint step;
      guint32 got = worker_next ((guint32) MIN (n, worker_batch), &step, &cases);

      for (guint32 i = 0; i < got; i++)
        numbers[i] = cases[i] + 1;
      command = new_command (verbs[step]);
      act_on (numbers, got, command);
      n -= got;
    }
}

/* The same where a playbook says who may what: twelve rules, forty people in six teams. What ana does
 * she may by the tenth, as one of the owners of the service, while the severity is one of two. */

static const char * const rules[] = {
  "{\"everyone\": true, \"may\": [\"open\", \"note\", \"diagnose\"]}",
  "{\"role\": \"commander\", \"may\": [\"close\", \"lower-severity\", \"handoff\", \"resolve\", \"reopen\"]}",
  "{\"role\": \"deputy\", \"may\": [\"take-command\", \"resolve\"]}",
  "{\"team\": \"team-2\", \"may\": [\"resolve\", \"recover\"]}",
  "{\"team\": \"team-3\", \"may\": [\"*\"]}",
  "{\"team\": \"team-4\", \"may\": [\"escalate\", \"reopen\"], \"if\": {\"severity\": [\"sev1\"]}}",
  "{\"person\": \"p07\", \"may\": [\"redact\", \"merge\", \"cancel\"]}",
  "{\"person\": \"ana\", \"may\": [\"resolve\", \"recover\", \"reopen\"], \"if\": {\"phase\": [\"closed\"]}}",
  "{\"automation\": \"alertmanager\", \"may\": [\"open\", \"resolve\", \"recover\"]}",
  "{\"owners\": true, \"may\": [\"resolve\", \"recover\", \"reopen\"], \"if\": {\"severity\": [\"sev1\", \"sev2\"]}}",
  "{\"owners\": true, \"may\": [\"classify\", \"assign\"]}",
  "{\"team\": \"team-6\", \"may\": [\"skip-must-do\", \"prioritise\"], \"if\": {\"service\": [\"database\"]}}",
};

#define N_PEOPLE 40
#define N_TEAMS  6

static char *
write_playbook (void)
{
  GString *json = g_string_new ("{\"name\": \"Bench\", \"people\": {\"ana\": {\"name\": \"Ana\"}");

  for (guint i = 1; i < N_PEOPLE; i++)
    g_string_append_printf (json, ", \"p%02u\": {\"name\": \"Person %u\"}", i, i);
  g_string_append (json, "}, \"teams\": {");
  for (guint i = 1; i <= N_TEAMS; i++)
    {
      g_string_append_printf (json, "%s\"team-%u\": {\"title\": \"Team %u\", \"members\": [%s\"p%02u\"",
                              i > 1 ? ", " : "", i, i, i == 1 ? "\"ana\", " : "", i);
      for (guint j = i + N_TEAMS; j < N_PEOPLE; j += N_TEAMS)
        g_string_append_printf (json, ", \"p%02u\"", j);
      g_string_append (json, "]}");
    }
  g_string_append (json, "}, \"roles\": {\"commander\": {\"title\": \"Commander\"}, \"deputy\": {\"title\": \"Deputy\"}},"
                         " \"services\": {\"checkout\": {\"title\": \"Checkout\", \"owner\": \"team-1\"},"
                         " \"database\": {\"title\": \"Database\", \"owner\": \"team-2\"}},"
                         " \"automations\": {\"alertmanager\": {\"means\": \"Opens cases from alerts\"}}, \"rights\": [");
  for (guint i = 0; i < G_N_ELEMENTS (rules); i++)
    g_string_append_printf (json, "%s%s", i > 0 ? ", " : "", rules[i]);
  g_string_append (json, "]}");
  return g_string_free (json, FALSE);
}

static void
rights_begin (void)
{
  g_autoptr(IncidentClock) clock = incident_system_clock_new ();
  g_autoptr(IncidentStore) store = incident_memory_store_new (clock);
  g_autofree char *json = write_playbook ();
  g_autoptr(GError) error = NULL;
  g_autoptr(IncidentPlaybook) playbook = incident_playbook_new_from_json (json, -1, "bench", &error);

  check (error);
  desk = incident_desk_new_with_playbook (store, clock, playbook);
  open_cases ();
}

static void
one_rights_begin (void)
{
  rights_begin ();
  hold_cases ();
}

/* What the store has put off is part of the price: a query has it done. */
static void
settle (void)
{
  g_autoptr(IncidentQuery) query = incident_query_new ();
  g_autoptr(GPtrArray) found = NULL;
  g_autoptr(GError) error = NULL;

  incident_query_set_limit (query, 1);
  found = incident_desk_find_cases (desk, query, &error);
  check (error);
}

static void
durable_many_run (guint64 n)
{
  many_run (n);
  settle ();
}

/* Different commands, one commit */

static void
batch_run (guint64 n)
{
  while (n > 0)
    {
      g_autoptr(IncidentBatch) batch = incident_batch_new (desk);
      g_autoptr(GError) error = NULL;
      const guint32 *cases;
      guint step;
      guint32 got = worker_next ((guint32) MIN (n, worker_batch), &step, &cases);

      for (guint32 i = 0; i < got; i++)
        {
          g_autoptr(IncidentCommand) command = new_command (verbs[step]);

          incident_batch_act (batch, cases[i] + 1, command, &error);
          check (error);
        }
      incident_batch_commit (batch, &error);
      check (error);
      n -= got;
    }
  settle ();
}

/* Many threads, each with a desk of its own over one store */

typedef struct
{
  const guint32 *cases;
  guint32        n;
  guint          step;
} Share;

static gpointer
take_share (gpointer data)
{
  Share *share = data;
  g_autoptr(IncidentDesk) own = incident_desk_new (incident_desk_get_store (desk), NULL, NULL);

  for (guint32 i = 0; i < share->n; i++)
    {
      g_autoptr(IncidentCommand) command = new_command (verbs[share->step]);
      g_autoptr(IncidentCase) kase = NULL;
      g_autoptr(GError) error = NULL;

      kase = incident_desk_act (own, share->cases[i] + 1, command, &error);
      check (error);
    }

  return NULL;
}

static void
threads_run (guint64 n)
{
  while (n > 0)
    {
      GThread *threads[N_THREADS];
      Share shares[N_THREADS];
      guint n_threads = 0;
      const guint32 *cases;
      guint step;
      guint32 got = worker_next ((guint32) MIN (n, 4096), &step, &cases);
      guint32 each = MAX (1, (got + N_THREADS - 1) / N_THREADS);

      for (guint32 from = 0; from < got; from += each, n_threads++)
        {
          shares[n_threads] = (Share) { cases + from, MIN (each, got - from), step };
          threads[n_threads] = g_thread_new (NULL, take_share, &shares[n_threads]);
        }
      for (guint i = 0; i < n_threads; i++)
        g_thread_join (threads[i]);
      n -= got;
    }
}

/* A report of a case with as many events as a batch has */

static void
report_begin (void)
{
  g_autoptr(GError) error = NULL;

  desk = incident_desk_open ("memory:", &error);
  check (error);
  held = g_new (IncidentCase *, 1);
  worker_n_cases = 1;
  held[0] = incident_desk_open_case (desk, "Checkout answers 500", INCIDENT_SEVERITY_SEV2, "ana", &error);
  for (guint i = 1; i < worker_batch; i++)
    incident_case_note (held[0], "Error rate 31 % on /pay & <b>rising</b>, “only” in eu-west-1", "bo", &error);
  check (error);
}

static void
report_run (guint64 n)
{
  for (guint64 done = 0; done < n; done += worker_batch)
    {
      g_autoptr(IncidentReport) report = incident_case_report (held[0], INCIDENT_REPORT_KIND_PROBLEM);
      g_autofree char *html = incident_report_to_html (report);

      n_heard += strlen (html);
    }
}

/* As many entries as there were to be. */
static guint64
report_checksum (void)
{
  g_autoptr(IncidentReport) report = incident_case_report (held[0], INCIDENT_REPORT_KIND_PROBLEM);
  g_autofree char *html = incident_report_to_html (report);

  return worker_count (html, "<td class=\"n\">#");
}

/* Bytes a case that is open and that nobody looks at, without its title. */
static gint64
count_memory (void)
{
  gint64 before = worker_resident ();

  desk = incident_desk_open ("memory:", NULL);
  for (guint32 i = 0; i < worker_n_cases; i++)
    g_object_unref (incident_desk_open_case (desk, "T", INCIDENT_SEVERITY_SEV2, "ana", NULL));

  return (worker_resident () - before) / worker_n_cases - (gint64) sizeof "T";
}

int
main (int    argc,
      char **argv)
{
  static const Variant variants[] = {
    { "one", one_begin, one_run, checksum, NULL, end },
    { "one-heard", one_heard_begin, one_run, checksum, NULL, end },
    { "many", memory_begin, many_run, checksum, NULL, end },
    { "many-heard", many_heard_begin, many_run, checksum, NULL, end },
    { "one-rights", one_rights_begin, one_run, checksum, NULL, end },
    { "many-rights", rights_begin, many_run, checksum, NULL, end },
    { "durable-one", durable_one_begin, one_run, checksum, NULL, end },
    { "durable-many", file_begin, durable_many_run, checksum, NULL, end },
    { "durable-batch", file_begin, batch_run, checksum, NULL, end },
    { "durable-threads", file_begin, threads_run, checksum, NULL, end },
    { "report", report_begin, report_run, report_checksum, NULL, end },
    { "memory", worker_nothing, worker_no_run, NULL, count_memory, NULL },
    { NULL, NULL, NULL, NULL, NULL, NULL },
  };

  return worker_main (argc, argv, variants);
}
