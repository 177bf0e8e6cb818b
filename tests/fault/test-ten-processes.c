/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "incident-test.h"

#include <glib/gstdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "model/incident-operation-private.h"
#include "store/incident-sqlite-keeper-private.h"
#include "store/incident-store-private.h"
#include "support.h"

/* Ten processes act on the same thousand cases at once. What each was told is there,
 * once and in order, and in the end each sees what a fresh replay sees.
 *
 *   test-ten-processes [SECONDS]    without: so many commands each */

#define N_PROCESSES 10
#define N_CASES     1000
#define N_COMMANDS  60
#define N_HELD      40
#define N_MANY      20

static gint64 n_seconds;

typedef struct
{
  guint         me;
  GRand        *rng;
  IncidentDesk *desk;
  FILE         *told;          /* “operation events” a command that was acknowledged */
  IncidentCase *held[N_HELD];
  guint         n_changed;
} Actor;

static void
make_cases (const char *path)
{
  g_autoptr(IncidentDesk) desk = open_desk (path);
  g_autoptr(IncidentBatch) batch = incident_batch_new (desk);

  for (guint i = 0; i < N_CASES; i++)
    {
      g_autoptr(IncidentCommand) command = incident_command_new ("open", "ana");

      incident_command_set (command, "title", "T", NULL);
      assert_true (incident_batch_act (batch, 0, command, NULL));
    }
  assert_true (incident_batch_commit (batch, NULL));
}

/* Nothing may be asserted in a child: it ends, and the parent judges. */
static void
expect (Actor        *self,
        const GError *error)
{
  if (error == NULL || g_error_matches (error, INCIDENT_ERROR, INCIDENT_ERROR_REFUSED)
      || g_error_matches (error, INCIDENT_ERROR, INCIDENT_ERROR_CONFLICT))
    return;

  g_printerr ("process %u: %s\n", self->me, error->message);
  _exit (3);
}

static IncidentCommand *
draw_command (Actor *self,
              char   operation[33])
{
  static const char * const verbs[] = { "note", "diagnose", "escalate", "resolve", "recover", "reopen", "cancel" };
  IncidentCommand *command = incident_command_new (verbs[g_rand_int_range (self->rng, 0, G_N_ELEMENTS (verbs))], "ana");

  incident_command_set (command, "text", "words", NULL);
  if (g_str_equal (incident_command_get_verb (command), "escalate"))
    incident_command_set (command, "target", "db", NULL);
  g_snprintf (operation, 33, "%08x%08x%08x%08x", self->me, g_rand_int (self->rng), g_rand_int (self->rng), g_rand_int (self->rng));
  incident_command_set_operation (command, operation, NULL);
  return command;
}

static void
tell (Actor      *self,
      const char *operation,
      guint       n_events)
{
  fprintf (self->told, "%s %u\n", operation, n_events);
}

static void
act_on_one (Actor *self)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(IncidentCase) kase = NULL;
  char operation[33];
  g_autoptr(IncidentCommand) command = draw_command (self, operation);
  guint64 number = (guint64) g_rand_int_range (self->rng, 1, N_CASES + 1);

  kase = incident_desk_act (self->desk, number, command, &error);
  expect (self, error);
  if (kase == NULL)
    return;

  tell (self, operation, 1);
  /* A retry of what was recorded is recorded no second time. */
  if (g_rand_int_range (self->rng, 0, 8) == 0)
    {
      g_autoptr(IncidentCase) again = incident_desk_act (self->desk, number, command, &error);

      if (again == NULL)
        expect (self, error);
    }
}

static void
act_on_many (Actor *self)
{
  g_autoptr(GError) error = NULL;
  char operation[33];
  g_autoptr(IncidentCommand) command = draw_command (self, operation);
  guint64 numbers[N_MANY];
  guint64 from = (guint64) g_rand_int_range (self->rng, 1, N_CASES - N_MANY + 1);

  for (guint i = 0; i < N_MANY; i++)
    numbers[i] = from + i;
  if (incident_desk_act_many (self->desk, numbers, N_MANY, command, &error))
    tell (self, operation, N_MANY);
  expect (self, error);
}

static void
look_around (Actor *self)
{
  g_autoptr(GError) error = NULL;
  guint i = (guint) g_rand_int_range (self->rng, 0, N_HELD);

  g_clear_object (&self->held[i]);
  self->held[i] = incident_desk_get_case (self->desk, (guint64) g_rand_int_range (self->rng, 1, N_CASES + 1), &error);
  if (g_rand_boolean (self->rng))
    incident_desk_refresh (self->desk, &error);
  expect (self, error);
}

static void
act_for_a_while (Actor *self)
{
  gint64 until = g_get_monotonic_time () + n_seconds * G_USEC_PER_SEC;

  for (guint n = 0; n_seconds > 0 ? g_get_monotonic_time () < until : n < N_COMMANDS; n++)
    {
      guint lot = (guint) g_rand_int_range (self->rng, 0, 16);

      if (lot == 0)
        act_on_many (self);
      else if (lot < 3)
        look_around (self);
      else
        act_on_one (self);
    }
}

/* What it sees in the end, through the objects that it holds too. */
static void
tell_view (Actor      *self,
           const char *folder)
{
  g_autofree char *name = g_strdup_printf ("%s/view-%u", folder, self->me);
  g_autoptr(GString) view = g_string_new (NULL);
  g_autoptr(GError) error = NULL;

  incident_desk_refresh (self->desk, &error);
  expect (self, error);
  for (guint i = 0; i < N_HELD; i++)
    if (self->held[i] != NULL)
      {
        g_autofree char *json = incident_case_to_json (self->held[i]);

        g_string_append_printf (view, "%s %u\n", json,
                                g_list_model_get_n_items (incident_case_get_timeline (self->held[i])));
      }
  for (guint64 number = 1; number <= N_CASES; number++)
    {
      g_autoptr(IncidentCase) kase = incident_desk_get_case (self->desk, number, &error);
      g_autofree char *json = NULL;

      expect (self, error);
      json = incident_case_to_json (kase);
      g_string_append_printf (view, "%s %u\n", json, g_list_model_get_n_items (incident_case_get_timeline (kase)));
    }
  if (!g_file_set_contents (name, view->str, -1, NULL))
    _exit (4);
}

static void
count_changed (IncidentDesk *desk,
               gpointer      actor)
{
  ((Actor *) actor)->n_changed++;
}

/* It acts, says so, waits until all have done so, and tells what it sees. */
static void
live (Place *place,
      guint  me,
      int    done,
      int    go)
{
  g_autofree char *name = g_strdup_printf ("%s/told-%u", place->folder, me);
  Actor self = { .me = me, .rng = g_rand_new_with_seed (20261125 + me), .told = fopen (name, "w") };
  char byte;

  self.desk = incident_desk_open (place->path, NULL);
  if (self.desk == NULL || self.told == NULL)
    _exit (2);
  g_signal_connect (self.desk, "changed", G_CALLBACK (count_changed), &self);
  act_for_a_while (&self);
  fclose (self.told);
  if (write (done, ".", 1) != 1 || read (go, &byte, 1) != 0)
    _exit (5);
  tell_view (&self, place->folder);
  for (guint i = 0; i < N_HELD; i++)
    g_clear_object (&self.held[i]);
  g_object_unref (self.desk);
  _exit (self.n_changed > 0 ? 0 : 6);
}

/* Each child alone holds the other end of its pipe, so that its death is an end of file. */
static pid_t
begin_child (Place    *place,
             guint     me,
             const int go[2],
             int      *done)
{
  int own[2];
  pid_t child;

  assert_int_equal (pipe (own), 0);
  child = fork ();
  assert_true (child >= 0);
  if (child == 0)
    {
      close (own[0]);
      close (go[1]);
      live (place, me, own[1], go[0]);
    }

  close (own[1]);
  *done = own[0];
  return child;
}

static void
run_all (Place *place)
{
  pid_t children[N_PROCESSES];
  int done[N_PROCESSES];
  int go[2];
  char byte;

  assert_int_equal (pipe (go), 0);
  for (guint i = 0; i < N_PROCESSES; i++)
    children[i] = begin_child (place, i, go, &done[i]);
  for (guint i = 0; i < N_PROCESSES; i++)
    if (read (done[i], &byte, 1) != 1)
      fail_msg ("process %u ended while it acted", i);
  close (go[1]);
  for (guint i = 0; i < N_PROCESSES; i++)
    {
      int status;

      assert_int_equal (waitpid (children[i], &status, 0), children[i]);
      if (status != 0)
        fail_msg ("process %u ended with %x", i, (guint) status);
      close (done[i]);
    }
  close (go[0]);
}

/* Events by operation, and every case in order: reading checks the hashes too. */
static GHashTable *
read_log (IncidentDesk *desk,
          guint64      *n_events)
{
  GHashTable *operations = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  guint32 seqs[N_CASES + 1] = { 0 };
  gboolean more = TRUE;

  for (*n_events = 0; more;)
    {
      g_autoptr(GError) error = NULL;
      g_autoptr(GPtrArray) page = incident_store_read_log (incident_desk_get_store (desk), *n_events, 10000, &error);

      assert_no_error (error);
      more = page->len > 0;
      for (guint i = 0; i < page->len; i++)
        {
          IncidentRecord *record = g_ptr_array_index (page, i);
          char *operation = incident_operation_to_string (record->operation);

          assert_true (record->log_index == (*n_events)++);
          assert_true (record->subject >= 1 && record->subject <= N_CASES);
          assert_int_equal (record->seq, ++seqs[record->subject]);
          g_hash_table_insert (operations, operation,
                               GUINT_TO_POINTER (GPOINTER_TO_UINT (g_hash_table_lookup (operations, operation)) + 1));
        }
    }

  return operations;
}

static guint
check_told (Place      *place,
            guint       me,
            GHashTable *operations)
{
  g_autofree char *name = g_strdup_printf ("%s/told-%u", place->folder, me);
  g_autofree char *text = NULL;
  g_auto(GStrv) lines = NULL;
  guint n = 0;

  assert_true (g_file_get_contents (name, &text, NULL, NULL));
  lines = g_strsplit (text, "\n", -1);
  for (; lines[n] != NULL && *lines[n] != '\0'; n++)
    {
      g_auto(GStrv) words = g_strsplit (lines[n], " ", 2);
      guint events = GPOINTER_TO_UINT (g_hash_table_lookup (operations, words[0]));

      if (events != (guint) g_ascii_strtoull (words[1], NULL, 10))
        fail_msg ("operation %s of process %u left %u events", words[0], me, events);
      g_hash_table_remove (operations, words[0]);
    }
  g_unlink (name);
  return n;
}

static void
check_view (Place      *place,
            guint       me,
            GHashTable *truth)
{
  g_autofree char *name = g_strdup_printf ("%s/view-%u", place->folder, me);
  g_autofree char *text = NULL;
  g_auto(GStrv) lines = NULL;
  guint n = 0;

  assert_true (g_file_get_contents (name, &text, NULL, NULL));
  lines = g_strsplit (text, "\n", -1);
  for (; lines[n] != NULL && *lines[n] != '\0'; n++)
    if (!g_hash_table_contains (truth, lines[n]))
      fail_msg ("process %u sees %s", me, lines[n]);
  assert_true (n >= N_CASES);
  g_unlink (name);
}

static GHashTable *
replay (IncidentDesk *desk)
{
  GHashTable *truth = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);

  for (guint64 number = 1; number <= N_CASES; number++)
    {
      g_autoptr(IncidentCase) kase = incident_desk_get_case (desk, number, NULL);
      g_autofree char *json = incident_case_to_json (kase);

      g_hash_table_add (truth, g_strdup_printf ("%s %u", json,
                                                g_list_model_get_n_items (incident_case_get_timeline (kase))));
    }

  return truth;
}

static void
test_nothing_is_lost_doubled_or_out_of_order (void **state)
{
  Place *place = *state;
  g_autoptr(IncidentDesk) desk = NULL;
  g_autoptr(GHashTable) operations = NULL;
  g_autoptr(GHashTable) truth = NULL;
  guint64 n_events;
  guint n_told = 0;

  /* So that rows are brought up to date, and SQLite's log is copied, in the midst of it. */
  incident_sqlite_keeper_limits = (IncidentSqliteKeeperLimits) { .wal_pages = 200, .cases = 100, .events = 500 };
  make_cases (place->path);
  run_all (place);

  desk = open_desk (place->path);
  operations = read_log (desk, &n_events);
  truth = replay (desk);
  for (guint i = 0; i < N_PROCESSES; i++)
    {
      n_told += check_told (place, i, operations);
      check_view (place, i, truth);
    }
  /* Those that opened the cases are left. */
  assert_int_equal (g_hash_table_size (operations), N_CASES);
  print_message ("%u commands of %u processes, %" G_GUINT64_FORMAT " events\n", n_told, N_PROCESSES, n_events);
  assert_true (n_told > N_PROCESSES);
}

int
main (int    argc,
      char **argv)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test_setup_teardown (test_nothing_is_lost_doubled_or_out_of_order, place_setup, place_teardown),
  };

  n_seconds = argc > 1 ? g_ascii_strtoll (argv[1], NULL, 10) : 0;
  return cmocka_run_group_tests (tests, NULL, NULL);
}
