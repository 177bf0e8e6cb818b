/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "report/incident-report-html-private.h"

/* Which font a reader has is not known. These widths, in hundredths of the
 * font's size, are those of the wider of DejaVu Sans and Liberation Sans: text
 * never runs over what stands beside it, and may end a little early. */
static const guint8 widths[95] = {
  32, 41, 46, 84, 64, 96, 78, 28, 40, 40, 50, 84, 32, 37, 32, 34,
  64, 64, 64, 64, 64, 64, 64, 64, 64, 64, 34, 34, 84, 84, 84, 56,
  102, 69, 69, 73, 78, 67, 62, 78, 76, 30, 50, 67, 56, 87, 75, 79,
  67, 79, 73, 67, 62, 74, 69, 99, 69, 67, 69, 40, 34, 40, 84, 56,
  50, 62, 64, 55, 64, 62, 36, 64, 64, 28, 28, 58, 28, 98, 64, 62,
  64, 64, 42, 53, 40, 64, 60, 82, 60, 60, 53, 64, 34, 64, 84,
};

static guint
measure_char (gunichar c)
{
  if (c >= ' ' && c < ' ' + G_N_ELEMENTS (widths))
    return widths[c - ' '];
  if (g_unichar_iszerowidth (c))
    return 0;
  if (g_unichar_iswide (c))
    return 130;

  return c < 0x2000 ? 80 : 102;
}

double
incident_report_measure (const char *text)
{
  guint sum = 0;

  for (const char *c = text; *c != '\0'; c = g_utf8_next_char (c))
    sum += measure_char (g_utf8_get_char (c));

  return sum / 100.0;
}

char *
incident_report_fit (const char *text,
                     double      width)
{
  guint sum = 0, room = (guint) (MAX (width, 0.0) * 100.0);
  glong n_chars = 0;

  if (incident_report_measure (text) <= width)
    return g_strdup (text);

  for (const char *c = text; *c != '\0'; c = g_utf8_next_char (c), n_chars++)
    {
      sum += measure_char (g_utf8_get_char (c));
      if (sum + measure_char (0x2026) > room)
        break;
    }

  return n_chars > 0 ? incident_report_shorten (text, n_chars + 1) : g_strdup ("");
}
