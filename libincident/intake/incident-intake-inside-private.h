/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "intake/incident-intake-private.h"

G_BEGIN_DECLS

/* The inside of the intake, shared by its files. */

IncidentKnown *incident_intake_find_alert    (IncidentIntake      *self,
                                              IncidentAlert       *alert);
/* It fires, or does so no more: for what it mutes. */
void       incident_intake_activate          (IncidentIntake      *self,
                                              IncidentKnown       *known);
void       incident_intake_deactivate        (IncidentIntake      *self,
                                              IncidentKnown       *known);
void       incident_intake_route             (IncidentIntake      *self,
                                              IncidentKnown       *known);
/* It is to be looked at when the message is done. */
void       incident_intake_touch             (IncidentIntake      *self,
                                              IncidentKnown       *known);
/* It is to be written down. */
void       incident_intake_soil              (IncidentIntake      *self,
                                              IncidentKnown       *known);
/* Something is due at @at. */
void       incident_intake_expect            (IncidentIntake      *self,
                                              gint64               at);
void       incident_intake_end               (IncidentIntake      *self,
                                              IncidentKnown       *known,
                                              gint64               at,
                                              gint64               now);
gboolean   incident_intake_is_forgotten      (const IncidentKnown *known,
                                              gint64               now);
/* Brings together what is so and what was told. */
void       incident_intake_reconcile_touched (IncidentIntake      *self,
                                              gint64               now,
                                              GArray              *tellings);

G_END_DECLS
