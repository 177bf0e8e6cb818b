/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "base/incident-node-private.h"
#include "model/incident-judgement-private.h"

G_BEGIN_DECLS

/* What somebody asks a simulation: a case, a span of time, and what happens in it. */

typedef struct
{
  gint64        at;       /* if no clock is set */
  const char   *action;   /* “acknowledge”, “severity”, “clock” …: the member of @node */
  IncidentNode *node;     /* the object */
} IncidentScenarioEvent;

typedef struct
{
  IncidentTree *tree;
  const char   *case_id;  /* NULL: it is one that is not there */
  IncidentNode *made;     /* of a case that is not there */
  gint64        from;
  gint64        until;
  GArray       *events;   /* (element-type IncidentScenarioEvent), by time */
} IncidentScenario;

/* INCIDENT_ERROR_INVALID, which names the place. Clear it in any case. */
gboolean       incident_scenario_read        (IncidentScenario       *self,
                                              const char             *json,
                                              gint64                  now,
                                              GError                **error);
void           incident_scenario_clear       (IncidentScenario       *self);
/* The state of the case that is not there. NULL: it is in a phase that the lifecycle does not have. */
IncidentState *incident_scenario_make_state  (const IncidentScenario *self,
                                              const IncidentRulebook *rulebook,
                                              GError                **error);
/* “+10m”, “-1h” */
gint64         incident_scenario_read_offset (const char             *text);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (IncidentScenario, incident_scenario_clear)

G_END_DECLS
