/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "incident-test.h"

#include <string.h>

#include "comms/incident-message-private.h"

/* Messages for channels, as the desk makes them, and what becomes of them. */

#define MESSAGE_KEY "0123456789abcdef0123456789abcdef"
#define MESSAGE_AT  G_GINT64_CONSTANT (1795417200000000) /* 2026-11-23T07:00:00Z */

static inline IncidentMessage *
message_make (const char *title,
              const char *text)
{
  IncidentOutboxRow *row = incident_outbox_row_new ();
  IncidentMessage *message;

  row->id = 7;
  row->key = g_strdup (MESSAGE_KEY);
  row->subject = 42;
  row->kind = INCIDENT_MESSAGE_KIND_POST;
  row->channel = g_strdup ("ops");
  row->lane = g_strdup ("INC-42");
  row->body = g_strdup ("{}");
  row->created_at = MESSAGE_AT;
  row->not_before = MESSAGE_AT;
  message = incident_message_new (row);
  message->case_id = g_strdup ("INC-42");
  message->title = g_strdup (title);
  g_free (message->text);
  message->text = g_strdup (text);
  return message;
}

static inline void
message_set_recipient (IncidentMessage *message,
                       const char      *recipient)
{
  const char *recipients[] = { recipient, NULL };

  g_strfreev (message->recipients);
  message->recipients = g_strdupv ((char **) recipients);
}

/* Returns the attempt after it; @error is for what the channel answered instead. */
static inline IncidentDelivery *
message_deliver (IncidentChannel  *channel,
                 IncidentMessage  *message,
                 GCancellable     *cancellable,
                 GError          **error)
{
  IncidentDelivery *delivery = incident_delivery_new (message);
  g_autoptr(GAsyncResult) result = NULL;

  incident_channel_deliver_async (channel, delivery, cancellable, store_result, &result);
  incident_channel_deliver_finish (channel, wait_for (&result), error);
  return delivery;
}

static inline void
assert_outcome (IncidentDelivery *delivery,
                IncidentOutcome   outcome,
                const char       *detail)
{
  const IncidentDeliveryResult *result = incident_delivery_get_result (delivery);

  assert_true (result->is_told);
  assert_string_equal (incident_outcome_to_string (result->outcome), incident_outcome_to_string (outcome));
  if (detail == NULL)
    assert_null (result->detail);
  else
    assert_string_equal (result->detail, detail);
}
