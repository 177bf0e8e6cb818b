/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <libincident/incident-playbook.h>

#include "base/incident-shape-private.h"
#include "model/incident-rules-private.h"

G_BEGIN_DECLS

/* What a playbook looks like. */
extern const IncidentShape incident_playbook_shape;

struct _IncidentPlaybookChange
{
  char *text;
  char *section;
  char *name;    /* nullable */
};

IncidentRules          *incident_playbook_get_rules  (IncidentPlaybook  *self);
IncidentNode           *incident_playbook_get_root   (IncidentPlaybook  *self);
/* Takes the text. */
IncidentPlaybookChange *incident_playbook_change_new (char              *text,
                                                      const char        *section,
                                                      const char        *name);
/* @root has the shape. What the shape cannot tell is checked here: NULL where there
 * are problems. */
IncidentRules          *incident_playbook_compile    (IncidentNode      *root,
                                                      GPtrArray         *problems);

G_END_DECLS
