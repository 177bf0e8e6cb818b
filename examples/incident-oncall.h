/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "incident-answer.h"
#include "incident-words.h"

G_BEGIN_DECLS

/* What the verb “oncall” shares among its files. */

typedef struct
{
  GPtrArray *schedules; /* lent; NULL: it is about all of them */
  gint64     from;
  gint64     until;
} OnCallSpan;

typedef gboolean (*OnCallFunc) (IncidentDesk  *desk,
                                Words         *words,
                                OnCallSpan    *span,
                                GError       **error);

typedef struct
{
  const char *name;          /* of its option */
  gint64      length;        /* where the words say nothing; less than 0: what is past */
  gboolean    has_schedules;
  OnCallFunc  run;
} OnCallView;

/* As a picture for the terminal or the web, or as a calendar. */
gboolean    oncall_draw         (IncidentDesk  *desk,
                                 Words         *words,
                                 OnCallSpan    *span,
                                 GError       **error);
gboolean    oncall_prove        (IncidentDesk  *desk,
                                 Words         *words,
                                 OnCallSpan    *span,
                                 GError       **error);
gboolean    oncall_measure_load (IncidentDesk  *desk,
                                 Words         *words,
                                 OnCallSpan    *span,
                                 GError       **error);
gboolean    oncall_import       (Words         *words,
                                 GError       **error);

G_END_DECLS
