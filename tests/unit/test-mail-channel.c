/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "message-test.h"

#include "comms/incident-mail-channel-private.h"

/* A shell stands for sendmail: “sh -c SCRIPT sendmail -i -f FROM -- RECIPIENT”. The real ones are met in
 * tests/story/test_mail.py. */

static IncidentChannel *
make_channel (const char *from,
              const char *script)
{
  g_autoptr(IncidentClock) clock = incident_manual_clock_new (MESSAGE_AT, 1);
  const char *command[] = { "/bin/sh", "-c", script, "sendmail", NULL };

  return incident_mail_channel_new (from, command, clock);
}

static IncidentDelivery *
deliver (IncidentChannel *channel,
         const char      *recipient)
{
  g_autoptr(IncidentMessage) message = message_make ("Checkout answers 500", "words");
  g_autoptr(GError) error = NULL;
  IncidentDelivery *delivery;

  message_set_recipient (message, recipient);
  delivery = message_deliver (channel, message, NULL, &error);
  assert_no_error (error);
  return delivery;
}

static void
assert_status (int             status,
               IncidentOutcome outcome)
{
  g_autofree char *script = g_strdup_printf ("cat >/dev/null; echo 'sendmail: no luck' >&2; exit %d", status);
  g_autofree char *detail = g_strdup_printf ("“/bin/sh”: exit status %d: sendmail: no luck", status);
  g_autoptr(IncidentChannel) channel = make_channel ("incidents@example.org", script);
  g_autoptr(IncidentDelivery) delivery = deliver (channel, "ana@example.org");

  assert_outcome (delivery, outcome, outcome == INCIDENT_OUTCOME_SENT ? NULL : detail);
}

/* The numbers of sysexits(3). */
static void
test_the_exit_status_is_the_outcome (void **state)
{
  assert_status (0, INCIDENT_OUTCOME_SENT);
  assert_status (1, INCIDENT_OUTCOME_RETRY);
  for (int status = 64; status <= 67; status++)
    assert_status (status, INCIDENT_OUTCOME_REFUSED);
  for (int status = 68; status <= 76; status++)
    assert_status (status, INCIDENT_OUTCOME_RETRY);
  assert_status (77, INCIDENT_OUTCOME_CLOSED);
  assert_status (78, INCIDENT_OUTCOME_CLOSED);
}

static void
test_sendmail_is_told_the_addresses_and_no_more (void **state)
{
  g_autoptr(IncidentChannel) channel = make_channel ("incidents@example.org",
                                                      "cat >/dev/null; echo \"$@\" >&2; exit 75");
  g_autoptr(IncidentDelivery) delivery = deliver (channel, "ana@example.org");

  assert_outcome (delivery, INCIDENT_OUTCOME_RETRY,
                  "“/bin/sh”: exit status 75: -i -f incidents@example.org -- ana@example.org");
}

static void
test_sendmail_is_given_the_letter (void **state)
{
  g_autoptr(IncidentChannel) channel = make_channel ("incidents@example.org",
                                                      "grep -e ^Message-ID -e ^Date >&2; exit 75");
  g_autoptr(IncidentDelivery) delivery = deliver (channel, "ana@example.org");

  assert_outcome (delivery, INCIDENT_OUTCOME_RETRY, "“/bin/sh”: exit status 75: Date: Mon, 23 Nov 2026 07:00:00 +0000");
}

static void
test_a_sent_letter_is_known_by_its_id (void **state)
{
  g_autoptr(IncidentChannel) channel = make_channel ("incidents@example.org", "cat >/dev/null");
  g_autoptr(IncidentDelivery) delivery = deliver (channel, "ana@example.org");

  assert_outcome (delivery, INCIDENT_OUTCOME_SENT, NULL);
  assert_string_equal (incident_delivery_get_result (delivery)->external_id, "<" MESSAGE_KEY "@example.org>");
}

static void
test_a_sendmail_that_hangs_may_have_sent (void **state)
{
  g_autoptr(IncidentChannel) channel = make_channel ("incidents@example.org", "exec sleep 1000");
  g_autoptr(IncidentDelivery) delivery = NULL;

  incident_mail_channel_set_patience (INCIDENT_MAIL_CHANNEL (channel), 100 * G_TIME_SPAN_MILLISECOND);
  delivery = deliver (channel, "ana@example.org");
  assert_outcome (delivery, INCIDENT_OUTCOME_UNSURE, "“/bin/sh”: not done by its deadline, and so killed");
}

static void
test_a_sendmail_that_crashes_may_have_sent (void **state)
{
  g_autoptr(IncidentChannel) channel = make_channel ("incidents@example.org", "kill -SEGV $$");
  g_autoptr(IncidentDelivery) delivery = deliver (channel, "ana@example.org");

  assert_outcome (delivery, INCIDENT_OUTCOME_UNSURE, "“/bin/sh”: killed by signal 11");
}

static void
test_without_sendmail_the_channel_is_closed (void **state)
{
  static const char * const missing[] = { "/nonexistent/sendmail", NULL };
  static const char * const no_program[] = { "/etc/passwd", NULL };
  g_autoptr(IncidentChannel) channel = incident_mail_channel_new ("incidents@example.org", missing, NULL);
  g_autoptr(IncidentChannel) other = incident_mail_channel_new ("incidents@example.org", no_program, NULL);
  g_autoptr(IncidentDelivery) delivery = deliver (channel, "ana@example.org");
  g_autoptr(IncidentDelivery) other_delivery = deliver (other, "ana@example.org");

  assert_outcome (delivery, INCIDENT_OUTCOME_CLOSED, "“/nonexistent/sendmail” is not there");
  assert_outcome (other_delivery, INCIDENT_OUTCOME_CLOSED, "“/etc/passwd” may not be run");
}

static void
test_a_sender_that_is_no_address_closes_the_channel (void **state)
{
  g_autoptr(IncidentChannel) channel = make_channel ("incidents", "cat >/dev/null");
  g_autoptr(IncidentDelivery) delivery = deliver (channel, "ana@example.org");

  assert_outcome (delivery, INCIDENT_OUTCOME_CLOSED, "The sender is no mail address");
}

static void
test_a_recipient_that_is_no_address_is_refused (void **state)
{
  g_autoptr(IncidentChannel) channel = make_channel ("incidents@example.org", "cat >/dev/null");
  g_autoptr(IncidentDelivery) delivery = deliver (channel, "-OQueueDirectory=/tmp");

  assert_outcome (delivery, INCIDENT_OUTCOME_REFUSED,
                  "“-OQueueDirectory=/tmp” is no mail address such as ana@example.org");
}

static void
test_a_letter_goes_to_one_recipient (void **state)
{
  static const char * const two[] = { "ana@example.org", "bo@example.org", NULL };
  g_autoptr(IncidentChannel) channel = make_channel ("incidents@example.org", "cat >/dev/null");
  g_autoptr(IncidentMessage) message = message_make ("x", "words");
  g_autoptr(IncidentDelivery) to_none = message_deliver (channel, message, NULL, NULL);
  g_autoptr(IncidentDelivery) to_two = NULL;

  assert_outcome (to_none, INCIDENT_OUTCOME_REFUSED, "It has no recipient");
  g_strfreev (message->recipients);
  message->recipients = g_strdupv ((char **) two);
  to_two = message_deliver (channel, message, NULL, NULL);
  assert_outcome (to_two, INCIDENT_OUTCOME_REFUSED, "A letter goes to one recipient");
}

static void
test_what_is_cancelled_is_an_error (void **state)
{
  g_autoptr(IncidentChannel) channel = make_channel ("incidents@example.org", "exec sleep 1000");
  g_autoptr(IncidentMessage) message = message_make ("x", "words");
  g_autoptr(GCancellable) cancellable = g_cancellable_new ();
  g_autoptr(IncidentDelivery) delivery = NULL;
  g_autoptr(GError) error = NULL;

  message_set_recipient (message, "ana@example.org");
  g_cancellable_cancel (cancellable);
  delivery = message_deliver (channel, message, cancellable, &error);
  assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  assert_false (incident_delivery_get_result (delivery)->is_told);
}

static void
test_the_playbook_makes_one (void **state)
{
  g_autoptr(GPtrArray) run = g_ptr_array_new ();
  IncidentChannelRules rules = {
    .name = "ops-mail", .dialect = INCIDENT_DIALECT_MAIL, .from = "a@example.org", .domain = "example.com", .run = run,
  };
  g_autoptr(IncidentChannel) channel = NULL;
  g_autoptr(IncidentDelivery) delivery = NULL;
  g_autoptr(GError) error = NULL;

  g_ptr_array_add (run, (char *) "/bin/sh");
  g_ptr_array_add (run, (char *) "-c");
  g_ptr_array_add (run, (char *) "cat >/dev/null");
  channel = incident_mail_channel_new_from_rules (&rules, NULL, &error);
  assert_no_error (error);
  delivery = deliver (channel, "ana@example.org");
  assert_outcome (delivery, INCIDENT_OUTCOME_SENT, NULL);
  assert_string_equal (incident_delivery_get_result (delivery)->external_id, "<" MESSAGE_KEY "@example.com>");
}

static void
assert_rules_refused (const char *from,
                      const char *domain,
                      const char *where,
                      const char *message)
{
  IncidentChannelRules rules = { .name = "ops-mail", .dialect = INCIDENT_DIALECT_MAIL, .from = from, .domain = domain };
  g_autoptr(GError) error = NULL;

  assert_null (incident_mail_channel_new_from_rules (&rules, NULL, &error));
  assert_error (error, INCIDENT_ERROR, INCIDENT_ERROR_INVALID);
  assert_string_equal (incident_error_get_where (error), where);
  assert_non_null (strstr (error->message, message));
}

static void
test_the_playbook_is_told_what_is_no_address (void **state)
{
  assert_rules_refused ("ana", NULL, "/channels/ops-mail/from", "“ana” is no mail address");
  assert_rules_refused (NULL, NULL, "/channels/ops-mail/from", "“” is no mail address");
  assert_rules_refused ("a@b", "x y", "/channels/ops-mail/domain", "“x y” is no domain");
}

int
main (void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test (test_the_exit_status_is_the_outcome),
    cmocka_unit_test (test_sendmail_is_told_the_addresses_and_no_more),
    cmocka_unit_test (test_sendmail_is_given_the_letter),
    cmocka_unit_test (test_a_sent_letter_is_known_by_its_id),
    cmocka_unit_test (test_a_sendmail_that_hangs_may_have_sent),
    cmocka_unit_test (test_a_sendmail_that_crashes_may_have_sent),
    cmocka_unit_test (test_without_sendmail_the_channel_is_closed),
    cmocka_unit_test (test_a_sender_that_is_no_address_closes_the_channel),
    cmocka_unit_test (test_a_recipient_that_is_no_address_is_refused),
    cmocka_unit_test (test_a_letter_goes_to_one_recipient),
    cmocka_unit_test (test_what_is_cancelled_is_an_error),
    cmocka_unit_test (test_the_playbook_makes_one),
    cmocka_unit_test (test_the_playbook_is_told_what_is_no_address),
  };

  return cmocka_run_group_tests (tests, NULL, NULL);
}
