/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "model/incident-judgement-private.h"

#include "base/incident-error-private.h"
#include "model/incident-comms-rules-private.h"
#include "model/incident-oncall-rules-private.h"

void
incident_rulebook_init (IncidentRulebook *self,
                        IncidentRules    *rules)
{
  self->rules = incident_rules_ref (rules);
  self->binding = incident_binding_get (rules->version, rules->lifecycle->id);
  self->lifecycles = g_hash_table_new_full (g_str_hash, g_str_equal, NULL, (GDestroyNotify) incident_lifecycle_unref);
}

void
incident_rulebook_clear (IncidentRulebook *self)
{
  g_clear_pointer (&self->lifecycles, g_hash_table_unref);
  g_clear_pointer (&self->rules, incident_rules_unref);
}

IncidentLifecycle *
incident_rulebook_get_lifecycle (const IncidentRulebook *self,
                                 const IncidentState    *state)
{
  const char *id;

  if (state == NULL || state->binding == self->binding)
    return self->rules->lifecycle;

  id = incident_binding_get_lifecycle (state->binding);
  if (g_strcmp0 (id, self->rules->lifecycle->id) == 0)
    return self->rules->lifecycle;

  return id != NULL ? g_hash_table_lookup (self->lifecycles, id) : incident_lifecycle_get_default ();
}

IncidentState *
incident_rulebook_move_state (const IncidentRulebook *self,
                              const IncidentState    *state)
{
  IncidentLifecycle *in_force = self->rules->lifecycle;
  IncidentStatus status;
  IncidentState *moved;
  const char *phase;

  if (incident_rulebook_get_lifecycle (self, state) == in_force)
    return NULL;
  phase = incident_lifecycle_move (in_force, state->phase);
  if (phase == NULL)
    return NULL;

  status = incident_lifecycle_phase (in_force, incident_lifecycle_find_phase (in_force, phase))->status;
  moved = incident_state_copy (state);
  moved->phase = phase;
  moved->live = status == INCIDENT_STATUS_LIVE;
  moved->open = status != INCIDENT_STATUS_ENDED;
  return moved;
}

/* What is said in a chat is recorded whoever said it: where that is nobody who may write, the desk has heard it. */
static gboolean
is_heard (const IncidentJudgement *self,
          const IncidentVerb      *verb) /* nullable */
{
  return verb != NULL && incident_verb_is_of_chat (verb) && verb != &incident_verbs[INCIDENT_VERB_PIN]
         && g_str_equal (self->actor, INCIDENT_DESK_ACTOR);
}

static void
judge_right (const IncidentJudgement  *self,
             const char               *verb,
             gboolean                 *by_name,
             IncidentRefusals         *refusals)
{
  const IncidentRules *rules = self->rulebook->rules;
  const IncidentVerb *known = incident_verb_find (verb);
  IncidentSituation situation;
  g_autofree char *who = NULL;

  incident_situation_init (&situation, self->state, self->command);
  if (is_heard (self, known) || incident_rules_permit (rules, verb, self->actor, &situation, by_name)
      || (known != NULL && known->right != NULL && incident_rules_permit (rules, known->right, self->actor, &situation, NULL)))
    return;
  if (!incident_rules_knows (rules, self->actor))
    {
      incident_refusals_add (refusals, "not-permitted", "the playbook knows nobody of the name “%s”", self->actor);
      return;
    }

  who = incident_rules_describe_right (rules, verb);
  incident_refusals_add (refusals, "not-permitted", "“%s” has no right to “%s” here: that is for %s", self->actor, verb, who);
}

static void
judge_lowering (const IncidentJudgement *self,
                IncidentRefusals        *refusals)
{
  const char *given = self->command != NULL ? incident_command_peek (self->command, INCIDENT_ARGUMENT_SEVERITY) : NULL;
  IncidentSeverity severity;

  if (given == NULL || self->state == NULL || self->state->severity == INCIDENT_SEVERITY_UNKNOWN
      || !incident_rules_have_rights (self->rulebook->rules)
      || !incident_severity_from_string (given, &severity, NULL) || severity <= (IncidentSeverity) self->state->severity)
    return;

  judge_right (self, "lower-severity", NULL, refusals);
  if (incident_command_peek (self->command, INCIDENT_ARGUMENT_TEXT) == NULL)
    incident_refusals_add (refusals, "missing-text", "a reason is missing: say why it is less severe");
}

/* It may end only what it began, and what no person has taken over. */
static void
judge_automation (const IncidentJudgement  *self,
                  const IncidentTransition *transition,
                  IncidentRefusals         *refusals)
{
  static const char * const endings[] = { "resolve", "recover", "close", "cancel", "merge", NULL };
  const IncidentDossier *dossier = self->state != NULL ? self->state->dossier : NULL;

  if (self->state == NULL || transition->to < 0 || !incident_rules_is_automation (self->rulebook->rules, self->actor))
    return;
  if (!g_strv_contains (endings, transition->verb)
      && incident_lifecycle_phase (self->lifecycle, transition->to)->status == INCIDENT_STATUS_LIVE)
    return;

  if (dossier == NULL || g_strcmp0 (dossier->opened_by, self->actor) != 0)
    incident_refusals_add (refusals, "not-permitted", "an automation ends only what it has opened itself, and “%s” did not open this case",
                           self->actor);
  else if (dossier->taken_over)
    incident_refusals_add (refusals, "not-permitted", "a person has taken this case over: it is theirs to end");
}

/* That goes by the policy; or, where none does, that began last. */
static const IncidentRun *
find_run (const IncidentState       *state,
          const IncidentPolicyRules *policy) /* nullable */
{
  for (const IncidentRun *run = state->runs; run != NULL && policy != NULL; run = run->next)
    if (run->episode == state->episode && !incident_run_is_over (run) && g_str_equal (run->policy, policy->name))
      return run;

  return incident_run_find_current (state->runs, (guint) state->episode);
}

/* By what is on call: a button that was pressed twice goes up one level, and what is at its end goes up no further. */
static void
judge_escalation (const IncidentJudgement  *self,
                  const IncidentTransition *transition,
                  IncidentRefusals         *refusals)
{
  const char *target = self->command != NULL ? incident_command_peek (self->command, INCIDENT_ARGUMENT_TARGET) : NULL;
  const IncidentPolicyRules *policy = NULL;
  const IncidentRun *run;
  IncidentTarget found;
  guint seen;

  if (target == NULL || self->state == NULL || self->state->runs == NULL || (transition->guards >> INCIDENT_GUARD_TARGET & 1) == 0)
    return;

  incident_rules_find_target (self->rulebook->rules, target, &found, &policy);
  run = find_run (self->state, policy);
  if (run == NULL)
    return;

  seen = incident_command_get_seen (self->command);
  if (seen != 0 && seen < run->seq)
    incident_refusals_add (refusals, "stale-view", "the escalation has gone on since version %u: look again", seen);
  if (policy != NULL && g_str_equal (policy->name, run->policy) && run->has_fired && run->step + 1u >= policy->steps->len
      && !incident_policy_rules_has_loop (policy, run->loop, run->started_at, self->now))
    incident_refusals_add (refusals, "exhausted", "policy “%s” has no step left: name a person, a team or another policy", policy->name);
}

static void
judge_case (const IncidentJudgement  *self,
            const IncidentTransition *transition,
            gboolean                  by_name,
            IncidentRefusals         *refusals)
{
  judge_lowering (self, refusals);
  judge_automation (self, transition, refusals);
  judge_escalation (self, transition, refusals);
  if (self->state != NULL && transition->episode && self->state->dossier != NULL && self->state->dossier->merged_into != NULL)
    incident_refusals_add (refusals, "merged-away", "the case was merged into %s: go on there", self->state->dossier->merged_into);
  if (self->state != NULL && incident_record_verb_has_rules (transition))
    incident_record_verb_judge (self, transition, by_name, refusals);
}

const IncidentTransition *
incident_judgement_judge (const IncidentJudgement *self,
                          const char              *verb,
                          IncidentRefusals        *refusals)
{
  gboolean by_name = FALSE;
  const IncidentTransition *transition;
  g_auto(IncidentRefusals) of_right = { NULL, };

  judge_right (self, verb, &by_name, &of_right);
  transition = incident_lifecycle_judge (self->lifecycle, self->state, verb, self->actor, self->command,
                                         by_name ? 1u << INCIDENT_GUARD_COMMANDER : 0, refusals);
  /* What does not exist is for nobody. */
  if (transition == NULL)
    return NULL;

  incident_refusals_join (refusals, &of_right);
  judge_case (self, transition, by_name, refusals);
  return transition;
}

void
incident_judgement_judge_again (const IncidentJudgement  *self,
                                const IncidentTransition *transition,
                                guint                     guards,
                                IncidentRefusals         *refusals)
{
  gboolean by_name = FALSE;

  judge_right (self, transition->verb, &by_name, refusals);
  if (by_name)
    guards &= ~(1u << INCIDENT_GUARD_COMMANDER);
  for (guint i = 0; i < INCIDENT_N_GUARDS; i++)
    if ((guards >> i & 1) != 0)
      incident_guard_check ((IncidentGuard) i, self->state, transition->verb, self->actor, self->command, refusals);
  judge_case (self, transition, by_name, refusals);
}

/* The sections of the playbook that an argument names something in. */
static gboolean
check_name (GHashTable       *section,
            IncidentCommand  *command,
            IncidentArgument  argument,
            const char       *what,
            GError          **error)
{
  const char *name = incident_command_peek (command, argument);

  if (name == NULL || g_hash_table_size (section) == 0 || g_hash_table_contains (section, name))
    return TRUE;

  incident_set_error_at (error, INCIDENT_ERROR_NOT_FOUND, incident_argument_get_name (argument),
                         "There is no %s “%s” in the playbook", what, name);
  return FALSE;
}

static gboolean
check_target (const IncidentRules  *rules,
              IncidentCommand      *command,
              GError              **error)
{
  const char *target = incident_command_peek (command, INCIDENT_ARGUMENT_TARGET);
  const IncidentPolicyRules *policy;
  IncidentTarget found;

  if (target == NULL || incident_rules_find_target (rules, target, &found, &policy) || g_hash_table_size (rules->people) + g_hash_table_size (rules->teams) == 0
      || g_hash_table_contains (rules->people, target) || g_hash_table_contains (rules->teams, target)
      || g_hash_table_contains (rules->roles, target))
    return TRUE;

  incident_set_error_at (error, INCIDENT_ERROR_NOT_FOUND, "target",
                         "There is no person, team or role “%s” in the playbook", target);
  return FALSE;
}

static gboolean
check_audience (const IncidentRules  *rules,
                IncidentCommand      *command,
                GError              **error)
{
  const char *name = incident_command_peek (command, INCIDENT_ARGUMENT_AUDIENCE);
  const GPtrArray *audiences = rules->comms->audiences;
  g_autoptr(GString) known = g_string_new (NULL);

  if (name == NULL || incident_comms_rules_get_audience (rules->comms, name) != NULL)
    return TRUE;

  for (guint i = 0; i < audiences->len; i++)
    g_string_append_printf (known, "%s%s", i > 0 ? ", " : "", ((IncidentAudience *) g_ptr_array_index (audiences, i))->name);
  incident_set_error_at (error, INCIDENT_ERROR_NOT_FOUND, "audience", "There is no audience “%s”: there are %s", name, known->str);
  return FALSE;
}

gboolean
incident_judgement_check_names (const IncidentJudgement  *self,
                                GError                  **error)
{
  const IncidentRules *rules = self->rulebook->rules;
  const char *checklist = incident_command_peek (self->command, INCIDENT_ARGUMENT_CHECKLIST);

  if (checklist != NULL && incident_rules_get_checklist (rules, checklist) == NULL)
    {
      incident_set_error_at (error, INCIDENT_ERROR_NOT_FOUND, "checklist",
                             "There is no checklist “%s” in the playbook", checklist);
      return FALSE;
    }

  return check_name (rules->people, self->command, INCIDENT_ARGUMENT_PERSON, "person", error)
         && check_name (rules->roles, self->command, INCIDENT_ARGUMENT_ROLE, "role", error)
         && check_name (rules->services, self->command, INCIDENT_ARGUMENT_SERVICE, "service", error)
         && check_name (rules->categories, self->command, INCIDENT_ARGUMENT_CATEGORY, "category", error)
         && check_audience (rules, self->command, error)
         && check_target (rules, self->command, error);
}
