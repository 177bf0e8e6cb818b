/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "oncall/incident-roster-private.h"

G_BEGIN_DECLS

/* Is somebody reached at any time, whatever the day? Found by sweeping from one change to the next, never
 * minute by minute. Pure: the same roster gives the same proof. */

typedef struct
{
  gint64               from;
  gint64               until;
  const char          *person;       /* interned; NULL: it is about nobody */
} IncidentProofSpan;

typedef struct
{
  guint                step;         /* from 0 */
  IncidentTarget       target;
} IncidentProofTarget;

/* Of one policy, as a case meets it that no condition of a step holds for. */
typedef struct
{
  const IncidentPolicyRules *policy; /* lent by the rules */
  GArray              *uncovered;    /* (element-type IncidentProofSpan): no step reaches anybody */
  GArray              *wanted_gaps;  /* (element-type IncidentProofSpan): likewise, and nobody is meant to be */
  GArray              *alone;        /* (element-type IncidentProofSpan): every step is one and the same person */
  GArray              *unstaffed;    /* (element-type guint): steps that never reach anybody */
  GArray              *open;         /* (element-type IncidentProofTarget): who that is depends on the case */
  gboolean             is_endless;   /* it repeats without end */
} IncidentPolicyProof;

/* A shift that a clock change makes empty, or at least twice as long. */
typedef struct
{
  const char          *schedule;     /* lent by the rules, as those below */
  const char          *layer;
  gint64               at;           /* when it begins */
  gboolean             is_doubled;   /* else it is lost */
} IncidentProofShift;

typedef struct
{
  const char          *schedule;
  const char          *person;
  gint64               from;         /* on call, and away */
  gint64               until;
  const char          *why;          /* nullable */
} IncidentProofAbsence;

/* A rotation by the month that begins on a day that not every month has. */
typedef struct
{
  const char          *schedule;
  const char          *layer;
  guint                day;
} IncidentProofRotation;

typedef struct
{
  IncidentRoster      *roster;
  gint64               from;
  gint64               until;
  GPtrArray           *policies;     /* (element-type IncidentPolicyProof) */
  GPtrArray           *no_contact;   /* (element-type utf8): people whom some step means, by name */
  GArray              *shifts;       /* (element-type IncidentProofShift), by schedule, then by time; as the two below */
  GArray              *absences;     /* (element-type IncidentProofAbsence) */
  GArray              *rotations;    /* (element-type IncidentProofRotation) */
} IncidentProof;

/* @policy: that one alone; NULL: all. INCIDENT_ERROR_NOT_FOUND: there is none of the name. */
IncidentProof *incident_proof_new        (IncidentRoster      *roster,
                                          const char          *policy,
                                          gint64               from,
                                          gint64               until,
                                          GError             **error);
void           incident_proof_free       (IncidentProof       *self);
/* There are policies, and none of them leaves anything uncovered. */
gboolean       incident_proof_holds      (const IncidentProof *self);
/* What is to be said of a schedule alone. */
void           incident_proof_add_shifts (GArray              *shifts,
                                          const IncidentScheduleRules *schedule,
                                          gint64               from,
                                          gint64               until);
void           incident_proof_add_absences (GArray            *absences,
                                          const IncidentRules *rules,
                                          const char          *schedule,
                                          const GArray        *spans);
void           incident_proof_add_rotations (GArray           *rotations,
                                          const IncidentScheduleRules *schedule);

/* What the zones of the schedules do in that time: it is another one where the time-zone data are others that matter. */
char          *incident_zones_to_version (const IncidentOncallRules *rules,
                                          gint64               from,
                                          gint64               until);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (IncidentProof, incident_proof_free)

G_END_DECLS
