/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "playbook-test.h"

#include <string.h>

/* From a configuration of Alertmanager to a playbook, and back. */

static char *
import (const char *json, char **joined_notes)
{
  g_autoptr(GError) error = NULL;
  g_auto(GStrv) notes = NULL;
  char *document = incident_playbook_import_alertmanager (json, -1, "alertmanager.json", &notes, &error);

  assert_no_error (error);
  if (joined_notes != NULL)
    *joined_notes = g_strjoinv ("\n", notes);
  return document;
}

static char *
export (const char *document, char **joined_notes)
{
  g_autoptr(IncidentPlaybook) playbook = playbook_new (document);
  g_autoptr(GError) error = NULL;
  g_auto(GStrv) notes = NULL;
  char *json = incident_playbook_export_alertmanager (playbook, &notes, &error);

  assert_no_error (error);
  if (joined_notes != NULL)
    *joined_notes = g_strjoinv ("\n", notes);
  return json;
}

/* Whatever the order and the blanks: a playbook has a version of what it says. */
static void
assert_same (const char *document, const char *expected)
{
  g_autoptr(IncidentPlaybook) left = playbook_new (document);
  g_autoptr(IncidentPlaybook) right = playbook_new (expected);
  g_autofree char *text = incident_playbook_to_json (left);
  g_autofree char *wanted = incident_playbook_to_json (right);

  assert_string_equal (text, wanted);
}

static void
assert_imported (const char *json, const char *expected)
{
  g_autofree char *document = import (json, NULL);

  assert_same (document, expected);
}

static void
assert_places (const char *json, const char *expected)
{
  g_autoptr(GError) error = NULL;
  g_auto(GStrv) notes = NULL;
  g_autofree char *document = incident_playbook_import_alertmanager (json, -1, "am", &notes, &error);
  g_autoptr(GString) text = g_string_new (NULL);

  assert_null (document);
  assert_null (notes);
  assert_error (error, INCIDENT_ERROR, INCIDENT_ERROR_INVALID);
  for (const char * const *line = incident_error_list_problems (error); *line != NULL; line++)
    {
      g_auto(GStrv) parts = g_strsplit (*line, ": ", 3);

      assert_true (g_str_has_prefix (parts[0], "am:1:"));
      g_string_append_printf (text, "%s%s", text->len > 0 ? "\n" : "", parts[1]);
    }
  assert_string_equal (text->str, expected);
}

/* Of the shape of the example that its documentation has: teams with mails and pagers, the
 * older matchers, an inhibition by severity. */
static const char teams[] =
  "{\"global\": {\"smtp_smarthost\": \"localhost:25\"}, \"templates\": [\"/etc/alertmanager/template/*.tmpl\"],"
  " \"route\": {\"group_by\": [\"alertname\", \"cluster\", \"service\"], \"group_wait\": \"30s\", \"group_interval\": \"5m\","
  "  \"repeat_interval\": \"3h\", \"receiver\": \"team-X-mails\", \"routes\": ["
  "   {\"match_re\": {\"service\": \"^(foo1|foo2|baz)$\"}, \"receiver\": \"team-X-mails\","
  "    \"routes\": [{\"match\": {\"severity\": \"critical\"}, \"receiver\": \"team-X-pager\"}]},"
  "   {\"match\": {\"service\": \"files\"}, \"receiver\": \"team-Y-mails\","
  "    \"routes\": [{\"match\": {\"severity\": \"critical\"}, \"receiver\": \"team-Y-pager\"}]},"
  "   {\"match\": {\"service\": \"database\"}, \"receiver\": \"team-DB-pager\", \"group_by\": [\"alertname\", \"cluster\", \"database\"],"
  "    \"continue\": false,"
  "    \"routes\": [{\"match\": {\"owner\": \"team-X\"}, \"receiver\": \"team-X-pager\", \"continue\": true},"
  "                 {\"match\": {\"owner\": \"team-Y\"}, \"receiver\": \"team-Y-pager\"}]}]},"
  " \"inhibit_rules\": [{\"source_match\": {\"severity\": \"critical\"}, \"target_match\": {\"severity\": \"warning\"},"
  "  \"equal\": [\"alertname\", \"cluster\", \"service\"]}],"
  " \"receivers\": [{\"name\": \"team-X-mails\", \"email_configs\": [{\"to\": \"team-X@example.org\"}]}]}";

static const char teams_as_playbook[] =
  "{\"route\": {\"group-by\": [\"alertname\", \"cluster\", \"service\"], \"wait\": \"30s\", \"x-receiver\": \"team-X-mails\", \"routes\": ["
  "   {\"matchers\": [\"service=~\\\"^(foo1|foo2|baz)$\\\"\"], \"x-receiver\": \"team-X-mails\","
  "    \"routes\": [{\"matchers\": [\"severity=\\\"critical\\\"\"], \"x-receiver\": \"team-X-pager\"}]},"
  "   {\"matchers\": [\"service=\\\"files\\\"\"], \"x-receiver\": \"team-Y-mails\","
  "    \"routes\": [{\"matchers\": [\"severity=\\\"critical\\\"\"], \"x-receiver\": \"team-Y-pager\"}]},"
  "   {\"matchers\": [\"service=\\\"database\\\"\"], \"x-receiver\": \"team-DB-pager\", \"group-by\": [\"alertname\", \"cluster\", \"database\"],"
  "    \"routes\": [{\"matchers\": [\"owner=\\\"team-X\\\"\"], \"x-receiver\": \"team-X-pager\", \"continue\": true},"
  "                 {\"matchers\": [\"owner=\\\"team-Y\\\"\"], \"x-receiver\": \"team-Y-pager\"}]}]},"
  " \"inhibit\": [{\"source\": [\"severity=\\\"critical\\\"\"], \"target\": [\"severity=\\\"warning\\\"\"],"
  "  \"equal\": [\"alertname\", \"cluster\", \"service\"]}]}";

static void
test_a_configuration_of_the_older_way_becomes_a_playbook (void **state)
{
  g_autofree char *notes = NULL;
  g_autofree char *document = import (teams, &notes);

  assert_same (document, teams_as_playbook);
  assert_string_equal (notes,
    "/global: has no counterpart, and was left out\n"
    "/templates: has no counterpart, and was left out\n"
    "/receivers: was left out: routes keep the names, as “x-receiver”\n"
    "/route/group_interval: has no counterpart: what is new in a case is told at once\n"
    "/route/repeat_interval: has no counterpart: “cadence” and “remind” say who is reminded of a case");
}

static void
test_secrets_of_receivers_stay_behind (void **state)
{
  g_autofree char *notes = NULL;
  g_autofree char *document = import ("{\"global\": {\"slack_api_url\": \"https://hooks.example/T0/hunter2\"}, \"route\": {\"receiver\": \"a\"},"
                                      " \"receivers\": [{\"name\": \"a\", \"webhook_configs\": [{\"url\": \"https://hunter2.example\"}]}]}", &notes);

  assert_null (strstr (document, "hunter2"));
  assert_null (strstr (notes, "hunter2"));
}

static const char intervals[] =
  "{\"route\": {\"receiver\": \"all\", \"group_by\": [\"...\"], \"group_wait\": \"0s\", \"routes\": ["
  "   {\"matchers\": [\"team = a\", \"severity=~\\\"warning|info\\\"\"], \"mute_time_intervals\": [\"Out of hours\"],"
  "    \"active_time_intervals\": [\"weekdays\"], \"continue\": true}]},"
  " \"inhibit_rules\": [{\"source_matchers\": [\"a=b\"], \"target_matchers\": [\"c!~\\\"d\\\"\", \"e=f\"]}],"
  " \"time_intervals\": [{\"name\": \"Out of hours\", \"time_intervals\": ["
  "    {\"times\": [{\"start_time\": \"18:00\", \"end_time\": \"24:00\"}, {\"start_time\": 0, \"end_time\": 420}], \"location\": \"Europe/Madrid\"},"
  "    {\"weekdays\": [\"saturday\", \"sunday\"], \"days_of_month\": [1, \"-3:-1\"], \"months\": [\"may:august\", 12], \"years\": [2026]}]}],"
  " \"mute_time_intervals\": [{\"name\": \"weekdays\", \"time_intervals\": [{\"weekdays\": [\"monday:friday\"]}]}]}";

static void
test_intervals_are_imported (void **state)
{
  g_autofree char *notes = NULL;
  g_autofree char *document = import (intervals, &notes);

  assert_same (document,
    "{\"route\": {\"x-receiver\": \"all\", \"group-by\": [\"...\"], \"wait\": \"0s\", \"routes\": ["
    "   {\"matchers\": [\"team = a\", \"severity=~\\\"warning|info\\\"\"], \"mute\": [\"out-of-hours\"], \"active\": [\"weekdays\"],"
    "    \"continue\": true}]},"
    " \"inhibit\": [{\"source\": [\"a=b\"], \"target\": [\"c!~\\\"d\\\"\", \"e=f\"]}],"
    " \"intervals\": {\"out-of-hours\": ["
    "    {\"x-name\": \"Out of hours\", \"times\": [{\"start\": \"18:00\", \"end\": \"24:00\"}, {\"start\": \"00:00\", \"end\": \"07:00\"}],"
    "     \"zone\": \"Europe/Madrid\"},"
    "    {\"weekdays\": [\"saturday\", \"sunday\"], \"days-of-month\": [\"1\", \"-3:-1\"], \"months\": [\"may:august\", \"12\"], \"years\": [\"2026\"]}],"
    "  \"weekdays\": [{\"weekdays\": [\"monday:friday\"]}]}}");
  assert_string_equal (notes, "/time_intervals/0/name: is called “out-of-hours” in the playbook");
}

static void
test_what_was_imported_is_exported_the_same (void **state)
{
  static const char * const documents[] = { teams, intervals };

  for (guint i = 0; i < G_N_ELEMENTS (documents); i++)
    {
      g_autofree char *notes = NULL;
      g_autofree char *first = import (documents[i], NULL);
      g_autofree char *out = export (first, &notes);
      g_autofree char *second = import (out, NULL);
      g_autofree char *again = export (second, NULL);

      assert_string_equal (second, first);
      assert_string_equal (again, out);
      assert_string_equal (notes, "");
    }
}

static void
test_each_receiver_is_named_once (void **state)
{
  g_autofree char *document = import (teams, NULL);
  g_autofree char *out = export (document, NULL);
  g_auto(GStrv) parts = g_strsplit (out, "\"name\": ", -1);

  assert_int_equal (g_strv_length (parts), 1 + 5);
  for (guint i = 1; parts[i] != NULL; i++)
    for (guint j = 1; j < i; j++)
      assert_string_not_equal (parts[i], parts[j]);
}

static void
test_a_configuration_comes_out_as_alertmanager_has_it (void **state)
{
  g_autofree char *notes = NULL;
  g_autofree char *document = import (intervals, NULL);
  g_autofree char *out = export (document, &notes);

  assert_string_equal (out,
    "{\n"
    "  \"route\": {\n"
    "    \"receiver\": \"all\",\n"
    "    \"group_by\": [\n"
    "      \"...\"\n"
    "    ],\n"
    "    \"group_wait\": \"0s\",\n"
    "    \"routes\": [\n"
    "      {\n"
    "        \"matchers\": [\n"
    "          \"team = a\",\n"
    "          \"severity=~\\\"warning|info\\\"\"\n"
    "        ],\n"
    "        \"continue\": true,\n"
    "        \"mute_time_intervals\": [\n"
    "          \"Out of hours\"\n"
    "        ],\n"
    "        \"active_time_intervals\": [\n"
    "          \"weekdays\"\n"
    "        ]\n"
    "      }\n"
    "    ]\n"
    "  },\n"
    "  \"receivers\": [\n"
    "    {\n"
    "      \"name\": \"all\"\n"
    "    }\n"
    "  ],\n"
    "  \"inhibit_rules\": [\n"
    "    {\n"
    "      \"source_matchers\": [\n"
    "        \"a=b\"\n"
    "      ],\n"
    "      \"target_matchers\": [\n"
    "        \"c!~\\\"d\\\"\",\n"
    "        \"e=f\"\n"
    "      ]\n"
    "    }\n"
    "  ],\n"
    "  \"time_intervals\": [\n"
    "    {\n"
    "      \"name\": \"Out of hours\",\n"
    "      \"time_intervals\": [\n"
    "        {\n"
    "          \"times\": [\n"
    "            {\n"
    "              \"start_time\": \"18:00\",\n"
    "              \"end_time\": \"24:00\"\n"
    "            },\n"
    "            {\n"
    "              \"start_time\": \"00:00\",\n"
    "              \"end_time\": \"07:00\"\n"
    "            }\n"
    "          ],\n"
    "          \"location\": \"Europe/Madrid\"\n"
    "        },\n"
    "        {\n"
    "          \"weekdays\": [\n"
    "            \"saturday\",\n"
    "            \"sunday\"\n"
    "          ],\n"
    "          \"days_of_month\": [\n"
    "            \"1\",\n"
    "            \"-3:-1\"\n"
    "          ],\n"
    "          \"months\": [\n"
    "            \"may:august\",\n"
    "            \"12\"\n"
    "          ],\n"
    "          \"years\": [\n"
    "            \"2026\"\n"
    "          ]\n"
    "        }\n"
    "      ]\n"
    "    },\n"
    "    {\n"
    "      \"name\": \"weekdays\",\n"
    "      \"time_intervals\": [\n"
    "        {\n"
    "          \"weekdays\": [\n"
    "            \"monday:friday\"\n"
    "          ]\n"
    "        }\n"
    "      ]\n"
    "    }\n"
    "  ]\n"
    "}");
}

static void
assert_wait (const char *theirs, const char *ours)
{
  g_autofree char *json = g_strdup_printf ("{\"route\": {\"group_wait\": %s}}", theirs);
  g_autofree char *expected = ours != NULL ? g_strdup_printf ("{\"route\": {\"wait\": \"%s\"}}", ours) : g_strdup ("{\"route\": {}}");

  assert_imported (json, expected);
}

static void
test_durations_are_brought_to_one_unit (void **state)
{
  assert_wait ("\"30s\"", "30s");
  assert_wait ("\"1m30s\"", "90s");
  assert_wait ("\"90m\"", "90m");
  assert_wait ("\"1h30m\"", "90m");
  assert_wait ("\"120s\"", "2m");
  assert_wait ("\"1w2d\"", "9d");
  assert_wait ("\"24h\"", "1d");
  assert_wait ("\"1y\"", "365d");
  assert_wait ("\"0s\"", "0s");
  assert_wait ("\"0\"", "0s");
  assert_wait ("0", "0s");
  assert_wait ("null", NULL);
  assert_wait ("\"1500ms\"", "2s");
  assert_wait ("\"11y\"", NULL);
}

static void
test_what_cannot_be_kept_of_a_duration_is_told (void **state)
{
  g_autofree char *notes = NULL;
  g_autofree char *document G_GNUC_UNUSED = import ("{\"route\": {\"group_wait\": \"1ms\", \"routes\": [{\"group_wait\": \"9999999y\"}]}}", &notes);

  assert_string_equal (notes, "/route/group_wait: was rounded up to whole seconds\n"
                       "/route/routes/0/group_wait: is longer than a playbook can say, and was left out");
}

static void
test_what_nobody_knows_is_left_out_and_told (void **state)
{
  g_autofree char *notes = NULL;
  g_autofree char *document = import ("{\"route\": {\"group_wait\": \"1s\", \"routes\": [{\"labels\": {\"a\": \"b\"}}]},"
                                      " \"inhibit_rules\": [{\"source_match\": {\"a\": \"b\"}, \"colour\": 1}], \"tracing\": {}}", &notes);

  assert_same (document, "{\"route\": {\"wait\": \"1s\", \"routes\": [{\"matchers\": []}]},"
               " \"inhibit\": [{\"source\": [\"a=\\\"b\\\"\"], \"target\": []}]}");
  assert_string_equal (notes, "/tracing: has no counterpart, and was left out\n"
                       "/route/routes/0/labels: has no counterpart, and was left out\n"
                       "/inhibit_rules/0/colour: has no counterpart, and was left out");
}

static void
test_the_wait_that_goes_without_saying_is_told (void **state)
{
  g_autofree char *notes = NULL;
  g_autofree char *document = import ("{\"route\": {\"receiver\": \"a\", \"continue\": true}}", &notes);

  assert_same (document, "{\"route\": {\"x-receiver\": \"a\"}}");
  assert_string_equal (notes, "/route/continue: says nothing, since no route comes after the first, and was left out\n"
                       "/route: waits 30s in Alertmanager, where nothing is said; here it does not wait");
}

static void
test_what_yaml_takes_for_something_else_is_text (void **state)
{
  assert_imported ("{\"route\": {\"group_by\": null, \"routes\": [{\"match\": {\"code\": 500, \"on\": true}, \"matchers\": [\"\"]}]}}",
                   "{\"route\": {\"routes\": [{\"matchers\": [\"code=\\\"500\\\"\", \"on=\\\"true\\\"\"]}]}}");
}

static void
test_names_of_intervals_stay_apart (void **state)
{
  g_autofree char *document = import (
    "{\"route\": {\"routes\": [{\"mute_time_intervals\": [\"night\", \"Night\", \"night!\", \"夜\"]}]}, \"time_intervals\": ["
    " {\"name\": \"Night\", \"time_intervals\": [{}]}, {\"name\": \"night\", \"time_intervals\": [{}]},"
    " {\"name\": \"night!\", \"time_intervals\": [{}]}, {\"name\": \"夜\", \"time_intervals\": [{}]}]}", NULL);
  g_autofree char *out = export (document, NULL);
  g_autofree char *again = import (out, NULL);

  assert_same (document, "{\"route\": {\"routes\": [{\"matchers\": [], \"mute\": [\"night-2\", \"night\", \"night-3\", \"interval\"]}]}, \"intervals\": {"
               " \"night\": [{\"x-name\": \"Night\"}], \"night-2\": [{\"x-name\": \"night\"}], \"night-3\": [{\"x-name\": \"night!\"}],"
               " \"interval\": [{\"x-name\": \"夜\"}]}}");
  assert_non_null (strstr (out, "\"name\": \"夜\""));
  assert_non_null (again);
}

static void
test_what_is_wrong_has_its_place_in_the_configuration (void **state)
{
  assert_places ("[]", "(document)");
  assert_places ("{}", "(document)");
  assert_places ("{\"route\": [], \"inhibit_rules\": {}, \"time_intervals\": [1, {}, {\"name\": \"a\"}, {\"name\": \"a\", \"time_intervals\": [{}]}]}",
                 "/time_intervals/0\n/time_intervals/1\n/time_intervals/3/name\n/route\n/inhibit_rules\n/time_intervals/2");
  assert_places ("{\"route\": {\"matchers\": [\"a=b\"], \"mute_time_intervals\": [\"n\"], \"group_by\": [\"...\", \"a\"], \"group_wait\": \"soon\","
                 " \"routes\": [1, {\"match\": {\"a b\": \"\\u0001\"}, \"match_re\": {\"a\": \"(\"}, \"matchers\": [\"a\", 1],"
                 "  \"receiver\": 1, \"continue\": \"yes\", \"active_time_intervals\": [\"n\"], \"routes\": [{\"group_by\": [\" \"]}]}]},"
                 " \"inhibit_rules\": [{\"source_matchers\": \"a=b\", \"target_matchers\": [\"=\"]}]}",
                 "/route/group_by/0\n/route/group_wait\n/route/matchers\n/route/mute_time_intervals\n/route/routes/0\n"
                 "/route/routes/1/receiver\n/route/routes/1/match_re/a\n/route/routes/1/matchers/0\n/route/routes/1/matchers/1\n"
                 "/route/routes/1/active_time_intervals/0\n/route/routes/1/continue\n/route/routes/1/routes/0/group_by/0\n"
                 "/inhibit_rules/0/source_matchers\n/inhibit_rules/0/target_matchers/0");
  assert_places ("{\"route\": {}, \"time_intervals\": [{\"name\": \"a\", \"time_intervals\": [{\"times\": [{\"start_time\": \"9\", \"end_time\": \"10:00\"}, {}],"
                 " \"weekdays\": [\"someday\"], \"days_of_month\": [0], \"months\": [\"13\"], \"years\": [\"x\"], \"location\": \"Moon\"}]}]}",
                 "/time_intervals/0/time_intervals/0/times/0\n/time_intervals/0/time_intervals/0/times/1\n"
                 "/time_intervals/0/time_intervals/0/weekdays/0\n/time_intervals/0/time_intervals/0/days_of_month/0\n"
                 "/time_intervals/0/time_intervals/0/months/0\n/time_intervals/0/time_intervals/0/years/0\n"
                 "/time_intervals/0/time_intervals/0/location");
}

static void
test_what_is_no_json_is_told_of (void **state)
{
  g_autoptr(GError) error = NULL;

  assert_null (incident_playbook_import_alertmanager ("route:\n  receiver: a\n", -1, "alertmanager.yml", NULL, &error));
  assert_error (error, INCIDENT_ERROR, INCIDENT_ERROR_INVALID);
  assert_true (g_str_has_prefix (error->message, "alertmanager.yml:1:1: "));
}

static void
test_what_alertmanager_has_not_is_told (void **state)
{
  g_autofree char *notes = NULL;
  g_autofree char *out = export (
    "{\"sources\": {\"a\": {}}, \"route\": {\"x-mine\": 1, \"team\": \"core\", \"routes\": ["
    " {\"name\": \"db\", \"matchers\": [\"a=b\"], \"severity\": \"sev1\"}]},"
    " \"inhibit\": [{\"name\": \"i\", \"source\": [\"a=b\"], \"target\": [\"a=c\"], \"routes\": [\"db\"]},"
    "  {\"source\": [\"a=b\"], \"target\": [\"a=c\"], \"equal\": [\"zone\", \"größe\"], \"require\": true}],"
    " \"correlate\": [{\"name\": \"c\", \"dependent\": true, \"within\": \"1h\"}]}", &notes);

  assert_string_equal (notes,
    "/route/team: has no counterpart in Alertmanager, and was left out\n"
    "/route/routes/0/severity: has no counterpart in Alertmanager, and was left out\n"
    "/route: does not wait; Alertmanager waits 30s where nothing is said\n"
    "/inhibit/0: was left out: Alertmanager would mute alerts of every route by it\n"
    "/sources: has no counterpart in Alertmanager, and was left out\n"
    "/correlate: has no counterpart in Alertmanager, and was left out");
  assert_null (strstr (out, "x-"));
  assert_null (strstr (out, "\"name\": \"db\""));
  assert_non_null (strstr (out, "\"receiver\": \"default\""));
  /* A label that both must have is one that the target must have. */
  assert_non_null (strstr (out, "\"a=c\",\n        \"zone!=\\\"\\\"\",\n        \"\\\"größe\\\"!=\\\"\\\"\""));
}

static void
test_without_routes_there_is_nothing_to_export (void **state)
{
  g_autoptr(GError) error = NULL;
  g_auto(GStrv) notes = NULL;
  g_autofree char *json = incident_playbook_export_alertmanager (incident_playbook_get_default (), &notes, &error);

  assert_null (json);
  assert_null (notes);
  assert_error (error, INCIDENT_ERROR, INCIDENT_ERROR_INVALID);
  assert_string_equal (incident_error_get_where (error), "/route");
}

int
main (void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test (test_a_configuration_of_the_older_way_becomes_a_playbook),
    cmocka_unit_test (test_secrets_of_receivers_stay_behind),
    cmocka_unit_test (test_intervals_are_imported),
    cmocka_unit_test (test_what_was_imported_is_exported_the_same),
    cmocka_unit_test (test_each_receiver_is_named_once),
    cmocka_unit_test (test_a_configuration_comes_out_as_alertmanager_has_it),
    cmocka_unit_test (test_durations_are_brought_to_one_unit),
    cmocka_unit_test (test_what_cannot_be_kept_of_a_duration_is_told),
    cmocka_unit_test (test_what_nobody_knows_is_left_out_and_told),
    cmocka_unit_test (test_the_wait_that_goes_without_saying_is_told),
    cmocka_unit_test (test_what_yaml_takes_for_something_else_is_text),
    cmocka_unit_test (test_names_of_intervals_stay_apart),
    cmocka_unit_test (test_what_is_wrong_has_its_place_in_the_configuration),
    cmocka_unit_test (test_what_is_no_json_is_told_of),
    cmocka_unit_test (test_what_alertmanager_has_not_is_told),
    cmocka_unit_test (test_without_routes_there_is_nothing_to_export),
  };

  return cmocka_run_group_tests (tests, NULL, NULL);
}
