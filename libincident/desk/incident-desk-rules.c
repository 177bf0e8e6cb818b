/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "desk/incident-desk-alerts-private.h"

#include <libincident/incident-error.h>

#include "base/incident-error-private.h"
#include "comms/incident-reaction-private.h"
#include "desk/incident-desk-oncall-private.h"

/* The rules of a desk: which are in force, the lifecycles that cases are still under,
 * and who was refused by them. */

void
incident_desk_rules_init (IncidentDeskRules *self,
                          IncidentPlaybook  *playbook,
                          IncidentLifecycle *lifecycle)
{
  g_autoptr(IncidentRules) rules = NULL;

  g_mutex_init (&self->lock);
  if (playbook == NULL && lifecycle == NULL)
    playbook = incident_playbook_get_default ();
  self->playbook = playbook != NULL ? incident_playbook_ref (playbook) : NULL;
  rules = playbook != NULL ? incident_rules_ref (incident_playbook_get_rules (playbook)) : incident_rules_new (lifecycle);
  incident_rulebook_init (&self->rulebook, rules);
  self->is_kept = self->rulebook.binding == 0;
}

void
incident_desk_rules_clear (IncidentDeskRules *self)
{
  g_clear_pointer (&self->playbook, incident_playbook_unref);
  incident_rulebook_clear (&self->rulebook);
  g_mutex_clear (&self->lock);
}

const IncidentRulebook *
incident_desk_get_rulebook (IncidentDesk *self)
{
  return &incident_desk_get_rules (self)->rulebook;
}

gboolean
incident_desk_load_lifecycle (IncidentDesk  *self,
                              const char    *id,
                              GError       **error)
{
  g_autofree char *document = incident_store_find_document (incident_desk_get_store (self), id, error);
  g_autoptr(IncidentLifecycle) lifecycle = NULL;

  if (document == NULL)
    return FALSE;

  lifecycle = incident_lifecycle_new_from_json (document, -1, id, error);
  if (lifecycle == NULL)
    return FALSE;
  if (g_strcmp0 (lifecycle->id, id) != 0)
    {
      g_set_error (error, INCIDENT_ERROR, INCIDENT_ERROR_CORRUPT, "The lifecycle %s in the store is another one", id);
      return FALSE;
    }

  g_hash_table_insert (incident_desk_get_rules (self)->rulebook.lifecycles, (gpointer) id, g_steal_pointer (&lifecycle));
  return TRUE;
}

gboolean
incident_desk_know_lifecycle (IncidentDesk         *self,
                              const IncidentState  *state,
                              GError              **error)
{
  g_autoptr(GError) local_error = NULL;

  if (incident_rulebook_get_lifecycle (incident_desk_get_rulebook (self), state) != NULL)
    return TRUE;
  if (incident_desk_load_lifecycle (self, incident_binding_get_lifecycle (state->binding), &local_error))
    return TRUE;

  /* The judgement says so where it is missed. */
  if (local_error == NULL)
    return TRUE;
  g_propagate_error (error, g_steal_pointer (&local_error));
  return FALSE;
}

/* So that cases can go on under it when there is another. */
static gboolean
keep_documents (IncidentDesk  *self,
                GError       **error)
{
  IncidentDeskRules *own = incident_desk_get_rules (self);
  g_autoptr(GMutexLocker) locker G_GNUC_UNUSED = g_mutex_locker_new (&own->lock);
  IncidentStore *store = incident_desk_get_store (self);
  const IncidentRules *rules = own->rulebook.rules;

  if (own->is_kept)
    return TRUE;

  own->is_kept = (rules->version == NULL || incident_store_keep_document (store, rules->version, rules->document, error))
                 && (rules->lifecycle->id == NULL
                     || incident_store_keep_document (store, rules->lifecycle->id, rules->lifecycle->document, error))
                 && incident_desk_declare_playbook (self, rules, error);
  return own->is_kept;
}

gboolean
incident_desk_keep_rules (IncidentDesk  *self,
                          GError       **error)
{
  return keep_documents (self, error);
}

/* What its events cause to be told stands in the same commit. */
static GPtrArray *
add_messages (IncidentDesk   *self,
              IncidentCommit *commit)
{
  const IncidentCommsRules *comms = incident_desk_get_rulebook (self)->rules->comms;
  GPtrArray *messages;

  if (comms->channels->len == 0)
    return NULL;

  messages = g_ptr_array_new_with_free_func ((GDestroyNotify) incident_outbox_row_free);
  for (guint i = 0; commit->messages != NULL && i < commit->messages->len; i++)
    g_ptr_array_add (messages, incident_outbox_row_copy (g_ptr_array_index (commit->messages, i)));
  incident_reaction_add (comms, commit->drafts, messages);
  commit->messages = messages->len > 0 ? messages : commit->messages;
  return messages;
}

gboolean
incident_desk_commit (IncidentDesk    *self,
                      IncidentCommit  *commit,
                      GError         **error)
{
  g_auto(IncidentErasure) erasure = { { 0, }, };
  IncidentIntakeChange *intake = commit->intake;
  GPtrArray *messages = commit->messages;
  g_autoptr(GPtrArray) caused = NULL;
  gboolean done;

  if (!keep_documents (self, error) || !incident_erasure_init (&erasure, self, commit, error))
    return FALSE;

  caused = add_messages (self, commit);
  done = incident_store_commit (incident_desk_get_store (self), commit, error);
  commit->intake = intake;
  commit->messages = messages;
  return done;
}

static gboolean
is_lack_of_right (const GError *error)
{
  const char * const *codes = g_error_matches (error, INCIDENT_ERROR, INCIDENT_ERROR_REFUSED)
                              ? incident_error_get_codes (error) : NULL;

  return codes != NULL && (g_strv_contains (codes, "not-permitted") || g_strv_contains (codes, "unverified-actor"));
}

void
incident_desk_audit (IncidentDesk     *self,
                     guint64           number,
                     IncidentCommand  *command,
                     GError          **error)
{
  g_autoptr(IncidentRefusal) refusal = NULL;
  GError *local_error = NULL;

  if (!is_lack_of_right (*error))
    return;

  refusal = incident_refusal_new (incident_clock_get_time (incident_desk_get_clock (self)), number, incident_command_get_actor (command),
                                  incident_command_get_verified (command), incident_command_get_verb (command),
                                  (*error)->message);
  if (!incident_store_keep_refusal (incident_desk_get_store (self), refusal, &local_error))
    {
      g_prefix_error (&local_error, "The command is refused, and that could not be written down: ");
      g_clear_error (error);
      *error = local_error;
      return;
    }
  incident_desk_tell_refused (self, refusal);
}

gboolean
incident_desk_check_right (IncidentDesk  *self,
                           const char    *verb,
                           const char    *what,
                           const char    *actor,
                           GError       **error)
{
  static char *codes[] = { (char *) "not-permitted", NULL };
  const IncidentRules *rules = incident_desk_get_rulebook (self)->rules;
  IncidentSituation situation = { NULL, NULL, NULL, INCIDENT_SEVERITY_UNKNOWN, TRUE };
  g_autoptr(IncidentCommand) command = NULL;
  g_autofree char *who = NULL;
  g_autofree char *message = NULL;
  GError *local_error = NULL;

  if (!incident_actor_check (actor, error))
    return FALSE;
  if (incident_rules_knows (rules, actor) && incident_rules_permit (rules, verb, actor, &situation, NULL))
    return TRUE;

  command = incident_command_new (verb, actor);
  who = incident_rules_describe_right (rules, verb);
  message = g_strdup_printf ("“%s” refused: not-permitted: “%s” has no right to %s: that is for %s", verb, actor, what, who);
  incident_set_error_refused (&local_error, codes, message);
  incident_desk_audit (self, 0, command, &local_error);
  g_propagate_error (error, local_error);
  return FALSE;
}

/**
 * incident_desk_get_lifecycle:
 * @self: a desk
 *
 * Gets what may be done to a case.
 *
 * Returns: (transfer none): the lifecycle
 *
 * Since: 0.1
 */
IncidentLifecycle *
incident_desk_get_lifecycle (IncidentDesk *self)
{
  g_return_val_if_fail (INCIDENT_IS_DESK (self), NULL);

  return incident_desk_get_rulebook (self)->rules->lifecycle;
}

/**
 * incident_desk_get_playbook:
 * @self: a desk
 *
 * Gets the team's rules.
 *
 * Returns: (transfer none) (nullable): the playbook, or %NULL if only a lifecycle
 *   was given
 *
 * Since: 0.1
 */
IncidentPlaybook *
incident_desk_get_playbook (IncidentDesk *self)
{
  g_return_val_if_fail (INCIDENT_IS_DESK (self), NULL);

  return incident_desk_get_rules (self)->playbook;
}

/**
 * incident_desk_set_playbook:
 * @self: a desk
 * @playbook: the team's new rules
 * @error: return location for an error
 *
 * Changes the rules that commands are judged by from now on.
 *
 * Cases go on under the lifecycle they have, unless the new playbook has the same
 * one or says where they go on (`migrate`). This call blocks until the store has
 * the playbook. No asynchronous call may be in flight.
 *
 * Returns: %TRUE if the new rules are in force; otherwise @error is set to what
 *   ails the store, and the old ones are
 *
 * Since: 0.1
 */
gboolean
incident_desk_set_playbook (IncidentDesk      *self,
                            IncidentPlaybook  *playbook,
                            GError           **error)
{
  IncidentDeskRules *own;
  IncidentRulebook before;

  g_return_val_if_fail (INCIDENT_IS_DESK (self), FALSE);
  g_return_val_if_fail (playbook != NULL, FALSE);
  g_return_val_if_fail (!incident_desk_is_acting (self), FALSE);
  g_return_val_if_fail (error == NULL || *error == NULL, FALSE);

  own = incident_desk_get_rules (self);
  before = own->rulebook;
  incident_rulebook_init (&own->rulebook, incident_playbook_get_rules (playbook));
  own->is_kept = own->rulebook.binding == 0;
  if (!keep_documents (self, error))
    {
      incident_rulebook_clear (&own->rulebook);
      own->rulebook = before;
      own->is_kept = FALSE;
      return FALSE;
    }

  incident_rulebook_clear (&before);
  incident_playbook_ref (playbook);
  g_clear_pointer (&own->playbook, incident_playbook_unref);
  own->playbook = playbook;
  g_object_notify (G_OBJECT (self), "playbook");
  g_object_notify (G_OBJECT (self), "lifecycle");
  return TRUE;
}

/**
 * incident_desk_list_refusals:
 * @self: a desk
 * @after: the number of the last refusal that is known already, or 0
 * @limit: at most how many, from 1 to %INCIDENT_QUERY_MAX_LIMIT
 * @error: return location for an error
 *
 * Reads who was refused for lack of right, also by other processes. To read on,
 * call it with the number of the last one. This call blocks.
 *
 * Returns: (transfer container) (element-type IncidentRefusal): the refusals, the
 *   oldest first, fewer than @limit at their end; or %NULL with @error set to what
 *   ails the store
 *
 * Since: 0.1
 */
GPtrArray *
incident_desk_list_refusals (IncidentDesk  *self,
                             guint64        after,
                             guint          limit,
                             GError       **error)
{
  g_return_val_if_fail (INCIDENT_IS_DESK (self), NULL);
  g_return_val_if_fail (limit >= 1 && limit <= INCIDENT_QUERY_MAX_LIMIT, NULL);
  g_return_val_if_fail (error == NULL || *error == NULL, NULL);

  return incident_store_list_refusals (incident_desk_get_store (self), after, limit, error);
}
