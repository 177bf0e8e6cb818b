/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "store/incident-sqlite-rows-private.h"

#include <libincident/incident-severity.h>
#include <libincident/incident-time.h>

/* case_row is what queries read. It is behind the log, and knows how far: what is
 * behind is brought up to date in bulk, in the order in which the rows lie. */

static void
bind_state (IncidentStatement        *statement,
            guint64                   number,
            const IncidentSqliteHead *head)
{
  sqlite3_bind_int64 (statement, 1, (gint64) number);
  sqlite3_bind_int64 (statement, 2, head->version);
  sqlite3_bind_int64 (statement, 3, (gint64) head->last);
  sqlite3_bind_text (statement, 4, head->state.phase, -1, SQLITE_STATIC);
  sqlite3_bind_text (statement, 5, incident_severity_to_string ((IncidentSeverity) head->state.severity), -1, SQLITE_STATIC);
  sqlite3_bind_text (statement, 6, head->state.service, -1, SQLITE_STATIC);
  sqlite3_bind_int64 (statement, 7, head->updated_at);
  if (head->closed_at != INCIDENT_TIME_NONE)
    sqlite3_bind_int64 (statement, 8, head->closed_at);
}

gboolean
incident_sqlite_insert_case_row (IncidentSqlite  *sqlite,
                                 IncidentRecord  *opened,
                                 GError         **error)
{
  IncidentSqliteHead *head = incident_sqlite_heads_get (&sqlite->heads, opened->subject);
  g_autofree char *title = incident_record_dup_string (opened, "title");
  g_autoptr(IncidentStatement) statement =
    incident_sqlite_prepare (sqlite, "INSERT INTO case_row (number, version, last, phase, severity, service, updated_at,"
                             " closed_at, open, title, opened_at) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)",
                             error);

  if (statement == NULL)
    return FALSE;
  bind_state (statement, opened->subject, head);
  sqlite3_bind_int (statement, 9, head->state.open);
  sqlite3_bind_text (statement, 10, title != NULL ? title : "(withheld)", -1, SQLITE_STATIC);
  sqlite3_bind_int64 (statement, 11, opened->occurred_at);
  head->open_in_row = head->state.open ? 2 : 1;
  return incident_sqlite_end (sqlite, sqlite3_step (statement), error);
}

/* The row is gone: who can delete it can also say that nothing is applied yet. */
static gboolean
restore_row (IncidentSqlite      *sqlite,
             guint64              number,
             IncidentSqliteHead  *head,
             GError             **error)
{
  g_autoptr(GPtrArray) records = incident_sqlite_load_chain (sqlite, number, 0, head->last, head->version, error);

  return records != NULL && incident_sqlite_insert_case_row (sqlite, g_ptr_array_index (records, 0), error);
}

/* The column “open” is in an index, so it is left alone where it stays. */
static gboolean
update_row (IncidentSqlite      *sqlite,
            guint64              number,
            IncidentSqliteHead  *head,
            GError             **error)
{
  guint8 open_now = head->state.open ? 2 : 1;
  g_autoptr(IncidentStatement) statement = head->open_in_row == open_now
    ? incident_sqlite_prepare (sqlite, "UPDATE case_row SET version = ?2, last = ?3, phase = ?4, severity = ?5,"
                               " service = ?6, updated_at = ?7, closed_at = ?8 WHERE number = ?1", error)
    : incident_sqlite_prepare (sqlite, "UPDATE case_row SET version = ?2, last = ?3, phase = ?4, severity = ?5,"
                               " service = ?6, updated_at = ?7, closed_at = ?8, open = ?9 WHERE number = ?1", error);

  if (statement == NULL)
    return FALSE;
  bind_state (statement, number, head);
  if (head->open_in_row != open_now)
    sqlite3_bind_int (statement, 9, head->state.open);
  head->open_in_row = open_now;
  if (!incident_sqlite_end (sqlite, sqlite3_step (statement), error))
    return FALSE;

  return sqlite3_changes (sqlite->db) > 0 || restore_row (sqlite, number, head, error);
}

static int
compare_numbers (gconstpointer a,
                 gconstpointer b)
{
  guint64 left = *(const guint64 *) a;
  guint64 right = *(const guint64 *) b;

  return left > right ? -1 : left < right;
}

/* What changes from now on is for the next time. */
static void
begin_sweep (IncidentSqliteHeads *heads)
{
  GArray *swept = heads->swept;

  if (swept->len > 0)
    return;

  heads->swept = heads->dirty;
  heads->dirty = swept;
  heads->swept_to = heads->size;
  g_array_sort (heads->swept, compare_numbers);
  for (guint i = 0; i < heads->swept->len; i++)
    incident_sqlite_heads_get (heads, g_array_index (heads->swept, guint64, i))->dirty = FALSE;
}

/* Case by case, the events lie all over the file: many are better folded in one go. */
static gboolean
fold_many (IncidentSqlite  *sqlite,
           GError         **error)
{
  enum { MANY = 256 };
  IncidentSqliteHeads *heads = &sqlite->heads;
  guint n = 0;

  for (guint i = 0; i < heads->swept->len && n < MANY; i++)
    if (incident_sqlite_heads_get (heads, g_array_index (heads->swept, guint64, i))->state.version == 0)
      n++;

  return n < MANY || incident_sqlite_fold_all (sqlite, error);
}

static gboolean
sweep (IncidentSqlite  *sqlite,
       guint            max_cases,
       GError         **error)
{
  IncidentSqliteHeads *heads = &sqlite->heads;

  begin_sweep (heads);
  if (!fold_many (sqlite, error))
    return FALSE;
  for (guint i = 0; i < max_cases && heads->swept->len > 0; i++)
    {
      guint64 number = g_array_index (heads->swept, guint64, heads->swept->len - 1);
      IncidentSqliteHead *head;

      if (!incident_sqlite_find_state (sqlite, number, &head, error)
          || (head != NULL && !update_row (sqlite, number, head, error)))
        return FALSE;
      g_array_set_size (heads->swept, heads->swept->len - 1);
    }
  if (heads->swept->len > 0)
    return TRUE;

  heads->applied = heads->swept_to;
  return incident_sqlite_query (sqlite, "UPDATE store SET applied = max (applied, ?1)", NULL, error,
                                (gint64) heads->swept_to, NULL);
}

static gboolean
is_behind (IncidentSqliteHeads *heads)
{
  return heads->swept->len > 0 || heads->dirty->len > 0 || heads->size > heads->applied;
}

/* Up to @max_cases; all: what a sweep has left too, and then the rest. */
static gboolean
project_in_transaction (IncidentSqlite  *sqlite,
                        guint            max_cases,
                        GError         **error)
{
  if (!incident_sqlite_follow (sqlite, error) || !sweep (sqlite, max_cases, error))
    return FALSE;

  return max_cases != G_MAXUINT || !is_behind (&sqlite->heads) || sweep (sqlite, max_cases, error);
}

/* Somebody wants the rows to be made anew. */
static gboolean
notice_reset (IncidentSqlite  *sqlite,
              GError         **error)
{
  gint64 applied;

  if (!incident_sqlite_query (sqlite, "SELECT applied FROM store", &applied, error, 0, NULL))
    return FALSE;
  if ((guint64) applied >= sqlite->heads.applied)
    return TRUE;

  incident_sqlite_heads_clear (&sqlite->heads);
  incident_sqlite_heads_init (&sqlite->heads);
  return TRUE;
}

gboolean
incident_sqlite_project_some (IncidentSqlite  *sqlite,
                              guint            max_cases,
                              GError         **error)
{
  if (!notice_reset (sqlite, error) || !incident_sqlite_follow (sqlite, error))
    return FALSE;
  if (!is_behind (&sqlite->heads))
    return TRUE;

  if (!incident_sqlite_exec (sqlite->db, "BEGIN IMMEDIATE", error))
    return FALSE;
  if (project_in_transaction (sqlite, max_cases, error) && incident_sqlite_exec (sqlite->db, "COMMIT", error))
    return TRUE;

  sqlite3_exec (sqlite->db, "ROLLBACK", NULL, NULL, NULL);
  incident_sqlite_heads_clear (&sqlite->heads);
  incident_sqlite_heads_init (&sqlite->heads);
  return FALSE;
}

gboolean
incident_sqlite_project (IncidentSqlite  *sqlite,
                         GError         **error)
{
  return incident_sqlite_project_some (sqlite, G_MAXUINT, error);
}

GArray *
incident_sqlite_find_in_projection (IncidentSqlite  *sqlite,
                                    IncidentQuery   *query,
                                    GError         **error)
{
  g_autoptr(GArray) numbers = g_array_new (FALSE, FALSE, sizeof (guint64));
  g_autoptr(IncidentStatement) statement =
    incident_sqlite_prepare (sqlite, "SELECT number FROM case_row WHERE number < ?1 AND (NOT ?2 OR open)"
                 " AND (?3 IS NULL OR phase = ?3) AND (?4 IS NULL OR service = ?4) AND opened_at >= ?5"
                 " ORDER BY number DESC LIMIT ?6", error);
  int status;

  if (statement == NULL)
    return NULL;
  sqlite3_bind_int64 (statement, 1, query->before != 0 ? (gint64) MIN (query->before, G_MAXINT64) : G_MAXINT64);
  sqlite3_bind_int (statement, 2, query->open_only);
  sqlite3_bind_text (statement, 3, query->phase, -1, SQLITE_STATIC);
  sqlite3_bind_text (statement, 4, query->service, -1, SQLITE_STATIC);
  sqlite3_bind_int64 (statement, 5, query->since);
  sqlite3_bind_int64 (statement, 6, query->limit);
  while ((status = sqlite3_step (statement)) == SQLITE_ROW)
    {
      guint64 number = (guint64) sqlite3_column_int64 (statement, 0);

      g_array_append_val (numbers, number);
    }

  return incident_sqlite_end (sqlite, status, error) ? g_steal_pointer (&numbers) : NULL;
}

static gint64
get_opened_at (IncidentSqlite *sqlite,
               guint64         number)
{
  gint64 opened_at = 0;

  incident_sqlite_query (sqlite, "SELECT opened_at FROM case_row WHERE number = ?1", &opened_at, NULL, (gint64) number, NULL);
  return opened_at;
}

GArray *
incident_sqlite_find_in_log (IncidentSqlite  *sqlite,
                             IncidentQuery   *query,
                             GError         **error)
{
  g_autoptr(GArray) numbers = g_array_new (FALSE, FALSE, sizeof (guint64));
  guint64 last;

  if (!incident_sqlite_follow (sqlite, error))
    return NULL;
  last = sqlite->heads.n_cases;
  if (query->before != 0 && query->before <= last)
    last = query->before - 1;

  for (guint64 number = last; number >= 1 && numbers->len < query->limit; number--)
    {
      IncidentSqliteHead *head;

      if (!incident_sqlite_find_state (sqlite, number, &head, error))
        return NULL;
      if (head != NULL && incident_query_matches (query, number, &head->state, get_opened_at (sqlite, number)))
        g_array_append_val (numbers, number);
    }

  return g_steal_pointer (&numbers);
}
