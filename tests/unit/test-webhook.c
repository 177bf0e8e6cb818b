/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "http-test.h"
#include "webhook-test.h"

#include "comms/incident-webhook-private.h"

#define NOW G_GINT64_CONSTANT (1614265330)

/* Of the specification of Standard Webhooks. */
#define KEY       "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
#define SIGNATURE "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="

static GBytes *
read_key (const char *text)
{
  GBytes *key = NULL;

  return incident_webhook_read_key (text, &key) ? key : NULL;
}

static void
test_signatures_are_those_of_standard_webhooks (void **state)
{
  GBytes *key = read_key (KEY);
  g_autoptr(GBytes) body = g_bytes_new_static ("{\"test\": 2432232314}", 20);
  g_autofree char *signature = incident_webhook_sign (key, "msg_p5jXN8AQM9LWM0D4loKWxJek", NOW, body);

  assert_string_equal (signature, SIGNATURE);
  incident_webhook_free_key (key);
}

static void
test_only_keys_of_24_to_64_bytes_are_taken (void **state)
{
  for (gsize length = 0; length <= 100; length++)
    {
      g_autofree char *bytes = g_strnfill (length, 'k');
      g_autofree char *digits = g_base64_encode ((const guchar *) bytes, length);
      g_autofree char *text = g_strconcat ("whsec_", digits, NULL);
      GBytes *key = read_key (text);

      if ((key != NULL) != (length >= 24 && length <= 64))
        fail_msg ("%" G_GSIZE_FORMAT, length);
      if (key != NULL)
        assert_int_equal (g_bytes_get_size (key), length);
      incident_webhook_free_key (key);
    }
}

static void
test_what_is_no_key_is_not_taken (void **state)
{
  static const char *const texts[] = {
    "", "whsec_", "MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", "WHSEC_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
    "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw ", "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaS", "whsec_MfKQ9r8GKYqrTwjUPD8I-PZIo2LaLaSw",
    "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSwAA=", "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw\n",
  };

  for (gsize i = 0; i < G_N_ELEMENTS (texts); i++)
    if (read_key (texts[i]) != NULL)
      fail_msg ("%s", texts[i]);
}

/* A channel, and who listens to it */

typedef struct
{
  Peer                  peer;
  guint                 status;
  const char           *retry_after;
  const char           *answer;
  IncidentChannelRules  rules;
  IncidentClock        *clock;
} World;

static void
answer_as_told (Peer              *peer,
                SoupServerMessage *message,
                const char        *path)
{
  World *world = (World *) peer;

  soup_server_message_set_status (message, world->status, NULL);
  if (world->retry_after != NULL)
    soup_message_headers_append (soup_server_message_get_response_headers (message), "Retry-After", world->retry_after);
  soup_server_message_set_response (message, "text/plain", SOUP_MEMORY_STATIC, world->answer, strlen (world->answer));
}

static void
world_init (World           *world,
            IncidentDialect  dialect)
{
  *world = (World) { .status = 200, .answer = "" };
  peer_init (&world->peer, answer_as_told, NULL);
  world->rules.name = "audit";
  world->rules.dialect = dialect;
  world->rules.url = world->peer.url;
  world->rules.may_be_near = TRUE;
  world->clock = incident_manual_clock_new (NOW * G_USEC_PER_SEC, 1);
  g_setenv ("TEST_KEY", KEY, TRUE);
  g_setenv ("TEST_OLD_KEY", "whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD", TRUE);
  g_setenv ("TEST_URL", world->peer.url, TRUE);
}

static void
world_clear (World *world)
{
  peer_clear (&world->peer);
  g_object_unref (world->clock);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (World, world_clear)

static IncidentDelivery *
deliver_through (IncidentChannel *channel,
                 IncidentMessage *message)
{
  IncidentDelivery *delivery = incident_delivery_new (message);
  g_autoptr(GAsyncResult) result = NULL;
  g_autoptr(GError) error = NULL;

  incident_channel_deliver_async (channel, delivery, NULL, store_result, &result);
  assert_true (incident_channel_deliver_finish (channel, wait_for (&result), &error));
  assert_no_error (error);
  assert_true (incident_delivery_get_result (delivery)->is_told);
  return delivery;
}

static IncidentDelivery *
deliver (World           *world,
         IncidentMessage *message)
{
  g_autoptr(IncidentChannel) channel = incident_webhook_channel_new_from_rules (&world->rules, "https://desk.example.org/", world->clock);

  return deliver_through (channel, message);
}

static void
assert_outcome (IncidentDelivery *delivery,
                IncidentOutcome   outcome)
{
  if (incident_delivery_get_outcome (delivery) != outcome)
    fail_msg ("%s: %s", incident_outcome_to_string (incident_delivery_get_outcome (delivery)),
              incident_delivery_get_detail (delivery));
}

static void
test_an_event_is_sent_and_signed (void **state)
{
  g_auto(World) world = { 0 };
  g_autoptr(IncidentMessage) message = make_event ("{\"kind\":\"resolved\"}");
  g_autoptr(IncidentDelivery) delivery = NULL;
  g_autoptr(GBytes) body = NULL;
  g_autofree char *signature = NULL;
  GBytes *key = read_key (KEY);

  world_init (&world, INCIDENT_DIALECT_WEBHOOK);
  world.rules.key.env = "TEST_KEY";
  delivery = deliver (&world, message);
  assert_outcome (delivery, INCIDENT_OUTCOME_SENT);
  assert_null (incident_delivery_get_detail (delivery));
  assert_string_equal (peer_get_header (&world.peer, "Content-Type"), "application/cloudevents+json; charset=utf-8");
  assert_string_equal (peer_get_header (&world.peer, "webhook-id"), "0123456789abcdef0123456789abcdef");
  assert_string_equal (peer_get_header (&world.peer, "webhook-timestamp"), "1614265330");
  assert_true (g_str_has_prefix (world.peer.body, "{\"specversion\":\"1.0\",\"id\":\"INC-42/17\","));
  body = g_bytes_new (world.peer.body, strlen (world.peer.body));
  signature = incident_webhook_sign (key, "0123456789abcdef0123456789abcdef", NOW, body);
  assert_string_equal (peer_get_header (&world.peer, "webhook-signature"), signature);
  incident_webhook_free_key (key);
}

static void
test_each_attempt_has_its_own_time_and_the_same_id (void **state)
{
  g_auto(World) world = { 0 };
  g_autoptr(IncidentMessage) message = make_event ("{}");
  g_autoptr(IncidentChannel) channel = NULL;

  world_init (&world, INCIDENT_DIALECT_WEBHOOK);
  channel = incident_webhook_channel_new_from_rules (&world.rules, NULL, world.clock);
  for (int i = 0; i < 2; i++)
    {
      g_autoptr(IncidentDelivery) delivery G_GNUC_UNUSED = deliver_through (channel, message);

      assert_string_equal (peer_get_header (&world.peer, "webhook-id"), "0123456789abcdef0123456789abcdef");
      assert_string_equal (peer_get_header (&world.peer, "webhook-timestamp"), i == 0 ? "1614265330" : "1614265335");
      assert_null (peer_get_header (&world.peer, "webhook-signature"));
      incident_manual_clock_advance (INCIDENT_MANUAL_CLOCK (world.clock), 5 * G_USEC_PER_SEC);
    }
}

static void
test_while_keys_change_both_sign (void **state)
{
  g_auto(World) world = { 0 };
  g_autoptr(IncidentMessage) message = make_event ("{}");
  g_autoptr(IncidentDelivery) both = NULL;
  g_autoptr(IncidentDelivery) old = NULL;
  g_auto(GStrv) signatures = NULL;

  world_init (&world, INCIDENT_DIALECT_WEBHOOK);
  world.rules.key.env = "TEST_KEY";
  world.rules.old_key.env = "TEST_OLD_KEY";
  both = deliver (&world, message);
  assert_outcome (both, INCIDENT_OUTCOME_SENT);
  signatures = g_strsplit (peer_get_header (&world.peer, "webhook-signature"), " ", -1);
  assert_int_equal (g_strv_length (signatures), 2);
  world.rules.key.env = "TEST_OLD_KEY";
  world.rules.old_key.env = NULL;
  old = deliver (&world, message);
  assert_string_equal (peer_get_header (&world.peer, "webhook-signature"), signatures[1]);
  assert_string_not_equal (signatures[0], signatures[1]);
}

static void
test_a_key_that_is_none_closes_the_channel_and_is_named_but_not_told (void **state)
{
  static const char *const values[] = { "whsec_hush", "hush", "" };
  g_auto(World) world = { 0 };
  g_autoptr(IncidentMessage) message = make_event ("{}");

  world_init (&world, INCIDENT_DIALECT_WEBHOOK);
  for (gsize i = 0; i < 2 * G_N_ELEMENTS (values); i++)
    {
      g_autoptr(IncidentDelivery) delivery = NULL;

      world.rules.key.env = i % 2 == 0 ? "TEST_BAD_KEY" : "TEST_KEY";
      world.rules.old_key.env = i % 2 == 0 ? NULL : "TEST_BAD_KEY";
      g_setenv ("TEST_BAD_KEY", values[i / 2], TRUE);
      delivery = deliver (&world, message);
      assert_outcome (delivery, INCIDENT_OUTCOME_CLOSED);
      assert_non_null (strstr (incident_delivery_get_detail (delivery), "“TEST_BAD_KEY”"));
      assert_null (strstr (incident_delivery_get_detail (delivery), "hush"));
    }
  assert_int_equal (world.peer.n_requests, 0);
}

static void
test_a_secret_url_is_read_at_each_delivery_and_never_told (void **state)
{
  g_auto(World) world = { 0 };
  g_autoptr(IncidentMessage) message = make_event ("{}");
  g_autoptr(IncidentDelivery) sent = NULL;
  g_autoptr(IncidentDelivery) wrong = NULL;
  g_autoptr(IncidentDelivery) missing = NULL;
  g_autoptr(IncidentChannel) channel = NULL;

  world_init (&world, INCIDENT_DIALECT_WEBHOOK);
  world.rules.url = NULL;
  world.rules.secret_url.env = "TEST_URL";
  channel = incident_webhook_channel_new_from_rules (&world.rules, NULL, world.clock);
  sent = deliver_through (channel, message);
  assert_outcome (sent, INCIDENT_OUTCOME_SENT);
  g_setenv ("TEST_URL", "ftp://example.org/hush", TRUE);
  wrong = deliver_through (channel, message);
  assert_outcome (wrong, INCIDENT_OUTCOME_CLOSED);
  assert_null (strstr (incident_delivery_get_detail (wrong), "hush"));
  g_unsetenv ("TEST_URL");
  missing = deliver_through (channel, message);
  assert_outcome (missing, INCIDENT_OUTCOME_CLOSED);
  assert_non_null (strstr (incident_delivery_get_detail (missing), "“TEST_URL”"));
  assert_int_equal (world.peer.n_requests, 1);
}

static void
test_what_becomes_of_it_is_judged_by_the_status (void **state)
{
  static const struct { guint status; IncidentOutcome outcome; } statuses[] = {
    { 200, INCIDENT_OUTCOME_SENT }, { 201, INCIDENT_OUTCOME_SENT }, { 204, INCIDENT_OUTCOME_SENT },
    { 301, INCIDENT_OUTCOME_REFUSED }, { 302, INCIDENT_OUTCOME_REFUSED }, { 307, INCIDENT_OUTCOME_REFUSED },
    { 400, INCIDENT_OUTCOME_REFUSED }, { 401, INCIDENT_OUTCOME_REFUSED }, { 404, INCIDENT_OUTCOME_REFUSED },
    { 408, INCIDENT_OUTCOME_UNSURE }, { 410, INCIDENT_OUTCOME_CLOSED }, { 413, INCIDENT_OUTCOME_REFUSED },
    { 429, INCIDENT_OUTCOME_WAIT }, { 500, INCIDENT_OUTCOME_UNSURE }, { 502, INCIDENT_OUTCOME_UNSURE },
    { 503, INCIDENT_OUTCOME_UNSURE }, { 504, INCIDENT_OUTCOME_UNSURE },
  };
  g_auto(World) world = { 0 };
  g_autoptr(IncidentMessage) message = make_event ("{}");

  world_init (&world, INCIDENT_DIALECT_WEBHOOK);
  for (gsize i = 0; i < G_N_ELEMENTS (statuses); i++)
    {
      g_autoptr(IncidentDelivery) delivery = NULL;

      world.status = statuses[i].status;
      delivery = deliver (&world, message);
      if (incident_delivery_get_outcome (delivery) != statuses[i].outcome)
        fail_msg ("%u: %s", statuses[i].status, incident_outcome_to_string (incident_delivery_get_outcome (delivery)));
      assert_int_equal (world.peer.n_requests, i + 1);
    }
}

static void
test_who_asks_for_patience_gets_it (void **state)
{
  static const struct { guint status; const char *retry_after; gint64 seconds; } answers[] = {
    { 429, "7", 7 }, { 429, NULL, 10 }, { 429, "Thu, 25 Feb 2021 15:02:20 GMT", 10 }, { 429, "Thu, 25 Feb 2021 15:03:10 GMT", 60 },
    { 503, "7", 7 }, { 503, NULL, 0 }, { 200, "7", 0 },
  };
  g_auto(World) world = { 0 };
  g_autoptr(IncidentMessage) message = make_event ("{}");

  world_init (&world, INCIDENT_DIALECT_WEBHOOK);
  for (gsize i = 0; i < G_N_ELEMENTS (answers); i++)
    {
      g_autoptr(IncidentDelivery) delivery = NULL;

      world.status = answers[i].status;
      world.retry_after = answers[i].retry_after;
      delivery = deliver (&world, message);
      assert_int_equal (incident_delivery_get_result (delivery)->retry_after, answers[i].seconds * G_USEC_PER_SEC);
    }
}

static void
test_who_is_not_there_is_tried_again (void **state)
{
  g_auto(World) world = { 0 };
  g_autoptr(IncidentMessage) message = make_event ("{}");
  g_autoptr(IncidentDelivery) delivery = NULL;

  world_init (&world, INCIDENT_DIALECT_WEBHOOK);
  stop_service (world.peer.service);
  delivery = deliver (&world, message);
  assert_outcome (delivery, INCIDENT_OUTCOME_RETRY);
}

static gboolean
hang_up (GSocketService    *service,
         GSocketConnection *connection,
         GObject           *source,
         gpointer           data)
{
  GBytes *heard = g_input_stream_read_bytes (g_io_stream_get_input_stream (G_IO_STREAM (connection)), 1000, NULL, NULL);

  g_bytes_unref (heard);
  return TRUE;
}

static void
test_who_hangs_up_after_the_request_leaves_doubt (void **state)
{
  g_auto(World) world = { 0 };
  g_autoptr(GSocketService) service = g_threaded_socket_service_new (1);
  g_autofree char *url = g_strdup_printf ("http://127.0.0.1:%u/", listen_on_loopback (service));
  g_autoptr(IncidentMessage) message = make_event ("{}");
  g_autoptr(IncidentDelivery) delivery = NULL;

  world_init (&world, INCIDENT_DIALECT_WEBHOOK);
  g_signal_connect (service, "run", G_CALLBACK (hang_up), NULL);
  world.rules.url = url;
  delivery = deliver (&world, message);
  assert_outcome (delivery, INCIDENT_OUTCOME_UNSURE);
  stop_service (service);
}

static void
test_a_private_address_is_called_only_where_that_is_allowed (void **state)
{
  g_auto(World) world = { 0 };
  g_autoptr(IncidentMessage) message = make_event ("{}");
  g_autoptr(IncidentDelivery) delivery = NULL;

  world_init (&world, INCIDENT_DIALECT_WEBHOOK);
  world.rules.may_be_near = FALSE;
  world.rules.url = "https://localhost/hush";
  delivery = deliver (&world, message);
  assert_outcome (delivery, INCIDENT_OUTCOME_CLOSED);
  assert_null (strstr (incident_delivery_get_detail (delivery), "hush"));
}

static void
test_a_webhook_makes_no_rooms (void **state)
{
  g_auto(World) world = { 0 };
  g_autoptr(IncidentMessage) message = make_message (INCIDENT_MESSAGE_KIND_ROOM, "Checkout", "inc-42");
  g_autoptr(IncidentDelivery) delivery = NULL;

  world_init (&world, INCIDENT_DIALECT_MATTERMOST);
  delivery = deliver (&world, message);
  assert_outcome (delivery, INCIDENT_OUTCOME_REFUSED);
  assert_int_equal (world.peer.n_requests, 0);
}

static void
test_mattermost_has_to_answer_ok (void **state)
{
  g_auto(World) world = { 0 };
  g_autoptr(IncidentMessage) message = make_message (INCIDENT_MESSAGE_KIND_POST, "Checkout", "ana: rolled back");
  g_autoptr(IncidentDelivery) right = NULL;
  g_autoptr(IncidentDelivery) wrong = NULL;

  world_init (&world, INCIDENT_DIALECT_MATTERMOST);
  world.answer = "ok";
  right = deliver (&world, message);
  assert_outcome (right, INCIDENT_OUTCOME_SENT);
  assert_string_equal (world.peer.body, "{\"text\":\"**INC-42 Checkout**\\nana: rolled back\"}");
  assert_string_equal (peer_get_header (&world.peer, "Content-Type"), "application/json; charset=utf-8");
  assert_null (peer_get_header (&world.peer, "webhook-id"));
  world.answer = "<html>Please log in</html>";
  wrong = deliver (&world, message);
  assert_outcome (wrong, INCIDENT_OUTCOME_REFUSED);
}

static void
test_rocketchat_may_have_no_success (void **state)
{
  static const struct { const char *answer; IncidentOutcome outcome; } answers[] = {
    { "{\"success\":true}", INCIDENT_OUTCOME_SENT }, { "{\"success\":false}", INCIDENT_OUTCOME_REFUSED }, { "", INCIDENT_OUTCOME_SENT },
  };
  g_auto(World) world = { 0 };
  g_autoptr(IncidentMessage) message = make_message (INCIDENT_MESSAGE_KIND_POST, "Checkout", "ana: rolled back");

  world_init (&world, INCIDENT_DIALECT_ROCKETCHAT);
  for (gsize i = 0; i < G_N_ELEMENTS (answers); i++)
    {
      g_autoptr(IncidentDelivery) delivery = NULL;

      world.answer = answers[i].answer;
      delivery = deliver (&world, message);
      assert_outcome (delivery, answers[i].outcome);
    }
}

static void
test_discord_tells_what_it_made_of_it (void **state)
{
  g_auto(World) world = { 0 };
  g_autoptr(IncidentMessage) message = make_message (INCIDENT_MESSAGE_KIND_POST, "Checkout", "ana: rolled back");
  g_autoptr(IncidentDelivery) sent = NULL;
  g_autoptr(IncidentDelivery) wait = NULL;
  g_autoptr(IncidentDelivery) gone = NULL;
  g_autoptr(IncidentDelivery) bad = NULL;

  world_init (&world, INCIDENT_DIALECT_DISCORD);
  world.answer = "{\"id\":\"1199\",\"channel_id\":\"77\",\"content\":\"x\"}";
  sent = deliver (&world, message);
  assert_outcome (sent, INCIDENT_OUTCOME_SENT);
  assert_string_equal (incident_delivery_get_result (sent)->external_id, "1199");
  assert_string_equal (incident_delivery_get_result (sent)->conversation, "77");
  assert_string_equal (world.peer.query, "wait=true");

  world.status = 429;
  world.retry_after = "65";
  world.answer = "{\"message\":\"You are being rate limited.\",\"retry_after\":64.57,\"global\":false}";
  wait = deliver (&world, message);
  assert_outcome (wait, INCIDENT_OUTCOME_WAIT);
  assert_true (incident_delivery_get_result (wait)->retry_after >= 64570000);
  assert_true (incident_delivery_get_result (wait)->retry_after < 64580000);

  world.retry_after = NULL;
  world.status = 404;
  world.answer = "{\"message\":\"Unknown Webhook\",\"code\":10015}";
  gone = deliver (&world, message);
  assert_outcome (gone, INCIDENT_OUTCOME_CLOSED);
  world.status = 400;
  world.answer = "{\"message\":\"Cannot send an empty message\",\"code\":50006}";
  bad = deliver (&world, message);
  assert_outcome (bad, INCIDENT_OUTCOME_REFUSED);
}

static void
test_teams_may_say_that_it_did_not_succeed_with_a_success (void **state)
{
  static const struct { const char *answer; IncidentOutcome outcome; } answers[] = {
    { "", INCIDENT_OUTCOME_SENT }, { "1", INCIDENT_OUTCOME_SENT },
    { "Webhook message delivery failed with error: Microsoft Teams endpoint returned HTTP error 429 with ContextId x", INCIDENT_OUTCOME_WAIT },
    { "Webhook message delivery failed with error: Microsoft Teams endpoint returned HTTP error 413 with ContextId x", INCIDENT_OUTCOME_REFUSED },
    { "Webhook message delivery failed with error: Microsoft Teams endpoint returned HTTP error 502 with ContextId x", INCIDENT_OUTCOME_UNSURE },
  };
  g_auto(World) world = { 0 };
  g_autoptr(IncidentMessage) message = make_message (INCIDENT_MESSAGE_KIND_POST, "Checkout", "ana: rolled back");

  world_init (&world, INCIDENT_DIALECT_TEAMS);
  for (gsize i = 0; i < G_N_ELEMENTS (answers); i++)
    {
      g_autoptr(IncidentDelivery) delivery = NULL;

      world.answer = answers[i].answer;
      delivery = deliver (&world, message);
      assert_outcome (delivery, answers[i].outcome);
      assert_true ((incident_delivery_get_result (delivery)->retry_after > 0) == (answers[i].outcome == INCIDENT_OUTCOME_WAIT));
    }
}

static void
test_a_channel_of_a_host_calls_only_the_public_internet (void **state)
{
  g_autoptr(IncidentChannel) near_by = incident_webhook_channel_new ("https://127.0.0.1/hush", KEY, INCIDENT_WEBHOOK_DIALECT_EVENTS);
  g_autoptr(IncidentChannel) keyless = incident_webhook_channel_new ("https://127.0.0.1/hush", "hush", INCIDENT_WEBHOOK_DIALECT_EVENTS);
  g_autoptr(IncidentMessage) message = make_event ("{}");
  g_autoptr(IncidentDelivery) first = deliver_through (near_by, message);
  g_autoptr(IncidentDelivery) second = deliver_through (keyless, message);

  assert_outcome (first, INCIDENT_OUTCOME_CLOSED);
  assert_non_null (strstr (incident_delivery_get_detail (first), "127.0.0.1"));
  assert_outcome (second, INCIDENT_OUTCOME_CLOSED);
  assert_null (strstr (incident_delivery_get_detail (second), "hush"));
}

int
main (void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test (test_signatures_are_those_of_standard_webhooks),
    cmocka_unit_test (test_only_keys_of_24_to_64_bytes_are_taken),
    cmocka_unit_test (test_what_is_no_key_is_not_taken),
    cmocka_unit_test (test_an_event_is_sent_and_signed),
    cmocka_unit_test (test_each_attempt_has_its_own_time_and_the_same_id),
    cmocka_unit_test (test_while_keys_change_both_sign),
    cmocka_unit_test (test_a_key_that_is_none_closes_the_channel_and_is_named_but_not_told),
    cmocka_unit_test (test_a_secret_url_is_read_at_each_delivery_and_never_told),
    cmocka_unit_test (test_what_becomes_of_it_is_judged_by_the_status),
    cmocka_unit_test (test_who_asks_for_patience_gets_it),
    cmocka_unit_test (test_who_is_not_there_is_tried_again),
    cmocka_unit_test (test_who_hangs_up_after_the_request_leaves_doubt),
    cmocka_unit_test (test_a_private_address_is_called_only_where_that_is_allowed),
    cmocka_unit_test (test_a_webhook_makes_no_rooms),
    cmocka_unit_test (test_mattermost_has_to_answer_ok),
    cmocka_unit_test (test_rocketchat_may_have_no_success),
    cmocka_unit_test (test_discord_tells_what_it_made_of_it),
    cmocka_unit_test (test_teams_may_say_that_it_did_not_succeed_with_a_success),
    cmocka_unit_test (test_a_channel_of_a_host_calls_only_the_public_internet),
  };

  return cmocka_run_group_tests (tests, NULL, NULL);
}
