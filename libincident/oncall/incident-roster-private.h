/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <libincident/incident-override.h>

#include "model/incident-oncall-rules-private.h"
#include "model/incident-rules-private.h"
#include "store/incident-roster-entry-private.h"

G_BEGIN_DECLS

/* Schedules as they are lived: those of the playbook, and what people changed on single days.
 * Made from a playbook's rules and the journal of the store; never changed, shared by threads. */

/* What a temporary schedule says, and what a feed brought. */
typedef struct
{
  char   *person;    /* NULL: nobody: an event that names no person we know */
  char   *words;     /* nullable: of the event */
  guint   priority;  /* of a feed: “[L3]”, 1 where it says none; else 0 */
  gint64  from;
  gint64  until;
} IncidentFixedShift;

typedef struct
{
  guint64               id;          /* of its entry in the journal */
  char                 *schedule;
  IncidentOverrideKind  kind;
  char                 *person;      /* added, removed, replaced; of a swap: who gives; NULL of a temporary schedule and a feed */
  char                 *substitute;  /* of replace; of a swap: who has taken it, NULL while it is open */
  gint64                from;
  gint64                until;
  char                 *actor;
  char                 *text;        /* nullable */
  GArray               *shifts;      /* (element-type IncidentFixedShift) of a temporary schedule and a feed; NULL */
  gint64                added_at;    /* it counts for no minute before */
  gint64                taken_at;    /* of a swap; INCIDENT_TIME_NONE */
  gint64                withdrawn_at; /* it counts until then; INCIDENT_TIME_NONE */
} IncidentRosterChange;

typedef struct
{
  gint64         from;       /* in force since */
  IncidentRules *rules;      /* owned; NULL: not known any more */
} IncidentRosterBase;

typedef struct
{
  IncidentRules *rules;      /* in force now; owned */
  GArray        *bases;      /* (element-type IncidentRosterBase), by time, never empty: the first is since G_MININT64, the last
                              * one is @rules */
  GPtrArray     *changes;    /* (element-type IncidentRosterChange), by id */
  GHashTable    *by_schedule; /* name → GPtrArray of IncidentRosterChange, by id; lent */
  char          *declared;   /* the version that the journal says is in force; NULL: it says none */
  guint64        head;       /* the last entry of the journal that it knows */
} IncidentRoster;

/* Finds the rules of a version that was in force once; NULL: not known. (transfer full) */
typedef IncidentRules *(*IncidentRosterFindRules) (const char *version,
                                                   gpointer    data);

/* @entries (element-type IncidentRosterEntry): all of the journal. An entry that cannot be read is
 * INCIDENT_ERROR_CORRUPT. Where the journal says that another playbook is in force than that of @rules, @rules are from the
 * last entry on, or from incident_roster_set_since(). */
IncidentRoster *incident_roster_new      (IncidentRules           *rules,
                                          const GPtrArray         *entries,
                                          IncidentRosterFindRules  find_rules, /* nullable */
                                          gpointer                 data,
                                          GError                 **error);
/* The playbook alone. */
IncidentRoster *incident_roster_new_plain (IncidentRules          *rules);
IncidentRoster *incident_roster_ref      (IncidentRoster          *self);
void            incident_roster_unref    (IncidentRoster          *self);
/* For whoever has just made it: rules that the journal does not say are in force are so from @since on. */
void            incident_roster_set_since (IncidentRoster         *self,
                                          gint64                   since);
/* With a change on top that is not in the journal: for simulations. @change (transfer full) is given an id. */
IncidentRoster *incident_roster_with     (IncidentRoster          *self,
                                          IncidentRosterChange    *change);
/* The same with other rules from @since on: for a playbook that is thought of. */
IncidentRoster *incident_roster_with_rules (IncidentRoster        *self,
                                          IncidentRules           *rules,
                                          gint64                   since);
/* NULL: there is none of the id. */
const IncidentRosterChange *
                incident_roster_get_change (const IncidentRoster  *self,
                                          guint64                  id);
/* Not added, taken or withdrawn yet, without an id; of a temporary schedule and a feed without shifts so far. */
IncidentRosterChange *
                incident_roster_change_new (const char            *schedule,
                                          IncidentOverrideKind     kind,
                                          const char              *person,     /* nullable */
                                          const char              *substitute, /* nullable */
                                          gint64                   from,
                                          gint64                   until,
                                          const char              *text);      /* nullable */
IncidentRosterChange *
                incident_roster_change_copy (const IncidentRosterChange *self);
void            incident_roster_change_add_shift (IncidentRosterChange *self,
                                          const char              *person,     /* nullable: nobody */
                                          const char              *words,      /* nullable */
                                          guint                    priority,
                                          gint64                   from,
                                          gint64                   until);
void            incident_roster_change_free (IncidentRosterChange *self);
void            incident_fixed_shift_clear (IncidentFixedShift    *self);
IncidentOverrideState
                incident_roster_change_get_state (const IncidentRosterChange *self,
                                          gint64                   now);

/* Part of a schedule with the same people throughout. */
typedef struct
{
  gint64                      from;
  gint64                      until;
  GPtrArray                  *people;  /* interned, in order, each once; empty: uncovered */
  const char                 *layer;   /* interned: the layers that put them there, “a, b”; NULL: no layer did */
  const IncidentRosterChange *change;  /* that decided, lent; NULL: none */
  gboolean                    is_wanted_gap;
} IncidentSpan;

/* Nobody is on call, and somebody should be. */
gboolean        incident_span_is_gap     (const IncidentSpan      *self);
/* By people, for some time: what a calendar brought is no change of the day. */
gboolean        incident_span_is_changed (const IncidentSpan      *self);
/* Who is on call. Adds interned names to @people (element-type utf8). FALSE: there is no such schedule. */
gboolean        incident_roster_get_on_call (IncidentRoster       *self,
                                          const char              *schedule,
                                          gint64                   at,
                                          GPtrArray               *people);
/* Spans (element-type IncidentSpan, which the array clears) that fill [from, until) without a gap. NULL: no such schedule. */
GArray         *incident_roster_cover    (IncidentRoster          *self,
                                          const char              *schedule,
                                          gint64                   from,
                                          gint64                   until);
/* The first moment after @at at which somebody else may be on call; G_MAXINT64: never. */
gint64          incident_roster_next_change (IncidentRoster       *self,
                                          const char              *schedule,
                                          gint64                   at);
/* Those that begin and end at one moment by a clock that was set: for previews. Lines for people; NULL: none. */
gboolean        incident_rotation_has_empty_shift (const IncidentLayer *layer,
                                          gint64                   from,
                                          gint64                   until,
                                          GArray                  *moments); /* gint64; nullable */

G_DEFINE_AUTOPTR_CLEANUP_FUNC (IncidentRoster, incident_roster_unref)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (IncidentRosterChange, incident_roster_change_free)

G_END_DECLS
