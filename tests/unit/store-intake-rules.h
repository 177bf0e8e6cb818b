/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "store-rules.h"

/* The rules for what is taken in, which every kind of store keeps too. */

static inline IncidentIntakeEntry *
said (Shop *shop, const char *kind, const char *body)
{
  g_autoptr(GBytes) bytes = g_bytes_new (body, strlen (body));

  return incident_intake_entry_new (kind, incident_clock_get_time (shop->clock), "prometheus", "alertmanager", "v1", bytes);
}

static inline void
add_row (GArray *rows, guint64 id, gboolean active, int draft, guint64 entry, const char *data)
{
  IncidentAlertRow row = { id, active, 0, draft, entry, g_bytes_new (data, strlen (data)) };

  g_array_append_val (rows, row);
}

static inline GArray *
one_row (guint64 id, gboolean active, int draft, guint64 entry, const char *data)
{
  GArray *rows = incident_alert_rows_new ();

  add_row (rows, id, active, draft, entry, data);
  return rows;
}

/* All that is handed in is let go. */
static inline gboolean
take_in (Shop *shop, guint64 follows, IncidentIntakeEntry *entry, GArray *rows, IncidentRecord *record, GError **error)
{
  g_autoptr(IncidentIntakeEntry) held G_GNUC_UNUSED = entry;
  g_autoptr(GArray) held_rows G_GNUC_UNUSED = rows;
  g_autoptr(GPtrArray) drafts = g_ptr_array_new_with_free_func ((GDestroyNotify) incident_record_unref);
  IncidentIntakeChange change = { follows, entry, rows, NULL };
  IncidentCommit transaction = { .drafts = drafts, .intake = &change };

  if (record != NULL)
    g_ptr_array_add (drafts, record);
  return incident_store_commit (shop->store, &transaction, error);
}

static inline void
take_in_well (Shop *shop, guint64 follows, IncidentIntakeEntry *entry, GArray *rows, IncidentRecord *record)
{
  g_autoptr(GError) error = NULL;

  take_in (shop, follows, entry, rows, record, &error);
  assert_no_error (error);
}

static inline void
assert_head (IncidentStore *store, guint64 expected)
{
  guint64 head = 99;
  g_autoptr(GError) error = NULL;

  incident_store_get_intake_head (store, &head, &error);
  assert_no_error (error);
  assert_true (head == expected);
}

/* As “1=message:hello 2=silence:x ”. */
static inline void
assert_intake (Shop *shop, const char *kind, guint64 after, guint limit, const char *expected)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(GPtrArray) entries = incident_store_list_intake (shop->store, kind, after, limit, &error);
  g_autoptr(GString) text = g_string_new (NULL);

  assert_no_error (error);
  for (guint i = 0; i < entries->len; i++)
    {
      const IncidentIntakeEntry *entry = g_ptr_array_index (entries, i);

      g_string_append_printf (text, "%" G_GUINT64_FORMAT "=%s:", entry->id, entry->kind);
      g_string_append_len (text, g_bytes_get_data (entry->body, NULL), (gssize) g_bytes_get_size (entry->body));
      g_string_append_c (text, ' ');
    }
  assert_string_equal (text->str, expected);
}

/* The nth row that is new with an entry. */
#define NEW(entry, n) ((guint64) (entry) << INCIDENT_ALERT_ROW_BITS | (n))

/* As “1+case 2, entry 3:data ”; “-”: it does not fire; “4.1”: the second that was new with entry 4. */
static inline void
assert_rows (Shop *shop, guint64 since, guint64 after, guint limit, const char *expected)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(GArray) rows = incident_store_list_alert_rows (shop->store, since, after, limit, &error);
  g_autoptr(GString) text = g_string_new (NULL);

  assert_no_error (error);
  for (guint i = 0; i < rows->len; i++)
    {
      const IncidentAlertRow *row = &g_array_index (rows, IncidentAlertRow, i);

      assert_int_equal (row->draft, -1);
      if (row->id >= NEW (1, 0))
        g_string_append_printf (text, "%" G_GUINT64_FORMAT ".", row->id >> INCIDENT_ALERT_ROW_BITS);
      g_string_append_printf (text, "%" G_GUINT64_FORMAT "%c%" G_GUINT64_FORMAT "/%" G_GUINT64_FORMAT ":",
                              row->id & (NEW (1, 0) - 1), row->active ? '+' : '-', row->subject, row->entry);
      g_string_append_len (text, g_bytes_get_data (row->data, NULL), (gssize) g_bytes_get_size (row->data));
      g_string_append_c (text, ' ');
    }
  assert_string_equal (text->str, expected);
}

static void
test_nothing_is_taken_in_by_an_empty_store (void **state)
{
  Shop *shop = *state;
  g_autoptr(GError) error = NULL;
  guint64 id = 9;

  assert_head (shop->store, 0);
  assert_intake (shop, NULL, 0, 10, "");
  assert_rows (shop, 0, 0, 10, "");
  assert_null (incident_store_find_intake (shop->store, 1, &error));
  assert_no_error (error);
  assert_true (incident_store_find_intake_before (shop->store, START, &id, NULL) && id == 0);
}

static void
test_what_is_taken_in_is_found_field_by_field (void **state)
{
  Shop *shop = *state;
  IncidentIntakeEntry *message = said (shop, "message", "{\"alerts\":[]}");
  g_autoptr(IncidentIntakeEntry) held = incident_intake_entry_copy (message);
  g_autoptr(GBytes) no_bytes = g_bytes_new (NULL, 0);
  g_autoptr(IncidentIntakeEntry) found = NULL;
  g_autoptr(IncidentIntakeEntry) sparse = NULL;

  take_in_well (shop, 0, message, NULL, NULL);
  take_in_well (shop, 1, incident_intake_entry_new ("silence", START - 7, "ana", NULL, NULL, no_bytes), NULL, NULL);
  found = incident_store_find_intake (shop->store, 1, NULL);
  held->id = 1;
  assert_true (incident_intake_entry_equal (found, held));
  assert_string_equal (found->actor, "prometheus");
  assert_string_equal (found->format, "alertmanager");
  assert_string_equal (found->playbook, "v1");
  assert_true (found->received_at == START);
  sparse = incident_store_find_intake (shop->store, 2, NULL);
  assert_true (sparse->id == 2 && sparse->received_at == START - 7);
  assert_true (sparse->kind == g_intern_static_string ("silence"));
  assert_null (sparse->format);
  assert_null (sparse->playbook);
  assert_int_equal (g_bytes_get_size (sparse->body), 0);
  assert_null (incident_store_find_intake (shop->store, 3, NULL));
  assert_null (incident_store_find_intake (shop->store, 0, NULL));
  assert_null (incident_store_find_intake (shop->store, G_MAXUINT64, NULL));
}

static void
test_the_journal_grows_one_by_one (void **state)
{
  Shop *shop = *state;

  for (guint64 id = 1; id <= 3; id++)
    {
      g_autoptr(GPtrArray) none = g_ptr_array_new ();
      g_autoptr(IncidentIntakeEntry) entry = said (shop, "message", "m");
      IncidentIntakeChange change = { id - 1, entry, NULL, NULL };
      IncidentCommit transaction = { .drafts = none, .intake = &change };

      assert_true (incident_store_commit (shop->store, &transaction, NULL));
      assert_true (entry->id == id);
      assert_head (shop->store, id);
    }
  assert_true (incident_store_get_size (shop->store, NULL) == 0);
}

static void
test_who_missed_a_message_is_told (void **state)
{
  Shop *shop = *state;
  static const guint64 wrong[] = { 0, 2, G_MAXUINT64 };

  take_in_well (shop, 0, said (shop, "message", "first"), NULL, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (wrong); i++)
    {
      g_autoptr(GError) error = NULL;

      assert_false (take_in (shop, wrong[i], said (shop, "message", "second"), one_row (1, TRUE, -1, 0, "a"),
                             draft (shop, 0, 1, "opened", OPENED), &error));
      assert_error (error, INCIDENT_ERROR, INCIDENT_ERROR_CONFLICT);
      assert_string_equal (error->message, "Others took in messages meanwhile");
      /* Nor may what is known of alerts be changed by who does not know all. */
      g_clear_error (&error);
      assert_false (take_in (shop, wrong[i], NULL, one_row (1, TRUE, -1, 0, "a"), NULL, &error));
      assert_error (error, INCIDENT_ERROR, INCIDENT_ERROR_CONFLICT);
    }
  assert_intake (shop, NULL, 0, 10, "1=message:first ");
  assert_rows (shop, 0, 0, 10, "");
  assert_true (incident_store_get_size (shop->store, NULL) == 0);
}

static void
test_nothing_is_taken_in_with_an_event_that_comes_too_late (void **state)
{
  Shop *shop = *state;
  g_autoptr(GError) error = NULL;

  commit_well (shop, draft (shop, 0, 1, "opened", OPENED));
  assert_false (take_in (shop, 0, said (shop, "message", "m"), one_row (1, TRUE, 0, 0, "a"),
                         draft (shop, 1, 3, "noted", ""), &error));
  assert_error (error, INCIDENT_ERROR, INCIDENT_ERROR_CONFLICT);
  assert_head (shop->store, 0);
  assert_rows (shop, 0, 0, 10, "");
  take_in_well (shop, 0, said (shop, "message", "m"), one_row (1, TRUE, 0, 0, "a"), draft (shop, 1, 2, "noted", ""));
  assert_rows (shop, 0, 0, 10, "1+1/1:a ");
}

static void
test_a_row_takes_the_place_of_the_one_before (void **state)
{
  Shop *shop = *state;
  GArray *rows = incident_alert_rows_new ();

  add_row (rows, 7, TRUE, -1, 0, "seven");
  add_row (rows, 3, TRUE, -1, 0, "");
  add_row (rows, 5, FALSE, -1, 0, "five");
  take_in_well (shop, 0, said (shop, "message", "m"), rows, NULL);
  assert_rows (shop, 0, 0, 10, "3+0/1: 5-0/1:five 7+0/1:seven ");
  take_in_well (shop, 1, said (shop, "message", "m"), one_row (7, FALSE, -1, 0, "7"), NULL);
  assert_rows (shop, 0, 0, 10, "3+0/1: 5-0/1:five 7-0/2:7 ");
  take_in_well (shop, 2, said (shop, "message", "m"), one_row (5, TRUE, -1, 0, "5"), NULL);
  assert_rows (shop, 0, 0, 10, "3+0/1: 5+0/3:5 7-0/2:7 ");
}

static void
test_a_row_belongs_to_the_case_that_is_opened_with_it (void **state)
{
  Shop *shop = *state;
  g_autoptr(GPtrArray) drafts = g_ptr_array_new_with_free_func ((GDestroyNotify) incident_record_unref);
  g_autoptr(GArray) rows = incident_alert_rows_new ();
  g_autoptr(IncidentIntakeEntry) entry = said (shop, "message", "m");
  IncidentIntakeChange change = { 0, entry, rows, NULL };
  IncidentCommit transaction = { .drafts = drafts, .intake = &change };

  commit_well (shop, draft (shop, 0, 1, "opened", OPENED));
  g_ptr_array_add (drafts, draft (shop, 0, 1, "opened", OPENED));
  g_ptr_array_add (drafts, draft (shop, 1, 2, "noted", ""));
  g_ptr_array_add (drafts, draft (shop, 0, 1, "opened", OPENED));
  add_row (rows, 1, TRUE, 0, 0, "a");
  add_row (rows, 2, TRUE, 1, 0, "b");
  add_row (rows, 3, TRUE, 2, 0, "c");
  add_row (rows, 4, TRUE, -1, 0, "d");
  g_array_index (rows, IncidentAlertRow, 3).subject = 9;
  assert_true (incident_store_commit (shop->store, &transaction, NULL));
  assert_rows (shop, 0, 0, 10, "1+2/1:a 2+1/1:b 3+3/1:c 4+9/1:d ");
}

static void
test_a_row_keeps_the_entry_that_it_names (void **state)
{
  Shop *shop = *state;

  take_in_well (shop, 0, said (shop, "message", "m"), NULL, NULL);
  take_in_well (shop, 1, said (shop, "message", "m"), NULL, NULL);
  take_in_well (shop, 2, said (shop, "message", "m"), one_row (1, TRUE, -1, 1, "a"), NULL);
  take_in_well (shop, 3, NULL, one_row (2, TRUE, -1, 2, "b"), NULL);
  take_in_well (shop, 3, NULL, one_row (3, TRUE, -1, 0, "c"), NULL);
  assert_rows (shop, 0, 0, 10, "1+0/1:a 2+0/2:b 3+0/3:c ");
  assert_head (shop->store, 3);
}

static void
test_the_journal_is_listed_by_kind_and_page (void **state)
{
  Shop *shop = *state;

  take_in_well (shop, 0, said (shop, "message", "a"), NULL, NULL);
  take_in_well (shop, 1, said (shop, "silence", "b"), NULL, NULL);
  take_in_well (shop, 2, said (shop, "message", "c"), NULL, NULL);
  take_in_well (shop, 3, said (shop, "settled", "d"), NULL, NULL);
  take_in_well (shop, 4, said (shop, "silence", "e"), NULL, NULL);
  assert_intake (shop, NULL, 0, 10, "1=message:a 2=silence:b 3=message:c 4=settled:d 5=silence:e ");
  assert_intake (shop, NULL, 1, 2, "2=silence:b 3=message:c ");
  assert_intake (shop, NULL, 5, 2, "");
  assert_intake (shop, NULL, G_MAXUINT64, 2, "");
  assert_intake (shop, "message", 0, 10, "1=message:a 3=message:c ");
  assert_intake (shop, "message", 1, 10, "3=message:c ");
  assert_intake (shop, "silence", 0, 10, "2=silence:b 5=silence:e ");
  assert_intake (shop, "silence", 0, 1, "2=silence:b ");
  assert_intake (shop, "silence", 2, 1, "5=silence:e ");
  assert_intake (shop, "nothing", 0, 10, "");
}

static void
test_an_entry_is_found_by_its_time (void **state)
{
  Shop *shop = *state;
  /* The clock was set back before the third. */
  static const gint64 received_at[] = { 10, 30, 20, 20, 40 };
  static const struct { gint64 before; guint64 expected; } looks[] = {
    { G_MININT64, 0 }, { 10, 0 }, { 11, 1 }, { 20, 1 }, { 30, 4 }, { 31, 2 }, { 40, 2 }, { G_MAXINT64, 5 },
  };

  for (guint i = 0; i < G_N_ELEMENTS (received_at); i++)
    {
      IncidentIntakeEntry *entry = said (shop, "message", "m");

      entry->received_at = received_at[i];
      take_in_well (shop, i, entry, NULL, NULL);
    }
  for (guint i = 0; i < G_N_ELEMENTS (looks); i++)
    {
      guint64 id = 99;

      assert_true (incident_store_find_intake_before (shop->store, looks[i].before, &id, NULL));
      assert_true (id == looks[i].expected);
    }
}

static void
test_alerts_are_listed_that_are_active_or_were_spoken_of (void **state)
{
  Shop *shop = *state;

  /* Alert n is told by entry n; every third fires. */
  for (guint64 id = 1; id <= 9; id++)
    take_in_well (shop, id - 1, said (shop, "message", "m"), one_row (id, id % 3 == 0, -1, 0, ""), NULL);
  assert_rows (shop, 0, 0, 10, "1-0/1: 2-0/2: 3+0/3: 4-0/4: 5-0/5: 6+0/6: 7-0/7: 8-0/8: 9+0/9: ");
  assert_rows (shop, 3, 0, 10, "3+0/3: 4-0/4: 5-0/5: 6+0/6: 7-0/7: 8-0/8: 9+0/9: ");
  assert_rows (shop, 7, 0, 10, "3+0/3: 6+0/6: 8-0/8: 9+0/9: ");
  assert_rows (shop, 9, 0, 10, "3+0/3: 6+0/6: 9+0/9: ");
  assert_rows (shop, G_MAXUINT64, 0, 10, "3+0/3: 6+0/6: 9+0/9: ");
}

static void
test_alerts_are_listed_by_pages (void **state)
{
  Shop *shop = *state;
  GArray *rows = incident_alert_rows_new ();

  take_in_well (shop, 0, said (shop, "message", "m"), one_row (4, FALSE, -1, 0, ""), NULL);
  for (guint64 id = 1; id <= 9; id++)
    if (id != 4)
      add_row (rows, id, id % 2 == 1, -1, 0, "");
  take_in_well (shop, 1, said (shop, "message", "m"), rows, NULL);
  for (guint64 since = 0; since <= 1; since++)
    {
      assert_rows (shop, since, 0, 3, "1+0/2: 2-0/2: 3+0/2: ");
      assert_rows (shop, since, 3, 3, since == 0 ? "4-0/1: 5+0/2: 6-0/2: " : "5+0/2: 6-0/2: 7+0/2: ");
      assert_rows (shop, since, 7, 3, "8-0/2: 9+0/2: ");
      assert_rows (shop, since, 9, 3, "");
      assert_rows (shop, since, G_MAXUINT64, 3, "");
    }
}

/* Many that are new */

/* Of @n, each second one fires. */
static inline GArray *
new_rows (guint64 entry, guint n)
{
  GArray *rows = incident_alert_rows_new ();

  for (guint i = 0; i < n; i++)
    {
      const char data[] = { (char) ('a' + i), '\0' };

      add_row (rows, NEW (entry, i), i % 2 == 1, -1, 0, data);
    }
  return rows;
}

static inline GArray *
changed_row (guint64 id, gboolean was_active, gboolean active, const char *data)
{
  GArray *rows = one_row (id, active, -1, 0, data);

  g_array_index (rows, IncidentAlertRow, 0).was_active = was_active;
  return rows;
}

static void
test_many_new_alerts_are_listed_as_others_are (void **state)
{
  Shop *shop = *state;

  take_in_well (shop, 0, said (shop, "message", "m"), new_rows (1, 6), NULL);
  take_in_well (shop, 1, said (shop, "message", "m"), one_row (NEW (2, 0), TRUE, -1, 0, ""), NULL);
  take_in_well (shop, 2, said (shop, "message", "m"), new_rows (3, 4), NULL);
  assert_rows (shop, 0, 0, 20, "1.0-0/1:a 1.1+0/1:b 1.2-0/1:c 1.3+0/1:d 1.4-0/1:e 1.5+0/1:f 2.0+0/2: "
                               "3.0-0/3:a 3.1+0/3:b 3.2-0/3:c 3.3+0/3:d ");
  assert_rows (shop, 1, 0, 20, "1.1+0/1:b 1.3+0/1:d 1.5+0/1:f 2.0+0/2: 3.0-0/3:a 3.1+0/3:b 3.2-0/3:c 3.3+0/3:d ");
  assert_rows (shop, 3, 0, 20, "1.1+0/1:b 1.3+0/1:d 1.5+0/1:f 2.0+0/2: 3.1+0/3:b 3.3+0/3:d ");
  assert_rows (shop, G_MAXUINT64, 0, 20, "1.1+0/1:b 1.3+0/1:d 1.5+0/1:f 2.0+0/2: 3.1+0/3:b 3.3+0/3:d ");
  assert_rows (shop, 0, NEW (1, 1), 3, "1.2-0/1:c 1.3+0/1:d 1.4-0/1:e ");
  assert_rows (shop, 1, NEW (1, 1), 3, "1.3+0/1:d 1.5+0/1:f 2.0+0/2: ");
  assert_rows (shop, 0, NEW (1, 5), 2, "2.0+0/2: 3.0-0/3:a ");
  assert_rows (shop, 3, NEW (3, 3), 2, "");
  assert_rows (shop, 0, G_MAXUINT64, 2, "");
}

static void
test_one_of_many_is_replaced_and_listed_once (void **state)
{
  Shop *shop = *state;

  take_in_well (shop, 0, said (shop, "message", "m"), new_rows (1, 5), NULL);
  take_in_well (shop, 1, said (shop, "message", "m"), changed_row (NEW (1, 1), TRUE, TRUE, "B"), NULL);
  assert_rows (shop, 0, 0, 20, "1.0-0/1:a 1.1+0/2:B 1.2-0/1:c 1.3+0/1:d 1.4-0/1:e ");
  assert_rows (shop, 1, 0, 20, "1.1+0/2:B 1.3+0/1:d ");
  take_in_well (shop, 2, said (shop, "message", "m"), changed_row (NEW (1, 1), TRUE, FALSE, "ended"), NULL);
  assert_rows (shop, 0, 0, 20, "1.0-0/1:a 1.1-0/3:ended 1.2-0/1:c 1.3+0/1:d 1.4-0/1:e ");
  assert_rows (shop, 1, 0, 20, "1.1-0/3:ended 1.3+0/1:d ");
  assert_rows (shop, 3, 0, 20, "1.3+0/1:d ");
  assert_rows (shop, 0, NEW (1, 0), 2, "1.1-0/3:ended 1.2-0/1:c ");
  take_in_well (shop, 3, said (shop, "message", "m"), changed_row (NEW (1, 4), FALSE, TRUE, "again"), NULL);
  take_in_well (shop, 4, said (shop, "message", "m"), changed_row (NEW (1, 3), TRUE, FALSE, "D"), NULL);
  assert_rows (shop, 5, 0, 20, "1.4+0/4:again ");
  assert_rows (shop, 0, 0, 20, "1.0-0/1:a 1.1-0/3:ended 1.2-0/1:c 1.3-0/5:D 1.4+0/4:again ");
}

static void
test_many_new_alerts_belong_to_the_cases_that_are_opened_with_them (void **state)
{
  Shop *shop = *state;
  g_autofree char *long_text = g_strnfill (300, 'x');
  g_autofree char *expected = g_strdup_printf ("1.0+1/1: 1.1+9/1:b 1.2+%" G_GINT64_FORMAT "/1:%s 1.1048575+1/1:c ",
                                               G_MAXINT64, long_text);
  GArray *rows = incident_alert_rows_new ();

  add_row (rows, NEW (1, 0), TRUE, 0, 0, "");
  add_row (rows, NEW (1, 1), TRUE, -1, 0, "b");
  add_row (rows, NEW (1, 2), TRUE, -1, 1, long_text);
  add_row (rows, NEW (1, NEW (1, 0) - 1), TRUE, 0, 0, "c");
  g_array_index (rows, IncidentAlertRow, 1).subject = 9;
  g_array_index (rows, IncidentAlertRow, 2).subject = G_MAXINT64;
  take_in_well (shop, 0, said (shop, "message", "m"), rows, draft (shop, 0, 1, "opened", OPENED));
  assert_rows (shop, 0, 0, 20, expected);
}

static void
test_new_alerts_stand_where_their_ids_say_in_whatever_order_they_come (void **state)
{
  Shop *shop = *state;
  GArray *rows = new_rows (1, 4);

  add_row (rows, 3, TRUE, -1, 0, "three");
  take_in_well (shop, 0, said (shop, "message", "m"), rows, NULL);
  rows = new_rows (2, 4);
  add_row (rows, NEW (2, 7), TRUE, -1, 1, "of another entry");
  take_in_well (shop, 1, said (shop, "message", "m"), rows, NULL);
  rows = new_rows (3, 4);
  add_row (rows, NEW (3, 1), FALSE, -1, 0, "twice");
  g_array_index (rows, IncidentAlertRow, 4).was_active = TRUE;
  take_in_well (shop, 2, said (shop, "message", "m"), rows, NULL);
  assert_rows (shop, 1, 0, 20, "3+0/1:three 1.1+0/1:b 1.3+0/1:d 2.0-0/2:a 2.1+0/2:b 2.2-0/2:c 2.3+0/2:d "
                               "2.7+0/1:of another entry 3.0-0/3:a 3.1-0/3:twice 3.2-0/3:c 3.3+0/3:d ");
  /* Nor does what was said before there was the entry hide what it says. */
  take_in_well (shop, 3, NULL, one_row (NEW (4, 1), TRUE, -1, 0, "before"), NULL);
  rows = new_rows (4, 4);
  g_array_index (rows, IncidentAlertRow, 1).was_active = TRUE;
  take_in_well (shop, 3, said (shop, "message", "m"), rows, NULL);
  assert_rows (shop, 3, NEW (3, 3), 20, "4.0-0/4:a 4.1+0/4:b 4.2-0/4:c 4.3+0/4:d ");
}

/* What was put, one row of each id. */
static inline void
put_in_model (GArray *model, const IncidentAlertRow *row)
{
  IncidentAlertRow copy = *row;
  guint i = 0;

  g_bytes_ref (copy.data);
  while (i < model->len && g_array_index (model, IncidentAlertRow, i).id < row->id)
    i++;
  if (i < model->len && g_array_index (model, IncidentAlertRow, i).id == row->id)
    g_array_remove_index (model, i);
  g_array_insert_val (model, i, copy);
}

static inline void
assert_listed_as_in_model (Shop *shop, const GArray *model, guint64 since, guint64 after, guint limit)
{
  g_autoptr(GArray) listed = incident_store_list_alert_rows (shop->store, since, after, limit, NULL);
  guint n = 0;

  assert_non_null (listed);
  for (guint i = 0; i < model->len && n < limit; i++)
    {
      const IncidentAlertRow *row = &g_array_index (model, IncidentAlertRow, i);
      const IncidentAlertRow *found = n < listed->len ? &g_array_index (listed, IncidentAlertRow, n) : NULL;

      if (row->id <= after || !(row->active || row->entry > since))
        continue;
      assert_non_null (found);
      assert_true (found->id == row->id && found->active == row->active && found->subject == row->subject
                   && found->entry == row->entry && g_bytes_equal (found->data, row->data));
      n++;
    }
  assert_int_equal (listed->len, n);
}

/* Up to eight that are new, and then up to eight that were told of before. */
static inline GArray *
random_rows (GRand *rand, const GArray *model, guint64 entry)
{
  GArray *rows = incident_alert_rows_new ();
  int n_new = g_rand_int_range (rand, 0, 9), n_old = model->len > 0 ? g_rand_int_range (rand, 0, 9) : 0;
  int n = 0;

  for (int i = 0; i < n_new + n_old; i++)
    {
      const IncidentAlertRow *old = i < n_new ? NULL
        : &g_array_index (model, IncidentAlertRow, g_rand_int_range (rand, 0, (gint32) model->len));
      g_autofree char *data = g_strnfill ((gsize) g_rand_int_range (rand, 0, 200), (char) g_rand_int_range (rand, 'a', 'z'));
      IncidentAlertRow row = { old != NULL ? old->id : NEW (entry, n += g_rand_int_range (rand, 1, 3)),
                               g_rand_int_range (rand, 0, 3) == 0, (guint64) g_rand_int_range (rand, 0, 400), -1, entry,
                               g_bytes_new (data, strlen (data)), old != NULL && old->active };

      for (guint j = 0; j < rows->len; j++)
        if (g_array_index (rows, IncidentAlertRow, j).id == row.id)
          row.was_active = g_array_index (rows, IncidentAlertRow, j).active;
      g_array_append_val (rows, row);
    }
  return rows;
}

static void
test_rows_are_listed_as_they_were_put_last (void **state)
{
  Shop *shop = *state;
  g_autoptr(GRand) rand = g_rand_new_with_seed (20261126);
  g_autoptr(GArray) model = incident_alert_rows_new ();

  for (guint64 entry = 1; entry <= 150; entry++)
    {
      GArray *rows = random_rows (rand, model, entry);

      for (guint i = 0; i < rows->len; i++)
        put_in_model (model, &g_array_index (rows, IncidentAlertRow, i));
      take_in_well (shop, entry - 1, said (shop, "message", "m"), rows, NULL);
      for (guint i = 0; i < 4; i++)
        assert_listed_as_in_model (shop, model, (guint64) g_rand_int_range (rand, 0, (gint32) entry + 2),
                                   NEW (g_rand_int_range (rand, 0, (gint32) entry + 2), g_rand_int_range (rand, 0, 12)),
                                   (guint) g_rand_int_range (rand, 1, 40));
    }
  assert_listed_as_in_model (shop, model, 0, 0, G_MAXUINT);
  assert_listed_as_in_model (shop, model, 150, 0, G_MAXUINT);
}

/* Groups */

static inline void
change_group (GArray *groups, const char *name, guint64 follows, guint64 stands, guint from_draft)
{
  IncidentGroupChange change = { name, follows, stands, from_draft };

  g_array_append_val (groups, change);
}

static inline void
assert_stands (Shop *shop, const char *group, guint64 expected)
{
  guint64 subject = 99;

  assert_true (incident_store_find_group (shop->store, group, &subject, NULL));
  assert_true (subject == expected);
}

static void
test_each_group_has_the_case_that_is_opened_for_it (void **state)
{
  Shop *shop = *state;
  g_autoptr(GPtrArray) drafts = g_ptr_array_new_with_free_func ((GDestroyNotify) incident_record_unref);
  g_autoptr(GArray) groups = g_array_new (FALSE, FALSE, sizeof (IncidentGroupChange));
  IncidentCommit transaction = { .drafts = drafts, .groups = groups };

  g_ptr_array_add (drafts, draft (shop, 0, 1, "opened", OPENED));
  g_ptr_array_add (drafts, draft (shop, 0, 1, "opened", OPENED));
  change_group (groups, "b", 0, 0, 1);
  change_group (groups, "a", 0, 0, 0);
  change_group (groups, "c", 0, 7, 0);
  assert_true (incident_store_commit (shop->store, &transaction, NULL));
  assert_stands (shop, "a", 1);
  assert_stands (shop, "b", 2);
  assert_stands (shop, "c", 7);
}

static void
test_all_groups_change_or_none_does (void **state)
{
  Shop *shop = *state;
  g_autoptr(GPtrArray) none = g_ptr_array_new ();
  g_autoptr(GArray) groups = g_array_new (FALSE, FALSE, sizeof (IncidentGroupChange));
  g_autoptr(IncidentIntakeEntry) entry = said (shop, "message", "m");
  IncidentIntakeChange change = { 0, entry, NULL, NULL };
  IncidentCommit transaction = { .drafts = none, .groups = groups, .intake = &change };
  g_autoptr(GError) error = NULL;

  assert_true (commit (shop, draft (shop, 0, 1, "opened", OPENED), "taken", 0, NULL));
  change_group (groups, "free", 0, 2, 0);
  change_group (groups, "taken", 0, 2, 0);
  assert_false (incident_store_commit (shop->store, &transaction, &error));
  assert_error (error, INCIDENT_ERROR, INCIDENT_ERROR_CONFLICT);
  assert_string_equal (error->message, "Another case stands for these alerts by now");
  assert_stands (shop, "free", 0);
  assert_stands (shop, "taken", 1);
  assert_head (shop->store, 0);
  g_array_index (groups, IncidentGroupChange, 1).follows = 1;
  assert_true (incident_store_commit (shop->store, &transaction, NULL));
  assert_stands (shop, "free", 2);
  assert_stands (shop, "taken", 2);
  assert_head (shop->store, 1);
}

static void
add_slice (GArray *slices, guint64 entry, gsize start, gsize length)
{
  IncidentIntakeSlice slice = { entry, start, length };

  g_array_append_val (slices, slice);
}

/* As “1=ab0000gh 2=…”. */
static inline void
assert_bodies (Shop *shop, const char *expected)
{
  g_autoptr(GPtrArray) entries = incident_store_list_intake (shop->store, "message", 0, 10, NULL);
  g_autoptr(GString) text = g_string_new (NULL);

  for (guint i = 0; i < entries->len; i++)
    {
      const IncidentIntakeEntry *entry = g_ptr_array_index (entries, i);
      gsize length;
      const char *bytes = g_bytes_get_data (entry->body, &length);

      g_string_append_printf (text, "%" G_GUINT64_FORMAT "=", entry->id);
      for (gsize j = 0; j < length; j++)
        g_string_append_c (text, bytes[j] != '\0' ? bytes[j] : '0');
      g_string_append_c (text, ' ');
    }
  assert_string_equal (text->str, expected);
}

static void
test_slices_of_what_was_taken_in_become_zeros (void **state)
{
  Shop *shop = *state;
  g_autoptr(GPtrArray) none = g_ptr_array_new ();
  g_autoptr(GArray) slices = g_array_new (FALSE, FALSE, sizeof (IncidentIntakeSlice));
  g_autoptr(IncidentIntakeEntry) entry = said (shop, "erased", "[]");
  IncidentIntakeChange change = { 3, entry, NULL, slices };
  IncidentCommit transaction = { .drafts = none, .intake = &change };
  g_autoptr(IncidentIntakeEntry) before = NULL;

  take_in_well (shop, 0, said (shop, "message", "abcdefgh"), one_row (1, TRUE, -1, 0, "one"), NULL);
  take_in_well (shop, 1, said (shop, "message", "abcdefgh"), NULL, NULL);
  take_in_well (shop, 2, said (shop, "message", "abcdefgh"), NULL, NULL);
  before = incident_store_find_intake (shop->store, 3, NULL);
  add_slice (slices, 1, 2, 4);
  add_slice (slices, 3, 0, 1);
  add_slice (slices, 3, 7, 1);
  assert_true (incident_store_commit (shop->store, &transaction, NULL));
  assert_bodies (shop, "1=ab0000gh 2=abcdefgh 3=0bcdefg0 ");
  assert_rows (shop, 0, 0, 10, "1+0/1:one ");
  assert_head (shop->store, 4);
  /* Who was handed it before still has it whole. */
  assert_memory_equal (g_bytes_get_data (before->body, NULL), "abcdefgh", 8);
}

static void
test_nothing_is_erased_by_who_missed_a_message (void **state)
{
  Shop *shop = *state;
  g_autoptr(GPtrArray) none = g_ptr_array_new ();
  g_autoptr(GArray) slices = g_array_new (FALSE, FALSE, sizeof (IncidentIntakeSlice));
  IncidentIntakeChange change = { 1, NULL, NULL, slices };
  IncidentCommit transaction = { .drafts = none, .intake = &change };
  g_autoptr(GError) error = NULL;

  take_in_well (shop, 0, said (shop, "message", "abcd"), NULL, NULL);
  take_in_well (shop, 1, said (shop, "message", "abcd"), NULL, NULL);
  add_slice (slices, 1, 0, 4);
  assert_false (incident_store_commit (shop->store, &transaction, &error));
  assert_error (error, INCIDENT_ERROR, INCIDENT_ERROR_CONFLICT);
  assert_bodies (shop, "1=abcd 2=abcd ");
}

#define STORE_INTAKE_RULES(open, close) \
  cmocka_unit_test_setup_teardown (test_nothing_is_taken_in_by_an_empty_store, open, close), \
  cmocka_unit_test_setup_teardown (test_what_is_taken_in_is_found_field_by_field, open, close), \
  cmocka_unit_test_setup_teardown (test_the_journal_grows_one_by_one, open, close), \
  cmocka_unit_test_setup_teardown (test_who_missed_a_message_is_told, open, close), \
  cmocka_unit_test_setup_teardown (test_nothing_is_taken_in_with_an_event_that_comes_too_late, open, close), \
  cmocka_unit_test_setup_teardown (test_a_row_takes_the_place_of_the_one_before, open, close), \
  cmocka_unit_test_setup_teardown (test_a_row_belongs_to_the_case_that_is_opened_with_it, open, close), \
  cmocka_unit_test_setup_teardown (test_a_row_keeps_the_entry_that_it_names, open, close), \
  cmocka_unit_test_setup_teardown (test_the_journal_is_listed_by_kind_and_page, open, close), \
  cmocka_unit_test_setup_teardown (test_an_entry_is_found_by_its_time, open, close), \
  cmocka_unit_test_setup_teardown (test_alerts_are_listed_that_are_active_or_were_spoken_of, open, close), \
  cmocka_unit_test_setup_teardown (test_alerts_are_listed_by_pages, open, close), \
  cmocka_unit_test_setup_teardown (test_many_new_alerts_are_listed_as_others_are, open, close), \
  cmocka_unit_test_setup_teardown (test_one_of_many_is_replaced_and_listed_once, open, close), \
  cmocka_unit_test_setup_teardown (test_many_new_alerts_belong_to_the_cases_that_are_opened_with_them, open, close), \
  cmocka_unit_test_setup_teardown (test_new_alerts_stand_where_their_ids_say_in_whatever_order_they_come, open, close), \
  cmocka_unit_test_setup_teardown (test_rows_are_listed_as_they_were_put_last, open, close), \
  cmocka_unit_test_setup_teardown (test_each_group_has_the_case_that_is_opened_for_it, open, close), \
  cmocka_unit_test_setup_teardown (test_all_groups_change_or_none_does, open, close), \
  cmocka_unit_test_setup_teardown (test_slices_of_what_was_taken_in_become_zeros, open, close), \
  cmocka_unit_test_setup_teardown (test_nothing_is_erased_by_who_missed_a_message, open, close)
