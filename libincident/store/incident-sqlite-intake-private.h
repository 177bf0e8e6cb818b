/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "store/incident-sqlite-rows-private.h"
#include "store/incident-store-private.h"

G_BEGIN_DECLS

/* The tables of what was taken in, and of the groups of alerts. */

/* In the transaction of the commit: do its expectations hold? Changes nothing. */
gboolean   incident_sqlite_check_intake    (IncidentSqlite        *sqlite,
                                            const IncidentCommit  *commit,
                                            GError               **error);
/* After its drafts. */
gboolean   incident_sqlite_write_intake    (IncidentSqlite        *sqlite,
                                            IncidentCommit        *commit,
                                            GError               **error);
/* Whether the file says what the change of a commit without drafts said. */
gboolean   incident_sqlite_holds_intake    (IncidentSqlite        *sqlite,
                                            const IncidentCommit  *commit,
                                            gboolean              *holds,
                                            GError               **error);
gboolean   incident_sqlite_get_intake_head (IncidentSqlite        *sqlite,
                                            guint64               *head,
                                            GError               **error);
GPtrArray *incident_sqlite_list_intake     (IncidentSqlite        *sqlite,
                                            const char            *kind,
                                            guint64                after,
                                            guint                  limit,
                                            GError               **error);
/* NULL without an error: there is none. */
gboolean   incident_sqlite_find_intake     (IncidentSqlite        *sqlite,
                                            guint64                id,
                                            IncidentIntakeEntry  **entry,
                                            GError               **error);
gboolean   incident_sqlite_find_intake_before (IncidentSqlite     *sqlite,
                                            gint64                 at,
                                            guint64               *id,
                                            GError               **error);
GArray    *incident_sqlite_list_alert_rows (IncidentSqlite        *sqlite,
                                            guint64                since,
                                            guint64                after,
                                            guint                  limit,
                                            GError               **error);

G_END_DECLS
