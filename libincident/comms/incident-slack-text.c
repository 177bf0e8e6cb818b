/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "comms/incident-slack-text-private.h"

#include <string.h>

#include "base/incident-text-private.h"

/* Stands before what would be markup and has no escape: not seen, and nothing begins behind it. */
#define GUARD "\u200b"

/* What stands for a character in mrkdwn; NULL: itself. */
static const char *
entity_of (char byte)
{
  switch (byte)
    {
    case '&':
      return "&amp;";
    case '<':
      return "&lt;";
    case '>':
      return "&gt;";
    default:
      return NULL;
    }
}

static gboolean
is_markup (char byte)
{
  return byte == '*' || byte == '_' || byte == '~' || byte == '`';
}

/* Control characters are nothing to look at, and may not be taken. */
static gboolean
is_dropped (gunichar character)
{
  return character != '\n' && character != '\t'
         && (character < 0x20 || (character >= 0x7f && character <= 0x9f) || character == 0xfffe || character == 0xffff);
}

gboolean
incident_slack_text_is_shown (const char *text)
{
  for (; text != NULL && *text != '\0'; text = g_utf8_next_char (text))
    {
      gunichar character = g_utf8_get_char (text);

      if (!is_dropped (character) && !g_unichar_isspace (character) && !g_unichar_iszerowidth (character))
        return TRUE;
    }

  return FALSE;
}

char *
incident_slack_text_clean (const char *text,
                           gsize       n_characters)
{
  g_autoptr(GString) out = g_string_new (NULL);

  for (; *text != '\0'; text = g_utf8_next_char (text))
    if (!is_dropped (g_utf8_get_char (text)))
      g_string_append_len (out, text, g_utf8_next_char (text) - text);
  return incident_text_cut (out->str, n_characters);
}

/* Writes one character, and tells what it came to. @is_quote: one that would begin a quotation. */
static gsize
append_character (GString    *out,
                  const char *at,
                  gboolean    is_quote)
{
  const char *entity = entity_of (*at);
  gsize guard = 0;

  if (is_quote || is_markup (*at))
    {
      g_string_append (out, GUARD);
      guard = 1;
    }
  if (entity != NULL)
    {
      g_string_append (out, entity);
      return guard + strlen (entity);
    }

  g_string_append_len (out, at, g_utf8_next_char (at) - at);
  return guard + 1;
}

/* All of it up to the limit. FALSE: there is more; @n_fit is how many characters of @text did fit. */
static gboolean
append_up_to (GString    *out,
              const char *text,
              gsize       n_characters,
              gsize      *n_fit)
{
  gboolean is_start = TRUE;
  gsize length = 0;

  *n_fit = 0;
  for (const char *at = text; *at != '\0'; at = g_utf8_next_char (at), *n_fit += 1)
    {
      if (!is_dropped (g_utf8_get_char (at)))
        length += append_character (out, at, is_start && *at == '>');
      if (length > n_characters)
        return FALSE;
      is_start = *at == '\n' || (is_start && g_ascii_isspace (*at));
    }

  return TRUE;
}

void
incident_slack_text_append (GString    *out,
                            const char *text,
                            gsize       n_characters)
{
  gsize start = out->len;
  g_autofree char *cut = NULL;
  gsize most = G_MAXSIZE;
  gsize n_fit;

  /* Cut as plain text, so that no escape is torn. “…” may be shorter than what it takes the place of; and what was
   * dropped counts there, but not here. */
  for (const char *fitting = text; !append_up_to (out, fitting, n_characters, &n_fit); fitting = cut)
    {
      g_string_truncate (out, start);
      most = MIN (n_fit + 1, most - 1);
      if (most == 0)
        return;
      g_free (cut);
      cut = incident_text_cut (text, most);
    }
}

char *
incident_slack_text_escape (const char *text,
                            gsize       n_characters)
{
  GString *out = g_string_new (NULL);

  incident_slack_text_append (out, text, n_characters);
  return g_string_free (out, FALSE);
}

static char *
escape_entities (const char *text)
{
  GString *out = g_string_new (NULL);

  for (; *text != '\0'; text++)
    if (entity_of (*text) != NULL)
      g_string_append (out, entity_of (*text));
    else
      g_string_append_c (out, *text);
  return g_string_free (out, FALSE);
}

char *
incident_slack_text_escape_line (const char *text,
                                 gsize       n_characters)
{
  g_autoptr(GString) line = g_string_new (text);

  incident_text_make_line (line);
  for (gsize n = n_characters; n > 0; n -= n / 32 + 1)
    {
      g_autofree char *cut = incident_text_cut (line->str, n);
      g_autofree char *escaped = escape_entities (cut);

      if ((gsize) g_utf8_strlen (escaped, -1) <= n_characters)
        return g_steal_pointer (&escaped);
    }

  return g_strdup ("");
}

/* An address as it may stand between < and >. */
static char *
escape_url (const char *url)
{
  GString *out = NULL;

  if (g_ascii_strncasecmp (url, "https://", 8) != 0 && g_ascii_strncasecmp (url, "http://", 7) != 0)
    return NULL;

  out = g_string_new (NULL);
  for (; *url != '\0'; url++)
    if (*url == '&')
      g_string_append (out, "&amp;");
    else if ((guchar) *url <= 0x20 || *url == 0x7f || strchr ("<>|\"`", *url) != NULL)
      g_string_append_printf (out, "%%%02X", (guint) (guchar) *url);
    else
      g_string_append_c (out, *url);
  return g_string_free (out, FALSE);
}

gboolean
incident_slack_text_append_link (GString    *out,
                                 const char *url,
                                 const char *label,
                                 gsize       n_characters)
{
  g_autofree char *target = url != NULL ? escape_url (url) : NULL;
  g_autoptr(GString) words = g_string_new (label);
  gsize length;

  if (target == NULL)
    return FALSE;
  length = (gsize) g_utf8_strlen (target, -1) + strlen ("<|>");
  if (length >= n_characters)
    return FALSE;

  incident_text_make_line (words);
  g_string_replace (words, "|", "¦", 0);
  if (words->len == 0)
    g_string_append (words, "…");
  g_string_append_printf (out, "<%s|", target);
  incident_slack_text_append (out, words->str, n_characters - length);
  g_string_append_c (out, '>');
  return TRUE;
}
