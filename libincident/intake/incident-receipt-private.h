/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <libincident/incident-receipt.h>

G_BEGIN_DECLS

IncidentReceipt *incident_receipt_new             (const char      *alert,
                                                   const char      *summary,
                                                   const char      *outcome,
                                                   const char      *why);
/* @error is (transfer full). */
IncidentReceipt *incident_receipt_new_refused     (GError          *error);
/* Only before it is handed out: a new case has its number once it is committed. */
void             incident_receipt_set_case_number (IncidentReceipt *self,
                                                   guint64          number);
/* Likewise. */
void             incident_receipt_set_dedup_key   (IncidentReceipt *self,
                                                   const char      *dedup_key);

G_END_DECLS
