/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <libincident/incident-message-kind.h>

#include "base/incident-enum-private.h"

G_DEFINE_ENUM_TYPE (IncidentMessageKind, incident_message_kind,
  G_DEFINE_ENUM_VALUE (INCIDENT_MESSAGE_KIND_POST, "post"),
  G_DEFINE_ENUM_VALUE (INCIDENT_MESSAGE_KIND_ROOM, "room"),
  G_DEFINE_ENUM_VALUE (INCIDENT_MESSAGE_KIND_CARD, "card"),
  G_DEFINE_ENUM_VALUE (INCIDENT_MESSAGE_KIND_ANNOUNCEMENT, "announcement"),
  G_DEFINE_ENUM_VALUE (INCIDENT_MESSAGE_KIND_TOPIC, "topic"),
  G_DEFINE_ENUM_VALUE (INCIDENT_MESSAGE_KIND_INVITE, "invite"),
  G_DEFINE_ENUM_VALUE (INCIDENT_MESSAGE_KIND_BOOKMARK, "bookmark"),
  G_DEFINE_ENUM_VALUE (INCIDENT_MESSAGE_KIND_FILE, "file"),
  G_DEFINE_ENUM_VALUE (INCIDENT_MESSAGE_KIND_ARCHIVE, "archive"),
  G_DEFINE_ENUM_VALUE (INCIDENT_MESSAGE_KIND_EVENT, "event"),
  G_DEFINE_ENUM_VALUE (INCIDENT_MESSAGE_KIND_ANSWER, "answer"),
  G_DEFINE_ENUM_VALUE (INCIDENT_MESSAGE_KIND_PAGE, "page"))

G_DEFINE_ENUM_TYPE (IncidentMessageState, incident_message_state,
  G_DEFINE_ENUM_VALUE (INCIDENT_MESSAGE_STATE_PENDING, "pending"),
  G_DEFINE_ENUM_VALUE (INCIDENT_MESSAGE_STATE_SENDING, "sending"),
  G_DEFINE_ENUM_VALUE (INCIDENT_MESSAGE_STATE_UNSURE, "unsure"),
  G_DEFINE_ENUM_VALUE (INCIDENT_MESSAGE_STATE_SENT, "sent"),
  G_DEFINE_ENUM_VALUE (INCIDENT_MESSAGE_STATE_SUPERSEDED, "superseded"),
  G_DEFINE_ENUM_VALUE (INCIDENT_MESSAGE_STATE_WITHDRAWN, "withdrawn"),
  G_DEFINE_ENUM_VALUE (INCIDENT_MESSAGE_STATE_EXPIRED, "expired"),
  G_DEFINE_ENUM_VALUE (INCIDENT_MESSAGE_STATE_DEAD, "dead"))

/**
 * incident_message_kind_to_string:
 * @kind: a kind of message
 *
 * Names a kind as it is written in JSON, such as `post`.
 *
 * Returns: (transfer none) (nullable): the name, or %NULL if @kind is no member of
 *   the enumeration
 *
 * Since: 0.1
 */
const char *
incident_message_kind_to_string (IncidentMessageKind kind)
{
  return incident_enum_get_nick (INCIDENT_TYPE_MESSAGE_KIND, (int) kind);
}

/**
 * incident_message_state_to_string:
 * @state: a state of a message
 *
 * Names a state as it is written in JSON, such as `pending`.
 *
 * Returns: (transfer none) (nullable): the name, or %NULL if @state is no member of
 *   the enumeration
 *
 * Since: 0.1
 */
const char *
incident_message_state_to_string (IncidentMessageState state)
{
  return incident_enum_get_nick (INCIDENT_TYPE_MESSAGE_STATE, (int) state);
}
