/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "incident-test.h"

#include <string.h>

#include "store/incident-store-private.h"

/* The rules that every kind of store keeps: each file of a kind runs these tests
 * over its own. */

#define START G_GINT64_CONSTANT (1795417200000000) /* 2026-11-23T07:00:00Z */
#define OPENED "phase=new\nstate=live\nepisode=1"

typedef struct
{
  IncidentClock *clock;
  IncidentStore *store;
  char          *folder; /* of a store that has files, or NULL */
  guint          n_operations;
} Shop;

/* Draws an operation of its own, unless told which. */
static inline IncidentRecord *
draft (Shop *shop, guint64 subject, guint seq, const char *kind, const char *facts)
{
  IncidentRecord *record = incident_record_new ();

  record->subject = subject;
  record->seq = seq;
  record->occurred_at = incident_clock_get_time (shop->clock);
  record->recorded_at = record->occurred_at;
  record->kind = g_intern_string (kind);
  record->actor = g_ref_string_new_intern ("ana");
  record->facts = g_ref_string_new_intern (facts);
  record->payload = g_strdup ("{\"title\":\"T\",\"text\":\"é\\n\"}");
  shop->n_operations++;
  memcpy (record->operation, &shop->n_operations, sizeof shop->n_operations);
  return record;
}

static inline gboolean
commit (Shop *shop, IncidentRecord *record /* (transfer full) */, const char *group, guint64 follows, GError **error)
{
  g_autoptr(GPtrArray) drafts = g_ptr_array_new_with_free_func ((GDestroyNotify) incident_record_unref);
  const IncidentGroupChange change = { .name = group, .follows = follows };
  g_autoptr(GArray) groups = g_array_new (FALSE, FALSE, sizeof change);
  IncidentCommit transaction = { .drafts = drafts, .groups = groups };

  g_ptr_array_add (drafts, record);
  if (group != NULL)
    g_array_append_val (groups, change);
  return incident_store_commit (shop->store, &transaction, error);
}

static inline void
commit_well (Shop *shop, IncidentRecord *record /* (transfer full) */)
{
  g_autoptr(GError) error = NULL;

  commit (shop, record, NULL, 0, &error);
  assert_no_error (error);
}

static inline void
assert_conflict (Shop *shop, IncidentRecord *record /* (transfer full) */, const char *group, guint64 follows)
{
  guint64 before = incident_store_get_size (shop->store, NULL);
  g_autoptr(GError) error = NULL;

  assert_false (commit (shop, record, group, follows, &error));
  assert_error (error, INCIDENT_ERROR, INCIDENT_ERROR_CONFLICT);
  assert_true (incident_store_get_size (shop->store, NULL) == before);
}

static inline GPtrArray *
load (Shop *shop, guint64 subject, guint seq)
{
  g_autoptr(GError) error = NULL;
  GPtrArray *records = incident_store_load (shop->store, subject, seq, &error);

  assert_no_error (error);
  assert_non_null (records);
  return records;
}

/* The numbers that a query finds, as “3 2 1 ”. */
static inline void
assert_found (Shop *shop, IncidentQuery *query, const char *expected)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(GArray) numbers = incident_store_find_cases (shop->store, query, &error);
  g_autoptr(GString) text = g_string_new (NULL);

  assert_no_error (error);
  for (guint i = 0; i < numbers->len; i++)
    g_string_append_printf (text, "%" G_GUINT64_FORMAT " ", g_array_index (numbers, guint64, i));
  assert_string_equal (text->str, expected);
}

static void
test_an_empty_store_has_nothing (void **state)
{
  Shop *shop = *state;
  g_autoptr(IncidentQuery) query = incident_query_new ();
  g_autoptr(GPtrArray) records = load (shop, 1, 0);
  g_autoptr(GPtrArray) log = incident_store_read_log (shop->store, 0, 10, NULL);
  g_autoptr(GError) error = NULL;
  guint8 operation[INCIDENT_OPERATION_LENGTH] = { 0 };
  guint64 subject = 9;

  assert_int_equal (records->len, 0);
  assert_int_equal (log->len, 0);
  assert_true (incident_store_get_size (shop->store, &error) == 0);
  assert_no_error (error);
  assert_found (shop, query, "");
  assert_true (incident_store_find_group (shop->store, "g", &subject, NULL) && subject == 0);
  subject = 9;
  assert_true (incident_store_find_operation (shop->store, operation, &subject, NULL) && subject == 0);
}

static void
test_a_new_case_gets_the_next_number (void **state)
{
  Shop *shop = *state;

  for (guint64 number = 1; number <= 3; number++)
    {
      IncidentRecord *record = draft (shop, 0, 1, "opened", OPENED);
      g_autoptr(IncidentRecord) held = incident_record_ref (record);

      commit_well (shop, record);
      assert_true (held->subject == number);
      assert_true (held->log_index == number - 1);
    }
}

static void
test_what_is_committed_is_loaded_field_by_field (void **state)
{
  Shop *shop = *state;
  IncidentRecord *record = draft (shop, 0, 1, "opened", OPENED "\nservice=a=b");
  g_autoptr(IncidentRecord) held = incident_record_ref (record);
  g_autoptr(GPtrArray) records = NULL;
  IncidentRecord *found;

  record->occurred_at -= 5;
  record->step = 0;
  commit_well (shop, record);
  records = load (shop, 1, 0);
  assert_int_equal (records->len, 1);
  found = g_ptr_array_index (records, 0);
  assert_true (found->log_index == 0 && found->subject == 1 && found->seq == 1 && found->step == 0);
  assert_true (found->occurred_at == START - 5 && found->recorded_at == START);
  assert_string_equal (found->kind, "opened");
  assert_string_equal (found->actor, "ana");
  assert_string_equal (found->facts, OPENED "\nservice=a=b");
  assert_string_equal (found->payload, "{\"title\":\"T\",\"text\":\"é\\n\"}");
  assert_int_equal (found->verified, INCIDENT_VERIFICATION_ASSERTED);
  assert_memory_equal (found->operation, held->operation, INCIDENT_OPERATION_LENGTH);
  incident_record_unseal (held);
  assert_memory_equal (found->key, held->key, INCIDENT_KEY_LENGTH);
  assert_memory_equal (found->commitment, held->commitment, INCIDENT_HASH_LENGTH);
  assert_memory_equal (found->leaf, held->leaf, INCIDENT_HASH_LENGTH);
}

static void
test_all_of_a_commit_is_kept_in_order (void **state)
{
  Shop *shop = *state;
  g_autoptr(GPtrArray) drafts = g_ptr_array_new_with_free_func ((GDestroyNotify) incident_record_unref);
  IncidentCommit transaction = { .drafts = drafts };
  g_autoptr(GPtrArray) records = NULL;

  for (guint i = 0; i < 3; i++)
    {
      IncidentRecord *record = draft (shop, 0, i + 1, i == 0 ? "opened" : "noted", i == 0 ? OPENED : "");

      record->step = i;
      memset (record->operation, 0xee, INCIDENT_OPERATION_LENGTH);
      g_ptr_array_add (drafts, record);
    }
  assert_true (incident_store_commit (shop->store, &transaction, NULL));
  records = load (shop, 1, 0);
  assert_int_equal (records->len, 3);
  for (guint i = 0; i < 3; i++)
    assert_true (((IncidentRecord *) g_ptr_array_index (records, i))->step == i
                 && ((IncidentRecord *) g_ptr_array_index (records, i))->seq == i + 1
                 && ((IncidentRecord *) g_ptr_array_index (records, i))->log_index == i);
}

static void
test_events_are_loaded_from_a_place_on (void **state)
{
  Shop *shop = *state;
  g_autoptr(GPtrArray) after = NULL;
  g_autoptr(GPtrArray) end = NULL;
  g_autoptr(GPtrArray) beyond = NULL;

  commit_well (shop, draft (shop, 0, 1, "opened", OPENED));
  commit_well (shop, draft (shop, 0, 1, "opened", OPENED));
  commit_well (shop, draft (shop, 1, 2, "noted", ""));
  commit_well (shop, draft (shop, 1, 3, "noted", ""));
  after = load (shop, 1, 1);
  assert_int_equal (after->len, 2);
  assert_int_equal (((IncidentRecord *) g_ptr_array_index (after, 0))->seq, 2);
  end = load (shop, 1, 3);
  assert_int_equal (end->len, 0);
  beyond = load (shop, 1, 99);
  assert_int_equal (beyond->len, 0);
}

static void
test_the_log_is_read_by_pages (void **state)
{
  Shop *shop = *state;
  g_autoptr(GString) seen = g_string_new (NULL);

  commit_well (shop, draft (shop, 0, 1, "opened", OPENED));
  commit_well (shop, draft (shop, 0, 1, "opened", OPENED));
  commit_well (shop, draft (shop, 1, 2, "noted", ""));
  commit_well (shop, draft (shop, 2, 2, "noted", ""));
  commit_well (shop, draft (shop, 1, 3, "noted", ""));
  for (guint64 from = 0; from <= 6; from += 2)
    {
      g_autoptr(GPtrArray) page = incident_store_read_log (shop->store, from, 2, NULL);

      for (guint i = 0; i < page->len; i++)
        {
          IncidentRecord *record = g_ptr_array_index (page, i);

          assert_true (record->log_index == from + i);
          g_string_append_printf (seen, "%" G_GUINT64_FORMAT "/%u ", record->subject, record->seq);
        }
      g_string_append (seen, "| ");
    }
  assert_string_equal (seen->str, "1/1 2/1 | 1/2 2/2 | 1/3 | | ");
  assert_true (incident_store_get_size (shop->store, NULL) == 5);
}

static void
test_a_stale_sequence_is_a_conflict (void **state)
{
  Shop *shop = *state;

  commit_well (shop, draft (shop, 0, 1, "opened", OPENED));
  commit_well (shop, draft (shop, 1, 2, "noted", ""));
  assert_conflict (shop, draft (shop, 1, 2, "noted", ""), NULL, 0);
  assert_conflict (shop, draft (shop, 1, 4, "noted", ""), NULL, 0);
  assert_conflict (shop, draft (shop, 2, 2, "noted", ""), NULL, 0);
  commit_well (shop, draft (shop, 1, 3, "noted", ""));
}

static void
test_an_operation_is_recorded_once (void **state)
{
  Shop *shop = *state;
  IncidentRecord *first = draft (shop, 0, 1, "opened", OPENED);
  IncidentRecord *again = draft (shop, 1, 2, "noted", "");
  IncidentRecord *elsewhere = draft (shop, 0, 1, "opened", OPENED);
  guint8 operation[INCIDENT_OPERATION_LENGTH];
  guint64 subject = 0;

  memcpy (operation, first->operation, sizeof operation);
  memcpy (again->operation, operation, sizeof operation);
  memcpy (elsewhere->operation, operation, sizeof operation);
  commit_well (shop, first);
  assert_conflict (shop, again, NULL, 0);
  assert_conflict (shop, elsewhere, NULL, 0);
  assert_true (incident_store_find_operation (shop->store, operation, &subject, NULL) && subject == 1);
  operation[15] ^= 1;
  assert_true (incident_store_find_operation (shop->store, operation, &subject, NULL) && subject == 0);
}

static void
test_one_case_stands_for_a_group (void **state)
{
  Shop *shop = *state;
  guint64 subject = 9;

  assert_true (commit (shop, draft (shop, 0, 1, "opened", OPENED), "g", 0, NULL));
  assert_true (incident_store_find_group (shop->store, "g", &subject, NULL) && subject == 1);
  assert_true (incident_store_find_group (shop->store, "G", &subject, NULL) && subject == 0);
  assert_conflict (shop, draft (shop, 0, 1, "opened", OPENED), "g", 0);
  assert_conflict (shop, draft (shop, 0, 1, "opened", OPENED), "g", 2);
  assert_conflict (shop, draft (shop, 0, 1, "opened", OPENED), "other", 1);
  assert_true (commit (shop, draft (shop, 0, 1, "opened", OPENED), "g", 1, NULL));
  assert_true (incident_store_find_group (shop->store, "g", &subject, NULL) && subject == 2);
  assert_conflict (shop, draft (shop, 0, 1, "opened", OPENED), "g", 1);
}

static void
test_queries_find_by_each_condition (void **state)
{
  Shop *shop = *state;
  g_autoptr(IncidentQuery) query = incident_query_new ();

  commit_well (shop, draft (shop, 0, 1, "opened", OPENED "\nservice=checkout"));
  incident_manual_clock_advance (INCIDENT_MANUAL_CLOCK (shop->clock), 10);
  commit_well (shop, draft (shop, 0, 1, "opened", OPENED));
  incident_manual_clock_advance (INCIDENT_MANUAL_CLOCK (shop->clock), 10);
  commit_well (shop, draft (shop, 0, 1, "opened", OPENED "\nservice=checkout"));
  commit_well (shop, draft (shop, 1, 2, "cancelled", "phase=cancelled\nstate=ended"));
  commit_well (shop, draft (shop, 3, 2, "diagnosed", "phase=diagnosis"));

  assert_found (shop, query, "3 2 1 ");
  incident_query_set_service (query, "checkout");
  assert_found (shop, query, "3 1 ");
  incident_query_set_open_only (query, TRUE);
  assert_found (shop, query, "3 ");
  incident_query_set_service (query, NULL);
  assert_found (shop, query, "3 2 ");
  incident_query_set_phase (query, "new");
  assert_found (shop, query, "2 ");
  incident_query_set_open_only (query, FALSE);
  incident_query_set_phase (query, "cancelled");
  assert_found (shop, query, "1 ");
  incident_query_set_phase (query, "no-such-phase");
  assert_found (shop, query, "");
  incident_query_set_phase (query, NULL);
  incident_query_set_since (query, START + 10);
  assert_found (shop, query, "3 2 ");
  incident_query_set_since (query, START + 11);
  assert_found (shop, query, "3 ");
  incident_query_set_since (query, START + 21);
  assert_found (shop, query, "");
  incident_query_set_since (query, INCIDENT_TIME_NONE);
  incident_query_set_before (query, 3);
  assert_found (shop, query, "2 1 ");
  incident_query_set_before (query, 1);
  assert_found (shop, query, "");
  incident_query_set_before (query, G_MAXUINT64);
  assert_found (shop, query, "3 2 1 ");
}

static void
test_what_is_found_is_up_to_date (void **state)
{
  Shop *shop = *state;
  g_autoptr(IncidentQuery) query = incident_query_new ();

  incident_query_set_open_only (query, TRUE);
  commit_well (shop, draft (shop, 0, 1, "opened", OPENED));
  assert_found (shop, query, "1 ");
  commit_well (shop, draft (shop, 1, 2, "cancelled", "phase=cancelled\nstate=ended"));
  assert_found (shop, query, "");
  commit_well (shop, draft (shop, 1, 3, "reopened", "phase=diagnosis\nstate=live\nepisode=2"));
  assert_found (shop, query, "1 ");
}

static void
test_many_cases_are_found_page_by_page (void **state)
{
  Shop *shop = *state;
  g_autoptr(IncidentQuery) query = incident_query_new ();
  guint64 expected = 250;
  guint n_pages = 0;

  for (guint i = 0; i < 250; i++)
    commit_well (shop, draft (shop, 0, 1, "opened", OPENED));
  while (expected > 0)
    {
      g_autoptr(GArray) page = incident_store_find_cases (shop->store, query, NULL);

      assert_int_equal (page->len, n_pages < 2 ? 100 : 50);
      for (guint i = 0; i < page->len; i++)
        assert_true (g_array_index (page, guint64, i) == expected--);
      incident_query_set_before (query, expected + 1);
      n_pages++;
    }
  assert_int_equal (n_pages, 3);
  assert_found (shop, query, "");

  incident_query_set_before (query, 0);
  incident_query_set_limit (query, 2);
  assert_found (shop, query, "250 249 ");
}

static inline Shop *
shop_new (void)
{
  Shop *shop = g_new0 (Shop, 1);

  shop->clock = incident_manual_clock_new (START, 7);
  return shop;
}

static inline void
shop_free (Shop *shop)
{
  g_clear_object (&shop->store);
  g_clear_object (&shop->clock);
  g_free (shop->folder);
  g_free (shop);
}

#define STORE_RULES(open, close) \
  cmocka_unit_test_setup_teardown (test_an_empty_store_has_nothing, open, close), \
  cmocka_unit_test_setup_teardown (test_a_new_case_gets_the_next_number, open, close), \
  cmocka_unit_test_setup_teardown (test_what_is_committed_is_loaded_field_by_field, open, close), \
  cmocka_unit_test_setup_teardown (test_all_of_a_commit_is_kept_in_order, open, close), \
  cmocka_unit_test_setup_teardown (test_events_are_loaded_from_a_place_on, open, close), \
  cmocka_unit_test_setup_teardown (test_the_log_is_read_by_pages, open, close), \
  cmocka_unit_test_setup_teardown (test_a_stale_sequence_is_a_conflict, open, close), \
  cmocka_unit_test_setup_teardown (test_an_operation_is_recorded_once, open, close), \
  cmocka_unit_test_setup_teardown (test_one_case_stands_for_a_group, open, close), \
  cmocka_unit_test_setup_teardown (test_queries_find_by_each_condition, open, close), \
  cmocka_unit_test_setup_teardown (test_what_is_found_is_up_to_date, open, close), \
  cmocka_unit_test_setup_teardown (test_many_cases_are_found_page_by_page, open, close)
