/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "incident-serve.h"

#include <json-glib/json-glib.h>
#include <string.h>

/* When those that were turned away for want of room or store shall come again. */
#define RETRY_AFTER "5"

void
answer_clear (Answer *self)
{
  g_clear_pointer (&self->body, g_free);
  g_clear_pointer (&self->why, g_free);
}

void
answer_set (Answer     *self,
            guint       status,
            const char *type,
            char       *body)
{
  answer_clear (self);
  self->status = status;
  self->type = type;
  self->body = body;
}

static char *
builder_to_text (JsonBuilder *builder)
{
  g_autoptr(JsonGenerator) generator = json_generator_new ();
  g_autoptr(JsonNode) root = json_builder_get_root (builder);

  json_generator_set_root (generator, root);
  return json_generator_to_data (generator, NULL);
}

static void
add_member (JsonBuilder *builder,
            const char  *name,
            const char  *value)
{
  g_autofree char *valid = value != NULL ? g_utf8_make_valid (value, -1) : NULL;

  json_builder_set_member_name (builder, name);
  if (valid != NULL)
    json_builder_add_string_value (builder, valid);
  else
    json_builder_add_null_value (builder);
}

/* Names and texts by turns, then NULL. */
char *
answer_object (const char *name,
               ...)
{
  g_autoptr(JsonBuilder) builder = json_builder_new ();
  va_list rest;

  json_builder_begin_object (builder);
  va_start (rest, name);
  for (; name != NULL; name = va_arg (rest, const char *))
    add_member (builder, name, va_arg (rest, const char *));
  va_end (rest);
  json_builder_end_object (builder);
  return builder_to_text (builder);
}

void
answer_set_error (Answer     *self,
                  guint       status,
                  const char *code,
                  const char *message,
                  const char *where)
{
  g_autofree char *error = answer_object ("code", code, "message", message, "where", where, NULL);

  answer_set (self, status, "application/json", g_strdup_printf ("{\"error\":%s}", error));
  self->why = g_strdup (code);
}

gboolean
answer_is_trouble (const GError *error)
{
  return !g_error_matches (error, INCIDENT_ERROR, INCIDENT_ERROR_INVALID)
         && !g_error_matches (error, INCIDENT_ERROR, INCIDENT_ERROR_REFUSED)
         && !g_error_matches (error, INCIDENT_ERROR, INCIDENT_ERROR_NOT_FOUND);
}

static guint
status_of (const GError *error,
           gboolean      is_known)
{
  if (answer_is_trouble (error))
    return SOUP_STATUS_SERVICE_UNAVAILABLE;
  if (g_error_matches (error, INCIDENT_ERROR, INCIDENT_ERROR_REFUSED))
    return is_known ? SOUP_STATUS_FORBIDDEN : SOUP_STATUS_UNAUTHORIZED;
  if (g_strcmp0 (incident_error_get_where (error), "format") == 0)
    return SOUP_STATUS_NOT_FOUND;

  return SOUP_STATUS_BAD_REQUEST;
}

void
answer_set_failure (Answer       *self,
                    const GError *error,
                    gboolean      is_known)
{
  const char *code = error->domain == INCIDENT_ERROR ? incident_error_to_string ((IncidentError) error->code) : "failed";

  answer_set_error (self, status_of (error, is_known), code, error->message, incident_error_get_where (error));
  /* What ails the store is told in no words of a sender's. */
  if (answer_is_trouble (error))
    {
      g_free (self->why);
      self->why = g_strdup_printf ("%s: %s", code, error->message);
    }
}

typedef void (*AddHeader) (const char *name,
                           const char *value,
                           gpointer    data);

static void
list_headers (const Answer *self,
              AddHeader     add,
              gpointer      data)
{
  add ("Cache-Control", "no-store", data);
  add ("X-Content-Type-Options", "nosniff", data);
  /* Some addresses are secrets. */
  add ("Referrer-Policy", "no-referrer", data);
  /* libsoup 3.2 forgets connections that wait for a further request, and never closes
   * them, so there is one request a connection. */
  add ("Connection", "close", data);
  if (self->body != NULL)
    add ("Content-Type", self->type, data);
  if (self->allow != NULL)
    add ("Allow", self->allow, data);
  if (self->status == SOUP_STATUS_UNAUTHORIZED)
    add ("WWW-Authenticate", "Bearer realm=\"incident\"", data);
  if (self->status == SOUP_STATUS_SERVICE_UNAVAILABLE)
    add ("Retry-After", RETRY_AFTER, data);
}

static void
add_to_message (const char *name,
                const char *value,
                gpointer    data)
{
  soup_message_headers_replace (data, name, value);
}

void
answer_write (const Answer      *self,
              SoupServerMessage *message)
{
  soup_server_message_set_status (message, self->status, NULL);
  if (self->body != NULL)
    soup_server_message_set_response (message, self->type, SOUP_MEMORY_COPY, self->body, strlen (self->body));
  list_headers (self, add_to_message, soup_server_message_get_response_headers (message));
}

static void
add_to_text (const char *name,
             const char *value,
             gpointer    data)
{
  g_string_append_printf (data, "%s: %s\r\n", name, value);
}

char *
answer_to_http (const Answer *self)
{
  const char *body = self->body != NULL ? self->body : "";
  GString *text = g_string_new (NULL);

  g_string_append_printf (text, "HTTP/1.1 %u %s\r\n", self->status, soup_status_get_phrase (self->status));
  list_headers (self, add_to_text, text);
  g_string_append_printf (text, "Content-Length: %" G_GSIZE_FORMAT "\r\n\r\n%s", strlen (body), body);
  return g_string_free (text, FALSE);
}
