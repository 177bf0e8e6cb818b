/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Deadlines: a policy that goes round for ever, each case with a run of its own, and each lap all of them fire. */
#include "worker.h"

#include <glib/gstdio.h>
#include <libincident/incident.h>
#include <string.h>

#include "desk/incident-desk-oncall-private.h"
#include "oncall/incident-deadlines-private.h"

#define START G_GINT64_CONSTANT (1795417200000000)
#define WAIT  (5 * G_TIME_SPAN_MINUTE)

/* Nobody can be paged, so a deadline is its events and no more; or one person, so there is a message too. */
#define PLAYBOOK(people) \
  "{\"name\": \"bench\", \"channels\": {\"chat\": {\"kind\": \"own\"}}, \"people\": {" people "}," \
  " \"services\": {\"checkout\": {\"policy\": \"p\"}}," \
  " \"policies\": {\"p\": {\"steps\": [{\"page\": [{\"person\": \"ana\"}], \"wait\": \"5m\"}]," \
  " \"endless\": true, \"give-up-after\": \"3650d\"}}}"

static IncidentClock *clock_of_all;
static IncidentDesk *desk;
static IncidentEscalator *escalator;
static guint64 n_fired;
static guint first_loop;

static void
check (const GError *error)
{
  if (error != NULL)
    g_error ("%s", error->message);
}

static void
open_cases (void)
{
  for (guint32 i = 0; i < worker_n_cases;)
    {
      g_autoptr(IncidentBatch) batch = incident_batch_new (desk);
      g_autoptr(GError) error = NULL;

      for (guint j = 0; j < 1024 && i < worker_n_cases; j++, i++)
        {
          g_autoptr(IncidentCommand) command = incident_command_new ("open", "ana");

          incident_command_set (command, "title", "Checkout answers 500", NULL);
          incident_command_set (command, "service", "checkout", NULL);
          incident_batch_act (batch, 0, command, &error);
          check (error);
        }
      incident_batch_commit (batch, &error);
      check (error);
    }
}

static guint
fire (void)
{
  g_autoptr(GError) error = NULL;
  guint n = incident_escalator_run (escalator, NULL, &error);

  check (error);
  return n;
}

static void
open_desk (IncidentStore *store,
           const char    *json)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(IncidentPlaybook) playbook = incident_playbook_new_from_json (json, -1, "bench", &error);

  check (error);
  desk = incident_desk_new_with_playbook (store, clock_of_all, playbook);
  escalator = incident_escalator_new (desk);
}

static gboolean
note_loop (guint64               number,
           const IncidentState  *state,
           gpointer              data,
           GError              **error)
{
  first_loop = state->runs->loop;
  return TRUE;
}

static void
begin (IncidentStore *store /* (transfer full) */,
       const char    *json)
{
  open_desk (store, json);
  g_object_unref (store);
  open_cases ();
  if (fire () != worker_n_cases)
    g_error ("not each case was begun");
  incident_store_look_at (incident_desk_get_store (desk), &(guint64) { 1 }, 1, note_loop, NULL, NULL);
  n_fired = 0;
}

static void
memory_begin (void)
{
  clock_of_all = incident_manual_clock_new (START, 7);
  begin (incident_memory_store_new (clock_of_all), PLAYBOOK ("\"ana\": {}"));
}

static void
memory_page_begin (void)
{
  clock_of_all = incident_manual_clock_new (START, 7);
  begin (incident_memory_store_new (clock_of_all), PLAYBOOK ("\"ana\": {\"pages\": [{\"by\": \"chat\"}]}"));
}

static IncidentStore *
make_file (void)
{
  static const char * const suffixes[] = { "", "-wal", "-shm" };
  g_autofree char *path = worker_path ("escalator.db");
  g_autoptr(GError) error = NULL;
  IncidentStore *store;

  for (guint i = 0; i < G_N_ELEMENTS (suffixes); i++)
    {
      g_autofree char *name = g_strconcat (path, suffixes[i], NULL);

      g_unlink (name);
    }
  clock_of_all = incident_manual_clock_new (START, 7);
  store = incident_sqlite_store_open (path, clock_of_all, &error);
  check (error);
  return store;
}

static void
file_begin (void)
{
  begin (make_file (), PLAYBOOK ("\"ana\": {}"));
}

static void
file_page_begin (void)
{
  begin (make_file (), PLAYBOOK ("\"ana\": {\"pages\": [{\"by\": \"chat\"}]}"));
}

/* All cases a lap. */
static void
run (guint64 n)
{
  while (n > 0)
    {
      guint fired;

      incident_manual_clock_advance (INCIDENT_MANUAL_CLOCK (clock_of_all), WAIT);
      fired = fire ();
      if (fired != worker_n_cases)
        g_error ("%u of %u fired", fired, worker_n_cases);
      n_fired += fired;
      n -= MIN (n, fired);
    }
}

static gboolean
add_state (guint64               number,
           const IncidentState  *state,
           gpointer              sum,
           GError              **error)
{
  *(guint64 *) sum += worker_checksum ((guint32) number - 1, (guint) (state->runs->loop - first_loop) % N_RING);
  return TRUE;
}

/* How far each case has gone: as many loops as laps. */
static guint64
checksum (void)
{
  g_autoptr(GError) error = NULL;
  guint64 sum = n_fired;

  incident_store_look_at_all (incident_desk_get_store (desk), add_state, &sum, &error);
  check (error);
  return sum;
}

static void
end (void)
{
  g_clear_object (&escalator);
  g_clear_object (&desk);
  g_clear_object (&clock_of_all);
}

/* How long it takes until the first deadline could fire, where all cases have a run. */

static void
start_run (guint64 n)
{
  g_autofree char *path = worker_path ("escalator.db");

  for (guint64 done = 0; done < n; done += worker_n_cases)
    {
      g_autoptr(GError) error = NULL;
      IncidentStore *store;

      g_clear_object (&escalator);
      g_clear_object (&desk);
      store = incident_sqlite_store_open (path, clock_of_all, &error);
      check (error);
      open_desk (store, PLAYBOOK ("\"ana\": {}"));
      g_object_unref (store);
      if (fire () != 0)
        g_error ("something was due");
    }
}

/* The limit: a heap, and a log of what was fired. */

static IncidentDeadlines deadlines;
static GArray *fired_log;

typedef struct
{
  gint64  at;
  guint32 number;
  guint32 loop;
} Fired;

static void
heap_begin (void)
{
  incident_deadlines_init (&deadlines);
  fired_log = g_array_new (FALSE, FALSE, sizeof (Fired));
  for (guint32 i = 0; i < worker_n_cases; i++)
    incident_deadlines_set (&deadlines, i + 1, START);
  n_fired = 0;
}

static void
heap_run (guint64 n)
{
  for (guint64 i = 0; i < n; i++, n_fired++)
    {
      gint64 due = incident_deadlines_peek (&deadlines);
      guint64 number = incident_deadlines_pop (&deadlines);
      Fired fired = { g_get_real_time (), (guint32) number, (guint32) (n_fired / worker_n_cases) };

      g_array_append_val (fired_log, fired);
      incident_deadlines_set (&deadlines, number, due + WAIT);
    }
}

static guint64
heap_checksum (void)
{
  guint64 sum = n_fired;

  for (guint32 i = 0; i < worker_n_cases; i++)
    sum += worker_checksum (i, (guint) (n_fired / worker_n_cases % N_RING));
  return sum;
}

static void
heap_end (void)
{
  incident_deadlines_clear (&deadlines);
  g_clear_pointer (&fired_log, g_array_unref);
}

/* Who is on call in a year, for each of twelve schedules: three layers, each with a zone and hours of its own. */

#define N_SCHEDULES 12
#define YEAR        (365 * G_TIME_SPAN_DAY)

static IncidentRoster *roster;
static GPtrArray *covered;

static char *
write_schedules (void)
{
  static const char * const zones[] = { "Europe/Madrid", "America/Chicago", "Australia/Lord_Howe", "Asia/Tokyo" };
  GString *json = g_string_new ("{\"name\": \"bench\", \"people\": {\"ana\": {}, \"bo\": {}, \"carmen\": {}, \"dee\": {}}, \"schedules\": {");

  for (guint i = 0; i < N_SCHEDULES; i++)
    g_string_append_printf (json,
      "%s\"s%u\": {\"zone\": \"%s\", \"layers\": ["
      "{\"name\": \"weekly\", \"priority\": 1, \"people\": [\"ana\", \"bo\", \"carmen\"],"
      " \"rotation\": {\"start\": \"2026-01-05T09:00\", \"unit\": \"week\"}},"
      "{\"name\": \"days\", \"priority\": 2, \"people\": [\"bo\", \"dee\"], \"rotation\": {\"start\": \"2026-01-05T00:00\", \"unit\": \"day\"},"
      " \"only\": [{\"weekdays\": [\"monday\", \"tuesday\", \"wednesday\", \"thursday\", \"friday\"], \"from\": \"09:00\", \"until\": \"17:00\"}]},"
      "{\"name\": \"nights\", \"priority\": 2, \"zone\": \"%s\", \"people\": [\"carmen\"],"
      " \"only\": [{\"weekdays\": [\"saturday\", \"sunday\"], \"from\": \"22:00\", \"until\": \"06:00\"}]}]}",
      i > 0 ? ", " : "", i, zones[i % 4], zones[(i + 1) % 4]);
  g_string_append (json, "}}");
  return g_string_free (json, FALSE);
}

static void
cover_begin (void)
{
  g_autofree char *json = write_schedules ();
  g_autoptr(GError) error = NULL;
  g_autoptr(IncidentPlaybook) playbook = incident_playbook_new_from_json (json, -1, "bench", &error);

  check (error);
  roster = incident_roster_new_plain ((IncidentRules *) incident_playbook_get_rules (playbook));
  covered = g_ptr_array_new_with_free_func ((GDestroyNotify) g_array_unref);
}

static GArray *
cover (guint i)
{
  g_autofree char *name = g_strdup_printf ("s%u", i % N_SCHEDULES);

  return incident_roster_cover (roster, name, START, START + YEAR);
}

static void
cover_run (guint64 n)
{
  g_ptr_array_set_size (covered, 0);
  for (guint64 i = 0; i < n; i++)
    {
      if (covered->len == N_SCHEDULES)
        g_ptr_array_set_size (covered, 0);
      g_ptr_array_add (covered, cover ((guint) i));
    }
}

/* What it says, and no more. */
static void
copy_begin (void)
{
  cover_begin ();
  cover_run (N_SCHEDULES);
}

static void
copy_run (guint64 n)
{
  for (guint64 i = 0; i < n; i++)
    {
      const GArray *spans = g_ptr_array_index (covered, (guint) (i % N_SCHEDULES));
      g_autoptr(GPtrArray) people = g_ptr_array_new_with_free_func ((GDestroyNotify) g_ptr_array_unref);

      for (guint j = 0; j < spans->len; j++)
        g_ptr_array_add (people, g_ptr_array_copy (g_array_index (spans, IncidentSpan, j).people, NULL, NULL));
    }
}

static guint64
cover_checksum (void)
{
  guint64 sum = 0;

  for (guint i = 0; i < covered->len; i++)
    sum += ((GArray *) g_ptr_array_index (covered, i))->len;
  return sum;
}

static void
cover_end (void)
{
  g_clear_pointer (&covered, g_ptr_array_unref);
  g_clear_pointer (&roster, incident_roster_unref);
}

int
main (int    argc,
      char **argv)
{
  static const Variant variants[] = {
    { "heap", heap_begin, heap_run, heap_checksum, NULL, heap_end },
    { "memory", memory_begin, run, checksum, NULL, end },
    { "memory-page", memory_page_begin, run, checksum, NULL, end },
    { "file", file_begin, run, checksum, NULL, end },
    { "file-page", file_page_begin, run, checksum, NULL, end },
    { "start", file_begin, start_run, NULL, NULL, end },
    { "cover", cover_begin, cover_run, cover_checksum, NULL, cover_end },
    { "cover-copy", copy_begin, copy_run, cover_checksum, NULL, cover_end },
    { NULL, NULL, NULL, NULL, NULL, NULL },
  };

  return worker_main (argc, argv, variants);
}
