/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "plain-intake.h"

/* A day of monitoring, made from a seed: what is wrong, what its senders say of it and how that gets to two
 * desks, and what people do meanwhile. The functions assert: call them from a test. */

typedef struct
{
  PlainThing  known;       /* first: things are lists of these */
  guint       i;
  gboolean    by_api;
  GArray     *spans;       /* Span: when it really fires */
  guint       n_ended;     /* that its sender told the end of */
  char       *key;         /* as events name it, without its start */
  guint       n_told;      /* keys of it that somebody was told of, and not of the end */
} Thing;

typedef struct
{
  gint64 start, end;
} Span;

typedef struct
{
  guint32        seed;
  GRand         *rand;
  IncidentClock *clock;
  char          *folder;     /* NULL: in memory */
  IncidentStore *stores[2];
  IncidentDesk  *desks[2];   /* like two processes, which share a store */
  PlainPlaybook  playbook;
  guint          n_playbooks;
  GPtrArray     *things;     /* Thing */
  GHashTable    *by_key;     /* key → Thing, lent */
  GArray        *silences;   /* PlainSilence */
  GPtrArray     *letters;    /* Letter: on the way */
  GHashTable    *told;       /* key of an episode → case + 1 that was told so; or 0 */
  guint64        n_events;   /* of the log, that were read */
  guint64        n_cases;
  gboolean       is_traced;
} Day;

Day          *day_new            (guint32  seed);
void          day_free           (Day     *self);
/* Something happens. */
void          day_step           (Day     *self);
gint64        day_get_time       (Day     *self);
void          day_advance        (Day     *self,
                                  gint64   duration);
/* No sender says anything more; what is on the way arrives. */
void          day_end            (Day     *self);
void          day_settle         (Day     *self,
                                  guint    desk,
                                  gint64  *next);
/* As if its process had been started anew. */
void          day_restart        (Day     *self,
                                  guint    desk);
G_GNUC_PRINTF (2, 3)
void          day_say            (Day     *self,
                                  const char *format,
                                  ...);
#define day_fail(self, ...) \
  G_STMT_START { g_autofree char *words = g_strdup_printf (__VA_ARGS__); fail_msg ("INCIDENT_WORLD=%u: %s", (self)->seed, words); } G_STMT_END

/* intake-watch.c: what cases say, held against what is plainly so. */

/* Why nobody is to be told of a thing, if it fires. */
typedef struct
{
  gboolean is_muted;
  gboolean is_immature;  /* it does not fire, or has not done so for long enough, or often enough */
} Hold;

/* Before a message or change, and after it; one of @holds a thing. */
void          day_watch_before   (Day     *self,
                                  Hold    *holds);
/* @is_settled: what was due was done, too. */
void          day_watch_after    (Day     *self,
                                  const Hold *before,
                                  gboolean is_settled);
/* The timelines alone, once all is over. */
void          day_watch_end      (Day     *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Day, day_free)
