/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "incident-test.h"

#include <string.h>

#include "base/incident-json-reader-private.h"

/* A batch: {"items":[{"id":1,"tags":["a"]}, …],"after":true}. The items that are
 * good come back as “1,2,”, the failures as their pointers. */
typedef struct
{
  GString *good;
  GString *bad;
} Batch;

static gboolean
read_item (IncidentJsonReader *reader,
           gint64             *id)
{
  const char *name;

  incident_json_reader_enter_object (reader);
  while (incident_json_reader_next_member (reader, &name))
    if (strcmp (name, "id") == 0)
      incident_json_reader_read_int (reader, id);
    else if (strcmp (name, "tags") == 0)
      {
        incident_json_reader_enter_array (reader);
        while (incident_json_reader_next_element (reader))
          incident_json_reader_read_string (reader);
      }
    else
      incident_json_reader_skip (reader);

  if (*id < 0)
    incident_json_reader_fail (reader, "must have an “id” of 0 or more");
  return !incident_json_reader_failed (reader);
}

static void
read_items (IncidentJsonReader *reader,
            Batch              *batch)
{
  guint depth;

  incident_json_reader_enter_array (reader);
  depth = incident_json_reader_get_depth (reader);
  while (incident_json_reader_next_element (reader))
    {
      g_autoptr(GError) error = NULL;
      gint64 id = -1;

      if (read_item (reader, &id))
        g_string_append_printf (batch->good, "%d,", (int) id);
      else if (incident_json_reader_recover (reader, depth, &error))
        g_string_append_printf (batch->bad, "%s,", incident_error_get_where (error));
      else
        assert_null (error);
    }
}

static gboolean
read_batch (const char  *items,
            const char  *good,
            const char  *bad,
            GError     **error)
{
  g_autofree char *text = g_strdup_printf ("{\"items\":[%s],\"after\":true}", items);
  g_autoptr(IncidentJsonReader) reader = incident_json_reader_new (text, strlen (text), NULL, NULL);
  Batch batch = { g_string_new (NULL), g_string_new (NULL) };
  gboolean after = FALSE;

  incident_json_reader_enter_object (reader);
  incident_json_reader_next_member (reader, NULL);
  read_items (reader, &batch);
  if (incident_json_reader_next_member (reader, NULL))
    incident_json_reader_read_boolean (reader, &after);
  incident_json_reader_next_member (reader, NULL);

  assert_string_equal (batch.good->str, good);
  assert_string_equal (batch.bad->str, bad);
  g_string_free (batch.good, TRUE);
  g_string_free (batch.bad, TRUE);
  assert_int_equal (after, !incident_json_reader_failed (reader));
  return incident_json_reader_finish (reader, error);
}

static void
test_good_items_around_a_bad_one_are_kept (void **state)
{
  assert_true (read_batch ("{\"id\":1},{\"id\":\"x\",\"tags\":[]},{\"id\":3}", "1,3,", "/items/1/id,", NULL));
}

static void
test_a_bad_first_and_last_item_are_left_out (void **state)
{
  assert_true (read_batch ("[],{\"id\":2},null", "2,", "/items/0,/items/2,", NULL));
}

static void
test_nothing_but_bad_items_is_a_good_document (void **state)
{
  assert_true (read_batch ("{\"id\":1.5},7,{\"id\":true}", "", "/items/0/id,/items/1,/items/2/id,", NULL));
}

static void
test_a_failure_deep_in_an_item_leaves_it (void **state)
{
  assert_true (read_batch ("{\"id\":1,\"tags\":[\"a\",{\"b\":[1,2,{}]},\"c\"],\"x\":{\"y\":[]}},{\"id\":2}", "2,",
                           "/items/0/tags/1,", NULL));
}

static void
test_a_failure_after_an_item_goes_on_behind_it (void **state)
{
  assert_true (read_batch ("{},{\"id\":-5},{\"id\":3}", "3,", "/items/0,/items/1,", NULL));
}

static void
test_a_string_that_is_no_text_is_left_out_with_its_item (void **state)
{
  assert_true (read_batch ("{\"id\":1},{\"id\":2,\"tags\":[\"cut \\ud83d\",\"b\"],\"x\":\"\\ude00\"},{\"id\":3}", "1,3,", "/items/1/tags/0,",
                           NULL));
  assert_true (read_batch ("{\"id\":2,\"more\":{\"a\":[\"\\u0000\"]}},{\"id\":3}", "3,", "/items/0/more/a/0,", NULL));
  assert_true (read_batch ("{\"id\":1},\"\\ud83d\\u0041\"", "1,", "/items/1,", NULL));
  assert_true (read_batch ("{\"id\":1,\"tags\":[\"\\ud83d\"]},{\"id\":2,\"tags\":[\"\\ud83d\"]}", "", "/items/0/tags/0,/items/1/tags/0,", NULL));
}

static void
test_a_name_that_is_no_text_is_left_out_with_its_item (void **state)
{
  assert_true (read_batch ("{\"id\":1,\"\\ud83d\":{\"\\ud83d\":[\"\\ud83d\"]},\"\\ud83e\":1},{\"id\":3}", "3,", "/items/0,", NULL));
}

static void
test_grammar_broken_behind_what_is_no_text_breaks_the_document (void **state)
{
  g_autoptr(GError) error = NULL;

  assert_false (read_batch ("{\"id\":1},{\"id\":2,\"x\":\"\\ud83d\\q\"}", "1,", "", &error));
  assert_string_equal (incident_error_get_where (error), "/items/1/x");
}

static void
test_grammar_broken_in_an_item_breaks_the_document (void **state)
{
  g_autoptr(GError) error = NULL;

  assert_false (read_batch ("{\"id\":1},{\"id\":01},{\"id\":3}", "1,", "", &error));
  assert_error (error, INCIDENT_ERROR, INCIDENT_ERROR_INVALID);
  assert_string_equal (incident_error_get_where (error), "/items/1/id");
}

static void
test_grammar_broken_behind_a_bad_value_breaks_the_document (void **state)
{
  g_autoptr(GError) error = NULL;

  assert_false (read_batch ("{\"id\":1},{\"id\":\"x\",\"tags\":[1,]},{\"id\":3}", "1,", "", &error));
  assert_error (error, INCIDENT_ERROR, INCIDENT_ERROR_INVALID);
  assert_string_equal (error->message, "line 1, column 40: /items/1/tags/1: a value must follow the comma");
}

static void
test_a_name_that_stands_twice_in_an_item_breaks_the_document (void **state)
{
  g_autoptr(GError) error = NULL;

  assert_false (read_batch ("{\"id\":\"x\",\"b\":1,\"b\":2},{\"id\":3}", "", "", &error));
  assert_string_equal (incident_error_get_where (error), "/items/0/b");
}

static void
test_a_limit_passed_is_not_recovered_from (void **state)
{
  static const char text[] = "[1,2,3]";
  const IncidentJsonLimits limits = { 99, 9, 2, 9, 9, 9 };
  g_autoptr(IncidentJsonReader) reader = incident_json_reader_new (text, strlen (text), NULL, &limits);
  g_autoptr(GError) error = NULL;

  incident_json_reader_skip (reader);
  assert_false (incident_json_reader_recover (reader, 0, &error));
  assert_null (error);
  assert_true (incident_json_reader_failed (reader));
}

static void
test_recovery_to_the_root_skips_all (void **state)
{
  static const char text[] = "{\"a\":[[1],2],\"b\":3} ";
  g_autoptr(IncidentJsonReader) reader = incident_json_reader_new (text, strlen (text), NULL, NULL);
  g_autoptr(GError) error = NULL;

  incident_json_reader_enter_object (reader);
  incident_json_reader_next_member (reader, NULL);
  incident_json_reader_enter_array (reader);
  incident_json_reader_fail (reader, "is not wanted");
  assert_true (incident_json_reader_recover (reader, 0, &error));
  assert_error (error, INCIDENT_ERROR, INCIDENT_ERROR_INVALID);
  assert_true (incident_json_reader_finish (reader, NULL));
}

int
main (void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test (test_good_items_around_a_bad_one_are_kept),
    cmocka_unit_test (test_a_bad_first_and_last_item_are_left_out),
    cmocka_unit_test (test_nothing_but_bad_items_is_a_good_document),
    cmocka_unit_test (test_a_failure_deep_in_an_item_leaves_it),
    cmocka_unit_test (test_a_failure_after_an_item_goes_on_behind_it),
    cmocka_unit_test (test_a_string_that_is_no_text_is_left_out_with_its_item),
    cmocka_unit_test (test_a_name_that_is_no_text_is_left_out_with_its_item),
    cmocka_unit_test (test_grammar_broken_behind_what_is_no_text_breaks_the_document),
    cmocka_unit_test (test_grammar_broken_in_an_item_breaks_the_document),
    cmocka_unit_test (test_grammar_broken_behind_a_bad_value_breaks_the_document),
    cmocka_unit_test (test_a_name_that_stands_twice_in_an_item_breaks_the_document),
    cmocka_unit_test (test_a_limit_passed_is_not_recovered_from),
    cmocka_unit_test (test_recovery_to_the_root_skips_all),
  };

  return cmocka_run_group_tests (tests, NULL, NULL);
}
