/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "message-test.h"

#include <stdio.h>

#include "comms/incident-command-channel-private.h"

static IncidentChannel *
make_channel (const char *script)
{
  const char *command[] = { "/bin/sh", "-c", script, NULL };

  return incident_command_channel_new (command);
}

static IncidentDelivery *
deliver (const char *script)
{
  g_autoptr(IncidentChannel) channel = make_channel (script);
  g_autoptr(IncidentMessage) message = message_make ("Checkout answers 500", "words");
  g_autoptr(GError) error = NULL;
  IncidentDelivery *delivery = message_deliver (channel, message, NULL, &error);

  assert_no_error (error);
  return delivery;
}

static void
assert_script (const char      *script,
               IncidentOutcome  outcome,
               const char      *detail)
{
  g_autoptr(IncidentDelivery) delivery = deliver (script);

  assert_outcome (delivery, outcome, detail);
}

static void
test_the_exit_status_is_the_outcome (void **state)
{
  assert_script ("exit 0", INCIDENT_OUTCOME_SENT, NULL);
  assert_script ("exit 75", INCIDENT_OUTCOME_RETRY, "“/bin/sh”: exit status 75");
  assert_script ("exit 1", INCIDENT_OUTCOME_REFUSED, "“/bin/sh”: exit status 1");
  assert_script ("exit 74", INCIDENT_OUTCOME_REFUSED, "“/bin/sh”: exit status 74");
  assert_script ("exit 76", INCIDENT_OUTCOME_REFUSED, "“/bin/sh”: exit status 76");
}

static void
test_the_reason_is_the_first_line_and_harmless (void **state)
{
  assert_script ("printf '\\n\\033[31mthe bell is broken\\nmore' >&2; exit 3", INCIDENT_OUTCOME_REFUSED,
                 "“/bin/sh”: exit status 3: \\u{1b}[31mthe bell is broken");
}

static void
test_it_is_given_the_message_as_json (void **state)
{
  g_autofree char *folder = g_dir_make_tmp (NULL, NULL);
  g_autofree char *path = g_build_filename (folder, "message", NULL);
  g_autofree char *script = g_strdup_printf ("cat >'%s'", path);
  g_autoptr(IncidentChannel) channel = make_channel (script);
  g_autoptr(IncidentMessage) message = message_make ("$(id) “x”\n", "words");
  g_autoptr(IncidentDelivery) delivery = message_deliver (channel, message, NULL, NULL);
  g_autofree char *expected = incident_message_to_json (message);
  g_autofree char *given = NULL;

  assert_outcome (delivery, INCIDENT_OUTCOME_SENT, NULL);
  assert_true (g_file_get_contents (path, &given, NULL, NULL));
  assert_string_equal (g_strchomp (given), expected);
  remove (path);
  remove (folder);
}

static void
test_a_program_need_not_read (void **state)
{
  assert_script ("exec 0<&-", INCIDENT_OUTCOME_SENT, NULL);
}

static void
test_what_it_answers_is_noted (void **state)
{
  g_autoptr(IncidentDelivery) delivery = deliver (
    "echo '{\"id\": \"m1\", \"permalink\": \"https://chat.example.org/m1\", \"conversation\": \"room é\","
    " \"more\": [1]}'");
  const IncidentDeliveryResult *result = incident_delivery_get_result (delivery);

  assert_outcome (delivery, INCIDENT_OUTCOME_SENT, NULL);
  assert_string_equal (result->external_id, "m1");
  assert_string_equal (result->permalink, "https://chat.example.org/m1");
  assert_string_equal (result->conversation, "room é");
}

static void
assert_nothing_noted (const char *answer)
{
  g_autofree char *quoted = g_shell_quote (answer);
  g_autofree char *script = g_strconcat ("printf %s ", quoted, NULL);
  g_autoptr(IncidentDelivery) delivery = deliver (script);
  const IncidentDeliveryResult *result = incident_delivery_get_result (delivery);

  assert_outcome (delivery, INCIDENT_OUTCOME_SENT, NULL);
  if (result->external_id != NULL || result->permalink != NULL || result->conversation != NULL)
    fail_msg ("noted of “%s”: %s, %s, %s", answer, result->external_id, result->permalink, result->conversation);
}

static void
test_an_answer_that_cannot_be_read_is_none (void **state)
{
  g_autofree char *too_long = g_strnfill (2000, 'x');
  g_autofree char *of_it = g_strdup_printf ("{\"id\": \"%s\"}", too_long);

  assert_nothing_noted ("");
  assert_nothing_noted ("sent, thank you");
  assert_nothing_noted ("{\"id\": \"m1\"");
  assert_nothing_noted ("{\"id\": \"m1\"} {}");
  assert_nothing_noted ("[\"m1\"]");
  assert_nothing_noted ("{\"id\": 5}");
  assert_nothing_noted ("{\"id\": \"a\\nb\"}");
  assert_nothing_noted ("{\"id\": \"\\u202ea\"}");
  assert_nothing_noted ("{\"id\": \"\"}");
  assert_nothing_noted ("{\"permalink\": \"javascript:alert(1)\"}");
  assert_nothing_noted ("{\"permalink\": \"https:///m1\"}");
  assert_nothing_noted ("{\"permalink\": \"https://chat.example.org/m1|<!channel>\"}");
  assert_nothing_noted ("{\"permalink\": \"https://chat example.org/\"}");
  assert_nothing_noted (of_it);
}

static void
test_a_failed_attempt_notes_no_answer (void **state)
{
  g_autoptr(IncidentDelivery) delivery = deliver ("echo '{\"id\": \"m1\"}'; exit 75");

  assert_null (incident_delivery_get_result (delivery)->external_id);
}

static void
test_one_that_hangs_may_have_sent (void **state)
{
  g_autoptr(IncidentChannel) channel = make_channel ("exec sleep 1000");
  g_autoptr(IncidentMessage) message = message_make ("x", "words");
  g_autoptr(IncidentDelivery) delivery = NULL;

  incident_command_channel_set_patience (INCIDENT_COMMAND_CHANNEL (channel), 100 * G_TIME_SPAN_MILLISECOND);
  delivery = message_deliver (channel, message, NULL, NULL);
  assert_outcome (delivery, INCIDENT_OUTCOME_UNSURE, "“/bin/sh”: not done by its deadline, and so killed");
}

static void
test_one_that_crashes_may_have_sent (void **state)
{
  assert_script ("kill -ABRT $$", INCIDENT_OUTCOME_UNSURE, "“/bin/sh”: killed by signal 6");
}

static void
test_one_that_is_not_there_closes_the_channel (void **state)
{
  static const char * const missing[] = { "/nonexistent/bell", "--loud", NULL };
  g_autoptr(IncidentChannel) channel = incident_command_channel_new (missing);
  g_autoptr(IncidentMessage) message = message_make ("x", "words");
  g_autoptr(IncidentDelivery) delivery = message_deliver (channel, message, NULL, NULL);

  assert_outcome (delivery, INCIDENT_OUTCOME_CLOSED, "“/nonexistent/bell” is not there");
}

/* What follows in the conversation must not be lost with the channel. */
static void
test_a_channel_may_go_while_its_program_runs (void **state)
{
  g_autoptr(IncidentChannel) channel = make_channel ("exit 0");
  g_autoptr(IncidentMessage) message = message_make ("x", "words");
  g_autoptr(IncidentDelivery) delivery = incident_delivery_new (message);
  g_autoptr(GAsyncResult) result = NULL;

  incident_channel_deliver_async (channel, delivery, NULL, store_result, &result);
  g_clear_object (&channel);
  wait_for (&result);
  assert_outcome (delivery, INCIDENT_OUTCOME_SENT, NULL);
}

static void
test_the_playbook_makes_one (void **state)
{
  g_autoptr(GPtrArray) run = g_ptr_array_new ();
  IncidentChannelRules rules = { .name = "bell", .dialect = INCIDENT_DIALECT_COMMAND, .run = run };
  g_autoptr(IncidentMessage) message = message_make ("x", "words");
  g_autoptr(IncidentChannel) channel = NULL;
  g_autoptr(IncidentDelivery) delivery = NULL;
  g_autoptr(GError) error = NULL;

  assert_null (incident_command_channel_new_from_rules (&rules, &error));
  assert_error (error, INCIDENT_ERROR, INCIDENT_ERROR_INVALID);
  assert_string_equal (incident_error_get_where (error), "/channels/bell/run");

  g_ptr_array_add (run, (char *) "true");
  channel = incident_command_channel_new_from_rules (&rules, NULL);
  delivery = message_deliver (channel, message, NULL, NULL);
  assert_outcome (delivery, INCIDENT_OUTCOME_SENT, NULL);
}

int
main (void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test (test_the_exit_status_is_the_outcome),
    cmocka_unit_test (test_the_reason_is_the_first_line_and_harmless),
    cmocka_unit_test (test_it_is_given_the_message_as_json),
    cmocka_unit_test (test_a_program_need_not_read),
    cmocka_unit_test (test_what_it_answers_is_noted),
    cmocka_unit_test (test_an_answer_that_cannot_be_read_is_none),
    cmocka_unit_test (test_a_failed_attempt_notes_no_answer),
    cmocka_unit_test (test_one_that_hangs_may_have_sent),
    cmocka_unit_test (test_one_that_crashes_may_have_sent),
    cmocka_unit_test (test_one_that_is_not_there_closes_the_channel),
    cmocka_unit_test (test_a_channel_may_go_while_its_program_runs),
    cmocka_unit_test (test_the_playbook_makes_one),
  };

  return cmocka_run_group_tests (tests, NULL, NULL);
}
