/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "comms/incident-slack-channel-private.h"

#include <libincident/incident-system-clock.h>

#include "base/incident-error-private.h"
#include "comms/incident-slack-work-private.h"

/**
 * IncidentSlackChannel:
 *
 * A workspace of Slack: a channel for each case, in which there are its card, its topic and its people; posts,
 * announcements and reports; direct messages for who is paged.
 *
 * The playbook makes these by itself (`"kind": "slack"`). Make one by hand to talk to Slack without a playbook, or to
 * something that answers like it.
 *
 * What Slack asks for is kept to: it is called no faster than it likes, what it takes twice is sent once where that
 * can be told, and what it does not take is sent in a plainer form. Nothing that people write becomes markup, and
 * nobody is called by `@channel`.
 *
 * The bot's token is never told to anybody but Slack. Belongs to the thread of its desk.
 *
 * Since: 0.1
 */

static void incident_slack_channel_iface_init (IncidentChannelInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (IncidentSlackChannel, incident_slack_channel, G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (INCIDENT_TYPE_CHANNEL, incident_slack_channel_iface_init))

static void
incident_slack_channel_deliver (IncidentChannel  *channel,
                                IncidentDelivery *delivery,
                                GTask            *task)
{
  IncidentSlackWork *work = incident_slack_work_new (INCIDENT_SLACK_CHANNEL (channel), delivery, task);

  switch (work->message->row->kind)
    {
    case INCIDENT_MESSAGE_KIND_POST:
    case INCIDENT_MESSAGE_KIND_CARD:
    case INCIDENT_MESSAGE_KIND_ANNOUNCEMENT:
    case INCIDENT_MESSAGE_KIND_ANSWER:
    case INCIDENT_MESSAGE_KIND_PAGE:
      incident_slack_say (work);
      break;
    case INCIDENT_MESSAGE_KIND_ROOM:
      incident_slack_make_room (work);
      break;
    case INCIDENT_MESSAGE_KIND_TOPIC:
      incident_slack_set_topic (work);
      break;
    case INCIDENT_MESSAGE_KIND_INVITE:
      incident_slack_invite (work);
      break;
    case INCIDENT_MESSAGE_KIND_BOOKMARK:
      incident_slack_add_bookmark (work);
      break;
    case INCIDENT_MESSAGE_KIND_FILE:
      incident_slack_share_file (work);
      break;
    case INCIDENT_MESSAGE_KIND_ARCHIVE:
      incident_slack_archive (work);
      break;
    case INCIDENT_MESSAGE_KIND_EVENT:
    default:
      incident_slack_work_refuse (work, "Slack is for people: events go to webhooks");
      break;
    }
}

static void
incident_slack_channel_look_up (IncidentChannel  *channel,
                                IncidentDelivery *delivery,
                                GTask            *task)
{
  incident_slack_find_message (incident_slack_work_new (INCIDENT_SLACK_CHANNEL (channel), delivery, task));
}

static void
on_probed (IncidentSlackWork         *work,
           const IncidentSlackAnswer *answer)
{
  if (answer->class == INCIDENT_SLACK_OK)
    incident_slack_work_tell (work, TRUE);
  else
    incident_slack_work_tell_failure (work, answer);
}

static void
incident_slack_channel_probe (IncidentChannel *channel,
                              GTask           *task)
{
  incident_slack_work_call (incident_slack_work_new (INCIDENT_SLACK_CHANNEL (channel), NULL, task), "auth.test", NULL, on_probed);
}

static void
incident_slack_channel_iface_init (IncidentChannelInterface *iface)
{
  iface->deliver = incident_slack_channel_deliver;
  iface->look_up = incident_slack_channel_look_up;
  iface->probe = incident_slack_channel_probe;
}

static void
incident_slack_channel_finalize (GObject *object)
{
  IncidentSlackChannel *self = INCIDENT_SLACK_CHANNEL (object);

  g_clear_pointer (&self->api, incident_slack_api_unref);
  g_free (self->user);
  g_hash_table_unref (self->unpinned);
  g_hash_table_unref (self->rooms);
  g_hash_table_unref (self->sought);

  G_OBJECT_CLASS (incident_slack_channel_parent_class)->finalize (object);
}

static void
incident_slack_channel_class_init (IncidentSlackChannelClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = incident_slack_channel_finalize;
}

static void
incident_slack_channel_init (IncidentSlackChannel *self)
{
  self->unpinned = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  self->rooms = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  self->sought = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
}

IncidentSlackChannel *
incident_slack_channel_new_from_rules (const IncidentChannelRules  *rules,
                                       IncidentClock               *clock,
                                       GError                     **error)
{
  IncidentSlackChannel *self;

  if (!incident_secret_is_told (&rules->token))
    {
      incident_set_error_at (error, INCIDENT_ERROR_INVALID, "token", "The channel “%s” has no token to speak to Slack with", rules->name);
      return NULL;
    }
  if (rules->api != NULL && !g_uri_is_valid (rules->api, G_URI_FLAGS_NONE, NULL))
    {
      incident_set_error_at (error, INCIDENT_ERROR_INVALID, "api", "The channel “%s” has an address for Slack that is none", rules->name);
      return NULL;
    }

  self = g_object_new (INCIDENT_TYPE_SLACK_CHANNEL, NULL);
  self->api = incident_slack_api_new (rules, &rules->token, clock);
  return self;
}

IncidentSlackApi *
incident_slack_channel_get_api (IncidentSlackChannel *self)
{
  return self->api;
}

/**
 * incident_slack_channel_new:
 * @api: (nullable): the address of the Web API, such as `https://slack.com/api/`; %NULL: that one. Another one may be
 *   on this machine or a private network, and be called by http
 * @token: the token of the bot, which begins with `xoxb-`
 * @clock: (nullable): the time and chance to go by; %NULL: this machine's
 *
 * Makes a channel to a workspace of Slack.
 *
 * Nothing is called before there is something to deliver.
 *
 * Returns: (transfer full): a new channel
 *
 * Since: 0.1
 */
IncidentSlackChannel *
incident_slack_channel_new (const char    *api,
                            const char    *token,
                            IncidentClock *clock)
{
  IncidentSlackChannel *self;
  g_autoptr(IncidentClock) own = NULL;

  g_return_val_if_fail (token != NULL, NULL);
  g_return_val_if_fail (clock == NULL || INCIDENT_IS_CLOCK (clock), NULL);

  own = clock != NULL ? g_object_ref (clock) : incident_system_clock_new ();
  self = g_object_new (INCIDENT_TYPE_SLACK_CHANNEL, NULL);
  self->api = incident_slack_api_new_for_token (api, token, own);
  return self;
}
