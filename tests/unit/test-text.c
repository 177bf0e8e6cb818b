/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "incident-test.h"

#include <string.h>

#include "base/incident-text-private.h"

static void
assert_html (const char *text,
             const char *expected)
{
  g_autoptr(GString) out = g_string_new ("<p>");

  incident_text_append_html (out, text);
  assert_string_equal (out->str + 3, expected);
}

static void
assert_markdown (const char *text,
                 const char *expected)
{
  g_autoptr(GString) out = g_string_new ("> ");

  incident_text_append_markdown (out, text);
  assert_string_equal (out->str + 2, expected);
}

static void
assert_terminal (const char *text,
                 const char *expected)
{
  g_autofree char *shown = incident_text_for_terminal (text);

  assert_string_equal (shown, expected);
}

static void
test_html_markup_is_escaped (void **state)
{
  assert_html ("<a href=\"x\" id='y'>&amp;</a>", "&lt;a href=&quot;x&quot; id=&#39;y&#39;&gt;&amp;amp;&lt;/a&gt;");
}

static void
test_html_keeps_text_tabs_and_newlines (void **state)
{
  assert_html ("a\tb\nc é 𝄞 \u202e\u00a0", "a\tb\nc é 𝄞 \u202e\u00a0");
}

static void
test_html_drops_what_xml_forbids_and_c1_controls (void **state)
{
  assert_html ("a\x01\x08\x0b\x0c\r\x1f" "b\x7f\xc2\x80\xc2\x85\xc2\x9f" "c\ufffe\uffff" "d\ufffd\u00a0", "abcd\ufffd\u00a0");
}

static void
test_markdown_markup_is_escaped_anywhere (void **state)
{
  assert_markdown ("a \\ ` * _ [ ] < > & ! | ~ z", "a \\\\ \\` \\* \\_ \\[ \\] \\< \\> \\& \\! \\| \\~ z");
}

static void
test_markdown_marks_of_a_line_are_escaped_first_only (void **state)
{
  assert_markdown ("# a # b", "\\# a # b");
  assert_markdown ("+ a + b", "\\+ a + b");
  assert_markdown ("- a - b", "\\- a - b");
  assert_markdown ("== a =", "\\== a =");
  assert_markdown ("  \n# a", "\\# a");
  assert_markdown ("\x01\u200b# a", "\u200b# a");
  assert_markdown ("\ufeff# a", "\ufeff\\# a");
}

static void
test_markdown_numbers_begin_no_list (void **state)
{
  assert_markdown ("1. a 2. b", "1\\. a 2. b");
  assert_markdown ("123456789) a", "123456789\\) a");
  assert_markdown ("1.5 GB", "1\\.5 GB");
  assert_markdown ("1 . a", "1 . a");
  assert_markdown ("a1. b", "a1. b");
}

static void
test_markdown_white_space_is_collapsed (void **state)
{
  assert_markdown ("  a \t\r\n b\u2028c\xc2\x85" "d  ", "a b c d");
  assert_markdown (" \n ", "");
  assert_markdown ("a\u00a0\u00a0b", "a\u00a0\u00a0b");
  assert_markdown ("a “b”  “c” \x01 d_", "a “b” “c” d\\_");
}

static void
test_markdown_drops_controls (void **state)
{
  assert_markdown ("a\x1b[0m\x7f\xc2\x9b" "b", "a\\[0mb");
}

static void
test_ids_are_small_letters_digits_and_inner_dashes (void **state)
{
  static const char *const good[] = { "a", "0", "a-b", "a--b", "db-1" };
  static const char *const bad[] = { "", "-", "-a", "a-", "A", "a b", "a_b", "a.b", "a/b", "é", "a\n", "..", "a\xff" };
  g_autofree char *longest = g_strnfill (64, 'a');
  g_autofree char *too_long = g_strnfill (65, 'a');

  for (gsize i = 0; i < G_N_ELEMENTS (good); i++)
    if (!incident_text_is_id (good[i]))
      fail_msg ("refused: %s", good[i]);
  for (gsize i = 0; i < G_N_ELEMENTS (bad); i++)
    if (incident_text_is_id (bad[i]))
      fail_msg ("taken: %s", bad[i]);
  assert_true (incident_text_is_id (longest));
  assert_false (incident_text_is_id (too_long));
  assert_false (incident_text_is_id (NULL));
}

/* The property White_Space of Unicode 15, PropList.txt. */
static void
test_blank_is_what_unicode_calls_white_space (void **state)
{
  static const gunichar spaces[] = {
    0x09, 0x0a, 0x0b, 0x0c, 0x0d, 0x20, 0x85, 0xa0, 0x1680, 0x2000, 0x2001, 0x2002, 0x2003, 0x2004, 0x2005, 0x2006, 0x2007,
    0x2008, 0x2009, 0x200a, 0x2028, 0x2029, 0x202f, 0x205f, 0x3000,
  };
  gsize next = 0;

  for (gunichar character = 1; character < 0x110000; character++)
    {
      char text[8] = " ";
      gboolean expected = next < G_N_ELEMENTS (spaces) && spaces[next] == character;

      if (!g_unichar_validate (character))
        continue;
      text[1 + g_unichar_to_utf8 (character, text + 1)] = '\0';
      if (incident_text_is_blank (text) != expected)
        fail_msg ("U+%04X", character);
      next += expected ? 1 : 0;
    }
  assert_int_equal (next, G_N_ELEMENTS (spaces));
}

static void
test_no_text_is_blank (void **state)
{
  assert_true (incident_text_is_blank (""));
  assert_true (incident_text_is_blank (NULL));
  assert_false (incident_text_is_blank (" a "));
}

static void
test_terminal_shows_plain_text_as_it_is (void **state)
{
  assert_terminal ("", "");
  assert_terminal ("a\\b é 日本 👩‍🚒 \u00a0", "a\\b é 日本 👩‍🚒 \u00a0");
}

static void
test_terminal_shows_line_ends_and_tabs_as_letters (void **state)
{
  assert_terminal ("a\nb\rc\td", "a\\nb\\rc\\td");
}

static void
test_terminal_shows_controls_as_code_points (void **state)
{
  assert_terminal ("\x1b[31m\x07\x7f", "\\u{1b}[31m\\u{7}\\u{7f}");
  assert_terminal ("\xc2\x80\xc2\x9b\xc2\x9f", "\\u{80}\\u{9b}\\u{9f}");
  assert_terminal ("\u2028\u2029", "\\u{2028}\\u{2029}");
}

static void
test_terminal_shows_bidi_controls_as_code_points (void **state)
{
  assert_terminal ("\u061c\u200e\u200f\u202a\u202e\u2066\u2069",
                   "\\u{61c}\\u{200e}\\u{200f}\\u{202a}\\u{202e}\\u{2066}\\u{2069}");
  assert_terminal ("\u200d\u202f\u2065\u206a", "\u200d\u202f\u2065\u206a");
}

static void
test_terminal_shows_bad_bytes_as_hexadecimal (void **state)
{
  assert_terminal ("a\xff" "b\xc3", "a\\xffb\\xc3");
  assert_terminal ("\xed\xa0\x80", "\\xed\\xa0\\x80");
  assert_terminal ("\xf0\x9f\x98", "\\xf0\\x9f\\x98");
  assert_terminal ("\xc0\x9b" "31m", "\\xc0\\x9b31m");
}

static void
test_a_line_has_no_white_space_but_single_blanks (void **state)
{
  static const char *const texts[][2] = {
    { "one", "one" }, { "", "" }, { " \n ", "" }, { " a\r\n\tb  c\x1b ", "a b c" },
    { "é\xe2\x80\xa8ü", "é ü" }, { "\xc2\x85x", "x" },
    { "“a” – “b”", "“a” – “b”" }, { "“a”  “b” ", "“a” “b”" }, { " “a”", "“a”" }, { "a \u3000b", "a b" }, { "日本 ", "日本" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (texts); i++)
    {
      g_autoptr(GString) line = g_string_new (texts[i][0]);

      incident_text_make_line (line);
      assert_string_equal (line->str, texts[i][1]);
      assert_int_equal (line->len, strlen (texts[i][1]));
    }
}

static void
test_texts_that_differ_anywhere_have_other_hashes (void **state)
{
  g_autoptr(GHashTable) hashes = g_hash_table_new (NULL, NULL);
  char text[40] = "";
  char *copy;

  /* Each length, and each place and a few bytes of it. */
  g_hash_table_add (hashes, GUINT_TO_POINTER (incident_text_hash (text)));
  for (guint length = 1; length < sizeof text; length++)
    {
      memset (text, 'a', length);
      g_hash_table_add (hashes, GUINT_TO_POINTER (incident_text_hash (text)));
      for (guint i = 0; i < length; i++)
        for (char byte = 'b'; byte <= 'z'; byte++)
          {
            text[i] = byte;
            g_hash_table_add (hashes, GUINT_TO_POINTER (incident_text_hash (text)));
            text[i] = 'a';
          }
    }
  assert_int_equal (g_hash_table_size (hashes), 40 + 780 * 25);
  /* Wherever it lies. */
  copy = g_strconcat ("x", text, "y", NULL);
  copy[1 + strlen (text)] = '\0';
  assert_int_equal (incident_text_hash (copy + 1), incident_text_hash (text));
  g_free (copy);
}

static void
assert_cut (const char *text,
            gsize       n_characters,
            const char *expected)
{
  g_autofree char *cut = incident_text_cut (text, n_characters);

  assert_string_equal (cut, expected);
}

static void
test_text_is_cut_at_a_number_of_characters (void **state)
{
  assert_cut ("", 1, "");
  assert_cut ("abc", 3, "abc");
  assert_cut ("abcd", 3, "ab…");
  assert_cut ("äöü€", 4, "äöü€");
  assert_cut ("äöü€𝄞", 4, "äöü…");
  assert_cut ("ab", 1, "…");
}

/* Most are of GraphemeBreakTest.txt: where “÷” stands it may be cut, where “×” stands not. */
static void
test_no_grapheme_is_cut_in_two (void **state)
{
  static const char *const pieces[][4] = {
    { "a\u0308", "b", "c" },
    { "👨‍👩‍👧‍👦", "👨‍👩‍👧‍👦", "👨" },
    { "😀", "😀", "🏴󠁧󠁢󠁷󠁬󠁳󠁿", "😀" },
    { "\uac00\u1160", "\uac01\u11a8", "\u1160" },
    { "\u0e01\u0e33", "\u0e01", "c" },
    { "\r\n", "a", "\n", "\u0308" },
    { "\u1100\u1160\u11a8", "\u1100", "c" },
    { "\uac00\u11a8", "\u1100", "c" },
    { "\U0001f1e6\U0001f1e7", "\U0001f1e8", "b" },
    { "a", "\U0001f1e6\U0001f1e7", "\U0001f1e8\U0001f1e9", "b" },
    { "\U0001f476\U0001f3ff", "\U0001f476", "c" },
    { "\U0001f6d1\u200d\U0001f6d1", "a", "c" },
    { "a\u0903", "b", "c" },
    { "a", "\u0600" "b", "c" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (pieces); i++)
    {
      g_autofree char *text = g_strjoin ("", pieces[i][0], pieces[i][1], pieces[i][2], pieces[i][3], NULL);
      glong n_characters = g_utf8_strlen (text, -1);

      for (glong n = g_utf8_strlen (pieces[i][0], -1) + 1; n < n_characters; n++)
        {
          g_autofree char *cut = incident_text_cut (text, (gsize) n);
          g_autofree char *expected = NULL;
          g_autoptr(GString) whole = g_string_new (pieces[i][0]);

          for (guint j = 1; pieces[i][j] != NULL && g_utf8_strlen (whole->str, -1) + g_utf8_strlen (pieces[i][j], -1) < n; j++)
            g_string_append (whole, pieces[i][j]);
          expected = g_strconcat (whole->str, "…", NULL);
          assert_string_equal (cut, expected);
        }
    }
}

static void
test_a_grapheme_without_end_is_cut_all_the_same (void **state)
{
  assert_cut ("a\u0308\u0308\u0308\u0308", 3, "a\u0308…");
}

int
main (void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test (test_html_markup_is_escaped),
    cmocka_unit_test (test_html_keeps_text_tabs_and_newlines),
    cmocka_unit_test (test_html_drops_what_xml_forbids_and_c1_controls),
    cmocka_unit_test (test_markdown_markup_is_escaped_anywhere),
    cmocka_unit_test (test_markdown_marks_of_a_line_are_escaped_first_only),
    cmocka_unit_test (test_markdown_numbers_begin_no_list),
    cmocka_unit_test (test_markdown_white_space_is_collapsed),
    cmocka_unit_test (test_markdown_drops_controls),
    cmocka_unit_test (test_ids_are_small_letters_digits_and_inner_dashes),
    cmocka_unit_test (test_blank_is_what_unicode_calls_white_space),
    cmocka_unit_test (test_no_text_is_blank),
    cmocka_unit_test (test_a_line_has_no_white_space_but_single_blanks),
    cmocka_unit_test (test_terminal_shows_plain_text_as_it_is),
    cmocka_unit_test (test_terminal_shows_line_ends_and_tabs_as_letters),
    cmocka_unit_test (test_terminal_shows_controls_as_code_points),
    cmocka_unit_test (test_terminal_shows_bidi_controls_as_code_points),
    cmocka_unit_test (test_terminal_shows_bad_bytes_as_hexadecimal),
    cmocka_unit_test (test_text_is_cut_at_a_number_of_characters),
    cmocka_unit_test (test_no_grapheme_is_cut_in_two),
    cmocka_unit_test (test_a_grapheme_without_end_is_cut_all_the_same),
    cmocka_unit_test (test_texts_that_differ_anywhere_have_other_hashes),
  };

  return cmocka_run_group_tests (tests, NULL, NULL);
}
