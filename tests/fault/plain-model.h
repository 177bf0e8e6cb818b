/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* What the rules say about one case, written down a second time from the table of
 * phases and not from the library's code: the tests let both judge the same
 * commands. It never looks at the library. */

typedef struct
{
  const char *verb;
  const char *actor;
  const char *title;
  const char *text;
  const char *target;
  const char *role;
  const char *person;
  const char *severity;
} PlainCommand;

typedef struct
{
  const char *phase;     /* NULL before it is opened */
  const char *commander; /* nullable, as scribe and severity */
  const char *scribe;
  const char *severity;
  guint       episode;
  guint       level;     /* escalations in this episode */
  guint       n_events;
} PlainCase;

/* The event that a command must leave; what it must not say is NULL. */
typedef struct
{
  const char *kind;
  const char *phase;
  const char *state;
  guint       episode; /* 0: not said */
  guint       level;   /* 0: not said */
  const char *role;
  const char *person;
  const char *target;
  const char *severity;
} PlainEvent;

/* Sorted codes, joined by commas; empty: it is allowed. */
char       *plain_judge        (const PlainCase    *self,
                                const PlainCommand *command);
/* Allowed, and leaves no event. */
gboolean    plain_holds        (const PlainCase    *self,
                                const PlainCommand *command);
PlainEvent  plain_apply        (PlainCase          *self,
                                const PlainCommand *command);
/* What a verb leads to and needs (sorted, joined by commas). */
const char *plain_get_to       (const char         *verb);
const char *plain_get_needs    (const char         *verb);
gboolean    plain_is_open      (const PlainCase    *self);
gboolean    plain_is_live      (const PlainCase    *self);
/* Sorts and joins. */
char       *plain_join         (GPtrArray          *words);

G_END_DECLS
