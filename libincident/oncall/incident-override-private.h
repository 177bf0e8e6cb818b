/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <libincident/incident-override.h>

#include "oncall/incident-roster-private.h"

G_BEGIN_DECLS

struct _IncidentOverride
{
  IncidentRosterChange  *change;
  IncidentOverrideState  state;  /* when it was read */
};

/* As it stands at @now; a copy. */
IncidentOverride *incident_override_new_of_change (const IncidentRosterChange *change,
                                                   gint64                      now);

G_END_DECLS
