/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "model/incident-comms-rules-private.h"
#include "model/incident-rules-private.h"

G_BEGIN_DECLS

/* For whom something is told. These two are there in any playbook, and without one. */
#define INCIDENT_AUDIENCE_INTERNAL "internal"
#define INCIDENT_AUDIENCE_CUSTOMER "customer"

/* What the playbook says of an audience; NULL: nothing. */
const IncidentAudience *incident_rules_get_audience (const IncidentRules *self,
                                                     const char          *name);
/* Does the public read what is told there? */
gboolean                incident_rules_is_public    (const IncidentRules *self,
                                                     const char          *audience);

G_END_DECLS
