/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "desk/incident-desk-private.h"

#include <libincident/incident-error.h>

#include <nettle/memops.h>
#include <string.h>

#include "base/incident-error-private.h"
#include "base/incident-hash-private.h"
#include "base/incident-json-reader-private.h"
#include "intake/incident-format-private.h"
#include "model/incident-intake-rules-private.h"

/* Who is at the door with a message: which of the playbook's sources a token or a
 * signature belongs to. Secrets are read each time, so that they may change. */

/* What stands for a source whose messages look like nothing that is known. */
#define SOMEBODY "monitoring"

typedef struct
{
  const char *token;      /* nullable, as that below */
  const char *signature;
  GBytes     *body;
} Visitor;

static gboolean
source_has_secret (const IncidentSource *source)
{
  return incident_secret_is_told (&source->token) || incident_secret_is_told (&source->signature);
}

/* The same order each time. */
static GPtrArray *
list_sources (IncidentDesk *self)
{
  GPtrArray *listed = g_ptr_array_new ();
  GHashTable *sources = incident_desk_get_rulebook (self)->rules->intake->sources;
  g_autoptr(GList) names = g_list_sort (g_hash_table_get_keys (sources), (GCompareFunc) strcmp);

  for (GList *at = names; at != NULL; at = at->next)
    g_ptr_array_add (listed, g_hash_table_lookup (sources, at->data));
  return listed;
}

static gboolean
has_token (const Visitor        *visitor,
           const IncidentSecret *secret)
{
  g_autoptr(IncidentSecretText) token = incident_secret_read (secret, NULL);

  return token != NULL && visitor->token != NULL && incident_secret_equal (token, visitor->token);
}

static gboolean
read_hexadecimal (const char *text,
                  guint8      digest[INCIDENT_HASH_LENGTH])
{
  if (strlen (text) != 2 * INCIDENT_HASH_LENGTH)
    return FALSE;

  for (guint i = 0; i < INCIDENT_HASH_LENGTH; i++)
    {
      int high = g_ascii_xdigit_value (text[2 * i]);
      int low = g_ascii_xdigit_value (text[2 * i + 1]);

      if (high < 0 || low < 0)
        return FALSE;
      digest[i] = (guint8) (high * 16 + low);
    }

  return TRUE;
}

static gboolean
has_signature (const Visitor        *visitor,
               const IncidentSecret *secret)
{
  g_autoptr(IncidentSecretText) key = incident_secret_read (secret, NULL);
  guint8 wanted[INCIDENT_HASH_LENGTH];
  guint8 given[INCIDENT_HASH_LENGTH];
  const char *bytes;
  gsize length;

  if (key == NULL || visitor->signature == NULL || !read_hexadecimal (visitor->signature, given))
    return FALSE;

  bytes = g_bytes_get_data (visitor->body, &length);
  incident_hmac_sha256 ((const guint8 *) key, strlen (key), length > 0 ? bytes : "", length, wanted);
  return memeql_sec (wanted, given, INCIDENT_HASH_LENGTH) != 0;
}

/* Whatever secrets a source has, all must be shown. */
static gboolean
is_from (const Visitor        *visitor,
         const IncidentSource *source)
{
  return source_has_secret (source)
         && (!incident_secret_is_told (&source->token) || has_token (visitor, &source->token))
         && (!incident_secret_is_told (&source->signature) || has_signature (visitor, &source->signature));
}

/* The key that PagerDuty's events carry in their body. */
static char *
dup_routing_key (GBytes *body)
{
  gsize length;
  const char *bytes = g_bytes_get_data (body, &length);
  g_autoptr(IncidentJsonReader) reader = incident_json_reader_new (length > 0 ? bytes : "", length, NULL, NULL);
  const char *key = NULL;
  const char *name;

  incident_json_reader_enter_object (reader);
  while (incident_json_reader_next_member (reader, &name))
    if (g_str_equal (name, "routing_key"))
      key = incident_json_reader_read_string (reader);
    else
      incident_json_reader_skip (reader);

  return incident_json_reader_finish (reader, NULL) ? g_strdup (key) : NULL;
}

/* Of several sources with one secret it is the one of the format, else the first. */
static char *
find_source (IncidentDesk  *self,
             const Visitor *visitor,
             const char    *name,
             const char    *format)
{
  g_autoptr(GPtrArray) sources = list_sources (self);
  const IncidentSource *found = NULL;

  for (guint i = 0; i < sources->len; i++)
    {
      const IncidentSource *source = g_ptr_array_index (sources, i);

      if ((name != NULL && !g_str_equal (name, source->name)) || !is_from (visitor, source))
        continue;
      if (found == NULL || (g_strcmp0 (found->format, format) != 0 && g_strcmp0 (source->format, format) == 0))
        found = source;
    }

  return found != NULL ? g_strdup (found->name) : NULL;
}

static const char *
recognise (GBytes *body)
{
  gsize length;
  const char *bytes = g_bytes_get_data (body, &length);
  const IncidentFormat *format = incident_format_recognise (length > 0 ? bytes : "", length, NULL);

  return format != NULL ? format->name : NULL;
}

/* Where nobody needs a token: the one source of the format, else the format itself. */
static char *
name_by_format (IncidentDesk *self,
                const char   *format)
{
  g_autoptr(GPtrArray) sources = list_sources (self);
  const IncidentSource *found = NULL;
  guint n_found = 0;

  for (guint i = 0; format != NULL && i < sources->len; i++)
    {
      const IncidentSource *source = g_ptr_array_index (sources, i);

      if (g_strcmp0 (source->format, format) != 0)
        continue;
      found = source;
      n_found++;
    }

  if (n_found == 1)
    return g_strdup (found->name);
  return g_strdup (format != NULL ? format : SOMEBODY);
}

/**
 * incident_desk_has_tokens:
 * @self: a desk
 *
 * Tells whether the playbook has a source with a token or a signature. If it has
 * none, [method@Desk.admit] lets in everybody: listen where only this machine can
 * reach you.
 *
 * Returns: %TRUE if senders have to show who they are
 *
 * Since: 0.1
 */
gboolean
incident_desk_has_tokens (IncidentDesk *self)
{
  g_autoptr(GPtrArray) sources = NULL;

  g_return_val_if_fail (INCIDENT_IS_DESK (self), FALSE);

  sources = list_sources (self);
  for (guint i = 0; i < sources->len; i++)
    if (source_has_secret (g_ptr_array_index (sources, i)))
      return TRUE;

  return FALSE;
}

static gboolean
check_secret (const IncidentSource  *source,
              const IncidentSecret  *secret,
              GError               **error)
{
  g_autoptr(IncidentSecretText) read = NULL;

  if (!incident_secret_is_told (secret))
    return TRUE;

  read = incident_secret_read (secret, error);
  if (read == NULL)
    g_prefix_error (error, "The source “%s” cannot be recognised: ", source->name);
  return read != NULL;
}

/**
 * incident_desk_check_secrets:
 * @self: a desk
 * @error: return location for an error
 *
 * Tells whether the tokens and the keys of signatures that the playbook names can
 * be read now. A source whose secret cannot be read is not let in by
 * [method@Desk.admit], and neither it nor you would be told why.
 *
 * This call blocks where a secret is in a file.
 *
 * Returns: %TRUE if all can be read; otherwise @error tells which one cannot: an
 *   error of the file, or %INCIDENT_ERROR_NOT_FOUND
 *
 * Since: 0.1
 */
gboolean
incident_desk_check_secrets (IncidentDesk  *self,
                             GError       **error)
{
  g_autoptr(GPtrArray) sources = NULL;

  g_return_val_if_fail (INCIDENT_IS_DESK (self), FALSE);
  g_return_val_if_fail (error == NULL || *error == NULL, FALSE);

  sources = list_sources (self);
  for (guint i = 0; i < sources->len; i++)
    {
      const IncidentSource *source = g_ptr_array_index (sources, i);

      if (!check_secret (source, &source->token, error) || !check_secret (source, &source->signature, error))
        return FALSE;
    }

  return TRUE;
}

/**
 * incident_desk_admit:
 * @self: a desk
 * @source: (nullable): who the sender says that it is: a source of the playbook
 * @format: (nullable): what the message is, as for [method@Desk.ingest]
 * @token: (nullable): the token that the sender shows: a bearer token, or the
 *   `GenieKey` of Opsgenie
 * @signature: (nullable): the HMAC-SHA-256 of @body in 64 hexadecimal digits, as
 *   Sentry gives it
 * @body: the message, byte by byte as it was received
 * @error: return location for an error
 *
 * Finds out who is at the door with a message: whose the token, the signature or
 * both are. A sender shows all that the playbook has of it. Without @token the
 * routing key in a body of PagerDuty's format counts. What is compared takes as
 * long whether it is right or wrong.
 *
 * Where the playbook has no token and no signature, everybody is let in, under the
 * name @source, else that of the one source of @format, else that of @format; where
 * that is not given, it is what the message looks like.
 *
 * The secrets are read anew each time from where the playbook says, so that they
 * may change. This call blocks where one is in a file.
 *
 * Returns: (transfer full): the name of the source, for [method@Desk.ingest]; or
 *   %NULL with @error set to %INCIDENT_ERROR_REFUSED, with the code
 *   `not-permitted` ([func@Error.get_codes])
 *
 * Since: 0.1
 */
char *
incident_desk_admit (IncidentDesk  *self,
                     const char    *source,
                     const char    *format,
                     const char    *token,
                     const char    *signature,
                     GBytes        *body,
                     GError       **error)
{
  static char *codes[] = { (char *) "not-permitted", NULL };
  g_autofree char *key = NULL;
  Visitor visitor = { token, signature, body };
  char *name;

  g_return_val_if_fail (INCIDENT_IS_DESK (self), NULL);
  g_return_val_if_fail (body != NULL, NULL);
  g_return_val_if_fail (error == NULL || *error == NULL, NULL);

  if (!incident_desk_has_tokens (self))
    return source != NULL ? g_strdup (source) : name_by_format (self, format != NULL ? format : recognise (body));

  if (token == NULL && (format == NULL || g_str_equal (format, "pagerduty")))
    visitor.token = key = dup_routing_key (body);
  name = find_source (self, &visitor, source, format);
  if (name == NULL)
    incident_set_error_refused (error, codes, "The message is refused: not-permitted: it shows no token or signature "
                                              "that the playbook has for such a source");
  return name;
}
