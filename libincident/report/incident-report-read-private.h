/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "base/incident-json-reader-private.h"
#include "report/incident-report-private.h"

G_BEGIN_DECLS

/* Reading the members of an object that has to have all of them and no other. */

typedef struct
{
  const char * const *names;   /* NULL-terminated */
  guint32             seen;    /* a bit for each */
} IncidentReportMembers;

/* Steps to the next member and tells which it is; FALSE ends the object. */
gboolean          incident_report_next_member    (IncidentJsonReader     *reader,
                                                  IncidentReportMembers  *members,
                                                  guint                  *member);

/* What is read lies in @strings. */
const char       *incident_report_read_string    (IncidentJsonReader     *reader,
                                                  GStringChunk           *strings);
/* null is NULL. */
const char       *incident_report_read_nullable  (IncidentJsonReader     *reader,
                                                  GStringChunk           *strings);
const char       *incident_report_read_id        (IncidentJsonReader     *reader,
                                                  GStringChunk           *strings);
const char       *incident_report_read_nullable_id (IncidentJsonReader   *reader,
                                                    GStringChunk         *strings);
gint64            incident_report_read_range     (IncidentJsonReader     *reader,
                                                  gint64                  minimum,
                                                  gint64                  maximum);
gboolean          incident_report_read_boolean   (IncidentJsonReader     *reader);
gint64            incident_report_read_time      (IncidentJsonReader     *reader);
/* null is INCIDENT_TIME_NONE. */
gint64            incident_report_read_when      (IncidentJsonReader     *reader);
/* null is 0; the nick of 0 is none that a report writes. */
int               incident_report_read_enum      (IncidentJsonReader     *reader,
                                                  GType                   type,
                                                  const char             *what);

/* NULL if the reader failed. */
IncidentReportBlock *incident_report_read_block  (IncidentJsonReader     *reader,
                                                  GStringChunk           *strings);

G_END_DECLS
