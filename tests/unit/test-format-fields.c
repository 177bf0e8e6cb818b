/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "intake-sample.h"

#include "intake/incident-format-fields-private.h"

/* An object of one member. */
typedef struct
{
  IncidentIntakeMessage *message;
  IncidentItem           item;
  IncidentNode          *root;
} Fixture;

static void
fixture_init (Fixture *self, const char *json)
{
  g_autoptr(GBytes) body = g_bytes_new (json, strlen (json));
  g_autoptr(GError) error G_GNUC_UNUSED = NULL;

  /* Any body will do to have a message. */
  self->message = sample_read_text ("{\"alias\":\"a\",\"action\":\"close\"}", "opsgenie");
  g_bytes_unref (self->message->raw);
  self->message->raw = g_bytes_ref (body);
  self->message->bytes = g_bytes_get_data (self->message->raw, &self->message->length);
  incident_item_init (&self->item, self->message);
  self->root = incident_item_read_json (&self->item, 0, self->message->length, "");
  assert_non_null (self->root);
}

static void
fixture_clear (Fixture *self)
{
  incident_item_clear (&self->item);
  incident_intake_message_free (self->message);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Fixture, fixture_clear)

static void
assert_text (const char *value, const char *expected)
{
  g_autofree char *json = g_strdup_printf ("{\"a\":%s}", value);
  g_auto(Fixture) fixture = { NULL, };
  const char *text;

  fixture_init (&fixture, json);
  text = incident_item_get_text (&fixture.item, fixture.root, "a");
  if (g_strcmp0 (text, expected) != 0)
    fail_msg ("%s is “%s”", value, text != NULL ? text : "(none)");
}

static void
test_what_a_template_left_is_missing (void **state)
{
  static const char * const missing[] = {
    "null", "\"\"", "\" \\t\"", "\"*UNKNOWN*\"", "\"$HOSTNAME$\"", "\"$_HOSTTEAM$\"", "\"$service.name$\"", "\"{$ZABBIX.URL}\"",
    "\"{EVENT.ID}\"", "\"{INVENTORY.SITE1}\"", "\"{$LOW:\\\"disk\\\"}\"", "\"$ALERT_ID\"", "\"$ID\"",
  };

  for (guint i = 0; i < G_N_ELEMENTS (missing); i++)
    assert_text (missing[i], NULL);
}

static void
test_what_only_looks_like_it_is_there (void **state)
{
  static const char * const there[] = {
    "0", "UNKNOWN", "$", "$$", "$5", "$5.00$", "US$", "$ALERT_ID is", "$Home", "{}", "{a}", "{EVENT.ID} is", "{ A }", "a {EVENT.ID}", "{{A}}", "$a b$",
  };

  for (guint i = 0; i < G_N_ELEMENTS (there); i++)
    {
      g_autofree char *json = g_strdup_printf ("\"%s\"", there[i]);

      assert_text (json, there[i]);
    }
}

static void
test_numbers_and_truths_are_text_too (void **state)
{
  assert_text ("12", "12");
  assert_text ("0.1", "0.1");
  assert_text ("true", "true");
  assert_text ("9007199254740993", "9007199254740993");
}

static gint64
read_time (const char *text)
{
  g_autofree char *json = g_strdup_printf ("{\"a\":\"%s\"}", text);
  g_auto(Fixture) fixture = { NULL, };
  gint64 time = INCIDENT_TIME_NONE;

  fixture_init (&fixture, json);
  incident_item_read_time (&fixture.item, fixture.root, "a", &time);
  assert_true ((time == INCIDENT_TIME_NONE) == (fixture.item.error != NULL));
  return time;
}

static void
test_an_offset_may_lack_its_colon (void **state)
{
  assert_true (read_time ("2026-11-23T07:00:00.315+0000") == SAMPLE_TIME + 315000);
  assert_true (read_time ("2026-11-23T08:30:00+0130") == SAMPLE_TIME);
  assert_true (read_time ("2026-11-23T08:30:00+01:30") == SAMPLE_TIME);
  assert_true (read_time ("2026-11-23T01:00:00-0600") == SAMPLE_TIME);
  assert_true (read_time ("2026-11-23T07:00:00") == INCIDENT_TIME_NONE);
  assert_true (read_time ("2026-11-23") == INCIDENT_TIME_NONE);
  assert_true (read_time ("23-2026") == INCIDENT_TIME_NONE);
}

/* The events of Icinga have six digits of the second, in a double. */
static void
test_a_fraction_is_the_nearest_microsecond (void **state)
{
  static const char * const texts[] = {
    "1697184778.612108", "1697188278.203504", "1697201074.579106", "1697201107.64792", "1795417200.000001", "1795417200.999999",
  };
  static const gint64 times[] = {
    G_GINT64_CONSTANT (1697184778612108), G_GINT64_CONSTANT (1697188278203504), G_GINT64_CONSTANT (1697201074579106),
    G_GINT64_CONSTANT (1697201107647920), G_GINT64_CONSTANT (1795417200000001), G_GINT64_CONSTANT (1795417200999999),
  };

  for (guint i = 0; i < G_N_ELEMENTS (texts); i++)
    {
      gint64 time = 0;

      assert_true (incident_intake_message_read_unix_time (texts[i], &time));
      if (time != times[i])
        fail_msg ("%s is %" G_GINT64_FORMAT, texts[i], time);
    }
}

static void
check_raw (const char *body, const char *format, const char *raw)
{
  g_autoptr(IncidentIntakeMessage) message = sample_read_text (body, format);
  g_autofree char *kept = g_strndup (g_bytes_get_data (message->raw, NULL), g_bytes_get_size (message->raw));

  assert_string_equal (kept, raw);
  for (guint i = 0; i < message->alerts->len; i++)
    {
      g_autofree char *json = incident_alert_to_json (g_ptr_array_index (message->alerts, i));

      assert_null (strstr (json, "hush"));
    }
}

static void
test_credentials_are_not_kept (void **state)
{
  check_raw ("{\"alias\":\"a\",\"message\":\"m\",\"details\":{\"API-Key\":\"hush\",\"keys\":\"k\"}, \"x\":[{\"db.password\": \"hu\\\"sh\"}]}",
             "opsgenie",
             "{\"alias\":\"a\",\"message\":\"m\",\"details\":{\"API-Key\":\"xxxx\",\"keys\":\"k\"}, \"x\":[{\"db.password\": \"xxxxxx\"}]}");
  check_raw ("{\"message\":\"m\",\"priority\":\"P1\",\"token\":\"hush\"}", "opsgenie",
             "{\"message\":\"m\",\"priority\":\"P1\",\"token\":\"xxxx\"}");
  check_raw ("NOTIFICATIONTYPE=PROBLEM\nHOSTNAME=h\nHOSTSTATE=DOWN\nPARAMETER_PASSWORD=hush\nhush\nHOSTLABEL_token=hush",
             "checkmk",
             "NOTIFICATIONTYPE=PROBLEM\nHOSTNAME=h\nHOSTSTATE=DOWN\nPARAMETER_PASSWORD=xxxxxxxxx\nHOSTLABEL_token=xxxx");
  check_raw ("{\"type\":\"StateChange\",\"host\":\"h\",\"state\":1}\n{\"type\":\"StateChange\",\"host\":\"h\",\"state\":0,\"secret\":\"hush\"}",
             "icinga",
             "{\"type\":\"StateChange\",\"host\":\"h\",\"state\":1}\n{\"type\":\"StateChange\",\"host\":\"h\",\"state\":0,\"secret\":\"xxxx\"}");
}

static void
test_only_some_names_are_of_credentials (void **state)
{
  static const char * const secret[] = { "password", "DB_PASSWORD", "api_key", "X-Api-Key", "token", "authToken", "_HOSTSNMPCOMMUNITY" };
  static const char * const open[] = { "tokens_used", "key", "NOTIFICATIONAUTHOR", "secretary", "monkey", "dedup_key", "" };

  for (guint i = 0; i < G_N_ELEMENTS (secret); i++)
    assert_true (incident_format_is_secret (secret[i]));
  for (guint i = 0; i < G_N_ELEMENTS (open); i++)
    assert_false (incident_format_is_secret (open[i]));
}

static void
test_the_first_failure_sticks (void **state)
{
  g_auto(Fixture) fixture = { NULL, };
  g_autoptr(GError) error = NULL;

  fixture_init (&fixture, "{\"a\":[],\"b\":{}}");
  assert_null (incident_item_get_text (&fixture.item, fixture.root, "a"));
  assert_null (incident_item_get_text (&fixture.item, fixture.root, "b"));
  assert_null (incident_item_require_text (&fixture.item, fixture.root, "c"));
  assert_false (incident_item_finish (&fixture.item, &error));
  assert_error (error, INCIDENT_ERROR, INCIDENT_ERROR_INVALID);
  assert_string_equal (error->message, "body:1:6: /a: must be a string, not an array");
}

static void
test_no_format_takes_what_another_sends (void **state)
{
  static const char * const bodies[] = {
    "{\"alert_uid\":\"u\",\"title\":\"t\",\"message\":\"m\",\"state\":\"alerting\"}",
    "{\"summary\":\"s\",\"details\":\"d\",\"action\":\"close\",\"dedup\":\"k\"}",
    "{\"ruleId\":1,\"ruleName\":\"r\",\"state\":\"alerting\",\"title\":\"t\",\"message\":\"m\",\"tags\":{}}",
    "{\"specversion\":\"1.0\",\"id\":\"1\",\"source\":\"s\",\"type\":\"t\",\"data\":{\"issue\":{}},\"action\":\"x\"}",
    "{}", "[]", "{\"message\":\"m\"}", "7", "", "PATH=/bin\n", "hello",
  };

  for (guint i = 0; i < G_N_ELEMENTS (bodies); i++)
    {
      g_autoptr(IncidentTree) tree = incident_tree_new (bodies[i], strlen (bodies[i]), NULL, NULL);

      for (guint j = 0; incident_formats[j] != NULL; j++)
        if (g_strv_contains ((const char * const[]) { "pagerduty", "opsgenie", "icinga", "checkmk", "nagios", "zabbix", "cloudwatch",
                                                      "datadog", "sentry", NULL }, incident_formats[j]->name)
            && incident_formats[j]->recognise (tree != NULL ? incident_tree_get_root (tree) : NULL, bodies[i], strlen (bodies[i])))
          fail_msg ("%s takes %s", incident_formats[j]->name, bodies[i]);
    }
}

int
main (void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test (test_what_a_template_left_is_missing),
    cmocka_unit_test (test_what_only_looks_like_it_is_there),
    cmocka_unit_test (test_numbers_and_truths_are_text_too),
    cmocka_unit_test (test_an_offset_may_lack_its_colon),
    cmocka_unit_test (test_a_fraction_is_the_nearest_microsecond),
    cmocka_unit_test (test_credentials_are_not_kept),
    cmocka_unit_test (test_only_some_names_are_of_credentials),
    cmocka_unit_test (test_the_first_failure_sticks),
    cmocka_unit_test (test_no_format_takes_what_another_sends),
  };

  return cmocka_run_group_tests (tests, NULL, NULL);
}
