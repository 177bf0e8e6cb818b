/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "store/incident-oncall-table-private.h"

/* The journal of who is on call */

gboolean
incident_roster_get_head (IncidentSqlite  *sqlite,
                          guint64         *head,
                          GError         **error)
{
  gint64 value;

  if (!incident_sqlite_query (sqlite, "SELECT max (id) FROM roster", &value, error, 0, NULL))
    return FALSE;

  *head = (guint64) value;
  return TRUE;
}

static IncidentRosterEntry *
read_entry (IncidentStatement  *statement,
            GError            **error)
{
  gint64 id = sqlite3_column_int64 (statement, 0);
  const char *kind = incident_sqlite_read_text (statement, 2);
  const char *actor = incident_sqlite_read_text (statement, 4);
  const char *body = incident_sqlite_read_text (statement, 5);
  IncidentRosterEntry *entry;

  if (id < 1 || kind == NULL || actor == NULL || body == NULL)
    {
      g_set_error (error, INCIDENT_ERROR, INCIDENT_ERROR_CORRUPT,
                   "Entry %" G_GINT64_FORMAT " of who is on call is not as it was recorded: keep the file, and restore a backup", id);
      return NULL;
    }

  entry = incident_roster_entry_new (kind, sqlite3_column_int64 (statement, 1),
                                     incident_sqlite_read_text (statement, 3), actor, g_strdup (body));
  entry->id = (guint64) id;
  return entry;
}

GPtrArray *
incident_roster_list (IncidentSqlite  *sqlite,
                      guint64          after,
                      guint            limit,
                      GError         **error)
{
  g_autoptr(GPtrArray) listed = g_ptr_array_new_with_free_func ((GDestroyNotify) incident_roster_entry_free);
  g_autoptr(IncidentStatement) statement =
    incident_sqlite_prepare (sqlite, "SELECT id, at, kind, schedule, actor, body FROM roster WHERE id > ?1"
                                     " ORDER BY id LIMIT ?2", error);
  int status;

  if (statement == NULL)
    return NULL;

  sqlite3_bind_int64 (statement, 1, (gint64) MIN (after, G_MAXINT64));
  sqlite3_bind_int64 (statement, 2, limit);
  while ((status = sqlite3_step (statement)) == SQLITE_ROW)
    {
      IncidentRosterEntry *entry = read_entry (statement, error);

      if (entry == NULL)
        return NULL;
      g_ptr_array_add (listed, entry);
    }

  return incident_sqlite_end (sqlite, status, error) ? g_steal_pointer (&listed) : NULL;
}

static gboolean
insert_entry (IncidentSqlite             *sqlite,
              const IncidentRosterEntry  *entry,
              GError                    **error)
{
  g_autoptr(IncidentStatement) statement =
    incident_sqlite_prepare (sqlite, "INSERT INTO roster (id, at, kind, schedule, actor, body)"
                                     " VALUES (?1, ?2, ?3, ?4, ?5, ?6)", error);

  if (statement == NULL)
    return FALSE;

  sqlite3_bind_int64 (statement, 1, (gint64) entry->id);
  sqlite3_bind_int64 (statement, 2, entry->at);
  sqlite3_bind_text (statement, 3, entry->kind, -1, SQLITE_STATIC);
  sqlite3_bind_text (statement, 4, entry->schedule, -1, SQLITE_STATIC);
  sqlite3_bind_text (statement, 5, entry->actor, -1, SQLITE_STATIC);
  sqlite3_bind_text (statement, 6, entry->body, -1, SQLITE_STATIC);
  return incident_sqlite_end (sqlite, sqlite3_step (statement), error);
}

static gboolean
append_roster (IncidentSqlite              *sqlite,
               const IncidentRosterAppend  *append,
               GError                     **error)
{
  for (guint i = 0; i < append->entries->len; i++)
    {
      IncidentRosterEntry *entry = g_ptr_array_index (append->entries, i);

      entry->id = append->follows + 1 + i;
      if (!insert_entry (sqlite, entry, error))
        return FALSE;
    }

  return TRUE;
}

/* Claims */

/* Who holds it; FALSE in @is_there: nobody ever did. */
static gboolean
find_claim (IncidentSqlite  *sqlite,
            const char      *name,
            IncidentClaim   *there,
            gboolean        *is_there,
            GError         **error)
{
  g_autoptr(IncidentStatement) statement =
    incident_sqlite_prepare (sqlite, "SELECT token, holder, until FROM claim WHERE name = ?1", error);
  int status;

  if (statement == NULL)
    return FALSE;

  sqlite3_bind_text (statement, 1, name, -1, SQLITE_STATIC);
  status = sqlite3_step (statement);
  *is_there = status == SQLITE_ROW;
  if (*is_there)
    {
      there->token = (guint64) sqlite3_column_int64 (statement, 0);
      there->holder = g_strdup (incident_sqlite_read_text (statement, 1));
      there->until = sqlite3_column_int64 (statement, 2);
    }
  return incident_sqlite_end (sqlite, status, error);
}

static gboolean
write_claim (IncidentSqlite       *sqlite,
             const IncidentClaim  *claim,
             GError              **error)
{
  g_autoptr(IncidentStatement) statement =
    incident_sqlite_prepare (sqlite, "INSERT INTO claim (name, token, holder, until) VALUES (?1, ?2, ?3, ?4)"
                                     " ON CONFLICT (name) DO UPDATE SET token = ?2, holder = ?3, until = ?4", error);

  if (statement == NULL)
    return FALSE;

  sqlite3_bind_text (statement, 1, claim->name, -1, SQLITE_STATIC);
  sqlite3_bind_int64 (statement, 2, (gint64) claim->token);
  sqlite3_bind_text (statement, 3, claim->holder, -1, SQLITE_STATIC);
  sqlite3_bind_int64 (statement, 4, claim->until);
  return incident_sqlite_end (sqlite, sqlite3_step (statement), error);
}

/* Others may have other clocks: who judges a lease wrongly has work for nothing, and does no harm. One that lasts much
 * longer than anybody asks for is of a time before the clock was set back. */
static gboolean
is_free (const IncidentClaim *there,
         const IncidentClaim *claim,
         gint64               now)
{
  gint64 asked = claim->until - now;

  return there->until <= now || g_strcmp0 (there->holder, claim->holder) == 0
         || (asked > 0 && there->until - now > 3 * asked);
}

static void
tell_holder (IncidentClaim *claim,
             IncidentClaim *there)
{
  claim->token = 0;
  claim->until = there->until;
  g_free (claim->holder);
  claim->holder = g_steal_pointer (&there->holder);
}

/* In a write transaction. Another may have been quicker. */
static gboolean
take_claim (IncidentSqlite  *sqlite,
            IncidentClaim   *claim,
            gint64           now,
            GError         **error)
{
  g_auto(IncidentClaim) there = { NULL, };
  gboolean is_there;

  if (!find_claim (sqlite, claim->name, &there, &is_there, error))
    return FALSE;
  if (is_there && !is_free (&there, claim, now))
    {
      tell_holder (claim, &there);
      return TRUE;
    }

  claim->token = is_there && g_strcmp0 (there.holder, claim->holder) == 0 ? there.token : there.token + 1;
  return write_claim (sqlite, claim, error);
}

static gboolean
end_claim (IncidentSqlite  *sqlite,
           GError         **error)
{
  incident_sqlite_make_room (sqlite);
  if (sqlite3_exec (sqlite->db, "COMMIT", NULL, NULL, NULL) == SQLITE_OK)
    return TRUE;

  /* It may be claimed all the same: then it is its holder's when that asks again. */
  incident_sqlite_set_error (error, sqlite->db, sqlite3_extended_errcode (sqlite->db), "The work cannot be claimed");
  sqlite3_exec (sqlite->db, "ROLLBACK", NULL, NULL, NULL);
  return FALSE;
}

gboolean
incident_claim_take (IncidentSqlite  *sqlite,
                     IncidentClaim   *claim,
                     gint64           now,
                     GError         **error)
{
  g_auto(IncidentClaim) there = { NULL, };
  gboolean is_there;

  /* Who asks in vain is in nobody's way. */
  if (!find_claim (sqlite, claim->name, &there, &is_there, error))
    return FALSE;
  if (is_there && !is_free (&there, claim, now))
    {
      tell_holder (claim, &there);
      return TRUE;
    }

  if (!incident_sqlite_exec (sqlite->db, "BEGIN IMMEDIATE", error))
    return FALSE;
  if (take_claim (sqlite, claim, now, error))
    return end_claim (sqlite, error);

  sqlite3_exec (sqlite->db, "ROLLBACK", NULL, NULL, NULL);
  return FALSE;
}

static gboolean
renew_claim (IncidentSqlite       *sqlite,
             const IncidentClaim  *claim,
             GError              **error)
{
  return incident_sqlite_query (sqlite, "UPDATE claim SET until = ?1 WHERE name = ?2", NULL, error, claim->until, claim->name);
}

/* Commits */

gboolean
incident_oncall_check (IncidentSqlite        *sqlite,
                       const IncidentCommit  *commit,
                       GError               **error)
{
  guint64 head;
  gint64 token;

  if (commit->roster != NULL)
    {
      if (!incident_roster_get_head (sqlite, &head, error))
        return FALSE;
      if (head != commit->roster->follows)
        return incident_store_fail_conflict (error, "Others changed who is on call meanwhile");
    }
  if (commit->claim != NULL)
    {
      if (!incident_sqlite_query (sqlite, "SELECT token FROM claim WHERE name = ?2", &token, error, 0, commit->claim->name))
        return FALSE;
      if (token == 0 || (guint64) token != commit->claim->token)
        return incident_store_fail_conflict (error, "The work was claimed by another in the meantime");
    }

  return TRUE;
}

gboolean
incident_oncall_write (IncidentSqlite        *sqlite,
                       const IncidentCommit  *commit,
                       GError               **error)
{
  return (commit->roster == NULL || append_roster (sqlite, commit->roster, error))
         && (commit->claim == NULL || renew_claim (sqlite, commit->claim, error));
}

static gboolean
is_same_entry (const IncidentRosterEntry *a,
               const IncidentRosterEntry *b)
{
  return a->at == b->at && a->kind == b->kind && g_strcmp0 (a->schedule, b->schedule) == 0
         && g_str_equal (a->actor, b->actor) && g_str_equal (a->body, b->body);
}

/* Of a commit all is there, or nothing: so its first entry tells. */
gboolean
incident_oncall_holds (IncidentSqlite        *sqlite,
                       const IncidentCommit  *commit,
                       gboolean              *holds,
                       GError               **error)
{
  const IncidentRosterAppend *append = commit->roster;
  g_autoptr(GPtrArray) there = incident_roster_list (sqlite, append->follows, 1, error);

  *holds = there != NULL && there->len > 0 && append->entries->len > 0
           && is_same_entry (g_ptr_array_index (there, 0), g_ptr_array_index (append->entries, 0));
  return there != NULL;
}

/* Pages: those that went along with another one were never tried themselves. */

GArray *
incident_outbox_list_paged (IncidentSqlite  *sqlite,
                            const char      *channel,
                            const char      *recipient,
                            gint64           since,
                            GError         **error)
{
  g_autoptr(GArray) listed = g_array_new (FALSE, FALSE, sizeof (gint64));
  g_autoptr(IncidentStatement) statement =
    incident_sqlite_prepare (sqlite, "SELECT changed_at FROM outbox WHERE kind = 11 AND state = 3 AND attempts > 0 AND channel = ?1"
                                     " AND recipient = ?2 AND changed_at >= ?3 ORDER BY changed_at", error);
  int status;

  G_STATIC_ASSERT (INCIDENT_MESSAGE_KIND_PAGE == 11 && INCIDENT_MESSAGE_STATE_SENT == 3);

  if (statement == NULL)
    return NULL;

  sqlite3_bind_text (statement, 1, channel, -1, SQLITE_STATIC);
  sqlite3_bind_text (statement, 2, recipient, -1, SQLITE_STATIC);
  sqlite3_bind_int64 (statement, 3, since);
  while ((status = sqlite3_step (statement)) == SQLITE_ROW)
    {
      gint64 at = sqlite3_column_int64 (statement, 0);

      g_array_append_val (listed, at);
    }

  return incident_sqlite_end (sqlite, status, error) ? g_steal_pointer (&listed) : NULL;
}
