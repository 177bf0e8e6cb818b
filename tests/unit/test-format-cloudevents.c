/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "format-test.h"

/* CloudEvents, alone and with a mapping of their data. */

#define FORMAT "cloudevents"
#define EVENT "\"specversion\":\"1.0\",\"id\":\"1\",\"source\":\"/s\",\"type\":\"t\""

/* Of the samples: {"job":{"id","state"},"severity","text","tags"}. */
static IncidentMapping *
mapping_new (void)
{
  static const IncidentWord statuses[] = { { "failed", "firing" }, { "done", "resolved" } };
  IncidentMapping *mapping = g_new0 (IncidentMapping, 1);

  mapping->key = g_ptr_array_new ();
  g_ptr_array_add (mapping->key, (gpointer) "/job/id");
  mapping->status = "/job/state";
  mapping->statuses = g_array_new (FALSE, FALSE, sizeof (IncidentWord));
  g_array_append_vals (mapping->statuses, statuses, G_N_ELEMENTS (statuses));
  mapping->severity = "/severity";
  mapping->summary = "/text";
  mapping->labels = "/tags";
  return mapping;
}

static void
mapping_free (IncidentMapping *mapping)
{
  g_ptr_array_unref (mapping->key);
  g_array_unref (mapping->statuses);
  g_free (mapping);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (IncidentMapping, mapping_free)

static void
test_without_a_mapping_an_event_informs (void **state)
{
  g_autoptr(IncidentIntakeMessage) message = read_sample_of (NULL, "cloudevents-firing.json", NULL);
  IncidentAlert *alert = get_alert (message, 0);

  assert_string_equal (message->format->name, FORMAT);
  assert_int_equal (alert->status, INCIDENT_ALERT_STATUS_INFO);
  assert_string_equal (alert->name, "org.example.backup.failed");
  assert_string_equal (alert->summary, "orders-db");
  assert_null (alert->severity);
  assert_string_equal (alert->episode, "2026-11-23T06:14:46.154098614Z");
  assert_true (alert->starts_at == at ("2026-11-23T06:14:46.154098Z") && alert->told_at == alert->starts_at);
  assert_string_equal (incident_alert_get_label (alert, "source"), "/backups/eu-1");
  assert_string_equal (incident_alert_get_label (alert, "subject"), "orders-db");
  assert_string_equal (incident_alert_get_label (alert, "alertname"), "org.example.backup.failed");
  assert_string_equal (incident_alert_get_annotation (alert, "traceparent"), "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01");
  assert_null (incident_alert_get_annotation (alert, "data"));
}

static void
test_the_key_is_source_type_and_subject (void **state)
{
  static const char * const others[] = {
    "{\"specversion\":\"1.0\",\"id\":\"1\",\"source\":\"/x\",\"type\":\"t\",\"subject\":\"a\"}",
    "{\"specversion\":\"1.0\",\"id\":\"1\",\"source\":\"/s\",\"type\":\"x\",\"subject\":\"a\"}",
    "{\"specversion\":\"1.0\",\"id\":\"1\",\"source\":\"/s\",\"type\":\"t\",\"subject\":\"x\"}",
    "{\"specversion\":\"1.0\",\"id\":\"1\",\"source\":\"/s\",\"type\":\"t\",\"subject\":\"\"}",
    "{\"specversion\":\"1.0\",\"id\":\"1\",\"source\":\"/s\",\"type\":\"t\"}",
  };
  g_autoptr(GHashTable) keys = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  g_autoptr(IncidentIntakeMessage) one = read_body_of (FORMAT, "{" EVENT ",\"subject\":\"a\"}", NULL);
  g_autoptr(IncidentIntakeMessage) again =
    read_body_of (FORMAT, "{\"specversion\":\"1.0\",\"subject\":\"a\",\"type\":\"t\",\"source\":\"/s\",\"id\":\"2\",\"data\":{}}", NULL);

  assert_string_equal (get_alert (one, 0)->key, get_alert (again, 0)->key);
  for (guint i = 0; i < G_N_ELEMENTS (others); i++)
    {
      g_autoptr(IncidentIntakeMessage) other = read_body_of (FORMAT, others[i], NULL);

      assert_string_not_equal (get_alert (other, 0)->key, get_alert (one, 0)->key);
      assert_true (g_hash_table_add (keys, g_strdup (get_alert (other, 0)->key)));
    }
}

static void
test_a_mapping_reads_the_data (void **state)
{
  g_autoptr(IncidentMapping) mapping = mapping_new ();
  IncidentSource source = { .mapping = mapping };
  g_autoptr(IncidentIntakeMessage) firing = read_sample_of (NULL, "cloudevents-firing.json", &source);
  g_autoptr(IncidentIntakeMessage) update = read_sample_of (NULL, "cloudevents-update.json", &source);
  g_autoptr(IncidentIntakeMessage) end = read_sample_of (NULL, "cloudevents-resolve.json", &source);
  IncidentAlert *alert = get_alert (firing, 0);

  assert_int_equal (alert->status, INCIDENT_ALERT_STATUS_FIRING);
  assert_string_equal (alert->key, "orders-db/nightly");
  assert_false (alert->has_episode);
  assert_string_equal (alert->severity, "major");
  assert_string_equal (alert->summary, "The backup of orders-db failed: no space");
  assert_string_equal (alert->name, "org.example.backup.failed");
  assert_string_equal (incident_alert_get_label (alert, "attempt"), "3");
  assert_true (alert->told_at == at ("2026-11-23T06:14:46.154098Z"));
  assert_int_equal (update->alerts->len, 2);
  assert_string_equal (get_alert (update, 0)->key, alert->key);
  assert_string_equal (get_alert (update, 1)->key, "users-db/nightly");
  assert_string_equal (get_alert (end, 0)->key, alert->key);
  assert_int_equal (get_alert (end, 0)->status, INCIDENT_ALERT_STATUS_RESOLVED);
}

static void
test_an_empty_batch_is_a_message (void **state)
{
  g_autoptr(IncidentIntakeMessage) message = read_body_of (FORMAT, "[]", NULL);

  assert_int_equal (message->alerts->len + message->refused->len, 0);
}

static void
test_null_is_absent (void **state)
{
  g_autoptr(IncidentIntakeMessage) message =
    read_body_of (FORMAT, "{" EVENT ",\"subject\":null,\"time\":null,\"data\":null,\"data_base64\":\"AA==\",\"more\":null}", NULL);

  assert_int_equal (message->alerts->len, 1);
  assert_false (get_alert (message, 0)->has_episode);
  assert_int_equal (get_alert (message, 0)->annotations.n, 0);
}

static void
test_what_is_wrong_is_told_with_its_place (void **state)
{
  static const struct
  {
    const char *body;
    const char *where;
    const char *what;
  } cases[] = {
    { "{}", "", "must have the member “specversion”" },
    { "{\"specversion\":1.0,\"id\":\"1\",\"source\":\"/s\",\"type\":\"t\"}", "/specversion", "must be a string" },
    { "{\"specversion\":\"0.3\",\"id\":\"1\",\"source\":\"/s\",\"type\":\"t\"}", "/specversion", "must be “1.0”" },
    { "{\"specversion\":\"1.0\",\"source\":\"/s\",\"type\":\"t\"}", "", "must have the member “id”" },
    { "{\"specversion\":\"1.0\",\"id\":\"\",\"source\":\"/s\",\"type\":\"t\"}", "/id", "must not be empty" },
    { "{\"specversion\":\"1.0\",\"id\":7,\"source\":\"/s\",\"type\":\"t\"}", "/id", "must be a string, not a number" },
    { "{\"specversion\":\"1.0\",\"id\":\"1\",\"type\":\"t\"}", "", "must have the member “source”" },
    { "{\"specversion\":\"1.0\",\"id\":\"1\",\"source\":\"/s\",\"type\":null}", "", "must have the member “type”" },
    { "{" EVENT ",\"subject\":[]}", "/subject", "must be a string, not an array" },
    { "{" EVENT ",\"time\":1795417200}", "/time", "must be a string, not a number" },
    { "{" EVENT ",\"time\":\"2026-11-23T06:00:00\"}", "/time", "“Z” or an offset" },
    { "{" EVENT ",\"time\":\"\"}", "/time", "is not a time" },
    { "{" EVENT ",\"data\":1,\"data_base64\":\"AA==\"}", "/data_base64", "must not stand beside “data”" },
    { "{" EVENT ",\"data_base64\":7}", "/data_base64", "must be a string, not a number" },
    { "{" EVENT ",\"more\":{}}", "/more", "must be a string, not an object" },
    { "{" EVENT ",\"subject\":\"cut \\ud83d\"}", "/subject", "must be a string that is text" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    assert_item_refused (FORMAT, cases[i].body, NULL, cases[i].where, cases[i].what);
}

/* A string that looks like JSON is a string. */
static void
test_a_mapping_reads_nothing_but_an_object (void **state)
{
  g_autoptr(IncidentMapping) mapping = mapping_new ();
  IncidentSource source = { .mapping = mapping };

  assert_item_refused (FORMAT, "{" EVENT ",\"data\":\"{}\",\"datacontenttype\":\"application/json\"}", &source, "/data", "must be an object, not a string");
  assert_item_refused (FORMAT, "{" EVENT "}", &source, "", "must have the member “data”");
  assert_item_refused (FORMAT, "{" EVENT ",\"data_base64\":\"e30=\"}", &source, "", "must have the member “data”");
  assert_item_refused (FORMAT, "{" EVENT ",\"data\":{\"job\":{\"id\":\"a\",\"state\":\"lost\"}}}", &source, "/data/job/state",
                       "must be one of “failed”, “done”");
  assert_item_refused (FORMAT, "{" EVENT ",\"data\":{\"job\":{}}}", &source, "/data", "must have “/job/id”");
}

static void
test_a_bad_event_of_a_batch_is_set_aside (void **state)
{
  g_autoptr(IncidentIntakeMessage) message =
    read_body_of (FORMAT, "[{" EVENT "},7,{" EVENT ",\"time\":\"now\"},{" EVENT ",\"\\ud83d\":1},{" EVENT ",\"data\":[\"\\ud83d\"]}]", NULL);

  assert_int_equal (message->alerts->len, 2);
  assert_int_equal (message->refused->len, 3);
  assert_refused (message, 0, "/1", "must be an object, not a number");
  assert_refused (message, 1, "/2/time", "is not a time");
  assert_refused (message, 2, "/3", "must be an object that is text");
}

static void
test_what_is_no_event_is_an_error (void **state)
{
  assert_no_message_of (FORMAT, "7", NULL, "", "must be an object, not a number");
  assert_no_message_of (FORMAT, "{" EVENT ",\"id\":\"2\"}", NULL, "/id", "stands twice");
}

int
main (void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test (test_without_a_mapping_an_event_informs),
    cmocka_unit_test (test_the_key_is_source_type_and_subject),
    cmocka_unit_test (test_a_mapping_reads_the_data),
    cmocka_unit_test (test_an_empty_batch_is_a_message),
    cmocka_unit_test (test_null_is_absent),
    cmocka_unit_test (test_what_is_wrong_is_told_with_its_place),
    cmocka_unit_test (test_a_mapping_reads_nothing_but_an_object),
    cmocka_unit_test (test_a_bad_event_of_a_batch_is_set_aside),
    cmocka_unit_test (test_what_is_no_event_is_an_error),
  };

  return cmocka_run_group_tests (tests, NULL, NULL);
}
