/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "incident-test.h"

#include <string.h>

#include "model/incident-labels-private.h"
#include "model/incident-matcher-private.h"

/* What the grammars read and refuse is taken from the tests of Prometheus Alertmanager
 * (matcher/parse, matcher/compat, matcher/compliance, pkg/labels); what a regular
 * expression takes was held against RE2 itself. */

static GPtrArray *
parse (const char  *text,
       char       **warning)
{
  g_autoptr(GError) error = NULL;
  GPtrArray *matchers = incident_matcher_parse (text, warning, &error);

  if (error != NULL)
    fail_msg ("%s", error->message);
  return matchers;
}

static void
assert_read (const char *text,
             const char *expected)
{
  g_autofree char *warning = NULL;
  g_autoptr(GPtrArray) matchers = parse (text, &warning);
  g_autofree char *written = incident_matchers_to_string (matchers);

  assert_string_equal (written, expected);
  if (warning != NULL)
    fail_msg ("%s", warning);
}

/* The warning names @expected, as what to write. */
static void
assert_read_with_warning (const char *text,
                          const char *expected)
{
  g_autofree char *warning = NULL;
  g_autoptr(GPtrArray) matchers = parse (text, &warning);
  g_autofree char *written = incident_matchers_to_string (matchers);

  assert_string_equal (written, expected);
  assert_non_null (warning);
  assert_non_null (strstr (warning, expected));
  assert_non_null (strstr (warning, "classic grammar"));
}

static void
assert_refused (const char *text,
                const char *expected)
{
  g_autofree char *warning = NULL;
  g_autoptr(GError) error = NULL;
  g_autofree char *message = g_strdup_printf ("“%s” are no matchers: %s", text, expected);

  assert_null (incident_matcher_parse (text, &warning, &error));
  assert_error (error, INCIDENT_ERROR, INCIDENT_ERROR_INVALID);
  assert_string_equal (error->message, message);
  assert_null (warning);
}

static void
test_no_matchers_are_an_empty_list (void **state)
{
  assert_read ("", "{}");
  assert_read ("{}", "{}");
  assert_read (" { } ", "{}");
}

static void
test_each_operator_is_read (void **state)
{
  assert_read ("{foo=bar}", "{foo=\"bar\"}");
  assert_read ("{foo!=bar}", "{foo!=\"bar\"}");
  assert_read ("{foo=~[a-z]+}", "{foo=~\"[a-z]+\"}");
  assert_read ("{foo!~[a-z]+}", "{foo!~\"[a-z]+\"}");
  assert_read ("foo=bar,dings!=bums", "{foo=\"bar\",dings!=\"bums\"}");
}

static void
test_braces_and_the_last_comma_may_be_left_out (void **state)
{
  assert_read ("foo=bar", "{foo=\"bar\"}");
  assert_read ("foo=bar,", "{foo=\"bar\"}");
  assert_read ("{foo=bar,}", "{foo=\"bar\"}");
  assert_read ("{foo = \"bar\", dings != \"bums\", }", "{foo=\"bar\",dings!=\"bums\"}");
  assert_read ("contains_quote != \"\\\"\" , contains_comma !~ \"foo,bar\" , ",
               "{contains_quote!=\"\\\"\",contains_comma!~\"foo,bar\"}");
}

static void
test_names_and_values_may_be_any_text (void **state)
{
  assert_read ("{\"foo\"=\"bar\"}", "{foo=\"bar\"}");
  assert_read ("{foo=🙂bar}", "{foo=\"🙂bar\"}");
  assert_read ("foo🙂=bar", "{\"foo🙂\"=\"bar\"}");
  assert_read ("{name-with-dashes = \"bar\"}", "{\"name-with-dashes\"=\"bar\"}");
  assert_read ("{\"a b\"=\"c,d}\"}", "{\"a b\"=\"c,d}\"}");
  assert_read ("{quote=\"She said: \\\"Hi, ladies! That's gender-neutral…\\\"\"}",
               "{quote=\"She said: \\\"Hi, ladies! That's gender-neutral…\\\"\"}");
}

/* The name in quotes keeps the classic grammar away. */
static void
test_quotes_have_the_escapes_of_go (void **state)
{
  assert_read ("{\"foo\"=\"\\xf0\\x9f\\x99\\x82\"}", "{foo=\"🙂\"}");
  assert_read ("{\"foo\"=\"\\U0001f642\"}", "{foo=\"🙂\"}");
  assert_read ("{\"foo\"=\"\\u20ac\\101\"}", "{foo=\"€A\"}");
  assert_read ("{\"foo\"=\"bar\\t\\n\"}", "{foo=\"bar\t\\n\"}");
  assert_read ("{\"foo\"=\"\\\"bar\\\\\"}", "{foo=\"\\\"bar\\\\\"}");
}

static void
test_white_space_is_that_of_unicode (void **state)
{
  assert_read ("foo\302\240=\302\205bar\342\200\203", "{foo=\"bar\"}");
  assert_read ("\vfoo=bar\302\240", "{foo=\"bar\"}");
  assert_read_with_warning ("\302\240foo=", "{foo=\"\"}");
}

static void
test_what_only_the_classic_grammar_reads_is_taken_with_a_warning (void **state)
{
  assert_read_with_warning ("foo=bar}", "{foo=\"bar\"}");
  assert_read_with_warning ("{foo=bar", "{foo=\"bar\"}");
  assert_read_with_warning ("foo=", "{foo=\"\"}");
  assert_read_with_warning ("{foo=,bar=}}", "{foo=\"\",bar=\"}\"}");
  assert_read_with_warning ("{foo=}b", "{foo=\"}b\"}");
  assert_read_with_warning ("{foo=bar}},}", "{foo=\"bar}}\"}");
  assert_read_with_warning ("tricky=~~~", "{tricky=~\"~~\"}");
  assert_read_with_warning ("trickier==\\\\=\\=\\\"", "{trickier=\"=\\\\=\\\\=\\\"\"}");
  assert_read_with_warning ("{foo=!bar,bar=$baz\\n}", "{foo=\"!bar\",bar=\"$baz\\n\"}");
  assert_read_with_warning ("{foo=bar\\t}", "{foo=\"bar\\\\t\"}");
  assert_read_with_warning ("{foo='}", "{foo=\"'\"}");
  assert_read_with_warning ("foo=\"\\d+\"", "{foo=\"\\\\d+\"}");
  assert_read_with_warning ("a=b c", "{a=\"b c\"}");
  assert_read_with_warning ("a=\"b,c\",d=", "{a=\"b,c\",d=\"\"}");
  assert_read_with_warning ("a=\"b\\\",c\",d=", "{a=\"b\\\",c\",d=\"\"}");
}

static void
test_the_classic_grammar_wins_where_both_read (void **state)
{
  g_autofree char *warning = NULL;
  g_autoptr(GPtrArray) matchers = parse ("foo=\"\\xf0\\x9f\\x99\\x82\"", &warning);

  assert_string_equal (incident_matcher_get_value (g_ptr_array_index (matchers, 0)), "\\xf0\\x9f\\x99\\x82");
  assert_string_equal (warning, "“foo=\"\\xf0\\x9f\\x99\\x82\"” is read by the classic grammar as "
                                "{foo=\"\\\\xf0\\\\x9f\\\\x99\\\\x82\"}, but by that of UTF-8 as {foo=\"🙂\"}: "
                                "write the one that is meant, here the first is taken");
}

static void
test_the_warning_need_not_be_asked_for (void **state)
{
  g_autoptr(GPtrArray) matchers = parse ("foo=bar}", NULL);

  assert_int_equal (matchers->len, 1);
}

static void
test_an_error_says_where_and_what_would_be_right (void **state)
{
  assert_refused (",", "0:1: “,” stands where there must be the name of a label, as in team=\"payments\"");
  assert_refused ("{,}", "1:2: “,” stands where there must be the name of a label, as in team=\"payments\"");
  assert_refused ("foo=bar,,bar=baz", "8:9: “,” stands where there must be the name of a label, as in team=\"payments\"");
  assert_refused ("{foo=:\"bar\"}", "6:11: “\"bar\"” stands where there must be a comma or “}”");
  assert_refused ("foo!bar", "3:4: there must be “!=” or “!~”, or quotation marks around a text with “!” in it");
  assert_refused ("foo", "0:3: the text ends where there must be “=”, “!=”, “=~” or “!~”");
  assert_refused ("\"é\" bar", "4:7: “bar” stands where there must be “=”, “!=”, “=~” or “!~”");
  assert_refused ("\"a\"=", "0:4: the text ends where there must be a value; one that is empty is written “\"\"”");
  assert_refused ("\"a\"=b}", "0:6: there is a “}” at the end, but no “{” at the start");
  assert_refused ("{\"a\"=b", "0:6: there is a “{” at the start, but no “}” at the end");
  assert_refused ("{\"a\"=b}c", "7:8: “c” stands where there must be nothing more");
  assert_refused ("\"a\"=b\\n", "5:6: a text with “\\” in it must have quotation marks around it");
  assert_refused ("\"\"=b", "0:4: the name of a label must not be empty");
  assert_refused ("job=\"value", "4:10: a quotation mark is not closed: there must be another “\"” behind the text");
}

static void
test_quotes_hold_text_alone (void **state)
{
  static const char * const wrong[] = { "\\xf0\\x9f", "\\w", "\\u12", "\\777", "\\501", "\\ud800", "\\x00", "a\nb" };

  for (guint i = 0; i < G_N_ELEMENTS (wrong); i++)
    {
      g_autofree char *text = g_strdup_printf ("{\"foo\"=\"%s\"}", wrong[i]);
      g_autoptr(GError) error = NULL;

      assert_null (incident_matcher_parse (text, NULL, &error));
      assert_error (error, INCIDENT_ERROR, INCIDENT_ERROR_INVALID);
      assert_non_null (strstr (error->message, ": 7:"));
      assert_non_null (strstr (error->message, "a quoted text must be UTF-8 in one line"));
    }
}

static void
test_quotes_inside_a_value_are_refused_by_both (void **state)
{
  static const char * const wrong[] = {
    "job=value\"", "trickier==\\\\=\\=\\\"\"", "contains_unescaped_quote = foo\"bar", "\"{foo=\\\"bar\"}", "\"foo=\\\"bar\"",
    "\"foo=\\\"bar\\\"\"", "\"foo=\\\"bar\\\"", "\"{foo=\\\"bar\\\"}\"", "\"foo=\"bar\"\"", "{{foo=",
    "1a=", "a=\"\\,\",b=",
  };

  for (guint i = 0; i < G_N_ELEMENTS (wrong); i++)
    {
      g_autoptr(GError) error = NULL;

      assert_null (incident_matcher_parse (wrong[i], NULL, &error));
      assert_error (error, INCIDENT_ERROR, INCIDENT_ERROR_INVALID);
    }
}

static void
test_a_wrong_expression_is_named_whatever_the_grammar (void **state)
{
  assert_refused ("{foo=~\"invalid[regexp\"}", "1:22: the regular expression is not one of RE2: “[” has no “]”");
  assert_refused ("foo=~\"\\d(?=x)\"",
                  "0:14: the regular expression is not one of RE2: “(?=” looks around, which RE2 cannot");
}

static void
test_bytes_that_are_no_text_are_refused (void **state)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(GError) other = NULL;

  assert_null (incident_matcher_parse ("foo=\xff", NULL, &error));
  assert_error (error, INCIDENT_ERROR, INCIDENT_ERROR_INVALID);
  assert_null (incident_matcher_new ("foo", "=", "\xff", &other));
  assert_error (other, INCIDENT_ERROR, INCIDENT_ERROR_INVALID);
  assert_string_equal (incident_error_get_where (other), "value");
}

static void
test_a_long_text_is_cut_in_an_error (void **state)
{
  g_autofree char *text = g_strnfill (10000, '!');
  g_autoptr(GError) error = NULL;

  assert_null (incident_matcher_parse (text, NULL, &error));
  assert_true (strlen (error->message) < 300);
}

static void
test_a_matcher_is_made_from_its_parts (void **state)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(IncidentMatcher) matcher = incident_matcher_new ("a b", "!~", "x\ny", &error);
  g_autofree char *text = incident_matcher_to_string (matcher);

  assert_no_error (error);
  assert_string_equal (incident_matcher_get_name (matcher), "a b");
  assert_string_equal (incident_matcher_get_operator (matcher), "!~");
  assert_string_equal (incident_matcher_get_value (matcher), "x\ny");
  assert_string_equal (text, "\"a b\"!~\"x\\ny\"");
}

static void
assert_not_made (const char *name,
                 const char *op,
                 const char *value,
                 const char *where)
{
  g_autoptr(GError) error = NULL;

  assert_null (incident_matcher_new (name, op, value, &error));
  assert_error (error, INCIDENT_ERROR, INCIDENT_ERROR_INVALID);
  assert_string_equal (incident_error_get_where (error), where);
}

static void
test_parts_that_are_wrong_are_named (void **state)
{
  assert_not_made ("", "=", "b", "name");
  assert_not_made ("a", "==", "b", "op");
  assert_not_made ("a", "", "b", "op");
  assert_not_made ("a", "=~", "(", "value");
}

static gboolean
matches (const char *op,
         const char *pattern,
         const char *value)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(IncidentMatcher) matcher = incident_matcher_new ("a", op, pattern, &error);
  gboolean holds;

  assert_no_error (error);
  holds = incident_matcher_matches (matcher, value, &error);
  assert_no_error (error);
  return holds;
}

static void
test_each_operator_compares (void **state)
{
  assert_true (matches ("=", "b", "b"));
  assert_false (matches ("=", "b", "bb"));
  assert_false (matches ("!=", "b", "b"));
  assert_true (matches ("!=", "b", ""));
  assert_true (matches ("=~", "b+", "bb"));
  assert_false (matches ("=~", "b+", ""));
  assert_false (matches ("!~", "b+", "bb"));
  assert_true (matches ("!~", "b+", ""));
}

static void
test_an_expression_takes_the_whole_value (void **state)
{
  assert_false (matches ("=~", "[a]", "ab"));
  assert_false (matches ("=~", "[a]", "ba"));
  assert_false (matches ("=~", "[a]", "a\n"));
  assert_false (matches ("=~", "[a]$", "a\n"));
  assert_false (matches ("=~", "[a]|b", "ab"));
  assert_true (matches ("=~", "^[a]$", "a"));
}

static void
test_a_dot_takes_all_but_a_line_feed (void **state)
{
  assert_true (matches ("=~", "[a].", "a\r"));
  assert_true (matches ("=~", "[a].", "a\342\200\250"));
  assert_false (matches ("=~", "[a].", "a\n"));
  assert_true (matches ("=~", "(?s)[a].", "a\n"));
  assert_true (matches ("=~", "[^b]", "\n"));
}

static void
test_classes_are_those_of_ascii (void **state)
{
  assert_false (matches ("=~", "\\d", "٣"));
  assert_false (matches ("=~", "\\w", "é"));
  assert_true (matches ("=~", "\\W", "é"));
  assert_false (matches ("=~", "\\s", "\v"));
  assert_true (matches ("=~", "[[:space:]]", "\v"));
  assert_false (matches ("=~", "[[:alpha:]]", "é"));
  assert_true (matches ("=~", "[[:^alpha:]]", "é"));
  assert_true (matches ("=~", "é\\ba", "éa"));
  assert_true (matches ("=~", "\\pL\\p{Greek}", "éα"));
}

static void
test_case_is_folded_before_a_class_is_turned_round (void **state)
{
  assert_true (matches ("=~", "(?i)[^k\\D]", "1"));
  assert_false (matches ("=~", "(?i)[\\W]", "K"));
  assert_true (matches ("=~", "(?i)k", "\342\204\252"));
}

static void
test_what_pcre_reads_differently_is_spelled_out (void **state)
{
  assert_true (matches ("=~", "\\v", "\v"));
  assert_false (matches ("=~", "\\v", "\n"));
  assert_true (matches ("=~", "a{,2}", "a{,2}"));
  assert_true (matches ("=~", "\\Qa+\\E+", "a++"));
  assert_true (matches ("=~", "(?m)a$\\n^b", "a\nb"));
  assert_true (matches ("=~", "\\101\\x42\\x{43}", "ABC"));
  assert_true (matches ("=~", "(?P<x>a)b", "ab"));
  /* PCRE2 10.42 does not step back here. */
  assert_true (matches ("=~", "\\PN*\\PL", "_"));
}

static void
test_what_re2_has_not_is_refused (void **state)
{
  static const char * const wrong[] = {
    "a)|(b", "(?=a)", "(?!a)", "(?<=a)", "(?<!a)", "(a)\\1", "a++", "a*+", "a**", "a{2}{3}", "\\C", "(?>a)", "(?#a)", "(?x)a",
    "(?|a)", "(?R)", "\\Ka", "\\Ga", "a\\Z", "\\h", "\\R", "\\X", "\\k<a>", "[[:foo:]]", "[b-a]", "[a", "*", "(*)", "|*", "(", ")",
    "a{1001}", "a{2,1}", "(a{100}){11}", "a\\", "\\é", "\\p{Klingon}", "\\pé", "\\x{110000}", "\\xg", "(*UTF)a", "(?i", "(?P<>a)",
    "[\\b]", "\\8",
  };

  for (guint i = 0; i < G_N_ELEMENTS (wrong); i++)
    {
      g_autoptr(GError) error = NULL;
      g_autoptr(IncidentMatcher) matcher = incident_matcher_new ("a", "=~", wrong[i], &error);

      if (matcher != NULL)
        fail_msg ("taken: %s", wrong[i]);
      assert_error (error, INCIDENT_ERROR, INCIDENT_ERROR_INVALID);
      assert_true (g_str_has_prefix (error->message, "the regular expression is not one of RE2: "));
    }
}

static void
assert_pattern_refused (const char *pattern,
                        const char *expected)
{
  g_autofree char *problem = NULL;

  assert_null (incident_pattern_new (pattern, &problem));
  assert_string_equal (problem, expected);
}

static void
test_a_wrong_expression_says_what_is_wrong (void **state)
{
  g_autofree char *deep = g_strnfill (100000, '(');

  assert_pattern_refused ("(a", "“(” has no “)”");
  assert_pattern_refused ("a|*", "“*” has nothing before it to repeat");
  assert_pattern_refused ("a{2}+", "“+” repeats a repetition: put what is before it into “(?:…)”");
  assert_pattern_refused ("a{2,1}", "“{2,1}” must count up, to at most 1000");
  assert_pattern_refused ("(a{100}){11}", "“{11}” and the counts in what is before it must not make more than 1000 together");
  assert_pattern_refused ("(?Ça)", "“(?Ç” opens no group that RE2 has");
  assert_pattern_refused ("[[:\001:]]", "“[: :]” is no class of characters, such as “[:alpha:]”");
  assert_pattern_refused (deep, "groups must not be nested more than 200 deep");
}

static void
test_a_runaway_expression_is_an_error (void **state)
{
  g_autofree char *value = g_strnfill (16, 'a');
  g_autoptr(IncidentMatcher) matcher = incident_matcher_new ("a", "!~", "([a]+)+[bc]", NULL);
  g_autoptr(GError) error = NULL;

  assert_false (incident_matcher_matches (matcher, value, &error));
  assert_error (error, INCIDENT_ERROR, INCIDENT_ERROR_INVALID);
  assert_string_equal (error->message, "a!~\"([a]+)+[bc]\" cannot be asked of a value of 16 bytes: it takes too many steps");
}

static void
assert_plain (const char *pattern,
              gboolean    is_plain)
{
  char *problem = NULL;
  g_autoptr(IncidentPattern) self = incident_pattern_new (pattern, &problem);

  assert_non_null (self);
  assert_int_equal (incident_pattern_is_plain (self), is_plain);
}

static void
test_words_need_no_expression (void **state)
{
  assert_plain ("a|b|c", TRUE);
  assert_plain ("(a|b)", TRUE);
  assert_plain ("(?:a|b)", TRUE);
  assert_plain (".*", TRUE);
  assert_plain (".+", TRUE);
  assert_plain ("", TRUE);
  assert_plain ("web-1\\.example\\.org", TRUE);
  assert_plain ("api.*", TRUE);
  assert_plain ("(a)|(b)", FALSE);
  assert_plain ("(?i)a", FALSE);
  assert_plain ("a.", FALSE);
  assert_plain ("a|b.*", FALSE);
}

static void
test_words_mean_what_the_expression_would (void **state)
{
  assert_true (matches ("=~", "a|b|", "b"));
  assert_true (matches ("=~", "a|b|", ""));
  assert_false (matches ("=~", "a|b", "a|b"));
  assert_true (matches ("=~", "(?:a|b\\|c)", "b|c"));
  assert_true (matches ("=~", "1\\.2", "1.2"));
  assert_false (matches ("=~", "1\\.2", "1x2"));
  assert_true (matches ("=~", ".*", ""));
  assert_false (matches ("=~", ".*", "a\nb"));
  assert_false (matches ("=~", ".+", ""));
  assert_true (matches ("=~", ".+", "a"));
  assert_true (matches ("=~", "api.*", "api"));
  assert_true (matches ("=~", "api.*", "api-1"));
  assert_false (matches ("=~", "api.*", "api\n"));
  assert_false (matches ("=~", "api.*", "ap"));
}

/* Of labels that are in order. */
static const IncidentLabel of_alert[] = {
  { "alertname", "Down" }, { "empty", "" }, { "severity", "critical" }, { "team", "payments" },
};
static const IncidentLabel of_notes[] = { { "runbook", "wiki" }, { "team", "nobody" } };

static gboolean
applies (const char  *text,
         char       **problem)
{
  g_autoptr(GPtrArray) matchers = parse (text, NULL);

  return incident_matchers_match (matchers, (IncidentLabels) { of_alert, G_N_ELEMENTS (of_alert) },
                                  (IncidentLabels) { of_notes, G_N_ELEMENTS (of_notes) }, problem);
}

static void
test_a_label_is_found_by_its_name (void **state)
{
  IncidentLabels labels = { of_alert, G_N_ELEMENTS (of_alert) };

  for (guint i = 0; i < G_N_ELEMENTS (of_alert); i++)
    assert_string_equal (incident_labels_get (labels, of_alert[i].name), of_alert[i].value);
  assert_null (incident_labels_get (labels, "alert"));
  assert_null (incident_labels_get (labels, "z"));
  assert_null (incident_labels_get (labels, ""));
  assert_null (incident_labels_get ((IncidentLabels) { NULL, 0 }, "team"));
}

static void
test_all_matchers_of_a_list_must_hold (void **state)
{
  assert_true (applies ("team=payments,severity=~\"critical|error\"", NULL));
  assert_false (applies ("team=payments,severity=error", NULL));
  assert_false (applies ("severity=error,team=payments", NULL));
  assert_true (applies ("{}", NULL));
  assert_true (incident_matchers_match (NULL, (IncidentLabels) { NULL, 0 }, (IncidentLabels) { NULL, 0 }, NULL));
}

/* Names are looked up in another way there. */
static void
test_a_long_list_holds_as_its_matchers_do (void **state)
{
  static const IncidentLabel many[] = { { "a", "1" }, { "ab", "2" }, { "abc", "3" }, { "b", "4" }, { "é", "5" } };
  static const IncidentLabel notes[] = { { "ac", "6" } };
  static const char * const texts[] = { "a=1", "ab=2", "abc=3", "b=4", "é=5", "ac=6", "aa=\"\"", "c=\"\"", "ba=\"\"", "ê=\"\"" };
  IncidentLabels labels = { many, G_N_ELEMENTS (many) };
  IncidentLabels annotations = { notes, G_N_ELEMENTS (notes) };
  g_autoptr(GString) text = g_string_new (NULL);
  g_autoptr(GPtrArray) all = NULL;

  for (guint i = 0; i < G_N_ELEMENTS (texts); i++)
    g_string_append_printf (text, "%s,", texts[i]);
  all = parse (text->str, NULL);
  assert_true (incident_matchers_match (all, labels, annotations, NULL));

  for (guint i = 0; i < G_N_ELEMENTS (texts); i++)
    {
      g_autofree char *other = g_strdup_printf ("%.*sx", (int) (strchr (texts[i], '=') + 1 - texts[i]), texts[i]);
      g_autofree char *with = g_strconcat (text->str, other, NULL);
      g_autoptr(GPtrArray) one_wrong = parse (with, NULL);

      assert_false (incident_matchers_match (one_wrong, labels, annotations, NULL));
    }
}

static void
test_a_missing_label_is_empty (void **state)
{
  assert_true (applies ("region=\"\"", NULL));
  assert_true (applies ("region!=eu", NULL));
  assert_true (applies ("region=~\".*\"", NULL));
  assert_false (applies ("region=~\".+\"", NULL));
}

static void
test_an_annotation_is_asked_where_there_is_no_label (void **state)
{
  assert_true (applies ("runbook=wiki", NULL));
  assert_true (applies ("team!=nobody", NULL));
  assert_false (applies ("empty=wiki", NULL));
}

static void
test_a_runaway_expression_makes_its_list_not_apply_and_is_told (void **state)
{
  g_autofree char *value = g_strnfill (40, 'a');
  IncidentLabel label = { "a", value };
  g_autoptr(GPtrArray) matchers = parse ("a!~\"([a]+)+[bc]\"", NULL);
  g_autofree char *problem = NULL;

  assert_false (incident_matchers_match (matchers, (IncidentLabels) { &label, 1 }, (IncidentLabels) { NULL, 0 }, &problem));
  assert_non_null (strstr (problem, "too many steps"));
  assert_false (incident_matchers_match (matchers, (IncidentLabels) { &label, 1 }, (IncidentLabels) { NULL, 0 }, NULL));
}

static gboolean
are_equal (const char *a,
           const char *b)
{
  g_autoptr(GPtrArray) one = parse (a, NULL);
  g_autoptr(GPtrArray) other = parse (b, NULL);

  return incident_matchers_equal (one, other);
}

static void
test_lists_are_equal_in_any_order (void **state)
{
  assert_true (are_equal ("a=1,b=2", "{b=\"2\",a=\"1\"}"));
  assert_true (are_equal ("", "{}"));
  assert_true (are_equal ("a=1,a!=1", "a!=1,a=1"));
  assert_false (are_equal ("a=1,b=2", "a=1"));
  assert_false (are_equal ("a=1", "a=1,b=2"));
  assert_false (are_equal ("a=1", "a=2"));
  assert_false (are_equal ("a=1", "a=~1"));
  assert_false (are_equal ("a=1", "b=1"));
}

static void
test_a_list_that_takes_nearly_everything_is_known (void **state)
{
  static const struct
  {
    const char *text;
    gboolean    expected;
  } lists[] = { { "{}", TRUE }, { "team!=a", TRUE }, { "team!~\"a|b\"", TRUE }, { "team=~\".*\"", TRUE }, { "team=\"\"", TRUE },
                { "team=a", FALSE }, { "team!=a,region=eu", FALSE }, { "team!=\"\"", FALSE } };

  for (guint i = 0; i < G_N_ELEMENTS (lists); i++)
    {
      g_autoptr(GPtrArray) matchers = parse (lists[i].text, NULL);

      assert_int_equal (incident_matchers_match_empty (matchers), lists[i].expected);
    }
  assert_true (incident_matchers_match_empty (NULL));
}

int
main (void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test (test_no_matchers_are_an_empty_list),
    cmocka_unit_test (test_each_operator_is_read),
    cmocka_unit_test (test_braces_and_the_last_comma_may_be_left_out),
    cmocka_unit_test (test_names_and_values_may_be_any_text),
    cmocka_unit_test (test_quotes_have_the_escapes_of_go),
    cmocka_unit_test (test_white_space_is_that_of_unicode),
    cmocka_unit_test (test_what_only_the_classic_grammar_reads_is_taken_with_a_warning),
    cmocka_unit_test (test_the_classic_grammar_wins_where_both_read),
    cmocka_unit_test (test_the_warning_need_not_be_asked_for),
    cmocka_unit_test (test_an_error_says_where_and_what_would_be_right),
    cmocka_unit_test (test_quotes_hold_text_alone),
    cmocka_unit_test (test_quotes_inside_a_value_are_refused_by_both),
    cmocka_unit_test (test_a_wrong_expression_is_named_whatever_the_grammar),
    cmocka_unit_test (test_bytes_that_are_no_text_are_refused),
    cmocka_unit_test (test_a_long_text_is_cut_in_an_error),
    cmocka_unit_test (test_a_matcher_is_made_from_its_parts),
    cmocka_unit_test (test_parts_that_are_wrong_are_named),
    cmocka_unit_test (test_each_operator_compares),
    cmocka_unit_test (test_an_expression_takes_the_whole_value),
    cmocka_unit_test (test_a_dot_takes_all_but_a_line_feed),
    cmocka_unit_test (test_classes_are_those_of_ascii),
    cmocka_unit_test (test_case_is_folded_before_a_class_is_turned_round),
    cmocka_unit_test (test_what_pcre_reads_differently_is_spelled_out),
    cmocka_unit_test (test_what_re2_has_not_is_refused),
    cmocka_unit_test (test_a_wrong_expression_says_what_is_wrong),
    cmocka_unit_test (test_a_runaway_expression_is_an_error),
    cmocka_unit_test (test_words_need_no_expression),
    cmocka_unit_test (test_words_mean_what_the_expression_would),
    cmocka_unit_test (test_a_label_is_found_by_its_name),
    cmocka_unit_test (test_all_matchers_of_a_list_must_hold),
    cmocka_unit_test (test_a_long_list_holds_as_its_matchers_do),
    cmocka_unit_test (test_a_missing_label_is_empty),
    cmocka_unit_test (test_an_annotation_is_asked_where_there_is_no_label),
    cmocka_unit_test (test_a_runaway_expression_makes_its_list_not_apply_and_is_told),
    cmocka_unit_test (test_lists_are_equal_in_any_order),
    cmocka_unit_test (test_a_list_that_takes_nearly_everything_is_known),
  };

  return cmocka_run_group_tests (tests, NULL, NULL);
}
