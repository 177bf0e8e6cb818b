/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "comms/incident-message-private.h"
#include "model/incident-case-private.h"
#include "model/incident-comms-rules-private.h"

G_BEGIN_DECLS

/* What a message says: made when it is sent, from the case as it is then. */

typedef struct
{
  const IncidentRules        *rules;
  const IncidentChannelRules *channel;
  IncidentCase               *kase;          /* NULL: it is of no case */
  const char                 *conversation;  /* nullable, as all below: where messages of the case go */
  const char                 *thread;
  const char                 *replaces;
  const char                 *first_key;
  const char                 *announced_at;  /* permalink of the announcement */
} IncidentRendering;

/* Takes @row. NULL: there is nothing to say any more, and @why (transfer none) tells why. */
IncidentMessage *incident_rendering_make (const IncidentRendering  *self,
                                          IncidentOutboxRow        *row,
                                          const char              **why);
/* The card of a case, and its announcement: the message is filled. */
void             incident_rendering_fill_card (const IncidentRendering *self,
                                          IncidentMessage          *message);

/* One that pages somebody … */
void             incident_rendering_fill_page (const IncidentRendering *self,
                                          IncidentMessage          *message);
/* … and what goes with it: @self is of another case, @row_body of its own page. */
void             incident_rendering_add_page (const IncidentRendering *self,
                                          IncidentMessage          *message,
                                          const char               *row_body);

G_END_DECLS
