/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <libincident/incident-case-verbs.h>

#include <libincident/incident-desk.h>
#include <libincident/incident-time.h>

#include "desk/incident-desk-private.h"
#include "model/incident-option-private.h"

/* What a case can be told. Each verb is a command by a shorter name. */

static IncidentDesk *
get_desk (IncidentCase *self)
{
  return INCIDENT_DESK (incident_case_get_desk (self));
}

/**
 * incident_case_act:
 * @self: a case
 * @command: what to do
 * @error: return location for an error
 *
 * Does something to the case.
 *
 * If others keep writing to the case first, the guards are asked again on what
 * it has become. Asking for what holds already succeeds and records nothing.
 * This call blocks until the event is durable.
 *
 * Returns: %TRUE if it is durable or holds already; otherwise @error is set to
 *   %INCIDENT_ERROR_REFUSED if a guard or a right said no, %INCIDENT_ERROR_INVALID if
 *   the command is malformed, %INCIDENT_ERROR_NOT_FOUND if it names a case, or
 *   something of the playbook, that is not there, %INCIDENT_ERROR_CONFLICT if others
 *   kept writing first, or what ails the store; then nothing has changed, but for
 *   %INCIDENT_ERROR_COMMIT_UNKNOWN
 *
 * Since: 0.1
 */
gboolean
incident_case_act (IncidentCase     *self,
                   IncidentCommand  *command,
                   GError          **error)
{
  g_autoptr(IncidentCase) same = NULL;

  g_return_val_if_fail (INCIDENT_IS_CASE (self), FALSE);
  g_return_val_if_fail (command != NULL, FALSE);
  g_return_val_if_fail (error == NULL || *error == NULL, FALSE);

  same = incident_desk_act (get_desk (self), incident_case_get_number (self), command, error);
  return same != NULL;
}

static void
on_acted (GObject      *source,
          GAsyncResult *result,
          gpointer      user_data)
{
  g_autoptr(GTask) task = user_data;
  g_autoptr(IncidentCase) same = NULL;
  GError *error = NULL;

  same = incident_desk_act_finish (INCIDENT_DESK (source), result, &error);
  if (same != NULL)
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_error (task, error);
}

/**
 * incident_case_act_async:
 * @self: a case
 * @command: what to do; it must not be changed until @callback is called
 * @cancellable: (nullable): a cancellable; what is being committed when it is
 *   cancelled is committed and told of
 * @callback: (scope async) (closure user_data): called when it is done, refused or failed
 * @user_data: data for @callback
 *
 * Does something to the case without blocking, as [method@Case.act] does.
 *
 * Since: 0.1
 */
void
incident_case_act_async (IncidentCase        *self,
                         IncidentCommand     *command,
                         GCancellable        *cancellable,
                         GAsyncReadyCallback  callback,
                         gpointer             user_data)
{
  g_autoptr(GTask) task = NULL;

  g_return_if_fail (INCIDENT_IS_CASE (self));
  g_return_if_fail (command != NULL);
  g_return_if_fail (cancellable == NULL || G_IS_CANCELLABLE (cancellable));

  task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (task, incident_case_act_async);
  g_task_set_check_cancellable (task, FALSE);
  incident_desk_act_async (get_desk (self), incident_case_get_number (self), command, cancellable,
                           on_acted, g_steal_pointer (&task));
}

/**
 * incident_case_act_finish:
 * @self: a case
 * @result: what the callback was given
 * @error: return location for an error
 *
 * Ends [method@Case.act_async].
 *
 * Returns: %TRUE if it is durable or holds already; otherwise @error is set as by
 *   [method@Case.act]
 *
 * Since: 0.1
 */
gboolean
incident_case_act_finish (IncidentCase  *self,
                          GAsyncResult  *result,
                          GError       **error)
{
  g_return_val_if_fail (INCIDENT_IS_CASE (self), FALSE);
  g_return_val_if_fail (g_async_result_is_tagged (result, incident_case_act_async), FALSE);
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);
  g_return_val_if_fail (error == NULL || *error == NULL, FALSE);

  return g_task_propagate_boolean (G_TASK (result), error);
}

typedef struct
{
  const char *argument;
  const char *value;
} Argument;

static gboolean
act (IncidentCase    *self,
     const char      *verb,
     const char      *actor,
     const Argument  *arguments,
     guint            n_arguments,
     GError         **error)
{
  g_autoptr(IncidentCommand) command = incident_command_new (verb, actor);

  for (guint i = 0; i < n_arguments; i++)
    if (!incident_command_set (command, arguments[i].argument, arguments[i].value, error))
      return FALSE;

  return incident_case_act (self, command, error);
}

/**
 * incident_case_diagnose:
 * @self: a case
 * @text: (nullable): says what was found first, or %NULL
 * @actor: who does it
 * @error: return location for an error
 *
 * Records what is found at first sight, and enters the phase `diagnosis`.
 *
 * This call blocks until the event is durable.
 *
 * Returns: %TRUE if it is durable; otherwise @error is set as by
 *   [method@Case.act]
 *
 * Since: 0.1
 */
gboolean
incident_case_diagnose (IncidentCase  *self,
                        const char    *text,
                        const char    *actor,
                        GError       **error)
{
  const Argument arguments[] = { { "text", text } };

  g_return_val_if_fail (INCIDENT_IS_CASE (self), FALSE);
  g_return_val_if_fail (actor != NULL, FALSE);
  g_return_val_if_fail (error == NULL || *error == NULL, FALSE);

  return act (self, "diagnose", actor, arguments, G_N_ELEMENTS (arguments), error);
}

/**
 * incident_case_escalate:
 * @self: a case
 * @target: whom to ask: a person, a team or a policy
 * @reason: why more help is needed
 * @actor: who does it
 * @error: return location for an error
 *
 * Asks for more skill, and enters the phase `escalation`. Once more in the same
 * episode goes a level up. To ask for more authority, give a command with the
 * argument `escalation`.
 *
 * This call blocks until the event is durable.
 *
 * Returns: %TRUE if it is durable; otherwise @error is set as by
 *   [method@Case.act]
 *
 * Since: 0.1
 */
gboolean
incident_case_escalate (IncidentCase  *self,
                        const char    *target,
                        const char    *reason,
                        const char    *actor,
                        GError       **error)
{
  const Argument arguments[] = { { "target", target }, { "text", reason } };

  g_return_val_if_fail (INCIDENT_IS_CASE (self), FALSE);
  g_return_val_if_fail (target != NULL, FALSE);
  g_return_val_if_fail (reason != NULL, FALSE);
  g_return_val_if_fail (actor != NULL, FALSE);
  g_return_val_if_fail (error == NULL || *error == NULL, FALSE);

  return act (self, "escalate", actor, arguments, G_N_ELEMENTS (arguments), error);
}

/**
 * incident_case_examine:
 * @self: a case
 * @text: (nullable): what was found on a closer look, or %NULL
 * @actor: who does it
 * @error: return location for an error
 *
 * Records what a closer look finds, and enters the phase `examination`.
 * Somebody must be assigned a role.
 *
 * This call blocks until the event is durable.
 *
 * Returns: %TRUE if it is durable; otherwise @error is set as by
 *   [method@Case.act]
 *
 * Since: 0.1
 */
gboolean
incident_case_examine (IncidentCase  *self,
                       const char    *text,
                       const char    *actor,
                       GError       **error)
{
  const Argument arguments[] = { { "text", text } };

  g_return_val_if_fail (INCIDENT_IS_CASE (self), FALSE);
  g_return_val_if_fail (actor != NULL, FALSE);
  g_return_val_if_fail (error == NULL || *error == NULL, FALSE);

  return act (self, "examine", actor, arguments, G_N_ELEMENTS (arguments), error);
}

/**
 * incident_case_resolve:
 * @self: a case
 * @solution: what was done
 * @actor: who does it
 * @error: return location for an error
 *
 * Records what was done to end it, and enters the phase `resolution`.
 *
 * This call blocks until the event is durable.
 *
 * Returns: %TRUE if it is durable; otherwise @error is set as by
 *   [method@Case.act]
 *
 * Since: 0.1
 */
gboolean
incident_case_resolve (IncidentCase  *self,
                       const char    *solution,
                       const char    *actor,
                       GError       **error)
{
  const Argument arguments[] = { { "text", solution } };

  g_return_val_if_fail (INCIDENT_IS_CASE (self), FALSE);
  g_return_val_if_fail (solution != NULL, FALSE);
  g_return_val_if_fail (actor != NULL, FALSE);
  g_return_val_if_fail (error == NULL || *error == NULL, FALSE);

  return act (self, "resolve", actor, arguments, G_N_ELEMENTS (arguments), error);
}

/**
 * incident_case_recover:
 * @self: a case
 * @evidence: how we know that it works again
 * @actor: who does it
 * @error: return location for an error
 *
 * Records how we know that it works again, and enters the phase `recovered`.
 *
 * This call blocks until the event is durable.
 *
 * Returns: %TRUE if it is durable; otherwise @error is set as by
 *   [method@Case.act]
 *
 * Since: 0.1
 */
gboolean
incident_case_recover (IncidentCase  *self,
                       const char    *evidence,
                       const char    *actor,
                       GError       **error)
{
  const Argument arguments[] = { { "text", evidence } };

  g_return_val_if_fail (INCIDENT_IS_CASE (self), FALSE);
  g_return_val_if_fail (evidence != NULL, FALSE);
  g_return_val_if_fail (actor != NULL, FALSE);
  g_return_val_if_fail (error == NULL || *error == NULL, FALSE);

  return act (self, "recover", actor, arguments, G_N_ELEMENTS (arguments), error);
}

/**
 * incident_case_close:
 * @self: a case
 * @text: (nullable): last words, or %NULL
 * @actor: who does it
 * @error: return location for an error
 *
 * Closes the case. Only the commander may.
 *
 * This call blocks until the event is durable.
 *
 * Returns: %TRUE if it is durable; otherwise @error is set as by
 *   [method@Case.act]
 *
 * Since: 0.1
 */
gboolean
incident_case_close (IncidentCase  *self,
                     const char    *text,
                     const char    *actor,
                     GError       **error)
{
  const Argument arguments[] = { { "text", text } };

  g_return_val_if_fail (INCIDENT_IS_CASE (self), FALSE);
  g_return_val_if_fail (actor != NULL, FALSE);
  g_return_val_if_fail (error == NULL || *error == NULL, FALSE);

  return act (self, "close", actor, arguments, G_N_ELEMENTS (arguments), error);
}

/**
 * incident_case_cancel:
 * @self: a case
 * @reason: why it is no incident
 * @actor: who does it
 * @error: return location for an error
 *
 * Ends the case as one that was none.
 *
 * This call blocks until the event is durable.
 *
 * Returns: %TRUE if it is durable; otherwise @error is set as by
 *   [method@Case.act]
 *
 * Since: 0.1
 */
gboolean
incident_case_cancel (IncidentCase  *self,
                      const char    *reason,
                      const char    *actor,
                      GError       **error)
{
  const Argument arguments[] = { { "text", reason } };

  g_return_val_if_fail (INCIDENT_IS_CASE (self), FALSE);
  g_return_val_if_fail (reason != NULL, FALSE);
  g_return_val_if_fail (actor != NULL, FALSE);
  g_return_val_if_fail (error == NULL || *error == NULL, FALSE);

  return act (self, "cancel", actor, arguments, G_N_ELEMENTS (arguments), error);
}

/**
 * incident_case_reopen:
 * @self: a case
 * @reason: why it is not over
 * @actor: who does it
 * @error: return location for an error
 *
 * Opens a recovered, closed or cancelled case again: a new episode begins, in
 * the phase `diagnosis`; nothing of the old ones is lost.
 *
 * This call blocks until the event is durable.
 *
 * Returns: %TRUE if it is durable; otherwise @error is set as by
 *   [method@Case.act]
 *
 * Since: 0.1
 */
gboolean
incident_case_reopen (IncidentCase  *self,
                      const char    *reason,
                      const char    *actor,
                      GError       **error)
{
  const Argument arguments[] = { { "text", reason } };

  g_return_val_if_fail (INCIDENT_IS_CASE (self), FALSE);
  g_return_val_if_fail (reason != NULL, FALSE);
  g_return_val_if_fail (actor != NULL, FALSE);
  g_return_val_if_fail (error == NULL || *error == NULL, FALSE);

  return act (self, "reopen", actor, arguments, G_N_ELEMENTS (arguments), error);
}

/**
 * incident_case_assign:
 * @self: a case
 * @role: the name of a role, such as `commander`
 * @person: who shall have it
 * @actor: who does it
 * @error: return location for an error
 *
 * Gives somebody a role. Who had it until now hands it over in the same event,
 * so that the case never has two commanders, nor none once it had one.
 *
 * This call blocks until the event is durable.
 *
 * Returns: %TRUE if it is durable; otherwise @error is set as by
 *   [method@Case.act]
 *
 * Since: 0.1
 */
gboolean
incident_case_assign (IncidentCase  *self,
                      const char    *role,
                      const char    *person,
                      const char    *actor,
                      GError       **error)
{
  const Argument arguments[] = { { "role", role }, { "person", person } };

  g_return_val_if_fail (INCIDENT_IS_CASE (self), FALSE);
  g_return_val_if_fail (role != NULL, FALSE);
  g_return_val_if_fail (person != NULL, FALSE);
  g_return_val_if_fail (actor != NULL, FALSE);
  g_return_val_if_fail (error == NULL || *error == NULL, FALSE);

  return act (self, "assign", actor, arguments, G_N_ELEMENTS (arguments), error);
}

/**
 * incident_case_release:
 * @self: a case
 * @role: the name of a role
 * @actor: who does it
 * @error: return location for an error
 *
 * Takes a role from who has it. The commander cannot be released: assign the
 * next one.
 *
 * This call blocks until the event is durable.
 *
 * Returns: %TRUE if it is durable; otherwise @error is set as by
 *   [method@Case.act]
 *
 * Since: 0.1
 */
gboolean
incident_case_release (IncidentCase  *self,
                       const char    *role,
                       const char    *actor,
                       GError       **error)
{
  const Argument arguments[] = { { "role", role } };

  g_return_val_if_fail (INCIDENT_IS_CASE (self), FALSE);
  g_return_val_if_fail (role != NULL, FALSE);
  g_return_val_if_fail (actor != NULL, FALSE);
  g_return_val_if_fail (error == NULL || *error == NULL, FALSE);

  return act (self, "release", actor, arguments, G_N_ELEMENTS (arguments), error);
}

/**
 * incident_case_classify:
 * @self: a case
 * @severity: how bad it is, or %INCIDENT_SEVERITY_UNKNOWN to leave it as it is
 * @impact: how far it reaches, or %INCIDENT_LEVEL_UNKNOWN to leave it as it is
 * @urgency: how little time there is, or %INCIDENT_LEVEL_UNKNOWN to leave it as it is
 * @actor: who does it
 * @error: return location for an error
 *
 * Says how bad the case is; the priority follows from impact and urgency.
 *
 * Service and category are given by [method@Case.act] with the verb `classify`.
 * This call blocks until the event is durable.
 *
 * Returns: %TRUE if it is durable; otherwise @error is set as by
 *   [method@Case.act]
 *
 * Since: 0.1
 */
gboolean
incident_case_classify (IncidentCase      *self,
                        IncidentSeverity   severity,
                        IncidentLevel      impact,
                        IncidentLevel      urgency,
                        const char        *actor,
                        GError           **error)
{
  const Argument arguments[] = {
    { "severity", severity != INCIDENT_SEVERITY_UNKNOWN ? incident_severity_to_string (severity) : NULL },
    { "impact", impact != INCIDENT_LEVEL_UNKNOWN ? incident_level_to_string (impact) : NULL },
    { "urgency", urgency != INCIDENT_LEVEL_UNKNOWN ? incident_level_to_string (urgency) : NULL },
  };

  g_return_val_if_fail (INCIDENT_IS_CASE (self), FALSE);
  g_return_val_if_fail (actor != NULL, FALSE);
  g_return_val_if_fail (error == NULL || *error == NULL, FALSE);

  return act (self, "classify", actor, arguments, G_N_ELEMENTS (arguments), error);
}

/**
 * incident_case_note:
 * @self: a case
 * @text: what there is to know
 * @actor: who does it
 * @error: return location for an error
 *
 * Adds a note to the timeline, in any phase.
 *
 * This call blocks until the event is durable.
 *
 * Returns: %TRUE if it is durable; otherwise @error is set as by
 *   [method@Case.act]
 *
 * Since: 0.1
 */
gboolean
incident_case_note (IncidentCase  *self,
                    const char    *text,
                    const char    *actor,
                    GError       **error)
{
  const Argument arguments[] = { { "text", text } };

  g_return_val_if_fail (INCIDENT_IS_CASE (self), FALSE);
  g_return_val_if_fail (text != NULL, FALSE);
  g_return_val_if_fail (actor != NULL, FALSE);
  g_return_val_if_fail (error == NULL || *error == NULL, FALSE);

  return act (self, "note", actor, arguments, G_N_ELEMENTS (arguments), error);
}

/**
 * incident_case_list_next:
 * @self: a case
 * @actor: who asks
 * @error: return location for an error
 *
 * Lists each verb that the lifecycle knows: may it be done now, by @actor, and
 * if not, why not?
 *
 * The guards and rights are those that judge the commands, and they look at what
 * others have done by now; so the answer is the one that the command would get. This
 * call blocks.
 *
 * Returns: (transfer container) (element-type IncidentOption): an option for
 *   each verb, in the order of the lifecycle, then those of the record; or %NULL
 *   with @error set to what ails the store
 *
 * Since: 0.1
 */
GPtrArray *
incident_case_list_next (IncidentCase  *self,
                         const char    *actor,
                         GError       **error)
{
  g_autofree char *readable = NULL;
  IncidentJudgement judgement = { NULL, };
  g_autoptr(GHashTable) seen = NULL;
  g_autofree IncidentState *moved = NULL;
  GPtrArray *options;

  g_return_val_if_fail (INCIDENT_IS_CASE (self), NULL);
  g_return_val_if_fail (actor != NULL, NULL);
  g_return_val_if_fail (error == NULL || *error == NULL, NULL);

  if (!incident_desk_catch_up (get_desk (self), self, error)
      || !incident_desk_know_lifecycle (get_desk (self), incident_case_get_state (self), error))
    return NULL;

  readable = g_utf8_make_valid (actor, -1);
  judgement.rulebook = incident_desk_get_rulebook (get_desk (self));
  judgement.number = incident_case_get_number (self);
  judgement.state = incident_case_get_state (self);
  judgement.lifecycle = incident_rulebook_get_lifecycle (judgement.rulebook, judgement.state);
  moved = incident_rulebook_move_state (judgement.rulebook, judgement.state);
  if (moved != NULL)
    judgement.state = moved;
  if (moved != NULL || judgement.lifecycle == NULL)
    judgement.lifecycle = judgement.rulebook->rules->lifecycle;
  judgement.past = incident_case_peek_timeline (self);
  judgement.actor = readable;
  judgement.now = incident_clock_get_time (incident_desk_get_clock (get_desk (self)));

  seen = g_hash_table_new (NULL, NULL);
  options = g_ptr_array_new_with_free_func ((GDestroyNotify) incident_option_unref);
  for (guint i = 0; i < judgement.lifecycle->transitions->len; i++)
    {
      const char *verb = incident_lifecycle_transition (judgement.lifecycle, i)->verb;

      if (g_hash_table_add (seen, (gpointer) verb))
        g_ptr_array_add (options, incident_option_new (&judgement, verb));
    }
  if (moved != NULL)
    incident_state_clear (moved);

  return options;
}

/**
 * incident_case_report:
 * @self: a case
 * @kind: for whom the report is
 *
 * Writes down what the case's events tell, for others to read.
 *
 * Returns: (transfer full): a report; it does not change when the case does
 *
 * Since: 0.1
 */
IncidentReport *
incident_case_report (IncidentCase       *self,
                      IncidentReportKind  kind)
{
  g_return_val_if_fail (INCIDENT_IS_CASE (self), NULL);

  return incident_report_new (self, kind);
}
