/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Two desks over one store: neither knows yet what the other has done. */
#include "support.h"

#include <string.h>

typedef struct
{
  Place        *place;
  IncidentDesk *desks[2];
  IncidentCase *cases[2];  /* the same one, seen from each */
} Pair;

static int
pair_setup (void **state)
{
  Pair *self = g_new0 (Pair, 1);

  if (place_setup ((void **) &self->place) != 0)
    return -1;
  for (guint i = 0; i < 2; i++)
    self->desks[i] = incident_desk_open (self->place->path, NULL);
  self->cases[0] = incident_desk_open_case (self->desks[0], "Checkout answers 500", INCIDENT_SEVERITY_SEV2, "ana", NULL);
  self->cases[1] = incident_desk_get_case (self->desks[1], 1, NULL);
  *state = self;
  return self->cases[1] != NULL ? 0 : -1;
}

static int
pair_teardown (void **state)
{
  Pair *self = *state;
  void *place = self->place;

  for (guint i = 0; i < 2; i++)
    {
      g_clear_object (&self->cases[i]);
      g_clear_object (&self->desks[i]);
    }
  g_free (self);
  return place_teardown (&place);
}

static void
test_a_command_that_may_be_done_by_now_is_done (void **state)
{
  Pair *pair = *state;
  g_autoptr(GError) error = NULL;

  assert_true (incident_case_diagnose (pair->cases[0], NULL, "ana", NULL));
  incident_case_resolve (pair->cases[1], "rolled back", "bo", &error);
  assert_no_error (error);
  assert_int_equal (incident_case_get_version (pair->cases[1]), 3);
}

static void
test_a_command_that_may_not_be_done_any_more_is_refused (void **state)
{
  Pair *pair = *state;
  g_autoptr(GError) error = NULL;

  assert_true (incident_case_diagnose (pair->cases[0], NULL, "ana", NULL));
  assert_true (incident_desk_refresh (pair->desks[1], NULL));
  assert_true (incident_case_resolve (pair->cases[0], "rolled back", "ana", NULL));
  assert_false (incident_case_resolve (pair->cases[1], "restarted", "bo", &error));
  assert_error (error, INCIDENT_ERROR, INCIDENT_ERROR_REFUSED);
  assert_non_null (strstr (error->message, "wrong-phase"));
  assert_int_equal (count_events (pair->desks[0]), 3);
}

/* What held when one looked last holds no more: it must be said again, not passed over. */
static void
test_what_holds_no_more_is_not_passed_over (void **state)
{
  Pair *pair = *state;
  g_autoptr(GError) error = NULL;
  g_autoptr(IncidentDesk) fresh = NULL;
  g_autoptr(IncidentCase) kase = NULL;

  assert_true (incident_case_assign (pair->cases[0], "commander", "ana", "ana", NULL));
  assert_true (incident_case_assign (pair->cases[1], "commander", "bo", "ana", NULL));
  incident_case_assign (pair->cases[0], "commander", "ana", "ana", &error);
  assert_no_error (error);

  fresh = open_desk (pair->place->path);
  kase = incident_desk_get_case (fresh, 1, NULL);
  assert_string_equal (incident_case_get_commander (kase), "ana");
}

/* Notes and alerts change nothing that a decision depends on; the rest does. */
static void
test_a_view_is_stale_only_where_a_decision_was_made (void **state)
{
  Pair *pair = *state;
  g_autoptr(IncidentCommand) fine = incident_command_new ("diagnose", "bo");
  g_autoptr(IncidentCommand) stale = incident_command_new ("diagnose", "bo");
  g_autoptr(GError) error = NULL;

  incident_command_set_seen (fine, 1);
  assert_true (note (pair->cases[0], "called the vendor", NULL));
  incident_case_act (pair->cases[1], fine, &error);
  assert_no_error (error);

  incident_command_set_seen (stale, 1);
  assert_false (incident_case_act (pair->cases[0], stale, &error));
  assert_error (error, INCIDENT_ERROR, INCIDENT_ERROR_REFUSED);
  assert_non_null (strstr (error->message, "stale-view"));
}

static void
test_an_operation_is_recorded_once_whoever_gives_it (void **state)
{
  Pair *pair = *state;

  for (guint i = 0; i < 4; i++)
    {
      g_autoptr(IncidentCommand) command = incident_command_new ("note", "ana");
      g_autoptr(GError) error = NULL;

      assert_true (incident_command_set (command, "text", "called the vendor", NULL));
      assert_true (incident_command_set_operation (command, "00112233445566778899aabbccddeeff", NULL));
      incident_case_act (pair->cases[i % 2], command, &error);
      assert_no_error (error);
    }
  assert_int_equal (count_events (pair->desks[0]), 2);
  assert_int_equal (incident_case_get_version (pair->cases[0]), 2);
  assert_int_equal (incident_case_get_version (pair->cases[1]), 2);
}

/* What a sender is called becomes a line of a fact, whether its alerts open a case or join one. */
static void
test_a_sender_of_alerts_has_a_name_of_one_line (void **state)
{
  Pair *pair = *state;
  static const char * const bad[] = { "", "  ", "a\nb", "\xff" };
  g_autofree char *first = make_alerts ("DiskFull", 1);
  g_autoptr(GBytes) first_bytes = g_bytes_new (first, strlen (first));
  g_autoptr(GPtrArray) opened = incident_desk_ingest (pair->desks[0], "alertmanager", first_bytes, NULL, "prometheus", INCIDENT_TIME_NONE, NULL);

  assert_non_null (opened);
  for (guint i = 0; i < G_N_ELEMENTS (bad); i++)
    {
      g_autofree char *more = make_alerts ("DiskFull", i + 2);
      g_autoptr(GBytes) more_bytes = g_bytes_new (more, strlen (more));
      g_autoptr(GError) error = NULL;
      g_autoptr(GPtrArray) joined = incident_desk_ingest (pair->desks[0], "alertmanager", more_bytes, NULL, bad[i], INCIDENT_TIME_NONE, &error);

      assert_null (joined);
      assert_error (error, INCIDENT_ERROR, INCIDENT_ERROR_INVALID);
    }
  assert_int_equal (count_events (pair->desks[0]), 3);
}

/* Each thread has a desk and a store of its own, and says the same words. */
static gpointer
say_the_same (gpointer data)
{
  enum { TIMES = 20000 };
  gboolean well = TRUE;

  for (guint i = 0; i < TIMES && well; i++)
    {
      g_autoptr(IncidentDesk) desk = incident_desk_new (NULL, NULL, NULL);
      g_autoptr(IncidentCase) kase = incident_desk_open_case (desk, "T", INCIDENT_SEVERITY_SEV2, "ana", NULL);

      well = kase != NULL && incident_case_assign (kase, "commander", "ana", "ana", NULL);
    }
  return GINT_TO_POINTER (well);
}

static void
test_two_threads_may_say_the_same_words (void **state)
{
  GThread *one = g_thread_new (NULL, say_the_same, NULL);
  GThread *other = g_thread_new (NULL, say_the_same, NULL);

  assert_true (GPOINTER_TO_INT (g_thread_join (one)));
  assert_true (GPOINTER_TO_INT (g_thread_join (other)));
}

int
main (void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test_setup_teardown (test_a_command_that_may_be_done_by_now_is_done, pair_setup, pair_teardown),
    cmocka_unit_test_setup_teardown (test_a_command_that_may_not_be_done_any_more_is_refused, pair_setup, pair_teardown),
    cmocka_unit_test_setup_teardown (test_what_holds_no_more_is_not_passed_over, pair_setup, pair_teardown),
    cmocka_unit_test_setup_teardown (test_a_view_is_stale_only_where_a_decision_was_made, pair_setup, pair_teardown),
    cmocka_unit_test_setup_teardown (test_an_operation_is_recorded_once_whoever_gives_it, pair_setup, pair_teardown),
    cmocka_unit_test_setup_teardown (test_a_sender_of_alerts_has_a_name_of_one_line, pair_setup, pair_teardown),
    cmocka_unit_test (test_two_threads_may_say_the_same_words),
  };

  return cmocka_run_group_tests (tests, NULL, NULL);
}
