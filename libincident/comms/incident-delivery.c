/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "comms/incident-message-private.h"

#include <gio/gio.h>
#include <libincident/incident-error.h>
#include <libincident/incident-time.h>

#include "base/incident-enum-private.h"

/**
 * IncidentDelivery:
 *
 * One attempt to deliver a message: what a channel is given, and where it notes what became of it.
 *
 * A simple channel need not note anything: that its task is answered with %TRUE says that the
 * message was sent, and an error says what [method@Channel.deliver_async] tells. Belongs to the
 * thread that delivers.
 *
 * Since: 0.1
 */
struct _IncidentDelivery
{
  GObject parent_instance;

  IncidentMessage       *message;
  gint64                 unsure_since;
  IncidentDeliveryResult result;
};

G_DEFINE_FINAL_TYPE (IncidentDelivery, incident_delivery, G_TYPE_OBJECT)

G_DEFINE_ENUM_TYPE (IncidentOutcome, incident_outcome,
  G_DEFINE_ENUM_VALUE (INCIDENT_OUTCOME_SENT, "sent"),
  G_DEFINE_ENUM_VALUE (INCIDENT_OUTCOME_WAIT, "wait"),
  G_DEFINE_ENUM_VALUE (INCIDENT_OUTCOME_RETRY, "retry"),
  G_DEFINE_ENUM_VALUE (INCIDENT_OUTCOME_UNSURE, "unsure"),
  G_DEFINE_ENUM_VALUE (INCIDENT_OUTCOME_REFUSED, "refused"),
  G_DEFINE_ENUM_VALUE (INCIDENT_OUTCOME_CLOSED, "closed"))

/**
 * incident_outcome_to_string:
 * @outcome: an outcome
 *
 * Names an outcome as it is written in JSON, such as `sent`.
 *
 * Returns: (transfer none) (nullable): the name, or %NULL if @outcome is no member of
 *   the enumeration
 *
 * Since: 0.1
 */
const char *
incident_outcome_to_string (IncidentOutcome outcome)
{
  return incident_enum_get_nick (INCIDENT_TYPE_OUTCOME, (int) outcome);
}

IncidentOutcome
incident_outcome_from_error (const GError *error)
{
  static const int never_left[] = {
    G_IO_ERROR_CONNECTION_REFUSED, G_IO_ERROR_HOST_NOT_FOUND, G_IO_ERROR_HOST_UNREACHABLE,
    G_IO_ERROR_NETWORK_UNREACHABLE, G_IO_ERROR_BUSY, G_IO_ERROR_WOULD_BLOCK,
  };
  static const int perhaps[] = {
    G_IO_ERROR_TIMED_OUT, G_IO_ERROR_CANCELLED, G_IO_ERROR_CONNECTION_CLOSED, G_IO_ERROR_PARTIAL_INPUT,
    G_IO_ERROR_BROKEN_PIPE,
  };

  if (error->domain == G_RESOLVER_ERROR)
    return INCIDENT_OUTCOME_RETRY;
  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_PERMISSION_DENIED))
    return INCIDENT_OUTCOME_CLOSED;
  for (guint i = 0; i < G_N_ELEMENTS (never_left); i++)
    if (g_error_matches (error, G_IO_ERROR, never_left[i]))
      return INCIDENT_OUTCOME_RETRY;
  for (guint i = 0; i < G_N_ELEMENTS (perhaps); i++)
    if (g_error_matches (error, G_IO_ERROR, perhaps[i]))
      return INCIDENT_OUTCOME_UNSURE;

  return INCIDENT_OUTCOME_REFUSED;
}

static void
incident_delivery_finalize (GObject *object)
{
  IncidentDelivery *self = INCIDENT_DELIVERY (object);

  g_clear_pointer (&self->message, incident_message_unref);
  g_free (self->result.detail);
  g_free (self->result.external_id);
  g_free (self->result.conversation);
  g_free (self->result.permalink);

  G_OBJECT_CLASS (incident_delivery_parent_class)->finalize (object);
}

static void
incident_delivery_class_init (IncidentDeliveryClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = incident_delivery_finalize;
}

static void
incident_delivery_init (IncidentDelivery *self)
{
  self->unsure_since = INCIDENT_TIME_NONE;
}

static void
note (char       **noted,
      const char  *text)
{
  g_autofree char *before G_GNUC_UNUSED = *noted;

  *noted = g_strdup (text);
}

const IncidentDeliveryResult *
incident_delivery_get_result (IncidentDelivery *self)
{
  return &self->result;
}

void
incident_delivery_set_unsure_since (IncidentDelivery *self,
                                    gint64            since)
{
  self->unsure_since = since;
}

/**
 * incident_delivery_new:
 * @message: what is to be delivered
 *
 * Makes an attempt, such as the desk gives to a channel; for tests of channels.
 *
 * Returns: (transfer full): the delivery
 *
 * Since: 0.1
 */
IncidentDelivery *
incident_delivery_new (IncidentMessage *message)
{
  IncidentDelivery *self;

  g_return_val_if_fail (message != NULL, NULL);

  self = g_object_new (INCIDENT_TYPE_DELIVERY, NULL);
  self->message = incident_message_ref (message);
  return self;
}

/**
 * incident_delivery_get_message:
 * @self: a delivery
 *
 * Tells what is to be delivered.
 *
 * Returns: (transfer none): the message
 *
 * Since: 0.1
 */
IncidentMessage *
incident_delivery_get_message (IncidentDelivery *self)
{
  g_return_val_if_fail (INCIDENT_IS_DELIVERY (self), NULL);

  return self->message;
}

/**
 * incident_delivery_get_unsure_since:
 * @self: a delivery
 *
 * Tells when the first attempt began that may have arrived, for who looks it up.
 *
 * Returns: the time, in microseconds since the Unix epoch, UTC; %INCIDENT_TIME_NONE if all
 *   attempts surely did not arrive
 *
 * Since: 0.1
 */
gint64
incident_delivery_get_unsure_since (IncidentDelivery *self)
{
  g_return_val_if_fail (INCIDENT_IS_DELIVERY (self), INCIDENT_TIME_NONE);

  return self->unsure_since;
}

/**
 * incident_delivery_get_outcome:
 * @self: a delivery
 *
 * Tells what was noted last by [method@Delivery.set_outcome].
 *
 * Returns: the outcome; %INCIDENT_OUTCOME_SENT before any was noted
 *
 * Since: 0.1
 */
IncidentOutcome
incident_delivery_get_outcome (IncidentDelivery *self)
{
  g_return_val_if_fail (INCIDENT_IS_DELIVERY (self), INCIDENT_OUTCOME_REFUSED);

  return self->result.outcome;
}

/**
 * incident_delivery_set_outcome:
 * @self: a delivery
 * @outcome: what became of it
 * @detail: (nullable): why, in plain words for people and without a secret
 *
 * Notes what became of the attempt, before the task is answered.
 *
 * Since: 0.1
 */
void
incident_delivery_set_outcome (IncidentDelivery *self,
                               IncidentOutcome   outcome,
                               const char       *detail)
{
  g_return_if_fail (INCIDENT_IS_DELIVERY (self));

  self->result.is_told = TRUE;
  self->result.outcome = outcome;
  note (&self->result.detail, detail);
}

/**
 * incident_delivery_get_detail:
 * @self: a delivery
 *
 * Tells why, as noted by [method@Delivery.set_outcome].
 *
 * Returns: (transfer none) (nullable): the words
 *
 * Since: 0.1
 */
const char *
incident_delivery_get_detail (IncidentDelivery *self)
{
  g_return_val_if_fail (INCIDENT_IS_DELIVERY (self), NULL);

  return self->result.detail;
}

/**
 * incident_delivery_set_retry_after:
 * @self: a delivery
 * @duration: for how long the far side does not want to be asked, in microseconds
 * @whole_channel: whether that holds for all that goes through this channel; else for this
 *   conversation alone
 *
 * Notes that the far side asked for patience: nothing is tried before.
 *
 * Since: 0.1
 */
void
incident_delivery_set_retry_after (IncidentDelivery *self,
                                   gint64            duration,
                                   gboolean          whole_channel)
{
  g_return_if_fail (INCIDENT_IS_DELIVERY (self));
  g_return_if_fail (duration >= 0);

  self->result.retry_after = duration;
  self->result.whole_channel = whole_channel;
}

/**
 * incident_delivery_set_external_id:
 * @self: a delivery
 * @external_id: (nullable): what the far side calls the message
 *
 * Notes by what the message can be found, changed or answered there.
 *
 * Since: 0.1
 */
void
incident_delivery_set_external_id (IncidentDelivery *self,
                                   const char       *external_id)
{
  g_return_if_fail (INCIDENT_IS_DELIVERY (self));

  note (&self->result.external_id, external_id);
}

/**
 * incident_delivery_set_conversation:
 * @self: a delivery
 * @conversation: (nullable): where the message stands, as the far side names it
 *
 * Notes where the message stands; of [enum@MessageKind] `room`, what was made.
 *
 * Since: 0.1
 */
void
incident_delivery_set_conversation (IncidentDelivery *self,
                                    const char       *conversation)
{
  g_return_if_fail (INCIDENT_IS_DELIVERY (self));

  note (&self->result.conversation, conversation);
}

/**
 * incident_delivery_set_permalink:
 * @self: a delivery
 * @permalink: (nullable): a link to the message
 *
 * Notes where people can see the message.
 *
 * Since: 0.1
 */
void
incident_delivery_set_permalink (IncidentDelivery *self,
                                 const char       *permalink)
{
  g_return_if_fail (INCIDENT_IS_DELIVERY (self));

  note (&self->result.permalink, permalink);
}
