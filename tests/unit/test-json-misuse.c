/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "incident-test.h"

#include <fcntl.h>
#include <math.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/incident-json-writer-private.h"

static void
write_well (IncidentJsonWriter *writer)
{
  incident_json_writer_begin_object (writer);
  incident_json_writer_member (writer, "a", "b");
  incident_json_writer_end_object (writer);
}

static void
write_infinity (IncidentJsonWriter *writer)
{
  incident_json_writer_double (writer, (double) INFINITY);
}

static void
write_not_a_number (IncidentJsonWriter *writer)
{
  incident_json_writer_double (writer, (double) NAN);
}

static void
write_bad_utf8 (IncidentJsonWriter *writer)
{
  incident_json_writer_string (writer, "\xff");
}

static void
write_bad_utf8_behind_good (IncidentJsonWriter *writer)
{
  incident_json_writer_string (writer, "a \"é\" \xc3");
}

static void
leave_open (IncidentJsonWriter *writer)
{
  incident_json_writer_begin_array (writer);
}

static void
write_nothing (IncidentJsonWriter *writer)
{
}

static void
write_two_values (IncidentJsonWriter *writer)
{
  incident_json_writer_null (writer);
  incident_json_writer_null (writer);
}

static void
end_another (IncidentJsonWriter *writer)
{
  incident_json_writer_begin_array (writer);
  incident_json_writer_end_object (writer);
}

static void
end_what_is_not_open (IncidentJsonWriter *writer)
{
  incident_json_writer_null (writer);
  incident_json_writer_end_array (writer);
}

static void
leave_out_a_name (IncidentJsonWriter *writer)
{
  incident_json_writer_begin_object (writer);
  incident_json_writer_null (writer);
  incident_json_writer_end_object (writer);
}

static void
leave_out_a_value (IncidentJsonWriter *writer)
{
  incident_json_writer_begin_object (writer);
  incident_json_writer_name (writer, "a");
  incident_json_writer_end_object (writer);
}

static void
name_an_element (IncidentJsonWriter *writer)
{
  incident_json_writer_begin_array (writer);
  incident_json_writer_name (writer, "a");
}

static void
go_too_deep (IncidentJsonWriter *writer)
{
  for (guint i = 0; i < 65; i++)
    incident_json_writer_begin_array (writer);
  for (guint i = 0; i < 65; i++)
    incident_json_writer_end_array (writer);
}

static int
run_in_child (void (*misuse) (IncidentJsonWriter *writer))
{
  const struct rlimit no_core = { 0, 0 };
  IncidentJsonWriter writer;
  int status = 0;
  pid_t child = fork ();

  if (child == 0)
    {
      setrlimit (RLIMIT_CORE, &no_core);
      signal (SIGABRT, SIG_DFL);
      dup2 (open ("/dev/null", O_WRONLY), STDERR_FILENO);
      dup2 (STDERR_FILENO, STDOUT_FILENO);
      incident_json_writer_init (&writer, FALSE);
      misuse (&writer);
      g_free (incident_json_writer_finish (&writer));
      _exit (0);
    }
  assert_true (child > 0);
  assert_int_equal (waitpid (child, &status, 0), child);
  return status;
}

static void
test_what_would_not_be_json_is_asserted (void **state)
{
  static void (*const misuses[]) (IncidentJsonWriter *) = {
    write_infinity, write_not_a_number, write_bad_utf8, write_bad_utf8_behind_good, leave_open, write_nothing,
    write_two_values, end_another, end_what_is_not_open, leave_out_a_name, leave_out_a_value, name_an_element, go_too_deep,
  };

  assert_int_equal (run_in_child (write_well), 0);
  for (gsize i = 0; i < G_N_ELEMENTS (misuses); i++)
    {
      int status = run_in_child (misuses[i]);

      if (!WIFSIGNALED (status) || WTERMSIG (status) != SIGABRT)
        fail_msg ("misuse %zu was not asserted", i);
    }
}

int
main (void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test (test_what_would_not_be_json_is_asserted),
  };

  return cmocka_run_group_tests (tests, NULL, NULL);
}
