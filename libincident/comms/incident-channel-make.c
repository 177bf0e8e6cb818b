/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "comms/incident-channel-make-private.h"

#include "comms/incident-command-channel-private.h"
#include "comms/incident-mail-channel-private.h"
#include "comms/incident-slack-channel-private.h"
#include "comms/incident-webhook-private.h"

IncidentChannel *
incident_channel_make (const IncidentCommsRules    *comms,
                       const IncidentChannelRules  *rules,
                       IncidentClock               *clock,
                       GError                     **error)
{
  switch (rules->dialect)
    {
    case INCIDENT_DIALECT_SLACK:
      return (IncidentChannel *) incident_slack_channel_new_from_rules (rules, clock, error);
    case INCIDENT_DIALECT_WEBHOOK:
    case INCIDENT_DIALECT_MATTERMOST:
    case INCIDENT_DIALECT_ROCKETCHAT:
    case INCIDENT_DIALECT_DISCORD:
    case INCIDENT_DIALECT_TEAMS:
      return incident_webhook_channel_new_from_rules (rules, comms->address, clock);
    case INCIDENT_DIALECT_MAIL:
      return incident_mail_channel_new_from_rules (rules, clock, error);
    case INCIDENT_DIALECT_COMMAND:
      return incident_command_channel_new_from_rules (rules, error);
    case INCIDENT_DIALECT_OWN:
    default:
      return NULL;
    }
}
