/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "playbook/incident-playbook-private.h"

#include <libincident/incident-matcher.h>

#include "base/incident-error-private.h"
#include "base/incident-json-writer-private.h"
#include "playbook/incident-playbook-alertmanager-private.h"

/* The sections route, inhibit and intervals become a configuration of Alertmanager, which
 * refuses members that it does not know: so what has no counterpart is left out, and told. */

#define DEFAULT_RECEIVER "default"

const IncidentAlertmanagerRange incident_alertmanager_ranges[INCIDENT_ALERTMANAGER_N_RANGES] = {
  { "weekdays", "weekdays", incident_interval_spec_add_weekdays },
  { "days-of-month", "days_of_month", incident_interval_spec_add_days },
  { "months", "months", incident_interval_spec_add_months },
  { "years", "years", incident_interval_spec_add_years },
};

typedef struct
{
  GPtrArray          *notes;
  GPtrArray          *receivers; /* names, each once */
  IncidentNode       *intervals;
  IncidentJsonWriter  writer;
} Export;

static void
write_texts (Export       *self,
             const char   *name,
             IncidentNode *list)
{
  if (list == NULL)
    return;

  incident_json_writer_name (&self->writer, name);
  incident_json_writer_begin_array (&self->writer);
  for (guint i = 0; i < incident_node_get_length (list); i++)
    incident_json_writer_string (&self->writer, incident_node_get_child (list, i)->value.string);
  incident_json_writer_end_array (&self->writer);
}

/* As it was called before it became an id. */
static const char *
get_interval_name (IncidentNode *interval)
{
  for (guint i = 0; i < incident_node_get_length (interval); i++)
    {
      const char *name = incident_node_get_string (incident_node_get_child (interval, i), INCIDENT_ALERTMANAGER_NAME);

      if (name != NULL)
        return name;
    }

  return interval->name;
}

static void
write_interval_names (Export       *self,
                      const char   *name,
                      IncidentNode *list)
{
  if (list == NULL)
    return;

  incident_json_writer_name (&self->writer, name);
  incident_json_writer_begin_array (&self->writer);
  for (guint i = 0; i < incident_node_get_length (list); i++)
    incident_json_writer_string (&self->writer,
                                 get_interval_name (incident_node_get_member (self->intervals,
                                                                              incident_node_get_child (list, i)->value.string)));
  incident_json_writer_end_array (&self->writer);
}

/* Members that @known does not list, and that belong to nobody else. */
static void
note_others (Export              *self,
             IncidentNode        *node,
             const char * const  *known)
{
  for (guint i = 0; i < incident_node_get_length (node); i++)
    {
      IncidentNode *child = incident_node_get_child (node, i);

      if (!incident_shape_is_foreign (child->name) && !g_strv_contains (known, child->name))
        incident_alertmanager_note (self->notes, child, "has no counterpart in Alertmanager, and was left out");
    }
}

static void
write_receiver (Export       *self,
                IncidentNode *node,
                gboolean      is_root)
{
  const char *name = incident_node_get_string (node, INCIDENT_ALERTMANAGER_RECEIVER);

  if (name == NULL && is_root)
    name = DEFAULT_RECEIVER;
  if (name == NULL)
    return;

  incident_json_writer_member (&self->writer, "receiver", name);
  if (!g_ptr_array_find_with_equal_func (self->receivers, name, g_str_equal, NULL))
    g_ptr_array_add (self->receivers, (gpointer) name);
}

static void
write_route (Export       *self,
             IncidentNode *node,
             gboolean      is_root)
{
  static const char * const known[] = {
    "name", "matchers", "continue", "routes", "group-by", "wait", "mute", "active", NULL
  };
  const char *wait = incident_node_get_string (node, "wait");
  IncidentNode *routes = incident_node_get_member (node, "routes");

  incident_json_writer_begin_object (&self->writer);
  write_receiver (self, node, is_root);
  write_texts (self, "matchers", incident_node_get_member (node, "matchers"));
  write_texts (self, "group_by", incident_node_get_member (node, "group-by"));
  if (wait != NULL)
    incident_json_writer_member (&self->writer, "group_wait", wait);
  if (incident_node_get_boolean (node, "continue"))
    {
      incident_json_writer_name (&self->writer, "continue");
      incident_json_writer_boolean (&self->writer, TRUE);
    }
  write_interval_names (self, "mute_time_intervals", incident_node_get_member (node, "mute"));
  write_interval_names (self, "active_time_intervals", incident_node_get_member (node, "active"));
  note_others (self, node, known);
  if (routes != NULL)
    {
      incident_json_writer_name (&self->writer, "routes");
      incident_json_writer_begin_array (&self->writer);
      for (guint i = 0; i < incident_node_get_length (routes); i++)
        write_route (self, incident_node_get_child (routes, i), FALSE);
      incident_json_writer_end_array (&self->writer);
    }
  incident_json_writer_end_object (&self->writer);
}

/* That a target must have the labels is all that “require” asks for. */
static void
write_target (Export       *self,
              IncidentNode *node)
{
  IncidentNode *target = incident_node_get_member (node, "target");
  IncidentNode *equal = incident_node_get_member (node, "equal");

  incident_json_writer_name (&self->writer, "target_matchers");
  incident_json_writer_begin_array (&self->writer);
  for (guint i = 0; i < incident_node_get_length (target); i++)
    incident_json_writer_string (&self->writer, incident_node_get_child (target, i)->value.string);
  for (guint i = 0; incident_node_get_boolean (node, "require") && i < incident_node_get_length (equal); i++)
    {
      g_autoptr(IncidentMatcher) matcher = incident_matcher_new (incident_node_get_child (equal, i)->value.string, "!=", "", NULL);
      g_autofree char *text = incident_matcher_to_string (matcher);

      incident_json_writer_string (&self->writer, text);
    }
  incident_json_writer_end_array (&self->writer);
}

static void
write_rule (Export       *self,
            IncidentNode *node)
{
  static const char * const known[] = { "name", "source", "target", "equal", "require", NULL };

  if (incident_node_get_member (node, "routes") != NULL)
    {
      incident_alertmanager_note (self->notes, node, "was left out: Alertmanager would mute alerts of every route by it");
      return;
    }

  incident_json_writer_begin_object (&self->writer);
  write_texts (self, "source_matchers", incident_node_get_member (node, "source"));
  write_target (self, node);
  write_texts (self, "equal", incident_node_get_member (node, "equal"));
  note_others (self, node, known);
  incident_json_writer_end_object (&self->writer);
}

static void
write_times (Export       *self,
             IncidentNode *list)
{
  if (list == NULL)
    return;

  incident_json_writer_name (&self->writer, "times");
  incident_json_writer_begin_array (&self->writer);
  for (guint i = 0; i < incident_node_get_length (list); i++)
    {
      IncidentNode *node = incident_node_get_child (list, i);

      incident_json_writer_begin_object (&self->writer);
      incident_json_writer_member (&self->writer, "start_time", incident_node_get_string (node, "start"));
      incident_json_writer_member (&self->writer, "end_time", incident_node_get_string (node, "end"));
      incident_json_writer_end_object (&self->writer);
    }
  incident_json_writer_end_array (&self->writer);
}

static void
write_spec (Export       *self,
            IncidentNode *node)
{
  const char *zone = incident_node_get_string (node, "zone");

  incident_json_writer_begin_object (&self->writer);
  write_times (self, incident_node_get_member (node, "times"));
  for (guint i = 0; i < INCIDENT_ALERTMANAGER_N_RANGES; i++)
    write_texts (self, incident_alertmanager_ranges[i].theirs,
                 incident_node_get_member (node, incident_alertmanager_ranges[i].ours));
  if (zone != NULL)
    incident_json_writer_member (&self->writer, "location", zone);
  incident_json_writer_end_object (&self->writer);
}

static void
write_intervals (Export *self)
{
  if (self->intervals == NULL)
    return;

  incident_json_writer_name (&self->writer, "time_intervals");
  incident_json_writer_begin_array (&self->writer);
  for (guint i = 0; i < incident_node_get_length (self->intervals); i++)
    {
      IncidentNode *interval = incident_node_get_child (self->intervals, i);

      if (incident_shape_is_foreign (interval->name))
        continue;
      incident_json_writer_begin_object (&self->writer);
      incident_json_writer_member (&self->writer, "name", get_interval_name (interval));
      incident_json_writer_name (&self->writer, "time_intervals");
      incident_json_writer_begin_array (&self->writer);
      for (guint j = 0; j < incident_node_get_length (interval); j++)
        write_spec (self, incident_node_get_child (interval, j));
      incident_json_writer_end_array (&self->writer);
      incident_json_writer_end_object (&self->writer);
    }
  incident_json_writer_end_array (&self->writer);
}

static void
write_receivers (Export *self)
{
  incident_json_writer_name (&self->writer, "receivers");
  incident_json_writer_begin_array (&self->writer);
  for (guint i = 0; i < self->receivers->len; i++)
    {
      incident_json_writer_begin_object (&self->writer);
      incident_json_writer_member (&self->writer, "name", g_ptr_array_index (self->receivers, i));
      incident_json_writer_end_object (&self->writer);
    }
  incident_json_writer_end_array (&self->writer);
}

static char *
convert (Export       *self,
         IncidentNode *root)
{
  static const char * const others[] = { "sources", "maintenance", "correlate" };
  IncidentNode *route = incident_node_get_member (root, "route");
  IncidentNode *inhibit = incident_node_get_member (root, "inhibit");

  incident_json_writer_init (&self->writer, TRUE);
  incident_json_writer_begin_object (&self->writer);
  incident_json_writer_name (&self->writer, "route");
  write_route (self, route, TRUE);
  if (incident_node_get_member (route, "wait") == NULL)
    incident_alertmanager_note (self->notes, route, "does not wait; Alertmanager waits 30s where nothing is said");
  write_receivers (self);
  if (inhibit != NULL)
    {
      incident_json_writer_name (&self->writer, "inhibit_rules");
      incident_json_writer_begin_array (&self->writer);
      for (guint i = 0; i < incident_node_get_length (inhibit); i++)
        write_rule (self, incident_node_get_child (inhibit, i));
      incident_json_writer_end_array (&self->writer);
    }
  write_intervals (self);
  incident_json_writer_end_object (&self->writer);
  for (guint i = 0; i < G_N_ELEMENTS (others); i++)
    if (incident_node_get_member (root, others[i]) != NULL)
      incident_alertmanager_note (self->notes, incident_node_get_member (root, others[i]),
                                  "has no counterpart in Alertmanager, and was left out");
  return incident_json_writer_finish (&self->writer);
}

/**
 * incident_playbook_export_alertmanager:
 * @self: a playbook
 * @notes: (out) (optional) (transfer full) (array zero-terminated=1): return location
 *   for what has no counterpart: a JSON pointer into the playbook and what became of it
 * @error: return location for an error
 *
 * Makes the configuration of an Alertmanager of the routes, inhibition rules and
 * intervals of a playbook. Receivers have a name only, that of `x-receiver` in the
 * routes: how they are told is for you to add. What
 * [func@Playbook.import_alertmanager] took from a configuration comes out the same.
 *
 * Returns: (transfer full): a JSON object, which is an `alertmanager.yml` too; or %NULL
 *   with @error set to %INCIDENT_ERROR_INVALID where the playbook has no routes
 *
 * Since: 0.1
 */
char *
incident_playbook_export_alertmanager (IncidentPlaybook   *self,
                                       char             ***notes,
                                       GError            **error)
{
  g_autoptr(GPtrArray) told = g_ptr_array_new_with_free_func (g_free);
  g_autoptr(GPtrArray) receivers = g_ptr_array_new ();
  Export export = { told, receivers, NULL, { NULL, } };
  char *document;

  g_return_val_if_fail (self != NULL, NULL);
  g_return_val_if_fail (error == NULL || *error == NULL, NULL);

  if (incident_node_get_member (incident_playbook_get_root (self), "route") == NULL)
    {
      incident_set_error_at (error, INCIDENT_ERROR_INVALID, "/route", "The playbook has no section “route” to make a configuration of");
      return NULL;
    }

  export.intervals = incident_node_get_member (incident_playbook_get_root (self), "intervals");
  document = convert (&export, incident_playbook_get_root (self));
  if (notes != NULL)
    *notes = incident_alertmanager_end_notes (told);
  return document;
}
