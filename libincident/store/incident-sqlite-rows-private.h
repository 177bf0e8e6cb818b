/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "model/incident-fold-private.h"
#include "store/incident-query-private.h"
#include "store/incident-sqlite-private.h"

G_BEGIN_DECLS

/* Records to rows and back, the projection, and the copy. */

/* Compiled once a connection, and lent: it is ready again when it is let go. */
typedef sqlite3_stmt IncidentStatement;

static inline void
incident_statement_release (IncidentStatement *statement)
{
  sqlite3_reset (statement);
  sqlite3_clear_bindings (statement);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (IncidentStatement, incident_statement_release)

/* Of one further case in the column “also”. */
#define INCIDENT_SQLITE_PLACE_LENGTH 52

/* @sql is a literal. */
IncidentStatement *incident_sqlite_prepare    (IncidentSqlite  *sqlite,
                                               const char      *sql,
                                               GError         **error);
/* TRUE if @status says that a step went well. */
gboolean   incident_sqlite_end                (IncidentSqlite  *sqlite,
                                               int              status,
                                               GError         **error);
/* NULL: it is none, or holds a zero byte. */
const char *incident_sqlite_read_text         (IncidentStatement *statement,
                                               int                column);
/* One value of one row; 0 for no row and for NULL. @number is bound as ?1, @text
 * as ?2; @value may be NULL for a statement that answers nothing. */
gboolean   incident_sqlite_query              (IncidentSqlite  *sqlite,
                                               const char      *sql,
                                               gint64          *value,
                                               GError         **error,
                                               gint64           number,
                                               const char      *text);
/* With all the cases it tells of. */
gboolean   incident_sqlite_insert_record      (IncidentSqlite  *sqlite,
                                               IncidentRecord  *record,
                                               GError         **error);
gboolean   incident_sqlite_find_operation     (IncidentSqlite  *sqlite,
                                               const guint8     operation[INCIDENT_OPERATION_LENGTH],
                                               guint64         *subject,
                                               GError         **error);
/* The number of events in the log. */
gboolean   incident_sqlite_get_size           (IncidentSqlite  *sqlite,
                                               guint64         *size,
                                               GError         **error);
/* Looks at what others have written since. */
gboolean   incident_sqlite_follow             (IncidentSqlite  *sqlite,
                                               GError         **error);
/* What follow() has made known of a case, with its version; NULL and no error: there
 * is no such case. */
gboolean   incident_sqlite_find_head          (IncidentSqlite      *sqlite,
                                               guint64              number,
                                               IncidentSqliteHead **head,
                                               GError             **error);
/* The same, and its state is folded. */
gboolean   incident_sqlite_find_state         (IncidentSqlite      *sqlite,
                                               guint64              number,
                                               IncidentSqliteHead **head,
                                               GError             **error);
/* Follows first. */
GPtrArray *incident_sqlite_load_case          (IncidentSqlite  *sqlite,
                                               guint64          subject,
                                               guint            seq,
                                               GError         **error);
GPtrArray *incident_sqlite_load_log           (IncidentSqlite  *sqlite,
                                               guint64          log_index,
                                               guint            limit,
                                               GError         **error);
/* From the row on that holds @log_index, each checked, until @visit says FALSE. Words
 * that are not asked for look withheld. */
typedef gboolean (*IncidentSqliteRowFunc) (IncidentRecord *row,
                                           gpointer        data);
gboolean   incident_sqlite_visit_log          (IncidentSqlite        *sqlite,
                                               guint64                log_index,
                                               gboolean               with_payload,
                                               IncidentSqliteRowFunc  visit,
                                               gpointer               data,
                                               GError               **error);
/* The events after @seq, of which the last stands at @log_index. */
GPtrArray *incident_sqlite_load_chain         (IncidentSqlite  *sqlite,
                                               guint64          subject,
                                               guint            seq,
                                               guint64          log_index,
                                               guint32          version,
                                               GError         **error);
/* Brings case_row up to the last event. */
gboolean   incident_sqlite_project            (IncidentSqlite  *sqlite,
                                               GError         **error);
/* The same for some of the cases that are behind. */
gboolean   incident_sqlite_project_some       (IncidentSqlite  *sqlite,
                                               guint            max_cases,
                                               GError         **error);
/* Seals the next segment, if there are events enough for one. */
gboolean   incident_sqlite_seal_some          (IncidentSqlite  *sqlite,
                                               gboolean        *more,
                                               GError         **error);
/* Folds all cases in one go. */
gboolean   incident_sqlite_fold_all           (IncidentSqlite  *sqlite,
                                               GError         **error);
/* In the transaction that opens a case. */
gboolean   incident_sqlite_insert_case_row    (IncidentSqlite  *sqlite,
                                               IncidentRecord  *opened,
                                               GError         **error);
GArray    *incident_sqlite_find_in_projection (IncidentSqlite  *sqlite,
                                               IncidentQuery   *query,
                                               GError         **error);
/* The same answer without case_row, slower. */
GArray    *incident_sqlite_find_in_log        (IncidentSqlite  *sqlite,
                                               IncidentQuery   *query,
                                               GError         **error);
gboolean   incident_sqlite_backup             (IncidentSqlite  *sqlite,
                                               const char      *path,
                                               GCancellable    *cancellable,
                                               GError         **error);

G_END_DECLS
