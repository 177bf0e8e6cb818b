/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#if !defined (INCIDENT_INSIDE) && !defined (INCIDENT_COMPILATION)
# error "Only <libincident/incident.h> can be included directly."
#endif

#include <libincident/incident-message-kind.h>

G_BEGIN_DECLS

#define INCIDENT_TYPE_MESSAGE (incident_message_get_type ())

typedef struct _IncidentMessage IncidentMessage;

INCIDENT_AVAILABLE_IN_ALL
GType                incident_message_get_type        (void) G_GNUC_CONST;

INCIDENT_AVAILABLE_IN_ALL
IncidentMessage     *incident_message_ref             (IncidentMessage      *self);

INCIDENT_AVAILABLE_IN_ALL
void                 incident_message_unref           (IncidentMessage      *self);

INCIDENT_AVAILABLE_IN_ALL
guint64              incident_message_get_number      (IncidentMessage      *self);

INCIDENT_AVAILABLE_IN_ALL
const char          *incident_message_get_key         (IncidentMessage      *self);

INCIDENT_AVAILABLE_IN_ALL
IncidentMessageKind  incident_message_get_kind        (IncidentMessage      *self);

INCIDENT_AVAILABLE_IN_ALL
const char          *incident_message_get_channel     (IncidentMessage      *self);

INCIDENT_AVAILABLE_IN_ALL
guint64              incident_message_get_case_number (IncidentMessage      *self);

INCIDENT_AVAILABLE_IN_ALL
const char          *incident_message_get_title       (IncidentMessage      *self);

INCIDENT_AVAILABLE_IN_ALL
const char          *incident_message_get_text        (IncidentMessage      *self);

INCIDENT_AVAILABLE_IN_ALL
const char * const  *incident_message_get_recipients  (IncidentMessage      *self);

INCIDENT_AVAILABLE_IN_ALL
const char          *incident_message_get_conversation (IncidentMessage     *self);

INCIDENT_AVAILABLE_IN_ALL
const char          *incident_message_get_thread      (IncidentMessage      *self);

INCIDENT_AVAILABLE_IN_ALL
const char          *incident_message_get_replaces    (IncidentMessage      *self);

INCIDENT_AVAILABLE_IN_ALL
IncidentMessageState incident_message_get_state       (IncidentMessage      *self);

INCIDENT_AVAILABLE_IN_ALL
guint                incident_message_get_attempts    (IncidentMessage      *self);

INCIDENT_AVAILABLE_IN_ALL
gint64               incident_message_get_due_at      (IncidentMessage      *self);

INCIDENT_AVAILABLE_IN_ALL
const char          *incident_message_get_external_id (IncidentMessage      *self);

INCIDENT_AVAILABLE_IN_ALL
const char          *incident_message_get_permalink   (IncidentMessage      *self);

INCIDENT_AVAILABLE_IN_ALL
const char          *incident_message_get_trouble     (IncidentMessage      *self);

INCIDENT_AVAILABLE_IN_ALL
char                *incident_message_to_json         (IncidentMessage      *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (IncidentMessage, incident_message_unref)

G_END_DECLS
