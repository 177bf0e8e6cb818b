/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "playbook-test.h"

#include <libincident/incident-escalator.h>

#include "desk/incident-desk-private.h"

/* What is due fires once, at its time, whoever looks. What is due when is for the tests of the plan. */

static const char with_policy[] =
  "{\"name\": \"x\", \"channels\": {\"chat\": {\"kind\": \"own\"}},"
  " \"people\": {\"ana\": {\"pages\": [{\"by\": \"chat\"}]}, \"bo\": {}}, \"services\": {\"checkout\": {\"policy\": \"p\"}, \"mail\": {}},"
  " \"policies\": {\"p\": {\"steps\": [{\"name\": \"first\", \"page\": [{\"person\": \"ana\"}], \"wait\": \"5m\"}], \"repeat\": 5}}}";

static const char without_policy[] =
  "{\"name\": \"x\", \"people\": {\"ana\": {}, \"bo\": {}}, \"services\": {\"checkout\": {}, \"mail\": {}}}";

/* What the hook does to commits of the stores of this test: see below. */
static gboolean (*commit_of_store) (IncidentStore *store, IncidentCommit *commit, GError **error);
static gboolean (*hook) (IncidentStore *store, IncidentCommit *commit, gpointer data, GError **error);
static gpointer hook_data;

static gboolean
commit_with_hook (IncidentStore *store, IncidentCommit *commit, GError **error)
{
  return hook != NULL ? hook (store, commit, hook_data, error) : commit_of_store (store, commit, error);
}

/* Likewise of documents: with this code they cannot be read; 0: they can. */
static char *(*find_document_of_store) (IncidentStore *store, const char *version, GError **error);
static int document_error;

static char *
find_document_with_hook (IncidentStore *store, const char *version, GError **error)
{
  if (document_error == 0)
    return find_document_of_store (store, version, error);

  /* As any store it takes its lock for that. */
  incident_store_get_size (store, NULL);
  g_set_error_literal (error, INCIDENT_ERROR, document_error, "No document today");
  return NULL;
}

static int
open_ruled (void **state)
{
  IncidentStoreInterface *iface;

  office_open (state);
  rule_by (*state, with_policy);
  iface = INCIDENT_STORE_GET_IFACE (((Office *) *state)->store);
  if (commit_of_store == NULL)
    {
      commit_of_store = iface->commit;
      find_document_of_store = iface->find_document;
    }
  iface->commit = commit_with_hook;
  iface->find_document = find_document_with_hook;
  hook = NULL;
  document_error = 0;
  return 0;
}

static int
open_ruled_in_file (void **state)
{
  office_open_in_file (state);
  rule_by (*state, with_policy);
  return 0;
}

#define in_both(function) \
  { #function " (memory)", function, open_ruled, office_close, NULL }, \
  { #function " (file)", function, open_ruled_in_file, office_close_in_file, NULL }
#define ruled_test(function) cmocka_unit_test_setup_teardown (function, open_ruled, office_close)

static void
open_cases (Office *office, guint n, const char *service)
{
  g_autoptr(IncidentBatch) batch = incident_batch_new (office->desk);
  g_autoptr(GError) error = NULL;

  for (guint i = 0; i < n; i++)
    {
      g_autoptr(IncidentCommand) command = command_new ("open", "ana", "title", "T", "service", service, NULL);

      assert_true (incident_batch_act (batch, 0, command, &error));
    }
  assert_true (incident_batch_commit (batch, &error));
}

static guint
run (IncidentEscalator *escalator, gint64 *next)
{
  g_autoptr(GError) error = NULL;
  guint n = incident_escalator_run (escalator, next, &error);

  assert_no_error (error);
  return n;
}

static guint
run_only (IncidentEscalator *escalator)
{
  return run (escalator, NULL);
}

static void
pass (Office *office, gint64 span)
{
  incident_manual_clock_advance (INCIDENT_MANUAL_CLOCK (office->clock), span);
}

static gint64
now_of (Office *office)
{
  return incident_clock_get_time (office->clock);
}

/* Of one kind, in one case or in all (0). */
static guint
count (Office *office, guint64 number, const char *kind)
{
  g_autoptr(GPtrArray) records = incident_store_read_log (office->store, 0, 100000, NULL);
  guint n = 0;

  for (guint i = 0; i < records->len; i++)
    {
      const IncidentRecord *record = g_ptr_array_index (records, i);

      if ((number == 0 || record->subject == number) && g_str_equal (record->kind, kind))
        n++;
    }
  return n;
}

static void
test_a_case_is_escalated_as_soon_as_it_is_open (void **state)
{
  Office *office = *state;
  g_autoptr(IncidentEscalator) escalator = incident_escalator_new (office->desk);
  gint64 next;

  assert_int_equal (run (escalator, &next), 0);
  assert_true (next == G_MAXINT64);
  open_cases (office, 1, "checkout");
  open_cases (office, 1, "mail");
  assert_int_equal (run (escalator, &next), 1);
  assert_true (next == now_of (office) + 5 * MINUTE);
  assert_true (count (office, 1, "step-fired") + count (office, 1, "escalation-started") > 0);
  assert_true (incident_store_get_size (office->store, NULL) > 2);
  assert_int_equal (run_only (escalator), 0);
}

static void
test_a_step_fires_once_at_its_time (void **state)
{
  Office *office = *state;
  g_autoptr(IncidentEscalator) escalator = incident_escalator_new (office->desk);
  guint before;

  open_cases (office, 3, "checkout");
  run_only (escalator);
  before = count (office, 0, "step-fired");
  pass (office, 5 * MINUTE - 1);
  assert_int_equal (run_only (escalator), 0);
  pass (office, 1);
  assert_int_equal (run_only (escalator), 3);
  assert_int_equal (run_only (escalator), 0);
  assert_int_equal (count (office, 0, "step-fired"), before + 3);
}

static void
test_what_others_do_to_a_case_is_seen (void **state)
{
  Office *office = *state;
  g_autoptr(IncidentEscalator) escalator = incident_escalator_new (office->desk);
  g_autoptr(IncidentDesk) other = incident_desk_new_with_playbook (office->store, office->clock,
                                                                   incident_desk_get_playbook (office->desk));
  Office there = { office->clock, office->store, other };
  g_autoptr(IncidentCase) kase = NULL;
  gint64 next;

  run_only (escalator);
  open_cases (&there, 2, "checkout");
  assert_int_equal (run (escalator, &next), 2);
  for (guint64 number = 1; number <= 2; number++)
    {
      g_autoptr(IncidentCommand) command = command_new ("cancel", "ana", "text", "a mistake", NULL);

      g_clear_object (&kase);
      kase = incident_desk_act (other, number, command, NULL);
      assert_non_null (kase);
    }
  run_only (escalator);
  pass (office, 5 * MINUTE);
  assert_int_equal (run (escalator, &next), 0);
  assert_true (next == G_MAXINT64);
}

/* Each event of a command has a step of its own. */
static void
assert_steps (Office *office)
{
  g_autoptr(GPtrArray) records = incident_store_read_log (office->store, 0, 100000, NULL);
  g_autoptr(GHashTable) seen = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);

  for (guint i = 0; i < records->len; i++)
    {
      const IncidentRecord *record = g_ptr_array_index (records, i);
      g_autofree char *operation = incident_operation_to_string (record->operation);

      assert_true (g_hash_table_add (seen, g_strdup_printf ("%s/%u", operation, record->step)));
    }
}

static void
note_one (guint *n)
{
  ++*n;
}

static void
test_many_deadlines_are_few_commits (void **state)
{
  Office *office = *state;
  g_autoptr(IncidentEscalator) escalator = incident_escalator_new (office->desk);
  guint n_changed = 0;

  open_cases (office, 2500, "checkout");
  g_signal_connect_swapped (office->desk, "changed", G_CALLBACK (note_one), &n_changed);
  assert_int_equal (run_only (escalator), 2500);
  assert_int_equal (n_changed, 3);
  pass (office, 5 * MINUTE);
  n_changed = 0;
  assert_int_equal (run_only (escalator), 2500);
  assert_int_equal (n_changed, 3);
  assert_steps (office);
}

static void
test_who_comes_second_leaves_the_work_to_the_first (void **state)
{
  Office *office = *state;
  g_autoptr(IncidentEscalator) first = incident_escalator_new (office->desk);
  g_autoptr(IncidentEscalator) second = incident_escalator_new (office->desk);
  gint64 next;

  open_cases (office, 1, "checkout");
  assert_int_equal (run_only (first), 1);
  open_cases (office, 1, "checkout");
  assert_int_equal (run (second, &next), 0);
  assert_true (next > now_of (office) && next <= now_of (office) + 10 * G_TIME_SPAN_SECOND);
  assert_int_equal (run_only (first), 1);
}

static void
test_work_that_was_left_lying_is_taken_up_after_ten_seconds (void **state)
{
  Office *office = *state;
  g_autoptr(IncidentEscalator) first = incident_escalator_new (office->desk);
  g_autoptr(IncidentEscalator) second = incident_escalator_new (office->desk);

  open_cases (office, 1, "checkout");
  assert_int_equal (run_only (first), 1);
  open_cases (office, 1, "checkout");
  pass (office, 10 * G_TIME_SPAN_SECOND - 1);
  assert_int_equal (run_only (second), 0);
  pass (office, 1);
  assert_int_equal (run_only (second), 1);
  open_cases (office, 1, "checkout");
  assert_int_equal (run_only (first), 0);
}

static void
test_who_stops_lets_others_go_on_at_once (void **state)
{
  Office *office = *state;
  g_autoptr(IncidentEscalator) first = incident_escalator_new (office->desk);
  g_autoptr(IncidentEscalator) second = incident_escalator_new (office->desk);

  open_cases (office, 1, "checkout");
  assert_int_equal (run_only (first), 1);
  incident_escalator_stop (first);
  open_cases (office, 1, "checkout");
  assert_int_equal (run_only (second), 1);
}

static void
test_what_was_due_while_nobody_looked_fires_one_step (void **state)
{
  Office *office = *state;
  g_autoptr(IncidentEscalator) first = incident_escalator_new (office->desk);
  g_autoptr(IncidentEscalator) second = NULL;
  guint before;
  gint64 next;

  open_cases (office, 1, "checkout");
  run_only (first);
  g_clear_object (&first);
  before = count (office, 1, "step-fired");
  pass (office, 17 * MINUTE);
  second = incident_escalator_new (office->desk);
  run (second, &next);
  assert_int_equal (count (office, 1, "step-fired"), before + 1);
  assert_true (next == now_of (office) + 5 * MINUTE);
}

static void
test_a_clock_that_is_set_neither_delays_nor_hurries (void **state)
{
  Office *office = *state;
  g_autoptr(IncidentEscalator) escalator = incident_escalator_new (office->desk);

  open_cases (office, 1, "checkout");
  run_only (escalator);
  incident_manual_clock_set_time (INCIDENT_MANUAL_CLOCK (office->clock), START + G_TIME_SPAN_HOUR);
  assert_int_equal (run_only (escalator), 0);
  incident_manual_clock_set_time (INCIDENT_MANUAL_CLOCK (office->clock), START - G_TIME_SPAN_HOUR);
  assert_int_equal (run_only (escalator), 0);
  pass (office, 5 * MINUTE - 1);
  assert_int_equal (run_only (escalator), 0);
  pass (office, 1);
  assert_int_equal (run_only (escalator), 1);
  assert_int_equal (run_only (escalator), 0);
}

/* Who held it died; then the clock was set back by an hour, and its lease looks as if it had an hour to go. */
static void
test_a_lease_does_not_grow_where_the_clock_is_set_back (void **state)
{
  Office *office = *state;
  g_autoptr(IncidentEscalator) first = incident_escalator_new (office->desk);
  g_autoptr(IncidentEscalator) second = incident_escalator_new (office->desk);

  open_cases (office, 1, "checkout");
  run_only (first);
  incident_manual_clock_set_time (INCIDENT_MANUAL_CLOCK (office->clock), START - G_TIME_SPAN_HOUR);
  open_cases (office, 1, "checkout");
  assert_int_equal (run_only (second), 1);
}

static void
test_another_playbook_makes_cases_due (void **state)
{
  Office *office = *state;
  g_autoptr(IncidentEscalator) escalator = incident_escalator_new (office->desk);

  rule_by (office, without_policy);
  open_cases (office, 2, "checkout");
  assert_int_equal (run_only (escalator), 0);
  rule_by (office, with_policy);
  assert_int_equal (run_only (escalator), 2);
}

/* In another process too, which has to look for the old playbook first. */
static void
test_a_run_goes_on_by_the_policy_that_it_began_with (void **state)
{
  Office *office = *state;
  g_autoptr(IncidentEscalator) escalator = incident_escalator_new (office->desk);
  g_autoptr(IncidentCommand) command = command_new ("acknowledge", "ana", NULL);
  g_autoptr(IncidentCase) kase = NULL;
  gint64 next;

  open_cases (office, 2, "checkout");
  run_only (escalator);
  kase = incident_desk_act (office->desk, 2, command, NULL);
  assert_non_null (kase);
  g_clear_object (&kase);
  run_only (escalator);
  g_clear_object (&escalator);
  rule_by (office, without_policy);
  reopen_office (office);
  escalator = incident_escalator_new (office->desk);
  assert_int_equal (run (escalator, &next), 0);
  assert_true (next == now_of (office) + 5 * MINUTE);
  pass (office, 5 * MINUTE);
  assert_int_equal (run (escalator, &next), 1);
  assert_true (next == now_of (office) + 5 * MINUTE);
}

/* By hand */

static const char two_policies[] =
  "{\"name\": \"x\", \"channels\": {\"chat\": {\"kind\": \"own\"}},"
  " \"people\": {\"ana\": {\"pages\": [{\"by\": \"chat\"}]}, \"bo\": {\"pages\": [{\"by\": \"chat\"}]}},"
  " \"services\": {\"checkout\": {\"policy\": \"p\"}, \"mail\": {}},"
  " \"policies\": {\"p\": {\"steps\": [{\"page\": [{\"person\": \"ana\"}], \"wait\": \"5m\"}, {\"page\": [{\"person\": \"bo\"}], \"wait\": \"5h\"}]},"
  " \"q\": {\"steps\": [{\"page\": [{\"person\": \"bo\"}], \"wait\": \"5h\"}], \"repeat\": 2}}}";

/* NULL: it is permitted. */
static void
assert_escalates (Office *office, guint seen, const char *target, const char *code)
{
  g_autoptr(IncidentCommand) command = command_new ("escalate", "ana", "target", target, "text", "more hands", NULL);
  g_autoptr(GError) error = NULL;
  g_autoptr(IncidentCase) kase = NULL;

  incident_command_set_seen (command, seen);
  kase = incident_desk_act (office->desk, 1, command, &error);
  if (code == NULL)
    assert_no_error (error);
  else
    assert_true (error != NULL && g_strv_contains (incident_error_get_codes (error), code));
}

static guint
act_on_1 (Office *office, IncidentCommand *command)
{
  g_autoptr(IncidentCommand) taken = command;
  g_autoptr(GError) error = NULL;
  g_autoptr(IncidentCase) kase = incident_desk_act (office->desk, 1, taken, &error);

  assert_no_error (error);
  return incident_case_get_version (kase);
}

static void
test_who_escalates_says_which_step_they_saw (void **state)
{
  Office *office = *state;
  g_autoptr(IncidentEscalator) escalator = incident_escalator_new (office->desk);
  guint seen;

  rule_by (office, two_policies);
  open_cases (office, 1, "checkout");
  run_only (escalator);
  seen = act_on_1 (office, command_new ("diagnose", "ana", "text", "all of Europe", NULL));
  pass (office, 5 * MINUTE);
  run_only (escalator);
  assert_escalates (office, seen, "p", "stale-view");
}

static void
test_each_policy_has_its_own_end (void **state)
{
  Office *office = *state;
  g_autoptr(IncidentEscalator) escalator = incident_escalator_new (office->desk);

  rule_by (office, two_policies);
  open_cases (office, 1, "checkout");
  run_only (escalator);
  act_on_1 (office, command_new ("diagnose", "ana", "text", "all of Europe", NULL));
  assert_escalates (office, 0, "p", NULL);
  run_only (escalator);
  assert_escalates (office, 0, "p", "exhausted");
  act_on_1 (office, command_new ("page", "ana", "target", "q", "text", "and you", NULL));
  run_only (escalator);
  assert_escalates (office, 0, "p", "exhausted");
  assert_escalates (office, 0, "q", NULL);
}

/* Signals */

static void
note_fired (IncidentEscalator *escalator, guint64 number, const char *kind, gpointer told)
{
  g_string_append_printf (told, "%" G_GUINT64_FORMAT ":%s ", number, kind);
}

static void
test_each_event_is_told_once_it_is_recorded (void **state)
{
  Office *office = *state;
  g_autoptr(IncidentEscalator) escalator = incident_escalator_new (office->desk);
  g_autoptr(GString) told = g_string_new (NULL);

  open_cases (office, 2, "checkout");
  run_only (escalator);
  g_signal_connect (escalator, "fired", G_CALLBACK (note_fired), told);
  pass (office, 5 * MINUTE);
  run_only (escalator);
  assert_string_equal (told->str, "1:step-fired 2:step-fired ");
}

static void
test_it_is_told_that_a_policy_is_exhausted (void **state)
{
  Office *office = *state;
  g_autoptr(IncidentEscalator) escalator = incident_escalator_new (office->desk);
  g_autoptr(GString) told = g_string_new (NULL);

  open_cases (office, 1, "checkout");
  g_signal_connect (escalator, "exhausted", G_CALLBACK (note_fired), told);
  for (guint i = 0; i < 6; i++)
    {
      run_only (escalator);
      assert_string_equal (told->str, "");
      pass (office, 5 * MINUTE);
    }
  run_only (escalator);
  assert_string_equal (told->str, "1:p ");
  assert_int_equal (count (office, 1, "escalation-exhausted"), 1);
}

static void
run_again (IncidentEscalator *escalator, guint64 number, const char *kind, gpointer data)
{
  Office *office = data;
  gint64 next;

  assert_int_equal (run (escalator, &next), 0);
  assert_true (next == now_of (office));
  if (number == 1)
    open_cases (office, 1, "checkout");
}

static void
test_a_handler_may_act_and_what_comes_of_it_is_fired_too (void **state)
{
  Office *office = *state;
  g_autoptr(IncidentEscalator) escalator = incident_escalator_new (office->desk);
  gulong handler;

  open_cases (office, 1, "checkout");
  run_only (escalator);
  pass (office, 5 * MINUTE);
  handler = g_signal_connect (escalator, "fired", G_CALLBACK (run_again), office);
  assert_int_equal (run_only (escalator), 2);
  g_signal_handler_disconnect (escalator, handler);
}

/* By itself */

static void
test_it_fires_by_itself_once_it_is_started (void **state)
{
  Office *office = *state;
  g_autoptr(IncidentEscalator) escalator = incident_escalator_new (office->desk);
  g_autoptr(GString) told = g_string_new (NULL);

  g_signal_connect (escalator, "fired", G_CALLBACK (note_fired), told);
  incident_escalator_start (escalator);
  incident_escalator_start (escalator);
  while (g_main_context_iteration (NULL, FALSE))
    ;
  open_cases (office, 1, "checkout");
  assert_string_equal (told->str, "");
  assert_true (g_main_context_iteration (NULL, FALSE));
  assert_true (told->len > 0);

  g_string_truncate (told, 0);
  incident_escalator_stop (escalator);
  incident_escalator_stop (escalator);
  open_cases (office, 1, "checkout");
  while (g_main_context_iteration (NULL, FALSE))
    ;
  assert_string_equal (told->str, "");
}

static void
drop (IncidentEscalator *escalator, guint64 number, const char *kind, gpointer data)
{
  IncidentEscalator **held = data;

  g_clear_object (held);
}

static void
test_a_handler_may_drop_the_escalator (void **state)
{
  Office *office = *state;
  IncidentEscalator *escalator = incident_escalator_new (office->desk);

  open_cases (office, 2, "checkout");
  g_signal_connect (escalator, "fired", G_CALLBACK (drop), &escalator);
  incident_escalator_start (escalator);
  while (escalator != NULL)
    g_main_context_iteration (NULL, TRUE);
  while (g_main_context_iteration (NULL, FALSE))
    ;
}

/* Others, and a store that fails */

static guint n_meddled;

/* Others write to case 2 whenever it is to be escalated, so many times. */
static gboolean
meddle (IncidentStore *store, IncidentCommit *commit, gpointer data, GError **error)
{
  Office *office = data;
  const IncidentRecord *first = commit->drafts->len > 0 ? g_ptr_array_index (commit->drafts, 0) : NULL;

  if (first != NULL && g_str_equal (first->actor, "desk") && n_meddled > 0)
    {
      g_autoptr(IncidentDesk) other = incident_desk_new (store, office->clock, NULL);
      g_autoptr(IncidentCommand) command = command_new ("note", "bo", "text", "me too", NULL);
      g_autoptr(IncidentCase) kase = NULL;

      n_meddled--;
      hook = NULL;
      kase = incident_desk_act (other, 2, command, NULL);
      assert_non_null (kase);
      hook = meddle;
    }
  return commit_of_store (store, commit, error);
}

static void
test_who_writes_in_between_is_heard_first (void **state)
{
  Office *office = *state;
  g_autoptr(IncidentEscalator) escalator = incident_escalator_new (office->desk);
  guint before;

  open_cases (office, 8, "checkout");
  run_only (escalator);
  before = count (office, 0, "step-fired");
  pass (office, 5 * MINUTE);
  hook = meddle;
  hook_data = office;
  n_meddled = 6;
  assert_int_equal (run_only (escalator), 8);
  assert_int_equal (count (office, 2, "noted"), 6);
  assert_int_equal (count (office, 0, "step-fired"), before + 8);
  assert_int_equal (run_only (escalator), 0);
}

/* They never stop: the other cases go on meanwhile. */
static void
test_a_case_that_others_keep_writing_to_holds_nobody_up (void **state)
{
  Office *office = *state;
  g_autoptr(IncidentEscalator) escalator = incident_escalator_new (office->desk);
  guint before;
  gint64 next;

  open_cases (office, 8, "checkout");
  run_only (escalator);
  before = count (office, 0, "step-fired");
  pass (office, 5 * MINUTE);
  hook = meddle;
  hook_data = office;
  n_meddled = G_MAXUINT;
  assert_int_equal (run (escalator, &next), 7);
  assert_int_equal (count (office, 0, "step-fired"), before + 7);
  assert_true (next > now_of (office) && next < now_of (office) + G_TIME_SPAN_SECOND);
  hook = NULL;
  pass (office, next - now_of (office));
  assert_int_equal (run_only (escalator), 1);
}

static guint n_failed;

static gboolean
tells_of (IncidentCommit *commit, guint64 number)
{
  for (guint i = 0; i < commit->drafts->len; i++)
    {
      const IncidentRecord *draft = g_ptr_array_index (commit->drafts, i);

      if (!g_str_equal (draft->actor, "desk") || g_str_equal (draft->kind, "escalation-set-aside"))
        return FALSE;
      if (draft->subject == number)
        return TRUE;
      for (guint j = 0; draft->also != NULL && j < draft->also->len; j++)
        if (g_array_index (draft->also, IncidentPlace, j).subject == number)
          return TRUE;
    }

  return FALSE;
}

static gboolean
fail_for_case_2 (IncidentStore *store, IncidentCommit *commit, gpointer data, GError **error)
{
  if (!tells_of (commit, 2))
    return commit_of_store (store, commit, error);

  n_failed++;
  g_set_error_literal (error, INCIDENT_ERROR, INCIDENT_ERROR_FAILED, "The disk is on fire here");
  return FALSE;
}

static void
test_a_case_that_fails_again_and_again_is_set_aside (void **state)
{
  Office *office = *state;
  g_autoptr(IncidentEscalator) escalator = incident_escalator_new (office->desk);
  g_autoptr(GString) told = g_string_new (NULL);
  g_autoptr(IncidentCommand) command = command_new ("note", "bo", "text", "try again", NULL);
  g_autoptr(IncidentCase) kase = NULL;
  guint before;
  gint64 next;

  open_cases (office, 4, "checkout");
  run_only (escalator);
  before = count (office, 0, "step-fired");
  pass (office, 5 * MINUTE);
  hook = fail_for_case_2;
  assert_int_equal (run_only (escalator), 3);
  assert_int_equal (count (office, 0, "step-fired"), before + 3);
  g_signal_connect (escalator, "fired", G_CALLBACK (note_fired), told);
  g_test_expect_message ("Incident", G_LOG_LEVEL_WARNING, "INC-2 is set aside*The disk is on fire here");
  for (guint i = 1; i < 5; i++)
    {
      assert_string_equal (told->str, "");
      assert_int_equal (run (escalator, &next), 0);
      pass (office, next - now_of (office));
      run_only (escalator);
    }
  g_test_assert_expected_messages ();
  assert_string_equal (told->str, "2:escalation-set-aside ");
  assert_int_equal (count (office, 2, "escalation-set-aside"), 1);

  g_string_truncate (told, 0);
  hook = NULL;
  pass (office, MINUTE);
  assert_int_equal (run_only (escalator), 0);
  kase = incident_desk_act (office->desk, 2, command, NULL);
  assert_int_equal (run_only (escalator), 1);
  assert_string_equal (told->str, "2:step-fired ");
}

/* While it is set aside, somebody opens another case: then the log is read, which tells of both. */
static gboolean
open_in_between (IncidentStore *store, IncidentCommit *commit, gpointer data, GError **error)
{
  const IncidentRecord *first = commit->drafts->len > 0 ? g_ptr_array_index (commit->drafts, 0) : NULL;
  Office *office = data;

  if (first != NULL && g_str_equal (first->kind, "escalation-set-aside"))
    {
      g_autoptr(IncidentDesk) other = incident_desk_new (store, office->clock, NULL);
      g_autoptr(IncidentCase) kase = NULL;

      hook = NULL;
      kase = incident_desk_open_case (other, "T", INCIDENT_SEVERITY_SEV2, "ana", NULL);
      assert_non_null (kase);
      hook = open_in_between;
    }
  return fail_for_case_2 (store, commit, data, error);
}

static void
test_a_case_is_set_aside_once (void **state)
{
  Office *office = *state;
  g_autoptr(IncidentEscalator) escalator = incident_escalator_new (office->desk);

  open_cases (office, 2, "checkout");
  hook = open_in_between;
  hook_data = office;
  g_test_expect_message ("Incident", G_LOG_LEVEL_WARNING, "INC-2 is set aside*");
  for (guint i = 0; i < 60; i++)
    {
      run_only (escalator);
      pass (office, G_TIME_SPAN_SECOND);
    }
  g_test_assert_expected_messages ();
  assert_int_equal (count (office, 2, "escalation-set-aside"), 1);
  assert_int_equal (count (office, 3, "opened"), 1);
}

/* Perhaps it was what they say that failed. */
static void
test_a_case_that_was_set_aside_is_tried_again_by_other_rules (void **state)
{
  Office *office = *state;
  g_autoptr(IncidentEscalator) escalator = incident_escalator_new (office->desk);
  gint64 next;

  open_cases (office, 2, "checkout");
  run_only (escalator);
  pass (office, 5 * MINUTE);
  hook = fail_for_case_2;
  g_test_expect_message ("Incident", G_LOG_LEVEL_WARNING, "INC-2 is set aside*");
  for (guint i = 0; i < 5; i++)
    {
      run (escalator, &next);
      pass (office, next - now_of (office));
    }
  g_test_assert_expected_messages ();
  hook = NULL;
  assert_int_equal (run_only (escalator), 1);
  rule_by (office, without_policy);
  assert_int_equal (run_only (escalator), 1);
  assert_int_equal (count (office, 2, "step-fired"), 1);
}

static void
damage_journal (Office *office)
{
  g_autoptr(GPtrArray) entries = g_ptr_array_new_with_free_func ((GDestroyNotify) incident_roster_entry_free);
  g_autoptr(GPtrArray) drafts = g_ptr_array_new ();
  IncidentRosterAppend append = { 0, entries };
  IncidentCommit commit = { .drafts = drafts, .roster = &append };
  g_autoptr(GError) error = NULL;

  incident_store_get_roster_head (office->store, &append.follows, NULL);
  g_ptr_array_add (entries, incident_roster_entry_new ("future", now_of (office), NULL, "eve", g_strdup ("{}")));
  incident_store_commit (office->store, &commit, &error);
  assert_no_error (error);
}

/* A case is due whose policy is in a playbook that nobody has read yet, and nobody can. */
static void
test_an_old_playbook_that_is_damaged_holds_nobody_up (void **state)
{
  Office *office = *state;
  g_autoptr(IncidentEscalator) escalator = incident_escalator_new (office->desk);

  open_cases (office, 1, "checkout");
  run_only (escalator);
  g_clear_object (&escalator);
  rule_by (office, without_policy);
  damage_journal (office);
  reopen_office (office);
  pass (office, 5 * MINUTE);
  escalator = incident_escalator_new (office->desk);

  document_error = INCIDENT_ERROR_CORRUPT;
  g_test_expect_message ("Incident", G_LOG_LEVEL_WARNING, "Overrides count for nothing*");
  assert_int_equal (run_only (escalator), 1);
  g_test_assert_expected_messages ();
  assert_int_equal (count (office, 1, "escalation-ended"), 1);
}

/* Better by the playbook alone than nobody. */
static void
test_people_are_paged_though_the_journal_of_who_is_on_call_is_damaged (void **state)
{
  Office *office = *state;
  g_autoptr(IncidentEscalator) escalator = incident_escalator_new (office->desk);
  GLogLevelFlags fatal;

  open_cases (office, 1, "checkout");
  damage_journal (office);

  g_test_expect_message ("Incident", G_LOG_LEVEL_WARNING, "Overrides count for nothing*Entry 2 (“future”)*");
  assert_int_equal (run_only (escalator), 1);
  g_test_assert_expected_messages ();
  assert_int_equal (count (office, 1, "step-fired"), 1);
  /* It is told once. */
  fatal = g_log_set_always_fatal (G_LOG_FATAL_MASK | G_LOG_LEVEL_WARNING);
  pass (office, 5 * MINUTE);
  assert_int_equal (run_only (escalator), 1);
  g_log_set_always_fatal (fatal);
}

static gboolean
fill_the_disk (IncidentStore *store, IncidentCommit *commit, gpointer data, GError **error)
{
  g_set_error_literal (error, INCIDENT_ERROR, INCIDENT_ERROR_NO_SPACE, "The disk is full");
  n_failed++;
  return FALSE;
}

static void
test_a_store_that_fails_is_no_fault_of_the_cases (void **state)
{
  Office *office = *state;
  g_autoptr(IncidentEscalator) escalator = incident_escalator_new (office->desk);
  guint before;

  open_cases (office, 4, "checkout");
  run_only (escalator);
  before = count (office, 0, "step-fired");
  pass (office, 5 * MINUTE);
  hook = fill_the_disk;
  n_failed = 0;
  for (guint i = 1; i <= 10; i++)
    {
      g_autoptr(GError) error = NULL;
      gint64 next;

      assert_int_equal (incident_escalator_run (escalator, &next, &error), 0);
      assert_error (error, INCIDENT_ERROR, INCIDENT_ERROR_NO_SPACE);
      assert_int_equal (n_failed, i);
    }
  hook = NULL;
  assert_int_equal (run_only (escalator), 4);
  assert_int_equal (count (office, 0, "step-fired"), before + 4);
}

static gboolean
fill_the_disk_for_few (IncidentStore *store, IncidentCommit *commit, gpointer data, GError **error)
{
  if (tells_of (commit, 4))
    g_set_error_literal (error, INCIDENT_ERROR, INCIDENT_ERROR_FAILED, "Too many");
  else
    g_set_error_literal (error, INCIDENT_ERROR, INCIDENT_ERROR_NO_SPACE, "The disk is full");
  return FALSE;
}

static void
test_no_case_is_forgotten_where_the_store_fails_in_between (void **state)
{
  Office *office = *state;
  g_autoptr(IncidentEscalator) escalator = incident_escalator_new (office->desk);
  g_autoptr(GError) error = NULL;

  open_cases (office, 4, "checkout");
  run_only (escalator);
  pass (office, 5 * MINUTE);
  hook = fill_the_disk_for_few;
  assert_int_equal (incident_escalator_run (escalator, NULL, &error), 0);
  assert_error (error, INCIDENT_ERROR, INCIDENT_ERROR_NO_SPACE);
  hook = NULL;
  assert_int_equal (run_only (escalator), 4);
}

static gboolean
fail_after_all (IncidentStore *store, IncidentCommit *commit, gpointer data, GError **error)
{
  if (!commit_of_store (store, commit, error))
    return FALSE;

  hook = NULL;
  g_set_error_literal (error, INCIDENT_ERROR, INCIDENT_ERROR_COMMIT_UNKNOWN, "Who knows");
  return FALSE;
}

static void
test_an_error_of_a_commit_is_not_taken_for_a_no (void **state)
{
  Office *office = *state;
  g_autoptr(IncidentEscalator) escalator = incident_escalator_new (office->desk);
  g_autoptr(GString) told = g_string_new (NULL);
  guint before;
  gint64 next;

  open_cases (office, 2, "checkout");
  run_only (escalator);
  before = count (office, 0, "step-fired");
  pass (office, 5 * MINUTE);
  g_signal_connect (escalator, "fired", G_CALLBACK (note_fired), told);
  hook = fail_after_all;
  assert_int_equal (run (escalator, &next), 2);
  assert_string_equal (told->str, "1:step-fired 2:step-fired ");
  assert_int_equal (count (office, 0, "step-fired"), before + 2);
  assert_true (next == now_of (office) + 5 * MINUTE);
}

/* Another has taken the work over while this one was asleep. */
static gboolean
sleep_too_long (IncidentStore *store, IncidentCommit *commit, gpointer data, GError **error)
{
  Office *office = data;
  g_auto(IncidentClaim) claim = { "escalator", 0, g_strdup ("another"), 0 };

  hook = NULL;
  pass (office, 11 * G_TIME_SPAN_SECOND);
  claim.until = now_of (office) + 10 * G_TIME_SPAN_SECOND;
  assert_true (incident_store_take_claim (store, &claim, now_of (office), NULL));
  assert_true (claim.token > 0);
  return commit_of_store (store, commit, error);
}

static void
test_who_wakes_up_late_changes_nothing (void **state)
{
  Office *office = *state;
  g_autoptr(IncidentEscalator) escalator = incident_escalator_new (office->desk);
  guint64 size;
  gint64 next;

  open_cases (office, 2, "checkout");
  run_only (escalator);
  size = incident_store_get_size (office->store, NULL);
  pass (office, 5 * MINUTE);
  hook = sleep_too_long;
  hook_data = office;
  assert_int_equal (run (escalator, &next), 0);
  assert_true (incident_store_get_size (office->store, NULL) == size);
  assert_true (next > now_of (office) - 11 * G_TIME_SPAN_SECOND);
  pass (office, 10 * G_TIME_SPAN_SECOND);
  assert_int_equal (run_only (escalator), 2);
}

int
main (void)
{
  const struct CMUnitTest tests[] = {
    in_both (test_a_case_is_escalated_as_soon_as_it_is_open),
    in_both (test_a_step_fires_once_at_its_time),
    in_both (test_what_others_do_to_a_case_is_seen),
    in_both (test_many_deadlines_are_few_commits),
    in_both (test_who_comes_second_leaves_the_work_to_the_first),
    in_both (test_work_that_was_left_lying_is_taken_up_after_ten_seconds),
    in_both (test_who_stops_lets_others_go_on_at_once),
    in_both (test_what_was_due_while_nobody_looked_fires_one_step),
    ruled_test (test_a_clock_that_is_set_neither_delays_nor_hurries),
    in_both (test_a_lease_does_not_grow_where_the_clock_is_set_back),
    ruled_test (test_another_playbook_makes_cases_due),
    in_both (test_a_run_goes_on_by_the_policy_that_it_began_with),
    ruled_test (test_who_escalates_says_which_step_they_saw),
    ruled_test (test_each_policy_has_its_own_end),
    ruled_test (test_each_event_is_told_once_it_is_recorded),
    ruled_test (test_it_is_told_that_a_policy_is_exhausted),
    ruled_test (test_a_handler_may_act_and_what_comes_of_it_is_fired_too),
    ruled_test (test_it_fires_by_itself_once_it_is_started),
    ruled_test (test_a_handler_may_drop_the_escalator),
    ruled_test (test_who_writes_in_between_is_heard_first),
    ruled_test (test_a_case_that_others_keep_writing_to_holds_nobody_up),
    ruled_test (test_a_case_that_fails_again_and_again_is_set_aside),
    ruled_test (test_a_case_is_set_aside_once),
    ruled_test (test_a_case_that_was_set_aside_is_tried_again_by_other_rules),
    ruled_test (test_an_old_playbook_that_is_damaged_holds_nobody_up),
    in_both (test_people_are_paged_though_the_journal_of_who_is_on_call_is_damaged),
    ruled_test (test_a_store_that_fails_is_no_fault_of_the_cases),
    ruled_test (test_no_case_is_forgotten_where_the_store_fails_in_between),
    ruled_test (test_an_error_of_a_commit_is_not_taken_for_a_no),
    ruled_test (test_who_wakes_up_late_changes_nothing),
  };

  return cmocka_run_group_tests (tests, NULL, NULL);
}
