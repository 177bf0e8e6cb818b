/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "intake/incident-format-node-private.h"

#include "base/incident-text-private.h"
#include "intake/incident-formats-private.h"

/* The webhook of Grafana's alerts of dashboards, which were taken out in version 11. A rule is
 * one alert, and no time is told. */

#define FIRST_ORGANISATION 1

static gboolean
read_id (IncidentNode  *item,
         const char    *name,
         gboolean       needed,
         gint64        *id,
         GError       **error)
{
  IncidentNode *member = incident_node_get_member (item, name);

  if (member == NULL && !needed)
    return TRUE;
  if (member == NULL)
    return incident_node_fail (item, error, "must have the member “%s”", name);
  if (member->type != INCIDENT_JSON_INT)
    return incident_node_fail_type (member, INCIDENT_JSON_INT, error);

  *id = member->value.integer;
  return TRUE;
}

static gboolean
read_key (IncidentIntakeMessage  *message,
          IncidentNode           *item,
          IncidentAlertDraft     *draft,
          GError                **error)
{
  gint64 rule = 0, organisation = FIRST_ORGANISATION;
  g_autofree char *key = NULL;

  if (!read_id (item, "ruleId", TRUE, &rule, error) || !read_id (item, "orgId", FALSE, &organisation, error))
    return FALSE;

  key = organisation > FIRST_ORGANISATION
        ? g_strdup_printf ("org-%" G_GINT64_FORMAT "/%" G_GINT64_FORMAT, organisation, rule)
        : g_strdup_printf ("%" G_GINT64_FORMAT, rule);
  draft->key = incident_intake_message_keep (message, key);
  return TRUE;
}

static gboolean
read_state (IncidentNode        *item,
            IncidentAlertDraft  *draft,
            GError             **error)
{
  static const struct
  {
    const char          *word;
    IncidentAlertStatus  status;
  } states[] = {
    { "alerting", INCIDENT_ALERT_STATUS_FIRING },
    { "ok", INCIDENT_ALERT_STATUS_RESOLVED },
    { "no_data", INCIDENT_ALERT_STATUS_INFO },
    { "pending", INCIDENT_ALERT_STATUS_INFO },
    { "paused", INCIDENT_ALERT_STATUS_SUPPRESSED },
  };
  const char *state;

  if (!incident_format_read_string (item, "state", &state, error))
    return FALSE;
  if (state == NULL)
    return incident_node_fail (item, error, "must have the member “state”");

  for (guint i = 0; i < G_N_ELEMENTS (states); i++)
    if (g_str_equal (states[i].word, state))
      {
        draft->status = states[i].status;
        return TRUE;
      }
  return incident_node_fail (incident_node_get_member (item, "state"), error,
                             "must be “alerting”, “ok”, “no_data”, “pending” or “paused”");
}

/* “orders 31, payments 4”: what was measured. */
static gboolean
read_matches (IncidentIntakeMessage  *message,
              IncidentNode           *item,
              IncidentAlertDraft     *draft,
              GError                **error)
{
  IncidentNode *matches = incident_node_get_member (item, "evalMatches");
  g_autoptr(GString) list = g_string_new (NULL);

  if (matches == NULL || matches->type == INCIDENT_JSON_NULL)
    return TRUE;
  if (matches->type != INCIDENT_JSON_ARRAY)
    return incident_node_fail_type (matches, INCIDENT_JSON_ARRAY, error);

  for (guint i = 0; i < incident_node_get_length (matches); i++)
    {
      IncidentNode *match = incident_node_get_child (matches, i);
      const char *metric, *value;

      if (!incident_format_read_text (message, incident_node_get_member (match, "metric"), &metric, error)
          || !incident_format_read_text (message, incident_node_get_member (match, "value"), &value, error))
        return FALSE;
      g_string_append_printf (list, "%s%s %s", i > 0 ? ", " : "", metric != NULL ? metric : "?",
                              value != NULL ? value : "?");
    }
  if (list->len > 0)
    incident_alert_draft_add_annotation (draft, "values", incident_intake_message_keep (message, list->str));
  return TRUE;
}

static gboolean
read_alert (IncidentIntakeMessage  *message,
            IncidentNode           *item,
            IncidentAlertDraft     *draft,
            gconstpointer           data,
            GError                **error)
{
  const char *title, *text, *name;

  if (!read_key (message, item, draft, error)
      || !read_state (item, draft, error)
      || !incident_format_read_string (item, "ruleName", &name, error)
      || !incident_format_read_string (item, "title", &title, error)
      || !incident_format_read_string (item, "message", &text, error)
      || !incident_format_read_string (item, "ruleUrl", &draft->link, error)
      || !incident_format_read_labels (message, incident_node_get_member (item, "tags"), draft->labels, error)
      || !read_matches (message, item, draft, error))
    return FALSE;

  draft->summary = text != NULL && !incident_text_is_blank (text) ? text : title;
  incident_format_set_name (draft, name);
  return TRUE;
}

/* One rule a message. */
static gboolean
read_message (IncidentIntakeMessage  *message,
              GError                **error)
{
  return incident_format_read_body (message, read_alert, NULL, error);
}

static gboolean
recognise (IncidentNode *root,
           const char   *bytes,
           gsize         length)
{
  return incident_node_get_member (root, "ruleId") != NULL && incident_node_get_member (root, "state") != NULL;
}

const IncidentFormat incident_format_grafana_legacy = {
  .name = "grafana-legacy",
  .title = "Grafana, webhook of its alerts of dashboards",
  .recognise = recognise,
  .read = read_message,
};
