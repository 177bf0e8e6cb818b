/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "comms/incident-webhook-private.h"

#include <string.h>

#include "base/incident-hash-private.h"

/* Standard Webhooks 1.0: HMAC-SHA-256 of id, time and body. */

#define KEY_PREFIX   "whsec_"
#define SHORTEST_KEY 24
#define LONGEST_KEY  64

gboolean
incident_webhook_read_key (const char  *text,
                           GBytes     **key)
{
  const char *digits = text + strlen (KEY_PREFIX);
  g_autofree char *again = NULL;
  guchar *bytes;
  gsize length;
  gboolean is_key;

  if (!g_str_has_prefix (text, KEY_PREFIX) || strlen (digits) > (LONGEST_KEY + 2) / 3 * 4)
    return FALSE;

  /* GLib skips what is no Base64: only what is written alike was. */
  bytes = g_base64_decode (digits, &length);
  again = g_base64_encode (bytes, length);
  is_key = length >= SHORTEST_KEY && length <= LONGEST_KEY && strcmp (again, digits) == 0;
  explicit_bzero (again, strlen (again));
  if (is_key)
    *key = g_bytes_new (bytes, length);
  explicit_bzero (bytes, length);
  g_free (bytes);
  return is_key;
}

void
incident_webhook_free_key (GBytes *key)
{
  gsize length;
  guint8 *bytes;

  if (key == NULL)
    return;

  /* Ours alone: they are not copied but wiped. */
  bytes = g_bytes_unref_to_data (key, &length);
  explicit_bzero (bytes, length);
  g_free (bytes);
}

char *
incident_webhook_sign (GBytes     *key,
                       const char *id,
                       gint64      seconds,
                       GBytes     *body)
{
  g_autoptr(GByteArray) signed_text = g_byte_array_new ();
  g_autofree char *head = g_strdup_printf ("%s.%" G_GINT64_FORMAT ".", id, seconds);
  g_autofree char *signature = NULL;
  guint8 digest[INCIDENT_HASH_LENGTH];
  gsize key_length;
  const guint8 *key_bytes = g_bytes_get_data (key, &key_length);

  g_byte_array_append (signed_text, (const guint8 *) head, (guint) strlen (head));
  g_byte_array_append (signed_text, g_bytes_get_data (body, NULL), (guint) g_bytes_get_size (body));
  incident_hmac_sha256 (key_bytes, key_length, signed_text->data, signed_text->len, digest);
  signature = g_base64_encode (digest, sizeof digest);
  return g_strconcat ("v1,", signature, NULL);
}
