/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "playbook-test.h"

#include <string.h>

#include "oncall/incident-calendar-private.h"
#include "playbook/incident-playbook-private.h"

/* Calendars of others, read as shifts. Their shapes are those that the programs document that write them. */

#define PLAYBOOK \
  "{\"people\": {\"ana\": {\"contacts\": {\"mail\": \"ana@example.org\"}}, \"bo\": {\"contacts\": {\"mail\": \"Bo.Berg@example.org\"}}, \"cy\": {}}}"

typedef struct
{
  IncidentPlaybook *playbook;
  GPtrArray        *warnings;
  GTimeZone        *zone;
} Reader;

static int
reader_open (void **state)
{
  Reader *reader = g_new0 (Reader, 1);

  reader->playbook = playbook_new (PLAYBOOK);
  reader->warnings = g_ptr_array_new_with_free_func (g_free);
  reader->zone = g_time_zone_new_identifier ("Europe/Madrid");
  *state = reader;
  return 0;
}

static int
reader_close (void **state)
{
  Reader *reader = *state;

  incident_playbook_unref (reader->playbook);
  g_ptr_array_unref (reader->warnings);
  g_time_zone_unref (reader->zone);
  g_free (reader);
  return 0;
}

#define reader_test(function) cmocka_unit_test_setup_teardown (function, reader_open, reader_close)

static gint64
at (const char *text)
{
  g_autofree char *exact = g_strdup_printf ("%s:00Z", text);
  g_autoptr(GError) error = NULL;
  gint64 time = 0;

  incident_time_from_string (exact, &time, &error);
  assert_no_error (error);
  return time;
}

static GArray *
read_bytes (Reader *reader, const char *text, gsize length, const char *from, const char *until, GError **error)
{
  return incident_calendar_read (text, length, incident_playbook_get_rules (reader->playbook), reader->zone, at (from), at (until),
                                 reader->warnings, error);
}

/* “person [priority] 2026-01-05T08:00 2026-01-05T16:00”, a line each. */
static char *
print (GArray *shifts)
{
  GString *text = g_string_new (NULL);

  for (guint i = 0; i < shifts->len; i++)
    {
      const IncidentFixedShift *shift = &g_array_index (shifts, IncidentFixedShift, i);
      g_autofree char *from = incident_time_to_string (shift->from);
      g_autofree char *until = incident_time_to_string (shift->until);

      g_string_append_printf (text, "%s%s", i > 0 ? "\n" : "", shift->person != NULL ? shift->person : "nobody");
      if (shift->priority != INCIDENT_CALENDAR_PRIORITY)
        g_string_append_printf (text, " [%u]", shift->priority);
      g_string_append_printf (text, " %.16s %.16s", from, until);
    }
  return g_string_free (text, FALSE);
}

static char *
wrap (const char *lines)
{
  return g_strconcat ("BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//Example//EN\r\n", lines, "END:VCALENDAR\r\n", NULL);
}

static void
assert_reads (Reader *reader, const char *lines, const char *from, const char *until, const char *expected)
{
  g_autofree char *text = wrap (lines);
  g_autoptr(GError) error = NULL;
  g_autoptr(GArray) shifts = read_bytes (reader, text, strlen (text), from, until, &error);
  g_autofree char *found = NULL;

  assert_no_error (error);
  found = print (shifts);
  assert_string_equal (found, expected);
}

static void
assert_event (Reader *reader, const char *lines, const char *expected)
{
  g_autofree char *text = g_strconcat ("BEGIN:VEVENT\r\nUID:1\r\n", lines, "END:VEVENT\r\n", NULL);

  assert_reads (reader, text, "2026-01-01T00:00", "2027-01-01T00:00", expected);
}

static void
assert_warnings (Reader *reader, const char *expected)
{
  g_autofree char *all = NULL;

  g_ptr_array_add (reader->warnings, NULL);
  all = g_strjoinv ("\n", (char **) reader->warnings->pdata);
  assert_string_equal (all, expected);
}

static void
assert_text_refused (Reader *reader, const char *text, gsize length, const char *problem)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(GArray) shifts = read_bytes (reader, text, length, "2026-01-01T00:00", "2027-01-01T00:00", &error);

  assert_null (shifts);
  assert_error (error, INCIDENT_ERROR, INCIDENT_ERROR_INVALID);
  assert_string_equal (incident_error_get_where (error), "text");
  assert_string_equal (error->message, problem);
}

static void
assert_event_refused (Reader *reader, const char *lines, const char *problem)
{
  g_autofree char *event = g_strconcat ("BEGIN:VEVENT\r\nUID:1\r\n", lines, "END:VEVENT\r\n", NULL);
  g_autofree char *text = wrap (event);

  assert_text_refused (reader, text, strlen (text), problem);
}

/* Google Calendar: the zone is described, IANA has its name. */
static void
test_export_of_google_is_read (void **state)
{
  assert_reads (*state,
                "CALSCALE:GREGORIAN\r\nMETHOD:PUBLISH\r\nX-WR-CALNAME:On call\r\nX-WR-TIMEZONE:Europe/Madrid\r\n"
                "BEGIN:VTIMEZONE\r\nTZID:Europe/Madrid\r\nX-LIC-LOCATION:Europe/Madrid\r\n"
                "BEGIN:DAYLIGHT\r\nTZOFFSETFROM:+0100\r\nTZOFFSETTO:+0200\r\nTZNAME:CEST\r\nDTSTART:19700329T020000\r\n"
                "RRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU\r\nEND:DAYLIGHT\r\n"
                "BEGIN:STANDARD\r\nTZOFFSETFROM:+0200\r\nTZOFFSETTO:+0100\r\nTZNAME:CET\r\nDTSTART:19701025T030000\r\n"
                "RRULE:FREQ=YEARLY;BYMONTH=10;BYDAY=-1SU\r\nEND:STANDARD\r\nEND:VTIMEZONE\r\n"
                "BEGIN:VEVENT\r\nDTSTART;TZID=Europe/Madrid:20260105T090000\r\nDTEND;TZID=Europe/Madrid:20260112T090000\r\n"
                "RRULE:FREQ=WEEKLY;INTERVAL=2;BYDAY=MO\r\nEXDATE;TZID=Europe/Madrid:20260202T090000\r\nDTSTAMP:20260101T000000Z\r\n"
                "ORGANIZER;CN=On call:mailto:c_1a2b@group.calendar.google.com\r\nUID:3k@google.com\r\n"
                "ATTENDEE;CUTYPE=INDIVIDUAL;ROLE=REQ-PARTICIPANT;PARTSTAT=ACCEPTED;CN=ana@exa\r\n mple.org;X-NUM-GUESTS=0:mailto:ana@example.org\r\n"
                "CREATED:20260101T000000Z\r\nDESCRIPTION:\r\nLAST-MODIFIED:20260101T000000Z\r\nSEQUENCE:0\r\nSTATUS:CONFIRMED\r\n"
                "SUMMARY:Primary\r\nTRANSP:OPAQUE\r\nBEGIN:VALARM\r\nACTION:DISPLAY\r\nTRIGGER:-P0DT0H30M0S\r\nEND:VALARM\r\nEND:VEVENT\r\n",
                "2026-01-01T00:00", "2026-03-10T00:00",
                "ana 2026-01-05T08:00 2026-01-12T08:00\n"
                "ana 2026-01-19T08:00 2026-01-26T08:00\n"
                "ana 2026-02-16T08:00 2026-02-23T08:00\n"
                "ana 2026-03-02T08:00 2026-03-09T08:00");
}

/* Outlook: its own names of zones, described since 1601. */
static void
test_export_of_outlook_is_read (void **state)
{
  assert_reads (*state,
                "METHOD:PUBLISH\r\nX-WR-CALNAME:Rota\r\nBEGIN:VTIMEZONE\r\nTZID:W. Europe Standard Time\r\n"
                "BEGIN:STANDARD\r\nDTSTART:16010101T030000\r\nTZOFFSETFROM:+0200\r\nTZOFFSETTO:+0100\r\n"
                "RRULE:FREQ=YEARLY;INTERVAL=1;BYDAY=-1SU;BYMONTH=10\r\nEND:STANDARD\r\n"
                "BEGIN:DAYLIGHT\r\nDTSTART:16010101T020000\r\nTZOFFSETFROM:+0100\r\nTZOFFSETTO:+0200\r\n"
                "RRULE:FREQ=YEARLY;INTERVAL=1;BYDAY=-1SU;BYMONTH=3\r\nEND:DAYLIGHT\r\nEND:VTIMEZONE\r\n"
                "BEGIN:VEVENT\r\nUID:040000008200E00074C5B7101A82E008\r\nSUMMARY:bo\r\n"
                "DTSTART;TZID=W. Europe Standard Time:20260327T180000\r\nDTEND;TZID=W. Europe Standard Time:20260328T080000\r\n"
                "RRULE:FREQ=DAILY;UNTIL=20260329T160000Z;INTERVAL=1\r\nCLASS:PUBLIC\r\nPRIORITY:5\r\nX-MICROSOFT-CDO-BUSYSTATUS:BUSY\r\nEND:VEVENT\r\n",
                "2026-01-01T00:00", "2027-01-01T00:00",
                "bo 2026-03-27T17:00 2026-03-28T07:00\n"
                "bo 2026-03-28T17:00 2026-03-29T07:00\n"
                "bo 2026-03-29T16:00 2026-03-30T06:00");
}

/* PagerDuty: UTC, an attendee an event. */
static void
test_export_of_pagerduty_is_read (void **state)
{
  assert_reads (*state,
                "CALSCALE:GREGORIAN\r\nX-WR-CALNAME:On Call Schedule for Bo Berg\r\nBEGIN:VEVENT\r\nDTEND;VALUE=DATE-TIME:20260112T080000Z\r\n"
                "DTSTART;VALUE=DATE-TIME:20260105T080000Z\r\nATTENDEE:mailto:bo.berg@example.org\r\nUID:Q3PQ4X\r\nURL:https://example.org/schedules/P1\r\n"
                "SUMMARY:On Call - Bo Berg - Payments\r\nEND:VEVENT\r\n",
                "2026-01-01T00:00", "2027-01-01T00:00",
                "bo 2026-01-05T08:00 2026-01-12T08:00");
}

/* Grafana OnCall: the person and the priority in the title. */
static void
test_export_of_oncall_is_read (void **state)
{
  assert_event (*state, "DTSTART:20260105T080000Z\r\nDTEND:20260105T160000Z\r\nSUMMARY:[L3] ana\r\n", "ana [3] 2026-01-05T08:00 2026-01-05T16:00");
}

static void
test_whole_day_is_one_of_the_schedule (void **state)
{
  assert_event (*state, "DTSTART;VALUE=DATE:20260705\r\nDTEND;VALUE=DATE:20260707\r\nSUMMARY:ana\r\n", "ana 2026-07-04T22:00 2026-07-06T22:00");
}

static void
test_day_without_end_is_one_day (void **state)
{
  assert_event (*state, "DTSTART;VALUE=DATE:20260705\r\nSUMMARY:ana\r\n", "ana 2026-07-04T22:00 2026-07-05T22:00");
}

static void
test_day_when_the_clock_is_set_has_its_own_length (void **state)
{
  assert_event (*state, "DTSTART;VALUE=DATE:20260328\r\nRRULE:FREQ=DAILY;COUNT=3\r\nSUMMARY:ana\r\n",
                "ana 2026-03-27T23:00 2026-03-28T23:00\nana 2026-03-28T23:00 2026-03-29T22:00\nana 2026-03-29T22:00 2026-03-30T22:00");
}

static void
test_time_without_zone_is_by_the_clock_of_the_schedule (void **state)
{
  assert_event (*state, "DTSTART:20260705T090000\r\nDURATION:PT8H\r\nSUMMARY:ana\r\n", "ana 2026-07-05T07:00 2026-07-05T15:00");
}

/* RFC 5545, 3.3.5, by its own example: 02:30 on 2007-03-11 in New York is 03:30; 01:30 on 2007-11-04 is the first. */
static void
test_skipped_and_repeated_times_are_read_as_the_standard_says (void **state)
{
  assert_reads (*state,
                "BEGIN:VEVENT\r\nUID:1\r\nDTSTART;TZID=America/New_York:20070311T023000\r\nDURATION:PT1H\r\nSUMMARY:ana\r\nEND:VEVENT\r\n"
                "BEGIN:VEVENT\r\nUID:2\r\nDTSTART;TZID=America/New_York:20071104T013000\r\nDURATION:PT1H\r\nSUMMARY:ana\r\nEND:VEVENT\r\n",
                "2007-01-01T00:00", "2008-01-01T00:00",
                "ana 2007-03-11T07:30 2007-03-11T08:30\nana 2007-11-04T05:30 2007-11-04T06:30");
  assert_warnings (*state, "Line 4: The clock skips 2007-03-11 02:30: it is told by the offset before, as RFC 5545 has it");
}

static void
test_days_of_a_duration_are_by_the_clock_and_hours_are_not (void **state)
{
  assert_event (*state, "DTSTART;TZID=Europe/Madrid:20260328T120000\r\nDURATION:P1D\r\nSUMMARY:ana\r\n", "ana 2026-03-28T11:00 2026-03-29T10:00");
  assert_event (*state, "DTSTART;TZID=Europe/Madrid:20260328T120000\r\nDURATION:PT24H\r\nSUMMARY:ana\r\n", "ana 2026-03-28T11:00 2026-03-29T11:00");
}

/* By the exact length the week of October would end an hour before the next one begins. */
static void
test_nobody_goes_before_the_next_one_comes_when_the_clock_is_set (void **state)
{
  assert_reads (*state,
                "BEGIN:VEVENT\r\nUID:1\r\nDTSTART;TZID=Europe/Madrid:20261012T090000\r\nDTEND;TZID=Europe/Madrid:20261019T090000\r\n"
                "RRULE:FREQ=WEEKLY;COUNT=3\r\nSUMMARY:ana\r\nEND:VEVENT\r\n",
                "2026-10-01T00:00", "2027-01-01T00:00",
                "ana 2026-10-12T07:00 2026-10-19T07:00\nana 2026-10-19T07:00 2026-10-26T08:00\nana 2026-10-26T08:00 2026-11-02T08:00");
  assert_warnings (*state, "Line 4: The clock is set within the event of 2026-10-19 09:00: it ends by the clock or as long after its start as "
                   "the first one, whichever is later");
}

static void
test_dates_are_added_and_left_out (void **state)
{
  assert_event (*state,
                "DTSTART:20260105T090000Z\r\nDURATION:PT1H\r\nRRULE:FREQ=DAILY;COUNT=4\r\nEXDATE:20260106T090000Z,20260107T090000Z\r\n"
                "RDATE:20260201T090000Z\r\nRDATE;VALUE=PERIOD:20260202T090000Z/20260202T120000Z,20260203T090000Z/PT5H\r\nSUMMARY:ana\r\n",
                "ana 2026-01-05T09:00 2026-01-05T10:00\nana 2026-01-08T09:00 2026-01-08T10:00\nana 2026-02-01T09:00 2026-02-01T10:00\n"
                "ana 2026-02-02T09:00 2026-02-02T12:00\nana 2026-02-03T09:00 2026-02-03T14:00");
}

static void
test_one_of_a_series_is_changed_moved_or_called_off (void **state)
{
  assert_reads (*state,
                "BEGIN:VEVENT\r\nUID:1\r\nDTSTART:20260105T090000Z\r\nDURATION:PT1H\r\nRRULE:FREQ=DAILY;COUNT=4\r\nSUMMARY:ana\r\nEND:VEVENT\r\n"
                "BEGIN:VEVENT\r\nUID:1\r\nRECURRENCE-ID:20260106T090000Z\r\nDTSTART:20260106T090000Z\r\nDURATION:PT1H\r\nSUMMARY:bo\r\nEND:VEVENT\r\n"
                "BEGIN:VEVENT\r\nUID:1\r\nRECURRENCE-ID:20260107T090000Z\r\nDTSTART:20260109T120000Z\r\nDURATION:PT2H\r\nSUMMARY:cy\r\nEND:VEVENT\r\n"
                "BEGIN:VEVENT\r\nUID:1\r\nRECURRENCE-ID:20260108T090000Z\r\nDTSTART:20260108T090000Z\r\nSTATUS:CANCELLED\r\nEND:VEVENT\r\n",
                "2026-01-01T00:00", "2027-01-01T00:00",
                "ana 2026-01-05T09:00 2026-01-05T10:00\nbo 2026-01-06T09:00 2026-01-06T10:00\ncy 2026-01-09T12:00 2026-01-09T14:00");
}

static void
test_series_is_changed_from_one_time_on (void **state)
{
  assert_reads (*state,
                "BEGIN:VEVENT\r\nUID:1\r\nDTSTART:20260105T090000Z\r\nDURATION:PT1H\r\nRRULE:FREQ=DAILY;COUNT=4\r\nSUMMARY:ana\r\nEND:VEVENT\r\n"
                "BEGIN:VEVENT\r\nUID:1\r\nRECURRENCE-ID;RANGE=THISANDFUTURE:20260107T090000Z\r\nDTSTART:20260107T100000Z\r\nDURATION:PT3H\r\n"
                "SUMMARY:bo\r\nEND:VEVENT\r\n",
                "2026-01-01T00:00", "2027-01-01T00:00",
                "ana 2026-01-05T09:00 2026-01-05T10:00\nana 2026-01-06T09:00 2026-01-06T10:00\n"
                "bo 2026-01-07T10:00 2026-01-07T13:00\nbo 2026-01-08T10:00 2026-01-08T13:00");
}

/* The series is in Madrid, and what it says of itself in UTC. */
static void
test_change_names_what_it_changes_in_any_zone (void **state)
{
  assert_reads (*state,
                "BEGIN:VEVENT\r\nUID:1\r\nDTSTART;TZID=Europe/Madrid:20260105T090000\r\nDURATION:PT1H\r\nRRULE:FREQ=DAILY;COUNT=3\r\n"
                "SUMMARY:ana\r\nEND:VEVENT\r\n"
                "BEGIN:VEVENT\r\nUID:1\r\nRECURRENCE-ID;RANGE=THISANDFUTURE:20260106T080000Z\r\n"
                "DTSTART;TZID=Europe/Madrid:20260106T100000\r\nDURATION:PT1H\r\nSUMMARY:bo\r\nEND:VEVENT\r\n",
                "2026-01-01T00:00", "2027-01-01T00:00",
                "ana 2026-01-05T08:00 2026-01-05T09:00\nbo 2026-01-06T09:00 2026-01-06T10:00\nbo 2026-01-07T09:00 2026-01-07T10:00");
}

static void
test_of_two_with_one_uid_the_later_revision_counts (void **state)
{
  assert_reads (*state,
                "BEGIN:VEVENT\r\nUID:1\r\nSEQUENCE:2\r\nDTSTART:20260105T090000Z\r\nDURATION:PT1H\r\nSUMMARY:ana\r\nEND:VEVENT\r\n"
                "BEGIN:VEVENT\r\nUID:1\r\nSEQUENCE:1\r\nDTSTART:20260106T090000Z\r\nDURATION:PT1H\r\nSUMMARY:bo\r\nEND:VEVENT\r\n",
                "2026-01-01T00:00", "2027-01-01T00:00", "ana 2026-01-05T09:00 2026-01-05T10:00");
}

static void
test_of_two_that_change_one_the_later_revision_counts (void **state)
{
  assert_reads (*state,
                "BEGIN:VEVENT\r\nUID:1\r\nDTSTART:20260105T090000Z\r\nDURATION:PT1H\r\nRRULE:FREQ=DAILY;COUNT=2\r\nSUMMARY:ana\r\nEND:VEVENT\r\n"
                "BEGIN:VEVENT\r\nUID:1\r\nSEQUENCE:2\r\nRECURRENCE-ID:20260106T090000Z\r\nDTSTART:20260106T090000Z\r\nDURATION:PT1H\r\n"
                "SUMMARY:bo\r\nEND:VEVENT\r\n"
                "BEGIN:VEVENT\r\nUID:1\r\nSEQUENCE:1\r\nRECURRENCE-ID;TZID=Europe/Madrid:20260106T100000\r\nDTSTART:20260106T120000Z\r\n"
                "DURATION:PT1H\r\nSUMMARY:cy\r\nEND:VEVENT\r\n",
                "2026-01-01T00:00", "2027-01-01T00:00", "ana 2026-01-05T09:00 2026-01-05T10:00\nbo 2026-01-06T09:00 2026-01-06T10:00");
}

static void
test_series_is_called_off_with_what_was_changed_of_it (void **state)
{
  assert_reads (*state,
                "BEGIN:VEVENT\r\nUID:1\r\nRECURRENCE-ID:20260106T090000Z\r\nDTSTART:20260106T120000Z\r\nDURATION:PT1H\r\nSUMMARY:bo\r\nEND:VEVENT\r\n"
                "BEGIN:VEVENT\r\nUID:1\r\nSEQUENCE:1\r\nSTATUS:CANCELLED\r\nDTSTART:20260105T090000Z\r\nDURATION:PT1H\r\n"
                "RRULE:FREQ=DAILY;COUNT=2\r\nSUMMARY:ana\r\nEND:VEVENT\r\n"
                "BEGIN:VEVENT\r\nUID:2\r\nDTSTART:20260107T090000Z\r\nDURATION:PT1H\r\nSUMMARY:cy\r\nEND:VEVENT\r\n",
                "2026-01-01T00:00", "2027-01-01T00:00", "cy 2026-01-07T09:00 2026-01-07T10:00");
}

static void
test_shifts_are_cut_where_the_window_ends (void **state)
{
  assert_reads (*state, "BEGIN:VEVENT\r\nDTSTART:20250101T000000Z\r\nDTEND:20280101T000000Z\r\nSUMMARY:ana\r\nEND:VEVENT\r\n",
                "2026-01-01T00:00", "2027-01-01T00:00", "ana 2026-01-01T00:00 2027-01-01T00:00");
}

static void
test_person_is_known_by_address_name_or_as_organizer (void **state)
{
#define WHEN "DTSTART:20260105T090000Z\r\nDURATION:PT1H\r\n"
  assert_event (*state, WHEN "ATTENDEE:MAILTO:BO.BERG@EXAMPLE.ORG\r\nSUMMARY:ana\r\n", "bo 2026-01-05T09:00 2026-01-05T10:00");
  assert_event (*state, WHEN "SUMMARY:On call\\, week 2: ana@example.org\r\n", "ana 2026-01-05T09:00 2026-01-05T10:00");
  assert_event (*state, WHEN "SUMMARY:Primary: CY.\r\n", "cy 2026-01-05T09:00 2026-01-05T10:00");
  assert_event (*state, WHEN "SUMMARY:Primary\r\nORGANIZER:mailto:ana@example.org\r\n", "ana 2026-01-05T09:00 2026-01-05T10:00");
  assert_event (*state, WHEN "SUMMARY:bo\r\nORGANIZER:mailto:ana@example.org\r\n", "bo 2026-01-05T09:00 2026-01-05T10:00");
  assert_event (*state, WHEN "SUMMARY:[L12] ana\\, bo\r\n", "ana [12] 2026-01-05T09:00 2026-01-05T10:00\nbo [12] 2026-01-05T09:00 2026-01-05T10:00");
}

static void
test_any_name_is_a_person_where_the_playbook_has_none (void **state)
{
  Reader *reader = *state;

  incident_playbook_unref (reader->playbook);
  reader->playbook = playbook_new ("{}");
  assert_event (reader, "DTSTART:20260105T090000Z\r\nDURATION:PT1H\r\nSUMMARY:[L2] dora\r\n", "dora [2] 2026-01-05T09:00 2026-01-05T10:00");
}

static void
test_who_declined_is_not_on_call (void **state)
{
  assert_event (*state, WHEN "ATTENDEE;PARTSTAT=DECLINED:mailto:ana@example.org\r\nATTENDEE:mailto:bo.berg@example.org\r\n",
                "bo 2026-01-05T09:00 2026-01-05T10:00");
}

static void
test_event_that_names_nobody_is_kept_and_told (void **state)
{
  assert_event (*state, WHEN "RRULE:FREQ=DAILY;COUNT=2\r\nSUMMARY:anabel\r\n",
                "nobody 2026-01-05T09:00 2026-01-05T10:00\nnobody 2026-01-06T09:00 2026-01-06T10:00");
  assert_warnings (*state, "Line 4: “anabel” names nobody of the playbook, neither by an address nor by name: from 2026-01-05 09:00 on nobody is on call by it");
}

static void
test_what_is_no_event_is_passed_over (void **state)
{
  assert_reads (*state, "BEGIN:VTODO\r\nUID:1\r\nDTSTART:nonsense\r\nEND:VTODO\r\nBEGIN:X-OWN\r\nBEGIN:VEVENT\r\nDTSTART:nonsense\r\nEND:VEVENT\r\nEND:X-OWN\r\n",
                "2026-01-01T00:00", "2027-01-01T00:00", "");
}

static void
test_line_feeds_alone_and_lower_case_are_read (void **state)
{
  static const char text[] = "\xef\xbb\xbf" "begin:vcalendar\nbegin:vevent\ndtstart:20260105T090000Z\nduration:PT1H\nsummary:a\n na\nend:vevent\nend:vcalendar\n";
  g_autoptr(GError) error = NULL;
  g_autoptr(GArray) shifts = read_bytes (*state, text, sizeof text - 1, "2026-01-01T00:00", "2027-01-01T00:00", &error);
  g_autofree char *found = NULL;

  assert_no_error (error);
  found = print (shifts);
  assert_string_equal (found, "ana 2026-01-05T09:00 2026-01-05T10:00");
}

static void
test_what_is_wrong_is_told_with_its_line_and_what_would_be_right (void **state)
{
  static const char * const wrong[][2] = {
    { "SUMMARY:ana\r\n", "Line 4: The event needs DTSTART, such as “DTSTART:20260105T090000Z”" },
    { "DTSTART:tomorrow\r\n", "Line 6: DTSTART “tomorrow” must be a day such as 20260105 or a time such as 20260105T090000Z" },
    { "DTSTART:20260230T090000Z\r\n", "Line 6: DTSTART “20260230T090000Z” must be a day such as 20260105 or a time such as 20260105T090000Z" },
    { "DTSTART;TZID=Mars/Olympus:20260105T090000\r\n", "Line 6: TZID “Mars/Olympus” must be a zone's name in IANA's list, such as “Europe/Madrid”, "
      "or that of a VTIMEZONE in the text" },
    { "DTSTART;TZID=../../../../dev/zero:20260105T090000\r\n", "Line 6: TZID “../../../../dev/zero” must be a zone's name in IANA's list, such as "
      "“Europe/Madrid”, or that of a VTIMEZONE in the text" },
    { WHEN "DTEND:20260105T100000Z\r\n", "Line 4: The event has DTEND and DURATION: one of them must go" },
    { "DTSTART:20260105T090000Z\r\nDTEND:20260104T090000Z\r\n", "Line 4: The event must end after it starts" },
    { "DTSTART:20260105T090000Z\r\nDTEND;VALUE=DATE:20260106\r\n", "Line 4: DTSTART and DTEND must both be days or both be times" },
    { "DTSTART:20260105T090000Z\r\nDURATION:-PT1H\r\n", "Line 7: DURATION “-PT1H” must be a duration that is not negative, such as P7D, PT12H or P1DT2H30M" },
    { WHEN "RRULE:FREQ=SECONDLY\r\n", "Line 8: RRULE: “FREQ” must be MINUTELY, HOURLY, DAILY, WEEKLY, MONTHLY or YEARLY" },
    { WHEN "no line at all\r\n", "Line 8: “no line at all” is no line of a calendar, such as “SUMMARY:ana” or “DTSTART;TZID=Europe/Madrid:20260105T090000”" },
    { WHEN "DTSTAMP;X=\"open:1\r\n", "Line 8: “DTSTAMP;X=\"open:1” is no line of a calendar, such as “SUMMARY:ana” or “DTSTART;TZID=Europe/Madrid:20260105T090000”" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (wrong); i++)
    assert_event_refused (*state, wrong[i][0], wrong[i][1]);
}

#define TEXT(text) text, sizeof text - 1

static void
test_text_that_is_no_calendar_is_refused (void **state)
{
  static const struct { const char *text; gsize length; const char *problem; } wrong[] = {
    { TEXT (""), "The text is empty: a calendar begins with “BEGIN:VCALENDAR”" },
    { TEXT ("<!DOCTYPE html>"), "Line 1: “<!DOCTYPE html>” is no line of a calendar, such as “SUMMARY:ana” or “DTSTART;TZID=Europe/Madrid:20260105T090000”" },
    { TEXT ("SUMMARY:ana\r\n"), "Line 1: A calendar begins with “BEGIN:VCALENDAR”" },
    { TEXT ("BEGIN:VCALENDAR\r\n"), "Line 2: “END:VCALENDAR” is missing: the text is cut off" },
    { TEXT ("BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nEND:VCALENDAR\r\n"), "Line 3: “END:VCALENDAR” stands where “END:VEVENT” must come" },
    { TEXT ("END:VCALENDAR\r\n"), "Line 1: “END:VCALENDAR” ends nothing" },
    { TEXT ("BEGIN:VCALENDAR\r\nSUMMARY:\xff\r\n"), "Line 2 is not UTF-8, as all of a calendar must be" },
    { TEXT ("BEGIN:VCALENDAR\r\n\0"), "Line 2 is not UTF-8, as all of a calendar must be" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (wrong); i++)
    assert_text_refused (*state, wrong[i].text, wrong[i].length, wrong[i].problem);
}

/* A zone in a part of a zone is none, and ends none. */
static void
test_component_in_a_wrong_place_is_passed_over (void **state)
{
  assert_reads (*state,
                "BEGIN:VTIMEZONE\r\nTZID:Office\r\nBEGIN:STANDARD\r\nDTSTART:19700101T000000\r\n"
                "BEGIN:VTIMEZONE\r\nTZID:Inner\r\nEND:VTIMEZONE\r\n"
                "TZOFFSETFROM:+0300\r\nTZOFFSETTO:+0300\r\nEND:STANDARD\r\nEND:VTIMEZONE\r\n"
                "BEGIN:VEVENT\r\nDTSTART;TZID=Office:20260105T090000\r\n"
                "BEGIN:VEVENT\r\nSUMMARY:bo\r\nEND:VEVENT\r\nDURATION:PT1H\r\nSUMMARY:ana\r\nEND:VEVENT\r\n",
                "2026-01-01T00:00", "2027-01-01T00:00", "ana 2026-01-05T06:00 2026-01-05T07:00");
}

static void
test_text_that_is_too_long_is_refused_by_its_length (void **state)
{
  assert_text_refused (*state, "", INCIDENT_CALENDAR_MAX_BYTES + 1, "A calendar has at most 8388608 bytes, and this one has 8388609");
}

static void
test_too_many_events_and_shifts_are_refused (void **state)
{
  g_autoptr(GString) text = g_string_new ("BEGIN:VCALENDAR\r\n");

  for (guint i = 0; i <= INCIDENT_CALENDAR_MAX_EVENTS; i++)
    g_string_append (text, "BEGIN:VEVENT\r\nDTSTART:20260105\r\nEND:VEVENT\r\n");
  g_string_append (text, "END:VCALENDAR\r\n");
  assert_text_refused (*state, text->str, text->len, "Line 60002: There are more than 20000 events");
  assert_event_refused (*state, "DTSTART:20260105T090000Z\r\nDURATION:PT1M\r\nRRULE:FREQ=MINUTELY;INTERVAL=30\r\nSUMMARY:ana\r\n",
                        "The events make more than 6000 shifts");
}

static void
test_too_many_rules_are_refused (void **state)
{
  g_autoptr(GString) zone = g_string_new ("BEGIN:VCALENDAR\r\nBEGIN:VTIMEZONE\r\nTZID:Office\r\nBEGIN:STANDARD\r\n"
                                          "DTSTART:19700101T000000\r\nTZOFFSETFROM:+0300\r\nTZOFFSETTO:+0300\r\n");
  g_autoptr(GString) event = g_string_new ("BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nDTSTART:20260105T090000Z\r\n");

  for (guint i = 0; i <= INCIDENT_CALENDAR_MAX_RULES; i++)
    {
      g_string_append (zone, "RRULE:FREQ=DAILY;COUNT=1\r\n");
      g_string_append (event, i % 2 == 0 ? "RRULE:FREQ=DAILY;COUNT=1\r\n" : "EXRULE:FREQ=DAILY\r\n");
    }
  g_string_append (zone, "END:STANDARD\r\nEND:VTIMEZONE\r\nEND:VCALENDAR\r\n");
  assert_text_refused (*state, zone->str, zone->len, "Line 20008: There are more than 20000 rules");
  g_string_append (event, "END:VEVENT\r\nEND:VCALENDAR\r\n");
  assert_text_refused (*state, event->str, event->len, "Line 20004: There are more than 20000 rules");
}

/* Each of them alone would be cheap. */
static void
test_work_is_bounded_however_many_rules_there_are (void **state)
{
  g_autoptr(GString) text = g_string_new ("BEGIN:VCALENDAR\r\n");
  g_autoptr(GError) error = NULL;
  g_autoptr(GArray) shifts = NULL;
  gint64 start = g_get_monotonic_time ();

  for (guint i = 0; i < 10000; i++)
    g_string_append (text, "BEGIN:VEVENT\r\nDTSTART:19000105T090000Z\r\nRRULE:FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30;COUNT=9\r\nEND:VEVENT\r\n");
  g_string_append (text, "END:VCALENDAR\r\n");
  shifts = read_bytes (*state, text->str, text->len, "2026-01-01T00:00", "2027-01-01T00:00", &error);
  assert_error (error, INCIDENT_ERROR, INCIDENT_ERROR_INVALID);
  assert_true (strstr (error->message, "The event recurs too often to be followed") != NULL);
  assert_true (g_get_monotonic_time () - start < 20 * G_TIME_SPAN_SECOND);
}

/* Whom it names is looked up once, and not whenever it happens. */
static void
test_long_event_that_happens_often_costs_little (void **state)
{
  g_autoptr(GString) text = g_string_new ("BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nDTSTART:20260105T000000Z\r\nDURATION:PT1H\r\n"
                                          "RRULE:FREQ=HOURLY;COUNT=5000\r\nATTENDEE:mailto:cy@example.org\r\nSUMMARY:");
  g_autoptr(GError) error = NULL;
  g_autoptr(GArray) shifts = NULL;
  gint64 start = g_get_monotonic_time ();

  for (guint i = 0; i < 30000; i++)
    g_string_append (text, "x ");
  g_string_append (text, "ana\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n");
  shifts = read_bytes (*state, text->str, text->len, "2026-01-01T00:00", "2027-01-01T00:00", &error);
  assert_no_error (error);
  assert_int_equal (shifts->len, 5000);
  assert_string_equal (g_array_index (shifts, IncidentFixedShift, 0).person, "ana");
  assert_true (g_get_monotonic_time () - start < 5 * G_TIME_SPAN_SECOND);
}

static void
test_all_problems_are_told_up_to_a_number (void **state)
{
  g_autoptr(GString) lines = g_string_new (NULL);
  g_autofree char *text = NULL;
  g_autoptr(GError) error = NULL;

  for (guint i = 0; i < 30; i++)
    g_string_append (lines, "BEGIN:VEVENT\r\nDTSTART:x\r\nEND:VEVENT\r\n");
  text = wrap (lines->str);
  assert_null (read_bytes (*state, text, strlen (text), "2026-01-01T00:00", "2027-01-01T00:00", &error));
  assert_int_equal (g_strv_length ((char **) incident_error_list_problems (error)), 21);
}

int
main (void)
{
  const struct CMUnitTest tests[] = {
    reader_test (test_export_of_google_is_read),
    reader_test (test_export_of_outlook_is_read),
    reader_test (test_export_of_pagerduty_is_read),
    reader_test (test_export_of_oncall_is_read),
    reader_test (test_whole_day_is_one_of_the_schedule),
    reader_test (test_day_without_end_is_one_day),
    reader_test (test_day_when_the_clock_is_set_has_its_own_length),
    reader_test (test_time_without_zone_is_by_the_clock_of_the_schedule),
    reader_test (test_skipped_and_repeated_times_are_read_as_the_standard_says),
    reader_test (test_days_of_a_duration_are_by_the_clock_and_hours_are_not),
    reader_test (test_nobody_goes_before_the_next_one_comes_when_the_clock_is_set),
    reader_test (test_dates_are_added_and_left_out),
    reader_test (test_one_of_a_series_is_changed_moved_or_called_off),
    reader_test (test_series_is_changed_from_one_time_on),
    reader_test (test_change_names_what_it_changes_in_any_zone),
    reader_test (test_of_two_with_one_uid_the_later_revision_counts),
    reader_test (test_of_two_that_change_one_the_later_revision_counts),
    reader_test (test_series_is_called_off_with_what_was_changed_of_it),
    reader_test (test_shifts_are_cut_where_the_window_ends),
    reader_test (test_person_is_known_by_address_name_or_as_organizer),
    reader_test (test_any_name_is_a_person_where_the_playbook_has_none),
    reader_test (test_who_declined_is_not_on_call),
    reader_test (test_event_that_names_nobody_is_kept_and_told),
    reader_test (test_what_is_no_event_is_passed_over),
    reader_test (test_line_feeds_alone_and_lower_case_are_read),
    reader_test (test_what_is_wrong_is_told_with_its_line_and_what_would_be_right),
    reader_test (test_text_that_is_no_calendar_is_refused),
    reader_test (test_component_in_a_wrong_place_is_passed_over),
    reader_test (test_text_that_is_too_long_is_refused_by_its_length),
    reader_test (test_too_many_events_and_shifts_are_refused),
    reader_test (test_too_many_rules_are_refused),
    reader_test (test_work_is_bounded_however_many_rules_there_are),
    reader_test (test_long_event_that_happens_often_costs_little),
    reader_test (test_all_problems_are_told_up_to_a_number),
  };

  return cmocka_run_group_tests (tests, NULL, NULL);
}
