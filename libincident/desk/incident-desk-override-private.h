/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "oncall/incident-roster-private.h"

G_BEGIN_DECLS

/* May who is on call be changed so? */

/* Brings its times to whole minutes that are not past, and says what is wrong with the rest: INCIDENT_ERROR_NOT_FOUND and
 * INCIDENT_ERROR_INVALID at the field, INCIDENT_ERROR_REFUSED with the code “overlap”. */
gboolean incident_override_judge         (IncidentRosterChange       *change,
                                          const IncidentRoster       *roster,
                                          gint64                      now,
                                          GError                    **error);
/* The part of a swap that is to be taken; INCIDENT_TIME_NONE: as far as it goes. */
gboolean incident_override_judge_taking  (const IncidentRosterChange *swap,
                                          const IncidentRoster       *roster,
                                          const char                 *taker,
                                          gint64                     *from,
                                          gint64                     *until,
                                          gint64                      now,
                                          GError                    **error);
/* INCIDENT_ERROR_REFUSED with a code, “override” being what was refused. */
gboolean incident_override_refuse        (GError                    **error,
                                          const char                 *code,
                                          const char                 *format,
                                          ...) G_GNUC_PRINTF (3, 4);

G_END_DECLS
