/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "desk/incident-desk-private.h"

G_BEGIN_DECLS

/* The one way in which anything changes:
 *
 *   look up  – read what others wrote; was it recorded before?      any thread
 *   decide   – guards, events                                       the desk's thread
 *   commit   – one transaction; on a conflict, what others wrote    any thread
 *   settle   – fold, signals; on a conflict, decide again           the desk's thread
 */

typedef struct _IncidentAct IncidentAct;

typedef enum
{
  INCIDENT_ACT_FAILED,
  INCIDENT_ACT_DONE,
  INCIDENT_ACT_GO_ON,
} IncidentActStep;

/* @number is 0 to open a case. */
IncidentAct     *incident_act_new     (IncidentDesk     *desk,
                                       guint64           number,
                                       IncidentCommand  *command);
void             incident_act_free    (IncidentAct      *self);
gboolean         incident_act_look_up (IncidentAct      *self,
                                       GError          **error);
/* GO_ON: commit next. */
IncidentActStep  incident_act_decide  (IncidentAct      *self,
                                       GError          **error);
gboolean         incident_act_commit  (IncidentAct      *self,
                                       GError          **error);
/* GO_ON: others were quicker; decide again. */
IncidentActStep  incident_act_settle  (IncidentAct      *self);
/* As it was asked for. */
guint64          incident_act_get_number (IncidentAct     *self);
/* (transfer full) */
IncidentCase    *incident_act_end     (IncidentAct      *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (IncidentAct, incident_act_free)

G_END_DECLS
