/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "paging-test.h"

#include "base/incident-node-private.h"

/* Why was I (not) paged? */

static const Firing first = { 1, 1, 0, 0, INCIDENT_PAGE_REASON_STEP, NULL };

static IncidentPage *
get_page (GPtrArray *pages, guint position)
{
  assert_true (position < pages->len);
  return g_ptr_array_index (pages, position);
}

static void
assert_text (GPtrArray *pages, guint position, const char *wanted)
{
  g_autofree char *text = incident_page_to_text (get_page (pages, position));

  assert_string_equal (text, wanted);
}

static void
test_a_page_says_who_when_and_through_what (void **state)
{
  Watch *watch = *state;
  g_autoptr(IncidentCase) kase = watch_case (watch, "Checkout answers 500", "sev2");
  g_autoptr(GPtrArray) pages = NULL;
  IncidentPage *page;

  watch_fire (watch, kase, first, "bo");
  pages = incident_case_list_pages (kase);
  assert_int_equal (pages->len, 1);
  page = get_page (pages, 0);
  assert_text (pages, 0, "bo was paged at 2026-11-23 07:00 UTC: step “step-1” of policy “payments” came, through schedule payments");
  assert_int_equal (incident_page_get_case_number (page), 1);
  assert_int_equal (incident_page_get_event (page), 2);
  assert_int_equal (incident_page_get_at (page), START);
  assert_string_equal (incident_page_get_person (page), "bo");
  assert_string_equal (incident_page_get_target (page), "schedule payments");
  assert_int_equal (incident_page_get_reason (page), INCIDENT_PAGE_REASON_STEP);
  assert_true (incident_page_get_sent (page));
  assert_int_equal (incident_page_get_run (page), 1);
  assert_string_equal (incident_page_get_policy (page), "payments");
  assert_string_equal (incident_page_get_version (page), "v1");
  assert_string_equal (incident_page_get_step (page), "step-1");
}

static void
test_a_page_is_written_as_json (void **state)
{
  Watch *watch = *state;
  g_autoptr(IncidentCase) kase = watch_case (watch, "Checkout answers 500", "sev2");
  g_autoptr(GPtrArray) pages = NULL;
  g_autofree char *json = NULL;

  watch_fire (watch, kase, (Firing) { 1, 2, 1, 3, INCIDENT_PAGE_REASON_ACK_TIMEOUT, NULL }, "bo");
  pages = incident_case_list_pages (kase);
  json = incident_page_to_json (get_page (pages, 0));
  assert_string_equal (json, "{\"case\":\"INC-1\",\"event\":2,\"at\":\"2026-11-23T07:00:00.000000Z\",\"person\":\"bo\","
                             "\"target\":\"schedule payments\",\"reason\":\"ack-timeout\",\"sent\":true,\"run\":1,\"policy\":\"payments\","
                             "\"version\":\"v1\",\"step\":\"step-2\",\"loop\":1,\"arming\":3,\"detail\":null,"
                             "\"text\":\"bo was paged at 2026-11-23 07:00 UTC: step “step-2” of policy “payments” came again, as nothing was "
                             "heard after the acknowledgement, through schedule payments\"}");
}

static void
test_who_was_not_paged_is_told_why (void **state)
{
  Watch *watch = *state;
  g_autoptr(IncidentCase) kase = watch_case (watch, "Checkout answers 500", "sev2");
  g_autoptr(GPtrArray) pages = NULL;

  watch_commit (watch, kase, "step-skipped", "by=rule\nrun=1\npolicy=payments\npolicy-version=v1\nrun-state=running\nstep=1\nfired=1",
                "{\"policy\":\"payments\",\"version\":\"v1\",\"step\":\"first\",\"not-paged\":["
                "{\"target\":\"schedule payments\",\"reason\":\"nobody-on-call\"},"
                "{\"person\":\"ana\",\"target\":\"team core\",\"reason\":\"no-contact\"},"
                "{\"target\":\"role commander\",\"reason\":\"nobody-on-call\"},"
                "{\"person\":\"bo\",\"reason\":\"already-paged\"},"
                "{\"reason\":\"condition-false\",\"detail\":\"severity\"},"
                "{\"person\":\"zoe\",\"reason\":\"of-a-later-version\"}]}", NULL);
  pages = incident_case_list_pages (kase);
  assert_int_equal (pages->len, 5);
  assert_text (pages, 0, "Nobody was paged through schedule payments: nobody is on call for payments");
  assert_text (pages, 1, "ana was not paged: there is no way to reach them");
  assert_text (pages, 2, "Nobody was paged through role commander: role commander has nobody");
  assert_text (pages, 3, "bo was not paged: the same step pages them through another target");
  assert_text (pages, 4, "Nobody was paged by step “first”: the step is not for such a case (severity)");
  for (guint i = 0; i < pages->len; i++)
    assert_false (incident_page_get_sent (get_page (pages, i)));
}

/* An event says what changes: that of a skipped step says nothing of the loop. */
static void
test_the_position_is_that_of_the_run_after_the_event (void **state)
{
  Watch *watch = *state;
  g_autoptr(IncidentCase) kase = watch_case (watch, "Checkout answers 500", "sev2");
  g_autoptr(GPtrArray) pages = NULL;

  watch_fire (watch, kase, (Firing) { 1, 1, 2, 1, INCIDENT_PAGE_REASON_REPEAT, NULL }, "bo");
  watch_commit (watch, kase, "step-skipped", "by=rule\nrun=1\nstep=2", "{\"not-paged\":[{\"person\":\"ana\",\"reason\":\"no-contact\"}]}", NULL);
  pages = incident_case_list_pages (kase);
  assert_int_equal (incident_page_get_loop (get_page (pages, 1)), 2);
  assert_int_equal (incident_page_get_arming (get_page (pages, 1)), 1);
  assert_string_equal (incident_page_get_policy (get_page (pages, 1)), "payments");
}

static void
test_words_of_people_are_no_pages (void **state)
{
  Watch *watch = *state;
  g_autoptr(IncidentCase) kase = watch_case (watch, "Checkout answers 500", "sev2");
  g_autoptr(GPtrArray) pages = NULL;

  watch_commit (watch, kase, "noted", "", "{\"pages\":[{\"person\":\"bo\",\"reason\":\"step\"}]}", NULL);
  pages = incident_case_list_pages (kase);
  assert_int_equal (pages->len, 0);
}

static void
test_who_could_not_be_reached_is_a_page_that_failed (void **state)
{
  Watch *watch = *state;
  g_autoptr(IncidentCase) kase = watch_case (watch, "Checkout answers 500", "sev2");
  g_autoptr(GPtrArray) pages = NULL;

  watch_pass (watch, MINUTE);
  watch_fire (watch, kase, first, "ana");
  far_side_will (watch->chat, FAR_REFUSES, 1);
  watch_pass (watch, MINUTE);
  far_side_will (watch->phone, FAR_REFUSES, 1);
  watch_pass (watch, 5 * MINUTE);
  pages = incident_case_list_pages (kase);
  assert_int_equal (pages->len, 2);
  assert_text (pages, 1, "ana could not be reached: nothing that was sent has arrived (chat: There is no such room; phone: There is no such room)");
  assert_int_equal (incident_page_get_reason (get_page (pages, 1)), INCIDENT_PAGE_REASON_FAILED);
}

/* The one query */

typedef struct
{
  char         *json;
  IncidentTree *tree;
} Answer;

static void
answer_clear (Answer *self)
{
  g_clear_pointer (&self->tree, incident_tree_free);
  g_clear_pointer (&self->json, g_free);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Answer, answer_clear)

static void
ask (Watch *watch, Answer *answer, const char *person)
{
  g_autoptr(GError) error = NULL;

  answer->json = incident_desk_explain_page (watch->office.desk, 1, person, &error);
  assert_no_error (error);
  answer->tree = incident_tree_new (answer->json, strlen (answer->json), NULL, &error);
  assert_no_error (error);
}

static const char *
get (Answer *answer, const char *pointer)
{
  IncidentNode *node = incident_node_resolve (incident_tree_get_root (answer->tree), pointer);

  return node != NULL && node->type == INCIDENT_JSON_STRING ? node->value.string : NULL;
}

static void
test_each_method_has_its_outcome (void **state)
{
  Watch *watch = *state;
  g_autoptr(IncidentCase) kase = watch_case (watch, "Checkout answers 500", "sev2");
  g_auto(Answer) answer = { NULL, };

  watch_fire (watch, kase, first, "ana");
  watch_pass (watch, MINUTE);
  act (kase, "acknowledge", "ana", NULL);
  watch_pass (watch, 10 * MINUTE);
  ask (watch, &answer, "ana");
  assert_string_equal (get (&answer, "/case"), "INC-1");
  assert_true (incident_node_get_boolean (incident_tree_get_root (answer.tree), "paged"));
  assert_string_equal (get (&answer, "/text"), "ana was paged at 2026-11-23 07:00 UTC: step “step-1” of policy “payments” came, "
                                               "through schedule payments");
  assert_string_equal (get (&answer, "/pages/0/methods/0/text"), "chat: delivered at 2026-11-23 07:00:00 UTC");
  assert_string_equal (get (&answer, "/pages/0/methods/0/sent_at"), "2026-11-23T07:00:00.000000Z");
  assert_string_equal (get (&answer, "/pages/0/methods/1/state"), "withdrawn");
  assert_string_equal (get (&answer, "/pages/0/methods/1/reason"), "acked");
  assert_string_equal (get (&answer, "/pages/0/methods/1/text"), "phone: not delivered, 2026-11-23 07:05:00 UTC: It was acknowledged");
  assert_string_equal (get (&answer, "/runs/0/policy"), "payments");
  assert_string_equal (get (&answer, "/runs/0/version"), "v1");
  assert_string_equal (get (&answer, "/runs/0/state"), "running");
}

static void
test_what_is_held_says_until_when (void **state)
{
  Watch *watch = *state;
  g_autoptr(IncidentCase) kase = watch_case (watch, "Checkout answers 500", "sev2");
  g_autoptr(IncidentCase) other = watch_case (watch, "Login is slow", "sev3");
  g_auto(Answer) answer = { NULL, };

  watch->rules->oncall->rate = 1;
  watch->rules->oncall->rate_window = 10 * MINUTE;
  watch_fire (watch, other, first, "ana");
  watch_pass (watch, MINUTE);
  watch_fire (watch, kase, first, "ana");
  watch_pass (watch, MINUTE);
  ask (watch, &answer, "ana");
  assert_string_equal (get (&answer, "/pages/0/methods/0/reason"), "rate-limited");
  assert_string_equal (get (&answer, "/pages/0/methods/0/text"),
                       "chat: held until 2026-11-23 07:10:00 UTC, as they were paged too often lately");
}

static void
test_what_went_with_others_says_so (void **state)
{
  Watch *watch = *state;
  g_autoptr(IncidentCase) kase = watch_case (watch, "Checkout answers 500", "sev2");
  g_autoptr(IncidentCase) other = watch_case (watch, "Login is slow", "sev3");
  g_autoptr(IncidentCase) third = watch_case (watch, "Mail is late", "sev1");
  g_auto(Answer) answer = { NULL, };

  watch->rules->oncall->rate = 1;
  watch->rules->oncall->rate_window = 10 * MINUTE;
  watch->rules->oncall->rate_except = 1u << INCIDENT_SEVERITY_SEV1;
  watch_fire (watch, other, first, "ana");
  watch_pass (watch, MINUTE);
  watch_fire (watch, kase, first, "ana");
  watch_pass (watch, MINUTE);
  watch_fire (watch, third, first, "ana");
  watch_pass (watch, MINUTE);
  ask (watch, &answer, "ana");
  assert_string_equal (get (&answer, "/pages/0/methods/0/reason"), "bundled");
  assert_string_equal (get (&answer, "/pages/0/methods/0/text"), "chat: delivered at 2026-11-23 07:02:00 UTC, in one message with others");
}

static void
test_whom_nothing_names_is_told_how_far_it_has_come (void **state)
{
  Watch *watch = *state;
  g_autoptr(IncidentCase) kase = watch_case (watch, "Checkout answers 500", "sev2");
  g_auto(Answer) before = { NULL, };
  g_auto(Answer) after = { NULL, };

  ask (watch, &before, "bo");
  assert_string_equal (get (&before, "/text"), "bo was not paged: no escalation has begun for the case");
  watch_fire (watch, kase, first, "ana");
  ask (watch, &after, "bo");
  assert_string_equal (get (&after, "/text"), "bo was not paged: no step that came so far has found them; policy “payments” is at step 1, running");
  assert_false (incident_node_get_boolean (incident_tree_get_root (after.tree), "paged"));
}

static void
test_what_nobody_was_found_through_is_told_to_all (void **state)
{
  Watch *watch = *state;
  g_autoptr(IncidentCase) kase = watch_case (watch, "Checkout answers 500", "sev2");
  g_auto(Answer) answer = { NULL, };

  watch_commit (watch, kase, "step-skipped", "by=rule\nrun=1\npolicy=payments\nrun-state=running\nstep=1",
                "{\"step\":\"first\",\"not-paged\":[{\"target\":\"schedule payments\",\"reason\":\"nobody-on-call\"}]}", NULL);
  ask (watch, &answer, "bo");
  assert_string_equal (get (&answer, "/pages/0/text"), "Nobody was paged through schedule payments: nobody is on call for payments");
}

static void
test_there_has_to_be_such_a_case (void **state)
{
  Watch *watch = *state;
  g_autoptr(GError) error = NULL;

  assert_null (incident_desk_explain_page (watch->office.desk, 7, "bo", &error));
  assert_error (error, INCIDENT_ERROR, INCIDENT_ERROR_NOT_FOUND);
}

int
main (void)
{
  const struct CMUnitTest tests[] = {
    watch_test (test_a_page_says_who_when_and_through_what),
    watch_test (test_a_page_is_written_as_json),
    watch_test (test_who_was_not_paged_is_told_why),
    watch_test (test_the_position_is_that_of_the_run_after_the_event),
    watch_test (test_words_of_people_are_no_pages),
    watch_test (test_who_could_not_be_reached_is_a_page_that_failed),
    watch_test (test_each_method_has_its_outcome),
    watch_test (test_what_is_held_says_until_when),
    watch_test (test_what_went_with_others_says_so),
    watch_test (test_whom_nothing_names_is_told_how_far_it_has_come),
    watch_test (test_what_nobody_was_found_through_is_told_to_all),
    watch_test (test_there_has_to_be_such_a_case),
  };

  return cmocka_run_group_tests (tests, NULL, NULL);
}
