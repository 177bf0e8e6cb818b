/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "model/incident-record-private.h"

G_BEGIN_DECLS

/* What the escalator has told in its events, read back. */

/* Is it one of the escalator's own, or of what became of its pages? */
gboolean incident_told_is_own     (const IncidentRecord *record);
/* Does it tell that a step was fired? */
gboolean incident_told_has_fired  (const char           *facts);
/* Adds whom it says were paged, interned (element-type utf8). */
void     incident_told_add_people (const IncidentRecord *record,
                                   GPtrArray            *people);

G_END_DECLS
