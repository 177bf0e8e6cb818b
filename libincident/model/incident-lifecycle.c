/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "model/incident-lifecycle-private.h"

#include <string.h>

/**
 * IncidentLifecycle:
 *
 * The phases that a case goes through, the verbs that lead from one to another,
 * and the guards that stand before them, as data.
 *
 * The default lifecycle has the four steps of an incident: initial diagnosis,
 * escalation, examination, resolve and recover. A lifecycle is checked when it
 * is made, never changes, and may be shared between threads.
 *
 * What may happen next to a case, and why not, is told by
 * [method@Case.list_next].
 *
 * Since: 0.1
 */

G_DEFINE_BOXED_TYPE (IncidentLifecycle, incident_lifecycle, incident_lifecycle_ref, incident_lifecycle_unref)

IncidentLifecycle *
incident_lifecycle_new (void)
{
  IncidentLifecycle *self = g_atomic_rc_box_new0 (IncidentLifecycle);

  self->phases = g_array_new (FALSE, TRUE, sizeof (IncidentPhase));
  self->transitions = g_array_new (FALSE, TRUE, sizeof (IncidentTransition));
  return self;
}

const char *
incident_status_to_string (IncidentStatus status)
{
  static const char * const names[] = { "live", "open", "ended" };

  return names[status];
}

int
incident_lifecycle_find_phase (IncidentLifecycle *self,
                               const char        *name)
{
  for (guint i = 0; i < self->phases->len; i++)
    if (g_str_equal (incident_lifecycle_phase (self, i)->name, name))
      return (int) i;

  return -1;
}

static gboolean
leads_from (const IncidentTransition *transition,
            int                       phase)
{
  return phase < 0 ? transition->from == 0 : (transition->from >> phase & 1) != 0;
}

const IncidentTransition *
incident_lifecycle_find (IncidentLifecycle *self,
                         const char        *verb,
                         const char        *phase)
{
  int from = phase != NULL ? incident_lifecycle_find_phase (self, phase) : -1;

  if (phase != NULL && from < 0)
    return NULL;

  for (guint i = 0; i < self->transitions->len; i++)
    {
      const IncidentTransition *transition = incident_lifecycle_transition (self, i);

      if (leads_from (transition, from) && g_str_equal (transition->verb, verb))
        return transition;
    }

  return NULL;
}

static const IncidentTransition *
find_verb (IncidentLifecycle *self,
           const char        *verb)
{
  for (guint i = 0; i < self->transitions->len; i++)
    if (g_str_equal (incident_lifecycle_transition (self, i)->verb, verb))
      return incident_lifecycle_transition (self, i);

  return NULL;
}

/* “diagnosis”, “escalation” or “examination” */
static char *
describe_from (IncidentLifecycle *self,
               const char        *verb)
{
  g_auto(GStrv) from = incident_lifecycle_list_from (self, verb);
  guint n = g_strv_length (from);
  GString *text = g_string_new (NULL);

  for (guint i = 0; i < n; i++)
    g_string_append_printf (text, "%s“%s”", i == 0 ? "" : i + 1 < n ? ", " : " or ", from[i]);

  return g_string_free (text, FALSE);
}

static char *
join_all_verbs (IncidentLifecycle *self)
{
  GString *text = g_string_new (NULL);

  for (guint i = 0; i < self->transitions->len; i++)
    {
      const IncidentTransition *transition = incident_lifecycle_transition (self, i);

      if (find_verb (self, transition->verb) == transition)
        g_string_append_printf (text, "%s%s", text->len > 0 ? ", " : "", transition->verb);
    }
  return g_string_free (text, FALSE);
}

static void
refuse_phase (IncidentLifecycle   *self,
              const IncidentState *state,
              const char          *verb,
              IncidentRefusals    *refusals)
{
  g_autofree char *from = describe_from (self, verb);

  if (state == NULL)
    incident_refusals_add (refusals, "wrong-phase", "there is no case yet: open one first");
  else if (*from == '\0')
    incident_refusals_add (refusals, "wrong-phase", "the case was opened already");
  else
    incident_refusals_add (refusals, "wrong-phase",
                           "the case is in “%s”, and “%s” leads from %s", state->phase, verb, from);
}

const IncidentTransition *
incident_lifecycle_judge (IncidentLifecycle   *self,
                          const IncidentState *state,
                          const char          *verb,
                          const char          *actor,
                          IncidentCommand     *command,
                          guint                passed,
                          IncidentRefusals    *refusals)
{
  const IncidentTransition *transition = incident_lifecycle_find (self, verb, state != NULL ? state->phase : NULL);

  if (transition == NULL)
    {
      transition = find_verb (self, verb);
      if (transition == NULL)
        {
          g_autofree char *known = join_all_verbs (self);

          incident_refusals_add (refusals, "unknown-verb", "there is no such verb: there are %s", known);
          return NULL;
        }
      refuse_phase (self, state, verb, refusals);
    }

  /* All guards run, so that one answer tells all that is missing. */
  for (guint i = 0; i < INCIDENT_N_GUARDS; i++)
    if (((transition->guards & ~passed) >> i & 1) != 0 && (state != NULL || transition->from == 0))
      incident_guard_check ((IncidentGuard) i, state, verb, actor, command, refusals);
  if (transition->record != NULL && command != NULL && state != NULL)
    incident_verb_check (transition->record, transition->guards, command, refusals);

  return transition;
}

static gpointer
make_default (gpointer data)
{
  g_autoptr(GError) error = NULL;
  IncidentLifecycle *lifecycle =
    incident_lifecycle_new_from_json (incident_lifecycle_default_json, -1, "the default lifecycle", &error);

  g_assert_no_error (error);
  /* It is known without a name. */
  g_clear_pointer (&lifecycle->id, g_free);
  return lifecycle;
}

/**
 * incident_lifecycle_get_default:
 *
 * Lends the lifecycle of the four steps, for who has no own.
 *
 * Returns: (transfer none): the default lifecycle
 *
 * Since: 0.1
 */
IncidentLifecycle *
incident_lifecycle_get_default (void)
{
  static GOnce once = G_ONCE_INIT;

  return g_once (&once, make_default, NULL);
}

/**
 * incident_lifecycle_ref:
 * @self: a lifecycle
 *
 * Takes a reference.
 *
 * Returns: (transfer full): @self
 *
 * Since: 0.1
 */
IncidentLifecycle *
incident_lifecycle_ref (IncidentLifecycle *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return g_atomic_rc_box_acquire (self);
}

static void
incident_lifecycle_clear (gpointer data)
{
  IncidentLifecycle *self = data;

  g_array_unref (self->phases);
  g_array_unref (self->transitions);
  g_clear_pointer (&self->moves, g_hash_table_unref);
  g_free (self->id);
  g_free (self->document);
}

/**
 * incident_lifecycle_unref:
 * @self: (transfer full): a lifecycle
 *
 * Drops a reference.
 *
 * Since: 0.1
 */
void
incident_lifecycle_unref (IncidentLifecycle *self)
{
  g_return_if_fail (self != NULL);

  g_atomic_rc_box_release_full (self, incident_lifecycle_clear);
}

static char **
end_list (GPtrArray *list)
{
  g_ptr_array_add (list, NULL);
  return (char **) g_ptr_array_free (list, FALSE);
}

/**
 * incident_lifecycle_list_phases:
 * @self: a lifecycle
 *
 * Lists the phases in the order of the document.
 *
 * Returns: (transfer full): the names of the phases
 *
 * Since: 0.1
 */
char **
incident_lifecycle_list_phases (IncidentLifecycle *self)
{
  GPtrArray *phases;

  g_return_val_if_fail (self != NULL, NULL);

  phases = g_ptr_array_new ();
  for (guint i = 0; i < self->phases->len; i++)
    g_ptr_array_add (phases, g_strdup (incident_lifecycle_phase (self, i)->name));

  return end_list (phases);
}

/**
 * incident_lifecycle_is_open:
 * @self: a lifecycle
 * @phase: the name of a phase
 *
 * Tells whether there is still something to do in a phase.
 *
 * Returns: %TRUE unless a case in it has ended, or there is no such phase
 *
 * Since: 0.1
 */
gboolean
incident_lifecycle_is_open (IncidentLifecycle *self,
                            const char        *phase)
{
  int index;

  g_return_val_if_fail (self != NULL, FALSE);
  g_return_val_if_fail (phase != NULL, FALSE);

  index = incident_lifecycle_find_phase (self, phase);
  return index >= 0 && incident_lifecycle_phase (self, index)->status != INCIDENT_STATUS_ENDED;
}

/**
 * incident_lifecycle_is_live:
 * @self: a lifecycle
 * @phase: the name of a phase
 *
 * Tells whether users still suffer in a phase: only a live case pages people.
 *
 * Returns: %TRUE if a case in it is live
 *
 * Since: 0.1
 */
gboolean
incident_lifecycle_is_live (IncidentLifecycle *self,
                            const char        *phase)
{
  int index;

  g_return_val_if_fail (self != NULL, FALSE);
  g_return_val_if_fail (phase != NULL, FALSE);

  index = incident_lifecycle_find_phase (self, phase);
  return index >= 0 && incident_lifecycle_phase (self, index)->status == INCIDENT_STATUS_LIVE;
}

/**
 * incident_lifecycle_list_verbs:
 * @self: a lifecycle
 *
 * Lists what the lifecycle lets be done to a case.
 *
 * The verbs of the record, such as `add-task`, are in every lifecycle and only
 * listed where the document names them.
 *
 * Returns: (transfer full): the verbs in the order of the document
 *
 * Since: 0.1
 */
char **
incident_lifecycle_list_verbs (IncidentLifecycle *self)
{
  GPtrArray *verbs;

  g_return_val_if_fail (self != NULL, NULL);

  verbs = g_ptr_array_new ();
  for (guint i = 0; i < self->transitions->len; i++)
    {
      const IncidentTransition *transition = incident_lifecycle_transition (self, i);

      if (!transition->is_built_in && find_verb (self, transition->verb) == transition)
        g_ptr_array_add (verbs, g_strdup (transition->verb));
    }

  return end_list (verbs);
}

/**
 * incident_lifecycle_list_from:
 * @self: a lifecycle
 * @verb: a verb
 *
 * Lists the phases in which something can be done.
 *
 * Returns: (transfer full): the names of the phases; none for the verb that
 *   opens a case, or if there is no such verb
 *
 * Since: 0.1
 */
char **
incident_lifecycle_list_from (IncidentLifecycle *self,
                              const char        *verb)
{
  GPtrArray *from;

  g_return_val_if_fail (self != NULL, NULL);
  g_return_val_if_fail (verb != NULL, NULL);

  from = g_ptr_array_new ();
  for (guint i = 0; i < self->phases->len; i++)
    if (incident_lifecycle_find (self, verb, incident_lifecycle_phase (self, i)->name) != NULL)
      g_ptr_array_add (from, g_strdup (incident_lifecycle_phase (self, i)->name));

  return end_list (from);
}

/**
 * incident_lifecycle_get_to:
 * @self: a lifecycle
 * @verb: a verb
 * @from: (nullable): the phase it is done in, or %NULL before the case is opened
 *
 * Tells where something leads.
 *
 * Returns: (transfer none) (nullable): the phase that is entered, or %NULL if
 *   the phase stays or it cannot be done there
 *
 * Since: 0.1
 */
const char *
incident_lifecycle_get_to (IncidentLifecycle *self,
                           const char        *verb,
                           const char        *from)
{
  const IncidentTransition *transition;

  g_return_val_if_fail (self != NULL, NULL);
  g_return_val_if_fail (verb != NULL, NULL);

  transition = incident_lifecycle_find (self, verb, from);
  if (transition == NULL || transition->to < 0)
    return NULL;

  return incident_lifecycle_phase (self, transition->to)->name;
}

/**
 * incident_lifecycle_list_guards:
 * @self: a lifecycle
 * @verb: a verb
 * @from: (nullable): the phase it is done in, or %NULL before the case is opened
 *
 * Lists what must hold before something is done.
 *
 * Returns: (transfer full): the names of the guards
 *
 * Since: 0.1
 */
char **
incident_lifecycle_list_guards (IncidentLifecycle *self,
                                const char        *verb,
                                const char        *from)
{
  const IncidentTransition *transition;
  GPtrArray *guards;

  g_return_val_if_fail (self != NULL, NULL);
  g_return_val_if_fail (verb != NULL, NULL);

  guards = g_ptr_array_new ();
  transition = incident_lifecycle_find (self, verb, from);
  for (guint i = 0; transition != NULL && i < INCIDENT_N_GUARDS; i++)
    if ((transition->guards >> i & 1) != 0)
      g_ptr_array_add (guards, g_strdup (incident_guard_get_name ((IncidentGuard) i)));
  if (transition != NULL && transition->record != NULL)
    for (guint i = 0; i < INCIDENT_N_ARGUMENTS; i++)
      if ((transition->record->needs >> i & 1) != 0
          && !incident_guards_ask_for (transition->guards, incident_argument_get_name ((IncidentArgument) i)))
        g_ptr_array_add (guards, g_strdup (incident_argument_get_name ((IncidentArgument) i)));

  return end_list (guards);
}
