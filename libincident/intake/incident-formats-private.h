/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "intake/incident-format-private.h"

G_BEGIN_DECLS

extern const IncidentFormat incident_format_alertmanager;
extern const IncidentFormat incident_format_alertmanager_api;

G_END_DECLS
