/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "model/incident-option-private.h"

#include "base/incident-json-writer-private.h"

/**
 * IncidentOption:
 *
 * Something that may happen next to a case, or why it may not.
 *
 * It comes from the guards that judge the command itself, so it never answers
 * differently. An option never changes and may be shared between threads.
 *
 * Since: 0.1
 */
struct _IncidentOption
{
  char  *verb;
  char  *to;
  char **codes;
  char **why;
  char **needs;
};

G_DEFINE_BOXED_TYPE (IncidentOption, incident_option, incident_option_ref, incident_option_unref)

static char **
copy_strings (GPtrArray *strings) /* nullable */
{
  guint length = strings != NULL ? strings->len : 0;
  char **copy = g_new0 (char *, length + 1);

  for (guint i = 0; i < length; i++)
    copy[i] = g_strdup (g_ptr_array_index (strings, i));

  return copy;
}

static char **
list_needs (const IncidentTransition *transition)
{
  g_autoptr(GPtrArray) needs = g_ptr_array_new ();

  for (guint i = 0; transition != NULL && i < INCIDENT_N_GUARDS; i++)
    {
      const char *argument = incident_guard_get_argument ((IncidentGuard) i);

      if (argument != NULL && (transition->guards >> i & 1) != 0)
        g_ptr_array_add (needs, (gpointer) argument);
    }
  for (guint i = 0; transition != NULL && transition->record != NULL && i < INCIDENT_N_ARGUMENTS; i++)
    if ((transition->record->needs >> i & 1) != 0
        && !g_ptr_array_find (needs, incident_argument_get_name ((IncidentArgument) i), NULL))
      g_ptr_array_add (needs, (gpointer) incident_argument_get_name ((IncidentArgument) i));

  return copy_strings (needs);
}

IncidentOption *
incident_option_new (const IncidentJudgement *judgement,
                     const char              *verb)
{
  IncidentOption *self = g_atomic_rc_box_new0 (IncidentOption);
  g_auto(IncidentRefusals) refusals = { NULL, };
  const IncidentTransition *transition = incident_judgement_judge (judgement, verb, &refusals);

  self->verb = g_strdup (verb);
  if (transition != NULL && transition->to >= 0)
    self->to = g_strdup (incident_lifecycle_phase (judgement->lifecycle, transition->to)->name);
  self->codes = copy_strings (refusals.codes);
  self->why = copy_strings (refusals.why);
  self->needs = list_needs (transition);
  return self;
}

/**
 * incident_option_ref:
 * @self: an option
 *
 * Takes a reference.
 *
 * Returns: (transfer full): @self
 *
 * Since: 0.1
 */
IncidentOption *
incident_option_ref (IncidentOption *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return g_atomic_rc_box_acquire (self);
}

static void
incident_option_clear (gpointer data)
{
  IncidentOption *self = data;

  g_free (self->verb);
  g_free (self->to);
  g_strfreev (self->codes);
  g_strfreev (self->why);
  g_strfreev (self->needs);
}

/**
 * incident_option_unref:
 * @self: (transfer full): an option
 *
 * Drops a reference.
 *
 * Since: 0.1
 */
void
incident_option_unref (IncidentOption *self)
{
  g_return_if_fail (self != NULL);

  g_atomic_rc_box_release_full (self, incident_option_clear);
}

/**
 * incident_option_get_verb:
 * @self: an option
 *
 * Tells what may be done.
 *
 * Returns: (transfer none): the verb
 *
 * Since: 0.1
 */
const char *
incident_option_get_verb (IncidentOption *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return self->verb;
}

/**
 * incident_option_get_to:
 * @self: an option
 *
 * Tells which phase it leads to.
 *
 * Returns: (transfer none) (nullable): the phase, or %NULL if the phase stays
 *
 * Since: 0.1
 */
const char *
incident_option_get_to (IncidentOption *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return self->to;
}

/**
 * incident_option_get_allowed:
 * @self: an option
 *
 * Tells whether it may happen now, given the arguments that it needs.
 *
 * Returns: %TRUE if no guard is against it
 *
 * Since: 0.1
 */
gboolean
incident_option_get_allowed (IncidentOption *self)
{
  g_return_val_if_fail (self != NULL, FALSE);

  return self->codes[0] == NULL;
}

/**
 * incident_option_get_codes:
 * @self: an option
 *
 * Names, for programs, each guard that is against it: `wrong-phase`,
 * `no-responder`, `not-permitted` …
 *
 * Returns: (transfer none): the codes, as many as [method@Option.get_why] has
 *   sentences
 *
 * Since: 0.1
 */
const char * const *
incident_option_get_codes (IncidentOption *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return (const char * const *) self->codes;
}

/**
 * incident_option_get_why:
 * @self: an option
 *
 * Says, for people, what is against it and what would satisfy it.
 *
 * Returns: (transfer none): a sentence for each guard that is against it
 *
 * Since: 0.1
 */
const char * const *
incident_option_get_why (IncidentOption *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return (const char * const *) self->why;
}

/**
 * incident_option_get_needs:
 * @self: an option
 *
 * Lists the arguments that a command must bring, such as `text`.
 *
 * Returns: (transfer none): the names of the arguments
 *
 * Since: 0.1
 */
const char * const *
incident_option_get_needs (IncidentOption *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return (const char * const *) self->needs;
}

static void
write_strings (IncidentJsonWriter  *writer,
               const char          *name,
               char               **strings)
{
  incident_json_writer_name (writer, name);
  incident_json_writer_begin_array (writer);
  for (; *strings != NULL; strings++)
    incident_json_writer_string (writer, *strings);
  incident_json_writer_end_array (writer);
}

/**
 * incident_option_to_json:
 * @self: an option
 *
 * Writes the option as JSON, as `incident next --json` does.
 *
 * Returns: (transfer full): an object with the members `verb`, `to`, `allowed`,
 *   `why`, `codes` and `needs`
 *
 * Since: 0.1
 */
char *
incident_option_to_json (IncidentOption *self)
{
  IncidentJsonWriter writer;

  g_return_val_if_fail (self != NULL, NULL);

  incident_json_writer_init (&writer, FALSE);
  incident_json_writer_begin_object (&writer);
  incident_json_writer_member (&writer, "verb", self->verb);
  incident_json_writer_member (&writer, "to", self->to);
  incident_json_writer_name (&writer, "allowed");
  incident_json_writer_boolean (&writer, incident_option_get_allowed (self));
  write_strings (&writer, "why", self->why);
  write_strings (&writer, "codes", self->codes);
  write_strings (&writer, "needs", self->needs);
  incident_json_writer_end_object (&writer);
  return incident_json_writer_finish (&writer);
}
