/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "intake/incident-format-nagios-private.h"

#include "intake/incident-formats-private.h"

/* Checkmk runs a notification plugin with the macros of Nagios in NOTIFY_… variables, and some of
 * its own: WHAT (HOST or SERVICE), OMD_SITE, MICROTIME, HOSTLABEL_… and SERVICELABEL_…. */

#define PREFIX "NOTIFY_"

static gboolean
read_message (IncidentIntakeMessage  *message,
              GError                **error)
{
  return incident_nagios_read (message, PREFIX, error);
}

static gboolean
recognise (IncidentNode *root,
           const char   *bytes,
           gsize         length)
{
  return incident_nagios_has_macro (root, bytes, length, PREFIX "NOTIFICATIONTYPE")
         || (incident_nagios_has_macro (root, bytes, length, "NOTIFICATIONTYPE")
             && (incident_nagios_has_macro (root, bytes, length, "WHAT")
                 || incident_nagios_has_macro (root, bytes, length, "OMD_SITE")));
}

const IncidentFormat incident_format_checkmk = {
  .name = "checkmk",
  .title = "Checkmk: macros of a notification plugin",
  .recognise = recognise,
  .read = read_message,
};
