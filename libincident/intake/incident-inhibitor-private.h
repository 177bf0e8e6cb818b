/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "intake/incident-known-private.h"

G_BEGIN_DECLS

/* Which alerts mute others: for each rule a table from the values that must be equal to
 * the sources that fire with them, so that it costs the same however many alerts there are. */

typedef struct _IncidentInhibitor IncidentInhibitor;

IncidentInhibitor *incident_inhibitor_new       (const IncidentIntakeRules *rules);
void               incident_inhibitor_free      (IncidentInhibitor *self);

/* It fires from now on, muted or not: whom a muted alert mutes stays muted. */
void               incident_inhibitor_add       (IncidentInhibitor *self,
                                                 IncidentKnown     *source);
/* It fires no more. Those that waited for the end of the last source of its kind are put into
 * @freed (element-type IncidentKnown). */
void               incident_inhibitor_remove    (IncidentInhibitor *self,
                                                 IncidentKnown     *source,
                                                 GPtrArray         *freed);
/* The rule that mutes these labels, after @after (NULL: the first); NULL: there is none. */
const IncidentInhibition *incident_inhibitor_find (IncidentInhibitor *self,
                                                 IncidentLabels     labels,
                                                 IncidentLabels     annotations,
                                                 const IncidentRouteRule *route,
                                                 const IncidentInhibition *after,
                                                 IncidentKnownSet **waiting); /* nullable; lent */
void               incident_inhibitor_wait      (IncidentKnownSet  *waiting,
                                                 IncidentKnown     *target);
void               incident_inhibitor_stop_waiting (IncidentKnown  *target);
/* One of the alerts that mute these labels by the rule, for people; NULL: there is none. */
const IncidentKnown *incident_inhibitor_find_source (IncidentInhibitor *self,
                                                 const IncidentInhibition *rule,
                                                 IncidentLabels     labels,
                                                 IncidentLabels     annotations);

G_END_DECLS
