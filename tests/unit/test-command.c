/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "desk-test.h"

#include "model/incident-command-private.h"

static void
assert_not_taken (const char *argument, const char *value, const char *message)
{
  g_autoptr(IncidentCommand) command = command_new ("note", "ana", "text", "as before", "service", "as before", NULL);
  g_autoptr(GError) error = NULL;

  assert_false (incident_command_set (command, argument, value, &error));
  assert_error (error, INCIDENT_ERROR, INCIDENT_ERROR_INVALID);
  assert_string_equal (error->message, message);
  assert_string_equal (incident_error_get_where (error), argument);
  assert_string_equal (incident_command_get (command, "text"), "as before");
  assert_string_equal (incident_command_get (command, "service"), "as before");
}

static void
test_a_command_is_verb_actor_and_arguments (void **state)
{
  g_autoptr(IncidentCommand) command = command_new ("open", "ana", "title", "a", "severity", "sev1", NULL);

  assert_string_equal (incident_command_get_verb (command), "open");
  assert_string_equal (incident_command_get_actor (command), "ana");
  assert_string_equal (incident_command_get (command, "title"), "a");
  assert_string_equal (incident_command_get (command, "severity"), "sev1");
  assert_null (incident_command_get (command, "text"));
  assert_null (incident_command_get (command, "no-such-argument"));
}

static void
test_each_argument_is_kept_apart (void **state)
{
  static const char * const names[] = { "title", "text", "target", "escalation", "role", "person",
                                        "severity", "impact", "urgency", "service", "category" };
  g_autoptr(IncidentCommand) command = incident_command_new ("open", "ana");

  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    assert_true (incident_command_set (command, names[i], names[i], NULL));
  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    assert_string_equal (incident_command_get (command, names[i]), names[i]);
}

static void
test_an_argument_can_be_given_anew_and_taken_back (void **state)
{
  g_autoptr(IncidentCommand) command = command_new ("note", "ana", "text", "one", NULL);

  assert_true (incident_command_set (command, "text", "two", NULL));
  assert_string_equal (incident_command_get (command, "text"), "two");
  assert_true (incident_command_set (command, "text", NULL, NULL));
  assert_null (incident_command_get (command, "text"));
}

static void
test_an_unknown_argument_is_answered_with_the_known_ones (void **state)
{
  assert_not_taken ("reason", "x",
                    "There is no argument “reason”: there are title, text, target, escalation, role, person, "
                    "severity, impact, urgency, service, category, major, "
                    "priority, task, after, due, must-do, kind, checklist, audience, objections, hypothesis, state, field, "
                    "measure, amount, unit, certainty, case, event, reminder, clock, message, thread, author, permalink");
}

static void
test_blank_text_counts_as_none (void **state)
{
  static const char * const blank[] = { "", " ", " \t\n\r ", "\u00a0\u2003" };
  g_autoptr(IncidentCommand) command = incident_command_new ("note", "ana");

  for (guint i = 0; i < G_N_ELEMENTS (blank); i++)
    {
      assert_true (incident_command_set (command, "text", blank[i], NULL));
      assert_null (incident_command_get (command, "text"));
    }
}

static void
test_text_may_have_64_kib_and_no_byte_more (void **state)
{
  g_autoptr(IncidentCommand) command = incident_command_new ("note", "ana");
  g_autofree char *longest = g_strnfill (65536, 'x');
  g_autofree char *too_long = g_strnfill (65537, 'x');

  assert_true (incident_command_set (command, "text", longest, NULL));
  assert_string_equal (incident_command_get (command, "text"), longest);
  assert_not_taken ("text", too_long, "“text” is too long: 65537 bytes, and at most 65536 are kept");
  assert_not_taken ("title", too_long, "“title” is too long: 65537 bytes, and at most 65536 are kept");
}

static void
test_a_fact_may_have_200_bytes_and_no_byte_more (void **state)
{
  g_autoptr(IncidentCommand) command = incident_command_new ("open", "ana");
  g_autofree char *longest = g_strnfill (200, 'x');
  g_autofree char *too_long = g_strnfill (201, 'x');

  assert_true (incident_command_set (command, "service", longest, NULL));
  assert_not_taken ("service", too_long, "“service” is too long: 201 bytes, and at most 200 are kept");
}

static void
test_text_must_be_utf_8_and_may_have_lines (void **state)
{
  g_autoptr(IncidentCommand) command = command_new ("note", "ana", "text", "a\n\tb\x01\x7f é", NULL);

  assert_string_equal (incident_command_get (command, "text"), "a\n\tb\x01\x7f é");
  assert_not_taken ("text", "a\xff", "“text” is not UTF-8");
  assert_not_taken ("title", "\xc3(", "“title” is not UTF-8");
}

static void
test_a_class_is_not_blank (void **state)
{
  static const char * const classes[] = { "severity", "impact", "urgency", "service", "category" };

  for (guint i = 0; i < G_N_ELEMENTS (classes); i++)
    {
      g_autofree char *message = g_strdup_printf ("“%s” is blank: say which, or leave it out", classes[i]);

      assert_not_taken (classes[i], " ", message);
      assert_not_taken (classes[i], "", message);
    }
}

static void
test_facts_have_no_control_characters (void **state)
{
  static const char * const facts[] = { "target", "escalation", "role", "person",
                                        "severity", "impact", "urgency", "service", "category" };
  static const char * const bad[] = { "a\nphase=closed", "a\r", "\x01", "a\x7f", "\xc2\x85", "\xff" };

  for (guint i = 0; i < G_N_ELEMENTS (facts); i++)
    for (guint k = 0; k < G_N_ELEMENTS (bad); k++)
      {
        g_autofree char *message =
          g_strdup_printf ("“%s” must be one line of UTF-8 without control characters", facts[i]);

        assert_not_taken (facts[i], bad[k], message);
      }
}

static void
test_an_operation_is_32_hexadecimal_digits (void **state)
{
  static const char * const wrong[] = {
    "", "0123456789abcdef0123456789abcde", "0123456789abcdef0123456789abcdef0", "0123456789abcdef0123456789abcdeg",
    "0x23456789abcdef0123456789abcdef", "0123456789abcdef 123456789abcdef", "0123456789abcdef0123456789abcde\n",
    "0123456789abcdef0123456789abcdef\n", "0123456789abcdef0123456789abcdefg",
  };
  g_autoptr(IncidentCommand) command = incident_command_new ("note", "ana");

  for (guint i = 0; i < G_N_ELEMENTS (wrong); i++)
    {
      g_autoptr(GError) error = NULL;
      g_autofree char *message =
        g_strdup_printf ("“%s” is not an operation id: it must be 32 hexadecimal digits", wrong[i]);

      assert_false (incident_command_set_operation (command, wrong[i], &error));
      assert_error (error, INCIDENT_ERROR, INCIDENT_ERROR_INVALID);
      assert_string_equal (error->message, message);
      assert_string_equal (incident_error_get_where (error), "operation");
      assert_false (incident_command_has_operation (command));
    }
}

static void
test_an_operation_may_have_small_and_capital_digits (void **state)
{
  static const guint8 expected[] = { 0x01, 0x23, 0x45, 0x67, 0x89, 0xab, 0xcd, 0xef,
                                     0xfe, 0xdc, 0xba, 0x98, 0x76, 0x54, 0x32, 0x10 };
  g_autoptr(IncidentClock) clock = incident_manual_clock_new (START, 1);
  g_autoptr(IncidentCommand) command = incident_command_new ("note", "ana");
  IncidentOperations operations;
  guint8 operation[INCIDENT_OPERATION_LENGTH];

  incident_operations_init (&operations, clock);
  assert_true (incident_command_set_operation (command, "0123456789abCDEFFEDCBA9876543210", NULL));
  assert_true (incident_command_has_operation (command));
  incident_command_get_operation (command, &operations, operation);
  assert_memory_equal (operation, expected, sizeof expected);
}

static void
test_an_operation_that_is_drawn_stays (void **state)
{
  g_autoptr(IncidentClock) clock = incident_manual_clock_new (START, 1);
  g_autoptr(IncidentCommand) command = incident_command_new ("note", "ana");
  IncidentOperations operations;
  guint8 first[INCIDENT_OPERATION_LENGTH], second[INCIDENT_OPERATION_LENGTH];

  incident_operations_init (&operations, clock);
  assert_false (incident_command_has_operation (command));
  incident_command_get_operation (command, &operations, first);
  incident_command_get_operation (command, &operations, second);
  assert_true (incident_command_has_operation (command));
  assert_memory_equal (first, second, sizeof first);
}

int
main (void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test (test_a_command_is_verb_actor_and_arguments),
    cmocka_unit_test (test_each_argument_is_kept_apart),
    cmocka_unit_test (test_an_argument_can_be_given_anew_and_taken_back),
    cmocka_unit_test (test_an_unknown_argument_is_answered_with_the_known_ones),
    cmocka_unit_test (test_blank_text_counts_as_none),
    cmocka_unit_test (test_text_may_have_64_kib_and_no_byte_more),
    cmocka_unit_test (test_a_fact_may_have_200_bytes_and_no_byte_more),
    cmocka_unit_test (test_text_must_be_utf_8_and_may_have_lines),
    cmocka_unit_test (test_a_class_is_not_blank),
    cmocka_unit_test (test_facts_have_no_control_characters),
    cmocka_unit_test (test_an_operation_is_32_hexadecimal_digits),
    cmocka_unit_test (test_an_operation_may_have_small_and_capital_digits),
    cmocka_unit_test (test_an_operation_that_is_drawn_stays),
  };

  return cmocka_run_group_tests (tests, NULL, NULL);
}
