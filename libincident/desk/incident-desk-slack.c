/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "desk/incident-desk-slack-private.h"

#include <libincident/incident-error.h>

#include "comms/incident-slack-channel-private.h"
#include "desk/incident-reply-private.h"
#include "desk/incident-sender-private.h"
#include "desk/incident-slack-visit-private.h"

/* Slack at the door: whether it is Slack, what it brings, what it is answered. */

#define TEXT "text/plain; charset=utf-8"
#define JSON "application/json; charset=utf-8"

void
incident_desk_slack_clear (IncidentDeskSlack *self)
{
  g_clear_pointer (&self->apis, g_hash_table_unref);
  g_clear_pointer (&self->met, g_hash_table_unref);
  g_clear_pointer (&self->listeners, g_ptr_array_unref);
  g_clear_pointer (&self->rules, incident_rules_unref);
}

static IncidentSlackApi *
find_api_of_channel (IncidentDesk               *self,
                     const IncidentChannelRules *channel)
{
  IncidentSender *sender = incident_desk_get_sender (self);
  IncidentWay *way;

  incident_sender_follow_playbook (sender);
  /* Those of an older playbook have its address, and its token. */
  if (!sender->has_channels)
    return NULL;

  way = incident_sender_get_way (sender, channel->name);
  return INCIDENT_IS_SLACK_CHANNEL (way->channel) ? incident_slack_channel_get_api (INCIDENT_SLACK_CHANNEL (way->channel)) : NULL;
}

IncidentSlackApi *
incident_desk_get_slack_api (IncidentDesk               *self,
                             const IncidentChannelRules *channel)
{
  IncidentDeskSlack *slack = incident_desk_get_slack (self);
  IncidentRules *rules = incident_desk_get_rulebook (self)->rules;
  IncidentSlackApi *api = find_api_of_channel (self, channel);

  /* What is sent and what is answered keep to one pace. */
  if (api != NULL)
    return api;

  if (slack->rules != rules)
    {
      g_clear_pointer (&slack->apis, g_hash_table_unref);
      g_clear_pointer (&slack->rules, incident_rules_unref);
      slack->rules = incident_rules_ref (rules);
    }
  if (slack->apis == NULL)
    slack->apis = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, (GDestroyNotify) incident_slack_api_unref);

  api = g_hash_table_lookup (slack->apis, channel->name);
  if (api == NULL && incident_secret_is_told (&channel->token))
    {
      api = incident_slack_api_new (channel, &channel->token, incident_desk_get_clock (self));
      if (api != NULL)
        g_hash_table_insert (slack->apis, g_strdup (channel->name), api);
    }
  return api;
}

char *
incident_desk_answer_slack (IncidentDesk                *self,
                            const IncidentChannelRules  *channel,
                            IncidentSlackCall           *call,
                            GError                     **error)
{
  g_auto(IncidentSlackVisit) visit = { NULL, };

  incident_slack_visit_init (&visit, self, channel, call);
  switch ((int) call->kind)
    {
    case INCIDENT_SLACK_CALL_COMMAND:
      return incident_slack_take_command (&visit);
    case INCIDENT_SLACK_CALL_BUTTON:
      return incident_slack_take_button (&visit);
    case INCIDENT_SLACK_CALL_FORM:
      return incident_slack_take_form (&visit);
    case INCIDENT_SLACK_CALL_SHORTCUT:
      return incident_slack_take_shortcut (&visit);
    case INCIDENT_SLACK_CALL_SAID:
    case INCIDENT_SLACK_CALL_EDITED:
    case INCIDENT_SLACK_CALL_DELETED:
      incident_slack_take_said (&visit, error);
      return NULL;
    case INCIDENT_SLACK_CALL_PINNED:
      incident_slack_take_pin (&visit, error);
      return NULL;
    default:
      return NULL;
    }
}

static IncidentReply *
reply_in_words (guint       status,
                const char *text)
{
  return incident_reply_new (status, TEXT, g_strdup (text));
}

/* What is wrong is told in full to who keeps the desk, by its log, and not to whoever knocks. */
static IncidentReply *
check_signature (const IncidentChannelRules *channel,
                 const char                 *timestamp,
                 const char                 *signature,
                 GBytes                     *body,
                 gint64                      now)
{
  g_autoptr(GError) error = NULL;
  char *secret = incident_secret_is_told (&channel->signing) ? incident_secret_read (&channel->signing, &error) : NULL;
  gboolean is_slack;

  if (error != NULL)
    {
      g_warning ("What Slack sends for “%s” cannot be verified: %s", channel->name, error->message);
      return reply_in_words (503, "What Slack signs with cannot be read now\n");
    }

  is_slack = secret != NULL && incident_slack_verify (secret, timestamp, signature, body, now, NULL);
  incident_secret_free (secret);
  return is_slack ? NULL : reply_in_words (401, "The request is not signed by Slack, or too old\n");
}

/**
 * incident_desk_take_slack:
 * @self: a desk
 * @channel: the name of a channel of the playbook whose kind is `slack`
 * @content_type: (nullable): the header `Content-Type` of the request
 * @timestamp: (nullable): the header `X-Slack-Request-Timestamp`
 * @signature: (nullable): the header `X-Slack-Signature`
 * @body: the body, byte by byte as it was received
 *
 * Takes a request of Slack: a slash command, a button or form, an event. Tell Slack one address for all of them.
 *
 * It is verified by the signing secret of the playbook, read, acted on, and answered when all of it is durable. What
 * Slack brings again changes nothing and is answered the same. Who acts is found by the Slack id in the playbook's
 * `contacts`; where the playbook has people, somebody who is in none of them is refused, and that is
 * written down ([method@Desk.list_refusals]).
 *
 * What is said in the conversation of a case, edited, deleted or pinned there goes into its timeline. The rest is
 * answered to who did it, for their eyes only.
 *
 * Of the statuses, 401 says that Slack has not sent it, 404 that the playbook has no such channel, 400 that it
 * cannot be read, 503 that nothing was recorded and Slack should bring it again; all else is 200, and who waits
 * for an answer reads in it what went wrong.
 *
 * Forms are shown, and messages fetched, afterwards, from the thread-default [struct@GLib.MainContext] of this call, which
 * must be running for that. This call blocks while the store is written. Thread: that of the desk.
 *
 * Returns: (transfer full): what to answer
 *
 * Since: 0.1
 */
IncidentReply *
incident_desk_take_slack (IncidentDesk *self,
                          const char   *channel,
                          const char   *content_type,
                          const char   *timestamp,
                          const char   *signature,
                          GBytes       *body)
{
  const IncidentChannelRules *rules;
  g_autoptr(IncidentSlackCall) call = NULL;
  g_autoptr(GError) error = NULL;
  IncidentReply *refused;
  char *json;

  g_return_val_if_fail (INCIDENT_IS_DESK (self), NULL);
  g_return_val_if_fail (channel != NULL, NULL);
  g_return_val_if_fail (body != NULL, NULL);

  rules = incident_comms_rules_get_channel (incident_desk_get_rulebook (self)->rules->comms, channel);
  if (rules == NULL || rules->dialect != INCIDENT_DIALECT_SLACK)
    return reply_in_words (404, "There is no such channel\n");
  refused = check_signature (rules, timestamp, signature, body, incident_clock_get_time (incident_desk_get_clock (self)));
  if (refused != NULL)
    return refused;

  call = incident_slack_call_read (content_type, body, &error);
  if (call == NULL)
    return reply_in_words (400, "The request cannot be read\n");
  if (call->kind == INCIDENT_SLACK_CALL_HELLO)
    return reply_in_words (200, call->text);

  json = incident_desk_answer_slack (self, rules, call, &error);
  if (error != NULL)
    return reply_in_words (503, "Nothing was recorded: bring it again\n");
  return incident_reply_new (200, json != NULL ? JSON : NULL, json);
}
