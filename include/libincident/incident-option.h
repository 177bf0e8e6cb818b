/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#if !defined (INCIDENT_INSIDE) && !defined (INCIDENT_COMPILATION)
# error "Only <libincident/incident.h> can be included directly."
#endif

#include <glib-object.h>
#include <libincident/incident-version-macros.h>

G_BEGIN_DECLS

#define INCIDENT_TYPE_OPTION (incident_option_get_type ())

typedef struct _IncidentOption IncidentOption;

INCIDENT_AVAILABLE_IN_ALL
GType               incident_option_get_type    (void) G_GNUC_CONST;

INCIDENT_AVAILABLE_IN_ALL
IncidentOption     *incident_option_ref         (IncidentOption *self);

INCIDENT_AVAILABLE_IN_ALL
void                incident_option_unref       (IncidentOption *self);

INCIDENT_AVAILABLE_IN_ALL
const char         *incident_option_get_verb    (IncidentOption *self);

INCIDENT_AVAILABLE_IN_ALL
const char         *incident_option_get_to      (IncidentOption *self);

INCIDENT_AVAILABLE_IN_ALL
gboolean            incident_option_get_allowed (IncidentOption *self);

INCIDENT_AVAILABLE_IN_ALL
const char * const *incident_option_get_codes   (IncidentOption *self);

INCIDENT_AVAILABLE_IN_ALL
const char * const *incident_option_get_why     (IncidentOption *self);

INCIDENT_AVAILABLE_IN_ALL
const char * const *incident_option_get_needs   (IncidentOption *self);

INCIDENT_AVAILABLE_IN_ALL
char               *incident_option_to_json     (IncidentOption *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (IncidentOption, incident_option_unref)

G_END_DECLS
