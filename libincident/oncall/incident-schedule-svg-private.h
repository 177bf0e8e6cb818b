/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "oncall/incident-schedule-days-private.h"
#include "oncall/incident-schedule-private.h"

G_BEGIN_DECLS

/* The picture of a schedule, in its units: 960 wide, the time from 132 to 944. */
enum {
  INCIDENT_SVG_WIDTH = 960,
  INCIDENT_SVG_LEFT = 132,
  INCIDENT_SVG_RIGHT = 944,
  INCIDENT_SVG_FONT = 11,
};

typedef struct
{
  GString           *out;
  IncidentSchedule  *schedule;
  IncidentWallClock *clock;
  gint64             from;
  gint64             until;
  GArray            *spans;   /* IncidentSpan: who is on call in the end */
  GArray            *pieces;  /* IncidentPiece: what decides that */
  GPtrArray         *people;  /* of strings: those of the layers, then others; their place tells their colour */
} IncidentSvg;

/* A bar of a row. */
typedef struct
{
  gint64      from;
  gint64      until;
  double      y;
  double      height;
  const char *person;   /* whose colour it has */
  const char *label;    /* written into it, where it fits */
  const char *tip;
  gboolean    is_changed; /* by an override: it is marked */
} IncidentSvgBar;

double   incident_svg_get_x          (const IncidentSvg    *self,
                                      gint64                at);
void     incident_svg_append_number  (GString              *out,
                                      const char           *before,
                                      double                value);
/* @class is also the colour, as where styles are not read: “ink”, “muted”, “gap”. */
void     incident_svg_append_text    (GString              *out,
                                      double                x,
                                      double                y,
                                      const char           *anchor,
                                      const char           *class,
                                      int                   size,
                                      const char           *text);
void     incident_svg_append_bar     (IncidentSvg          *self,
                                      const IncidentSvgBar *bar);
/* Nobody is on call. */
void     incident_svg_append_gap     (IncidentSvg          *self,
                                      gint64                from,
                                      gint64                until,
                                      double                y,
                                      double                height,
                                      double                bottom,
                                      const char           *tip);
/* NULL: of nobody. */
void     incident_svg_append_swatch  (IncidentSvg          *self,
                                      double                x,
                                      double                y,
                                      const char           *person);
/* How wide it is at most, in units of the size of the font. */
double   incident_svg_measure        (const char           *text);
/* Styles and patterns. */
void     incident_svg_append_style   (GString              *out);

/* The parts of the picture. */
void     incident_svg_append_axis    (IncidentSvg          *self,
                                      double                top,
                                      double                bottom);
/* What decides who is on call, a row each; where they end. */
double   incident_svg_append_rows    (IncidentSvg          *self,
                                      double                y);
/* “ana, Mon 2026-01-05 09:00 – Mon 2026-01-12 09:00 (7 d), weekly” */
char    *incident_svg_write_tip      (const IncidentSvg    *self,
                                      const char           *what,
                                      gint64                from,
                                      gint64                until,
                                      const char           *why);  /* nullable */

G_END_DECLS
