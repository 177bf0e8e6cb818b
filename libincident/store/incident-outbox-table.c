/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "store/incident-outbox-table-private.h"

#include <libincident/incident-time.h>

/* Rows, one by one and many. */

gboolean
incident_outbox_fail_damaged (guint64   id,
                              GError  **error)
{
  g_set_error (error, INCIDENT_ERROR, INCIDENT_ERROR_CORRUPT,
               "Message %" G_GUINT64_FORMAT " of the outbox is not as it was written: keep the file, and restore a backup", id);
  return FALSE;
}

static char *
dup_text (IncidentStatement *statement,
          int                column)
{
  return g_strdup (incident_sqlite_read_text (statement, column));
}

static void
read_texts (IncidentOutboxRow *row,
            IncidentStatement *statement)
{
  row->key = dup_text (statement, 1);
  row->channel = dup_text (statement, 7);
  row->lane = dup_text (statement, 8);
  row->body = dup_text (statement, 10);
  row->recipient = dup_text (statement, 11);
  row->coalesce = dup_text (statement, 12);
  row->after = dup_text (statement, 13);
  row->external_id = dup_text (statement, 23);
  row->conversation = dup_text (statement, 24);
  row->permalink = dup_text (statement, 25);
  row->trouble = dup_text (statement, 26);
  row->log = dup_text (statement, 28);
}

/* FALSE: it cannot be one of so many. */
static gboolean
read_number (IncidentStatement *statement,
             int                column,
             guint              last,
             guint             *value)
{
  gint64 number = sqlite3_column_int64 (statement, column);

  *value = (guint) number;
  return number >= 0 && number <= last;
}

IncidentOutboxRow *
incident_outbox_read_row (IncidentStatement  *statement,
                          GError            **error)
{
  g_autoptr(IncidentOutboxRow) row = incident_outbox_row_new ();
  gboolean good;

  row->id = (guint64) sqlite3_column_int64 (statement, 0);
  row->subject = (guint64) sqlite3_column_int64 (statement, 2);
  row->created_at = sqlite3_column_int64 (statement, 14);
  row->not_before = sqlite3_column_int64 (statement, 15);
  row->no_later = sqlite3_column_int64 (statement, 16);
  row->expires_at = sqlite3_column_int64 (statement, 17);
  if (sqlite3_column_type (statement, 21) != SQLITE_NULL)
    row->unsure_since = sqlite3_column_int64 (statement, 21);
  row->token = (guint64) sqlite3_column_int64 (statement, 22);
  row->changed_at = sqlite3_column_int64 (statement, 27);
  read_texts (row, statement);
  good = read_number (statement, 3, G_MAXUINT32, &row->seq)
         && read_number (statement, 4, G_MAXUINT32, &row->episode)
         && read_number (statement, 5, INCIDENT_WANTED_UNACKNOWLEDGED, (guint *) &row->wanted)
         && read_number (statement, 6, INCIDENT_MESSAGE_KIND_PAGE, (guint *) &row->kind)
         && read_number (statement, 9, INCIDENT_OUTBOX_TIDY, (guint *) &row->priority)
         && read_number (statement, 18, G_MAXUINT, &row->most_attempts)
         && read_number (statement, 19, INCIDENT_MESSAGE_STATE_DEAD, (guint *) &row->state)
         && read_number (statement, 20, G_MAXUINT, &row->attempts);
  if (good && row->key != NULL && row->channel != NULL && row->lane != NULL && row->body != NULL)
    return g_steal_pointer (&row);

  incident_outbox_fail_damaged (row->id, error);
  return NULL;
}

static void
bind_text (IncidentStatement *statement,
           int                place,
           const char        *text)
{
  sqlite3_bind_text (statement, place, text, -1, SQLITE_STATIC);
}

void
incident_outbox_bind_row (IncidentStatement       *statement,
                          const IncidentOutboxRow *row)
{
  sqlite3_bind_int64 (statement, 1, (gint64) row->id);
  bind_text (statement, 2, row->key);
  sqlite3_bind_int64 (statement, 3, (gint64) row->subject);
  sqlite3_bind_int64 (statement, 4, row->seq);
  sqlite3_bind_int64 (statement, 5, row->episode);
  sqlite3_bind_int64 (statement, 6, row->wanted);
  sqlite3_bind_int64 (statement, 7, row->kind);
  bind_text (statement, 8, row->channel);
  bind_text (statement, 9, row->lane);
  sqlite3_bind_int64 (statement, 10, row->priority);
  bind_text (statement, 11, row->body);
  bind_text (statement, 12, row->recipient);
  bind_text (statement, 13, row->coalesce);
  bind_text (statement, 14, row->after);
  sqlite3_bind_int64 (statement, 15, row->created_at);
  sqlite3_bind_int64 (statement, 16, row->not_before);
  sqlite3_bind_int64 (statement, 17, row->no_later);
  sqlite3_bind_int64 (statement, 18, row->expires_at);
  sqlite3_bind_int64 (statement, 19, row->most_attempts);
  sqlite3_bind_int64 (statement, 20, row->state);
  sqlite3_bind_int64 (statement, 21, row->attempts);
  if (row->unsure_since != INCIDENT_TIME_NONE)
    sqlite3_bind_int64 (statement, 22, row->unsure_since);
  sqlite3_bind_int64 (statement, 23, (gint64) row->token);
  bind_text (statement, 24, row->external_id);
  bind_text (statement, 25, row->conversation);
  bind_text (statement, 26, row->permalink);
  bind_text (statement, 27, row->trouble);
  sqlite3_bind_int64 (statement, 28, row->changed_at);
  bind_text (statement, 29, row->log);
}

/* The one row that it selects, if there is one. */
static IncidentOutboxRow *
read_one (IncidentSqlite     *sqlite,
          IncidentStatement  *statement,
          GError            **error)
{
  int status = sqlite3_step (statement);

  if (status == SQLITE_ROW)
    return incident_outbox_read_row (statement, error);

  incident_sqlite_end (sqlite, status, error);
  return NULL;
}

#define SELECT_ROW "SELECT " INCIDENT_OUTBOX_COLUMNS " FROM outbox "

IncidentOutboxRow *
incident_outbox_find (IncidentSqlite  *sqlite,
                      guint64          id,
                      const char      *key,
                      GError         **error)
{
  g_autoptr(IncidentStatement) statement =
    id != 0 ? incident_sqlite_prepare (sqlite, SELECT_ROW "WHERE id = ?1", error)
            : incident_sqlite_prepare (sqlite, SELECT_ROW "WHERE key = ?1", error);

  if (statement == NULL)
    return NULL;

  if (id != 0)
    sqlite3_bind_int64 (statement, 1, (gint64) id);
  else
    bind_text (statement, 1, key);
  return read_one (sqlite, statement, error);
}

#define SENT "subject = ?1 AND channel = ?2 AND state = 3"
/* “+?”, since some indexes are for one kind or state alone: a plan that depends on the value is made anew each time. */
#define SENT_KIND "subject = ?1 AND channel = ?2 AND kind = +?3 AND state = 3"

static IncidentStatement *
prepare_find_sent (IncidentSqlite  *sqlite,
                   int              kind,
                   GError         **error)
{
  if (kind < 0)
    return incident_sqlite_prepare (sqlite, SELECT_ROW "WHERE " SENT " ORDER BY id LIMIT 1", error);
  if (kind != INCIDENT_MESSAGE_KIND_CARD && kind != INCIDENT_MESSAGE_KIND_ANNOUNCEMENT)
    return incident_sqlite_prepare (sqlite, SELECT_ROW "WHERE " SENT_KIND " ORDER BY id LIMIT 1", error);

  /* Who deletes one finds it written anew: from then on that is the one that changes. */
  return incident_sqlite_prepare (sqlite, SELECT_ROW "WHERE " SENT_KIND " AND external_id IS (SELECT external_id FROM outbox WHERE "
                                          SENT_KIND " AND external_id IS NOT NULL ORDER BY id DESC LIMIT 1) ORDER BY id LIMIT 1",
                                  error);
}

IncidentOutboxRow *
incident_outbox_find_sent (IncidentSqlite  *sqlite,
                           guint64          subject,
                           const char      *channel,
                           int              kind,
                           GError         **error)
{
  g_autoptr(IncidentStatement) statement = prepare_find_sent (sqlite, kind, error);

  if (statement == NULL)
    return NULL;

  sqlite3_bind_int64 (statement, 1, (gint64) subject);
  bind_text (statement, 2, channel);
  if (kind >= 0)
    sqlite3_bind_int (statement, 3, kind);
  return read_one (sqlite, statement, error);
}

gboolean
incident_outbox_find_conversation (IncidentSqlite  *sqlite,
                                   const char      *channel,
                                   const char      *conversation,
                                   guint64         *subject,
                                   GError         **error)
{
  g_autoptr(IncidentStatement) statement =
    incident_sqlite_prepare (sqlite, "SELECT subject FROM outbox WHERE channel = ?1 AND conversation = ?2 AND kind = 1 AND state = 3"
                                     " ORDER BY id DESC LIMIT 1", error);
  int status;

  if (statement == NULL)
    return FALSE;

  bind_text (statement, 1, channel);
  bind_text (statement, 2, conversation);
  status = sqlite3_step (statement);
  *subject = status == SQLITE_ROW ? (guint64) sqlite3_column_int64 (statement, 0) : 0;
  return incident_sqlite_end (sqlite, status, error);
}

/* Listing */

typedef gboolean (*SpotFunc) (IncidentSqlite  *sqlite,
                              const char      *channel,
                              guint            state,
                              gpointer         data,
                              GError         **error);

/* Each channel and state that a message was ever in. */
static gboolean
visit_spots (IncidentSqlite  *sqlite,
             const char      *channel,
             SpotFunc         visit,
             gpointer         data,
             GError         **error)
{
  g_autoptr(IncidentStatement) statement =
    incident_sqlite_prepare (sqlite, "SELECT channel, state FROM outbox_count WHERE n > 0", error);
  int status;

  if (statement == NULL)
    return FALSE;

  while ((status = sqlite3_step (statement)) == SQLITE_ROW)
    {
      const char *here = (const char *) sqlite3_column_text (statement, 0);

      if ((channel == NULL || g_strcmp0 (channel, here) == 0)
          && !visit (sqlite, here, (guint) sqlite3_column_int (statement, 1), data, error))
        return FALSE;
    }

  return incident_sqlite_end (sqlite, status, error);
}

typedef struct
{
  const IncidentOutboxQuery *query;
  GArray                    *ids;  /* guint64 */
} Listing;

static gboolean
list_spot (IncidentSqlite  *sqlite,
           const char      *channel,
           guint            state,
           gpointer         data,
           GError         **error)
{
  Listing *self = data;
  g_autoptr(IncidentStatement) statement = NULL;
  int status;

  if ((self->query->states >> state & 1) == 0)
    return TRUE;

  statement = incident_sqlite_prepare (sqlite, "SELECT id FROM outbox WHERE channel = ?1 AND state = +?2 AND state <> 3"
                                               " AND id > ?3 ORDER BY id LIMIT ?4", error);
  if (statement == NULL)
    return FALSE;
  bind_text (statement, 1, channel);
  sqlite3_bind_int64 (statement, 2, state);
  sqlite3_bind_int64 (statement, 3, (gint64) MIN (self->query->after, G_MAXINT64));
  sqlite3_bind_int64 (statement, 4, self->query->limit);
  while ((status = sqlite3_step (statement)) == SQLITE_ROW)
    {
      guint64 id = (guint64) sqlite3_column_int64 (statement, 0);

      g_array_append_val (self->ids, id);
    }

  return incident_sqlite_end (sqlite, status, error);
}

static int
compare_ids (gconstpointer a,
             gconstpointer b)
{
  guint64 left = *(const guint64 *) a, right = *(const guint64 *) b;

  return (left > right) - (left < right);
}

/* Without a look at those that were sent. */
static gboolean
list_not_sent (IncidentSqlite             *sqlite,
               const IncidentOutboxQuery  *query,
               GPtrArray                  *listed,
               GError                    **error)
{
  g_autoptr(GArray) ids = g_array_new (FALSE, FALSE, sizeof (guint64));
  Listing listing = { query, ids };

  if (!visit_spots (sqlite, query->channel, list_spot, &listing, error))
    return FALSE;

  g_array_sort (ids, compare_ids);
  for (guint i = 0; i < ids->len && listed->len < query->limit; i++)
    {
      guint64 id = g_array_index (ids, guint64, i);
      IncidentOutboxRow *row = incident_outbox_find (sqlite, id, NULL, error);

      if (row == NULL)
        return FALSE;
      g_ptr_array_add (listed, row);
    }

  return TRUE;
}

#define MATCHES " id > ?1 AND (?3 IS NULL OR channel = ?3) AND (?4 = 0 OR ?4 >> state & 1) ORDER BY id LIMIT ?2"

static gboolean
list_by_id (IncidentSqlite             *sqlite,
            const IncidentOutboxQuery  *query,
            GPtrArray                  *listed,
            GError                    **error)
{
  g_autoptr(IncidentStatement) statement =
    query->subject != 0 ? incident_sqlite_prepare (sqlite, SELECT_ROW "WHERE subject = ?5 AND" MATCHES, error)
                        : incident_sqlite_prepare (sqlite, SELECT_ROW "WHERE" MATCHES, error);
  int status;

  if (statement == NULL)
    return FALSE;

  sqlite3_bind_int64 (statement, 1, (gint64) MIN (query->after, G_MAXINT64));
  sqlite3_bind_int64 (statement, 2, query->limit);
  bind_text (statement, 3, query->channel);
  sqlite3_bind_int64 (statement, 4, query->states);
  if (query->subject != 0)
    sqlite3_bind_int64 (statement, 5, (gint64) query->subject);
  while ((status = sqlite3_step (statement)) == SQLITE_ROW)
    {
      IncidentOutboxRow *row = incident_outbox_read_row (statement, error);

      if (row == NULL)
        return FALSE;
      g_ptr_array_add (listed, row);
    }

  return incident_sqlite_end (sqlite, status, error);
}

/* As of one moment: a row that changes its state meanwhile would be seen twice, or never. */
GPtrArray *
incident_outbox_list (IncidentSqlite             *sqlite,
                      const IncidentOutboxQuery  *query,
                      GError                    **error)
{
  g_autoptr(GPtrArray) listed = g_ptr_array_new_with_free_func ((GDestroyNotify) incident_outbox_row_free);
  gboolean passes_sent = query->states != 0 && (query->states >> INCIDENT_MESSAGE_STATE_SENT & 1) == 0;
  gboolean done;

  if (!incident_sqlite_exec (sqlite->db, "BEGIN", error))
    return NULL;

  done = query->subject == 0 && passes_sent ? list_not_sent (sqlite, query, listed, error)
                                            : list_by_id (sqlite, query, listed, error);
  sqlite3_exec (sqlite->db, "ROLLBACK", NULL, NULL, NULL);
  return done ? g_steal_pointer (&listed) : NULL;
}

/* Counting */

gboolean
incident_outbox_add_count (IncidentSqlite        *sqlite,
                           const char            *channel,
                           IncidentMessageState   state,
                           int                    n,
                           GError               **error)
{
  g_autoptr(IncidentStatement) statement =
    incident_sqlite_prepare (sqlite, "INSERT INTO outbox_count (channel, state, n) VALUES (?1, ?2, ?3)"
                                     " ON CONFLICT (channel, state) DO UPDATE SET n = n + ?3", error);

  if (statement == NULL)
    return FALSE;

  bind_text (statement, 1, channel);
  sqlite3_bind_int (statement, 2, (int) state);
  sqlite3_bind_int (statement, 3, n);
  return incident_sqlite_end (sqlite, sqlite3_step (statement), error);
}

gboolean
incident_outbox_move_count (IncidentSqlite        *sqlite,
                            const char            *channel,
                            IncidentMessageState   from,
                            IncidentMessageState   to,
                            GError               **error)
{
  return from == to
         || (incident_outbox_add_count (sqlite, channel, from, -1, error)
             && incident_outbox_add_count (sqlite, channel, to, 1, error));
}

static gboolean
find_oldest (IncidentSqlite  *sqlite,
             const char      *channel,
             guint            state,
             gpointer         data,
             GError         **error)
{
  IncidentOutboxCount *count = data;
  g_autoptr(IncidentStatement) statement = NULL;
  int status;

  if (state >= INCIDENT_MESSAGE_STATE_SENT)
    return TRUE;

  statement = incident_sqlite_prepare (sqlite, "SELECT created_at FROM outbox WHERE channel = ?1 AND state = +?2 AND state <> 3"
                                               " ORDER BY id LIMIT 1", error);
  if (statement == NULL)
    return FALSE;
  bind_text (statement, 1, channel);
  sqlite3_bind_int64 (statement, 2, state);
  status = sqlite3_step (statement);
  if (status == SQLITE_ROW
      && (count->oldest == INCIDENT_TIME_NONE || sqlite3_column_int64 (statement, 0) < count->oldest))
    count->oldest = sqlite3_column_int64 (statement, 0);
  return incident_sqlite_end (sqlite, status, error);
}

static gboolean
read_counts (IncidentSqlite       *sqlite,
             const char           *channel,
             IncidentOutboxCount  *count,
             GError              **error)
{
  g_autoptr(IncidentStatement) statement =
    incident_sqlite_prepare (sqlite, "SELECT state, sum (n) FROM outbox_count WHERE ?1 IS NULL OR channel = ?1 GROUP BY state",
                             error);
  int status;

  if (statement == NULL)
    return FALSE;

  bind_text (statement, 1, channel);
  while ((status = sqlite3_step (statement)) == SQLITE_ROW)
    {
      gint64 state = sqlite3_column_int64 (statement, 0);

      if (state >= 0 && state <= INCIDENT_MESSAGE_STATE_DEAD)
        count->n[state] = (guint64) sqlite3_column_int64 (statement, 1);
    }

  return incident_sqlite_end (sqlite, status, error);
}

gboolean
incident_outbox_count (IncidentSqlite       *sqlite,
                       const char           *channel,
                       IncidentOutboxCount  *count,
                       GError              **error)
{
  gboolean done;

  *count = (IncidentOutboxCount) { .oldest = INCIDENT_TIME_NONE };
  if (!incident_sqlite_exec (sqlite->db, "BEGIN", error))
    return FALSE;

  done = read_counts (sqlite, channel, count, error) && visit_spots (sqlite, channel, find_oldest, count, error);
  sqlite3_exec (sqlite->db, "ROLLBACK", NULL, NULL, NULL);
  return done;
}

/* Channels */

IncidentChannelState *
incident_outbox_get_channel (IncidentSqlite  *sqlite,
                             const char      *channel,
                             GError         **error)
{
  g_autoptr(IncidentStatement) statement =
    incident_sqlite_prepare (sqlite, "SELECT version, data FROM channel_state WHERE channel = ?1", error);
  IncidentChannelState *state;
  int status;

  if (statement == NULL)
    return NULL;

  bind_text (statement, 1, channel);
  status = sqlite3_step (statement);
  if (status != SQLITE_ROW)
    {
      incident_sqlite_end (sqlite, status, error);
      return NULL;
    }

  state = g_new0 (IncidentChannelState, 1);
  state->channel = g_strdup (channel);
  state->version = (guint64) sqlite3_column_int64 (statement, 0);
  state->data = g_strdup ((const char *) sqlite3_column_text (statement, 1));
  return state;
}
