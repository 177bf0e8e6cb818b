/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <libsoup/soup.h>
#include <string.h>

#include "incident-test.h"

/* Something that answers like Slack, by a script, and keeps what it was asked. */

typedef struct
{
  guint       status;       /* 0: the connection is closed without an answer */
  const char *retry_after;  /* the header; nullable */
  const char *body;
} SlackAnswer;

typedef struct
{
  char       *method;
  char       *token;        /* nullable */
  char       *body;
  GHashTable *form;
} SlackCall;

typedef struct
{
  SoupServer     *server;
  GSocketService *service;
  char           *base;
  GHashTable     *script;   /* method → GQueue of SlackAnswer; what is not there is answered with {"ok":true} */
  GPtrArray      *calls;    /* of SlackCall */
} SlackServer;

static inline void
slack_call_free (gpointer data)
{
  SlackCall *call = data;

  g_free (call->method);
  g_free (call->token);
  g_free (call->body);
  g_hash_table_unref (call->form);
  g_free (call);
}

static inline void
slack_script_free (gpointer data)
{
  g_queue_free_full (data, g_free);
}

static inline void
slack_server_keep (SlackServer       *self,
                   SoupServerMessage *message,
                   const char        *path)
{
  SlackCall *call = g_new0 (SlackCall, 1);
  SoupMessageBody *body = soup_server_message_get_request_body (message);
  SoupMessageHeaders *headers = soup_server_message_get_request_headers (message);
  g_autoptr(GBytes) bytes = soup_message_body_flatten (body);

  call->method = g_strdup (strrchr (path, '/') + 1);
  call->token = g_strdup (soup_message_headers_get_one (headers, "Authorization"));
  call->body = g_strndup (g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes));
  call->form = g_strcmp0 (soup_message_headers_get_content_type (headers, NULL), "application/x-www-form-urlencoded") == 0
               ? soup_form_decode (call->body) : g_hash_table_new (g_str_hash, g_str_equal);
  g_ptr_array_add (self->calls, call);
}

static inline void
slack_server_answer (SoupServer        *server,
                     SoupServerMessage *message,
                     const char        *path,
                     GHashTable        *query,
                     gpointer           data)
{
  SlackServer *self = data;
  GQueue *script = g_hash_table_lookup (self->script, strrchr (path, '/') + 1);
  g_autofree SlackAnswer *answer = script != NULL ? g_queue_pop_head (script) : NULL;
  const char *body = answer != NULL && answer->body != NULL ? answer->body : "{\"ok\":true}";

  slack_server_keep (self, message, path);
  if (answer != NULL && answer->status == 0)
    {
      g_autoptr(GIOStream) stream = soup_server_message_steal_connection (message);

      g_io_stream_close (stream, NULL, NULL);
      return;
    }

  if (answer != NULL && answer->retry_after != NULL)
    soup_message_headers_append (soup_server_message_get_response_headers (message), "Retry-After", answer->retry_after);
  soup_server_message_set_status (message, answer != NULL ? answer->status : 200, NULL);
  soup_server_message_set_response (message, "application/json", SOUP_MEMORY_COPY, body, strlen (body));
}

/* libsoup's own way of listening loses a little memory with each connection. */
static inline gboolean
slack_server_accept (GSocketService    *service,
                     GSocketConnection *connection,
                     GObject           *source,
                     gpointer           data)
{
  SlackServer *self = data;
  g_autoptr(GSocketAddress) local = g_socket_connection_get_local_address (connection, NULL);
  g_autoptr(GSocketAddress) remote = g_socket_connection_get_remote_address (connection, NULL);

  soup_server_accept_iostream (self->server, G_IO_STREAM (connection), local, remote, NULL);
  return TRUE;
}

static inline SlackServer *
slack_server_new (void)
{
  SlackServer *self = g_new0 (SlackServer, 1);
  g_autoptr(GSocketAddress) any = g_inet_socket_address_new_from_string ("127.0.0.1", 0);
  g_autoptr(GSocketAddress) address = NULL;

  self->server = soup_server_new (NULL, NULL);
  self->service = g_socket_service_new ();
  self->script = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, slack_script_free);
  self->calls = g_ptr_array_new_with_free_func (slack_call_free);
  soup_server_add_handler (self->server, NULL, slack_server_answer, self, NULL);
  g_assert_true (g_socket_listener_add_address (G_SOCKET_LISTENER (self->service), any, G_SOCKET_TYPE_STREAM,
                                                G_SOCKET_PROTOCOL_TCP, NULL, &address, NULL));
  g_signal_connect (self->service, "incoming", G_CALLBACK (slack_server_accept), self);
  self->base = g_strdup_printf ("http://127.0.0.1:%u/api/",
                                (guint) g_inet_socket_address_get_port (G_INET_SOCKET_ADDRESS (address)));
  return self;
}

static inline void
slack_server_stop (SlackServer *self)
{
  g_socket_service_stop (self->service);
  g_socket_listener_close (G_SOCKET_LISTENER (self->service));
  soup_server_disconnect (self->server);
}

static inline void
slack_server_free (SlackServer *self)
{
  slack_server_stop (self);
  g_object_unref (self->service);
  g_object_unref (self->server);
  g_hash_table_unref (self->script);
  g_ptr_array_unref (self->calls);
  g_free (self->base);
  g_free (self);
}

/* The next answer to a method that has none yet. */
static inline void
slack_server_add (SlackServer *self,
                  const char  *method,
                  guint        status,
                  const char  *retry_after,
                  const char  *body)
{
  GQueue *script = g_hash_table_lookup (self->script, method);
  SlackAnswer *answer = g_new (SlackAnswer, 1);

  if (script == NULL)
    {
      script = g_queue_new ();
      g_hash_table_insert (self->script, g_strdup (method), script);
    }
  *answer = (SlackAnswer) { status, retry_after, body };
  g_queue_push_tail (script, answer);
}

static inline void
slack_server_say (SlackServer *self,
                  const char  *method,
                  const char  *body)
{
  slack_server_add (self, method, 200, NULL, body);
}

/* All methods that were called so far, one after another. */
static inline char *
slack_server_list_calls (SlackServer *self)
{
  GString *out = g_string_new (NULL);

  for (guint i = 0; i < self->calls->len; i++)
    g_string_append_printf (out, "%s%s", i > 0 ? " " : "", ((SlackCall *) g_ptr_array_index (self->calls, i))->method);
  return g_string_free (out, FALSE);
}

/* Of the call at @i, that of the argument @name; NULL: it had none. */
static inline const char *
slack_server_get (SlackServer *self,
                  guint        i,
                  const char  *name)
{
  g_assert_cmpuint (i, <, self->calls->len);
  return g_hash_table_lookup (((SlackCall *) g_ptr_array_index (self->calls, i))->form, name);
}
