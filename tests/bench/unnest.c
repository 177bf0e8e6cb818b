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
begin (void)
{
  g_autofree char *fill = g_strdup_printf ("INSERT INTO cases SELECT n, 'Checkout answers 500', 'diagnosis', 'sev2',"
                                           " 'checkout', 0, 0 FROM generate_series (1, %u) AS n", worker_n_cases);

  connection = PQconnectdb ("");
  if (PQstatus (connection) != CONNECTION_OK)
    g_error ("%s", PQerrorMessage (connection));
  run_sql ("SET client_min_messages = warning; SET synchronous_commit = on;"
           "DROP TABLE IF EXISTS cases, events;"
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

int
main (int    argc,
      char **argv)
{
  static const Variant variants[] = {
    { "unnest", begin, run, checksum, NULL, end },
    { NULL, NULL, NULL, NULL, NULL, NULL },
  };

  return worker_main (argc, argv, variants);
}
