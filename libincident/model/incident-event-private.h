/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <libincident/incident-event.h>

#include "base/incident-json-writer-private.h"
#include "model/incident-record-private.h"

G_BEGIN_DECLS

IncidentEvent  *incident_event_new        (IncidentRecord     *record);
IncidentRecord *incident_event_get_record (IncidentEvent      *self);

G_END_DECLS
