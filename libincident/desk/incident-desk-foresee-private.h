/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "base/incident-json-writer-private.h"
#include "desk/incident-desk-oncall-private.h"

G_BEGIN_DECLS

/* What simulations, replays and proofs share: who is on call under a playbook that is only thought of. */

/* So many looks at one case are no escalation any more. */
#define INCIDENT_MOST_LOOKS 10000

/* What people changed, over the playbook as if it had been in force ever since. @playbook: NULL for that of the desk. */
IncidentRoster *incident_desk_imagine_roster (IncidentDesk         *self,
                                              IncidentPlaybook     *playbook,
                                              GError              **error);
/* The member “versions”: what the answer is true of. */
void            incident_foresee_write_versions (IncidentJsonWriter *writer,
                                              const IncidentRoster *roster,
                                              gint64                from,
                                              gint64                until);
/* The members “from” and “until”. */
void            incident_foresee_write_span  (IncidentJsonWriter   *writer,
                                              gint64                from,
                                              gint64                until);
/* Seconds; negative: null. */
void            incident_foresee_write_duration (IncidentJsonWriter *writer,
                                              const char           *name,
                                              gint64                duration);
/* @until is after @from, and not too far. INCIDENT_ERROR_INVALID */
gboolean        incident_foresee_check_span  (gint64                from,
                                              gint64                until,
                                              GError              **error);

G_END_DECLS
