/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "intake/incident-format-fields-private.h"

#include <string.h>

#include "intake/incident-formats-private.h"

/* Zabbix has no body of its own: a media type of the kind “webhook” sends its parameters as a
 * JSON object. Ours are these (the left column of each row below); those that have no value for
 * an event arrive as the text of the macro, and are missing:
 *
 *   event_id {EVENT.ID}                            trigger_id {TRIGGER.ID}
 *   event_value {EVENT.VALUE}                      event_update_status {EVENT.UPDATE.STATUS}
 *   event_ack_status {EVENT.ACK.STATUS}            event_nseverity {EVENT.NSEVERITY}
 *   event_name {EVENT.NAME}                        host_name {HOST.NAME}
 *   host_ip {HOST.IP}                              host_group {TRIGGER.HOSTGROUP.NAME}
 *   event_date {EVENT.DATE}                        event_time {EVENT.TIME}
 *   event_recovery_date {EVENT.RECOVERY.DATE}      event_recovery_time {EVENT.RECOVERY.TIME}
 *   event_update_date {EVENT.UPDATE.DATE}          event_update_time {EVENT.UPDATE.TIME}
 *   event_tags {EVENT.TAGS}                        event_opdata {EVENT.OPDATA}
 *   event_update_message {EVENT.UPDATE.MESSAGE}    event_update_user {USER.FULLNAME}
 *   alert_message {ALERT.MESSAGE}                  zabbix_url {$ZABBIX.URL}
 *
 * Its times are local: the playbook says of what zone. */

static const IncidentFormatWord values[] = {
  { "1", INCIDENT_ALERT_STATUS_FIRING, NULL },
  { "0", INCIDENT_ALERT_STATUS_RESOLVED, NULL },
  { NULL, INCIDENT_ALERT_STATUS_INFO, NULL },
};

static const IncidentFormatWord updates[] = {
  { "0", INCIDENT_ALERT_STATUS_FIRING, NULL },
  { "1", INCIDENT_ALERT_STATUS_INFO, NULL },
  { NULL, INCIDENT_ALERT_STATUS_INFO, NULL },
};

static const IncidentFormatWord severities[] = {
  { "0", INCIDENT_ALERT_STATUS_FIRING, "info" },
  { "1", INCIDENT_ALERT_STATUS_FIRING, "info" },
  { "2", INCIDENT_ALERT_STATUS_FIRING, "warning" },
  { "3", INCIDENT_ALERT_STATUS_FIRING, "warning" },
  { "4", INCIDENT_ALERT_STATUS_FIRING, "error" },
  { "5", INCIDENT_ALERT_STATUS_FIRING, "critical" },
  { NULL, INCIDENT_ALERT_STATUS_FIRING, NULL },
};

/* The media types that come with Zabbix write some names otherwise. */
static const char *
get_any (IncidentItem *item,
         IncidentNode *root,
         const char   *name,
         const char   *other)
{
  const char *text = incident_item_get_text (item, root, name);

  return text != NULL ? text : incident_item_get_text (item, root, other);
}

static void
read_status (IncidentItem *item,
             IncidentNode *root)
{
  const IncidentFormatWord *value = incident_item_require_word (item, root, "event_value", values);
  const IncidentFormatWord *update = updates;
  const char *ack = get_any (item, root, "event_ack_status", "eventack");

  if (incident_item_get_text (item, root, "event_update_status") != NULL)
    update = incident_item_require_word (item, root, "event_update_status", updates);
  if (value == NULL || update == NULL)
    return;

  item->draft.status = value->status;
  if (value->status == INCIDENT_ALERT_STATUS_FIRING && update->status == INCIDENT_ALERT_STATUS_INFO)
    item->draft.status = ack != NULL && g_ascii_strcasecmp (ack, "Yes") == 0 ? INCIDENT_ALERT_STATUS_ACKNOWLEDGED
                                                                             : INCIDENT_ALERT_STATUS_INFO;
}

/* Date and time are two members: event_date, event_time. */
static void
read_time (IncidentItem *item,
           IncidentNode *root,
           const char   *kind,
           gint64       *at)
{
  g_autofree char *date_name = g_strconcat (kind, "_date", NULL);
  g_autofree char *time_name = g_strconcat (kind, "_time", NULL);
  const char *date = incident_item_get_text (item, root, date_name);
  const char *time = incident_item_get_text (item, root, time_name);
  g_autoptr(GError) error = NULL;
  gint64 midnight;
  gboolean is_date;

  if (date == NULL || time == NULL || item->error != NULL
      || incident_intake_message_read_local_time (item->message, date, time, at, &error))
    return;

  is_date = incident_intake_message_read_local_time (item->message, date, "00:00:00", &midnight, NULL);
  incident_item_fail (item, incident_node_get_member (root, is_date ? time_name : date_name), "%s", error->message);
}

static void
read_times (IncidentItem *item,
            IncidentNode *root)
{
  IncidentAlertDraft *draft = &item->draft;

  read_time (item, root, "event", &draft->starts_at);
  draft->told_at = draft->starts_at;
  if (draft->status == INCIDENT_ALERT_STATUS_RESOLVED)
    {
      read_time (item, root, "event_recovery", &draft->ends_at);
      draft->told_at = draft->ends_at;
    }
  else if (draft->status != INCIDENT_ALERT_STATUS_FIRING)
    read_time (item, root, "event_update", &draft->told_at);
}

/* The page of the event in the frontend. */
static void
read_link (IncidentItem *item,
           IncidentNode *root,
           const char   *trigger)
{
  const char *url = incident_item_get_text (item, root, "zabbix_url");
  g_autofree char *trigger_id = NULL;
  g_autofree char *event_id = NULL;
  g_autofree char *link = NULL;

  if (url == NULL || trigger == NULL || item->draft.episode == NULL
      || !(g_str_has_prefix (url, "https://") || g_str_has_prefix (url, "http://")))
    return;

  trigger_id = g_uri_escape_string (trigger, NULL, FALSE);
  event_id = g_uri_escape_string (item->draft.episode, NULL, FALSE);
  link = g_strdup_printf ("%s%str_events.php?triggerid=%s&eventid=%s", url, g_str_has_suffix (url, "/") ? "" : "/",
                          trigger_id, event_id);
  item->draft.link = incident_intake_message_keep (item->message, link);
}

static void
read_words (IncidentItem *item,
            IncidentNode *root)
{
  static const struct
  {
    const char *member;
    const char *name;
  } annotations[] = {
    { "event_opdata", "opdata" }, { "alert_message", "message" }, { "event_update_message", "comment" },
    { "event_update_user", "author" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (annotations); i++)
    incident_item_add_annotation (item, annotations[i].name, incident_item_get_text (item, root, annotations[i].member));
  incident_item_add_label (item, "address", get_any (item, root, "host_ip", "host_conn"));
  incident_item_add_label (item, "hostgroup", get_any (item, root, "host_group", "hostgroup_name"));
  incident_item_add_tags (item, incident_item_get_text (item, root, "event_tags"), ",");
}

static void
read_event (IncidentItem *item,
            IncidentNode *root)
{
  const char *trigger = get_any (item, root, "trigger_id", "triggerid");
  const char *host = get_any (item, root, "host_name", "hostname");
  const char *severity = get_any (item, root, "event_nseverity", "event_severity");
  IncidentAlertDraft *draft = &item->draft;

  read_status (item, root);
  if (trigger == NULL)
    trigger = incident_item_require_text (item, root, "trigger_id");
  draft->key = incident_intake_message_make_key (item->message, "trigger_id", trigger, "host_name", host, NULL);
  draft->episode = get_any (item, root, "event_id", "eventid");
  draft->name = get_any (item, root, "event_name", "trigger_name");
  draft->summary = draft->name;
  if (draft->status != INCIDENT_ALERT_STATUS_RESOLVED)
    incident_item_set_severity (item, severities, severity);
  incident_item_add_label (item, "host", host);
  incident_item_add_label (item, "trigger_id", trigger);
  read_times (item, root);
  read_link (item, root, trigger);
  read_words (item, root);
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
  return incident_node_get_member (root, "event_value") != NULL
         && (incident_node_get_member (root, "trigger_id") != NULL || incident_node_get_member (root, "triggerid") != NULL);
}

const IncidentFormat incident_format_zabbix = {
  .name = "zabbix",
  .title = "Zabbix: parameters of a webhook media type",
  .recognise = recognise,
  .read = read_message,
};
