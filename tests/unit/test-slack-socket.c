/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "http-test.h"
#include "playbook-test.h"

#include "comms/incident-slack-socket-private.h"

/* Socket Mode, with a server that opens connections as Slack does. */

#define TICKET "the-secret-ticket"
#define HELLO  "{\"type\":\"hello\",\"num_connections\":1,\"debug_info\":{\"host\":\"applink-7fc4fdbb64-4x5xq\"},\"connection_info\":{\"app_id\":\"A1\"}}"

typedef struct
{
  Office                office;   /* first: what is for offices is for lines */
  Peer                  peer;
  IncidentChannelRules  rules;
  IncidentSlackSocket  *socket;
  GPtrArray            *far;      /* of SoupWebsocketConnection: the far sides, the newest last */
  GPtrArray            *heard;    /* of strings, what the far sides were sent */
  GPtrArray            *calls;    /* of strings: what was taken */
  GPtrArray            *troubles; /* of strings */
  char                 *answer;   /* of apps.connections.open; NULL: an address */
  char                 *reply;    /* what a call is answered */
  gboolean              fails;    /* a call cannot be taken now */
  gboolean              is_over;
  gboolean              is_mute;  /* it does not say hello */
  guint                 n_closed;
} Phone;

static Phone *the_phone;

static void
on_open (Peer *peer, SoupServerMessage *message, const char *path)
{
  g_autofree char *address = g_strdup_printf ("{\"ok\":true,\"url\":\"ws%slink/?ticket=%s&app_id=1\"}", peer->url + strlen ("http"), TICKET);
  const char *answer = the_phone->answer != NULL ? the_phone->answer : address;

  soup_server_message_set_status (message, 200, NULL);
  soup_server_message_set_response (message, "application/json", SOUP_MEMORY_COPY, answer, strlen (answer));
}

static void
on_far_message (SoupWebsocketConnection *connection, int type, GBytes *message, gpointer data)
{
  g_ptr_array_add (the_phone->heard, g_strndup (g_bytes_get_data (message, NULL), g_bytes_get_size (message)));
}

static void
on_far_closed (SoupWebsocketConnection *connection, gpointer data)
{
  the_phone->n_closed++;
}

static void
on_far (SoupServer *server, SoupServerMessage *message, const char *path, SoupWebsocketConnection *connection, gpointer data)
{
  g_ptr_array_add (the_phone->far, g_object_ref (connection));
  g_signal_connect (connection, "message", G_CALLBACK (on_far_message), NULL);
  g_signal_connect (connection, "closed", G_CALLBACK (on_far_closed), NULL);
  if (!the_phone->is_mute)
    soup_websocket_connection_send_text (connection, HELLO);
}

static char *
take (IncidentSlackCall *call, gpointer data, GError **error)
{
  g_ptr_array_add (the_phone->calls, g_strdup_printf ("%d %s", (int) call->kind, call->text != NULL ? call->text : ""));
  if (the_phone->fails)
    {
      g_set_error_literal (error, INCIDENT_ERROR, INCIDENT_ERROR_BUSY, "Not now");
      return NULL;
    }
  return g_strdup (the_phone->reply);
}

static void
note_trouble (const char *message, gboolean is_over, gpointer data)
{
  g_ptr_array_add (the_phone->troubles, g_strdup (message));
  the_phone->is_over = the_phone->is_over || is_over;
}

static int
phone_open (void **state)
{
  static const IncidentSlackPatience patience = { .first_wait = 2, .longest_wait = 5, .keepalive = 10, .drain = 1 };
  Phone *phone = g_new0 (Phone, 1);
  g_autoptr(GError) error = NULL;

  g_setenv ("TEST_APP_TOKEN", "xapp-the-token", TRUE);
  the_phone = phone;
  phone->office.clock = incident_manual_clock_new (START, 7);
  phone->office.store = incident_memory_store_new (phone->office.clock);
  phone->office.desk = incident_desk_new (phone->office.store, phone->office.clock, NULL);
  phone->far = g_ptr_array_new_with_free_func (g_object_unref);
  phone->heard = g_ptr_array_new_with_free_func (g_free);
  phone->calls = g_ptr_array_new_with_free_func (g_free);
  phone->troubles = g_ptr_array_new_with_free_func (g_free);
  peer_init (&phone->peer, on_open, NULL);
  soup_server_add_websocket_handler (phone->peer.server, "/link", NULL, NULL, on_far, NULL, NULL);
  phone->rules.name = "slack";
  phone->rules.dialect = INCIDENT_DIALECT_SLACK;
  phone->rules.api = phone->peer.url;
  phone->rules.may_be_near = TRUE;
  phone->rules.app_token.env = "TEST_APP_TOKEN";
  phone->socket = incident_slack_socket_new (&phone->rules, phone->office.clock, &patience, take, note_trouble, NULL, &error);
  assert_no_error (error);
  *state = phone;
  return 0;
}

static void
let_things_settle (void)
{
  while (g_main_context_iteration (NULL, FALSE))
    ;
}

static int
phone_close (void **state)
{
  Phone *phone = *state;

  g_clear_pointer (&phone->socket, incident_slack_socket_free);
  g_object_unref (phone->office.desk);
  g_object_unref (phone->office.store);
  g_object_unref (phone->office.clock);
  let_things_settle ();
  g_ptr_array_unref (phone->far);
  g_ptr_array_unref (phone->heard);
  g_ptr_array_unref (phone->calls);
  g_ptr_array_unref (phone->troubles);
  peer_clear (&phone->peer);
  g_free (phone->answer);
  g_free (phone->reply);
  g_free (phone);
  return 0;
}

#define phone_test(function) cmocka_unit_test_setup_teardown (function, phone_open, phone_close)

#define wait_until(condition) \
  G_STMT_START { while (!(condition)) g_main_context_iteration (NULL, TRUE); } G_STMT_END

static SoupWebsocketConnection *
newest (Phone *phone)
{
  return g_ptr_array_index (phone->far, phone->far->len - 1);
}

static void
connect_phone (Phone *phone)
{
  incident_slack_socket_start (phone->socket);
  wait_until (incident_slack_socket_is_open (phone->socket));
}

static void
say (Phone *phone, const char *json)
{
  soup_websocket_connection_send_text (newest (phone), json);
}

#define COMMAND(accepts) \
  "{\"type\":\"slash_commands\",\"envelope_id\":\"dbdd0ef3\",\"accepts_response_payload\":" accepts ",\"payload\":{\"team_id\":\"T1\"," \
  "\"user_id\":\"U0000ANA\",\"channel_id\":\"C1\",\"command\":\"/incident\",\"text\":\"list\",\"trigger_id\":\"t.1\"}}"
#define EVENT(text) \
  "{\"type\":\"events_api\",\"envelope_id\":\"e-1\",\"accepts_response_payload\":false,\"payload\":{\"type\":\"event_callback\"," \
  "\"team_id\":\"T1\",\"event_id\":\"Ev1\",\"event\":{\"type\":\"message\",\"channel\":\"C1\",\"user\":\"U1\",\"text\":\"" text "\",\"ts\":\"1.000001\"}}}"

static void
test_it_asks_for_an_address_with_the_token_of_the_app (void **state)
{
  Phone *phone = *state;

  connect_phone (phone);
  assert_string_equal (peer_get_header (&phone->peer, "Authorization"), "Bearer xapp-the-token");
  assert_int_equal (phone->far->len, 1);
  assert_int_equal (phone->troubles->len, 0);
}

static void
test_a_command_is_answered_in_its_acknowledgement (void **state)
{
  Phone *phone = *state;

  connect_phone (phone);
  phone->reply = g_strdup ("{\"text\":\"INC-1\"}");
  say (phone, COMMAND ("true"));
  wait_until (phone->heard->len == 1);
  assert_string_equal (g_ptr_array_index (phone->calls, 0), "1 list");
  assert_string_equal (g_ptr_array_index (phone->heard, 0), "{\"envelope_id\":\"dbdd0ef3\",\"payload\":{\"text\":\"INC-1\"}}");
}

static void
test_no_answer_is_sent_where_none_is_accepted (void **state)
{
  Phone *phone = *state;

  connect_phone (phone);
  phone->reply = g_strdup ("{\"text\":\"INC-1\"}");
  say (phone, COMMAND ("false"));
  wait_until (phone->heard->len == 1);
  assert_string_equal (g_ptr_array_index (phone->heard, 0), "{\"envelope_id\":\"dbdd0ef3\"}");
}

static void
test_what_cannot_be_taken_is_not_acknowledged (void **state)
{
  Phone *phone = *state;

  connect_phone (phone);
  phone->fails = TRUE;
  say (phone, EVENT ("one"));
  wait_until (phone->calls->len == 1);
  phone->fails = FALSE;
  say (phone, EVENT ("two"));
  wait_until (phone->heard->len == 1);
  let_things_settle ();
  assert_int_equal (phone->calls->len, 2);
  assert_int_equal (phone->heard->len, 1);
}

static void
test_what_is_nothing_for_us_is_acknowledged_too (void **state)
{
  Phone *phone = *state;

  connect_phone (phone);
  say (phone, "{\"type\":\"events_api\",\"envelope_id\":\"e-1\",\"payload\":{\"type\":\"event_callback\",\"event\":{\"type\":\"team_join\"}}}");
  say (phone, "{\"type\":\"something_new\",\"envelope_id\":\"e-2\",\"payload\":{}}");
  say (phone, "{\"type\":\"interactive\",\"envelope_id\":\"e-3\",\"payload\":null}");
  say (phone, "not JSON");
  say (phone, "[]");
  say (phone, "{\"type\":\"unknown\"}");
  wait_until (phone->heard->len == 3);
  assert_string_equal (g_ptr_array_index (phone->heard, 2), "{\"envelope_id\":\"e-3\"}");
  assert_int_equal (phone->calls->len, 0);
}

static void
test_an_envelope_may_be_larger_than_is_usual (void **state)
{
  Phone *phone = *state;
  g_autofree char *words = g_strnfill (200 * 1024, 'a');
  g_autofree char *json = g_strdup_printf (
    "{\"type\":\"events_api\",\"envelope_id\":\"e-1\",\"payload\":{\"type\":\"event_callback\",\"event\":{\"type\":\"message\",\"channel\":\"C1\","
    "\"user\":\"U1\",\"text\":\"%s\",\"ts\":\"1.000001\"}}}", words);

  connect_phone (phone);
  say (phone, json);
  wait_until (phone->heard->len == 1);
  assert_int_equal (strlen (g_ptr_array_index (phone->calls, 0)), 2 + 200 * 1024);
}

static void
test_the_next_connection_comes_before_the_old_one_goes (void **state)
{
  Phone *phone = *state;

  connect_phone (phone);
  phone->is_mute = TRUE;
  say (phone, "{\"type\":\"disconnect\",\"reason\":\"refresh_requested\",\"debug_info\":{\"host\":\"wss-111.slack.com\"}}");
  wait_until (phone->far->len == 2);
  let_things_settle ();
  assert_int_equal (phone->n_closed, 0);

  /* What comes through the old one meanwhile is heard. */
  soup_websocket_connection_send_text (g_ptr_array_index (phone->far, 0), EVENT ("late"));
  wait_until (phone->heard->len == 1);

  soup_websocket_connection_send_text (newest (phone), HELLO);
  wait_until (phone->n_closed == 1);
  assert_int_equal (soup_websocket_connection_get_state (newest (phone)), SOUP_WEBSOCKET_STATE_OPEN);
  say (phone, EVENT ("new"));
  wait_until (phone->heard->len == 2);
  assert_int_equal (phone->peer.n_requests, 2);
  assert_int_equal (phone->troubles->len, 0);
}

static void
test_a_connection_that_is_lost_is_opened_anew (void **state)
{
  Phone *phone = *state;

  connect_phone (phone);
  soup_websocket_connection_close (newest (phone), SOUP_WEBSOCKET_CLOSE_GOING_AWAY, NULL);
  wait_until (phone->far->len == 2);
  wait_until (incident_slack_socket_is_open (phone->socket));
  assert_int_equal (phone->troubles->len, 0);
}

static void
test_a_connection_that_is_silent_is_given_up (void **state)
{
  Phone *phone = *state;

  connect_phone (phone);
  advance (&phone->office, 30 * G_TIME_SPAN_SECOND);
  incident_slack_socket_check (phone->socket);
  assert_true (incident_slack_socket_is_open (phone->socket));
  advance (&phone->office, 1);
  incident_slack_socket_check (phone->socket);
  assert_false (incident_slack_socket_is_open (phone->socket));
  wait_until (phone->far->len == 2);
  wait_until (incident_slack_socket_is_open (phone->socket));
}

static void
test_where_it_is_switched_off_it_stops (void **state)
{
  Phone *phone = *state;

  connect_phone (phone);
  say (phone, "{\"type\":\"disconnect\",\"reason\":\"link_disabled\"}");
  wait_until (phone->is_over);
  wait_until (phone->n_closed == 1);
  let_things_settle ();
  assert_string_equal (g_ptr_array_index (phone->troubles, 0), "Slack has switched Socket Mode off for this app");
  assert_int_equal (phone->far->len, 1);
  assert_int_equal (phone->peer.n_requests, 1);
}

static void
test_a_token_that_is_not_taken_is_told_of_and_not_tried_again (void **state)
{
  Phone *phone = *state;

  phone->answer = g_strdup ("{\"ok\":false,\"error\":\"invalid_auth\"}");
  incident_slack_socket_start (phone->socket);
  wait_until (phone->is_over);
  let_things_settle ();
  assert_int_equal (phone->peer.n_requests, 1);
  assert_int_equal (phone->troubles->len, 1);
  assert_string_equal (g_ptr_array_index (phone->troubles, 0), "Slack lets nobody listen (invalid_auth)");
}

static void
test_a_token_that_is_being_replaced_ends_nothing (void **state)
{
  Phone *phone = *state;

  connect_phone (phone);
  g_unsetenv ("TEST_APP_TOKEN");
  soup_websocket_connection_close (newest (phone), SOUP_WEBSOCKET_CLOSE_NORMAL, NULL);
  wait_until (phone->troubles->len == 1);
  assert_false (phone->is_over);
  g_setenv ("TEST_APP_TOKEN", "xapp-another", TRUE);
  wait_until (phone->far->len == 2);
}

static void
test_trouble_that_lasts_is_told_of_once_and_tried_on (void **state)
{
  Phone *phone = *state;
  const char *told;

  phone->answer = g_strdup_printf ("{\"ok\":true,\"url\":\"ws://127.0.0.1:1/?ticket=%s\"}", TICKET);
  incident_slack_socket_start (phone->socket);
  wait_until (phone->troubles->len == 1);
  assert_false (phone->is_over);
  told = g_ptr_array_index (phone->troubles, 0);
  assert_non_null (strstr (told, "The connection to Slack cannot be opened"));
  assert_non_null (strstr (told, "it goes on trying"));
  assert_null (strstr (told, TICKET));
  assert_int_equal (phone->peer.n_requests, 3);
}

static void
test_nothing_is_opened_in_the_clear_to_others (void **state)
{
  Phone *phone = *state;

  phone->answer = g_strdup ("{\"ok\":true,\"url\":\"ws://192.0.2.1/?ticket=1\"}");
  incident_slack_socket_start (phone->socket);
  wait_until (phone->troubles->len == 1);
  assert_string_equal (g_ptr_array_index (phone->troubles, 0), "Slack has given no address to connect to; it goes on trying");
}

static void
test_it_can_be_stopped_at_any_moment (void **state)
{
  Phone *phone = *state;

  incident_slack_socket_start (phone->socket);
  g_main_context_iteration (NULL, FALSE);
  g_clear_pointer (&phone->socket, incident_slack_socket_free);
  let_things_settle ();
  assert_int_equal (phone->troubles->len, 0);
}

/* At the desk */

static char *failed_channel;
static char *failed_message;

static void
on_listening_failed (IncidentDesk *desk, const char *channel, const char *message, gpointer data)
{
  g_free (failed_channel);
  g_free (failed_message);
  failed_channel = g_strdup (channel);
  failed_message = g_strdup (message);
  incident_desk_stop_listening (desk);
}

static void
rule_phone (Phone *phone)
{
  g_autofree char *json = g_strdup_printf (
    "{\"name\":\"Chat\",\"channels\":{\"slack\":{\"kind\":\"slack\",\"token\":{\"env\":\"TEST_SLACK_TOKEN\"},"
    "\"app-token\":{\"env\":\"TEST_APP_TOKEN\"},\"api\":\"%s\",\"near\":true}}}", phone->peer.url);

  g_setenv ("TEST_SLACK_TOKEN", "xoxb-the-token", TRUE);
  rule_by (&phone->office, json);
}

static void
test_a_desk_listens_and_answers (void **state)
{
  Phone *phone = *state;
  g_autoptr(IncidentCase) kase = open_case (&phone->office);
  g_autoptr(GError) error = NULL;

  rule_phone (phone);
  incident_desk_listen (phone->office.desk, &error);
  assert_no_error (error);
  wait_until (phone->far->len == 1);
  say (phone, "{\"type\":\"slash_commands\",\"envelope_id\":\"e-1\",\"accepts_response_payload\":true,\"payload\":{\"team_id\":\"T1\","
              "\"user_id\":\"U0000ANA\",\"channel_id\":\"C1\",\"command\":\"/incident\",\"text\":\"INC-1 note seen\",\"trigger_id\":\"t.1\"}}");
  wait_until (phone->heard->len == 1);
  assert_string_equal (g_ptr_array_index (phone->heard, 0),
                       "{\"envelope_id\":\"e-1\",\"payload\":{\"response_type\":\"ephemeral\",\"text\":\"INC-1: seen\"}}");
  assert_int_equal (incident_case_get_version (kase), 2);

  incident_desk_stop_listening (phone->office.desk);
  wait_until (phone->n_closed == 1);
}

static void
test_a_desk_tells_when_it_cannot_listen (void **state)
{
  Phone *phone = *state;
  g_autoptr(GError) error = NULL;

  rule_phone (phone);
  phone->answer = g_strdup ("{\"ok\":false,\"error\":\"not_allowed_token_type\"}");
  g_signal_connect (phone->office.desk, "listening-failed", G_CALLBACK (on_listening_failed), NULL);
  incident_desk_listen (phone->office.desk, &error);
  assert_no_error (error);
  wait_until (failed_message != NULL);
  assert_string_equal (failed_channel, "slack");
  assert_string_equal (failed_message, "Slack lets nobody listen (not_allowed_token_type)");
  g_clear_pointer (&failed_channel, g_free);
  g_clear_pointer (&failed_message, g_free);
}

static void
test_a_token_that_cannot_be_read_is_an_error (void **state)
{
  Phone *phone = *state;
  g_autoptr(GError) error = NULL;

  rule_phone (phone);
  g_unsetenv ("TEST_APP_TOKEN");
  assert_false (incident_desk_listen (phone->office.desk, &error));
  assert_error (error, INCIDENT_ERROR, INCIDENT_ERROR_NOT_FOUND);
  assert_true (g_str_has_prefix (error->message, "The channel “slack” cannot be listened to: "));
}

int
main (void)
{
  const struct CMUnitTest tests[] = {
    phone_test (test_it_asks_for_an_address_with_the_token_of_the_app),
    phone_test (test_a_command_is_answered_in_its_acknowledgement),
    phone_test (test_no_answer_is_sent_where_none_is_accepted),
    phone_test (test_what_cannot_be_taken_is_not_acknowledged),
    phone_test (test_what_is_nothing_for_us_is_acknowledged_too),
    phone_test (test_an_envelope_may_be_larger_than_is_usual),
    phone_test (test_the_next_connection_comes_before_the_old_one_goes),
    phone_test (test_a_connection_that_is_lost_is_opened_anew),
    phone_test (test_a_connection_that_is_silent_is_given_up),
    phone_test (test_where_it_is_switched_off_it_stops),
    phone_test (test_a_token_that_is_not_taken_is_told_of_and_not_tried_again),
    phone_test (test_a_token_that_is_being_replaced_ends_nothing),
    phone_test (test_trouble_that_lasts_is_told_of_once_and_tried_on),
    phone_test (test_nothing_is_opened_in_the_clear_to_others),
    phone_test (test_it_can_be_stopped_at_any_moment),
    phone_test (test_a_desk_listens_and_answers),
    phone_test (test_a_desk_tells_when_it_cannot_listen),
    phone_test (test_a_token_that_cannot_be_read_is_an_error),
  };

  return cmocka_run_group_tests (tests, NULL, NULL);
}
