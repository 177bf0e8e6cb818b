/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <libincident/incident-schedule.h>

#include "oncall/incident-roster-private.h"

G_BEGIN_DECLS

struct _IncidentSchedule
{
  IncidentRoster              *roster;
  const IncidentScheduleRules *rules;  /* of the roster's rules */
};

/* NULL: there is none of the name. */
IncidentSchedule *incident_schedule_new      (IncidentRoster     *roster,
                                              const char         *name);
IncidentShift    *incident_shift_new         (const IncidentSpan *span);

G_END_DECLS
