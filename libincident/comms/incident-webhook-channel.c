/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <libincident/incident-webhook-channel.h>

#include <libincident/incident-error.h>
#include <libincident/incident-system-clock.h>

#include <string.h>

#include "base/incident-enum-private.h"
#include "comms/incident-webhook-private.h"

/* Standard Webhooks advises 15 to 30 s; who is slower has a queue of its own. */
#define SECONDS     10
#define MOST_BYTES  (64 * 1024)  /* of an answer that are read */

/**
 * IncidentWebhookChannel:
 *
 * A channel that posts to a URL: events for programs, or words for the people in a chat.
 *
 * To programs it sends each event of a case as a CloudEvent, signed by Standard Webhooks: the
 * `webhook-id` stays the same however often it is sent, so that who has it already is seen. A URL may
 * be a secret, so it is never told: not in an error, not in the log.
 *
 * It never calls a private address, follows no redirect, and gives up after 10 s. The playbook makes
 * these channels of the kinds `webhook`, `mattermost`, `rocketchat`, `discord` and `teams`.
 *
 * Since: 0.1
 */
struct _IncidentWebhookChannel
{
  GObject parent_instance;

  IncidentWebhookDialect  dialect;
  IncidentClock          *clock;
  IncidentHttp           *http;
  char                   *source;      /* where events come from; nullable */

  /* What is told here is used, … */
  char                   *url;         /* nullable */
  char                   *key;         /* nullable */
  /* … else what is there at each delivery. Their strings are ours. */
  IncidentSecret          secret_url;
  IncidentSecret          secret_key;
  IncidentSecret          secret_old_key;
};

static void incident_webhook_channel_channel_init (IncidentChannelInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (IncidentWebhookChannel, incident_webhook_channel, G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (INCIDENT_TYPE_CHANNEL, incident_webhook_channel_channel_init))

G_DEFINE_ENUM_TYPE (IncidentWebhookDialect, incident_webhook_dialect,
  G_DEFINE_ENUM_VALUE (INCIDENT_WEBHOOK_DIALECT_EVENTS, "events"),
  G_DEFINE_ENUM_VALUE (INCIDENT_WEBHOOK_DIALECT_MATTERMOST, "mattermost"),
  G_DEFINE_ENUM_VALUE (INCIDENT_WEBHOOK_DIALECT_ROCKETCHAT, "rocketchat"),
  G_DEFINE_ENUM_VALUE (INCIDENT_WEBHOOK_DIALECT_DISCORD, "discord"),
  G_DEFINE_ENUM_VALUE (INCIDENT_WEBHOOK_DIALECT_TEAMS, "teams"))

/* What is posted */

/* What makes or changes a conversation has no meaning for who only hears. */
static gboolean
can_say (IncidentMessageKind kind)
{
  switch (kind)
    {
    case INCIDENT_MESSAGE_KIND_POST:
    case INCIDENT_MESSAGE_KIND_CARD:
    case INCIDENT_MESSAGE_KIND_ANNOUNCEMENT:
    case INCIDENT_MESSAGE_KIND_EVENT:
    case INCIDENT_MESSAGE_KIND_ANSWER:
    case INCIDENT_MESSAGE_KIND_PAGE:
      return TRUE;
    case INCIDENT_MESSAGE_KIND_ROOM:
    case INCIDENT_MESSAGE_KIND_TOPIC:
    case INCIDENT_MESSAGE_KIND_INVITE:
    case INCIDENT_MESSAGE_KIND_BOOKMARK:
    case INCIDENT_MESSAGE_KIND_FILE:
    case INCIDENT_MESSAGE_KIND_ARCHIVE:
    default:
      return FALSE;
    }
}

static char *
write_body (IncidentWebhookChannel  *self,
            const IncidentMessage   *message,
            GError                 **error)
{
  switch (self->dialect)
    {
    case INCIDENT_WEBHOOK_DIALECT_MATTERMOST:
      return incident_webhook_write_mattermost (message);
    case INCIDENT_WEBHOOK_DIALECT_ROCKETCHAT:
      return incident_webhook_write_rocketchat (message);
    case INCIDENT_WEBHOOK_DIALECT_DISCORD:
      return incident_webhook_write_discord (message);
    case INCIDENT_WEBHOOK_DIALECT_TEAMS:
      return incident_webhook_write_teams (message);
    case INCIDENT_WEBHOOK_DIALECT_EVENTS:
    default:
      return incident_webhook_write_event (message, self->source, error);
    }
}

/* Where it is posted */

/* Discord tells what it made of a message only if it is asked to. */
static char *
add_to_url (IncidentWebhookChannel *self,
            const char             *url)
{
  int length = (int) strcspn (url, "#");
  gboolean has_query = memchr (url, '?', (gsize) length) != NULL;

  if (self->dialect != INCIDENT_WEBHOOK_DIALECT_DISCORD)
    return g_strdup (url);

  return g_strdup_printf ("%.*s%swait=true", length, url, has_query ? "&" : "?");
}

static IncidentHttpRequest *
make_request (IncidentWebhookChannel  *self,
              GError                 **error)
{
  g_autoptr(IncidentSecretText) secret = NULL;
  IncidentHttpRequest *request;
  char *url;

  if (self->url == NULL)
    {
      secret = incident_secret_read (&self->secret_url, error);
      if (secret == NULL)
        return NULL;
    }

  url = add_to_url (self, secret != NULL ? secret : self->url);
  request = incident_http_request_new ("POST", url);
  incident_http_wipe (url);
  return request;
}

/* The signature */

static GBytes *
parse_key (const char  *text,
           const char  *place,
           GError     **error)
{
  GBytes *key;

  if (incident_webhook_read_key (text, &key))
    return key;

  g_set_error (error, INCIDENT_ERROR, INCIDENT_ERROR_INVALID,
               "The key in %s is not “whsec_” and the Base64 of 24 to 64 bytes", place);
  return NULL;
}

static GBytes *
read_key (const IncidentSecret  *place,
          GError               **error)
{
  g_autoptr(IncidentSecretText) text = incident_secret_read (place, error);
  g_autofree char *name = NULL;

  if (text == NULL)
    return NULL;

  name = g_strdup_printf ("“%s”", place->env != NULL ? place->env : place->file);
  return parse_key (text, name, error);
}

static void
append_signature (GString    *list,
                  GBytes     *key,
                  const char *id,
                  gint64      seconds,
                  GBytes     *body)
{
  g_autofree char *signature = incident_webhook_sign (key, id, seconds, body);

  if (list->len > 0)
    g_string_append_c (list, ' ');
  g_string_append (list, signature);
}

/* By the new key, and by the old one while not all have changed to the new one. */
static gboolean
append_signatures (IncidentWebhookChannel  *self,
                   GString                 *list,
                   const char              *id,
                   gint64                   seconds,
                   GBytes                  *body,
                   GError                 **error)
{
  const IncidentSecret *places[] = { &self->secret_key, &self->secret_old_key };

  if (self->key != NULL)
    {
      GBytes *key = parse_key (self->key, "this channel", error);

      if (key == NULL)
        return FALSE;
      append_signature (list, key, id, seconds, body);
      incident_webhook_free_key (key);
    }

  for (gsize i = 0; i < G_N_ELEMENTS (places); i++)
    if (incident_secret_is_told (places[i]))
      {
        GBytes *key = read_key (places[i], error);

        if (key == NULL)
          return FALSE;
        append_signature (list, key, id, seconds, body);
        incident_webhook_free_key (key);
      }

  return TRUE;
}

static gboolean
sign (IncidentWebhookChannel  *self,
      IncidentHttpRequest     *request,
      const char              *id,
      GError                 **error)
{
  gint64 seconds = incident_clock_get_time (self->clock) / G_USEC_PER_SEC;
  g_autofree char *timestamp = g_strdup_printf ("%" G_GINT64_FORMAT, seconds);
  g_autoptr(GString) list = g_string_new (NULL);

  if (!append_signatures (self, list, id, seconds, request->body, error))
    return FALSE;

  incident_http_request_add_header (request, "webhook-id", id);
  incident_http_request_add_header (request, "webhook-timestamp", timestamp);
  if (list->len > 0)
    incident_http_request_add_header (request, "webhook-signature", list->str);
  return TRUE;
}

/* Delivery */

static void
read_answer (IncidentWebhookChannel  *self,
             const IncidentHttpReply *reply,
             IncidentDelivery        *delivery)
{
  gboolean is_sent;

  incident_webhook_judge_status (reply->status, reply->retry_after, incident_clock_get_time (self->clock), delivery);
  is_sent = incident_delivery_get_outcome (delivery) == INCIDENT_OUTCOME_SENT;
  if (self->dialect == INCIDENT_WEBHOOK_DIALECT_DISCORD)
    incident_webhook_read_discord (reply, delivery);
  else if (self->dialect == INCIDENT_WEBHOOK_DIALECT_MATTERMOST && is_sent)
    incident_webhook_read_mattermost (reply, delivery);
  else if (self->dialect == INCIDENT_WEBHOOK_DIALECT_ROCKETCHAT && is_sent)
    incident_webhook_read_rocketchat (reply, delivery);
  else if (self->dialect == INCIDENT_WEBHOOK_DIALECT_TEAMS && is_sent)
    incident_webhook_read_teams (reply, delivery);
}

static void
on_reply (GObject      *source,
          GAsyncResult *result,
          gpointer      data)
{
  g_autoptr(GTask) task = data;
  IncidentWebhookChannel *self = g_task_get_source_object (task);
  IncidentDelivery *delivery = g_task_get_task_data (task);
  g_autoptr(GError) error = NULL;
  gboolean is_out;
  g_autoptr(IncidentHttpReply) reply = incident_http_send_finish (self->http, result, &is_out, &error);

  if (reply != NULL)
    read_answer (self, reply, delivery);
  else
    incident_webhook_judge_error (error, is_out, delivery);
  g_task_return_boolean (task, TRUE);
}

/* NULL: it is noted why not. */
static IncidentHttpRequest *
prepare (IncidentWebhookChannel *self,
         IncidentDelivery       *delivery)
{
  const IncidentMessage *message = incident_delivery_get_message (delivery);
  g_autoptr(IncidentHttpRequest) request = NULL;
  g_autoptr(GError) error = NULL;
  char *body;

  if (!can_say (message->row->kind))
    {
      incident_delivery_set_outcome (delivery, INCIDENT_OUTCOME_REFUSED, "A webhook can only say something");
      return NULL;
    }
  body = write_body (self, message, &error);
  if (body == NULL)
    {
      incident_delivery_set_outcome (delivery, INCIDENT_OUTCOME_REFUSED, error->message);
      return NULL;
    }

  request = make_request (self, &error);
  if (request != NULL)
    {
      request->body = g_bytes_new_take (body, strlen (body));
      request->content_type = g_strdup (self->dialect == INCIDENT_WEBHOOK_DIALECT_EVENTS
                                        ? "application/cloudevents+json; charset=utf-8" : "application/json; charset=utf-8");
      if (self->dialect != INCIDENT_WEBHOOK_DIALECT_EVENTS || sign (self, request, message->row->key, &error))
        return g_steal_pointer (&request);
    }
  else
    {
      g_free (body);
    }

  incident_delivery_set_outcome (delivery, INCIDENT_OUTCOME_CLOSED, error->message);
  return NULL;
}

static void
incident_webhook_channel_deliver (IncidentChannel  *channel,
                                  IncidentDelivery *delivery,
                                  GTask            *task)
{
  IncidentWebhookChannel *self = INCIDENT_WEBHOOK_CHANNEL (channel);
  IncidentHttpRequest *request = prepare (self, delivery);

  if (request == NULL)
    {
      g_task_return_boolean (task, TRUE);
      return;
    }

  g_task_set_task_data (task, g_object_ref (delivery), g_object_unref);
  incident_http_send_async (self->http, request, g_task_get_cancellable (task), on_reply, g_object_ref (task));
}

static void
incident_webhook_channel_channel_init (IncidentChannelInterface *iface)
{
  iface->deliver = incident_webhook_channel_deliver;
}

/* The object */

static void
secret_clear (IncidentSecret *self)
{
  g_free ((char *) self->env);
  g_free ((char *) self->file);
}

static void
secret_copy (IncidentSecret       *self,
             const IncidentSecret *other)
{
  self->env = g_strdup (other->env);
  self->file = g_strdup (other->file);
}

static void
incident_webhook_channel_finalize (GObject *object)
{
  IncidentWebhookChannel *self = INCIDENT_WEBHOOK_CHANNEL (object);

  g_clear_object (&self->clock);
  g_clear_pointer (&self->http, incident_http_free);
  g_free (self->source);
  incident_http_wipe (self->url);
  incident_http_wipe (self->key);
  secret_clear (&self->secret_url);
  secret_clear (&self->secret_key);
  secret_clear (&self->secret_old_key);

  G_OBJECT_CLASS (incident_webhook_channel_parent_class)->finalize (object);
}

static void
incident_webhook_channel_class_init (IncidentWebhookChannelClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = incident_webhook_channel_finalize;
}

static void
incident_webhook_channel_init (IncidentWebhookChannel *self)
{
}

static IncidentWebhookChannel *
make_channel (IncidentWebhookDialect  dialect,
              IncidentClock          *clock, /* takes it */
              gboolean                may_be_near,
              const char             *certificate)
{
  const IncidentHttpLimits limits = {
    .may_be_near = may_be_near, .certificate = certificate, .seconds = SECONDS, .most_bytes = MOST_BYTES, .cuts = TRUE,
  };
  IncidentWebhookChannel *self = g_object_new (INCIDENT_TYPE_WEBHOOK_CHANNEL, NULL);

  self->dialect = dialect;
  self->clock = clock;
  self->http = incident_http_new (&limits);
  return self;
}

static IncidentWebhookDialect
dialect_of_rules (IncidentDialect dialect)
{
  switch (dialect)
    {
    case INCIDENT_DIALECT_MATTERMOST:
      return INCIDENT_WEBHOOK_DIALECT_MATTERMOST;
    case INCIDENT_DIALECT_ROCKETCHAT:
      return INCIDENT_WEBHOOK_DIALECT_ROCKETCHAT;
    case INCIDENT_DIALECT_DISCORD:
      return INCIDENT_WEBHOOK_DIALECT_DISCORD;
    case INCIDENT_DIALECT_TEAMS:
      return INCIDENT_WEBHOOK_DIALECT_TEAMS;
    case INCIDENT_DIALECT_WEBHOOK:
      return INCIDENT_WEBHOOK_DIALECT_EVENTS;
    case INCIDENT_DIALECT_SLACK:
    case INCIDENT_DIALECT_MAIL:
    case INCIDENT_DIALECT_COMMAND:
    case INCIDENT_DIALECT_OWN:
    default:
      g_return_val_if_reached (INCIDENT_WEBHOOK_DIALECT_EVENTS);
    }
}

IncidentChannel *
incident_webhook_channel_new_from_rules (const IncidentChannelRules *rules,
                                         const char                 *address,
                                         IncidentClock              *clock)
{
  IncidentWebhookChannel *self = make_channel (dialect_of_rules (rules->dialect), g_object_ref (clock),
                                               rules->may_be_near, rules->certificate);

  self->source = g_strdup (address);
  self->url = g_strdup (rules->url);
  secret_copy (&self->secret_url, &rules->secret_url);
  secret_copy (&self->secret_key, &rules->key);
  secret_copy (&self->secret_old_key, &rules->old_key);
  return INCIDENT_CHANNEL (self);
}

/**
 * incident_webhook_dialect_to_string:
 * @dialect: a dialect
 *
 * Names a dialect, such as `mattermost`.
 *
 * Returns: (transfer none) (nullable): the name, or %NULL if @dialect is no member of
 *   the enumeration
 *
 * Since: 0.1
 */
const char *
incident_webhook_dialect_to_string (IncidentWebhookDialect dialect)
{
  return incident_enum_get_nick (INCIDENT_TYPE_WEBHOOK_DIALECT, (int) dialect);
}

/**
 * incident_webhook_channel_new:
 * @url: where to post: an address of the public internet, by https
 * @key: (nullable): what events are signed with, as Standard Webhooks writes it: `whsec_` and the
 *   Base64 of 24 to 64 bytes; %NULL: they are not signed. Only for events
 * @dialect: what it understands
 *
 * Makes a channel, for [method@Desk.add_channel].
 *
 * A key or a URL that cannot be used shows at the first delivery: the channel is closed then.
 *
 * Returns: (transfer full) (type IncidentWebhookChannel): a new channel
 *
 * Since: 0.1
 */
IncidentChannel *
incident_webhook_channel_new (const char             *url,
                              const char             *key,
                              IncidentWebhookDialect  dialect)
{
  IncidentWebhookChannel *self;

  g_return_val_if_fail (url != NULL, NULL);
  g_return_val_if_fail (incident_webhook_dialect_to_string (dialect) != NULL, NULL);

  self = make_channel (dialect, incident_system_clock_new (), FALSE, NULL);
  self->url = g_strdup (url);
  self->key = g_strdup (key);
  return INCIDENT_CHANNEL (self);
}
