/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "intake/incident-format-alertmanager-private.h"

#include "intake/incident-formats-private.h"

/* The webhook of Grafana's alerting since version 8: that of Alertmanager and more. A
 * fingerprint is unique in an organisation alone; the first one has the number 1, and is the only
 * one in most places. Older senders do not name it. */

#define FIRST_ORGANISATION 1
#define KEY_OF_ORGANISATION "org-%" G_GINT64_FORMAT "/%s"

static const char *
make_key (IncidentIntakeMessage *message,
          gint64                 organisation,
          const char            *key)
{
  g_autofree char *text = g_strdup_printf (KEY_OF_ORGANISATION, organisation, key);

  return incident_intake_message_shorten (message, incident_intake_message_keep (message, text));
}

/* Such an alert says that a rule could not be evaluated, and is another one than that of the
 * rule. */
static void
read_class (IncidentAlertDraft *draft)
{
  const char *rule = incident_alertmanager_find (draft->labels, "rulename");
  const char *class = NULL;

  if (draft->name == NULL)
    return;
  if (incident_name_is (draft->name, "DatasourceNoData"))
    class = "no data";
  else if (incident_name_is (draft->name, "DatasourceError"))
    class = "error";
  if (class == NULL)
    return;

  if (rule != NULL)
    draft->name = rule;
  if (incident_alertmanager_find (draft->annotations, "class") == NULL)
    incident_alert_draft_add_annotation (draft, "class", class);
}

static gboolean
read_alert (IncidentIntakeMessage *message,
            IncidentJsonReader    *reader,
            IncidentAlertDraft    *draft)
{
  gboolean has_status = FALSE;
  gint64 organisation = 0;
  const char *name;

  incident_json_reader_enter_object (reader);
  while (incident_json_reader_next_member (reader, &name))
    if (incident_name_is (name, "orgId"))
      incident_json_reader_read_int (reader, &organisation);
    else
      incident_alertmanager_read_member (message, reader, draft, name, &has_status);
  if (!incident_alertmanager_end_alert (message, reader, draft, has_status))
    return FALSE;

  read_class (draft);
  if (organisation > FIRST_ORGANISATION)
    draft->key = make_key (message, organisation, draft->key);
  return TRUE;
}

/* The message names its organisation behind its alerts. */
static void
put_into_organisation (IncidentIntakeMessage *message,
                       gint64                 organisation)
{
  for (guint i = 0; i < message->alerts->len; i++)
    {
      IncidentAlert *alert = g_ptr_array_index (message->alerts, i);
      IncidentAlert known;

      if (g_str_has_prefix (alert->key, "org-"))
        continue;
      known = *alert;
      known.key = make_key (message, organisation, alert->key);
      g_ptr_array_index (message->alerts, i) = incident_alert_new_of_episode (alert, &known);
      incident_alert_unref (alert);
    }
}

static gboolean
read_message (IncidentIntakeMessage  *message,
              GError                **error)
{
  gint64 organisation;

  if (!incident_alertmanager_read_envelope (message, read_alert, &organisation, error))
    return FALSE;

  if (organisation > FIRST_ORGANISATION)
    put_into_organisation (message, organisation);
  return TRUE;
}

static gboolean
read_item (IncidentIntakeMessage  *message,
           GError                **error)
{
  return incident_alertmanager_read_item (message, read_alert, error);
}

static gboolean
recognise (IncidentNode *root,
           const char   *bytes,
           gsize         length)
{
  IncidentNode *alerts = incident_node_get_member (root, "alerts");
  IncidentNode *first = alerts != NULL && alerts->type == INCIDENT_JSON_ARRAY
                        ? incident_node_get_child (alerts, 0) : NULL;

  return first != NULL && incident_node_get_member (first, "labels") != NULL
         && (incident_node_get_member (root, "orgId") != NULL || incident_node_get_member (first, "silenceURL") != NULL);
}

const IncidentFormat incident_format_grafana = {
  .name = "grafana",
  .title = "Grafana, webhook of its alerting since version 8",
  .recognise = recognise,
  .read = read_message,
  .read_item = read_item,
};
