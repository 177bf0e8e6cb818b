/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "comms/incident-message-private.h"

G_BEGIN_DECLS

/* Messages in Slack's Block Kit, within its limits: what is too long is cut, and says so. */

#define INCIDENT_SLACK_FORM_OPEN  "incident.open"
#define INCIDENT_SLACK_EVENT_TYPE "libincident_msg"

/* The JSON array for “blocks”: title; fields and sections or, where there are none, the text; buttons; the link. NULL
 * if there is nothing to show. */
char *incident_slack_blocks_write   (const IncidentMessage *message);
/* What goes with it as “text”, for notifications and screen readers: mrkdwn, escaped, never empty. */
char *incident_slack_blocks_text    (const IncidentMessage *message);
/* The text alone, short enough for anything, and where to read on: for when Slack did not take the blocks. */
char *incident_slack_blocks_plain   (const IncidentMessage *message);
/* The JSON of “metadata”, by which a message is found again. */
char *incident_slack_write_metadata (const char            *key);

/* The JSON of the form that opens a case: blocks “title”, “severity”, “service”, “description”; each has one element
 * of the same name. @services may be empty: then it is written by hand. @note comes back as private_metadata. */
char *incident_slack_view_open      (const char * const    *services,
                                     const char            *note); /* nullable */
/* The JSON that answers a command, for the eyes of who gave it alone. */
char *incident_slack_write_answer   (const char            *text);

G_END_DECLS
