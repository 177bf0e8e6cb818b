/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "base/incident-text-private.h"

#define ZERO_WIDTH_JOINER 0x200d

static gboolean
is_regional_indicator (gunichar character)
{
  return character >= 0x1f1e6 && character <= 0x1f1ff;
}

/* What is drawn on what stands before it. */
static gboolean
is_extending (gunichar character)
{
  switch ((int) g_unichar_type (character))
    {
    case G_UNICODE_NON_SPACING_MARK:
    case G_UNICODE_ENCLOSING_MARK:
    case G_UNICODE_SPACING_MARK:
      return TRUE;
    default:
      /* Joiners, skin tones, tags. */
      return character == 0x200c || character == ZERO_WIDTH_JOINER || (character >= 0x1f3fb && character <= 0x1f3ff)
             || (character >= 0xe0020 && character <= 0xe007f);
    }
}

/* Syllables of Hangul that are written in parts: consonants, vowels, consonants. */
static gboolean
is_same_syllable (gunichar before,
                  gunichar character)
{
  GUnicodeBreakType first = g_unichar_break_type (before);
  GUnicodeBreakType next = g_unichar_break_type (character);

  switch ((int) first)
    {
    case G_UNICODE_BREAK_HANGUL_L_JAMO:
      return next == G_UNICODE_BREAK_HANGUL_L_JAMO || next == G_UNICODE_BREAK_HANGUL_V_JAMO
             || next == G_UNICODE_BREAK_HANGUL_LV_SYLLABLE || next == G_UNICODE_BREAK_HANGUL_LVT_SYLLABLE;
    case G_UNICODE_BREAK_HANGUL_V_JAMO:
    case G_UNICODE_BREAK_HANGUL_LV_SYLLABLE:
      return next == G_UNICODE_BREAK_HANGUL_V_JAMO || next == G_UNICODE_BREAK_HANGUL_T_JAMO;
    case G_UNICODE_BREAK_HANGUL_T_JAMO:
    case G_UNICODE_BREAK_HANGUL_LVT_SYLLABLE:
      return next == G_UNICODE_BREAK_HANGUL_T_JAMO;
    default:
      return FALSE;
    }
}

/* Whether people see one character where @before and @character are. @n_indicators: how many regional
 * indicators stand in a row up to @before; two make a flag. */
static gboolean
is_joined (gunichar before,
           gunichar character,
           guint    n_indicators)
{
  if (before == '\r')
    return character == '\n';
  if (is_extending (character) || before == ZERO_WIDTH_JOINER)
    return TRUE;
  if (is_regional_indicator (character))
    return n_indicators % 2 == 1;
  return is_same_syllable (before, character);
}

char *
incident_text_cut (const char *text,
                   gsize       n_characters)
{
  const char *boundary = text;
  const char *at = text;
  guint n_indicators = 0;
  gunichar before = 0;

  if (n_characters == 0)
    return g_strdup ("");

  /* The last boundary that leaves room for “…”. */
  for (gsize n = 0; n <= n_characters; n++, at = g_utf8_next_char (at))
    {
      gunichar character = g_utf8_get_char (at);

      if (character == '\0')
        return g_strdup (text);
      if (n < n_characters && (n == 0 || !is_joined (before, character, n_indicators)))
        boundary = at;
      n_indicators = is_regional_indicator (character) ? n_indicators + 1 : 0;
      before = character;
    }

  while (boundary > text && g_ascii_isspace (boundary[-1]))
    boundary--;
  return g_strdup_printf ("%.*s…", (int) (boundary - text), text);
}
