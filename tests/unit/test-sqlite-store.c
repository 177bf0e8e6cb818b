/* SPDX-License-Identifier: LGPL-2.1-or-later */
#define _GNU_SOURCE
#include "store/incident-sqlite-keeper-private.h"
#include "store-intake-rules.h"
#include "store-oncall-rules.h"
#include "store-outbox-rules.h"

#include <glib/gstdio.h>
#include <sqlite3.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

static char *
path_of (Shop *shop, const char *name)
{
  return g_build_filename (shop->folder, name, NULL);
}

static IncidentStore *
open_again (Shop *shop)
{
  g_autofree char *path = path_of (shop, "store.db");
  g_autoptr(GError) error = NULL;
  IncidentStore *store = incident_sqlite_store_open (path, shop->clock, &error);

  assert_no_error (error);
  return store;
}

static int
open_shop (void **state)
{
  Shop *shop = shop_new ();

  shop->folder = g_dir_make_tmp ("incident-test-XXXXXX", NULL);
  assert_non_null (shop->folder);
  shop->store = open_again (shop);
  *state = shop;
  return 0;
}

static int
close_shop (void **state)
{
  Shop *shop = *state;
  g_autoptr(GDir) folder = g_dir_open (shop->folder, 0, NULL);
  const char *name;

  g_clear_object (&shop->store);
  while ((name = g_dir_read_name (folder)) != NULL)
    {
      g_autofree char *path = path_of (shop, name);

      g_unlink (path);
    }
  g_rmdir (shop->folder);
  shop_free (shop);
  return 0;
}

#define shop_test(function) cmocka_unit_test_setup_teardown (function, open_shop, close_shop)

/* Another connection, which knows nothing of the library. */
static sqlite3 *
look (Shop *shop)
{
  g_autofree char *path = path_of (shop, "store.db");
  sqlite3 *db = NULL;

  assert_int_equal (sqlite3_open_v2 (path, &db, SQLITE_OPEN_READWRITE, NULL), SQLITE_OK);
  return db;
}

static void
assert_value (sqlite3 *db, const char *sql, const char *expected)
{
  sqlite3_stmt *statement = NULL;

  assert_int_equal (sqlite3_prepare_v2 (db, sql, -1, &statement, NULL), SQLITE_OK);
  assert_int_equal (sqlite3_step (statement), SQLITE_ROW);
  assert_string_equal ((const char *) sqlite3_column_text (statement, 0), expected);
  sqlite3_finalize (statement);
}

static void
tamper (Shop *shop, const char *sql)
{
  sqlite3 *db = look (shop);
  g_autofree char *all = g_strconcat ("DROP TRIGGER event_is_not_changed; DROP TRIGGER event_is_not_deleted;", sql,
                                      NULL);

  assert_int_equal (sqlite3_exec (db, all, NULL, NULL, NULL), SQLITE_OK);
  sqlite3_close (db);
}

static void
test_a_store_that_is_opened_again_is_the_same (void **state)
{
  Shop *shop = *state;
  g_autoptr(GPtrArray) before = NULL;
  g_autoptr(GPtrArray) after = NULL;
  g_autoptr(IncidentQuery) query = incident_query_new ();
  guint64 subject = 0;

  assert_true (commit (shop, draft (shop, 0, 1, "opened", OPENED), "g", 0, NULL));
  commit_well (shop, draft (shop, 1, 2, "noted", ""));
  before = load (shop, 1, 0);
  g_clear_object (&shop->store);
  shop->store = open_again (shop);
  after = load (shop, 1, 0);
  assert_int_equal (after->len, 2);
  for (guint i = 0; i < 2; i++)
    assert_memory_equal (((IncidentRecord *) g_ptr_array_index (before, i))->leaf,
                         ((IncidentRecord *) g_ptr_array_index (after, i))->leaf, INCIDENT_HASH_LENGTH);
  assert_true (incident_store_find_group (shop->store, "g", &subject, NULL) && subject == 1);
  assert_found (shop, query, "1 ");
}

static void
test_what_was_taken_in_is_there_when_the_store_is_opened_again (void **state)
{
  Shop *shop = *state;

  take_in_well (shop, 0, said (shop, "message", "a"), one_row (1, TRUE, 0, 0, "x"), draft (shop, 0, 1, "opened", OPENED));
  take_in_well (shop, 1, said (shop, "silence", "b"), one_row (2, FALSE, -1, 0, "y"), NULL);
  g_clear_object (&shop->store);
  shop->store = open_again (shop);
  assert_head (shop->store, 2);
  assert_intake (shop, NULL, 0, 10, "1=message:a 2=silence:b ");
  assert_rows (shop, 0, 0, 10, "1+1/1:x 2-0/2:y ");
}

static void
test_another_connection_sees_what_was_taken_in (void **state)
{
  Shop *shop = *state;
  g_autoptr(IncidentStore) first = shop->store;
  g_autoptr(IncidentStore) second = open_again (shop);
  g_autoptr(GError) error = NULL;

  assert_head (second, 0);
  take_in_well (shop, 0, said (shop, "message", "a"), NULL, NULL);
  assert_head (second, 1);
  shop->store = g_object_ref (second);
  assert_false (take_in (shop, 0, said (shop, "message", "b"), NULL, draft (shop, 0, 1, "opened", OPENED), &error));
  assert_error (error, INCIDENT_ERROR, INCIDENT_ERROR_CONFLICT);
  take_in_well (shop, 1, said (shop, "message", "b"), one_row (1, TRUE, 0, 0, "x"), draft (shop, 0, 1, "opened", OPENED));
  assert_head (first, 2);
  assert_intake (shop, NULL, 0, 10, "1=message:a 2=message:b ");
}

static void
test_a_copy_has_what_was_taken_in (void **state)
{
  Shop *shop = *state;
  g_autofree char *path = path_of (shop, "copy.db");
  g_autoptr(IncidentStore) original = NULL;

  take_in_well (shop, 0, said (shop, "message", "a"), one_row (1, TRUE, -1, 0, "x"), NULL);
  assert_true (incident_store_backup (shop->store, path, NULL, NULL));
  original = shop->store;
  shop->store = incident_sqlite_store_open (path, shop->clock, NULL);
  assert_intake (shop, NULL, 0, 10, "1=message:a ");
  assert_rows (shop, 1, 0, 10, "1+0/1:x ");
}

static void
test_others_can_change_nothing_of_what_was_taken_in_but_blank_it (void **state)
{
  static const char * const attempts[] = {
    "UPDATE intake SET actor = 'eve'", "UPDATE intake SET format = NULL", "UPDATE intake SET id = 9",
    "UPDATE intake SET body = x'00ff'", "DELETE FROM intake",
    "REPLACE INTO intake SELECT id, received_at, kind, 'eve', format, playbook, body FROM intake",
  };
  Shop *shop = *state;
  sqlite3 *db = look (shop);

  take_in_well (shop, 0, said (shop, "message", "secret"), NULL, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (attempts); i++)
    {
      if (sqlite3_exec (db, attempts[i], NULL, NULL, NULL) != SQLITE_CONSTRAINT)
        fail_msg ("%s: %s", attempts[i], sqlite3_errmsg (db));
      assert_non_null (strstr (sqlite3_errmsg (db), "what was taken in is never"));
    }
  assert_int_equal (sqlite3_exec (db, "UPDATE intake SET body = zeroblob (length (body))", NULL, NULL, NULL), SQLITE_OK);
  assert_value (db, "SELECT hex (body) FROM intake", "000000000000");
  sqlite3_close (db);
}

/* A message of some MB is not too much. */
static void
test_a_large_body_is_kept_as_it_is (void **state)
{
  Shop *shop = *state;
  gsize length = 5 << 20;
  g_autofree guint8 *data = g_malloc (length);
  g_autoptr(GBytes) body = NULL;
  g_autoptr(IncidentIntakeEntry) found = NULL;

  for (gsize i = 0; i < length; i++)
    data[i] = (guint8) (i * 2654435761u >> 13);
  body = g_bytes_new_take (g_steal_pointer (&data), length);
  take_in_well (shop, 0, incident_intake_entry_new ("message", START, "ana", NULL, NULL, body), NULL, NULL);
  found = incident_store_find_intake (shop->store, 1, NULL);
  assert_true (g_bytes_equal (found->body, body));
}

static void
assert_uses (sqlite3 *db, const char *sql, const char *index)
{
  g_autofree char *explain = g_strconcat ("EXPLAIN QUERY PLAN ", sql, NULL);
  sqlite3_stmt *statement = NULL;
  gboolean found = FALSE;

  assert_int_equal (sqlite3_prepare_v2 (db, explain, -1, &statement, NULL), SQLITE_OK);
  while (sqlite3_step (statement) == SQLITE_ROW)
    found = found || strstr ((const char *) sqlite3_column_text (statement, 3), index) != NULL;
  sqlite3_finalize (statement);
  if (!found)
    fail_msg ("%s does not use %s", sql, index);
}

static void
test_what_people_said_is_found_without_passing_over_messages (void **state)
{
  sqlite3 *db = look (*state);

  assert_uses (db, "SELECT body FROM intake WHERE kind = ?3 AND kind <> 'message' AND id > ?1 ORDER BY id LIMIT ?2",
               "USING INDEX intake_kind (kind=? AND rowid>?)");
  assert_uses (db, "SELECT id FROM intake WHERE received_at < ?1 ORDER BY received_at DESC, id DESC LIMIT 1",
               "USING COVERING INDEX intake_received_at (received_at<?)");
  sqlite3_close (db);
}

/* Messages */

static void
test_messages_are_there_when_the_store_is_opened_again (void **state)
{
  Shop *shop = *state;
  g_auto(Parcel) parcel = { { NULL, } };
  g_autoptr(IncidentOutboxRow) row = NULL;

  put_text (shop, "a", "1");
  put_text (shop, "b", "1");
  row = claim (shop);
  tell_channel (&parcel, "slack", 0, "{}");
  send_off (shop, &parcel);
  g_clear_object (&shop->store);
  shop->store = open_again (shop);
  assert_all (shop, "a:sending b:pending ");
  assert_counts (shop, "slack", 1, 1, 0, 0, START);
  assert_channel (shop, "slack", 1, "{}");
  assert_none (shop, START + LEASE);
  settle (shop, row, INCIDENT_MESSAGE_STATE_SENT);
  assert_claims (shop, "b");
}

static void
test_a_copy_has_the_messages (void **state)
{
  Shop *shop = *state;
  g_autofree char *path = path_of (shop, "copy.db");
  g_autoptr(IncidentStore) original = NULL;

  put_text (shop, "a", "1");
  assert_true (incident_store_backup (shop->store, path, NULL, NULL));
  put_text (shop, "b", "1");
  original = shop->store;
  shop->store = incident_sqlite_store_open (path, shop->clock, NULL);
  assert_all (shop, "a:pending ");
  assert_claims (shop, "a");
}

static void
test_what_one_connection_claims_no_other_does (void **state)
{
  Shop *shop = *state;
  g_autoptr(IncidentStore) mine = g_object_ref (shop->store);
  g_autoptr(IncidentStore) theirs = open_again (shop);
  g_autoptr(IncidentOutboxRow) first = NULL;
  g_autoptr(IncidentOutboxRow) second = NULL;

  put_text (shop, "a", "1");
  put_text (shop, "b", "1");
  first = claim (shop);
  g_set_object (&shop->store, theirs);
  assert_none (shop, START + LEASE);
  pass (shop, LEASE);
  second = claim (shop);
  assert_string_equal (second->key, "a");
  g_set_object (&shop->store, mine);
  assert_stale (shop, first, INCIDENT_MESSAGE_STATE_SENT, CLAIMED_ANEW);
  g_set_object (&shop->store, theirs);
  settle (shop, second, INCIDENT_MESSAGE_STATE_SENT);
  g_set_object (&shop->store, mine);
  assert_claims (shop, "b");
}

#define N_SENDERS 4
#define N_CONTESTED 60

typedef struct
{
  IncidentStore *store;
  GPtrArray     *rows;   /* that it claimed */
  guint          n_sent;
  guint          n_conflicts;
  GError        *error;  /* of a claim */
} Sender;

/* Until nothing is left; and says of each twice what became of it. */
static gpointer
send_all (gpointer data)
{
  static const char * const channels[] = { "slack", NULL };
  const IncidentOutboxClaim at_once = { START, START + LEASE, "me", channels };
  Sender *self = data;
  IncidentOutboxRow *row;

  while ((row = incident_store_claim_message (self->store, &at_once, NULL, &self->error)) != NULL)
    {
      g_ptr_array_add (self->rows, row);
      for (guint i = 0; i < 2; i++)
        {
          g_auto(Parcel) parcel = { { NULL, } };
          g_autoptr(GError) error = NULL;

          parcel_init (&parcel);
          g_ptr_array_add (parcel.commit.changes, incident_outbox_change_new (row, INCIDENT_MESSAGE_STATE_SENT, START));
          self->n_sent += incident_store_commit (self->store, &parcel.commit, &error) ? 1 : 0;
          self->n_conflicts += g_error_matches (error, INCIDENT_ERROR, INCIDENT_ERROR_CONFLICT) ? 1 : 0;
        }
    }
  return NULL;
}

/* Two of them share a connection, and so their commits share transactions: what one of them says too late fails alone. */
static void
test_of_many_who_claim_at_once_one_gets_it (void **state)
{
  Shop *shop = *state;
  g_autoptr(IncidentStore) other = open_again (shop);
  g_autoptr(GHashTable) keys = g_hash_table_new (g_str_hash, g_str_equal);
  Sender senders[N_SENDERS];
  GThread *threads[N_SENDERS];

  for (guint i = 0; i < N_CONTESTED; i++)
    {
      g_autofree char *key = g_strdup_printf ("k%u", i);
      g_autofree char *lane = g_strdup_printf ("l%u", i % 20);

      put_text (shop, key, lane);
    }
  for (guint i = 0; i < N_SENDERS; i++)
    {
      senders[i] = (Sender) { i % 2 == 0 ? shop->store : other,
                              g_ptr_array_new_with_free_func ((GDestroyNotify) incident_outbox_row_free), 0, 0, NULL };
      threads[i] = g_thread_new (NULL, send_all, &senders[i]);
    }
  for (guint i = 0; i < N_SENDERS; i++)
    g_thread_join (threads[i]);
  for (guint i = 0; i < N_SENDERS; i++)
    {
      assert_no_error (senders[i].error);
      assert_int_equal (senders[i].n_sent, senders[i].rows->len);
      assert_int_equal (senders[i].n_conflicts, senders[i].rows->len);
      for (guint j = 0; j < senders[i].rows->len; j++)
        assert_true (g_hash_table_add (keys, ((IncidentOutboxRow *) g_ptr_array_index (senders[i].rows, j))->key));
    }
  assert_counts (shop, "slack", 0, 0, N_CONTESTED, 0, INCIDENT_TIME_NONE);
  g_hash_table_remove_all (keys);
  for (guint i = 0; i < N_SENDERS; i++)
    g_ptr_array_unref (senders[i].rows);
}

static gboolean
is_in_a_file (Shop *shop, const char *words)
{
  g_autoptr(GDir) folder = g_dir_open (shop->folder, 0, NULL);
  gboolean found = FALSE;
  const char *name;

  while ((name = g_dir_read_name (folder)) != NULL)
    {
      g_autofree char *path = path_of (shop, name);
      g_autofree char *contents = NULL;
      gsize length;

      assert_true (g_file_get_contents (path, &contents, &length, NULL));
      found = found || memmem (contents, length, words, strlen (words)) != NULL;
    }
  return found;
}

/* However long they are. */
static void
test_words_that_are_removed_leave_no_trace_of_the_message (void **state)
{
  static const gsize lengths[] = { 20, 900, 30000 };
  Shop *shop = *state;

  for (guint i = 0; i < G_N_ELEMENTS (lengths); i++)
    {
      g_autofree char *fill = g_strnfill (lengths[i], 'x');
      g_autofree char *words = g_strdup_printf ("%s the password is hunter2", fill);
      IncidentOutboxRow *row = message (shop, words + lengths[i], "slack", "1");

      g_free (row->key);
      row->key = g_strdup_printf ("k%u", i);
      g_free (row->body);
      row->body = g_strdup (words);
      row->subject = i + 1;
      row->seq = 1;
      commit_well (shop, draft (shop, 0, 1, "opened", OPENED));
      put (shop, row);
      assert_true (is_in_a_file (shop, "hunter2"));
      commit_well (shop, draft (shop, i + 1, 2, "redacted", "redacts=1"));
      assert_false (is_in_a_file (shop, "hunter2"));
    }
}

static void
test_a_message_that_was_tampered_with_is_noticed (void **state)
{
  static const char * const changes[] = {
    "UPDATE outbox SET state = 99 WHERE id = 1; UPDATE outbox_lane SET due = 0",
    "UPDATE outbox SET kind = -1 WHERE id = 1",
    "UPDATE outbox SET state = 3 WHERE id = 1",
    "DELETE FROM outbox WHERE id = 1",
    "UPDATE outbox SET lane = 'elsewhere' WHERE id = 1",
    "UPDATE outbox SET body = 'a' || x'00' || 'b' WHERE id = 1",
  };
  static const char * const channels[] = { "slack", NULL };
  const IncidentOutboxClaim at_once = { START, START + LEASE, "me", channels };

  close_shop (state);
  for (guint i = 0; i < G_N_ELEMENTS (changes); i++)
    {
      g_autoptr(GError) error = NULL;
      Shop *shop;
      sqlite3 *db;

      open_shop (state);
      shop = *state;
      put_text (shop, "a", "1");
      db = look (shop);
      assert_int_equal (sqlite3_exec (db, changes[i], NULL, NULL, NULL), SQLITE_OK);
      sqlite3_close (db);
      if (incident_store_claim_message (shop->store, &at_once, NULL, &error) != NULL)
        fail_msg ("not noticed: %s", changes[i]);
      assert_error (error, INCIDENT_ERROR, INCIDENT_ERROR_CORRUPT);
      if (i + 1 < G_N_ELEMENTS (changes))
        close_shop (state);
    }
}

/* Each by an index of its own: however many there are of the others. */
static void
test_messages_are_found_without_passing_over_others (void **state)
{
  static const struct { const char *sql, *index; } looks[] = {
    { "SELECT head, due FROM outbox_lane WHERE channel = ?1 AND priority = ?2 AND head IS NOT NULL ORDER BY due, head LIMIT 1",
      "USING COVERING INDEX outbox_lane_due (channel=? AND priority=?)" },
    { "SELECT NULL, id, priority, not_before FROM outbox WHERE channel = ?1 AND lane = ?2 AND state < 3 ORDER BY id LIMIT 1",
      "USING INDEX outbox_waiting (channel=? AND lane=?)" },
    { "SELECT id, lane FROM outbox WHERE channel = ?1 AND coalesce_key = ?2 AND state = 0 ORDER BY id DESC LIMIT 1",
      "USING INDEX outbox_coalesce (channel=? AND coalesce_key=?)" },
    { "SELECT id, key FROM outbox WHERE depends_on = ?1 AND channel = ?2 AND lane = ?3 AND state = 0 ORDER BY id LIMIT 1",
      "USING INDEX outbox_depends (depends_on=?)" },
    { "SELECT id FROM outbox WHERE channel = ?1 AND state = ?2 AND state <> 3 AND id > ?3 ORDER BY id LIMIT ?4",
      "USING COVERING INDEX outbox_not_sent (channel=? AND state=? AND rowid>?)" },
    { "SELECT created_at FROM outbox WHERE channel = ?1 AND state = ?2 AND state <> 3 ORDER BY id LIMIT 1",
      "USING INDEX outbox_not_sent (channel=? AND state=?)" },
    { "SELECT body FROM outbox WHERE subject = ?1 AND channel = ?2 AND kind = ?3 AND state = 3 ORDER BY id LIMIT 1",
      "USING INDEX outbox_sent (subject=? AND channel=? AND kind=?)" },
    { "SELECT subject FROM outbox WHERE channel = ?1 AND conversation = ?2 AND kind = 1 AND state = 3 ORDER BY id DESC LIMIT 1",
      "USING INDEX outbox_room (channel=? AND conversation=?)" },
    { "UPDATE outbox SET body = '{}' WHERE subject = ?1 AND seq = ?2", "USING INDEX outbox_subject (subject=?)" },
  };
  sqlite3 *db = look (*state);

  for (guint i = 0; i < G_N_ELEMENTS (looks); i++)
    assert_uses (db, looks[i].sql, looks[i].index);
  sqlite3_close (db);
}

static void
test_only_the_owner_may_read_the_file (void **state)
{
  Shop *shop = *state;
  static const char * const names[] = { "store.db", "store.db-wal", "store.db-shm" };

  commit_well (shop, draft (shop, 0, 1, "opened", OPENED));
  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    {
      g_autofree char *path = path_of (shop, names[i]);
      struct stat info;

      assert_int_equal (stat (path, &info), 0);
      assert_int_equal (info.st_mode & 0777, 0600);
    }
}

static void
test_the_file_is_marked_as_a_store_with_a_version (void **state)
{
  sqlite3 *db = look (*state);

  assert_value (db, "PRAGMA application_id", "1229865796"); /* “INCD” */
  assert_value (db, "PRAGMA user_version", "6");
  assert_value (db, "PRAGMA journal_mode", "wal");
  assert_value (db, "SELECT count (*) FROM store WHERE length (store_id) = 16", "1");
  sqlite3_close (db);
}

static void
test_rows_that_queries_read_follow_the_events (void **state)
{
  Shop *shop = *state;
  g_autoptr(IncidentQuery) query = incident_query_new ();
  sqlite3 *db = look (shop);

  commit_well (shop, draft (shop, 0, 1, "opened", OPENED "\nseverity=sev2\nservice=s"));
  commit_well (shop, draft (shop, 1, 2, "diagnosed", "phase=diagnosis"));
  assert_value (db, "SELECT version || title || phase || open || severity || service FROM case_row", "1Tnew1sev2s");
  assert_found (shop, query, "1 ");
  assert_value (db,
                "SELECT version || title || phase || open || severity || service || (closed_at IS NULL) FROM case_row",
                "2Tdiagnosis1sev2s1");
  assert_value (db, "SELECT applied FROM store", "2");
  commit_well (shop, draft (shop, 1, 3, "cancelled", "phase=cancelled\nstate=ended"));
  assert_found (shop, query, "1 ");
  assert_value (db, "SELECT version || phase || open || closed_at FROM case_row", "3cancelled01795417200000000");
  assert_value (db, "SELECT applied FROM store", "3");
  sqlite3_close (db);
}

static void
test_the_row_of_a_case_that_ends_twice_has_its_last_end (void **state)
{
  Shop *shop = *state;
  g_autoptr(IncidentQuery) query = incident_query_new ();
  sqlite3 *db = look (shop);

  commit_well (shop, draft (shop, 0, 1, "opened", OPENED));
  commit_well (shop, draft (shop, 1, 2, "cancelled", "phase=cancelled\nstate=ended"));
  assert_found (shop, query, "1 ");
  incident_manual_clock_advance (INCIDENT_MANUAL_CLOCK (shop->clock), G_TIME_SPAN_MINUTE);
  commit_well (shop, draft (shop, 1, 3, "reopened", "phase=diagnosis\nstate=live\nepisode=2"));
  commit_well (shop, draft (shop, 1, 4, "cancelled", "phase=cancelled\nstate=ended"));
  assert_found (shop, query, "1 ");
  assert_value (db, "SELECT version || phase || open || closed_at FROM case_row", "4cancelled01795417260000000");
  sqlite3_close (db);
}

static void
test_rows_that_were_lost_are_made_again (void **state)
{
  Shop *shop = *state;
  g_autoptr(IncidentQuery) query = incident_query_new ();
  sqlite3 *db = look (shop);

  commit_well (shop, draft (shop, 0, 1, "opened", OPENED));
  commit_well (shop, draft (shop, 0, 1, "opened", OPENED));
  assert_found (shop, query, "2 1 ");
  assert_int_equal (sqlite3_exec (db, "DELETE FROM case_row; UPDATE store SET applied = 0", NULL, NULL, NULL),
                    SQLITE_OK);
  assert_found (shop, query, "2 1 ");
  sqlite3_close (db);
}

/* What stands in SQLite's log is copied into the file, and the log does not grow for ever. */
static void
test_the_log_of_sqlite_stays_within_bounds (void **state)
{
  Shop *shop = *state;
  g_autofree char *path = path_of (shop, "store.db");
  g_autofree char *log_path = path_of (shop, "store.db-wal");
  IncidentSqliteKeeperLimits limits = incident_sqlite_keeper_limits;
  struct stat file, log;

  incident_sqlite_keeper_limits.wal_pages = 64;
  commit_well (shop, draft (shop, 0, 1, "opened", OPENED));
  for (guint i = 0; i < 3000; i++)
    commit_well (shop, draft (shop, 1, i + 2, "noted", ""));
  incident_sqlite_keeper_limits = limits;
  assert_int_equal (stat (path, &file), 0);
  assert_int_equal (stat (log_path, &log), 0);
  /* 3,000 commits of three pages are 37 MB. */
  assert_true (file.st_size > 200000);
  assert_true (log.st_size < 12000000);
}

static void
test_events_cannot_be_changed_or_deleted (void **state)
{
  Shop *shop = *state;
  sqlite3 *db = look (shop);

  commit_well (shop, draft (shop, 0, 1, "opened", OPENED));
  assert_int_equal (sqlite3_exec (db, "UPDATE event SET actor = 'eve'", NULL, NULL, NULL), SQLITE_CONSTRAINT);
  assert_int_equal (sqlite3_exec (db, "DELETE FROM event", NULL, NULL, NULL), SQLITE_CONSTRAINT);
  sqlite3_close (db);
}

static void
test_a_change_behind_the_library_is_noticed (void **state)
{
  static const char * const changes[] = {
    "UPDATE event SET actor = 'eve' WHERE seq = 2",
    "UPDATE event SET facts = 'phase=closed' WHERE seq = 2",
    "UPDATE event SET occurred_at = occurred_at - 1 WHERE seq = 2",
    "UPDATE event SET recorded_at = recorded_at - 1 WHERE seq = 2",
    "UPDATE event SET kind = 'closed' WHERE seq = 2",
    "UPDATE event SET verified = 1 WHERE seq = 2",
    "UPDATE event SET step = 1 WHERE seq = 2",
    "UPDATE event SET operation = zeroblob (16) WHERE seq = 2",
    "UPDATE event SET operation = zeroblob (15) WHERE seq = 2",
    "UPDATE event SET leaf = zeroblob (32) WHERE seq = 2",
    "UPDATE event SET commitment = zeroblob (31) WHERE seq = 2",
    "UPDATE event SET seq = 9 WHERE seq = 2",
    "UPDATE payload SET body = '{\"text\":\"other\"}' WHERE log_index = 1",
    "UPDATE payload SET key = zeroblob (32) WHERE log_index = 1",
  };

  close_shop (state);
  for (guint i = 0; i < G_N_ELEMENTS (changes); i++)
    {
      g_autoptr(GError) error = NULL;
      Shop *shop;

      open_shop (state);
      shop = *state;
      commit_well (shop, draft (shop, 0, 1, "opened", OPENED));
      commit_well (shop, draft (shop, 1, 2, "noted", ""));
      tamper (shop, changes[i]);
      if (incident_store_load (shop->store, 1, 0, &error) != NULL)
        fail_msg ("not noticed: %s", changes[i]);
      assert_error (error, INCIDENT_ERROR, INCIDENT_ERROR_CORRUPT);
      assert_non_null (strstr (error->message, "is not as it was recorded"));
      if (i + 1 < G_N_ELEMENTS (changes))
        close_shop (state);
    }
}

static void
test_an_event_that_is_gone_is_noticed (void **state)
{
  Shop *shop = *state;
  g_autoptr(GError) error = NULL;
  g_autoptr(GError) log_error = NULL;

  commit_well (shop, draft (shop, 0, 1, "opened", OPENED));
  commit_well (shop, draft (shop, 1, 2, "noted", ""));
  commit_well (shop, draft (shop, 1, 3, "noted", ""));
  tamper (shop, "DELETE FROM payload WHERE log_index = 1; DELETE FROM event WHERE log_index = 1");
  assert_null (incident_store_load (shop->store, 1, 0, &error));
  assert_error (error, INCIDENT_ERROR, INCIDENT_ERROR_CORRUPT);
  assert_null (incident_store_read_log (shop->store, 0, 10, &log_error));
  assert_error (log_error, INCIDENT_ERROR, INCIDENT_ERROR_CORRUPT);
}

static void
test_a_payload_that_was_erased_leaves_the_event (void **state)
{
  Shop *shop = *state;
  g_autoptr(GPtrArray) records = NULL;
  sqlite3 *db = look (shop);

  commit_well (shop, draft (shop, 0, 1, "opened", OPENED));
  assert_int_equal (sqlite3_exec (db, "DELETE FROM payload", NULL, NULL, NULL), SQLITE_OK);
  sqlite3_close (db);
  records = load (shop, 1, 0);
  assert_int_equal (records->len, 1);
  assert_null (((IncidentRecord *) g_ptr_array_index (records, 0))->payload);
}

static void
test_two_connections_see_each_other_and_conflict (void **state)
{
  Shop *shop = *state;
  g_autoptr(IncidentStore) mine = g_object_ref (shop->store);
  g_autoptr(IncidentStore) theirs = open_again (shop);

  commit_well (shop, draft (shop, 0, 1, "opened", OPENED));
  g_set_object (&shop->store, theirs);
  assert_conflict (shop, draft (shop, 1, 1, "noted", ""), NULL, 0);
  commit_well (shop, draft (shop, 1, 2, "noted", ""));
  g_set_object (&shop->store, mine);
  assert_conflict (shop, draft (shop, 1, 2, "noted", ""), NULL, 0);
  commit_well (shop, draft (shop, 1, 3, "noted", ""));
}

static void
assert_not_opened (Shop *shop, const char *name, GQuark domain, int code)
{
  g_autofree char *path = path_of (shop, name);
  g_autoptr(GError) error = NULL;

  assert_null (incident_sqlite_store_open (path, shop->clock, &error));
  if (!g_error_matches (error, domain, code))
    fail_msg ("%s: %s %d: %s", name, g_quark_to_string (error->domain), error->code, error->message);
}

static void
make_database (Shop *shop, const char *name, const char *sql)
{
  g_autofree char *path = path_of (shop, name);
  sqlite3 *db = NULL;

  assert_int_equal (sqlite3_open (path, &db), SQLITE_OK);
  assert_int_equal (sqlite3_exec (db, sql, NULL, NULL, NULL), SQLITE_OK);
  sqlite3_close (db);
}

static void
test_what_is_no_store_is_left_alone (void **state)
{
  Shop *shop = *state;
  g_autofree char *text = path_of (shop, "text");
  g_autofree char *contents = NULL;
  g_autofree char *line = g_strnfill (2000, 'x');

  assert_true (g_file_set_contents (text, line, -1, NULL));
  assert_not_opened (shop, "text", INCIDENT_ERROR, INCIDENT_ERROR_NOT_A_STORE);
  assert_true (g_file_get_contents (text, &contents, NULL, NULL));
  assert_string_equal (contents, line);

  make_database (shop, "other.db", "CREATE TABLE t (a); PRAGMA user_version = 1");
  assert_not_opened (shop, "other.db", INCIDENT_ERROR, INCIDENT_ERROR_NOT_A_STORE);
  make_database (shop, "newer.db", "PRAGMA application_id = 1229865796; PRAGMA user_version = 99; CREATE TABLE t (a)");
  assert_not_opened (shop, "newer.db", INCIDENT_ERROR, INCIDENT_ERROR_TOO_NEW);
  make_database (shop, "hollow.db",
                 "PRAGMA application_id = 1229865796; PRAGMA user_version = 1; CREATE TABLE store (id, store_id)");
  assert_not_opened (shop, "hollow.db", INCIDENT_ERROR, INCIDENT_ERROR_CORRUPT);
  assert_not_opened (shop, "no-such-folder/store.db", G_IO_ERROR, G_IO_ERROR_NOT_FOUND);
  assert_not_opened (shop, ".", INCIDENT_ERROR, INCIDENT_ERROR_NOT_A_STORE);
}

static void
test_a_backup_is_a_store_of_its_own (void **state)
{
  Shop *shop = *state;
  g_autofree char *path = path_of (shop, "copy.db");
  g_autoptr(GPtrArray) records = NULL;
  g_autoptr(GError) error = NULL;
  struct stat info;

  commit_well (shop, draft (shop, 0, 1, "opened", OPENED));
  assert_true (incident_store_backup (shop->store, path, NULL, &error));
  assert_no_error (error);
  assert_int_equal (stat (path, &info), 0);
  assert_int_equal (info.st_mode & 0777, 0600);
  commit_well (shop, draft (shop, 1, 2, "noted", ""));
  g_clear_object (&shop->store);
  shop->store = incident_sqlite_store_open (path, shop->clock, &error);
  assert_no_error (error);
  records = load (shop, 1, 0);
  assert_int_equal (records->len, 1);
}

static void
test_a_backup_overwrites_nothing (void **state)
{
  Shop *shop = *state;
  g_autofree char *path = path_of (shop, "copy.db");
  g_autofree char *contents = NULL;
  g_autoptr(GError) error = NULL;

  assert_true (g_file_set_contents (path, "precious", -1, NULL));
  assert_false (incident_store_backup (shop->store, path, NULL, &error));
  assert_error (error, G_IO_ERROR, G_IO_ERROR_EXISTS);
  assert_true (g_file_get_contents (path, &contents, NULL, NULL));
  assert_string_equal (contents, "precious");
}

static void
test_a_backup_that_is_cancelled_leaves_nothing (void **state)
{
  Shop *shop = *state;
  g_autofree char *path = path_of (shop, "copy.db");
  g_autoptr(GCancellable) cancellable = g_cancellable_new ();
  g_autoptr(GError) error = NULL;

  g_cancellable_cancel (cancellable);
  assert_false (incident_store_backup (shop->store, path, cancellable, &error));
  assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  assert_false (g_file_test (path, G_FILE_TEST_EXISTS));
}

static void
test_a_forked_child_is_turned_away (void **state)
{
  Shop *shop = *state;
  int status = 0;
  pid_t child = fork ();

  if (child == 0)
    {
      g_autoptr(GError) error = NULL;

      incident_store_load (shop->store, 1, 0, &error);
      _exit (g_error_matches (error, INCIDENT_ERROR, INCIDENT_ERROR_FORKED) ? 0 : 1);
    }
  assert_true (waitpid (child, &status, 0) == child);
  assert_true (WIFEXITED (status));
  assert_int_equal (WEXITSTATUS (status), 0);
}

int
main (void)
{
  const struct CMUnitTest tests[] = {
    STORE_RULES (open_shop, close_shop),
    STORE_INTAKE_RULES (open_shop, close_shop),
    STORE_OUTBOX_RULES (open_shop, close_shop),
    STORE_ONCALL_RULES (open_shop, close_shop),
    shop_test (test_a_store_that_is_opened_again_is_the_same),
    shop_test (test_what_was_taken_in_is_there_when_the_store_is_opened_again),
    shop_test (test_another_connection_sees_what_was_taken_in),
    shop_test (test_a_copy_has_what_was_taken_in),
    shop_test (test_others_can_change_nothing_of_what_was_taken_in_but_blank_it),
    shop_test (test_a_large_body_is_kept_as_it_is),
    shop_test (test_what_people_said_is_found_without_passing_over_messages),
    shop_test (test_messages_are_there_when_the_store_is_opened_again),
    shop_test (test_a_copy_has_the_messages),
    shop_test (test_what_one_connection_claims_no_other_does),
    shop_test (test_of_many_who_claim_at_once_one_gets_it),
    shop_test (test_words_that_are_removed_leave_no_trace_of_the_message),
    shop_test (test_a_message_that_was_tampered_with_is_noticed),
    shop_test (test_messages_are_found_without_passing_over_others),
    shop_test (test_only_the_owner_may_read_the_file),
    shop_test (test_the_file_is_marked_as_a_store_with_a_version),
    shop_test (test_rows_that_queries_read_follow_the_events),
    shop_test (test_the_row_of_a_case_that_ends_twice_has_its_last_end),
    shop_test (test_rows_that_were_lost_are_made_again),
    shop_test (test_the_log_of_sqlite_stays_within_bounds),
    shop_test (test_events_cannot_be_changed_or_deleted),
    shop_test (test_a_change_behind_the_library_is_noticed),
    shop_test (test_an_event_that_is_gone_is_noticed),
    shop_test (test_a_payload_that_was_erased_leaves_the_event),
    shop_test (test_two_connections_see_each_other_and_conflict),
    shop_test (test_what_is_no_store_is_left_alone),
    shop_test (test_a_backup_is_a_store_of_its_own),
    shop_test (test_a_backup_overwrites_nothing),
    shop_test (test_a_backup_that_is_cancelled_leaves_nothing),
    shop_test (test_a_forked_child_is_turned_away),
  };

  return cmocka_run_group_tests (tests, NULL, NULL);
}
