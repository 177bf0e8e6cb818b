/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <libincident/incident-text.h>

#include <string.h>

#include "base/incident-text-private.h"

#define LONGEST_ID 64

/* Text for people is not shown with these: XML 1.0 forbids most of them, and
 * HTML reads 80 to 9F as if they were Windows-1252. */
static gboolean
is_unprintable (gunichar character)
{
  return (character < 0x20 && character != '\t' && character != '\n')
         || (character >= 0x7f && character <= 0x9f)
         || character == 0xfffe || character == 0xffff;
}

/* The property White_Space of Unicode; g_unichar_isspace knows neither VT nor NEL. */
static gboolean
is_space (gunichar character)
{
  return character == 0x0b || character == 0x85 || g_unichar_isspace (character);
}

/* White space that would end a line or be swallowed; a no-break space is text. */
static gboolean
is_collapsible (gunichar character)
{
  return character == ' ' || (character >= 0x09 && character <= 0x0d)
         || character == 0x85 || character == 0x2028 || character == 0x2029;
}

/* Those that turn the direction of what follows: they can make text read as
 * something else than it is. */
static gboolean
is_bidi_control (gunichar character)
{
  return character == 0x061c || character == 0x200e || character == 0x200f
         || (character >= 0x202a && character <= 0x202e)
         || (character >= 0x2066 && character <= 0x2069);
}

void
incident_text_append_html (GString    *out,
                           const char *text)
{
  g_return_if_fail (out != NULL);
  g_return_if_fail (text != NULL);

  for (const char *at = text; *at != '\0'; at = g_utf8_next_char (at))
    {
      gunichar character = g_utf8_get_char (at);

      switch (character)
        {
        case '&':
          g_string_append (out, "&amp;");
          break;
        case '<':
          g_string_append (out, "&lt;");
          break;
        case '>':
          g_string_append (out, "&gt;");
          break;
        case '"':
          g_string_append (out, "&quot;");
          break;
        case '\'':
          g_string_append (out, "&#39;");
          break;
        default:
          if (!is_unprintable (character))
            g_string_append_unichar (out, character);
        }
    }
}

/* How far a line has come: some characters are markup only where it begins. */
typedef enum
{
  AT_START,
  IN_NUMBER,  /* nothing but digits: “1.” would begin a list */
  IN_TEXT,
} LinePart;

static LinePart
append_markdown_character (GString  *out,
                           gunichar  character,
                           LinePart  part)
{
  const char *markup = part == AT_START ? "\\`*_[]<>&!|~#+-=:"
                     : part == IN_NUMBER ? "\\`*_[]<>&!|~.)"
                                         : "\\`*_[]<>&!|~";

  if (character < 0x80 && strchr (markup, (int) character) != NULL)
    g_string_append_c (out, '\\');
  g_string_append_unichar (out, character);

  /* A byte order mark may be dropped, and the line begin behind it. */
  if (part == AT_START && character == 0xfeff)
    return AT_START;
  if (part != IN_TEXT && character < 0x80 && g_ascii_isdigit ((char) character))
    return IN_NUMBER;
  return IN_TEXT;
}

void
incident_text_append_markdown (GString    *out,
                               const char *text)
{
  LinePart part = AT_START;
  gboolean space = FALSE;

  g_return_if_fail (out != NULL);
  g_return_if_fail (text != NULL);

  for (const char *at = text; *at != '\0'; at = g_utf8_next_char (at))
    {
      gunichar character = g_utf8_get_char (at);

      if (is_collapsible (character))
        space = TRUE;
      else if (!is_unprintable (character))
        {
          if (space && part != AT_START)
            {
              g_string_append_c (out, ' ');
              part = IN_TEXT;
            }
          space = FALSE;
          part = append_markdown_character (out, character, part);
        }
    }
}

char *
incident_text_to_line (const char *text)
{
  GString *line = g_string_new (NULL);
  gboolean between = FALSE;

  for (const char *p = text; *p != '\0'; p = g_utf8_next_char (p))
    {
      gunichar c = g_utf8_get_char (p);

      if (g_unichar_isspace (c) || g_unichar_iscntrl (c))
        between = line->len > 0;
      else
        {
          g_string_append (line, between ? " " : "");
          g_string_append_unichar (line, c);
          between = FALSE;
        }
    }

  return g_string_free (line, FALSE);
}

gboolean
incident_text_is_id (const char *text)
{
  gsize length;

  if (text == NULL)
    return FALSE;

  length = strspn (text, "abcdefghijklmnopqrstuvwxyz0123456789-");
  return length >= 1 && length <= LONGEST_ID && text[length] == '\0'
         && text[0] != '-' && text[length - 1] != '-';
}

gboolean
incident_text_is_blank (const char *text)
{
  if (text == NULL)
    return TRUE;

  while (*text != '\0' && is_space (g_utf8_get_char (text)))
    text = g_utf8_next_char (text);
  return *text == '\0';
}

static void
append_visible (GString  *out,
                gunichar  character)
{
  if (character == '\n')
    g_string_append (out, "\\n");
  else if (character == '\r')
    g_string_append (out, "\\r");
  else if (character == '\t')
    g_string_append (out, "\\t");
  else if (character < 0x20 || (character >= 0x7f && character <= 0x9f)
           || character == 0x2028 || character == 0x2029 || is_bidi_control (character))
    g_string_append_printf (out, "\\u{%x}", character);
  else
    g_string_append_unichar (out, character);
}

/**
 * incident_text_for_terminal:
 * @text: text from anywhere; it need not be valid UTF-8
 *
 * Makes foreign text safe to print on a terminal or to write into a log.
 *
 * The result is valid UTF-8 on one line and moves neither the cursor nor the
 * direction of writing. Line ends and tabs become `\n`, `\r` and `\t`; other
 * control characters, line and paragraph separators and the controls of
 * bidirectional text become `\u{1b}`, the hexadecimal code point; bytes that
 * are not UTF-8 become `\xff`. All else is left as it is, a backslash too, so
 * the result is for reading and cannot be turned back.
 *
 * Can be called from any thread.
 *
 * Returns: (transfer full): the text to print
 *
 * Since: 0.1
 */
char *
incident_text_for_terminal (const char *text)
{
  g_autoptr(GString) out = NULL;

  g_return_val_if_fail (text != NULL, NULL);

  out = g_string_new (NULL);
  while (*text != '\0')
    {
      gunichar character = g_utf8_get_char_validated (text, -1);

      if (character == (gunichar) -1 || character == (gunichar) -2)
        {
          g_string_append_printf (out, "\\x%02x", (guint) (guchar) *text);
          text++;
        }
      else
        {
          append_visible (out, character);
          text = g_utf8_next_char (text);
        }
    }
  return g_string_free (g_steal_pointer (&out), FALSE);
}
