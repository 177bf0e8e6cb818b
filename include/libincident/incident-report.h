/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#if !defined (INCIDENT_INSIDE) && !defined (INCIDENT_COMPILATION)
# error "Only <libincident/incident.h> can be included directly."
#endif

#include <libincident/incident-case.h>

G_BEGIN_DECLS

/**
 * IncidentReportKind:
 * @INCIDENT_REPORT_KIND_PROBLEM: what is wrong, what is known and what is not: while the case is open
 * @INCIDENT_REPORT_KIND_SOLUTION: what ended it, and how we know: from `resolve` on
 *
 * For whom a report is written.
 *
 * Since: 0.1
 */
typedef enum
{
  INCIDENT_REPORT_KIND_PROBLEM,
  INCIDENT_REPORT_KIND_SOLUTION,
} IncidentReportKind;

#define INCIDENT_TYPE_REPORT_KIND (incident_report_kind_get_type ())

INCIDENT_AVAILABLE_IN_ALL
GType           incident_report_kind_get_type    (void) G_GNUC_CONST;

INCIDENT_AVAILABLE_IN_ALL
const char     *incident_report_kind_to_string   (IncidentReportKind   kind);

INCIDENT_AVAILABLE_IN_ALL
gboolean        incident_report_kind_from_string (const char          *string,
                                                  IncidentReportKind  *kind,
                                                  GError             **error);

#define INCIDENT_TYPE_REPORT (incident_report_get_type ())

typedef struct _IncidentReport IncidentReport;

INCIDENT_AVAILABLE_IN_ALL
GType           incident_report_get_type         (void) G_GNUC_CONST;

INCIDENT_AVAILABLE_IN_ALL
IncidentReport *incident_report_new              (IncidentCase        *kase,
                                                  IncidentReportKind   kind);

INCIDENT_AVAILABLE_IN_ALL
IncidentReport *incident_report_new_from_json    (const char          *json,
                                                  gssize               length,
                                                  const char          *source,
                                                  GError             **error);

INCIDENT_AVAILABLE_IN_ALL
IncidentReport *incident_report_ref              (IncidentReport      *self);

INCIDENT_AVAILABLE_IN_ALL
void            incident_report_unref            (IncidentReport      *self);

INCIDENT_AVAILABLE_IN_ALL
char           *incident_report_to_json          (IncidentReport      *self);

INCIDENT_AVAILABLE_IN_ALL
char           *incident_report_to_markdown      (IncidentReport      *self);

INCIDENT_AVAILABLE_IN_ALL
char           *incident_report_to_html          (IncidentReport      *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (IncidentReport, incident_report_unref)

G_END_DECLS
