/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "incident-test.h"

#include <string.h>

#include "comms/incident-slack-text-private.h"

#define GUARD "\u200b"

static void
assert_escaped (const char *text,
                gsize       n_characters,
                const char *expected)
{
  g_autofree char *escaped = incident_slack_text_escape (text, n_characters);

  assert_string_equal (escaped, expected);
}

static void
assert_line (const char *text,
             gsize       n_characters,
             const char *expected)
{
  g_autofree char *escaped = incident_slack_text_escape_line (text, n_characters);

  assert_string_equal (escaped, expected);
}

static void
assert_link (const char *url,
             const char *label,
             gsize       n_characters,
             const char *expected)
{
  g_autoptr(GString) out = g_string_new (NULL);
  gboolean is_added = incident_slack_text_append_link (out, url, label, n_characters);

  assert_true (is_added == (*expected != '\0'));
  assert_string_equal (out->str, expected);
}

static void
test_nobody_is_called_and_no_link_is_forged (void **state)
{
  assert_escaped ("<!channel> <@U1> <http://evil|good>", 100,
                  "&lt;!channel&gt; &lt;@U1&gt; &lt;http://evil|good&gt;");
}

static void
test_an_entity_is_shown_as_it_was_written (void **state)
{
  assert_escaped ("a &lt; b && c", 100, "a &amp;lt; b &amp;&amp; c");
}

static void
test_markup_is_defused (void **state)
{
  assert_escaped ("*b* _i_ ~s~ `c`", 100,
                  GUARD "*b" GUARD "* " GUARD "_i" GUARD "_ " GUARD "~s" GUARD "~ " GUARD "`c" GUARD "`");
}

static void
test_a_quotation_is_defused_where_a_line_begins (void **state)
{
  assert_escaped (">a > b\n  >c", 100, GUARD "&gt;a &gt; b\n  " GUARD "&gt;c");
}

static void
test_control_characters_are_dropped (void **state)
{
  assert_escaped ("a\x01\x1b[31mb\tc\nd\xc2\x9f", 100, "a[31mb\tc\nd");
}

static void
test_no_entity_is_torn (void **state)
{
  assert_escaped ("aaa&&&", 8, "aaa…");
  assert_escaped ("aaa&&&", 9, "aaa&amp;…");
  assert_escaped ("a&", 6, "a&amp;");
  assert_escaped ("a&", 5, "…");
}

static void
test_no_grapheme_is_torn (void **state)
{
  /* A family of three, joined; and e with an accent of its own. */
  assert_escaped ("ab👨\u200d👩\u200d👧cd", 5, "ab…");
  assert_escaped ("xye\u0301zz", 4, "xy…");
}

static void
test_every_cut_is_within_its_limit_and_whole (void **state)
{
  static const char text[] = "> <b> & *x* é👨\u200d👩\u200d👧 `\x01\x02 ~ العربية <!here>\n>_q_";

  for (gsize n = 1; n < 120; n++)
    {
      g_autofree char *escaped = incident_slack_text_escape (text, n);
      const char *entity = strrchr (escaped, '&');

      assert_true (g_utf8_validate (escaped, -1, NULL));
      assert_true ((gsize) g_utf8_strlen (escaped, -1) <= n);
      assert_null (strchr (escaped, '<'));
      assert_true (entity == NULL || strchr (entity, ';') != NULL);
    }
}

static void
test_what_is_dropped_makes_room (void **state)
{
  assert_escaped ("\x01\x02\x03\x04" "abcd", 4, "abcd");
}

static void
test_a_line_has_entities_alone (void **state)
{
  assert_line ("a *b*\n<!here> & c", 100, "a *b* &lt;!here&gt; &amp; c");
  assert_line ("<<<<<<<<<<", 13, "&lt;&lt;&lt;…");
}

static void
test_a_link_is_of_the_web_and_keeps_its_shape (void **state)
{
  assert_link ("https://desk.example/INC-42?a=1&b=2", "Open | INC-42 <now>", 100,
               "<https://desk.example/INC-42?a=1&amp;b=2|Open ¦ INC-42 &lt;now&gt;>");
  assert_link ("https://x/a|b>c d", "L", 100, "<https://x/a%7Cb%3Ec%20d|L>");
  assert_link ("javascript:alert(1)", "L", 100, "");
  assert_link (NULL, "L", 100, "");
}

static void
test_a_link_that_does_not_fit_is_left_out (void **state)
{
  assert_link ("https://x/", "Label", 13, "");
  assert_link ("https://x/", "Label", 15, "<https://x/|L…>");
  assert_link ("https://x/", "", 20, "<https://x/|…>");
}

static void
test_what_is_not_seen_is_not_shown (void **state)
{
  assert_false (incident_slack_text_is_shown (NULL));
  assert_false (incident_slack_text_is_shown (""));
  assert_false (incident_slack_text_is_shown (" \n\t\x01\u200b\u00a0\u3000\u200d"));
  assert_true (incident_slack_text_is_shown ("\n."));
}

int
main (void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test (test_nobody_is_called_and_no_link_is_forged),
    cmocka_unit_test (test_an_entity_is_shown_as_it_was_written),
    cmocka_unit_test (test_markup_is_defused),
    cmocka_unit_test (test_a_quotation_is_defused_where_a_line_begins),
    cmocka_unit_test (test_control_characters_are_dropped),
    cmocka_unit_test (test_no_entity_is_torn),
    cmocka_unit_test (test_no_grapheme_is_torn),
    cmocka_unit_test (test_every_cut_is_within_its_limit_and_whole),
    cmocka_unit_test (test_what_is_dropped_makes_room),
    cmocka_unit_test (test_a_line_has_entities_alone),
    cmocka_unit_test (test_a_link_is_of_the_web_and_keeps_its_shape),
    cmocka_unit_test (test_a_link_that_does_not_fit_is_left_out),
    cmocka_unit_test (test_what_is_not_seen_is_not_shown),
  };

  return cmocka_run_group_tests (tests, NULL, NULL);
}
