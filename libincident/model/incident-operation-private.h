/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <libincident/incident-clock.h>

#include "model/incident-record-private.h"

G_BEGIN_DECLS

/* The id of a command: a retry that brings it again is recorded once. */

/* Ids of one desk: what it drew when it was made, and a count. One after another they
 * lie side by side in an index. */
typedef struct
{
  guint64 drawn;
  guint64 n;
} IncidentOperations;

void      incident_operations_init       (IncidentOperations *self,
                                          IncidentClock      *clock);
void      incident_operations_draw       (IncidentOperations *self,
                                          guint8              operation[INCIDENT_OPERATION_LENGTH]);
char     *incident_operation_to_string   (const guint8    operation[INCIDENT_OPERATION_LENGTH]);
gboolean  incident_operation_from_string (const char     *string,
                                          guint8          operation[INCIDENT_OPERATION_LENGTH]);

G_END_DECLS
