/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "paging-test.h"

/* At most two pages in ten minutes: what is too much waits, and goes in one message. */

static const Firing first = { 1, 1, 0, 0, INCIDENT_PAGE_REASON_STEP, NULL };

static int
hold_open (void **state)
{
  Watch *watch;

  watch_open (state);
  watch = *state;
  watch->rules->oncall->rate = 2;
  watch->rules->oncall->rate_window = 10 * MINUTE;
  watch->rules->oncall->rate_except = 1u << INCIDENT_SEVERITY_SEV1;
  return 0;
}

#define hold_test(function) cmocka_unit_test_setup_teardown (function, hold_open, watch_close)

/* Cases a second apart, each of which pages ana. */
static GPtrArray *
page_for (Watch *watch, guint n, const char *severity)
{
  GPtrArray *cases = g_ptr_array_new_with_free_func (g_object_unref);

  for (guint i = 0; i < n; i++)
    {
      g_autofree char *title = g_strdup_printf ("Trouble %u", i + 1);

      g_ptr_array_add (cases, watch_case (watch, title, severity));
      watch_fire (watch, g_ptr_array_index (cases, i), first, "ana");
      watch_pass (watch, G_TIME_SPAN_SECOND);
    }
  return cases;
}

static void
test_what_is_too_much_waits_and_is_told_in_one_message (void **state)
{
  Watch *watch = *state;
  g_autoptr(GPtrArray) cases G_GNUC_UNUSED = page_for (watch, 5, "sev3");
  const FarMessage *page;

  assert_int_equal (watch_count (watch->chat), 2);
  assert_pages (watch, g_ptr_array_index (cases, 2), "chat:pending(rate-limited) phone:pending");
  watch_pass (watch, 4 * MINUTE);
  assert_int_equal (watch_count (watch->chat), 2);
  watch_pass (watch, 7 * MINUTE);
  /* The first permitted instant is ten minutes after the first one was sent. */
  assert_int_equal (watch_count (watch->chat), 3);
  page = far_side_last (watch->chat, "page");
  assert_int_equal (page->at, START + 10 * MINUTE);
  assert_string_equal (page->case_id, "INC-3");
  assert_non_null (strstr (page->text, "INC-3 · sev3 · Trouble 3."));
  assert_non_null (strstr (page->text, "\nINC-4 · sev3 · Trouble 4."));
  assert_non_null (strstr (page->text, "\nINC-5 · sev3 · Trouble 5."));
  for (guint i = 2; i < 5; i++)
    {
      g_autofree char *pages = watch_pages (watch, g_ptr_array_index (cases, i));

      assert_true (g_str_has_prefix (pages, "chat:sent "));
      assert_non_null (watch_find_event (g_ptr_array_index (cases, i), "message-delivered"));
    }
}

/* By the clock on the wall they were sent an hour from now. */
static void
test_nobody_is_held_since_the_clock_was_set_back (void **state)
{
  Watch *watch = *state;
  g_autoptr(GPtrArray) cases G_GNUC_UNUSED = page_for (watch, 2, "sev3");
  g_autoptr(GPtrArray) more = NULL;

  incident_manual_clock_set_time (INCIDENT_MANUAL_CLOCK (watch->office.clock), watch_now (watch) - G_TIME_SPAN_HOUR);
  more = page_for (watch, 1, "sev3");
  assert_int_equal (watch_count (watch->chat), 3);
}

/* More than a message has room for: the rest is told by the next one, in the first moment that there is room for that. */
static void
test_a_bundle_names_no_more_than_a_message_can (void **state)
{
  Watch *watch = *state;
  g_autoptr(GPtrArray) cases G_GNUC_UNUSED = page_for (watch, 13, "sev3");

  watch_pass (watch, 10 * MINUTE - 13 * G_TIME_SPAN_SECOND);
  assert_int_equal (watch_count (watch->chat), 3);
  assert_non_null (strstr (far_side_last (watch->chat, "page")->text, "\nINC-11 · "));
  assert_null (strstr (far_side_last (watch->chat, "page")->text, "INC-12"));
  assert_pages (watch, g_ptr_array_index (cases, 11), "chat:pending(rate-limited) phone:pending(rate-limited)");
  watch_pass (watch, 2 * G_TIME_SPAN_SECOND);
  assert_int_equal (watch_count (watch->chat), 4);
  assert_non_null (strstr (far_side_last (watch->chat, "page")->text, "INC-12 · "));
  assert_non_null (strstr (far_side_last (watch->chat, "page")->text, "\nINC-13 · "));
}

static void
test_each_case_of_a_bundle_can_be_acknowledged (void **state)
{
  Watch *watch = *state;
  g_autoptr(GPtrArray) cases G_GNUC_UNUSED = page_for (watch, 4, "sev3");
  const char *json;

  watch_pass (watch, 11 * MINUTE);
  json = far_side_last (watch->chat, "page")->json;
  assert_non_null (strstr (json, "{\"name\":\"Acknowledge\",\"value\":\"https://desk.example.org/ack/"));
  assert_non_null (strstr (json, "{\"name\":\"Acknowledge INC-4\",\"value\":\"https://desk.example.org/ack/"));
}

/* One message was sent, not three: the next one is due when there is room for a message. */
static void
test_a_bundle_counts_once (void **state)
{
  Watch *watch = *state;
  g_autoptr(GPtrArray) cases G_GNUC_UNUSED = page_for (watch, 5, "sev3");
  g_autoptr(IncidentCase) next = NULL;

  watch_pass (watch, 10 * MINUTE);
  assert_int_equal (watch_count (watch->chat), 3);
  next = watch_case (watch, "Trouble 6", "sev3");
  watch_fire (watch, next, first, "ana");
  watch_pass (watch, MINUTE);
  assert_int_equal (watch_count (watch->chat), 4);
}

static void
test_grave_cases_are_never_held_and_take_the_others_along (void **state)
{
  Watch *watch = *state;
  g_autoptr(GPtrArray) cases G_GNUC_UNUSED = page_for (watch, 3, "sev3");
  g_autoptr(IncidentCase) grave = NULL;

  assert_int_equal (watch_count (watch->chat), 2);
  grave = watch_case (watch, "All is down", "sev1");
  watch_fire (watch, grave, first, "ana");
  watch_pass (watch, G_TIME_SPAN_SECOND);
  assert_int_equal (watch_count (watch->chat), 3);
  assert_string_equal (far_side_last (watch->chat, "page")->case_id, "INC-4");
  assert_non_null (strstr (far_side_last (watch->chat, "page")->text, "\nINC-3 · sev3 · Trouble 3."));
  assert_pages (watch, g_ptr_array_index (cases, 2), "chat:sent phone:pending");
}

static void
test_what_becomes_grave_is_held_no_longer (void **state)
{
  Watch *watch = *state;
  g_autoptr(GPtrArray) cases = page_for (watch, 3, "sev3");

  assert_pages (watch, g_ptr_array_index (cases, 2), "chat:pending(rate-limited) phone:pending");
  act (g_ptr_array_index (cases, 2), "classify", "ana", "severity", "sev1", NULL);
  watch_pass (watch, G_TIME_SPAN_SECOND);
  assert_pages (watch, g_ptr_array_index (cases, 2), "chat:sent phone:pending");
}

static void
test_others_are_not_held (void **state)
{
  Watch *watch = *state;
  g_autoptr(GPtrArray) cases G_GNUC_UNUSED = page_for (watch, 3, "sev3");

  watch_fire (watch, g_ptr_array_index (cases, 2), (Firing) { 1, 2, 0, 0, INCIDENT_PAGE_REASON_STEP, NULL }, "bo");
  watch_pass (watch, G_TIME_SPAN_SECOND);
  assert_int_equal (watch_count (watch->chat), 3);
  assert_string_equal (far_side_last (watch->chat, "page")->recipient, "bo");
}

static void
test_a_held_page_that_is_not_wanted_any_more_is_not_told (void **state)
{
  Watch *watch = *state;
  g_autoptr(GPtrArray) cases G_GNUC_UNUSED = page_for (watch, 4, "sev3");

  act (g_ptr_array_index (cases, 3), "acknowledge", "ana", NULL);
  watch_pass (watch, 11 * MINUTE);
  assert_int_equal (watch_count (watch->chat), 3);
  assert_null (strstr (far_side_last (watch->chat, "page")->text, "INC-4"));
  assert_pages (watch, g_ptr_array_index (cases, 3), "chat:withdrawn(It was acknowledged) phone:withdrawn(It was acknowledged)");
}

/* However long the window is. */
static void
test_a_held_page_does_not_expire (void **state)
{
  Watch *watch = *state;
  g_autoptr(GPtrArray) cases = NULL;

  watch->rules->oncall->rate_window = 2 * G_TIME_SPAN_HOUR;
  cases = page_for (watch, 3, "sev3");
  watch_pass (watch, 3 * G_TIME_SPAN_HOUR);
  assert_int_equal (watch_count (watch->chat), 3);
}

static void
test_a_bundle_that_did_not_arrive_is_told_again (void **state)
{
  Watch *watch = *state;
  g_autoptr(GPtrArray) cases G_GNUC_UNUSED = page_for (watch, 4, "sev3");
  const FarMessage *page;

  watch_pass (watch, 9 * MINUTE);
  far_side_will (watch->chat, FAR_WAITS, 1);
  watch_pass (watch, 5 * MINUTE);
  assert_int_equal (watch_count (watch->chat), 3);
  page = far_side_last (watch->chat, "page");
  assert_non_null (strstr (page->text, "INC-3"));
  assert_non_null (strstr (page->text, "INC-4"));
}

/* The one that carried the others is not wanted any more: they are, each on its own. */
static void
test_what_was_to_go_along_is_not_left_behind (void **state)
{
  Watch *watch = *state;
  g_autoptr(GPtrArray) cases G_GNUC_UNUSED = page_for (watch, 4, "sev3");

  watch_pass (watch, 9 * MINUTE);
  far_side_will (watch->chat, FAR_WAITS, 1);
  watch_pass (watch, MINUTE);
  act (g_ptr_array_index (cases, 2), "acknowledge", "ana", NULL);
  watch_pass (watch, 5 * MINUTE);
  assert_int_equal (watch_count (watch->chat), 3);
  assert_string_equal (far_side_last (watch->chat, "page")->case_id, "INC-4");
  assert_null (strstr (far_side_last (watch->chat, "page")->text, "INC-3"));
}

/* Two events of one case cannot have one place in it. */
static void
test_pages_of_one_case_go_together_too (void **state)
{
  Watch *watch = *state;
  g_autoptr(GPtrArray) cases G_GNUC_UNUSED = page_for (watch, 3, "sev3");
  IncidentCase *kase = g_ptr_array_index (cases, 2);

  watch_fire (watch, kase, (Firing) { 0, 0, 0, 0, INCIDENT_PAGE_REASON_DIRECT, "person ana" }, "ana");
  watch_pass (watch, 10 * MINUTE - 3 * G_TIME_SPAN_SECOND);
  assert_int_equal (watch_count (watch->chat), 3);
  assert_non_null (strstr (far_side_last (watch->chat, "page")->text, "Somebody asks for you by name"));
  assert_pages (watch, kase, "chat:sent phone:pending(rate-limited) chat:sent phone:pending(rate-limited)");
}

static void
test_of_a_bundle_that_is_refused_the_others_are_sent_all_the_same (void **state)
{
  Watch *watch = *state;
  g_autoptr(GPtrArray) cases G_GNUC_UNUSED = page_for (watch, 4, "sev3");

  watch_pass (watch, 9 * MINUTE);
  far_side_will (watch->chat, FAR_REFUSES, 1);
  watch_pass (watch, 5 * MINUTE);
  assert_string_equal (far_side_last (watch->chat, "page")->case_id, "INC-4");
}

/* Whoever had the bundle in hand is gone, with its claim. */
static void
test_after_a_crash_all_of_a_bundle_is_told (void **state)
{
  Watch *watch = *state;
  g_autoptr(GPtrArray) cases G_GNUC_UNUSED = page_for (watch, 4, "sev3");
  g_autoptr(IncidentPlaybook) playbook = incident_playbook_new_from_json (paging_playbook, -1, "test", NULL);
  IncidentDesk *dead = watch->office.desk;
  g_autoptr(GAsyncResult) result = NULL;

  watch_pass (watch, 9 * MINUTE);
  far_side_will (watch->chat, FAR_HANGS_EMPTY, 1);
  incident_manual_clock_advance (INCIDENT_MANUAL_CLOCK (watch->office.clock), MINUTE);
  incident_desk_deliver_async (dead, NULL, store_result, &result);
  while (watch->chat->hanging->len == 0)
    g_main_context_iteration (NULL, TRUE);
  assert_pages (watch, g_ptr_array_index (cases, 3), "chat:pending(bundled) phone:pending(rate-limited)");

  /* Another process, which knows the same people. */
  watch->office.desk = incident_desk_new_with_playbook (watch->office.store, watch->office.clock, playbook);
  incident_desk_add_channel (watch->office.desk, "chat", INCIDENT_CHANNEL (watch->chat));
  incident_desk_add_channel (watch->office.desk, "phone", INCIDENT_CHANNEL (watch->phone));
  watch_pass (watch, 5 * MINUTE);
  assert_int_equal (watch_count (watch->chat), 4);
  for (guint i = 2; i < 4; i++)
    {
      g_autofree char *pages = watch_pages (watch, g_ptr_array_index (cases, i));

      assert_true (g_str_has_prefix (pages, "chat:sent "));
    }
  far_side_wake (watch->chat);
  wait_for (&result);
  g_object_unref (dead);
}

static void
test_what_was_sent_before_the_clock_was_set_back_holds_nobody_up (void **state)
{
  Watch *watch = *state;
  g_autoptr(GPtrArray) before = page_for (watch, 3, "sev3");
  g_autoptr(IncidentCase) next = NULL;

  assert_pages (watch, g_ptr_array_index (before, 2), "chat:pending(rate-limited) phone:pending");

  incident_manual_clock_set_time (INCIDENT_MANUAL_CLOCK (watch->office.clock), START - G_TIME_SPAN_HOUR);
  watch_pass (watch, G_TIME_SPAN_SECOND);
  assert_pages (watch, g_ptr_array_index (before, 2), "chat:sent phone:pending");
  next = watch_case (watch, "Trouble 4", "sev3");
  watch_fire (watch, next, first, "ana");
  watch_pass (watch, MINUTE);
  assert_pages (watch, next, "chat:sent phone:pending");
}

static void
test_without_a_limit_nothing_is_held (void **state)
{
  Watch *watch = *state;
  g_autoptr(GPtrArray) cases = NULL;

  watch->rules->oncall->rate = 0;
  cases = page_for (watch, 5, "sev3");
  assert_int_equal (watch_count (watch->chat), 5);
}

int
main (void)
{
  const struct CMUnitTest tests[] = {
    hold_test (test_what_is_too_much_waits_and_is_told_in_one_message),
    hold_test (test_nobody_is_held_since_the_clock_was_set_back),
    hold_test (test_a_bundle_names_no_more_than_a_message_can),
    hold_test (test_each_case_of_a_bundle_can_be_acknowledged),
    hold_test (test_a_bundle_counts_once),
    hold_test (test_grave_cases_are_never_held_and_take_the_others_along),
    hold_test (test_what_becomes_grave_is_held_no_longer),
    hold_test (test_others_are_not_held),
    hold_test (test_a_held_page_that_is_not_wanted_any_more_is_not_told),
    hold_test (test_a_held_page_does_not_expire),
    hold_test (test_a_bundle_that_did_not_arrive_is_told_again),
    hold_test (test_what_was_to_go_along_is_not_left_behind),
    hold_test (test_pages_of_one_case_go_together_too),
    hold_test (test_of_a_bundle_that_is_refused_the_others_are_sent_all_the_same),
    hold_test (test_after_a_crash_all_of_a_bundle_is_told),
    hold_test (test_what_was_sent_before_the_clock_was_set_back_holds_nobody_up),
    hold_test (test_without_a_limit_nothing_is_held),
  };

  return cmocka_run_group_tests (tests, NULL, NULL);
}
