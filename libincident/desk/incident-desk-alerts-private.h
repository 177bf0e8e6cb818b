/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "desk/incident-desk-private.h"
#include "intake/incident-intake-private.h"

G_BEGIN_DECLS

/* What a desk knows of alerts, so far as somebody asked; made anew from the store whenever others have
 * written there, or a commit failed. */
struct _IncidentDeskAlerts
{
  IncidentIntake *intake;  /* NULL: nobody has asked yet */
  IncidentRules  *rules;   /* those that it was made under; a reference */
  GHashTable     *quiet;   /* number of a case → gint64: when the desk ends it, since all its alerts ended */
};

void            incident_desk_alerts_clear (IncidentDeskAlerts *self);

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

/* Cases whose alerts have all ended are ended too, where the route says so and nobody took them over. */
gboolean        incident_desk_end_quiet_cases (IncidentDesk    *self,
                                            gint64              now,
                                            GError            **error);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (IncidentBriefing, incident_briefing_clear)

G_END_DECLS
