/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "intake/incident-format-fields-private.h"

#include "intake/incident-formats-private.h"

/* PagerDuty's Events API v2, which many tools speak. The routing key is a credential and
 * names the service that is told: it is part of the key of the alert, and never kept (nor are the other
 * credentials that a body can hold: incident_format_is_secret ()). */

static const IncidentFormatWord actions[] = {
  { "trigger", INCIDENT_ALERT_STATUS_FIRING, NULL },
  { "acknowledge", INCIDENT_ALERT_STATUS_ACKNOWLEDGED, NULL },
  { "resolve", INCIDENT_ALERT_STATUS_RESOLVED, NULL },
  { NULL, INCIDENT_ALERT_STATUS_INFO, NULL },
};

static const IncidentFormatWord severities[] = {
  { "critical", INCIDENT_ALERT_STATUS_FIRING, "critical" },
  { "error", INCIDENT_ALERT_STATUS_FIRING, "error" },
  { "warning", INCIDENT_ALERT_STATUS_FIRING, "warning" },
  { "info", INCIDENT_ALERT_STATUS_FIRING, "info" },
  { NULL, INCIDENT_ALERT_STATUS_FIRING, NULL },
};

static void
read_details (IncidentItem *item,
              IncidentNode *payload)
{
  IncidentNode *details = incident_node_get_member (payload, "custom_details");

  /* Some send a sentence instead of an object. */
  if (details != NULL && details->type == INCIDENT_JSON_STRING)
    incident_item_add_annotation (item, "custom_details", details->value.string);
  if (details == NULL || details->type != INCIDENT_JSON_OBJECT)
    return;

  for (guint i = 0; i < incident_node_get_length (details); i++)
    {
      IncidentNode *detail = incident_node_get_child (details, i);

      incident_item_add_annotation (item, detail->name, incident_item_to_text (item, detail));
    }
}

static void
read_payload (IncidentItem *item,
              IncidentNode *payload)
{
  static const char * const labels[] = { "source", "component", "group", "class" };
  IncidentAlertDraft *draft = &item->draft;

  draft->summary = incident_item_require_text (item, payload, "summary");
  incident_item_require_text (item, payload, "source");
  incident_item_set_severity (item, severities, incident_item_require_text (item, payload, "severity"));
  incident_item_read_time (item, payload, "timestamp", &draft->starts_at);
  draft->told_at = draft->starts_at;
  draft->name = incident_item_get_text (item, payload, "class");
  if (draft->name == NULL)
    draft->name = draft->summary;
  for (guint i = 0; i < G_N_ELEMENTS (labels); i++)
    incident_item_add_label (item, labels[i], incident_item_get_text (item, payload, labels[i]));
  read_details (item, payload);
}

static void
read_key (IncidentItem *item,
          IncidentNode *root,
          IncidentNode *payload)
{
  const char *routing_key = incident_item_get_string (item, root, "routing_key");
  const char *dedup_key = incident_item_get_text (item, root, "dedup_key");

  if (dedup_key == NULL && payload != NULL && item->error == NULL)
    dedup_key = incident_item_make_key (item);
  if (dedup_key == NULL)
    dedup_key = incident_item_require_text (item, root, "dedup_key");
  if (item->error != NULL)
    return;

  item->draft.key = incident_intake_message_make_key (item->message, "routing_key", routing_key,
                                                      "dedup_key", dedup_key, NULL);
  item->last_name = dedup_key;
  incident_item_add_annotation (item, "dedup_key", dedup_key);
}

static void
read_event (IncidentItem *item,
            IncidentNode *root)
{
  const IncidentFormatWord *action = incident_item_require_word (item, root, "event_action", actions);
  IncidentNode *payload = incident_item_get_object (item, root, "payload");

  if (action == NULL)
    return;

  item->draft.status = action->status;
  if (action->status == INCIDENT_ALERT_STATUS_FIRING && payload == NULL)
    incident_item_fail (item, root, "must have the member “payload”");
  read_key (item, root, action->status == INCIDENT_ALERT_STATUS_FIRING ? payload : NULL);
  if (action->status == INCIDENT_ALERT_STATUS_FIRING && item->error == NULL)
    read_payload (item, payload);
  item->draft.link = incident_item_get_text (item, root, "client_url");
  incident_item_add_annotation (item, "client", incident_item_get_text (item, root, "client"));
}

static gboolean
read_message (IncidentIntakeMessage  *message,
              GError                **error)
{
  return incident_item_read_message (message, read_event, error);
}

static gboolean
recognise (IncidentNode *root,
           const char   *bytes,
           gsize         length)
{
  return incident_format_has_text (root, "event_action")
         && (incident_node_get_member (root, "routing_key") != NULL || incident_node_get_member (root, "payload") != NULL
             || incident_node_get_member (root, "dedup_key") != NULL);
}

const IncidentFormat incident_format_pagerduty = {
  .name = "pagerduty",
  .title = "PagerDuty, and what else speaks its Events API (v2)",
  .recognise = recognise,
  .read = read_message,
};
