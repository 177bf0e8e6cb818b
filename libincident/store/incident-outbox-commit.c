/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "store/incident-outbox-table-private.h"

#include <libincident/incident-time.h>

/* What a commit says of messages that are there, and of channels; and what became of a commit. */

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
  guint place = 0;

  for (guint i = 0; commit->changes != NULL && i < commit->changes->len; i++)
    if (!write_change (sqlite, g_ptr_array_index (commit->changes, i), error))
      return FALSE;
  for (guint i = 0; commit->messages != NULL && i < commit->messages->len; i++)
    if (!incident_outbox_insert (sqlite, commit, g_ptr_array_index (commit->messages, i), &place, error))
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
    incident_sqlite_prepare (sqlite, "UPDATE outbox SET body = '{}' WHERE subject = ?1 AND seq IN (0, ?2)", error);

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
