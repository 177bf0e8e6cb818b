/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#if !defined (INCIDENT_INSIDE) && !defined (INCIDENT_COMPILATION)
# error "Only <libincident/incident.h> can be included directly."
#endif

#include <glib-object.h>
#include <libincident/incident-version-macros.h>

G_BEGIN_DECLS

#define INCIDENT_TYPE_SHIFT (incident_shift_get_type ())

typedef struct _IncidentShift IncidentShift;

INCIDENT_AVAILABLE_IN_ALL
GType               incident_shift_get_type       (void) G_GNUC_CONST;

INCIDENT_AVAILABLE_IN_ALL
IncidentShift      *incident_shift_ref            (IncidentShift *self);

INCIDENT_AVAILABLE_IN_ALL
void                incident_shift_unref          (IncidentShift *self);

INCIDENT_AVAILABLE_IN_ALL
gint64              incident_shift_get_from       (IncidentShift *self);

INCIDENT_AVAILABLE_IN_ALL
gint64              incident_shift_get_until      (IncidentShift *self);

INCIDENT_AVAILABLE_IN_ALL
const char * const *incident_shift_get_people     (IncidentShift *self);

INCIDENT_AVAILABLE_IN_ALL
const char         *incident_shift_get_layer      (IncidentShift *self);

INCIDENT_AVAILABLE_IN_ALL
guint64             incident_shift_get_override   (IncidentShift *self);

INCIDENT_AVAILABLE_IN_ALL
gboolean            incident_shift_get_covered    (IncidentShift *self);

INCIDENT_AVAILABLE_IN_ALL
gboolean            incident_shift_get_wanted_gap (IncidentShift *self);

INCIDENT_AVAILABLE_IN_ALL
char               *incident_shift_to_json        (IncidentShift *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (IncidentShift, incident_shift_unref)

G_END_DECLS
