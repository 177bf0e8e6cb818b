/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* PostgreSQL by array statements: all transitions of a commit in one statement. The
 * driver has started the server; where it is, says the environment (PGHOST …). */
#include "worker.h"

#include <libpq-fe.h>
#include <string.h>

static PGconn *connection;
static guint32 *version_of;

static void
run_sql (const char *sql)
{
  PGresult *result = PQexec (connection, sql);

  if (PQresultStatus (result) != PGRES_COMMAND_OK && PQresultStatus (result) != PGRES_TUPLES_OK)
    g_error ("%s: %s", sql, PQerrorMessage (connection));
  PQclear (result);
}

static void
connect_to_server (void)
{
  connection = PQconnectdb ("");
  if (PQstatus (connection) != CONNECTION_OK)
    g_error ("%s", PQerrorMessage (connection));
  run_sql ("SET client_min_messages = warning; SET synchronous_commit = on");
}

static void
begin (void)
{
  g_autofree char *fill = g_strdup_printf ("INSERT INTO cases SELECT n, 'Checkout answers 500', 'diagnosis', 'sev2',"
                                           " 'checkout', 0, 0 FROM generate_series (1, %u) AS n", worker_n_cases);

  connect_to_server ();
  run_sql ("DROP TABLE IF EXISTS cases, events;"
           "CREATE TABLE cases (number bigint PRIMARY KEY, title text, phase text, severity text, service text,"
           " version int, updated_at bigint) WITH (fillfactor = 70);"
           "CREATE TABLE events (number bigint, seq int, kind text, actor text, at bigint, body text,"
           " PRIMARY KEY (number, seq))");
  run_sql (fill);
  run_sql ("VACUUM ANALYZE cases");
  g_free (version_of);
  version_of = g_new0 (guint32, worker_n_cases);
}

static void
end (void)
{
  PQfinish (connection);
}

static void
commit (const guint32 *cases,
        guint32        n,
        guint          step)
{
  static const char * const from[] = { "diagnosis", "resolution", "recovered" };
  g_autofree char *now = g_strdup_printf ("%" G_GINT64_FORMAT, g_get_real_time ());
  g_autofree char *wanted = g_strdup_printf ("%u", n);
  g_autoptr(GString) numbers = g_string_new ("{");
  g_autoptr(GString) versions = g_string_new ("{");
  const char *values[] = { NULL, NULL, from[step], from[(step + 1) % N_RING], now };
  PGresult *result;

  for (guint32 i = 0; i < n; i++)
    {
      g_string_append_printf (numbers, "%s%u", i > 0 ? "," : "", cases[i] + 1);
      g_string_append_printf (versions, "%s%u", i > 0 ? "," : "", version_of[cases[i]]++);
    }
  g_string_append_c (numbers, '}');
  g_string_append_c (versions, '}');
  values[0] = numbers->str;
  values[1] = versions->str;
  result = PQexecParams (connection,
                         "WITH u AS (UPDATE cases AS c SET phase = $4, version = c.version + 1, updated_at = $5::bigint"
                         " FROM unnest ($1::bigint[], $2::int[]) AS w (number, version)"
                         " WHERE c.number = w.number AND c.version = w.version AND c.phase = $3"
                         " RETURNING c.number, c.version)"
                         " INSERT INTO events SELECT number, version, $4, 'ana', $5::bigint,"
                         " '{\"text\":\"rolled back to 1.4.1\"}' FROM u",
                         5, NULL, values, NULL, NULL, 0);
  if (PQresultStatus (result) != PGRES_COMMAND_OK)
    g_error ("%s", PQerrorMessage (connection));
  if (strcmp (PQcmdTuples (result), wanted) != 0)
    g_error ("conflict");
  PQclear (result);
}

static void
run (guint64 n)
{
  while (n > 0)
    {
      const guint32 *cases;
      guint step;
      guint32 got = worker_next ((guint32) MIN (n, worker_batch), &step, &cases);

      commit (cases, got, step);
      n -= got;
    }
}

static guint64
checksum (void)
{
  PGresult *result = PQexec (connection, "SELECT number, position (left (phase, 3) IN 'dia res rec') FROM cases");
  PGresult *counted = PQexec (connection, "SELECT count (*) FROM events");
  guint64 sum = g_ascii_strtoull (PQgetvalue (counted, 0, 0), NULL, 10);

  for (int i = 0; i < PQntuples (result); i++)
    sum += worker_checksum ((guint32) g_ascii_strtoull (PQgetvalue (result, i, 0), NULL, 10) - 1,
                            (guint) (g_ascii_strtoull (PQgetvalue (result, i, 1), NULL, 10) - 1) / 4);
  PQclear (result);
  PQclear (counted);
  return sum;
}

/* Replay: the narrow events of the row of SQLite's, read as binary COPY. */

static guint8 *phase_of;
static guint64 n_events;

static void
copy_begin (void)
{
  /* Four laps of the ring, as the other workers take them. */
  g_autofree char *fill =
    g_strdup_printf ("INSERT INTO log SELECT lap * %u + n, n, lap + 1, (lap + 1) %% 3, 1795417200000000 + n"
                     " FROM generate_series (0, 3) AS lap, generate_series (1, %u) AS n", worker_n_cases, worker_n_cases);

  connect_to_server ();
  run_sql ("DROP TABLE IF EXISTS log;"
           "CREATE TABLE log (log_index bigint PRIMARY KEY, subject bigint, seq int, kind int, at bigint)");
  run_sql (fill);
  run_sql ("VACUUM ANALYZE log");
  g_free (phase_of);
  phase_of = g_new0 (guint8, worker_n_cases);
}

/* Of a tuple: the number of fields, and of each the length and the value, big-endian. */
static gboolean
take_tuple (const char *at,
            int         length)
{
  guint64 subject;
  guint32 kind;

  if (length != 2 + 3 * (4 + 8) + 2 * (4 + 4))
    return FALSE;
  memcpy (&subject, at + 18, sizeof subject);
  memcpy (&kind, at + 38, sizeof kind);
  phase_of[GUINT64_FROM_BE (subject) - 1] = (guint8) GUINT32_FROM_BE (kind);
  n_events++;
  return TRUE;
}

static void
copy_once (void)
{
  char *buffer;
  int length;
  PGresult *result = PQexec (connection, "COPY (SELECT * FROM log ORDER BY log_index) TO STDOUT (FORMAT binary)");

  if (PQresultStatus (result) != PGRES_COPY_OUT)
    g_error ("%s", PQerrorMessage (connection));
  PQclear (result);
  /* The first row brings a header of 19 bytes along, and a trailer follows the last. */
  for (n_events = 0; (length = PQgetCopyData (connection, &buffer, 0)) > 0; PQfreemem (buffer))
    if (!take_tuple (buffer, length))
      take_tuple (buffer + 19, length - 19);
  while ((result = PQgetResult (connection)) != NULL)
    PQclear (result);
}

static void
copy_run (guint64 n)
{
  for (guint64 done = 0; done < n; done += n_events)
    copy_once ();
}

static guint64
copy_checksum (void)
{
  guint64 sum = n_events;

  for (guint32 i = 0; i < worker_n_cases; i++)
    sum += worker_checksum (i, phase_of[i]);
  return sum;
}

int
main (int    argc,
      char **argv)
{
  static const Variant variants[] = {
    { "unnest", begin, run, checksum, NULL, end },
    { "copy", copy_begin, copy_run, copy_checksum, NULL, end },
    { NULL, NULL, NULL, NULL, NULL, NULL },
  };

  return worker_main (argc, argv, variants);
}
