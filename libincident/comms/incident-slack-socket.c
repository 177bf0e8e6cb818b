/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "comms/incident-slack-socket-private.h"

#include <libincident/incident-error.h>

#include <string.h>

#ifdef INCIDENT_WITH_HTTP

# include <libsoup/soup.h>

# include "comms/incident-slack-socket-line-private.h"

/* When to open a connection, when to give one up, and when to leave it be. */

#define FIRST_WAIT   1000
#define LONGEST_WAIT 60000
#define KEEPALIVE    10
#define DRAIN        10000
#define CONNECT_SECONDS 30
/* Before it is told that there is trouble: that one attempt fails is nothing. */
#define TOLERATED    3

struct _IncidentSlackSocket
{
  int                       n_refs;
  IncidentSlackApi         *api;
  IncidentClock            *clock;
  SoupSession              *session;
  IncidentSlackPatience     patience;
  IncidentSlackTakeFunc     take;
  IncidentSlackTroubleFunc  trouble;
  gpointer                  data;
  GCancellable             *end;        /* of what is in flight when it is stopped */
  GMainContext             *context;
  GPtrArray                *lines;      /* of IncidentSlackLine: the one in use is the last, the others are being drained */
  GSource                  *retry;      /* NULL: none is waited for */
  GSource                  *watch;
  guint                     n_failed;   /* attempts since Slack greeted us last */
  gboolean                  is_connecting;
  gboolean                  may_be_near;
};

static void begin (IncidentSlackSocket *self);

static IncidentSlackSocket *
hold (IncidentSlackSocket *self)
{
  self->n_refs++;
  return self;
}

static void
release (IncidentSlackSocket *self)
{
  if (--self->n_refs > 0)
    return;

  g_clear_pointer (&self->lines, g_ptr_array_unref);
  g_clear_pointer (&self->api, incident_slack_api_unref);
  g_clear_pointer (&self->context, g_main_context_unref);
  g_clear_object (&self->session);
  g_clear_object (&self->clock);
  g_clear_object (&self->end);
  g_free (self);
}

static gboolean
is_stopped (IncidentSlackSocket *self)
{
  return g_cancellable_is_cancelled (self->end);
}

static void
clear_source (GSource **source)
{
  if (*source == NULL)
    return;

  g_source_destroy (*source);
  g_clear_pointer (source, g_source_unref);
}

/* Nothing more is done until a person has looked after it. */
static void
give_up (IncidentSlackSocket *self,
         const char          *why)
{
  g_cancellable_cancel (self->end);
  clear_source (&self->retry);
  clear_source (&self->watch);
  g_ptr_array_set_size (self->lines, 0);
  if (self->trouble != NULL)
    self->trouble (why, TRUE, self->data);
}

/* Uniform between nothing and @most, so that not all come back at the same moment. */
static guint
draw_wait (IncidentSlackSocket *self,
           guint                most)
{
  g_autoptr(GBytes) chance = incident_clock_random_bytes (self->clock, sizeof (guint32));
  guint32 drawn;

  memcpy (&drawn, g_bytes_get_data (chance, NULL), sizeof drawn);
  return (guint) ((guint64) drawn * most / G_MAXUINT32);
}

static gboolean
on_retry (gpointer data)
{
  IncidentSlackSocket *self = data;

  g_clear_pointer (&self->retry, g_source_unref);
  begin (self);
  return G_SOURCE_REMOVE;
}

/* @at_least: as Slack asks for, in microseconds. */
static void
try_later (IncidentSlackSocket *self,
           gint64               at_least)
{
  guint64 most = (guint64) self->patience.first_wait << MIN (self->n_failed, 16);
  guint wait = draw_wait (self, (guint) MIN (most, self->patience.longest_wait));

  if (is_stopped (self) || self->retry != NULL)
    return;

  self->n_failed++;
  self->retry = g_timeout_source_new (wait + (guint) MIN (at_least / 1000, G_MAXINT / 2));
  g_source_set_callback (self->retry, on_retry, self, NULL);
  g_source_attach (self->retry, self->context);
}

static void
note_failure (IncidentSlackSocket *self,
              const char          *why,
              gint64               at_least)
{
  /* Who is told may stop it. */
  hold (self);
  if (self->n_failed + 1 == TOLERATED && self->trouble != NULL)
    {
      g_autofree char *text = g_strdup_printf ("%s; it goes on trying", why);

      self->trouble (text, FALSE, self->data);
    }
  try_later (self, at_least);
  release (self);
}

/* Lines */

static IncidentSlackLine *
get_line (IncidentSlackSocket *self)
{
  return self->lines->len > 0 ? g_ptr_array_index (self->lines, self->lines->len - 1) : NULL;
}

static gboolean
is_in_use (IncidentSlackSocket *self,
           IncidentSlackLine   *line)
{
  return line == get_line (self) && !incident_slack_line_is_draining (line);
}

static void
on_line_greeted (IncidentSlackLine *line,
                 gpointer           data)
{
  IncidentSlackSocket *self = data;

  self->n_failed = 0;
  /* The new one is there: the old ones have said what they had to. */
  for (guint i = 0; i + 1 < self->lines->len; i++)
    incident_slack_line_drain (g_ptr_array_index (self->lines, i), self->patience.drain);
}

static void
on_line_lost (IncidentSlackLine *line,
              gpointer           data)
{
  IncidentSlackSocket *self = data;
  gboolean was_in_use = is_in_use (self, line);

  g_ptr_array_remove (self->lines, line);
  if (was_in_use && !self->is_connecting)
    note_failure (self, "The connection to Slack was lost", 0);
}

/* Slack is about to close it: the next one comes first. */
static void
on_line_ending (IncidentSlackLine *line,
                const char        *reason,
                gpointer           data)
{
  IncidentSlackSocket *self = data;

  if (g_strcmp0 (reason, "link_disabled") == 0)
    {
      give_up (self, "Slack has switched Socket Mode off for this app");
      return;
    }

  if (is_in_use (self, line) && !self->is_connecting && self->retry == NULL)
    begin (self);
}

static char *
on_line_call (IncidentSlackLine  *line,
              IncidentSlackCall  *call,
              gpointer            data,
              GError            **error)
{
  IncidentSlackSocket *self = data;

  return self->take (call, self->data, error);
}

static const IncidentSlackLineFuncs line_funcs = {
  .greeted = on_line_greeted, .lost = on_line_lost, .ending = on_line_ending, .call = on_line_call,
};

/* Opening one */

static void
on_connected (GObject      *source,
              GAsyncResult *result,
              gpointer      data)
{
  IncidentSlackSocket *self = data;
  g_autoptr(GError) error = NULL;
  g_autoptr(SoupWebsocketConnection) connection = soup_session_websocket_connect_finish (SOUP_SESSION (source), result, &error);

  self->is_connecting = FALSE;
  if (connection != NULL && !is_stopped (self))
    g_ptr_array_add (self->lines, incident_slack_line_new (connection, self->clock, self->patience.keepalive, &line_funcs, self));
  else if (!is_stopped (self))
    {
      /* Never the address, which lets in whoever has it. */
      g_autofree char *why = g_strdup_printf ("The connection to Slack cannot be opened (%s %d)", g_quark_to_string (error->domain), error->code);

      note_failure (self, why, 0);
    }
  release (self);
}

static gboolean
is_good_address (IncidentSlackSocket *self,
                 const char          *url)
{
  g_autoptr(GUri) uri = url != NULL ? g_uri_parse (url, SOUP_HTTP_URI_FLAGS, NULL) : NULL;
  g_autoptr(GInetAddress) address = NULL;

  if (uri == NULL || g_uri_get_host (uri) == NULL)
    return FALSE;
  if (g_str_equal (g_uri_get_scheme (uri), "wss"))
    return TRUE;

  address = g_inet_address_new_from_string (g_uri_get_host (uri));
  return self->may_be_near && g_str_equal (g_uri_get_scheme (uri), "ws") && address != NULL && g_inet_address_get_is_loopback (address);
}

static void
connect_to (IncidentSlackSocket *self,
            const char          *url)
{
  g_autoptr(SoupMessage) message = is_good_address (self, url) ? soup_message_new (SOUP_METHOD_GET, url) : NULL;

  if (message == NULL)
    {
      self->is_connecting = FALSE;
      note_failure (self, "Slack has given no address to connect to", 0);
      return;
    }

  soup_session_websocket_connect_async (self->session, message, NULL, NULL, G_PRIORITY_DEFAULT, self->end, on_connected, hold (self));
}

/* These do not get better by waiting. What Slack has not said itself may: a token is not there while it is replaced. */
static gboolean
is_for_good (const IncidentSlackAnswer *answer)
{
  static const char * const errors[] = { "team_disabled", "app_disabled", "forbidden_team", "unknown_method", NULL };

  return (answer->class == INCIDENT_SLACK_CONFIG && answer->is_out) || (answer->error != NULL && g_strv_contains (errors, answer->error));
}

static void
on_address (GObject      *source,
            GAsyncResult *result,
            gpointer      data)
{
  IncidentSlackSocket *self = data;
  g_autoptr(IncidentSlackAnswer) answer = incident_slack_api_call_finish (self->api, result);
  g_autofree char *why = NULL;

  if (answer->ok && !is_stopped (self))
    connect_to (self, incident_node_get_string (incident_slack_answer_get_root (answer), "url"));
  else if (!is_stopped (self))
    {
      self->is_connecting = FALSE;
      why = g_strdup_printf ("Slack lets nobody listen (%s)", answer->error != NULL ? answer->error : "no reason told");
      if (is_for_good (answer))
        give_up (self, why);
      else
        note_failure (self, why, answer->retry_after);
    }
  release (self);
}

static void
begin (IncidentSlackSocket *self)
{
  if (is_stopped (self) || self->is_connecting)
    return;

  self->is_connecting = TRUE;
  incident_slack_api_call_async (self->api, "apps.connections.open", NULL, self->end, on_address, hold (self));
}

/* Watching */

void
incident_slack_socket_check (IncidentSlackSocket *self)
{
  gint64 longest = 3 * (gint64) self->patience.keepalive * G_USEC_PER_SEC;
  g_autoptr(GPtrArray) silent = g_ptr_array_new ();

  for (guint i = 0; i < self->lines->len; i++)
    if (incident_slack_line_get_silence (g_ptr_array_index (self->lines, i)) > longest)
      g_ptr_array_add (silent, g_ptr_array_index (self->lines, i));

  hold (self);
  for (guint i = 0; i < silent->len && !is_stopped (self); i++)
    on_line_lost (g_ptr_array_index (silent, i), self);
  release (self);
}

static gboolean
on_watch (gpointer data)
{
  incident_slack_socket_check (data);
  return G_SOURCE_CONTINUE;
}

static SoupSession *
make_session (const IncidentChannelRules  *rules,
              GError                     **error)
{
  g_autoptr(SoupSession) session = soup_session_new ();
  g_autoptr(GTlsDatabase) trusted = NULL;

  soup_session_set_proxy_resolver (session, NULL);
  soup_session_set_timeout (session, CONNECT_SECONDS);
  if (rules->certificate != NULL)
    {
      trusted = g_tls_file_database_new (rules->certificate, error);
      if (trusted == NULL)
        return NULL;
      soup_session_set_tls_database (session, trusted);
    }

  return g_steal_pointer (&session);
}

IncidentSlackSocket *
incident_slack_socket_new (const IncidentChannelRules   *rules,
                           IncidentClock                *clock,
                           const IncidentSlackPatience  *patience,
                           IncidentSlackTakeFunc         take,
                           IncidentSlackTroubleFunc      trouble,
                           gpointer                      data,
                           GError                      **error)
{
  g_autoptr(SoupSession) session = make_session (rules, error);
  g_autoptr(IncidentSlackApi) api = session != NULL ? incident_slack_api_new (rules, &rules->app_token, clock) : NULL;
  IncidentSlackSocket *self;

  if (session == NULL)
    return NULL;
  if (api == NULL)
    {
      g_set_error (error, INCIDENT_ERROR, INCIDENT_ERROR_INVALID, "The channel “%s” has no address of the Web API", rules->name);
      return NULL;
    }

  self = g_new0 (IncidentSlackSocket, 1);
  self->n_refs = 1;
  self->api = g_steal_pointer (&api);
  self->session = g_steal_pointer (&session);
  self->clock = g_object_ref (clock);
  self->patience = patience != NULL ? *patience : (IncidentSlackPatience) { 0, };
  self->patience.first_wait = self->patience.first_wait > 0 ? self->patience.first_wait : FIRST_WAIT;
  self->patience.longest_wait = self->patience.longest_wait > 0 ? self->patience.longest_wait : LONGEST_WAIT;
  self->patience.keepalive = self->patience.keepalive > 0 ? self->patience.keepalive : KEEPALIVE;
  self->patience.drain = self->patience.drain > 0 ? self->patience.drain : DRAIN;
  self->may_be_near = rules->may_be_near;
  self->take = take;
  self->trouble = trouble;
  self->data = data;
  self->end = g_cancellable_new ();
  self->lines = g_ptr_array_new_with_free_func ((GDestroyNotify) incident_slack_line_free);
  return self;
}

void
incident_slack_socket_start (IncidentSlackSocket *self)
{
  if (self->context != NULL)
    return;

  self->context = g_main_context_ref_thread_default ();
  self->watch = g_timeout_source_new_seconds (self->patience.keepalive);
  g_source_set_callback (self->watch, on_watch, self, NULL);
  g_source_attach (self->watch, self->context);
  begin (self);
}

gboolean
incident_slack_socket_is_open (IncidentSlackSocket *self)
{
  IncidentSlackLine *line = get_line (self);

  return line != NULL && incident_slack_line_is_greeted (line);
}

void
incident_slack_socket_free (IncidentSlackSocket *self)
{
  self->trouble = NULL;
  g_cancellable_cancel (self->end);
  clear_source (&self->retry);
  clear_source (&self->watch);
  g_ptr_array_set_size (self->lines, 0);
  release (self);
}

#else

IncidentSlackSocket *
incident_slack_socket_new (const IncidentChannelRules   *rules,
                           IncidentClock                *clock,
                           const IncidentSlackPatience  *patience,
                           IncidentSlackTakeFunc         take,
                           IncidentSlackTroubleFunc      trouble,
                           gpointer                      data,
                           GError                      **error)
{
  g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_NOT_SUPPORTED, "This build of the library speaks no HTTP");
  return NULL;
}

void
incident_slack_socket_start (IncidentSlackSocket *self)
{
}

gboolean
incident_slack_socket_is_open (IncidentSlackSocket *self)
{
  return FALSE;
}

void
incident_slack_socket_check (IncidentSlackSocket *self)
{
}

void
incident_slack_socket_free (IncidentSlackSocket *self)
{
}

#endif
