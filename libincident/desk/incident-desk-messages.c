/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "desk/incident-sender-private.h"

#include <libincident/incident-case.h>
#include <libincident/incident-error.h>
#include <libincident/incident-query.h>
#include <libincident/incident-time.h>

#include "comms/incident-rendering-private.h"

/* The outbox as people see it: what waits, what was sent, what is dead, and what they may do about it. */

/* Where messages of the case go on the channel, and what a view takes the place of. */
typedef struct
{
  IncidentOutboxRow *room;          /* nullable, as all of them */
  IncidentOutboxRow *announcement;
  IncidentOutboxRow *view;
  IncidentOutboxRow *first;
} Places;

static void
places_clear (Places *self)
{
  incident_outbox_row_free (self->room);
  incident_outbox_row_free (self->announcement);
  incident_outbox_row_free (self->view);
  incident_outbox_row_free (self->first);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Places, places_clear)

static gboolean
find (IncidentSender          *self,
      const IncidentOutboxRow *row,
      int                      kind,
      IncidentOutboxRow      **found,
      GError                 **error)
{
  GError *local_error = NULL;

  *found = row->subject != 0 ? incident_store_find_sent (incident_desk_get_store (self->desk), row->subject, row->channel, kind,
                                                         &local_error) : NULL;
  if (local_error == NULL)
    return TRUE;

  g_propagate_error (error, local_error);
  return FALSE;
}

static gboolean
find_places (IncidentSender           *self,
             const IncidentOutboxRow  *row,
             Places                   *places,
             GError                  **error)
{
  gboolean is_view = row->kind == INCIDENT_MESSAGE_KIND_CARD || row->kind == INCIDENT_MESSAGE_KIND_ANNOUNCEMENT;

  return find (self, row, INCIDENT_MESSAGE_KIND_ROOM, &places->room, error)
         && find (self, row, INCIDENT_MESSAGE_KIND_ANNOUNCEMENT, &places->announcement, error)
         && (!is_view || find (self, row, (int) row->kind, &places->view, error))
         && find (self, row, INCIDENT_MESSAGE_KIND_POST, &places->first, error);
}

/* Without a room, where cases are announced, below the announcement. */
static void
set_place (IncidentRendering       *rendering,
           const IncidentOutboxRow *row,
           const Places            *places)
{
  if (places->room != NULL && row->kind != INCIDENT_MESSAGE_KIND_ANNOUNCEMENT)
    rendering->conversation = places->room->conversation;
  else
    {
      rendering->conversation = rendering->channel->announce;
      if (row->kind != INCIDENT_MESSAGE_KIND_ANNOUNCEMENT && places->announcement != NULL)
        rendering->thread = places->announcement->external_id;
    }
  if (places->view != NULL)
    rendering->replaces = places->view->external_id;
  rendering->first_key = places->first != NULL ? places->first->key : NULL;
  rendering->announced_at = places->announcement != NULL ? places->announcement->permalink : NULL;
}

IncidentMessage *
incident_sender_render (IncidentSender     *self,
                        IncidentOutboxRow  *row,
                        const char        **why,
                        GError            **error)
{
  g_autoptr(IncidentOutboxRow) taken = row;
  g_autoptr(IncidentCase) kase = NULL;
  g_auto(Places) places = { NULL, };
  IncidentChannelRules gone = { .name = row->channel, .dialect = INCIDENT_DIALECT_OWN };
  IncidentRendering rendering = { .rules = self->rules };

  if (row->subject != 0)
    {
      kase = incident_sender_get_case (self, row->subject, error);
      if (kase == NULL)
        return NULL;
    }
  if (!find_places (self, row, &places, error))
    return NULL;

  rendering.kase = kase;
  rendering.channel = incident_comms_rules_get_channel (self->rules->comms, row->channel);
  if (rendering.channel == NULL)
    rendering.channel = &gone;
  set_place (&rendering, row, &places);
  return incident_rendering_make (&rendering, g_steal_pointer (&taken), why);
}

/* For who only looks: what has nothing to say any more says why. */
static IncidentMessage *
show (IncidentSender     *sender,
      IncidentOutboxRow  *row, /* (transfer full) */
      GError            **error)
{
  g_autoptr(IncidentOutboxRow) copy = incident_outbox_row_copy (row);
  g_autoptr(GError) local_error = NULL;
  const char *why = NULL;
  IncidentMessage *message = incident_sender_render (sender, row, &why, &local_error);

  if (message != NULL)
    return message;
  if (local_error != NULL && !g_error_matches (local_error, INCIDENT_ERROR, INCIDENT_ERROR_NOT_FOUND))
    {
      g_propagate_error (error, g_steal_pointer (&local_error));
      return NULL;
    }

  message = incident_message_new (g_steal_pointer (&copy));
  g_free (message->text);
  message->text = g_strdup (why != NULL ? why : "The case is not there");
  message->case_id = message->row->subject != 0 ? incident_case_number_to_string (message->row->subject) : NULL;
  return message;
}

/**
 * incident_desk_list_messages:
 * @self: a desk
 * @channel: (nullable): of this channel only
 * @state: (nullable): in this state only, such as `dead`; `waiting` for all that are pending,
 *   sending or unsure
 * @case_number: of this case only; 0 for all
 * @after: those behind the message of this number; 0 to begin
 * @limit: at most how many, from 1 to %INCIDENT_QUERY_MAX_LIMIT
 * @error: return location for an error
 *
 * Lists what is in the outbox, in the order in which it was written. This call blocks.
 *
 * Returns: (transfer container) (element-type IncidentMessage): the messages; or %NULL with
 *   @error set: %INCIDENT_ERROR_INVALID if there is no such state
 *
 * Since: 0.1
 */
GPtrArray *
incident_desk_list_messages (IncidentDesk  *self,
                             const char    *channel,
                             const char    *state,
                             guint64        case_number,
                             guint64        after,
                             guint          limit,
                             GError       **error)
{
  IncidentSender *sender;
  IncidentOutboxQuery query = { 0, channel, case_number, after, limit };
  g_autoptr(GPtrArray) rows = NULL;
  g_autoptr(GPtrArray) messages = NULL;

  g_return_val_if_fail (INCIDENT_IS_DESK (self), NULL);
  g_return_val_if_fail (limit >= 1 && limit <= INCIDENT_QUERY_MAX_LIMIT, NULL);
  g_return_val_if_fail (error == NULL || *error == NULL, NULL);

  if (!incident_message_states_from_string (state, &query.states, error))
    return NULL;

  rows = incident_store_list_messages (incident_desk_get_store (self), &query, error);
  if (rows == NULL)
    return NULL;

  sender = incident_desk_get_sender (self);
  incident_sender_follow_playbook (sender);
  messages = g_ptr_array_new_with_free_func ((GDestroyNotify) incident_message_unref);
  for (guint i = 0; i < rows->len; i++)
    {
      IncidentMessage *message = show (sender, incident_outbox_row_copy (g_ptr_array_index (rows, i)), error);

      if (message == NULL)
        {
          g_clear_pointer (&messages, g_ptr_array_unref);
          break;
        }
      g_ptr_array_add (messages, message);
    }
  incident_sender_forget_cases (sender);
  return g_steal_pointer (&messages);
}

static IncidentOutboxRow *
find_row (IncidentDesk  *self,
          guint64        number,
          GError       **error)
{
  g_autoptr(GError) local_error = NULL;
  IncidentOutboxRow *row = number != 0 ? incident_store_find_message (incident_desk_get_store (self), number, NULL, &local_error)
                                       : NULL;

  if (local_error != NULL)
    g_propagate_error (error, g_steal_pointer (&local_error));
  else if (row == NULL)
    g_set_error (error, INCIDENT_ERROR, INCIDENT_ERROR_NOT_FOUND, "There is no message %" G_GUINT64_FORMAT " in the outbox", number);
  return row;
}

/**
 * incident_desk_get_message:
 * @self: a desk
 * @number: the number of a message
 * @error: return location for an error
 *
 * Gets a message of the outbox, as it would be sent now. This call blocks.
 *
 * Returns: (transfer full): the message, or %NULL with @error set:
 *   %INCIDENT_ERROR_NOT_FOUND if there is none of that number
 *
 * Since: 0.1
 */
IncidentMessage *
incident_desk_get_message (IncidentDesk  *self,
                           guint64        number,
                           GError       **error)
{
  IncidentSender *sender;
  IncidentOutboxRow *row;
  IncidentMessage *message;

  g_return_val_if_fail (INCIDENT_IS_DESK (self), NULL);
  g_return_val_if_fail (error == NULL || *error == NULL, NULL);

  row = find_row (self, number, error);
  if (row == NULL)
    return NULL;

  sender = incident_desk_get_sender (self);
  incident_sender_follow_playbook (sender);
  message = show (sender, row, error);
  incident_sender_forget_cases (sender);
  return message;
}

static gboolean
change (IncidentDesk          *self,
        IncidentOutboxRow     *row,
        IncidentMessageState   to,
        const char            *why,
        GError               **error)
{
  gint64 now = incident_clock_get_time (incident_desk_get_clock (self));
  g_autoptr(IncidentOutboxChange) one = incident_outbox_change_new (row, to, now);
  g_autoptr(GPtrArray) drafts = g_ptr_array_new ();
  g_autoptr(GPtrArray) changes = g_ptr_array_new ();
  IncidentCommit commit = { .drafts = drafts, .changes = changes };
  g_autofree char *log = one->log;

  one->token = 0;
  one->log = incident_retry_log (log, now, to == INCIDENT_MESSAGE_STATE_PENDING ? "sent-again" : "withdrawn", why);
  g_free (one->trouble);
  one->trouble = to == INCIDENT_MESSAGE_STATE_PENDING ? NULL : g_strdup (why);
  if (to == INCIDENT_MESSAGE_STATE_PENDING)
    {
      one->attempts = 0;
      one->not_before = now;
      one->expires_at = MAX (row->expires_at, now + (row->expires_at < G_MAXINT64 ? row->expires_at - row->created_at : 0));
    }
  g_ptr_array_add (changes, one);
  return incident_desk_commit (self, &commit, error);
}

static gboolean
refuse_state (const IncidentOutboxRow  *row,
              const char               *wanted,
              GError                  **error)
{
  g_set_error (error, INCIDENT_ERROR, INCIDENT_ERROR_REFUSED, "Message %" G_GUINT64_FORMAT " is %s: only %s can be",
               row->id, incident_message_state_to_string (row->state), wanted);
  return FALSE;
}

/**
 * incident_desk_retry_message:
 * @self: a desk
 * @number: the number of a message
 * @actor: who wants it
 * @error: return location for an error
 *
 * Has a message sent again that is dead or expired, under the same key and with its whole
 * budget again. This call blocks.
 *
 * Returns: %TRUE if it waits for its turn now; otherwise @error is set:
 *   %INCIDENT_ERROR_NOT_FOUND, or %INCIDENT_ERROR_REFUSED if it is neither dead nor expired
 *
 * Since: 0.1
 */
gboolean
incident_desk_retry_message (IncidentDesk  *self,
                             guint64        number,
                             const char    *actor,
                             GError       **error)
{
  g_autoptr(IncidentOutboxRow) row = NULL;
  g_autofree char *why = NULL;

  g_return_val_if_fail (INCIDENT_IS_DESK (self), FALSE);
  g_return_val_if_fail (actor != NULL, FALSE);
  g_return_val_if_fail (error == NULL || *error == NULL, FALSE);

  row = find_row (self, number, error);
  if (row == NULL)
    return FALSE;
  if (row->state != INCIDENT_MESSAGE_STATE_DEAD && row->state != INCIDENT_MESSAGE_STATE_EXPIRED)
    return refuse_state (row, "what is dead or expired", error);

  why = g_strdup_printf ("by %s", actor);
  return change (self, row, INCIDENT_MESSAGE_STATE_PENDING, why, error);
}

/**
 * incident_desk_withdraw_message:
 * @self: a desk
 * @number: the number of a message
 * @actor: who wants it
 * @error: return location for an error
 *
 * Takes back a message that waits for its turn. This call blocks.
 *
 * Returns: %TRUE if it will not be sent; otherwise @error is set: %INCIDENT_ERROR_NOT_FOUND,
 *   or %INCIDENT_ERROR_REFUSED if it does not wait
 *
 * Since: 0.1
 */
gboolean
incident_desk_withdraw_message (IncidentDesk  *self,
                                guint64        number,
                                const char    *actor,
                                GError       **error)
{
  g_autoptr(IncidentOutboxRow) row = NULL;
  g_autofree char *why = NULL;

  g_return_val_if_fail (INCIDENT_IS_DESK (self), FALSE);
  g_return_val_if_fail (actor != NULL, FALSE);
  g_return_val_if_fail (error == NULL || *error == NULL, FALSE);

  row = find_row (self, number, error);
  if (row == NULL)
    return FALSE;
  if (row->state != INCIDENT_MESSAGE_STATE_PENDING)
    return refuse_state (row, "what is pending", error);

  why = g_strdup_printf ("Withdrawn by %s", actor);
  return change (self, row, INCIDENT_MESSAGE_STATE_WITHDRAWN, why, error);
}
