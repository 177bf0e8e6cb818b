/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "incident-test.h"

#include "model/incident-intake-rules-private.h"

static void
test_without_a_playbook_one_route_takes_everything (void **state)
{
  g_autoptr(IncidentIntakeRules) rules = incident_intake_rules_new ();

  assert_string_equal (rules->route->path, "/route");
  assert_true (incident_matchers_match_empty (rules->route->matchers));
  assert_int_equal (rules->route->routes->len, 0);
  assert_int_equal (rules->route->severity, INCIDENT_SEVERITY_UNKNOWN);
  assert_null (rules->route->group_by);
  assert_int_equal (rules->inhibitions->len + rules->maintenance->len + rules->correlations->len + rules->warnings->len, 0);
}

static void
test_a_route_inherits_what_its_parent_says_of_cases_alone (void **state)
{
  g_autoptr(IncidentIntakeRules) rules = incident_intake_rules_new ();
  IncidentRouteRule *parent = rules->route;
  IncidentRouteRule *child;

  parent->name = "all";
  parent->service = "checkout";
  parent->severity = INCIDENT_SEVERITY_SEV3;
  parent->wait = 7;
  parent->group_by = g_ptr_array_new ();
  parent->threshold = (IncidentThreshold) { 3, 60 };
  parent->when_ended = INCIDENT_WHEN_ENDED_CLOSE;
  parent->goes_on = TRUE;
  g_ptr_array_add (parent->mute, NULL);
  g_ptr_array_add (parent->matchers, incident_matcher_new ("a", "=", "b", NULL));
  child = incident_route_rule_new (parent, g_strdup ("/route/routes/0"));
  g_ptr_array_add (parent->routes, child);

  assert_string_equal (child->service, "checkout");
  assert_int_equal (child->severity, INCIDENT_SEVERITY_SEV3);
  assert_int_equal (child->wait, 7);
  assert_ptr_equal (child->group_by, parent->group_by);
  assert_int_equal (child->threshold.count, 3);
  assert_int_equal (child->when_ended, INCIDENT_WHEN_ENDED_CLOSE);
  assert_null (child->name);
  assert_false (child->goes_on);
  assert_int_equal (child->mute->len + child->matchers->len + child->routes->len, 0);
}

static void
test_what_has_a_name_is_found_by_it (void **state)
{
  g_autoptr(IncidentIntakeRules) rules = incident_intake_rules_new ();
  IncidentSource *source = incident_source_new ("prometheus");
  IncidentInterval *interval = incident_interval_new ("night");

  source->mapping = incident_mapping_new ();
  source->zone = g_time_zone_new_utc ();
  g_hash_table_insert (rules->sources, (gpointer) source->name, source);
  g_hash_table_insert (rules->intervals, (gpointer) interval->name, interval);
  assert_ptr_equal (incident_intake_rules_get_source (rules, "prometheus"), source);
  assert_null (incident_intake_rules_get_source (rules, "night"));
  assert_ptr_equal (incident_intake_rules_get_interval (rules, "night"), interval);
  assert_null (incident_intake_rules_get_interval (rules, "day"));
}

static void
test_the_rules_free_what_is_added_to_them (void **state)
{
  g_autoptr(IncidentIntakeRules) rules = incident_intake_rules_new ();
  IncidentMaintenance *maintenance = incident_maintenance_new ("upgrade");
  IncidentInhibition *inhibition = incident_inhibition_new (g_strdup ("/inhibit/0"));

  assert_true (maintenance->starts_at == INCIDENT_TIME_NONE && maintenance->ends_at == INCIDENT_TIME_NONE);
  inhibition->routes = g_ptr_array_new ();
  g_ptr_array_add (inhibition->source_matchers, incident_matcher_new ("a", "=~", "b+", NULL));
  g_ptr_array_add (rules->maintenance, maintenance);
  g_ptr_array_add (rules->inhibitions, inhibition);
  g_ptr_array_add (rules->correlations, incident_correlation_new ("same region"));
}

int
main (void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test (test_without_a_playbook_one_route_takes_everything),
    cmocka_unit_test (test_a_route_inherits_what_its_parent_says_of_cases_alone),
    cmocka_unit_test (test_what_has_a_name_is_found_by_it),
    cmocka_unit_test (test_the_rules_free_what_is_added_to_them),
  };

  return cmocka_run_group_tests (tests, NULL, NULL);
}
