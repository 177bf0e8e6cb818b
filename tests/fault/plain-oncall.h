/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* What must hold of pages, whatever happened, written down from the rules alone: it reads timelines and messages, as anybody
 * could, and never looks at the library.
 *
 *  – nobody is paged who has acknowledged, but by a person who asks for them;
 *  – what a timeline says was paged is a message for each way to the person, and each of them was sent once, or there is a reason;
 *  – nobody is paged twice for one position in a run;
 *  – a run that stands still says why, and in the end each does;
 *  – no step is left out, none is fired twice, and each comes when the one before it has had its time, however clocks were set. */

typedef struct _PlainOncall PlainOncall;

typedef struct
{
  guint64     number;   /* of the case */
  guint       seq;
  const char *kind;
  const char *facts;
  const char *payload;  /* nullable */
} PlainTold;

typedef struct
{
  guint64     id;
  guint64     number;
  guint       seq;      /* of the event that it is because of */
  const char *key;
  const char *body;
  const char *state;
  const char *trouble;  /* nullable */
  const char *log;      /* nullable: of the attempts, as JSON */
} PlainMessage;

PlainOncall *plain_oncall_new           (void);
void         plain_oncall_free          (PlainOncall        *self);
/* @waits: of each step, in microseconds. */
void         plain_oncall_add_policy    (PlainOncall        *self,
                                         const char         *version,
                                         const char         *policy,
                                         guint               n_steps,
                                         guint               repeat,
                                         gboolean            is_limited,
                                         const gint64       *waits);
void         plain_oncall_add_person    (PlainOncall        *self,
                                         const char         *person,
                                         guint               n_methods);
/* In the order in which it happened; @sun is a clock that nobody sets. */
void         plain_oncall_hear          (PlainOncall        *self,
                                         gint64              sun,
                                         const PlainTold    *told);
void         plain_oncall_see_arrive    (PlainOncall        *self,
                                         gint64              sun,
                                         guint64             number,
                                         const char         *key,
                                         const char         *body);
/* Nobody looked from @sun until @until. */
void         plain_oncall_note_stop     (PlainOncall        *self,
                                         gint64              sun,
                                         gint64              until);
/* The clock on the wall was set; … */
void         plain_oncall_note_jump     (PlainOncall        *self,
                                         gint64              sun);
/* … that of the boot began anew, and what waits goes by the wall since. */
void         plain_oncall_note_boot     (PlainOncall        *self,
                                         gint64              sun);
/* At the end: all messages, then the rest. */
void         plain_oncall_see_message   (PlainOncall        *self,
                                         const PlainMessage *message);
void         plain_oncall_end           (PlainOncall        *self);
/* What does not hold; NULL: nothing. */
const char  *plain_oncall_get_fault     (PlainOncall        *self);
/* What it has met, in words: so that nobody takes an empty year for a good one. */
char        *plain_oncall_describe      (PlainOncall        *self);
guint        plain_oncall_count         (PlainOncall        *self,
                                         const char         *what);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PlainOncall, plain_oncall_free)

G_END_DECLS
