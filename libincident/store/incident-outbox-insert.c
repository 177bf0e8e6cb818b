/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "store/incident-outbox-table-private.h"

#include <string.h>

/* How a new message becomes a row, or joins one that waits. */

/* Of the cases that one draft tells of, the one that the message names. Mostly they come in the same order. */
static guint32
find_seq (const IncidentRecord *draft,
          guint64               subject,
          guint                *place)
{
  guint n = draft->also != NULL ? draft->also->len : 0;

  for (guint i = 0; i < n; i++)
    {
      const IncidentPlace *other = &g_array_index (draft->also, IncidentPlace, (*place + i) % n);

      if (other->subject != subject)
        continue;
      *place = (*place + i) % n;
      return other->seq;
    }

  return 0;
}

/* What a commit that failed left there counts for nothing. */
static void
complete_row (IncidentOutboxRow    *row,
              const IncidentCommit *commit,
              guint                *place)
{
  const IncidentRecord *draft;

  if (row->draft < 0)
    return;

  g_assert ((guint) row->draft < commit->drafts->len);
  draft = g_ptr_array_index (commit->drafts, (guint) row->draft);
  row->seq = row->subject != 0 && row->subject != draft->subject ? find_seq (draft, row->subject, place) : 0;
  if (row->seq > 0)
    return;

  row->subject = draft->subject;
  row->seq = draft->seq;
}

/* “%c” is the case. */
static char *
expand (const char *text,
        guint64     subject)
{
  g_autofree char *id = NULL;
  g_auto(GStrv) parts = NULL;

  if (text == NULL || subject == 0 || strstr (text, "%c") == NULL)
    return g_strdup (text);

  id = g_strdup_printf ("INC-%" G_GUINT64_FORMAT, subject);
  parts = g_strsplit (text, "%c", -1);
  return g_strjoinv (id, parts);
}

/* What is taken in by one that may have arrived is lost if it has. */
static gboolean
find_pending (IncidentSqlite           *sqlite,
              const IncidentOutboxRow  *row,
              const char               *coalesce,
              guint64                  *id,
              char                    **lane,
              GError                  **error)
{
  g_autoptr(IncidentStatement) statement =
    incident_sqlite_prepare (sqlite, "SELECT id, lane FROM outbox WHERE channel = ?1 AND coalesce_key = ?2 AND state = 0"
                                     " AND unsure_since IS NULL ORDER BY id DESC LIMIT 1", error);
  int status;

  *id = 0;
  if (statement == NULL)
    return FALSE;

  sqlite3_bind_text (statement, 1, row->channel, -1, SQLITE_STATIC);
  sqlite3_bind_text (statement, 2, coalesce, -1, SQLITE_STATIC);
  status = sqlite3_step (statement);
  if (status == SQLITE_ROW)
    {
      *id = (guint64) sqlite3_column_int64 (statement, 0);
      *lane = g_strdup ((const char *) sqlite3_column_text (statement, 1));
    }
  return incident_sqlite_end (sqlite, status, error);
}

/* One that was tried already waits for as long as it was told to. */
static gboolean
take_in (IncidentSqlite           *sqlite,
         guint64                   id,
         const IncidentOutboxRow  *row,
         const char               *lane,
         GError                  **error)
{
  g_autoptr(IncidentStatement) statement =
    incident_sqlite_prepare (sqlite, "UPDATE outbox SET body = ?2, seq = ?3, episode = ?4,"
                                     " not_before = max (min (?5, no_later), CASE WHEN attempts > 0 THEN not_before ELSE min (?5, no_later) END),"
                                     " expires_at = max (expires_at, ?6), changed_at = ?7 WHERE id = ?1", error);

  if (statement == NULL)
    return FALSE;

  sqlite3_bind_int64 (statement, 1, (gint64) id);
  sqlite3_bind_text (statement, 2, row->body, -1, SQLITE_STATIC);
  sqlite3_bind_int64 (statement, 3, row->seq);
  sqlite3_bind_int64 (statement, 4, row->episode);
  sqlite3_bind_int64 (statement, 5, row->not_before);
  sqlite3_bind_int64 (statement, 6, row->expires_at);
  sqlite3_bind_int64 (statement, 7, row->created_at);
  return incident_sqlite_end (sqlite, sqlite3_step (statement), error)
         && incident_outbox_refresh_lane (sqlite, row->channel, lane, 0, error);
}

/* It is the last of its lane. */
static gboolean
join_lane (IncidentSqlite           *sqlite,
           const IncidentOutboxRow  *row,
           GError                  **error)
{
  g_autoptr(IncidentStatement) statement =
    incident_sqlite_prepare (sqlite, "INSERT INTO outbox_lane (channel, lane, token, head, priority, due) VALUES (?1, ?2, 0, ?3, ?4, ?5)"
                                     " ON CONFLICT (channel, lane) DO UPDATE SET head = ?3, priority = ?4, due = ?5 WHERE head IS NULL",
                             error);

  if (statement == NULL)
    return FALSE;

  sqlite3_bind_text (statement, 1, row->channel, -1, SQLITE_STATIC);
  sqlite3_bind_text (statement, 2, row->lane, -1, SQLITE_STATIC);
  if (row->state < INCIDENT_MESSAGE_STATE_SENT)
    {
      sqlite3_bind_int64 (statement, 3, (gint64) row->id);
      sqlite3_bind_int64 (statement, 4, row->priority);
      sqlite3_bind_int64 (statement, 5, row->not_before);
    }
  return incident_sqlite_end (sqlite, sqlite3_step (statement), error);
}

static gboolean
insert_row (IncidentSqlite     *sqlite,
            IncidentOutboxRow  *row,
            const char         *lane,
            const char         *coalesce,
            GError            **error)
{
  g_autoptr(IncidentStatement) statement =
    incident_sqlite_prepare (sqlite, "INSERT INTO outbox (" INCIDENT_OUTBOX_COLUMNS ") VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8,"
                                     " ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18, ?19, ?20, ?21, ?22, ?23, ?24, ?25, ?26,"
                                     " ?27, ?28, ?29)", error);
  IncidentOutboxRow stored = *row;
  gint64 last;

  if (statement == NULL || !incident_sqlite_query (sqlite, "SELECT max (id) FROM outbox", &last, error, 0, NULL))
    return FALSE;

  row->id = stored.id = (guint64) last + 1;
  stored.lane = (char *) lane;
  stored.coalesce = (char *) coalesce;
  incident_outbox_bind_row (statement, &stored);
  return incident_sqlite_end (sqlite, sqlite3_step (statement), error)
         && incident_outbox_add_count (sqlite, row->channel, row->state, 1, error)
         && join_lane (sqlite, &stored, error);
}

gboolean
incident_outbox_insert (IncidentSqlite        *sqlite,
                        const IncidentCommit  *commit,
                        IncidentOutboxRow     *row,
                        guint                 *place,
                        GError               **error)
{
  g_autofree char *lane = NULL;
  g_autofree char *coalesce = NULL;
  g_autofree char *pending_lane = NULL;
  gint64 same;

  complete_row (row, commit, place);
  if (!incident_sqlite_query (sqlite, "SELECT id FROM outbox WHERE key = ?2", &same, error, 0, row->key))
    return FALSE;
  row->id = (guint64) same;
  if (same != 0)
    return TRUE;

  lane = expand (row->lane, row->subject);
  coalesce = expand (row->coalesce, row->subject);
  if (coalesce != NULL && !find_pending (sqlite, row, coalesce, &row->id, &pending_lane, error))
    return FALSE;

  return row->id != 0 ? take_in (sqlite, row->id, row, pending_lane, error) : insert_row (sqlite, row, lane, coalesce, error);
}
