/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "store/incident-store-private.h"

G_BEGIN_DECLS

/* The journal of the intake of a memory store, and what is known of its alerts. */

typedef struct
{
  GPtrArray *entries; /* (element-type IncidentIntakeEntry), by id - 1 */
  GArray    *rows;    /* IncidentAlertRow, by id */
} IncidentMemoryIntake;

void        incident_memory_intake_init        (IncidentMemoryIntake       *self);
void        incident_memory_intake_clear       (IncidentMemoryIntake       *self);
/* After the cases of the commit have their numbers. */
void        incident_memory_intake_apply       (IncidentMemoryIntake       *self,
                                                const IncidentCommit       *commit);
GPtrArray  *incident_memory_intake_list        (IncidentMemoryIntake       *self,
                                                const char                 *kind,
                                                guint64                     after,
                                                guint                       limit);
guint64     incident_memory_intake_find_before (IncidentMemoryIntake       *self,
                                                gint64                      at);
GArray     *incident_memory_intake_list_rows   (IncidentMemoryIntake       *self,
                                                guint64                     since,
                                                guint64                     after,
                                                guint                       limit);

G_END_DECLS
