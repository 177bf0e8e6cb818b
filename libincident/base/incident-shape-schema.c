/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "base/incident-shape-private.h"

#include "base/incident-json-writer-private.h"

static void write_shape (const IncidentShape *self,
                         const char          *about,
                         IncidentJsonWriter  *writer);

#define ID_PATTERN "^[a-z0-9]([a-z0-9-]{0,62}[a-z0-9])?$"

static void
write_type (IncidentJsonWriter  *writer,
            const IncidentShape *shape,
            const char          *type)
{
  if (!shape->is_nullable)
    {
      incident_json_writer_member (writer, "type", type);
      return;
    }

  incident_json_writer_name (writer, "type");
  incident_json_writer_begin_array (writer);
  incident_json_writer_string (writer, type);
  incident_json_writer_string (writer, "null");
  incident_json_writer_end_array (writer);
}

static void
write_number (IncidentJsonWriter *writer,
              const char         *name,
              gint64              number)
{
  incident_json_writer_name (writer, name);
  incident_json_writer_int (writer, number);
}

static void
write_words (IncidentJsonWriter *writer,
             const char * const *words)
{
  incident_json_writer_name (writer, "enum");
  incident_json_writer_begin_array (writer);
  for (; *words != NULL; words++)
    incident_json_writer_string (writer, *words);
  incident_json_writer_end_array (writer);
}

static void
write_string (const IncidentShape *self,
              IncidentJsonWriter  *writer)
{
  static const char * const patterns[] = {
    [INCIDENT_SHAPE_TEXT] = "\\S",
    [INCIDENT_SHAPE_NAME] = "^(?=.*\\S)[^\\u0000-\\u001f\\u007f]{1,200}$",
    [INCIDENT_SHAPE_ID] = ID_PATTERN,
    [INCIDENT_SHAPE_DURATION] = "^[1-9][0-9]{0,6}[smhd]$",
    [INCIDENT_SHAPE_DATE] = "^[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])$",
    [INCIDENT_SHAPE_TIME] = "^([01][0-9]|2[0-3]):[0-5][0-9]$",
    [INCIDENT_SHAPE_ZONE] = "^[^/].*$",
    [INCIDENT_SHAPE_MOMENT] = "^[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])[Tt ]",
    [INCIDENT_SHAPE_POINTER] = "^(/([^~/]|~[01])*)*$",
    [INCIDENT_SHAPE_URL] = "^https?://[!-~]+$",
    [INCIDENT_SHAPE_WORD] = NULL,
  };

  write_type (writer, self, "string");
  if (self->kind == INCIDENT_SHAPE_WORD)
    write_words (writer, self->words);
  else if (self->kind == INCIDENT_SHAPE_PATTERN)
    incident_json_writer_member (writer, "pattern", self->pattern);
  else if (self->kind == INCIDENT_SHAPE_DURATION && self->is_zero_allowed)
    incident_json_writer_member (writer, "pattern", "^(0|[1-9][0-9]{0,6})[smhd]$");
  else if (self->kind != INCIDENT_SHAPE_REFERENCE)
    incident_json_writer_member (writer, "pattern", patterns[self->kind]);
}

/* Names that begin with “x-” are never looked at. */
static void
write_foreign (IncidentJsonWriter *writer)
{
  incident_json_writer_name (writer, "patternProperties");
  incident_json_writer_begin_object (writer);
  incident_json_writer_name (writer, "^x-");
  incident_json_writer_boolean (writer, TRUE);
  incident_json_writer_end_object (writer);
}

static void
write_required (IncidentJsonWriter *writer,
                const char         *member)
{
  incident_json_writer_name (writer, "required");
  incident_json_writer_begin_array (writer);
  incident_json_writer_string (writer, member);
  incident_json_writer_end_array (writer);
}

/* Exactly one of the members. */
static void
write_choice (const IncidentShape *self,
              IncidentJsonWriter  *writer)
{
  incident_json_writer_name (writer, "oneOf");
  incident_json_writer_begin_array (writer);
  for (const IncidentShapeMember *member = self->members; member->name != NULL; member++)
    {
      incident_json_writer_begin_object (writer);
      write_required (writer, member->name);
      incident_json_writer_end_object (writer);
    }
  incident_json_writer_end_array (writer);
}

static void
write_object (const IncidentShape *self,
              IncidentJsonWriter  *writer)
{
  gboolean has_needed = FALSE;

  write_type (writer, self, "object");
  for (const IncidentShapeMember *member = self->members; member->name != NULL; member++)
    has_needed = has_needed || member->is_needed;
  if (has_needed)
    {
      incident_json_writer_name (writer, "required");
      incident_json_writer_begin_array (writer);
      for (const IncidentShapeMember *member = self->members; member->name != NULL; member++)
        if (member->is_needed)
          incident_json_writer_string (writer, member->name);
      incident_json_writer_end_array (writer);
    }
  if (self->is_choice)
    write_choice (self, writer);
  incident_json_writer_name (writer, "properties");
  incident_json_writer_begin_object (writer);
  for (const IncidentShapeMember *member = self->members; member->name != NULL; member++)
    {
      incident_json_writer_name (writer, member->name);
      write_shape (member->shape, member->about, writer);
    }
  incident_json_writer_end_object (writer);
  write_foreign (writer);
  incident_json_writer_name (writer, "additionalProperties");
  incident_json_writer_boolean (writer, FALSE);
}

static void
write_map (const IncidentShape *self,
           IncidentJsonWriter  *writer)
{
  write_type (writer, self, "object");
  if (self->words != NULL)
    {
      incident_json_writer_name (writer, "properties");
      incident_json_writer_begin_object (writer);
      for (guint i = 0; self->words[i] != NULL; i++)
        {
          incident_json_writer_name (writer, self->words[i]);
          write_shape (self->element, NULL, writer);
        }
      incident_json_writer_end_object (writer);
      write_foreign (writer);
      incident_json_writer_name (writer, "additionalProperties");
      incident_json_writer_boolean (writer, FALSE);
      return;
    }

  incident_json_writer_name (writer, "patternProperties");
  incident_json_writer_begin_object (writer);
  incident_json_writer_name (writer, "^x-");
  incident_json_writer_boolean (writer, TRUE);
  incident_json_writer_name (writer, self->is_free ? "^(?!x-)(?=.*\\S)[^\\u0000-\\u001f\\u007f]{1,200}$"
                                                   : "^(?!x-)[a-z0-9]([a-z0-9-]{0,62}[a-z0-9])?$");
  write_shape (self->element, NULL, writer);
  incident_json_writer_end_object (writer);
  incident_json_writer_name (writer, "additionalProperties");
  incident_json_writer_boolean (writer, FALSE);
}

/* What stands between the braces. */
static void
write_content (const IncidentShape *self,
               IncidentJsonWriter  *writer)
{
  switch ((int) self->kind)
    {
    case INCIDENT_SHAPE_OBJECT:
      write_object (self, writer);
      break;
    case INCIDENT_SHAPE_MAP:
      write_map (self, writer);
      break;
    case INCIDENT_SHAPE_LIST:
      write_type (writer, self, "array");
      if (self->most > 0)
        write_number (writer, "maxItems", self->most);
      incident_json_writer_name (writer, "items");
      write_shape (self->element, NULL, writer);
      break;
    case INCIDENT_SHAPE_NUMBER:
      write_type (writer, self, "integer");
      write_number (writer, "minimum", 1);
      write_number (writer, "maximum", self->most);
      break;
    case INCIDENT_SHAPE_DECIMAL:
      write_type (writer, self, "number");
      write_number (writer, "exclusiveMinimum", 0);
      write_number (writer, "maximum", self->most);
      break;
    case INCIDENT_SHAPE_ANY:
      break;
    case INCIDENT_SHAPE_BOOLEAN:
      write_type (writer, self, "boolean");
      break;
    case INCIDENT_SHAPE_TRUE:
      incident_json_writer_name (writer, "const");
      incident_json_writer_boolean (writer, TRUE);
      break;
    default:
      write_string (self, writer);
    }
}

/* The one or the other. */
static void
write_either (const IncidentShape *self,
              IncidentJsonWriter  *writer)
{
  incident_json_writer_name (writer, "anyOf");
  incident_json_writer_begin_array (writer);
  incident_json_writer_begin_object (writer);
  write_content (self, writer);
  incident_json_writer_end_object (writer);
  write_shape (self->otherwise, NULL, writer);
  incident_json_writer_end_array (writer);
}

static void
write_shape (const IncidentShape *self,
             const char          *about,
             IncidentJsonWriter  *writer)
{
  incident_json_writer_begin_object (writer);
  if (about != NULL)
    incident_json_writer_member (writer, "description", about);
  if (self->definition != NULL)
    {
      g_autofree char *reference = g_strdup_printf ("#/$defs/%s", self->definition);

      incident_json_writer_member (writer, "$ref", reference);
    }
  else if (self->otherwise != NULL)
    write_either (self, writer);
  else
    write_content (self, writer);
  incident_json_writer_end_object (writer);
}

/* Shapes that are referred to, each once. */
static void
find_definitions (const IncidentShape *self,
                  GPtrArray           *found)
{
  if (self->definition != NULL)
    {
      if (g_ptr_array_find (found, self, NULL))
        return;
      g_ptr_array_add (found, (gpointer) self);
    }

  if (self->element != NULL)
    find_definitions (self->element, found);
  if (self->otherwise != NULL)
    find_definitions (self->otherwise, found);
  for (const IncidentShapeMember *member = self->members; member != NULL && member->name != NULL; member++)
    find_definitions (member->shape, found);
}

static void
write_definitions (const IncidentShape *self,
                   IncidentJsonWriter  *writer)
{
  g_autoptr(GPtrArray) found = g_ptr_array_new ();

  find_definitions (self, found);
  if (found->len == 0)
    return;

  incident_json_writer_name (writer, "$defs");
  incident_json_writer_begin_object (writer);
  for (guint i = 0; i < found->len; i++)
    {
      const IncidentShape *shape = g_ptr_array_index (found, i);

      incident_json_writer_name (writer, shape->definition);
      incident_json_writer_begin_object (writer);
      write_content (shape, writer);
      incident_json_writer_end_object (writer);
    }
  incident_json_writer_end_object (writer);
}

char *
incident_shape_dup_schema (const IncidentShape *self,
                           const char          *title)
{
  IncidentJsonWriter writer;

  incident_json_writer_init (&writer, TRUE);
  incident_json_writer_begin_object (&writer);
  incident_json_writer_member (&writer, "$schema", "https://json-schema.org/draft/2020-12/schema");
  incident_json_writer_member (&writer, "title", title);
  write_object (self, &writer);
  write_definitions (self, &writer);
  incident_json_writer_end_object (&writer);
  return incident_json_writer_finish (&writer);
}
