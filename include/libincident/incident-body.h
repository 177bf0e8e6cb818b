/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#if !defined (INCIDENT_INSIDE) && !defined (INCIDENT_COMPILATION)
# error "Only <libincident/incident.h> can be included directly."
#endif

#include <glib.h>
#include <libincident/incident-version-macros.h>

G_BEGIN_DECLS

INCIDENT_AVAILABLE_IN_ALL
GBytes *incident_body_from_http (GHashTable  *headers,
                                 GBytes      *body,
                                 GError     **error);

G_END_DECLS
