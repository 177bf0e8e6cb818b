/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "desk/incident-sender-private.h"

#include <libincident/incident-error.h>
#include <libincident/incident-report.h>
#include <libincident/incident-time.h>

#include <string.h>

#include "base/incident-json-writer-private.h"
#include "comms/incident-program-private.h"
#include "comms/incident-reaction-private.h"
#include "comms/incident-rendering-private.h"
#include "desk/incident-desk-link-private.h"
#include "desk/incident-desk-oncall-private.h"
#include "desk/incident-page-hold-private.h"
#include "desk/incident-paging-private.h"
#include "desk/incident-settlement-private.h"

/* One attempt to deliver a message: is it still wanted, what does it say, did it arrive before, and
 * what becomes of it. */

#define SECONDS        30
#define ROOM_IS_COMING (G_TIME_SPAN_SECOND / 2)
#define LOOK_AGAIN     (5 * G_TIME_SPAN_SECOND)
#define LINK_LASTS     G_TIME_SPAN_DAY

/* A program is ended by its own channel, which tells why; and a claim outlasts what is done under it. */
G_STATIC_ASSERT (INCIDENT_PROGRAM_PATIENCE < SECONDS * G_TIME_SPAN_SECOND);
G_STATIC_ASSERT (INCIDENT_SENDER_LEASE >= 3 * SECONDS * G_TIME_SPAN_SECOND);

typedef struct
{
  IncidentDesk      *desk;
  IncidentWay       *way;
  IncidentChannel   *channel;    /* as it was then: another playbook may give the way another one, or none */
  IncidentOutboxRow *row;        /* as it was claimed */
  GPtrArray         *fellows;    /* (element-type IncidentOutboxRow) (nullable): pages that go with it */
  IncidentDelivery  *delivery;
  GCancellable      *cancellable;
  GSource           *timer;      /* NULL: none runs */
  gint64             began_at;
} Attempt;

static void
stop_timer (Attempt *self)
{
  if (self->timer != NULL)
    g_source_destroy (self->timer);
  g_clear_pointer (&self->timer, g_source_unref);
}

static void
attempt_free (Attempt *self)
{
  stop_timer (self);
  g_clear_object (&self->cancellable);
  g_clear_object (&self->delivery);
  g_object_unref (self->channel);
  g_clear_pointer (&self->fellows, g_ptr_array_unref);
  incident_outbox_row_free (self->row);
  g_object_unref (self->desk);
  g_free (self);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Attempt, attempt_free)

static gint64
get_now (const Attempt *self)
{
  return incident_clock_get_time (incident_desk_get_clock (self->desk));
}

/* What has not come to an end: one that may have arrived stays so. */
static IncidentMessageState
get_waiting_state (const Attempt *self)
{
  return self->row->unsure_since != INCIDENT_TIME_NONE ? INCIDENT_MESSAGE_STATE_UNSURE : INCIDENT_MESSAGE_STATE_PENDING;
}

/* Writes down what became of it, and lets the sender go on. */
static void
end (Attempt              *self,
     IncidentOutboxChange *change)
{
  IncidentSender *sender = incident_desk_get_sender (self->desk);
  g_autoptr(IncidentDesk) desk G_GNUC_UNUSED = g_object_ref (self->desk);
  IncidentWay *way = self->way;

  incident_settlement_write (sender, way, self->row, change, self->fellows);
  incident_outbox_change_free (change);
  attempt_free (self);
  incident_sender_ended (sender, way);
}

static IncidentOutboxChange *
change_new (Attempt              *self,
            IncidentMessageState  to,
            const char           *outcome,
            const char           *detail)
{
  IncidentOutboxChange *change = incident_outbox_change_new (self->row, to, get_now (self));
  g_autofree char *log = g_steal_pointer (&change->log);

  change->token = self->row->token;
  change->log = incident_retry_log (log, self->began_at, outcome, detail);
  g_free (change->trouble);
  change->trouble = g_strdup (detail);
  return change;
}

/* Without an attempt: it was only looked at. */
static void
put_off (Attempt    *self,
         gint64      until,
         const char *why)
{
  IncidentOutboxChange *change = incident_outbox_change_new (self->row, get_waiting_state (self), get_now (self));

  change->token = self->row->token;
  change->attempts = self->row->attempts - 1;
  change->not_before = until;
  g_free (change->trouble);
  change->trouble = g_strdup (why);
  end (self, change);
}

/* A page waits for as long as it takes: nobody is spared one. */
static void
hold (Attempt *self,
      gint64   until)
{
  gboolean is_known = g_strcmp0 (self->row->trouble, INCIDENT_PAGE_HELD) == 0;
  IncidentOutboxChange *change = is_known ? incident_outbox_change_new (self->row, INCIDENT_MESSAGE_STATE_PENDING, get_now (self))
                                          : change_new (self, INCIDENT_MESSAGE_STATE_PENDING, "held", INCIDENT_PAGE_HELD);

  change->token = self->row->token;
  change->attempts = self->row->attempts - 1;
  change->not_before = until;
  change->expires_at = MAX (change->expires_at, until + INCIDENT_PAGE_AGE);
  end (self, change);
}

static void
drop (Attempt              *self,
      IncidentMessageState  to,
      const char           *why)
{
  IncidentOutboxChange *change = change_new (self, to, incident_message_state_to_string (to), why);

  change->attempts = self->row->attempts - 1;
  end (self, change);
}

/* After an attempt */

/* Is another attempt within the budget? */
static gboolean
may_go_on (const Attempt *self,
           gint64         next)
{
  return next < self->row->expires_at
         && (self->row->most_attempts == 0 || self->row->attempts < self->row->most_attempts);
}

static IncidentOutboxChange *
try_again (Attempt         *self,
           IncidentOutcome  outcome,
           const char      *detail,
           gint64           retry_after)
{
  gint64 delay = incident_retry_get_delay (self->row, retry_after, incident_desk_get_clock (self->desk));
  gboolean is_unsure = outcome == INCIDENT_OUTCOME_UNSURE || self->row->unsure_since != INCIDENT_TIME_NONE;
  gint64 next = get_now (self) + delay;
  IncidentMessageState to = !may_go_on (self, next) ? INCIDENT_MESSAGE_STATE_DEAD
                            : is_unsure ? INCIDENT_MESSAGE_STATE_UNSURE : INCIDENT_MESSAGE_STATE_PENDING;
  IncidentOutboxChange *change = change_new (self, to, incident_outcome_to_string (outcome), detail);

  change->not_before = next;
  if (is_unsure && change->unsure_since == INCIDENT_TIME_NONE)
    change->unsure_since = self->began_at;
  return change;
}

static IncidentOutboxChange *
wait_as_asked (Attempt                      *self,
               const IncidentDeliveryResult *result)
{
  gint64 until = get_now (self) + incident_retry_get_delay (self->row, MAX (result->retry_after, 1),
                                                            incident_desk_get_clock (self->desk));
  IncidentMessageState to = until >= self->row->expires_at ? INCIDENT_MESSAGE_STATE_EXPIRED : get_waiting_state (self);
  IncidentOutboxChange *change = incident_outbox_change_new (self->row, to, get_now (self));

  change->token = self->row->token;
  change->attempts = self->row->attempts - 1;
  change->not_before = until;
  g_free (change->trouble);
  change->trouble = g_strdup (result->detail != NULL ? result->detail : "The far side asked for patience");
  if (result->whole_channel)
    incident_breaker_pause (&self->way->breaker, until);
  return change;
}

static IncidentOutboxChange *
note_sent (Attempt                      *self,
           const IncidentDeliveryResult *result)
{
  IncidentOutboxChange *change = change_new (self, INCIDENT_MESSAGE_STATE_SENT, "sent", result->detail);

  g_clear_pointer (&change->trouble, g_free);
  if (result->external_id != NULL)
    {
      g_free (change->external_id);
      change->external_id = g_strdup (result->external_id);
    }
  if (result->conversation != NULL)
    {
      g_free (change->conversation);
      change->conversation = g_strdup (result->conversation);
    }
  if (result->permalink != NULL)
    {
      g_free (change->permalink);
      change->permalink = g_strdup (result->permalink);
    }
  return change;
}

static IncidentOutboxChange *
note_closed (Attempt    *self,
             const char *detail)
{
  IncidentOutboxChange *change = change_new (self, get_waiting_state (self), "closed", detail);

  change->attempts = self->row->attempts - 1;
  return change;
}

static IncidentOutboxChange *
judge (Attempt                      *self,
       IncidentOutcome               outcome,
       const char                   *detail,
       const IncidentDeliveryResult *result)
{
  switch (outcome)
    {
    case INCIDENT_OUTCOME_SENT:
      return note_sent (self, result);
    case INCIDENT_OUTCOME_WAIT:
      return wait_as_asked (self, result);
    case INCIDENT_OUTCOME_CLOSED:
      return note_closed (self, detail);
    case INCIDENT_OUTCOME_REFUSED:
      return change_new (self, INCIDENT_MESSAGE_STATE_DEAD, "refused", detail);
    case INCIDENT_OUTCOME_RETRY:
    case INCIDENT_OUTCOME_UNSURE:
    default:
      return try_again (self, outcome, detail, result->retry_after);
    }
}

static void
note_outcome (Attempt         *self,
              IncidentOutcome  outcome,
              const char      *detail)
{
  IncidentSender *sender = incident_desk_get_sender (self->desk);

  self->way->is_probed = FALSE;
  if (incident_breaker_note (&self->way->breaker, outcome, get_now (self)))
    incident_sender_tell_of_channel (sender, self->way, detail);
}

static void
on_delivered (GObject      *object,
              GAsyncResult *result,
              gpointer      data)
{
  Attempt *self = data;
  g_autoptr(GError) error = NULL;
  gboolean answered = incident_channel_deliver_finish (INCIDENT_CHANNEL (object), result, &error);
  const IncidentDeliveryResult *told = incident_delivery_get_result (self->delivery);
  IncidentOutcome outcome = told->is_told ? told->outcome
                            : answered ? INCIDENT_OUTCOME_SENT
                            : error != NULL ? incident_outcome_from_error (error) : INCIDENT_OUTCOME_REFUSED;
  const char *detail = told->detail != NULL ? told->detail : error != NULL ? error->message : NULL;
  IncidentOutboxChange *change;

  note_outcome (self, outcome, detail);
  change = judge (self, outcome, detail, told);
  end (self, change);
}

static gboolean
on_time_is_up (gpointer data)
{
  Attempt *self = data;

  g_cancellable_cancel (self->cancellable);
  return G_SOURCE_REMOVE;
}

static void
watch (Attempt *self)
{
  stop_timer (self);
  g_clear_object (&self->cancellable);
  self->cancellable = g_cancellable_new ();
  self->timer = g_timeout_source_new_seconds (SECONDS);
  g_source_set_callback (self->timer, on_time_is_up, self, NULL);
  g_source_attach (self->timer, g_main_context_get_thread_default ());
}

static void
deliver (Attempt *self)
{
  watch (self);
  incident_channel_deliver_async (self->channel, self->delivery, self->cancellable, on_delivered, self);
}

static const char *
find_unwanted (const Attempt      *self,
               IncidentCase       *kase)
{
  const IncidentState *state = incident_case_get_state (kase);
  const IncidentDossier *dossier = state->dossier;

  switch (self->row->wanted)
    {
    case INCIDENT_WANTED_OPEN:
      return state->open ? NULL : "The case has ended";
    case INCIDENT_WANTED_ENDED:
      return state->open ? "The case was opened again" : NULL;
    case INCIDENT_WANTED_UNACKNOWLEDGED:
      if (self->row->kind == INCIDENT_MESSAGE_KIND_PAGE)
        {
          const char *why = incident_paging_find_unwanted (self->row, state);

          return why != NULL ? why : incident_paging_find_later (incident_desk_get_store (self->desk), self->row);
        }
      if (dossier != NULL && dossier->acknowledged != NULL && dossier->acknowledged->len > 0)
        return "It was acknowledged";
      return state->live && state->episode == self->row->episode ? NULL : "The case is not live any more";
    case INCIDENT_WANTED_EPISODE:
      return state->live && state->episode == self->row->episode ? NULL : "The case is not live any more";
    case INCIDENT_WANTED_ALWAYS:
    default:
      return NULL;
    }
}

static void
expire (Attempt *self)
{
  drop (self, INCIDENT_MESSAGE_STATE_EXPIRED, self->row->trouble != NULL ? self->row->trouble : "Its time was over");
}

/* Whose lease ran out while the far side was asked leaves it to who has it now; and the case may have ended since. */
static void
deliver_again (Attempt *self)
{
  g_autoptr(IncidentDesk) desk G_GNUC_UNUSED = g_object_ref (self->desk);
  IncidentSender *sender = incident_desk_get_sender (self->desk);
  IncidentWay *way = self->way;
  g_autoptr(IncidentCase) kase = self->row->subject != 0 ? incident_sender_get_case (sender, self->row->subject, NULL) : NULL;
  const char *why = kase != NULL ? find_unwanted (self, kase) : NULL;

  if (!incident_settlement_is_ours (sender, self->row->id, self->row->token)
      || get_now (self) >= self->began_at + INCIDENT_SENDER_LEASE)
    {
      attempt_free (self);
      incident_sender_ended (sender, way);
    }
  else if (why != NULL)
    drop (self, INCIDENT_MESSAGE_STATE_WITHDRAWN, why);
  else if (self->row->expires_at <= get_now (self))
    expire (self);
  else
    deliver (self);
}

/* It may have arrived: the far side is asked, and after a while once more, before it is sent again under the same key. */
static void
on_looked_up (GObject      *object,
              GAsyncResult *result,
              gpointer      data)
{
  Attempt *self = data;
  g_autoptr(GError) error = NULL;
  gboolean found = incident_channel_look_up_finish (INCIDENT_CHANNEL (object), result, &error);
  IncidentOutcome outcome = error != NULL ? incident_outcome_from_error (error) : INCIDENT_OUTCOME_SENT;
  const IncidentDeliveryResult *told = incident_delivery_get_result (self->delivery);

  if (found)
    {
      note_outcome (self, INCIDENT_OUTCOME_SENT, NULL);
      end (self, note_sent (self, told));
    }
  else if (told->is_told && told->outcome == INCIDENT_OUTCOME_WAIT)
    end (self, wait_as_asked (self, told));
  else if (outcome == INCIDENT_OUTCOME_RETRY || outcome == INCIDENT_OUTCOME_UNSURE)
    {
      note_outcome (self, outcome, error->message);
      end (self, try_again (self, outcome, error->message, told->retry_after));
    }
  else if (error == NULL && !incident_retry_log_ends_with (self->row->log, "absent"))
    {
      IncidentOutboxChange *change = change_new (self, INCIDENT_MESSAGE_STATE_UNSURE, "absent", NULL);

      change->attempts = self->row->attempts - 1;
      change->not_before = get_now (self) + LOOK_AGAIN;
      end (self, change);
    }
  else
    deliver_again (self);
}

static void
look_up (Attempt *self)
{
  watch (self);
  incident_channel_look_up_async (self->channel, self->delivery, self->cancellable, on_looked_up, self);
}

/* Before an attempt */

static const char *
find_out_of_place (const Attempt              *self,
                   const IncidentChannelRules *rules,
                   IncidentCase               *kase)
{
  IncidentSituation situation;

  /* Who asked there is answered there, and who is on call is reached wherever they are. */
  if (!rules->is_conditional || self->row->kind == INCIDENT_MESSAGE_KIND_ANSWER || self->row->kind == INCIDENT_MESSAGE_KIND_PAGE)
    return NULL;

  incident_situation_init (&situation, incident_case_get_state (kase), NULL);
  return incident_condition_holds (&rules->condition, incident_desk_get_sender (self->desk)->rules, &situation)
         ? NULL : "The channel is for other cases";
}

/* Each time the case may have become one of the channel's a room was asked for: the first is enough. */
static const char *
find_needless (const Attempt *self)
{
  g_autoptr(IncidentOutboxRow) sent = NULL;

  if (self->row->kind != INCIDENT_MESSAGE_KIND_ROOM)
    return NULL;

  sent = incident_store_find_sent (incident_desk_get_store (self->desk), self->row->subject, self->way->name,
                                   INCIDENT_MESSAGE_KIND_ROOM, NULL);
  return sent != NULL ? "There is a room already" : NULL;
}

static gboolean
needs_room (const Attempt              *self,
            const IncidentChannelRules *rules)
{
  return rules->does[INCIDENT_MESSAGE_KIND_ROOM] && self->row->kind != INCIDENT_MESSAGE_KIND_ROOM
         && self->row->kind != INCIDENT_MESSAGE_KIND_ANNOUNCEMENT && self->row->kind != INCIDENT_MESSAGE_KIND_ANSWER
         && self->row->kind != INCIDENT_MESSAGE_KIND_PAGE && self->row->kind != INCIDENT_MESSAGE_KIND_EVENT;
}

/* Rooms have a lane of their own before what goes into them: it may still be on its way. When to look
 * again; INCIDENT_TIME_NONE: there is one, or there will be none. */
static gint64
find_coming_room (const Attempt *self)
{
  IncidentStore *store = incident_desk_get_store (self->desk);
  g_autoptr(IncidentOutboxRow) sent = incident_store_find_sent (store, self->row->subject, self->way->name,
                                                                INCIDENT_MESSAGE_KIND_ROOM, NULL);
  IncidentOutboxQuery query = {
    .states = (1u << INCIDENT_MESSAGE_STATE_PENDING) | (1u << INCIDENT_MESSAGE_STATE_SENDING)
              | (1u << INCIDENT_MESSAGE_STATE_UNSURE),
    .channel = self->way->name, .subject = self->row->subject, .limit = 100
  };
  g_autoptr(GPtrArray) rows = sent == NULL ? incident_store_list_messages (store, &query, NULL) : NULL;

  for (guint i = 0; rows != NULL && i < rows->len; i++)
    {
      const IncidentOutboxRow *room = g_ptr_array_index (rows, i);

      if (room->kind == INCIDENT_MESSAGE_KIND_ROOM)
        return MAX (room->not_before, get_now (self)) + ROOM_IS_COMING;
    }

  return INCIDENT_TIME_NONE;
}

static gboolean
attach_report (IncidentCase    *kase,
               IncidentMessage *message)
{
  g_autoptr(IncidentReport) report = incident_report_new (kase, INCIDENT_REPORT_KIND_SOLUTION);
  char *html = report != NULL ? incident_report_to_html (report) : NULL;

  if (html == NULL)
    return FALSE;

  message->file = g_bytes_new_take (html, strlen (html));
  return TRUE;
}

/* Who gets a letter of their own can say with it that they are at it; so can who is paged by a program of the host's, which
 * gives it to them alone. A chat is read by others, and has buttons if it can. */
static gboolean
takes_links (const Attempt              *self,
             const IncidentChannelRules *rules)
{
  gboolean is_page = self->row->kind == INCIDENT_MESSAGE_KIND_PAGE;

  return self->row->recipient != NULL
         && (rules->dialect == INCIDENT_DIALECT_MAIL
             || (is_page && (rules->dialect == INCIDENT_DIALECT_COMMAND || rules->dialect == INCIDENT_DIALECT_OWN)));
}

static char *
dup_link (const Attempt           *self,
          const IncidentOutboxRow *row,
          IncidentCase            *kase)
{
  gint64 until = get_now (self) + LINK_LASTS;

  return row->kind == INCIDENT_MESSAGE_KIND_PAGE ? incident_desk_dup_page_link (self->desk, kase, row, until)
                                                 : incident_desk_dup_link (self->desk, kase, row->recipient, row->key, until);
}

static void
attach_link (Attempt                    *self,
             const IncidentChannelRules *rules,
             IncidentCase               *kase,
             IncidentMessage            *message)
{
  g_autofree char *link = kase != NULL && takes_links (self, rules) ? dup_link (self, self->row, kase) : NULL;

  if (link != NULL)
    incident_message_set_field (message, INCIDENT_FIELD_ACKNOWLEDGE, link);
}

static void
attach_fellow (Attempt                    *self,
               const IncidentChannelRules *rules,
               const IncidentOutboxRow    *fellow,
               IncidentMessage            *message)
{
  IncidentSender *sender = incident_desk_get_sender (self->desk);
  g_autoptr(IncidentCase) kase = incident_sender_get_case (sender, fellow->subject, NULL);
  IncidentRendering rendering = { .rules = sender->rules, .channel = rules, .kase = kase };
  g_autofree char *name = NULL;
  g_autofree char *link = NULL;

  if (kase == NULL)
    return;

  incident_rendering_add_page (&rendering, message, fellow->body);
  link = takes_links (self, rules) ? dup_link (self, fellow, kase) : NULL;
  name = g_strdup_printf (INCIDENT_FIELD_ACKNOWLEDGE " %s", incident_case_get_id (kase));
  if (link != NULL)
    incident_message_set_field (message, name, link);
}

static void
attach_fellows (Attempt                    *self,
                const IncidentChannelRules *rules,
                IncidentMessage            *message)
{
  self->fellows = incident_page_take_fellows (incident_desk_get_sender (self->desk), self->row);
  for (guint i = 0; self->fellows != NULL && i < self->fellows->len; i++)
    attach_fellow (self, rules, g_ptr_array_index (self->fellows, i), message);
}

static void
begin (Attempt         *self,
       IncidentMessage *message) /* (transfer full) */
{
  self->delivery = incident_delivery_new (message);
  incident_message_unref (message);
  incident_delivery_set_unsure_since (self->delivery, self->row->unsure_since);
  if (self->row->unsure_since != INCIDENT_TIME_NONE)
    look_up (self);
  else
    deliver (self);
}

static void
prepare (Attempt      *self,
         IncidentCase *kase)
{
  IncidentSender *sender = incident_desk_get_sender (self->desk);
  const IncidentChannelRules *rules = incident_comms_rules_get_channel (sender->rules->comms, self->way->name);
  const char *why = kase != NULL ? find_unwanted (self, kase) : NULL;
  g_autoptr(IncidentMessage) message = NULL;
  gint64 wait_until = INCIDENT_TIME_NONE;
  g_autoptr(GError) error = NULL;

  if (why == NULL && kase != NULL)
    why = find_out_of_place (self, rules, kase);
  if (why == NULL)
    why = find_needless (self);
  /* What may have arrived is settled first: it is no use to withdraw it. */
  if (why != NULL && self->row->unsure_since == INCIDENT_TIME_NONE)
    {
      drop (self, INCIDENT_MESSAGE_STATE_WITHDRAWN, why);
      return;
    }
  if (needs_room (self, rules))
    wait_until = find_coming_room (self);
  if (wait_until != INCIDENT_TIME_NONE)
    {
      put_off (self, wait_until, "Its room is still to be made");
      return;
    }
  wait_until = incident_page_hold_until (sender, self->row, kase);
  if (wait_until != INCIDENT_TIME_NONE)
    {
      hold (self, wait_until);
      return;
    }

  message = incident_sender_render (sender, incident_outbox_row_copy (self->row), &why, &error);
  if (message != NULL && message->file_name != NULL && !attach_report (kase, message))
    {
      g_clear_pointer (&message, incident_message_unref);
      why = "The report cannot be made";
    }
  if (message != NULL)
    {
      attach_link (self, rules, kase, message);
      attach_fellows (self, rules, message);
      begin (self, g_steal_pointer (&message));
    }
  else if (error != NULL)
    put_off (self, get_now (self) + G_TIME_SPAN_SECOND, error->message);
  else
    drop (self, INCIDENT_MESSAGE_STATE_WITHDRAWN, why);
}

void
incident_attempt_start (IncidentSender    *sender,
                        IncidentWay       *way,
                        IncidentOutboxRow *row)
{
  Attempt *self = g_new0 (Attempt, 1);
  g_autoptr(IncidentCase) kase = NULL;
  g_autoptr(GError) error = NULL;

  self->desk = g_object_ref (sender->desk);
  self->way = way;
  self->channel = g_object_ref (way->channel);
  self->row = row;
  self->began_at = get_now (self);

  /* What may have arrived is looked up first. */
  if (row->expires_at <= self->began_at && row->unsure_since == INCIDENT_TIME_NONE)
    {
      expire (self);
      return;
    }
  if (row->subject != 0)
    kase = incident_sender_get_case (sender, row->subject, &error);
  if (g_error_matches (error, INCIDENT_ERROR, INCIDENT_ERROR_NOT_FOUND))
    drop (self, INCIDENT_MESSAGE_STATE_DEAD, error->message);
  else if (error != NULL)
    put_off (self, self->began_at + G_TIME_SPAN_SECOND, error->message);
  else
    prepare (self, kase);
}
