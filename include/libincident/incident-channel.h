/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#if !defined (INCIDENT_INSIDE) && !defined (INCIDENT_COMPILATION)
# error "Only <libincident/incident.h> can be included directly."
#endif

#include <gio/gio.h>
#include <libincident/incident-delivery.h>

G_BEGIN_DECLS

#define INCIDENT_TYPE_CHANNEL (incident_channel_get_type ())

INCIDENT_AVAILABLE_IN_ALL
G_DECLARE_INTERFACE (IncidentChannel, incident_channel, INCIDENT, CHANNEL, GObject)

/**
 * IncidentChannelInterface:
 * @parent_iface: the parent
 * @deliver: delivers the message of @delivery, and answers @task with %TRUE once it knows
 *   what became of it; an error answers, too: see [method@Channel.deliver_async]
 * @look_up: did the message of @delivery arrive after all? Answers @task with a boolean
 * @probe: does the channel work again? Answers @task with %TRUE or an error
 *
 * The virtual functions of [iface@Channel].
 *
 * Each must answer its task exactly once, in the thread that called it; it may take as
 * long as it needs, and should give up when the task's cancellable says so.
 *
 * Since: 0.1
 */
struct _IncidentChannelInterface
{
  GTypeInterface parent_iface;

  void (*deliver) (IncidentChannel  *self,
                   IncidentDelivery *delivery,
                   GTask            *task);
  void (*look_up) (IncidentChannel  *self,
                   IncidentDelivery *delivery,
                   GTask            *task);
  void (*probe)   (IncidentChannel  *self,
                   GTask            *task);
};

INCIDENT_AVAILABLE_IN_ALL
void     incident_channel_deliver_async  (IncidentChannel     *self,
                                          IncidentDelivery    *delivery,
                                          GCancellable        *cancellable,
                                          GAsyncReadyCallback  callback,
                                          gpointer             data);

INCIDENT_AVAILABLE_IN_ALL
gboolean incident_channel_deliver_finish (IncidentChannel     *self,
                                          GAsyncResult        *result,
                                          GError             **error);

INCIDENT_AVAILABLE_IN_ALL
void     incident_channel_look_up_async  (IncidentChannel     *self,
                                          IncidentDelivery    *delivery,
                                          GCancellable        *cancellable,
                                          GAsyncReadyCallback  callback,
                                          gpointer             data);

INCIDENT_AVAILABLE_IN_ALL
gboolean incident_channel_look_up_finish (IncidentChannel     *self,
                                          GAsyncResult        *result,
                                          GError             **error);

INCIDENT_AVAILABLE_IN_ALL
void     incident_channel_probe_async    (IncidentChannel     *self,
                                          GCancellable        *cancellable,
                                          GAsyncReadyCallback  callback,
                                          gpointer             data);

INCIDENT_AVAILABLE_IN_ALL
gboolean incident_channel_probe_finish   (IncidentChannel     *self,
                                          GAsyncResult        *result,
                                          GError             **error);

G_END_DECLS
