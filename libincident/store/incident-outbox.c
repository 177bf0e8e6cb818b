/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "store/incident-outbox-private.h"

#include <libincident/incident-time.h>

#include "base/incident-enum-private.h"

IncidentOutboxRow *
incident_outbox_row_new (void)
{
  IncidentOutboxRow *self = g_new0 (IncidentOutboxRow, 1);

  self->draft = -1;
  self->no_later = G_MAXINT64;
  self->expires_at = G_MAXINT64;
  self->unsure_since = INCIDENT_TIME_NONE;
  return self;
}

IncidentOutboxRow *
incident_outbox_row_copy (const IncidentOutboxRow *self)
{
  IncidentOutboxRow *copy = g_new (IncidentOutboxRow, 1);

  *copy = *self;
  copy->key = g_strdup (self->key);
  copy->channel = g_strdup (self->channel);
  copy->lane = g_strdup (self->lane);
  copy->body = g_strdup (self->body);
  copy->recipient = g_strdup (self->recipient);
  copy->coalesce = g_strdup (self->coalesce);
  copy->after = g_strdup (self->after);
  copy->external_id = g_strdup (self->external_id);
  copy->conversation = g_strdup (self->conversation);
  copy->permalink = g_strdup (self->permalink);
  copy->trouble = g_strdup (self->trouble);
  copy->log = g_strdup (self->log);
  return copy;
}

void
incident_outbox_row_free (IncidentOutboxRow *self)
{
  if (self == NULL)
    return;

  g_free (self->key);
  g_free (self->channel);
  g_free (self->lane);
  g_free (self->body);
  g_free (self->recipient);
  g_free (self->coalesce);
  g_free (self->after);
  g_free (self->external_id);
  g_free (self->conversation);
  g_free (self->permalink);
  g_free (self->trouble);
  g_free (self->log);
  g_free (self);
}

IncidentOutboxChange *
incident_outbox_change_new (const IncidentOutboxRow *row,
                            IncidentMessageState     to,
                            gint64                   at)
{
  IncidentOutboxChange *self = g_new0 (IncidentOutboxChange, 1);

  self->id = row->id;
  self->token = row->state == INCIDENT_MESSAGE_STATE_SENDING || row->state == INCIDENT_MESSAGE_STATE_UNSURE ? row->token : 0;
  self->from = row->state;
  self->to = to;
  self->attempts = row->attempts;
  self->not_before = row->not_before;
  self->expires_at = row->expires_at;
  self->unsure_since = row->unsure_since;
  self->at = at;
  self->external_id = g_strdup (row->external_id);
  self->conversation = g_strdup (row->conversation);
  self->permalink = g_strdup (row->permalink);
  self->trouble = g_strdup (row->trouble);
  self->log = g_strdup (row->log);
  return self;
}

void
incident_outbox_change_free (IncidentOutboxChange *self)
{
  if (self == NULL)
    return;

  g_free (self->external_id);
  g_free (self->conversation);
  g_free (self->permalink);
  g_free (self->trouble);
  g_free (self->log);
  g_free (self);
}

void
incident_channel_state_free (IncidentChannelState *self)
{
  if (self == NULL)
    return;

  g_free (self->channel);
  g_free (self->data);
  g_free (self);
}

gboolean
incident_message_states_from_string (const char  *string,
                                     guint       *states,
                                     GError     **error)
{
  int state;

  *states = 0;
  if (string == NULL)
    return TRUE;
  if (g_str_equal (string, "waiting"))
    *states = (1u << INCIDENT_MESSAGE_STATE_PENDING) | (1u << INCIDENT_MESSAGE_STATE_SENDING)
              | (1u << INCIDENT_MESSAGE_STATE_UNSURE);
  else if (incident_enum_from_nick (INCIDENT_TYPE_MESSAGE_STATE, "state of a message", string, &state, error))
    *states = 1u << state;

  return *states != 0;
}
