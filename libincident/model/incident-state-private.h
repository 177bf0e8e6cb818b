/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <libincident/incident-priority.h>
#include <libincident/incident-severity.h>

#include "model/incident-record-private.h"

G_BEGIN_DECLS

/* The fold: what is true of a case after its events so far. It needs nothing but
 * the events; everything that shows or judges a case reads it from here. */

typedef struct
{
  guint64           number;
  guint             version;     /* seq of the last event */
  guint             decided;     /* seq of the last event that a person's view depends on */
  guint             episode;
  guint             level;       /* escalations in this episode */
  const char       *phase;       /* interned */
  gboolean          live;
  gboolean          open;
  IncidentSeverity  severity;
  gboolean          severity_from_alert; /* no person has judged it yet */
  IncidentLevel     impact;
  IncidentLevel     urgency;
  char             *title;
  char             *service;     /* nullable, as the two below */
  char             *category;
  char             *group;       /* of alerts */
  gint64            opened_at;
  gint64            updated_at;
  gint64            closed_at;   /* INCIDENT_TIME_NONE while open */
  GPtrArray        *assignments; /* (element-type IncidentAssignment), by seq */
  GHashTable       *alerts;      /* key → GUINT_TO_POINTER (is firing) */
  guint             n_firing;
} IncidentState;

IncidentState *incident_state_new         (void);
void           incident_state_free        (IncidentState       *self);
void           incident_state_apply       (IncidentState       *self,
                                           IncidentRecord      *record);
const char    *incident_state_get_holder  (const IncidentState *self,
                                           const char          *role);
gboolean       incident_state_has_responder (const IncidentState *self);
char          *incident_state_to_json     (const IncidentState *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (IncidentState, incident_state_free)

G_END_DECLS
