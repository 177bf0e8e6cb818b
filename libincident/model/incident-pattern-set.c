/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "model/incident-pattern-set-private.h"

#include <string.h>

#include "base/incident-text-private.h"

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

gboolean
incident_pattern_fail (IncidentPatternInput *self,
                       const char           *format,
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

void
incident_pattern_append (GString  *out,
                         gunichar  character)
{
  if (character >= 0x80 || g_ascii_isalnum ((char) character))
    g_string_append_unichar (out, character);
  else
    g_string_append_printf (out, "\\x{%x}", character);
}

static gboolean
read_hex (IncidentPatternInput *self,
          gunichar             *character)
{
  gboolean has_braces = *self->at == '{';
  guint n = 0;

  self->at += has_braces;
  for (*character = 0; g_ascii_isxdigit (*self->at) && n < (has_braces ? 8u : 2u); n++)
    *character = *character * 16 + (gunichar) g_ascii_xdigit_value (*self->at++);
  if (n < (has_braces ? 1u : 2u) || (has_braces && *self->at++ != '}') || !g_unichar_validate (*character))
    return incident_pattern_fail (self, "“\\x” must be followed by two hexadecimal digits, or by the number of a character as in “\\x{20ac}”");

  return TRUE;
}

/* “\101”; a single digit would mean a group. */
static gboolean
read_octal (IncidentPatternInput *self,
            char                  first,
            gunichar             *character)
{
  *character = (gunichar) (first - '0');
  if (first != '0' && (*self->at < '0' || *self->at > '7'))
    return incident_pattern_fail (self, "“\\%c” refers back to a group, which RE2 has not", first);

  for (guint n = 1; n < 3 && *self->at >= '0' && *self->at <= '7'; n++)
    *character = *character * 8 + (gunichar) (*self->at++ - '0');
  return TRUE;
}

gboolean
incident_pattern_read_escape (IncidentPatternInput *self,
                              gunichar             *character)
{
  static const char names[] = "aftnrv";
  static const char codes[] = "\a\f\t\n\r\v";
  char byte = *self->at;
  const char *name = byte != '\0' ? strchr (names, byte) : NULL;

  if (byte == '\0')
    return incident_pattern_fail (self, "a “\\” at the end has nothing to escape");
  if ((guchar) byte >= 0x80)
    return incident_pattern_fail (self, "“\\” must not be before “%.*s”", (int) (g_utf8_next_char (self->at) - self->at), self->at);

  self->at++;
  *character = (gunichar) byte;
  if (name != NULL)
    *character = (gunichar) codes[name - names];
  else if (byte == 'x')
    return read_hex (self, character);
  else if (byte >= '0' && byte <= '7')
    return read_octal (self, byte, character);
  else if (g_ascii_isalnum (byte))
    return incident_pattern_fail (self, "“\\%c” is no escape that RE2 has", byte);

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

static const Class *
read_perl_class (IncidentPatternInput *self,
                 gboolean             *negated)
{
  char name = self->at[0] == '\\' ? g_ascii_tolower (self->at[1]) : '\0';
  const Class *class = find_class (perl_classes, G_N_ELEMENTS (perl_classes), &name, 1);

  if (class == NULL)
    return NULL;

  *negated = name != self->at[1];
  self->at += 2;
  return class;
}

gboolean
incident_pattern_read_perl (IncidentPatternInput *self,
                            GString              *out)
{
  gboolean negated;
  const Class *class = read_perl_class (self, &negated);

  if (class != NULL)
    g_string_append_printf (out, "[%s%s]", negated ? "^" : "", class->ranges);
  return class != NULL;
}

gboolean
incident_pattern_read_property (IncidentPatternInput *self,
                                GString              *out)
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
    return incident_pattern_fail (self, "“\\p” must be followed by a class of characters, as in “\\pL” or “\\p{Greek}”");

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
read_posix_class (IncidentPatternInput *self,
                  Set                  *set)
{
  const char *end = self->at[0] == '[' && self->at[1] == ':' ? strstr (self->at + 2, ":]") : NULL;
  gboolean negated = end != NULL && self->at[2] == '^';
  const char *name = self->at + (negated ? 3 : 2);
  const Class *class;

  if (end == NULL)
    return FALSE;

  class = end >= name ? find_class (posix_classes, G_N_ELEMENTS (posix_classes), name, (gsize) (end - name)) : NULL;
  if (class == NULL)
    incident_pattern_fail (self, "“%.*s” is no class of characters, such as “[:alpha:]”", (int) (end + 2 - self->at), self->at);
  else
    set_add (set, class, negated);
  self->at = end + 2;
  return TRUE;
}

static gboolean
read_set_character (IncidentPatternInput *self,
                    gunichar             *character)
{
  if (*self->at == '\0')
    return incident_pattern_fail (self, "“[” has no “]”");
  if (*self->at == '\\')
    {
      self->at++;
      return incident_pattern_read_escape (self, character);
    }

  *character = g_utf8_get_char (self->at);
  self->at = g_utf8_next_char (self->at);
  return TRUE;
}

static gboolean
read_range (IncidentPatternInput *self,
            Set                  *set)
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
    return incident_pattern_fail (self, "a range in “[…]” must not go backwards");

  incident_pattern_append (set->in, first);
  if (last > first)
    {
      g_string_append_c (set->in, '-');
      incident_pattern_append (set->in, last);
    }
  return TRUE;
}

static gboolean
read_set_item (IncidentPatternInput *self,
               Set                  *set)
{
  gboolean negated;
  const Class *class = read_perl_class (self, &negated);

  if (class != NULL)
    set_add (set, class, negated);
  else if (self->at[0] == '\\' && (self->at[1] == 'p' || self->at[1] == 'P'))
    {
      self->at++;
      return incident_pattern_read_property (self, set->in);
    }
  else if (!read_posix_class (self, set))
    return read_range (self, set);

  return self->problem == NULL;
}

/* “[…]”. Case must be folded before a class is turned round, and then only that class:
 * so each that is becomes a set of its own. */
gboolean
incident_pattern_read_set (IncidentPatternInput *self,
                           GString              *text)
{
  g_autoptr(GString) in = g_string_new (NULL);
  g_autoptr(GString) out = g_string_new (NULL);
  gboolean negated = self->at[1] == '^';
  Set set = { in, out };

  self->at += negated ? 2 : 1;
  do
    if (!read_set_item (self, &set))
      return FALSE;
  while (*self->at != ']');
  self->at++;

  if (out->len == 0)
    g_string_append_printf (text, "[%s%s]", negated ? "^" : "", in->str);
  else
    g_string_append_printf (text, "(?:%s%s%s%s%s%s%s)", negated ? "(?!" : "", in->len > 0 ? "[" : "", in->str,
                            in->len > 0 ? "]|" : "", out->str, negated ? ")" : "", negated ? "(?s:.)" : "");
  return TRUE;
}
