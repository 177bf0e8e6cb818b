/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "store/incident-sqlite-pages-private.h"

#include <string.h>

#include "base/incident-bytes-private.h"

/* A page begins with the number of its rows, which follow in the order of their ids. Each is: how many ids were
 * passed over, the case with one bit below it for “active”, the length of the data, and these. All integers are
 * compact. */

#define HEAD_LENGTH (3 * INCIDENT_BYTES_MAX_COMPACT)

/* For less it is not worth a page. */
#define MIN_ROWS 4

/* Writing */

gboolean
incident_sqlite_is_new_row (const IncidentCommit   *commit,
                            const IncidentAlertRow *row)
{
  const IncidentIntakeEntry *entry = commit->intake->entry;

  return entry != NULL && row->entry == entry->id && row->id >> INCIDENT_ALERT_ROW_BITS == entry->id;
}

/* The room that new rows need; 0: they are no page. */
static gsize
measure (const IncidentCommit *commit,
         guint                *n_rows)
{
  const GArray *rows = commit->intake->rows;
  gsize length = INCIDENT_BYTES_MAX_COMPACT;
  guint64 last = 0;

  *n_rows = 0;
  for (guint i = 0; rows != NULL && i < rows->len; i++)
    {
      const IncidentAlertRow row = incident_commit_complete_row (commit, &g_array_index (rows, IncidentAlertRow, i));

      if (!incident_sqlite_is_new_row (commit, &row))
        continue;
      if (row.id <= last || row.subject > G_MAXINT64)
        return 0;
      last = row.id;
      length += HEAD_LENGTH + g_bytes_get_size (row.data);
      ++*n_rows;
    }

  return *n_rows >= MIN_ROWS ? length : 0;
}

static guint8 *
put_row (guint8                 *at,
         const IncidentAlertRow *row,
         guint64                 passed)
{
  gsize length;
  gconstpointer data = g_bytes_get_data (row->data, &length);

  at = incident_bytes_put_compact (at, passed);
  at = incident_bytes_put_compact (at, row->subject << 1 | (row->active ? 1 : 0));
  at = incident_bytes_put_compact (at, length);
  if (length > 0)
    memcpy (at, data, length);
  return at + length;
}

static guint8 *
put_new_rows (guint8               *at,
              const IncidentCommit *commit,
              guint                 n_rows,
              guint                *n_active)
{
  const GArray *rows = commit->intake->rows;
  guint64 next = commit->intake->entry->id << INCIDENT_ALERT_ROW_BITS;

  *n_active = 0;
  at = incident_bytes_put_compact (at, n_rows);
  for (guint i = 0; i < rows->len; i++)
    {
      const IncidentAlertRow row = incident_commit_complete_row (commit, &g_array_index (rows, IncidentAlertRow, i));

      if (!incident_sqlite_is_new_row (commit, &row))
        continue;
      at = put_row (at, &row, row.id - next);
      next = row.id + 1;
      *n_active += row.active ? 1 : 0;
    }

  return at;
}

static gboolean
insert_page (IncidentSqlite  *sqlite,
             guint64          entry,
             gconstpointer    body,
             gsize            length,
             GError         **error)
{
  g_autoptr(IncidentStatement) statement =
    incident_sqlite_prepare (sqlite, "INSERT INTO alert_page (entry, body) VALUES (?1, ?2)", error);

  if (statement == NULL)
    return FALSE;

  sqlite3_bind_int64 (statement, 1, (gint64) entry);
  sqlite3_bind_blob64 (statement, 2, body, length, SQLITE_STATIC);
  return incident_sqlite_end (sqlite, sqlite3_step (statement), error);
}

/* @sql has the entry as ?1 and the number as ?2. */
static gboolean
set_count (IncidentSqlite  *sqlite,
           const char      *sql,
           guint64          entry,
           gint64           number,
           GError         **error)
{
  g_autoptr(IncidentStatement) statement = incident_sqlite_prepare (sqlite, sql, error);

  if (statement == NULL)
    return FALSE;

  sqlite3_bind_int64 (statement, 1, (gint64) entry);
  sqlite3_bind_int64 (statement, 2, number);
  return incident_sqlite_end (sqlite, sqlite3_step (statement), error);
}

/* A row that was written before, without its entry, would hide the one on the page. */
static gboolean
has_single_rows (IncidentSqlite  *sqlite,
                 guint64          entry,
                 gboolean        *has_rows,
                 GError         **error)
{
  gint64 found;

  if (!incident_sqlite_query (sqlite, "SELECT id FROM alert WHERE id >= ?1 LIMIT 1", &found, error,
                              (gint64) (entry << INCIDENT_ALERT_ROW_BITS), NULL))
    return FALSE;

  *has_rows = found != 0;
  return TRUE;
}

gboolean
incident_sqlite_put_page (IncidentSqlite        *sqlite,
                          const IncidentCommit  *commit,
                          gboolean              *has_page,
                          GError               **error)
{
  guint n_rows, n_active;
  gsize length = measure (commit, &n_rows);
  g_autofree guint8 *body = NULL;
  gboolean has_rows;
  guint64 entry;

  *has_page = FALSE;
  if (length == 0)
    return TRUE;
  entry = commit->intake->entry->id;
  if (!has_single_rows (sqlite, entry, &has_rows, error))
    return FALSE;
  if (has_rows)
    return TRUE;

  *has_page = TRUE;
  body = g_malloc (length);
  length = (gsize) (put_new_rows (body, commit, n_rows, &n_active) - body);
  return insert_page (sqlite, entry, body, length, error)
         && set_count (sqlite, "INSERT INTO alert_page_count (entry, n_active) VALUES (?1, ?2)", entry, n_active, error);
}

gboolean
incident_sqlite_write_count (IncidentSqlite           *sqlite,
                             IncidentSqlitePageCount  *count,
                             GError                  **error)
{
  /* There may be no such page. */
  return count->n_more == 0
         || set_count (sqlite, "UPDATE alert_page_count SET n_active = n_active + ?2 WHERE entry = ?1",
                       count->entry, count->n_more, error);
}

gboolean
incident_sqlite_count_row (IncidentSqlite           *sqlite,
                           IncidentSqlitePageCount  *count,
                           const IncidentAlertRow   *row,
                           GError                  **error)
{
  guint64 entry = row->id >> INCIDENT_ALERT_ROW_BITS;

  if (count->entry != entry)
    {
      if (!incident_sqlite_write_count (sqlite, count, error))
        return FALSE;
      *count = (IncidentSqlitePageCount) { entry, 0 };
    }

  count->n_more += (row->active ? 1 : 0) - (row->was_active ? 1 : 0);
  return TRUE;
}

/* Reading */

typedef struct
{
  IncidentSqlite    *sqlite;
  IncidentStatement *hiding;  /* ids of rows of their own, in order; lent */
  guint64            hidden;  /* the one that it stands at; G_MAXUINT64: there are no more */
  guint64            since;
  guint64            after;
  guint              limit;
  GArray            *listed;
} Listing;

/* Goes to the first row of its own that has this id or one above. */
static gboolean
pass_hidden (Listing  *self,
             guint64   id,
             GError  **error)
{
  while (self->hidden < id)
    {
      int status = sqlite3_step (self->hiding);

      if (!incident_sqlite_end (self->sqlite, status, error))
        return FALSE;
      self->hidden = status == SQLITE_ROW ? (guint64) sqlite3_column_int64 (self->hiding, 0) : G_MAXUINT64;
    }

  return TRUE;
}

static gboolean
fail_corrupt (guint64   entry,
              GError  **error)
{
  g_set_error (error, INCIDENT_ERROR, INCIDENT_ERROR_CORRUPT,
               "What entry %" G_GUINT64_FORMAT " of what was taken in told of alerts is not as it was recorded:"
               " keep the file, and restore a backup", entry);
  return FALSE;
}

/* Its data are still to be cut out: they end where what is left of the page begins. NULL: it is none. */
static const guint8 *
read_row (const guint8     *at,
          const guint8     *end,
          IncidentAlertRow *row,
          gsize            *length)
{
  guint64 passed = 0, subject = 0, n = 0;
  guint64 last = ((row->entry + 1) << INCIDENT_ALERT_ROW_BITS) - 1;

  at = incident_bytes_get_compact (at, end, &passed);
  if (at != NULL)
    at = incident_bytes_get_compact (at, end, &subject);
  if (at != NULL)
    at = incident_bytes_get_compact (at, end, &n);
  if (at == NULL || n > (gsize) (end - at) || row->id > last || passed > last - row->id)
    return NULL;

  row->id += passed;
  row->active = (subject & 1) != 0;
  row->subject = subject >> 1;
  *length = (gsize) n;
  return at + n;
}

static gboolean
list_page (Listing  *self,
           guint64   entry,
           GBytes   *page,
           GError  **error)
{
  IncidentAlertRow row = { .id = entry << INCIDENT_ALERT_ROW_BITS, .draft = -1, .entry = entry };
  gsize length;
  const guint8 *start = g_bytes_get_data (page, &length);
  const guint8 *end = start + length;
  guint64 n_rows = 0;
  const guint8 *at = incident_bytes_get_compact (start, end, &n_rows);

  for (guint64 i = 0; at != NULL && i < n_rows && self->listed->len < self->limit; i++, row.id++)
    {
      at = read_row (at, end, &row, &length);
      if (at == NULL)
        break;
      if (row.id <= self->after || !(row.active || entry > self->since))
        continue;
      if (!pass_hidden (self, row.id, error))
        return FALSE;
      if (row.id == self->hidden)
        continue;
      row.data = g_bytes_new_from_bytes (page, (gsize) (at - start) - length, length);
      g_array_append_val (self->listed, row);
    }

  return (at != NULL && (at == end || self->listed->len == self->limit)) || fail_corrupt (entry, error);
}

static gboolean
list_page_of (Listing            *self,
              IncidentStatement  *pages,
              GError            **error)
{
  gint64 entry = sqlite3_column_int64 (pages, 0);
  g_autoptr(GBytes) page = NULL;
  g_autoptr(IncidentStatement) hiding = NULL;

  if (entry < 1 || entry > G_MAXINT64 >> INCIDENT_ALERT_ROW_BITS || sqlite3_column_type (pages, 1) != SQLITE_BLOB)
    return fail_corrupt ((guint64) entry, error);

  page = g_bytes_new (sqlite3_column_blob (pages, 1), (gsize) sqlite3_column_bytes (pages, 1));
  hiding = incident_sqlite_prepare (self->sqlite, "SELECT id FROM alert NOT INDEXED WHERE id >= ?1 ORDER BY id", error);
  if (hiding == NULL)
    return FALSE;

  sqlite3_bind_int64 (hiding, 1, MAX (entry << INCIDENT_ALERT_ROW_BITS, (gint64) MIN (self->after, G_MAXINT64)));
  self->hiding = hiding;
  self->hidden = 0;
  return list_page (self, (guint64) entry, page, error);
}

#define SELECT_PAGES "SELECT c.entry, p.body FROM alert_page_count AS c "
#define OF_PAGES     " LEFT JOIN alert_page AS p USING (entry) WHERE c.entry BETWEEN ?1 AND ?2 "

static gboolean
list_pages (Listing     *self,
            const char  *sql,
            guint64      first,
            guint64      last,
            GError     **error)
{
  g_autoptr(IncidentStatement) pages = incident_sqlite_prepare (self->sqlite, sql, error);
  int status = SQLITE_DONE;

  if (pages == NULL)
    return FALSE;

  sqlite3_bind_int64 (pages, 1, (gint64) MIN (first, G_MAXINT64));
  sqlite3_bind_int64 (pages, 2, (gint64) MIN (last, G_MAXINT64));
  while (self->listed->len < self->limit && (status = sqlite3_step (pages)) == SQLITE_ROW)
    if (!list_page_of (self, pages, error))
      return FALSE;

  return incident_sqlite_end (self->sqlite, status, error);
}

GArray *
incident_sqlite_list_page_rows (IncidentSqlite  *sqlite,
                                guint64          since,
                                guint64          after,
                                guint            limit,
                                GError         **error)
{
  g_autoptr(GArray) listed = incident_alert_rows_new ();
  Listing listing = { .sqlite = sqlite, .since = since, .after = after, .limit = limit, .listed = listed };
  guint64 first = after >> INCIDENT_ALERT_ROW_BITS;

  /* Of old pages only those that are still of use are read. */
  if (!list_pages (&listing, SELECT_PAGES "INDEXED BY alert_page_active" OF_PAGES "AND c.n_active <> 0 ORDER BY c.entry",
                   first, since, error))
    return NULL;
  if (since < G_MAXINT64
      && !list_pages (&listing, SELECT_PAGES "NOT INDEXED" OF_PAGES "ORDER BY c.entry", MAX (first, since + 1), G_MAXINT64, error))
    return NULL;

  return g_steal_pointer (&listed);
}
