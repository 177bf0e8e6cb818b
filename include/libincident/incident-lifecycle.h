/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#if !defined (INCIDENT_INSIDE) && !defined (INCIDENT_COMPILATION)
# error "Only <libincident/incident.h> can be included directly."
#endif

#include <glib-object.h>
#include <libincident/incident-version-macros.h>

G_BEGIN_DECLS

#define INCIDENT_TYPE_LIFECYCLE (incident_lifecycle_get_type ())

typedef struct _IncidentLifecycle IncidentLifecycle;

INCIDENT_AVAILABLE_IN_ALL
GType               incident_lifecycle_get_type      (void) G_GNUC_CONST;

INCIDENT_AVAILABLE_IN_ALL
IncidentLifecycle  *incident_lifecycle_get_default   (void);

INCIDENT_AVAILABLE_IN_ALL
IncidentLifecycle  *incident_lifecycle_new_from_json (const char         *json,
                                                      gssize              length,
                                                      const char         *source,
                                                      GError            **error);

INCIDENT_AVAILABLE_IN_ALL
IncidentLifecycle  *incident_lifecycle_ref           (IncidentLifecycle  *self);

INCIDENT_AVAILABLE_IN_ALL
void                incident_lifecycle_unref         (IncidentLifecycle  *self);

INCIDENT_AVAILABLE_IN_ALL
char              **incident_lifecycle_list_phases   (IncidentLifecycle  *self);

INCIDENT_AVAILABLE_IN_ALL
gboolean            incident_lifecycle_is_open       (IncidentLifecycle  *self,
                                                      const char         *phase);

INCIDENT_AVAILABLE_IN_ALL
gboolean            incident_lifecycle_is_live       (IncidentLifecycle  *self,
                                                      const char         *phase);

INCIDENT_AVAILABLE_IN_ALL
char              **incident_lifecycle_list_verbs    (IncidentLifecycle  *self);

INCIDENT_AVAILABLE_IN_ALL
char              **incident_lifecycle_list_from     (IncidentLifecycle  *self,
                                                      const char         *verb);

INCIDENT_AVAILABLE_IN_ALL
const char         *incident_lifecycle_get_to        (IncidentLifecycle  *self,
                                                      const char         *verb,
                                                      const char         *from);

INCIDENT_AVAILABLE_IN_ALL
char              **incident_lifecycle_list_guards   (IncidentLifecycle  *self,
                                                      const char         *verb,
                                                      const char         *from);

INCIDENT_AVAILABLE_IN_ALL
char               *incident_lifecycle_to_json       (IncidentLifecycle  *self);

INCIDENT_AVAILABLE_IN_ALL
char               *incident_lifecycle_to_dot        (IncidentLifecycle  *self);

INCIDENT_AVAILABLE_IN_ALL
char               *incident_lifecycle_to_mermaid    (IncidentLifecycle  *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (IncidentLifecycle, incident_lifecycle_unref)

G_END_DECLS
