/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "format-test.h"

/* The webhook of Alertmanager. */

#define MESSAGE(alerts) "{\"groupLabels\":{\"alertname\":\"A\"},\"alerts\":[" alerts "]}"

static IncidentIntakeMessage *
parse (const char *json)
{
  return read_body_of ("alertmanager", json, NULL);
}

static IncidentIntakeMessage *
parse_captured (const char *name)
{
  g_autofree char *path = g_build_filename (g_getenv ("G_TEST_SRCDIR"), "conformance", "alertmanager", name, NULL);
  g_autofree char *body = NULL;

  assert_true (g_file_get_contents (path, &body, NULL, NULL));
  return parse (body);
}

/* The vectors: FNV-1a of the empty input is the offset basis; the others were
 * computed in Python over the bytes b"name\xffvalue\xff…". */
static void
test_a_missing_fingerprint_is_computed_as_the_sender_would (void **state)
{
  g_autoptr(IncidentIntakeMessage) message =
    parse (MESSAGE ("{\"status\":\"firing\",\"labels\":{\"a\":\"ok\"}},"
                    "{\"status\":\"firing\",\"labels\":{\"a\":\"ok\"},\"fingerprint\":\"\"},"
                    "{\"status\":\"firing\",\"labels\":{\"instance\":\"i-1\",\"alertname\":\"A\"}},"
                    "{\"status\":\"firing\",\"labels\":{\"a\":\"ok\"},\"fingerprint\":\"of the sender\"}"));

  assert_string_equal (get_alert (message, 0)->key, "7569872c0144690c");
  assert_string_equal (get_alert (message, 1)->key, "7569872c0144690c");
  assert_string_equal (get_alert (message, 2)->key, "e77f3781cd0df70f");
  assert_string_equal (get_alert (message, 3)->key, "of the sender");
}

/* What Alertmanager itself computed of the labels, by leaving its word out. */
static void
test_fingerprints_are_those_of_the_real_sender (void **state)
{
  static const char * const names[] = { "alertmanager-live-1.json", "alertmanager-live-2.json", "alertmanager-live-3.json" };

  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    {
      g_autoptr(IncidentIntakeMessage) message = parse_captured (names[i]);

      for (guint k = 0; k < message->alerts->len; k++)
        {
          IncidentAlert *alert = get_alert (message, k);
          g_autoptr(GArray) labels = g_array_new (FALSE, FALSE, sizeof (IncidentLabel));

          g_array_append_vals (labels, alert->labels.labels, alert->labels.n);
          assert_string_equal (incident_intake_message_fingerprint (message, labels), alert->key);
        }
    }
}

static void
test_all_of_an_alert_is_read (void **state)
{
  g_autoptr(IncidentIntakeMessage) message =
    parse (MESSAGE ("{\"status\":\"resolved\",\"labels\":{\"b\":\"2\",\"alertname\":\"Disk\",\"severity\":\"warning\"},"
                    "\"annotations\":{\"summary\":\"full\",\"a\":\"\"},\"startsAt\":\"2026-11-23T08:00:00.000000001+01:00\","
                    "\"endsAt\":\"2026-11-23T07:30:00Z\",\"generatorURL\":\"http://p/\",\"fingerprint\":\"f\",\"more\":[{}]}"));
  IncidentAlert *alert = get_alert (message, 0);

  assert_int_equal (alert->status, INCIDENT_ALERT_STATUS_RESOLVED);
  assert_string_equal (alert->key, "f");
  assert_string_equal (alert->episode, "2026-11-23T07:00:00.000000001Z");
  assert_true (alert->starts_at == at ("2026-11-23T07:00:00Z"));
  assert_true (alert->ends_at == at ("2026-11-23T07:30:00Z"));
  assert_false (alert->gives_up);
  assert_string_equal (alert->severity, "warning");
  assert_string_equal (alert->name, "Disk");
  assert_string_equal (alert->summary, "full");
  assert_string_equal (alert->link, "http://p/");
  assert_int_equal (alert->labels.n, 3);
  assert_string_equal (alert->labels.labels[0].name, "alertname");
  assert_string_equal (incident_alert_get_label (alert, "b"), "2");
  assert_string_equal (incident_alert_get_annotation (alert, "a"), "");
  assert_null (incident_alert_get_annotation (alert, "b"));
}

static void
test_what_need_not_be_there_is_missing (void **state)
{
  g_autoptr(IncidentIntakeMessage) message = parse (MESSAGE ("{\"status\":\"firing\",\"labels\":{\"a\":\"ok\"}}"));
  IncidentAlert *alert = get_alert (message, 0);

  assert_int_equal (alert->status, INCIDENT_ALERT_STATUS_FIRING);
  assert_false (alert->has_episode);
  assert_true (alert->starts_at == INCIDENT_TIME_NONE && alert->ends_at == INCIDENT_TIME_NONE);
  assert_null (alert->severity);
  assert_string_equal (alert->name, "7569872c0144690c");
  assert_null (alert->summary);
  assert_null (alert->link);
}

static void
test_the_time_of_year_1_is_no_time (void **state)
{
  g_autoptr(IncidentIntakeMessage) message =
    parse (MESSAGE ("{\"status\":\"resolved\",\"labels\":{\"a\":\"b\"},\"startsAt\":\"0001-01-01T00:00:00Z\","
                    "\"endsAt\":\"0001-01-01T00:00:00.000Z\"}"));

  assert_false (get_alert (message, 0)->has_episode);
  assert_true (get_alert (message, 0)->starts_at == INCIDENT_TIME_NONE);
  assert_true (get_alert (message, 0)->ends_at == INCIDENT_TIME_NONE);
}

static void
test_a_firing_alert_has_no_end (void **state)
{
  g_autoptr(IncidentIntakeMessage) message =
    parse (MESSAGE ("{\"status\":\"firing\",\"labels\":{\"a\":\"b\"},\"endsAt\":\"2026-11-23T07:30:00Z\"}"));

  assert_true (get_alert (message, 0)->ends_at == INCIDENT_TIME_NONE);
}

static void
test_severity_is_the_word_of_the_label (void **state)
{
  g_autoptr(IncidentIntakeMessage) message =
    parse (MESSAGE ("{\"status\":\"firing\",\"labels\":{\"severity\":\"Page\"}},{\"status\":\"firing\",\"labels\":{\"severity\":\"\"}}"));

  assert_string_equal (get_alert (message, 0)->severity, "Page");
  assert_null (get_alert (message, 1)->severity);
}

static void
test_labels_of_other_scripts_are_sorted_by_their_bytes (void **state)
{
  g_autoptr(IncidentIntakeMessage) message =
    parse (MESSAGE ("{\"status\":\"firing\",\"labels\":{\"a\":\"3\",\"\u00e9\":\"1\",\"z\":\"2\"}}"));
  IncidentAlert *alert = get_alert (message, 0);

  assert_string_equal (alert->labels.labels[0].name, "a");
  assert_string_equal (alert->labels.labels[1].name, "z");
  assert_string_equal (alert->labels.labels[2].name, "\u00e9");
}

static void
test_a_key_that_is_no_line_is_named_by_its_hash (void **state)
{
  g_autofree char *longest = g_strnfill (INCIDENT_MAX_ALERT_KEY, 'k');
  g_autofree char *json =
    g_strdup_printf (MESSAGE ("{\"status\":\"firing\",\"labels\":{\"a\":\"b\"},\"fingerprint\":\"a\\nb\"},"
                              "{\"status\":\"firing\",\"labels\":{\"a\":\"b\"},\"fingerprint\":\"%s\"},"
                              "{\"status\":\"firing\",\"labels\":{\"a\":\"b\"},\"fingerprint\":\"%sk\"}"), longest, longest);
  g_autoptr(IncidentIntakeMessage) message = parse (json);

  assert_int_equal (strlen (get_alert (message, 0)->key), 32);
  assert_string_equal (get_alert (message, 1)->key, longest);
  assert_int_equal (strlen (get_alert (message, 2)->key), 32);
}

static void
test_a_captured_group_fires_grows_and_ends (void **state)
{
  g_autoptr(IncidentIntakeMessage) one = read_sample_of (NULL, "alertmanager-firing.json", NULL);
  g_autoptr(IncidentIntakeMessage) three = read_sample_of (NULL, "alertmanager-update.json", NULL);
  g_autoptr(IncidentIntakeMessage) end = read_sample_of (NULL, "alertmanager-resolve.json", NULL);
  g_autoptr(IncidentIntakeMessage) part = parse_captured ("alertmanager-live-2b-partial-resolve.json");
  guint n_resolved = 0;

  assert_int_equal (one->alerts->len, 1);
  assert_string_equal (incident_alert_get_episode_key (get_alert (one, 0)),
                       "monitor/8b5b426a4c9af956@2026-11-23T06:14:46.154098614Z");
  assert_string_equal (one->title, "Disk of db-1 will fill in 4 h");
  assert_int_equal (one->group_labels->len, 2);
  assert_int_equal (three->alerts->len, 3);
  assert_null (three->title);
  for (guint i = 0; i < end->alerts->len; i++)
    assert_int_equal (get_alert (end, i)->status, INCIDENT_ALERT_STATUS_RESOLVED);
  for (guint i = 0; i < part->alerts->len; i++)
    n_resolved += get_alert (part, i)->status == INCIDENT_ALERT_STATUS_RESOLVED;
  assert_int_equal (n_resolved, 1);
}

/* The group */

static void
test_a_group_is_its_labels (void **state)
{
  g_autoptr(IncidentIntakeMessage) message = parse ("{\"groupKey\":\"{}:{b}\",\"groupLabels\":{\"b\":\"2\",\"a\":\"\"},\"alerts\":[]}");
  g_autoptr(IncidentIntakeMessage) none = parse ("{\"alerts\":[]}");

  assert_int_equal (message->group_labels->len, 2);
  assert_string_equal (g_array_index (message->group_labels, IncidentLabel, 0).name, "b");
  assert_string_equal (g_array_index (message->group_labels, IncidentLabel, 0).value, "2");
  assert_int_equal (none->group_labels->len, 0);
}

static void
test_the_title_is_the_summary_that_all_alerts_share (void **state)
{
  g_autoptr(IncidentIntakeMessage) named = parse ("{\"commonAnnotations\":{\"a\":\"b\",\"summary\":\"Disk of db-1\"},\"alerts\":[]}");
  g_autoptr(IncidentIntakeMessage) blank = parse ("{\"commonAnnotations\":{\"summary\":\" \"},\"alerts\":[]}");

  assert_string_equal (named->title, "Disk of db-1");
  assert_null (blank->title);
}

static void
test_alerts_that_were_cut_off_are_unknown (void **state)
{
  g_autoptr(IncidentIntakeMessage) cut = parse ("{\"truncatedAlerts\":7,\"alerts\":[]}");
  g_autoptr(IncidentIntakeMessage) whole = parse ("{\"truncatedAlerts\":0,\"alerts\":[]}");

  assert_int_equal (cut->notes->len, 1);
  assert_non_null (strstr (g_ptr_array_index (cut->notes, 0), "7 alerts"));
  assert_null (whole->notes);
}

/* What is wrong */

static void
test_a_bad_alert_is_set_aside_with_its_place (void **state)
{
  static const struct
  {
    const char *alert;
    const char *where;
    const char *what;
  } cases[] = {
    { "7", "/alerts/1", "must be an object, not a number" },
    { "{}", "/alerts/1", "must have the member “status”" },
    { "{\"status\":\"firing\"}", "/alerts/1", "must have the member “labels”, with at least one label" },
    { "{\"status\":\"firing\",\"labels\":{}}", "/alerts/1", "must have the member “labels”, with at least one label" },
    { "{\"status\":\"broken\",\"labels\":{\"a\":\"b\"}}", "/alerts/1/status", "must be “firing” or “resolved”" },
    { "{\"status\":\"firing\",\"labels\":{\"a\":7}}", "/alerts/1/labels/a", "must be a string, not a number" },
    { "{\"status\":\"firing\",\"labels\":[]}", "/alerts/1/labels", "must be an object, not an array" },
    { "{\"status\":\"firing\",\"labels\":{\"a\":\"b\"},\"annotations\":null}", "/alerts/1/annotations",
      "must be an object, not null" },
    { "{\"status\":\"firing\",\"labels\":{\"a\":\"b\"},\"startsAt\":17}", "/alerts/1/startsAt",
      "must be a string, not a number" },
    { "{\"status\":\"firing\",\"labels\":{\"a\":\"b\"},\"startsAt\":\"2026-11-23 07:00:00\"}", "/alerts/1/startsAt",
      "“T” and the time of day must follow the date" },
    { "{\"status\":\"firing\",\"labels\":{\"a\":\"b\"},\"startsAt\":\"2026-11-23T07:00:00\"}", "/alerts/1/startsAt",
      "“Z” or an offset" },
    { "{\"status\":\"firing\",\"labels\":{\"a\":\"b\"},\"startsAt\":\"\"}", "/alerts/1/startsAt", "is not a time" },
    { "{\"status\":\"firing\",\"labels\":{\"a\":\"b\"},\"endsAt\":\"2026-02-30T00:00:00Z\"}", "/alerts/1/endsAt",
      "the month has no such day" },
    { "{\"status\":\"Firing\",\"labels\":{\"a\":\"b\"}}", "/alerts/1/status", "must be “firing” or “resolved”" },
    { "{\"status\":null,\"labels\":{\"a\":\"b\"}}", "/alerts/1/status", "must be a string, not null" },
    { "{\"status\":\"firing\",\"labels\":{\"a\":\"b\"},\"fingerprint\":7}", "/alerts/1/fingerprint", "must be a string, not a number" },
    { "{\"status\":\"firing\",\"labels\":{\"a\":\"b\"},\"generatorURL\":[]}", "/alerts/1/generatorURL", "must be a string, not an array" },
    { "{\"status\":\"firing\",\"labels\":{\"a\":\"cut \\ud83d\"}}", "/alerts/1/labels/a", "the first half of a surrogate pair" },
    { "{\"status\":\"firing\",\"labels\":{\"a\":\"b\"},\"more\":{\"x\":[\"\\ude42\"]}}", "/alerts/1/more/x/0",
      "the second half of a surrogate pair" },
    { "{\"status\":\"firing\",\"labels\":{\"a\":\"\\u0000\"}}", "/alerts/1/labels/a", "must not contain NUL" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *json = g_strdup_printf (MESSAGE ("{\"status\":\"firing\",\"labels\":{\"n\":\"0\"}},%s,"
                                                        "{\"status\":\"firing\",\"labels\":{\"n\":\"2\"}}"), cases[i].alert);
      g_autoptr(IncidentIntakeMessage) message = parse (json);

      assert_int_equal (message->alerts->len, 2);
      assert_string_equal (incident_alert_get_label (get_alert (message, 0), "n"), "0");
      assert_string_equal (incident_alert_get_label (get_alert (message, 1), "n"), "2");
      assert_int_equal (message->refused->len, 1);
      assert_refused (message, 0, cases[i].where, cases[i].what);
    }
}

/* Text that was cut in a character stands in what all alerts share, too. */
static void
test_what_only_helps_does_not_cost_the_alerts (void **state)
{
  g_autoptr(IncidentIntakeMessage) message =
    parse ("{\"commonLabels\":{\"a\":\"\\ud83d\"},\"commonAnnotations\":{\"summary\":\"Disk \\ud83d\",\"x\":7},\"truncatedAlerts\":\"many\","
           "\"alerts\":[{\"status\":\"firing\",\"labels\":{\"n\":\"0\"},\"annotations\":{\"summary\":\"Disk \\ud83d\"}},"
           "{\"status\":\"firing\",\"labels\":{\"n\":\"1\"}}],\"more\":\"\\ud83d\"}");

  assert_int_equal (message->alerts->len, 1);
  assert_int_equal (message->refused->len, 1);
  assert_null (message->title);
}

static void
test_what_is_no_message_of_the_webhook_is_an_error (void **state)
{
  assert_no_message_of ("alertmanager", "{\"version\":\"4\"}", NULL, "",
                        "must have the member “alerts”: this is no message of Prometheus Alertmanager, webhook");
  assert_no_message_of ("alertmanager", "[]", NULL, "", "body.json:1:1: (document): must be an object, not an array");
  assert_no_message_of ("alertmanager", "{\"alerts\":\n {}}", NULL, "/alerts", "body.json:2:2: /alerts: must be an array, not an object");
  assert_no_message_of ("alertmanager", "{\"alerts\":[],\"groupLabels\":{\"a\":1}}", NULL, "/groupLabels/a", "must be a string, not a number");
}

static void
test_what_is_no_json_is_an_error (void **state)
{
  static const char * const bodies[] = { "", " ", "{", "{\"alerts\":[", "{\"alerts\":[]}x",
                                         "{\"alerts\":[],\"alerts\":[]}",
                                         "{\"alerts\":[{\"status\":\"firing\",\"labels\":{\"a\":\"\xff\"}}]}",
                                         "{\"alerts\":[{\"labels\":{\"a\":\"b\",\"a\":\"c\"},\"status\":\"firing\"}]}" };

  for (guint i = 0; i < G_N_ELEMENTS (bodies); i++)
    {
      g_autoptr(GError) error = NULL;

      if (try_to_read ("alertmanager", bodies[i], strlen (bodies[i]), NULL, &error) != NULL)
        fail_msg ("taken: %s", bodies[i]);
      assert_error (error, INCIDENT_ERROR, INCIDENT_ERROR_INVALID);
    }
}

static void
test_many_alerts_are_read_in_their_order (void **state)
{
  g_autoptr(GString) json = g_string_new ("{\"alerts\":[");
  g_autoptr(IncidentIntakeMessage) message = NULL;

  for (guint i = 0; i < 15000; i++)
    g_string_append_printf (json, "%s{\"status\":\"firing\",\"labels\":{\"n\":\"%u\"},\"startsAt\":\"2026-11-23T06:%02u:00Z\"}",
                            i > 0 ? "," : "", i, i / 300);
  g_string_append (json, "]}");
  message = parse (json->str);

  assert_int_equal (message->alerts->len, 15000);
  assert_string_equal (incident_alert_get_label (get_alert (message, 14999), "n"), "14999");
  assert_string_equal (get_alert (message, 299)->episode, "2026-11-23T06:00:00Z");
  assert_string_equal (get_alert (message, 300)->episode, "2026-11-23T06:01:00Z");
}

/* An alert by itself */

static void
test_the_key_of_an_occurrence_is_source_fingerprint_and_start (void **state)
{
  g_autoptr(IncidentIntakeMessage) message =
    parse (MESSAGE ("{\"status\":\"firing\",\"labels\":{\"a\":\"b\"},\"fingerprint\":\"f\",\"startsAt\":\"2026-11-23T06:14:46.154098614Z\"},"
                    "{\"status\":\"firing\",\"labels\":{\"a\":\"b\"},\"fingerprint\":\"f\"}"));

  assert_string_equal (incident_alert_get_episode_key (get_alert (message, 0)), "monitor/f@2026-11-23T06:14:46.154098614Z");
  assert_string_equal (incident_alert_get_episode_key (get_alert (message, 1)), "monitor/f@2026-11-23T07:00:00.000000Z");
}

static void
test_json_has_what_was_told (void **state)
{
  g_autoptr(IncidentIntakeMessage) message =
    parse (MESSAGE ("{\"status\":\"resolved\",\"labels\":{\"b\":\"2\",\"alertname\":\"D\"},\"annotations\":{\"summary\":\"\\\"\\u0001\"},"
                    "\"startsAt\":\"2026-11-23T07:00:00.1Z\",\"endsAt\":\"2026-11-23T07:30:00Z\",\"generatorURL\":\"u\",\"fingerprint\":\"f\"},"
                    "{\"status\":\"firing\",\"labels\":{\"alertname\":\"D\"},\"fingerprint\":\"f\"}"));
  g_autofree char *full = incident_alert_to_json (get_alert (message, 0));
  g_autofree char *bare = incident_alert_to_json (get_alert (message, 1));

  assert_string_equal (full,
                       "{\"alert\":\"monitor/f@2026-11-23T07:00:00.1Z\",\"status\":\"resolved\",\"case\":null,\"why\":null,"
                       "\"name\":\"D\",\"summary\":\"\\\"\\u0001\",\"source\":\"monitor\",\"starts_at\":\"2026-11-23T07:00:00.1Z\","
                       "\"ends_at\":\"2026-11-23T07:30:00.000000Z\",\"link\":\"u\",\"labels\":{\"alertname\":\"D\",\"b\":\"2\"},"
                       "\"annotations\":{\"summary\":\"\\\"\\u0001\"}}");
  assert_string_equal (bare,
                       "{\"alert\":\"monitor/f@2026-11-23T07:00:00.000000Z\",\"status\":\"firing\",\"case\":null,\"why\":null,"
                       "\"name\":\"D\",\"source\":\"monitor\",\"labels\":{\"alertname\":\"D\"},\"annotations\":{}}");
}

static void
test_an_alert_with_many_labels_keeps_all (void **state)
{
  g_autoptr(GString) json = g_string_new ("{\"alerts\":[{\"status\":\"firing\",\"labels\":{");
  g_autoptr(IncidentIntakeMessage) message = NULL;

  for (guint i = 0; i < 100; i++)
    g_string_append_printf (json, "%s\"l%u\":\"v%u\"", i > 0 ? "," : "", i, i);
  g_string_append (json, "},\"annotations\":{\"a\":\"b\"}}]}");
  message = parse (json->str);

  assert_int_equal (get_alert (message, 0)->labels.n, 100);
  assert_string_equal (incident_alert_get_label (get_alert (message, 0), "l77"), "v77");
  assert_string_equal (incident_alert_get_annotation (get_alert (message, 0), "a"), "b");
}

int
main (void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test (test_a_missing_fingerprint_is_computed_as_the_sender_would),
    cmocka_unit_test (test_fingerprints_are_those_of_the_real_sender),
    cmocka_unit_test (test_all_of_an_alert_is_read),
    cmocka_unit_test (test_what_need_not_be_there_is_missing),
    cmocka_unit_test (test_the_time_of_year_1_is_no_time),
    cmocka_unit_test (test_a_firing_alert_has_no_end),
    cmocka_unit_test (test_severity_is_the_word_of_the_label),
    cmocka_unit_test (test_labels_of_other_scripts_are_sorted_by_their_bytes),
    cmocka_unit_test (test_a_key_that_is_no_line_is_named_by_its_hash),
    cmocka_unit_test (test_a_captured_group_fires_grows_and_ends),
    cmocka_unit_test (test_a_group_is_its_labels),
    cmocka_unit_test (test_the_title_is_the_summary_that_all_alerts_share),
    cmocka_unit_test (test_alerts_that_were_cut_off_are_unknown),
    cmocka_unit_test (test_a_bad_alert_is_set_aside_with_its_place),
    cmocka_unit_test (test_what_only_helps_does_not_cost_the_alerts),
    cmocka_unit_test (test_what_is_no_message_of_the_webhook_is_an_error),
    cmocka_unit_test (test_what_is_no_json_is_an_error),
    cmocka_unit_test (test_many_alerts_are_read_in_their_order),
    cmocka_unit_test (test_the_key_of_an_occurrence_is_source_fingerprint_and_start),
    cmocka_unit_test (test_json_has_what_was_told),
    cmocka_unit_test (test_an_alert_with_many_labels_keeps_all),
  };

  return cmocka_run_group_tests (tests, NULL, NULL);
}
