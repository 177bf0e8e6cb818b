/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "playbook/incident-playbook-compile-private.h"

#include "base/incident-enum-private.h"

/* What the parts of the compiler share. */

const char *
incident_compiler_keep (IncidentCompiler *self,
                        IncidentNode     *node,
                        const char       *member)
{
  return incident_rules_keep (self->rules, incident_node_get_string (node, member));
}

gboolean
incident_compiler_next_entry (IncidentNode  *map,
                              guint         *position,
                              IncidentNode **entry)
{
  while (*position < incident_node_get_length (map))
    {
      *entry = incident_node_get_child (map, (*position)++);
      if ((*entry)->name == NULL || !incident_shape_is_foreign ((*entry)->name))
        return TRUE;
    }

  return FALSE;
}

GPtrArray *
incident_compiler_keep_list (IncidentCompiler *self,
                             IncidentNode     *node,
                             const char       *member)
{
  IncidentNode *list = incident_node_get_member (node, member);
  GPtrArray *kept = g_ptr_array_new ();

  for (guint i = 0; i < incident_node_get_length (list); i++)
    g_ptr_array_add (kept, (gpointer) incident_rules_keep (self->rules, incident_node_get_child (list, i)->value.string));
  return kept;
}

int
incident_compiler_get_enum (GType       type,
                            const char *nick)
{
  int value = 0;

  incident_enum_from_nick (type, "value", nick, &value, NULL);
  return value;
}

IncidentBits
incident_compiler_get_severities (IncidentNode *list)
{
  IncidentBits bits = 0;

  for (guint i = 0; i < incident_node_get_length (list); i++)
    bits |= 1u << incident_compiler_get_enum (INCIDENT_TYPE_SEVERITY, incident_node_get_child (list, i)->value.string);
  return bits;
}

void
incident_compiler_check_phase (IncidentCompiler *self,
                               IncidentNode     *node)
{
  if (incident_lifecycle_find_phase (self->rules->lifecycle, node->value.string) < 0)
    incident_problems_add (self->problems, node, "must be one of the phases; “%s” is none", node->value.string);
}

void
incident_compiler_read_condition (IncidentCompiler  *self,
                                  IncidentNode      *node,
                                  IncidentCondition *condition)
{
  IncidentNode *phases = incident_node_get_member (node, "phase");

  for (guint i = 0; i < incident_node_get_length (phases); i++)
    incident_compiler_check_phase (self, incident_node_get_child (phases, i));
  condition->severities = incident_compiler_get_severities (incident_node_get_member (node, "severity"));
  condition->services = incident_compiler_keep_list (self, node, "service");
  condition->categories = incident_compiler_keep_list (self, node, "category");
  condition->phases = incident_compiler_keep_list (self, node, "phase");
}

void
incident_compiler_check_filled (IncidentCompiler *self,
                                IncidentNode     *condition)
{
  for (guint i = 0; i < incident_node_get_length (condition); i++)
    {
      IncidentNode *list = incident_node_get_child (condition, i);

      if (list->type == INCIDENT_JSON_ARRAY && list->children->len == 0 && !incident_shape_is_foreign (list->name))
        incident_problems_add (self->problems, list, "must name at least one, or be left out");
    }
}

void
incident_compiler_check_not_empty (IncidentCompiler *self,
                                   IncidentNode     *list)
{
  if (list != NULL && list->children->len == 0)
    incident_problems_add (self->problems, list, "must name at least one, or be left out");
}

gint64
incident_compiler_get_duration (IncidentNode *node,
                                const char   *member,
                                gint64        otherwise)
{
  const char *text = incident_node_get_string (node, member);

  return text != NULL ? incident_duration_from_text (text) : otherwise;
}

guint
incident_compiler_get_number (IncidentNode *node,
                              const char   *member,
                              guint         otherwise)
{
  IncidentNode *number = incident_node_get_member (node, member);

  return number != NULL ? (guint) number->value.integer : otherwise;
}

const char *
incident_compiler_keep_name (IncidentCompiler *self,
                             IncidentNode     *element,
                             GHashTable       *names)
{
  IncidentNode *node = incident_node_get_member (element, "name");
  g_autofree char *number = node == NULL ? g_strdup_printf ("%u", element->position + 1) : NULL;
  const char *name = incident_rules_keep (self->rules, node != NULL ? node->value.string : number);

  if (!g_hash_table_add (names, (gpointer) name))
    incident_problems_add (self->problems, node != NULL ? node : element, "is called “%s”, as another one is: give each its own name",
                           name);
  return name;
}

IncidentSecret
incident_compiler_read_secret (IncidentCompiler *self,
                               IncidentNode     *node,
                               const char       *member)
{
  IncidentNode *secret = incident_node_get_member (node, member);

  return (IncidentSecret) { incident_compiler_keep (self, secret, "env"), incident_compiler_keep (self, secret, "file") };
}
