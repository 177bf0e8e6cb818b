/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "webhook-test.h"

#include <string.h>

#include "base/incident-node-private.h"
#include "comms/incident-webhook-private.h"

typedef char *(*Write) (const IncidentMessage *message);

static const Write chats[] = {
  incident_webhook_write_mattermost, incident_webhook_write_rocketchat, incident_webhook_write_discord, incident_webhook_write_teams,
};

static const char hostile[] =
  "@channel @here @everyone @ana <@123> <!channel> <!here> <https://evil.example|https://bank.example> <evil.example|bank> "
  "[bank](https://evil.example) ![x](https://evil.example/x.png) `code` ```fence *bold* _it_ ~~s~~ ||spoiler|| \\\\` end";

typedef struct
{
  char         *body;
  IncidentTree *tree;
  IncidentNode *root;
} Body;

static void
body_clear (Body *body)
{
  g_clear_pointer (&body->tree, incident_tree_free);
  g_clear_pointer (&body->body, g_free);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Body, body_clear)

/* Takes @text. */
static void
body_read (Body *body,
           char *text)
{
  g_autoptr(GError) error = NULL;

  body->body = text;
  assert_non_null (text);
  body->tree = incident_tree_new (text, strlen (text), NULL, &error);
  assert_no_error (error);
  body->root = incident_tree_get_root (body->tree);
}

static const char *
get (const Body *body,
     const char *pointer)
{
  IncidentNode *node = incident_node_resolve (body->root, pointer);

  if (node == NULL || node->type != INCIDENT_JSON_STRING)
    fail_msg ("no text at %s in %s", pointer, body->body);
  return node->value.string;
}

/* Each text in it is given to @check. */
static void
each_text (IncidentNode  *node,
           void         (*check) (const char *text))
{
  if (node->type == INCIDENT_JSON_STRING)
    check (node->value.string);
  for (guint i = 0; i < incident_node_get_length (node); i++)
    each_text (incident_node_get_child (node, i), check);
}

/* Looked at on its own: gcc, under the sanitizers, takes texts for NULL that are none. */
static void G_GNUC_NO_INLINE
refuse (const char *text,
        const char *part)
{
  if (strstr (text, part) != NULL)
    fail_msg ("“%s” in %s", part, text);
}

/* Every such character has a backslash before it, and an odd number of them. */
static void
assert_escaped (const char *text,
                const char *characters)
{
  guint n_backslashes = 0;

  for (const char *at = text; *at != '\0'; at++)
    {
      if (*at != '\\' && strchr (characters, *at) != NULL && n_backslashes % 2 == 0)
        fail_msg ("%s is bare in %s", at, text);
      n_backslashes = *at == '\\' ? n_backslashes + 1 : 0;
    }
}

/* Events */

static void
test_an_event_is_a_cloud_event (void **state)
{
  static const char event[] = "{\"seq\":17,\"kind\":\"resolved\",\"data\":{\"text\":\"rolled back\"}}";
  g_autoptr(IncidentMessage) message = make_event (event);
  g_autoptr(GError) error = NULL;
  g_auto(Body) body = { 0 };

  body_read (&body, incident_webhook_write_event (message, "https://desk.example.org/", &error));
  assert_no_error (error);
  assert_string_equal (body.body,
                       "{\"specversion\":\"1.0\",\"id\":\"INC-42/17\",\"source\":\"https://desk.example.org/\","
                       "\"type\":\"org.libincident.case.resolved.v1\",\"subject\":\"INC-42\","
                       "\"time\":\"2026-11-26T08:00:00.123456Z\",\"sequence\":\"0000000017\","
                       "\"datacontenttype\":\"application/json\","
                       "\"data\":{\"seq\":17,\"kind\":\"resolved\",\"data\":{\"text\":\"rolled back\"}}}");
}

static void
test_a_desk_without_an_address_has_a_name (void **state)
{
  g_autoptr(IncidentMessage) message = make_event ("{}");
  g_auto(Body) body = { 0 };

  body_read (&body, incident_webhook_write_event (message, NULL, NULL));
  assert_string_equal (get (&body, "/source"), "urn:libincident:desk");
}

static void
test_what_is_no_event_is_told_in_words (void **state)
{
  g_autoptr(IncidentMessage) message = make_message (INCIDENT_MESSAGE_KIND_PAGE, "Checkout", "Come, \"ana\"");
  g_auto(Body) body = { 0 };

  body_read (&body, incident_webhook_write_event (message, NULL, NULL));
  assert_string_equal (get (&body, "/type"), "org.libincident.message.page.v1");
  assert_string_equal (get (&body, "/id"), "0123456789abcdef0123456789abcdef");
  assert_string_equal (get (&body, "/data/text"), "Come, \"ana\"");
  assert_string_equal (get (&body, "/data/severity"), "sev2");
}

static void
set_page (IncidentMessage *message, const char *recipient)
{
  const char *recipients[] = { recipient, NULL };

  g_strfreev (message->recipients);
  message->recipients = g_strdupv ((char **) recipients);
  g_free (message->row->body);
  message->row->body = g_strdup ("{\"person\":\"ana\",\"run\":1}");
}

static void
test_a_program_is_told_who_is_to_be_paged (void **state)
{
  g_autoptr(IncidentMessage) message = make_message (INCIDENT_MESSAGE_KIND_PAGE, "Checkout", "Come");
  g_auto(Body) body = { 0 };

  set_page (message, "+34600000000");
  body_read (&body, incident_webhook_write_event (message, NULL, NULL));
  assert_string_equal (get (&body, "/data/recipient"), "+34600000000");
  assert_string_equal (get (&body, "/data/page/person"), "ana");
}

static void
test_who_is_paged_by_a_name_there_gets_a_direct_message (void **state)
{
  static const char * const others[] = { "ana", "@ana smith", "@", "#town", "@@all" };
  g_autoptr(IncidentMessage) message = make_message (INCIDENT_MESSAGE_KIND_PAGE, "Checkout", "Come");
  g_auto(Body) mattermost = { 0 };
  g_auto(Body) rocketchat = { 0 };

  set_page (message, "@ana.b");
  body_read (&mattermost, incident_webhook_write_mattermost (message));
  assert_string_equal (get (&mattermost, "/channel"), "@ana.b");
  body_read (&rocketchat, incident_webhook_write_rocketchat (message));
  assert_string_equal (get (&rocketchat, "/channel"), "@ana.b");
  for (guint i = 0; i < G_N_ELEMENTS (others); i++)
    {
      g_autofree char *other = NULL;

      set_page (message, others[i]);
      other = incident_webhook_write_mattermost (message);
      assert_null (strstr (other, "\"channel\""));
    }
}

static void
test_discord_calls_who_is_paged_and_nobody_else (void **state)
{
  g_autoptr(IncidentMessage) message = make_message (INCIDENT_MESSAGE_KIND_PAGE, "Checkout", "Come <@222222222222222222> @everyone");
  g_autofree char *body = NULL;
  g_autofree char *other = NULL;

  set_page (message, "111111111111111111");
  body = incident_webhook_write_discord (message);
  assert_true (g_str_has_prefix (body, "{\"content\":\"<@111111111111111111> "));
  assert_non_null (strstr (body, "\"allowed_mentions\":{\"parse\":[],\"users\":[\"111111111111111111\"]}"));
  set_page (message, "ana");
  other = incident_webhook_write_discord (message);
  assert_non_null (strstr (other, "\"allowed_mentions\":{\"parse\":[]}"));
}

static void
test_attributes_that_would_be_wrong_are_refused (void **state)
{
  for (int i = 0; i < 5; i++)
    {
      g_autoptr(IncidentMessage) message = make_event ("{}");
      g_autoptr(GError) error = NULL;
      g_autofree char *body = NULL;

      if (i == 0)
        message->occurred_at = G_MININT64;
      else if (i == 1)
        message->case_id[3] = ' ';
      else if (i == 2)
        message->event_kind[0] = '\n';
      else if (i == 3)
        message->occurred_at = G_MAXINT64;
      body = incident_webhook_write_event (message, i == 4 ? "https://desk.example.org/ \n" : NULL, &error);
      assert_null (body);
      assert_error (error, INCIDENT_ERROR, INCIDENT_ERROR_INVALID);
    }
}

static void
test_an_event_that_is_too_large_is_cut_and_says_so (void **state)
{
  g_autofree char *long_text = g_strnfill (30000, 'x');
  g_autoptr(GString) many = g_string_new ("{\"seq\":17,\"kind\":\"resolved\",\"data\":{\"list\":[\"a\"");
  g_autoptr(IncidentMessage) message = NULL;
  g_autoptr(IncidentMessage) second = NULL;
  g_autofree char *event = g_strdup_printf ("{\"seq\":17,\"kind\":\"resolved\",\"data\":{\"text\":\"%s\",\"n\":1.5,\"ok\":true}}", long_text);
  g_auto(Body) body = { 0 };
  g_auto(Body) other = { 0 };

  message = make_event (event);
  body_read (&body, incident_webhook_write_event (message, NULL, NULL));
  assert_true (strlen (body.body) < 20000);
  assert_true (g_str_has_suffix (body.body, ",\"n\":1.5,\"ok\":true},\"is_cut\":true}}"));
  assert_true (g_str_has_suffix (get (&body, "/data/data/text"), "xxx…"));
  assert_int_equal (g_utf8_strlen (get (&body, "/data/data/text"), -1), 2000);

  for (int i = 0; i < 3000; i++)
    g_string_append_printf (many, ",{\"a%d\":[\"%d\",\"%.300s\"]}", i, i, long_text);
  g_string_append (many, "]}}");
  second = make_event (many->str);
  body_read (&other, incident_webhook_write_event (second, NULL, NULL));
  assert_true (strlen (other.body) < 20000);
  assert_string_equal (get (&other, "/data/kind"), "resolved");
  assert_string_equal (get (&other, "/data/data/list/49/a48/0"), "48");
  assert_true (incident_node_resolve (other.root, "/data/is_cut")->value.boolean);
}

/* Chats: what people wrote */

static void
check_mattermost (const char *text)
{
  refuse (text, "@channel");
  refuse (text, "@here");
  refuse (text, "@everyone");
  refuse (text, "@ana");
  refuse (text, "<");
  refuse (text, ">");
}

static void
test_mattermost_is_shown_words_as_they_are (void **state)
{
  g_autoptr(IncidentMessage) message = make_message (INCIDENT_MESSAGE_KIND_POST, NULL, hostile);
  g_autoptr(IncidentMessage) card = make_card (2, 3, hostile);
  g_auto(Body) body = { 0 };
  g_auto(Body) other = { 0 };

  g_clear_pointer (&message->case_id, g_free);
  body_read (&body, incident_webhook_write_mattermost (message));
  each_text (body.root, check_mattermost);
  assert_escaped (get (&body, "/text"), "`*_[]~|!");
  body_read (&other, incident_webhook_write_mattermost (card));
  each_text (other.root, check_mattermost);
  assert_escaped (get (&other, "/attachments/0/fields/1/value"), "`*_[]~|!");
}

static void
check_rocketchat (const char *text)
{
  refuse (text, "@channel");
  refuse (text, "@here");
  refuse (text, "@ana");
  refuse (text, "<");
  refuse (text, "|");
  refuse (text, "`");
  refuse (text, "](");
}

static void
test_rocketchat_is_shown_words_as_they_are (void **state)
{
  g_autoptr(IncidentMessage) message = make_message (INCIDENT_MESSAGE_KIND_POST, hostile, hostile);
  g_autoptr(IncidentMessage) card = make_card (2, 3, hostile);
  g_auto(Body) body = { 0 };
  g_auto(Body) other = { 0 };

  body_read (&body, incident_webhook_write_rocketchat (message));
  each_text (body.root, check_rocketchat);
  body_read (&other, incident_webhook_write_rocketchat (card));
  each_text (other.root, check_rocketchat);
}

static void
check_discord (const char *text)
{
  refuse (text, "@channel");
  refuse (text, "@here");
  refuse (text, "@everyone");
}

static void
test_discord_is_shown_words_as_they_are_and_calls_nobody (void **state)
{
  g_autoptr(IncidentMessage) message = make_message (INCIDENT_MESSAGE_KIND_POST, NULL, hostile);
  g_autoptr(IncidentMessage) card = make_card (2, 3, hostile);
  g_auto(Body) body = { 0 };
  g_auto(Body) other = { 0 };

  g_clear_pointer (&message->case_id, g_free);
  body_read (&body, incident_webhook_write_discord (message));
  each_text (body.root, check_discord);
  assert_escaped (get (&body, "/content"), "`*_[]~|<>()#");
  assert_non_null (strstr (body.body, "\"allowed_mentions\":{\"parse\":[]}"));
  body_read (&other, incident_webhook_write_discord (card));
  each_text (other.root, check_discord);
  assert_escaped (get (&other, "/embeds/0/fields/1/value"), "`*_[]~|<>()#");
}

/* In a text run there is no markup; all that could be read otherwise is a TextBlock. */
static void
test_teams_is_given_words_as_text_runs (void **state)
{
  g_autoptr(IncidentMessage) message = make_message (INCIDENT_MESSAGE_KIND_POST, "Checkout", hostile);
  g_auto(Body) body = { 0 };

  body_read (&body, incident_webhook_write_teams (message));
  assert_null (strstr (body.body, "\"TextBlock\""));
  assert_null (strstr (body.body, "msteams"));
  assert_string_equal (get (&body, "/attachments/0/contentType"), "application/vnd.microsoft.card.adaptive");
  assert_string_equal (get (&body, "/attachments/0/content/type"), "AdaptiveCard");
  assert_string_equal (get (&body, "/attachments/0/content/version"), "1.4");
  assert_string_equal (get (&body, "/attachments/0/content/body/0/inlines/0/text"), "INC-42 Checkout");
  assert_string_equal (get (&body, "/attachments/0/content/body/1/inlines/0/text"), hostile);
}

static void
test_lines_begin_neither_quotations_nor_lists (void **state)
{
  static const char lines[] = "> q\n# h\n-# s\n- l\n+ l\n=\n1. n\n12) n\n    code\n\t> q\n:x";
  g_autoptr(IncidentMessage) message = make_message (INCIDENT_MESSAGE_KIND_POST, NULL, lines);
  g_auto(Body) mattermost = { 0 };
  g_auto(Body) rocketchat = { 0 };
  g_auto(Body) discord = { 0 };

  g_clear_pointer (&message->case_id, g_free);
  body_read (&mattermost, incident_webhook_write_mattermost (message));
  assert_string_equal (get (&mattermost, "/text"),
                       "&gt; q\n\\# h\n\\-\\# s\n\\- l\n\\+ l\n\\=\n1\\. n\n12\\) n\ncode\n&gt; q\n\\:x");
  body_read (&discord, incident_webhook_write_discord (message));
  assert_string_equal (get (&discord, "/content"),
                       "\\> q\n\\# h\n\\-\\# s\n\\- l\n\\+ l\n\\=\n1\\. n\n12\\) n\ncode\n\\> q\n\\:x");
  body_read (&rocketchat, incident_webhook_write_rocketchat (message));
  assert_string_equal (get (&rocketchat, "/text"),
                       "› q\n\u200b#\u200b h\n\u200b-#\u200b s\n\u200b- l\n\u200b+ l\n\u200b=\n1\u200b. n\n12\u200b) n\ncode\n› q\n\u200b:x");
}

static void
check_no_controls (const char *text)
{
  refuse (text, "\u202e");
  refuse (text, "\x1b");
  refuse (text, "\xc2\x9b");
  refuse (text, "\u2028");
}

static void
test_controls_and_turned_text_are_left_out (void **state)
{
  g_autoptr(IncidentMessage) message = make_message (INCIDENT_MESSAGE_KIND_POST, "a\u202e" "b\nc", "a\x1b[0m\u202e" "b\xc2\x9b\u2028");

  for (gsize i = 0; i < G_N_ELEMENTS (chats); i++)
    {
      g_auto(Body) body = { 0 };

      body_read (&body, chats[i] (message));
      each_text (body.root, check_no_controls);
    }
}

/* Chats: what we say */

static void
test_a_message_has_a_heading_with_a_link (void **state)
{
  g_autoptr(IncidentMessage) message = make_message (INCIDENT_MESSAGE_KIND_POST, "Checkout [500]", "ana: rolled back");
  g_auto(Body) mattermost = { 0 };
  g_auto(Body) discord = { 0 };
  g_auto(Body) teams = { 0 };

  message->url = g_strdup ("https://desk.example.org/cases/INC-42");
  body_read (&mattermost, incident_webhook_write_mattermost (message));
  assert_string_equal (get (&mattermost, "/text"),
                       "**[INC-42 Checkout \\[500\\]](https://desk.example.org/cases/INC-42)**\nana: rolled back");
  body_read (&discord, incident_webhook_write_discord (message));
  assert_string_equal (get (&discord, "/content"), get (&mattermost, "/text"));
  body_read (&teams, incident_webhook_write_teams (message));
  assert_string_equal (get (&teams, "/attachments/0/content/actions/0/url"), "https://desk.example.org/cases/INC-42");
}

static void
test_only_links_to_the_web_are_links (void **state)
{
  static const char *const urls[] = {
    "javascript:alert(1)", "https://x.example/) [bank](https://evil.example", "https://x.example/a b", "ftp://x.example/", "//x.example/",
  };

  for (gsize i = 0; i < G_N_ELEMENTS (urls); i++)
    for (gsize j = 0; j < G_N_ELEMENTS (chats); j++)
      {
        g_autoptr(IncidentMessage) message = make_message (INCIDENT_MESSAGE_KIND_POST, "Checkout", "ana: rolled back");
        g_auto(Body) body = { 0 };

        message->url = g_strdup (urls[i]);
        body_read (&body, chats[j] (message));
        refuse (body.body, urls[i]);
      }
}

static void
test_a_card_shows_its_fields_and_sections (void **state)
{
  g_autoptr(IncidentMessage) message = make_card (2, 2, "words");
  g_auto(Body) mattermost = { 0 };
  g_auto(Body) discord = { 0 };
  g_auto(Body) teams = { 0 };

  body_read (&mattermost, incident_webhook_write_mattermost (message));
  assert_string_equal (get (&mattermost, "/text"), "**INC-42 words**");
  assert_string_equal (get (&mattermost, "/attachments/0/color"), "#e65100");
  assert_string_equal (get (&mattermost, "/attachments/0/text"), "**words**\n• words\n• words");
  assert_string_equal (get (&mattermost, "/attachments/0/fields/0/title"), "Phase");
  assert_string_equal (get (&mattermost, "/attachments/0/fields/0/value"), "words");
  body_read (&discord, incident_webhook_write_discord (message));
  assert_string_equal (get (&discord, "/embeds/0/description"), "**words**\n• words\n• words");
  assert_string_equal (get (&discord, "/embeds/0/fields/0/name"), "Phase");
  assert_int_equal (incident_node_resolve (discord.root, "/embeds/0/color")->value.integer, 0xe65100);
  body_read (&teams, incident_webhook_write_teams (message));
  assert_string_equal (get (&teams, "/attachments/0/content/body/1/inlines/0/text"), "Phase");
  assert_string_equal (get (&teams, "/attachments/0/content/body/4/inlines/0/text"), "words");
}

/* Chats: how much */

static gsize
length_of (const Body *body,
           const char *pointer)
{
  return (gsize) g_utf8_strlen (get (body, pointer), -1);
}

static void
test_discord_gets_no_more_than_it_takes (void **state)
{
  g_autofree char *stars = g_strnfill (5000, '*');
  g_autoptr(GString) families = g_string_new (NULL);
  const char *texts[2] = { stars };

  for (int i = 0; i < 1000; i++)
    g_string_append (families, "👨‍👩‍👧‍👦");
  texts[1] = families->str;
  for (gsize i = 0; i < G_N_ELEMENTS (texts); i++)
    {
      g_autoptr(IncidentMessage) message = make_message (INCIDENT_MESSAGE_KIND_POST, texts[i], texts[i]);
      g_autoptr(IncidentMessage) card = make_card (40, 200, texts[i]);
      g_auto(Body) body = { 0 };
      g_auto(Body) other = { 0 };
      gsize sum;

      message->url = g_strdup ("https://desk.example.org/cases/INC-42");
      body_read (&body, incident_webhook_write_discord (message));
      assert_true (length_of (&body, "/content") <= 2000);
      assert_true (length_of (&body, "/content") > 1900);
      assert_escaped (get (&body, "/content") + strcspn (get (&body, "/content"), "\n"), "*");
      refuse (get (&body, "/content"), "\u200d…");

      body_read (&other, incident_webhook_write_discord (card));
      sum = length_of (&other, "/embeds/0/description");
      assert_true (sum <= 4096);
      assert_true (incident_node_get_length (incident_node_resolve (other.root, "/embeds/0/fields")) <= 25);
      for (guint j = 0; j < incident_node_get_length (incident_node_resolve (other.root, "/embeds/0/fields")); j++)
        {
          g_autofree char *name = g_strdup_printf ("/embeds/0/fields/%u/name", j);
          g_autofree char *value = g_strdup_printf ("/embeds/0/fields/%u/value", j);

          assert_true (length_of (&other, name) <= 256);
          assert_true (length_of (&other, value) <= 1024);
          sum += length_of (&other, name) + length_of (&other, value);
        }
      assert_true (sum <= 6000);
    }
}

static void
test_teams_gets_no_more_than_28_kb (void **state)
{
  static const char *const pieces[] = { "x", "\"", "𝄞", "\x01" };

  for (gsize i = 0; i < G_N_ELEMENTS (pieces); i++)
    {
      g_autoptr(GString) words = g_string_new (NULL);
      g_autoptr(IncidentMessage) card = NULL;
      g_autoptr(IncidentMessage) message = NULL;
      g_auto(Body) body = { 0 };
      g_auto(Body) other = { 0 };

      for (int j = 0; j < 10000; j++)
        g_string_append (words, pieces[i]);
      card = make_card (60, 600, words->str);
      body_read (&body, incident_webhook_write_teams (card));
      assert_true (strlen (body.body) <= 28 * 1024);
      message = make_message (INCIDENT_MESSAGE_KIND_POST, words->str, words->str);
      body_read (&other, incident_webhook_write_teams (message));
      assert_true (strlen (other.body) <= 28 * 1024);
    }
}

static void
test_mattermost_and_rocketchat_get_no_more_than_4000_characters (void **state)
{
  g_autofree char *long_text = g_strnfill (10000, '&');
  g_autoptr(IncidentMessage) message = make_message (INCIDENT_MESSAGE_KIND_POST, long_text, long_text);
  g_autoptr(IncidentMessage) card = make_card (60, 600, long_text);

  for (gsize i = 0; i < 2; i++)
    {
      g_auto(Body) body = { 0 };
      g_auto(Body) other = { 0 };

      body_read (&body, chats[i] (message));
      assert_true (length_of (&body, "/text") <= 4000);
      body_read (&other, chats[i] (card));
      assert_true (g_utf8_strlen (other.body, -1) <= 8000);
      assert_true (g_str_has_suffix (get (&other, "/attachments/0/text"), "\n…"));
    }
}

int
main (void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test (test_an_event_is_a_cloud_event),
    cmocka_unit_test (test_a_desk_without_an_address_has_a_name),
    cmocka_unit_test (test_what_is_no_event_is_told_in_words),
    cmocka_unit_test (test_a_program_is_told_who_is_to_be_paged),
    cmocka_unit_test (test_who_is_paged_by_a_name_there_gets_a_direct_message),
    cmocka_unit_test (test_discord_calls_who_is_paged_and_nobody_else),
    cmocka_unit_test (test_attributes_that_would_be_wrong_are_refused),
    cmocka_unit_test (test_an_event_that_is_too_large_is_cut_and_says_so),
    cmocka_unit_test (test_mattermost_is_shown_words_as_they_are),
    cmocka_unit_test (test_rocketchat_is_shown_words_as_they_are),
    cmocka_unit_test (test_discord_is_shown_words_as_they_are_and_calls_nobody),
    cmocka_unit_test (test_teams_is_given_words_as_text_runs),
    cmocka_unit_test (test_lines_begin_neither_quotations_nor_lists),
    cmocka_unit_test (test_controls_and_turned_text_are_left_out),
    cmocka_unit_test (test_a_message_has_a_heading_with_a_link),
    cmocka_unit_test (test_only_links_to_the_web_are_links),
    cmocka_unit_test (test_a_card_shows_its_fields_and_sections),
    cmocka_unit_test (test_discord_gets_no_more_than_it_takes),
    cmocka_unit_test (test_teams_gets_no_more_than_28_kb),
    cmocka_unit_test (test_mattermost_and_rocketchat_get_no_more_than_4000_characters),
  };

  return cmocka_run_group_tests (tests, NULL, NULL);
}
