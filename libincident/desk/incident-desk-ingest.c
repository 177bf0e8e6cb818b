/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <libincident/incident-desk.h>

#include <libincident/incident-error.h>

#include <string.h>

#include "base/incident-error-private.h"
#include "intake/incident-format-private.h"

const char *
incident_labels_get (IncidentLabels  self,
                     const char     *name)
{
  for (guint i = 0; i < self.n; i++)
    if (g_str_equal (self.labels[i].name, name))
      return self.labels[i].value;
  return NULL;
}

/**
 * incident_desk_ingest:
 * @self: a desk
 * @format: what the body is
 * @body: the message, as it was received
 * @source: (nullable): what to call the message in errors, such as a file name
 * @actor: who sends it: the name of the monitoring system
 * @received_at: when it was received
 * @error: return location for an error
 *
 * Takes in what a monitoring system says.
 *
 * Returns: (transfer container) (element-type IncidentReceipt): what became of it
 *
 * Since: 0.1
 */
GPtrArray *
incident_desk_ingest (IncidentDesk  *self,
                      const char    *format,
                      GBytes        *body,
                      const char    *source,
                      const char    *actor,
                      gint64         received_at,
                      GError       **error)
{
  incident_set_error_at (error, INCIDENT_ERROR_INVALID, "format", "not now");
  return NULL;
}
