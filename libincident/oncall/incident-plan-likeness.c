/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "oncall/incident-plan-likeness-private.h"

#include "model/incident-assignment-private.h"

/* Most strings are interned, and the same where their addresses are. */

static inline gboolean
are_same_texts (const char *a,
                const char *b)
{
  return a == b || g_strcmp0 (a, b) == 0;
}

static gboolean
are_same_names (const GPtrArray *a,
                const GPtrArray *b)
{
  guint n = a != NULL ? a->len : 0;

  if (n != (b != NULL ? b->len : 0))
    return FALSE;
  for (guint i = 0; i < n; i++)
    if (g_ptr_array_index (a, i) != g_ptr_array_index (b, i))
      return FALSE;

  return TRUE;
}

static gboolean
are_same_places (const IncidentRun *a,
                 const IncidentRun *b)
{
  return a->number == b->number && a->episode == b->episode && a->step == b->step && a->loop == b->loop
         && a->arming == b->arming && a->state == b->state && a->has_fired == b->has_fired && a->is_empty == b->is_empty
         && a->failures == b->failures;
}

static gboolean
are_same_runs (const IncidentRun *a,
               const IncidentRun *b)
{
  for (; a != NULL && b != NULL; a = a->next, b = b->next)
    if (a->policy != b->policy || a->version != b->version || a->why != b->why || !are_same_places (a, b)
        || a->started_at != b->started_at || a->frozen_at != b->frozen_at || a->due != b->due || a->due_boot != b->due_boot || a->boot != b->boot
        || a->seq != b->seq
        || !are_same_names (a->paged, b->paged) || !are_same_names (a->reached, b->reached)
        || !are_same_names (a->failed, b->failed) || !are_same_names (a->acked_by, b->acked_by))
      return FALSE;

  return a == b;
}

static gboolean
has_roles (const IncidentState *state)
{
  return state->assignments != NULL && state->assignments->len > 0;
}

gboolean
incident_plan_is_alike (const IncidentState *a,
                        const IncidentState *b)
{
  return a->phase == b->phase && are_same_texts (a->service, b->service) && are_same_texts (a->category, b->category)
         && a->episode == b->episode && a->level == b->level && a->binding == b->binding
         && a->severity == b->severity && a->impact == b->impact && a->urgency == b->urgency
         && a->priority == b->priority && a->priority_by == b->priority_by && a->live == b->live && a->open == b->open
         && a->severity_from_alert == b->severity_from_alert && a->major == b->major
         && a->dossier == NULL && b->dossier == NULL && !has_roles (a) && !has_roles (b)
         && are_same_runs (a->runs, b->runs);
}
