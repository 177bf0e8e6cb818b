/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <libincident/incident-desk.h>

#include <libincident/incident-time.h>

#include <string.h>

#include "base/incident-time-private.h"
#include "comms/incident-breaker-private.h"
#include "desk/incident-desk-private.h"
#include "desk/incident-paging-private.h"
#include "model/incident-page-words-private.h"
#include "oncall/incident-page-private.h"

/* “Why was I (not) paged?”: what the timeline says, and what became of each message. */

/**
 * incident_case_list_pages:
 * @self: a case
 *
 * Lists who was paged for the case and who was not, and why, in the order in which it was decided.
 *
 * What became of the messages is told by [method@Desk.explain_page].
 *
 * Returns: (transfer container) (element-type IncidentPage): the pages
 *
 * Since: 0.1
 */
GPtrArray *
incident_case_list_pages (IncidentCase *self)
{
  g_return_val_if_fail (INCIDENT_IS_CASE (self), NULL);

  return incident_page_list (incident_case_peek_timeline (self));
}

typedef struct
{
  IncidentCase       *kase;
  const char         *person;
  GPtrArray          *rows;    /* (element-type IncidentOutboxRow): those that page the person */
  IncidentJsonWriter  writer;
} Explanation;

/* Messages */

static gboolean
add_rows (IncidentDesk  *self,
          Explanation   *explanation,
          GError       **error)
{
  IncidentOutboxQuery query = { .subject = incident_case_get_number (explanation->kase), .limit = INCIDENT_PAGES_A_LOOK };
  gboolean is_all = FALSE;

  while (!is_all)
    {
      g_autoptr(GPtrArray) rows = incident_store_list_messages (incident_desk_get_store (self), &query, error);

      if (rows == NULL)
        return FALSE;
      for (guint i = 0; i < rows->len; i++)
        {
          const IncidentOutboxRow *row = g_ptr_array_index (rows, i);
          g_auto(IncidentPageBody) body = { NULL, };

          query.after = row->id;
          if (row->kind == INCIDENT_MESSAGE_KIND_PAGE && incident_page_body_read (&body, row->body)
              && g_strcmp0 (body.person, explanation->person) == 0)
            g_ptr_array_add (explanation->rows, incident_outbox_row_copy (row));
        }
      is_all = rows->len < query.limit;
    }

  return TRUE;
}

/* Of what is sent, that it went with others; of what is not, why. */
static const char *
find_reason (const IncidentOutboxRow *row)
{
  switch (row->state)
    {
    case INCIDENT_MESSAGE_STATE_SENT:
      return incident_retry_log_ends_with (row->log, INCIDENT_PAGE_BUNDLED) ? INCIDENT_PAGE_BUNDLED : NULL;
    case INCIDENT_MESSAGE_STATE_DEAD:
    case INCIDENT_MESSAGE_STATE_EXPIRED:
      return "failed";
    case INCIDENT_MESSAGE_STATE_WITHDRAWN:
      return incident_paging_get_code (row->trouble);
    case INCIDENT_MESSAGE_STATE_PENDING:
      return g_strcmp0 (row->trouble, INCIDENT_PAGE_HELD) == 0 || g_strcmp0 (row->trouble, INCIDENT_PAGE_BUNDLED) == 0
             ? row->trouble : NULL;
    case INCIDENT_MESSAGE_STATE_SENDING:
    case INCIDENT_MESSAGE_STATE_UNSURE:
    case INCIDENT_MESSAGE_STATE_SUPERSEDED:
    default:
      return NULL;
    }
}

static char *
write_moment (gint64 at)
{
  char text[INCIDENT_TIME_LENGTH];

  incident_time_write (at, text);
  return g_strdup_printf ("%.10s %.8s UTC", text, text + 11);
}

static char *
describe_row (const IncidentOutboxRow *row)
{
  gboolean is_over = row->state == INCIDENT_MESSAGE_STATE_SENT || row->state >= INCIDENT_MESSAGE_STATE_WITHDRAWN;
  const char *reason = find_reason (row);
  g_autofree char *at = write_moment (is_over ? row->changed_at : row->not_before);

  if (row->state == INCIDENT_MESSAGE_STATE_SENT)
    return g_strdup_printf ("%s: delivered at %s%s", row->channel, at, reason != NULL ? ", in one message with others" : "");
  if (row->state == INCIDENT_MESSAGE_STATE_PENDING && reason != NULL)
    return g_strdup_printf ("%s: held until %s, as they were paged too often lately", row->channel, at);
  if (row->state == INCIDENT_MESSAGE_STATE_PENDING)
    return g_strdup_printf ("%s: to be sent at %s%s%s", row->channel, at, row->trouble != NULL ? "; " : "",
                            row->trouble != NULL ? row->trouble : "");
  if (row->state == INCIDENT_MESSAGE_STATE_SENDING || row->state == INCIDENT_MESSAGE_STATE_UNSURE)
    return g_strdup_printf ("%s: on its way", row->channel);

  return g_strdup_printf ("%s: not delivered, %s: %s", row->channel, at, row->trouble != NULL ? row->trouble : "no reason is known");
}

static void
write_row (IncidentJsonWriter      *writer,
           const IncidentOutboxRow *row)
{
  gboolean is_sent = row->state == INCIDENT_MESSAGE_STATE_SENT;
  g_autofree char *text = describe_row (row);

  incident_json_writer_begin_object (writer);
  incident_json_writer_name (writer, "message");
  incident_json_writer_int (writer, (gint64) row->id);
  incident_json_writer_member (writer, "key", row->key);
  incident_json_writer_member (writer, "channel", row->channel);
  incident_json_writer_member (writer, "recipient", row->recipient);
  incident_json_writer_member (writer, "state", incident_message_state_to_string (row->state));
  incident_json_writer_member (writer, "reason", find_reason (row));
  incident_json_writer_moment (writer, "due_at", row->not_before);
  incident_json_writer_moment (writer, "sent_at", is_sent ? row->changed_at : INCIDENT_TIME_NONE);
  incident_json_writer_name (writer, "attempts");
  incident_json_writer_int (writer, row->attempts);
  incident_json_writer_member (writer, "trouble", row->trouble);
  incident_json_writer_name (writer, "log");
  incident_json_writer_raw (writer, row->log != NULL ? row->log : "[]");
  incident_json_writer_member (writer, "text", text);
  incident_json_writer_end_object (writer);
}

static void
write_methods (Explanation        *self,
               const IncidentPage *page)
{
  incident_json_writer_name (&self->writer, "methods");
  incident_json_writer_begin_array (&self->writer);
  for (guint i = 0; page->is_sent && i < self->rows->len; i++)
    {
      const IncidentOutboxRow *row = g_ptr_array_index (self->rows, i);

      if (row->seq == page->event)
        write_row (&self->writer, row);
    }
  incident_json_writer_end_array (&self->writer);
}

/* Pages and runs */

/* What is said of a whole target, or step, is said of whoever might have been found through it. */
static gboolean
concerns (const Explanation  *self,
          const IncidentPage *page)
{
  return page->person != NULL ? g_str_equal (page->person, self->person) : !page->is_sent;
}

static void
write_pages (Explanation *self,
             GPtrArray   *pages,
             guint       *n_sent,
             GString     *words)
{
  incident_json_writer_name (&self->writer, "pages");
  incident_json_writer_begin_array (&self->writer);
  for (guint i = 0; i < pages->len; i++)
    {
      IncidentPage *page = g_ptr_array_index (pages, i);
      g_autofree char *text = NULL;

      if (!concerns (self, page))
        continue;
      incident_json_writer_begin_object (&self->writer);
      incident_page_write_json (page, &self->writer);
      write_methods (self, page);
      incident_json_writer_end_object (&self->writer);
      *n_sent += page->is_sent ? 1 : 0;
      if (page->person != NULL)
        {
          text = incident_page_to_text (page);
          g_string_append_printf (words, "%s%s", words->len > 0 ? ". " : "", text);
        }
    }
  incident_json_writer_end_array (&self->writer);
}

static void
write_run (IncidentJsonWriter *writer,
           const IncidentRun  *run)
{
  incident_json_writer_begin_object (writer);
  incident_json_writer_name (writer, "run");
  incident_json_writer_int (writer, run->number);
  incident_json_writer_member (writer, "policy", run->policy);
  incident_json_writer_member (writer, "version", run->version);
  incident_json_writer_member (writer, "state", incident_run_state_to_string ((IncidentRunState) run->state));
  incident_json_writer_member (writer, "why", run->why);
  incident_json_writer_name (writer, "step");
  incident_json_writer_int (writer, run->step + 1);
  incident_json_writer_name (writer, "loop");
  incident_json_writer_int (writer, run->loop);
  incident_json_writer_name (writer, "arming");
  incident_json_writer_int (writer, run->arming);
  incident_json_writer_moment (writer, "due_at", run->due);
  incident_json_writer_end_object (writer);
}

/* Where nothing names the person: as far as it has come. */
static void
write_runs (Explanation *self,
            gboolean     is_named,
            GString     *words)
{
  const IncidentRun *runs = incident_case_get_state (self->kase)->runs;

  if (!is_named)
    g_string_printf (words, "%s was not paged: %s", self->person,
                     runs == NULL ? "no escalation has begun for the case" : "no step that came so far has found them");
  incident_json_writer_name (&self->writer, "runs");
  incident_json_writer_begin_array (&self->writer);
  for (const IncidentRun *run = runs; run != NULL; run = run->next)
    {
      write_run (&self->writer, run);
      if (!is_named)
        g_string_append_printf (words, "; policy “%s” is at step %u, %s", run->policy != NULL ? run->policy : "?", run->step + 1u,
                                incident_run_state_to_string ((IncidentRunState) run->state));
    }
  incident_json_writer_end_array (&self->writer);
}

static char *
explain (Explanation *self)
{
  g_autoptr(GPtrArray) pages = incident_case_list_pages (self->kase);
  g_autoptr(GString) words = g_string_new (NULL);
  guint n_sent = 0;

  incident_json_writer_init (&self->writer, FALSE);
  incident_json_writer_begin_object (&self->writer);
  incident_json_writer_member (&self->writer, "case", incident_case_get_id (self->kase));
  incident_json_writer_member (&self->writer, "person", self->person);
  write_pages (self, pages, &n_sent, words);
  write_runs (self, words->len > 0, words);
  incident_json_writer_name (&self->writer, "paged");
  incident_json_writer_boolean (&self->writer, n_sent > 0);
  incident_json_writer_member (&self->writer, "text", words->str);
  incident_json_writer_end_object (&self->writer);
  return incident_json_writer_finish (&self->writer);
}

/**
 * incident_desk_explain_page:
 * @self: a desk
 * @number: the number of a case
 * @person: who asks: “why was I (not) paged?”
 * @error: return location for an error
 *
 * Tells whether a person was paged for a case, when, by which method and with which outcome; or why not.
 *
 * The answer is a JSON object: `case`, `person`, whether they were `paged`, and a sentence as `text`. `pages` has what was
 * decided, each as [method@Page.to_json] writes it, with the `methods` by which it was to be sent: `message`, `key`,
 * `channel`, `recipient`, `state`, `reason` (such as `rate-limited`, `bundled`, `acked`, `superseded`, `failed`), `due_at`,
 * `sent_at`, `attempts`, `trouble`, `log`, `text`. What is said of a whole target or step, which nobody was found through, is there,
 * too. `runs` has the escalations of the case, the last one first.
 *
 * This call blocks. Thread: that of the desk.
 *
 * Returns: (transfer full): the JSON; or %NULL with @error set: %INCIDENT_ERROR_NOT_FOUND if there is no such case
 *
 * Since: 0.1
 */
char *
incident_desk_explain_page (IncidentDesk  *self,
                            guint64        number,
                            const char    *person,
                            GError       **error)
{
  g_autoptr(IncidentCase) kase = NULL;
  g_autoptr(GPtrArray) rows = NULL;
  Explanation explanation = { .person = person };

  g_return_val_if_fail (INCIDENT_IS_DESK (self), NULL);
  g_return_val_if_fail (person != NULL, NULL);
  g_return_val_if_fail (error == NULL || *error == NULL, NULL);

  kase = incident_desk_get_case (self, number, error);
  if (kase == NULL)
    return NULL;

  rows = g_ptr_array_new_with_free_func ((GDestroyNotify) incident_outbox_row_free);
  explanation.kase = kase;
  explanation.rows = rows;
  return add_rows (self, &explanation, error) ? explain (&explanation) : NULL;
}
