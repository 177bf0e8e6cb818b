/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "desk-test.h"

/* Many cases at once, over a store in memory and one in a file. */

static void
open_cases (Office *office, guint n)
{
  for (guint i = 0; i < n; i++)
    g_object_unref (open_case (office));
}

static void
act_many (Office *office, const guint64 *numbers, gsize n, IncidentCommand *command /* (transfer full) */)
{
  g_autoptr(IncidentCommand) owned G_GNUC_UNUSED = command;
  g_autoptr(GError) error = NULL;

  incident_desk_act_many (office->desk, numbers, n, command, &error);
  assert_no_error (error);
}

static void
assert_many_fails (Office *office, const guint64 *numbers, gsize n, IncidentCommand *command /* (transfer full) */,
                   IncidentError code, const char *message)
{
  g_autoptr(IncidentCommand) owned G_GNUC_UNUSED = command;
  g_autoptr(GError) error = NULL;
  guint64 before = incident_store_get_size (office->store, NULL);

  assert_false (incident_desk_act_many (office->desk, numbers, n, command, &error));
  assert_error (error, INCIDENT_ERROR, code);
  assert_string_equal (error->message, message);
  assert_true (incident_store_get_size (office->store, NULL) == before);
}

static char *
phases (Office *office, guint n)
{
  g_autoptr(IncidentDesk) fresh = incident_desk_new (office->store, office->clock, NULL);
  GString *said = g_string_new (NULL);

  for (guint64 number = 1; number <= n; number++)
    {
      g_autoptr(GError) error = NULL;
      g_autoptr(IncidentCase) kase = incident_desk_get_case (fresh, number, &error);

      assert_no_error (error);
      g_string_append_printf (said, "%s%s/%u", number > 1 ? " " : "", incident_case_get_phase (kase),
                              incident_case_get_version (kase));
    }
  return g_string_free (said, FALSE);
}

static void
assert_phases (Office *office, guint n, const char *expected)
{
  g_autofree char *said = phases (office, n);

  assert_string_equal (said, expected);
}

static void
test_the_same_is_done_to_all (void **state)
{
  Office *office = *state;
  const guint64 all[] = { 3, 1, 2 };

  open_cases (office, 4);
  act_many (office, all, 3, command_new ("diagnose", "ana", "text", "one switch", NULL));
  assert_phases (office, 4, "diagnosis/2 diagnosis/2 diagnosis/2 new/1");
}

static void
test_cases_in_other_phases_get_their_own_events (void **state)
{
  Office *office = *state;
  const guint64 some[] = { 1, 3 };
  const guint64 all[] = { 1, 2, 3, 4 };
  g_autoptr(IncidentCase) kase = NULL;
  g_autoptr(IncidentEvent) event = NULL;

  open_cases (office, 4);
  act_many (office, some, 2, command_new ("diagnose", "ana", NULL));
  act_many (office, some, 2, command_new ("escalate", "ana", "target", "db", "text", "slow", NULL));
  act_many (office, all + 1, 1, command_new ("diagnose", "ana", NULL));
  act_many (office, all + 3, 1, command_new ("diagnose", "ana", NULL));
  act_many (office, all, 4, command_new ("escalate", "ana", "target", "net", "text", "slow", NULL));
  assert_phases (office, 4, "escalation/4 escalation/3 escalation/4 escalation/3");
  kase = incident_desk_get_case (office->desk, 3, NULL);
  event = dup_last_event (kase);
  assert_fact (event, "level", "2");
  assert_fact (event, "target", "net");
}

static void
test_one_refusal_refuses_all_and_is_named (void **state)
{
  Office *office = *state;
  const guint64 two[] = { 1, 2 };

  open_cases (office, 3);
  act_many (office, two, 2, command_new ("diagnose", "ana", NULL));
  assert_many_fails (office, (const guint64[]) { 1, 2, 3 }, 3,
                     command_new ("resolve", "ana", "text", "rolled back", NULL), INCIDENT_ERROR_REFUSED,
                     "INC-3: “resolve” refused: wrong-phase: the case is in “new”, and “resolve” leads from"
                     " “diagnosis”, “escalation” or “examination”");
  assert_phases (office, 3, "diagnosis/2 diagnosis/2 new/1");
}

static void
test_a_guard_looks_at_each_case (void **state)
{
  Office *office = *state;
  const guint64 two[] = { 1, 2 };
  g_autoptr(IncidentCase) first = open_case (office);

  open_cases (office, 1);
  act (first, "assign", "ana", "role", "expert", "person", "bo", NULL);
  act_many (office, two, 2, command_new ("diagnose", "ana", NULL));
  assert_many_fails (office, two, 2, command_new ("examine", "ana", NULL), INCIDENT_ERROR_REFUSED,
                     "INC-2: “examine” refused: no-responder: nobody is assigned: assign somebody a role first");
}

static void
test_a_case_named_twice_is_invalid (void **state)
{
  Office *office = *state;

  open_cases (office, 2);
  assert_many_fails (office, (const guint64[]) { 2, 1, 2 }, 3, command_new ("diagnose", "ana", NULL),
                     INCIDENT_ERROR_INVALID, "INC-2 is named twice");
  assert_phases (office, 2, "new/1 new/1");
  /* And nothing is left of the attempt. */
  act_many (office, (const guint64[]) { 2, 1 }, 2, command_new ("diagnose", "ana", NULL));
}

static void
test_no_such_case_is_named (void **state)
{
  Office *office = *state;

  open_cases (office, 1);
  assert_many_fails (office, (const guint64[]) { 1, 9 }, 2, command_new ("diagnose", "ana", NULL),
                     INCIDENT_ERROR_NOT_FOUND, "There is no case INC-9");
}

static void
test_what_holds_already_is_passed_over (void **state)
{
  Office *office = *state;
  const guint64 two[] = { 1, 2 };
  g_autoptr(IncidentCase) first = open_case (office);

  open_cases (office, 1);
  act (first, "classify", "ana", "severity", "sev2", NULL);
  act_many (office, two, 2, command_new ("classify", "ana", "severity", "sev2", NULL));
  assert_phases (office, 2, "new/2 new/2");
}

static void
count_changed (IncidentDesk *desk, gpointer count)
{
  (*(guint *) count)++;
}

static void
count_event (IncidentCase *kase, IncidentEvent *event, gpointer count)
{
  (*(guint *) count)++;
}

static void
test_one_signal_tells_of_all_and_who_watches_is_told (void **state)
{
  Office *office = *state;
  const guint64 all[] = { 1, 2, 3 };
  g_autoptr(IncidentCase) watched = NULL;
  guint n_changed = 0, n_events = 0;

  open_cases (office, 3);
  watched = incident_desk_get_case (office->desk, 2, NULL);
  g_signal_connect (office->desk, "changed", G_CALLBACK (count_changed), &n_changed);
  g_signal_connect (watched, "event-recorded", G_CALLBACK (count_event), &n_events);
  act_many (office, all, 3, command_new ("diagnose", "ana", NULL));
  assert_int_equal (n_changed, 1);
  assert_int_equal (n_events, 1);
  assert_string_equal (incident_case_get_phase (watched), "diagnosis");
  /* What we did ourselves is no news. */
  assert_true (incident_desk_refresh (office->desk, NULL));
  assert_int_equal (n_changed, 1);
}

static void
test_a_view_that_lags_behind_catches_up (void **state)
{
  Office *office = *state;
  const guint64 all[] = { 1 };
  g_autoptr(IncidentCase) watched = open_case (office);
  g_autoptr(IncidentDesk) other = incident_desk_new (office->store, office->clock, NULL);
  g_autoptr(IncidentCase) theirs = incident_desk_get_case (other, 1, NULL);

  act (theirs, "note", "bo", "text", "seen", NULL);
  act_many (office, all, 1, command_new ("diagnose", "ana", NULL));
  assert_int_equal (incident_case_get_version (watched), 3);
}

static void
test_each_event_has_its_own_hash_and_place (void **state)
{
  Office *office = *state;
  const guint64 all[] = { 1, 2, 3 };
  g_autoptr(GPtrArray) events = NULL;

  open_cases (office, 3);
  act_many (office, all, 3, command_new ("diagnose", "ana", "text", "one switch", NULL));
  events = incident_desk_list_events (office->desk, 3, 10, NULL);
  assert_int_equal (events->len, 3);
  for (guint i = 0; i < 3; i++)
    {
      IncidentEvent *event = g_ptr_array_index (events, i);
      g_autoptr(GBytes) hash = incident_event_dup_leaf_hash (event);
      g_autoptr(GBytes) other = incident_event_dup_leaf_hash (g_ptr_array_index (events, (i + 1) % 3));

      assert_true (incident_event_get_log_index (event) == 3 + i);
      assert_true (incident_event_get_case_number (event) == all[i]);
      assert_int_equal (incident_event_get_seq (event), 2);
      assert_string_equal (incident_event_get_text (event), "one switch");
      assert_false (g_bytes_equal (hash, other));
    }
}

static void
test_the_log_can_be_read_from_the_middle_of_a_command (void **state)
{
  Office *office = *state;
  const guint64 all[] = { 1, 2, 3 };
  g_autoptr(GPtrArray) events = NULL;

  open_cases (office, 3);
  act_many (office, all, 3, command_new ("diagnose", "ana", NULL));
  act_many (office, all, 1, command_new ("note", "ana", "text", "x", NULL));
  events = incident_desk_list_events (office->desk, 4, 2, NULL);
  assert_int_equal (events->len, 2);
  assert_true (incident_event_get_case_number (g_ptr_array_index (events, 0)) == 2);
  assert_true (incident_event_get_case_number (g_ptr_array_index (events, 1)) == 3);
  g_clear_pointer (&events, g_ptr_array_unref);
  events = incident_desk_list_events (office->desk, 5, 10, NULL);
  assert_int_equal (events->len, 2);
}

static void
test_more_cases_than_a_row_holds (void **state)
{
  enum { N = 600 };
  Office *office = *state;
  g_autofree guint64 *all = g_new (guint64, N);
  g_autoptr(IncidentDesk) fresh = NULL;
  g_autoptr(GPtrArray) events = NULL;

  open_cases (office, N);
  for (guint i = 0; i < N; i++)
    all[i] = N - i;
  act_many (office, all, N, command_new ("diagnose", "ana", "text", "one switch", NULL));
  act_many (office, all, N, command_new ("note", "ana", "text", "x", NULL));
  fresh = incident_desk_new (office->store, office->clock, NULL);
  for (guint i = 0; i < N; i++)
    {
      g_autoptr(IncidentCase) kase = incident_desk_get_case (fresh, all[i], NULL);

      assert_int_equal (incident_case_get_version (kase), 3);
      assert_string_equal (incident_case_get_phase (kase), "diagnosis");
    }
  events = incident_desk_list_events (fresh, N, INCIDENT_QUERY_MAX_LIMIT, NULL);
  for (guint i = 0; i < events->len && i < N; i++)
    assert_true (incident_event_get_case_number (g_ptr_array_index (events, i)) == all[i]);
}

static void
test_a_command_given_again_is_recorded_once (void **state)
{
  Office *office = *state;
  const guint64 all[] = { 1, 2 };
  g_autoptr(IncidentCommand) command = command_new ("note", "ana", "text", "x", NULL);

  open_cases (office, 2);
  act_many (office, all, 2, incident_command_ref (command));
  act_many (office, all, 2, incident_command_ref (command));
  assert_phases (office, 2, "new/2 new/2");
}

static void
test_a_batch_is_recorded_at_its_commit (void **state)
{
  Office *office = *state;
  g_autoptr(IncidentBatch) batch = incident_batch_new (office->desk);
  g_autoptr(IncidentCommand) opened = command_new ("open", "ana", "title", "Disk full", NULL);
  g_autoptr(IncidentCommand) diagnosed = command_new ("diagnose", "ana", NULL);
  g_autoptr(IncidentCommand) escalated = command_new ("escalate", "ana", "target", "db", "text", "slow", NULL);
  g_autoptr(GBytes) numbers = NULL;
  guint n_changed = 0;

  open_cases (office, 1);
  g_signal_connect (office->desk, "changed", G_CALLBACK (count_changed), &n_changed);
  assert_true (incident_batch_act (batch, 1, diagnosed, NULL));
  assert_true (incident_batch_act (batch, 0, opened, NULL));
  assert_true (incident_batch_act (batch, 1, escalated, NULL));
  assert_phases (office, 1, "new/1");
  assert_int_equal (incident_batch_get_n_commands (batch), 3);
  assert_true (incident_batch_commit (batch, NULL));
  assert_phases (office, 2, "escalation/3 new/1");
  assert_int_equal (n_changed, 1);
  assert_int_equal (incident_batch_get_n_commands (batch), 0);
  numbers = incident_batch_dup_numbers (batch);
  assert_int_equal (g_bytes_get_size (numbers), 3 * sizeof (guint64));
  assert_memory_equal (g_bytes_get_data (numbers, NULL), ((const guint64[]) { 1, 2, 1 }), 3 * sizeof (guint64));
}

static void
test_the_same_operation_in_a_batch_is_recorded_once (void **state)
{
  static const char operation[] = "0123456789abcdef0123456789abcdef";
  Office *office = *state;
  g_autoptr(IncidentBatch) batch = incident_batch_new (office->desk);
  g_autoptr(IncidentCommand) first = command_new ("note", "ana", "text", "seen", NULL);
  g_autoptr(IncidentCommand) again = command_new ("note", "ana", "text", "seen", NULL);
  g_autoptr(IncidentCommand) opened = command_new ("open", "ana", "title", "Disk full", NULL);
  g_autoptr(GBytes) numbers = NULL;
  g_autoptr(GError) error = NULL;

  open_cases (office, 2);
  assert_true (incident_command_set_operation (first, operation, NULL));
  assert_true (incident_command_set_operation (again, operation, NULL));
  assert_true (incident_batch_act (batch, 1, first, NULL));
  assert_true (incident_batch_act (batch, 1, again, NULL));
  assert_true (incident_batch_act (batch, 0, opened, NULL));
  assert_true (incident_batch_act (batch, 0, opened, NULL));
  assert_false (incident_batch_act (batch, 2, again, &error));
  assert_error (error, INCIDENT_ERROR, INCIDENT_ERROR_INVALID);
  assert_true (incident_batch_commit (batch, NULL));
  assert_phases (office, 3, "new/2 new/1 new/1");
  numbers = incident_batch_dup_numbers (batch);
  assert_memory_equal (g_bytes_get_data (numbers, NULL), ((const guint64[]) { 1, 1, 3, 3 }), 4 * sizeof (guint64));
}

static void
test_a_batch_judges_on_what_it_has_done_itself (void **state)
{
  Office *office = *state;
  g_autoptr(IncidentBatch) batch = incident_batch_new (office->desk);
  g_autoptr(IncidentCommand) diagnosed = command_new ("diagnose", "ana", NULL);
  g_autoptr(IncidentCommand) recovered = command_new ("recover", "ana", "text", "it answers", NULL);
  g_autoptr(GError) error = NULL;

  open_cases (office, 1);
  assert_true (incident_batch_act (batch, 1, diagnosed, NULL));
  assert_false (incident_batch_act (batch, 1, recovered, &error));
  assert_error (error, INCIDENT_ERROR, INCIDENT_ERROR_REFUSED);
  assert_non_null (strstr (error->message, "the case is in “diagnosis”"));
  /* The others stay. */
  assert_true (incident_batch_commit (batch, NULL));
  assert_phases (office, 1, "diagnosis/2");
}

static void
test_a_batch_is_dated_when_said_and_when_written (void **state)
{
  Office *office = *state;
  g_autoptr(IncidentBatch) batch = incident_batch_new (office->desk);
  g_autoptr(IncidentCommand) diagnosed = command_new ("diagnose", "ana", NULL);
  g_autoptr(IncidentCase) kase = open_case (office);
  g_autoptr(IncidentEvent) event = NULL;

  advance (office, MINUTE);
  assert_true (incident_batch_act (batch, 1, diagnosed, NULL));
  advance (office, MINUTE);
  assert_true (incident_batch_commit (batch, NULL));
  event = dup_last_event (kase);
  assert_true (incident_event_get_occurred_at (event) == START + MINUTE);
  assert_true (incident_event_get_recorded_at (event) == START + 2 * MINUTE);
}

static void
test_a_batch_that_is_dropped_leaves_nothing (void **state)
{
  Office *office = *state;
  IncidentBatch *batch = incident_batch_new (office->desk);
  g_autoptr(IncidentCommand) diagnosed = command_new ("diagnose", "ana", NULL);

  open_cases (office, 1);
  assert_true (incident_batch_act (batch, 1, diagnosed, NULL));
  incident_batch_unref (batch);
  assert_phases (office, 1, "new/1");
}

static void
test_a_batch_is_judged_again_when_others_were_quicker (void **state)
{
  Office *office = *state;
  g_autoptr(IncidentDesk) other = incident_desk_new (office->store, office->clock, NULL);
  g_autoptr(IncidentBatch) batch = incident_batch_new (office->desk);
  g_autoptr(IncidentCommand) opened = command_new ("open", "ana", "title", "Disk full", NULL);
  g_autoptr(IncidentCommand) diagnosed = command_new ("diagnose", "ana", NULL);
  g_autoptr(IncidentCase) theirs = NULL;
  g_autoptr(GBytes) numbers = NULL;

  open_cases (office, 1);
  assert_true (incident_batch_act (batch, 0, opened, NULL));
  assert_true (incident_batch_act (batch, 1, diagnosed, NULL));
  theirs = incident_desk_get_case (other, 1, NULL);
  act (theirs, "note", "bo", "text", "seen", NULL);
  assert_true (incident_batch_commit (batch, NULL));
  assert_phases (office, 2, "diagnosis/3 new/1");
  numbers = incident_batch_dup_numbers (batch);
  assert_memory_equal (g_bytes_get_data (numbers, NULL), ((const guint64[]) { 2, 1 }), 2 * sizeof (guint64));
}

static void
test_a_batch_that_others_made_impossible_is_refused_as_a_whole (void **state)
{
  Office *office = *state;
  g_autoptr(IncidentDesk) other = incident_desk_new (office->store, office->clock, NULL);
  g_autoptr(IncidentBatch) batch = incident_batch_new (office->desk);
  g_autoptr(IncidentCommand) noted = command_new ("note", "ana", "text", "x", NULL);
  g_autoptr(IncidentCommand) diagnosed = command_new ("diagnose", "ana", NULL);
  g_autoptr(IncidentCase) theirs = NULL;
  g_autoptr(GError) error = NULL;

  open_cases (office, 2);
  assert_true (incident_batch_act (batch, 2, noted, NULL));
  assert_true (incident_batch_act (batch, 1, diagnosed, NULL));
  theirs = incident_desk_get_case (other, 1, NULL);
  act (theirs, "cancel", "bo", "text", "a drill", NULL);
  assert_false (incident_batch_commit (batch, &error));
  assert_error (error, INCIDENT_ERROR, INCIDENT_ERROR_REFUSED);
  assert_true (g_str_has_prefix (error->message, "Command 2 of the batch: “diagnose” refused: wrong-phase"));
  assert_phases (office, 2, "cancelled/2 new/1");
  /* However often it is tried: half a batch is none. */
  g_clear_error (&error);
  assert_false (incident_batch_commit (batch, &error));
  assert_error (error, INCIDENT_ERROR, INCIDENT_ERROR_REFUSED);
  assert_int_equal (incident_batch_get_n_commands (batch), 2);
  assert_phases (office, 2, "cancelled/2 new/1");
}

static void
test_case_opened_tells_of_cases_that_a_batch_opens (void **state)
{
  Office *office = *state;
  g_autoptr(IncidentBatch) batch = incident_batch_new (office->desk);
  g_autoptr(IncidentCommand) first = command_new ("open", "ana", "title", "Disk full", NULL);
  g_autoptr(IncidentCommand) second = command_new ("open", "ana", "title", "Disk slow", NULL);
  guint n_opened = 0;

  g_signal_connect_swapped (office->desk, "case-opened", G_CALLBACK (g_atomic_int_inc), &n_opened);
  assert_true (incident_batch_act (batch, 0, first, NULL));
  assert_true (incident_batch_act (batch, 0, second, NULL));
  assert_true (incident_batch_commit (batch, NULL));
  assert_int_equal (n_opened, 2);
}

static void
test_rows_say_what_the_cases_say (void **state)
{
  Office *office = *state;
  g_autoptr(IncidentCase) first = recovered_case (office);
  g_autoptr(IncidentCase) second = NULL;
  g_autoptr(IncidentQuery) query = incident_query_new ();
  g_autofree char *expected = NULL;
  g_autofree char *rows = NULL;
  g_autofree char *left = incident_case_to_json (first);
  g_autofree char *right = NULL;

  advance (office, MINUTE);
  second = open_with (office, command_new ("open", "ana", "title", "\"é\"", "service", "s", "severity", "sev3", NULL));
  act (second, "cancel", "ana", "text", "a drill", NULL);
  right = incident_case_to_json (second);
  rows = incident_desk_list_rows (office->desk, query, NULL);
  expected = g_strdup_printf ("[%s,%s]", right, left);
  assert_string_equal (rows, expected);
}

static void
test_a_column_is_numbers_side_by_side (void **state)
{
  Office *office = *state;
  g_autoptr(IncidentQuery) query = incident_query_new ();
  g_autoptr(GBytes) versions = NULL;
  g_autoptr(GBytes) closed = NULL;
  g_autoptr(GError) error = NULL;

  open_cases (office, 2);
  act_many (office, (const guint64[]) { 1 }, 1, command_new ("cancel", "ana", "text", "a drill", NULL));
  versions = incident_desk_list_column (office->desk, query, "version", NULL);
  closed = incident_desk_list_column (office->desk, query, "closed-at", NULL);
  assert_int_equal (g_bytes_get_size (versions), 16);
  assert_memory_equal (g_bytes_get_data (versions, NULL), ((const gint64[]) { 1, 2 }), 16);
  assert_memory_equal (g_bytes_get_data (closed, NULL), ((const gint64[]) { INCIDENT_TIME_NONE, START }), 16);
  assert_null (incident_desk_list_column (office->desk, query, "title", &error));
  assert_error (error, INCIDENT_ERROR, INCIDENT_ERROR_INVALID);
}

#define both(function) \
  { #function " (memory)", function, office_open, office_close, NULL }, \
  { #function " (file)", function, office_open_in_file, office_close_in_file, NULL }

int
main (void)
{
  const struct CMUnitTest tests[] = {
    both (test_the_same_is_done_to_all),
    both (test_cases_in_other_phases_get_their_own_events),
    both (test_one_refusal_refuses_all_and_is_named),
    both (test_a_guard_looks_at_each_case),
    both (test_a_case_named_twice_is_invalid),
    both (test_no_such_case_is_named),
    both (test_what_holds_already_is_passed_over),
    both (test_one_signal_tells_of_all_and_who_watches_is_told),
    both (test_a_view_that_lags_behind_catches_up),
    both (test_each_event_has_its_own_hash_and_place),
    both (test_the_log_can_be_read_from_the_middle_of_a_command),
    both (test_more_cases_than_a_row_holds),
    both (test_a_command_given_again_is_recorded_once),
    both (test_a_batch_is_recorded_at_its_commit),
    both (test_the_same_operation_in_a_batch_is_recorded_once),
    both (test_a_batch_judges_on_what_it_has_done_itself),
    both (test_a_batch_is_dated_when_said_and_when_written),
    both (test_a_batch_that_is_dropped_leaves_nothing),
    both (test_a_batch_is_judged_again_when_others_were_quicker),
    both (test_a_batch_that_others_made_impossible_is_refused_as_a_whole),
    both (test_case_opened_tells_of_cases_that_a_batch_opens),
    both (test_rows_say_what_the_cases_say),
    both (test_a_column_is_numbers_side_by_side),
  };

  return cmocka_run_group_tests (tests, NULL, NULL);
}
