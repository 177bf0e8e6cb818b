/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "model/incident-command-private.h"

#include <libincident/incident-time.h>

#include <string.h>

#include "base/incident-error-private.h"
#include "base/incident-text-private.h"
#include "model/incident-operation-private.h"

/**
 * IncidentCommand:
 *
 * Something a person or a program wants to do to a case: a verb, who does it,
 * and the arguments of the verb.
 *
 * The verbs are those of the [struct@Lifecycle]. The arguments are strings, by
 * name:
 *
 * | argument | is |
 * |---|---|
 * | `text` | the words: finding, reason, solution, evidence, note |
 * | `title` | what is wrong, in one line (`open`) |
 * | `target` | whom to ask for help: person, team or policy (`escalate`) |
 * | `escalation` | `functional` for more skill (the default) or `hierarchical` for more authority (`escalate`) |
 * | `role`, `person` | who shall be what (`assign`, `release`) |
 * | `severity` | `sev1` … `sev5` (`open`, `classify`) |
 * | `impact`, `urgency` | `high`, `medium` or `low` (`open`, `classify`) |
 * | `service`, `category` | what is hit, and what sort of incident it is (`open`, `classify`) |
 *
 * A command may be built in one thread and used in another, but not by two at
 * once. Once given to a case it should not be changed; given again, it is the
 * same operation and recorded once.
 *
 * Since: 0.1
 */

static const char * const argument_names[INCIDENT_N_ARGUMENTS + 1] = {
  "title", "text", "target", "escalation", "role", "person",
  "severity", "impact", "urgency", "service", "category", NULL
};

struct _IncidentCommand
{
  char     *verb;
  char     *actor;
  char     *arguments[INCIDENT_N_ARGUMENTS];
  gint64    occurred_at;
  guint     seen;
  gboolean  has_operation;
  guint8    operation[INCIDENT_OPERATION_LENGTH];
};

G_DEFINE_BOXED_TYPE (IncidentCommand, incident_command, incident_command_ref, incident_command_unref)

/**
 * incident_command_new:
 * @verb: what to do, such as `resolve`
 * @actor: who does it: the name of a person or a program, as the embedding
 *   program has verified it
 *
 * Begins a command.
 *
 * Returns: (transfer full): a new command
 *
 * Since: 0.1
 */
IncidentCommand *
incident_command_new (const char *verb,
                      const char *actor)
{
  IncidentCommand *self;

  g_return_val_if_fail (verb != NULL, NULL);
  g_return_val_if_fail (actor != NULL, NULL);

  self = g_atomic_rc_box_new0 (IncidentCommand);
  self->verb = g_strdup (verb);
  self->actor = g_strdup (actor);
  self->occurred_at = INCIDENT_TIME_NONE;
  return self;
}

/**
 * incident_command_ref:
 * @self: a command
 *
 * Takes a reference.
 *
 * Returns: (transfer full): @self
 *
 * Since: 0.1
 */
IncidentCommand *
incident_command_ref (IncidentCommand *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return g_atomic_rc_box_acquire (self);
}

static void
incident_command_clear (gpointer data)
{
  IncidentCommand *self = data;

  g_free (self->verb);
  g_free (self->actor);
  for (guint i = 0; i < INCIDENT_N_ARGUMENTS; i++)
    g_free (self->arguments[i]);
}

/**
 * incident_command_unref:
 * @self: (transfer full): a command
 *
 * Drops a reference.
 *
 * Since: 0.1
 */
void
incident_command_unref (IncidentCommand *self)
{
  g_return_if_fail (self != NULL);

  g_atomic_rc_box_release_full (self, incident_command_clear);
}

/**
 * incident_command_get_verb:
 * @self: a command
 *
 * Tells what to do.
 *
 * Returns: (transfer none): the verb
 *
 * Since: 0.1
 */
const char *
incident_command_get_verb (IncidentCommand *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return self->verb;
}

/**
 * incident_command_get_actor:
 * @self: a command
 *
 * Tells who does it.
 *
 * Returns: (transfer none): the actor
 *
 * Since: 0.1
 */
const char *
incident_command_get_actor (IncidentCommand *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return self->actor;
}

gboolean
incident_actor_check (const char  *actor,
                      GError     **error)
{
  if (incident_fact_is_value (actor) && !incident_text_is_blank (actor) && strlen (actor) <= INCIDENT_MAX_FACT_LENGTH)
    return TRUE;

  incident_set_error_at (error, INCIDENT_ERROR_INVALID, "actor",
                         "The actor must be one line of UTF-8, at most %d bytes long and not blank",
                         INCIDENT_MAX_FACT_LENGTH);
  return FALSE;
}

static int
find_argument (const char *name)
{
  for (int i = 0; i < INCIDENT_N_ARGUMENTS; i++)
    if (g_str_equal (argument_names[i], name))
      return i;

  return -1;
}

static gboolean
check_words (const char  *argument,
             const char  *value,
             GError     **error)
{
  if (!g_utf8_validate (value, -1, NULL))
    {
      incident_set_error_at (error, INCIDENT_ERROR_INVALID, argument, "“%s” is not UTF-8", argument);
      return FALSE;
    }
  if (strlen (value) > INCIDENT_MAX_TEXT_LENGTH)
    {
      incident_set_error_at (error, INCIDENT_ERROR_INVALID, argument,
                             "“%s” is too long: %" G_GSIZE_FORMAT " bytes, and at most %d are kept",
                             argument, strlen (value), INCIDENT_MAX_TEXT_LENGTH);
      return FALSE;
    }

  return TRUE;
}

/* Who and whom may be missing, for the guards to say so; a classification that says
 * nothing is a mistake. */
static gboolean
check_fact (int          index,
            const char  *value,
            GError     **error)
{
  const char *argument = argument_names[index];

  if (!incident_fact_is_value (value))
    {
      incident_set_error_at (error, INCIDENT_ERROR_INVALID, argument,
                             "“%s” must be one line of UTF-8 without control characters", argument);
      return FALSE;
    }
  if (index >= INCIDENT_ARGUMENT_SEVERITY && incident_text_is_blank (value))
    {
      incident_set_error_at (error, INCIDENT_ERROR_INVALID, argument,
                             "“%s” is blank: say which, or leave it out", argument);
      return FALSE;
    }
  if (strlen (value) > INCIDENT_MAX_FACT_LENGTH)
    {
      incident_set_error_at (error, INCIDENT_ERROR_INVALID, argument,
                             "“%s” is too long: %" G_GSIZE_FORMAT " bytes, and at most %d are kept",
                             argument, strlen (value), INCIDENT_MAX_FACT_LENGTH);
      return FALSE;
    }

  return TRUE;
}

/**
 * incident_command_set:
 * @self: a command
 * @argument: the name of an argument
 * @value: (nullable): its value, or %NULL to leave it out
 * @error: return location for an error
 *
 * Gives the command an argument.
 *
 * Returns: %TRUE if it was taken; otherwise @error is set to
 *   %INCIDENT_ERROR_INVALID: there is no such argument, or the value is not
 *   UTF-8, too long, or of several lines where one name is meant
 *
 * Since: 0.1
 */
gboolean
incident_command_set (IncidentCommand  *self,
                      const char       *argument,
                      const char       *value,
                      GError          **error)
{
  int index;

  g_return_val_if_fail (self != NULL, FALSE);
  g_return_val_if_fail (argument != NULL, FALSE);
  g_return_val_if_fail (error == NULL || *error == NULL, FALSE);

  index = find_argument (argument);
  if (index < 0)
    {
      g_autofree char *known = g_strjoinv (", ", (char **) argument_names);

      incident_set_error_at (error, INCIDENT_ERROR_INVALID, argument,
                             "There is no argument “%s”: there are %s", argument, known);
      return FALSE;
    }
  if (value != NULL
      && !(index == INCIDENT_ARGUMENT_TITLE || index == INCIDENT_ARGUMENT_TEXT ? check_words (argument, value, error) : check_fact (index, value, error)))
    return FALSE;

  g_free (self->arguments[index]);
  self->arguments[index] = g_strdup (value);
  return TRUE;
}

/**
 * incident_command_get:
 * @self: a command
 * @argument: the name of an argument
 *
 * Reads an argument.
 *
 * Returns: (transfer none) (nullable): its value, or %NULL if it was not given
 *   or holds nothing but white space
 *
 * Since: 0.1
 */
const char *
incident_command_get (IncidentCommand *self,
                      const char      *argument)
{
  int index;

  g_return_val_if_fail (self != NULL, NULL);
  g_return_val_if_fail (argument != NULL, NULL);

  index = find_argument (argument);
  return index >= 0 ? incident_command_peek (self, (IncidentArgument) index) : NULL;
}

const char *
incident_argument_get_name (IncidentArgument argument)
{
  return argument_names[argument];
}

const char *
incident_command_peek (IncidentCommand  *self,
                       IncidentArgument  argument)
{
  const char *value = self->arguments[argument];

  return value != NULL && !incident_text_is_blank (value) ? value : NULL;
}

/**
 * incident_command_set_occurred_at:
 * @self: a command
 * @time: microseconds since the Unix epoch, UTC, or %INCIDENT_TIME_NONE for now
 *
 * Dates the command back, to write down what was done before. A time that is
 * still to come is refused with `bad-time` when the command is given.
 *
 * Since: 0.1
 */
void
incident_command_set_occurred_at (IncidentCommand *self,
                                  gint64           time)
{
  g_return_if_fail (self != NULL);

  self->occurred_at = time;
}

gint64
incident_command_get_occurred_at (IncidentCommand *self)
{
  return self->occurred_at;
}

/**
 * incident_command_set_seen:
 * @self: a command
 * @version: the version of the case that the actor saw, or 0 for any
 *
 * Ties the command to what the actor saw: if the case has changed since, the
 * command is refused with `stale-view`. For buttons in a chat, say.
 *
 * Since: 0.1
 */
void
incident_command_set_seen (IncidentCommand *self,
                           guint            version)
{
  g_return_if_fail (self != NULL);

  self->seen = version;
}

guint
incident_command_get_seen (IncidentCommand *self)
{
  return self->seen;
}

/**
 * incident_command_set_operation:
 * @self: a command
 * @operation: 32 hexadecimal digits
 * @error: return location for an error
 *
 * Names the operation, so that a command that is given once more, after a crash
 * or an %INCIDENT_ERROR_COMMIT_UNKNOWN, is recorded only once.
 *
 * Without it each command is an operation of its own.
 *
 * Returns: %TRUE if it was taken; otherwise @error is set to
 *   %INCIDENT_ERROR_INVALID
 *
 * Since: 0.1
 */
gboolean
incident_command_set_operation (IncidentCommand  *self,
                                const char       *operation,
                                GError          **error)
{
  g_return_val_if_fail (self != NULL, FALSE);
  g_return_val_if_fail (operation != NULL, FALSE);
  g_return_val_if_fail (error == NULL || *error == NULL, FALSE);

  if (!incident_operation_from_string (operation, self->operation))
    {
      incident_set_error_at (error, INCIDENT_ERROR_INVALID, "operation",
                             "“%s” is not an operation id: it must be %d hexadecimal digits",
                             operation, 2 * INCIDENT_OPERATION_LENGTH);
      return FALSE;
    }

  self->has_operation = TRUE;
  return TRUE;
}

gboolean
incident_command_has_operation (IncidentCommand *self)
{
  return self->has_operation;
}

void
incident_command_get_operation (IncidentCommand    *self,
                                IncidentOperations *operations,
                                guint8              operation[INCIDENT_OPERATION_LENGTH])
{
  if (!self->has_operation)
    {
      incident_operations_draw (operations, self->operation);
      self->has_operation = TRUE;
    }

  memcpy (operation, self->operation, INCIDENT_OPERATION_LENGTH);
}
