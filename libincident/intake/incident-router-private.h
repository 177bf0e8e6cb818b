/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "intake/incident-alert-private.h"
#include "model/incident-intake-rules-private.h"

G_BEGIN_DECLS

/* Where an alert goes: the first route whose matchers hold, depth first, as Alertmanager has it. Routes
 * that are reached through “continue” after it are put into @others (nullable). Never NULL. */
const IncidentRouteRule *incident_router_find (const IncidentRouteRule *root,
                                               IncidentLabels           labels,
                                               IncidentLabels           annotations,
                                               GPtrArray               *others);

/* Is the label one of those that make the group? @sender: the names by which the sender groups (nullable). */
gboolean                 incident_router_is_grouped_by (const IncidentRouteRule *rule,
                                               GPtrArray               *sender,
                                               const char              *name);
/* What tells the group of an alert from all others, in bytes; replaces what @out holds. */
void                     incident_router_put_group (const IncidentRouteRule *rule,
                                               GPtrArray               *sender,
                                               IncidentLabels           labels,
                                               const char              *key,   /* of the alert, nullable */
                                               GString                 *out);
/* The name of the group, for the store. */
char                    *incident_router_name_group (GString           *group);

G_END_DECLS
