/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "incident-test.h"

#include <string.h>

#include "fault-vfs.h"
#include "store/incident-store-private.h"
#include "support.h"

/* Threads that commit at once share a transaction. What each of them is told is what the
 * store holds, whatever goes wrong in between. */

#define N_THREADS 8
#define N_NOTES   5

typedef struct
{
  IncidentStore *store;
  guint64        number;
  guint          n_told;    /* notes that were acknowledged */
  guint          n_unknown; /* of which it could not be told */
} Writer;

static gpointer
write_notes (gpointer data)
{
  Writer *self = data;
  g_autoptr(IncidentDesk) desk = incident_desk_new (self->store, NULL, NULL);

  for (guint i = 0; i < N_NOTES; i++)
    {
      g_autoptr(IncidentCommand) command = incident_command_new ("note", "ana");
      g_autoptr(IncidentCase) kase = NULL;
      g_autoptr(GError) error = NULL;

      incident_command_set (command, "text", "one of many", NULL);
      kase = incident_desk_act (desk, self->number, command, &error);
      self->n_told += kase != NULL ? 1 : 0;
      self->n_unknown += g_error_matches (error, INCIDENT_ERROR, INCIDENT_ERROR_COMMIT_UNKNOWN) ? 1 : 0;
    }

  return NULL;
}

static void
write_together (IncidentStore *store,
                Writer         writers[N_THREADS])
{
  GThread *threads[N_THREADS];

  for (guint i = 0; i < N_THREADS; i++)
    {
      writers[i] = (Writer) { store, i + 1, 0, 0 };
      threads[i] = g_thread_new (NULL, write_notes, &writers[i]);
    }
  for (guint i = 0; i < N_THREADS; i++)
    g_thread_join (threads[i]);
}

static IncidentStore *
open_with_cases (Place *place)
{
  g_autoptr(IncidentClock) clock = incident_system_clock_new ();
  g_autoptr(GError) error = NULL;
  IncidentStore *store = incident_sqlite_store_open (place->path, clock, &error);
  g_autoptr(IncidentDesk) desk = NULL;

  assert_no_error (error);
  desk = incident_desk_new (store, NULL, NULL);
  for (guint i = 0; i < N_THREADS; i++)
    {
      g_autoptr(IncidentCase) kase = open_case (desk, "T");

      assert_non_null (kase);
    }
  return store;
}

static void
check_told (Place        *place,
            const Writer  writers[N_THREADS],
            const char   *when)
{
  g_autoptr(IncidentDesk) desk = open_desk (place->path);

  for (guint i = 0; i < N_THREADS; i++)
    {
      g_autoptr(GError) error = NULL;
      g_autoptr(IncidentCase) kase = incident_desk_get_case (desk, writers[i].number, &error);
      guint n;

      assert_no_error (error);
      n = incident_case_get_version (kase) - 1;
      if (n < writers[i].n_told || n > writers[i].n_told + writers[i].n_unknown)
        fail_msg ("%s: case %u holds %u notes, and %u were acknowledged", when, i + 1, n, writers[i].n_told);
    }
}

static void
test_all_that_is_acknowledged_is_there (void **state)
{
  Place *place = *state;
  IncidentStore *store = open_with_cases (place);
  Writer writers[N_THREADS];

  write_together (store, writers);
  g_object_unref (store);
  for (guint i = 0; i < N_THREADS; i++)
    assert_int_equal (writers[i].n_told, N_NOTES);
  check_told (place, writers, "without a fault");
}

static void
test_a_fault_hits_no_more_than_it_must (void **state)
{
  static const Fault faults[] = { FAULT_WRITE, FAULT_SYNC, FAULT_FULL };
  Place *place = *state;
  guint n_hit = 0;

  fault_vfs_register ();
  for (guint f = 0; f < G_N_ELEMENTS (faults); f++)
    for (guint n = 1; n <= 30; n++)
      {
        IncidentStore *store = open_with_cases (place);
        g_autofree char *when = g_strdup_printf ("fault %u at call %u", faults[f], n);
        Writer writers[N_THREADS];
        guint n_told = 0;

        fault_vfs_arm (faults[f], n, 1);
        write_together (store, writers);
        n_hit += fault_vfs_disarm () ? 1 : 0;
        g_object_unref (store);
        check_told (place, writers, when);
        for (guint i = 0; i < N_THREADS; i++)
          n_told += writers[i].n_told;
        /* At worst it fails a whole group, and the others go on. */
        assert_true (n_told >= (N_NOTES - 1) * N_THREADS);
        place_teardown (state);
        place_setup (state);
        place = *state;
      }
  assert_true (n_hit > 60);
}

/* Each entry follows the one before it, so of those that wait together one goes through. */
static gpointer
take_in (gpointer data)
{
  Writer *self = data;
  g_autoptr(GPtrArray) none = g_ptr_array_new ();

  while (self->n_told < N_NOTES)
    {
      g_autofree char *text = g_strdup_printf ("%" G_GUINT64_FORMAT "/%u", self->number, self->n_told);
      g_autoptr(GBytes) body = g_bytes_new (text, strlen (text));
      g_autoptr(IncidentIntakeEntry) entry = incident_intake_entry_new ("message", 0, "prometheus", NULL, NULL, body);
      IncidentIntakeChange change = { 0, entry, NULL, NULL };
      IncidentCommit commit = { .drafts = none, .intake = &change };
      g_autoptr(GError) error = NULL;

      if (!incident_store_get_intake_head (self->store, &change.follows, NULL))
        break;
      if (incident_store_commit (self->store, &commit, &error))
        self->n_told++;
      else if (!g_error_matches (error, INCIDENT_ERROR, INCIDENT_ERROR_CONFLICT))
        break;
    }

  return NULL;
}

static void
test_what_threads_take_in_at_once_stands_in_one_journal (void **state)
{
  Place *place = *state;
  g_autoptr(IncidentStore) store = open_with_cases (place);
  g_autoptr(GPtrArray) entries = NULL;
  GThread *threads[N_THREADS];
  Writer writers[N_THREADS];
  guint n_of_writer[N_THREADS] = { 0, };

  for (guint i = 0; i < N_THREADS; i++)
    {
      writers[i] = (Writer) { store, i, 0, 0 };
      threads[i] = g_thread_new (NULL, take_in, &writers[i]);
    }
  for (guint i = 0; i < N_THREADS; i++)
    g_thread_join (threads[i]);
  entries = incident_store_list_intake (store, NULL, 0, G_MAXUINT, NULL);
  assert_int_equal (entries->len, N_THREADS * N_NOTES);
  for (guint i = 0; i < entries->len; i++)
    {
      const IncidentIntakeEntry *entry = g_ptr_array_index (entries, i);
      g_autofree char *text = g_strndup (g_bytes_get_data (entry->body, NULL), g_bytes_get_size (entry->body));
      guint writer = (guint) (text[0] - '0');
      g_autofree char *expected = g_strdup_printf ("%u/%u", writer, n_of_writer[writer]++);

      assert_true (entry->id == i + 1);
      assert_string_equal (text, expected);
    }
}

/* Each opens a case, and has something to say of it. */
static gpointer
open_and_tell (gpointer data)
{
  Writer *self = data;

  for (guint i = 0; i < N_NOTES; i++)
    {
      g_autoptr(GPtrArray) drafts = g_ptr_array_new_with_free_func ((GDestroyNotify) incident_record_unref);
      g_autoptr(GPtrArray) messages = g_ptr_array_new_with_free_func ((GDestroyNotify) incident_outbox_row_free);
      IncidentCommit commit = { .drafts = drafts, .messages = messages };
      IncidentRecord *draft = incident_record_new ();
      IncidentOutboxRow *row = incident_outbox_row_new ();
      g_autofree char *who = g_strdup_printf ("%" G_GUINT64_FORMAT "/%u", self->number, i);
      g_autoptr(GError) error = NULL;

      draft->seq = 1;
      draft->kind = g_intern_static_string ("opened");
      draft->actor = g_ref_string_new (who);
      draft->facts = g_ref_string_new ("phase=new\nstate=live\nepisode=1");
      draft->payload = g_strdup ("{\"title\":\"T\"}");
      memcpy (draft->operation, who, strlen (who));
      row->key = g_strdup (who);
      row->channel = g_strdup ("slack");
      row->lane = g_strdup ("%c");
      row->body = g_strdup ("{}");
      row->draft = 0;
      g_ptr_array_add (drafts, draft);
      g_ptr_array_add (messages, row);
      if (incident_store_commit (self->store, &commit, &error))
        {
          self->n_told++;
          g_assert_true (row->subject == draft->subject && row->id > 0);
        }
      self->n_unknown += g_error_matches (error, INCIDENT_ERROR, INCIDENT_ERROR_COMMIT_UNKNOWN) ? 1 : 0;
    }

  return NULL;
}

/* Where a group fails, its commits are made one by one, and their cases have other numbers. */
static void
test_a_message_stays_with_its_case_whatever_fails (void **state)
{
  static const Fault faults[] = { FAULT_WRITE, FAULT_SYNC, FAULT_FULL };
  Place *place = *state;

  for (guint f = 0; f < G_N_ELEMENTS (faults); f++)
    for (guint n = 1; n <= 20; n++)
      {
        g_autoptr(IncidentClock) clock = incident_system_clock_new ();
        IncidentStore *store = incident_sqlite_store_open (place->path, clock, NULL);
        GThread *threads[N_THREADS];
        Writer writers[N_THREADS];
        guint n_told = 0, n_unknown = 0;
        gint64 n_opened;

        fault_vfs_arm (faults[f], n, 1);
        for (guint i = 0; i < N_THREADS; i++)
          {
            writers[i] = (Writer) { store, i, 0, 0 };
            threads[i] = g_thread_new (NULL, open_and_tell, &writers[i]);
          }
        for (guint i = 0; i < N_THREADS; i++)
          g_thread_join (threads[i]);
        fault_vfs_disarm ();
        g_object_unref (store);
        for (guint i = 0; i < N_THREADS; i++)
          {
            n_told += writers[i].n_told;
            n_unknown += writers[i].n_unknown;
          }
        n_opened = raw_ask (place->path, "SELECT count (*) FROM event");
        assert_true (n_opened >= n_told && n_opened <= n_told + n_unknown);
        assert_int_equal (raw_ask (place->path, "SELECT count (*) FROM outbox JOIN event USING (subject, seq)"
                                                " WHERE actor = outbox.key AND lane = 'INC-' || subject"), n_opened);
        assert_int_equal (raw_ask (place->path, "SELECT count (*) FROM outbox"), n_opened);
        assert_int_equal (raw_ask (place->path, "SELECT sum (n) FROM outbox_count"), n_opened);
        place_teardown (state);
        place_setup (state);
        place = *state;
      }
}

int
main (void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test_setup_teardown (test_all_that_is_acknowledged_is_there, place_setup, place_teardown),
    cmocka_unit_test_setup_teardown (test_what_threads_take_in_at_once_stands_in_one_journal, place_setup, place_teardown),
    cmocka_unit_test_setup_teardown (test_a_fault_hits_no_more_than_it_must, place_setup, place_teardown),
    cmocka_unit_test_setup_teardown (test_a_message_stays_with_its_case_whatever_fails, place_setup, place_teardown),
  };

  return cmocka_run_group_tests (tests, NULL, NULL);
}
