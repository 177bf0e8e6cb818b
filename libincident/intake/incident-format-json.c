/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "intake/incident-format-node-private.h"

#include "intake/incident-formats-private.h"
#include "intake/incident-mapping-private.h"

/* What the team sends itself, as the mapping of its source says. Without a mapping, what is sent to
 * other tools by custom is read. */

static gboolean
looks_like_oncall (IncidentNode *item)
{
  return incident_node_get_member (item, "alert_uid") != NULL
         || (incident_node_get_string (item, "title") != NULL && incident_node_get_string (item, "state") != NULL);
}

static gboolean
looks_like_goalert (IncidentNode *item)
{
  return incident_node_get_string (item, "summary") != NULL;
}

/* Some senders say who they are in the body. */
static void
blank_credentials (IncidentIntakeMessage *message,
                   IncidentNode          *object)
{
  static const char * const names[] = { "token", "routing_key", "api_key", "apiKey", "password", "secret" };

  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    if (incident_node_get_string (object, names[i]) != NULL)
      incident_intake_message_blank (message, incident_node_get_member (object, names[i]));
}

static gboolean
read_alert (IncidentIntakeMessage  *message,
            IncidentNode           *item,
            IncidentAlertDraft     *draft,
            gconstpointer           data,
            GError                **error)
{
  const IncidentMapping *mapping = data;

  blank_credentials (message, item);
  if (mapping == NULL && looks_like_oncall (item))
    mapping = incident_mapping_get_oncall ();
  else if (mapping == NULL && looks_like_goalert (item))
    mapping = incident_mapping_get_goalert ();
  if (mapping == NULL)
    return incident_node_fail (item, error,
                               "is of no shape that is known: write a mapping for its source into the playbook");

  return incident_mapping_read (mapping, message, item, draft, error);
}

static const IncidentMapping *
get_mapping (IncidentIntakeMessage *message)
{
  return message->source != NULL ? message->source->mapping : NULL;
}

static gboolean
read_message (IncidentIntakeMessage  *message,
              GError                **error)
{
  const IncidentMapping *mapping = get_mapping (message);
  g_autoptr(IncidentTree) tree = incident_tree_new_tolerant (message->bytes, message->length, message->place, error);
  IncidentNode *root, *items;

  if (tree == NULL)
    return FALSE;

  root = items = incident_tree_get_root (tree);
  if (mapping != NULL && mapping->items != NULL)
    {
      blank_credentials (message, root);
      items = incident_node_resolve (root, mapping->items);
      if (items == NULL)
        return incident_node_fail (root, error, "must have “%s”, the alerts of the message", mapping->items);
      if (items->type != INCIDENT_JSON_ARRAY)
        return incident_node_fail_type (items, INCIDENT_JSON_ARRAY, error);
    }
  return incident_format_read_items (message, items, read_alert, mapping, error);
}

static gboolean
read_item (IncidentIntakeMessage  *message,
           GError                **error)
{
  return incident_format_read_body (message, read_alert, get_mapping (message), error);
}

static gboolean
recognise (IncidentNode *root,
           const char   *bytes,
           gsize         length)
{
  IncidentNode *item = root != NULL && root->type == INCIDENT_JSON_ARRAY ? incident_node_get_child (root, 0) : root;

  return incident_node_get_member (item, "alert_uid") != NULL
         || (incident_node_get_string (item, "summary") != NULL && incident_node_get_string (item, "dedup") != NULL);
}

const IncidentFormat incident_format_json = {
  .name = "json",
  .title = "JSON of your own, read by a mapping",
  .recognise = recognise,
  .read = read_message,
  .read_item = read_item,
};
