/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "incident-test.h"

static const char * const names[] = { "unknown", "sev1", "sev2", "sev3", "sev4", "sev5" };

static void
test_each_severity_is_written_by_its_name (void **state)
{
  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    assert_string_equal (incident_severity_to_string ((IncidentSeverity) i), names[i]);
}

static void
test_each_name_is_read_back (void **state)
{
  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    {
      g_autoptr(GError) error = NULL;
      IncidentSeverity severity = (IncidentSeverity) 99;

      assert_true (incident_severity_from_string (names[i], &severity, &error));
      assert_no_error (error);
      assert_int_equal (severity, i);
    }
}

static void
test_what_is_no_severity_has_no_name (void **state)
{
  assert_null (incident_severity_to_string ((IncidentSeverity) 6));
  assert_null (incident_severity_to_string ((IncidentSeverity) -1));
}

static void
test_an_unknown_name_is_answered_with_the_known_ones (void **state)
{
  g_autoptr(GError) error = NULL;
  IncidentSeverity severity = INCIDENT_SEVERITY_SEV3;

  assert_false (incident_severity_from_string ("high", &severity, &error));
  assert_error (error, INCIDENT_ERROR, INCIDENT_ERROR_INVALID);
  assert_string_equal (error->message, "“high” is not a severity: it must be “sev1”, “sev2”, “sev3”, “sev4” or “sev5”");
  assert_string_equal (incident_error_get_where (error), "severity");
  assert_int_equal (severity, INCIDENT_SEVERITY_SEV3);
}

static void
test_names_are_read_to_the_letter (void **state)
{
  static const char * const wrong[] = { "", "SEV1", "sev", "sev6", "sev1 ", " sev1", "1", "INCIDENT_SEVERITY_SEV1" };

  for (guint i = 0; i < G_N_ELEMENTS (wrong); i++)
    {
      g_autoptr(GError) error = NULL;
      IncidentSeverity severity;

      if (incident_severity_from_string (wrong[i], &severity, &error))
        fail_msg ("taken: “%s”", wrong[i]);
      assert_error (error, INCIDENT_ERROR, INCIDENT_ERROR_INVALID);
    }
}

int
main (void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test (test_each_severity_is_written_by_its_name),
    cmocka_unit_test (test_each_name_is_read_back),
    cmocka_unit_test (test_what_is_no_severity_has_no_name),
    cmocka_unit_test (test_an_unknown_name_is_answered_with_the_known_ones),
    cmocka_unit_test (test_names_are_read_to_the_letter),
  };

  return cmocka_run_group_tests (tests, NULL, NULL);
}
