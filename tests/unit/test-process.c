/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "incident-test.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/incident-process-private.h"

/* Programs that every Debian has, at their worst. A deadline that a test waits for is short, all others
 * are never reached. */

#define NEVER (60 * G_TIME_SPAN_SECOND)
#define SOON  (200 * G_TIME_SPAN_MILLISECOND)

static void
wait_until_closed (int fd)
{
  char byte;

  while (read (fd, &byte, 1) < 0 && errno == EINTR)
    ;
  close (fd);
}

static IncidentProcessResult *
run_order (IncidentProcessOrder *order,
           GCancellable         *cancellable,
           GError              **error)
{
  g_autoptr(GAsyncResult) result = NULL;

  incident_process_run_async (order, cancellable, store_result, &result);
  return incident_process_run_finish (wait_for (&result), error);
}

static IncidentProcessResult *
run (const char * const *argv,
     const char         *input,
     gint64              deadline)
{
  g_autoptr(GBytes) bytes = input != NULL ? g_bytes_new (input, strlen (input)) : NULL;
  IncidentProcessOrder order = { .argv = argv, .input = bytes, .deadline = deadline };
  g_autoptr(GError) error = NULL;
  IncidentProcessResult *result = run_order (&order, NULL, &error);

  assert_no_error (error);
  return result;
}

static IncidentProcessResult *
run_shell (const char *script,
           gint64      deadline)
{
  const char *argv[] = { "/bin/sh", "-c", script, NULL };

  return run (argv, NULL, deadline);
}

static void
assert_said (GBytes     *said,
             const char *expected)
{
  assert_int_equal (g_bytes_get_size (said), strlen (expected));
  assert_memory_equal (g_bytes_get_data (said, NULL), expected, strlen (expected));
}

static void
assert_exited (const IncidentProcessResult *result,
               int                          status)
{
  assert_int_equal (result->end, INCIDENT_PROCESS_EXITED);
  assert_int_equal (result->status, status);
}

static void
test_what_it_says_and_its_status_come_back (void **state)
{
  g_autoptr(IncidentProcessResult) result = run_shell ("echo out; echo err >&2; exit 75", NEVER);
  g_autofree char *words = incident_process_describe (result);

  assert_exited (result, 75);
  assert_said (result->output, "out\n");
  assert_said (result->errors, "err\n");
  assert_int_equal (result->n_dropped, 0);
  assert_string_equal (words, "exit status 75");
}

static void
test_arguments_meet_no_shell (void **state)
{
  const char *argv[] = { "/bin/echo", "$(id)", ";", "`id`", "a  b", "*", NULL };
  g_autoptr(IncidentProcessResult) result = run (argv, NULL, NEVER);

  assert_said (result->output, "$(id) ; `id` a  b *\n");
}

static void
test_the_environment_is_ours_alone (void **state)
{
  const char *argv[] = { "env", NULL };
  const char *added[] = { "INCIDENT_KEY=abc", NULL };
  IncidentProcessOrder order = { .argv = argv, .environment = added, .deadline = NEVER };
  g_autoptr(IncidentProcessResult) result = NULL;

  g_setenv ("PLANTED_SECRET", "canary", TRUE);
  result = run_order (&order, NULL, NULL);
  g_unsetenv ("PLANTED_SECRET");

  assert_exited (result, 0);
  assert_said (result->output, "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin\n"
                               "LANG=C.UTF-8\nINCIDENT_KEY=abc\n");
}

static void
test_it_reads_its_input (void **state)
{
  const char *argv[] = { "cat", NULL };
  g_autofree char *much = g_strnfill (INCIDENT_PROCESS_OUTPUT, 'x');
  g_autoptr(IncidentProcessResult) result = run (argv, much, NEVER);

  assert_exited (result, 0);
  assert_said (result->output, much);
}

static void
test_no_input_is_an_empty_one (void **state)
{
  const char *argv[] = { "cat", NULL };
  g_autoptr(IncidentProcessResult) result = run (argv, NULL, NEVER);

  assert_exited (result, 0);
  assert_said (result->output, "");
}

/* A pipe would raise SIGPIPE here, whose default is the end of us. */
static void
test_input_that_nobody_reads_harms_nobody (void **state)
{
  const char *argv[] = { "/bin/sh", "-c", "exec 0<&-; exit 3", NULL };
  g_autofree char *much = g_strnfill (1024 * 1024, 'x');
  g_autoptr(IncidentProcessResult) result = run (argv, much, NEVER);

  assert_exited (result, 3);
}

static void
test_a_signal_is_told (void **state)
{
  g_autoptr(IncidentProcessResult) result = run_shell ("kill -SEGV $$", NEVER);
  g_autofree char *words = incident_process_describe (result);

  assert_int_equal (result->end, INCIDENT_PROCESS_SIGNALLED);
  assert_int_equal (result->status, SIGSEGV);
  assert_string_equal (words, "killed by signal 11");
}

static void
test_no_such_program_is_an_error (void **state)
{
  const char *argv[] = { "/nonexistent/bell", NULL };
  IncidentProcessOrder order = { .argv = argv, .deadline = NEVER };
  g_autoptr(GError) error = NULL;

  assert_null (run_order (&order, NULL, &error));
  assert_error (error, G_SPAWN_ERROR, G_SPAWN_ERROR_NOENT);
}

static void
test_a_file_that_cannot_be_run_is_an_error (void **state)
{
  const char *argv[] = { "/etc/passwd", NULL };
  IncidentProcessOrder order = { .argv = argv, .deadline = NEVER };
  g_autoptr(GError) error = NULL;

  assert_null (run_order (&order, NULL, &error));
  assert_error (error, G_SPAWN_ERROR, G_SPAWN_ERROR_ACCES);
}

static void
test_what_is_too_much_is_dropped_and_counted (void **state)
{
  const char *script = "head -c 1000000 /dev/zero; head -c 70000 /dev/zero >&2; exit 4";
  g_autoptr(IncidentProcessResult) result = run_shell (script, NEVER);

  assert_exited (result, 4);
  assert_int_equal (g_bytes_get_size (result->output), INCIDENT_PROCESS_OUTPUT);
  assert_int_equal (g_bytes_get_size (result->errors), INCIDENT_PROCESS_OUTPUT);
  assert_int_equal (result->n_dropped, 1000000 + 70000 - 2 * INCIDENT_PROCESS_OUTPUT);
}

static void
test_the_cap_is_the_callers (void **state)
{
  const char *argv[] = { "echo", "abcdef", NULL };
  IncidentProcessOrder order = { .argv = argv, .deadline = NEVER, .most_output = 3 };
  g_autoptr(IncidentProcessResult) result = run_order (&order, NULL, NULL);

  assert_said (result->output, "abc");
  assert_int_equal (result->n_dropped, 4);
}

static void
test_a_flood_without_end_is_stopped (void **state)
{
  const char *argv[] = { "yes", NULL };
  g_autoptr(IncidentProcessResult) result = run (argv, NULL, NEVER);

  assert_int_equal (result->end, INCIDENT_PROCESS_FLOODED);
  assert_int_equal (g_bytes_get_size (result->output), INCIDENT_PROCESS_OUTPUT);
}

static void
test_what_hangs_is_killed_at_the_deadline (void **state)
{
  const char *argv[] = { "sleep", "1000", NULL };
  gint64 begun = g_get_monotonic_time ();
  g_autoptr(IncidentProcessResult) result = run (argv, NULL, SOON);

  assert_int_equal (result->end, INCIDENT_PROCESS_LATE);
  assert_true (g_get_monotonic_time () - begun >= SOON);
}

static void
test_what_was_said_before_the_deadline_is_kept (void **state)
{
  g_autoptr(IncidentProcessResult) result = run_shell ("echo first; exec sleep 1000", SOON);

  assert_int_equal (result->end, INCIDENT_PROCESS_LATE);
  assert_said (result->output, "first\n");
}

static void
test_what_ignores_signals_is_killed_too (void **state)
{
  g_autoptr(IncidentProcessResult) result = run_shell ("trap '' TERM INT HUP; while :; do sleep 1000; done", SOON);

  assert_int_equal (result->end, INCIDENT_PROCESS_LATE);
}

/* A file descriptor that @order's program and all its children hold: read it to its end, and they are gone. */
static int
open_lifeline (char **path)
{
  g_autofree char *folder = g_dir_make_tmp (NULL, NULL);

  *path = g_build_filename (folder, "lifeline", NULL);
  assert_int_equal (mkfifo (*path, 0600), 0);
  return open (*path, O_RDONLY | O_NONBLOCK | O_CLOEXEC);
}

static void
close_lifeline (const char *path)
{
  g_autofree char *folder = g_path_get_dirname (path);

  unlink (path);
  rmdir (folder);
}

static void
test_grandchildren_are_killed_at_the_deadline (void **state)
{
  g_autofree char *path = NULL;
  int lifeline = open_lifeline (&path);
  g_autofree char *script = g_strdup_printf ("exec 9>'%s'; echo up; sleep 1000 & sleep 1000 & wait", path);
  g_autoptr(IncidentProcessResult) result = run_shell (script, SOON);

  assert_int_equal (result->end, INCIDENT_PROCESS_LATE);
  assert_said (result->output, "up\n");
  /* Hangs here if one of them lives. */
  fcntl (lifeline, F_SETFL, 0);
  wait_until_closed (lifeline);
  close_lifeline (path);
}

static void
test_a_grandchild_that_holds_the_pipes_delays_nothing (void **state)
{
  gint64 begun = g_get_monotonic_time ();
  g_autoptr(IncidentProcessResult) result = run_shell ("echo done; sleep 5 & exit 7", NEVER);

  assert_exited (result, 7);
  assert_true (g_get_monotonic_time () - begun < 4 * G_TIME_SPAN_SECOND);
  assert_said (result->output, "done\n");
}

static void
test_a_grandchild_that_has_left_the_session_does_not_delay_the_deadline (void **state)
{
  gint64 begun = g_get_monotonic_time ();
  g_autoptr(IncidentProcessResult) result = run_shell ("setsid sleep 5 & sleep 1000", SOON);

  assert_int_equal (result->end, INCIDENT_PROCESS_LATE);
  assert_true (g_get_monotonic_time () - begun < 4 * G_TIME_SPAN_SECOND);
}

static void
test_what_it_leaves_running_ends_where_that_is_wanted (void **state)
{
  g_autofree char *path = NULL;
  int lifeline = open_lifeline (&path);
  g_autofree char *script = g_strdup_printf ("exec 9>'%s'; sleep 1000 & exit 0", path);
  const char *argv[] = { "/bin/sh", "-c", script, NULL };
  IncidentProcessOrder order = { .argv = argv, .deadline = NEVER, .ends_rest = TRUE };
  g_autoptr(IncidentProcessResult) result = run_order (&order, NULL, NULL);

  assert_exited (result, 0);
  fcntl (lifeline, F_SETFL, 0);
  wait_until_closed (lifeline);
  close_lifeline (path);
}

static void
test_it_is_cancelled_and_killed (void **state)
{
  const char *argv[] = { "sleep", "1000", NULL };
  IncidentProcessOrder order = { .argv = argv, .deadline = NEVER };
  g_autoptr(GCancellable) cancellable = g_cancellable_new ();
  g_autoptr(GAsyncResult) result = NULL;
  g_autoptr(GError) error = NULL;

  incident_process_run_async (&order, cancellable, store_result, &result);
  g_cancellable_cancel (cancellable);
  assert_null (incident_process_run_finish (wait_for (&result), &error));
  assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  /* Reaped, too. */
  assert_int_equal (waitpid (-1, NULL, WNOHANG), -1);
}

static void
test_what_is_cancelled_before_is_never_begun (void **state)
{
  const char *argv[] = { "/nonexistent/bell", NULL };
  IncidentProcessOrder order = { .argv = argv, .deadline = NEVER };
  g_autoptr(GCancellable) cancellable = g_cancellable_new ();
  g_autoptr(GError) error = NULL;

  g_cancellable_cancel (cancellable);
  assert_null (run_order (&order, cancellable, &error));
  assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
}

static void
test_a_host_that_ignores_sigchld_is_told_that_nothing_is_known (void **state)
{
  const char *argv[] = { "false", NULL };
  struct sigaction ignored = { .sa_handler = SIG_IGN };
  struct sigaction before;
  struct sigaction after;
  g_autoptr(IncidentProcessResult) result = NULL;

  sigaction (SIGCHLD, &ignored, &before);
  result = run (argv, NULL, NEVER);
  sigaction (SIGCHLD, &before, &after);

  assert_int_equal (result->end, INCIDENT_PROCESS_UNKNOWN);
  assert_ptr_equal (after.sa_handler, SIG_IGN);
}

static void
test_the_program_ignores_no_signal_because_we_do (void **state)
{
  g_autoptr(IncidentProcessResult) result = NULL;
  void (*chld) (int) = signal (SIGCHLD, SIG_IGN);
  void (*usr1) (int) = signal (SIGUSR1, SIG_IGN);
  sigset_t blocked;

  sigemptyset (&blocked);
  sigaddset (&blocked, SIGUSR2);
  sigprocmask (SIG_BLOCK, &blocked, NULL);
  result = run_shell ("grep SigIgn /proc/self/status; grep SigBlk /proc/self/status", NEVER);
  signal (SIGCHLD, chld);
  signal (SIGUSR1, usr1);
  sigprocmask (SIG_UNBLOCK, &blocked, NULL);

  assert_said (result->output, "SigIgn:\t0000000000000000\nSigBlk:\t0000000000000000\n");
}

static void
test_it_inherits_none_of_our_files (void **state)
{
  int fd = open ("/dev/null", O_RDONLY);
  g_autoptr(IncidentProcessResult) result = run_shell ("ls /proc/self/fd", NEVER);

  close (fd);
  /* The fourth is the folder that ls reads. */
  assert_said (result->output, "0\n1\n2\n3\n");
}

static void
test_it_has_a_session_of_its_own (void **state)
{
  g_autoptr(IncidentProcessResult) result = run_shell ("cut -d' ' -f6 /proc/$$/stat; echo $$", NEVER);
  gsize length;
  const char *bytes = g_bytes_get_data (result->output, &length);
  g_autofree char *text = g_strndup (bytes, length);
  g_auto(GStrv) lines = g_strsplit (text, "\n", 3);

  assert_string_equal (lines[0], lines[1]);
}

static void
test_limits_are_set_and_no_dumps_are_written (void **state)
{
  const char *argv[] = { "/bin/sh", "-c", "ulimit -c; ulimit -t; ulimit -v; ulimit -f", NULL };
  IncidentProcessOrder order = {
    .argv = argv, .deadline = NEVER,
    .limits = { .cpu_seconds = 7, .memory = 512 * 1024 * 1024, .file = 1024 * 1024 },
  };
  g_autoptr(IncidentProcessResult) result = NULL;
  struct rlimit before;
  struct rlimit dumps;

  getrlimit (RLIMIT_CORE, &before);
  dumps = (struct rlimit) { before.rlim_max, before.rlim_max };
  setrlimit (RLIMIT_CORE, &dumps);
  result = run_order (&order, NULL, NULL);
  setrlimit (RLIMIT_CORE, &before);

  /* In units of POSIX: seconds, KiB, and blocks of 512 bytes. */
  assert_said (result->output, "0\n7\n524288\n2048\n");
}

static void
test_the_number_of_files_is_limited (void **state)
{
  const char *argv[] = { "/bin/sh", "-c", "ulimit -n", NULL };
  IncidentProcessOrder order = { .argv = argv, .deadline = NEVER, .limits = { .files = 40 } };
  g_autoptr(IncidentProcessResult) result = NULL;

  /* valgrind keeps that limit to itself. */
  if (strstr (g_getenv ("LD_PRELOAD") != NULL ? g_getenv ("LD_PRELOAD") : "", "valgrind") != NULL)
    skip ();

  result = run_order (&order, NULL, NULL);
  assert_said (result->output, "40\n");
}

static void
test_a_limit_of_processor_time_ends_it (void **state)
{
  const char *argv[] = { "/bin/sh", "-c", "while :; do :; done", NULL };
  IncidentProcessOrder order = { .argv = argv, .deadline = NEVER, .limits = { .cpu_seconds = 1 } };
  g_autoptr(IncidentProcessResult) result = run_order (&order, NULL, NULL);

  /* The hard limit kills, the soft one asks with SIGXCPU; both are the same second. */
  assert_int_equal (result->end, INCIDENT_PROCESS_SIGNALLED);
  assert_true (result->status == SIGKILL || result->status == SIGXCPU);
}

typedef struct
{
  GMainContext *context;
  GMainContext *called_in;
  gboolean      is_called;
} Seen;

static void
note_context (GObject      *object,
              GAsyncResult *result,
              gpointer      data)
{
  Seen *seen = data;

  seen->called_in = g_main_context_get_thread_default ();
  seen->is_called = TRUE;
  incident_process_result_free (incident_process_run_finish (result, NULL));
}

static gpointer
run_in_thread (gpointer data)
{
  const char *argv[] = { "true", NULL };
  IncidentProcessOrder order = { .argv = argv, .deadline = NEVER };
  Seen *seen = data;

  g_main_context_push_thread_default (seen->context);
  incident_process_run_async (&order, NULL, note_context, seen);
  while (!seen->is_called)
    g_main_context_iteration (seen->context, TRUE);
  g_main_context_pop_thread_default (seen->context);
  return NULL;
}

static void
test_it_ends_in_the_callers_context (void **state)
{
  Seen seen = { g_main_context_new (), NULL, FALSE };

  g_thread_join (g_thread_new ("runs", run_in_thread, &seen));
  assert_ptr_equal (seen.called_in, seen.context);
  g_main_context_unref (seen.context);
}

static void
test_many_at_a_time_keep_apart (void **state)
{
  GAsyncResult *results[20] = { NULL };

  for (guint i = 0; i < G_N_ELEMENTS (results); i++)
    {
      g_autofree char *script = g_strdup_printf ("echo %u; exit %u", i, i);
      const char *argv[] = { "/bin/sh", "-c", script, NULL };
      IncidentProcessOrder order = { .argv = argv, .deadline = NEVER };

      incident_process_run_async (&order, NULL, store_result, &results[i]);
    }
  for (guint i = 0; i < G_N_ELEMENTS (results); i++)
    {
      g_autoptr(GAsyncResult) done = wait_for (&results[i]);
      g_autoptr(IncidentProcessResult) result = incident_process_run_finish (done, NULL);
      g_autofree char *expected = g_strdup_printf ("%u\n", i);

      assert_exited (result, (int) i);
      assert_said (result->output, expected);
    }
}

static void
assert_line (const char *said,
             gssize      length,
             const char *expected)
{
  g_autoptr(GBytes) bytes = g_bytes_new (said, length < 0 ? strlen (said) : (gsize) length);
  g_autofree char *line = incident_process_dup_line (bytes);

  if (expected == NULL)
    assert_null (line);
  else
    assert_string_equal (line, expected);
}

static void
test_a_line_of_it_is_harmless (void **state)
{
  g_autofree char *longer = g_strnfill (10000, 'x');
  g_autofree char *cut = g_strnfill (202, 'x');

  assert_line ("", -1, NULL);
  assert_line (" \n\r\n\t\n", -1, NULL);
  assert_line ("\n\n  sendmail: no such host \nmore", -1, "sendmail: no such host");
  assert_line ("\033[31mred\xff\xe2\x80\xae", -1, "\\u{1b}[31mred\\xff\\u{202e}");
  assert_line ("a\0b", 3, "a");
  memcpy (cut + 199, "…", 4);
  assert_line (longer, -1, cut);
}

int
main (void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test (test_what_it_says_and_its_status_come_back),
    cmocka_unit_test (test_arguments_meet_no_shell),
    cmocka_unit_test (test_the_environment_is_ours_alone),
    cmocka_unit_test (test_it_reads_its_input),
    cmocka_unit_test (test_no_input_is_an_empty_one),
    cmocka_unit_test (test_input_that_nobody_reads_harms_nobody),
    cmocka_unit_test (test_a_signal_is_told),
    cmocka_unit_test (test_no_such_program_is_an_error),
    cmocka_unit_test (test_a_file_that_cannot_be_run_is_an_error),
    cmocka_unit_test (test_what_is_too_much_is_dropped_and_counted),
    cmocka_unit_test (test_the_cap_is_the_callers),
    cmocka_unit_test (test_a_flood_without_end_is_stopped),
    cmocka_unit_test (test_what_hangs_is_killed_at_the_deadline),
    cmocka_unit_test (test_what_was_said_before_the_deadline_is_kept),
    cmocka_unit_test (test_what_ignores_signals_is_killed_too),
    cmocka_unit_test (test_grandchildren_are_killed_at_the_deadline),
    cmocka_unit_test (test_a_grandchild_that_holds_the_pipes_delays_nothing),
    cmocka_unit_test (test_a_grandchild_that_has_left_the_session_does_not_delay_the_deadline),
    cmocka_unit_test (test_what_it_leaves_running_ends_where_that_is_wanted),
    cmocka_unit_test (test_it_is_cancelled_and_killed),
    cmocka_unit_test (test_what_is_cancelled_before_is_never_begun),
    cmocka_unit_test (test_a_host_that_ignores_sigchld_is_told_that_nothing_is_known),
    cmocka_unit_test (test_the_program_ignores_no_signal_because_we_do),
    cmocka_unit_test (test_it_inherits_none_of_our_files),
    cmocka_unit_test (test_it_has_a_session_of_its_own),
    cmocka_unit_test (test_limits_are_set_and_no_dumps_are_written),
    cmocka_unit_test (test_the_number_of_files_is_limited),
    cmocka_unit_test (test_a_limit_of_processor_time_ends_it),
    cmocka_unit_test (test_it_ends_in_the_callers_context),
    cmocka_unit_test (test_many_at_a_time_keep_apart),
    cmocka_unit_test (test_a_line_of_it_is_harmless),
  };

  return cmocka_run_group_tests (tests, NULL, NULL);
}
