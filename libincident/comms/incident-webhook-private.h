/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <libincident/incident-clock.h>
#include <libincident/incident-webhook-channel.h>

#include "comms/incident-http-private.h"
#include "comms/incident-message-private.h"
#include "model/incident-comms-rules-private.h"

G_BEGIN_DECLS

/* Webhooks: a dialect a file, each writes the body of a request and, where the far side says more
 * than a status, reads its answer. */

/* @address: where people reach the desk, from which events come; nullable. */
IncidentChannel *incident_webhook_channel_new_from_rules (const IncidentChannelRules *rules,
                                                          const char                 *address,
                                                          IncidentClock              *clock);

/* Bodies, as JSON. */
/* NULL with INCIDENT_ERROR_INVALID: it cannot be said as an event. */
char *incident_webhook_write_event      (const IncidentMessage *message,
                                         const char            *address, /* nullable */
                                         GError               **error);
char *incident_webhook_write_mattermost (const IncidentMessage *message);
char *incident_webhook_write_rocketchat (const IncidentMessage *message);
char *incident_webhook_write_discord    (const IncidentMessage *message);
char *incident_webhook_write_teams      (const IncidentMessage *message);

/* Of an answer whose status is a success, what it says all the same; of Discord's, of any answer. */
void  incident_webhook_read_mattermost  (const IncidentHttpReply *reply,
                                         IncidentDelivery        *delivery);
void  incident_webhook_read_rocketchat  (const IncidentHttpReply *reply,
                                         IncidentDelivery        *delivery);
void  incident_webhook_read_discord     (const IncidentHttpReply *reply,
                                         IncidentDelivery        *delivery);
void  incident_webhook_read_teams       (const IncidentHttpReply *reply,
                                         IncidentDelivery        *delivery);

/* As text; up to its first NUL. */
char *incident_webhook_dup_answer       (const IncidentHttpReply *reply);

/* What became of a request by its status, or by the error that ended it. */
void  incident_webhook_judge_status     (guint                    status,
                                         const char              *retry_after, /* nullable */
                                         gint64                   now,
                                         IncidentDelivery        *delivery);
void  incident_webhook_judge_error      (const GError            *error,
                                         gboolean                 is_out,
                                         IncidentDelivery        *delivery);

/* Standard Webhooks. A key is what stands behind “whsec_”; FALSE: @text is none. */
gboolean incident_webhook_read_key      (const char *text,
                                         GBytes    **key);
/* Wipes it. NULL is fine. */
void     incident_webhook_free_key      (GBytes     *key);
/* “v1,” and the signature. */
char    *incident_webhook_sign          (GBytes     *key,
                                         const char *id,
                                         gint64      seconds,
                                         GBytes     *body);

G_END_DECLS
