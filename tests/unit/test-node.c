/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "incident-test.h"

#include <string.h>

#include "base/incident-node-private.h"

static IncidentTree *
read_tree (const char *json)
{
  g_autoptr(GError) error = NULL;
  IncidentTree *tree = incident_tree_new_tolerant (json, strlen (json), "doc.json", &error);

  assert_no_error (error);
  return tree;
}

/* The document and the pointers of RFC 6901, section 5. */
static void
test_pointers_are_those_of_the_standard (void **state)
{
  static const struct
  {
    const char *pointer;
    gint64      value; /* -1: a container */
  } cases[] = {
    { "", -1 }, { "/foo", -1 }, { "/", 0 }, { "/a~1b", 1 }, { "/c%d", 2 }, { "/e^f", 3 }, { "/g|h", 4 }, { "/i\\j", 5 },
    { "/k\"l", 6 }, { "/ ", 7 }, { "/m~0n", 8 },
  };
  g_autofree char *path = g_build_filename (g_getenv ("G_TEST_SRCDIR"), "conformance", "json", "y_rfc6901_document.json", NULL);
  g_autofree char *json = NULL;
  g_autoptr(IncidentTree) tree = NULL;
  IncidentNode *root;

  assert_true (g_file_get_contents (path, &json, NULL, NULL));
  tree = read_tree (json);
  root = incident_tree_get_root (tree);
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      IncidentNode *node = incident_node_resolve (root, cases[i].pointer);
      g_autofree char *pointer = NULL;

      assert_non_null (node);
      pointer = incident_node_dup_pointer (node);
      assert_string_equal (pointer, cases[i].pointer);
      if (cases[i].value >= 0)
        assert_int_equal (node->value.integer, cases[i].value);
    }
  assert_string_equal (incident_node_resolve (root, "/foo/0")->value.string, "bar");
  assert_string_equal (incident_node_resolve (root, "/foo/1")->value.string, "baz");
}

static void
test_what_points_nowhere_finds_nothing (void **state)
{
  static const char * const pointers[] = { "foo", "/foo/2", "/foo/01", "/foo/-", "/foo/-1", "/foo/0/x", "/foo/", "/bar", "/a~2b", "/a~", "/foo/99999999999999999999" };
  g_autoptr(IncidentTree) tree = read_tree ("{\"foo\":[\"bar\",\"baz\"],\"a~\":1}");

  for (guint i = 0; i < G_N_ELEMENTS (pointers); i++)
    assert_null (incident_node_resolve (incident_tree_get_root (tree), pointers[i]));
}

static void
test_a_node_knows_its_text (void **state)
{
  static const char json[] = " {\"a\" : [1.50 , \"x\\ny\"] }";
  g_autoptr(IncidentTree) tree = read_tree (json);
  IncidentNode *root = incident_tree_get_root (tree);
  IncidentNode *number = incident_node_resolve (root, "/a/0");
  IncidentNode *string = incident_node_resolve (root, "/a/1");

  assert_int_equal (root->offset, 1);
  assert_int_equal (root->length, strlen (json) - 1);
  assert_memory_equal (json + number->offset, "1.50", number->length);
  assert_int_equal (number->length, 4);
  assert_memory_equal (json + string->offset, "\"x\\ny\"", string->length);
  assert_int_equal (string->length, 6);
}

static void
test_what_is_no_text_is_no_value (void **state)
{
  static const char json[] = "{\"a\":\"\\ud83d\",\"b\":{\"\\ud83d\":1,\"c\":2},\"d\":[\"\\u0000\",3],\"e\":4}";
  g_autoptr(IncidentTree) tree = read_tree (json);
  g_autoptr(GError) error = NULL;
  IncidentNode *root = incident_tree_get_root (tree);

  assert_int_equal (incident_node_get_member (root, "a")->type, INCIDENT_JSON_NONE);
  assert_int_equal (incident_node_get_member (root, "b")->type, INCIDENT_JSON_NONE);
  assert_int_equal (incident_node_resolve (root, "/d/0")->type, INCIDENT_JSON_NONE);
  assert_int_equal (incident_node_resolve (root, "/d/1")->value.integer, 3);
  assert_int_equal (incident_node_get_member (root, "e")->value.integer, 4);
  assert_null (incident_tree_new (json, strlen (json), NULL, &error));
  assert_error (error, INCIDENT_ERROR, INCIDENT_ERROR_INVALID);
}

static void
test_a_tolerant_tree_is_strict_in_all_else (void **state)
{
  static const char * const bodies[] = { "", "{", "{\"a\":\"\\ud83d\",}", "{\"a\":1,\"a\":2}", "[\"\\ud83d\\q\"]", "[1] 2" };

  for (guint i = 0; i < G_N_ELEMENTS (bodies); i++)
    assert_null (incident_tree_new_tolerant (bodies[i], strlen (bodies[i]), NULL, NULL));
}

static void
test_a_sketch_has_the_first_element_of_each_list (void **state)
{
  static const char json[] = "{\"a\":[{\"b\":[1,2,3]},\"\\ud83d\",{\"\\ud83d\":[]},4],\"c\":5}";
  g_autoptr(IncidentTree) tree = incident_tree_new_sketch (json, strlen (json), NULL, &incident_json_default_limits, NULL);
  IncidentNode *root = incident_tree_get_root (tree);

  assert_int_equal (incident_node_get_length (incident_node_get_member (root, "a")), 1);
  assert_int_equal (incident_node_get_length (incident_node_resolve (root, "/a/0/b")), 1);
  assert_int_equal (incident_node_get_member (root, "c")->value.integer, 5);
  assert_null (incident_tree_new_sketch ("[1,2,]", 6, NULL, &incident_json_default_limits, NULL));
}

static void
test_there_is_no_child_behind_the_last (void **state)
{
  g_autoptr(IncidentTree) tree = read_tree ("[]");

  assert_null (incident_node_get_child (incident_tree_get_root (tree), 0));
}

static void
test_an_error_names_the_place_of_its_node (void **state)
{
  g_autoptr(IncidentTree) tree = read_tree ("{\"a\":[1,\n null]}");
  g_autoptr(GError) wrong = NULL;
  g_autoptr(GError) type = NULL;
  IncidentNode *node = incident_node_resolve (incident_tree_get_root (tree), "/a/1");

  assert_false (incident_node_fail (node, &wrong, "must be %d", 7));
  assert_error (wrong, INCIDENT_ERROR, INCIDENT_ERROR_INVALID);
  assert_string_equal (wrong->message, "doc.json:2:2: /a/1: must be 7");
  assert_string_equal (incident_error_get_where (wrong), "/a/1");
  assert_false (incident_node_fail_type (node, INCIDENT_JSON_STRING, &type));
  assert_string_equal (type->message, "doc.json:2:2: /a/1: must be a string, not null");
}

int
main (void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test (test_pointers_are_those_of_the_standard),
    cmocka_unit_test (test_what_points_nowhere_finds_nothing),
    cmocka_unit_test (test_a_node_knows_its_text),
    cmocka_unit_test (test_what_is_no_text_is_no_value),
    cmocka_unit_test (test_a_tolerant_tree_is_strict_in_all_else),
    cmocka_unit_test (test_a_sketch_has_the_first_element_of_each_list),
    cmocka_unit_test (test_there_is_no_child_behind_the_last),
    cmocka_unit_test (test_an_error_names_the_place_of_its_node),
  };

  return cmocka_run_group_tests (tests, NULL, NULL);
}
