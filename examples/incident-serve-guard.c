/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "incident-serve.h"

#include <string.h>

/* What comes in at all. Nobody may take the room of all others: not with many
 * connections, not with large bodies, and not by being slow. */

#define MOST_CONNECTIONS 256                 /* one more is told to come later … */
#define MOST_SOCKETS     (2 * MOST_CONNECTIONS) /* … and here hung up on */
#define MOST_HELD        (32 * 1024 * 1024)  /* bytes of all bodies together */
#define SILENCE_SECONDS  30                  /* without a byte */
#define REQUEST_SECONDS  60                  /* from the connection to the end of the answer */
#define MOST_PATH        200                 /* of a path, bytes in the log */

#define VISIT "incident-visit"

/* A request, from its first byte until it is answered or given up. */
typedef struct
{
  Server    *server;
  GSocket   *socket;
  GIOStream *stream;
  guint      timer;
  gsize      n_held;
  gboolean   is_counted;
  gboolean   is_refused;
  char      *why;
} Visit;

/* May be told again when all else of the request is gone. */
static void
visit_leave (Visit *self)
{
  g_clear_handle_id (&self->timer, g_source_remove);
  self->server->n_held -= self->n_held;
  self->n_held = 0;
  if (!self->is_counted)
    return;

  self->is_counted = FALSE;
  self->server->n_visits--;
  server_visit_ended (self->server);
}

static void
visit_free (gpointer data)
{
  Visit *self = data;

  visit_leave (self);
  g_clear_object (&self->socket);
  g_clear_object (&self->stream);
  g_free (self->why);
  g_free (self);
}

static Visit *
get_visit (SoupServerMessage *message)
{
  return g_object_get_data (G_OBJECT (message), VISIT);
}

void
guard_note (SoupServerMessage *message,
            const char        *why)
{
  Visit *visit = get_visit (message);

  if (visit == NULL || why == NULL)
    return;
  g_free (visit->why);
  visit->why = g_strdup (why);
}

static char *
dup_remote (SoupServerMessage *message)
{
  GSocketAddress *address = soup_server_message_get_remote_address (message);

  return G_IS_INET_SOCKET_ADDRESS (address)
         ? g_inet_address_to_string (g_inet_socket_address_get_address (G_INET_SOCKET_ADDRESS (address)))
         : g_strdup ("-");
}

/* Who has the address of a link acts by it, also after it was refused once. */
static const char *
get_harmless_path (GUri *uri)
{
  const char *path = uri != NULL ? g_uri_get_path (uri) : "-";

  return g_str_has_prefix (path, "/ack/") ? "/ack/…" : path;
}

/* One line, without the query, which may hold what is nobody's business. */
static void
tell (SoupServerMessage *message,
      guint              status)
{
  Visit *visit = get_visit (message);
  const char *path = get_harmless_path (soup_server_message_get_uri (message));
  g_autoptr(GDateTime) now = g_date_time_new_now_utc ();
  g_autofree char *time = g_date_time_format (now, "%Y-%m-%dT%H:%M:%SZ");
  g_autofree char *remote = dup_remote (message);
  g_autofree char *line = NULL;
  g_autofree char *harmless = NULL;

  if (visit->server->is_quiet || status < 400)
    return;

  line = g_strdup_printf ("%s %s %s %.*s %u%s%s", time, remote, soup_server_message_get_method (message),
                          (int) MIN (strlen (path), MOST_PATH), path, status,
                          visit->why != NULL ? " " : "", visit->why != NULL ? visit->why : "");
  harmless = incident_text_for_terminal (line);
  g_printerr ("%s\n", harmless);
}

static void
refuse_now (SoupServerMessage *message,
            guint              status,
            const char        *code,
            const char        *text)
{
  Visit *visit = get_visit (message);
  g_auto(Answer) answer = { 0, };

  answer_set_error (&answer, status, code, text, NULL);
  guard_note (message, answer.why);
  tell (message, status);
  metrics_add_refused (visit->server->metrics, status);
  visit->is_refused = TRUE;
  refuse (visit->server, visit->socket, visit->stream, &answer);
}

static void
refuse_too_large (SoupServerMessage *message)
{
  g_autofree char *text = g_strdup_printf ("The body is larger than %d bytes", INCIDENT_DESK_MAX_BODY);

  refuse_now (message, SOUP_STATUS_REQUEST_ENTITY_TOO_LARGE, "too-large", text);
}

static void
refuse_for_want_of_room (SoupServerMessage *message)
{
  refuse_now (message, SOUP_STATUS_SERVICE_UNAVAILABLE, "overloaded", "Too much comes in at once: try again");
}

static goffset
get_announced (SoupServerMessage *message)
{
  SoupMessageHeaders *headers = soup_server_message_get_request_headers (message);

  return soup_message_headers_get_encoding (headers) == SOUP_ENCODING_CONTENT_LENGTH
         ? soup_message_headers_get_content_length (headers) : 0;
}

static void
on_got_headers (SoupServerMessage *message,
                gpointer           data)
{
  Visit *visit = get_visit (message);
  Server *server = data;
  goffset announced = get_announced (message);

  visit->is_counted = TRUE;
  server->n_visits++;
  if (announced < 0)
    refuse_now (message, SOUP_STATUS_BAD_REQUEST, "invalid", "The length of the body is no number");
  else if (announced > INCIDENT_DESK_MAX_BODY)
    refuse_too_large (message);
  else if (server->n_connections > MOST_CONNECTIONS || server->n_held + (gsize) announced > MOST_HELD)
    refuse_for_want_of_room (message);
}

static void
on_got_chunk (SoupServerMessage *message,
              GBytes            *chunk,
              gpointer           data)
{
  Visit *visit = get_visit (message);
  Server *server = data;
  gsize length = g_bytes_get_size (chunk);

  if (visit->is_refused)
    return;

  visit->n_held += length;
  server->n_held += length;
  if (visit->n_held > INCIDENT_DESK_MAX_BODY)
    refuse_too_large (message);
  else if (server->n_held > MOST_HELD)
    refuse_for_want_of_room (message);
}

/* libsoup then finds the connection at its end, and gives it up. */
static gboolean
on_time_is_up (gpointer data)
{
  Visit *visit = data;

  visit->timer = 0;
  g_socket_shutdown (visit->socket, TRUE, TRUE, NULL);
  return G_SOURCE_REMOVE;
}

static void
on_connection_gone (gpointer  data,
                    GObject  *socket)
{
  Server *server = data;

  server->n_connections--;
}

gboolean
guard_watch (Server  *server,
             GSocket *socket)
{
  if (server->n_connections >= MOST_SOCKETS)
    return FALSE;

  server->n_connections++;
  g_object_weak_ref (G_OBJECT (socket), on_connection_gone, server);
  g_socket_set_timeout (socket, SILENCE_SECONDS);
  return TRUE;
}

/* Told as soon as there is a connection, which serves one request. */
static void
on_request_started (SoupServer        *soup,
                    SoupServerMessage *message,
                    gpointer           data)
{
  Visit *visit = g_new0 (Visit, 1);
  Server *server = data;

  visit->server = server;
  visit->socket = g_object_ref (server->arriving);
  visit->stream = g_object_ref (server->arriving_stream);
  visit->timer = g_timeout_add_seconds (REQUEST_SECONDS, on_time_is_up, visit);
  g_object_set_data_full (G_OBJECT (message), VISIT, visit, visit_free);
  g_signal_connect (message, "got-headers", G_CALLBACK (on_got_headers), server);
  g_signal_connect (message, "got-chunk", G_CALLBACK (on_got_chunk), server);
}

static void
on_request_ended (SoupServer        *soup,
                  SoupServerMessage *message,
                  gpointer           data)
{
  Visit *visit = get_visit (message);

  if (!visit->is_refused)
    tell (message, soup_server_message_get_status (message));
  visit_leave (visit);
}

void
guard_set_up (Server *server)
{
  g_signal_connect (server->soup, "request-started", G_CALLBACK (on_request_started), server);
  g_signal_connect (server->soup, "request-finished", G_CALLBACK (on_request_ended), server);
  g_signal_connect (server->soup, "request-aborted", G_CALLBACK (on_request_ended), server);
}
