/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "comms/incident-link-private.h"

#include <nettle/memops.h>
#include <string.h>

#include "base/incident-error-private.h"
#include "base/incident-hash-private.h"

/* A token is base64url of: HMAC-SHA-256 ‖ what it says, a line each. */

/* No other thing that is signed with the same key begins like this. */
#define SIGNED_AS "incident-link-v1\n"
#define MAX_TOKEN 2000
#define N_LINES   5

static void
sign (const char *key,
      const char *said,
      gsize       length,
      guint8      digest[INCIDENT_HASH_LENGTH])
{
  g_autoptr(GByteArray) all = g_byte_array_new ();

  g_byte_array_append (all, (const guint8 *) SIGNED_AS, strlen (SIGNED_AS));
  g_byte_array_append (all, (const guint8 *) said, (guint) length);
  incident_hmac_sha256 ((const guint8 *) key, strlen (key), all->data, all->len, digest);
}

/* RFC 4648, section 5, without padding. */
static char *
encode (const guint8 *bytes,
        gsize         length)
{
  char *text = g_base64_encode (bytes, length);

  text[strcspn (text, "=")] = '\0';
  g_strdelimit (text, "+", '-');
  g_strdelimit (text, "/", '_');
  return text;
}

/* The one way in which it could have been encoded, and no other. */
static guint8 *
decode (const char *token,
        gsize      *length)
{
  g_autoptr(GString) text = g_string_new (token);
  g_autofree guint8 *bytes = NULL;
  g_autofree char *again = NULL;

  g_strdelimit (text->str, "-", '+');
  g_strdelimit (text->str, "_", '/');
  while (text->len % 4 != 0)
    g_string_append_c (text, '=');
  bytes = g_base64_decode (text->str, length);
  again = encode (bytes, *length);

  return g_str_equal (again, token) ? g_steal_pointer (&bytes) : NULL;
}

char *
incident_link_make (const char         *address,
                    const char         *key,
                    const IncidentLink *link)
{
  g_autofree char *said = g_strdup_printf ("%s\n%u\n%s\n%s\n%" G_GINT64_FORMAT, link->case_id, link->episode, link->person,
                                           link->page, link->expires_at);
  g_autoptr(GByteArray) bytes = g_byte_array_new ();
  g_autofree char *token = NULL;
  guint8 digest[INCIDENT_HASH_LENGTH];

  sign (key, said, strlen (said), digest);
  g_byte_array_append (bytes, digest, sizeof digest);
  g_byte_array_append (bytes, (const guint8 *) said, (guint) strlen (said));
  token = encode (bytes->data, bytes->len);
  return g_strconcat (address, g_str_has_suffix (address, "/") ? "" : "/", "ack/", token, NULL);
}

static IncidentLink *
read_lines (const char *said,
            gsize       length)
{
  g_autofree char *text = g_strndup (said, length);
  g_auto(GStrv) lines = g_strsplit (text, "\n", -1);
  guint64 episode;
  gint64 expires_at;
  IncidentLink *self;

  if (strlen (text) < length || g_strv_length (lines) != N_LINES
      || !g_ascii_string_to_unsigned (lines[1], 10, 1, G_MAXUINT32, &episode, NULL)
      || !g_ascii_string_to_signed (lines[4], 10, G_MININT64, G_MAXINT64, &expires_at, NULL))
    return NULL;

  self = g_new0 (IncidentLink, 1);
  self->case_id = g_strdup (lines[0]);
  self->episode = (guint) episode;
  self->person = g_strdup (lines[2]);
  self->page = g_strdup (lines[3]);
  self->expires_at = expires_at;
  return self;
}

IncidentLink *
incident_link_read (const char  *token,
                    const char  *key,
                    GError     **error)
{
  static char *codes[] = { (char *) "not-permitted", NULL };
  gsize length = 0;
  g_autofree guint8 *bytes = *key != '\0' && *token != '\0' && strlen (token) <= MAX_TOKEN ? decode (token, &length) : NULL;
  guint8 digest[INCIDENT_HASH_LENGTH];
  IncidentLink *self = NULL;

  if (bytes != NULL && length > INCIDENT_HASH_LENGTH)
    {
      const char *said = (const char *) bytes + INCIDENT_HASH_LENGTH;

      sign (key, said, length - INCIDENT_HASH_LENGTH, digest);
      if (memeql_sec (digest, bytes, INCIDENT_HASH_LENGTH) != 0)
        self = read_lines (said, length - INCIDENT_HASH_LENGTH);
    }
  if (self == NULL)
    incident_set_error_refused (error, codes, "The link is refused: not-permitted: it is incomplete, or nobody here has made it");

  return self;
}

void
incident_link_free (IncidentLink *self)
{
  g_free (self->case_id);
  g_free (self->person);
  g_free (self->page);
  g_free (self);
}
