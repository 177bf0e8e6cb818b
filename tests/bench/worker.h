/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* A variant that the driver measures: it lives as long as the measurement, and
 * answers on a pipe.
 *
 *   RUN n    → wall ns, CPU ns           does n more transitions (or events, items)
 *   CHECK n  → checksum, or nothing      the same in a world made anew
 *   COUNT    → bytes                     what the row counts in place of time
 *   BYTES    → bytes, bytes, or nothing  what the process has written so far, as it was asked
 *                                        for, and as the pages that this made dirty
 *
 * Every case walks the ring resolve, recover, reopen, from the phase “diagnosis”. All
 * take the same step before any takes the next, in an order drawn by lot. */

#define N_RING 3

typedef struct
{
  const char *name;
  void      (*begin)    (void);
  void      (*run)      (guint64 n);
  guint64   (*checksum) (void);    /* nullable */
  gint64    (*count)    (void);    /* nullable */
  void      (*end)      (void);    /* nullable */
} Variant;

/* Of the command line: how many cases, how many a commit, where files may be. */
extern guint32     worker_n_cases;
extern guint32     worker_batch;
extern const char *worker_folder;

/* Case indexes, each once, in an order drawn by lot. */
extern guint32    *worker_order;
/* How many steps were taken so far, over all laps. */
extern guint64     worker_position;

/* @steps of the next lap may be taken at once: up to @at_most. Gives the index of the
 * step in the ring, and the cases. */
guint32 worker_next     (guint32         at_most,
                         guint          *step,
                         const guint32 **cases);
/* Sum over the cases, whatever their order. @phase: 0 diagnosis, 1 resolution, 2 recovered. */
guint64 worker_checksum (guint32         index,
                         guint           phase);
/* How often it says @word. */
guint64 worker_count    (const char     *text,
                         const char     *word);
char   *worker_path     (const char     *name);
/* Of this process: bytes of memory that are in use. */
gint64  worker_resident (void);
/* For a variant that is only counted. */
void    worker_nothing  (void);
void    worker_no_run   (guint64         n);
int     worker_main     (int             argc,
                         char          **argv,
                         const Variant  *variants);

G_END_DECLS
