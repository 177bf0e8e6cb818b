/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "intake-sample.h"

#define FORMAT "icinga"
#define EVENT(more) "{\"type\":\"StateChange\",\"host\":\"h\",\"service\":\"s\",\"timestamp\":1795417200.5," more "}"

static void
test_each_line_is_an_alert (void **state)
{
  g_autoptr(IncidentIntakeMessage) message = sample_read ("intake/icinga-firing.txt", FORMAT);
  IncidentAlert *service = sample_get (message, 0);
  IncidentAlert *host = sample_get (message, 1);

  assert_int_equal (message->alerts->len, 2);
  assert_int_equal (message->refused->len, 0);
  assert_int_equal (service->status, INCIDENT_ALERT_STATUS_FIRING);
  assert_string_equal (service->severity, "critical");
  assert_string_equal (service->name, "disk /var");
  assert_string_equal (service->summary, "DISK CRITICAL - free space: /var 500 MB");
  assert_true (service->told_at == SAMPLE_TIME + 612108 && service->starts_at == service->told_at);
  assert_false (service->has_episode);
  sample_assert_label (service, "host", "k8s-7");
  sample_assert_label (service, "service", "disk /var");
  assert_int_equal (host->status, INCIDENT_ALERT_STATUS_FIRING);
  assert_string_equal (host->severity, "critical");
  sample_assert_label (host, "host", "db-1");
  sample_assert_label (host, "service", NULL);
  assert_int_equal (service->raw_start, 0);
  assert_int_equal (host->raw_start, service->raw_length + 1);
  assert_int_equal (host->raw_start + host->raw_length + 1, message->length);
}

static void
test_acknowledgement_and_recovery_are_of_the_same_key (void **state)
{
  g_autoptr(IncidentIntakeMessage) fires = sample_read ("intake/icinga-firing.txt", FORMAT);
  g_autoptr(IncidentIntakeMessage) update = sample_read ("intake/icinga-update.txt", FORMAT);
  g_autoptr(IncidentIntakeMessage) end = sample_read ("intake/icinga-resolve.txt", FORMAT);

  assert_int_equal (sample_get (update, 0)->status, INCIDENT_ALERT_STATUS_ACKNOWLEDGED);
  assert_string_equal (sample_get (update, 0)->key, sample_get (fires, 0)->key);
  sample_assert_annotation (sample_get (update, 0), "author", "ana");
  sample_assert_annotation (sample_get (update, 0), "comment", "cleaning up logs");
  assert_int_equal (sample_get (end, 0)->status, INCIDENT_ALERT_STATUS_RESOLVED);
  assert_string_equal (sample_get (end, 0)->key, sample_get (fires, 0)->key);
  assert_true (sample_get (end, 0)->ends_at == SAMPLE_TIME + 30 * G_TIME_SPAN_MINUTE + 500000);
  assert_null (sample_get (end, 0)->severity);
  assert_string_equal (sample_get (end, 1)->key, sample_get (fires, 1)->key);
}

static void
test_soft_states_downtime_and_acknowledgement_lie_over_a_state (void **state)
{
  assert_int_equal (sample_get_status (EVENT ("\"state\":2,\"state_type\":0"), FORMAT), INCIDENT_ALERT_STATUS_INFO);
  assert_int_equal (sample_get_status (EVENT ("\"state\":2.0,\"state_type\":1.0"), FORMAT), INCIDENT_ALERT_STATUS_FIRING);
  assert_int_equal (sample_get_status (EVENT ("\"state\":2,\"downtime_depth\":2"), FORMAT), INCIDENT_ALERT_STATUS_SUPPRESSED);
  assert_int_equal (sample_get_status (EVENT ("\"state\":1,\"acknowledgement\":true"), FORMAT),
                    INCIDENT_ALERT_STATUS_ACKNOWLEDGED);
  assert_int_equal (sample_get_status (EVENT ("\"state\":0,\"state_type\":0,\"downtime_depth\":1,\"acknowledgement\":true"), FORMAT),
                    INCIDENT_ALERT_STATUS_RESOLVED);
}

static void
test_states_are_severities (void **state)
{
  static const char * const words[][2] = {
    { EVENT ("\"state\":1"), "warning" }, { EVENT ("\"state\":2"), "critical" }, { EVENT ("\"state\":3"), "unknown" },
    { "{\"type\":\"StateChange\",\"host\":\"h\",\"state\":1}", "critical" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (words); i++)
    {
      g_autoptr(IncidentIntakeMessage) message = sample_read_text (words[i][0], FORMAT);

      assert_string_equal (sample_get (message, 0)->severity, words[i][1]);
    }
}

/* A check of a host that ends with 1 leaves it up. */
static void
test_notifications_say_their_type_and_the_state_of_the_check (void **state)
{
#define NOTIFICATION(type, more) "{\"type\":\"Notification\",\"host\":\"h\"," more "\"notification_type\":\"" type "\"," \
                                 "\"check_result\":{\"state\":%d,\"output\":\"o\"}}"
  static const struct
  {
    const char          *text;
    int                  state;
    IncidentAlertStatus  status;
  } cases[] = {
    { NOTIFICATION ("PROBLEM", ""), 2, INCIDENT_ALERT_STATUS_FIRING },
    { NOTIFICATION ("PROBLEM", ""), 1, INCIDENT_ALERT_STATUS_RESOLVED },
    { NOTIFICATION ("PROBLEM", "\"service\":\"s\","), 1, INCIDENT_ALERT_STATUS_FIRING },
    { NOTIFICATION ("DOWNTIMEEND", "\"service\":\"s\","), 0, INCIDENT_ALERT_STATUS_RESOLVED },
    { NOTIFICATION ("FLAPPINGSTART", "\"service\":\"s\","), 3, INCIDENT_ALERT_STATUS_FIRING },
    { NOTIFICATION ("RECOVERY", ""), 0, INCIDENT_ALERT_STATUS_RESOLVED },
    { NOTIFICATION ("ACKNOWLEDGEMENT", ""), 2, INCIDENT_ALERT_STATUS_ACKNOWLEDGED },
    { NOTIFICATION ("CUSTOM", ""), 2, INCIDENT_ALERT_STATUS_INFO },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *number = g_strdup_printf ("\"state\":%d", cases[i].state);
      g_auto(GStrv) parts = g_strsplit (cases[i].text, "\"state\":%d", -1);
      g_autofree char *text = g_strjoinv (number, parts);

      assert_int_equal (sample_get_status (text, FORMAT), cases[i].status);
    }
#undef NOTIFICATION
}

static void
test_other_events_are_only_said (void **state)
{
  g_autoptr(IncidentIntakeMessage) message =
    sample_read_text ("{\"type\":\"DowntimeStarted\",\"timestamp\":1795417200,\"downtime\":{\"host_name\":\"h\",\"service_name\":\"s\"}}",
                      NULL);
  g_autoptr(IncidentIntakeMessage) fires = sample_read_text (EVENT ("\"state\":2"), FORMAT);

  assert_string_equal (message->format->name, FORMAT);
  assert_int_equal (sample_get (message, 0)->status, INCIDENT_ALERT_STATUS_INFO);
  assert_string_equal (sample_get (message, 0)->key, sample_get (fires, 0)->key);
  assert_int_equal (sample_get_status ("{\"type\":\"CheckResult\",\"host\":\"h\"}", FORMAT), INCIDENT_ALERT_STATUS_INFO);
}

static void
test_macros_are_read_too (void **state)
{
  g_autoptr(IncidentIntakeMessage) message =
    sample_read_text ("ICINGA_NOTIFICATIONTYPE=PROBLEM\nICINGA_HOSTNAME=h\nICINGA_SERVICENAME=s\nICINGA_SERVICESTATE=CRITICAL\n", NULL);
  g_autoptr(IncidentIntakeMessage) event = sample_read_text (EVENT ("\"state\":2"), FORMAT);
  g_autoptr(IncidentIntakeMessage) json =
    sample_read_text ("{\n\"NOTIFICATIONTYPE\":\"PROBLEM\",\n\"HOSTNAME\":\"h\",\n\"HOSTSTATE\":\"DOWN\"\n}", FORMAT);

  assert_string_equal (message->format->name, FORMAT);
  assert_string_equal (sample_get (message, 0)->key, sample_get (event, 0)->key);
  sample_assert_label (sample_get (json, 0), "host", "h");
}

static void
test_a_bad_line_does_not_take_the_good_ones_with_it (void **state)
{
  g_autoptr(IncidentIntakeMessage) message =
    sample_read_text (EVENT ("\"state\":2") "\r\n\n{\"type\":\"StateChange\",\"host\":\"h\",\"state\":7}\n{\"type\":\n"
                      "{\"type\":\"StateChange\",\"host\":\"g\",\"state\":1}", FORMAT);
  IncidentReceipt *meaning, *grammar;

  assert_int_equal (message->alerts->len, 2);
  assert_int_equal (message->refused->len, 2);
  meaning = g_ptr_array_index (message->refused, 0);
  grammar = g_ptr_array_index (message->refused, 1);
  assert_string_equal (incident_error_get_where (incident_receipt_get_error (meaning)), "/1/state");
  assert_non_null (strstr (incident_receipt_get_error (meaning)->message, "body:3:42: /1/state: must be 0 (up) or 1 (down)"));
  assert_non_null (strstr (incident_error_get_where (incident_receipt_get_error (grammar)), "/2"));
  assert_non_null (strstr (incident_receipt_get_error (grammar)->message, "/2: in it, line 1, column"));
}

static void
test_what_is_wrong_is_told_at_its_place (void **state)
{
  sample_refuse ("[1]", FORMAT, "", "must be an object, not an array");
  sample_refuse ("{\"type\":", FORMAT, "/type", "body:1:9");
  sample_refuse ("{\"host\":\"h\"}", FORMAT, "", "must have the member “type”");
  sample_refuse ("{\"type\":\"StateChange\"}", FORMAT, "", "must have the member “host”");
  sample_refuse ("{\"type\":\"Boom\",\"host\":\"h\"}", FORMAT, "/type", "must be a type such as “StateChange”, not “Boom”");
  sample_refuse ("{\"type\":\"StateChange\",\"host\":\"h\"}", FORMAT, "", "must have the member “state”");
  sample_refuse (EVENT ("\"state\":4"), FORMAT, "/state", "must be 0 (OK), 1, 2 or 3 (unknown)");
  sample_refuse (EVENT ("\"state\":\"2\""), FORMAT, "/state", "must be a whole number");
  sample_refuse (EVENT ("\"state\":2,\"check_result\":7"), FORMAT, "/check_result", "must be an object, not a number");
  sample_refuse ("{\"type\":\"StateChange\",\"host\":\"h\",\"state\":1,\"timestamp\":\"now\"}", FORMAT, "/timestamp",
                 "must be a number of seconds since 1970, not “now”");
  sample_refuse ("{\"type\":\"Notification\",\"host\":\"h\",\"notification_type\":\"PROBLEM\"}", FORMAT, "",
                 "must have the member “check_result”");
  sample_refuse ("{\"type\":\"Notification\",\"host\":\"h\",\"notification_type\":\"NO\"}", FORMAT, "/notification_type",
                 "must be “PROBLEM”");
}

static void
test_batches_can_be_huge (void **state)
{
  g_autoptr(GString) text = g_string_new (NULL);
  g_autoptr(IncidentIntakeMessage) message = NULL;

  for (guint i = 0; i < 10000; i++)
    g_string_append_printf (text, "{\"type\":\"StateChange\",\"host\":\"h%u\",\"state\":%u}\n", i, i % 3);
  message = sample_read_text (text->str, FORMAT);
  assert_int_equal (message->alerts->len, 6667);
  /* So many are told one by one, and of the others how many there are. */
  assert_int_equal (message->refused->len, 1000);
  assert_int_equal (message->n_unlisted, 2333);

  g_string_append (text, "{}\n");
  sample_refuse (text->str, FORMAT, "", "The body has more than 10000 lines");
}

static void
test_every_value_may_be_of_another_kind (void **state)
{
  sample_change_all ("intake/icinga-update.txt", FORMAT);
  sample_change_all ("intake-more/icinga-notification.json", FORMAT);
}

int
main (void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test (test_each_line_is_an_alert),
    cmocka_unit_test (test_acknowledgement_and_recovery_are_of_the_same_key),
    cmocka_unit_test (test_soft_states_downtime_and_acknowledgement_lie_over_a_state),
    cmocka_unit_test (test_states_are_severities),
    cmocka_unit_test (test_notifications_say_their_type_and_the_state_of_the_check),
    cmocka_unit_test (test_other_events_are_only_said),
    cmocka_unit_test (test_macros_are_read_too),
    cmocka_unit_test (test_a_bad_line_does_not_take_the_good_ones_with_it),
    cmocka_unit_test (test_what_is_wrong_is_told_at_its_place),
    cmocka_unit_test (test_batches_can_be_huge),
    cmocka_unit_test (test_every_value_may_be_of_another_kind),
  };

  return cmocka_run_group_tests (tests, NULL, NULL);
}
