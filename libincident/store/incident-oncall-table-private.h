/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "store/incident-sqlite-rows-private.h"
#include "store/incident-store-private.h"

G_BEGIN_DECLS

/* Who is on call, who does the work and who was paged, in tables of SQLite: of the file of a store, or of a
 * memory store's own. */

/* In the transaction of a commit: does its roster follow, and is its claim held? Changes nothing. */
gboolean   incident_oncall_check            (IncidentSqlite        *sqlite,
                                             const IncidentCommit  *commit,
                                             GError               **error);
gboolean   incident_oncall_write            (IncidentSqlite        *sqlite,
                                             const IncidentCommit  *commit,
                                             GError               **error);
/* Whether that is there which a commit with nothing but a roster said. */
gboolean   incident_oncall_holds            (IncidentSqlite        *sqlite,
                                             const IncidentCommit  *commit,
                                             gboolean              *holds,
                                             GError               **error);
gboolean   incident_roster_get_head         (IncidentSqlite        *sqlite,
                                             guint64               *head,
                                             GError               **error);
GPtrArray *incident_roster_list             (IncidentSqlite        *sqlite,
                                             guint64                after,
                                             guint                  limit,
                                             GError               **error);
/* Makes a transaction of its own where there is something to claim. */
gboolean   incident_claim_take              (IncidentSqlite        *sqlite,
                                             IncidentClaim         *claim,
                                             gint64                 now,
                                             GError               **error);
GArray    *incident_outbox_list_paged       (IncidentSqlite        *sqlite,
                                             const char            *channel,
                                             const char            *recipient,
                                             gint64                 since,
                                             GError               **error);

G_END_DECLS
