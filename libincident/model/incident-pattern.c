/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "model/incident-pattern-private.h"

#include <string.h>

/* Past this many steps an expression has run away: the value could hold up all that
 * come after it for seconds. */
#define HEAD "(*LIMIT_MATCH=10000)\\A(?:"
#define TAIL ")\\z"
/* PCRE2 10.42 takes “\PL” and “\PN” for classes that have nothing in common, and so does
 * not step back from the one to find the other. */
#define STEP_BACK "(*NO_AUTO_POSSESS)"

typedef enum
{
  ANYTHING,   /* “.*” */
  SOMETHING,  /* “.+” */
  LITERALS,   /* “a|b|c” */
  PREFIX,     /* “a.*” */
  EXPRESSION,
} Kind;

typedef struct
{
  char  *text;
  gsize  length;
} Literal;

struct _IncidentPattern
{
  Kind    kind;
  GArray *literals; /* Literal */
  GRegex *regex;    /* of an EXPRESSION */
};

static void
literal_clear (gpointer data)
{
  g_free (((Literal *) data)->text);
}

static void
add_literal (GArray  *literals,
             GString *text)
{
  Literal literal = { g_strdup (text->str), text->len };

  g_array_append_val (literals, literal);
  g_string_truncate (text, 0);
}

/* Cuts what is only words between bars into its words; what comes after the last of
 * them is in @rest. A byte that means something, or may, ends it. */
static GArray *
split_literals (const char  *text,
                const char **rest)
{
  GArray *literals = g_array_new (FALSE, FALSE, sizeof (Literal));
  g_autoptr(GString) word = g_string_new (NULL);

  g_array_set_clear_func (literals, literal_clear);
  for (; *text != '\0' && strchr (".^$*+?()[]{}", *text) == NULL; text++)
    if (*text == '|')
      add_literal (literals, word);
    else if (*text != '\\')
      g_string_append_c (word, *text);
    else if (g_ascii_ispunct (text[1]))
      g_string_append_c (word, *++text);
    else
      break;

  add_literal (literals, word);
  *rest = text;
  return literals;
}

/* Most expressions in use are of a kind that can be answered without one. */
static gboolean
read_plain (IncidentPattern *self,
            const char      *text)
{
  gboolean is_grouped = g_str_has_prefix (text, "(?:") || (*text == '(' && text[1] != '?');
  const char *inner = !is_grouped ? text : text[1] == '?' ? text + 3 : text + 1;
  const char *rest;

  if (g_str_equal (text, ".*") || g_str_equal (text, ".+"))
    {
      self->kind = text[1] == '*' ? ANYTHING : SOMETHING;
      return TRUE;
    }

  self->literals = split_literals (inner, &rest);
  if (g_str_equal (rest, is_grouped ? ")" : ""))
    self->kind = LITERALS;
  else if (!is_grouped && self->literals->len == 1 && g_str_equal (rest, ".*"))
    self->kind = PREFIX;
  else
    return FALSE;

  return TRUE;
}

IncidentPattern *
incident_pattern_new (const char  *text,
                      char       **problem)
{
  g_autoptr(IncidentPattern) self = g_new0 (IncidentPattern, 1);
  g_autofree char *translated = NULL;
  g_autofree char *whole = NULL;
  g_autoptr(GError) error = NULL;

  if (read_plain (self, text))
    return g_steal_pointer (&self);

  self->kind = EXPRESSION;
  translated = incident_pattern_translate (text, problem);
  if (translated == NULL)
    return NULL;

  whole = g_strconcat (strstr (translated, "\\P{") != NULL ? STEP_BACK : "", HEAD, translated, TAIL, NULL);
  self->regex = g_regex_new (whole, G_REGEX_NEWLINE_LF, 0, &error);
  if (self->regex != NULL)
    return g_steal_pointer (&self);

  /* What GLib says counts places in the translation, and shows it. */
  *problem = g_strdup (g_error_matches (error, G_REGEX_ERROR, G_REGEX_ERROR_UNKNOWN_PROPERTY)
                         ? "it names a class of characters with “\\p” that Unicode does not have"
                         : "it is too large");
  return NULL;
}

void
incident_pattern_free (IncidentPattern *self)
{
  g_clear_pointer (&self->literals, g_array_unref);
  g_clear_pointer (&self->regex, g_regex_unref);
  g_free (self);
}

gboolean
incident_pattern_is_plain (const IncidentPattern *self)
{
  return self->kind != EXPRESSION;
}

static gboolean
is_among (const GArray *literals,
          const char   *value)
{
  gsize length = strlen (value);

  for (guint i = 0; i < literals->len; i++)
    {
      const Literal *literal = &g_array_index (literals, Literal, i);

      if (literal->length == length && memcmp (literal->text, value, length) == 0)
        return TRUE;
    }

  return FALSE;
}

static gboolean
run_expression (const IncidentPattern  *self,
                const char             *value,
                char                  **problem)
{
  g_autoptr(GError) error = NULL;
  gboolean takes = g_regex_match_full (self->regex, value, -1, 0, 0, NULL, &error);

  if (error == NULL)
    return takes;

  if (problem != NULL)
    *problem = g_strdup (g_utf8_validate (value, -1, NULL) ? "it takes too many steps" : "the value is not UTF-8");
  return FALSE;
}

/* A dot takes all but a line feed. */
gboolean
incident_pattern_takes (const IncidentPattern  *self,
                        const char             *value,
                        char                  **problem)
{
  const Literal *prefix;

  switch (self->kind)
    {
    case ANYTHING:
      return strchr (value, '\n') == NULL;
    case SOMETHING:
      return *value != '\0' && strchr (value, '\n') == NULL;
    case LITERALS:
      return is_among (self->literals, value);
    case PREFIX:
      prefix = &g_array_index (self->literals, Literal, 0);
      return strncmp (value, prefix->text, prefix->length) == 0 && strchr (value + prefix->length, '\n') == NULL;
    case EXPRESSION:
    default:
      return run_expression (self, value, problem);
    }
}
