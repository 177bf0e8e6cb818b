/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "desk-test.h"

/* What people write into the record is in the sections of the reports. */

static char *
dup_report (IncidentCase *kase, IncidentReportKind kind)
{
  g_autoptr(IncidentReport) report = incident_case_report (kase, kind);

  return incident_report_to_markdown (report);
}

/* The text under a heading, to the next one. */
static char *
dup_section (IncidentCase *kase, IncidentReportKind kind, const char *heading)
{
  g_autofree char *text = dup_report (kase, kind);
  g_autofree char *start = g_strdup_printf ("\n## %s\n\n", heading);
  const char *section = strstr (text, start);
  const char *end;

  if (section == NULL)
    fail_msg ("There is no section “%s”", heading);
  section += strlen (start);
  end = strstr (section, "\n## ");
  return end != NULL ? g_strndup (section, (gsize) (end - section)) : g_strdup (section);
}

static void
assert_section (IncidentCase *kase, IncidentReportKind kind, const char *heading, const char *holds)
{
  g_autofree char *section = dup_section (kase, kind, heading);

  if (strstr (section, holds) == NULL)
    fail_msg ("“%s” should hold “%s”:\n%s", heading, holds, section);
}

static void
assert_missing (IncidentCase *kase, IncidentReportKind kind, const char *heading)
{
  assert_section (kase, kind, heading, "Not recorded.");
}

#define PROBLEM  INCIDENT_REPORT_KIND_PROBLEM
#define SOLUTION INCIDENT_REPORT_KIND_SOLUTION

static void
test_the_last_workaround_counts (void **state)
{
  g_autoptr(IncidentCase) kase = open_case (*state);

  assert_missing (kase, PROBLEM, "Workaround");
  act (kase, "record", "ana", "field", "symptoms", "text", "every third is an error", NULL);
  assert_missing (kase, PROBLEM, "Workaround");
  act (kase, "record", "ana", "field", "workaround", "text", "pay by phone", NULL);
  act (kase, "record", "ana", "field", "workaround", "text", "pay by invoice", NULL);
  assert_section (kase, PROBLEM, "Workaround", "pay by invoice");
  assert_section (kase, SOLUTION, "Workaround", "pay by invoice");
}

static void
test_open_tasks_are_told_and_what_is_done_is_not (void **state)
{
  g_autoptr(IncidentCase) kase = open_case (*state);
  g_autofree char *section = NULL;

  assert_missing (kase, PROBLEM, "Open tasks and next update");
  act (kase, "add-task", "ana", "title", "Call the bank", "person", "bo", "must-do", "yes", NULL);
  act (kase, "add-task", "ana", "title", "Look at the logs", NULL);
  act (kase, "finish-task", "ana", "task", "2", NULL);
  section = dup_section (kase, PROBLEM, "Open tasks and next update");
  assert_non_null (strstr (section, "| 1 | yes | Call the bank | open | bo |"));
  assert_null (strstr (section, "Look at the logs"));
}

static void
test_follow_up_actions_have_a_section_of_their_own (void **state)
{
  g_autoptr(IncidentCase) kase = open_case (*state);
  g_autofree char *section = NULL;

  assert_missing (kase, SOLUTION, "Follow-up actions");
  act (kase, "add-task", "ana", "title", "Alert on the pool", "kind", "detect", "person", "bo", NULL);
  act (kase, "finish-task", "ana", "task", "1", NULL);
  assert_missing (kase, PROBLEM, "Open tasks and next update");
  act (kase, "add-task", "ana", "title", "Call the bank", NULL);
  section = dup_section (kase, SOLUTION, "Follow-up actions");
  assert_non_null (strstr (section, "| 1 | detect | Alert on the pool | done | bo |"));
  assert_null (strstr (section, "Call the bank"));
}

static void
test_what_was_measured_takes_the_place_of_what_is_not_known (void **state)
{
  g_autoptr(IncidentCase) kase = open_case (*state);
  g_autofree char *section = NULL;

  act (kase, "classify", "ana", "impact", "high", NULL);
  assert_section (kase, PROBLEM, "Impact", "How many users, which regions and which data are affected is not recorded.");
  act (kase, "measure", "ana", "measure", "users", "amount", "1200", "certainty", "estimated", NULL);
  section = dup_section (kase, PROBLEM, "Impact");
  assert_non_null (strstr (section, "| users | 1200 |"));
  assert_non_null (strstr (section, "estimated"));
  assert_null (strstr (section, "is not recorded"));
}

static void
test_hypotheses_and_decisions_are_findings_and_a_cause_contributes (void **state)
{
  g_autoptr(IncidentCase) kase = open_case (*state);

  assert_missing (kase, PROBLEM, "Hypotheses and findings");
  act (kase, "suppose", "ana", "text", "the pool is empty", NULL);
  act (kase, "judge", "bo", "hypothesis", "1", "state", "supported", "text", "all 50 are in use", NULL);
  act (kase, "decide", "ana", "text", "roll back", "objections", "bo: half an hour", NULL);
  assert_section (kase, PROBLEM, "Hypotheses and findings", "the pool is empty");
  assert_section (kase, PROBLEM, "Hypotheses and findings", "| 1 | supported | all 50 are in use |");
  assert_section (kase, PROBLEM, "Hypotheses and findings", "roll back");
  assert_missing (kase, SOLUTION, "Contributing factors");
  act (kase, "judge", "bo", "hypothesis", "1", "state", "cause", "text", "a leak since 1.4.2", NULL);
  assert_section (kase, SOLUTION, "Contributing factors", "| 1 | a leak since 1.4.2 |");
}

static void
test_updates_are_messages (void **state)
{
  g_autoptr(IncidentCase) kase = open_case (*state);

  assert_missing (kase, PROBLEM, "Messages");
  act (kase, "update", "ana", "text", "We are on it", "audience", "customer", NULL);
  assert_section (kase, PROBLEM, "Messages", "| ana | customer | We are on it |");
}

static void
test_removed_words_are_said_to_be_withheld (void **state)
{
  g_autoptr(IncidentCase) kase = open_case (*state);
  g_autofree char *text = NULL;

  act (kase, "record", "ana", "field", "workaround", "text", "use the key hunter2", NULL);
  act (kase, "redact", "ana", "event", "2", "text", "a secret", NULL);
  assert_section (kase, PROBLEM, "Workaround", "(withheld)");
  text = dup_report (kase, PROBLEM);
  assert_null (strstr (text, "hunter2"));
  assert_non_null (strstr (text, "the words of event 2 were removed: a secret"));
}

int
main (void)
{
  const struct CMUnitTest tests[] = {
    office_test (test_the_last_workaround_counts),
    office_test (test_open_tasks_are_told_and_what_is_done_is_not),
    office_test (test_follow_up_actions_have_a_section_of_their_own),
    office_test (test_what_was_measured_takes_the_place_of_what_is_not_known),
    office_test (test_hypotheses_and_decisions_are_findings_and_a_cause_contributes),
    office_test (test_updates_are_messages),
    office_test (test_removed_words_are_said_to_be_withheld),
  };

  return cmocka_run_group_tests (tests, NULL, NULL);
}
