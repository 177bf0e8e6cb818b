/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "model/incident-matcher-private.h"

#include <string.h>

#include "base/incident-error-private.h"
#include "base/incident-text-private.h"

/**
 * IncidentMatcher:
 *
 * A condition on one label of an alert, such as `team="payments"`.
 *
 * It has the name of a label, one of the operators `=`, `!=`, `=~` and `!~`, and a
 * value; it is written and means the same as in Prometheus Alertmanager. A label
 * that an alert does not have counts as empty: `team!="payments"` takes an alert
 * without a team.
 *
 * The value of `=~` and `!~` is a regular expression in the syntax of RE2, which must
 * take the label's value from its first character to its last. A dot takes any
 * character but a line feed, and `\d`, `\w`, `\s`, `\b` and classes such as
 * `[[:alpha:]]` are those of ASCII. What RE2 does not have is refused when the
 * matcher is made: looking around, references back, possessive repetition.
 *
 * A matcher never changes, and may be shared between threads.
 *
 * Since: 0.1
 */

G_DEFINE_BOXED_TYPE (IncidentMatcher, incident_matcher, incident_matcher_ref, incident_matcher_unref)

static const char * const operators[] = {
  [INCIDENT_MATCH_EQUAL] = "=",
  [INCIDENT_MATCH_NOT_EQUAL] = "!=",
  [INCIDENT_MATCH_REGEX] = "=~",
  [INCIDENT_MATCH_NOT_REGEX] = "!~",
};

const char *
incident_match_to_string (IncidentMatch match)
{
  return operators[match];
}

/* Both grammars read these names without quotes. */
static gboolean
is_classic_name (const char *name)
{
  return (g_ascii_isalpha (*name) || *name == '_' || *name == ':')
         && strspn (name, G_CSET_A_2_Z G_CSET_a_2_z G_CSET_DIGITS "_:") == strlen (name);
}

IncidentMatcher *
incident_matcher_make (const char     *name,
                       IncidentMatch   match,
                       const char     *value,
                       char          **problem)
{
  gboolean is_regex = match == INCIDENT_MATCH_REGEX || match == INCIDENT_MATCH_NOT_REGEX;
  g_autoptr(IncidentPattern) pattern = NULL;
  g_autofree char *why = NULL;
  IncidentMatcher *self;

  if (*name == '\0')
    {
      *problem = g_strdup ("the name of a label must not be empty");
      return NULL;
    }
  if (is_regex)
    pattern = incident_pattern_new (value, &why);
  if (is_regex && pattern == NULL)
    {
      *problem = g_strdup_printf ("the regular expression is not one of RE2: %s", why);
      return NULL;
    }

  self = g_atomic_rc_box_new0 (IncidentMatcher);
  self->match = match;
  self->name = g_strdup (name);
  self->value = g_strdup (value);
  self->value_length = strlen (value);
  self->pattern = g_steal_pointer (&pattern);
  return self;
}

static gboolean
ask_pattern (const IncidentMatcher  *self,
             const char             *value,
             char                  **problem)
{
  g_autofree char *why = NULL;
  gboolean takes = incident_pattern_takes (self->pattern, value, &why);

  if (why == NULL)
    return takes == (self->match == INCIDENT_MATCH_REGEX);
  if (problem != NULL)
    {
      g_autofree char *matcher = incident_matcher_to_string ((IncidentMatcher *) self);
      g_autoptr(GString) line = g_string_new (matcher);

      incident_text_make_line (line);
      *problem = g_strdup_printf ("%s cannot be asked of a value of %" G_GSIZE_FORMAT " bytes: %s", line->str, strlen (value), why);
    }
  return FALSE;
}

gboolean
incident_matcher_holds (const IncidentMatcher  *self,
                        const char             *value,
                        char                  **problem)
{
  switch (self->match)
    {
    case INCIDENT_MATCH_EQUAL:
      return strcmp (self->value, value) == 0;
    case INCIDENT_MATCH_NOT_EQUAL:
      return strcmp (self->value, value) != 0;
    case INCIDENT_MATCH_REGEX:
    case INCIDENT_MATCH_NOT_REGEX:
    default:
      return ask_pattern (self, value, problem);
    }
}

gboolean
incident_matcher_is_same (const IncidentMatcher *a,
                          const IncidentMatcher *b)
{
  return a->match == b->match && strcmp (a->name, b->name) == 0 && strcmp (a->value, b->value) == 0;
}

/* Only the escapes that both grammars have. */
static void
append_quoted (GString    *out,
               const char *text)
{
  g_string_append_c (out, '"');
  for (; *text != '\0'; text++)
    if (*text == '\n')
      g_string_append (out, "\\n");
    else if (*text == '"' || *text == '\\')
      g_string_append_printf (out, "\\%c", *text);
    else
      g_string_append_c (out, *text);
  g_string_append_c (out, '"');
}

void
incident_matcher_append (const IncidentMatcher *self,
                         GString               *out)
{
  if (is_classic_name (self->name))
    g_string_append (out, self->name);
  else
    append_quoted (out, self->name);
  g_string_append (out, operators[self->match]);
  append_quoted (out, self->value);
}

/**
 * incident_matcher_new:
 * @name: the name of a label
 * @op: `=`, `!=`, `=~` or `!~`
 * @value: what the label's value is compared with
 * @error: return location for an error
 *
 * Makes a matcher from its parts.
 *
 * Fails with %INCIDENT_ERROR_INVALID if @name is empty, @op is another word, one of
 * the texts is not UTF-8, or @value ought to be a regular expression and is none that
 * RE2 takes. The error has the name of the parameter as its place.
 *
 * Returns: (transfer full): the matcher, or %NULL with @error set
 *
 * Since: 0.1
 */
IncidentMatcher *
incident_matcher_new (const char  *name,
                      const char  *op,
                      const char  *value,
                      GError     **error)
{
  g_autofree char *problem = NULL;
  IncidentMatcher *self;
  guint match = 0;

  g_return_val_if_fail (name != NULL, NULL);
  g_return_val_if_fail (op != NULL, NULL);
  g_return_val_if_fail (value != NULL, NULL);
  g_return_val_if_fail (error == NULL || *error == NULL, NULL);

  while (match < G_N_ELEMENTS (operators) && strcmp (operators[match], op) != 0)
    match++;
  if (match == G_N_ELEMENTS (operators))
    {
      incident_set_error_at (error, INCIDENT_ERROR_INVALID, "op",
                             "the operator must be one of “=”, “!=”, “=~” and “!~”");
      return NULL;
    }
  if (!g_utf8_validate (name, -1, NULL) || !g_utf8_validate (value, -1, NULL))
    {
      incident_set_error_at (error, INCIDENT_ERROR_INVALID, g_utf8_validate (name, -1, NULL) ? "value" : "name",
                             "the name and the value must be UTF-8");
      return NULL;
    }

  self = incident_matcher_make (name, (IncidentMatch) match, value, &problem);
  if (self == NULL)
    incident_set_error_at (error, INCIDENT_ERROR_INVALID, *name == '\0' ? "name" : "value", "%s", problem);
  return self;
}

/**
 * incident_matcher_ref:
 * @self: a matcher
 *
 * Takes a reference.
 *
 * Returns: (transfer full): @self
 *
 * Since: 0.1
 */
IncidentMatcher *
incident_matcher_ref (IncidentMatcher *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return g_atomic_rc_box_acquire (self);
}

static void
incident_matcher_clear (gpointer data)
{
  IncidentMatcher *self = data;

  g_free (self->name);
  g_free (self->value);
  g_clear_pointer (&self->pattern, incident_pattern_free);
}

/**
 * incident_matcher_unref:
 * @self: (transfer full): a matcher
 *
 * Drops a reference.
 *
 * Since: 0.1
 */
void
incident_matcher_unref (IncidentMatcher *self)
{
  g_return_if_fail (self != NULL);

  g_atomic_rc_box_release_full (self, incident_matcher_clear);
}

/**
 * incident_matcher_get_name:
 * @self: a matcher
 *
 * Tells which label it is about.
 *
 * Returns: (transfer none): the name of the label
 *
 * Since: 0.1
 */
const char *
incident_matcher_get_name (IncidentMatcher *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return self->name;
}

/**
 * incident_matcher_get_operator:
 * @self: a matcher
 *
 * Tells how it compares.
 *
 * Returns: (transfer none): `=`, `!=`, `=~` or `!~`
 *
 * Since: 0.1
 */
const char *
incident_matcher_get_operator (IncidentMatcher *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return operators[self->match];
}

/**
 * incident_matcher_get_value:
 * @self: a matcher
 *
 * Tells what the label's value is compared with, without quotes and escapes.
 *
 * Returns: (transfer none): a text, or the regular expression of `=~` and `!~`
 *
 * Since: 0.1
 */
const char *
incident_matcher_get_value (IncidentMatcher *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return self->value;
}

/**
 * incident_matcher_matches:
 * @self: a matcher
 * @value: the value of the label; empty if the alert does not have it
 * @error: return location for an error
 *
 * Asks whether it holds for a value.
 *
 * Fails with %INCIDENT_ERROR_INVALID, for `=~` and `!~` alone, if @value is not UTF-8,
 * or if the expression has not come to an end on it after 10 000 steps: one such as
 * `(a+)+b` would otherwise run for longer than anybody waits.
 *
 * Returns: whether it holds; %FALSE also with @error set
 *
 * Since: 0.1
 */
gboolean
incident_matcher_matches (IncidentMatcher  *self,
                          const char       *value,
                          GError          **error)
{
  g_autofree char *problem = NULL;
  gboolean holds;

  g_return_val_if_fail (self != NULL, FALSE);
  g_return_val_if_fail (value != NULL, FALSE);
  g_return_val_if_fail (error == NULL || *error == NULL, FALSE);

  holds = incident_matcher_holds (self, value, &problem);
  if (problem != NULL)
    incident_set_error_at (error, INCIDENT_ERROR_INVALID, "value", "%s", problem);
  return holds;
}

/**
 * incident_matcher_to_string:
 * @self: a matcher
 *
 * Writes the matcher, such as `team="payments"`.
 *
 * [func@Matcher.parse] reads the same matcher from it, and so does any version of
 * Alertmanager that can read its name.
 *
 * Returns: (transfer full): the text
 *
 * Since: 0.1
 */
char *
incident_matcher_to_string (IncidentMatcher *self)
{
  GString *out;

  g_return_val_if_fail (self != NULL, NULL);

  out = g_string_new (NULL);
  incident_matcher_append (self, out);
  return g_string_free (out, FALSE);
}
