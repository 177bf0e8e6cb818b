/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "model/incident-timeline-private.h"
#include "report/incident-report-private.h"

G_BEGIN_DECLS

/* What the sections are made from: the case and its events in the order of
 * their numbers. Each event is read once, into its entry of the timeline. Records
 * are lent by the case, so the fold ends before the case can go on. */

/* The kinds that a report tells apart, and those that there are most of. */
typedef enum
{
  INCIDENT_REPORT_EVENT_OTHER,
  INCIDENT_REPORT_EVENT_NOTED,
  INCIDENT_REPORT_EVENT_ASSIGNED,
  INCIDENT_REPORT_EVENT_OPENED,
  INCIDENT_REPORT_EVENT_DIAGNOSED,
  INCIDENT_REPORT_EVENT_ESCALATED,
  INCIDENT_REPORT_EVENT_EXAMINED,
  INCIDENT_REPORT_EVENT_RESOLVED,
  INCIDENT_REPORT_EVENT_RECOVERED,
  INCIDENT_REPORT_EVENT_CLOSED,
  INCIDENT_REPORT_EVENT_CANCELLED,
  INCIDENT_REPORT_EVENT_REOPENED,
  INCIDENT_REPORT_EVENT_ALERT_FIRED,
  INCIDENT_REPORT_EVENT_ALERT_RESOLVED,
  INCIDENT_REPORT_EVENT_SAID,
  INCIDENT_REPORT_EVENT_SAID_EDITED,
  INCIDENT_REPORT_EVENT_SAID_DELETED,
  INCIDENT_REPORT_EVENT_PINNED,
  INCIDENT_REPORT_N_EVENTS
} IncidentReportEventKind;

typedef struct
{
  IncidentCase       *kase;
  IncidentReportKind  kind;
  GStringChunk       *strings; /* the report's */
  guint               n_events;
  IncidentRecord    **records; /* the case's */
  guint8             *kinds;   /* IncidentReportEventKind */
  GArray             *entries; /* IncidentReportEntry */
  GArray             *stating; /* guint: the places of events that state facts */
  gboolean            ordered; /* it happened in the order in which it was written */
  guint               counts[INCIDENT_REPORT_N_EVENTS]; /* by kind: nobody looks for what is not there */
} IncidentReportFold;

/* Fills a section; FALSE if nothing was recorded for it. */
typedef gboolean (* IncidentReportFill) (IncidentReportFold    *fold,
                                         IncidentReportSection *section);

void                  incident_report_fold_init         (IncidentReportFold      *self,
                                                         IncidentCase            *kase,
                                                         IncidentReportKind       kind,
                                                         GStringChunk            *strings);
void                  incident_report_fold_clear        (IncidentReportFold      *self);
IncidentReportEntry  *incident_report_fold_get_entry    (IncidentReportFold      *self,
                                                         guint                    position);
/* The first or last event of a kind in an episode; episode 0 is any. NULL if there is none. */
const IncidentRecord *incident_report_fold_find_first   (IncidentReportFold      *self,
                                                         IncidentReportEventKind  kind,
                                                         guint                    episode);
const IncidentRecord *incident_report_fold_find_last    (IncidentReportFold      *self,
                                                         IncidentReportEventKind  kind,
                                                         guint                    episode);
/* What resolved or recovered an episode: later work on it means that it did not. */
const IncidentRecord *incident_report_fold_find_holding (IncidentReportFold      *self,
                                                         IncidentReportEventKind  kind,
                                                         guint                    episode);
/* When the source of the first alert of an episode saw it; INCIDENT_TIME_NONE if no alert did. */
const IncidentRecord *incident_report_fold_find_alert   (IncidentReportFold      *self,
                                                         guint                    episode,
                                                         gint64                  *started_at);
IncidentSeverity      incident_report_fold_get_peak     (IncidentReportFold      *self);

IncidentReportEventKind incident_report_event_get_kind  (const IncidentRecord    *event);
/* Talk, of which a report shows what was pinned. */
gboolean              incident_report_event_is_talk     (IncidentReportEventKind  kind);
/* More than a minute passed before it was written down. */
gboolean              incident_report_event_is_late     (const IncidentRecord    *event);
IncidentSeverity      incident_report_event_get_severity (const IncidentRecord   *event);
/* What the actor said, or NULL. */
char                 *incident_report_event_dup_text    (const IncidentRecord    *event);
gint64                incident_report_event_get_when    (const IncidentRecord    *event,
                                                         const char              *member);
/* “cluster=eu-1, instance=db-1”: without what the alert's name and severity say. */
char                 *incident_report_event_dup_labels  (const IncidentRecord    *event);

/* “#7”: where in the record it stands. */
void                  incident_report_block_add_reference (IncidentReportBlock   *self,
                                                           const IncidentRecord  *event);

/* As it reads now: edited or deleted since. */
void                  incident_report_write_pinned      (IncidentTimeline        *timeline,
                                                         const IncidentRecord    *event,
                                                         GString                 *line);
gboolean              incident_report_fill_pins         (IncidentReportFold      *fold,
                                                         IncidentReportSection   *section);
gboolean              incident_report_fill_summary      (IncidentReportFold      *fold,
                                                         IncidentReportSection   *section);
gboolean              incident_report_fill_symptoms     (IncidentReportFold      *fold,
                                                         IncidentReportSection   *section);
gboolean              incident_report_fill_state_now    (IncidentReportFold      *fold,
                                                         IncidentReportSection   *section);
gboolean              incident_report_fill_findings     (IncidentReportFold      *fold,
                                                         IncidentReportSection   *section);
gboolean              incident_report_fill_steps        (IncidentReportFold      *fold,
                                                         IncidentReportSection   *section);
gboolean              incident_report_fill_fix          (IncidentReportFold      *fold,
                                                         IncidentReportSection   *section);
/* More for the sections on impact and findings; FALSE if there is nothing. */
gboolean              incident_report_add_measures      (IncidentReportFold      *fold,
                                                         IncidentReportSection   *section);
gboolean              incident_report_add_hypotheses    (IncidentReportFold      *fold,
                                                         IncidentReportSection   *section);
gboolean              incident_report_add_decisions     (IncidentReportFold      *fold,
                                                         IncidentReportSection   *section);
gboolean              incident_report_fill_messages     (IncidentReportFold      *fold,
                                                         IncidentReportSection   *section);
gboolean              incident_report_fill_regulatory   (IncidentReportFold      *fold,
                                                         IncidentReportSection   *section);
gboolean              incident_report_fill_workaround   (IncidentReportFold      *fold,
                                                         IncidentReportSection   *section);
gboolean              incident_report_fill_factors      (IncidentReportFold      *fold,
                                                         IncidentReportSection   *section);
gboolean              incident_report_fill_tasks        (IncidentReportFold      *fold,
                                                         IncidentReportSection   *section);
gboolean              incident_report_fill_actions      (IncidentReportFold      *fold,
                                                         IncidentReportSection   *section);
gboolean              incident_report_fill_clocks       (IncidentReportFold      *fold,
                                                         IncidentReportSection   *section);

G_END_DECLS
