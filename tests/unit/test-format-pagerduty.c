/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "intake-sample.h"

#define FORMAT "pagerduty"
#define TRIGGER(more) "{\"routing_key\":\"k\",\"event_action\":\"trigger\"," more \
                      "\"payload\":{\"summary\":\"s\",\"source\":\"h\",\"severity\":\"error\"}}"

static void
test_a_trigger_fires (void **state)
{
  g_autoptr(IncidentIntakeMessage) message = sample_read ("intake/pagerduty-firing.json", FORMAT);
  IncidentAlert *alert = sample_get (message, 0);

  assert_int_equal (message->alerts->len, 1);
  assert_int_equal (alert->status, INCIDENT_ALERT_STATUS_FIRING);
  assert_string_equal (alert->severity, "critical");
  assert_string_equal (alert->name, "ping failure");
  assert_string_equal (alert->summary, "PING OK - Packet loss = 100%, RTA = 141.46 ms on db-1");
  assert_string_equal (alert->link, "https://monitoring.example.com/db-1");
  assert_true (alert->starts_at == SAMPLE_TIME + 315000 && alert->told_at == alert->starts_at);
  assert_false (alert->has_episode);
  assert_int_equal (alert->raw_start, 0);
  assert_int_equal (alert->raw_length, message->length);
  assert_null (message->made_key);
}

static void
test_what_identifies_are_labels_and_what_describes_are_annotations (void **state)
{
  g_autoptr(IncidentIntakeMessage) message = sample_read ("intake/pagerduty-firing.json", FORMAT);
  IncidentAlert *alert = sample_get (message, 0);

  assert_int_equal (alert->labels.n, 5);
  sample_assert_label (alert, "alertname", "ping failure");
  sample_assert_label (alert, "source", "db-1.example.com");
  sample_assert_label (alert, "component", "postgres");
  sample_assert_label (alert, "group", "payments");
  sample_assert_label (alert, "class", "ping failure");
  assert_int_equal (alert->annotations.n, 6);
  sample_assert_annotation (alert, "ping time", "1500ms");
  sample_assert_annotation (alert, "load avg", "0.75");
  sample_assert_annotation (alert, "tries", "3");
  sample_assert_annotation (alert, "flapping", "false");
  sample_assert_annotation (alert, "dedup_key", "db-1/ping");
  sample_assert_annotation (alert, "client", "Sample Monitoring Service");
}

static void
test_acknowledge_and_resolve_are_of_the_same_key (void **state)
{
  g_autoptr(IncidentIntakeMessage) fires = sample_read ("intake/pagerduty-firing.json", FORMAT);
  g_autoptr(IncidentIntakeMessage) update = sample_read ("intake/pagerduty-update.json", FORMAT);
  g_autoptr(IncidentIntakeMessage) end = sample_read ("intake/pagerduty-resolve.json", FORMAT);

  assert_int_equal (sample_get (update, 0)->status, INCIDENT_ALERT_STATUS_ACKNOWLEDGED);
  assert_int_equal (sample_get (end, 0)->status, INCIDENT_ALERT_STATUS_RESOLVED);
  assert_string_equal (sample_get (update, 0)->key, sample_get (fires, 0)->key);
  assert_string_equal (sample_get (end, 0)->key, sample_get (fires, 0)->key);
  assert_null (sample_get (end, 0)->severity);
}

static void
test_the_routing_key_is_part_of_the_key (void **state)
{
  g_autoptr(IncidentIntakeMessage) one =
    sample_read_text ("{\"routing_key\":\"a\",\"event_action\":\"resolve\",\"dedup_key\":\"k\"}", FORMAT);
  g_autoptr(IncidentIntakeMessage) other =
    sample_read_text ("{\"routing_key\":\"b\",\"event_action\":\"resolve\",\"dedup_key\":\"k\"}", FORMAT);
  g_autoptr(IncidentIntakeMessage) none = sample_read_text ("{\"event_action\":\"resolve\",\"dedup_key\":\"k\"}", FORMAT);

  assert_string_not_equal (sample_get (one, 0)->key, sample_get (other, 0)->key);
  assert_string_not_equal (sample_get (one, 0)->key, sample_get (none, 0)->key);
}

static void
test_the_routing_key_is_blanked (void **state)
{
  g_autoptr(IncidentIntakeMessage) message =
    sample_read_text ("{\"dedup_key\":\"secr\\u0065t\", \"routing_key\" : \"s\\\"\\u00e9cret\\\\\",\"event_action\":\"resolve\"}", FORMAT);
  g_autofree char *raw = g_strndup (g_bytes_get_data (message->raw, NULL), g_bytes_get_size (message->raw));

  assert_string_equal (raw, "{\"dedup_key\":\"secr\\u0065t\", \"routing_key\" : \"xxxxxxxxxxxxxxx\",\"event_action\":\"resolve\"}");
  assert_null (strstr (sample_get (message, 0)->key, "cret"));
}

static void
test_a_trigger_without_key_is_given_one (void **state)
{
  g_autoptr(IncidentIntakeMessage) message = sample_read_text (TRIGGER (""), FORMAT);
  g_autoptr(IncidentIntakeMessage) empty = sample_read_text (TRIGGER ("\"dedup_key\":\"\","), FORMAT);
  g_autofree char *later = NULL;
  g_autoptr(IncidentIntakeMessage) end = NULL;

  assert_non_null (message->made_key);
  assert_int_equal (strlen (message->made_key), 32);
  assert_non_null (empty->made_key);
  sample_assert_annotation (sample_get (message, 0), "dedup_key", message->made_key);

  later = g_strdup_printf ("{\"routing_key\":\"k\",\"event_action\":\"resolve\",\"dedup_key\":\"%s\"}", message->made_key);
  end = sample_read_text (later, FORMAT);
  assert_string_equal (sample_get (end, 0)->key, sample_get (message, 0)->key);
}

static void
test_an_unknown_severity_stays_the_senders_word (void **state)
{
  g_autoptr(IncidentIntakeMessage) message =
    sample_read_text ("{\"event_action\":\"trigger\",\"dedup_key\":\"k\",\"payload\":{\"summary\":\"s\",\"source\":\"h\","
                      "\"severity\":\"page\",\"custom_details\":\"as a sentence\"}}", FORMAT);

  assert_string_equal (sample_get (message, 0)->severity, "page");
  assert_string_equal (sample_get (message, 0)->name, "s");
  sample_assert_annotation (sample_get (message, 0), "custom_details", "as a sentence");
}

static void
test_what_is_wrong_is_told_at_its_place (void **state)
{
  sample_refuse ("[]", FORMAT, "", "must be an object, not an array");
  sample_refuse ("hello", FORMAT, "", "body:1:1");
  sample_refuse ("{}", FORMAT, "", "must have the member “event_action”");
  sample_refuse ("{\n\"event_action\":\"close\"}", FORMAT, "/event_action",
                 "body:2:16: /event_action: must be “trigger”, “acknowledge” or “resolve”, not “close”");
  sample_refuse ("{\"event_action\":null}", FORMAT, "/event_action", "must not be empty");
  sample_refuse ("{\"event_action\":\"resolve\"}", FORMAT, "", "must have the member “dedup_key”");
  sample_refuse ("{\"event_action\":\"resolve\",\"dedup_key\":\"$KEY$\"}", FORMAT, "/dedup_key", "what stands in a template");
  sample_refuse ("{\"event_action\":\"trigger\"}", FORMAT, "", "must have the member “payload”");
  sample_refuse ("{\"event_action\":\"trigger\",\"payload\":[]}", FORMAT, "/payload", "must be an object, not an array");
  sample_refuse ("{\"event_action\":\"trigger\",\"payload\":{\"source\":\"h\",\"severity\":\"info\"}}", FORMAT, "/payload",
                 "must have the member “summary”");
  sample_refuse ("{\"event_action\":\"trigger\",\"routing_key\":7,\"payload\":{}}", FORMAT, "/routing_key", "must be a string");
  sample_refuse ("{\"event_action\":\"trigger\",\"payload\":{\"summary\":\"s\",\"source\":\"h\",\"severity\":\"info\","
                 "\"timestamp\":\"2026-11-23T07:00:00\"}}", FORMAT, "/payload/timestamp", "an offset such as “+01:00”");
}

static void
test_every_value_may_be_of_another_kind (void **state)
{
  sample_change_all ("intake/pagerduty-firing.json", FORMAT);
  sample_change_all ("intake/pagerduty-resolve.json", FORMAT);
}

int
main (void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test (test_a_trigger_fires),
    cmocka_unit_test (test_what_identifies_are_labels_and_what_describes_are_annotations),
    cmocka_unit_test (test_acknowledge_and_resolve_are_of_the_same_key),
    cmocka_unit_test (test_the_routing_key_is_part_of_the_key),
    cmocka_unit_test (test_the_routing_key_is_blanked),
    cmocka_unit_test (test_a_trigger_without_key_is_given_one),
    cmocka_unit_test (test_an_unknown_severity_stays_the_senders_word),
    cmocka_unit_test (test_what_is_wrong_is_told_at_its_place),
    cmocka_unit_test (test_every_value_may_be_of_another_kind),
  };

  return cmocka_run_group_tests (tests, NULL, NULL);
}
