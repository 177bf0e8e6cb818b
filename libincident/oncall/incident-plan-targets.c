/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "oncall/incident-plan-inside-private.h"

#include "model/incident-assignment-private.h"

/* From targets to people. All are resolved when a step begins, from what is known then. */

gboolean
incident_planner_is_acked (const IncidentPlanner *self,
                           const char            *person)
{
  const IncidentDossier *dossier = self->state->dossier;

  return dossier != NULL && incident_strings_contain (dossier->acknowledged, person)
         && !incident_names_contain (self->unacked, g_intern_string (person));
}

static IncidentPlannedPage *
add (IncidentPlanner    *self,
     const IncidentWalk *walk,
     const char         *target,
     IncidentPageReason  reason)
{
  IncidentPlannedPage page = { .target = g_strdup (target), .reason = reason, .event = self->plan->events->len };

  page.is_sent = incident_page_reason_is_sent (reason);
  if (walk != NULL)
    {
      page.run = walk->number;
      page.step = walk->step;
      page.loop = walk->loop;
      page.arming = walk->arming;
    }
  g_array_append_val (self->plan->pages, page);
  return &g_array_index (self->plan->pages, IncidentPlannedPage, self->plan->pages->len - 1);
}

static gboolean
is_paged_already (const IncidentPlanner *self,
                  const char            *person)
{
  for (guint i = self->plan->pages->len; i-- > 0;)
    {
      const IncidentPlannedPage *page = &g_array_index (self->plan->pages, IncidentPlannedPage, i);

      if (page->event != self->plan->events->len)
        return FALSE;
      if (page->is_sent && page->person == person)
        return TRUE;
    }

  return FALSE;
}

static IncidentPageReason
judge (const IncidentPlanner *self,
       const char            *person,
       IncidentPageReason     reason)
{
  const IncidentOncallPerson *known = incident_oncall_rules_get_person (self->rules->oncall, person);

  if (known == NULL)
    return INCIDENT_PAGE_REASON_TARGET_GONE;
  if (is_paged_already (self, person))
    return INCIDENT_PAGE_REASON_ALREADY_PAGED;
  if (reason != INCIDENT_PAGE_REASON_DIRECT && incident_planner_is_acked (self, person))
    return INCIDENT_PAGE_REASON_ACKED;

  return known->methods->len > 0 ? reason : INCIDENT_PAGE_REASON_NO_CONTACT;
}

static gboolean
page_person (IncidentPlanner    *self,
             const IncidentWalk *walk,
             const char         *name,
             const char         *target,
             IncidentPageReason  reason)
{
  const char *person = g_intern_string (name);
  IncidentPlannedPage *page = add (self, walk, target, judge (self, person, reason));

  page->person = person;
  return page->is_sent;
}

static gboolean
page_people (IncidentPlanner    *self,
             const IncidentWalk *walk,
             const GPtrArray    *people,
             const char         *target,
             IncidentPageReason  reason)
{
  gboolean is_anybody_paged = FALSE;

  for (guint i = 0; i < people->len; i++)
    is_anybody_paged |= page_person (self, walk, g_ptr_array_index (people, i), target, reason);
  if (people->len == 0)
    add (self, walk, target, INCIDENT_PAGE_REASON_NOBODY_ON_CALL);

  return is_anybody_paged;
}

static gboolean
page_channel (IncidentPlanner    *self,
              const IncidentWalk *walk,
              const char         *name,
              const char         *target,
              IncidentPageReason  reason)
{
  gboolean is_there = incident_comms_rules_get_channel (self->rules->comms, name) != NULL;
  IncidentPlannedPage *page = add (self, walk, target, is_there ? reason : INCIDENT_PAGE_REASON_TARGET_GONE);

  page->channel = g_intern_string (name);
  return page->is_sent;
}

/* FALSE: there is no such target any more. */
static gboolean
list_people (const IncidentPlanner *self,
             const IncidentTarget  *target,
             GPtrArray             *people)
{
  const GPtrArray *members;

  switch (target->kind)
    {
    case INCIDENT_TARGET_TEAM:
      members = g_hash_table_lookup (self->rules->oncall->teams, target->name);
      for (guint i = 0; members != NULL && i < members->len; i++)
        g_ptr_array_add (people, g_ptr_array_index (members, i));
      return members != NULL;
    case INCIDENT_TARGET_SCHEDULE:
      return incident_roster_get_on_call (self->planning->roster, target->name, self->planning->now, people);
    case INCIDENT_TARGET_ROLE:
      for (guint i = 0; self->state->assignments != NULL && i < self->state->assignments->len; i++)
        {
          IncidentAssignment *assignment = g_ptr_array_index (self->state->assignments, i);

          if (incident_assignment_get_until (assignment) == INCIDENT_TIME_NONE
              && g_str_equal (incident_assignment_get_role (assignment), target->name))
            g_ptr_array_add (people, (gpointer) incident_assignment_get_person (assignment));
        }
      return TRUE;
    case INCIDENT_TARGET_PERSON:
      g_ptr_array_add (people, (gpointer) target->name);
      return TRUE;
    case INCIDENT_TARGET_CHANNEL:
    default:
      return FALSE;
    }
}

static gboolean
page_target (IncidentPlanner      *self,
             const IncidentWalk   *walk,
             const IncidentTarget *target,
             IncidentPageReason    reason)
{
  g_autofree char *name = incident_target_to_string (target);
  g_autoptr(GPtrArray) people = NULL;

  if (target->kind == INCIDENT_TARGET_CHANNEL)
    return page_channel (self, walk, target->name, name, reason);

  people = g_ptr_array_new ();
  if (list_people (self, target, people))
    return page_people (self, walk, people, name, reason);

  add (self, walk, name, INCIDENT_PAGE_REASON_TARGET_GONE);
  return FALSE;
}

gboolean
incident_planner_page (IncidentPlanner    *self,
                       const IncidentWalk *walk,
                       const GArray       *targets,
                       IncidentPageReason  reason)
{
  gboolean is_anybody_paged = FALSE;

  for (guint i = 0; i < targets->len; i++)
    is_anybody_paged |= page_target (self, walk, &g_array_index (targets, IncidentTarget, i), reason);

  return is_anybody_paged;
}

gboolean
incident_planner_page_again (IncidentPlanner    *self,
                             const IncidentWalk *walk,
                             const GPtrArray    *people,
                             IncidentPageReason  reason)
{
  gboolean is_anybody_paged = FALSE;

  for (guint i = 0; people != NULL && i < people->len; i++)
    {
      const char *person = g_ptr_array_index (people, i);
      g_autofree char *target = g_strconcat ("person ", person, NULL);

      if (!is_paged_already (self, person) && !incident_planner_is_acked (self, person))
        is_anybody_paged |= page_person (self, walk, person, target, reason);
    }

  return is_anybody_paged;
}

void
incident_planner_leave_out (IncidentPlanner    *self,
                            const IncidentWalk *walk,
                            IncidentPageReason  reason)
{
  const IncidentPolicyStep *step = g_ptr_array_index (walk->policy->steps, walk->step);

  for (guint i = 0; i < step->targets->len; i++)
    {
      g_autofree char *target = incident_target_to_string (&g_array_index (step->targets, IncidentTarget, i));

      add (self, walk, target, reason);
    }
}
