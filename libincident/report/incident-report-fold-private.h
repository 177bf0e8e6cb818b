/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "report/incident-report-private.h"

G_BEGIN_DECLS

/* What the sections are made from: the case and its events in the order of
 * their numbers, with the episode of each. */

typedef struct
{
  IncidentCase       *kase;
  IncidentReportKind  kind;
  GPtrArray          *events;   /* IncidentEvent * */
  GArray             *episodes; /* guint, one an event */
} IncidentReportFold;

/* Fills a section; FALSE if nothing was recorded for it. */
typedef gboolean (* IncidentReportFill) (IncidentReportFold    *fold,
                                         IncidentReportSection *section);

void              incident_report_fold_init         (IncidentReportFold    *self,
                                                     IncidentCase          *kase,
                                                     IncidentReportKind     kind);
void              incident_report_fold_clear        (IncidentReportFold    *self);
guint             incident_report_fold_get_episode  (IncidentReportFold    *self,
                                                     guint                  position);
IncidentEvent    *incident_report_fold_get_event    (IncidentReportFold    *self,
                                                     guint                  position);
/* The first or last event of a kind in an episode; episode 0 is any. NULL if there is none. */
IncidentEvent    *incident_report_fold_find_first   (IncidentReportFold    *self,
                                                     const char            *kind,
                                                     guint                  episode);
IncidentEvent    *incident_report_fold_find_last    (IncidentReportFold    *self,
                                                     const char            *kind,
                                                     guint                  episode);
/* What resolved or recovered an episode: later work on it means that it did not. */
IncidentEvent    *incident_report_fold_find_holding (IncidentReportFold    *self,
                                                     const char            *kind,
                                                     guint                  episode);
guint             incident_report_fold_count        (IncidentReportFold    *self,
                                                     const char            *kind);
/* When the source of the first alert of an episode saw it; INCIDENT_TIME_NONE if no alert did. */
IncidentEvent    *incident_report_fold_find_alert   (IncidentReportFold    *self,
                                                     guint                  episode,
                                                     gint64                *started_at);
IncidentSeverity  incident_report_fold_get_peak     (IncidentReportFold    *self);

gboolean          incident_report_event_is          (IncidentEvent         *event,
                                                     const char            *kind);
/* More than a minute passed before it was written down. */
gboolean          incident_report_event_is_late     (IncidentEvent         *event);
IncidentSeverity  incident_report_event_get_severity (IncidentEvent        *event);
/* A string of the payload, or NULL. */
char             *incident_report_event_dup_string  (IncidentEvent         *event,
                                                     const char            *member);
gint64            incident_report_event_get_when    (IncidentEvent         *event,
                                                     const char            *member);
/* “cluster=eu-1, instance=db-1”: without what the alert's name and severity say. */
char             *incident_report_event_dup_labels  (IncidentEvent         *event);

/* “ (#7)”: where in the record it stands. */
void              incident_report_block_add_reference (IncidentReportBlock *self,
                                                       IncidentEvent       *event);

gboolean          incident_report_fill_summary      (IncidentReportFold    *fold,
                                                     IncidentReportSection *section);
gboolean          incident_report_fill_symptoms     (IncidentReportFold    *fold,
                                                     IncidentReportSection *section);
gboolean          incident_report_fill_state_now    (IncidentReportFold    *fold,
                                                     IncidentReportSection *section);
gboolean          incident_report_fill_findings     (IncidentReportFold    *fold,
                                                     IncidentReportSection *section);
gboolean          incident_report_fill_steps        (IncidentReportFold    *fold,
                                                     IncidentReportSection *section);
gboolean          incident_report_fill_fix          (IncidentReportFold    *fold,
                                                     IncidentReportSection *section);
gboolean          incident_report_fill_clocks       (IncidentReportFold    *fold,
                                                     IncidentReportSection *section);

G_END_DECLS
