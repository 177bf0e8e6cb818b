/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "base/incident-json-scanner-private.h"

#include <math.h>
#include <string.h>

#ifdef __SSE2__
#include <emmintrin.h>
#endif

#define ONES  (G_MAXUINT64 / 255)
#define HIGHS (ONES * 128)

/* The largest double is 1.8e308. */
#define SAFE_MAGNITUDE 308
#define MAGNITUDE_MAX 1000000

static const char *
set_fault (IncidentJsonFault *fault,
           const char        *at,
           const char        *text)
{
  fault->at = at;
  fault->text = text;
  fault->close = NULL;
  return NULL;
}

/* What JSON can write and text cannot have. The string is read to its end all the
 * same, so that what stands around it can be kept. */
static const char *
note_fault (IncidentJsonFault *noted,
            const char        *at,
            const char        *text)
{
  if (noted->at == NULL)
    set_fault (noted, at, text);
  return at + 6;
}

static inline gboolean
is_digit (const char *at,
          const char *end)
{
  return at < end && g_ascii_isdigit (*at);
}

static inline gboolean
is_plain (guchar byte)
{
  return byte >= 0x20 && byte < 0x80 && byte != '"' && byte != '\\';
}

/* Not zero if one of the eight bytes is not plain. A borrow may flag bytes
 * behind the first one too, so only the lowest flag is good for its place. */
static inline guint64
find_special (guint64 word)
{
  guint64 quotes = word ^ (ONES * '"');
  guint64 backslashes = word ^ (ONES * '\\');

  return (((word - ONES * 0x20) & ~word)
          | ((quotes - ONES) & ~quotes)
          | ((backslashes - ONES) & ~backslashes)
          | word) & HIGHS;
}

/* Many bytes a step: most of a document is plain text in strings. */
static inline const char *
skip_plain (const char *at,
            const char *end)
{
#ifdef __SSE2__
  /* Bytes from 0x80 on are negative here, so they are found with the control characters. */
  while (end - at >= 16)
    {
      __m128i bytes = _mm_loadu_si128 ((const __m128i *) (const void *) at);
      __m128i special = _mm_or_si128 (_mm_or_si128 (_mm_cmpeq_epi8 (bytes, _mm_set1_epi8 ('"')),
                                                    _mm_cmpeq_epi8 (bytes, _mm_set1_epi8 ('\\'))),
                                      _mm_cmplt_epi8 (bytes, _mm_set1_epi8 (0x20)));
      int found = _mm_movemask_epi8 (special);

      if (found != 0)
        return at + __builtin_ctz ((guint) found);
      at += 16;
    }
#endif
  while (end - at >= 8)
    {
      guint64 word, special;

      memcpy (&word, at, sizeof word);
      special = find_special (GUINT64_FROM_LE (word));
      if (special != 0)
        return at + __builtin_ctzll (special) / 8;
      at += 8;
    }
  while (at < end && is_plain ((guchar) *at))
    at++;
  return at;
}

static inline gboolean
is_between (const char *at,
            const char *end,
            guchar      low,
            guchar      high)
{
  return at < end && (guchar) *at >= low && (guchar) *at <= high;
}

/* One character of two bytes or more, by the table of RFC 3629: the second byte
 * alone tells overlong forms, surrogates and what is over U+10FFFF. */
static const char *
scan_utf8 (const char        *at,
           const char        *end,
           IncidentJsonFault *fault)
{
  guchar lead = (guchar) *at;
  guchar low = 0x80;
  guchar high = 0xbf;
  int more;

  if (lead >= 0xc2 && lead <= 0xdf)
    more = 1;
  else if (lead >= 0xe0 && lead <= 0xef)
    more = 2;
  else if (lead >= 0xf0 && lead <= 0xf4)
    more = 3;
  else
    return set_fault (fault, at, "this byte is not UTF-8: write the document in UTF-8");

  if (lead == 0xe0)
    low = 0xa0;
  else if (lead == 0xed)
    high = 0x9f;
  else if (lead == 0xf0)
    low = 0x90;
  else if (lead == 0xf4)
    high = 0x8f;

  for (int i = 1; i <= more; i++)
    {
      if (!is_between (at + i, end, low, high))
        return set_fault (fault, at, "these bytes are not UTF-8: write the document in UTF-8");
      low = 0x80;
      high = 0xbf;
    }
  return at + more + 1;
}

/* @at is at the first of four hexadecimal digits. Returns -1 if there are not four. */
static int
read_hex (const char *at,
          const char *end)
{
  int value = 0;

  if (end - at < 4)
    return -1;

  for (int i = 0; i < 4; i++)
    {
      int digit = g_ascii_xdigit_value (at[i]);

      if (digit < 0)
        return -1;
      value = value * 16 + digit;
    }
  return value;
}

static inline gboolean
is_high_surrogate (int unit)
{
  return unit >= 0xd800 && unit <= 0xdbff;
}

static inline gboolean
is_low_surrogate (int unit)
{
  return unit >= 0xdc00 && unit <= 0xdfff;
}

/* @at is at the backslash of a \u; @saved grows by what decoding will save. */
static const char *
scan_unicode_escape (const char        *at,
                     const char        *end,
                     gsize             *saved,
                     IncidentJsonFault *noted,
                     IncidentJsonFault *fault)
{
  int unit = read_hex (at + 2, end);

  if (unit < 0)
    return set_fault (fault, at, "four hexadecimal digits must follow “\\u”");
  if (unit == 0)
    return note_fault (noted, at, "“\\u0000” is refused: text must not contain NUL");
  if (is_low_surrogate (unit))
    return note_fault (noted, at, "this is the second half of a surrogate pair, without the first");
  if (is_high_surrogate (unit))
    {
      if (end - at < 12 || at[6] != '\\' || at[7] != 'u' || !is_low_surrogate (read_hex (at + 8, end)))
        return note_fault (noted, at,
                           "this is the first half of a surrogate pair: “\\udc00” to “\\udfff” must follow");
      *saved += 12 - 4;
      return at + 12;
    }
  *saved += 6 - (unit < 0x80 ? 1 : unit < 0x800 ? 2 : 3);
  return at + 6;
}

static const char *
scan_escape (const char        *at,
             const char        *end,
             gsize             *saved,
             IncidentJsonFault *noted,
             IncidentJsonFault *fault)
{
  char letter = end - at >= 2 ? at[1] : '\0';

  if (letter == 'u')
    return scan_unicode_escape (at, end, saved, noted, fault);
  if (letter == '\0' || strchr ("\"\\/bfnrt", letter) == NULL)
    return set_fault (fault, at, "one of “\"\\/bfnrtu” must follow the backslash; a backslash itself is written “\\\\”");
  *saved += 1;
  return at + 2;
}

static const char *
refuse_control (const char        *at,
                IncidentJsonFault *fault)
{
  switch (*at)
    {
    case '\0':
      return set_fault (fault, at, "the byte NUL is refused: text must not contain it");
    case '\n':
    case '\r':
      return set_fault (fault, at, "a string must not run over the end of the line: close it, or write “\\n”");
    case '\t':
      return set_fault (fault, at, "a tab in a string must be written “\\t”");
    default:
      return set_fault (fault, at, "a control character in a string must be written as “\\u” and four digits");
    }
}

const char *
incident_json_scan_string (const char        *at,
                           const char        *end,
                           gsize             *decoded,
                           IncidentJsonFault *fault)
{
  const char *start = at;
  IncidentJsonFault noted = { NULL, NULL, NULL };
  gsize saved = 0;

  while (at != NULL)
    {
      at = skip_plain (at, end);
      if (at == end)
        return set_fault (fault, start - 1, "this string is not closed: “\"” must follow");
      if (*at == '"' && G_UNLIKELY (noted.at != NULL))
        {
          *fault = noted;
          fault->close = at;
          return NULL;
        }
      if (*at == '"')
        {
          *decoded = (gsize) (at - start) - saved;
          return at;
        }
      if (*at == '\\')
        at = scan_escape (at, end, &saved, &noted, fault);
      else if ((guchar) *at < 0x20)
        return refuse_control (at, fault);
      else
        while (at != NULL && at < end && (guchar) *at >= 0x80)
          at = scan_utf8 (at, end, fault);
    }
  return NULL;
}

static const char *
decode_escape (const char  *at,
               const char  *end,
               char       **out)
{
  static const char letters[] = "\"\\/bfnrt";
  static const char values[] = "\"\\/\b\f\n\r\t";
  gunichar character;
  int length = 6;

  if (at[1] != 'u')
    {
      *(*out)++ = values[strchr (letters, at[1]) - letters];
      return at + 2;
    }

  character = (gunichar) read_hex (at + 2, end);
  if (is_high_surrogate ((int) character))
    {
      character = 0x10000 + ((character - 0xd800) << 10) + ((gunichar) read_hex (at + 8, end) - 0xdc00);
      length = 12;
    }
  *out += g_unichar_to_utf8 (character, *out);
  return at + length;
}

void
incident_json_decode_string (const char *at,
                             const char *end,
                             char       *out)
{
  while (at < end)
    {
      const char *backslash = memchr (at, '\\', (gsize) (end - at));
      gsize plain = (gsize) ((backslash != NULL ? backslash : end) - at);

      memcpy (out, at, plain);
      out += plain;
      at += plain;
      if (backslash != NULL)
        at = decode_escape (at, end, &out);
    }
}

static const char *
skip_digits (const char *at,
             const char *end)
{
  while (is_digit (at, end))
    at++;
  return at;
}

/* Behind the digits of the whole part; the value goes to @number, and FALSE in
 * @fits if it is too large for 64 bits. */
static const char *
scan_whole_part (const char         *at,
                 const char         *end,
                 IncidentJsonNumber *number,
                 gboolean           *fits)
{
  guint64 limit = *number->start == '-' ? (guint64) G_MAXINT64 + 1 : (guint64) G_MAXINT64;
  guint64 value = 0;

  *fits = TRUE;
  for (; is_digit (at, end); at++)
    {
      guint digit = (guint) (*at - '0');

      if (value > (limit - digit) / 10)
        *fits = FALSE;
      else
        value = value * 10 + digit;
    }
  /* Negated unsigned: the smallest integer has no positive twin. */
  number->integer = (gint64) (*number->start == '-' ? -value : value);
  return at;
}

static const char *
scan_exponent (const char         *at,
               const char         *end,
               IncidentJsonNumber *number,
               IncidentJsonFault  *fault)
{
  gboolean negative = at < end && *at == '-';
  int exponent = 0;

  if (at < end && (*at == '-' || *at == '+'))
    at++;
  if (!is_digit (at, end))
    return set_fault (fault, at, "a digit must follow in the exponent");

  for (; is_digit (at, end); at++)
    exponent = MIN (exponent * 10 + (*at - '0'), MAGNITUDE_MAX);
  number->magnitude += negative ? -exponent : exponent;
  return at;
}

const char *
incident_json_scan_number (const char         *at,
                           const char         *end,
                           IncidentJsonNumber *number,
                           IncidentJsonFault  *fault)
{
  const char *digits = *at == '-' ? at + 1 : at;
  gboolean fits;

  number->start = at;
  number->whole = TRUE;
  if (!is_digit (digits, end))
    return set_fault (fault, at, "a digit must follow the minus sign");
  if (*digits == '0' && is_digit (digits + 1, end))
    return set_fault (fault, at, "a number must not begin with a zero");

  at = scan_whole_part (digits, end, number, &fits);
  number->magnitude = (int) MIN (at - digits, MAGNITUDE_MAX);
  if (at < end && *at == '.')
    {
      number->whole = FALSE;
      if (!is_digit (at + 1, end))
        return set_fault (fault, at, "a digit must follow the point");
      at = skip_digits (at + 1, end);
    }
  if (at < end && (*at == 'e' || *at == 'E'))
    {
      number->whole = FALSE;
      at = scan_exponent (at + 1, end, number, fault);
      if (at == NULL)
        return NULL;
    }
  if (number->whole && !fits)
    return set_fault (fault, number->start,
                      "this whole number is too large: "
                      "it must lie between −9223372036854775808 and 9223372036854775807");
  number->end = at;
  return at;
}

double
incident_json_number_to_double (const IncidentJsonNumber *number)
{
  gsize length = (gsize) (number->end - number->start);
  char buffer[512];
  g_autofree char *copy = NULL;

  /* Zero is left to the slow path, which keeps the sign of -0. */
  if (number->whole && number->integer != 0)
    return (double) number->integer;

  if (length >= sizeof buffer)
    {
      copy = g_strndup (number->start, length);
      return g_ascii_strtod (copy, NULL);
    }
  memcpy (buffer, number->start, length);
  buffer[length] = '\0';
  return g_ascii_strtod (buffer, NULL);
}

/* Of a whole number. 2^63 is no gint64: it must not be converted back. */
gboolean
incident_json_number_is_exact (const IncidentJsonNumber *number)
{
  double value = (double) number->integer;

  return value < 9223372036854775808.0 && (gint64) value == number->integer;
}

gboolean
incident_json_number_is_finite (const IncidentJsonNumber *number)
{
  return number->magnitude <= SAFE_MAGNITUDE || isfinite (incident_json_number_to_double (number));
}

const char *
incident_json_scan_literal (const char        *at,
                            const char        *end,
                            IncidentJsonFault *fault)
{
  static const char *const faults[] = {
    "here must be “true” in small letters, or a string in double quotes",
    "here must be “false” in small letters, or a string in double quotes",
    "here must be “null” in small letters, or a string in double quotes",
  };
  int which = *at == 't' ? 0 : *at == 'f' ? 1 : 2;
  const char *word = which == 0 ? "true" : which == 1 ? "false" : "null";
  gsize length = strlen (word);

  if ((gsize) (end - at) < length || memcmp (at, word, length) != 0)
    return set_fault (fault, at, faults[which]);
  return at + length;
}
