/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "oncall/incident-plan-inside-private.h"

#include "base/incident-json-writer-private.h"
#include "model/incident-binding-private.h"
#include "model/incident-record-private.h"

/* How a decision becomes an event: facts for the fold, a payload for people. */

static const char *
get_step_name (const IncidentWalk *walk)
{
  if (walk == NULL || walk->policy == NULL || walk->step >= walk->policy->steps->len)
    return NULL;

  return ((const IncidentPolicyStep *) g_ptr_array_index (walk->policy->steps, walk->step))->name;
}

static const IncidentPlannedPage *
get_page (const IncidentPlanner *self,
          guint                  position)
{
  return &g_array_index (self->plan->pages, IncidentPlannedPage, position);
}

/* Deadlines */

void
incident_planner_wait (IncidentPlanner *self,
                       gint64           wait)
{
  const IncidentPlanning *planning = self->planning;
  IncidentPlan *plan = self->plan;

  if (wait >= plan->due - planning->now)
    return;

  plan->due = planning->now + wait;
  plan->due_boot = planning->boot != 0 ? planning->now_boot + wait : G_MAXINT64;
}

void
incident_planner_wait_until (IncidentPlanner *self,
                             gint64           due)
{
  if (due >= self->plan->due)
    return;

  self->plan->due = due;
  self->plan->due_boot = G_MAXINT64;
}

static void
append_due (IncidentPlanner      *self,
            const IncidentSaying *saying,
            GString              *facts)
{
  const IncidentPlanning *planning = self->planning;

  if (!saying->says_due)
    return;

  if (saying->wait >= 0)
    {
      incident_facts_append_time (facts, "run-due", planning->now + saying->wait);
      if (planning->boot != 0)
        g_string_append_printf (facts, "\nrun-boot=%x/%" G_GINT64_FORMAT, planning->boot, planning->now_boot + saying->wait);
      incident_planner_wait (self, saying->wait);
    }
  else if (saying->due == INCIDENT_TIME_NONE || saying->due == G_MAXINT64)
    incident_facts_append (facts, "run-due", "never");
  else
    {
      incident_facts_append_time (facts, "run-due", saying->due);
      incident_planner_wait_until (self, saying->due);
    }
}

/* Facts */

static void
append_people (IncidentPlanner      *self,
               const IncidentSaying *saying,
               GString              *facts)
{
  for (guint i = saying->first_page; i < self->plan->pages->len; i++)
    {
      const IncidentPlannedPage *page = get_page (self, i);

      if (page->is_sent && page->run != 0)
        incident_facts_append (facts, saying->reaches ? "reached" : "paged", page->person != NULL ? page->person : page->target);
    }
  for (guint i = 0; saying->acked_by != NULL && i < saying->acked_by->len; i++)
    incident_facts_append (facts, "acked-by", g_ptr_array_index (saying->acked_by, i));
  for (guint i = 0; saying->takes_back && self->unacked != NULL && i < self->unacked->len; i++)
    incident_facts_append (facts, "unacknowledged", g_ptr_array_index (self->unacked, i));
}

static void
append_run (const IncidentWalk   *walk,
            const IncidentSaying *saying,
            GString              *facts)
{
  incident_facts_append_number (facts, "run", walk->number);
  if (saying->begins)
    incident_facts_append (facts, "policy", walk->policy_name);
  if (saying->begins || saying->moves)
    incident_facts_append (facts, "policy-version", walk->version);
  if (saying->state >= 0)
    incident_facts_append (facts, "run-state", incident_run_state_to_string ((IncidentRunState) saying->state));
  if (saying->why != NULL)
    incident_facts_append (facts, "run-why", saying->why);
  incident_facts_append_number (facts, "step", walk->step + 1);
  incident_facts_append_number (facts, "loop", walk->loop);
  incident_facts_append_number (facts, "arming", walk->arming);
  if (saying->fires)
    incident_facts_append (facts, "fired", "yes");
}

static char *
make_facts (IncidentPlanner      *self,
            const IncidentWalk   *walk,
            const IncidentSaying *saying)
{
  GString *facts = g_string_sized_new (192);

  if (walk != NULL)
    append_run (walk, saying, facts);
  append_people (self, saying, facts);
  append_due (self, saying, facts);
  if (saying->wakes && incident_planner_get_snooze (self) != INCIDENT_TIME_NONE)
    incident_facts_append (facts, "snoozed-until", "no");
  if (self->answers != 0)
    incident_facts_append_number (facts, "answers", self->answers);
  incident_facts_append (facts, "by", "rule");
  return g_string_free (facts, FALSE);
}

/* Words */

static void
append_name (GString    *text,
             const char *name,
             guint       place,
             guint       n)
{
  g_string_append_printf (text, "%s%s", place == 0 ? "" : place + 1 == n ? " and " : ", ", name);
}

static char *
dup_text (IncidentPlanner      *self,
          const IncidentSaying *saying)
{
  GString *text = g_string_new (NULL);
  guint n_sent = 0;
  guint n = 0;

  for (guint i = saying->first_page; i < self->plan->pages->len; i++)
    n_sent += get_page (self, i)->is_sent ? 1 : 0;
  if (n_sent > 0)
    g_string_append (text, "paged ");
  for (guint i = saying->first_page; i < self->plan->pages->len; i++)
    if (get_page (self, i)->is_sent)
      append_name (text, get_page (self, i)->person != NULL ? get_page (self, i)->person : get_page (self, i)->target, n++, n_sent);
  if (n_sent > 0 || saying->first_page == self->plan->pages->len)
    return g_string_free (text, FALSE);

  g_string_append (text, "nobody is paged: ");
  for (guint i = saying->first_page; i < self->plan->pages->len; i++)
    {
      const IncidentPlannedPage *page = get_page (self, i);

      g_string_append_printf (text, "%s%s (%s)", i > saying->first_page ? ", " : "", incident_page_reason_to_string (page->reason),
                              page->person != NULL ? page->person : page->target);
    }
  return g_string_free (text, FALSE);
}

static void
write_page (IncidentJsonWriter        *writer,
            const IncidentPlannedPage *page)
{
  incident_json_writer_begin_object (writer);
  if (page->person != NULL)
    incident_json_writer_member (writer, "person", page->person);
  if (page->channel != NULL)
    incident_json_writer_member (writer, "channel", page->channel);
  incident_json_writer_member (writer, "target", page->target);
  incident_json_writer_member (writer, "reason", incident_page_reason_to_string (page->reason));
  incident_json_writer_end_object (writer);
}

static void
write_pages (IncidentPlanner      *self,
             const IncidentSaying *saying,
             gboolean              are_sent,
             IncidentJsonWriter   *writer)
{
  gboolean has_begun = FALSE;

  for (guint i = saying->first_page; i < self->plan->pages->len; i++)
    {
      const IncidentPlannedPage *page = get_page (self, i);

      if (page->is_sent != are_sent)
        continue;
      if (!has_begun)
        {
          incident_json_writer_name (writer, are_sent ? "pages" : "not-paged");
          incident_json_writer_begin_array (writer);
          has_begun = TRUE;
        }
      write_page (writer, page);
    }
  if (has_begun)
    incident_json_writer_end_array (writer);
}

static char *
make_payload (IncidentPlanner      *self,
              const IncidentWalk   *walk,
              const IncidentSaying *saying)
{
  g_autofree char *text = saying->text != NULL ? g_strdup (saying->text) : dup_text (self, saying);
  IncidentJsonWriter writer;

  incident_json_writer_init (&writer, FALSE);
  incident_json_writer_begin_object (&writer);
  if (*text != '\0')
    incident_json_writer_member (&writer, "text", text);
  if (walk != NULL)
    {
      incident_json_writer_member (&writer, "policy", walk->policy_name);
      incident_json_writer_member (&writer, "version", walk->version);
    }
  if (get_step_name (walk) != NULL)
    incident_json_writer_member (&writer, "step", get_step_name (walk));
  if ((int) saying->reason >= 0)
    incident_json_writer_member (&writer, "reason", incident_page_reason_to_string (saying->reason));
  if (walk != NULL && walk->late > 0)
    {
      incident_json_writer_name (&writer, "late");
      incident_json_writer_int (&writer, walk->late);
    }
  write_pages (self, saying, TRUE, &writer);
  write_pages (self, saying, FALSE, &writer);
  incident_json_writer_end_object (&writer);
  return incident_json_writer_finish (&writer);
}

void
incident_planner_say (IncidentPlanner      *self,
                      const IncidentWalk   *walk,
                      const IncidentSaying *saying)
{
  IncidentPlannedEvent event = { g_intern_string (saying->kind), make_facts (self, walk, saying), make_payload (self, walk, saying) };

  g_array_append_val (self->plan->events, event);
  self->answers = 0;
}
