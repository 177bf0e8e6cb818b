/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "base/incident-node-private.h"

#include <string.h>

#include "base/incident-error-private.h"
#include "base/incident-json-place-private.h"
#include "base/incident-json-walk-private.h"
#include "base/incident-json-writer-private.h"

struct _IncidentTree
{
  char              *json;
  gsize              length;
  char              *source;
  gboolean           is_tolerant;
  gboolean           is_sketch;
  IncidentJsonPlace  place;   /* of the fault before */
  IncidentNode      *root;
  GPtrArray         *nodes;   /* all of them, to be freed */
  GStringChunk      *strings;
  GPtrArray         *merged;  /* trees whose nodes hang in this one */
};

static void
node_free (gpointer data)
{
  IncidentNode *node = data;

  g_clear_pointer (&node->children, g_ptr_array_unref);
  g_free (node);
}

static IncidentNode *
add_node (IncidentTree       *self,
          IncidentJsonReader *reader,
          IncidentNode       *parent,
          const char         *name)
{
  IncidentNode *node = g_new0 (IncidentNode, 1);

  node->type = incident_json_reader_peek (reader);
  node->tree = self;
  node->at = reader->value;
  node->offset = incident_json_reader_get_offset (reader);
  node->parent = parent;
  node->name = name != NULL ? g_string_chunk_insert_const (self->strings, name) : NULL;
  g_ptr_array_add (self->nodes, node);
  if (parent == NULL)
    self->root = node;
  else
    {
      node->position = parent->children->len;
      g_ptr_array_add (parent->children, node);
    }
  return node;
}

static void
read_scalar (IncidentTree       *self,
             IncidentJsonReader *reader,
             IncidentNode       *node)
{
  const char *string;

  switch ((int) node->type)
    {
    case INCIDENT_JSON_STRING:
      string = incident_json_reader_read_string (reader);
      node->value.string = string != NULL ? g_string_chunk_insert (self->strings, string) : "";
      break;
    case INCIDENT_JSON_INT:
      incident_json_reader_read_int (reader, &node->value.integer);
      break;
    case INCIDENT_JSON_DOUBLE:
      incident_json_reader_read_double (reader, &node->value.number);
      break;
    case INCIDENT_JSON_BOOLEAN:
      incident_json_reader_read_boolean (reader, &node->value.boolean);
      break;
    default:
      incident_json_reader_skip (reader);
    }
}

static void
read_node (IncidentTree       *self,
           IncidentJsonReader *reader,
           IncidentNode       *parent,
           const char         *name);

static void
read_members (IncidentTree       *self,
              IncidentJsonReader *reader,
              IncidentNode       *node)
{
  const char *member;

  node->children = g_ptr_array_new ();
  incident_json_reader_enter_object (reader);
  while (incident_json_reader_next_member (reader, &member))
    read_node (self, reader, node, member);
}

static void
read_elements (IncidentTree       *self,
               IncidentJsonReader *reader,
               IncidentNode       *node)
{
  guint depth;

  node->children = g_ptr_array_new ();
  incident_json_reader_enter_array (reader);
  depth = incident_json_reader_get_depth (reader);
  while (incident_json_reader_next_element (reader))
    if (!self->is_sketch || node->children->len == 0)
      read_node (self, reader, node, NULL);
    else if (!incident_json_reader_skip (reader))
      incident_json_reader_recover (reader, depth, NULL);
}

/* The reader bounds the depth. */
static void
read_node (IncidentTree       *self,
           IncidentJsonReader *reader,
           IncidentNode       *parent,
           const char         *name)
{
  IncidentNode *node = add_node (self, reader, parent, name);
  guint depth = incident_json_reader_get_depth (reader);

  if (node->type == INCIDENT_JSON_OBJECT)
    read_members (self, reader, node);
  else if (node->type == INCIDENT_JSON_ARRAY)
    read_elements (self, reader, node);
  else
    read_scalar (self, reader, node);

  if (self->is_tolerant && incident_json_reader_failed (reader) && incident_json_reader_recover (reader, depth, NULL))
    node->type = INCIDENT_JSON_NONE;
  node->length = incident_json_reader_get_offset (reader) - node->offset;
}

static IncidentTree *
tree_new (const char                *json,
          gsize                      length,
          const char                *source,
          gboolean                   is_tolerant,
          const IncidentJsonLimits  *sketch_limits,
          GError                   **error)
{
  g_autoptr(IncidentTree) self = g_new0 (IncidentTree, 1);
  g_autoptr(IncidentJsonReader) reader = NULL;

  self->json = g_memdup2 (json, length > 0 ? length : 1);
  self->length = length;
  self->source = g_strdup (source);
  self->is_tolerant = is_tolerant;
  self->is_sketch = sketch_limits != NULL;
  self->nodes = g_ptr_array_new_with_free_func (node_free);
  self->strings = g_string_chunk_new (4096);
  self->merged = g_ptr_array_new_with_free_func ((GDestroyNotify) incident_tree_free);
  reader = incident_json_reader_new (self->json, length, source, sketch_limits);
  read_node (self, reader, NULL, NULL);
  if (!incident_json_reader_finish (reader, error))
    return NULL;

  return g_steal_pointer (&self);
}

IncidentTree *
incident_tree_new (const char  *json,
                   gsize        length,
                   const char  *source,
                   GError     **error)
{
  return tree_new (json, length, source, FALSE, NULL, error);
}

IncidentTree *
incident_tree_new_tolerant (const char  *json,
                            gsize        length,
                            const char  *source,
                            GError     **error)
{
  return tree_new (json, length, source, TRUE, NULL, error);
}

IncidentTree *
incident_tree_new_sketch (const char                *json,
                          gsize                      length,
                          const char                *source,
                          const IncidentJsonLimits  *limits,
                          GError                   **error)
{
  return tree_new (json, length, source, TRUE, limits, error);
}

void
incident_tree_free (IncidentTree *self)
{
  g_ptr_array_unref (self->nodes);
  g_ptr_array_unref (self->merged);
  g_string_chunk_free (self->strings);
  g_free (self->json);
  g_free (self->source);
  g_free (self);
}

IncidentNode *
incident_tree_get_root (IncidentTree *self)
{
  return self->root;
}

static void
adopt (IncidentNode *parent,
       IncidentNode *child)
{
  child->parent = parent;
  child->position = parent->children->len;
  g_ptr_array_add (parent->children, child);
}

static void
merge_nodes (IncidentNode *into,
             IncidentNode *from,
             GPtrArray    *problems)
{
  if (into->type == INCIDENT_JSON_OBJECT && from->type == INCIDENT_JSON_OBJECT)
    for (guint i = 0; i < from->children->len; i++)
      {
        IncidentNode *child = g_ptr_array_index (from->children, i);
        IncidentNode *twin = incident_node_get_member (into, child->name);

        if (twin == NULL)
          adopt (into, child);
        else
          merge_nodes (twin, child, problems);
      }
  else if (into->type == INCIDENT_JSON_ARRAY && from->type == INCIDENT_JSON_ARRAY)
    for (guint i = 0; i < from->children->len; i++)
      adopt (into, g_ptr_array_index (from->children, i));
  else
    incident_problems_add (problems, from, "stands in “%s” already: say it once",
                           into->tree->source != NULL ? into->tree->source : "another document");
}

void
incident_tree_merge (IncidentTree *self,
                     IncidentTree *other,
                     GPtrArray    *problems)
{
  merge_nodes (self->root, other->root, problems);
  g_ptr_array_add (self->merged, other);
}

IncidentNode *
incident_node_get_member (IncidentNode *self,
                          const char   *name)
{
  if (self == NULL || self->type != INCIDENT_JSON_OBJECT)
    return NULL;

  for (guint i = 0; i < self->children->len; i++)
    {
      IncidentNode *child = g_ptr_array_index (self->children, i);

      if (g_str_equal (child->name, name))
        return child;
    }

  return NULL;
}

const char *
incident_node_get_string (IncidentNode *self,
                          const char   *name)
{
  IncidentNode *member = incident_node_get_member (self, name);

  return member != NULL && member->type == INCIDENT_JSON_STRING ? member->value.string : NULL;
}

gboolean
incident_node_get_boolean (IncidentNode *self,
                           const char   *name)
{
  IncidentNode *member = incident_node_get_member (self, name);

  return member != NULL && member->type == INCIDENT_JSON_BOOLEAN && member->value.boolean;
}

guint
incident_node_get_length (IncidentNode *self)
{
  return self != NULL && self->children != NULL ? self->children->len : 0;
}

IncidentNode *
incident_node_get_child (IncidentNode *self,
                         guint         position)
{
  return position < incident_node_get_length (self) ? g_ptr_array_index (self->children, position) : NULL;
}

static void
append_pointer (IncidentNode *self,
                GString      *pointer)
{
  if (self->parent == NULL)
    return;

  append_pointer (self->parent, pointer);
  if (self->name != NULL)
    {
      const IncidentJsonName name = { self->name, strlen (self->name), NULL };

      incident_json_append_pointer (pointer, &name);
    }
  else
    g_string_append_printf (pointer, "/%u", self->position);
}

char *
incident_node_dup_pointer (IncidentNode *self)
{
  GString *pointer = g_string_new (NULL);

  append_pointer (self, pointer);
  return g_string_free (pointer, FALSE);
}

static int
compare_names (gconstpointer a,
               gconstpointer b)
{
  return strcmp ((*(IncidentNode * const *) a)->name, (*(IncidentNode * const *) b)->name);
}

static void
write_canonical (IncidentNode       *self,
                 IncidentJsonWriter *writer)
{
  g_autoptr(GPtrArray) sorted = NULL;

  switch ((int) self->type)
    {
    case INCIDENT_JSON_OBJECT:
      sorted = g_ptr_array_copy (self->children, NULL, NULL);
      g_ptr_array_sort (sorted, compare_names);
      incident_json_writer_begin_object (writer);
      for (guint i = 0; i < sorted->len; i++)
        {
          incident_json_writer_name (writer, ((IncidentNode *) g_ptr_array_index (sorted, i))->name);
          write_canonical (g_ptr_array_index (sorted, i), writer);
        }
      incident_json_writer_end_object (writer);
      break;
    case INCIDENT_JSON_ARRAY:
      incident_json_writer_begin_array (writer);
      for (guint i = 0; i < self->children->len; i++)
        write_canonical (g_ptr_array_index (self->children, i), writer);
      incident_json_writer_end_array (writer);
      break;
    case INCIDENT_JSON_STRING:
      incident_json_writer_string (writer, self->value.string);
      break;
    case INCIDENT_JSON_INT:
      incident_json_writer_int (writer, self->value.integer);
      break;
    case INCIDENT_JSON_DOUBLE:
      incident_json_writer_double (writer, self->value.number);
      break;
    case INCIDENT_JSON_BOOLEAN:
      incident_json_writer_boolean (writer, self->value.boolean);
      break;
    default:
      incident_json_writer_null (writer);
    }
}

char *
incident_node_to_json (IncidentNode *self,
                       gboolean      pretty)
{
  IncidentJsonWriter writer;

  incident_json_writer_init (&writer, pretty);
  write_canonical (self, &writer);
  return incident_json_writer_finish (&writer);
}

static GError *
error_new (IncidentNode *self,
           const char   *pointer,
           const char   *text)
{
  IncidentTree *tree = self->tree;

  return incident_json_error_new (tree->source, tree->json, &tree->place, self->at, pointer, text);
}

gboolean
incident_node_fail (IncidentNode  *self,
                    GError       **error,
                    const char    *format,
                    ...)
{
  g_autofree char *pointer = incident_node_dup_pointer (self);
  g_autofree char *text = NULL;
  va_list args;

  va_start (args, format);
  text = g_strdup_vprintf (format, args);
  va_end (args);
  g_propagate_error (error, error_new (self, pointer, text));
  return FALSE;
}

gboolean
incident_node_fail_type (IncidentNode      *self,
                         IncidentJsonType   wanted,
                         GError           **error)
{
  if (self->type == INCIDENT_JSON_NONE)
    return incident_node_fail (self, error, "must be %s that is text: half a surrogate pair or NUL is none",
                               incident_json_type_to_words (wanted, TRUE));
  return incident_node_fail (self, error, "must be %s, not %s", incident_json_type_to_words (wanted, TRUE),
                             incident_json_type_to_words (self->type, FALSE));
}

GPtrArray *
incident_problems_new (void)
{
  return g_ptr_array_new_with_free_func ((GDestroyNotify) g_error_free);
}

void
incident_problems_add (GPtrArray    *problems,
                       IncidentNode *where,
                       const char   *format,
                       ...)
{
  g_autofree char *pointer = incident_node_dup_pointer (where);
  g_autofree char *text = NULL;
  va_list args;

  va_start (args, format);
  text = g_strdup_vprintf (format, args);
  va_end (args);
  g_ptr_array_add (problems, error_new (where, pointer, text));
}

gboolean
incident_problems_end (GPtrArray  *problems,
                       GError    **error)
{
  g_autoptr(GPtrArray) lines = NULL;

  if (problems->len == 0)
    return TRUE;

  lines = g_ptr_array_new ();
  for (guint i = 0; i < problems->len; i++)
    g_ptr_array_add (lines, ((GError *) g_ptr_array_index (problems, i))->message);
  g_ptr_array_add (lines, NULL);
  incident_set_error_problems (error, incident_error_get_where (g_ptr_array_index (problems, 0)), (char **) lines->pdata);
  return FALSE;
}
