/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "model/incident-decision-private.h"

#include <libincident/incident-time.h>

#include <string.h>

#include "base/incident-error-private.h"
#include "base/incident-json-writer-private.h"
#include "base/incident-text-private.h"
#include "base/incident-time-private.h"

void
incident_decision_init (IncidentDecision   *self,
                        IncidentClock      *clock,
                        IncidentOperations *operations)
{
  self->clock = clock;
  self->operations = operations;
  self->now = incident_clock_get_time (clock);
  self->drafts = g_ptr_array_new_with_free_func ((GDestroyNotify) incident_record_unref);
  incident_decision_turn_to (self, 0, NULL);
}

void
incident_decision_clear (IncidentDecision *self)
{
  g_clear_pointer (&self->drafts, g_ptr_array_unref);
}

void
incident_decision_turn_to (IncidentDecision    *self,
                           guint64              number,
                           const IncidentState *state)
{
  self->number = number;
  self->state = state;
  self->first = self->drafts->len;
  self->transition = NULL;
  memset (self->operation, 0, sizeof self->operation);
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
  draft->seq = (self->state != NULL ? self->state->version : 0) + draft->step + 1;
  draft->occurred_at = occurred_at;
  draft->recorded_at = self->now;
  draft->kind = g_intern_string (kind);
  draft->actor = g_ref_string_new (actor);
  draft->verified = INCIDENT_VERIFIED_ASSERTED;
  memcpy (draft->operation, self->operation, INCIDENT_OPERATION_LENGTH);
  draft->facts = g_ref_string_new (facts);
  draft->payload = payload;
  g_ptr_array_add (self->drafts, draft);
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
    default:
      return takes_classification (transition);
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
  if (transition != NULL && !check_taken (transition, command, INCIDENT_ARGUMENT_TITLE, error))
    return FALSE;
  for (guint i = 0; transition != NULL && i < G_N_ELEMENTS (fact_arguments); i++)
    if (!check_taken (transition, command, fact_arguments[i], error))
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
get_occurred_at (IncidentDecision *self,
                 IncidentCommand  *command)
{
  gint64 occurred_at = incident_command_get_occurred_at (command);

  return occurred_at != INCIDENT_TIME_NONE ? occurred_at : self->now;
}

static void
check_time (IncidentDecision *self,
            IncidentCommand  *command,
            IncidentRefusals *refusals)
{
  gint64 occurred_at = get_occurred_at (self, command);

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

/* Asking for what holds already is harmless and leaves no event. */
static gboolean
is_already_so (const IncidentTransition *transition,
               const IncidentState      *state,
               IncidentCommand          *command)
{
  if (transition->to >= 0 || state == NULL)
    return FALSE;

  if (has_guard (transition, INCIDENT_GUARD_ROLE))
    return g_strcmp0 (incident_state_get_holder (state, incident_command_peek (command, INCIDENT_ARGUMENT_ROLE)),
                      incident_command_peek (command, INCIDENT_ARGUMENT_PERSON)) == 0;

  if (!has_guard (transition, INCIDENT_GUARD_CLASSIFICATION))
    return FALSE;

  for (guint i = 0; i < G_N_ELEMENTS (fact_arguments); i++)
    {
      const char *value = incident_command_peek (command, fact_arguments[i]);

      if (value != NULL && !holds_already (state, fact_arguments[i], value))
        return FALSE;
    }

  return TRUE;
}

static void
append_phase_facts (GString                  *facts,
                    IncidentDecision         *self,
                    IncidentLifecycle        *lifecycle,
                    const IncidentTransition *transition)
{
  const IncidentPhase *phase;
  IncidentStatus before;

  if (transition->to < 0)
    return;

  phase = incident_lifecycle_phase (lifecycle, transition->to);
  incident_facts_append (facts, "phase", phase->name);

  before = self->state == NULL || !self->state->open ? INCIDENT_STATUS_ENDED
           : self->state->live ? INCIDENT_STATUS_LIVE : INCIDENT_STATUS_OPEN;
  if (self->state == NULL || before != phase->status)
    incident_facts_append (facts, "state", incident_status_to_string (phase->status));

  if (transition->episode || self->state == NULL)
    {
      g_autofree char *episode = g_strdup_printf ("%u", (self->state != NULL ? (guint) self->state->episode : 0) + 1);

      incident_facts_append (facts, "episode", episode);
    }
}

static char *
make_facts (IncidentDecision         *self,
            IncidentLifecycle        *lifecycle,
            const IncidentTransition *transition,
            IncidentCommand          *command,
            const char               *more_facts)
{
  GString *facts = g_string_sized_new (128);

  append_phase_facts (facts, self, lifecycle, transition);
  for (guint i = 0; i < G_N_ELEMENTS (fact_arguments); i++)
    {
      const char *value = incident_command_peek (command, fact_arguments[i]);

      if (value != NULL)
        incident_facts_append (facts, incident_argument_get_name (fact_arguments[i]), value);
    }
  if (has_guard (transition, INCIDENT_GUARD_TARGET))
    {
      g_autofree char *level = g_strdup_printf ("%u", transition->episode ? 1 : (guint) self->state->level + 1);

      if (incident_command_peek (command, INCIDENT_ARGUMENT_ESCALATION) == NULL)
        incident_facts_append (facts, "escalation", "functional");
      incident_facts_append (facts, "level", level);
    }
  if (more_facts != NULL)
    g_string_append_printf (facts, "%s%s", facts->len > 0 ? "\n" : "", more_facts);

  return g_string_free (facts, FALSE);
}

static char *
make_payload (IncidentCommand *command)
{
  static const IncidentArgument words[] = { INCIDENT_ARGUMENT_TITLE, INCIDENT_ARGUMENT_TEXT };
  IncidentJsonWriter writer;

  incident_json_writer_init (&writer, FALSE);
  incident_json_writer_begin_object (&writer);
  for (guint i = 0; i < G_N_ELEMENTS (words); i++)
    if (incident_command_peek (command, words[i]) != NULL)
      incident_json_writer_member (&writer, incident_argument_get_name (words[i]), incident_command_peek (command, words[i]));
  incident_json_writer_end_object (&writer);
  return incident_json_writer_finish (&writer);
}

gboolean
incident_decision_command (IncidentDecision   *self,
                           IncidentLifecycle  *lifecycle,
                           IncidentCommand    *command,
                           const char         *more_facts,
                           GError            **error)
{
  const char *actor = incident_command_get_actor (command);
  g_auto(IncidentRefusals) refusals = { NULL, };
  g_autofree char *facts = NULL;
  const IncidentTransition *transition;

  transition = incident_lifecycle_judge (lifecycle, self->state, incident_command_get_verb (command),
                                         actor, command, &refusals);
  if (!check_form (transition, command, error))
    return FALSE;

  check_time (self, command, &refusals);
  check_seen (self, command, &refusals);
  if (refusals.codes != NULL)
    return refuse (command, &refusals, error);
  if (is_already_so (transition, self->state, command))
    return TRUE;

  self->transition = transition;
  incident_command_get_operation (command, self->operations, self->operation);
  facts = make_facts (self, lifecycle, transition, command, more_facts);
  incident_decision_add (self, transition->event, actor, get_occurred_at (self, command), facts,
                         make_payload (command));
  return TRUE;
}
