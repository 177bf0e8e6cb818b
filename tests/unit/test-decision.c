/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "desk-test.h"

/* What each verb records. */

static void
test_opening_records_phase_episode_and_what_is_known (void **state)
{
  g_autoptr(IncidentCase) bare = open_case (*state);
  g_autoptr(IncidentCase) full = NULL;

  assert_last (bare, "opened",
               "{\"phase\":\"new\",\"state\":\"live\",\"episode\":1,\"title\":\"Checkout answers 500\"}");
  full = open_with (*state, command_new ("open", "ana", "title", "T", "text", "since noon", "severity", "sev2",
                                         "impact", "high", "urgency", "low", "service", "a=b", "category", "c", NULL));
  assert_last (full, "opened",
               "{\"phase\":\"new\",\"state\":\"live\",\"episode\":1,\"severity\":\"sev2\",\"impact\":\"high\","
                               "\"urgency\":\"low\",\"service\":\"a=b\",\"category\":\"c\",\"title\":\"T\",\"text\":\"since noon\"}");
}

static void
test_each_step_records_its_phase (void **state)
{
  g_autoptr(IncidentCase) kase = open_case (*state);

  act (kase, "assign", "ana", "role", "commander", "person", "ana", NULL);
  assert_last (kase, "assigned", "{\"role\":\"commander\",\"person\":\"ana\"}");
  act (kase, "diagnose", "ana", "text", "31 %", NULL);
  assert_last (kase, "diagnosed", "{\"phase\":\"diagnosis\",\"text\":\"31 %\"}");
  act (kase, "examine", "bo", NULL);
  assert_last (kase, "examined", "{\"phase\":\"examination\"}");
  act (kase, "resolve", "bo", "text", "rolled back", NULL);
  assert_last (kase, "resolved", "{\"phase\":\"resolution\",\"text\":\"rolled back\"}");
  act (kase, "recover", "bo", "text", "0.1 %", NULL);
  assert_last (kase, "recovered", "{\"phase\":\"recovered\",\"state\":\"open\",\"text\":\"0.1 %\"}");
  act (kase, "close", "ana", NULL);
  assert_last (kase, "closed", "{\"phase\":\"closed\",\"state\":\"ended\"}");
  act (kase, "reopen", "ana", "text", "again", NULL);
  assert_last (kase, "reopened", "{\"phase\":\"diagnosis\",\"state\":\"live\",\"episode\":2,\"text\":\"again\"}");
  act (kase, "cancel", "ana", "text", "a drill", NULL);
  assert_last (kase, "cancelled", "{\"phase\":\"cancelled\",\"state\":\"ended\",\"text\":\"a drill\"}");
  act (kase, "note", "ana", "text", "still", NULL);
  assert_last (kase, "noted", "{\"text\":\"still\"}");
}

static void
test_roles_and_classes_are_facts (void **state)
{
  g_autoptr(IncidentCase) kase = open_case (*state);

  act (kase, "assign", "ana", "role", "scribe", "person", "bo", "text", "shift", NULL);
  assert_last (kase, "assigned", "{\"role\":\"scribe\",\"person\":\"bo\",\"text\":\"shift\"}");
  act (kase, "release", "ana", "role", "scribe", NULL);
  assert_last (kase, "released", "{\"role\":\"scribe\"}");
  act (kase, "classify", "ana", "service", "checkout", "severity", "sev1", "text", "all of them", NULL);
  assert_last (kase, "classified", "{\"severity\":\"sev1\",\"service\":\"checkout\",\"text\":\"all of them\"}");
}

static void
test_each_escalation_goes_a_level_up (void **state)
{
  g_autoptr(IncidentCase) kase = open_case (*state);

  act (kase, "diagnose", "ana", NULL);
  act (kase, "escalate", "ana", "target", "payments", "text", "why", NULL);
  assert_last (kase, "escalated", "{\"phase\":\"escalation\",\"target\":\"payments\",\"escalation\":\"functional\","
                                  "\"level\":1,\"text\":\"why\"}");
  act (kase, "escalate", "ana", "target", "cto", "escalation", "hierarchical", "text", "why", NULL);
  assert_last (kase, "escalated", "{\"phase\":\"escalation\",\"target\":\"cto\",\"escalation\":\"hierarchical\","
                                  "\"level\":2,\"text\":\"why\"}");
}

static void
test_a_new_episode_escalates_from_the_first_level (void **state)
{
  g_autoptr(IncidentCase) kase = open_case (*state);
  g_autoptr(IncidentEvent) event = NULL;

  act (kase, "diagnose", "ana", NULL);
  act (kase, "escalate", "ana", "target", "a", "text", "why", NULL);
  act (kase, "escalate", "ana", "target", "b", "text", "why", NULL);
  act (kase, "cancel", "ana", "text", "why", NULL);
  act (kase, "reopen", "ana", "text", "why", NULL);
  assert_int_equal (incident_case_get_episode (kase), 2);
  act (kase, "escalate", "ana", "target", "a", "text", "why", NULL);
  event = dup_last_event (kase);
  assert_fact (event, "level", "1");
}

/* What holds already */

static void
test_asking_for_what_holds_already_records_nothing (void **state)
{
  g_autoptr(IncidentCase) kase = open_case (*state);
  guint version;

  act (kase, "assign", "ana", "role", "expert", "person", "bo", NULL);
  act (kase, "classify", "ana", "severity", "sev2", "impact", "high", "urgency", "low", "service", "s", "category", "c",
       NULL);
  version = incident_case_get_version (kase);

  act (kase, "assign", "chris", "role", "expert", "person", "bo", "text", "once more", NULL);
  act (kase, "release", "ana", "role", "scribe", NULL);
  act (kase, "classify", "ana", "severity", "sev2", NULL);
  act (kase, "classify", "ana", "severity", "sev2", "impact", "high", "urgency", "low", "service", "s", "category", "c",
       NULL);
  assert_int_equal (incident_case_get_version (kase), version);
  assert_int_equal (g_list_model_get_n_items (incident_case_get_timeline (kase)), version);
}

static void
test_one_new_class_records_all_that_were_given (void **state)
{
  static const char * const arguments[][2] = {
    { "severity", "sev3" }, { "impact", "low" }, { "urgency", "low" }, { "service", "b" }, { "category", "b" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (arguments); i++)
    {
      g_autoptr(IncidentCase) kase =
        open_with (*state, command_new ("open", "ana", "title", "T", "severity", "sev1", "impact", "high",
                                        "urgency", "high", "service", "a", "category", "a", NULL));

      act (kase, "classify", "ana", arguments[i][0], arguments[i][1], NULL);
      assert_int_equal (incident_case_get_version (kase), 2);
    }
}

static void
test_a_step_may_be_repeated_inside_its_phase (void **state)
{
  g_autoptr(IncidentCase) kase = open_case (*state);

  act (kase, "diagnose", "ana", "text", "x", NULL);
  act (kase, "diagnose", "ana", "text", "x", NULL);
  act (kase, "note", "ana", "text", "x", NULL);
  act (kase, "note", "ana", "text", "x", NULL);
  assert_int_equal (incident_case_get_version (kase), 5);
}

/* Form */

static void
test_an_argument_that_the_verb_does_not_take_is_invalid (void **state)
{
  static const struct
  {
    const char *verb;
    const char *takes;
  } verbs[] = {
    { "diagnose", " text " }, { "examine", " text " }, { "resolve", " text " }, { "recover", " text " },
    { "close", " text " }, { "cancel", " text " }, { "reopen", " text " }, { "note", " text " },
    { "escalate", " text target escalation " }, { "assign", " text role person " }, { "release", " text role person " },
    { "classify", " text severity impact urgency service category " },
  };
  static const char * const arguments[] = { "target", "escalation", "role", "person", "severity", "impact",
                                            "urgency", "service", "category", "title" };
  g_autoptr(IncidentCase) kase = open_case (*state);

  for (guint i = 0; i < G_N_ELEMENTS (verbs); i++)
    for (guint k = 0; k < G_N_ELEMENTS (arguments); k++)
      {
        g_autofree char *word = g_strconcat (" ", arguments[k], " ", NULL);
        g_autofree char *message = g_strdup_printf ("“%s” takes no “%s”", verbs[i].verb, arguments[k]);

        if (strstr (verbs[i].takes, word) == NULL)
          assert_invalid (kase, arguments[k], message, verbs[i].verb, "ana", arguments[k], "x", NULL);
      }
}

static void
test_opening_takes_no_target_and_no_role (void **state)
{
  static const char * const arguments[] = { "target", "escalation", "role", "person" };
  Office *office = *state;

  for (guint i = 0; i < G_N_ELEMENTS (arguments); i++)
    {
      g_autoptr(IncidentCommand) command = command_new ("open", "ana", "title", "T", arguments[i], "x", NULL);
      g_autofree char *message = g_strdup_printf ("“open” takes no “%s”", arguments[i]);
      g_autoptr(GError) error = NULL;

      assert_null (incident_desk_act (office->desk, 0, command, &error));
      assert_error (error, INCIDENT_ERROR, INCIDENT_ERROR_INVALID);
      assert_string_equal (error->message, message);
      assert_string_equal (incident_error_get_where (error), arguments[i]);
    }
  assert_true (incident_store_get_size (office->store, NULL) == 0);
}

static void
test_no_judgement_is_left_out_and_not_unknown (void **state)
{
  static const char * const arguments[] = { "severity", "impact", "urgency" };
  g_autoptr(IncidentCase) kase = open_case (*state);

  for (guint i = 0; i < G_N_ELEMENTS (arguments); i++)
    {
      g_autofree char *message =
        g_strdup_printf ("“unknown” is no %s: leave it out where it is not judged", arguments[i]);

      assert_invalid (kase, arguments[i], message, "classify", "ana", arguments[i], "unknown", NULL);
    }
}

static void
test_a_verb_has_a_name_of_small_letters (void **state)
{
  g_autoptr(IncidentCase) kase = open_case (*state);

  assert_invalid (kase, "verb", "The verb must be of a–z, 0–9 and dashes, such as “diagnose”", "Note", "ana", "text",
                  "x", NULL);
  assert_invalid (kase, "verb", "The verb must be of a–z, 0–9 and dashes, such as “diagnose”", "\xff\n", "ana", NULL);
}

static void
test_the_actor_must_be_a_name (void **state)
{
  static const char message[] = "The actor must be one line of UTF-8, at most 200 bytes long and not blank";
  g_autoptr(IncidentCase) kase = open_case (*state);
  g_autofree char *longest = g_strnfill (200, 'a');
  g_autofree char *too_long = g_strnfill (201, 'a');

  assert_invalid (kase, "actor", message, "note", "", "text", "x", NULL);
  assert_invalid (kase, "actor", message, "note", " ", "text", "x", NULL);
  assert_invalid (kase, "actor", message, "note", "a\nb", "text", "x", NULL);
  assert_invalid (kase, "actor", message, "note", "\xff", "text", "x", NULL);
  assert_invalid (kase, "actor", message, "note", too_long, "text", "x", NULL);
  act (kase, "note", longest, "text", "x", NULL);
}

static void
test_a_role_has_a_name_of_small_letters (void **state)
{
  static const char * const wrong[] = { "Commander", "a b", "-a", "é", "a_b" };
  g_autoptr(IncidentCase) kase = open_case (*state);

  for (guint i = 0; i < G_N_ELEMENTS (wrong); i++)
    {
      g_autofree char *message =
        g_strdup_printf ("“%s” is not a role: it must be of a–z, 0–9 and dashes, at most 64 characters long", wrong[i]);

      assert_invalid (kase, "role", message, "assign", "ana", "role", wrong[i], "person", "bo", NULL);
      assert_invalid (kase, "role", message, "release", "ana", "role", wrong[i], NULL);
    }
  act (kase, "assign", "ana", "role", "customer-liaison-2", "person", "Bo Ek", NULL);
}

static void
test_words_of_a_scale_must_be_known (void **state)
{
  g_autoptr(IncidentCase) kase = open_case (*state);

  assert_invalid (kase, "severity", "“sev9” is not a severity: it must be “sev1”, “sev2”, “sev3”, “sev4” or “sev5”",
                  "classify", "ana", "severity", "sev9", NULL);
  assert_invalid (kase, "impact", "impact: “huge” is not a level: it must be “high”, “medium” or “low”",
                  "classify", "ana", "impact", "huge", NULL);
  assert_invalid (kase, "urgency", "urgency: “now” is not a level: it must be “high”, “medium” or “low”",
                  "classify", "ana", "urgency", "now", NULL);
  act (kase, "diagnose", "ana", NULL);
  assert_invalid (kase, "escalation", "“sideways” is not an escalation: it must be “functional” or “hierarchical”",
                  "escalate", "ana", "target", "t", "text", "x", "escalation", "sideways", NULL);
}

/* Time */

static void
test_what_is_dated_back_keeps_both_times (void **state)
{
  g_autoptr(IncidentCase) kase = open_case (*state);
  IncidentCommand *command = command_new ("diagnose", "ana", NULL);
  g_autoptr(IncidentEvent) event = NULL;

  advance (*state, 10 * MINUTE);
  incident_command_set_occurred_at (command, START + MINUTE);
  act_with (kase, command);
  event = dup_last_event (kase);
  assert_true (incident_event_get_occurred_at (event) == START + MINUTE);
  assert_true (incident_event_get_recorded_at (event) == START + 10 * MINUTE);
  assert_true (incident_case_get_updated_at (kase) == START + 10 * MINUTE);
}

static void
test_nothing_is_recorded_before_it_happened (void **state)
{
  g_autoptr(IncidentCase) kase = open_case (*state);
  IncidentCommand *now = command_new ("note", "ana", "text", "x", NULL);
  IncidentCommand *later = command_new ("note", "ana", "text", "x", NULL);

  incident_command_set_occurred_at (now, START);
  act_with (kase, now);
  incident_command_set_occurred_at (later, START + 1);
  assert_fails_with (kase, later, INCIDENT_ERROR_REFUSED, NULL,
                     "“note” refused: bad-time: the time is still to come: nothing is recorded before it happened");
}

static void
test_nothing_happened_before_the_year_0 (void **state)
{
  g_autoptr(IncidentCase) kase = open_case (*state);
  IncidentCommand *first = command_new ("note", "ana", "text", "x", NULL);
  IncidentCommand *before = command_new ("note", "ana", "text", "x", NULL);

  incident_command_set_occurred_at (first, G_GINT64_CONSTANT (-62135596800000000));
  act_with (kase, first);
  incident_command_set_occurred_at (before, G_GINT64_CONSTANT (-62135596800000001));
  assert_fails_with (kase, before, INCIDENT_ERROR_REFUSED, NULL,
                     "“note” refused: bad-time: the time is before the year 1");
}

/* What was seen */

static IncidentCommand *
having_seen (guint version, IncidentCommand *command)
{
  incident_command_set_seen (command, version);
  return command;
}

static void
test_what_has_changed_since_it_was_seen_is_refused (void **state)
{
  g_autoptr(IncidentCase) kase = open_case (*state);

  act_with (kase, having_seen (1, command_new ("diagnose", "ana", NULL)));
  assert_fails_with (kase, having_seen (1, command_new ("cancel", "bo", "text", "x", NULL)), INCIDENT_ERROR_REFUSED,
                     NULL,
                     "“cancel” refused: stale-view: the case has changed since version 1: it is at version 2 now; look again");
  act_with (kase, having_seen (2, command_new ("cancel", "bo", "text", "x", NULL)));
}

static void
test_notes_do_not_make_a_view_stale (void **state)
{
  g_autoptr(IncidentCase) kase = open_case (*state);

  act (kase, "note", "ana", "text", "x", NULL);
  act (kase, "note", "ana", "text", "y", NULL);
  act_with (kase, having_seen (1, command_new ("diagnose", "ana", NULL)));
  assert_int_equal (incident_case_get_version (kase), 4);
}

static void
test_roles_and_classes_make_a_view_stale (void **state)
{
  g_autoptr(IncidentCase) kase = open_case (*state);

  act (kase, "assign", "ana", "role", "expert", "person", "bo", NULL);
  assert_fails_with (kase, having_seen (1, command_new ("diagnose", "ana", NULL)), INCIDENT_ERROR_REFUSED, NULL,
                     "“diagnose” refused: stale-view: the case has changed since version 1: it is at version 2 now; look again");
  act (kase, "classify", "ana", "severity", "sev1", NULL);
  assert_fails_with (kase, having_seen (2, command_new ("diagnose", "ana", NULL)), INCIDENT_ERROR_REFUSED, NULL,
                     "“diagnose” refused: stale-view: the case has changed since version 2: it is at version 3 now; look again");
}

static void
test_nobody_can_have_seen_what_is_still_to_come (void **state)
{
  g_autoptr(IncidentCase) kase = open_case (*state);

  assert_fails_with (kase, having_seen (2, command_new ("diagnose", "ana", NULL)), INCIDENT_ERROR_REFUSED, NULL,
                     "“diagnose” refused: stale-view: the case has changed since version 2: it is at version 1 now; look again");
}

static void
test_time_and_view_are_judged_with_the_guards (void **state)
{
  g_autoptr(IncidentCase) kase = open_case (*state);
  IncidentCommand *command = having_seen (9, command_new ("note", "ana", NULL));

  incident_command_set_occurred_at (command, START + 1);
  assert_fails_with (kase, command, INCIDENT_ERROR_REFUSED, NULL,
                     "“note” refused: missing-text: the note is empty: say what there is to know; "
                     "bad-time: the time is still to come: nothing is recorded before it happened; "
                     "stale-view: the case has changed since version 9: it is at version 1 now; look again");
}

int
main (void)
{
  const struct CMUnitTest tests[] = {
    office_test (test_opening_records_phase_episode_and_what_is_known),
    office_test (test_each_step_records_its_phase),
    office_test (test_roles_and_classes_are_facts),
    office_test (test_each_escalation_goes_a_level_up),
    office_test (test_a_new_episode_escalates_from_the_first_level),
    office_test (test_asking_for_what_holds_already_records_nothing),
    office_test (test_one_new_class_records_all_that_were_given),
    office_test (test_a_step_may_be_repeated_inside_its_phase),
    office_test (test_an_argument_that_the_verb_does_not_take_is_invalid),
    office_test (test_opening_takes_no_target_and_no_role),
    office_test (test_no_judgement_is_left_out_and_not_unknown),
    office_test (test_a_verb_has_a_name_of_small_letters),
    office_test (test_the_actor_must_be_a_name),
    office_test (test_a_role_has_a_name_of_small_letters),
    office_test (test_words_of_a_scale_must_be_known),
    office_test (test_what_is_dated_back_keeps_both_times),
    office_test (test_nothing_is_recorded_before_it_happened),
    office_test (test_nothing_happened_before_the_year_0),
    office_test (test_what_has_changed_since_it_was_seen_is_refused),
    office_test (test_notes_do_not_make_a_view_stale),
    office_test (test_roles_and_classes_make_a_view_stale),
    office_test (test_nobody_can_have_seen_what_is_still_to_come),
    office_test (test_time_and_view_are_judged_with_the_guards),
  };

  return cmocka_run_group_tests (tests, NULL, NULL);
}
