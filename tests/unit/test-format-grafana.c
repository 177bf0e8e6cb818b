/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "format-test.h"

/* The webhook of Grafana's alerting since version 8. */

#define FORMAT "grafana"
#define ALERT "{\"status\":\"firing\",\"labels\":{\"alertname\":\"A\"},\"fingerprint\":\"c6eadffa33fcdf37\""

static IncidentIntakeMessage *
parse (const char *json)
{
  return read_body_of (FORMAT, json, NULL);
}

static void
test_an_alert_fires (void **state)
{
  g_autoptr(IncidentIntakeMessage) message = read_sample_of (NULL, "grafana-firing.json", NULL);
  IncidentAlert *alert = get_alert (message, 0);

  assert_string_equal (message->format->name, FORMAT);
  assert_int_equal (alert->status, INCIDENT_ALERT_STATUS_FIRING);
  assert_string_equal (alert->key, "c6eadffa33fcdf37");
  assert_string_equal (alert->episode, "2026-11-23T06:51:03.157076Z");
  assert_true (alert->ends_at == INCIDENT_TIME_NONE);
  assert_string_equal (alert->severity, "critical");
  assert_string_equal (alert->name, "Memory of checkout is high");
  assert_string_equal (alert->summary, "Checkout in eu-1 uses 94 % of its memory");
  assert_string_equal (incident_alert_get_label (alert, "zone"), "eu-1");
  assert_string_equal (g_array_index (message->group_labels, IncidentLabel, 0).value, "Shop");
}

static void
test_an_update_is_the_same_occurrence (void **state)
{
  g_autoptr(IncidentIntakeMessage) firing = read_sample_of (NULL, "grafana-firing.json", NULL);
  g_autoptr(IncidentIntakeMessage) message = read_sample_of (NULL, "grafana-update.json", NULL);

  assert_string_equal (incident_alert_get_episode_key (get_alert (message, 0)), incident_alert_get_episode_key (get_alert (firing, 0)));
  assert_string_equal (get_alert (message, 0)->summary, "Checkout in eu-1 uses 97 % of its memory");
  assert_string_equal (message->title, "Checkout in eu-1 uses 97 % of its memory");
}

static void
test_a_resolve_ends_the_same_occurrence (void **state)
{
  g_autoptr(IncidentIntakeMessage) firing = read_sample_of (NULL, "grafana-firing.json", NULL);
  g_autoptr(IncidentIntakeMessage) message = read_sample_of (NULL, "grafana-resolve.json", NULL);

  assert_int_equal (get_alert (message, 0)->status, INCIDENT_ALERT_STATUS_RESOLVED);
  assert_true (get_alert (message, 0)->ends_at == at ("2026-11-23T06:58:10Z"));
  assert_string_equal (incident_alert_get_episode_key (get_alert (message, 0)), incident_alert_get_episode_key (get_alert (firing, 0)));
}

static void
test_no_data_fires_under_the_name_of_its_rule (void **state)
{
  g_autoptr(IncidentIntakeMessage) message = read_sample_of (NULL, "grafana-firing.json", NULL);
  g_autoptr(IncidentIntakeMessage) error =
    parse ("{\"alerts\":[{\"status\":\"firing\",\"labels\":{\"alertname\":\"DatasourceError\"},\"annotations\":{\"class\":\"mine\"}}]}");
  IncidentAlert *alert = get_alert (message, 1);

  assert_int_equal (alert->status, INCIDENT_ALERT_STATUS_FIRING);
  assert_string_equal (alert->name, "Orders a minute");
  assert_string_equal (alert->key, "bc97ff14869b13e3");
  assert_string_equal (incident_alert_get_annotation (alert, "class"), "no data");
  assert_null (incident_alert_get_annotation (get_alert (message, 0), "class"));
  assert_string_equal (get_alert (error, 0)->name, "DatasourceError");
  assert_int_equal (get_alert (error, 0)->annotations.n, 1);
  assert_string_equal (incident_alert_get_annotation (get_alert (error, 0), "class"), "mine");
}

static void
test_organisations_have_keys_of_their_own (void **state)
{
  static const struct
  {
    const char *before;
    const char *in_alert;
    const char *behind;
    const char *key;
  } cases[] = {
    { "", "", "", "c6eadffa33fcdf37" },
    { "", "", ",\"orgId\":1", "c6eadffa33fcdf37" },
    { "", "", ",\"orgId\":7", "org-7/c6eadffa33fcdf37" },
    { "\"orgId\":7,", "", "", "org-7/c6eadffa33fcdf37" },
    { "", ",\"orgId\":7", "", "org-7/c6eadffa33fcdf37" },
    { "", ",\"orgId\":7", ",\"orgId\":7", "org-7/c6eadffa33fcdf37" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *json = g_strdup_printf ("{%s\"alerts\":[" ALERT ",\"startsAt\":\"2026-11-23T06:51:03Z\"%s}]%s}", cases[i].before,
                                               cases[i].in_alert, cases[i].behind);
      g_autoptr(IncidentIntakeMessage) message = parse (json);

      assert_string_equal (get_alert (message, 0)->key, cases[i].key);
      assert_string_equal (get_alert (message, 0)->episode, "2026-11-23T06:51:03Z");
      assert_true (get_alert (message, 0)->has_episode);
    }
}

/* A message of version 8, which did not name an organisation yet. */
static void
test_older_senders_are_recognised (void **state)
{
  g_autoptr(IncidentIntakeMessage) message =
    read_body_of (NULL, "{\"receiver\":\"r\",\"status\":\"firing\",\"alerts\":[" ALERT ",\"silenceURL\":\"\",\"valueString\":\"\"}],"
                        "\"groupLabels\":{},\"version\":\"1\",\"groupKey\":\"g\"}", NULL);

  assert_string_equal (message->format->name, FORMAT);
}

static void
test_values_may_be_anything (void **state)
{
  static const char * const values[] = { "null", "{}", "{\"A\":1e300,\"B\":null}", "\"NaN\"", "[]" };

  for (guint i = 0; i < G_N_ELEMENTS (values); i++)
    {
      g_autofree char *json = g_strdup_printf ("{\"alerts\":[" ALERT ",\"values\":%s}]}", values[i]);
      g_autoptr(IncidentIntakeMessage) message = parse (json);

      assert_int_equal (message->alerts->len, 1);
    }
}

static void
test_a_bad_alert_is_set_aside_with_its_place (void **state)
{
  g_autoptr(IncidentIntakeMessage) message =
    parse ("{\"alerts\":[" ALERT "},{\"status\":\"alerting\",\"labels\":{\"a\":\"b\"}}," ALERT ",\"orgId\":\"7\"}," ALERT ",\"panelURL\":\"\\ud83d\"}],\"orgId\":2}");

  assert_int_equal (message->alerts->len, 1);
  assert_int_equal (message->refused->len, 3);
  assert_refused (message, 0, "/alerts/1/status", "must be “firing” or “resolved”");
  assert_refused (message, 1, "/alerts/2/orgId", "must be a whole number, not a string");
  assert_refused (message, 2, "/alerts/3/panelURL", "surrogate pair");
}

static void
test_what_is_no_message_is_an_error (void **state)
{
  assert_no_message_of (FORMAT, "{\"orgId\":1}", NULL, "", "this is no message of Grafana");
  assert_no_message_of (FORMAT, "{\"alerts\":[],\"orgId\":\"1\"}", NULL, "/orgId", "must be a whole number, not a string");
  assert_no_message_of (FORMAT, "{\"alerts\":[],\"orgId\":1.5}", NULL, "/orgId", "must be a whole number");
}

int
main (void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test (test_an_alert_fires),
    cmocka_unit_test (test_an_update_is_the_same_occurrence),
    cmocka_unit_test (test_a_resolve_ends_the_same_occurrence),
    cmocka_unit_test (test_no_data_fires_under_the_name_of_its_rule),
    cmocka_unit_test (test_organisations_have_keys_of_their_own),
    cmocka_unit_test (test_older_senders_are_recognised),
    cmocka_unit_test (test_values_may_be_anything),
    cmocka_unit_test (test_a_bad_alert_is_set_aside_with_its_place),
    cmocka_unit_test (test_what_is_no_message_is_an_error),
  };

  return cmocka_run_group_tests (tests, NULL, NULL);
}
