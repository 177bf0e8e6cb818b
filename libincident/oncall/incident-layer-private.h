/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "oncall/incident-wall-clock-private.h"

G_BEGIN_DECLS

/* Whoever a layer names, taken together. */
#define INCIDENT_EVERYBODY G_MAXUINT

typedef struct
{
  gint64  from;
  gint64  until;
  guint   person;   /* place in the people of the layer, or INCIDENT_EVERYBODY */
} IncidentTurn;

/* Adds who it puts on call within [from, until), by time, to @turns (element-type IncidentTurn). A change of turn to
 * the same person is not told. */
void incident_layer_list_turns (const IncidentLayer *self,
                                gint64               from,
                                gint64               until,
                                GArray              *turns);
/* It may put others on call at any moment after @after, with no end to be seen. */
gboolean incident_layer_moves_after (const IncidentLayer *self,
                                gint64               after);

G_END_DECLS
