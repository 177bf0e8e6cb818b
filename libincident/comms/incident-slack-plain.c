/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "comms/incident-slack-call-private.h"

#include <libincident/incident-time.h>

#include <string.h>

/* Slack's markup as plain text: “<…>” is a mention or a link, and three characters are escaped.
 * Once: what a person typed as “&amp;” arrives as “&amp;amp;”, and is “&amp;” again. */

static gsize
append_entity (GString    *out,
               const char *at)
{
  static const struct
  {
    const char *entity;
    char        stands_for;
  } entities[] = { { "&amp;", '&' }, { "&lt;", '<' }, { "&gt;", '>' } };

  for (guint i = 0; i < G_N_ELEMENTS (entities); i++)
    if (g_str_has_prefix (at, entities[i].entity))
      {
        g_string_append_c (out, entities[i].stands_for);
        return strlen (entities[i].entity);
      }

  g_string_append_c (out, *at);
  return 1;
}

static void
append_unescaped (GString    *out,
                  const char *text)
{
  while (*text != '\0')
    text += append_entity (out, text);
}

/* “<!here>”, “<!subteam^S1|@sre>”, “<!date^1392734382^{date}|18 February>” */
static void
append_special (GString    *out,
                const char *what,
                const char *label)
{
  g_autofree char *name = NULL;

  if (label != NULL)
    {
      append_unescaped (out, label);
      return;
    }

  name = g_strndup (what, strcspn (what, "^"));
  g_string_append_c (out, '@');
  append_unescaped (out, g_str_equal (name, "subteam") && what[strlen (name)] == '^' ? what + strlen ("subteam^") : name);
}

static void
append_link (GString    *out,
             const char *target,
             const char *label)
{
  const char *shown = g_str_has_prefix (target, "mailto:") ? target + strlen ("mailto:") : target;

  if (label == NULL || *label == '\0' || g_str_equal (label, shown))
    append_unescaped (out, shown);
  else
    {
      append_unescaped (out, label);
      g_string_append (out, " (");
      append_unescaped (out, shown);
      g_string_append_c (out, ')');
    }
}

/* @inside: what stands between “<” and “>”. */
static void
append_markup (GString *out,
               char    *inside)
{
  char *label = strchr (inside, '|');

  if (label != NULL)
    *label++ = '\0';

  switch (*inside)
    {
    case '@':
      /* The id: a name tells nobody who it is. */
      append_unescaped (out, inside);
      break;
    case '#':
      g_string_append_c (out, '#');
      append_unescaped (out, label != NULL && *label != '\0' ? label : inside + 1);
      break;
    case '!':
      append_special (out, inside + 1, label);
      break;
    default:
      append_link (out, inside, label);
      break;
    }
}

char *
incident_slack_text_to_plain (const char *text)
{
  GString *out = g_string_sized_new (strlen (text));

  while (*text != '\0')
    {
      const char *end = *text == '<' ? strpbrk (text + 1, "<>") : NULL;

      if (end != NULL && *end == '>' && end > text + 1)
        {
          g_autofree char *inside = g_strndup (text + 1, (gsize) (end - text - 1));

          append_markup (out, inside);
          text = end + 1;
        }
      else
        text += append_entity (out, text);
    }

  return g_string_free (out, FALSE);
}

gint64
incident_slack_time_from_ts (const char *ts)
{
  const char *point = ts != NULL ? strchr (ts, '.') : NULL;
  g_autofree char *whole = ts != NULL ? g_strndup (ts, point != NULL ? (gsize) (point - ts) : strlen (ts)) : NULL;
  guint64 seconds = 0;
  guint64 micros = 0;

  /* It is text, and no double: the digits behind the point tell messages apart. */
  if (whole == NULL || !g_ascii_string_to_unsigned (whole, 10, 0, G_MAXUINT32 * G_GUINT64_CONSTANT (16), &seconds, NULL)
      || (point != NULL && (strlen (point + 1) != 6 || !g_ascii_string_to_unsigned (point + 1, 10, 0, 999999, &micros, NULL))))
    return INCIDENT_TIME_NONE;

  return (gint64) (seconds * G_USEC_PER_SEC + micros);
}
