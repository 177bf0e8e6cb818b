/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "intake/incident-format-fields-private.h"

#include "intake/incident-formats-private.h"

/* Opsgenie's Alert API: the body of “create alert”, and with the members “action” and “alias”,
 * which stand in the address there and are put in by the front, those of close and acknowledge. */

static const IncidentFormatWord actions[] = {
  { "create", INCIDENT_ALERT_STATUS_FIRING, NULL },
  { "acknowledge", INCIDENT_ALERT_STATUS_ACKNOWLEDGED, NULL },
  { "close", INCIDENT_ALERT_STATUS_RESOLVED, NULL },
  { NULL, INCIDENT_ALERT_STATUS_INFO, NULL },
};

#define DEFAULT_PRIORITY "P3"

static void
read_tags (IncidentItem *item,
           IncidentNode *root)
{
  IncidentNode *tags = incident_item_get_array (item, root, "tags");
  g_autoptr(GString) all = g_string_new (NULL);

  for (guint i = 0; i < incident_node_get_length (tags); i++)
    {
      IncidentNode *tag = incident_node_get_child (tags, i);

      if (tag->type != INCIDENT_JSON_STRING)
        incident_item_fail (item, tag, "must be a string");
      else if (incident_item_to_text (item, tag) != NULL)
        {
          incident_item_add_tag (item, tag->value.string);
          g_string_append_printf (all, "%s%s", all->len > 0 ? "," : "", tag->value.string);
        }
    }
  incident_item_add_annotation (item, "tags", incident_intake_message_keep (item->message, all->str));
}

static void
read_details (IncidentItem *item,
              IncidentNode *root)
{
  IncidentNode *details = incident_item_get_object (item, root, "details");

  for (guint i = 0; i < incident_node_get_length (details); i++)
    {
      IncidentNode *detail = incident_node_get_child (details, i);

      if (detail->type == INCIDENT_JSON_OBJECT || detail->type == INCIDENT_JSON_ARRAY)
        incident_item_fail (item, detail, "must be a string");
      incident_item_add_label (item, detail->name, incident_item_to_text (item, detail));
    }
}

static void
read_key (IncidentItem *item,
          IncidentNode *root)
{
  const char *alias = incident_item_get_text (item, root, "alias");

  if (alias == NULL && item->draft.status != INCIDENT_ALERT_STATUS_FIRING)
    alias = incident_item_require_text (item, root, "alias");
  if (alias == NULL && item->error == NULL)
    alias = incident_item_make_key (item);
  item->draft.key = alias;
}

static void
read_alert (IncidentItem *item,
            IncidentNode *root)
{
  static const char * const labels[] = { "source", "entity" };
  static const char * const annotations[] = { "description", "note", "user" };
  IncidentAlertDraft *draft = &item->draft;
  const IncidentFormatWord *action = actions;
  const char *priority;

  if (incident_node_get_member (root, "action") != NULL)
    action = incident_item_require_word (item, root, "action", actions);
  if (action == NULL)
    return;

  draft->status = action->status;
  draft->summary = action == actions ? incident_item_require_text (item, root, "message")
                                     : incident_item_get_text (item, root, "message");
  draft->name = draft->summary;
  read_key (item, root);
  priority = incident_item_get_text (item, root, "priority");
  if (priority == NULL && action == actions)
    priority = DEFAULT_PRIORITY;
  incident_item_set_severity (item, incident_format_priorities, priority);
  for (guint i = 0; i < G_N_ELEMENTS (labels); i++)
    incident_item_add_label (item, labels[i], incident_item_get_text (item, root, labels[i]));
  for (guint i = 0; i < G_N_ELEMENTS (annotations); i++)
    incident_item_add_annotation (item, annotations[i], incident_item_get_text (item, root, annotations[i]));
  read_details (item, root);
  read_tags (item, root);
}

static gboolean
read_message (IncidentIntakeMessage  *message,
              GError                **error)
{
  return incident_item_read_message (message, read_alert, error);
}

static gboolean
is_array (IncidentNode *root,
          const char   *name)
{
  IncidentNode *member = incident_node_get_member (root, name);

  return member != NULL && member->type == INCIDENT_JSON_ARRAY;
}

static gboolean
recognise (IncidentNode *root,
           const char   *bytes,
           gsize         length)
{
  const char *action = incident_node_get_string (root, "action");
  const char *priority = incident_node_get_string (root, "priority");

  if (action != NULL)
    return incident_format_find_word (actions, action) != NULL && incident_format_has_text (root, "alias");

  return incident_format_has_text (root, "message")
         && (incident_format_has_text (root, "alias") || is_array (root, "responders")
             || (priority != NULL && incident_format_find_word (incident_format_priorities, priority) != NULL));
}

const IncidentFormat incident_format_opsgenie = {
  .name = "opsgenie",
  .title = "Opsgenie, and what else speaks its Alert API (v2)",
  .recognise = recognise,
  .read = read_message,
};
