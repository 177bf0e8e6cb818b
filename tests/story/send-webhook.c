/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Delivers an event through a webhook channel, and prints what became of it: for tests in other languages.
 *
 *     send-webhook URL NAME-OF-KEY [NAME-OF-OLD-KEY] < event
 *
 * Keys are variables of the environment. */
#include <gio/gio.h>
#include <libincident/incident.h>

#include <stdio.h>
#include <string.h>

#include "comms/incident-webhook-private.h"

static void
on_delivered (GObject      *source,
              GAsyncResult *result,
              gpointer      data)
{
  *(GAsyncResult **) data = g_object_ref (result);
}

static IncidentMessage *
read_event (void)
{
  IncidentOutboxRow *row = incident_outbox_row_new ();
  IncidentMessage *message = incident_message_new (row);
  static char event[1024 * 1024];
  gsize length = fread (event, 1, sizeof event - 1, stdin);

  event[length] = '\0';
  row->id = 1;
  row->key = g_strdup ("msg_p5jXN8AQM9LWM0D4loKWxJek");
  row->channel = g_strdup ("audit");
  row->kind = INCIDENT_MESSAGE_KIND_EVENT;
  row->subject = 42;
  row->seq = 17;
  message->case_id = g_strdup ("INC-42");
  message->event = g_strdup (event);
  message->event_kind = g_strdup ("resolved");
  message->occurred_at = g_get_real_time ();
  return message;
}

int
main (int    argc,
      char **argv)
{
  IncidentChannelRules rules = { .name = "audit", .dialect = INCIDENT_DIALECT_WEBHOOK, .may_be_near = TRUE };
  g_autoptr(IncidentClock) clock = incident_system_clock_new ();
  g_autoptr(IncidentMessage) message = NULL;
  g_autoptr(IncidentDelivery) delivery = NULL;
  g_autoptr(IncidentChannel) channel = NULL;
  g_autoptr(GAsyncResult) result = NULL;

  if (argc < 3)
    return 2;

  rules.url = argv[1];
  rules.key.env = argv[2];
  rules.old_key.env = argc > 3 ? argv[3] : NULL;
  message = read_event ();
  delivery = incident_delivery_new (message);
  channel = incident_webhook_channel_new_from_rules (&rules, "https://desk.example.org/", clock);
  incident_channel_deliver_async (channel, delivery, NULL, on_delivered, &result);
  while (result == NULL)
    g_main_context_iteration (NULL, TRUE);

  puts (incident_outcome_to_string (incident_delivery_get_outcome (delivery)));
  if (incident_delivery_get_detail (delivery) != NULL)
    puts (incident_delivery_get_detail (delivery));
  return 0;
}
