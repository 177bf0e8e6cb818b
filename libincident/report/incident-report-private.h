/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <libincident/incident-report.h>
#include <libincident/incident-time.h>

G_BEGIN_DECLS

/* The report model. A case is folded into it; renderers see nothing else. A
 * section is a heading over blocks of four kinds, so a new section needs no
 * new code in a renderer. All text is constant or lies in the strings of the
 * report, and is freed with them. */

#define INCIDENT_REPORT_SCHEMA  "urn:libincident:report"
#define INCIDENT_REPORT_VERSION 1

typedef enum
{
  INCIDENT_REPORT_VALUE_NONE,     /* not known: null */
  INCIDENT_REPORT_VALUE_TEXT,     /* ours */
  INCIDENT_REPORT_VALUE_WORDS,    /* a person's or a program's, verbatim */
  INCIDENT_REPORT_VALUE_CODE,     /* a verb or a name of ours */
  INCIDENT_REPORT_VALUE_NUMBER,
  INCIDENT_REPORT_VALUE_TIME,     /* microseconds UTC */
  INCIDENT_REPORT_VALUE_DURATION, /* microseconds */
} IncidentReportValueKind;

typedef struct
{
  IncidentReportValueKind  kind;
  const char              *text;
  gint64                   number;
} IncidentReportValue;

typedef struct
{
  guint             seq;
  guint             episode;
  gint64            occurred_at;
  gint64            recorded_at;
  const char       *actor;
  const char       *kind;
  const char       *what;     /* one line */
  const char       *phase;    /* the phase entered, or NULL */
  const char       *state;    /* “live”, “open” or “ended” from here on, or NULL: as before */
  IncidentSeverity  severity; /* from here on; unknown: as before */
} IncidentReportEntry;

typedef enum
{
  INCIDENT_REPORT_BLOCK_PARAGRAPH, /* values, one after the other */
  INCIDENT_REPORT_BLOCK_FACTS,     /* a value for each label */
  INCIDENT_REPORT_BLOCK_TABLE,     /* values, row by row */
  INCIDENT_REPORT_BLOCK_TIMELINE,  /* entries in the order people see */
} IncidentReportBlockKind;

typedef struct
{
  IncidentReportBlockKind  kind;
  const char              *caption; /* of a table; nullable */
  GPtrArray               *columns; /* headings or labels: const char * */
  GArray                  *values;  /* IncidentReportValue */
  GArray                  *entries; /* IncidentReportEntry */
  GStringChunk            *strings; /* the report's */
} IncidentReportBlock;

typedef enum
{
  INCIDENT_REPORT_STATE_MISSING,
  INCIDENT_REPORT_STATE_GENERATED,
  INCIDENT_REPORT_STATE_EDITED,
  INCIDENT_REPORT_STATE_REVIEWED,
  INCIDENT_REPORT_STATE_NOT_APPLICABLE,
} IncidentReportState;

typedef struct
{
  const char          *id;
  const char          *heading;
  const char          *source;  /* who knows it best: “person”, “case”, “alerts” … */
  IncidentReportState  state;
  gboolean             must;    /* for this kind of report; else should */
  GPtrArray           *blocks;  /* IncidentReportBlock * */
  GStringChunk        *strings; /* the report's */
} IncidentReportSection;

struct _IncidentReport
{
  IncidentReportKind  kind;
  const char         *id;
  const char         *title;
  guint               revision; /* the version of the case that was folded */
  guint               episode;
  const char         *phase;
  gboolean            open;
  IncidentSeverity    severity;
  IncidentSeverity    severity_peak;
  IncidentPriority    priority;
  IncidentLevel       impact;
  IncidentLevel       urgency;
  const char         *service;   /* nullable, as the two below */
  const char         *category;
  const char         *commander;
  gint64              opened_at;
  gint64              updated_at;
  gint64              closed_at; /* INCIDENT_TIME_NONE while open */
  GPtrArray          *sections;  /* IncidentReportSection * */
  GStringChunk       *strings;
};

IncidentReport        *incident_report_alloc              (void);
/* A copy that lives as long as the report; NULL is NULL. */
const char            *incident_report_keep               (GStringChunk             *strings,
                                                           const char               *text);
/* Percent, rounded down: 100 means that nothing is missing. */
guint                  incident_report_get_completeness   (IncidentReport           *self);
const char            *incident_report_get_heading        (IncidentReport           *self);

/* Names are file format. */
const char            *incident_report_value_get_nick     (IncidentReportValueKind   kind);
const char            *incident_report_block_get_nick     (IncidentReportBlockKind   kind);
gboolean               incident_report_block_from_nick    (const char               *nick,
                                                           IncidentReportBlockKind  *kind);
const char            *incident_report_state_get_nick     (IncidentReportState       state);
gboolean               incident_report_state_from_nick    (const char               *nick,
                                                           IncidentReportState      *state);

/* Copies no text, nor do those that take captions, headings and labels. */
IncidentReportSection *incident_report_section_new        (GStringChunk             *strings,
                                                           const char               *id,
                                                           const char               *heading,
                                                           const char               *source,
                                                           gboolean                  must);
void                   incident_report_section_free       (IncidentReportSection    *self);
/* The new block belongs to the section. */
IncidentReportBlock   *incident_report_section_add        (IncidentReportSection    *self,
                                                           IncidentReportBlockKind   kind,
                                                           const char               *caption);

IncidentReportBlock   *incident_report_block_new          (GStringChunk             *strings,
                                                           IncidentReportBlockKind   kind);
void                   incident_report_block_free         (IncidentReportBlock      *self);
void                   incident_report_block_add_columns  (IncidentReportBlock      *self,
                                                           ...) G_GNUC_NULL_TERMINATED;
/* The next value is what this label says. */
void                   incident_report_block_add_label    (IncidentReportBlock      *self,
                                                           const char               *label);
/* NULL adds what is not known. */
void                   incident_report_block_add_text     (IncidentReportBlock      *self,
                                                           const char               *text);
void                   incident_report_block_add_words    (IncidentReportBlock      *self,
                                                           const char               *words);
void                   incident_report_block_add_code     (IncidentReportBlock      *self,
                                                           const char               *code);
/* Ours, with verbs between back quotes: “`assign` gives one.” */
void                   incident_report_block_add_marked   (IncidentReportBlock      *self,
                                                           const char               *marked);
void                   incident_report_block_add_number   (IncidentReportBlock      *self,
                                                           gint64                    number);
/* INCIDENT_TIME_NONE adds what is not known. */
void                   incident_report_block_add_time     (IncidentReportBlock      *self,
                                                           gint64                    time);
void                   incident_report_block_add_duration (IncidentReportBlock      *self,
                                                           gint64                    duration);
IncidentReportValue   *incident_report_block_get_value    (IncidentReportBlock      *self,
                                                           guint                     position);
IncidentReportEntry   *incident_report_block_get_entry    (IncidentReportBlock      *self,
                                                           guint                     position);
guint                  incident_report_block_get_n_rows   (IncidentReportBlock      *self);
IncidentReportValue   *incident_report_block_get_cell     (IncidentReportBlock      *self,
                                                           guint                     row,
                                                           guint                     column);
/* A column of numbers or durations: they stand to the right. */
gboolean               incident_report_block_is_numeric   (IncidentReportBlock      *self,
                                                           guint                     column);

/* One line of at most @n_chars characters, cut at a word. */
char                  *incident_report_shorten            (const char               *text,
                                                           glong                     n_chars);
/* What people read: “2026-11-23 07:00:00”, “1 h 5 min”, “SEV2”. In the buffer, or constant. */
#define INCIDENT_REPORT_BUFFER_LENGTH 32
const char            *incident_report_format_time        (gint64                    time,
                                                           char                      buffer[INCIDENT_REPORT_BUFFER_LENGTH]);
const char            *incident_report_format_duration    (gint64                    duration,
                                                           char                      buffer[INCIDENT_REPORT_BUFFER_LENGTH]);
char                  *incident_report_format_severity    (IncidentSeverity          severity);
/* A value as plain text, its own or in the buffer; NULL where it is not known. */
const char            *incident_report_value_to_text      (const IncidentReportValue *self,
                                                           char                      buffer[INCIDENT_REPORT_BUFFER_LENGTH]);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (IncidentReportSection, incident_report_section_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (IncidentReportBlock, incident_report_block_free)

G_END_DECLS
