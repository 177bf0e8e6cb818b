/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "desk/incident-paging-private.h"

#include <string.h>

#include "base/incident-hash-private.h"
#include "desk/incident-desk-oncall-private.h"

/* From a planned page to rows of the outbox, and from there back: is it still wanted, did it fail. */

/* So long after its time a page is no use any more: the run has gone on to others. */
#define AGE INCIDENT_PAGE_AGE

/* What there was to be said, and the codes that stand for it. */
static const struct
{
  const char *code;
  const char *words;
} unwanted[] = {
  { "ended", "The case is not live any more" },
  { "acked", "It was acknowledged" },
  { "ended", "The escalation has ended" },
  { "paused", "The escalation is paused" },
  { "superseded", "A later page has taken its place" },
};

enum { NOT_LIVE, ACKNOWLEDGED, ENDED, PAUSED, SUPERSEDED };

/* Rows */

/* The place of a page in its case: the same firing gives the same key, whoever fires. Beside the runs the arming is the event
 * that asks for it. */
static char *
make_key (const IncidentOutboxRow *row,
          const IncidentPageBody  *body)
{
  gboolean is_fallback = g_strcmp0 (body->reason, "fallback") == 0;
  g_autofree char *what = g_strdup_printf ("page\n%" G_GUINT64_FORMAT "\n%u\n%u\n%u\n%u\n%u\n%s\n%s\n%u\n%s",
                                           row->subject, row->episode, body->run, body->loop, body->step, body->arming,
                                           body->person != NULL ? "person" : "channel",
                                           body->person != NULL ? body->person : row->channel, body->method,
                                           is_fallback ? body->reason : "");
  guint8 digest[INCIDENT_HASH_LENGTH];
  GString *key = g_string_sized_new (33);

  incident_sha256 (what, strlen (what), digest);
  for (guint i = 0; i < 16; i++)
    g_string_append_printf (key, "%02x", digest[i]);
  return g_string_free (key, FALSE);
}

typedef struct
{
  const IncidentRules *rules;
  guint64              number;
  guint                episode;
  int                  draft;     /* of the event that tells of the page */
  gint64               now;
  GPtrArray           *messages;
  gint64               now_boot;
  IncidentPageBody     body;
} Adding;

static void
add_row (Adding     *adding,
         const char *channel,
         const char *recipient,
         gint64      after)
{
  const IncidentChannelRules *rules = incident_comms_rules_get_channel (adding->rules->comms, channel);
  IncidentOutboxRow *row;

  if (rules == NULL)
    return;

  row = incident_outbox_row_new ();
  row->subject = adding->number;
  row->draft = adding->draft;
  row->episode = adding->episode;
  row->wanted = INCIDENT_WANTED_UNACKNOWLEDGED;
  row->kind = INCIDENT_MESSAGE_KIND_PAGE;
  row->channel = g_strdup (channel);
  row->priority = INCIDENT_OUTBOX_PAGE;
  adding->body.due_boot = adding->now_boot + after;
  row->body = incident_page_body_write (&adding->body);
  row->recipient = g_strdup (recipient);
  row->created_at = row->changed_at = adding->now;
  row->not_before = adding->now + after;
  row->expires_at = row->not_before + AGE;
  row->most_attempts = rules->posts.attempts;
  row->key = make_key (row, &adding->body);
  row->lane = g_strconcat ("page/", row->key, NULL);
  g_ptr_array_add (adding->messages, row);
}

static void
add_methods (Adding *adding)
{
  const IncidentOncallPerson *person = incident_oncall_rules_get_person (adding->rules->oncall, adding->body.person);

  adding->body.methods = person != NULL ? person->methods->len : 0;
  for (guint i = 0; i < adding->body.methods; i++)
    {
      const IncidentContactMethod *method = &g_array_index (person->methods, IncidentContactMethod, i);

      adding->body.method = i + 1;
      add_row (adding, method->channel, method->recipient, method->after);
    }
}

static void
add_page (Adding                    *adding,
          const IncidentPlan        *plan,
          const IncidentPlannedPage *page)
{
  const IncidentPlannedEvent *event = &g_array_index (plan->events, IncidentPlannedEvent, page->event);
  g_autoptr(IncidentTree) tree = event->payload != NULL ? incident_tree_new (event->payload, strlen (event->payload), NULL, NULL) : NULL;
  IncidentNode *root = tree != NULL ? incident_tree_get_root (tree) : NULL;

  adding->body = (IncidentPageBody) {
    .person = page->person, .target = page->target, .policy = incident_node_get_string (root, "policy"),
    .version = incident_node_get_string (root, "version"), .step_name = incident_node_get_string (root, "step"),
    .reason = incident_page_reason_to_string (page->reason), .run = page->run, .step = page->run > 0 ? page->step + 1 : 0,
    .loop = page->loop, .arming = page->arming, .method = 1, .methods = 1, .boot = plan->boot,
  };
  if (page->person != NULL)
    add_methods (adding);
  else if (page->channel != NULL)
    add_row (adding, page->channel, NULL, 0);
}

void
incident_paging_add (const IncidentRules *rules,
                     const IncidentPlan  *plan,
                     guint64              number,
                     guint                episode,
                     int                  draft,
                     gint64               now,
                     GPtrArray           *messages)
{
  Adding adding = { rules, number, episode, draft, now, messages, plan->now_boot, { NULL, } };

  for (guint i = 0; i < plan->pages->len; i++)
    {
      const IncidentPlannedPage *page = &g_array_index (plan->pages, IncidentPlannedPage, i);

      g_assert (page->event < plan->events->len);
      adding.draft = draft + (int) page->event;
      if (page->is_sent)
        add_page (&adding, plan, page);
    }
}

/* Is it wanted? */

/* By an event after @after. */
static gboolean
has_acknowledged (const IncidentState *state,
                  const char          *person, /* NULL: anybody */
                  guint                after)
{
  return incident_dossier_get_acked (state->dossier, person) > after;
}

/* Its policy is not known any more: whoever is there for that case is asked nevertheless. */
static gboolean
outlives_run (const IncidentPageBody *body,
              const IncidentRun      *run)
{
  return run->state == INCIDENT_RUN_EXHAUSTED
         || (run->state == INCIDENT_RUN_ENDED && g_strcmp0 (run->why, "target-gone") == 0 && g_strcmp0 (body->reason, "fallback") == 0);
}

/* Whoever says to be at it is not called to it, unless somebody has asked for them by name since; all else is the run's to know, and what it has gone on
 * in spite of does not count at its end. Beside runs a channel calls for anybody. */
static gboolean
is_acknowledged (const IncidentOutboxRow *row,
                 const IncidentPageBody  *body,
                 const IncidentState     *state,
                 const IncidentRun       *run)
{
  if (run == NULL)
    return has_acknowledged (state, body->person, body->arming > 0 ? body->arming : row->seq);
  if (body->person != NULL && has_acknowledged (state, body->person, 0))
    return TRUE;

  return outlives_run (body, run) ? has_acknowledged (state, NULL, run->seq) : run->state == INCIDENT_RUN_ACKED;
}

/* The run stands at a later position, in which it has paged the person again. */
static gboolean
is_superseded (const IncidentPageBody *body,
               const IncidentRun      *run)
{
  IncidentPageBody there = { .loop = run->loop, .arming = run->arming, .step = run->step + 1u };

  return body->person != NULL && incident_page_body_compare (body, &there) < 0 && run->paged != NULL
         && incident_strings_contain (run->paged, body->person);
}

const char *
incident_paging_find_unwanted (const IncidentOutboxRow *row,
                               const IncidentState     *state)
{
  g_auto(IncidentPageBody) body = { NULL, };
  const IncidentRun *run;

  if (!state->live || state->episode != row->episode)
    return unwanted[NOT_LIVE].words;

  incident_page_body_read (&body, row->body);
  run = body.run > 0 ? incident_run_find (state->runs, body.run) : NULL;
  if (is_acknowledged (row, &body, state, run))
    return unwanted[ACKNOWLEDGED].words;
  if (run == NULL)
    return NULL;
  if (run->state == INCIDENT_RUN_ENDED && !outlives_run (&body, run))
    return unwanted[ENDED].words;
  if (run->state == INCIDENT_RUN_PAUSED)
    return unwanted[PAUSED].words;

  return is_superseded (&body, run) ? unwanted[SUPERSEDED].words : NULL;
}

const char *
incident_paging_get_code (const char *why)
{
  for (guint i = 0; i < G_N_ELEMENTS (unwanted); i++)
    if (g_strcmp0 (unwanted[i].words, why) == 0)
      return unwanted[i].code;

  return NULL;
}

gboolean
incident_paging_is_asked (const IncidentOutboxRow *row,
                          const IncidentState     *state)
{
  g_auto(IncidentPageBody) body = { NULL, };

  if (!state->live || state->episode != row->episode)
    return FALSE;

  incident_page_body_read (&body, row->body);
  return !is_acknowledged (row, &body, state, body.run > 0 ? incident_run_find (state->runs, body.run) : NULL);
}

static gboolean
awaits_by_run (const IncidentState *state,
               const char          *person)
{
  for (const IncidentRun *run = state->runs; run != NULL; run = run->next)
    if (run->state == INCIDENT_RUN_RUNNING && run->episode == state->episode && incident_run_has_paged (run, person))
      return state->live && !has_acknowledged (state, person, 0);

  return FALSE;
}

static gboolean
asks_by_name (const IncidentOutboxRow *row,
              const IncidentState     *state,
              const char              *person)
{
  g_auto(IncidentPageBody) body = { NULL, };

  return row->kind == INCIDENT_MESSAGE_KIND_PAGE && incident_page_body_read (&body, row->body) && body.run == 0
         && g_strcmp0 (body.person, person) == 0 && incident_paging_is_asked (row, state);
}

gboolean
incident_paging_awaits (IncidentStore       *store,
                        guint64              number,
                        const IncidentState *state,
                        const char          *person)
{
  IncidentOutboxQuery query = { .subject = number, .limit = INCIDENT_PAGES_A_LOOK };
  gboolean is_all = awaits_by_run (state, person);
  gboolean awaits = is_all;

  while (!is_all)
    {
      g_autoptr(GPtrArray) rows = incident_store_list_messages (store, &query, NULL);

      for (guint i = 0; rows != NULL && i < rows->len && !awaits; i++)
        {
          const IncidentOutboxRow *row = g_ptr_array_index (rows, i);

          query.after = row->id;
          awaits = asks_by_name (row, state, person);
        }
      is_all = awaits || rows == NULL || rows->len < query.limit;
    }

  return awaits;
}

/* What the state does not know any more: the steps in between. */
const char *
incident_paging_find_later (IncidentStore           *store,
                            const IncidentOutboxRow *row)
{
  g_auto(IncidentPageBody) body = { NULL, };
  IncidentOutboxQuery query = { .subject = row->subject, .after = row->id, .limit = INCIDENT_PAGES_A_LOOK };
  gboolean is_all = FALSE;

  if (!incident_page_body_read (&body, row->body) || body.person == NULL)
    return NULL;

  while (!is_all)
    {
      g_autoptr(GPtrArray) rows = incident_store_list_messages (store, &query, NULL);

      for (guint i = 0; rows != NULL && i < rows->len; i++)
        {
          const IncidentOutboxRow *later = g_ptr_array_index (rows, i);
          g_auto(IncidentPageBody) other = { NULL, };

          query.after = later->id;
          if (later->kind == INCIDENT_MESSAGE_KIND_PAGE && later->seq > row->seq && incident_page_body_read (&other, later->body)
              && other.run == body.run && g_strcmp0 (other.person, body.person) == 0)
            return unwanted[SUPERSEDED].words;
        }
      is_all = rows == NULL || rows->len < query.limit;
    }

  return NULL;
}

/* Did it fail? */

/* What came of another method of the same page. */
static gboolean
is_lost (IncidentStore           *store,
         const IncidentOutboxRow *row,
         IncidentPageBody        *body,
         guint                    method,
         GPtrArray               *troubles)
{
  IncidentOutboxRow like = { .subject = row->subject, .episode = row->episode, .channel = row->channel };
  g_autofree char *key = NULL;
  g_autoptr(IncidentOutboxRow) other = NULL;

  body->method = method;
  key = make_key (&like, body);
  other = incident_store_find_message (store, 0, key, NULL);
  /* Its channel was none when the page was made. */
  if (other == NULL)
    return TRUE;
  if (other->state != INCIDENT_MESSAGE_STATE_DEAD && other->state != INCIDENT_MESSAGE_STATE_EXPIRED)
    return FALSE;

  g_ptr_array_add (troubles, g_strdup_printf ("%s: %s", other->channel, other->trouble != NULL ? other->trouble : "no reason is known"));
  return TRUE;
}

GPtrArray *
incident_paging_list_failures (IncidentStore              *store,
                               const IncidentOutboxRow    *row,
                               const IncidentOutboxChange *change)
{
  g_autoptr(GPtrArray) troubles = g_ptr_array_new_with_free_func (g_free);
  g_auto(IncidentPageBody) body = { NULL, };
  guint method;

  if (row->kind != INCIDENT_MESSAGE_KIND_PAGE || !incident_page_body_read (&body, row->body))
    return NULL;

  method = body.method;
  for (guint i = 1; i <= body.methods; i++)
    if (i == method)
      g_ptr_array_add (troubles, g_strdup_printf ("%s: %s", row->channel,
                                                  change->trouble != NULL ? change->trouble : "no reason is known"));
    else if (!is_lost (store, row, &body, i, troubles))
      return NULL;

  return g_steal_pointer (&troubles);
}

gboolean
incident_paging_is_current (const IncidentPageBody *body,
                            const IncidentState    *state)
{
  const IncidentRun *run = body->run > 0 ? incident_run_find (state->runs, body->run) : NULL;

  return run != NULL && !incident_run_is_over (run) && run->loop == body->loop && run->arming == body->arming
         && run->step + 1u == body->step;
}
