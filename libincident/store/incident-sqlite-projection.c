/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "store/incident-sqlite-rows-private.h"

#include <libincident/incident-severity.h>

#include <libincident/incident-time.h>

static IncidentFold *
fold_case (IncidentSqlite  *sqlite,
           guint64          number,
           GError         **error)
{
  g_autoptr(GPtrArray) records = incident_sqlite_load_case (sqlite, number, 0, error);
  IncidentFold *state;

  if (records == NULL)
    return NULL;

  state = incident_fold_new ();
  for (guint i = 0; i < records->len; i++)
    incident_fold_apply (state, g_ptr_array_index (records, i));

  return state;
}

static gboolean
write_case_row (IncidentSqlite       *sqlite,
                const IncidentFold  *state,
                GError              **error)
{
  g_autoptr(IncidentStatement) statement =
    incident_sqlite_prepare (sqlite, "INSERT OR REPLACE INTO case_row (number, version, title, phase, open, severity, service,"
                 " opened_at, updated_at, closed_at) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)", error);

  if (statement == NULL)
    return FALSE;
  sqlite3_bind_int64 (statement, 1, (gint64) state->number);
  sqlite3_bind_int64 (statement, 2, state->state.version);
  sqlite3_bind_text (statement, 3, state->title, -1, SQLITE_STATIC);
  sqlite3_bind_text (statement, 4, state->state.phase, -1, SQLITE_STATIC);
  sqlite3_bind_int (statement, 5, state->state.open);
  sqlite3_bind_text (statement, 6, incident_severity_to_string ((IncidentSeverity) state->state.severity), -1, SQLITE_STATIC);
  sqlite3_bind_text (statement, 7, state->state.service, -1, SQLITE_STATIC);
  sqlite3_bind_int64 (statement, 8, state->opened_at);
  sqlite3_bind_int64 (statement, 9, state->updated_at);
  if (state->closed_at != INCIDENT_TIME_NONE)
    sqlite3_bind_int64 (statement, 10, state->closed_at);
  return incident_sqlite_end (sqlite, sqlite3_step (statement), error);
}

static gboolean
project_in_transaction (IncidentSqlite  *sqlite,
                        GError         **error)
{
  g_autoptr(IncidentStatement) touched =
    incident_sqlite_prepare (sqlite, "SELECT DISTINCT subject FROM event WHERE log_index >= (SELECT applied FROM store)", error);
  int status;

  if (touched == NULL)
    return FALSE;
  while ((status = sqlite3_step (touched)) == SQLITE_ROW)
    {
      g_autoptr(IncidentFold) state =
        fold_case (sqlite, (guint64) sqlite3_column_int64 (touched, 0), error);

      if (state == NULL || !write_case_row (sqlite, state, error))
        return FALSE;
    }

  return incident_sqlite_end (sqlite, status, error)
         && incident_sqlite_exec (sqlite->db, "UPDATE store SET applied = (SELECT max (log_index) + 1 FROM event)", error);
}

gboolean
incident_sqlite_project (IncidentSqlite  *sqlite,
                         GError         **error)
{
  gint64 behind;

  if (!incident_sqlite_query (sqlite, "SELECT coalesce ((SELECT max (log_index) + 1 FROM event), 0) > applied FROM store",
                              &behind, error, 0, NULL))
    return FALSE;
  if (!behind)
    return TRUE;

  if (!incident_sqlite_exec (sqlite->db, "BEGIN IMMEDIATE", error))
    return FALSE;
  if (project_in_transaction (sqlite, error) && incident_sqlite_exec (sqlite->db, "COMMIT", error))
    return TRUE;

  sqlite3_exec (sqlite->db, "ROLLBACK", NULL, NULL, NULL);
  return FALSE;
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

GArray *
incident_sqlite_find_in_log (IncidentSqlite  *sqlite,
                             IncidentQuery   *query,
                             GError         **error)
{
  g_autoptr(GArray) numbers = g_array_new (FALSE, FALSE, sizeof (guint64));
  gint64 last;

  if (!incident_sqlite_query (sqlite, "SELECT max (subject) FROM event", &last, error, 0, NULL))
    return NULL;
  if (query->before != 0 && query->before <= (guint64) last)
    last = (gint64) query->before - 1;

  for (guint64 number = (guint64) last; number >= 1 && numbers->len < query->limit; number--)
    {
      g_autoptr(IncidentFold) state = fold_case (sqlite, number, error);

      if (state == NULL)
        return NULL;
      if (incident_query_matches (query, number, &state->state, state->opened_at))
        g_array_append_val (numbers, number);
    }

  return g_steal_pointer (&numbers);
}
