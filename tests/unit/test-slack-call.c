/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "incident-test.h"

#include <string.h>

#include "comms/incident-slack-call-private.h"

/* What Slack sends, in the shapes that its reference shows. */

/* The example that Slack publishes of how it signs. */
#define SECRET "8f742231b10e8888abcd99yyyzzz85a5"
#define TIMESTAMP "1531420618"
#define BODY "token=xyzz0WbapA4vBCDEFasx0q6G&team_id=T1DC2JH3J&team_domain=testteamnow&channel_id=G8PSS9T3V" \
  "&channel_name=foobar&user_id=U2CERLKJA&user_name=roadrunner&command=%2Fwebhook-collect&text=" \
  "&response_url=https%3A%2F%2Fhooks.slack.com%2Fcommands%2FT1DC2JH3J%2F397700885554%2F96rGlfmibIGlgcZRskXaIFfN" \
  "&trigger_id=398738663015.47445629121.803a0bc887a14d10d2c447fce8b6703c"
#define SIGNATURE "v0=a2114d57b48eac39b9ad189dd8316235a7b4a8d21a10bd27519666489c69b503"
#define SIGNED_AT (G_GINT64_CONSTANT (1531420618) * G_USEC_PER_SEC)

#define FORM "application/x-www-form-urlencoded"

static void
assert_verified (gboolean expected, const char *secret, const char *timestamp, const char *signature, const char *body, gint64 now)
{
  g_autoptr(GBytes) bytes = g_bytes_new (body, strlen (body));
  g_autoptr(GError) error = NULL;

  assert_int_equal (incident_slack_verify (secret, timestamp, signature, bytes, now, &error), expected);
  if (expected)
    {
      assert_no_error (error);
      return;
    }
  assert_error (error, INCIDENT_ERROR, INCIDENT_ERROR_REFUSED);
  assert_string_equal (incident_error_get_codes (error)[0], "not-permitted");
  assert_null (strstr (error->message, "8f742231"));
  assert_null (strstr (error->message, "a2114d57"));
}

static void
test_what_slack_signed_is_known_as_slacks (void **state)
{
  assert_verified (TRUE, SECRET, TIMESTAMP, SIGNATURE, BODY, SIGNED_AT);
}

static void
test_another_body_secret_or_time_is_refused (void **state)
{
  assert_verified (FALSE, SECRET, TIMESTAMP, SIGNATURE, BODY "x", SIGNED_AT);
  assert_verified (FALSE, "8f742231b10e8888abcd99yyyzzz85a6", TIMESTAMP, SIGNATURE, BODY, SIGNED_AT);
  assert_verified (FALSE, SECRET, "1531420619", SIGNATURE, BODY, SIGNED_AT);
  assert_verified (FALSE, "", TIMESTAMP, SIGNATURE, BODY, SIGNED_AT);
}

static void
test_a_signature_counts_for_five_minutes_both_ways (void **state)
{
  assert_verified (TRUE, SECRET, TIMESTAMP, SIGNATURE, BODY, SIGNED_AT + 300 * G_USEC_PER_SEC);
  assert_verified (TRUE, SECRET, TIMESTAMP, SIGNATURE, BODY, SIGNED_AT - 300 * G_USEC_PER_SEC);
  assert_verified (FALSE, SECRET, TIMESTAMP, SIGNATURE, BODY, SIGNED_AT + 301 * G_USEC_PER_SEC);
  assert_verified (FALSE, SECRET, TIMESTAMP, SIGNATURE, BODY, SIGNED_AT - 301 * G_USEC_PER_SEC);
}

static void
test_headers_that_are_missing_or_malformed_are_refused (void **state)
{
  static const char * const signatures[] = {
    NULL, "", "v0=", "v1=a2114d57b48eac39b9ad189dd8316235a7b4a8d21a10bd27519666489c69b503",
    "a2114d57b48eac39b9ad189dd8316235a7b4a8d21a10bd27519666489c69b503",
    "v0=a2114d57b48eac39b9ad189dd8316235a7b4a8d21a10bd27519666489c69b50",
    "v0=a2114d57b48eac39b9ad189dd8316235a7b4a8d21a10bd27519666489c69b50g",
    SIGNATURE "00",
  };
  static const char * const times[] = { NULL, "", "now", "1531420618.5", "-1531420618", " 1531420618", "99999999999999999999" };

  for (guint i = 0; i < G_N_ELEMENTS (signatures); i++)
    assert_verified (FALSE, SECRET, TIMESTAMP, signatures[i], BODY, SIGNED_AT);
  for (guint i = 0; i < G_N_ELEMENTS (times); i++)
    assert_verified (FALSE, SECRET, times[i], SIGNATURE, BODY, SIGNED_AT);
}

/* Reading */

static IncidentSlackCall *
read_call (const char *content_type, const char *body)
{
  g_autoptr(GBytes) bytes = g_bytes_new (body, strlen (body));
  g_autoptr(GError) error = NULL;
  IncidentSlackCall *call = incident_slack_call_read (content_type, bytes, &error);

  assert_no_error (error);
  return call;
}

static void
assert_unreadable (const char *content_type, const char *body)
{
  g_autoptr(GBytes) bytes = g_bytes_new (body, strlen (body));
  g_autoptr(GError) error = NULL;

  assert_null (incident_slack_call_read (content_type, bytes, &error));
  assert_error (error, INCIDENT_ERROR, INCIDENT_ERROR_INVALID);
}

static IncidentSlackCall *
read_payload (const char *json)
{
  g_autofree char *escaped = g_uri_escape_string (json, NULL, FALSE);
  g_autofree char *body = g_strconcat ("payload=", escaped, NULL);

  return read_call (FORM, body);
}

static void
assert_text (const char *found, const char *expected)
{
  if (expected == NULL)
    assert_null (found);
  else
    {
      assert_non_null (found);
      assert_string_equal (found, expected);
    }
}

static void
test_a_command_is_read (void **state)
{
  g_autoptr(IncidentSlackCall) call = read_call (FORM, BODY);

  assert_int_equal (call->kind, INCIDENT_SLACK_CALL_COMMAND);
  assert_text (call->operation, "slack:398738663015.47445629121.803a0bc887a14d10d2c447fce8b6703c");
  assert_text (call->team, "T1DC2JH3J");
  assert_text (call->user, "U2CERLKJA");
  assert_text (call->conversation, "G8PSS9T3V");
  assert_text (call->command, "/webhook-collect");
  assert_text (call->text, "");
  assert_text (call->trigger, "398738663015.47445629121.803a0bc887a14d10d2c447fce8b6703c");
  assert_text (call->response_url, "https://hooks.slack.com/commands/T1DC2JH3J/397700885554/96rGlfmibIGlgcZRskXaIFfN");
  assert_false (incident_slack_call_is_event (call));
}

static void
test_the_content_type_may_name_a_charset_and_may_be_missing (void **state)
{
  static const char * const types[] = {
    FORM "; charset=utf-8", FORM ";charset=UTF-8", "Application/X-WWW-Form-URLEncoded ; charset=utf-8", NULL
  };

  for (guint i = 0; i < G_N_ELEMENTS (types); i++)
    {
      g_autoptr(IncidentSlackCall) call = read_call (types[i], BODY);

      assert_int_equal (call->kind, INCIDENT_SLACK_CALL_COMMAND);
    }
  assert_unreadable ("text/plain", BODY);
  assert_unreadable ("application/xml", BODY);
}

static void
test_text_is_unescaped_once_and_mentions_are_ids (void **state)
{
  g_autoptr(IncidentSlackCall) call =
    read_call (FORM, "command=%2Fincident&text=assign+commander+%3C%40U012ABCDEF%7Cana%3E+a+%26amp%3Bamp%3B+b+%26lt%3Bb%26gt%3B");

  assert_text (call->text, "assign commander @U012ABCDEF a &amp; b <b>");
}

static void
assert_plain (const char *text, const char *expected)
{
  g_autofree char *plain = incident_slack_text_to_plain (text);

  assert_string_equal (plain, expected);
}

static void
test_markup_becomes_plain_text (void **state)
{
  assert_plain ("", "");
  assert_plain ("see <#C024BE7LR|general> and <#C024BE7LS>", "see #general and #C024BE7LS");
  assert_plain ("<!here> <!channel> <!subteam^SAZ94GDB8|@sre> <!subteam^SAZ94GDB8>", "@here @channel @sre @SAZ94GDB8");
  assert_plain ("<!date^1392734382^{date_num}|18 Feb> late", "18 Feb late");
  assert_plain ("<https://example.com/a?b=1&amp;c=2>", "https://example.com/a?b=1&c=2");
  assert_plain ("<https://example.com|the graph>", "the graph (https://example.com)");
  assert_plain ("<mailto:bob@example.com|bob@example.com>", "bob@example.com");
  assert_plain ("1 &lt; 2 &amp;&amp; 3 &gt; 2, &quot; and &nbsp; stay", "1 < 2 && 3 > 2, &quot; and &nbsp; stay");
  assert_plain ("&amp;lt;script&amp;gt;", "&lt;script&gt;");
  assert_plain ("a < b", "a < b");
  assert_plain ("<>", "<>");
  assert_plain ("<@U1", "<@U1");
}

static void
test_a_challenge_is_to_be_answered (void **state)
{
  g_autoptr(IncidentSlackCall) call =
    read_call ("application/json", "{\"token\":\"Jhj5dZrVaK7ZwHHjRyZWjbDl\","
                                   "\"challenge\":\"3eZbrw1aBm2rZgRNFdxV2595E9CY3gmdALWMmHkvFXO7tYXAYM8P\",\"type\":\"url_verification\"}");
  g_autoptr(IncidentSlackCall) check = read_call (FORM, "ssl_check=1&token=abc");

  assert_int_equal (call->kind, INCIDENT_SLACK_CALL_HELLO);
  assert_text (call->text, "3eZbrw1aBm2rZgRNFdxV2595E9CY3gmdALWMmHkvFXO7tYXAYM8P");
  assert_int_equal (check->kind, INCIDENT_SLACK_CALL_HELLO);
  assert_text (check->text, "");
  assert_unreadable ("application/json", "{\"type\":\"url_verification\"}");
}

static void
test_a_button_is_read (void **state)
{
  g_autoptr(IncidentSlackCall) call = read_payload (
    "{\"type\":\"block_actions\",\"team\":{\"id\":\"T9TK3CUKW\",\"domain\":\"example\"},"
    "\"user\":{\"id\":\"UA8RXUSPL\",\"username\":\"jtorrance\",\"team_id\":\"T9TK3CUKW\"},\"api_app_id\":\"AABA1ABCD\","
    "\"token\":\"9s8d9as89d8as9d8as989\",\"container\":{\"type\":\"message\",\"message_ts\":\"1548261231.000200\","
    "\"channel_id\":\"CBR2V3XEX\",\"thread_ts\":\"1548261200.000100\",\"is_ephemeral\":false},"
    "\"trigger_id\":\"12321423423.333649436676.d8c1bb837935619ccad0f624c448ffb3\","
    "\"channel\":{\"id\":\"CBR2V3XEX\",\"name\":\"review-updates\"},"
    "\"message\":{\"bot_id\":\"BAH5CA16Z\",\"type\":\"message\",\"text\":\"INC-42\",\"user\":\"UAJ2RU415\",\"ts\":\"1548261231.000200\"},"
    "\"response_url\":\"https://hooks.slack.com/actions/AABA1ABCD/1232321423432/D09sSasdasdAS9091209\","
    "\"actions\":[{\"action_id\":\"incident.ack\",\"block_id\":\"=qXel\",\"text\":{\"type\":\"plain_text\",\"text\":\"Acknowledge\","
    "\"emoji\":true},\"value\":\"INC-42/17/1\",\"type\":\"button\",\"action_ts\":\"1548426417.840180\"}]}");

  assert_int_equal (call->kind, INCIDENT_SLACK_CALL_BUTTON);
  assert_text (call->operation, "slack:12321423423.333649436676.d8c1bb837935619ccad0f624c448ffb3");
  assert_text (call->team, "T9TK3CUKW");
  assert_text (call->user, "UA8RXUSPL");
  assert_text (call->conversation, "CBR2V3XEX");
  assert_text (call->message, "1548261231.000200");
  assert_text (call->thread, "1548261200.000100");
  assert_text (call->action, "incident.ack");
  assert_text (call->value, "INC-42/17/1");
  assert_text (call->response_url, "https://hooks.slack.com/actions/AABA1ABCD/1232321423432/D09sSasdasdAS9091209");
}

static void
test_a_modal_is_read_by_its_blocks_and_counts_once (void **state)
{
  g_autoptr(IncidentSlackCall) call = read_payload (
    "{\"type\":\"view_submission\",\"team\":null,\"user\":{\"id\":\"U123ABC456\",\"name\":\"nick\",\"team_id\":\"T123ABC456\"},"
    "\"trigger_id\":\"1.2.abc\",\"view\":{\"id\":\"VNHU13V36\",\"team_id\":\"T123ABC456\",\"type\":\"modal\","
    "\"private_metadata\":\"INC-42/17/1\",\"callback_id\":\"incident.open\",\"state\":{\"values\":{"
    "\"title\":{\"words\":{\"type\":\"plain_text_input\",\"value\":\"A &amp; B\"}},"
    "\"severity\":{\"one\":{\"type\":\"static_select\",\"selected_option\":{\"text\":{\"type\":\"plain_text\",\"text\":\"SEV 2\"},"
    "\"value\":\"sev2\"}}},"
    "\"service\":{\"one\":{\"type\":\"static_select\",\"selected_option\":null}},"
    "\"person\":{\"who\":{\"type\":\"users_select\",\"selected_user\":\"U9\"}},"
    "\"tags\":{\"many\":{\"type\":\"checkboxes\",\"selected_options\":[{\"value\":\"a\"},{\"value\":\"b\"}]}},"
    "\"none\":{\"many\":{\"type\":\"checkboxes\",\"selected_options\":[]}}}},\"hash\":\"156772938.1827394\"}}");

  assert_int_equal (call->kind, INCIDENT_SLACK_CALL_FORM);
  assert_text (call->operation, "slack:VNHU13V36");
  assert_text (call->team, "T123ABC456");
  assert_text (call->action, "incident.open");
  assert_text (call->value, "INC-42/17/1");
  /* What is typed into a modal comes as it was typed. */
  assert_text (g_hash_table_lookup (call->fields, "title"), "A &amp; B");
  assert_text (g_hash_table_lookup (call->fields, "severity"), "sev2");
  assert_text (g_hash_table_lookup (call->fields, "person"), "U9");
  assert_text (g_hash_table_lookup (call->fields, "tags"), "a,b");
  assert_int_equal (g_hash_table_size (call->fields), 4);
}

static void
test_a_shortcut_on_a_message_is_read (void **state)
{
  g_autoptr(IncidentSlackCall) call = read_payload (
    "{\"type\":\"message_action\",\"token\":\"Nj2rfC2hU8mAfgaJLemZgO7H\",\"action_ts\":\"1525215129.000001\","
    "\"team\":{\"id\":\"T0MJRM1A7\",\"domain\":\"pandamonium\"},\"user\":{\"id\":\"U0D15K92L\",\"name\":\"dr_maomao\"},"
    "\"channel\":{\"id\":\"C0LFFBKPB\",\"name\":\"general\"},\"callback_id\":\"incident.add\","
    "\"trigger_id\":\"13345224609.738474920.8088930838d88f008e0\",\"message_ts\":\"1525215120.000013\","
    "\"message\":{\"type\":\"message\",\"user\":\"U0MJRG1AL\",\"ts\":\"1525215120.000013\",\"text\":\"pool &gt; 90 %\"},"
    "\"response_url\":\"https://hooks.slack.com/app-actions/T0MJR11A4/21974584944/yk1S9ndf35Q1flupVG5JbpM6\"}");

  assert_int_equal (call->kind, INCIDENT_SLACK_CALL_SHORTCUT);
  assert_text (call->operation, "slack:13345224609.738474920.8088930838d88f008e0");
  assert_text (call->action, "incident.add");
  assert_text (call->conversation, "C0LFFBKPB");
  assert_text (call->message, "1525215120.000013");
  assert_text (call->author, "U0MJRG1AL");
  assert_text (call->user, "U0D15K92L");
  assert_text (call->text, "pool > 90 %");
}

/* Events */

#define OUTER(event) \
  "{\"token\":\"XXYYZZ\",\"team_id\":\"T123ABC456\",\"api_app_id\":\"A123ABC456\",\"event\":" event "," \
  "\"type\":\"event_callback\",\"authorizations\":[{\"team_id\":\"T123ABC456\",\"user_id\":\"UBOT\",\"is_bot\":true," \
  "\"is_enterprise_install\":false}],\"event_id\":\"Ev123ABC456\",\"event_time\":123456789}"

static IncidentSlackCall *
read_event (const char *json)
{
  return read_call ("application/json; charset=utf-8", json);
}

static void
assert_ignored (const char *json)
{
  g_autoptr(IncidentSlackCall) call = read_event (json);

  assert_int_equal (call->kind, INCIDENT_SLACK_CALL_IGNORED);
}

static void
test_what_is_said_is_read (void **state)
{
  g_autoptr(IncidentSlackCall) call = read_event (OUTER (
    "{\"type\":\"message\",\"channel\":\"C123ABC456\",\"user\":\"U123ABC456\",\"text\":\"Hello &lt;world&gt;\","
    "\"ts\":\"1355517523.000005\",\"thread_ts\":\"1355517000.000001\",\"event_ts\":\"1355517523.000005\",\"channel_type\":\"channel\"}"));

  assert_int_equal (call->kind, INCIDENT_SLACK_CALL_SAID);
  assert_true (incident_slack_call_is_event (call));
  assert_text (call->operation, "slack:Ev123ABC456");
  assert_text (call->team, "T123ABC456");
  assert_text (call->conversation, "C123ABC456");
  assert_text (call->message, "1355517523.000005");
  assert_text (call->thread, "1355517000.000001");
  assert_text (call->user, "U123ABC456");
  assert_text (call->author, "U123ABC456");
  assert_text (call->text, "Hello <world>");
  assert_false (call->is_bot);
}

static void
test_the_beginning_of_a_thread_is_not_below_itself (void **state)
{
  g_autoptr(IncidentSlackCall) call = read_event (OUTER (
    "{\"type\":\"message\",\"channel\":\"C1\",\"user\":\"U1\",\"text\":\"a\",\"ts\":\"1.000005\",\"thread_ts\":\"1.000005\"}"));

  assert_text (call->thread, NULL);
}

static void
test_files_are_told_by_name_and_link (void **state)
{
  g_autoptr(IncidentSlackCall) call = read_event (OUTER (
    "{\"type\":\"message\",\"subtype\":\"file_share\",\"channel\":\"C1\",\"user\":\"U1\",\"text\":\"see\",\"ts\":\"1.000005\","
    "\"files\":[{\"id\":\"F1\",\"name\":\"graph.png\",\"permalink\":\"https://example.slack.com/files/U1/F1/graph.png\"}]}"));

  assert_int_equal (call->kind, INCIDENT_SLACK_CALL_SAID);
  assert_text (call->text, "see\n[graph.png: https://example.slack.com/files/U1/F1/graph.png]");
}

static void
test_what_other_programs_say_is_known_as_theirs (void **state)
{
  g_autoptr(IncidentSlackCall) call = read_event (OUTER (
    "{\"type\":\"message\",\"subtype\":\"bot_message\",\"channel\":\"C1\",\"bot_id\":\"BB12033\",\"username\":\"github\","
    "\"text\":\"deployed\",\"ts\":\"1.000005\"}"));

  assert_int_equal (call->kind, INCIDENT_SLACK_CALL_SAID);
  assert_true (call->is_bot);
  assert_text (call->bot, "BB12033");
  assert_text (call->author, "github");
  assert_text (call->user, NULL);
}

static void
test_what_we_said_ourselves_is_ignored (void **state)
{
  assert_ignored (OUTER ("{\"type\":\"message\",\"channel\":\"C1\",\"user\":\"UBOT\",\"text\":\"a\",\"ts\":\"1.000005\"}"));
  assert_ignored (OUTER ("{\"type\":\"message\",\"channel\":\"C1\",\"bot_id\":\"B1\",\"app_id\":\"A123ABC456\",\"text\":\"a\",\"ts\":\"1.000005\"}"));
  assert_ignored (OUTER ("{\"type\":\"message\",\"channel\":\"C1\",\"bot_id\":\"B1\",\"bot_profile\":{\"app_id\":\"A123ABC456\"},"
                         "\"text\":\"a\",\"ts\":\"1.000005\"}"));
  assert_ignored (OUTER ("{\"type\":\"message\",\"channel\":\"C1\",\"user\":\"U2\",\"metadata\":{\"event_type\":\"libincident_msg\","
                         "\"event_payload\":{\"id\":\"1\"}},\"text\":\"a\",\"ts\":\"1.000005\"}"));
  assert_ignored (OUTER ("{\"type\":\"message\",\"subtype\":\"message_changed\",\"channel\":\"C1\",\"message\":{\"user\":\"UBOT\","
                         "\"text\":\"b\",\"ts\":\"1.000005\"},\"previous_message\":{\"user\":\"UBOT\",\"text\":\"a\",\"ts\":\"1.000005\"}}"));
}

static void
test_joins_topics_and_unknown_events_are_ignored (void **state)
{
  assert_ignored (OUTER ("{\"type\":\"message\",\"subtype\":\"channel_join\",\"channel\":\"C1\",\"user\":\"U1\",\"text\":\"a\",\"ts\":\"1.000005\"}"));
  assert_ignored (OUTER ("{\"type\":\"message\",\"subtype\":\"channel_topic\",\"channel\":\"C1\",\"user\":\"U1\",\"text\":\"a\",\"ts\":\"1.000005\"}"));
  assert_ignored (OUTER ("{\"type\":\"team_join\",\"user\":{\"id\":\"U1\"}}"));
  assert_ignored (OUTER ("null"));
  assert_ignored (OUTER ("{\"type\":\"message\",\"user\":\"U1\",\"text\":\"no channel\",\"ts\":\"1.000005\"}"));
  assert_ignored ("{\"type\":\"app_rate_limited\",\"team_id\":\"T1\",\"minute_rate_limited\":1518467820}");
}

static void
test_a_changed_message_is_read (void **state)
{
  g_autoptr(IncidentSlackCall) call = read_event (OUTER (
    "{\"type\":\"message\",\"subtype\":\"message_changed\",\"hidden\":true,\"channel\":\"C123ABC456\",\"ts\":\"1358878755.000001\","
    "\"message\":{\"type\":\"message\",\"user\":\"U123ABC456\",\"text\":\"Hello, world!\",\"ts\":\"1355517523.000005\","
    "\"edited\":{\"user\":\"U123ABC456\",\"ts\":\"1358878755.000001\"}}}"));

  assert_int_equal (call->kind, INCIDENT_SLACK_CALL_EDITED);
  assert_text (call->conversation, "C123ABC456");
  assert_text (call->message, "1355517523.000005");
  assert_text (call->text, "Hello, world!");
  assert_text (call->user, "U123ABC456");
}

static void
test_a_preview_that_slack_adds_is_no_change (void **state)
{
  assert_ignored (OUTER (
    "{\"type\":\"message\",\"subtype\":\"message_changed\",\"channel\":\"C1\",\"message\":{\"user\":\"U1\",\"text\":\"<https://a.example>\","
    "\"ts\":\"1.000005\",\"attachments\":[{\"from_url\":\"https://a.example\"}]},"
    "\"previous_message\":{\"user\":\"U1\",\"text\":\"<https://a.example>\",\"ts\":\"1.000005\"}}"));
}

static void
test_a_deleted_message_is_read (void **state)
{
  g_autoptr(IncidentSlackCall) call = read_event (OUTER (
    "{\"type\":\"message\",\"subtype\":\"message_deleted\",\"hidden\":true,\"channel\":\"C123ABC456\",\"ts\":\"1358878755.000001\","
    "\"deleted_ts\":\"1358878749.000002\",\"previous_message\":{\"type\":\"message\",\"user\":\"U5\",\"text\":\"oops\","
    "\"ts\":\"1358878749.000002\"}}"));
  g_autoptr(IncidentSlackCall) first = read_event (OUTER (
    "{\"type\":\"message\",\"subtype\":\"message_changed\",\"channel\":\"C1\",\"message\":{\"subtype\":\"tombstone\",\"user\":\"USLACKBOT\","
    "\"text\":\"This message was deleted.\",\"ts\":\"1.000005\",\"thread_ts\":\"1.000005\"},"
    "\"previous_message\":{\"user\":\"U1\",\"text\":\"a\",\"ts\":\"1.000005\"}}"));

  assert_int_equal (call->kind, INCIDENT_SLACK_CALL_DELETED);
  assert_text (call->message, "1358878749.000002");
  assert_text (call->user, "U5");
  assert_int_equal (first->kind, INCIDENT_SLACK_CALL_DELETED);
  assert_text (first->message, "1.000005");
  assert_text (first->author, "U1");
}

static void
test_a_pin_is_read_with_its_message (void **state)
{
  g_autoptr(IncidentSlackCall) call = read_event (OUTER (
    "{\"type\":\"pin_added\",\"user\":\"U123ABC456\",\"channel_id\":\"C02ELGNBH\",\"item\":{\"type\":\"message\",\"channel\":\"C02ELGNBH\","
    "\"message\":{\"type\":\"message\",\"user\":\"U9\",\"text\":\"rolled back\",\"ts\":\"1360782400.498405\","
    "\"permalink\":\"https://example.slack.com/archives/C02ELGNBH/p1360782400498405\"},\"created\":1360782804,"
    "\"created_by\":\"U123ABC456\"},\"item_user\":\"U9\",\"pin_count\":1,\"event_ts\":\"1360782804.083113\"}"));

  assert_int_equal (call->kind, INCIDENT_SLACK_CALL_PINNED);
  assert_text (call->user, "U123ABC456");
  assert_text (call->author, "U9");
  assert_text (call->conversation, "C02ELGNBH");
  assert_text (call->message, "1360782400.498405");
  assert_text (call->text, "rolled back");
  assert_text (call->permalink, "https://example.slack.com/archives/C02ELGNBH/p1360782400498405");
  assert_text (call->emoji, NULL);
}

static void
test_pins_of_ours_and_of_files_are_ignored (void **state)
{
  assert_ignored (OUTER ("{\"type\":\"pin_added\",\"user\":\"UBOT\",\"channel_id\":\"C1\",\"item\":{\"type\":\"message\","
                         "\"message\":{\"user\":\"UBOT\",\"text\":\"INC-42\",\"ts\":\"1.000005\"}}}"));
  assert_ignored (OUTER ("{\"type\":\"pin_added\",\"user\":\"U1\",\"channel_id\":\"C1\",\"item\":{\"type\":\"file\",\"file\":{\"id\":\"F1\"}}}"));
}

static void
test_an_emoji_on_a_message_is_read (void **state)
{
  g_autoptr(IncidentSlackCall) call = read_event (OUTER (
    "{\"type\":\"reaction_added\",\"user\":\"U123ABC456\",\"reaction\":\"+1::skin-tone-2\",\"item_user\":\"U222222222\","
    "\"item\":{\"type\":\"message\",\"channel\":\"C123ABC456\",\"ts\":\"1360782400.498405\"},\"event_ts\":\"1360782804.083113\"}"));

  assert_int_equal (call->kind, INCIDENT_SLACK_CALL_PINNED);
  assert_text (call->emoji, "+1");
  assert_text (call->conversation, "C123ABC456");
  assert_text (call->message, "1360782400.498405");
  assert_text (call->author, "U222222222");
  assert_text (call->user, "U123ABC456");
  assert_ignored (OUTER ("{\"type\":\"reaction_added\",\"user\":\"U1\",\"reaction\":\"eyes\",\"item\":{\"type\":\"file\",\"file\":\"F1\"}}"));
}

static void
test_bodies_that_slack_does_not_send_are_refused (void **state)
{
  g_autofree char *large = g_strnfill (INCIDENT_SLACK_MAX_BODY + 1, 'a');
  g_autoptr(GString) many = g_string_new ("command=a");
  g_autoptr(GBytes) with_nul = g_bytes_new_static ("command=a\0&text=b", 17);

  for (guint i = 0; i < 200; i++)
    g_string_append_printf (many, "&f%u=1", i);
  assert_unreadable (FORM, large);
  assert_unreadable (FORM, many->str);
  assert_unreadable (FORM, "");
  assert_unreadable (FORM, "text=hello");
  assert_unreadable (FORM, "command=%ff&text=a");
  assert_unreadable (FORM, "command=a&text=%00");
  assert_unreadable (FORM, "payload=%7B");
  assert_unreadable (FORM, "payload=%5B%5D");
  assert_unreadable ("application/json", "[]");
  assert_unreadable ("application/json", "{\"type\":1}");
  assert_unreadable ("application/json", "{\"type\":\"event_callback\"");
  assert_null (incident_slack_call_read (FORM, with_nul, NULL));
}

/* Socket Mode */

static IncidentSlackCall *
read_envelope (const char *type, const char *payload)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(IncidentTree) tree = incident_tree_new (payload, strlen (payload), NULL, &error);
  IncidentSlackCall *call;

  assert_no_error (error);
  call = incident_slack_call_read_envelope (type, incident_tree_get_root (tree), "dbdd0ef3-1543-4f94-bfb4-133d0e6c1545", &error);
  assert_no_error (error);
  return call;
}

static void
test_an_envelope_is_read_like_a_request (void **state)
{
  g_autoptr(IncidentSlackCall) command = read_envelope ("slash_commands",
    "{\"team_id\":\"T1\",\"channel_id\":\"C1\",\"user_id\":\"U1\",\"command\":\"/incident\",\"text\":\"note a &amp; b\"}");
  g_autoptr(IncidentSlackCall) event = read_envelope ("events_api",
    OUTER ("{\"type\":\"message\",\"channel\":\"C1\",\"user\":\"U1\",\"text\":\"a\",\"ts\":\"1.000005\"}"));
  g_autoptr(IncidentSlackCall) button = read_envelope ("interactive",
    "{\"type\":\"block_actions\",\"user\":{\"id\":\"U1\",\"team_id\":\"T1\"},\"trigger_id\":\"t.1\","
    "\"actions\":[{\"action_id\":\"incident.ack\",\"value\":\"INC-1/1/1\"}]}");
  g_autoptr(IncidentSlackCall) unknown = read_envelope ("something_new", "{}");

  assert_int_equal (command->kind, INCIDENT_SLACK_CALL_COMMAND);
  assert_text (command->text, "note a & b");
  assert_text (command->operation, "slack:dbdd0ef3-1543-4f94-bfb4-133d0e6c1545");
  assert_int_equal (event->kind, INCIDENT_SLACK_CALL_SAID);
  /* As over HTTP: what is brought again in another way is known. */
  assert_text (event->operation, "slack:Ev123ABC456");
  assert_int_equal (button->kind, INCIDENT_SLACK_CALL_BUTTON);
  assert_text (button->operation, "slack:t.1");
  assert_int_equal (unknown->kind, INCIDENT_SLACK_CALL_IGNORED);
}

static void
test_an_envelope_without_payload_is_refused (void **state)
{
  g_autoptr(GError) error = NULL;

  assert_null (incident_slack_call_read_envelope ("events_api", NULL, "e", &error));
  assert_error (error, INCIDENT_ERROR, INCIDENT_ERROR_INVALID);
}

static void
test_ids_are_visible_ascii (void **state)
{
  g_autoptr(IncidentSlackCall) call =
    read_call (FORM, "command=%2Fincident&text=a&user_id=U1%0AU2&channel_id=C%201&team_id=%C3%84&trigger_id=1");

  assert_text (call->user, NULL);
  assert_text (call->conversation, NULL);
  assert_text (call->team, NULL);
  assert_text (call->trigger, "1");
}

static void
test_the_time_of_a_message_is_exact (void **state)
{
  assert_int_equal (incident_slack_time_from_ts ("1355517523.000005"), G_GINT64_CONSTANT (1355517523000005));
  assert_int_equal (incident_slack_time_from_ts ("1355517523"), G_GINT64_CONSTANT (1355517523000000));
  assert_int_equal (incident_slack_time_from_ts ("1355517523.5"), INCIDENT_TIME_NONE);
  assert_int_equal (incident_slack_time_from_ts ("now"), INCIDENT_TIME_NONE);
  assert_int_equal (incident_slack_time_from_ts ("99999999999999999999.000001"), INCIDENT_TIME_NONE);
  assert_int_equal (incident_slack_time_from_ts (NULL), INCIDENT_TIME_NONE);
}

int
main (void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test (test_what_slack_signed_is_known_as_slacks),
    cmocka_unit_test (test_another_body_secret_or_time_is_refused),
    cmocka_unit_test (test_a_signature_counts_for_five_minutes_both_ways),
    cmocka_unit_test (test_headers_that_are_missing_or_malformed_are_refused),
    cmocka_unit_test (test_a_command_is_read),
    cmocka_unit_test (test_the_content_type_may_name_a_charset_and_may_be_missing),
    cmocka_unit_test (test_text_is_unescaped_once_and_mentions_are_ids),
    cmocka_unit_test (test_markup_becomes_plain_text),
    cmocka_unit_test (test_a_challenge_is_to_be_answered),
    cmocka_unit_test (test_a_button_is_read),
    cmocka_unit_test (test_a_modal_is_read_by_its_blocks_and_counts_once),
    cmocka_unit_test (test_a_shortcut_on_a_message_is_read),
    cmocka_unit_test (test_what_is_said_is_read),
    cmocka_unit_test (test_the_beginning_of_a_thread_is_not_below_itself),
    cmocka_unit_test (test_files_are_told_by_name_and_link),
    cmocka_unit_test (test_what_other_programs_say_is_known_as_theirs),
    cmocka_unit_test (test_what_we_said_ourselves_is_ignored),
    cmocka_unit_test (test_joins_topics_and_unknown_events_are_ignored),
    cmocka_unit_test (test_a_changed_message_is_read),
    cmocka_unit_test (test_a_preview_that_slack_adds_is_no_change),
    cmocka_unit_test (test_a_deleted_message_is_read),
    cmocka_unit_test (test_a_pin_is_read_with_its_message),
    cmocka_unit_test (test_pins_of_ours_and_of_files_are_ignored),
    cmocka_unit_test (test_an_emoji_on_a_message_is_read),
    cmocka_unit_test (test_bodies_that_slack_does_not_send_are_refused),
    cmocka_unit_test (test_an_envelope_is_read_like_a_request),
    cmocka_unit_test (test_an_envelope_without_payload_is_refused),
    cmocka_unit_test (test_ids_are_visible_ascii),
    cmocka_unit_test (test_the_time_of_a_message_is_exact),
  };

  return cmocka_run_group_tests (tests, NULL, NULL);
}
