/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "comms/incident-slack-blocks-private.h"

#include <string.h>

#include "base/incident-text-private.h"
#include "comms/incident-slack-actions-private.h"
#include "comms/incident-slack-block-list-private.h"
#include "comms/incident-slack-text-private.h"

/* Slack takes somewhat more in all, and does not say how much. */
#define MOST_IN_ALL      12000
#define MOST_IN_TEXT     4000   /* what is longer becomes two messages */
#define MOST_IN_PLAIN    1000
#define MOST_FIELDS      10     /* in a block */
#define MOST_IN_FIELD    2000
#define MOST_IN_NAME     100
#define MOST_IN_TITLE    150
#define MOST_IN_LINE     500
#define MOST_IN_LINK     3000
/* For JSON around a text, and escapes in it. */
#define ROOM_FOR_FRAME   100
/* For “… and 117 more”. */
#define ROOM_FOR_REST    200

static gboolean
is_summary (const IncidentMessage *message)
{
  return message->row->kind == INCIDENT_MESSAGE_KIND_CARD || message->row->kind == INCIDENT_MESSAGE_KIND_ANNOUNCEMENT;
}

/* The title, where the text does not say it anyway. */
static const char *
get_title (const IncidentMessage *message)
{
  if (!incident_slack_text_is_shown (message->title))
    return NULL;
  if (!is_summary (message) && g_str_has_prefix (message->text, message->title))
    return NULL;

  return message->title;
}

/* Seen from afar. */
static const char *
mark_of (const IncidentMessage *message)
{
  if (message->is_over)
    return "✅ ";

  switch (message->severity)
    {
    case INCIDENT_SEVERITY_SEV1:
      return "🔴 ";
    case INCIDENT_SEVERITY_SEV2:
      return "🟠 ";
    case INCIDENT_SEVERITY_SEV3:
      return "🟡 ";
    case INCIDENT_SEVERITY_SEV4:
    case INCIDENT_SEVERITY_SEV5:
      return "🔵 ";
    case INCIDENT_SEVERITY_UNKNOWN:
    default:
      return "⚪ ";
    }
}

static void
add_title (IncidentSlackBlockList *list,
           const IncidentMessage  *message)
{
  const char *title = get_title (message);
  g_autoptr(GString) line = NULL;

  if (title == NULL)
    return;

  line = g_string_new (NULL);
  if (is_summary (message))
    {
      g_string_append (line, mark_of (message));
      g_string_append (line, title);
      incident_slack_block_list_add (list, incident_slack_block_header (line->str));
      return;
    }

  g_string_append_c (line, '*');
  incident_slack_text_append (line, title, MOST_IN_TITLE);
  g_string_append_c (line, '*');
  incident_text_make_line (line);
  incident_slack_block_list_add (list, incident_slack_block_mrkdwn (line->str));
}

/* The text */

/* Where to part it, so that at most @n_characters are before: at a line's end or between words if there is one in
 * the second half, else between what people see as characters. */
static gsize
find_part (const char *text,
           gsize       n_characters)
{
  g_autofree char *cut = incident_text_cut (text, n_characters + 1);
  gsize length = strlen (cut) - strlen ("…");
  const char *line = g_strrstr_len (text, (gssize) length, "\n");
  const char *word = g_strrstr_len (text, (gssize) length, " ");

  if (line != NULL && (gsize) (line - text) > length / 2)
    return (gsize) (line - text) + 1;
  if (word != NULL && (gsize) (word - text) > length / 2)
    return (gsize) (word - text) + 1;
  return length;
}

/* The last part, shorter until it fits. */
static void
add_rest (IncidentSlackBlockList *list,
          const char             *text)
{
  gsize room = incident_slack_block_list_room (list);

  for (gsize n = MIN (room, INCIDENT_SLACK_MOST_IN_SECTION); n > ROOM_FOR_FRAME; n -= n / 8)
    {
      g_autofree char *cut = incident_text_cut (text, n);

      if (incident_slack_block_list_add (list, incident_slack_block_plain (cut)))
        return;
    }
}

static void
add_text (IncidentSlackBlockList *list,
          const char             *text)
{
  while (incident_slack_text_is_shown (text))
    {
      g_autofree char *part = NULL;
      gsize length;

      if (g_utf8_strlen (text, -1) <= INCIDENT_SLACK_MOST_IN_SECTION)
        {
          add_rest (list, text);
          return;
        }

      length = find_part (text, INCIDENT_SLACK_MOST_IN_SECTION);
      part = g_strndup (text, length);
      if (incident_slack_block_list_room (list) < 2 * INCIDENT_SLACK_MOST_IN_SECTION
          || (incident_slack_text_is_shown (part)
              && !incident_slack_block_list_add (list, incident_slack_block_plain (part))))
        {
          add_rest (list, text);
          return;
        }
      text += length;
    }
}

/* Fields */

static char *
write_field (const IncidentMessageField *field)
{
  GString *out = g_string_new ("*");

  incident_slack_text_append (out, field->name, MOST_IN_NAME);
  g_string_append (out, "*\n");
  if (incident_slack_text_is_shown (field->value))
    incident_slack_text_append (out, field->value, MOST_IN_FIELD - (gsize) g_utf8_strlen (out->str, -1));
  else
    g_string_append (out, "–");
  return g_string_free (out, FALSE);
}

static char *
write_row (GPtrArray *fields,
           guint      start,
           guint      end)
{
  IncidentJsonWriter writer;

  incident_json_writer_init (&writer, FALSE);
  incident_json_writer_begin_object (&writer);
  incident_json_writer_member (&writer, "type", "section");
  incident_json_writer_name (&writer, "fields");
  incident_json_writer_begin_array (&writer);
  for (guint i = start; i < end; i++)
    {
      g_autofree char *text = write_field (g_ptr_array_index (fields, i));

      incident_slack_write_mrkdwn (&writer, text);
    }
  incident_json_writer_end_array (&writer);
  incident_json_writer_end_object (&writer);
  return incident_json_writer_finish (&writer);
}

/* As many in a block as fit: ten, or one. */
static void
add_fields (IncidentSlackBlockList *list,
            GPtrArray              *fields)
{
  guint i = 0;

  while (i < fields->len)
    {
      guint n = MIN (fields->len - i, MOST_FIELDS);

      while (n > 0 && !incident_slack_block_list_add (list, write_row (fields, i, i + n)))
        n /= 2;
      if (n == 0)
        return;
      i += n;
    }
}

/* Sections */

/* The words of a section that are not in a block yet. */
typedef struct
{
  IncidentSlackBlockList *list;
  GString                *text;
  gsize                   most;  /* what the list may come to */
} Part;

/* In JSON. */
static gsize
measure_line (const char *line)
{
  gsize length = 0;

  for (; *line != '\0'; line = g_utf8_next_char (line))
    length += strchr ("\"\\\n\t", *line) != NULL ? 2 : 1;
  return length;
}

static gboolean
has_room (const Part *part,
          const char *line)
{
  return part->list->length + measure_line (part->text->str) + measure_line (line) + ROOM_FOR_REST + ROOM_FOR_FRAME
         <= part->most;
}

static gboolean
end_part (Part *part)
{
  gboolean is_added = part->text->len == 0
                      || incident_slack_block_list_add (part->list, incident_slack_block_mrkdwn (part->text->str));

  g_string_truncate (part->text, 0);
  return is_added;
}

static gboolean
add_line (Part       *part,
          const char *line)
{
  if (!has_room (part, line))
    return FALSE;
  if (g_utf8_strlen (part->text->str, -1) + g_utf8_strlen (line, -1) >= INCIDENT_SLACK_MOST_IN_SECTION - ROOM_FOR_REST
      && !end_part (part))
    return FALSE;

  if (part->text->len > 0)
    g_string_append_c (part->text, '\n');
  g_string_append (part->text, line);
  return TRUE;
}

static char *
write_line (const char *text)
{
  g_autoptr(GString) line = g_string_new (text);
  GString *out = g_string_new ("• ");

  incident_text_make_line (line);
  incident_slack_text_append (out, line->str, MOST_IN_LINE);
  return g_string_free (out, FALSE);
}

static char *
write_heading (const char *title)
{
  g_autoptr(GString) line = g_string_new (title);
  GString *out = g_string_new ("*");

  incident_text_make_line (line);
  incident_slack_text_append (out, line->str, MOST_IN_TITLE);
  g_string_append_c (out, '*');
  return g_string_free (out, FALSE);
}

/* @most: what the list may come to with it. */
static void
add_section (IncidentSlackBlockList       *list,
             const IncidentMessageSection *section,
             gsize                         most)
{
  Part part = { list, g_string_new (NULL), most };
  guint i;

  if (incident_slack_text_is_shown (section->title))
    {
      g_autofree char *heading = write_heading (section->title);

      add_line (&part, heading);
    }
  for (i = 0; i < section->lines->len; i++)
    {
      g_autofree char *line = NULL;

      if (!incident_slack_text_is_shown (g_ptr_array_index (section->lines, i)))
        continue;
      line = write_line (g_ptr_array_index (section->lines, i));
      if (!add_line (&part, line))
        break;
    }
  if (i < section->lines->len)
    g_string_append_printf (part.text, "%s… and %u more", part.text->len > 0 ? "\n" : "", section->lines->len - i);
  end_part (&part);
  g_string_free (part.text, TRUE);
}

/* What one does not need the next ones have. */
static void
add_sections (IncidentSlackBlockList *list,
              GPtrArray              *sections)
{
  for (guint i = 0; i < sections->len; i++)
    {
      gsize share = incident_slack_block_list_room (list) / (sections->len - i);

      add_section (list, g_ptr_array_index (sections, i), list->length + share);
    }
}

/* All of it */

static void
append_link (GString               *out,
             const IncidentMessage *message,
             gsize                  n_characters)
{
  g_autofree char *label = message->case_id != NULL ? g_strdup_printf ("Open %s", message->case_id) : g_strdup ("Read on");

  incident_slack_text_append_link (out, message->url, label, n_characters);
}

/* What stands at the end whatever else is cut. */
static void
add_end (IncidentSlackBlockList *list,
         const IncidentMessage  *message)
{
  g_autoptr(GString) link = g_string_new (NULL);

  if (message->sections->len > 0 && message->actions->len > 0)
    incident_slack_block_list_add (list, incident_slack_block_divider ());
  incident_slack_add_actions (list, message);
  append_link (link, message, MOST_IN_LINK);
  if (link->len > 0)
    incident_slack_block_list_add (list, incident_slack_block_context (link->str));
}

char *
incident_slack_blocks_write (const IncidentMessage *message)
{
  gboolean is_parted = message->fields->len > 0 || message->sections->len > 0;
  IncidentSlackBlockList list;
  IncidentSlackBlockList end;

  incident_slack_block_list_init (&end, MOST_IN_ALL / 2);
  add_end (&end, message);
  incident_slack_block_list_init (&list, MOST_IN_ALL - end.length);
  list.most_blocks -= end.blocks->len;

  add_title (&list, message);
  if (is_parted)
    {
      add_fields (&list, message->fields);
      add_sections (&list, message->sections);
    }
  else
    {
      add_text (&list, message->text);
    }
  incident_slack_block_list_join (&list, &end);

  if (list.blocks->len == 0)
    {
      incident_slack_block_list_clear (&list);
      return NULL;
    }
  return incident_slack_block_list_finish (&list);
}

/* Title, text and, where that was cut, the link. */
static char *
write_text (const IncidentMessage *message,
            gsize                  n_characters,
            gboolean               has_link)
{
  const char *title = get_title (message);
  gboolean is_said = title != NULL && message->row->kind == INCIDENT_MESSAGE_KIND_PAGE && strstr (message->text, title) != NULL;
  g_autoptr(GString) words = g_string_new (is_said ? NULL : title);
  g_autoptr(GString) link = g_string_new (NULL);
  g_autoptr(GString) out = g_string_new (NULL);
  gsize room = n_characters;

  if (incident_slack_text_is_shown (message->text) && g_strcmp0 (words->str, message->text) != 0)
    g_string_append_printf (words, "%s%s", words->len > 0 ? "\n" : "", message->text);
  append_link (link, message, n_characters / 2);
  incident_slack_text_append (out, words->str, room);
  if (link->len > 0 && (has_link || g_str_has_suffix (out->str, "…")))
    {
      room -= (gsize) g_utf8_strlen (link->str, -1) + 1;
      g_string_truncate (out, 0);
      incident_slack_text_append (out, words->str, room);
      g_string_append_printf (out, "\n%s", link->str);
    }
  if (!incident_slack_text_is_shown (out->str))
    g_string_assign (out, message->case_id != NULL ? message->case_id : "…");
  return g_string_free (g_steal_pointer (&out), FALSE);
}

char *
incident_slack_blocks_text (const IncidentMessage *message)
{
  return write_text (message, MOST_IN_TEXT, FALSE);
}

char *
incident_slack_blocks_plain (const IncidentMessage *message)
{
  return write_text (message, MOST_IN_PLAIN, TRUE);
}

char *
incident_slack_write_metadata (const char *key)
{
  IncidentJsonWriter writer;

  incident_json_writer_init (&writer, FALSE);
  incident_json_writer_begin_object (&writer);
  incident_json_writer_member (&writer, "event_type", INCIDENT_SLACK_EVENT_TYPE);
  incident_json_writer_name (&writer, "event_payload");
  incident_json_writer_begin_object (&writer);
  incident_json_writer_member (&writer, "id", key);
  incident_json_writer_end_object (&writer);
  incident_json_writer_end_object (&writer);
  return incident_json_writer_finish (&writer);
}
