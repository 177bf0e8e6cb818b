/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "playbook-test.h"

#include "model/incident-intake-rules-private.h"
#include "playbook/incident-playbook-private.h"

/* Who is let in with a message. */

#define BODY "Hi There"
/* RFC 4231, test case 2: the key is “Jefe”. */
#define JEFE_BODY "what do ya want for nothing?"
#define JEFE_MAC "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"

static GHashTable *sources;   /* of the playbook: what the tests put there */

static int
open_door (void **state)
{
  Office *office;

  office_open (state);
  office = *state;
  rule_by (office, "{\"name\":\"Door\"}");
  sources = incident_playbook_get_rules (incident_desk_get_playbook (office->desk))->intake->sources;
  g_setenv ("TEST_TOKEN", "open sesame", TRUE);
  g_setenv ("TEST_KEY", "Jefe", TRUE);
  g_setenv ("TEST_OTHER", "another", TRUE);
  return 0;
}

static IncidentSource *
add_source (const char *name, const char *format)
{
  IncidentSource *source = incident_source_new (name);

  source->format = format;
  g_hash_table_insert (sources, (gpointer) name, source);
  return source;
}

static char *
admit (Office *office, const char *source, const char *format, const char *token, const char *signature, const char *body,
       GError **error)
{
  g_autoptr(GBytes) bytes = g_bytes_new (body, strlen (body));

  return incident_desk_admit (office->desk, source, format, token, signature, bytes, error);
}

static void
assert_admitted (Office *office, const char *expected, const char *source, const char *format, const char *token,
                 const char *signature, const char *body)
{
  g_autoptr(GError) error = NULL;
  g_autofree char *name = admit (office, source, format, token, signature, body, &error);

  assert_no_error (error);
  assert_string_equal (name, expected);
}

static void
assert_turned_away (Office *office, const char *source, const char *format, const char *token, const char *signature,
                    const char *body)
{
  g_autoptr(GError) error = NULL;
  g_autofree char *name = admit (office, source, format, token, signature, body, &error);

  assert_null (name);
  assert_error (error, INCIDENT_ERROR, INCIDENT_ERROR_REFUSED);
  assert_string_equal (incident_error_get_codes (error)[0], "not-permitted");
  assert_null (strstr (error->message, "sesame"));
}

static void
test_without_tokens_everybody_is_admitted_by_name_or_format (void **state)
{
  Office *office = *state;

  assert_false (incident_desk_has_tokens (office->desk));
  assert_admitted (office, "prometheus", "prometheus", "alertmanager", NULL, NULL, BODY);
  assert_admitted (office, "alertmanager", NULL, "alertmanager", "whatever", NULL, BODY);
  assert_admitted (office, "monitoring", NULL, NULL, NULL, NULL, BODY);
  assert_admitted (office, "monitoring", NULL, NULL, NULL, NULL, "");
  assert_admitted (office, "alertmanager-api", NULL, NULL, NULL, NULL, "[{\"labels\":{\"a\":\"b\"},\"generatorURL\":\"\"}]");
  add_source ("eu", "alertmanager");
  assert_admitted (office, "eu", NULL, "alertmanager", NULL, NULL, BODY);
  add_source ("us", "alertmanager");
  assert_admitted (office, "alertmanager", NULL, "alertmanager", NULL, NULL, BODY);
}

static void
test_a_token_tells_whose_it_is (void **state)
{
  Office *office = *state;

  add_source ("prometheus", "alertmanager")->token.env = "TEST_TOKEN";
  add_source ("grafana", "grafana")->token.env = "TEST_OTHER";
  add_source ("unguarded", "grafana");
  assert_true (incident_desk_has_tokens (office->desk));
  assert_admitted (office, "prometheus", NULL, "alertmanager", "open sesame", NULL, BODY);
  assert_admitted (office, "prometheus", NULL, NULL, "open sesame", NULL, BODY);
  assert_admitted (office, "prometheus", "prometheus", NULL, "open sesame", NULL, BODY);
  assert_admitted (office, "grafana", NULL, NULL, "another", NULL, BODY);

  assert_turned_away (office, NULL, "alertmanager", NULL, NULL, BODY);
  assert_turned_away (office, NULL, "alertmanager", "", NULL, BODY);
  assert_turned_away (office, NULL, "alertmanager", "open sesam", NULL, BODY);
  assert_turned_away (office, NULL, "alertmanager", "open sesame ", NULL, BODY);
  assert_turned_away (office, NULL, "alertmanager", "Open sesame", NULL, BODY);
  assert_turned_away (office, "grafana", NULL, "open sesame", NULL, BODY);
  assert_turned_away (office, "unguarded", NULL, NULL, NULL, BODY);
  assert_turned_away (office, "unguarded", NULL, "open sesame", NULL, BODY);
  assert_turned_away (office, "nobody", NULL, "open sesame", NULL, BODY);
}

static void
test_of_several_with_one_token_the_format_decides (void **state)
{
  Office *office = *state;

  add_source ("a", "zabbix")->token.env = "TEST_TOKEN";
  add_source ("b", "grafana")->token.env = "TEST_TOKEN";
  assert_admitted (office, "b", NULL, "grafana", "open sesame", NULL, BODY);
  assert_admitted (office, "a", NULL, "nagios", "open sesame", NULL, BODY);
  assert_admitted (office, "b", "b", "nagios", "open sesame", NULL, BODY);
}

static void
test_a_signature_is_that_of_the_whole_body (void **state)
{
  Office *office = *state;

  add_source ("sentry", "sentry")->signature.env = "TEST_KEY";
  assert_true (incident_desk_has_tokens (office->desk));
  assert_admitted (office, "sentry", NULL, "sentry", NULL, JEFE_MAC, JEFE_BODY);
  assert_admitted (office, "sentry", NULL, "sentry", NULL, "5BDCC146BF60754E6A042426089575C75A003F089D2739839DEC58B964EC3843", JEFE_BODY);
  assert_turned_away (office, NULL, "sentry", NULL, JEFE_MAC, JEFE_BODY " ");
  assert_turned_away (office, NULL, "sentry", NULL, NULL, JEFE_BODY);
  assert_turned_away (office, NULL, "sentry", "Jefe", NULL, JEFE_BODY);
  assert_turned_away (office, NULL, "sentry", NULL, "", JEFE_BODY);
  assert_turned_away (office, NULL, "sentry", NULL, "5bdcc146", JEFE_BODY);
  assert_turned_away (office, NULL, "sentry", NULL, JEFE_MAC "00", JEFE_BODY);
  assert_turned_away (office, NULL, "sentry", NULL, "zbdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843", JEFE_BODY);
}

static void
test_a_source_shows_all_that_it_has (void **state)
{
  Office *office = *state;
  IncidentSource *source = add_source ("sentry", "sentry");

  source->signature.env = "TEST_KEY";
  source->token.env = "TEST_TOKEN";
  assert_admitted (office, "sentry", NULL, NULL, "open sesame", JEFE_MAC, JEFE_BODY);
  assert_turned_away (office, NULL, NULL, "open sesame", NULL, JEFE_BODY);
  assert_turned_away (office, NULL, NULL, NULL, JEFE_MAC, JEFE_BODY);
}

static void
test_the_key_of_pagerduty_is_in_its_body (void **state)
{
  Office *office = *state;

  add_source ("pager", "pagerduty")->token.env = "TEST_TOKEN";
  assert_admitted (office, "pager", NULL, "pagerduty", NULL, NULL, "{\"payload\":{},\"routing_key\":\"open sesame\"}");
  assert_admitted (office, "pager", NULL, NULL, NULL, NULL, "{\"routing_key\":\"open sesame\"}");
  assert_turned_away (office, NULL, "pagerduty", NULL, NULL, "{\"routing_key\":\"open\"}");
  assert_turned_away (office, NULL, "pagerduty", NULL, NULL, "{\"routing_key\":7}");
  assert_turned_away (office, NULL, "pagerduty", NULL, NULL, "{\"payload\":{\"routing_key\":\"open sesame\"}}");
  assert_turned_away (office, NULL, "pagerduty", NULL, NULL, "{\"routing_key\":\"open sesame\"} {}");
  assert_turned_away (office, NULL, "pagerduty", NULL, NULL, "");
  assert_turned_away (office, NULL, "grafana", NULL, NULL, "{\"routing_key\":\"open sesame\"}");
}

static void
test_a_secret_in_a_file_is_read_anew_each_time (void **state)
{
  Office *office = *state;
  g_autofree char *folder = g_dir_make_tmp ("incident-door-XXXXXX", NULL);
  g_autofree char *path = g_build_filename (folder, "token", NULL);
  g_autoptr(GError) error = NULL;

  add_source ("zabbix", "zabbix")->token.file = path;
  assert_turned_away (office, NULL, NULL, "first", NULL, BODY);
  assert_false (incident_desk_check_secrets (office->desk, &error));
  assert_error (error, G_FILE_ERROR, G_FILE_ERROR_NOENT);
  g_clear_error (&error);

  g_file_set_contents (path, "first\r\n", -1, NULL);
  assert_true (incident_desk_check_secrets (office->desk, &error));
  assert_admitted (office, "zabbix", NULL, NULL, "first", NULL, BODY);
  g_file_set_contents (path, "second", -1, NULL);
  assert_admitted (office, "zabbix", NULL, NULL, "second", NULL, BODY);
  assert_turned_away (office, NULL, NULL, "first", NULL, BODY);
  g_file_set_contents (path, " two\n\n", -1, NULL);
  assert_admitted (office, "zabbix", NULL, NULL, " two\n", NULL, BODY);

  g_file_set_contents (path, "sec\0ret", 7, NULL);
  assert_false (incident_desk_check_secrets (office->desk, &error));
  assert_error (error, INCIDENT_ERROR, INCIDENT_ERROR_INVALID);
  assert_turned_away (office, NULL, NULL, "sec", NULL, BODY);
  g_unlink (path);
  g_rmdir (folder);
}

static void
test_an_empty_secret_lets_nobody_in (void **state)
{
  Office *office = *state;
  IncidentSource *source = add_source ("zabbix", "zabbix");
  g_autoptr(GError) error = NULL;

  source->token.env = "TEST_EMPTY";
  g_setenv ("TEST_EMPTY", "", TRUE);
  assert_true (incident_desk_has_tokens (office->desk));
  assert_turned_away (office, NULL, NULL, "", NULL, BODY);
  assert_turned_away (office, NULL, NULL, NULL, NULL, BODY);
  assert_false (incident_desk_check_secrets (office->desk, &error));
  assert_error (error, INCIDENT_ERROR, INCIDENT_ERROR_NOT_FOUND);
  assert_string_equal (error->message, "The source “zabbix” cannot be recognised: The variable “TEST_EMPTY” of the environment is "
                                       "not set, or empty");
  g_clear_error (&error);

  source->token.env = "TEST_NOT_THERE";
  assert_turned_away (office, NULL, NULL, "", NULL, BODY);
  assert_false (incident_desk_check_secrets (office->desk, NULL));
}

#define EVENT(key) "{\"routing_key\":\"R\",\"event_action\":\"trigger\"," key \
  "\"payload\":{\"summary\":\"Disk full\",\"severity\":\"critical\",\"source\":\"db-1\"}}"

static char *
dup_dedup_key (Office *office, const char *format, const char *body)
{
  g_autoptr(GBytes) bytes = g_bytes_new (body, strlen (body));
  g_autoptr(GError) error = NULL;
  g_autoptr(GPtrArray) receipts = incident_desk_ingest (office->desk, format, bytes, NULL, "x", INCIDENT_TIME_NONE, &error);

  assert_no_error (error);
  assert_int_equal (receipts->len, 1);
  return g_strdup (incident_receipt_get_dedup_key (g_ptr_array_index (receipts, 0)));
}

static void
test_the_key_that_a_sender_goes_on_with_is_told (void **state)
{
  Office *office = *state;
  g_autofree char *given = dup_dedup_key (office, "pagerduty", EVENT ("\"dedup_key\":\"db-1/disk\","));
  g_autofree char *made = dup_dedup_key (office, "pagerduty", EVENT (""));
  g_autofree char *body = g_strdup_printf ("{\"routing_key\":\"R\",\"event_action\":\"resolve\",\"dedup_key\":\"%s\"}", made);
  g_autofree char *again = dup_dedup_key (office, "pagerduty", body);
  g_autofree char *own = dup_dedup_key (office, "alertmanager-api", "[{\"labels\":{\"a\":\"ok\"}}]");
  g_autoptr(IncidentCase) kase = incident_desk_get_case (office->desk, 1, NULL);

  assert_string_equal (given, "db-1/disk");
  assert_non_null (made);
  assert_string_equal (again, made);
  /* FNV-1a of the label, as Alertmanager has it. */
  assert_string_equal (own, "7569872c0144690c");
  /* It was the one that was made that ended. */
  assert_int_equal (incident_case_get_firing_alerts (kase), 1);
}

static void
test_a_store_that_can_be_written_is_healthy (void **state)
{
  Office *office = *state;
  g_autoptr(GError) error = NULL;

  for (guint i = 0; i < 3; i++)
    {
      assert_true (incident_desk_check_health (office->desk, &error));
      assert_no_error (error);
    }
}

int
main (void)
{
#define door(function) cmocka_unit_test_setup_teardown (function, open_door, office_close)
  const struct CMUnitTest tests[] = {
    door (test_without_tokens_everybody_is_admitted_by_name_or_format),
    door (test_a_token_tells_whose_it_is),
    door (test_of_several_with_one_token_the_format_decides),
    door (test_a_signature_is_that_of_the_whole_body),
    door (test_a_source_shows_all_that_it_has),
    door (test_the_key_of_pagerduty_is_in_its_body),
    door (test_a_secret_in_a_file_is_read_anew_each_time),
    door (test_an_empty_secret_lets_nobody_in),
    door (test_the_key_that_a_sender_goes_on_with_is_told),
    both (test_a_store_that_can_be_written_is_healthy),
  };

  return cmocka_run_group_tests (tests, NULL, NULL);
}
