/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "intake/incident-format-private.h"
#include "intake/incident-inhibitor-private.h"
#include "intake/incident-router-private.h"
#include "intake/incident-silence-private.h"

G_BEGIN_DECLS

/* All alerts that are known, and what is to be told of them. Nothing here touches the store: whoever calls
 * commits what is told, and calls incident_intake_commit() then, or throws the whole away. */

typedef struct
{
  const IncidentIntakeRules *rules;      /* lent */
  IncidentInhibitor         *inhibitor;
  GHashTable                *alerts;     /* (element-type IncidentKnown) a set, by source and key */
  GHashTable                *groupings;  /* text → IncidentGrouping: how senders group */
  GPtrArray                 *silences;   /* (element-type IncidentSilence): by id, those that are over too */
  GPtrArray                 *touched;    /* (element-type IncidentKnown): to be looked at after this message */
  GPtrArray                 *dirty;      /* (element-type IncidentKnown): to be written down */
  GArray                    *mutes;      /* IncidentMute: to judge with */
  guint64                    head;       /* the last entry of the journal that it knows of */
  guint                      n_new;      /* rows that the entry in hand has given ids */
  gint64                     next;       /* nothing is due before */
  guint                      n_active;
} IncidentIntake;

typedef enum
{
  INCIDENT_TELLS_FIRED,
  INCIDENT_TELLS_ENDED,
  INCIDENT_TELLS_WORSENED,
  INCIDENT_TELLS_ACKNOWLEDGED,
  INCIDENT_TELLS_FLAPPING,
} IncidentTells;

/* What a case is to be told of an alert. */
typedef struct
{
  IncidentTells   tells;
  IncidentKnown  *known;
  IncidentAlert  *alert;     /* as it stands then; a reference */
  const char     *key;       /* of the episode; lent by the alert, or … */
  char           *own_key;   /* … owned; or NULL */
  guint64         case_number; /* that it was told to before; 0: none */
  gint64          at;        /* by the source's clock, where it tells */
  gboolean        timed_out; /* nobody said that it ended */
} IncidentTelling;

/* What became of one alert of a message. */
typedef struct
{
  IncidentKnown  *known;     /* nullable */
  IncidentAlert  *alert;     /* as it was said; lent */
  const char     *outcome;   /* static; NULL: it fires, and what became of that is for the case to say */
  const char     *why;       /* static */
  gboolean        is_news;   /* the store is to know of it */
} IncidentIntakeOutcome;

IncidentIntake *incident_intake_new        (const IncidentIntakeRules *rules);
void            incident_intake_free       (IncidentIntake        *self);

/* What was written down once. The alert of it is (transfer none). */
void            incident_intake_restore    (IncidentIntake        *self,
                                            IncidentKnown         *known); /* (transfer full) */
/* In place of the one of the same id. */
void            incident_intake_set_silence (IncidentIntake       *self,
                                            IncidentSilence       *silence); /* (transfer full) */
/* Lent; NULL: there is none, or it is long over. */
IncidentSilence *incident_intake_get_silence (IncidentIntake      *self,
                                            guint64                id);
/* The playbook changed: routes and rules are those of @rules now. */
void            incident_intake_set_rules  (IncidentIntake        *self,
                                            const IncidentIntakeRules *rules);

/* What @message says to fire on is not given up by incident_intake_settle() before it is taken in. */
void            incident_intake_spare      (IncidentIntake        *self,
                                            IncidentIntakeMessage *message,
                                            gint64                 now);
/* Takes in what a message says at @now. @outcomes (element-type IncidentIntakeOutcome) has one for each of its alerts;
 * what is to be told is added to @tellings (element-type IncidentTelling). */
void            incident_intake_take       (IncidentIntake        *self,
                                            IncidentIntakeMessage *message,
                                            gint64                 now,
                                            GArray                *outcomes,
                                            GArray                *tellings);
/* What is due by @now. */
void            incident_intake_settle     (IncidentIntake        *self,
                                            gint64                 now,
                                            GArray                *tellings);
/* Silences or rules are others: what is held back is judged again. */
void            incident_intake_judge_held (IncidentIntake        *self,
                                            gint64                 now,
                                            GArray                *tellings);
/* Nobody could say anything for a while: what would be given up has its whole time once more. */
void            incident_intake_resume     (IncidentIntake        *self,
                                            gint64                 now);
/* What was dirty is written down, under entry @head. */
void            incident_intake_commit     (IncidentIntake        *self,
                                            guint64                head);

/* The one grouping of this text there is: lent. */
const IncidentGrouping *incident_intake_intern_grouping (IncidentIntake *self,
                                            const char            *text);
IncidentKnown  *incident_intake_find       (IncidentIntake        *self,
                                            const char            *source,
                                            const char            *key);

/* Why nobody is told that it fires. */
typedef struct
{
  IncidentHold   hold;
  gconstpointer  by;     /* the silence, maintenance, inhibition or interval */
  gint64         until;  /* G_MAXINT64: until something else happens */
} IncidentMute;

/* All there are at @now; replaces what @mutes (element-type IncidentMute) holds. @known is NULL in a dry run. */
void            incident_intake_list_mutes (IncidentIntake        *self,
                                            IncidentLabels         labels,
                                            IncidentLabels         annotations,
                                            const IncidentRouteRule *route,
                                            const IncidentKnown   *known,
                                            gint64                 now,
                                            GArray                *mutes);
/* “silence 4 of ana until 2026-11-23T09:00:00Z: the disk is being replaced” */
char           *incident_intake_describe_mute (IncidentIntake     *self,
                                            const IncidentMute    *mute,
                                            IncidentLabels         labels,
                                            IncidentLabels         annotations,
                                            const IncidentRouteRule *route);
/* The first of what holds an alert back, as above. */
char           *incident_intake_explain_hold (IncidentIntake      *self,
                                            const IncidentKnown   *known,
                                            gint64                 now);
/* How bad a case is by what an alert says of itself. */
IncidentSeverity incident_intake_get_severity (IncidentIntake     *self,
                                            IncidentAlert         *alert,
                                            const IncidentRouteRule *route);
void            incident_telling_clear     (gpointer               telling);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (IncidentIntake, incident_intake_free)

G_END_DECLS
