/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Which case is due when: a heap that knows the place of each case in it. */

typedef struct
{
  gint64  due;
  guint32 number;
} IncidentDeadline;

typedef struct
{
  GArray *heap;   /* (element-type IncidentDeadline): four below each */
  GArray *places; /* guint32: by the number of the case its place in the heap, counted from 1; 0: it has none */
} IncidentDeadlines;

void     incident_deadlines_init  (IncidentDeadlines *self);
void     incident_deadlines_clear (IncidentDeadlines *self);
/* Forgets all of them. */
void     incident_deadlines_empty (IncidentDeadlines *self);
/* The case is due then, and no longer at another time; G_MAXINT64: never. Times are of any one clock. */
void     incident_deadlines_set   (IncidentDeadlines *self,
                                   guint64            number,
                                   gint64             due);
/* When the next one is due; G_MAXINT64: none waits. */
gint64   incident_deadlines_peek  (const IncidentDeadlines *self);
/* Takes the case out that is due first, of several at once the oldest; 0: none waits. */
guint64  incident_deadlines_pop   (IncidentDeadlines *self);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (IncidentDeadlines, incident_deadlines_clear)

G_END_DECLS
