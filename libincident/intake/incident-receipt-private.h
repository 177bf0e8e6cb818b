/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <libincident/incident-receipt.h>

#include "intake/incident-alert-private.h"

G_BEGIN_DECLS

/* @number: of the case, 0 for none. @outcome and @why are static. */
IncidentReceipt *incident_receipt_new             (IncidentAlert   *alert,
                                                   guint64          number,
                                                   const char      *outcome,
                                                   const char      *why);
/* In place of the one it was made with; before it is handed out. Takes the text. */
void             incident_receipt_take_why        (IncidentReceipt *self,
                                                   char            *why);
/* Before it is handed out. */
void             incident_receipt_set_dedup_key   (IncidentReceipt *self,
                                                   const char      *dedup_key);
/* @error is (transfer full). */
IncidentReceipt *incident_receipt_new_refused     (GError          *error);
IncidentReceipt *incident_receipt_new_note        (const char      *note);

G_END_DECLS
