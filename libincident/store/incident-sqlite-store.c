/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <libincident/incident-sqlite-store.h>

#include <errno.h>
#include <gio/gio.h>
#include <string.h>
#include <unistd.h>

#include "store/incident-sqlite-documents-private.h"
#include "store/incident-sqlite-intake-private.h"
#include "store/incident-sqlite-keeper-private.h"
#include "store/incident-sqlite-writer-private.h"
#include "store/incident-store-private.h"

/**
 * IncidentSqliteStore:
 *
 * A store in one SQLite file, which several processes may share.
 *
 * When a command returns, its events survive a power cut (WAL,
 * `synchronous=FULL`). The file belongs in a folder that only its owner can
 * enter, on a local disk. While it is open, no other code in the process may
 * open and close the file by itself: POSIX would drop SQLite's locks. Copy it by
 * [method@Store.backup].
 *
 * Threads that commit at once share a transaction: each call returns when its own
 * events are durable. When there is something to tidy up (SQLite's log to be
 * copied into the file, rows to be brought up to date), the store starts a thread
 * for it, which calls nobody. Of each case that was met, the store keeps some
 * hundred bytes in memory.
 *
 * After `fork()` the child must open the store anew; calls on the parent's are
 * answered with %INCIDENT_ERROR_FORKED.
 *
 * Since: 0.1
 */
struct _IncidentSqliteStore
{
  GObject parent_instance;

  GMutex          lock;   /* of all below */
  char           *path;
  IncidentClock  *clock;
  pid_t           pid;
  guint8          store_id[INCIDENT_STORE_ID_LENGTH];
  IncidentSqlite *sqlite; /* NULL after a failed reopening */

  IncidentSqliteWriter writer;
  IncidentSqliteKeeper keeper;
  int                   has_traces; /* atomic: SQLite's log may hold words that were removed */
};

static void incident_sqlite_store_iface_init (IncidentStoreInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (IncidentSqliteStore, incident_sqlite_store, G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (INCIDENT_TYPE_STORE, incident_sqlite_store_iface_init))

/* What is not there any more is not made anew: an empty store would answer that
 * nothing was ever recorded. */
static gboolean
reopen (IncidentSqliteStore  *self,
        GError              **error)
{
  if (access (self->path, F_OK) != 0)
    {
      g_set_error (error, G_IO_ERROR, g_io_error_from_errno (errno),
                   "The store “%s” cannot be found again: %s", self->path, g_strerror (errno));
      return FALSE;
    }

  self->sqlite = incident_sqlite_open (self->path, self->clock, error);
  if (self->sqlite == NULL || memcmp (self->sqlite->store_id, self->store_id, INCIDENT_STORE_ID_LENGTH) == 0)
    return self->sqlite != NULL;

  g_clear_pointer (&self->sqlite, incident_sqlite_close);
  g_set_error (error, INCIDENT_ERROR, INCIDENT_ERROR_NOT_A_STORE,
               "“%s” is another store than the one that was opened", self->path);
  return FALSE;
}

/* A forked child inherits the locks' bookkeeping, but not the locks; and a lock that
 * another thread held when it was forked is never let go there. */
static gboolean
check_not_forked (IncidentSqliteStore  *self,
                  GError              **error)
{
  if (self->pid == getpid ())
    return TRUE;

  g_set_error (error, INCIDENT_ERROR, INCIDENT_ERROR_FORKED,
               "“%s” was opened before this process was forked: open it anew", self->path);
  return FALSE;
}

/* The connection, locked; NULL with @error set if it cannot be used. */
static GMutexLocker *
enter (IncidentSqliteStore  *self,
       GError              **error)
{
  g_autoptr(GMutexLocker) locker = NULL;

  if (!check_not_forked (self, error))
    return NULL;

  locker = g_mutex_locker_new (&self->lock);
  return self->sqlite != NULL || reopen (self, error) ? g_steal_pointer (&locker) : NULL;
}

/* Committing */

static IncidentSqlite *
lock_file (gpointer   store,
           GError   **error)
{
  IncidentSqliteStore *self = store;

  /* Of its parent's locks a forked child touches none. */
  if (self->pid == getpid ())
    incident_sqlite_keeper_let_in (&self->keeper);
  return enter (self, error) != NULL ? self->sqlite : NULL;
}

static void
unlock_file (gpointer store)
{
  IncidentSqliteStore *self = store;

  if (self->sqlite != NULL)
    incident_sqlite_keeper_look (&self->keeper, self->sqlite);
  g_mutex_unlock (&self->lock);
}

static IncidentSqlite *
reopen_file (gpointer   store,
             GError   **error)
{
  IncidentSqliteStore *self = store;

  g_clear_pointer (&self->sqlite, incident_sqlite_close);
  return reopen (self, error) ? self->sqlite : NULL;
}

static IncidentSqlite *
incident_sqlite_store_enter_outbox (IncidentStore  *store,
                                    GError        **error)
{
  return lock_file (store, error);
}

static void
incident_sqlite_store_leave_outbox (IncidentStore *store)
{
  unlock_file (store);
}

static gboolean
removes_words (IncidentCommit *commit)
{
  for (guint i = 0; i < commit->drafts->len; i++)
    {
      const IncidentRecord *draft = g_ptr_array_index (commit->drafts, i);
      const char *value;
      gsize length;

      if (incident_facts_find (draft->facts, "redacts", &value, &length))
        return TRUE;
    }

  return FALSE;
}

/* SQLite's log still has the page as it was. Where a reader is in the way nobody waits
 * for it: the next commit tries again. */
static void
clear_traces (IncidentSqliteStore *self)
{
  g_autoptr(GMutexLocker) locker = enter (self, NULL);

  if (locker == NULL)
    return;

  sqlite3_busy_timeout (self->sqlite->db, 0);
  if (sqlite3_wal_checkpoint_v2 (self->sqlite->db, NULL, SQLITE_CHECKPOINT_TRUNCATE, NULL, NULL) == SQLITE_OK)
    g_atomic_int_set (&self->has_traces, FALSE);
  sqlite3_busy_timeout (self->sqlite->db, INCIDENT_SQLITE_BUSY_MSEC);
}

static gboolean
incident_sqlite_store_commit (IncidentStore   *store,
                              IncidentCommit  *commit,
                              GError         **error)
{
  IncidentSqliteStore *self = INCIDENT_SQLITE_STORE (store);
  const IncidentSqliteFile file = { lock_file, unlock_file, reopen_file, self->clock, self };

  if (!check_not_forked (self, error) || !incident_sqlite_writer_commit (&self->writer, &file, commit, error))
    return FALSE;
  if (removes_words (commit))
    g_atomic_int_set (&self->has_traces, TRUE);
  if (g_atomic_int_get (&self->has_traces))
    clear_traces (self);
  return TRUE;
}

/* Reading */

static GPtrArray *
incident_sqlite_store_load (IncidentStore  *store,
                            guint64         subject,
                            guint           seq,
                            GError        **error)
{
  IncidentSqliteStore *self = INCIDENT_SQLITE_STORE (store);
  g_autoptr(GMutexLocker) locker = enter (self, error);

  if (locker == NULL)
    return NULL;

  return incident_sqlite_load_case (self->sqlite, subject, seq, error);
}

static gboolean
incident_sqlite_store_look_at (IncidentStore     *store,
                               const guint64     *numbers,
                               gsize              n_numbers,
                               IncidentLookFunc   look,
                               gpointer           data,
                               GError           **error)
{
  IncidentSqliteStore *self = INCIDENT_SQLITE_STORE (store);
  g_autoptr(GMutexLocker) locker = enter (self, error);

  if (locker == NULL || !incident_sqlite_follow (self->sqlite, error))
    return FALSE;
  for (gsize i = 0; i < n_numbers; i++)
    {
      IncidentSqliteHead *head;

      if (!incident_sqlite_find_state (self->sqlite, numbers[i], &head, error))
        return FALSE;
      if (head == NULL)
        incident_set_no_case (error, numbers[i]);
      if (head == NULL || !look (numbers[i], &head->state, data, error))
        return FALSE;
    }

  return TRUE;
}

static gboolean
incident_sqlite_store_look_at_all (IncidentStore     *store,
                                   IncidentLookFunc   look,
                                   gpointer           data,
                                   GError           **error)
{
  IncidentSqliteStore *self = INCIDENT_SQLITE_STORE (store);
  g_autoptr(GMutexLocker) locker = enter (self, error);

  if (locker == NULL || !incident_sqlite_follow (self->sqlite, error) || !incident_sqlite_fold_all (self->sqlite, error))
    return FALSE;
  for (guint64 number = 1; number <= self->sqlite->heads.n_cases; number++)
    {
      IncidentSqliteHead *head;

      if (!incident_sqlite_find_state (self->sqlite, number, &head, error))
        return FALSE;
      if (head == NULL)
        incident_set_no_case (error, number);
      if (head == NULL || !look (number, &head->state, data, error))
        return FALSE;
    }

  return TRUE;
}

static GPtrArray *
incident_sqlite_store_read_log (IncidentStore  *store,
                                guint64         log_index,
                                guint           limit,
                                GError        **error)
{
  IncidentSqliteStore *self = INCIDENT_SQLITE_STORE (store);
  g_autoptr(GMutexLocker) locker = enter (self, error);

  if (locker == NULL)
    return NULL;

  return incident_sqlite_load_log (self->sqlite, log_index, limit, error);
}

static gboolean
incident_sqlite_store_get_size (IncidentStore  *store,
                                guint64        *size,
                                GError        **error)
{
  IncidentSqliteStore *self = INCIDENT_SQLITE_STORE (store);
  g_autoptr(GMutexLocker) locker = enter (self, error);

  return locker != NULL && incident_sqlite_get_size (self->sqlite, size, error);
}

static gboolean
incident_sqlite_store_find_group (IncidentStore  *store,
                                  const char     *group,
                                  guint64        *subject,
                                  GError        **error)
{
  IncidentSqliteStore *self = INCIDENT_SQLITE_STORE (store);
  g_autoptr(GMutexLocker) locker = enter (self, error);
  gint64 value;

  if (locker == NULL
      || !incident_sqlite_query (self->sqlite, "SELECT subject FROM alert_group WHERE name = ?2", &value, error, 0, group))
    return FALSE;

  *subject = (guint64) value;
  return TRUE;
}

static gboolean
incident_sqlite_store_find_operation (IncidentStore  *store,
                                      const guint8    operation[INCIDENT_OPERATION_LENGTH],
                                      guint64        *subject,
                                      GError        **error)
{
  IncidentSqliteStore *self = INCIDENT_SQLITE_STORE (store);
  g_autoptr(GMutexLocker) locker = enter (self, error);

  return locker != NULL && incident_sqlite_find_operation (self->sqlite, operation, subject, error);
}

/* What the row says and the state does not. */
static gboolean
show_case (IncidentSqlite    *sqlite,
           guint64            number,
           IncidentShowFunc   show,
           gpointer           data,
           gboolean          *goes_on,
           GError           **error)
{
  g_autoptr(IncidentStatement) statement =
    incident_sqlite_prepare (sqlite, "SELECT title, opened_at FROM case_row WHERE number = ?1", error);
  IncidentSqliteHead *head;
  IncidentFold fold;

  if (statement == NULL || !incident_sqlite_find_state (sqlite, number, &head, error))
    return FALSE;
  sqlite3_bind_int64 (statement, 1, (gint64) number);
  if (head == NULL || sqlite3_step (statement) != SQLITE_ROW)
    return TRUE;

  fold = (IncidentFold) {
    .state = head->state,
    .number = number,
    .title = (char *) sqlite3_column_text (statement, 0),
    .opened_at = sqlite3_column_int64 (statement, 1),
    .updated_at = head->updated_at,
    .closed_at = head->closed_at,
  };
  *goes_on = show (&fold, data);
  return TRUE;
}

static gboolean
incident_sqlite_store_show_cases (IncidentStore     *store,
                                  IncidentQuery     *query,
                                  IncidentShowFunc   show,
                                  gpointer           data,
                                  GError           **error)
{
  IncidentSqliteStore *self = INCIDENT_SQLITE_STORE (store);
  g_autoptr(GArray) numbers = incident_store_find_cases (store, query, error);
  g_autoptr(GMutexLocker) locker = numbers != NULL ? enter (self, error) : NULL;
  gboolean goes_on = TRUE;

  if (locker == NULL || !incident_sqlite_follow (self->sqlite, error))
    return FALSE;
  for (guint i = 0; goes_on && i < numbers->len; i++)
    if (!show_case (self->sqlite, g_array_index (numbers, guint64, i), show, data, &goes_on, error))
      return FALSE;

  return TRUE;
}

static GArray *
incident_sqlite_store_find_cases (IncidentStore  *store,
                                  IncidentQuery  *query,
                                  GError        **error)
{
  IncidentSqliteStore *self = INCIDENT_SQLITE_STORE (store);
  g_autoptr(GMutexLocker) locker = enter (self, error);
  g_autoptr(GError) local_error = NULL;

  if (locker == NULL)
    return NULL;
  if (incident_sqlite_project (self->sqlite, &local_error))
    return incident_sqlite_find_in_projection (self->sqlite, query, error);

  /* A full disk, or a writer that will not let go: the events still tell the truth. */
  if (g_error_matches (local_error, INCIDENT_ERROR, INCIDENT_ERROR_NO_SPACE)
      || g_error_matches (local_error, INCIDENT_ERROR, INCIDENT_ERROR_READ_ONLY)
      || g_error_matches (local_error, INCIDENT_ERROR, INCIDENT_ERROR_BUSY))
    return incident_sqlite_find_in_log (self->sqlite, query, error);

  g_propagate_error (error, g_steal_pointer (&local_error));
  return NULL;
}

static gboolean
incident_sqlite_store_backup (IncidentStore  *store,
                              const char     *path,
                              GCancellable   *cancellable,
                              GError        **error)
{
  IncidentSqliteStore *self = INCIDENT_SQLITE_STORE (store);
  g_autoptr(GMutexLocker) locker = enter (self, error);

  return locker != NULL && incident_sqlite_backup (self->sqlite, path, cancellable, error);
}

static gboolean
incident_sqlite_store_get_intake_head (IncidentStore  *store,
                                       guint64        *head,
                                       GError        **error)
{
  IncidentSqliteStore *self = INCIDENT_SQLITE_STORE (store);
  g_autoptr(GMutexLocker) locker = enter (self, error);

  return locker != NULL && incident_sqlite_get_intake_head (self->sqlite, head, error);
}

static GPtrArray *
incident_sqlite_store_list_intake (IncidentStore  *store,
                                   const char     *kind,
                                   guint64         after,
                                   guint           limit,
                                   GError        **error)
{
  IncidentSqliteStore *self = INCIDENT_SQLITE_STORE (store);
  g_autoptr(GMutexLocker) locker = enter (self, error);

  return locker != NULL ? incident_sqlite_list_intake (self->sqlite, kind, after, limit, error) : NULL;
}

static IncidentIntakeEntry *
incident_sqlite_store_find_intake (IncidentStore  *store,
                                   guint64         id,
                                   GError        **error)
{
  IncidentSqliteStore *self = INCIDENT_SQLITE_STORE (store);
  g_autoptr(GMutexLocker) locker = enter (self, error);
  IncidentIntakeEntry *entry = NULL;

  return locker != NULL && incident_sqlite_find_intake (self->sqlite, id, &entry, error) ? entry : NULL;
}

static gboolean
incident_sqlite_store_find_intake_before (IncidentStore  *store,
                                          gint64          at,
                                          guint64        *id,
                                          GError        **error)
{
  IncidentSqliteStore *self = INCIDENT_SQLITE_STORE (store);
  g_autoptr(GMutexLocker) locker = enter (self, error);

  return locker != NULL && incident_sqlite_find_intake_before (self->sqlite, at, id, error);
}

static GArray *
incident_sqlite_store_list_alert_rows (IncidentStore  *store,
                                       guint64         since,
                                       guint64         after,
                                       guint           limit,
                                       GError        **error)
{
  IncidentSqliteStore *self = INCIDENT_SQLITE_STORE (store);
  g_autoptr(GMutexLocker) locker = enter (self, error);

  return locker != NULL ? incident_sqlite_list_alert_rows (self->sqlite, since, after, limit, error) : NULL;
}

static gboolean
incident_sqlite_store_keep_document (IncidentStore  *store,
                                     const char     *version,
                                     const char     *document,
                                     GError        **error)
{
  IncidentSqliteStore *self = INCIDENT_SQLITE_STORE (store);
  g_autoptr(GMutexLocker) locker = enter (self, error);

  return locker != NULL && incident_sqlite_keep_document (self->sqlite, version, document, error);
}

static char *
incident_sqlite_store_find_document (IncidentStore  *store,
                                     const char     *version,
                                     GError        **error)
{
  IncidentSqliteStore *self = INCIDENT_SQLITE_STORE (store);
  g_autoptr(GMutexLocker) locker = enter (self, error);

  return locker != NULL ? incident_sqlite_find_document (self->sqlite, version, error) : NULL;
}

static gboolean
incident_sqlite_store_keep_refusal (IncidentStore    *store,
                                    IncidentRefusal  *refusal,
                                    GError          **error)
{
  IncidentSqliteStore *self = INCIDENT_SQLITE_STORE (store);
  g_autoptr(GMutexLocker) locker = enter (self, error);

  return locker != NULL && incident_sqlite_keep_refusal (self->sqlite, refusal, error);
}

static GPtrArray *
incident_sqlite_store_list_refusals (IncidentStore  *store,
                                     guint64         after,
                                     guint           limit,
                                     GError        **error)
{
  IncidentSqliteStore *self = INCIDENT_SQLITE_STORE (store);
  g_autoptr(GMutexLocker) locker = enter (self, error);

  return locker != NULL ? incident_sqlite_list_refusals (self->sqlite, after, limit, error) : NULL;
}

static void
incident_sqlite_store_iface_init (IncidentStoreInterface *iface)
{
  iface->commit = incident_sqlite_store_commit;
  iface->load = incident_sqlite_store_load;
  iface->look_at = incident_sqlite_store_look_at;
  iface->look_at_all = incident_sqlite_store_look_at_all;
  iface->read_log = incident_sqlite_store_read_log;
  iface->get_size = incident_sqlite_store_get_size;
  iface->find_cases = incident_sqlite_store_find_cases;
  iface->show_cases = incident_sqlite_store_show_cases;
  iface->find_group = incident_sqlite_store_find_group;
  iface->find_operation = incident_sqlite_store_find_operation;
  iface->get_intake_head = incident_sqlite_store_get_intake_head;
  iface->list_intake = incident_sqlite_store_list_intake;
  iface->find_intake = incident_sqlite_store_find_intake;
  iface->find_intake_before = incident_sqlite_store_find_intake_before;
  iface->list_alert_rows = incident_sqlite_store_list_alert_rows;
  iface->enter_outbox = incident_sqlite_store_enter_outbox;
  iface->leave_outbox = incident_sqlite_store_leave_outbox;
  iface->keep_document = incident_sqlite_store_keep_document;
  iface->find_document = incident_sqlite_store_find_document;
  iface->keep_refusal = incident_sqlite_store_keep_refusal;
  iface->list_refusals = incident_sqlite_store_list_refusals;
  iface->backup = incident_sqlite_store_backup;
}

/* In a forked child: closing would tear at the parent's locks. */
static void
keep_for_ever (IncidentSqlite *sqlite)
{
  static GSList *kept = NULL;
  static GMutex lock;
  g_autoptr(GMutexLocker) locker G_GNUC_UNUSED = g_mutex_locker_new (&lock);

  kept = g_slist_prepend (kept, sqlite);
}

static void
incident_sqlite_store_finalize (GObject *object)
{
  IncidentSqliteStore *self = INCIDENT_SQLITE_STORE (object);

  if (self->pid == getpid ())
    incident_sqlite_keeper_stop (&self->keeper);
  if (self->sqlite != NULL && self->pid == getpid ())
    {
      incident_sqlite_keeper_tidy (self->sqlite);
      incident_sqlite_close (self->sqlite);
    }
  else if (self->sqlite != NULL)
    keep_for_ever (self->sqlite);
  g_free (self->path);
  g_clear_object (&self->clock);
  incident_sqlite_writer_clear (&self->writer);
  g_mutex_clear (&self->lock);

  G_OBJECT_CLASS (incident_sqlite_store_parent_class)->finalize (object);
}

static void
incident_sqlite_store_class_init (IncidentSqliteStoreClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = incident_sqlite_store_finalize;
}

static void
incident_sqlite_store_init (IncidentSqliteStore *self)
{
  g_mutex_init (&self->lock);
  incident_sqlite_writer_init (&self->writer);
  self->pid = getpid ();
}

/**
 * incident_sqlite_store_open: (constructor)
 * @path: (type filename): the file; it is made, for its owner only, if there is
 *   none yet
 * @clock: draws the id of a new store
 * @error: return location for an error
 *
 * Opens a store, or makes one. This call blocks.
 *
 * Returns: (transfer full) (type IncidentSqliteStore): the store, or %NULL with
 *   @error set: %INCIDENT_ERROR_NOT_A_STORE, %INCIDENT_ERROR_TOO_NEW,
 *   %INCIDENT_ERROR_CORRUPT, %INCIDENT_ERROR_READ_ONLY, %INCIDENT_ERROR_BUSY, or
 *   an error of GIO where the folder cannot be used
 *
 * Since: 0.1
 */
IncidentStore *
incident_sqlite_store_open (const char     *path,
                            IncidentClock  *clock,
                            GError        **error)
{
  g_autoptr(IncidentSqliteStore) self = NULL;

  g_return_val_if_fail (path != NULL && *path != '\0', NULL);
  g_return_val_if_fail (INCIDENT_IS_CLOCK (clock), NULL);
  g_return_val_if_fail (error == NULL || *error == NULL, NULL);

  self = g_object_new (INCIDENT_TYPE_SQLITE_STORE, NULL);
  self->path = g_strdup (path);
  self->clock = g_object_ref (clock);
  self->sqlite = incident_sqlite_open (path, clock, error);
  if (self->sqlite == NULL)
    return NULL;
  memcpy (self->store_id, self->sqlite->store_id, INCIDENT_STORE_ID_LENGTH);
  incident_sqlite_keeper_init (&self->keeper, self->path, &self->lock, &self->sqlite);

  return INCIDENT_STORE (g_steal_pointer (&self));
}
