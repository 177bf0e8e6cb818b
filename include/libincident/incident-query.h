/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#if !defined (INCIDENT_INSIDE) && !defined (INCIDENT_COMPILATION)
# error "Only <libincident/incident.h> can be included directly."
#endif

#include <glib-object.h>
#include <libincident/incident-version-macros.h>

G_BEGIN_DECLS

#define INCIDENT_TYPE_QUERY (incident_query_get_type ())

typedef struct _IncidentQuery IncidentQuery;

/**
 * INCIDENT_QUERY_MAX_LIMIT:
 *
 * How many cases or events one page can have.
 *
 * Since: 0.1
 */
#define INCIDENT_QUERY_MAX_LIMIT (1000)

INCIDENT_AVAILABLE_IN_ALL
GType          incident_query_get_type      (void) G_GNUC_CONST;

INCIDENT_AVAILABLE_IN_ALL
IncidentQuery *incident_query_new           (void);

INCIDENT_AVAILABLE_IN_ALL
IncidentQuery *incident_query_ref           (IncidentQuery *self);

INCIDENT_AVAILABLE_IN_ALL
void           incident_query_unref         (IncidentQuery *self);

INCIDENT_AVAILABLE_IN_ALL
void           incident_query_set_open_only (IncidentQuery *self,
                                             gboolean       open_only);

INCIDENT_AVAILABLE_IN_ALL
void           incident_query_set_phase     (IncidentQuery *self,
                                             const char    *phase);

INCIDENT_AVAILABLE_IN_ALL
void           incident_query_set_service   (IncidentQuery *self,
                                             const char    *service);

INCIDENT_AVAILABLE_IN_ALL
void           incident_query_set_since     (IncidentQuery *self,
                                             gint64         time);

INCIDENT_AVAILABLE_IN_ALL
void           incident_query_set_before    (IncidentQuery *self,
                                             guint64        number);

INCIDENT_AVAILABLE_IN_ALL
void           incident_query_set_limit     (IncidentQuery *self,
                                             guint          limit);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (IncidentQuery, incident_query_unref)

G_END_DECLS
