/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "incident-test.h"

#include <string.h>

#include "comms/incident-breaker-private.h"

#define NOW    G_GINT64_CONSTANT (1795417200000000)
#define SECOND G_TIME_SPAN_SECOND

static int
breaker_open (void **state)
{
  IncidentBreaker *breaker = g_new0 (IncidentBreaker, 1);

  incident_breaker_init (breaker, "chat");
  *state = breaker;
  return 0;
}

static int
breaker_close (void **state)
{
  incident_breaker_clear (*state);
  g_free (*state);
  return 0;
}

static gboolean
fail_times (IncidentBreaker *breaker, guint n)
{
  gboolean changed = FALSE;

  while (n-- > 0)
    changed = incident_breaker_note (breaker, INCIDENT_OUTCOME_RETRY, NOW);
  return changed;
}

static gboolean
fail_probe (IncidentBreaker *breaker)
{
  return incident_breaker_note (breaker, INCIDENT_OUTCOME_RETRY, incident_breaker_get_ready (breaker));
}

static void
test_five_failures_in_a_row_open_it_for_thirty_seconds (void **state)
{
  IncidentBreaker *breaker = *state;

  assert_false (fail_times (breaker, 4));
  assert_false (incident_breaker_is_down (breaker));
  assert_true (fail_times (breaker, 1));
  assert_true (incident_breaker_is_down (breaker));
  assert_int_equal (incident_breaker_get_ready (breaker), NOW + 30 * SECOND);
}

static void
test_each_failed_probe_doubles_the_time_up_to_five_minutes (void **state)
{
  static const gint64 seconds[] = { 60, 120, 240, 300, 300 };
  IncidentBreaker *breaker = *state;

  fail_times (breaker, 5);
  for (guint i = 0; i < G_N_ELEMENTS (seconds); i++)
    {
      gint64 probed_at = incident_breaker_get_ready (breaker);

      assert_false (fail_probe (breaker));
      assert_int_equal (incident_breaker_get_ready (breaker), probed_at + seconds[i] * SECOND);
    }
}

static void
test_what_was_on_its_way_when_it_opened_keeps_it_open_no_longer (void **state)
{
  IncidentBreaker *breaker = *state;

  fail_times (breaker, 8);
  assert_int_equal (incident_breaker_get_ready (breaker), NOW + 30 * SECOND);
  fail_probe (breaker);
  assert_int_equal (incident_breaker_get_ready (breaker), NOW + 90 * SECOND);
}

static void
test_half_of_twenty_open_it_too (void **state)
{
  IncidentBreaker *breaker = *state;

  for (guint i = 0; i < 20 && !incident_breaker_is_down (breaker); i++)
    incident_breaker_note (breaker, i % 2 == 0 ? INCIDENT_OUTCOME_UNSURE : INCIDENT_OUTCOME_SENT, NOW);
  /* The twentieth was sent; the next that fails tips it. */
  assert_false (incident_breaker_is_down (breaker));
  assert_true (fail_times (breaker, 1));
}

static void
test_one_that_gets_through_closes_it_and_forgets (void **state)
{
  IncidentBreaker *breaker = *state;

  fail_times (breaker, 7);
  assert_true (incident_breaker_note (breaker, INCIDENT_OUTCOME_SENT, NOW));
  assert_false (incident_breaker_is_down (breaker));
  assert_false (fail_times (breaker, 4));
  assert_true (fail_times (breaker, 1));
  assert_int_equal (incident_breaker_get_ready (breaker), NOW + 30 * SECOND);
}

static void
test_patience_and_refusals_are_no_failures (void **state)
{
  IncidentBreaker *breaker = *state;

  for (guint i = 0; i < 30; i++)
    {
      assert_false (incident_breaker_note (breaker, INCIDENT_OUTCOME_WAIT, NOW));
      assert_false (incident_breaker_note (breaker, INCIDENT_OUTCOME_REFUSED, NOW));
    }
  assert_false (incident_breaker_is_down (breaker));
}

static void
test_what_only_a_person_can_mend_waits_until_it_is_loaded_anew (void **state)
{
  IncidentBreaker *breaker = *state;

  assert_true (incident_breaker_note (breaker, INCIDENT_OUTCOME_CLOSED, NOW));
  assert_true (incident_breaker_get_ready (breaker) == G_MAXINT64);
  incident_breaker_reload (breaker, NOW + SECOND);
  assert_int_equal (incident_breaker_get_ready (breaker), NOW + SECOND);
  assert_true (incident_breaker_is_down (breaker));
}

static void
test_what_was_on_its_way_does_not_open_a_closed_channel (void **state)
{
  IncidentBreaker *breaker = *state;

  incident_breaker_note (breaker, INCIDENT_OUTCOME_CLOSED, NOW);
  assert_false (incident_breaker_note (breaker, INCIDENT_OUTCOME_SENT, NOW));
  assert_false (incident_breaker_note (breaker, INCIDENT_OUTCOME_REFUSED, NOW));
  assert_true (incident_breaker_is_down (breaker));
  incident_breaker_reload (breaker, NOW);
  assert_true (incident_breaker_note (breaker, INCIDENT_OUTCOME_SENT, NOW));
}

static void
test_what_is_known_survives_in_the_store (void **state)
{
  IncidentBreaker *breaker = *state;
  g_auto(IncidentBreaker) other = { NULL, };
  g_autoptr(IncidentChannelState) written = NULL;

  fail_times (breaker, 6);
  incident_breaker_pause (breaker, NOW + 90 * SECOND);
  written = incident_breaker_write (breaker);
  assert_string_equal (written->channel, "chat");
  written->version = 3;
  incident_breaker_init (&other, "chat");
  incident_breaker_read (&other, written);
  assert_true (incident_breaker_is_down (&other));
  assert_int_equal (incident_breaker_get_ready (&other), NOW + 90 * SECOND);
  assert_int_equal (other.version, 3);
  assert_int_equal (other.n_failed, 6);
}

/* Delays */

static void
test_delays_are_drawn_from_all_of_a_span_that_doubles_up_to_a_minute (void **state)
{
  g_autoptr(IncidentClock) clock = incident_manual_clock_new (NOW, 7);
  g_autoptr(IncidentOutboxRow) row = incident_outbox_row_new ();

  for (row->attempts = 1; row->attempts < 12; row->attempts++)
    {
      gint64 most = MIN (60 * SECOND, SECOND << row->attempts);
      gint64 least_drawn = G_MAXINT64;
      gint64 most_drawn = 0;

      for (guint i = 0; i < 500; i++)
        {
          gint64 delay = incident_retry_get_delay (row, 0, clock);

          least_drawn = MIN (least_drawn, delay);
          most_drawn = MAX (most_drawn, delay);
        }
      assert_true (least_drawn >= 0 && least_drawn < most / 20);
      assert_true (most_drawn < most && most_drawn > most - most / 20);
    }
}

static void
test_what_the_far_side_asks_for_is_a_floor (void **state)
{
  g_autoptr(IncidentClock) clock = incident_manual_clock_new (NOW, 7);
  g_autoptr(IncidentOutboxRow) row = incident_outbox_row_new ();

  row->attempts = 1;
  for (guint i = 0; i < 200; i++)
    {
      gint64 delay = incident_retry_get_delay (row, 30 * SECOND, clock);

      assert_true (delay >= 30 * SECOND && delay < 31 * SECOND);
    }
}

static void
test_nobody_is_waited_for_for_ever (void **state)
{
  g_autoptr(IncidentClock) clock = incident_manual_clock_new (NOW, 7);
  g_autoptr(IncidentOutboxRow) row = incident_outbox_row_new ();
  gint64 delay = incident_retry_get_delay (row, G_MAXINT64, clock);

  assert_true (delay >= G_TIME_SPAN_DAY && delay < G_TIME_SPAN_DAY + SECOND);
}

/* “Immediately, 5 s, 5 min, 30 min, 2 h, 5 h, 10 h, 14 h, 20 h, 24 h”: the example of Standard Webhooks. */
static void
test_webhooks_are_tried_as_their_standard_says (void **state)
{
  static const gint64 seconds[] = { 5, 300, 1800, 7200, 18000, 36000, 50400, 72000, 86400 };
  g_autoptr(IncidentClock) clock = incident_manual_clock_new (NOW, 7);
  g_autoptr(IncidentOutboxRow) row = incident_outbox_row_new ();

  row->kind = INCIDENT_MESSAGE_KIND_EVENT;
  for (guint i = 0; i < G_N_ELEMENTS (seconds); i++)
    {
      gint64 delay;

      row->attempts = i + 1;
      delay = incident_retry_get_delay (row, 0, clock);
      assert_true (delay >= seconds[i] * SECOND && delay < seconds[i] * SECOND * 11 / 10);
    }
}

static void
test_the_last_twenty_attempts_are_kept (void **state)
{
  char *log = NULL;

  for (guint i = 0; i < 25; i++)
    {
      g_autofree char *before = log;
      g_autofree char *detail = g_strdup_printf ("try “%u”", i);

      log = incident_retry_log (before, NOW + i, i == 24 ? "absent" : "retry", detail);
    }
  assert_null (strstr (log, "try “4”"));
  assert_non_null (strstr (log, "try “5”"));
  assert_true (incident_retry_log_ends_with (log, "absent"));
  assert_false (incident_retry_log_ends_with (log, "retry"));
  assert_false (incident_retry_log_ends_with (NULL, "retry"));
  g_free (log);
}

#define breaker_test(function) cmocka_unit_test_setup_teardown (function, breaker_open, breaker_close)

int
main (void)
{
  const struct CMUnitTest tests[] = {
    breaker_test (test_five_failures_in_a_row_open_it_for_thirty_seconds),
    breaker_test (test_each_failed_probe_doubles_the_time_up_to_five_minutes),
    breaker_test (test_what_was_on_its_way_when_it_opened_keeps_it_open_no_longer),
    breaker_test (test_half_of_twenty_open_it_too),
    breaker_test (test_one_that_gets_through_closes_it_and_forgets),
    breaker_test (test_patience_and_refusals_are_no_failures),
    breaker_test (test_what_only_a_person_can_mend_waits_until_it_is_loaded_anew),
    breaker_test (test_what_was_on_its_way_does_not_open_a_closed_channel),
    breaker_test (test_what_is_known_survives_in_the_store),
    cmocka_unit_test (test_delays_are_drawn_from_all_of_a_span_that_doubles_up_to_a_minute),
    cmocka_unit_test (test_what_the_far_side_asks_for_is_a_floor),
    cmocka_unit_test (test_nobody_is_waited_for_for_ever),
    cmocka_unit_test (test_webhooks_are_tried_as_their_standard_says),
    cmocka_unit_test (test_the_last_twenty_attempts_are_kept),
  };

  return cmocka_run_group_tests (tests, NULL, NULL);
}
