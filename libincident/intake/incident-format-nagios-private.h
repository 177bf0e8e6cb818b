/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "intake/incident-format-fields-private.h"

G_BEGIN_DECLS

/* What the children of Nagios have in common: a command is run, and is given macros. */

#define INCIDENT_NAGIOS_MUST_BE_TYPE \
  "must be “PROBLEM”, “RECOVERY”, “ACKNOWLEDGEMENT”, “CUSTOM”, “FLAPPING…” or “DOWNTIME…”"

/* States of hosts and services, by their words. */
extern const IncidentFormatWord incident_nagios_states[];

/* Reads a body of macros, each with @prefix or without. */
gboolean incident_nagios_read       (IncidentIntakeMessage  *message,
                                     const char             *prefix,
                                     GError                **error);
/* What stays the same in all that is said of a host or a service (nullable). */
void     incident_nagios_set_object (IncidentItem           *item,
                                     const char             *host,
                                     const char             *service);
/* Is there a macro of this name in a body of macros? */
gboolean incident_nagios_has_macro  (IncidentNode           *root,
                                     const char             *bytes,
                                     gsize                   length,
                                     const char             *name);

G_END_DECLS
