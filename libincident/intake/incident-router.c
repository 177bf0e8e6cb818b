/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "intake/incident-router-private.h"

#include <string.h>

#include "base/incident-text-private.h"
#include "model/incident-matcher-private.h"

/* Most routes begin with the same label, such as “team”: it is looked up once. */
typedef struct
{
  const char *name;   /* NULL: none yet */
  const char *value;  /* NULL: the alert has none */
} Lookup;

/* TRUE: the matchers do not hold, for sure. */
static gboolean
fails_at_once (const IncidentRouteRule *rule,
               IncidentLabels           labels,
               Lookup                  *lookup)
{
  const IncidentMatcher *first = rule->matchers != NULL && rule->matchers->len > 0 ? g_ptr_array_index (rule->matchers, 0) : NULL;

  if (first == NULL || first->match != INCIDENT_MATCH_EQUAL)
    return FALSE;

  if (lookup->name == NULL || strcmp (lookup->name, first->name) != 0)
    *lookup = (Lookup) { first->name, incident_labels_get (labels, first->name) };
  return lookup->value != NULL && strcmp (lookup->value, first->value) != 0;
}

/* The matches of a node are those of its children; where none has any, the node itself. */
static gboolean
collect (const IncidentRouteRule *rule,
         IncidentLabels           labels,
         IncidentLabels           annotations,
         GPtrArray               *matches)
{
  Lookup lookup = { NULL, NULL };
  gboolean any = FALSE;

  if (!incident_matchers_match (rule->matchers, labels, annotations, NULL))
    return FALSE;

  for (guint i = 0; rule->routes != NULL && i < rule->routes->len; i++)
    {
      const IncidentRouteRule *child = g_ptr_array_index (rule->routes, i);

      if (fails_at_once (child, labels, &lookup) || !collect (child, labels, annotations, matches))
        continue;
      any = TRUE;
      if (!child->goes_on)
        break;
    }
  if (!any)
    g_ptr_array_add (matches, (gpointer) rule);
  return TRUE;
}

/* The first match alone, which is what most want. */
static const IncidentRouteRule *
find_first (const IncidentRouteRule *rule,
            IncidentLabels           labels,
            IncidentLabels           annotations)
{
  Lookup lookup = { NULL, NULL };

  if (!incident_matchers_match (rule->matchers, labels, annotations, NULL))
    return NULL;

  for (guint i = 0; rule->routes != NULL && i < rule->routes->len; i++)
    {
      const IncidentRouteRule *child = g_ptr_array_index (rule->routes, i);
      const IncidentRouteRule *found = fails_at_once (child, labels, &lookup) ? NULL : find_first (child, labels, annotations);

      if (found != NULL)
        return found;
    }

  return rule;
}

const IncidentRouteRule *
incident_router_find (const IncidentRouteRule *root,
                      IncidentLabels           labels,
                      IncidentLabels           annotations,
                      GPtrArray               *others)
{
  const IncidentRouteRule *first;

  if (others == NULL)
    {
      first = find_first (root, labels, annotations);
      return first != NULL ? first : root;
    }

  g_ptr_array_set_size (others, 0);
  if (!collect (root, labels, annotations, others))
    return root;

  first = g_ptr_array_index (others, 0);
  g_ptr_array_remove_index (others, 0);
  return first;
}

static gboolean
contains (GPtrArray  *names,
          const char *name)
{
  for (guint i = 0; i < names->len; i++)
    if (g_str_equal (g_ptr_array_index (names, i), name))
      return TRUE;

  return FALSE;
}

/* By the route; or as the sender does; or by the name of the alert. */
static gboolean
is_grouped_by (const IncidentRouteRule *rule,
               const char              *name)
{
  if (rule->group_by_all)
    return TRUE;

  return rule->group_by != NULL ? contains (rule->group_by, name) : g_str_equal (name, "alertname");
}

static gboolean
is_grouped_by_sender (const IncidentRouteRule *rule,
                      const IncidentGrouping  *grouping)
{
  return rule->group_by == NULL && !rule->group_by_all && grouping != NULL;
}

GArray *
incident_router_list_group (const IncidentRouteRule *rule,
                            const IncidentGrouping  *grouping,
                            IncidentLabels           labels)
{
  GArray *group;

  if (is_grouped_by_sender (rule, grouping))
    return g_array_ref (grouping->labels);

  group = g_array_new (FALSE, FALSE, sizeof (IncidentLabel));
  for (guint i = 0; i < labels.n; i++)
    if (is_grouped_by (rule, labels.labels[i].name))
      g_array_append_val (group, labels.labels[i]);
  return group;
}

/* Each name and value is closed by a byte that UTF-8 never has, so that “ab” and “c” are not “a” and “bc”. */
void
incident_router_put_label (GString             *out,
                           const IncidentLabel *label)
{
  incident_text_append_len (out, label->name, strlen (label->name));
  incident_text_append_constant (out, "\xff");
  incident_text_append_len (out, label->value, strlen (label->value));
  incident_text_append_constant (out, "\xff");
}

void
incident_router_put_group (const IncidentRouteRule *rule,
                           const IncidentGrouping  *grouping,
                           IncidentLabels           labels,
                           const char              *key,
                           GString                 *out)
{
  gsize length;

  /* This word is older than the other formats, and stays, so that groups do too. */
  g_string_assign (out, "alertmanager\xff");
  if (!g_str_equal (rule->path, "/route"))
    {
      const char *name = rule->name != NULL ? rule->name : rule->path;

      incident_text_append_len (out, name, strlen (name));
      incident_text_append_constant (out, "\xff");
    }
  if (is_grouped_by_sender (rule, grouping))
    {
      g_string_append_len (out, grouping->text->str, (gssize) grouping->text->len);
      return;
    }

  length = out->len;
  for (guint i = 0; i < labels.n; i++)
    if (is_grouped_by (rule, labels.labels[i].name))
      incident_router_put_label (out, &labels.labels[i]);

  /* Nobody said how to group, and there is nothing to go by: each for itself. */
  if (out->len == length && rule->group_by == NULL && !rule->group_by_all && key != NULL)
    g_string_append_printf (out, "\xff%s", key);
}

char *
incident_router_name_group (GString *group)
{
  return g_compute_checksum_for_data (G_CHECKSUM_SHA256, (const guchar *) group->str, group->len);
}
