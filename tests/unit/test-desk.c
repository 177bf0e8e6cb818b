/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "desk-test.h"

#include <glib/gstdio.h>

#define OPERATION "0123456789abcdef0123456789abcdef"

static IncidentCase *
get_case (IncidentDesk *desk, guint64 number)
{
  g_autoptr(GError) error = NULL;
  IncidentCase *kase = incident_desk_get_case (desk, number, &error);

  assert_no_error (error);
  return kase;
}

/* A second desk over the same store, as another process would have. */
static IncidentDesk *
other_desk (Office *office)
{
  return incident_desk_new (office->store, office->clock, NULL);
}

static void
test_a_case_that_somebody_holds_is_the_same_object (void **state)
{
  Office *office = *state;
  g_autoptr(IncidentCase) kase = open_case (office);
  g_autoptr(IncidentCase) same = get_case (office->desk, 1);
  g_autoptr(IncidentQuery) query = incident_query_new ();
  g_autoptr(GPtrArray) found = incident_desk_find_cases (office->desk, query, NULL);

  assert_ptr_equal (kase, same);
  assert_int_equal (found->len, 1);
  assert_ptr_equal (g_ptr_array_index (found, 0), kase);
}

static void
count_end (gpointer count, GObject *gone)
{
  (*(guint *) count)++;
}

static void
test_a_case_that_nobody_holds_is_made_anew (void **state)
{
  Office *office = *state;
  IncidentCase *kase = open_case (office);
  g_autoptr(IncidentCase) anew = NULL;
  guint n_ended = 0;

  act (kase, "diagnose", "ana", NULL);
  g_object_weak_ref (G_OBJECT (kase), count_end, &n_ended);
  g_object_unref (kase);
  assert_int_equal (n_ended, 1);
  anew = get_case (office->desk, 1);
  assert_string_equal (incident_case_get_phase (anew), "diagnosis");
  assert_int_equal (incident_case_get_version (anew), 2);
}

static void
test_a_case_keeps_its_desk (void **state)
{
  Office *office = *state;
  g_autoptr(IncidentCase) kase = NULL;
  IncidentDesk *desk = other_desk (office);

  kase = incident_desk_open_case (desk, "T", INCIDENT_SEVERITY_UNKNOWN, "ana", NULL);
  g_object_unref (desk);
  act (kase, "diagnose", "ana", NULL);
  assert_string_equal (incident_case_get_phase (kase), "diagnosis");
}

static void
test_no_such_case_is_not_found (void **state)
{
  static const guint64 numbers[] = { 2, 0, G_MAXUINT64 };
  Office *office = *state;
  g_autoptr(IncidentCase) kase G_GNUC_UNUSED = open_case (office);

  for (guint i = 0; i < G_N_ELEMENTS (numbers); i++)
    {
      g_autofree char *message = g_strdup_printf ("There is no case INC-%" G_GUINT64_FORMAT, numbers[i]);
      g_autoptr(GError) error = NULL;

      assert_null (incident_desk_get_case (office->desk, numbers[i], &error));
      assert_error (error, INCIDENT_ERROR, INCIDENT_ERROR_NOT_FOUND);
      assert_string_equal (error->message, message);
    }
}

static void
test_acting_on_no_such_case_is_not_found (void **state)
{
  Office *office = *state;
  g_autoptr(IncidentCommand) command = command_new ("diagnose", "ana", NULL);
  g_autoptr(GError) error = NULL;

  assert_null (incident_desk_act (office->desk, 9, command, &error));
  assert_error (error, INCIDENT_ERROR, INCIDENT_ERROR_NOT_FOUND);
}

static void
test_getting_a_case_sees_what_another_desk_did (void **state)
{
  Office *office = *state;
  g_autoptr(IncidentDesk) other = other_desk (office);
  g_autoptr(IncidentCase) mine = open_case (office);
  g_autoptr(IncidentCase) theirs = get_case (other, 1);
  g_autoptr(IncidentCase) same = NULL;

  assert_ptr_not_equal (mine, theirs);
  act (theirs, "diagnose", "bo", NULL);
  assert_string_equal (incident_case_get_phase (mine), "new");
  same = get_case (office->desk, 1);
  assert_ptr_equal (mine, same);
  assert_string_equal (incident_case_get_phase (mine), "diagnosis");
  assert_int_equal (g_list_model_get_n_items (incident_case_get_timeline (mine)), 2);
}

static void
test_a_command_that_comes_second_is_judged_on_what_is_so_by_then (void **state)
{
  Office *office = *state;
  g_autoptr(IncidentDesk) other = other_desk (office);
  g_autoptr(IncidentCase) mine = open_case (office);
  g_autoptr(IncidentCase) theirs = get_case (other, 1);
  g_autoptr(GError) error = NULL;

  act (theirs, "note", "bo", "text", "x", NULL);
  act (mine, "note", "ana", "text", "y", NULL);
  assert_int_equal (incident_case_get_version (mine), 3);
  act (mine, "cancel", "ana", "text", "x", NULL);
  assert_false (incident_case_diagnose (theirs, "x", "bo", &error));
  assert_error (error, INCIDENT_ERROR, INCIDENT_ERROR_REFUSED);
  assert_non_null (strstr (error->message, "wrong-phase: the case is in “cancelled”"));
}

/* Refresh */


static void
on_opened (IncidentDesk *desk, IncidentCase *kase, gpointer log)
{
  g_string_append_printf (log, "opened:%s ", incident_case_get_id (kase));
}

static void
on_changed (IncidentDesk *desk, gpointer log)
{
  g_string_append (log, "changed ");
}

static void
on_recorded (IncidentCase *kase, IncidentEvent *event, gpointer log)
{
  g_string_append_printf (log, "%s:%s ", incident_case_get_id (kase), incident_event_get_kind (event));
}

static void
watch (IncidentDesk *desk, GString *log)
{
  g_signal_connect (desk, "case-opened", G_CALLBACK (on_opened), log);
  g_signal_connect (desk, "changed", G_CALLBACK (on_changed), log);
}

static void
assert_log (GString *log, const char *expected)
{
  assert_string_equal (log->str, expected);
  g_string_truncate (log, 0);
}

static void
refresh (IncidentDesk *desk)
{
  g_autoptr(GError) error = NULL;

  incident_desk_refresh (desk, &error);
  assert_no_error (error);
}

static void
test_own_commits_are_told_of_once (void **state)
{
  Office *office = *state;
  g_autoptr(GString) log = g_string_new (NULL);
  g_autoptr(IncidentCase) kase = NULL;

  watch (office->desk, log);
  kase = open_case (office);
  g_signal_connect (kase, "event-recorded", G_CALLBACK (on_recorded), log);
  assert_log (log, "opened:INC-1 changed ");
  act (kase, "diagnose", "ana", NULL);
  assert_log (log, "INC-1:diagnosed changed ");
  refresh (office->desk);
  assert_log (log, "");
}

static void
test_refresh_tells_of_what_others_did (void **state)
{
  Office *office = *state;
  g_autoptr(IncidentDesk) other = other_desk (office);
  g_autoptr(GString) log = g_string_new (NULL);
  g_autoptr(IncidentCase) mine = open_case (office);
  g_autoptr(IncidentCase) theirs = get_case (other, 1);
  g_autoptr(IncidentCase) second = NULL;

  watch (office->desk, log);
  g_signal_connect (mine, "event-recorded", G_CALLBACK (on_recorded), log);
  act (theirs, "diagnose", "bo", NULL);
  second = incident_desk_open_case (other, "T", INCIDENT_SEVERITY_UNKNOWN, "bo", NULL);
  act (second, "diagnose", "bo", NULL);
  act (theirs, "note", "bo", "text", "x", NULL);
  assert_log (log, "");
  refresh (office->desk);
  assert_log (log, "INC-1:diagnosed opened:INC-2 INC-1:noted changed ");
  refresh (office->desk);
  assert_log (log, "");
}

static void
test_an_own_case_is_not_told_of_again_by_refresh (void **state)
{
  Office *office = *state;
  g_autoptr(IncidentDesk) other = other_desk (office);
  g_autoptr(GString) log = g_string_new (NULL);
  g_autoptr(IncidentCase) theirs = NULL;
  g_autoptr(IncidentCase) mine = NULL;

  watch (office->desk, log);
  theirs = incident_desk_open_case (other, "T", INCIDENT_SEVERITY_UNKNOWN, "bo", NULL);
  mine = open_case (office);
  assert_log (log, "opened:INC-2 changed ");
  refresh (office->desk);
  assert_log (log, "opened:INC-1 changed ");
}

static void
test_refresh_reads_a_long_log_to_its_end (void **state)
{
  Office *office = *state;
  g_autoptr(IncidentDesk) other = other_desk (office);
  g_autoptr(IncidentCase) mine = open_case (office);
  g_autoptr(IncidentCase) theirs = get_case (other, 1);
  g_autoptr(GString) log = g_string_new (NULL);

  watch (office->desk, log);
  for (guint i = 0; i < 2001; i++)
    act (theirs, "note", "bo", "text", "x", NULL);
  refresh (office->desk);
  assert_int_equal (incident_case_get_version (mine), 2002);
  assert_log (log, "changed ");
}

/* Log */

static void
test_events_are_listed_across_cases (void **state)
{
  Office *office = *state;
  g_autoptr(IncidentCase) one = open_case (office);
  g_autoptr(IncidentCase) two G_GNUC_UNUSED = open_case (office);
  g_autoptr(GPtrArray) all = NULL;
  g_autoptr(GPtrArray) page = NULL;
  g_autoptr(GPtrArray) end = NULL;

  act (one, "diagnose", "ana", NULL);
  all = incident_desk_list_events (office->desk, 0, 1000, NULL);
  page = incident_desk_list_events (office->desk, 1, 1, NULL);
  end = incident_desk_list_events (office->desk, 3, 1, NULL);
  assert_int_equal (all->len, 3);
  assert_true (incident_event_get_case_number (g_ptr_array_index (all, 1)) == 2);
  assert_string_equal (incident_event_get_kind (g_ptr_array_index (all, 2)), "diagnosed");
  assert_int_equal (page->len, 1);
  assert_true (incident_event_get_log_index (g_ptr_array_index (page, 0)) == 1);
  assert_int_equal (end->len, 0);
}

/* Operations */

static void
test_the_same_command_twice_is_recorded_once (void **state)
{
  Office *office = *state;
  g_autoptr(IncidentCase) kase = open_case (office);
  g_autoptr(IncidentCommand) command = command_new ("note", "ana", "text", "x", NULL);

  assert_true (incident_case_act (kase, command, NULL));
  assert_true (incident_case_act (kase, command, NULL));
  assert_int_equal (incident_case_get_version (kase), 2);
}

static void
test_opening_twice_opens_one_case (void **state)
{
  Office *office = *state;
  g_autoptr(IncidentCommand) command = command_new ("open", "ana", "title", "T", NULL);
  g_autoptr(IncidentCase) one = incident_desk_act (office->desk, 0, command, NULL);
  g_autoptr(IncidentCase) two = incident_desk_act (office->desk, 0, command, NULL);

  assert_ptr_equal (one, two);
  assert_true (incident_store_get_size (office->store, NULL) == 1);
}

static void
test_an_operation_is_known_by_its_id_at_another_desk (void **state)
{
  Office *office = *state;
  g_autoptr(IncidentDesk) other = other_desk (office);
  g_autoptr(IncidentCommand) first = command_new ("open", "ana", "title", "T", NULL);
  g_autoptr(IncidentCommand) again = command_new ("open", "ana", "title", "T", NULL);
  g_autoptr(IncidentCase) one = NULL;
  g_autoptr(IncidentCase) two = NULL;

  assert_true (incident_command_set_operation (first, OPERATION, NULL));
  assert_true (incident_command_set_operation (again, OPERATION, NULL));
  one = incident_desk_act (office->desk, 0, first, NULL);
  two = incident_desk_act (other, 0, again, NULL);
  assert_true (incident_case_get_number (two) == 1);
  assert_true (incident_store_get_size (office->store, NULL) == 1);
}

static void
test_a_retry_answers_even_where_the_guards_would_refuse (void **state)
{
  Office *office = *state;
  g_autoptr(IncidentCase) kase = recovered_case (office);
  g_autoptr(IncidentCommand) close = command_new ("close", "ana", NULL);
  g_autoptr(GError) error = NULL;

  assert_true (incident_case_act (kase, close, NULL));
  assert_true (incident_case_act (kase, close, &error));
  assert_no_error (error);
  assert_int_equal (incident_case_get_version (kase), 7);
}

static void
test_an_operation_of_another_case_is_invalid (void **state)
{
  Office *office = *state;
  g_autoptr(IncidentCase) one = open_case (office);
  g_autoptr(IncidentCase) two = open_case (office);
  IncidentCommand *first = command_new ("note", "ana", "text", "x", NULL);
  g_autoptr(IncidentCommand) again = command_new ("note", "ana", "text", "x", NULL);
  g_autoptr(GError) error = NULL;

  assert_true (incident_command_set_operation (first, OPERATION, NULL));
  assert_true (incident_command_set_operation (again, OPERATION, NULL));
  act_with (one, first);
  assert_false (incident_case_act (two, again, &error));
  assert_error (error, INCIDENT_ERROR, INCIDENT_ERROR_INVALID);
  assert_int_equal (incident_case_get_version (two), 1);
}

static void
test_a_refused_command_can_be_mended_and_given_again (void **state)
{
  Office *office = *state;
  g_autoptr(IncidentCase) kase = open_case (office);
  g_autoptr(IncidentCommand) command = command_new ("note", "ana", NULL);

  assert_false (incident_case_act (kase, command, NULL));
  assert_true (incident_command_set (command, "text", "x", NULL));
  assert_true (incident_case_act (kase, command, NULL));
  assert_int_equal (incident_case_get_version (kase), 2);
}

/* Opening stores */

static void
test_a_desk_has_defaults_for_all (void **state)
{
  g_autoptr(IncidentDesk) desk = incident_desk_new (NULL, NULL, NULL);

  assert_true (INCIDENT_IS_MEMORY_STORE (incident_desk_get_store (desk)));
  assert_true (INCIDENT_IS_SYSTEM_CLOCK (incident_desk_get_clock (desk)));
  assert_ptr_equal (incident_desk_get_lifecycle (desk), incident_lifecycle_get_default ());
}

static void
assert_opens (const char *uri, GType kind)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(IncidentDesk) desk = incident_desk_open (uri, &error);

  assert_no_error (error);
  assert_true (G_TYPE_CHECK_INSTANCE_TYPE (incident_desk_get_store (desk), kind));
}

static void
test_a_store_is_named_by_uri_or_path (void **state)
{
  g_autofree char *folder = g_dir_make_tmp ("incident-test-XXXXXX", NULL);
  g_autofree char *path = g_build_filename (folder, "a b.db", NULL);
  g_autofree char *uri = g_strconcat ("sqlite:", path, NULL);

  assert_opens ("memory:", INCIDENT_TYPE_MEMORY_STORE);
  assert_opens (path, INCIDENT_TYPE_SQLITE_STORE);
  assert_true (g_file_test (path, G_FILE_TEST_IS_REGULAR));
  assert_opens (uri, INCIDENT_TYPE_SQLITE_STORE);
  g_unlink (path);
  assert_int_equal (g_rmdir (folder), 0);
}

static void
test_postgresql_is_not_supported_yet (void **state)
{
  static const char * const uris[] = { "postgresql://localhost/incidents", "postgres://localhost/incidents" };

  for (guint i = 0; i < G_N_ELEMENTS (uris); i++)
    {
      g_autoptr(GError) error = NULL;

      assert_null (incident_desk_open (uris[i], &error));
      assert_error (error, G_IO_ERROR, G_IO_ERROR_NOT_SUPPORTED);
    }
}

static void
test_a_store_must_have_a_name (void **state)
{
  static const char * const uris[] = { "", "sqlite:" };

  for (guint i = 0; i < G_N_ELEMENTS (uris); i++)
    {
      g_autoptr(GError) error = NULL;

      assert_null (incident_desk_open (uris[i], &error));
      assert_error (error, INCIDENT_ERROR, INCIDENT_ERROR_INVALID);
    }
}

int
main (void)
{
  const struct CMUnitTest tests[] = {
    office_test (test_a_case_that_somebody_holds_is_the_same_object),
    office_test (test_a_case_that_nobody_holds_is_made_anew),
    office_test (test_a_case_keeps_its_desk),
    office_test (test_no_such_case_is_not_found),
    office_test (test_acting_on_no_such_case_is_not_found),
    office_test (test_getting_a_case_sees_what_another_desk_did),
    office_test (test_a_command_that_comes_second_is_judged_on_what_is_so_by_then),
    office_test (test_own_commits_are_told_of_once),
    office_test (test_refresh_tells_of_what_others_did),
    office_test (test_an_own_case_is_not_told_of_again_by_refresh),
    office_test (test_refresh_reads_a_long_log_to_its_end),
    office_test (test_events_are_listed_across_cases),
    office_test (test_the_same_command_twice_is_recorded_once),
    office_test (test_opening_twice_opens_one_case),
    office_test (test_an_operation_is_known_by_its_id_at_another_desk),
    office_test (test_a_retry_answers_even_where_the_guards_would_refuse),
    office_test (test_an_operation_of_another_case_is_invalid),
    office_test (test_a_refused_command_can_be_mended_and_given_again),
    cmocka_unit_test (test_a_desk_has_defaults_for_all),
    cmocka_unit_test (test_a_store_is_named_by_uri_or_path),
    cmocka_unit_test (test_postgresql_is_not_supported_yet),
    cmocka_unit_test (test_a_store_must_have_a_name),
  };

  return cmocka_run_group_tests (tests, NULL, NULL);
}
