/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "desk/incident-slack-visit-private.h"

#include <string.h>

#include "base/incident-json-writer-private.h"
#include "comms/incident-http-private.h"
#include "comms/incident-reaction-private.h"
#include "comms/incident-slack-blocks-private.h"
#include "desk/incident-desk-slack-private.h"

/* What visitors get to hear and to see: answers for their eyes only, forms, and cards drawn anew. */

/* Where Slack takes responses. */
#define RESPONSE_HOST "hooks.slack.com"
#define RESPONSE_SECONDS 10
#define RESPONSE_BYTES   (64 * 1024)

/* What tells one message from another: the call that it answers; what cannot be told again from something
 * else is its own. */
static char *
make_salt (const IncidentSlackVisit *self)
{
  g_autoptr(GBytes) chance = NULL;

  if (self->call->operation != NULL)
    return g_strdup (self->call->operation);

  chance = incident_clock_random_bytes (incident_desk_get_clock (self->desk), 16);
  return g_base64_encode (g_bytes_get_data (chance, NULL), g_bytes_get_size (chance));
}

/* Takes @row. */
static gboolean
commit_row (const IncidentSlackVisit  *self,
            IncidentOutboxRow         *row,
            GError                   **error)
{
  g_autoptr(GPtrArray) drafts = g_ptr_array_new ();
  g_autoptr(GPtrArray) messages = g_ptr_array_new_with_free_func ((GDestroyNotify) incident_outbox_row_free);
  IncidentCommit commit = { .drafts = drafts, .messages = messages };

  g_ptr_array_add (messages, row);
  return incident_desk_commit (self->desk, &commit, error);
}

static char *
write_text (const char *text)
{
  IncidentJsonWriter writer;

  incident_json_writer_init (&writer, FALSE);
  incident_json_writer_begin_object (&writer);
  incident_json_writer_member (&writer, "text", text);
  incident_json_writer_end_object (&writer);
  return incident_json_writer_finish (&writer);
}

void
incident_slack_visit_answer (const IncidentSlackVisit *self,
                             guint64                   number,
                             const char               *text)
{
  gint64 now = incident_clock_get_time (incident_desk_get_clock (self->desk));
  g_autofree char *salt = NULL;
  g_autofree char *lane = NULL;
  g_autoptr(GError) error = NULL;
  IncidentOutboxRow *row;

  /* Who is nowhere is written to. */
  if (self->call->user == NULL || (self->call->conversation == NULL && self->call->response_url != NULL))
    {
      incident_slack_visit_respond (self, text);
      return;
    }

  /* It does not wait for what goes to a conversation as a whole. */
  lane = g_strdup_printf ("answer/%s", self->call->user);
  salt = make_salt (self);
  row = incident_reaction_new_row (self->channel, INCIDENT_MESSAGE_KIND_ANSWER, lane, salt, now);
  row->subject = number;
  /* What it repeats goes with what that event says. */
  row->seq = number != 0 ? incident_slack_visit_find_seq (self, number) : 0;
  g_free (row->body);
  row->body = write_text (text);
  row->recipient = g_strdup (self->call->user);
  row->conversation = g_strdup (self->call->conversation);
  if (!commit_row (self, row, &error))
    incident_slack_visit_respond (self, text);
}

void
incident_slack_visit_answer_error (const IncidentSlackVisit *self,
                                   guint64                   number,
                                   const GError             *error)
{
  g_autofree char *text = incident_slack_tell_error (error);

  if (incident_slack_is_trouble (error))
    incident_slack_visit_respond (self, text);
  else
    incident_slack_visit_answer (self, number, text);
}

void
incident_slack_visit_redraw (const IncidentSlackVisit *self,
                             IncidentCase             *kase)
{
  gboolean has_cards = self->channel->does[INCIDENT_MESSAGE_KIND_CARD];
  gboolean is_announced = self->channel->announce != NULL
                          && (!has_cards || g_strcmp0 (self->call->conversation, self->channel->announce) == 0);
  g_autofree char *salt = NULL;
  IncidentOutboxRow *row;

  if (!has_cards && !is_announced)
    return;

  salt = make_salt (self);
  row = incident_reaction_new_view (self->channel,
                                    is_announced ? INCIDENT_MESSAGE_KIND_ANNOUNCEMENT : INCIDENT_MESSAGE_KIND_CARD, salt,
                                    incident_clock_get_time (incident_desk_get_clock (self->desk)));
  row->subject = incident_case_get_number (kase);
  row->episode = incident_case_get_episode (kase);
  /* A card that stays as it is shows nothing that its next drawing will not mend. */
  commit_row (self, row, NULL);
}

/* Where a call says that it can be answered, in Slack's own words or those of who stands in for it. */
static gboolean
is_response_url (const IncidentChannelRules *channel,
                 const char                 *url)
{
  g_autoptr(GUri) uri = g_uri_parse (url, G_URI_FLAGS_NONE, NULL);
  g_autoptr(GUri) api = channel->api != NULL ? g_uri_parse (channel->api, G_URI_FLAGS_NONE, NULL) : NULL;

  if (uri == NULL || g_uri_get_host (uri) == NULL)
    return FALSE;
  if (api != NULL && g_strcmp0 (g_uri_get_host (api), "slack.com") != 0)
    return g_strcmp0 (g_uri_get_host (api), g_uri_get_host (uri)) == 0 && g_uri_get_port (api) == g_uri_get_port (uri)
           && g_str_equal (g_uri_get_scheme (api), g_uri_get_scheme (uri));

  return g_str_equal (g_uri_get_scheme (uri), "https") && g_str_equal (g_uri_get_host (uri), RESPONSE_HOST)
         && (g_uri_get_port (uri) == -1 || g_uri_get_port (uri) == 443);
}

static void
on_responded (GObject      *source,
              GAsyncResult *result,
              gpointer      http)
{
  g_autoptr(IncidentHttp) owned = http;
  g_autoptr(GError) error = NULL;
  g_autoptr(IncidentHttpReply) reply = incident_http_send_finish (owned, result, NULL, &error);

  /* There is nobody left to tell. */
  if (reply == NULL)
    g_debug ("A response could not be given: %s", error->message);
}

static void
respond (const IncidentChannelRules *channel,
         const char                 *url,
         const char                 *text)
{
  const IncidentHttpLimits limits = { channel->may_be_near, channel->certificate, RESPONSE_SECONDS, RESPONSE_BYTES };
  IncidentHttpRequest *request;
  IncidentHttp *http;
  char *json;

  if (url == NULL || !is_response_url (channel, url))
    return;

  http = incident_http_new (&limits);
  request = incident_http_request_new ("POST", url);
  request->content_type = g_strdup ("application/json; charset=utf-8");
  json = incident_slack_write_answer (text);
  request->body = g_bytes_new_take (json, strlen (json));
  incident_http_send_async (http, request, NULL, on_responded, http);
}

void
incident_slack_visit_respond (const IncidentSlackVisit *self,
                              const char               *text)
{
  respond (self->channel, self->call->response_url, text);
}

/* A form that is being shown. */
typedef struct
{
  IncidentSlackApi           *api;
  IncidentRules              *rules;    /* keeps the channel */
  const IncidentChannelRules *channel;
  char                       *response_url;
  char                       *instead;
} Showing;

static void
showing_free (Showing *self)
{
  incident_slack_api_unref (self->api);
  incident_rules_unref (self->rules);
  g_free (self->response_url);
  g_free (self->instead);
  g_free (self);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Showing, showing_free)

static void
on_shown (GObject      *source,
          GAsyncResult *result,
          gpointer      data)
{
  g_autoptr(Showing) showing = data;
  g_autoptr(IncidentSlackAnswer) answer = incident_slack_api_call_finish (showing->api, result);
  g_autofree char *text = NULL;

  if (answer->ok)
    return;

  text = g_strdup_printf ("The form could not be shown (%s): %s", answer->error, showing->instead);
  respond (showing->channel, showing->response_url, text);
}

void
incident_slack_visit_open_form (const IncidentSlackVisit *self,
                                const char               *view,
                                const char               *instead)
{
  g_autoptr(GPtrArray) form = incident_slack_form_new ();
  IncidentSlackApi *api = incident_desk_get_slack_api (self->desk, self->channel);
  Showing *showing;

  if (self->call->trigger == NULL || api == NULL)
    {
      incident_slack_visit_answer (self, 0, instead);
      return;
    }

  showing = g_new0 (Showing, 1);
  showing->api = incident_slack_api_ref (api);
  showing->rules = incident_rules_ref (self->rules);
  showing->channel = self->channel;
  showing->response_url = g_strdup (self->call->response_url);
  showing->instead = g_strdup (instead);
  incident_slack_form_add (form, "trigger_id", self->call->trigger);
  incident_slack_form_add (form, "view", view);
  incident_slack_api_call_async (api, "views.open", form, NULL, on_shown, showing);
}
