/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "intake-test.h"

/* What becomes of alerts that nothing mutes: when they begin and end, and which case is told. What mutes them is
 * told in test-intake-mutes.c; how routes group, in test-intake-cases.c. */

/* Episodes */

static void
test_an_episode_is_told_once (void **state)
{
  Office *office = *state;

  rule (office, "");
  say (office, "firing disk", "opened:1");
  say (office, "firing disk", "repeated:1");
  reopen_office (office);
  say (office, "firing disk", "repeated:1");
  say (office, "resolved disk", "resolved:1");
  say (office, "resolved disk", "repeated:1");
  reopen_office (office);
  say (office, "resolved disk", "repeated:1");
  say (office, "firing disk", "repeated:1");
  assert_told (office, 1, "opened alert-fired alert-resolved alerts-ended");
}

static void
test_what_began_later_is_another_episode (void **state)
{
  Office *office = *state;

  rule (office, "");
  say (office, "firing disk", "opened:1");
  say (office, "resolved disk", "resolved:1");
  advance (office, 10 * MINUTE);
  reopen_office (office);
  say (office, "firing disk run=9", "joined:1");
  assert_last_fact (office, 1, "alert", "shop/disk@9");
  reopen_office (office);
  say (office, "resolved disk run=9", "resolved:1");
  assert_told (office, 1, "opened alert-fired alert-resolved alerts-ended alert-fired alert-resolved alerts-ended");
}

/* Both have rows of their own, and only the later one counts. */
static void
test_two_episodes_are_read_again_as_one_alert (void **state)
{
  Office *office = *state;

  rule (office, "");
  for (guint run = 1; run <= 3; run++)
    {
      g_autofree char *fires = g_strdup_printf ("firing disk run=%u", run);
      g_autofree char *ends = g_strdup_printf ("resolved disk run=%u", run);

      advance (office, 5 * MINUTE);
      say (office, fires, run == 1 ? "opened:1" : "joined:1");
      say (office, ends, "resolved:1");
    }
  reopen_office (office);
  settle (office);
  say (office, "firing disk run=2", "late:1");
  say (office, "firing disk run=3", "repeated:1");
  settle_after (office, 2 * G_TIME_SPAN_DAY);
  reopen_office (office);
  settle (office);
  assert_told (office, 1, "opened alert-fired alert-resolved alerts-ended alert-fired alert-resolved alerts-ended "
                           "alert-fired alert-resolved alerts-ended");
}

static void
test_the_end_of_an_earlier_episode_ends_no_later_one (void **state)
{
  Office *office = *state;

  rule (office, "");
  advance (office, 10 * MINUTE);
  say (office, "firing disk run=1", "opened:1");
  say (office, "resolved disk run=1", "resolved:1");
  say (office, "firing disk run=5", "joined:1");
  say (office, "resolved disk run=1", "late:1");
  reopen_office (office);
  say (office, "resolved disk run=1", "late:1");
  say (office, "firing disk run=1", "late:1");
  assert_last_fact (office, 1, "alert-status", "firing");
}

/* As far as anybody can tell it never ended in between. */
static void
test_an_end_that_was_lost_makes_one_of_two_episodes (void **state)
{
  Office *office = *state;

  rule (office, "");
  advance (office, 10 * MINUTE);
  say (office, "firing disk run=1", "opened:1");
  say (office, "firing disk run=5", "repeated:1");
  say (office, "resolved disk run=5", "resolved:1");
  assert_last_fact (office, 1, "text", NULL);
  /* What comes late opens nothing. */
  say (office, "firing disk run=5", "repeated:1");
  reopen_office (office);
  say (office, "firing disk run=5", "repeated:1");
  assert_told (office, 1, "opened alert-fired alert-resolved alerts-ended");
}

static void
test_an_episode_that_ended_before_it_was_heard_of_opens_nothing (void **state)
{
  Office *office = *state;

  rule (office, "");
  say (office, "resolved disk", "ignored:0");
  say (office, "firing disk", "repeated:0");
  reopen_office (office);
  say (office, "firing disk", "repeated:0");
  advance (office, 10 * MINUTE);
  say (office, "firing disk run=3, resolved net", "opened:1 ignored:0");
  /* Nor one that is the second to do so. */
  say (office, "resolved disk run=3", "resolved:1");
  say (office, "resolved disk run=4", "repeated:1");
  say (office, "firing disk run=4", "repeated:1");
  assert_told (office, 2, NULL);
}

/* What others say of it */

static void
test_an_acknowledgement_lasts_until_the_end (void **state)
{
  Office *office = *state;

  rule (office, "");
  say (office, "acked disk", "ignored:0");
  say (office, "firing disk", "opened:1");
  say (office, "acked disk", "acknowledged:1");
  say (office, "acked disk", "repeated:1");
  say (office, "firing disk", "repeated:1");
  reopen_office (office);
  say (office, "acked disk", "repeated:1");
  say (office, "resolved disk", "resolved:1");
  say (office, "acked disk", "ignored:1");
  advance (office, 10 * MINUTE);
  say (office, "firing disk run=1", "joined:1");
  say (office, "acked disk run=1", "acknowledged:1");
  assert_told (office, 1, "opened alert-fired alert-acknowledged alert-resolved alerts-ended alert-fired alert-acknowledged");
}

static void
test_what_its_sender_holds_back_is_told_when_it_no_longer_does (void **state)
{
  Office *office = *state;

  rule (office, "");
  say (office, "suppressed disk", "suppressed:0");
  reopen_office (office);
  settle_after (office, MINUTE);
  assert_told (office, 1, NULL);
  say (office, "firing disk", "opened:1");
  say (office, "suppressed disk", "suppressed:1");
  say (office, "resolved disk", "resolved:1");
  assert_told (office, 1, "opened alert-fired alert-resolved alerts-ended");
}

static void
test_what_says_nothing_of_right_or_wrong_is_noted (void **state)
{
  Office *office = *state;

  rule (office, "");
  say (office, "info disk", "noted:0");
  assert_told (office, 1, NULL);
}

/* Timeouts */

static void
test_what_is_not_repeated_ends_by_timeout (void **state)
{
  Office *office = *state;
  g_autoptr(IncidentCase) kase = NULL;
  g_autoptr(IncidentEvent) event = NULL;
  g_autoptr(JsonNode) data = NULL;

  rule (office, "");
  say_as (office, "quick", "firing disk", "opened:1");
  assert_true (settle (office) == START + 10 * MINUTE);
  settle_after (office, 10 * MINUTE - 1);
  assert_told (office, 1, "opened alert-fired");
  reopen_office (office);
  settle_after (office, 1);
  assert_told (office, 1, "opened alert-fired alert-resolved alerts-ended");
  kase = get_case (office, 1);
  event = dup_event (kase, 3);
  data = incident_event_dup_data (event);
  assert_string_equal (json_object_get_string_member (json_node_get_object (data), "ended"), "timeout");
  assert_true (incident_event_get_occurred_at (event) == START + 10 * MINUTE);
}

/* What is due before does not make it forgotten. */
static void
test_a_timeout_is_still_waited_for_once_a_wait_is_over (void **state)
{
  Office *office = *state;

  rule (office, "\"route\":{\"wait\":\"2m\"}");
  say_as (office, "quick", "firing disk", "suppressed:0");
  advance (office, 2 * MINUTE);
  assert_true (settle (office) == START + 10 * MINUTE);
  settle_after (office, 8 * MINUTE);
  assert_told (office, 1, "opened alert-fired alert-resolved alerts-ended");
}

static void
test_what_was_given_up_fires_again_if_its_sender_says_so (void **state)
{
  Office *office = *state;

  rule (office, "");
  say_as (office, "quick", "firing disk", "opened:1");
  settle_after (office, 10 * MINUTE);
  reopen_office (office);
  say_as (office, "quick", "firing disk", "joined:1");
  assert_told (office, 1, "opened alert-fired alert-resolved alerts-ended alert-fired");
  say_as (office, "quick", "resolved disk", "resolved:1");
  say_as (office, "quick", "firing disk", "repeated:1");
}

/* Prometheus tells of each alert until when it fires, again and again. */
static void
say_until (Office *office, const char *until, const char *expected)
{
  g_autofree char *text = g_strdup_printf ("[{\"labels\":{\"alertname\":\"disk\"},\"startsAt\":\"2026-11-23T07:00:00Z\","
                                           "\"endsAt\":\"2026-11-23T%s:00Z\"}]", until);
  g_autoptr(GBytes) body = g_bytes_new (text, strlen (text));
  g_autoptr(GError) error = NULL;
  g_autoptr(GPtrArray) receipts = incident_desk_ingest (office->desk, "alertmanager-api", body, NULL, "shop", INCIDENT_TIME_NONE, &error);

  assert_no_error (error);
  assert_string_equal (incident_receipt_get_outcome (g_ptr_array_index (receipts, 0)), expected);
}

/* After a downtime of ours, say: what comes out of a queue is older than the end it tells of. */
static void
test_an_end_that_was_only_foretold_is_taken_back (void **state)
{
  Office *office = *state;

  rule (office, "");
  say_until (office, "07:05", "opened");
  advance (office, 4 * MINUTE);
  say_until (office, "07:03", "resolved");
  /* Sent before, and overtaken. */
  advance (office, MINUTE / 2);
  say_until (office, "07:08", "repeated");
  advance (office, MINUTE);
  say_until (office, "07:09", "joined");
  assert_told (office, 1, "opened alert-fired alert-resolved alerts-ended alert-fired");
}

/* Nor is that taken back by the end of an earlier time, which comes late. */
static void
test_an_end_that_comes_late_is_not_that_of_what_was_given_up (void **state)
{
  Office *office = *state;

  rule (office, "");
  advance (office, 10 * MINUTE);
  say_as (office, "quick", "firing disk run=1", "opened:1");
  say_as (office, "quick", "firing disk run=5", "repeated:1");
  settle_after (office, 10 * MINUTE);
  say_as (office, "quick", "resolved disk run=1 to=2, firing disk run=5", "repeated:1 joined:1");
}

/* It is not over because nobody looked. */
static void
test_a_message_that_repeats_it_at_the_last_moment_keeps_it (void **state)
{
  Office *office = *state;

  rule (office, "");
  say_as (office, "quick", "firing disk", "opened:1");
  advance (office, 11 * MINUTE);
  say_as (office, "quick", "firing disk", "repeated:1");
  settle_after (office, 9 * MINUTE);
  assert_told (office, 1, "opened alert-fired");
  settle_after (office, MINUTE);
  assert_told (office, 1, "opened alert-fired alert-resolved alerts-ended");
}

static void
test_another_desk_knows_of_what_was_repeated (void **state)
{
  Office *office = *state;
  g_autoptr(IncidentDesk) other = NULL;

  rule (office, "");
  say_as (office, "quick", "firing disk", "opened:1");
  other = incident_desk_new_with_playbook (office->store, office->clock, incident_desk_get_playbook (office->desk));
  assert_true (incident_desk_settle_alerts (other, NULL, NULL));
  for (guint i = 0; i < 5; i++)
    {
      advance (office, 4 * MINUTE);
      say_as (office, "quick", "firing disk", "repeated:1");
      assert_true (incident_desk_settle_alerts (other, NULL, NULL));
    }
  assert_told (office, 1, "opened alert-fired");
}

static void
test_downtime_of_ours_gives_the_whole_time_again (void **state)
{
  Office *office = *state;
  g_autoptr(GError) error = NULL;

  rule (office, "");
  say_as (office, "quick", "firing disk", "opened:1");
  advance (office, 60 * MINUTE);
  reopen_office (office);
  assert_true (incident_desk_resume_alerts (office->desk, &error));
  settle_after (office, 10 * MINUTE - 1);
  assert_told (office, 1, "opened alert-fired");
  /* For all desks. */
  reopen_office (office);
  settle (office);
  assert_told (office, 1, "opened alert-fired");
  settle_after (office, 1);
  assert_told (office, 1, "opened alert-fired alert-resolved alerts-ended");
}

/* Wait, threshold and flapping */

static void
test_an_alert_must_fire_for_a_while (void **state)
{
  Office *office = *state;

  rule (office, "\"route\":{\"wait\":\"5m\"}");
  say (office, "firing disk", "suppressed:0");
  say (office, "firing net", "suppressed:0");
  assert_true (settle (office) == START + 5 * MINUTE);
  settle_after (office, 4 * MINUTE);
  reopen_office (office);
  say (office, "resolved net", "resolved:0");
  settle_after (office, MINUTE);
  assert_told (office, 1, "opened alert-fired");
  assert_told (office, 2, NULL);
}

/* Nobody looked in between. */
static void
test_what_is_told_and_ends_at_once_is_told_both (void **state)
{
  Office *office = *state;

  rule (office, "\"route\":{\"wait\":\"5m\"}");
  say (office, "firing disk", "suppressed:0");
  advance (office, 6 * MINUTE);
  say (office, "resolved disk", "resolved:1");
  assert_told (office, 1, "opened alert-fired alert-resolved alerts-ended");
}

/* Whoever has the right to open cases is its sender, not whoever is there when it is due. */
static void
test_a_case_is_opened_by_the_sender_of_its_alert (void **state)
{
  Office *office = *state;
  g_autoptr(IncidentCase) kase = NULL;
  g_autoptr(IncidentEvent) event = NULL;

  rule (office, "\"people\":{\"ana\":{}},\"rights\":[{\"automation\":\"shop\",\"may\":[\"open\"]}],\"route\":{\"wait\":\"5m\"}");
  say (office, "firing disk", "suppressed:0");
  settle_after (office, 5 * MINUTE);
  kase = get_case (office, 1);
  event = dup_event (kase, 1);
  assert_string_equal (incident_event_get_actor (event), "shop");
  assert_fact (event, "by", "automation");
}

/* Its right may be gone by then: that is for the audit, and keeps nobody else from being heard. */
static void
test_a_sender_without_rights_is_in_nobodys_way (void **state)
{
  static const char both_may[] = "\"people\":{\"ana\":{}},\"route\":{\"wait\":\"5m\"},"
                                 "\"rights\":[{\"automation\":\"shop\",\"may\":[\"open\"]},{\"automation\":\"quick\",\"may\":[\"open\"]}]";
  static const char one_may[] = "\"people\":{\"ana\":{}},\"route\":{\"wait\":\"5m\"},"
                                "\"rights\":[{\"automation\":\"quick\",\"may\":[\"open\"]}]";
  Office *office = *state;
  g_autoptr(GPtrArray) refusals = NULL;

  rule (office, both_may);
  say (office, "firing disk, firing lamp", "suppressed:0 suppressed:0");
  rule (office, one_may);
  advance (office, 5 * MINUTE);
  say_as (office, "quick", "firing net", "suppressed:0");
  settle_after (office, 5 * MINUTE);
  assert_told (office, 1, "opened alert-fired");
  assert_told (office, 2, NULL);
  refusals = incident_desk_list_refusals (office->desk, 0, 10, NULL);
  assert_int_equal (refusals->len, 2);
  rule (office, both_may);
  settle_after (office, 60 * MINUTE);
  assert_told (office, 2, "opened alert-fired");
  assert_told (office, 3, "opened alert-fired");
}

static void
test_an_alert_must_fire_so_many_times (void **state)
{
  Office *office = *state;

  rule (office, "\"route\":{\"threshold\":{\"count\":3,\"within\":\"1h\"}}");
  /* Never three within an hour. */
  for (guint run = 1; run <= 4; run++)
    {
      g_autofree char *fires = g_strdup_printf ("firing disk run=%u", run);
      g_autofree char *ends = g_strdup_printf ("resolved disk run=%u", run);

      advance (office, run % 2 == 0 ? 40 * MINUTE : 25 * MINUTE);
      say (office, fires, "suppressed:0");
      say (office, ends, "resolved:0");
    }
  advance (office, 10 * MINUTE);
  reopen_office (office);
  say (office, "firing disk run=5", "opened:1");
  say (office, "resolved disk run=5", "resolved:1");
  assert_told (office, 1, "opened alert-fired alert-resolved alerts-ended");
}

static void
flap_as (Office *office, const char *source, guint from, guint n)
{
  for (guint run = from; run < from + n; run++)
    {
      g_autofree char *fires = g_strdup_printf ("firing disk run=%u", run);
      g_autofree char *ends = g_strdup_printf ("resolved disk run=%u", run);

      g_ptr_array_unref (take_words (office, source, fires));
      g_ptr_array_unref (take_words (office, source, ends));
    }
}

static void
flap (Office *office, guint from, guint n)
{
  flap_as (office, "shop", from, n);
}

#define FLAP "\"flap\":{\"half-life\":\"10m\",\"start\":5,\"stop\":1}"

static void
test_an_alert_that_flaps_is_told_as_that_alone (void **state)
{
  Office *office = *state;

  rule (office, "\"route\":{" FLAP "}");
  advance (office, 30 * MINUTE);
  flap (office, 1, 3);
  assert_told (office, 1, "opened alert-fired alert-resolved alerts-ended alert-fired alert-resolved alerts-ended alert-fired alert-flapping");
  flap (office, 5, 4);
  reopen_office (office);
  flap (office, 10, 2);
  assert_told (office, 1, "opened alert-fired alert-resolved alerts-ended alert-fired alert-resolved alerts-ended alert-fired alert-flapping");
}

static void
test_the_end_of_what_flapped_is_told_once_it_is_quiet (void **state)
{
  Office *office = *state;

  rule (office, "\"route\":{" FLAP "}");
  advance (office, 30 * MINUTE);
  flap (office, 1, 4);
  reopen_office (office);
  /* Eight changes, of which one is left after three half-lives. */
  assert_true (settle (office) == START + 60 * MINUTE);
  settle_after (office, 30 * MINUTE - 1);
  assert_last_fact (office, 1, "alert-key", "shop/disk@3");
  settle_after (office, 1);
  assert_told (office, 1, "opened alert-fired alert-resolved alerts-ended alert-fired alert-resolved alerts-ended alert-fired "
                           "alert-flapping alert-resolved alerts-ended");
  settle_after (office, 2 * G_TIME_SPAN_DAY);
  reopen_office (office);
  settle (office);
  assert_int_equal (incident_store_get_size (office->store, NULL), 11);
}

/* Its end is not told just to be taken back. */
static void
test_what_flapped_and_was_given_up_goes_on_if_it_is_repeated (void **state)
{
  static const char told[] = "opened alert-fired alert-resolved alerts-ended alert-fired alert-resolved alerts-ended alert-fired "
                             "alert-flapping";
  Office *office = *state;

  rule (office, "\"route\":{" FLAP "}");
  advance (office, 30 * MINUTE);
  flap_as (office, "quick", 1, 2);
  say_as (office, "quick", "firing disk run=3", "joined:1");
  settle_after (office, 10 * MINUTE);
  reopen_office (office);
  assert_told (office, 1, told);
  advance (office, 60 * MINUTE);
  say_as (office, "quick", "firing disk run=3", "repeated:1");
  assert_told (office, 1, told);
  say_as (office, "quick", "resolved disk run=3", "resolved:1");
  settle_after (office, 60 * MINUTE);
  assert_last_fact (office, 1, "alert", NULL);
  assert_int_equal (incident_store_get_size (office->store, NULL), 11);
}

int
main (void)
{
  const struct CMUnitTest tests[] = {
    both (test_an_episode_is_told_once),
    both (test_what_began_later_is_another_episode),
    both (test_two_episodes_are_read_again_as_one_alert),
    both (test_the_end_of_an_earlier_episode_ends_no_later_one),
    both (test_an_end_that_was_lost_makes_one_of_two_episodes),
    both (test_an_episode_that_ended_before_it_was_heard_of_opens_nothing),
    both (test_an_acknowledgement_lasts_until_the_end),
    both (test_what_its_sender_holds_back_is_told_when_it_no_longer_does),
    office_test (test_what_says_nothing_of_right_or_wrong_is_noted),
    both (test_what_is_not_repeated_ends_by_timeout),
    both (test_a_timeout_is_still_waited_for_once_a_wait_is_over),
    both (test_what_was_given_up_fires_again_if_its_sender_says_so),
    both (test_an_end_that_was_only_foretold_is_taken_back),
    both (test_an_end_that_comes_late_is_not_that_of_what_was_given_up),
    both (test_a_message_that_repeats_it_at_the_last_moment_keeps_it),
    both (test_another_desk_knows_of_what_was_repeated),
    both (test_downtime_of_ours_gives_the_whole_time_again),
    both (test_an_alert_must_fire_for_a_while),
    both (test_what_is_told_and_ends_at_once_is_told_both),
    both (test_a_case_is_opened_by_the_sender_of_its_alert),
    both (test_a_sender_without_rights_is_in_nobodys_way),
    both (test_an_alert_must_fire_so_many_times),
    both (test_an_alert_that_flaps_is_told_as_that_alone),
    both (test_the_end_of_what_flapped_is_told_once_it_is_quiet),
    both (test_what_flapped_and_was_given_up_goes_on_if_it_is_repeated),
  };

  return cmocka_run_group_tests (tests, NULL, NULL);
}
