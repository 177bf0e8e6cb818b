/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "model/incident-event-private.h"

G_BEGIN_DECLS

/* The events of one case as a GListModel. Its length grows only when it says so
 * (items-changed), even where a handler of that signal acts on the case again. */

#define INCIDENT_TYPE_TIMELINE (incident_timeline_get_type ())
G_DECLARE_FINAL_TYPE (IncidentTimeline, incident_timeline, INCIDENT, TIMELINE, GObject)

IncidentTimeline *incident_timeline_new      (void);
void              incident_timeline_add      (IncidentTimeline *self,
                                              IncidentRecord   *record);
/* Event @seq loses its words. */
void              incident_timeline_redact   (IncidentTimeline *self,
                                              guint             seq);
/* Shows all that was added, silently: for a timeline that nobody holds yet. */
void              incident_timeline_show     (IncidentTimeline *self);
/* Shows the next one added, and lends it; NULL if all are shown. */
IncidentRecord   *incident_timeline_announce (IncidentTimeline *self);
/* Lends event @seq, shown or not; NULL: there is none. */
IncidentRecord   *incident_timeline_find     (IncidentTimeline *self,
                                              guint             seq);
/* The events about a message of a chat (guint: seq), in their order; NULL: there are none. Lent until
 * the timeline grows. */
const GArray     *incident_timeline_find_message (IncidentTimeline *self,
                                              const char       *message);
/* Lends one that is shown. */
IncidentRecord   *incident_timeline_get_record (IncidentTimeline *self,
                                                guint             position);

G_END_DECLS
