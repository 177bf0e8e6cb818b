/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "comms/incident-chat-text-private.h"

#include <string.h>

#include "base/incident-text-private.h"

/* Of an attachment, so that all of it stays below what the oldest servers keep with a message. */
#define MOST_FIELDS       20
#define FIELD_NAME_LENGTH 100
#define FIELD_LENGTH      150
#define SECTIONS_LENGTH   1500

#define LONGEST_URL       500

/* How far a line has come, as in incident_text_append_markdown (). */
typedef enum
{
  AT_START,
  IN_NUMBER,
  IN_TEXT,
} LinePart;

/* Control characters, and those that turn the direction of what follows. */
static gboolean
is_dropped (gunichar character)
{
  return (character < 0x20 && character != '\n') || (character >= 0x7f && character <= 0x9f)
         || character == 0x061c || character == 0x200e || character == 0x200f || character == 0x2028 || character == 0x2029
         || (character >= 0x202a && character <= 0x202e) || (character >= 0x2066 && character <= 0x2069)
         || character == 0xfeff || character == 0xfffe || character == 0xffff;
}

static gboolean
is_one_of (gunichar    character,
           const char *set)
{
  return character < 0x80 && strchr (set, (int) character) != NULL;
}

static const char *
find_substitute (const IncidentChatMarkup *markup,
                 gunichar                  character)
{
  for (const IncidentChatSubstitute *at = markup->substitutes; at != NULL && at->character != 0; at++)
    if (at->character == character)
      return at->becomes;

  return NULL;
}

static LinePart
append_character (const IncidentChatMarkup *markup,
                  GString                  *out,
                  gunichar                  character,
                  LinePart                  part)
{
  const char *substitute = find_substitute (markup, character);
  gboolean is_digit = character < 0x80 && g_ascii_isdigit ((char) character);

  if (substitute != NULL)
    {
      g_string_append (out, substitute);
      return IN_TEXT;
    }

  if (is_one_of (character, markup->escaped))
    g_string_append_c (out, '\\');
  else if ((part == AT_START && is_one_of (character, "#>-+=*:"))
           || (part == IN_NUMBER && is_one_of (character, ".)")))
    g_string_append (out, markup->line_mark);
  g_string_append_unichar (out, character);
  if (is_one_of (character, markup->guarded))
    g_string_append (out, INCIDENT_CHAT_GUARD);

  return part != IN_TEXT && is_digit ? IN_NUMBER : IN_TEXT;
}

/* Blanks where a line begins would make it code, or part of a list. */
static char *
escape (const IncidentChatMarkup *markup,
        const char               *text)
{
  g_autoptr(GString) out = g_string_new (NULL);
  LinePart part = AT_START;

  for (; *text != '\0'; text = g_utf8_next_char (text))
    {
      gunichar character = *text == '\t' ? ' ' : g_utf8_get_char (text);

      if (is_dropped (character) || (part == AT_START && g_unichar_isspace (character) && character != '\n'))
        continue;
      if (character == '\n')
        {
          g_string_append_c (out, '\n');
          part = AT_START;
        }
      else
        {
          part = append_character (markup, out, character, part);
        }
    }
  return g_string_free (g_steal_pointer (&out), FALSE);
}

char *
incident_chat_write_text (const IncidentChatMarkup *markup,
                          const char               *text,
                          gsize                     n_characters)
{
  gsize room = n_characters;

  /* Cut before it is escaped: no escape is cut in two. */
  for (;;)
    {
      g_autofree char *cut = incident_text_cut (text, room);
      g_autofree char *escaped = escape (markup, cut);
      gsize length = (gsize) g_utf8_strlen (escaped, -1);

      if (length <= n_characters)
        return g_steal_pointer (&escaped);
      if (room <= 1)
        return g_strdup ("…");
      room = MAX (1, MIN (room - 1, (gsize) g_utf8_strlen (cut, -1) * n_characters / length));
    }
}

char *
incident_chat_write_line (const IncidentChatMarkup *markup,
                          const char               *text,
                          gsize                     n_characters)
{
  g_autoptr(GString) line = g_string_new (text);

  incident_text_make_line (line);
  return incident_chat_write_text (markup, line->str, n_characters);
}

char *
incident_chat_dup_heading (const IncidentMessage *message)
{
  if (message->case_id != NULL && message->title != NULL)
    return g_strdup_printf ("%s %s", message->case_id, message->title);

  return g_strdup (message->case_id != NULL ? message->case_id : message->title);
}

const char *
incident_chat_get_url (const IncidentMessage *message)
{
  const char *url = message->url;

  if (url == NULL || strlen (url) > LONGEST_URL || (!g_str_has_prefix (url, "https://") && !g_str_has_prefix (url, "http://")))
    return NULL;

  for (const char *at = url; *at != '\0'; at++)
    if (!g_ascii_isgraph (*at) || strchr ("<>()[]{}\\|`\"'^*", *at) != NULL)
      return NULL;

  return url;
}

/* A name as people have them there, and nothing that would be another conversation. */
const char *
incident_chat_get_addressee (const IncidentMessage *message)
{
  const char *recipient = message->recipients[0];

  if (message->row->kind != INCIDENT_MESSAGE_KIND_PAGE || recipient == NULL || recipient[0] != '@' || recipient[1] == '\0')
    return NULL;

  return strspn (recipient + 1, G_CSET_A_2_Z G_CSET_a_2_z G_CSET_DIGITS "._-") == strlen (recipient + 1) ? recipient : NULL;
}

gboolean
incident_chat_has_parts (const IncidentMessage *message)
{
  return message->fields->len > 0 || message->sections->len > 0;
}

guint
incident_chat_get_colour (const IncidentMessage *message)
{
  if (message->is_over)
    return 0x2e7d32;

  switch (message->severity)
    {
    case INCIDENT_SEVERITY_SEV1:
      return 0xb71c1c;
    case INCIDENT_SEVERITY_SEV2:
      return 0xe65100;
    case INCIDENT_SEVERITY_SEV3:
      return 0xf9a825;
    case INCIDENT_SEVERITY_SEV4:
    case INCIDENT_SEVERITY_SEV5:
      return 0x1565c0;
    case INCIDENT_SEVERITY_UNKNOWN:
    default:
      return 0x616161;
    }
}

char *
incident_chat_write_message (const IncidentChatMarkup *markup,
                             const IncidentMessage    *message,
                             gsize                     n_characters)
{
  g_autoptr(GString) out = g_string_new (NULL);
  g_autofree char *heading = incident_chat_dup_heading (message);
  const char *url = incident_chat_get_url (message);

  if (heading != NULL)
    {
      g_autofree char *line = incident_chat_write_line (markup, heading, 200);

      if (url != NULL)
        g_string_append_printf (out, "**[%s](%s)**", line, url);
      else
        g_string_append_printf (out, "**%s**", line);
    }
  if (!incident_chat_has_parts (message) || heading == NULL)
    {
      g_autofree char *text = NULL;

      if (out->len > 0)
        g_string_append_c (out, '\n');
      text = incident_chat_write_text (markup, message->text, n_characters - (gsize) g_utf8_strlen (out->str, -1));
      g_string_append (out, *text != '\0' ? text : "…");
    }
  return g_string_free (g_steal_pointer (&out), FALSE);
}

/* FALSE: there is no room for more. */
static gboolean
append_line (GString    *out,
             gsize      *room,
             const char *before,
             const char *line,
             const char *behind)
{
  gsize length = (gsize) (g_utf8_strlen (before, -1) + g_utf8_strlen (line, -1) + g_utf8_strlen (behind, -1)) + 1;

  /* So that “…” finds some, too. */
  if (length + 2 > *room)
    {
      g_string_append (out, out->len > 0 ? "\n…" : "…");
      return FALSE;
    }

  if (out->len > 0)
    g_string_append_c (out, '\n');
  g_string_append_printf (out, "%s%s%s", before, line, behind);
  *room -= length;
  return TRUE;
}

char *
incident_chat_write_sections (const IncidentChatMarkup *markup,
                              const IncidentMessage    *message,
                              gsize                     n_characters)
{
  g_autoptr(GString) out = g_string_new (NULL);
  gboolean is_room = TRUE;

  for (guint i = 0; i < message->sections->len && is_room; i++)
    {
      const IncidentMessageSection *section = g_ptr_array_index (message->sections, i);
      g_autofree char *title = incident_chat_write_line (markup, section->title, 100);

      is_room = append_line (out, &n_characters, "**", title, "**");
      for (guint j = 0; j < section->lines->len && is_room; j++)
        {
          g_autofree char *line = incident_chat_write_line (markup, g_ptr_array_index (section->lines, j), 300);

          is_room = append_line (out, &n_characters, "• ", line, "");
        }
    }
  return g_string_free (g_steal_pointer (&out), FALSE);
}

static void
write_fields (IncidentJsonWriter       *writer,
              const IncidentChatMarkup *markup,
              const IncidentMessage    *message)
{
  incident_json_writer_name (writer, "fields");
  incident_json_writer_begin_array (writer);
  for (guint i = 0; i < MIN (message->fields->len, MOST_FIELDS); i++)
    {
      const IncidentMessageField *field = g_ptr_array_index (message->fields, i);
      g_autofree char *name = incident_chat_write_line (markup, field->name, FIELD_NAME_LENGTH);
      g_autofree char *value = incident_chat_write_line (markup, field->value, FIELD_LENGTH);

      incident_json_writer_begin_object (writer);
      incident_json_writer_name (writer, "short");
      incident_json_writer_boolean (writer, TRUE);
      incident_json_writer_member (writer, "title", name);
      incident_json_writer_member (writer, "value", value);
      incident_json_writer_end_object (writer);
    }
  incident_json_writer_end_array (writer);
}

void
incident_chat_write_attachments (IncidentJsonWriter       *writer,
                                 const IncidentChatMarkup *markup,
                                 const IncidentMessage    *message)
{
  g_autofree char *sections = NULL;
  g_autofree char *fallback = NULL;
  char colour[16];

  if (!incident_chat_has_parts (message))
    return;

  sections = incident_chat_write_sections (markup, message, SECTIONS_LENGTH);
  fallback = incident_chat_write_line (markup, message->text, 300);
  g_snprintf (colour, sizeof colour, "#%06x", incident_chat_get_colour (message));
  incident_json_writer_name (writer, "attachments");
  incident_json_writer_begin_array (writer);
  incident_json_writer_begin_object (writer);
  incident_json_writer_member (writer, "fallback", fallback);
  incident_json_writer_member (writer, "color", colour);
  incident_json_writer_member (writer, "text", sections);
  write_fields (writer, markup, message);
  incident_json_writer_end_object (writer);
  incident_json_writer_end_array (writer);
}
