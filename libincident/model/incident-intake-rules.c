/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "model/incident-intake-rules-private.h"

#include <libincident/incident-time.h>

static GPtrArray *
new_matchers (void)
{
  return g_ptr_array_new_with_free_func ((GDestroyNotify) incident_matcher_unref);
}

IncidentIntakeRules *
incident_intake_rules_new (void)
{
  IncidentIntakeRules *self = g_new0 (IncidentIntakeRules, 1);

  /* The names belong to what they name. */
  self->sources = g_hash_table_new_full (g_str_hash, g_str_equal, NULL, (GDestroyNotify) incident_source_free);
  self->intervals = g_hash_table_new_full (g_str_hash, g_str_equal, NULL, (GDestroyNotify) incident_interval_free);
  self->route = incident_route_rule_new (NULL, g_strdup ("/route"));
  self->inhibitions = g_ptr_array_new_with_free_func ((GDestroyNotify) incident_inhibition_free);
  self->maintenance = g_ptr_array_new_with_free_func ((GDestroyNotify) incident_maintenance_free);
  self->correlations = g_ptr_array_new_with_free_func ((GDestroyNotify) incident_correlation_free);
  self->warnings = g_ptr_array_new_with_free_func (g_free);
  return self;
}

void
incident_intake_rules_free (IncidentIntakeRules *self)
{
  g_hash_table_unref (self->sources);
  incident_route_rule_free (self->route);
  g_ptr_array_unref (self->inhibitions);
  g_ptr_array_unref (self->maintenance);
  g_ptr_array_unref (self->correlations);
  g_ptr_array_unref (self->warnings);
  g_hash_table_unref (self->intervals);
  g_free (self);
}

const IncidentSource *
incident_intake_rules_get_source (const IncidentIntakeRules *self,
                                  const char                *name)
{
  return g_hash_table_lookup (self->sources, name);
}

const IncidentInterval *
incident_intake_rules_get_interval (const IncidentIntakeRules *self,
                                    const char                *name)
{
  return g_hash_table_lookup (self->intervals, name);
}

IncidentSource *
incident_source_new (const char *name)
{
  IncidentSource *self = g_new0 (IncidentSource, 1);

  self->name = name;
  self->severities = g_array_new (FALSE, FALSE, sizeof (IncidentWord));
  return self;
}

void
incident_source_free (IncidentSource *self)
{
  g_clear_pointer (&self->zone, g_time_zone_unref);
  g_clear_pointer (&self->mapping, incident_mapping_free);
  g_array_unref (self->severities);
  g_free (self);
}

IncidentMapping *
incident_mapping_new (void)
{
  IncidentMapping *self = g_new0 (IncidentMapping, 1);

  self->key = g_ptr_array_new ();
  self->statuses = g_array_new (FALSE, FALSE, sizeof (IncidentWord));
  self->more_labels = g_array_new (FALSE, FALSE, sizeof (IncidentWord));
  return self;
}

void
incident_mapping_free (IncidentMapping *self)
{
  g_ptr_array_unref (self->key);
  g_array_unref (self->statuses);
  g_array_unref (self->more_labels);
  g_free (self);
}

static void
inherit (IncidentRouteRule       *self,
         const IncidentRouteRule *parent)
{
  self->group_by = parent->group_by != NULL ? g_ptr_array_ref (parent->group_by) : NULL;
  self->group_by_all = parent->group_by_all;
  self->service = parent->service;
  self->team = parent->team;
  self->category = parent->category;
  self->policy = parent->policy;
  self->severity = parent->severity;
  self->wait = parent->wait;
  self->window = parent->window;
  self->reopen_within = parent->reopen_within;
  self->threshold = parent->threshold;
  self->flap = parent->flap;
  self->when_ended = parent->when_ended;
  self->ended_for = parent->ended_for;
}

IncidentRouteRule *
incident_route_rule_new (const IncidentRouteRule *parent,
                         char                    *path)
{
  IncidentRouteRule *self = g_new0 (IncidentRouteRule, 1);

  self->path = path;
  self->matchers = new_matchers ();
  self->routes = g_ptr_array_new_with_free_func ((GDestroyNotify) incident_route_rule_free);
  self->mute = g_ptr_array_new ();
  self->active = g_ptr_array_new ();
  self->severity = INCIDENT_SEVERITY_UNKNOWN;
  if (parent != NULL)
    inherit (self, parent);
  return self;
}

void
incident_route_rule_free (IncidentRouteRule *self)
{
  g_free (self->path);
  g_ptr_array_unref (self->matchers);
  g_ptr_array_unref (self->routes);
  g_clear_pointer (&self->group_by, g_ptr_array_unref);
  g_ptr_array_unref (self->mute);
  g_ptr_array_unref (self->active);
  g_free (self);
}

IncidentInhibition *
incident_inhibition_new (char *path)
{
  IncidentInhibition *self = g_new0 (IncidentInhibition, 1);

  self->path = path;
  self->source_matchers = new_matchers ();
  self->target_matchers = new_matchers ();
  self->equal = g_ptr_array_new ();
  return self;
}

void
incident_inhibition_free (IncidentInhibition *self)
{
  g_free (self->path);
  g_ptr_array_unref (self->source_matchers);
  g_ptr_array_unref (self->target_matchers);
  g_ptr_array_unref (self->equal);
  g_clear_pointer (&self->routes, g_ptr_array_unref);
  g_free (self);
}

IncidentMaintenance *
incident_maintenance_new (const char *name)
{
  IncidentMaintenance *self = g_new0 (IncidentMaintenance, 1);

  self->name = name;
  self->matchers = new_matchers ();
  self->starts_at = INCIDENT_TIME_NONE;
  self->ends_at = INCIDENT_TIME_NONE;
  return self;
}

void
incident_maintenance_free (IncidentMaintenance *self)
{
  g_ptr_array_unref (self->matchers);
  g_free (self);
}

IncidentCorrelation *
incident_correlation_new (const char *name)
{
  IncidentCorrelation *self = g_new0 (IncidentCorrelation, 1);

  self->name = name;
  self->equal = g_ptr_array_new ();
  return self;
}

void
incident_correlation_free (IncidentCorrelation *self)
{
  g_ptr_array_unref (self->equal);
  g_free (self);
}
