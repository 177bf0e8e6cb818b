/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "playbook/incident-playbook-compile-private.h"

/* The tree of routes. */

#define ALL_LABELS "..."

void
incident_compiler_read_matchers (IncidentCompiler *self,
                                 IncidentNode     *list,
                                 GPtrArray        *matchers)
{
  for (guint i = 0; i < incident_node_get_length (list); i++)
    {
      IncidentNode *node = incident_node_get_child (list, i);
      g_autoptr(GError) error = NULL;
      g_autofree char *warning = NULL;
      g_autoptr(GPtrArray) parsed = incident_matcher_parse (node->value.string, &warning, &error);

      if (parsed == NULL)
        incident_problems_add (self->problems, node, "%s", error->message);
      else
        g_ptr_array_extend (matchers, parsed, (GCopyFunc) (GCallback) incident_matcher_ref, NULL);
      if (warning != NULL)
        incident_problems_add (self->warnings, node, "%s", warning);
    }
}

IncidentInterval *
incident_compiler_find_interval (IncidentCompiler *self,
                                 IncidentNode     *name)
{
  IncidentInterval *interval = g_hash_table_lookup (self->rules->intake->intervals, name->value.string);

  if (interval == NULL)
    incident_problems_add (self->problems, name, "must be a name in “/intervals”; “%s” is none there", name->value.string);
  return interval;
}

void
incident_compiler_check_name (IncidentCompiler *self,
                              IncidentNode     *element,
                              GHashTable       *names)
{
  IncidentNode *name = incident_node_get_member (element, "name");

  if (name != NULL && !g_hash_table_add (names, (gpointer) name->value.string))
    incident_problems_add (self->problems, name, "is the name of another one too: give each its own");
}

static gint64
read_duration (IncidentNode *node,
               const char   *member,
               gint64        otherwise)
{
  const char *text = incident_node_get_string (node, member);

  return text != NULL ? incident_duration_from_text (text) : otherwise;
}

static double
read_number (IncidentNode *node,
             const char   *member)
{
  IncidentNode *number = incident_node_get_member (node, member);

  if (number == NULL)
    return 0;

  return number->type == INCIDENT_JSON_INT ? (double) number->value.integer : number->value.number;
}

/* A list of labels takes the place of what was inherited, an empty one too. */
static void
read_group_by (IncidentCompiler  *self,
               IncidentNode      *node,
               IncidentRouteRule *route)
{
  IncidentNode *list = incident_node_get_member (node, "group-by");
  GPtrArray *labels;

  if (list == NULL)
    return;

  labels = incident_compiler_keep_list (self, node, "group-by");
  g_clear_pointer (&route->group_by, g_ptr_array_unref);
  route->group_by_all = labels->len > 0 && incident_strings_contain (labels, ALL_LABELS);
  if (route->group_by_all && labels->len > 1)
    incident_problems_add (self->problems, list, "must be [\"" ALL_LABELS "\"] alone for all labels, or name some");
  if (route->group_by_all)
    g_ptr_array_unref (labels);
  else
    route->group_by = labels;
}

static void
read_flap (IncidentCompiler  *self,
           IncidentNode      *node,
           IncidentRouteRule *route)
{
  IncidentNode *flap = incident_node_get_member (node, "flap");
  IncidentNode *stop = incident_node_get_member (flap, "stop");

  if (flap == NULL)
    return;

  route->flap.half_life = read_duration (flap, "half-life", 0);
  route->flap.start = read_number (flap, "start");
  route->flap.stop = read_number (flap, "stop");
  if (route->flap.half_life == 0)
    return;

  if (incident_node_get_member (flap, "start") == NULL || stop == NULL)
    incident_problems_add (self->problems, flap, "must say by “start” and “stop” when an alert flaps");
  else if (route->flap.stop >= route->flap.start)
    incident_problems_add (self->problems, stop, "must be less than “start”");
}

static void
read_threshold (IncidentNode      *node,
                IncidentRouteRule *route)
{
  IncidentNode *threshold = incident_node_get_member (node, "threshold");

  if (threshold == NULL)
    return;

  route->threshold.count = (guint) incident_node_get_member (threshold, "count")->value.integer;
  route->threshold.within = read_duration (threshold, "within", 0);
}

static void
read_when_ended (IncidentNode      *node,
                 IncidentRouteRule *route)
{
  static const char * const words[] = {
    [INCIDENT_WHEN_ENDED_NOTE] = "note",
    [INCIDENT_WHEN_ENDED_RESOLVE] = "resolve",
    [INCIDENT_WHEN_ENDED_RECOVER] = "recover",
    [INCIDENT_WHEN_ENDED_CLOSE] = "close",
  };
  const char *word = incident_node_get_string (node, "when-ended");

  for (guint i = 0; i < G_N_ELEMENTS (words); i++)
    if (g_strcmp0 (word, words[i]) == 0)
      route->when_ended = (IncidentWhenEnded) i;
  route->ended_for = read_duration (node, "ended-for", route->ended_for);
}

/* What routes below inherit. */
static void
read_settings (IncidentCompiler  *self,
               IncidentNode      *node,
               IncidentRouteRule *route)
{
  const struct
  {
    const char  *member;
    const char **place;
  } words[] = {
    { "service", &route->service },
    { "team", &route->team },
    { "category", &route->category },
    { "policy", &route->policy },
  };
  const char *severity = incident_node_get_string (node, "severity");

  for (guint i = 0; i < G_N_ELEMENTS (words); i++)
    if (incident_node_get_member (node, words[i].member) != NULL)
      *words[i].place = incident_compiler_keep (self, node, words[i].member);
  if (severity != NULL)
    route->severity = (IncidentSeverity) incident_compiler_get_enum (INCIDENT_TYPE_SEVERITY, severity);
  route->wait = read_duration (node, "wait", route->wait);
  route->window = read_duration (node, "window", route->window);
  route->reopen_within = read_duration (node, "reopen-within", route->reopen_within);
  read_group_by (self, node, route);
  read_threshold (node, route);
  read_flap (self, node, route);
  read_when_ended (node, route);
}

static void
read_intervals (IncidentCompiler *self,
                IncidentNode     *list,
                GPtrArray        *intervals)
{
  for (guint i = 0; i < incident_node_get_length (list); i++)
    {
      IncidentInterval *interval = incident_compiler_find_interval (self, incident_node_get_child (list, i));

      if (interval != NULL)
        g_ptr_array_add (intervals, interval);
    }
}

/* What holds for the route alone. */
static void
read_own (IncidentCompiler  *self,
          IncidentNode      *node,
          IncidentRouteRule *route)
{
  route->name = incident_compiler_keep (self, node, "name");
  route->goes_on = incident_node_get_boolean (node, "continue");
  incident_compiler_read_matchers (self, incident_node_get_member (node, "matchers"), route->matchers);
  read_intervals (self, incident_node_get_member (node, "mute"), route->mute);
  read_intervals (self, incident_node_get_member (node, "active"), route->active);
}

/* Routes after one that takes everything. */
static void
warn_of_unreachable (IncidentCompiler  *self,
                     IncidentNode      *list,
                     IncidentRouteRule *parent)
{
  for (guint i = 0; i + 1 < parent->routes->len; i++)
    {
      const IncidentRouteRule *route = g_ptr_array_index (parent->routes, i);

      if (route->matchers->len > 0 || route->goes_on)
        continue;
      incident_problems_add (self->warnings, incident_node_get_child (list, i),
                             "has no matchers and takes every alert, so that the routes after it get none");
      return;
    }
}

static void
read_route (IncidentCompiler  *self,
            IncidentNode      *node,
            IncidentRouteRule *route,
            GHashTable        *names)
{
  IncidentNode *list = incident_node_get_member (node, "routes");

  incident_compiler_check_name (self, node, names);
  read_own (self, node, route);
  read_settings (self, node, route);
  for (guint i = 0; i < incident_node_get_length (list); i++)
    {
      IncidentNode *child = incident_node_get_child (list, i);
      IncidentRouteRule *below = incident_route_rule_new (route, incident_node_dup_pointer (child));

      g_ptr_array_add (route->routes, below);
      read_route (self, child, below, names);
    }
  warn_of_unreachable (self, list, route);
}

void
incident_playbook_compile_route (IncidentCompiler *self,
                                 IncidentNode     *section,
                                 GHashTable       *names)
{
  static const char * const others[] = { "matchers", "continue", "mute", "active" };
  IncidentIntakeRules *intake = self->rules->intake;

  if (section == NULL)
    return;

  for (guint i = 0; i < G_N_ELEMENTS (others); i++)
    if (incident_node_get_member (section, others[i]) != NULL)
      incident_problems_add (self->problems, incident_node_get_member (section, others[i]),
                             "must be left out here: the first route takes every alert, at any time");
  g_clear_pointer (&intake->route, incident_route_rule_free);
  intake->route = incident_route_rule_new (NULL, incident_node_dup_pointer (section));
  read_route (self, section, intake->route, names);
}
