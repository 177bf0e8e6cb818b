/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "incident-test.h"

#include "oncall/incident-deadlines-private.h"

static void
test_nothing_is_due_where_nothing_waits (void **state)
{
  g_auto(IncidentDeadlines) deadlines = { NULL, };

  incident_deadlines_init (&deadlines);
  assert_true (incident_deadlines_peek (&deadlines) == G_MAXINT64);
  assert_true (incident_deadlines_pop (&deadlines) == 0);
}

static void
test_those_that_are_due_first_come_first (void **state)
{
  g_auto(IncidentDeadlines) deadlines = { NULL, };

  incident_deadlines_init (&deadlines);
  incident_deadlines_set (&deadlines, 3, 30);
  incident_deadlines_set (&deadlines, 1, 20);
  incident_deadlines_set (&deadlines, 7, 10);
  incident_deadlines_set (&deadlines, 2, 20);
  assert_true (incident_deadlines_peek (&deadlines) == 10);
  assert_true (incident_deadlines_pop (&deadlines) == 7);
  assert_true (incident_deadlines_pop (&deadlines) == 1);
  assert_true (incident_deadlines_pop (&deadlines) == 2);
  assert_true (incident_deadlines_pop (&deadlines) == 3);
  assert_true (incident_deadlines_pop (&deadlines) == 0);
}

static void
test_a_case_has_one_deadline (void **state)
{
  g_auto(IncidentDeadlines) deadlines = { NULL, };

  incident_deadlines_init (&deadlines);
  incident_deadlines_set (&deadlines, 1, 10);
  incident_deadlines_set (&deadlines, 2, 20);
  incident_deadlines_set (&deadlines, 1, 30);
  assert_true (incident_deadlines_peek (&deadlines) == 20);
  incident_deadlines_set (&deadlines, 1, 5);
  assert_true (incident_deadlines_peek (&deadlines) == 5);
  incident_deadlines_set (&deadlines, 1, G_MAXINT64);
  incident_deadlines_set (&deadlines, 9, G_MAXINT64);
  assert_true (incident_deadlines_pop (&deadlines) == 2);
  assert_true (incident_deadlines_pop (&deadlines) == 0);
}

static void
test_all_can_be_forgotten (void **state)
{
  g_auto(IncidentDeadlines) deadlines = { NULL, };

  incident_deadlines_init (&deadlines);
  incident_deadlines_set (&deadlines, 1, 10);
  incident_deadlines_empty (&deadlines);
  assert_true (incident_deadlines_peek (&deadlines) == G_MAXINT64);
  incident_deadlines_set (&deadlines, 1, 20);
  assert_true (incident_deadlines_pop (&deadlines) == 1);
}

#define N_CASES 60

/* Against the plainest list there is. */
static guint64
find_first (const gint64 *due)
{
  guint64 first = 0;

  for (guint64 number = 1; number < N_CASES; number++)
    if (due[number] != G_MAXINT64 && (first == 0 || due[number] < due[first]))
      first = number;
  return first;
}

static void
test_a_long_walk_comes_to_what_a_plain_list_comes_to (void **state)
{
  g_auto(IncidentDeadlines) deadlines = { NULL, };
  g_autoptr(GRand) rand = g_rand_new_with_seed (20261126);
  gint64 due[N_CASES];

  for (guint i = 0; i < N_CASES; i++)
    due[i] = G_MAXINT64;
  incident_deadlines_init (&deadlines);
  for (guint i = 0; i < 100000; i++)
    {
      guint64 number = (guint64) g_rand_int_range (rand, 1, N_CASES);
      guint64 first;

      due[number] = g_rand_int_range (rand, 0, 5) == 0 ? G_MAXINT64 : g_rand_int_range (rand, 0, 40);
      incident_deadlines_set (&deadlines, number, due[number]);
      first = find_first (due);
      assert_true (incident_deadlines_peek (&deadlines) == (first != 0 ? due[first] : G_MAXINT64));
      if (g_rand_int_range (rand, 0, 3) > 0)
        continue;
      assert_true (incident_deadlines_pop (&deadlines) == first);
      due[first] = G_MAXINT64;
    }
}

int
main (void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test (test_nothing_is_due_where_nothing_waits),
    cmocka_unit_test (test_those_that_are_due_first_come_first),
    cmocka_unit_test (test_a_case_has_one_deadline),
    cmocka_unit_test (test_all_can_be_forgotten),
    cmocka_unit_test (test_a_long_walk_comes_to_what_a_plain_list_comes_to),
  };

  return cmocka_run_group_tests (tests, NULL, NULL);
}
