/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <gio/gio.h>

#include "comms/incident-message-private.h"

G_BEGIN_DECLS

/* What channels that hand their messages to a program have in common. */

/* For one message, from its start to the end of the program; shorter than the desk waits for any channel, so that it
 * is told how the program ended. */
#define INCIDENT_PROGRAM_PATIENCE (25 * G_TIME_SPAN_SECOND)

typedef IncidentOutcome (*IncidentProgramReader) (int               status);  /* 1 to 255 */
typedef void            (*IncidentProgramHearer) (GBytes           *output,  /* hostile */
                                                  IncidentDelivery *delivery);

typedef struct
{
  const char * const    *argv;
  GBytes                *input;
  gint64                 patience;
  IncidentProgramReader  read_status;
  IncidentProgramHearer  hear;     /* once it was sent; nullable */
} IncidentProgram;

/* Notes in @delivery what became of it, and answers @task. A program that cannot be run closes the channel; one that
 * did not come to an end of its own may have sent it. */
void   incident_program_deliver  (const IncidentProgram *program,
                                  IncidentDelivery      *delivery,
                                  GTask                 *task);

/* A list of strings as an argv. */
char **incident_program_dup_argv (GPtrArray             *strings); /* nullable */

G_END_DECLS
