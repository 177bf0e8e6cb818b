/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <libincident/incident-command.h>

#include "model/incident-operation-private.h"

G_BEGIN_DECLS

/* The arguments a command may have. A fact is one line and is folded; words are
 * prose and go into the payload. */
#define INCIDENT_MAX_FACT_LENGTH 200    /* bytes */
#define INCIDENT_MAX_TEXT_LENGTH 65536  /* bytes */
#define INCIDENT_MAX_LINK_LENGTH 2000   /* bytes */

typedef enum
{
  INCIDENT_ARGUMENT_TITLE,
  INCIDENT_ARGUMENT_TEXT,
  INCIDENT_ARGUMENT_TARGET,
  INCIDENT_ARGUMENT_ESCALATION,
  INCIDENT_ARGUMENT_ROLE,
  INCIDENT_ARGUMENT_PERSON,
  INCIDENT_ARGUMENT_SEVERITY,
  INCIDENT_ARGUMENT_IMPACT,
  INCIDENT_ARGUMENT_URGENCY,
  INCIDENT_ARGUMENT_SERVICE,
  INCIDENT_ARGUMENT_CATEGORY,
  INCIDENT_N_COMMON_ARGUMENTS,
  /* What few verbs take: */
  INCIDENT_ARGUMENT_MAJOR = INCIDENT_N_COMMON_ARGUMENTS,
  INCIDENT_ARGUMENT_PRIORITY,
  INCIDENT_ARGUMENT_TASK,
  INCIDENT_ARGUMENT_AFTER,
  INCIDENT_ARGUMENT_DUE,
  INCIDENT_ARGUMENT_MUST_DO,
  INCIDENT_ARGUMENT_KIND,
  INCIDENT_ARGUMENT_CHECKLIST,
  INCIDENT_ARGUMENT_AUDIENCE,
  INCIDENT_ARGUMENT_OBJECTIONS,
  INCIDENT_ARGUMENT_HYPOTHESIS,
  INCIDENT_ARGUMENT_STATE,
  INCIDENT_ARGUMENT_FIELD,
  INCIDENT_ARGUMENT_MEASURE,
  INCIDENT_ARGUMENT_AMOUNT,
  INCIDENT_ARGUMENT_UNIT,
  INCIDENT_ARGUMENT_CERTAINTY,
  INCIDENT_ARGUMENT_CASE,
  INCIDENT_ARGUMENT_EVENT,
  INCIDENT_ARGUMENT_REMINDER,
  INCIDENT_ARGUMENT_CLOCK,
  INCIDENT_ARGUMENT_MESSAGE,
  INCIDENT_ARGUMENT_THREAD,
  INCIDENT_ARGUMENT_AUTHOR,
  INCIDENT_ARGUMENT_PERMALINK,
  INCIDENT_N_ARGUMENTS
} IncidentArgument;

/* A set of arguments: a bit each. */
#define INCIDENT_ARGUMENTS(argument) (G_GUINT64_CONSTANT (1) << INCIDENT_ARGUMENT_ ## argument)

const char *incident_argument_get_name (IncidentArgument argument);
/* NULL where there is nothing but white space. */
const char *incident_command_peek (IncidentCommand  *self,
                                   IncidentArgument  argument);
gboolean  incident_actor_check             (const char      *actor,
                                            GError         **error);
gint64    incident_command_get_occurred_at (IncidentCommand *self); /* INCIDENT_TIME_NONE: now */
guint8    incident_command_get_verified    (IncidentCommand *self);
const char *incident_command_get_provider  (IncidentCommand *self); /* nullable */
guint     incident_command_get_seen        (IncidentCommand *self); /* 0: not told */
gboolean  incident_command_has_operation   (IncidentCommand *self);
/* Draws an id at the first call, and keeps it: a retry is the same command. */
void      incident_command_get_operation   (IncidentCommand    *self,
                                            IncidentOperations *operations,
                                            guint8              operation[INCIDENT_OPERATION_LENGTH]);

G_END_DECLS
