/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <libincident/incident.h>

#include "comms/incident-message-private.h"

/* Messages for Slack, from the usual to the hostile. */

#define SAMPLE_KEY "0123456789abcdef0123456789abcdef"

static inline IncidentMessage *
sample_new (IncidentMessageKind  kind,
            const char          *title,
            const char          *text)
{
  IncidentOutboxRow *row = incident_outbox_row_new ();
  IncidentMessage *message;

  row->id = 7;
  row->kind = kind;
  row->key = g_strdup (SAMPLE_KEY);
  row->channel = g_strdup ("slack");
  message = incident_message_new (row);
  message->case_id = g_strdup ("INC-42");
  message->title = g_strdup (title);
  g_free (message->text);
  message->text = g_strdup (text);
  return message;
}

/* @text, @n times. */
static inline char *
sample_repeat (const char *text,
               guint       n)
{
  GString *out = g_string_new (NULL);

  for (guint i = 0; i < n; i++)
    g_string_append (out, text);
  return g_string_free (out, FALSE);
}

static inline void
sample_add_lines (IncidentMessage *message,
                  const char      *title,
                  guint            n,
                  const char      *line)
{
  IncidentMessageSection *section = incident_message_add_section (message, title);

  for (guint i = 0; i < n; i++)
    g_ptr_array_add (section->lines, g_strdup_printf ("%u. %s", i + 1, line));
}

static inline void
sample_add_buttons (IncidentMessage *message)
{
  incident_message_add_action (message, "incident.ack", "Acknowledge", "INC-42/17/1", NULL, INCIDENT_ACTION_GOOD);
  incident_message_add_action (message, "incident.escalate", "Escalate", "INC-42/17/1", NULL, INCIDENT_ACTION_PLAIN);
  incident_message_add_action (message, "incident.resolve", "Resolve", "INC-42/17/1", "Is INC-42 solved?", INCIDENT_ACTION_GRAVE);
}

static inline IncidentMessage *
sample_card (void)
{
  IncidentMessage *message = sample_new (INCIDENT_MESSAGE_KIND_CARD, "INC-42 Checkout answers 500",
                                         "INC-42 Checkout answers 500: sev2, in diagnosis");

  message->severity = INCIDENT_SEVERITY_SEV2;
  message->url = g_strdup ("https://desk.example.org/cases/INC-42?a=1&b=2");
  incident_message_add_field (message, "Severity", "sev2");
  incident_message_add_field (message, "Phase", "diagnosis");
  incident_message_add_field (message, "Commander", "Ana <ana@example.org>");
  sample_add_lines (message, "Tasks", 3, "call the *bank* & <!channel>");
  sample_add_buttons (message);
  return message;
}
