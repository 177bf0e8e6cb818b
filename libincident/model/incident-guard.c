/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "model/incident-guard-private.h"

#include "model/incident-command-private.h"

typedef void (*Check) (const IncidentState *state,
                       const char          *verb,
                       const char          *actor,
                       IncidentCommand     *command,
                       IncidentRefusals    *refusals);

void
incident_refusals_clear (IncidentRefusals *self)
{
  g_clear_pointer (&self->codes, g_ptr_array_unref);
  g_clear_pointer (&self->why, g_ptr_array_unref);
}

void
incident_refusals_add (IncidentRefusals *self,
                       const char       *code,
                       const char       *format,
                       ...)
{
  va_list args;

  if (self->codes == NULL)
    {
      self->codes = g_ptr_array_new ();
      self->why = g_ptr_array_new_with_free_func (g_free);
    }

  va_start (args, format);
  g_ptr_array_add (self->why, g_strdup_vprintf (format, args));
  va_end (args);
  g_ptr_array_add (self->codes, (gpointer) code);
}

void
incident_refusals_join (IncidentRefusals *self,
                        IncidentRefusals *other)
{
  if (other->codes == NULL)
    return;
  if (self->codes == NULL)
    {
      *self = *other;
      *other = (IncidentRefusals) { NULL, };
      return;
    }

  g_ptr_array_extend_and_steal (self->why, g_steal_pointer (&other->why));
  g_ptr_array_extend_and_steal (self->codes, g_steal_pointer (&other->codes));
}

static void
check_classification (const IncidentState *state,
                      const char          *verb,
                      const char          *actor,
                      IncidentCommand     *command,
                      IncidentRefusals    *refusals)
{
  static const IncidentArgument arguments[] = {
    INCIDENT_ARGUMENT_SEVERITY, INCIDENT_ARGUMENT_IMPACT, INCIDENT_ARGUMENT_URGENCY, INCIDENT_ARGUMENT_SERVICE,
    INCIDENT_ARGUMENT_CATEGORY, INCIDENT_ARGUMENT_MAJOR,
  };

  if (command == NULL)
    return;

  for (guint i = 0; i < G_N_ELEMENTS (arguments); i++)
    if (incident_command_peek (command, arguments[i]) != NULL)
      return;

  incident_refusals_add (refusals, "missing-text",
                         "nothing is classified: give a severity, impact, urgency, service or category");
}

static void
check_responder (const IncidentState *state,
                 const char          *verb,
                 const char          *actor,
                 IncidentCommand     *command,
                 IncidentRefusals    *refusals)
{
  if (!incident_state_has_responder (state))
    incident_refusals_add (refusals, "no-responder", "nobody is assigned: assign somebody a role first");
}

static void
check_commander (const IncidentState *state,
                 const char          *verb,
                 const char          *actor,
                 IncidentCommand     *command,
                 IncidentRefusals    *refusals)
{
  const char *commander = incident_state_get_holder (state, INCIDENT_ROLE_COMMANDER);

  if (commander == NULL)
    incident_refusals_add (refusals, "not-permitted",
                           "only the commander may %s the case, and there is none: assign one first", verb);
  else if (!g_str_equal (commander, actor))
    incident_refusals_add (refusals, "not-permitted",
                           "only the commander (“%s”) may %s the case, not “%s”", commander, verb, actor);
}

/* Command may pass from hand to hand, but never lie on the floor. */
static void
check_not_commander (const IncidentState *state,
                     const char          *verb,
                     const char          *actor,
                     IncidentCommand     *command,
                     IncidentRefusals    *refusals)
{
  if (command != NULL && g_strcmp0 (incident_command_peek (command, INCIDENT_ARGUMENT_ROLE), INCIDENT_ROLE_COMMANDER) == 0
      && incident_state_get_holder (state, INCIDENT_ROLE_COMMANDER) != NULL)
    incident_refusals_add (refusals, "not-permitted",
                           "the commander cannot leave: assign the next commander, and command passes without a gap");
}

static void
check_must_do (const IncidentState *state,
               const char          *verb,
               const char          *actor,
               IncidentCommand     *command,
               IncidentRefusals    *refusals)
{
  guint n = incident_dossier_count_must_do (state->dossier);

  if (n > 0)
    incident_refusals_add (refusals, "open-must-do", "%u must-do task%s open: finish or skip %s first", n,
                           n > 1 ? "s are" : " is", n > 1 ? "them" : "it");
}

static const struct
{
  const char *name;
  int argument;         /* that must be there, or -1 */
  const char *code;
  const char *why;
  Check       check;    /* where there is more to it */
} guards[INCIDENT_N_GUARDS] = {
  [INCIDENT_GUARD_TITLE] = { "title", INCIDENT_ARGUMENT_TITLE, "missing-text", "a title is missing: say in one line what is wrong", NULL },
  [INCIDENT_GUARD_TEXT] = { "text", INCIDENT_ARGUMENT_TEXT, "missing-text", NULL, NULL },
  [INCIDENT_GUARD_TARGET] = { "target", INCIDENT_ARGUMENT_TARGET, "missing-target", "a target is missing: name a person, a team or a policy", NULL },
  [INCIDENT_GUARD_EVIDENCE] = { "evidence", INCIDENT_ARGUMENT_TEXT, "missing-evidence", "evidence is missing: say how we know that it works again", NULL },
  [INCIDENT_GUARD_ROLE] = { "role", INCIDENT_ARGUMENT_ROLE, "missing-target", "a role is missing: name one, such as “commander”", NULL },
  [INCIDENT_GUARD_PERSON] = { "person", INCIDENT_ARGUMENT_PERSON, "missing-target", "a person is missing: say who shall have the role", NULL },
  [INCIDENT_GUARD_CLASSIFICATION] = { "classification", -1, NULL, NULL, check_classification },
  [INCIDENT_GUARD_RESPONDER] = { "responder", -1, NULL, NULL, check_responder },
  [INCIDENT_GUARD_COMMANDER] = { "commander", -1, NULL, NULL, check_commander },
  [INCIDENT_GUARD_NOT_COMMANDER] = { "not-commander", -1, NULL, NULL, check_not_commander },
  [INCIDENT_GUARD_MUST_DO] = { "must-do", -1, NULL, NULL, check_must_do },
};

const char *
incident_guard_get_name (IncidentGuard guard)
{
  return guards[guard].name;
}

gboolean
incident_guard_find (const char    *name,
                     IncidentGuard *guard)
{
  for (guint i = 0; i < INCIDENT_N_GUARDS; i++)
    {
      if (g_str_equal (guards[i].name, name))
        {
          *guard = (IncidentGuard) i;
          return TRUE;
        }
    }

  return FALSE;
}

const char *
incident_guard_get_argument (IncidentGuard guard)
{
  return guards[guard].argument >= 0 ? incident_argument_get_name ((IncidentArgument) guards[guard].argument) : NULL;
}

gboolean
incident_guards_ask_for (guint       set,
                         const char *argument)
{
  for (guint i = 0; i < INCIDENT_N_GUARDS; i++)
    if ((set >> i & 1) != 0 && g_strcmp0 (incident_guard_get_argument ((IncidentGuard) i), argument) == 0)
      return TRUE;

  return FALSE;
}

/* What is missing, in the words of the verb. */
static const char *
describe_text (const char *verb)
{
  if (g_str_equal (verb, "resolve"))
    return "a solution is missing: say what was done";
  if (g_str_equal (verb, "note"))
    return "the note is empty: say what there is to know";
  return "a reason is missing: say why";
}

void
incident_guard_check (IncidentGuard        guard,
                      const IncidentState *state,
                      const char          *verb,
                      const char          *actor,
                      IncidentCommand     *command,
                      IncidentRefusals    *refusals)
{
  if (guards[guard].check != NULL)
    guards[guard].check (state, verb, actor, command, refusals);
  else if (command != NULL && incident_command_peek (command, (IncidentArgument) guards[guard].argument) == NULL)
    incident_refusals_add (refusals, guards[guard].code, "%s",
                           guards[guard].why != NULL ? guards[guard].why : describe_text (verb));
}
