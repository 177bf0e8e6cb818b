/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <libincident/incident-clock.h>
#include <libincident/incident-command.h>

#include "model/incident-record-private.h"

G_BEGIN_DECLS

/* The arguments a command may have. A fact is one line and is folded; words are
 * prose and go into the payload. */
#define INCIDENT_MAX_FACT_LENGTH 200    /* bytes */
#define INCIDENT_MAX_TEXT_LENGTH 65536  /* bytes */

gboolean  incident_actor_check             (const char      *actor,
                                            GError         **error);
gint64    incident_command_get_occurred_at (IncidentCommand *self); /* INCIDENT_TIME_NONE: now */
guint     incident_command_get_seen        (IncidentCommand *self); /* 0: not told */
gboolean  incident_command_has_operation   (IncidentCommand *self);
/* Draws an id at the first call, and keeps it: a retry is the same command. */
void      incident_command_get_operation   (IncidentCommand *self,
                                            IncidentClock   *clock,
                                            guint8           operation[INCIDENT_OPERATION_LENGTH]);

G_END_DECLS
