/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "store-rules.h"

/* The rules for messages, which every kind of store keeps too. */

#define LEASE G_TIME_SPAN_MINUTE

static inline gint64
now_of (Shop *shop)
{
  return incident_clock_get_time (shop->clock);
}

static inline void
pass (Shop *shop, gint64 span)
{
  incident_manual_clock_advance (INCIDENT_MANUAL_CLOCK (shop->clock), span);
}

/* One that is due now. */
static inline IncidentOutboxRow *
message (Shop *shop, const char *key, const char *channel, const char *lane)
{
  IncidentOutboxRow *row = incident_outbox_row_new ();

  row->key = g_strdup (key);
  row->channel = g_strdup (channel);
  row->lane = g_strdup (lane);
  row->body = g_strdup_printf ("{\"text\":\"%s\"}", key);
  row->priority = INCIDENT_OUTBOX_UPDATE;
  row->created_at = row->not_before = row->changed_at = now_of (shop);
  return row;
}

/* What is put together for one commit. */
typedef struct
{
  IncidentCommit commit;
} Parcel;

static inline void
parcel_clear (Parcel *self)
{
  g_clear_pointer (&self->commit.drafts, g_ptr_array_unref);
  g_clear_pointer (&self->commit.messages, g_ptr_array_unref);
  g_clear_pointer (&self->commit.changes, g_ptr_array_unref);
  g_clear_pointer (&self->commit.channel, incident_channel_state_free);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Parcel, parcel_clear)

static inline void
parcel_init (Parcel *self)
{
  self->commit = (IncidentCommit) {
    .drafts = g_ptr_array_new_with_free_func ((GDestroyNotify) incident_record_unref),
    .messages = g_ptr_array_new_with_free_func ((GDestroyNotify) incident_outbox_row_free),
    .changes = g_ptr_array_new_with_free_func ((GDestroyNotify) incident_outbox_change_free),
  };
}

static inline void
send_off (Shop *shop, Parcel *parcel)
{
  g_autoptr(GError) error = NULL;

  incident_store_commit (shop->store, &parcel->commit, &error);
  assert_no_error (error);
}

static inline void
assert_refused (Shop *shop, Parcel *parcel, const char *why)
{
  g_autoptr(GError) error = NULL;

  assert_false (incident_store_commit (shop->store, &parcel->commit, &error));
  assert_error (error, INCIDENT_ERROR, INCIDENT_ERROR_CONFLICT);
  assert_string_equal (error->message, why);
}

#define CLAIMED_ANEW "The message was claimed by another in the meantime"
#define HAS_CHANGED  "The message has changed in the meantime"

/* Returns its id. */
static inline guint64
put (Shop *shop, IncidentOutboxRow *row /* (transfer full) */)
{
  g_auto(Parcel) parcel = { { NULL, } };

  parcel_init (&parcel);
  g_ptr_array_add (parcel.commit.messages, row);
  send_off (shop, &parcel);
  return row->id;
}

static inline guint64
put_text (Shop *shop, const char *key, const char *lane)
{
  return put (shop, message (shop, key, "slack", lane));
}

static inline IncidentOutboxRow *
claim_from (Shop *shop, const char * const *channels, gint64 *next)
{
  const IncidentOutboxClaim claim = { now_of (shop), now_of (shop) + LEASE, "here", channels };
  g_autoptr(GError) error = NULL;
  IncidentOutboxRow *row = incident_store_claim_message (shop->store, &claim, next, &error);

  assert_no_error (error);
  return row;
}

static inline IncidentOutboxRow *
claim (Shop *shop)
{
  static const char * const slack[] = { "slack", NULL };

  return claim_from (shop, slack, NULL);
}

static inline void
assert_none (Shop *shop, gint64 next)
{
  static const char * const slack[] = { "slack", NULL };
  gint64 when = 1;

  assert_null (claim_from (shop, slack, &when));
  assert_true (when == next);
}

/* The key of the one that is claimed, which is lent until the next call. */
static inline void
assert_claims (Shop *shop, const char *key)
{
  g_autoptr(IncidentOutboxRow) row = claim (shop);

  assert_non_null (row);
  assert_string_equal (row->key, key);
}

static inline gboolean
change (Shop *shop, const IncidentOutboxRow *row, IncidentMessageState to, GError **error)
{
  g_auto(Parcel) parcel = { { NULL, } };

  parcel_init (&parcel);
  g_ptr_array_add (parcel.commit.changes, incident_outbox_change_new (row, to, now_of (shop)));
  return incident_store_commit (shop->store, &parcel.commit, error);
}

static inline void
settle (Shop *shop, const IncidentOutboxRow *row, IncidentMessageState to)
{
  g_autoptr(GError) error = NULL;

  change (shop, row, to, &error);
  assert_no_error (error);
}

static inline void
assert_stale (Shop *shop, const IncidentOutboxRow *row, IncidentMessageState to, const char *why)
{
  g_autoptr(GError) error = NULL;

  assert_false (change (shop, row, to, &error));
  assert_error (error, INCIDENT_ERROR, INCIDENT_ERROR_CONFLICT);
  assert_string_equal (error->message, why);
}

static inline IncidentOutboxRow *
find (Shop *shop, const char *key)
{
  g_autoptr(GError) error = NULL;
  IncidentOutboxRow *row = incident_store_find_message (shop->store, 0, key, &error);

  assert_no_error (error);
  assert_non_null (row);
  return row;
}

static inline void
assert_state (Shop *shop, const char *key, IncidentMessageState state)
{
  g_autoptr(IncidentOutboxRow) row = find (shop, key);

  assert_int_equal (row->state, state);
}

/* As “a:pending b:dead ”. */
static inline void
assert_listed (Shop *shop, const IncidentOutboxQuery *query, const char *expected)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(GPtrArray) rows = incident_store_list_messages (shop->store, query, &error);
  g_autoptr(GString) text = g_string_new (NULL);

  assert_no_error (error);
  for (guint i = 0; i < rows->len; i++)
    {
      const IncidentOutboxRow *row = g_ptr_array_index (rows, i);

      g_string_append_printf (text, "%s:%s ", row->key, incident_message_state_to_string (row->state));
    }
  assert_string_equal (text->str, expected);
}

static inline void
assert_all (Shop *shop, const char *expected)
{
  const IncidentOutboxQuery all = { .limit = 100 };

  assert_listed (shop, &all, expected);
}

static void
test_nothing_waits_in_an_empty_outbox (void **state)
{
  Shop *shop = *state;
  g_autoptr(GError) error = NULL;
  IncidentOutboxCount count = { { 9, } };
  guint64 subject = 9;

  assert_none (shop, G_MAXINT64);
  assert_all (shop, "");
  assert_null (incident_store_find_message (shop->store, 1, NULL, &error));
  assert_null (incident_store_find_message (shop->store, 0, "k", &error));
  assert_null (incident_store_find_sent (shop->store, 1, "slack", -1, &error));
  assert_null (incident_store_get_channel (shop->store, "slack", &error));
  assert_no_error (error);
  assert_true (incident_store_find_conversation (shop->store, "slack", "C1", &subject, NULL) && subject == 0);
  assert_true (incident_store_count_messages (shop->store, NULL, &count, NULL));
  for (guint i = 0; i < G_N_ELEMENTS (count.n); i++)
    assert_true (count.n[i] == 0);
  assert_true (count.oldest == INCIDENT_TIME_NONE);
}

static inline IncidentOutboxRow *
full_row (void)
{
  const IncidentOutboxRow row = {
    .key = (char *) "k", .draft = -1, .subject = 41, .seq = 7, .episode = 2, .wanted = INCIDENT_WANTED_EPISODE,
    .kind = INCIDENT_MESSAGE_KIND_PAGE, .channel = (char *) "slack", .lane = (char *) "page/ana",
    .priority = INCIDENT_OUTBOX_ANNOUNCE, .body = (char *) "{\"text\":\"é “x”\"}", .recipient = (char *) "U2CERLKJA",
    .coalesce = (char *) "c", .after = (char *) "j", .created_at = 1, .not_before = 2, .no_later = 3, .expires_at = 4,
    .most_attempts = 5, .attempts = 6, .unsure_since = 7, .token = 8, .external_id = (char *) "1.2",
    .conversation = (char *) "C1", .permalink = (char *) "https://x", .trouble = (char *) "no “answer”", .changed_at = 9,
    .log = (char *) "[]",
  };

  return incident_outbox_row_copy (&row);
}

static inline void
assert_rows_equal (const IncidentOutboxRow *a, const IncidentOutboxRow *b)
{
  assert_true (a->subject == b->subject && a->seq == b->seq && a->episode == b->episode && a->wanted == b->wanted
               && a->kind == b->kind && a->priority == b->priority && a->state == b->state);
  assert_true (a->created_at == b->created_at && a->not_before == b->not_before && a->no_later == b->no_later
               && a->expires_at == b->expires_at && a->changed_at == b->changed_at && a->unsure_since == b->unsure_since);
  assert_true (a->most_attempts == b->most_attempts && a->attempts == b->attempts && a->token == b->token);
  assert_string_equal (a->key, b->key);
  assert_string_equal (a->channel, b->channel);
  assert_string_equal (a->lane, b->lane);
  assert_string_equal (a->body, b->body);
  assert_true (g_strcmp0 (a->recipient, b->recipient) == 0 && g_strcmp0 (a->coalesce, b->coalesce) == 0
               && g_strcmp0 (a->after, b->after) == 0 && g_strcmp0 (a->external_id, b->external_id) == 0
               && g_strcmp0 (a->conversation, b->conversation) == 0 && g_strcmp0 (a->permalink, b->permalink) == 0
               && g_strcmp0 (a->trouble, b->trouble) == 0 && g_strcmp0 (a->log, b->log) == 0);
}

static void
test_a_message_is_kept_field_by_field (void **state)
{
  Shop *shop = *state;
  g_autoptr(IncidentOutboxRow) full = full_row ();
  g_autoptr(IncidentOutboxRow) sparse = message (shop, "s", "mail", "l");
  g_autoptr(IncidentOutboxRow) found = NULL;
  g_autoptr(IncidentOutboxRow) found_sparse = NULL;

  assert_true (put (shop, incident_outbox_row_copy (full)) == 1);
  assert_true (put (shop, incident_outbox_row_copy (sparse)) == 2);
  found = find (shop, "k");
  assert_true (found->id == 1 && found->draft == -1);
  assert_rows_equal (found, full);
  found_sparse = incident_store_find_message (shop->store, 2, NULL, NULL);
  assert_non_null (found_sparse);
  assert_rows_equal (found_sparse, sparse);
}

static void
test_a_change_is_kept_field_by_field (void **state)
{
  Shop *shop = *state;
  g_autoptr(IncidentOutboxRow) full = full_row ();
  g_autoptr(IncidentOutboxRow) row = NULL;
  g_autoptr(IncidentOutboxRow) found = NULL;

  put_text (shop, "a", "l");
  row = find (shop, "a");
  row->attempts = full->attempts;
  row->not_before = full->not_before;
  row->expires_at = full->expires_at;
  row->unsure_since = full->unsure_since;
  row->external_id = g_strdup (full->external_id);
  row->conversation = g_strdup (full->conversation);
  row->permalink = g_strdup (full->permalink);
  row->trouble = g_strdup (full->trouble);
  row->log = g_strdup (full->log);
  pass (shop, 5);
  settle (shop, row, INCIDENT_MESSAGE_STATE_EXPIRED);
  row->state = INCIDENT_MESSAGE_STATE_EXPIRED;
  row->changed_at = now_of (shop);
  found = find (shop, "a");
  assert_rows_equal (found, row);
}

static void
test_a_message_belongs_to_the_case_that_is_opened_with_it (void **state)
{
  Shop *shop = *state;
  g_auto(Parcel) parcel = { { NULL, } };
  g_autoptr(IncidentOutboxRow) first = NULL;
  g_autoptr(IncidentOutboxRow) second = NULL;
  IncidentOutboxRow *row = message (shop, "k", "slack", "%c/ana@x");

  parcel_init (&parcel);
  g_ptr_array_add (parcel.commit.drafts, draft (shop, 0, 1, "opened", OPENED));
  g_ptr_array_add (parcel.commit.drafts, draft (shop, 0, 1, "opened", OPENED));
  g_ptr_array_add (parcel.commit.drafts, draft (shop, 0, 2, "noted", ""));
  row->coalesce = g_strdup ("card/%c/%c");
  row->draft = 2;
  g_ptr_array_add (parcel.commit.messages, row);
  g_ptr_array_add (parcel.commit.messages, message (shop, "none", "slack", "100%"));
  /* As a commit that failed may have left it. */
  ((IncidentOutboxRow *) g_ptr_array_index (parcel.commit.messages, 1))->draft = 0;
  ((IncidentOutboxRow *) g_ptr_array_index (parcel.commit.messages, 1))->subject = 99;
  ((IncidentOutboxRow *) g_ptr_array_index (parcel.commit.messages, 1))->seq = 7;
  send_off (shop, &parcel);
  assert_true (row->id == 1 && row->subject == 2 && row->seq == 2);
  first = find (shop, "k");
  assert_true (first->subject == 2 && first->seq == 2);
  assert_string_equal (first->lane, "INC-2/ana@x");
  assert_string_equal (first->coalesce, "card/INC-2/INC-2");
  second = find (shop, "none");
  assert_true (second->subject == 1 && second->seq == 1);
  assert_string_equal (second->lane, "100%");
}

static void
test_a_message_belongs_to_the_one_of_many_cases_that_it_names (void **state)
{
  Shop *shop = *state;
  g_auto(Parcel) parcel = { { NULL, } };
  IncidentRecord *record = draft (shop, 1, 2, "diagnosed", "phase=diagnosis");
  const IncidentPlace place = { .subject = 2, .seq = 3 };

  commit_well (shop, draft (shop, 0, 1, "opened", OPENED));
  commit_well (shop, draft (shop, 0, 1, "opened", OPENED));
  commit_well (shop, draft (shop, 2, 2, "noted", ""));
  record->also = g_array_new (FALSE, FALSE, sizeof place);
  g_array_append_val (record->also, place);
  parcel_init (&parcel);
  g_ptr_array_add (parcel.commit.drafts, record);
  for (guint i = 0; i < 2; i++)
    {
      IncidentOutboxRow *row = message (shop, i == 0 ? "a" : "b", "slack", "%c");

      row->draft = 0;
      row->subject = i + 1;
      g_ptr_array_add (parcel.commit.messages, row);
    }
  send_off (shop, &parcel);
  for (guint i = 0; i < 2; i++)
    {
      g_autoptr(IncidentOutboxRow) row = find (shop, i == 0 ? "a" : "b");

      assert_true (row->subject == i + 1 && row->seq == i + 2);
      assert_string_equal (row->lane, i == 0 ? "INC-1" : "INC-2");
    }
}

static void
test_a_key_is_there_once (void **state)
{
  Shop *shop = *state;
  g_autoptr(IncidentOutboxRow) row = NULL;
  IncidentOutboxRow *again = message (shop, "a", "slack", "l");

  put_text (shop, "a", "l%c");
  row = find (shop, "a");
  assert_string_equal (row->lane, "l%c"); /* of no case */
  g_clear_pointer (&row, incident_outbox_row_free);
  put_text (shop, "b", "l");
  g_free (again->body);
  again->body = g_strdup ("{}");
  assert_true (put (shop, again) == 1);
  row = find (shop, "a");
  assert_string_equal (row->body, "{\"text\":\"a\"}");
  settle (shop, row, INCIDENT_MESSAGE_STATE_SENT);
  assert_true (put_text (shop, "a", "other lane") == 1);
  assert_all (shop, "a:sent b:pending ");
}

static void
test_no_message_is_written_without_its_event (void **state)
{
  Shop *shop = *state;
  g_auto(Parcel) parcel = { { NULL, } };

  commit_well (shop, draft (shop, 0, 1, "opened", OPENED));
  put_text (shop, "a", "l");
  parcel_init (&parcel);
  g_ptr_array_add (parcel.commit.drafts, draft (shop, 1, 3, "noted", ""));
  g_ptr_array_add (parcel.commit.messages, message (shop, "b", "slack", "l"));
  assert_refused (shop, &parcel, "The case has changed in the meantime");
  assert_all (shop, "a:pending ");
}

/* Order */

static void
test_a_lane_goes_strictly_one_after_another (void **state)
{
  Shop *shop = *state;
  g_autoptr(IncidentOutboxRow) first = NULL;
  g_autoptr(IncidentOutboxRow) other = NULL;

  put_text (shop, "a", "1");
  put_text (shop, "b", "1");
  put_text (shop, "c", "2");
  put_text (shop, "d", "1");
  first = claim (shop);
  assert_string_equal (first->key, "a");
  assert_true (first->state == INCIDENT_MESSAGE_STATE_SENDING && first->attempts == 1 && first->token != 0
               && first->unsure_since == INCIDENT_TIME_NONE);
  other = claim (shop);
  assert_string_equal (other->key, "c");
  assert_none (shop, now_of (shop) + LEASE);
  settle (shop, first, INCIDENT_MESSAGE_STATE_SENT);
  assert_claims (shop, "b");
  assert_none (shop, now_of (shop) + LEASE);
  assert_all (shop, "a:sent b:sending c:sending d:pending ");
}

static void
test_a_head_that_is_not_due_holds_the_lane_back (void **state)
{
  Shop *shop = *state;
  IncidentOutboxRow *late = message (shop, "late", "slack", "1");

  late->not_before += 10;
  put (shop, late);
  put_text (shop, "b", "1");
  assert_none (shop, START + 10);
  pass (shop, 9);
  assert_none (shop, START + 10);
  pass (shop, 1);
  assert_claims (shop, "late");
}

static void
test_the_urgent_go_first_and_then_those_that_wait_longest (void **state)
{
  static const struct { const char *key, *channel; IncidentOutboxPriority priority; gint64 wait; } rows[] = {
    { "tidy", "slack", INCIDENT_OUTBOX_TIDY, 0 },    { "update", "slack", INCIDENT_OUTBOX_UPDATE, 2 },
    { "older", "mail", INCIDENT_OUTBOX_UPDATE, 1 },  { "page", "mail", INCIDENT_OUTBOX_PAGE, 5 },
    { "same", "bell", INCIDENT_OUTBOX_UPDATE, 2 },   { "early", "bell", INCIDENT_OUTBOX_PAGE, 100 },
    { "second", "slack", INCIDENT_OUTBOX_UPDATE, 2 },
  };
  static const char * const channels[] = { "bell", "slack", "mail", NULL };
  static const char * const order[] = { "page", "older", "same", "update", "second", "tidy" };
  Shop *shop = *state;
  gint64 next;

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      IncidentOutboxRow *row = message (shop, rows[i].key, rows[i].channel, rows[i].key);

      row->priority = rows[i].priority;
      row->not_before += rows[i].wait;
      put (shop, row);
    }
  pass (shop, 50);
  for (guint i = 0; i < G_N_ELEMENTS (order); i++)
    {
      g_autoptr(IncidentOutboxRow) row = claim_from (shop, channels, &next);

      assert_non_null (row);
      assert_string_equal (row->key, order[i]);
      assert_true (next == now_of (shop));
    }
  assert_null (claim_from (shop, channels, &next));
  assert_true (next == START + 100);
}

static void
test_no_more_is_claimed_than_is_asked_for (void **state)
{
  static const char * const mail[] = { "mail", NULL };
  static const char * const none[] = { NULL };
  Shop *shop = *state;
  gint64 next;

  put_text (shop, "a", "1");
  assert_null (claim_from (shop, mail, &next));
  assert_true (next == G_MAXINT64);
  assert_null (claim_from (shop, none, &next));
  assert_true (next == G_MAXINT64);
  assert_claims (shop, "a");
}

/* What has had its time is for the sender to judge. */
static void
test_what_has_expired_is_handed_out_like_others (void **state)
{
  Shop *shop = *state;
  IncidentOutboxRow *row = message (shop, "a", "slack", "1");

  row->expires_at = row->not_before;
  put (shop, row);
  pass (shop, 5);
  assert_claims (shop, "a");
}

/* Fencing */

static void
test_a_lease_that_ran_out_leaves_it_unsure (void **state)
{
  Shop *shop = *state;
  g_autoptr(IncidentOutboxRow) lost = NULL;
  g_autoptr(IncidentOutboxRow) second = NULL;
  g_autoptr(IncidentOutboxRow) third = NULL;

  put_text (shop, "a", "1");
  put_text (shop, "b", "1");
  pass (shop, 3);
  lost = claim (shop);
  pass (shop, LEASE - 1);
  assert_none (shop, START + 3 + LEASE);
  pass (shop, 1);
  second = claim (shop);
  assert_string_equal (second->key, "a");
  assert_true (second->state == INCIDENT_MESSAGE_STATE_UNSURE && second->token > lost->token && second->attempts == 2);
  assert_true (second->unsure_since == START + 3);
  pass (shop, LEASE);
  third = claim (shop);
  assert_true (third->state == INCIDENT_MESSAGE_STATE_UNSURE && third->token > second->token && third->attempts == 3);
  assert_true (third->unsure_since == START + 3);
  assert_all (shop, "a:sending b:pending ");
  settle (shop, third, INCIDENT_MESSAGE_STATE_SENT);
  assert_claims (shop, "b");
}

static void
test_who_was_too_slow_changes_nothing (void **state)
{
  Shop *shop = *state;
  g_autoptr(IncidentOutboxRow) zombie = NULL;
  g_autoptr(IncidentOutboxRow) living = NULL;
  g_autoptr(IncidentOutboxRow) before = NULL;
  g_autoptr(IncidentOutboxRow) after = NULL;
  g_auto(Parcel) parcel = { { NULL, } };

  commit_well (shop, draft (shop, 0, 1, "opened", OPENED));
  put_text (shop, "a", "1");
  zombie = claim (shop);
  pass (shop, LEASE);
  living = claim (shop);
  before = find (shop, "a");
  parcel_init (&parcel);
  g_ptr_array_add (parcel.commit.drafts, draft (shop, 1, 2, "message-delivered", ""));
  g_ptr_array_add (parcel.commit.messages, message (shop, "b", "slack", "2"));
  g_ptr_array_add (parcel.commit.changes, incident_outbox_change_new (zombie, INCIDENT_MESSAGE_STATE_SENT, now_of (shop)));
  assert_refused (shop, &parcel, CLAIMED_ANEW);
  after = find (shop, "a");
  assert_rows_equal (after, before);
  assert_all (shop, "a:sending ");
  assert_true (incident_store_get_size (shop->store, NULL) == 1);
  /* And the case can go on. */
  commit_well (shop, draft (shop, 1, 2, "noted", ""));
  settle (shop, living, INCIDENT_MESSAGE_STATE_SENT);
  assert_stale (shop, zombie, INCIDENT_MESSAGE_STATE_DEAD, CLAIMED_ANEW);
  assert_state (shop, "a", INCIDENT_MESSAGE_STATE_SENT);
}

/* For as long as nobody else was quicker. */
static void
test_who_was_slow_alone_may_still_say_what_became_of_it (void **state)
{
  Shop *shop = *state;
  g_autoptr(IncidentOutboxRow) row = NULL;

  put_text (shop, "a", "1");
  row = claim (shop);
  pass (shop, 10 * LEASE);
  settle (shop, row, INCIDENT_MESSAGE_STATE_SENT);
  assert_none (shop, G_MAXINT64);
}

static void
test_what_became_of_it_is_said_once (void **state)
{
  static const IncidentMessageState ends[] = { INCIDENT_MESSAGE_STATE_SENT, INCIDENT_MESSAGE_STATE_PENDING,
                                               INCIDENT_MESSAGE_STATE_DEAD };
  Shop *shop = *state;

  for (guint i = 0; i < G_N_ELEMENTS (ends); i++)
    {
      const char key[] = { (char) ('a' + i), '\0' };
      g_autoptr(IncidentOutboxRow) row = NULL;

      put_text (shop, key, key);
      row = claim (shop);
      assert_string_equal (row->key, key);
      row->not_before = START + 1000;
      settle (shop, row, ends[i]);
      assert_stale (shop, row, INCIDENT_MESSAGE_STATE_SENT, CLAIMED_ANEW);
    }
  assert_all (shop, "a:sent b:pending c:dead ");
}

static void
test_one_that_is_tried_again_keeps_its_lane_waiting (void **state)
{
  Shop *shop = *state;
  g_autoptr(IncidentOutboxRow) row = NULL;
  g_autoptr(IncidentOutboxRow) again = NULL;

  put_text (shop, "a", "1");
  put_text (shop, "b", "1");
  row = claim (shop);
  row->not_before = now_of (shop) + 7;
  row->attempts = 0;
  settle (shop, row, INCIDENT_MESSAGE_STATE_PENDING);
  assert_none (shop, START + 7);
  pass (shop, 7);
  again = claim (shop);
  assert_string_equal (again->key, "a");
  assert_true (again->state == INCIDENT_MESSAGE_STATE_SENDING && again->attempts == 1 && again->token > row->token
               && again->unsure_since == INCIDENT_TIME_NONE);
}

static void
test_one_that_may_have_arrived_is_given_as_unsure (void **state)
{
  Shop *shop = *state;
  g_autoptr(IncidentOutboxRow) row = NULL;
  g_autoptr(IncidentOutboxRow) again = NULL;
  g_autoptr(IncidentOutboxRow) third = NULL;

  put_text (shop, "a", "1");
  row = claim (shop);
  pass (shop, 2);
  row->unsure_since = START + 1;
  row->not_before = START + 9;
  settle (shop, row, INCIDENT_MESSAGE_STATE_UNSURE);
  assert_all (shop, "a:unsure ");
  assert_none (shop, START + 9);
  pass (shop, 7);
  again = claim (shop);
  assert_true (again->state == INCIDENT_MESSAGE_STATE_UNSURE && again->unsure_since == START + 1);
  assert_all (shop, "a:sending ");
  /* It was not there, so it is a plain attempt again. */
  again->unsure_since = INCIDENT_TIME_NONE;
  settle (shop, again, INCIDENT_MESSAGE_STATE_PENDING);
  third = claim (shop);
  assert_true (third->state == INCIDENT_MESSAGE_STATE_SENDING && third->unsure_since == INCIDENT_TIME_NONE);
}

/* So that it is known when the first attempt began that may have arrived. */
static void
test_a_sender_may_write_down_how_far_it_is (void **state)
{
  Shop *shop = *state;
  g_autoptr(IncidentOutboxRow) row = NULL;
  g_autoptr(IncidentOutboxRow) next = NULL;

  put_text (shop, "a", "1");
  row = claim (shop);
  row->external_id = g_strdup ("half");
  settle (shop, row, INCIDENT_MESSAGE_STATE_SENDING);
  assert_none (shop, START + LEASE);
  pass (shop, LEASE);
  next = claim (shop);
  assert_string_equal (next->external_id, "half");
  assert_int_equal (next->state, INCIDENT_MESSAGE_STATE_UNSURE);
  assert_stale (shop, row, INCIDENT_MESSAGE_STATE_SENT, CLAIMED_ANEW);
}

/* By a person's hand */

static void
test_by_hand_it_must_still_stand_as_it_was_seen (void **state)
{
  Shop *shop = *state;
  g_autoptr(IncidentOutboxRow) seen = NULL;
  g_autoptr(IncidentOutboxRow) row = NULL;

  put_text (shop, "a", "1");
  put_text (shop, "b", "1");
  seen = find (shop, "a");
  row = claim (shop);
  assert_stale (shop, seen, INCIDENT_MESSAGE_STATE_WITHDRAWN, HAS_CHANGED);
  settle (shop, row, INCIDENT_MESSAGE_STATE_PENDING);
  settle (shop, seen, INCIDENT_MESSAGE_STATE_WITHDRAWN);
  assert_claims (shop, "b");
  seen->id = 99;
  assert_stale (shop, seen, INCIDENT_MESSAGE_STATE_WITHDRAWN, HAS_CHANGED);
}

static void
test_one_behind_the_head_is_withdrawn_by_hand (void **state)
{
  Shop *shop = *state;
  g_autoptr(IncidentOutboxRow) second = NULL;
  g_autoptr(IncidentOutboxRow) first = NULL;

  put_text (shop, "a", "1");
  put_text (shop, "b", "1");
  put_text (shop, "c", "1");
  first = claim (shop);
  second = find (shop, "b");
  settle (shop, second, INCIDENT_MESSAGE_STATE_WITHDRAWN);
  assert_none (shop, START + LEASE);
  settle (shop, first, INCIDENT_MESSAGE_STATE_SENT);
  assert_claims (shop, "c");
}

static void
test_one_that_is_sent_again_takes_its_place_in_the_lane (void **state)
{
  Shop *shop = *state;
  g_autoptr(IncidentOutboxRow) row = NULL;
  g_autoptr(IncidentOutboxRow) under_way = NULL;
  g_autoptr(IncidentOutboxRow) dead = NULL;

  put_text (shop, "a", "1");
  put_text (shop, "b", "1");
  put_text (shop, "c", "1");
  row = claim (shop);
  settle (shop, row, INCIDENT_MESSAGE_STATE_DEAD);
  under_way = claim (shop);
  assert_string_equal (under_way->key, "b");
  dead = find (shop, "a");
  settle (shop, dead, INCIDENT_MESSAGE_STATE_PENDING);
  /* What is under way goes on alone. */
  assert_none (shop, START + LEASE);
  under_way->not_before = START + 100;
  settle (shop, under_way, INCIDENT_MESSAGE_STATE_PENDING);
  assert_claims (shop, "a");
  assert_all (shop, "a:sending b:pending c:pending ");
}

static void
test_one_that_is_sent_again_opens_its_lane_again (void **state)
{
  Shop *shop = *state;
  g_autoptr(IncidentOutboxRow) row = NULL;
  g_autoptr(IncidentOutboxRow) dead = NULL;

  put_text (shop, "a", "1");
  row = claim (shop);
  settle (shop, row, INCIDENT_MESSAGE_STATE_DEAD);
  assert_none (shop, G_MAXINT64);
  dead = find (shop, "a");
  dead->not_before = START + 3;
  settle (shop, dead, INCIDENT_MESSAGE_STATE_PENDING);
  assert_none (shop, START + 3);
  pass (shop, 3);
  assert_claims (shop, "a");
}

/* An unsure one waits for its turn, so a person may decide what became of it. */
static void
test_an_unsure_one_is_settled_by_hand (void **state)
{
  Shop *shop = *state;
  g_autoptr(IncidentOutboxRow) row = NULL;
  g_autoptr(IncidentOutboxRow) seen = NULL;

  put_text (shop, "a", "1");
  put_text (shop, "b", "1");
  row = claim (shop);
  row->not_before = START + 100;
  settle (shop, row, INCIDENT_MESSAGE_STATE_UNSURE);
  seen = find (shop, "a");
  settle (shop, seen, INCIDENT_MESSAGE_STATE_SENT);
  assert_claims (shop, "b");
}

/* Dependants */

static inline void
put_after (Shop *shop, const char *key, const char *channel, const char *lane, const char *after)
{
  IncidentOutboxRow *row = message (shop, key, channel, lane);

  row->after = g_strdup (after);
  put (shop, row);
}

static void
test_a_dead_head_takes_those_along_that_need_it (void **state)
{
  Shop *shop = *state;
  g_autoptr(IncidentOutboxRow) row = NULL;
  g_autoptr(IncidentOutboxRow) second = NULL;
  g_autoptr(IncidentOutboxRow) third = NULL;

  put_text (shop, "room", "1");
  put_after (shop, "card", "slack", "1", "room");
  put_after (shop, "pin", "slack", "1", "card");
  put_text (shop, "post", "1");
  put_after (shop, "topic", "slack", "1", "room");
  put_after (shop, "other lane", "slack", "2", "room");
  put_after (shop, "other channel", "mail", "1", "room");
  put_after (shop, "later", "slack", "1", "post");
  row = claim (shop);
  pass (shop, 1);
  settle (shop, row, INCIDENT_MESSAGE_STATE_DEAD);
  assert_all (shop, "room:dead card:dead pin:dead post:pending topic:dead other lane:pending other channel:pending"
                    " later:pending ");
  second = find (shop, "card");
  assert_string_equal (second->trouble, "It cannot do without message 1, which is dead");
  assert_true (second->changed_at == START + 1);
  third = find (shop, "pin");
  assert_string_equal (third->trouble, "It cannot do without message 2, which is dead");
  assert_claims (shop, "post");
  assert_claims (shop, "other lane");
}

static void
test_one_that_is_given_up_otherwise_takes_nobody_along (void **state)
{
  Shop *shop = *state;
  g_autoptr(IncidentOutboxRow) row = NULL;

  put_text (shop, "room", "1");
  put_after (shop, "card", "slack", "1", "room");
  row = claim (shop);
  settle (shop, row, INCIDENT_MESSAGE_STATE_EXPIRED);
  assert_all (shop, "room:expired card:pending ");
}

/* Coalescing */

static inline guint64
put_card (Shop *shop, const char *key, gint64 wait, gint64 at_most)
{
  IncidentOutboxRow *row = message (shop, key, "slack", "1");

  row->coalesce = g_strdup ("card");
  row->not_before = now_of (shop) + wait;
  row->no_later = now_of (shop) + at_most;
  row->seq = row->episode = (guint32) key[0];
  return put (shop, row);
}

static inline void
assert_card (Shop *shop, const char *key, const char *body, gint64 not_before)
{
  g_autoptr(IncidentOutboxRow) row = find (shop, key);

  assert_non_null (strstr (row->body, body));
  assert_true (row->seq == (guint32) body[0] && row->episode == row->seq);
  assert_true (row->not_before == not_before && row->state == INCIDENT_MESSAGE_STATE_PENDING);
}

static void
test_one_that_waits_takes_the_next_one_in (void **state)
{
  Shop *shop = *state;

  assert_true (put_card (shop, "a", 10, 25) == 1);
  put_text (shop, "post", "2");
  pass (shop, 8);
  assert_true (put_card (shop, "b", 10, 25) == 1);
  assert_card (shop, "a", "b", START + 18);
  pass (shop, 8);
  assert_true (put_card (shop, "c", 10, 25) == 1);
  assert_card (shop, "a", "c", START + 25);
  assert_claims (shop, "post");
  assert_none (shop, START + 25);
  pass (shop, 9);
  assert_claims (shop, "a");
  assert_all (shop, "a:sending post:sending ");
}

static void
test_one_that_is_under_way_takes_nothing_in (void **state)
{
  Shop *shop = *state;
  g_autoptr(IncidentOutboxRow) row = NULL;

  put_card (shop, "a", 0, 5);
  row = claim (shop);
  assert_true (put_card (shop, "b", 0, 5) == 2);
  assert_true (put_card (shop, "c", 0, 5) == 2);
  /* It is told again, and then there are two: the later one goes out last. */
  settle (shop, row, INCIDENT_MESSAGE_STATE_PENDING);
  assert_true (put_card (shop, "d", 0, 5) == 2);
  assert_all (shop, "a:pending b:pending ");
  assert_card (shop, "a", "a", START);
  assert_card (shop, "b", "d", START);
}

static void
test_one_that_may_have_arrived_takes_nothing_in (void **state)
{
  Shop *shop = *state;
  g_autoptr(IncidentOutboxRow) row = NULL;

  put_card (shop, "a", 0, 5);
  row = claim (shop);
  row->unsure_since = START;
  settle (shop, row, INCIDENT_MESSAGE_STATE_PENDING);
  assert_true (put_card (shop, "b", 0, 5) == 2);
  assert_true (put_card (shop, "c", 0, 5) == 2);
  assert_card (shop, "a", "a", START);
  assert_card (shop, "b", "c", START);
}

static void
test_one_that_was_told_to_wait_is_not_hurried (void **state)
{
  Shop *shop = *state;
  g_autoptr(IncidentOutboxRow) row = NULL;

  put_card (shop, "a", 1, 5);
  pass (shop, 1);
  row = claim (shop);
  row->not_before = START + 60;
  settle (shop, row, INCIDENT_MESSAGE_STATE_PENDING);
  put_card (shop, "b", 1, 5);
  assert_card (shop, "a", "b", START + 60);
  assert_none (shop, START + 60);
}

static void
test_only_the_same_channel_and_key_are_taken_in (void **state)
{
  Shop *shop = *state;
  IncidentOutboxRow *mail = message (shop, "m", "mail", "1");
  IncidentOutboxRow *other = message (shop, "o", "slack", "1");

  put_card (shop, "a", 0, 0);
  mail->coalesce = g_strdup ("card");
  other->coalesce = g_strdup ("topic");
  put (shop, mail);
  put (shop, other);
  put_text (shop, "none", "1");
  put_text (shop, "either", "1");
  assert_all (shop, "a:pending m:pending o:pending none:pending either:pending ");
}

static void
test_what_takes_news_in_lives_as_long_as_the_news (void **state)
{
  Shop *shop = *state;
  g_autoptr(IncidentOutboxRow) found = NULL;

  for (guint i = 0; i < 3; i++)
    {
      static const gint64 ends[] = { 10, 30, 20 };
      const char key[] = { (char) ('a' + i), '\0' };
      IncidentOutboxRow *row = message (shop, key, "slack", "1");

      row->coalesce = g_strdup ("card");
      row->expires_at = START + ends[i];
      put (shop, row);
    }
  found = find (shop, "a");
  assert_true (found->expires_at == START + 30);
}

/* Looking */

static void
test_messages_are_listed_by_what_is_asked (void **state)
{
  static const IncidentMessageState states[] = { INCIDENT_MESSAGE_STATE_SENT, INCIDENT_MESSAGE_STATE_DEAD,
                                                 INCIDENT_MESSAGE_STATE_PENDING, INCIDENT_MESSAGE_STATE_WITHDRAWN };
  Shop *shop = *state;
  IncidentOutboxQuery query = { .limit = 100 };

  for (guint i = 0; i < 8; i++)
    {
      const char key[] = { (char) ('a' + i), '\0' };
      IncidentOutboxRow *row = message (shop, key, i % 2 == 0 ? "slack" : "mail", key);
      g_autoptr(IncidentOutboxRow) found = NULL;

      row->subject = i / 4 + 1;
      put (shop, row);
      found = find (shop, key);
      settle (shop, found, states[i / 2]);
    }
  assert_listed (shop, &query, "a:sent b:sent c:dead d:dead e:pending f:pending g:withdrawn h:withdrawn ");
  query.states = 1 << INCIDENT_MESSAGE_STATE_DEAD | 1 << INCIDENT_MESSAGE_STATE_WITHDRAWN;
  assert_listed (shop, &query, "c:dead d:dead g:withdrawn h:withdrawn ");
  query.limit = 3;
  query.after = 3;
  assert_listed (shop, &query, "d:dead g:withdrawn h:withdrawn ");
  query.limit = 1;
  assert_listed (shop, &query, "d:dead ");
  query.limit = 100;
  query.channel = "mail";
  assert_listed (shop, &query, "d:dead h:withdrawn ");
  query.states |= 1 << INCIDENT_MESSAGE_STATE_SENT;
  query.after = 0;
  assert_listed (shop, &query, "b:sent d:dead h:withdrawn ");
  query.subject = 1;
  assert_listed (shop, &query, "b:sent d:dead ");
  query.states = 0;
  query.channel = NULL;
  query.subject = 2;
  assert_listed (shop, &query, "e:pending f:pending g:withdrawn h:withdrawn ");
  query.states = 1 << INCIDENT_MESSAGE_STATE_PENDING;
  query.after = 5;
  assert_listed (shop, &query, "f:pending ");
}

static inline void
assert_counts (Shop *shop, const char *channel, guint pending, guint sending, guint sent, guint dead, gint64 oldest)
{
  IncidentOutboxCount count;

  assert_true (incident_store_count_messages (shop->store, channel, &count, NULL));
  assert_true (count.n[INCIDENT_MESSAGE_STATE_PENDING] == pending && count.n[INCIDENT_MESSAGE_STATE_SENDING] == sending
               && count.n[INCIDENT_MESSAGE_STATE_SENT] == sent && count.n[INCIDENT_MESSAGE_STATE_DEAD] == dead);
  assert_true (count.oldest == oldest);
}

static void
test_messages_are_counted (void **state)
{
  Shop *shop = *state;
  g_autoptr(IncidentOutboxRow) row = NULL;
  g_autoptr(IncidentOutboxRow) second = NULL;

  put_text (shop, "a", "1");
  pass (shop, 1);
  put_after (shop, "b", "slack", "1", "a");
  put (shop, message (shop, "c", "mail", "1"));
  assert_counts (shop, "slack", 2, 0, 0, 0, START);
  assert_counts (shop, "mail", 1, 0, 0, 0, START + 1);
  assert_counts (shop, NULL, 3, 0, 0, 0, START);
  assert_counts (shop, "bell", 0, 0, 0, 0, INCIDENT_TIME_NONE);
  row = claim (shop);
  assert_counts (shop, "slack", 1, 1, 0, 0, START);
  settle (shop, row, INCIDENT_MESSAGE_STATE_DEAD);
  assert_counts (shop, "slack", 0, 0, 0, 2, INCIDENT_TIME_NONE);
  second = find (shop, "a");
  settle (shop, second, INCIDENT_MESSAGE_STATE_SENT);
  assert_counts (shop, "slack", 0, 0, 1, 1, INCIDENT_TIME_NONE);
  assert_counts (shop, NULL, 1, 0, 1, 1, START + 1);
  pass (shop, 1);
  put (shop, message (shop, "d", "zulip", "1"));
  assert_counts (shop, NULL, 2, 0, 1, 1, START + 1);
}

static inline void
put_sent (Shop *shop, const char *key, IncidentMessageKind kind, guint64 subject, const char *channel, const char *conversation)
{
  IncidentOutboxRow *row = message (shop, key, channel, key);
  g_autoptr(IncidentOutboxRow) found = NULL;

  row->kind = kind;
  row->subject = subject;
  put (shop, row);
  found = find (shop, key);
  found->conversation = g_strdup (conversation);
  settle (shop, found, INCIDENT_MESSAGE_STATE_SENT);
}

static inline void
assert_sent (Shop *shop, guint64 subject, const char *channel, int kind, const char *key)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(IncidentOutboxRow) row = incident_store_find_sent (shop->store, subject, channel, kind, &error);

  assert_no_error (error);
  if (g_strcmp0 (row != NULL ? row->key : NULL, key) != 0)
    fail_msg ("%s was found", row != NULL ? row->key : "nothing");
}

static inline void
assert_converses (Shop *shop, const char *channel, const char *conversation, guint64 expected)
{
  guint64 subject = 99;

  assert_true (incident_store_find_conversation (shop->store, channel, conversation, &subject, NULL));
  assert_true (subject == expected);
}

static void
test_what_was_sent_first_is_found_again (void **state)
{
  Shop *shop = *state;
  IncidentOutboxRow *waiting = message (shop, "waiting", "slack", "1");

  waiting->kind = INCIDENT_MESSAGE_KIND_CARD;
  waiting->subject = 7;
  put (shop, waiting);
  put_sent (shop, "post", INCIDENT_MESSAGE_KIND_POST, 7, "slack", "C1");
  put_sent (shop, "card", INCIDENT_MESSAGE_KIND_CARD, 7, "slack", "C1");
  put_sent (shop, "card again", INCIDENT_MESSAGE_KIND_CARD, 7, "slack", "C1");
  assert_sent (shop, 7, "slack", INCIDENT_MESSAGE_KIND_CARD, "card");
  assert_sent (shop, 7, "slack", INCIDENT_MESSAGE_KIND_POST, "post");
  assert_sent (shop, 7, "slack", -1, "post");
  assert_sent (shop, 7, "slack", INCIDENT_MESSAGE_KIND_ROOM, NULL);
  assert_sent (shop, 7, "mail", -1, NULL);
  assert_sent (shop, 8, "slack", -1, NULL);
}

static inline void
put_drawn (Shop *shop, const char *key, const char *name)
{
  IncidentOutboxRow *row = message (shop, key, "slack", key);
  g_autoptr(IncidentOutboxRow) found = NULL;

  row->kind = INCIDENT_MESSAGE_KIND_CARD;
  row->subject = 7;
  put (shop, row);
  found = find (shop, key);
  found->external_id = g_strdup (name);
  settle (shop, found, INCIDENT_MESSAGE_STATE_SENT);
}

/* Of the one that was written anew since the first is gone, the row that wrote it has its link. */
static void
test_a_view_that_was_written_anew_is_the_one_that_counts (void **state)
{
  Shop *shop = *state;

  put_drawn (shop, "first", "1.1");
  put_drawn (shop, "changed", "1.1");
  put_drawn (shop, "mute", NULL);
  assert_sent (shop, 7, "slack", INCIDENT_MESSAGE_KIND_CARD, "first");
  put_drawn (shop, "anew", "2.2");
  put_drawn (shop, "changed again", "2.2");
  assert_sent (shop, 7, "slack", INCIDENT_MESSAGE_KIND_CARD, "anew");
  assert_sent (shop, 7, "slack", -1, "first");
}

static void
test_a_conversation_leads_to_its_case (void **state)
{
  Shop *shop = *state;
  IncidentOutboxRow *unborn = message (shop, "unborn", "slack", "1");

  put_sent (shop, "room", INCIDENT_MESSAGE_KIND_ROOM, 7, "slack", "C1");
  put_sent (shop, "post", INCIDENT_MESSAGE_KIND_POST, 8, "slack", "C2");
  unborn->kind = INCIDENT_MESSAGE_KIND_ROOM;
  unborn->subject = 9;
  unborn->conversation = g_strdup ("C3");
  put (shop, unborn);
  assert_converses (shop, "slack", "C1", 7);
  assert_converses (shop, "slack", "C2", 0);
  assert_converses (shop, "slack", "C3", 0);
  assert_converses (shop, "mail", "C1", 0);
  put_sent (shop, "reopened", INCIDENT_MESSAGE_KIND_ROOM, 10, "slack", "C1");
  assert_converses (shop, "slack", "C1", 10);
}

/* Channels */

static inline void
tell_channel (Parcel *parcel, const char *channel, guint64 version, const char *data)
{
  const IncidentChannelState known = { (char *) channel, version, (char *) data };

  parcel_init (parcel);
  parcel->commit.channel = g_memdup2 (&known, sizeof known);
  parcel->commit.channel->channel = g_strdup (channel);
  parcel->commit.channel->data = g_strdup (data);
}

static inline void
assert_channel (Shop *shop, const char *channel, guint64 version, const char *data)
{
  g_autoptr(IncidentChannelState) known = incident_store_get_channel (shop->store, channel, NULL);

  assert_non_null (known);
  assert_string_equal (known->channel, channel);
  assert_true (known->version == version);
  assert_string_equal (known->data, data);
}

static void
test_what_is_known_of_a_channel_follows_what_was_known (void **state)
{
  static const struct { guint64 version; const char *data; gboolean fits; } steps[] = {
    { 1, "{\"of\":1}", FALSE }, { 0, "{\"of\":2}", TRUE }, { 0, "{\"of\":3}", FALSE }, { 1, "{\"of\":4}", TRUE },
    { 1, "{\"of\":5}", FALSE }, { 2, "{\"of\":6}", TRUE },
  };
  Shop *shop = *state;

  commit_well (shop, draft (shop, 0, 1, "opened", OPENED));
  for (guint i = 0; i < G_N_ELEMENTS (steps); i++)
    {
      g_auto(Parcel) parcel = { { NULL, } };
      guint64 before = incident_store_get_size (shop->store, NULL);

      tell_channel (&parcel, "slack", steps[i].version, steps[i].data);
      g_ptr_array_add (parcel.commit.drafts, draft (shop, 1, (guint) before + 1, "channel-down", ""));
      if (steps[i].fits)
        send_off (shop, &parcel);
      else
        assert_refused (shop, &parcel, "More is known of the channel by now");
      assert_true (incident_store_get_size (shop->store, NULL) == before + steps[i].fits);
    }
  assert_channel (shop, "slack", 3, "{\"of\":6}");
  assert_null (incident_store_get_channel (shop->store, "mail", NULL));
}

/* Words that are removed */

static inline void
put_words (Parcel *parcel, IncidentOutboxRow *row /* (transfer full) */, guint64 subject, int of_draft)
{
  row->subject = subject;
  row->draft = of_draft;
  row->log = g_strdup ("[{\"at\":1}]");
  g_ptr_array_add (parcel->commit.messages, row);
}

static void
test_words_that_are_removed_stand_in_no_message (void **state)
{
  Shop *shop = *state;
  g_auto(Parcel) parcel = { { NULL, } };
  IncidentRecord *record = draft (shop, 1, 2, "diagnosed", "phase=diagnosis");
  const IncidentPlace place = { .subject = 2, .seq = 2 };
  IncidentOutboxRow *answer = message (shop, "answer", "slack", "answer/ana");
  g_autoptr(IncidentOutboxRow) sent = NULL;
  g_autoptr(IncidentOutboxRow) answered = NULL;

  commit_well (shop, draft (shop, 0, 1, "opened", OPENED));
  commit_well (shop, draft (shop, 0, 1, "opened", OPENED));
  record->also = g_array_new (FALSE, FALSE, sizeof place);
  g_array_append_val (record->also, place);
  parcel_init (&parcel);
  g_ptr_array_add (parcel.commit.drafts, record);
  g_ptr_array_add (parcel.commit.drafts, draft (shop, 1, 3, "noted", ""));
  put_words (&parcel, message (shop, "sent", "slack", "1"), 1, 0);
  put_words (&parcel, message (shop, "waits", "mail", "1"), 1, 0);
  put_words (&parcel, message (shop, "same words", "slack", "2"), 2, 0);
  put_words (&parcel, message (shop, "later", "slack", "1"), 1, 1);
  send_off (shop, &parcel);
  sent = claim (shop);
  settle (shop, sent, INCIDENT_MESSAGE_STATE_SENT);
  answer->subject = 1;
  put (shop, answer);
  commit_well (shop, draft (shop, 1, 4, "redacted", "redacts=2"));
  for (guint i = 0; i < 4; i++)
    {
      static const char * const keys[] = { "sent", "waits", "same words", "later" };
      g_autoptr(IncidentOutboxRow) row = find (shop, keys[i]);

      assert_string_equal (row->body, i < 3 ? "{}" : "{\"text\":\"later\"}");
      assert_string_equal (row->log, "[{\"at\":1}]");
    }
  answered = find (shop, "answer");
  assert_string_equal (answered->body, "{}");
  assert_all (shop, "sent:sent waits:pending same words:pending later:pending answer:pending ");
}

/* A walk, beside the plainest outbox that there can be: one list, which is looked through from its beginning. */

#define WALK_CHANNELS 3
#define WALK_LANES    3

typedef struct
{
  char                   *key, *after, *coalesce, *body;
  guint                   channel, lane;
  IncidentOutboxPriority  priority;
  IncidentMessageState    state;
  gint64                  not_before, no_later, until, claimed_at, unsure_since;
  guint                   attempts;
  guint                   claims;    /* how often it was claimed */
} Plain;

static inline void
plain_free (gpointer data)
{
  Plain *self = data;

  g_free (self->key);
  g_free (self->after);
  g_free (self->coalesce);
  g_free (self->body);
  g_free (self);
}

static const char * const walk_channels[] = { "x", "y", "z", NULL };
static const char * const walk_lanes[] = { "1", "2", "3" };

typedef struct
{
  Shop      *shop;
  GRand     *rand;
  GPtrArray *rows;   /* Plain, by id - 1 */
  GPtrArray *claims; /* IncidentOutboxRow that were handed out, some of them long lost */
} Walk;

static inline gboolean
waits (const Plain *row)
{
  return row->state <= INCIDENT_MESSAGE_STATE_UNSURE;
}

static inline Plain *
plain_head (Walk *self, guint channel, guint lane)
{
  Plain *head = NULL;

  for (guint i = self->rows->len; i-- > 0;)
    {
      Plain *row = g_ptr_array_index (self->rows, i);

      if (row->channel != channel || row->lane != lane || !waits (row))
        continue;
      if (row->state == INCIDENT_MESSAGE_STATE_SENDING)
        return row;
      head = row;
    }
  return head;
}

static inline gint64
plain_due (const Plain *row)
{
  return row->state == INCIDENT_MESSAGE_STATE_SENDING ? row->until : row->not_before;
}

static inline guint64
plain_id (Walk *self, const Plain *row)
{
  guint i = 0;

  while (g_ptr_array_index (self->rows, i) != row)
    i++;
  return i + 1;
}

/* By priority, then by time, then by the order of the channels, then the older one. */
static inline gboolean
goes_before (Walk *self, const Plain *a, const Plain *b)
{
  if (b == NULL || a->priority != b->priority)
    return b == NULL || a->priority < b->priority;
  if (plain_due (a) != plain_due (b))
    return plain_due (a) < plain_due (b);
  if (a->channel != b->channel)
    return a->channel < b->channel;
  return plain_id (self, a) < plain_id (self, b);
}

static inline Plain *
plain_turn (Walk *self, gint64 *next)
{
  Plain *turn = NULL;

  *next = G_MAXINT64;
  for (guint i = 0; i < WALK_CHANNELS * WALK_LANES; i++)
    {
      Plain *head = plain_head (self, i / WALK_LANES, i % WALK_LANES);

      if (head == NULL)
        continue;
      *next = MIN (*next, plain_due (head));
      if (plain_due (head) <= now_of (self->shop) && goes_before (self, head, turn))
        turn = head;
    }
  return turn;
}

static inline Plain *
plain_taker (Walk *self, const Plain *row)
{
  for (guint i = self->rows->len; row->coalesce != NULL && i-- > 0;)
    {
      Plain *old = g_ptr_array_index (self->rows, i);

      if (old->channel == row->channel && g_strcmp0 (old->coalesce, row->coalesce) == 0
          && old->state == INCIDENT_MESSAGE_STATE_PENDING && old->unsure_since == INCIDENT_TIME_NONE)
        return old;
    }
  return NULL;
}

static inline void
walk_put (Walk *self)
{
  guint n = self->shop->n_operations++;
  Plain *row = g_new0 (Plain, 1);
  Plain *taker;
  IncidentOutboxRow *message_row;
  guint64 id;

  row->key = g_strdup_printf ("k%u", n);
  row->channel = (guint) g_rand_int_range (self->rand, 0, WALK_CHANNELS);
  row->lane = (guint) g_rand_int_range (self->rand, 0, WALK_LANES);
  row->priority = (IncidentOutboxPriority) g_rand_int_range (self->rand, 0, INCIDENT_OUTBOX_TIDY + 1);
  row->not_before = now_of (self->shop) + g_rand_int_range (self->rand, -2, 8);
  row->no_later = row->not_before + g_rand_int_range (self->rand, 0, 8);
  row->unsure_since = INCIDENT_TIME_NONE;
  row->body = g_strdup_printf ("{\"n\":%u}", n);
  if (g_rand_int_range (self->rand, 0, 3) == 0)
    row->coalesce = g_strdup_printf ("c%u", row->lane);
  if (self->rows->len > 0 && g_rand_int_range (self->rand, 0, 3) == 0)
    row->after = g_strdup (((Plain *) g_ptr_array_index (self->rows, MAX (self->rows->len, 12) - 12))->key);

  message_row = message (self->shop, row->key, walk_channels[row->channel], walk_lanes[row->lane]);
  message_row->priority = row->priority;
  message_row->not_before = row->not_before;
  message_row->no_later = row->no_later;
  message_row->coalesce = g_strdup (row->coalesce);
  message_row->after = g_strdup (row->after);
  g_free (message_row->body);
  message_row->body = g_strdup (row->body);
  taker = plain_taker (self, row);
  id = put (self->shop, message_row);
  if (taker == NULL)
    {
      g_ptr_array_add (self->rows, row);
      assert_true (id == self->rows->len);
      return;
    }
  assert_true (id == plain_id (self, taker));
  g_free (taker->body);
  taker->body = g_steal_pointer (&row->body);
  taker->not_before = taker->attempts > 0 ? MAX (taker->not_before, MIN (row->not_before, taker->no_later))
                                          : MIN (row->not_before, taker->no_later);
  plain_free (row);
}

static inline void
walk_claim (Walk *self)
{
  gint64 expected_next, next;
  Plain *turn = plain_turn (self, &expected_next);
  IncidentOutboxRow *row = claim_from (self->shop, walk_channels, &next);

  if (turn == NULL)
    {
      assert_null (row);
      assert_true (next == expected_next);
      return;
    }
  assert_non_null (row);
  assert_string_equal (row->key, turn->key);
  assert_string_equal (row->body, turn->body);
  assert_int_equal (row->state, turn->state == INCIDENT_MESSAGE_STATE_PENDING ? INCIDENT_MESSAGE_STATE_SENDING
                                                                              : INCIDENT_MESSAGE_STATE_UNSURE);
  if (turn->state != INCIDENT_MESSAGE_STATE_PENDING && turn->unsure_since == INCIDENT_TIME_NONE)
    turn->unsure_since = turn->claims > 0 ? turn->claimed_at : now_of (self->shop);
  turn->state = INCIDENT_MESSAGE_STATE_SENDING;
  turn->claimed_at = now_of (self->shop);
  turn->until = turn->claimed_at + LEASE;
  turn->claims++;
  assert_int_equal (row->attempts, ++turn->attempts);
  assert_true (row->unsure_since == turn->unsure_since);
  /* So that it is known which claim it was. */
  row->most_attempts = turn->claims;
  g_ptr_array_add (self->claims, row);
}

static inline void
plain_kill (Walk *self, const Plain *dead)
{
  for (guint i = 0; i < self->rows->len; i++)
    {
      Plain *row = g_ptr_array_index (self->rows, i);

      if (row->state != INCIDENT_MESSAGE_STATE_PENDING || g_strcmp0 (row->after, dead->key) != 0
          || row->channel != dead->channel || row->lane != dead->lane)
        continue;
      row->state = INCIDENT_MESSAGE_STATE_DEAD;
      plain_kill (self, row);
    }
}

static inline void
walk_change (Walk *self, Plain *plain, IncidentOutboxRow *row, gboolean fits)
{
  static const IncidentMessageState ends[] = {
    INCIDENT_MESSAGE_STATE_PENDING, INCIDENT_MESSAGE_STATE_UNSURE, INCIDENT_MESSAGE_STATE_SENT, INCIDENT_MESSAGE_STATE_SENT,
    INCIDENT_MESSAGE_STATE_SUPERSEDED, INCIDENT_MESSAGE_STATE_DEAD, INCIDENT_MESSAGE_STATE_DEAD,
  };
  IncidentMessageState to = ends[g_rand_int_range (self->rand, 0, G_N_ELEMENTS (ends))];
  g_autoptr(GError) error = NULL;

  row->not_before = now_of (self->shop) + g_rand_int_range (self->rand, 0, 10);
  if (change (self->shop, row, to, &error) != fits)
    fail_msg ("%s of %s, which is %s: %s", incident_message_state_to_string (to), plain->key,
              incident_message_state_to_string (plain->state), error != NULL ? error->message : "it fits");
  if (!fits)
    {
      assert_error (error, INCIDENT_ERROR, INCIDENT_ERROR_CONFLICT);
      return;
    }
  plain->state = to;
  plain->not_before = row->not_before;
  plain->unsure_since = row->unsure_since;
  plain->attempts = row->attempts;
  if (to == INCIDENT_MESSAGE_STATE_DEAD)
    plain_kill (self, plain);
}

/* By whoever claimed it, now or once. */
static inline void
walk_settle (Walk *self)
{
  guint n = self->claims->len;
  guint i = n > 0 ? (guint) g_rand_int_range (self->rand, (gint32) (n > 8 ? n - 8 : 0), (gint32) n) : 0;
  IncidentOutboxRow *row = n > 0 ? g_ptr_array_index (self->claims, i) : NULL;
  Plain *plain = n > 0 ? g_ptr_array_index (self->rows, row->id - 1) : NULL;

  if (n == 0)
    return;
  if (g_rand_int_range (self->rand, 0, 2) == 0)
    row->unsure_since = row->attempts == 1 ? INCIDENT_TIME_NONE : row->unsure_since;
  walk_change (self, plain, row, plain->claims == row->most_attempts
                                 && (plain->state == INCIDENT_MESSAGE_STATE_SENDING || plain->state == INCIDENT_MESSAGE_STATE_UNSURE));
}

/* By hand, whatever it is. */
static inline void
walk_by_hand (Walk *self)
{
  guint n = self->rows->len;
  Plain *plain = n > 0 ? g_ptr_array_index (self->rows, g_rand_int_range (self->rand, (gint32) (n > 20 ? n - 20 : 0), (gint32) n)) : NULL;
  g_autoptr(IncidentOutboxRow) row = plain != NULL ? find (self->shop, plain->key) : NULL;

  if (row != NULL)
    walk_change (self, plain, row, TRUE);
}

static inline void
assert_as_in_plain (Walk *self)
{
  static const IncidentOutboxQuery all = { .limit = G_MAXUINT };
  g_autoptr(GPtrArray) rows = incident_store_list_messages (self->shop->store, &all, NULL);
  guint64 n[INCIDENT_MESSAGE_STATE_DEAD + 1] = { 0 };
  IncidentOutboxCount count;

  assert_int_equal (rows->len, self->rows->len);
  for (guint i = 0; i < rows->len; i++)
    {
      const IncidentOutboxRow *row = g_ptr_array_index (rows, i);
      const Plain *plain = g_ptr_array_index (self->rows, i);

      assert_string_equal (row->key, plain->key);
      assert_string_equal (row->body, plain->body);
      assert_int_equal (row->state, plain->state);
      assert_true (row->not_before == plain->not_before && row->attempts == plain->attempts
                   && row->unsure_since == plain->unsure_since);
      n[row->state]++;
    }
  assert_true (incident_store_count_messages (self->shop->store, NULL, &count, NULL));
  assert_memory_equal (count.n, n, sizeof n);
}

static void
test_a_walk_comes_to_what_the_plainest_outbox_comes_to (void **state)
{
  g_autoptr(GRand) rand = g_rand_new_with_seed (20261126);
  g_autoptr(GPtrArray) rows = g_ptr_array_new_with_free_func (plain_free);
  g_autoptr(GPtrArray) claims = g_ptr_array_new_with_free_func ((GDestroyNotify) incident_outbox_row_free);
  Walk walk = { *state, rand, rows, claims };

  /* Each step on disk waits for the disk. */
  for (guint i = 0; i < (walk.shop->folder != NULL ? 300 : 5000); i++)
    {
      int what = g_rand_int_range (rand, 0, 100);

      if (what < 25)
        walk_put (&walk);
      else if (what < 60)
        walk_claim (&walk);
      else if (what < 85)
        walk_settle (&walk);
      else if (what < 90)
        walk_by_hand (&walk);
      else
        pass (walk.shop, what < 98 ? g_rand_int_range (rand, 0, 6) : LEASE / 2 + g_rand_int_range (rand, 0, LEASE));
      if (i % 100 == 0)
        assert_as_in_plain (&walk);
    }
  assert_as_in_plain (&walk);
}

#define STORE_OUTBOX_RULES(open, close) \
  cmocka_unit_test_setup_teardown (test_nothing_waits_in_an_empty_outbox, open, close), \
  cmocka_unit_test_setup_teardown (test_a_message_is_kept_field_by_field, open, close), \
  cmocka_unit_test_setup_teardown (test_a_change_is_kept_field_by_field, open, close), \
  cmocka_unit_test_setup_teardown (test_a_message_belongs_to_the_case_that_is_opened_with_it, open, close), \
  cmocka_unit_test_setup_teardown (test_a_message_belongs_to_the_one_of_many_cases_that_it_names, open, close), \
  cmocka_unit_test_setup_teardown (test_a_key_is_there_once, open, close), \
  cmocka_unit_test_setup_teardown (test_no_message_is_written_without_its_event, open, close), \
  cmocka_unit_test_setup_teardown (test_a_lane_goes_strictly_one_after_another, open, close), \
  cmocka_unit_test_setup_teardown (test_a_head_that_is_not_due_holds_the_lane_back, open, close), \
  cmocka_unit_test_setup_teardown (test_the_urgent_go_first_and_then_those_that_wait_longest, open, close), \
  cmocka_unit_test_setup_teardown (test_no_more_is_claimed_than_is_asked_for, open, close), \
  cmocka_unit_test_setup_teardown (test_what_has_expired_is_handed_out_like_others, open, close), \
  cmocka_unit_test_setup_teardown (test_a_lease_that_ran_out_leaves_it_unsure, open, close), \
  cmocka_unit_test_setup_teardown (test_who_was_too_slow_changes_nothing, open, close), \
  cmocka_unit_test_setup_teardown (test_who_was_slow_alone_may_still_say_what_became_of_it, open, close), \
  cmocka_unit_test_setup_teardown (test_what_became_of_it_is_said_once, open, close), \
  cmocka_unit_test_setup_teardown (test_one_that_is_tried_again_keeps_its_lane_waiting, open, close), \
  cmocka_unit_test_setup_teardown (test_one_that_may_have_arrived_is_given_as_unsure, open, close), \
  cmocka_unit_test_setup_teardown (test_a_sender_may_write_down_how_far_it_is, open, close), \
  cmocka_unit_test_setup_teardown (test_by_hand_it_must_still_stand_as_it_was_seen, open, close), \
  cmocka_unit_test_setup_teardown (test_one_behind_the_head_is_withdrawn_by_hand, open, close), \
  cmocka_unit_test_setup_teardown (test_one_that_is_sent_again_takes_its_place_in_the_lane, open, close), \
  cmocka_unit_test_setup_teardown (test_one_that_is_sent_again_opens_its_lane_again, open, close), \
  cmocka_unit_test_setup_teardown (test_an_unsure_one_is_settled_by_hand, open, close), \
  cmocka_unit_test_setup_teardown (test_a_dead_head_takes_those_along_that_need_it, open, close), \
  cmocka_unit_test_setup_teardown (test_one_that_is_given_up_otherwise_takes_nobody_along, open, close), \
  cmocka_unit_test_setup_teardown (test_one_that_waits_takes_the_next_one_in, open, close), \
  cmocka_unit_test_setup_teardown (test_one_that_is_under_way_takes_nothing_in, open, close), \
  cmocka_unit_test_setup_teardown (test_one_that_may_have_arrived_takes_nothing_in, open, close), \
  cmocka_unit_test_setup_teardown (test_one_that_was_told_to_wait_is_not_hurried, open, close), \
  cmocka_unit_test_setup_teardown (test_only_the_same_channel_and_key_are_taken_in, open, close), \
  cmocka_unit_test_setup_teardown (test_what_takes_news_in_lives_as_long_as_the_news, open, close), \
  cmocka_unit_test_setup_teardown (test_messages_are_listed_by_what_is_asked, open, close), \
  cmocka_unit_test_setup_teardown (test_messages_are_counted, open, close), \
  cmocka_unit_test_setup_teardown (test_what_was_sent_first_is_found_again, open, close), \
  cmocka_unit_test_setup_teardown (test_a_view_that_was_written_anew_is_the_one_that_counts, open, close), \
  cmocka_unit_test_setup_teardown (test_a_conversation_leads_to_its_case, open, close), \
  cmocka_unit_test_setup_teardown (test_what_is_known_of_a_channel_follows_what_was_known, open, close), \
  cmocka_unit_test_setup_teardown (test_words_that_are_removed_stand_in_no_message, open, close), \
  cmocka_unit_test_setup_teardown (test_a_walk_comes_to_what_the_plainest_outbox_comes_to, open, close)
