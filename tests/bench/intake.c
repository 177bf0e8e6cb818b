/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Alerts that are taken in: read, routed, told to cases and durable, and parts of that. A batch is a
 * body; the cases are how many alerts are known. It reaches below the headers to read alone. */
#include "alerts.h"
#include "worker.h"

#include <glib/gstdio.h>
#include <json-glib/json-glib.h>
#include <libincident/incident.h>
#include <malloc.h>
#include <sqlite3.h>
#include <string.h>

#include "intake/incident-format-private.h"

#define N_BODIES 8

static IncidentDesk *desk;
static AlertBody *body;
static guint next_body;
static GBytes *bodies[N_BODIES];
static sqlite3 *db;
static guint64 n_seen;

static void
check (const GError *error)
{
  if (error != NULL)
    g_error ("%s", error->message);
}

static char *
make_file (const char *name)
{
  static const char * const suffixes[] = { "", "-wal", "-shm" };
  char *path = worker_path (name);

  for (guint i = 0; i < G_N_ELEMENTS (suffixes); i++)
    {
      g_autofree char *file = g_strconcat (path, suffixes[i], NULL);

      g_unlink (file);
    }

  return path;
}

static void
open_desk (gboolean is_durable)
{
  g_autoptr(IncidentClock) clock = incident_system_clock_new ();
  g_autoptr(IncidentStore) store = NULL;
  g_autofree char *json = alerts_playbook ();
  g_autofree char *path = make_file ("intake.db");
  g_autoptr(GError) error = NULL;
  g_autoptr(IncidentPlaybook) playbook = incident_playbook_new_from_json (json, -1, "bench", &error);

  check (error);
  store = is_durable ? incident_sqlite_store_open (path, clock, &error) : incident_memory_store_new (clock);
  check (error);
  desk = incident_desk_new_with_playbook (store, clock, playbook);
}

static void
end (void)
{
  g_clear_object (&desk);
  g_clear_pointer (&body, alert_body_free);
  for (guint i = 0; i < N_BODIES; i++)
    g_clear_pointer (&bodies[i], g_bytes_unref);
  next_body = 0;
}

static void
take_in (const char *format,
         guint       number,
         guint       later)
{
  g_autoptr(GBytes) bytes = alert_body_fill (body, number, later);
  g_autoptr(GError) error = NULL;
  g_autoptr(GPtrArray) receipts = incident_desk_ingest (desk, format, bytes, NULL, ALERTS_SOURCE, INCIDENT_TIME_NONE, &error);

  check (error);
  g_assert (receipts->len == worker_batch);
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

/* How many alerts fire, and are in a case. */
static guint64
checksum (void)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(GPtrArray) alerts = incident_desk_list_alerts (desk, NULL, INCIDENT_TIME_NONE, &error);
  guint64 n = 0;

  check (error);
  for (guint i = 0; i < alerts->len; i++)
    n += incident_alert_get_status (alerts->pdata[i]) == INCIDENT_ALERT_STATUS_FIRING
         && incident_alert_get_case_number (alerts->pdata[i]) != 0;

  return n;
}

/* Alerts that are new */

static void
begin (AlertBodyKind kind)
{
  open_desk (TRUE);
  body = alert_body_new (kind, worker_batch, 1);
}

static void
new_begin (void)
{
  begin (ALERT_BODY_API);
}

static void
new_run (guint64 n)
{
  for (guint64 done = 0; done < n; done += worker_batch)
    take_in ("alertmanager-api", next_body++, 0);
  settle ();
}

static void
webhook_begin (void)
{
  begin (ALERT_BODY_WEBHOOK);
}

static void
webhook_run (guint64 n)
{
  for (guint64 done = 0; done < n; done += worker_batch)
    take_in ("alertmanager", next_body++, 0);
  settle ();
}

/* The same alerts again, each time with a later end */

static void
refresh_begin (void)
{
  new_begin ();
  new_run (worker_n_cases);
}

static void
refresh_run (guint64 n)
{
  guint n_known = worker_n_cases / worker_batch;

  for (guint64 done = 0; done < n; done += worker_batch, next_body++)
    take_in ("alertmanager-api", next_body % n_known, next_body / n_known);
  settle ();
}

/* A world of as many alerts as there are cases, again and again: a third mute another third */

static void
inhibit_begin (void)
{
  body = alert_body_new (ALERT_BODY_API, worker_batch, 3);
}

static void
inhibit_run (guint64 n)
{
  for (guint64 done = 0; done < n; done += worker_n_cases)
    {
      g_clear_object (&desk);
      open_desk (FALSE);
      for (guint number = 0; number < worker_n_cases / worker_batch; number++)
        take_in ("alertmanager-api", number, 0);
    }
}

/* Reading alone */

static void
parse_begin (void)
{
  body = alert_body_new (ALERT_BODY_API, worker_batch, 1);
  for (guint i = 0; i < N_BODIES; i++)
    bodies[i] = alert_body_fill (body, i, 0);
}

static void
parse_run (guint64 n)
{
  gint64 now = g_get_real_time ();

  for (guint64 done = 0; done < n; done += worker_batch)
    {
      g_autoptr(GError) error = NULL;
      g_autoptr(IncidentIntakeMessage) message =
        incident_intake_message_read (bodies[next_body++ % N_BODIES], "alertmanager-api", NULL, ALERTS_SOURCE, NULL, now, &error);

      check (error);
      n_seen += message->alerts->len;
    }
}

static void
parse_json_glib_run (guint64 n)
{
  for (guint64 done = 0; done < n; done += worker_batch)
    {
      gsize length;
      const char *text = g_bytes_get_data (bodies[next_body++ % N_BODIES], &length);
      g_autoptr(JsonParser) parser = json_parser_new ();
      g_autoptr(GError) error = NULL;

      json_parser_load_from_data (parser, text, (gssize) length, &error);
      check (error);
      n_seen += json_array_get_length (json_node_get_array (json_parser_get_root (parser)));
    }
}

/* The limit: every quote is found, and nothing else is done. */
static void
scan_run (guint64 n)
{
  for (guint64 done = 0; done < n; done += worker_batch)
    {
      gsize length;
      const char *at = g_bytes_get_data (bodies[next_body++ % N_BODIES], &length);
      const char *last = at + length;

      while ((at = memchr (at, '"', (gsize) (last - at))) != NULL)
        {
          n_seen++;
          at++;
        }
    }
}

/* The limit of what is durable: SQLite keeps the bodies as they are, each with a commit of its own */

static void
run_sql (const char *sql)
{
  char *message = NULL;

  if (sqlite3_exec (db, sql, NULL, NULL, &message) != SQLITE_OK)
    g_error ("%s: %s", sql, message);
}

static void
journal_begin (void)
{
  g_autofree char *path = make_file ("journal.db");

  body = alert_body_new (ALERT_BODY_API, worker_batch, 1);
  if (sqlite3_open (path, &db) != SQLITE_OK)
    g_error ("%s", sqlite3_errmsg (db));
  run_sql ("PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA wal_autocheckpoint = 10000;"
           "CREATE TABLE body (id INTEGER PRIMARY KEY, bytes BLOB)");
}

static void
journal_run (guint64 n)
{
  sqlite3_stmt *insert;

  if (sqlite3_prepare_v2 (db, "INSERT INTO body (bytes) VALUES (?1)", -1, &insert, NULL) != SQLITE_OK)
    g_error ("%s", sqlite3_errmsg (db));
  for (guint64 done = 0; done < n; done += worker_batch)
    {
      g_autoptr(GBytes) bytes = alert_body_fill (body, next_body++, 0);
      gsize length;
      const char *text = g_bytes_get_data (bytes, &length);

      sqlite3_bind_blob (insert, 1, text, (int) length, SQLITE_STATIC);
      if (sqlite3_step (insert) != SQLITE_DONE)
        g_error ("%s", sqlite3_errmsg (db));
      sqlite3_reset (insert);
    }
  sqlite3_finalize (insert);
}

static void
journal_end (void)
{
  g_clear_pointer (&db, sqlite3_close);
  end ();
}

/* Bytes of memory an alert that fires. What is freed by then is nobody's. */

static gint64
count_memory (void)
{
  gint64 before;

  new_begin ();
  malloc_trim (0);
  before = worker_resident ();
  new_run (worker_n_cases);
  malloc_trim (0);
  return (worker_resident () - before) / worker_n_cases;
}

/* The limit: its text, and nothing else. */
static gint64
count_text (void)
{
  g_autofree char **kept = g_new0 (char *, worker_n_cases);
  gint64 before;

  parse_begin ();
  before = worker_resident ();
  for (guint32 i = 0; i < worker_n_cases; i++)
    {
      gsize length;
      const char *text = g_bytes_get_data (bodies[0], &length);

      kept[i] = g_strndup (text, length / worker_batch);
    }

  return (worker_resident () - before) / worker_n_cases;
}

int
main (int    argc,
      char **argv)
{
  static const Variant variants[] = {
    { "new", new_begin, new_run, checksum, NULL, end },
    { "webhook-new", webhook_begin, webhook_run, checksum, NULL, end },
    { "refresh", refresh_begin, refresh_run, checksum, NULL, end },
    { "inhibit", inhibit_begin, inhibit_run, NULL, NULL, end },
    { "parse", parse_begin, parse_run, NULL, NULL, end },
    { "parse-json-glib", parse_begin, parse_json_glib_run, NULL, NULL, end },
    { "scan", parse_begin, scan_run, NULL, NULL, end },
    { "journal", journal_begin, journal_run, NULL, NULL, journal_end },
    { "memory", worker_nothing, worker_no_run, NULL, count_memory, NULL },
    { "memory-text", worker_nothing, worker_no_run, NULL, count_text, NULL },
    { NULL, NULL, NULL, NULL, NULL, NULL },
  };

  return worker_main (argc, argv, variants);
}
