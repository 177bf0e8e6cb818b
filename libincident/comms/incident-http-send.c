/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "comms/incident-http-private.h"

#include <string.h>

#ifdef INCIDENT_WITH_HTTP
# include <libsoup/soup.h>

# include "comms/incident-http-address-private.h"
#endif

#define MOST_HOSTS  8             /* whose connections are kept */
#define CHUNK_BYTES (16 * 1024)

struct _IncidentHttp
{
  IncidentHttpLimits  limits;
  char               *certificate;
#ifdef INCIDENT_WITH_HTTP
  GTlsDatabase       *trusted;    /* NULL: the system's, or not read yet */
  GHashTable         *sessions;   /* “https://host:443” → its SoupSession, since an address belongs to a session */
  GMainContext       *context;    /* in which those are used */
#endif
};

/* What became of a request. */
typedef struct
{
  IncidentHttpLimits   limits;
  IncidentHttpRequest *request;
  char                *host;      /* NULL: not known yet */
  gboolean             is_out;
  gboolean             is_late;
#ifdef INCIDENT_WITH_HTTP
  SoupSession         *session;
  SoupMessage         *message;
  GInputStream        *stream;
  GByteArray          *body;
  GCancellable        *end;       /* by the deadline, or since the caller gives up */
  GSource             *deadline;
  GSource             *given_up;  /* nullable */
#endif
} Exchange;

IncidentHttp *
incident_http_new (const IncidentHttpLimits *limits)
{
  IncidentHttp *self;

  g_return_val_if_fail (limits != NULL && limits->seconds > 0, NULL);

  self = g_new0 (IncidentHttp, 1);
  self->limits = *limits;
  self->certificate = g_strdup (limits->certificate);
  self->limits.certificate = self->certificate;
#ifdef INCIDENT_WITH_HTTP
  self->sessions = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_object_unref);
#endif
  return self;
}

#ifdef INCIDENT_WITH_HTTP

void
incident_http_free (IncidentHttp *self)
{
  g_hash_table_unref (self->sessions);
  g_clear_object (&self->trusted);
  g_clear_pointer (&self->context, g_main_context_unref);
  g_free (self->certificate);
  g_free (self);
}

static void
clear_source (GSource **source)
{
  if (*source != NULL)
    g_source_destroy (*source);
  g_clear_pointer (source, g_source_unref);
}

static void
exchange_free (gpointer data)
{
  Exchange *exchange = data;

  g_clear_pointer (&exchange->request, incident_http_request_free);
  g_clear_pointer (&exchange->body, g_byte_array_unref);
  g_clear_object (&exchange->stream);
  g_clear_object (&exchange->message);
  g_clear_object (&exchange->session);
  g_clear_object (&exchange->end);
  clear_source (&exchange->deadline);
  clear_source (&exchange->given_up);
  g_free (exchange->host);
  g_free (exchange);
}

/* What may be asked for */

static gboolean
has_control_characters (const char *text)
{
  for (; *text != '\0'; text++)
    if (g_ascii_iscntrl (*text) && *text != '\t')
      return TRUE;

  return FALSE;
}

/* Never its text: it may be a secret. */
static GUri *
parse_url (const char  *url,
           GError     **error)
{
  g_autoptr(GUri) uri = g_uri_parse (url, SOUP_HTTP_URI_FLAGS, NULL);
  const char *host = uri != NULL ? g_uri_get_host (uri) : NULL;

  if (host == NULL || *host == '\0' || (strcmp (g_uri_get_scheme (uri), "https") != 0 && strcmp (g_uri_get_scheme (uri), "http") != 0))
    {
      g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT, "What is to be called is no URL such as “https://example.org/”");
      return NULL;
    }
  if (g_uri_get_userinfo (uri) != NULL)
    {
      g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT, "The URL has the name of a user in it, which is not supported");
      return NULL;
    }

  return g_steal_pointer (&uri);
}

static gboolean
check_url (GUri                      *uri,
           const IncidentHttpLimits  *limits,
           GError                   **error)
{
  if (limits->may_be_near)
    return TRUE;

  if (strcmp (g_uri_get_scheme (uri), "https") != 0)
    {
      g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_PERMISSION_DENIED, "It is to be called by http, and “near” does not allow that");
      return FALSE;
    }
  if (g_uri_get_port (uri) != 443)
    {
      g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_PERMISSION_DENIED, "Its port is not 443, and “near” does not allow that");
      return FALSE;
    }

  return TRUE;
}

static gboolean
check_headers (IncidentHttpRequest  *request,
               GError              **error)
{
  for (guint i = 0; i + 1 < request->headers->len; i += 2)
    if (has_control_characters (g_ptr_array_index (request->headers, i + 1)))
      {
        g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT, "The value for the header “%s” has a control character in it",
                     (const char *) g_ptr_array_index (request->headers, i));
        return FALSE;
      }

  return TRUE;
}

/* Sessions */

static gboolean
load_trusted (IncidentHttp  *self,
              GError       **error)
{
  g_autoptr(GError) local_error = NULL;
  g_autofree char *path = NULL;

  if (self->trusted != NULL || self->certificate == NULL)
    return TRUE;

  /* It wants a whole path. */
  path = g_canonicalize_filename (self->certificate, NULL);
  self->trusted = g_tls_file_database_new (path, &local_error);
  if (self->trusted == NULL)
    g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT, "The certificate “%s” cannot be used: %s",
                 self->certificate, local_error->message);
  return self->trusted != NULL;
}

static SoupSession *
make_session (IncidentHttp *self,
              const char   *host,
              guint16       port)
{
  g_autoptr(GSocketConnectable) address = incident_http_address_new (host, port, self->limits.may_be_near);
  SoupSession *session = soup_session_new_with_options ("remote-connectable", address,
                                                        "proxy-resolver", NULL,
                                                        "user-agent", "libincident/" PACKAGE_VERSION,
                                                        NULL);

  /* A small reply could become a very large one. */
  soup_session_remove_feature_by_type (session, SOUP_TYPE_CONTENT_DECODER);
  if (self->trusted != NULL)
    soup_session_set_tls_database (session, self->trusted);
  return session;
}

/* Connections belong to the context that they were made in. */
static void
forget_other_context (IncidentHttp *self)
{
  g_autoptr(GMainContext) context = g_main_context_ref_thread_default ();

  if (self->context == context)
    return;

  g_hash_table_remove_all (self->sessions);
  g_clear_pointer (&self->context, g_main_context_unref);
  self->context = g_steal_pointer (&context);
}

static SoupSession *
get_session (IncidentHttp *self,
             GUri         *uri,
             const char   *host)
{
  guint16 port = (guint16) g_uri_get_port (uri);
  g_autofree char *key = g_strdup_printf ("%s://%s:%u", g_uri_get_scheme (uri), host, (guint) port);
  SoupSession *session;

  forget_other_context (self);
  session = g_hash_table_lookup (self->sessions, key);
  if (session != NULL)
    return session;

  if (g_hash_table_size (self->sessions) >= MOST_HOSTS)
    g_hash_table_remove_all (self->sessions);
  session = make_session (self, host, port);
  g_hash_table_insert (self->sessions, g_steal_pointer (&key), session);
  return session;
}

/* The end of it */

static void
stop_watching (Exchange *exchange)
{
  clear_source (&exchange->deadline);
  clear_source (&exchange->given_up);
  if (exchange->message != NULL)
    g_signal_handlers_disconnect_by_data (exchange->message, exchange);
}

/* Takes both. */
static void
fail (GTask  *task,
      GError *error)
{
  g_autoptr(GTask) owned G_GNUC_UNUSED = task;
  Exchange *exchange = g_task_get_task_data (task);

  stop_watching (exchange);
  if (exchange->is_late)
    {
      g_clear_error (&error);
      error = g_error_new (G_IO_ERROR, G_IO_ERROR_TIMED_OUT, "no whole answer within %u s", exchange->limits.seconds);
    }
  if (exchange->host != NULL)
    g_prefix_error (&error, "%s: ", exchange->host);
  g_task_return_error (task, error);
}

static void
succeed (GTask *task)
{
  g_autoptr(GTask) owned G_GNUC_UNUSED = task;
  Exchange *exchange = g_task_get_task_data (task);
  SoupMessageHeaders *headers = soup_message_get_response_headers (exchange->message);
  IncidentHttpReply *reply = g_new0 (IncidentHttpReply, 1);

  stop_watching (exchange);
  reply->status = soup_message_get_status (exchange->message);
  reply->content_type = g_strdup (soup_message_headers_get_content_type (headers, NULL));
  reply->retry_after = g_strdup (soup_message_headers_get_one (headers, "Retry-After"));
  reply->body = g_byte_array_free_to_bytes (g_steal_pointer (&exchange->body));
  g_task_return_pointer (task, reply, (GDestroyNotify) incident_http_reply_free);
}

/* The way */

static void read_more (GTask *task);

/* Takes @task. The connection is of no use any more. */
static void
end_at_most_bytes (GTask *task)
{
  Exchange *exchange = g_task_get_task_data (task);

  g_input_stream_close_async (exchange->stream, G_PRIORITY_DEFAULT, NULL, NULL, NULL);
  if (exchange->limits.cuts)
    {
      g_byte_array_set_size (exchange->body, (guint) exchange->limits.most_bytes);
      succeed (task);
    }
  else
    {
      fail (task, g_error_new (G_IO_ERROR, G_IO_ERROR_MESSAGE_TOO_LARGE, "its answer has more than %" G_GSIZE_FORMAT " bytes",
                               exchange->limits.most_bytes));
    }
}

static void
on_read (GObject      *source,
         GAsyncResult *result,
         gpointer      data)
{
  GTask *task = data;
  Exchange *exchange = g_task_get_task_data (task);
  GError *error = NULL;
  g_autoptr(GBytes) bytes = g_input_stream_read_bytes_finish (G_INPUT_STREAM (source), result, &error);

  if (bytes == NULL)
    {
      fail (task, error);
      return;
    }

  g_byte_array_append (exchange->body, g_bytes_get_data (bytes, NULL), (guint) g_bytes_get_size (bytes));
  if (g_bytes_get_size (bytes) == 0)
    succeed (task);
  else if (exchange->body->len > exchange->limits.most_bytes)
    end_at_most_bytes (task);
  else
    read_more (task);
}

static void
read_more (GTask *task)
{
  Exchange *exchange = g_task_get_task_data (task);

  g_input_stream_read_bytes_async (exchange->stream, CHUNK_BYTES, G_PRIORITY_DEFAULT, exchange->end, on_read, task);
}

static void
on_sent (GObject      *source,
         GAsyncResult *result,
         gpointer      data)
{
  GTask *task = data;
  Exchange *exchange = g_task_get_task_data (task);
  GError *error = NULL;

  exchange->stream = soup_session_send_finish (SOUP_SESSION (source), result, &error);
  if (exchange->stream == NULL)
    {
      fail (task, error);
      return;
    }

  exchange->body = g_byte_array_new ();
  read_more (task);
}

static void
on_wrote_headers (SoupMessage *message,
                  Exchange    *exchange)
{
  exchange->is_out = TRUE;
}

static gboolean
on_deadline (gpointer data)
{
  Exchange *exchange = data;

  exchange->is_late = TRUE;
  g_cancellable_cancel (exchange->end);
  return G_SOURCE_REMOVE;
}

static gboolean
on_given_up (GCancellable *cancellable,
             gpointer      data)
{
  Exchange *exchange = data;

  g_cancellable_cancel (exchange->end);
  return G_SOURCE_REMOVE;
}

/* libsoup's own timeout begins anew with each byte. */
static void
watch (Exchange     *exchange,
       GCancellable *cancellable)
{
  GMainContext *context = g_main_context_get_thread_default ();

  exchange->end = g_cancellable_new ();
  exchange->deadline = g_timeout_source_new_seconds (exchange->limits.seconds);
  g_source_set_callback (exchange->deadline, on_deadline, exchange, NULL);
  g_source_attach (exchange->deadline, context);
  if (cancellable == NULL)
    return;

  exchange->given_up = g_cancellable_source_new (cancellable);
  g_source_set_callback (exchange->given_up, G_SOURCE_FUNC (on_given_up), exchange, NULL);
  g_source_attach (exchange->given_up, context);
}

static SoupMessage *
make_message (const IncidentHttpRequest *request,
              GUri                      *uri)
{
  SoupMessage *message = soup_message_new_from_uri (request->method, uri);
  SoupMessageHeaders *headers = soup_message_get_request_headers (message);

  soup_message_add_flags (message, SOUP_MESSAGE_NO_REDIRECT);
  if (request->is_idempotent)
    soup_message_add_flags (message, SOUP_MESSAGE_IDEMPOTENT);
  for (guint i = 0; i + 1 < request->headers->len; i += 2)
    soup_message_headers_replace (headers, g_ptr_array_index (request->headers, i), g_ptr_array_index (request->headers, i + 1));
  if (request->body != NULL)
    soup_message_set_request_body_from_bytes (message, request->content_type, request->body);
  return message;
}

static gboolean
prepare (IncidentHttp  *self,
         Exchange      *exchange,
         GError       **error)
{
  g_autoptr(GUri) uri = parse_url (exchange->request->url, error);

  if (uri == NULL)
    return FALSE;

  exchange->host = g_hostname_to_ascii (g_uri_get_host (uri));
  if (exchange->host == NULL)
    {
      g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT, "The URL has no host that could be");
      return FALSE;
    }
  if (!check_url (uri, &self->limits, error) || !check_headers (exchange->request, error) || !load_trusted (self, error))
    return FALSE;

  exchange->session = g_object_ref (get_session (self, uri, exchange->host));
  exchange->message = make_message (exchange->request, uri);
  return TRUE;
}

void
incident_http_send_async (IncidentHttp        *self,
                          IncidentHttpRequest *request,
                          GCancellable        *cancellable,
                          GAsyncReadyCallback  callback,
                          gpointer             data)
{
  GTask *task = g_task_new (NULL, cancellable, callback, data);
  Exchange *exchange = g_new0 (Exchange, 1);
  GError *error = NULL;

  g_task_set_source_tag (task, incident_http_send_async);
  /* Whoever gives up still learns whether it is out. */
  g_task_set_check_cancellable (task, FALSE);
  g_task_set_task_data (task, exchange, exchange_free);
  exchange->limits = self->limits;
  exchange->limits.certificate = NULL;
  exchange->request = request;
  if (!prepare (self, exchange, &error))
    {
      fail (task, error);
      return;
    }

  watch (exchange, cancellable);
  g_signal_connect (exchange->message, "wrote-headers", G_CALLBACK (on_wrote_headers), exchange);
  soup_session_send_async (exchange->session, exchange->message, G_PRIORITY_DEFAULT, exchange->end, on_sent, task);
}

#else /* !INCIDENT_WITH_HTTP */

void
incident_http_free (IncidentHttp *self)
{
  g_free (self->certificate);
  g_free (self);
}

static void
exchange_free (gpointer data)
{
  Exchange *exchange = data;

  incident_http_request_free (exchange->request);
  g_free (exchange);
}

void
incident_http_send_async (IncidentHttp        *self,
                          IncidentHttpRequest *request,
                          GCancellable        *cancellable,
                          GAsyncReadyCallback  callback,
                          gpointer             data)
{
  g_autoptr(GTask) task = g_task_new (NULL, cancellable, callback, data);
  Exchange *exchange = g_new0 (Exchange, 1);

  exchange->request = request;
  g_task_set_source_tag (task, incident_http_send_async);
  g_task_set_task_data (task, exchange, exchange_free);
  g_task_return_new_error (task, G_IO_ERROR, G_IO_ERROR_NOT_SUPPORTED, "This build of libincident does not speak HTTP: it is without libsoup");
}

#endif

IncidentHttpReply *
incident_http_send_finish (IncidentHttp  *self,
                           GAsyncResult  *result,
                           gboolean      *is_out,
                           GError       **error)
{
  Exchange *exchange = g_task_get_task_data (G_TASK (result));

  if (is_out != NULL)
    *is_out = exchange->is_out;
  return g_task_propagate_pointer (G_TASK (result), error);
}
