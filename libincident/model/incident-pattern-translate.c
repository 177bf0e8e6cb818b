/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "model/incident-pattern-private.h"

#include <string.h>

#include "base/incident-text-private.h"

/* RE2's syntax, as Go and so Prometheus have it, read character by character. What
 * is not known here is refused: PCRE would make something else of it. */

#define MOST_REPEATS 1000
#define DEEPEST      200

typedef struct
{
  const char *name;
  const char *ranges; /* what stands in “[…]” for it */
} Class;

/* In ASCII only. */
static const Class posix_classes[] = {
  { "alnum", "0-9A-Za-z" }, { "alpha", "A-Za-z" }, { "ascii", "\\x{0}-\\x{7f}" }, { "blank", "\\x{9}\\x{20}" },
  { "cntrl", "\\x{0}-\\x{1f}\\x{7f}" }, { "digit", "0-9" }, { "graph", "\\x{21}-\\x{7e}" }, { "lower", "a-z" },
  { "print", "\\x{20}-\\x{7e}" }, { "punct", "\\x{21}-\\x{2f}\\x{3a}-\\x{40}\\x{5b}-\\x{60}\\x{7b}-\\x{7e}" },
  { "space", "\\x{9}-\\x{d}\\x{20}" }, { "upper", "A-Z" }, { "word", "0-9A-Za-z_" }, { "xdigit", "0-9A-Fa-f" },
};
static const Class perl_classes[] = {
  { "d", "0-9" }, { "s", "\\x{9}\\x{a}\\x{c}\\x{d}\\x{20}" }, { "w", "0-9A-Za-z_" },
};

#define WORD           "[0-9A-Za-z_]"
#define IS_BOUNDARY    "(?-i:(?<=" WORD ")(?!" WORD ")|(?<!" WORD ")(?=" WORD "))"
#define IS_NO_BOUNDARY "(?-i:(?<=" WORD ")(?=" WORD ")|(?<!" WORD ")(?!" WORD "))"

/* Where we are in the innermost group that is open, or in the whole. */
typedef struct
{
  gboolean is_multiline; /* “^” and “$” are of lines */
  int      most;         /* so often the counts in it, multiplied, repeat something */
} Group;

typedef struct
{
  const char *at;
  GString    *out;
  GArray     *groups;       /* Group, those around it */
  Group       group;
  gboolean    can_repeat;   /* something is before that can be repeated … */
  gboolean    is_repeated;  /* … and is already */
  int         times;        /* what is in it is repeated so often */
  char       *problem;      /* the first */
} Translation;

static gboolean
fail (Translation *self,
      const char  *format,
      ...) G_GNUC_PRINTF (2, 3);

static gboolean
fail (Translation *self,
      const char  *format,
      ...)
{
  g_autoptr(GString) problem = g_string_new (NULL);
  va_list args;

  va_start (args, format);
  g_string_append_vprintf (problem, format, args);
  va_end (args);
  incident_text_make_line (problem);
  if (self->problem == NULL)
    self->problem = g_strdup (problem->str);
  return FALSE;
}

static void
append_character (GString  *out,
                  gunichar  character)
{
  if (character >= 0x80 || g_ascii_isalnum ((char) character))
    g_string_append_unichar (out, character);
  else
    g_string_append_printf (out, "\\x{%x}", character);
}

static void
put_atom (Translation *self,
          const char  *text)
{
  g_string_append (self->out, text);
  self->can_repeat = TRUE;
  self->is_repeated = FALSE;
  self->times = 1;
}

static void
put_character (Translation *self,
               gunichar     character)
{
  append_character (self->out, character);
  self->can_repeat = TRUE;
  self->is_repeated = FALSE;
  self->times = 1;
}

static gboolean
read_hex (Translation *self,
          gunichar    *character)
{
  gboolean has_braces = *self->at == '{';
  guint n = 0;

  self->at += has_braces;
  for (*character = 0; g_ascii_isxdigit (*self->at) && n < (has_braces ? 8u : 2u); n++)
    *character = *character * 16 + (gunichar) g_ascii_xdigit_value (*self->at++);
  if (n < (has_braces ? 1u : 2u) || (has_braces && *self->at++ != '}') || !g_unichar_validate (*character))
    return fail (self, "“\\x” must be followed by two hexadecimal digits, or by the number of a character as in “\\x{20ac}”");

  return TRUE;
}

/* “\101”; a single digit would mean a group. */
static gboolean
read_octal (Translation *self,
            char         first,
            gunichar    *character)
{
  *character = (gunichar) (first - '0');
  if (first != '0' && (*self->at < '0' || *self->at > '7'))
    return fail (self, "“\\%c” refers back to a group, which RE2 has not", first);

  for (guint n = 1; n < 3 && *self->at >= '0' && *self->at <= '7'; n++)
    *character = *character * 8 + (gunichar) (*self->at++ - '0');
  return TRUE;
}

/* The escapes of single characters, behind the backslash. */
static gboolean
read_escape (Translation *self,
             gunichar    *character)
{
  static const char names[] = "aftnrv";
  static const char codes[] = "\a\f\t\n\r\v";
  char byte = *self->at;
  const char *name = byte != '\0' ? strchr (names, byte) : NULL;

  if (byte == '\0')
    return fail (self, "a “\\” at the end has nothing to escape");
  if ((guchar) byte >= 0x80)
    return fail (self, "“\\” must not be before “%.*s”", (int) (g_utf8_next_char (self->at) - self->at), self->at);

  self->at++;
  *character = (gunichar) byte;
  if (name != NULL)
    *character = (gunichar) codes[name - names];
  else if (byte == 'x')
    return read_hex (self, character);
  else if (byte >= '0' && byte <= '7')
    return read_octal (self, byte, character);
  else if (g_ascii_isalnum (byte))
    return fail (self, "“\\%c” is no escape that RE2 has", byte);

  return TRUE;
}

static const Class *
find_class (const Class *classes,
            guint        n,
            const char  *name,
            gsize        length)
{
  for (guint i = 0; i < n; i++)
    if (strlen (classes[i].name) == length && memcmp (classes[i].name, name, length) == 0)
      return &classes[i];

  return NULL;
}

/* “\d”, “\W” …, at the backslash. */
static const Class *
read_perl_class (Translation *self,
                 gboolean    *negated)
{
  char name = self->at[0] == '\\' ? g_ascii_tolower (self->at[1]) : '\0';
  const Class *class = find_class (perl_classes, G_N_ELEMENTS (perl_classes), &name, 1);

  if (class == NULL)
    return NULL;

  *negated = name != self->at[1];
  self->at += 2;
  return class;
}

/* “\pL”, “\p{Greek}”, “\P{^Greek}”, behind the backslash. */
static gboolean
read_property (Translation *self,
               GString     *out)
{
  gboolean negated = *self->at++ == 'P';
  const char *end;

  if (*self->at == '{' && self->at[1] == '^')
    negated = !negated;
  if (g_ascii_isalpha (*self->at))
    {
      g_string_append_printf (out, "\\%c{%c}", negated ? 'P' : 'p', *self->at++);
      return TRUE;
    }

  end = *self->at == '{' ? strchr (self->at, '}') : NULL;
  self->at += end != NULL && self->at[1] == '^' ? 2 : 1;
  if (end == NULL || end == self->at || strspn (self->at, G_CSET_A_2_Z G_CSET_a_2_z "_") != (gsize) (end - self->at))
    return fail (self, "“\\p” must be followed by a class of characters, as in “\\pL” or “\\p{Greek}”");

  g_string_append_printf (out, "\\%c{%.*s}", negated ? 'P' : 'p', (int) (end - self->at), self->at);
  self->at = end + 1;
  return TRUE;
}

/* What stands in “[…]”: @in together, and each of @out's, “[^0-9]|[^a-z]”. */
typedef struct
{
  GString *in;
  GString *out;
} Set;

static void
set_add (Set         *set,
         const Class *class,
         gboolean     negated)
{
  if (negated)
    g_string_append_printf (set->out, "%s[^%s]", set->out->len > 0 ? "|" : "", class->ranges);
  else
    g_string_append (set->in, class->ranges);
}

/* “[:alpha:]”, “[:^digit:]”. TRUE: it was one, or is wrong. */
static gboolean
read_posix_class (Translation *self,
                  Set         *set)
{
  const char *end = self->at[0] == '[' && self->at[1] == ':' ? strstr (self->at + 2, ":]") : NULL;
  gboolean negated = end != NULL && self->at[2] == '^';
  const char *name = self->at + (negated ? 3 : 2);
  const Class *class;

  if (end == NULL)
    return FALSE;

  class = end >= name ? find_class (posix_classes, G_N_ELEMENTS (posix_classes), name, (gsize) (end - name)) : NULL;
  if (class == NULL)
    fail (self, "“%.*s” is no class of characters, such as “[:alpha:]”", (int) (end + 2 - self->at), self->at);
  else
    set_add (set, class, negated);
  self->at = end + 2;
  return TRUE;
}

static gboolean
read_set_character (Translation *self,
                    gunichar    *character)
{
  if (*self->at == '\0')
    return fail (self, "“[” has no “]”");
  if (*self->at == '\\')
    {
      self->at++;
      return read_escape (self, character);
    }

  *character = g_utf8_get_char (self->at);
  self->at = g_utf8_next_char (self->at);
  return TRUE;
}

static gboolean
read_range (Translation *self,
            Set         *set)
{
  gunichar first, last;

  if (!read_set_character (self, &first))
    return FALSE;
  last = first;
  if (self->at[0] == '-' && self->at[1] != ']')
    {
      self->at++;
      if (!read_set_character (self, &last))
        return FALSE;
    }
  if (last < first)
    return fail (self, "a range in “[…]” must not go backwards");

  append_character (set->in, first);
  if (last > first)
    {
      g_string_append_c (set->in, '-');
      append_character (set->in, last);
    }
  return TRUE;
}

static gboolean
read_set_item (Translation *self,
               Set         *set)
{
  gboolean negated;
  const Class *class = read_perl_class (self, &negated);

  if (class != NULL)
    set_add (set, class, negated);
  else if (self->at[0] == '\\' && (self->at[1] == 'p' || self->at[1] == 'P'))
    {
      self->at++;
      return read_property (self, set->in);
    }
  else if (!read_posix_class (self, set))
    return read_range (self, set);

  return self->problem == NULL;
}

/* “[…]”. Case must be folded before a class is turned round, and then only that class:
 * so each that is becomes a set of its own. */
static gboolean
read_set (Translation *self)
{
  g_autoptr(GString) in = g_string_new (NULL);
  g_autoptr(GString) out = g_string_new (NULL);
  g_autofree char *text = NULL;
  gboolean negated = self->at[1] == '^';
  Set set = { in, out };

  self->at += negated ? 2 : 1;
  do
    if (!read_set_item (self, &set))
      return FALSE;
  while (*self->at != ']');
  self->at++;

  if (out->len == 0)
    text = g_strdup_printf ("[%s%s]", negated ? "^" : "", in->str);
  else
    text = g_strdup_printf ("(?:%s%s%s%s%s%s%s)", negated ? "(?!" : "", in->len > 0 ? "[" : "", in->str,
                            in->len > 0 ? "]|" : "", out->str, negated ? ")" : "", negated ? "(?s:.)" : "");
  put_atom (self, text);
  return TRUE;
}

/* “\Q…\E” */
static void
read_quotation (Translation *self)
{
  const char *end = strstr (self->at, "\\E");

  for (; *self->at != '\0' && self->at != end; self->at = g_utf8_next_char (self->at))
    put_character (self, g_utf8_get_char (self->at));
  if (end != NULL)
    self->at += 2;
}

static gboolean
read_backslash (Translation *self)
{
  static const struct
  {
    char        name;
    const char *text;
  } places[] = { { 'A', "(?:\\A)" }, { 'z', "(?:\\z)" }, { 'b', IS_BOUNDARY }, { 'B', IS_NO_BOUNDARY } };
  gboolean negated = FALSE;
  const Class *class = read_perl_class (self, &negated);
  g_autoptr(GString) text = g_string_new (NULL);
  gunichar character;

  if (class != NULL)
    {
      g_string_append_printf (text, "[%s%s]", negated ? "^" : "", class->ranges);
      put_atom (self, text->str);
      return TRUE;
    }

  self->at++;
  for (guint i = 0; i < G_N_ELEMENTS (places); i++)
    if (*self->at == places[i].name)
      {
        self->at++;
        put_atom (self, places[i].text);
        return TRUE;
      }
  if (*self->at == 'p' || *self->at == 'P')
    {
      if (!read_property (self, text))
        return FALSE;
      put_atom (self, text->str);
      return TRUE;
    }
  if (*self->at == 'Q')
    {
      self->at++;
      read_quotation (self);
      return TRUE;
    }
  if (!read_escape (self, &character))
    return FALSE;

  put_character (self, character);
  return TRUE;
}

/* A number without zeros in front; -1: there is none. */
static int
read_number (const char **at)
{
  gsize length = strspn (*at, "0123456789");
  int number = 0;

  if (length == 0 || (length > 1 && **at == '0'))
    return -1;
  for (; length > 0; length--, (*at)++)
    number = MIN (number * 10 + (**at - '0'), MOST_REPEATS + 1);

  return number;
}

/* “{2}”, “{2,}”, “{2,3}”; NULL: the brace is a character. */
static const char *
find_end_of_count (const char *at,
                   int        *least,
                   int        *most)
{
  at++;
  *least = read_number (&at);
  *most = *least;
  if (*least >= 0 && *at == ',')
    {
      at++;
      *most = *at == '}' ? *least : read_number (&at);
    }
  return *least >= 0 && *most >= 0 && *at == '}' ? at + 1 : NULL;
}

static gboolean
read_repeat (Translation *self,
             const char  *end)
{
  const char *start = self->at;

  if (!self->can_repeat)
    return fail (self, "“%.*s” has nothing before it to repeat", (int) (end - start), start);
  if (self->is_repeated)
    return fail (self, "“%.*s” repeats a repetition: put what is before it into “(?:…)”", (int) (end - start), start);

  self->at = *end == '?' ? end + 1 : end;
  g_string_append_len (self->out, start, self->at - start);
  self->is_repeated = TRUE;
  return TRUE;
}

static gboolean
read_brace (Translation *self)
{
  int least, most;
  const char *end = find_end_of_count (self->at, &least, &most);

  if (end == NULL)
    {
      self->at++;
      put_character (self, '{');
      return TRUE;
    }
  if (least > MOST_REPEATS || most > MOST_REPEATS || most < least)
    return fail (self, "“%.*s” must count up, to at most %d", (int) (end - self->at), self->at, MOST_REPEATS);
  if (self->can_repeat && self->times * MAX (least, most) > MOST_REPEATS)
    return fail (self, "“%.*s” and the counts in what is before it must not make more than %d together",
                 (int) (end - self->at), self->at, MOST_REPEATS);

  self->group.most = MAX (self->group.most, self->times * MAX (most, 1));
  return read_repeat (self, end);
}

static gboolean
open_group (Translation *self,
            const char  *text)
{
  if (self->groups->len >= DEEPEST)
    return fail (self, "groups must not be nested more than %d deep", DEEPEST);

  g_string_append (self->out, text);
  g_array_append_val (self->groups, self->group);
  self->group.most = 1;
  self->can_repeat = FALSE;
  return TRUE;
}

static gboolean
close_group (Translation *self)
{
  Group inner = self->group;

  if (self->groups->len == 0)
    return fail (self, "“)” has no “(”");

  self->at++;
  self->group = g_array_index (self->groups, Group, self->groups->len - 1);
  self->group.most = MAX (self->group.most, inner.most);
  g_array_set_size (self->groups, self->groups->len - 1);
  put_atom (self, ")");
  self->times = inner.most;
  return TRUE;
}

/* “(?i)”, “(?m-s:”, behind the question mark. Lines are counted here, the rest by PCRE. */
static gboolean
read_flags (Translation *self)
{
  g_autoptr(GString) text = g_string_new ("(?");
  const char *start = self->at;
  gboolean multiline = self->group.is_multiline;
  gboolean is_off = FALSE;
  gsize n = strspn (start, "imsU-");
  gboolean is_scoped = start[n] == ':';

  if ((!is_scoped && start[n] != ')') || (n > 0 && start[n - 1] == '-'))
    return fail (self, "“(?%.*s” opens no group that RE2 has", (int) MIN (n + 1, strlen (start)), start);

  for (; self->at < start + n; self->at++)
    if (*self->at == 'm')
      multiline = !is_off;
    else if (*self->at == '-' && is_off)
      return fail (self, "“(?%.*s” must have one “-”", (int) n, start);
    else
      {
        is_off = is_off || *self->at == '-';
        g_string_append_c (text, *self->at);
      }

  self->at++;
  g_string_append_c (text, is_scoped ? ':' : ')');
  if (is_scoped && !open_group (self, text->str))
    return FALSE;
  if (!is_scoped)
    g_string_append (self->out, text->str);
  self->can_repeat = FALSE;
  self->group.is_multiline = multiline;
  return TRUE;
}

static gboolean
read_name (Translation *self)
{
  gsize length = strspn (self->at, G_CSET_A_2_Z G_CSET_a_2_z G_CSET_DIGITS "_");

  if (length == 0 || self->at[length] != '>')
    return fail (self, "the name of a group must be of letters, digits and “_”");

  self->at += length + 1;
  return open_group (self, "(?:");
}

static gboolean
read_group (Translation *self)
{
  static const char * const looks[] = { "=", "!", "<=", "<!" };

  self->at++;
  if (*self->at != '?')
    return open_group (self, "(?:");

  self->at++;
  for (guint i = 0; i < G_N_ELEMENTS (looks); i++)
    if (g_str_has_prefix (self->at, looks[i]))
      return fail (self, "“(?%s” looks around, which RE2 cannot", looks[i]);
  if (g_str_has_prefix (self->at, "P<") || *self->at == '<')
    {
      self->at += *self->at == 'P' ? 2 : 1;
      return read_name (self);
    }

  return read_flags (self);
}

static gboolean
read_item (Translation *self)
{
  switch (*self->at)
    {
    case '\\':
      return read_backslash (self);
    case '[':
      return read_set (self);
    case '(':
      return read_group (self);
    case ')':
      return close_group (self);
    case '{':
      return read_brace (self);
    case '*':
    case '+':
    case '?':
      return read_repeat (self, self->at + 1);
    case '|':
      g_string_append_c (self->out, *self->at++);
      self->can_repeat = FALSE;
      return TRUE;
    case '.':
      self->at++;
      put_atom (self, ".");
      return TRUE;
    case '^':
      self->at++;
      put_atom (self, self->group.is_multiline ? "(?<![^\\n])" : "(?:\\A)");
      return TRUE;
    case '$':
      self->at++;
      put_atom (self, self->group.is_multiline ? "(?![^\\n])" : "(?:\\z)");
      return TRUE;
    default:
      put_character (self, g_utf8_get_char (self->at));
      self->at = g_utf8_next_char (self->at);
      return TRUE;
    }
}

char *
incident_pattern_translate (const char  *text,
                            char       **problem)
{
  g_autoptr(GString) out = g_string_new (NULL);
  g_autoptr(GArray) groups = g_array_new (FALSE, FALSE, sizeof (Group));
  Translation self = { .at = text, .out = out, .groups = groups, .group = { FALSE, 1 } };

  while (*self.at != '\0' && read_item (&self))
    continue;
  if (self.problem == NULL && groups->len > 0)
    fail (&self, "“(” has no “)”");
  if (self.problem == NULL)
    return g_strdup (out->str);

  *problem = self.problem;
  return NULL;
}
