/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "store/incident-sqlite-keeper-private.h"

IncidentSqliteKeeperLimits incident_sqlite_keeper_limits = {
  .wal_pages = 8192,
  .cases = 131072,
  .events = 262144,
};

#define PROJECT_AT_CLOSE 1024

/* Commits wait for as long as one slice takes, some milliseconds. */
#define SLICE_CASES      2048

static gboolean
should_project (IncidentSqlite *sqlite)
{
  const IncidentSqliteHeads *heads = &sqlite->heads;

  return heads->swept->len > 0 || heads->dirty->len >= incident_sqlite_keeper_limits.cases
         || (heads->started && heads->size - heads->applied >= incident_sqlite_keeper_limits.events);
}

static GMutexLocker *
lock_file (IncidentSqliteKeeper *self)
{
  g_autoptr(GMutexLocker) door G_GNUC_UNUSED = g_mutex_locker_new (&self->door);

  return g_mutex_locker_new (self->file_lock);
}

static gboolean
project_slice (IncidentSqliteKeeper *self)
{
  g_autoptr(GMutexLocker) locker G_GNUC_UNUSED = lock_file (self);

  return *self->file != NULL && should_project (*self->file)
         && incident_sqlite_project_some (*self->file, SLICE_CASES, NULL);
}

/* Old events lie still, so there is no hurry: one segment at a time. */
static gboolean
seal_segment (IncidentSqliteKeeper *self)
{
  g_autoptr(GMutexLocker) locker G_GNUC_UNUSED = lock_file (self);
  gboolean more = FALSE;

  return *self->file != NULL && incident_sqlite_seal_some (*self->file, &more, NULL) && more;
}

static void
checkpoint (IncidentSqliteKeeper *self,
            sqlite3              *db)
{
  g_autoptr(GMutexLocker) locker G_GNUC_UNUSED = NULL;

  /* Most of it beside the commits, and the little that they add meanwhile without
   * them: only what is copied as a whole is written over from its start. */
  sqlite3_wal_checkpoint_v2 (db, NULL, SQLITE_CHECKPOINT_PASSIVE, NULL, NULL);
  locker = lock_file (self);
  sqlite3_wal_checkpoint_v2 (db, NULL, SQLITE_CHECKPOINT_PASSIVE, NULL, NULL);
  if (*self->file != NULL)
    (*self->file)->wal_pages = 0;
}

static gboolean
wait_for_work (IncidentSqliteKeeper *self)
{
  g_autoptr(GMutexLocker) locker G_GNUC_UNUSED = g_mutex_locker_new (&self->lock);

  while (!self->is_wanted && !self->is_stopping)
    g_cond_wait (&self->changed, &self->lock);
  self->is_wanted = FALSE;
  return !self->is_stopping;
}

/* A connection that has never read does not know that there is a log, and copies nothing. */
static int
open_for_checkpoints (const char  *path,
                      sqlite3    **db)
{
  int status = sqlite3_open_v2 (path, db, SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX, NULL);

  return status == SQLITE_OK ? sqlite3_exec (*db, "SELECT 1 FROM store", NULL, NULL, NULL) : status;
}

static gpointer
keep (gpointer data)
{
  IncidentSqliteKeeper *self = data;
  sqlite3 *db = NULL;
  int status = open_for_checkpoints (self->path, &db);

  while (wait_for_work (self))
    {
      while (!g_atomic_int_get (&self->is_stopping) && (project_slice (self) || seal_segment (self)))
        ;
      if (status == SQLITE_OK)
        checkpoint (self, db);
    }

  sqlite3_close (db);
  return NULL;
}

void
incident_sqlite_keeper_init (IncidentSqliteKeeper  *self,
                             const char            *path,
                             GMutex                *file_lock,
                             IncidentSqlite       **file)
{
  *self = (IncidentSqliteKeeper) { .path = path, .file_lock = file_lock, .file = file };
  g_mutex_init (&self->door);
  g_mutex_init (&self->lock);
  g_cond_init (&self->changed);
}

void
incident_sqlite_keeper_let_in (IncidentSqliteKeeper *self)
{
  g_mutex_lock (&self->door);
  g_mutex_unlock (&self->door);
}

void
incident_sqlite_keeper_look (IncidentSqliteKeeper *self,
                             IncidentSqlite       *sqlite)
{
  if (sqlite->wal_pages < incident_sqlite_keeper_limits.wal_pages && !should_project (sqlite))
    return;

  g_mutex_lock (&self->lock);
  self->is_wanted = TRUE;
  if (self->thread == NULL)
    self->thread = g_thread_new ("incident-keeper", keep, self);
  g_cond_signal (&self->changed);
  g_mutex_unlock (&self->lock);
}

void
incident_sqlite_keeper_stop (IncidentSqliteKeeper *self)
{
  if (self->file == NULL)
    return;

  g_mutex_lock (&self->lock);
  g_atomic_int_set (&self->is_stopping, TRUE);
  g_cond_signal (&self->changed);
  g_mutex_unlock (&self->lock);
  g_clear_pointer (&self->thread, g_thread_join);
  g_mutex_clear (&self->door);
  g_mutex_clear (&self->lock);
  g_cond_clear (&self->changed);
}

void
incident_sqlite_keeper_tidy (IncidentSqlite *sqlite)
{
  if (sqlite->heads.started && sqlite->heads.size - sqlite->heads.applied >= PROJECT_AT_CLOSE)
    incident_sqlite_project (sqlite, NULL);
}
