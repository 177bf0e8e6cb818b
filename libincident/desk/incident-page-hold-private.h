/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "desk/incident-sender-private.h"

G_BEGIN_DECLS

/* Who is paged more often than the playbook likes: a page waits until there is room for it, or goes with another one. */

/* Writes down what becomes of one that nobody has claimed. */
gboolean    incident_page_write          (IncidentDesk               *desk,
                                          IncidentOutboxChange       *change,
                                          GError                    **error);
/* These were committed: pages of a case that is graver than any that are held are held no longer. */
void        incident_page_release        (IncidentDesk               *desk,
                                          const GPtrArray            *records);
/* When it may be sent; INCIDENT_TIME_NONE: now. @kase (nullable) is its case. */
gint64      incident_page_hold_until     (IncidentSender          *sender,
                                          const IncidentOutboxRow *row,
                                          IncidentCase            *kase);
/* Those that wait for the same person on the same channel, and now go with @row: nobody else sends them for as long as a
 * claim lasts (element-type IncidentOutboxRow). NULL: none. */
GPtrArray  *incident_page_take_fellows   (IncidentSender          *sender,
                                          const IncidentOutboxRow *row);
/* What becomes of one of them, once @change says that of the one it went with. */
IncidentOutboxChange *
            incident_page_settle_fellow  (const IncidentOutboxRow    *fellow,
                                          const IncidentOutboxChange *change);

G_END_DECLS
