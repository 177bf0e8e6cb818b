/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "desk/incident-act-private.h"

#include <libincident/incident-error.h>

#include <string.h>

#include "base/incident-error-private.h"

struct _IncidentAct
{
  IncidentDesk    *desk;
  guint64          asked;     /* the case it was asked for; 0 to open one */
  guint64          number;    /* the case it turned out to be */
  IncidentCommand *command;

  IncidentCase    *kase;      /* NULL until it is loaded or opened */
  guint            version;   /* of the case when it was decided */
  GPtrArray       *loaded;    /* records that were read and are not adopted yet */
  GPtrArray       *drafts;
  gboolean         conflict;  /* the last commit met one */
  gboolean         recorded;  /* the operation was recorded before */
  guint            n_attempts;
  guint64          into;      /* the case that takes it in; 0: it is no merge */
  const char      *group;     /* of alerts, for which that case stands then; lent by the case */
};

IncidentAct *
incident_act_new (IncidentDesk    *desk,
                  guint64          number,
                  IncidentCommand *command)
{
  IncidentAct *self = g_new0 (IncidentAct, 1);
  IncidentCase *kase = number != 0 ? incident_desk_peek_case (desk, number) : NULL;

  self->desk = g_object_ref (desk);
  self->asked = number;
  self->number = number;
  self->command = incident_command_ref (command);
  if (kase != NULL)
    {
      self->kase = g_object_ref (kase);
      self->version = incident_case_get_version (kase);
    }
  return self;
}

void
incident_act_free (IncidentAct *self)
{
  g_clear_pointer (&self->drafts, g_ptr_array_unref);
  g_clear_pointer (&self->loaded, g_ptr_array_unref);
  g_clear_object (&self->kase);
  g_clear_object (&self->desk);
  incident_command_unref (self->command);
  g_free (self);
}

static gboolean
load (IncidentAct  *self,
      GError      **error)
{
  g_clear_pointer (&self->loaded, g_ptr_array_unref);
  self->loaded = incident_store_load (incident_desk_get_store (self->desk), self->number, self->version, error);
  return self->loaded != NULL;
}

static gboolean
look_for_operation (IncidentAct  *self,
                    GError      **error)
{
  guint64 subject;

  if (!incident_desk_find_recorded (self->desk, self->command, self->asked, &subject, error))
    return FALSE;

  self->recorded = subject != 0;
  if (self->recorded)
    self->number = subject;
  return TRUE;
}

gboolean
incident_act_look_up (IncidentAct  *self,
                      GError      **error)
{
  if (!look_for_operation (self, error))
    return FALSE;
  if (self->number == 0)
    return TRUE;
  if (!load (self, error))
    return FALSE;
  if (self->version > 0 || self->loaded->len > 0)
    return TRUE;

  incident_set_no_case (error, self->number);
  return FALSE;
}

static void
adopt_loaded (IncidentAct *self)
{
  if (self->loaded != NULL && self->loaded->len > 0)
    {
      g_autoptr(IncidentCase) kase = incident_desk_adopt (self->desk, self->loaded);

      g_set_object (&self->kase, kase);
      incident_case_announce (kase);
    }
  g_clear_pointer (&self->loaded, g_ptr_array_unref);
}

/* The tasks that must be done go along; they are not done by a merge. */
static void
take_tasks_in (IncidentAct      *self,
               IncidentDecision *decision,
               const char       *actor,
               gint64            occurred_at)
{
  const IncidentFold *fold = incident_case_get_fold (self->kase);

  for (guint i = 1; i <= incident_dossier_count_tasks (fold->state.dossier); i++)
    {
      const IncidentTaskEntry *task = incident_dossier_get_task (fold->state.dossier, i);
      const char *title = fold->task_titles != NULL && i <= fold->task_titles->len
                          ? g_ptr_array_index (fold->task_titles, i - 1) : NULL;

      if (task->must_do && incident_task_is_to_do (task))
        incident_decision_add_task (decision, task, title, actor, occurred_at);
    }
}

/* Later alerts go where the case went, if they would have come to it. */
static gboolean
find_group (IncidentAct  *self,
            const char   *group,
            GError      **error)
{
  guint64 stands;

  if (!incident_store_find_group (incident_desk_get_store (self->desk), group, &stands, error))
    return FALSE;
  if (stands == self->number)
    self->group = group;
  return TRUE;
}

static gboolean
refuse_merge (IncidentAct  *self,
              const char   *code,
              const char   *why,
              GError      **error)
{
  char *codes[] = { (char *) code, NULL };
  g_autofree char *message = g_strdup_printf ("“merge” refused: %s: %s", code, why);
  GError *local_error = NULL;

  incident_set_error_refused (&local_error, codes, message);
  incident_desk_audit (self->desk, self->into, self->command, &local_error);
  g_propagate_error (error, local_error);
  return FALSE;
}

/* A merge writes to the other case too, so the right must be for such as that one. What
 * a role gives counts in either of them. */
static gboolean
check_into (IncidentAct   *self,
            IncidentCase  *into,
            GError       **error)
{
  const IncidentRules *rules = incident_desk_get_rulebook (self->desk)->rules;
  const char *actor = incident_command_get_actor (self->command);
  const char *verb = incident_command_get_verb (self->command);
  g_autofree char *who = NULL;
  g_autofree char *why = NULL;
  IncidentSituation situation;

  if (!incident_case_get_open (into))
    {
      why = g_strdup_printf ("%s has ended, and takes in no other", incident_case_get_id (into));
      return refuse_merge (self, "wrong-phase", why, error);
    }

  incident_situation_init (&situation, incident_case_get_state (into), NULL);
  if (incident_rules_permit (rules, verb, actor, &situation, NULL))
    return TRUE;
  situation.state = incident_case_get_state (self->kase);
  if (incident_rules_permit (rules, verb, actor, &situation, NULL))
    return TRUE;

  who = incident_rules_describe_right (rules, verb);
  why = g_strdup_printf ("“%s” has no right to “merge” into %s: that is for %s", actor, incident_case_get_id (into), who);
  return refuse_merge (self, "not-permitted", why, error);
}

/* What the other case learns, in the same commit. */
static gboolean
take_in (IncidentAct       *self,
         IncidentDecision  *decision,
         GError           **error)
{
  const char *actor = incident_command_get_actor (self->command);
  const IncidentRecord *merged = g_ptr_array_index (decision->drafts, decision->drafts->len - 1);
  const IncidentDossier *dossier = incident_case_get_state (self->kase)->dossier;
  g_autoptr(IncidentCase) into = NULL;
  g_autoptr(GString) facts = g_string_new (NULL);
  g_autofree char *payload = g_strdup (merged->payload);
  gint64 occurred_at = merged->occurred_at;
  guint8 verified = decision->verified;
  guint8 operation[INCIDENT_OPERATION_LENGTH];

  if (!incident_case_number_from_string (incident_command_peek (self->command, INCIDENT_ARGUMENT_CASE), &self->into, error))
    return FALSE;
  into = incident_desk_get_case (self->desk, self->into, error);
  if (into == NULL || !check_into (self, into, error))
    return FALSE;

  memcpy (operation, decision->operation, sizeof operation);
  incident_decision_turn_to (decision, self->into, incident_case_get_state (into));
  memcpy (decision->operation, operation, sizeof operation);
  decision->verified = verified;
  incident_facts_append (facts, "merged", incident_case_get_id (self->kase));
  incident_facts_append (facts, "link", "merged");
  incident_facts_append (facts, "linked-to", incident_case_get_id (self->kase));
  incident_decision_append_automation (decision, actor, facts);
  incident_decision_add (decision, "case-merged", actor, occurred_at, facts->str, g_steal_pointer (&payload));
  take_tasks_in (self, decision, actor, occurred_at);
  for (guint i = 0; i < decision->drafts->len; i++)
    ((IncidentRecord *) g_ptr_array_index (decision->drafts, i))->step = i;
  return dossier == NULL || dossier->group == NULL || find_group (self, dossier->group, error);
}

IncidentActStep
incident_act_decide (IncidentAct  *self,
                     GError      **error)
{
  g_auto(IncidentDecision) decision = { NULL, };
  g_autoptr(GError) local_error = NULL;

  adopt_loaded (self);
  if (self->recorded)
    return INCIDENT_ACT_DONE;

  if (self->kase != NULL && !incident_desk_know_lifecycle (self->desk, incident_case_get_state (self->kase), error))
    return INCIDENT_ACT_FAILED;

  incident_decision_init (&decision, incident_desk_get_clock (self->desk), incident_desk_get_operations (self->desk),
                          incident_desk_get_rulebook (self->desk));
  if (self->kase != NULL)
    {
      incident_decision_turn_to (&decision, incident_case_get_number (self->kase), incident_case_get_state (self->kase));
      if (incident_verb_looks_back (self->command))
        incident_decision_look_back (&decision, incident_case_peek_timeline (self->kase));
    }
  if (!incident_decision_command (&decision, self->command, NULL, &local_error))
    {
      incident_desk_audit (self->desk, self->number, self->command, &local_error);
      g_propagate_error (error, g_steal_pointer (&local_error));
      return INCIDENT_ACT_FAILED;
    }
  if (decision.drafts->len == 0)
    return INCIDENT_ACT_DONE;

  self->group = NULL;
  if (decision.transition->record == &incident_verbs[INCIDENT_VERB_MERGE] && !take_in (self, &decision, error))
    return INCIDENT_ACT_FAILED;

  self->version = self->kase != NULL ? incident_case_get_version (self->kase) : 0;
  g_clear_pointer (&self->drafts, g_ptr_array_unref);
  self->drafts = g_steal_pointer (&decision.drafts);
  return INCIDENT_ACT_GO_ON;
}

gboolean
incident_act_commit (IncidentAct  *self,
                     GError      **error)
{
  const IncidentGroupChange change = { .name = self->group, .follows = self->number, .stands = self->into };
  g_autoptr(GArray) groups = NULL;
  IncidentCommit commit = { .drafts = self->drafts };
  g_autoptr(GError) local_error = NULL;

  if (self->group != NULL)
    commit.groups = groups = g_array_append_vals (g_array_new (FALSE, FALSE, sizeof change), &change, 1);

  self->n_attempts++;
  self->conflict = FALSE;
  if (incident_desk_commit (self->desk, &commit, &local_error))
    return TRUE;

  if (!g_error_matches (local_error, INCIDENT_ERROR, INCIDENT_ERROR_CONFLICT)
      || self->n_attempts >= INCIDENT_DESK_MAX_ATTEMPTS)
    {
      g_propagate_error (error, g_steal_pointer (&local_error));
      return FALSE;
    }

  self->conflict = TRUE;
  return look_for_operation (self, error) && (self->number == 0 || load (self, error));
}

IncidentActStep
incident_act_settle (IncidentAct *self)
{
  g_autoptr(IncidentCase) kase = NULL;

  if (self->conflict)
    return INCIDENT_ACT_GO_ON;

  if (self->into != 0)
    incident_desk_committed_many (self->desk, self->drafts);
  else
    {
      kase = incident_desk_committed (self->desk, self->drafts);
      g_set_object (&self->kase, kase);
    }
  return INCIDENT_ACT_DONE;
}

guint64
incident_act_get_number (IncidentAct *self)
{
  return self->asked;
}

IncidentCase *
incident_act_end (IncidentAct *self)
{
  return g_object_ref (self->kase);
}
