/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "incident-test.h"

#include <math.h>
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
test_members_come_in_order_with_their_types (void **state)
{
  static const struct
  {
    const char       *name;
    IncidentJsonType  type;
  } expected[] = {
    { "null", INCIDENT_JSON_NULL }, { "yes", INCIDENT_JSON_BOOLEAN }, { "no", INCIDENT_JSON_BOOLEAN },
    { "int", INCIDENT_JSON_INT }, { "double", INCIDENT_JSON_DOUBLE }, { "string", INCIDENT_JSON_STRING },
    { "array", INCIDENT_JSON_ARRAY }, { "object", INCIDENT_JSON_OBJECT },
  };
  g_autoptr(IncidentJsonReader) reader = read_text ("{\"null\":null,\"yes\":true,\"no\":false,\"int\":-12,\"double\":1e2,"
                                                    "\"string\":\"x\",\"array\":[],\"object\":{}}");
  const char *name;

  assert_int_equal (incident_json_reader_peek (reader), INCIDENT_JSON_OBJECT);
  assert_true (incident_json_reader_enter_object (reader));
  for (gsize i = 0; i < G_N_ELEMENTS (expected); i++)
    {
      assert_true (incident_json_reader_next_member (reader, &name));
      assert_string_equal (name, expected[i].name);
      assert_int_equal (incident_json_reader_peek (reader), expected[i].type);
      assert_true (incident_json_reader_skip (reader));
    }
  assert_false (incident_json_reader_next_member (reader, &name));
  assert_finished (reader);
}

static void
test_peek_is_none_where_no_value_is_awaited (void **state)
{
  g_autoptr(IncidentJsonReader) reader = read_text ("[1]");

  incident_json_reader_enter_array (reader);
  assert_int_equal (incident_json_reader_peek (reader), INCIDENT_JSON_NONE);
  incident_json_reader_next_element (reader);
  assert_int_equal (incident_json_reader_peek (reader), INCIDENT_JSON_INT);
  incident_json_reader_skip (reader);
  assert_int_equal (incident_json_reader_peek (reader), INCIDENT_JSON_NONE);
  assert_false (incident_json_reader_next_element (reader));
  assert_int_equal (incident_json_reader_peek (reader), INCIDENT_JSON_NONE);
  assert_finished (reader);
}

static void
test_empty_containers_have_no_members (void **state)
{
  g_autoptr(IncidentJsonReader) reader = read_text ("[{},[ ],{ }]");
  const char *name;

  assert_true (incident_json_reader_enter_array (reader));
  assert_true (incident_json_reader_next_element (reader));
  assert_true (incident_json_reader_enter_object (reader));
  assert_false (incident_json_reader_next_member (reader, &name));
  assert_null (name);
  assert_true (incident_json_reader_next_element (reader));
  assert_true (incident_json_reader_enter_array (reader));
  assert_false (incident_json_reader_next_element (reader));
  assert_true (incident_json_reader_next_element (reader));
  assert_true (incident_json_reader_skip (reader));
  assert_false (incident_json_reader_next_element (reader));
  assert_finished (reader);
}

static void
test_strings_are_decoded (void **state)
{
  g_autoptr(IncidentJsonReader) reader = read_text ("[\"\",\"plain\",\"\\\"\\\\\\/\\b\\f\\n\\r\\t\","
                                                    "\"\\u0041\\u00e9\\u20AC\\ud834\\udd1e\",\"é€𝄞\","
                                                    "\"a\\nlong \\u0041 tail\","
                                                    "\"\\u007F\\u0080\\u07ff\\u0800\\ud7ff"
                                                    "\\uE000\\uffff\\ud800\\udc00\\udbff\\udfff\"]");
  static const char *const expected[] = {
    "", "plain", "\"\\/\b\f\n\r\t", "Aé€𝄞", "é€𝄞", "a\nlong A tail",
    "\x7f\xc2\x80\xdf\xbf\u0800\xed\x9f\xbf\ue000\uffff\U00010000\U0010ffff",
  };

  incident_json_reader_enter_array (reader);
  for (gsize i = 0; i < G_N_ELEMENTS (expected); i++)
    {
      const char *string;

      assert_true (incident_json_reader_next_element (reader));
      string = incident_json_reader_read_string (reader);
      assert_non_null (string);
      assert_string_equal (string, expected[i]);
    }
  assert_false (incident_json_reader_next_element (reader));
  assert_finished (reader);
}

static void
test_names_are_decoded (void **state)
{
  g_autoptr(IncidentJsonReader) reader = read_text ("{\"\\u0061\\/b\":1,\"π\":2}");
  const char *first = NULL, *second = NULL;

  incident_json_reader_enter_object (reader);
  incident_json_reader_next_member (reader, &first);
  incident_json_reader_skip (reader);
  incident_json_reader_next_member (reader, &second);
  incident_json_reader_skip (reader);
  assert_string_equal (first, "a/b");
  assert_string_equal (second, "π");
}

static void
test_lent_strings_live_until_the_reader_is_freed (void **state)
{
  g_autoptr(GString) text = g_string_new ("[");
  g_autoptr(GPtrArray) lent = g_ptr_array_new ();
  g_autoptr(IncidentJsonReader) reader = NULL;

  for (guint i = 0; i < 3000; i++)
    g_string_append_printf (text, "%s\"string \\u0023%u %*s\"", i == 0 ? "" : ",", i, i % 100 == 0 ? 6000 : 1, "");
  g_string_append_c (text, ']');

  reader = incident_json_reader_new (text->str, text->len, NULL,
                                     &(IncidentJsonLimits) { 1 << 24, 64, 100000, 1024, 1 << 18, 400 });
  incident_json_reader_enter_array (reader);
  while (incident_json_reader_next_element (reader))
    g_ptr_array_add (lent, (gpointer) incident_json_reader_read_string (reader));
  assert_finished (reader);
  memset (text->str, 'x', text->len);

  assert_int_equal (lent->len, 3000);
  for (guint i = 0; i < lent->len; i++)
    {
      g_autofree char *expected = g_strdup_printf ("string #%u %*s", i, i % 100 == 0 ? 6000 : 1, "");

      assert_string_equal (g_ptr_array_index (lent, i), expected);
    }
}

static void
test_whole_numbers_fill_64_bits (void **state)
{
  g_autoptr(IncidentJsonReader) reader = read_text ("[0,-0,7,-9223372036854775808,9223372036854775807]");
  static const gint64 expected[] = { 0, 0, 7, G_MININT64, G_MAXINT64 };

  incident_json_reader_enter_array (reader);
  for (gsize i = 0; i < G_N_ELEMENTS (expected); i++)
    {
      gint64 value = 42;

      assert_true (incident_json_reader_next_element (reader));
      assert_true (incident_json_reader_read_int (reader, &value));
      assert_true (value == expected[i]);
    }
}

static void
test_doubles_take_whole_numbers_that_are_exact (void **state)
{
  g_autoptr(IncidentJsonReader) reader = read_text ("[0.1,-2.5e-3,1E2,3,9007199254740992,-9223372036854775808,123e-10000000]");
  static const double expected[] = { 0.1, -0.0025, 100, 3, 9007199254740992.0, -9223372036854775808.0, 0 };

  incident_json_reader_enter_array (reader);
  for (gsize i = 0; i < G_N_ELEMENTS (expected); i++)
    {
      double value = 42;

      assert_true (incident_json_reader_next_element (reader));
      assert_true (incident_json_reader_read_double (reader, &value));
      assert_true (value == expected[i]);
    }
}

static void
test_minus_zero_keeps_its_sign_as_a_double (void **state)
{
  g_autoptr(IncidentJsonReader) reader = read_text ("-0");
  double value = 42;

  assert_true (incident_json_reader_read_double (reader, &value));
  assert_true (value == 0 && signbit (value));
}

static void
test_whole_numbers_that_a_double_would_round_are_refused (void **state)
{
  static const char *const texts[] = { "9007199254740993", "9223372036854775807", "-9007199254740993" };

  for (gsize i = 0; i < G_N_ELEMENTS (texts); i++)
    {
      g_autoptr(IncidentJsonReader) reader = read_text (texts[i]);
      double value = 42;

      assert_false (incident_json_reader_read_double (reader, &value));
      assert_true (value == 42);
      assert_failure (reader, "", "line 1, column 1: (document): must be a number that a double holds exactly: "
                                  "write a fraction if it may be rounded");
    }
}

static void
test_booleans_and_null_are_read (void **state)
{
  g_autoptr(IncidentJsonReader) reader = read_text ("[true,false,null]");
  gboolean yes = FALSE, no = TRUE;

  incident_json_reader_enter_array (reader);
  incident_json_reader_next_element (reader);
  assert_true (incident_json_reader_read_boolean (reader, &yes));
  incident_json_reader_next_element (reader);
  assert_true (incident_json_reader_read_boolean (reader, &no));
  incident_json_reader_next_element (reader);
  assert_true (incident_json_reader_read_null (reader));
  assert_false (incident_json_reader_next_element (reader));
  assert_finished (reader);
  assert_true (yes);
  assert_false (no);
}

static void
test_raw_lends_the_text_of_a_value (void **state)
{
  g_autoptr(IncidentJsonReader) reader = read_text ("[ { \"a\" : [1, 2] } , \"x\\n\" ,-1.50 ]");
  static const char *const expected[] = { "{ \"a\" : [1, 2] }", "\"x\\n\"", "-1.50" };
  const char *start;
  gsize length;

  incident_json_reader_enter_array (reader);
  for (gsize i = 0; i < G_N_ELEMENTS (expected); i++)
    {
      assert_true (incident_json_reader_next_element (reader));
      assert_true (incident_json_reader_read_raw (reader, &start, &length));
      assert_int_equal (length, strlen (expected[i]));
      assert_memory_equal (start, expected[i], length);
    }
  assert_false (incident_json_reader_next_element (reader));
  assert_finished (reader);
}

static void
test_a_root_may_be_any_value (void **state)
{
  g_autoptr(IncidentJsonReader) reader = read_text (" 42\n");
  gint64 value;

  assert_true (incident_json_reader_read_int (reader, &value));
  assert_finished (reader);
  assert_true (value == 42);
}

static void
test_depth_counts_containers_entered_and_not_left (void **state)
{
  g_autoptr(IncidentJsonReader) reader = read_text ("{\"a\":[1]}");
  const char *name;

  assert_int_equal (incident_json_reader_get_depth (reader), 0);
  incident_json_reader_enter_object (reader);
  assert_int_equal (incident_json_reader_get_depth (reader), 1);
  incident_json_reader_next_member (reader, &name);
  incident_json_reader_enter_array (reader);
  assert_int_equal (incident_json_reader_get_depth (reader), 2);
  incident_json_reader_next_element (reader);
  incident_json_reader_skip (reader);
  incident_json_reader_next_element (reader);
  assert_int_equal (incident_json_reader_get_depth (reader), 1);
  incident_json_reader_next_member (reader, &name);
  assert_int_equal (incident_json_reader_get_depth (reader), 0);
}

static void
test_every_type_is_refused_for_every_other (void **state)
{
  static const char *const texts[] = { "null", "true", "1", "1.5", "\"x\"", "[]", "{}" };
  static const char *const found[] = { "null", "a boolean", "a number", "a number with a fraction or an exponent", "a string",
                                       "an array", "an object" };
  static const char *const wanted[] = { "null", "true or false", "a whole number", "a number", "a string", "an array",
                                        "an object" };

  for (gsize i = 0; i < G_N_ELEMENTS (texts); i++)
    for (gsize j = 0; j < G_N_ELEMENTS (wanted); j++)
      {
        g_autoptr(IncidentJsonReader) reader = read_text (texts[i]);
        g_autofree char *message = g_strdup_printf ("line 1, column 1: (document): must be %s, not %s", wanted[j], found[i]);
        gboolean boolean;
        gboolean good;
        gint64 integer;
        double number;

        switch (j)
          {
          case 0: good = incident_json_reader_read_null (reader); break;
          case 1: good = incident_json_reader_read_boolean (reader, &boolean); break;
          case 2: good = incident_json_reader_read_int (reader, &integer); break;
          case 3: good = incident_json_reader_read_double (reader, &number); break;
          case 4: good = incident_json_reader_read_string (reader) != NULL; break;
          case 5: good = incident_json_reader_enter_array (reader); break;
          default: good = incident_json_reader_enter_object (reader); break;
          }
        assert_int_equal (good, i == j || (i == 2 && j == 3));
        if (!good)
          assert_failure (reader, "", message);
      }
}

static void
test_bad_grammar_weighs_more_than_a_wrong_type (void **state)
{
  g_autoptr(IncidentJsonReader) reader = read_text ("[nul]");

  incident_json_reader_enter_array (reader);
  incident_json_reader_next_element (reader);
  assert_null (incident_json_reader_read_string (reader));
  assert_failure (reader, "/0", "line 1, column 2: /0: here must be “null” in small letters, or a string in double quotes");
}

static void
test_the_first_failure_sticks_and_consumes_nothing (void **state)
{
  g_autoptr(IncidentJsonReader) reader = read_text ("[\"x\",1]");
  const char *start;
  gsize length;
  gint64 value = 42;

  incident_json_reader_enter_array (reader);
  incident_json_reader_next_element (reader);
  assert_false (incident_json_reader_read_int (reader, &value));
  assert_null (incident_json_reader_read_string (reader));
  assert_false (incident_json_reader_skip (reader));
  assert_false (incident_json_reader_read_raw (reader, &start, &length));
  assert_false (incident_json_reader_next_element (reader));
  assert_false (incident_json_reader_enter_array (reader));
  assert_false (incident_json_reader_enter_object (reader));
  assert_int_equal (incident_json_reader_peek (reader), INCIDENT_JSON_NONE);
  incident_json_reader_fail (reader, "is another failure");
  assert_true (value == 42);
  assert_failure (reader, "/0", "line 1, column 2: /0: must be a whole number, not a string");
}

static void
test_finish_may_be_asked_twice_and_without_error (void **state)
{
  g_autoptr(IncidentJsonReader) bad = read_text ("[1");
  g_autoptr(IncidentJsonReader) good = read_text ("[1]");

  incident_json_reader_skip (bad);
  assert_false (incident_json_reader_finish (bad, NULL));
  assert_false (incident_json_reader_finish (bad, NULL));
  incident_json_reader_skip (good);
  assert_true (incident_json_reader_finish (good, NULL));
  assert_true (incident_json_reader_finish (good, NULL));
}

static void
test_reading_out_of_order_is_a_failure_not_a_crash (void **state)
{
  g_autoptr(IncidentJsonReader) reader = read_text ("[1]");
  gint64 value;

  g_test_expect_message ("Incident", G_LOG_LEVEL_CRITICAL, "*read_int*out of order*");
  incident_json_reader_enter_array (reader);
  assert_false (incident_json_reader_read_int (reader, &value));
  g_test_assert_expected_messages ();
  assert_failure (reader, "", "line 1, column 2: (document): was read in the wrong order: this is a mistake in libincident");
}

int
main (void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test (test_members_come_in_order_with_their_types),
    cmocka_unit_test (test_peek_is_none_where_no_value_is_awaited),
    cmocka_unit_test (test_empty_containers_have_no_members),
    cmocka_unit_test (test_strings_are_decoded),
    cmocka_unit_test (test_names_are_decoded),
    cmocka_unit_test (test_lent_strings_live_until_the_reader_is_freed),
    cmocka_unit_test (test_whole_numbers_fill_64_bits),
    cmocka_unit_test (test_doubles_take_whole_numbers_that_are_exact),
    cmocka_unit_test (test_minus_zero_keeps_its_sign_as_a_double),
    cmocka_unit_test (test_whole_numbers_that_a_double_would_round_are_refused),
    cmocka_unit_test (test_booleans_and_null_are_read),
    cmocka_unit_test (test_raw_lends_the_text_of_a_value),
    cmocka_unit_test (test_a_root_may_be_any_value),
    cmocka_unit_test (test_depth_counts_containers_entered_and_not_left),
    cmocka_unit_test (test_every_type_is_refused_for_every_other),
    cmocka_unit_test (test_bad_grammar_weighs_more_than_a_wrong_type),
    cmocka_unit_test (test_the_first_failure_sticks_and_consumes_nothing),
    cmocka_unit_test (test_finish_may_be_asked_twice_and_without_error),
    cmocka_unit_test (test_reading_out_of_order_is_a_failure_not_a_crash),
  };

  return cmocka_run_group_tests (tests, NULL, NULL);
}
