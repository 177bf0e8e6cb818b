/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "base/incident-json-walk-private.h"

#include <string.h>

/* Objects of so many members are checked for duplicate names one by one, which
 * is faster; larger ones by sorting when they end, which no input makes slow. */
#define FEW_NAMES 16

#define BLOCK_SIZE 4096

static char *
take_room (IncidentJsonReader *self,
           gsize               size)
{
  char *room;

  if (size > self->room_size)
    {
      self->room_size = MAX (size, BLOCK_SIZE);
      self->room = g_malloc (self->room_size);
      self->blocks = g_slist_prepend (self->blocks, self->room);
    }
  room = self->room;
  self->room += size;
  self->room_size -= size;
  return room;
}

const char *
incident_json_walk_lend (IncidentJsonReader *self,
                         const char         *at,
                         const char         *end,
                         gsize               decoded)
{
  char *out = take_room (self, decoded + 1);

  if (decoded == (gsize) (end - at))
    memcpy (out, at, decoded);
  else
    incident_json_decode_string (at, end, out);
  out[decoded] = '\0';
  return out;
}

char *
incident_json_walk_pointer (IncidentJsonReader *self,
                            guint               depth)
{
  g_autoptr(GString) pointer = g_string_new (NULL);

  for (guint i = 0; i < depth; i++)
    {
      const IncidentJsonFrame *frame = &self->frames[i];

      /* Just entered: the container itself is the current value. */
      if (frame->count == 0)
        break;
      if (frame->is_object)
        incident_json_append_pointer (pointer, &self->names[frame->first_name + frame->count - 1]);
      else
        g_string_append_printf (pointer, "/%u", frame->count - 1);
    }
  return g_string_free (g_steal_pointer (&pointer), FALSE);
}

gboolean
incident_json_walk_fail (IncidentJsonReader *self,
                         IncidentJsonHealth  health,
                         guint               depth,
                         const char         *at,
                         const char         *text)
{
  g_autofree char *pointer = NULL;

  if (self->health == INCIDENT_JSON_HEALTHY)
    {
      pointer = incident_json_walk_pointer (self, depth);
      self->health = health;
      self->error = incident_json_error_new (self->source, self->bytes, &self->place, at, pointer, text);
    }
  return FALSE;
}

static gboolean
fail_broken (IncidentJsonReader *self,
             const char         *at,
             const char         *text)
{
  return incident_json_walk_fail (self, INCIDENT_JSON_BROKEN, self->depth, at, text);
}

static gboolean G_GNUC_PRINTF (3, 4)
fail_limit (IncidentJsonReader *self,
            const char         *at,
            const char         *format,
            ...)
{
  g_autofree char *text = NULL;
  va_list args;

  va_start (args, format);
  text = g_strdup_vprintf (format, args);
  va_end (args);
  return fail_broken (self, at, text);
}

/* Something else stands at @at, between two values. */
static gboolean
fail_found (IncidentJsonReader *self,
            guint               depth,
            const char         *at,
            const char         *wanted)
{
  g_autofree char *found = incident_json_describe (at, self->end);
  g_autofree char *text = g_strdup_printf ("%s must stand here, not %s", wanted, found);

  return incident_json_walk_fail (self, INCIDENT_JSON_BROKEN, depth, at, text);
}

/* Sticks like a failure of the input does, so that a mistake of ours is neither
 * a crash nor a document that seems to be good. */
gboolean
incident_json_walk_fail_order (IncidentJsonReader *self,
                               const char         *function)
{
  g_critical ("%s: called out of order", function);
  return fail_broken (self, self->at, "was read in the wrong order: this is a mistake in libincident");
}

gboolean
incident_json_walk_move (IncidentJsonReader *self,
                         const char         *at)
{
  if (self->n_values >= self->limits.values)
    return fail_limit (self, self->value, "is one value too many: a document can have %u", self->limits.values);

  self->n_values++;
  self->at = at;
  self->expecting = FALSE;
  return TRUE;
}

gboolean
incident_json_walk_enter (IncidentJsonReader *self,
                          gboolean            is_object)
{
  IncidentJsonFrame *frame;

  if (self->depth >= self->limits.depth)
    return fail_limit (self, self->value, "is nested too deep: there can be %u levels", self->limits.depth);
  if (!incident_json_walk_move (self, self->at + 1))
    return FALSE;

  frame = &self->frames[self->depth++];
  frame->start = self->value;
  frame->first_name = self->n_names;
  frame->count = 0;
  frame->is_object = is_object;
  return TRUE;
}

static gboolean
fail_duplicate (IncidentJsonReader *self,
                IncidentJsonName    name)
{
  IncidentJsonFrame *frame = &self->frames[self->depth - 1];

  /* What fails is not read on, so the name can be put where the pointer looks. */
  self->names[frame->first_name + frame->count - 1] = name;
  return fail_broken (self, name.at, "stands twice in its object: the name of a member must be unique");
}

static void
leave (IncidentJsonReader *self)
{
  IncidentJsonFrame *frame = &self->frames[self->depth - 1];

  if (frame->is_object && frame->count > FEW_NAMES)
    {
      const IncidentJsonName *twin = incident_json_find_twin (self->names + frame->first_name, frame->count);

      if (twin != NULL)
        {
          fail_duplicate (self, *twin);
          return;
        }
    }

  self->at++;
  self->value = frame->start;
  self->n_names = frame->first_name;
  self->depth--;
}

static gboolean
push_name (IncidentJsonReader *self,
           IncidentJsonName    name)
{
  IncidentJsonFrame *frame = &self->frames[self->depth - 1];

  if (self->n_names == self->names_size)
    {
      self->names_size = MAX (self->names_size * 2, 32);
      self->names = g_renew (IncidentJsonName, self->names, self->names_size);
    }
  self->names[self->n_names++] = name;
  frame->count++;

  if (frame->count > self->limits.members)
    return fail_limit (self, name.at, "is one member too many: an object can have %u", self->limits.members);
  if (frame->count > FEW_NAMES)
    return TRUE;

  for (gsize i = frame->first_name; i + 1 < self->n_names; i++)
    if (self->names[i].length == name.length && *self->names[i].text == *name.text
        && memcmp (self->names[i].text, name.text, name.length) == 0)
      return fail_duplicate (self, name);
  return TRUE;
}

/* Moves @at from a member's name to its value. A name without escapes is not
 * copied unless it is to be lent: what is skipped costs no memory. A name that is
 * no text stands for itself as it is written, and is told in @cut. */
static gboolean
scan_name (IncidentJsonReader  *self,
           const char         **at,
           gboolean             lend,
           IncidentJsonFault   *cut)
{
  IncidentJsonFault fault;
  IncidentJsonName name;
  const char *close;

  if (*at == self->end || **at != '"')
    return fail_found (self, self->depth - 1, *at, "the name of a member in double quotes");

  name.at = *at;
  name.text = *at + 1;
  close = incident_json_scan_string (name.text, self->end, &name.length, &fault);
  if (close == NULL && fault.close == NULL)
    return incident_json_walk_fail (self, INCIDENT_JSON_BROKEN, self->depth - 1, fault.at, fault.text);
  if (close == NULL)
    {
      *cut = fault;
      close = fault.close;
      name.length = (gsize) (close - name.text);
    }
  if (name.length > self->limits.string)
    return fail_limit (self, name.at, "has too long a name of a member: a string can have %" G_GSIZE_FORMAT " bytes",
                       self->limits.string);
  if (lend || name.length != (gsize) (close - name.text))
    name.text = incident_json_walk_lend (self, name.text, close, name.length);
  if (!push_name (self, name))
    return FALSE;

  *at = incident_json_scan_blanks (close + 1, self->end);
  if (*at == self->end || **at != ':')
    return fail_found (self, self->depth, *at, "a colon");
  *at = incident_json_scan_blanks (*at + 1, self->end);
  return TRUE;
}

gboolean
incident_json_walk_advance (IncidentJsonReader *self,
                            gboolean            lend)
{
  IncidentJsonFrame *frame = &self->frames[self->depth - 1];
  const char *at = incident_json_scan_blanks (self->at, self->end);
  IncidentJsonFault cut = { NULL, NULL, NULL };

  self->at = at;
  if (at < self->end && *at == (frame->is_object ? '}' : ']'))
    {
      leave (self);
      return FALSE;
    }
  if (frame->count > 0)
    {
      if (at == self->end || *at != ',')
        return fail_found (self, self->depth - 1, at, frame->is_object ? "a comma or “}”" : "a comma or “]”");
      at = incident_json_scan_blanks (at + 1, self->end);
    }

  if (!frame->is_object)
    frame->count++;
  else if (!scan_name (self, &at, lend, &cut))
    return FALSE;

  self->at = at;
  self->value = at;
  self->expecting = TRUE;
  if (G_UNLIKELY (cut.at != NULL && !self->recovering))
    return incident_json_walk_fail (self, INCIDENT_JSON_MISREAD, self->depth - 1, cut.at, cut.text);
  return TRUE;
}

const char *
incident_json_walk_number (IncidentJsonReader *self,
                           IncidentJsonNumber *number)
{
  IncidentJsonFault fault;
  const char *end = incident_json_scan_number (self->at, self->end, number, &fault);

  if (end == NULL)
    fail_broken (self, fault.at, fault.text);
  else if ((gsize) (end - self->at) > self->limits.number)
    fail_limit (self, self->at, "is too long a number: it can have %u characters", self->limits.number);
  else if (!number->whole && !incident_json_number_is_finite (number))
    fail_broken (self, self->at, "is too large a number: it must be less than 1.8e308");
  else
    return end;
  return NULL;
}

const char *
incident_json_walk_string (IncidentJsonReader *self,
                           gsize              *decoded)
{
  IncidentJsonFault fault;
  const char *close = incident_json_scan_string (self->at + 1, self->end, decoded, &fault);

  if (close == NULL && fault.close != NULL && self->recovering)
    return fault.close;
  if (close == NULL)
    incident_json_walk_fail (self, fault.close != NULL ? INCIDENT_JSON_MISREAD : INCIDENT_JSON_BROKEN, self->depth,
                             fault.at, fault.text);
  else if (*decoded > self->limits.string)
    fail_limit (self, self->at, "is too long a string: it can have %" G_GSIZE_FORMAT " bytes", self->limits.string);
  else
    return close;
  return NULL;
}

const char *
incident_json_walk_literal (IncidentJsonReader *self)
{
  IncidentJsonFault fault;
  const char *end = incident_json_scan_literal (self->at, self->end, &fault);

  if (end == NULL)
    fail_broken (self, fault.at, fault.text);
  return end;
}

IncidentJsonType
incident_json_walk_classify (IncidentJsonReader *self)
{
  g_autofree char *text = NULL;
  IncidentJsonNumber number;

  switch (self->at < self->end ? *self->at : '\0')
    {
    case '{':
      return INCIDENT_JSON_OBJECT;
    case '[':
      return INCIDENT_JSON_ARRAY;
    case '"':
      return INCIDENT_JSON_STRING;
    case 't':
    case 'f':
      return INCIDENT_JSON_BOOLEAN;
    case 'n':
      return INCIDENT_JSON_NULL;
    case '-':
    case '0': case '1': case '2': case '3': case '4':
    case '5': case '6': case '7': case '8': case '9':
      if (incident_json_walk_number (self, &number) == NULL)
        return INCIDENT_JSON_NONE;
      return number.whole ? INCIDENT_JSON_INT : INCIDENT_JSON_DOUBLE;
    default:
      text = incident_json_describe_no_value (self->bytes, self->at, self->end);
      fail_broken (self, self->at, text);
      return INCIDENT_JSON_NONE;
    }
}

/* The value at hand is another than @wanted, or none at all. */
gboolean
incident_json_walk_fail_type (IncidentJsonReader *self,
                              IncidentJsonType    wanted)
{
  IncidentJsonType found = incident_json_walk_classify (self);
  gboolean is_literal = found == INCIDENT_JSON_BOOLEAN || found == INCIDENT_JSON_NULL;
  g_autofree char *text = NULL;

  if (found == INCIDENT_JSON_NONE || (is_literal && incident_json_walk_literal (self) == NULL))
    return FALSE;

  text = g_strdup_printf ("must be %s, not %s", incident_json_type_to_words (wanted, TRUE),
                          incident_json_type_to_words (found, FALSE));
  return incident_json_walk_fail (self, INCIDENT_JSON_MISREAD, self->depth, self->value, text);
}

/* A scalar is checked as strictly as one that is read; a container is entered. */
static gboolean
skip_one (IncidentJsonReader *self)
{
  char first = self->at < self->end ? *self->at : '\0';
  IncidentJsonNumber number;
  const char *end;
  gsize decoded;

  switch (first)
    {
    case '{':
      return incident_json_walk_enter (self, TRUE);
    case '[':
      return incident_json_walk_enter (self, FALSE);
    case '"':
      end = incident_json_walk_string (self, &decoded);
      return end != NULL && incident_json_walk_move (self, end + 1);
    case 't':
    case 'f':
    case 'n':
      end = incident_json_walk_literal (self);
      return end != NULL && incident_json_walk_move (self, end);
    default:
      if (first != '-' && !g_ascii_isdigit (first))
        return incident_json_walk_classify (self) != INCIDENT_JSON_NONE;
      end = incident_json_walk_number (self, &number);
      return end != NULL && incident_json_walk_move (self, end);
    }
}

gboolean
incident_json_walk_skip (IncidentJsonReader *self)
{
  guint base = self->depth;

  while (skip_one (self))
    {
      while (self->depth > base && !incident_json_walk_advance (self, FALSE))
        if (self->health != INCIDENT_JSON_HEALTHY)
          return FALSE;
      if (self->depth == base)
        return TRUE;
    }
  return FALSE;
}
