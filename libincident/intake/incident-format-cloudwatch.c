/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "intake/incident-format-fields-private.h"

#include <string.h>

#include "intake/incident-formats-private.h"

/* Alarms of Amazon CloudWatch by SNS: an envelope whose member “Message” is the alarm as JSON in a
 * string; or, with raw delivery, the alarm alone. Nothing that a body names is ever fetched, and
 * the signature of the envelope is for the host to check. */

static const IncidentFormatWord states[] = {
  { "ALARM", INCIDENT_ALERT_STATUS_FIRING, NULL },
  { "OK", INCIDENT_ALERT_STATUS_RESOLVED, NULL },
  { "INSUFFICIENT_DATA", INCIDENT_ALERT_STATUS_INFO, NULL },
  { NULL, INCIDENT_ALERT_STATUS_INFO, NULL },
};

static const IncidentFormatWord types[] = {
  { "Notification", INCIDENT_ALERT_STATUS_FIRING, NULL },
  { "SubscriptionConfirmation", INCIDENT_ALERT_STATUS_INFO, NULL },
  { "UnsubscribeConfirmation", INCIDENT_ALERT_STATUS_INFO, NULL },
  { NULL, INCIDENT_ALERT_STATUS_INFO, NULL },
};

/* Confirmations */

/* https://sns.REGION.amazonaws.com/ or .com.cn/, and nothing that a terminal or a shell minds. */
static gboolean
is_amazons (const char *url)
{
  static const char start[] = "https://sns.";
  const char *at = url;
  gsize region;

  for (const char *c = url; *c != '\0'; c++)
    if (!g_ascii_isgraph (*c) || strchr ("\"'`<>\\", *c) != NULL)
      return FALSE;
  if (!g_str_has_prefix (at, start))
    return FALSE;

  at += strlen (start);
  region = strspn (at, "abcdefghijklmnopqrstuvwxyz0123456789-");
  at += region;
  return region > 0 && (g_str_has_prefix (at, ".amazonaws.com/") || g_str_has_prefix (at, ".amazonaws.com.cn/"));
}

/* Who has the token can confirm: it is told, once, and not kept; and it stands in the address too. */
static void
note_confirmation (IncidentItem *item,
                   IncidentNode *envelope)
{
  const char *topic = incident_item_require_text (item, envelope, "TopicArn");
  const char *url = incident_item_get_string (item, envelope, "SubscribeURL");
  const char *type = incident_node_get_string (envelope, "Type");
  IncidentIntakeMessage *message = item->message;

  if (item->error != NULL)
    return;

  if (message->notes == NULL)
    message->notes = g_ptr_array_new_with_free_func (g_free);
  if (g_str_equal (type, "UnsubscribeConfirmation"))
    g_ptr_array_add (message->notes, g_strdup_printf ("The topic %s no longer sends its alarms here: somebody has ended the "
                                                      "subscription", topic));
  else if (url != NULL && is_amazons (url))
    g_ptr_array_add (message->notes, g_strdup_printf ("The topic %s asks whether it is to send its alarms here: to confirm, "
                                                      "open %s", topic, url));
  else
    g_ptr_array_add (message->notes, g_strdup_printf ("The topic %s asks whether it is to send its alarms here, but the "
                                                      "address to confirm at is none of Amazon SNS: do not open it", topic));
  if (url != NULL)
    incident_intake_message_blank (message, incident_node_get_member (envelope, "SubscribeURL"));
}

/* Alarms */

static void
read_dimensions (IncidentItem *item,
                 IncidentNode *metric)
{
  IncidentNode *dimensions = incident_item_get_array (item, metric, "Dimensions");

  incident_item_add_label (item, "namespace", incident_item_get_text (item, metric, "Namespace"));
  incident_item_add_label (item, "metric", incident_item_get_text (item, metric, "MetricName"));
  for (guint i = 0; i < incident_node_get_length (dimensions); i++)
    {
      IncidentNode *dimension = incident_node_get_child (dimensions, i);
      const char *name = incident_item_get_text (item, dimension, "name");
      const char *value = incident_item_get_text (item, dimension, "value");

      if (name == NULL)
        name = incident_item_get_text (item, dimension, "Name");
      if (value == NULL)
        value = incident_item_get_text (item, dimension, "Value");
      incident_item_add_label (item, name, value);
    }
}

/* An alarm over a sum has metrics instead of one. */
static void
read_trigger (IncidentItem *item,
              IncidentNode *alarm)
{
  IncidentNode *trigger = incident_item_get_object (item, alarm, "Trigger");
  IncidentNode *metrics = incident_item_get_array (item, trigger, "Metrics");

  read_dimensions (item, trigger);
  for (guint i = 0; i < incident_node_get_length (metrics); i++)
    {
      IncidentNode *statistic = incident_item_get_object (item, incident_node_get_child (metrics, i), "MetricStat");

      read_dimensions (item, incident_item_get_object (item, statistic, "Metric"));
    }
}

/* arn:aws:cloudwatch:REGION:ACCOUNT:alarm:NAME; the member “Region” is for people. */
static void
read_labels (IncidentItem *item,
             IncidentNode *alarm,
             const char   *arn)
{
  g_auto(GStrv) parts = arn != NULL ? g_strsplit (arn, ":", 7) : NULL;
  const char *region = incident_item_get_text (item, alarm, "Region");

  if (parts != NULL && g_strv_length (parts) == 7)
    region = incident_intake_message_keep (item->message, parts[3]);
  incident_item_add_label (item, "region", region);
  incident_item_add_label (item, "account", incident_item_get_text (item, alarm, "AWSAccountId"));
  read_trigger (item, alarm);
}

static void
read_alarm (IncidentItem *item,
            IncidentNode *alarm)
{
  const char *name = incident_item_require_text (item, alarm, "AlarmName");
  const IncidentFormatWord *state = incident_item_require_word (item, alarm, "NewStateValue", states);
  const char *arn = incident_item_get_text (item, alarm, "AlarmArn");
  const char *description = incident_item_get_text (item, alarm, "AlarmDescription");
  const char *reason = incident_item_get_text (item, alarm, "NewStateReason");
  IncidentAlertDraft *draft = &item->draft;

  if (state == NULL)
    return;

  draft->status = state->status;
  draft->name = name;
  draft->summary = description != NULL ? description : reason;
  draft->key = arn;
  if (arn == NULL)
    draft->key = incident_intake_message_make_key (item->message,
                                                   "account", incident_item_get_text (item, alarm, "AWSAccountId"),
                                                   "region", incident_item_get_text (item, alarm, "Region"),
                                                   "name", name, NULL);
  incident_item_read_time (item, alarm, "StateChangeTime", &draft->told_at);
  if (draft->status == INCIDENT_ALERT_STATUS_FIRING)
    draft->starts_at = draft->told_at;
  else if (draft->status == INCIDENT_ALERT_STATUS_RESOLVED)
    draft->ends_at = draft->told_at;
  incident_item_add_annotation (item, "description", description);
  incident_item_add_annotation (item, "reason", reason);
  read_labels (item, alarm, arn);
}

static void
read_notification (IncidentItem *item,
                   IncidentNode *envelope)
{
  IncidentNode *alarm = NULL;

  incident_item_add_annotation (item, "topic", incident_item_get_text (item, envelope, "TopicArn"));
  if (incident_item_require_text (item, envelope, "Message") != NULL
      && incident_item_get_string (item, envelope, "Message") != NULL)
    alarm = incident_item_read_inside (item, incident_node_get_member (envelope, "Message"));
  if (alarm != NULL)
    read_alarm (item, alarm);
}

static gboolean
read_message (IncidentIntakeMessage  *message,
              GError                **error)
{
  g_auto(IncidentItem) item = { NULL, };
  const IncidentFormatWord *type;
  IncidentNode *root;

  incident_item_init (&item, message);
  root = incident_item_read_json (&item, 0, message->length, "");
  if (root != NULL && incident_node_get_member (root, "AlarmName") != NULL)
    read_alarm (&item, root);
  else if (root != NULL)
    {
      type = incident_item_require_word (&item, root, "Type", types);
      if (type == types)
        read_notification (&item, root);
      else if (type != NULL)
        note_confirmation (&item, root);
      if (type != NULL && type != types && item.error == NULL)
        return TRUE;
    }
  return incident_item_finish (&item, error);
}

static gboolean
recognise (IncidentNode *root,
           const char   *bytes,
           gsize         length)
{
  if (incident_format_has_text (root, "AlarmName") && incident_format_has_text (root, "NewStateValue"))
    return TRUE;

  return incident_format_has_text (root, "TopicArn") && incident_format_has_text (root, "Type")
         && incident_format_has_text (root, "MessageId");
}

const IncidentFormat incident_format_cloudwatch = {
  .name = "cloudwatch",
  .title = "Amazon CloudWatch alarms, by SNS",
  .recognise = recognise,
  .read = read_message,
};
