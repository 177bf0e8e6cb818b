/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "playbook/incident-playbook-compile-private.h"

#include <string.h>

#include "base/incident-enum-private.h"
#include "playbook/incident-playbook-shape-private.h"

/* How people are paged, holidays, and which case gets which policy; schedules and policies
 * have files of their own. */

#define JULIAN_1970 719163

/* What names something in a section that is not there has not been looked up. */
static void
tell_unknown (IncidentCompiler *self,
              IncidentNode     *name,
              const char       *section)
{
  incident_problems_add (self->problems, name, "must be a name in “/%s”; “%s” is none there", section, name->value.string);
}

/* People */

/* How somebody is known on a channel; NULL: they are not, and have to be. */
static const char *
get_contact (IncidentCompiler           *self,
             const char                 *person,
             const IncidentChannelRules *channel)
{
  const IncidentContacts *contacts = g_hash_table_lookup (self->rules->comms->contacts, person);

  if (channel->dialect == INCIDENT_DIALECT_MAIL)
    return contacts != NULL ? contacts->mail : NULL;
  if (channel->dialect == INCIDENT_DIALECT_SLACK)
    return contacts != NULL ? contacts->slack : NULL;
  return person;
}

/* Slack knows them without their workspace. */
static const char *
get_recipient (const IncidentChannelRules *channel,
               const char                 *contact)
{
  const char *slash = channel->dialect == INCIDENT_DIALECT_SLACK ? strrchr (contact, '/') : NULL;

  return slash != NULL ? slash + 1 : contact;
}

static void
check_to (IncidentCompiler           *self,
          IncidentNode               *to,
          const IncidentChannelRules *channel)
{
  if (channel->dialect == INCIDENT_DIALECT_MAIL)
    incident_shape_check (&incident_playbook_address_shape, to, NULL, self->problems);
  if (channel->dialect == INCIDENT_DIALECT_SLACK)
    incident_shape_check (&incident_playbook_slack_user_shape, to, NULL, self->problems);
}

static void
read_method (IncidentCompiler *self,
             IncidentNode     *node,
             const char       *person,
             GArray           *methods)
{
  IncidentNode *by = incident_node_get_member (node, "by");
  IncidentNode *to = incident_node_get_member (node, "to");
  const IncidentChannelRules *channel = incident_comms_rules_get_channel (self->rules->comms, by->value.string);
  const char *contact = incident_compiler_keep (self, node, "to");

  if (channel == NULL)
    {
      tell_unknown (self, by, "channels");
      return;
    }
  if (to != NULL)
    check_to (self, to, channel);
  else
    contact = get_contact (self, person, channel);

  if (contact != NULL)
    {
      IncidentContactMethod method = {
        channel->name, get_recipient (channel, contact), incident_compiler_get_duration (node, "after", 0)
      };

      g_array_append_val (methods, method);
    }
  else
    incident_problems_add (self->problems, node, "must say “to” whom, or “%s” must have a contact for %s in “contacts”", person,
                           channel->dialect == INCIDENT_DIALECT_MAIL ? "mail" : "slack");
}

/* All that is known of how to reach them, at once. */
static void
add_usual_methods (IncidentCompiler *self,
                   const char       *person,
                   GArray           *methods)
{
  const GPtrArray *channels = self->rules->comms->channels;

  for (guint i = 0; i < channels->len; i++)
    {
      const IncidentChannelRules *channel = g_ptr_array_index (channels, i);
      gboolean is_usual = channel->dialect == INCIDENT_DIALECT_MAIL || channel->dialect == INCIDENT_DIALECT_SLACK;
      const char *contact = is_usual ? get_contact (self, person, channel) : NULL;

      if (contact != NULL)
        {
          IncidentContactMethod method = { channel->name, get_recipient (channel, contact), 0 };

          g_array_append_val (methods, method);
        }
    }
}

static void
read_people (IncidentCompiler *self,
             IncidentNode     *section)
{
  IncidentNode *entry;

  for (guint i = 0; incident_compiler_next_entry (section, &i, &entry);)
    {
      const char *name = incident_rules_keep (self->rules, entry->name);
      const char *zone = incident_node_get_string (entry, "zone");
      IncidentNode *pages = incident_node_get_member (entry, "pages");
      IncidentOncallPerson *person = incident_oncall_rules_add_person (self->rules->oncall, name);

      person->zone = zone != NULL ? g_time_zone_new_identifier (zone) : NULL;
      for (guint j = 0; j < incident_node_get_length (pages); j++)
        read_method (self, incident_node_get_child (pages, j), name, person->methods);
      if (pages == NULL)
        add_usual_methods (self, name, person->methods);
    }
}

static void
read_teams (IncidentCompiler *self,
            IncidentNode     *section)
{
  IncidentNode *entry;

  for (guint i = 0; incident_compiler_next_entry (section, &i, &entry);)
    g_hash_table_insert (self->rules->oncall->teams, (gpointer) incident_rules_keep (self->rules, entry->name),
                         incident_compiler_keep_list (self, entry, "members"));
}

/* Holidays */

static int
compare_holidays (gconstpointer a,
                  gconstpointer b)
{
  const IncidentHoliday *left = a;
  const IncidentHoliday *right = b;

  return (left->day > right->day) - (left->day < right->day);
}

static void
read_holiday (IncidentCompiler *self,
              IncidentNode     *node,
              GHashTable       *days,
              IncidentHolidays *holidays)
{
  IncidentNode *day = incident_node_get_member (node, "day");
  IncidentHoliday holiday = { .what = incident_compiler_keep (self, node, "what") };
  GDate date;

  if (!g_hash_table_add (days, (gpointer) day->value.string))
    incident_problems_add (self->problems, day, "is there twice: each day once");
  if (incident_date_from_text (day->value.string, &date))
    holiday.day = (gint32) g_date_get_julian (&date) - JULIAN_1970;
  g_array_append_val (holidays->days, holiday);
}

static void
read_holidays (IncidentCompiler *self,
               IncidentNode     *section)
{
  IncidentNode *entry;

  for (guint i = 0; incident_compiler_next_entry (section, &i, &entry);)
    {
      g_autoptr(GHashTable) days = g_hash_table_new (g_str_hash, g_str_equal);
      IncidentHolidays *holidays =
        incident_oncall_rules_add_holidays (self->rules->oncall, incident_rules_keep (self->rules, entry->name));

      for (guint j = 0; j < incident_node_get_length (entry); j++)
        read_holiday (self, incident_node_get_child (entry, j), days, holidays);
      g_array_sort (holidays->days, compare_holidays);
    }
}

const IncidentHolidays *
incident_compiler_find_holidays (IncidentCompiler *self,
                                 IncidentNode     *name)
{
  const GPtrArray *all = self->rules->oncall->holidays;

  if (name == NULL)
    return NULL;

  for (guint i = 0; i < all->len; i++)
    if (g_str_equal (((const IncidentHolidays *) g_ptr_array_index (all, i))->name, name->value.string))
      return g_ptr_array_index (all, i);
  tell_unknown (self, name, "holidays");
  return NULL;
}

const IncidentPolicyRules *
incident_compiler_find_policy (IncidentCompiler *self,
                               IncidentNode     *name)
{
  const IncidentPolicyRules *policy =
    name != NULL ? incident_oncall_rules_get_policy (self->rules->oncall, name->value.string) : NULL;

  if (name != NULL && policy == NULL)
    tell_unknown (self, name, "policies");
  return policy;
}

/* Targets and conditions */

static const char * const target_kinds[] = {
  [INCIDENT_TARGET_PERSON] = "person",
  [INCIDENT_TARGET_TEAM] = "team",
  [INCIDENT_TARGET_SCHEDULE] = "schedule",
  [INCIDENT_TARGET_ROLE] = "role",
  [INCIDENT_TARGET_CHANNEL] = "channel",
};

/* Of a page that is for no person. */
static void
check_channel (IncidentCompiler *self,
               IncidentNode     *name)
{
  const IncidentChannelRules *channel = incident_comms_rules_get_channel (self->rules->comms, name->value.string);

  if (channel == NULL)
    tell_unknown (self, name, "channels");
  else if (channel->dialect == INCIDENT_DIALECT_MAIL && channel->to->len == 0)
    incident_problems_add (self->problems, name, "must be a channel that leads to somebody by itself: “%s” has no “to”", channel->name);
  else if (channel->dialect == INCIDENT_DIALECT_SLACK && channel->announce == NULL)
    incident_problems_add (self->problems, name, "must be a channel that leads to somebody by itself: “%s” has no “announce”",
                           channel->name);
}

static void
check_target (IncidentCompiler     *self,
              IncidentNode         *name,
              const IncidentTarget *target)
{
  if (target->kind == INCIDENT_TARGET_CHANNEL)
    check_channel (self, name);
  else if (target->kind == INCIDENT_TARGET_TEAM && g_hash_table_lookup (self->rules->oncall->teams, target->name) == NULL)
    tell_unknown (self, name, "teams");
  else if (target->kind == INCIDENT_TARGET_SCHEDULE
           && incident_oncall_rules_get_schedule (self->rules->oncall, target->name) == NULL)
    tell_unknown (self, name, "schedules");
}

void
incident_compiler_read_targets (IncidentCompiler *self,
                                IncidentNode     *list,
                                GArray           *targets)
{
  for (guint i = 0; i < incident_node_get_length (list); i++)
    {
      IncidentNode *node = incident_node_get_child (list, i);

      for (guint kind = 0; kind < G_N_ELEMENTS (target_kinds); kind++)
        {
          IncidentNode *name = incident_node_get_member (node, target_kinds[kind]);
          IncidentTarget target = { (IncidentTargetKind) kind, incident_compiler_keep (self, node, target_kinds[kind]) };

          if (name == NULL)
            continue;
          check_target (self, name, &target);
          g_array_append_val (targets, target);
        }
    }
}

void
incident_compiler_read_oncall_condition (IncidentCompiler        *self,
                                         IncidentNode            *node,
                                         IncidentOncallCondition *condition)
{
  IncidentNode *priorities = incident_node_get_member (node, "priority");
  IncidentNode *alerts = incident_node_get_member (node, "alerts");

  incident_compiler_check_filled (self, node);
  incident_compiler_read_condition (self, node, &condition->condition);
  for (guint i = 0; i < incident_node_get_length (priorities); i++)
    condition->priorities |=
      1u << incident_compiler_get_enum (INCIDENT_TYPE_PRIORITY, incident_node_get_child (priorities, i)->value.string);
  incident_compiler_read_matchers (self, incident_node_get_member (node, "labels"), condition->labels);
  condition->alerts = incident_compiler_get_number (alerts, "at-least", 0);
  condition->within = incident_compiler_get_duration (alerts, "within", 0);
}

/* Escalation */

static void
read_starts (IncidentCompiler *self,
             IncidentNode     *list)
{
  for (guint i = 0; i < incident_node_get_length (list); i++)
    {
      IncidentNode *node = incident_node_get_child (list, i);
      IncidentPolicyStart *start = incident_oncall_rules_add_start (self->rules->oncall);

      incident_compiler_read_oncall_condition (self, incident_node_get_member (node, "if"), &start->condition);
      start->policy = incident_compiler_find_policy (self, incident_node_get_member (node, "policy"));
    }
}

static void
add_start_of_service (IncidentCompiler          *self,
                      const char                *service,
                      const IncidentPolicyRules *policy)
{
  IncidentPolicyStart *start = incident_oncall_rules_add_start (self->rules->oncall);

  incident_compiler_read_oncall_condition (self, NULL, &start->condition);
  g_ptr_array_add (start->condition.condition.services, (gpointer) service);
  start->policy = policy;
}

static int
compare_nodes (gconstpointer a,
               gconstpointer b)
{
  return strcmp ((*(const IncidentNode * const *) a)->name, (*(const IncidentNode * const *) b)->name);
}

/* Its own policy, or that of the team that owns it. */
static void
read_starts_of_services (IncidentCompiler *self,
                         IncidentNode     *services,
                         IncidentNode     *teams)
{
  g_autoptr(GPtrArray) sorted = g_ptr_array_new ();
  IncidentNode *entry;

  for (guint i = 0; incident_compiler_next_entry (teams, &i, &entry);)
    {
      const IncidentPolicyRules *own = incident_compiler_find_policy (self, incident_node_get_member (entry, "policy"));

      if (own != NULL)
        g_hash_table_insert (self->rules->oncall->team_policies, (gpointer) incident_rules_keep (self->rules, entry->name), (gpointer) own);
    }
  for (guint i = 0; incident_compiler_next_entry (services, &i, &entry);)
    g_ptr_array_add (sorted, entry);
  g_ptr_array_sort (sorted, compare_nodes);
  for (guint i = 0; i < sorted->len; i++)
    {
      IncidentNode *service = g_ptr_array_index (sorted, i);
      const char *owner = incident_node_get_string (service, "owner");
      IncidentNode *team = owner != NULL ? incident_node_get_member (teams, owner) : NULL;
      const char *policy = incident_node_get_string (team, "policy");
      const IncidentPolicyRules *found = incident_compiler_find_policy (self, incident_node_get_member (service, "policy"));

      if (found == NULL && policy != NULL)
        found = incident_oncall_rules_get_policy (self->rules->oncall, policy);
      if (found != NULL)
        add_start_of_service (self, incident_rules_keep (self->rules, service->name), found);
    }
}

static void
read_escalation (IncidentCompiler *self,
                 IncidentNode     *section)
{
  IncidentOncallRules *oncall = self->rules->oncall;
  IncidentNode *rate = incident_node_get_member (section, "rate");

  read_starts (self, incident_node_get_member (section, "start"));
  incident_compiler_check_not_empty (self, incident_node_get_member (section, "fallback"));
  incident_compiler_read_targets (self, incident_node_get_member (section, "fallback"), oncall->fallback);
  incident_compiler_check_not_empty (self, incident_node_get_member (rate, "except"));
  oncall->rate = incident_compiler_get_number (rate, "pages", 0);
  oncall->rate_window = incident_compiler_get_duration (rate, "within", 0);
  oncall->rate_except = incident_compiler_get_severities (incident_node_get_member (rate, "except"));
}

/* Of structures whose first member is their name. */
static int
compare_names (gconstpointer a,
               gconstpointer b)
{
  return strcmp (**(const char * const * const *) a, **(const char * const * const *) b);
}

void
incident_playbook_compile_oncall (IncidentCompiler *self,
                                  IncidentNode     *root)
{
  IncidentOncallRules *oncall = self->rules->oncall;

  G_STATIC_ASSERT (G_STRUCT_OFFSET (IncidentHolidays, name) == 0);
  G_STATIC_ASSERT (G_STRUCT_OFFSET (IncidentScheduleRules, name) == 0);
  G_STATIC_ASSERT (G_STRUCT_OFFSET (IncidentPolicyRules, name) == 0);

  read_people (self, incident_node_get_member (root, "people"));
  read_teams (self, incident_node_get_member (root, "teams"));
  read_holidays (self, incident_node_get_member (root, "holidays"));
  incident_playbook_compile_schedules (self, incident_node_get_member (root, "schedules"));
  incident_playbook_compile_policies (self, incident_node_get_member (root, "policies"));
  g_ptr_array_sort (oncall->holidays, compare_names);
  g_ptr_array_sort (oncall->schedules, compare_names);
  g_ptr_array_sort (oncall->policies, compare_names);
  read_escalation (self, incident_node_get_member (root, "escalation"));
  read_starts_of_services (self, incident_node_get_member (root, "services"), incident_node_get_member (root, "teams"));
  if (self->problems->len == 0)
    incident_playbook_check_oncall (self, root);
}
