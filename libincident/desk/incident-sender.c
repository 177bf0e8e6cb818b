/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "desk/incident-sender-private.h"

#include <libincident/incident-error.h>
#include <libincident/incident-time.h>

#include "comms/incident-channel-make-private.h"
#include "desk/incident-page-clock-private.h"

#define MOST_IN_FLIGHT  32
#define MOST_OF_CHANNEL 8
#define MOST_RECENT     32

static void
way_free (gpointer data)
{
  IncidentWay *self = data;

  g_free (self->name);
  g_clear_object (&self->channel);
  incident_breaker_clear (&self->breaker);
  g_free (self);
}

void
incident_sender_init (IncidentSender *self,
                      IncidentDesk   *desk)
{
  self->desk = desk;
  self->ways = g_hash_table_new_full (g_str_hash, g_str_equal, NULL, way_free);
  self->waiting = g_ptr_array_new_with_free_func (g_object_unref);
  g_queue_init (&self->recent);
  self->next = G_MAXINT64;
}

void
incident_sender_clear (IncidentSender *self)
{
  g_clear_pointer (&self->holder, g_free);
  g_clear_pointer (&self->ways, g_hash_table_unref);
  if (self->rules != NULL)
    incident_rules_unref ((IncidentRules *) self->rules);
  g_clear_pointer (&self->waiting, g_ptr_array_unref);
  g_clear_error (&self->trouble);
}

/* Ways */

static IncidentWay *
ensure_way (IncidentSender *self,
            const char     *name)
{
  IncidentWay *way = g_hash_table_lookup (self->ways, name);

  if (way == NULL)
    {
      way = g_new0 (IncidentWay, 1);
      way->name = g_strdup (name);
      way->is_new = TRUE;
      incident_breaker_init (&way->breaker, name);
      g_hash_table_insert (self->ways, way->name, way);
    }
  return way;
}

IncidentWay *
incident_sender_get_way (IncidentSender *self,
                         const char     *name)
{
  return ensure_way (self, name);
}

static void
make_channel (IncidentSender             *self,
              const IncidentChannelRules *rules)
{
  IncidentWay *way = ensure_way (self, rules->name);
  g_autoptr(GError) error = NULL;

  way->is_new = TRUE;
  if (way->is_own)
    return;

  g_clear_object (&way->channel);
  way->channel = incident_channel_make (self->rules->comms, rules, incident_desk_get_clock (self->desk), &error);
  if (error != NULL)
    g_warning ("The channel “%s” cannot be used: %s", rules->name, error->message);
}

void
incident_sender_follow_playbook (IncidentSender *self)
{
  const IncidentRules *rules = incident_desk_get_rulebook (self->desk)->rules;

  if (self->rules == rules)
    return;

  if (self->rules != NULL)
    incident_rules_unref ((IncidentRules *) self->rules);
  self->rules = incident_rules_ref ((IncidentRules *) rules);
  self->has_channels = FALSE;
}

/* Only who delivers needs them, and what is secret of them. */
static void
make_channels (IncidentSender *self)
{
  GPtrArray *channels;

  incident_sender_follow_playbook (self);
  if (self->has_channels)
    return;

  self->has_channels = TRUE;
  channels = self->rules->comms->channels;
  for (guint i = 0; i < channels->len; i++)
    make_channel (self, g_ptr_array_index (channels, i));
}

IncidentCase *
incident_sender_get_case (IncidentSender  *self,
                          guint64          number,
                          GError         **error)
{
  IncidentCase *kase = incident_desk_get_case (self->desk, number, error);

  if (kase == NULL || g_queue_find (&self->recent, kase) != NULL)
    return kase;

  g_queue_push_head (&self->recent, g_object_ref (kase));
  if (g_queue_get_length (&self->recent) > MOST_RECENT)
    g_object_unref (g_queue_pop_tail (&self->recent));
  return kase;
}

/* Cases keep their desk: when nothing is sent any more, it may go. */
void
incident_sender_forget_cases (IncidentSender *self)
{
  if (self->n_in_flight == 0)
    g_queue_clear_full (&self->recent, g_object_unref);
}

void
incident_sender_note_trouble (IncidentSender *self,
                              const GError   *error)
{
  if (error == NULL || g_error_matches (error, INCIDENT_ERROR, INCIDENT_ERROR_CONFLICT))
    return;

  g_clear_error (&self->trouble);
  self->trouble = g_error_copy (error);
}

/* Looking */

static void
look_at_channel (IncidentSender *self,
                 IncidentWay    *way)
{
  g_autoptr(IncidentChannelState) state = NULL;
  gint64 now = incident_clock_get_time (incident_desk_get_clock (self->desk));

  /* What we have to tell ourselves is newer than what others did. */
  if (!way->breaker.is_changed)
    {
      state = incident_store_get_channel (incident_desk_get_store (self->desk), way->name, NULL);
      incident_breaker_read (&way->breaker, state);
    }
  if (way->is_new)
    incident_breaker_reload (&way->breaker, now);
  way->is_new = FALSE;
}

/* The desk stays until it has ended; so does the way, which is the desk's. */
typedef struct
{
  IncidentDesk *desk;
  IncidentWay  *way;
} Probe;

static IncidentOutcome
judge_probe (const GError *error)
{
  return error != NULL && incident_outcome_from_error (error) == INCIDENT_OUTCOME_CLOSED ? INCIDENT_OUTCOME_CLOSED
                                                                                         : INCIDENT_OUTCOME_RETRY;
}

static void
on_probed (GObject      *object,
           GAsyncResult *result,
           gpointer      data)
{
  g_autofree Probe *probe = data;
  g_autoptr(IncidentDesk) desk = probe->desk;
  IncidentSender *self = incident_desk_get_sender (desk);
  IncidentWay *way = probe->way;
  g_autoptr(GError) error = NULL;
  gint64 now = incident_clock_get_time (incident_desk_get_clock (desk));

  way->is_probing = FALSE;
  way->is_probed = incident_channel_probe_finish (INCIDENT_CHANNEL (object), result, &error);
  if (!way->is_probed && incident_breaker_note (&way->breaker, judge_probe (error), now))
    incident_sender_tell_of_channel (self, way, error != NULL ? error->message : NULL);
  incident_sender_save_breaker (self, way);
  incident_sender_ended (self, way);
}

static void
start_probe (IncidentSender *self,
             IncidentWay    *way)
{
  Probe *probe = g_new (Probe, 1);

  probe->desk = g_object_ref (self->desk);
  probe->way = way;
  way->is_probing = TRUE;
  way->n_in_flight++;
  self->n_in_flight++;
  incident_channel_probe_async (way->channel, NULL, on_probed, probe);
}

/* A channel that is down is probed only where something waits for it. */
static gboolean
has_waiting (IncidentSender *self,
             IncidentWay    *way)
{
  IncidentOutboxCount count = { { 0, }, 0 };

  return incident_store_count_messages (incident_desk_get_store (self->desk), way->name, &count, NULL)
         && count.n[INCIDENT_MESSAGE_STATE_PENDING] + count.n[INCIDENT_MESSAGE_STATE_UNSURE]
            + count.n[INCIDENT_MESSAGE_STATE_SENDING] > 0;
}

/* May something be claimed for it now? */
static gboolean
is_ready (IncidentSender *self,
          IncidentWay    *way,
          gint64          now)
{
  gint64 ready;

  if (way->channel == NULL || way->is_probing)
    return FALSE;

  look_at_channel (self, way);
  ready = incident_breaker_get_ready (&way->breaker);
  if (ready <= now && !incident_breaker_is_down (&way->breaker))
    return way->n_in_flight < MOST_OF_CHANNEL;
  if (ready <= now && (way->is_probed || !incident_channel_can_probe (way->channel)))
    return way->n_in_flight == 0;
  if (ready > now && (ready == G_MAXINT64 || !has_waiting (self, way)))
    return FALSE;

  if (ready > now)
    self->next = MIN (self->next, ready);
  else if (has_waiting (self, way))
    start_probe (self, way);
  return FALSE;
}

static GPtrArray *
list_ready (IncidentSender *self,
            gint64          now)
{
  GPtrArray *ready = g_ptr_array_new ();
  GPtrArray *channels = self->rules->comms->channels;

  for (guint i = 0; i < channels->len; i++)
    {
      const IncidentChannelRules *rules = g_ptr_array_index (channels, i);
      IncidentWay *way = ensure_way (self, rules->name);

      if (is_ready (self, way, now))
        g_ptr_array_add (ready, way->name);
    }
  g_ptr_array_add (ready, NULL);
  return ready;
}

static void
name_holder (IncidentSender *self)
{
  g_autoptr(GBytes) bytes = NULL;
  const guint8 *drawn;

  if (self->holder != NULL)
    return;

  bytes = incident_clock_random_bytes (incident_desk_get_clock (self->desk), 8);
  drawn = g_bytes_get_data (bytes, NULL);
  self->holder = g_strdup_printf ("%02x%02x%02x%02x%02x%02x%02x%02x", drawn[0], drawn[1], drawn[2], drawn[3],
                                  drawn[4], drawn[5], drawn[6], drawn[7]);
}

/* TRUE: one is on its way, and there may be more. */
static gboolean
send_next (IncidentSender *self)
{
  gint64 now = incident_clock_get_time (incident_desk_get_clock (self->desk));
  g_autoptr(GPtrArray) ready = NULL;
  IncidentOutboxClaim claim = { now, now + INCIDENT_SENDER_LEASE, self->holder, NULL };
  g_autoptr(IncidentOutboxRow) row = NULL;
  g_autoptr(GError) error = NULL;
  gint64 next = G_MAXINT64;
  IncidentWay *way;

  self->next = G_MAXINT64;
  ready = list_ready (self, now);
  claim.channels = (const char * const *) ready->pdata;
  if (ready->len == 1 || self->n_in_flight >= MOST_IN_FLIGHT)
    return FALSE;

  row = incident_store_claim_message (incident_desk_get_store (self->desk), &claim, &next, &error);
  self->next = MIN (self->next, next);
  incident_sender_note_trouble (self, error);
  if (row == NULL)
    return FALSE;

  way = ensure_way (self, row->channel);
  way->n_in_flight++;
  self->n_in_flight++;
  incident_attempt_start (self, way, g_steal_pointer (&row));
  return TRUE;
}

static void
answer_waiting (IncidentSender *self)
{
  g_autoptr(GPtrArray) waiting = g_steal_pointer (&self->waiting);
  g_autoptr(GError) trouble = g_steal_pointer (&self->trouble);

  self->waiting = g_ptr_array_new_with_free_func (g_object_unref);
  incident_sender_forget_cases (self);
  for (guint i = 0; i < waiting->len; i++)
    {
      GTask *task = g_ptr_array_index (waiting, i);

      if (trouble != NULL)
        g_task_return_error (task, g_error_copy (trouble));
      else
        {
          g_task_set_task_data (task, g_memdup2 (&self->next, sizeof self->next), g_free);
          g_task_return_boolean (task, TRUE);
        }
    }
}

/* Whether anybody still waits for more than what is on its way. */
static gboolean
is_wanted (IncidentSender *self)
{
  for (guint i = 0; i < self->waiting->len; i++)
    if (!g_cancellable_is_cancelled (g_task_get_cancellable (g_ptr_array_index (self->waiting, i))))
      return TRUE;

  return FALSE;
}

static gboolean
has_waiting_task (IncidentSender *self,
                  GCancellable   *cancellable)
{
  for (guint i = 0; i < self->waiting->len; i++)
    if (g_task_get_cancellable (g_ptr_array_index (self->waiting, i)) == cancellable)
      return TRUE;

  return FALSE;
}

void
incident_sender_go_on (IncidentSender *self)
{
  g_autoptr(IncidentDesk) desk G_GNUC_UNUSED = g_object_ref (self->desk);

  /* What ends at once is gone on from here, not from within. */
  if (self->is_going_on)
    return;

  self->is_going_on = TRUE;
  name_holder (self);
  make_channels (self);
  incident_page_follow_clock (self);
  while (is_wanted (self) && send_next (self))
    ;
  self->is_going_on = FALSE;
  if (self->n_in_flight == 0)
    answer_waiting (self);
}

void
incident_sender_ended (IncidentSender *self,
                       IncidentWay    *way)
{
  way->n_in_flight--;
  self->n_in_flight--;
  incident_sender_go_on (self);
}

/**
 * incident_desk_add_channel:
 * @self: a desk
 * @name: its name in the playbook, where its kind is `own`
 * @channel: the channel
 *
 * Adds a channel of the host's own.
 *
 * It takes the place of what the playbook describes under that name, whatever its kind.
 * What waits for it in the outbox is sent at the next [method@Desk.deliver_async].
 *
 * Since: 0.1
 */
void
incident_desk_add_channel (IncidentDesk    *self,
                           const char      *name,
                           IncidentChannel *channel)
{
  IncidentWay *way;

  g_return_if_fail (INCIDENT_IS_DESK (self));
  g_return_if_fail (name != NULL);
  g_return_if_fail (INCIDENT_IS_CHANNEL (channel));

  way = ensure_way (incident_desk_get_sender (self), name);
  g_set_object (&way->channel, channel);
  way->is_own = TRUE;
}

/**
 * incident_desk_deliver_async:
 * @self: a desk
 * @cancellable: (nullable): to begin nothing more; what is on its way is waited for
 * @callback: (scope async): called when nothing is due or on its way any more
 * @data: for @callback
 *
 * Sends what is due in the outbox, each message through its channel.
 *
 * Lanes go side by side, the messages of one lane strictly one after another; a channel that
 * fails holds nobody else up. Any number of processes may do so on one store: each message is
 * claimed by one of them. What becomes of a message stands in the timeline of its case and in
 * the outbox: see [method@Desk.list_messages].
 *
 * Call it again at the time that [method@Desk.deliver_finish] tells, and after a change. Calls
 * that overlap share the work.
 *
 * Since: 0.1
 */
void
incident_desk_deliver_async (IncidentDesk        *self,
                             GCancellable        *cancellable,
                             GAsyncReadyCallback  callback,
                             gpointer             data)
{
  IncidentSender *sender;
  GTask *task;

  g_return_if_fail (INCIDENT_IS_DESK (self));
  g_return_if_fail (cancellable == NULL || G_IS_CANCELLABLE (cancellable));

  /* Who is not to be told of the end only begins: a server does so at each change, and may never come to an end. */
  sender = incident_desk_get_sender (self);
  if (callback != NULL || !has_waiting_task (sender, cancellable))
    {
      task = g_task_new (self, cancellable, callback, data);
      g_task_set_source_tag (task, incident_desk_deliver_async);
      g_ptr_array_add (sender->waiting, task);
    }
  incident_sender_go_on (sender);
}

/**
 * incident_desk_deliver_finish:
 * @self: a desk
 * @result: what the callback was given
 * @next: (out) (optional): return location for the time at which something is due again, in
 *   microseconds since the Unix epoch, UTC; %G_MAXINT64 if nothing waits
 * @error: return location for an error
 *
 * Ends [method@Desk.deliver_async].
 *
 * Returns: %TRUE, or %FALSE with @error set to what ails the store
 *
 * Since: 0.1
 */
gboolean
incident_desk_deliver_finish (IncidentDesk  *self,
                              GAsyncResult  *result,
                              gint64        *next,
                              GError       **error)
{
  g_return_val_if_fail (INCIDENT_IS_DESK (self), FALSE);
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);
  g_return_val_if_fail (error == NULL || *error == NULL, FALSE);

  if (!g_task_propagate_boolean (G_TASK (result), error))
    return FALSE;

  if (next != NULL)
    *next = *(const gint64 *) g_task_get_task_data (G_TASK (result));
  return TRUE;
}
