/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "comms/incident-http-private.h"

#ifdef INCIDENT_WITH_HTTP
# include <libsoup/soup.h>
#endif

#include <string.h>

/* Who asks for more patience than this is not believed: a clock is wrong. */
#define LONGEST_RETRY_AFTER G_TIME_SPAN_DAY

void
incident_http_wipe (char *text)
{
  if (text != NULL)
    explicit_bzero (text, strlen (text));
  g_free (text);
}

IncidentHttpRequest *
incident_http_request_new (const char *method,
                           const char *url)
{
  IncidentHttpRequest *self = g_new0 (IncidentHttpRequest, 1);

  self->method = g_strdup (method);
  self->url = g_strdup (url);
  self->headers = g_ptr_array_new_with_free_func ((GDestroyNotify) incident_http_wipe);
  return self;
}

void
incident_http_request_add_header (IncidentHttpRequest *self,
                                  const char          *name,
                                  const char          *value)
{
  g_ptr_array_add (self->headers, g_strdup (name));
  g_ptr_array_add (self->headers, g_strdup (value));
}

void
incident_http_request_free (IncidentHttpRequest *self)
{
  g_free (self->method);
  incident_http_wipe (self->url);
  g_free (self->content_type);
  g_clear_pointer (&self->body, g_bytes_unref);
  g_ptr_array_unref (self->headers);
  g_free (self);
}

void
incident_http_reply_free (IncidentHttpReply *self)
{
  g_free (self->content_type);
  g_free (self->retry_after);
  g_clear_pointer (&self->body, g_bytes_unref);
  g_free (self);
}

/* INT64_MIN: it is none. */
static gint64
read_date (const char *value)
{
#ifdef INCIDENT_WITH_HTTP
  g_autoptr(GDateTime) date = soup_date_time_new_from_http_string (value);

  if (date != NULL)
    return g_date_time_to_unix (date) * G_USEC_PER_SEC;
#endif
  return G_MININT64;
}

gint64
incident_http_read_retry_after (const char *value,
                                gint64      now)
{
  guint64 seconds;
  gint64 date;

  if (value == NULL)
    return 0;
  if (g_ascii_string_to_unsigned (value, 10, 0, G_MAXUINT64, &seconds, NULL))
    return (gint64) MIN (seconds, LONGEST_RETRY_AFTER / G_USEC_PER_SEC) * G_USEC_PER_SEC;

  date = read_date (value);
  return date > now ? MIN (date - now, LONGEST_RETRY_AFTER) : 0;
}
