/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "incident-test.h"

#include "store/incident-query-private.h"

/* How the conditions meet stores is told in store-rules.h. */

static gboolean
matches (IncidentQuery *query, guint64 number, const char *phase, gboolean open, const char *service, gint64 opened_at)
{
  IncidentState state = { .phase = phase, .open = open ? 1 : 0, .service = (char *) service };

  return incident_query_matches (query, number, &state, opened_at);
}

static void
test_a_new_query_matches_all_a_hundred_a_page (void **state)
{
  g_autoptr(IncidentQuery) query = incident_query_new ();

  assert_true (matches (query, G_MAXUINT64, "closed", FALSE, NULL, G_MININT64 + 1));
  assert_int_equal (query->limit, 100);
}

static void
test_all_conditions_must_hold (void **state)
{
  g_autoptr(IncidentQuery) query = incident_query_new ();

  incident_query_set_open_only (query, 7);
  incident_query_set_phase (query, "new");
  incident_query_set_service (query, "s");
  incident_query_set_since (query, 10);
  incident_query_set_before (query, 5);
  assert_true (matches (query, 4, "new", TRUE, "s", 10));
  assert_false (matches (query, 5, "new", TRUE, "s", 10));
  assert_false (matches (query, 4, "diagnosis", TRUE, "s", 10));
  assert_false (matches (query, 4, "new", FALSE, "s", 10));
  assert_false (matches (query, 4, "new", TRUE, "S", 10));
  assert_false (matches (query, 4, "new", TRUE, NULL, 10));
  assert_false (matches (query, 4, "new", TRUE, "s", 9));
}

static void
test_a_copy_stays_when_the_query_changes (void **state)
{
  g_autoptr(IncidentQuery) query = incident_query_new ();
  g_autoptr(IncidentQuery) copy = NULL;

  incident_query_set_open_only (query, TRUE);
  incident_query_set_phase (query, "new");
  incident_query_set_service (query, "s");
  incident_query_set_since (query, 10);
  incident_query_set_before (query, 5);
  incident_query_set_limit (query, 1000);
  copy = incident_query_copy (query);
  incident_query_set_open_only (query, FALSE);
  incident_query_set_phase (query, NULL);
  incident_query_set_service (query, "t");
  incident_query_set_since (query, 11);
  incident_query_set_before (query, 6);
  incident_query_set_limit (query, 1);
  assert_true (copy->open_only);
  assert_string_equal (copy->phase, "new");
  assert_string_equal (copy->service, "s");
  assert_true (copy->since == 10);
  assert_true (copy->before == 5);
  assert_int_equal (copy->limit, 1000);
  assert_int_equal (query->limit, 1);
}

int
main (void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test (test_a_new_query_matches_all_a_hundred_a_page),
    cmocka_unit_test (test_all_conditions_must_hold),
    cmocka_unit_test (test_a_copy_stays_when_the_query_changes),
  };

  return cmocka_run_group_tests (tests, NULL, NULL);
}
