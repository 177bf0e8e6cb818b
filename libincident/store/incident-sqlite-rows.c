/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "store/incident-sqlite-rows-private.h"

#include <string.h>

IncidentStatement *
incident_sqlite_prepare (IncidentSqlite  *sqlite,
                         const char      *sql,
                         GError         **error)
{
  IncidentStatement *statement = g_hash_table_lookup (sqlite->statements, sql);
  int status;

  if (statement != NULL)
    return statement;

  status = sqlite3_prepare_v3 (sqlite->db, sql, -1, SQLITE_PREPARE_PERSISTENT, &statement, NULL);
  if (status == SQLITE_OK)
    g_hash_table_insert (sqlite->statements, (gpointer) sql, statement);
  else
    incident_sqlite_set_error (error, sqlite->db, status, "The store cannot be used");
  return statement;
}

gboolean
incident_sqlite_end (IncidentSqlite  *sqlite,
                     int              status,
                     GError         **error)
{
  if (status == SQLITE_DONE || status == SQLITE_ROW)
    return TRUE;

  incident_sqlite_set_error (error, sqlite->db, status, "The store cannot be used");
  return FALSE;
}

gboolean
incident_sqlite_query (IncidentSqlite  *sqlite,
                       const char      *sql,
                       gint64          *value,
                       GError         **error,
                       gint64           number,
                       const char      *text)
{
  g_autoptr(IncidentStatement) statement = incident_sqlite_prepare (sqlite, sql, error);
  int status;

  if (statement == NULL)
    return FALSE;
  if (sqlite3_bind_parameter_count (statement) >= 1)
    sqlite3_bind_int64 (statement, 1, number);
  if (sqlite3_bind_parameter_count (statement) >= 2)
    sqlite3_bind_text (statement, 2, text, -1, SQLITE_STATIC);

  status = sqlite3_step (statement);
  if (value != NULL)
    *value = status == SQLITE_ROW ? sqlite3_column_int64 (statement, 0) : 0;
  return incident_sqlite_end (sqlite, status, error);
}

static gboolean
insert_payload (IncidentSqlite  *sqlite,
                IncidentRecord  *record,
                GError         **error)
{
  g_autoptr(IncidentStatement) statement = incident_sqlite_prepare (sqlite, "INSERT INTO payload (log_index, key, body) VALUES (?1, ?2, ?3)", error);

  if (statement == NULL)
    return FALSE;
  sqlite3_bind_int64 (statement, 1, (gint64) record->log_index);
  sqlite3_bind_blob (statement, 2, record->key, INCIDENT_KEY_LENGTH, SQLITE_STATIC);
  sqlite3_bind_text (statement, 3, record->payload, -1, SQLITE_STATIC);
  return incident_sqlite_end (sqlite, sqlite3_step (statement), error);
}

gboolean
incident_sqlite_insert_record (IncidentSqlite  *sqlite,
                               IncidentRecord  *record,
                               GError         **error)
{
  g_autoptr(IncidentStatement) statement =
    incident_sqlite_prepare (sqlite, "INSERT INTO event (log_index, subject, seq, step, kind, occurred_at, recorded_at, actor,"
                 " verified, operation, facts, commitment, leaf)"
                 " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13)", error);

  if (statement == NULL)
    return FALSE;
  sqlite3_bind_int64 (statement, 1, (gint64) record->log_index);
  sqlite3_bind_int64 (statement, 2, (gint64) record->subject);
  sqlite3_bind_int64 (statement, 3, record->seq);
  sqlite3_bind_int64 (statement, 4, record->step);
  sqlite3_bind_text (statement, 5, record->kind, -1, SQLITE_STATIC);
  sqlite3_bind_int64 (statement, 6, record->occurred_at);
  sqlite3_bind_int64 (statement, 7, record->recorded_at);
  sqlite3_bind_text (statement, 8, record->actor, -1, SQLITE_STATIC);
  sqlite3_bind_int (statement, 9, record->verified);
  sqlite3_bind_blob (statement, 10, record->operation, INCIDENT_OPERATION_LENGTH, SQLITE_STATIC);
  sqlite3_bind_text (statement, 11, record->facts, -1, SQLITE_STATIC);
  sqlite3_bind_blob (statement, 12, record->commitment, INCIDENT_HASH_LENGTH, SQLITE_STATIC);
  sqlite3_bind_blob (statement, 13, record->leaf, INCIDENT_HASH_LENGTH, SQLITE_STATIC);
  return incident_sqlite_end (sqlite, sqlite3_step (statement), error) && insert_payload (sqlite, record, error);
}

gboolean
incident_sqlite_find_operation (IncidentSqlite  *sqlite,
                                const guint8     operation[INCIDENT_OPERATION_LENGTH],
                                guint64         *subject,
                                GError         **error)
{
  g_autoptr(IncidentStatement) statement = incident_sqlite_prepare (sqlite, "SELECT subject FROM event WHERE operation = ?1", error);
  int status;

  if (statement == NULL)
    return FALSE;
  sqlite3_bind_blob (statement, 1, operation, INCIDENT_OPERATION_LENGTH, SQLITE_STATIC);
  status = sqlite3_step (statement);
  *subject = status == SQLITE_ROW ? (guint64) sqlite3_column_int64 (statement, 0) : 0;
  return incident_sqlite_end (sqlite, status, error);
}

/* Reading: whatever the file says is doubted. */

static gboolean
read_blob (IncidentStatement *statement,
           int                column,
           guint8            *out,
           int                length)
{
  if (sqlite3_column_type (statement, column) != SQLITE_BLOB || sqlite3_column_bytes (statement, column) != length)
    return FALSE;

  memcpy (out, sqlite3_column_blob (statement, column), (gsize) length);
  return TRUE;
}

static const char *
read_text (IncidentStatement *statement,
           int                column)
{
  const char *text = (const char *) sqlite3_column_text (statement, column);

  return text != NULL && strlen (text) == (gsize) sqlite3_column_bytes (statement, column) ? text : NULL;
}

#define RECORD_COLUMNS \
  "e.log_index, e.subject, e.seq, e.step, e.kind, e.occurred_at, e.recorded_at, e.actor, e.verified," \
  " e.operation, e.facts, e.commitment, e.leaf, p.key, p.body"

static IncidentRecord *
read_record (IncidentStatement *statement)
{
  g_autoptr(IncidentRecord) record = incident_record_new ();
  const char *kind = read_text (statement, 4);
  const char *actor = read_text (statement, 7);
  const char *facts = read_text (statement, 10);
  const char *body = read_text (statement, 14);

  if (kind == NULL || actor == NULL || facts == NULL
      || !read_blob (statement, 9, record->operation, INCIDENT_OPERATION_LENGTH)
      || !read_blob (statement, 11, record->commitment, INCIDENT_HASH_LENGTH)
      || !read_blob (statement, 12, record->leaf, INCIDENT_HASH_LENGTH))
    return NULL;

  record->log_index = (guint64) sqlite3_column_int64 (statement, 0);
  record->subject = (guint64) sqlite3_column_int64 (statement, 1);
  record->seq = (guint32) sqlite3_column_int64 (statement, 2);
  record->step = (guint32) sqlite3_column_int64 (statement, 3);
  record->kind = g_intern_string (kind);
  record->occurred_at = sqlite3_column_int64 (statement, 5);
  record->recorded_at = sqlite3_column_int64 (statement, 6);
  record->actor = g_ref_string_new_intern (actor);
  record->verified = (guint8) sqlite3_column_int (statement, 8);
  record->facts = g_ref_string_new_intern (facts);
  if (record->seq != sqlite3_column_int64 (statement, 2) || record->step != sqlite3_column_int64 (statement, 3)
      || record->verified != sqlite3_column_int64 (statement, 8))
    return NULL;

  /* Withheld is what is gone as a whole. */
  if (sqlite3_column_type (statement, 13) != SQLITE_NULL)
    {
      if (body == NULL || !read_blob (statement, 13, record->key, INCIDENT_KEY_LENGTH))
        return NULL;
      record->payload = g_strdup (body);
    }

  return g_steal_pointer (&record);
}

static gboolean
fail_corrupt (IncidentStatement  *statement,
              GError            **error)
{
  g_set_error (error, INCIDENT_ERROR, INCIDENT_ERROR_CORRUPT,
               "Event %" G_GINT64_FORMAT " of the log (case %" G_GINT64_FORMAT ", event %" G_GINT64_FORMAT
               " of its timeline) is not as it was recorded: keep the file, and restore a backup",
               (gint64) sqlite3_column_int64 (statement, 0), (gint64) sqlite3_column_int64 (statement, 1),
               (gint64) sqlite3_column_int64 (statement, 2));
  return FALSE;
}

/* Which place an event must have: SQLite's checks do not notice a changed byte. */
typedef struct
{
  gboolean by_case;
  guint64  next;     /* log index, or seq */
} Expected;

static gboolean
read_records (IncidentSqlite     *sqlite,
              IncidentStatement  *statement,
              Expected            expected,
              GPtrArray          *records,
              GError            **error)
{
  int status;

  while ((status = sqlite3_step (statement)) == SQLITE_ROW)
    {
      g_autoptr(IncidentRecord) record = read_record (statement);

      if (record == NULL
          || (expected.by_case ? record->seq : record->log_index) != expected.next
          || !incident_record_verify (record, sqlite->store_id))
        return fail_corrupt (statement, error);
      expected.next++;
      g_ptr_array_add (records, g_steal_pointer (&record));
    }

  return incident_sqlite_end (sqlite, status, error);
}

static GPtrArray *
load (IncidentSqlite  *sqlite,
      const char      *sql,
      gint64           first,
      gint64           second,
      Expected         expected,
      GError         **error)
{
  g_autoptr(GPtrArray) records = g_ptr_array_new_with_free_func ((GDestroyNotify) incident_record_unref);
  g_autoptr(IncidentStatement) statement = incident_sqlite_prepare (sqlite, sql, error);

  if (statement == NULL)
    return NULL;
  sqlite3_bind_int64 (statement, 1, first);
  sqlite3_bind_int64 (statement, 2, second);
  if (!read_records (sqlite, statement, expected, records, error))
    return NULL;

  return g_steal_pointer (&records);
}

GPtrArray *
incident_sqlite_load_case (IncidentSqlite  *sqlite,
                           guint64          subject,
                           guint            seq,
                           GError         **error)
{
  Expected expected = { TRUE, (guint64) seq + 1 };

  return load (sqlite,
               "SELECT " RECORD_COLUMNS " FROM event AS e LEFT JOIN payload AS p USING (log_index)"
               " WHERE e.subject = ?1 AND e.seq > ?2 ORDER BY e.seq",
               (gint64) subject, seq, expected, error);
}

GPtrArray *
incident_sqlite_load_log (IncidentSqlite  *sqlite,
                          guint64          log_index,
                          guint            limit,
                          GError         **error)
{
  Expected expected = { FALSE, log_index };

  return load (sqlite,
               "SELECT " RECORD_COLUMNS " FROM event AS e LEFT JOIN payload AS p USING (log_index)"
               " WHERE e.log_index >= ?1 ORDER BY e.log_index LIMIT ?2",
               (gint64) MIN (log_index, G_MAXINT64), limit, expected, error);
}
