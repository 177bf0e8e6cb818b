/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "desk/incident-firing-private.h"

#include <libincident/incident-error.h>

#include <string.h>

#include "oncall/incident-plan-likeness-private.h"

/* Who reads one case reads all that is said beside it, so that is kept within bounds. */
#define MAX_PLACES 255

/* So many of the last groups are looked through for one that a case belongs to: more would cost more than planning. */
#define N_LOOKED_AT 8

/* How far back alerts are looked for: a condition asks for those of the last minutes or hours. */
#define ALERTS_SINCE G_TIME_SPAN_DAY

static void
group_free (gpointer data)
{
  IncidentFiringGroup *self = data;

  incident_state_clear (self->state);
  g_free (self->state);
  incident_plan_clear (&self->plan);
  g_array_unref (self->cases);
  g_free (self);
}

/* @state: (transfer full) */
static IncidentFiringGroup *
group_new (IncidentState *state)
{
  IncidentFiringGroup *self = g_new0 (IncidentFiringGroup, 1);

  self->state = state;
  self->cases = g_array_new (FALSE, FALSE, sizeof (IncidentFiringCase));
  incident_plan_init (&self->plan);
  return self;
}

void
incident_firing_init (IncidentFiring         *self,
                      IncidentDesk           *desk,
                      const IncidentPlanning *planning)
{
  *self = (IncidentFiring) {
    .desk = desk,
    .planning = planning,
    .groups = g_ptr_array_new_with_free_func (group_free),
    .drafts = g_ptr_array_new_with_free_func ((GDestroyNotify) incident_record_unref),
    .messages = g_ptr_array_new_with_free_func ((GDestroyNotify) incident_outbox_row_free),
  };
  incident_operations_draw (incident_desk_get_operations (desk), self->operation);
}

void
incident_firing_clear (IncidentFiring *self)
{
  g_clear_pointer (&self->groups, g_ptr_array_unref);
  g_clear_pointer (&self->drafts, g_ptr_array_unref);
  g_clear_pointer (&self->messages, g_ptr_array_unref);
}

/* Looking: the store shows states under its lock, so all that planning needs is kept, once for those that are alike. */

static gboolean
look (guint64               number,
      const IncidentState  *state,
      gpointer              data,
      GError              **error)
{
  GPtrArray *groups = data;
  const IncidentFiringCase kase = { number, state->version, (guint32) state->episode };
  IncidentFiringGroup *group = NULL;

  for (guint i = 0; group == NULL && i < MIN (groups->len, N_LOOKED_AT); i++)
    {
      IncidentFiringGroup *known = g_ptr_array_index (groups, groups->len - 1 - i);

      if (incident_plan_is_alike (known->state, state))
        group = known;
    }
  if (group == NULL)
    {
      group = group_new (incident_state_copy (state));
      g_ptr_array_add (groups, group);
    }

  g_array_append_val (group->cases, kase);
  return TRUE;
}

/* Alerts */

/* By the number of a case (element-type IncidentAlert). NULL: they are not known, and conditions that ask for them hold. */
static GHashTable *
list_alerts (IncidentFiring *self)
{
  g_autoptr(GPtrArray) alerts = incident_desk_list_alerts (self->desk, NULL, self->planning->now - ALERTS_SINCE, NULL);
  GHashTable *by_case;

  if (alerts == NULL)
    return NULL;

  by_case = g_hash_table_new_full (g_int64_hash, g_int64_equal, g_free, (GDestroyNotify) g_ptr_array_unref);
  for (guint i = 0; i < alerts->len; i++)
    {
      IncidentAlert *alert = g_ptr_array_index (alerts, i);
      guint64 number = incident_alert_get_case_number (alert);
      GPtrArray *of_case = g_hash_table_lookup (by_case, &number);

      if (of_case == NULL)
        {
          of_case = g_ptr_array_new_with_free_func ((GDestroyNotify) incident_alert_unref);
          g_hash_table_insert (by_case, g_memdup2 (&number, sizeof number), of_case);
        }
      g_ptr_array_add (of_case, incident_alert_ref (alert));
    }

  return by_case;
}

/* Planning */

static gboolean
are_same_plans (const IncidentPlan *a,
                const IncidentPlan *b)
{
  if (a->events->len != b->events->len || a->due != b->due || a->due_boot != b->due_boot)
    return FALSE;

  for (guint i = 0; i < a->events->len; i++)
    {
      const IncidentPlannedEvent *left = &g_array_index (a->events, IncidentPlannedEvent, i);
      const IncidentPlannedEvent *right = &g_array_index (b->events, IncidentPlannedEvent, i);

      if (left->kind != right->kind || !g_str_equal (left->facts, right->facts) || !g_str_equal (left->payload, right->payload))
        return FALSE;
    }

  return TRUE;
}

/* @group (transfer full) is planned. */
static void
add_planned (IncidentFiring      *self,
             IncidentFiringGroup *group)
{
  for (guint i = 0; i < MIN (self->groups->len, N_LOOKED_AT); i++)
    {
      IncidentFiringGroup *known = g_ptr_array_index (self->groups, self->groups->len - 1 - i);

      if (!are_same_plans (&known->plan, &group->plan))
        continue;
      g_array_append_vals (known->cases, group->cases->data, group->cases->len);
      group_free (group);
      return;
    }

  g_ptr_array_add (self->groups, group);
}

/* Each has its own alerts, so each is planned by itself. */
static void
plan_each (IncidentFiring      *self,
           IncidentFiringGroup *group /* (transfer full) */,
           GHashTable          *alerts)
{
  g_autoptr(GPtrArray) none = g_ptr_array_new ();

  for (guint i = 0; i < group->cases->len; i++)
    {
      const IncidentFiringCase *kase = &g_array_index (group->cases, IncidentFiringCase, i);
      IncidentFiringGroup *alone = group_new (incident_state_copy (group->state));
      IncidentPlanning planning = *self->planning;

      if (alerts != NULL)
        planning.alerts = g_hash_table_lookup (alerts, &kase->number);
      if (alerts != NULL && planning.alerts == NULL)
        planning.alerts = none;
      g_array_append_val (alone->cases, *kase);
      incident_plan_make (&alone->plan, &planning, alone->state);
      add_planned (self, alone);
    }
  group_free (group);
}

static void
plan_groups (IncidentFiring *self,
             GPtrArray      *found)
{
  g_autoptr(GHashTable) alerts = NULL;
  gboolean asked = FALSE;

  for (guint i = 0; i < found->len; i++)
    {
      IncidentFiringGroup *group = g_ptr_array_index (found, i);

      if (incident_plan_needs_alerts (self->planning, group->state))
        {
          if (!asked)
            alerts = list_alerts (self);
          asked = TRUE;
          plan_each (self, group, alerts);
          continue;
        }
      incident_plan_make (&group->plan, self->planning, group->state);
      add_planned (self, group);
    }
}

/* Drafting */

static IncidentRecord *
draft_event (IncidentFiring             *self,
             const IncidentPlannedEvent *event,
             const IncidentFiringCase   *cases,
             guint                       n_cases,
             guint                       position)
{
  IncidentRecord *draft = incident_record_new ();

  draft->subject = cases[0].number;
  draft->seq = cases[0].version + 1 + position;
  draft->step = self->step;
  draft->occurred_at = self->planning->now;
  draft->recorded_at = self->planning->now;
  draft->kind = event->kind;
  draft->actor = g_ref_string_new_intern (INCIDENT_DESK_ACTOR);
  memcpy (draft->operation, self->operation, INCIDENT_OPERATION_LENGTH);
  draft->facts = g_ref_string_new (event->facts);
  draft->payload = g_strdup (event->payload);
  if (n_cases > 1)
    draft->also = g_array_sized_new (FALSE, TRUE, sizeof (IncidentPlace), n_cases - 1);
  for (guint i = 1; i < n_cases; i++)
    {
      IncidentPlace place = { .subject = cases[i].number, .seq = cases[i].version + 1 + position };

      g_array_append_val (draft->also, place);
    }
  self->step += n_cases;
  return draft;
}

static gboolean
pages_anybody (const IncidentPlan *plan)
{
  for (guint i = 0; i < plan->pages->len; i++)
    if (g_array_index (plan->pages, IncidentPlannedPage, i).is_sent)
      return TRUE;

  return FALSE;
}

static void
draft_group (IncidentFiring            *self,
             const IncidentFiringGroup *group)
{
  const IncidentFiringCase *cases = (const IncidentFiringCase *) (gpointer) group->cases->data;
  const GArray *events = group->plan.events;
  gboolean pages = pages_anybody (&group->plan);
  guint n;

  for (guint done = 0; events->len > 0 && done < group->cases->len; done += n)
    {
      int first = (int) self->drafts->len;

      n = MIN (group->cases->len - done, MAX_PLACES + 1);
      for (guint i = 0; i < events->len; i++)
        g_ptr_array_add (self->drafts, draft_event (self, &g_array_index (events, IncidentPlannedEvent, i), cases + done, n, i));
      for (guint i = 0; pages && i < n; i++)
        incident_paging_add (self->planning->roster->rules, &group->plan, cases[done + i].number, cases[done + i].episode,
                             first, self->planning->now, self->messages);
    }
}

gboolean
incident_firing_plan (IncidentFiring  *self,
                      const guint64   *numbers,
                      gsize            n_numbers,
                      GError         **error)
{
  g_autoptr(GPtrArray) found = g_ptr_array_new ();

  if (!incident_store_look_at (incident_desk_get_store (self->desk), numbers, n_numbers, look, found, error))
    {
      g_ptr_array_foreach (found, (GFunc) (GCallback) group_free, NULL);
      return FALSE;
    }

  plan_groups (self, found);
  for (guint i = 0; i < self->groups->len; i++)
    draft_group (self, g_ptr_array_index (self->groups, i));
  return TRUE;
}

/* Committing */

gboolean
incident_firing_commit (IncidentFiring  *self,
                        IncidentClaim   *claim,
                        gboolean        *is_known,
                        GError         **error)
{
  IncidentCommit commit = { .drafts = self->drafts, .messages = self->messages, .claim = claim };
  g_autoptr(GError) local_error = NULL;
  guint64 subject = 0;

  *is_known = TRUE;
  if (incident_desk_commit (self->desk, &commit, &local_error))
    return TRUE;

  /* A failed COMMIT may have come through all the same; others that are in the way are no such thing. */
  if (!g_error_matches (local_error, INCIDENT_ERROR, INCIDENT_ERROR_CONFLICT)
      && incident_store_find_operation (incident_desk_get_store (self->desk), self->operation, &subject, NULL) && subject != 0)
    {
      *is_known = FALSE;
      return TRUE;
    }

  g_propagate_error (error, g_steal_pointer (&local_error));
  return FALSE;
}
