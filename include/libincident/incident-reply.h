/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#if !defined (INCIDENT_INSIDE) && !defined (INCIDENT_COMPILATION)
# error "Only <libincident/incident.h> can be included directly."
#endif

#include <glib-object.h>
#include <libincident/incident-version-macros.h>

G_BEGIN_DECLS

#define INCIDENT_TYPE_REPLY (incident_reply_get_type ())

typedef struct _IncidentReply IncidentReply;

INCIDENT_AVAILABLE_IN_ALL
GType          incident_reply_get_type         (void) G_GNUC_CONST;

INCIDENT_AVAILABLE_IN_ALL
IncidentReply *incident_reply_ref              (IncidentReply *self);

INCIDENT_AVAILABLE_IN_ALL
void           incident_reply_unref            (IncidentReply *self);

INCIDENT_AVAILABLE_IN_ALL
guint          incident_reply_get_status       (IncidentReply *self);

INCIDENT_AVAILABLE_IN_ALL
const char    *incident_reply_get_content_type (IncidentReply *self);

INCIDENT_AVAILABLE_IN_ALL
GBytes        *incident_reply_get_body         (IncidentReply *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (IncidentReply, incident_reply_unref)

G_END_DECLS
