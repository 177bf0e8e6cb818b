/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "intake/incident-known-private.h"
#include "model/incident-intake-rules-private.h"

G_BEGIN_DECLS

/* Where an alert goes: the first route whose matchers hold, depth first, as Alertmanager has it. Routes
 * that are reached through “continue” after it are put into @others (nullable). Never NULL. */
const IncidentRouteRule *incident_router_find (const IncidentRouteRule *root,
                                               IncidentLabels           labels,
                                               IncidentLabels           annotations,
                                               GPtrArray               *others);

/* The labels that make the group of an alert: @grouping is its sender's (nullable). Lent. (element-type IncidentLabel) */
GArray                  *incident_router_list_group (const IncidentRouteRule *rule,
                                               const IncidentGrouping  *grouping,
                                               IncidentLabels           labels);
/* What tells the group of an alert from all others, in bytes; replaces what @out holds. */
void                     incident_router_put_group (const IncidentRouteRule *rule,
                                               const IncidentGrouping  *grouping,
                                               IncidentLabels           labels,
                                               const char              *key,   /* of the alert, nullable */
                                               GString                 *out);
void                     incident_router_put_label (GString            *out,
                                               const IncidentLabel     *label);
/* The name of the group, for the store. */
char                    *incident_router_name_group (GString           *group);

G_END_DECLS
