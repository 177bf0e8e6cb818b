/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "fuzz.h"

#include <string.h>

#include "model/incident-record-private.h"

static const guint8 store_id[INCIDENT_STORE_ID_LENGTH] = { 1, 2, 3 };

/* Stepping through lends slices in order; put together again they are what was read. */
static void
check_steps (const char *facts)
{
  g_autoptr(GString) again = g_string_new (NULL);
  const char *cursor = facts;
  const char *name, *value;
  gsize name_length, value_length;

  while (incident_facts_next (&cursor, &name, &name_length, &value, &value_length))
    {
      g_autofree char *name_copy = g_strndup (name, name_length);
      g_autofree char *value_copy = g_strndup (value, value_length);
      g_autofree char *found = incident_facts_dup (facts, name_copy);

      fuzz_assert (name >= facts && value == name + name_length + 1 && cursor >= value + value_length);
      fuzz_assert (strpbrk (name_copy, "=\n") == NULL && strchr (value_copy, '\n') == NULL);
      fuzz_assert (found != NULL);
      incident_facts_append (again, name_copy, value_copy);
    }

  fuzz_assert (strncmp (facts, again->str, again->len) == 0);
  fuzz_assert (facts[again->len] == '\0' || facts[again->len] == '\n' || again->len == 0);
}

/* A value without control characters comes back as it was, whatever it holds. */
static void
check_value (const char *value)
{
  g_autoptr(GString) facts = g_string_new (NULL);
  g_autofree char *found = NULL;
  g_autofree char *after = NULL;

  if (!incident_fact_is_value (value))
    return;

  incident_facts_append (facts, "first", "1");
  incident_facts_append (facts, "it", value);
  incident_facts_append (facts, "after", "2");
  found = incident_facts_dup (facts->str, "it");
  after = incident_facts_dup (facts->str, "after");
  fuzz_assert (g_strcmp0 (found, value) == 0);
  fuzz_assert (g_strcmp0 (after, "2") == 0);
}

/* Each byte of the facts counts in the leaf. */
static void
check_record (const char *facts)
{
  g_autoptr(IncidentRecord) record = incident_record_new ();
  g_autoptr(GBytes) encoding = NULL;
  gsize length = strlen (facts);

  record->subject = 1;
  record->seq = 1;
  record->kind = "noted";
  record->actor = g_ref_string_new ("ana");
  record->facts = g_ref_string_new (facts);
  record->payload = g_strdup ("{}");
  incident_record_commit (record);
  incident_record_hash (record, store_id);
  fuzz_assert (incident_record_verify (record, store_id));

  encoding = incident_record_encode (record, store_id);
  fuzz_assert (g_bytes_get_size (encoding) == 5 + 16 + 8 + 1 + 8 + 4 + (4 + 5) + 8 + 8 + (4 + 3) + 1 + 16 + 4
                                              + (4 + length) + 32);
  fuzz_assert (memcmp ((const char *) g_bytes_get_data (encoding, NULL) + g_bytes_get_size (encoding) - 32 - length,
                       facts, length) == 0);
  if (length == 0)
    return;

  record->facts[length / 2] ^= 1;
  fuzz_assert (!incident_record_verify (record, store_id));
}

int
LLVMFuzzerTestOneInput (const guint8 *data,
                        gsize         size)
{
  g_autofree char *facts = g_strndup ((const char *) data, size);

  check_steps (facts);
  check_value (facts);
  check_record (facts);
  return 0;
}
