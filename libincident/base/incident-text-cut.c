/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "base/incident-text-private.h"

#define ELLIPSIS "…"

/* What people take for one character: a letter and its accents, a family of four. */
static GRegex *
get_grapheme (void)
{
  static GRegex *grapheme;

  if (g_once_init_enter (&grapheme))
    {
      GRegex *regex = g_regex_new ("\\X", G_REGEX_DEFAULT, G_REGEX_MATCH_DEFAULT, NULL);

      g_assert (regex != NULL);
      g_once_init_leave (&grapheme, regex);
    }

  return grapheme;
}

/* How many of the bytes up to @length are whole graphemes of which none goes beyond @most. */
static gsize
measure_whole (const char *text,
               gsize       length,
               gsize       most)
{
  g_autoptr(GMatchInfo) match = NULL;
  gsize whole = 0;
  int end;

  g_regex_match_full (get_grapheme (), text, (gssize) length, 0, G_REGEX_MATCH_DEFAULT, &match, NULL);
  while (g_match_info_fetch_pos (match, 0, NULL, &end) && (gsize) end <= most)
    {
      whole = (gsize) end;
      g_match_info_next (match, NULL);
    }

  return whole;
}

char *
incident_text_cut (const char *text,
                   gsize       n_characters)
{
  gsize room;
  gsize whole;

  g_return_val_if_fail (text != NULL, NULL);
  g_return_val_if_fail (n_characters > 0, NULL);

  if ((gsize) g_utf8_strlen (text, -1) <= n_characters)
    return g_strdup (text);

  /* One more character shows whether the last grapheme ends where the room does. */
  room = (gsize) (g_utf8_offset_to_pointer (text, (glong) n_characters - 1) - text);
  whole = measure_whole (text, (gsize) (g_utf8_next_char (text + room) - text), room);
  /* A single one that fills all the room is a trick. */
  if (whole == 0)
    whole = room;
  return g_strdup_printf ("%.*s" ELLIPSIS, (int) whole, text);
}
