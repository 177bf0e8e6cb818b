/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "incident-serve-request.h"

#include <string.h>

/* From a request to what became of each alert in it. */

static void
add_header (const char *name,
            const char *value,
            gpointer    data)
{
  g_hash_table_insert (data, g_ascii_strdown (name, -1), g_strdup (value));
}

/* One name to each: of a header that came twice the last counts. */
static GHashTable *
list_headers (SoupMessageHeaders *headers)
{
  GHashTable *listed = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);

  soup_message_headers_foreach (headers, add_header, listed);
  return listed;
}

/* For senders that can give a name and a password only, the password is the token. */
static char *
dup_password (const char *encoded)
{
  gsize length;
  g_autofree guchar *decoded = g_base64_decode (encoded, &length);
  const char *colon = decoded != NULL ? memchr (decoded, ':', length) : NULL;

  return colon != NULL ? g_strndup (colon + 1, length - (gsize) (colon + 1 - (char *) decoded)) : NULL;
}

static char *
dup_token (SoupMessageHeaders *headers)
{
  const char *authorization = soup_message_headers_get_one (headers, "Authorization");
  const char *blank = authorization != NULL ? strchr (authorization, ' ') : NULL;
  g_autofree char *scheme = blank != NULL ? g_ascii_strdown (authorization, (gssize) (blank - authorization)) : NULL;
  g_autofree char *rest = blank != NULL ? g_strstrip (g_strdup (blank)) : NULL;

  if (g_strcmp0 (scheme, "basic") == 0)
    return dup_password (rest);
  if (g_strcmp0 (scheme, "bearer") == 0 || g_strcmp0 (scheme, "geniekey") == 0)
    return g_steal_pointer (&rest);
  return NULL;
}

static void
note_trouble (Server       *server,
              const GError *error)
{
  g_clear_pointer (&server->trouble, g_free);
  if (error == NULL)
    return;

  server->trouble = g_strdup (error->message);
  server->trouble_at = g_get_monotonic_time ();
}

/* What a message says for people, such as where a subscription is confirmed: its sender
 * is a machine. */
static void
tell_notes (GPtrArray *receipts)
{
  for (guint i = 0; i < receipts->len; i++)
    {
      IncidentReceipt *receipt = g_ptr_array_index (receipts, i);
      g_autofree char *harmless = NULL;

      if (incident_receipt_get_alert (receipt) != NULL || incident_receipt_get_error (receipt) != NULL)
        continue;
      harmless = incident_text_for_terminal (incident_receipt_get_why (receipt));
      g_printerr ("incident: %s\n", harmless);
    }
}

static GPtrArray *
ingest (Request     *request,
        const char  *format,
        GBytes      *message,
        const char  *source,
        GError     **error)
{
  Server *server = request->server;
  gint64 started = g_get_monotonic_time ();
  g_autoptr(GError) local_error = NULL;
  GPtrArray *receipts = incident_desk_ingest (server->desk, format, message, "body", source, INCIDENT_TIME_NONE,
                                              &local_error);

  request->has_format = local_error == NULL || g_strcmp0 (incident_error_get_where (local_error), "format") != 0;
  if (receipts != NULL)
    {
      metrics_add_alerts (server->metrics, receipts, (double) (g_get_monotonic_time () - started) / G_USEC_PER_SEC);
      note_trouble (server, NULL);
      tell_notes (receipts);
      server_settle_soon (server);
      return receipts;
    }

  if (answer_is_trouble (local_error))
    note_trouble (server, local_error);
  g_propagate_error (error, g_steal_pointer (&local_error));
  return NULL;
}

GPtrArray *
request_take_in (Request     *request,
                 const char  *format,
                 GBytes      *wrapped,
                 GError     **error)
{
  const char *claimed = request->query != NULL ? g_hash_table_lookup (request->query, "source") : NULL;
  const char *signature = soup_message_headers_get_one (request->headers, "Sentry-Hook-Signature");
  g_autoptr(GHashTable) headers = list_headers (request->headers);
  g_autofree char *token = dup_token (request->headers);
  g_autofree char *source = NULL;
  g_autoptr(GBytes) message = NULL;

  request->is_known = token != NULL || signature != NULL;
  source = incident_desk_admit (request->server->desk, claimed, format, token, signature, request->body, error);
  if (source == NULL)
    return NULL;

  message = wrapped != NULL ? g_bytes_ref (wrapped) : incident_body_from_http (headers, request->body, error);
  return message != NULL ? ingest (request, format, message, source, error) : NULL;
}

void
request_fail (Request      *request,
              const GError *error,
              Answer       *answer)
{
  answer_set_failure (answer, error, request->is_known);
}
