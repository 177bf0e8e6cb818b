/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Another process holds the store for longer than anybody waits: about ten seconds a test. */
#include "support.h"

static void
test_a_locked_store_is_busy_and_nothing_is_taken_as_recorded (void **state)
{
  Place *place = *state;
  g_autoptr(IncidentDesk) desk = open_desk (place->path);
  g_autoptr(IncidentCase) kase = open_case (desk, "Checkout answers 500");
  g_autoptr(IncidentQuery) query = incident_query_new ();
  g_autoptr(GPtrArray) found = NULL;
  g_autoptr(GError) error = NULL;
  sqlite3 *other = raw_open (place->path);

  raw_exec (other, "BEGIN IMMEDIATE");
  assert_false (note (kase, "called the vendor", &error));
  assert_error (error, INCIDENT_ERROR, INCIDENT_ERROR_BUSY);
  assert_int_equal (incident_case_get_version (kase), 1);
  assert_int_equal (count_events (desk), 1);
  g_clear_error (&error);
  found = incident_desk_find_cases (desk, query, &error);
  assert_no_error (error);
  assert_int_equal (found->len, 1);
  raw_exec (other, "ROLLBACK");
  sqlite3_close (other);

  add_notes (kase, 1);
  assert_int_equal (count_events (desk), 2);
}

int
main (void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test_setup_teardown (test_a_locked_store_is_busy_and_nothing_is_taken_as_recorded,
                                     place_setup, place_teardown),
  };

  return cmocka_run_group_tests (tests, NULL, NULL);
}
