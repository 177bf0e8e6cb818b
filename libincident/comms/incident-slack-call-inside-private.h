/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "comms/incident-slack-call-private.h"

G_BEGIN_DECLS

/* What those who read calls of Slack share. */

#define INCIDENT_SLACK_MAX_ID 255

IncidentSlackCall *incident_slack_call_new         (IncidentSlackCallKind   kind);
/* NULL where it is no id: these are visible ASCII. */
char              *incident_slack_dup_id           (const char             *text); /* nullable */
/* What tells a repetition; the first one that is an id counts. */
void               incident_slack_call_set_operation (IncidentSlackCall    *self,
                                                    const char             *id); /* nullable */
/* Buttons, modals, shortcuts. */
IncidentSlackCall *incident_slack_read_interaction (IncidentNode           *payload,
                                                    GError                **error);
/* Something that happened there. */
IncidentSlackCall *incident_slack_read_event       (IncidentNode           *payload,
                                                    GError                **error);

G_END_DECLS
