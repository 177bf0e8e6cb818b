/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "incident-test.h"

/* What a playbook, its silences and what was heard come to, read in the plainest way there is: every alert
 * against every rule and every other alert. Nothing of the library's own is used for it. */

enum
{
  PLAIN_NAME, PLAIN_CLUSTER, PLAIN_TEAM, PLAIN_SEVERITY, PLAIN_N_LABELS,
};

extern const char * const plain_label_names[PLAIN_N_LABELS];

typedef struct
{
  guint       label;
  const char *value;    /* "": the label is missing, too */
  gboolean    negated;
} PlainMatcher;

typedef struct
{
  PlainMatcher matchers[2];
  guint        n;
} PlainList;

/* Every day, by UTC. */
typedef struct
{
  int start, end;  /* minutes */
} PlainInterval;

typedef struct
{
  PlainList   list;
  gboolean    goes_on;
  guint       group_by;
  gint64      wait, window, reopen_within, ended_for;
  guint       count;       /* of the threshold; 0: none */
  gint64      within;
  gboolean    flap;
  guint       when_ended;
  int         mute, active; /* interval; -1: none */
} PlainRoute;

typedef struct
{
  PlainList source, target;
  guint     equal;    /* bits of labels */
  gboolean  require;
  guint     routes;   /* bits of routes; 0: all */
} PlainInhibition;

typedef struct
{
  PlainList list;
  gint64    from, until;
  int       interval;  /* -1: once */
} PlainWork;

#define PLAIN_INTERVALS 3

typedef struct
{
  PlainRoute      routes[5];  /* the first is the root */
  guint           n_routes;
  PlainInhibition inhibitions[4];
  guint           n_inhibitions;
  PlainWork       works[2];
  guint           n_works;
  PlainInterval   intervals[PLAIN_INTERVALS];
  gint64          timeout;    /* of the webhook */
} PlainPlaybook;

typedef struct
{
  guint64   id;
  PlainList list;
  gint64    start, end;
  int       interval;  /* -1: all the time */
} PlainSilence;

/* What is known of one thing that may be wrong. */
typedef struct
{
  const char *labels[PLAIN_N_LABELS];  /* NULL: missing */
  gint64      start;       /* of the occurrence that was heard of last; 0: none */
  gint64      changed;     /* when the latest began that was heard of, taken for the same or not */
  gint64      heard_at;    /* when this occurrence was heard of first */
  gint64      expires;     /* when it is given up, at the latest */
  gint64      certain;     /* and at the earliest */
  gboolean    active;
  gboolean    timed_out;
  gboolean    doubtful;    /* how often it began */
  GArray     *begins;      /* gint64 */
} PlainThing;

/* Random, under the clock @now. */
void              plain_playbook_init   (PlainPlaybook       *self,
                                         GRand               *rand,
                                         gint64               now);
char             *plain_playbook_write  (const PlainPlaybook *self);
void              plain_list_init       (PlainList           *self,
                                         GRand               *rand,
                                         gboolean             of_silence);
/* “team="x"”, or with its quotes escaped for JSON. */
char             *plain_list_write      (const PlainList     *self,
                                         gboolean             in_json);

const PlainRoute *plain_find_route      (const PlainPlaybook *self,
                                         const PlainThing    *thing);
/* By silences, maintenance, the intervals of its route, and other things that fire: for certain, or perhaps. */
gboolean          plain_is_muted        (const PlainPlaybook *self,
                                         GArray              *silences,
                                         GPtrArray           *things,
                                         const PlainThing    *thing,
                                         gint64               now,
                                         gboolean             perhaps);

/* Its sender says so at @now; @expires is when it is given up. FALSE: it is no news. */
gboolean          plain_thing_fires     (PlainThing          *self,
                                         gint64               start,
                                         gint64               expires,
                                         gboolean             gives_up,
                                         gint64               now);
void              plain_thing_ends      (PlainThing          *self,
                                         gint64               start,
                                         gint64               end,
                                         gint64               now);
void              plain_thing_expire    (PlainThing          *self,
                                         gint64               now);
void              plain_thing_free      (PlainThing          *self);
