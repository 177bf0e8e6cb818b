/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "comms/incident-channel-make-private.h"

/**
 * IncidentChannel:
 *
 * A way to people or programs: a chat, mail, a webhook, or one of your own.
 *
 * The desk gives each message that is due to its channel and waits for what becomes of it; whatever a
 * channel does, nothing is lost, and no incident waits for it. A channel of one's own needs but
 * `deliver`. In Python:
 *
 * ```python
 * class Bell(GObject.Object, Incident.Channel):
 *     def do_deliver(self, delivery, task):
 *         print("\a", delivery.get_message().get_text())
 *         task.return_boolean(True)
 *
 * desk.add_channel("bell", Bell())
 * ```
 *
 * What of a message may have been sent twice is asked of `look_up`, if the far side can tell.
 * A channel belongs to the thread of its desk.
 *
 * Since: 0.1
 */
G_DEFINE_INTERFACE (IncidentChannel, incident_channel, G_TYPE_OBJECT)

static void
fail_not_supported (IncidentChannel *self,
                    GTask           *task,
                    const char      *what)
{
  g_task_return_new_error (task, G_IO_ERROR, G_IO_ERROR_NOT_SUPPORTED, "“%s” cannot %s", G_OBJECT_TYPE_NAME (self), what);
}

/**
 * IncidentChannelInterface::deliver:
 * @self: a channel
 * @delivery: the attempt: what is to be delivered, and where to note what became of it
 * @task: (transfer none): what to answer, once, in this thread: by %TRUE, or by an error
 *
 * Delivers a message; what an answer means is told at [method@Channel.deliver_async].
 *
 * It may take as long as it needs, and should give up when the cancellable of @task says
 * so. A channel that does not implement it delivers nothing.
 *
 * Since: 0.1
 */
static void
incident_channel_real_deliver (IncidentChannel  *self,
                               IncidentDelivery *delivery,
                               GTask            *task)
{
  fail_not_supported (self, task, "deliver messages");
}

/**
 * IncidentChannelInterface::look_up:
 * @self: a channel
 * @delivery: an attempt that may have arrived
 * @task: (transfer none): what to answer, once, in this thread: %TRUE if it has arrived,
 *   %FALSE if it surely has not, or an error if that cannot be told
 *
 * Asks the far side whether a message has arrived after all.
 *
 * Without it a message that may have arrived is sent again, with the same
 * [method@Message.get_key].
 *
 * Since: 0.1
 */
static void
incident_channel_real_look_up (IncidentChannel  *self,
                               IncidentDelivery *delivery,
                               GTask            *task)
{
  fail_not_supported (self, task, "tell what has arrived");
}

/**
 * IncidentChannelInterface::probe:
 * @self: a channel
 * @task: (transfer none): what to answer, once, in this thread: %TRUE if it works, or an error
 *
 * Asks whether a channel works again that is left in peace.
 *
 * If it says so, or without it, the next message shows.
 *
 * Since: 0.1
 */
static void
incident_channel_real_probe (IncidentChannel *self,
                             GTask           *task)
{
  g_task_return_boolean (task, TRUE);
}

static void
incident_channel_default_init (IncidentChannelInterface *iface)
{
  iface->deliver = incident_channel_real_deliver;
  iface->look_up = incident_channel_real_look_up;
  iface->probe = incident_channel_real_probe;
}

gboolean
incident_channel_can_probe (IncidentChannel *self)
{
  return INCIDENT_CHANNEL_GET_IFACE (self)->probe != incident_channel_real_probe;
}

/**
 * incident_channel_deliver_async:
 * @self: a channel
 * @delivery: the attempt
 * @cancellable: (nullable): to give up
 * @callback: (scope async): called when it is known what became of it
 * @data: for @callback
 *
 * Delivers a message.
 *
 * An answer of %TRUE means what [method@Delivery.set_outcome] noted, or that it was sent. An
 * error where nothing was noted means: it surely did not arrive, and is worth another attempt
 * (%G_IO_ERROR_CONNECTION_REFUSED, %G_IO_ERROR_HOST_NOT_FOUND, %G_IO_ERROR_BUSY, any of
 * [error@Gio.ResolverError] …); it may have arrived (%G_IO_ERROR_TIMED_OUT,
 * %G_IO_ERROR_CONNECTION_CLOSED …); the channel is closed until it is mended
 * (%G_IO_ERROR_PERMISSION_DENIED); and any other: it is refused for good.
 *
 * Since: 0.1
 */
void
incident_channel_deliver_async (IncidentChannel     *self,
                                IncidentDelivery    *delivery,
                                GCancellable        *cancellable,
                                GAsyncReadyCallback  callback,
                                gpointer             data)
{
  g_autoptr(GTask) task = NULL;

  g_return_if_fail (INCIDENT_IS_CHANNEL (self));
  g_return_if_fail (INCIDENT_IS_DELIVERY (delivery));
  g_return_if_fail (cancellable == NULL || G_IS_CANCELLABLE (cancellable));

  task = g_task_new (self, cancellable, callback, data);
  g_task_set_source_tag (task, incident_channel_deliver_async);
  g_task_set_check_cancellable (task, FALSE);
  INCIDENT_CHANNEL_GET_IFACE (self)->deliver (self, delivery, task);
}

/**
 * incident_channel_deliver_finish:
 * @self: a channel
 * @result: what the callback was given
 * @error: return location for an error
 *
 * Ends [method@Channel.deliver_async].
 *
 * Returns: %TRUE, or %FALSE with @error set
 *
 * Since: 0.1
 */
gboolean
incident_channel_deliver_finish (IncidentChannel  *self,
                                 GAsyncResult     *result,
                                 GError          **error)
{
  g_return_val_if_fail (INCIDENT_IS_CHANNEL (self), FALSE);
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);
  g_return_val_if_fail (error == NULL || *error == NULL, FALSE);

  return g_task_propagate_boolean (G_TASK (result), error);
}

/**
 * incident_channel_look_up_async:
 * @self: a channel
 * @delivery: an attempt that may have arrived
 * @cancellable: (nullable): to give up
 * @callback: (scope async): called when the far side has told
 * @data: for @callback
 *
 * Asks the far side whether a message has arrived, by its [method@Message.get_key].
 *
 * Since: 0.1
 */
void
incident_channel_look_up_async (IncidentChannel     *self,
                                IncidentDelivery    *delivery,
                                GCancellable        *cancellable,
                                GAsyncReadyCallback  callback,
                                gpointer             data)
{
  g_autoptr(GTask) task = NULL;

  g_return_if_fail (INCIDENT_IS_CHANNEL (self));
  g_return_if_fail (INCIDENT_IS_DELIVERY (delivery));
  g_return_if_fail (cancellable == NULL || G_IS_CANCELLABLE (cancellable));

  task = g_task_new (self, cancellable, callback, data);
  g_task_set_source_tag (task, incident_channel_look_up_async);
  g_task_set_check_cancellable (task, FALSE);
  INCIDENT_CHANNEL_GET_IFACE (self)->look_up (self, delivery, task);
}

/**
 * incident_channel_look_up_finish:
 * @self: a channel
 * @result: what the callback was given
 * @error: return location for an error
 *
 * Ends [method@Channel.look_up_async].
 *
 * Returns: %TRUE if it has arrived, as the delivery tells; %FALSE without an error if it surely
 *   has not; %FALSE with @error set if it cannot be told
 *
 * Since: 0.1
 */
gboolean
incident_channel_look_up_finish (IncidentChannel  *self,
                                 GAsyncResult     *result,
                                 GError          **error)
{
  g_return_val_if_fail (INCIDENT_IS_CHANNEL (self), FALSE);
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);
  g_return_val_if_fail (error == NULL || *error == NULL, FALSE);

  return g_task_propagate_boolean (G_TASK (result), error);
}

/**
 * incident_channel_probe_async:
 * @self: a channel
 * @cancellable: (nullable): to give up
 * @callback: (scope async): called when it is known
 * @data: for @callback
 *
 * Asks whether a channel works again that failed so often that it is left in peace for a while.
 *
 * Since: 0.1
 */
void
incident_channel_probe_async (IncidentChannel     *self,
                              GCancellable        *cancellable,
                              GAsyncReadyCallback  callback,
                              gpointer             data)
{
  g_autoptr(GTask) task = NULL;

  g_return_if_fail (INCIDENT_IS_CHANNEL (self));
  g_return_if_fail (cancellable == NULL || G_IS_CANCELLABLE (cancellable));

  task = g_task_new (self, cancellable, callback, data);
  g_task_set_source_tag (task, incident_channel_probe_async);
  g_task_set_check_cancellable (task, FALSE);
  INCIDENT_CHANNEL_GET_IFACE (self)->probe (self, task);
}

/**
 * incident_channel_probe_finish:
 * @self: a channel
 * @result: what the callback was given
 * @error: return location for an error
 *
 * Ends [method@Channel.probe_async].
 *
 * Returns: %TRUE if it works, %FALSE with @error set if not
 *
 * Since: 0.1
 */
gboolean
incident_channel_probe_finish (IncidentChannel  *self,
                               GAsyncResult     *result,
                               GError          **error)
{
  g_return_val_if_fail (INCIDENT_IS_CHANNEL (self), FALSE);
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);
  g_return_val_if_fail (error == NULL || *error == NULL, FALSE);

  return g_task_propagate_boolean (G_TASK (result), error);
}
