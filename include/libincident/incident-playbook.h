/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#if !defined (INCIDENT_INSIDE) && !defined (INCIDENT_COMPILATION)
# error "Only <libincident/incident.h> can be included directly."
#endif

#include <libincident/incident-lifecycle.h>
#include <libincident/incident-playbook-change.h>

G_BEGIN_DECLS

#define INCIDENT_TYPE_PLAYBOOK (incident_playbook_get_type ())

typedef struct _IncidentPlaybook IncidentPlaybook;

INCIDENT_AVAILABLE_IN_ALL
GType              incident_playbook_get_type      (void) G_GNUC_CONST;

INCIDENT_AVAILABLE_IN_ALL
IncidentPlaybook  *incident_playbook_new_from_json (const char           *json,
                                                    gssize                length,
                                                    const char           *source,
                                                    GError              **error);

INCIDENT_AVAILABLE_IN_ALL
IncidentPlaybook  *incident_playbook_load          (const char * const   *paths,
                                                    GError              **error);

INCIDENT_AVAILABLE_IN_ALL
IncidentPlaybook  *incident_playbook_get_default   (void);

INCIDENT_AVAILABLE_IN_ALL
IncidentPlaybook  *incident_playbook_ref           (IncidentPlaybook     *self);

INCIDENT_AVAILABLE_IN_ALL
void               incident_playbook_unref         (IncidentPlaybook     *self);

INCIDENT_AVAILABLE_IN_ALL
const char        *incident_playbook_get_name      (IncidentPlaybook     *self);

INCIDENT_AVAILABLE_IN_ALL
const char        *incident_playbook_get_version   (IncidentPlaybook     *self);

INCIDENT_AVAILABLE_IN_ALL
IncidentLifecycle *incident_playbook_get_lifecycle (IncidentPlaybook     *self);

INCIDENT_AVAILABLE_IN_ALL
char             **incident_playbook_list_duties   (IncidentPlaybook     *self,
                                                    const char           *role);

INCIDENT_AVAILABLE_IN_ALL
gboolean           incident_playbook_check_samples (IncidentPlaybook     *self,
                                                    GError              **error);

INCIDENT_AVAILABLE_IN_ALL
GPtrArray         *incident_playbook_list_warnings (IncidentPlaybook     *self);

INCIDENT_AVAILABLE_IN_ALL
char              *incident_playbook_to_json       (IncidentPlaybook     *self);

INCIDENT_AVAILABLE_IN_ALL
GPtrArray         *incident_playbook_diff          (IncidentPlaybook     *self,
                                                    IncidentPlaybook     *other);

INCIDENT_AVAILABLE_IN_ALL
char              *incident_playbook_dup_schema    (void);

INCIDENT_AVAILABLE_IN_ALL
char              *incident_playbook_import_alertmanager (const char     *json,
                                                    gssize                length,
                                                    const char           *place,
                                                    char               ***notes,
                                                    GError              **error);

INCIDENT_AVAILABLE_IN_ALL
char              *incident_playbook_export_alertmanager (IncidentPlaybook *self,
                                                    char               ***notes,
                                                    GError              **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (IncidentPlaybook, incident_playbook_unref)

G_END_DECLS
