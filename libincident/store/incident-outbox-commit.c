/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "store/incident-outbox-table-private.h"

#include <string.h>

#include <libincident/incident-time.h>

/* What a commit says of messages: new ones, what becomes of those that are there, and what is known of a channel. */

/* How a message stands, as far as others may have changed it. */
typedef struct
{
  gboolean             is_there;
  IncidentMessageState state;
  guint64              token;
  gint64               changed_at;
} Standing;

static gboolean
find_standing (IncidentSqlite  *sqlite,
               guint64          id,
               Standing        *standing,
               GError         **error)
{
  g_autoptr(IncidentStatement) statement =
    incident_sqlite_prepare (sqlite, "SELECT state, token, changed_at FROM outbox WHERE id = ?1", error);
  int status;

  if (statement == NULL)
    return FALSE;

  sqlite3_bind_int64 (statement, 1, (gint64) id);
  status = sqlite3_step (statement);
  *standing = (Standing) { .is_there = status == SQLITE_ROW };
  if (standing->is_there)
    {
      standing->state = (IncidentMessageState) sqlite3_column_int (statement, 0);
      standing->token = (guint64) sqlite3_column_int64 (statement, 1);
      standing->changed_at = sqlite3_column_int64 (statement, 2);
    }
  return incident_sqlite_end (sqlite, status, error);
}

/* Checking: nothing changes. */

/* A lane is claimed anew by its head, which then has another token: so the token of the message is that of the lane
 * for as long as nobody has said what became of it. */
static gboolean
follows (const Standing             *standing,
         const IncidentOutboxChange *change)
{
  if (change->token == 0)
    return standing->is_there && standing->state == change->from;

  return standing->is_there && standing->token == change->token
         && (standing->state == INCIDENT_MESSAGE_STATE_SENDING || standing->state == INCIDENT_MESSAGE_STATE_UNSURE);
}

static gboolean
check_change (IncidentSqlite              *sqlite,
              const IncidentOutboxChange  *change,
              GError                     **error)
{
  Standing standing;

  if (!find_standing (sqlite, change->id, &standing, error))
    return FALSE;

  return follows (&standing, change)
         || incident_store_fail_conflict (error, change->token != 0 ? "The message was claimed by another in the meantime"
                                                                    : "The message has changed in the meantime");
}

static gboolean
find_version (IncidentSqlite  *sqlite,
              const char      *channel,
              gint64          *version,
              GError         **error)
{
  return incident_sqlite_query (sqlite, "SELECT version FROM channel_state WHERE channel = ?2", version, error, 0, channel);
}

gboolean
incident_outbox_check (IncidentSqlite        *sqlite,
                       const IncidentCommit  *commit,
                       GError               **error)
{
  gint64 version;

  for (guint i = 0; commit->changes != NULL && i < commit->changes->len; i++)
    if (!check_change (sqlite, g_ptr_array_index (commit->changes, i), error))
      return FALSE;
  if (commit->channel == NULL)
    return TRUE;
  if (!find_version (sqlite, commit->channel->channel, &version, error))
    return FALSE;

  return (guint64) version == commit->channel->version
         || incident_store_fail_conflict (error, "More is known of the channel by now");
}

/* New messages */

/* Of the cases that one draft tells of, the one that the message names. */
static guint32
find_seq (const IncidentRecord    *draft,
          const IncidentOutboxRow *row)
{
  for (guint i = 0; draft->also != NULL && i < draft->also->len; i++)
    {
      const IncidentPlace *place = &g_array_index (draft->also, IncidentPlace, i);

      if (place->subject == row->subject)
        return place->seq;
    }

  return 0;
}

static void
complete_row (IncidentOutboxRow    *row,
              const IncidentCommit *commit)
{
  const IncidentRecord *draft;
  guint32 seq = 0;

  if (row->draft < 0)
    return;

  g_assert ((guint) row->draft < commit->drafts->len);
  draft = g_ptr_array_index (commit->drafts, (guint) row->draft);
  if (row->subject != 0 && row->subject != draft->subject)
    seq = row->seq != 0 ? row->seq : find_seq (draft, row);
  if (seq == 0)
    row->subject = draft->subject;
  row->seq = seq != 0 ? seq : draft->seq;
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
                                     " ORDER BY id DESC LIMIT 1", error);
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

static gboolean
write_message (IncidentSqlite        *sqlite,
               const IncidentCommit  *commit,
               IncidentOutboxRow     *row,
               GError               **error)
{
  g_autofree char *lane = NULL;
  g_autofree char *coalesce = NULL;
  g_autofree char *pending_lane = NULL;
  gint64 same;

  complete_row (row, commit);
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

/* What becomes of those that are there */

/* The names of the lane. */
static gboolean
update_row (IncidentSqlite              *sqlite,
            const IncidentOutboxChange  *change,
            char                       **channel,
            char                       **lane,
            char                       **key,
            GError                     **error)
{
  g_autoptr(IncidentStatement) statement =
    incident_sqlite_prepare (sqlite, "UPDATE outbox SET state = ?2, attempts = ?3, not_before = ?4, expires_at = ?5, unsure_since = ?6,"
                                     " changed_at = ?7, external_id = ?8, conversation = ?9, permalink = ?10, trouble = ?11, log = ?12"
                                     " WHERE id = ?1 RETURNING channel, lane, key", error);
  int status;

  if (statement == NULL)
    return FALSE;

  sqlite3_bind_int64 (statement, 1, (gint64) change->id);
  sqlite3_bind_int64 (statement, 2, change->to);
  sqlite3_bind_int64 (statement, 3, change->attempts);
  sqlite3_bind_int64 (statement, 4, change->not_before);
  sqlite3_bind_int64 (statement, 5, change->expires_at);
  if (change->unsure_since != INCIDENT_TIME_NONE)
    sqlite3_bind_int64 (statement, 6, change->unsure_since);
  sqlite3_bind_int64 (statement, 7, change->at);
  sqlite3_bind_text (statement, 8, change->external_id, -1, SQLITE_STATIC);
  sqlite3_bind_text (statement, 9, change->conversation, -1, SQLITE_STATIC);
  sqlite3_bind_text (statement, 10, change->permalink, -1, SQLITE_STATIC);
  sqlite3_bind_text (statement, 11, change->trouble, -1, SQLITE_STATIC);
  sqlite3_bind_text (statement, 12, change->log, -1, SQLITE_STATIC);
  status = sqlite3_step (statement);
  if (status == SQLITE_ROW)
    {
      *channel = g_strdup ((const char *) sqlite3_column_text (statement, 0));
      *lane = g_strdup ((const char *) sqlite3_column_text (statement, 1));
      *key = g_strdup ((const char *) sqlite3_column_text (statement, 2));
    }
  return incident_sqlite_end (sqlite, status, error);
}

/* The next one that waits for the dead one; 0: none. */
static gboolean
find_dependant (IncidentSqlite  *sqlite,
                const char      *channel,
                const char      *lane,
                const char      *dead,
                guint64         *id,
                char           **key,
                GError         **error)
{
  g_autoptr(IncidentStatement) statement =
    incident_sqlite_prepare (sqlite, "SELECT id, key FROM outbox WHERE depends_on = ?1 AND channel = ?2 AND lane = ?3 AND state = 0"
                                     " ORDER BY id LIMIT 1", error);
  int status;

  *id = 0;
  if (statement == NULL)
    return FALSE;

  sqlite3_bind_text (statement, 1, dead, -1, SQLITE_STATIC);
  sqlite3_bind_text (statement, 2, channel, -1, SQLITE_STATIC);
  sqlite3_bind_text (statement, 3, lane, -1, SQLITE_STATIC);
  status = sqlite3_step (statement);
  if (status == SQLITE_ROW)
    {
      *id = (guint64) sqlite3_column_int64 (statement, 0);
      *key = g_strdup ((const char *) sqlite3_column_text (statement, 1));
    }
  return incident_sqlite_end (sqlite, status, error);
}

static gboolean
kill_row (IncidentSqlite  *sqlite,
          const char      *channel,
          guint64          id,
          const char      *trouble,
          gint64           at,
          GError         **error)
{
  g_autoptr(IncidentStatement) statement =
    incident_sqlite_prepare (sqlite, "UPDATE outbox SET state = ?2, trouble = ?3, changed_at = ?4 WHERE id = ?1", error);

  if (statement == NULL)
    return FALSE;

  sqlite3_bind_int64 (statement, 1, (gint64) id);
  sqlite3_bind_int (statement, 2, INCIDENT_MESSAGE_STATE_DEAD);
  sqlite3_bind_text (statement, 3, trouble, -1, SQLITE_STATIC);
  sqlite3_bind_int64 (statement, 4, at);
  return incident_sqlite_end (sqlite, sqlite3_step (statement), error)
         && incident_outbox_move_count (sqlite, channel, INCIDENT_MESSAGE_STATE_PENDING, INCIDENT_MESSAGE_STATE_DEAD, error);
}

typedef struct
{
  guint64  id;
  char    *key;
} Dead;

static void
dead_clear (gpointer data)
{
  g_free (((Dead *) data)->key);
}

/* And those that wait for these. */
static gboolean
kill_dependants (IncidentSqlite              *sqlite,
                 const IncidentOutboxChange  *change,
                 const char                  *channel,
                 const char                  *lane,
                 const char                  *key,
                 GError                     **error)
{
  g_autoptr(GArray) dead = g_array_new (FALSE, FALSE, sizeof (Dead));
  Dead one = { change->id, g_strdup (key) };

  g_array_set_clear_func (dead, dead_clear);
  g_array_append_val (dead, one);
  for (guint i = 0; i < dead->len;)
    {
      const Dead *cause = &g_array_index (dead, Dead, i);
      g_autofree char *trouble =
        g_strdup_printf ("It cannot do without message %" G_GUINT64_FORMAT ", which is dead", cause->id);

      if (!find_dependant (sqlite, channel, lane, cause->key, &one.id, &one.key, error))
        return FALSE;
      if (one.id == 0)
        {
          i++;
          continue;
        }
      g_array_append_val (dead, one);
      if (!kill_row (sqlite, channel, one.id, trouble, change->at, error))
        return FALSE;
    }

  return TRUE;
}

static gboolean
write_change (IncidentSqlite              *sqlite,
              const IncidentOutboxChange  *change,
              GError                     **error)
{
  g_autofree char *channel = NULL;
  g_autofree char *lane = NULL;
  g_autofree char *key = NULL;
  Standing before;

  if (!find_standing (sqlite, change->id, &before, error)
      || !update_row (sqlite, change, &channel, &lane, &key, error))
    return FALSE;
  if (!incident_outbox_move_count (sqlite, channel, before.state, change->to, error)
      || (change->to == INCIDENT_MESSAGE_STATE_DEAD && !kill_dependants (sqlite, change, channel, lane, key, error)))
    return FALSE;

  /* Whoever sends it goes on to do so. */
  return change->to == INCIDENT_MESSAGE_STATE_SENDING
         || incident_outbox_refresh_lane (sqlite, channel, lane, change->id, error);
}

static gboolean
write_channel (IncidentSqlite              *sqlite,
               const IncidentChannelState  *state,
               GError                     **error)
{
  g_autoptr(IncidentStatement) statement =
    incident_sqlite_prepare (sqlite, "INSERT INTO channel_state (channel, version, data) VALUES (?1, ?2, ?3)"
                                     " ON CONFLICT (channel) DO UPDATE SET version = ?2, data = ?3", error);

  if (statement == NULL)
    return FALSE;

  sqlite3_bind_text (statement, 1, state->channel, -1, SQLITE_STATIC);
  sqlite3_bind_int64 (statement, 2, (gint64) state->version + 1);
  sqlite3_bind_text (statement, 3, state->data, -1, SQLITE_STATIC);
  return incident_sqlite_end (sqlite, sqlite3_step (statement), error);
}

gboolean
incident_outbox_write (IncidentSqlite  *sqlite,
                       IncidentCommit  *commit,
                       GError         **error)
{
  for (guint i = 0; commit->changes != NULL && i < commit->changes->len; i++)
    if (!write_change (sqlite, g_ptr_array_index (commit->changes, i), error))
      return FALSE;
  for (guint i = 0; commit->messages != NULL && i < commit->messages->len; i++)
    if (!write_message (sqlite, commit, g_ptr_array_index (commit->messages, i), error))
      return FALSE;

  return commit->channel == NULL || write_channel (sqlite, commit->channel, error);
}

gboolean
incident_outbox_remove_words (IncidentSqlite  *sqlite,
                              guint64          subject,
                              guint32          seq,
                              GError         **error)
{
  g_autoptr(IncidentStatement) statement =
    incident_sqlite_prepare (sqlite, "UPDATE outbox SET body = '{}' WHERE subject = ?1 AND seq = ?2", error);

  if (statement == NULL)
    return FALSE;

  sqlite3_bind_int64 (statement, 1, (gint64) subject);
  sqlite3_bind_int64 (statement, 2, seq);
  return incident_sqlite_end (sqlite, sqlite3_step (statement), error);
}

/* What became of a commit: of one all is there, or nothing. */

typedef enum
{
  THERE,
  NOT_THERE,
  UNKNOWN, /* others have gone on from here, or it would leave no trace */
} Trace;

static gboolean
look_for_change (IncidentSqlite              *sqlite,
                 const IncidentOutboxChange  *change,
                 Trace                       *trace,
                 GError                     **error)
{
  Standing standing;

  if (!find_standing (sqlite, change->id, &standing, error))
    return FALSE;

  if (standing.is_there && standing.state == change->to && standing.changed_at == change->at)
    *trace = THERE;
  else
    *trace = follows (&standing, change) ? NOT_THERE : UNKNOWN;
  return TRUE;
}

static gboolean
look_for_channel (IncidentSqlite              *sqlite,
                  const IncidentChannelState  *state,
                  Trace                       *trace,
                  GError                     **error)
{
  g_autoptr(IncidentChannelState) there = NULL;
  gint64 version;

  if (!find_version (sqlite, state->channel, &version, error))
    return FALSE;

  *trace = (guint64) version == state->version ? NOT_THERE : UNKNOWN;
  if ((guint64) version != state->version + 1)
    return TRUE;

  there = incident_outbox_get_channel (sqlite, state->channel, error);
  if (there != NULL)
    *trace = g_strcmp0 (there->data, state->data) == 0 ? THERE : NOT_THERE;
  return there != NULL;
}

/* One that another took in leaves no key. */
static gboolean
look_for_message (IncidentSqlite           *sqlite,
                  const IncidentOutboxRow  *row,
                  Trace                    *trace,
                  GError                  **error)
{
  gint64 id;

  if (!incident_sqlite_query (sqlite, "SELECT id FROM outbox WHERE key = ?2", &id, error, 0, row->key))
    return FALSE;

  *trace = id != 0 ? THERE : row->coalesce != NULL ? UNKNOWN : NOT_THERE;
  return TRUE;
}

gboolean
incident_outbox_holds (IncidentSqlite        *sqlite,
                       const IncidentCommit  *commit,
                       gboolean              *holds,
                       GError               **error)
{
  Trace trace = UNKNOWN;

  for (guint i = 0; trace == UNKNOWN && commit->changes != NULL && i < commit->changes->len; i++)
    if (!look_for_change (sqlite, g_ptr_array_index (commit->changes, i), &trace, error))
      return FALSE;
  if (trace == UNKNOWN && commit->channel != NULL && !look_for_channel (sqlite, commit->channel, &trace, error))
    return FALSE;
  for (guint i = 0; trace == UNKNOWN && commit->messages != NULL && i < commit->messages->len; i++)
    if (!look_for_message (sqlite, g_ptr_array_index (commit->messages, i), &trace, error))
      return FALSE;

  *holds = trace == THERE;
  return trace != UNKNOWN;
}
