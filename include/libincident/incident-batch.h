/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#if !defined (INCIDENT_INSIDE) && !defined (INCIDENT_COMPILATION)
# error "Only <libincident/incident.h> can be included directly."
#endif

#include <libincident/incident-desk.h>

G_BEGIN_DECLS

#define INCIDENT_TYPE_BATCH (incident_batch_get_type ())

typedef struct _IncidentBatch IncidentBatch;

INCIDENT_AVAILABLE_IN_ALL
GType          incident_batch_get_type       (void) G_GNUC_CONST;

INCIDENT_AVAILABLE_IN_ALL
IncidentBatch *incident_batch_new            (IncidentDesk     *desk);

INCIDENT_AVAILABLE_IN_ALL
IncidentBatch *incident_batch_ref            (IncidentBatch    *self);

INCIDENT_AVAILABLE_IN_ALL
void           incident_batch_unref          (IncidentBatch    *self);

INCIDENT_AVAILABLE_IN_ALL
gboolean       incident_batch_act            (IncidentBatch    *self,
                                              guint64           number,
                                              IncidentCommand  *command,
                                              GError          **error);

INCIDENT_AVAILABLE_IN_ALL
gboolean       incident_batch_commit         (IncidentBatch    *self,
                                              GError          **error);

INCIDENT_AVAILABLE_IN_ALL
guint          incident_batch_get_n_commands (IncidentBatch    *self);

INCIDENT_AVAILABLE_IN_ALL
GBytes        *incident_batch_dup_numbers    (IncidentBatch    *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (IncidentBatch, incident_batch_unref)

G_END_DECLS
