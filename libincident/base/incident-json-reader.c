/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "base/incident-json-walk-private.h"

const IncidentJsonLimits incident_json_default_limits = {
  .size = 1024 * 1024,
  .depth = INCIDENT_JSON_MAX_DEPTH,
  .values = 100000,
  .members = 1024,
  .string = 256 * 1024,
  .number = 400,
};

static gboolean
can_read (IncidentJsonReader *self,
          const char         *function)
{
  if (self->health != INCIDENT_JSON_HEALTHY)
    return FALSE;
  if (!self->expecting)
    return incident_json_walk_fail_order (self, function);
  return TRUE;
}

static gboolean
can_advance (IncidentJsonReader *self,
             gboolean            is_object,
             const char         *function)
{
  if (self->health != INCIDENT_JSON_HEALTHY)
    return FALSE;
  if (self->expecting || self->depth == 0 || self->frames[self->depth - 1].is_object != is_object)
    return incident_json_walk_fail_order (self, function);
  return TRUE;
}

static gboolean
stands_at (IncidentJsonReader *self,
           char                first)
{
  return self->at < self->end && *self->at == first;
}

static gboolean
stands_at_number (IncidentJsonReader *self)
{
  return self->at < self->end && (*self->at == '-' || g_ascii_isdigit (*self->at));
}

IncidentJsonReader *
incident_json_reader_new (const char               *bytes,
                          gsize                     length,
                          const char               *source,
                          const IncidentJsonLimits *limits)
{
  IncidentJsonReader *self;
  g_autofree char *text = NULL;

  g_return_val_if_fail (bytes != NULL || length == 0, NULL);

  self = g_new0 (IncidentJsonReader, 1);
  self->bytes = bytes != NULL ? bytes : "";
  self->end = self->bytes + length;
  self->source = g_strdup (source);
  self->limits = limits != NULL ? *limits : incident_json_default_limits;
  self->limits.depth = MIN (self->limits.depth, INCIDENT_JSON_MAX_DEPTH);
  self->at = self->bytes;
  self->expecting = TRUE;

  if (length > self->limits.size)
    {
      text = g_strdup_printf ("is too large: it has %" G_GSIZE_FORMAT " bytes and can have %" G_GSIZE_FORMAT,
                              length, self->limits.size);
      incident_json_walk_fail (self, INCIDENT_JSON_BROKEN, 0, self->at, text);
    }
  else
    self->at = incident_json_scan_blanks (self->at, self->end);
  self->value = self->at;
  return self;
}

void
incident_json_reader_free (IncidentJsonReader *self)
{
  g_return_if_fail (self != NULL);

  g_clear_error (&self->error);
  g_slist_free_full (self->blocks, g_free);
  g_free (self->names);
  g_free (self->source);
  g_free (self);
}

IncidentJsonType
incident_json_reader_peek (IncidentJsonReader *self)
{
  g_return_val_if_fail (self != NULL, INCIDENT_JSON_NONE);

  if (self->health != INCIDENT_JSON_HEALTHY || !self->expecting)
    return INCIDENT_JSON_NONE;

  return incident_json_walk_classify (self);
}

gboolean
incident_json_reader_enter_object (IncidentJsonReader *self)
{
  g_return_val_if_fail (self != NULL, FALSE);

  if (!can_read (self, G_STRFUNC))
    return FALSE;
  if (!stands_at (self, '{'))
    return incident_json_walk_fail_type (self, INCIDENT_JSON_OBJECT);

  return incident_json_walk_enter (self, TRUE);
}

gboolean
incident_json_reader_next_member (IncidentJsonReader  *self,
                                  const char         **name)
{
  g_return_val_if_fail (self != NULL, FALSE);

  if (name != NULL)
    *name = NULL;
  if (!can_advance (self, TRUE, G_STRFUNC) || !incident_json_walk_advance (self, name != NULL))
    return FALSE;

  if (name != NULL)
    *name = self->names[self->n_names - 1].text;
  return TRUE;
}

gboolean
incident_json_reader_enter_array (IncidentJsonReader *self)
{
  g_return_val_if_fail (self != NULL, FALSE);

  if (!can_read (self, G_STRFUNC))
    return FALSE;
  if (!stands_at (self, '['))
    return incident_json_walk_fail_type (self, INCIDENT_JSON_ARRAY);

  return incident_json_walk_enter (self, FALSE);
}

gboolean
incident_json_reader_next_element (IncidentJsonReader *self)
{
  g_return_val_if_fail (self != NULL, FALSE);

  return can_advance (self, FALSE, G_STRFUNC) && incident_json_walk_advance (self, FALSE);
}

const char *
incident_json_reader_read_string (IncidentJsonReader *self)
{
  const char *start, *close;
  gsize decoded;

  g_return_val_if_fail (self != NULL, NULL);

  if (!can_read (self, G_STRFUNC))
    return NULL;
  if (!stands_at (self, '"'))
    {
      incident_json_walk_fail_type (self, INCIDENT_JSON_STRING);
      return NULL;
    }

  start = self->at + 1;
  close = incident_json_walk_string (self, &decoded);
  if (close == NULL || !incident_json_walk_move (self, close + 1))
    return NULL;
  return incident_json_walk_lend (self, start, close, decoded);
}

gboolean
incident_json_reader_read_int (IncidentJsonReader *self,
                               gint64             *value)
{
  IncidentJsonNumber number;

  g_return_val_if_fail (self != NULL, FALSE);
  g_return_val_if_fail (value != NULL, FALSE);

  if (!can_read (self, G_STRFUNC))
    return FALSE;
  if (!stands_at_number (self))
    return incident_json_walk_fail_type (self, INCIDENT_JSON_INT);
  if (incident_json_walk_number (self, &number) == NULL)
    return FALSE;
  if (!number.whole)
    return incident_json_walk_fail_type (self, INCIDENT_JSON_INT);
  if (!incident_json_walk_move (self, number.end))
    return FALSE;

  *value = number.integer;
  return TRUE;
}

gboolean
incident_json_reader_read_double (IncidentJsonReader *self,
                                  double             *value)
{
  IncidentJsonNumber number;

  g_return_val_if_fail (self != NULL, FALSE);
  g_return_val_if_fail (value != NULL, FALSE);

  if (!can_read (self, G_STRFUNC))
    return FALSE;
  if (!stands_at_number (self))
    return incident_json_walk_fail_type (self, INCIDENT_JSON_DOUBLE);
  if (incident_json_walk_number (self, &number) == NULL)
    return FALSE;
  if (number.whole && !incident_json_number_is_exact (&number))
    return incident_json_walk_fail (self, INCIDENT_JSON_MISREAD, self->depth, self->value,
                                    "must be a number that a double holds exactly: "
                                    "write a fraction if it may be rounded");
  if (!incident_json_walk_move (self, number.end))
    return FALSE;

  *value = incident_json_number_to_double (&number);
  return TRUE;
}

gboolean
incident_json_reader_read_boolean (IncidentJsonReader *self,
                                   gboolean           *value)
{
  const char *end;
  gboolean is_true;

  g_return_val_if_fail (self != NULL, FALSE);
  g_return_val_if_fail (value != NULL, FALSE);

  if (!can_read (self, G_STRFUNC))
    return FALSE;
  is_true = stands_at (self, 't');
  if (!is_true && !stands_at (self, 'f'))
    return incident_json_walk_fail_type (self, INCIDENT_JSON_BOOLEAN);
  end = incident_json_walk_literal (self);
  if (end == NULL || !incident_json_walk_move (self, end))
    return FALSE;

  *value = is_true;
  return TRUE;
}

gboolean
incident_json_reader_read_null (IncidentJsonReader *self)
{
  const char *end;

  g_return_val_if_fail (self != NULL, FALSE);

  if (!can_read (self, G_STRFUNC))
    return FALSE;
  if (!stands_at (self, 'n'))
    return incident_json_walk_fail_type (self, INCIDENT_JSON_NULL);

  end = incident_json_walk_literal (self);
  return end != NULL && incident_json_walk_move (self, end);
}

gboolean
incident_json_reader_skip (IncidentJsonReader *self)
{
  g_return_val_if_fail (self != NULL, FALSE);

  return can_read (self, G_STRFUNC) && incident_json_walk_skip (self);
}

gboolean
incident_json_reader_read_raw (IncidentJsonReader  *self,
                               const char         **start,
                               gsize               *length)
{
  const char *at;

  g_return_val_if_fail (self != NULL, FALSE);
  g_return_val_if_fail (start != NULL, FALSE);
  g_return_val_if_fail (length != NULL, FALSE);

  at = self->at;
  if (!incident_json_reader_skip (self))
    return FALSE;

  *start = at;
  *length = (gsize) (self->at - at);
  return TRUE;
}

gsize
incident_json_reader_get_offset (IncidentJsonReader *self)
{
  g_return_val_if_fail (self != NULL, 0);

  return (gsize) (self->at - self->bytes);
}

void
incident_json_reader_fail (IncidentJsonReader *self,
                           const char         *format,
                           ...)
{
  g_autofree char *text = NULL;
  va_list args;

  g_return_if_fail (self != NULL);
  g_return_if_fail (format != NULL);

  va_start (args, format);
  text = g_strdup_vprintf (format, args);
  va_end (args);
  incident_json_walk_fail (self, INCIDENT_JSON_MISREAD, self->depth, self->value, text);
}

gboolean
incident_json_reader_failed (IncidentJsonReader *self)
{
  g_return_val_if_fail (self != NULL, TRUE);

  return self->health != INCIDENT_JSON_HEALTHY;
}

guint
incident_json_reader_get_depth (IncidentJsonReader *self)
{
  g_return_val_if_fail (self != NULL, 0);

  return self->depth;
}

char *
incident_json_reader_dup_pointer (IncidentJsonReader *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return incident_json_walk_pointer (self, self->depth);
}

gboolean
incident_json_reader_recover (IncidentJsonReader  *self,
                              guint                depth,
                              GError             **error)
{
  g_autoptr(GError) misread = NULL;

  g_return_val_if_fail (self != NULL, FALSE);
  g_return_val_if_fail (error == NULL || *error == NULL, FALSE);
  g_return_val_if_fail (self->health != INCIDENT_JSON_HEALTHY, FALSE);

  if (self->health == INCIDENT_JSON_BROKEN)
    return FALSE;

  misread = g_steal_pointer (&self->error);
  self->health = INCIDENT_JSON_HEALTHY;
  self->recovering = TRUE;
  if (self->expecting)
    incident_json_walk_skip (self);
  while (self->health == INCIDENT_JSON_HEALTHY && self->depth > depth)
    if (incident_json_walk_advance (self, FALSE))
      incident_json_walk_skip (self);
  self->recovering = FALSE;

  /* Broken farther on: that is said, it weighs more. */
  if (self->health != INCIDENT_JSON_HEALTHY)
    return FALSE;

  g_propagate_error (error, g_steal_pointer (&misread));
  return TRUE;
}

static void
check_end (IncidentJsonReader *self)
{
  g_autofree char *found = NULL;
  g_autofree char *text = NULL;

  if (self->depth > 0 || self->expecting)
    {
      incident_json_walk_fail_order (self, "incident_json_reader_finish");
      return;
    }

  self->at = incident_json_scan_blanks (self->at, self->end);
  if (self->at == self->end)
    return;

  found = incident_json_describe (self->at, self->end);
  text = g_strdup_printf ("must be one value and no more: %s follows it", found);
  incident_json_walk_fail (self, INCIDENT_JSON_BROKEN, 0, self->at, text);
}

gboolean
incident_json_reader_finish (IncidentJsonReader  *self,
                             GError             **error)
{
  g_return_val_if_fail (self != NULL, FALSE);
  g_return_val_if_fail (error == NULL || *error == NULL, FALSE);

  if (self->health == INCIDENT_JSON_HEALTHY)
    check_end (self);
  if (self->health == INCIDENT_JSON_HEALTHY)
    return TRUE;

  g_propagate_error (error, g_error_copy (self->error));
  return FALSE;
}
