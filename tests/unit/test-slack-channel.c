/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "slack-server.h"

#include "base/incident-node-private.h"
#include "comms/incident-slack-channel-private.h"
#include "slack-sample.h"

#define NOW G_GINT64_CONSTANT (1767225600000000)
#define POSTED "{\"ok\":true,\"channel\":\"C1\",\"ts\":\"1767225600.000100\"}"

typedef struct
{
  SlackServer     *slack;
  IncidentClock   *clock;
  IncidentChannel *channel;
} Fixture;

static int
setup (void **state)
{
  Fixture *fixture = g_new0 (Fixture, 1);

  fixture->slack = slack_server_new ();
  fixture->clock = incident_manual_clock_new (NOW, 1);
  fixture->channel = INCIDENT_CHANNEL (incident_slack_channel_new (fixture->slack->base, "xoxb-secret", fixture->clock));
  *state = fixture;
  return 0;
}

static int
teardown (void **state)
{
  Fixture *fixture = *state;

  g_object_unref (fixture->channel);
  g_object_unref (fixture->clock);
  slack_server_free (fixture->slack);
  g_free (fixture);
  return 0;
}

/* A message for the conversation C1. */
static IncidentMessage *
message_new (IncidentMessageKind kind)
{
  IncidentMessage *message = sample_new (kind, NULL, "words");

  message->conversation = g_strdup ("C1");
  message->row->created_at = NOW;
  return message;
}

/* Takes @message. */
static IncidentDelivery *
attempt_new (IncidentMessage *message)
{
  g_autoptr(IncidentMessage) owned = message;

  return incident_delivery_new (owned);
}

static void
run (Fixture          *fixture,
     IncidentDelivery *delivery)
{
  g_autoptr(GAsyncResult) result = NULL;
  g_autoptr(GError) error = NULL;

  incident_channel_deliver_async (fixture->channel, delivery, NULL, store_result, &result);
  wait_for (&result);
  incident_channel_deliver_finish (fixture->channel, result, &error);
  assert_no_error (error);
}

/* Takes @message. */
static IncidentDelivery *
deliver (Fixture         *fixture,
         IncidentMessage *message)
{
  IncidentDelivery *delivery = attempt_new (message);

  run (fixture, delivery);
  return delivery;
}

static gboolean
look_up (Fixture           *fixture,
         IncidentDelivery  *delivery,
         GError           **error)
{
  g_autoptr(GAsyncResult) result = NULL;

  incident_channel_look_up_async (fixture->channel, delivery, NULL, store_result, &result);
  wait_for (&result);
  return incident_channel_look_up_finish (fixture->channel, result, error);
}

static void
assert_outcome (IncidentDelivery *delivery,
                IncidentOutcome   outcome)
{
  if (incident_delivery_get_outcome (delivery) != outcome)
    fail_msg ("expected %s, got %s: %s", incident_outcome_to_string (outcome),
              incident_outcome_to_string (incident_delivery_get_outcome (delivery)), incident_delivery_get_detail (delivery));
}

static void
assert_calls (Fixture    *fixture,
              const char *expected)
{
  g_autofree char *calls = slack_server_list_calls (fixture->slack);

  assert_string_equal (calls, expected);
}

static void
assert_argument (Fixture    *fixture,
                 guint       call,
                 const char *name,
                 const char *expected)
{
  const char *value = slack_server_get (fixture->slack, call, name);

  if (expected == NULL)
    assert_null (value);
  else
    assert_string_equal (value != NULL ? value : "(nothing)", expected);
}

/* Messages */

static void
test_a_post_is_said_with_its_key_and_linked (void **state)
{
  Fixture *fixture = *state;
  g_autoptr(IncidentDelivery) delivery = NULL;
  IncidentMessage *post = message_new (INCIDENT_MESSAGE_KIND_POST);
  const IncidentDeliveryResult *result;

  post->thread = g_strdup ("17.5");
  slack_server_say (fixture->slack, "chat.postMessage", POSTED);
  slack_server_say (fixture->slack, "chat.getPermalink", "{\"ok\":true,\"permalink\":\"https://x.slack.com/p1\"}");
  delivery = deliver (fixture, post);
  result = incident_delivery_get_result (delivery);

  assert_outcome (delivery, INCIDENT_OUTCOME_SENT);
  assert_calls (fixture, "chat.postMessage chat.getPermalink");
  assert_string_equal (((SlackCall *) g_ptr_array_index (fixture->slack->calls, 0))->token, "Bearer xoxb-secret");
  assert_argument (fixture, 0, "channel", "C1");
  assert_argument (fixture, 0, "text", "words");
  assert_argument (fixture, 0, "thread_ts", "17.5");
  assert_argument (fixture, 0, "unfurl_links", "false");
  assert_argument (fixture, 0, "metadata", "{\"event_type\":\"libincident_msg\",\"event_payload\":{\"id\":\"" SAMPLE_KEY "\"}}");
  assert_argument (fixture, 0, "link_names", NULL);
  assert_argument (fixture, 1, "message_ts", "1767225600.000100");
  assert_string_equal (result->external_id, "1767225600.000100");
  assert_string_equal (result->conversation, "C1");
  assert_string_equal (result->permalink, "https://x.slack.com/p1");
}

static void
test_no_link_is_no_harm (void **state)
{
  Fixture *fixture = *state;
  g_autoptr(IncidentDelivery) delivery = NULL;

  slack_server_say (fixture->slack, "chat.postMessage", POSTED);
  slack_server_add (fixture->slack, "chat.getPermalink", 500, NULL, "oops");
  delivery = deliver (fixture, message_new (INCIDENT_MESSAGE_KIND_POST));
  assert_outcome (delivery, INCIDENT_OUTCOME_SENT);
}

static void
test_the_first_card_is_pinned_and_then_changes (void **state)
{
  Fixture *fixture = *state;
  g_autoptr(IncidentDelivery) first = NULL;
  g_autoptr(IncidentDelivery) second = NULL;
  IncidentMessage *card = message_new (INCIDENT_MESSAGE_KIND_CARD);

  slack_server_say (fixture->slack, "chat.postMessage", POSTED);
  first = deliver (fixture, message_new (INCIDENT_MESSAGE_KIND_CARD));
  assert_calls (fixture, "chat.postMessage pins.add chat.getPermalink");
  assert_argument (fixture, 1, "timestamp", "1767225600.000100");

  card->replaces = g_strdup ("1767225600.000100");
  second = deliver (fixture, card);
  assert_calls (fixture, "chat.postMessage pins.add chat.getPermalink chat.update");
  assert_argument (fixture, 3, "ts", "1767225600.000100");
  assert_argument (fixture, 3, "text", "words");
  assert_non_null (slack_server_get (fixture->slack, 3, "metadata"));
  assert_string_equal (incident_delivery_get_result (second)->external_id, "1767225600.000100");
}

static void
test_a_pin_that_failed_is_set_with_the_next_change (void **state)
{
  Fixture *fixture = *state;
  g_autoptr(IncidentDelivery) first = NULL;
  g_autoptr(IncidentDelivery) second = NULL;
  IncidentMessage *card = message_new (INCIDENT_MESSAGE_KIND_CARD);

  slack_server_say (fixture->slack, "chat.postMessage", POSTED);
  slack_server_add (fixture->slack, "pins.add", 503, NULL, "");
  first = deliver (fixture, message_new (INCIDENT_MESSAGE_KIND_CARD));
  assert_outcome (first, INCIDENT_OUTCOME_SENT);

  card->replaces = g_strdup ("1767225600.000100");
  second = deliver (fixture, card);
  assert_calls (fixture, "chat.postMessage pins.add chat.getPermalink chat.update pins.add");
}

static void
test_a_card_that_is_gone_is_written_anew_once (void **state)
{
  Fixture *fixture = *state;
  g_autoptr(IncidentDelivery) delivery = NULL;
  IncidentMessage *card = message_new (INCIDENT_MESSAGE_KIND_CARD);

  card->replaces = g_strdup ("1.5");
  slack_server_say (fixture->slack, "chat.update", "{\"ok\":false,\"error\":\"message_not_found\"}");
  slack_server_say (fixture->slack, "chat.postMessage", POSTED);
  delivery = deliver (fixture, card);
  assert_outcome (delivery, INCIDENT_OUTCOME_SENT);
  assert_calls (fixture, "chat.update chat.postMessage pins.add chat.getPermalink");
  assert_string_equal (incident_delivery_get_result (delivery)->external_id, "1767225600.000100");
}

static void
test_an_announcement_is_not_pinned (void **state)
{
  Fixture *fixture = *state;
  g_autoptr(IncidentDelivery) delivery = NULL;

  slack_server_say (fixture->slack, "chat.postMessage", POSTED);
  delivery = deliver (fixture, message_new (INCIDENT_MESSAGE_KIND_ANNOUNCEMENT));
  assert_calls (fixture, "chat.postMessage chat.getPermalink");
}

static void
test_a_page_goes_to_the_person (void **state)
{
  Fixture *fixture = *state;
  g_autoptr(IncidentDelivery) delivery = NULL;
  IncidentMessage *page = message_new (INCIDENT_MESSAGE_KIND_PAGE);

  g_clear_pointer (&page->conversation, g_free);
  g_strfreev (page->recipients);
  page->recipients = g_strsplit ("U1", ",", -1);
  slack_server_say (fixture->slack, "chat.postMessage", "{\"ok\":true,\"channel\":\"D7\",\"ts\":\"1.2\"}");
  delivery = deliver (fixture, page);
  assert_argument (fixture, 0, "channel", "U1");
  assert_string_equal (incident_delivery_get_result (delivery)->conversation, "D7");
}

static void
test_an_answer_is_seen_by_one_alone (void **state)
{
  Fixture *fixture = *state;
  g_autoptr(IncidentDelivery) delivery = NULL;
  IncidentMessage *answer = message_new (INCIDENT_MESSAGE_KIND_ANSWER);

  g_strfreev (answer->recipients);
  answer->recipients = g_strsplit ("U1", ",", -1);
  slack_server_say (fixture->slack, "chat.postEphemeral", "{\"ok\":true,\"message_ts\":\"1.2\"}");
  delivery = deliver (fixture, answer);
  assert_outcome (delivery, INCIDENT_OUTCOME_SENT);
  assert_calls (fixture, "chat.postEphemeral");
  assert_argument (fixture, 0, "user", "U1");
  assert_argument (fixture, 0, "channel", "C1");
}

static void
test_an_answer_to_where_nobody_sees_it_goes_to_the_person (void **state)
{
  Fixture *fixture = *state;
  g_autoptr(IncidentDelivery) delivery = NULL;
  IncidentMessage *answer = message_new (INCIDENT_MESSAGE_KIND_ANSWER);

  g_strfreev (answer->recipients);
  answer->recipients = g_strsplit ("U1", ",", -1);
  slack_server_say (fixture->slack, "chat.postEphemeral", "{\"ok\":false,\"error\":\"user_not_in_channel\"}");
  slack_server_say (fixture->slack, "chat.postMessage", POSTED);
  delivery = deliver (fixture, answer);
  assert_outcome (delivery, INCIDENT_OUTCOME_SENT);
  assert_calls (fixture, "chat.postEphemeral chat.postMessage");
  assert_argument (fixture, 1, "channel", "U1");
}

static void
test_what_slack_does_not_take_is_said_plainly_once (void **state)
{
  Fixture *fixture = *state;
  g_autoptr(IncidentDelivery) first = NULL;
  g_autoptr(IncidentDelivery) second = NULL;

  slack_server_say (fixture->slack, "chat.postMessage", "{\"ok\":false,\"error\":\"invalid_blocks\"}");
  slack_server_say (fixture->slack, "chat.postMessage", POSTED);
  first = deliver (fixture, message_new (INCIDENT_MESSAGE_KIND_POST));
  assert_outcome (first, INCIDENT_OUTCOME_SENT);
  assert_non_null (slack_server_get (fixture->slack, 0, "blocks"));
  assert_argument (fixture, 1, "blocks", NULL);
  assert_non_null (slack_server_get (fixture->slack, 1, "metadata"));

  incident_manual_clock_advance (INCIDENT_MANUAL_CLOCK (fixture->clock), G_TIME_SPAN_MINUTE);
  slack_server_say (fixture->slack, "chat.postMessage", "{\"ok\":false,\"error\":\"metadata_too_large\"}");
  slack_server_say (fixture->slack, "chat.postMessage", "{\"ok\":false,\"error\":\"msg_too_long\"}");
  second = deliver (fixture, message_new (INCIDENT_MESSAGE_KIND_POST));
  assert_outcome (second, INCIDENT_OUTCOME_REFUSED);
  assert_argument (fixture, 4, "metadata", NULL);
  assert_string_equal (incident_delivery_get_detail (second), "Slack answered chat.postMessage with “msg_too_long”");
}

static void
test_an_archived_channel_is_opened_once (void **state)
{
  Fixture *fixture = *state;
  g_autoptr(IncidentDelivery) delivery = NULL;

  slack_server_say (fixture->slack, "chat.postMessage", "{\"ok\":false,\"error\":\"is_archived\"}");
  slack_server_say (fixture->slack, "chat.postMessage", "{\"ok\":false,\"error\":\"is_archived\"}");
  delivery = deliver (fixture, message_new (INCIDENT_MESSAGE_KIND_POST));
  assert_outcome (delivery, INCIDENT_OUTCOME_REFUSED);
  assert_calls (fixture, "chat.postMessage conversations.unarchive chat.postMessage");
}

static void
test_a_channel_is_joined_to_speak_there (void **state)
{
  Fixture *fixture = *state;
  g_autoptr(IncidentDelivery) delivery = NULL;

  slack_server_say (fixture->slack, "chat.postMessage", "{\"ok\":false,\"error\":\"not_in_channel\"}");
  slack_server_say (fixture->slack, "chat.postMessage", POSTED);
  delivery = deliver (fixture, message_new (INCIDENT_MESSAGE_KIND_POST));
  assert_outcome (delivery, INCIDENT_OUTCOME_SENT);
  assert_calls (fixture, "chat.postMessage conversations.join chat.postMessage chat.getPermalink");
  assert_argument (fixture, 1, "channel", "C1");
}

static void
test_doubt_about_joining_is_none_about_the_message (void **state)
{
  Fixture *fixture = *state;
  g_autoptr(IncidentDelivery) delivery = NULL;

  slack_server_say (fixture->slack, "chat.postMessage", "{\"ok\":false,\"error\":\"not_in_channel\"}");
  slack_server_add (fixture->slack, "conversations.join", 502, NULL, "");
  delivery = deliver (fixture, message_new (INCIDENT_MESSAGE_KIND_POST));
  assert_outcome (delivery, INCIDENT_OUTCOME_RETRY);
}

/* Failures */

static void
test_patience_is_shown_for_as_long_as_slack_asks (void **state)
{
  Fixture *fixture = *state;
  g_autoptr(IncidentDelivery) first = NULL;
  g_autoptr(IncidentDelivery) second = NULL;
  g_autoptr(IncidentDelivery) other = NULL;
  g_autoptr(IncidentDelivery) third = NULL;
  IncidentMessage *elsewhere = message_new (INCIDENT_MESSAGE_KIND_POST);

  slack_server_add (fixture->slack, "chat.postMessage", 429, "7", "{\"ok\":false,\"error\":\"ratelimited\"}");
  first = deliver (fixture, message_new (INCIDENT_MESSAGE_KIND_POST));
  assert_outcome (first, INCIDENT_OUTCOME_WAIT);
  assert_int_equal (incident_delivery_get_result (first)->retry_after, 7 * G_TIME_SPAN_SECOND);
  assert_false (incident_delivery_get_result (first)->whole_channel);

  /* Slack is not asked again before; other conversations go on. */
  incident_manual_clock_advance (INCIDENT_MANUAL_CLOCK (fixture->clock), 3 * G_TIME_SPAN_SECOND);
  second = deliver (fixture, message_new (INCIDENT_MESSAGE_KIND_POST));
  assert_outcome (second, INCIDENT_OUTCOME_WAIT);
  assert_int_equal (incident_delivery_get_result (second)->retry_after, 4 * G_TIME_SPAN_SECOND);
  assert_calls (fixture, "chat.postMessage");
  g_free (elsewhere->conversation);
  elsewhere->conversation = g_strdup ("C2");
  slack_server_say (fixture->slack, "chat.postMessage", POSTED);
  other = deliver (fixture, elsewhere);
  assert_outcome (other, INCIDENT_OUTCOME_SENT);

  incident_manual_clock_advance (INCIDENT_MANUAL_CLOCK (fixture->clock), 4 * G_TIME_SPAN_SECOND);
  slack_server_say (fixture->slack, "chat.postMessage", POSTED);
  third = deliver (fixture, message_new (INCIDENT_MESSAGE_KIND_POST));
  assert_outcome (third, INCIDENT_OUTCOME_SENT);
}

static void
test_how_long_to_wait_may_stand_in_the_body_or_nowhere (void **state)
{
  Fixture *fixture = *state;
  g_autoptr(IncidentDelivery) first = NULL;
  g_autoptr(IncidentDelivery) second = NULL;

  slack_server_say (fixture->slack, "conversations.setTopic", "{\"ok\":false,\"error\":\"ratelimited\",\"retry_after\":2.5}");
  first = deliver (fixture, message_new (INCIDENT_MESSAGE_KIND_TOPIC));
  assert_outcome (first, INCIDENT_OUTCOME_WAIT);
  assert_int_equal (incident_delivery_get_result (first)->retry_after, 2500000);

  slack_server_add (fixture->slack, "conversations.archive", 429, NULL, "slow down");
  second = deliver (fixture, message_new (INCIDENT_MESSAGE_KIND_ARCHIVE));
  assert_outcome (second, INCIDENT_OUTCOME_WAIT);
  assert_int_equal (incident_delivery_get_result (second)->retry_after, 10 * G_TIME_SPAN_SECOND);
}

static void
test_a_full_workspace_holds_all_back (void **state)
{
  Fixture *fixture = *state;
  g_autoptr(IncidentDelivery) delivery = NULL;

  slack_server_say (fixture->slack, "chat.postMessage", "{\"ok\":false,\"error\":\"message_limit_exceeded\"}");
  delivery = deliver (fixture, message_new (INCIDENT_MESSAGE_KIND_POST));
  assert_outcome (delivery, INCIDENT_OUTCOME_WAIT);
  assert_true (incident_delivery_get_result (delivery)->whole_channel);
}

static void
test_a_conversation_takes_three_at_once_and_one_a_second (void **state)
{
  Fixture *fixture = *state;

  for (guint i = 0; i < 3; i++)
    {
      g_autoptr(IncidentDelivery) delivery = deliver (fixture, message_new (INCIDENT_MESSAGE_KIND_ANNOUNCEMENT));

      assert_outcome (delivery, INCIDENT_OUTCOME_SENT);
    }
  for (guint i = 0; i < 3; i++)
    {
      g_autoptr(IncidentDelivery) early = deliver (fixture, message_new (INCIDENT_MESSAGE_KIND_ANNOUNCEMENT));
      g_autoptr(IncidentDelivery) later = NULL;
      gint64 wait = incident_delivery_get_result (early)->retry_after;

      assert_outcome (early, INCIDENT_OUTCOME_WAIT);
      assert_in_range (wait, G_TIME_SPAN_SECOND - 100, G_TIME_SPAN_SECOND + 100);
      incident_manual_clock_advance (INCIDENT_MANUAL_CLOCK (fixture->clock), wait);
      later = deliver (fixture, message_new (INCIDENT_MESSAGE_KIND_ANNOUNCEMENT));
      assert_outcome (later, INCIDENT_OUTCOME_SENT);
    }
}

static void
test_a_tier_of_twenty_a_minute_is_kept (void **state)
{
  Fixture *fixture = *state;
  g_autoptr(IncidentDelivery) late = NULL;

  for (guint i = 0; i < 20; i++)
    {
      g_autoptr(IncidentDelivery) delivery = deliver (fixture, message_new (INCIDENT_MESSAGE_KIND_TOPIC));

      assert_outcome (delivery, INCIDENT_OUTCOME_SENT);
    }
  late = deliver (fixture, message_new (INCIDENT_MESSAGE_KIND_TOPIC));
  assert_outcome (late, INCIDENT_OUTCOME_WAIT);
  assert_in_range (incident_delivery_get_result (late)->retry_after, 3 * G_TIME_SPAN_SECOND - 100, 3 * G_TIME_SPAN_SECOND + 100);
  assert_int_equal (fixture->slack->calls->len, 20);
}

static void
test_a_token_that_slack_does_not_know_closes_the_channel (void **state)
{
  Fixture *fixture = *state;
  g_autoptr(IncidentDelivery) delivery = NULL;

  slack_server_say (fixture->slack, "chat.postMessage", "{\"ok\":false,\"error\":\"invalid_auth\"}");
  delivery = deliver (fixture, message_new (INCIDENT_MESSAGE_KIND_POST));
  assert_outcome (delivery, INCIDENT_OUTCOME_CLOSED);
  assert_null (strstr (incident_delivery_get_detail (delivery), "xoxb"));
}

static void
test_a_token_that_cannot_be_read_closes_the_channel_until_it_can (void **state)
{
  Fixture *fixture = *state;
  g_autoptr(IncidentDelivery) first = NULL;
  g_autoptr(IncidentDelivery) second = NULL;
  g_autoptr(GError) error = NULL;
  IncidentChannelRules rules = { .name = "slack", .api = fixture->slack->base, .may_be_near = TRUE,
                                 .token = { .env = "TEST_SLACK_TOKEN" } };

  g_unsetenv ("TEST_SLACK_TOKEN");
  g_object_unref (fixture->channel);
  fixture->channel = INCIDENT_CHANNEL (incident_slack_channel_new_from_rules (&rules, fixture->clock, &error));
  assert_no_error (error);
  first = deliver (fixture, message_new (INCIDENT_MESSAGE_KIND_POST));
  assert_outcome (first, INCIDENT_OUTCOME_CLOSED);
  assert_non_null (strstr (incident_delivery_get_detail (first), "TEST_SLACK_TOKEN"));
  assert_int_equal (fixture->slack->calls->len, 0);

  g_setenv ("TEST_SLACK_TOKEN", "xoxb-new", TRUE);
  second = deliver (fixture, message_new (INCIDENT_MESSAGE_KIND_TOPIC));
  assert_outcome (second, INCIDENT_OUTCOME_SENT);
  assert_string_equal (((SlackCall *) g_ptr_array_index (fixture->slack->calls, 0))->token, "Bearer xoxb-new");
}

static void
test_rules_without_a_token_make_no_channel (void **state)
{
  Fixture *fixture = *state;
  g_autoptr(GError) error = NULL;
  IncidentChannelRules rules = { .name = "slack" };

  assert_null (incident_slack_channel_new_from_rules (&rules, fixture->clock, &error));
  assert_error (error, INCIDENT_ERROR, INCIDENT_ERROR_INVALID);
}

static void
test_a_near_address_is_not_called_unless_allowed (void **state)
{
  Fixture *fixture = *state;
  g_autoptr(IncidentDelivery) delivery = NULL;
  IncidentChannelRules rules = { .name = "slack", .api = fixture->slack->base, .token = { .env = "PATH" } };

  g_object_unref (fixture->channel);
  fixture->channel = INCIDENT_CHANNEL (incident_slack_channel_new_from_rules (&rules, fixture->clock, NULL));
  delivery = deliver (fixture, message_new (INCIDENT_MESSAGE_KIND_POST));
  assert_outcome (delivery, INCIDENT_OUTCOME_CLOSED);
  assert_int_equal (fixture->slack->calls->len, 0);
}

static void
test_what_was_not_answered_is_unsure (void **state)
{
  static const struct
  {
    guint       status;
    const char *body;
  } answers[] = {
    { 0, NULL }, { 500, "{\"ok\":false,\"error\":\"internal_error\"}" }, { 503, "{\"ok\":false,\"error\":\"channel_not_found\"}" },
    { 200, "<html>" }, { 200, "{\"ok\":\"true\"}" }, { 200, "[]" }, { 200, "{\"ok\":false,\"error\":\"fatal_error\"}" }, { 302, "" },
  };
  Fixture *fixture = *state;

  for (guint i = 0; i < G_N_ELEMENTS (answers); i++)
    {
      g_autoptr(IncidentDelivery) delivery = NULL;

      incident_manual_clock_advance (INCIDENT_MANUAL_CLOCK (fixture->clock), G_TIME_SPAN_MINUTE);
      slack_server_add (fixture->slack, "chat.postMessage", answers[i].status, NULL, answers[i].body);
      delivery = deliver (fixture, message_new (INCIDENT_MESSAGE_KIND_POST));
      assert_outcome (delivery, INCIDENT_OUTCOME_UNSURE);
      assert_int_equal (fixture->slack->calls->len, i + 1);
    }
}

static void
test_what_never_left_is_tried_again (void **state)
{
  Fixture *fixture = *state;
  g_autoptr(IncidentDelivery) delivery = NULL;

  slack_server_stop (fixture->slack);
  delivery = deliver (fixture, message_new (INCIDENT_MESSAGE_KIND_POST));
  assert_outcome (delivery, INCIDENT_OUTCOME_RETRY);
}

static void
test_an_error_without_cure_is_the_end (void **state)
{
  Fixture *fixture = *state;
  g_autoptr(IncidentDelivery) delivery = NULL;

  slack_server_say (fixture->slack, "chat.postMessage", "{\"ok\":false,\"error\":\"restricted_action\"}");
  delivery = deliver (fixture, message_new (INCIDENT_MESSAGE_KIND_POST));
  assert_outcome (delivery, INCIDENT_OUTCOME_REFUSED);
}

/* Doubt */

static void
test_a_message_that_arrived_is_found_on_a_later_page (void **state)
{
  Fixture *fixture = *state;
  g_autoptr(IncidentDelivery) delivery = attempt_new (message_new (INCIDENT_MESSAGE_KIND_POST));
  g_autoptr(GError) error = NULL;

  slack_server_add (fixture->slack, "chat.postMessage", 0, NULL, NULL);
  run (fixture, delivery);
  assert_outcome (delivery, INCIDENT_OUTCOME_UNSURE);
  assert_calls (fixture, "chat.postMessage");

  incident_delivery_set_unsure_since (delivery, NOW);
  slack_server_say (fixture->slack, "conversations.history",
                    "{\"ok\":true,\"messages\":[{\"ts\":\"1.0\",\"metadata\":{\"event_type\":\"libincident_msg\",\"event_payload\":{\"id\":\"other\"}}},"
                    "{\"ts\":\"1.1\",\"text\":\"" SAMPLE_KEY "\"}],\"response_metadata\":{\"next_cursor\":\"abc=\"}}");
  slack_server_say (fixture->slack, "conversations.history",
                    "{\"ok\":true,\"messages\":[{\"ts\":\"1.2\",\"metadata\":{\"event_type\":\"libincident_msg\",\"event_payload\":{\"id\":\"" SAMPLE_KEY "\"}}}],"
                    "\"response_metadata\":{\"next_cursor\":\"\"}}");
  assert_true (look_up (fixture, delivery, &error));
  assert_no_error (error);
  assert_calls (fixture, "chat.postMessage conversations.history conversations.history chat.getPermalink");
  assert_argument (fixture, 1, "include_all_metadata", "true");
  assert_argument (fixture, 1, "oldest", "1767225540.000000");
  assert_argument (fixture, 2, "cursor", "abc=");
  assert_string_equal (incident_delivery_get_result (delivery)->external_id, "1.2");
}

static void
test_a_reply_is_sought_in_its_thread (void **state)
{
  Fixture *fixture = *state;
  IncidentMessage *post = message_new (INCIDENT_MESSAGE_KIND_POST);
  g_autoptr(IncidentDelivery) delivery = NULL;
  g_autoptr(GError) error = NULL;

  post->thread = g_strdup ("17.5");
  delivery = attempt_new (post);
  incident_delivery_set_unsure_since (delivery, NOW);
  slack_server_say (fixture->slack, "conversations.replies", "{\"ok\":true,\"messages\":[]}");
  slack_server_say (fixture->slack, "conversations.replies", "{\"ok\":false,\"error\":\"thread_not_found\"}");
  assert_false (look_up (fixture, delivery, &error));
  assert_no_error (error);
  assert_false (look_up (fixture, delivery, &error));
  assert_no_error (error);
  assert_argument (fixture, 0, "ts", "17.5");
}

static void
test_a_history_that_cannot_be_read_is_told (void **state)
{
  Fixture *fixture = *state;
  g_autoptr(IncidentDelivery) delivery = attempt_new (message_new (INCIDENT_MESSAGE_KIND_POST));
  g_autoptr(GError) error = NULL;
  g_autoptr(GError) busy = NULL;

  incident_delivery_set_unsure_since (delivery, NOW);
  slack_server_say (fixture->slack, "conversations.history", "{\"ok\":false,\"error\":\"missing_scope\"}");
  assert_false (look_up (fixture, delivery, &error));
  assert_error (error, G_IO_ERROR, G_IO_ERROR_PERMISSION_DENIED);

  slack_server_add (fixture->slack, "conversations.history", 429, "3", "");
  assert_false (look_up (fixture, delivery, &busy));
  assert_error (busy, G_IO_ERROR, G_IO_ERROR_BUSY);
  assert_outcome (delivery, INCIDENT_OUTCOME_WAIT);
  assert_int_equal (incident_delivery_get_result (delivery)->retry_after, 3 * G_TIME_SPAN_SECOND);
}

static void
test_a_channel_is_joined_to_read_there (void **state)
{
  Fixture *fixture = *state;
  g_autoptr(IncidentDelivery) delivery = attempt_new (message_new (INCIDENT_MESSAGE_KIND_POST));
  g_autoptr(GError) error = NULL;

  incident_delivery_set_unsure_since (delivery, NOW);
  slack_server_say (fixture->slack, "conversations.history", "{\"ok\":false,\"error\":\"not_in_channel\"}");
  slack_server_say (fixture->slack, "conversations.history", "{\"ok\":true,\"messages\":[]}");
  assert_false (look_up (fixture, delivery, &error));
  assert_no_error (error);
  assert_calls (fixture, "conversations.history conversations.join conversations.history");
}

static void
test_what_may_be_done_twice_is_not_sought (void **state)
{
  static const IncidentMessageKind kinds[] = { INCIDENT_MESSAGE_KIND_TOPIC, INCIDENT_MESSAGE_KIND_INVITE,
                                               INCIDENT_MESSAGE_KIND_ARCHIVE, INCIDENT_MESSAGE_KIND_BOOKMARK };
  Fixture *fixture = *state;
  IncidentMessage *card = message_new (INCIDENT_MESSAGE_KIND_CARD);
  g_autoptr(IncidentDelivery) update = NULL;

  for (guint i = 0; i < G_N_ELEMENTS (kinds); i++)
    {
      g_autoptr(IncidentDelivery) delivery = attempt_new (message_new (kinds[i]));
      g_autoptr(GError) error = NULL;

      assert_false (look_up (fixture, delivery, &error));
      assert_no_error (error);
    }
  card->replaces = g_strdup ("1.2");
  update = attempt_new (card);
  assert_false (look_up (fixture, update, NULL));
  assert_int_equal (fixture->slack->calls->len, 0);
}

static void
test_doubt_about_an_answer_stays (void **state)
{
  Fixture *fixture = *state;
  g_autoptr(IncidentDelivery) delivery = attempt_new (message_new (INCIDENT_MESSAGE_KIND_ANSWER));
  g_autoptr(GError) error = NULL;

  assert_false (look_up (fixture, delivery, &error));
  assert_error (error, G_IO_ERROR, G_IO_ERROR_FAILED);
}

/* Rooms */

static IncidentMessage *
room_new (void)
{
  IncidentMessage *room = message_new (INCIDENT_MESSAGE_KIND_ROOM);

  g_clear_pointer (&room->conversation, g_free);
  room->row->body = g_strdup ("{\"name\":\"inc-42\",\"private\":true}");
  return room;
}

static void
test_a_room_is_made (void **state)
{
  Fixture *fixture = *state;
  g_autoptr(IncidentDelivery) delivery = NULL;

  slack_server_say (fixture->slack, "conversations.create", "{\"ok\":true,\"channel\":{\"id\":\"C9\",\"name\":\"inc-42\"}}");
  delivery = deliver (fixture, room_new ());
  assert_outcome (delivery, INCIDENT_OUTCOME_SENT);
  assert_argument (fixture, 0, "name", "inc-42");
  assert_argument (fixture, 0, "is_private", "true");
  assert_string_equal (incident_delivery_get_result (delivery)->conversation, "C9");
  assert_string_equal (incident_delivery_get_result (delivery)->external_id, "C9");
}

static void
test_a_name_that_others_took_gets_a_number (void **state)
{
  Fixture *fixture = *state;
  g_autoptr(IncidentDelivery) delivery = NULL;
  IncidentMessage *room = room_new ();

  g_free (room->row->body);
  room->row->body = g_strdup_printf ("{\"name\":\"%080d\"}", 1);
  slack_server_say (fixture->slack, "conversations.create", "{\"ok\":false,\"error\":\"name_taken\"}");
  slack_server_say (fixture->slack, "conversations.create", "{\"ok\":false,\"error\":\"name_taken\"}");
  slack_server_say (fixture->slack, "conversations.create", "{\"ok\":true,\"channel\":{\"id\":\"C9\"}}");
  delivery = deliver (fixture, room);
  assert_outcome (delivery, INCIDENT_OUTCOME_SENT);
  assert_calls (fixture, "conversations.create conversations.create conversations.create");
  assert_int_equal (strlen (slack_server_get (fixture->slack, 2, "name")), 80);
  assert_true (g_str_has_suffix (slack_server_get (fixture->slack, 1, "name"), "0-2"));
  assert_true (g_str_has_suffix (slack_server_get (fixture->slack, 2, "name"), "0-3"));
}

#define ROOMS \
  "{\"ok\":true,\"channels\":[" \
  "{\"id\":\"C5\",\"name\":\"inc-42\",\"creator\":\"U9\",\"created\":1767225601}," \
  "{\"id\":\"C6\",\"name\":\"inc-42-2\",\"creator\":\"UBOT\",\"created\":1767220000}," \
  "{\"id\":\"C7\",\"name\":\"inc-42-x\",\"creator\":\"UBOT\",\"created\":1767225601}," \
  "{\"id\":\"C8\",\"name\":\"inc-42-3\",\"creator\":\"UBOT\",\"created\":1767225550}]}"

static void
test_a_room_that_was_made_after_all_is_taken (void **state)
{
  Fixture *fixture = *state;
  g_autoptr(IncidentDelivery) delivery = attempt_new (room_new ());

  slack_server_add (fixture->slack, "conversations.create", 0, NULL, NULL);
  run (fixture, delivery);
  assert_outcome (delivery, INCIDENT_OUTCOME_UNSURE);

  incident_delivery_set_unsure_since (delivery, NOW);
  slack_server_say (fixture->slack, "conversations.create", "{\"ok\":false,\"error\":\"name_taken\"}");
  slack_server_say (fixture->slack, "auth.test", "{\"ok\":true,\"user_id\":\"UBOT\"}");
  slack_server_say (fixture->slack, "conversations.list", ROOMS);
  run (fixture, delivery);
  assert_outcome (delivery, INCIDENT_OUTCOME_SENT);
  assert_string_equal (incident_delivery_get_result (delivery)->conversation, "C8");
  assert_argument (fixture, 3, "types", "private_channel");
}

static void
test_a_room_is_found_by_looking_it_up (void **state)
{
  Fixture *fixture = *state;
  g_autoptr(IncidentDelivery) delivery = attempt_new (room_new ());
  g_autoptr(GError) error = NULL;

  incident_delivery_set_unsure_since (delivery, NOW);
  slack_server_say (fixture->slack, "auth.test", "{\"ok\":true,\"user_id\":\"UBOT\"}");
  slack_server_say (fixture->slack, "conversations.list", "{\"ok\":true,\"channels\":[]}");
  slack_server_say (fixture->slack, "conversations.list", ROOMS);
  assert_false (look_up (fixture, delivery, &error));
  assert_no_error (error);
  assert_true (look_up (fixture, delivery, &error));
  assert_no_error (error);
  assert_calls (fixture, "auth.test conversations.list conversations.list");
  assert_string_equal (incident_delivery_get_result (delivery)->external_id, "C8");
}

/* Slack takes twenty calls a minute of this. */
static void
test_looking_for_a_room_goes_on_where_it_had_to_wait (void **state)
{
  Fixture *fixture = *state;
  g_autoptr(IncidentDelivery) delivery = attempt_new (room_new ());
  g_autoptr(GError) busy = NULL;
  g_autoptr(GError) error = NULL;

  incident_delivery_set_unsure_since (delivery, NOW);
  slack_server_say (fixture->slack, "auth.test", "{\"ok\":true,\"user_id\":\"UBOT\"}");
  for (guint i = 0; i < 20; i++)
    slack_server_say (fixture->slack, "conversations.list",
                      i < 19 ? "{\"ok\":true,\"channels\":[],\"response_metadata\":{\"next_cursor\":\"before\"}}"
                             : "{\"ok\":true,\"channels\":[],\"response_metadata\":{\"next_cursor\":\"last\"}}");
  slack_server_say (fixture->slack, "conversations.list", ROOMS);
  assert_false (look_up (fixture, delivery, &busy));
  assert_error (busy, G_IO_ERROR, G_IO_ERROR_BUSY);
  assert_int_equal (fixture->slack->calls->len, 21);

  incident_manual_clock_advance (INCIDENT_MANUAL_CLOCK (fixture->clock), 4 * G_TIME_SPAN_SECOND);
  assert_true (look_up (fixture, delivery, &error));
  assert_no_error (error);
  assert_argument (fixture, 21, "cursor", "last");
  assert_string_equal (incident_delivery_get_result (delivery)->external_id, "C8");
}

static void
test_the_room_of_another_message_is_not_taken (void **state)
{
  Fixture *fixture = *state;
  IncidentMessage *other = room_new ();
  g_autoptr(IncidentDelivery) first = NULL;
  g_autoptr(IncidentDelivery) second = NULL;

  slack_server_say (fixture->slack, "conversations.create", "{\"ok\":true,\"channel\":{\"id\":\"C8\"}}");
  first = deliver (fixture, room_new ());
  g_free (other->row->key);
  other->row->key = g_strdup ("another");
  second = attempt_new (other);
  incident_delivery_set_unsure_since (second, NOW);
  slack_server_say (fixture->slack, "auth.test", "{\"ok\":true,\"user_id\":\"UBOT\"}");
  slack_server_say (fixture->slack, "conversations.list", ROOMS);
  assert_false (look_up (fixture, second, NULL));
}

/* Chores */

static void
test_a_topic_is_one_short_escaped_line (void **state)
{
  Fixture *fixture = *state;
  g_autoptr(IncidentDelivery) delivery = NULL;
  IncidentMessage *topic = message_new (INCIDENT_MESSAGE_KIND_TOPIC);
  g_autofree char *many = sample_repeat ("<", 100);

  g_free (topic->text);
  topic->text = g_strconcat ("a\nb ", many, NULL);
  delivery = deliver (fixture, topic);
  assert_outcome (delivery, INCIDENT_OUTCOME_SENT);
  assert_true (g_str_has_prefix (slack_server_get (fixture->slack, 0, "topic"), "a b &lt;&lt;"));
  assert_in_range (g_utf8_strlen (slack_server_get (fixture->slack, 0, "topic"), -1), 240, 250);
}

static void
test_a_topic_may_be_as_long_as_slack_takes (void **state)
{
  Fixture *fixture = *state;
  g_autoptr(IncidentDelivery) delivery = NULL;
  IncidentMessage *topic = message_new (INCIDENT_MESSAGE_KIND_TOPIC);

  g_free (topic->text);
  topic->text = sample_repeat ("x", 300);
  delivery = deliver (fixture, topic);
  assert_int_equal (g_utf8_strlen (slack_server_get (fixture->slack, 0, "topic"), -1), 250);
}

static void
test_people_are_invited_a_hundred_at_a_time (void **state)
{
  Fixture *fixture = *state;
  g_autoptr(IncidentDelivery) delivery = NULL;
  IncidentMessage *invite = message_new (INCIDENT_MESSAGE_KIND_INVITE);
  g_autofree char *many = sample_repeat ("U1,", 149);
  g_auto(GStrv) first = NULL;
  g_auto(GStrv) second = NULL;

  g_strfreev (invite->recipients);
  invite->recipients = g_strsplit (many, ",", -1);
  slack_server_say (fixture->slack, "conversations.invite", "{\"ok\":false,\"error\":\"already_in_channel\"}");
  delivery = deliver (fixture, invite);
  assert_outcome (delivery, INCIDENT_OUTCOME_SENT);
  assert_calls (fixture, "conversations.invite conversations.invite");
  first = g_strsplit (slack_server_get (fixture->slack, 0, "users"), ",", -1);
  second = g_strsplit (slack_server_get (fixture->slack, 1, "users"), ",", -1);
  assert_int_equal (g_strv_length (first), 100);
  assert_int_equal (g_strv_length (second), 50);
  assert_argument (fixture, 0, "force", "true");
}

static void
test_a_bookmark_is_set_once (void **state)
{
  Fixture *fixture = *state;
  g_autoptr(IncidentDelivery) first = NULL;
  g_autoptr(IncidentDelivery) second = NULL;

  for (guint i = 0; i < 2; i++)
    {
      IncidentMessage *bookmark = message_new (INCIDENT_MESSAGE_KIND_BOOKMARK);
      IncidentDelivery **delivery = i == 0 ? &first : &second;

      bookmark->url = g_strdup ("https://desk.example.org/INC-42");
      slack_server_say (fixture->slack, "bookmarks.list", i == 0 ? "{\"ok\":true,\"bookmarks\":[{\"link\":\"https://other\"}]}"
                                                                  : "{\"ok\":true,\"bookmarks\":[{\"link\":\"https://desk.example.org/INC-42\"}]}");
      *delivery = deliver (fixture, bookmark);
      assert_outcome (*delivery, INCIDENT_OUTCOME_SENT);
    }
  assert_calls (fixture, "bookmarks.list bookmarks.add bookmarks.list");
  assert_argument (fixture, 1, "channel_id", "C1");
  assert_argument (fixture, 1, "link", "https://desk.example.org/INC-42");
  assert_argument (fixture, 1, "type", "link");
}

static void
test_a_channel_that_is_archived_is_archived (void **state)
{
  Fixture *fixture = *state;
  g_autoptr(IncidentDelivery) delivery = NULL;

  slack_server_say (fixture->slack, "conversations.archive", "{\"ok\":false,\"error\":\"already_archived\"}");
  delivery = deliver (fixture, message_new (INCIDENT_MESSAGE_KIND_ARCHIVE));
  assert_outcome (delivery, INCIDENT_OUTCOME_SENT);
}

/* Files */

static IncidentMessage *
file_new (void)
{
  IncidentMessage *file = message_new (INCIDENT_MESSAGE_KIND_FILE);

  file->title = g_strdup ("Report of INC-42");
  file->file_name = g_strdup ("INC-42.html");
  file->file_type = g_strdup ("text/html");
  file->file = g_bytes_new_static ("<p>report</p>", 13);
  return file;
}

static void
test_a_file_is_shared (void **state)
{
  Fixture *fixture = *state;
  g_autoptr(IncidentDelivery) delivery = NULL;
  g_autofree char *place = g_strdup_printf ("{\"ok\":true,\"upload_url\":\"%supload\",\"file_id\":\"F1\"}", fixture->slack->base);
  const SlackCall *upload;

  slack_server_say (fixture->slack, "files.getUploadURLExternal", place);
  slack_server_say (fixture->slack, "files.completeUploadExternal",
                    "{\"ok\":true,\"files\":[{\"id\":\"F1\",\"permalink\":\"https://x.slack.com/files/F1\"}]}");
  delivery = deliver (fixture, file_new ());
  assert_outcome (delivery, INCIDENT_OUTCOME_SENT);
  assert_calls (fixture, "files.getUploadURLExternal upload files.completeUploadExternal");
  assert_argument (fixture, 0, "filename", "INC-42.html");
  assert_argument (fixture, 0, "length", "13");
  upload = g_ptr_array_index (fixture->slack->calls, 1);
  assert_string_equal (upload->body, "<p>report</p>");
  assert_null (upload->token);
  assert_argument (fixture, 2, "channel_id", "C1");
  assert_argument (fixture, 2, "files", "[{\"id\":\"F1\",\"title\":\"Report of INC-42\"}]");
  assert_string_equal (incident_delivery_get_result (delivery)->external_id, "F1");
  assert_string_equal (incident_delivery_get_result (delivery)->permalink, "https://x.slack.com/files/F1");
}

static void
test_a_file_goes_nowhere_but_to_slack (void **state)
{
  static const char * const places[] = { "http://127.0.0.2:1/", "http://evil127.0.0.1/", "https://127.0.0.1/", "file:///etc/passwd" };
  Fixture *fixture = *state;

  for (guint i = 0; i < G_N_ELEMENTS (places); i++)
    {
      g_autoptr(IncidentDelivery) delivery = NULL;
      g_autofree char *place = g_strdup_printf ("{\"ok\":true,\"upload_url\":\"%s\",\"file_id\":\"F1\"}", places[i]);

      slack_server_say (fixture->slack, "files.getUploadURLExternal", place);
      delivery = deliver (fixture, file_new ());
      assert_outcome (delivery, INCIDENT_OUTCOME_REFUSED);
      assert_int_equal (fixture->slack->calls->len, i + 1);
    }
}

static void
test_a_file_that_nobody_has_seen_is_sent_again (void **state)
{
  Fixture *fixture = *state;
  g_autoptr(IncidentDelivery) delivery = NULL;
  g_autofree char *place = g_strdup_printf ("{\"ok\":true,\"upload_url\":\"%supload\",\"file_id\":\"F1\"}", fixture->slack->base);

  slack_server_say (fixture->slack, "files.getUploadURLExternal", place);
  slack_server_add (fixture->slack, "upload", 0, NULL, NULL);
  delivery = deliver (fixture, file_new ());
  assert_outcome (delivery, INCIDENT_OUTCOME_RETRY);
}

/* The rest */

static void
test_a_probe_asks_who_we_are (void **state)
{
  Fixture *fixture = *state;
  g_autoptr(GError) error = NULL;

  slack_server_say (fixture->slack, "auth.test", "{\"ok\":true,\"user_id\":\"UBOT\"}");
  slack_server_say (fixture->slack, "auth.test", "{\"ok\":false,\"error\":\"token_revoked\"}");
  for (guint i = 0; i < 2; i++)
    {
      g_autoptr(GAsyncResult) result = NULL;

      incident_channel_probe_async (fixture->channel, NULL, store_result, &result);
      wait_for (&result);
      assert_true (incident_channel_probe_finish (fixture->channel, result, &error) == (i == 0));
    }
  assert_error (error, G_IO_ERROR, G_IO_ERROR_PERMISSION_DENIED);
}

static void
test_one_who_gives_up_is_told_what_is_known (void **state)
{
  Fixture *fixture = *state;
  g_autoptr(IncidentDelivery) delivery = attempt_new (message_new (INCIDENT_MESSAGE_KIND_POST));
  g_autoptr(GCancellable) cancellable = g_cancellable_new ();
  g_autoptr(GAsyncResult) result = NULL;

  g_cancellable_cancel (cancellable);
  incident_channel_deliver_async (fixture->channel, delivery, cancellable, store_result, &result);
  wait_for (&result);
  assert_true (incident_channel_deliver_finish (fixture->channel, result, NULL));
  assert_outcome (delivery, INCIDENT_OUTCOME_RETRY);
}

static void
test_every_error_of_every_method_has_a_class (void **state)
{
  g_autofree char *path = g_build_filename (g_getenv ("G_TEST_SRCDIR"), "conformance", "slack", "slack-methods.json", NULL);
  g_autofree char *json = NULL;
  g_autoptr(IncidentTree) tree = NULL;
  IncidentNode *root;
  gsize length;

  assert_true (g_file_get_contents (path, &json, &length, NULL));
  tree = incident_tree_new (json, length, NULL, NULL);
  root = incident_tree_get_root (tree);
  assert_int_equal (incident_node_get_length (root), 33);
  for (guint i = 0; i < 33; i++)
    {
      IncidentNode *errors = incident_node_get_member (incident_node_get_child (root, i), "errors");

      assert_true (incident_node_get_length (errors) > 20);
      for (guint j = 0; j < incident_node_get_length (errors); j++)
        if (!incident_slack_knows_error (incident_node_get_child (errors, j)->value.string))
          fail_msg ("%s is not known", incident_node_get_child (errors, j)->value.string);
    }
}

static void
test_errors_are_of_their_class (void **state)
{
  static const struct
  {
    const char         *error;
    IncidentSlackClass  class;
  } expected[] = {
    { "ratelimited", INCIDENT_SLACK_WAIT }, { "message_limit_exceeded", INCIDENT_SLACK_WAIT }, { "too_many_requests", INCIDENT_SLACK_WAIT },
    { "request_timeout", INCIDENT_SLACK_SAFE }, { "team_added_to_org", INCIDENT_SLACK_SAFE },
    { "service_unavailable", INCIDENT_SLACK_UNSURE }, { "internal_error", INCIDENT_SLACK_UNSURE },
    { "already_pinned", INCIDENT_SLACK_OK }, { "not_archived", INCIDENT_SLACK_OK },
    { "invalid_blocks_of_some_new_kind", INCIDENT_SLACK_CONTENT }, { "metadata_too_large", INCIDENT_SLACK_CONTENT },
    { "edit_window_closed", INCIDENT_SLACK_GONE }, { "channel_not_found", INCIDENT_SLACK_GONE },
    { "token_of_some_new_kind", INCIDENT_SLACK_CONFIG }, { "ekm_access_denied", INCIDENT_SLACK_CONFIG },
    { "name_taken", INCIDENT_SLACK_OTHER }, { "never_heard_of", INCIDENT_SLACK_OTHER }, { "", INCIDENT_SLACK_OTHER },
  };

  for (guint i = 0; i < G_N_ELEMENTS (expected); i++)
    if (incident_slack_classify (expected[i].error) != expected[i].class)
      fail_msg ("%s is of another class", expected[i].error);
}

int
main (void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test_setup_teardown (test_a_post_is_said_with_its_key_and_linked, setup, teardown),
    cmocka_unit_test_setup_teardown (test_no_link_is_no_harm, setup, teardown),
    cmocka_unit_test_setup_teardown (test_the_first_card_is_pinned_and_then_changes, setup, teardown),
    cmocka_unit_test_setup_teardown (test_a_pin_that_failed_is_set_with_the_next_change, setup, teardown),
    cmocka_unit_test_setup_teardown (test_a_card_that_is_gone_is_written_anew_once, setup, teardown),
    cmocka_unit_test_setup_teardown (test_an_announcement_is_not_pinned, setup, teardown),
    cmocka_unit_test_setup_teardown (test_a_page_goes_to_the_person, setup, teardown),
    cmocka_unit_test_setup_teardown (test_an_answer_is_seen_by_one_alone, setup, teardown),
    cmocka_unit_test_setup_teardown (test_an_answer_to_where_nobody_sees_it_goes_to_the_person, setup, teardown),
    cmocka_unit_test_setup_teardown (test_what_slack_does_not_take_is_said_plainly_once, setup, teardown),
    cmocka_unit_test_setup_teardown (test_an_archived_channel_is_opened_once, setup, teardown),
    cmocka_unit_test_setup_teardown (test_a_channel_is_joined_to_speak_there, setup, teardown),
    cmocka_unit_test_setup_teardown (test_doubt_about_joining_is_none_about_the_message, setup, teardown),
    cmocka_unit_test_setup_teardown (test_patience_is_shown_for_as_long_as_slack_asks, setup, teardown),
    cmocka_unit_test_setup_teardown (test_how_long_to_wait_may_stand_in_the_body_or_nowhere, setup, teardown),
    cmocka_unit_test_setup_teardown (test_a_full_workspace_holds_all_back, setup, teardown),
    cmocka_unit_test_setup_teardown (test_a_conversation_takes_three_at_once_and_one_a_second, setup, teardown),
    cmocka_unit_test_setup_teardown (test_a_tier_of_twenty_a_minute_is_kept, setup, teardown),
    cmocka_unit_test_setup_teardown (test_a_token_that_slack_does_not_know_closes_the_channel, setup, teardown),
    cmocka_unit_test_setup_teardown (test_a_token_that_cannot_be_read_closes_the_channel_until_it_can, setup, teardown),
    cmocka_unit_test_setup_teardown (test_rules_without_a_token_make_no_channel, setup, teardown),
    cmocka_unit_test_setup_teardown (test_a_near_address_is_not_called_unless_allowed, setup, teardown),
    cmocka_unit_test_setup_teardown (test_what_was_not_answered_is_unsure, setup, teardown),
    cmocka_unit_test_setup_teardown (test_what_never_left_is_tried_again, setup, teardown),
    cmocka_unit_test_setup_teardown (test_an_error_without_cure_is_the_end, setup, teardown),
    cmocka_unit_test_setup_teardown (test_a_message_that_arrived_is_found_on_a_later_page, setup, teardown),
    cmocka_unit_test_setup_teardown (test_a_reply_is_sought_in_its_thread, setup, teardown),
    cmocka_unit_test_setup_teardown (test_a_history_that_cannot_be_read_is_told, setup, teardown),
    cmocka_unit_test_setup_teardown (test_a_channel_is_joined_to_read_there, setup, teardown),
    cmocka_unit_test_setup_teardown (test_what_may_be_done_twice_is_not_sought, setup, teardown),
    cmocka_unit_test_setup_teardown (test_doubt_about_an_answer_stays, setup, teardown),
    cmocka_unit_test_setup_teardown (test_a_room_is_made, setup, teardown),
    cmocka_unit_test_setup_teardown (test_a_name_that_others_took_gets_a_number, setup, teardown),
    cmocka_unit_test_setup_teardown (test_a_room_that_was_made_after_all_is_taken, setup, teardown),
    cmocka_unit_test_setup_teardown (test_a_room_is_found_by_looking_it_up, setup, teardown),
    cmocka_unit_test_setup_teardown (test_looking_for_a_room_goes_on_where_it_had_to_wait, setup, teardown),
    cmocka_unit_test_setup_teardown (test_the_room_of_another_message_is_not_taken, setup, teardown),
    cmocka_unit_test_setup_teardown (test_a_topic_is_one_short_escaped_line, setup, teardown),
    cmocka_unit_test_setup_teardown (test_a_topic_may_be_as_long_as_slack_takes, setup, teardown),
    cmocka_unit_test_setup_teardown (test_people_are_invited_a_hundred_at_a_time, setup, teardown),
    cmocka_unit_test_setup_teardown (test_a_bookmark_is_set_once, setup, teardown),
    cmocka_unit_test_setup_teardown (test_a_channel_that_is_archived_is_archived, setup, teardown),
    cmocka_unit_test_setup_teardown (test_a_file_is_shared, setup, teardown),
    cmocka_unit_test_setup_teardown (test_a_file_goes_nowhere_but_to_slack, setup, teardown),
    cmocka_unit_test_setup_teardown (test_a_file_that_nobody_has_seen_is_sent_again, setup, teardown),
    cmocka_unit_test_setup_teardown (test_a_probe_asks_who_we_are, setup, teardown),
    cmocka_unit_test_setup_teardown (test_one_who_gives_up_is_told_what_is_known, setup, teardown),
    cmocka_unit_test (test_every_error_of_every_method_has_a_class),
    cmocka_unit_test (test_errors_are_of_their_class),
  };

  return cmocka_run_group_tests (tests, NULL, NULL);
}
