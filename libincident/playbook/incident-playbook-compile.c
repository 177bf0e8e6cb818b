/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "playbook/incident-playbook-compile-private.h"

#include <libincident/incident-time.h>

#include <string.h>

#include "base/incident-enum-private.h"

/* From a document to rules, section by section. The document has the shape already, so
 * that a member which is there is of its type. */

typedef IncidentCompiler Compiler;

static void
read_severities (Compiler     *self,
                 IncidentNode *section)
{
  IncidentNode *entry;

  for (guint i = 0; incident_compiler_next_entry (section, &i, &entry);)
    {
      IncidentBits bit = 1u << incident_compiler_get_enum (INCIDENT_TYPE_SEVERITY, entry->name);

      if (incident_node_get_member (entry, "major") != NULL)
        self->rules->major = incident_node_get_boolean (entry, "major") ? self->rules->major | bit : self->rules->major & ~bit;
    }
}

static void
read_matrix (Compiler     *self,
             IncidentNode *matrix)
{
  static const char * const levels[] = { "high", "medium", "low" };

  if (matrix == NULL)
    return;

  self->rules->has_matrix = TRUE;
  for (guint i = 0; i < G_N_ELEMENTS (levels); i++)
    {
      IncidentNode *row = incident_node_get_member (matrix, levels[i]);

      for (guint j = 0; row != NULL && j < G_N_ELEMENTS (levels); j++)
        {
          const char *priority = incident_node_get_string (row, levels[j]);

          if (priority == NULL)
            incident_problems_add (self->problems, row, "must say a priority for each urgency: “%s” is missing", levels[j]);
          else
            self->rules->matrix[i][j] = (IncidentPriority) incident_compiler_get_enum (INCIDENT_TYPE_PRIORITY, priority);
        }
      if (row == NULL)
        incident_problems_add (self->problems, matrix, "must have a row for each impact: “%s” is missing", levels[i]);
    }
}

static void
read_raises (Compiler     *self,
             IncidentNode *list)
{
  for (guint i = 0; i < incident_node_get_length (list); i++)
    {
      IncidentNode *node = incident_node_get_child (list, i);
      IncidentNode *services = incident_node_get_member (node, "services");
      IncidentNode *phase = incident_node_get_member (node, "phase");
      const char *after = incident_node_get_string (node, "after");
      IncidentRaise raise = {
        .services = services != NULL ? (guint) services->value.integer : 0,
        .phase = incident_compiler_keep (self, node, "phase"),
        .after = after != NULL ? incident_duration_from_text (after) : 0,
        .to = (IncidentPriority) incident_compiler_get_enum (INCIDENT_TYPE_PRIORITY, incident_node_get_string (node, "to")),
      };

      if (phase != NULL)
        incident_compiler_check_phase (self, phase);
      if ((services == NULL) == (phase == NULL) || (phase == NULL) != (after == NULL))
        incident_problems_add (self->problems, node, "must have either “services”, or both “phase” and “after”");
      g_array_append_val (self->rules->raises, raise);
    }
}

static void
read_categories (Compiler     *self,
                 IncidentNode *section)
{
  IncidentNode *entry;

  for (guint i = 0; incident_compiler_next_entry (section, &i, &entry);)
    {
      const char *name = incident_rules_keep (self->rules, entry->name);
      const char *within = incident_compiler_keep (self, entry, "within");

      g_hash_table_insert (self->rules->categories, (gpointer) name, (gpointer) (within != NULL ? within : name));
    }
  for (guint i = 0; incident_compiler_next_entry (section, &i, &entry);)
    {
      const char *within = incident_node_get_string (entry, "within");

      for (guint depth = 0; within != NULL && depth <= 16; depth++)
        {
          const char *next = g_hash_table_lookup (self->rules->categories, within);

          if (g_str_equal (within, entry->name) || depth == 16)
            {
              incident_problems_add (self->problems, incident_node_get_member (entry, "within"),
                                     depth == 16 ? "is nested too deep: there can be 16 levels"
                                                 : "leads back to the category itself");
              break;
            }
          within = next != NULL && !g_str_equal (next, within) ? next : NULL;
        }
    }
}

static void
read_roles (Compiler     *self,
            IncidentNode *section)
{
  IncidentNode *entry;

  for (guint i = 0; incident_compiler_next_entry (section, &i, &entry);)
    {
      IncidentRulesRole *role = g_new0 (IncidentRulesRole, 1);
      IncidentNode *holders = incident_node_get_member (entry, "holders");

      role->name = incident_rules_keep (self->rules, entry->name);
      role->duties = incident_compiler_keep_list (self, entry, "duties");
      role->teams = incident_compiler_keep_list (self, entry, "teams");
      role->qualification = incident_compiler_keep (self, entry, "qualification");
      role->holders = holders != NULL ? (guint) holders->value.integer : 1;
      role->is_operational = incident_node_get_boolean (entry, "operational");
      if (g_str_equal (role->name, INCIDENT_ROLE_COMMANDER) && role->holders != 1)
        incident_problems_add (self->problems, holders, "must be 1: there is exactly one commander");
      g_hash_table_insert (self->rules->roles, (gpointer) role->name, role);
    }
}

static gint64
get_day (const char *text)
{
  GDate date;
  g_autoptr(GDateTime) day = NULL;

  if (!incident_date_from_text (text, &date))
    return 0;
  day = g_date_time_new_utc (g_date_get_year (&date), (int) g_date_get_month (&date), g_date_get_day (&date), 0, 0, 0);
  return g_date_time_to_unix (day) * G_USEC_PER_SEC;
}

/* Days are those of the person's zone. */
static gint64
get_day_in (const char *text,
            const char *zone_name)
{
  g_autoptr(GTimeZone) zone = zone_name != NULL ? g_time_zone_new_identifier (zone_name) : NULL;
  gint64 day = get_day (text);

  if (zone == NULL)
    return day;
  return day - (gint64) g_time_zone_get_offset (zone, g_time_zone_find_interval (zone, G_TIME_TYPE_STANDARD, day / G_USEC_PER_SEC))
               * G_USEC_PER_SEC;
}

static void
read_absences (Compiler            *self,
               IncidentNode        *entry,
               IncidentRulesPerson *person)
{
  IncidentNode *list = incident_node_get_member (entry, "away");
  const char *zone = incident_node_get_string (entry, "zone");

  for (guint i = 0; i < incident_node_get_length (list); i++)
    {
      IncidentNode *node = incident_node_get_child (list, i);
      IncidentAbsence absence = {
        get_day_in (incident_node_get_string (node, "from"), zone),
        get_day_in (incident_node_get_string (node, "until"), zone),
        incident_compiler_keep (self, node, "why")
      };

      if (absence.until <= absence.from)
        incident_problems_add (self->problems, incident_node_get_member (node, "until"), "must be later than “from”");
      g_array_append_val (person->away, absence);
    }
}

static void
read_people (Compiler     *self,
             IncidentNode *section)
{
  IncidentNode *entry;

  for (guint i = 0; incident_compiler_next_entry (section, &i, &entry);)
    {
      IncidentRulesPerson *person = g_new0 (IncidentRulesPerson, 1);

      person->name = incident_rules_keep (self->rules, entry->name);
      person->qualifications = incident_compiler_keep_list (self, entry, "qualifications");
      person->teams = g_ptr_array_new ();
      person->away = g_array_new (FALSE, FALSE, sizeof (IncidentAbsence));
      read_absences (self, entry, person);
      if (g_strcmp0 (incident_node_get_string (entry, "supervisor"), person->name) == 0)
        incident_problems_add (self->problems, incident_node_get_member (entry, "supervisor"), "is the person itself");
      g_hash_table_insert (self->rules->people, (gpointer) person->name, person);
    }
}

static void
read_teams (Compiler     *self,
            IncidentNode *section)
{
  IncidentNode *entry;

  for (guint i = 0; incident_compiler_next_entry (section, &i, &entry);)
    {
      const char *name = incident_rules_keep (self->rules, entry->name);
      IncidentNode *members = incident_node_get_member (entry, "members");

      g_hash_table_add (self->rules->teams, (gpointer) name);
      for (guint j = 0; j < incident_node_get_length (members); j++)
        {
          IncidentRulesPerson *person =
            g_hash_table_lookup (self->rules->people, incident_node_get_child (members, j)->value.string);

          if (person != NULL)
            g_ptr_array_add (person->teams, (gpointer) name);
        }
    }
}

static void
read_services (Compiler     *self,
               IncidentNode *section)
{
  IncidentNode *entry;

  for (guint i = 0; incident_compiler_next_entry (section, &i, &entry);)
    {
      IncidentRulesService *service = g_new0 (IncidentRulesService, 1);

      service->name = incident_rules_keep (self->rules, entry->name);
      service->owner = incident_compiler_keep (self, entry, "owner");
      service->depends_on = incident_compiler_keep_list (self, entry, "depends-on");
      if (incident_strings_contain (service->depends_on, service->name))
        incident_problems_add (self->problems, incident_node_get_member (entry, "depends-on"),
                               "must not name the service itself");
      g_hash_table_insert (self->rules->services, (gpointer) service->name, service);
    }
}

static void
read_automations (Compiler     *self,
                  IncidentNode *section)
{
  IncidentNode *entry;

  for (guint i = 0; incident_compiler_next_entry (section, &i, &entry);)
    {
      if (g_hash_table_contains (self->rules->people, entry->name))
        incident_problems_add (self->problems, entry, "is the name of a person too: an actor is one or the other");
      g_hash_table_add (self->rules->automations, (gpointer) incident_rules_keep (self->rules, entry->name));
    }
}

static gboolean
is_right (Compiler   *self,
          const char *name)
{
  static const char * const others[] = { "*", "lower-severity", "skip-must-do", "silence", "override", NULL };
  g_auto(GStrv) verbs = incident_lifecycle_list_verbs (self->rules->lifecycle);

  return g_strv_contains (others, name) || g_strv_contains ((const char * const *) verbs, name) || incident_verb_find (name) != NULL;
}

static void
read_subject (Compiler      *self,
              IncidentNode  *node,
              IncidentRight *right)
{
  static const char * const subjects[] = {
    [INCIDENT_SUBJECT_EVERYONE] = "everyone",
    [INCIDENT_SUBJECT_OWNERS] = "owners",
    [INCIDENT_SUBJECT_ROLE] = "role",
    [INCIDENT_SUBJECT_TEAM] = "team",
    [INCIDENT_SUBJECT_PERSON] = "person",
    [INCIDENT_SUBJECT_AUTOMATION] = "automation",
  };
  guint n = 0;

  for (guint i = 0; i < G_N_ELEMENTS (subjects); i++)
    {
      if (incident_node_get_member (node, subjects[i]) == NULL)
        continue;
      n++;
      right->subject = (IncidentSubject) i;
      right->name = incident_compiler_keep (self, node, subjects[i]);
    }
  if (n != 1)
    incident_problems_add (self->problems, node, "must say for whom by exactly one of “everyone”, “owners”, “role”, “team”, "
                           "“person” and “automation”");
}

static void
read_rights (Compiler     *self,
             IncidentNode *section)
{
  if (section == NULL)
    return;

  incident_rules_deny_all (self->rules);
  for (guint i = 0; i < incident_node_get_length (section); i++)
    {
      IncidentNode *node = incident_node_get_child (section, i);
      IncidentNode *may = incident_node_get_member (node, "may");
      IncidentRight *right = g_new0 (IncidentRight, 1);

      read_subject (self, node, right);
      for (guint j = 0; j < incident_node_get_length (may); j++)
        if (!is_right (self, incident_node_get_child (may, j)->value.string))
          incident_problems_add (self->problems, incident_node_get_child (may, j),
                                 "must be a verb, “lower-severity”, “skip-must-do”, “silence”, “override” or “*”; “%s” is none",
                                 incident_node_get_child (may, j)->value.string);
      right->may = incident_compiler_keep_list (self, node, "may");
      incident_compiler_check_filled (self, incident_node_get_member (node, "if"));
      incident_compiler_read_condition (self, incident_node_get_member (node, "if"), &right->condition);
      right->is_conditional = incident_node_get_member (node, "if") != NULL;
      incident_rules_add_right (self->rules, right);
    }
}

static char *
join_after (Compiler     *self,
            IncidentNode *after,
            guint         number)
{
  GString *text = g_string_new (NULL);

  for (guint i = 0; i < incident_node_get_length (after); i++)
    {
      IncidentNode *node = incident_node_get_child (after, i);

      if (node->value.integer >= number)
        incident_problems_add (self->problems, node, "must be the number of an earlier task: this one is %u", number);
      g_string_append_printf (text, "%s%" G_GINT64_FORMAT, i > 0 ? "," : "", node->value.integer);
    }
  return g_string_free (text, FALSE);
}

static void
read_tasks (Compiler               *self,
            IncidentNode           *list,
            IncidentRulesChecklist *checklist)
{
  for (guint i = 0; i < incident_node_get_length (list); i++)
    {
      IncidentNode *node = incident_node_get_child (list, i);
      g_autofree char *after = join_after (self, incident_node_get_member (node, "after"), i + 1);
      const char *due = incident_node_get_string (node, "due");
      IncidentRulesTask task = {
        .title = incident_compiler_keep (self, node, "title"),
        .text = incident_compiler_keep (self, node, "text"),
        .person = incident_compiler_keep (self, node, "person"),
        .role = incident_compiler_keep (self, node, "role"),
        .after = *after != '\0' ? incident_rules_keep (self->rules, after) : NULL,
        .due = due != NULL ? incident_duration_from_text (due) : 0,
        .must_do = incident_node_get_boolean (node, "must-do"),
      };

      if (task.person != NULL && task.role != NULL)
        incident_problems_add (self->problems, node, "must be for a person or for a role, not for both");
      g_array_append_val (checklist->tasks, task);
    }
}

static void
read_checklists (Compiler     *self,
                 IncidentNode *section)
{
  IncidentNode *entry;

  for (guint i = 0; incident_compiler_next_entry (section, &i, &entry);)
    {
      IncidentRulesChecklist *checklist = g_new0 (IncidentRulesChecklist, 1);

      checklist->name = incident_rules_keep (self->rules, entry->name);
      checklist->is_automatic = incident_node_get_member (entry, "for") != NULL;
      checklist->tasks = g_array_new (FALSE, FALSE, sizeof (IncidentRulesTask));
      incident_compiler_read_condition (self, incident_node_get_member (entry, "for"), &checklist->condition);
      read_tasks (self, incident_node_get_member (entry, "tasks"), checklist);
      g_ptr_array_add (self->rules->checklists, checklist);
    }
}

static void
read_updates (Compiler     *self,
              IncidentNode *updates)
{
  IncidentNode *entry;

  if (updates == NULL)
    return;

  memset (self->rules->cadence.updates, 0, sizeof self->rules->cadence.updates);
  for (guint i = 0; incident_compiler_next_entry (updates, &i, &entry);)
    self->rules->cadence.updates[incident_compiler_get_enum (INCIDENT_TYPE_SEVERITY, entry->name)] = incident_duration_from_text (entry->value.string);
}

static void
read_quiet_hours (Compiler     *self,
                  IncidentNode *quiet)
{
  IncidentCadence *cadence = &self->rules->cadence;

  if (quiet == NULL)
    return;

  cadence->has_quiet_hours = TRUE;
  cadence->quiet_from = incident_wall_time_from_text (incident_node_get_string (quiet, "from"));
  cadence->quiet_until = incident_wall_time_from_text (incident_node_get_string (quiet, "until"));
  cadence->quiet_zone = g_time_zone_new_identifier (incident_node_get_string (quiet, "zone"));
  cadence->quiet_severities = incident_compiler_get_severities (incident_node_get_member (quiet, "severities"));
  if (cadence->quiet_from == cadence->quiet_until)
    incident_problems_add (self->problems, incident_node_get_member (quiet, "until"), "must differ from “from”");
}

static void
read_cadence (Compiler     *self,
              IncidentNode *section)
{
  IncidentCadence *cadence = &self->rules->cadence;
  IncidentNode *remind = incident_node_get_member (section, "remind");
  IncidentNode *stuck = incident_node_get_member (section, "stuck");
  IncidentNode *most = incident_node_get_member (remind, "most");
  IncidentNode *entry;

  read_updates (self, incident_node_get_member (section, "updates"));
  read_quiet_hours (self, incident_node_get_member (section, "quiet-hours"));
  if (incident_node_get_string (remind, "every") != NULL)
    cadence->remind_every = incident_duration_from_text (incident_node_get_string (remind, "every"));
  if (most != NULL)
    cadence->remind_most = (guint) most->value.integer;
  if (incident_node_get_string (stuck, "acknowledged") != NULL)
    cadence->stuck_acknowledged = incident_duration_from_text (incident_node_get_string (stuck, "acknowledged"));
  for (guint i = 0; incident_compiler_next_entry (incident_node_get_member (stuck, "phases"), &i, &entry);)
    {
      gint64 duration = incident_duration_from_text (entry->value.string);

      if (incident_lifecycle_find_phase (self->rules->lifecycle, entry->name) < 0)
        incident_problems_add (self->problems, entry, "must be one of the phases; there is none of this name");
      g_hash_table_insert (cadence->stuck_phases, (gpointer) incident_rules_keep (self->rules, entry->name),
                           g_memdup2 (&duration, sizeof duration));
    }
}

static IncidentStarts
get_starts (const char *text)
{
  static const char * const names[] = {
    [INCIDENT_STARTS_OPENED] = "opened",
    [INCIDENT_STARTS_MAJOR] = "major",
    [INCIDENT_STARTS_RECOVERED] = "recovered",
    [INCIDENT_STARTS_CLOSED] = "closed",
  };

  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    if (g_strcmp0 (text, names[i]) == 0)
      return (IncidentStarts) i;
  return INCIDENT_STARTS_AFTER;
}

static void
read_reporting (Compiler     *self,
                IncidentNode *section)
{
  IncidentNode *entry;

  for (guint i = 0; incident_compiler_next_entry (section, &i, &entry);)
    {
      IncidentReportingClock *clock = g_new0 (IncidentReportingClock, 1);
      const char *starts = incident_node_get_string (entry, "starts");

      clock->name = incident_rules_keep (self->rules, entry->name);
      clock->means = incident_compiler_keep (self, entry, "means");
      clock->starts = get_starts (starts);
      clock->after = incident_compiler_keep (self, entry, "after");
      clock->within = incident_duration_from_text (incident_node_get_string (entry, "within"));
      incident_compiler_read_condition (self, incident_node_get_member (entry, "for"), &clock->condition);
      if ((starts == NULL) == (clock->after == NULL))
        incident_problems_add (self->problems, entry, "must say when it starts by either “starts” or “after”");
      if (g_strcmp0 (clock->after, clock->name) == 0)
        incident_problems_add (self->problems, incident_node_get_member (entry, "after"), "is the clock itself");
      g_ptr_array_add (self->rules->clocks, clock);
    }
}

static IncidentRules *
begin (IncidentNode *root,
       GPtrArray    *problems)
{
  IncidentNode *section = incident_node_get_member (root, "lifecycle");
  g_autoptr(IncidentLifecycle) lifecycle = NULL;

  if (section == NULL)
    return incident_rules_new (incident_lifecycle_get_default ());

  lifecycle = incident_lifecycle_new_from_node (section, problems);
  return lifecycle != NULL ? incident_rules_new (lifecycle) : NULL;
}

IncidentRules *
incident_playbook_compile (IncidentNode *root,
                           GPtrArray    *problems)
{
  g_autoptr(IncidentRules) rules = begin (root, problems);
  g_autoptr(GPtrArray) warnings = incident_problems_new ();
  Compiler self = { rules, problems, warnings };
  IncidentNode *priority = incident_node_get_member (root, "priority");

  if (rules == NULL)
    return NULL;

  read_severities (&self, incident_node_get_member (root, "severities"));
  read_matrix (&self, incident_node_get_member (priority, "matrix"));
  read_raises (&self, incident_node_get_member (priority, "raise"));
  read_categories (&self, incident_node_get_member (root, "categories"));
  read_roles (&self, incident_node_get_member (root, "roles"));
  read_people (&self, incident_node_get_member (root, "people"));
  read_teams (&self, incident_node_get_member (root, "teams"));
  read_services (&self, incident_node_get_member (root, "services"));
  read_automations (&self, incident_node_get_member (root, "automations"));
  read_rights (&self, incident_node_get_member (root, "rights"));
  read_checklists (&self, incident_node_get_member (root, "checklists"));
  read_cadence (&self, incident_node_get_member (root, "cadence"));
  read_reporting (&self, incident_node_get_member (root, "reporting"));
  incident_playbook_compile_intake (&self, root);
  incident_playbook_compile_comms (&self, root);
  incident_playbook_compile_oncall (&self, root);
  incident_playbook_check_channels (&self, incident_node_get_member (root, "channels"));
  for (guint i = 0; i < warnings->len; i++)
    g_ptr_array_add (rules->intake->warnings, g_strdup (((GError *) g_ptr_array_index (warnings, i))->message));
  return problems->len == 0 ? g_steal_pointer (&rules) : NULL;
}
