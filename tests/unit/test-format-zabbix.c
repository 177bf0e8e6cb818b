/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "intake-sample.h"

#define FORMAT "zabbix"
#define EVENT(more) "{\"trigger_id\":\"1\",\"host_name\":\"h\",\"event_id\":\"9\"," more "}"

/* The bodies say 08:00 where it is 07:00 UTC. */
static IncidentIntakeMessage *
read_in_zurich (const char *name)
{
  g_autoptr(GTimeZone) zone = g_time_zone_new_identifier ("Europe/Zurich");
  const IncidentSource source = { .name = "zabbix", .zone = zone };

  return sample_read_with (name, FORMAT, &source);
}

static void
test_a_problem_fires (void **state)
{
  g_autoptr(IncidentIntakeMessage) message = read_in_zurich ("intake/zabbix-firing.json");
  IncidentAlert *alert = sample_get (message, 0);

  assert_int_equal (alert->status, INCIDENT_ALERT_STATUS_FIRING);
  assert_string_equal (alert->severity, "error");
  assert_string_equal (alert->name, "Load average is too high (per CPU load over 1.5 for 5m)");
  assert_string_equal (alert->episode, "3168001");
  assert_true (alert->starts_at == SAMPLE_TIME && alert->told_at == SAMPLE_TIME && alert->ends_at == INCIDENT_TIME_NONE);
  assert_string_equal (alert->link, "https://zabbix.example.com/tr_events.php?triggerid=20451&eventid=3168001");
  sample_assert_label (alert, "host", "api-1");
  sample_assert_label (alert, "address", "192.0.2.31");
  sample_assert_label (alert, "hostgroup", "Linux servers");
  sample_assert_label (alert, "component", "cpu");
  sample_assert_label (alert, "scope", "performance");
  sample_assert_annotation (alert, "author", NULL);
  sample_assert_annotation (alert, "comment", NULL);
  sample_assert_annotation (alert, "opdata", "Load averages(1m 5m 15m): (3.1 2.9 2.2)");
}

static void
test_update_and_recovery_are_of_the_same_episode (void **state)
{
  g_autoptr(IncidentIntakeMessage) fires = read_in_zurich ("intake/zabbix-firing.json");
  g_autoptr(IncidentIntakeMessage) update = read_in_zurich ("intake/zabbix-update.json");
  g_autoptr(IncidentIntakeMessage) end = read_in_zurich ("intake/zabbix-resolve.json");

  assert_int_equal (sample_get (update, 0)->status, INCIDENT_ALERT_STATUS_ACKNOWLEDGED);
  assert_true (sample_get (update, 0)->told_at == SAMPLE_TIME + 5 * G_TIME_SPAN_MINUTE);
  assert_true (sample_get (update, 0)->starts_at == SAMPLE_TIME);
  sample_assert_annotation (sample_get (update, 0), "author", "Ana");
  assert_int_equal (sample_get (end, 0)->status, INCIDENT_ALERT_STATUS_RESOLVED);
  assert_true (sample_get (end, 0)->ends_at == SAMPLE_TIME + 30 * G_TIME_SPAN_MINUTE);
  assert_null (sample_get (end, 0)->severity);
  assert_null (sample_get (end, 0)->link);
  assert_string_equal (sample_get (update, 0)->key, sample_get (fires, 0)->key);
  assert_string_equal (sample_get (end, 0)->key, sample_get (fires, 0)->key);
  assert_string_equal (sample_get (end, 0)->episode, sample_get (fires, 0)->episode);
}

static void
test_local_times_without_a_zone_are_utc (void **state)
{
  g_autoptr(IncidentIntakeMessage) message = sample_read ("intake/zabbix-firing.json", FORMAT);

  assert_true (sample_get (message, 0)->starts_at == SAMPLE_TIME + G_TIME_SPAN_HOUR);
}

static void
test_value_update_and_acknowledgement_make_the_status (void **state)
{
  static const struct
  {
    const char          *text;
    IncidentAlertStatus  status;
  } cases[] = {
    { EVENT ("\"event_value\":\"1\""), INCIDENT_ALERT_STATUS_FIRING },
    { EVENT ("\"event_value\":1,\"event_update_status\":0"), INCIDENT_ALERT_STATUS_FIRING },
    { EVENT ("\"event_value\":\"1\",\"event_update_status\":\"{EVENT.UPDATE.STATUS}\""), INCIDENT_ALERT_STATUS_FIRING },
    { EVENT ("\"event_value\":\"1\",\"event_update_status\":\"0\",\"event_ack_status\":\"Yes\""), INCIDENT_ALERT_STATUS_FIRING },
    { EVENT ("\"event_value\":\"1\",\"event_update_status\":\"1\",\"event_ack_status\":\"Yes\""), INCIDENT_ALERT_STATUS_ACKNOWLEDGED },
    { EVENT ("\"event_value\":\"1\",\"event_update_status\":\"1\",\"event_ack_status\":\"No\""), INCIDENT_ALERT_STATUS_INFO },
    { EVENT ("\"event_value\":\"0\",\"event_update_status\":\"1\""), INCIDENT_ALERT_STATUS_RESOLVED },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    assert_int_equal (sample_get_status (cases[i].text, FORMAT), cases[i].status);
}

static void
test_numbers_are_severities (void **state)
{
  static const char * const words[][2] = {
    { "0", "info" }, { "1", "info" }, { "2", "warning" }, { "3", "warning" }, { "4", "error" }, { "5", "critical" }, { "9", "9" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (words); i++)
    {
      g_autofree char *text = g_strdup_printf (EVENT ("\"event_value\":\"1\",\"event_nseverity\":\"%s\""), words[i][0]);
      g_autoptr(IncidentIntakeMessage) message = sample_read_text (text, FORMAT);

      assert_string_equal (sample_get (message, 0)->severity, words[i][1]);
    }
}

static void
test_the_key_is_the_trigger_and_the_host (void **state)
{
  g_autoptr(IncidentIntakeMessage) one = sample_read_text (EVENT ("\"event_value\":\"1\",\"event_name\":\"a\""), FORMAT);
  g_autoptr(IncidentIntakeMessage) same =
    sample_read_text ("{\"trigger_id\":1,\"host_name\":\"h\",\"event_value\":\"1\",\"event_name\":\"b\"}", FORMAT);
  g_autoptr(IncidentIntakeMessage) other =
    sample_read_text ("{\"triggerid\":\"1\",\"hostname\":\"i\",\"event_value\":\"1\"}", NULL);

  assert_string_equal (sample_get (one, 0)->key, sample_get (same, 0)->key);
  assert_string_not_equal (sample_get (one, 0)->key, sample_get (other, 0)->key);
}

static void
test_what_is_wrong_is_told_at_its_place (void **state)
{
  sample_refuse ("null", FORMAT, "", "must be an object, not null");
  sample_refuse ("{\"trigger_id\":\"1\"}", FORMAT, "", "must have the member “event_value”");
  sample_refuse (EVENT ("\"event_value\":\"2\""), FORMAT, "/event_value", "must be “1” or “0”, not “2”");
  sample_refuse (EVENT ("\"event_value\":\"{EVENT.VALUE}\""), FORMAT, "/event_value", "what stands in a template");
  sample_refuse (EVENT ("\"event_value\":\"1\",\"event_update_status\":\"maybe\""), FORMAT, "/event_update_status",
                 "must be “0” or “1”, not “maybe”");
  sample_refuse ("{\"event_value\":\"1\",\"trigger_id\":\"*UNKNOWN*\"}", FORMAT, "/trigger_id", "what stands in a template");
  sample_refuse (EVENT ("\"event_value\":\"1\",\"event_date\":\"2026.13.40\",\"event_time\":\"08:00:00\""), FORMAT, "/event_date",
                 "“2026.13.40 08:00:00” is no time");
  sample_refuse (EVENT ("\"event_value\":\"1\",\"event_name\":[\"a\"]"), FORMAT, "/event_name", "must be a string, not an array");
}

static void
test_every_value_may_be_of_another_kind (void **state)
{
  sample_change_all ("intake/zabbix-firing.json", FORMAT);
  sample_change_all ("intake/zabbix-update.json", FORMAT);
}

int
main (void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test (test_a_problem_fires),
    cmocka_unit_test (test_update_and_recovery_are_of_the_same_episode),
    cmocka_unit_test (test_local_times_without_a_zone_are_utc),
    cmocka_unit_test (test_value_update_and_acknowledgement_make_the_status),
    cmocka_unit_test (test_numbers_are_severities),
    cmocka_unit_test (test_the_key_is_the_trigger_and_the_host),
    cmocka_unit_test (test_what_is_wrong_is_told_at_its_place),
    cmocka_unit_test (test_every_value_may_be_of_another_kind),
  };

  return cmocka_run_group_tests (tests, NULL, NULL);
}
