/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#if !defined (INCIDENT_INSIDE) && !defined (INCIDENT_COMPILATION)
# error "Only <libincident/incident.h> can be included directly."
#endif

#include <glib-object.h>
#include <libincident/incident-version-macros.h>

G_BEGIN_DECLS

/**
 * IncidentMessageKind:
 * @INCIDENT_MESSAGE_KIND_POST: words for people, in the conversation of the case. Nick: `post`
 * @INCIDENT_MESSAGE_KIND_ROOM: makes the conversation of the case. Nick: `room`
 * @INCIDENT_MESSAGE_KIND_CARD: the summary of the case in its conversation, which is
 *   written once and then changes itself. Nick: `card`
 * @INCIDENT_MESSAGE_KIND_ANNOUNCEMENT: the same where all cases are announced. Nick: `announcement`
 * @INCIDENT_MESSAGE_KIND_TOPIC: what the conversation is about, in a line. Nick: `topic`
 * @INCIDENT_MESSAGE_KIND_INVITE: brings people into the conversation. Nick: `invite`
 * @INCIDENT_MESSAGE_KIND_BOOKMARK: a link that stays at hand there. Nick: `bookmark`
 * @INCIDENT_MESSAGE_KIND_FILE: a report. Nick: `file`
 * @INCIDENT_MESSAGE_KIND_ARCHIVE: ends the conversation. Nick: `archive`
 * @INCIDENT_MESSAGE_KIND_EVENT: an event of a case, for programs. Nick: `event`
 * @INCIDENT_MESSAGE_KIND_ANSWER: to one person, for their eyes only. Nick: `answer`
 * @INCIDENT_MESSAGE_KIND_PAGE: fetches one person. Nick: `page`
 *
 * What a message does. A channel that can only say something gets posts and pages.
 *
 * Since: 0.1
 */
typedef enum
{
  INCIDENT_MESSAGE_KIND_POST,
  INCIDENT_MESSAGE_KIND_ROOM,
  INCIDENT_MESSAGE_KIND_CARD,
  INCIDENT_MESSAGE_KIND_ANNOUNCEMENT,
  INCIDENT_MESSAGE_KIND_TOPIC,
  INCIDENT_MESSAGE_KIND_INVITE,
  INCIDENT_MESSAGE_KIND_BOOKMARK,
  INCIDENT_MESSAGE_KIND_FILE,
  INCIDENT_MESSAGE_KIND_ARCHIVE,
  INCIDENT_MESSAGE_KIND_EVENT,
  INCIDENT_MESSAGE_KIND_ANSWER,
  INCIDENT_MESSAGE_KIND_PAGE,
} IncidentMessageKind;

/**
 * IncidentMessageState:
 * @INCIDENT_MESSAGE_STATE_PENDING: it waits for its turn. Nick: `pending`
 * @INCIDENT_MESSAGE_STATE_SENDING: it is being sent. Nick: `sending`
 * @INCIDENT_MESSAGE_STATE_UNSURE: it may have arrived. Nick: `unsure`
 * @INCIDENT_MESSAGE_STATE_SENT: it was delivered. Nick: `sent`
 * @INCIDENT_MESSAGE_STATE_SUPERSEDED: a later one says all that it would have said. Nick: `superseded`
 * @INCIDENT_MESSAGE_STATE_WITHDRAWN: nobody wants it any more. Nick: `withdrawn`
 * @INCIDENT_MESSAGE_STATE_EXPIRED: its time was over before it could be sent. Nick: `expired`
 * @INCIDENT_MESSAGE_STATE_DEAD: it cannot be delivered; a person may send it again. Nick: `dead`
 *
 * How a message in the outbox stands.
 *
 * Since: 0.1
 */
typedef enum
{
  INCIDENT_MESSAGE_STATE_PENDING,
  INCIDENT_MESSAGE_STATE_SENDING,
  INCIDENT_MESSAGE_STATE_UNSURE,
  INCIDENT_MESSAGE_STATE_SENT,
  INCIDENT_MESSAGE_STATE_SUPERSEDED,
  INCIDENT_MESSAGE_STATE_WITHDRAWN,
  INCIDENT_MESSAGE_STATE_EXPIRED,
  INCIDENT_MESSAGE_STATE_DEAD,
} IncidentMessageState;

#define INCIDENT_TYPE_MESSAGE_KIND  (incident_message_kind_get_type ())
#define INCIDENT_TYPE_MESSAGE_STATE (incident_message_state_get_type ())

INCIDENT_AVAILABLE_IN_ALL
GType       incident_message_kind_get_type   (void) G_GNUC_CONST;

INCIDENT_AVAILABLE_IN_ALL
const char *incident_message_kind_to_string  (IncidentMessageKind   kind);

INCIDENT_AVAILABLE_IN_ALL
GType       incident_message_state_get_type  (void) G_GNUC_CONST;

INCIDENT_AVAILABLE_IN_ALL
const char *incident_message_state_to_string (IncidentMessageState  state);

G_END_DECLS
