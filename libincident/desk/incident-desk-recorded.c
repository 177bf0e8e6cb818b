/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "desk/incident-desk-private.h"

#include <libincident/incident-error.h>

/* Commands that were recorded before. */

gboolean
incident_desk_check_same_case (guint64   asked,
                               guint64   recorded,
                               GError  **error)
{
  if (asked == 0 || recorded == 0 || asked == recorded)
    return TRUE;

  g_set_error (error, INCIDENT_ERROR, INCIDENT_ERROR_INVALID,
               "The operation id was used before, for case %" G_GUINT64_FORMAT, recorded);
  return FALSE;
}

gboolean
incident_desk_find_recorded (IncidentDesk     *self,
                             IncidentCommand  *command,
                             guint64           asked,
                             guint64          *number,
                             GError          **error)
{
  guint8 operation[INCIDENT_OPERATION_LENGTH];

  *number = 0;
  /* One that is still to be drawn is new. */
  if (!incident_command_has_operation (command))
    return TRUE;

  incident_command_get_operation (command, incident_desk_get_operations (self), operation);
  return incident_store_find_operation (incident_desk_get_store (self), operation, number, error)
         && incident_desk_check_same_case (asked, *number, error);
}
