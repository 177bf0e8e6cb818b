/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <libincident/incident-option.h>

#include "model/incident-judgement-private.h"

G_BEGIN_DECLS

/* The very judgement that a command would meet, without a command. */
IncidentOption *incident_option_new (const IncidentJudgement *judgement,
                                     const char              *verb);

G_END_DECLS
