/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "intake-sample.h"

#define FORMAT "sentry"
#define ISSUE(action, more) "{\"action\":\"" action "\",\"data\":{\"issue\":{\"id\":\"5\"" more "}}}"

static void
test_an_issue_alert_fires (void **state)
{
  g_autoptr(IncidentIntakeMessage) message = sample_read ("intake/sentry-firing.json", FORMAT);
  IncidentAlert *alert = sample_get (message, 0);

  assert_int_equal (alert->status, INCIDENT_ALERT_STATUS_FIRING);
  assert_string_equal (alert->key, "issue/1170820242");
  assert_string_equal (alert->severity, "error");
  assert_string_equal (alert->name, "ReferenceError");
  assert_string_equal (alert->summary, "ReferenceError: cart is not defined");
  assert_true (alert->starts_at == SAMPLE_TIME + 677000 && alert->told_at == alert->starts_at);
  assert_false (alert->has_episode);
  sample_assert_label (alert, "rule", "Errors in checkout");
  sample_assert_label (alert, "project", "1");
  sample_assert_label (alert, "environment", "production");
  sample_assert_label (alert, "os.name", "Mac OS X");
  sample_assert_label (alert, "user", NULL);
  sample_assert_annotation (alert, "culprit", "pay(checkout)");
}

static void
test_its_issue_goes_on_under_the_same_key (void **state)
{
  g_autoptr(IncidentIntakeMessage) update = sample_read ("intake/sentry-update.json", FORMAT);
  g_autoptr(IncidentIntakeMessage) end = sample_read ("intake/sentry-resolve.json", FORMAT);

  assert_int_equal (sample_get (update, 0)->status, INCIDENT_ALERT_STATUS_FIRING);
  assert_string_equal (sample_get (update, 0)->key, "issue/1170820242");
  assert_true (sample_get (update, 0)->starts_at == SAMPLE_TIME + 12 * G_TIME_SPAN_MINUTE);
  sample_assert_label (sample_get (update, 0), "project", "front-end");
  sample_assert_annotation (sample_get (update, 0), "issue", "FRONT-END-9");
  assert_int_equal (sample_get (end, 0)->status, INCIDENT_ALERT_STATUS_RESOLVED);
  assert_string_equal (sample_get (end, 0)->key, "issue/1170820242");
  assert_true (sample_get (end, 0)->told_at == INCIDENT_TIME_NONE);
}

static void
test_what_is_done_to_an_issue_is_its_status (void **state)
{
  assert_int_equal (sample_get_status (ISSUE ("created", ""), NULL), INCIDENT_ALERT_STATUS_FIRING);
  assert_int_equal (sample_get_status (ISSUE ("unresolved", ""), NULL), INCIDENT_ALERT_STATUS_FIRING);
  assert_int_equal (sample_get_status (ISSUE ("archived", ""), NULL), INCIDENT_ALERT_STATUS_SUPPRESSED);
  assert_int_equal (sample_get_status (ISSUE ("ignored", ""), NULL), INCIDENT_ALERT_STATUS_SUPPRESSED);
  assert_int_equal (sample_get_status (ISSUE ("assigned", ""), NULL), INCIDENT_ALERT_STATUS_INFO);
  assert_int_equal (sample_get_status (ISSUE ("resolved", ""), NULL), INCIDENT_ALERT_STATUS_RESOLVED);
}

static void
test_a_metric_alert_is_an_episode_of_its_rule (void **state)
{
  g_autoptr(IncidentIntakeMessage) fires = sample_read ("intake-more/sentry-metric-firing.json", FORMAT);
  g_autoptr(IncidentIntakeMessage) update = sample_read ("intake-more/sentry-metric-update.json", FORMAT);
  g_autoptr(IncidentIntakeMessage) end = sample_read ("intake-more/sentry-metric-resolve.json", FORMAT);
  IncidentAlert *alert = sample_get (fires, 0);

  assert_int_equal (alert->status, INCIDENT_ALERT_STATUS_FIRING);
  assert_string_equal (alert->severity, "critical");
  assert_string_equal (alert->key, "metric-alert/7");
  assert_string_equal (alert->episode, "4");
  assert_string_equal (alert->name, "Too many errors");
  assert_string_equal (alert->summary, "Critical: Too many errors");
  assert_true (alert->starts_at == SAMPLE_TIME);
  sample_assert_label (alert, "project", "front-end,api");
  sample_assert_annotation (alert, "aggregate", "count()");
  assert_string_equal (sample_get (update, 0)->severity, "warning");
  assert_int_equal (sample_get (end, 0)->status, INCIDENT_ALERT_STATUS_RESOLVED);
  assert_string_equal (sample_get (end, 0)->key, alert->key);
  assert_string_equal (sample_get (end, 0)->episode, alert->episode);
  assert_true (sample_get (end, 0)->ends_at == INCIDENT_TIME_NONE);
}

static void
test_levels_are_severities (void **state)
{
  static const char * const words[][2] = {
    { "fatal", "critical" }, { "error", "error" }, { "warning", "warning" }, { "info", "info" }, { "debug", "info" },
    { "sample", "sample" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (words); i++)
    {
      g_autofree char *text = g_strdup_printf (ISSUE ("created", ",\"level\":\"%s\""), words[i][0]);
      g_autoptr(IncidentIntakeMessage) message = sample_read_text (text, FORMAT);

      assert_string_equal (sample_get (message, 0)->severity, words[i][1]);
    }
}

static void
test_what_is_wrong_is_told_at_its_place (void **state)
{
  sample_refuse ("[]", FORMAT, "", "must be an object, not an array");
  sample_refuse ("{\"action\":\"created\"}", FORMAT, "", "must have the member “data”");
  sample_refuse ("{\"action\":\"created\",\"data\":{}}", FORMAT, "/data", "must have the member “event”, “issue” or “metric_alert”");
  sample_refuse ("{\"action\":\"created\",\"data\":{\"issue\":\"x\"}}", FORMAT, "/data/issue", "must be an object, not a string");
  sample_refuse ("{\"action\":\"created\",\"data\":{\"issue\":{}}}", FORMAT, "/data/issue", "must have the member “id”");
  sample_refuse (ISSUE ("burnt", ""), FORMAT, "/action", "must be “created”,");
  sample_refuse (ISSUE ("created", ",\"firstSeen\":\"2026-11-23T07:00:00\""), FORMAT, "/data/issue/firstSeen", "is not a time");
  sample_refuse ("{\"action\":\"open\",\"data\":{\"metric_alert\":{\"alert_rule\":{\"id\":\"1\"}}}}", FORMAT, "/action",
                 "must be “critical”, “warning” or “resolved”, not “open”");
  sample_refuse ("{\"action\":\"critical\",\"data\":{\"metric_alert\":{}}}", FORMAT, "/data/metric_alert",
                 "must have the member “alert_rule”");
  sample_refuse ("{\"action\":\"triggered\",\"data\":{\"event\":{\"issue_id\":\"5\",\"tags\":[[\"a\"]]}}}", FORMAT, "/data/event/tags/0",
                 "must be a name and a value");
}

static void
test_every_value_may_be_of_another_kind (void **state)
{
  sample_change_all ("intake/sentry-firing.json", FORMAT);
  sample_change_all ("intake/sentry-update.json", FORMAT);
  sample_change_all ("intake-more/sentry-metric-resolve.json", FORMAT);
}

int
main (void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test (test_an_issue_alert_fires),
    cmocka_unit_test (test_its_issue_goes_on_under_the_same_key),
    cmocka_unit_test (test_what_is_done_to_an_issue_is_its_status),
    cmocka_unit_test (test_a_metric_alert_is_an_episode_of_its_rule),
    cmocka_unit_test (test_levels_are_severities),
    cmocka_unit_test (test_what_is_wrong_is_told_at_its_place),
    cmocka_unit_test (test_every_value_may_be_of_another_kind),
  };

  return cmocka_run_group_tests (tests, NULL, NULL);
}
