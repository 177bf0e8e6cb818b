/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "model/incident-rules-private.h"

#include <string.h>

#include "model/incident-comms-rules-private.h"
#include "model/incident-oncall-rules-private.h"
#include "model/incident-intake-rules-private.h"

static void
person_free (gpointer data)
{
  IncidentRulesPerson *self = data;

  g_ptr_array_unref (self->qualifications);
  g_ptr_array_unref (self->teams);
  g_array_unref (self->away);
  g_free (self);
}

static void
role_free (gpointer data)
{
  IncidentRulesRole *self = data;

  g_ptr_array_unref (self->duties);
  g_ptr_array_unref (self->teams);
  g_free (self);
}

static void
service_free (gpointer data)
{
  IncidentRulesService *self = data;

  g_ptr_array_unref (self->depends_on);
  g_free (self);
}

void
incident_condition_clear (IncidentCondition *self)
{
  g_ptr_array_unref (self->services);
  g_ptr_array_unref (self->categories);
  g_ptr_array_unref (self->phases);
}

static void
right_free (gpointer data)
{
  IncidentRight *self = data;

  g_ptr_array_unref (self->may);
  incident_condition_clear (&self->condition);
  g_free (self);
}

static void
checklist_free (gpointer data)
{
  IncidentRulesChecklist *self = data;

  incident_condition_clear (&self->condition);
  g_array_unref (self->tasks);
  g_free (self);
}

static void
clock_free (gpointer data)
{
  IncidentReportingClock *self = data;

  incident_condition_clear (&self->condition);
  g_free (self);
}

IncidentRules *
incident_rules_new (IncidentLifecycle *lifecycle)
{
  IncidentRules *self = g_atomic_rc_box_new0 (IncidentRules);
  IncidentLifecycle *usual = incident_lifecycle_get_default ();

  /* The built-in one needs no name, wherever it was written down again. */
  if (g_str_equal (lifecycle->document, usual->document) && lifecycle->moves == NULL)
    lifecycle = usual;
  self->lifecycle = incident_lifecycle_ref (lifecycle);
  self->strings = g_string_chunk_new (1024);
  self->people = g_hash_table_new_full (g_str_hash, g_str_equal, NULL, person_free);
  self->automations = g_hash_table_new (g_str_hash, g_str_equal);
  self->teams = g_hash_table_new (g_str_hash, g_str_equal);
  self->services = g_hash_table_new_full (g_str_hash, g_str_equal, NULL, service_free);
  self->categories = g_hash_table_new (g_str_hash, g_str_equal);
  self->roles = g_hash_table_new_full (g_str_hash, g_str_equal, NULL, role_free);
  self->by_verb = g_hash_table_new_full (g_str_hash, g_str_equal, NULL, (GDestroyNotify) g_ptr_array_unref);
  self->for_all = g_ptr_array_new ();
  self->checklists = g_ptr_array_new_with_free_func (checklist_free);
  self->clocks = g_ptr_array_new_with_free_func (clock_free);
  self->raises = g_array_new (FALSE, FALSE, sizeof (IncidentRaise));
  self->intake = incident_intake_rules_new ();
  self->comms = incident_comms_rules_new ();
  self->oncall = incident_oncall_rules_new ();
  self->cadence.stuck_phases = g_hash_table_new_full (g_str_hash, g_str_equal, NULL, g_free);
  self->major = 1u << INCIDENT_SEVERITY_SEV1 | 1u << INCIDENT_SEVERITY_SEV2;
  self->cadence.updates[INCIDENT_SEVERITY_SEV1] = 30 * G_TIME_SPAN_MINUTE;
  self->cadence.updates[INCIDENT_SEVERITY_SEV2] = 30 * G_TIME_SPAN_MINUTE;
  self->cadence.updates[INCIDENT_SEVERITY_SEV3] = 4 * G_TIME_SPAN_HOUR;
  self->cadence.remind_every = 10 * G_TIME_SPAN_MINUTE;
  self->cadence.remind_most = 5;
  self->cadence.stuck_acknowledged = 2 * G_TIME_SPAN_HOUR;
  for (int i = 0; i < 3; i++)
    for (int j = 0; j < 3; j++)
      self->matrix[i][j] = incident_priority_from_impact ((IncidentLevel) (i + 1), (IncidentLevel) (j + 1));
  return self;
}

IncidentRules *
incident_rules_ref (IncidentRules *self)
{
  return g_atomic_rc_box_acquire (self);
}

static void
incident_rules_clear (gpointer data)
{
  IncidentRules *self = data;

  incident_lifecycle_unref (self->lifecycle);
  g_hash_table_unref (self->people);
  g_hash_table_unref (self->automations);
  g_hash_table_unref (self->teams);
  g_hash_table_unref (self->services);
  g_hash_table_unref (self->categories);
  g_hash_table_unref (self->roles);
  g_hash_table_unref (self->by_verb);
  g_ptr_array_unref (self->for_all);
  g_clear_pointer (&self->rights, g_ptr_array_unref);
  g_ptr_array_unref (self->checklists);
  g_ptr_array_unref (self->clocks);
  g_array_unref (self->raises);
  g_hash_table_unref (self->cadence.stuck_phases);
  g_clear_pointer (&self->cadence.quiet_zone, g_time_zone_unref);
  incident_intake_rules_free (self->intake);
  incident_comms_rules_free (self->comms);
  incident_oncall_rules_free (self->oncall);
  g_string_chunk_free (self->strings);
  g_free (self->version);
  g_free (self->document);
}

void
incident_rules_unref (IncidentRules *self)
{
  g_atomic_rc_box_release_full (self, incident_rules_clear);
}

const char *
incident_rules_keep (IncidentRules *self,
                     const char    *string)
{
  return string != NULL ? g_string_chunk_insert_const (self->strings, string) : NULL;
}

static void
add_for_verb (IncidentRules *self,
              const char    *verb,
              IncidentRight *right)
{
  GPtrArray *rights = g_hash_table_lookup (self->by_verb, verb);

  if (rights == NULL)
    {
      rights = g_ptr_array_copy (self->for_all, NULL, NULL);
      g_hash_table_insert (self->by_verb, (gpointer) verb, rights);
    }
  if (!g_ptr_array_find (rights, right, NULL))
    g_ptr_array_add (rights, right);
}

void
incident_rules_deny_all (IncidentRules *self)
{
  if (self->rights == NULL)
    self->rights = g_ptr_array_new_with_free_func (right_free);
}

void
incident_rules_add_right (IncidentRules *self,
                          IncidentRight *right)
{
  GHashTableIter iter;
  gpointer rights;

  g_ptr_array_add (self->rights, right);

  for (guint i = 0; i < right->may->len; i++)
    {
      const char *verb = g_ptr_array_index (right->may, i);

      if (!g_str_equal (verb, "*"))
        {
          add_for_verb (self, verb, right);
          continue;
        }
      g_ptr_array_add (self->for_all, right);
      g_hash_table_iter_init (&iter, self->by_verb);
      while (g_hash_table_iter_next (&iter, NULL, &rights))
        if (!g_ptr_array_find (rights, right, NULL))
          g_ptr_array_add (rights, right);
    }
}

IncidentRulesRole *
incident_rules_get_role (const IncidentRules *self,
                         const char          *name)
{
  return g_hash_table_lookup (self->roles, name);
}

IncidentRulesChecklist *
incident_rules_get_checklist (const IncidentRules *self,
                              const char          *name)
{
  for (guint i = 0; i < self->checklists->len; i++)
    {
      IncidentRulesChecklist *checklist = g_ptr_array_index (self->checklists, i);

      if (g_str_equal (checklist->name, name))
        return checklist;
    }

  return NULL;
}

gboolean
incident_rules_is_automation (const IncidentRules *self,
                              const char          *actor)
{
  return (g_hash_table_size (self->automations) > 0 && g_hash_table_contains (self->automations, actor))
         || (g_hash_table_size (self->intake->sources) > 0 && g_hash_table_contains (self->intake->sources, actor));
}

gboolean
incident_rules_knows (const IncidentRules *self,
                      const char          *actor)
{
  return g_hash_table_size (self->people) == 0 || g_hash_table_contains (self->people, actor)
         || incident_rules_is_automation (self, actor);
}

gboolean
incident_rules_is_away (const IncidentRules *self,
                        const char          *person,
                        gint64               at,
                        const char         **why)
{
  const IncidentRulesPerson *known = g_hash_table_lookup (self->people, person);

  for (guint i = 0; known != NULL && i < known->away->len; i++)
    {
      const IncidentAbsence *absence = &g_array_index (known->away, IncidentAbsence, i);

      if (at >= absence->from && at < absence->until)
        {
          *why = absence->why;
          return TRUE;
        }
    }

  return FALSE;
}

void
incident_situation_init (IncidentSituation   *self,
                         const IncidentState *state,
                         IncidentCommand     *command)
{
  const char *severity;

  *self = (IncidentSituation) { .state = state };
  if (state != NULL)
    {
      self->service = state->service;
      self->category = state->category;
      self->severity = (IncidentSeverity) state->severity;
    }
  else if (command != NULL)
    {
      severity = incident_command_peek (command, INCIDENT_ARGUMENT_SEVERITY);
      self->service = incident_command_peek (command, INCIDENT_ARGUMENT_SERVICE);
      self->category = incident_command_peek (command, INCIDENT_ARGUMENT_CATEGORY);
      if (severity != NULL)
        incident_severity_from_string (severity, &self->severity, NULL);
    }
}

/* A category is met by those within it. */
static gboolean
category_holds (const IncidentCondition *self,
                const IncidentRules     *rules,
                const char              *category)
{
  for (guint depth = 0; category != NULL && depth < 16; depth++)
    {
      const char *within = g_hash_table_lookup (rules->categories, category);

      if (incident_strings_contain (self->categories, category))
        return TRUE;
      if (within == NULL || g_str_equal (within, category))
        return FALSE;
      category = within;
    }

  return FALSE;
}

gboolean
incident_condition_holds (const IncidentCondition *self,
                          const IncidentRules     *rules,
                          const IncidentSituation *situation)
{
  if (self->severities != 0 && (self->severities >> situation->severity & 1) == 0)
    return FALSE;
  if (self->services->len > 0
      && (situation->service == NULL || !incident_strings_contain (self->services, situation->service)))
    return FALSE;
  if (self->phases->len > 0
      && (situation->state == NULL || !incident_strings_contain (self->phases, situation->state->phase)))
    return FALSE;

  return self->categories->len == 0 || category_holds (self, rules, situation->category);
}

static gboolean
owns_service (const IncidentRules       *self,
              const IncidentRulesPerson *person,
              const char                *service)
{
  const IncidentRulesService *known = service != NULL ? g_hash_table_lookup (self->services, service) : NULL;

  return known != NULL && known->owner != NULL && incident_strings_contain (person->teams, known->owner);
}

/* @person is NULL for an automation. */
static gboolean
is_subject (const IncidentRules       *self,
            const IncidentRight       *right,
            const char                *actor,
            const IncidentRulesPerson *person,
            gboolean                   is_automation,
            const IncidentSituation   *situation)
{
  switch (right->subject)
    {
    case INCIDENT_SUBJECT_EVERYONE:
      return !is_automation;
    case INCIDENT_SUBJECT_OWNERS:
      return person != NULL && owns_service (self, person, situation->service);
    case INCIDENT_SUBJECT_ROLE:
      return !is_automation && !situation->without_roles && situation->state != NULL && incident_state_holds (situation->state, right->name, actor);
    case INCIDENT_SUBJECT_TEAM:
      return person != NULL && incident_strings_contain (person->teams, right->name);
    case INCIDENT_SUBJECT_PERSON:
      return !is_automation && g_str_equal (right->name, actor);
    case INCIDENT_SUBJECT_AUTOMATION:
      return is_automation && g_str_equal (right->name, actor);
    default:
      return FALSE;
    }
}

gboolean
incident_rules_have_rights (const IncidentRules *self)
{
  return self->rights != NULL;
}

gboolean
incident_rules_permit (const IncidentRules     *self,
                       const char              *verb,
                       const char              *actor,
                       const IncidentSituation *situation,
                       gboolean                *by_name)
{
  gboolean is_automation = incident_rules_is_automation (self, actor);
  const IncidentRulesPerson *person = is_automation ? NULL : g_hash_table_lookup (self->people, actor);
  const GPtrArray *rights;
  gboolean permitted = FALSE;

  if (by_name != NULL)
    *by_name = FALSE;
  if (person == NULL && !is_automation && g_hash_table_size (self->people) > 0)
    return FALSE;
  if (self->rights == NULL)
    return TRUE;

  rights = g_hash_table_lookup (self->by_verb, verb);
  if (rights == NULL)
    rights = self->for_all;
  for (guint i = 0; i < rights->len && (!permitted || by_name != NULL); i++)
    {
      const IncidentRight *right = g_ptr_array_index (rights, i);

      if (!is_subject (self, right, actor, person, is_automation, situation)
          || (right->is_conditional && !incident_condition_holds (&right->condition, self, situation)))
        continue;
      permitted = TRUE;
      if (by_name != NULL)
        *by_name = *by_name || right->subject != INCIDENT_SUBJECT_EVERYONE;
    }
  return permitted;
}

char *
incident_rules_describe_right (const IncidentRules *self,
                               const char          *verb)
{
  static const char * const subjects[] = { "everyone", "the owners of the service", "role", "team", "person", "automation" };
  const GPtrArray *rights = g_hash_table_lookup (self->by_verb, verb);
  GString *text = g_string_new (NULL);

  if (rights == NULL)
    rights = self->for_all;
  for (guint i = 0; i < rights->len; i++)
    {
      const IncidentRight *right = g_ptr_array_index (rights, i);

      g_string_append_printf (text, "%s%s", text->len > 0 ? ", " : "", subjects[right->subject]);
      if (right->name != NULL)
        g_string_append_printf (text, " %s", right->name);
      if (right->is_conditional)
        g_string_append (text, " (of some cases)");
    }
  if (text->len == 0)
    g_string_append (text, "nobody");
  return g_string_free (text, FALSE);
}

IncidentPriority
incident_rules_get_priority (const IncidentRules *self,
                             IncidentLevel        impact,
                             IncidentLevel        urgency)
{
  IncidentPriority highest = INCIDENT_PRIORITY_UNKNOWN;

  if (impact == INCIDENT_LEVEL_UNKNOWN && urgency == INCIDENT_LEVEL_UNKNOWN)
    return INCIDENT_PRIORITY_UNKNOWN;

  for (int i = 0; i < 3; i++)
    for (int j = 0; j < 3; j++)
      if ((impact == INCIDENT_LEVEL_UNKNOWN || i == (int) impact - 1)
          && (urgency == INCIDENT_LEVEL_UNKNOWN || j == (int) urgency - 1)
          && (highest == INCIDENT_PRIORITY_UNKNOWN || self->matrix[i][j] < highest))
        highest = self->matrix[i][j];
  return highest;
}
