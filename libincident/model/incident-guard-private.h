/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <libincident/incident-command.h>

#include "model/incident-state-private.h"

G_BEGIN_DECLS

#define INCIDENT_ROLE_COMMANDER "commander"
#define INCIDENT_ROLE_DEPUTY    "deputy"

/* Guards are pure functions of the case, the actor and the arguments. */

typedef enum
{
  INCIDENT_GUARD_TITLE,
  INCIDENT_GUARD_TEXT,
  INCIDENT_GUARD_TARGET,
  INCIDENT_GUARD_EVIDENCE,
  INCIDENT_GUARD_ROLE,
  INCIDENT_GUARD_PERSON,
  INCIDENT_GUARD_CLASSIFICATION,
  INCIDENT_GUARD_RESPONDER,
  INCIDENT_GUARD_COMMANDER,
  INCIDENT_GUARD_NOT_COMMANDER,
  INCIDENT_GUARD_MUST_DO,
  INCIDENT_N_GUARDS
} IncidentGuard;

/* Why not: a code for programs and a sentence for people, pair by pair. */
typedef struct
{
  GPtrArray *codes; /* both NULL while there are none */
  GPtrArray *why;
} IncidentRefusals;

/* Begins as all zero. */
void        incident_refusals_clear     (IncidentRefusals    *self);
void        incident_refusals_add       (IncidentRefusals    *self,
                                         const char          *code,
                                         const char          *format,
                                         ...) G_GNUC_PRINTF (3, 4);

/* Takes those of @other, which is then empty. */
void        incident_refusals_join      (IncidentRefusals    *self,
                                         IncidentRefusals    *other);

const char *incident_guard_get_name     (IncidentGuard        guard);
gboolean    incident_guard_find         (const char          *name,
                                         IncidentGuard       *guard);
/* The argument a command must bring; NULL for a guard that looks at the case. */
const char *incident_guard_get_argument (IncidentGuard        guard);
/* @set: a bit a guard. */
gboolean    incident_guards_ask_for     (guint                set,
                                         const char          *argument);
/* @command is NULL when the question is what may happen next: guards that look
 * at arguments are then passed over. */
void        incident_guard_check        (IncidentGuard        guard,
                                         const IncidentState *state,
                                         const char          *verb,
                                         const char          *actor,
                                         IncidentCommand     *command,
                                         IncidentRefusals    *refusals);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (IncidentRefusals, incident_refusals_clear)

G_END_DECLS
