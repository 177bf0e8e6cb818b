/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#if !defined (INCIDENT_INSIDE) && !defined (INCIDENT_COMPILATION)
# error "Only <libincident/incident.h> can be included directly."
#endif

#include <libincident/incident-case.h>
#include <libincident/incident-command.h>
#include <libincident/incident-report.h>

G_BEGIN_DECLS

INCIDENT_AVAILABLE_IN_ALL
gboolean        incident_case_act        (IncidentCase         *self,
                                          IncidentCommand      *command,
                                          GError              **error);

INCIDENT_AVAILABLE_IN_ALL
void            incident_case_act_async  (IncidentCase         *self,
                                          IncidentCommand      *command,
                                          GCancellable         *cancellable,
                                          GAsyncReadyCallback   callback,
                                          gpointer              user_data);

INCIDENT_AVAILABLE_IN_ALL
gboolean        incident_case_act_finish (IncidentCase         *self,
                                          GAsyncResult         *result,
                                          GError              **error);

INCIDENT_AVAILABLE_IN_ALL
gboolean        incident_case_diagnose   (IncidentCase         *self,
                                          const char           *text,
                                          const char           *actor,
                                          GError              **error);

INCIDENT_AVAILABLE_IN_ALL
gboolean        incident_case_escalate   (IncidentCase         *self,
                                          const char           *target,
                                          const char           *reason,
                                          const char           *actor,
                                          GError              **error);

INCIDENT_AVAILABLE_IN_ALL
gboolean        incident_case_examine    (IncidentCase         *self,
                                          const char           *text,
                                          const char           *actor,
                                          GError              **error);

INCIDENT_AVAILABLE_IN_ALL
gboolean        incident_case_resolve    (IncidentCase         *self,
                                          const char           *solution,
                                          const char           *actor,
                                          GError              **error);

INCIDENT_AVAILABLE_IN_ALL
gboolean        incident_case_recover    (IncidentCase         *self,
                                          const char           *evidence,
                                          const char           *actor,
                                          GError              **error);

INCIDENT_AVAILABLE_IN_ALL
gboolean        incident_case_close      (IncidentCase         *self,
                                          const char           *text,
                                          const char           *actor,
                                          GError              **error);

INCIDENT_AVAILABLE_IN_ALL
gboolean        incident_case_cancel     (IncidentCase         *self,
                                          const char           *reason,
                                          const char           *actor,
                                          GError              **error);

INCIDENT_AVAILABLE_IN_ALL
gboolean        incident_case_reopen     (IncidentCase         *self,
                                          const char           *reason,
                                          const char           *actor,
                                          GError              **error);

INCIDENT_AVAILABLE_IN_ALL
gboolean        incident_case_assign     (IncidentCase         *self,
                                          const char           *role,
                                          const char           *person,
                                          const char           *actor,
                                          GError              **error);

INCIDENT_AVAILABLE_IN_ALL
gboolean        incident_case_release    (IncidentCase         *self,
                                          const char           *role,
                                          const char           *actor,
                                          GError              **error);

INCIDENT_AVAILABLE_IN_ALL
gboolean        incident_case_classify   (IncidentCase         *self,
                                          IncidentSeverity      severity,
                                          IncidentLevel         impact,
                                          IncidentLevel         urgency,
                                          const char           *actor,
                                          GError              **error);

INCIDENT_AVAILABLE_IN_ALL
gboolean        incident_case_note       (IncidentCase         *self,
                                          const char           *text,
                                          const char           *actor,
                                          GError              **error);

INCIDENT_AVAILABLE_IN_ALL
GPtrArray      *incident_case_list_next  (IncidentCase         *self,
                                          const char           *actor,
                                          GError              **error);

INCIDENT_AVAILABLE_IN_ALL
char           *incident_case_dup_update_draft (IncidentCase   *self,
                                          const char           *audience,
                                          GError              **error);

INCIDENT_AVAILABLE_IN_ALL
IncidentReport *incident_case_report     (IncidentCase         *self,
                                          IncidentReportKind    kind);

G_END_DECLS
