/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "incident-test.h"

#include <glib/gstdio.h>

#include "store/incident-sqlite-private.h"

typedef struct
{
  IncidentClock *clock;
  char          *folder;
  char          *path;
} Place;

static int
make_place (void **state)
{
  Place *place = g_new0 (Place, 1);

  place->clock = incident_manual_clock_new (0, 7);
  place->folder = g_dir_make_tmp ("incident-test-XXXXXX", NULL);
  place->path = g_build_filename (place->folder, "store.db", NULL);
  *state = place;
  return 0;
}

static int
clear_place (void **state)
{
  Place *place = *state;

  g_unlink (place->path);
  assert_int_equal (g_rmdir (place->folder), 0);
  g_object_unref (place->clock);
  g_free (place->folder);
  g_free (place->path);
  g_free (place);
  return 0;
}

static IncidentSqlite *
open_file (Place *place)
{
  g_autoptr(GError) error = NULL;
  IncidentSqlite *sqlite = incident_sqlite_open (place->path, place->clock, &error);

  assert_no_error (error);
  return sqlite;
}

static void
assert_pragma (sqlite3 *db, const char *pragma, const char *expected)
{
  g_autofree char *sql = g_strconcat ("PRAGMA ", pragma, NULL);
  sqlite3_stmt *statement = NULL;

  assert_int_equal (sqlite3_prepare_v2 (db, sql, -1, &statement, NULL), SQLITE_OK);
  assert_int_equal (sqlite3_step (statement), SQLITE_ROW);
  assert_string_equal ((const char *) sqlite3_column_text (statement, 0), expected);
  sqlite3_finalize (statement);
}

static void
test_each_connection_is_durable_and_careful (void **state)
{
  for (guint i = 0; i < 2; i++)
    {
      IncidentSqlite *sqlite = open_file (*state);

      assert_pragma (sqlite->db, "journal_mode", "wal");
      assert_pragma (sqlite->db, "synchronous", "2"); /* FULL */
      assert_pragma (sqlite->db, "foreign_keys", "1");
      assert_pragma (sqlite->db, "integrity_check", "ok");
      incident_sqlite_close (sqlite);
    }
}

static void
test_the_id_of_a_store_is_drawn_once (void **state)
{
  static const guint8 zero[INCIDENT_STORE_ID_LENGTH] = { 0 };
  IncidentSqlite *first = open_file (*state);
  IncidentSqlite *second = open_file (*state);

  assert_memory_equal (first->store_id, second->store_id, sizeof zero);
  assert_memory_not_equal (first->store_id, zero, sizeof zero);
  incident_sqlite_close (first);
  incident_sqlite_close (second);
}

/* A statement that were not finalized would keep the connection, and so the log, open. */
static void
test_a_desk_that_is_dropped_closes_the_file (void **state)
{
  Place *place = *state;
  g_autofree char *wal = g_strconcat (place->path, "-wal", NULL);
  g_autoptr(IncidentQuery) query = incident_query_new ();
  g_autoptr(GPtrArray) cases = NULL;
  g_autoptr(GError) error = NULL;
  g_autoptr(IncidentDesk) desk = incident_desk_open (place->path, &error);
  g_autoptr(IncidentCase) kase = incident_desk_open_case (desk, "T", INCIDENT_SEVERITY_SEV1, "ana", &error);

  assert_no_error (error);
  assert_true (incident_case_diagnose (kase, "x", "ana", &error));
  cases = incident_desk_find_cases (desk, query, &error);
  assert_int_equal (cases->len, 1);
  assert_true (incident_desk_refresh (desk, &error));
  assert_true (g_file_test (wal, G_FILE_TEST_EXISTS));
  g_clear_pointer (&cases, g_ptr_array_unref);
  g_clear_object (&kase);
  g_clear_object (&desk);
  assert_false (g_file_test (wal, G_FILE_TEST_EXISTS));
}

int
main (void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test_setup_teardown (test_each_connection_is_durable_and_careful, make_place, clear_place),
    cmocka_unit_test_setup_teardown (test_the_id_of_a_store_is_drawn_once, make_place, clear_place),
    cmocka_unit_test_setup_teardown (test_a_desk_that_is_dropped_closes_the_file, make_place, clear_place),
  };

  return cmocka_run_group_tests (tests, NULL, NULL);
}
