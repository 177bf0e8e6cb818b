/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "model/incident-command-private.h"
#include "model/incident-guard-private.h"

G_BEGIN_DECLS

/* The verbs of the record: what can be done to a case beside the steps of its
 * lifecycle, in any lifecycle. A lifecycle may say from where; the rest is here. */

typedef enum
{
  INCIDENT_VERB_ASSIGN,
  INCIDENT_VERB_RELEASE,
  INCIDENT_VERB_CLASSIFY,
  INCIDENT_VERB_NOTE,
  INCIDENT_VERB_HANDOFF,
  INCIDENT_VERB_ACCEPT,
  INCIDENT_VERB_DECLINE,
  INCIDENT_VERB_TAKE_COMMAND,
  INCIDENT_VERB_ACKNOWLEDGE,
  INCIDENT_VERB_ADD_TASK,
  INCIDENT_VERB_START_TASK,
  INCIDENT_VERB_FINISH_TASK,
  INCIDENT_VERB_SKIP_TASK,
  INCIDENT_VERB_REOPEN_TASK,
  INCIDENT_VERB_HAND_TASK,
  INCIDENT_VERB_ADD_CHECKLIST,
  INCIDENT_VERB_PRIORITISE,
  INCIDENT_VERB_AFFECT,
  INCIDENT_VERB_UPDATE,
  INCIDENT_VERB_DECIDE,
  INCIDENT_VERB_SUPPOSE,
  INCIDENT_VERB_JUDGE,
  INCIDENT_VERB_RECORD,
  INCIDENT_VERB_MEASURE,
  INCIDENT_VERB_LINK,
  INCIDENT_VERB_UNLINK,
  INCIDENT_VERB_MERGE,
  INCIDENT_VERB_CORRECT,
  INCIDENT_VERB_REDACT,
  INCIDENT_VERB_DISMISS,
  INCIDENT_VERB_FILE_REPORT,
  INCIDENT_VERB_SAY,
  INCIDENT_VERB_EDIT_SAID,
  INCIDENT_VERB_DELETE_SAID,
  INCIDENT_VERB_PIN,
  INCIDENT_VERB_MESSAGE,
  INCIDENT_VERB_APPROVE,
  INCIDENT_VERB_UNACKNOWLEDGE,
  INCIDENT_VERB_SNOOZE,
  INCIDENT_VERB_WAKE,
  INCIDENT_VERB_PAGE,
  INCIDENT_VERB_MOVE_RUNS,
  INCIDENT_N_VERBS
} IncidentVerbId;

/* An argument, and the fact that it becomes. */
typedef struct
{
  IncidentArgument  argument;
  const char       *fact;     /* NULL ends the list */
} IncidentVerbFact;

typedef struct
{
  const char         *verb;
  const char         *event;     /* the kind that is recorded */
  gboolean            is_ever;   /* also of a case that has ended */
  guint64             takes;     /* a bit an argument; text is taken by all */
  guint64             needs;
  const char * const *kinds;     /* what its argument “kind” can be */
  const char         *task_state;
  IncidentVerbFact    says[5];   /* by its arguments alone */
  const char         *right;     /* a verb whose right is enough, too; nullable */
  gboolean            looks_back; /* at more of what was recorded than the state keeps */
} IncidentVerb;

extern const IncidentVerb incident_verbs[INCIDENT_N_VERBS];
/* What the argument “field” can be: the rest of an incident's record. */
extern const char * const incident_record_fields[];

/* NULL: it is a verb of the lifecycle. */
const IncidentVerb *incident_verb_find    (const char          *verb);
IncidentVerbId      incident_verb_get_id  (const IncidentVerb  *self);
/* Is it of what is said in a chat, under a clock of its own? @self is nullable. */
gboolean            incident_verb_is_of_chat (const IncidentVerb *self);
/* Has the command to be decided with the events of the case at hand? */
gboolean            incident_verb_looks_back (IncidentCommand     *command);
/* Whose acknowledgement “unacknowledge” takes back: that of who says so, where no other is named. */
const char         *incident_verb_get_unacknowledged (IncidentCommand *command);
/* What it cannot do without and was not given; what one of @guards asks for is left to it. */
void                incident_verb_check   (const IncidentVerb  *self,
                                           guint                guards,
                                           IncidentCommand     *command,
                                           IncidentRefusals    *refusals);
/* Is each argument one that this verb knows? */
gboolean            incident_verb_check_form (const IncidentVerb *self,
                                           IncidentCommand     *command,
                                           GError             **error);
/* What the verb says of the case, but for what depends on more than the command. */
void                incident_verb_append_facts (const IncidentVerb *self,
                                           const IncidentState *state,
                                           IncidentCommand     *command,
                                           gint64               now,
                                           GString             *facts);
/* The argument “due”, if it is given: a time from now becomes a moment, so that it means the same when it is read. */
void                incident_verb_append_due (IncidentCommand     *command,
                                           const char          *fact,
                                           gint64               now,
                                           GString             *facts);

G_END_DECLS
