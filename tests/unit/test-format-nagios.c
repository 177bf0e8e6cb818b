/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "intake-sample.h"

/* Nagios and Checkmk: macros. */

#define SERVICE(state, type) "NOTIFICATIONTYPE=" type "\nHOSTNAME=web-2\nSERVICEDESC=disk\nSERVICESTATE=" state "\n"
#define HOST(state, type)    "NOTIFICATIONTYPE=" type "\nHOSTNAME=web-2\nHOSTSTATE=" state "\n"

static void
test_a_problem_of_nagios_fires (void **state)
{
  g_autoptr(IncidentIntakeMessage) message = sample_read ("intake/nagios-firing.txt", "nagios");
  IncidentAlert *alert = sample_get (message, 0);

  assert_int_equal (alert->status, INCIDENT_ALERT_STATUS_FIRING);
  assert_string_equal (alert->severity, "critical");
  assert_string_equal (alert->name, "disk /var");
  assert_string_equal (alert->summary, "DISK CRITICAL - free space: /var 500 MB (5% inode=97%)");
  assert_string_equal (alert->episode, "28201");
  assert_true (alert->starts_at == SAMPLE_TIME && alert->told_at == SAMPLE_TIME);
  assert_int_equal (alert->raw_length, message->length);
  sample_assert_label (alert, "host", "web-2");
  sample_assert_label (alert, "service", "disk /var");
  sample_assert_label (alert, "address", "192.0.2.12");
  sample_assert_label (alert, "hostgroups", "web,linux");
  sample_assert_label (alert, "servicegroups", "disks");
  sample_assert_annotation (alert, "notes_url", NULL);
}

static void
test_acknowledgement_and_recovery_of_nagios_are_of_the_same_episode (void **state)
{
  g_autoptr(IncidentIntakeMessage) fires = sample_read ("intake/nagios-firing.txt", "nagios");
  g_autoptr(IncidentIntakeMessage) update = sample_read ("intake/nagios-update.txt", "nagios");
  g_autoptr(IncidentIntakeMessage) end = sample_read ("intake/nagios-resolve.txt", "nagios");

  assert_int_equal (sample_get (update, 0)->status, INCIDENT_ALERT_STATUS_ACKNOWLEDGED);
  assert_string_equal (sample_get (update, 0)->key, sample_get (fires, 0)->key);
  assert_string_equal (sample_get (update, 0)->episode, "28201");
  sample_assert_annotation (sample_get (update, 0), "author", "ana");
  sample_assert_annotation (sample_get (update, 0), "comment", "cleaning up; a=b");
  assert_int_equal (sample_get (end, 0)->status, INCIDENT_ALERT_STATUS_RESOLVED);
  assert_string_equal (sample_get (end, 0)->key, sample_get (fires, 0)->key);
  assert_string_equal (sample_get (end, 0)->episode, "28201");
  assert_true (sample_get (end, 0)->ends_at == SAMPLE_TIME + 30 * G_TIME_SPAN_MINUTE);
  assert_null (sample_get (end, 0)->severity);
}

static void
test_checkmk_speaks_json_and_lines (void **state)
{
  g_autoptr(IncidentIntakeMessage) fires = sample_read ("intake/checkmk-firing.json", "checkmk");
  g_autoptr(IncidentIntakeMessage) update = sample_read ("intake/checkmk-update.txt", "checkmk");
  g_autoptr(IncidentIntakeMessage) end = sample_read ("intake/checkmk-resolve.json", "checkmk");
  IncidentAlert *alert = sample_get (fires, 0);

  assert_int_equal (alert->status, INCIDENT_ALERT_STATUS_FIRING);
  assert_string_equal (alert->severity, "critical");
  assert_string_equal (alert->episode, "137");
  assert_true (alert->starts_at == SAMPLE_TIME + 123456);
  sample_assert_label (alert, "site", "main");
  sample_assert_label (alert, "os_family", "linux");
  sample_assert_label (alert, "tier", "gold");
  assert_int_equal (sample_get (update, 0)->status, INCIDENT_ALERT_STATUS_ACKNOWLEDGED);
  assert_string_equal (sample_get (update, 0)->key, alert->key);
  sample_assert_annotation (sample_get (update, 0), "long_output", "/ is full\n/var is not");
  assert_int_equal (sample_get (end, 0)->status, INCIDENT_ALERT_STATUS_RESOLVED);
  assert_string_equal (sample_get (end, 0)->key, alert->key);
  assert_false (sample_get (end, 0)->has_episode);
}

static void
test_the_state_decides_within_flapping_and_downtime (void **state)
{
  static const char * const types[] = {
    "FLAPPINGSTART", "FLAPPINGSTOP", "FLAPPINGDISABLED", "DOWNTIMESTART", "DOWNTIMEEND", "DOWNTIMECANCELLED", "DOWNTIMEREMOVED",
  };

  for (guint i = 0; i < G_N_ELEMENTS (types); i++)
    {
      g_autofree char *well = g_strdup_printf (SERVICE ("OK", "%s"), types[i]);
      g_autofree char *ill = g_strdup_printf (HOST ("DOWN", "%s"), types[i]);

      assert_int_equal (sample_get_status (well, "nagios"), INCIDENT_ALERT_STATUS_RESOLVED);
      assert_int_equal (sample_get_status (ill, "nagios"), INCIDENT_ALERT_STATUS_FIRING);
    }
}

static void
test_soft_states_and_custom_notifications_open_nothing (void **state)
{
  assert_int_equal (sample_get_status (SERVICE ("CRITICAL", "PROBLEM") "SERVICESTATETYPE=SOFT\n", "nagios"),
                    INCIDENT_ALERT_STATUS_INFO);
  assert_int_equal (sample_get_status (SERVICE ("CRITICAL", "PROBLEM") "HOSTSTATETYPE=SOFT\n", "nagios"),
                    INCIDENT_ALERT_STATUS_FIRING);
  assert_int_equal (sample_get_status (SERVICE ("OK", "RECOVERY") "SERVICESTATETYPE=SOFT\n", "nagios"),
                    INCIDENT_ALERT_STATUS_RESOLVED);
  assert_int_equal (sample_get_status (HOST ("DOWN", "CUSTOM"), "nagios"), INCIDENT_ALERT_STATUS_INFO);
  assert_int_equal (sample_get_status (HOST ("DOWN", "ALERTHANDLER (OK)"), "checkmk"), INCIDENT_ALERT_STATUS_INFO);
}

static void
test_states_are_severities (void **state)
{
  static const char * const words[][2] = {
    { SERVICE ("WARNING", "PROBLEM"), "warning" }, { SERVICE ("CRITICAL", "PROBLEM"), "critical" },
    { SERVICE ("UNKNOWN", "PROBLEM"), "unknown" }, { HOST ("DOWN", "PROBLEM"), "critical" },
    { HOST ("UNREACHABLE", "PROBLEM"), "unknown" }, { SERVICE ("CRIT", "PROBLEM"), "critical" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (words); i++)
    {
      g_autoptr(IncidentIntakeMessage) message = sample_read_text (words[i][0], "nagios");

      assert_string_equal (sample_get (message, 0)->severity, words[i][1]);
    }
}

static void
test_a_host_is_not_its_services (void **state)
{
  g_autoptr(IncidentIntakeMessage) host = sample_read_text (HOST ("DOWN", "PROBLEM") "WHAT=HOST\nSERVICEDESC=disk\n", "checkmk");
  g_autoptr(IncidentIntakeMessage) plain = sample_read_text (HOST ("DOWN", "PROBLEM") "SERVICEDESC=$SERVICEDESC$\n", "nagios");
  g_autoptr(IncidentIntakeMessage) service = sample_read_text (SERVICE ("OK", "RECOVERY"), "nagios");

  assert_string_equal (sample_get (host, 0)->key, sample_get (plain, 0)->key);
  assert_string_not_equal (sample_get (host, 0)->key, sample_get (service, 0)->key);
  assert_string_equal (sample_get (host, 0)->name, "host check");
  sample_assert_label (sample_get (plain, 0), "service", NULL);
}

static void
test_the_prefix_may_be_there_or_not (void **state)
{
  g_autoptr(IncidentIntakeMessage) with =
    sample_read_text ("{\"NAGIOS_NOTIFICATIONTYPE\":\"PROBLEM\",\"NAGIOS_HOSTNAME\":\"h\",\"NAGIOS_HOSTSTATE\":\"DOWN\"}", NULL);
  g_autoptr(IncidentIntakeMessage) without =
    sample_read_text ("{\"NOTIFICATIONTYPE\":\"PROBLEM\",\"HOSTNAME\":\"h\",\"HOSTSTATE\":\"DOWN\"}", NULL);
  g_autoptr(IncidentIntakeMessage) site =
    sample_read_text ("{\"NOTIFICATIONTYPE\":\"PROBLEM\",\"HOSTNAME\":\"h\",\"HOSTSTATE\":\"DOWN\",\"OMD_SITE\":\"s\"}", NULL);

  sample_check_looks (with->raw, "nagios");
  sample_check_looks (without->raw, "nagios");
  sample_check_looks (site->raw, "checkmk");
  assert_string_equal (sample_get (with, 0)->key, sample_get (without, 0)->key);
}

static void
test_lines_are_split_at_the_first_equals_sign_and_go_on_without_one (void **state)
{
  g_autoptr(IncidentIntakeMessage) message =
    sample_read_text ("\r\nHOSTOUTPUT=a=b\r\nwent on\r\n with c = d\r\nNOTIFICATIONTYPE=PROBLEM\r\nHOSTNAME=h\r\n"
                      "HOSTSTATE=DOWN\r\nHOSTSTATE=DOWN\r\nHOSTALIAS=", "nagios");

  sample_assert_annotation (sample_get (message, 0), "output", "a=b\r\nwent on\r\n with c = d");
  assert_string_equal (sample_get (message, 0)->name, "host check");
}

/* What a check prints could hold a line that says that all is well. */
static void
test_output_cannot_change_what_was_said (void **state)
{
  sample_refuse (SERVICE ("CRITICAL", "PROBLEM") "SERVICEOUTPUT=full\nSERVICESTATE=OK\n", "nagios", "/SERVICESTATE",
                 "body:6:1: /SERVICESTATE: stands there twice, with different values");
}

static void
test_what_is_wrong_is_told_at_its_place (void **state)
{
  sample_refuse ("", "nagios", "", "must be a JSON object, or lines such as HOSTNAME=db-1");
  sample_refuse ("hello world\n", "checkmk", "", "must be a JSON object, or lines such as HOSTNAME=db-1");
  sample_refuse ("A=1\nB=\xff\n", "nagios", "", "body:2:3: (document): must be UTF-8");
  sample_refuse ("[1]", "nagios", "", "must be an object, not an array");
  sample_refuse ("A=1\n", "nagios", "", "must have the member “HOSTNAME”");
  sample_refuse ("HOSTNAME=$HOSTNAME$\n", "nagios", "/HOSTNAME", "“$HOSTNAME$” is what stands in a template");
  sample_refuse ("HOSTNAME=h\nSERVICEDESC=s\nHOSTSTATE=UP\n", "nagios", "", "must have the member “SERVICESTATE”");
  sample_refuse ("NAGIOS_HOSTNAME=h\nNAGIOS_HOSTSTATE=DOWN\n", "nagios", "", "must have the member “NOTIFICATIONTYPE”");
  sample_refuse (HOST ("PENDING", "PROBLEM"), "nagios", "/HOSTSTATE", "body:3:1: /HOSTSTATE: must be “OK”, “UP”,");
  sample_refuse (HOST ("DOWN", "FIRE"), "nagios", "/NOTIFICATIONTYPE", "body:1:1: /NOTIFICATIONTYPE: must be “PROBLEM”,");
  sample_refuse (HOST ("DOWN", "PROBLEM") "TIMET=yesterday\n", "nagios", "/TIMET",
                 "body:4:1: /TIMET: must be a number of seconds since 1970, not “yesterday”");
  sample_refuse ("{\"HOSTNAME\":[\"h\"]}", "nagios", "/HOSTNAME", "must be a string, not an array");
}

static void
test_a_body_can_be_huge (void **state)
{
  g_autoptr(GString) text = g_string_new (HOST ("DOWN", "PROBLEM"));
  g_autoptr(GString) long_text = g_string_new (HOST ("DOWN", "PROBLEM") "HOSTOUTPUT=");
  g_autoptr(IncidentIntakeMessage) message = NULL;

  for (guint i = 0; i < 2000; i++)
    g_string_append_printf (text, "N%u=v\n", i);
  sample_refuse (text->str, "nagios", "/N997", "is one too many: there can be 1000 names");

  for (guint i = 0; i < 20000; i++)
    g_string_append (long_text, "x\ny \t");
  message = sample_read_text (long_text->str, "nagios");
  assert_string_equal (sample_get (message, 0)->summary, "x");
}

static void
test_every_value_may_be_of_another_kind (void **state)
{
  sample_change_all ("intake/checkmk-firing.json", "checkmk");
  sample_change_all ("intake/checkmk-resolve.json", "nagios");
}

int
main (void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test (test_a_problem_of_nagios_fires),
    cmocka_unit_test (test_acknowledgement_and_recovery_of_nagios_are_of_the_same_episode),
    cmocka_unit_test (test_checkmk_speaks_json_and_lines),
    cmocka_unit_test (test_the_state_decides_within_flapping_and_downtime),
    cmocka_unit_test (test_soft_states_and_custom_notifications_open_nothing),
    cmocka_unit_test (test_states_are_severities),
    cmocka_unit_test (test_a_host_is_not_its_services),
    cmocka_unit_test (test_the_prefix_may_be_there_or_not),
    cmocka_unit_test (test_lines_are_split_at_the_first_equals_sign_and_go_on_without_one),
    cmocka_unit_test (test_output_cannot_change_what_was_said),
    cmocka_unit_test (test_what_is_wrong_is_told_at_its_place),
    cmocka_unit_test (test_a_body_can_be_huge),
    cmocka_unit_test (test_every_value_may_be_of_another_kind),
  };

  return cmocka_run_group_tests (tests, NULL, NULL);
}
