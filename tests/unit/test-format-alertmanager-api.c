/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "format-test.h"

/* What Prometheus posts to Alertmanager. */

#define FORMAT "alertmanager-api"
#define LABELS "\"labels\":{\"alertname\":\"A\"}"

static IncidentIntakeMessage *
parse (const char *json)
{
  return read_body_of (FORMAT, json, NULL);
}

static void
test_an_alert_fires_until_its_end (void **state)
{
  g_autoptr(IncidentIntakeMessage) message = read_sample_of (NULL, "alertmanager-api-firing.json", NULL);
  IncidentAlert *alert = get_alert (message, 0);

  assert_int_equal (message->alerts->len, 2);
  assert_int_equal (alert->status, INCIDENT_ALERT_STATUS_FIRING);
  assert_true (alert->gives_up);
  assert_string_equal (alert->episode, "2026-11-23T06:58:31.207Z");
  assert_true (alert->starts_at == at ("2026-11-23T06:58:31.207Z"));
  assert_true (alert->ends_at == at ("2026-11-23T07:02:31.207Z"));
  assert_string_equal (alert->severity, "warning");
  assert_string_equal (alert->name, "QueueGrows");
  assert_string_equal (alert->summary, "Queue invoices of mq-1 grows");
  assert_string_equal (incident_alert_get_label (alert, "team"), "billing");
  assert_string_not_equal (alert->key, get_alert (message, 1)->key);
  assert_null (message->group_labels);
}

static void
test_an_alert_whose_end_has_come_is_resolved (void **state)
{
  g_autoptr(IncidentIntakeMessage) firing = read_sample_of (NULL, "alertmanager-api-firing.json", NULL);
  g_autoptr(IncidentIntakeMessage) message = read_sample_of (NULL, "alertmanager-api-resolve.json", NULL);
  IncidentAlert *alert = get_alert (message, 0);

  assert_int_equal (alert->status, INCIDENT_ALERT_STATUS_RESOLVED);
  assert_false (alert->gives_up);
  assert_true (alert->ends_at == at ("2026-11-23T06:59:46.207Z"));
  assert_string_equal (incident_alert_get_episode_key (alert), incident_alert_get_episode_key (get_alert (firing, 0)));
}

static void
test_other_labels_are_another_alert (void **state)
{
  g_autoptr(IncidentIntakeMessage) firing = read_sample_of (NULL, "alertmanager-api-firing.json", NULL);
  g_autoptr(IncidentIntakeMessage) message = read_sample_of (NULL, "alertmanager-api-update.json", NULL);

  assert_string_equal (get_alert (message, 0)->severity, "critical");
  assert_string_not_equal (get_alert (message, 0)->key, get_alert (firing, 0)->key);
}

static void
test_an_end_at_the_moment_of_receipt_has_come (void **state)
{
  g_autoptr(IncidentIntakeMessage) message = parse ("[{" LABELS ",\"endsAt\":\"2026-11-23T07:00:00Z\"},{" LABELS ",\"endsAt\":\"2026-11-23T07:00:00.000001Z\"}]");

  assert_int_equal (get_alert (message, 0)->status, INCIDENT_ALERT_STATUS_RESOLVED);
  assert_int_equal (get_alert (message, 1)->status, INCIDENT_ALERT_STATUS_FIRING);
}

static void
test_without_an_end_it_gives_up_after_a_while (void **state)
{
  IncidentSource patient = { .timeout = 20 * G_TIME_SPAN_MINUTE };
  g_autoptr(IncidentIntakeMessage) message = parse ("[{" LABELS ",\"endsAt\":\"0001-01-01T00:00:00Z\"}]");
  g_autoptr(IncidentIntakeMessage) longer = read_body_of (FORMAT, "[{" LABELS "}]", &patient);

  assert_true (get_alert (message, 0)->ends_at == RECEIVED_AT + 5 * G_TIME_SPAN_MINUTE);
  assert_true (get_alert (message, 0)->gives_up);
  assert_int_equal (get_alert (message, 0)->status, INCIDENT_ALERT_STATUS_FIRING);
  assert_false (get_alert (message, 0)->has_episode);
  assert_true (get_alert (longer, 0)->ends_at == RECEIVED_AT + 20 * G_TIME_SPAN_MINUTE);
}

static void
test_labels_that_are_empty_do_not_count (void **state)
{
  g_autoptr(IncidentIntakeMessage) message =
    parse ("[{\"labels\":{\"a\":\"ok\",\"b\":\"\"},\"annotations\":{\"c\":\"\"}}]");

  assert_string_equal (get_alert (message, 0)->key, "7569872c0144690c");
  assert_int_equal (get_alert (message, 0)->labels.n, 1);
  assert_int_equal (get_alert (message, 0)->annotations.n, 0);
}

static void
test_a_bare_alert_is_a_message (void **state)
{
  g_autoptr(IncidentIntakeMessage) message = read_body_of (NULL, "{" LABELS ",\"generatorURL\":\"http://p/\"}", NULL);

  assert_string_equal (message->format->name, FORMAT);
  assert_string_equal (get_alert (message, 0)->link, "http://p/");
}

static void
test_no_alerts_are_a_message (void **state)
{
  g_autoptr(IncidentIntakeMessage) message = parse ("[]");

  assert_int_equal (message->alerts->len, 0);
}

static void
test_a_time_without_zone_is_in_utc (void **state)
{
  static const struct
  {
    const char *told;
    const char *meant;
  } cases[] = {
    { "2026-11-23 06:00:00", "2026-11-23T06:00:00Z" },
    { "2026-11-23T06:00:00", "2026-11-23T06:00:00Z" },
    { "2026-11-23T06:00:00.25", "2026-11-23T06:00:00.25Z" },
    { "2026-11-23T06:00:00.25+0130", "2026-11-23T04:30:00.25Z" },
    { "2026-11-23T06:00:00-0030", "2026-11-23T06:30:00Z" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *json = g_strdup_printf ("[{" LABELS ",\"startsAt\":\"%s\"}]", cases[i].told);
      g_autoptr(IncidentIntakeMessage) message = parse (json);

      assert_int_equal (message->alerts->len, 1);
      assert_string_equal (get_alert (message, 0)->episode, cases[i].meant);
      assert_true (get_alert (message, 0)->starts_at == at (cases[i].meant));
    }
}

/* Read back from the API of the real one. */
static void
test_what_the_api_answers_is_read_too (void **state)
{
  g_autofree char *path = g_build_filename (g_getenv ("G_TEST_SRCDIR"), "conformance", "alertmanager", "alertmanager-live-api-v2-alerts.json", NULL);
  g_autofree char *body = NULL;
  g_autoptr(IncidentIntakeMessage) message = NULL;
  g_autoptr(IncidentIntakeMessage) muted = parse ("[{" LABELS ",\"status\":{\"silencedBy\":[\"x\"],\"state\":\"suppressed\"}}]");

  assert_true (g_file_get_contents (path, &body, NULL, NULL));
  message = read_body_of (NULL, body, NULL);
  assert_string_equal (message->format->name, FORMAT);
  assert_int_equal (message->alerts->len, 2);
  assert_string_equal (get_alert (message, 0)->key, "8b5b426a4c9af956");
  assert_string_equal (get_alert (message, 1)->key, "a97bc1496f35ca5c");
  assert_int_equal (get_alert (muted, 0)->status, INCIDENT_ALERT_STATUS_SUPPRESSED);
}

static void
test_a_bad_alert_is_set_aside_with_its_place (void **state)
{
  static const struct
  {
    const char *alert;
    const char *where;
    const char *what;
  } cases[] = {
    { "null", "/1", "must be an object, not null" },
    { "{}", "/1", "must have the member “labels”" },
    { "{\"labels\":{}}", "/1", "must have at least one label that is not empty" },
    { "{\"labels\":{\"a\":\"\"}}", "/1", "must have at least one label that is not empty" },
    { "{\"labels\":{\"a\":1}}", "/1/labels/a", "must be a string, not a number" },
    { "{\"labels\":null}", "/1/labels", "must be an object, not null" },
    { "{" LABELS ",\"annotations\":[]}", "/1/annotations", "must be an object, not an array" },
    { "{" LABELS ",\"startsAt\":1795417200}", "/1/startsAt", "must be a string, not a number" },
    { "{" LABELS ",\"startsAt\":\"\"}", "/1/startsAt", "is not a time" },
    { "{" LABELS ",\"startsAt\":\"2026-11-23\"}", "/1/startsAt", "is not a time" },
    { "{" LABELS ",\"startsAt\":\"2026-11-23x06:00:00\"}", "/1/startsAt", "is not a time" },
    { "{" LABELS ",\"endsAt\":\"{{ .EndsAt }}\"}", "/1/endsAt", "is not a time" },
    { "{" LABELS ",\"endsAt\":\"2026-11-23T06:00:00+01300\"}", "/1/endsAt", "is not a time" },
    { "{" LABELS ",\"startsAt\":\"2026-11-23T06:00:01Z\",\"endsAt\":\"2026-11-23T06:00:00Z\"}", "/1", "must not end before it starts" },
    { "{" LABELS ",\"generatorURL\":{}}", "/1/generatorURL", "must be a string, not an object" },
    { "{" LABELS ",\"status\":\"firing\"}", "/1/status", "must be an object, not a string" },
    { "{" LABELS ",\"status\":{\"state\":\"asleep\"}}", "/1/status/state", "must be “active”, “suppressed” or “unprocessed”" },
    { "{" LABELS ",\"annotations\":{\"summary\":\"cut \\ud83d\"}}", "/1/annotations/summary", "surrogate pair" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *json = g_strdup_printf ("[{\"labels\":{\"n\":\"0\"}},%s,{\"labels\":{\"n\":\"2\"}}]", cases[i].alert);
      g_autoptr(IncidentIntakeMessage) message = parse (json);

      assert_int_equal (message->alerts->len, 2);
      assert_string_equal (incident_alert_get_label (get_alert (message, 1), "n"), "2");
      assert_int_equal (message->refused->len, 1);
      assert_refused (message, 0, cases[i].where, cases[i].what);
    }
}

static void
test_what_is_no_list_of_alerts_is_an_error (void **state)
{
  assert_no_message_of (FORMAT, "\"alerts\"", NULL, "", "must be an array, not a string");
  assert_no_message_of (FORMAT, "[{\"labels\":{\"a\":\"b\",\"a\":\"c\"}}]", NULL, "/0/labels/a", "stands twice");
  assert_no_message_of (FORMAT, "{\"labels\":7}", NULL, "/labels", "must be an object, not a number");
}

int
main (void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test (test_an_alert_fires_until_its_end),
    cmocka_unit_test (test_an_alert_whose_end_has_come_is_resolved),
    cmocka_unit_test (test_other_labels_are_another_alert),
    cmocka_unit_test (test_an_end_at_the_moment_of_receipt_has_come),
    cmocka_unit_test (test_without_an_end_it_gives_up_after_a_while),
    cmocka_unit_test (test_labels_that_are_empty_do_not_count),
    cmocka_unit_test (test_a_bare_alert_is_a_message),
    cmocka_unit_test (test_no_alerts_are_a_message),
    cmocka_unit_test (test_a_time_without_zone_is_in_utc),
    cmocka_unit_test (test_what_the_api_answers_is_read_too),
    cmocka_unit_test (test_a_bad_alert_is_set_aside_with_its_place),
    cmocka_unit_test (test_what_is_no_list_of_alerts_is_an_error),
  };

  return cmocka_run_group_tests (tests, NULL, NULL);
}
