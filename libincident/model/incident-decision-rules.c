/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "model/incident-decision-private.h"

#include <libincident/incident-time.h>

#include "base/incident-json-writer-private.h"

/* What the rules add to a command: checklists, the priority, and under what it was judged. */

static void
append_number (GString    *facts,
               const char *name,
               guint       number)
{
  g_autofree char *text = g_strdup_printf ("%u", number);

  incident_facts_append (facts, name, text);
}

/* The tasks of a checklist count from 1, and those of the case go on. */
static void
append_after (GString    *facts,
              const char *after,
              guint       base)
{
  g_auto(GStrv) numbers = g_strsplit (after, ",", -1);
  g_autoptr(GString) text = g_string_new (NULL);

  for (guint i = 0; numbers[i] != NULL; i++)
    g_string_append_printf (text, "%s%u", i > 0 ? "," : "", base + (guint) g_ascii_strtoull (numbers[i], NULL, 10));
  incident_facts_append (facts, "after", text->str);
}

static char *
make_task_payload (const char *title,
                   const char *text)
{
  IncidentJsonWriter writer;

  incident_json_writer_init (&writer, FALSE);
  incident_json_writer_begin_object (&writer);
  incident_json_writer_member (&writer, "title", title);
  if (text != NULL)
    incident_json_writer_member (&writer, "text", text);
  incident_json_writer_end_object (&writer);
  return incident_json_writer_finish (&writer);
}

static void
add_task (IncidentDecision        *self,
          const IncidentRulesTask *task,
          guint                    base,
          guint                    number,
          const char              *actor,
          gint64                   occurred_at)
{
  g_autoptr(GString) facts = g_string_new (NULL);

  append_number (facts, "task", base + number);
  incident_facts_append (facts, "task-state", "open");
  if (task->must_do)
    incident_facts_append (facts, "must-do", "yes");
  if (task->person != NULL)
    incident_facts_append (facts, "owner", task->person);
  if (task->role != NULL)
    incident_facts_append (facts, "owner-role", task->role);
  if (task->after != NULL)
    append_after (facts, task->after, base);
  if (task->due != 0)
    {
      g_autofree char *due = incident_time_to_string (self->now + task->due);

      incident_facts_append (facts, "due", due);
    }
  incident_decision_append_automation (self, actor, facts);
  incident_decision_add (self, "task-added", actor, occurred_at, facts->str, make_task_payload (task->title, task->text));
}

void
incident_decision_add_task (IncidentDecision        *self,
                            const IncidentTaskEntry *task,
                            const char              *title,
                            const char              *actor,
                            gint64                   occurred_at)
{
  g_autoptr(GString) facts = g_string_new (NULL);

  append_number (facts, "task", incident_dossier_count_tasks (incident_decision_get_ahead (self)->dossier) + 1);
  incident_facts_append (facts, "task-state", incident_task_state_to_string (task->state));
  if (task->must_do)
    incident_facts_append (facts, "must-do", "yes");
  if (task->person != NULL)
    incident_facts_append (facts, "owner", task->person);
  if (task->role != NULL)
    incident_facts_append (facts, "owner-role", task->role);
  if (task->due != INCIDENT_TIME_NONE)
    {
      g_autofree char *due = incident_time_to_string (task->due);

      incident_facts_append (facts, "due", due);
    }
  incident_decision_append_automation (self, actor, facts);
  incident_decision_add (self, "task-added", actor, occurred_at, facts->str,
                         make_task_payload (title != NULL ? title : "(withheld)", NULL));
}

void
incident_decision_add_checklist (IncidentDecision             *self,
                                 const IncidentRulesChecklist *checklist,
                                 const char                   *actor,
                                 gint64                        occurred_at,
                                 gboolean                      is_said)
{
  guint base = incident_dossier_count_tasks (incident_decision_get_ahead (self)->dossier);

  if (!is_said)
    {
      g_autoptr(GString) facts = g_string_new (NULL);

      incident_facts_append (facts, "checklist", checklist->name);
      incident_decision_append_automation (self, actor, facts);
      incident_decision_add (self, "checklist-added", actor, occurred_at, facts->str, g_strdup ("{}"));
    }
  for (guint i = 0; i < checklist->tasks->len; i++)
    add_task (self, &g_array_index (checklist->tasks, IncidentRulesTask, i), base, i + 1, actor, occurred_at);
}

void
incident_decision_add_checklists (IncidentDecision *self,
                                  const char       *actor,
                                  gint64            occurred_at)
{
  const IncidentRules *rules = self->rulebook->rules;

  for (guint i = 0; i < rules->checklists->len; i++)
    {
      const IncidentRulesChecklist *checklist = g_ptr_array_index (rules->checklists, i);
      const IncidentState *state = incident_decision_get_ahead (self);
      IncidentSituation situation;

      incident_situation_init (&situation, state, NULL);
      if (checklist->is_automatic && incident_condition_holds (&checklist->condition, rules, &situation)
          && (state->dossier == NULL || !incident_strings_contain (state->dossier->checklists, checklist->name)))
        incident_decision_add_checklist (self, checklist, actor, occurred_at, FALSE);
    }
}

void
incident_decision_append_automation (IncidentDecision *self,
                                     const char       *actor,
                                     GString          *facts)
{
  if (incident_rules_is_automation (self->rulebook->rules, actor))
    incident_facts_append (facts, "by", "automation");
}

void
incident_decision_append_binding (IncidentDecision *self,
                                  GString          *facts)
{
  const IncidentRules *rules = self->rulebook->rules;
  const IncidentState *state = incident_decision_get_ahead (self);

  if (state == NULL ? self->rulebook->binding == 0 : state->binding == self->rulebook->binding)
    return;
  if (state == NULL && rules->lifecycle->id != NULL)
    incident_facts_append (facts, "lifecycle", rules->lifecycle->id);
  if (g_strcmp0 (state != NULL ? incident_binding_get_playbook (state->binding) : NULL, rules->version) != 0)
    incident_facts_append (facts, "playbook", rules->version != NULL ? rules->version : INCIDENT_BUILT_IN);
}

/* Said only where the usual table would not say the same. What a person has set stays,
 * and what a rule has raised is not lowered by a table. */
void
incident_decision_append_priority (IncidentDecision *self,
                                   IncidentLevel     impact,
                                   IncidentLevel     urgency,
                                   GString          *facts)
{
  IncidentPriority priority = incident_rules_get_priority (self->rulebook->rules, impact, urgency);
  IncidentPriority usual = incident_priority_from_impact (impact, urgency);
  const IncidentState *state = incident_decision_get_ahead (self);

  if (state != NULL && state->priority_by == INCIDENT_PRIORITY_BY_PERSON)
    return;
  if (state != NULL && state->priority_by == INCIDENT_PRIORITY_BY_RULE
      && (IncidentPriority) state->priority <= priority)
    return;
  if (priority == INCIDENT_PRIORITY_UNKNOWN || (priority == usual && (state == NULL || state->priority == 0)))
    return;

  incident_facts_append (facts, "priority", incident_priority_to_string (priority));
}
