/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "desk/incident-simulating-private.h"

#include "desk/incident-paging-private.h"

/* The messages of a simulation: made as the escalator makes them, and sent to nobody. */

void
incident_send_free (IncidentSend *self)
{
  incident_page_body_clear (&self->body);
  incident_outbox_row_free (self->row);
  g_free (self);
}

gint64
incident_simulating_get_wall (const IncidentSimulating *self)
{
  return self->now + self->ahead;
}

/* What is told */

/* The fallback is of no step, though its pages have a place of their own behind the last one. */
static guint
find_step (const IncidentSimulating *self,
           guint                     number,
           guint                     step)
{
  const IncidentRun *run = number > 0 ? incident_run_find (self->simulation.state->runs, number) : NULL;
  const IncidentPolicyRules *policy = run != NULL ? incident_oncall_rules_get_policy (self->roster->rules->oncall, run->policy) : NULL;

  return policy != NULL && step > policy->steps->len ? 0 : step;
}

static void
write_position (IncidentJsonWriter *writer,
                gint64              at,
                guint               run,
                guint               step,
                guint               loop,
                guint               arming)
{
  incident_json_writer_moment (writer, "at", at);
  incident_json_writer_name (writer, "run");
  incident_json_writer_int (writer, run);
  incident_json_writer_name (writer, "step");
  incident_json_writer_int (writer, step);
  incident_json_writer_name (writer, "loop");
  incident_json_writer_int (writer, loop);
  /* Beside runs it is the place of the event that asks. */
  incident_json_writer_name (writer, "arming");
  incident_json_writer_int (writer, run > 0 ? arming : 0);
}

static void
write_send (const IncidentSimulating *self,
            IncidentJsonWriter       *writer,
            const IncidentSend       *send,
            const char               *reason)
{
  incident_json_writer_begin_object (writer);
  write_position (writer, incident_simulating_get_wall (self), send->body.run, find_step (self, send->body.run, send->body.step),
                  send->body.loop, send->body.arming);
  incident_json_writer_member (writer, "step-name", send->body.step_name);
  incident_json_writer_member (writer, "policy", send->body.policy);
  incident_json_writer_member (writer, "person", send->body.person);
  incident_json_writer_name (writer, "method");
  incident_json_writer_int (writer, send->body.method);
  incident_json_writer_member (writer, "channel", send->row->channel);
  incident_json_writer_member (writer, "reason", reason);
  incident_json_writer_member (writer, "target", send->body.target);
  if (send->has_failed)
    {
      incident_json_writer_name (writer, "failed");
      incident_json_writer_boolean (writer, TRUE);
    }
  incident_json_writer_end_object (writer);
}

static void
write_not_paged (IncidentSimulating        *self,
                 const IncidentPlannedPage *page,
                 gint64                     at)
{
  IncidentJsonWriter *writer = &self->not_paged;

  incident_json_writer_begin_object (writer);
  write_position (writer, at, page->run, page->run > 0 ? find_step (self, page->run, page->step + 1) : 0, page->loop, page->arming);
  incident_json_writer_member (writer, "person", page->person);
  incident_json_writer_member (writer, "reason", incident_page_reason_to_string (page->reason));
  incident_json_writer_member (writer, "target", page->target);
  incident_json_writer_end_object (writer);
}

/* Sending */

/* One who is paged again by a run is not to hear of what it paged them for before. */
static void
supersede (IncidentSimulating *self,
           const IncidentSend *later)
{
  for (guint i = self->first_waiting; i < self->sends->len; i++)
    {
      IncidentSend *send = g_ptr_array_index (self->sends, i);

      if (send->is_over || send->firing == later->firing || later->body.person == NULL || send->body.run != later->body.run
          || g_strcmp0 (send->body.person, later->body.person) != 0)
        continue;
      send->is_over = TRUE;
      write_send (self, &self->not_paged, send, "superseded");
    }
}

void
incident_simulating_told (const IncidentPlan  *plan,
                          const IncidentState *state,
                          gint64               at,
                          gpointer             data)
{
  IncidentSimulating *self = data;
  g_autoptr(GPtrArray) rows = g_ptr_array_new ();

  incident_paging_add (self->roster->rules, plan, self->number, (guint) state->episode, 0, at, rows);
  self->n_firings++;
  for (guint i = 0; i < rows->len; i++)
    {
      IncidentSend *send = g_new0 (IncidentSend, 1);

      send->row = g_ptr_array_index (rows, i);
      send->row->seq = state->version;
      send->firing = self->n_firings;
      incident_page_body_read (&send->body, send->row->body);
      supersede (self, send);
      g_ptr_array_add (self->sends, send);
    }
  for (guint i = 0; i < plan->pages->len; i++)
    if (!g_array_index (plan->pages, IncidentPlannedPage, i).is_sent)
      write_not_paged (self, &g_array_index (plan->pages, IncidentPlannedPage, i), at);
}

static gboolean
fails (const IncidentSimulating *self,
       const IncidentSend       *send)
{
  for (guint i = 0; i < self->failures->len; i++)
    {
      const IncidentFailure *failure = &g_array_index (self->failures, IncidentFailure, i);

      if (g_strcmp0 (failure->person, send->body.person) == 0
          && (failure->channel == NULL || g_str_equal (failure->channel, send->row->channel)))
        return TRUE;
    }

  return FALSE;
}

/* No way to the person has worked, and none is left. */
static gboolean
is_lost (const IncidentSimulating *self,
         const IncidentSend       *send)
{
  for (guint i = 0; i < self->sends->len; i++)
    {
      const IncidentSend *other = g_ptr_array_index (self->sends, i);

      if (other->firing == send->firing && g_strcmp0 (other->body.person, send->body.person) == 0
          && other->body.run == send->body.run && !other->has_failed)
        return FALSE;
    }

  return TRUE;
}

static void
tell_lost (IncidentSimulating *self,
           const IncidentSend *send)
{
  g_autoptr(GString) facts = g_string_new (NULL);

  if (!incident_paging_is_current (&send->body, self->simulation.state))
    return;

  incident_facts_append (facts, "by", "rule");
  incident_facts_append_number (facts, "run", send->body.run);
  incident_facts_append (facts, "page-failed", send->body.person);
  incident_simulation_apply (&self->simulation, facts->str, INCIDENT_DESK_ACTOR, incident_simulating_get_wall (self));
}

static void
send_one (IncidentSimulating *self,
          IncidentSend       *send)
{
  const char *why = incident_paging_find_unwanted (send->row, self->simulation.state);

  send->is_over = TRUE;
  if (why != NULL)
    {
      write_send (self, &self->not_paged, send, incident_paging_get_code (why));
      return;
    }

  send->has_failed = send->body.person != NULL && fails (self, send);
  write_send (self, &self->pages, send, send->body.reason);
  if (send->has_failed && is_lost (self, send))
    tell_lost (self, send);
  if (!send->has_failed && send->body.person != NULL && self->first_person < 0)
    self->first_person = self->now - self->scenario->from;
}

/* Those whose time has come, as they were made. */
void
incident_simulating_send_due (IncidentSimulating *self)
{
  for (guint i = self->first_waiting; i < self->sends->len; i++)
    {
      IncidentSend *send = g_ptr_array_index (self->sends, i);

      if (!send->is_over && send->body.due_boot <= self->now)
        send_one (self, send);
    }
  while (self->first_waiting < self->sends->len
         && ((IncidentSend *) g_ptr_array_index (self->sends, self->first_waiting))->is_over)
    self->first_waiting++;
}

