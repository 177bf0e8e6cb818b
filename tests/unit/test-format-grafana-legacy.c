/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "format-test.h"

/* The webhook of Grafana's alerts of dashboards. */

#define FORMAT "grafana-legacy"

static IncidentIntakeMessage *
parse (const char *json)
{
  return read_body_of (FORMAT, json, NULL);
}

static void
test_a_rule_fires (void **state)
{
  g_autoptr(IncidentIntakeMessage) message = read_sample_of (NULL, "grafana-legacy-firing.json", NULL);
  IncidentAlert *alert = get_alert (message, 0);

  assert_string_equal (message->format->name, FORMAT);
  assert_int_equal (message->alerts->len, 1);
  assert_int_equal (alert->status, INCIDENT_ALERT_STATUS_FIRING);
  assert_string_equal (alert->key, "92");
  assert_false (alert->has_episode);
  assert_true (alert->starts_at == INCIDENT_TIME_NONE && alert->ends_at == INCIDENT_TIME_NONE);
  assert_string_equal (alert->name, "Errors of the shop");
  assert_string_equal (alert->summary, "More than 10 errors a second for 5 minutes");
  assert_string_equal (alert->link, "https://grafana.example.org/d/9tvNgo77k/shop?tab=alert&viewPanel=2&orgId=1");
  assert_string_equal (incident_alert_get_label (alert, "alertname"), "Errors of the shop");
  assert_string_equal (incident_alert_get_label (alert, "team"), "payments");
  assert_string_equal (incident_alert_get_annotation (alert, "values"), "errors of checkout 31.5, errors of cart 12");
}

static void
test_an_update_and_an_end_are_of_the_same_rule (void **state)
{
  g_autoptr(IncidentIntakeMessage) update = read_sample_of (NULL, "grafana-legacy-update.json", NULL);
  g_autoptr(IncidentIntakeMessage) end = read_sample_of (NULL, "grafana-legacy-resolve.json", NULL);

  assert_string_equal (get_alert (update, 0)->key, "92");
  assert_string_equal (incident_alert_get_annotation (get_alert (update, 0), "values"), "errors of checkout 44");
  assert_string_equal (get_alert (end, 0)->key, "92");
  assert_int_equal (get_alert (end, 0)->status, INCIDENT_ALERT_STATUS_RESOLVED);
  assert_string_equal (get_alert (end, 0)->summary, "[OK] Errors of the shop");
  assert_null (incident_alert_get_annotation (get_alert (end, 0), "values"));
}

static void
test_each_state_has_its_status (void **state)
{
  static const struct
  {
    const char          *state;
    IncidentAlertStatus  status;
  } cases[] = {
    { "alerting", INCIDENT_ALERT_STATUS_FIRING }, { "ok", INCIDENT_ALERT_STATUS_RESOLVED },
    { "no_data", INCIDENT_ALERT_STATUS_INFO }, { "pending", INCIDENT_ALERT_STATUS_INFO },
    { "paused", INCIDENT_ALERT_STATUS_SUPPRESSED },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *json = g_strdup_printf ("{\"ruleId\":1,\"state\":\"%s\"}", cases[i].state);
      g_autoptr(IncidentIntakeMessage) message = parse (json);

      assert_int_equal (get_alert (message, 0)->status, cases[i].status);
    }
}

static void
test_organisations_have_keys_of_their_own (void **state)
{
  g_autoptr(IncidentIntakeMessage) none = parse ("{\"ruleId\":7,\"state\":\"ok\"}");
  g_autoptr(IncidentIntakeMessage) first = parse ("{\"ruleId\":7,\"orgId\":1,\"state\":\"ok\"}");
  g_autoptr(IncidentIntakeMessage) other = parse ("{\"ruleId\":7,\"orgId\":3,\"state\":\"ok\"}");

  assert_string_equal (get_alert (none, 0)->key, "7");
  assert_string_equal (get_alert (first, 0)->key, "7");
  assert_string_equal (get_alert (other, 0)->key, "org-3/7");
}

static void
test_null_is_absent (void **state)
{
  g_autoptr(IncidentIntakeMessage) message =
    parse ("{\"ruleId\":7,\"state\":\"alerting\",\"ruleName\":null,\"title\":\"T\",\"message\":\" \",\"ruleUrl\":\"\",\"tags\":null,"
           "\"evalMatches\":[{\"metric\":null,\"value\":null},{}]}");
  IncidentAlert *alert = get_alert (message, 0);

  assert_string_equal (alert->name, "7");
  assert_string_equal (alert->summary, "T");
  assert_null (alert->link);
  assert_int_equal (alert->labels.n, 0);
  assert_string_equal (incident_alert_get_annotation (alert, "values"), "? ?, ? ?");
}

static void
test_what_is_wrong_is_told_with_its_place (void **state)
{
  static const struct
  {
    const char *body;
    const char *where;
    const char *what;
  } cases[] = {
    { "{}", "", "must have the member “ruleId”" },
    { "{\"ruleId\":\"7\",\"state\":\"ok\"}", "/ruleId", "must be a whole number, not a string" },
    { "{\"ruleId\":7.5,\"state\":\"ok\"}", "/ruleId", "must be a whole number" },
    { "{\"ruleId\":null,\"state\":\"ok\"}", "/ruleId", "must be a whole number, not null" },
    { "{\"ruleId\":7,\"orgId\":\"1\",\"state\":\"ok\"}", "/orgId", "must be a whole number, not a string" },
    { "{\"ruleId\":7}", "", "must have the member “state”" },
    { "{\"ruleId\":7,\"state\":null}", "", "must have the member “state”" },
    { "{\"ruleId\":7,\"state\":\"\"}", "/state", "must be “alerting”" },
    { "{\"ruleId\":7,\"state\":\"Alerting\"}", "/state", "must be “alerting”" },
    { "{\"ruleId\":7,\"state\":\"{{ .State }}\"}", "/state", "must be “alerting”" },
    { "{\"ruleId\":7,\"state\":1}", "/state", "must be a string, not a number" },
    { "{\"ruleId\":7,\"state\":\"ok\",\"title\":[]}", "/title", "must be a string, not an array" },
    { "{\"ruleId\":7,\"state\":\"ok\",\"message\":{}}", "/message", "must be a string, not an object" },
    { "{\"ruleId\":7,\"state\":\"ok\",\"message\":\"cut \\ud83d\"}", "/message", "must be a string that is text" },
    { "{\"ruleId\":7,\"state\":\"ok\",\"ruleUrl\":7}", "/ruleUrl", "must be a string, not a number" },
    { "{\"ruleId\":7,\"state\":\"ok\",\"tags\":[\"a\"]}", "/tags", "must be an object, not an array" },
    { "{\"ruleId\":7,\"state\":\"ok\",\"tags\":{\"a\":{}}}", "/tags/a", "must be a string, not an object" },
    { "{\"ruleId\":7,\"state\":\"ok\",\"evalMatches\":\"\"}", "/evalMatches", "must be an array, not a string" },
    { "{\"ruleId\":7,\"state\":\"ok\",\"evalMatches\":[{\"value\":[]}]}", "/evalMatches/0/value", "must be a string, not an array" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    assert_item_refused (FORMAT, cases[i].body, NULL, cases[i].where, cases[i].what);
}

static void
test_what_is_no_object_is_an_error (void **state)
{
  assert_no_message_of (FORMAT, "\"ruleId\"", NULL, "", "must be an object, not a string");
  assert_no_message_of (FORMAT, "{\"ruleId\":7,\"ruleId\":8}", NULL, "/ruleId", "stands twice");
}

int
main (void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test (test_a_rule_fires),
    cmocka_unit_test (test_an_update_and_an_end_are_of_the_same_rule),
    cmocka_unit_test (test_each_state_has_its_status),
    cmocka_unit_test (test_organisations_have_keys_of_their_own),
    cmocka_unit_test (test_null_is_absent),
    cmocka_unit_test (test_what_is_wrong_is_told_with_its_place),
    cmocka_unit_test (test_what_is_no_object_is_an_error),
  };

  return cmocka_run_group_tests (tests, NULL, NULL);
}
