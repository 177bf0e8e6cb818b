/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "store/incident-outbox-table-private.h"

/* Lanes, and whose turn it is. A lane is claimed, not a message: so its messages go one after another,
 * whoever sends. It is due when its head is, or once its lease has run out. */

gboolean
incident_outbox_refresh_lane (IncidentSqlite  *sqlite,
                              const char      *channel,
                              const char      *lane,
                              guint64          freed,
                              GError         **error)
{
  g_autoptr(IncidentStatement) statement =
    incident_sqlite_prepare (sqlite, "UPDATE outbox_lane SET (holder, head, priority, due) ="
                                     " (SELECT NULL, id, priority, not_before FROM outbox"
                                     "  WHERE channel = ?1 AND lane = ?2 AND state < 3 ORDER BY id LIMIT 1)"
                                     " WHERE channel = ?1 AND lane = ?2 AND (holder IS NULL OR head = ?3)", error);

  if (statement == NULL)
    return FALSE;

  sqlite3_bind_text (statement, 1, channel, -1, SQLITE_STATIC);
  sqlite3_bind_text (statement, 2, lane, -1, SQLITE_STATIC);
  sqlite3_bind_int64 (statement, 3, (gint64) freed);
  return incident_sqlite_end (sqlite, sqlite3_step (statement), error);
}

/* The lane whose turn it is. */
typedef struct
{
  guint64 head;  /* 0: none */
  gint64  due;
} Turn;

/* Of a channel and a priority, the lane that is due first. */
static gboolean
look_at_channel (IncidentSqlite  *sqlite,
                 const char      *channel,
                 guint            priority,
                 Turn            *turn,
                 GError         **error)
{
  g_autoptr(IncidentStatement) statement =
    incident_sqlite_prepare (sqlite, "SELECT head, due FROM outbox_lane WHERE channel = ?1 AND priority = ?2"
                                     " AND head IS NOT NULL ORDER BY due, head LIMIT 1", error);
  int status;

  *turn = (Turn) { 0, G_MAXINT64 };
  if (statement == NULL)
    return FALSE;

  sqlite3_bind_text (statement, 1, channel, -1, SQLITE_STATIC);
  sqlite3_bind_int64 (statement, 2, priority);
  status = sqlite3_step (statement);
  if (status == SQLITE_ROW)
    *turn = (Turn) { (guint64) sqlite3_column_int64 (statement, 0), sqlite3_column_int64 (statement, 1) };
  return incident_sqlite_end (sqlite, status, error);
}

/* By priority, then by time, then by the order of the channels. */
static gboolean
find_turn (IncidentSqlite             *sqlite,
           const IncidentOutboxClaim  *claim,
           Turn                       *found,
           gint64                     *next,
           GError                    **error)
{
  *found = (Turn) { 0, G_MAXINT64 };
  *next = G_MAXINT64;
  for (guint priority = 0; priority <= INCIDENT_OUTBOX_TIDY && found->head == 0; priority++)
    for (guint i = 0; claim->channels[i] != NULL; i++)
      {
        Turn turn;

        if (!look_at_channel (sqlite, claim->channels[i], priority, &turn, error))
          return FALSE;
        if (turn.head != 0 && turn.due <= claim->now && (found->head == 0 || turn.due < found->due))
          *found = turn;
        *next = MIN (*next, turn.due);
      }

  return TRUE;
}

static gboolean
take_lane (IncidentSqlite             *sqlite,
           const IncidentOutboxRow    *row,
           const IncidentOutboxClaim  *claim,
           guint64                    *token,
           GError                    **error)
{
  g_autoptr(IncidentStatement) statement =
    incident_sqlite_prepare (sqlite, "UPDATE outbox_lane SET token = token + 1, holder = ?4, due = ?5"
                                     " WHERE channel = ?1 AND lane = ?2 AND head = ?3 RETURNING token", error);
  int status;

  if (statement == NULL)
    return FALSE;

  sqlite3_bind_text (statement, 1, row->channel, -1, SQLITE_STATIC);
  sqlite3_bind_text (statement, 2, row->lane, -1, SQLITE_STATIC);
  sqlite3_bind_int64 (statement, 3, (gint64) row->id);
  sqlite3_bind_text (statement, 4, claim->holder != NULL ? claim->holder : "", -1, SQLITE_STATIC);
  sqlite3_bind_int64 (statement, 5, claim->until);
  status = sqlite3_step (statement);
  if (status == SQLITE_DONE)
    return incident_outbox_fail_damaged (row->id, error);

  *token = status == SQLITE_ROW ? (guint64) sqlite3_column_int64 (statement, 0) : 0;
  return incident_sqlite_end (sqlite, status, error);
}

/* Whoever had it last and did not say what became of it may have sent it from when it was theirs. */
static gboolean
take_row (IncidentSqlite             *sqlite,
          const IncidentOutboxRow    *row,
          const IncidentOutboxClaim  *claim,
          guint64                     token,
          GError                    **error)
{
  g_autoptr(IncidentStatement) statement =
    incident_sqlite_prepare (sqlite, "UPDATE outbox SET unsure_since = CASE state WHEN 0 THEN unsure_since"
                                     " ELSE coalesce (unsure_since, claimed_at, ?3) END,"
                                     " state = 1, attempts = attempts + 1, token = ?2, claimed_at = ?3, changed_at = ?3"
                                     " WHERE id = ?1", error);

  if (statement == NULL)
    return FALSE;

  sqlite3_bind_int64 (statement, 1, (gint64) row->id);
  sqlite3_bind_int64 (statement, 2, (gint64) token);
  sqlite3_bind_int64 (statement, 3, claim->now);
  return incident_sqlite_end (sqlite, sqlite3_step (statement), error)
         && incident_outbox_move_count (sqlite, row->channel, row->state, INCIDENT_MESSAGE_STATE_SENDING, error);
}

static gboolean
take (IncidentSqlite             *sqlite,
      guint64                     id,
      const IncidentOutboxClaim  *claim,
      IncidentOutboxRow         **taken,
      GError                    **error)
{
  g_autoptr(IncidentOutboxRow) before = incident_outbox_find (sqlite, id, NULL, error);
  guint64 token = 0;

  if (before == NULL)
    return (error == NULL || *error == NULL) && incident_outbox_fail_damaged (id, error);
  if (before->state >= INCIDENT_MESSAGE_STATE_SENT)
    return incident_outbox_fail_damaged (id, error);
  if (!take_lane (sqlite, before, claim, &token, error) || !take_row (sqlite, before, claim, token, error))
    return FALSE;

  *taken = incident_outbox_find (sqlite, id, NULL, error);
  if (*taken != NULL && before->state != INCIDENT_MESSAGE_STATE_PENDING)
    (*taken)->state = INCIDENT_MESSAGE_STATE_UNSURE;
  return *taken != NULL;
}

/* In a write transaction. Another may have been quicker. */
static gboolean
claim_turn (IncidentSqlite             *sqlite,
            const IncidentOutboxClaim  *claim,
            gint64                     *next,
            IncidentOutboxRow         **taken,
            GError                    **error)
{
  Turn turn;

  return find_turn (sqlite, claim, &turn, next, error)
         && (turn.head == 0 || take (sqlite, turn.head, claim, taken, error));
}

static gboolean
end_claim (IncidentSqlite  *sqlite,
           GError         **error)
{
  incident_sqlite_make_room (sqlite);
  if (sqlite3_exec (sqlite->db, "COMMIT", NULL, NULL, NULL) == SQLITE_OK)
    return TRUE;

  /* It may be claimed all the same: then it is given out again as unsure, in its time. */
  incident_sqlite_set_error (error, sqlite->db, sqlite3_extended_errcode (sqlite->db), "No message can be claimed");
  sqlite3_exec (sqlite->db, "ROLLBACK", NULL, NULL, NULL);
  return FALSE;
}

IncidentOutboxRow *
incident_outbox_claim (IncidentSqlite             *sqlite,
                       const IncidentOutboxClaim  *claim,
                       gint64                     *next,
                       GError                    **error)
{
  g_autoptr(IncidentOutboxRow) taken = NULL;
  Turn turn;

  /* Who asks mostly finds nothing, and then is in nobody's way. */
  if (!find_turn (sqlite, claim, &turn, next, error) || turn.head == 0
      || !incident_sqlite_exec (sqlite->db, "BEGIN IMMEDIATE", error))
    return NULL;

  if (!claim_turn (sqlite, claim, next, &taken, error) || taken == NULL)
    {
      sqlite3_exec (sqlite->db, "ROLLBACK", NULL, NULL, NULL);
      return NULL;
    }
  if (!end_claim (sqlite, error))
    return NULL;

  return g_steal_pointer (&taken);
}
