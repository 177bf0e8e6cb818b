/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "report-story.h"

#include <locale.h>
#include <string.h>
#include <time.h>

#include "report/incident-report-private.h"

static IncidentReportSection *
find_section (IncidentReport *report, const char *id)
{
  for (guint i = 0; i < report->sections->len; i++)
    {
      IncidentReportSection *section = g_ptr_array_index (report->sections, i);

      if (g_str_equal (section->id, id))
        return section;
    }

  return NULL;
}

/* A section as one plain text, for looking into. */
static char *
dup_text (IncidentReport *report, const char *id)
{
  IncidentReportSection *section = find_section (report, id);
  GString *text = g_string_new (NULL);

  assert_non_null (section);
  for (guint i = 0; i < section->blocks->len; i++)
    {
      IncidentReportBlock *block = g_ptr_array_index (section->blocks, i);

      for (guint k = 0; k < block->values->len; k++)
        {
          char buffer[INCIDENT_REPORT_BUFFER_LENGTH];
          const char *value = incident_report_value_to_text (incident_report_block_get_value (block, k), buffer);

          if (block->kind == INCIDENT_REPORT_BLOCK_FACTS)
            g_string_append_printf (text, "%s=", (char *) g_ptr_array_index (block->columns, k));
          g_string_append (text, value != NULL ? value : "–");
          if (block->kind != INCIDENT_REPORT_BLOCK_PARAGRAPH)
            g_string_append_c (text, (k + 1) % MAX (block->columns->len, 1) == 0
                                       || block->kind == INCIDENT_REPORT_BLOCK_FACTS ? '\n' : '|');
        }
    }
  return g_string_free (text, FALSE);
}

static void
assert_contains (const char *text, const char *part)
{
  if (strstr (text, part) == NULL)
    fail_msg ("“%s” is not in: %s", part, text);
}

static void
assert_says (IncidentReport *report, const char *id, const char *part)
{
  g_autofree char *text = dup_text (report, id);

  assert_contains (text, part);
}

static void
assert_state (IncidentReport *report, const char *id, IncidentReportState state)
{
  assert_non_null (find_section (report, id));
  assert_int_equal (find_section (report, id)->state, state);
}

/* Bytes */

/* With INCIDENT_UPDATE_GOLDEN set, the file is written instead. */
static void
assert_golden (const char *name, const char *text)
{
  g_autofree char *path = g_build_filename (g_getenv ("G_TEST_SRCDIR"), "story", "golden", name, NULL);
  g_autofree char *golden = NULL;
  g_autoptr(GError) error = NULL;

  if (g_getenv ("INCIDENT_UPDATE_GOLDEN") != NULL)
    g_file_set_contents (path, text, -1, &error);
  else if (g_file_get_contents (path, &golden, NULL, &error))
    assert_string_equal (text, golden);
  assert_no_error (error);
}

static void
check_golden (void)
{
  Story story;
  g_autoptr(IncidentReport) problem = NULL;
  g_autoptr(IncidentReport) solution = NULL;
  g_autofree char *json = NULL;
  g_autofree char *markdown = NULL;
  g_autofree char *html = NULL;
  g_autofree char *problem_markdown = NULL;

  tell_to_examination (&story);
  problem = incident_report_new (story.kase, INCIDENT_REPORT_KIND_PROBLEM);
  story_end (&story);
  tell_to_close (&story);
  solution = incident_report_new (story.kase, INCIDENT_REPORT_KIND_SOLUTION);
  story_end (&story);

  problem_markdown = incident_report_to_markdown (problem);
  json = incident_report_to_json (solution);
  markdown = incident_report_to_markdown (solution);
  html = incident_report_to_html (solution);
  assert_golden ("report-problem.md", problem_markdown);
  assert_golden ("report-solution.json", json);
  assert_golden ("report-solution.md", markdown);
  assert_golden ("report-solution.html", html);
}

static void
test_same_case_gives_same_bytes (void **state)
{
  check_golden ();
}

static void
test_zone_changes_no_byte (void **state)
{
  g_autofree char *before = g_strdup (g_getenv ("TZ"));
  time_t day = 0;

  g_setenv ("TZ", "XYZ-5:45", TRUE);
  tzset ();
  assert_int_equal (localtime (&day)->tm_min, 45);
  check_golden ();

  if (before != NULL)
    g_setenv ("TZ", before, TRUE);
  else
    g_unsetenv ("TZ");
  tzset ();
}

static void
test_locale_changes_no_byte (void **state)
{
  g_autofree char *comma = NULL;

  if (setlocale (LC_ALL, "de_DE.UTF-8") == NULL)
    skip ();

  comma = g_strdup_printf ("%.1f", 1.5);
  assert_string_equal (comma, "1,5");
  check_golden ();
  setlocale (LC_ALL, "C");
}

static void
check_round_trip (IncidentCase *kase, IncidentReportKind kind)
{
  g_autoptr(IncidentReport) report = incident_report_new (kase, kind);
  g_autoptr(IncidentReport) again = NULL;
  g_autoptr(GError) error = NULL;
  g_autofree char *json = incident_report_to_json (report);
  g_autofree char *html = incident_report_to_html (report);
  g_autofree char *json_again = NULL;
  g_autofree char *html_again = NULL;

  again = incident_report_new_from_json (json, -1, NULL, &error);
  assert_no_error (error);
  json_again = incident_report_to_json (again);
  html_again = incident_report_to_html (again);
  assert_string_equal (json_again, json);
  assert_string_equal (html_again, html);
}

static void
test_json_read_and_written_again_is_the_same (void **state)
{
  Story story;

  tell_to_close (&story);
  check_round_trip (story.kase, INCIDENT_REPORT_KIND_PROBLEM);
  check_round_trip (story.kase, INCIDENT_REPORT_KIND_SOLUTION);
  story_end (&story);

  story_begin (&story);
  story_act (&story, 0, "ana", "open", "title", "A tab \t, a quote \", a bell \a and a \xf0\x9f\x9a\x80", NULL);
  check_round_trip (story.kase, INCIDENT_REPORT_KIND_PROBLEM);
  check_round_trip (story.kase, INCIDENT_REPORT_KIND_SOLUTION);
  story_end (&story);
}

/* Replaces the first @from in a good document. */
static void
assert_unreadable (const char *json, const char *from, const char *to, const char *where, const char *message)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(IncidentReport) report = NULL;
  g_autoptr(GString) broken = g_string_new (json);

  assert_int_equal (g_string_replace (broken, from, to, 1), 1);
  report = incident_report_new_from_json (broken->str, (gssize) broken->len, "r.json", &error);
  assert_null (report);
  assert_error (error, INCIDENT_ERROR, INCIDENT_ERROR_INVALID);
  assert_contains (error->message, message);
  assert_string_equal (incident_error_get_where (error), where);
}

static void
test_json_of_another_form_is_refused_with_its_place (void **state)
{
  Story story;
  g_autoptr(IncidentReport) report = NULL;
  g_autofree char *json = NULL;

  tell_to_close (&story);
  report = incident_report_new (story.kase, INCIDENT_REPORT_KIND_SOLUTION);
  json = incident_report_to_json (report);
  story_end (&story);

  assert_unreadable (json, "\"kind\": \"solution\"", "\"kind\": \"opera\"", "/kind", "opera");
  assert_unreadable (json, "\"kind\"", "\"kin\"", "/kin", "is not known");
  assert_unreadable (json, "\"category\": \"payments\"", "\"phase\": \"new\"", "/case/phase", "twice");
  assert_unreadable (json, "\"caption\": ", "\"block\": \"table\", \"caption\": ", "/sections/2/blocks/1/block", "twice");
  assert_unreadable (json, "\"version\": 1", "\"version\": 2", "/version", "must be");
  assert_unreadable (json, "urn:libincident:report", "urn:other", "/$schema", "urn:libincident:report");
  assert_unreadable (json, "\"revision\": ", "\"revision\": -", "/case/revision", "must be from 1");
  assert_unreadable (json, "\"open\": false", "\"open\": 0", "/case/open", "");
  assert_unreadable (json, "\"severity\": \"sev2\"", "\"severity\": \"unknown\"", "/case/severity", "null");
  assert_unreadable (json, "\"opened_at\": \"2026", "\"opened_at\": \"26", "/case/opened_at", "");
  assert_unreadable (json, "\"state\": \"generated\"", "\"state\": \"guessed\"", "/sections/0/state", "missing");
  assert_unreadable (json, "\"block\": \"facts\"", "\"block\": \"song\"", "/sections/0/blocks/0/block", "paragraph");
  assert_unreadable (json, "{\n              \"label\"", "{\n              \"x\": 1, \"label\"", "/sections/0/blocks/0/facts/0/x", "not known");
  assert_unreadable (json, "{\n                \"text\": \"closed\"", "{\n                \"tune\": \"closed\"",
                     "/sections/0/blocks/0/facts/0/value/tune", "no kind of value");
  assert_unreadable (json, "\"id\": \"summary\"", "\"id\": \"identity\"", "/sections/1/id", "before");
  assert_unreadable (json, "\"id\": \"summary\"", "\"id\": \"<b>\"", "/sections/1/id", "id");
  assert_unreadable (json, "\"duration_us\": ", "\"duration_us\": -", "/sections/1/blocks/0/values/10/duration_us", "from 0");
}

static void
test_completeness_that_does_not_follow_is_refused (void **state)
{
  Story story;
  g_autoptr(IncidentReport) report = NULL;
  g_autofree char *json = NULL;
  g_autofree char *written = NULL;

  tell_to_close (&story);
  report = incident_report_new (story.kase, INCIDENT_REPORT_KIND_SOLUTION);
  json = incident_report_to_json (report);
  story_end (&story);

  written = g_strdup_printf ("\"completeness_percent\": %u", incident_report_get_completeness (report));
  assert_unreadable (json, written, "\"completeness_percent\": 100", "", "sections make it");
}

static void
test_rows_as_wide_as_their_table_only (void **state)
{
  static const char json[] =
    "{\"block\":\"table\",\"caption\":null,\"columns\":[\"a\",\"b\"],\"rows\":[[{\"text\":\"1\"},null],[null]]}";
  static const char head[] =
    "{\"$schema\":\"urn:libincident:report\",\"version\":1,\"kind\":\"problem\",\"case\":{\"id\":\"INC-1\",\"title\":\"t\","
    "\"revision\":1,\"episode\":1,\"phase\":\"new\",\"open\":true,\"severity\":null,\"severity_peak\":null,\"priority\":null,"
    "\"impact\":null,\"urgency\":null,\"service\":null,\"category\":null,\"commander\":null,"
    "\"opened_at\":\"2026-11-23T07:00:00Z\",\"updated_at\":\"2026-11-23T07:00:00Z\",\"closed_at\":null},"
    "\"completeness_percent\":0,\"sections\":[{\"id\":\"s\",\"heading\":\"S\",\"state\":\"missing\",\"importance\":\"must\","
    "\"source\":\"case\",\"blocks\":[";
  g_autofree char *document = g_strconcat (head, json, "]}]}", NULL);
  g_autofree char *good = NULL;

  assert_unreadable (document, "\"caption\":null", "\"caption\":null", "/sections/0/blocks/0/rows/1", "a row of 1 values");
  good = g_strconcat (head, "{\"block\":\"table\",\"caption\":null,\"columns\":[\"a\"],\"rows\":[[null]]}]}]}", NULL);
  {
    g_autoptr(GError) error = NULL;
    g_autoptr(IncidentReport) report = incident_report_new_from_json (good, -1, NULL, &error);

    assert_no_error (error);
    assert_non_null (report);
  }
}

/* Sections */

static void
test_sections_without_record_say_what_fills_them (void **state)
{
  Story story;
  g_autoptr(IncidentReport) report = NULL;

  story_begin (&story);
  story_act (&story, 0, "ana", "open", "title", "Something is wrong", NULL);
  report = incident_report_new (story.kase, INCIDENT_REPORT_KIND_SOLUTION);
  story_end (&story);

  for (guint i = 0; i < report->sections->len; i++)
    {
      IncidentReportSection *section = g_ptr_array_index (report->sections, i);

      assert_true (section->blocks->len > 0);
      if (section->state == INCIDENT_REPORT_STATE_MISSING)
        assert_says (report, section->id, "Not recorded. ");
    }
  assert_state (report, "fix", INCIDENT_REPORT_STATE_MISSING);
  assert_says (report, "fix", "resolve records the fix");
  assert_says (report, "roles", "assign gives a role");
  assert_says (report, "impact", "classify sets impact");
  assert_says (report, "hypotheses", "diagnose and examine");
  assert_state (report, "workaround", INCIDENT_REPORT_STATE_MISSING);
  assert_says (report, "summary", "Nothing else is recorded yet");
}

static void
test_each_kind_has_its_sections_in_their_order (void **state)
{
  static const char problem_order[] =
    "identity! summary! symptoms! impact! state-now! hypotheses! timeline! clocks roles! workaround! steps tasks! "
    "similar messages regulatory! ";
  static const char solution_order[] =
    "identity! summary! symptoms impact! hypotheses timeline! clocks! roles workaround! steps! similar trigger "
    "factors fix! actions messages regulatory! revisions ";
  const char * const orders[] = { problem_order, solution_order };
  Story story;

  tell_to_close (&story);
  for (guint kind = 0; kind < G_N_ELEMENTS (orders); kind++)
    {
      g_autoptr(IncidentReport) report = incident_report_new (story.kase, (IncidentReportKind) kind);
      g_autoptr(GString) order = g_string_new (NULL);

      for (guint i = 0; i < report->sections->len; i++)
        {
          IncidentReportSection *section = g_ptr_array_index (report->sections, i);

          g_string_append_printf (order, "%s%s ", section->id, section->must ? "!" : "");
        }
      assert_string_equal (order->str, orders[kind]);
    }
  story_end (&story);
}

static IncidentReportSection *
add_section (IncidentReport *report, const char *source, gboolean must, IncidentReportState state)
{
  IncidentReportSection *section = incident_report_section_new (report->strings, "s", "S", source, must);

  section->state = state;
  g_ptr_array_add (report->sections, section);
  return section;
}

static void
test_score_weighs_musts_double_and_halves_what_a_person_owes (void **state)
{
  g_autoptr(IncidentReport) report = incident_report_alloc ();
  IncidentReportSection *section;

  assert_int_equal (incident_report_get_completeness (report), 0);
  add_section (report, "case", TRUE, INCIDENT_REPORT_STATE_GENERATED);
  assert_int_equal (incident_report_get_completeness (report), 100);
  add_section (report, "case", FALSE, INCIDENT_REPORT_STATE_MISSING);
  assert_int_equal (incident_report_get_completeness (report), 66);
  add_section (report, "case", TRUE, INCIDENT_REPORT_STATE_NOT_APPLICABLE);
  assert_int_equal (incident_report_get_completeness (report), 66);
  section = add_section (report, "person", FALSE, INCIDENT_REPORT_STATE_GENERATED);
  assert_int_equal (incident_report_get_completeness (report), 62);
  section->state = INCIDENT_REPORT_STATE_EDITED;
  assert_int_equal (incident_report_get_completeness (report), 75);
  section->state = INCIDENT_REPORT_STATE_REVIEWED;
  assert_int_equal (incident_report_get_completeness (report), 75);
}

static void
test_summary_says_what_when_how_long_and_how_it_ended (void **state)
{
  Story story;
  g_autoptr(IncidentReport) report = NULL;
  g_autofree char *summary = NULL;

  tell_to_close (&story);
  report = incident_report_new (story.kase, INCIDENT_REPORT_KIND_SOLUTION);
  story_end (&story);

  summary = dup_text (report, "summary");
  assert_string_equal (summary,
    "“Checkout answers 500 to one in three customers” was opened on 2026-11-23 07:00:05 UTC by alertmanager, on the "
    "service checkout, 8 min after the first alert began. It was resolved 52 min after it was opened: “Rolled back to "
    "1.4.1 on all twelve instances”. Recovery was confirmed 20 min later: “Error rate 0.1 % for 15 min, pool at 9 of 20”.");
}

static void
test_summary_of_open_case_does_not_claim_an_end (void **state)
{
  Story story;
  g_autoptr(IncidentReport) report = NULL;

  tell_to_examination (&story);
  story_act (&story, 33, "bo", "resolve", "text", "Restarted", NULL);
  story_act (&story, 41, "bo", "examine", "text", "Full again", NULL);
  report = incident_report_new (story.kase, INCIDENT_REPORT_KIND_PROBLEM);
  story_end (&story);

  assert_says (report, "summary", "It is not resolved: at the last entry, 41 min after it was opened, "
                                  "its phase was examination and ana was in command.");
}

static void
test_fix_that_did_not_hold_is_no_fix (void **state)
{
  Story story;
  g_autoptr(IncidentReport) held = NULL;
  g_autoptr(IncidentReport) failed = NULL;

  tell_to_close (&story);
  held = incident_report_new (story.kase, INCIDENT_REPORT_KIND_SOLUTION);
  story_end (&story);
  assert_says (held, "fix", "Fix|Rolled back to 1.4.1 on all twelve instances|bo|2026-11-23 07:52:05\n");
  assert_says (held, "fix", "How we know|Error rate 0.1 % for 15 min, pool at 9 of 20|bo");
  assert_says (held, "steps", "Raised the pool from 20 to 80 connections|did not hold: examined again");
  assert_says (held, "steps", "Rolled back to 1.4.1 on all twelve instances|worked: recovery was confirmed");

  tell_to_examination (&story);
  story_act (&story, 33, "bo", "resolve", "text", "Restarted", NULL);
  story_act (&story, 41, "bo", "examine", "text", "Full again", NULL);
  failed = incident_report_new (story.kase, INCIDENT_REPORT_KIND_SOLUTION);
  story_end (&story);
  assert_state (failed, "fix", INCIDENT_REPORT_STATE_MISSING);
  assert_says (failed, "clocks", "TTR, time to resolve|declared → resolved|–\n");
}

static void
test_alerts_say_how_it_was_detected (void **state)
{
  Story story;
  g_autoptr(IncidentReport) report = NULL;

  tell_to_close (&story);
  report = incident_report_new (story.kase, INCIDENT_REPORT_KIND_PROBLEM);
  story_end (&story);

  assert_says (report, "symptoms", "Detected (UTC)=2026-11-23 06:52:05\n");
  assert_says (report, "symptoms", "2026-11-23 06:52:05|2026-11-23 07:57:05|CheckoutErrorRate|");
  assert_says (report, "symptoms", "|cluster=eu-central, instance=pay-2, service=checkout\n");
  assert_says (report, "symptoms", "Error rate 31 %, only /pay");
}

static void
test_open_need_is_who_and_why (void **state)
{
  Story story;
  g_autoptr(IncidentReport) waiting = NULL;
  g_autoptr(IncidentReport) answered = NULL;
  g_autofree char *text = NULL;

  story_begin (&story);
  story_act (&story, 0, "ana", "open", "title", "t", NULL);
  story_act (&story, 1, "ana", "diagnose", "text", "d", NULL);
  story_act (&story, 2, "ana", "assign", "role", "commander", "person", "ana", NULL);
  story_act (&story, 3, "ana", "escalate", "target", "payments", "text", "needs a database owner", NULL);
  waiting = incident_report_new (story.kase, INCIDENT_REPORT_KIND_PROBLEM);
  assert_says (waiting, "state-now", "Since (UTC)=2026-11-23 07:03:05\n");
  assert_says (waiting, "state-now", "Needs help from=payments\nBecause=needs a database owner\n");

  story_act (&story, 4, "bo", "examine", "text", "e", NULL);
  answered = incident_report_new (story.kase, INCIDENT_REPORT_KIND_PROBLEM);
  story_end (&story);
  text = dup_text (answered, "state-now");
  assert_null (strstr (text, "Needs help"));
}

static void
test_clocks_are_per_episode_and_print_their_pair (void **state)
{
  Story story;
  g_autoptr(IncidentReport) report = NULL;

  tell_to_close (&story);
  story_act (&story, 200, "ana", "reopen", "text", "The same error again", NULL);
  story_act (&story, 210, "bo", "examine", "text", "A forgotten instance", NULL);
  story_act (&story, 230, "bo", "resolve", "text", "Rolled that back too", NULL);
  report = incident_report_new (story.kase, INCIDENT_REPORT_KIND_SOLUTION);
  story_end (&story);

  assert_says (report, "clocks", "1|Time to declare|detected → declared|8 min\n");
  assert_says (report, "clocks", "1|TTR, time to resolve|declared → resolved|52 min\n");
  assert_says (report, "clocks", "2|TTE, time to engage|declared → engaged|10 min\n");
  assert_says (report, "clocks", "2|TTR, time to resolve|declared → resolved|30 min\n");
  assert_says (report, "clocks", "2|Time to close|declared → closed|–\n");
  assert_says (report, "clocks", "1|impact start|–|–|–\n");
  /* Not while it was closed, from minute 96 to 200. */
  assert_says (report, "clocks", "recovered|1|24 min\n");
  assert_says (report, "clocks", "diagnosis|2|19 min\n");
  assert_says (report, "clocks", "SEV3|1|17 min\nSEV2|1|1 h 57 min\n");
  assert_says (report, "summary", "It was reopened once on 2026-11-23 10:20:05 UTC: “The same error again”. "
                                  "It was resolved 30 min after it was reopened");
}

static void
test_negative_interval_is_left_out_and_counted (void **state)
{
  Story story;
  g_autoptr(IncidentReport) report = NULL;

  story_begin (&story);
  story_act (&story, 0, "ana", "open", "title", "t", NULL);
  story_act (&story, 1, "ana", "assign", "role", "commander", "person", "ana", NULL);
  story_act (&story, 20, "ana", "diagnose", "text", "d", NULL);
  story_recall (&story, 30, -10, "ana", "examine", "text", "looked before anybody said so", NULL);
  report = incident_report_new (story.kase, INCIDENT_REPORT_KIND_SOLUTION);
  story_end (&story);

  assert_says (report, "clocks", "TTE, time to engage|declared → engaged|–\n");
  /* declared → engaged, and the stay in the phase diagnosis */
  assert_says (report, "clocks", "2 intervals are negative");
  assert_says (report, "revisions", "Written over a minute later=1\n");
}

static void
test_roles_say_who_from_when_and_by_whom (void **state)
{
  Story story;
  g_autoptr(IncidentReport) report = NULL;

  tell_to_close (&story);
  report = incident_report_new (story.kase, INCIDENT_REPORT_KIND_SOLUTION);
  story_end (&story);

  assert_says (report, "roles", "commander|ana|2026-11-23 07:02:05|–|ana\n");
  assert_says (report, "roles", "expert|bo|2026-11-23 07:21:05|–|ana\n");
  assert_says (report, "roles", "In the record without a role: alertmanager, chris.");
}

static void
test_timeline_is_in_the_order_of_happening (void **state)
{
  Story story;
  g_autoptr(IncidentReport) report = NULL;
  IncidentReportBlock *block;
  gint64 last = G_MININT64;

  tell_to_close (&story);
  report = incident_report_new (story.kase, INCIDENT_REPORT_KIND_SOLUTION);
  assert_int_equal (report->revision, incident_case_get_version (story.kase));
  story_end (&story);

  block = g_ptr_array_index (find_section (report, "timeline")->blocks, 0);
  assert_int_equal (block->entries->len, report->revision);
  for (guint i = 0; i < block->entries->len; i++)
    {
      IncidentReportEntry *entry = incident_report_block_get_entry (block, i);

      assert_true (entry->occurred_at >= last);
      last = entry->occurred_at;
    }
  /* The alerts began before the case did. */
  assert_string_equal (incident_report_block_get_entry (block, 0)->kind, "alert-fired");
}

static void
test_report_outlives_its_case_and_does_not_follow_it (void **state)
{
  Story story;
  g_autoptr(IncidentReport) report = NULL;
  g_autofree char *before = NULL;
  g_autofree char *after = NULL;

  tell_to_examination (&story);
  report = incident_report_new (story.kase, INCIDENT_REPORT_KIND_PROBLEM);
  before = incident_report_to_json (report);
  story_act (&story, 33, "bo", "resolve", "text", "Restarted", NULL);
  story_end (&story);
  after = incident_report_to_json (report);
  assert_string_equal (after, before);
}

static void
assert_duration (gint64 duration, const char *expected)
{
  char buffer[INCIDENT_REPORT_BUFFER_LENGTH];
  const char *text = incident_report_format_duration (duration, buffer);

  assert_string_equal (text, expected);
}

static void
test_durations_read_well (void **state)
{
  assert_duration (0, "0 s");
  assert_duration (1, "< 1 s");
  assert_duration (59 * G_USEC_PER_SEC, "59 s");
  assert_duration (MINUTE, "1 min");
  assert_duration (MINUTE + G_USEC_PER_SEC, "1 min 1 s");
  assert_duration (61 * MINUTE, "1 h 1 min");
  assert_duration (49 * G_TIME_SPAN_HOUR, "2 d 1 h");
  assert_duration (G_MAXINT64, "106751991 d 4 h");
}

static void
test_kind_is_read_as_it_is_written (void **state)
{
  IncidentReportKind kind = INCIDENT_REPORT_KIND_PROBLEM;
  g_autoptr(GError) error = NULL;

  assert_string_equal (incident_report_kind_to_string (INCIDENT_REPORT_KIND_PROBLEM), "problem");
  assert_true (incident_report_kind_from_string ("solution", &kind, &error));
  assert_int_equal (kind, INCIDENT_REPORT_KIND_SOLUTION);
  assert_null (incident_report_kind_to_string ((IncidentReportKind) 7));
  assert_false (incident_report_kind_from_string ("Solution", &kind, &error));
  assert_error (error, INCIDENT_ERROR, INCIDENT_ERROR_INVALID);
}

int
main (void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test (test_same_case_gives_same_bytes),
    cmocka_unit_test (test_zone_changes_no_byte),
    cmocka_unit_test (test_locale_changes_no_byte),
    cmocka_unit_test (test_json_read_and_written_again_is_the_same),
    cmocka_unit_test (test_json_of_another_form_is_refused_with_its_place),
    cmocka_unit_test (test_completeness_that_does_not_follow_is_refused),
    cmocka_unit_test (test_rows_as_wide_as_their_table_only),
    cmocka_unit_test (test_sections_without_record_say_what_fills_them),
    cmocka_unit_test (test_each_kind_has_its_sections_in_their_order),
    cmocka_unit_test (test_score_weighs_musts_double_and_halves_what_a_person_owes),
    cmocka_unit_test (test_summary_says_what_when_how_long_and_how_it_ended),
    cmocka_unit_test (test_summary_of_open_case_does_not_claim_an_end),
    cmocka_unit_test (test_fix_that_did_not_hold_is_no_fix),
    cmocka_unit_test (test_alerts_say_how_it_was_detected),
    cmocka_unit_test (test_open_need_is_who_and_why),
    cmocka_unit_test (test_clocks_are_per_episode_and_print_their_pair),
    cmocka_unit_test (test_negative_interval_is_left_out_and_counted),
    cmocka_unit_test (test_roles_say_who_from_when_and_by_whom),
    cmocka_unit_test (test_timeline_is_in_the_order_of_happening),
    cmocka_unit_test (test_report_outlives_its_case_and_does_not_follow_it),
    cmocka_unit_test (test_durations_read_well),
    cmocka_unit_test (test_kind_is_read_as_it_is_written),
  };

  return cmocka_run_group_tests (tests, NULL, NULL);
}
