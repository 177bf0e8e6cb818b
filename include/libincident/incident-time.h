/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#if !defined (INCIDENT_INSIDE) && !defined (INCIDENT_COMPILATION)
# error "Only <libincident/incident.h> can be included directly."
#endif

#include <glib.h>
#include <libincident/incident-version-macros.h>

G_BEGIN_DECLS

/**
 * INCIDENT_TIME_NONE:
 *
 * The time of what has not happened.
 *
 * Since: 0.1
 */
#define INCIDENT_TIME_NONE (G_GINT64_CONSTANT (-9223372036854775807))

INCIDENT_AVAILABLE_IN_ALL
gboolean  incident_time_from_string     (const char  *string,
                                         gint64      *time,
                                         GError     **error);

INCIDENT_AVAILABLE_IN_ALL
char     *incident_time_to_string       (gint64       time);

INCIDENT_AVAILABLE_IN_ALL
char     *incident_time_to_local_string (gint64       time);

G_END_DECLS
