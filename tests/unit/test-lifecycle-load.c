/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "incident-test.h"

#include <string.h>

/* Documents of two lines: the phases, and the verbs. */
#define DOCUMENT(phases, verbs) "{\"phases\":[" phases "],\n\"verbs\":[" verbs "]}"
#define PHASES "{\"name\":\"new\",\"state\":\"live\"},{\"name\":\"over\",\"state\":\"ended\"}"
#define OPENS "{\"verb\":\"open\",\"event\":\"opened\",\"from\":[],\"to\":\"new\"}"
#define ENDS "{\"verb\":\"end\",\"event\":\"ended\",\"from\":[\"new\"],\"to\":\"over\"}"

static gboolean
tells (const GError *error, const char *message)
{
  const char * const *problems = incident_error_list_problems (error);

  return problems != NULL ? g_strv_contains (problems, message) : g_str_equal (error->message, message);
}

/* A caret in @marked, which is taken out, shows the place of the fault. There may be
 * others that come of it. */
static void
assert_faulty (const char *marked, const char *where, const char *what)
{
  const char *caret = strchr (marked, '^');
  g_autofree char *before = g_strndup (marked, (gsize) (caret - marked));
  g_autofree char *json = g_strconcat (before, caret + 1, NULL);
  g_auto(GStrv) lines = g_strsplit (before, "\n", -1);
  guint line = g_strv_length (lines);
  g_autofree char *message =
    g_strdup_printf ("life.json:%u:%u: %s: %s", MAX (line, 1), line == 0 ? 1 : (guint) strlen (lines[line - 1]) + 1,
                     *where != '\0' ? where : "(document)", what);
  g_autoptr(GError) error = NULL;
  g_autoptr(IncidentLifecycle) lifecycle = incident_lifecycle_new_from_json (json, -1, "life.json", &error);

  if (lifecycle != NULL)
    fail_msg ("taken, but should say: %s", message);
  assert_error (error, INCIDENT_ERROR, INCIDENT_ERROR_INVALID);
  if (!tells (error, message))
    fail_msg ("should say: %s\nbut says: %s", message, error->message);
  assert_non_null (incident_error_get_where (error));
}

static void
assert_sound (const char *json)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(IncidentLifecycle) lifecycle = incident_lifecycle_new_from_json (json, -1, "life.json", &error);

  assert_no_error (error);
  assert_non_null (lifecycle);
}

static void
test_the_smallest_lifecycle_is_sound (void **state)
{
  assert_sound (DOCUMENT (PHASES, OPENS "," ENDS));
}

static void
test_verbs_may_stand_before_phases (void **state)
{
  assert_sound ("{\"verbs\":[" OPENS "," ENDS "],\"phases\":[" PHASES "]}");
}

static void
test_members_of_others_are_passed_over (void **state)
{
  assert_sound ("{\"x-owner\":{\"a\":[1]},\"phases\":[{\"x-colour\":\"red\",\"name\":\"new\",\"state\":\"live\"},"
                "{\"name\":\"over\",\"state\":\"ended\"}],\"verbs\":[" OPENS ","
                "{\"x-y\":null,\"verb\":\"end\",\"event\":\"ended\",\"from\":[\"new\"],\"to\":\"over\"}]}");
}

static void
test_the_length_says_where_the_document_ends (void **state)
{
  const char *json = DOCUMENT (PHASES, OPENS "," ENDS) "trailing";
  g_autoptr(GError) error = NULL;
  g_autoptr(IncidentLifecycle) lifecycle =
    incident_lifecycle_new_from_json (json, (gssize) (strlen (json) - strlen ("trailing")), NULL, &error);

  assert_no_error (error);
  assert_non_null (lifecycle);
  assert_faulty (DOCUMENT (PHASES, OPENS "," ENDS) "^trailing", "", "must be one value and no more: “t” follows it");
}

static void
test_a_message_without_a_source_names_line_and_column (void **state)
{
  g_autoptr(GError) error = NULL;

  assert_null (incident_lifecycle_new_from_json (DOCUMENT (PHASES, "7"), -1, NULL, &error));
  assert_error (error, INCIDENT_ERROR, INCIDENT_ERROR_INVALID);
  assert_string_equal (error->message, "line 2, column 10: /verbs/0: must be an object, not a number");
}

static void
test_an_unknown_phase_is_an_error (void **state)
{
  static const char what[] = "must be one of the phases; there is none of this name";

  assert_faulty (DOCUMENT (PHASES,
                           OPENS ",{\"verb\":\"end\",\"event\":\"ended\",\"from\":[\"new\",^\"old\"],\"to\":\"over\"}"),
                 "/verbs/1/from/1", what);
  assert_faulty (DOCUMENT (PHASES, "{\"verb\":\"open\",\"event\":\"opened\",\"from\":[],\"to\":^\"nex\"}"),
                 "/verbs/0/to", what);
}

static void
test_a_phase_that_stands_twice_is_an_error (void **state)
{
  assert_faulty (DOCUMENT (PHASES ",{\"name\":^\"new\",\"state\":\"open\"}", OPENS "," ENDS),
                 "/phases/2/name", "stands twice: there is a phase “new” already");
}

static void
test_a_phase_that_nothing_leads_to_is_an_error (void **state)
{
  assert_faulty (DOCUMENT (PHASES ",^{\"name\":\"lost\",\"state\":\"open\"}",
                           OPENS "," ENDS ",{\"verb\":\"go\",\"event\":\"gone\",\"from\":[\"lost\"],\"to\":\"over\"}"),
                 "/phases/2", "is a phase that no path of verbs leads to");
}

static void
test_a_phase_that_cannot_end_is_an_error (void **state)
{
  assert_faulty (DOCUMENT (PHASES ",^{\"name\":\"trap\",\"state\":\"open\"}",
                           OPENS "," ENDS ",{\"verb\":\"go\",\"event\":\"gone\",\"from\":[\"new\"],\"to\":\"trap\"}"),
                 "/phases/2", "is a phase from which a case can never end");
}

static void
test_an_ambiguous_verb_is_an_error (void **state)
{
  assert_faulty (DOCUMENT (PHASES,
                           OPENS "," ENDS ",^{\"verb\":\"end\",\"event\":\"x\",\"from\":[\"over\",\"new\"],\"to\":\"over\"}"),
                 "/verbs/2", "is ambiguous: “end” leads from one of these phases already");
  assert_faulty (DOCUMENT (PHASES, OPENS ",^{\"verb\":\"open\",\"event\":\"x\",\"from\":[\"new\"],\"to\":\"over\"}"),
                 "/verbs/1", "is ambiguous: “open” leads from one of these phases already");
}

static void
test_a_merge_that_ends_no_case_is_an_error (void **state)
{
  static const char problem[] = "lets another case take this one in, so it must lead from a phase to one in which a case has ended";

  assert_faulty (DOCUMENT (PHASES, "^{\"verb\":\"merge\",\"event\":\"merged\",\"from\":[],\"to\":\"new\"}," ENDS),
                 "/verbs/0", problem);
  assert_faulty (DOCUMENT (PHASES, OPENS "," ENDS ",^{\"verb\":\"merge\",\"event\":\"merged\",\"from\":[\"new\"],\"to\":null}"),
                 "/verbs/2", problem);
  assert_faulty (DOCUMENT (PHASES, OPENS "," ENDS ",^{\"verb\":\"merge\",\"event\":\"merged\",\"from\":[\"new\"],\"to\":\"new\"}"),
                 "/verbs/2", problem);
  assert_sound (DOCUMENT (PHASES, OPENS "," ENDS ",{\"verb\":\"merge\",\"event\":\"merged\",\"from\":[\"new\"],\"to\":\"over\"}"));
}

static void
test_two_verbs_that_open_are_an_error (void **state)
{
  assert_faulty (DOCUMENT (PHASES,
                           OPENS "," ENDS ",^{\"verb\":\"begin\",\"event\":\"opened\",\"from\":[],\"to\":\"new\"}"),
                 "/verbs/2", "is ambiguous: “open” opens a case already");
}

static void
test_no_verb_that_opens_is_an_error (void **state)
{
  assert_faulty ("{\"phases\":[" PHASES "],\n\"verbs\":^[" ENDS "]}", "/verbs",
                 "must have one verb that opens a case: one whose “from” is empty");
}

static void
test_an_unknown_guard_is_an_error (void **state)
{
  assert_faulty (DOCUMENT (PHASES,
                           "{\"verb\":\"open\",\"event\":\"opened\",\"from\":[],\"to\":\"new\",\"guards\":[\"title\",^\"luck\"]}"),
                 "/verbs/0/guards/1", "must be the name of a guard; there is none of this name");
}

static void
test_a_guard_over_the_case_cannot_stand_before_there_is_one (void **state)
{
  static const char * const guards[] = { "commander", "not-commander", "responder", "target", "role", "person" };

  for (guint i = 0; i < G_N_ELEMENTS (guards); i++)
    {
      g_autofree char *json = g_strdup_printf (
        DOCUMENT (PHASES,
                  "^{\"verb\":\"open\",\"event\":\"opened\",\"from\":[],\"to\":\"new\",\"guards\":[\"%s\"]}"), guards[i]);

      assert_faulty (json, "/verbs/0", "opens a case, so a guard that looks at the case can never hold");
    }
}

static void
test_a_verb_from_nowhere_to_nowhere_is_an_error (void **state)
{
  assert_faulty (DOCUMENT (PHASES, OPENS ",^{\"verb\":\"x\",\"event\":\"y\",\"from\":[],\"to\":null}"),
                 "/verbs/1", "leads from nowhere to nowhere: name a phase in “from” or in “to”");
}

static void
test_an_episode_needs_a_phase_at_either_end (void **state)
{
  static const char what[] = "begins an episode, so it must lead from a phase to a phase";

  assert_faulty (DOCUMENT (PHASES,
                           "^{\"verb\":\"open\",\"event\":\"opened\",\"from\":[],\"to\":\"new\",\"episode\":true}"),
                 "/verbs/0", what);
  assert_faulty (DOCUMENT (PHASES,
                           OPENS ",^{\"verb\":\"x\",\"event\":\"y\",\"from\":[\"new\"],\"to\":null,\"episode\":true}"),
                 "/verbs/1", what);
}

static void
test_an_unknown_member_is_an_error (void **state)
{
  assert_faulty ("{\"phases\":[" PHASES "],\n\"verbs\":[" OPENS "," ENDS "],\n\"name\":^1}", "/name",
                 "is unknown here: there are “phases”, “verbs” and “migrate”");
  assert_faulty (DOCUMENT ("{\"name\":\"new\",\"status\":^\"live\"}", OPENS), "/phases/0/status",
                 "is unknown here: there are “name” and “state”");
  assert_faulty (DOCUMENT (PHASES, "{\"verb\":\"open\",\"form\":^[]}"), "/verbs/0/form",
                 "is unknown here: there are “verb”, “event”, “from”, “to”, “guards” and “episode”");
}

static void
test_missing_members_are_an_error (void **state)
{
  static const char * const verbs[] = {
    "{}", "{\"event\":\"opened\",\"from\":[],\"to\":\"new\"}", "{\"verb\":\"open\",\"from\":[],\"to\":\"new\"}",
    "{\"verb\":\"open\",\"event\":\"opened\",\"to\":\"new\"}", "{\"verb\":\"open\",\"event\":\"opened\",\"from\":[]}",
  };
  static const char * const phases[] = { "{}", "{\"name\":\"new\"}", "{\"state\":\"live\"}" };

  for (guint i = 0; i < G_N_ELEMENTS (verbs); i++)
    {
      g_autofree char *json = g_strdup_printf (DOCUMENT (PHASES, "^%s"), verbs[i]);

      assert_faulty (json, "/verbs/0", "must have the members “verb”, “event”, “from” and “to”");
    }
  for (guint i = 0; i < G_N_ELEMENTS (phases); i++)
    {
      g_autofree char *json = g_strdup_printf (DOCUMENT ("^%s", OPENS), phases[i]);

      assert_faulty (json, "/phases/0", "must have the members “name” and “state”");
    }
  assert_faulty ("^{\"verbs\":[]}", "", "must have the members “phases” and “verbs”");
  assert_faulty ("^{\"phases\":[" PHASES "]}", "", "must have the members “phases” and “verbs”");
}

static void
test_there_are_at_most_64_phases (void **state)
{
  g_autoptr(GString) phases = g_string_new (PHASES);
  g_autoptr(GString) verbs = g_string_new (OPENS "," ENDS);
  g_autofree char *most = NULL;
  g_autofree char *too_many = NULL;

  for (guint i = 3; i <= 64; i++)
    {
      g_string_append_printf (phases, ",\n{\"name\":\"p%u\",\"state\":\"open\"}", i);
      g_string_append_printf (verbs, ",{\"verb\":\"go%u\",\"event\":\"e\",\"from\":[\"new\"],\"to\":\"p%u\"}"
                                     ",{\"verb\":\"stop\",\"event\":\"e\",\"from\":[\"p%u\"],\"to\":\"over\"}", i, i, i);
    }
  most = g_strdup_printf (DOCUMENT ("%s", "%s"), phases->str, verbs->str);
  assert_sound (most);

  g_string_append (phases, ",\n^{\"name\":\"p65\",\"state\":\"open\"}");
  too_many = g_strdup_printf (DOCUMENT ("%s", "%s"), phases->str, verbs->str);
  assert_faulty (too_many, "/phases/64", "is one too many: there can be 64 phases");
}

static void
test_names_are_of_small_letters_digits_and_dashes (void **state)
{
  static const char * const wrong[] = { "", "New", "a b", "a_b", "-a", "a-", "é", "a\\n", "a\\\"; DROP" };
  static const char what[] = "must be a name of a–z, 0–9 and dashes, at most 64 characters long";
  g_autofree char *long_name = g_strnfill (65, 'a');

  for (guint i = 0; i <= G_N_ELEMENTS (wrong); i++)
    {
      const char *name = i < G_N_ELEMENTS (wrong) ? wrong[i] : long_name;
      g_autofree char *phase = g_strdup_printf (DOCUMENT ("{\"name\":^\"%s\",\"state\":\"live\"}", OPENS), name);
      g_autofree char *verb = g_strdup_printf (DOCUMENT (PHASES, "{\"verb\":^\"%s\"}"), name);
      g_autofree char *event = g_strdup_printf (DOCUMENT (PHASES, "{\"event\":^\"%s\"}"), name);

      assert_faulty (phase, "/phases/0/name", what);
      assert_faulty (verb, "/verbs/0/verb", what);
      assert_faulty (event, "/verbs/0/event", what);
    }
}

static void
test_an_unknown_state_is_an_error (void **state)
{
  assert_faulty (DOCUMENT ("{\"name\":\"new\",\"state\":^\"dead\"}", OPENS), "/phases/0/state",
                 "must be “live”, “open” or “ended”");
}

static void
test_each_member_has_its_type (void **state)
{
  static const struct
  {
    const char *verb;
    const char *where;
    const char *what;
  } cases[] = {
    { "{\"verb\":^null}", "/verbs/0/verb", "must be a string, not null" },
    { "{\"event\":^[]}", "/verbs/0/event", "must be a string, not an array" },
    { "{\"from\":^\"new\"}", "/verbs/0/from", "must be an array, not a string" },
    { "{\"from\":[^null]}", "/verbs/0/from/0", "must be a string, not null" },
    { "{\"to\":^false}", "/verbs/0/to", "must be a string, not a boolean" },
    { "{\"guards\":^{}}", "/verbs/0/guards", "must be an array, not an object" },
    { "{\"guards\":[^7]}", "/verbs/0/guards/0", "must be a string, not a number" },
    { "{\"episode\":^1}", "/verbs/0/episode", "must be true or false, not a number" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *json = g_strdup_printf (DOCUMENT (PHASES, "%s"), cases[i].verb);

      assert_faulty (json, cases[i].where, cases[i].what);
    }
  assert_faulty ("^[]", "", "must be an object, not an array");
  assert_faulty ("{\"phases\":^{}}", "/phases", "must be an array, not an object");
}

static void
test_a_member_that_stands_twice_is_an_error (void **state)
{
  g_autoptr(GError) error = NULL;

  assert_null (incident_lifecycle_new_from_json ("{\"phases\":[" PHASES "],\"phases\":[],\"verbs\":[]}", -1,
                                                 "life.json", &error));
  assert_error (error, INCIDENT_ERROR, INCIDENT_ERROR_INVALID);
  assert_string_equal (incident_error_get_where (error), "/phases");
}

static void
test_no_prefix_of_a_document_is_taken (void **state)
{
  const char *json = DOCUMENT (PHASES, OPENS "," ENDS);

  for (gsize length = 0; length < strlen (json); length++)
    {
      g_autoptr(GError) error = NULL;

      assert_null (incident_lifecycle_new_from_json (json, (gssize) length, NULL, &error));
      assert_error (error, INCIDENT_ERROR, INCIDENT_ERROR_INVALID);
    }
}

int
main (void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test (test_the_smallest_lifecycle_is_sound),
    cmocka_unit_test (test_verbs_may_stand_before_phases),
    cmocka_unit_test (test_members_of_others_are_passed_over),
    cmocka_unit_test (test_the_length_says_where_the_document_ends),
    cmocka_unit_test (test_a_message_without_a_source_names_line_and_column),
    cmocka_unit_test (test_an_unknown_phase_is_an_error),
    cmocka_unit_test (test_a_phase_that_stands_twice_is_an_error),
    cmocka_unit_test (test_a_phase_that_nothing_leads_to_is_an_error),
    cmocka_unit_test (test_a_phase_that_cannot_end_is_an_error),
    cmocka_unit_test (test_an_ambiguous_verb_is_an_error),
    cmocka_unit_test (test_a_merge_that_ends_no_case_is_an_error),
    cmocka_unit_test (test_two_verbs_that_open_are_an_error),
    cmocka_unit_test (test_no_verb_that_opens_is_an_error),
    cmocka_unit_test (test_an_unknown_guard_is_an_error),
    cmocka_unit_test (test_a_guard_over_the_case_cannot_stand_before_there_is_one),
    cmocka_unit_test (test_a_verb_from_nowhere_to_nowhere_is_an_error),
    cmocka_unit_test (test_an_episode_needs_a_phase_at_either_end),
    cmocka_unit_test (test_an_unknown_member_is_an_error),
    cmocka_unit_test (test_missing_members_are_an_error),
    cmocka_unit_test (test_there_are_at_most_64_phases),
    cmocka_unit_test (test_names_are_of_small_letters_digits_and_dashes),
    cmocka_unit_test (test_an_unknown_state_is_an_error),
    cmocka_unit_test (test_each_member_has_its_type),
    cmocka_unit_test (test_a_member_that_stands_twice_is_an_error),
    cmocka_unit_test (test_no_prefix_of_a_document_is_taken),
  };

  return cmocka_run_group_tests (tests, NULL, NULL);
}
