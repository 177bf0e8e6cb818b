/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <libincident/incident-body.h>

#include <libincident/incident-text.h>

#include <string.h>

#include "base/incident-error-private.h"
#include "base/incident-json-reader-private.h"
#include "base/incident-json-writer-private.h"

/* What HTTP puts around a message is taken off, so that formats know one shape each. */

#define EVENT_PREFIX "ce-"
#define FORM_TYPE "application/x-www-form-urlencoded"

/* Without the parameters, in lower case: “application/json; charset=utf-8” is “application/json”. */
static char *
dup_media_type (const char *type)
{
  g_autofree char *media_type = g_ascii_strdown (type != NULL ? type : "", (gssize) strcspn (type != NULL ? type : "", ";"));

  return g_strdup (g_strstrip (media_type));
}

static gboolean
is_json_type (const char *media_type)
{
  return *media_type == '\0' || g_str_has_suffix (media_type, "/json") || g_str_has_suffix (media_type, "+json");
}

static gboolean
is_text_type (const char *media_type)
{
  return g_str_has_prefix (media_type, "text/") || g_str_has_suffix (media_type, "/xml") || g_str_has_suffix (media_type, "+xml");
}

/* The byte that “%xy” stands for, or -1. */
static int
read_escape (const char *at)
{
  int high = g_ascii_xdigit_value (at[1]);
  int low = high < 0 ? -1 : g_ascii_xdigit_value (at[2]);

  return low < 0 ? -1 : high * 16 + low;
}

static gboolean
fail_header (GError     **error,
             const char  *name,
             const char  *why)
{
  incident_set_error_at (error, INCIDENT_ERROR_INVALID, name, "The header “%s” %s", name, why);
  return FALSE;
}

/* Older versions of the standard quoted what has blanks. NULL: the quotes do not match. */
static char *
unquote (const char *value)
{
  GString *plain = g_string_new (NULL);
  gboolean quoted = FALSE;

  for (const char *at = value; *at != '\0'; at++)
    {
      if (*at == '"')
        quoted = !quoted;
      else if (quoted && *at == '\\' && at[1] != '\0')
        g_string_append_c (plain, *++at);
      else
        g_string_append_c (plain, *at);
    }

  return g_string_free (plain, quoted);
}

static gboolean
has_control (const char *text)
{
  for (const char *at = text; *at != '\0'; at = g_utf8_next_char (at))
    if (g_unichar_iscntrl (g_utf8_get_char (at)))
      return TRUE;

  return FALSE;
}

/* The value of an attribute as it was before it went into a header. */
static char *
decode_attribute (const char  *name,
                  const char  *value,
                  GError     **error)
{
  g_autofree char *plain = unquote (value);
  g_autoptr(GString) decoded = g_string_new (NULL);

  if (plain == NULL)
    {
      fail_header (error, name, "has a quote without its other half");
      return NULL;
    }

  for (const char *at = plain; *at != '\0'; at++)
    {
      int byte = *at == '%' ? read_escape (at) : (guchar) *at;

      if (byte < 0)
        {
          fail_header (error, name, "has a percent sign without two hexadecimal digits");
          return NULL;
        }
      at += *at == '%' ? 2 : 0;
      g_string_append_c (decoded, (char) byte);
    }

  if (!g_utf8_validate_len (decoded->str, decoded->len, NULL) || has_control (decoded->str))
    {
      fail_header (error, name, "is not UTF-8 without control characters");
      return NULL;
    }

  return g_strdup (decoded->str);
}

static gboolean
is_attribute (const char *header)
{
  const char *name = g_str_has_prefix (header, EVENT_PREFIX) ? header + strlen (EVENT_PREFIX) : "";

  if (*name == '\0' || g_str_equal (name, "data") || g_str_equal (name, "datacontenttype"))
    return FALSE;

  return strspn (name, "abcdefghijklmnopqrstuvwxyz0123456789") == strlen (name);
}

static gboolean
write_attributes (IncidentJsonWriter  *writer,
                  GHashTable          *headers,
                  GError             **error)
{
  g_autoptr(GList) names = g_list_sort (g_hash_table_get_keys (headers), (GCompareFunc) strcmp);

  for (GList *at = names; at != NULL; at = at->next)
    {
      const char *name = at->data;
      g_autofree char *value = NULL;

      if (!is_attribute (name))
        continue;

      value = decode_attribute (name, g_hash_table_lookup (headers, name), error);
      if (value == NULL)
        return FALSE;
      incident_json_writer_member (writer, name + strlen (EVENT_PREFIX), value);
    }

  return TRUE;
}

/* JSON stays as it is; it must be one value and no more, so that nothing slips out of “data”. */
static gboolean
write_json_data (IncidentJsonWriter  *writer,
                 const char          *data,
                 gsize                length,
                 GError             **error)
{
  g_autoptr(IncidentJsonReader) reader = incident_json_reader_new (data, length, NULL, NULL);
  g_autofree char *text = NULL;

  incident_json_reader_skip (reader);
  if (!incident_json_reader_finish (reader, error))
    return FALSE;

  text = g_strndup (data, length);
  incident_json_writer_name (writer, "data");
  incident_json_writer_raw (writer, text);
  return TRUE;
}

static gboolean
write_data (IncidentJsonWriter  *writer,
            const char          *media_type,
            GBytes              *body,
            GError             **error)
{
  gsize length;
  const char *data = g_bytes_get_data (body, &length);
  g_autofree char *text = NULL;

  if (length == 0)
    return TRUE;
  if (is_json_type (media_type))
    return write_json_data (writer, data, length, error);

  if (is_text_type (media_type) && g_utf8_validate_len (data, length, NULL))
    {
      text = g_strndup (data, length);
      incident_json_writer_member (writer, "data", text);
      return TRUE;
    }

  text = g_base64_encode ((const guchar *) data, length);
  incident_json_writer_member (writer, "data_base64", text);
  return TRUE;
}

/* An event in binary mode becomes what it would be in structured mode. */
static GBytes *
read_event (GHashTable  *headers,
            const char  *type,
            GBytes      *body,
            GError     **error)
{
  g_autofree char *media_type = dup_media_type (type);
  g_autofree char *event = NULL;
  IncidentJsonWriter writer;
  gboolean written;
  gsize length;

  incident_json_writer_init (&writer, FALSE);
  incident_json_writer_begin_object (&writer);
  written = write_attributes (&writer, headers, error);
  if (written && type != NULL)
    {
      if (g_utf8_validate (type, -1, NULL) && !has_control (type))
        incident_json_writer_member (&writer, "datacontenttype", type);
      else
        written = fail_header (error, "content-type", "is not UTF-8 without control characters");
    }
  written = written && write_data (&writer, media_type, body, error);
  incident_json_writer_end_object (&writer);
  event = incident_json_writer_finish (&writer);
  if (!written)
    return NULL;

  length = strlen (event);
  return g_bytes_new_take (g_steal_pointer (&event), length);
}

/* Bytes that are no UTF-8 are shown as such: what a plugin printed must not cost the alert. */
static char *
decode_form_text (const char  *start,
                  const char  *end,
                  GError     **error)
{
  g_autoptr(GString) decoded = g_string_new (NULL);

  for (const char *at = start; at < end; at++)
    {
      int byte = *at == '%' && end - at > 2 ? read_escape (at) : -1;

      g_string_append_c (decoded, byte >= 0 ? (char) byte : *at == '+' ? ' ' : *at);
      at += byte >= 0 ? 2 : 0;
    }

  if (memchr (decoded->str, '\0', decoded->len) != NULL)
    {
      incident_set_error_at (error, INCIDENT_ERROR_INVALID, "", "A form cannot hold a byte of value 0");
      return NULL;
    }

  return g_utf8_make_valid (decoded->str, (gssize) decoded->len);
}

typedef struct
{
  GPtrArray  *texts;  /* names and values by turns */
  GHashTable *names;  /* a set */
} Form;

static void
form_clear (Form *form)
{
  g_ptr_array_unref (form->texts);
  g_hash_table_unref (form->names);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Form, form_clear)

static gboolean
add_field (Form        *form,
           const char  *start,
           const char  *end,
           GError     **error)
{
  const char *equals = memchr (start, '=', (gsize) (end - start));
  g_autofree char *name = decode_form_text (start, equals != NULL ? equals : end, error);
  g_autofree char *value = name != NULL ? decode_form_text (equals != NULL ? equals + 1 : end, end, error) : NULL;

  if (value == NULL)
    return FALSE;
  if (g_hash_table_contains (form->names, name))
    {
      g_autofree char *shown = incident_text_for_terminal (name);

      incident_set_error_at (error, INCIDENT_ERROR_INVALID, shown, "The form has the field “%s” twice", shown);
      return FALSE;
    }

  g_hash_table_add (form->names, name);
  g_ptr_array_add (form->texts, g_steal_pointer (&name));
  g_ptr_array_add (form->texts, g_steal_pointer (&value));
  return TRUE;
}

static GBytes *
form_to_body (Form *form)
{
  g_autofree char *document = NULL;
  IncidentJsonWriter writer;
  gsize length;

  if (form->texts->len == 2 && g_str_equal (g_ptr_array_index (form->texts, 0), "payload"))
    {
      const char *payload = g_ptr_array_index (form->texts, 1);

      return g_bytes_new (payload, strlen (payload));
    }

  incident_json_writer_init (&writer, FALSE);
  incident_json_writer_begin_object (&writer);
  for (guint i = 0; i < form->texts->len; i += 2)
    incident_json_writer_member (&writer, g_ptr_array_index (form->texts, i), g_ptr_array_index (form->texts, i + 1));
  incident_json_writer_end_object (&writer);
  document = incident_json_writer_finish (&writer);
  length = strlen (document);
  return g_bytes_new_take (g_steal_pointer (&document), length);
}

/* Some programs, curl first of all, call everything a form. In one, no brace and no
 * bracket would be left as it is. */
static gboolean
looks_like_json (GBytes *body)
{
  gsize length;
  const char *bytes = g_bytes_get_data (body, &length);
  const char *at = length > 0 ? bytes : "";
  const char *end = at + length;

  while (at < end && g_ascii_isspace (*at))
    at++;
  return at < end && (*at == '{' || *at == '[');
}

static GBytes *
read_form (GBytes  *body,
           GError **error)
{
  gsize length;
  const char *bytes = g_bytes_get_data (body, &length);
  const char *at = length > 0 ? bytes : "";
  const char *end = at + length;
  g_auto(Form) form = { g_ptr_array_new_with_free_func (g_free), g_hash_table_new (g_str_hash, g_str_equal) };

  while (at < end)
    {
      const char *next = memchr (at, '&', (gsize) (end - at));
      const char *stop = next != NULL ? next : end;

      if (stop > at && !add_field (&form, at, stop, error))
        return NULL;
      at = next != NULL ? next + 1 : end;
    }

  return form_to_body (&form);
}

/**
 * incident_body_from_http:
 * @headers: (element-type utf8 utf8): the headers of the request, by their names in
 *   lower case
 * @body: what came with them
 * @error: return location for an error
 *
 * Takes off what HTTP puts around a message, for [method@Desk.ingest].
 *
 * | the request | becomes |
 * |---|---|
 * | a CloudEvent in binary mode (`ce-specversion` and its kin are headers) | the event in JSON: `data` is the body as it is where it is JSON, a string where it is text, else `data_base64` |
 * | `application/x-www-form-urlencoded` with one field, `payload` | what that field says |
 * | any other form | an object with a string for each field |
 * | what is called a form, but begins as JSON does | what it is, as all else |
 * | all else | what it is: the same @body |
 *
 * Any thread may call this.
 *
 * Returns: (transfer full): the message; or %NULL with @error set to
 *   %INCIDENT_ERROR_INVALID, naming the header or the field
 *
 * Since: 0.1
 */
GBytes *
incident_body_from_http (GHashTable  *headers,
                         GBytes      *body,
                         GError     **error)
{
  const char *type;
  g_autofree char *media_type = NULL;

  g_return_val_if_fail (headers != NULL, NULL);
  g_return_val_if_fail (body != NULL, NULL);
  g_return_val_if_fail (error == NULL || *error == NULL, NULL);

  type = g_hash_table_lookup (headers, "content-type");
  media_type = dup_media_type (type);
  if (g_str_has_prefix (media_type, "application/cloudevents"))
    return g_bytes_ref (body);
  if (g_hash_table_contains (headers, EVENT_PREFIX "specversion"))
    return read_event (headers, type, body, error);
  if (g_str_equal (media_type, FORM_TYPE) && !looks_like_json (body))
    return read_form (body, error);

  return g_bytes_ref (body);
}
