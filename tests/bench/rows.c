/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SQLite as one would use it for cases: a wide row with its events, and, as the limit,
 * nothing but a narrow event that is appended. Both on WAL with synchronous=FULL. And
 * deadlines as one would keep them there. */
#include "worker.h"

#include <glib/gstdio.h>
#include <sqlite3.h>
#include <stdio.h>

static const char * const phases[] = { "diagnosis", "resolution", "recovered" };

static sqlite3 *db;
static sqlite3_stmt *append, *update, *insert;
static guint8 *phase_of; /* what the program knows of each case */
static guint32 *seq_of;
static guint64 n_events;

static void
run_sql (const char *sql)
{
  char *message = NULL;

  if (sqlite3_exec (db, sql, NULL, NULL, &message) != SQLITE_OK)
    g_error ("%s: %s", sql, message);
}

static sqlite3_stmt *
prepare (const char *sql)
{
  sqlite3_stmt *statement;

  if (sqlite3_prepare_v3 (db, sql, -1, SQLITE_PREPARE_PERSISTENT, &statement, NULL) != SQLITE_OK)
    g_error ("%s: %s", sql, sqlite3_errmsg (db));
  return statement;
}

static void
step (sqlite3_stmt *statement)
{
  if (sqlite3_step (statement) != SQLITE_DONE)
    g_error ("%s", sqlite3_errmsg (db));
  sqlite3_reset (statement);
}

static void
open_file (const char *name)
{
  g_autofree char *path = worker_path (name);
  g_autofree char *wal = g_strconcat (path, "-wal", NULL);
  g_autofree char *shm = g_strconcat (path, "-shm", NULL);

  g_unlink (path);
  g_unlink (wal);
  g_unlink (shm);
  if (sqlite3_open (path, &db) != SQLITE_OK)
    g_error ("%s", sqlite3_errmsg (db));
  run_sql ("PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA wal_autocheckpoint = 10000");
  g_free (phase_of);
  g_free (seq_of);
  phase_of = g_new0 (guint8, worker_n_cases);
  seq_of = g_new0 (guint32, worker_n_cases);
  n_events = 0;
}

static void
end (void)
{
  sqlite3_finalize (append);
  sqlite3_finalize (update);
  sqlite3_finalize (insert);
  append = update = insert = NULL;
  sqlite3_close (db);
}

static void
append_begin (void)
{
  open_file ("append.db");
  run_sql ("CREATE TABLE event (log_index INTEGER PRIMARY KEY, subject INTEGER, seq INTEGER, kind INTEGER, at INTEGER)");
  append = prepare ("INSERT INTO event (subject, seq, kind, at) VALUES (?1, ?2, ?3, ?4)");
}

static void
append_one (guint32 index,
            guint   kind)
{
  sqlite3_bind_int64 (append, 1, index + 1);
  sqlite3_bind_int64 (append, 2, ++seq_of[index]);
  sqlite3_bind_int64 (append, 3, kind);
  sqlite3_bind_int64 (append, 4, g_get_real_time ());
  step (append);
}

/* The text is one line of prose, as it is for the library. */
static void
wide_begin (void)
{
  open_file ("wide.db");
  run_sql ("CREATE TABLE cases (number INTEGER PRIMARY KEY, title TEXT, phase TEXT, severity TEXT, service TEXT,"
           " commander TEXT, opened_at INTEGER, updated_at INTEGER, due_at INTEGER, version INTEGER);"
           "CREATE INDEX cases_due ON cases (due_at);"
           "CREATE TABLE events (id INTEGER PRIMARY KEY, number INTEGER, seq INTEGER, kind TEXT, actor TEXT, at INTEGER,"
           " body TEXT, UNIQUE (number, seq))");
  update = prepare ("INSERT INTO cases VALUES (?1, 'Checkout answers 500', 'diagnosis', 'sev2', 'checkout', 'ana', ?2, ?2, ?2, 0)");
  run_sql ("BEGIN");
  for (guint32 i = 0; i < worker_n_cases; i++)
    {
      sqlite3_bind_int64 (update, 1, i + 1);
      sqlite3_bind_int64 (update, 2, 1795417200000000 + i);
      step (update);
    }
  run_sql ("COMMIT");
  sqlite3_finalize (update);
  update = prepare ("UPDATE cases SET phase = ?2, updated_at = ?3, due_at = ?4, version = version + 1"
                    " WHERE number = ?1 AND version = ?5");
  insert = prepare ("INSERT INTO events (number, seq, kind, actor, at, body) VALUES (?1, ?2, ?3, 'ana', ?4,"
                    " '{\"text\":\"rolled back to 1.4.1\"}')");
}

static void
wide_one (guint32 index,
          guint   to)
{
  gint64 now = g_get_real_time ();

  sqlite3_bind_int64 (update, 1, index + 1);
  sqlite3_bind_text (update, 2, phases[to], -1, SQLITE_STATIC);
  sqlite3_bind_int64 (update, 3, now);
  sqlite3_bind_int64 (update, 4, now + 300000000);
  sqlite3_bind_int64 (update, 5, seq_of[index]++);
  step (update);
  if (sqlite3_changes (db) != 1)
    g_error ("conflict");
  sqlite3_bind_int64 (insert, 1, index + 1);
  sqlite3_bind_int64 (insert, 2, seq_of[index]);
  sqlite3_bind_text (insert, 3, phases[to], -1, SQLITE_STATIC);
  sqlite3_bind_int64 (insert, 4, now);
  step (insert);
}

static void
run (guint64 n,
     void  (*one) (guint32 index, guint to))
{
  while (n > 0)
    {
      const guint32 *cases;
      guint ring;
      guint32 got = worker_next ((guint32) MIN (n, worker_batch), &ring, &cases);

      run_sql ("BEGIN IMMEDIATE");
      for (guint32 i = 0; i < got; i++)
        {
          if (phase_of[cases[i]] != ring)
            g_error ("refused");
          phase_of[cases[i]] = (guint8) ((ring + 1) % N_RING);
          one (cases[i], phase_of[cases[i]]);
        }
      run_sql ("COMMIT");
      n_events += got;
      n -= got;
    }
}

static void
append_run (guint64 n)
{
  run (n, append_one);
}

static void
wide_run (guint64 n)
{
  run (n, wide_one);
}

static guint64
checksum (void)
{
  guint64 sum = n_events;

  for (guint32 i = 0; i < worker_n_cases; i++)
    sum += worker_checksum (i, phase_of[i]);
  return sum;
}

/* Replay: all events once, into the last phase of each case. */

static void
replay_begin (void)
{
  append_begin ();
  worker_position = 0;
  append_run (4 * (guint64) worker_n_cases);
}

static void
replay_run (guint64 n)
{
  sqlite3_stmt *select = prepare ("SELECT at, subject, seq, kind FROM event ORDER BY log_index");

  for (guint64 done = 0; done < n;)
    {
      for (n_events = 0; sqlite3_step (select) == SQLITE_ROW; n_events++)
        phase_of[sqlite3_column_int64 (select, 1) - 1] = (guint8) sqlite3_column_int64 (select, 3);
      sqlite3_reset (select);
      done += n_events;
    }
  sqlite3_finalize (select);
}

/* The same from blobs of 1,000 events. */

#define BLOB_EVENTS 1000

typedef struct
{
  gint64  at;
  guint32 subject;
  guint32 seq;
  guint32 kind;
} Packed;

static void
add_blob (sqlite3_stmt *blob,
          const Packed *events,
          guint         n)
{
  sqlite3_bind_blob (blob, 1, events, (int) (n * sizeof *events), SQLITE_TRANSIENT);
  step (blob);
}

static void
blobs_begin (void)
{
  g_autofree Packed *events = g_new0 (Packed, BLOB_EVENTS);
  sqlite3_stmt *select, *blob;
  guint n = 0;

  replay_begin ();
  run_sql ("CREATE TABLE blob (first INTEGER PRIMARY KEY, body BLOB)");
  select = prepare ("SELECT at, subject, seq, kind FROM event ORDER BY log_index");
  blob = prepare ("INSERT INTO blob (body) VALUES (?1)");
  run_sql ("BEGIN");
  while (sqlite3_step (select) == SQLITE_ROW)
    {
      events[n++] = (Packed) { sqlite3_column_int64 (select, 0), (guint32) sqlite3_column_int64 (select, 1),
                               (guint32) sqlite3_column_int64 (select, 2), (guint32) sqlite3_column_int64 (select, 3) };
      if (n == BLOB_EVENTS)
        {
          add_blob (blob, events, n);
          n = 0;
        }
    }
  if (n > 0)
    add_blob (blob, events, n);
  run_sql ("COMMIT");
  sqlite3_finalize (select);
  sqlite3_finalize (blob);
}

static void
blobs_run (guint64 n)
{
  sqlite3_stmt *select = prepare ("SELECT body FROM blob ORDER BY first");

  for (guint64 done = 0; done < n;)
    {
      for (n_events = 0; sqlite3_step (select) == SQLITE_ROW;)
        {
          const Packed *events = sqlite3_column_blob (select, 0);
          guint got = (guint) sqlite3_column_bytes (select, 0) / sizeof *events;

          for (guint i = 0; i < got; i++)
            phase_of[events[i].subject - 1] = (guint8) events[i].kind;
          n_events += got;
        }
      sqlite3_reset (select);
      done += n_events;
    }
  sqlite3_finalize (select);
}

/* Deadlines: rows that are due are claimed, 256 at once, and each is fired and armed anew with an event that tells of it.
 * All are due a lap. */

#define CLAIMED 256

static sqlite3_stmt *claim, *arm;

static void
deadlines_begin (void)
{
  open_file ("deadlines.db");
  run_sql ("CREATE TABLE deadline (number INTEGER PRIMARY KEY, due INTEGER, step INTEGER, loop INTEGER, token INTEGER,"
           " holder TEXT, lease INTEGER);"
           "CREATE INDEX deadline_due ON deadline (due);"
           "CREATE TABLE events (id INTEGER PRIMARY KEY, number INTEGER, seq INTEGER, kind TEXT, actor TEXT, at INTEGER,"
           " body TEXT, UNIQUE (number, seq))");
  update = prepare ("INSERT INTO deadline VALUES (?1, 0, 1, 0, 0, NULL, 0)");
  run_sql ("BEGIN");
  for (guint32 i = 0; i < worker_n_cases; i++)
    {
      sqlite3_bind_int64 (update, 1, i + 1);
      step (update);
    }
  run_sql ("COMMIT");
  sqlite3_finalize (update);
  claim = prepare ("UPDATE deadline SET token = token + 1, holder = 'here', lease = ?1 + 10000000 WHERE number IN"
                   " (SELECT number FROM deadline WHERE due <= ?2 AND lease <= ?1 ORDER BY due LIMIT 256) RETURNING number, loop, token");
  arm = prepare ("UPDATE deadline SET due = ?2, loop = loop + 1, holder = NULL, lease = 0"
                 " WHERE number = ?1 AND loop = ?3 AND token = ?4");
  insert = prepare ("INSERT INTO events (number, seq, kind, actor, at, body) VALUES (?1, ?2, 'step-fired', 'desk', ?3,"
                    " '{\"policy\":\"p\",\"step\":\"1\",\"pages\":[]}')");
}

static void
fire_claimed (gint64 number,
              gint64 loop,
              gint64 token,
              gint64 now,
              gint64 due)
{
  sqlite3_bind_int64 (arm, 1, number);
  sqlite3_bind_int64 (arm, 2, due);
  sqlite3_bind_int64 (arm, 3, loop);
  sqlite3_bind_int64 (arm, 4, token);
  step (arm);
  if (sqlite3_changes (db) != 1)
    g_error ("conflict");
  phase_of[number - 1] = (guint8) ((loop + 1) % N_RING);
  sqlite3_bind_int64 (insert, 1, number);
  sqlite3_bind_int64 (insert, 2, loop + 1);
  sqlite3_bind_int64 (insert, 3, now);
  step (insert);
}

/* Returns how many. */
static guint
fire_due (gint64 now,
          gint64 lap)
{
  gint64 claimed[CLAIMED][3];
  guint n = 0;

  run_sql ("BEGIN IMMEDIATE");
  sqlite3_bind_int64 (claim, 1, now);
  sqlite3_bind_int64 (claim, 2, lap);
  while (sqlite3_step (claim) == SQLITE_ROW)
    {
      for (int i = 0; i < 3; i++)
        claimed[n][i] = sqlite3_column_int64 (claim, i);
      n++;
    }
  sqlite3_reset (claim);
  for (guint i = 0; i < n; i++)
    fire_claimed (claimed[i][0], claimed[i][1], claimed[i][2], now, lap + 1);
  run_sql ("COMMIT");
  return n;
}

static void
deadlines_run (guint64 n)
{
  while (n > 0)
    {
      gint64 lap = (gint64) (n_events / worker_n_cases);
      guint fired = fire_due (g_get_real_time (), lap);

      n_events += fired;
      n -= MIN (n, fired);
    }
}

static void
deadlines_end (void)
{
  sqlite3_finalize (claim);
  sqlite3_finalize (arm);
  sqlite3_finalize (insert);
  insert = update = NULL;
  sqlite3_close (db);
}

int
main (int    argc,
      char **argv)
{
  static const Variant variants[] = {
    { "append", append_begin, append_run, checksum, NULL, end },
    { "wide", wide_begin, wide_run, checksum, NULL, end },
    { "deadlines", deadlines_begin, deadlines_run, checksum, NULL, deadlines_end },
    { "replay", replay_begin, replay_run, checksum, NULL, end },
    { "replay-blobs", blobs_begin, blobs_run, checksum, NULL, end },
    { NULL, NULL, NULL, NULL, NULL, NULL },
  };

  return worker_main (argc, argv, variants);
}
