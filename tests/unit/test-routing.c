/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "incident-test.h"

#include "intake/incident-routing-private.h"

#define GROUP "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"

static IncidentRouting *
make_full (void)
{
  IncidentRouting *routing = incident_routing_new ();

  g_ptr_array_add (routing->routes, g_strdup ("payments"));
  g_ptr_array_add (routing->routes, g_strdup ("/route/routes/2"));
  routing->group = g_strdup (GROUP);
  g_hash_table_insert (routing->group_labels, g_strdup ("cluster"), g_strdup ("eu"));
  g_hash_table_insert (routing->group_labels, g_strdup ("alertname"), g_strdup ("DiskFull"));
  routing->service = g_strdup ("checkout");
  routing->team = g_strdup ("payments");
  routing->category = g_strdup ("storage");
  routing->policy = g_strdup ("office");
  routing->severity = INCIDENT_SEVERITY_SEV2;
  routing->case_number = 7;
  g_ptr_array_add (routing->mutes, g_strdup ("silence 3 of ana until 09:00"));
  return routing;
}

static void
test_a_routing_tells_what_was_filled_in (void **state)
{
  g_autoptr(IncidentRouting) routing = make_full ();
  g_auto(GStrv) routes = incident_routing_dup_routes (routing);
  g_auto(GStrv) mutes = incident_routing_dup_mutes (routing);
  g_autoptr(GHashTable) labels = incident_routing_dup_group_labels (routing);

  assert_int_equal (g_strv_length (routes), 2);
  assert_string_equal (routes[1], "/route/routes/2");
  assert_int_equal (g_strv_length (mutes), 1);
  assert_string_equal (mutes[0], "silence 3 of ana until 09:00");
  assert_int_equal (g_hash_table_size (labels), 2);
  assert_string_equal (g_hash_table_lookup (labels, "cluster"), "eu");
  assert_string_equal (incident_routing_get_group (routing), GROUP);
  assert_string_equal (incident_routing_get_service (routing), "checkout");
  assert_string_equal (incident_routing_get_team (routing), "payments");
  assert_string_equal (incident_routing_get_category (routing), "storage");
  assert_string_equal (incident_routing_get_policy (routing), "office");
  assert_int_equal (incident_routing_get_severity (routing), INCIDENT_SEVERITY_SEV2);
  assert_true (incident_routing_get_case_number (routing) == 7);
}

static void
test_what_it_hands_out_outlives_it (void **state)
{
  IncidentRouting *routing = make_full ();
  g_auto(GStrv) routes = incident_routing_dup_routes (routing);
  g_autoptr(GHashTable) labels = incident_routing_dup_group_labels (routing);

  incident_routing_unref (routing);
  assert_string_equal (routes[0], "payments");
  assert_string_equal (g_hash_table_lookup (labels, "alertname"), "DiskFull");
}

static void
test_json_has_all_with_the_labels_by_name (void **state)
{
  g_autoptr(IncidentRouting) routing = make_full ();
  g_autofree char *json = incident_routing_to_json (routing);

  assert_string_equal (json,
                       "{\"routes\":[\"payments\",\"/route/routes/2\"],\"group\":\"" GROUP "\","
                       "\"group_labels\":{\"alertname\":\"DiskFull\",\"cluster\":\"eu\"},\"service\":\"checkout\","
                       "\"team\":\"payments\",\"category\":\"storage\",\"policy\":\"office\",\"severity\":\"sev2\","
                       "\"case\":\"INC-7\",\"mutes\":[\"silence 3 of ana until 09:00\"]}");
}

static void
test_json_of_nothing_known_is_nulls (void **state)
{
  g_autoptr(IncidentRouting) routing = incident_routing_new ();
  g_autofree char *json = incident_routing_to_json (routing);

  assert_string_equal (json,
                       "{\"routes\":[],\"group\":null,\"group_labels\":{},\"service\":null,\"team\":null,"
                       "\"category\":null,\"policy\":null,\"severity\":null,\"case\":null,\"mutes\":[]}");
}

int
main (void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test (test_a_routing_tells_what_was_filled_in),
    cmocka_unit_test (test_what_it_hands_out_outlives_it),
    cmocka_unit_test (test_json_has_all_with_the_labels_by_name),
    cmocka_unit_test (test_json_of_nothing_known_is_nulls),
  };

  return cmocka_run_group_tests (tests, NULL, NULL);
}
