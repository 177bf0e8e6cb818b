/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "store/incident-sqlite-rows-private.h"
#include "store/incident-store-private.h"

G_BEGIN_DECLS

/* The one way into a store's file. Commits that arrive while another is being made
 * durable wait together, and become durable together. */

typedef struct
{
  GMutex    lock;
  GCond     changed;
  GQueue    waiting;   /* of the requests that no leader has taken yet */
  gboolean  is_led;    /* somebody is at the file */
  guint     n_waiting; /* threads */
} IncidentSqliteWriter;

/* What the writer needs of the store. */
typedef struct
{
  /* The connection, locked; NULL if it cannot be had. */
  IncidentSqlite *(*lock)   (gpointer         store,
                             GError         **error);
  void            (*unlock) (gpointer         store);
  /* Closes it and opens it anew; TRUE if that went well. It stays locked. */
  IncidentSqlite *(*reopen) (gpointer         store,
                             GError         **error);
  IncidentClock  *clock;
  gpointer        store;
} IncidentSqliteFile;

void     incident_sqlite_writer_init   (IncidentSqliteWriter     *self);
void     incident_sqlite_writer_clear  (IncidentSqliteWriter     *self);
/* Any thread; blocks until it is durable, or will never be. */
gboolean incident_sqlite_writer_commit (IncidentSqliteWriter     *self,
                                        const IncidentSqliteFile *file,
                                        IncidentCommit           *commit,
                                        GError                  **error);

G_END_DECLS
