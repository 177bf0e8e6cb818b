/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "store/incident-sqlite-writer-private.h"

#include <string.h>

#include "store/incident-oncall-table-private.h"
#include "store/incident-outbox-table-private.h"
#include "store/incident-sqlite-documents-private.h"
#include "store/incident-sqlite-intake-private.h"

/* From the top: a request is made and queued; the first to come leads: it takes all
 * that wait and writes them in one transaction. Each commit is checked against the
 * last events of its cases, which are known in memory, then its rows are appended.
 * Nothing else is written: case_row is brought up to date later. */

typedef struct
{
  IncidentCommit *commit;
  gboolean        is_done;
  GError         *error;   /* NULL once it is durable */
} Request;

/* Checking: nothing changes but what is pending. */

static gboolean
check_event (IncidentSqlite  *sqlite,
             guint64          number,
             guint32          seq,
             GError         **error)
{
  IncidentSqliteHead *head;

  if (!incident_sqlite_find_head (sqlite, number, &head, error))
    return FALSE;
  if (head == NULL || seq != head->version + head->pending + 1)
    return incident_store_fail_conflict (error, "The case has changed in the meantime");

  head->pending++;
  return TRUE;
}

static gboolean
check_room_for_cases (IncidentSqlite  *sqlite,
                      GError         **error)
{
  if (sqlite->heads.n_cases < INCIDENT_SQLITE_MAX_CASES)
    return TRUE;

  g_set_error_literal (error, INCIDENT_ERROR, INCIDENT_ERROR_NO_SPACE, "The store holds no more cases than this");
  return FALSE;
}

static gboolean
check_draft (IncidentSqlite  *sqlite,
             IncidentRecord  *draft,
             GError         **error)
{
  guint64 subject = 0;

  if (draft->step == 0 && !incident_sqlite_find_operation (sqlite, draft->operation, &subject, error))
    return FALSE;
  if (subject != 0)
    return incident_store_fail_conflict (error, "The operation is recorded already");
  /* A new case, and what belongs to it. */
  if (draft->subject == 0)
    return check_room_for_cases (sqlite, error);
  if (!check_event (sqlite, draft->subject, draft->seq, error))
    return FALSE;

  for (guint i = 0; draft->also != NULL && i < draft->also->len; i++)
    {
      const IncidentPlace *place = &g_array_index (draft->also, IncidentPlace, i);

      if (!check_event (sqlite, place->subject, place->seq, error))
        return FALSE;
    }

  return TRUE;
}

static void
forget_pending_of (IncidentSqlite *sqlite,
                   guint64         number)
{
  IncidentSqliteHead *head = incident_sqlite_heads_peek (&sqlite->heads, number);

  if (head != NULL)
    head->pending = 0;
}

static void
forget_pending (IncidentSqlite *sqlite,
                IncidentCommit *commit)
{
  for (guint i = 0; i < commit->drafts->len; i++)
    {
      IncidentRecord *draft = g_ptr_array_index (commit->drafts, i);

      forget_pending_of (sqlite, draft->subject);
      for (guint j = 0; draft->also != NULL && j < draft->also->len; j++)
        forget_pending_of (sqlite, g_array_index (draft->also, IncidentPlace, j).subject);
    }
}

static gboolean
check (IncidentSqlite  *sqlite,
       IncidentCommit  *commit,
       GError         **error)
{
  gboolean fits = incident_sqlite_check_intake (sqlite, commit, error) && incident_outbox_check (sqlite, commit, error)
                  && incident_oncall_check (sqlite, commit, error);

  for (guint i = 0; fits && i < commit->drafts->len; i++)
    fits = check_draft (sqlite, g_ptr_array_index (commit->drafts, i), error);
  if (!fits)
    forget_pending (sqlite, commit);
  return fits;
}

/* Writing */

/* Several at once, since each draw asks the kernel. */
static void
draw_key (IncidentSqlite *sqlite,
          IncidentClock  *clock,
          guint8          key[INCIDENT_KEY_LENGTH])
{
  if (sqlite->n_keys == 0)
    {
      g_autoptr(GBytes) drawn = incident_clock_random_bytes (clock, sizeof sqlite->keys);

      memcpy (sqlite->keys, g_bytes_get_data (drawn, NULL), sizeof sqlite->keys);
      sqlite->n_keys = sizeof sqlite->keys;
    }

  sqlite->n_keys -= INCIDENT_KEY_LENGTH;
  memcpy (key, sqlite->keys + sqlite->n_keys, INCIDENT_KEY_LENGTH);
  memset (sqlite->keys + sqlite->n_keys, 0, INCIDENT_KEY_LENGTH);
}

static void
complete (IncidentSqlite *sqlite,
          IncidentRecord *draft)
{
  if (draft->seq == 1)
    sqlite->heads.n_cases++;
  if (draft->subject == 0)
    draft->subject = sqlite->heads.n_cases;
  draft->log_index = sqlite->heads.size;
  draft->prev = incident_sqlite_heads_get (&sqlite->heads, draft->subject)->last;
  for (guint i = 0; draft->also != NULL && i < draft->also->len; i++)
    {
      IncidentPlace *place = &g_array_index (draft->also, IncidentPlace, i);

      place->prev = incident_sqlite_heads_get (&sqlite->heads, place->subject)->last;
    }

  incident_record_commit (draft);
  incident_record_hash (draft, sqlite->store_id);
}

static void
note_written (IncidentSqlite       *sqlite,
              IncidentRecord       *draft,
              const IncidentEffect *effect)
{
  for (guint i = 0; i < incident_record_get_n_events (draft); i++)
    {
      const IncidentPlace *place = i > 0 ? &g_array_index (draft->also, IncidentPlace, i - 1) : NULL;
      guint64 number = place != NULL ? place->subject : draft->subject;
      guint32 seq = place != NULL ? place->seq : draft->seq;
      IncidentSqliteHead *head = incident_sqlite_heads_get (&sqlite->heads, number);

      head->pending = 0;
      incident_sqlite_heads_note (&sqlite->heads, number, seq, draft->log_index + i, seq == 1);
      incident_sqlite_head_fold (head, seq, draft->actor, draft->occurred_at, draft->recorded_at, effect);
    }
  sqlite->heads.size += incident_record_get_n_events (draft);
}

/* Of each case that the draft tells of. */
static gboolean
remove_words (IncidentSqlite        *sqlite,
              const IncidentRecord  *draft,
              const IncidentEffect  *effect,
              GError               **error)
{
  if (effect->redacts < 1)
    return TRUE;

  for (guint i = 0; i < incident_record_get_n_events (draft); i++)
    {
      const IncidentPlace *place = i > 0 ? &g_array_index (draft->also, IncidentPlace, i - 1) : NULL;
      guint32 seq = place != NULL ? place->seq : draft->seq;

      if (effect->redacts < seq
          && !incident_sqlite_remove_words (sqlite, place != NULL ? place->subject : draft->subject,
                                            (guint) effect->redacts, error))
        return FALSE;
    }

  return TRUE;
}

static gboolean
write_commit (IncidentSqlite  *sqlite,
              IncidentClock   *clock,
              IncidentCommit  *commit,
              GError         **error)
{
  for (guint i = 0; i < commit->drafts->len; i++)
    {
      IncidentRecord *draft = g_ptr_array_index (commit->drafts, i);
      IncidentEffect effect;

      draw_key (sqlite, clock, draft->key);
      complete (sqlite, draft);
      if (!incident_sqlite_insert_record (sqlite, draft, error))
        return FALSE;
      incident_effect_read (&effect, draft->facts);
      note_written (sqlite, draft, &effect);
      if (!remove_words (sqlite, draft, &effect, error))
        return FALSE;
      if (draft->seq == 1 && !incident_sqlite_insert_case_row (sqlite, draft, error))
        return FALSE;
    }

  return incident_sqlite_write_intake (sqlite, commit, error) && incident_outbox_write (sqlite, commit, error)
         && incident_oncall_write (sqlite, commit, error);
}

/* What was written is not there, so nothing is known that follows from it. */
static void
take_back (IncidentSqlite *sqlite,
           GList          *group)
{
  sqlite3_exec (sqlite->db, "ROLLBACK", NULL, NULL, NULL);
  incident_sqlite_heads_clear (&sqlite->heads);
  incident_sqlite_heads_init (&sqlite->heads);
  for (GList *l = group; l != NULL; l = l->next)
    {
      GPtrArray *drafts = ((Request *) l->data)->commit->drafts;
      guint64 opened = 0;

      for (guint i = 0; i < drafts->len; i++)
        {
          IncidentRecord *draft = g_ptr_array_index (drafts, i);

          if (draft->seq == 1)
            opened = draft->subject;
          if (opened != 0 && draft->subject == opened)
            draft->subject = 0;
        }
    }
}

static gboolean
look_for_commit (IncidentSqlite       *sqlite,
                 const IncidentCommit *commit,
                 gboolean             *is_there)
{
  guint64 subject = 0;

  if (commit->drafts->len == 0 && commit->intake != NULL)
    return incident_sqlite_holds_intake (sqlite, commit, is_there, NULL);
  if (commit->drafts->len == 0 && commit->roster != NULL)
    return incident_oncall_holds (sqlite, commit, is_there, NULL);
  if (commit->drafts->len == 0)
    return incident_outbox_holds (sqlite, commit, is_there, NULL);
  if (!incident_sqlite_find_operation (sqlite, ((IncidentRecord *) g_ptr_array_index (commit->drafts, 0))->operation,
                                       &subject, NULL))
    return FALSE;

  *is_there = subject != 0;
  return TRUE;
}

static void
set_unknown (Request      *request,
             const GError *failure)
{
  if (request->commit->drafts->len > 0)
    g_set_error (&request->error, INCIDENT_ERROR, INCIDENT_ERROR_COMMIT_UNKNOWN,
                 "It cannot be told whether the command is recorded: %s; ask again with the same operation id",
                 failure->message);
  else if (request->commit->intake != NULL)
    g_set_error (&request->error, INCIDENT_ERROR, INCIDENT_ERROR_COMMIT_UNKNOWN,
                 "It cannot be told whether the message was taken in: %s", failure->message);
  else if (request->commit->roster != NULL)
    g_set_error (&request->error, INCIDENT_ERROR, INCIDENT_ERROR_COMMIT_UNKNOWN,
                 "It cannot be told whether it is changed who is on call: %s", failure->message);
  else
    g_set_error (&request->error, INCIDENT_ERROR, INCIDENT_ERROR_COMMIT_UNKNOWN,
                 "It cannot be told whether it is written down what became of a message: %s", failure->message);
}

/* A COMMIT that failed may have reached the disk all the same. Only a fresh look
 * at the file can tell, and only if the file can be looked at. */
static IncidentSqlite *
settle (const IncidentSqliteFile *file,
        GList                    *group,
        const GError             *failure)
{
  IncidentSqlite *sqlite = file->reopen (file->store, NULL);

  for (GList *l = group; l != NULL; l = l->next)
    {
      Request *request = l->data;
      gboolean is_there = FALSE;

      if (request->error != NULL)
        continue;
      if (sqlite == NULL || !look_for_commit (sqlite, request->commit, &is_there))
        set_unknown (request, failure);
      else if (!is_there)
        request->error = g_error_copy (failure);
    }

  return sqlite;
}

static void
fail_all (GList  *group,
          GError *error /* (transfer full) */)
{
  for (GList *l = group; l != NULL; l = l->next)
    {
      Request *request = l->data;

      if (request->error == NULL)
        request->error = g_error_copy (error);
    }
  g_error_free (error);
}

/* FALSE: a row could not be written, and it cannot be told whose fault it was. */
static gboolean
write_group (IncidentSqlite           *sqlite,
             const IncidentSqliteFile *file,
             GList                    *group,
             guint                    *n_written,
             GError                  **error)
{
  for (GList *l = group; l != NULL; l = l->next)
    {
      Request *request = l->data;

      if (!check (sqlite, request->commit, &request->error))
        continue;
      ++*n_written;
      if (!write_commit (sqlite, file->clock, request->commit, error))
        return FALSE;
    }

  return TRUE;
}

static gboolean
make_durable (IncidentSqlite  *sqlite,
              GError         **error)
{
  incident_sqlite_make_room (sqlite);
  if (sqlite3_exec (sqlite->db, "COMMIT", NULL, NULL, NULL) == SQLITE_OK)
    return TRUE;

  incident_sqlite_set_error (error, sqlite->db, sqlite3_extended_errcode (sqlite->db), "The commit failed");
  return FALSE;
}

static IncidentSqlite *commit_group (IncidentSqlite           *sqlite,
                                     const IncidentSqliteFile *file,
                                     GList                    *group);

/* So that each meets its own fate. */
static IncidentSqlite *
commit_one_by_one (IncidentSqlite           *sqlite,
                   const IncidentSqliteFile *file,
                   GList                    *group)
{
  for (GList *l = group; l != NULL; l = l->next)
    {
      GList alone = { l->data, NULL, NULL };
      Request *request = l->data;

      if (request->error != NULL)
        continue;
      if (sqlite == NULL)
        sqlite = file->reopen (file->store, &request->error);
      if (sqlite != NULL)
        sqlite = commit_group (sqlite, file, &alone);
    }

  return sqlite;
}

/* Gives the connection to go on with, which is another one after a COMMIT that failed;
 * or NULL. */
static IncidentSqlite *
commit_group (IncidentSqlite           *sqlite,
              const IncidentSqliteFile *file,
              GList                    *group)
{
  GError *error = NULL;
  guint n_written = 0;

  /* IMMEDIATE: a read that turns into a write would be refused at once, however
   * long one is willing to wait. */
  if (!incident_sqlite_exec (sqlite->db, "BEGIN IMMEDIATE", &error))
    fail_all (group, error);
  else if (!incident_sqlite_follow (sqlite, &error))
    {
      take_back (sqlite, group);
      fail_all (group, error);
    }
  else if (!write_group (sqlite, file, group, &n_written, &error))
    {
      take_back (sqlite, group);
      if (group->next == NULL)
        fail_all (group, error);
      else
        {
          g_error_free (error);
          sqlite = commit_one_by_one (sqlite, file, group);
        }
    }
  else if (n_written == 0)
    sqlite3_exec (sqlite->db, "ROLLBACK", NULL, NULL, NULL);
  else if (!make_durable (sqlite, &error))
    {
      take_back (sqlite, NULL);
      sqlite = settle (file, group, error);
      g_error_free (error);
    }

  return sqlite;
}

/* Leading and following */

static GList *
take_waiting (IncidentSqliteWriter *self)
{
  GList *group;

  g_mutex_lock (&self->lock);
  group = self->waiting.head;
  g_queue_init (&self->waiting);
  g_mutex_unlock (&self->lock);
  return group;
}

/* Whoever comes while the leader waits for the file still comes along. */
static GList *
lead (IncidentSqliteWriter     *self,
      const IncidentSqliteFile *file)
{
  GError *error = NULL;
  IncidentSqlite *sqlite = file->lock (file->store, &error);
  GList *group = take_waiting (self);

  if (sqlite == NULL)
    {
      fail_all (group, error);
      return group;
    }

  commit_group (sqlite, file, group);
  file->unlock (file->store);
  return group;
}

gboolean
incident_sqlite_writer_commit (IncidentSqliteWriter     *self,
                               const IncidentSqliteFile *file,
                               IncidentCommit           *commit,
                               GError                  **error)
{
  Request request = { commit, FALSE, NULL };

  g_mutex_lock (&self->lock);
  g_queue_push_tail (&self->waiting, &request);
  self->n_waiting++;
  while (!request.is_done && self->is_led)
    g_cond_wait (&self->changed, &self->lock);
  self->n_waiting--;
  if (!request.is_done)
    {
      g_autoptr(GList) group = NULL;

      self->is_led = TRUE;
      g_mutex_unlock (&self->lock);
      group = lead (self, file);
      g_mutex_lock (&self->lock);
      self->is_led = FALSE;
      for (GList *l = group; l != NULL; l = l->next)
        ((Request *) l->data)->is_done = TRUE;
      /* Waking nobody costs a call of the kernel. */
      if (self->n_waiting > 0)
        g_cond_broadcast (&self->changed);
    }
  g_mutex_unlock (&self->lock);

  if (request.error == NULL)
    return TRUE;

  g_propagate_error (error, request.error);
  return FALSE;
}

void
incident_sqlite_writer_init (IncidentSqliteWriter *self)
{
  g_mutex_init (&self->lock);
  g_cond_init (&self->changed);
  g_queue_init (&self->waiting);
}

void
incident_sqlite_writer_clear (IncidentSqliteWriter *self)
{
  g_mutex_clear (&self->lock);
  g_cond_clear (&self->changed);
}
