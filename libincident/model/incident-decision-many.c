/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "model/incident-decision-many-private.h"

#include <libincident/incident-error.h>

void
incident_many_decision_init (IncidentManyDecision *self,
                             IncidentClock        *clock,
                             IncidentOperations   *operations,
                             const IncidentRulebook *rulebook,
                             IncidentCommand      *command,
                             guint                 n_cases)
{
  incident_decision_init (&self->decision, clock, operations, rulebook);
  self->command = command;
  self->n_cases = n_cases;
  self->n_kinds = 0;
  self->last = NULL;
  self->has_rights = incident_rules_have_rights (rulebook->rules);
  self->is_automation = incident_rules_is_automation (rulebook->rules, incident_command_get_actor (command));
  self->n_situations = 0;
  self->missing = NULL;
  self->pasts = NULL;
}

void
incident_many_decision_clear (IncidentManyDecision *self)
{
  incident_decision_clear (&self->decision);
}

/* Who reads one case reads all that is said beside it, so that is kept within bounds. */
#define MAX_PLACES 255

static inline gboolean
is_full (const IncidentRecord *draft)
{
  return draft->also != NULL && draft->also->len == MAX_PLACES;
}

/* There is room for all from the first on. */
static inline void
add_place (IncidentManyDecision *self,
           IncidentRecord       *draft,
           guint64               number,
           const IncidentState  *state)
{
  IncidentPlace *place;

  if (draft->also == NULL)
    draft->also = g_array_sized_new (FALSE, FALSE, sizeof (IncidentPlace), MIN (self->n_cases, MAX_PLACES));
  place = &g_array_index (draft->also, IncidentPlace, draft->also->len++);
  place->subject = number;
  place->seq = state->version + 1;
}

static IncidentRecord *
begin_another (IncidentManyDecision *self,
               const IncidentRecord *draft,
               guint64               number,
               const IncidentState  *state)
{
  IncidentRecord *another = incident_record_split (draft, 0);

  another->subject = number;
  another->seq = state->version + 1;
  g_ptr_array_add (self->decision.drafts, another);
  return another;
}

static gboolean
is_of_kind (const IncidentKindOfCase *kind,
            const IncidentState      *state)
{
  return kind->phase == state->phase && kind->episode == state->episode && kind->level == state->level
         && kind->live == state->live && kind->open == state->open && kind->binding == state->binding;
}

static IncidentKindOfCase *
find_kind (IncidentManyDecision *self,
           const IncidentState  *state)
{
  if (self->last != NULL && is_of_kind (self->last, state))
    return self->last;

  for (guint i = 0; i < self->n_kinds; i++)
    if (is_of_kind (&self->kinds[i], state))
      return &self->kinds[i];

  return NULL;
}

static guint
list_guards_of_case (const IncidentTransition *transition)
{
  guint guards = 0;

  for (guint i = 0; i < INCIDENT_N_GUARDS; i++)
    if (incident_guard_get_argument ((IncidentGuard) i) == NULL)
      guards |= transition->guards & 1u << i;

  return guards;
}

static gboolean
guards_let_pass (IncidentManyDecision     *self,
                 const IncidentKindOfCase *kind,
                 guint64                   number,
                 const IncidentState      *state)
{
  const IncidentJudgement judgement = {
    self->decision.rulebook, kind->lifecycle, number, state, incident_command_get_actor (self->command), self->command,
    self->decision.now
  };
  g_auto(IncidentRefusals) refusals = { NULL, };

  incident_judgement_judge_again (&judgement, kind->transition, kind->guards, &refusals);
  return refusals.codes == NULL;
}

static gboolean
is_in_situation (const IncidentKnownSituation *known,
                 const IncidentState          *state)
{
  return known->service == state->service && known->category == state->category && known->severity == state->severity
         && known->phase == state->phase;
}

static const IncidentKnownSituation *
find_situation (IncidentManyDecision *self,
                const IncidentState  *state)
{
  IncidentKnownSituation *known;
  IncidentSituation situation;

  for (guint i = 0; i < self->n_situations; i++)
    if (is_in_situation (&self->situations[i], state))
      return &self->situations[i];
  if (self->n_situations == INCIDENT_MAX_SITUATIONS)
    self->n_situations = 0;

  known = &self->situations[self->n_situations++];
  *known = (IncidentKnownSituation) { state->phase, state->service, state->category, (guint) state->severity, FALSE, FALSE };
  incident_situation_init (&situation, state, NULL);
  situation.without_roles = TRUE;
  known->is_permitted = incident_rules_permit (self->decision.rulebook->rules, incident_command_get_verb (self->command),
                                               incident_command_get_actor (self->command), &situation, &known->by_name);
  return known;
}

/* Most cases need no more than a glance. */
static gboolean
may_pass (IncidentManyDecision     *self,
          const IncidentKindOfCase *kind,
          guint64                   number,
          const IncidentState      *state)
{
  guint guards = kind->guards;

  if (self->has_rights)
    {
      const IncidentKnownSituation *known = find_situation (self, state);

      if (!known->is_permitted)
        return guards_let_pass (self, kind, number, state);
      if (known->by_name)
        guards &= ~(1u << INCIDENT_GUARD_COMMANDER);
    }
  if (guards == 0 && !self->is_automation
      && !(kind->transition->episode && state->dossier != NULL && state->dossier->merged_into != NULL))
    return TRUE;

  return guards_let_pass (self, kind, number, state);
}

/* A command that leaves the phase may find that all is so already, one that is tied to
 * what was seen looks at each case, and what a classification makes (the priority, the
 * checklists) or who may have a role depends on more of the case than its kind. */
static void
remember_kind (IncidentManyDecision *self,
               const IncidentState  *state,
               IncidentRecord       *draft)
{
  const IncidentTransition *transition = self->decision.transition;

  if (transition->to < 0 || incident_record_verb_has_rules (transition) || incident_command_get_seen (self->command) != 0
      || (transition->guards >> INCIDENT_GUARD_CLASSIFICATION & 1) != 0 || self->n_kinds == INCIDENT_MAX_KINDS_OF_CASE)
    return;

  self->last = &self->kinds[self->n_kinds++];
  *self->last = (IncidentKindOfCase) {
    .phase = state->phase,
    .live = state->live,
    .open = state->open,
    .episode = (guint) state->episode,
    .level = (guint) state->level,
    .binding = (guint) state->binding,
    .lifecycle = self->decision.lifecycle,
    .transition = transition,
    .guards = list_guards_of_case (transition),
    .draft = draft,
  };
}

/* The draft that says the same of other cases; else the new one. */
static IncidentRecord *
merge (IncidentManyDecision *self,
       guint64               number,
       const IncidentState  *state)
{
  GPtrArray *drafts = self->decision.drafts;
  IncidentRecord *added = g_ptr_array_index (drafts, drafts->len - 1);

  for (guint i = 0; i < drafts->len - 1; i++)
    {
      IncidentRecord *draft = g_ptr_array_index (drafts, i);

      if (is_full (draft) || draft->kind != added->kind || !g_str_equal (draft->facts, added->facts)
          || draft->occurred_at != added->occurred_at || !g_str_equal (draft->payload, added->payload))
        continue;
      g_ptr_array_set_size (drafts, (int) drafts->len - 1);
      add_place (self, draft, number, state);
      return draft;
    }

  return added;
}

/* It was read before the store let us look at the state. */
static gboolean
look_back (IncidentManyDecision  *self,
           guint64                number,
           const IncidentState   *state,
           GError               **error)
{
  IncidentTimeline *past = g_hash_table_lookup (self->pasts, &number);

  if (incident_timeline_find (past, state->version) == NULL || incident_timeline_find (past, state->version + 1) != NULL)
    {
      g_set_error (error, INCIDENT_ERROR, INCIDENT_ERROR_CONFLICT, "INC-%" G_GUINT64_FORMAT " has changed in the meantime", number);
      return FALSE;
    }

  incident_decision_look_back (&self->decision, past);
  return TRUE;
}

gboolean
incident_many_decision_add (IncidentManyDecision  *self,
                            guint64                number,
                            const IncidentState   *state,
                            GError               **error)
{
  IncidentKindOfCase *kind = find_kind (self, state);

  if (kind != NULL && may_pass (self, kind, number, state))
    {
      self->last = kind;
      if (is_full (kind->draft))
        kind->draft = begin_another (self, kind->draft, number, state);
      else
        add_place (self, kind->draft, number, state);
      return TRUE;
    }

  incident_decision_turn_to (&self->decision, number, state);
  if (self->pasts != NULL && !look_back (self, number, state, error))
    return FALSE;
  if (!incident_decision_command (&self->decision, self->command, NULL, error))
    {
      if (incident_decision_lacks_lifecycle (&self->decision))
        self->missing = incident_binding_get_lifecycle (state->binding);
      g_prefix_error (error, "INC-%" G_GUINT64_FORMAT ": ", number);
      return FALSE;
    }
  /* What takes more than one event is said of each case by itself. */
  if (self->decision.transition != NULL && self->decision.drafts->len - self->decision.first == 1)
    {
      IncidentRecord *draft = merge (self, number, state);

      if (kind == NULL)
        remember_kind (self, state, draft);
    }
  return TRUE;
}

GPtrArray *
incident_many_decision_end (IncidentManyDecision *self)
{
  guint step = 0;

  for (guint i = 0; i < self->decision.drafts->len; i++)
    {
      IncidentRecord *draft = g_ptr_array_index (self->decision.drafts, i);

      draft->step = step;
      step += incident_record_get_n_events (draft);
    }

  return self->decision.drafts;
}
