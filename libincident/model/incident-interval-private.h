/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* A time interval as Alertmanager has them: times that recur by the clock on the
 * wall. Its fields are joined by AND, the ranges in a field by OR; an empty field
 * holds always. */

typedef struct
{
  int first;
  int last;   /* inclusive, but for minutes */
} IncidentRange;

typedef struct
{
  GArray    *times;         /* IncidentRange, minutes of the day, [first, last); NULL: always; likewise below */
  GArray    *weekdays;      /* 0 Sunday … 6 Saturday */
  GArray    *days_of_month; /* 1 … 31 and -31 … -1 */
  GArray    *months;        /* 1 … 12 */
  GArray    *years;
  GTimeZone *zone;          /* never NULL */
} IncidentIntervalSpec;

typedef struct
{
  const char *name;  /* lent */
  GPtrArray  *specs; /* (element-type IncidentIntervalSpec), any of which is enough */
} IncidentInterval;

IncidentInterval     *incident_interval_new      (const char             *name);
void                  incident_interval_free     (IncidentInterval       *self);
IncidentIntervalSpec *incident_interval_add_spec (IncidentInterval       *self);

/* What stands in a field of a document: “09:00”–“17:00”, “monday:friday”, “-3:-1”,
 * “march:may”, “2026:2028”. NULL with @problem (transfer full): what would be right. */
gboolean              incident_interval_spec_add_time  (IncidentIntervalSpec *self, const char *start, const char *end, char **problem);
gboolean              incident_interval_spec_add_weekdays (IncidentIntervalSpec *self, const char *text, char **problem);
gboolean              incident_interval_spec_add_days  (IncidentIntervalSpec *self, const char *text, char **problem);
gboolean              incident_interval_spec_add_months (IncidentIntervalSpec *self, const char *text, char **problem);
gboolean              incident_interval_spec_add_years (IncidentIntervalSpec *self, const char *text, char **problem);
gboolean              incident_interval_spec_set_zone  (IncidentIntervalSpec *self, const char *text, char **problem);

gboolean              incident_interval_contains (const IncidentInterval *self,
                                                  gint64                  at);
/* The first time after @at at which this may be otherwise: never too late, and for
 * who waits for it, not needlessly often. G_MAXINT64: never. */
gint64                incident_interval_next_change (const IncidentInterval *self,
                                                  gint64                  at);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (IncidentInterval, incident_interval_free)

G_END_DECLS
