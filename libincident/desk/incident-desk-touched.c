/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <libincident/incident-desk.h>

#include "desk/incident-desk-private.h"
#include "model/incident-assignment-private.h"
#include "model/incident-run-private.h"

/* Which open cases a change of the playbook is about. */

typedef struct
{
  const IncidentRules          *rules;
  const IncidentPlaybookChange *change;
  GPtrArray                    *ids;
} Search;

static gboolean
has_service (const IncidentState *state,
             const char          *service)
{
  return g_strcmp0 (state->service, service) == 0
         || (state->dossier != NULL && incident_strings_contain (state->dossier->services, service));
}

static gboolean
is_owned_by (Search              *self,
             const IncidentState *state,
             const char          *team)
{
  const IncidentRulesService *service = state->service != NULL
                                        ? g_hash_table_lookup (self->rules->services, state->service) : NULL;

  return service != NULL && g_strcmp0 (service->owner, team) == 0;
}

static gboolean
is_of_category (Search              *self,
                const IncidentState *state,
                const char          *category)
{
  const char *name = state->category;

  for (guint depth = 0; name != NULL && depth < 16; depth++)
    {
      const char *within = g_hash_table_lookup (self->rules->categories, name);

      if (g_str_equal (name, category))
        return TRUE;
      name = within != NULL && !g_str_equal (within, name) ? within : NULL;
    }

  return FALSE;
}

static gboolean
is_for_checklist (Search              *self,
                  const IncidentState *state,
                  const char          *name)
{
  const IncidentRulesChecklist *checklist = incident_rules_get_checklist (self->rules, name);
  IncidentSituation situation;

  if (state->dossier != NULL && incident_strings_contain (state->dossier->checklists, name))
    return TRUE;
  if (checklist == NULL || !checklist->is_automatic)
    return FALSE;

  incident_situation_init (&situation, state, NULL);
  return incident_condition_holds (&checklist->condition, self->rules, &situation);
}

/* Is somebody paged about it, by the policy if one is named? */
static gboolean
is_escalated (const IncidentState *state,
              const char          *policy)
{
  for (const IncidentRun *run = state->runs; run != NULL; run = run->next)
    if (run->state != INCIDENT_RUN_EXHAUSTED && run->state != INCIDENT_RUN_ENDED
        && (policy == NULL || g_strcmp0 (run->policy, policy) == 0))
      return TRUE;

  return FALSE;
}

static gboolean
is_touched (Search              *self,
            const IncidentState *state)
{
  /* What is about no case that is there. */
  static const char * const others[] = { "name", "automations", "sources", "correlate", "status-page", "desk", NULL };
  const char *section = self->change->section;
  const char *name = self->change->name;

  if (g_strv_contains (others, section))
    return FALSE;
  if (name == NULL)
    return TRUE;
  if (g_str_equal (section, "services"))
    return has_service (state, name);
  if (g_str_equal (section, "categories"))
    return is_of_category (self, state, name);
  if (g_str_equal (section, "severities"))
    return g_strcmp0 (incident_severity_to_string ((IncidentSeverity) state->severity), name) == 0;
  if (g_str_equal (section, "roles"))
    return incident_state_holds (state, name, NULL);
  if (g_str_equal (section, "people"))
    return incident_state_holds (state, NULL, name);
  if (g_str_equal (section, "teams"))
    return is_owned_by (self, state, name);
  if (g_str_equal (section, "checklists"))
    return is_for_checklist (self, state, name);
  if (g_str_equal (section, "policies"))
    return is_escalated (state, name);
  if (g_str_equal (section, "schedules") || g_str_equal (section, "holidays") || g_str_equal (section, "intervals"))
    return is_escalated (state, NULL);

  return TRUE;
}

static gboolean
look_at (const IncidentFold *fold,
         gpointer            data)
{
  Search *self = data;

  if (is_touched (self, &fold->state))
    g_ptr_array_add (self->ids, incident_case_number_to_string (fold->number));
  return TRUE;
}

/**
 * incident_desk_list_touched:
 * @self: a desk that has the playbook before the change
 * @change: a change, as [method@Playbook.diff] tells it
 * @error: return location for an error
 *
 * Tells which open cases a change of the playbook is about: those of the service
 * or category, those in which the person or the role acts, those that the team
 * owns, those that are escalated by the policy, or at all where a schedule,
 * holidays or an interval change; and all of them for what holds everywhere, such as rights. This
 * call blocks.
 *
 * Returns: (transfer container) (element-type utf8): the ids of the cases, the
 *   newest first; or %NULL with @error set to what ails the store
 *
 * Since: 0.1
 */
GPtrArray *
incident_desk_list_touched (IncidentDesk            *self,
                            IncidentPlaybookChange  *change,
                            GError                 **error)
{
  g_autoptr(GPtrArray) ids = g_ptr_array_new_with_free_func (g_free);
  g_autoptr(IncidentQuery) query = incident_query_new ();
  Search search = { NULL, };

  g_return_val_if_fail (INCIDENT_IS_DESK (self), NULL);
  g_return_val_if_fail (change != NULL, NULL);
  g_return_val_if_fail (error == NULL || *error == NULL, NULL);

  search.rules = incident_desk_get_rulebook (self)->rules;
  search.change = change;
  search.ids = ids;
  incident_query_set_open_only (query, TRUE);
  if (!incident_store_show_all_cases (incident_desk_get_store (self), query, look_at, &search, error))
    return NULL;

  return g_steal_pointer (&ids);
}
