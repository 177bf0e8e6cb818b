/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "desk-test.h"

/* What a message does to cases. How one is read is told in test-alertmanager.c. */

#define ALERT(state, finger, rest) "{\"status\":\"" state "\",\"labels\":{\"alertname\":\"Disk\"" rest "},\"fingerprint\":\"" finger \
  "\",\"startsAt\":\"2026-11-23T06:59:00Z\",\"endsAt\":\"2026-11-23T06:59:30Z\"}"
#define FIRING(finger) ALERT ("firing", finger, "")
#define RESOLVED(finger) ALERT ("resolved", finger, "")
#define SEVERE(finger, severity) ALERT ("firing", finger, ",\"severity\":\"" severity "\"")
#define MESSAGE(alerts) "{\"groupLabels\":{\"alertname\":\"Disk\"},\"alerts\":[" alerts "]}"

static GPtrArray *
ingest_bytes (Office *office, const char *body, gsize length)
{
  g_autoptr(GBytes) bytes = g_bytes_new (body, length);
  g_autoptr(GError) error = NULL;
  GPtrArray *receipts = incident_desk_ingest (office->desk, "alertmanager", bytes, "body.json", "prometheus", INCIDENT_TIME_NONE, &error);

  assert_no_error (error);
  return receipts;
}

/* What became of the alerts, as “outcome:case …”. */
static void
assert_outcome (Office *office, const char *body, const char *expected)
{
  g_autoptr(GPtrArray) receipts = ingest_bytes (office, body, strlen (body));
  g_autoptr(GString) found = g_string_new (NULL);

  for (guint i = 0; i < receipts->len; i++)
    g_string_append_printf (found, "%s:%" G_GUINT64_FORMAT " ",
                            incident_receipt_get_outcome (g_ptr_array_index (receipts, i)),
                            incident_receipt_get_case_number (g_ptr_array_index (receipts, i)));
  assert_string_equal (found->str, expected);
}

static IncidentCase *
get_case (Office *office, guint64 number)
{
  g_autoptr(GError) error = NULL;
  IncidentCase *kase = incident_desk_get_case (office->desk, number, &error);

  assert_no_error (error);
  return kase;
}

static void
assert_kinds (IncidentCase *kase, const char *expected)
{
  g_autoptr(GString) kinds = g_string_new (NULL);

  for (guint seq = 1; seq <= incident_case_get_version (kase); seq++)
    {
      g_autoptr(IncidentEvent) event = dup_event (kase, seq);

      g_string_append_printf (kinds, "%s ", incident_event_get_kind (event));
    }
  assert_string_equal (kinds->str, expected);
}

/* The bodies that a real Alertmanager sent, in order. */

static void
replay (Office *office, const char *name, const char *expected)
{
  g_autofree char *path = g_build_filename (g_getenv ("G_TEST_SRCDIR"), "conformance", "alertmanager", name, NULL);
  g_autofree char *body = NULL;
  g_autoptr(GError) error = NULL;

  g_file_get_contents (path, &body, NULL, &error);
  assert_no_error (error);
  assert_outcome (office, body, expected);
}

static void
test_what_a_real_sender_says_is_one_case (void **state)
{
  Office *office = *state;
  g_autoptr(IncidentCase) kase = NULL;

  replay (office, "alertmanager-live-1.json", "opened:1 ");
  replay (office, "alertmanager-live-2.json", "repeated:1 joined:1 joined:1 ");
  replay (office, "alertmanager-live-2b-partial-resolve.json", "repeated:1 repeated:1 resolved:1 ");
  replay (office, "alertmanager-live-3.json", "resolved:1 resolved:1 ");
  kase = get_case (office, 1);
  assert_kinds (kase,
                "opened alert-fired alert-fired alert-fired alert-resolved alert-resolved alert-resolved alerts-ended ");
  assert_string_equal (incident_case_get_title (kase), "Disk of db-1 will fill in 4 h");
  assert_string_equal (incident_case_get_service (kase), "orders-db");
  assert_int_equal (incident_case_get_severity (kase), INCIDENT_SEVERITY_SEV2);
  assert_int_equal (incident_case_get_firing_alerts (kase), 0);
  assert_string_equal (incident_case_get_phase (kase), "new");
  assert_true (incident_store_get_size (office->store, NULL) == 8);
}

static void
test_an_event_has_all_that_the_alert_said (void **state)
{
  Office *office = *state;
  g_autoptr(IncidentCase) kase = NULL;
  g_autoptr(IncidentEvent) event = NULL;
  gint64 began = 0;

  replay (office, "alertmanager-live-1.json", "opened:1 ");
  kase = get_case (office, 1);
  assert_last (kase, "alert-fired",
               "{\"alert\":\"prometheus/8b5b426a4c9af956@2026-11-23T06:14:46.154098614Z\",\"alert-status\":\"firing\",\"severity\":\"sev4\","
               "\"severity-from\":\"alert\",\"name\":\"DiskWillFillIn4Hours\",\"summary\":\"Disk of db-1 will fill in 4 h\","
               "\"source\":\"prometheus\",\"starts_at\":\"2026-11-23T06:14:46.154098614Z\","
               "\"link\":\"http://prom.example.org:9090/graph?g0.expr=predict_linear%28x%5B6h%5D%29&g0.tab=1\","
               "\"labels\":{\"alertname\":\"DiskWillFillIn4Hours\",\"cluster\":\"eu-west-1\",\"device\":\"/dev/sda1\","
               "\"instance\":\"db-1:9100\",\"job\":\"node\",\"service\":\"orders-db\",\"severity\":\"warning\",\"team\":\"storage\"},"
               "\"annotations\":{\"description\":\"/dev/sda1 on db-1 is filling: 3.1 GiB left & <tag>\","
               "\"runbook_url\":\"https://runbooks.example.org/disk\",\"summary\":\"Disk of db-1 will fill in 4 h\"}}");
  event = dup_last_event (kase);
  assert_true (incident_time_from_string ("2026-11-23T06:14:46.154098Z", &began, NULL));
  assert_true (incident_event_get_occurred_at (event) == began);
  assert_true (incident_event_get_recorded_at (event) == START);
  assert_string_equal (incident_event_get_actor (event), "prometheus");
}

static void
test_the_same_message_twice_adds_nothing (void **state)
{
  Office *office = *state;

  replay (office, "alertmanager-live-2.json", "opened:1 opened:1 opened:1 ");
  replay (office, "alertmanager-live-2.json", "repeated:1 repeated:1 repeated:1 ");
  assert_true (incident_store_get_size (office->store, NULL) == 4);
  replay (office, "alertmanager-live-3.json", "resolved:1 resolved:1 ");
  replay (office, "alertmanager-live-3.json", "repeated:1 repeated:1 ");
  assert_true (incident_store_get_size (office->store, NULL) == 6);
}

/* Groups */

static void
test_each_group_has_a_case_of_its_own (void **state)
{
  Office *office = *state;

  assert_outcome (office, "{\"groupKey\":\"k\",\"groupLabels\":{\"a\":\"1\"},\"alerts\":[" FIRING ("f") "]}",
                  "opened:1 ");
  assert_outcome (office, "{\"groupKey\":\"k\",\"groupLabels\":{\"a\":\"2\"},\"alerts\":[" FIRING ("h") "]}",
                  "opened:2 ");
  assert_outcome (office, "{\"groupKey\":\"other\",\"groupLabels\":{\"a\":\"1\"},\"alerts\":[" FIRING ("g") "]}",
                  "joined:1 ");
  assert_outcome (office, "{\"alerts\":[" FIRING ("i") "]}", "opened:3 ");
}

static void
test_a_closed_case_stays_closed_and_another_is_opened (void **state)
{
  Office *office = *state;
  g_autoptr(IncidentCase) kase = NULL;

  assert_outcome (office, MESSAGE (FIRING ("f")), "opened:1 ");
  kase = get_case (office, 1);
  act (kase, "cancel", "ana", "text", "a drill", NULL);
  /* It was told that the alert fires, so it is told that it ended. */
  assert_outcome (office, MESSAGE (RESOLVED ("f")), "resolved:1 ");
  assert_outcome (office, MESSAGE (FIRING ("g")), "opened:2 ");
  assert_outcome (office, MESSAGE (FIRING ("h")), "joined:2 ");
  assert_int_equal (incident_case_get_version (kase), 5);
}

static void
test_a_case_that_was_reopened_after_another_does_not_take_alerts_back (void **state)
{
  Office *office = *state;
  g_autoptr(IncidentCase) first = NULL;

  assert_outcome (office, MESSAGE (FIRING ("f")), "opened:1 ");
  first = get_case (office, 1);
  act (first, "cancel", "ana", "text", "a drill", NULL);
  assert_outcome (office, MESSAGE (FIRING ("g")), "opened:2 ");
  act (first, "reopen", "ana", "text", "after all", NULL);
  assert_outcome (office, MESSAGE (FIRING ("h")), "joined:2 ");
}

static void
test_an_end_without_a_beginning_is_ignored (void **state)
{
  Office *office = *state;

  assert_outcome (office, MESSAGE (RESOLVED ("f")), "ignored:0 ");
  assert_true (incident_store_get_size (office->store, NULL) == 0);
  assert_outcome (office, MESSAGE (FIRING ("g") "," RESOLVED ("f")), "opened:1 ignored:0 ");
  assert_true (incident_store_get_size (office->store, NULL) == 2);
}

static void
test_a_message_without_alerts_does_nothing (void **state)
{
  Office *office = *state;

  assert_outcome (office, MESSAGE (""), "");
  assert_true (incident_store_get_size (office->store, NULL) == 0);
}

/* Occurrences */

static void
test_the_end_of_all_alerts_is_noted_once (void **state)
{
  Office *office = *state;
  g_autoptr(IncidentCase) kase = NULL;

  assert_outcome (office, MESSAGE (FIRING ("f") "," FIRING ("g")), "opened:1 opened:1 ");
  kase = get_case (office, 1);
  assert_outcome (office, MESSAGE (RESOLVED ("f")), "resolved:1 ");
  assert_kinds (kase, "opened alert-fired alert-fired alert-resolved ");
  assert_outcome (office, MESSAGE (RESOLVED ("g") "," RESOLVED ("f")), "resolved:1 repeated:1 ");
  assert_kinds (kase, "opened alert-fired alert-fired alert-resolved alert-resolved alerts-ended ");
  assert_last (kase, "alerts-ended", "{\"text\":\"No alert of this case fires any more\"}");
  assert_outcome (office, MESSAGE (RESOLVED ("g")), "repeated:1 ");
  assert_int_equal (incident_case_get_version (kase), 6);
}

static void
test_what_has_ended_is_not_opened_again_by_a_late_message (void **state)
{
  Office *office = *state;

  assert_outcome (office, MESSAGE (FIRING ("f") "," FIRING ("g")), "opened:1 opened:1 ");
  assert_outcome (office, MESSAGE (RESOLVED ("f")), "resolved:1 ");
  assert_outcome (office, MESSAGE (FIRING ("f")), "repeated:1 ");
}

static void
test_the_same_alert_later_is_another_occurrence (void **state)
{
  Office *office = *state;

  assert_outcome (office, MESSAGE (FIRING ("f")), "opened:1 ");
  assert_outcome (office, MESSAGE (RESOLVED ("f")), "resolved:1 ");
  assert_outcome (office, MESSAGE ("{\"status\":\"firing\",\"labels\":{\"a\":\"b\"},\"fingerprint\":\"f\","
                                   "\"startsAt\":\"2026-11-23T06:59:00.000000001Z\"}"), "joined:1 ");
}

static void
test_an_alert_that_stands_twice_in_a_message_is_recorded_once (void **state)
{
  Office *office = *state;

  assert_outcome (office, MESSAGE (FIRING ("f") "," FIRING ("f")), "opened:1 repeated:1 ");
  assert_true (incident_store_get_size (office->store, NULL) == 2);
}

static void
test_an_alert_does_not_begin_again_within_a_message (void **state)
{
  Office *office = *state;

  assert_outcome (office, MESSAGE (FIRING ("f") "," RESOLVED ("f") "," FIRING ("f") "," RESOLVED ("f")),
                  "suppressed:0 resolved:0 repeated:0 ignored:0 ");
  assert_true (incident_store_get_size (office->store, NULL) == 0);
}

#define UNTOLD(state, finger) "{\"status\":\"" state "\",\"labels\":{\"a\":\"b\"},\"fingerprint\":\"" finger "\"}"

static void
test_an_alert_without_a_start_is_the_one_that_fires (void **state)
{
  Office *office = *state;
  g_autoptr(IncidentCase) kase = NULL;
  g_autoptr(IncidentEvent) event = NULL;

  assert_outcome (office, MESSAGE (UNTOLD ("firing", "f")), "opened:1 ");
  kase = get_case (office, 1);
  event = dup_last_event (kase);
  assert_fact (event, "alert", "prometheus/f@2026-11-23T07:00:00.000000Z");
  advance (office, MINUTE);
  assert_outcome (office, MESSAGE (UNTOLD ("firing", "f")), "repeated:1 ");
  assert_outcome (office, MESSAGE (UNTOLD ("resolved", "f")), "resolved:1 ");
  assert_outcome (office, MESSAGE (UNTOLD ("resolved", "f")), "repeated:1 ");
  advance (office, MINUTE);
  assert_outcome (office, MESSAGE (UNTOLD ("firing", "f")), "joined:1 ");
}

static void
test_a_fingerprint_is_matched_to_its_end (void **state)
{
  Office *office = *state;

  assert_outcome (office, MESSAGE (UNTOLD ("firing", "f@g")), "opened:1 ");
  assert_outcome (office, MESSAGE (UNTOLD ("firing", "f")), "joined:1 ");
  assert_outcome (office, MESSAGE (UNTOLD ("firing", "ff")), "joined:1 ");
}

static void
test_what_is_still_to_come_happens_now (void **state)
{
  Office *office = *state;
  g_autoptr(IncidentCase) kase = NULL;
  g_autoptr(IncidentEvent) event = NULL;

  assert_outcome (office,
                  MESSAGE ("{\"status\":\"firing\",\"labels\":{\"a\":\"b\"},\"startsAt\":\"2027-01-01T00:00:00Z\"}"), "opened:1 ");
  kase = get_case (office, 1);
  event = dup_last_event (kase);
  assert_true (incident_event_get_occurred_at (event) == START);
}

/* Severity */

static void
assert_severity (IncidentCase *kase, IncidentSeverity severity)
{
  assert_int_equal (incident_case_get_severity (kase), severity);
}

static void
test_severity_is_the_worst_of_the_alerts (void **state)
{
  Office *office = *state;
  g_autoptr(IncidentCase) kase = NULL;

  assert_outcome (office, MESSAGE (FIRING ("a")), "opened:1 ");
  kase = get_case (office, 1);
  assert_severity (kase, INCIDENT_SEVERITY_UNKNOWN);
  assert_outcome (office, MESSAGE (SEVERE ("b", "warning")), "joined:1 ");
  assert_severity (kase, INCIDENT_SEVERITY_SEV4);
  assert_outcome (office, MESSAGE (SEVERE ("c", "critical") "," SEVERE ("d", "error")), "joined:1 joined:1 ");
  assert_severity (kase, INCIDENT_SEVERITY_SEV2);
  assert_outcome (office, MESSAGE (SEVERE ("e", "info")), "joined:1 ");
  assert_severity (kase, INCIDENT_SEVERITY_SEV2);
  assert_outcome (office, MESSAGE (RESOLVED ("c")), "resolved:1 ");
  assert_severity (kase, INCIDENT_SEVERITY_SEV2);
}

static void
test_the_severity_of_a_person_stays (void **state)
{
  Office *office = *state;
  g_autoptr(IncidentCase) kase = NULL;

  assert_outcome (office, MESSAGE (SEVERE ("a", "error")), "opened:1 ");
  kase = get_case (office, 1);
  act (kase, "classify", "ana", "severity", "sev3", NULL);
  assert_int_equal (incident_case_get_version (kase), 3);
  assert_outcome (office, MESSAGE (SEVERE ("b", "critical")), "joined:1 ");
  assert_severity (kase, INCIDENT_SEVERITY_SEV3);
}

static void
test_an_alert_makes_no_view_stale (void **state)
{
  Office *office = *state;
  g_autoptr(IncidentCase) kase = NULL;
  IncidentCommand *command = command_new ("diagnose", "ana", NULL);

  assert_outcome (office, MESSAGE (FIRING ("a")), "opened:1 ");
  kase = get_case (office, 1);
  incident_command_set_seen (command, 2);
  assert_outcome (office, MESSAGE (SEVERE ("b", "critical")), "joined:1 ");
  act_with (kase, command);
}

/* Bad and hostile messages */

static void
test_a_bad_alert_does_not_take_the_good_ones_with_it (void **state)
{
  Office *office = *state;
  const char *body = MESSAGE (FIRING ("f") ",{\"status\":\"firing\",\"labels\":{\"a\":1}}," FIRING ("g"));
  g_autoptr(GPtrArray) receipts = ingest_bytes (office, body, strlen (body));
  IncidentReceipt *receipt = g_ptr_array_index (receipts, 2);

  assert_int_equal (receipts->len, 3);
  assert_string_equal (incident_receipt_get_outcome (g_ptr_array_index (receipts, 0)), "opened");
  assert_string_equal (incident_receipt_get_outcome (g_ptr_array_index (receipts, 1)), "opened");
  assert_string_equal (incident_receipt_get_outcome (receipt), "refused");
  assert_null (incident_receipt_get_alert (receipt));
  assert_true (incident_receipt_get_case_number (receipt) == 0);
  assert_string_equal (incident_error_get_where (incident_receipt_get_error (receipt)), "/alerts/1/labels/a");
  assert_true (incident_store_get_size (office->store, NULL) == 3);
}

static void
assert_refused_body (Office *office, const char *format, const char *body, const char *actor, const char *message)
{
  g_autoptr(GBytes) bytes = g_bytes_new_static (body, strlen (body));
  g_autoptr(GError) error = NULL;

  assert_null (incident_desk_ingest (office->desk, format, bytes, "body.json", actor, INCIDENT_TIME_NONE, &error));
  assert_error (error, INCIDENT_ERROR, INCIDENT_ERROR_INVALID);
  assert_string_equal (error->message, message);
}

static void
test_what_is_no_message_records_nothing (void **state)
{
  Office *office = *state;

  assert_refused_body (office, "alertmanager", "{\"status\":\"firing\"}", "prometheus",
                       "body.json:1:1: (document): must have the member “alerts”: this is no message of Prometheus Alertmanager, webhook");
  assert_refused_body (office, "alertmanager", "{\"alerts\":[]}\nx", "prometheus",
                       "body.json:2:1: (document): must be one value and no more: “x” follows it");
  assert_refused_body (office, "smoke", MESSAGE (FIRING ("f")), "prometheus",
                       "There is no format “smoke”: there are “alertmanager”, “alertmanager-api”, “grafana”, “grafana-legacy”, “pagerduty”, "
                       "“opsgenie”, “icinga”, “checkmk”, “nagios”, “zabbix”, “cloudwatch”, “datadog”, “sentry”, “cloudevents” and “json”");
  assert_true (incident_store_get_size (office->store, NULL) == 0);
}

static void
test_the_sender_must_have_a_name (void **state)
{
  static const char * const names[] = { "", " ", "a\nb", "\xff" };
  Office *office = *state;

  assert_outcome (office, MESSAGE (FIRING ("f")), "opened:1 ");
  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    assert_refused_body (office, "alertmanager", MESSAGE (FIRING ("g")), names[i],
                         "The actor must be one line of UTF-8, at most 200 bytes long and not blank");
  assert_true (incident_store_get_size (office->store, NULL) == 2);
}

static void
test_an_empty_body_is_an_error (void **state)
{
  Office *office = *state;
  g_autoptr(GBytes) bytes = g_bytes_new (NULL, 0);
  g_autoptr(GError) error = NULL;

  assert_null (incident_desk_ingest (office->desk, "alertmanager", bytes, NULL, "prometheus", INCIDENT_TIME_NONE, &error));
  assert_error (error, INCIDENT_ERROR, INCIDENT_ERROR_INVALID);
}

static void
test_hostile_words_are_kept_to_the_letter (void **state)
{
  Office *office = *state;
  g_autoptr(IncidentCase) kase = NULL;
  static const char words[] = "\\u0001\\u001b[31m<script>\\\"'\\\\ %s =\\n\\u202e🙂 '); DROP TABLE event;--";
  g_autofree char *body =
    g_strdup_printf ("{\"groupLabels\":{\"x=y\\n\":\"%s\"},\"commonAnnotations\":{\"summary\":\"%s\"},\"alerts\":[{\"status\":\"firing\","
                     "\"labels\":{\"\":\"%s\",\"alertname\":\"%s\"},\"annotations\":{\"summary\":\"%s\"},\"fingerprint\":\"f=g\"}]}",
                     words, words, words, words, words);
  g_autoptr(IncidentEvent) event = NULL;
  g_autoptr(JsonNode) data = NULL;
  JsonObject *object;
  static const char decoded[] = "\x01\x1b[31m<script>\"'\\ %s =\n\u202e🙂 '); DROP TABLE event;--";

  assert_outcome (office, body, "opened:1 ");
  kase = get_case (office, 1);
  assert_string_equal (incident_case_get_title (kase), decoded);
  event = dup_last_event (kase);
  assert_fact (event, "alert", "prometheus/f=g@2026-11-23T07:00:00.000000Z");
  data = incident_event_dup_data (event);
  object = json_node_get_object (data);
  assert_string_equal (json_object_get_string_member (object, "name"), decoded);
  assert_string_equal (json_object_get_string_member (object, "summary"), decoded);
  assert_string_equal (json_object_get_string_member (json_object_get_object_member (object, "labels"), ""), decoded);
}

/* Facts and doubled words make more of a message than it was. */
static void
test_a_body_of_nearly_the_largest_size_is_kept_whole (void **state)
{
  g_autofree char *words = g_strnfill (250 * 1024, 'x');

  for (gsize length = 1024 * 1024 - 160; length <= 1024 * 1024; length += 20)
    {
      g_autoptr(GString) body = g_string_new ("{\"alerts\":[{\"status\":\"firing\",\"labels\":{\"a\":\"b\"},\"annotations\":{");
      g_autofree char *last = NULL;
      g_autoptr(IncidentCase) kase = NULL;
      g_autoptr(IncidentEvent) event = NULL;
      g_autofree char *json = NULL;
      g_autoptr(JsonNode) data = NULL;

      g_string_append_printf (body, "\"a\":\"%s\",\"b\":\"%s\",\"c\":\"%s\",\"%s\":\"%s\",\"last\":\"", words, words,
                              words,
                              length % 40 == 0 ? "d" : "summary", words);
      last = g_strnfill (length - body->len - strlen ("\"}}]}"), 'y');
      g_string_append_printf (body, "%s\"}}]}", last);
      assert_int_equal (body->len, length);

      office_close (state);
      office_open (state);
      assert_outcome (*state, body->str, "opened:1 ");
      kase = get_case (*state, 1);
      event = dup_last_event (kase);
      json = incident_event_to_json (event);
      assert_non_null (strstr (json, last));
      data = incident_event_dup_data (event);
      assert_true (json_object_has_member (json_node_get_object (data), "annotations"));
    }
}

static void
test_a_title_that_is_too_long_is_cut_and_the_alert_kept (void **state)
{
  Office *office = *state;
  g_autoptr(GString) words = g_string_new (NULL);
  g_autofree char *body = NULL;
  g_autoptr(IncidentCase) kase = NULL;

  while (words->len < 65537)
    g_string_append (words, "é");
  body = g_strdup_printf ("{\"commonAnnotations\":{\"summary\":\"%s\"},\"alerts\":[" FIRING ("f") "]}", words->str);
  assert_outcome (office, body, "opened:1 ");
  kase = get_case (office, 1);
  assert_true (strlen (incident_case_get_title (kase)) <= 65536);
  assert_true (g_utf8_validate (incident_case_get_title (kase), -1, NULL));
  assert_true (g_str_has_suffix (incident_case_get_title (kase), "é…"));
}

static void
test_a_message_that_was_kept_is_dated_back (void **state)
{
  Office *office = *state;
  const char *body = MESSAGE (FIRING ("a"));
  g_autoptr(GBytes) bytes = g_bytes_new_static (body, strlen (body));
  g_autoptr(GPtrArray) receipts = NULL;
  g_autoptr(IncidentCase) kase = NULL;
  g_autoptr(IncidentEvent) fired = NULL;
  g_autoptr(GError) error = NULL;

  advance (office, 60 * MINUTE);
  receipts = incident_desk_ingest (office->desk, "alertmanager", bytes, NULL, "prometheus", START + MINUTE, &error);
  assert_no_error (error);
  kase = get_case (office, 1);
  assert_true (incident_case_get_opened_at (kase) == START + MINUTE);
  fired = dup_event (kase, 2);
  assert_true (incident_event_get_occurred_at (fired) == START - MINUTE);
  assert_true (incident_event_get_recorded_at (fired) == START + 60 * MINUTE);
}

static void
test_a_message_of_tomorrow_is_refused (void **state)
{
  Office *office = *state;
  const char *body = MESSAGE (FIRING ("a"));
  g_autoptr(GBytes) bytes = g_bytes_new_static (body, strlen (body));
  g_autoptr(GError) error = NULL;

  assert_null (incident_desk_ingest (office->desk, "alertmanager", bytes, NULL, "prometheus", START + 1, &error));
  assert_error (error, INCIDENT_ERROR, INCIDENT_ERROR_REFUSED);
  assert_string_equal (incident_error_get_codes (error)[0], "bad-time");
  assert_int_equal (incident_store_get_size (office->store, NULL), 0);
}

static void
assert_message_is_refused (Office *office, const char *actor, const char *message)
{
  g_autoptr(GBytes) bytes = g_bytes_new_static (MESSAGE (SEVERE ("b", "critical")), strlen (MESSAGE (SEVERE ("b", "critical"))));
  g_autoptr(GError) error = NULL;

  assert_null (incident_desk_ingest (office->desk, "alertmanager", bytes, "body.json", actor, INCIDENT_TIME_NONE, &error));
  assert_error (error, INCIDENT_ERROR, INCIDENT_ERROR_REFUSED);
  assert_string_equal (error->message, message);
}

static void
test_a_stranger_sends_no_alerts (void **state)
{
  Office *office = *state;
  static const char json[] = "{\"people\":{\"ana\":{}},\"automations\":{\"prometheus\":{}},"
                             "\"rights\":[{\"automation\":\"prometheus\",\"may\":[\"open\"]}]}";
  g_autoptr(IncidentPlaybook) playbook = incident_playbook_new_from_json (json, -1, "playbook.json", NULL);
  g_autoptr(GPtrArray) refusals = NULL;
  g_autoptr(IncidentCase) kase = NULL;

  assert_true (incident_desk_set_playbook (office->desk, playbook, NULL));
  assert_message_is_refused (office, "ana", "“open” refused: not-permitted: “ana” has no right to “open” here: that is for automation prometheus");
  assert_outcome (office, MESSAGE (FIRING ("a")), "opened:1 ");
  assert_message_is_refused (office, "eve", "The message is refused: not-permitted: the playbook knows nobody of the name “eve”");
  kase = get_case (office, 1);
  assert_kinds (kase, "opened alert-fired ");
  refusals = incident_desk_list_refusals (office->desk, 0, 10, NULL);
  assert_int_equal (refusals->len, 2);
}

static void
test_what_a_message_says_for_people_is_told_behind_its_alerts (void **state)
{
  Office *office = *state;
  const char *body = "{\"truncatedAlerts\":7,\"groupLabels\":{\"alertname\":\"Disk\"},\"alerts\":[" FIRING ("f") "]}";
  g_autoptr(GPtrArray) receipts = ingest_bytes (office, body, strlen (body));
  IncidentReceipt *note;

  assert_int_equal (receipts->len, 2);
  note = g_ptr_array_index (receipts, 1);
  assert_string_equal (incident_receipt_get_outcome (note), "noted");
  assert_non_null (strstr (incident_receipt_get_why (note), "7 alerts"));
  assert_null (incident_receipt_get_alert (note));
  assert_null (incident_receipt_get_summary (note));
  assert_null (incident_receipt_get_error (note));
}

int
main (void)
{
  const struct CMUnitTest tests[] = {
    office_test (test_what_a_message_says_for_people_is_told_behind_its_alerts),
    office_test (test_what_a_real_sender_says_is_one_case),
    office_test (test_an_event_has_all_that_the_alert_said),
    office_test (test_the_same_message_twice_adds_nothing),
    office_test (test_each_group_has_a_case_of_its_own),
    office_test (test_a_closed_case_stays_closed_and_another_is_opened),
    office_test (test_a_case_that_was_reopened_after_another_does_not_take_alerts_back),
    office_test (test_an_end_without_a_beginning_is_ignored),
    office_test (test_a_message_without_alerts_does_nothing),
    office_test (test_the_end_of_all_alerts_is_noted_once),
    office_test (test_what_has_ended_is_not_opened_again_by_a_late_message),
    office_test (test_the_same_alert_later_is_another_occurrence),
    office_test (test_an_alert_that_stands_twice_in_a_message_is_recorded_once),
    office_test (test_an_alert_does_not_begin_again_within_a_message),
    office_test (test_an_alert_without_a_start_is_the_one_that_fires),
    office_test (test_a_fingerprint_is_matched_to_its_end),
    office_test (test_what_is_still_to_come_happens_now),
    office_test (test_severity_is_the_worst_of_the_alerts),
    office_test (test_the_severity_of_a_person_stays),
    office_test (test_an_alert_makes_no_view_stale),
    office_test (test_a_bad_alert_does_not_take_the_good_ones_with_it),
    office_test (test_what_is_no_message_records_nothing),
    office_test (test_the_sender_must_have_a_name),
    office_test (test_an_empty_body_is_an_error),
    office_test (test_hostile_words_are_kept_to_the_letter),
    office_test (test_a_body_of_nearly_the_largest_size_is_kept_whole),
    office_test (test_a_title_that_is_too_long_is_cut_and_the_alert_kept),
    office_test (test_a_message_that_was_kept_is_dated_back),
    office_test (test_a_message_of_tomorrow_is_refused),
    office_test (test_a_stranger_sends_no_alerts),
  };

  return cmocka_run_group_tests (tests, NULL, NULL);
}
