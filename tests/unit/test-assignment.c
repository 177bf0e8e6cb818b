/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "desk-test.h"

/* The assignments as “role=person by giver since..until; …”, in minutes after the start. */
static char *
dup_assignments (IncidentCase *kase)
{
  g_autoptr(GPtrArray) assignments = incident_case_list_assignments (kase);
  GString *text = g_string_new (NULL);

  for (guint i = 0; i < assignments->len; i++)
    {
      IncidentAssignment *assignment = g_ptr_array_index (assignments, i);
      gint64 until = incident_assignment_get_until (assignment);

      g_string_append_printf (text, "%s=%s by %s %d..", incident_assignment_get_role (assignment),
                              incident_assignment_get_person (assignment),
                              incident_assignment_get_assigned_by (assignment),
                              (int) ((incident_assignment_get_since (assignment) - START) / MINUTE));
      if (until != INCIDENT_TIME_NONE)
        g_string_append_printf (text, "%d", (int) ((until - START) / MINUTE));
      g_string_append (text, "; ");
    }
  return g_string_free (text, FALSE);
}

static void
assert_assignments (IncidentCase *kase, const char *expected)
{
  g_autofree char *found = dup_assignments (kase);

  assert_string_equal (found, expected);
}

static void
test_an_assignment_names_role_person_giver_and_beginning (void **state)
{
  g_autoptr(IncidentCase) kase = open_case (*state);

  advance (*state, 3 * MINUTE);
  act (kase, "assign", "chris", "role", "expert", "person", "bo", NULL);
  assert_assignments (kase, "expert=bo by chris 3..; ");
}

static void
test_command_is_handed_over_without_a_gap (void **state)
{
  g_autoptr(IncidentCase) kase = open_case (*state);

  advance (*state, MINUTE);
  act (kase, "assign", "ana", "role", "commander", "person", "ana", NULL);
  advance (*state, MINUTE);
  act (kase, "assign", "ana", "role", "commander", "person", "bo", NULL);
  assert_assignments (kase, "commander=ana by ana 1..2; commander=bo by ana 2..; ");
  assert_string_equal (incident_case_get_commander (kase), "bo");
}

static void
test_a_handover_that_is_dated_back_leaves_no_gap_either (void **state)
{
  g_autoptr(IncidentCase) kase = open_case (*state);
  IncidentCommand *command = command_new ("assign", "ana", "role", "commander", "person", "bo", NULL);

  act (kase, "assign", "ana", "role", "commander", "person", "ana", NULL);
  advance (*state, 9 * MINUTE);
  incident_command_set_occurred_at (command, START + 4 * MINUTE);
  act_with (kase, command);
  assert_assignments (kase, "commander=ana by ana 0..4; commander=bo by ana 4..; ");
}

static void
test_a_release_ends_an_assignment (void **state)
{
  g_autoptr(IncidentCase) kase = open_case (*state);

  act (kase, "assign", "ana", "role", "scribe", "person", "bo", NULL);
  act (kase, "assign", "ana", "role", "expert", "person", "bo", NULL);
  advance (*state, 5 * MINUTE);
  act (kase, "release", "ana", "role", "scribe", NULL);
  assert_assignments (kase, "scribe=bo by ana 0..5; expert=bo by ana 0..; ");
  assert_null (incident_case_get_holder (kase, "scribe"));
  assert_string_equal (incident_case_get_holder (kase, "expert"), "bo");
}

static void
test_a_person_may_come_back_to_a_role (void **state)
{
  g_autoptr(IncidentCase) kase = open_case (*state);

  act (kase, "assign", "ana", "role", "scribe", "person", "bo", NULL);
  advance (*state, MINUTE);
  act (kase, "release", "ana", "role", "scribe", NULL);
  advance (*state, MINUTE);
  act (kase, "assign", "ana", "role", "scribe", "person", "bo", NULL);
  assert_assignments (kase, "scribe=bo by ana 0..1; scribe=bo by ana 2..; ");
}

static void
test_reopening_leaves_roles_with_their_holders (void **state)
{
  g_autoptr(IncidentCase) kase = recovered_case (*state);

  act (kase, "close", "ana", NULL);
  advance (*state, MINUTE);
  act (kase, "reopen", "ana", "text", "again", NULL);
  assert_assignments (kase, "commander=ana by ana 0..; expert=bo by ana 0..; ");
}

static void
test_an_assignment_that_was_handed_out_does_not_change (void **state)
{
  g_autoptr(IncidentCase) kase = open_case (*state);
  g_autoptr(GPtrArray) before = NULL;

  act (kase, "assign", "ana", "role", "expert", "person", "bo", NULL);
  before = incident_case_list_assignments (kase);
  advance (*state, MINUTE);
  act (kase, "release", "ana", "role", "expert", NULL);
  assert_true (incident_assignment_get_until (g_ptr_array_index (before, 0)) == INCIDENT_TIME_NONE);
}

int
main (void)
{
  const struct CMUnitTest tests[] = {
    office_test (test_an_assignment_names_role_person_giver_and_beginning),
    office_test (test_command_is_handed_over_without_a_gap),
    office_test (test_a_handover_that_is_dated_back_leaves_no_gap_either),
    office_test (test_a_release_ends_an_assignment),
    office_test (test_a_person_may_come_back_to_a_role),
    office_test (test_reopening_leaves_roles_with_their_holders),
    office_test (test_an_assignment_that_was_handed_out_does_not_change),
  };

  return cmocka_run_group_tests (tests, NULL, NULL);
}
