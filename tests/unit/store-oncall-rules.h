/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "store-outbox-rules.h"

/* The rules for who is on call and who does the work, which every kind of store keeps too. */

static inline GPtrArray *
roster_of (const char *body)
{
  GPtrArray *entries = g_ptr_array_new_with_free_func ((GDestroyNotify) incident_roster_entry_free);

  g_ptr_array_add (entries, incident_roster_entry_new ("add", START, "payments", "ana", g_strdup (body)));
  return entries;
}

static inline gboolean
append (Shop *shop, guint64 follows, GPtrArray *entries, GError **error)
{
  g_autoptr(GPtrArray) none = g_ptr_array_new ();
  IncidentRosterAppend roster = { follows, entries };
  IncidentCommit transaction = { .drafts = none, .roster = &roster };

  return incident_store_commit (shop->store, &transaction, error);
}

static inline void
append_well (Shop *shop, guint64 follows, const char *body)
{
  g_autoptr(GPtrArray) entries = roster_of (body);
  g_autoptr(GError) error = NULL;

  append (shop, follows, entries, &error);
  assert_no_error (error);
}

static inline guint64
roster_head (Shop *shop)
{
  g_autoptr(GError) error = NULL;
  guint64 head = G_MAXUINT64;

  assert_true (incident_store_get_roster_head (shop->store, &head, &error));
  assert_no_error (error);
  return head;
}

static inline GPtrArray *
list_roster (Shop *shop, guint64 after, guint limit)
{
  g_autoptr(GError) error = NULL;
  GPtrArray *listed = incident_store_list_roster (shop->store, after, limit, &error);

  assert_no_error (error);
  return listed;
}

static void
test_nobody_changed_who_is_on_call_at_first (void **state)
{
  g_autoptr(GPtrArray) listed = list_roster (*state, 0, 10);

  assert_true (roster_head (*state) == 0);
  assert_int_equal (listed->len, 0);
}

static void
test_an_entry_of_the_roster_is_kept_field_by_field (void **state)
{
  Shop *shop = *state;
  g_autoptr(GPtrArray) entries = g_ptr_array_new_with_free_func ((GDestroyNotify) incident_roster_entry_free);
  g_autoptr(GPtrArray) listed = NULL;
  const IncidentRosterEntry *entry;
  g_autoptr(GError) error = NULL;

  g_ptr_array_add (entries, incident_roster_entry_new ("swap", START + 7, "payments", "ana", g_strdup ("{\"text\":\"é\"}")));
  g_ptr_array_add (entries, incident_roster_entry_new ("playbook", START + 8, NULL, "desk", g_strdup ("{}")));
  assert_true (append (shop, 0, entries, &error));
  assert_true (((IncidentRosterEntry *) g_ptr_array_index (entries, 1))->id == 2);
  assert_true (roster_head (shop) == 2);

  listed = list_roster (shop, 0, 10);
  assert_int_equal (listed->len, 2);
  entry = g_ptr_array_index (listed, 0);
  assert_true (entry->id == 1 && entry->at == START + 7);
  assert_ptr_equal (entry->kind, g_intern_string ("swap"));
  assert_string_equal (entry->schedule, "payments");
  assert_string_equal (entry->actor, "ana");
  assert_string_equal (entry->body, "{\"text\":\"é\"}");
  assert_null (((IncidentRosterEntry *) g_ptr_array_index (listed, 1))->schedule);
}

static void
test_the_roster_is_listed_from_where_one_is (void **state)
{
  Shop *shop = *state;
  g_autoptr(GPtrArray) listed = NULL;

  append_well (shop, 0, "{\"n\":1}");
  append_well (shop, 1, "{\"n\":2}");
  append_well (shop, 2, "{\"n\":3}");
  listed = list_roster (shop, 1, 1);
  assert_int_equal (listed->len, 1);
  assert_string_equal (((IncidentRosterEntry *) g_ptr_array_index (listed, 0))->body, "{\"n\":2}");
}

static void
test_who_did_not_see_the_last_entry_appends_nothing (void **state)
{
  Shop *shop = *state;
  g_autoptr(GPtrArray) entries = roster_of ("{\"n\":2}");
  g_autoptr(GError) error = NULL;

  append_well (shop, 0, "{\"n\":1}");
  assert_false (append (shop, 0, entries, &error));
  assert_error (error, INCIDENT_ERROR, INCIDENT_ERROR_CONFLICT);
  assert_string_equal (error->message, "Others changed who is on call meanwhile");
  g_clear_error (&error);
  assert_false (append (shop, 2, entries, &error));
  assert_error (error, INCIDENT_ERROR, INCIDENT_ERROR_CONFLICT);
  assert_true (roster_head (shop) == 1);
}

static void
test_the_roster_changes_with_its_events_or_not_at_all (void **state)
{
  Shop *shop = *state;
  g_auto(Parcel) parcel = { { NULL, } };
  g_autoptr(GPtrArray) entries = roster_of ("{}");
  IncidentRosterAppend roster = { 0, entries };

  parcel_init (&parcel);
  parcel.commit.roster = &roster;
  g_ptr_array_add (parcel.commit.drafts, draft (shop, 0, 1, "opened", OPENED));
  g_ptr_array_add (parcel.commit.drafts, draft (shop, 7, 2, "note", ""));
  assert_refused (shop, &parcel, "The case has changed in the meantime");
  assert_true (roster_head (shop) == 0);

  g_ptr_array_set_size (parcel.commit.drafts, 1);
  send_off (shop, &parcel);
  assert_true (roster_head (shop) == 1);
  assert_true (incident_store_get_size (shop->store, NULL) == 1);
}

/* Claims */

/* Returns its token; 0: it is another's. */
static inline guint64
take_work (Shop *shop, const char *holder, gint64 span)
{
  g_auto(IncidentClaim) taken = { "escalator", 0, g_strdup (holder), now_of (shop) + span };
  g_autoptr(GError) error = NULL;

  assert_true (incident_store_take_claim (shop->store, &taken, now_of (shop), &error));
  assert_no_error (error);
  return taken.token;
}

static inline gboolean
commit_under (Shop *shop, guint64 token, gint64 until, GError **error)
{
  g_autoptr(GPtrArray) drafts = g_ptr_array_new_with_free_func ((GDestroyNotify) incident_record_unref);
  IncidentClaim held = { "escalator", token, NULL, until };
  IncidentCommit transaction = { .drafts = drafts, .claim = &held };

  g_ptr_array_add (drafts, draft (shop, 0, 1, "opened", OPENED));
  return incident_store_commit (shop->store, &transaction, error);
}

static void
test_work_is_held_by_one_at_a_time (void **state)
{
  Shop *shop = *state;
  g_auto(IncidentClaim) other = { "escalator", 99, g_strdup ("there"), now_of (shop) + 2 * LEASE };
  g_auto(IncidentClaim) another = { "reports", 0, g_strdup ("there"), now_of (shop) + LEASE };
  gint64 until = now_of (shop) + LEASE;

  assert_true (take_work (shop, "here", LEASE) > 0);
  assert_true (incident_store_take_claim (shop->store, &other, now_of (shop), NULL));
  assert_true (other.token == 0);
  assert_string_equal (other.holder, "here");
  assert_true (other.until == until);
  assert_true (incident_store_take_claim (shop->store, &another, now_of (shop), NULL));
  assert_true (another.token > 0);
}

static void
test_who_holds_the_work_keeps_its_token (void **state)
{
  Shop *shop = *state;
  guint64 token = take_work (shop, "here", LEASE);

  pass (shop, LEASE / 2);
  assert_true (take_work (shop, "here", LEASE) == token);
  pass (shop, LEASE / 2);
  assert_true (take_work (shop, "there", LEASE) == 0);
  pass (shop, 2 * LEASE);
  assert_true (take_work (shop, "here", LEASE) == token);
}

static void
test_work_whose_lease_ran_out_goes_to_another_under_a_greater_token (void **state)
{
  Shop *shop = *state;
  guint64 token = take_work (shop, "here", LEASE);
  g_autoptr(GError) error = NULL;

  pass (shop, LEASE);
  assert_true (take_work (shop, "there", LEASE) > token);
  assert_false (commit_under (shop, token, now_of (shop) + LEASE, &error));
  assert_error (error, INCIDENT_ERROR, INCIDENT_ERROR_CONFLICT);
  assert_string_equal (error->message, "The work was claimed by another in the meantime");
  assert_true (incident_store_get_size (shop->store, NULL) == 0);
}

static void
test_work_that_was_let_go_is_free (void **state)
{
  Shop *shop = *state;

  take_work (shop, "here", LEASE);
  take_work (shop, "here", 0);
  assert_true (take_work (shop, "there", LEASE) > 0);
}

static void
test_a_commit_renews_the_lease_of_its_claim (void **state)
{
  Shop *shop = *state;
  guint64 token = take_work (shop, "here", LEASE);
  g_autoptr(GError) error = NULL;

  pass (shop, LEASE / 2);
  assert_true (commit_under (shop, token, now_of (shop) + LEASE, &error));
  pass (shop, LEASE - 1);
  assert_true (take_work (shop, "there", LEASE) == 0);
  pass (shop, 1);
  assert_true (take_work (shop, "there", LEASE) > 0);
}

static void
test_nothing_is_committed_under_a_claim_that_nobody_made (void **state)
{
  Shop *shop = *state;
  g_autoptr(GError) error = NULL;

  assert_false (commit_under (shop, 1, now_of (shop) + LEASE, &error));
  assert_error (error, INCIDENT_ERROR, INCIDENT_ERROR_CONFLICT);
  g_clear_error (&error);
  assert_false (commit_under (shop, 0, now_of (shop) + LEASE, &error));
  assert_error (error, INCIDENT_ERROR, INCIDENT_ERROR_CONFLICT);
}

/* Pages */

static inline void
send_page (Shop *shop, const char *key, IncidentMessageKind kind, const char *channel, const char *recipient)
{
  IncidentOutboxRow *row = message (shop, key, channel, key);
  g_autoptr(IncidentOutboxRow) sent = NULL;
  g_auto(Parcel) parcel = { { NULL, } };

  row->kind = kind;
  row->recipient = g_strdup (recipient);
  put (shop, row);
  sent = claim_from (shop, (const char * const []) { channel, NULL }, NULL);
  assert_string_equal (sent->key, key);
  parcel_init (&parcel);
  g_ptr_array_add (parcel.commit.changes, incident_outbox_change_new (sent, INCIDENT_MESSAGE_STATE_SENT, now_of (shop)));
  send_off (shop, &parcel);
}

static void
test_pages_that_were_sent_to_one_recipient_are_listed_by_time (void **state)
{
  Shop *shop = *state;
  gint64 start = now_of (shop);
  IncidentOutboxRow *waiting;
  g_autoptr(GArray) times = NULL;
  g_autoptr(GError) error = NULL;

  send_page (shop, "before", INCIDENT_MESSAGE_KIND_PAGE, "slack", "U1");
  pass (shop, 10);
  send_page (shop, "a", INCIDENT_MESSAGE_KIND_PAGE, "slack", "U1");
  send_page (shop, "other-person", INCIDENT_MESSAGE_KIND_PAGE, "slack", "U2");
  send_page (shop, "other-channel", INCIDENT_MESSAGE_KIND_PAGE, "mail", "U1");
  send_page (shop, "other-kind", INCIDENT_MESSAGE_KIND_POST, "slack", "U1");
  pass (shop, 10);
  send_page (shop, "b", INCIDENT_MESSAGE_KIND_PAGE, "slack", "U1");
  send_page (shop, "c", INCIDENT_MESSAGE_KIND_PAGE, "slack", "U1");
  waiting = message (shop, "waits", "slack", "waits");
  waiting->kind = INCIDENT_MESSAGE_KIND_PAGE;
  waiting->recipient = g_strdup ("U1");
  put (shop, waiting);

  times = incident_store_list_paged (shop->store, "slack", "U1", start + 10, &error);
  assert_no_error (error);
  assert_int_equal (times->len, 3);
  assert_true (g_array_index (times, gint64, 0) == start + 10);
  assert_true (g_array_index (times, gint64, 1) == start + 20);
  assert_true (g_array_index (times, gint64, 2) == start + 20);
}

/* Cases, all at once */

static inline gboolean
note_state (guint64 number, const IncidentState *state, gpointer data, GError **error)
{
  g_string_append_printf (data, "%" G_GUINT64_FORMAT ":%u ", number, state->version);
  if (number < 3)
    return TRUE;

  incident_set_no_case (error, number);
  return FALSE;
}

static void
test_all_cases_are_shown_as_they_are (void **state)
{
  Shop *shop = *state;
  g_autoptr(GString) seen = g_string_new (NULL);
  g_autoptr(GError) error = NULL;

  assert_true (incident_store_look_at_all (shop->store, note_state, seen, &error));
  assert_string_equal (seen->str, "");
  commit_well (shop, draft (shop, 0, 1, "opened", OPENED));
  commit_well (shop, draft (shop, 0, 1, "opened", OPENED));
  commit_well (shop, draft (shop, 1, 2, "diagnosed", "phase=diagnosis"));
  assert_true (incident_store_look_at_all (shop->store, note_state, seen, &error));
  assert_string_equal (seen->str, "1:2 2:1 ");

  g_string_truncate (seen, 0);
  commit_well (shop, draft (shop, 0, 1, "opened", OPENED));
  commit_well (shop, draft (shop, 0, 1, "opened", OPENED));
  assert_false (incident_store_look_at_all (shop->store, note_state, seen, &error));
  assert_error (error, INCIDENT_ERROR, INCIDENT_ERROR_NOT_FOUND);
  assert_string_equal (seen->str, "1:2 2:1 3:1 ");
}

#define STORE_ONCALL_RULES(open, close) \
  cmocka_unit_test_setup_teardown (test_nobody_changed_who_is_on_call_at_first, open, close), \
  cmocka_unit_test_setup_teardown (test_an_entry_of_the_roster_is_kept_field_by_field, open, close), \
  cmocka_unit_test_setup_teardown (test_the_roster_is_listed_from_where_one_is, open, close), \
  cmocka_unit_test_setup_teardown (test_who_did_not_see_the_last_entry_appends_nothing, open, close), \
  cmocka_unit_test_setup_teardown (test_the_roster_changes_with_its_events_or_not_at_all, open, close), \
  cmocka_unit_test_setup_teardown (test_work_is_held_by_one_at_a_time, open, close), \
  cmocka_unit_test_setup_teardown (test_who_holds_the_work_keeps_its_token, open, close), \
  cmocka_unit_test_setup_teardown (test_work_whose_lease_ran_out_goes_to_another_under_a_greater_token, open, close), \
  cmocka_unit_test_setup_teardown (test_work_that_was_let_go_is_free, open, close), \
  cmocka_unit_test_setup_teardown (test_a_commit_renews_the_lease_of_its_claim, open, close), \
  cmocka_unit_test_setup_teardown (test_nothing_is_committed_under_a_claim_that_nobody_made, open, close), \
  cmocka_unit_test_setup_teardown (test_pages_that_were_sent_to_one_recipient_are_listed_by_time, open, close), \
  cmocka_unit_test_setup_teardown (test_all_cases_are_shown_as_they_are, open, close)
