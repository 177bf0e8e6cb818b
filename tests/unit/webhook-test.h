/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* Messages for the tests of those who write them in a dialect. */

#include "incident-test.h"

#include "comms/incident-message-private.h"

static inline IncidentMessage *
make_message (IncidentMessageKind  kind,
              const char          *title,
              const char          *text)
{
  IncidentOutboxRow *row = incident_outbox_row_new ();
  IncidentMessage *message = incident_message_new (row);

  row->id = 7;
  row->key = g_strdup ("0123456789abcdef0123456789abcdef");
  row->channel = g_strdup ("audit");
  row->kind = kind;
  row->subject = 42;
  row->seq = 17;
  row->created_at = G_GINT64_CONSTANT (1795680000000000);
  message->case_id = g_strdup ("INC-42");
  message->title = g_strdup (title);
  g_free (message->text);
  message->text = g_strdup (text);
  message->severity = INCIDENT_SEVERITY_SEV2;
  return message;
}

static inline IncidentMessage *
make_event (const char *event)
{
  IncidentMessage *message = make_message (INCIDENT_MESSAGE_KIND_EVENT, "Checkout answers 500", "ana: rolled back");

  message->event = g_strdup (event);
  message->event_kind = g_strdup ("resolved");
  message->occurred_at = G_GINT64_CONSTANT (1795680000123456);
  return message;
}

static inline IncidentMessage *
make_card (guint       n_fields,
           guint       n_lines,
           const char *words)
{
  IncidentMessage *message = make_message (INCIDENT_MESSAGE_KIND_CARD, words, "INC-42 · resolution");

  for (guint i = 0; i < n_fields; i++)
    incident_message_add_field (message, i == 0 ? "Phase" : words, words);
  for (guint i = 0; i < n_lines; i++)
    {
      IncidentMessageSection *section = i % 10 == 0
                                        ? incident_message_add_section (message, words)
                                        : g_ptr_array_index (message->sections, message->sections->len - 1);

      g_ptr_array_add (section->lines, g_strdup (words));
    }
  return message;
}
