/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "incident-test.h"

#include <string.h>

#include "intake/incident-format-private.h"

/* How bodies of monitoring systems are read: received at 2026-11-23T07:00:00Z. */

#define RECEIVED_AT G_GINT64_CONSTANT (1795417200000000)

static inline IncidentIntakeMessage *
try_to_read (const char            *format,
             const char            *body,
             gsize                  length,
             const IncidentSource  *source,
             GError               **error)
{
  g_autoptr(GBytes) bytes = g_bytes_new (body, length);

  return incident_intake_message_read (bytes, format, "body.json", "monitor", source, RECEIVED_AT, error);
}

static inline IncidentIntakeMessage *
read_body_of (const char           *format,
              const char           *body,
              const IncidentSource *source)
{
  g_autoptr(GError) error = NULL;
  IncidentIntakeMessage *message = try_to_read (format, body, strlen (body), source, &error);

  assert_no_error (error);
  assert_non_null (message);
  return message;
}

static inline char *
load_sample (const char *name,
             gsize      *length)
{
  g_autofree char *path = g_build_filename (g_getenv ("G_TEST_SRCDIR"), "conformance", "intake", name, NULL);
  g_autoptr(GError) error = NULL;
  char *body = NULL;

  g_file_get_contents (path, &body, length, &error);
  assert_no_error (error);
  return body;
}

static inline IncidentIntakeMessage *
read_sample_of (const char           *format,
                const char           *name,
                const IncidentSource *source)
{
  g_autofree char *body = load_sample (name, NULL);

  return read_body_of (format, body, source);
}

static inline IncidentAlert *
get_alert (IncidentIntakeMessage *message,
           guint                  i)
{
  assert_true (i < message->alerts->len);
  return g_ptr_array_index (message->alerts, i);
}

static inline gint64
at (const char *text)
{
  gint64 time = 0;

  assert_true (incident_time_from_string (text, &time, NULL));
  return time;
}

static inline void
assert_refused (IncidentIntakeMessage *message,
                guint                  i,
                const char            *where,
                const char            *what)
{
  const GError *error;

  assert_true (i < message->refused->len);
  error = incident_receipt_get_error (g_ptr_array_index (message->refused, i));
  assert_error (error, INCIDENT_ERROR, INCIDENT_ERROR_INVALID);
  if (g_strcmp0 (incident_error_get_where (error), where) != 0 || strstr (error->message, what) == NULL)
    fail_msg ("expected “%s” at %s, got %s at %s", what, where, error->message, incident_error_get_where (error));
}

/* One item of a body that is one. */
static inline void
assert_item_refused (const char           *format,
                     const char           *body,
                     const IncidentSource *source,
                     const char           *where,
                     const char           *what)
{
  g_autoptr(IncidentIntakeMessage) message = read_body_of (format, body, source);

  assert_int_equal (message->alerts->len, 0);
  assert_int_equal (message->refused->len, 1);
  assert_refused (message, 0, where, what);
}

static inline void
assert_no_message_of (const char           *format,
                      const char           *body,
                      const IncidentSource *source,
                      const char           *where,
                      const char           *what)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(IncidentIntakeMessage) message = try_to_read (format, body, strlen (body), source, &error);

  assert_null (message);
  assert_error (error, INCIDENT_ERROR, INCIDENT_ERROR_INVALID);
  if (g_strcmp0 (incident_error_get_where (error), where) != 0 || strstr (error->message, what) == NULL)
    fail_msg ("expected “%s” at %s, got %s at %s", what, where, error->message, incident_error_get_where (error));
}
