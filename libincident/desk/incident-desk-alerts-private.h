/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "desk/incident-desk-private.h"
#include "intake/incident-intake-private.h"

G_BEGIN_DECLS

/* A case of which no alert fires any more. */
typedef struct
{
  gint64            due;  /* when the desk ends it … */
  IncidentWhenEnded how;
} IncidentQuiet;

/* What a desk knows of alerts, so far as somebody asked; made anew from the store whenever others have
 * written there, or a commit failed. */
struct _IncidentDeskAlerts
{
  IncidentIntake *intake;  /* NULL: nobody has asked yet */
  IncidentRules  *rules;   /* those that it was made under; a reference */
  GHashTable     *quiet;   /* number of a case → IncidentQuiet */
  GHashTable     *related; /* what alerts have in common → cases that were told of such: see incident-correlation.c */
};

void            incident_desk_alerts_clear (IncidentDeskAlerts *self);
/* An alert of the case ended at @ended_at: unless one ends later, the case is ended as @route says. */
void            incident_desk_alerts_expect_quiet (IncidentDeskAlerts *self,
                                            guint64             number,
                                            const IncidentRouteRule *route,
                                            gint64              ended_at);

/* Up to date with the store and the rules. Lent until the next call. */
IncidentIntake *incident_desk_load_alerts  (IncidentDesk       *self,
                                            GError            **error);
/* All episodes of all alerts that fire, or of which something was said since @since (element-type
 * IncidentKnown), by when they were heard of. They have no routes. */
GPtrArray      *incident_desk_load_history (IncidentDesk       *self,
                                            gint64              since,
                                            GError            **error);
/* What was changed in memory did not get to the store. */
void            incident_desk_forget_alerts (IncidentDesk      *self);

/* A body is read under the rules by which it was read first: @playbooks has those that were asked for. */
GHashTable     *incident_desk_playbooks_new (void);
const IncidentIntakeRules *incident_desk_find_intake_rules (IncidentDesk *self,
                                            GHashTable         *playbooks,
                                            const char         *version,    /* nullable */
                                            GError            **error);

/* What the journal has of alerts of which a commit removes the words. */
typedef struct
{
  IncidentIntakeChange  change;
  IncidentIntakeEntry  *entry;
  GArray               *slices;
} IncidentErasure;

void            incident_erasure_clear     (IncidentErasure    *self);
/* Adds to the commit what it is to erase; nothing where it removes no words of alerts. The erasure is to
 * live as long. Any thread. */
gboolean        incident_erasure_init      (IncidentErasure    *self,
                                            IncidentDesk       *desk,
                                            IncidentCommit     *commit,
                                            GError            **error);
/* Of the body, those @which (one for each alert); all of it where no other is left. */
void            incident_erasure_add_slices (GArray            *slices,
                                            guint64             entry,
                                            IncidentIntakeMessage *message,
                                            const gboolean     *which);
/* The body as it is to be kept: without what it says again of alerts whose words were removed. */
GBytes         *incident_erasure_make_body (IncidentIntakeMessage *message,
                                            const GArray       *outcomes);

/* What is told to cases, in one commit. */
typedef struct
{
  IncidentDesk         *desk;
  IncidentIntake       *intake;
  const char           *actor;        /* who says so */
  gint64                received_at;
  GArray               *tellings;     /* IncidentTelling */
  IncidentIntakeEntry  *entry;        /* to be appended to the journal (nullable) */
  const char           *title;        /* of a case, as the sender has it (nullable) */

  IncidentDecision      decision;
  GPtrArray            *parts;        /* what is told to one case each */
  GHashTable           *by_number;    /* case → its part; lent */
  GHashTable           *by_group;     /* group, in bytes → its part; lent */
} IncidentBriefing;

void            incident_briefing_init     (IncidentBriefing   *self,
                                            IncidentDesk       *desk,
                                            IncidentIntake     *intake,
                                            const char         *actor,
                                            gint64              received_at);
void            incident_briefing_clear    (IncidentBriefing   *self);
/* Tells it, and writes down what is known, all or nothing. FALSE: nothing happened, and the intake is gone
 * with what it knew. */
gboolean        incident_briefing_commit   (IncidentBriefing   *self,
                                            GError            **error);
/* “opened”, “joined” or “reopened”: what became of an alert that was told as firing; NULL: it was not. */
const char     *incident_briefing_get_outcome (IncidentBriefing *self,
                                            const IncidentKnown *known);

/* An alert was told to its case. */
void            incident_desk_alerts_note_related (IncidentDeskAlerts *self,
                                            const IncidentKnown *known,
                                            IncidentAlert      *alert,
                                            gint64              at);
/* What links the cases that were opened to those that may have the same cause (element-type IncidentRecord): to
 * be committed by itself, once the world knows of the cases. NULL: there is nothing. */
GPtrArray      *incident_briefing_correlate (IncidentBriefing  *self);

/* Changes what is known, before what follows from it is told; may give the briefing an entry. FALSE: it
 * changed nothing. */
typedef gboolean (*IncidentDeskChangeFunc) (IncidentBriefing   *briefing,
                                            gint64              now,
                                            gpointer            data,
                                            GError            **error);
/* Does what is due. @change (nullable) is done first, anew whenever others were quicker. */
gboolean        incident_desk_settle       (IncidentDesk       *self,
                                            IncidentDeskChangeFunc change,
                                            gpointer            data,
                                            GError            **error);

/* Alerts were written down, those of @intake that are dirty; or, if it is NULL, some that were repeated. Other desks
 * read what is known anew then. */
IncidentIntakeEntry *incident_intake_entry_new_settled (IncidentIntake *intake, /* nullable */
                                            gint64              now);

/* Cases whose alerts have all ended are ended too, where the route says so and nobody took them over. */
gboolean        incident_desk_end_quiet_cases (IncidentDesk    *self,
                                            gint64              now,
                                            GError            **error);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (IncidentErasure, incident_erasure_clear)
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (IncidentBriefing, incident_briefing_clear)

G_END_DECLS
