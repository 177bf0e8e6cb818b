/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "incident-test.h"

#include <string.h>

#include "intake/incident-alert-private.h"

#define MESSAGE(alerts) "{\"groupLabels\":{\"alertname\":\"A\"},\"alerts\":[" alerts "]}"

static IncidentAlertGroup *
parse (const char *json)
{
  g_autoptr(GError) error = NULL;
  IncidentAlertGroup *group = incident_alertmanager_parse (json, strlen (json), "body.json", &error);

  assert_no_error (error);
  assert_non_null (group);
  return group;
}

static const IncidentAlert *
get_alert (IncidentAlertGroup *group, guint i)
{
  assert_true (i < group->alerts->len);
  return g_ptr_array_index (group->alerts, i);
}

/* The vectors: FNV-1a of the empty input is the offset basis; the others were
 * computed in Python over the bytes b"name\xffvalue\xff…". */
static void
test_a_missing_fingerprint_is_computed_as_the_sender_would (void **state)
{
  g_autoptr(IncidentAlertGroup) group =
    parse (MESSAGE ("{\"status\":\"firing\",\"labels\":{\"a\":\"ok\"}},"
                    "{\"status\":\"firing\",\"labels\":{\"a\":\"ok\"},\"fingerprint\":\"\"},"
                    "{\"status\":\"firing\",\"labels\":{\"instance\":\"i-1\",\"alertname\":\"A\"}},"
                    "{\"status\":\"firing\",\"labels\":{\"a\":\"ok\"},\"fingerprint\":\"of the sender\"}"));

  assert_string_equal (get_alert (group, 0)->fingerprint, "7569872c0144690c");
  assert_string_equal (get_alert (group, 1)->fingerprint, "7569872c0144690c");
  assert_string_equal (get_alert (group, 2)->fingerprint, "e77f3781cd0df70f");
  assert_string_equal (get_alert (group, 3)->fingerprint, "of the sender");
}

static void
test_all_of_an_alert_is_read (void **state)
{
  g_autoptr(IncidentAlertGroup) group =
    parse (MESSAGE ("{\"status\":\"resolved\",\"labels\":{\"b\":\"2\",\"alertname\":\"Disk\",\"severity\":\"warning\"},"
                    "\"annotations\":{\"summary\":\"full\",\"a\":\"\"},\"startsAt\":\"2026-11-23T08:00:00.000000001+01:00\","
                    "\"endsAt\":\"2026-11-23T07:30:00Z\",\"generatorURL\":\"http://p/\",\"fingerprint\":\"f\",\"more\":[{}]}"));
  const IncidentAlert *alert = get_alert (group, 0);

  assert_false (alert->firing);
  assert_string_equal (alert->fingerprint, "f");
  assert_string_equal (alert->start, "2026-11-23T07:00:00.000000001Z");
  assert_true (alert->starts_at == G_GINT64_CONSTANT (1795417200000000));
  assert_true (alert->ends_at == G_GINT64_CONSTANT (1795419000000000));
  assert_int_equal (alert->severity, INCIDENT_SEVERITY_SEV4);
  assert_string_equal (alert->name, "Disk");
  assert_string_equal (alert->summary, "full");
  assert_string_equal (alert->link, "http://p/");
  assert_int_equal (alert->labels->len, 3);
  assert_string_equal (((IncidentLabel *) g_ptr_array_index (alert->labels, 0))->name, "alertname");
  assert_string_equal (incident_labels_get (alert->labels, "b"), "2");
  assert_string_equal (incident_labels_get (alert->annotations, "a"), "");
  assert_null (incident_labels_get (alert->annotations, "b"));
}

static void
test_what_need_not_be_there_is_missing (void **state)
{
  g_autoptr(IncidentAlertGroup) group = parse (MESSAGE ("{\"status\":\"firing\",\"labels\":{\"a\":\"ok\"}}"));
  const IncidentAlert *alert = get_alert (group, 0);

  assert_true (alert->firing);
  assert_null (alert->start);
  assert_true (alert->starts_at == INCIDENT_TIME_NONE && alert->ends_at == INCIDENT_TIME_NONE);
  assert_int_equal (alert->severity, INCIDENT_SEVERITY_UNKNOWN);
  assert_string_equal (alert->name, "7569872c0144690c");
  assert_null (alert->summary);
  assert_null (alert->link);
}

static void
test_the_time_of_year_1_is_no_time (void **state)
{
  g_autoptr(IncidentAlertGroup) group =
    parse (MESSAGE ("{\"status\":\"resolved\",\"labels\":{\"a\":\"b\"},\"startsAt\":\"0001-01-01T00:00:00Z\","
                    "\"endsAt\":\"0001-01-01T00:00:00Z\"}"));

  assert_null (get_alert (group, 0)->start);
  assert_true (get_alert (group, 0)->starts_at == INCIDENT_TIME_NONE);
  assert_true (get_alert (group, 0)->ends_at == INCIDENT_TIME_NONE);
}

static void
test_a_firing_alert_has_no_end (void **state)
{
  g_autoptr(IncidentAlertGroup) group =
    parse (MESSAGE ("{\"status\":\"firing\",\"labels\":{\"a\":\"b\"},\"endsAt\":\"2026-11-23T07:30:00Z\"}"));

  assert_true (get_alert (group, 0)->ends_at == INCIDENT_TIME_NONE);
}

static void
test_severity_is_read_from_the_label_by_custom (void **state)
{
  static const struct
  {
    const char       *label;
    IncidentSeverity  severity;
  } cases[] = {
    { "critical", INCIDENT_SEVERITY_SEV2 }, { "CRITICAL", INCIDENT_SEVERITY_SEV2 }, { "error", INCIDENT_SEVERITY_SEV3 },
    { "Warning", INCIDENT_SEVERITY_SEV4 }, { "info", INCIDENT_SEVERITY_SEV5 }, { "page", INCIDENT_SEVERITY_UNKNOWN },
    { "", INCIDENT_SEVERITY_UNKNOWN }, { "critical ", INCIDENT_SEVERITY_UNKNOWN },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *json = g_strdup_printf (MESSAGE ("{\"status\":\"firing\",\"labels\":{\"severity\":\"%s\"}}"),
                                               cases[i].label);
      g_autoptr(IncidentAlertGroup) group = parse (json);

      assert_int_equal (get_alert (group, 0)->severity, cases[i].severity);
    }
}

/* The group */

static char *
dup_group (const char *members)
{
  g_autofree char *json = g_strdup_printf ("{%s\"alerts\":[]}", members);
  g_autoptr(IncidentAlertGroup) group = parse (json);

  return g_strdup (group->group);
}

static void
test_a_group_is_its_labels_and_not_its_key (void **state)
{
  g_autofree char *one = dup_group ("\"groupKey\":\"{}:{a}\",\"groupLabels\":{\"a\":\"1\",\"b\":\"2\"},");
  g_autofree char *two = dup_group ("\"groupKey\":\"{x=~y}:{a}\",\"receiver\":\"r\",\"groupLabels\":{\"b\":\"2\",\"a\":\"1\"},");
  g_autofree char *other = dup_group ("\"groupKey\":\"{}:{a}\",\"groupLabels\":{\"a\":\"1\",\"b\":\"3\"},");

  assert_string_equal (one, two);
  assert_string_not_equal (one, other);
}

static void
test_labels_do_not_run_into_each_other (void **state)
{
  g_autofree char *one = dup_group ("\"groupLabels\":{\"ab\":\"c\"},");
  g_autofree char *two = dup_group ("\"groupLabels\":{\"a\":\"bc\"},");
  g_autofree char *both = dup_group ("\"groupLabels\":{\"a\":\"b\",\"c\":\"d\"},");
  g_autofree char *joined = dup_group ("\"groupLabels\":{\"a\":\"b\\u00ffc\\u00ffd\"},");

  assert_string_not_equal (one, two);
  assert_string_not_equal (both, joined);
}

static void
test_alerts_without_group_labels_are_one_group (void **state)
{
  g_autofree char *none = dup_group ("");
  g_autofree char *empty = dup_group ("\"groupLabels\":{},");

  assert_string_equal (none, empty);
}

static void
assert_title (const char *members, const char *expected)
{
  g_autofree char *json =
    g_strdup_printf ("{%s\"alerts\":[{\"status\":\"firing\",\"labels\":{\"alertname\":\"First\"}}]}", members);
  g_autoptr(IncidentAlertGroup) group = parse (json);

  assert_string_equal (group->title, expected);
}

static void
test_the_title_is_the_summary_that_all_alerts_share (void **state)
{
  assert_title ("\"groupLabels\":{\"alertname\":\"A\"},\"commonAnnotations\":{\"summary\":\"Disk of db-1 will fill\"},",
                "Disk of db-1 will fill");
}

static void
test_without_a_summary_the_title_is_the_name_and_the_group (void **state)
{
  assert_title ("\"commonAnnotations\":{\"summary\":\" \"},\"groupLabels\":{\"alertname\":\"A\",\"zone\":\"z\",\"cluster\":\"c\"},",
                "A (cluster=c, zone=z)");
  assert_title ("\"groupLabels\":{\"alertname\":\"A\"},", "A");
  assert_title ("\"groupLabels\":{\"cluster\":\"c\"},", "First (cluster=c)");
  assert_title ("", "First");
  assert_title ("\"groupLabels\":{\"alertname\":\" \"},", "Alerts");
}

static void
test_the_service_is_a_label_that_all_alerts_share (void **state)
{
  g_autoptr(IncidentAlertGroup) named = parse ("{\"alerts\":[],\"commonLabels\":{\"service\":\"orders-db\"}}");
  g_autoptr(IncidentAlertGroup) none = parse ("{\"alerts\":[],\"groupLabels\":{\"service\":\"orders-db\"}}");
  g_autoptr(IncidentAlertGroup) lines = parse ("{\"alerts\":[],\"commonLabels\":{\"service\":\"a\\nphase=closed\"}}");
  g_autoptr(IncidentAlertGroup) blank = parse ("{\"alerts\":[],\"commonLabels\":{\"service\":\" \"}}");

  assert_string_equal (named->service, "orders-db");
  assert_null (none->service);
  assert_null (lines->service);
  assert_null (blank->service);
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
    { "{\"status\":\"firing\",\"labels\":{\"a\":\"b\"},\"fingerprint\":\"a\\nb\"}", "/alerts/1/fingerprint",
      "must be one line of at most 100 bytes without control characters" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *json = g_strdup_printf (MESSAGE ("{\"status\":\"firing\",\"labels\":{\"n\":\"0\"}},%s,"
                                                        "{\"status\":\"firing\",\"labels\":{\"n\":\"2\"}}"), cases[i].alert);
      g_autoptr(IncidentAlertGroup) group = parse (json);
      IncidentReceipt *receipt;

      assert_int_equal (group->alerts->len, 2);
      assert_string_equal (incident_labels_get (get_alert (group, 0)->labels, "n"), "0");
      assert_string_equal (incident_labels_get (get_alert (group, 1)->labels, "n"), "2");
      assert_int_equal (group->refused->len, 1);
      receipt = g_ptr_array_index (group->refused, 0);
      assert_string_equal (incident_receipt_get_outcome (receipt), "refused");
      assert_string_equal (incident_error_get_where (incident_receipt_get_error (receipt)), cases[i].where);
      assert_non_null (strstr (incident_receipt_get_error (receipt)->message, cases[i].what));
    }
}

static void
test_a_time_that_is_none_is_set_aside (void **state)
{
  g_autoptr(IncidentAlertGroup) group =
    parse (MESSAGE ("{\"status\":\"firing\",\"labels\":{\"a\":\"b\"},\"startsAt\":\"yesterday\"},"
                    "{\"status\":\"firing\",\"labels\":{\"a\":\"b\"},\"startsAt\":\"2026-02-30T00:00:00Z\"}"));

  assert_int_equal (group->alerts->len, 0);
  assert_int_equal (group->refused->len, 2);
}

static void
assert_no_message (const char *json, const char *message)
{
  g_autoptr(GError) error = NULL;

  assert_null (incident_alertmanager_parse (json, strlen (json), "body.json", &error));
  assert_error (error, INCIDENT_ERROR, INCIDENT_ERROR_INVALID);
  assert_string_equal (error->message, message);
}

static void
test_what_is_no_message_of_the_webhook_is_an_error (void **state)
{
  assert_no_message ("{\"version\":\"4\"}",
                     "body.json:1:1: (document): must have the member “alerts”: this is no message "
                                            "of Alertmanager's webhook");
  assert_no_message ("[]", "body.json:1:1: (document): must be an object, not an array");
  assert_no_message ("{\"alerts\":\n {}}", "body.json:2:2: /alerts: must be an array, not an object");
  assert_no_message ("{\"alerts\":[],\"groupLabels\":{\"a\":1}}",
                     "body.json:1:33: /groupLabels/a: must be a string, not a number");
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

      if (incident_alertmanager_parse (bodies[i], strlen (bodies[i]), NULL, &error) != NULL)
        fail_msg ("taken: %s", bodies[i]);
      assert_error (error, INCIDENT_ERROR, INCIDENT_ERROR_INVALID);
    }
}

/* An alert by itself */

static void
test_the_key_of_an_occurrence_is_fingerprint_and_start (void **state)
{
  g_autoptr(IncidentAlertGroup) group =
    parse (MESSAGE ("{\"status\":\"firing\",\"labels\":{\"a\":\"b\"},\"fingerprint\":\"f\",\"startsAt\":\"2026-11-23T06:14:46.154098614Z\"},"
                    "{\"status\":\"firing\",\"labels\":{\"a\":\"b\"},\"fingerprint\":\"f\"}"));
  g_autofree char *told = incident_alert_dup_key (get_alert (group, 0), 0);
  g_autofree char *received = incident_alert_dup_key (get_alert (group, 1), G_GINT64_CONSTANT (1795417200000000));

  assert_string_equal (told, "f@2026-11-23T06:14:46.154098614Z");
  assert_string_equal (received, "f@2026-11-23T07:00:00.000000Z");
}

static void
test_the_payload_has_what_was_told (void **state)
{
  g_autoptr(IncidentAlertGroup) group =
    parse (MESSAGE ("{\"status\":\"resolved\",\"labels\":{\"b\":\"2\",\"alertname\":\"D\"},\"annotations\":{\"summary\":\"\\\"\\u0001\"},"
                    "\"startsAt\":\"2026-11-23T07:00:00.1Z\",\"endsAt\":\"2026-11-23T07:30:00Z\",\"generatorURL\":\"u\"},"
                    "{\"status\":\"firing\",\"labels\":{\"alertname\":\"D\"}}"));
  g_autofree char *full = incident_alert_to_json (get_alert (group, 0), "alertmanager");
  g_autofree char *bare = incident_alert_to_json (get_alert (group, 1), "alertmanager");

  assert_string_equal (full,
                       "{\"name\":\"D\",\"summary\":\"\\\"\\u0001\",\"source\":\"alertmanager\",\"starts_at\":\"2026-11-23T07:00:00.1Z\","
                       "\"ends_at\":\"2026-11-23T07:30:00.000000Z\",\"link\":\"u\",\"labels\":{\"alertname\":\"D\",\"b\":\"2\"},"
                       "\"annotations\":{\"summary\":\"\\\"\\u0001\"}}");
  assert_string_equal (bare,
                       "{\"name\":\"D\",\"source\":\"alertmanager\",\"labels\":{\"alertname\":\"D\"},\"annotations\":{}}");
}

int
main (void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test (test_a_missing_fingerprint_is_computed_as_the_sender_would),
    cmocka_unit_test (test_all_of_an_alert_is_read),
    cmocka_unit_test (test_what_need_not_be_there_is_missing),
    cmocka_unit_test (test_the_time_of_year_1_is_no_time),
    cmocka_unit_test (test_a_firing_alert_has_no_end),
    cmocka_unit_test (test_severity_is_read_from_the_label_by_custom),
    cmocka_unit_test (test_a_group_is_its_labels_and_not_its_key),
    cmocka_unit_test (test_labels_do_not_run_into_each_other),
    cmocka_unit_test (test_alerts_without_group_labels_are_one_group),
    cmocka_unit_test (test_the_title_is_the_summary_that_all_alerts_share),
    cmocka_unit_test (test_without_a_summary_the_title_is_the_name_and_the_group),
    cmocka_unit_test (test_the_service_is_a_label_that_all_alerts_share),
    cmocka_unit_test (test_a_bad_alert_is_set_aside_with_its_place),
    cmocka_unit_test (test_a_time_that_is_none_is_set_aside),
    cmocka_unit_test (test_what_is_no_message_of_the_webhook_is_an_error),
    cmocka_unit_test (test_what_is_no_json_is_an_error),
    cmocka_unit_test (test_the_key_of_an_occurrence_is_fingerprint_and_start),
    cmocka_unit_test (test_the_payload_has_what_was_told),
  };

  return cmocka_run_group_tests (tests, NULL, NULL);
}
