/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "store/incident-sqlite-rows-private.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <unistd.h>

/* A few pages at a time, so that it can be cancelled. */
static int
copy_pages (sqlite3_backup *backup,
            GCancellable   *cancellable)
{
  int status;

  do
    {
      status = sqlite3_backup_step (backup, 256);
      if (status == SQLITE_BUSY || status == SQLITE_LOCKED)
        sqlite3_sleep (10);
    }
  while ((status == SQLITE_OK || status == SQLITE_BUSY || status == SQLITE_LOCKED)
         && !g_cancellable_is_cancelled (cancellable));

  return status;
}

static gboolean
copy (IncidentSqlite  *sqlite,
      sqlite3         *target,
      GCancellable    *cancellable,
      GError         **error)
{
  sqlite3_backup *backup = sqlite3_backup_init (target, "main", sqlite->db, "main");
  int status;

  if (backup == NULL)
    status = sqlite3_extended_errcode (target);
  else
    {
      /* One moment for all steps: else SQLite begins anew at each write of another process. */
      sqlite3_exec (sqlite->db, "BEGIN; SELECT 1 FROM store", NULL, NULL, NULL);
      copy_pages (backup, cancellable);
      status = sqlite3_backup_finish (backup);
      sqlite3_exec (sqlite->db, "ROLLBACK", NULL, NULL, NULL);
    }
  if (g_cancellable_set_error_if_cancelled (cancellable, error))
    return FALSE;
  if (status == SQLITE_OK)
    return TRUE;

  incident_sqlite_set_error (error, target, status, "The store cannot be copied");
  return FALSE;
}

/* The name must be free, and is taken at once: nothing is ever overwritten. */
static gboolean
take_name (const char  *path,
           GError     **error)
{
  int fd = open (path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);

  if (fd < 0)
    {
      g_set_error (error, G_IO_ERROR, g_io_error_from_errno (errno),
                   "The copy “%s” cannot be made: %s", path, g_strerror (errno));
      return FALSE;
    }

  close (fd);
  return TRUE;
}

gboolean
incident_sqlite_backup (IncidentSqlite  *sqlite,
                        const char      *path,
                        GCancellable    *cancellable,
                        GError         **error)
{
  sqlite3 *target = NULL;
  gboolean copied = FALSE;
  int status;

  if (!take_name (path, error))
    return FALSE;

  status = sqlite3_open_v2 (path, &target, SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX, NULL);
  if (status != SQLITE_OK)
    incident_sqlite_set_error (error, target, status, path);
  else
    copied = incident_sqlite_exec (target, "PRAGMA synchronous = EXTRA", error)
             && copy (sqlite, target, cancellable, error);
  sqlite3_close (target);

  if (copied && incident_sqlite_sync_folder (path, error))
    return TRUE;

  g_unlink (path);
  return FALSE;
}
