/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <libincident/incident-clock.h>

#include <sqlite3.h>

#include "base/incident-error-private.h"
#include "model/incident-record-private.h"
#include "store/incident-sqlite-heads-private.h"

G_BEGIN_DECLS

/* One connection to a store's file: opening, checking, making and migrating it. */

#define INCIDENT_SQLITE_APPLICATION_ID 0x494e4344 /* “INCD” */
#define INCIDENT_SQLITE_BUSY_MSEC      10000

typedef struct _IncidentSqlite IncidentSqlite;

struct _IncidentSqlite
{
  sqlite3    *db;
  GHashTable *statements; /* text of the SQL, by its address → sqlite3_stmt */
  guint8      store_id[INCIDENT_STORE_ID_LENGTH];
  IncidentSqliteHeads heads;
  guint8      keys[256];  /* drawn, and not used yet: the last n_keys bytes */
  guint       n_keys;
  int         wal_pages;  /* of the log of SQLite, after our last commit */
  guint       n_commits;  /* of ours */
  gboolean    in_memory;
};

/* SQL that leads from one version of the schema to the next; from none to 1 first. */
extern const char * const incident_sqlite_migrations[];
extern const guint        incident_sqlite_n_migrations;

IncidentSqlite *incident_sqlite_open  (const char      *path,
                                       IncidentClock   *clock,
                                       GError         **error);
/* The same tables, gone when it is closed; has no id and no cases. */
IncidentSqlite *incident_sqlite_open_memory (GError   **error);
void            incident_sqlite_close (IncidentSqlite  *self);

/* Before a COMMIT: a sync is much dearer where the file grows, so SQLite's log is made
 * to grow well ahead, and seldom. */
void      incident_sqlite_make_room (IncidentSqlite *self);
gboolean  incident_sqlite_exec      (sqlite3        *db,
                                     const char     *sql,
                                     GError        **error);
gboolean  incident_sqlite_sync_folder (const char   *path,
                                       GError      **error);
/* Says what SQLite says, under the code that a caller can act on. */
void      incident_sqlite_set_error (GError        **error,
                                     sqlite3        *db,
                                     int             status,
                                     const char     *what);

G_END_DECLS
