/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "desk/incident-page-clock-private.h"

#include <libincident/incident-error.h>
#include <libincident/incident-time.h>

#include "desk/incident-page-hold-private.h"
#include "desk/incident-paging-private.h"
#include "oncall/incident-plan-private.h"

/* A clock that goes somewhat wrong is not set. */
#define LITTLE G_TIME_SPAN_SECOND

/* One that is held for longer than any is, was held before the clock was set back: it is judged anew. */
static gint64
find_end_of_hold (IncidentSender          *sender,
                  const IncidentOutboxRow *row)
{
  gint64 now = incident_clock_get_time (incident_desk_get_clock (sender->desk));

  return row->not_before > now + sender->rules->oncall->rate_window ? now : INCIDENT_TIME_NONE;
}

/* When it is due by the wall, as that is set now; INCIDENT_TIME_NONE: as it stands. What was tried already waits for
 * something else. */
static gint64
find_due (IncidentSender          *sender,
          const IncidentOutboxRow *row,
          guint32                  boot,
          gint64                   ahead)
{
  g_auto(IncidentPageBody) body = { NULL, };

  if (row->kind == INCIDENT_MESSAGE_KIND_PAGE && g_strcmp0 (row->trouble, INCIDENT_PAGE_HELD) == 0)
    return find_end_of_hold (sender, row);
  if (boot == 0 || row->kind != INCIDENT_MESSAGE_KIND_PAGE || row->attempts > 0 || row->trouble != NULL
      || !incident_page_body_read (&body, row->body) || body.boot != boot)
    return INCIDENT_TIME_NONE;

  return ABS (body.due_boot + ahead - row->not_before) >= LITTLE ? body.due_boot + ahead : INCIDENT_TIME_NONE;
}

/* FALSE: it could not be written down. What others have claimed meanwhile is theirs. */
static gboolean
put (IncidentSender          *sender,
     const IncidentOutboxRow *row,
     gint64                   due)
{
  gint64 now = incident_clock_get_time (incident_desk_get_clock (sender->desk));
  g_autoptr(IncidentOutboxChange) change = incident_outbox_change_new (row, INCIDENT_MESSAGE_STATE_PENDING, now);
  g_autoptr(GError) error = NULL;

  change->not_before = due;
  change->expires_at = due + (row->expires_at - row->not_before);
  return incident_page_write (sender->desk, change, &error) || g_error_matches (error, INCIDENT_ERROR, INCIDENT_ERROR_CONFLICT);
}

static gboolean
put_all (IncidentSender *sender,
         guint32         boot,
         gint64          ahead)
{
  IncidentOutboxQuery query = { .states = 1u << INCIDENT_MESSAGE_STATE_PENDING, .limit = INCIDENT_PAGES_A_LOOK };
  gboolean done = TRUE;
  gboolean is_all = FALSE;

  while (!is_all)
    {
      g_autoptr(GPtrArray) rows = incident_store_list_messages (incident_desk_get_store (sender->desk), &query, NULL);

      done = done && rows != NULL;
      for (guint i = 0; rows != NULL && i < rows->len; i++)
        {
          const IncidentOutboxRow *row = g_ptr_array_index (rows, i);
          gint64 due = find_due (sender, row, boot, ahead);

          query.after = row->id;
          if (due != INCIDENT_TIME_NONE && !put (sender, row, due))
            done = FALSE;
        }
      is_all = rows == NULL || rows->len < query.limit;
    }

  return done;
}

void
incident_page_follow_clock (IncidentSender *sender)
{
  IncidentClock *clock = incident_desk_get_clock (sender->desk);
  gint64 ahead = incident_clock_get_time (clock) - incident_clock_get_boot_time (clock);
  g_autofree char *boot = NULL;

  if (sender->is_ahead_known && ABS (ahead - sender->ahead) < LITTLE)
    return;

  boot = incident_clock_dup_boot_id (clock);
  sender->is_ahead_known = put_all (sender, incident_boot_hash (boot), ahead);
  sender->ahead = ahead;
}
