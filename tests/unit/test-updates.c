/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "playbook-test.h"

/* What stakeholders are told: at once or when it is approved, and what is drafted for them. */

static const char with_audiences[] =
  "{\"name\": \"x\", \"people\": {\"ana\": {\"name\": \"Ana\"}, \"bo\": {\"name\": \"Bo\"}, \"carmen\": {\"name\": \"Carmen\"}}, "
  "\"roles\": {\"communications\": {}, \"commander\": {}}, \"services\": {\"checkout-eu\": {}, \"search-7\": {}, \"ledger-db\": {}}, "
  "\"cadence\": {\"updates\": {\"sev2\": \"30m\"}}, "
  "\"audiences\": {\"customer\": {\"approved-by\": \"communications\", \"public\": true}, \"staff\": {}}, "
  "\"status-page\": {\"title\": \"Status\", \"services\": {\"checkout-eu\": \"Paying\", \"search-7\": \"Searching\"}}}";

/* Of severity 2, with carmen for communications. */
static IncidentCase *
open_told_case (Office *office)
{
  IncidentCase *kase;

  rule_by (office, with_audiences);
  kase = open_with (office, command_new ("open", "ana", "title", "Checkout answers 500", "severity", "sev2",
                                         "service", "checkout-eu", NULL));
  act (kase, "assign", "ana", "role", "communications", "person", "carmen", NULL);
  return kase;
}

static void
test_who_has_no_say_proposes (void **state)
{
  Office *office = *state;
  g_autoptr(IncidentCase) kase = open_told_case (office);

  act (kase, "update", "bo", "audience", "customer", "text", "Paying fails.", NULL);
  assert_last (kase, "update-proposed", "{\"audience\":\"customer\",\"text\":\"Paying fails.\"}");
  act (kase, "update", "bo", "text", "the pool", NULL);
  assert_last (kase, "update-given", "{\"update\":\"internal\",\"text\":\"the pool\"}");
  act (kase, "update", "bo", "audience", "staff", "text", "It is slow.", NULL);
  assert_last (kase, "update-given", "{\"update\":\"staff\",\"text\":\"It is slow.\"}");
  act (kase, "update", "carmen", "audience", "customer", "text", "Paying fails.", NULL);
  assert_last (kase, "update-given", "{\"update\":\"customer\",\"text\":\"Paying fails.\"}");
}

static void
test_what_is_approved_is_given (void **state)
{
  Office *office = *state;
  g_autoptr(IncidentCase) kase = open_told_case (office);

  act (kase, "update", "bo", "audience", "customer", "text", "Paying fails.", "due", "1h", NULL);
  act (kase, "approve", "carmen", "event", "3", NULL);
  assert_last (kase, "update-given", "{\"update\":\"customer\",\"for\":\"3\",\"next-update\":\"2026-11-23T08:00:00.000000Z\","
                                     "\"text\":\"Paying fails.\"}");
  kase = read_again (office, g_steal_pointer (&kase));
}

static void
test_who_approves_may_mend_the_words (void **state)
{
  Office *office = *state;
  g_autoptr(IncidentCase) kase = open_told_case (office);

  act (kase, "update", "bo", "audience", "customer", "text", "Paying fails.", "due", "10m", NULL);
  advance (office, 20 * MINUTE);
  act (kase, "approve", "carmen", "event", "3", "text", "Some cannot pay.", NULL);
  assert_last (kase, "update-given", "{\"update\":\"customer\",\"for\":\"3\",\"text\":\"Some cannot pay.\"}");
  act (kase, "update", "bo", "audience", "customer", "text", "All can pay.", NULL);
  act (kase, "approve", "carmen", "event", "5", "due", "15m", NULL);
  assert_last (kase, "update-given", "{\"update\":\"customer\",\"for\":\"5\",\"next-update\":\"2026-11-23T07:35:00.000000Z\","
                                     "\"text\":\"All can pay.\"}");
}

static void
test_only_who_has_the_role_approves (void **state)
{
  Office *office = *state;
  g_autoptr(IncidentCase) kase = open_told_case (office);

  act (kase, "update", "bo", "audience", "customer", "text", "Paying fails.", NULL);
  assert_codes (kase, "not-permitted", "approve", "bo", "event", "3", NULL);
  assert_codes (kase, "not-permitted", "approve", "ana", "event", "3", NULL);
  assert_codes (kase, "missing-target", "approve", "carmen", NULL);
}

static void
test_a_proposal_is_approved_once (void **state)
{
  Office *office = *state;
  g_autoptr(IncidentCase) kase = open_told_case (office);

  assert_codes (kase, "no-proposal", "approve", "carmen", "event", "1", NULL);
  assert_codes (kase, "no-proposal", "approve", "carmen", "event", "9", NULL);
  act (kase, "update", "bo", "audience", "customer", "text", "Paying fails.", NULL);
  act (kase, "approve", "carmen", "event", "3", NULL);
  assert_codes (kase, "no-proposal", "approve", "carmen", "event", "3", NULL);
}

static void
test_a_later_word_ends_a_proposal (void **state)
{
  Office *office = *state;
  g_autoptr(IncidentCase) kase = open_told_case (office);

  act (kase, "update", "bo", "audience", "customer", "text", "Paying fails.", NULL);
  act (kase, "update", "bo", "audience", "customer", "text", "Paying works.", NULL);
  assert_refused (kase, "“approve” refused: no-proposal: the proposal of event 3 is over: event 4 came after it",
                  "approve", "carmen", "event", "3", NULL);
  act (kase, "update", "bo", "text", "the pool", NULL);
  act (kase, "update", "carmen", "audience", "customer", "text", "All is well.", NULL);
  assert_codes (kase, "no-proposal", "approve", "carmen", "event", "4", NULL);
}

static gboolean
may_approve (IncidentCase *kase, const char *actor)
{
  g_autoptr(GPtrArray) options = incident_case_list_next (kase, actor, NULL);

  for (guint i = 0; i < options->len; i++)
    if (g_str_equal (incident_option_get_verb (g_ptr_array_index (options, i)), "approve"))
      return incident_option_get_allowed (g_ptr_array_index (options, i));
  fail_msg ("“approve” is not listed");
  return FALSE;
}

static void
test_next_tells_who_may_approve (void **state)
{
  Office *office = *state;
  g_autoptr(IncidentCase) kase = open_told_case (office);

  assert_false (may_approve (kase, "carmen"));
  act (kase, "update", "bo", "audience", "customer", "text", "Paying fails.", NULL);
  assert_true (may_approve (kase, "carmen"));
  assert_false (may_approve (kase, "bo"));
  act (kase, "approve", "carmen", "event", "3", NULL);
  assert_false (may_approve (kase, "carmen"));
}

static const char with_rights[] =
  "{\"name\": \"x\", \"people\": {\"ana\": {\"name\": \"Ana\"}, \"bo\": {\"name\": \"Bo\"}, \"carmen\": {\"name\": \"Carmen\"}}, "
  "\"roles\": {\"communications\": {}}, \"teams\": {\"core\": {\"members\": [\"bo\"]}}, "
  "\"audiences\": {\"customer\": {\"approved-by\": \"communications\"}}, "
  "\"rights\": [{\"everyone\": true, \"may\": [\"open\", \"assign\"]}, {\"team\": \"core\", \"may\": [\"update\"]}, "
  "{\"person\": \"ana\", \"may\": [\"update\", \"approve\"]}, {\"role\": \"communications\", \"may\": [\"update\"]}]}";

static void
test_a_right_by_name_is_as_good_as_the_role (void **state)
{
  Office *office = *state;
  g_autoptr(IncidentCase) kase = NULL;

  rule_by (office, with_rights);
  kase = open_case (office);
  act (kase, "update", "bo", "audience", "customer", "text", "Paying fails.", NULL);
  assert_kinds (kase, 2, "update-proposed");
  assert_codes (kase, "not-permitted", "approve", "bo", "event", "2", NULL);
  act (kase, "approve", "ana", "event", "2", NULL);
  act (kase, "update", "ana", "audience", "customer", "text", "Paying works.", NULL);
  act (kase, "assign", "ana", "role", "communications", "person", "carmen", NULL);
  act (kase, "update", "bo", "audience", "customer", "text", "All is well.", NULL);
  act (kase, "approve", "carmen", "event", "6", NULL);
  assert_kinds (kase, 3, "update-given update-given assigned update-proposed update-given");
}

static void
assert_reminders (Office *office, guint n)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(GPtrArray) due = incident_desk_list_reminders (office->desk, &error);
  guint found = 0;

  assert_no_error (error);
  for (guint i = 0; i < due->len; i++)
    found += g_str_equal (incident_reminder_get_kind (g_ptr_array_index (due, i)), "update") ? 1 : 0;
  assert_int_equal (found, n);
}

static void
test_a_proposal_is_no_update_yet (void **state)
{
  Office *office = *state;
  g_autoptr(IncidentCase) kase = open_told_case (office);

  advance (office, 29 * MINUTE);
  act (kase, "update", "bo", "audience", "customer", "text", "Paying fails.", NULL);
  advance (office, MINUTE);
  assert_reminders (office, 1);
  act (kase, "approve", "carmen", "event", "3", NULL);
  assert_reminders (office, 0);
}

static void
test_what_was_approved_is_redacted_with_its_proposal (void **state)
{
  Office *office = *state;
  g_autoptr(IncidentCase) kase = open_told_case (office);

  act (kase, "update", "bo", "audience", "customer", "text", "Mx Miller cannot pay.", NULL);
  act (kase, "approve", "carmen", "event", "3", NULL);
  act (kase, "redact", "ana", "event", "4", "text", "a name", NULL);
  assert_kinds (kase, 5, "redacted redacted");
  act (kase, "update", "bo", "audience", "customer", "text", "Mx Miller cannot pay.", NULL);
  act (kase, "approve", "carmen", "event", "7", "text", "Some cannot pay.", NULL);
  act (kase, "redact", "ana", "event", "7", "text", "a name", NULL);
  assert_kinds (kase, 7, "update-proposed update-given redacted");
}

static void
test_what_was_redacted_is_approved_with_other_words (void **state)
{
  Office *office = *state;
  g_autoptr(IncidentCase) kase = open_told_case (office);

  act (kase, "update", "bo", "audience", "customer", "text", "Mx Miller cannot pay.", NULL);
  act (kase, "redact", "ana", "event", "3", "text", "a name", NULL);
  assert_codes (kase, "missing-text", "approve", "carmen", "event", "3", NULL);
  act (kase, "approve", "carmen", "event", "3", "text", "Some cannot pay.", NULL);
  assert_last (kase, "update-given", "{\"update\":\"customer\",\"for\":\"3\",\"text\":\"Some cannot pay.\"}");
}

/* Drafts */

static void
assert_draft (IncidentCase *kase, const char *audience, const char *expected)
{
  g_autoptr(GError) error = NULL;
  g_autofree char *draft = incident_case_dup_update_draft (kase, audience, &error);

  assert_no_error (error);
  assert_string_equal (draft, expected);
}

static void
test_an_internal_draft_tells_what_is_known (void **state)
{
  Office *office = *state;
  g_autoptr(IncidentCase) kase = open_told_case (office);

  act (kase, "diagnose", "bo", "text", "error rate 31 %", NULL);
  assert_draft (kase, "internal",
                "INC-1 “Checkout answers 500”: SEV2, diagnosis, since 2026-11-23 07:00 UTC.\n"
                "First diagnosis: error rate 31 %\n"
                "Nobody leads.\n"
                "Until now:\n"
                "– 07:00 carmen is communications\n"
                "Next update by 2026-11-23 07:30 UTC.");
  act (kase, "update", "bo", "text", "half of the payments fail", NULL);
  advance (office, 12 * MINUTE);
  act (kase, "assign", "ana", "role", "commander", "person", "ana", NULL);
  act (kase, "examine", "bo", "text", "the pool of\n\nconnections is exhausted", NULL);
  act (kase, "escalate", "ana", "target", "carmen", "text", "call the provider", NULL);
  assert_draft (kase, "internal",
                "INC-1 “Checkout answers 500”: SEV2, escalation, since 2026-11-23 07:00 UTC.\n"
                "First diagnosis: error rate 31 %\n"
                "Examination: the pool of connections is exhausted\n"
                "ana leads.\n"
                "Since the last update:\n"
                "– 07:12 ana is commander\n"
                "– 07:12 escalated to carmen: call the provider\n"
                "Next update by 2026-11-23 07:42 UTC.");
}

static void
test_a_customer_draft_has_the_public_words (void **state)
{
  Office *office = *state;
  g_autoptr(IncidentCase) kase = open_told_case (office);

  assert_draft (kase, "customer", "Paying: we are investigating a problem.\nIt began at 2026-11-23 07:00 UTC.\n"
                                  "The next update comes by 2026-11-23 07:30 UTC.");
  act (kase, "affect", "ana", "service", "search-7", NULL);
  act (kase, "affect", "ana", "service", "ledger-db", NULL);
  act (kase, "diagnose", "ana", NULL);
  act (kase, "examine", "ana", NULL);
  assert_draft (kase, "customer", "Paying, Searching: we have identified a problem and are working on it.\n"
                                  "It began at 2026-11-23 07:00 UTC.\nThe next update comes by 2026-11-23 07:30 UTC.");
  act (kase, "resolve", "ana", "text", "x", NULL);
  assert_draft (kase, "staff", "Paying, Searching: a fix is in place, and we are monitoring whether it holds.\n"
                               "It began at 2026-11-23 07:00 UTC.\nThe next update comes by 2026-11-23 07:30 UTC.");
  act (kase, "recover", "ana", "text", "x", NULL);
  assert_draft (kase, "customer", "Paying, Searching: the problem is resolved.\nIt began at 2026-11-23 07:00 UTC.");
}

static void
test_a_service_without_a_public_name_is_not_named (void **state)
{
  Office *office = *state;
  g_autoptr(IncidentCase) kase = NULL;

  rule_by (office, with_audiences);
  kase = open_with (office, command_new ("open", "ana", "title", "x", "service", "ledger-db", NULL));
  assert_draft (kase, "customer", "One of our services: we are investigating a problem.\nIt began at 2026-11-23 07:00 UTC.");
}

static void
test_a_draft_is_short (void **state)
{
  Office *office = *state;
  g_autoptr(IncidentCase) kase = open_told_case (office);
  g_autofree char *words = g_strnfill (4000, 'x');
  g_autofree char *draft = NULL;

  act (kase, "diagnose", "bo", "text", words, NULL);
  act (kase, "examine", "bo", "text", words, NULL);
  for (guint i = 0; i < 30; i++)
    act (kase, "decide", "bo", "text", words, NULL);
  draft = incident_case_dup_update_draft (kase, "internal", NULL);
  assert_in_range (g_utf8_strlen (draft, -1), 900, 2000);
}

static void
test_a_draft_for_nobody_fails (void **state)
{
  Office *office = *state;
  g_autoptr(IncidentCase) kase = open_told_case (office);
  g_autoptr(GError) error = NULL;

  assert_null (incident_case_dup_update_draft (kase, "press", &error));
  assert_error (error, INCIDENT_ERROR, INCIDENT_ERROR_NOT_FOUND);
  assert_string_equal (incident_error_get_where (error), "audience");
}

static void
test_withheld_words_are_in_no_draft (void **state)
{
  Office *office = *state;
  g_autoptr(IncidentCase) kase = open_told_case (office);
  g_autofree char *draft = NULL;

  act (kase, "diagnose", "bo", "text", "Mx Miller", NULL);
  act (kase, "decide", "bo", "text", "ring Mx Miller", NULL);
  act (kase, "redact", "ana", "event", "3", "text", "a name", NULL);
  act (kase, "redact", "ana", "event", "4", "text", "a name", NULL);
  draft = incident_case_dup_update_draft (kase, "internal", NULL);
  assert_null (strstr (draft, "Miller"));
}

static void
test_what_has_to_be_approved_is_no_message_of_the_moment (void **state)
{
  Office *office = *state;
  g_autoptr(IncidentCase) kase = NULL;

  rule_by (office, with_audiences);
  kase = open_case (office);
  assert_refused (kase, "“message” refused: wrong-audience: what “customer” is told is an update: give one, or propose it",
                  "message", "bo", "text", "Paying fails.", "audience", "customer", NULL);
  act (kase, "message", "bo", "text", "The bridge is open", "audience", "staff", NULL);
}

int
main (void)
{
  const struct CMUnitTest tests[] = {
    office_test (test_what_has_to_be_approved_is_no_message_of_the_moment),
    office_test (test_who_has_no_say_proposes),
    both (test_what_is_approved_is_given),
    office_test (test_who_approves_may_mend_the_words),
    office_test (test_only_who_has_the_role_approves),
    office_test (test_a_proposal_is_approved_once),
    office_test (test_a_later_word_ends_a_proposal),
    office_test (test_next_tells_who_may_approve),
    office_test (test_a_right_by_name_is_as_good_as_the_role),
    office_test (test_a_proposal_is_no_update_yet),
    both (test_what_was_approved_is_redacted_with_its_proposal),
    office_test (test_what_was_redacted_is_approved_with_other_words),
    office_test (test_an_internal_draft_tells_what_is_known),
    office_test (test_a_customer_draft_has_the_public_words),
    office_test (test_a_service_without_a_public_name_is_not_named),
    office_test (test_a_draft_is_short),
    office_test (test_a_draft_for_nobody_fails),
    office_test (test_withheld_words_are_in_no_draft),
  };

  return cmocka_run_group_tests (tests, NULL, NULL);
}
