/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "model/incident-pattern-private.h"

#include <string.h>

#include "model/incident-pattern-set-private.h"

/* RE2's syntax, as Go and so Prometheus have it, read character by character. What
 * is not known here is refused: PCRE would make something else of it. */

#define MOST_REPEATS 1000
#define DEEPEST      200

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
  IncidentPatternInput  in;
  GString              *out;
  GArray               *groups;      /* Group, those around it */
  Group                 group;
  gboolean              can_repeat;  /* something is before that can be repeated … */
  gboolean              is_repeated; /* … and is already */
  int                   times;       /* what is in it is repeated so often */
} Translation;

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
  incident_pattern_append (self->out, character);
  self->can_repeat = TRUE;
  self->is_repeated = FALSE;
  self->times = 1;
}

static gboolean
read_set (Translation *self)
{
  g_autoptr(GString) text = g_string_new (NULL);

  if (!incident_pattern_read_set (&self->in, text))
    return FALSE;

  put_atom (self, text->str);
  return TRUE;
}

/* “\Q…\E” */
static void
read_quotation (Translation *self)
{
  const char *end = strstr (self->in.at, "\\E");

  for (; *self->in.at != '\0' && self->in.at != end; self->in.at = g_utf8_next_char (self->in.at))
    put_character (self, g_utf8_get_char (self->in.at));
  if (end != NULL)
    self->in.at += 2;
}

static gboolean
read_backslash (Translation *self)
{
  static const struct
  {
    char        name;
    const char *text;
  } places[] = { { 'A', "(?:\\A)" }, { 'z', "(?:\\z)" }, { 'b', IS_BOUNDARY }, { 'B', IS_NO_BOUNDARY } };
  g_autoptr(GString) text = g_string_new (NULL);
  gunichar character;

  if (incident_pattern_read_perl (&self->in, text))
    {
      put_atom (self, text->str);
      return TRUE;
    }

  self->in.at++;
  for (guint i = 0; i < G_N_ELEMENTS (places); i++)
    if (*self->in.at == places[i].name)
      {
        self->in.at++;
        put_atom (self, places[i].text);
        return TRUE;
      }
  if (*self->in.at == 'p' || *self->in.at == 'P')
    {
      if (!incident_pattern_read_property (&self->in, text))
        return FALSE;
      put_atom (self, text->str);
      return TRUE;
    }
  if (*self->in.at == 'Q')
    {
      self->in.at++;
      read_quotation (self);
      return TRUE;
    }
  if (!incident_pattern_read_escape (&self->in, &character))
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
  const char *start = self->in.at;

  if (!self->can_repeat)
    return incident_pattern_fail (&self->in, "“%.*s” has nothing before it to repeat", (int) (end - start), start);
  if (self->is_repeated)
    return incident_pattern_fail (&self->in, "“%.*s” repeats a repetition: put what is before it into “(?:…)”", (int) (end - start), start);

  self->in.at = *end == '?' ? end + 1 : end;
  g_string_append_len (self->out, start, self->in.at - start);
  self->is_repeated = TRUE;
  return TRUE;
}

static gboolean
read_brace (Translation *self)
{
  int least, most;
  const char *end = find_end_of_count (self->in.at, &least, &most);

  if (end == NULL)
    {
      self->in.at++;
      put_character (self, '{');
      return TRUE;
    }
  if (least > MOST_REPEATS || most > MOST_REPEATS || most < least)
    return incident_pattern_fail (&self->in, "“%.*s” must count up, to at most %d", (int) (end - self->in.at), self->in.at, MOST_REPEATS);
  if (self->can_repeat && self->times * MAX (least, most) > MOST_REPEATS)
    return incident_pattern_fail (&self->in, "“%.*s” and the counts in what is before it must not make more than %d together",
                 (int) (end - self->in.at), self->in.at, MOST_REPEATS);

  self->group.most = MAX (self->group.most, self->times * MAX (most, 1));
  return read_repeat (self, end);
}

static gboolean
open_group (Translation *self,
            const char  *text)
{
  if (self->groups->len >= DEEPEST)
    return incident_pattern_fail (&self->in, "groups must not be nested more than %d deep", DEEPEST);

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
    return incident_pattern_fail (&self->in, "“)” has no “(”");

  self->in.at++;
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
  const char *start = self->in.at;
  gboolean multiline = self->group.is_multiline;
  gboolean is_off = FALSE;
  gsize n = strspn (start, "imsU-");
  gboolean is_scoped = start[n] == ':';

  if ((!is_scoped && start[n] != ')') || (n > 0 && start[n - 1] == '-'))
    {
      const char *end = start[n] != '\0' ? g_utf8_next_char (start + n) : start + n;

      return incident_pattern_fail (&self->in, "“(?%.*s” opens no group that RE2 has", (int) (end - start), start);
    }

  for (; self->in.at < start + n; self->in.at++)
    if (*self->in.at == 'm')
      multiline = !is_off;
    else if (*self->in.at == '-' && is_off)
      return incident_pattern_fail (&self->in, "“(?%.*s” must have one “-”", (int) n, start);
    else
      {
        is_off = is_off || *self->in.at == '-';
        g_string_append_c (text, *self->in.at);
      }

  self->in.at++;
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
  gsize length = strspn (self->in.at, G_CSET_A_2_Z G_CSET_a_2_z G_CSET_DIGITS "_");

  if (length == 0 || self->in.at[length] != '>')
    return incident_pattern_fail (&self->in, "the name of a group must be of letters, digits and “_”");

  self->in.at += length + 1;
  return open_group (self, "(?:");
}

static gboolean
read_group (Translation *self)
{
  static const char * const looks[] = { "=", "!", "<=", "<!" };

  self->in.at++;
  if (*self->in.at != '?')
    return open_group (self, "(?:");

  self->in.at++;
  for (guint i = 0; i < G_N_ELEMENTS (looks); i++)
    if (g_str_has_prefix (self->in.at, looks[i]))
      return incident_pattern_fail (&self->in, "“(?%s” looks around, which RE2 cannot", looks[i]);
  if (g_str_has_prefix (self->in.at, "P<") || *self->in.at == '<')
    {
      self->in.at += *self->in.at == 'P' ? 2 : 1;
      return read_name (self);
    }

  return read_flags (self);
}

static gboolean
read_item (Translation *self)
{
  switch (*self->in.at)
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
      return read_repeat (self, self->in.at + 1);
    case '|':
      g_string_append_c (self->out, *self->in.at++);
      self->can_repeat = FALSE;
      return TRUE;
    case '.':
      self->in.at++;
      put_atom (self, ".");
      return TRUE;
    case '^':
      self->in.at++;
      put_atom (self, self->group.is_multiline ? "(?<![^\\n])" : "(?:\\A)");
      return TRUE;
    case '$':
      self->in.at++;
      put_atom (self, self->group.is_multiline ? "(?![^\\n])" : "(?:\\z)");
      return TRUE;
    default:
      put_character (self, g_utf8_get_char (self->in.at));
      self->in.at = g_utf8_next_char (self->in.at);
      return TRUE;
    }
}

char *
incident_pattern_translate (const char  *text,
                            char       **problem)
{
  g_autoptr(GString) out = g_string_new (NULL);
  g_autoptr(GArray) groups = g_array_new (FALSE, FALSE, sizeof (Group));
  Translation self = { .in = { text, NULL }, .out = out, .groups = groups, .group = { FALSE, 1 } };

  while (*self.in.at != '\0' && read_item (&self))
    continue;
  if (self.in.problem == NULL && groups->len > 0)
    incident_pattern_fail (&self.in, "“(” has no “)”");
  if (self.in.problem == NULL)
    return g_strdup (out->str);

  *problem = self.in.problem;
  return NULL;
}
