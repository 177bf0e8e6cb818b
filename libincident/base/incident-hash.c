/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "base/incident-hash-private.h"

#include <nettle/hmac.h>
#include <nettle/sha2.h>
#include <string.h>

void
incident_sha256 (const void *data,
                 gsize       length,
                 guint8      digest[INCIDENT_HASH_LENGTH])
{
  struct sha256_ctx context;

  sha256_init (&context);
  sha256_update (&context, length, data);
  sha256_digest (&context, INCIDENT_HASH_LENGTH, digest);
}

void
incident_hmac_sha256 (const guint8 *key,
                      gsize         key_length,
                      const void   *data,
                      gsize         length,
                      guint8        digest[INCIDENT_HASH_LENGTH])
{
  struct hmac_sha256_ctx context;

  hmac_sha256_set_key (&context, key_length, key);
  hmac_sha256_update (&context, length, data);
  hmac_sha256_digest (&context, INCIDENT_HASH_LENGTH, digest);
}

char *
incident_hash_to_version (const char *text)
{
  guint8 digest[INCIDENT_HASH_LENGTH];
  GString *version = g_string_sized_new (INCIDENT_HASH_LENGTH);

  incident_sha256 (text, strlen (text), digest);
  for (guint i = 0; i < INCIDENT_HASH_LENGTH / 2; i++)
    g_string_append_printf (version, "%02x", digest[i]);
  return g_string_free (version, FALSE);
}
