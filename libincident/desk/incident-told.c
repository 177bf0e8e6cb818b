/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "desk/incident-told-private.h"

#include <string.h>

#include "base/incident-node-private.h"
#include "model/incident-rules-private.h"

static gboolean
has_fact (const char *facts,
          const char *name)
{
  const char *value;
  gsize length;

  return incident_facts_find (facts, name, &value, &length);
}

gboolean
incident_told_is_own (const IncidentRecord *record)
{
  return g_str_equal (record->actor, INCIDENT_DESK_ACTOR)
         && (has_fact (record->facts, "run") || g_str_equal (record->kind, "person-paged")
             || g_str_equal (record->kind, "fallback-paged"));
}

gboolean
incident_told_has_fired (const char *facts)
{
  return has_fact (facts, "fired");
}

void
incident_told_add_people (const IncidentRecord *record,
                          GPtrArray            *people)
{
  g_autoptr(IncidentTree) tree = NULL;
  IncidentNode *pages;

  /* Few events tell of pages. */
  if (!incident_told_is_own (record) || record->payload == NULL || strstr (record->payload, "\"pages\"") == NULL)
    return;

  tree = incident_tree_new (record->payload, strlen (record->payload), NULL, NULL);
  pages = tree != NULL ? incident_node_get_member (incident_tree_get_root (tree), "pages") : NULL;
  for (guint i = 0; i < incident_node_get_length (pages); i++)
    {
      const char *person = incident_node_get_string (incident_node_get_child (pages, i), "person");

      if (person != NULL)
        g_ptr_array_add (people, (gpointer) g_intern_string (person));
    }
}
