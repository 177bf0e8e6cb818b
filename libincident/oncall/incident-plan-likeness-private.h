/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "model/incident-state-private.h"

G_BEGIN_DECLS

/* Which cases are planned once for all of them. */

/* The same is to be done about both, at any time. FALSE: that cannot be told at a glance. */
gboolean incident_plan_is_alike (const IncidentState *a,
                                 const IncidentState *b);

G_END_DECLS
