/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "desk/incident-sender-private.h"

G_BEGIN_DECLS

/* Writes down what became of a message that was claimed: the row, what the timeline is told, and
 * how the channel stands, in one commit. Who was too slow writes nothing. So it is with pages that
 * went with it (@fellows: element-type IncidentOutboxRow, nullable): those of which others have said
 * something meanwhile are settled one by one. */
void incident_settlement_write (IncidentSender          *sender,
                                IncidentWay             *way,
                                const IncidentOutboxRow *row,
                                IncidentOutboxChange    *change,
                                GPtrArray               *fellows);
/* Does the claim still hold? Others may have sent it since. */
gboolean incident_settlement_is_ours (IncidentSender    *sender,
                                guint64                  id,
                                guint64                  token);

G_END_DECLS
