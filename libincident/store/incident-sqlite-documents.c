/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "store/incident-sqlite-documents-private.h"

#include "base/incident-bytes-private.h"
#include "store/incident-outbox-table-private.h"

/* What stands beside the log: the documents that cases are under, and who was refused. */

gboolean
incident_sqlite_keep_document (IncidentSqlite  *sqlite,
                               const char      *version,
                               const char      *document,
                               GError         **error)
{
  g_autoptr(IncidentStatement) statement =
    incident_sqlite_prepare (sqlite, "INSERT OR IGNORE INTO document (version, body) VALUES (?1, ?2)", error);

  if (statement == NULL)
    return FALSE;

  sqlite3_bind_text (statement, 1, version, -1, SQLITE_STATIC);
  sqlite3_bind_text (statement, 2, document, -1, SQLITE_STATIC);
  return incident_sqlite_end (sqlite, sqlite3_step (statement), error);
}

char *
incident_sqlite_find_document (IncidentSqlite  *sqlite,
                               const char      *version,
                               GError         **error)
{
  g_autoptr(IncidentStatement) statement =
    incident_sqlite_prepare (sqlite, "SELECT body FROM document WHERE version = ?1", error);
  int status;

  if (statement == NULL)
    return NULL;

  sqlite3_bind_text (statement, 1, version, -1, SQLITE_STATIC);
  status = sqlite3_step (statement);
  if (status == SQLITE_ROW)
    return g_strdup ((const char *) sqlite3_column_text (statement, 0));

  incident_sqlite_end (sqlite, status, error);
  return NULL;
}

gboolean
incident_sqlite_keep_refusal (IncidentSqlite   *sqlite,
                              IncidentRefusal  *refusal,
                              GError          **error)
{
  g_autoptr(IncidentStatement) statement =
    incident_sqlite_prepare (sqlite, "INSERT INTO refusal (refused_at, subject, actor, verified, verb, why)"
                                     " VALUES (?1, ?2, ?3, ?4, ?5, ?6)", error);

  if (statement == NULL)
    return FALSE;

  sqlite3_bind_int64 (statement, 1, refusal->time);
  sqlite3_bind_int64 (statement, 2, (gint64) refusal->case_number);
  sqlite3_bind_text (statement, 3, refusal->actor, -1, SQLITE_STATIC);
  sqlite3_bind_int (statement, 4, refusal->verified);
  sqlite3_bind_text (statement, 5, refusal->verb, -1, SQLITE_STATIC);
  sqlite3_bind_text (statement, 6, refusal->why, -1, SQLITE_STATIC);
  if (!incident_sqlite_end (sqlite, sqlite3_step (statement), error))
    return FALSE;

  refusal->number = (guint64) sqlite3_last_insert_rowid (sqlite->db);
  return TRUE;
}

GPtrArray *
incident_sqlite_list_refusals (IncidentSqlite  *sqlite,
                               guint64          after,
                               guint            limit,
                               GError         **error)
{
  g_autoptr(GPtrArray) listed = g_ptr_array_new_with_free_func ((GDestroyNotify) incident_refusal_unref);
  g_autoptr(IncidentStatement) statement =
    incident_sqlite_prepare (sqlite, "SELECT number, refused_at, subject, actor, verified, verb, why FROM refusal"
                                     " WHERE number > ?1 ORDER BY number LIMIT ?2", error);
  int status;

  if (statement == NULL)
    return NULL;

  sqlite3_bind_int64 (statement, 1, (gint64) MIN (after, G_MAXINT64));
  sqlite3_bind_int64 (statement, 2, limit);
  while ((status = sqlite3_step (statement)) == SQLITE_ROW)
    {
      IncidentRefusal *refusal = incident_refusal_new (sqlite3_column_int64 (statement, 1),
                                                       (guint64) sqlite3_column_int64 (statement, 2),
                                                       (const char *) sqlite3_column_text (statement, 3),
                                                       (guint8) sqlite3_column_int (statement, 4),
                                                       (const char *) sqlite3_column_text (statement, 5),
                                                       (const char *) sqlite3_column_text (statement, 6));

      refusal->number = (guint64) sqlite3_column_int64 (statement, 0);
      g_ptr_array_add (listed, refusal);
    }

  return incident_sqlite_end (sqlite, status, error) ? g_steal_pointer (&listed) : NULL;
}

/* Of all cases that the row of the event tells of. */
static gboolean
remove_from_messages (IncidentSqlite  *sqlite,
                      gint64           row,
                      GError         **error)
{
  g_autoptr(IncidentStatement) statement =
    incident_sqlite_prepare (sqlite, "SELECT subject, seq, also FROM event WHERE log_index = ?1", error);
  const guint8 *also;
  int status, n_also;

  if (statement == NULL)
    return FALSE;

  sqlite3_bind_int64 (statement, 1, row);
  status = sqlite3_step (statement);
  if (status != SQLITE_ROW)
    return incident_sqlite_end (sqlite, status, error);
  if (!incident_outbox_remove_words (sqlite, (guint64) sqlite3_column_int64 (statement, 0),
                                     (guint32) sqlite3_column_int64 (statement, 1), error))
    return FALSE;

  also = sqlite3_column_blob (statement, 2);
  n_also = sqlite3_column_bytes (statement, 2) / INCIDENT_SQLITE_PLACE_LENGTH;
  for (int i = 0; i < n_also; i++, also += INCIDENT_SQLITE_PLACE_LENGTH)
    if (!incident_outbox_remove_words (sqlite, incident_bytes_get (also, 8), (guint32) incident_bytes_get (also + 8, 4), error))
      return FALSE;

  return TRUE;
}

/* The row that holds the event may tell of other cases too: the words stand once. */
gboolean
incident_sqlite_remove_words (IncidentSqlite  *sqlite,
                              guint64          subject,
                              guint            seq,
                              GError         **error)
{
  IncidentSqliteHead *head = incident_sqlite_heads_get (&sqlite->heads, subject);
  g_autoptr(GPtrArray) records =
    incident_sqlite_load_chain (sqlite, subject, seq - 1, head->last, head->version, error);
  gint64 row;

  if (records == NULL
      || !incident_sqlite_query (sqlite, "SELECT max (log_index) FROM event WHERE log_index <= ?1", &row, error,
                                 (gint64) ((IncidentRecord *) g_ptr_array_index (records, 0))->log_index, NULL))
    return FALSE;

  return incident_sqlite_query (sqlite, "DELETE FROM payload WHERE log_index = ?1", NULL, error, row, NULL)
         && remove_from_messages (sqlite, row, error)
         && (seq > 1
             || incident_sqlite_query (sqlite, "UPDATE case_row SET title = '(withheld)' WHERE number = ?1",
                                       NULL, error, (gint64) subject, NULL));
}
