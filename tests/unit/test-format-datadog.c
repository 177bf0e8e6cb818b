/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "intake-sample.h"

#define FORMAT "datadog"

static void
test_a_trigger_fires (void **state)
{
  g_autoptr(IncidentIntakeMessage) message = sample_read ("intake/datadog-firing.json", FORMAT);
  IncidentAlert *alert = sample_get (message, 0);

  assert_int_equal (alert->status, INCIDENT_ALERT_STATUS_FIRING);
  assert_string_equal (alert->severity, "error");
  assert_string_equal (alert->name, "Load is high");
  assert_string_equal (alert->episode, "8306082202796025694");
  assert_string_equal (alert->link, "https://app.datadoghq.com/monitors/221164084");
  assert_true (alert->starts_at == SAMPLE_TIME && alert->told_at == SAMPLE_TIME + 1500000);
  sample_assert_label (alert, "host", "api-1");
  sample_assert_label (alert, "env", "prod");
  sample_assert_label (alert, "team", "payments");
  sample_assert_label (alert, "metric", "system.load.1");
  sample_assert_label (alert, "monitor", "221164084");
  sample_assert_label (alert, "org", "352347");
  sample_assert_annotation (alert, "message", "Load of api-1 is high");
  sample_assert_annotation (alert, "tags", "env:prod,host:api-1,monitor,team:payments");
  sample_assert_annotation (alert, "scope", "host:api-1,env:prod");
}

static void
test_the_cycle_is_the_episode (void **state)
{
  g_autoptr(IncidentIntakeMessage) fires = sample_read ("intake/datadog-firing.json", FORMAT);
  g_autoptr(IncidentIntakeMessage) update = sample_read ("intake/datadog-update.json", FORMAT);
  g_autoptr(IncidentIntakeMessage) end = sample_read ("intake/datadog-resolve.json", FORMAT);

  assert_int_equal (sample_get (update, 0)->status, INCIDENT_ALERT_STATUS_FIRING);
  assert_true (sample_get (update, 0)->told_at == SAMPLE_TIME + 10 * G_TIME_SPAN_MINUTE);
  assert_string_equal (sample_get (update, 0)->key, sample_get (fires, 0)->key);
  assert_string_equal (sample_get (update, 0)->episode, sample_get (fires, 0)->episode);
  assert_int_equal (sample_get (end, 0)->status, INCIDENT_ALERT_STATUS_RESOLVED);
  assert_true (sample_get (end, 0)->ends_at == SAMPLE_TIME + 30 * G_TIME_SPAN_MINUTE);
  assert_true (sample_get (end, 0)->starts_at == INCIDENT_TIME_NONE);
  assert_null (sample_get (end, 0)->severity);
  assert_string_equal (sample_get (end, 0)->key, sample_get (fires, 0)->key);
  assert_string_equal (sample_get (end, 0)->episode, sample_get (fires, 0)->episode);
}

static void
test_every_transition_is_known (void **state)
{
  static const char * const words[] = {
    "Triggered", "Re-Triggered", "No Data", "Re-No Data", "Warn", "Re-Warn", "Renotify", "Recovered",
  };

  for (guint i = 0; i < G_N_ELEMENTS (words); i++)
    {
      g_autofree char *text = g_strdup_printf ("{\"aggreg_key\":\"k\",\"alert_transition\":\"%s\"}", words[i]);

      assert_int_equal (sample_get_status (text, NULL), i < 7 ? INCIDENT_ALERT_STATUS_FIRING : INCIDENT_ALERT_STATUS_RESOLVED);
    }
}

static void
test_severity_is_the_priority_else_the_type (void **state)
{
  static const char * const words[][3] = {
    { "P1", "warning", "critical" }, { "P3", "error", "warning" }, { "P5", "error", "info" }, { "", "warning", "warning" },
    { "$ALERT_PRIORITY", "error", "error" }, { "normal", "info", "info" }, { "low", "$ALERT_TYPE", "low" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (words); i++)
    {
      g_autofree char *text = g_strdup_printf ("{\"aggreg_key\":\"k\",\"alert_transition\":\"Warn\",\"alert_priority\":\"%s\","
                                               "\"alert_type\":\"%s\"}", words[i][0], words[i][1]);
      g_autoptr(IncidentIntakeMessage) message = sample_read_text (text, FORMAT);

      assert_string_equal (sample_get (message, 0)->severity, words[i][2]);
    }
}

#define SCOPED(scope) "{\"aggreg_key\":\"$AGGREG_KEY\",\"alert_id\":\"7\",\"alert_transition\":\"Warn\",\"alert_scope\":\"" scope "\"}"

static void
test_without_a_key_the_monitor_and_its_sorted_scope_are_it (void **state)
{
  g_autoptr(IncidentIntakeMessage) one = sample_read_text (SCOPED ("host:a,env:b"), FORMAT);
  g_autoptr(IncidentIntakeMessage) same = sample_read_text (SCOPED ("env:b, host:a"), FORMAT);
  g_autoptr(IncidentIntakeMessage) other = sample_read_text (SCOPED ("env:b"), FORMAT);
  g_autoptr(IncidentIntakeMessage) none = sample_read_text (SCOPED ("$ALERT_SCOPE"), FORMAT);

  assert_string_equal (sample_get (one, 0)->key, sample_get (same, 0)->key);
  assert_string_not_equal (sample_get (one, 0)->key, sample_get (other, 0)->key);
  assert_string_not_equal (sample_get (one, 0)->key, sample_get (none, 0)->key);
  sample_assert_label (sample_get (one, 0), "env", "b");
}

static void
test_what_is_wrong_is_told_at_its_place (void **state)
{
  sample_refuse ("alert_id=7", FORMAT, "", "body:1:1");
  sample_refuse ("{\"alert_id\":\"7\"}", FORMAT, "", "must have the member “alert_transition”");
  sample_refuse ("{\"alert_id\":\"7\",\"alert_transition\":\"$ALERT_TRANSITION\"}", FORMAT, "/alert_transition",
                 "“$ALERT_TRANSITION” is what stands in a template");
  sample_refuse ("{\"alert_id\":\"7\",\"alert_transition\":\"Exploded\"}", FORMAT, "/alert_transition", "must be “Triggered”,");
  sample_refuse ("{\"alert_transition\":\"Warn\",\"alert_id\":\"$ALERT_ID\"}", FORMAT, "",
                 "must have the member “aggreg_key” or “alert_id”, filled in");
  sample_refuse ("{\"alert_transition\":\"Warn\",\"alert_id\":\"7\",\"date\":\"2026-11-23\"}", FORMAT, "/date",
                 "must be a number of seconds since 1970, not “2026-11-23”");
  sample_refuse ("{\"alert_transition\":\"Warn\",\"alert_id\":{}}", FORMAT, "/alert_id", "must be a string, not an object");
}

static void
test_every_value_may_be_of_another_kind (void **state)
{
  sample_change_all ("intake/datadog-firing.json", FORMAT);
  sample_change_all ("intake/datadog-resolve.json", FORMAT);
}

int
main (void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test (test_a_trigger_fires),
    cmocka_unit_test (test_the_cycle_is_the_episode),
    cmocka_unit_test (test_every_transition_is_known),
    cmocka_unit_test (test_severity_is_the_priority_else_the_type),
    cmocka_unit_test (test_without_a_key_the_monitor_and_its_sorted_scope_are_it),
    cmocka_unit_test (test_what_is_wrong_is_told_at_its_place),
    cmocka_unit_test (test_every_value_may_be_of_another_kind),
  };

  return cmocka_run_group_tests (tests, NULL, NULL);
}
