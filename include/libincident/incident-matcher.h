/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#if !defined (INCIDENT_INSIDE) && !defined (INCIDENT_COMPILATION)
# error "Only <libincident/incident.h> can be included directly."
#endif

#include <glib-object.h>
#include <libincident/incident-version-macros.h>

G_BEGIN_DECLS

#define INCIDENT_TYPE_MATCHER (incident_matcher_get_type ())

typedef struct _IncidentMatcher IncidentMatcher;

INCIDENT_AVAILABLE_IN_ALL
GType            incident_matcher_get_type    (void) G_GNUC_CONST;

INCIDENT_AVAILABLE_IN_ALL
GPtrArray       *incident_matcher_parse       (const char       *text,
                                               char            **warning,
                                               GError          **error);

INCIDENT_AVAILABLE_IN_ALL
IncidentMatcher *incident_matcher_new         (const char       *name,
                                               const char       *op,
                                               const char       *value,
                                               GError          **error);

INCIDENT_AVAILABLE_IN_ALL
IncidentMatcher *incident_matcher_ref         (IncidentMatcher  *self);

INCIDENT_AVAILABLE_IN_ALL
void             incident_matcher_unref       (IncidentMatcher  *self);

INCIDENT_AVAILABLE_IN_ALL
const char      *incident_matcher_get_name    (IncidentMatcher  *self);

INCIDENT_AVAILABLE_IN_ALL
const char      *incident_matcher_get_operator (IncidentMatcher *self);

INCIDENT_AVAILABLE_IN_ALL
const char      *incident_matcher_get_value   (IncidentMatcher  *self);

INCIDENT_AVAILABLE_IN_ALL
gboolean         incident_matcher_matches     (IncidentMatcher  *self,
                                               const char       *value,
                                               GError          **error);

INCIDENT_AVAILABLE_IN_ALL
char            *incident_matcher_to_string   (IncidentMatcher  *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (IncidentMatcher, incident_matcher_unref)

G_END_DECLS
