/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "incident-serve.h"

#include <fcntl.h>
#include <string.h>

#include <glib/gstdio.h>

/* Says no before a request is read to its end. libsoup would read on first, however
 * much still comes, so the answer goes past it, and it finds the socket closed. A
 * second handle keeps the connection for a while, in which what comes is thrown away:
 * one that is closed with bytes unread is reset, and the answer may be lost. */

#define MOST_BYTES   (32 * 1024 * 1024)
#define MOST_SECONDS 5
#define PIECE        (64 * 1024)
#define MOST_PIECES  16  /* then others have their turn */

typedef struct
{
  GSocket *socket;
  GSource *source;
  guint    timer;
  gsize    n_skipped;
} Farewell;

static void
farewell_free (Farewell *self)
{
  g_clear_handle_id (&self->timer, g_source_remove);
  g_source_destroy (self->source);
  g_source_unref (self->source);
  g_object_unref (self->socket);
  g_free (self);
}

static gboolean
on_time_is_up (gpointer data)
{
  Farewell *self = data;

  self->timer = 0;
  farewell_free (self);
  return G_SOURCE_REMOVE;
}

static gboolean
on_more (GSocket      *socket,
         GIOCondition  condition,
         gpointer      data)
{
  static char thrown_away[PIECE];
  Farewell *self = data;
  gboolean is_open = TRUE;

  for (guint i = 0; is_open && i < MOST_PIECES; i++)
    {
      g_autoptr(GError) error = NULL;
      gssize n = g_socket_receive (socket, thrown_away, PIECE, NULL, &error);

      if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_WOULD_BLOCK))
        return G_SOURCE_CONTINUE;
      self->n_skipped += n > 0 ? (gsize) n : 0;
      is_open = n > 0 && self->n_skipped < MOST_BYTES;
    }

  if (is_open)
    return G_SOURCE_CONTINUE;

  farewell_free (self);
  return G_SOURCE_REMOVE;
}

static void
linger (Server *server,
        int     handle)
{
  g_autoptr(GSocket) socket = g_socket_new_from_fd (handle, NULL);
  Farewell *self;

  if (socket == NULL)
    {
      g_close (handle, NULL);
      return;
    }

  /* Who reads to the end finds it. */
  g_socket_shutdown (socket, FALSE, TRUE, NULL);
  g_socket_set_blocking (socket, FALSE);
  if (!guard_watch (server, socket))
    return;

  self = g_new0 (Farewell, 1);
  self->socket = g_object_ref (socket);
  self->timer = g_timeout_add_seconds (MOST_SECONDS, on_time_is_up, self);
  self->source = g_socket_create_source (socket, G_IO_IN, NULL);
  g_source_set_callback (self->source, G_SOURCE_FUNC (on_more), self, NULL);
  g_source_attach (self->source, NULL);
}

void
refuse (Server       *server,
        GSocket      *socket,
        GIOStream    *stream,
        const Answer *answer)
{
  GPollableOutputStream *output = G_POLLABLE_OUTPUT_STREAM (g_io_stream_get_output_stream (stream));
  g_autofree char *text = answer_to_http (answer);
  int handle = fcntl (g_socket_get_fd (socket), F_DUPFD_CLOEXEC, 3);

  /* It is the first that is written, and fits. */
  g_pollable_output_stream_write_nonblocking (output, text, strlen (text), NULL, NULL);
  g_socket_close (socket, NULL);
  if (handle >= 0)
    linger (server, handle);
}
