/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "playbook/incident-playbook-import-private.h"

/* Time intervals of Alertmanager. Their names are free, ours are ids: so they are renamed
 * before anything refers to them. */

typedef IncidentImport Import;

/* A name of a–z, 0–9 and dashes that nobody has yet. */
static char *
make_id (Import     *self,
         const char *name)
{
  g_autoptr(GString) id = g_string_new (NULL);
  gsize length;

  for (; *name != '\0' && id->len < 56; name++)
    if (g_ascii_isalnum (*name))
      g_string_append_c (id, g_ascii_tolower (*name));
    else if (id->len > 0 && id->str[id->len - 1] != '-')
      g_string_append_c (id, '-');
  while (id->len > 0 && id->str[id->len - 1] == '-')
    g_string_truncate (id, id->len - 1);
  if (id->len == 0 || g_str_has_prefix (id->str, "x-"))
    g_string_prepend (id, id->len == 0 ? "interval" : "interval-");

  length = id->len;
  for (guint i = 2; g_hash_table_contains (self->used, id->str); i++)
    {
      g_string_truncate (id, length);
      g_string_append_printf (id, "-%u", i);
    }
  return g_strdup (id->str);
}

void
incident_import_name_intervals (IncidentImport *self,
                                IncidentNode   *list)
{
  if (!incident_import_is_type (self, list, INCIDENT_JSON_ARRAY))
    return;

  for (guint i = 0; i < incident_node_get_length (list); i++)
    {
      IncidentNode *node = incident_node_get_child (list, i);
      IncidentNode *name = incident_node_get_member (node, "name");
      char *id;

      if (!incident_import_is_type (self, node, INCIDENT_JSON_OBJECT))
        continue;
      if (name == NULL || name->type != INCIDENT_JSON_STRING)
        {
          incident_problems_add (self->problems, name != NULL ? name : node, "must have a “name”");
          continue;
        }
      if (g_hash_table_contains (self->ids, name->value.string))
        {
          incident_problems_add (self->problems, name, "is the name of another one too: give each its own");
          continue;
        }

      id = make_id (self, name->value.string);
      if (!g_str_equal (id, name->value.string))
        incident_alertmanager_note (self->notes, name, "is called “%s” in the playbook", id);
      g_hash_table_add (self->used, id);
      g_hash_table_insert (self->ids, (gpointer) name->value.string, id);
    }
}

/* YAML reads 17:00 as a number of base 60. */
static char *
dup_time (Import       *self,
          IncidentNode *node)
{
  if (node->type == INCIDENT_JSON_INT && node->value.integer >= 0 && node->value.integer <= 24 * 60)
    return g_strdup_printf ("%02d:%02d", (int) node->value.integer / 60, (int) node->value.integer % 60);

  return incident_import_dup_text (self, node);
}

static void
write_time (Import               *self,
            IncidentNode         *node,
            IncidentIntervalSpec *spec)
{
  IncidentNode *start_node = incident_node_get_member (node, "start_time");
  IncidentNode *end_node = incident_node_get_member (node, "end_time");
  g_autofree char *start = start_node != NULL ? dup_time (self, start_node) : NULL;
  g_autofree char *end = end_node != NULL ? dup_time (self, end_node) : NULL;
  g_autofree char *problem = NULL;

  if (start == NULL || end == NULL)
    {
      incident_problems_add (self->problems, node, "must have both “start_time” and “end_time”");
      return;
    }
  if (!incident_interval_spec_add_time (spec, start, end, &problem))
    incident_problems_add (self->problems, node, "%s", problem);
  incident_json_writer_begin_object (&self->writer);
  incident_json_writer_member (&self->writer, "start", start);
  incident_json_writer_member (&self->writer, "end", end);
  incident_json_writer_end_object (&self->writer);
}

static void
write_times (Import               *self,
             IncidentNode         *list,
             IncidentIntervalSpec *spec)
{
  if (!incident_import_is_type (self, list, INCIDENT_JSON_ARRAY))
    return;

  incident_json_writer_name (&self->writer, "times");
  incident_json_writer_begin_array (&self->writer);
  for (guint i = 0; i < incident_node_get_length (list); i++)
    if (incident_import_is_type (self, incident_node_get_child (list, i), INCIDENT_JSON_OBJECT))
      write_time (self, incident_node_get_child (list, i), spec);
  incident_json_writer_end_array (&self->writer);
}

static void
write_ranges (Import                            *self,
              IncidentNode                      *node,
              const IncidentAlertmanagerRange   *range,
              IncidentIntervalSpec              *spec)
{
  IncidentNode *list = incident_node_get_member (node, range->theirs);

  incident_import_write_texts (self, range->ours, list);
  for (guint i = 0; i < incident_node_get_length (list); i++)
    {
      IncidentNode *child = incident_node_get_child (list, i);
      g_autofree char *text = list->type == INCIDENT_JSON_ARRAY ? incident_import_dup_text (self, child) : NULL;
      g_autofree char *problem = NULL;

      if (text != NULL && !range->add (spec, text, &problem))
        incident_problems_add (self->problems, child, "%s", problem);
    }
}

/* @name: as it was called, where that is another one; or NULL. */
static void
write_spec (Import               *self,
            IncidentNode         *node,
            const char           *name,
            IncidentIntervalSpec *spec)
{
  IncidentNode *location = incident_node_get_member (node, "location");
  g_autofree char *problem = NULL;

  incident_json_writer_begin_object (&self->writer);
  if (name != NULL)
    incident_json_writer_member (&self->writer, INCIDENT_ALERTMANAGER_NAME, name);
  write_times (self, incident_node_get_member (node, "times"), spec);
  for (guint i = 0; i < INCIDENT_ALERTMANAGER_N_RANGES; i++)
    write_ranges (self, node, &incident_alertmanager_ranges[i], spec);
  if (incident_import_is_type (self, location, INCIDENT_JSON_STRING))
    {
      incident_json_writer_member (&self->writer, "zone", location->value.string);
      if (!incident_interval_spec_set_zone (spec, location->value.string, &problem))
        incident_problems_add (self->problems, location, "%s", problem);
    }
  incident_json_writer_end_object (&self->writer);
}

static void
write_interval (Import       *self,
                IncidentNode *node)
{
  const char *name = incident_node_get_string (node, "name");
  const char *id = name != NULL ? g_hash_table_lookup (self->ids, name) : NULL;
  IncidentNode *specs = incident_node_get_member (node, "time_intervals");
  g_autoptr(IncidentInterval) interval = NULL;
  guint n = 0;

  /* The second of a name was told of. */
  if (id == NULL || !g_hash_table_remove (self->used, id))
    return;

  interval = incident_interval_new (id);
  incident_json_writer_name (&self->writer, id);
  incident_json_writer_begin_array (&self->writer);
  if (incident_import_is_type (self, specs, INCIDENT_JSON_ARRAY))
    for (guint i = 0; i < incident_node_get_length (specs); i++)
      if (incident_import_is_type (self, incident_node_get_child (specs, i), INCIDENT_JSON_OBJECT))
        write_spec (self, incident_node_get_child (specs, i), n++ == 0 && !g_str_equal (name, id) ? name : NULL,
                    incident_interval_add_spec (interval));
  incident_json_writer_end_array (&self->writer);
  if (n == 0)
    incident_problems_add (self->problems, specs != NULL ? specs : node, "must say at least once when it is; {} is always");
}

void
incident_import_write_intervals (IncidentImport *self,
                                 IncidentNode   *root)
{
  if (g_hash_table_size (self->ids) == 0)
    return;

  incident_json_writer_name (&self->writer, "intervals");
  incident_json_writer_begin_object (&self->writer);
  for (guint i = 0; i < 2; i++)
    {
      IncidentNode *list = incident_node_get_member (root, i == 0 ? "time_intervals" : "mute_time_intervals");

      for (guint j = 0; j < incident_node_get_length (list); j++)
        write_interval (self, incident_node_get_child (list, j));
    }
  incident_json_writer_end_object (&self->writer);
}
