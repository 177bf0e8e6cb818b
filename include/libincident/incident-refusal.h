/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#if !defined (INCIDENT_INSIDE) && !defined (INCIDENT_COMPILATION)
# error "Only <libincident/incident.h> can be included directly."
#endif

#include <libincident/incident-actor.h>

G_BEGIN_DECLS

#define INCIDENT_TYPE_REFUSAL (incident_refusal_get_type ())

typedef struct _IncidentRefusal IncidentRefusal;

INCIDENT_AVAILABLE_IN_ALL
GType                 incident_refusal_get_type         (void) G_GNUC_CONST;

INCIDENT_AVAILABLE_IN_ALL
IncidentRefusal      *incident_refusal_ref              (IncidentRefusal *self);

INCIDENT_AVAILABLE_IN_ALL
void                  incident_refusal_unref            (IncidentRefusal *self);

INCIDENT_AVAILABLE_IN_ALL
guint64               incident_refusal_get_number       (IncidentRefusal *self);

INCIDENT_AVAILABLE_IN_ALL
gint64                incident_refusal_get_time         (IncidentRefusal *self);

INCIDENT_AVAILABLE_IN_ALL
guint64               incident_refusal_get_case_number  (IncidentRefusal *self);

INCIDENT_AVAILABLE_IN_ALL
const char           *incident_refusal_get_actor        (IncidentRefusal *self);

INCIDENT_AVAILABLE_IN_ALL
IncidentVerification  incident_refusal_get_verification (IncidentRefusal *self);

INCIDENT_AVAILABLE_IN_ALL
const char           *incident_refusal_get_verb         (IncidentRefusal *self);

INCIDENT_AVAILABLE_IN_ALL
const char           *incident_refusal_get_why          (IncidentRefusal *self);

INCIDENT_AVAILABLE_IN_ALL
char                 *incident_refusal_to_json          (IncidentRefusal *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (IncidentRefusal, incident_refusal_unref)

G_END_DECLS
