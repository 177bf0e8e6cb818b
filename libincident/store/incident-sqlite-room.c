/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "store/incident-sqlite-private.h"

#define PAGE        4096
#define FRAME       (PAGE + 24)
/* Who commits once or twice has nothing to win. */
#define SOME_COMMITS 8
#define AHEAD_FRAMES 32
#define GROWTH       (1 << 20)

static gboolean
grow (sqlite3_file  *wal,
      sqlite3_int64  size)
{
  static const guint8 zeros[64 * 1024];

  for (sqlite3_int64 done = 0; done < GROWTH; done += (sqlite3_int64) sizeof zeros)
    if (wal->pMethods->xWrite (wal, zeros, sizeof zeros, size + done) != SQLITE_OK)
      return FALSE;

  return TRUE;
}

/* In a write transaction nobody else appends. What lies behind the last frame is read
 * by nobody: SQLite stops at the first that is not whole. */
void
incident_sqlite_make_room (IncidentSqlite *self)
{
  sqlite3_file *wal = NULL;
  sqlite3_int64 size = 0;

  if (self->in_memory || ++self->n_commits < SOME_COMMITS
      || sqlite3_file_control (self->db, "main", SQLITE_FCNTL_JOURNAL_POINTER, &wal) != SQLITE_OK
      || wal == NULL || wal->pMethods == NULL
      || wal->pMethods->xFileSize (wal, &size) != SQLITE_OK
      || size == 0 || (self->wal_pages + AHEAD_FRAMES) * (sqlite3_int64) FRAME <= size)
    return;

  /* The disk may be nearly full: then the commit itself needs the room. */
  if (!grow (wal, size))
    wal->pMethods->xTruncate (wal, size);
}
