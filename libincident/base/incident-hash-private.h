/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* SHA-256 and HMAC-SHA-256, by nettle: it uses what the processor has for them. */

#define INCIDENT_HASH_LENGTH 32

void incident_sha256      (const void   *data,
                           gsize         length,
                           guint8        digest[INCIDENT_HASH_LENGTH]);
void incident_hmac_sha256 (const guint8 *key,
                           gsize         key_length,
                           const void   *data,
                           gsize         length,
                           guint8        digest[INCIDENT_HASH_LENGTH]);

/* What names a text by what it says: 32 hexadecimal digits of its SHA-256. */
char *incident_hash_to_version (const char *text);

G_END_DECLS
