/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* The parts of a regular expression of RE2 that stand for one character. Each is written
 * to @out as GRegex is to read it, and FALSE says that it is wrong. */

typedef struct
{
  const char *at;
  char       *problem; /* the first */
} IncidentPatternInput;

gboolean incident_pattern_fail          (IncidentPatternInput *self,
                                         const char           *format,
                                         ...) G_GNUC_PRINTF (2, 3);
/* A character that means nothing but itself. */
void     incident_pattern_append        (GString              *out,
                                         gunichar              character);

/* Both behind the backslash: “\n”, “\x{20ac}”, “\.” …; “\pL”, “\P{Greek}”. */
gboolean incident_pattern_read_escape   (IncidentPatternInput *self,
                                         gunichar             *character);
gboolean incident_pattern_read_property (IncidentPatternInput *self,
                                         GString              *out);
/* At the backslash: “\d”, “\W” …; FALSE: it is something else. */
gboolean incident_pattern_read_perl     (IncidentPatternInput *self,
                                         GString              *out);
/* “[…]” */
gboolean incident_pattern_read_set      (IncidentPatternInput *self,
                                         GString              *out);

G_END_DECLS
