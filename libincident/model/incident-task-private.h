/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <libincident/incident-task.h>

#include "model/incident-dossier-private.h"

G_BEGIN_DECLS

IncidentTask *incident_task_new (guint                    number,
                                 const char              *title, /* nullable */
                                 const IncidentTaskEntry *entry);

G_END_DECLS
