/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "playbook-test.h"

#include <string.h>

#include "oncall/incident-schedule-private.h"

/* Calendars through the desk, in and out, and pictures of what comes of them. START is Monday 2026-11-23, 08:00 in
 * Madrid. */

#define LAYERS(list) \
  "{\"people\": {\"ana\": {\"contacts\": {\"mail\": \"ana@example.org\"}}, \"bo\": {}, \"cy\": {}, \"visitor\": {}}, " \
  "\"rights\": [{\"person\": \"ana\", \"may\": [\"override\"]}], " \
  "\"schedules\": {\"core\": {\"title\": \"Core <1>, & more\", \"zone\": \"Europe/Madrid\", \"layers\": [" list "]}}}"
#define WEEKLY "{\"name\": \"weekly\", \"people\": [\"ana\", \"bo\"], \"rotation\": {\"start\": \"2026-01-05T09:00\", \"every\": 1, \"unit\": \"week\"}}"
/* On Mondays alone, by day. */
#define SPARSE "{\"name\": \"sparse\", \"people\": [\"cy\"], \"only\": [{\"weekdays\": [\"monday\"], \"from\": \"09:00\", \"until\": \"17:00\"}]}"

#define HOUR G_TIME_SPAN_HOUR
#define DAY  G_TIME_SPAN_DAY

static IncidentSchedule *
get_schedule (Office *office)
{
  g_autoptr(GError) error = NULL;
  IncidentSchedule *schedule = incident_desk_get_schedule (office->desk, "core", &error);

  assert_no_error (error);
  return schedule;
}

static char *
wrap (const char *events)
{
  return g_strconcat ("BEGIN:VCALENDAR\r\nVERSION:2.0\r\n", events, "END:VCALENDAR\r\n", NULL);
}

#define EVENT(start, end, who) "BEGIN:VEVENT\r\nDTSTART:" start "\r\nDTEND:" end "\r\nSUMMARY:" who "\r\nEND:VEVENT\r\n"

static IncidentOverride *
import (Office *office, const char *events, GPtrArray **warnings, GError **error)
{
  g_autofree char *text = wrap (events);

  return incident_desk_import_calendar (office->desk, "core", text, -1, "ana", warnings, error);
}

static void
assert_imported (Office *office, const char *events)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(IncidentOverride) override = import (office, events, NULL, &error);

  assert_no_error (error);
  assert_int_equal (incident_override_get_kind (override), INCIDENT_OVERRIDE_KIND_FEED);
}

static void
assert_on_call (Office *office, gint64 at, const char *expected)
{
  g_autoptr(IncidentSchedule) schedule = get_schedule (office);
  g_auto(GStrv) people = incident_schedule_dup_on_call (schedule, at);
  g_autofree char *all = g_strjoinv ("+", people);

  assert_string_equal (all, expected);
}

static void
test_imported_events_are_shifts_beside_the_layers (void **state)
{
  Office *office = *state;

  rule_by (office, LAYERS (SPARSE));
  assert_imported (office, EVENT ("20261123T060000Z", "20261123T120000Z", "bo") EVENT ("20261123T140000Z", "20261123T150000Z", "[L2] ana@example.org"));
  assert_on_call (office, START + HOUR / 2, "bo");
  assert_on_call (office, START + 2 * HOUR, "cy+bo");
  assert_on_call (office, START + 7 * HOUR + MINUTE, "ana");
}

static void
test_further_import_takes_the_place_of_the_one_before_from_then_on (void **state)
{
  Office *office = *state;

  rule_by (office, LAYERS (SPARSE));
  assert_imported (office, EVENT ("20261123T060000Z", "20261125T060000Z", "bo"));
  incident_manual_clock_advance (INCIDENT_MANUAL_CLOCK (office->clock), 12 * HOUR);
  assert_imported (office, EVENT ("20261124T060000Z", "20261125T060000Z", "ana"));
  assert_on_call (office, START + 11 * HOUR, "bo");
  assert_on_call (office, START + 13 * HOUR, "");
  assert_on_call (office, START + 24 * HOUR, "ana");
}

static void
test_calendar_that_cannot_be_read_changes_nothing (void **state)
{
  Office *office = *state;
  g_autoptr(GError) error = NULL;

  rule_by (office, LAYERS (SPARSE));
  assert_imported (office, EVENT ("20261123T060000Z", "20261125T060000Z", "bo"));
  assert_null (import (office, EVENT ("20261123T060000Z", "never", "ana"), NULL, &error));
  assert_error (error, INCIDENT_ERROR, INCIDENT_ERROR_INVALID);
  assert_string_equal (incident_error_get_where (error), "text");
  assert_on_call (office, START + 24 * HOUR, "bo");
}

static void
test_calendar_without_events_to_come_changes_nothing (void **state)
{
  Office *office = *state;
  g_autoptr(GError) error = NULL;

  rule_by (office, LAYERS (SPARSE));
  assert_imported (office, EVENT ("20261123T060000Z", "20261125T060000Z", "bo"));
  assert_null (import (office, EVENT ("20251123T060000Z", "20251124T060000Z", "ana"), NULL, &error));
  assert_error (error, INCIDENT_ERROR, INCIDENT_ERROR_INVALID);
  assert_on_call (office, START + 24 * HOUR, "bo");
}

/* People have other addresses by now, or it is another calendar: nobody would be on call. */
static void
test_calendar_that_names_nobody_takes_the_place_of_none_that_does (void **state)
{
  Office *office = *state;
  g_autoptr(GError) error = NULL;

  rule_by (office, LAYERS (SPARSE));
  assert_imported (office, EVENT ("20261123T060000Z", "20261125T060000Z", "Somebody"));
  assert_imported (office, EVENT ("20261123T060000Z", "20261125T060000Z", "bo"));
  assert_null (import (office, EVENT ("20261123T060000Z", "20261125T060000Z", "Somebody"), NULL, &error));
  assert_error (error, INCIDENT_ERROR, INCIDENT_ERROR_INVALID);
  assert_string_equal (incident_error_get_where (error), "text");
  assert_on_call (office, START + 24 * HOUR, "bo");
}

static void
test_warnings_come_with_what_was_imported (void **state)
{
  Office *office = *state;
  g_autoptr(GPtrArray) warnings = NULL;
  g_autoptr(GError) error = NULL;
  g_autoptr(IncidentOverride) override = NULL;

  rule_by (office, LAYERS (SPARSE));
  override = import (office, EVENT ("20261124T060000Z", "20261125T060000Z", "Somebody"), &warnings, &error);
  assert_no_error (error);
  assert_non_null (override);
  assert_int_equal (warnings->len, 1);
  assert_non_null (strstr (g_ptr_array_index (warnings, 0), "“Somebody” names nobody of the playbook"));
  assert_on_call (office, START + 24 * HOUR, "");
}

static void
test_who_may_not_override_may_not_import (void **state)
{
  Office *office = *state;
  g_autofree char *text = wrap (EVENT ("20261123T060000Z", "20261125T060000Z", "bo"));
  g_autoptr(GError) error = NULL;

  rule_by (office, LAYERS (SPARSE));
  assert_null (incident_desk_import_calendar (office->desk, "core", text, -1, "visitor", NULL, &error));
  assert_error (error, INCIDENT_ERROR, INCIDENT_ERROR_REFUSED);
}

static void
test_schedule_that_is_not_there_is_told (void **state)
{
  Office *office = *state;
  g_autoptr(GError) error = NULL;

  rule_by (office, LAYERS (SPARSE));
  assert_null (incident_desk_import_calendar (office->desk, "other", "", -1, "ana", NULL, &error));
  assert_error (error, INCIDENT_ERROR, INCIDENT_ERROR_NOT_FOUND);
  assert_string_equal (incident_error_get_where (error), "schedule");
}

/* As many as are read can be kept. */
static void
test_largest_calendar_is_kept (void **state)
{
  Office *office = *state;

  rule_by (office, LAYERS (SPARSE));
  assert_imported (office, "BEGIN:VEVENT\r\nDTSTART:20261123T080000Z\r\nDURATION:PT15M\r\nRRULE:FREQ=MINUTELY;INTERVAL=20;COUNT=5999\r\n"
                           "SUMMARY:bo\r\nEND:VEVENT\r\n");
  reopen_office (office);
  assert_on_call (office, START + 80 * DAY + HOUR + MINUTE, "bo");
}

static void
assert_same_people (Office *one, Office *other, gint64 from, gint64 until)
{
  for (gint64 time = from; time < until; time += 15 * MINUTE)
    {
      g_autoptr(IncidentSchedule) schedule = get_schedule (one);
      g_auto(GStrv) people = incident_schedule_dup_on_call (schedule, time);
      g_autofree char *all = g_strjoinv ("+", people);

      assert_on_call (other, time, all);
    }
}

static void
test_export_that_is_imported_gives_the_same_minutes (void **state)
{
  Office *office = *state, *other;
  void *second = NULL;
  g_autoptr(IncidentSchedule) schedule = NULL;
  g_autofree char *text = NULL;
  g_autoptr(GError) error = NULL;
  g_autoptr(IncidentOverride) override = NULL;

  rule_by (office, LAYERS (WEEKLY ", " SPARSE));
  schedule = get_schedule (office);
  text = incident_schedule_to_icalendar (schedule, START, START + 21 * DAY);

  office_open (&second);
  other = second;
  rule_by (other, LAYERS ("{\"people\": [\"visitor\"], \"until\": \"2020-01-01\"}"));
  override = incident_desk_import_calendar (other->desk, "core", text, -1, "ana", NULL, &error);
  assert_no_error (error);
  assert_same_people (office, other, START, START + 21 * DAY);
  office_close (&second);
}

static char *
export (Office *office, gint64 from, gint64 until)
{
  g_autoptr(IncidentSchedule) schedule = get_schedule (office);

  return incident_schedule_to_icalendar (schedule, from, until);
}

static char *
find_line (const char *text, const char *name)
{
  const char *at = strstr (text, name);

  assert_non_null (at);
  return g_strndup (at, strcspn (at, "\r"));
}

static void
test_event_keeps_its_uid_and_its_sequence_rises (void **state)
{
  Office *office = *state;
  g_autofree char *before = NULL, *after = NULL, *later = NULL;
  g_autofree char *uid = NULL, *uid_after = NULL, *uid_later = NULL, *sequence = NULL, *sequence_after = NULL;
  g_autoptr(IncidentOverride) wanted = incident_override_new ("core", INCIDENT_OVERRIDE_KIND_REPLACE, "ana", "cy", START + 2 * DAY, START + 3 * DAY, NULL);
  g_autoptr(IncidentOverride) made = NULL;
  g_autoptr(GError) error = NULL;

  rule_by (office, LAYERS (WEEKLY));
  before = export (office, START, START + DAY);
  later = export (office, START + HOUR / 2, START + HOUR);
  made = incident_desk_add_override (office->desk, wanted, "ana", &error);
  assert_no_error (error);
  after = export (office, START, START + DAY);

  uid = find_line (before, "UID:");
  uid_later = find_line (later, "UID:");
  uid_after = find_line (after, "UID:");
  assert_string_equal (uid, uid_later);
  assert_string_equal (uid, uid_after);
  sequence = find_line (before, "SEQUENCE:");
  sequence_after = find_line (after, "SEQUENCE:");
  assert_true (g_ascii_strtoull (sequence + 9, NULL, 10) < g_ascii_strtoull (sequence_after + 9, NULL, 10));
}

/* It has always been on: no beginning tells it. */
static void
test_shift_without_beginning_keeps_its_uid (void **state)
{
  Office *office = *state;
  g_autofree char *text = NULL, *later = NULL, *uid = NULL, *uid_later = NULL;

  rule_by (office, LAYERS ("{\"people\": [\"ana\"]}"));
  text = export (office, START, START + DAY);
  later = export (office, START + 3 * DAY, START + 4 * DAY);
  uid = find_line (text, "UID:");
  uid_later = find_line (later, "UID:");
  assert_string_equal (uid, uid_later);
  assert_non_null (strstr (later, "DTSTART:20261126T070000Z\r\nDTEND:20261127T070000Z\r\n"));
}

static void
test_export_is_folded_escaped_and_has_no_addresses (void **state)
{
  Office *office = *state;
  g_autofree char *text = NULL;
  g_auto(GStrv) lines = NULL;

  rule_by (office, "{\"people\": {\"ana\": {\"contacts\": {\"mail\": \"ana@example.org\"}}}, \"schedules\": {\"core\": {\"zone\": \"UTC\", "
                   "\"title\": \"Guardia, la \\\\ primera; de un nombre que sigue y sigue, y sigue — ¡ñoñerías! 123456789 123456789 123456789 123456789 123456789 123456789 123456789 123456789 123456789\", \"layers\": [{\"people\": [\"ana\"]}]}}}");
  text = export (office, START, START + DAY);
  assert_non_null (strstr (text, "X-WR-CALNAME:Guardia\\, la \\\\ primera\\; de un nombre que sigue"));
  assert_null (strstr (text, "example.org"));
  lines = g_strsplit (text, "\r\n", -1);
  for (guint i = 0; lines[i] != NULL; i++)
    {
      assert_true (strlen (lines[i]) <= 75);
      assert_true (g_utf8_validate (lines[i], -1, NULL));
      assert_null (strpbrk (lines[i], "\r\n"));
    }
}

static void
test_time_without_anybody_is_no_event (void **state)
{
  Office *office = *state;
  g_autofree char *text = NULL;

  rule_by (office, LAYERS (SPARSE));
  text = export (office, START + DAY, START + 2 * DAY);
  assert_null (strstr (text, "VEVENT"));
}

static char *
draw (Office *office, gint64 from, gint64 until)
{
  g_autoptr(IncidentSchedule) schedule = get_schedule (office);

  return incident_schedule_to_svg (schedule, from, until);
}

static void
test_picture_tells_who_is_on_call_and_where_nobody_is (void **state)
{
  Office *office = *state;
  g_autofree char *svg = NULL;

  rule_by (office, LAYERS (SPARSE));
  svg = draw (office, START - 8 * HOUR, START + 16 * HOUR);
  assert_non_null (strstr (svg, "cy is on call for 8 h. "));
  assert_non_null (strstr (svg, "Nobody is on call, Mon 2026-11-23 17:00 – Tue 2026-11-24 00:00 (7 h). "));
  assert_non_null (strstr (svg, "<title>cy, Mon 2026-11-23 09:00 – Mon 2026-11-23 17:00 (8 h), sparse</title>"));
  assert_non_null (strstr (svg, ">2 gaps: nobody for 16 h</text>"));
  assert_non_null (strstr (svg, ">sparse</text>"));
}

static void
test_picture_of_whole_cover_says_so (void **state)
{
  Office *office = *state;
  g_autofree char *svg = NULL;

  rule_by (office, LAYERS (WEEKLY));
  svg = draw (office, START, START + 14 * DAY);
  assert_non_null (strstr (svg, ">No gaps</text>"));
  assert_null (strstr (svg, "class=\"hole\""));
}

static void
test_picture_marks_overrides (void **state)
{
  Office *office = *state;
  g_autoptr(IncidentOverride) wanted = incident_override_new ("core", INCIDENT_OVERRIDE_KIND_REPLACE, "ana", "cy", START + 2 * DAY, START + 3 * DAY, NULL);
  g_autoptr(IncidentOverride) made = NULL;
  g_autofree char *svg = NULL;
  g_autofree char *with = NULL;

  rule_by (office, LAYERS (WEEKLY));
  svg = draw (office, START, START + 14 * DAY);
  assert_null (strstr (svg, "class=\"mark\""));
  made = incident_desk_add_override (office->desk, wanted, "ana", NULL);
  with = draw (office, START, START + 14 * DAY);
  assert_non_null (strstr (with, "class=\"mark\""));
  assert_non_null (strstr (with, "cy for ana"));
}

static void
test_picture_loads_nothing_and_escapes_all (void **state)
{
  Office *office = *state;
  g_autofree char *svg = NULL;
  g_autofree char *again = NULL;
  const char *space;

  rule_by (office, LAYERS (WEEKLY));
  svg = draw (office, START, START + 14 * DAY);
  again = draw (office, START, START + 14 * DAY);
  assert_string_equal (svg, again);
  assert_non_null (strstr (svg, "Core &lt;1&gt;, &amp; more"));
  space = strstr (svg, "http");
  assert_true (g_str_has_prefix (space, "http://www.w3.org/2000/svg\""));
  assert_null (strstr (space + 1, "http"));
  assert_null (strstr (svg, "href"));
}

static void
test_text_has_a_line_a_day_and_lists_gaps (void **state)
{
  Office *office = *state;
  g_autoptr(IncidentSchedule) schedule = NULL;
  g_autofree char *text = NULL;

  rule_by (office, LAYERS (SPARSE));
  schedule = get_schedule (office);
  text = incident_schedule_to_text (schedule, START - 8 * HOUR, START + 40 * HOUR, 64);
  assert_string_equal (text,
                       "Core <1>, & more (Europe/Madrid)\n"
                       "Mon 2026-11-23 00:00 – Wed 2026-11-25 00:00\n"
                       "\n"
                       "                00    03    06    09    12    15    18    21\n"
                       "Mon 2026-11-23  ╳nobody╳╳╳╳╳╳╳╳╳╳╳┃cy━━━━━━━━━━━━━╳nobody╳╳╳╳╳╳╳\n"
                       "Tue 2026-11-24  ╳nobody╳╳╳╳╳╳╳╳╳╳╳╳╳╳╳╳╳╳╳╳╳╳╳╳╳╳╳╳╳╳╳╳╳╳╳╳╳╳╳╳╳\n"
                       "\n"
                       "Nobody is on call:\n"
                       "  Mon 2026-11-23 00:00 – Mon 2026-11-23 09:00  9 h\n"
                       "  Mon 2026-11-23 17:00 – Wed 2026-11-25 00:00  1 d 7 h\n");
}

static void
test_text_shows_a_gap_however_short (void **state)
{
  Office *office = *state;
  g_autoptr(IncidentOverride) wanted = incident_override_new ("core", INCIDENT_OVERRIDE_KIND_REMOVE, "ana", NULL, START + 5 * HOUR, START + 5 * HOUR + MINUTE, NULL);
  g_autoptr(IncidentOverride) made = NULL;
  g_autoptr(IncidentSchedule) schedule = NULL;
  g_autofree char *text = NULL;

  rule_by (office, LAYERS ("{\"people\": [\"ana\"]}"));
  made = incident_desk_add_override (office->desk, wanted, "ana", NULL);
  schedule = get_schedule (office);
  text = incident_schedule_to_text (schedule, START - 8 * HOUR, START + 16 * HOUR, 40);
  assert_non_null (strstr (text, "━╳┃ana"));
  assert_non_null (strstr (text, "  Mon 2026-11-23 13:00 – Mon 2026-11-23 13:01  1 min\n"));
}

int
main (void)
{
  const struct CMUnitTest tests[] = {
    both (test_imported_events_are_shifts_beside_the_layers),
    both (test_further_import_takes_the_place_of_the_one_before_from_then_on),
    both (test_calendar_that_cannot_be_read_changes_nothing),
    both (test_largest_calendar_is_kept),
    office_test (test_calendar_without_events_to_come_changes_nothing),
    office_test (test_calendar_that_names_nobody_takes_the_place_of_none_that_does),
    office_test (test_warnings_come_with_what_was_imported),
    office_test (test_who_may_not_override_may_not_import),
    office_test (test_schedule_that_is_not_there_is_told),
    office_test (test_export_that_is_imported_gives_the_same_minutes),
    office_test (test_event_keeps_its_uid_and_its_sequence_rises),
    office_test (test_shift_without_beginning_keeps_its_uid),
    office_test (test_export_is_folded_escaped_and_has_no_addresses),
    office_test (test_time_without_anybody_is_no_event),
    office_test (test_picture_tells_who_is_on_call_and_where_nobody_is),
    office_test (test_picture_of_whole_cover_says_so),
    office_test (test_picture_marks_overrides),
    office_test (test_picture_loads_nothing_and_escapes_all),
    office_test (test_text_has_a_line_a_day_and_lists_gaps),
    office_test (test_text_shows_a_gap_however_short),
  };

  return cmocka_run_group_tests (tests, NULL, NULL);
}
