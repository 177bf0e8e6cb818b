/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "incident-test.h"

/* Several processes that begin at the same moment. Nothing may be asserted in
 * them: they say how it went, and the test judges. */

typedef struct
{
  guint   me;          /* which process, from 0 */
  int     code;        /* -1: it went well; else of IncidentError, or -2 for another domain */
  guint64 number;      /* of a case, or whatever was counted */
  guint   n_conflicts;
  char    words[200];
} Outcome;

typedef struct
{
  const char *path;    /* of the store */
  guint64     number;  /* of a case that is there, or 0 */
  const char *words;
  guint       me;
} Work;

/* The first call prepares, and the second begins when all are prepared. Between
 * them the process keeps what the first one returns. */
typedef gpointer (*Prepare) (const Work *work, Outcome *outcome);
typedef void     (*Perform) (const Work *work, gpointer prepared, Outcome *outcome);

#define MAX_PROCESSES 8

void run_together (guint      n,
                   const Work *work,
                   Prepare    prepare,
                   Perform    perform,
                   Outcome    outcomes[]);
/* Notes the error, if there is one. */
void tell         (Outcome      *outcome,
                   const GError *error);
