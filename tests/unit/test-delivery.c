/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "desk-test.h"

#include "../far-side.h"
#include "comms/incident-program-private.h"
#include "desk/incident-sender-private.h"
#include "store/incident-store-private.h"

/* A desk whose messages go to far sides that the test holds. */

static const char playbook_json[] =
  "{\"roles\": {\"commander\": {}}, \"channels\": {"
  "\"chat\": {\"kind\": \"own\", \"does\": [\"room\", \"card\", \"invite\", \"archive\"]},"
  "\"other\": {\"kind\": \"own\"}}}";

/* One that cannot be asked whether it works again. */

#define BLIND_TYPE_SIDE (blind_side_get_type ())
G_DECLARE_FINAL_TYPE (BlindSide, blind_side, BLIND, SIDE, GObject)

struct _BlindSide
{
  GObject  parent_instance;

  gboolean works;
  guint    n_calls;
};

static void
blind_side_deliver (IncidentChannel *channel, IncidentDelivery *delivery, GTask *task)
{
  BlindSide *self = BLIND_SIDE (channel);

  self->n_calls++;
  if (self->works)
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_new_error (task, G_IO_ERROR, G_IO_ERROR_CONNECTION_REFUSED, "Nobody listens");
}

static void
blind_side_channel_init (IncidentChannelInterface *iface)
{
  iface->deliver = blind_side_deliver;
}

G_DEFINE_FINAL_TYPE_WITH_CODE (BlindSide, blind_side, G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (INCIDENT_TYPE_CHANNEL, blind_side_channel_init))

static void
blind_side_class_init (BlindSideClass *klass)
{
}

static void
blind_side_init (BlindSide *self)
{
}

typedef struct
{
  Office   office;
  FarSide *chat;
  FarSide *other;
} Post;

static int
post_open (void **state)
{
  Post *post = g_new0 (Post, 1);
  g_autoptr(GError) error = NULL;
  g_autoptr(IncidentPlaybook) playbook = incident_playbook_new_from_json (playbook_json, -1, "test", &error);

  assert_no_error (error);
  post->office.clock = incident_manual_clock_new (START, 7);
  post->office.store = incident_memory_store_new (post->office.clock);
  post->office.desk = incident_desk_new_with_playbook (post->office.store, post->office.clock, playbook);
  post->chat = far_side_new (post->office.clock);
  post->other = far_side_new (post->office.clock);
  post->chat->can_look_up = TRUE;
  incident_desk_add_channel (post->office.desk, "chat", INCIDENT_CHANNEL (post->chat));
  incident_desk_add_channel (post->office.desk, "other", INCIDENT_CHANNEL (post->other));
  *state = post;
  return 0;
}

static int
post_close (void **state)
{
  Post *post = *state;

  g_object_unref (post->office.desk);
  g_object_unref (post->office.store);
  g_object_unref (post->office.clock);
  g_object_unref (post->chat);
  g_object_unref (post->other);
  g_free (post);
  return 0;
}

static IncidentCase *
open_one (Post *post)
{
  g_autoptr(GError) error = NULL;
  IncidentCase *kase = incident_desk_open_case (post->office.desk, "Checkout answers 500", INCIDENT_SEVERITY_SEV2, "ana", &error);

  assert_no_error (error);
  return kase;
}

/* Sends all that becomes due within a time, whenever it does. */
static void
pass (Post *post, gint64 duration)
{
  gint64 until = incident_clock_get_time (post->office.clock) + duration;

  for (;;)
    {
      gint64 next = deliver_all (post->office.desk);
      gint64 now = incident_clock_get_time (post->office.clock);

      if (next > until)
        break;
      assert_true (next > now);
      incident_manual_clock_advance (INCIDENT_MANUAL_CLOCK (post->office.clock), next - now);
    }
  incident_manual_clock_set_time (INCIDENT_MANUAL_CLOCK (post->office.clock), until);
}

static IncidentMessage *
find_message (Post *post, const char *channel, const char *state)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(GPtrArray) messages = incident_desk_list_messages (post->office.desk, channel, state, 0, 0, 100, &error);

  assert_no_error (error);
  return messages->len > 0 ? incident_message_ref (g_ptr_array_index (messages, 0)) : NULL;
}

static guint
count_kind (IncidentCase *kase, const char *kind)
{
  g_autoptr(GPtrArray) events = incident_case_list_events (kase);
  guint n = 0;

  for (guint i = 0; i < events->len; i++)
    n += g_str_equal (incident_event_get_kind (g_ptr_array_index (events, i)), kind) ? 1 : 0;
  return n;
}

static void
test_a_case_gets_its_room_and_what_is_in_it (void **state)
{
  Post *post = *state;
  g_autoptr(IncidentCase) kase G_GNUC_UNUSED = open_one (post);
  FarMessage *card;

  pass (post, MINUTE);
  assert_string_equal (((FarMessage *) g_ptr_array_index (post->chat->got, 0))->kind, "room");
  assert_string_equal (((FarMessage *) g_ptr_array_index (post->chat->got, 0))->text, "inc-1-checkout-answers-500");
  card = far_side_last (post->chat, "card");
  assert_non_null (card);
  assert_string_equal (card->conversation, "room-INC-1");
  assert_null (card->replaces);
}

static void
test_a_burst_of_changes_is_one_edit_of_the_card (void **state)
{
  Post *post = *state;
  g_autoptr(IncidentCase) kase = open_one (post);
  FarMessage *card;

  pass (post, MINUTE);
  g_ptr_array_set_size (post->chat->got, 0);
  for (guint i = 0; i < 10; i++)
    assert_true (incident_case_assign (kase, "commander", i % 2 == 0 ? "ana" : "bo", "ana", NULL));
  pass (post, MINUTE);
  card = far_side_last (post->chat, "card");
  assert_non_null (card);
  assert_non_null (card->replaces);
  {
    guint n = 0;

    for (guint i = 0; i < post->chat->got->len; i++)
      n += g_str_equal (((FarMessage *) g_ptr_array_index (post->chat->got, i))->kind, "card") ? 1 : 0;
    assert_int_equal (n, 1);
  }
}

/* What somebody has deleted there is shown anew, once. */
static void
test_an_edit_takes_the_place_of_what_is_shown_now (void **state)
{
  Post *post = *state;
  g_autoptr(IncidentCase) kase = open_one (post);
  g_autoptr(GPtrArray) cards = g_ptr_array_new ();

  for (guint i = 0; i < 3; i++)
    {
      pass (post, MINUTE);
      g_ptr_array_add (cards, far_side_last (post->chat, "card"));
      assert_true (incident_case_assign (kase, "commander", i % 2 == 0 ? "ana" : "bo", "ana", NULL));
    }
  for (guint i = 1; i < cards->len; i++)
    {
      const FarMessage *before = g_ptr_array_index (cards, i - 1);
      g_autofree char *id = g_strdup_printf ("m-%.6s", before->key);

      assert_string_equal (((FarMessage *) g_ptr_array_index (cards, i))->replaces, id);
    }
}

static void
test_posts_are_never_merged_and_keep_their_order (void **state)
{
  Post *post = *state;
  g_autoptr(IncidentCase) kase = open_one (post);
  g_autofree char *kinds = NULL;

  assert_true (incident_case_diagnose (kase, "only /pay", "ana", NULL));
  assert_true (incident_case_resolve (kase, "rolled back", "bo", NULL));
  pass (post, MINUTE);
  kinds = far_side_kinds (post->other);
  assert_string_equal (kinds, "post post post");
  assert_non_null (strstr (((FarMessage *) g_ptr_array_index (post->other->got, 1))->text, "only /pay"));
  assert_non_null (strstr (((FarMessage *) g_ptr_array_index (post->other->got, 2))->text, "rolled back"));
}

static void
test_what_was_delivered_stands_in_the_timeline_with_its_link (void **state)
{
  Post *post = *state;
  g_autoptr(IncidentCase) kase = open_one (post);
  g_autoptr(IncidentMessage) sent = NULL;

  pass (post, MINUTE);
  sent = find_message (post, "other", "sent");
  assert_non_null (sent);
  assert_true (g_str_has_prefix (incident_message_get_permalink (sent), "https://chat.example.org/"));
  /* A post there, a room and a card here. */
  assert_int_equal (count_kind (kase, "message-delivered"), 3);
}

static void
test_a_delivery_makes_no_view_stale (void **state)
{
  Post *post = *state;
  g_autoptr(IncidentCase) kase = open_one (post);
  g_autoptr(IncidentCommand) command = incident_command_new ("diagnose", "ana");
  g_autoptr(IncidentCase) same = NULL;
  g_autoptr(GError) error = NULL;

  incident_command_set_seen (command, incident_case_get_version (kase));
  pass (post, MINUTE);
  same = incident_desk_act (post->office.desk, 1, command, &error);
  assert_no_error (error);
}

static void
test_a_delivery_does_not_make_a_forgotten_case_look_cared_for (void **state)
{
  Post *post = *state;
  g_autofree char *json = g_strconcat ("{\"cadence\": {\"stuck\": {\"acknowledged\": \"30m\"}},", playbook_json + 1, NULL);
  g_autoptr(IncidentPlaybook) playbook = incident_playbook_new_from_json (json, -1, "test", NULL);
  g_autoptr(IncidentCase) kase = open_one (post);
  g_autoptr(GPtrArray) reminders = NULL;
  guint n = 0;

  assert_true (incident_desk_set_playbook (post->office.desk, playbook, NULL));
  act (kase, "acknowledge", "ana", NULL);
  advance (&post->office, 20 * MINUTE);
  deliver_all (post->office.desk);
  advance (&post->office, 11 * MINUTE);
  reminders = incident_desk_list_reminders (post->office.desk, NULL);
  for (guint i = 0; i < reminders->len; i++)
    n += g_str_equal (incident_reminder_get_kind (g_ptr_array_index (reminders, i)), "stuck-acknowledged") ? 1 : 0;
  assert_int_equal (n, 1);
}

static void
test_where_everybody_reads_there_is_no_trace_of_words_that_were_removed (void **state)
{
  Post *post = *state;
  g_autoptr(IncidentPlaybook) playbook = incident_playbook_new_from_json (
    "{\"channels\": {\"chat\": {\"kind\": \"own\"}, \"other\": {\"kind\": \"own\"}},"
    " \"audiences\": {\"all\": {\"channels\": [\"other\"], \"public\": true}, \"some\": {\"channels\": [\"chat\"]}}}", -1, "test", NULL);
  g_autoptr(IncidentCase) kase = NULL;

  assert_true (incident_desk_set_playbook (post->office.desk, playbook, NULL));
  kase = open_one (post);
  act (kase, "update", "ana", "audience", "all", "text", "Mx Miller cannot pay.", NULL);
  act (kase, "update", "ana", "audience", "some", "text", "Mx Miller cannot pay.", NULL);
  act (kase, "redact", "ana", "event", "2", "text", "names a customer", NULL);
  act (kase, "redact", "ana", "event", "3", "text", "names a customer", NULL);
  deliver_all (post->office.desk);
  assert_int_equal (post->other->got->len, 0);
  assert_string_equal (((FarMessage *) g_ptr_array_index (post->chat->got, 1))->text, "ana: some update: (withheld)");
}

/* It would stand there in its first words, whatever became of them in the chat. */
static void
test_a_card_shows_no_talk (void **state)
{
  Post *post = *state;
  g_autoptr(IncidentCase) kase = open_one (post);
  g_autoptr(IncidentMessage) card = NULL;
  g_autofree char *json = NULL;

  deliver_all (post->office.desk);
  act (kase, "pin", "ana", "message", "m/1", "text", "the password is hunter2", NULL);
  act (kase, "delete-said", "bo", "message", "m/1", NULL);
  act (kase, "classify", "ana", "severity", "sev1", "text", "all are hit", NULL);
  card = find_message (post, "chat", "pending");
  assert_int_equal (incident_message_get_kind (card), INCIDENT_MESSAGE_KIND_CARD);
  json = incident_message_to_json (card);
  assert_non_null (strstr (json, "all are hit"));
  assert_null (strstr (json, "hunter2"));
}

static void
test_a_channel_that_fails_holds_nobody_up (void **state)
{
  Post *post = *state;
  g_autoptr(IncidentCase) kase = NULL;

  far_side_will (post->chat, FAR_FAILS, 100);
  kase = open_one (post);
  assert_true (incident_case_diagnose (kase, NULL, "ana", NULL));
  deliver_all (post->office.desk);
  assert_int_equal (post->other->got->len, 2);
  assert_int_equal (post->chat->got->len, 0);
}

/* A chat that hears of everything is away; a pager that hears of little is not. */
static void
test_ten_thousand_that_wait_hold_nobody_up (void **state)
{
  Post *post = *state;
  g_autoptr(IncidentPlaybook) playbook = incident_playbook_new_from_json (
    "{\"channels\": {\"chat\": {\"kind\": \"own\", \"events\": [\"noted\"]},"
    " \"other\": {\"kind\": \"own\", \"events\": [\"decided\"]}}}", -1, "test", NULL);
  g_autoptr(IncidentCase) kase = NULL;
  gint64 now;

  assert_true (incident_desk_set_playbook (post->office.desk, playbook, NULL));
  far_side_will (post->chat, FAR_IS_CLOSED, 1);
  kase = open_one (post);
  for (guint i = 0; i < 10000; i++)
    act (kase, "note", "ana", "text", "a note", NULL);
  deliver_all (post->office.desk);
  now = incident_clock_get_time (post->office.clock);
  for (guint i = 0; i < 100; i++)
    {
      act (kase, "decide", "ana", "text", "we roll back", NULL);
      deliver_all (post->office.desk);
    }
  /* And one that tells of the chat. */
  assert_int_equal (post->other->got->len, 101);
  assert_int_equal (((FarMessage *) g_ptr_array_index (post->other->got, 100))->at, now);
  assert_int_equal (post->chat->n_calls, 1);
}

static void
test_what_surely_did_not_arrive_is_sent_again_under_the_same_key (void **state)
{
  Post *post = *state;
  g_autoptr(IncidentCase) kase = NULL;
  g_autoptr(IncidentMessage) sent = NULL;

  far_side_will (post->other, FAR_FAILS, 3);
  kase = open_one (post);
  pass (post, 5 * MINUTE);
  assert_int_equal (post->other->got->len, 1);
  assert_int_equal (post->other->n_look_ups, 0);
  sent = find_message (post, "other", "sent");
  assert_int_equal (incident_message_get_attempts (sent), 4);
  assert_string_equal (incident_message_get_key (sent), ((FarMessage *) g_ptr_array_index (post->other->got, 0))->key);
}

static void
test_what_may_have_arrived_is_looked_up_and_not_sent_twice (void **state)
{
  Post *post = *state;
  g_autoptr(IncidentCase) kase = NULL;

  far_side_will (post->chat, FAR_TAKES_MUTELY, 1);
  kase = open_one (post);
  pass (post, 5 * MINUTE);
  assert_true (post->chat->n_look_ups >= 1);
  {
    guint n = 0;

    for (guint i = 0; i < post->chat->got->len; i++)
      n += g_str_equal (((FarMessage *) g_ptr_array_index (post->chat->got, i))->kind, "room") ? 1 : 0;
    assert_int_equal (n, 1);
  }
}

static void
test_what_was_lost_is_looked_up_twice_and_sent_again (void **state)
{
  Post *post = *state;
  g_autoptr(IncidentCase) kase = NULL;
  g_autoptr(IncidentMessage) room = NULL;

  far_side_will (post->chat, FAR_LOSES, 1);
  kase = open_one (post);
  pass (post, 5 * MINUTE);
  assert_int_equal (post->chat->n_look_ups, 2);
  assert_non_null (far_side_last (post->chat, "room"));
  /* To look is no attempt. */
  room = find_message (post, "chat", "sent");
  assert_int_equal (incident_message_get_attempts (room), 2);
}

static void
test_who_asks_for_patience_is_left_alone_so_long_and_it_costs_no_attempt (void **state)
{
  Post *post = *state;
  g_autoptr(IncidentCase) kase = NULL;
  g_autoptr(IncidentMessage) sent = NULL;
  gint64 next;

  far_side_will (post->other, FAR_WAITS, 1);
  kase = open_one (post);
  next = deliver_all (post->office.desk);
  assert_int_equal (post->other->n_calls, 1);
  assert_true (next <= START + 21 * G_TIME_SPAN_SECOND);
  pass (post, 19 * G_TIME_SPAN_SECOND);
  assert_int_equal (post->other->n_calls, 1);
  pass (post, MINUTE);
  assert_int_equal (post->other->got->len, 1);
  sent = find_message (post, "other", "sent");
  assert_int_equal (incident_message_get_attempts (sent), 1);
}

static void
test_what_is_refused_is_dead_and_told (void **state)
{
  Post *post = *state;
  g_autoptr(IncidentCase) kase = NULL;
  g_autoptr(IncidentMessage) dead = NULL;

  far_side_will (post->other, FAR_REFUSES, 1);
  kase = open_one (post);
  pass (post, MINUTE);
  dead = find_message (post, "other", "dead");
  assert_non_null (dead);
  assert_string_equal (incident_message_get_trouble (dead), "There is no such room");
  assert_int_equal (count_kind (kase, "message-dead"), 1);
}

static void
test_a_person_sends_a_dead_message_again (void **state)
{
  Post *post = *state;
  g_autoptr(IncidentCase) kase = NULL;
  g_autoptr(IncidentMessage) dead = NULL;
  g_autoptr(GError) error = NULL;

  far_side_will (post->other, FAR_REFUSES, 1);
  kase = open_one (post);
  pass (post, MINUTE);
  dead = find_message (post, "other", "dead");
  assert_true (incident_desk_retry_message (post->office.desk, incident_message_get_number (dead), "ana", &error));
  pass (post, MINUTE);
  assert_int_equal (post->other->got->len, 1);
  assert_false (incident_desk_retry_message (post->office.desk, incident_message_get_number (dead), "ana", &error));
  assert_error (error, INCIDENT_ERROR, INCIDENT_ERROR_REFUSED);
}

static void
test_a_channel_that_fails_again_and_again_is_left_in_peace_and_then_probed (void **state)
{
  Post *post = *state;
  g_autoptr(IncidentCase) kase = NULL;

  far_side_will (post->other, FAR_FAILS, 5);
  kase = open_one (post);
  pass (post, 2 * MINUTE);
  assert_int_equal (post->other->got->len, 1);
  assert_true (post->other->n_probes >= 1);
  assert_int_equal (count_kind (kase, "channel-down"), 1);
  assert_int_equal (count_kind (kase, "channel-up"), 1);
}

/* A chat may well know us, and take nothing. */
static void
test_a_channel_is_up_when_a_message_gets_through (void **state)
{
  Post *post = *state;
  g_autoptr(IncidentCase) kase = NULL;

  far_side_will (post->other, FAR_FAILS, 5);
  for (guint i = 0; i < 4; i++)
    {
      far_side_will (post->other, FAR_TAKES, 1);
      far_side_will (post->other, FAR_FAILS, 1);
    }
  kase = open_one (post);
  pass (post, 60 * MINUTE);
  assert_int_equal (post->other->got->len, 1);
  assert_int_equal (post->other->n_probes, 5);
  assert_int_equal (count_kind (kase, "channel-down"), 1);
  assert_int_equal (count_kind (kase, "channel-up"), 1);
}

static void
test_a_channel_without_a_probe_is_tried_by_one_message (void **state)
{
  Post *post = *state;
  g_autoptr(BlindSide) blind = g_object_new (BLIND_TYPE_SIDE, NULL);
  g_autoptr(IncidentCase) kase = NULL;
  guint n_calls;

  incident_desk_add_channel (post->office.desk, "other", INCIDENT_CHANNEL (blind));
  kase = open_one (post);
  pass (post, 20 * MINUTE);
  assert_int_equal (count_kind (kase, "channel-down"), 1);
  assert_int_equal (count_kind (kase, "channel-up"), 0);
  for (guint i = 0; i < 4; i++)
    g_object_unref (open_one (post));
  n_calls = blind->n_calls;
  pass (post, 5 * MINUTE + MINUTE);
  assert_in_range (blind->n_calls, n_calls + 1, n_calls + 2);
  blind->works = TRUE;
  pass (post, 10 * MINUTE);
  assert_int_equal (count_kind (kase, "channel-down"), 1);
  assert_int_equal (count_kind (kase, "channel-up"), 1);
}

static void
test_a_closed_channel_waits_for_another_playbook (void **state)
{
  Post *post = *state;
  g_autoptr(IncidentCase) kase = NULL;
  g_autofree char *other_json = g_strconcat ("{\"name\": \"Mended\",", playbook_json + 1, NULL);
  g_autoptr(IncidentPlaybook) playbook = incident_playbook_new_from_json (other_json, -1, "test", NULL);
  guint n_calls;

  far_side_will (post->other, FAR_IS_CLOSED, 1);
  kase = open_one (post);
  pass (post, MINUTE);
  n_calls = post->other->n_calls;
  pass (post, 60 * MINUTE);
  assert_int_equal (post->other->n_calls, n_calls);
  assert_true (incident_desk_set_playbook (post->office.desk, playbook, NULL));
  pass (post, MINUTE);
  assert_int_equal (post->other->got->len, 1);
}

static void
test_what_may_have_arrived_stays_so_when_its_channel_is_closed (void **state)
{
  Post *post = *state;
  g_autoptr(IncidentCase) kase = NULL;
  g_autoptr(IncidentMessage) message = NULL;

  far_side_will (post->other, FAR_LOSES, 1);
  far_side_will (post->other, FAR_IS_CLOSED, 1);
  kase = open_one (post);
  pass (post, MINUTE);
  assert_int_equal (post->other->n_calls, 2);
  message = find_message (post, "other", "unsure");
  assert_non_null (message);
}

static void
test_a_closed_channel_is_tried_by_who_begins_anew (void **state)
{
  Post *post = *state;
  g_autoptr(IncidentPlaybook) playbook = incident_playbook_ref (incident_desk_get_playbook (post->office.desk));
  g_autoptr(IncidentDesk) second = incident_desk_new_with_playbook (post->office.store, post->office.clock, playbook);
  g_autoptr(IncidentCase) kase = NULL;

  far_side_will (post->other, FAR_IS_CLOSED, 1);
  kase = open_one (post);
  deliver_all (post->office.desk);
  assert_int_equal (post->other->got->len, 0);
  incident_desk_add_channel (second, "other", INCIDENT_CHANNEL (post->other));
  deliver_all (second);
  assert_int_equal (post->other->got->len, 1);
}

static void
test_a_message_whose_time_is_over_is_not_sent (void **state)
{
  Post *post = *state;
  g_autoptr(IncidentCase) kase G_GNUC_UNUSED = open_one (post);
  g_autoptr(IncidentMessage) expired = NULL;

  advance (&post->office, 25 * G_TIME_SPAN_HOUR);
  deliver_all (post->office.desk);
  expired = find_message (post, "other", "expired");
  assert_non_null (expired);
  assert_null (far_side_find (post->other, incident_message_get_key (expired)));
}

static void
test_one_that_may_have_arrived_is_not_sent_again_when_its_time_is_over (void **state)
{
  Post *post = *state;
  g_autoptr(IncidentCase) kase = NULL;
  g_autoptr(IncidentMessage) expired = NULL;

  far_side_will (post->other, FAR_LOSES, 1);
  kase = open_one (post);
  deliver_all (post->office.desk);
  advance (&post->office, 25 * G_TIME_SPAN_HOUR);
  deliver_all (post->office.desk);
  expired = find_message (post, "other", "expired");
  assert_non_null (expired);
  assert_string_equal (incident_message_get_trouble (expired), "No answer came");
  assert_int_equal (post->other->n_look_ups, 1);
  assert_null (far_side_find (post->other, incident_message_get_key (expired)));
}

static void
test_two_desks_send_each_message_once (void **state)
{
  Post *post = *state;
  g_autoptr(IncidentPlaybook) playbook = incident_playbook_ref (incident_desk_get_playbook (post->office.desk));
  g_autoptr(IncidentDesk) second = incident_desk_new_with_playbook (post->office.store, post->office.clock, playbook);
  g_autoptr(IncidentCase) kase = open_one (post);
  g_autoptr(GAsyncResult) one = NULL;
  g_autoptr(GAsyncResult) two = NULL;

  incident_desk_add_channel (second, "other", INCIDENT_CHANNEL (post->other));
  incident_desk_add_channel (second, "chat", INCIDENT_CHANNEL (post->chat));
  assert_true (incident_case_diagnose (kase, NULL, "ana", NULL));
  incident_desk_deliver_async (post->office.desk, NULL, store_result, &one);
  incident_desk_deliver_async (second, NULL, store_result, &two);
  wait_for (&one);
  wait_for (&two);
  assert_int_equal (post->other->got->len, 2);
}

static void
test_who_was_too_slow_changes_nothing (void **state)
{
  Post *post = *state;
  g_autoptr(IncidentPlaybook) playbook = incident_playbook_ref (incident_desk_get_playbook (post->office.desk));
  g_autoptr(IncidentDesk) second = incident_desk_new_with_playbook (post->office.store, post->office.clock, playbook);
  g_autoptr(IncidentCase) kase = NULL;
  g_autoptr(GAsyncResult) one = NULL;
  g_autoptr(IncidentMessage) sent = NULL;
  guint n;

  incident_desk_add_channel (second, "other", INCIDENT_CHANNEL (post->other));
  post->other->can_look_up = TRUE;
  far_side_will (post->other, FAR_HANGS, 1);
  kase = open_one (post);
  incident_desk_deliver_async (post->office.desk, NULL, store_result, &one);
  advance (&post->office, 2 * MINUTE);
  deliver_all (second);
  sent = find_message (post, "other", "sent");
  assert_non_null (sent);
  assert_int_equal (post->other->got->len, 1);
  assert_true (incident_desk_refresh (post->office.desk, NULL));
  n = incident_case_get_version (kase);
  far_side_wake (post->other);
  wait_for (&one);
  assert_true (incident_desk_refresh (post->office.desk, NULL));
  assert_int_equal (count_kind (kase, "message-delivered"), 1 + 2 /* room and card */);
  assert_true (incident_case_get_version (kase) >= n);
}

static void
test_what_is_on_its_way_keeps_its_channel_under_another_playbook (void **state)
{
  Post *post = *state;
  static const char * const bell[] = { "bell", NULL };
  IncidentOutboxClaim claim = { START, START + MINUTE, "killed", bell };
  g_autoptr(IncidentPlaybook) by_command = incident_playbook_new_from_json (
    "{\"channels\": {\"bell\": {\"kind\": \"command\", \"run\": [\"/bin/true\"]}}}", -1, "test", NULL);
  g_autoptr(IncidentPlaybook) by_nobody = incident_playbook_new_from_json (
    "{\"channels\": {\"bell\": {\"kind\": \"own\"}}}", -1, "test", NULL);
  g_autoptr(IncidentCase) kase = NULL;
  g_autoptr(IncidentOutboxRow) row = NULL;
  g_autoptr(GAsyncResult) one = NULL;
  g_autoptr(GAsyncResult) two = NULL;
  g_autoptr(IncidentMessage) sent = NULL;

  assert_true (incident_desk_set_playbook (post->office.desk, by_command, NULL));
  kase = open_one (post);
  row = incident_store_claim_message (post->office.store, &claim, NULL, NULL);
  assert_non_null (row);
  advance (&post->office, 2 * MINUTE);
  /* It is looked up; before that ends there is another playbook. */
  incident_desk_deliver_async (post->office.desk, NULL, store_result, &one);
  assert_true (incident_desk_set_playbook (post->office.desk, by_nobody, NULL));
  incident_desk_deliver_async (post->office.desk, NULL, store_result, &two);
  wait_for (&one);
  wait_for (&two);
  sent = find_message (post, "bell", "sent");
  assert_non_null (sent);
}

static void
test_an_archive_comes_two_days_after_the_end (void **state)
{
  Post *post = *state;
  g_autoptr(IncidentCase) kase = open_one (post);

  assert_true (incident_case_cancel (kase, "no incident", "ana", NULL));
  pass (post, 47 * G_TIME_SPAN_HOUR);
  assert_null (far_side_last (post->chat, "archive"));
  pass (post, 2 * G_TIME_SPAN_HOUR);
  assert_non_null (far_side_last (post->chat, "archive"));
}

static void
test_an_archive_is_not_for_a_case_that_was_opened_again (void **state)
{
  Post *post = *state;
  g_autoptr(IncidentCase) kase = open_one (post);

  assert_true (incident_case_cancel (kase, "no incident", "ana", NULL));
  pass (post, MINUTE);
  assert_true (incident_case_reopen (kase, "it was one", "ana", NULL));
  pass (post, 72 * G_TIME_SPAN_HOUR);
  assert_null (far_side_last (post->chat, "archive"));
}

static void
test_who_is_told_to_stop_begins_nothing_more (void **state)
{
  Post *post = *state;
  g_autoptr(IncidentCase) kase G_GNUC_UNUSED = open_one (post);
  g_autoptr(GCancellable) cancellable = g_cancellable_new ();
  g_autoptr(GAsyncResult) result = NULL;
  g_autoptr(GError) error = NULL;
  g_autoptr(IncidentMessage) message = NULL;

  g_cancellable_cancel (cancellable);
  incident_desk_deliver_async (post->office.desk, cancellable, store_result, &result);
  assert_false (incident_desk_deliver_finish (post->office.desk, wait_for (&result), NULL, &error));
  assert_true (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED));
  assert_int_equal (post->chat->got->len, 0);
  message = find_message (post, "chat", "pending");
  assert_non_null (message);
}

static void
test_who_is_not_to_be_told_of_the_end_leaves_nothing_behind (void **state)
{
  Post *post = *state;
  g_autoptr(IncidentCase) kase = NULL;
  g_autoptr(GAsyncResult) result = NULL;

  far_side_will (post->other, FAR_HANGS, 1);
  kase = open_one (post);
  incident_desk_deliver_async (post->office.desk, NULL, store_result, &result);
  for (guint i = 0; i < 10; i++)
    incident_desk_deliver_async (post->office.desk, NULL, NULL, NULL);
  assert_int_equal (incident_desk_get_sender (post->office.desk)->waiting->len, 1);
  far_side_wake (post->other);
  wait_for (&result);
}

/* Else it would be killed before its time, and never get through. */
static void
test_a_program_has_no_more_time_than_its_attempt (void **state)
{
  assert_true (INCIDENT_PROGRAM_PATIENCE < INCIDENT_SENDER_LEASE / 3);
}

static void
count_end (gpointer n_ended, GObject *object)
{
  ++*(guint *) n_ended;
}

static void
test_who_looks_at_messages_keeps_no_desk (void **state)
{
  Post *post = *state;
  g_autoptr(IncidentPlaybook) playbook = incident_playbook_ref (incident_desk_get_playbook (post->office.desk));
  g_autoptr(IncidentCase) kase G_GNUC_UNUSED = open_one (post);
  guint n_ended = 0;

  for (guint i = 0; i < 2; i++)
    {
      g_autoptr(IncidentDesk) second = incident_desk_new_with_playbook (post->office.store, post->office.clock, playbook);

      g_object_weak_ref (G_OBJECT (second), count_end, &n_ended);
      if (i == 0)
        g_ptr_array_unref (incident_desk_list_messages (second, NULL, NULL, 0, 0, 100, NULL));
      else
        incident_message_unref (incident_desk_get_message (second, 1, NULL));
    }
  assert_int_equal (n_ended, 2);
}

static char *
cut_link (const char *json)
{
  const char *start = strstr (json, "https://desk.example.org/ack/");

  return start != NULL ? g_strndup (start, strcspn (start, "\"")) : NULL;
}

static void
test_a_letter_to_somebody_has_a_link_that_acknowledges (void **state)
{
  Post *post = *state;
  g_autoptr(GError) error = NULL;
  g_autoptr(IncidentPlaybook) playbook = incident_playbook_new_from_json (
    "{\"people\": {\"ana\": {\"contacts\": {\"mail\": \"ana@example.org\"}}},"
    " \"channels\": {\"other\": {\"kind\": \"mail\", \"from\": \"i@example.org\", \"to\": [\"ana@example.org\", \"ops@example.org\"]}},"
    " \"desk\": {\"address\": \"https://desk.example.org/\", \"links\": {\"env\": \"TEST_LINKS\"}}}", -1, "test", &error);
  g_autoptr(IncidentCase) kase = NULL;
  g_autoptr(IncidentMessage) shown = NULL;
  g_autoptr(IncidentReply) reply = NULL;
  g_autofree char *to_ana = NULL;
  g_autofree char *to_ops = NULL;
  g_autofree char *in_outbox = NULL;

  assert_no_error (error);
  g_setenv ("TEST_LINKS", "a key that is long enough to be one", TRUE);
  assert_true (incident_desk_set_playbook (post->office.desk, playbook, NULL));
  kase = open_one (post);
  deliver_all (post->office.desk);
  assert_int_equal (post->other->got->len, 2);
  to_ana = cut_link (((FarMessage *) g_ptr_array_index (post->other->got, 0))->json);
  to_ops = cut_link (((FarMessage *) g_ptr_array_index (post->other->got, 1))->json);
  assert_non_null (to_ana);
  assert_null (to_ops);
  shown = incident_desk_get_message (post->office.desk, 1, NULL);
  in_outbox = incident_message_to_json (shown);
  assert_null (strstr (in_outbox, "/ack/"));

  reply = incident_desk_take_link (post->office.desk, to_ana + strlen ("https://desk.example.org/ack/"), TRUE);
  assert_int_equal (incident_reply_get_status (reply), 200);
  assert_int_equal (count_kind (kase, "acknowledged"), 1);
  g_unsetenv ("TEST_LINKS");
}

#define post_test(function) cmocka_unit_test_setup_teardown (function, post_open, post_close)

int
main (void)
{
  const struct CMUnitTest tests[] = {
    post_test (test_a_case_gets_its_room_and_what_is_in_it),
    post_test (test_a_burst_of_changes_is_one_edit_of_the_card),
    post_test (test_an_edit_takes_the_place_of_what_is_shown_now),
    post_test (test_posts_are_never_merged_and_keep_their_order),
    post_test (test_what_was_delivered_stands_in_the_timeline_with_its_link),
    post_test (test_a_delivery_makes_no_view_stale),
    post_test (test_a_delivery_does_not_make_a_forgotten_case_look_cared_for),
    post_test (test_where_everybody_reads_there_is_no_trace_of_words_that_were_removed),
    post_test (test_a_card_shows_no_talk),
    post_test (test_a_channel_that_fails_holds_nobody_up),
    post_test (test_ten_thousand_that_wait_hold_nobody_up),
    post_test (test_what_surely_did_not_arrive_is_sent_again_under_the_same_key),
    post_test (test_what_may_have_arrived_is_looked_up_and_not_sent_twice),
    post_test (test_what_was_lost_is_looked_up_twice_and_sent_again),
    post_test (test_who_asks_for_patience_is_left_alone_so_long_and_it_costs_no_attempt),
    post_test (test_what_is_refused_is_dead_and_told),
    post_test (test_a_person_sends_a_dead_message_again),
    post_test (test_a_channel_that_fails_again_and_again_is_left_in_peace_and_then_probed),
    post_test (test_a_channel_is_up_when_a_message_gets_through),
    post_test (test_a_channel_without_a_probe_is_tried_by_one_message),
    post_test (test_a_closed_channel_waits_for_another_playbook),
    post_test (test_what_may_have_arrived_stays_so_when_its_channel_is_closed),
    post_test (test_a_closed_channel_is_tried_by_who_begins_anew),
    post_test (test_a_message_whose_time_is_over_is_not_sent),
    post_test (test_one_that_may_have_arrived_is_not_sent_again_when_its_time_is_over),
    post_test (test_two_desks_send_each_message_once),
    post_test (test_who_was_too_slow_changes_nothing),
    post_test (test_who_is_told_to_stop_begins_nothing_more),
    post_test (test_who_is_not_to_be_told_of_the_end_leaves_nothing_behind),
    post_test (test_who_looks_at_messages_keeps_no_desk),
    cmocka_unit_test (test_a_program_has_no_more_time_than_its_attempt),
    post_test (test_what_is_on_its_way_keeps_its_channel_under_another_playbook),
    post_test (test_an_archive_comes_two_days_after_the_end),
    post_test (test_a_letter_to_somebody_has_a_link_that_acknowledges),
    post_test (test_an_archive_is_not_for_a_case_that_was_opened_again),
  };

  return cmocka_run_group_tests (tests, NULL, NULL);
}
