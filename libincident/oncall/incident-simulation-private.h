/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "oncall/incident-plan-private.h"

G_BEGIN_DECLS

/* What the escalator would do, on a clock that is a number: the same plans, and the facts of their events applied to
 * a state that is nobody else's. Nothing is written. */

/* Is shown each plan that does something, and the state as it leaves it. */
typedef void (*IncidentSimulationTold) (const IncidentPlan  *plan,
                                        const IncidentState *state,
                                        gint64               at,
                                        gpointer             data);

typedef struct
{
  IncidentPlanning        planning;
  IncidentState          *state;     /* owned */
  IncidentPlan            plan;
  guint                   n_looks;
  guint                   most_looks;
  IncidentSimulationTold  told;
  gpointer                data;
} IncidentSimulation;

/* @planning: all but the time; what it points to is lent. @state is (transfer full). */
void     incident_simulation_init  (IncidentSimulation     *self,
                                    const IncidentPlanning *planning,
                                    IncidentState          *state,
                                    guint                   most_looks,
                                    IncidentSimulationTold  told,
                                    gpointer                data);
void     incident_simulation_clear (IncidentSimulation     *self);
/* Something has happened. */
void     incident_simulation_apply (IncidentSimulation     *self,
                                    const char             *facts,
                                    const char             *actor,
                                    gint64                  at);
/* Does all that is due by now, and tells when to look again, as in IncidentPlan. FALSE: it has looked often enough. */
gboolean incident_simulation_look  (IncidentSimulation     *self,
                                    gint64                  now,
                                    gint64                  now_boot,
                                    gint64                 *due,
                                    gint64                 *due_boot);
/* Looks at each moment that comes from @from on until @until, by the wall alone. FALSE: as above. */
gboolean incident_simulation_run   (IncidentSimulation     *self,
                                    gint64                  from,
                                    gint64                  until);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (IncidentSimulation, incident_simulation_clear)

G_END_DECLS
