/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "store/incident-sqlite-rows-private.h"

#include <string.h>

/* Sealed segments: what the fold needs of old events, checked once, small, and side by
 * side, so that all cases can be folded in one go. They say nothing that the events do
 * not say: whoever drops them loses time and nothing else.
 *
 * A body is a list of numbers, each in groups of seven bits, the lowest first; signed
 * ones zigzag. First the terms: how many, and of each the lengths of actor and facts and
 * their bytes, both ended by 0. Then of each event: case, seq, position of its terms,
 * recorded-at as the difference to the one before, occurred-at as the difference to
 * recorded-at. */

#define SEGMENT_EVENTS 4096

/* Writing */

static void
put_number (GByteArray *out,
            guint64     value)
{
  guint8 bytes[10];
  guint n = 0;

  for (; value >= 0x80; value >>= 7)
    bytes[n++] = (guint8) (value | 0x80);
  bytes[n++] = (guint8) value;
  g_byte_array_append (out, bytes, n);
}

static void
put_signed (GByteArray *out,
            gint64      value)
{
  put_number (out, ((guint64) value << 1) ^ (guint64) (value >> 63));
}

static void
put_string (GByteArray *out,
            const char *string)
{
  gsize length = strlen (string);

  put_number (out, length);
  g_byte_array_append (out, (const guint8 *) string, (guint) length + 1);
}

typedef struct
{
  GHashTable *terms;   /* “actor\nfacts” → position + 1 */
  GByteArray *head;
  GByteArray *events;
  gint64      recorded_at;
} Body;

static guint
find_terms (Body                 *self,
            const IncidentRecord *record)
{
  g_autofree char *key = g_strconcat (record->actor, "\n", record->facts, NULL);
  guint position = GPOINTER_TO_UINT (g_hash_table_lookup (self->terms, key));

  if (position > 0)
    return position - 1;

  position = g_hash_table_size (self->terms);
  put_string (self->head, record->actor);
  put_string (self->head, record->facts);
  g_hash_table_insert (self->terms, g_steal_pointer (&key), GUINT_TO_POINTER (position + 1));
  return position;
}

static void
add_event (Body                 *self,
           const IncidentRecord *record)
{
  guint terms = find_terms (self, record);

  put_number (self->events, record->subject);
  put_number (self->events, record->seq);
  put_number (self->events, terms);
  put_signed (self->events, record->recorded_at - self->recorded_at);
  put_signed (self->events, record->occurred_at - record->recorded_at);
  self->recorded_at = record->recorded_at;
}

static GByteArray *
make_body (GPtrArray *records)
{
  GByteArray *out = g_byte_array_new ();
  Body body = { g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL), g_byte_array_new (), g_byte_array_new (), 0 };

  for (guint i = 0; i < records->len; i++)
    add_event (&body, g_ptr_array_index (records, i));
  put_number (out, g_hash_table_size (body.terms));
  g_byte_array_append (out, body.head->data, body.head->len);
  g_byte_array_append (out, body.events->data, body.events->len);
  g_byte_array_unref (body.head);
  g_byte_array_unref (body.events);
  g_hash_table_unref (body.terms);
  return out;
}

static gboolean
insert_segment (IncidentSqlite  *sqlite,
                GPtrArray       *records,
                GError         **error)
{
  g_autoptr(GByteArray) body = make_body (records);
  g_autoptr(IncidentStatement) statement =
    incident_sqlite_prepare (sqlite, "INSERT OR IGNORE INTO segment (first, n, digest, body) VALUES (?1, ?2, ?3, ?4)", error);
  guint8 digest[INCIDENT_HASH_LENGTH];

  if (statement == NULL)
    return FALSE;
  incident_sha256 (body->data, body->len, digest);
  sqlite3_bind_int64 (statement, 1, (gint64) ((IncidentRecord *) g_ptr_array_index (records, 0))->log_index);
  sqlite3_bind_int64 (statement, 2, records->len);
  sqlite3_bind_blob (statement, 3, digest, sizeof digest, SQLITE_STATIC);
  sqlite3_bind_blob (statement, 4, body->data, (int) body->len, SQLITE_STATIC);
  return incident_sqlite_end (sqlite, sqlite3_step (statement), error);
}

static gboolean
get_sealed (IncidentSqlite  *sqlite,
            guint64         *sealed,
            GError         **error)
{
  gint64 value;

  if (!incident_sqlite_query (sqlite, "SELECT first + n FROM segment ORDER BY first DESC LIMIT 1", &value, error, 0, NULL))
    return FALSE;

  *sealed = (guint64) value;
  return TRUE;
}

gboolean
incident_sqlite_seal_some (IncidentSqlite  *sqlite,
                           gboolean        *more,
                           GError         **error)
{
  g_autoptr(GPtrArray) records = NULL;
  guint64 sealed, size;

  *more = FALSE;
  if (!get_sealed (sqlite, &sealed, error) || !incident_sqlite_get_size (sqlite, &size, error))
    return FALSE;
  if (size - sealed < SEGMENT_EVENTS)
    return TRUE;

  records = incident_sqlite_load_log (sqlite, sealed, SEGMENT_EVENTS, error);
  *more = records != NULL && insert_segment (sqlite, records, error);
  return *more;
}

/* Reading */

typedef struct
{
  const guint8 *at;
  const guint8 *end;
} Cursor;

static inline guint64
get_number (Cursor *self)
{
  guint64 value = 0;

  for (guint shift = 0; self->at < self->end && shift < 64; shift += 7)
    {
      guint8 byte = *self->at++;

      value |= (guint64) (byte & 0x7f) << shift;
      if (byte < 0x80)
        break;
    }

  return value;
}

static inline gint64
get_signed (Cursor *self)
{
  guint64 value = get_number (self);

  return (gint64) (value >> 1) ^ -(gint64) (value & 1);
}

static const char *
get_string (Cursor *self)
{
  guint64 length = get_number (self);
  const char *string = (const char *) self->at;

  if (length >= (guint64) (self->end - self->at) || string[length] != '\0')
    return NULL;

  self->at += length + 1;
  return string;
}

typedef struct
{
  const char     *actor;
  IncidentEffect  effect;
} Terms;

/* NULL: the body is not as it was written, though its digest is. */
static GArray *
read_terms (Cursor *cursor)
{
  guint64 n = get_number (cursor);
  g_autoptr(GArray) all = g_array_new (FALSE, FALSE, sizeof (Terms));

  for (guint64 i = 0; i < n; i++)
    {
      Terms terms;
      const char *facts;

      terms.actor = get_string (cursor);
      facts = terms.actor != NULL ? get_string (cursor) : NULL;
      if (facts == NULL)
        return NULL;
      incident_effect_read (&terms.effect, facts);
      g_array_append_val (all, terms);
    }

  return g_steal_pointer (&all);
}

static gboolean
fold_body (IncidentSqlite *sqlite,
           Cursor          cursor,
           guint64         n)
{
  g_autoptr(GArray) terms = read_terms (&cursor);
  gint64 recorded_at = 0;

  for (guint64 i = 0; terms != NULL && i < n; i++)
    {
      guint64 number = get_number (&cursor);
      guint32 seq = (guint32) get_number (&cursor);
      guint64 position = get_number (&cursor);
      const Terms *said;

      recorded_at += get_signed (&cursor);
      if (number > INCIDENT_SQLITE_MAX_CASES || position >= terms->len || cursor.at >= cursor.end)
        return FALSE;
      said = &g_array_index (terms, Terms, position);
      incident_sqlite_head_fold (incident_sqlite_heads_get (&sqlite->heads, number), seq, said->actor,
                                 recorded_at + get_signed (&cursor), recorded_at, &said->effect);
    }

  return terms != NULL;
}

static gboolean
fold_segment (IncidentSqlite    *sqlite,
              IncidentStatement *statement)
{
  const guint8 *body = sqlite3_column_blob (statement, 3);
  int length = sqlite3_column_bytes (statement, 3);
  guint8 digest[INCIDENT_HASH_LENGTH];

  if (body == NULL || sqlite3_column_bytes (statement, 2) != INCIDENT_HASH_LENGTH)
    return FALSE;

  incident_sha256 (body, (gsize) length, digest);
  return memcmp (digest, sqlite3_column_blob (statement, 2), sizeof digest) == 0
         && fold_body (sqlite, (Cursor) { body, body + length }, (guint64) sqlite3_column_int64 (statement, 1));
}

/* Up to the first that is missing or not whole: what follows is read from the events. */
static gboolean
fold_segments (IncidentSqlite  *sqlite,
               guint64         *folded,
               GError         **error)
{
  g_autoptr(IncidentStatement) statement =
    incident_sqlite_prepare (sqlite, "SELECT first, n, digest, body FROM segment ORDER BY first", error);
  int status = SQLITE_DONE;

  if (statement == NULL)
    return FALSE;
  while ((status = sqlite3_step (statement)) == SQLITE_ROW
         && (guint64) sqlite3_column_int64 (statement, 0) == *folded && fold_segment (sqlite, statement))
    *folded += (guint64) sqlite3_column_int64 (statement, 1);

  return incident_sqlite_end (sqlite, status, error);
}

static gboolean
fold_row (IncidentRecord *row,
          gpointer        sqlite)
{
  IncidentEffect effect;

  incident_effect_read (&effect, row->facts);
  for (guint i = 0; i < incident_record_get_n_events (row); i++)
    {
      const IncidentPlace *place = i > 0 ? &g_array_index (row->also, IncidentPlace, i - 1) : NULL;
      guint64 number = place != NULL ? place->subject : row->subject;

      /* One that was folded further before takes in nothing twice. */
      if (number <= INCIDENT_SQLITE_MAX_CASES)
        incident_sqlite_head_fold (incident_sqlite_heads_get (&((IncidentSqlite *) sqlite)->heads, number),
                                   place != NULL ? place->seq : row->seq, row->actor, row->occurred_at,
                                   row->recorded_at, &effect);
    }

  return TRUE;
}

gboolean
incident_sqlite_fold_all (IncidentSqlite  *sqlite,
                          GError         **error)
{
  guint64 folded = 0;

  return fold_segments (sqlite, &folded, error) && incident_sqlite_visit_log (sqlite, folded, FALSE, fold_row, sqlite, error);
}
