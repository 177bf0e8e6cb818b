/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "store/incident-sqlite-intake-private.h"

#include "store/incident-sqlite-pages-private.h"

/* Checking */

static gboolean
check_groups (IncidentSqlite        *sqlite,
              const IncidentCommit  *commit,
              GError               **error)
{
  for (guint i = 0; commit->groups != NULL && i < commit->groups->len; i++)
    {
      const IncidentGroupChange *change = &g_array_index (commit->groups, IncidentGroupChange, i);
      gint64 subject;

      if (!incident_sqlite_query (sqlite, "SELECT subject FROM alert_group WHERE name = ?2", &subject, error,
                                  0, change->name))
        return FALSE;
      if (subject != (gint64) change->follows)
        return incident_store_fail_conflict (error, "Another case stands for these alerts by now");
    }

  return TRUE;
}

gboolean
incident_sqlite_check_intake (IncidentSqlite        *sqlite,
                              const IncidentCommit  *commit,
                              GError               **error)
{
  guint64 head = 0;

  return (commit->intake == NULL || incident_sqlite_get_intake_head (sqlite, &head, error))
         && incident_intake_change_check (commit->intake, head, error)
         && check_groups (sqlite, commit, error);
}

/* Writing */

static gboolean
write_groups (IncidentSqlite        *sqlite,
              const IncidentCommit  *commit,
              GError               **error)
{
  for (guint i = 0; commit->groups != NULL && i < commit->groups->len; i++)
    {
      const IncidentGroupChange *change = &g_array_index (commit->groups, IncidentGroupChange, i);

      if (!incident_sqlite_query (sqlite, "INSERT INTO alert_group (name, subject) VALUES (?2, ?1)"
                                          " ON CONFLICT (name) DO UPDATE SET subject = ?1",
                                  NULL, error, (gint64) incident_commit_get_standing (commit, change), change->name))
        return FALSE;
    }

  return TRUE;
}

/* Without a copy: it lives until the statement was run. */
static void
bind_bytes (IncidentStatement *statement,
            int                column,
            GBytes            *bytes)
{
  gsize length;
  gconstpointer data = g_bytes_get_data (bytes, &length);

  /* No address would be no blob. */
  sqlite3_bind_blob64 (statement, column, data != NULL ? data : "", length, SQLITE_STATIC);
}

static gboolean
insert_entry (IncidentSqlite             *sqlite,
              const IncidentIntakeEntry  *entry,
              GError                    **error)
{
  g_autoptr(IncidentStatement) statement =
    incident_sqlite_prepare (sqlite, "INSERT INTO intake (id, received_at, kind, actor, format, playbook, body)"
                                     " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)", error);

  if (statement == NULL)
    return FALSE;

  sqlite3_bind_int64 (statement, 1, (gint64) entry->id);
  sqlite3_bind_int64 (statement, 2, entry->received_at);
  sqlite3_bind_text (statement, 3, entry->kind, -1, SQLITE_STATIC);
  sqlite3_bind_text (statement, 4, entry->actor, -1, SQLITE_STATIC);
  sqlite3_bind_text (statement, 5, entry->format, -1, SQLITE_STATIC);
  sqlite3_bind_text (statement, 6, entry->playbook, -1, SQLITE_STATIC);
  bind_bytes (statement, 7, entry->body);
  return incident_sqlite_end (sqlite, sqlite3_step (statement), error);
}

static void
bind_row (IncidentStatement      *statement,
          const IncidentAlertRow *row)
{
  sqlite3_bind_int64 (statement, 1, (gint64) row->id);
  sqlite3_bind_int (statement, 2, row->active ? 1 : 0);
  sqlite3_bind_int64 (statement, 3, (gint64) row->subject);
  sqlite3_bind_int64 (statement, 4, (gint64) row->entry);
  bind_bytes (statement, 5, row->data);
}

static gboolean
put_row (IncidentSqlite          *sqlite,
         const IncidentAlertRow  *row,
         GError                 **error)
{
  g_autoptr(IncidentStatement) statement =
    incident_sqlite_prepare (sqlite, "INSERT INTO alert (id, active, subject, entry, data) VALUES (?1, ?2, ?3, ?4, ?5)"
                                     " ON CONFLICT (id) DO UPDATE SET active = ?2, subject = ?3, entry = ?4, data = ?5",
                             error);

  if (statement == NULL)
    return FALSE;

  bind_row (statement, row);
  return incident_sqlite_end (sqlite, sqlite3_step (statement), error);
}

static gboolean
put_rows (IncidentSqlite        *sqlite,
          const IncidentCommit  *commit,
          GError               **error)
{
  const GArray *rows = commit->intake->rows;
  IncidentSqlitePageCount count = { 0, 0 };
  gboolean has_page;

  if (!incident_sqlite_put_page (sqlite, commit, &has_page, error))
    return FALSE;

  for (guint i = 0; rows != NULL && i < rows->len; i++)
    {
      const IncidentAlertRow row = incident_commit_complete_row (commit, &g_array_index (rows, IncidentAlertRow, i));

      if (has_page && incident_sqlite_is_new_row (commit, &row))
        continue;
      if (!put_row (sqlite, &row, error) || !incident_sqlite_count_row (sqlite, &count, &row, error))
        return FALSE;
    }

  return incident_sqlite_write_count (sqlite, &count, error);
}

static gboolean
write_zeros (IncidentSqlite             *sqlite,
             sqlite3_blob               *blob,
             const IncidentIntakeSlice  *slice,
             GError                    **error)
{
  static const char zeros[4096];

  for (gsize done = 0; done < slice->length; done += MIN (slice->length - done, sizeof zeros))
    if (sqlite3_blob_write (blob, zeros, (int) MIN (slice->length - done, sizeof zeros), (int) (slice->start + done)) != SQLITE_OK)
      return incident_sqlite_end (sqlite, sqlite3_extended_errcode (sqlite->db), error);

  return TRUE;
}

/* In place: no page is set free with what it held. */
static gboolean
erase_slices (IncidentSqlite        *sqlite,
              const IncidentCommit  *commit,
              GError               **error)
{
  const GArray *slices = commit->intake->erased;

  for (guint i = 0; slices != NULL && i < slices->len; i++)
    {
      const IncidentIntakeSlice *slice = &g_array_index (slices, IncidentIntakeSlice, i);
      sqlite3_blob *blob = NULL;
      gboolean erased;

      if (sqlite3_blob_open (sqlite->db, "main", "intake", "body", (gint64) slice->entry, TRUE, &blob) != SQLITE_OK)
        return incident_sqlite_end (sqlite, sqlite3_extended_errcode (sqlite->db), error);
      erased = write_zeros (sqlite, blob, slice, error);
      sqlite3_blob_close (blob);
      if (!erased)
        return FALSE;
    }

  return TRUE;
}

gboolean
incident_sqlite_write_intake (IncidentSqlite  *sqlite,
                              IncidentCommit  *commit,
                              GError         **error)
{
  IncidentIntakeChange *change = commit->intake;

  if (!write_groups (sqlite, commit, error))
    return FALSE;
  if (change == NULL)
    return TRUE;
  if (change->entry != NULL)
    change->entry->id = change->follows + 1;

  return (change->entry == NULL || insert_entry (sqlite, change->entry, error)) && put_rows (sqlite, commit, error)
         && erase_slices (sqlite, commit, error);
}

/* Reading */

gboolean
incident_sqlite_get_intake_head (IncidentSqlite  *sqlite,
                                 guint64         *head,
                                 GError         **error)
{
  gint64 value;

  if (!incident_sqlite_query (sqlite, "SELECT max (id) FROM intake", &value, error, 0, NULL))
    return FALSE;

  *head = (guint64) value;
  return TRUE;
}

static GBytes *
read_bytes (IncidentStatement *statement,
            int                column)
{
  const void *data = sqlite3_column_blob (statement, column);

  return g_bytes_new (data, (gsize) sqlite3_column_bytes (statement, column));
}

static IncidentIntakeEntry *
read_entry (IncidentStatement  *statement,
            GError            **error)
{
  gint64 id = sqlite3_column_int64 (statement, 0);
  const char *kind = incident_sqlite_read_text (statement, 2);
  const char *actor = incident_sqlite_read_text (statement, 3);
  g_autoptr(GBytes) body = read_bytes (statement, 6);
  IncidentIntakeEntry *entry;

  if (id < 1 || kind == NULL || actor == NULL)
    {
      g_set_error (error, INCIDENT_ERROR, INCIDENT_ERROR_CORRUPT,
                   "Entry %" G_GINT64_FORMAT " of what was taken in is not as it was recorded: keep the file, and restore a backup", id);
      return NULL;
    }

  entry = incident_intake_entry_new (kind, sqlite3_column_int64 (statement, 1), actor,
                                     incident_sqlite_read_text (statement, 4),
                                     incident_sqlite_read_text (statement, 5), body);
  entry->id = (guint64) id;
  return entry;
}

#define SELECT_ENTRY "SELECT id, received_at, kind, actor, format, playbook, body FROM intake WHERE "

static IncidentStatement *
prepare_list (IncidentSqlite  *sqlite,
              const char      *kind,
              GError         **error)
{
  if (kind == NULL)
    return incident_sqlite_prepare (sqlite, SELECT_ENTRY "id > ?1 ORDER BY id LIMIT ?2", error);
  if (g_str_equal (kind, "message"))
    return incident_sqlite_prepare (sqlite, SELECT_ENTRY "kind = ?3 AND id > ?1 ORDER BY id LIMIT ?2", error);

  return incident_sqlite_prepare (sqlite, SELECT_ENTRY "kind = ?3 AND kind <> 'message' AND id > ?1"
                                          " ORDER BY id LIMIT ?2", error);
}

GPtrArray *
incident_sqlite_list_intake (IncidentSqlite  *sqlite,
                             const char      *kind,
                             guint64          after,
                             guint            limit,
                             GError         **error)
{
  g_autoptr(GPtrArray) listed = g_ptr_array_new_with_free_func ((GDestroyNotify) incident_intake_entry_free);
  g_autoptr(IncidentStatement) statement = prepare_list (sqlite, kind, error);
  int status;

  if (statement == NULL)
    return NULL;

  sqlite3_bind_int64 (statement, 1, (gint64) MIN (after, G_MAXINT64));
  sqlite3_bind_int64 (statement, 2, limit);
  if (kind != NULL)
    sqlite3_bind_text (statement, 3, kind, -1, SQLITE_STATIC);
  while ((status = sqlite3_step (statement)) == SQLITE_ROW)
    {
      IncidentIntakeEntry *entry = read_entry (statement, error);

      if (entry == NULL)
        return NULL;
      g_ptr_array_add (listed, entry);
    }

  return incident_sqlite_end (sqlite, status, error) ? g_steal_pointer (&listed) : NULL;
}

gboolean
incident_sqlite_find_intake (IncidentSqlite       *sqlite,
                             guint64               id,
                             IncidentIntakeEntry **entry,
                             GError              **error)
{
  g_autoptr(GPtrArray) next = incident_sqlite_list_intake (sqlite, NULL, id - 1, 1, error);
  const IncidentIntakeEntry *found = next != NULL && next->len > 0 ? g_ptr_array_index (next, 0) : NULL;

  *entry = found != NULL && found->id == id ? incident_intake_entry_copy (found) : NULL;
  return next != NULL;
}

gboolean
incident_sqlite_find_intake_before (IncidentSqlite  *sqlite,
                                    gint64           at,
                                    guint64         *id,
                                    GError         **error)
{
  gint64 value;

  if (!incident_sqlite_query (sqlite, "SELECT id FROM intake WHERE received_at < ?1"
                                      " ORDER BY received_at DESC, id DESC LIMIT 1", &value, error, at, NULL))
    return FALSE;

  *id = (guint64) value;
  return TRUE;
}

#define SELECT_ROWS "SELECT id, active, subject, entry, data FROM alert "

/* Each kind of row from its own index. */
#define SELECT_ROWS_BY_INDEX \
  SELECT_ROWS "WHERE id IN (" \
  "SELECT id FROM (SELECT id FROM alert INDEXED BY alert_active WHERE active AND id > ?2 ORDER BY id LIMIT ?3)" \
  " UNION ALL " \
  "SELECT id FROM (SELECT id FROM alert INDEXED BY alert_ended WHERE NOT active AND entry > ?1 AND id > ?2" \
  " ORDER BY id LIMIT ?3)) ORDER BY id LIMIT ?3"

#define SELECT_ROWS_BY_ID \
  SELECT_ROWS "NOT INDEXED WHERE id > ?2 AND (active OR entry > ?1) ORDER BY id LIMIT ?3"

/* The index sorts all that ended since, for each page anew: where that is most of what
 * there is, it is quicker to pass over the rest. */
static IncidentStatement *
prepare_rows (IncidentSqlite  *sqlite,
              guint64          since,
              GError         **error)
{
  guint64 head;

  if (!incident_sqlite_get_intake_head (sqlite, &head, error))
    return NULL;

  return since < head / 2 ? incident_sqlite_prepare (sqlite, SELECT_ROWS_BY_ID, error)
                          : incident_sqlite_prepare (sqlite, SELECT_ROWS_BY_INDEX, error);
}

static GArray *
list_single_rows (IncidentSqlite  *sqlite,
                  guint64          since,
                  guint64          after,
                  guint            limit,
                  GError         **error)
{
  g_autoptr(GArray) listed = incident_alert_rows_new ();
  g_autoptr(IncidentStatement) statement = prepare_rows (sqlite, since, error);
  int status;

  if (statement == NULL)
    return NULL;

  sqlite3_bind_int64 (statement, 1, (gint64) MIN (since, G_MAXINT64));
  sqlite3_bind_int64 (statement, 2, (gint64) MIN (after, G_MAXINT64));
  sqlite3_bind_int64 (statement, 3, limit);
  while ((status = sqlite3_step (statement)) == SQLITE_ROW)
    {
      IncidentAlertRow row = {
        .id = (guint64) sqlite3_column_int64 (statement, 0),
        .active = sqlite3_column_int (statement, 1) != 0,
        .subject = (guint64) sqlite3_column_int64 (statement, 2),
        .draft = -1,
        .entry = (guint64) sqlite3_column_int64 (statement, 3),
        .data = read_bytes (statement, 4),
      };

      g_array_append_val (listed, row);
    }

  return incident_sqlite_end (sqlite, status, error) ? g_steal_pointer (&listed) : NULL;
}

/* Both are in order, and have no row in common. */
static GArray *
merge_rows (const GArray *left,
            const GArray *right,
            guint         limit)
{
  GArray *merged = incident_alert_rows_new ();
  guint i = 0, j = 0;

  while (merged->len < limit && (i < left->len || j < right->len))
    {
      gboolean is_left = j == right->len
                         || (i < left->len && g_array_index (left, IncidentAlertRow, i).id < g_array_index (right, IncidentAlertRow, j).id);
      IncidentAlertRow row = is_left ? g_array_index (left, IncidentAlertRow, i++) : g_array_index (right, IncidentAlertRow, j++);

      g_bytes_ref (row.data);
      g_array_append_val (merged, row);
    }

  return merged;
}

static GArray *
list_rows (IncidentSqlite  *sqlite,
           guint64          since,
           guint64          after,
           guint            limit,
           GError         **error)
{
  g_autoptr(GArray) single = list_single_rows (sqlite, since, after, limit, error);
  g_autoptr(GArray) paged = single != NULL ? incident_sqlite_list_page_rows (sqlite, since, after, limit, error) : NULL;

  if (paged == NULL)
    return NULL;
  if (paged->len == 0)
    return g_steal_pointer (&single);

  return merge_rows (single, paged, limit);
}

/* As of one moment: a row that left its page meanwhile would be seen in neither place. */
GArray *
incident_sqlite_list_alert_rows (IncidentSqlite  *sqlite,
                                 guint64          since,
                                 guint64          after,
                                 guint            limit,
                                 GError         **error)
{
  GArray *listed;

  if (!incident_sqlite_exec (sqlite->db, "BEGIN", error))
    return NULL;

  listed = list_rows (sqlite, since, after, limit, error);
  sqlite3_exec (sqlite->db, "ROLLBACK", NULL, NULL, NULL);
  return listed;
}

/* What became of a commit */

static gboolean
holds_rows (IncidentSqlite        *sqlite,
            const IncidentCommit  *commit,
            gboolean              *holds,
            GError               **error)
{
  const GArray *rows = commit->intake->rows;
  g_autoptr(IncidentStatement) statement =
    incident_sqlite_prepare (sqlite, "SELECT 1 FROM alert WHERE id = ?1 AND active = ?2 AND subject = ?3 AND entry = ?4"
                                     " AND data = ?5", error);

  if (statement == NULL)
    return FALSE;

  *holds = TRUE;
  for (guint i = 0; *holds && rows != NULL && i < rows->len; i++)
    {
      const IncidentAlertRow row = incident_commit_complete_row (commit, &g_array_index (rows, IncidentAlertRow, i));
      int status;

      bind_row (statement, &row);
      status = sqlite3_step (statement);
      if (!incident_sqlite_end (sqlite, status, error))
        return FALSE;
      *holds = status == SQLITE_ROW;
      sqlite3_reset (statement);
    }

  return TRUE;
}

gboolean
incident_sqlite_holds_intake (IncidentSqlite        *sqlite,
                              const IncidentCommit  *commit,
                              gboolean              *holds,
                              GError               **error)
{
  const IncidentIntakeChange *change = commit->intake;
  g_autoptr(IncidentIntakeEntry) there = NULL;

  /* Of a commit all is there, or nothing. */
  if (change->entry == NULL)
    return holds_rows (sqlite, commit, holds, error);
  if (!incident_sqlite_find_intake (sqlite, change->follows + 1, &there, error))
    return FALSE;

  *holds = there != NULL && incident_intake_entry_equal (there, change->entry);
  return TRUE;
}
