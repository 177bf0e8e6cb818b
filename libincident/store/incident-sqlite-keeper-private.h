/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "store/incident-sqlite-rows-private.h"

G_BEGIN_DECLS

/* What must be done now and then, and that no commit should wait for: a thread that
 * is started when there is first something for it to do. */

typedef struct
{
  const char      *path;       /* of the store, like the two below */
  GMutex          *file_lock;  /* of the store's connection … */
  IncidentSqlite **file;       /* … and the connection */

  GMutex           door;       /* who wants the connection next: see incident_sqlite_keeper_let_in() */
  GThread         *thread;     /* NULL until it is needed */
  GMutex           lock;
  GCond            changed;
  gboolean         is_wanted;
  gboolean         is_stopping;
} IncidentSqliteKeeper;

/* When there is something to do. Tests make them small. */
typedef struct
{
  int   wal_pages; /* pages (of 4 KiB) in SQLite's log: then they are copied into the file */
  guint cases;     /* rows that are behind, … */
  guint events;    /* … or events: then the rows are brought up to date. The more at once, the less
                      is written for each, and the longer it takes to open the file after a crash. */
} IncidentSqliteKeeperLimits;

extern IncidentSqliteKeeperLimits incident_sqlite_keeper_limits;

void incident_sqlite_keeper_init (IncidentSqliteKeeper  *self,
                                  const char            *path,
                                  GMutex                *file_lock,
                                  IncidentSqlite       **file);
/* Before the connection is locked for a commit. A lock goes to whoever is there first, and who
 * commits one thing after another is always there: the keeper would never have its turn. */
void incident_sqlite_keeper_let_in (IncidentSqliteKeeper *self);
/* Is there something to do? After a commit, with the connection locked. */
void incident_sqlite_keeper_look (IncidentSqliteKeeper  *self,
                                  IncidentSqlite        *sqlite);
void incident_sqlite_keeper_stop (IncidentSqliteKeeper  *self);
/* Before the connection is closed: who opens the file next shall not have to read
 * much of the log. */
void incident_sqlite_keeper_tidy (IncidentSqlite        *sqlite);

G_END_DECLS
