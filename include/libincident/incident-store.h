/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#if !defined (INCIDENT_INSIDE) && !defined (INCIDENT_COMPILATION)
# error "Only <libincident/incident.h> can be included directly."
#endif

#include <gio/gio.h>
#include <libincident/incident-version-macros.h>

G_BEGIN_DECLS

#define INCIDENT_TYPE_STORE (incident_store_get_type ())

INCIDENT_AVAILABLE_IN_ALL
G_DECLARE_INTERFACE (IncidentStore, incident_store, INCIDENT, STORE, GObject)

INCIDENT_AVAILABLE_IN_ALL
guint64   incident_store_get_size    (IncidentStore  *self,
                                      GError        **error);

INCIDENT_AVAILABLE_IN_ALL
gboolean  incident_store_backup      (IncidentStore  *self,
                                      const char     *path,
                                      GCancellable   *cancellable,
                                      GError        **error);

G_END_DECLS
