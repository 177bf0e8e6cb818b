/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "model/incident-judgement-private.h"

#include <libincident/incident-case.h>
#include <libincident/incident-time.h>

#include "base/incident-shape-private.h"
#include "model/incident-assignment-private.h"
#include "model/incident-binding-private.h"
#include "model/incident-said-private.h"
#include "model/incident-comms-rules-private.h"
#include "model/incident-update-private.h"

/* What may be done to the record of a case: roles, tasks, links … Where no command is
 * given, the question is whether it could be done at all. */

static const char *
peek (const IncidentJudgement *self,
      IncidentArgument         argument)
{
  return self->command != NULL ? incident_command_peek (self->command, argument) : NULL;
}

static gboolean
is_qualified (const IncidentRules     *rules,
              const IncidentRulesRole *role,
              const char              *person)
{
  const IncidentRulesPerson *known = g_hash_table_lookup (rules->people, person);

  if (known == NULL || role == NULL)
    return TRUE;
  if (role->qualification != NULL && !incident_strings_contain (known->qualifications, role->qualification))
    return FALSE;
  if (role->teams->len == 0)
    return TRUE;

  for (guint i = 0; i < role->teams->len; i++)
    if (incident_strings_contain (known->teams, g_ptr_array_index (role->teams, i)))
      return TRUE;
  return FALSE;
}

static void
judge_qualification (const IncidentJudgement *self,
                     const char              *role,
                     const char              *person,
                     IncidentRefusals        *refusals)
{
  const IncidentRules *rules = self->rulebook->rules;
  const IncidentRulesRole *known = role != NULL ? incident_rules_get_role (rules, role) : NULL;

  if (person != NULL && incident_rules_is_automation (rules, person))
    incident_refusals_add (refusals, "not-qualified", "“%s” is an automation, and roles are for people", person);
  if (known == NULL || person == NULL || is_qualified (rules, known, person))
    return;

  if (known->qualification != NULL)
    incident_refusals_add (refusals, "not-qualified", "“%s” may not be %s: that takes the qualification “%s”%s",
                           person, role, known->qualification, known->teams->len > 0 ? " and its teams" : "");
  else
    incident_refusals_add (refusals, "not-qualified", "“%s” may not be %s: that is for certain teams", person, role);
}

static void
judge_presence (const IncidentJudgement *self,
                const char              *person,
                IncidentRefusals        *refusals)
{
  const char *why = NULL;

  if (person == NULL || !incident_rules_is_away (self->rulebook->rules, person, self->now, &why)
      || peek (self, INCIDENT_ARGUMENT_TEXT) != NULL)
    return;

  incident_refusals_add (refusals, "person-away", "“%s” is away%s%s%s: give a reason to ask them all the same",
                         person, why != NULL ? " (" : "", why != NULL ? why : "", why != NULL ? ")" : "");
}

static void
judge_assign (const IncidentJudgement *self,
              gboolean                 by_name,
              IncidentRefusals        *refusals)
{
  const IncidentRules *rules = self->rulebook->rules;
  const char *role = peek (self, INCIDENT_ARGUMENT_ROLE);
  const char *person = peek (self, INCIDENT_ARGUMENT_PERSON);
  const IncidentRulesRole *known = role != NULL ? incident_rules_get_role (rules, role) : NULL;
  const char *holder = role != NULL ? incident_state_get_holder (self->state, role) : NULL;

  judge_qualification (self, role, person, refusals);
  judge_presence (self, person, refusals);
  if (known != NULL && known->holders > 1 && incident_state_count_holders (self->state, role) >= known->holders
      && !incident_state_holds (self->state, role, person != NULL ? person : ""))
    incident_refusals_add (refusals, "role-full", "the role “%s” has %u holders already: release one first",
                           role, known->holders);
  /* Command is handed off or taken, not assigned away over the head of who has it. */
  if (incident_rules_have_rights (rules) && holder != NULL && g_str_equal (role, INCIDENT_ROLE_COMMANDER)
      && !g_str_equal (holder, self->actor) && !by_name)
    incident_refusals_add (refusals, "not-permitted", "“%s” has command: they hand it off, or the deputy takes it", holder);
}

static gboolean
has_tasks (const IncidentState *state,
           const char          *person)
{
  for (guint i = 1; i <= incident_dossier_count_tasks (state->dossier); i++)
    {
      const IncidentTaskEntry *task = incident_dossier_get_task (state->dossier, i);

      if (incident_task_is_to_do (task) && g_strcmp0 (task->person, person) == 0)
        return TRUE;
    }
  return FALSE;
}

static void
judge_release (const IncidentJudgement *self,
               IncidentRefusals        *refusals)
{
  const char *role = peek (self, INCIDENT_ARGUMENT_ROLE);
  const char *person = peek (self, INCIDENT_ARGUMENT_PERSON);

  if (role == NULL)
    return;
  if (person == NULL && incident_state_count_holders (self->state, role) > 1)
    incident_refusals_add (refusals, "missing-target", "several have the role “%s”: say whose it is to be no more", role);
  if (person == NULL)
    person = incident_state_get_holder (self->state, role);
  if (person != NULL && has_tasks (self->state, person))
    incident_refusals_add (refusals, "open-tasks", "“%s” has open tasks: hand them to somebody first", person);
}

static void
judge_handoff (const IncidentJudgement *self,
               gboolean                 by_name,
               IncidentRefusals        *refusals)
{
  const char *role = peek (self, INCIDENT_ARGUMENT_ROLE);
  const char *person = peek (self, INCIDENT_ARGUMENT_PERSON);

  if (role == NULL && !by_name && !incident_state_holds (self->state, NULL, self->actor))
    incident_refusals_add (refusals, "not-permitted", "“%s” has no role to offer", self->actor);
  if (role == NULL)
    return;
  if (incident_state_get_holder (self->state, role) == NULL)
    incident_refusals_add (refusals, "no-responder", "nobody has the role “%s”: assign it", role);
  else if (!incident_state_holds (self->state, role, self->actor) && !by_name)
    incident_refusals_add (refusals, "not-permitted", "only who has the role “%s” can offer it, not “%s”", role, self->actor);
  judge_qualification (self, role, person, refusals);
  judge_presence (self, person, refusals);
}

static gboolean
has_offer (const IncidentJudgement *self,
           gboolean                 declines)
{
  const GPtrArray *offers = self->state->dossier != NULL ? self->state->dossier->offers : NULL;

  for (guint i = 0; offers != NULL && i < offers->len; i++)
    {
      const IncidentOffer *offer = g_ptr_array_index (offers, i);

      if ((g_str_equal (offer->person, self->actor)
           && (declines || offer->until == INCIDENT_TIME_NONE || offer->until >= self->now))
          || (declines && g_str_equal (offer->from, self->actor)))
        return TRUE;
    }
  return FALSE;
}

static void
judge_answer (const IncidentJudgement *self,
              gboolean                 declines,
              IncidentRefusals        *refusals)
{
  const char *role = peek (self, INCIDENT_ARGUMENT_ROLE);
  const IncidentOffer *offer = role != NULL ? incident_dossier_get_offer (self->state->dossier, role) : NULL;

  if (role == NULL && (self->command != NULL || has_offer (self, declines)))
    return;
  if (role == NULL)
    {
      incident_refusals_add (refusals, "no-offer", "no role is offered to “%s”", self->actor);
      return;
    }
  if (offer == NULL || (!declines && offer->until != INCIDENT_TIME_NONE && offer->until < self->now))
    incident_refusals_add (refusals, "no-offer", offer == NULL ? "the role “%s” is not offered to anybody"
                                                               : "the offer of the role “%s” has expired", role);
  else if (!g_str_equal (offer->person, self->actor) && !(declines && g_str_equal (offer->from, self->actor)))
    incident_refusals_add (refusals, "no-offer", "the role “%s” is offered to “%s”, not to “%s”", role, offer->person,
                           self->actor);
  if (!declines)
    judge_qualification (self, role, self->actor, refusals);
}

static void
judge_take_command (const IncidentJudgement *self,
                    gboolean                 by_name,
                    IncidentRefusals        *refusals)
{
  const char *holder = incident_state_get_holder (self->state, INCIDENT_ROLE_COMMANDER);

  if (holder == NULL)
    incident_refusals_add (refusals, "no-responder", "there is no commander to take command from: assign one");
  else if (!g_str_equal (holder, self->actor) && !by_name && !incident_state_holds (self->state, INCIDENT_ROLE_DEPUTY, self->actor))
    incident_refusals_add (refusals, "not-permitted", "only the deputy, or who has the right by name, takes command, not “%s”",
                           self->actor);
  judge_qualification (self, INCIDENT_ROLE_COMMANDER, self->actor, refusals);
}

static const IncidentTaskEntry *
find_task (const IncidentJudgement *self,
           IncidentRefusals        *refusals)
{
  const char *number = peek (self, INCIDENT_ARGUMENT_TASK);
  const IncidentTaskEntry *task;

  if (number == NULL && self->command == NULL && incident_dossier_count_tasks (self->state->dossier) == 0)
    incident_refusals_add (refusals, "unknown-task", "the case has no task");
  if (number == NULL)
    return NULL;

  task = incident_dossier_get_task (self->state->dossier, (guint) g_ascii_strtoull (number, NULL, 10));
  if (task == NULL)
    incident_refusals_add (refusals, "unknown-task", "there is no task %s: the case has %u", number,
                           incident_dossier_count_tasks (self->state->dossier));
  return task;
}

/* Are the tasks that come first at an end? */
static void
judge_order (const IncidentJudgement *self,
             const char              *after,
             IncidentRefusals        *refusals)
{
  g_auto(GStrv) numbers = after != NULL ? g_strsplit (after, ",", -1) : NULL;

  for (guint i = 0; numbers != NULL && numbers[i] != NULL; i++)
    {
      const IncidentTaskEntry *first =
        incident_dossier_get_task (self->state->dossier, (guint) g_ascii_strtoull (numbers[i], NULL, 10));

      if (first != NULL && incident_task_is_to_do (first))
        incident_refusals_add (refusals, "blocked-task", "task %s comes first, and is %s", numbers[i],
                               incident_task_state_to_string (first->state));
    }
}

static void
judge_task (const IncidentJudgement *self,
            IncidentVerbId           verb,
            IncidentRefusals        *refusals)
{
  const IncidentTaskEntry *task = find_task (self, refusals);
  IncidentSituation situation;

  if (task == NULL)
    return;
  if (!self->state->open && task->kind == NULL)
    incident_refusals_add (refusals, "wrong-phase", "the case has ended, and only follow-up actions outlive it");
  if (verb != INCIDENT_VERB_REOPEN_TASK && !incident_task_is_to_do (task)
      && g_strcmp0 (incident_verbs[verb].task_state, incident_task_state_to_string (task->state)) != 0)
    incident_refusals_add (refusals, "task-ended", "the task is %s: reopen it first", incident_task_state_to_string (task->state));
  if (verb == INCIDENT_VERB_START_TASK || verb == INCIDENT_VERB_FINISH_TASK)
    judge_order (self, task->after, refusals);

  incident_situation_init (&situation, self->state, NULL);
  if (verb == INCIDENT_VERB_SKIP_TASK && task->must_do
      && !incident_rules_permit (self->rulebook->rules, "skip-must-do", self->actor, &situation, NULL))
    {
      g_autofree char *who = incident_rules_describe_right (self->rulebook->rules, "skip-must-do");

      incident_refusals_add (refusals, "not-permitted", "“%s” may not skip a must-do task: that is for %s", self->actor, who);
    }
  if (verb == INCIDENT_VERB_HAND_TASK && self->command != NULL && peek (self, INCIDENT_ARGUMENT_PERSON) == NULL
      && peek (self, INCIDENT_ARGUMENT_ROLE) == NULL)
    incident_refusals_add (refusals, "missing-target", "a person or role is missing: say who shall do it");
  judge_presence (self, peek (self, INCIDENT_ARGUMENT_PERSON), refusals);
}

static void
judge_add_task (const IncidentJudgement *self,
                IncidentRefusals        *refusals)
{
  const char *after = peek (self, INCIDENT_ARGUMENT_AFTER);
  g_auto(GStrv) numbers = after != NULL ? g_strsplit (after, ",", -1) : NULL;

  if (!self->state->open && self->command != NULL && peek (self, INCIDENT_ARGUMENT_KIND) == NULL)
    incident_refusals_add (refusals, "wrong-phase", "the case has ended: only a follow-up action can be added, with its kind");
  for (guint i = 0; numbers != NULL && numbers[i] != NULL; i++)
    if (incident_dossier_get_task (self->state->dossier, (guint) g_ascii_strtoull (numbers[i], NULL, 10)) == NULL)
      incident_refusals_add (refusals, "unknown-task", "there is no task %s to come first", numbers[i]);
  judge_presence (self, peek (self, INCIDENT_ARGUMENT_PERSON), refusals);
}

static void
judge_event (const IncidentJudgement *self,
             IncidentRefusals        *refusals)
{
  const char *number = peek (self, INCIDENT_ARGUMENT_EVENT);

  if (number != NULL && g_ascii_strtoull (number, NULL, 10) > self->state->version)
    incident_refusals_add (refusals, "unknown-event", "there is no event %s: the case has %u", number, self->state->version);
}

static gboolean
is_same_case (const IncidentJudgement *self,
              const char              *id)
{
  guint64 number;

  return id != NULL && incident_case_number_from_string (id, &number, NULL) && number == self->number;
}

static void
judge_other_case (const IncidentJudgement *self,
                  IncidentVerbId           verb,
                  IncidentRefusals        *refusals)
{
  if (verb == INCIDENT_VERB_UNLINK && self->command == NULL
      && (self->state->dossier == NULL || self->state->dossier->links == NULL || self->state->dossier->links->len == 0))
    incident_refusals_add (refusals, "no-link", "the case has no link");
  if (is_same_case (self, peek (self, INCIDENT_ARGUMENT_CASE)))
    incident_refusals_add (refusals, verb == INCIDENT_VERB_MERGE ? "merge-cycle" : "link-cycle", "that is the case itself");
}

static void
judge_clock (const IncidentJudgement *self,
             IncidentRefusals        *refusals)
{
  const char *name = peek (self, INCIDENT_ARGUMENT_CLOCK);
  const GPtrArray *clocks = self->rulebook->rules->clocks;

  if (self->command == NULL && clocks->len == 0)
    incident_refusals_add (refusals, "unknown-clock", "the playbook has no reporting clock");
  for (guint i = 0; name != NULL && i < clocks->len; i++)
    if (g_str_equal (((const IncidentReportingClock *) g_ptr_array_index (clocks, i))->name, name))
      return;

  if (name != NULL)
    incident_refusals_add (refusals, "unknown-clock", "there is no reporting clock “%s” in the playbook", name);
}

static void
judge_hypothesis (const IncidentJudgement *self,
                  IncidentRefusals        *refusals)
{
  const char *number = peek (self, INCIDENT_ARGUMENT_HYPOTHESIS);
  const GArray *known = self->state->dossier != NULL ? self->state->dossier->hypotheses : NULL;
  guint n = known != NULL ? known->len : 0;

  if (self->command == NULL && n == 0)
    incident_refusals_add (refusals, "unknown-hypothesis", "the case has no hypothesis");
  else if (number != NULL && g_ascii_strtoull (number, NULL, 10) > n)
    incident_refusals_add (refusals, "unknown-hypothesis", "there is no hypothesis %s: the case has %u", number, n);
}

/* Either it was recorded, or it comes with its words. */
static void
judge_pin (const IncidentJudgement *self,
           IncidentRefusals        *refusals)
{
  const char *message = peek (self, INCIDENT_ARGUMENT_MESSAGE);
  IncidentSaid said;

  if (message == NULL || self->past == NULL || peek (self, INCIDENT_ARGUMENT_TEXT) != NULL)
    return;

  incident_said_look_up (&said, self->past, message);
  if (said.words == NULL)
    incident_refusals_add (refusals, "missing-text", "the words are missing: the message “%s” was not recorded before", message);
}

static void
judge_proposal (const IncidentJudgement *self,
                guint                    seq,
                gboolean                 by_name,
                IncidentRefusals        *refusals)
{
  const IncidentRules *rules = self->rulebook->rules;
  guint ended_by;
  const IncidentRecord *proposal = incident_update_find_proposal (self->past, seq, &ended_by);
  g_autofree char *audience = proposal != NULL ? incident_facts_dup (proposal->facts, "audience") : NULL;

  if (proposal == NULL)
    incident_refusals_add (refusals, "no-proposal", "event %u is no update that was proposed", seq);
  else if (ended_by != 0)
    incident_refusals_add (refusals, "no-proposal", "the proposal of event %u is over: event %u came after it", seq, ended_by);
  if (proposal == NULL)
    return;

  if (!incident_update_may_approve (rules, self->state, self->actor, by_name, audience))
    incident_refusals_add (refusals, "not-permitted", "what “%s” is told is approved by who has the role “%s”, not by “%s”",
                           audience, incident_comms_rules_get_audience (rules->comms, audience)->approved_by, self->actor);
  if (self->command != NULL && proposal->payload == NULL && peek (self, INCIDENT_ARGUMENT_TEXT) == NULL)
    incident_refusals_add (refusals, "missing-text", "the words of event %u were removed: give others", seq);
}

/* Words of the moment are for those whom nobody has to be asked about. */
static void
judge_message (const IncidentJudgement *self,
               gboolean                 by_name,
               IncidentRefusals        *refusals)
{
  const IncidentRules *rules = self->rulebook->rules;
  const char *name = peek (self, INCIDENT_ARGUMENT_AUDIENCE);
  const IncidentAudience *audience = name != NULL ? incident_comms_rules_get_audience (rules->comms, name) : NULL;

  if (audience != NULL && (audience->is_public || !incident_update_may_approve (rules, self->state, self->actor, by_name, name)))
    incident_refusals_add (refusals, "wrong-audience", "what “%s” is told is an update: give one, or propose it", name);
}

/* Where no event is named, any that waits will do. */
static void
judge_approval (const IncidentJudgement *self,
                gboolean                 by_name,
                IncidentRefusals        *refusals)
{
  const char *number = peek (self, INCIDENT_ARGUMENT_EVENT);
  guint ended_by;

  if (self->past == NULL || (number == NULL && self->command != NULL))
    return;
  if (number != NULL)
    {
      judge_proposal (self, (guint) g_ascii_strtoull (number, NULL, 10), by_name, refusals);
      return;
    }

  for (guint seq = self->state->version; seq > 0; seq--)
    if (incident_update_find_proposal (self->past, seq, &ended_by) != NULL && ended_by == 0)
      {
        judge_proposal (self, seq, by_name, refusals);
        return;
      }
  incident_refusals_add (refusals, "no-proposal", "no update is proposed that waits for approval");
}

static void
judge_unacknowledge (const IncidentJudgement *self,
                     IncidentRefusals        *refusals)
{
  const IncidentDossier *dossier = self->state->dossier;
  const char *person;

  if (self->command == NULL)
    return;

  person = incident_verb_get_unacknowledged (self->command);
  if (dossier == NULL || !incident_strings_contain (dossier->acknowledged, person))
    incident_refusals_add (refusals, "not-acknowledged", "“%s” has not acknowledged the case", person);
}

/* It always has an end, which is still to come. */
static void
judge_snooze (const IncidentJudgement *self,
              IncidentRefusals        *refusals)
{
  const char *due = peek (self, INCIDENT_ARGUMENT_DUE);
  gint64 until;

  if (!self->state->live)
    incident_refusals_add (refusals, "wrong-phase", "the case is not live: nobody is paged");
  if (due != NULL && !incident_shape_is_duration (due) && incident_time_from_string (due, &until, NULL) && until <= self->now)
    incident_refusals_add (refusals, "bad-time", "the time is past: say until when the case is to be quiet");
}

static void
judge_wake (const IncidentJudgement *self,
            IncidentRefusals        *refusals)
{
  const IncidentDossier *dossier = self->state->dossier;

  if (dossier == NULL || dossier->snoozed_until == INCIDENT_TIME_NONE)
    incident_refusals_add (refusals, "not-snoozed", "the case is not snoozed");
}

static void
judge_page (const IncidentJudgement *self,
            IncidentRefusals        *refusals)
{
  if (!self->state->live)
    incident_refusals_add (refusals, "wrong-phase", "the case is not live: nobody is paged");
}

static void
judge_move (const IncidentJudgement *self,
            IncidentRefusals        *refusals)
{
  const char *version = self->rulebook->rules->version;

  for (const IncidentRun *run = self->state->runs; run != NULL; run = run->next)
    if (run->episode == self->state->episode && !incident_run_is_over (run)
        && g_strcmp0 (run->version, version != NULL ? version : INCIDENT_BUILT_IN) != 0)
      return;

  incident_refusals_add (refusals, "nothing-to-move", "no escalation of the case goes by an older playbook");
}

gboolean
incident_record_verb_has_rules (const IncidentTransition *transition)
{
  const guint assigns = 1u << INCIDENT_GUARD_ROLE | 1u << INCIDENT_GUARD_PERSON;

  return transition->record != NULL || (transition->guards & assigns) == assigns;
}

static IncidentVerbId
get_id (const IncidentTransition *transition)
{
  return transition->record != NULL ? incident_verb_get_id (transition->record) : INCIDENT_VERB_ASSIGN;
}

/* What is asked of those on call. */
static void
judge_call (const IncidentJudgement *self,
            IncidentVerbId           verb,
            IncidentRefusals        *refusals)
{
  switch ((int) verb)
    {
    case INCIDENT_VERB_UNACKNOWLEDGE:
      judge_unacknowledge (self, refusals);
      break;
    case INCIDENT_VERB_SNOOZE:
      judge_snooze (self, refusals);
      break;
    case INCIDENT_VERB_WAKE:
      judge_wake (self, refusals);
      break;
    case INCIDENT_VERB_PAGE:
      judge_page (self, refusals);
      break;
    case INCIDENT_VERB_MOVE_RUNS:
      judge_move (self, refusals);
      break;
    default:
      break;
    }
}

void
incident_record_verb_judge (const IncidentJudgement  *self,
                            const IncidentTransition *transition,
                            gboolean                  by_name,
                            IncidentRefusals         *refusals)
{
  IncidentVerbId verb = get_id (transition);

  switch ((int) verb)
    {
    case INCIDENT_VERB_ASSIGN:
      judge_assign (self, by_name, refusals);
      break;
    case INCIDENT_VERB_RELEASE:
      judge_release (self, refusals);
      break;
    case INCIDENT_VERB_HANDOFF:
      judge_handoff (self, by_name, refusals);
      break;
    case INCIDENT_VERB_ACCEPT:
    case INCIDENT_VERB_DECLINE:
      judge_answer (self, verb == INCIDENT_VERB_DECLINE, refusals);
      break;
    case INCIDENT_VERB_TAKE_COMMAND:
      judge_take_command (self, by_name, refusals);
      break;
    case INCIDENT_VERB_ACKNOWLEDGE:
      if (!self->state->live)
        incident_refusals_add (refusals, "wrong-phase", "the case is not live: there is nothing to acknowledge");
      break;
    case INCIDENT_VERB_ADD_TASK:
      judge_add_task (self, refusals);
      break;
    case INCIDENT_VERB_START_TASK:
    case INCIDENT_VERB_FINISH_TASK:
    case INCIDENT_VERB_SKIP_TASK:
    case INCIDENT_VERB_REOPEN_TASK:
    case INCIDENT_VERB_HAND_TASK:
      judge_task (self, verb, refusals);
      break;
    case INCIDENT_VERB_JUDGE:
      judge_hypothesis (self, refusals);
      break;
    case INCIDENT_VERB_LINK:
    case INCIDENT_VERB_UNLINK:
    case INCIDENT_VERB_MERGE:
      judge_other_case (self, verb, refusals);
      break;
    case INCIDENT_VERB_CORRECT:
    case INCIDENT_VERB_REDACT:
      judge_event (self, refusals);
      break;
    case INCIDENT_VERB_FILE_REPORT:
      judge_clock (self, refusals);
      break;
    case INCIDENT_VERB_PIN:
      judge_pin (self, refusals);
      break;
    case INCIDENT_VERB_APPROVE:
      judge_approval (self, by_name, refusals);
      break;
    case INCIDENT_VERB_MESSAGE:
      judge_message (self, by_name, refusals);
      break;
    case INCIDENT_VERB_ADD_CHECKLIST:
      if (self->command == NULL && self->rulebook->rules->checklists->len == 0)
        incident_refusals_add (refusals, "unknown-checklist", "the playbook has no checklist");
      break;
    default:
      judge_call (self, verb, refusals);
      break;
    }
}

static gboolean
is_assigned (const IncidentJudgement *self)
{
  const char *role = peek (self, INCIDENT_ARGUMENT_ROLE);
  const IncidentRulesRole *known = incident_rules_get_role (self->rulebook->rules, role);

  if (known != NULL && known->holders > 1)
    return incident_state_holds (self->state, role, peek (self, INCIDENT_ARGUMENT_PERSON));

  return g_strcmp0 (incident_state_get_holder (self->state, role), peek (self, INCIDENT_ARGUMENT_PERSON)) == 0;
}

static gboolean
is_released (const IncidentJudgement *self)
{
  const char *person = peek (self, INCIDENT_ARGUMENT_PERSON);

  return person != NULL ? !incident_state_holds (self->state, peek (self, INCIDENT_ARGUMENT_ROLE), person)
                        : incident_state_get_holder (self->state, peek (self, INCIDENT_ARGUMENT_ROLE)) == NULL;
}

/* Of a verb that leads a task to a state. */
static gboolean
is_task_so (const IncidentJudgement *self,
            const IncidentVerb      *verb)
{
  const IncidentTaskEntry *task =
    incident_dossier_get_task (self->state->dossier,
                               (guint) g_ascii_strtoull (peek (self, INCIDENT_ARGUMENT_TASK), NULL, 10));

  return task != NULL && g_str_equal (incident_task_state_to_string (task->state), verb->task_state);
}

gboolean
incident_record_verb_is_so (const IncidentJudgement  *self,
                            const IncidentTransition *transition)
{
  const IncidentDossier *dossier = self->state->dossier;

  switch ((int) get_id (transition))
    {
    case INCIDENT_VERB_ASSIGN:
      return is_assigned (self);
    case INCIDENT_VERB_RELEASE:
      return is_released (self);
    case INCIDENT_VERB_ACKNOWLEDGE:
      /* Who was asked for since has to be able to answer that. */
      return dossier != NULL && incident_dossier_get_acked (dossier, self->actor) > dossier->asked_at;
    case INCIDENT_VERB_HANDOFF:
      return incident_state_holds (self->state, peek (self, INCIDENT_ARGUMENT_ROLE), peek (self, INCIDENT_ARGUMENT_PERSON));
    case INCIDENT_VERB_TAKE_COMMAND:
      return incident_state_holds (self->state, INCIDENT_ROLE_COMMANDER, self->actor);
    case INCIDENT_VERB_START_TASK:
    case INCIDENT_VERB_FINISH_TASK:
    case INCIDENT_VERB_SKIP_TASK:
    case INCIDENT_VERB_REOPEN_TASK:
      return is_task_so (self, transition->record);
    case INCIDENT_VERB_UNLINK:
      return !incident_dossier_has_link (dossier, peek (self, INCIDENT_ARGUMENT_KIND), peek (self, INCIDENT_ARGUMENT_CASE));
    case INCIDENT_VERB_ADD_CHECKLIST:
      return dossier != NULL && incident_strings_contain (dossier->checklists, peek (self, INCIDENT_ARGUMENT_CHECKLIST));
    case INCIDENT_VERB_AFFECT:
      return g_strcmp0 (self->state->service, peek (self, INCIDENT_ARGUMENT_SERVICE)) == 0
             || (dossier != NULL && incident_strings_contain (dossier->services, peek (self, INCIDENT_ARGUMENT_SERVICE)));
    case INCIDENT_VERB_PRIORITISE:
      return self->state->priority_by == INCIDENT_PRIORITY_BY_PERSON
             && g_strcmp0 (incident_priority_to_string ((IncidentPriority) self->state->priority),
                           peek (self, INCIDENT_ARGUMENT_PRIORITY)) == 0;
    case INCIDENT_VERB_LINK:
      return incident_dossier_has_link (dossier, peek (self, INCIDENT_ARGUMENT_KIND), peek (self, INCIDENT_ARGUMENT_CASE));
    case INCIDENT_VERB_REDACT:
      return dossier != NULL && incident_strings_contain (dossier->redacted, peek (self, INCIDENT_ARGUMENT_EVENT));
    case INCIDENT_VERB_DISMISS:
      return incident_dossier_get_reminded (dossier, peek (self, INCIDENT_ARGUMENT_REMINDER)) != NULL
             && incident_dossier_get_reminded (dossier, peek (self, INCIDENT_ARGUMENT_REMINDER))->dismissed;
    case INCIDENT_VERB_SAY:
    case INCIDENT_VERB_EDIT_SAID:
    case INCIDENT_VERB_DELETE_SAID:
    case INCIDENT_VERB_PIN:
      return self->past != NULL && incident_said_is_so (self->past, get_id (transition), self->command);
    case INCIDENT_VERB_FILE_REPORT:
      return dossier != NULL && incident_strings_contain (dossier->filed, peek (self, INCIDENT_ARGUMENT_CLOCK));
    default:
      return FALSE;
    }
}
