/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "comms/incident-slack-api-private.h"
#include "comms/incident-slack-call-private.h"
#include "desk/incident-desk-private.h"
#include "model/incident-comms-rules-private.h"

G_BEGIN_DECLS

/* What a desk has for those who come from Slack. */
struct _IncidentDeskSlack
{
  IncidentRules *rules;      /* those that the others were made under; a reference, NULL: none was made yet */
  GHashTable    *apis;       /* name of a channel → IncidentSlackApi */
  GHashTable    *met;        /* “channel/user” → whom Slack knows by their address; NULL: nobody was asked for */
  GPtrArray     *listeners;  /* see incident-desk-listen.c; NULL: it does not listen */
};

void              incident_desk_slack_clear   (IncidentDeskSlack          *self);
/* By which Slack is called back; lent until the playbook changes. */
IncidentSlackApi *incident_desk_get_slack_api (IncidentDesk               *self,
                                               const IncidentChannelRules *channel);
/* Asks Slack who those people are whose mail address alone is known. */
void              incident_desk_meet_slack    (IncidentDesk               *desk,
                                               const IncidentChannelRules *channel);
/* Who it is by then; NULL: nobody. Lent. */
const char       *incident_desk_find_met      (IncidentDesk               *desk,
                                               const char                 *channel,
                                               const char                 *user);
/* What is said, over HTTP or through Socket Mode, by a call that was verified. JSON to be answered, or NULL without
 * an error: there is nothing to say. With an error nothing was recorded, and it should come again: that is told of
 * events alone, who waits for an answer is told in words. */
char             *incident_desk_answer_slack  (IncidentDesk               *self,
                                               const IncidentChannelRules *channel,
                                               IncidentSlackCall          *call,
                                               GError                    **error);

G_END_DECLS
