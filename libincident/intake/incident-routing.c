/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "intake/incident-routing-private.h"

#include <libincident/incident-case.h>

#include <string.h>

#include "base/incident-json-writer-private.h"

/**
 * IncidentRouting:
 *
 * Where an alert with certain labels would go, and why.
 *
 * It names the routes that take it, the group that it would belong to, what a case
 * of that group would get, the case that is open for it, and all that would mute
 * it. A routing never changes and may be shared between threads.
 *
 * Since: 0.1
 */
G_DEFINE_BOXED_TYPE (IncidentRouting, incident_routing, incident_routing_ref, incident_routing_unref)

IncidentRouting *
incident_routing_new (void)
{
  IncidentRouting *self = g_atomic_rc_box_new0 (IncidentRouting);

  self->routes = g_ptr_array_new_with_free_func (g_free);
  self->group_labels = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  self->severity = INCIDENT_SEVERITY_UNKNOWN;
  self->mutes = g_ptr_array_new_with_free_func (g_free);
  return self;
}

/**
 * incident_routing_ref:
 * @self: a routing
 *
 * Takes a reference.
 *
 * Returns: (transfer full): @self
 *
 * Since: 0.1
 */
IncidentRouting *
incident_routing_ref (IncidentRouting *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return g_atomic_rc_box_acquire (self);
}

static void
incident_routing_clear (gpointer data)
{
  IncidentRouting *self = data;

  g_ptr_array_unref (self->routes);
  g_free (self->group);
  g_hash_table_unref (self->group_labels);
  g_free (self->service);
  g_free (self->team);
  g_free (self->category);
  g_free (self->policy);
  g_ptr_array_unref (self->mutes);
}

/**
 * incident_routing_unref:
 * @self: (transfer full): a routing
 *
 * Drops a reference.
 *
 * Since: 0.1
 */
void
incident_routing_unref (IncidentRouting *self)
{
  g_return_if_fail (self != NULL);

  g_atomic_rc_box_release_full (self, incident_routing_clear);
}

static char **
dup_texts (GPtrArray *texts)
{
  char **copy = g_new0 (char *, texts->len + 1);

  for (guint i = 0; i < texts->len; i++)
    copy[i] = g_strdup (g_ptr_array_index (texts, i));
  return copy;
}

/**
 * incident_routing_dup_routes:
 * @self: a routing
 *
 * Lists the routes that take the alert, in the order of the playbook.
 *
 * Returns: (transfer full) (array zero-terminated=1): the name of each route, or
 *   its place in the playbook such as `/route/routes/2`
 *
 * Since: 0.1
 */
char **
incident_routing_dup_routes (IncidentRouting *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return dup_texts (self->routes);
}

/**
 * incident_routing_get_group:
 * @self: a routing
 *
 * Tells the key of the group: alerts with the same key go to the same case.
 *
 * Returns: (transfer none) (nullable): 64 hexadecimal digits, or %NULL if no group
 *   takes it
 *
 * Since: 0.1
 */
const char *
incident_routing_get_group (IncidentRouting *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return self->group;
}

/**
 * incident_routing_dup_group_labels:
 * @self: a routing
 *
 * Tells by which of its labels the alert is grouped.
 *
 * Returns: (transfer full) (element-type utf8 utf8): the values by the names of the
 *   labels; a label that the alert does not have is not there
 *
 * Since: 0.1
 */
GHashTable *
incident_routing_dup_group_labels (IncidentRouting *self)
{
  GHashTable *labels;
  GHashTableIter iter;
  gpointer name;
  gpointer value;

  g_return_val_if_fail (self != NULL, NULL);

  labels = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  g_hash_table_iter_init (&iter, self->group_labels);
  while (g_hash_table_iter_next (&iter, &name, &value))
    g_hash_table_insert (labels, g_strdup (name), g_strdup (value));
  return labels;
}

/**
 * incident_routing_get_service:
 * @self: a routing
 *
 * Tells which service a case of the group would be about.
 *
 * Returns: (transfer none) (nullable): the service, or %NULL for none
 *
 * Since: 0.1
 */
const char *
incident_routing_get_service (IncidentRouting *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return self->service;
}

/**
 * incident_routing_get_team:
 * @self: a routing
 *
 * Tells which team a case of the group would go to.
 *
 * Returns: (transfer none) (nullable): the team, or %NULL for none
 *
 * Since: 0.1
 */
const char *
incident_routing_get_team (IncidentRouting *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return self->team;
}

/**
 * incident_routing_get_category:
 * @self: a routing
 *
 * Tells which kind of incident a case of the group would be.
 *
 * Returns: (transfer none) (nullable): the category, or %NULL for none
 *
 * Since: 0.1
 */
const char *
incident_routing_get_category (IncidentRouting *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return self->category;
}

/**
 * incident_routing_get_policy:
 * @self: a routing
 *
 * Tells by which escalation policy people would be paged.
 *
 * Returns: (transfer none) (nullable): the policy, or %NULL for none
 *
 * Since: 0.1
 */
const char *
incident_routing_get_policy (IncidentRouting *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return self->policy;
}

/**
 * incident_routing_get_severity:
 * @self: a routing
 *
 * Tells how severe a case of this alert alone would be.
 *
 * Returns: the severity, or %INCIDENT_SEVERITY_UNKNOWN
 *
 * Since: 0.1
 */
IncidentSeverity
incident_routing_get_severity (IncidentRouting *self)
{
  g_return_val_if_fail (self != NULL, INCIDENT_SEVERITY_UNKNOWN);

  return self->severity;
}

/**
 * incident_routing_get_case_number:
 * @self: a routing
 *
 * Tells which case the alert would join.
 *
 * Returns: the number of the case, or 0 if a new one would be opened
 *
 * Since: 0.1
 */
guint64
incident_routing_get_case_number (IncidentRouting *self)
{
  g_return_val_if_fail (self != NULL, 0);

  return self->case_number;
}

/**
 * incident_routing_dup_mutes:
 * @self: a routing
 *
 * Tells all that would mute the alert: silences, planned work, intervals, and
 * other alerts that inhibit it.
 *
 * Returns: (transfer full) (array zero-terminated=1): a sentence each; empty if
 *   nothing would
 *
 * Since: 0.1
 */
char **
incident_routing_dup_mutes (IncidentRouting *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return dup_texts (self->mutes);
}

static void
write_texts (IncidentJsonWriter *writer,
             const char         *name,
             GPtrArray          *texts)
{
  incident_json_writer_name (writer, name);
  incident_json_writer_begin_array (writer);
  for (guint i = 0; i < texts->len; i++)
    incident_json_writer_string (writer, g_ptr_array_index (texts, i));
  incident_json_writer_end_array (writer);
}

/* By name, so that the same routing gives the same text. */
static void
write_group_labels (IncidentJsonWriter *writer,
                    IncidentRouting    *self)
{
  g_autoptr(GList) names = g_list_sort (g_hash_table_get_keys (self->group_labels), (GCompareFunc) strcmp);

  incident_json_writer_name (writer, "group_labels");
  incident_json_writer_begin_object (writer);
  for (GList *name = names; name != NULL; name = name->next)
    incident_json_writer_member (writer, name->data, g_hash_table_lookup (self->group_labels, name->data));
  incident_json_writer_end_object (writer);
}

/**
 * incident_routing_to_json:
 * @self: a routing
 *
 * Writes the routing as JSON, as `incident route --json` does.
 *
 * Returns: (transfer full): an object with the members `routes`, `group`,
 *   `group_labels`, `service`, `team`, `category`, `policy`, `severity`, `case` and
 *   `mutes`; what there is not is null
 *
 * Since: 0.1
 */
char *
incident_routing_to_json (IncidentRouting *self)
{
  IncidentJsonWriter writer;
  g_autofree char *id = NULL;
  const char *severity;

  g_return_val_if_fail (self != NULL, NULL);

  if (self->case_number != 0)
    id = incident_case_number_to_string (self->case_number);
  severity = self->severity != INCIDENT_SEVERITY_UNKNOWN ? incident_severity_to_string (self->severity) : NULL;
  incident_json_writer_init (&writer, FALSE);
  incident_json_writer_begin_object (&writer);
  write_texts (&writer, "routes", self->routes);
  incident_json_writer_member (&writer, "group", self->group);
  write_group_labels (&writer, self);
  incident_json_writer_member (&writer, "service", self->service);
  incident_json_writer_member (&writer, "team", self->team);
  incident_json_writer_member (&writer, "category", self->category);
  incident_json_writer_member (&writer, "policy", self->policy);
  incident_json_writer_member (&writer, "severity", severity);
  incident_json_writer_member (&writer, "case", id);
  write_texts (&writer, "mutes", self->mutes);
  incident_json_writer_end_object (&writer);
  return incident_json_writer_finish (&writer);
}
