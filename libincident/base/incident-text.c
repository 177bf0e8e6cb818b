/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <libincident/incident-text.h>

#include <string.h>

#include "base/incident-text-private.h"

#define LONGEST_ID 64

/* What a byte is to those who write stretches of text at once. Of the bytes that
 * begin longer characters those are marked that begin a special one, too. */
enum {
  STOPS_HTML = 1,      /* escaped or dropped */
  STOPS_MARKDOWN = 2,  /* the same inside a line, or white space */
  STOPS_LINE = 4,      /* white space or a control character */
  STOPS_ALL = 7,
  BLANK = 8,           /* stops where another one is before it */
};

static const guint8 classes[256] = {
  [0x00 ... 0x08] = STOPS_ALL,
  ['\t' ... '\n'] = STOPS_MARKDOWN | STOPS_LINE,
  [0x0b ... 0x1f] = STOPS_ALL,
  [' '] = BLANK,
  ['"'] = STOPS_HTML, ['\''] = STOPS_HTML,
  ['&'] = STOPS_HTML | STOPS_MARKDOWN, ['<'] = STOPS_HTML | STOPS_MARKDOWN, ['>'] = STOPS_HTML | STOPS_MARKDOWN,
  ['!'] = STOPS_MARKDOWN, ['*'] = STOPS_MARKDOWN, ['['] = STOPS_MARKDOWN, ['\\'] = STOPS_MARKDOWN, [']'] = STOPS_MARKDOWN,
  ['_'] = STOPS_MARKDOWN, ['`'] = STOPS_MARKDOWN, ['|'] = STOPS_MARKDOWN, ['~'] = STOPS_MARKDOWN,
  [0x7f] = STOPS_ALL,
  [0xc2] = STOPS_ALL,                    /* U+0080 to 00BF: controls, NEL, NBSP */
  [0xe1] = STOPS_LINE,                   /* U+1680 */
  [0xe2] = STOPS_MARKDOWN | STOPS_LINE,  /* U+2000 to 2029, 202F, 205F */
  [0xe3] = STOPS_LINE,                   /* U+3000 */
  [0xef] = STOPS_HTML | STOPS_MARKDOWN,  /* U+FFFE, FFFF */
};

/* Over all that does not stop it, single blanks inside it too, but not over one at
 * the end. @last is the class of the byte before: BLANK lets no blank follow. */
static const char *
skip_words (const char *start,
            guint8      stops,
            guint8      last)
{
  const char *at = start;

  while ((classes[(guchar) *at] & (stops | (last & BLANK))) == 0)
    last = classes[(guchar) *at++];
  return at > start && at[-1] == ' ' ? at - 1 : at;
}

static inline gboolean
is_printable_ascii (char byte)
{
  return byte >= 0x20 && byte < 0x7f;
}

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

/* What stands for a byte in HTML; NULL: itself. */
static const char *
html_of (char byte)
{
  switch (byte)
    {
    case '&':
      return "&amp;";
    case '<':
      return "&lt;";
    case '>':
      return "&gt;";
    case '"':
      return "&quot;";
    case '\'':
      return "&#39;";
    default:
      return NULL;
    }
}

guint
incident_text_hash (gconstpointer text)
{
  const char *at = text;
  gsize length = strlen (at);
  guint64 hash = length;
  guint64 bytes;

  for (; length >= sizeof bytes; length -= sizeof bytes, at += sizeof bytes)
    {
      memcpy (&bytes, at, sizeof bytes);
      hash = (hash ^ bytes) * G_GUINT64_CONSTANT (0x9e3779b97f4a7c15);
      hash ^= hash >> 32;
    }
  bytes = 0;
  memcpy (&bytes, at, length);
  hash = (hash ^ bytes) * G_GUINT64_CONSTANT (0x9e3779b97f4a7c15);
  return (guint) (hash ^ hash >> 32);
}

void
incident_text_append_html (GString    *out,
                           const char *text)
{
  g_return_if_fail (out != NULL);
  g_return_if_fail (text != NULL);

  for (;;)
    {
      const char *stop = text;
      const char *html;

      while ((classes[(guchar) *stop] & STOPS_HTML) == 0)
        stop++;
      incident_text_append_len (out, text, (gsize) (stop - text));
      if (*stop == '\0')
        return;

      text = g_utf8_next_char (stop);
      html = html_of (*stop);
      if (html != NULL)
        incident_text_append_len (out, html, strlen (html));
      else if (!is_unprintable (g_utf8_get_char (stop)))
        incident_text_append_len (out, stop, (gsize) (text - stop));
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

  while (*text != '\0')
    {
      gunichar character = g_utf8_get_char (text);
      const char *stop;

      text = g_utf8_next_char (text);
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
      if (part != IN_TEXT || space)
        continue;

      stop = skip_words (text, STOPS_MARKDOWN, 0);
      incident_text_append_len (out, text, (gsize) (stop - text));
      text = stop;
    }
}

void
incident_text_append_number (GString *out,
                             guint64  number)
{
  char digits[20];
  guint n = sizeof digits;

  do
    {
      digits[--n] = (char) ('0' + number % 10);
      number /= 10;
    }
  while (number > 0);
  g_string_append_len (out, digits + n, sizeof digits - n);
}

static gboolean
is_between_words (const char *at)
{
  gunichar c;

  if (is_printable_ascii (*at))
    return *at == ' ';

  /* Quotation marks and dashes are so common that nobody need be asked. */
  c = g_utf8_get_char (at);
  return (c < 0x2010 || c > 0x2027) && (g_unichar_isspace (c) || g_unichar_iscntrl (c));
}

/* To where it is a line no more, and what is there stands between words: to leave
 * it out makes room for the blank that takes its place. */
static const char *
skip_line (const char *start)
{
  const char *at = skip_words (start, STOPS_LINE, BLANK);

  for (;;)
    {
      const char *next = *at == ' ' && at > start ? at + 1 : at;

      if ((guchar) *next < 0x80 || is_between_words (next))
        return at;
      at = skip_words (g_utf8_next_char (next), STOPS_LINE, 0);
    }
}

void
incident_text_make_line (GString *text)
{
  const char *at = skip_line (text->str);
  char *end = text->str + (at - text->str);

  /* Most texts are lines. */
  while (*at != '\0')
    {
      const char *word;

      while (*at != '\0' && is_between_words (at))
        at = g_utf8_next_char (at);
      for (word = at; *at != '\0' && !is_between_words (at);)
        at = g_utf8_next_char (at);
      if (at > word && end > text->str)
        *end++ = ' ';
      memmove (end, word, (gsize) (at - word));
      end += at - word;
    }
  g_string_truncate (text, (gsize) (end - text->str));
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
