/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "incident-test.h"

#include <locale.h>
#include <string.h>

#include "base/incident-json-reader-private.h"

/* In a block of its own that ends where the document does: a sanitizer sees
 * one byte read too many. */
static gboolean
is_taken (const char                *bytes,
          gsize                      length,
          const IncidentJsonLimits  *limits,
          GError                   **error)
{
  g_autofree char *copy = g_memdup2 (bytes, length);
  g_autoptr(IncidentJsonReader) reader = incident_json_reader_new (copy, length, NULL, limits);

  incident_json_reader_skip (reader);
  return incident_json_reader_finish (reader, error);
}

static void
assert_refused_within (const char               *bytes,
                       gsize                     length,
                       const IncidentJsonLimits *limits,
                       const char               *where,
                       const char               *message)
{
  g_autoptr(GError) error = NULL;

  assert_false (is_taken (bytes, length, limits, &error));
  assert_error (error, INCIDENT_ERROR, INCIDENT_ERROR_INVALID);
  assert_string_equal (error->message, message);
  assert_string_equal (incident_error_get_where (error), where);
}

static void
assert_refused (const char *text,
                const char *where,
                const char *message)
{
  assert_refused_within (text, strlen (text), NULL, where, message);
}

static char *
read_shared (const char *folder,
             const char *name,
             gsize      *length)
{
  g_autofree char *path = g_build_filename (g_getenv ("G_TEST_SRCDIR"), "conformance", folder, name, NULL);
  char *bytes = NULL;

  if (!g_file_get_contents (path, &bytes, length, NULL))
    fail_msg ("cannot read %s", path);
  return bytes;
}

static guint
check_conformance (char     kind,
                   gboolean expected)
{
  g_autofree char *folder = g_build_filename (g_getenv ("G_TEST_SRCDIR"), "conformance", "json", NULL);
  g_autoptr(GDir) dir = g_dir_open (folder, 0, NULL);
  const char *name;
  guint n = 0;

  assert_non_null (dir);
  while ((name = g_dir_read_name (dir)) != NULL)
    if (name[0] == kind && name[1] == '_')
      {
        g_autoptr(GError) error = NULL;
        gsize length;
        g_autofree char *bytes = read_shared ("json", name, &length);

        if (is_taken (bytes, length, NULL, &error) != expected)
          fail_msg ("%s: %s", name, error != NULL ? error->message : "taken");
        assert_true (expected == (error == NULL));
        n++;
      }
  return n;
}

static void
test_all_that_rfc_8259_demands_is_taken (void **state)
{
  assert_true (check_conformance ('y', TRUE) >= 90);
}

static void
test_all_that_rfc_8259_forbids_is_refused (void **state)
{
  assert_true (check_conformance ('n', FALSE) >= 240);
}

static void
test_json_glib_parses_all_that_is_taken (void **state)
{
  g_autofree char *folder = g_build_filename (g_getenv ("G_TEST_SRCDIR"), "conformance", "json", NULL);
  g_autoptr(GDir) dir = g_dir_open (folder, 0, NULL);
  const char *name;

  while ((name = g_dir_read_name (dir)) != NULL)
    if (g_str_has_suffix (name, ".json"))
      {
        g_autoptr(GError) error = NULL;
        g_autoptr(JsonNode) node = NULL;
        gsize length;
        g_autofree char *bytes = read_shared ("json", name, &length);

        node = incident_json_to_node (bytes, length, name, NULL, &error);
        if ((node != NULL) != (name[0] == 'y'))
          fail_msg ("%s: %s", name, error != NULL ? error->message : "taken");
      }
}

static void
test_a_tree_holds_what_the_document_says (void **state)
{
  static const char text[] = "{\"s\":\"\\u00e9\",\"i\":-9223372036854775808,\"d\":1.5}";
  g_autoptr(GError) error = NULL;
  g_autoptr(JsonNode) node = incident_json_to_node (text, strlen (text), NULL, NULL, &error);
  JsonObject *object;

  assert_no_error (error);
  object = json_node_get_object (node);
  assert_string_equal (json_object_get_string_member (object, "s"), "é");
  assert_true (json_object_get_int_member (object, "i") == G_MININT64);
  assert_true (json_object_get_double_member (object, "d") == 1.5);
}

static void
test_a_hundred_thousand_nested_arrays_are_refused (void **state)
{
  g_autofree char *open = g_strnfill (100000, '[');
  g_autofree char *objects = g_malloc (600000);

  assert_refused (open, "/0/0/0/0/0/0/0/0/0/0/0/0/0/0/0/0/0/0/0/0/0/0/0/0/0/0/0/0/0/0/0/0/0/0/0/0/0/0/0/0/0/0/0/0/0/0/0/0/0/0/0/0"
                        "/0/0/0/0/0/0/0/0/0/0/0/0",
                  "line 1, column 65: /0/0/0/0/0/0/0/0/0/0/0/0/0/0/0/0/0/0/0/0/0/0/0/0/0/0/0/0/0/0/0/0/0/0/0/0/0/0/0/0/0/0/0/0/0/0/"
                  "0/0/0/0/0/0/0/0/0/0/0/0/0/0…: is nested too deep: there can be 64 levels");
  for (gsize i = 0; i < 100000; i++)
    memcpy (objects + i * 6, "{\"a\": ", 6);
  assert_false (is_taken (objects, 600000, NULL, NULL));
}

static void
test_a_hundred_megabytes_are_refused_unread (void **state)
{
  /* Not even mapped: a single byte read would crash. */
  const char *nowhere = (const char *) 1;
  g_autoptr(IncidentJsonReader) reader = incident_json_reader_new (nowhere, 100 * 1000 * 1000, "big.json", NULL);
  g_autoptr(GError) error = NULL;

  incident_json_reader_skip (reader);
  assert_false (incident_json_reader_finish (reader, &error));
  assert_string_equal (error->message, "big.json:1:1: (document): is too large: it has 100000000 bytes and can have 1048576");
}

static void
test_each_limit_holds_at_its_edge (void **state)
{
  static const struct
  {
    IncidentJsonLimits  limits;
    const char         *taken;
    const char         *refused;
    const char         *where;
    const char         *message;
  } cases[] = {
    { { 3, 9, 9, 9, 9, 9 }, "[1]", "[11]", "",
      "line 1, column 1: (document): is too large: it has 4 bytes and can have 3" },
    { { 99, 2, 9, 9, 9, 9 }, "[[1]]", "[[[]]]", "/0/0",
      "line 1, column 3: /0/0: is nested too deep: there can be 2 levels" },
    { { 99, 9, 4, 9, 9, 9 }, "[1,[2]]", "[1,[2,3]]", "/1/1",
      "line 1, column 7: /1/1: is one value too many: a document can have 4" },
    { { 99, 9, 9, 2, 9, 9 }, "{\"a\":1,\"b\":{\"c\":1,\"d\":2}}", "{\"a\":1,\"b\":2,\"c\":3}", "/c",
      "line 1, column 14: /c: is one member too many: an object can have 2" },
    { { 99, 9, 9, 9, 2, 9 }, "[\"\\u00e9\"]", "[\"\\u20ac\"]", "/0",
      "line 1, column 2: /0: is too long a string: it can have 2 bytes" },
    { { 99, 9, 9, 9, 2, 9 }, "{\"ab\":1}", "{\"abc\":1}", "",
      "line 1, column 2: (document): has too long a name of a member: a string can have 2 bytes" },
    { { 99, 9, 9, 9, 9, 3 }, "[-12]", "[-123]", "/0",
      "line 1, column 2: /0: is too long a number: it can have 3 characters" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr(GError) error = NULL;

      is_taken (cases[i].taken, strlen (cases[i].taken), &cases[i].limits, &error);
      assert_no_error (error);
      assert_refused_within (cases[i].refused, strlen (cases[i].refused), &cases[i].limits, cases[i].where, cases[i].message);
    }
}

static void
test_limits_never_go_deeper_than_the_stack (void **state)
{
  const IncidentJsonLimits limits = { 1 << 20, 1000, 1 << 20, 1 << 20, 1 << 20, 1 << 20 };
  g_autofree char *open = g_strnfill (65, '[');

  assert_false (is_taken (open, 65, &limits, NULL));
}

static void
test_a_number_of_many_digits_is_read_where_allowed (void **state)
{
  const IncidentJsonLimits limits = { 1 << 20, 9, 9, 9, 9, 1 << 20 };
  g_autofree char *zeros = g_strnfill (2000, '0');
  g_autofree char *text = g_strconcat ("1", zeros, ".5e-2000", NULL);
  g_autoptr(IncidentJsonReader) reader = incident_json_reader_new (text, strlen (text), NULL, &limits);
  double value = 0;

  assert_true (incident_json_reader_read_double (reader, &value));
  assert_true (value == 1);
}

static void
test_messages_say_what_stands_there_and_what_should (void **state)
{
  static const struct
  {
    const char *text;
    const char *where;
    const char *message;
  } cases[] = {
    { "", "", "line 1, column 1: (document): a value must stand here, not the end of the document" },
    { "[1 2]", "", "line 1, column 4: (document): a comma or “]” must stand here, not “2”" },
    { "{\"a\":[1\n", "/a", "line 2, column 1: /a: a comma or “]” must stand here, not the end of the document" },
    { "{\"a\":1 \"b\":2}", "", "line 1, column 8: (document): a comma or “}” must stand here, not “\"”" },
    { "{\"a\" 1}", "/a", "line 1, column 6: /a: a colon must stand here, not “1”" },
    { "{\"a\":1,}", "", "line 1, column 8: (document): the name of a member in double quotes must stand here, not “}”" },
    { "[1,]", "/1", "line 1, column 4: /1: a value must follow the comma" },
    { "[é]", "/0", "line 1, column 2: /0: a value must stand here, not “é”" },
    { "[\xff]", "/0", "line 1, column 2: /0: a value must stand here, not the byte FF" },
    { "[\x1b]", "/0", "line 1, column 2: /0: a value must stand here, not “\\u{1b}”" },
    { "['a']", "/0", "line 1, column 2: /0: a string must stand in double quotes" },
    { "[1,/* */2]", "/1", "line 1, column 4: /1: comments are not JSON" },
    { "[NaN]", "/0", "line 1, column 2: /0: “NaN” is not JSON: leave the member out, or write null" },
    { "\xef\xbb\xbf{}", "", "line 1, column 1: (document): begins with a byte order mark: save it as UTF-8 without one" },
    { "{} x", "", "line 1, column 4: (document): must be one value and no more: “x” follows it" },
    { "[01]", "/0", "line 1, column 2: /0: a number must not begin with a zero" },
    { "[-]", "/0", "line 1, column 2: /0: a digit must follow the minus sign" },
    { "[1.]", "/0", "line 1, column 3: /0: a digit must follow the point" },
    { "[1e]", "/0", "line 1, column 4: /0: a digit must follow in the exponent" },
    { "[1e400]", "/0", "line 1, column 2: /0: is too large a number: it must be less than 1.8e308" },
    { "[9223372036854775808]", "/0", "line 1, column 2: /0: this whole number is too large: "
                                     "it must lie between −9223372036854775808 and 9223372036854775807" },
    { "[tRue]", "/0", "line 1, column 2: /0: here must be “true” in small letters, or a string in double quotes" },
    { "[\n\n \"a", "/0", "line 3, column 2: /0: this string is not closed: “\"” must follow" },
    { "[\"é\n\"]", "/0", "line 1, column 4: /0: a string must not run over the end of the line: close it, or write “\\n”" },
    { "[\"é\t\"]", "/0", "line 1, column 4: /0: a tab in a string must be written “\\t”" },
    { "[\"\x1f\"]", "/0", "line 1, column 3: /0: a control character in a string must be written as “\\u” and four digits" },
    { "[\"\\x\"]", "/0", "line 1, column 3: /0: one of “\"\\/bfnrtu” must follow the backslash; "
                         "a backslash itself is written “\\\\”" },
    { "[\"\\u12x4\"]", "/0", "line 1, column 3: /0: four hexadecimal digits must follow “\\u”" },
    { "[\"\\u0000\"]", "/0", "line 1, column 3: /0: “\\u0000” is refused: text must not contain NUL" },
    { "{\"a\\ud800\":1}", "", "line 1, column 4: (document): this is the first half of a surrogate pair: "
                              "“\\udc00” to “\\udfff” must follow" },
    { "[\"\\udc00\"]", "/0", "line 1, column 3: /0: this is the second half of a surrogate pair, without the first" },
    { "[\"ab\xc0\xaf\"]", "/0", "line 1, column 5: /0: this byte is not UTF-8: write the document in UTF-8" },
    { "[\"ab\xed\xa0\x80\"]", "/0", "line 1, column 5: /0: these bytes are not UTF-8: write the document in UTF-8" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    assert_refused (cases[i].text, cases[i].where, cases[i].message);
}

static void
test_nul_is_refused_wherever_it_stands (void **state)
{
  assert_refused_within ("[\"a\0\"]", 6, NULL, "/0",
                         "line 1, column 4: /0: the byte NUL is refused: text must not contain it");
  assert_refused_within ("{\"a\0\":1}", 8, NULL, "",
                         "line 1, column 4: (document): the byte NUL is refused: text must not contain it");
  assert_refused_within ("[\0]", 3, NULL, "/0", "line 1, column 2: /0: a value must stand here, not the byte 00");
  assert_refused_within ("1\0", 2, NULL, "",
                         "line 1, column 2: (document): must be one value and no more: the byte 00 follows it");
}

static void
test_a_name_that_stands_twice_is_refused_where_it_stands_again (void **state)
{
  assert_refused ("{\"a\":1,\n \"\\u0061\":2}", "/a",
                  "line 2, column 2: /a: stands twice in its object: the name of a member must be unique");
  assert_refused ("[{\"x\":{\"a\":{\"a\":1},\"b\":1,\"a\":1}}]", "/0/x/a",
                  "line 1, column 26: /0/x/a: stands twice in its object: the name of a member must be unique");
}

/* Large objects are checked by another way. */
static void
test_a_name_that_stands_twice_among_many_is_refused (void **state)
{
  for (guint twin = 0; twin < 60; twin++)
    {
      g_autoptr(GString) text = g_string_new ("{");
      g_autofree char *where = g_strdup_printf ("/n%u", twin);
      g_autofree char *message = NULL;
      glong column;

      for (guint i = 0; i < 60; i++)
        g_string_append_printf (text, "\"n%u\":{\"n0\":1},", i);
      column = (glong) text->len + 1;
      g_string_append_printf (text, "\"\\u006e%u\":1,\"z\":1,\"n%u\":1}", twin, (twin + 1) % 60);
      message = g_strdup_printf ("line 1, column %ld: %s: stands twice in its object: "
                                 "the name of a member must be unique", column, where);
      assert_refused (text->str, where, message);
    }
}

static void
check_truncation (const char *bytes,
                  gsize       length)
{
  assert_true (is_taken (bytes, length, NULL, NULL));
  for (gsize cut = 0; cut < length; cut++)
    {
      g_autoptr(GError) error = NULL;

      assert_false (is_taken (bytes, cut, NULL, &error));
      assert_error (error, INCIDENT_ERROR, INCIDENT_ERROR_INVALID);
    }
}

static void
test_truncation_at_every_byte_is_refused (void **state)
{
  static const char all[] = "{\"a\\u00e9\" : [ -1.5e+3, 0, true, false, null, \"\\n\\ud834\\udd1e\\u00e9 é€𝄞\" ] }";
  gsize length;
  g_autofree char *bytes = read_shared ("alertmanager", "alertmanager-live-2.json", &length);

  while (length > 0 && g_ascii_isspace (bytes[length - 1]))
    length--;
  check_truncation (bytes, length);
  check_truncation (all, strlen (all));
}

static void
test_strings_are_checked_at_every_distance_from_their_end (void **state)
{
  /* Eight bytes are looked at in one step: each place in them must count. */
  static const char *const bad[] = { "\x01", "\n", "\x7f\x80", "\xc3", "\xff", "\\x", "\x1f" };
  static const char *const good[] = { " ", "\x7f", "é", "€", "𝄞", "\\n", "\\u0020", "!", "#", "[", "]" };

  for (guint before = 0; before < 20; before++)
    for (guint after = 0; after < 20; after++)
      {
        g_autofree char *left = g_strnfill (before, 'x');
        g_autofree char *right = g_strnfill (after, '~');

        for (gsize i = 0; i < G_N_ELEMENTS (bad); i++)
          {
            g_autofree char *text = g_strconcat ("\"", left, bad[i], right, "\"", NULL);

            assert_false (is_taken (text, strlen (text), NULL, NULL));
          }
        for (gsize i = 0; i < G_N_ELEMENTS (good); i++)
          {
            g_autofree char *text = g_strconcat ("\"", left, good[i], right, "\"", NULL);

            assert_true (is_taken (text, strlen (text), NULL, NULL));
          }
      }
}

/* Against GLib's own check, which refuses the same forms. */
static void
test_utf8_is_taken_where_glib_says_so (void **state)
{
  static const guchar edges[] = { 0x7e, 0x7f, 0x80, 0x81, 0x8e, 0x8f, 0x90, 0x91, 0x9f, 0xa0, 0xbe, 0xbf, 0xc0, 0xc2, 0xff };

  for (guint first = 0x80; first < 0x100; first++)
    for (gsize i = 0; i < G_N_ELEMENTS (edges); i++)
      for (gsize j = 0; j < G_N_ELEMENTS (edges); j++)
        {
          const char text[] = { '"', (char) first, (char) edges[i], (char) edges[j], (char) 0x80, '"' };

          for (gsize length = 1; length <= 4; length++)
            {
              char document[6];

              memcpy (document, text, length + 1);
              document[length + 1] = '"';
              if (is_taken (document, length + 2, NULL, NULL) != g_utf8_validate (text + 1, (gssize) length, NULL))
                fail_msg ("%02x %02x %02x 80, %zu bytes", first, edges[i], edges[j], length);
            }
        }
}

static void
test_the_locale_does_not_matter (void **state)
{
  static const char text[] = "[1.5,0.25e1,1,5]";
  g_autofree char *before = g_strdup (setlocale (LC_ALL, NULL));
  g_autoptr(IncidentJsonReader) reader = NULL;
  g_autoptr(JsonNode) node = NULL;
  double value = 0;
  gboolean there;

  there = setlocale (LC_ALL, "de_DE.UTF-8") != NULL;
  reader = incident_json_reader_new (text, strlen (text), NULL, NULL);
  incident_json_reader_enter_array (reader);
  incident_json_reader_next_element (reader);
  incident_json_reader_read_double (reader, &value);
  node = incident_json_to_node (text, strlen (text), NULL, NULL, NULL);
  setlocale (LC_ALL, before);

  assert_true (value == 1.5);
  assert_non_null (node);
  assert_true (json_array_get_double_element (json_node_get_array (node), 1) == 2.5);
  if (!there)
    print_message ("de_DE.UTF-8 is not installed\n");
}

int
main (void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test (test_all_that_rfc_8259_demands_is_taken),
    cmocka_unit_test (test_all_that_rfc_8259_forbids_is_refused),
    cmocka_unit_test (test_json_glib_parses_all_that_is_taken),
    cmocka_unit_test (test_a_tree_holds_what_the_document_says),
    cmocka_unit_test (test_a_hundred_thousand_nested_arrays_are_refused),
    cmocka_unit_test (test_a_hundred_megabytes_are_refused_unread),
    cmocka_unit_test (test_each_limit_holds_at_its_edge),
    cmocka_unit_test (test_limits_never_go_deeper_than_the_stack),
    cmocka_unit_test (test_a_number_of_many_digits_is_read_where_allowed),
    cmocka_unit_test (test_messages_say_what_stands_there_and_what_should),
    cmocka_unit_test (test_nul_is_refused_wherever_it_stands),
    cmocka_unit_test (test_a_name_that_stands_twice_is_refused_where_it_stands_again),
    cmocka_unit_test (test_a_name_that_stands_twice_among_many_is_refused),
    cmocka_unit_test (test_truncation_at_every_byte_is_refused),
    cmocka_unit_test (test_strings_are_checked_at_every_distance_from_their_end),
    cmocka_unit_test (test_utf8_is_taken_where_glib_says_so),
    cmocka_unit_test (test_the_locale_does_not_matter),
  };

  return cmocka_run_group_tests (tests, NULL, NULL);
}
