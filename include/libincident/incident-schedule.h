/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#if !defined (INCIDENT_INSIDE) && !defined (INCIDENT_COMPILATION)
# error "Only <libincident/incident.h> can be included directly."
#endif

#include <libincident/incident-shift.h>

G_BEGIN_DECLS

#define INCIDENT_TYPE_SCHEDULE (incident_schedule_get_type ())

typedef struct _IncidentSchedule IncidentSchedule;

INCIDENT_AVAILABLE_IN_ALL
GType             incident_schedule_get_type     (void) G_GNUC_CONST;

INCIDENT_AVAILABLE_IN_ALL
IncidentSchedule *incident_schedule_ref          (IncidentSchedule  *self);

INCIDENT_AVAILABLE_IN_ALL
void              incident_schedule_unref        (IncidentSchedule  *self);

INCIDENT_AVAILABLE_IN_ALL
const char       *incident_schedule_get_name     (IncidentSchedule  *self);

INCIDENT_AVAILABLE_IN_ALL
const char       *incident_schedule_get_title    (IncidentSchedule  *self);

INCIDENT_AVAILABLE_IN_ALL
const char       *incident_schedule_get_zone     (IncidentSchedule  *self);

INCIDENT_AVAILABLE_IN_ALL
char            **incident_schedule_dup_on_call  (IncidentSchedule  *self,
                                                  gint64             at);

INCIDENT_AVAILABLE_IN_ALL
GPtrArray        *incident_schedule_list_shifts  (IncidentSchedule  *self,
                                                  gint64             from,
                                                  gint64             until);

INCIDENT_AVAILABLE_IN_ALL
char             *incident_schedule_to_icalendar (IncidentSchedule  *self,
                                                  gint64             from,
                                                  gint64             until);

INCIDENT_AVAILABLE_IN_ALL
char             *incident_schedule_to_svg       (IncidentSchedule  *self,
                                                  gint64             from,
                                                  gint64             until);

INCIDENT_AVAILABLE_IN_ALL
char             *incident_schedule_to_text      (IncidentSchedule  *self,
                                                  gint64             from,
                                                  gint64             until,
                                                  guint              columns);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (IncidentSchedule, incident_schedule_unref)

G_END_DECLS
