/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "desk-test.h"

#include "model/incident-guard-private.h"

static void
test_each_guard_is_found_by_its_name (void **state)
{
  static const char * const names[INCIDENT_N_GUARDS] = { "title", "text", "target", "evidence", "role", "person",
                                                         "classification", "responder", "commander", "not-commander",
                                                         "must-do" };

  for (guint i = 0; i < INCIDENT_N_GUARDS; i++)
    {
      IncidentGuard guard = INCIDENT_N_GUARDS;

      assert_string_equal (incident_guard_get_name ((IncidentGuard) i), names[i]);
      assert_true (incident_guard_find (names[i], &guard));
      assert_int_equal (guard, i);
    }
}

static void
test_an_unknown_guard_is_not_found (void **state)
{
  IncidentGuard guard = INCIDENT_GUARD_TEXT;

  assert_false (incident_guard_find ("luck", &guard));
  assert_false (incident_guard_find ("", &guard));
  assert_int_equal (guard, INCIDENT_GUARD_TEXT);
}

static void
test_a_case_needs_a_title (void **state)
{
  static const char * const titles[] = { NULL, "", " \n\t " };
  Office *office = *state;

  for (guint i = 0; i < G_N_ELEMENTS (titles); i++)
    {
      g_autoptr(IncidentCommand) command = incident_command_new ("open", "ana");
      g_autoptr(GError) error = NULL;

      assert_true (incident_command_set (command, "title", titles[i], NULL));
      assert_null (incident_desk_act (office->desk, 0, command, &error));
      assert_error (error, INCIDENT_ERROR, INCIDENT_ERROR_REFUSED);
      assert_string_equal (error->message,
                           "“open” refused: missing-text: a title is missing: say in one line what is wrong");
      assert_true (incident_store_get_size (office->store, NULL) == 0);
    }
}

static void
test_escalation_needs_a_target_and_a_reason (void **state)
{
  g_autoptr(IncidentCase) kase = open_case (*state);

  act (kase, "diagnose", "ana", NULL);
  assert_refused (kase, "“escalate” refused: missing-target: a target is missing: name a person, a team or a policy",
                  "escalate", "ana", "text", "why", NULL);
  assert_refused (kase, "“escalate” refused: missing-text: a reason is missing: say why",
                  "escalate", "ana", "target", "payments", NULL);
  assert_refused (kase, "“escalate” refused: missing-text: a reason is missing: say why",
                  "escalate", "ana", "target", "payments", "text", " \n", NULL);
}

static void
test_examination_needs_a_responder (void **state)
{
  g_autoptr(IncidentCase) kase = open_case (*state);

  act (kase, "diagnose", "ana", NULL);
  assert_refused (kase, "“examine” refused: no-responder: nobody is assigned: assign somebody a role first",
                  "examine", "bo", "text", "x", NULL);
  act (kase, "assign", "ana", "role", "expert", "person", "bo", NULL);
  act (kase, "examine", "bo", NULL);
  assert_string_equal (incident_case_get_phase (kase), "examination");
}

static void
test_who_was_released_is_no_responder (void **state)
{
  g_autoptr(IncidentCase) kase = open_case (*state);

  act (kase, "diagnose", "ana", NULL);
  act (kase, "assign", "ana", "role", "expert", "person", "bo", NULL);
  act (kase, "release", "ana", "role", "expert", NULL);
  assert_refused (kase, "“examine” refused: no-responder: nobody is assigned: assign somebody a role first",
                  "examine", "bo", "text", "x", NULL);
}

static void
test_a_resolution_needs_a_solution (void **state)
{
  g_autoptr(IncidentCase) kase = open_case (*state);

  act (kase, "diagnose", "ana", NULL);
  assert_refused (kase, "“resolve” refused: missing-text: a solution is missing: say what was done", "resolve", "ana",
                  NULL);
}

static void
test_recovery_needs_evidence (void **state)
{
  g_autoptr(IncidentCase) kase = open_case (*state);

  act (kase, "diagnose", "ana", NULL);
  act (kase, "resolve", "ana", "text", "rolled back", NULL);
  assert_refused (kase, "“recover” refused: missing-evidence: evidence is missing: say how we know that it works again",
                  "recover", "ana", "text", "\t", NULL);
}

static void
test_cancelling_reopening_and_notes_need_words (void **state)
{
  g_autoptr(IncidentCase) kase = open_case (*state);

  assert_refused (kase, "“note” refused: missing-text: the note is empty: say what there is to know", "note", "ana",
                  NULL);
  assert_refused (kase, "“cancel” refused: missing-text: a reason is missing: say why", "cancel", "ana", NULL);
  act (kase, "cancel", "ana", "text", "a drill", NULL);
  assert_refused (kase, "“reopen” refused: missing-text: a reason is missing: say why", "reopen", "ana", NULL);
}

static void
test_only_the_commander_closes (void **state)
{
  g_autoptr(IncidentCase) kase = recovered_case (*state);

  assert_refused (kase, "“close” refused: not-permitted: only the commander (“ana”) may close the case, not “bo”",
                  "close", "bo", NULL);
  assert_refused (kase, "“close” refused: not-permitted: only the commander (“ana”) may close the case, not “Ana”",
                  "close", "Ana", NULL);
  act (kase, "close", "ana", NULL);
  assert_string_equal (incident_case_get_phase (kase), "closed");
}

static void
test_nobody_closes_a_case_without_a_commander (void **state)
{
  g_autoptr(IncidentCase) kase = open_case (*state);

  act (kase, "diagnose", "ana", NULL);
  act (kase, "resolve", "ana", "text", "x", NULL);
  act (kase, "recover", "ana", "text", "y", NULL);
  assert_refused (kase, "“close” refused: not-permitted: only the commander may close the case, and there is none: "
                        "assign one first", "close", "ana", NULL);
}

static void
test_the_commander_cannot_be_released (void **state)
{
  g_autoptr(IncidentCase) kase = recovered_case (*state);

  assert_refused (kase, "“release” refused: not-permitted: the commander cannot leave: assign the next commander, "
                        "and command passes without a gap", "release", "ana", "role", "commander", NULL);
}

static void
test_an_assignment_needs_a_role_and_a_person (void **state)
{
  g_autoptr(IncidentCase) kase = open_case (*state);

  assert_refused (kase, "“assign” refused: missing-target: a role is missing: name one, such as “commander”; "
                        "missing-target: a person is missing: say who shall have the role", "assign", "ana", NULL);
  assert_refused (kase, "“assign” refused: missing-target: a person is missing: say who shall have the role",
                  "assign", "ana", "role", "expert", "person", " ", NULL);
  assert_refused (kase, "“release” refused: missing-target: a role is missing: name one, such as “commander”",
                  "release", "ana", NULL);
}

static void
test_a_classification_needs_something_to_say (void **state)
{
  g_autoptr(IncidentCase) kase = open_case (*state);

  assert_refused (kase, "“classify” refused: missing-text: nothing is classified: give a severity, impact, urgency, "
                        "service or category", "classify", "ana", "text", "why", NULL);
}

static void
test_a_verb_of_another_phase_is_refused (void **state)
{
  g_autoptr(IncidentCase) kase = open_case (*state);

  assert_refused (kase, "“resolve” refused: wrong-phase: the case is in “new”, and “resolve” leads from “diagnosis”, "
                        "“escalation” or “examination”", "resolve", "ana", "text", "x", NULL);
  assert_refused (kase, "“recover” refused: wrong-phase: the case is in “new”, and “recover” leads from “resolution”",
                  "recover", "ana", "text", "x", NULL);
}

static void
test_a_verb_without_a_case_is_refused (void **state)
{
  Office *office = *state;
  g_autoptr(IncidentCommand) command = command_new ("close", "ana", NULL);
  g_autoptr(GError) error = NULL;

  assert_null (incident_desk_act (office->desk, 0, command, &error));
  assert_error (error, INCIDENT_ERROR, INCIDENT_ERROR_REFUSED);
  assert_string_equal (error->message, "“close” refused: wrong-phase: there is no case yet: open one first");
}

static void
test_an_unknown_verb_is_answered_with_the_known_ones (void **state)
{
  g_autoptr(IncidentCase) kase = open_case (*state);

  assert_refused (kase, "“explode” refused: unknown-verb: there is no such verb: there are open, diagnose, escalate, "
                        "examine, resolve, recover, close, cancel, reopen, assign, release, classify, note, handoff, accept, decline, take-command, acknowledge, add-task, "
                         "start-task, finish-task, skip-task, reopen-task, hand-task, add-checklist, prioritise, affect, update, "
                         "decide, suppose, judge, record, measure, link, unlink, merge, correct, redact, dismiss, file-report, "
                         "say, edit-said, delete-said, pin, message, approve, unacknowledge, snooze, wake, page, move-runs",
                  "explode", "ana", NULL);
}

static void
test_all_guards_that_fail_are_named_at_once (void **state)
{
  g_autoptr(IncidentCase) kase = open_case (*state);

  assert_refused (kase, "“escalate” refused: wrong-phase: the case is in “new”, and “escalate” leads from “diagnosis”, "
                        "“escalation”, “examination” or “resolution”; missing-text: a reason is missing: say why; "
                        "missing-target: a target is missing: name a person, a team or a policy", "escalate", "ana", NULL);
  assert_refused (kase, "“close” refused: wrong-phase: the case is in “new”, and “close” leads from “recovered”; "
                        "not-permitted: only the commander may close the case, and there is none: assign one first",
                  "close", "ana", NULL);
}

int
main (void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test (test_each_guard_is_found_by_its_name),
    cmocka_unit_test (test_an_unknown_guard_is_not_found),
    office_test (test_a_case_needs_a_title),
    office_test (test_escalation_needs_a_target_and_a_reason),
    office_test (test_examination_needs_a_responder),
    office_test (test_who_was_released_is_no_responder),
    office_test (test_a_resolution_needs_a_solution),
    office_test (test_recovery_needs_evidence),
    office_test (test_cancelling_reopening_and_notes_need_words),
    office_test (test_only_the_commander_closes),
    office_test (test_nobody_closes_a_case_without_a_commander),
    office_test (test_the_commander_cannot_be_released),
    office_test (test_an_assignment_needs_a_role_and_a_person),
    office_test (test_a_classification_needs_something_to_say),
    office_test (test_a_verb_of_another_phase_is_refused),
    office_test (test_a_verb_without_a_case_is_refused),
    office_test (test_an_unknown_verb_is_answered_with_the_known_ones),
    office_test (test_all_guards_that_fail_are_named_at_once),
  };

  return cmocka_run_group_tests (tests, NULL, NULL);
}
