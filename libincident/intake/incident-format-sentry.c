/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "intake/incident-format-fields-private.h"

#include "intake/incident-formats-private.h"

/* Webhooks of a Sentry integration: of issue alerts (“event_alert”), issues and metric alerts,
 * told apart by what stands in “data”. An issue alert never says that it is over: the webhook of
 * issues does, under the same key. */

static const IncidentFormatWord issue_actions[] = {
  { "created", INCIDENT_ALERT_STATUS_FIRING, NULL },
  { "unresolved", INCIDENT_ALERT_STATUS_FIRING, NULL },
  { "resolved", INCIDENT_ALERT_STATUS_RESOLVED, NULL },
  { "archived", INCIDENT_ALERT_STATUS_SUPPRESSED, NULL },
  { "ignored", INCIDENT_ALERT_STATUS_SUPPRESSED, NULL },
  /* Rules assign too, so nobody need have seen it. */
  { "assigned", INCIDENT_ALERT_STATUS_INFO, NULL },
  { NULL, INCIDENT_ALERT_STATUS_INFO, NULL },
};

static const IncidentFormatWord event_actions[] = {
  { "triggered", INCIDENT_ALERT_STATUS_FIRING, NULL },
  { NULL, INCIDENT_ALERT_STATUS_INFO, NULL },
};

static const IncidentFormatWord metric_actions[] = {
  { "critical", INCIDENT_ALERT_STATUS_FIRING, "critical" },
  { "warning", INCIDENT_ALERT_STATUS_FIRING, "warning" },
  { "resolved", INCIDENT_ALERT_STATUS_RESOLVED, NULL },
  { NULL, INCIDENT_ALERT_STATUS_INFO, NULL },
};

static const IncidentFormatWord levels[] = {
  { "fatal", INCIDENT_ALERT_STATUS_FIRING, "critical" },
  { "error", INCIDENT_ALERT_STATUS_FIRING, "error" },
  { "warning", INCIDENT_ALERT_STATUS_FIRING, "warning" },
  { "info", INCIDENT_ALERT_STATUS_FIRING, "info" },
  { "debug", INCIDENT_ALERT_STATUS_FIRING, "info" },
  { NULL, INCIDENT_ALERT_STATUS_FIRING, NULL },
};

static void
set_key (IncidentItem *item,
         const char   *kind,
         const char   *id)
{
  g_autofree char *key = id != NULL ? g_strconcat (kind, "/", id, NULL) : NULL;

  if (key != NULL)
    item->draft.key = incident_intake_message_keep (item->message, key);
}

/* A pair of name and value; others write it as an object. */
static IncidentNode *
get_tag_part (IncidentNode *tag,
              guint         position,
              const char   *name)
{
  if (tag->type == INCIDENT_JSON_ARRAY)
    return incident_node_get_length (tag) == 2 ? incident_node_get_child (tag, position) : NULL;

  return incident_node_get_member (tag, name);
}

/* Who was hit is no label. */
static void
read_tags (IncidentItem *item,
           IncidentNode *event)
{
  IncidentNode *tags = incident_item_get_array (item, event, "tags");

  for (guint i = 0; i < incident_node_get_length (tags); i++)
    {
      IncidentNode *tag = incident_node_get_child (tags, i);
      IncidentNode *name = get_tag_part (tag, 0, "key");
      IncidentNode *value = get_tag_part (tag, 1, "value");

      if (name == NULL || name->type != INCIDENT_JSON_STRING || value == NULL)
        incident_item_fail (item, tag, "must be a name and a value");
      else if (!g_str_equal (name->value.string, "user"))
        incident_item_add_label (item, name->value.string, incident_item_to_text (item, value));
    }
}

/* The kind of error, such as “ReferenceError”; else its title. */
static void
read_title (IncidentItem *item,
            IncidentNode *of)
{
  IncidentNode *metadata = incident_item_get_object (item, of, "metadata");

  item->draft.summary = incident_item_get_text (item, of, "title");
  item->draft.name = incident_item_get_text (item, metadata, "type");
  if (item->draft.name == NULL)
    item->draft.name = item->draft.summary;
  incident_item_set_severity (item, levels, incident_item_get_text (item, of, "level"));
  incident_item_add_label (item, "platform", incident_item_get_text (item, of, "platform"));
  incident_item_add_annotation (item, "culprit", incident_item_get_text (item, of, "culprit"));
}

static void
read_event_alert (IncidentItem *item,
                  IncidentNode *root,
                  IncidentNode *data,
                  IncidentNode *event)
{
  static const char * const labels[] = { "project", "environment" };
  IncidentAlertDraft *draft = &item->draft;

  if (incident_item_require_word (item, root, "action", event_actions) == NULL)
    return;

  draft->status = INCIDENT_ALERT_STATUS_FIRING;
  set_key (item, "issue", incident_item_require_text (item, event, "issue_id"));
  read_title (item, event);
  incident_item_read_time (item, event, "datetime", &draft->starts_at);
  draft->told_at = draft->starts_at;
  draft->link = incident_item_get_text (item, event, "web_url");
  incident_item_add_label (item, "rule", incident_item_get_text (item, data, "triggered_rule"));
  for (guint i = 0; i < G_N_ELEMENTS (labels); i++)
    incident_item_add_label (item, labels[i], incident_item_get_text (item, event, labels[i]));
  read_tags (item, event);
}

static void
read_issue (IncidentItem *item,
            IncidentNode *root,
            IncidentNode *issue)
{
  const IncidentFormatWord *action = incident_item_require_word (item, root, "action", issue_actions);
  IncidentNode *project = incident_item_get_object (item, issue, "project");
  IncidentAlertDraft *draft = &item->draft;

  if (action == NULL)
    return;

  draft->status = action->status;
  set_key (item, "issue", incident_item_require_text (item, issue, "id"));
  read_title (item, issue);
  if (action == issue_actions)
    incident_item_read_time (item, issue, "firstSeen", &draft->starts_at);
  else if (action->status == INCIDENT_ALERT_STATUS_FIRING)
    incident_item_read_time (item, issue, "lastSeen", &draft->starts_at);
  draft->told_at = draft->starts_at;
  draft->link = incident_item_get_text (item, issue, "web_url");
  if (draft->link == NULL)
    draft->link = incident_item_get_text (item, issue, "permalink");
  incident_item_add_label (item, "project", incident_item_get_text (item, project, "slug"));
  incident_item_add_annotation (item, "issue", incident_item_get_text (item, issue, "shortId"));
  incident_item_add_annotation (item, "substatus", incident_item_get_text (item, issue, "substatus"));
}

static void
read_projects (IncidentItem *item,
               IncidentNode *metric)
{
  IncidentNode *projects = incident_item_get_array (item, metric, "projects");
  g_autoptr(GString) all = g_string_new (NULL);

  for (guint i = 0; i < incident_node_get_length (projects); i++)
    {
      const char *project = incident_item_to_text (item, incident_node_get_child (projects, i));

      if (project != NULL)
        g_string_append_printf (all, "%s%s", all->len > 0 ? "," : "", project);
    }
  incident_item_add_label (item, "project", incident_intake_message_keep (item->message, all->str));
}

static void
read_metric_alert (IncidentItem *item,
                   IncidentNode *root,
                   IncidentNode *data,
                   IncidentNode *metric)
{
  static const char * const annotations[] = { "aggregate", "query", "dataset" };
  const IncidentFormatWord *action = incident_item_require_word (item, root, "action", metric_actions);
  IncidentNode *rule = incident_item_get_object (item, metric, "alert_rule");
  IncidentAlertDraft *draft = &item->draft;

  if (rule == NULL)
    incident_item_fail (item, metric, "must have the member “alert_rule”");
  if (action == NULL || rule == NULL)
    return;

  draft->status = action->status;
  draft->severity = action->severity;
  set_key (item, "metric-alert", incident_item_require_text (item, rule, "id"));
  draft->episode = incident_item_get_text (item, metric, "id");
  draft->name = incident_item_get_text (item, rule, "name");
  draft->summary = incident_item_get_text (item, data, "description_title");
  draft->link = incident_item_get_text (item, data, "web_url");
  incident_item_read_time (item, metric, "date_started", &draft->starts_at);
  if (draft->status == INCIDENT_ALERT_STATUS_RESOLVED)
    incident_item_read_time (item, metric, "date_closed", &draft->ends_at);
  incident_item_add_label (item, "environment", incident_item_get_text (item, rule, "environment"));
  read_projects (item, metric);
  incident_item_add_annotation (item, "description", incident_item_get_text (item, data, "description_text"));
  for (guint i = 0; i < G_N_ELEMENTS (annotations); i++)
    incident_item_add_annotation (item, annotations[i], incident_item_get_text (item, rule, annotations[i]));
}

static void
read_hook (IncidentItem *item,
           IncidentNode *root)
{
  IncidentNode *data = incident_item_get_object (item, root, "data");
  IncidentNode *event = incident_item_get_object (item, data, "event");
  IncidentNode *issue = incident_item_get_object (item, data, "issue");
  IncidentNode *metric = incident_item_get_object (item, data, "metric_alert");

  if (data == NULL)
    incident_item_fail (item, root, "must have the member “data”");
  else if (metric != NULL)
    read_metric_alert (item, root, data, metric);
  else if (issue != NULL)
    read_issue (item, root, issue);
  else if (event != NULL)
    read_event_alert (item, root, data, event);
  else
    incident_item_fail (item, data, "must have the member “event”, “issue” or “metric_alert”");
}

static gboolean
read_message (IncidentIntakeMessage  *message,
              GError                **error)
{
  return incident_item_read_message (message, read_hook, error);
}

static gboolean
recognise (IncidentNode *root,
           const char   *bytes,
           gsize         length)
{
  IncidentNode *data = incident_node_get_member (root, "data");
  IncidentNode *event = incident_node_get_member (data, "event");

  return incident_format_has_text (root, "action") && incident_node_get_member (root, "specversion") == NULL
         && (incident_node_get_member (data, "metric_alert") != NULL || incident_node_get_member (data, "issue") != NULL
             || incident_node_get_member (event, "issue_id") != NULL);
}

const IncidentFormat incident_format_sentry = {
  .name = "sentry",
  .title = "Sentry: webhooks of issue alerts, issues and metric alerts",
  .recognise = recognise,
  .read = read_message,
};
