/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "incident-test.h"

#include <locale.h>
#include <math.h>
#include <string.h>

#include "base/incident-json-reader-private.h"
#include "base/incident-json-writer-private.h"

static void
assert_written (IncidentJsonWriter *writer,
                const char         *expected)
{
  g_autofree char *json = incident_json_writer_finish (writer);

  assert_string_equal (json, expected);
}

static void
write_sample (IncidentJsonWriter *writer)
{
  incident_json_writer_begin_object (writer);
  incident_json_writer_member (writer, "text", "x");
  incident_json_writer_member (writer, "nothing", NULL);
  incident_json_writer_name (writer, "list");
  incident_json_writer_begin_array (writer);
  incident_json_writer_int (writer, G_MININT64);
  incident_json_writer_boolean (writer, TRUE);
  incident_json_writer_boolean (writer, FALSE);
  incident_json_writer_null (writer);
  incident_json_writer_begin_object (writer);
  incident_json_writer_end_object (writer);
  incident_json_writer_begin_array (writer);
  incident_json_writer_end_array (writer);
  incident_json_writer_end_array (writer);
  incident_json_writer_name (writer, "raw");
  incident_json_writer_raw (writer, "{\"a\":1}");
  incident_json_writer_name (writer, "at");
  incident_json_writer_time (writer, 0);
  incident_json_writer_end_object (writer);
}

static void
test_compact_has_no_white_space (void **state)
{
  IncidentJsonWriter writer;

  incident_json_writer_init (&writer, FALSE);
  write_sample (&writer);
  assert_written (&writer, "{\"text\":\"x\",\"nothing\":null,\"list\":[-9223372036854775808,true,false,null,{},[]],"
                           "\"raw\":{\"a\":1},\"at\":\"1970-01-01T00:00:00.000000Z\"}");
}

static void
test_pretty_has_a_member_or_element_a_line (void **state)
{
  IncidentJsonWriter writer;

  incident_json_writer_init (&writer, TRUE);
  write_sample (&writer);
  assert_written (&writer,
                  "{\n"
                  "  \"text\": \"x\",\n"
                  "  \"nothing\": null,\n"
                  "  \"list\": [\n"
                  "    -9223372036854775808,\n"
                  "    true,\n"
                  "    false,\n"
                  "    null,\n"
                  "    {},\n"
                  "    []\n"
                  "  ],\n"
                  "  \"raw\": {\"a\":1},\n"
                  "  \"at\": \"1970-01-01T00:00:00.000000Z\"\n"
                  "}");
}

static void
test_a_single_value_is_a_document (void **state)
{
  IncidentJsonWriter writer;

  incident_json_writer_init (&writer, TRUE);
  incident_json_writer_string (&writer, NULL);
  assert_written (&writer, "null");
}

static void
test_only_what_must_be_is_escaped (void **state)
{
  IncidentJsonWriter writer;

  incident_json_writer_init (&writer, FALSE);
  incident_json_writer_string (&writer, "a\"b\\c/d\b\f\n\r\t\x01\x1f\x7fé𝄞\u2028<&>'");
  assert_written (&writer, "\"a\\\"b\\\\c/d\\b\\f\\n\\r\\t\\u0001\\u001f\x7fé𝄞\u2028<&>'\"");
}

static void
test_names_are_escaped_too (void **state)
{
  IncidentJsonWriter writer;

  incident_json_writer_init (&writer, FALSE);
  incident_json_writer_begin_object (&writer);
  incident_json_writer_member (&writer, "a\"\n", "");
  incident_json_writer_end_object (&writer);
  assert_written (&writer, "{\"a\\\"\\n\":\"\"}");
}

static void
assert_double (double      value,
               const char *expected)
{
  IncidentJsonWriter writer;

  incident_json_writer_init (&writer, FALSE);
  incident_json_writer_double (&writer, value);
  assert_written (&writer, expected);
}

static void
test_doubles_have_as_few_digits_as_read_back_equal (void **state)
{
  assert_double (0, "0");
  assert_double (0.1, "0.1");
  assert_double (1.0 / 3, "0.333333333333333" "3");
  assert_double (0.1 + 0.2, "0.30000000000000004");
  assert_double (-1e-78, "-1e-78");
  assert_double (1e22, "1e+22");
  assert_double (1.7976931348623157e308, "1.7976931348623157e+308");
  assert_double (5e-324, "4.94065645841247e-324");
  assert_double (9007199254740993.0, "9007199254740992");
  assert_double (-0.0, "-0");
}

static void
test_doubles_do_not_follow_the_locale (void **state)
{
  g_autofree char *before = g_strdup (setlocale (LC_ALL, NULL));
  IncidentJsonWriter writer;
  g_autofree char *json = NULL;

  setlocale (LC_ALL, "de_DE.UTF-8");
  incident_json_writer_init (&writer, FALSE);
  incident_json_writer_double (&writer, 1234567.5);
  json = incident_json_writer_finish (&writer);
  setlocale (LC_ALL, before);
  assert_string_equal (json, "1234567.5");
}

static void
test_sixty_four_levels_are_indented (void **state)
{
  IncidentJsonWriter writer;
  g_autofree char *json = NULL;
  const char *value;

  incident_json_writer_init (&writer, TRUE);
  for (guint i = 0; i < INCIDENT_JSON_MAX_DEPTH; i++)
    incident_json_writer_begin_array (&writer);
  incident_json_writer_null (&writer);
  for (guint i = 0; i < INCIDENT_JSON_MAX_DEPTH; i++)
    incident_json_writer_end_array (&writer);
  json = incident_json_writer_finish (&writer);

  value = strstr (json, "null\n");
  assert_non_null (value);
  assert_int_equal (value - strrchr (json, '[') - strlen ("[\n"), 2 * INCIDENT_JSON_MAX_DEPTH);
  assert_int_equal (strspn (value + strlen ("null\n"), " "), 2 * (INCIDENT_JSON_MAX_DEPTH - 1));
}

static void
test_sixty_four_levels_are_written_and_read (void **state)
{
  IncidentJsonWriter writer;
  g_autofree char *json = NULL;
  g_autoptr(IncidentJsonReader) reader = NULL;

  incident_json_writer_init (&writer, FALSE);
  for (guint i = 0; i < INCIDENT_JSON_MAX_DEPTH; i++)
    {
      if (i % 2 == 0)
        incident_json_writer_begin_array (&writer);
      else
        {
          incident_json_writer_begin_object (&writer);
          incident_json_writer_member (&writer, "b", "c");
          incident_json_writer_name (&writer, "a");
        }
    }
  incident_json_writer_null (&writer);
  for (guint i = INCIDENT_JSON_MAX_DEPTH; i-- > 0;)
    {
      if (i % 2 == 0)
        incident_json_writer_end_array (&writer);
      else
        incident_json_writer_end_object (&writer);
      if (i % 2 == 1 && i > 1)
        incident_json_writer_null (&writer);
    }
  json = incident_json_writer_finish (&writer);
  reader = incident_json_reader_new (json, strlen (json), NULL, NULL);
  incident_json_reader_skip (reader);
  assert_true (incident_json_reader_finish (reader, NULL));
}

/* The same random numbers make the document and check what is read of it. */
static gint64
random_int (GRand *random)
{
  gint64 value = (gint64) (((guint64) g_rand_int (random) << 32) | g_rand_int (random));

  return value >> g_rand_int_range (random, 0, 64);
}

static double
random_double (GRand *random)
{
  union { guint64 bits; double value; } number;

  number.bits = ((guint64) g_rand_int (random) << 32) | g_rand_int (random);
  if (!isfinite (number.value))
    number.bits &= G_GUINT64_CONSTANT (0xbfffffffffffffff);
  return g_rand_boolean (random) ? number.value : g_rand_int_range (random, -9999, 9999) / 100.0;
}

static char *
random_text (GRand *random)
{
  static const gunichar others[] = { '"', '\\', '/', '\n', '\t', 1, 0x1f, 0x7f, 0x80, 0x7ff, 0x800, 0xd7ff, 0xe000, 0xffff,
                                     0x10000, 0x10ffff, 0x2028 };
  GString *text = g_string_new (NULL);

  for (gint32 n = g_rand_int_range (random, 0, 24); n > 0; n--)
    if (g_rand_boolean (random))
      g_string_append_c (text, (char) g_rand_int_range (random, 'a', 'z'));
    else
      g_string_append_unichar (text, others[g_rand_int_range (random, 0, G_N_ELEMENTS (others))]);
  return g_string_free (text, FALSE);
}

static char *
random_name (GRand *random,
             gint32 i)
{
  g_autofree char *text = random_text (random);

  return g_strdup_printf ("%s%d", text, i);
}

/* Containers: how many of what; scalars: -1. */
static gint32
random_count (GRand *random,
              guint  depth,
              gint32 kind)
{
  return kind < 5 ? -1 : depth > 6 ? 0 : g_rand_int_range (random, 0, g_rand_int_range (random, 1, 30));
}

static void
write_random (IncidentJsonWriter *writer,
              GRand              *random,
              guint               depth)
{
  gint32 kind = g_rand_int_range (random, depth == 0 ? 5 : 0, 7);
  gint32 count = random_count (random, depth, kind);
  g_autofree char *text = kind == 3 ? random_text (random) : NULL;

  switch (kind)
    {
    case 0: incident_json_writer_null (writer); return;
    case 1: incident_json_writer_boolean (writer, g_rand_boolean (random)); return;
    case 2: incident_json_writer_int (writer, random_int (random)); return;
    case 3: incident_json_writer_string (writer, text); return;
    case 4: incident_json_writer_double (writer, random_double (random)); return;
    case 5: incident_json_writer_begin_array (writer); break;
    default: incident_json_writer_begin_object (writer); break;
    }
  for (gint32 i = 0; i < count; i++)
    {
      if (kind == 6)
        {
          g_autofree char *name = random_name (random, i);

          incident_json_writer_name (writer, name);
        }
      write_random (writer, random, depth + 1);
    }
  if (kind == 5)
    incident_json_writer_end_array (writer);
  else
    incident_json_writer_end_object (writer);
}

static void
read_scalar (IncidentJsonReader *reader,
             GRand              *random,
             gint32              kind)
{
  g_autofree char *text = kind == 3 ? random_text (random) : NULL;
  const char *string;
  gboolean boolean;
  gint64 integer;
  double number;

  switch (kind)
    {
    case 0:
      assert_true (incident_json_reader_read_null (reader));
      return;
    case 1:
      assert_true (incident_json_reader_read_boolean (reader, &boolean));
      assert_int_equal (boolean, g_rand_boolean (random));
      return;
    case 2:
      assert_true (incident_json_reader_read_int (reader, &integer));
      assert_true (integer == random_int (random));
      return;
    case 3:
      string = incident_json_reader_read_string (reader);
      assert_non_null (string);
      assert_string_equal (string, text);
      return;
    default:
      assert_true (incident_json_reader_read_double (reader, &number));
      assert_true (number == random_double (random));
    }
}

static void
read_random (IncidentJsonReader *reader,
             GRand              *random,
             guint               depth)
{
  gint32 kind = g_rand_int_range (random, depth == 0 ? 5 : 0, 7);
  gint32 count = random_count (random, depth, kind);
  const char *name = NULL;

  if (count < 0)
    {
      read_scalar (reader, random, kind);
      return;
    }
  assert_true (kind == 5 ? incident_json_reader_enter_array (reader) : incident_json_reader_enter_object (reader));
  for (gint32 i = 0; i < count; i++)
    {
      g_autofree char *expected = kind == 6 ? random_name (random, i) : NULL;

      assert_true (kind == 5 ? incident_json_reader_next_element (reader) : incident_json_reader_next_member (reader, &name));
      if (kind == 6)
        assert_string_equal (name, expected);
      read_random (reader, random, depth + 1);
    }
  assert_false (kind == 5 ? incident_json_reader_next_element (reader) : incident_json_reader_next_member (reader, &name));
}

static void
test_what_is_written_is_read_back_equal (void **state)
{
  const IncidentJsonLimits limits = { G_MAXSIZE, 64, G_MAXUINT, 1024, G_MAXSIZE, 400 };

  for (guint32 seed = 0; seed < 300; seed++)
    {
      g_autoptr(GRand) writing = g_rand_new_with_seed (seed);
      g_autoptr(GRand) reading = g_rand_new_with_seed (seed);
      g_autoptr(IncidentJsonReader) reader = NULL;
      g_autofree char *json = NULL;
      IncidentJsonWriter writer;

      incident_json_writer_init (&writer, seed % 2 == 0);
      write_random (&writer, writing, 0);
      json = incident_json_writer_finish (&writer);
      reader = incident_json_reader_new (json, strlen (json), NULL, &limits);
      read_random (reader, reading, 0);
      if (!incident_json_reader_finish (reader, NULL))
        fail_msg ("seed %u", seed);
    }
}

static void
test_room_changes_nothing_of_what_is_written (void **state)
{
  IncidentJsonWriter writer;
  g_autofree char *text = NULL;

  incident_json_writer_init (&writer, FALSE);
  incident_json_writer_make_room (&writer, 1000);
  assert_true (writer.out->allocated_len > 1000);
  incident_json_writer_begin_array (&writer);
  incident_json_writer_string (&writer, "a");
  incident_json_writer_make_room (&writer, 5000);
  assert_true (writer.out->allocated_len > 5000);
  incident_json_writer_string (&writer, "b");
  incident_json_writer_end_array (&writer);
  text = incident_json_writer_finish (&writer);
  assert_string_equal (text, "[\"a\",\"b\"]");
}

int
main (void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test (test_compact_has_no_white_space),
    cmocka_unit_test (test_pretty_has_a_member_or_element_a_line),
    cmocka_unit_test (test_a_single_value_is_a_document),
    cmocka_unit_test (test_only_what_must_be_is_escaped),
    cmocka_unit_test (test_names_are_escaped_too),
    cmocka_unit_test (test_doubles_have_as_few_digits_as_read_back_equal),
    cmocka_unit_test (test_doubles_do_not_follow_the_locale),
    cmocka_unit_test (test_sixty_four_levels_are_indented),
    cmocka_unit_test (test_sixty_four_levels_are_written_and_read),
    cmocka_unit_test (test_what_is_written_is_read_back_equal),
    cmocka_unit_test (test_room_changes_nothing_of_what_is_written),
  };

  return cmocka_run_group_tests (tests, NULL, NULL);
}
