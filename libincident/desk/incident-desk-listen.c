/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "comms/incident-slack-socket-private.h"
#include "desk/incident-desk-slack-private.h"

/* Socket Mode at the desk: what Slack brings without an address of ours. */

typedef struct
{
  IncidentDesk               *desk;     /* which stops them all before it goes */
  IncidentRules              *rules;    /* keeps the channel */
  const IncidentChannelRules *channel;
  IncidentSlackSocket        *socket;
} Listener;

static void
listener_free (gpointer data)
{
  Listener *self = data;

  g_clear_pointer (&self->socket, incident_slack_socket_free);
  g_clear_pointer (&self->rules, incident_rules_unref);
  g_free (self);
}

static char *
on_call (IncidentSlackCall  *call,
         gpointer            data,
         GError            **error)
{
  Listener *self = data;
  g_autoptr(IncidentDesk) desk = g_object_ref (self->desk);
  g_autoptr(IncidentRules) rules G_GNUC_UNUSED = incident_rules_ref (self->rules);

  return incident_desk_answer_slack (desk, self->channel, call, error);
}

static void
on_trouble (const char *message,
            gboolean    is_over,
            gpointer    data)
{
  Listener *self = data;
  g_autoptr(IncidentDesk) desk = g_object_ref (self->desk);
  g_autofree char *channel = g_strdup (self->channel->name);

  g_signal_emit_by_name (desk, "listening-failed", channel, message);
}

static gboolean
add_listener (IncidentDesk                *self,
              const IncidentChannelRules  *channel,
              GPtrArray                   *listeners,
              GError                     **error)
{
  g_autoptr(IncidentSecretText) token = incident_secret_read (&channel->app_token, error);
  Listener *listener;

  if (token == NULL)
    {
      g_prefix_error (error, "The channel “%s” cannot be listened to: ", channel->name);
      return FALSE;
    }

  listener = g_new0 (Listener, 1);
  listener->desk = self;
  listener->rules = incident_rules_ref (incident_desk_get_rulebook (self)->rules);
  listener->channel = channel;
  g_ptr_array_add (listeners, listener);
  listener->socket = incident_slack_socket_new (channel, incident_desk_get_clock (self), NULL, on_call, on_trouble, listener, error);
  return listener->socket != NULL;
}

/**
 * incident_desk_listen:
 * @self: a desk
 * @error: return location for an error
 *
 * Listens to Slack by Socket Mode: for each channel of the playbook of the kind `slack` that has an `app-token`. What
 * comes is taken as by [method@Desk.take_slack], which is for those that have none. A playbook without such a channel is
 * no error. Slack is asked, too, who those people are of whom the playbook has a mail address and no contact there.
 *
 * Connections are opened, and opened anew when they are lost, in the thread-default [struct@GLib.MainContext] of this
 * call, which must be running. That it cannot is told by [signal@Desk::listening-failed]. A desk listens until
 * [method@Desk.stop_listening], or until it is gone. After the playbook was changed, call this again: it begins
 * anew by the rules in force.
 *
 * Thread: that of the desk. This call blocks where a token is in a file.
 *
 * Returns: %TRUE if it listens; otherwise @error is set, to %INCIDENT_ERROR_NOT_FOUND or an error of the file where a
 *   token cannot be read, or to %G_IO_ERROR_NOT_SUPPORTED in a build without HTTP; then it does not listen at all
 *
 * Since: 0.1
 */
gboolean
incident_desk_listen (IncidentDesk  *self,
                      GError       **error)
{
  const IncidentCommsRules *comms;
  g_autoptr(GPtrArray) listeners = NULL;

  g_return_val_if_fail (INCIDENT_IS_DESK (self), FALSE);
  g_return_val_if_fail (error == NULL || *error == NULL, FALSE);

  incident_desk_stop_listening (self);
  comms = incident_desk_get_rulebook (self)->rules->comms;
  listeners = g_ptr_array_new_with_free_func (listener_free);
  for (guint i = 0; i < comms->channels->len; i++)
    {
      const IncidentChannelRules *channel = g_ptr_array_index (comms->channels, i);

      if (channel->dialect != INCIDENT_DIALECT_SLACK)
        continue;
      if (incident_secret_is_told (&channel->app_token) && !add_listener (self, channel, listeners, error))
        return FALSE;
      incident_desk_meet_slack (self, channel);
    }

  for (guint i = 0; i < listeners->len; i++)
    incident_slack_socket_start (((Listener *) g_ptr_array_index (listeners, i))->socket);
  incident_desk_get_slack (self)->listeners = g_steal_pointer (&listeners);
  return TRUE;
}

/**
 * incident_desk_stop_listening:
 * @self: a desk
 *
 * Ends [method@Desk.listen]. What Slack has sent and was not acknowledged yet it brings again, to whoever listens then.
 *
 * A desk that does not listen stays as it is. Thread: that of the desk.
 *
 * Since: 0.1
 */
void
incident_desk_stop_listening (IncidentDesk *self)
{
  g_return_if_fail (INCIDENT_IS_DESK (self));

  g_clear_pointer (&incident_desk_get_slack (self)->listeners, g_ptr_array_unref);
}
