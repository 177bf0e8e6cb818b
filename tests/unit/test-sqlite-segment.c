/* SPDX-License-Identifier: LGPL-2.1-or-later */
#define _GNU_SOURCE
#include "desk-test.h"

#include <glib/gstdio.h>

#include "store/incident-sqlite-rows-private.h"
#include "store/incident-store-private.h"

/* What is folded from sealed segments is what the events say, and what is not whole is not believed. */

#define N_CASES 700

typedef struct
{
  Office          office;
  char           *folder;
  char           *path;
  IncidentSqlite *sqlite;
} Archive;

static void
many (Archive *self, IncidentCommand *command /* (transfer full) */, guint n)
{
  g_autoptr(IncidentCommand) owned G_GNUC_UNUSED = command;
  g_autofree guint64 *numbers = g_new (guint64, n);
  g_autoptr(GError) error = NULL;

  for (guint i = 0; i < n; i++)
    numbers[i] = N_CASES - i;
  advance (&self->office, MINUTE);
  incident_desk_act_many (self->office.desk, numbers, n, command, &error);
  assert_no_error (error);
}

/* More than two segments of 4,096 events, and a tail. */
static void
write_events (Archive *self)
{
  g_autoptr(IncidentBatch) batch = incident_batch_new (self->office.desk);

  for (guint i = 0; i < N_CASES; i++)
    {
      g_autoptr(IncidentCommand) command = command_new ("open", i % 2 ? "ana" : "bo", "title", "T", "severity",
                                                        i % 3 ? "sev2" : "sev4", "service", "s", NULL);

      assert_true (incident_batch_act (batch, 0, command, NULL));
    }
  assert_true (incident_batch_commit (batch, NULL));
  many (self, command_new ("assign", "ana", "role", "commander", "person", "ana", NULL), N_CASES);
  many (self, command_new ("diagnose", "bo", NULL), N_CASES);
  many (self, command_new ("escalate", "bo", "target", "db", "text", "slow", NULL), 300);
  many (self, command_new ("resolve", "bo", "text", "rolled back", NULL), N_CASES);
  many (self, command_new ("recover", "bo", "text", "it answers", NULL), N_CASES - 100);
  many (self, command_new ("close", "ana", NULL), 400);
  many (self, command_new ("reopen", "ana", "text", "it is back", NULL), 90);
  for (guint i = 0; i < 9; i++)
    many (self, command_new ("note", "bo", "text", "seen", NULL), N_CASES);
}

static int
open_archive (void **state)
{
  Archive *self = g_new0 (Archive, 1);
  g_autoptr(GError) error = NULL;
  gboolean more = TRUE;

  self->folder = g_dir_make_tmp ("incident-segment-XXXXXX", NULL);
  self->path = g_build_filename (self->folder, "store.db", NULL);
  self->office.clock = incident_manual_clock_new (START, 7);
  self->office.store = incident_sqlite_store_open (self->path, self->office.clock, &error);
  assert_no_error (error);
  self->office.desk = incident_desk_new (self->office.store, self->office.clock, NULL);
  write_events (self);
  self->sqlite = incident_sqlite_open (self->path, self->office.clock, &error);
  assert_no_error (error);
  while (more)
    assert_true (incident_sqlite_seal_some (self->sqlite, &more, NULL));
  *state = self;
  return 0;
}

static int
close_archive (void **state)
{
  Archive *self = *state;
  int failed;

  incident_sqlite_close (self->sqlite);
  g_object_unref (self->office.desk);
  g_object_unref (self->office.store);
  g_object_unref (self->office.clock);
  failed = g_unlink (self->path) + g_rmdir (self->folder);
  g_free (self->path);
  g_free (self->folder);
  g_free (self);
  return failed;
}

static gint64
ask (Archive *self, const char *sql)
{
  gint64 value = -1;
  sqlite3_stmt *statement;

  assert_int_equal (sqlite3_prepare_v2 (self->sqlite->db, sql, -1, &statement, NULL), SQLITE_OK);
  if (sqlite3_step (statement) == SQLITE_ROW)
    value = sqlite3_column_int64 (statement, 0);
  sqlite3_finalize (statement);
  return value;
}

static char *
describe (const IncidentState *state, gint64 updated_at, gint64 closed_at)
{
  GString *text = g_string_new (NULL);

  g_string_append_printf (text, "%s %u/%u %u/%u %u %d%d %s %" G_GINT64_FORMAT " %" G_GINT64_FORMAT, state->phase,
                          state->version, state->decided, (guint) state->episode, (guint) state->level,
                          (guint) state->severity, state->live, state->open, state->service, updated_at, closed_at);
  for (guint i = 0; state->assignments != NULL && i < state->assignments->len; i++)
    {
      IncidentAssignment *assignment = g_ptr_array_index (state->assignments, i);

      g_string_append_printf (text, " %s=%s by %s at %" G_GINT64_FORMAT, incident_assignment_get_role (assignment),
                              incident_assignment_get_person (assignment), incident_assignment_get_assigned_by (assignment),
                              incident_assignment_get_since (assignment));
    }
  return g_string_free (text, FALSE);
}

/* As the records of each case say, one by one. */
static void
assert_all_folded (Archive *self)
{
  for (guint64 number = 1; number <= N_CASES; number++)
    {
      IncidentSqliteHead *head = incident_sqlite_heads_peek (&self->sqlite->heads, number);
      g_autoptr(GPtrArray) records = incident_store_load (self->office.store, number, 0, NULL);
      g_autoptr(IncidentFold) fold = incident_fold_new ();
      g_autofree char *expected = NULL;
      g_autofree char *said = NULL;

      for (guint i = 0; i < records->len; i++)
        incident_fold_apply (fold, g_ptr_array_index (records, i));
      expected = describe (&fold->state, fold->updated_at, fold->closed_at);
      said = describe (&head->state, head->updated_at, head->closed_at);
      assert_string_equal (said, expected);
    }
}

static void
fold_anew (Archive *self)
{
  g_autoptr(GError) error = NULL;

  incident_sqlite_heads_clear (&self->sqlite->heads);
  incident_sqlite_heads_init (&self->sqlite->heads);
  incident_sqlite_fold_all (self->sqlite, &error);
  assert_no_error (error);
}

static void
test_segments_hold_whole_rows_of_old_events (void **state)
{
  Archive *self = *state;

  assert_int_equal (ask (self, "SELECT count (*) FROM segment"), 2);
  assert_int_equal (ask (self, "SELECT sum (n) FROM segment"), 8192);
  assert_true (ask (self, "SELECT max (log_index) FROM event") > 8192);
}

static void
test_folding_segments_is_folding_events (void **state)
{
  Archive *self = *state;

  fold_anew (self);
  assert_all_folded (self);
}

static void
test_a_segment_that_was_changed_is_passed_over (void **state)
{
  static const char * const changes[] = {
    "UPDATE segment SET body = zeroblob (length (body)) WHERE first = 0",
    "UPDATE segment SET body = substr (body, 1, length (body) - 1) WHERE first > 0",
    "UPDATE segment SET digest = zeroblob (32)",
    "UPDATE segment SET n = n + 1 WHERE first = 0",
    "DELETE FROM segment WHERE first = 0",
    "DELETE FROM segment",
  };
  Archive *self = *state;

  for (guint i = 0; i < G_N_ELEMENTS (changes); i++)
    {
      assert_int_equal (sqlite3_exec (self->sqlite->db, "BEGIN", NULL, NULL, NULL), SQLITE_OK);
      assert_int_equal (sqlite3_exec (self->sqlite->db, changes[i], NULL, NULL, NULL), SQLITE_OK);
      fold_anew (self);
      assert_all_folded (self);
      assert_int_equal (sqlite3_exec (self->sqlite->db, "ROLLBACK", NULL, NULL, NULL), SQLITE_OK);
    }
}

/* One letter, and the body still reads well: only the digest tells. */
static void
test_a_segment_that_reads_well_and_lies_is_passed_over (void **state)
{
  Archive *self = *state;
  sqlite3_stmt *statement;
  g_autofree char *body = NULL;
  char *word;
  int length;

  assert_int_equal (sqlite3_prepare_v2 (self->sqlite->db, "SELECT body FROM segment WHERE first = 0", -1, &statement, NULL),
                    SQLITE_OK);
  assert_int_equal (sqlite3_step (statement), SQLITE_ROW);
  length = sqlite3_column_bytes (statement, 0);
  body = g_memdup2 (sqlite3_column_blob (statement, 0), (gsize) length);
  sqlite3_finalize (statement);
  word = memmem (body, (gsize) length, "severity=sev2", strlen ("severity=sev2"));
  assert_non_null (word);
  word[strlen ("severity=sev")] = '3';

  assert_int_equal (sqlite3_prepare_v2 (self->sqlite->db, "UPDATE segment SET body = ?1 WHERE first = 0", -1, &statement, NULL),
                    SQLITE_OK);
  sqlite3_bind_blob (statement, 1, body, length, SQLITE_STATIC);
  assert_int_equal (sqlite3_step (statement), SQLITE_DONE);
  sqlite3_finalize (statement);
  fold_anew (self);
  assert_all_folded (self);
}

int
main (void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test_setup_teardown (test_segments_hold_whole_rows_of_old_events, open_archive, close_archive),
    cmocka_unit_test_setup_teardown (test_folding_segments_is_folding_events, open_archive, close_archive),
    cmocka_unit_test_setup_teardown (test_a_segment_that_was_changed_is_passed_over, open_archive, close_archive),
    cmocka_unit_test_setup_teardown (test_a_segment_that_reads_well_and_lies_is_passed_over, open_archive, close_archive),
  };

  return cmocka_run_group_tests (tests, NULL, NULL);
}
