/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "base/incident-node-private.h"
#include "model/incident-interval-private.h"

G_BEGIN_DECLS

/* What both ways between a playbook and an Alertmanager's configuration share. */

#define INCIDENT_ALERTMANAGER_RECEIVER "x-receiver" /* of a route */
#define INCIDENT_ALERTMANAGER_NAME "x-name"         /* of an interval, in its first element, where it is no id */

/* Members of an interval that hold ranges. */
typedef struct
{
  const char *ours;
  const char *theirs;
  gboolean  (*add) (IncidentIntervalSpec *spec,
                    const char           *text,
                    char                **problem);
} IncidentAlertmanagerRange;

#define INCIDENT_ALERTMANAGER_N_RANGES 4
extern const IncidentAlertmanagerRange incident_alertmanager_ranges[INCIDENT_ALERTMANAGER_N_RANGES];

/* “/route: what became of it”, into @notes (element-type char). */
void   incident_alertmanager_note      (GPtrArray    *notes,
                                        IncidentNode *node,
                                        const char   *format,
                                        ...) G_GNUC_PRINTF (3, 4);
/* Takes the notes out. */
char **incident_alertmanager_end_notes (GPtrArray    *notes);

G_END_DECLS
