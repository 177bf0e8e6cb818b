/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "incident-serve.h"

#include <netinet/in.h>
#include <netinet/tcp.h>

/* Where to listen, and how connections come to libsoup: its own way of accepting them
 * ends for good once one cannot be accepted, and keeps something of each. */

#define DEFAULT_ADDRESS   "127.0.0.1:9099"
#define DEFAULT_PORT      9099
#define BACKLOG           128
#define HANDSHAKE_SECONDS 30
#define MOST_AT_ONCE      32  /* then others have their turn */

static GInetAddress *
resolve (const char  *host,
         GError     **error)
{
  GInetAddress *address = g_inet_address_new_from_string (host);
  g_autoptr(GResolver) resolver = g_resolver_get_default ();
  GList *found;

  if (address != NULL)
    return address;

  found = g_resolver_lookup_by_name (resolver, host, NULL, error);
  if (found == NULL)
    return NULL;
  address = g_object_ref (found->data);
  g_resolver_free_addresses (found);
  return address;
}

static GSocketAddress *
parse_address (Words   *words,
               GError **error)
{
  const char *text = words_has (words, "listen") ? words_get (words, "listen") : DEFAULT_ADDRESS;
  g_autoptr(GSocketConnectable) parsed = g_network_address_parse (text, DEFAULT_PORT, NULL);
  const char *host = parsed != NULL ? g_network_address_get_hostname (G_NETWORK_ADDRESS (parsed)) : "";
  g_autoptr(GInetAddress) address = NULL;

  if (*host == '\0')
    {
      g_set_error (error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE,
                   "--listen: “%s” is no address such as “127.0.0.1:9099” or “[::1]:9099”", text);
      return NULL;
    }

  address = resolve (host, error);
  if (address == NULL)
    {
      g_prefix_error (error, "--listen: ");
      return NULL;
    }

  return g_inet_socket_address_new (address, g_network_address_get_port (G_NETWORK_ADDRESS (parsed)));
}

static gboolean
is_only_local (GSocketAddress *address)
{
  return g_inet_address_get_is_loopback (g_inet_socket_address_get_address (G_INET_SOCKET_ADDRESS (address)));
}

static gboolean
check_address (Server          *server,
               GSocketAddress  *address,
               GError         **error)
{
  if (incident_desk_has_tokens (server->desk) || is_only_local (address))
    return TRUE;

  g_set_error_literal (error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE,
                       "--listen: without a token of a source in the playbook everybody would be let in, "
                       "so only an address of this machine alone will do, such as “127.0.0.1:9099”");
  return FALSE;
}

static GSocket *
listen_at (GSocketAddress  *address,
           GError         **error)
{
  GSocketFamily family = g_socket_address_get_family (address);
  g_autoptr(GSocket) socket = g_socket_new (family, G_SOCKET_TYPE_STREAM, G_SOCKET_PROTOCOL_DEFAULT, error);

  if (socket == NULL)
    return NULL;

  g_socket_set_listen_backlog (socket, BACKLOG);
  g_socket_set_blocking (socket, FALSE);
  if (!g_socket_bind (socket, address, TRUE, error) || !g_socket_listen (socket, error))
    {
      g_prefix_error (error, "Cannot listen: ");
      return NULL;
    }

  return g_steal_pointer (&socket);
}

/* NULL without an error: no TLS is wanted. */
static GTlsCertificate *
load_certificate (Words   *words,
                  GError **error)
{
  const char *certificate = words_get (words, "tls-certificate");
  const char *key = words_get (words, "tls-key");
  GTlsCertificate *loaded;

  if (certificate == NULL && key == NULL)
    return NULL;
  if (certificate == NULL || key == NULL)
    {
      g_set_error_literal (error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE,
                           "--tls-certificate and --tls-key go together: one is missing");
      return NULL;
    }

  loaded = g_tls_certificate_new_from_files (certificate, key, error);
  if (loaded == NULL)
    g_prefix_error (error, "The certificate “%s” cannot be used: ", certificate);
  return loaded;
}

/* Until a handshake is done. */
typedef struct
{
  Server            *server;
  GSocketConnection *connection;
  guint              timer;
} Arrival;

static void
arrival_free (Arrival *self)
{
  g_clear_handle_id (&self->timer, g_source_remove);
  g_object_unref (self->connection);
  g_free (self);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Arrival, arrival_free)

/* @stream is that of the socket, or what goes through it. */
static void
let_in (Server            *server,
        GSocketConnection *connection,
        GIOStream         *stream)
{
  g_autoptr(GSocketAddress) local = g_socket_connection_get_local_address (connection, NULL);
  g_autoptr(GSocketAddress) remote = g_socket_connection_get_remote_address (connection, NULL);

  /* Who has gone already has no address. */
  if (local == NULL || remote == NULL)
    return;

  server->arriving = g_socket_connection_get_socket (connection);
  server->arriving_stream = stream;
  soup_server_accept_iostream (server->soup, stream, local, remote, NULL);
  server->arriving = NULL;
  server->arriving_stream = NULL;
}

static gboolean
on_time_is_up (gpointer data)
{
  Arrival *arrival = data;

  arrival->timer = 0;
  g_socket_shutdown (g_socket_connection_get_socket (arrival->connection), TRUE, TRUE, NULL);
  return G_SOURCE_REMOVE;
}

static void
on_handshake (GObject      *tls,
              GAsyncResult *result,
              gpointer      data)
{
  g_autoptr(Arrival) arrival = data;

  if (g_tls_connection_handshake_finish (G_TLS_CONNECTION (tls), result, NULL) && !arrival->server->is_stopping)
    let_in (arrival->server, arrival->connection, G_IO_STREAM (tls));
}

static void
begin_tls (Server            *server,
           GSocketConnection *connection)
{
  g_autoptr(GIOStream) tls = g_tls_server_connection_new (G_IO_STREAM (connection), server->certificate, NULL);
  Arrival *arrival;

  if (tls == NULL)
    return;

  /* Many hang up without a word; each message says itself where it ends. */
  g_tls_connection_set_require_close_notify (G_TLS_CONNECTION (tls), FALSE);
  arrival = g_new0 (Arrival, 1);
  arrival->server = server;
  arrival->connection = g_object_ref (connection);
  arrival->timer = g_timeout_add_seconds (HANDSHAKE_SECONDS, on_time_is_up, arrival);
  g_tls_connection_handshake_async (G_TLS_CONNECTION (tls), G_PRIORITY_DEFAULT, NULL, on_handshake, arrival);
}

static void
welcome (Server  *server,
         GSocket *socket)
{
  g_autoptr(GSocketConnection) connection = NULL;

  g_socket_set_blocking (socket, FALSE);
  g_socket_set_option (socket, IPPROTO_TCP, TCP_NODELAY, TRUE, NULL);
  if (!guard_watch (server, socket))
    return;

  connection = g_socket_connection_factory_create_connection (socket);
  if (server->certificate != NULL)
    begin_tls (server, connection);
  else
    let_in (server, connection, G_IO_STREAM (connection));
}

static void watch_listener (Server *server);

static gboolean
on_pause_over (gpointer data)
{
  Server *server = data;

  server->listener_source = 0;
  watch_listener (server);
  return G_SOURCE_REMOVE;
}

static gboolean
on_arrivals (GSocket      *listener,
             GIOCondition  condition,
             gpointer      data)
{
  Server *server = data;
  g_autoptr(GError) error = NULL;

  for (guint i = 0; i < MOST_AT_ONCE; i++)
    {
      g_autoptr(GSocket) socket = g_socket_accept (listener, NULL, &error);

      if (socket != NULL)
        welcome (server, socket);
      else
        break;
    }

  if (error == NULL || g_error_matches (error, G_IO_ERROR, G_IO_ERROR_WOULD_BLOCK))
    return G_SOURCE_CONTINUE;

  /* There are too many files open, or the like: it would fail again at once. */
  server->listener_source = g_timeout_add_seconds (1, on_pause_over, server);
  return G_SOURCE_REMOVE;
}

static void
watch_listener (Server *server)
{
  g_autoptr(GSource) source = g_socket_create_source (server->listener, G_IO_IN, NULL);

  g_source_set_callback (source, G_SOURCE_FUNC (on_arrivals), server, NULL);
  server->listener_source = g_source_attach (source, NULL);
}

gboolean
listener_may_serve (Server  *server,
                    GError **error)
{
  g_autoptr(GSocketAddress) address = g_socket_get_local_address (server->listener, error);

  return address != NULL && check_address (server, address, error);
}

gboolean
listener_start (Server  *server,
                GError **error)
{
  g_autoptr(GSocketAddress) address = parse_address (server->words, error);
  GError *local_error = NULL;

  if (address == NULL || !check_address (server, address, error))
    return FALSE;

  server->certificate = load_certificate (server->words, &local_error);
  if (local_error != NULL)
    {
      g_propagate_error (error, local_error);
      return FALSE;
    }

  server->listener = listen_at (address, error);
  if (server->listener == NULL)
    return FALSE;

  watch_listener (server);
  return TRUE;
}

/* The system turns away who comes now. */
void
listener_stop (Server *server)
{
  g_clear_handle_id (&server->listener_source, g_source_remove);
  if (server->listener != NULL)
    g_socket_close (server->listener, NULL);
  g_clear_object (&server->listener);
}

char *
listener_dup_url (Server *server)
{
  g_autoptr(GSocketAddress) address = g_socket_get_local_address (server->listener, NULL);
  g_autofree char *host = NULL;

  if (address == NULL)
    return NULL;

  host = g_inet_address_to_string (g_inet_socket_address_get_address (G_INET_SOCKET_ADDRESS (address)));
  return g_uri_join (G_URI_FLAGS_NONE, server->certificate != NULL ? "https" : "http", NULL, host,
                     g_inet_socket_address_get_port (G_INET_SOCKET_ADDRESS (address)), "", NULL, NULL);
}
