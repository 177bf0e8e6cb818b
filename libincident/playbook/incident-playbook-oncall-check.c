/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "playbook/incident-playbook-compile-private.h"

/* What is right about being on call, and would be found wrong at three in the morning. */

#define LONG_FIRST_WAIT G_TIME_SPAN_HOUR

static gboolean
can_be_paged (const IncidentOncallRules *oncall,
              const char                *name)
{
  const IncidentOncallPerson *person = incident_oncall_rules_get_person (oncall, name);

  return person != NULL && person->methods->len > 0;
}

/* People that nothing leads to */

/* @told: of whom it has been said already. */
static void
check_person (IncidentCompiler *self,
              IncidentNode     *where,
              const char       *name,
              GHashTable       *told)
{
  if (!can_be_paged (self->rules->oncall, name) && g_hash_table_add (told, (gpointer) name))
    incident_problems_add (self->warnings, where, "cannot be paged: “%s” has neither “pages” nor a contact that one of the channels "
                           "leads to", name);
}

static void
check_team (IncidentCompiler *self,
            IncidentNode     *where,
            GHashTable       *told)
{
  const GPtrArray *members = g_hash_table_lookup (self->rules->oncall->teams, where->value.string);

  for (guint i = 0; members != NULL && i < members->len; i++)
    check_person (self, where, g_ptr_array_index (members, i), told);
}

/* Of a layer: the one or the other. */
static void
check_people_of (IncidentCompiler *self,
                 IncidentNode     *layer,
                 GHashTable       *told)
{
  IncidentNode *people = incident_node_get_member (layer, "people");
  IncidentNode *team = incident_node_get_member (layer, "team");

  for (guint i = 0; i < incident_node_get_length (people); i++)
    check_person (self, incident_node_get_child (people, i), incident_node_get_child (people, i)->value.string, told);
  if (team != NULL)
    check_team (self, team, told);
}

static void
check_targets (IncidentCompiler *self,
               IncidentNode     *list,
               GHashTable       *told)
{
  for (guint i = 0; i < incident_node_get_length (list); i++)
    {
      IncidentNode *node = incident_node_get_child (list, i);
      IncidentNode *person = incident_node_get_member (node, "person");
      IncidentNode *team = incident_node_get_member (node, "team");

      if (person != NULL)
        check_person (self, person, person->value.string, told);
      if (team != NULL)
        check_team (self, team, told);
    }
}

static void
check_people (IncidentCompiler *self,
              IncidentNode     *root)
{
  g_autoptr(GHashTable) told = g_hash_table_new (g_str_hash, g_str_equal);
  IncidentNode *entry;

  for (guint i = 0; incident_compiler_next_entry (incident_node_get_member (root, "schedules"), &i, &entry);)
    {
      IncidentNode *layers = incident_node_get_member (entry, "layers");

      for (guint j = 0; j < incident_node_get_length (layers); j++)
        check_people_of (self, incident_node_get_child (layers, j), told);
    }
  for (guint i = 0; incident_compiler_next_entry (incident_node_get_member (root, "policies"), &i, &entry);)
    {
      IncidentNode *steps = incident_node_get_member (entry, "steps");

      for (guint j = 0; j < incident_node_get_length (steps); j++)
        check_targets (self, incident_node_get_member (incident_node_get_child (steps, j), "page"), told);
      check_targets (self, incident_node_get_member (entry, "fallback"), told);
    }
  check_targets (self, incident_node_get_member (incident_node_get_member (root, "escalation"), "fallback"), told);
}

static void
check_pages (IncidentCompiler *self,
             IncidentNode     *people)
{
  IncidentNode *entry;

  for (guint i = 0; incident_compiler_next_entry (people, &i, &entry);)
    {
      const GArray *methods = incident_oncall_rules_get_person (self->rules->oncall, entry->name)->methods;
      gboolean is_at_once = methods->len == 0;

      for (guint j = 0; j < methods->len; j++)
        is_at_once = is_at_once || g_array_index (methods, IncidentContactMethod, j).after == 0;
      if (!is_at_once)
        incident_problems_add (self->warnings, incident_node_get_member (entry, "pages"),
                               "has none that goes out at once: each has an “after”");
    }
}

/* Whom a policy leads to */

typedef struct
{
  GHashTable *people;     /* a set of names */
  gboolean    has_others; /* a role or a channel, behind which may be anybody */
} Reach;

static void
add_all (GHashTable      *people,
         const GPtrArray *names)
{
  for (guint i = 0; names != NULL && i < names->len; i++)
    g_hash_table_add (people, g_ptr_array_index (names, i));
}

static void
reach_target (const IncidentOncallRules *oncall,
              const IncidentTarget      *target,
              Reach                     *reach)
{
  const IncidentScheduleRules *schedule;

  switch (target->kind)
    {
    case INCIDENT_TARGET_PERSON:
      g_hash_table_add (reach->people, (gpointer) target->name);
      break;
    case INCIDENT_TARGET_TEAM:
      add_all (reach->people, g_hash_table_lookup (oncall->teams, target->name));
      break;
    case INCIDENT_TARGET_SCHEDULE:
      schedule = incident_oncall_rules_get_schedule (oncall, target->name);
      for (guint i = 0; i < schedule->layers->len; i++)
        add_all (reach->people, ((const IncidentLayer *) g_ptr_array_index (schedule->layers, i))->people);
      break;
    case INCIDENT_TARGET_ROLE:
    case INCIDENT_TARGET_CHANNEL:
    default:
      reach->has_others = TRUE;
      break;
    }
}

static void
reach_step (const IncidentOncallRules *oncall,
            const IncidentPolicyStep  *step,
            Reach                     *reach)
{
  for (guint i = 0; i < step->targets->len; i++)
    reach_target (oncall, &g_array_index (step->targets, IncidentTarget, i), reach);
}

static void
check_step (IncidentCompiler         *self,
            const IncidentPolicyStep *step,
            IncidentNode             *node)
{
  g_autoptr(GHashTable) people = g_hash_table_new (g_str_hash, g_str_equal);
  Reach reach = { people, FALSE };
  GHashTableIter iter;
  gpointer name;

  reach_step (self->rules->oncall, step, &reach);
  g_hash_table_iter_init (&iter, people);
  while (g_hash_table_iter_next (&iter, &name, NULL))
    if (can_be_paged (self->rules->oncall, name))
      return;

  if (!reach.has_others)
    incident_problems_add (self->warnings, incident_node_get_member (node, "page"),
                           "never reaches anybody: none of them has a way to be paged");
}

static void
check_steps (IncidentCompiler          *self,
             const IncidentPolicyRules *policy,
             IncidentNode              *entry)
{
  g_autoptr(GHashTable) people = g_hash_table_new (g_str_hash, g_str_equal);
  g_autofree gpointer *names = NULL;
  Reach reach = { people, FALSE };
  gboolean is_always = FALSE;

  for (guint i = 0; i < policy->steps->len; i++)
    {
      const IncidentPolicyStep *step = g_ptr_array_index (policy->steps, i);
      gboolean has_hours = step->hours.interval != NULL || step->hours.off != NULL;

      check_step (self, step, incident_node_get_child (incident_node_get_member (entry, "steps"), i));
      reach_step (self->rules->oncall, step, &reach);
      is_always = is_always || (step->condition == NULL && (!has_hours || step->waits_for_hours));
    }
  names = g_hash_table_get_keys_as_array (people, NULL);
  if (!reach.has_others && g_hash_table_size (people) == 1)
    incident_problems_add (self->warnings, entry, "pages nobody but “%s”: if they do not wake up, nobody comes", (const char *) names[0]);
  if (!is_always)
    incident_problems_add (self->warnings, incident_node_get_member (entry, "steps"),
                           "may all be skipped, by an “if” or outside of “hours”: then only the fallback is paged");
}

static void
check_times (IncidentCompiler          *self,
             const IncidentPolicyRules *policy,
             IncidentNode              *entry)
{
  IncidentNode *first = incident_node_get_child (incident_node_get_member (entry, "steps"), 0);
  gint64 begins = 0;

  if (policy->steps->len > 1 && ((const IncidentPolicyStep *) g_ptr_array_index (policy->steps, 0))->wait >= LONG_FIRST_WAIT)
    incident_problems_add (self->warnings, incident_node_get_member (first, "wait"),
                           "is long for a first step: so long nobody else is paged, whoever is asleep");
  for (guint i = 0; policy->give_up > 0 && i + 1 < policy->steps->len; i++)
    {
      begins += ((const IncidentPolicyStep *) g_ptr_array_index (policy->steps, i))->wait;
      if (begins < policy->give_up)
        continue;
      incident_problems_add (self->warnings, incident_node_get_member (entry, "give-up-after"),
                             "is over before the step “%s” begins, if nobody acknowledges",
                             ((const IncidentPolicyStep *) g_ptr_array_index (policy->steps, i + 1))->name);
      return;
    }
}

static void
check_acknowledgement (IncidentCompiler          *self,
                       const IncidentPolicyRules *policy,
                       IncidentNode              *node)
{
  gboolean has_timeout = FALSE;

  for (guint i = 0; i < G_N_ELEMENTS (policy->ack_timeout); i++)
    has_timeout = has_timeout || policy->ack_timeout[i] > 0;
  if (has_timeout && policy->repeat == 0 && !policy->is_endless)
    incident_problems_add (self->warnings, node, "has a timeout, and there is no “repeat”: who falls asleep after the last step is "
                           "paged once more, and then nobody is");
}

/* Is it of some use? */

static gboolean
is_named_by_routes (IncidentNode *route,
                    const char   *policy)
{
  IncidentNode *routes = incident_node_get_member (route, "routes");

  if (g_strcmp0 (incident_node_get_string (route, "policy"), policy) == 0)
    return TRUE;

  for (guint i = 0; i < incident_node_get_length (routes); i++)
    if (is_named_by_routes (incident_node_get_child (routes, i), policy))
      return TRUE;
  return FALSE;
}

static gboolean
is_started (IncidentCompiler          *self,
            const IncidentPolicyRules *policy,
            IncidentNode              *root)
{
  const GPtrArray *starts = self->rules->oncall->starts;

  for (guint i = 0; i < starts->len; i++)
    if (((const IncidentPolicyStart *) g_ptr_array_index (starts, i))->policy == policy)
      return TRUE;

  return is_named_by_routes (incident_node_get_member (root, "route"), policy->name);
}

static void
check_policies (IncidentCompiler *self,
                IncidentNode     *root)
{
  const IncidentOncallRules *oncall = self->rules->oncall;
  IncidentNode *entry;

  for (guint i = 0; incident_compiler_next_entry (incident_node_get_member (root, "policies"), &i, &entry);)
    {
      const IncidentPolicyRules *policy = incident_oncall_rules_get_policy (oncall, entry->name);

      check_steps (self, policy, entry);
      check_times (self, policy, entry);
      check_acknowledgement (self, policy, incident_node_get_member (entry, "acknowledgement"));
      if (policy->fallback->len == 0 && oncall->fallback->len == 0)
        incident_problems_add (self->warnings, entry, "has no “fallback”, and “escalation” has none: where nobody comes, nobody else "
                               "is told");
      if (!is_started (self, policy, root))
        incident_problems_add (self->warnings, entry, "begins for no case by itself: neither “escalation” nor a service or its team "
                               "names it");
    }
}

static void
check_starts (IncidentCompiler *self,
              IncidentNode     *list)
{
  for (guint i = 0; i + 1 < incident_node_get_length (list); i++)
    if (incident_node_get_length (incident_node_get_member (incident_node_get_child (list, i), "if")) == 0)
      {
        incident_problems_add (self->warnings, incident_node_get_child (list, i), "is for every case, so that none gets to those after it");
        return;
      }
}

static void
add_schedules (const GArray *targets,
               GHashTable   *used)
{
  for (guint i = 0; i < targets->len; i++)
    {
      const IncidentTarget *target = &g_array_index (targets, IncidentTarget, i);

      if (target->kind == INCIDENT_TARGET_SCHEDULE)
        g_hash_table_add (used, (gpointer) target->name);
    }
}

static void
check_schedules (IncidentCompiler *self,
                 IncidentNode     *section)
{
  g_autoptr(GHashTable) used = g_hash_table_new (g_str_hash, g_str_equal);
  const IncidentOncallRules *oncall = self->rules->oncall;
  IncidentNode *entry;

  add_schedules (oncall->fallback, used);
  for (guint i = 0; i < oncall->policies->len; i++)
    {
      const IncidentPolicyRules *policy = g_ptr_array_index (oncall->policies, i);

      add_schedules (policy->fallback, used);
      for (guint j = 0; j < policy->steps->len; j++)
        add_schedules (((const IncidentPolicyStep *) g_ptr_array_index (policy->steps, j))->targets, used);
    }
  for (guint i = 0; incident_compiler_next_entry (section, &i, &entry);)
    if (!g_hash_table_contains (used, entry->name))
      incident_problems_add (self->warnings, entry, "is in no policy: nobody is paged by it");
}

void
incident_playbook_check_oncall (IncidentCompiler *self,
                                IncidentNode     *root)
{
  check_people (self, root);
  check_pages (self, incident_node_get_member (root, "people"));
  check_schedules (self, incident_node_get_member (root, "schedules"));
  check_policies (self, root);
  check_starts (self, incident_node_get_member (incident_node_get_member (root, "escalation"), "start"));
}
