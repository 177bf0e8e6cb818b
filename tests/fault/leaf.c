/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "leaf.h"

#include <string.h>

static void
put (GString      *out,
     gconstpointer bytes,
     gsize         length)
{
  g_string_append_len (out, bytes, (gssize) length);
}

static void
put_number (GString *out,
            guint64  number,
            int      n_bytes)
{
  for (int i = n_bytes - 1; i >= 0; i--)
    g_string_append_c (out, (char) (number >> (8 * i) & 0xff));
}

static void
put_text (GString    *out,
          const char *text)
{
  put_number (out, strlen (text), 4);
  g_string_append (out, text);
}

void
leaf_compute (const IncidentRecord *record,
              const guint8          store_id[16],
              guint8                leaf[32])
{
  g_autoptr(GString) out = g_string_new (NULL);
  g_autoptr(GChecksum) checksum = g_checksum_new (G_CHECKSUM_SHA256);
  gsize length = 32;

  put_number (out, 0, 1);
  put (out, "INCE", 4);
  put_number (out, 1, 1);
  put (out, store_id, 16);
  put_number (out, record->log_index, 8);
  put_number (out, 1, 1);
  put_number (out, record->subject, 8);
  put_number (out, record->seq, 4);
  put_text (out, record->kind);
  put_number (out, (guint64) record->occurred_at, 8);
  put_number (out, (guint64) record->recorded_at, 8);
  put_text (out, record->actor);
  put_number (out, record->verified, 1);
  put (out, record->operation, 16);
  put_number (out, record->step, 4);
  put_text (out, record->facts);
  put (out, record->commitment, 32);

  g_checksum_update (checksum, (const guchar *) out->str, (gssize) out->len);
  g_checksum_get_digest (checksum, leaf, &length);
}

/* HMAC by its definition (RFC 2104): H (K ^ opad, H (K ^ ipad, text)). */
static void
compute_commitment (const IncidentRecord *record,
                    guint8                commitment[32])
{
  guint8 pad[64], inner[32];
  gsize length = 32;

  for (int round = 0; round < 2; round++)
    {
      g_autoptr(GChecksum) checksum = g_checksum_new (G_CHECKSUM_SHA256);

      memset (pad, round == 0 ? 0x36 : 0x5c, sizeof pad);
      for (int i = 0; i < 32; i++)
        pad[i] ^= record->key[i];
      g_checksum_update (checksum, pad, sizeof pad);
      if (round == 0)
        g_checksum_update (checksum, (const guchar *) record->payload, -1);
      else
        g_checksum_update (checksum, inner, sizeof inner);
      g_checksum_get_digest (checksum, round == 0 ? inner : commitment, &length);
    }
}

char *
leaf_find_fault (GPtrArray    *records,
                 const guint8  store_id[16])
{
  gint64 last = G_MININT64;

  for (guint i = 0; i < records->len; i++)
    {
      const IncidentRecord *record = g_ptr_array_index (records, i);
      guint8 digest[32];

      if (record->seq != i + 1)
        return g_strdup_printf ("event %u of the case has the number %u", i + 1, record->seq);
      if (record->recorded_at < last || record->occurred_at > record->recorded_at)
        return g_strdup_printf ("event %u is recorded before what came before it", i + 1);
      last = record->recorded_at;

      leaf_compute (record, store_id, digest);
      if (memcmp (digest, record->leaf, 32) != 0)
        return g_strdup_printf ("event %u has another hash than its layout gives", i + 1);
      compute_commitment (record, digest);
      if (memcmp (digest, record->commitment, 32) != 0)
        return g_strdup_printf ("event %u has another commitment than its payload gives", i + 1);
    }

  return NULL;
}
