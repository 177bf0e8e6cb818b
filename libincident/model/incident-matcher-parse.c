/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "model/incident-matcher-private.h"

#include <string.h>

#include "base/incident-error-private.h"
#include "base/incident-text-private.h"
#include "model/incident-labels-private.h"

/* Alertmanager has two grammars of matchers, and reads a text by both: that of UTF-8,
 * and the classic one, which wins where both have something to say. */

#define LONGEST_SHOWN 80 /* characters of a text in a message */

typedef enum
{
  TOKEN_END,
  TOKEN_OPEN,
  TOKEN_CLOSE,
  TOKEN_COMMA,
  TOKEN_OPERATOR,
  TOKEN_WORD,      /* quoted or not */
} TokenKind;

typedef struct
{
  TokenKind      kind;
  IncidentMatch  match;  /* of an operator */
  const char    *start;
  const char    *end;
  char          *word;   /* owned */
} Token;

typedef struct
{
  const char *text;
  const char *at;
  Token       token;     /* the next one, not taken yet */
  GPtrArray  *matchers;
  char       *problem;   /* the first … */
  gboolean    is_value;  /* … and it is of a regular expression */
} Parser;

/* As Go has it: VT and NEL are none to GLib. */
static gboolean
is_space (gunichar character)
{
  return character == 0x0b || character == 0x85 || g_unichar_isspace (character);
}

/* May it stand without quotes in the grammar of UTF-8? */
static gboolean
is_bare (gunichar character)
{
  return !is_space (character) && (character >= 0x80 || strchr ("{}!=~,\\\"'`", (int) character) == NULL);
}

static GPtrArray *
new_list (void)
{
  return g_ptr_array_new_with_free_func ((GDestroyNotify) incident_matcher_unref);
}

/* In one line, and not for ever. */
static char *
quote (const char *text,
       gsize       length)
{
  g_autofree char *copy = g_strndup (text, length);
  g_autoptr(GString) line = g_string_new (copy);
  glong n;

  incident_text_make_line (line);
  n = g_utf8_strlen (line->str, -1);
  if (n > LONGEST_SHOWN)
    {
      g_string_truncate (line, (gsize) (g_utf8_offset_to_pointer (line->str, LONGEST_SHOWN) - line->str));
      g_string_append (line, "…");
    }
  return g_strdup_printf ("“%s”", line->str);
}

/* Columns count characters, from 0; the second is behind the last of them. */
static gboolean
fail_at (Parser     *self,
         const char *start,
         const char *end,
         const char *problem)
{
  g_autofree char *shown = quote (self->text, strlen (self->text));

  g_free (self->problem);
  self->problem = g_strdup_printf ("%s are no matchers: %ld:%ld: %s", shown, g_utf8_pointer_to_offset (self->text, start),
                                   g_utf8_pointer_to_offset (self->text, end), problem);
  return FALSE;
}

static gboolean
fail_expecting (Parser     *self,
                const char *wanted)
{
  const Token *token = &self->token;
  g_autofree char *shown = quote (token->start, (gsize) (token->end - token->start));
  g_autofree char *problem = NULL;

  if (token->kind == TOKEN_END)
    problem = g_strdup_printf ("the text ends where there must be %s", wanted);
  else
    problem = g_strdup_printf ("%s stands where there must be %s", shown, wanted);
  return fail_at (self, token->kind == TOKEN_END ? self->text : token->start, token->end, problem);
}

static gboolean
append_number (GString    *out,
               const char **at,
               guint        n,
               guint        base)
{
  guint32 number = 0;

  for (guint i = 0; i < n; i++, (*at)++)
    {
      int digit = g_ascii_xdigit_value (**at);

      if (digit < 0 || digit >= (int) base)
        return FALSE;
      number = number * base + (guint32) digit;
    }

  if (n > 3)
    g_string_append_unichar (out, number);
  else
    g_string_append_c (out, (char) number);
  return n > 3 || number <= 0xff;
}

/* The escapes of a string in Go, behind the backslash. */
static gboolean
append_escape (GString     *out,
               const char **at)
{
  static const char names[] = "abfnrtv\\\"";
  static const char codes[] = "\a\b\f\n\r\t\v\\\"";
  char byte = **at;
  const char *name = byte != '\0' ? strchr (names, byte) : NULL;

  if (byte >= '0' && byte <= '7')
    return append_number (out, at, 3, 8);
  if (byte == '\0')
    return FALSE;

  (*at)++;
  if (name != NULL)
    g_string_append_c (out, codes[name - names]);
  else if (byte == 'x')
    return append_number (out, at, 2, 16);
  else if (byte == 'u')
    return append_number (out, at, 4, 16);
  else if (byte == 'U')
    return append_number (out, at, 8, 16);
  else
    return FALSE;

  return TRUE;
}

/* From a quotation mark on; NULL: an escape is none, or what comes out is no text. */
static char *
unquote (const char *start,
         const char *end)
{
  g_autoptr(GString) out = g_string_new (NULL);
  const char *at = start + 1;

  while (at < end - 1)
    if (*at == '\n')
      return NULL;
    else if (*at != '\\')
      g_string_append_c (out, *at++);
    else
      {
        at++;
        if (!append_escape (out, &at))
          return NULL;
      }

  return g_utf8_validate (out->str, (gssize) out->len, NULL) ? g_strdup (out->str) : NULL;
}

static gboolean
scan_quoted (Parser *self)
{
  const char *at = self->token.start + 1;

  while (*at != '"' && *at != '\0')
    at += *at == '\\' && at[1] != '\0' ? 2 : 1;
  if (*at == '\0')
    return fail_at (self, self->token.start, at, "a quotation mark is not closed: there must be another “\"” behind the text");

  self->at = at + 1;
  self->token.kind = TOKEN_WORD;
  self->token.word = unquote (self->token.start, self->at);
  if (self->token.word == NULL)
    return fail_at (self, self->token.start, self->at,
                    "a quoted text must be UTF-8 in one line, with escapes such as “\\n”, “\\t”, “\\\\”, “\\\"”, "
                    "“\\x41” and “\\u20ac” alone");
  return TRUE;
}

static gboolean
scan_operator (Parser *self)
{
  static const IncidentMatch longest_first[] = {
    INCIDENT_MATCH_NOT_EQUAL, INCIDENT_MATCH_NOT_REGEX, INCIDENT_MATCH_REGEX, INCIDENT_MATCH_EQUAL,
  };

  for (guint i = 0; i < G_N_ELEMENTS (longest_first); i++)
    if (g_str_has_prefix (self->at, incident_match_to_string (longest_first[i])))
      {
        self->at += strlen (incident_match_to_string (longest_first[i]));
        self->token.kind = TOKEN_OPERATOR;
        self->token.match = longest_first[i];
        return TRUE;
      }

  return fail_at (self, self->at, self->at + 1, "there must be “!=” or “!~”, or quotation marks around a text with “!” in it");
}

static gboolean
scan_word (Parser *self)
{
  while (*self->at != '\0' && is_bare (g_utf8_get_char (self->at)))
    self->at = g_utf8_next_char (self->at);
  if (self->at == self->token.start)
    {
      g_autofree char *problem = g_strdup_printf ("a text with “%c” in it must have quotation marks around it", *self->at);

      return fail_at (self, self->at, self->at + 1, problem);
    }

  self->token.kind = TOKEN_WORD;
  self->token.word = g_strndup (self->token.start, (gsize) (self->at - self->token.start));
  return TRUE;
}

static gboolean
scan (Parser *self)
{
  static const TokenKind kinds[] = { TOKEN_OPEN, TOKEN_CLOSE, TOKEN_COMMA };
  static const char signs[] = "{},";
  const char *sign;
  gboolean scanned = TRUE;

  g_clear_pointer (&self->token.word, g_free);
  while (is_space (g_utf8_get_char (self->at)))
    self->at = g_utf8_next_char (self->at);

  self->token.start = self->at;
  sign = *self->at != '\0' ? strchr (signs, *self->at) : NULL;
  if (*self->at == '\0')
    self->token.kind = TOKEN_END;
  else if (sign != NULL)
    {
      self->token.kind = kinds[sign - signs];
      self->at++;
    }
  else if (*self->at == '"')
    scanned = scan_quoted (self);
  else if (*self->at == '=' || *self->at == '!')
    scanned = scan_operator (self);
  else
    scanned = scan_word (self);

  self->token.end = self->at;
  return scanned;
}

static gboolean
parse_matcher (Parser *self)
{
  g_autofree char *name = NULL;
  g_autofree char *problem = NULL;
  const char *start = self->token.start;
  IncidentMatcher *matcher;
  IncidentMatch match;

  if (self->token.kind != TOKEN_WORD)
    return fail_expecting (self, "the name of a label, as in team=\"payments\"");
  name = g_steal_pointer (&self->token.word);
  if (!scan (self))
    return FALSE;
  if (self->token.kind != TOKEN_OPERATOR)
    return fail_expecting (self, "“=”, “!=”, “=~” or “!~”");
  match = self->token.match;
  if (!scan (self))
    return FALSE;
  if (self->token.kind != TOKEN_WORD)
    return fail_expecting (self, "a value; one that is empty is written “\"\"”");

  matcher = incident_matcher_make (name, match, self->token.word, &problem);
  if (matcher == NULL)
    {
      self->is_value = TRUE;
      return fail_at (self, start, self->token.end, problem);
    }

  g_ptr_array_add (self->matchers, matcher);
  return scan (self);
}

static gboolean
parse_list (Parser *self)
{
  gboolean has_brace;

  if (!scan (self))
    return FALSE;
  has_brace = self->token.kind == TOKEN_OPEN;
  if (has_brace && !scan (self))
    return FALSE;

  while (self->token.kind != TOKEN_CLOSE && self->token.kind != TOKEN_END)
    {
      if (!parse_matcher (self))
        return FALSE;
      if (self->token.kind != TOKEN_COMMA && self->token.kind != TOKEN_CLOSE && self->token.kind != TOKEN_END)
        return fail_expecting (self, has_brace ? "a comma or “}”" : "a comma");
      if (self->token.kind == TOKEN_COMMA && !scan (self))
        return FALSE;
    }

  if (!has_brace && self->token.kind == TOKEN_CLOSE)
    return fail_at (self, self->text, self->token.end, "there is a “}” at the end, but no “{” at the start");
  if (has_brace && self->token.kind == TOKEN_END)
    return fail_at (self, self->text, self->token.end, "there is a “{” at the start, but no “}” at the end");
  if (has_brace && !scan (self))
    return FALSE;
  return self->token.kind == TOKEN_END || fail_expecting (self, "nothing more");
}

/* Quotation marks stand at both ends or nowhere; what is no escape stays as it is. */
static char *
unquote_classic (const char *value)
{
  g_autoptr(GString) out = g_string_new (NULL);
  gboolean is_open = *value == '"';

  for (value += is_open; *value != '\0'; value++)
    if (*value == '\\' && value[1] == 'n')
      {
        g_string_append_c (out, '\n');
        value++;
      }
    else if (*value == '\\' && (value[1] == '\\' || value[1] == '"'))
      g_string_append_c (out, *++value);
    else if (*value != '"')
      g_string_append_c (out, *value);
    else if (!is_open || value[1] != '\0')
      return NULL;
    else
      is_open = FALSE;

  return is_open ? NULL : g_strdup (out->str);
}

static gboolean
read_classic_operator (const char    **at,
                       IncidentMatch  *match)
{
  static const IncidentMatch longest_first[] = {
    INCIDENT_MATCH_REGEX, INCIDENT_MATCH_EQUAL, INCIDENT_MATCH_NOT_EQUAL, INCIDENT_MATCH_NOT_REGEX,
  };

  for (guint i = 0; i < G_N_ELEMENTS (longest_first); i++)
    if (g_str_has_prefix (*at, incident_match_to_string (longest_first[i])))
      {
        *at += strlen (incident_match_to_string (longest_first[i]));
        *match = longest_first[i];
        return TRUE;
      }

  return FALSE;
}

static IncidentMatcher *
parse_classic_matcher (const char  *text,
                       char       **problem)
{
  static const char spaces[] = "\t\n\f\r ";
  const char *at = text + strspn (text, spaces);
  gsize length = g_ascii_isdigit (*at) ? 0 : strspn (at, G_CSET_A_2_Z G_CSET_a_2_z G_CSET_DIGITS "_:");
  g_autofree char *name = g_strndup (at, length);
  g_autofree char *raw = NULL;
  g_autofree char *value = NULL;
  IncidentMatch match;

  at += length;
  at += strspn (at, spaces);
  if (length == 0 || !read_classic_operator (&at, &match))
    return NULL;

  at += strspn (at, spaces);
  for (length = strlen (at); length > 0 && strchr (spaces, at[length - 1]) != NULL; length--)
    continue;
  raw = g_strndup (at, length);
  value = unquote_classic (raw);
  return value != NULL ? incident_matcher_make (name, match, value, problem) : NULL;
}

/* Cuts at commas, but for those within quotation marks. */
static GPtrArray *
split_classic (const char *text,
               gsize       length)
{
  GPtrArray *parts = g_ptr_array_new_with_free_func (g_free);
  const char *start = text;
  const char *end = text + length;
  gboolean is_quoted = FALSE;
  gboolean is_escaped = FALSE;

  for (const char *at = text; at < end; at++)
    if (*at == ',' && !is_quoted)
      {
        g_ptr_array_add (parts, g_strndup (start, (gsize) (at - start)));
        start = at + 1;
      }
    /* A comma that is quoted leaves an escape as it was: so the classic grammar has it. */
    else if (*at != ',')
      {
        is_quoted ^= *at == '"' && !is_escaped;
        is_escaped = *at == '\\' && !is_escaped;
      }

  while (start < end && is_space (g_utf8_get_char (start)))
    start = g_utf8_next_char (start);
  while (start < end && is_space (g_utf8_get_char (g_utf8_prev_char (end))))
    end = g_utf8_prev_char (end);
  if (start < end)
    g_ptr_array_add (parts, g_strndup (start, (gsize) (end - start)));
  return parts;
}

/* By the classic grammar; it has a @problem only with a value. */
static GPtrArray *
parse_classic (const char  *text,
               char       **problem)
{
  g_autoptr(GPtrArray) matchers = new_list ();
  g_autoptr(GPtrArray) parts = NULL;
  gsize length;

  /* Each brace by itself: the classic grammar does not ask for the other. */
  text += *text == '{';
  length = strlen (text);
  length -= length > 0 && text[length - 1] == '}';
  parts = split_classic (text, length);
  for (guint i = 0; i < parts->len; i++)
    {
      IncidentMatcher *matcher = parse_classic_matcher (g_ptr_array_index (parts, i), problem);

      if (matcher == NULL)
        return NULL;
      g_ptr_array_add (matchers, matcher);
    }

  return g_steal_pointer (&matchers);
}

/* By the grammar of UTF-8. What the classic one has against the value of a matcher that
 * it could read says more than that this one could not. */
static GPtrArray *
parse_utf8 (const char  *text,
            const char  *classic_problem, /* nullable */
            char       **problem)
{
  g_autoptr(GPtrArray) matchers = new_list ();
  Parser self = { .text = text, .at = text, .matchers = matchers };
  gboolean parsed = parse_list (&self);

  g_free (self.token.word);
  if (!parsed && !self.is_value && classic_problem != NULL)
    fail_at (&self, text, text + strlen (text), classic_problem);
  *problem = self.problem;
  return parsed ? g_steal_pointer (&matchers) : NULL;
}

static gboolean
are_same (GPtrArray *a,
          GPtrArray *b)
{
  if (a->len != b->len)
    return FALSE;
  for (guint i = 0; i < a->len; i++)
    if (!incident_matcher_is_same (g_ptr_array_index (a, i), g_ptr_array_index (b, i)))
      return FALSE;

  return TRUE;
}

static char *
warn (const char *text,
      GPtrArray  *classic,
      GPtrArray  *utf8) /* nullable */
{
  g_autofree char *as_classic = incident_matchers_to_string (classic);
  g_autofree char *as_utf8 = utf8 != NULL ? incident_matchers_to_string (utf8) : NULL;
  g_autofree char *shown = quote (text, strlen (text));

  if (utf8 == NULL)
    return g_strdup_printf ("%s can be read only by the classic grammar: write it as %s, which any can read", shown, as_classic);
  return g_strdup_printf ("%s is read by the classic grammar as %s, but by that of UTF-8 as %s: "
                          "write the one that is meant, here the first is taken", shown, as_classic, as_utf8);
}

/**
 * incident_matcher_parse:
 * @text: matchers, such as `{team="payments",severity=~"critical|error"}`
 * @warning: (out) (optional) (nullable) (transfer full): return location for what may
 *   not be meant, or %NULL
 * @error: return location for an error
 *
 * Reads a list of matchers, all of which an alert is to meet.
 *
 * They are separated by commas; the list may stand in braces, and end with a comma.
 * Names and values may be in double quotes, and must be where they have white space or
 * one of ``{}!=~,\"'` `` in them; in quotes there are the escapes of Go, such as `\n`,
 * `\\`, `\"` and `\u20ac`. A text without matchers, also `{}`, gives an empty list,
 * which takes every alert.
 *
 * As Alertmanager does, it reads the text by the older, classic grammar too. What that
 * alone can read is taken as it reads it, and where the two read different matchers, the
 * classic ones are taken: @warning then says how to write what is meant, so that both
 * agree.
 *
 * Fails with %INCIDENT_ERROR_INVALID if neither can read the text, or if a value is no
 * regular expression where one is wanted. The message says where, in columns that count
 * characters from 0, and what would be right.
 *
 * Returns: (transfer container) (element-type IncidentMatcher): the matchers in their
 *   order, or %NULL with @error set
 *
 * Since: 0.1
 */
GPtrArray *
incident_matcher_parse (const char  *text,
                        char       **warning,
                        GError     **error)
{
  g_autoptr(GPtrArray) utf8 = NULL;
  g_autoptr(GPtrArray) classic = NULL;
  g_autofree char *classic_problem = NULL;
  g_autofree char *problem = NULL;

  g_return_val_if_fail (text != NULL, NULL);
  g_return_val_if_fail (error == NULL || *error == NULL, NULL);

  if (warning != NULL)
    *warning = NULL;
  if (!g_utf8_validate (text, -1, NULL))
    {
      incident_set_error_at (error, INCIDENT_ERROR_INVALID, "text", "matchers must be UTF-8");
      return NULL;
    }

  classic = parse_classic (text, &classic_problem);
  utf8 = parse_utf8 (text, classic_problem, &problem);
  if (utf8 == NULL && classic == NULL)
    {
      incident_set_error_at (error, INCIDENT_ERROR_INVALID, "text", "%s", problem);
      return NULL;
    }
  if (classic == NULL || (utf8 != NULL && are_same (utf8, classic)))
    return g_steal_pointer (&utf8);

  if (warning != NULL)
    *warning = warn (text, classic, utf8);
  return g_steal_pointer (&classic);
}
