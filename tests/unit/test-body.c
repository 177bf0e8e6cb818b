/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "incident-test.h"

#include <string.h>

/* What HTTP puts around a message. Examples are those of the HTTP binding and of the
 * JSON format of CloudEvents 1.0.2, and of the standard for forms. */

static GBytes *
take_off (const char *body, gsize length, GError **error, const char *name, va_list rest)
{
  g_autoptr(GHashTable) headers = g_hash_table_new (g_str_hash, g_str_equal);
  g_autoptr(GBytes) bytes = g_bytes_new (body, length);

  for (; name != NULL; name = va_arg (rest, const char *))
    g_hash_table_insert (headers, (gpointer) name, va_arg (rest, char *));
  return incident_body_from_http (headers, bytes, error);
}

static void G_GNUC_NULL_TERMINATED
assert_body (const char *body, const char *expected, const char *name, ...)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(GBytes) found = NULL;
  g_autofree char *text = NULL;
  va_list rest;

  va_start (rest, name);
  found = take_off (body, strlen (body), &error, name, rest);
  va_end (rest);
  assert_no_error (error);
  text = g_bytes_get_size (found) > 0 ? g_strndup (g_bytes_get_data (found, NULL), g_bytes_get_size (found)) : g_strdup ("");
  assert_string_equal (text, expected);
}

static void G_GNUC_NULL_TERMINATED
assert_bad (const char *body, const char *where, const char *message, const char *name, ...)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(GBytes) found = NULL;
  va_list rest;

  va_start (rest, name);
  found = take_off (body, strlen (body), &error, name, rest);
  va_end (rest);
  assert_null (found);
  assert_error (error, INCIDENT_ERROR, INCIDENT_ERROR_INVALID);
  assert_string_equal (incident_error_get_where (error), where);
  assert_non_null (strstr (error->message, message));
}

#define FORM "content-type", "application/x-www-form-urlencoded"
#define EVENT "ce-specversion", "1.0", "ce-type", "com.example.someevent", "ce-time", "2018-04-05T03:56:24Z", \
  "ce-id", "1234-1234-1234", "ce-source", "/mycontext/subcontext"
#define ATTRIBUTES "{\"id\":\"1234-1234-1234\",\"source\":\"/mycontext/subcontext\",\"specversion\":\"1.0\"," \
  "\"time\":\"2018-04-05T03:56:24Z\",\"type\":\"com.example.someevent\""

static void
test_what_is_no_event_and_no_form_stays_as_it_is (void **state)
{
  assert_body (" {\"a\": 1} ", " {\"a\": 1} ", "content-type", "application/json", NULL);
  assert_body ("a=b&c", "a=b&c", "user-agent", "x", NULL);
  assert_body ("", "", "user-agent", "x", NULL);
}

static void
test_a_structured_event_stays_as_it_is_even_with_headers_of_its_own (void **state)
{
  assert_body ("{\"specversion\":\"1.0\"}", "{\"specversion\":\"1.0\"}", EVENT,
               "content-type", "application/cloudevents+json; charset=UTF-8", NULL);
  assert_body ("[]", "[]", "content-type", "Application/CloudEvents-Batch+json", NULL);
}

static void
test_data_that_is_json_stays_as_it_is (void **state)
{
  assert_body (" {\"big\": 1.50 , \"z\":1,\"a\":2}", ATTRIBUTES ",\"datacontenttype\":\"application/json; charset=utf-8\","
               "\"data\": {\"big\": 1.50 , \"z\":1,\"a\":2}}", EVENT, "content-type", "application/json; charset=utf-8", NULL);
  assert_body ("\"a \\\"string\\\"\"", ATTRIBUTES ",\"datacontenttype\":\"application/vnd.x+json\",\"data\":\"a \\\"string\\\"\"}",
               EVENT, "content-type", "application/vnd.x+json", NULL);
  /* Where no type is told it is as if it were JSON. */
  assert_body ("[1]", ATTRIBUTES ",\"data\":[1]}", EVENT, NULL);
}

static void
test_data_that_is_text_becomes_a_string_and_other_data_base64 (void **state)
{
  assert_body ("<much wow=\"xml\"/>", ATTRIBUTES ",\"datacontenttype\":\"application/xml\",\"data\":\"<much wow=\\\"xml\\\"/>\"}",
               EVENT, "content-type", "application/xml", NULL);
  assert_body ("I'm just a string", ATTRIBUTES ",\"datacontenttype\":\"text/plain\",\"data\":\"I'm just a string\"}",
               EVENT, "content-type", "text/plain", NULL);
  assert_body ("\x01\x02\x03\x04", ATTRIBUTES ",\"datacontenttype\":\"application/octet-stream\",\"data_base64\":\"AQIDBA==\"}",
               EVENT, "content-type", "application/octet-stream", NULL);
  assert_body ("caf\xe9", ATTRIBUTES ",\"datacontenttype\":\"text/plain\",\"data_base64\":\"Y2Fm6Q==\"}",
               EVENT, "content-type", "text/plain", NULL);
}

static void
test_an_event_without_a_body_has_no_data (void **state)
{
  assert_body ("", ATTRIBUTES "}", EVENT, NULL);
}

static void
test_data_cannot_slip_out_of_its_place (void **state)
{
  assert_bad ("1,\"type\":\"another\"", "", "", EVENT, "content-type", "application/json", NULL);
  assert_bad ("1}", "", "", EVENT, "content-type", "application/json", NULL);
  assert_bad ("{'a':1}", "", "", EVENT, "content-type", "application/json", NULL);
}

static void
test_values_of_attributes_are_decoded_once (void **state)
{
  assert_body ("", "{\"specversion\":\"1.0\",\"subject\":\"Euro € 😀\"}", "ce-specversion", "1.0",
               "ce-subject", "Euro%20%E2%82%AC%20%F0%9F%98%80", NULL);
  assert_body ("", "{\"specversion\":\"1.0\",\"subject\":\"a%20b\"}", "ce-specversion", "1.0", "ce-subject", "%61%2520b", NULL);
  /* As older versions of the standard had it. */
  assert_body ("", "{\"specversion\":\"1.0\",\"subject\":\"a \\\"b\\\" \\\\ €\"}", "ce-specversion", "1.0",
               "ce-subject", "\"a \\\"b\\\" \\\\ %e2%82%ac\"", NULL);
}

static void
test_values_of_attributes_that_are_no_text_are_refused (void **state)
{
  const char * const bad[] = { "%C0%A0", "a%00b", "%0a", "%7F", "%zz", "100%", "%4", "\"half", "\xff" };

  for (guint i = 0; i < G_N_ELEMENTS (bad); i++)
    assert_bad ("", "ce-subject", "The header “ce-subject”", "ce-specversion", "1.0", "ce-subject", bad[i], NULL);
  assert_bad ("", "content-type", "The header “content-type”", "ce-specversion", "1.0", "content-type", "text/\xff", NULL);
}

static void
test_headers_that_are_no_attributes_are_left_out (void **state)
{
  assert_body ("1", "{\"specversion\":\"1.0\",\"data\":1}", "ce-specversion", "1.0", "ce-data", "2", "ce-data_base64", "x",
               "ce-datacontenttype", "text/plain", "ce-", "x", "ce-a-b", "x", "authorization", "Bearer x", NULL);
}

static void
test_the_payload_of_a_form_is_the_message (void **state)
{
  assert_body ("payload=%7B%22a%22%3A+%22b%26c%3Dd%22%7D", "{\"a\": \"b&c=d\"}", FORM, NULL);
}

static void
test_json_that_is_called_a_form_stays_as_it_is (void **state)
{
  assert_body (" {\"a\":\"b=c&d+e%20f\"}", " {\"a\":\"b=c&d+e%20f\"}", FORM, NULL);
  assert_body ("\n[]", "\n[]", FORM, NULL);
}

static void
test_other_forms_become_objects (void **state)
{
  assert_body ("HOSTNAME=db-1&SERVICEOUTPUT=Disk+is+full%21+%22%2Fvar%22&empty=&alone&x=a=b&&pct=100%&hex=%zz",
               "{\"HOSTNAME\":\"db-1\",\"SERVICEOUTPUT\":\"Disk is full! \\\"/var\\\"\",\"empty\":\"\",\"alone\":\"\","
               "\"x\":\"a=b\",\"pct\":\"100%\",\"hex\":\"%zz\"}", "content-type", "Application/X-WWW-Form-urlencoded; charset=utf-8", NULL);
  assert_body ("payload=1&more=2", "{\"payload\":\"1\",\"more\":\"2\"}", FORM, NULL);
  assert_body ("", "{}", FORM, NULL);
  /* What a plugin printed may be in any encoding. */
  assert_body ("o=caf%E9", "{\"o\":\"caf\uFFFD\"}", FORM, NULL);
}

static void
test_forms_that_say_two_things_are_refused (void **state)
{
  assert_bad ("a=1&a=2", "a", "The form has the field “a” twice", FORM, NULL);
  assert_bad ("a%0Ab=1&a%0Ab=2", "a\\nb", "The form has the field “a\\nb” twice", FORM, NULL);
  assert_bad ("a=%00", "", "A form cannot hold a byte of value 0", FORM, NULL);
}

int
main (void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test (test_what_is_no_event_and_no_form_stays_as_it_is),
    cmocka_unit_test (test_a_structured_event_stays_as_it_is_even_with_headers_of_its_own),
    cmocka_unit_test (test_data_that_is_json_stays_as_it_is),
    cmocka_unit_test (test_data_that_is_text_becomes_a_string_and_other_data_base64),
    cmocka_unit_test (test_an_event_without_a_body_has_no_data),
    cmocka_unit_test (test_data_cannot_slip_out_of_its_place),
    cmocka_unit_test (test_values_of_attributes_are_decoded_once),
    cmocka_unit_test (test_values_of_attributes_that_are_no_text_are_refused),
    cmocka_unit_test (test_headers_that_are_no_attributes_are_left_out),
    cmocka_unit_test (test_the_payload_of_a_form_is_the_message),
    cmocka_unit_test (test_json_that_is_called_a_form_stays_as_it_is),
    cmocka_unit_test (test_other_forms_become_objects),
    cmocka_unit_test (test_forms_that_say_two_things_are_refused),
  };

  return cmocka_run_group_tests (tests, NULL, NULL);
}
