/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "playbook/incident-playbook-compile-private.h"

/* What is right about being on call, and may not be meant. */

void
incident_playbook_check_oncall (IncidentCompiler *self,
                                IncidentNode     *root)
{
}
