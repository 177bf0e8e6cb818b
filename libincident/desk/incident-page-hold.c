/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "desk/incident-page-hold-private.h"

#include <libincident/incident-error.h>
#include <libincident/incident-time.h>

#include "desk/incident-desk-oncall-private.h"
#include "desk/incident-paging-private.h"

/* The one before it is on its way: whether it counts is known soon. */
#define SOON (2 * G_TIME_SPAN_SECOND)
/* So many go with one: more names than each channel has room for would be cut, and nobody told of them. */
#define MOST_FELLOWS 8

static gint64
get_now (IncidentSender *sender)
{
  return incident_clock_get_time (incident_desk_get_clock (sender->desk));
}

gboolean
incident_page_write (IncidentDesk          *desk,
                     IncidentOutboxChange  *change,
                     GError               **error)
{
  g_autoptr(GPtrArray) drafts = g_ptr_array_new ();
  g_autoptr(GPtrArray) changes = g_ptr_array_new ();
  IncidentCommit commit = { .drafts = drafts, .changes = changes };

  change->token = 0;
  g_ptr_array_add (changes, change);
  return incident_desk_commit (desk, &commit, error);
}

/* The rate */

/* Pages to the same recipient that were claimed before: of two that look at the same time, the later one waits. */
static guint
count_in_flight (IncidentSender          *sender,
                 const IncidentOutboxRow *row)
{
  IncidentOutboxQuery query = {
    .states = 1u << INCIDENT_MESSAGE_STATE_SENDING, .channel = row->channel, .limit = INCIDENT_PAGES_A_LOOK
  };
  g_autoptr(GPtrArray) rows = incident_store_list_messages (incident_desk_get_store (sender->desk), &query, NULL);
  guint n = 0;

  for (guint i = 0; rows != NULL && i < rows->len; i++)
    {
      const IncidentOutboxRow *other = g_ptr_array_index (rows, i);

      if (other->kind == INCIDENT_MESSAGE_KIND_PAGE && other->id < row->id && g_strcmp0 (other->recipient, row->recipient) == 0)
        n++;
    }
  return n;
}

/* Those sent in a time to come were sent before the clock was set back: they hold nobody up until it is there again. */
static void
forget_those_to_come (GArray *sent,
                      gint64  now)
{
  while (sent->len > 0 && g_array_index (sent, gint64, sent->len - 1) > now)
    g_array_set_size (sent, sent->len - 1);
}

/* What may have arrived is looked up, whatever the rate; and who cannot be counted is paged. */
gint64
incident_page_hold_until (IncidentSender          *sender,
                          const IncidentOutboxRow *row,
                          IncidentCase            *kase)
{
  const IncidentOncallRules *oncall = sender->rules->oncall;
  gint64 now = get_now (sender);
  guint n_in_flight;
  g_autoptr(GArray) sent = NULL;

  if (oncall->rate == 0 || row->kind != INCIDENT_MESSAGE_KIND_PAGE || row->recipient == NULL || row->unsure_since != INCIDENT_TIME_NONE)
    return INCIDENT_TIME_NONE;
  if (kase != NULL && (oncall->rate_except & (1u << incident_case_get_severity (kase))) != 0)
    return INCIDENT_TIME_NONE;

  sent = incident_store_list_paged (incident_desk_get_store (sender->desk), row->channel, row->recipient,
                                    now - oncall->rate_window + 1, NULL);
  if (sent == NULL)
    return INCIDENT_TIME_NONE;

  forget_those_to_come (sent, now);
  if (sent->len >= oncall->rate)
    return g_array_index (sent, gint64, sent->len - oncall->rate) + oncall->rate_window;

  n_in_flight = count_in_flight (sender, row);
  return sent->len + n_in_flight >= oncall->rate ? now + SOON : INCIDENT_TIME_NONE;
}

/* What was held for as long as its case was less grave */

static void
release_case (IncidentDesk *desk,
              guint64       number)
{
  gint64 now = incident_clock_get_time (incident_desk_get_clock (desk));
  IncidentOutboxQuery query = {
    .states = 1u << INCIDENT_MESSAGE_STATE_PENDING, .subject = number, .limit = INCIDENT_PAGES_A_LOOK
  };
  g_autoptr(GPtrArray) rows = incident_store_list_messages (incident_desk_get_store (desk), &query, NULL);

  for (guint i = 0; rows != NULL && i < rows->len; i++)
    {
      const IncidentOutboxRow *row = g_ptr_array_index (rows, i);
      g_autoptr(IncidentOutboxChange) change = NULL;

      if (row->kind != INCIDENT_MESSAGE_KIND_PAGE || g_strcmp0 (row->trouble, INCIDENT_PAGE_HELD) != 0 || row->not_before <= now)
        continue;
      change = incident_outbox_change_new (row, INCIDENT_MESSAGE_STATE_PENDING, now);
      change->not_before = now;
      incident_page_write (desk, change, NULL);
    }
}

static gboolean
becomes_grave (const IncidentRecord *record,
               guint                 grave)
{
  g_autofree char *said = incident_facts_dup (record->facts, "severity");
  IncidentSeverity severity;

  return said != NULL && incident_severity_from_string (said, &severity, NULL) && (grave & (1u << severity)) != 0;
}

void
incident_page_release (IncidentDesk    *desk,
                       const GPtrArray *records)
{
  const IncidentOncallRules *oncall = incident_desk_get_rulebook (desk)->rules->oncall;

  for (guint i = 0; oncall->rate > 0 && oncall->rate_except != 0 && i < records->len; i++)
    {
      const IncidentRecord *record = g_ptr_array_index (records, i);

      /* One that is new has none. */
      if (record->seq > 1 && becomes_grave (record, oncall->rate_except))
        release_case (desk, record->subject);
    }
}

/* Fellows */

static gboolean
is_held (const IncidentOutboxRow *row)
{
  return g_strcmp0 (row->trouble, INCIDENT_PAGE_HELD) == 0 || g_strcmp0 (row->trouble, INCIDENT_PAGE_BUNDLED) == 0;
}

/* What waits, and would be sent if its turn came. */
static gboolean
may_go_along (IncidentSender          *sender,
              const IncidentOutboxRow *other,
              const IncidentOutboxRow *row)
{
  g_autoptr(IncidentCase) kase = NULL;

  if (other->kind != INCIDENT_MESSAGE_KIND_PAGE || other->id == row->id || other->unsure_since != INCIDENT_TIME_NONE
      || g_strcmp0 (other->recipient, row->recipient) != 0 || (!is_held (other) && other->not_before > get_now (sender)))
    return FALSE;
  /* Another one carries it already. */
  if (g_strcmp0 (other->trouble, INCIDENT_PAGE_BUNDLED) == 0 && other->not_before > get_now (sender))
    return FALSE;

  kase = incident_sender_get_case (sender, other->subject, NULL);
  return kase != NULL && incident_paging_find_unwanted (other, incident_case_get_state (kase)) == NULL
         && incident_paging_find_later (incident_desk_get_store (sender->desk), other) == NULL;
}

static GPtrArray *
list_fellows (IncidentSender          *sender,
              const IncidentOutboxRow *row)
{
  GPtrArray *fellows = g_ptr_array_new_with_free_func ((GDestroyNotify) incident_outbox_row_free);
  IncidentOutboxQuery query = {
    .states = 1u << INCIDENT_MESSAGE_STATE_PENDING, .channel = row->channel, .limit = INCIDENT_PAGES_A_LOOK
  };
  gboolean is_all = FALSE;

  while (!is_all)
    {
      g_autoptr(GPtrArray) rows = incident_store_list_messages (incident_desk_get_store (sender->desk), &query, NULL);

      for (guint i = 0; rows != NULL && i < rows->len && fellows->len < MOST_FELLOWS; i++)
        {
          const IncidentOutboxRow *other = g_ptr_array_index (rows, i);

          query.after = other->id;
          if (may_go_along (sender, other, row))
            g_ptr_array_add (fellows, incident_outbox_row_copy (other));
        }
      is_all = rows == NULL || rows->len < query.limit || fellows->len == MOST_FELLOWS;
    }

  return fellows;
}

static IncidentOutboxChange *
new_reservation (IncidentSender          *sender,
                 const IncidentOutboxRow *fellow)
{
  IncidentOutboxChange *change = incident_outbox_change_new (fellow, INCIDENT_MESSAGE_STATE_PENDING, get_now (sender));

  change->not_before = get_now (sender) + INCIDENT_SENDER_LEASE;
  change->expires_at = MAX (fellow->expires_at, change->not_before + INCIDENT_PAGE_AGE);
  g_free (change->trouble);
  change->trouble = g_strdup (INCIDENT_PAGE_BUNDLED);
  return change;
}

/* Those that others have claimed meanwhile go with these. */
static gboolean
reserve (IncidentSender    *sender,
         IncidentOutboxRow *fellow)
{
  g_autoptr(IncidentOutboxChange) change = new_reservation (sender, fellow);

  if (!incident_page_write (sender->desk, change, NULL))
    return FALSE;

  fellow->not_before = change->not_before;
  fellow->expires_at = change->expires_at;
  return TRUE;
}

/* As long as nobody waits, each page goes by itself. A claim in the store, not in memory: if this process ends before it
 * has said what became of them, they are due again after it, each on its own. */
GPtrArray *
incident_page_take_fellows (IncidentSender          *sender,
                            const IncidentOutboxRow *row)
{
  g_autoptr(GPtrArray) fellows = NULL;
  gboolean is_any_held = is_held (row);

  if (sender->rules->oncall->rate == 0 || row->kind != INCIDENT_MESSAGE_KIND_PAGE || row->recipient == NULL
      || row->unsure_since != INCIDENT_TIME_NONE)
    return NULL;

  fellows = list_fellows (sender, row);
  for (guint i = 0; i < fellows->len; i++)
    is_any_held = is_any_held || is_held (g_ptr_array_index (fellows, i));
  if (!is_any_held)
    return NULL;

  for (guint i = fellows->len; i > 0; i--)
    if (!reserve (sender, g_ptr_array_index (fellows, i - 1)))
      g_ptr_array_remove_index (fellows, i - 1);
  return fellows->len > 0 ? g_steal_pointer (&fellows) : NULL;
}

IncidentOutboxChange *
incident_page_settle_fellow (const IncidentOutboxRow    *fellow,
                             const IncidentOutboxChange *change)
{
  gboolean is_sent = change->to == INCIDENT_MESSAGE_STATE_SENT;
  gboolean waits = change->to == INCIDENT_MESSAGE_STATE_PENDING || change->to == INCIDENT_MESSAGE_STATE_UNSURE;
  IncidentOutboxChange *self = incident_outbox_change_new (fellow, is_sent ? INCIDENT_MESSAGE_STATE_SENT : INCIDENT_MESSAGE_STATE_PENDING,
                                                           change->at);
  g_autofree char *log = NULL;
  g_autofree char *with = NULL;

  self->token = 0;
  g_clear_pointer (&self->trouble, g_free);
  if (!is_sent)
    {
      self->not_before = waits ? change->not_before : change->at;
      self->trouble = g_strdup (INCIDENT_PAGE_HELD);
      return self;
    }

  /* One message was sent, not two: it counts but once. */
  self->attempts = 0;
  log = g_steal_pointer (&self->log);
  with = g_strdup_printf ("with message %" G_GUINT64_FORMAT, change->id);
  self->log = incident_retry_log (log, change->at, INCIDENT_PAGE_BUNDLED, with);
  g_free (self->external_id);
  self->external_id = g_strdup (change->external_id);
  g_free (self->conversation);
  self->conversation = g_strdup (change->conversation);
  g_free (self->permalink);
  self->permalink = g_strdup (change->permalink);
  return self;
}
