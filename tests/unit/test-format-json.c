/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "format-test.h"

#include "intake/incident-mapping-private.h"

/* What a team sends itself, read by a mapping; and what is sent by custom. */

#define FORMAT "json"
#define BEGIN "\"checks\":[{\"host\":\"db-1\",\"check\":{\"name\":\"disk\",\"state\":\"BAD\"}"

typedef struct
{
  IncidentMapping mapping;
  IncidentSource  source;
} Fixture;

/* {"checks":[{"host","check":{"name","state"},"level","text","url","since","until","tags","notes"}]} */
static void
fixture_init (Fixture *fixture)
{
  static const IncidentWord statuses[] = {
    { "BAD", "firing" }, { "SEEN", "acknowledged" }, { "GOOD", "resolved" }, { "QUIET", "suppressed" }, { "NEWS", "info" },
  };
  static const IncidentWord labels[] = { { "host", "/host" }, { "zone", "/where/0/zone~1name" }, { "team", "/team" } };
  IncidentMapping *mapping = &fixture->mapping;

  memset (fixture, 0, sizeof *fixture);
  mapping->items = "/checks";
  mapping->key = g_ptr_array_new ();
  g_ptr_array_add (mapping->key, (gpointer) "/host");
  g_ptr_array_add (mapping->key, (gpointer) "/check/name");
  mapping->status = "/check/state";
  mapping->statuses = g_array_new (FALSE, FALSE, sizeof (IncidentWord));
  g_array_append_vals (mapping->statuses, statuses, G_N_ELEMENTS (statuses));
  mapping->severity = "/level";
  mapping->name = "/check/name";
  mapping->summary = "/text";
  mapping->link = "/url";
  mapping->starts_at = "/since";
  mapping->ends_at = "/until";
  mapping->labels = "/tags";
  mapping->more_labels = g_array_new (FALSE, FALSE, sizeof (IncidentWord));
  g_array_append_vals (mapping->more_labels, labels, G_N_ELEMENTS (labels));
  mapping->annotations = "/notes";
  fixture->source.name = "checks";
  fixture->source.mapping = mapping;
}

static void
fixture_clear (Fixture *fixture)
{
  g_ptr_array_unref (fixture->mapping.key);
  g_array_unref (fixture->mapping.statuses);
  g_array_unref (fixture->mapping.more_labels);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Fixture, fixture_clear)

static void
test_all_that_is_mapped_is_read (void **state)
{
  g_auto(Fixture) fixture;
  g_autoptr(IncidentIntakeMessage) message = NULL;
  IncidentAlert *alert;

  fixture_init (&fixture);
  message = read_body_of (FORMAT, "{" BEGIN ",\"level\":3,\"text\":\"Disk is full\",\"url\":\"https://c.example.org/1\",\"since\":1795416000,"
                                  "\"until\":\"\",\"tags\":{\"team\":\"storage\",\"shared\":true,\"none\":null},\"team\":\"ops\","
                                  "\"where\":[{\"zone/name\":\"eu-1\"}],\"notes\":{\"free\":1.50}}]}", &fixture.source);
  alert = get_alert (message, 0);
  assert_int_equal (alert->status, INCIDENT_ALERT_STATUS_FIRING);
  assert_int_equal (strlen (alert->key), 32);
  assert_string_equal (alert->episode, "2026-11-23T06:40:00.000000Z");
  assert_true (alert->starts_at == at ("2026-11-23T06:40:00Z") && alert->ends_at == INCIDENT_TIME_NONE);
  assert_string_equal (alert->severity, "3");
  assert_string_equal (alert->name, "disk");
  assert_string_equal (alert->summary, "Disk is full");
  assert_string_equal (alert->link, "https://c.example.org/1");
  assert_int_equal (alert->labels.n, 5);
  assert_string_equal (incident_alert_get_label (alert, "alertname"), "disk");
  assert_string_equal (incident_alert_get_label (alert, "host"), "db-1");
  assert_string_equal (incident_alert_get_label (alert, "zone"), "eu-1");
  assert_string_equal (incident_alert_get_label (alert, "team"), "ops");
  assert_string_equal (incident_alert_get_label (alert, "shared"), "true");
  assert_string_equal (incident_alert_get_annotation (alert, "free"), "1.50");
}

static void
test_each_word_has_its_status (void **state)
{
  static const struct
  {
    const char          *word;
    IncidentAlertStatus  status;
  } cases[] = {
    { "BAD", INCIDENT_ALERT_STATUS_FIRING }, { "SEEN", INCIDENT_ALERT_STATUS_ACKNOWLEDGED }, { "GOOD", INCIDENT_ALERT_STATUS_RESOLVED },
    { "QUIET", INCIDENT_ALERT_STATUS_SUPPRESSED }, { "NEWS", INCIDENT_ALERT_STATUS_INFO },
  };
  g_auto(Fixture) fixture;

  fixture_init (&fixture);
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *json = g_strdup_printf ("{\"checks\":[{\"host\":\"a\",\"check\":{\"name\":\"b\",\"state\":\"%s\"}}]}", cases[i].word);
      g_autoptr(IncidentIntakeMessage) message = read_body_of (FORMAT, json, &fixture.source);

      assert_int_equal (get_alert (message, 0)->status, cases[i].status);
    }
}

static void
test_fields_of_a_key_do_not_run_into_each_other (void **state)
{
  g_auto(Fixture) fixture;
  g_autoptr(IncidentIntakeMessage) message = NULL;

  fixture_init (&fixture);
  message = read_body_of (FORMAT, "{\"checks\":[{\"host\":\"ab\",\"check\":{\"name\":\"c\",\"state\":\"BAD\"}},"
                                  "{\"host\":\"a\",\"check\":{\"name\":\"bc\",\"state\":\"BAD\"}},"
                                  "{\"host\":\"ab\",\"check\":{\"name\":\"c\",\"state\":\"GOOD\"},\"text\":\"x\"}]}", &fixture.source);
  assert_string_not_equal (get_alert (message, 0)->key, get_alert (message, 1)->key);
  assert_string_equal (get_alert (message, 0)->key, get_alert (message, 2)->key);
}

static void
test_a_key_of_one_field_can_be_read (void **state)
{
  g_auto(Fixture) fixture;
  g_autoptr(IncidentIntakeMessage) message = NULL;

  fixture_init (&fixture);
  g_ptr_array_set_size (fixture.mapping.key, 1);
  fixture.mapping.items = NULL;
  fixture.mapping.status = NULL;
  fixture.mapping.always = "firing";
  message = read_body_of (FORMAT, "[{\"host\":\"db-1\"},{\"host\":7}]", &fixture.source);
  assert_string_equal (get_alert (message, 0)->key, "db-1");
  assert_string_equal (get_alert (message, 0)->name, "db-1");
  assert_string_equal (get_alert (message, 1)->key, "7");
  assert_int_equal (get_alert (message, 0)->status, INCIDENT_ALERT_STATUS_FIRING);
}

static void
test_an_id_of_the_occurrence_stands_before_its_start (void **state)
{
  g_auto(Fixture) fixture;
  g_autoptr(IncidentIntakeMessage) message = NULL;

  fixture_init (&fixture);
  fixture.mapping.episode = "/problem";
  message = read_body_of (FORMAT, "{" BEGIN ",\"problem\":4711,\"since\":\"2026-11-23T06:00:00Z\"},"
                                  "{\"host\":\"a\",\"check\":{\"name\":\"b\",\"state\":\"BAD\"},\"problem\":\"\",\"since\":\"2026-11-23T06:00:00Z\"}]}",
                          &fixture.source);
  assert_string_equal (get_alert (message, 0)->episode, "4711");
  assert_true (get_alert (message, 0)->starts_at == at ("2026-11-23T06:00:00Z"));
  assert_string_equal (get_alert (message, 1)->episode, "2026-11-23T06:00:00Z");
}

static void
test_times_are_read_as_they_are_written (void **state)
{
  static const struct
  {
    const char *told;
    const char *meant;
  } cases[] = {
    { "1795416000", "2026-11-23T06:40:00.000000Z" }, { "\"1795416000123\"", "2026-11-23T06:40:00.123000Z" },
    { "1795416000.5", "2026-11-23T06:40:00.500000Z" }, { "1795416000123456", "2026-11-23T06:40:00.123456Z" },
    { "\"2026-11-23T07:40:00.123456789+01:00\"", "2026-11-23T06:40:00.123456789Z" },
  };
  g_auto(Fixture) fixture;

  fixture_init (&fixture);
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *json = g_strdup_printf ("{" BEGIN ",\"since\":%s}]}", cases[i].told);
      g_autoptr(IncidentIntakeMessage) message = read_body_of (FORMAT, json, &fixture.source);

      assert_int_equal (message->alerts->len, 1);
      assert_string_equal (get_alert (message, 0)->episode, cases[i].meant);
      assert_true (get_alert (message, 0)->starts_at / 1000 == at (cases[i].meant) / 1000);
    }
}

static void
test_a_time_without_zone_needs_that_of_the_source (void **state)
{
  g_autoptr(GTimeZone) zone = g_time_zone_new_offset (3600);
  g_auto(Fixture) fixture;
  g_autoptr(IncidentIntakeMessage) message = NULL;

  fixture_init (&fixture);
  assert_item_refused (FORMAT, "{" BEGIN ",\"since\":\"2026-11-23 07:40:00\"}]}", &fixture.source, "/checks/0/since", "is not a time");
  fixture.source.zone = zone;
  message = read_body_of (FORMAT, "{" BEGIN ",\"since\":\"2026-11-23 07:40:00\"}]}", &fixture.source);
  assert_string_equal (get_alert (message, 0)->episode, "2026-11-23T06:40:00.000000Z");
}

static void
test_only_what_is_over_has_an_end (void **state)
{
  g_auto(Fixture) fixture;
  g_autoptr(IncidentIntakeMessage) message = NULL;

  fixture_init (&fixture);
  message = read_body_of (FORMAT, "{" BEGIN ",\"until\":1795416000},{\"host\":\"a\",\"check\":{\"name\":\"b\",\"state\":\"GOOD\"},\"until\":1795416000},"
                                  "{\"host\":\"a\",\"check\":{\"name\":\"b\",\"state\":\"GOOD\"},\"since\":\"0001-01-01T00:00:00Z\"}]}", &fixture.source);
  assert_true (get_alert (message, 0)->ends_at == INCIDENT_TIME_NONE);
  assert_true (get_alert (message, 1)->ends_at == at ("2026-11-23T06:40:00Z"));
  assert_true (get_alert (message, 2)->starts_at == INCIDENT_TIME_NONE);
  assert_false (get_alert (message, 2)->has_episode);
}

static void
test_what_is_wrong_is_told_with_its_place (void **state)
{
  static const struct
  {
    const char *item;
    const char *where;
    const char *what;
  } cases[] = {
    { "null", "/checks/1", "must be an object, not null" },
    { "{}", "/checks/1", "must have “/host”, which its key is made of" },
    { "{\"host\":\"a\"}", "/checks/1", "must have “/check/name”, which its key is made of" },
    { "{\"host\":\"\",\"check\":{\"name\":\"b\",\"state\":\"BAD\"}}", "/checks/1/host", "must not be empty" },
    { "{\"host\":{},\"check\":{\"name\":\"b\",\"state\":\"BAD\"}}", "/checks/1/host", "must be a string, not an object" },
    { "{\"host\":\"{{ $labels.host }}\",\"check\":{\"name\":\"b\",\"state\":\"BAD\"}}", "/checks/1/host", "is a template" },
    { "{\"host\":\"$HOSTNAME$\",\"check\":{\"name\":\"b\",\"state\":\"BAD\"}}", "/checks/1/host", "is a template" },
    { "{\"host\":\"a\",\"check\":{\"name\":\"b\"}}", "/checks/1", "must have “/check/state”, which tells its status" },
    { "{\"host\":\"a\",\"check\":{\"name\":\"b\",\"state\":\"\"}}", "/checks/1/check/state", "must be one of “BAD”, “SEEN”" },
    { "{\"host\":\"a\",\"check\":{\"name\":\"b\",\"state\":\"bad\"}}", "/checks/1/check/state", "must be one of “BAD”, “SEEN”" },
    { "{\"host\":\"a\",\"check\":{\"name\":\"b\",\"state\":[]}}", "/checks/1/check/state", "must be a string, not an array" },
    { "{\"host\":\"a\",\"check\":{\"name\":\"b\",\"state\":\"BAD\"},\"since\":\"soon\"}", "/checks/1/since", "is not a time" },
    { "{\"host\":\"a\",\"check\":{\"name\":\"b\",\"state\":\"BAD\"},\"since\":-1}", "/checks/1/since", "is not a time" },
    { "{\"host\":\"a\",\"check\":{\"name\":\"b\",\"state\":\"BAD\"},\"since\":1e30}", "/checks/1/since", "is not a time" },
    { "{\"host\":\"a\",\"check\":{\"name\":\"b\",\"state\":\"BAD\"},\"since\":[]}", "/checks/1/since", "must be a string, not an array" },
    { "{\"host\":\"a\",\"check\":{\"name\":\"b\",\"state\":\"GOOD\"},\"since\":2000000000,\"until\":1000000000}", "/checks/1",
      "must not end before it starts" },
    { "{\"host\":\"a\",\"check\":{\"name\":\"b\",\"state\":\"BAD\"},\"text\":{}}", "/checks/1/text", "must be a string, not an object" },
    { "{\"host\":\"a\",\"check\":{\"name\":\"b\",\"state\":\"BAD\"},\"text\":\"cut \\ud83d\"}", "/checks/1/text", "must be a string that is text" },
    { "{\"host\":\"a\",\"check\":{\"name\":\"b\",\"state\":\"BAD\"},\"tags\":[]}", "/checks/1/tags", "must be an object, not an array" },
    { "{\"host\":\"a\",\"check\":{\"name\":\"b\",\"state\":\"BAD\"},\"tags\":{\"x\":{}}}", "/checks/1/tags/x", "must be a string, not an object" },
    { "{\"host\":\"a\",\"check\":{\"name\":\"b\",\"state\":\"BAD\"},\"notes\":\"\"}", "/checks/1/notes", "must be an object, not a string" },
    { "{\"host\":\"a\",\"check\":{\"name\":\"b\",\"state\":\"BAD\"},\"team\":[]}", "/checks/1/team", "must be a string, not an array" },
  };
  g_auto(Fixture) fixture;

  fixture_init (&fixture);
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *json = g_strdup_printf ("{" BEGIN "},%s," "{\"host\":\"z\",\"check\":{\"name\":\"z\",\"state\":\"BAD\"}}]}", cases[i].item);
      g_autoptr(IncidentIntakeMessage) message = read_body_of (FORMAT, json, &fixture.source);

      assert_int_equal (message->alerts->len, 2);
      assert_int_equal (message->refused->len, 1);
      assert_refused (message, 0, cases[i].where, cases[i].what);
    }
}

static void
test_a_body_without_the_list_is_an_error (void **state)
{
  g_auto(Fixture) fixture;

  fixture_init (&fixture);
  assert_no_message_of (FORMAT, "{}", &fixture.source, "", "must have “/checks”, the alerts of the message");
  assert_no_message_of (FORMAT, "{\"checks\":{}}", &fixture.source, "/checks", "must be an array, not an object");
  assert_no_message_of (FORMAT, "[]", &fixture.source, "", "must have “/checks”");
  fixture.mapping.items = NULL;
  assert_no_message_of (FORMAT, "7", &fixture.source, "", "must be an object, not a number");
}

static void
test_a_slice_is_read_by_the_same_mapping (void **state)
{
  g_auto(Fixture) fixture;
  g_autoptr(IncidentIntakeMessage) message = NULL;
  g_autoptr(IncidentAlert) again = NULL;
  IncidentAlert *alert;

  fixture_init (&fixture);
  message = read_body_of (FORMAT, " {" BEGIN "} , {\"host\":\"z\",\"check\":{\"name\":\"y\",\"state\":\"GOOD\"}} ]}", &fixture.source);
  alert = get_alert (message, 1);
  again = incident_intake_read_slice (FORMAT, message->bytes + alert->raw_start, alert->raw_length, "monitor", &fixture.source, RECEIVED_AT);
  assert_string_equal (again->key, alert->key);
  assert_int_equal (again->status, INCIDENT_ALERT_STATUS_RESOLVED);
}

static void
test_credentials_are_blanked (void **state)
{
  static const char body[] = "{\"token\":\"s3\\\"cret\",\"summary\":\"S\",\"dedup\":\"d\",\"details\":\"token\"}";
  g_autoptr(IncidentIntakeMessage) message = read_body_of (FORMAT, body, NULL);
  gsize length;
  const char *raw = g_bytes_get_data (message->raw, &length);

  assert_int_equal (length, strlen (body));
  assert_memory_equal (raw, "{\"token\":\"xxxxxxxx\",\"summary\":\"S\",\"dedup\":\"d\",\"details\":\"token\"}", length);
  assert_string_equal (get_alert (message, 0)->key, "d");
}

/* Presets */

static void
test_the_shape_of_oncall_is_known (void **state)
{
  g_autoptr(IncidentIntakeMessage) firing = read_sample_of (NULL, "json-firing.json", NULL);
  g_autoptr(IncidentIntakeMessage) update = read_sample_of (NULL, "json-update.json", NULL);
  g_autoptr(IncidentIntakeMessage) end = read_sample_of (NULL, "json-resolve.json", NULL);
  IncidentAlert *alert = get_alert (firing, 0);

  assert_int_equal (alert->status, INCIDENT_ALERT_STATUS_FIRING);
  assert_string_equal (alert->key, "08d6891a-835c-e661-39fa-96b6a9e26552");
  assert_string_equal (alert->name, "Queue of invoices is long");
  assert_string_equal (alert->summary, "120000 messages wait");
  assert_string_equal (alert->link, "https://queues.example.org/invoices");
  assert_string_equal (get_alert (update, 0)->key, alert->key);
  assert_string_equal (get_alert (end, 0)->key, alert->key);
  assert_int_equal (get_alert (end, 0)->status, INCIDENT_ALERT_STATUS_RESOLVED);
}

static void
test_the_shape_of_goalert_is_known (void **state)
{
  g_autoptr(IncidentIntakeMessage) message =
    read_body_of (NULL, "[{\"summary\":\"Disk\",\"details\":\"of db-1\",\"dedup\":\"disk/db-1\"},{\"summary\":\"Disk\",\"dedup\":\"disk/db-1\",\"action\":\"close\"}]", NULL);

  assert_string_equal (message->format->name, FORMAT);
  assert_int_equal (get_alert (message, 0)->status, INCIDENT_ALERT_STATUS_FIRING);
  assert_string_equal (get_alert (message, 0)->key, "disk/db-1");
  assert_string_equal (get_alert (message, 0)->name, "Disk");
  assert_string_equal (get_alert (message, 0)->summary, "of db-1");
  assert_int_equal (get_alert (message, 1)->status, INCIDENT_ALERT_STATUS_RESOLVED);
}

static void
test_a_key_is_never_made_up (void **state)
{
  assert_item_refused (FORMAT, "{\"title\":\"T\",\"state\":\"alerting\",\"message\":\"M\"}", NULL, "", "must have “/alert_uid”");
  assert_item_refused (FORMAT, "{\"summary\":\"S\",\"details\":\"D\"}", NULL, "", "must have “/dedup”");
  assert_item_refused (FORMAT, "{\"alert_uid\":\"a\",\"state\":\"broken\"}", NULL, "/state", "must be one of “alerting”, “ok”");
  assert_item_refused (FORMAT, "{\"summary\":\"S\",\"dedup\":\"d\",\"action\":\"open\"}", NULL, "/action", "must be one of “close”");
  assert_item_refused (FORMAT, "{\"what\":\"is this\"}", NULL, "", "write a mapping");
}

/* A mapping is tested before it goes live. */

static gboolean
check (Fixture    *fixture,
       const char *sample,
       GPtrArray **alerts,
       GError    **error)
{
  return incident_mapping_check_sample (&fixture->mapping, "json", sample, strlen (sample), "sample.json", NULL, alerts, error);
}

static void
test_a_sample_shows_what_a_mapping_makes_of_it (void **state)
{
  g_auto(Fixture) fixture;
  g_autoptr(GPtrArray) alerts = NULL;
  g_autoptr(GError) error = NULL;

  fixture_init (&fixture);
  assert_true (check (&fixture, "{" BEGIN ",\"text\":\"T\"}]}", &alerts, &error));
  assert_no_error (error);
  assert_int_equal (alerts->len, 1);
  assert_string_equal (incident_alert_get_summary (g_ptr_array_index (alerts, 0)), "T");
  assert_true (check (&fixture, "{" BEGIN "}]}", NULL, NULL));
}

static void
test_a_sample_that_does_not_fit_tells_all_that_is_wrong (void **state)
{
  g_auto(Fixture) fixture;
  g_autoptr(GError) error = NULL;

  fixture_init (&fixture);
  assert_false (check (&fixture, "{\"checks\":[{\"host\":\"a\"},{\"check\":{\"name\":\"b\",\"state\":\"BAD\"}}]}", NULL, &error));
  assert_error (error, INCIDENT_ERROR, INCIDENT_ERROR_INVALID);
  assert_string_equal (incident_error_get_where (error), "/checks/0");
  assert_non_null (strstr (error->message, "sample.json:1:12: /checks/0: must have “/check/name”"));
  assert_non_null (strstr (error->message, "/checks/1: must have “/host”"));
}

static void
test_a_sample_without_an_alert_tests_nothing (void **state)
{
  g_auto(Fixture) fixture;
  g_autoptr(GError) none = NULL;
  g_autoptr(GError) broken = NULL;

  fixture_init (&fixture);
  assert_false (check (&fixture, "{\"checks\":[]}", NULL, &none));
  assert_string_equal (incident_error_get_where (none), "/checks");
  assert_false (check (&fixture, "{\"checks\":[", NULL, &broken));
  assert_error (broken, INCIDENT_ERROR, INCIDENT_ERROR_INVALID);
}

static void
test_a_mapping_without_a_status_makes_no_alarm (void **state)
{
  g_auto(Fixture) fixture;

  fixture_init (&fixture);
  fixture.mapping.status = NULL;
  assert_item_refused (FORMAT, "{" BEGIN "}]}", &fixture.source, "/checks/0", "a mapping that does not say where its status stands");
}

static void
test_what_is_no_pointer_is_told (void **state)
{
  g_auto(Fixture) fixture;

  fixture_init (&fixture);
  fixture.mapping.severity = "level";
  assert_item_refused (FORMAT, "{" BEGIN "}]}", &fixture.source, "/checks/0", "“level”, which is no JSON pointer");
}

int
main (void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test (test_all_that_is_mapped_is_read),
    cmocka_unit_test (test_each_word_has_its_status),
    cmocka_unit_test (test_fields_of_a_key_do_not_run_into_each_other),
    cmocka_unit_test (test_a_key_of_one_field_can_be_read),
    cmocka_unit_test (test_an_id_of_the_occurrence_stands_before_its_start),
    cmocka_unit_test (test_times_are_read_as_they_are_written),
    cmocka_unit_test (test_a_time_without_zone_needs_that_of_the_source),
    cmocka_unit_test (test_only_what_is_over_has_an_end),
    cmocka_unit_test (test_what_is_wrong_is_told_with_its_place),
    cmocka_unit_test (test_a_body_without_the_list_is_an_error),
    cmocka_unit_test (test_a_slice_is_read_by_the_same_mapping),
    cmocka_unit_test (test_credentials_are_blanked),
    cmocka_unit_test (test_the_shape_of_oncall_is_known),
    cmocka_unit_test (test_the_shape_of_goalert_is_known),
    cmocka_unit_test (test_a_key_is_never_made_up),
    cmocka_unit_test (test_a_sample_shows_what_a_mapping_makes_of_it),
    cmocka_unit_test (test_a_sample_that_does_not_fit_tells_all_that_is_wrong),
    cmocka_unit_test (test_a_sample_without_an_alert_tests_nothing),
    cmocka_unit_test (test_a_mapping_without_a_status_makes_no_alarm),
    cmocka_unit_test (test_what_is_no_pointer_is_told),
  };

  return cmocka_run_group_tests (tests, NULL, NULL);
}
