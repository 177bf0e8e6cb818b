/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "incident-test.h"

#include <string.h>

#include "base/incident-json-reader-private.h"

static IncidentJsonReader *
read_text (const char *text)
{
  return incident_json_reader_new (text, strlen (text), NULL, NULL);
}

static void
assert_finished (IncidentJsonReader *reader)
{
  g_autoptr(GError) error = NULL;

  assert_true (incident_json_reader_finish (reader, &error) || error != NULL);
  assert_no_error (error);
}

/* The failure is exactly this message, at exactly this pointer. */
static void
assert_failure (IncidentJsonReader *reader,
                const char         *where,
                const char         *message)
{
  g_autoptr(GError) error = NULL;

  assert_true (incident_json_reader_failed (reader));
  assert_false (incident_json_reader_finish (reader, &error));
  assert_error (error, INCIDENT_ERROR, INCIDENT_ERROR_INVALID);
  assert_string_equal (error->message, message);
  assert_string_equal (incident_error_get_where (error), where);
}

static void
test_pointers_are_those_of_rfc_6901 (void **state)
{
  static const char *const expected[] = { "/foo", "/", "/a~1b", "/c%d", "/e^f", "/g|h", "/i\\j", "/k\"l", "/ ", "/m~0n" };
  g_autofree char *path = g_build_filename (g_getenv ("G_TEST_SRCDIR"), "conformance/json/y_rfc6901_document.json", NULL);
  g_autofree char *bytes = NULL;
  g_autoptr(IncidentJsonReader) reader = NULL;
  g_autofree char *root = NULL;
  gsize length;

  assert_true (g_file_get_contents (path, &bytes, &length, NULL));
  reader = incident_json_reader_new (bytes, length, NULL, NULL);
  incident_json_reader_enter_object (reader);
  root = incident_json_reader_dup_pointer (reader);
  assert_string_equal (root, "");
  for (gsize i = 0; i < G_N_ELEMENTS (expected); i++)
    {
      g_autofree char *pointer = NULL;

      assert_true (incident_json_reader_next_member (reader, NULL));
      pointer = incident_json_reader_dup_pointer (reader);
      assert_string_equal (pointer, expected[i]);
      incident_json_reader_skip (reader);
    }
  assert_false (incident_json_reader_next_member (reader, NULL));
  assert_finished (reader);
}

static void
test_a_pointer_follows_the_reader_in_and_out (void **state)
{
  g_autoptr(IncidentJsonReader) reader = read_text ("{\"a\":[0,{\"b\":1}],\"c\":2}");
  g_autofree char *inner = NULL;
  g_autofree char *entered = NULL;
  g_autofree char *left = NULL;

  incident_json_reader_enter_object (reader);
  incident_json_reader_next_member (reader, NULL);
  incident_json_reader_enter_array (reader);
  incident_json_reader_next_element (reader);
  incident_json_reader_skip (reader);
  incident_json_reader_next_element (reader);
  incident_json_reader_enter_object (reader);
  entered = incident_json_reader_dup_pointer (reader);
  incident_json_reader_next_member (reader, NULL);
  incident_json_reader_skip (reader);
  inner = incident_json_reader_dup_pointer (reader);
  incident_json_reader_next_member (reader, NULL);
  incident_json_reader_next_element (reader);
  left = incident_json_reader_dup_pointer (reader);

  assert_string_equal (entered, "/a/1");
  assert_string_equal (inner, "/a/1/b");
  assert_string_equal (left, "/a");
}

static void
test_fail_names_the_value_read_last (void **state)
{
  g_autoptr(IncidentJsonReader) reader = incident_json_reader_new ("{\n  \"é\": \"x\"\n}", 15, "life.json", NULL);

  incident_json_reader_enter_object (reader);
  incident_json_reader_next_member (reader, NULL);
  incident_json_reader_read_string (reader);
  incident_json_reader_fail (reader, "must be one of “%s” or “%s”", "a", "b");
  assert_failure (reader, "/é", "life.json:2:8: /é: must be one of “a” or “b”");
}

static void
test_fail_names_the_container_left_last (void **state)
{
  g_autoptr(IncidentJsonReader) reader = read_text ("[1,\n {\"a\":2}]");

  incident_json_reader_enter_array (reader);
  incident_json_reader_next_element (reader);
  incident_json_reader_skip (reader);
  incident_json_reader_next_element (reader);
  incident_json_reader_enter_object (reader);
  incident_json_reader_next_member (reader, NULL);
  incident_json_reader_skip (reader);
  incident_json_reader_next_member (reader, NULL);
  incident_json_reader_fail (reader, "must have the member “b”");
  assert_failure (reader, "/1", "line 2, column 2: /1: must have the member “b”");
}

static void
test_messages_are_safe_and_short_whatever_is_quoted (void **state)
{
  g_autofree char *name = g_strnfill (5000, 'n');
  g_autofree char *text = g_strdup_printf ("{\"\\u001b[31m\\n%s\":1}", name);
  g_autoptr(IncidentJsonReader) reader = incident_json_reader_new (text, strlen (text), "a\nb", NULL);
  g_autoptr(GError) error = NULL;

  incident_json_reader_enter_object (reader);
  incident_json_reader_next_member (reader, NULL);
  incident_json_reader_fail (reader, "is bad: \x1b[0m\xff%s", name);
  assert_false (incident_json_reader_finish (reader, &error));
  assert_true (g_str_has_prefix (error->message, "a\\nb:1:5"));
  assert_non_null (strstr (error->message, ": /\\u{1b}[31m\\nnnn"));
  assert_non_null (strstr (error->message, "is bad: \\u{1b}[0m\\xffnnn"));
  assert_true (g_utf8_validate (error->message, -1, NULL));
  assert_true (strlen (error->message) < 700);
  assert_int_equal (strlen (incident_error_get_where (error)), 6 + 1 + 5000);
}

int
main (void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test (test_pointers_are_those_of_rfc_6901),
    cmocka_unit_test (test_a_pointer_follows_the_reader_in_and_out),
    cmocka_unit_test (test_fail_names_the_value_read_last),
    cmocka_unit_test (test_fail_names_the_container_left_last),
    cmocka_unit_test (test_messages_are_safe_and_short_whatever_is_quoted),
  };

  return cmocka_run_group_tests (tests, NULL, NULL);
}
