/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "desk/incident-settlement-private.h"

#include <libincident/incident-error.h>

#include "base/incident-json-writer-private.h"
#include "comms/incident-reaction-private.h"
#include "desk/incident-page-hold-private.h"
#include "desk/incident-paging-private.h"
#include "model/incident-decision-private.h"

#define MOST_CASES_TOLD 100

/* What the timeline is told */

static char *
make_facts (const char *delivery,
            const char *channel)
{
  GString *facts = g_string_new (NULL);

  incident_facts_append (facts, "delivery", delivery);
  incident_facts_append (facts, "channel", channel);
  incident_facts_append (facts, "by", "rule");
  return g_string_free (facts, FALSE);
}

static char *
make_payload (const IncidentOutboxRow    *row,
              const IncidentOutboxChange *change,
              const char                 *text)
{
  IncidentJsonWriter writer;

  incident_json_writer_init (&writer, FALSE);
  incident_json_writer_begin_object (&writer);
  incident_json_writer_member (&writer, "text", text);
  incident_json_writer_name (&writer, "message");
  incident_json_writer_int (&writer, (gint64) row->id);
  incident_json_writer_member (&writer, "kind", incident_message_kind_to_string (row->kind));
  incident_json_writer_name (&writer, "about");
  incident_json_writer_int (&writer, row->seq);
  if (row->recipient != NULL)
    incident_json_writer_member (&writer, "recipient", row->recipient);
  if (change->permalink != NULL)
    incident_json_writer_member (&writer, "permalink", change->permalink);
  incident_json_writer_end_object (&writer);
  return incident_json_writer_finish (&writer);
}

/* Edits, and what only tidies up, are no news; what programs were sent stands in the outbox. */
static gboolean
is_news (const IncidentOutboxRow *row)
{
  switch (row->kind)
    {
    case INCIDENT_MESSAGE_KIND_POST:
    case INCIDENT_MESSAGE_KIND_ROOM:
    case INCIDENT_MESSAGE_KIND_FILE:
    case INCIDENT_MESSAGE_KIND_PAGE:
      return TRUE;
    case INCIDENT_MESSAGE_KIND_CARD:
    case INCIDENT_MESSAGE_KIND_ANNOUNCEMENT:
    case INCIDENT_MESSAGE_KIND_TOPIC:
    case INCIDENT_MESSAGE_KIND_INVITE:
    case INCIDENT_MESSAGE_KIND_BOOKMARK:
    case INCIDENT_MESSAGE_KIND_ARCHIVE:
    case INCIDENT_MESSAGE_KIND_EVENT:
    case INCIDENT_MESSAGE_KIND_ANSWER:
    default:
      return FALSE;
    }
}

static gboolean
is_first_view (IncidentSender          *sender,
               const IncidentOutboxRow *row)
{
  g_autoptr(IncidentOutboxRow) sent = NULL;

  if (row->kind != INCIDENT_MESSAGE_KIND_CARD && row->kind != INCIDENT_MESSAGE_KIND_ANNOUNCEMENT)
    return FALSE;

  sent = incident_store_find_sent (incident_desk_get_store (sender->desk), row->subject, row->channel, (int) row->kind, NULL);
  return sent == NULL;
}

/* Of what tells of trouble with a channel nobody is told in turn: that would never end. */
static gboolean
tells_of_trouble (const IncidentOutboxRow *row)
{
  return g_strcmp0 (row->body, "{\"trouble\":true}") == 0;
}

/* Nobody else is told by this that the person could not be reached: the run is, where it still stands at that step. It
 * stands in the commit of the last failure. So no crash loses it, and of two ways that fail at once in two processes
 * the later one sees the other: both write to the case, at a place that only one of them can have. */
static void
draft_failed_page (IncidentSender             *sender,
                   const IncidentOutboxRow    *row,
                   const IncidentOutboxChange *change,
                   IncidentDecision           *decision)
{
  g_autoptr(GPtrArray) troubles = incident_paging_list_failures (incident_desk_get_store (sender->desk), row, change);
  g_auto(IncidentPageBody) body = { NULL, };
  g_autoptr(GString) facts = NULL;
  IncidentJsonWriter writer;

  if (troubles == NULL || !incident_page_body_read (&body, row->body))
    return;

  facts = g_string_new (NULL);
  if (incident_paging_is_current (&body, decision->state))
    incident_facts_append_number (facts, "run", body.run);
  incident_facts_append (facts, "by", "rule");
  incident_facts_append (facts, "page-failed", body.person != NULL ? body.person : body.target);

  incident_json_writer_init (&writer, FALSE);
  incident_json_writer_begin_object (&writer);
  incident_json_writer_member (&writer, body.person != NULL ? "person" : "target", body.person != NULL ? body.person : body.target);
  if (body.step_name != NULL)
    incident_json_writer_member (&writer, "step", body.step_name);
  incident_json_writer_name (&writer, "methods");
  incident_json_writer_begin_array (&writer);
  for (guint i = 0; i < troubles->len; i++)
    incident_json_writer_string (&writer, g_ptr_array_index (troubles, i));
  incident_json_writer_end_array (&writer);
  incident_json_writer_end_object (&writer);
  incident_decision_add (decision, "page-failed", INCIDENT_DESK_ACTOR, decision->now, facts->str,
                         incident_json_writer_finish (&writer));
}

static void
draft_event (IncidentSender             *sender,
             const IncidentOutboxRow    *row,
             const IncidentOutboxChange *change,
             IncidentDecision           *decision)
{
  gboolean is_lost = change->to == INCIDENT_MESSAGE_STATE_DEAD || change->to == INCIDENT_MESSAGE_STATE_EXPIRED;
  gboolean is_sent = change->to == INCIDENT_MESSAGE_STATE_SENT && (is_news (row) || is_first_view (sender, row));
  g_autofree char *facts = NULL;
  g_autofree char *text = NULL;

  if ((!is_lost && !is_sent) || tells_of_trouble (row))
    return;

  facts = make_facts (is_sent ? "sent" : "dead", row->channel);
  text = is_sent ? g_strdup_printf ("%s delivered through %s", incident_message_kind_to_string (row->kind), row->channel)
                 : g_strdup_printf ("%s not delivered through %s: %s", incident_message_kind_to_string (row->kind), row->channel,
                                    change->trouble != NULL ? change->trouble : "no reason is known");
  incident_decision_add (decision, is_sent ? "message-delivered" : "message-dead", INCIDENT_DESK_ACTOR, decision->now,
                         facts, make_payload (row, change, text));
  if (is_lost)
    draft_failed_page (sender, row, change, decision);
}

/* Committing */

static IncidentChannelState *
take_breaker (IncidentWay *way)
{
  return way->breaker.is_changed ? incident_breaker_write (&way->breaker) : NULL;
}

gboolean
incident_settlement_is_ours (IncidentSender *sender,
                             guint64         id,
                             guint64         token)
{
  g_autoptr(IncidentOutboxRow) row = incident_store_find_message (incident_desk_get_store (sender->desk), id, NULL, NULL);

  return row != NULL && row->token == token && row->state == INCIDENT_MESSAGE_STATE_SENDING;
}

/* Others may have written how the channel stands: what they know is as good as what we do. */
static void
follow_breaker (IncidentSender *sender,
                IncidentWay    *way)
{
  g_autoptr(IncidentChannelState) state = incident_store_get_channel (incident_desk_get_store (sender->desk), way->name, NULL);

  if (state != NULL && state->version != way->breaker.version)
    incident_breaker_read (&way->breaker, state);
}

/* What the timeline of its case is told of one message. @kase (nullable): none. */
static void
draft_for (IncidentSender             *sender,
           IncidentCase               *kase,
           const IncidentOutboxRow    *row,
           const IncidentOutboxChange *change,
           IncidentDecision           *decision)
{
  IncidentDesk *desk = sender->desk;

  if (kase == NULL)
    return;

  incident_decision_turn_to (decision, row->subject, incident_case_get_state (kase));
  incident_operations_draw (incident_desk_get_operations (desk), decision->operation);
  draft_event (sender, row, change, decision);
}

/* FALSE: one of them is of the same case as another, whose event would be in its place; or its case cannot be read. */
static gboolean
add_fellows (IncidentSender             *sender,
             const IncidentOutboxRow    *row,
             const IncidentOutboxChange *change,
             GPtrArray                  *fellows,
             GPtrArray                  *cases,
             GPtrArray                  *changes,
             IncidentDecision           *decision)
{
  for (guint i = 0; i < fellows->len; i++)
    {
      const IncidentOutboxRow *fellow = g_ptr_array_index (fellows, i);
      IncidentCase *kase = incident_sender_get_case (sender, fellow->subject, NULL);
      gboolean is_known = kase == NULL || g_ptr_array_find (cases, kase, NULL);

      if (kase != NULL)
        g_ptr_array_add (cases, kase);
      if (is_known)
        return FALSE;
      g_ptr_array_add (changes, incident_page_settle_fellow (fellow, change));
      draft_for (sender, kase, fellow, g_ptr_array_index (changes, changes->len - 1), decision);
    }

  return TRUE;
}

static gboolean
write_once (IncidentSender          *sender,
            IncidentWay             *way,
            const IncidentOutboxRow *row,
            IncidentOutboxChange    *change,
            GPtrArray               *fellows,
            GError                 **error)
{
  IncidentDesk *desk = sender->desk;
  g_autoptr(GPtrArray) changes = g_ptr_array_new ();
  g_autoptr(GPtrArray) others = g_ptr_array_new_with_free_func ((GDestroyNotify) incident_outbox_change_free);
  g_autoptr(GPtrArray) cases = g_ptr_array_new_with_free_func (g_object_unref);
  IncidentCase *kase = row->subject != 0 ? incident_sender_get_case (sender, row->subject, error) : NULL;
  g_autoptr(IncidentChannelState) state = way != NULL ? take_breaker (way) : NULL;
  g_auto(IncidentDecision) decision = { NULL, };
  IncidentCommit commit = { NULL, };

  if (kase != NULL)
    g_ptr_array_add (cases, kase);
  if (row->subject != 0 && kase == NULL && change->to != INCIDENT_MESSAGE_STATE_DEAD)
    return FALSE;

  g_clear_error (error);
  incident_decision_init (&decision, incident_desk_get_clock (desk), incident_desk_get_operations (desk),
                          incident_desk_get_rulebook (desk));
  draft_for (sender, kase, row, change, &decision);
  if (fellows != NULL && !add_fellows (sender, row, change, fellows, cases, others, &decision))
    return incident_store_fail_conflict (error, "They cannot be settled together");
  g_ptr_array_add (changes, change);
  for (guint i = 0; i < others->len; i++)
    g_ptr_array_add (changes, g_ptr_array_index (others, i));
  commit.drafts = decision.drafts;
  commit.changes = changes;
  commit.channel = state;
  if (!incident_desk_commit (desk, &commit, error))
    return FALSE;

  if (way != NULL)
    {
      way->breaker.version += state != NULL ? 1 : 0;
      way->breaker.is_changed = FALSE;
    }
  if (decision.drafts->len > 0 && others->len == 0)
    g_object_unref (incident_desk_committed (desk, decision.drafts));
  else if (decision.drafts->len > 0)
    incident_desk_committed_many (desk, decision.drafts);
  return TRUE;
}

/* Each by itself: what others have claimed since is theirs. */
static void
settle_fellows (IncidentSender             *sender,
                const IncidentOutboxChange *change,
                GPtrArray                  *fellows)
{
  for (guint i = 0; i < fellows->len; i++)
    {
      const IncidentOutboxRow *fellow = g_ptr_array_index (fellows, i);
      g_autoptr(IncidentOutboxChange) one = incident_page_settle_fellow (fellow, change);
      g_autoptr(GError) error = NULL;

      for (guint n = 0; n < INCIDENT_DESK_MAX_ATTEMPTS; n++)
        {
          g_autoptr(IncidentOutboxRow) there = incident_store_find_message (incident_desk_get_store (sender->desk), fellow->id, NULL, NULL);

          g_clear_error (&error);
          if (there == NULL || there->state != INCIDENT_MESSAGE_STATE_PENDING || write_once (sender, NULL, fellow, one, NULL, &error)
              || !g_error_matches (error, INCIDENT_ERROR, INCIDENT_ERROR_CONFLICT))
            break;
        }
      incident_sender_note_trouble (sender, error);
    }
}

#define MOST_TOGETHER 3

/* What cannot be written is left to the lease: whoever claims the lane then finds out whether it arrived. */
void
incident_settlement_write (IncidentSender          *sender,
                           IncidentWay             *way,
                           const IncidentOutboxRow *row,
                           IncidentOutboxChange    *change,
                           GPtrArray               *fellows)
{
  g_autoptr(GError) error = NULL;

  for (guint i = 0; i < INCIDENT_DESK_MAX_ATTEMPTS; i++)
    {
      gboolean is_together = fellows != NULL && i < MOST_TOGETHER;

      g_clear_error (&error);
      if (write_once (sender, way, row, change, is_together ? fellows : NULL, &error))
        {
          if (fellows != NULL && !is_together)
            settle_fellows (sender, change, fellows);
          return;
        }
      if (!g_error_matches (error, INCIDENT_ERROR, INCIDENT_ERROR_CONFLICT) || !incident_settlement_is_ours (sender, change->id, change->token))
        break;
      follow_breaker (sender, way);
    }

  incident_sender_note_trouble (sender, error);
}

void
incident_sender_save_breaker (IncidentSender *self,
                              IncidentWay    *way)
{
  g_autoptr(IncidentChannelState) state = take_breaker (way);
  g_autoptr(GPtrArray) drafts = g_ptr_array_new ();
  IncidentCommit commit = { .drafts = drafts, .channel = state };

  if (state == NULL)
    return;

  if (incident_desk_commit (self->desk, &commit, NULL))
    {
      way->breaker.version++;
      way->breaker.is_changed = FALSE;
    }
  else
    follow_breaker (self, way);
}

/* Down and up */

static GArray *
list_waiting_cases (IncidentSender *self,
                    IncidentWay    *way)
{
  IncidentOutboxQuery query = {
    .states = (1u << INCIDENT_MESSAGE_STATE_PENDING) | (1u << INCIDENT_MESSAGE_STATE_SENDING)
              | (1u << INCIDENT_MESSAGE_STATE_UNSURE),
    .channel = way->name, .limit = 1000
  };
  g_autoptr(GPtrArray) rows = incident_store_list_messages (incident_desk_get_store (self->desk), &query, NULL);
  g_autoptr(GHashTable) seen = g_hash_table_new (g_int64_hash, g_int64_equal);
  GArray *numbers = g_array_new (FALSE, FALSE, sizeof (guint64));

  for (guint i = 0; rows != NULL && i < rows->len && numbers->len < MOST_CASES_TOLD; i++)
    {
      IncidentOutboxRow *row = g_ptr_array_index (rows, i);

      if (row->subject != 0 && g_hash_table_add (seen, &row->subject))
        g_array_append_val (numbers, row->subject);
    }
  return numbers;
}

static void
tell_case (IncidentSender *self,
           IncidentWay    *way,
           guint64         number,
           const char     *why)
{
  gboolean is_down = incident_breaker_is_down (&way->breaker);
  g_autofree char *facts = make_facts (is_down ? "down" : "up", way->name);
  IncidentJsonWriter writer;
  g_autofree char *payload = NULL;

  incident_json_writer_init (&writer, FALSE);
  incident_json_writer_begin_object (&writer);
  incident_json_writer_member (&writer, "text", !is_down ? "Messages get through again" : why != NULL ? why : "Nothing gets through");
  incident_json_writer_end_object (&writer);
  payload = incident_json_writer_finish (&writer);

  for (guint i = 0; i < INCIDENT_DESK_MAX_ATTEMPTS; i++)
    {
      g_autoptr(IncidentCase) kase = incident_sender_get_case (self, number, NULL);
      g_auto(IncidentDecision) decision = { NULL, };
      IncidentCommit commit = { NULL, };

      if (kase == NULL || !incident_case_get_open (kase))
        return;

      incident_decision_init (&decision, incident_desk_get_clock (self->desk), incident_desk_get_operations (self->desk),
                              incident_desk_get_rulebook (self->desk));
      incident_decision_turn_to (&decision, number, incident_case_get_state (kase));
      incident_operations_draw (incident_desk_get_operations (self->desk), decision.operation);
      incident_decision_add (&decision, is_down ? "channel-down" : "channel-up", INCIDENT_DESK_ACTOR, decision.now, facts,
                             g_strdup (payload));
      commit.drafts = decision.drafts;
      if (incident_desk_commit (self->desk, &commit, NULL))
        {
          g_object_unref (incident_desk_committed (self->desk, decision.drafts));
          return;
        }
    }
}

void
incident_sender_tell_of_channel (IncidentSender *self,
                                 IncidentWay    *way,
                                 const char     *why)
{
  g_autoptr(GArray) numbers = list_waiting_cases (self, way);

  for (guint i = 0; i < numbers->len; i++)
    tell_case (self, way, g_array_index (numbers, guint64, i), why);
}
