/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "model/incident-decision-private.h"

#include <libincident/incident-time.h>

#include <string.h>

#include "base/incident-error-private.h"
#include "base/incident-json-writer-private.h"
#include "base/incident-text-private.h"
#include "base/incident-time-private.h"
#include "model/incident-oncall-rules-private.h"
#include "model/incident-said-private.h"

void
incident_decision_init (IncidentDecision   *self,
                        IncidentClock      *clock,
                        IncidentOperations *operations,
                        const IncidentRulebook *rulebook)
{
  self->clock = clock;
  self->operations = operations;
  self->rulebook = rulebook;
  self->ahead = NULL;
  self->now = incident_clock_get_time (clock);
  self->drafts = g_ptr_array_new_with_free_func ((GDestroyNotify) incident_record_unref);
  incident_decision_turn_to (self, 0, NULL);
}

static void
forget_ahead (IncidentDecision *self)
{
  if (self->ahead != NULL)
    incident_state_clear (self->ahead);
  g_clear_pointer (&self->ahead, g_free);
}

void
incident_decision_clear (IncidentDecision *self)
{
  g_clear_pointer (&self->drafts, g_ptr_array_unref);
  forget_ahead (self);
}

void
incident_decision_turn_to (IncidentDecision    *self,
                           guint64              number,
                           const IncidentState *state)
{
  self->number = number;
  self->state = state;
  self->past = NULL;
  self->first = self->drafts->len;
  self->version = state != NULL ? state->version : 0;
  self->n_ahead = 0;
  self->lifecycle = NULL;
  self->is_moved = FALSE;
  self->verified = INCIDENT_VERIFICATION_ASSERTED;
  self->transition = NULL;
  forget_ahead (self);
  memset (self->operation, 0, sizeof self->operation);
}

void
incident_decision_look_back (IncidentDecision *self,
                             IncidentTimeline *past)
{
  self->past = past;
}

void
incident_decision_add (IncidentDecision *self,
                       const char       *kind,
                       const char       *actor,
                       gint64            occurred_at,
                       const char       *facts,
                       char             *payload)
{
  IncidentRecord *draft = incident_record_new ();

  draft->subject = self->number;
  draft->step = self->drafts->len - self->first;
  draft->seq = self->version + draft->step + 1;
  draft->occurred_at = occurred_at;
  draft->recorded_at = self->now;
  draft->kind = g_intern_string (kind);
  draft->actor = g_ref_string_new (actor);
  draft->verified = self->verified;
  memcpy (draft->operation, self->operation, INCIDENT_OPERATION_LENGTH);
  draft->facts = g_ref_string_new (facts);
  draft->payload = payload;
  g_ptr_array_add (self->drafts, draft);
}

const IncidentState *
incident_decision_get_ahead (IncidentDecision *self)
{
  guint n = self->drafts->len - self->first;

  if (n == 0)
    return self->state;
  if (self->ahead == NULL)
    self->ahead = self->state != NULL ? incident_state_copy (self->state) : g_new0 (IncidentState, 1);
  for (; self->n_ahead < n; self->n_ahead++)
    {
      const IncidentRecord *draft = g_ptr_array_index (self->drafts, self->first + self->n_ahead);
      IncidentEffect effect;

      incident_effect_read (&effect, draft->facts);
      incident_state_apply (self->ahead, &effect, draft->seq, draft->actor, draft->occurred_at);
    }
  return self->ahead;
}

static gboolean
has_guard (const IncidentTransition *transition,
           IncidentGuard             guard)
{
  return (transition->guards >> guard & 1) != 0;
}

static gboolean
takes_classification (const IncidentTransition *transition)
{
  return transition->from == 0 || has_guard (transition, INCIDENT_GUARD_CLASSIFICATION);
}

static gboolean
takes_argument (const IncidentTransition *transition,
                IncidentArgument          argument)
{
  switch ((int) argument)
    {
    case INCIDENT_ARGUMENT_TEXT:
      return TRUE;
    case INCIDENT_ARGUMENT_TITLE:
      return transition->from == 0 || has_guard (transition, INCIDENT_GUARD_TITLE);
    case INCIDENT_ARGUMENT_TARGET:
    case INCIDENT_ARGUMENT_ESCALATION:
      return has_guard (transition, INCIDENT_GUARD_TARGET);
    case INCIDENT_ARGUMENT_ROLE:
      return has_guard (transition, INCIDENT_GUARD_ROLE);
    case INCIDENT_ARGUMENT_PERSON:
      return has_guard (transition, INCIDENT_GUARD_PERSON);
    case INCIDENT_ARGUMENT_SEVERITY:
    case INCIDENT_ARGUMENT_IMPACT:
    case INCIDENT_ARGUMENT_URGENCY:
    case INCIDENT_ARGUMENT_SERVICE:
    case INCIDENT_ARGUMENT_CATEGORY:
      return takes_classification (transition);
    default:
      return FALSE;
    }
}

/* In the order in which facts are written. */
static const IncidentArgument fact_arguments[] = {
  INCIDENT_ARGUMENT_SEVERITY, INCIDENT_ARGUMENT_IMPACT, INCIDENT_ARGUMENT_URGENCY, INCIDENT_ARGUMENT_SERVICE,
  INCIDENT_ARGUMENT_CATEGORY, INCIDENT_ARGUMENT_TARGET, INCIDENT_ARGUMENT_ESCALATION, INCIDENT_ARGUMENT_ROLE,
  INCIDENT_ARGUMENT_PERSON,
};

/* “unknown” is the absence of a judgement, so it cannot be given as one. */
static gboolean
fail_unknown (const char  *argument,
              GError     **error)
{
  incident_set_error_at (error, INCIDENT_ERROR_INVALID, argument,
                         "“unknown” is no %s: leave it out where it is not judged", argument);
  return FALSE;
}

static gboolean
check_level (IncidentCommand   *command,
             IncidentArgument   index,
             GError           **error)
{
  const char *argument = incident_argument_get_name (index);
  const char *value = incident_command_peek (command, index);
  g_autoptr(GError) local_error = NULL;
  IncidentLevel level;

  if (value == NULL)
    return TRUE;
  if (!incident_level_from_string (value, &level, &local_error))
    {
      incident_set_error_at (error, INCIDENT_ERROR_INVALID, argument, "%s: %s", argument, local_error->message);
      return FALSE;
    }

  return level != INCIDENT_LEVEL_UNKNOWN || fail_unknown (argument, error);
}

static gboolean
check_severity (IncidentCommand  *command,
                GError          **error)
{
  const char *value = incident_command_peek (command, INCIDENT_ARGUMENT_SEVERITY);
  IncidentSeverity severity;

  if (value == NULL)
    return TRUE;
  if (!incident_severity_from_string (value, &severity, error))
    return FALSE;

  return severity != INCIDENT_SEVERITY_UNKNOWN || fail_unknown ("severity", error);
}

static gboolean
check_enum_arguments (IncidentCommand  *command,
                      GError          **error)
{
  const char *escalation = incident_command_peek (command, INCIDENT_ARGUMENT_ESCALATION);

  if (!check_severity (command, error)
      || !check_level (command, INCIDENT_ARGUMENT_IMPACT, error)
      || !check_level (command, INCIDENT_ARGUMENT_URGENCY, error))
    return FALSE;
  if (escalation == NULL || g_str_equal (escalation, "functional") || g_str_equal (escalation, "hierarchical"))
    return TRUE;

  incident_set_error_at (error, INCIDENT_ERROR_INVALID, "escalation",
                         "“%s” is not an escalation: it must be “functional” or “hierarchical”", escalation);
  return FALSE;
}

static gboolean
check_taken (const IncidentTransition  *transition,
             IncidentCommand           *command,
             IncidentArgument           index,
             GError                   **error)
{
  const char *argument = incident_argument_get_name (index);

  if (incident_command_peek (command, index) == NULL || takes_argument (transition, index))
    return TRUE;

  incident_set_error_at (error, INCIDENT_ERROR_INVALID, argument,
                         "“%s” takes no “%s”", incident_command_get_verb (command), argument);
  return FALSE;
}

/* Is the command well formed? Whether it may be done is for the guards. */
static gboolean
check_form (const IncidentTransition  *transition,
            IncidentCommand           *command,
            GError                   **error)
{
  const char *role = incident_command_peek (command, INCIDENT_ARGUMENT_ROLE);
  const char *verb = incident_command_get_verb (command);

  if (!incident_actor_check (incident_command_get_actor (command), error))
    return FALSE;
  /* The verbs of a lifecycle are well formed. */
  if (transition == NULL && !incident_text_is_id (verb))
    {
      incident_set_error_at (error, INCIDENT_ERROR_INVALID, "verb",
                             "The verb must be of a–z, 0–9 and dashes, such as “diagnose”");
      return FALSE;
    }
  if (transition != NULL && transition->record != NULL)
    {
      if (!incident_verb_check_form (transition->record, command, error))
        return FALSE;
    }
  else if (transition != NULL)
    for (guint i = 0; i < INCIDENT_N_ARGUMENTS; i++)
      if (!check_taken (transition, command, (IncidentArgument) i, error))
        return FALSE;
  if (role != NULL && !incident_text_is_id (role))
    {
      incident_set_error_at (error, INCIDENT_ERROR_INVALID, "role",
                             "“%s” is not a role: it must be of a–z, 0–9 and dashes, at most 64 characters long", role);
      return FALSE;
    }

  return check_enum_arguments (command, error);
}

static gint64
get_occurred_at (IncidentDecision   *self,
                 const IncidentVerb *verb, /* nullable */
                 IncidentCommand    *command)
{
  gint64 occurred_at = incident_command_get_occurred_at (command);

  if (!incident_verb_is_of_chat (verb))
    return occurred_at != INCIDENT_TIME_NONE ? occurred_at : self->now;

  if (occurred_at == INCIDENT_TIME_NONE && self->past != NULL && verb == &incident_verbs[INCIDENT_VERB_PIN])
    occurred_at = incident_said_get_time (self->past, incident_command_peek (command, INCIDENT_ARGUMENT_MESSAGE));
  /* The clock of the chat may be ahead of ours. */
  return occurred_at != INCIDENT_TIME_NONE ? MIN (occurred_at, self->now) : self->now;
}

static void
check_time (IncidentDecision   *self,
            const IncidentVerb *verb,
            IncidentCommand    *command,
            IncidentRefusals   *refusals)
{
  gint64 occurred_at = get_occurred_at (self, verb, command);

  if (occurred_at > self->now)
    incident_refusals_add (refusals, "bad-time", "the time is still to come: nothing is recorded before it happened");
  else if (occurred_at < INCIDENT_TIME_MIN)
    incident_refusals_add (refusals, "bad-time", "the time is before the year 1");
}

static void
check_seen (IncidentDecision *self,
            IncidentCommand  *command,
            IncidentRefusals *refusals)
{
  guint seen = incident_command_get_seen (command);

  if (seen == 0 || self->state == NULL || (seen >= self->state->decided && seen <= self->state->version))
    return;

  incident_refusals_add (refusals, "stale-view",
                         "the case has changed since version %u: it is at version %u now; look again",
                         seen, self->state->version);
}

static gboolean
refuse (IncidentCommand   *command,
        IncidentRefusals  *refusals,
        GError           **error)
{
  g_autoptr(GString) message = g_string_new (NULL);

  g_string_append_printf (message, "“%s” refused: ", incident_command_get_verb (command));
  for (guint i = 0; i < refusals->codes->len; i++)
    g_string_append_printf (message, "%s%s: %s", i > 0 ? "; " : "",
                            (const char *) g_ptr_array_index (refusals->codes, i),
                            (const char *) g_ptr_array_index (refusals->why, i));

  g_ptr_array_add (refusals->codes, NULL);
  incident_set_error_refused (error, (char **) refusals->codes->pdata, message->str);
  return FALSE;
}

/* Does the case look so already? A service that is unset differs from any. */
static gboolean
holds_already (const IncidentState *state,
               IncidentArgument     argument,
               const char          *value)
{
  switch ((int) argument)
    {
    case INCIDENT_ARGUMENT_SEVERITY:
      return !state->severity_from_alert
             && g_strcmp0 (incident_severity_to_string ((IncidentSeverity) state->severity), value) == 0;
    case INCIDENT_ARGUMENT_IMPACT:
      return g_strcmp0 (incident_level_to_string ((IncidentLevel) state->impact), value) == 0;
    case INCIDENT_ARGUMENT_URGENCY:
      return g_strcmp0 (incident_level_to_string ((IncidentLevel) state->urgency), value) == 0;
    case INCIDENT_ARGUMENT_SERVICE:
      return g_strcmp0 (state->service, value) == 0;
    default:
      return g_strcmp0 (state->category, value) == 0;
    }
}

static gboolean
is_classified (const IncidentState *state,
               IncidentCommand     *command)
{
  if (incident_command_peek (command, INCIDENT_ARGUMENT_MAJOR) != NULL && !state->major)
    return FALSE;

  for (guint i = 0; i < G_N_ELEMENTS (fact_arguments); i++)
    {
      const char *value = incident_command_peek (command, fact_arguments[i]);

      if (value != NULL && !holds_already (state, fact_arguments[i], value))
        return FALSE;
    }

  return TRUE;
}

/* Asking for what holds already is harmless and leaves no event. */
static gboolean
is_already_so (const IncidentTransition *transition,
               const IncidentJudgement  *judgement)
{
  if (transition->to >= 0 || judgement->state == NULL)
    return FALSE;
  if (transition->record == &incident_verbs[INCIDENT_VERB_CLASSIFY] || has_guard (transition, INCIDENT_GUARD_CLASSIFICATION))
    return is_classified (judgement->state, judgement->command);
  if (incident_record_verb_has_rules (transition))
    return incident_record_verb_is_so (judgement, transition);
  if (has_guard (transition, INCIDENT_GUARD_ROLE))
    return g_strcmp0 (incident_state_get_holder (judgement->state, incident_command_peek (judgement->command, INCIDENT_ARGUMENT_ROLE)),
                      incident_command_peek (judgement->command, INCIDENT_ARGUMENT_PERSON)) == 0;

  return FALSE;
}

static void
append_phase_facts (GString                  *facts,
                    IncidentDecision         *self,
                    const IncidentTransition *transition)
{
  const IncidentPhase *phase;
  IncidentStatus before;

  if (transition->to < 0)
    return;

  phase = incident_lifecycle_phase (self->lifecycle, transition->to);
  incident_facts_append (facts, "phase", phase->name);

  before = self->state == NULL || !self->state->open ? INCIDENT_STATUS_ENDED
           : self->state->live ? INCIDENT_STATUS_LIVE : INCIDENT_STATUS_OPEN;
  if (self->state == NULL || before != phase->status)
    incident_facts_append (facts, "state", incident_status_to_string (phase->status));

  if (transition->episode || self->state == NULL)
    incident_facts_append_number (facts, "episode", (self->state != NULL ? (guint) self->state->episode : 0) + 1);
}

/* A role that several may hold: one joins them, or one of them leaves. */
static void
append_role_facts (IncidentDecision *self,
                   IncidentCommand  *command,
                   GString          *facts)
{
  const char *role = incident_command_peek (command, INCIDENT_ARGUMENT_ROLE);
  const char *person = incident_command_peek (command, INCIDENT_ARGUMENT_PERSON);
  const IncidentRulesRole *known = incident_rules_get_role (self->rulebook->rules, role);

  incident_facts_append (facts, "role", role);
  if (self->transition->record == &incident_verbs[INCIDENT_VERB_RELEASE])
    {
      if (person != NULL)
        incident_facts_append (facts, "leaves", person);
      return;
    }

  if (person != NULL)
    incident_facts_append (facts, "person", person);
  if (known != NULL && known->holders > 1)
    incident_facts_append (facts, "joins", "yes");
}

static IncidentLevel
get_level (IncidentCommand  *command,
           IncidentArgument  argument,
           IncidentLevel     until_now)
{
  const char *value = incident_command_peek (command, argument);

  if (value != NULL)
    incident_level_from_string (value, &until_now, NULL);
  return until_now;
}

static void
append_class_facts (IncidentDecision *self,
                    IncidentCommand  *command,
                    GString          *facts)
{
  const IncidentState *state = incident_decision_get_ahead (self);

  for (guint i = 0; i < G_N_ELEMENTS (fact_arguments); i++)
    {
      const char *value = incident_command_peek (command, fact_arguments[i]);

      if (value != NULL)
        incident_facts_append (facts, incident_argument_get_name (fact_arguments[i]), value);
    }
  if (incident_command_peek (command, INCIDENT_ARGUMENT_IMPACT) != NULL
      || incident_command_peek (command, INCIDENT_ARGUMENT_URGENCY) != NULL)
    incident_decision_append_priority (self,
      get_level (command, INCIDENT_ARGUMENT_IMPACT, state != NULL ? (IncidentLevel) state->impact : INCIDENT_LEVEL_UNKNOWN),
      get_level (command, INCIDENT_ARGUMENT_URGENCY, state != NULL ? (IncidentLevel) state->urgency : INCIDENT_LEVEL_UNKNOWN),
      facts);
}

static gboolean
is_about_a_role (const IncidentTransition *transition)
{
  return transition->record == &incident_verbs[INCIDENT_VERB_ASSIGN]
         || transition->record == &incident_verbs[INCIDENT_VERB_RELEASE]
         || (transition->record == NULL && has_guard (transition, INCIDENT_GUARD_ROLE));
}

/* Does the verb say of the case what its arguments are called? */
static gboolean
is_plain (const IncidentTransition *transition)
{
  return transition->record == NULL || transition->record == &incident_verbs[INCIDENT_VERB_CLASSIFY];
}

static void
append_level_facts (IncidentDecision *self,
                    IncidentCommand  *command,
                    GString          *facts)
{
  if (incident_command_peek (command, INCIDENT_ARGUMENT_ESCALATION) == NULL)
    incident_facts_append (facts, "escalation", "functional");
  incident_facts_append_number (facts, "level", self->transition->episode ? 1 : (guint) self->state->level + 1);
  /* Where nobody is on call, nobody has to answer it. */
  if (self->rulebook->rules->oncall->policies->len > 0 || self->rulebook->rules->oncall->schedules->len > 0)
    incident_facts_append (facts, "escalates-to", incident_command_peek (command, INCIDENT_ARGUMENT_TARGET));
}

static char *
make_facts (IncidentDecision *self,
            IncidentCommand  *command,
            const char       *more_facts)
{
  const IncidentTransition *transition = self->transition;
  GString *facts = g_string_sized_new (128);

  append_phase_facts (facts, self, transition);
  if (is_about_a_role (transition))
    append_role_facts (self, command, facts);
  else if (is_plain (transition))
    append_class_facts (self, command, facts);
  if (transition->record != NULL)
    incident_verb_append_facts (transition->record, incident_decision_get_ahead (self), command, self->now, facts);
  if (transition->record == &incident_verbs[INCIDENT_VERB_UPDATE] || transition->record == &incident_verbs[INCIDENT_VERB_APPROVE])
    incident_decision_append_update (self, command, facts);
  if (has_guard (transition, INCIDENT_GUARD_TARGET))
    append_level_facts (self, command, facts);
  incident_decision_append_binding (self, facts);
  incident_decision_append_automation (self, incident_command_get_actor (command), facts);
  if (incident_command_get_provider (command) != NULL)
    incident_facts_append (facts, "provider", incident_command_get_provider (command));
  if (more_facts != NULL)
    g_string_append_printf (facts, "%s%s", facts->len > 0 ? "\n" : "", more_facts);

  return g_string_free (facts, FALSE);
}

static char *
make_payload (IncidentDecision *self,
              IncidentCommand  *command)
{
  static const IncidentArgument words[] = {
    INCIDENT_ARGUMENT_TITLE, INCIDENT_ARGUMENT_TEXT, INCIDENT_ARGUMENT_OBJECTIONS, INCIDENT_ARGUMENT_AUTHOR,
    INCIDENT_ARGUMENT_PERMALINK
  };
  IncidentJsonWriter writer;

  incident_json_writer_init (&writer, FALSE);
  incident_json_writer_begin_object (&writer);
  for (guint i = 0; i < G_N_ELEMENTS (words); i++)
    {
      const char *given = incident_command_peek (command, words[i]);
      g_autofree char *said = given == NULL && self->past != NULL
                              ? incident_said_dup_words (self->past, self->transition->record, command, words[i]) : NULL;

      if (given != NULL || said != NULL)
        incident_json_writer_member (&writer, incident_argument_get_name (words[i]), given != NULL ? given : said);
    }
  incident_json_writer_end_object (&writer);
  return incident_json_writer_finish (&writer);
}

static gboolean
check_provider (IncidentCommand  *command,
                GError          **error)
{
  const char *provider = incident_command_get_provider (command);

  if (provider == NULL || (incident_fact_is_value (provider) && !incident_text_is_blank (provider)
                           && strlen (provider) <= INCIDENT_MAX_FACT_LENGTH))
    return TRUE;

  incident_set_error_at (error, INCIDENT_ERROR_INVALID, "provider",
                         "The provider must be one line of UTF-8, at most %d bytes long and not blank",
                         INCIDENT_MAX_FACT_LENGTH);
  return FALSE;
}

static void
check_verified (IncidentCommand  *command,
                IncidentRefusals *refusals)
{
  if (incident_command_get_verified (command) >= INCIDENT_VERIFICATION_NONE)
    incident_refusals_add (refusals, "unverified-actor", "it is not known that this is “%s”: they must be verified first",
                           incident_command_get_actor (command));
}

gboolean
incident_decision_lacks_lifecycle (IncidentDecision *self)
{
  return self->state != NULL && incident_rulebook_get_lifecycle (self->rulebook, self->state) == NULL
         && incident_lifecycle_move (self->rulebook->rules->lifecycle, self->state->phase) == NULL;
}

/* What the case is judged under: the lifecycle in force, where it is under that or
 * moves to it; else its own. */
static gboolean
choose_lifecycle (IncidentDecision  *self,
                  GError           **error)
{
  IncidentLifecycle *in_force = self->rulebook->rules->lifecycle;

  self->lifecycle = incident_rulebook_get_lifecycle (self->rulebook, self->state);
  if (self->lifecycle == in_force)
    return TRUE;
  if (incident_lifecycle_move (in_force, self->state->phase) != NULL)
    {
      self->lifecycle = in_force;
      self->is_moved = TRUE;
      return TRUE;
    }
  if (self->lifecycle != NULL)
    return TRUE;

  g_set_error (error, INCIDENT_ERROR, INCIDENT_ERROR_NOT_FOUND,
               "The store does not have the lifecycle %s, under which the case is",
               incident_binding_get_lifecycle (self->state->binding));
  return FALSE;
}

/* The case as it will be judged; its event comes first. */
static void
move_case (IncidentDecision *self,
           IncidentCommand  *command)
{
  const char *phase = incident_lifecycle_move (self->lifecycle, self->state->phase);
  const IncidentPhase *moved = incident_lifecycle_phase (self->lifecycle, incident_lifecycle_find_phase (self->lifecycle, phase));
  g_autoptr(GString) facts = g_string_new (NULL);
  const IncidentRules *rules = self->rulebook->rules;

  incident_facts_append (facts, "phase", phase);
  incident_facts_append (facts, "state", incident_status_to_string (moved->status));
  incident_facts_append (facts, "lifecycle", rules->lifecycle->id != NULL ? rules->lifecycle->id : INCIDENT_BUILT_IN);
  incident_facts_append (facts, "playbook", rules->version != NULL ? rules->version : INCIDENT_BUILT_IN);
  incident_decision_append_automation (self, incident_command_get_actor (command), facts);
  incident_decision_add (self, "lifecycle-changed", incident_command_get_actor (command), self->now, facts->str,
                         g_strdup ("{\"text\":\"The playbook has another lifecycle, and says where this case goes on\"}"));
}

/* The first that is heard of a message may be that it was edited; and what some are told has to be approved. */
static const char *
get_kind (IncidentDecision *self,
          IncidentCommand  *command)
{
  if (incident_decision_is_proposal (self, command))
    return "update-proposed";
  if (self->transition->record == &incident_verbs[INCIDENT_VERB_EDIT_SAID] && self->past != NULL
      && !incident_said_is_known (self->past, incident_command_peek (command, INCIDENT_ARGUMENT_MESSAGE)))
    return incident_verbs[INCIDENT_VERB_SAY].event;

  return self->transition->event;
}

static gboolean
decide (IncidentDecision  *self,
        IncidentCommand   *command,
        const char        *more_facts,
        GError           **error)
{
  const char *actor = incident_command_get_actor (command);
  IncidentJudgement judgement = {
    self->rulebook, self->lifecycle, self->number, incident_decision_get_ahead (self), actor, command, self->now,
    self->past
  };
  g_auto(IncidentRefusals) refusals = { NULL, };
  g_autofree char *facts = NULL;
  const IncidentTransition *transition;

  transition = incident_judgement_judge (&judgement, incident_command_get_verb (command), &refusals);
  if (!check_form (transition, command, error) || !check_provider (command, error)
      || !incident_judgement_check_names (&judgement, error))
    return FALSE;

  check_verified (command, &refusals);
  check_time (self, transition != NULL ? transition->record : NULL, command, &refusals);
  check_seen (self, command, &refusals);
  if (refusals.codes != NULL)
    return refuse (command, &refusals, error);
  if (is_already_so (transition, &judgement))
    return TRUE;

  self->transition = transition;
  facts = make_facts (self, command, more_facts);
  incident_decision_add (self, get_kind (self, command), actor,
                         get_occurred_at (self, transition->record, command), facts,
                         make_payload (self, command));
  return TRUE;
}

static void
follow_up (IncidentDecision *self,
           IncidentCommand  *command)
{
  const char *actor = incident_command_get_actor (command);
  gint64 occurred_at = get_occurred_at (self, self->transition->record, command);
  const IncidentRules *rules = self->rulebook->rules;

  if (self->transition->record == &incident_verbs[INCIDENT_VERB_ADD_CHECKLIST])
    incident_decision_add_checklist (self,
      incident_rules_get_checklist (rules, incident_command_peek (command, INCIDENT_ARGUMENT_CHECKLIST)),
      actor, occurred_at, TRUE);
  if (self->transition->record == &incident_verbs[INCIDENT_VERB_REDACT])
    incident_decision_redact_parts (self,
      (guint) g_ascii_strtoull (incident_command_peek (command, INCIDENT_ARGUMENT_EVENT), NULL, 10), actor, occurred_at);
  if (rules->checklists->len > 0 && takes_classification (self->transition))
    incident_decision_add_checklists (self, actor, occurred_at);
}

gboolean
incident_decision_command (IncidentDecision   *self,
                           IncidentCommand    *command,
                           const char         *more_facts,
                           GError            **error)
{
  guint before = self->drafts->len;
  gboolean is_decided;

  if (!choose_lifecycle (self, error))
    return FALSE;

  incident_command_get_operation (command, self->operations, self->operation);
  self->verified = incident_command_get_verified (command);
  if (self->is_moved)
    move_case (self, command);
  is_decided = decide (self, command, more_facts, error);
  if (is_decided && self->transition != NULL)
    {
      follow_up (self, command);
      return TRUE;
    }

  /* That a case moves is recorded with what is done to it, and not without. */
  g_ptr_array_set_size (self->drafts, (int) before);
  forget_ahead (self);
  self->n_ahead = 0;
  return is_decided;
}
