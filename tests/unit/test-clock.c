/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "incident-test.h"

#include <string.h>

#define START G_GINT64_CONSTANT (1795417200000000) /* 2026-11-23T07:00:00Z */

static char *
draw (IncidentClock *clock, gsize length)
{
  g_autoptr(GBytes) bytes = incident_clock_random_bytes (clock, length);
  GString *hex = g_string_new (NULL);

  assert_int_equal (g_bytes_get_size (bytes), length);
  for (gsize i = 0; i < length; i++)
    g_string_append_printf (hex, "%02x", ((const guint8 *) g_bytes_get_data (bytes, NULL))[i]);
  return g_string_free (hex, FALSE);
}

static void
test_a_manual_clock_stands_still (void **state)
{
  g_autoptr(IncidentClock) clock = incident_manual_clock_new (START, 1);

  assert_true (incident_clock_get_time (clock) == START);
  assert_true (incident_clock_get_boot_time (clock) == 0);
  assert_true (incident_clock_get_time (clock) == START);
  assert_true (incident_clock_get_boot_time (clock) == 0);
}

static void
test_advancing_moves_the_wall_and_the_boot_time (void **state)
{
  g_autoptr(IncidentClock) clock = incident_manual_clock_new (START, 1);

  incident_manual_clock_advance (INCIDENT_MANUAL_CLOCK (clock), 90 * G_USEC_PER_SEC);
  incident_manual_clock_advance (INCIDENT_MANUAL_CLOCK (clock), 1);
  assert_true (incident_clock_get_time (clock) == START + 90 * G_USEC_PER_SEC + 1);
  assert_true (incident_clock_get_boot_time (clock) == 90 * G_USEC_PER_SEC + 1);
}

static void
test_a_jump_of_the_wall_clock_leaves_the_boot_time (void **state)
{
  g_autoptr(IncidentClock) clock = incident_manual_clock_new (START, 1);

  incident_manual_clock_advance (INCIDENT_MANUAL_CLOCK (clock), 5);
  incident_manual_clock_set_time (INCIDENT_MANUAL_CLOCK (clock), START - G_TIME_SPAN_DAY);
  assert_true (incident_clock_get_time (clock) == START - G_TIME_SPAN_DAY);
  assert_true (incident_clock_get_boot_time (clock) == 5);
  incident_manual_clock_advance (INCIDENT_MANUAL_CLOCK (clock), 2);
  assert_true (incident_clock_get_time (clock) == START - G_TIME_SPAN_DAY + 2);
  assert_true (incident_clock_get_boot_time (clock) == 7);
}

static void
test_the_same_seed_draws_the_same_bytes (void **state)
{
  g_autoptr(IncidentClock) one = incident_manual_clock_new (START, 42);
  g_autoptr(IncidentClock) two = incident_manual_clock_new (START + 1, 42);

  for (gsize length = 1; length <= 256; length += 17)
    {
      g_autofree char *first = draw (one, length);
      g_autofree char *second = draw (two, length);

      assert_string_equal (first, second);
    }
}

static void
test_another_seed_draws_other_bytes (void **state)
{
  g_autoptr(IncidentClock) one = incident_manual_clock_new (START, 1);
  g_autoptr(IncidentClock) two = incident_manual_clock_new (START, 2);
  g_autofree char *first = draw (one, 32);
  g_autofree char *second = draw (two, 32);
  g_autofree char *boot_one = incident_clock_dup_boot_id (one);
  g_autofree char *boot_two = incident_clock_dup_boot_id (two);

  assert_string_not_equal (first, second);
  assert_string_equal (boot_one, "manual-0000000000000001");
  assert_string_equal (boot_two, "manual-0000000000000002");
}

/* The blocks are SHA-256 (seed ‖ i), both as eight bytes, big-endian: in Python
 * hashlib.sha256 (struct.pack (">QQ", 7, i)).hexdigest (). */
static void
test_chance_is_sha_256_in_counter_mode (void **state)
{
  g_autoptr(IncidentClock) clock = incident_manual_clock_new (START, 7);
  g_autofree char *two_blocks = draw (clock, 40);
  g_autofree char *next = draw (clock, 32);

  assert_string_equal (two_blocks, "e8dd943d366caae7beb706c6ae668eff0a257fc56edc27d7b2fa1c31bdf2eec1"
                                   "4ff190b4c2c573ec");
  assert_string_equal (next, "8d91efc5106ff3a3dc7e5449c4bbe05a8f5affc9f0f711ac2b1f3451159251a8");
}

static void
test_the_system_clock_tells_the_time_of_the_machine (void **state)
{
  g_autoptr(IncidentClock) clock = incident_system_clock_new ();
  gint64 before = g_get_real_time ();
  gint64 time = incident_clock_get_time (clock);
  gint64 boot = incident_clock_get_boot_time (clock);

  assert_true (before <= time && time <= g_get_real_time ());
  assert_true (boot > 0 && incident_clock_get_boot_time (clock) >= boot);
}

static void
test_the_system_clock_draws_as_many_bytes_as_wanted (void **state)
{
  static const gsize lengths[] = { 1, 16, 32, 255, 256 };
  g_autoptr(IncidentClock) clock = incident_system_clock_new ();
  g_autofree char *first = draw (clock, 32);
  g_autofree char *second = draw (clock, 32);

  for (guint i = 0; i < G_N_ELEMENTS (lengths); i++)
    g_free (draw (clock, lengths[i]));
  assert_string_not_equal (first, second);
}

static void
test_a_boot_has_one_id (void **state)
{
  g_autoptr(IncidentClock) one = incident_system_clock_new ();
  g_autoptr(IncidentClock) two = incident_system_clock_new ();
  g_autofree char *first = incident_clock_dup_boot_id (one);
  g_autofree char *second = incident_clock_dup_boot_id (two);

  assert_true (*first != '\0');
  assert_null (strpbrk (first, " \n"));
  assert_string_equal (first, second);
}

int
main (void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test (test_a_manual_clock_stands_still),
    cmocka_unit_test (test_advancing_moves_the_wall_and_the_boot_time),
    cmocka_unit_test (test_a_jump_of_the_wall_clock_leaves_the_boot_time),
    cmocka_unit_test (test_the_same_seed_draws_the_same_bytes),
    cmocka_unit_test (test_another_seed_draws_other_bytes),
    cmocka_unit_test (test_chance_is_sha_256_in_counter_mode),
    cmocka_unit_test (test_the_system_clock_tells_the_time_of_the_machine),
    cmocka_unit_test (test_the_system_clock_draws_as_many_bytes_as_wanted),
    cmocka_unit_test (test_a_boot_has_one_id),
  };

  return cmocka_run_group_tests (tests, NULL, NULL);
}
