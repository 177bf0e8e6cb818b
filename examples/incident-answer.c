/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "incident-answer.h"

JsonNode *
answer_read (const char *document)
{
  JsonNode *node = json_from_string (document, NULL);

  /* Else the library has answered what is no JSON. */
  g_assert (node != NULL);
  return node;
}

JsonObject *
answer_get_root (JsonNode *answer)
{
  g_assert (JSON_NODE_HOLDS_OBJECT (answer));
  return json_node_get_object (answer);
}

const char *
answer_get_text (JsonObject *object,
                 const char *name)
{
  JsonNode *node = json_object_get_member (object, name);

  return node != NULL && json_node_get_value_type (node) == G_TYPE_STRING ? json_node_get_string (node) : NULL;
}

gint64
answer_get_time (JsonObject *object,
                 const char *name)
{
  const char *text = answer_get_text (object, name);
  gint64 time = INCIDENT_TIME_NONE;

  if (text != NULL)
    incident_time_from_string (text, &time, NULL);
  return time;
}

double
answer_get_number (JsonObject *object,
                   const char *name)
{
  JsonNode *node = json_object_get_member (object, name);
  GType type = node != NULL ? json_node_get_value_type (node) : G_TYPE_INVALID;

  return type == G_TYPE_INT64 || type == G_TYPE_DOUBLE ? json_node_get_double (node) : -1;
}

gboolean
answer_get_boolean (JsonObject *object,
                    const char *name)
{
  JsonNode *node = json_object_get_member (object, name);

  return node != NULL && json_node_get_value_type (node) == G_TYPE_BOOLEAN && json_node_get_boolean (node);
}

JsonObject *
answer_get_object (JsonObject *object,
                   const char *name)
{
  JsonNode *node = json_object_get_member (object, name);

  g_assert (node != NULL);
  return answer_get_root (node);
}

static JsonArray *
get_list (JsonObject *object,
          const char *name)
{
  JsonNode *node = json_object_get_member (object, name);

  return node != NULL && JSON_NODE_HOLDS_ARRAY (node) ? json_node_get_array (node) : NULL;
}

guint
answer_get_length (JsonObject *object,
                   const char *name)
{
  JsonArray *list = get_list (object, name);

  return list != NULL ? json_array_get_length (list) : 0;
}

JsonObject *
answer_get_element (JsonObject *object,
                    const char *name,
                    guint       position)
{
  return answer_get_root (json_array_get_element (get_list (object, name), position));
}

const char *
answer_get_word (JsonObject *object,
                 const char *name,
                 guint       position)
{
  return json_node_get_string (json_array_get_element (get_list (object, name), position));
}

void
answer_add_text (Table      *table,
                 JsonObject *object,
                 const char *name)
{
  table_add (table, STYLE_PLAIN, answer_get_text (object, name));
}

void
answer_add_time (Table      *table,
                 JsonObject *object,
                 const char *name)
{
  table_add_time (table, answer_get_time (object, name));
}

char *
answer_dup_number (JsonObject *object,
                   const char *name)
{
  double number = answer_get_number (object, name);
  char text[G_ASCII_DTOSTR_BUF_SIZE];

  if (number < 0)
    return NULL;

  return g_strdup (g_ascii_formatd (text, sizeof text, number < 1e9 && number == (gint64) number ? "%.0f" : "%.1f", number));
}

void
answer_add_number (Table      *table,
                   JsonObject *object,
                   const char *name)
{
  g_autofree char *text = answer_dup_number (object, name);

  table_add (table, STYLE_PLAIN, text);
}

char *
answer_dup_length (JsonObject *object,
                   const char *name)
{
  gint64 seconds = (gint64) answer_get_number (object, name);
  gint64 minutes = seconds / 60;

  if (seconds < 0)
    return NULL;
  if (seconds < 60)
    return g_strdup_printf ("%" G_GINT64_FORMAT " s", seconds);
  if (minutes < 60)
    return g_strdup_printf ("%" G_GINT64_FORMAT " min", minutes);

  return minutes % 60 == 0 ? g_strdup_printf ("%" G_GINT64_FORMAT " h", minutes / 60)
                           : g_strdup_printf ("%" G_GINT64_FORMAT " h %" G_GINT64_FORMAT " min", minutes / 60, minutes % 60);
}

void
answer_print (JsonBuilder *builder)
{
  g_autoptr(JsonGenerator) generator = json_generator_new ();
  g_autoptr(JsonNode) root = json_builder_get_root (builder);
  g_autofree char *document = NULL;

  json_generator_set_root (generator, root);
  document = json_generator_to_data (generator, NULL);
  print_document (document);
}
