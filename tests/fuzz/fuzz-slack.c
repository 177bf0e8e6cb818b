/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "fuzz.h"

#include <string.h>

#include "comms/incident-slack-blocks-private.h"
#include "comms/incident-slack-text-private.h"

/* What was escaped reads as it was, but for what is dropped and the guards. */
static void
check_whole (const char *text)
{
  g_autofree char *escaped = incident_slack_text_escape (text, G_MAXSSIZE);
  g_autoptr(GString) back = g_string_new (escaped);
  g_autoptr(GString) plain = g_string_new (NULL);
  g_autofree char *clean = incident_slack_text_clean (text, G_MAXSSIZE);

  g_string_replace (back, "\u200b", "", 0);
  g_string_replace (back, "&lt;", "<", 0);
  g_string_replace (back, "&gt;", ">", 0);
  g_string_replace (back, "&amp;", "&", 0);
  g_string_append (plain, clean);
  g_string_replace (plain, "\u200b", "", 0);
  fuzz_assert (strcmp (back->str, plain->str) == 0);
}

/* However short, it is whole: no tag begins, each & begins an entity, no markup is without its guard. */
static void
check_cut (const char *text,
           gsize       n_characters)
{
  g_autofree char *escaped = incident_slack_text_escape (text, n_characters);

  fuzz_assert (g_utf8_validate (escaped, -1, NULL));
  fuzz_assert ((gsize) g_utf8_strlen (escaped, -1) <= n_characters);
  for (const char *at = escaped; *at != '\0'; at++)
    {
      fuzz_assert (*at != '<' && *at != '>');
      if (*at == '&')
        fuzz_assert (g_str_has_prefix (at, "&amp;") || g_str_has_prefix (at, "&lt;") || g_str_has_prefix (at, "&gt;"));
      if (strchr ("*_~`", *at) != NULL)
        fuzz_assert (at - escaped >= 3 && memcmp (at - 3, "\u200b", 3) == 0);
    }
}

static void
check_link (const char *text)
{
  g_autofree char *url = g_strconcat ("https://", text, NULL);
  g_autoptr(GString) out = g_string_new (NULL);

  if (!incident_slack_text_append_link (out, url, text, 300))
    return;
  fuzz_assert (g_utf8_strlen (out->str, -1) <= 300);
  fuzz_assert (strchr (out->str + 1, '<') == NULL && strchr (out->str, '>') == out->str + out->len - 1);
  fuzz_assert (strchr (out->str, '|') == strrchr (out->str, '|'));
}

static void
check_message (const char *text)
{
  IncidentOutboxRow *row = incident_outbox_row_new ();
  g_autoptr(IncidentMessage) message = incident_message_new (row);
  g_autofree char *blocks = NULL;
  g_autofree char *words = NULL;

  row->kind = INCIDENT_MESSAGE_KIND_CARD;
  message->title = g_strdup (text);
  message->url = g_strdup (text);
  g_free (message->text);
  message->text = g_strdup (text);
  if (strlen (text) % 2 == 0)
    {
      incident_message_add_field (message, text, text);
      g_ptr_array_add (incident_message_add_section (message, text)->lines, g_strdup (text));
      incident_message_add_action (message, text, text, text, text, INCIDENT_ACTION_GRAVE);
    }
  blocks = incident_slack_blocks_write (message);
  words = incident_slack_blocks_text (message);
  fuzz_assert (blocks == NULL || g_utf8_strlen (blocks, -1) <= 12000);
  fuzz_assert (g_utf8_strlen (words, -1) >= 1 && g_utf8_strlen (words, -1) <= 4000);
}

int
LLVMFuzzerTestOneInput (const guint8 *data,
                        gsize         size)
{
  g_autofree char *bytes = g_strndup ((const char *) data, size);
  g_autofree char *text = g_utf8_make_valid (bytes, -1);

  check_whole (text);
  check_cut (text, 1);
  check_cut (text, 7);
  check_cut (text, 1 + size / 2);
  check_link (text);
  check_message (text);
  return 0;
}
