/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "comms/incident-slack-call-private.h"

#ifdef INCIDENT_WITH_HTTP

# include "comms/incident-slack-socket-line-private.h"

# include <string.h>

# include "base/incident-json-writer-private.h"

/* An envelope holds what a request would, and its own few members around that. */
#define MOST_BYTES (2 * INCIDENT_SLACK_MAX_BODY)

struct _IncidentSlackLine
{
  int                           n_refs;
  SoupWebsocketConnection      *connection;
  IncidentClock                *clock;
  const IncidentSlackLineFuncs *funcs;    /* NULL: it is freed, and not said to anybody */
  gpointer                      data;
  gint64                        heard_at; /* by boot time */
  gboolean                      is_greeted;
  GSource                      *drain;    /* NULL: it is in use */
};

static void
release (IncidentSlackLine *self)
{
  if (--self->n_refs > 0)
    return;

  g_object_unref (self->connection);
  g_object_unref (self->clock);
  g_free (self);
}

static void
note_heard (IncidentSlackLine *self)
{
  self->heard_at = incident_clock_get_boot_time (self->clock);
}

static void
acknowledge (IncidentSlackLine *self,
             const char        *envelope_id,
             const char        *payload) /* nullable */
{
  g_autofree char *json = NULL;
  IncidentJsonWriter writer;

  if (soup_websocket_connection_get_state (self->connection) != SOUP_WEBSOCKET_STATE_OPEN)
    return;

  incident_json_writer_init (&writer, FALSE);
  incident_json_writer_begin_object (&writer);
  incident_json_writer_member (&writer, "envelope_id", envelope_id);
  if (payload != NULL)
    {
      incident_json_writer_name (&writer, "payload");
      incident_json_writer_raw (&writer, payload);
    }
  incident_json_writer_end_object (&writer);
  json = incident_json_writer_finish (&writer);
  soup_websocket_connection_send_text (self->connection, json);
}

/* What cannot be read is acknowledged: it will not get better when it is brought again. */
static void
take_envelope (IncidentSlackLine *self,
               IncidentNode      *root,
               const char        *type,
               const char        *envelope_id)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(IncidentSlackCall) call =
    incident_slack_call_read_envelope (type, incident_node_get_member (root, "payload"), envelope_id, NULL);
  g_autofree char *answer = NULL;

  if (call != NULL && call->kind != INCIDENT_SLACK_CALL_IGNORED)
    answer = self->funcs->call (self, call, self->data, &error);
  if (error == NULL)
    acknowledge (self, envelope_id, incident_node_get_boolean (root, "accepts_response_payload") ? answer : NULL);
}

static void
take_message (IncidentSlackLine *self,
              IncidentNode      *root)
{
  const char *type = incident_node_get_string (root, "type");
  const char *envelope_id = incident_node_get_string (root, "envelope_id");

  if (g_strcmp0 (type, "hello") == 0)
    {
      self->is_greeted = TRUE;
      self->funcs->greeted (self, self->data);
    }
  else if (g_strcmp0 (type, "disconnect") == 0)
    self->funcs->ending (self, incident_node_get_string (root, "reason"), self->data);
  else if (type != NULL && envelope_id != NULL)
    take_envelope (self, root, type, envelope_id);
}

static void
on_message (SoupWebsocketConnection *connection,
            int                      data_type,
            GBytes                  *message,
            gpointer                 data)
{
  IncidentSlackLine *self = data;
  gsize length;
  const char *bytes = g_bytes_get_data (message, &length);
  g_autoptr(IncidentTree) tree = data_type == SOUP_WEBSOCKET_DATA_TEXT && length > 0
                                 ? incident_tree_new_tolerant (bytes, length, NULL, NULL) : NULL;

  note_heard (self);
  if (tree == NULL)
    return;

  /* What is called may free it. */
  self->n_refs++;
  take_message (self, incident_tree_get_root (tree));
  release (self);
}

/* What a pong holds is not looked at: it is not always there. That Slack never says hello ends a connection, too. */
static void
on_pong (SoupWebsocketConnection *connection,
         GBytes                  *message,
         gpointer                 data)
{
  IncidentSlackLine *self = data;

  if (self->is_greeted)
    note_heard (self);
}

static void
on_closed (SoupWebsocketConnection *connection,
           gpointer                 data)
{
  IncidentSlackLine *self = data;

  self->funcs->lost (self, self->data);
}

IncidentSlackLine *
incident_slack_line_new (SoupWebsocketConnection      *connection,
                         IncidentClock                *clock,
                         guint                         keepalive,
                         const IncidentSlackLineFuncs *funcs,
                         gpointer                      data)
{
  IncidentSlackLine *self = g_new0 (IncidentSlackLine, 1);

  self->n_refs = 1;
  self->connection = g_object_ref (connection);
  self->clock = g_object_ref (clock);
  self->funcs = funcs;
  self->data = data;
  note_heard (self);
  soup_websocket_connection_set_max_incoming_payload_size (connection, MOST_BYTES);
  soup_websocket_connection_set_keepalive_interval (connection, keepalive);
  g_signal_connect (connection, "message", G_CALLBACK (on_message), self);
  g_signal_connect (connection, "pong", G_CALLBACK (on_pong), self);
  g_signal_connect (connection, "closed", G_CALLBACK (on_closed), self);
  return self;
}

gboolean
incident_slack_line_is_greeted (IncidentSlackLine *self)
{
  return self->is_greeted;
}

static gboolean
on_drained (gpointer data)
{
  IncidentSlackLine *self = data;

  self->funcs->lost (self, self->data);
  return G_SOURCE_REMOVE;
}

void
incident_slack_line_drain (IncidentSlackLine *self,
                           guint              wait)
{
  if (self->drain != NULL)
    return;

  self->drain = g_timeout_source_new (wait);
  g_source_set_callback (self->drain, on_drained, self, NULL);
  g_source_attach (self->drain, g_main_context_get_thread_default ());
}

gboolean
incident_slack_line_is_draining (IncidentSlackLine *self)
{
  return self->drain != NULL;
}

gint64
incident_slack_line_get_silence (IncidentSlackLine *self)
{
  return incident_clock_get_boot_time (self->clock) - self->heard_at;
}

void
incident_slack_line_free (IncidentSlackLine *self)
{
  g_signal_handlers_disconnect_by_data (self->connection, self);
  if (self->drain != NULL)
    {
      g_source_destroy (self->drain);
      g_clear_pointer (&self->drain, g_source_unref);
    }
  if (soup_websocket_connection_get_state (self->connection) == SOUP_WEBSOCKET_STATE_OPEN)
    soup_websocket_connection_close (self->connection, SOUP_WEBSOCKET_CLOSE_NORMAL, NULL);
  release (self);
}

#endif
