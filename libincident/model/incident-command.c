/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "model/incident-command-private.h"

#include <libincident/incident-case.h>
#include <libincident/incident-time.h>

#include <string.h>

#include "base/incident-error-private.h"
#include "base/incident-shape-private.h"
#include "base/incident-text-private.h"
#include "model/incident-operation-private.h"

/**
 * IncidentCommand:
 *
 * Something a person or a program wants to do to a case: a verb, who does it,
 * and the arguments of the verb.
 *
 * The verbs are those of the [struct@Lifecycle], and those of the record, which
 * every lifecycle has, such as `assign`, `add-task` or `redact`. The arguments are
 * strings, by name:
 *
 * | argument | is |
 * |---|---|
 * | `text` | the words: finding, reason, solution, evidence, note (all verbs) |
 * | `title` | what is wrong, or to be done, in one line (`open`, `add-task`) |
 * | `target` | whom to ask for help: person, team or policy (`escalate`) |
 * | `escalation` | `functional` for more skill (the default) or `hierarchical` for more authority (`escalate`) |
 * | `role`, `person` | who shall be what (`assign`, `release`, `handoff`; the role alone: `accept`, `decline`), or who does a task: one of the two (`add-task`, `hand-task`) |
 * | `severity` | `sev1` … `sev5` (`open`, `classify`) |
 * | `impact`, `urgency` | `high`, `medium` or `low` (`open`, `classify`) |
 * | `service`, `category` | what is hit, and what sort of incident it is (`open`, `classify`, `affect`) |
 * | `major` | `yes`: it is to be handled as a major incident (`classify`) |
 * | `priority` | `p1` … `p5`, set by hand (`prioritise`) |
 * | `task` | the number of a task (`start-task`, `finish-task`, `skip-task`, `reopen-task`, `hand-task`) |
 * | `after` | the numbers of the tasks that come first, such as `1,2` (`add-task`) |
 * | `due` | until when: RFC 3339, or a time such as `30m`, `4h` or `2d` from when it is recorded (`add-task`, `handoff`, `update`, `approve`) |
 * | `must-do` | `yes`: the case does not close before it is done (`add-task`) |
 * | `kind` | what sort of link: `duplicate`, `caused-by`, `related`, `child`, `follows` (`link`, `unlink`); or of follow-up action: `prevent`, `detect`, `mitigate`, `learn` (`add-task`) |
 * | `checklist` | the name of a checklist (`add-checklist`) |
 * | `audience` | whom it is for: an audience of the playbook, and where that has none `internal` or `customer` (`update`, `message`) |
 * | `objections` | the objections that were raised (`decide`) |
 * | `hypothesis`, `state` | the number of a hypothesis, and `open`, `supported`, `refuted` or `cause` (`judge`) |
 * | `field` | which part of the record, such as `workaround` (`record`) |
 * | `measure`, `amount`, `unit`, `certainty` | what was lost, how much, and whether it is `estimated` or `measured` (`measure`) |
 * | `case` | the id of another case, such as `INC-7` (`link`, `unlink`, `merge`) |
 * | `event` | the number of an event of the case, [method@Event.get_seq] (`correct`, `redact`); or of a proposed update (`approve`) |
 * | `reminder` | the kind of reminder that is to be silent, [method@Reminder.get_kind] (`dismiss`) |
 * | `clock` | which reporting clock is met (`file-report`) |
 * | `message` | the id of a message in a chat, such as `slack/C1/1712345678.000100` (`say`, `edit-said`, `delete-said`, `pin`) |
 * | `thread` | the id of the message that it answers (`say`, `edit-said`) |
 * | `author` | who said it, where that is no person of the playbook (`say`, `edit-said`, `pin`) |
 * | `permalink` | the web address of the message (`say`, `edit-said`, `pin`) |
 *
 * A command may be built in one thread and used in another, but not by two at
 * once. Once given to a case it should not be changed; given again, it is the
 * same operation and recorded once.
 *
 * Since: 0.1
 */

typedef enum
{
  WORDS,   /* prose, for the payload */
  NAME,    /* one line that may be blank, for the guards to say so */
  CLASS,   /* one line that says something */
  NUMBER,  /* from 1 */
  NUMBERS, /* “1,2” */
  AMOUNT,  /* a decimal number */
  MOMENT,  /* RFC 3339, or a duration from now */
  CASE_ID,
  LINK,    /* a web address, for the payload */
  CHOICE,  /* one of some words */
} ArgumentKind;

static const char * const yes[] = { "yes", NULL };
static const char * const states[] = { "open", "supported", "refuted", "cause", NULL };
static const char * const certainties[] = { "estimated", "measured", NULL };
static const char * const priorities[] = { "p1", "p2", "p3", "p4", "p5", NULL };

static const struct
{
  const char         *name;
  ArgumentKind        kind;
  const char * const *choices;
} argument_table[INCIDENT_N_ARGUMENTS] = {
  [INCIDENT_ARGUMENT_TITLE] = { "title", WORDS, NULL },
  [INCIDENT_ARGUMENT_TEXT] = { "text", WORDS, NULL },
  [INCIDENT_ARGUMENT_TARGET] = { "target", NAME, NULL },
  [INCIDENT_ARGUMENT_ESCALATION] = { "escalation", NAME, NULL },
  [INCIDENT_ARGUMENT_ROLE] = { "role", NAME, NULL },
  [INCIDENT_ARGUMENT_PERSON] = { "person", NAME, NULL },
  [INCIDENT_ARGUMENT_SEVERITY] = { "severity", CLASS, NULL },
  [INCIDENT_ARGUMENT_IMPACT] = { "impact", CLASS, NULL },
  [INCIDENT_ARGUMENT_URGENCY] = { "urgency", CLASS, NULL },
  [INCIDENT_ARGUMENT_SERVICE] = { "service", CLASS, NULL },
  [INCIDENT_ARGUMENT_CATEGORY] = { "category", CLASS, NULL },
  [INCIDENT_ARGUMENT_MAJOR] = { "major", CHOICE, yes },
  [INCIDENT_ARGUMENT_PRIORITY] = { "priority", CHOICE, priorities },
  [INCIDENT_ARGUMENT_TASK] = { "task", NUMBER, NULL },
  [INCIDENT_ARGUMENT_AFTER] = { "after", NUMBERS, NULL },
  [INCIDENT_ARGUMENT_DUE] = { "due", MOMENT, NULL },
  [INCIDENT_ARGUMENT_MUST_DO] = { "must-do", CHOICE, yes },
  [INCIDENT_ARGUMENT_KIND] = { "kind", CLASS, NULL },
  [INCIDENT_ARGUMENT_CHECKLIST] = { "checklist", CLASS, NULL },
  [INCIDENT_ARGUMENT_AUDIENCE] = { "audience", CLASS, NULL },
  [INCIDENT_ARGUMENT_OBJECTIONS] = { "objections", WORDS, NULL },
  [INCIDENT_ARGUMENT_HYPOTHESIS] = { "hypothesis", NUMBER, NULL },
  [INCIDENT_ARGUMENT_STATE] = { "state", CHOICE, states },
  [INCIDENT_ARGUMENT_FIELD] = { "field", CLASS, NULL },
  [INCIDENT_ARGUMENT_MEASURE] = { "measure", CLASS, NULL },
  [INCIDENT_ARGUMENT_AMOUNT] = { "amount", AMOUNT, NULL },
  [INCIDENT_ARGUMENT_UNIT] = { "unit", CLASS, NULL },
  [INCIDENT_ARGUMENT_CERTAINTY] = { "certainty", CHOICE, certainties },
  [INCIDENT_ARGUMENT_CASE] = { "case", CASE_ID, NULL },
  [INCIDENT_ARGUMENT_EVENT] = { "event", NUMBER, NULL },
  [INCIDENT_ARGUMENT_REMINDER] = { "reminder", CLASS, NULL },
  [INCIDENT_ARGUMENT_CLOCK] = { "clock", CLASS, NULL },
  [INCIDENT_ARGUMENT_MESSAGE] = { "message", CLASS, NULL },
  [INCIDENT_ARGUMENT_THREAD] = { "thread", CLASS, NULL },
  [INCIDENT_ARGUMENT_AUTHOR] = { "author", CLASS, NULL },
  [INCIDENT_ARGUMENT_PERMALINK] = { "permalink", LINK, NULL },
};

#define N_RARE_ARGUMENTS (INCIDENT_N_ARGUMENTS - INCIDENT_N_COMMON_ARGUMENTS)

struct _IncidentCommand
{
  char     *verb;
  char     *actor;
  char     *arguments[INCIDENT_N_COMMON_ARGUMENTS];
  char    **rare;           /* the others; NULL while there are none */
  char     *provider;
  guint8    verified;
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
 * incident_command_new_for: (constructor)
 * @verb: what to do, such as `resolve`
 * @actor: who does it, and how that is known
 *
 * Begins a command of somebody whose identity was checked, say by the signature
 * of a chat platform.
 *
 * Returns: (transfer full): a new command
 *
 * Since: 0.1
 */
IncidentCommand *
incident_command_new_for (const char    *verb,
                          IncidentActor *actor)
{
  IncidentCommand *self;

  g_return_val_if_fail (verb != NULL, NULL);
  g_return_val_if_fail (actor != NULL, NULL);

  self = incident_command_new (verb, incident_actor_get_id (actor));
  self->verified = (guint8) incident_actor_get_verification (actor);
  self->provider = g_strdup (incident_actor_get_provider (actor));
  return self;
}

guint8
incident_command_get_verified (IncidentCommand *self)
{
  return self->verified;
}

const char *
incident_command_get_provider (IncidentCommand *self)
{
  return self->provider;
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
  for (guint i = 0; i < INCIDENT_N_COMMON_ARGUMENTS; i++)
    g_free (self->arguments[i]);
  for (guint i = 0; self->rare != NULL && i < N_RARE_ARGUMENTS; i++)
    g_free (self->rare[i]);
  g_free (self->rare);
  g_free (self->provider);
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
    if (g_str_equal (argument_table[i].name, name))
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
  const char *argument = argument_table[index].name;
  const int most = argument_table[index].kind == LINK ? INCIDENT_MAX_LINK_LENGTH : INCIDENT_MAX_FACT_LENGTH;

  if (!incident_fact_is_value (value))
    {
      incident_set_error_at (error, INCIDENT_ERROR_INVALID, argument,
                             "“%s” must be one line of UTF-8 without control characters", argument);
      return FALSE;
    }
  if (argument_table[index].kind != NAME && incident_text_is_blank (value))
    {
      incident_set_error_at (error, INCIDENT_ERROR_INVALID, argument,
                             "“%s” is blank: say which, or leave it out", argument);
      return FALSE;
    }
  if (strlen (value) > (gsize) most)
    {
      incident_set_error_at (error, INCIDENT_ERROR_INVALID, argument,
                             "“%s” is too long: %" G_GSIZE_FORMAT " bytes, and at most %d are kept",
                             argument, strlen (value), most);
      return FALSE;
    }

  return TRUE;
}

static gboolean
is_number (const char *text)
{
  guint64 number;

  return g_ascii_string_to_unsigned (text, 10, 1, G_MAXUINT32 - 1, &number, NULL);
}

static gboolean
are_numbers (const char *text)
{
  g_auto(GStrv) numbers = g_strsplit (text, ",", -1);

  for (guint i = 0; numbers[i] != NULL; i++)
    if (!is_number (numbers[i]))
      return FALSE;
  return numbers[0] != NULL;
}

static gboolean
is_amount (const char *text)
{
  const char *digits = *text == '-' ? text + 1 : text;
  gsize whole = strspn (digits, "0123456789");
  gsize part = digits[whole] == '.' ? strspn (digits + whole + 1, "0123456789") : 0;

  return whole >= 1 && whole <= 18 && part <= 18
         && digits[whole + (part > 0 ? part + 1 : 0)] == '\0';
}

static gboolean
is_moment (const char *text)
{
  gint64 time;

  return incident_shape_is_duration (text) || incident_time_from_string (text, &time, NULL);
}

static gboolean
is_case_id (const char *text)
{
  guint64 number;

  return incident_case_number_from_string (text, &number, NULL);
}

/* Readers click on it. */
static gboolean
is_link (const char *text)
{
  return (g_str_has_prefix (text, "https://") || g_str_has_prefix (text, "http://"))
         && strpbrk (text, " \"<>\\^`{|}") == NULL && g_uri_is_valid (text, G_URI_FLAGS_NONE, NULL);
}

static void
set_argument (IncidentCommand *self,
              int              index,
              const char      *value)
{
  char **slot;

  if (index >= INCIDENT_N_COMMON_ARGUMENTS && self->rare == NULL)
    self->rare = g_new0 (char *, N_RARE_ARGUMENTS);

  slot = index < INCIDENT_N_COMMON_ARGUMENTS ? &self->arguments[index] : &self->rare[index - INCIDENT_N_COMMON_ARGUMENTS];
  g_free (*slot);
  *slot = g_strdup (value);
}

/* What has a form of its own. */
static gboolean
check_value (int          index,
             const char  *value,
             GError     **error)
{
  g_autofree char *choices = NULL;
  const char *wanted = NULL;

  switch ((int) argument_table[index].kind)
    {
    case NUMBER:
      wanted = is_number (value) ? NULL : "a number from 1, such as “3”";
      break;
    case NUMBERS:
      wanted = are_numbers (value) ? NULL : "numbers from 1, such as “1,2”";
      break;
    case AMOUNT:
      wanted = is_amount (value) ? NULL : "a decimal number, such as “1200” or “0.5”";
      break;
    case MOMENT:
      wanted = is_moment (value) ? NULL : "a time such as “2026-12-24T18:00:00Z”, or one from now such as “30s”, “5m”, “4h” or “2d”";
      break;
    case CASE_ID:
      wanted = is_case_id (value) ? NULL : "the id of a case, such as “INC-7”";
      break;
    case LINK:
      wanted = is_link (value) ? NULL : "a web address, such as “https://chat.example.org/archives/C1/p1712345678000100”";
      break;
    case CHOICE:
      choices = g_strv_contains (argument_table[index].choices, value)
                ? NULL : g_strjoinv (", ", (char **) argument_table[index].choices);
      wanted = choices;
      break;
    default:
      break;
    }
  if (wanted == NULL)
    return TRUE;

  incident_set_error_at (error, INCIDENT_ERROR_INVALID, argument_table[index].name, "“%s”: “%s” is not %s%s",
                         argument_table[index].name, value, choices != NULL ? "one of " : "", wanted);
  return FALSE;
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
      g_autoptr(GString) known = g_string_new (NULL);

      for (guint i = 0; i < INCIDENT_N_ARGUMENTS; i++)
        g_string_append_printf (known, "%s%s", i > 0 ? ", " : "", argument_table[i].name);
      incident_set_error_at (error, INCIDENT_ERROR_INVALID, argument,
                             "There is no argument “%s”: there are %s", argument, known->str);
      return FALSE;
    }
  if (value != NULL
      && !(argument_table[index].kind == WORDS
           ? check_words (argument, value, error)
           : check_fact (index, value, error) && check_value (index, value, error)))
    return FALSE;

  set_argument (self, index, value);
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
  return argument_table[argument].name;
}

const char *
incident_command_peek (IncidentCommand  *self,
                       IncidentArgument  argument)
{
  const char *value = NULL;

  if (argument < INCIDENT_N_COMMON_ARGUMENTS)
    value = self->arguments[argument];
  else if (self->rare != NULL)
    value = self->rare[argument - INCIDENT_N_COMMON_ARGUMENTS];

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
