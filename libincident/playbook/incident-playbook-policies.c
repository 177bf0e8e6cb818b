/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "playbook/incident-playbook-compile-private.h"

#include "base/incident-enum-private.h"

/* Escalation policies. */

static void
read_hours (IncidentCompiler   *self,
            IncidentNode       *node,
            IncidentPolicyStep *step)
{
  IncidentNode *interval = incident_node_get_member (node, "interval");
  IncidentNode *except = incident_node_get_member (node, "except");
  IncidentNode *zone = incident_node_get_member (node, "zone");

  if (node == NULL)
    return;

  step->hours.interval = interval != NULL ? incident_compiler_find_interval (self, interval) : NULL;
  step->hours.off = incident_compiler_find_holidays (self, except);
  step->hours.zone = zone != NULL ? g_time_zone_new_identifier (zone->value.string) : NULL;
  step->waits_for_hours = g_str_equal (incident_node_get_string (node, "outside"), "wait");
  if (interval == NULL && except == NULL)
    incident_problems_add (self->problems, node, "must say when they are by “interval”, “except” or both");
  else if (except != NULL && zone == NULL)
    incident_problems_add (self->problems, node, "must say by “zone” by whose clocks the days of “except” are");
  else if (except == NULL && zone != NULL)
    incident_problems_add (self->problems, zone, "is for the days of “except” alone: an interval has a zone of its own");
}

static void
read_step (IncidentCompiler    *self,
           IncidentNode        *node,
           IncidentPolicyRules *policy,
           GHashTable          *names)
{
  IncidentPolicyStep *step = incident_policy_rules_add_step (policy, incident_compiler_keep_name (self, node, names));
  IncidentNode *page = incident_node_get_member (node, "page");
  IncidentNode *condition = incident_node_get_member (node, "if");

  step->wait = incident_compiler_get_duration (node, "wait", 0);
  step->wants_all = incident_node_get_boolean (node, "everybody-acknowledges");
  if (page->children->len == 0)
    incident_problems_add (self->problems, page, "must name at least one who is paged");
  incident_compiler_read_targets (self, page, step->targets);
  if (condition != NULL)
    {
      step->condition = g_new (IncidentOncallCondition, 1);
      incident_oncall_condition_init (step->condition);
      incident_compiler_read_oncall_condition (self, condition, step->condition);
    }
  read_hours (self, incident_node_get_member (node, "hours"), step);
}

static void
read_steps (IncidentCompiler    *self,
            IncidentNode        *list,
            IncidentPolicyRules *policy)
{
  g_autoptr(GHashTable) names = g_hash_table_new (g_str_hash, g_str_equal);

  for (guint i = 0; i < incident_node_get_length (list); i++)
    read_step (self, incident_node_get_child (list, i), policy, names);
  if (list->children->len == 0)
    incident_problems_add (self->problems, list, "must have at least one step, which says who is paged");
}

static void
read_end (IncidentCompiler    *self,
          IncidentNode        *entry,
          IncidentPolicyRules *policy)
{
  IncidentNode *repeat = incident_node_get_member (entry, "repeat");
  IncidentNode *endless = incident_node_get_member (entry, "endless");

  policy->repeat = incident_compiler_get_number (entry, "repeat", 0);
  policy->is_endless = incident_node_get_boolean (entry, "endless");
  policy->give_up = incident_compiler_get_duration (entry, "give-up-after", 0);
  if (policy->is_endless && policy->give_up == 0)
    incident_problems_add (self->problems, endless, "must have an end: say by “give-up-after” how long people are paged at most");
  if (policy->is_endless && repeat != NULL)
    incident_problems_add (self->problems, repeat, "must be left out: “endless” begins anew until “give-up-after”");
}

static void
read_acknowledgement (IncidentCompiler    *self,
                      IncidentNode        *node,
                      IncidentPolicyRules *policy)
{
  IncidentNode *entry;

  for (guint i = 0; i < G_N_ELEMENTS (policy->ack_timeout); i++)
    policy->ack_timeout[i] = incident_compiler_get_duration (node, "timeout", 0);
  for (guint i = 0; incident_compiler_next_entry (incident_node_get_member (node, "timeouts"), &i, &entry);)
    policy->ack_timeout[incident_compiler_get_enum (INCIDENT_TYPE_SEVERITY, entry->name)] =
      incident_duration_from_text (entry->value.string);
  policy->any_ack = g_strcmp0 (incident_node_get_string (node, "by"), "anybody") == 0;
}

void
incident_playbook_compile_policies (IncidentCompiler *self,
                                    IncidentNode     *section)
{
  IncidentNode *entry;

  for (guint i = 0; incident_compiler_next_entry (section, &i, &entry);)
    {
      IncidentPolicyRules *policy =
        incident_oncall_rules_add_policy (self->rules->oncall, incident_rules_keep (self->rules, entry->name));

      policy->title = incident_compiler_keep (self, entry, "title");
      read_steps (self, incident_node_get_member (entry, "steps"), policy);
      read_end (self, entry, policy);
      read_acknowledgement (self, incident_node_get_member (entry, "acknowledgement"), policy);
      incident_compiler_check_not_empty (self, incident_node_get_member (entry, "fallback"));
      incident_compiler_read_targets (self, incident_node_get_member (entry, "fallback"), policy->fallback);
    }
}
