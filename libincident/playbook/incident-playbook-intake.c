/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "playbook/incident-playbook-compile-private.h"

#include <libincident/incident-time.h>

/* Sources, intervals, inhibition, maintenance and correlation. */

/* Words and what they mean. */
static void
read_words (IncidentCompiler *self,
            IncidentNode     *map,
            GArray           *words)
{
  IncidentNode *entry;

  for (guint i = 0; incident_compiler_next_entry (map, &i, &entry);)
    {
      IncidentWord word = {
        incident_rules_keep (self->rules, entry->name),
        incident_rules_keep (self->rules, entry->value.string)
      };

      g_array_append_val (words, word);
    }
}

static void
check_mapping (IncidentCompiler *self,
               IncidentNode     *node,
               IncidentMapping  *mapping)
{
  IncidentNode *statuses = incident_node_get_member (node, "statuses");

  if (mapping->key->len == 0)
    incident_problems_add (self->problems, incident_node_get_member (node, "key"),
                           "must name at least one place, such as “/id”: without a key all alerts are one");
  if ((mapping->status == NULL) == (mapping->always == NULL))
    incident_problems_add (self->problems, node, "must tell the status by either “status” with “statuses”, or “always”");
  else if (mapping->status != NULL && mapping->statuses->len == 0)
    incident_problems_add (self->problems, statuses != NULL ? statuses : node,
                           "must say by “statuses” what the words at “status” mean, such as {\"alert\": \"firing\"}");
  else if (mapping->status == NULL && statuses != NULL)
    incident_problems_add (self->problems, statuses, "must be left out: “always” is the status of all");
}

static IncidentMapping *
read_mapping (IncidentCompiler *self,
              IncidentNode     *node)
{
  IncidentMapping *mapping = incident_mapping_new ();
  IncidentNode *sample = incident_node_get_member (node, "sample");
  g_autofree char *json = sample != NULL ? incident_node_to_json (sample, FALSE) : NULL;

  mapping->items = incident_compiler_keep (self, node, "items");
  g_ptr_array_unref (mapping->key);
  mapping->key = incident_compiler_keep_list (self, node, "key");
  mapping->episode = incident_compiler_keep (self, node, "episode");
  mapping->status = incident_compiler_keep (self, node, "status");
  read_words (self, incident_node_get_member (node, "statuses"), mapping->statuses);
  mapping->always = incident_compiler_keep (self, node, "always");
  mapping->severity = incident_compiler_keep (self, node, "severity");
  mapping->name = incident_compiler_keep (self, node, "name");
  mapping->summary = incident_compiler_keep (self, node, "summary");
  mapping->link = incident_compiler_keep (self, node, "link");
  mapping->starts_at = incident_compiler_keep (self, node, "starts-at");
  mapping->ends_at = incident_compiler_keep (self, node, "ends-at");
  mapping->labels = incident_compiler_keep (self, node, "labels");
  read_words (self, incident_node_get_member (node, "more-labels"), mapping->more_labels);
  mapping->annotations = incident_compiler_keep (self, node, "annotations");
  mapping->sample = incident_rules_keep (self->rules, json);
  check_mapping (self, node, mapping);
  return mapping;
}

/* Only a body of the team's own needs to be told how to read it. */
static void
read_mapping_of (IncidentCompiler *self,
                 IncidentNode     *entry,
                 IncidentSource   *source)
{
  IncidentNode *node = incident_node_get_member (entry, "mapping");
  gboolean is_json = g_strcmp0 (source->format, "json") == 0;

  if (node != NULL)
    source->mapping = read_mapping (self, node);
  if (node == NULL && is_json)
    incident_problems_add (self->problems, entry, "must have a “mapping”, which says where everything stands in its JSON");
  else if (node != NULL && !is_json && g_strcmp0 (source->format, "cloudevents") != 0)
    incident_problems_add (self->problems, node, "must be left out: only the formats “json” and “cloudevents” have a mapping");
}

static void
read_sources (IncidentCompiler *self,
              IncidentNode     *section)
{
  IncidentNode *entry;

  for (guint i = 0; incident_compiler_next_entry (section, &i, &entry);)
    {
      IncidentSource *source = incident_source_new (incident_rules_keep (self->rules, entry->name));
      const char *timeout = incident_node_get_string (entry, "timeout");
      const char *zone = incident_node_get_string (entry, "zone");

      source->format = incident_compiler_keep (self, entry, "format");
      source->token = incident_compiler_read_secret (self, entry, "token");
      source->signature = incident_compiler_read_secret (self, entry, "signature");
      source->timeout = timeout != NULL ? incident_duration_from_text (timeout) : 0;
      source->zone = zone != NULL ? g_time_zone_new_identifier (zone) : NULL;
      read_words (self, incident_node_get_member (entry, "severities"), source->severities);
      read_mapping_of (self, entry, source);
      if (g_hash_table_contains (self->rules->people, entry->name))
        incident_problems_add (self->problems, entry, "is the name of a person too: an actor is one or the other");
      g_hash_table_insert (self->rules->intake->sources, (gpointer) source->name, source);
    }
}

typedef gboolean (*AddRange) (IncidentIntervalSpec *spec,
                              const char           *text,
                              char                **problem);

static void
read_ranges (IncidentCompiler     *self,
             IncidentNode         *list,
             IncidentIntervalSpec *spec,
             AddRange              add_range)
{
  for (guint i = 0; i < incident_node_get_length (list); i++)
    {
      IncidentNode *node = incident_node_get_child (list, i);
      g_autofree char *problem = NULL;

      if (!add_range (spec, node->value.string, &problem))
        incident_problems_add (self->problems, node, "%s", problem);
    }
}

static void
read_times (IncidentCompiler     *self,
            IncidentNode         *list,
            IncidentIntervalSpec *spec)
{
  for (guint i = 0; i < incident_node_get_length (list); i++)
    {
      IncidentNode *node = incident_node_get_child (list, i);
      g_autofree char *problem = NULL;

      if (!incident_interval_spec_add_time (spec, incident_node_get_string (node, "start"),
                                            incident_node_get_string (node, "end"), &problem))
        incident_problems_add (self->problems, node, "%s", problem);
    }
}

static void
read_spec (IncidentCompiler     *self,
           IncidentNode         *node,
           IncidentIntervalSpec *spec)
{
  IncidentNode *zone = incident_node_get_member (node, "zone");
  g_autofree char *problem = NULL;

  read_times (self, incident_node_get_member (node, "times"), spec);
  read_ranges (self, incident_node_get_member (node, "weekdays"), spec, incident_interval_spec_add_weekdays);
  read_ranges (self, incident_node_get_member (node, "days-of-month"), spec, incident_interval_spec_add_days);
  read_ranges (self, incident_node_get_member (node, "months"), spec, incident_interval_spec_add_months);
  read_ranges (self, incident_node_get_member (node, "years"), spec, incident_interval_spec_add_years);
  if (zone != NULL && !incident_interval_spec_set_zone (spec, zone->value.string, &problem))
    incident_problems_add (self->problems, zone, "%s", problem);
}

static void
read_intervals (IncidentCompiler *self,
                IncidentNode     *section)
{
  IncidentNode *entry;

  for (guint i = 0; incident_compiler_next_entry (section, &i, &entry);)
    {
      IncidentInterval *interval = incident_interval_new (incident_rules_keep (self->rules, entry->name));

      for (guint j = 0; j < incident_node_get_length (entry); j++)
        read_spec (self, incident_node_get_child (entry, j), incident_interval_add_spec (interval));
      if (incident_node_get_length (entry) == 0)
        incident_problems_add (self->problems, entry, "must say at least once when it is; {} is always");
      g_hash_table_insert (self->rules->intake->intervals, (gpointer) interval->name, interval);
    }
}

/* Of what mutes, or is muted. */
static void
warn_of_many (IncidentCompiler *self,
              IncidentNode     *list,
              GPtrArray        *matchers)
{
  if (incident_node_get_length (list) == 0)
    incident_problems_add (self->warnings, list, "is empty, and so every alert matches");
  else if (matchers->len > 0 && incident_matchers_match_empty (matchers))
    incident_problems_add (self->warnings, list, "lets every alert match that has none of these labels: nearly all");
}

static void
check_routes (IncidentCompiler *self,
              IncidentNode     *list,
              GHashTable       *names)
{
  for (guint i = 0; i < incident_node_get_length (list); i++)
    {
      IncidentNode *node = incident_node_get_child (list, i);

      if (!g_hash_table_contains (names, node->value.string))
        incident_problems_add (self->problems, node, "must be the “name” of a route; “%s” is none", node->value.string);
    }
  if (list != NULL && list->children->len == 0)
    incident_problems_add (self->problems, list, "must name at least one, or be left out");
}

static void
read_inhibitions (IncidentCompiler *self,
                  IncidentNode     *section,
                  GHashTable       *routes)
{
  g_autoptr(GHashTable) names = g_hash_table_new (g_str_hash, g_str_equal);

  for (guint i = 0; i < incident_node_get_length (section); i++)
    {
      IncidentNode *node = incident_node_get_child (section, i);
      IncidentNode *source = incident_node_get_member (node, "source");
      IncidentNode *target = incident_node_get_member (node, "target");
      IncidentInhibition *rule = incident_inhibition_new (incident_node_dup_pointer (node));

      rule->name = incident_compiler_keep (self, node, "name");
      incident_compiler_read_matchers (self, source, rule->source_matchers);
      incident_compiler_read_matchers (self, target, rule->target_matchers);
      g_ptr_array_unref (rule->equal);
      rule->equal = incident_compiler_keep_list (self, node, "equal");
      rule->require = incident_node_get_boolean (node, "require");
      if (incident_node_get_member (node, "routes") != NULL)
        rule->routes = incident_compiler_keep_list (self, node, "routes");
      warn_of_many (self, source, rule->source_matchers);
      warn_of_many (self, target, rule->target_matchers);
      check_routes (self, incident_node_get_member (node, "routes"), routes);
      incident_compiler_check_name (self, node, names);
      g_ptr_array_add (self->rules->intake->inhibitions, rule);
    }
}

static gint64
read_moment (IncidentNode *node,
             const char   *member)
{
  const char *text = incident_node_get_string (node, member);
  gint64 time = INCIDENT_TIME_NONE;

  if (text != NULL)
    incident_time_from_string (text, &time, NULL);
  return time;
}

static void
read_times_of_work (IncidentCompiler    *self,
                    IncidentNode        *node,
                    IncidentMaintenance *work)
{
  IncidentNode *interval = incident_node_get_member (node, "interval");
  gboolean has_from = incident_node_get_member (node, "from") != NULL;
  gboolean has_until = incident_node_get_member (node, "until") != NULL;

  work->starts_at = read_moment (node, "from");
  work->ends_at = read_moment (node, "until");
  work->interval = interval != NULL ? incident_compiler_find_interval (self, interval) : NULL;
  if (has_from != has_until || has_from == (interval != NULL))
    incident_problems_add (self->problems, node, "must say when it is by either “from” and “until”, or “interval”");
  else if (has_until && work->ends_at <= work->starts_at)
    incident_problems_add (self->problems, incident_node_get_member (node, "until"), "must be later than “from”");
}

static void
read_maintenance (IncidentCompiler *self,
                  IncidentNode     *section)
{
  g_autoptr(GHashTable) names = g_hash_table_new (g_str_hash, g_str_equal);

  for (guint i = 0; i < incident_node_get_length (section); i++)
    {
      IncidentNode *node = incident_node_get_child (section, i);
      IncidentNode *list = incident_node_get_member (node, "matchers");
      IncidentMaintenance *work = incident_maintenance_new (incident_compiler_keep (self, node, "name"));

      incident_compiler_read_matchers (self, list, work->matchers);
      work->reason = incident_compiler_keep (self, node, "reason");
      read_times_of_work (self, node, work);
      warn_of_many (self, list, work->matchers);
      incident_compiler_check_name (self, node, names);
      g_ptr_array_add (self->rules->intake->maintenance, work);
    }
}

static void
read_correlations (IncidentCompiler *self,
                   IncidentNode     *section)
{
  g_autoptr(GHashTable) names = g_hash_table_new (g_str_hash, g_str_equal);

  for (guint i = 0; i < incident_node_get_length (section); i++)
    {
      IncidentNode *node = incident_node_get_child (section, i);
      IncidentCorrelation *rule = incident_correlation_new (incident_compiler_keep (self, node, "name"));

      g_ptr_array_unref (rule->equal);
      rule->equal = incident_compiler_keep_list (self, node, "equal");
      rule->dependent = incident_node_get_boolean (node, "dependent");
      rule->within = incident_duration_from_text (incident_node_get_string (node, "within"));
      if (rule->equal->len == 0 && !rule->dependent)
        incident_problems_add (self->problems, node, "must say by “equal”, “dependent” or both what the cases have in common");
      incident_compiler_check_name (self, node, names);
      g_ptr_array_add (self->rules->intake->correlations, rule);
    }
}

void
incident_playbook_compile_intake (IncidentCompiler *self,
                                  IncidentNode     *root)
{
  g_autoptr(GHashTable) routes = g_hash_table_new (g_str_hash, g_str_equal);

  read_sources (self, incident_node_get_member (root, "sources"));
  read_intervals (self, incident_node_get_member (root, "intervals"));
  incident_playbook_compile_route (self, incident_node_get_member (root, "route"), routes);
  read_inhibitions (self, incident_node_get_member (root, "inhibit"), routes);
  read_maintenance (self, incident_node_get_member (root, "maintenance"));
  read_correlations (self, incident_node_get_member (root, "correlate"));
}
