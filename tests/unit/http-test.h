/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* What the tests of who speaks HTTP share: servers on this machine, and a way to ask them. */

#include "incident-test.h"

#include <libsoup/soup.h>
#include <string.h>

#include "comms/incident-http-private.h"

typedef struct
{
  gboolean           is_done;
  gboolean           is_out;
  IncidentHttpReply *reply;
  GError            *error;
} Answer;

static inline void
answer_clear (Answer *answer)
{
  g_clear_pointer (&answer->reply, incident_http_reply_free);
  g_clear_error (&answer->error);
  answer->is_done = FALSE;
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Answer, answer_clear)

static inline void
on_answer (GObject      *source,
           GAsyncResult *result,
           gpointer      data)
{
  Answer *answer = data;

  answer->reply = incident_http_send_finish (NULL, result, &answer->is_out, &answer->error);
  answer->is_done = TRUE;
}

static inline void
wait_for_answer (Answer *answer)
{
  while (!answer->is_done)
    g_main_context_iteration (NULL, TRUE);
}

/* Takes @request. */
static inline void
ask (IncidentHttp        *http,
     IncidentHttpRequest *request,
     Answer              *answer)
{
  incident_http_send_async (http, request, NULL, on_answer, answer);
  wait_for_answer (answer);
}

static inline IncidentHttpRequest *
make_post (const char *url,
           const char *body)
{
  IncidentHttpRequest *request = incident_http_request_new ("POST", url);

  request->content_type = g_strdup ("text/plain");
  request->body = g_bytes_new (body, strlen (body));
  return request;
}

/* The certificate of a server on “localhost”, made by openssl(1). NULL: there is no such program. */
static inline char *
make_certificate (const char *folder)
{
  g_autofree char *openssl = g_find_program_in_path ("openssl");
  g_autofree char *key = g_build_filename (folder, "key.pem", NULL);
  char *certificate = g_build_filename (folder, "certificate.pem", NULL);
  const char *argv[] = {
    openssl, "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=localhost",
    "-addext", "subjectAltName=DNS:localhost", "-keyout", key, "-out", certificate, NULL,
  };
  int status = 1;

  if (openssl != NULL
      && g_spawn_sync (NULL, (char **) argv, NULL, G_SPAWN_STDOUT_TO_DEV_NULL | G_SPAWN_STDERR_TO_DEV_NULL, NULL, NULL,
                       NULL, NULL, &status, NULL)
      && status == 0)
    return certificate;

  g_free (certificate);
  return NULL;
}

/* A server that keeps the last request. */
typedef struct _Peer Peer;
typedef void (*PeerAnswer) (Peer              *peer,
                            SoupServerMessage *message,
                            const char        *path);
struct _Peer
{
  GSocketService     *service;
  SoupServer         *server;
  GTlsCertificate    *certificate;
  PeerAnswer          answer;
  char               *url;         /* with “/” at its end */
  guint               n_requests;
  char               *body;
  char               *query;       /* nullable */
  SoupMessageHeaders *headers;
};

static inline const char *
peer_get_header (Peer       *peer,
                 const char *name)
{
  return soup_message_headers_get_list (peer->headers, name);
}

static inline void
on_peer_header (const char *name,
                const char *value,
                gpointer    data)
{
  soup_message_headers_append (data, name, value);
}

static inline void
on_peer_request (SoupServer        *server,
                 SoupServerMessage *message,
                 const char        *path,
                 GHashTable        *query,
                 gpointer           data)
{
  Peer *peer = data;
  SoupMessageBody *body = soup_server_message_get_request_body (message);

  peer->n_requests++;
  g_free (peer->body);
  peer->body = g_strndup (body->data, body->length);
  g_free (peer->query);
  peer->query = g_strdup (g_uri_get_query (soup_server_message_get_uri (message)));
  soup_message_headers_clear (peer->headers);
  soup_message_headers_foreach (soup_server_message_get_request_headers (message), on_peer_header, peer->headers);
  peer->answer (peer, message, path);
}

/* libsoup's own way of accepting keeps something of each connection; this one hears a single request through each. */
static inline gboolean
on_peer_incoming (GSocketService    *service,
                  GSocketConnection *connection,
                  GObject           *source,
                  gpointer           data)
{
  Peer *peer = data;
  g_autoptr(GSocketAddress) local = g_socket_connection_get_local_address (connection, NULL);
  g_autoptr(GSocketAddress) remote = g_socket_connection_get_remote_address (connection, NULL);
  g_autoptr(GIOStream) stream = peer->certificate != NULL
                              ? g_tls_server_connection_new (G_IO_STREAM (connection), peer->certificate, NULL)
                              : G_IO_STREAM (g_object_ref (connection));

  soup_server_accept_iostream (peer->server, stream, local, remote, NULL);
  return TRUE;
}

static inline guint
listen_on_loopback (GSocketService *service)
{
  g_autoptr(GInetAddress) loopback = g_inet_address_new_loopback (G_SOCKET_FAMILY_IPV4);
  g_autoptr(GSocketAddress) any = g_inet_socket_address_new (loopback, 0);
  g_autoptr(GSocketAddress) address = NULL;

  assert_true (g_socket_listener_add_address (G_SOCKET_LISTENER (service), any, G_SOCKET_TYPE_STREAM,
                                              G_SOCKET_PROTOCOL_TCP, NULL, &address, NULL));
  return g_inet_socket_address_get_port (G_INET_SOCKET_ADDRESS (address));
}

static inline void
stop_service (GSocketService *service)
{
  g_socket_service_stop (service);
  g_socket_listener_close (G_SOCKET_LISTENER (service));
}

static inline void
peer_init (Peer       *peer,
           PeerAnswer  answer,
           const char *certificate) /* NULL: no TLS */
{
  g_autoptr(GError) error = NULL;

  *peer = (Peer) { .server = soup_server_new (NULL, NULL), .service = g_socket_service_new (), .answer = answer };
  peer->headers = soup_message_headers_new (SOUP_MESSAGE_HEADERS_REQUEST);
  if (certificate != NULL)
    {
      g_autofree char *folder = g_path_get_dirname (certificate);
      g_autofree char *key = g_build_filename (folder, "key.pem", NULL);

      peer->certificate = g_tls_certificate_new_from_files (certificate, key, &error);
      assert_no_error (error);
    }
  soup_server_add_handler (peer->server, NULL, on_peer_request, peer, NULL);
  g_signal_connect (peer->service, "incoming", G_CALLBACK (on_peer_incoming), peer);
  peer->url = g_strdup_printf ("http%s://127.0.0.1:%u/", certificate != NULL ? "s" : "", listen_on_loopback (peer->service));
}

static inline void
peer_clear (Peer *peer)
{
  stop_service (peer->service);
  g_object_unref (peer->service);
  soup_server_disconnect (peer->server);
  g_object_unref (peer->server);
  g_clear_object (&peer->certificate);
  soup_message_headers_unref (peer->headers);
  g_free (peer->url);
  g_free (peer->body);
  g_free (peer->query);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Peer, peer_clear)
