/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "intake-sample.h"

#define FORMAT "opsgenie"

static void
test_a_created_alert_fires (void **state)
{
  g_autoptr(IncidentIntakeMessage) message = sample_read ("intake/opsgenie-firing.json", FORMAT);
  IncidentAlert *alert = sample_get (message, 0);

  assert_int_equal (message->alerts->len, 1);
  assert_int_equal (alert->status, INCIDENT_ALERT_STATUS_FIRING);
  assert_string_equal (alert->key, "checkout-5xx");
  assert_string_equal (alert->severity, "critical");
  assert_string_equal (alert->name, "Checkout answers 500 on web-2");
  assert_string_equal (alert->summary, "Checkout answers 500 on web-2");
  assert_true (alert->starts_at == INCIDENT_TIME_NONE && !alert->has_episode);
  assert_null (message->made_key);
}

static void
test_details_and_tags_are_labels (void **state)
{
  g_autoptr(IncidentIntakeMessage) message = sample_read ("intake/opsgenie-firing.json", FORMAT);
  IncidentAlert *alert = sample_get (message, 0);

  assert_int_equal (alert->labels.n, 8);
  sample_assert_label (alert, "alertname", "Checkout answers 500 on web-2");
  sample_assert_label (alert, "region", "eu-1");
  sample_assert_label (alert, "tier", "gold");
  sample_assert_label (alert, "entity", "checkout");
  sample_assert_label (alert, "source", "blackbox");
  sample_assert_label (alert, "env", "prod");
  sample_assert_label (alert, "Critical", "true");
  sample_assert_label (alert, "OverwriteQuietHours", "true");
  sample_assert_annotation (alert, "description", "31 % of requests to /pay failed");
  sample_assert_annotation (alert, "tags", "OverwriteQuietHours,Critical,env:prod");
}

static void
test_acknowledge_and_close_are_of_the_alias (void **state)
{
  g_autoptr(IncidentIntakeMessage) update = sample_read ("intake/opsgenie-update.json", FORMAT);
  g_autoptr(IncidentIntakeMessage) end = sample_read ("intake/opsgenie-resolve.json", FORMAT);

  assert_int_equal (sample_get (update, 0)->status, INCIDENT_ALERT_STATUS_ACKNOWLEDGED);
  assert_string_equal (sample_get (update, 0)->key, "checkout-5xx");
  sample_assert_annotation (sample_get (update, 0), "note", "Looking at it");
  sample_assert_annotation (sample_get (update, 0), "user", "ana@example.com");
  assert_int_equal (sample_get (end, 0)->status, INCIDENT_ALERT_STATUS_RESOLVED);
  assert_string_equal (sample_get (end, 0)->key, "checkout-5xx");
  assert_null (sample_get (end, 0)->severity);
  sample_assert_label (sample_get (end, 0), "alertname", NULL);
}

static void
test_priorities_are_severities (void **state)
{
  static const char * const words[][2] = {
    { "\"P1\"", "critical" }, { "\"P2\"", "error" }, { "\"P3\"", "warning" }, { "\"P4\"", "info" }, { "\"P5\"", "info" },
    { "null", "warning" }, { "\"P6\"", "P6" }, { "\"p1\"", "critical" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (words); i++)
    {
      g_autofree char *text = g_strdup_printf ("{\"message\":\"m\",\"alias\":\"a\",\"priority\":%s}", words[i][0]);
      g_autoptr(IncidentIntakeMessage) message = sample_read_text (text, FORMAT);

      assert_string_equal (sample_get (message, 0)->severity, words[i][1]);
    }
}

static void
test_an_alert_without_alias_is_given_one (void **state)
{
  g_autoptr(IncidentIntakeMessage) one = sample_read_text ("{\"message\":\"m\",\"priority\":\"P1\"}", FORMAT);
  g_autoptr(IncidentIntakeMessage) other = sample_read_text ("{\"message\":\"m\",\"priority\":\"P2\"}", FORMAT);

  assert_int_equal (strlen (one->made_key), 32);
  assert_string_equal (sample_get (one, 0)->key, one->made_key);
  assert_string_not_equal (one->made_key, other->made_key);
}

static void
test_a_label_has_one_value (void **state)
{
  g_autoptr(IncidentIntakeMessage) message =
    sample_read_text ("{\"message\":\"m\",\"alias\":\"a\",\"source\":\"s\",\"details\":{\"source\":\"other\",\"env\":\"prod\",\"\":\"x\"},"
                      "\"tags\":[\"env:test\",\"source\",\"a:b:c\",\"\",\"env:test\"]}", FORMAT);
  IncidentAlert *alert = sample_get (message, 0);

  assert_int_equal (alert->labels.n, 4);
  sample_assert_label (alert, "source", "s");
  sample_assert_label (alert, "env", "prod");
  sample_assert_label (alert, "a", "b:c");
  sample_assert_annotation (alert, "tags", "env:test,source,a:b:c,env:test");
}

static void
test_what_is_wrong_is_told_at_its_place (void **state)
{
  sample_refuse ("7", FORMAT, "", "must be an object, not a number");
  sample_refuse ("", FORMAT, "", "body:1:1");
  sample_refuse ("{\"alias\":\"a\"}", FORMAT, "", "must have the member “message”");
  sample_refuse ("{\"alias\":\"a\",\"message\":\" \"}", FORMAT, "/message", "must not be empty");
  sample_refuse ("{\"alias\":\"a\",\"message\":{}}", FORMAT, "/message", "must be a string, not an object");
  sample_refuse ("{\"alias\":\"a\",\"action\":\"snooze\"}", FORMAT, "/action", "must be “create”, “acknowledge” or “close”, not “snooze”");
  sample_refuse ("{\"action\":\"close\"}", FORMAT, "", "must have the member “alias”");
  sample_refuse ("{\"alias\":\"a\",\"message\":\"m\",\"tags\":\"x\"}", FORMAT, "/tags", "must be an array, not a string");
  sample_refuse ("{\"alias\":\"a\",\"message\":\"m\",\"tags\":[\"x\",7]}", FORMAT, "/tags/1", "must be a string");
  sample_refuse ("{\"alias\":\"a\",\"message\":\"m\",\"details\":{\"a/b\":[]}}", FORMAT, "/details/a~1b", "must be a string");
}

static void
test_every_value_may_be_of_another_kind (void **state)
{
  sample_change_all ("intake/opsgenie-firing.json", FORMAT);
  sample_change_all ("intake/opsgenie-resolve.json", FORMAT);
}

int
main (void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test (test_a_created_alert_fires),
    cmocka_unit_test (test_details_and_tags_are_labels),
    cmocka_unit_test (test_acknowledge_and_close_are_of_the_alias),
    cmocka_unit_test (test_priorities_are_severities),
    cmocka_unit_test (test_an_alert_without_alias_is_given_one),
    cmocka_unit_test (test_a_label_has_one_value),
    cmocka_unit_test (test_what_is_wrong_is_told_at_its_place),
    cmocka_unit_test (test_every_value_may_be_of_another_kind),
  };

  return cmocka_run_group_tests (tests, NULL, NULL);
}
