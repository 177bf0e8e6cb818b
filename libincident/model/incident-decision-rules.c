/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "model/incident-decision-private.h"

#include <libincident/incident-time.h>

#include "base/incident-json-writer-private.h"

/* What the rules add to a command: checklists, the priority, and under what it was judged. */

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
append_name (GString    *facts,
             const char *name,
             const char *value) /* nullable */
{
  if (value != NULL)
    incident_facts_append (facts, name, value);
}

static void
add_task (IncidentDecision        *self,
          const IncidentTaskEntry *task,
          const char              *title,
          const char              *text,
          const char              *actor,
          gint64                   occurred_at)
{
  g_autoptr(GString) facts = g_string_new (NULL);

  incident_facts_append_number (facts, "task", incident_dossier_count_tasks (incident_decision_get_ahead (self)->dossier) + 1);
  incident_facts_append (facts, "task-state", incident_task_state_to_string (task->state));
  append_name (facts, "must-do", task->must_do ? "yes" : NULL);
  append_name (facts, "owner", task->person);
  append_name (facts, "owner-role", task->role);
  append_name (facts, "after", task->after);
  incident_facts_append_time (facts, "due", task->due);
  incident_decision_append_automation (self, actor, facts);
  incident_decision_add (self, "task-added", actor, occurred_at, facts->str, make_task_payload (title, text));
}

void
incident_decision_add_task (IncidentDecision        *self,
                            const IncidentTaskEntry *task,
                            const char              *title,
                            const char              *actor,
                            gint64                   occurred_at)
{
  IncidentTaskEntry taken = *task;

  /* What came first stays behind. */
  taken.after = NULL;
  add_task (self, &taken, title != NULL ? title : "(withheld)", NULL, actor, occurred_at);
}

/* The tasks of a checklist count from 1, and those of the case go on. */
static char *
count_on (const char *after,
          guint       base)
{
  g_auto(GStrv) numbers = g_strsplit (after, ",", -1);
  GString *text = g_string_new (NULL);

  for (guint i = 0; numbers[i] != NULL; i++)
    g_string_append_printf (text, "%s%u", i > 0 ? "," : "", base + (guint) g_ascii_strtoull (numbers[i], NULL, 10));
  return g_string_free (text, FALSE);
}

static void
add_task_of_checklist (IncidentDecision        *self,
                       const IncidentRulesTask *task,
                       guint                    base,
                       const char              *actor,
                       gint64                   occurred_at)
{
  g_autofree char *after = task->after != NULL ? count_on (task->after, base) : NULL;
  const IncidentTaskEntry entry = {
    .state = INCIDENT_TASK_OPEN,
    .must_do = task->must_do,
    .person = (char *) task->person,
    .role = (char *) task->role,
    .after = after,
    .due = task->due != 0 ? self->now + task->due : INCIDENT_TIME_NONE,
  };

  add_task (self, &entry, task->title, task->text, actor, occurred_at);
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
    add_task_of_checklist (self, &g_array_index (checklist->tasks, IncidentRulesTask, i), base, actor, occurred_at);
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
