/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "comms/incident-page-body-private.h"
#include "model/incident-state-private.h"
#include "store/incident-store-private.h"

G_BEGIN_DECLS

/* Pages that are messages already. How they become some: incident-desk-oncall-private.h. */

/* So long after its time a page is no use any more. */
#define INCIDENT_PAGE_AGE (30 * G_TIME_SPAN_MINUTE)
/* So many messages are looked at together. */
#define INCIDENT_PAGES_A_LOOK 500
/* The troubles of one that waits. */
#define INCIDENT_PAGE_HELD    "rate-limited"
#define INCIDENT_PAGE_BUNDLED "bundled"

/* The code of what incident_paging_find_unwanted () and incident_paging_find_later () say; NULL: it is none of those. */
const char *incident_paging_get_code      (const char                 *why); /* nullable */
/* Does it still ask for an acknowledgement of its person? Even where it would not be sent any more. */
gboolean    incident_paging_is_asked      (const IncidentOutboxRow    *row,
                                           const IncidentState        *state);
/* Does a run that goes on, or who has asked for them by name, wait for this person's own, whatever was said before? */
gboolean    incident_paging_awaits        (IncidentStore              *store,
                                           guint64                     number,
                                           const IncidentState        *state,
                                           const char                 *person);
/* The person was paged again since by the same run: says so; NULL: no. */
const char *incident_paging_find_later    (IncidentStore              *store,
                                           const IncidentOutboxRow    *row);
/* With this change no way to the person, or to the channel that is paged, is left, and none has worked: what became of each (element-type utf8). NULL: one
 * may, or has, or is not wanted any more. */
GPtrArray  *incident_paging_list_failures (IncidentStore              *store,
                                           const IncidentOutboxRow    *row,
                                           const IncidentOutboxChange *change);
/* Does its run stand where it was sent from? */
gboolean    incident_paging_is_current    (const IncidentPageBody     *body,
                                           const IncidentState        *state);

G_END_DECLS
