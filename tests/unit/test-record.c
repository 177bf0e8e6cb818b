/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "incident-test.h"

#include <string.h>

#include "model/incident-record-private.h"

static const guint8 store_id[INCIDENT_STORE_ID_LENGTH] = {
  0x10, 0x11, 0x12, 0x13, 0x14, 0x15, 0x16, 0x17, 0x18, 0x19, 0x1a, 0x1b, 0x1c, 0x1d, 0x1e, 0x1f
};

static IncidentRecord *
make_record (void)
{
  IncidentRecord *record = incident_record_new ();

  record->log_index = 41;
  record->subject = 7;
  record->seq = 3;
  record->step = 2;
  record->occurred_at = G_GINT64_CONSTANT (1795417140000000);
  record->recorded_at = G_GINT64_CONSTANT (1795417200000000);
  record->kind = g_intern_static_string ("opened");
  record->actor = g_ref_string_new ("Ána");
  record->verified = INCIDENT_VERIFICATION_ASSERTED;
  record->facts = g_ref_string_new ("phase=new\nstate=live\nservice=a=b");
  record->payload = g_strdup ("{\"title\":\"Checkout answers 500\"}");
  for (guint i = 0; i < INCIDENT_OPERATION_LENGTH; i++)
    record->operation[i] = (guint8) (0xa0 + i);
  for (guint i = 0; i < INCIDENT_KEY_LENGTH; i++)
    record->key[i] = (guint8) i;
  incident_record_commit (record);
  incident_record_hash (record, store_id);
  return record;
}

static void
put_number (GString *out, guint64 number, int n_bytes)
{
  while (n_bytes-- > 0)
    g_string_append_c (out, (char) (number >> (8 * n_bytes) & 0xff));
}

static void
put_text (GString *out, const char *text)
{
  put_number (out, strlen (text), 4);
  g_string_append (out, text);
}

/* The layout once more, written from its description alone. */
static GString *
encode_again (const IncidentRecord *record)
{
  GString *out = g_string_new ("INCE");

  put_number (out, 1, 1);
  g_string_append_len (out, (const char *) store_id, sizeof store_id);
  put_number (out, record->log_index, 8);
  put_number (out, 1, 1);
  put_number (out, record->subject, 8);
  put_number (out, record->seq, 4);
  put_text (out, record->kind);
  put_number (out, (guint64) record->occurred_at, 8);
  put_number (out, (guint64) record->recorded_at, 8);
  put_text (out, record->actor);
  put_number (out, record->verified, 1);
  g_string_append_len (out, (const char *) record->operation, sizeof record->operation);
  put_number (out, record->step, 4);
  put_text (out, record->facts);
  g_string_append_len (out, (const char *) record->commitment, sizeof record->commitment);
  return out;
}

/* RFC 9162, 2.1.1: a leaf is hashed behind 00, a node behind 01. */
static char *
hash_behind (guint8 prefix, const char *input, gsize length)
{
  g_autoptr(GChecksum) checksum = g_checksum_new (G_CHECKSUM_SHA256);

  g_checksum_update (checksum, &prefix, 1);
  g_checksum_update (checksum, (const guchar *) input, (gssize) length);
  return g_strdup (g_checksum_get_string (checksum));
}

static char *
to_hex (const guint8 *bytes, gsize length)
{
  GString *hex = g_string_new (NULL);

  for (gsize i = 0; i < length; i++)
    g_string_append_printf (hex, "%02x", bytes[i]);
  return g_string_free (hex, FALSE);
}

static void
test_the_encoding_is_as_described (void **state)
{
  g_autoptr(IncidentRecord) record = make_record ();
  g_autoptr(GBytes) encoding = incident_record_encode (record, store_id);
  g_autoptr(GString) again = encode_again (record);

  assert_int_equal (g_bytes_get_size (encoding), again->len);
  assert_memory_equal (g_bytes_get_data (encoding, NULL), again->str, again->len);
}

/* So that hash_behind() itself is right: the roots of the trees of one and two
 * leaves, whose inputs are empty and 00 (vectors of Certificate Transparency). */
static void
test_the_hash_of_this_test_is_that_of_the_rfc (void **state)
{
  g_autofree char *first = hash_behind (0, "", 0);
  g_autofree char *second = hash_behind (0, "\0", 1);
  g_autofree char *root = NULL;
  char nodes[64];

  assert_string_equal (first, "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d");
  assert_string_equal (second, "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7");
  for (guint i = 0; i < 32; i++)
    {
      nodes[i] = (char) (g_ascii_xdigit_value (first[2 * i]) << 4 | g_ascii_xdigit_value (first[2 * i + 1]));
      nodes[32 + i] = (char) (g_ascii_xdigit_value (second[2 * i]) << 4 | g_ascii_xdigit_value (second[2 * i + 1]));
    }
  root = hash_behind (1, nodes, sizeof nodes);
  assert_string_equal (root, "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125");
}

static void
test_a_leaf_is_the_hash_of_the_encoding_behind_a_zero_byte (void **state)
{
  g_autoptr(IncidentRecord) record = make_record ();
  g_autoptr(GString) again = encode_again (record);
  g_autofree char *expected = hash_behind (0, again->str, again->len);
  g_autofree char *leaf = to_hex (record->leaf, sizeof record->leaf);

  assert_string_equal (leaf, expected);
}

/* Computed in Python from the description of the layout:
 *   text = lambda s: struct.pack (">I", len (s)) + s
 *   commitment = hmac.new (bytes (range (32)), payload, "sha256").digest ()
 *   e = (b"INCE\x01" + bytes (range (0x10, 0x20)) + struct.pack (">QBQI", 41, 1, 7, 3) + text (kind)
 *        + struct.pack (">qq", occurred, recorded) + text (actor) + b"\0" + bytes (range (0xa0, 0xb0))
 *        + struct.pack (">I", 2) + text (facts) + commitment)
 *   hashlib.sha256 (b"\0" + e).hexdigest () */
static void
test_commitment_and_leaf_are_those_computed_elsewhere (void **state)
{
  g_autoptr(IncidentRecord) record = make_record ();
  g_autofree char *commitment = to_hex (record->commitment, sizeof record->commitment);
  g_autofree char *leaf = to_hex (record->leaf, sizeof record->leaf);

  assert_string_equal (commitment, "9c7127904f829ddd08088fb998f9005c44d64ad541f3cdfbf24ab38e8a1c57d7");
  assert_string_equal (leaf, "fe683dbd71fd574d5bc62299a5bea1e43609967a25a230b24fb0d98911ff58c8");
}

static void
test_what_was_not_changed_verifies (void **state)
{
  g_autoptr(IncidentRecord) record = make_record ();

  assert_true (incident_record_verify (record, store_id));
}

static void
change (IncidentRecord *record, guint field)
{
  switch (field)
    {
    case 0: record->log_index++; break;
    case 1: record->subject++; break;
    case 2: record->seq++; break;
    case 3: record->step++; break;
    case 4: record->occurred_at--; break;
    case 5: record->recorded_at--; break;
    case 6: record->kind = g_intern_static_string ("closed"); break;
    case 7:
      g_ref_string_release (record->actor);
      record->actor = g_ref_string_new ("Anna");
      break;
    case 8: record->verified = 1; break;
    case 9: record->operation[15] ^= 1; break;
    case 10:
      g_ref_string_release (record->facts);
      record->facts = g_ref_string_new ("phase=new\nstate=live\nservice=a=c");
      break;
    case 11:
      g_free (record->payload);
      record->payload = g_strdup ("{\"title\":\"Checkout answers 200\"}");
      break;
    case 12: record->key[31] ^= 1; break;
    case 13: record->commitment[0] ^= 1; break;
    case 14: record->leaf[31] ^= 0x80; break;
    default: g_assert_not_reached ();
    }
}

static void
test_a_change_of_any_field_is_noticed (void **state)
{
  for (guint field = 0; field <= 14; field++)
    {
      g_autoptr(IncidentRecord) record = make_record ();

      change (record, field);
      if (incident_record_verify (record, store_id))
        fail_msg ("a change of field %u is not noticed", field);
    }
}

static void
test_an_event_of_another_store_is_noticed (void **state)
{
  g_autoptr(IncidentRecord) record = make_record ();
  guint8 other[INCIDENT_STORE_ID_LENGTH];

  memcpy (other, store_id, sizeof other);
  other[0] ^= 1;
  assert_false (incident_record_verify (record, other));
}

static void
test_a_withheld_payload_still_verifies (void **state)
{
  g_autoptr(IncidentRecord) record = make_record ();

  g_clear_pointer (&record->payload, g_free);
  memset (record->key, 0, sizeof record->key);
  assert_true (incident_record_verify (record, store_id));
  record->commitment[3] ^= 4;
  assert_false (incident_record_verify (record, store_id));
}

static void
test_strings_of_the_payload_are_read_by_name (void **state)
{
  g_autoptr(IncidentRecord) record = make_record ();
  g_autofree char *title = NULL;
  g_autofree char *last = NULL;

  title = incident_record_dup_string (record, "title");
  assert_string_equal (title, "Checkout answers 500");
  assert_null (incident_record_dup_string (record, "text"));

  g_free (record->payload);
  record->payload = g_strdup ("{\"labels\":{\"text\":\"inner\"},\"n\":[1,{\"text\":2}],\"text\":\"a\\n\\u00e9\"}");
  last = incident_record_dup_string (record, "text");
  assert_string_equal (last, "a\né");

  g_clear_pointer (&record->payload, g_free);
  assert_null (incident_record_dup_string (record, "title"));
}

static void
test_facts_are_lines_of_name_and_value (void **state)
{
  g_autoptr(GString) facts = g_string_new (NULL);

  incident_facts_append (facts, "phase", "new");
  incident_facts_append (facts, "service", "a=b=c");
  incident_facts_append (facts, "category", "");
  assert_string_equal (facts->str, "phase=new\nservice=a=b=c\ncategory=");
}

static void
test_facts_are_stepped_through_in_order (void **state)
{
  static const char * const expected[][2] = { { "phase", "new" }, { "service", "a=b=c" }, { "category", "" }, { "x",
                                                                                                                "é" } };
  const char *cursor = "phase=new\nservice=a=b=c\ncategory=\nx=é";
  const char *name, *value;
  gsize name_length, value_length;

  for (guint i = 0; i < G_N_ELEMENTS (expected); i++)
    {
      g_autofree char *found_name = NULL;
      g_autofree char *found_value = NULL;

      assert_true (incident_facts_next (&cursor, &name, &name_length, &value, &value_length));
      found_name = g_strndup (name, name_length);
      found_value = g_strndup (value, value_length);
      assert_string_equal (found_name, expected[i][0]);
      assert_string_equal (found_value, expected[i][1]);
    }
  assert_false (incident_facts_next (&cursor, &name, &name_length, &value, &value_length));
  assert_false (incident_facts_next (&cursor, &name, &name_length, &value, &value_length));
}

static void
test_no_facts_are_nothing_to_step_through (void **state)
{
  const char *cursor = "";
  const char *name, *value;
  gsize name_length, value_length;

  assert_false (incident_facts_next (&cursor, &name, &name_length, &value, &value_length));
}

static void
test_a_fact_is_found_by_its_whole_name (void **state)
{
  const char *facts = "severity-from=alert\nseverity=sev2\nservice=a=b";
  g_autofree char *severity = incident_facts_dup (facts, "severity");
  g_autofree char *service = incident_facts_dup (facts, "service");

  assert_string_equal (severity, "sev2");
  assert_string_equal (service, "a=b");
  assert_null (incident_facts_dup (facts, "sever"));
  assert_null (incident_facts_dup (facts, "a"));
  assert_null (incident_facts_dup ("", "severity"));
}

static void
test_a_fact_is_one_line_of_text (void **state)
{
  static const char * const good[] = { "", "a", "a=b", "Zürich – 東京 🙂", "a b", "\u00a0" };
  static const char * const bad[] = { "a\nb", "\n", "a\r", "\t", "\x01", "\x7f", "\xc2\x85", "\xff", "\xc3",
                                      "a\xed\xa0\x80" };

  for (guint i = 0; i < G_N_ELEMENTS (good); i++)
    if (!incident_fact_is_value (good[i]))
      fail_msg ("refused: %s", good[i]);
  for (guint i = 0; i < G_N_ELEMENTS (bad); i++)
    if (incident_fact_is_value (bad[i]))
      fail_msg ("taken: number %u", i);
}

int
main (void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test (test_the_encoding_is_as_described),
    cmocka_unit_test (test_the_hash_of_this_test_is_that_of_the_rfc),
    cmocka_unit_test (test_a_leaf_is_the_hash_of_the_encoding_behind_a_zero_byte),
    cmocka_unit_test (test_commitment_and_leaf_are_those_computed_elsewhere),
    cmocka_unit_test (test_what_was_not_changed_verifies),
    cmocka_unit_test (test_a_change_of_any_field_is_noticed),
    cmocka_unit_test (test_an_event_of_another_store_is_noticed),
    cmocka_unit_test (test_a_withheld_payload_still_verifies),
    cmocka_unit_test (test_strings_of_the_payload_are_read_by_name),
    cmocka_unit_test (test_facts_are_lines_of_name_and_value),
    cmocka_unit_test (test_facts_are_stepped_through_in_order),
    cmocka_unit_test (test_no_facts_are_nothing_to_step_through),
    cmocka_unit_test (test_a_fact_is_found_by_its_whole_name),
    cmocka_unit_test (test_a_fact_is_one_line_of_text),
  };

  return cmocka_run_group_tests (tests, NULL, NULL);
}
