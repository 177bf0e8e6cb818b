/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "report/incident-report-private.h"

G_BEGIN_DECLS

/* The style of a page and of the charts in it. */
extern const char incident_report_css[];

/* How an entry is marked: “turn”, “alert”, “calm”, “role” or “other”. */
const char *incident_report_entry_get_class (IncidentReportEntry *entry);

/* Draws a timeline as inline SVG. @number tells the charts of a page apart. */
void      incident_report_append_chart   (GString              *out,
                                          IncidentReport       *report,
                                          IncidentReportBlock  *timeline,
                                          guint                 number);

/* A tick of a time axis: “07:00” over “2026-11-23”; the lower line where it changes. */
typedef struct
{
  gint64 time;
  char   label[16];
  char   lower[16];
} IncidentReportTick;

/* At most ten, at round times. */
GArray   *incident_report_list_ticks     (gint64                from,
                                          gint64                until);

/* How wide @text is at most, in units of the size of its font. */
double    incident_report_measure        (const char           *text);
/* As much of @text as fits, cut at a word. */
char     *incident_report_fit            (const char           *text,
                                          double                width);

G_END_DECLS
