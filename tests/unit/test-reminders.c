/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "playbook-test.h"

/* What is due, when, and how often. Times are minutes from the beginning of each test. */

#define HOUR G_TIME_SPAN_HOUR
#define DAY  G_TIME_SPAN_DAY

static gint64
at (const char *text)
{
  gint64 time = 0;
  g_autoptr(GError) error = NULL;

  incident_time_from_string (text, &time, &error);
  assert_no_error (error);
  return time;
}

static void
set_time (Office *office, const char *text)
{
  incident_manual_clock_set_time (INCIDENT_MANUAL_CLOCK (office->clock), at (text));
}

static IncidentCase *
open_severe (Office *office, const char *severity)
{
  return open_with (office, command_new ("open", "ana", "title", "Checkout answers 500", "severity", severity, NULL));
}

static IncidentCase *
open_commanded (Office *office, const char *severity)
{
  IncidentCase *kase = open_severe (office, severity);

  act (kase, "assign", "ana", "role", "commander", "person", "ana", NULL);
  return kase;
}

/* The kinds, separated by blanks. */
static char *
join_kinds (GPtrArray *reminders)
{
  GString *kinds = g_string_new (NULL);

  for (guint i = 0; i < reminders->len; i++)
    g_string_append_printf (kinds, "%s%s", i > 0 ? " " : "", incident_reminder_get_kind (g_ptr_array_index (reminders, i)));
  return g_string_free (kinds, FALSE);
}

static GPtrArray *
list_due (Office *office)
{
  g_autoptr(GError) error = NULL;
  GPtrArray *due = incident_desk_list_reminders (office->desk, &error);

  assert_no_error (error);
  return due;
}

static void
assert_due (Office *office, const char *kinds)
{
  g_autoptr(GPtrArray) due = list_due (office);
  g_autofree char *found = join_kinds (due);

  assert_string_equal (found, kinds);
}

/* What is recorded, and when there is more. */
static void
assert_reminded (Office *office, const char *kinds, gint64 expected_next)
{
  g_autoptr(GError) error = NULL;
  gint64 next = 0;
  g_autoptr(GPtrArray) told = incident_desk_remind (office->desk, &next, &error);
  g_autofree char *found = NULL;

  assert_no_error (error);
  found = join_kinds (told);
  assert_string_equal (found, kinds);
  if (next != expected_next)
    fail_msg ("next is %" G_GINT64_FORMAT " s from now, not %" G_GINT64_FORMAT " s",
              (next - incident_clock_get_time (office->clock)) / G_USEC_PER_SEC,
              (expected_next - incident_clock_get_time (office->clock)) / G_USEC_PER_SEC);
}

static gint64
from_now (Office *office, gint64 duration)
{
  return incident_clock_get_time (office->clock) + duration;
}

static void
assert_only (Office *office, const char *kind, const char *person, const char *text, gint64 due_at)
{
  g_autoptr(GPtrArray) due = list_due (office);
  IncidentReminder *reminder;

  assert_int_equal (due->len, 1);
  reminder = g_ptr_array_index (due, 0);
  assert_string_equal (incident_reminder_get_kind (reminder), kind);
  assert_string_equal (incident_reminder_get_text (reminder), text);
  if (person != NULL)
    assert_string_equal (incident_reminder_get_person (reminder), person);
  else
    assert_null (incident_reminder_get_person (reminder));
  assert_true (incident_reminder_get_due_at (reminder) == due_at);
  assert_true (incident_reminder_get_case_number (reminder) == 1);
}

/* Command and severity */

static void
test_a_commander_is_missed_after_a_quarter_of_an_hour (void **state)
{
  Office *office = *state;
  g_autoptr(IncidentCase) kase = open_severe (office, "sev5");

  advance (office, 15 * MINUTE - 1);
  assert_due (office, "");
  advance (office, 1);
  assert_only (office, "no-commander", NULL, "Nobody has command of this case: assign a commander", START + 15 * MINUTE);
  act (kase, "assign", "ana", "role", "commander", "person", "ana", NULL);
  assert_due (office, "");
}

static void
test_a_severity_is_missed_after_a_quarter_of_an_hour (void **state)
{
  Office *office = *state;
  g_autoptr(IncidentCase) kase = open_case (office);

  act (kase, "assign", "ana", "role", "commander", "person", "ana", NULL);
  advance (office, 14 * MINUTE);
  assert_due (office, "");
  advance (office, MINUTE);
  assert_only (office, "no-severity", "ana", "Nobody has said how bad this case is: classify it", START + 15 * MINUTE);
  act (kase, "classify", "ana", "severity", "sev4", NULL);
  assert_due (office, "");
}

static void
test_nobody_is_missed_in_a_case_that_is_not_live (void **state)
{
  Office *office = *state;
  g_autoptr(IncidentCase) kase = recovered_case (office);

  assert_int_equal (incident_case_get_severity (kase), INCIDENT_SEVERITY_UNKNOWN);
  advance (office, HOUR);
  assert_due (office, "");
}

static void
test_every_case_is_looked_at (void **state)
{
  Office *office = *state;
  g_autoptr(GPtrArray) due = NULL;

  for (guint i = 0; i < 1100; i++)
    g_object_unref (open_severe (office, "sev5"));
  advance (office, 15 * MINUTE);
  due = list_due (office);
  assert_int_equal (due->len, 1100);
}

/* Updates */

static void
test_updates_are_due_by_severity (void **state)
{
  static const struct { const char *severity; gint64 every; } cadence[] = {
    { "sev1", 30 * MINUTE }, { "sev2", 30 * MINUTE }, { "sev3", 4 * HOUR }, { "sev4", 0 }, { "sev5", 0 },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cadence); i++)
    {
      Office *office = NULL;
      g_autoptr(IncidentCase) kase = NULL;

      office_open ((void **) &office);
      kase = open_commanded (office, cadence[i].severity);
      advance (office, cadence[i].every > 0 ? cadence[i].every - 1 : DAY);
      assert_due (office, "");
      advance (office, 1);
      if (cadence[i].every > 0)
        assert_only (office, "update", "ana", "An update is due: say how it stands", START + cadence[i].every);
      office_close ((void **) &office);
    }
}

static void
test_an_update_starts_the_time_anew (void **state)
{
  Office *office = *state;
  g_autoptr(IncidentCase) kase = open_commanded (office, "sev1");

  advance (office, 20 * MINUTE);
  act (kase, "update", "ana", "text", "we look into it", NULL);
  advance (office, 29 * MINUTE);
  assert_due (office, "");
  advance (office, MINUTE);
  assert_due (office, "update");
}

static void
test_another_severity_starts_the_time_anew (void **state)
{
  Office *office = *state;
  g_autoptr(IncidentCase) kase = open_commanded (office, "sev5");

  advance (office, HOUR);
  act (kase, "classify", "ana", "severity", "sev1", NULL);
  advance (office, 29 * MINUTE);
  assert_due (office, "");
  advance (office, MINUTE);
  assert_due (office, "update");
}

static void
test_a_case_that_is_reopened_has_the_whole_time_again (void **state)
{
  Office *office = *state;
  g_autoptr(IncidentCase) kase = open_commanded (office, "sev1");

  act (kase, "cancel", "ana", "text", "a drill", NULL);
  advance (office, DAY);
  act (kase, "reopen", "ana", "text", "no drill", NULL);
  advance (office, 29 * MINUTE);
  assert_due (office, "");
  advance (office, MINUTE);
  assert_due (office, "update");
}

static void
test_an_announced_update_is_due_when_it_was_announced (void **state)
{
  Office *office = *state;
  g_autoptr(IncidentCase) kase = open_commanded (office, "sev1");

  act (kase, "update", "ana", "text", "we look into it", "due", "2h", NULL);
  advance (office, 119 * MINUTE);
  assert_due (office, "");
  advance (office, MINUTE);
  assert_due (office, "update");
  act (kase, "update", "ana", "text", "found", "due", "2026-11-23T09:10:00Z", NULL);
  advance (office, 9 * MINUTE);
  assert_due (office, "");
  advance (office, MINUTE);
  assert_due (office, "update");
}

static void
test_an_announced_update_is_due_whatever_the_severity (void **state)
{
  Office *office = *state;
  g_autoptr(IncidentCase) kase = open_commanded (office, "sev5");

  act (kase, "update", "ana", "text", "we look into it", "due", "40m", NULL);
  advance (office, 40 * MINUTE);
  assert_due (office, "update");
  act (kase, "update", "ana", "text", "all said", NULL);
  advance (office, DAY);
  assert_due (office, "");
}

/* How often */

#define TWICE "{\"cadence\":{\"remind\":{\"every\":\"10m\",\"most\":3}}}"

static void
test_each_reminder_waits_twice_as_long_as_the_one_before (void **state)
{
  Office *office = *state;
  g_autoptr(IncidentCase) kase = NULL;

  rule_by (office, TWICE);
  kase = open_severe (office, "sev5");
  assert_reminded (office, "", START + 15 * MINUTE);
  advance (office, 15 * MINUTE);
  assert_reminded (office, "no-commander", from_now (office, 10 * MINUTE));
  assert_reminded (office, "", from_now (office, 10 * MINUTE));
  advance (office, 10 * MINUTE - 1);
  assert_due (office, "");
  advance (office, 1);
  assert_reminded (office, "no-commander", from_now (office, 10 * MINUTE));
  assert_reminded (office, "", from_now (office, 20 * MINUTE));
  advance (office, 20 * MINUTE - 1);
  assert_due (office, "");
  advance (office, 1);
  assert_due (office, "no-commander");
}

static void
test_nobody_is_reminded_for_ever (void **state)
{
  Office *office = *state;
  g_autoptr(IncidentCase) kase = NULL;

  rule_by (office, TWICE);
  kase = open_severe (office, "sev5");
  for (guint i = 0; i < 3; i++)
    {
      advance (office, HOUR);
      assert_reminded (office, "no-commander", from_now (office, 10 * MINUTE));
    }
  advance (office, 300 * DAY);
  assert_reminded (office, "", G_MAXINT64);
  assert_kinds (kase, 2, "reminded reminded reminded");
}

static void
test_looking_records_nothing_and_reminding_does (void **state)
{
  Office *office = *state;
  g_autoptr(IncidentCase) kase = open_severe (office, "sev5");
  g_autoptr(IncidentEvent) event = NULL;

  advance (office, 15 * MINUTE);
  assert_due (office, "no-commander");
  assert_due (office, "no-commander");
  assert_int_equal (incident_case_get_version (kase), 1);
  assert_reminded (office, "no-commander", from_now (office, 10 * MINUTE));
  assert_last (kase, "reminded", "{\"reminded\":\"no-commander\",\"by\":\"rule\","
               "\"text\":\"Nobody has command of this case: assign a commander\"}");
  event = dup_last_event (kase);
  assert_string_equal (incident_event_get_actor (event), "desk");
  kase = read_again (office, g_steal_pointer (&kase));
  assert_due (office, "");
}

static void
test_what_is_dismissed_is_not_reminded_of (void **state)
{
  Office *office = *state;
  g_autoptr(IncidentCase) kase = open_case (office);

  advance (office, 15 * MINUTE);
  assert_due (office, "no-commander no-severity");
  act (kase, "dismiss", "ana", "reminder", "no-commander", NULL);
  assert_due (office, "no-severity");
  advance (office, DAY);
  kase = read_again (office, g_steal_pointer (&kase));
  assert_due (office, "no-severity");
}

static void
test_a_late_update_begins_anew_after_the_next_one (void **state)
{
  Office *office = *state;
  g_autoptr(IncidentCase) kase = open_commanded (office, "sev1");

  act (kase, "dismiss", "ana", "reminder", "update", NULL);
  advance (office, HOUR);
  assert_due (office, "");
  act (kase, "update", "ana", "text", "we look into it", NULL);
  advance (office, 30 * MINUTE);
  assert_due (office, "update");
}

static void
test_a_reopened_case_begins_anew (void **state)
{
  Office *office = *state;
  g_autoptr(IncidentCase) kase = open_severe (office, "sev5");

  act (kase, "dismiss", "ana", "reminder", "no-commander", NULL);
  act (kase, "cancel", "ana", "text", "a drill", NULL);
  act (kase, "reopen", "ana", "text", "no drill", NULL);
  advance (office, 15 * MINUTE);
  assert_due (office, "no-commander");
}

/* Quiet hours */

#define QUIET(from, until) "{\"cadence\":{\"quiet-hours\":{\"from\":\"" from "\",\"until\":\"" until "\"," \
  "\"zone\":\"Europe/Madrid\",\"severities\":[\"sev5\"]}}}"
#define NIGHT QUIET ("22:00", "07:00")

static void
test_reminders_wait_until_the_quiet_hours_end (void **state)
{
  Office *office = *state;
  g_autoptr(IncidentCase) kase = NULL;

  rule_by (office, NIGHT);
  set_time (office, "2026-11-23T22:00:00Z");
  kase = open_severe (office, "sev5");
  advance (office, HOUR);
  assert_reminded (office, "", at ("2026-11-24T06:00:00Z"));
  set_time (office, "2026-11-24T05:59:59Z");
  assert_due (office, "");
  set_time (office, "2026-11-24T06:00:00Z");
  assert_reminded (office, "no-commander", from_now (office, 10 * MINUTE));
}

static void
test_what_was_due_before_the_quiet_hours_waits_too (void **state)
{
  Office *office = *state;
  g_autoptr(IncidentCase) kase = NULL;

  rule_by (office, NIGHT);
  set_time (office, "2026-11-23T20:30:00Z");
  kase = open_severe (office, "sev5");
  /* Due at 21:45 by the clock on the wall, and nobody looked until 22:00. */
  set_time (office, "2026-11-23T20:59:59Z");
  assert_due (office, "no-commander");
  set_time (office, "2026-11-23T21:00:00Z");
  assert_reminded (office, "", at ("2026-11-24T06:00:00Z"));
}

static void
test_other_severities_do_not_wait (void **state)
{
  Office *office = *state;
  g_autoptr(IncidentCase) kase = NULL;

  rule_by (office, NIGHT);
  set_time (office, "2026-11-23T22:00:00Z");
  kase = open_severe (office, "sev4");
  advance (office, HOUR);
  assert_due (office, "no-commander");
}

static void
test_quiet_hours_can_lie_within_a_day (void **state)
{
  Office *office = *state;
  g_autoptr(IncidentCase) kase = NULL;

  rule_by (office, QUIET ("12:00", "14:30"));
  set_time (office, "2026-11-23T11:00:00Z");
  kase = open_severe (office, "sev5");
  advance (office, HOUR);
  assert_reminded (office, "", at ("2026-11-23T13:30:00Z"));
  set_time (office, "2026-11-23T13:30:00Z");
  assert_due (office, "no-commander");
}

static void
test_the_night_in_which_the_clock_is_put_forward_is_shorter (void **state)
{
  Office *office = *state;
  g_autoptr(IncidentCase) kase = NULL;

  rule_by (office, NIGHT);
  set_time (office, "2026-03-28T22:00:00Z");
  kase = open_severe (office, "sev5");
  advance (office, HOUR);
  assert_reminded (office, "", at ("2026-03-29T05:00:00Z"));
  set_time (office, "2026-03-29T04:59:59Z");
  assert_due (office, "");
  set_time (office, "2026-03-29T05:00:00Z");
  assert_due (office, "no-commander");
}

static void
test_the_night_in_which_the_clock_is_put_back_is_longer (void **state)
{
  Office *office = *state;
  g_autoptr(IncidentCase) kase = NULL;

  rule_by (office, NIGHT);
  set_time (office, "2026-10-24T21:00:00Z");
  kase = open_severe (office, "sev5");
  advance (office, HOUR);
  assert_reminded (office, "", at ("2026-10-25T06:00:00Z"));
  set_time (office, "2026-10-25T05:59:59Z");
  assert_due (office, "");
  set_time (office, "2026-10-25T06:00:00Z");
  assert_due (office, "no-commander");
}

static void
test_an_end_that_the_clock_skips_is_where_it_goes_on (void **state)
{
  Office *office = *state;
  g_autoptr(IncidentCase) kase = NULL;
  gint64 next = 0;
  g_autoptr(GPtrArray) told = NULL;

  /* After 01:59 comes 03:00, which is 01:00 UTC. */
  rule_by (office, QUIET ("22:00", "02:30"));
  set_time (office, "2026-03-28T22:00:00Z");
  kase = open_severe (office, "sev5");
  advance (office, HOUR);
  told = incident_desk_remind (office->desk, &next, NULL);
  assert_int_equal (told->len, 0);
  assert_true (next >= at ("2026-03-29T01:00:00Z") && next <= at ("2026-03-29T01:30:00Z"));
  set_time (office, "2026-03-29T01:00:00Z");
  assert_due (office, "no-commander");
}

/* What stands still */

#define STUCK "{\"cadence\":{\"stuck\":{\"acknowledged\":\"2h\",\"phases\":{\"new\":\"30m\",\"diagnosis\":\"1h\"}}}}"

static void
test_a_phase_that_takes_long_is_told_of (void **state)
{
  Office *office = *state;
  g_autoptr(IncidentCase) kase = NULL;

  rule_by (office, STUCK);
  kase = open_commanded (office, "sev5");
  advance (office, 30 * MINUTE - 1);
  assert_due (office, "");
  advance (office, 1);
  assert_only (office, "stuck-new", "ana", "The case has been in “new” for long: go on, or say why it waits",
               START + 30 * MINUTE);
  act (kase, "diagnose", "ana", "text", "error rate 31 %", NULL);
  assert_due (office, "");
  advance (office, HOUR);
  assert_due (office, "stuck-diagnosis");
}

static void
test_who_comes_back_to_a_phase_has_the_whole_time_again (void **state)
{
  Office *office = *state;
  g_autoptr(IncidentCase) kase = NULL;

  rule_by (office, STUCK);
  kase = open_commanded (office, "sev5");
  act (kase, "diagnose", "ana", "text", "error rate 31 %", NULL);
  advance (office, HOUR);
  assert_reminded (office, "stuck-diagnosis", from_now (office, 10 * MINUTE));
  act (kase, "dismiss", "ana", "reminder", "stuck-diagnosis", NULL);
  act (kase, "diagnose", "ana", "text", "and 40 %", NULL);
  assert_due (office, "");
  advance (office, HOUR);
  assert_due (office, "stuck-diagnosis");
}

static void
test_a_case_that_is_acknowledged_and_forgotten_is_told_of (void **state)
{
  Office *office = *state;
  g_autoptr(IncidentCase) kase = open_commanded (office, "sev5");

  advance (office, HOUR);
  act (kase, "acknowledge", "ana", NULL);
  advance (office, 2 * HOUR - 1);
  assert_due (office, "");
  advance (office, 1);
  assert_only (office, "stuck-acknowledged", "ana", "The case was acknowledged, and nothing has happened since",
               START + 3 * HOUR);
}

static void
test_whoever_acts_has_not_forgotten (void **state)
{
  Office *office = *state;
  g_autoptr(IncidentCase) kase = open_commanded (office, "sev5");

  act (kase, "acknowledge", "ana", NULL);
  advance (office, HOUR);
  act (kase, "note", "ana", "text", "still here", NULL);
  advance (office, 2 * HOUR - 1);
  assert_due (office, "");
  advance (office, 1);
  assert_due (office, "stuck-acknowledged");
}

static void
test_a_reminder_is_no_act (void **state)
{
  Office *office = *state;
  g_autoptr(IncidentCase) kase = open_severe (office, "sev5");

  act (kase, "acknowledge", "ana", NULL);
  advance (office, 115 * MINUTE);
  assert_reminded (office, "no-commander", from_now (office, 5 * MINUTE));
  advance (office, 5 * MINUTE);
  assert_due (office, "stuck-acknowledged");
}

static void
test_what_is_said_late_is_not_forgotten_either (void **state)
{
  Office *office = *state;
  g_autoptr(IncidentCase) kase = open_commanded (office, "sev5");
  IncidentCommand *late = command_new ("note", "ana", "text", "seen before", NULL);

  act (kase, "acknowledge", "ana", NULL);
  advance (office, HOUR);
  act (kase, "note", "ana", "text", "still here", NULL);
  incident_command_set_occurred_at (late, START - DAY);
  act_with (kase, late);
  advance (office, 119 * MINUTE);
  assert_due (office, "");
}

static void
test_a_case_that_recovered_a_day_ago_is_to_be_closed (void **state)
{
  Office *office = *state;
  g_autoptr(IncidentCase) kase = recovered_case (office);

  advance (office, DAY - 1);
  assert_due (office, "");
  advance (office, 1);
  assert_due (office, "not-closed");
  act (kase, "close", "ana", "text", "done", NULL);
  assert_due (office, "");
}

/* Tasks and offers */

static void
test_a_task_is_overdue_from_its_time_on (void **state)
{
  Office *office = *state;
  g_autoptr(IncidentCase) kase = open_commanded (office, "sev5");

  act (kase, "add-task", "ana", "title", "Roll back", "person", "bo", "due", "20m", NULL);
  act (kase, "add-task", "ana", "title", "Some day", "person", "bo", NULL);
  advance (office, 20 * MINUTE - 1);
  assert_due (office, "");
  advance (office, 1);
  assert_only (office, "task-1", "bo", "Task 1 is overdue, and is open", START + 20 * MINUTE);
  act (kase, "start-task", "bo", "task", "1", NULL);
  assert_only (office, "task-1", "bo", "Task 1 is overdue, and is in-progress", START + 20 * MINUTE);
  act (kase, "finish-task", "bo", "task", "1", NULL);
  assert_due (office, "");
}

static void
test_the_task_of_a_role_is_for_who_holds_it (void **state)
{
  Office *office = *state;
  g_autoptr(IncidentCase) kase = open_commanded (office, "sev5");

  act (kase, "add-task", "ana", "title", "Roll back", "role", "expert", "due", "20m", NULL);
  advance (office, 20 * MINUTE);
  assert_only (office, "task-1", NULL, "Task 1 is overdue, and is open", START + 20 * MINUTE);
  act (kase, "assign", "ana", "role", "expert", "person", "bo", NULL);
  assert_only (office, "task-1", "bo", "Task 1 is overdue, and is open", START + 20 * MINUTE);
}

static void
test_only_follow_up_actions_outlive_the_case (void **state)
{
  Office *office = *state;
  g_autoptr(IncidentCase) kase = open_commanded (office, "sev5");

  act (kase, "add-task", "ana", "title", "Roll back", "person", "bo", "due", "20m", NULL);
  act (kase, "add-task", "ana", "title", "Test the way back", "person", "bo", "due", "20m", "kind", "prevent", NULL);
  act (kase, "cancel", "ana", "text", "a drill", NULL);
  advance (office, 20 * MINUTE);
  assert_due (office, "task-2");
}

static void
test_an_offer_is_told_of_five_minutes_before_it_ends (void **state)
{
  Office *office = *state;
  g_autoptr(IncidentCase) kase = open_commanded (office, "sev5");

  act (kase, "handoff", "ana", "role", "commander", "person", "bo", "due", "20m", NULL);
  advance (office, 15 * MINUTE - 1);
  assert_due (office, "");
  advance (office, 1);
  assert_only (office, "offer-commander", "bo",
               "The role “commander” is offered to “bo”, and the offer ends: accept or decline it", START + 15 * MINUTE);
  act (kase, "accept", "bo", "role", "commander", NULL);
  assert_due (office, "");
}

static void
test_another_offer_is_told_of_too (void **state)
{
  Office *office = *state;
  g_autoptr(IncidentCase) kase = open_commanded (office, "sev5");

  act (kase, "handoff", "ana", "role", "commander", "person", "bo", "due", "5m", NULL);
  assert_due (office, "offer-commander");
  act (kase, "dismiss", "bo", "reminder", "offer-commander", NULL);
  assert_due (office, "");
  act (kase, "decline", "bo", "role", "commander", NULL);
  act (kase, "handoff", "ana", "role", "commander", "person", "cleo", "due", "5m", NULL);
  assert_due (office, "offer-commander");
}

static void
test_an_offer_without_an_end_is_not_told_of (void **state)
{
  Office *office = *state;
  g_autoptr(IncidentCase) kase = open_commanded (office, "sev5");

  act (kase, "handoff", "ana", "role", "commander", "person", "bo", NULL);
  advance (office, DAY);
  assert_due (office, "");
}

/* The load on who commands */

static void
test_eight_people_are_too_many (void **state)
{
  Office *office = *state;
  g_autoptr(IncidentCase) kase = open_commanded (office, "sev5");

  for (guint i = 1; i <= 8; i++)
    {
      g_autofree char *role = g_strdup_printf ("role-%u", i);
      g_autofree char *person = g_strdup_printf ("person-%u", i);

      assert_due (office, "");
      act (kase, "assign", "ana", "role", role, "person", person, NULL);
    }
  assert_only (office, "span-of-control", "ana", "8 people report to “ana”: form teams, each with a lead", START);
  act (kase, "release", "ana", "role", "role-8", NULL);
  assert_due (office, "");
}

static void
test_people_are_counted_and_not_roles (void **state)
{
  Office *office = *state;
  g_autoptr(IncidentCase) kase = open_commanded (office, "sev5");

  for (guint i = 1; i <= 10; i++)
    {
      g_autofree char *role = g_strdup_printf ("role-%u", i);
      g_autofree char *person = g_strdup_printf ("person-%u", i / 2);

      act (kase, "assign", "ana", "role", role, "person", i == 10 ? "ana" : person, NULL);
    }
  assert_due (office, "");
}

static void
test_who_commands_does_not_work_on_the_systems (void **state)
{
  Office *office = *state;
  g_autoptr(IncidentCase) kase = NULL;

  rule_by (office, "{\"roles\":{\"commander\":{},\"scribe\":{},\"operations\":{\"operational\":true}}}");
  kase = open_commanded (office, "sev5");
  act (kase, "assign", "ana", "role", "scribe", "person", "ana", NULL);
  assert_due (office, "");
  act (kase, "assign", "ana", "role", "operations", "person", "ana", NULL);
  assert_due (office, "commander-operates");
  act (kase, "assign", "ana", "role", "operations", "person", "bo", NULL);
  assert_due (office, "");
}

/* Reports */

#define REPORTING "{\"severities\":{\"sev1\":{\"major\":true},\"sev2\":{\"major\":false}},\"cadence\":{\"updates\":{}}," \
  "\"reporting\":{" \
  "\"first\":{\"means\":\"The first report\",\"for\":{\"severity\":[\"sev1\"]},\"starts\":\"opened\",\"within\":\"4h\"}," \
  "\"second\":{\"after\":\"first\",\"within\":\"8h\"}," \
  "\"loud\":{\"starts\":\"major\",\"within\":\"40h\"}," \
  "\"last\":{\"starts\":\"closed\",\"within\":\"4d\"}}}"

static void
test_a_report_is_told_of_when_a_quarter_of_the_time_is_left (void **state)
{
  Office *office = *state;
  g_autoptr(IncidentCase) kase = NULL;

  rule_by (office, REPORTING);
  kase = open_commanded (office, "sev1");
  advance (office, 3 * HOUR - 1);
  assert_due (office, "");
  advance (office, 1);
  assert_only (office, "report-first", "ana", "The first report must be filed until 2026-11-23T11:00:00.000000Z",
               START + 3 * HOUR);
  act (kase, "file-report", "ana", "clock", "first", NULL);
  assert_due (office, "");
}

static void
test_one_report_starts_the_clock_of_the_next (void **state)
{
  Office *office = *state;
  g_autoptr(IncidentCase) kase = NULL;

  rule_by (office, REPORTING);
  kase = open_commanded (office, "sev1");
  advance (office, HOUR);
  act (kase, "file-report", "ana", "clock", "first", NULL);
  advance (office, 6 * HOUR - 1);
  assert_due (office, "");
  advance (office, 1);
  assert_only (office, "report-second", "ana", "second must be filed until 2026-11-23T16:00:00.000000Z", START + 7 * HOUR);
}

static void
test_a_report_is_for_some_cases_only (void **state)
{
  Office *office = *state;
  g_autoptr(IncidentCase) kase = NULL;

  rule_by (office, REPORTING);
  kase = open_commanded (office, "sev2");
  advance (office, 100 * DAY);
  assert_due (office, "");
}

static void
test_a_case_becomes_major_by_severity_or_by_word (void **state)
{
  Office *office = *state;
  g_autoptr(IncidentCase) kase = NULL;
  g_autoptr(IncidentCase) other = NULL;

  rule_by (office, REPORTING);
  kase = open_commanded (office, "sev2");
  other = open_commanded (office, "sev2");
  advance (office, HOUR);
  act (kase, "classify", "ana", "major", "yes", "text", "by law", NULL);
  act (other, "classify", "ana", "severity", "sev1", NULL);
  act (other, "file-report", "ana", "clock", "first", NULL);
  act (other, "file-report", "ana", "clock", "second", NULL);
  assert_true (incident_case_get_major (kase));
  advance (office, 30 * HOUR - 1);
  assert_due (office, "");
  advance (office, 1);
  assert_due (office, "report-loud report-loud");
}

static void
test_a_report_is_due_although_the_case_is_closed (void **state)
{
  Office *office = *state;
  g_autoptr(IncidentCase) kase = NULL;

  rule_by (office, REPORTING);
  kase = open_commanded (office, "sev5");
  advance (office, HOUR);
  act (kase, "cancel", "ana", "text", "a drill", NULL);
  advance (office, 3 * DAY - 1);
  assert_due (office, "");
  advance (office, 1);
  assert_due (office, "report-last");
  act (kase, "file-report", "ana", "clock", "last", NULL);
  assert_due (office, "");
}

/* Priorities */

#define RAISES "{\"priority\":{\"raise\":[{\"services\":3,\"to\":\"p1\"},{\"phase\":\"new\",\"after\":\"2h\",\"to\":\"p3\"}]}}"

static IncidentCase *
open_low (Office *office)
{
  IncidentCase *kase;

  rule_by (office, RAISES);
  kase = open_with (office, command_new ("open", "ana", "title", "Nobody looks", "severity", "sev5", "impact", "low",
                                         "urgency", "low", "service", "a", NULL));
  act (kase, "assign", "ana", "role", "commander", "person", "ana", NULL);
  return kase;
}

static void
test_a_priority_rises_with_time (void **state)
{
  Office *office = *state;
  g_autoptr(IncidentCase) kase = open_low (office);
  IncidentPriority before = incident_case_get_priority (kase);

  assert_true (before > INCIDENT_PRIORITY_P3);
  assert_reminded (office, "", START + 2 * HOUR);
  advance (office, 2 * HOUR);
  assert_reminded (office, "", G_MAXINT64);
  assert_int_equal (incident_case_get_priority (kase), INCIDENT_PRIORITY_P3);
  assert_last (kase, "priority-raised", "{\"priority\":\"p3\",\"priority-by\":\"rule\",\"by\":\"rule\","
               "\"text\":\"A rule of the playbook asks for it\"}");
  assert_reminded (office, "", G_MAXINT64);
  assert_kinds (kase, 3, "priority-raised");
  kase = read_again (office, g_steal_pointer (&kase));
  assert_int_equal (incident_case_get_priority (kase), INCIDENT_PRIORITY_P3);
}

static void
test_a_priority_rises_with_the_services_that_are_hit (void **state)
{
  Office *office = *state;
  g_autoptr(IncidentCase) kase = open_low (office);

  act (kase, "affect", "ana", "service", "b", NULL);
  assert_reminded (office, "", START + 2 * HOUR);
  act (kase, "affect", "ana", "service", "c", NULL);
  assert_reminded (office, "", START + 2 * HOUR);
  assert_int_equal (incident_case_get_priority (kase), INCIDENT_PRIORITY_P1);
}

static void
test_a_service_counts_once (void **state)
{
  Office *office = *state;
  g_autoptr(IncidentCase) kase = open_low (office);

  act (kase, "affect", "ana", "service", "b", NULL);
  act (kase, "classify", "ana", "service", "b", NULL);
  act (kase, "affect", "ana", "service", "c", NULL);
  assert_reminded (office, "", START + 2 * HOUR);
  assert_int_equal (incident_case_get_priority (kase), INCIDENT_PRIORITY_P4);
}

static void
test_no_rule_lowers_a_priority (void **state)
{
  Office *office = *state;
  g_autoptr(IncidentCase) kase = open_low (office);

  act (kase, "affect", "ana", "service", "b", NULL);
  act (kase, "affect", "ana", "service", "c", NULL);
  advance (office, 2 * HOUR);
  assert_reminded (office, "", G_MAXINT64);
  assert_int_equal (incident_case_get_priority (kase), INCIDENT_PRIORITY_P1);
  act (kase, "classify", "ana", "impact", "medium", NULL);
  assert_int_equal (incident_case_get_priority (kase), INCIDENT_PRIORITY_P1);
}

static void
test_no_rule_is_above_a_person (void **state)
{
  Office *office = *state;
  g_autoptr(IncidentCase) kase = open_low (office);

  act (kase, "prioritise", "ana", "priority", "p5", "text", "it is our own printer", NULL);
  act (kase, "affect", "ana", "service", "b", NULL);
  act (kase, "affect", "ana", "service", "c", NULL);
  advance (office, DAY);
  assert_reminded (office, "", G_MAXINT64);
  assert_int_equal (incident_case_get_priority (kase), INCIDENT_PRIORITY_P5);
}

static void
test_no_rule_raises_the_priority_of_what_has_ended (void **state)
{
  Office *office = *state;
  g_autoptr(IncidentCase) kase = open_low (office);

  act (kase, "affect", "ana", "service", "b", NULL);
  act (kase, "affect", "ana", "service", "c", NULL);
  /* With something to do, so that it is looked at all the same. */
  act (kase, "add-task", "ana", "title", "Test the way back", "kind", "prevent", NULL);
  act (kase, "cancel", "ana", "text", "a drill", NULL);
  assert_reminded (office, "", G_MAXINT64);
  assert_int_equal (incident_case_get_priority (kase), INCIDENT_PRIORITY_P4);
}

/* Others */

static void
act_on_seen (IncidentCase *kase, guint seen)
{
  IncidentCommand *command = command_new ("diagnose", "ana", "text", "error rate 31 %", NULL);

  incident_command_set_seen (command, seen);
  act_with (kase, command);
}

static void
test_a_reminder_does_not_make_what_people_saw_old (void **state)
{
  Office *office = *state;
  g_autoptr(IncidentCase) kase = open_severe (office, "sev5");
  guint seen = incident_case_get_version (kase);

  advance (office, 15 * MINUTE);
  assert_reminded (office, "no-commander", from_now (office, 10 * MINUTE));
  assert_int_equal (incident_case_get_version (kase), seen + 1);
  act_on_seen (kase, seen);
}

static void
test_a_reminder_comes_to_whoever_watches (void **state)
{
  Office *office = *state;
  g_autoptr(IncidentCase) kase = open_severe (office, "sev5");
  g_autoptr(IncidentDesk) other = incident_desk_new (office->store, office->clock, NULL);
  g_autoptr(GPtrArray) told = NULL;

  advance (office, 15 * MINUTE);
  told = incident_desk_remind (other, NULL, NULL);
  assert_int_equal (told->len, 1);
  assert_int_equal (incident_case_get_version (kase), 1);
  assert_true (incident_desk_refresh (office->desk, NULL));
  assert_int_equal (incident_case_get_version (kase), 2);
  assert_due (office, "");
}

static void
rule_otherwise (IncidentDesk *desk, gpointer office)
{
  g_signal_handlers_disconnect_by_func (desk, rule_otherwise, office);
  rule_by (office, "{\"name\":\"Another\"}");
}

static void
test_whoever_is_told_may_change_the_playbook (void **state)
{
  Office *office = *state;
  g_autoptr(IncidentCase) first = NULL;
  g_autoptr(IncidentCase) second = NULL;
  g_autoptr(GPtrArray) told = NULL;
  g_autoptr(GError) error = NULL;

  rule_by (office, "{\"name\":\"One\",\"cadence\":{\"updates\":{\"sev3\":\"20m\"}}}");
  first = open_commanded (office, "sev3");
  second = open_commanded (office, "sev3");
  advance (office, 20 * MINUTE);
  g_signal_connect (office->desk, "changed", G_CALLBACK (rule_otherwise), office);
  told = incident_desk_remind (office->desk, NULL, &error);
  assert_no_error (error);
  /* A review goes by the rules it began with. */
  assert_int_equal (told->len, 2);
}

int
main (void)
{
  const struct CMUnitTest tests[] = {
    office_test (test_a_commander_is_missed_after_a_quarter_of_an_hour),
    office_test (test_a_severity_is_missed_after_a_quarter_of_an_hour),
    office_test (test_nobody_is_missed_in_a_case_that_is_not_live),
    office_test (test_every_case_is_looked_at),
    cmocka_unit_test (test_updates_are_due_by_severity),
    office_test (test_an_update_starts_the_time_anew),
    office_test (test_another_severity_starts_the_time_anew),
    office_test (test_a_case_that_is_reopened_has_the_whole_time_again),
    office_test (test_an_announced_update_is_due_when_it_was_announced),
    office_test (test_an_announced_update_is_due_whatever_the_severity),
    office_test (test_each_reminder_waits_twice_as_long_as_the_one_before),
    office_test (test_nobody_is_reminded_for_ever),
    both (test_looking_records_nothing_and_reminding_does),
    both (test_what_is_dismissed_is_not_reminded_of),
    office_test (test_a_late_update_begins_anew_after_the_next_one),
    office_test (test_a_reopened_case_begins_anew),
    office_test (test_reminders_wait_until_the_quiet_hours_end),
    office_test (test_what_was_due_before_the_quiet_hours_waits_too),
    office_test (test_other_severities_do_not_wait),
    office_test (test_quiet_hours_can_lie_within_a_day),
    office_test (test_the_night_in_which_the_clock_is_put_forward_is_shorter),
    office_test (test_the_night_in_which_the_clock_is_put_back_is_longer),
    office_test (test_an_end_that_the_clock_skips_is_where_it_goes_on),
    office_test (test_a_phase_that_takes_long_is_told_of),
    office_test (test_who_comes_back_to_a_phase_has_the_whole_time_again),
    office_test (test_a_case_that_is_acknowledged_and_forgotten_is_told_of),
    office_test (test_whoever_acts_has_not_forgotten),
    office_test (test_a_reminder_is_no_act),
    office_test (test_what_is_said_late_is_not_forgotten_either),
    office_test (test_a_case_that_recovered_a_day_ago_is_to_be_closed),
    office_test (test_a_task_is_overdue_from_its_time_on),
    office_test (test_the_task_of_a_role_is_for_who_holds_it),
    office_test (test_only_follow_up_actions_outlive_the_case),
    office_test (test_an_offer_is_told_of_five_minutes_before_it_ends),
    office_test (test_another_offer_is_told_of_too),
    office_test (test_an_offer_without_an_end_is_not_told_of),
    office_test (test_eight_people_are_too_many),
    office_test (test_people_are_counted_and_not_roles),
    office_test (test_who_commands_does_not_work_on_the_systems),
    office_test (test_a_report_is_told_of_when_a_quarter_of_the_time_is_left),
    office_test (test_one_report_starts_the_clock_of_the_next),
    office_test (test_a_report_is_for_some_cases_only),
    office_test (test_a_case_becomes_major_by_severity_or_by_word),
    office_test (test_a_report_is_due_although_the_case_is_closed),
    both (test_a_priority_rises_with_time),
    office_test (test_a_priority_rises_with_the_services_that_are_hit),
    office_test (test_a_service_counts_once),
    office_test (test_no_rule_lowers_a_priority),
    office_test (test_no_rule_is_above_a_person),
    office_test (test_no_rule_raises_the_priority_of_what_has_ended),
    both (test_a_reminder_does_not_make_what_people_saw_old),
    both (test_a_reminder_comes_to_whoever_watches),
    office_test (test_whoever_is_told_may_change_the_playbook),
  };

  return cmocka_run_group_tests (tests, NULL, NULL);
}
