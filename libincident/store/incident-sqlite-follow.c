/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "base/incident-bytes-private.h"
#include "store/incident-sqlite-rows-private.h"

/* How a connection learns what others have written: the log only grows, so it is
 * enough to look behind the last event that is known. */

static gboolean
fail_claim (const char  *claim,
            GError     **error)
{
  g_set_error (error, INCIDENT_ERROR, INCIDENT_ERROR_CORRUPT,
               "The table “case_row” is damaged: %s; keep the file, and restore a backup", claim);
  return FALSE;
}

static gboolean
start (IncidentSqlite  *sqlite,
       guint64          size,
       GError         **error)
{
  IncidentSqliteHeads *heads = &sqlite->heads;
  gint64 applied, n_cases;

  if (heads->started && size >= heads->size)
    return TRUE;
  if (!incident_sqlite_query (sqlite, "SELECT applied FROM store", &applied, error, 0, NULL)
      || !incident_sqlite_query (sqlite, "SELECT max (number) FROM case_row", &n_cases, error, 0, NULL))
    return FALSE;
  if ((guint64) n_cases > INCIDENT_SQLITE_MAX_CASES)
    return fail_claim ("it has a case with an impossible number", error);

  /* Where an older copy was put in the place of the file, nothing holds that was known. */
  incident_sqlite_heads_clear (heads);
  incident_sqlite_heads_init (heads);
  heads->size = heads->applied = applied > 0 && (guint64) applied <= size ? (guint64) applied : 0;
  heads->n_cases = (guint64) n_cases;
  heads->started = TRUE;
  return TRUE;
}

/* Nothing is believed here but which cases have news: what it is, is read and checked
 * when somebody asks for the case. */
static void
note_event (IncidentSqlite *sqlite,
            guint64         number,
            guint32         seq,
            guint64         log_index)
{
  if (number <= INCIDENT_SQLITE_MAX_CASES)
    incident_sqlite_heads_note (&sqlite->heads, number, seq, log_index, FALSE);
}

static void
note_row (IncidentSqlite    *sqlite,
          IncidentStatement *statement)
{
  guint64 log_index = (guint64) sqlite3_column_int64 (statement, 0);
  const guint8 *also = sqlite3_column_blob (statement, 3);
  int n_also = sqlite3_column_bytes (statement, 3) / INCIDENT_SQLITE_PLACE_LENGTH;

  note_event (sqlite, (guint64) sqlite3_column_int64 (statement, 1), (guint32) sqlite3_column_int64 (statement, 2), log_index);
  for (int i = 0; i < n_also; i++, also += INCIDENT_SQLITE_PLACE_LENGTH)
    note_event (sqlite, incident_bytes_get (also, 8), (guint32) incident_bytes_get (also + 8, 4), ++log_index);
  sqlite->heads.size = log_index + 1;
}

gboolean
incident_sqlite_follow (IncidentSqlite  *sqlite,
                        GError         **error)
{
  g_autoptr(IncidentStatement) statement = NULL;
  guint64 size;
  int status;

  if (!incident_sqlite_get_size (sqlite, &size, error) || !start (sqlite, size, error))
    return FALSE;
  if (size == sqlite->heads.size)
    return TRUE;

  statement = incident_sqlite_prepare (sqlite, "SELECT log_index, subject, seq, also FROM event WHERE log_index >= ?1"
                                               " ORDER BY log_index", error);
  if (statement == NULL)
    return FALSE;
  sqlite3_bind_int64 (statement, 1, (gint64) sqlite->heads.size);
  while ((status = sqlite3_step (statement)) == SQLITE_ROW)
    note_row (sqlite, statement);

  return incident_sqlite_end (sqlite, status, error);
}

gboolean
incident_sqlite_find_head (IncidentSqlite      *sqlite,
                           guint64              number,
                           IncidentSqliteHead **head,
                           GError             **error)
{
  g_autoptr(IncidentStatement) statement = NULL;
  int status;

  *head = NULL;
  if (number == 0 || number > sqlite->heads.n_cases)
    return TRUE;
  *head = incident_sqlite_heads_get (&sqlite->heads, number);
  if ((*head)->version > 0)
    return TRUE;

  statement = incident_sqlite_prepare (sqlite, "SELECT version, last, open FROM case_row WHERE number = ?1", error);
  if (statement == NULL)
    return FALSE;
  sqlite3_bind_int64 (statement, 1, (gint64) number);
  status = sqlite3_step (statement);
  if (status == SQLITE_ROW && sqlite3_column_int64 (statement, 0) < 1)
    return fail_claim ("it has a case without an event", error);
  if (status == SQLITE_ROW)
    {
      (*head)->version = (guint32) sqlite3_column_int64 (statement, 0);
      (*head)->last = (guint64) sqlite3_column_int64 (statement, 1);
      (*head)->open_in_row = sqlite3_column_int (statement, 2) ? 2 : 1;
    }
  else
    *head = NULL;

  return incident_sqlite_end (sqlite, status, error);
}

gboolean
incident_sqlite_find_state (IncidentSqlite      *sqlite,
                            guint64              number,
                            IncidentSqliteHead **head,
                            GError             **error)
{
  g_autoptr(GPtrArray) records = NULL;

  if (!incident_sqlite_find_head (sqlite, number, head, error))
    return FALSE;
  if (*head == NULL || (*head)->state.version == (*head)->version)
    return TRUE;

  records = incident_sqlite_load_chain (sqlite, number, (*head)->state.version, (*head)->last, (*head)->version, error);
  for (guint i = 0; records != NULL && i < records->len; i++)
    {
      IncidentRecord *record = g_ptr_array_index (records, i);
      IncidentEffect effect;

      incident_effect_read (&effect, record->facts);
      incident_sqlite_head_fold (*head, record->seq, record->actor, record->occurred_at, record->recorded_at,
                                 &effect);
    }

  return records != NULL;
}
