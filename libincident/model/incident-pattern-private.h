/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* A regular expression as RE2 has them, which is to take a value from its first
 * character to its last. Never changes, and may be shared between threads. */
typedef struct _IncidentPattern IncidentPattern;

/* NULL with @problem (transfer full): what is wrong with it. */
IncidentPattern *incident_pattern_new       (const char             *text,
                                             char                  **problem);
void             incident_pattern_free      (IncidentPattern        *self);
/* Does it take @value? @problem (nullable, transfer full): it cannot be told. */
gboolean         incident_pattern_takes     (const IncidentPattern  *self,
                                             const char             *value,
                                             char                  **problem);
/* Is it answered by comparing bytes, without a regular expression? */
gboolean         incident_pattern_is_plain  (const IncidentPattern  *self);

/* The same expression for GRegex: no group captures, no parenthesis is left open or
 * closed twice, and whatever the two read differently is spelled out. NULL with
 * @problem: RE2 refuses it. */
char            *incident_pattern_translate (const char             *text,
                                             char                  **problem);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (IncidentPattern, incident_pattern_free)

G_END_DECLS
