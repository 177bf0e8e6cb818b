/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "report-story.h"

#include "report/incident-report-html-private.h"
#include "report/incident-report-private.h"

static const char hostile[] =
  "<script>alert(1)</script> & &amp; </bdi></td></table></text></svg> \" ' <!-- --> ]]> | a | b |\n\n# heading\n- item\n"
  "1. one\n> q `code` ``` ~~~ **bold** [x](javascript:alert(1)) ![i](x) <https://example.org> \\ \xe2\x80\xaelive\xe2\x80\xac "
  "\xf0\x9f\x9a\x80 end";
static const char tame[] = "A sentence of some words";

/* The same story, with @words wherever a person's or a program's words go. */
static void
tell_with (Story *story, const char *words)
{
  /* A name is one line, and short. */
  g_autofree char *line = g_strdelimit (g_utf8_substring (words, 0, MIN (g_utf8_strlen (words, -1), 150)), "\n", ' ');

  story_begin (story);
  story_act (story, 0, line, "open", "title", line, "text", words, "severity", "sev1", "service", "s", NULL);
  story_act (story, 1, "ana", "assign", "role", "commander", "person", line, NULL);
  story_act (story, 5, "ana", "diagnose", "text", words, NULL);
  story_act (story, 14, "ana", "escalate", "target", line, "text", words, NULL);
  story_act (story, 24, line, "examine", "text", words, NULL);
  story_act (story, 33, line, "resolve", "text", words, NULL);
  story_act (story, 40, "ana", "note", "text", words, NULL);
  story_act (story, 52, line, "recover", "text", words, NULL);
  story_act (story, 60, line, "close", "text", words, NULL);
  story_act (story, 70, "ana", "reopen", "text", words, NULL);
}

static char *
render (const char *words, IncidentReportKind kind, char * (* to_text) (IncidentReport *))
{
  Story story;
  g_autoptr(IncidentReport) report = NULL;

  tell_with (&story, words);
  report = incident_report_new (story.kase, kind);
  story_end (&story);
  return to_text (report);
}

/* HTML */

typedef struct
{
  GString *elements;
  GString *text;
} Page;

static void
on_start (GMarkupParseContext *context, const char *element, const char **names, const char **values, gpointer data,
          GError **error)
{
  Page *page = data;

  g_string_append_printf (page->elements, "<%s>", element);
  for (guint i = 0; names[i] != NULL; i++)
    if (g_str_has_prefix (names[i], "on") || g_str_equal (names[i], "href") || g_str_equal (names[i], "src"))
      g_string_append_printf (page->elements, "!%s=%s!", names[i], values[i]);
}

static void
on_end (GMarkupParseContext *context, const char *element, gpointer data, GError **error)
{
  g_string_append_printf (((Page *) data)->elements, "</%s>", element);
}

static void
on_text (GMarkupParseContext *context, const char *text, gsize length, gpointer data, GError **error)
{
  g_string_append_len (((Page *) data)->text, text, (gssize) length);
  g_string_append_c (((Page *) data)->text, '\n');
}

static const GMarkupParser parser = { on_start, on_end, on_text, NULL, NULL };

static void
read_page (const char *html, Page *page)
{
  g_autoptr(GMarkupParseContext) context = g_markup_parse_context_new (&parser, 0, page, NULL);
  g_autoptr(GError) error = NULL;

  page->elements = g_string_new (NULL);
  page->text = g_string_new (NULL);
  if (!g_markup_parse_context_parse (context, html, -1, &error) || !g_markup_parse_context_end_parse (context, &error))
    fail_msg ("not well-formed: %s", error->message);
}

static void
page_clear (Page *page)
{
  g_string_free (page->elements, TRUE);
  g_string_free (page->text, TRUE);
}

static void
assert_contains (const char *text, const char *part)
{
  if (strstr (text, part) == NULL)
    fail_msg ("“%s” is not in: %s", part, text);
}

static void
assert_lacks (const char *text, const char *part)
{
  if (strstr (text, part) != NULL)
    fail_msg ("“%s” is in: %.200s", part, strstr (text, part));
}

static void
test_hostile_words_change_no_element_of_html (void **state)
{
  for (guint kind = INCIDENT_REPORT_KIND_PROBLEM; kind <= INCIDENT_REPORT_KIND_SOLUTION; kind++)
    {
      g_autofree char *bad = render (hostile, (IncidentReportKind) kind, incident_report_to_html);
      g_autofree char *good = render (tame, (IncidentReportKind) kind, incident_report_to_html);
      Page bad_page, good_page;

      read_page (bad, &bad_page);
      read_page (good, &good_page);
      assert_string_equal (bad_page.elements->str, good_page.elements->str);
      assert_contains (bad_page.text->str, hostile);
      assert_lacks (bad, "<script");
      page_clear (&bad_page);
      page_clear (&good_page);
    }
}

static void
test_words_are_isolated (void **state)
{
  g_autofree char *html = render ("\xe2\x80\xaelive", INCIDENT_REPORT_KIND_SOLUTION, incident_report_to_html);

  for (const char *found = html; (found = strstr (found, "\xe2\x80\xaelive")) != NULL; found++)
    {
      const char *before = g_strrstr_len (html, found - html, "<");

      /* In a title or a text of SVG nothing else stands. */
      if (!g_str_has_prefix (before, "<bdi") && !g_str_has_prefix (before, "<title") && !g_str_has_prefix (before, "<text"))
        fail_msg ("not isolated: %.60s", before);
    }
}

static void
test_html_needs_nothing_else (void **state)
{
  Story story;
  g_autoptr(IncidentReport) report = NULL;
  g_autofree char *html = NULL;

  tell_to_close (&story);
  report = incident_report_new (story.kase, INCIDENT_REPORT_KIND_SOLUTION);
  html = incident_report_to_html (report);
  story_end (&story);

  assert_true (g_str_has_prefix (html, "<!DOCTYPE html>\n<html lang=\"en\">"));
  assert_contains (html, "content=\"default-src 'none'; style-src 'unsafe-inline'; img-src data:\"");
  assert_contains (html, "@page { margin: 15mm; }");
  assert_contains (html, "@media screen and (prefers-color-scheme: dark)");
  assert_contains (html, "thead { display: table-header-group; }");
  assert_contains (html, "print-color-adjust: exact");
  assert_contains (html, "<svg viewBox=\"0 0 760 ");
  assert_contains (html, "role=\"img\" aria-labelledby=\"chart_1_title chart_1_desc\"");
  assert_contains (html, "<title id=\"chart_1_title\">");
  assert_contains (html, "<desc id=\"chart_1_desc\">");
  assert_contains (html, "all times are UTC");
  assert_lacks (html, "<script");
  assert_lacks (html, "http:");
  assert_lacks (html, "https:");
  assert_lacks (html, "url(");
  assert_lacks (html, "@import");
  assert_lacks (html, "<details");
  assert_lacks (strstr (html, "<body"), "var(");
}

static void
test_only_words_too_long_for_a_column_may_be_cut (void **state)
{
  g_autofree char *html = render ("CheckoutErrorRateTooHigh https://example.org/a/b/c/d", INCIDENT_REPORT_KIND_PROBLEM,
                                  incident_report_to_html);

  assert_contains (html, "<bdi class=\"long\">CheckoutErrorRateTooHigh https");
  assert_contains (html, "<bdi>ana</bdi>");
}

static void
assert_words (const char *words, gboolean is_long)
{
  g_autofree char *html = render (words, INCIDENT_REPORT_KIND_PROBLEM, incident_report_to_html);
  g_autofree char *expected = g_strdup_printf ("<td><bdi%s>%s</bdi></td>", is_long ? " class=\"long\"" : "", words);

  assert_contains (html, expected);
}

static void
test_a_word_is_as_long_as_it_has_characters (void **state)
{
#define TWELVE "abcdefghijkl"
#define TWELVE_WIDE "äöüäöüäöüäöü"
  assert_words (TWELVE TWELVE, FALSE);
  assert_words (TWELVE TWELVE "m", TRUE);
  assert_words (TWELVE TWELVE " " TWELVE TWELVE " a", FALSE);
  assert_words ("a b " TWELVE TWELVE "m", TRUE);
  assert_words ("a b " TWELVE TWELVE "m c", TRUE);
  assert_words (TWELVE_WIDE TWELVE_WIDE " a", FALSE);
  assert_words ("a " TWELVE_WIDE TWELVE_WIDE "ä", TRUE);
  assert_words (TWELVE_WIDE "\u3000" TWELVE_WIDE TWELVE_WIDE, FALSE);
#undef TWELVE
#undef TWELVE_WIDE
}

/* Chart */

static guint
count (const char *text, const char *part)
{
  guint n = 0;

  for (; (text = strstr (text, part)) != NULL; text++)
    n++;

  return n;
}

static IncidentReportEntry *
add_entry (IncidentReportBlock *block, gint64 time, const char *kind, const char *phase, const char *what)
{
  IncidentReportEntry *entry;

  g_array_set_size (block->entries, block->entries->len + 1);
  entry = incident_report_block_get_entry (block, block->entries->len - 1);
  entry->seq = block->entries->len;
  entry->episode = 1;
  entry->occurred_at = entry->recorded_at = time;
  entry->actor = "ana";
  entry->kind = kind;
  entry->phase = phase;
  entry->what = what;
  return entry;
}

static char *
draw (IncidentReportBlock *block, gboolean open)
{
  g_autoptr(IncidentReport) report = incident_report_alloc ();
  GString *svg = g_string_new (NULL);

  report->id = "INC-1";
  report->open = open;
  incident_report_append_chart (svg, report, block, 1);
  return g_string_free (svg, FALSE);
}

static void
test_chart_of_many_entries_shows_turns_and_roles (void **state)
{
  g_autoptr(IncidentReportBlock) block = incident_report_block_new (NULL, INCIDENT_REPORT_BLOCK_TIMELINE);
  g_autofree char *forty = NULL;
  g_autofree char *more = NULL;

  add_entry (block, 0, "opened", "new", "opened");
  add_entry (block, MINUTE, "assigned", NULL, "ana is commander");
  for (guint i = 2; i < 40; i++)
    add_entry (block, (gint64) i * MINUTE, "noted", NULL, "a note");
  forty = draw (block, TRUE);
  assert_int_equal (count (forty, "<circle"), 40);
  assert_lacks (forty, "of 40 entries");

  add_entry (block, 41 * MINUTE, "diagnosed", "diagnosis", "diagnosed");
  more = draw (block, TRUE);
  assert_int_equal (count (more, "<circle"), 3);
  assert_contains (more, "3 of 41 entries");
}

static void
test_chart_has_an_end_however_often_a_case_turns (void **state)
{
  g_autoptr(IncidentReportBlock) block = incident_report_block_new (NULL, INCIDENT_REPORT_BLOCK_TIMELINE);
  g_autofree char *svg = NULL;

  for (guint i = 0; i < 500; i++)
    add_entry (block, (gint64) i * MINUTE, "examined", i % 2 == 0 ? "examination" : "escalation", "turn");
  svg = draw (block, TRUE);
  assert_int_equal (count (svg, "<circle"), 40);
  assert_contains (svg, "40 of 500 entries");
}

/* Where a text would end, by its anchor and our widths. */
static void
check_text_stays_inside (const char *element)
{
  double x = g_ascii_strtod (strstr (element, "x=\"") + 3, NULL);
  double size = g_ascii_strtod (strstr (element, "font-size=\"") + 11, NULL);
  const char *start = strchr (element, '>') + 1;
  g_autofree char *text = g_strndup (start, (gsize) (strstr (start, "</text>") - start));
  double width = incident_report_measure (text) * size;

  if (strstr (element, "anchor=\"end\"") != NULL && strstr (element, "anchor=\"end\"") < start)
    x -= width;
  else if (strstr (element, "anchor=\"middle\"") != NULL && strstr (element, "anchor=\"middle\"") < start)
    x -= width / 2;
  if (x < 0.0 || x + width > 760.0)
    fail_msg ("“%s” runs from %.1f to %.1f", text, x, x + width);
}

static void
test_chart_text_is_cut_at_a_word_and_stays_inside (void **state)
{
  g_autoptr(IncidentReportBlock) block = incident_report_block_new (NULL, INCIDENT_REPORT_BLOCK_TIMELINE);
  g_autoptr(GString) words = g_string_new (NULL);
  g_autofree char *svg = NULL;

  for (guint i = 0; i < 60; i++)
    g_string_append (words, "Wonderful ");
  for (guint i = 0; i < 30; i++)
    add_entry (block, (gint64) i * MINUTE, "noted", NULL, words->str);
  add_entry (block, 31 * MINUTE, "closed", "closed", "ended")->state = "ended";
  svg = draw (block, FALSE);

  assert_contains (svg, "Wonderful…</text>");
  assert_int_equal (count (svg, "Wonderful…</text>"), 30);
  assert_contains (svg, "text-anchor=\"end\" class=\"muted\" fill=\"#5f6b7a\">Wonderful");
  assert_contains (svg, "text-anchor=\"start\" class=\"muted\" fill=\"#5f6b7a\">Wonderful");
  for (const char *text = svg; (text = strstr (text, "<text ")) != NULL; text++)
    if (strstr (text, "font-size=\"13\"") == NULL || strstr (text, "font-size=\"13\"") > strchr (text, '>'))
      check_text_stays_inside (text);
}

static void
test_chart_bands_follow_the_order_of_writing (void **state)
{
  g_autoptr(IncidentReportBlock) block = incident_report_block_new (NULL, INCIDENT_REPORT_BLOCK_TIMELINE);
  g_autofree char *svg = NULL;

  add_entry (block, 0, "opened", "new", "opened")->severity = INCIDENT_SEVERITY_SEV3;
  add_entry (block, 10 * MINUTE, "diagnosed", "diagnosis", "diagnosed");
  add_entry (block, 30 * MINUTE, "classified", NULL, "sev1")->severity = INCIDENT_SEVERITY_SEV1;
  add_entry (block, 40 * MINUTE, "cancelled", "cancelled", "cancelled")->state = "ended";
  svg = draw (block, FALSE);

  assert_contains (svg, "class=\"p-new\" fill=\"#e3e7ec\"><title>new, from 1970-01-01 00:00:00 UTC, 10 min<");
  assert_contains (svg, "class=\"p-diagnosis\" fill=\"#d3e2fa\"><title>diagnosis, from 1970-01-01 00:10:00 UTC, 30 min<");
  assert_contains (svg, "class=\"s-sev3\" fill=\"#a88400\"><title>SEV3, from 1970-01-01 00:00:00 UTC, 30 min<");
  assert_contains (svg, "class=\"s-sev1\" fill=\"#67001f\"><title>SEV1, from 1970-01-01 00:30:00 UTC, 10 min<");
  assert_lacks (svg, "p-cancelled");
}

static void
test_chart_leaves_out_a_band_of_negative_length (void **state)
{
  g_autoptr(IncidentReportBlock) block = incident_report_block_new (NULL, INCIDENT_REPORT_BLOCK_TIMELINE);
  g_autofree char *svg = NULL;

  add_entry (block, 0, "opened", "new", "opened");
  add_entry (block, 5 * MINUTE, "examined", "examination", "dated back")->seq = 3;
  add_entry (block, 10 * MINUTE, "diagnosed", "diagnosis", "diagnosed")->seq = 2;
  svg = draw (block, FALSE);

  assert_contains (svg, "<title>new, from 1970-01-01 00:00:00 UTC, 10 min<");
  assert_contains (svg, "<title>examination, from 1970-01-01 00:05:00 UTC, 5 min<");
  assert_lacks (svg, "p-diagnosis");
}

static void
test_chart_of_the_ends_of_time_is_drawn (void **state)
{
  static const char * const times[] = { "0001-01-01T00:00:00Z", "9999-12-31T23:59:59.999999Z" };

  for (guint i = 0; i < 4; i++)
    {
      g_autoptr(IncidentReportBlock) block = incident_report_block_new (NULL, INCIDENT_REPORT_BLOCK_TIMELINE);
      g_autofree char *svg = NULL;
      gint64 from, until;

      assert_true (incident_time_from_string (times[i % 2], &from, NULL));
      assert_true (incident_time_from_string (times[i / 2], &until, NULL));
      add_entry (block, from, "opened", "new", "opened");
      add_entry (block, until, "noted", NULL, "noted");
      svg = draw (block, TRUE);
      assert_int_equal (count (svg, "<circle"), 2);
    }
}

static void
test_ticks_are_round_and_at_most_ten (void **state)
{
  gint64 from = G_GINT64_CONSTANT (1795935605250000); /* 2026-11-29T07:00:05.25Z */

  for (double span = 1.0; span < 3e11; span *= 1.3)
    {
      gint64 until = from + (gint64) (span * 1e6);
      g_autoptr(GArray) ticks = incident_report_list_ticks (from, MIN (until, G_GINT64_CONSTANT (253402300799999999)));

      assert_in_range (ticks->len, 1, 10);
      for (guint i = 0; i < ticks->len && span > 600.0; i++)
        {
          IncidentReportTick *tick = &g_array_index (ticks, IncidentReportTick, i);

          assert_true (tick->time >= from && tick->time <= until);
          assert_int_equal (tick->time % MINUTE, 0);
        }
    }
}

static void
test_ticks_name_the_day_where_it_changes (void **state)
{
  gint64 from = G_GINT64_CONSTANT (1795978800000000); /* 2026-11-29T19:00:00Z */
  g_autoptr(GArray) ticks = incident_report_list_ticks (from, from + 8 * G_TIME_SPAN_HOUR);

  assert_int_equal (ticks->len, 9);
  assert_string_equal (g_array_index (ticks, IncidentReportTick, 0).label, "19:00");
  assert_string_equal (g_array_index (ticks, IncidentReportTick, 0).lower, "2026-11-29");
  assert_string_equal (g_array_index (ticks, IncidentReportTick, 1).lower, "");
  assert_string_equal (g_array_index (ticks, IncidentReportTick, 5).label, "00:00");
  assert_string_equal (g_array_index (ticks, IncidentReportTick, 5).lower, "2026-11-30");
}

/* Markdown */

/* Unescaped bars and the kind of each line. */
static char *
get_shape (const char *markdown)
{
  g_auto(GStrv) lines = g_strsplit (markdown, "\n", -1);
  GString *shape = g_string_new (NULL);

  for (guint i = 0; lines[i] != NULL; i++)
    {
      guint bars = 0;

      for (const char *c = lines[i]; *c != '\0'; c++)
        if (*c == '\\')
          c++;
        else
          bars += *c == '|' ? 1 : 0;
      g_string_append_printf (shape, "%.2s%u\n", g_str_has_prefix (lines[i], "#") ? lines[i] : "", bars);
    }
  return g_string_free (shape, FALSE);
}

static void
test_hostile_words_change_no_line_of_markdown (void **state)
{
  g_autofree char *bad = render (hostile, INCIDENT_REPORT_KIND_SOLUTION, incident_report_to_markdown);
  g_autofree char *good = render (tame, INCIDENT_REPORT_KIND_SOLUTION, incident_report_to_markdown);
  g_autofree char *bad_shape = get_shape (bad);
  g_autofree char *good_shape = get_shape (good);

  assert_string_equal (bad_shape, good_shape);
  assert_lacks (bad, " <script");
  assert_contains (bad, "\\<script\\>");
}

static void
test_markdown_marks_verbs_as_code (void **state)
{
  Story story;
  g_autoptr(IncidentReport) report = NULL;
  g_autofree char *markdown = NULL;

  story_begin (&story);
  story_act (&story, 0, "ana", "open", "title", "t", NULL);
  report = incident_report_new (story.kase, INCIDENT_REPORT_KIND_SOLUTION);
  markdown = incident_report_to_markdown (report);
  story_end (&story);

  assert_contains (markdown, "\n## Hypotheses and findings\n\nNot recorded. `diagnose` and `examine` record what is found.\n\n");
  assert_true (g_str_has_suffix (markdown, "\n") && !g_str_has_suffix (markdown, "\n\n"));
}

int
main (void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test (test_hostile_words_change_no_element_of_html),
    cmocka_unit_test (test_words_are_isolated),
    cmocka_unit_test (test_html_needs_nothing_else),
    cmocka_unit_test (test_only_words_too_long_for_a_column_may_be_cut),
    cmocka_unit_test (test_a_word_is_as_long_as_it_has_characters),
    cmocka_unit_test (test_chart_of_many_entries_shows_turns_and_roles),
    cmocka_unit_test (test_chart_has_an_end_however_often_a_case_turns),
    cmocka_unit_test (test_chart_text_is_cut_at_a_word_and_stays_inside),
    cmocka_unit_test (test_chart_bands_follow_the_order_of_writing),
    cmocka_unit_test (test_chart_leaves_out_a_band_of_negative_length),
    cmocka_unit_test (test_chart_of_the_ends_of_time_is_drawn),
    cmocka_unit_test (test_ticks_are_round_and_at_most_ten),
    cmocka_unit_test (test_ticks_name_the_day_where_it_changes),
    cmocka_unit_test (test_hostile_words_change_no_line_of_markdown),
    cmocka_unit_test (test_markdown_marks_verbs_as_code),
  };

  return cmocka_run_group_tests (tests, NULL, NULL);
}
