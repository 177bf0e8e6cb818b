/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <libincident/incident-assignment.h>

G_BEGIN_DECLS

/* @until is INCIDENT_TIME_NONE while it lasts. */
IncidentAssignment *incident_assignment_new   (const char         *role,
                                               const char         *person,
                                               const char         *assigned_by,
                                               gint64              since,
                                               gint64              until);
/* The same assignment, over: assignments handed out never change. */
IncidentAssignment *incident_assignment_ended (IncidentAssignment *self,
                                               gint64              until);

G_END_DECLS
