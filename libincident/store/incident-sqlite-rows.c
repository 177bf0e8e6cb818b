/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "store/incident-sqlite-rows-private.h"

#include <string.h>

#include "base/incident-bytes-private.h"

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

/* The column “also”: of each further case its number in 8 bytes, seq in 4, the log index
 * of the event before it in 8, and the leaf hash in 32. Integers are big-endian. */
#define PLACE_LENGTH INCIDENT_SQLITE_PLACE_LENGTH
G_STATIC_ASSERT (PLACE_LENGTH == 8 + 4 + 8 + INCIDENT_HASH_LENGTH);

/* The blob is for SQLite to free. */
static void
bind_also (IncidentStatement *statement,
           int                column,
           GArray            *also)
{
  guint8 *blob, *at;

  if (also == NULL)
    return;

  at = blob = g_malloc ((gsize) also->len * PLACE_LENGTH);
  for (guint i = 0; i < also->len; i++)
    {
      const IncidentPlace *place = &g_array_index (also, IncidentPlace, i);

      at = incident_bytes_put (at, place->subject, 8);
      at = incident_bytes_put (at, place->seq, 4);
      at = incident_bytes_put (at, place->prev, 8);
      memcpy (at, place->leaf, INCIDENT_HASH_LENGTH);
      at += INCIDENT_HASH_LENGTH;
    }
  sqlite3_bind_blob64 (statement, column, blob, (gsize) also->len * PLACE_LENGTH, g_free);
}

gboolean
incident_sqlite_insert_record (IncidentSqlite  *sqlite,
                               IncidentRecord  *record,
                               GError         **error)
{
  g_autoptr(IncidentStatement) statement =
    incident_sqlite_prepare (sqlite, "INSERT INTO event (log_index, subject, seq, step, kind, occurred_at, recorded_at, actor,"
                 " verified, operation, facts, commitment, leaf, prev, also)"
                 " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15)", error);

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
  if (record->seq > 1)
    sqlite3_bind_int64 (statement, 14, (gint64) record->prev);
  bind_also (statement, 15, record->also);
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

const char *
incident_sqlite_read_text (IncidentStatement *statement,
                           int                column)
{
  const char *text = (const char *) sqlite3_column_text (statement, column);

  return text != NULL && strlen (text) == (gsize) sqlite3_column_bytes (statement, column) ? text : NULL;
}

#define RECORD_COLUMNS \
  "e.log_index, e.subject, e.seq, e.step, e.kind, e.occurred_at, e.recorded_at, e.actor, e.verified," \
  " e.operation, e.facts, e.commitment, e.leaf, p.key, p.body, e.prev, e.also"

static gboolean
read_also (IncidentStatement *statement,
           int                column,
           IncidentRecord    *record)
{
  const guint8 *at = sqlite3_column_blob (statement, column);
  guint length = (guint) sqlite3_column_bytes (statement, column);

  if (sqlite3_column_type (statement, column) == SQLITE_NULL)
    return TRUE;
  if (length % PLACE_LENGTH != 0)
    return FALSE;

  record->also = g_array_sized_new (FALSE, FALSE, sizeof (IncidentPlace), length / PLACE_LENGTH);
  for (const guint8 *end = at + length; at < end; at += PLACE_LENGTH)
    {
      IncidentPlace place = { incident_bytes_get (at, 8), (guint32) incident_bytes_get (at + 8, 4), incident_bytes_get (at + 12, 8), { 0, } };

      memcpy (place.leaf, at + 20, INCIDENT_HASH_LENGTH);
      g_array_append_val (record->also, place);
    }

  return TRUE;
}

static IncidentRecord *
read_record (IncidentStatement *statement)
{
  g_autoptr(IncidentRecord) record = incident_record_new ();
  const char *kind = incident_sqlite_read_text (statement, 4);
  const char *actor = incident_sqlite_read_text (statement, 7);
  const char *facts = incident_sqlite_read_text (statement, 10);
  const char *body = incident_sqlite_read_text (statement, 14);

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
  record->actor = g_ref_string_new (actor);
  record->verified = (guint8) sqlite3_column_int (statement, 8);
  record->facts = g_ref_string_new (facts);
  if (record->seq != sqlite3_column_int64 (statement, 2) || record->step != sqlite3_column_int64 (statement, 3)
      || record->verified != sqlite3_column_int64 (statement, 8) || !read_also (statement, 16, record))
    return NULL;
  record->prev = (guint64) sqlite3_column_int64 (statement, 15);

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
fail_corrupt (guint64   log_index,
              guint64   subject,
              guint64   seq,
              GError  **error)
{
  g_set_error (error, INCIDENT_ERROR, INCIDENT_ERROR_CORRUPT,
               "Event %" G_GUINT64_FORMAT " of the log (case %" G_GUINT64_FORMAT ", event %" G_GUINT64_FORMAT
               " of its timeline) is not as it was recorded: keep the file, and restore a backup",
               log_index, subject, seq);
  return FALSE;
}

static IncidentRecord *
read_row (IncidentStatement  *statement,
          GError            **error)
{
  IncidentRecord *record = read_record (statement);

  if (record == NULL)
    fail_corrupt ((guint64) sqlite3_column_int64 (statement, 0),
                                  (guint64) sqlite3_column_int64 (statement, 1),
                                  (guint64) sqlite3_column_int64 (statement, 2), error);
  return record;
}

/* The event at a place of the log, checked; NULL and no error: there is none. */
static gboolean
read_event (IncidentSqlite  *sqlite,
            guint64          log_index,
            IncidentRecord **event,
            GError         **error)
{
  g_autoptr(IncidentStatement) statement =
    incident_sqlite_prepare (sqlite, "SELECT " RECORD_COLUMNS " FROM event AS e LEFT JOIN payload AS p USING (log_index)"
                                     " WHERE e.log_index <= ?1 ORDER BY e.log_index DESC LIMIT 1", error);
  g_autoptr(IncidentRecord) row = NULL;
  int status;

  *event = NULL;
  if (statement == NULL)
    return FALSE;
  sqlite3_bind_int64 (statement, 1, (gint64) log_index);
  status = sqlite3_step (statement);
  if (status != SQLITE_ROW)
    return incident_sqlite_end (sqlite, status, error);

  row = read_row (statement, error);
  if (row == NULL)
    return FALSE;
  if (log_index - row->log_index >= incident_record_get_n_events (row))
    return TRUE;

  *event = row->also == NULL ? g_steal_pointer (&row) : incident_record_split (row, (guint) (log_index - row->log_index));
  return incident_record_verify (*event, sqlite->store_id)
         || fail_corrupt ((*event)->log_index, (*event)->subject, (*event)->seq, error);
}

GPtrArray *
incident_sqlite_load_chain (IncidentSqlite  *sqlite,
                            guint64          subject,
                            guint            seq,
                            guint64          log_index,
                            guint32          version,
                            GError         **error)
{
  g_autoptr(GPtrArray) records = g_ptr_array_new_with_free_func ((GDestroyNotify) incident_record_unref);
  guint64 from = log_index; /* the event that leads there, for the message */

  for (guint32 wanted = version; wanted > seq; wanted--)
    {
      IncidentRecord *record;

      if (!read_event (sqlite, log_index, &record, error))
        {
          g_clear_pointer (&record, incident_record_unref);
          return NULL;
        }
      if (record == NULL)
        {
          fail_corrupt (from, subject, MIN (wanted + 1, version), error);
          return NULL;
        }
      g_ptr_array_add (records, record);
      if (record->subject != subject || record->seq != wanted)
        {
          fail_corrupt (log_index, record->subject, record->seq, error);
          return NULL;
        }
      from = log_index;
      log_index = record->prev;
    }

  incident_records_reverse (records);
  return g_steal_pointer (&records);
}

GPtrArray *
incident_sqlite_load_case (IncidentSqlite  *sqlite,
                           guint64          subject,
                           guint            seq,
                           GError         **error)
{
  IncidentSqliteHead *head;

  if (!incident_sqlite_follow (sqlite, error) || !incident_sqlite_find_head (sqlite, subject, &head, error))
    return NULL;
  if (head == NULL)
    return g_ptr_array_new_with_free_func ((GDestroyNotify) incident_record_unref);

  return incident_sqlite_load_chain (sqlite, subject, seq, head->last, head->version, error);
}

gboolean
incident_sqlite_get_size (IncidentSqlite  *sqlite,
                          guint64         *size,
                          GError         **error)
{
  gint64 value;

  if (!incident_sqlite_query (sqlite, "SELECT log_index + 1 + coalesce (length (also), 0) / "
                                      G_STRINGIFY (INCIDENT_SQLITE_PLACE_LENGTH) " FROM event"
                                      " ORDER BY log_index DESC LIMIT 1", &value, error, 0, NULL))
    return FALSE;

  *size = (guint64) value;
  return TRUE;
}

#define FROM_ROW_OF_1 \
  " WHERE e.log_index >= coalesce ((SELECT max (log_index) FROM event WHERE log_index <= ?1), 0)" \
  " ORDER BY e.log_index"

gboolean
incident_sqlite_visit_log (IncidentSqlite             *sqlite,
                           guint64                     log_index,
                           gboolean                    with_payload,
                           IncidentSqliteRowFunc       visit,
                           gpointer                    data,
                           GError                    **error)
{
  g_autoptr(IncidentStatement) statement = with_payload
    ? incident_sqlite_prepare (sqlite, "SELECT " RECORD_COLUMNS " FROM event AS e LEFT JOIN payload AS p USING (log_index)"
                               FROM_ROW_OF_1, error)
    : incident_sqlite_prepare (sqlite, "SELECT " RECORD_COLUMNS " FROM event AS e, (SELECT NULL AS key, NULL AS body) AS p"
                               FROM_ROW_OF_1, error);
  guint64 expected = G_MAXUINT64;
  int status;

  if (statement == NULL)
    return FALSE;
  sqlite3_bind_int64 (statement, 1, (gint64) MIN (log_index, G_MAXINT64));
  while ((status = sqlite3_step (statement)) == SQLITE_ROW)
    {
      g_autoptr(IncidentRecord) row = read_row (statement, error);

      if (row == NULL)
        return FALSE;
      if ((expected != G_MAXUINT64 ? row->log_index != expected : row->log_index > log_index)
          || !incident_record_verify (row, sqlite->store_id))
        return fail_corrupt (row->log_index, row->subject, row->seq, error);
      expected = row->log_index + incident_record_get_n_events (row);
      if (!visit (row, data))
        return TRUE;
    }

  return incident_sqlite_end (sqlite, status, error);
}

typedef struct
{
  GPtrArray *records;
  guint64    from;
  guint      limit;
} Page;

static gboolean
add_events (IncidentRecord *row,
            gpointer        data)
{
  Page *page = data;

  for (guint i = 0; i < incident_record_get_n_events (row) && page->records->len < page->limit; i++)
    if (row->log_index + i >= page->from)
      g_ptr_array_add (page->records, row->also == NULL ? incident_record_ref (row) : incident_record_split (row, i));

  return page->records->len < page->limit;
}

GPtrArray *
incident_sqlite_load_log (IncidentSqlite  *sqlite,
                          guint64          log_index,
                          guint            limit,
                          GError         **error)
{
  g_autoptr(GPtrArray) records = g_ptr_array_new_with_free_func ((GDestroyNotify) incident_record_unref);
  Page page = { records, log_index, limit };

  return incident_sqlite_visit_log (sqlite, log_index, TRUE, add_events, &page, error) ? g_steal_pointer (&records) : NULL;
}
