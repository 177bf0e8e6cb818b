/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "incident-test.h"

#include <locale.h>
#include <string.h>
#include <time.h>

#include "base/incident-time-private.h"

static gint64
parse (const char *string)
{
  g_autoptr(GError) error = NULL;
  gint64 time = INCIDENT_TIME_NONE;

  assert_true (incident_time_from_string (string, &time, &error) || error != NULL);
  assert_no_error (error);
  return time;
}

static void
assert_refused (const char *string,
                const char *message)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(GError) twin = NULL;
  gint64 time = 42;

  if (incident_time_from_string (string, &time, &error))
    fail_msg ("taken: %s", string);
  assert_error (error, INCIDENT_ERROR, INCIDENT_ERROR_INVALID);
  assert_string_equal (error->message, message);
  assert_true (time == 42);
  assert_null (incident_time_normalize (string, &twin));
  assert_error (twin, INCIDENT_ERROR, INCIDENT_ERROR_INVALID);
  assert_string_equal (twin->message, message);
}

static void
assert_written (gint64      time,
                const char *expected)
{
  g_autofree char *string = incident_time_to_string (time);

  assert_string_equal (string, expected);
}

static void
assert_normal (const char *string,
               const char *expected)
{
  g_autoptr(GError) error = NULL;
  g_autofree char *normal = incident_time_normalize (string, &error);

  assert_no_error (error);
  assert_string_equal (normal, expected);
}

/* RFC 3339, section 5.8; the numbers by Python's datetime. */
static void
test_the_examples_of_rfc_3339_are_read (void **state)
{
  assert_true (parse ("1985-04-12T23:20:50.52Z") == 482196050520000);
  assert_true (parse ("1996-12-19T16:39:57-08:00") == 851042397000000);
  assert_true (parse ("1996-12-19T16:39:57-08:00") == parse ("1996-12-20T00:39:57Z"));
  assert_true (parse ("1937-01-01T12:00:27.87+00:20") == -1041337172130000);
}

static void
test_the_leap_seconds_of_rfc_3339_are_refused_by_name (void **state)
{
  assert_refused ("1990-12-31T23:59:60Z",
                  "“1990-12-31T23:59:60Z” is not a time: a leap second has no microsecond of its own: "
                  "write the second before it; write it as 2026-11-23T07:00:00Z (RFC 3339)");
  assert_refused ("1990-12-31T15:59:60-08:00",
                  "“1990-12-31T15:59:60-08:00” is not a time: a leap second has no microsecond of its own: "
                  "write the second before it; write it as 2026-11-23T07:00:00Z (RFC 3339)");
}

static void
test_small_letters_are_read_too (void **state)
{
  assert_true (parse ("2026-11-23t07:00:00z") == parse ("2026-11-23T07:00:00Z"));
}

static void
test_an_unknown_local_offset_is_utc (void **state)
{
  assert_true (parse ("2026-11-23T07:00:00-00:00") == parse ("2026-11-23T07:00:00Z"));
}

static void
test_the_epoch_and_both_ends_of_the_range (void **state)
{
  assert_true (parse ("1970-01-01T00:00:00Z") == 0);
  assert_true (parse ("0001-01-01T00:00:00Z") == INCIDENT_TIME_MIN);
  assert_true (parse ("9999-12-31T23:59:59.999999Z") == INCIDENT_TIME_MAX);
  assert_true (parse ("9999-12-31T23:59:59.9999999999Z") == INCIDENT_TIME_MAX);
  assert_written (0, "1970-01-01T00:00:00.000000Z");
  assert_written (-1, "1969-12-31T23:59:59.999999Z");
  assert_written (INCIDENT_TIME_MIN, "0001-01-01T00:00:00.000000Z");
  assert_written (INCIDENT_TIME_MAX, "9999-12-31T23:59:59.999999Z");
}

static void
test_what_an_offset_shifts_out_of_the_range_is_refused (void **state)
{
  assert_true (parse ("0001-01-01T00:00:00-00:01") == INCIDENT_TIME_MIN + 60 * G_USEC_PER_SEC);
  assert_refused ("0001-01-01T00:00:00+00:01", "“0001-01-01T00:00:00+00:01” is not a time: in UTC it is not of the years "
                                               "0001 to 9999; write it as 2026-11-23T07:00:00Z (RFC 3339)");
  assert_refused ("9999-12-31T23:59:59-00:01", "“9999-12-31T23:59:59-00:01” is not a time: in UTC it is not of the years "
                                               "0001 to 9999; write it as 2026-11-23T07:00:00Z (RFC 3339)");
}

static void
test_digits_finer_than_a_microsecond_are_cut_toward_the_past (void **state)
{
  assert_true (parse ("1970-01-01T00:00:00.0000019Z") == 1);
  assert_true (parse ("1969-12-31T23:59:59.9999989Z") == -2);
  assert_true (parse ("1970-01-01T00:00:00.1Z") == 100000);
  assert_true (parse ("1970-01-01T00:00:00.12345678901234567890123456789012Z") == 123456);
}

static void
test_leap_days_are_those_of_the_calendar (void **state)
{
  static const char *const good[] = { "0004-02-29", "1600-02-29", "2000-02-29", "2024-02-29" };
  static const char *const bad[] = { "0001-02-29", "1900-02-29", "2100-02-29", "2023-02-29", "2024-02-30" };

  for (gsize i = 0; i < G_N_ELEMENTS (good); i++)
    {
      g_autofree char *string = g_strconcat (good[i], "T00:00:00Z", NULL);

      parse (string);
    }
  for (gsize i = 0; i < G_N_ELEMENTS (bad); i++)
    {
      g_autofree char *string = g_strconcat (bad[i], "T00:00:00Z", NULL);
      g_autofree char *message = g_strdup_printf ("“%s” is not a time: the month has no such day; "
                                                  "write it as 2026-11-23T07:00:00Z (RFC 3339)", string);

      assert_refused (string, message);
    }
}

/* Every day of the range, against GLib's calendar where it goes that far. */
static void
test_days_follow_each_other_as_in_the_calendar_of_glib (void **state)
{
  g_autoptr(GDate) date = g_date_new_dmy (1, G_DATE_JANUARY, 1);
  gint64 day = parse ("0001-01-01T00:00:00Z");

  while (g_date_get_year (date) < 9999)
    {
      char expected[32];
      char written[INCIDENT_TIME_LENGTH];

      g_snprintf (expected, sizeof expected, "%04d-%02d-%02dT00:00:00.000000Z", g_date_get_year (date),
                  g_date_get_month (date), g_date_get_day (date));
      incident_time_write (day, written);
      if (strcmp (written, expected) != 0 || parse (expected) != day)
        fail_msg ("%s, not %s", written, expected);
      g_date_add_days (date, 1);
      day += G_TIME_SPAN_DAY;
    }
}

static void
test_each_wrong_part_is_named (void **state)
{
  static const struct
  {
    const char *string;
    const char *fault;
  } cases[] = {
    { "", "the year must have four digits" },
    { "now", "the year must have four digits" },
    { "26-11-23T07:00:00Z", "the year must have four digits" },
    { "+2026-11-23T07:00:00Z", "the year must have four digits" },
    { " 2026-11-23T07:00:00Z", "the year must have four digits" },
    { "12026-11-23T07:00:00Z", "“-” must follow the year" },
    { "20261123T070000Z", "“-” must follow the year" },
    { "2026-W48-1T07:00:00Z", "the month must have two digits" },
    { "2026-1-23T07:00:00Z", "the month must have two digits" },
    { "2026-00-23T07:00:00Z", "the month must be 01 to 12" },
    { "2026-13-23T07:00:00Z", "the month must be 01 to 12" },
    { "2026-1123", "“-” must follow the month" },
    { "2026-327T07:00:00Z", "the month must be 01 to 12" },
    { "2026-11-3T07:00:00Z", "the day must have two digits" },
    { "2026-11-00T07:00:00Z", "the month has no such day" },
    { "2026-11-31T07:00:00Z", "the month has no such day" },
    { "2026-12-32T07:00:00Z", "the month has no such day" },
    { "2026-11-23", "“T” and the time of day must follow the date" },
    { "2026-11-23 07:00:00Z", "“T” and the time of day must follow the date" },
    { "2026-11-23T7:00:00Z", "the hour must have two digits" },
    { "2026-11-23T24:00:00Z", "the hour must be 00 to 23" },
    { "2026-11-23T0700Z", "“:” must follow the hour" },
    { "2026-11-23T07:0:00Z", "the minute must have two digits" },
    { "2026-11-23T07:60:00Z", "the minute must be 00 to 59" },
    { "2026-11-23T07:00Z", "“:” and the second must follow the minute" },
    { "2026-11-23T07:00:0Z", "the second must have two digits" },
    { "2026-11-23T07:00:61Z", "the second must be 00 to 59" },
    { "2026-11-23T07:00:00.Z", "a digit must follow the point" },
    { "2026-11-23T07:00:00,5Z", "“Z” or an offset such as “+01:00” must follow the second" },
    { "2026-11-23T07:00:00.123456789012345678901234567890123Z", "the fraction of a second can have 32 digits" },
    { "2026-11-23T07:00:00", "“Z” or an offset such as “+01:00” must follow the second" },
    { "2026-11-23T07:00:00 Z", "“Z” or an offset such as “+01:00” must follow the second" },
    { "2026-11-23T07:00:00UTC", "“Z” or an offset such as “+01:00” must follow the second" },
    { "2026-11-23T07:00:00\u221201:00", "“Z” or an offset such as “+01:00” must follow the second" },
    { "2026-11-23T07:00:00+1:00", "the hours of the offset must have two digits" },
    { "2026-11-23T07:00:00+24:00", "the hours of the offset must be 00 to 23" },
    { "2026-11-23T07:00:00+01", "“:” and minutes must follow the hours of the offset" },
    { "2026-11-23T07:00:00+0100", "“:” and minutes must follow the hours of the offset" },
    { "2026-11-23T07:00:00+01:0", "the minutes of the offset must have two digits" },
    { "2026-11-23T07:00:00+01:60", "the minutes of the offset must be 00 to 59" },
    { "2026-11-23T07:00:00Z ", "nothing must follow the time" },
    { "2026-11-23T07:00:00+01:000", "nothing must follow the time" },
    { "2026-11-23T07:00:00ZZ", "nothing must follow the time" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *message = g_strdup_printf ("“%s” is not a time: %s; write it as 2026-11-23T07:00:00Z (RFC 3339)",
                                                  cases[i].string, cases[i].fault);

      assert_refused (cases[i].string, message);
    }
}

static void
test_truncation_at_every_byte_is_refused (void **state)
{
  static const char whole[] = "2026-11-23T07:00:00.123+01:00";

  parse (whole);
  for (gsize length = 0; length < strlen (whole); length++)
    {
      g_autofree char *cut = g_strndup (whole, length);
      gint64 time;

      assert_false (incident_time_from_string (cut, &time, NULL));
    }
}

static void
test_hostile_text_is_quoted_safe_and_short (void **state)
{
  g_autofree char *tail = g_strnfill (10000, 'x');
  g_autofree char *string = g_strconcat ("\x1b[2J\n\xff", tail, NULL);
  g_autoptr(GError) error = NULL;
  gint64 time;

  assert_false (incident_time_from_string (string, &time, &error));
  assert_true (g_str_has_prefix (error->message, "“\\u{1b}[2J\\n\\xffxxx"));
  assert_non_null (strstr (error->message, "xxx…” is not a time: "));
  assert_true (strlen (error->message) < 300);
}

static void
test_normal_form_keeps_every_digit_that_counts (void **state)
{
  assert_normal ("2026-11-23T06:14:46.154098614Z", "2026-11-23T06:14:46.154098614Z");
  assert_normal ("2026-11-23t07:14:46.154098614000+01:00", "2026-11-23T06:14:46.154098614Z");
  assert_normal ("2026-11-23T06:14:46Z", "2026-11-23T06:14:46Z");
  assert_normal ("2026-11-23T06:14:46.000z", "2026-11-23T06:14:46Z");
  assert_normal ("2026-11-23T06:14:46.100Z", "2026-11-23T06:14:46.1Z");
  assert_normal ("0001-01-01T00:00:00.00000000000000000000000000000001Z",
                 "0001-01-01T00:00:00.00000000000000000000000000000001Z");
  assert_normal ("9999-12-31T23:59:59.9999999999Z", "9999-12-31T23:59:59.9999999999Z");
  assert_normal ("2024-03-01T00:30:00+01:00", "2024-02-29T23:30:00Z");
  assert_normal ("2026-12-31T23:30:00-01:00", "2027-01-01T00:30:00Z");
}

static void
test_what_is_written_is_read_back_equal_and_sorts_as_text (void **state)
{
  g_autoptr(GRand) random = g_rand_new_with_seed (3339);
  char last[INCIDENT_TIME_LENGTH] = "";
  gint64 last_time = INCIDENT_TIME_MIN;

  for (guint i = 0; i < 100000; i++)
    {
      gint64 time = (gint64) g_rand_double_range (random, (double) INCIDENT_TIME_MIN, (double) INCIDENT_TIME_MAX);
      char written[INCIDENT_TIME_LENGTH];

      incident_time_write (time, written);
      if (parse (written) != time || (last[0] != '\0' && (strcmp (last, written) < 0) != (last_time < time)))
        fail_msg ("%s", written);
      memcpy (last, written, sizeof last);
      last_time = time;
    }
}

static void
assert_local (gint64      time,
              const char *expected)
{
  g_autofree char *string = incident_time_to_local_string (time);

  assert_string_equal (string, expected);
}

static void
set_zone (const char *zone)
{
  g_setenv ("TZ", zone, TRUE);
  tzset ();
}

static void
test_local_time_has_its_offset (void **state)
{
  set_zone ("Europe/Berlin");
  assert_local (parse ("2026-11-23T07:00:00.999999Z"), "2026-11-23 08:00:00 +01:00");
  assert_local (parse ("2026-07-01T07:00:00Z"), "2026-07-01 09:00:00 +02:00");
  /* Clocks are put back: one wall time twice, told apart by the offset. */
  assert_local (parse ("2026-10-25T00:30:00Z"), "2026-10-25 02:30:00 +02:00");
  assert_local (parse ("2026-10-25T01:30:00Z"), "2026-10-25 02:30:00 +01:00");
  set_zone ("America/St_Johns");
  assert_local (parse ("2026-01-01T00:00:00Z"), "2025-12-31 20:30:00 -03:30");
  set_zone ("UTC");
  assert_local (-1, "1969-12-31 23:59:59 +00:00");
}

static void
test_local_time_at_the_ends_of_the_calendar_is_utc (void **state)
{
  set_zone ("America/St_Johns");
  assert_local (INCIDENT_TIME_MIN, "0001-01-01 00:00:00 +00:00");
  set_zone ("Europe/Berlin");
  assert_local (INCIDENT_TIME_MAX, "9999-12-31 23:59:59 +00:00");
  set_zone ("UTC");
}

static void
test_the_locale_does_not_matter (void **state)
{
  g_autofree char *before = g_strdup (setlocale (LC_ALL, NULL));
  g_autofree char *string = NULL;
  g_autofree char *local = NULL;
  gint64 time;

  set_zone ("UTC");
  setlocale (LC_ALL, "de_DE.UTF-8");
  time = parse ("2026-03-01T07:00:00.5Z");
  string = incident_time_to_string (time);
  local = incident_time_to_local_string (time);
  setlocale (LC_ALL, before);

  assert_string_equal (string, "2026-03-01T07:00:00.500000Z");
  assert_string_equal (local, "2026-03-01 07:00:00 +00:00");
}

static void
test_no_time_is_a_criticised_mistake (void **state)
{
  g_test_expect_message ("Incident", G_LOG_LEVEL_CRITICAL, "*incident_time_to_string*INCIDENT_TIME_MIN*");
  assert_null (incident_time_to_string (INCIDENT_TIME_NONE));
  g_test_assert_expected_messages ();
  g_test_expect_message ("Incident", G_LOG_LEVEL_CRITICAL, "*incident_time_to_local_string*INCIDENT_TIME_MAX*");
  assert_null (incident_time_to_local_string (G_MAXINT64));
  g_test_assert_expected_messages ();
}

int
main (void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test (test_the_examples_of_rfc_3339_are_read),
    cmocka_unit_test (test_the_leap_seconds_of_rfc_3339_are_refused_by_name),
    cmocka_unit_test (test_small_letters_are_read_too),
    cmocka_unit_test (test_an_unknown_local_offset_is_utc),
    cmocka_unit_test (test_the_epoch_and_both_ends_of_the_range),
    cmocka_unit_test (test_what_an_offset_shifts_out_of_the_range_is_refused),
    cmocka_unit_test (test_digits_finer_than_a_microsecond_are_cut_toward_the_past),
    cmocka_unit_test (test_leap_days_are_those_of_the_calendar),
    cmocka_unit_test (test_days_follow_each_other_as_in_the_calendar_of_glib),
    cmocka_unit_test (test_each_wrong_part_is_named),
    cmocka_unit_test (test_truncation_at_every_byte_is_refused),
    cmocka_unit_test (test_hostile_text_is_quoted_safe_and_short),
    cmocka_unit_test (test_normal_form_keeps_every_digit_that_counts),
    cmocka_unit_test (test_what_is_written_is_read_back_equal_and_sorts_as_text),
    cmocka_unit_test (test_local_time_has_its_offset),
    cmocka_unit_test (test_local_time_at_the_ends_of_the_calendar_is_utc),
    cmocka_unit_test (test_the_locale_does_not_matter),
    cmocka_unit_test (test_no_time_is_a_criticised_mistake),
  };

  return cmocka_run_group_tests (tests, NULL, NULL);
}
