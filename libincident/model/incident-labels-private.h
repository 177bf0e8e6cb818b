/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <libincident/incident-matcher.h>

G_BEGIN_DECLS

typedef struct
{
  const char *name;
  const char *value;
} IncidentLabel;

/* Labels by name (bytewise), each name once. Lent. */
typedef struct
{
  const IncidentLabel *labels;
  guint                n;
} IncidentLabels;

/* NULL: there is none of the name. */
const char *incident_labels_get       (IncidentLabels  self,
                                       const char     *name);

/* Do all of @matchers (element-type IncidentMatcher; NULL: none) hold? A matcher that
 * labels have no name for is asked of the annotations; a missing one is “”. A regular
 * expression that runs away makes the list not hold, and is told in @problem
 * (nullable, transfer full). */
gboolean    incident_matchers_match   (GPtrArray      *matchers,
                                       IncidentLabels  labels,
                                       IncidentLabels  annotations,
                                       char          **problem);
/* “{team="a",severity=~"x|y"}” */
char       *incident_matchers_to_string (GPtrArray    *matchers);
/* The same list, whatever order it was written in. */
gboolean    incident_matchers_equal   (GPtrArray      *a,
                                       GPtrArray      *b);
/* Does the list apply to labels that have none of its names? Such a silence mutes
 * nearly everything. */
gboolean    incident_matchers_match_empty (GPtrArray  *matchers);

G_END_DECLS
