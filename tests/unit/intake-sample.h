/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "incident-test.h"

#include <string.h>

#include "base/incident-time-private.h"
#include "intake/incident-alert-private.h"
#include "intake/incident-format-private.h"

/* 2026-11-23T07:00:00Z, when all bodies of tests/conformance/intake begin to fire. */
#define SAMPLE_TIME     G_GINT64_CONSTANT (1795417200000000)
#define SAMPLE_RECEIVED (SAMPLE_TIME + 2 * G_USEC_PER_SEC)

static inline GBytes *
sample_load (const char *name)
{
  g_autofree char *path = g_build_filename (g_getenv ("G_TEST_SRCDIR"), "conformance", name, NULL);
  char *contents;
  gsize length;

  if (!g_file_get_contents (path, &contents, &length, NULL))
    fail_msg ("there is no %s", path);
  return g_bytes_new_take (contents, length);
}

static inline IncidentIntakeMessage *
sample_try (GBytes *body, const char *format, const IncidentSource *source, GError **error)
{
  return incident_intake_message_read (body, format, "body", "sender", source, SAMPLE_RECEIVED, error);
}

/* The slice says the same again; the credentials are no longer in it. */
static inline void
sample_check_slice (IncidentIntakeMessage *message, IncidentAlert *alert, const IncidentSource *source)
{
  const char *raw = g_bytes_get_data (message->raw, NULL);
  g_autoptr(IncidentAlert) again = NULL;

  assert_true ((gsize) alert->raw_start + alert->raw_length <= g_bytes_get_size (message->raw));
  again = incident_intake_read_slice (message->format->name, raw + alert->raw_start, alert->raw_length, "sender", source,
                                      message->received_at);
  assert_non_null (again);
  if (!g_str_equal (message->format->name, "pagerduty"))
    assert_string_equal (again->key, alert->key);
  assert_string_equal (again->episode, alert->has_episode ? alert->episode : again->episode);
  assert_string_equal (again->name, alert->name);
  assert_int_equal (again->status, alert->status);
  assert_true (again->starts_at == alert->starts_at && again->told_at == alert->told_at);
  assert_int_equal (again->annotations.n, alert->annotations.n);
  for (guint i = 0; i < alert->annotations.n; i++)
    assert_string_equal (again->annotations.labels[i].value, alert->annotations.labels[i].value);
  assert_int_equal (again->labels.n, alert->labels.n);
  for (guint i = 0; i < alert->labels.n; i++)
    {
      assert_string_equal (again->labels.labels[i].name, alert->labels.labels[i].name);
      assert_string_equal (again->labels.labels[i].value, alert->labels.labels[i].value);
    }
}

static inline IncidentIntakeMessage *
sample_read_bytes (GBytes *body, const char *format, const IncidentSource *source)
{
  g_autoptr(GError) error = NULL;
  IncidentIntakeMessage *message = sample_try (body, format, source, &error);

  assert_no_error (error);
  assert_non_null (message);
  for (guint i = 0; i < message->alerts->len; i++)
    sample_check_slice (message, g_ptr_array_index (message->alerts, i), source);
  return message;
}

/* It looks like @format and like no other. */
static inline void
sample_check_looks (GBytes *body, const char *format)
{
  gsize length;
  const char *bytes = g_bytes_get_data (body, &length);
  g_autoptr(IncidentTree) tree = incident_tree_new (bytes, length, NULL, NULL);
  IncidentNode *root = tree != NULL ? incident_tree_get_root (tree) : NULL;

  for (guint i = 0; incident_formats[i] != NULL; i++)
    if (incident_formats[i]->recognise != NULL
        && incident_formats[i]->recognise (root, bytes, length) != g_str_equal (incident_formats[i]->name, format))
      fail_msg ("%s and the format %s: %s", format, incident_formats[i]->name, bytes);
}

/* A file of tests/conformance. */
static inline IncidentIntakeMessage *
sample_read_with (const char *name, const char *format, const IncidentSource *source)
{
  g_autoptr(GBytes) body = sample_load (name);

  sample_check_looks (body, format);
  return sample_read_bytes (body, NULL, source);
}

static inline IncidentIntakeMessage *
sample_read (const char *name, const char *format)
{
  return sample_read_with (name, format, NULL);
}

static inline IncidentIntakeMessage *
sample_read_text (const char *text, const char *format)
{
  g_autoptr(GBytes) body = g_bytes_new (text, strlen (text));

  return sample_read_bytes (body, format, NULL);
}

static inline IncidentAlert *
sample_get (IncidentIntakeMessage *message, guint i)
{
  assert_true (i < message->alerts->len);
  return g_ptr_array_index (message->alerts, i);
}

static inline IncidentAlertStatus
sample_get_status (const char *text, const char *format)
{
  g_autoptr(IncidentIntakeMessage) message = sample_read_text (text, format);

  return sample_get (message, 0)->status;
}

/* The body is refused at @where, in words that begin with (place and) @message. */
static inline void
sample_refuse (const char *text, const char *format, const char *where, const char *expected)
{
  g_autoptr(GBytes) body = g_bytes_new (text, strlen (text));
  g_autoptr(GError) error = NULL;
  g_autoptr(IncidentIntakeMessage) message = sample_try (body, format, NULL, &error);

  assert_null (message);
  assert_error (error, INCIDENT_ERROR, INCIDENT_ERROR_INVALID);
  assert_string_equal (incident_error_get_where (error), where);
  if (strstr (error->message, expected) == NULL)
    fail_msg ("“%s” is not in “%s”", expected, error->message);
}

static inline void
sample_assert_label (IncidentAlert *alert, const char *name, const char *value)
{
  const char *found = incident_alert_get_label (alert, name);

  if (g_strcmp0 (found, value) != 0)
    fail_msg ("the label %s is “%s”, not “%s”", name, found != NULL ? found : "(none)", value != NULL ? value : "(none)");
}

static inline void
sample_assert_annotation (IncidentAlert *alert, const char *name, const char *value)
{
  const char *found = incident_alert_get_annotation (alert, name);

  if (g_strcmp0 (found, value) != 0)
    fail_msg ("the annotation %s is “%s”, not “%s”", name, found != NULL ? found : "(none)", value != NULL ? value : "(none)");
}

/* Hostile bodies */

static inline gboolean
sample_is_near (const char *a, const char *b)
{
  gsize length = MIN (strlen (a), strlen (b));

  return strncmp (a, b, length) == 0;
}

/* What was changed is taken, or the place of the change is told. */
static inline void
sample_check_hostile (GBytes *body, const char *format, const char *pointer)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(IncidentIntakeMessage) message = sample_try (body, format, NULL, &error);

  if (message == NULL)
    {
      assert_error (error, INCIDENT_ERROR, INCIDENT_ERROR_INVALID);
      assert_non_null (incident_error_get_where (error));
      if (!sample_is_near (incident_error_get_where (error), pointer))
        fail_msg ("%s was changed, but: %s", pointer, error->message);
      return;
    }

  assert_true (error == NULL);
  for (guint i = 0; i < message->alerts->len; i++)
    {
      IncidentAlert *alert = g_ptr_array_index (message->alerts, i);

      assert_true (*alert->key != '\0' && strlen (alert->key) <= INCIDENT_MAX_ALERT_KEY);
      assert_true (*alert->name != '\0');
      for (guint j = 1; j < alert->labels.n; j++)
        assert_true (strcmp (alert->labels.labels[j - 1].name, alert->labels.labels[j].name) < 0);
      for (guint j = 1; j < alert->annotations.n; j++)
        assert_true (strcmp (alert->annotations.labels[j - 1].name, alert->annotations.labels[j].name) < 0);
    }
}

static inline void
sample_change (GBytes *body, const char *format, IncidentNode *node)
{
  static const char * const others[] = {
    "null", "true", "7", "-1.5", "\"\"", "\"  \"", "\"$UNSET\"", "\"{$UNSET}\"", "\"*UNKNOWN*\"", "\"2026-11-23T07:00:00\"",
    "\"\\u0007\\n\"", "[]", "[[],{},null,1]", "{}", "{\"a\":[1]}",
  };
  gsize length;
  const char *bytes = g_bytes_get_data (body, &length);
  gsize start = node->offset;
  g_autoptr(IncidentJsonReader) reader = incident_json_reader_new (bytes + start, length - start, NULL, NULL);
  g_autofree char *pointer = incident_node_dup_pointer (node);
  gsize end;

  incident_json_reader_skip (reader);
  end = start + incident_json_reader_get_offset (reader);
  for (guint i = 0; i < G_N_ELEMENTS (others); i++)
    {
      g_autofree char *changed = g_strdup_printf ("%.*s%s%.*s", (int) start, bytes, others[i], (int) (length - end), bytes + end);
      g_autoptr(GBytes) other = g_bytes_new_static (changed, strlen (changed));

      sample_check_hostile (other, format, pointer);
    }
  for (guint i = 0; i < incident_node_get_length (node); i++)
    sample_change (body, format, incident_node_get_child (node, i));
}

/* Each value of a body of JSON becomes one of every other kind; and the body ends at each byte. */
static inline void
sample_change_all (const char *name, const char *format)
{
  g_autoptr(GBytes) body = sample_load (name);
  const char *bytes = g_bytes_get_data (body, NULL);
  g_autoptr(IncidentTree) tree = incident_tree_new (bytes, g_bytes_get_size (body), NULL, NULL);

  assert_non_null (tree);
  sample_change (body, format, incident_tree_get_root (tree));
  for (gsize i = 0; i + 2 < g_bytes_get_size (body); i++)
    {
      g_autoptr(GBytes) part = g_bytes_new (bytes, i);
      g_autoptr(GError) error = NULL;
      g_autoptr(IncidentIntakeMessage) message = sample_try (part, format, NULL, &error);

      assert_null (message);
      assert_error (error, INCIDENT_ERROR, INCIDENT_ERROR_INVALID);
    }
}
