/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "desk/incident-desk-oncall-private.h"
#include "oncall/incident-deadlines-private.h"

G_BEGIN_DECLS

/* Which case is due when: made from the states of all cases, and kept up to date by the log of the store. */

typedef struct
{
  IncidentDesk      *desk;     /* whose store it watches; lent */
  IncidentDeadlines  by_wall;  /* a case stands in one of the two, … */
  IncidentDeadlines  by_boot;  /* … as its deadline is told */
  IncidentRules     *rules;    /* that all cases were looked at under; NULL: they were not yet */
  guint32            boot;     /* and the boot, … */
  gint64             offset;   /* … by the wall clock so far from that of the boot */
  guint64            known;    /* the log up to here was looked at */
  GArray            *touched;  /* guint64, for one look */
  GHashTable        *damaged;  /* interned: versions of old playbooks that cannot be read */
} IncidentWatch;

void     incident_watch_init     (IncidentWatch          *self,
                                  IncidentDesk           *desk);
void     incident_watch_clear    (IncidentWatch          *self);
/* Looks at what was committed since, by whomever; at all cases where the rules or the boot are others, or a clock was set. */
gboolean incident_watch_follow   (IncidentWatch          *self,
                                  const IncidentPlanning *planning,
                                  GError                **error);
/* As a plan or incident_plan_get_due() tells it. */
void     incident_watch_set      (IncidentWatch          *self,
                                  guint64                 number,
                                  gint64                  due,
                                  gint64                  due_boot);
/* What we committed ourselves need not be read, where nobody wrote in between. */
void     incident_watch_note_own (IncidentWatch          *self,
                                  GPtrArray              *records);
/* Takes out those that are due, @at_most so many, the oldest deadlines first. Adds to @numbers (element-type guint64). */
void     incident_watch_take_due (IncidentWatch          *self,
                                  const IncidentPlanning *planning,
                                  guint                   at_most,
                                  GArray                 *numbers);
/* When the next is due, by the wall: G_MAXINT64: none. */
gint64   incident_watch_get_next (IncidentWatch          *self,
                                  const IncidentPlanning *planning);

G_END_DECLS
