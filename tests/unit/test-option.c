/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "desk-test.h"

static IncidentOption *
dup_option (IncidentCase *kase, const char *actor, const char *verb)
{
  g_autoptr(GPtrArray) options = incident_case_list_next (kase, actor, NULL);

  for (guint i = 0; i < options->len; i++)
    if (g_str_equal (incident_option_get_verb (g_ptr_array_index (options, i)), verb))
      return incident_option_ref (g_ptr_array_index (options, i));

  fail_msg ("no option “%s”", verb);
  return NULL;
}

/* The verbs of the lifecycle that may happen next, in order. */
static char *
dup_allowed (IncidentCase *kase, const char *actor)
{
  g_autoptr(GPtrArray) options = incident_case_list_next (kase, actor, NULL);
  g_auto(GStrv) of_lifecycle = incident_lifecycle_list_verbs (incident_lifecycle_get_default ());
  GString *verbs = g_string_new (NULL);

  for (guint i = 0; i < g_strv_length (of_lifecycle); i++)
    if (incident_option_get_allowed (g_ptr_array_index (options, i)))
      g_string_append_printf (verbs, "%s ", incident_option_get_verb (g_ptr_array_index (options, i)));
  return g_string_free (verbs, FALSE);
}

static void
assert_allowed (IncidentCase *kase, const char *actor, const char *expected)
{
  g_autofree char *allowed = dup_allowed (kase, actor);

  assert_string_equal (allowed, expected);
}

static void
test_options_know_what_another_desk_did (void **state)
{
  Office *office = *state;
  g_autoptr(IncidentDesk) other = incident_desk_new (office->store, office->clock, NULL);
  g_autoptr(IncidentCase) kase = open_case (office);
  g_autoptr(IncidentCase) same = incident_desk_get_case (other, incident_case_get_number (kase), NULL);
  g_autoptr(IncidentOption) option = NULL;

  assert_true (incident_case_diagnose (same, NULL, "bo", NULL));
  option = dup_option (kase, "ana", "resolve");
  assert_true (incident_option_get_allowed (option));
  assert_string_equal (incident_case_get_phase (kase), "diagnosis");
}

static void
test_each_verb_of_the_lifecycle_is_an_option (void **state)
{
  g_autoptr(IncidentCase) kase = open_case (*state);
  g_autoptr(GPtrArray) options = incident_case_list_next (kase, "ana", NULL);
  g_auto(GStrv) verbs = incident_lifecycle_list_verbs (incident_lifecycle_get_default ());

  assert_true (options->len > g_strv_length (verbs));
  for (guint i = 0; verbs[i] != NULL; i++)
    assert_string_equal (incident_option_get_verb (g_ptr_array_index (options, i)), verbs[i]);
}

static void
test_what_is_allowed_goes_by_phase_role_and_actor (void **state)
{
  g_autoptr(IncidentCase) kase = open_case (*state);

  assert_allowed (kase, "ana", "diagnose cancel assign release classify note ");
  act (kase, "diagnose", "ana", NULL);
  assert_allowed (kase, "ana", "diagnose escalate resolve cancel assign release classify note ");
  act (kase, "assign", "ana", "role", "commander", "person", "ana", NULL);
  assert_allowed (kase, "ana", "diagnose escalate examine resolve cancel assign release classify note ");
  act (kase, "resolve", "ana", "text", "x", NULL);
  assert_allowed (kase, "ana", "escalate examine recover cancel assign release classify note ");
  act (kase, "recover", "ana", "text", "x", NULL);
  assert_allowed (kase, "ana", "close cancel reopen assign release classify note ");
  assert_allowed (kase, "bo", "cancel reopen assign release classify note ");
  act (kase, "close", "ana", NULL);
  assert_allowed (kase, "ana", "reopen note ");
}

static void
test_an_option_says_why_not_in_the_words_of_the_command (void **state)
{
  g_autoptr(IncidentCase) kase = recovered_case (*state);
  g_autoptr(IncidentOption) option = dup_option (kase, "bo", "close");

  assert_false (incident_option_get_allowed (option));
  assert_string_equal (incident_option_get_to (option), "closed");
  assert_string_equal (incident_option_get_codes (option)[0], "not-permitted");
  assert_null (incident_option_get_codes (option)[1]);
  assert_string_equal (incident_option_get_why (option)[0], "only the commander (“ana”) may close the case, not “bo”");
  assert_null (incident_option_get_why (option)[1]);
  assert_null (incident_option_get_needs (option)[0]);
}

static void
test_an_option_names_the_arguments_that_it_needs (void **state)
{
  g_autoptr(IncidentCase) kase = open_case (*state);
  static const struct
  {
    const char *verb;
    const char *needs;
  } expected[] = { { "diagnose", "" }, { "escalate", "text,target" }, { "recover", "text" }, { "assign",
                                                                                               "role,person" },
                   { "release", "role" }, { "note", "text" }, { "classify", "" } };

  for (guint i = 0; i < G_N_ELEMENTS (expected); i++)
    {
      g_autoptr(IncidentOption) option = dup_option (kase, "ana", expected[i].verb);
      g_autofree char *needs = g_strjoinv (",", (char **) incident_option_get_needs (option));

      assert_string_equal (needs, expected[i].needs);
    }
}

static void
test_what_leaves_the_phase_leads_nowhere (void **state)
{
  g_autoptr(IncidentCase) kase = open_case (*state);
  g_autoptr(IncidentOption) option = dup_option (kase, "ana", "note");

  assert_null (incident_option_get_to (option));
}

static void
test_json_is_what_the_command_line_shows (void **state)
{
  g_autoptr(IncidentCase) kase = open_case (*state);
  g_autoptr(IncidentOption) option = dup_option (kase, "ana", "recover");
  g_autofree char *json = incident_option_to_json (option);

  assert_string_equal (json,
                       "{\"verb\":\"recover\",\"to\":\"recovered\",\"allowed\":false,"
                       "\"why\":[\"the case is in “new”, and “recover” leads from “resolution”\"],"
                       "\"codes\":[\"wrong-phase\"],\"needs\":[\"text\"]}");
}

/* An option and the command never answer differently. */
static void
test_an_allowed_verb_is_taken_and_another_refused (void **state)
{
  Office *office = *state;
  g_auto(GStrv) verbs = incident_lifecycle_list_verbs (incident_lifecycle_get_default ());

  for (guint i = 0; verbs[i] != NULL; i++)
    {
      g_autoptr(IncidentCase) kase = recovered_case (office);
      g_autoptr(IncidentOption) option = dup_option (kase, "ana", verbs[i]);
      g_autoptr(IncidentCommand) command = incident_command_new (verbs[i], "ana");
      g_autoptr(GError) error = NULL;

      for (guint k = 0; incident_option_get_needs (option)[k] != NULL; k++)
        incident_command_set (command, incident_option_get_needs (option)[k], "expert", NULL);
      if (g_str_equal (verbs[i], "classify"))
        incident_command_set (command, "severity", "sev1", NULL);
      incident_case_act (kase, command, &error);
      if (incident_option_get_allowed (option))
        assert_no_error (error);
      else
        assert_error (error, INCIDENT_ERROR, INCIDENT_ERROR_REFUSED);
    }
}

int
main (void)
{
  const struct CMUnitTest tests[] = {
    office_test (test_options_know_what_another_desk_did),
    office_test (test_each_verb_of_the_lifecycle_is_an_option),
    office_test (test_what_is_allowed_goes_by_phase_role_and_actor),
    office_test (test_an_option_says_why_not_in_the_words_of_the_command),
    office_test (test_an_option_names_the_arguments_that_it_needs),
    office_test (test_what_leaves_the_phase_leads_nowhere),
    office_test (test_json_is_what_the_command_line_shows),
    office_test (test_an_allowed_verb_is_taken_and_another_refused),
  };

  return cmocka_run_group_tests (tests, NULL, NULL);
}
