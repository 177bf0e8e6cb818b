/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#if !defined (INCIDENT_INSIDE) && !defined (INCIDENT_COMPILATION)
# error "Only <libincident/incident.h> can be included directly."
#endif

#include <libincident/incident-clock.h>
#include <libincident/incident-store.h>

G_BEGIN_DECLS

#define INCIDENT_TYPE_SQLITE_STORE (incident_sqlite_store_get_type ())

INCIDENT_AVAILABLE_IN_ALL
G_DECLARE_FINAL_TYPE (IncidentSqliteStore, incident_sqlite_store, INCIDENT, SQLITE_STORE, GObject)

INCIDENT_AVAILABLE_IN_ALL
IncidentStore *incident_sqlite_store_open (const char     *path,
                                           IncidentClock  *clock,
                                           GError        **error);

G_END_DECLS
