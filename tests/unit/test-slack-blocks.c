/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "incident-test.h"

#include <stdio.h>
#include <string.h>

#include "base/incident-node-private.h"
#include "comms/incident-slack-blocks-private.h"
#include "slack-sample.h"

#define MOST_IN_ALL 12000

static const char * const nasty[] = {
  "<!channel> <!here> <@U1> <#C1> <http://evil|good>",
  "*_~`> &amp; &lt; \" \\ \t \x01\x7f",
  "مرحبا بالعالم \u202e right to left",
  "👨\u200d👩\u200d👧\u200d👦 e\u0301\u0301\u0301 🇩🇪🇫🇷",
  "\u200b\u200b",
  "\n\n> quoted\n>>> all",
  "\"}],\"x\":[{",
};

/* What the samples are written to for another to check; NULL: nothing. */
static FILE *out;

static IncidentTree *
parse (const char *json)
{
  g_autoptr(GError) error = NULL;
  IncidentTree *tree = incident_tree_new (json, strlen (json), NULL, &error);

  assert_no_error (error);
  return tree;
}

/* Takes @message. What holds for each. */
static void
check (IncidentMessage *message)
{
  g_autoptr(IncidentMessage) owned = message;
  g_autofree char *blocks = incident_slack_blocks_write (owned);
  g_autofree char *text = incident_slack_blocks_text (owned);
  g_autofree char *plain = incident_slack_blocks_plain (owned);

  if (blocks != NULL)
    {
      g_autoptr(IncidentTree) tree = parse (blocks);

      assert_in_range (incident_node_get_length (incident_tree_get_root (tree)), 1, 50);
      assert_true (g_utf8_strlen (blocks, -1) <= MOST_IN_ALL);
    }
  assert_in_range (g_utf8_strlen (text, -1), 1, 4000);
  assert_in_range (g_utf8_strlen (plain, -1), 1, 1000);
  assert_null (strstr (text, "<!"));
  assert_null (strstr (plain, "<!"));
  if (out != NULL && blocks != NULL)
    fprintf (out, "%s\n", blocks);
}

/* The node at a pointer, as a string. */
static void
assert_at (const char *json,
           const char *pointer,
           const char *expected)
{
  g_autoptr(IncidentTree) tree = parse (json);
  IncidentNode *node = incident_node_resolve (incident_tree_get_root (tree), pointer);

  assert_non_null (node);
  assert_int_equal (node->type, INCIDENT_JSON_STRING);
  assert_string_equal (node->value.string, expected);
}

static void
test_a_card_shows_all_that_it_says (void **state)
{
  g_autoptr(IncidentMessage) card = sample_card ();
  g_autofree char *blocks = incident_slack_blocks_write (card);

  assert_at (blocks, "/0/type", "header");
  assert_at (blocks, "/0/text/text", "🟠 INC-42 Checkout answers 500");
  assert_at (blocks, "/1/fields/0/text", "*Severity*\nsev2");
  assert_at (blocks, "/1/fields/2/text", "*Commander*\nAna &lt;ana@example.org&gt;");
  assert_at (blocks, "/2/text/text", "*Tasks*\n• 1. call the \u200b*bank\u200b* &amp; &lt;!channel&gt;"
                                     "\n• 2. call the \u200b*bank\u200b* &amp; &lt;!channel&gt;"
                                     "\n• 3. call the \u200b*bank\u200b* &amp; &lt;!channel&gt;");
  assert_at (blocks, "/3/type", "divider");
  assert_at (blocks, "/4/elements/0/action_id", "incident.ack");
  assert_at (blocks, "/4/elements/0/style", "primary");
  assert_at (blocks, "/4/elements/2/value", "INC-42/17/1");
  assert_at (blocks, "/4/elements/2/confirm/text/text", "Is INC-42 solved?");
  assert_at (blocks, "/5/elements/0/text", "<https://desk.example.org/cases/INC-42?a=1&amp;b=2|Open INC-42>");
}

static void
test_a_case_that_is_over_looks_so (void **state)
{
  g_autoptr(IncidentMessage) card = sample_card ();
  g_autofree char *blocks = NULL;

  card->is_over = TRUE;
  blocks = incident_slack_blocks_write (card);
  assert_at (blocks, "/0/text/text", "✅ INC-42 Checkout answers 500");
}

static void
test_a_long_title_is_cut_where_a_header_ends (void **state)
{
  g_autofree char *title = sample_repeat ("x", 300);
  g_autofree char *kept = sample_repeat ("x", 147);
  g_autofree char *expected = g_strdup_printf ("⚪ %s…", kept);
  g_autoptr(IncidentMessage) card = sample_new (INCIDENT_MESSAGE_KIND_CARD, title, "words");
  g_autofree char *blocks = incident_slack_blocks_write (card);

  assert_at (blocks, "/0/text/text", expected);
}

static void
test_words_of_a_post_stay_as_they_are (void **state)
{
  g_autoptr(IncidentMessage) post = sample_new (INCIDENT_MESSAGE_KIND_POST, "INC-42 *resolved*", "rolled back *to* <1.4.1> :tada:");
  g_autofree char *blocks = incident_slack_blocks_write (post);
  g_autofree char *text = incident_slack_blocks_text (post);

  assert_at (blocks, "/0/text/text", "*INC-42 \u200b*resolved\u200b**");
  assert_at (blocks, "/1/text/type", "plain_text");
  assert_at (blocks, "/1/text/text", "rolled back *to* <1.4.1> :tada:");
  assert_string_equal (text, "INC-42 \u200b*resolved\u200b*\nrolled back \u200b*to\u200b* &lt;1.4.1&gt; :tada:");
}

static void
test_a_title_that_the_text_begins_with_is_said_once (void **state)
{
  g_autoptr(IncidentMessage) post = sample_new (INCIDENT_MESSAGE_KIND_POST, "INC-42", "INC-42 is over");
  g_autofree char *blocks = incident_slack_blocks_write (post);

  assert_at (blocks, "/0/text/text", "INC-42 is over");
}

static void
test_lines_that_have_no_room_are_counted (void **state)
{
  g_autoptr(IncidentMessage) card = sample_card ();
  g_autofree char *blocks = NULL;
  g_autofree char *line = sample_repeat ("x", 150);

  sample_add_lines (card, "Many", 200, line);
  sample_add_lines (card, "Last", 2, "seen all the same");
  blocks = incident_slack_blocks_write (card);

  assert_non_null (strstr (blocks, "… and "));
  assert_non_null (strstr (blocks, "*Last*\\n• 1. seen all the same\\n• 2. seen all the same"));
  assert_non_null (strstr (blocks, "incident.resolve"));
  assert_non_null (strstr (blocks, "Open INC-42"));
  assert_true (g_utf8_strlen (blocks, -1) <= MOST_IN_ALL);
  /* What room there is is used. */
  assert_true (g_utf8_strlen (blocks, -1) > MOST_IN_ALL / 2);
}

static void
test_a_long_text_is_parted_between_words (void **state)
{
  g_autofree char *words = sample_repeat ("lorem ipsum ", 600);
  g_autoptr(IncidentMessage) post = sample_new (INCIDENT_MESSAGE_KIND_POST, NULL, words);
  g_autofree char *blocks = incident_slack_blocks_write (post);
  g_autofree char *text = incident_slack_blocks_text (post);
  g_autoptr(IncidentTree) tree = parse (blocks);

  /* All 7,200 characters. */
  assert_int_equal (incident_node_get_length (incident_tree_get_root (tree)), 3);
  assert_null (strstr (blocks, "…"));
  assert_true (g_str_has_suffix (text, "…"));
}

static void
test_a_text_that_is_cut_says_where_to_read_on (void **state)
{
  g_autofree char *words = sample_repeat ("lorem ipsum ", 2000);
  g_autoptr(IncidentMessage) post = sample_new (INCIDENT_MESSAGE_KIND_POST, NULL, words);
  g_autofree char *blocks = NULL;
  g_autofree char *text = NULL;

  post->url = g_strdup ("https://desk.example.org/");
  blocks = incident_slack_blocks_write (post);
  text = incident_slack_blocks_text (post);
  assert_non_null (strstr (blocks, "…"));
  assert_non_null (strstr (blocks, "<https://desk.example.org/|Open INC-42>"));
  assert_true (g_utf8_strlen (blocks, -1) > MOST_IN_ALL * 3 / 4);
  assert_true (g_str_has_suffix (text, "…\n<https://desk.example.org/|Open INC-42>"));
}

static void
test_what_is_sent_plain_has_the_link (void **state)
{
  g_autoptr(IncidentMessage) card = sample_card ();
  g_autofree char *plain = incident_slack_blocks_plain (card);

  assert_true (g_str_has_suffix (plain, "sev2, in diagnosis\n<https://desk.example.org/cases/INC-42?a=1&amp;b=2|Open INC-42>"));
}

static void
test_an_empty_message_says_something (void **state)
{
  g_autoptr(IncidentMessage) post = sample_new (INCIDENT_MESSAGE_KIND_POST, NULL, "\u200b \x01");
  g_autofree char *blocks = incident_slack_blocks_write (post);
  g_autofree char *text = incident_slack_blocks_text (post);

  assert_null (blocks);
  assert_string_equal (text, "INC-42");
}

static void
test_buttons_with_the_same_id_stand_in_rows_of_their_own (void **state)
{
  g_autoptr(IncidentMessage) card = sample_new (INCIDENT_MESSAGE_KIND_CARD, NULL, "\x01");
  g_autofree char *blocks = NULL;

  incident_message_add_action (card, "incident.role", "Command", "INC-42/1/1", NULL, INCIDENT_ACTION_PLAIN);
  incident_message_add_action (card, "incident.role", "Write", "INC-42/1/1", " ", INCIDENT_ACTION_PLAIN);
  blocks = incident_slack_blocks_write (card);
  assert_at (blocks, "/0/elements/0/text/text", "Command");
  assert_at (blocks, "/1/elements/0/text/text", "Write");
  assert_null (strstr (blocks, "confirm"));
}

static void
test_a_button_that_cannot_be_whole_is_none (void **state)
{
  g_autoptr(IncidentMessage) card = sample_new (INCIDENT_MESSAGE_KIND_CARD, NULL, "words");
  g_autofree char *value = sample_repeat ("v", 2001);
  g_autofree char *blocks = NULL;

  incident_message_add_action (card, "incident.ack", "Acknowledge", value, NULL, INCIDENT_ACTION_PLAIN);
  blocks = incident_slack_blocks_write (card);
  assert_null (strstr (blocks, "incident.ack"));
}

static void
test_the_key_stands_in_the_metadata (void **state)
{
  g_autofree char *metadata = incident_slack_write_metadata ("abc");

  assert_string_equal (metadata, "{\"event_type\":\"libincident_msg\",\"event_payload\":{\"id\":\"abc\"}}");
}

static void
keep_view (const char *view)
{
  g_autoptr(IncidentTree) tree = parse (view);
  g_autofree char *blocks = incident_node_to_json (incident_node_get_member (incident_tree_get_root (tree), "blocks"), FALSE);

  if (out != NULL)
    fprintf (out, "%s\n", blocks);
}

static void
test_the_form_has_its_blocks (void **state)
{
  static const char * const services[] = { "checkout", "search", NULL };
  g_autofree char *view = incident_slack_view_open (services, "C1");

  keep_view (view);
  assert_at (view, "/type", "modal");
  assert_at (view, "/callback_id", "incident.open");
  assert_at (view, "/private_metadata", "C1");
  assert_at (view, "/blocks/0/block_id", "title");
  assert_at (view, "/blocks/0/element/type", "plain_text_input");
  assert_at (view, "/blocks/1/block_id", "severity");
  assert_at (view, "/blocks/1/element/options/1/value", "sev2");
  assert_at (view, "/blocks/2/block_id", "service");
  assert_at (view, "/blocks/2/element/options/1/value", "search");
  assert_at (view, "/blocks/3/block_id", "description");
}

static void
test_services_that_are_too_many_are_written_by_hand (void **state)
{
  const char *services[102] = { NULL };
  g_autofree char *choice = NULL;
  g_autofree char *view = NULL;
  g_autofree char *empty = NULL;

  for (guint i = 0; i < 100; i++)
    services[i] = "service";
  choice = incident_slack_view_open (services, NULL);
  assert_at (choice, "/blocks/2/element/type", "static_select");
  services[100] = "service";
  view = incident_slack_view_open (services, NULL);
  assert_at (view, "/blocks/2/element/type", "plain_text_input");
  empty = incident_slack_view_open (services + 101, NULL);
  keep_view (empty);
  assert_at (empty, "/blocks/2/element/type", "plain_text_input");
}

static void
test_an_answer_is_for_one_alone (void **state)
{
  g_autofree char *answer = incident_slack_write_answer ("<!channel> no");

  assert_at (answer, "/response_type", "ephemeral");
  assert_at (answer, "/text", "&lt;!channel&gt; no");
}

/* Samples at all sizes */

static void
check_kinds (const char *title,
             const char *text)
{
  for (IncidentMessageKind kind = INCIDENT_MESSAGE_KIND_POST; kind <= INCIDENT_MESSAGE_KIND_PAGE; kind++)
    {
      IncidentMessage *message = sample_new (kind, title, text);

      message->url = g_strdup ("https://desk.example.org/");
      check (message);
    }
}

static void
check_full (const char *words,
            guint       n)
{
  g_autofree char *text = sample_repeat (words, n);
  IncidentMessage *card = sample_card ();

  g_free (card->title);
  card->title = g_strdup (text);
  for (guint i = 0; i < MIN (n, 60); i++)
    incident_message_add_field (card, text, text);
  sample_add_lines (card, text, n, words);
  sample_add_lines (card, "Timeline", n, text);
  for (guint i = 0; i < MIN (n, 60); i++)
    incident_message_add_action (card, i % 2 == 0 ? "incident.role" : "incident.task", text, "INC-42/17/1", text, INCIDENT_ACTION_GOOD);
  check (card);
}

static void
test_nothing_is_too_long (void **state)
{
  static const guint sizes[] = { 1, 10, 75, 151, 400 };

  for (guint i = 0; i < G_N_ELEMENTS (sizes); i++)
    for (guint j = 0; j < G_N_ELEMENTS (nasty); j++)
      check_full (nasty[j], sizes[i]);
}

static void
test_texts_of_all_lengths_fit (void **state)
{
  for (guint n = 1; n <= 24000; n += n / 2 + 1)
    {
      g_autofree char *text = sample_repeat ("x", n);
      g_autofree char *hard = sample_repeat ("\"<&*\n", n / 5 + 1);
      g_autofree char *wide = sample_repeat ("👨\u200d👩\u200d👧", n / 5 + 1);

      check_kinds (text, text);
      check_kinds (hard, hard);
      check_kinds (wide, wide);
    }
}

static void
test_hostile_words_fit (void **state)
{
  check_kinds (NULL, "");
  for (guint j = 0; j < G_N_ELEMENTS (nasty); j++)
    check_kinds (nasty[j], nasty[(j + 1) % G_N_ELEMENTS (nasty)]);
}

static void
test_many_sections_share_the_room (void **state)
{
  for (guint n = 1; n <= 120; n += 7)
    {
      IncidentMessage *card = sample_card ();

      for (guint i = 0; i < n; i++)
        sample_add_lines (card, "Part", 10, "words <&> that need *some* room");
      check (card);
    }
}

int
main (int    argc,
      char **argv)
{
  int n_failed;
  const struct CMUnitTest tests[] = {
    cmocka_unit_test (test_a_card_shows_all_that_it_says),
    cmocka_unit_test (test_a_case_that_is_over_looks_so),
    cmocka_unit_test (test_a_long_title_is_cut_where_a_header_ends),
    cmocka_unit_test (test_words_of_a_post_stay_as_they_are),
    cmocka_unit_test (test_a_title_that_the_text_begins_with_is_said_once),
    cmocka_unit_test (test_lines_that_have_no_room_are_counted),
    cmocka_unit_test (test_a_long_text_is_parted_between_words),
    cmocka_unit_test (test_a_text_that_is_cut_says_where_to_read_on),
    cmocka_unit_test (test_what_is_sent_plain_has_the_link),
    cmocka_unit_test (test_an_empty_message_says_something),
    cmocka_unit_test (test_buttons_with_the_same_id_stand_in_rows_of_their_own),
    cmocka_unit_test (test_a_button_that_cannot_be_whole_is_none),
    cmocka_unit_test (test_the_key_stands_in_the_metadata),
    cmocka_unit_test (test_the_form_has_its_blocks),
    cmocka_unit_test (test_services_that_are_too_many_are_written_by_hand),
    cmocka_unit_test (test_an_answer_is_for_one_alone),
    cmocka_unit_test (test_nothing_is_too_long),
    cmocka_unit_test (test_texts_of_all_lengths_fit),
    cmocka_unit_test (test_hostile_words_fit),
    cmocka_unit_test (test_many_sections_share_the_room),
  };

  out = argc > 1 ? fopen (argv[1], "w") : NULL;
  n_failed = cmocka_run_group_tests (tests, NULL, NULL);
  if (out != NULL)
    fclose (out);
  return n_failed;
}
