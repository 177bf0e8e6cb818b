/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#if !defined (INCIDENT_INSIDE) && !defined (INCIDENT_COMPILATION)
# error "Only <libincident/incident.h> can be included directly."
#endif

#include <glib-object.h>
#include <libincident/incident-version-macros.h>

G_BEGIN_DECLS

#define INCIDENT_TYPE_RECEIPT (incident_receipt_get_type ())

typedef struct _IncidentReceipt IncidentReceipt;

INCIDENT_AVAILABLE_IN_ALL
GType            incident_receipt_get_type        (void) G_GNUC_CONST;

INCIDENT_AVAILABLE_IN_ALL
IncidentReceipt *incident_receipt_ref             (IncidentReceipt *self);

INCIDENT_AVAILABLE_IN_ALL
void             incident_receipt_unref           (IncidentReceipt *self);

INCIDENT_AVAILABLE_IN_ALL
const char      *incident_receipt_get_alert       (IncidentReceipt *self);

INCIDENT_AVAILABLE_IN_ALL
const char      *incident_receipt_get_dedup_key   (IncidentReceipt *self);

INCIDENT_AVAILABLE_IN_ALL
const char      *incident_receipt_get_summary     (IncidentReceipt *self);

INCIDENT_AVAILABLE_IN_ALL
guint64          incident_receipt_get_case_number (IncidentReceipt *self);

INCIDENT_AVAILABLE_IN_ALL
const char      *incident_receipt_get_outcome     (IncidentReceipt *self);

INCIDENT_AVAILABLE_IN_ALL
const char      *incident_receipt_get_why         (IncidentReceipt *self);

INCIDENT_AVAILABLE_IN_ALL
const GError    *incident_receipt_get_error       (IncidentReceipt *self);

INCIDENT_AVAILABLE_IN_ALL
char            *incident_receipt_to_json         (IncidentReceipt *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (IncidentReceipt, incident_receipt_unref)

G_END_DECLS
