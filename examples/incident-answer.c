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

const char *
answer_get_text (JsonObject *object,
                 const char *name)
{
  return json_object_get_string_member_with_default (object, name, NULL);
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

guint
answer_get_length (JsonObject *object,
                   const char *name)
{
  return json_object_has_member (object, name) ? json_array_get_length (json_object_get_array_member (object, name)) : 0;
}

JsonObject *
answer_get_element (JsonObject *object,
                    const char *name,
                    guint       position)
{
  return json_array_get_object_element (json_object_get_array_member (object, name), position);
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

void
answer_add_number (Table      *table,
                   JsonObject *object,
                   const char *name)
{
  gint64 number = json_object_get_int_member_with_default (object, name, -1);
  g_autofree char *text = number >= 0 ? g_strdup_printf ("%" G_GINT64_FORMAT, number) : NULL;

  table_add (table, STYLE_PLAIN, text);
}

char *
answer_dup_length (JsonObject *object,
                   const char *name)
{
  double seconds = json_object_get_double_member_with_default (object, name, -1);
  gint64 minutes = (gint64) seconds / 60;

  if (seconds < 0)
    return NULL;
  if (seconds < 60)
    return g_strdup_printf ("%.0f s", seconds);
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
