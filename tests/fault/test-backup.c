/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* test-backup: the copy is the store at one moment, whoever writes meanwhile. */
#include "fault-vfs.h"
#include "support.h"

#include <signal.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

static gboolean
back_up (IncidentDesk  *desk,
         const char    *path,
         GError       **error)
{
  return incident_store_backup (incident_desk_get_store (desk), path, NULL, error);
}

/* The log as JSON, up to @limit events; each line an event with its hash. */
static char *
read_log (const char *path,
          guint       limit)
{
  g_autoptr(IncidentDesk) desk = open_desk (path);
  GString *log = g_string_new (NULL);
  guint n = 0;

  while (n < limit)
    {
      g_autoptr(GError) error = NULL;
      g_autoptr(GPtrArray) events = incident_desk_list_events (desk, n, MIN (1000, limit - n), &error);

      assert_no_error (error);
      if (events->len == 0)
        break;
      for (guint i = 0; i < events->len; i++)
        {
          g_autofree char *json = incident_event_to_json (g_ptr_array_index (events, i));
          g_autoptr(GBytes) leaf = incident_event_dup_leaf_hash (g_ptr_array_index (events, i));

          g_string_append_printf (log, "%s %u\n", json, g_bytes_hash (leaf));
        }
      n += events->len;
    }

  return g_string_free (log, FALSE);
}

static void
assert_is_beginning_of (const char *copy,
                        const char *path,
                        guint       at_least)
{
  g_autofree char *copied = read_log (copy, G_MAXUINT);
  g_autofree char *log = read_log (path, (guint) raw_ask (copy, "SELECT count (*) FROM event"));

  assert_true (raw_ask (copy, "SELECT count (*) FROM event") >= at_least);
  assert_int_equal (raw_ask (copy, "SELECT integrity_check = 'ok' FROM pragma_integrity_check"), 1);
  if (!g_str_equal (copied, log))
    fail_msg ("the copy is not what the store was");
}

static void
test_a_copy_is_a_store_with_the_same_events (void **state)
{
  Place *place = *state;
  g_autofree char *copy = g_build_filename (place->folder, "copy.db", NULL);
  g_autoptr(IncidentDesk) desk = open_desk (place->path);
  g_autoptr(IncidentCase) kase = open_case (desk, "Checkout answers 500");
  g_autoptr(IncidentDesk) copied_desk = NULL;
  g_autoptr(IncidentCase) copied = NULL;
  g_autoptr(GError) error = NULL;
  g_autofree char *json = NULL;
  g_autofree char *copied_json = NULL;

  add_notes (kase, 20);
  back_up (desk, copy, &error);
  assert_no_error (error);
  assert_is_beginning_of (copy, place->path, 21);

  copied_desk = open_desk (copy);
  copied = incident_desk_get_case (copied_desk, 1, &error);
  assert_no_error (error);
  json = incident_case_to_json (kase);
  copied_json = incident_case_to_json (copied);
  assert_string_equal (json, copied_json);
  add_notes (copied, 1);
  assert_int_equal (count_events (desk), 21);
}

static void
test_what_is_there_already_is_not_overwritten (void **state)
{
  Place *place = *state;
  g_autofree char *copy = g_build_filename (place->folder, "copy.db", NULL);
  g_autofree char *nowhere = g_build_filename (place->folder, "none", "copy.db", NULL);
  g_autofree char *text = NULL;
  g_autoptr(IncidentDesk) desk = open_desk (place->path);
  g_autoptr(GError) error = NULL;

  assert_true (g_file_set_contents (copy, "mine", -1, NULL));
  assert_false (back_up (desk, copy, &error));
  assert_error (error, G_IO_ERROR, G_IO_ERROR_EXISTS);
  assert_true (g_file_get_contents (copy, &text, NULL, NULL));
  assert_string_equal (text, "mine");

  g_clear_error (&error);
  assert_false (back_up (desk, place->path, &error));
  assert_error (error, G_IO_ERROR, G_IO_ERROR_EXISTS);
  g_clear_error (&error);
  assert_false (back_up (desk, nowhere, &error));
  assert_error (error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND);
}

static void
test_a_cancelled_copy_leaves_nothing (void **state)
{
  Place *place = *state;
  g_autofree char *copy = g_build_filename (place->folder, "copy.db", NULL);
  g_autoptr(IncidentDesk) desk = open_desk (place->path);
  g_autoptr(IncidentCase) kase = open_case (desk, "Checkout answers 500");
  g_autoptr(GCancellable) cancellable = g_cancellable_new ();
  g_autoptr(GError) error = NULL;

  g_cancellable_cancel (cancellable);
  assert_false (incident_store_backup (incident_desk_get_store (desk), copy, cancellable, &error));
  assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  assert_int_equal (count_files (place->folder, "copy"), 0);
  add_notes (kase, 1);
}

/* Others write */

static void
test_a_thread_writes_meanwhile (void **state)
{
  Place *place = *state;
  g_autoptr(IncidentDesk) desk = open_desk (place->path);
  g_autoptr(IncidentCase) kase = open_case (desk, "Checkout answers 500");

  add_notes (kase, 5);
  for (guint i = 0; i < 10; i++)
    {
      g_autofree char *copy = g_strdup_printf ("%s/copy-%u.db", place->folder, i);
      g_autoptr(IncidentCommand) command = incident_command_new ("note", "ana");
      g_autoptr(GAsyncResult) result = NULL;
      g_autoptr(GError) error = NULL;
      guint before = (guint) count_events (desk);

      incident_command_set (command, "text", "meanwhile", NULL);
      incident_case_act_async (kase, command, NULL, store_result, &result);
      back_up (desk, copy, &error);
      assert_no_error (error);
      wait_for (&result);
      assert_true (incident_case_act_finish (kase, result, &error));
      assert_is_beginning_of (copy, place->path, before);
    }
}

/* Until it is killed. */
static void
write_for_ever (const char *path,
                int         ready)
{
  IncidentDesk *desk = incident_desk_open (path, NULL);
  IncidentCase *kase = desk != NULL ? incident_desk_get_case (desk, 1, NULL) : NULL;
  char byte = 'r';

  while (kase != NULL && incident_case_note (kase, "meanwhile", "bo", NULL))
    if (write (ready, &byte, 1) != 1)
      break;
  _exit (1);
}

static void
make_big_case (Place *place,
               guint  n)
{
  g_autoptr(IncidentDesk) desk = open_desk (place->path);
  g_autoptr(IncidentCase) kase = open_case (desk, "Checkout answers 500");
  g_autofree char *text = g_strnfill (60000, 'x');

  for (guint i = 0; i < n; i++)
    assert_true (note (kase, text, NULL));
}

static void
test_another_process_writes_meanwhile (void **state)
{
  Place *place = *state;
  g_autofree char *copy = g_build_filename (place->folder, "copy.db", NULL);
  g_autoptr(IncidentDesk) desk = NULL;
  g_autoptr(GError) error = NULL;
  int ready[2];
  int status;
  char byte;
  pid_t pid;

  make_big_case (place, 100);
  assert_int_equal (pipe (ready), 0);
  pid = fork ();
  if (pid == 0)
    write_for_ever (place->path, ready[1]);
  close (ready[1]);
  assert_int_equal (read (ready[0], &byte, 1), 1);

  desk = open_desk (place->path);
  back_up (desk, copy, &error);
  kill (pid, SIGKILL);
  assert_int_equal (waitpid (pid, &status, 0), pid);
  close (ready[0]);
  assert_true (WIFSIGNALED (status));
  assert_no_error (error);
  assert_is_beginning_of (copy, place->path, 102);
}

/* A writer that always comes between two steps of the copy. */
static struct
{
  sqlite3      *db;
  GCancellable *cancellable;
  guint         n_reads;
  guint         n_failed;
} intruder;

static void
intrude (void)
{
  if (++intruder.n_reads % 100 == 0
      && sqlite3_exec (intruder.db, "UPDATE store SET applied = 1 - applied", NULL, NULL, NULL) != SQLITE_OK)
    intruder.n_failed++;
  /* Twenty times as many as there is to copy: it is going round in circles. */
  if (intruder.n_reads > 20000)
    g_cancellable_cancel (intruder.cancellable);
}

static void
test_a_copy_ends_however_often_others_write (void **state)
{
  Place *place = *state;
  g_autofree char *copy = g_build_filename (place->folder, "copy.db", NULL);
  g_autoptr(IncidentDesk) desk = NULL;
  g_autoptr(GCancellable) cancellable = g_cancellable_new ();
  g_autoptr(GError) error = NULL;

  make_big_case (place, 60);
  desk = open_desk (place->path);
  intruder.db = raw_open (place->path);
  intruder.cancellable = cancellable;
  fault_vfs_watch ("/store.db", intrude);
  incident_store_backup (incident_desk_get_store (desk), copy, cancellable, &error);
  fault_vfs_watch (NULL, NULL);
  assert_int_equal (sqlite3_close (intruder.db), SQLITE_OK);
  if (error != NULL)
    fail_msg ("after %u pages: %s", intruder.n_reads, error->message);
  assert_true (intruder.n_reads > 900);
  assert_int_equal (intruder.n_failed, 0);
  assert_is_beginning_of (copy, place->path, 61);
}

int
main (void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test_setup_teardown (test_a_copy_is_a_store_with_the_same_events, place_setup, place_teardown),
    cmocka_unit_test_setup_teardown (test_what_is_there_already_is_not_overwritten, place_setup, place_teardown),
    cmocka_unit_test_setup_teardown (test_a_cancelled_copy_leaves_nothing, place_setup, place_teardown),
    cmocka_unit_test_setup_teardown (test_a_thread_writes_meanwhile, place_setup, place_teardown),
    cmocka_unit_test_setup_teardown (test_another_process_writes_meanwhile, place_setup, place_teardown),
    cmocka_unit_test_setup_teardown (test_a_copy_ends_however_often_others_write, place_setup, place_teardown),
  };

  fault_vfs_register ();
  return cmocka_run_group_tests (tests, NULL, NULL);
}
