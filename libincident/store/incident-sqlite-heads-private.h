/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "model/incident-fold-private.h"

G_BEGIN_DECLS

/* What one connection remembers of the cases: the last event of those that it has
 * met, and the state of those that it has folded. Everything here can be forgotten
 * and read again. */

/* A store that holds more cases is not believed, and takes no more. */
#define INCIDENT_SQLITE_MAX_CASES ((guint64) G_MAXINT32)

typedef struct
{
  IncidentState state;        /* folded as far as somebody needed it; version 0: not at all */
  gint64        updated_at;   /* as of the state, like the one below */
  gint64        closed_at;
  guint64       last;         /* log index of its last event */
  guint32       version;      /* 0: not looked up */
  guint32       pending : 28; /* events of the commit in hand that are checked and not written yet */
  guint32       dirty : 1;    /* its row in case_row is behind */
  guint32       open_in_row : 2; /* 0: not known; 1: it says ended; 2: it says open */
} IncidentSqliteHead;

typedef struct
{
  GPtrArray *chunks;   /* of heads; NULL where none was met */
  guint64    size;     /* the log is known up to here */
  gboolean   started;  /* the log was looked at */
  guint64    n_cases;
  guint64    applied;  /* events that case_row knows of, when last looked */
  GArray    *dirty;    /* numbers (guint64) of the cases whose row is behind */
  GArray    *swept;    /* those of them that are being brought up to date … */
  guint64    swept_to; /* … up to here */
} IncidentSqliteHeads;

void                incident_sqlite_heads_init  (IncidentSqliteHeads *self);
void                incident_sqlite_heads_clear (IncidentSqliteHeads *self);
/* NULL: it was not met. */
IncidentSqliteHead *incident_sqlite_heads_peek  (IncidentSqliteHeads *self,
                                                 guint64              number);
IncidentSqliteHead *incident_sqlite_heads_get   (IncidentSqliteHeads *self,
                                                 guint64              number);
/* One more event of a case. @is_in_row: case_row tells of it already. */
void                incident_sqlite_heads_note  (IncidentSqliteHeads *self,
                                                 guint64              number,
                                                 guint32              seq,
                                                 guint64              log_index,
                                                 gboolean             is_in_row);
/* The state may lag behind; it takes in what comes next, and nothing else. */
void                incident_sqlite_head_fold   (IncidentSqliteHead   *self,
                                                 guint32               seq,
                                                 const char           *actor,
                                                 gint64                occurred_at,
                                                 gint64                recorded_at,
                                                 const IncidentEffect *effect);

G_END_DECLS
