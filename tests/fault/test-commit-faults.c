/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The disk fails at each single step of a commit: what is said of the command must
 * be true, and it can be given again. */
#include "fault-vfs.h"
#include "support.h"

#include <glib/gstdio.h>
#include <string.h>

#include "../far-side.h"
#include "store/incident-store-private.h"

#define OPERATION "00112233445566778899aabbccddeeff"

typedef struct
{
  const char *path;
  gboolean    with_witness;  /* another connection is open all the time */
  sqlite3    *witness;
  IncidentDesk *desk;
  IncidentCase *kase;
} Stage;

static void
stage_begin (Stage *self)
{
  self->desk = open_desk (self->path);
  self->kase = open_case (self->desk, "Checkout answers 500");
  if (self->with_witness)
    {
      self->witness = raw_open (self->path);
      assert_int_equal (raw_query (self->witness, "SELECT count (*) FROM event"), 1);
    }
}

static void
stage_end (Stage *self)
{
  g_autofree char *wal = g_strconcat (self->path, "-wal", NULL);
  g_autofree char *shm = g_strconcat (self->path, "-shm", NULL);

  g_clear_object (&self->kase);
  g_clear_object (&self->desk);
  g_clear_pointer (&self->witness, sqlite3_close);
  g_remove (self->path);
  g_remove (wal);
  g_remove (shm);
}

static IncidentCommand *
make_note (void)
{
  IncidentCommand *command = incident_command_new ("note", "ana");

  assert_true (incident_command_set (command, "text", "called the vendor", NULL));
  assert_true (incident_command_set_operation (command, OPERATION, NULL));
  return command;
}

static guint
count_notes (Stage *self)
{
  return (guint) raw_ask (self->path, "SELECT count (*) FROM event WHERE operation = x'" OPERATION "'");
}

/* Told so, it is so; and the same command again is recorded once, whatever came before. */
static void
check_truth (Stage        *self,
             gboolean      told,
             const GError *error,
             guint         n)
{
  guint n_notes = count_notes (self);
  g_autoptr(IncidentCommand) again = make_note ();
  g_autoptr(GError) again_error = NULL;
  g_autofree char *held = NULL;
  g_autofree char *folded = NULL;
  g_autoptr(IncidentDesk) fresh = NULL;
  g_autoptr(IncidentCase) same = NULL;

  if (told && n_notes != 1)
    fail_msg ("step %u: told that it is recorded, and it is there %u times", n, n_notes);
  if (!told && !g_error_matches (error, INCIDENT_ERROR, INCIDENT_ERROR_COMMIT_UNKNOWN) && n_notes != 0)
    fail_msg ("step %u: told that nothing is recorded (%s), and it is there", n, error->message);
  assert_int_equal (incident_case_get_version (self->kase), told ? 2 : 1);

  incident_case_act (self->kase, again, &again_error);
  assert_no_error (again_error);
  assert_int_equal (count_notes (self), 1);
  assert_int_equal (incident_case_get_version (self->kase), 2);
  add_notes (self->kase, 1);

  fresh = open_desk (self->path);
  same = incident_desk_get_case (fresh, 1, NULL);
  held = incident_case_to_json (self->kase);
  folded = incident_case_to_json (same);
  assert_string_equal (held, folded);
  assert_int_equal (count_events (fresh), 3);
}

/* Commands that were recorded although their commit failed. */
static guint n_recorded_all_the_same;

/* Returns at how many steps the fault could strike. */
static guint
fail_at_each_step (Place    *place,
                   Fault     fault,
                   guint     times,
                   gboolean  with_witness)
{
  guint n = 0;
  gboolean failed;

  do
    {
      Stage stage = { place->path, with_witness, NULL, NULL, NULL };
      g_autoptr(IncidentCommand) command = make_note ();
      g_autoptr(GError) error = NULL;
      gboolean told;

      n++;
      stage_begin (&stage);
      fault_vfs_arm (fault, n, times);
      told = incident_case_act (stage.kase, command, &error);
      failed = fault_vfs_disarm ();
      if (!failed && error != NULL)
        fail_msg ("without a fault: %s", error->message);
      assert_int_equal (told, error == NULL);
      n_recorded_all_the_same += failed && told ? 1 : 0;
      check_truth (&stage, told, error, n);
      stage_end (&stage);
    }
  while (failed);

  return n - 1;
}

static void
fail_everywhere (Place *place,
                 Fault  fault)
{
  static const guint times[] = { 1, 2, 3, FAULT_FOR_GOOD };

  for (guint i = 0; i < 2 * G_N_ELEMENTS (times); i++)
    assert_true (fail_at_each_step (place, fault, times[i / 2], i % 2 == 1) > 0);
}

static void
test_a_failing_sync_is_told_as_it_is (void **state)
{
  n_recorded_all_the_same = 0;
  fail_everywhere (*state, FAULT_SYNC);
  assert_true (n_recorded_all_the_same > 0);
}

static void
test_a_failing_write_is_told_as_it_is (void **state)
{
  fail_everywhere (*state, FAULT_WRITE);
}

static void
test_a_full_disk_is_told_as_it_is (void **state)
{
  fail_everywhere (*state, FAULT_FULL);
}

/* What is taken in */

#define N_ROWS 5

typedef struct
{
  gboolean has_draft;
  gboolean has_entry;
} Intake;

static IncidentRecord *
make_draft (void)
{
  IncidentRecord *draft = incident_record_new ();

  draft->seq = 1;
  draft->kind = g_intern_static_string ("opened");
  draft->actor = g_ref_string_new ("prometheus");
  draft->facts = g_ref_string_new ("phase=new\nstate=live\nepisode=1");
  draft->payload = g_strdup ("{\"title\":\"Disk full\"}");
  memset (draft->operation, 0x5a, sizeof draft->operation);
  return draft;
}

/* That there is already. */
static void
take_in_first (IncidentStore *store)
{
  g_autoptr(GPtrArray) none = g_ptr_array_new ();
  g_autoptr(GBytes) body = g_bytes_new_take (g_strnfill (12000, 'f'), 12000);
  g_autoptr(IncidentIntakeEntry) entry = incident_intake_entry_new ("message", 5, "prometheus", NULL, NULL, body);
  IncidentIntakeChange change = { 0, entry, NULL, NULL };
  IncidentCommit commit = { .drafts = none, .intake = &change };

  assert_true (incident_store_commit (store, &commit, NULL));
}

/* An event, a group, an entry, in place of a part of the first one, and two rows of alerts; or some of them. */
static gboolean
take_in (IncidentStore  *store,
         const Intake   *intake,
         GError        **error)
{
  g_autoptr(GPtrArray) drafts = g_ptr_array_new_with_free_func ((GDestroyNotify) incident_record_unref);
  g_autoptr(GArray) groups = g_array_new (FALSE, FALSE, sizeof (IncidentGroupChange));
  g_autoptr(GArray) rows = incident_alert_rows_new ();
  g_autoptr(GArray) erased = g_array_new (FALSE, FALSE, sizeof (IncidentIntakeSlice));
  g_autoptr(GBytes) body = g_bytes_new_take (g_strnfill (6000, 'm'), 6000);
  g_autoptr(GBytes) data = g_bytes_new_static ("{}", 2);
  g_autoptr(IncidentIntakeEntry) entry =
    intake->has_entry ? incident_intake_entry_new ("message", 7, "prometheus", NULL, NULL, body) : NULL;
  IncidentIntakeChange change = { 1, entry, rows, erased };
  IncidentCommit commit = { drafts, groups, &change };
  IncidentGroupChange group = { "db", 0, 0, 0 };
  const IncidentIntakeSlice slice = { 1, 100, 11000 };

  if (intake->has_entry)
    g_array_append_val (erased, slice);
  /* New ones, where there is an entry: they are written together. */
  for (guint64 i = 0; i < N_ROWS; i++)
    {
      IncidentAlertRow row = { 2 << INCIDENT_ALERT_ROW_BITS | i, TRUE, 0, intake->has_draft ? 0 : -1, 0, g_bytes_ref (data) };

      g_array_append_val (rows, row);
    }
  if (intake->has_draft)
    {
      g_ptr_array_add (drafts, make_draft ());
      g_array_append_val (groups, group);
    }
  return incident_store_commit (store, &commit, error);
}

/* TRUE: all of it is there; FALSE: nothing. */
static gboolean
is_taken_in (const char   *path,
             const Intake *intake,
             guint         n)
{
  gint64 n_events = raw_ask (path, "SELECT count (*) FROM event");
  gint64 n_groups = raw_ask (path, "SELECT count (*) FROM alert_group");
  gint64 n_entries = raw_ask (path, "SELECT count (*) FROM intake WHERE id > 1");
  gint64 n_erased = raw_ask (path, "SELECT count (*) FROM intake WHERE id = 1 AND hex (body) ="
                                   " replace (hex (zeroblob (100)), '00', '66') || hex (zeroblob (11000)) ||"
                                   " replace (hex (zeroblob (900)), '00', '66')");
  gint64 n_single = raw_ask (path, "SELECT count (*) FROM alert");
  gint64 n_pages = raw_ask (path, "SELECT count (*) FROM alert_page");
  gint64 n_active = raw_ask (path, "SELECT sum (n_active) FROM alert_page_count");
  gint64 n_rows = n_single + n_pages * N_ROWS;
  gboolean there = n_rows == N_ROWS;

  if (n_rows != (there ? N_ROWS : 0) || n_active != n_pages * N_ROWS || n_pages != (there && intake->has_entry) || n_events != (there && intake->has_draft) || n_groups != (there && intake->has_draft)
      || n_entries != (there && intake->has_entry) || n_erased != n_entries)
    fail_msg ("step %u: %d events, %d groups, %d entries, %d erased, %d rows", n, (int) n_events, (int) n_groups,
              (int) n_entries, (int) n_erased, (int) n_rows);
  return there;
}

/* What can be told again is told as a conflict, which is the truth too: its rows alone change nothing
 * when they are put again. */
static void
check_taken_in (const char    *path,
                IncidentStore *store,
                const Intake  *intake,
                const GError  *error,
                guint          n)
{
  gboolean there = is_taken_in (path, intake, n);
  gboolean unknown = g_error_matches (error, INCIDENT_ERROR, INCIDENT_ERROR_COMMIT_UNKNOWN);
  g_autoptr(GError) again = NULL;

  if (error == NULL && !there)
    fail_msg ("step %u: told that it is taken in, and it is not there", n);
  if (error != NULL && !unknown && there)
    fail_msg ("step %u: told that nothing is taken in (%s), and it is there", n, error->message);

  take_in (store, intake, &again);
  if (there && (intake->has_draft || intake->has_entry))
    assert_error (again, INCIDENT_ERROR, INCIDENT_ERROR_CONFLICT);
  else
    assert_no_error (again);
  assert_true (is_taken_in (path, intake, n));
}

static void
fail_taking_in (Place        *place,
                Fault         fault,
                guint         times,
                gboolean      with_witness,
                const Intake *intake)
{
  gboolean failed;
  guint n = 0;

  do
    {
      g_autoptr(IncidentClock) clock = incident_system_clock_new ();
      Stage stage = { place->path, FALSE, NULL, NULL, NULL };
      IncidentStore *store = incident_sqlite_store_open (place->path, clock, NULL);
      g_autoptr(GError) error = NULL;

      n++;
      assert_non_null (store);
      /* So that there is a log, which outlives a failed commit. */
      take_in_first (store);
      if (with_witness)
        {
          stage.witness = raw_open (place->path);
          assert_int_equal (raw_query (stage.witness, "SELECT count (*) FROM intake"), 1);
        }
      fault_vfs_arm (fault, n, times);
      take_in (store, intake, &error);
      failed = fault_vfs_disarm ();
      if (!failed)
        assert_no_error (error);
      n_recorded_all_the_same += failed && error == NULL ? 1 : 0;
      check_taken_in (place->path, store, intake, error, n);
      g_object_unref (store);
      stage_end (&stage);
    }
  while (failed);
  assert_true (n > 1);
}

/* Each kind of intake fails in all ways; else in two of the six, so that each way is met. */
static gboolean is_thorough;

static void
test_what_is_taken_in_is_there_as_a_whole_or_not_at_all (void **state)
{
  static const Intake intakes[] = { { TRUE, TRUE }, { TRUE, FALSE }, { FALSE, TRUE }, { FALSE, FALSE } };
  static const guint times[] = { 1, 2, FAULT_FOR_GOOD };

  n_recorded_all_the_same = 0;
  for (guint i = 0; i < G_N_ELEMENTS (intakes); i++)
    {
      if (is_thorough)
        n_recorded_all_the_same = 0;
      for (guint t = 0; t < 2 * G_N_ELEMENTS (times); t++)
        {
          if (!is_thorough && (t + i) % 3 != 0)
            continue;
          fail_taking_in (*state, FAULT_SYNC, times[t / 2], t % 2 == 1, &intakes[i]);
          fail_taking_in (*state, FAULT_WRITE, times[t / 2], t % 2 == 1, &intakes[i]);
          fail_taking_in (*state, FAULT_FULL, times[t / 2], t % 2 == 1, &intakes[i]);
        }
      assert_true (!is_thorough || n_recorded_all_the_same > 0);
    }
  assert_true (n_recorded_all_the_same > 0);
}

/* What is to be sent */

/* What a commit holds besides: a draft, a new message, what became of the one that was claimed, a channel. */
typedef struct
{
  gboolean has_draft, has_message, has_change, has_channel;
} Post;

static const char * const slack[] = { "slack", NULL };

static IncidentOutboxRow *
make_message (const char *key)
{
  IncidentOutboxRow *row = incident_outbox_row_new ();

  row->key = g_strdup (key);
  row->channel = g_strdup ("slack");
  row->lane = g_strdup ("all");
  row->body = g_strnfill (6000, 'b');
  return row;
}

static gboolean
post (IncidentStore            *store,
      const Post               *what,
      const IncidentOutboxRow  *claimed,
      GError                  **error)
{
  g_autoptr(GPtrArray) drafts = g_ptr_array_new_with_free_func ((GDestroyNotify) incident_record_unref);
  g_autoptr(GPtrArray) messages = g_ptr_array_new_with_free_func ((GDestroyNotify) incident_outbox_row_free);
  g_autoptr(GPtrArray) changes = g_ptr_array_new_with_free_func ((GDestroyNotify) incident_outbox_change_free);
  IncidentChannelState known = { (char *) "slack", 0, (char *) "{}" };
  IncidentCommit commit = { .drafts = drafts, .messages = messages, .changes = changes,
                            .channel = what->has_channel ? &known : NULL };

  if (what->has_draft)
    g_ptr_array_add (drafts, make_draft ());
  if (what->has_message)
    g_ptr_array_add (messages, make_message ("second"));
  if (what->has_change)
    g_ptr_array_add (changes, incident_outbox_change_new (claimed, INCIDENT_MESSAGE_STATE_SENT, 30));
  return incident_store_commit (store, &commit, error);
}

/* TRUE: all of it is there; FALSE: nothing. */
static gboolean
is_posted (const char *path,
           const Post *what,
           guint       n)
{
  const gint64 found[] = {
    raw_ask (path, "SELECT count (*) FROM event"), raw_ask (path, "SELECT count (*) FROM outbox WHERE id > 1"),
    raw_ask (path, "SELECT count (*) FROM outbox WHERE state = 3"), raw_ask (path, "SELECT count (*) FROM channel_state"),
  };
  const gboolean wanted[] = { what->has_draft, what->has_message, what->has_change, what->has_channel };
  gboolean there = FALSE;

  for (guint i = 0; i < G_N_ELEMENTS (found); i++)
    there = there || found[i] > 0;
  for (guint i = 0; i < G_N_ELEMENTS (found); i++)
    if (found[i] != (there && wanted[i] ? 1 : 0))
      fail_msg ("step %u: of part %u there are %d", n, i, (int) found[i]);
  assert_int_equal (raw_ask (path, "SELECT sum (n) FROM outbox_count"), there && what->has_message ? 2 : 1);
  return there;
}

/* What is said again is told as a conflict, or changes nothing. */
static void
check_posted (const char               *path,
              IncidentStore            *store,
              const Post               *what,
              const IncidentOutboxRow  *claimed,
              const GError             *error,
              guint                     n)
{
  gboolean there = is_posted (path, what, n);
  g_autoptr(GError) again = NULL;

  if (error == NULL && !there)
    fail_msg ("step %u: told that it is written, and it is not there", n);
  if (error != NULL && !g_error_matches (error, INCIDENT_ERROR, INCIDENT_ERROR_COMMIT_UNKNOWN) && there)
    fail_msg ("step %u: told that nothing is written (%s), and it is there", n, error->message);

  post (store, what, claimed, &again);
  if (there && (what->has_draft || what->has_change || what->has_channel))
    assert_error (again, INCIDENT_ERROR, INCIDENT_ERROR_CONFLICT);
  else
    assert_no_error (again);
  assert_true (is_posted (path, what, n));
}

static IncidentOutboxRow *
put_and_claim (IncidentStore *store)
{
  const IncidentOutboxClaim claim = { 10, 20, "here", slack };
  g_autoptr(GPtrArray) none = g_ptr_array_new ();
  g_autoptr(GPtrArray) messages = g_ptr_array_new_with_free_func ((GDestroyNotify) incident_outbox_row_free);
  IncidentCommit commit = { .drafts = none, .messages = messages };
  IncidentOutboxRow *row;

  g_ptr_array_add (messages, make_message ("first"));
  assert_true (incident_store_commit (store, &commit, NULL));
  row = incident_store_claim_message (store, &claim, NULL, NULL);
  assert_non_null (row);
  return row;
}

static void
fail_posting (Place      *place,
              Fault       fault,
              guint       times,
              gboolean    with_witness,
              const Post *what)
{
  gboolean failed;
  guint n = 0;

  do
    {
      g_autoptr(IncidentClock) clock = incident_system_clock_new ();
      Stage stage = { place->path, FALSE, NULL, NULL, NULL };
      IncidentStore *store = incident_sqlite_store_open (place->path, clock, NULL);
      g_autoptr(IncidentOutboxRow) claimed = put_and_claim (store);
      g_autoptr(GError) error = NULL;

      n++;
      if (with_witness)
        {
          stage.witness = raw_open (place->path);
          assert_int_equal (raw_query (stage.witness, "SELECT count (*) FROM outbox"), 1);
        }
      fault_vfs_arm (fault, n, times);
      post (store, what, claimed, &error);
      failed = fault_vfs_disarm ();
      if (!failed)
        assert_no_error (error);
      n_recorded_all_the_same += failed && error == NULL ? 1 : 0;
      check_posted (place->path, store, what, claimed, error, n);
      g_object_unref (store);
      stage_end (&stage);
    }
  while (failed);
  assert_true (n > 1);
}

static void
test_what_is_to_be_sent_is_there_as_a_whole_or_not_at_all (void **state)
{
  static const Post posts[] = { { TRUE, TRUE, TRUE, TRUE }, { FALSE, TRUE, TRUE, FALSE }, { FALSE, FALSE, FALSE, TRUE },
                                { FALSE, TRUE, FALSE, FALSE } };
  static const guint times[] = { 1, 2, FAULT_FOR_GOOD };

  for (guint i = 0; i < G_N_ELEMENTS (posts); i++)
    {
      n_recorded_all_the_same = 0;
      for (guint t = 0; t < G_N_ELEMENTS (times); t++)
        {
          if (!is_thorough && t != 1 && t != i)
            continue;
          fail_posting (*state, FAULT_SYNC, times[t], t % 2 == 0, &posts[i]);
          fail_posting (*state, FAULT_WRITE, times[t], t % 2 == 0, &posts[i]);
          fail_posting (*state, FAULT_FULL, times[t], t % 2 == 0, &posts[i]);
        }
      assert_true (n_recorded_all_the_same > 0);
    }
}

/* A claim that failed may hold all the same, but not for longer than any other. */
static void
fail_claiming (Place *place,
               Fault  fault,
               guint  times)
{
  const IncidentOutboxClaim first = { 30, 40, "here", slack }, second = { 40, 50, "here", slack };
  gboolean failed;
  guint n = 0;

  do
    {
      g_autoptr(IncidentClock) clock = incident_system_clock_new ();
      Stage stage = { place->path, FALSE, NULL, NULL, NULL };
      IncidentStore *store = incident_sqlite_store_open (place->path, clock, NULL);
      g_autoptr(IncidentOutboxRow) lost = put_and_claim (store);
      g_autoptr(IncidentOutboxRow) row = NULL;
      g_autoptr(IncidentOutboxRow) again = NULL;
      g_autoptr(GError) error = NULL;
      g_autoptr(GError) again_error = NULL;

      n++;
      fault_vfs_arm (fault, n, times);
      row = incident_store_claim_message (store, &first, NULL, &error);
      failed = fault_vfs_disarm ();
      assert_int_equal (row == NULL, error != NULL);
      assert_true (failed || row != NULL);
      again = incident_store_claim_message (store, &second, NULL, &again_error);
      assert_no_error (again_error);
      assert_non_null (again);
      assert_true (again->state == INCIDENT_MESSAGE_STATE_UNSURE && again->unsure_since == 10);
      assert_true (again->token > lost->token && (row == NULL || again->token > row->token));
      assert_int_equal (raw_ask (place->path, "SELECT n FROM outbox_count WHERE state = 1"), 1);
      g_object_unref (store);
      stage_end (&stage);
    }
  while (failed);
  assert_true (n > 1);
}

static void
test_a_claim_that_fails_is_made_again (void **state)
{
  static const guint times[] = { 1, 2, FAULT_FOR_GOOD };

  for (guint t = 0; t < G_N_ELEMENTS (times); t++)
    {
      if (!is_thorough && t % 2 != 0)
        continue;
      fail_claiming (*state, FAULT_SYNC, times[t]);
      fail_claiming (*state, FAULT_WRITE, times[t]);
      fail_claiming (*state, FAULT_FULL, times[t]);
    }
}

static void
test_what_cannot_be_looked_up_is_unknown (void **state)
{
  Place *place = *state;
  Stage stage = { place->path, FALSE, NULL, NULL, NULL };
  g_autoptr(IncidentCommand) command = make_note ();
  g_autoptr(GError) error = NULL;

  stage_begin (&stage);
  fault_vfs_arm (FAULT_SYNC, 1, FAULT_FOR_GOOD);
  assert_false (incident_case_act (stage.kase, command, &error));
  assert_true (fault_vfs_disarm ());
  assert_error (error, INCIDENT_ERROR, INCIDENT_ERROR_COMMIT_UNKNOWN);
  check_truth (&stage, FALSE, error, 1);
  stage_end (&stage);
}

/* With the file gone there is nothing to look at; an empty one must not take its place. */
static void
test_a_vanished_file_is_not_made_anew (void **state)
{
  Place *place = *state;
  Stage stage = { place->path, FALSE, NULL, NULL, NULL };
  g_autofree char *aside = g_strconcat (place->path, ".aside", NULL);
  g_autoptr(IncidentCommand) command = make_note ();
  g_autoptr(GError) error = NULL;

  stage_begin (&stage);
  fault_vfs_arm (FAULT_SYNC, 1, 1);
  assert_int_equal (g_rename (place->path, aside), 0);
  assert_false (incident_case_act (stage.kase, command, &error));
  assert_true (fault_vfs_disarm ());
  assert_error (error, INCIDENT_ERROR, INCIDENT_ERROR_COMMIT_UNKNOWN);
  assert_false (g_file_test (place->path, G_FILE_TEST_EXISTS));
  stage_end (&stage);
}

static void
test_a_failing_read_is_an_error_and_passes (void **state)
{
  Place *place = *state;
  g_autoptr(GError) error = NULL;
  g_autoptr(IncidentQuery) query = incident_query_new ();
  guint n = 0;

  do
    {
      Stage stage = { place->path, FALSE, NULL, NULL, NULL };
      g_autoptr(GPtrArray) found = NULL;

      n++;
      stage_begin (&stage);
      g_clear_object (&stage.kase);
      g_clear_object (&stage.desk);
      stage.desk = open_desk (place->path);
      fault_vfs_arm (FAULT_READ, n, 1);
      g_clear_error (&error);
      found = incident_desk_find_cases (stage.desk, query, &error);
      if (!fault_vfs_disarm ())
        n = 0;
      assert_int_equal (found == NULL, error != NULL);
      if (found != NULL)
        assert_int_equal (found->len, 1);
      g_clear_pointer (&found, g_ptr_array_unref);
      found = incident_desk_find_cases (stage.desk, query, NULL);
      assert_non_null (found);
      assert_int_equal (found->len, 1);
      g_clear_pointer (&found, g_ptr_array_unref);
      stage_end (&stage);
    }
  while (n > 0);
}

/* Making a store fails at each step: the next attempt finds nothing in its way. */
static void
make_at_each_step (Place *place,
                   Fault  fault)
{
  gboolean failed;
  guint n = 0;

  do
    {
      Stage stage = { place->path, FALSE, NULL, NULL, NULL };
      g_autoptr(GError) error = NULL;
      g_autoptr(IncidentDesk) desk = NULL;

      n++;
      fault_vfs_arm (fault, n, 1);
      desk = incident_desk_open (place->path, &error);
      failed = fault_vfs_disarm ();
      if (!failed)
        assert_no_error (error);
      assert_int_equal (desk == NULL, error != NULL);
      g_clear_object (&desk);
      stage_begin (&stage);
      assert_int_equal (count_events (stage.desk), 1);
      stage_end (&stage);
    }
  while (failed);
  assert_true (n > 3);
}

static void
test_a_store_half_made_is_made_at_the_next_opening (void **state)
{
  make_at_each_step (*state, FAULT_SYNC);
  make_at_each_step (*state, FAULT_WRITE);
  make_at_each_step (*state, FAULT_FULL);
}

/* Sending */

static void
fill_disk (FarSide          *side,
           const FarMessage *message)
{
  fault_vfs_arm (FAULT_FULL, 1, 1000);
}

static void
test_who_sends_is_told_what_could_not_be_written_down (void **state)
{
  Place *place = *state;
  g_autoptr(IncidentClock) clock = incident_manual_clock_new (1795417200000000, 7);
  g_autoptr(IncidentStore) store = incident_sqlite_store_open (place->path, clock, NULL);
  g_autoptr(IncidentPlaybook) playbook =
    incident_playbook_new_from_json ("{\"channels\": {\"bell\": {\"kind\": \"own\"}}}", -1, "test", NULL);
  g_autoptr(IncidentDesk) desk = incident_desk_new_with_playbook (store, clock, playbook);
  g_autoptr(FarSide) bell = far_side_new (clock);
  g_autoptr(IncidentCase) kase = NULL;
  g_autoptr(GAsyncResult) result = NULL;
  g_autoptr(GError) error = NULL;
  gboolean sent;

  bell->acted = fill_disk;
  incident_desk_add_channel (desk, "bell", INCIDENT_CHANNEL (bell));
  kase = incident_desk_open_case (desk, "Checkout answers 500", INCIDENT_SEVERITY_SEV2, "ana", NULL);
  incident_desk_deliver_async (desk, NULL, store_result, &result);
  sent = incident_desk_deliver_finish (desk, wait_for (&result), NULL, &error);
  fault_vfs_disarm ();
  assert_int_equal (bell->got->len, 1);
  assert_false (sent);
  assert_error (error, INCIDENT_ERROR, INCIDENT_ERROR_NO_SPACE);
  /* That was told. */
  deliver_all (desk);
}

/* With an argument, all of it. */
/* Who is on call, and who does the work */

static gboolean
change_roster (IncidentStore  *store,
               GError        **error)
{
  g_autoptr(GPtrArray) none = g_ptr_array_new ();
  g_autoptr(GPtrArray) entries = g_ptr_array_new_with_free_func ((GDestroyNotify) incident_roster_entry_free);
  IncidentRosterAppend roster = { 0, entries };
  IncidentCommit commit = { .drafts = none, .roster = &roster };

  for (guint i = 0; i < 3; i++)
    g_ptr_array_add (entries, incident_roster_entry_new ("add", 7, "payments", "ana", g_strnfill (6000, 'b')));
  return incident_store_commit (store, &commit, error);
}

/* Three entries, or none; told so, it is so. */
static void
check_roster (const char    *path,
              IncidentStore *store,
              const GError  *error,
              guint          n)
{
  gint64 there = raw_ask (path, "SELECT count (*) FROM roster");
  g_autoptr(GError) again = NULL;

  assert_true (there == 0 || there == 3);
  if (error == NULL && there == 0)
    fail_msg ("step %u: told that the roster has changed, and it has not", n);
  if (error != NULL && !g_error_matches (error, INCIDENT_ERROR, INCIDENT_ERROR_COMMIT_UNKNOWN) && there != 0)
    fail_msg ("step %u: told that the roster has not changed (%s), and it has", n, error->message);

  change_roster (store, &again);
  if (there == 0)
    assert_no_error (again);
  else
    assert_error (again, INCIDENT_ERROR, INCIDENT_ERROR_CONFLICT);
  assert_int_equal (raw_ask (path, "SELECT count (*) FROM roster"), 3);
}

static IncidentClaim
take_work (IncidentStore  *store,
           const char     *holder,
           gint64          now,
           GError        **error)
{
  IncidentClaim claim = { "escalator", 0, g_strdup (holder), now + 10 };

  if (!incident_store_take_claim (store, &claim, now, error))
    claim.token = 0;
  return claim;
}

/* Whoever was told that it is theirs has it; who was told of an error may ask again. */
static void
check_claim (IncidentStore *store,
             guint64        token,
             guint          n)
{
  g_auto(IncidentClaim) other = take_work (store, "there", 1, NULL);
  g_auto(IncidentClaim) again = { NULL, };

  if (token != 0 && other.token != 0)
    fail_msg ("step %u: the work is done by two", n);
  again = take_work (store, "here", 30, NULL);
  assert_true (again.token > 0);
  assert_true (other.token == 0 || again.token > other.token);
  assert_true (token == 0 || again.token == token);
}

static void
fail_on_call (Place   *place,
              Fault    fault,
              guint    times,
              gboolean changes_roster)
{
  gboolean failed;
  guint n = 0;

  do
    {
      g_autoptr(IncidentClock) clock = incident_system_clock_new ();
      Stage stage = { place->path, FALSE, NULL, NULL, NULL };
      IncidentStore *store = incident_sqlite_store_open (place->path, clock, NULL);
      g_auto(IncidentClaim) claim = { NULL, };
      g_autoptr(GError) error = NULL;

      n++;
      assert_non_null (store);
      take_in_first (store);
      fault_vfs_arm (fault, n, times);
      if (changes_roster)
        change_roster (store, &error);
      else
        claim = take_work (store, "here", 0, &error);
      failed = fault_vfs_disarm ();
      if (!failed)
        assert_no_error (error);
      if (changes_roster)
        check_roster (place->path, store, error, n);
      else
        check_claim (store, claim.token, n);
      g_object_unref (store);
      stage_end (&stage);
    }
  while (failed);
  assert_true (n > 1);
}

static void
test_a_roster_changes_as_a_whole_and_work_is_claimed_by_one (void **state)
{
  static const Fault faults[] = { FAULT_SYNC, FAULT_WRITE, FAULT_FULL };
  static const guint times[] = { 1, 2, FAULT_FOR_GOOD };

  for (guint i = 0; i < G_N_ELEMENTS (faults) * G_N_ELEMENTS (times); i++)
    {
      fail_on_call (*state, faults[i / 3], times[i % 3], TRUE);
      fail_on_call (*state, faults[i / 3], times[i % 3], FALSE);
    }
}

int
main (int argc, char **argv)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test_setup_teardown (test_a_failing_sync_is_told_as_it_is, place_setup, place_teardown),
    cmocka_unit_test_setup_teardown (test_a_failing_write_is_told_as_it_is, place_setup, place_teardown),
    cmocka_unit_test_setup_teardown (test_a_full_disk_is_told_as_it_is, place_setup, place_teardown),
    cmocka_unit_test_setup_teardown (test_what_is_taken_in_is_there_as_a_whole_or_not_at_all, place_setup, place_teardown),
    cmocka_unit_test_setup_teardown (test_what_is_to_be_sent_is_there_as_a_whole_or_not_at_all, place_setup, place_teardown),
    cmocka_unit_test_setup_teardown (test_a_claim_that_fails_is_made_again, place_setup, place_teardown),
    cmocka_unit_test_setup_teardown (test_who_sends_is_told_what_could_not_be_written_down, place_setup, place_teardown),
    cmocka_unit_test_setup_teardown (test_what_cannot_be_looked_up_is_unknown, place_setup, place_teardown),
    cmocka_unit_test_setup_teardown (test_a_vanished_file_is_not_made_anew, place_setup, place_teardown),
    cmocka_unit_test_setup_teardown (test_a_failing_read_is_an_error_and_passes, place_setup, place_teardown),
    cmocka_unit_test_setup_teardown (test_a_store_half_made_is_made_at_the_next_opening, place_setup, place_teardown),
    cmocka_unit_test_setup_teardown (test_a_roster_changes_as_a_whole_and_work_is_claimed_by_one, place_setup, place_teardown),
  };

  (void) argv;
  is_thorough = argc > 1;
  fault_vfs_register ();
  return cmocka_run_group_tests (tests, NULL, NULL);
}
