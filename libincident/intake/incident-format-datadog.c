/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "intake/incident-format-fields-private.h"

#include <stdlib.h>
#include <string.h>

#include "intake/incident-formats-private.h"

/* Datadog has no body of its own: a webhook sends what its template says. Ours gives each
 * variable under its own name, in small letters:
 *
 *   {
 *     "aggreg_key": "$AGGREG_KEY",              "alert_cycle_key": "$ALERT_CYCLE_KEY",
 *     "alert_id": "$ALERT_ID",                  "alert_scope": "$ALERT_SCOPE",
 *     "alert_transition": "$ALERT_TRANSITION",  "alert_type": "$ALERT_TYPE",
 *     "alert_priority": "$ALERT_PRIORITY",      "alert_title": "$ALERT_TITLE",
 *     "alert_metric": "$ALERT_METRIC",          "alert_query": "$ALERT_QUERY",
 *     "alert_status": "$ALERT_STATUS",          "text_only_msg": "$TEXT_ONLY_MSG",
 *     "hostname": "$HOSTNAME",                  "tags": "$TAGS",
 *     "date": "$DATE",                          "last_updated": "$LAST_UPDATED",
 *     "link": "$LINK",                          "org_id": "$ORG_ID"
 *   }
 *
 * A variable that has no value stays as it is, and is missing. */

static const IncidentFormatWord transitions[] = {
  { "Triggered", INCIDENT_ALERT_STATUS_FIRING, NULL },
  { "Re-Triggered", INCIDENT_ALERT_STATUS_FIRING, NULL },
  { "No Data", INCIDENT_ALERT_STATUS_FIRING, NULL },
  { "Re-No Data", INCIDENT_ALERT_STATUS_FIRING, NULL },
  { "Warn", INCIDENT_ALERT_STATUS_FIRING, NULL },
  { "Re-Warn", INCIDENT_ALERT_STATUS_FIRING, NULL },
  { "Renotify", INCIDENT_ALERT_STATUS_FIRING, NULL },
  { "Recovered", INCIDENT_ALERT_STATUS_RESOLVED, NULL },
  { NULL, INCIDENT_ALERT_STATUS_INFO, NULL },
};

static const IncidentFormatWord types[] = {
  { "error", INCIDENT_ALERT_STATUS_FIRING, "error" },
  { "warning", INCIDENT_ALERT_STATUS_FIRING, "warning" },
  { "info", INCIDENT_ALERT_STATUS_FIRING, "info" },
  { "success", INCIDENT_ALERT_STATUS_FIRING, NULL },
  { NULL, INCIDENT_ALERT_STATUS_FIRING, NULL },
};

static int
compare (gconstpointer a,
         gconstpointer b)
{
  return strcmp (*(char * const *) a, *(char * const *) b);
}

/* The scope names the same things in any order. */
static char *
sort_scope (const char *scope)
{
  g_auto(GStrv) parts = scope != NULL ? g_strsplit (scope, ",", -1) : NULL;

  if (parts == NULL)
    return NULL;

  for (guint i = 0; parts[i] != NULL; i++)
    g_strstrip (parts[i]);
  qsort (parts, g_strv_length (parts), sizeof *parts, compare);
  return g_strjoinv (",", parts);
}

static void
read_key (IncidentItem *item,
          IncidentNode *root,
          const char   *scope)
{
  const char *key = incident_item_get_text (item, root, "aggreg_key");
  const char *id = incident_item_get_text (item, root, "alert_id");
  g_autofree char *sorted = sort_scope (scope);

  if (key == NULL && id == NULL)
    incident_item_fail (item, root, "must have the member “aggreg_key” or “alert_id”, filled in");
  else if (key != NULL)
    item->draft.key = incident_intake_message_make_key (item->message, "aggreg_key", key, NULL);
  else
    item->draft.key = incident_intake_message_make_key (item->message, "alert_id", id, "alert_scope", sorted, NULL);
  item->draft.episode = incident_item_get_text (item, root, "alert_cycle_key");
  incident_item_add_label (item, "monitor", id);
}

static void
read_severity (IncidentItem *item,
               IncidentNode *root)
{
  const char *priority = incident_item_get_text (item, root, "alert_priority");
  const char *type = incident_item_get_text (item, root, "alert_type");

  if (item->draft.status == INCIDENT_ALERT_STATUS_RESOLVED)
    return;
  if (priority != NULL && incident_format_find_word (incident_format_priorities, priority) != NULL)
    incident_item_set_severity (item, incident_format_priorities, priority);
  else
    incident_item_set_severity (item, types, type != NULL ? type : priority);
}

static void
read_times (IncidentItem *item,
            IncidentNode *root)
{
  IncidentAlertDraft *draft = &item->draft;
  gint64 date = INCIDENT_TIME_NONE;

  incident_item_read_unix_time (item, incident_node_get_member (root, "date"), &date);
  incident_item_read_unix_time (item, incident_node_get_member (root, "last_updated"), &draft->told_at);
  if (draft->told_at == INCIDENT_TIME_NONE)
    draft->told_at = date;
  if (draft->status == INCIDENT_ALERT_STATUS_RESOLVED)
    draft->ends_at = date;
  else
    draft->starts_at = date;
}

static void
read_alert (IncidentItem *item,
            IncidentNode *root)
{
  static const struct
  {
    const char *member;
    const char *name;
  } annotations[] = {
    { "alert_query", "query" }, { "alert_status", "status" }, { "text_only_msg", "message" },
    { "alert_transition", "transition" },
  };
  const IncidentFormatWord *transition = incident_item_require_word (item, root, "alert_transition", transitions);
  const char *scope = incident_item_get_text (item, root, "alert_scope");
  IncidentAlertDraft *draft = &item->draft;

  if (transition == NULL)
    return;

  draft->status = transition->status;
  read_key (item, root, scope);
  read_severity (item, root);
  read_times (item, root);
  draft->name = incident_item_get_text (item, root, "alert_title");
  draft->summary = draft->name;
  draft->link = incident_item_get_text (item, root, "link");
  incident_item_add_label (item, "host", incident_item_get_text (item, root, "hostname"));
  incident_item_add_label (item, "metric", incident_item_get_text (item, root, "alert_metric"));
  incident_item_add_label (item, "org", incident_item_get_text (item, root, "org_id"));
  for (guint i = 0; i < G_N_ELEMENTS (annotations); i++)
    incident_item_add_annotation (item, annotations[i].name, incident_item_get_text (item, root, annotations[i].member));
  incident_item_add_annotation (item, "scope", scope);
  incident_item_add_tags (item, incident_item_get_text (item, root, "tags"), ",");
  incident_item_add_tags (item, scope, ",");
}

static gboolean
read_message (IncidentIntakeMessage  *message,
              GError                **error)
{
  return incident_item_read_message (message, read_alert, error);
}

static gboolean
recognise (IncidentNode *root,
           const char   *bytes,
           gsize         length)
{
  return incident_node_get_member (root, "alert_transition") != NULL
         && (incident_node_get_member (root, "aggreg_key") != NULL || incident_node_get_member (root, "alert_id") != NULL);
}

const IncidentFormat incident_format_datadog = {
  .name = "datadog",
  .title = "Datadog: webhook with the template of this library",
  .recognise = recognise,
  .read = read_message,
};
