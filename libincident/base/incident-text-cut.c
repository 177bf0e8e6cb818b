/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "base/incident-text-private.h"

#define ELLIPSIS "…"

#define ZERO_WIDTH_JOINER 0x200d

/* Graphemes, what people take for one character: a letter and its accents, a family of four. By the
 * rules of Unicode (UAX 29), but that nothing is parted from what a joiner stands before: \X of GLib's
 * regular expressions takes a whole row of emoji for one. */

static gboolean
is_control (gunichar character)
{
  return g_unichar_iscntrl (character) || character == 0x2028 || character == 0x2029;
}

/* Belongs to what is before it. */
static gboolean
is_extending (gunichar character)
{
  return g_unichar_ismark (character)
         || character == 0x200c || character == ZERO_WIDTH_JOINER
         || character == 0x0e33 || character == 0x0eb3               /* vowels of Thai and Lao */
         || character == 0xff9e || character == 0xff9f
         || (character >= 0x1f3fb && character <= 0x1f3ff)           /* shades of skin */
         || (character >= 0xe0020 && character <= 0xe007f);          /* tags, as in the flag of Wales */
}

/* Belongs to what is behind it. */
static gboolean
is_prepended (gunichar character)
{
  return (character >= 0x0600 && character <= 0x0605) || character == 0x06dd || character == 0x070f
         || character == 0x0890 || character == 0x0891 || character == 0x08e2
         || character == 0x110bd || character == 0x110cd;
}

static gboolean
is_regional (gunichar character)
{
  return character >= 0x1f1e6 && character <= 0x1f1ff;
}

/* The parts of a syllable of Korean, as far as it may have come: leading, vowel, trailing. */
static gboolean
is_one_syllable (gunichar before,
                 gunichar after)
{
  gboolean is_whole = before >= 0xac00 && before <= 0xd7a3;
  gboolean is_open = is_whole && (before - 0xac00) % 28 == 0;
  gboolean leads = (before >= 0x1100 && before <= 0x115f) || (before >= 0xa960 && before <= 0xa97c);
  gboolean is_vowel = (before >= 0x1160 && before <= 0x11a7) || (before >= 0xd7b0 && before <= 0xd7c6);
  gboolean trails = (before >= 0x11a8 && before <= 0x11ff) || (before >= 0xd7cb && before <= 0xd7fb);

  if ((after >= 0x11a8 && after <= 0x11ff) || (after >= 0xd7cb && after <= 0xd7fb))
    return is_whole || is_vowel || trails;
  if ((after >= 0x1160 && after <= 0x11a7) || (after >= 0xd7b0 && after <= 0xd7c6))
    return leads || is_open || is_vowel;

  return leads && ((after >= 0x1100 && after <= 0x115f) || (after >= 0xa960 && after <= 0xa97c)
                   || (after >= 0xac00 && after <= 0xd7a3));
}

/* @n_regional: how many letters of flags in a row end with @before. */
static gboolean
may_part (gunichar before,
          gunichar after,
          guint    n_regional)
{
  if (before == '\r' && after == '\n')
    return FALSE;
  if (is_control (before) || is_control (after))
    return TRUE;
  if (is_extending (after) || before == ZERO_WIDTH_JOINER || is_prepended (before) || is_one_syllable (before, after))
    return FALSE;

  return !is_regional (after) || n_regional % 2 == 0;
}

/* How many bytes before @end are whole graphemes, by what stands there too. */
static gsize
measure_whole (const char *text,
               const char *end)
{
  const char *whole = text;
  const char *at = text;
  gunichar before = '\n';
  guint n_regional = 0;

  for (;; at = g_utf8_next_char (at))
    {
      gunichar character = g_utf8_get_char (at);

      if (may_part (before, character, n_regional))
        whole = at;
      if (at >= end)
        return (gsize) (whole - text);
      n_regional = is_regional (character) ? n_regional + 1 : 0;
      before = character;
    }
}

char *
incident_text_cut (const char *text,
                   gsize       n_characters)
{
  const char *end;
  gsize whole;

  g_return_val_if_fail (text != NULL, NULL);
  g_return_val_if_fail (n_characters > 0, NULL);

  if ((gsize) g_utf8_strlen (text, -1) <= n_characters)
    return g_strdup (text);

  end = g_utf8_offset_to_pointer (text, (glong) n_characters - 1);
  whole = measure_whole (text, end);
  /* A single one that fills all the room is a trick. */
  if (whole == 0)
    whole = (gsize) (end - text);
  return g_strdup_printf ("%.*s" ELLIPSIS, (int) whole, text);
}
