/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#if !defined (INCIDENT_INSIDE) && !defined (INCIDENT_COMPILATION)
# error "Only <libincident/incident.h> can be included directly."
#endif

#include <libincident/incident-channel.h>

G_BEGIN_DECLS

/**
 * IncidentWebhookDialect:
 * @INCIDENT_WEBHOOK_DIALECT_EVENTS: CloudEvents 1.0, signed by Standard Webhooks: for programs. Nick: `events`
 * @INCIDENT_WEBHOOK_DIALECT_MATTERMOST: an incoming webhook of Mattermost. Nick: `mattermost`
 * @INCIDENT_WEBHOOK_DIALECT_ROCKETCHAT: an incoming webhook of Rocket.Chat. Nick: `rocketchat`
 * @INCIDENT_WEBHOOK_DIALECT_DISCORD: a webhook of Discord. Nick: `discord`
 * @INCIDENT_WEBHOOK_DIALECT_TEAMS: a workflow of Microsoft Teams that posts cards. Nick: `teams`
 *
 * What a webhook understands.
 *
 * Since: 0.1
 */
typedef enum
{
  INCIDENT_WEBHOOK_DIALECT_EVENTS,
  INCIDENT_WEBHOOK_DIALECT_MATTERMOST,
  INCIDENT_WEBHOOK_DIALECT_ROCKETCHAT,
  INCIDENT_WEBHOOK_DIALECT_DISCORD,
  INCIDENT_WEBHOOK_DIALECT_TEAMS,
} IncidentWebhookDialect;

#define INCIDENT_TYPE_WEBHOOK_DIALECT (incident_webhook_dialect_get_type ())
#define INCIDENT_TYPE_WEBHOOK_CHANNEL (incident_webhook_channel_get_type ())

INCIDENT_AVAILABLE_IN_ALL
GType            incident_webhook_dialect_get_type  (void) G_GNUC_CONST;

INCIDENT_AVAILABLE_IN_ALL
const char      *incident_webhook_dialect_to_string (IncidentWebhookDialect  dialect);

INCIDENT_AVAILABLE_IN_ALL
G_DECLARE_FINAL_TYPE (IncidentWebhookChannel, incident_webhook_channel, INCIDENT, WEBHOOK_CHANNEL, GObject)

INCIDENT_AVAILABLE_IN_ALL
IncidentChannel *incident_webhook_channel_new       (const char             *url,
                                                     const char             *key,
                                                     IncidentWebhookDialect  dialect);

G_END_DECLS
