/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "http-test.h"
#include "playbook-test.h"

#include "base/incident-hash-private.h"
#include "desk/incident-desk-private.h"

/* A desk with a channel of Slack, whose Web API is a server of the test. */

#define SECRET "8f742231b10e8888abcd99yyyzzz85a5"
#define ROOM   "C0ROOM42"
#define FORM   "application/x-www-form-urlencoded"

typedef struct
{
  Office     office;  /* first: what is for offices is for workspaces */
  Peer       peer;
  GPtrArray *calls;   /* of strings: “views.open trigger_id=…” */
  char      *answer;  /* of the API; NULL: {"ok":true} */
  guint      n_sent;
} Workspace;

static Workspace *the_workspace;

static inline void
on_api_call (Peer *peer, SoupServerMessage *message, const char *path)
{
  const char *answer = the_workspace->answer != NULL ? the_workspace->answer : "{\"ok\":true}";

  g_ptr_array_add (the_workspace->calls, g_strdup_printf ("%s %s", path, peer->body));
  soup_server_message_set_status (message, 200, NULL);
  soup_server_message_set_response (message, "application/json", SOUP_MEMORY_COPY, answer, strlen (answer));
}

#define PEOPLE \
  "\"people\":{\"ana\":{\"contacts\":{\"slack\":\"U0000ANA\"}},\"bo\":{\"contacts\":{\"slack\":\"T0TEAM/U00000BO\"}},\"cy\":{}}"

static inline void
rule_workspace (Workspace *workspace, const char *people, const char *room)
{
  g_autofree char *json = g_strdup_printf (
    "{\"name\":\"Chat\",%s%s\"channels\":{\"slack\":{\"kind\":\"slack\",\"token\":{\"env\":\"TEST_SLACK_TOKEN\"},"
    "\"signing-secret\":{\"env\":\"TEST_SLACK_SECRET\"},\"announce\":\"C0INCIDENTS\",\"api\":\"%s\",\"near\":true,"
    "\"room\":%s,\"pin-emoji\":\"pushpin\"}}}",
    people, *people != '\0' ? "," : "", workspace->peer.url, room);

  rule_by (&workspace->office, json);
}

static inline int
workspace_open (void **state)
{
  Workspace *workspace = g_new0 (Workspace, 1);

  g_setenv ("TEST_SLACK_TOKEN", "xoxb-the-token", TRUE);
  g_setenv ("TEST_SLACK_SECRET", SECRET, TRUE);
  workspace->office.clock = incident_manual_clock_new (START, 7);
  workspace->office.store = incident_memory_store_new (workspace->office.clock);
  workspace->office.desk = incident_desk_new (workspace->office.store, workspace->office.clock, NULL);
  workspace->calls = g_ptr_array_new_with_free_func (g_free);
  peer_init (&workspace->peer, on_api_call, NULL);
  the_workspace = workspace;
  rule_workspace (workspace, PEOPLE, "{\"record\":\"all\"}");
  *state = workspace;
  return 0;
}

static inline int
workspace_close (void **state)
{
  Workspace *workspace = *state;

  g_object_unref (workspace->office.desk);
  g_object_unref (workspace->office.store);
  g_object_unref (workspace->office.clock);
  while (g_main_context_iteration (NULL, FALSE))
    ;
  peer_clear (&workspace->peer);
  g_ptr_array_unref (workspace->calls);
  g_free (workspace->answer);
  g_free (workspace);
  return 0;
}

#define workspace_test(function) cmocka_unit_test_setup_teardown (function, workspace_open, workspace_close)

/* As Slack sends it. */
static inline IncidentReply *
send_to_desk (Workspace *workspace, const char *content_type, const char *body)
{
  g_autofree char *timestamp = g_strdup_printf ("%" G_GINT64_FORMAT,
                                                incident_clock_get_time (workspace->office.clock) / G_USEC_PER_SEC);
  g_autofree char *text = g_strdup_printf ("v0:%s:%s", timestamp, body);
  g_autofree char *hex = g_compute_hmac_for_string (G_CHECKSUM_SHA256, (const guint8 *) SECRET, strlen (SECRET), text, -1);
  g_autofree char *signature = g_strconcat ("v0=", hex, NULL);
  g_autoptr(GBytes) bytes = g_bytes_new (body, strlen (body));

  return incident_desk_take_slack (workspace->office.desk, "slack", content_type, timestamp, signature, bytes);
}

static inline char *
dup_body (IncidentReply *reply)
{
  gsize length;
  const char *bytes = g_bytes_get_data (incident_reply_get_body (reply), &length);

  return g_strndup (length > 0 ? bytes : "", length);
}

/* The “text” of an ephemeral answer. */
static inline char *
dup_text (IncidentReply *reply)
{
  g_autofree char *body = dup_body (reply);
  g_autoptr(GError) error = NULL;
  g_autoptr(JsonNode) node = NULL;
  JsonObject *object;

  assert_int_equal (incident_reply_get_status (reply), 200);
  node = json_from_string (body, &error);
  assert_no_error (error);
  if (node == NULL)
    fail_msg ("no answer");
  object = json_node_get_object (node);
  assert_string_equal (json_object_get_string_member (object, "response_type"), "ephemeral");
  return g_strdup (json_object_get_string_member (object, "text"));
}

static inline IncidentReply *
send_command_as (Workspace *workspace, const char *user, const char *channel, const char *trigger, const char *text)
{
  g_autofree char *escaped = g_uri_escape_string (text, NULL, FALSE);
  g_autofree char *body = g_strdup_printf ("team_id=T0TEAM&user_id=%s&channel_id=%s&trigger_id=%s&command=%%2Fincident&text=%s",
                                           user, channel, trigger, escaped);

  return send_to_desk (workspace, FORM, body);
}

/* Of ana, in the room. */
static inline char *
command_in (Workspace *workspace, const char *user, const char *channel, const char *text)
{
  g_autofree char *trigger = g_strdup_printf ("t.%u", ++workspace->n_sent);
  g_autoptr(IncidentReply) reply = send_command_as (workspace, user, channel, trigger, text);

  return dup_text (reply);
}

static inline void
assert_answer (Workspace *workspace, const char *user, const char *channel, const char *text, const char *expected)
{
  g_autofree char *answer = command_in (workspace, user, channel, text);

  assert_string_equal (answer, expected);
}

static inline IncidentReply *
send_payload (Workspace *workspace, const char *json)
{
  g_autofree char *escaped = g_uri_escape_string (json, NULL, FALSE);
  g_autofree char *body = g_strconcat ("payload=", escaped, NULL);

  return send_to_desk (workspace, FORM, body);
}

static inline IncidentReply *
send_event (Workspace *workspace, const char *id, const char *event)
{
  g_autofree char *json = g_strdup_printf ("{\"team_id\":\"T0TEAM\",\"api_app_id\":\"A1\",\"type\":\"event_callback\",\"event_id\":\"%s\","
                                           "\"authorizations\":[{\"user_id\":\"U0000BOT\",\"is_bot\":true}],\"event\":%s}", id, event);

  return send_to_desk (workspace, "application/json; charset=utf-8", json);
}

static inline void
assert_taken (IncidentReply *reply /* (transfer full) */)
{
  g_autoptr(IncidentReply) owned = reply;

  assert_int_equal (incident_reply_get_status (owned), 200);
  assert_int_equal (g_bytes_get_size (incident_reply_get_body (owned)), 0);
}

/* As if it had been sent there: a room, or an announcement. */
static inline void
add_sent (Workspace *workspace, IncidentCase *kase, IncidentMessageKind kind, const char *conversation, const char *ts)
{
  g_autoptr(GPtrArray) drafts = g_ptr_array_new ();
  g_autoptr(GPtrArray) messages = g_ptr_array_new_with_free_func ((GDestroyNotify) incident_outbox_row_free);
  g_autoptr(GPtrArray) changes = g_ptr_array_new_with_free_func ((GDestroyNotify) incident_outbox_change_free);
  IncidentCommit commit = { .drafts = drafts, .messages = messages };
  IncidentCommit settle = { .drafts = drafts, .changes = changes };
  IncidentOutboxRow *row = incident_outbox_row_new ();
  IncidentOutboxChange *change;
  g_autoptr(GError) error = NULL;

  row->subject = incident_case_get_number (kase);
  row->kind = kind;
  row->channel = g_strdup ("slack");
  row->lane = g_strdup ("%c");
  row->body = g_strdup ("{}");
  row->key = g_strdup_printf ("%032x", ++workspace->n_sent);
  g_ptr_array_add (messages, row);
  incident_store_commit (workspace->office.store, &commit, &error);
  assert_no_error (error);

  change = incident_outbox_change_new (row, INCIDENT_MESSAGE_STATE_SENT, START);
  change->conversation = g_strdup (conversation);
  change->external_id = g_strdup (ts);
  g_ptr_array_add (changes, change);
  incident_store_commit (workspace->office.store, &settle, &error);
  assert_no_error (error);
}

static inline IncidentCase *
open_room (Workspace *workspace)
{
  IncidentCase *kase = open_case (&workspace->office);

  add_sent (workspace, kase, INCIDENT_MESSAGE_KIND_ROOM, ROOM, NULL);
  return kase;
}

static inline void
refresh (Workspace *workspace)
{
  g_autoptr(GError) error = NULL;

  incident_desk_refresh (workspace->office.desk, &error);
  assert_no_error (error);
}

static inline GPtrArray *
list_pending (Workspace *workspace, IncidentMessageKind kind)
{
  const IncidentOutboxQuery query = { .states = 1u << INCIDENT_MESSAGE_STATE_PENDING, .limit = 1000 };
  g_autoptr(GError) error = NULL;
  g_autoptr(GPtrArray) all = incident_store_list_messages (workspace->office.store, &query, &error);
  GPtrArray *found = g_ptr_array_new_with_free_func ((GDestroyNotify) incident_outbox_row_free);

  assert_no_error (error);
  for (guint i = 0; i < all->len; i++)
    {
      IncidentOutboxRow *row = g_ptr_array_index (all, i);

      if (row->kind == kind)
        g_ptr_array_add (found, incident_outbox_row_copy (row));
    }
  return found;
}

/* One person, and nobody else, is told this: the last of what waits to be said so. */
static inline void
assert_told (Workspace *workspace, const char *user, const char *conversation, guint n_in_all, const char *text)
{
  g_autoptr(GPtrArray) rows = list_pending (workspace, INCIDENT_MESSAGE_KIND_ANSWER);
  g_autofree char *body = g_strdup_printf ("{\"text\":\"%s\"}", text);
  IncidentOutboxRow *row;

  assert_int_equal (rows->len, n_in_all);
  if (n_in_all == 0)
    return;
  row = g_ptr_array_index (rows, rows->len - 1);
  assert_string_equal (row->recipient, user);
  assert_string_equal (row->conversation, conversation);
  assert_string_equal (row->body, body);
}

static inline void
wait_for_calls (Workspace *workspace, guint n_calls)
{
  while (workspace->calls->len < n_calls)
    g_main_context_iteration (NULL, TRUE);
}

/* The last event: its kind, its words, and whom it is of where that is not its actor. */
static inline void
assert_event (IncidentCase *kase, const char *kind, const char *text, const char *author)
{
  g_autoptr(IncidentEvent) event = dup_last_event (kase);
  g_autoptr(JsonNode) data = incident_event_dup_data (event);
  JsonObject *object = json_node_get_object (data);

  assert_string_equal (incident_event_get_kind (event), kind);
  if (text != NULL)
    assert_string_equal (incident_event_get_text (event), text);
  else
    assert_null (incident_event_get_text (event));
  assert_int_equal (json_object_has_member (object, "author"), author != NULL);
  if (author != NULL)
    assert_string_equal (json_object_get_string_member (object, "author"), author);
}

static inline void
assert_version (IncidentCase *kase, guint version)
{
  assert_int_equal (incident_case_get_version (kase), version);
}
