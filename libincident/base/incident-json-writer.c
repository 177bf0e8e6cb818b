/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "base/incident-json-writer-private.h"

#include <math.h>
#include <string.h>

#include "base/incident-text-private.h"
#include "base/incident-time-private.h"

/* As many levels as there are bits to remember them. */
#define MAX_DEPTH 64

static guint64
innermost (IncidentJsonWriter *self)
{
  return G_GUINT64_CONSTANT (1) << (self->depth - 1);
}

static gboolean
is_in_object (IncidentJsonWriter *self)
{
  return self->depth > 0 && (self->objects & innermost (self)) != 0;
}

static void
break_line (IncidentJsonWriter *self,
            guint               depth)
{
  /* A line end and two blanks a level. */
  static const char indent[] =
    "\n                                                                "
    "                                                                ";

  G_STATIC_ASSERT (sizeof indent == 1 + 2 * MAX_DEPTH + 1);

  if (self->pretty)
    incident_text_append_len (self->out, indent, 1 + 2 * depth);
}

/* Before a member or an element. */
static void
separate (IncidentJsonWriter *self)
{
  if (self->depth == 0)
    {
      /* A document is one value. */
      g_assert (self->out->len == 0);
      return;
    }

  if ((self->filled & innermost (self)) != 0)
    g_string_append_c (self->out, ',');
  self->filled |= innermost (self);
  break_line (self, self->depth);
}

static void
before_value (IncidentJsonWriter *self)
{
  g_assert (self->out != NULL);

  if (is_in_object (self))
    {
      g_assert (self->named);
      self->named = FALSE;
    }
  else
    separate (self);
}

static void
begin (IncidentJsonWriter *self,
       gboolean            is_object)
{
  before_value (self);
  g_assert (self->depth < MAX_DEPTH);

  g_string_append_c (self->out, is_object ? '{' : '[');
  self->depth++;
  self->filled &= ~innermost (self);
  if (is_object)
    self->objects |= innermost (self);
  else
    self->objects &= ~innermost (self);
}

static void
end (IncidentJsonWriter *self,
     gboolean            is_object)
{
  g_assert (self->out != NULL);
  g_assert (self->depth > 0);
  g_assert (is_in_object (self) == is_object);
  g_assert (!self->named);

  if ((self->filled & innermost (self)) != 0)
    break_line (self, self->depth - 1);
  self->depth--;
  g_string_append_c (self->out, is_object ? '}' : ']');
}

static void
append_escaped (GString *out,
                guchar   byte)
{
  switch (byte)
    {
    case '"':
      g_string_append (out, "\\\"");
      break;
    case '\\':
      g_string_append (out, "\\\\");
      break;
    case '\b':
      g_string_append (out, "\\b");
      break;
    case '\f':
      g_string_append (out, "\\f");
      break;
    case '\n':
      g_string_append (out, "\\n");
      break;
    case '\r':
      g_string_append (out, "\\r");
      break;
    case '\t':
      g_string_append (out, "\\t");
      break;
    default:
      g_string_append_printf (out, "\\u%04x", (guint) byte);
    }
}

/* ASCII that stands in a string as it is. */
static inline gboolean
is_plain (char byte)
{
  return (guchar) byte >= 0x20 && (guchar) byte < 0x80 && byte != '"' && byte != '\\';
}

static void
append_string (GString    *out,
               const char *text)
{
  const char *plain = text;
  const char *at = text;
  gboolean valid = FALSE;

  g_string_append_c (out, '"');
  for (;;)
    {
      while (is_plain (*at))
        at++;
      if ((guchar) *at >= 0x80)
        {
          /* Of ASCII it need not be asked. */
          g_assert (valid || g_utf8_validate (at, -1, NULL));
          valid = TRUE;
          at++;
          continue;
        }
      incident_text_append_len (out, plain, (gsize) (at - plain));
      if (*at == '\0')
        break;
      append_escaped (out, (guchar) *at);
      plain = ++at;
    }
  g_string_append_c (out, '"');
}

void
incident_json_writer_init (IncidentJsonWriter *self,
                           gboolean            pretty)
{
  g_return_if_fail (self != NULL);

  memset (self, 0, sizeof *self);
  self->out = g_string_sized_new (128);
  self->pretty = pretty;
}

void
incident_json_writer_make_room (IncidentJsonWriter *self,
                                gsize               n_bytes)
{
  gsize length;

  g_return_if_fail (self != NULL);

  length = self->out->len;
  g_string_set_size (self->out, length + n_bytes);
  g_string_truncate (self->out, length);
}

void
incident_json_writer_begin_object (IncidentJsonWriter *self)
{
  g_return_if_fail (self != NULL);

  begin (self, TRUE);
}

void
incident_json_writer_end_object (IncidentJsonWriter *self)
{
  g_return_if_fail (self != NULL);

  end (self, TRUE);
}

void
incident_json_writer_begin_array (IncidentJsonWriter *self)
{
  g_return_if_fail (self != NULL);

  begin (self, FALSE);
}

void
incident_json_writer_end_array (IncidentJsonWriter *self)
{
  g_return_if_fail (self != NULL);

  end (self, FALSE);
}

void
incident_json_writer_name (IncidentJsonWriter *self,
                           const char         *name)
{
  g_return_if_fail (self != NULL);
  g_return_if_fail (name != NULL);

  g_assert (self->out != NULL);
  g_assert (is_in_object (self));
  g_assert (!self->named);

  separate (self);
  append_string (self->out, name);
  incident_text_append_len (self->out, ": ", self->pretty ? 2 : 1);
  self->named = TRUE;
}

void
incident_json_writer_string (IncidentJsonWriter *self,
                             const char         *value)
{
  g_return_if_fail (self != NULL);

  before_value (self);
  if (value != NULL)
    append_string (self->out, value);
  else
    incident_text_append_constant (self->out, "null");
}

void
incident_json_writer_int (IncidentJsonWriter *self,
                          gint64              value)
{
  g_return_if_fail (self != NULL);

  before_value (self);
  if (value < 0)
    g_string_append_c (self->out, '-');
  incident_text_append_number (self->out, value < 0 ? 0 - (guint64) value : (guint64) value);
}

void
incident_json_writer_double (IncidentJsonWriter *self,
                             double              value)
{
  char buffer[G_ASCII_DTOSTR_BUF_SIZE];

  g_return_if_fail (self != NULL);

  g_assert (isfinite (value));

  /* 17 digits always read back equal; 0.1 is spared the 0.10000000000000001. */
  for (int digits = 15; digits <= 17; digits++)
    {
      g_ascii_formatd (buffer, sizeof buffer, digits == 15 ? "%.15g" : digits == 16 ? "%.16g" : "%.17g", value);
      if (g_ascii_strtod (buffer, NULL) == value)
        break;
    }

  before_value (self);
  g_string_append (self->out, buffer);
}

void
incident_json_writer_boolean (IncidentJsonWriter *self,
                              gboolean            value)
{
  g_return_if_fail (self != NULL);

  before_value (self);
  g_string_append (self->out, value ? "true" : "false");
}

void
incident_json_writer_null (IncidentJsonWriter *self)
{
  g_return_if_fail (self != NULL);

  before_value (self);
  g_string_append (self->out, "null");
}

void
incident_json_writer_time (IncidentJsonWriter *self,
                           gint64              value)
{
  char buffer[INCIDENT_TIME_LENGTH];

  g_return_if_fail (self != NULL);

  incident_time_write (value, buffer);
  incident_json_writer_string (self, buffer);
}

void
incident_json_writer_moment (IncidentJsonWriter *self,
                             const char         *name,
                             gint64              time)
{
  incident_json_writer_name (self, name);
  if (time == INCIDENT_TIME_NONE)
    incident_json_writer_null (self);
  else
    incident_json_writer_time (self, time);
}

void
incident_json_writer_raw (IncidentJsonWriter *self,
                          const char         *json)
{
  g_return_if_fail (self != NULL);
  g_return_if_fail (json != NULL && *json != '\0');

  before_value (self);
  g_string_append (self->out, json);
}

void
incident_json_writer_member (IncidentJsonWriter *self,
                             const char         *name,
                             const char         *value)
{
  g_return_if_fail (self != NULL);
  g_return_if_fail (name != NULL);

  incident_json_writer_name (self, name);
  incident_json_writer_string (self, value);
}

char *
incident_json_writer_finish (IncidentJsonWriter *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  g_assert (self->out != NULL);
  g_assert (self->depth == 0);
  g_assert (self->out->len > 0);

  return g_string_free (g_steal_pointer (&self->out), FALSE);
}
