/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "intake/incident-format-node-private.h"

#include <string.h>

static void
take_item (IncidentIntakeMessage *message,
           IncidentNode          *item,
           IncidentAlertDraft    *draft,
           IncidentReadNodeFunc   read,
           gconstpointer          data)
{
  GError *error = NULL;

  incident_alert_draft_reset (draft);
  draft->raw_start = item->offset;
  draft->raw_length = item->length;
  if (item->type != INCIDENT_JSON_OBJECT)
    incident_node_fail_type (item, INCIDENT_JSON_OBJECT, &error);
  else if (read (message, item, draft, data, &error))
    incident_intake_message_take (message, draft);
  if (error != NULL)
    incident_intake_message_refuse (message, error);
}

gboolean
incident_format_read_items (IncidentIntakeMessage  *message,
                            IncidentNode           *items,
                            IncidentReadNodeFunc    read,
                            gconstpointer           data,
                            GError                **error)
{
  g_auto(IncidentAlertDraft) draft = { NULL, };

  if (items->type != INCIDENT_JSON_OBJECT && items->type != INCIDENT_JSON_ARRAY)
    return incident_node_fail_type (items, INCIDENT_JSON_OBJECT, error);

  incident_alert_draft_init (&draft);
  if (items->type == INCIDENT_JSON_OBJECT)
    take_item (message, items, &draft, read, data);
  else
    for (guint i = 0; i < incident_node_get_length (items); i++)
      take_item (message, incident_node_get_child (items, i), &draft, read, data);
  return TRUE;
}

gboolean
incident_format_read_body (IncidentIntakeMessage  *message,
                           IncidentReadNodeFunc    read,
                           gconstpointer           data,
                           GError                **error)
{
  g_autoptr(IncidentTree) tree = incident_tree_new_tolerant (message->bytes, message->length, message->place, error);

  return tree != NULL && incident_format_read_items (message, incident_tree_get_root (tree), read, data, error);
}

gboolean
incident_format_read_text (IncidentIntakeMessage  *message,
                           IncidentNode           *node,
                           const char            **text,
                           GError                **error)
{
  g_autofree char *number = NULL;

  *text = NULL;
  if (node == NULL || node->type == INCIDENT_JSON_NULL)
    return TRUE;

  switch ((int) node->type)
    {
    case INCIDENT_JSON_STRING:
      *text = node->value.string;
      return TRUE;
    case INCIDENT_JSON_BOOLEAN:
      *text = node->value.boolean ? "true" : "false";
      return TRUE;
    case INCIDENT_JSON_INT:
    case INCIDENT_JSON_DOUBLE:
      number = g_strndup (node->at, node->length);
      *text = incident_intake_message_keep (message, number);
      return TRUE;
    default:
      return incident_node_fail_type (node, INCIDENT_JSON_STRING, error);
    }
}

gboolean
incident_format_read_string (IncidentNode  *object,
                             const char    *name,
                             const char   **string,
                             GError       **error)
{
  IncidentNode *member = incident_node_get_member (object, name);

  *string = NULL;
  if (member == NULL || member->type == INCIDENT_JSON_NULL)
    return TRUE;
  if (member->type != INCIDENT_JSON_STRING)
    return incident_node_fail_type (member, INCIDENT_JSON_STRING, error);

  *string = member->value.string;
  return TRUE;
}

void
incident_format_set_label (GArray     *labels,
                           const char *name,
                           const char *value)
{
  IncidentLabel label = { name, value };

  for (guint i = 0; i < labels->len; i++)
    if (g_str_equal (g_array_index (labels, IncidentLabel, i).name, name))
      {
        g_array_index (labels, IncidentLabel, i).value = value;
        return;
      }
  g_array_append_val (labels, label);
}

gboolean
incident_format_read_labels (IncidentIntakeMessage  *message,
                             IncidentNode           *node,
                             GArray                 *labels,
                             GError                **error)
{
  if (node == NULL || node->type == INCIDENT_JSON_NULL)
    return TRUE;
  if (node->type != INCIDENT_JSON_OBJECT)
    return incident_node_fail_type (node, INCIDENT_JSON_OBJECT, error);

  for (guint i = 0; i < incident_node_get_length (node); i++)
    {
      IncidentNode *member = incident_node_get_child (node, i);
      const char *value;

      if (!incident_format_read_text (message, member, &value, error))
        return FALSE;
      if (value != NULL)
        incident_format_set_label (labels, member->name, value);
    }
  return TRUE;
}

void
incident_format_set_name (IncidentAlertDraft *draft,
                          const char         *name)
{
  draft->name = name;
  if (name == NULL || *name == '\0')
    return;

  for (guint i = 0; i < draft->labels->len; i++)
    if (g_str_equal (g_array_index (draft->labels, IncidentLabel, i).name, "alertname"))
      return;
  incident_alert_draft_add_label (draft, "alertname", name);
}

static gboolean
encloses (const char *text,
          const char *open,
          const char *close)
{
  const char *start = strstr (text, open);

  return start != NULL && strstr (start + strlen (open), close) != NULL;
}

gboolean
incident_format_is_template (const char *text)
{
  static const char capitals[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ_0123456789$";

  if (encloses (text, "{{", "}}") || encloses (text, "${", "}") || encloses (text, "{%", "%}"))
    return TRUE;

  return text[0] == '$' && g_ascii_isupper (text[1]) && text[strspn (text, capitals)] == '\0';
}
