/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <libincident/incident-option.h>

#include "model/incident-lifecycle-private.h"

G_BEGIN_DECLS

/* The very judgement that a command would meet, without a command. */
IncidentOption *incident_option_new (IncidentLifecycle   *lifecycle,
                                     const IncidentState *state,
                                     const char          *verb,
                                     const char          *actor);

G_END_DECLS
