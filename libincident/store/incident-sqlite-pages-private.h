/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "store/incident-sqlite-rows-private.h"
#include "store/incident-store-private.h"

G_BEGIN_DECLS

/* Rows of alerts that are new in a commit, written together. What is told of one of them later is a row of its
 * own, which hides the one on the page. */

/* Of a row that is complete: it is of the entry that the commit appends. */
gboolean  incident_sqlite_is_new_row     (const IncidentCommit       *commit,
                                          const IncidentAlertRow     *row);
/* Writes all new rows of the commit together, or none of them, where that is not worth it. */
gboolean  incident_sqlite_put_page       (IncidentSqlite             *sqlite,
                                          const IncidentCommit       *commit,
                                          gboolean                   *has_page,
                                          GError                    **error);
/* The number of rows of a page that are active, as it changes by rows of their own. Those of the same page follow
 * each other mostly, and are counted together. */
typedef struct
{
  guint64 entry;
  gint64  n_more;  /* than the store has written down; may be less than none */
} IncidentSqlitePageCount;

gboolean  incident_sqlite_count_row      (IncidentSqlite             *sqlite,
                                          IncidentSqlitePageCount    *count,
                                          const IncidentAlertRow     *row,
                                          GError                    **error);
/* After the last row. */
gboolean  incident_sqlite_write_count    (IncidentSqlite             *sqlite,
                                          IncidentSqlitePageCount    *count,
                                          GError                    **error);
/* As list_alert_rows() of stores: those that still stand on their page. */
GArray   *incident_sqlite_list_page_rows (IncidentSqlite             *sqlite,
                                          guint64                     since,
                                          guint64                     after,
                                          guint                       limit,
                                          GError                    **error);

G_END_DECLS
