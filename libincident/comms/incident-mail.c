/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "comms/incident-mail-private.h"

#include <libincident/incident-error.h>
#include <libincident/incident-text.h>
#include <string.h>

#include "base/incident-error-private.h"
#include "base/incident-text-private.h"

/* RFC 5321, 4.5.3.1, and RFC 2047, 2. */
#define LONGEST_LOCAL   64
#define LONGEST_ADDRESS 254
#define LONGEST_DOMAIN  253
#define LONGEST_LABEL   63
#define LONGEST_LINE    78
/* Of a title in its header: some servers keep no more of it. All of it stands in the text. */
#define LONGEST_TITLE   200
/* “=?UTF-8?B?” and “?=” leave 63 of 75 characters, which are 45 bytes. */
#define BYTES_A_WORD    45

/* Addresses */

gboolean
incident_mail_is_domain (const char *domain)
{
  g_auto(GStrv) labels = NULL;

  if (domain == NULL || *domain == '\0' || strlen (domain) > LONGEST_DOMAIN)
    return FALSE;

  labels = g_strsplit (domain, ".", -1);
  for (guint i = 0; labels[i] != NULL; i++)
    {
      gsize length = strlen (labels[i]);

      if (length == 0 || length > LONGEST_LABEL || labels[i][0] == '-' || labels[i][length - 1] == '-')
        return FALSE;
      if (strspn (labels[i], G_CSET_A_2_Z G_CSET_a_2_z G_CSET_DIGITS "-") != length)
        return FALSE;
    }
  return TRUE;
}

/* A dash at its start would be an option to some. */
gboolean
incident_mail_is_address (const char *address)
{
  const char *at = address != NULL ? strrchr (address, '@') : NULL;
  gsize length;

  if (at == NULL || strlen (address) > LONGEST_ADDRESS || !incident_mail_is_domain (at + 1))
    return FALSE;

  length = (gsize) (at - address);
  if (length == 0 || length > LONGEST_LOCAL || address[0] == '-' || address[0] == '.' || at[-1] == '.')
    return FALSE;

  return strspn (address, G_CSET_A_2_Z G_CSET_a_2_z G_CSET_DIGITS ".!#$%&'*+-/=?^_`{|}~") == length
         && g_strstr_len (address, (gssize) length, "..") == NULL;
}

static gboolean
check_envelope (const IncidentMailEnvelope  *envelope,
                GError                     **error)
{
  const char *addresses[] = { envelope->from, envelope->to };

  for (guint i = 0; i < G_N_ELEMENTS (addresses); i++)
    if (!incident_mail_is_address (addresses[i]))
      {
        g_autofree char *shown = incident_text_for_terminal (addresses[i] != NULL ? addresses[i] : "");

        g_set_error (error, INCIDENT_ERROR, INCIDENT_ERROR_INVALID,
                     "“%s” is no mail address such as ana@example.org", shown);
        return FALSE;
      }
  if (envelope->domain != NULL && !incident_mail_is_domain (envelope->domain))
    {
      g_autofree char *shown = incident_text_for_terminal (envelope->domain);

      g_set_error (error, INCIDENT_ERROR, INCIDENT_ERROR_INVALID, "“%s” is no domain such as example.org", shown);
      return FALSE;
    }

  return TRUE;
}

/* Headers */

/* @value is printable ASCII. It goes into a line of its own where both are too long for one. */
static void
append_header (GString    *out,
               const char *name,
               const char *value)
{
  gboolean is_long = strlen (name) + strlen (": ") + strlen (value) > LONGEST_LINE;

  g_string_append_printf (out, "%s:%s%s\n", name, is_long ? "\n " : " ", value);
}

/* RFC 5322, 3.3; whatever the locale. */
static char *
write_date (gint64 time)
{
  static const char days[][4] = { "Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun" };
  static const char months[][4] = {
    "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
  };
  g_autoptr(GDateTime) utc = g_date_time_new_from_unix_utc (time / G_USEC_PER_SEC);

  return g_strdup_printf ("%s, %02d %s %04d %02d:%02d:%02d +0000", days[g_date_time_get_day_of_week (utc) - 1],
                          g_date_time_get_day_of_month (utc), months[g_date_time_get_month (utc) - 1],
                          g_date_time_get_year (utc), g_date_time_get_hour (utc), g_date_time_get_minute (utc),
                          g_date_time_get_second (utc));
}

/* Characters that turn the direction of what follows, or cannot be seen, make a title look like another one. */
static gboolean
is_shown_in_headers (gunichar character)
{
  GUnicodeType type = g_unichar_type (character);

  /* Joiners make emoji and words of some scripts what they are. */
  if (type == G_UNICODE_FORMAT)
    return character == 0x200c || character == 0x200d;
  return type != G_UNICODE_CONTROL && type != G_UNICODE_LINE_SEPARATOR && type != G_UNICODE_PARAGRAPH_SEPARATOR;
}

/* In one line, not too long. */
static char *
make_shown (const char *text)
{
  g_autoptr(GString) line = g_string_new (text);
  g_autoptr(GString) shown = g_string_new (NULL);
  guint n = 0;

  incident_text_make_line (line);
  for (const char *at = line->str; *at != '\0'; at = g_utf8_next_char (at))
    {
      if (!is_shown_in_headers (g_utf8_get_char (at)))
        continue;
      if (++n > LONGEST_TITLE)
        {
          g_string_append (shown, "…");
          break;
        }
      g_string_append_unichar (shown, g_utf8_get_char (at));
    }
  incident_text_make_line (shown);
  return g_string_free (g_steal_pointer (&shown), FALSE);
}

/* Bytes of whole characters at the start of @text that fit into a word. */
static gsize
measure_word (const char *text)
{
  const char *end = text;

  while (*end != '\0' && g_utf8_next_char (end) - text <= BYTES_A_WORD)
    end = g_utf8_next_char (end);
  return (gsize) (end - text);
}

/* RFC 2047: a reader drops the line ends between the words. */
static void
append_encoded_words (GString    *out,
                      const char *text)
{
  while (*text != '\0')
    {
      gsize length = measure_word (text);
      g_autofree char *word = g_base64_encode ((const guchar *) text, length);

      g_string_append_printf (out, "\n =?UTF-8?B?%s?=", word);
      text += length;
    }
}

/* What looks like an encoded word would be read as one. */
static gboolean
is_plain (const char *text)
{
  for (const char *at = text; *at != '\0'; at++)
    if ((guchar) *at < 0x20 || (guchar) *at >= 0x7f)
      return FALSE;
  return strstr (text, "=?") == NULL;
}

static void
append_subject (GString               *out,
                const IncidentMessage *message)
{
  gboolean has_title = !incident_text_is_blank (message->title);
  g_autofree char *title = make_shown (has_title ? message->title : message->text);
  g_autofree char *prefix = message->case_id != NULL ? g_strdup_printf (" [%s]", message->case_id) : g_strdup ("");

  g_string_append_printf (out, "Subject:%s", prefix);
  if (is_plain (title) && strlen ("Subject: ") + strlen (prefix) + strlen (title) <= LONGEST_LINE)
    g_string_append_printf (out, " %s", title);
  else
    append_encoded_words (out, title);
  g_string_append_c (out, '\n');
}

char *
incident_mail_dup_id (const IncidentMailEnvelope *envelope,
                      const char                 *key)
{
  const char *at = strrchr (envelope->from, '@');

  return g_strdup_printf ("<%s@%s>", key, envelope->domain != NULL ? envelope->domain : at + 1);
}

static void
append_headers (GString                    *out,
                const IncidentMailEnvelope *envelope,
                const IncidentMessage      *message)
{
  g_autofree char *id = incident_mail_dup_id (envelope, message->row->key);
  g_autofree char *date = write_date (envelope->date);

  append_header (out, "From", envelope->from);
  append_header (out, "To", envelope->to);
  append_header (out, "Date", date);
  append_header (out, "Message-ID", id);
  if (message->first_key != NULL && !g_str_equal (message->first_key, message->row->key))
    {
      g_autofree char *first = incident_mail_dup_id (envelope, message->first_key);

      append_header (out, "In-Reply-To", first);
      append_header (out, "References", first);
    }
  append_subject (out, message);
  append_header (out, "Auto-Submitted", "auto-generated");
  append_header (out, "MIME-Version", "1.0");
}

/* Body */

static void
append_base64 (GString    *out,
               const void *bytes,
               gsize       length)
{
  /* With its line ends: see g_base64_encode_step (). */
  gsize most = (length / 3 + 1) * 4 + 4;
  g_autofree char *text = g_malloc (most + most / 72 + 1);
  int state = 0;
  int save = 0;
  gsize n = g_base64_encode_step (bytes, length, TRUE, text, &state, &save);

  n += g_base64_encode_close (TRUE, text + n, &state, &save);
  g_string_append_len (out, text, (gssize) n);
}

/* Words of users, in lines: what else would steer a terminal or a page is left out. */
static void
append_words (GString    *out,
              const char *text)
{
  for (; *text != '\0'; text = g_utf8_next_char (text))
    {
      gunichar character = g_utf8_get_char (text);

      if (character == '\r' && text[1] != '\n')
        g_string_append_c (out, '\n');
      else if (character == '\n' || character == '\t' || !g_unichar_iscntrl (character))
        g_string_append_unichar (out, character);
    }
}

static void
append_line (GString    *out,
             const char *text)
{
  append_words (out, text);
  g_string_append_c (out, '\n');
}

static void
append_fields (GString               *out,
               const IncidentMessage *message)
{
  if (message->fields->len > 0)
    g_string_append_c (out, '\n');
  for (guint i = 0; i < message->fields->len; i++)
    {
      const IncidentMessageField *field = g_ptr_array_index (message->fields, i);

      append_words (out, field->name);
      g_string_append (out, ": ");
      append_line (out, field->value);
    }
}

static void
append_sections (GString               *out,
                 const IncidentMessage *message)
{
  for (guint i = 0; i < message->sections->len; i++)
    {
      const IncidentMessageSection *section = g_ptr_array_index (message->sections, i);

      g_string_append_c (out, '\n');
      append_line (out, section->title);
      for (guint j = 0; j < section->lines->len; j++)
        {
          g_string_append (out, "- ");
          append_line (out, g_ptr_array_index (section->lines, j));
        }
    }
}

static char *
make_text (const IncidentMessage *message)
{
  g_autoptr(GString) out = g_string_new (NULL);

  if (message->title != NULL && !g_str_equal (message->title, message->text))
    {
      append_line (out, message->title);
      g_string_append_c (out, '\n');
    }
  append_line (out, message->text);
  append_fields (out, message);
  append_sections (out, message);
  if (message->url != NULL)
    {
      g_string_append_c (out, '\n');
      append_line (out, message->url);
    }
  return g_string_free (g_steal_pointer (&out), FALSE);
}

static void
append_text_part (GString               *out,
                  const IncidentMessage *message)
{
  g_autofree char *text = make_text (message);

  append_header (out, "Content-Type", "text/plain; charset=utf-8");
  append_header (out, "Content-Transfer-Encoding", "base64");
  g_string_append_c (out, '\n');
  append_base64 (out, text, strlen (text));
}

/* “text/html; charset=utf-8”, and nothing that would need quotes. */
static gboolean
is_media_type (const char *type)
{
  return type != NULL && strlen (type) < LONGEST_LINE / 2
         && g_regex_match_simple ("\\A[a-z0-9.+-]+/[a-z0-9.+-]+(; ?[a-z0-9-]+=[A-Za-z0-9.+-]+)*\\z", type, 0, 0);
}

/* What needs no escape is written as all programs read it; else RFC 2231 in pieces, so that no line grows long. */
static void
append_file_name (GString    *out,
                  const char *name)
{
  g_autofree char *base = g_path_get_basename (name);
  g_autofree char *shown = make_shown (base);
  g_autofree char *escaped = g_uri_escape_string (shown, NULL, FALSE);
  const char *at = escaped;

  g_string_append (out, "Content-Disposition: attachment");
  if (g_str_equal (shown, escaped) && strlen (shown) < LONGEST_LINE / 2)
    {
      g_string_append_printf (out, ";\n filename=\"%s\"\n", shown);
      return;
    }

  for (guint i = 0; *at != '\0'; i++)
    {
      gsize length = MIN (strlen (at), 54);

      /* Not inside of “%C3”. */
      for (guint back = 1; back <= 2 && at[length] != '\0'; back++)
        if (at[length - back] == '%')
          length -= back;
      g_string_append_printf (out, ";\n filename*%u*=%s%.*s", i, i == 0 ? "UTF-8''" : "", (int) length, at);
      at += length;
    }
  g_string_append_c (out, '\n');
}

static void
append_file_part (GString               *out,
                  const IncidentMessage *message)
{
  gsize length;
  gconstpointer bytes = g_bytes_get_data (message->file, &length);

  append_header (out, "Content-Type",
                 is_media_type (message->file_type) ? message->file_type : "application/octet-stream");
  append_header (out, "Content-Transfer-Encoding", "base64");
  append_file_name (out, message->file_name != NULL ? message->file_name : "report");
  g_string_append_c (out, '\n');
  append_base64 (out, bytes, length);
}

/* “_” is no digit of base64, so that no part can hold the boundary. */
static void
append_parts (GString               *out,
              const IncidentMessage *message)
{
  g_autofree char *boundary = g_strdup_printf ("=_%s", message->row->key);

  g_string_append_printf (out, "Content-Type: multipart/mixed;\n boundary=\"%s\"\n\n--%s\n", boundary, boundary);
  append_text_part (out, message);
  g_string_append_printf (out, "\n--%s\n", boundary);
  append_file_part (out, message);
  g_string_append_printf (out, "\n--%s--\n", boundary);
}

GBytes *
incident_mail_write (const IncidentMailEnvelope  *envelope,
                     const IncidentMessage       *message,
                     GError                     **error)
{
  g_autoptr(GString) out = NULL;

  if (!check_envelope (envelope, error))
    return NULL;

  out = g_string_new (NULL);
  append_headers (out, envelope, message);
  if (message->file != NULL)
    append_parts (out, message);
  else
    append_text_part (out, message);
  return g_string_free_to_bytes (g_steal_pointer (&out));
}
