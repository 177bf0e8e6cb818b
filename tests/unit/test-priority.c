/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "incident-test.h"

static const char * const levels[] = { "unknown", "high", "medium", "low" };
static const char * const priorities[] = { "unknown", "p1", "p2", "p3", "p4", "p5" };

static void
test_priority_follows_the_table_of_impact_and_urgency (void **state)
{
  static const struct
  {
    IncidentLevel     impact;
    IncidentLevel     urgency;
    IncidentPriority  priority;
  } cells[] = {
    { INCIDENT_LEVEL_HIGH, INCIDENT_LEVEL_HIGH, INCIDENT_PRIORITY_P1 },
    { INCIDENT_LEVEL_HIGH, INCIDENT_LEVEL_MEDIUM, INCIDENT_PRIORITY_P2 },
    { INCIDENT_LEVEL_HIGH, INCIDENT_LEVEL_LOW, INCIDENT_PRIORITY_P3 },
    { INCIDENT_LEVEL_MEDIUM, INCIDENT_LEVEL_HIGH, INCIDENT_PRIORITY_P2 },
    { INCIDENT_LEVEL_MEDIUM, INCIDENT_LEVEL_MEDIUM, INCIDENT_PRIORITY_P3 },
    { INCIDENT_LEVEL_MEDIUM, INCIDENT_LEVEL_LOW, INCIDENT_PRIORITY_P4 },
    { INCIDENT_LEVEL_LOW, INCIDENT_LEVEL_HIGH, INCIDENT_PRIORITY_P3 },
    { INCIDENT_LEVEL_LOW, INCIDENT_LEVEL_MEDIUM, INCIDENT_PRIORITY_P4 },
    { INCIDENT_LEVEL_LOW, INCIDENT_LEVEL_LOW, INCIDENT_PRIORITY_P4 },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cells); i++)
    assert_int_equal (incident_priority_from_impact (cells[i].impact, cells[i].urgency), cells[i].priority);
}

static void
test_priority_is_unknown_unless_both_are_known (void **state)
{
  for (int i = INCIDENT_LEVEL_UNKNOWN; i <= INCIDENT_LEVEL_LOW; i++)
    {
      assert_int_equal (incident_priority_from_impact ((IncidentLevel) i, INCIDENT_LEVEL_UNKNOWN),
                        INCIDENT_PRIORITY_UNKNOWN);
      assert_int_equal (incident_priority_from_impact (INCIDENT_LEVEL_UNKNOWN, (IncidentLevel) i),
                        INCIDENT_PRIORITY_UNKNOWN);
    }
}

static void
test_each_level_is_written_and_read_by_its_name (void **state)
{
  for (guint i = 0; i < G_N_ELEMENTS (levels); i++)
    {
      g_autoptr(GError) error = NULL;
      IncidentLevel level = (IncidentLevel) 99;

      assert_string_equal (incident_level_to_string ((IncidentLevel) i), levels[i]);
      assert_true (incident_level_from_string (levels[i], &level, &error));
      assert_int_equal (level, i);
    }
  assert_null (incident_level_to_string ((IncidentLevel) 4));
}

static void
test_each_priority_is_written_and_read_by_its_name (void **state)
{
  for (guint i = 0; i < G_N_ELEMENTS (priorities); i++)
    {
      g_autoptr(GError) error = NULL;
      IncidentPriority priority = (IncidentPriority) 99;

      assert_string_equal (incident_priority_to_string ((IncidentPriority) i), priorities[i]);
      assert_true (incident_priority_from_string (priorities[i], &priority, &error));
      assert_int_equal (priority, i);
    }
  assert_null (incident_priority_to_string ((IncidentPriority) 6));
}

static void
test_an_unknown_level_is_answered_with_the_known_ones (void **state)
{
  g_autoptr(GError) error = NULL;
  IncidentLevel level = INCIDENT_LEVEL_LOW;

  assert_false (incident_level_from_string ("critical", &level, &error));
  assert_error (error, INCIDENT_ERROR, INCIDENT_ERROR_INVALID);
  assert_string_equal (error->message, "“critical” is not a level: it must be “high”, “medium” or “low”");
  assert_int_equal (level, INCIDENT_LEVEL_LOW);
}

static void
test_an_unknown_priority_is_answered_with_the_known_ones (void **state)
{
  g_autoptr(GError) error = NULL;
  IncidentPriority priority = INCIDENT_PRIORITY_P2;

  assert_false (incident_priority_from_string ("P1", &priority, &error));
  assert_error (error, INCIDENT_ERROR, INCIDENT_ERROR_INVALID);
  assert_string_equal (error->message, "“P1” is not a priority: it must be “p1”, “p2”, “p3”, “p4” or “p5”");
  assert_string_equal (incident_error_get_where (error), "priority");
  assert_int_equal (priority, INCIDENT_PRIORITY_P2);
}

int
main (void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test (test_priority_follows_the_table_of_impact_and_urgency),
    cmocka_unit_test (test_priority_is_unknown_unless_both_are_known),
    cmocka_unit_test (test_each_level_is_written_and_read_by_its_name),
    cmocka_unit_test (test_each_priority_is_written_and_read_by_its_name),
    cmocka_unit_test (test_an_unknown_level_is_answered_with_the_known_ones),
    cmocka_unit_test (test_an_unknown_priority_is_answered_with_the_known_ones),
  };

  return cmocka_run_group_tests (tests, NULL, NULL);
}
