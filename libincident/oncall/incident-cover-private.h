/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "oncall/incident-roster-private.h"

G_BEGIN_DECLS

/* A part of what decides who is on call: each acts from its beginning to its end. */
typedef enum
{
  INCIDENT_PIECE_TURN,      /* a layer, or a feed, puts a person on call */
  INCIDENT_PIECE_CHANGE,    /* an override, a swap that was taken */
  INCIDENT_PIECE_TEMPORARY, /* a temporary schedule holds … */
  INCIDENT_PIECE_FIXED,     /* … and puts a person on call */
  INCIDENT_PIECE_WANTED_GAP,
} IncidentPieceKind;

#define INCIDENT_N_PIECE_KINDS (INCIDENT_PIECE_WANTED_GAP + 1)

typedef struct
{
  IncidentPieceKind           kind;
  guint                       priority; /* of a turn, as below */
  guint                       order;    /* among those of its priority: as they were written, then feeds */
  guint                       place;    /* of the person in the layer */
  const char                 *layer;    /* interned; NULL: a feed, or no turn */
  const char                 *person;   /* interned; NULL where it names none */
  const char                 *substitute; /* interned; nullable */
  const IncidentRosterChange *change;   /* nullable */
  gint64                      from;
  gint64                      until;
} IncidentPiece;

/* Adds what acts on a schedule within [from, until), while @rules are in force, to @pieces (element-type IncidentPiece). */
void incident_roster_list_pieces (IncidentRoster              *self,
                                  const IncidentScheduleRules *rules,
                                  gint64                       from,
                                  gint64                       until,
                                  GArray                      *pieces);
/* When a change counts; FALSE: never. */
gboolean incident_roster_change_get_stretch (const IncidentRosterChange *self,
                                  gint64                      *from,
                                  gint64                      *until);
/* The rules of a moment, and until when they are; G_MAXINT64: from then on. NULL: it is no schedule then. */
const IncidentScheduleRules *
     incident_roster_find_rules  (IncidentRoster              *self,
                                  const char                  *schedule,
                                  gint64                       at,
                                  gint64                      *until);

G_END_DECLS
