/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "plain-oncall.h"

G_BEGIN_DECLS

/* What the parts of the plain check share. */

#define NEVER G_MININT64
/* No page waits so long, unless nobody looks. */
#define OLD   (45 * G_TIME_SPAN_MINUTE)

typedef struct
{
  guint    n_steps;
  guint    repeat;
  gboolean is_limited;
  gint64  *waits;
} Policy;

typedef struct
{
  char     *policy;
  char     *version;
  char     *state;
  gboolean  has_why;
  guint     loop;
  guint     step;        /* the last one that was fired, skipped or held … */
  gboolean  is_held;
  gboolean  is_expected; /* … or the one that comes next */
  gboolean  is_manual;   /* a person has asked for the next one */
  guint     arming;
  gint64    fired_at;    /* when the step was fired that goes on now; NEVER: none does */
  gboolean  has_failed;  /* somebody could not be reached since */
} Run;

/* Somebody acknowledges, or does not any more. */
typedef struct
{
  gint64      sun;
  const char *person;    /* interned */
  gboolean    is_acked;
} Turn;

typedef struct
{
  guint  n;
  gint64 sun;
} Arrival;

/* A page that went with another one, in one message. */
typedef struct
{
  guint64     with;
  guint64     number;
  const char *person;    /* interned */
} Bundled;

/* From then on some pages are not wanted. */
typedef struct
{
  guint       seq;       /* of the event that says so */
  gint64      sun;
  guint       run;       /* 0: those of all … */
  const char *person;    /* … and NULL: to everybody; interned */
} Hush;

typedef struct
{
  gboolean    is_live;
  GHashTable *acked;     /* set of people */
  GHashTable *runs;      /* number → Run */
  GArray     *hushes;    /* (element-type Hush), as they came */
  GArray     *turns;     /* (element-type Turn) */
} Case;

typedef struct
{
  gint64    sun;
  guint     n_rows;
  gboolean  is_person;
  char     *person;
} Announced;

struct _PlainOncall
{
  GHashTable *policies;   /* “version/policy” → Policy */
  GHashTable *methods;    /* person → how many ways there are */
  GHashTable *cases;      /* number → Case */
  GHashTable *announced;  /* “case/event/person” → Announced */
  GHashTable *fired;      /* a set of “case/run/loop/step/arming” */
  GHashTable *arrived;    /* key → Arrival */
  GHashTable *sent;       /* id → the Arrival of it; lent */
  GArray     *bundled;    /* (element-type Bundled) */
  GArray     *stops;      /* pairs of gint64 */
  GArray     *jumps;      /* gint64 */
  GArray     *boots;      /* gint64 */
  GHashTable *counts;     /* what → how often */
  char       *fault;
};

void     plain_blame       (PlainOncall     *self,
                            const char      *format,
                            ...) G_GNUC_PRINTF (2, 3);
void     plain_hush        (Case            *kase,
                            guint            seq,
                            gint64           sun,
                            guint            run,
                            const char      *person); /* nullable */
void     plain_count       (PlainOncall     *self,
                            const char      *what);
gboolean plain_was_stopped (PlainOncall     *self,
                            gint64           from,
                            gint64           until);
gboolean plain_was_booted  (PlainOncall     *self,
                            gint64           from,
                            gint64           until);
/* Facts are lines of “name=value”. */
char    *plain_get_fact    (const char      *facts,
                            const char      *name);
guint    plain_get_number  (const char      *facts,
                            const char      *name,
                            guint            otherwise);
/* plain-oncall-runs.c: what an event says of a run. */
void     plain_hear_run    (PlainOncall     *self,
                            gint64           sun,
                            const PlainTold *told,
                            Case            *kase,
                            guint            number);
void     plain_run_free    (gpointer         data);

G_END_DECLS
