/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "gate-store.h"
#include "support.h"

#define START G_GINT64_CONSTANT (1790000000000000)

typedef struct
{
  GateStore     *store;
  IncidentDesk  *desk;
  IncidentCase  *kase;
} Stage;

static int
stage_setup (void **state)
{
  g_autoptr(IncidentClock) clock = incident_manual_clock_new (START, 7);
  Stage *self = g_new0 (Stage, 1);

  self->store = gate_store_new (clock);
  self->desk = incident_desk_new (INCIDENT_STORE (self->store), clock, NULL);
  self->kase = incident_desk_open_case (self->desk, "Checkout answers 500", INCIDENT_SEVERITY_SEV2, "ana", NULL);
  *state = self;
  return self->kase != NULL ? 0 : -1;
}

static int
stage_teardown (void **state)
{
  Stage *self = *state;

  g_clear_object (&self->kase);
  g_clear_object (&self->desk);
  g_clear_object (&self->store);
  g_free (self);
  return 0;
}

static IncidentCommand *
make_note (const char *text)
{
  IncidentCommand *command = incident_command_new ("note", "ana");

  assert_true (incident_command_set (command, "text", text, NULL));
  return command;
}

static guint
get_size (Stage *self)
{
  return (guint) incident_store_get_size (INCIDENT_STORE (self->store), NULL);
}

/* Cancelling */

static void
test_what_is_cancelled_before_it_begins_does_nothing (void **state)
{
  Stage *stage = *state;
  g_autoptr(GCancellable) cancellable = g_cancellable_new ();
  g_autoptr(IncidentCommand) command = make_note ("too late");
  g_autoptr(IncidentQuery) query = incident_query_new ();
  g_autoptr(GAsyncResult) acted = NULL;
  g_autoptr(GAsyncResult) found = NULL;
  g_autoptr(GError) error = NULL;

  g_cancellable_cancel (cancellable);
  incident_case_act_async (stage->kase, command, cancellable, store_result, &acted);
  assert_null (acted);
  assert_false (incident_case_act_finish (stage->kase, wait_for (&acted), &error));
  assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_clear_error (&error);

  incident_desk_find_cases_async (stage->desk, query, cancellable, store_result, &found);
  assert_null (found);
  assert_null (incident_desk_find_cases_finish (stage->desk, wait_for (&found), &error));
  assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  assert_int_equal (get_size (stage), 1);
}

static void
test_a_store_whose_opening_was_cancelled_is_not_made (void **state)
{
  Place *place = *state;
  g_autoptr(GCancellable) cancellable = g_cancellable_new ();
  g_autoptr(GAsyncResult) opened = NULL;
  g_autoptr(GError) error = NULL;

  g_cancellable_cancel (cancellable);
  incident_desk_open_async (place->path, cancellable, store_result, &opened);
  assert_null (incident_desk_open_finish (wait_for (&opened), &error));
  assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  assert_int_equal (count_files (place->folder, "store"), 0);
}

static void
count_event (IncidentCase  *kase,
             IncidentEvent *event,
             guint         *n)
{
  (*n)++;
}

static void
test_what_is_being_committed_when_it_is_cancelled_is_told_of (void **state)
{
  Stage *stage = *state;
  g_autoptr(GCancellable) cancellable = g_cancellable_new ();
  g_autoptr(IncidentCommand) command = make_note ("called the vendor");
  g_autoptr(GAsyncResult) acted = NULL;
  g_autoptr(GError) error = NULL;
  guint n_told = 0;
  gboolean done;

  g_signal_connect (stage->kase, "event-recorded", G_CALLBACK (count_event), &n_told);
  gate_store_close (stage->store);
  incident_case_act_async (stage->kase, command, cancellable, store_result, &acted);
  while (!gate_store_is_reached (stage->store))
    g_main_context_iteration (NULL, TRUE);
  g_cancellable_cancel (cancellable);
  assert_int_equal (n_told, 0);
  gate_store_open (stage->store);
  done = incident_case_act_finish (stage->kase, wait_for (&acted), &error);
  assert_no_error (error);
  assert_true (done);
  assert_int_equal (n_told, 1);
  assert_int_equal (incident_case_get_version (stage->kase), 2);
  assert_int_equal (get_size (stage), 2);
}

static void
test_a_commit_that_fails_leaves_nothing_and_tells_nothing (void **state)
{
  Stage *stage = *state;
  g_autoptr(IncidentCommand) command = make_note ("called the vendor");
  g_autoptr(GAsyncResult) acted = NULL;
  g_autoptr(GAsyncResult) again = NULL;
  g_autoptr(GError) error = NULL;
  guint n_told = 0;

  g_signal_connect (stage->kase, "event-recorded", G_CALLBACK (count_event), &n_told);
  gate_store_fail_at (stage->store, 1);
  incident_case_act_async (stage->kase, command, NULL, store_result, &acted);
  assert_false (incident_case_act_finish (stage->kase, wait_for (&acted), &error));
  assert_error (error, INCIDENT_ERROR, INCIDENT_ERROR_FAILED);
  assert_int_equal (n_told, 0);
  assert_int_equal (incident_case_get_version (stage->kase), 1);
  g_clear_error (&error);
  incident_case_act_async (stage->kase, command, NULL, store_result, &again);
  assert_true (incident_case_act_finish (stage->kase, wait_for (&again), &error));
  assert_int_equal (n_told, 1);
}

/* Many at once */

#define N_AT_ONCE 100

typedef struct
{
  guint n_done;
  guint n_failed;
  char *why;
} Tally;

static void
tally (GObject      *source,
       GAsyncResult *result,
       gpointer      user_data)
{
  Tally *self = user_data;
  g_autoptr(GError) error = NULL;

  self->n_done++;
  if (incident_case_act_finish (INCIDENT_CASE (source), result, &error))
    return;

  self->n_failed++;
  if (self->why == NULL)
    self->why = g_strdup (error->message);
}

typedef struct
{
  guint    last;
  gboolean in_order;
} Order;

static void
check_order (IncidentCase  *kase,
             IncidentEvent *event,
             Order         *order)
{
  order->in_order = order->in_order && incident_event_get_seq (event) == order->last + 1;
  order->last = incident_event_get_seq (event);
}

static void
act_at_once (IncidentCase *kase)
{
  g_autoptr(GHashTable) seen = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  Tally sum = { 0, 0, NULL };
  Order order = { 1, TRUE };

  g_signal_connect (kase, "event-recorded", G_CALLBACK (check_order), &order);
  for (guint i = 0; i < N_AT_ONCE; i++)
    {
      g_autofree char *text = g_strdup_printf ("note %u", i);
      g_autoptr(IncidentCommand) command = make_note (text);

      incident_case_act_async (kase, command, NULL, tally, &sum);
    }
  while (sum.n_done < N_AT_ONCE)
    g_main_context_iteration (NULL, TRUE);

  if (sum.n_failed > 0)
    fail_msg ("%u of %u were not recorded: %s", sum.n_failed, N_AT_ONCE, sum.why);
  assert_true (order.in_order);
  assert_int_equal (order.last, 1 + N_AT_ONCE);
  for (guint i = 1; i <= N_AT_ONCE; i++)
    {
      g_autoptr(IncidentEvent) event = g_list_model_get_item (incident_case_get_timeline (kase), i);

      assert_true (g_hash_table_add (seen, g_strdup (incident_event_get_text (event))));
    }
  g_signal_handlers_disconnect_by_data (kase, &order);
}

static void
test_many_commands_at_once_are_all_recorded_in_memory (void **state)
{
  act_at_once (((Stage *) *state)->kase);
}

static void
test_many_commands_at_once_are_all_recorded_in_a_file (void **state)
{
  Place *place = *state;
  g_autoptr(IncidentDesk) desk = open_desk (place->path);
  g_autoptr(IncidentCase) kase = open_case (desk, "Checkout answers 500");

  act_at_once (kase);
  assert_int_equal (count_events (desk), 1 + N_AT_ONCE);
}

/* Contexts */

static void
test_the_answer_comes_in_the_context_of_the_call (void **state)
{
  Stage *stage = *state;
  g_autoptr(GMainContext) context = g_main_context_new ();
  g_autoptr(IncidentCommand) command = make_note ("called the vendor");
  g_autoptr(GAsyncResult) acted = NULL;

  g_main_context_push_thread_default (context);
  incident_case_act_async (stage->kase, command, NULL, store_result, &acted);
  while (acted == NULL)
    {
      assert_false (g_main_context_pending (NULL));
      g_main_context_iteration (context, TRUE);
    }
  g_main_context_pop_thread_default (context);
  assert_true (incident_case_act_finish (stage->kase, acted, NULL));
}

int
main (void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test_setup_teardown (test_what_is_cancelled_before_it_begins_does_nothing, stage_setup, stage_teardown),
    cmocka_unit_test_setup_teardown (test_a_store_whose_opening_was_cancelled_is_not_made, place_setup, place_teardown),
    cmocka_unit_test_setup_teardown (test_what_is_being_committed_when_it_is_cancelled_is_told_of,
                                     stage_setup, stage_teardown),
    cmocka_unit_test_setup_teardown (test_a_commit_that_fails_leaves_nothing_and_tells_nothing, stage_setup, stage_teardown),
    cmocka_unit_test_setup_teardown (test_many_commands_at_once_are_all_recorded_in_memory, stage_setup, stage_teardown),
    cmocka_unit_test_setup_teardown (test_many_commands_at_once_are_all_recorded_in_a_file, place_setup, place_teardown),
    cmocka_unit_test_setup_teardown (test_the_answer_comes_in_the_context_of_the_call, stage_setup, stage_teardown),
  };

  return cmocka_run_group_tests (tests, NULL, NULL);
}
