/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "intake/incident-format-nagios-private.h"

#include <string.h>

#include "intake/incident-formats-private.h"

/* Nagios, Naemon and their like run a command with macros, which it hands on as a JSON object
 * or as lines NAME=VALUE: what `env | grep ^NAGIOS_` says will do. Needed are NOTIFICATIONTYPE,
 * HOSTNAME, and HOSTSTATE or SERVICEDESC and SERVICESTATE; good to have are …STATETYPE,
 * …PROBLEMID, LAST…PROBLEMID, …OUTPUT, TIMET, NOTIFICATIONAUTHOR and NOTIFICATIONCOMMENT. */

const IncidentFormatWord incident_nagios_states[] = {
  { "OK", INCIDENT_ALERT_STATUS_RESOLVED, NULL },
  { "UP", INCIDENT_ALERT_STATUS_RESOLVED, NULL },
  { "WARNING", INCIDENT_ALERT_STATUS_FIRING, "warning" },
  { "CRITICAL", INCIDENT_ALERT_STATUS_FIRING, "critical" },
  { "UNKNOWN", INCIDENT_ALERT_STATUS_FIRING, "unknown" },
  { "DOWN", INCIDENT_ALERT_STATUS_FIRING, "critical" },
  { "UNREACHABLE", INCIDENT_ALERT_STATUS_FIRING, "unknown" },
  { "WARN", INCIDENT_ALERT_STATUS_FIRING, "warning" },
  { "CRIT", INCIDENT_ALERT_STATUS_FIRING, "critical" },
  { "UNKN", INCIDENT_ALERT_STATUS_FIRING, "unknown" },
  { "UNREACH", INCIDENT_ALERT_STATUS_FIRING, "unknown" },
  { NULL, INCIDENT_ALERT_STATUS_INFO, NULL },
};

void
incident_nagios_set_object (IncidentItem *item,
                            const char   *host,
                            const char   *service)
{
  item->draft.key = incident_intake_message_make_key (item->message, "host", host, "service", service, NULL);
  item->draft.name = service != NULL ? service : "host check";
  incident_item_add_label (item, "host", host);
  incident_item_add_label (item, "service", service);
}

/* The macro of the host, or that of the service: HOSTSTATE, SERVICESTATE. */
static const char *
get_of (IncidentItem *item,
        gboolean      is_service,
        const char   *before,
        const char   *after)
{
  g_autofree char *name = g_strconcat (before, is_service ? "SERVICE" : "HOST", after, NULL);

  return incident_item_get_macro (item, name);
}

static const char *
require_macro (IncidentItem *item,
               const char   *name)
{
  IncidentNode *node = incident_item_find_macro (item, name);

  if (node == NULL)
    return incident_item_require_text (item, incident_tree_get_root (item->tree), name);

  return incident_item_require_text (item, node->parent, node->name);
}

static const IncidentFormatWord *
read_state (IncidentItem *item,
            gboolean      is_service)
{
  const char *name = is_service ? "SERVICESTATE" : "HOSTSTATE";
  IncidentNode *node = incident_item_find_macro (item, name);

  require_macro (item, name);
  return item->error == NULL ? incident_item_require_word (item, node->parent, node->name, incident_nagios_states) : NULL;
}

/* Flapping and downtime come and go over a state, which holds on: a recovery within them is told
 * by their end alone. */
static void
read_status (IncidentItem             *item,
             const IncidentFormatWord *state,
             gboolean                  is_service)
{
  const char *type = require_macro (item, "NOTIFICATIONTYPE");
  const char *state_type = get_of (item, is_service, "", "STATETYPE");
  IncidentAlertDraft *draft = &item->draft;

  if (type == NULL || item->error != NULL)
    return;

  if (g_str_equal (type, "PROBLEM") || g_str_has_prefix (type, "FLAPPING") || g_str_has_prefix (type, "DOWNTIME"))
    draft->status = state->status;
  else if (g_str_equal (type, "RECOVERY"))
    draft->status = INCIDENT_ALERT_STATUS_RESOLVED;
  else if (g_str_equal (type, "ACKNOWLEDGEMENT"))
    draft->status = INCIDENT_ALERT_STATUS_ACKNOWLEDGED;
  else if (g_str_equal (type, "CUSTOM") || g_str_has_prefix (type, "ALERTHANDLER"))
    draft->status = INCIDENT_ALERT_STATUS_INFO;
  else
    incident_item_fail (item, incident_item_find_macro (item, "NOTIFICATIONTYPE"),
                        INCIDENT_NAGIOS_MUST_BE_TYPE ", not “%s”", type);

  /* It is looked at again before anybody is told. */
  if (state_type != NULL && g_ascii_strcasecmp (state_type, "SOFT") == 0 && draft->status == INCIDENT_ALERT_STATUS_FIRING)
    draft->status = INCIDENT_ALERT_STATUS_INFO;
  if (draft->status != INCIDENT_ALERT_STATUS_RESOLVED)
    draft->severity = state->severity;
}

/* Once it is well, the problem has the number 0. */
static void
read_episode (IncidentItem *item,
              gboolean      is_service)
{
  const char *problem = get_of (item, is_service, "", "PROBLEMID");

  if (problem == NULL || g_str_equal (problem, "0"))
    problem = item->draft.status == INCIDENT_ALERT_STATUS_RESOLVED ? get_of (item, is_service, "LAST", "PROBLEMID") : NULL;
  if (problem != NULL && !g_str_equal (problem, "0"))
    item->draft.episode = problem;
}

static void
read_times (IncidentItem *item)
{
  static const char * const names[] = { "TIMET", "MICROTIME" };
  IncidentAlertDraft *draft = &item->draft;

  for (guint i = 0; i < G_N_ELEMENTS (names) && draft->told_at == INCIDENT_TIME_NONE; i++)
    incident_item_read_unix_time (item, incident_item_find_macro (item, names[i]), &draft->told_at);
  if (draft->status == INCIDENT_ALERT_STATUS_FIRING)
    draft->starts_at = draft->told_at;
  else if (draft->status == INCIDENT_ALERT_STATUS_RESOLVED)
    draft->ends_at = draft->told_at;
}

/* Their values are hostile texts, and stay so. */
static void
read_words (IncidentItem *item,
            gboolean      is_service)
{
  static const struct
  {
    const char *macro;
    const char *name;
  } annotations[] = {
    { "HOSTALIAS", "host_alias" }, { "NOTIFICATIONTYPE", "notification_type" },
    { "NOTIFICATIONCOMMENT", "comment" }, { "NOTIFICATIONAUTHOR", "author" }, { "NOTIFICATIONAUTHORNAME", "author" },
  };
  const char *output = get_of (item, is_service, "", "OUTPUT");

  item->draft.summary = incident_item_first_line (item, output);
  incident_item_add_annotation (item, "output", output);
  incident_item_add_annotation (item, "long_output", get_of (item, is_service, "LONG", "OUTPUT"));
  incident_item_add_annotation (item, "notes_url", get_of (item, is_service, "", "NOTESURL"));
  for (guint i = 0; i < G_N_ELEMENTS (annotations); i++)
    incident_item_add_annotation (item, annotations[i].name, incident_item_get_macro (item, annotations[i].macro));
}

/* Checkmk gives the labels of hosts and services one by one. */
static void
read_own_labels (IncidentItem *item,
                 const char   *kind)
{
  IncidentNode *root = incident_tree_get_root (item->tree);

  for (guint i = 0; i < incident_node_get_length (root); i++)
    {
      IncidentNode *macro = incident_node_get_child (root, i);
      const char *name = macro->name;

      if (item->prefix != NULL && g_str_has_prefix (name, item->prefix))
        name += strlen (item->prefix);
      if (g_str_has_prefix (name, kind))
        incident_item_add_label (item, name + strlen (kind), incident_item_to_text (item, macro));
    }
}

static void
read_labels (IncidentItem *item)
{
  static const struct
  {
    const char *macro;
    const char *name;
  } labels[] = {
    { "HOSTADDRESS", "address" }, { "HOSTGROUPNAME", "hostgroup" }, { "HOSTGROUPNAMES", "hostgroups" },
    { "SERVICEGROUPNAME", "servicegroup" }, { "SERVICEGROUPNAMES", "servicegroups" }, { "OMD_SITE", "site" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (labels); i++)
    incident_item_add_label (item, labels[i].name, incident_item_get_macro (item, labels[i].macro));
  read_own_labels (item, "HOSTLABEL_");
  read_own_labels (item, "SERVICELABEL_");
}

static void
read_notification (IncidentItem *item)
{
  const char *host = require_macro (item, "HOSTNAME");
  const char *service = incident_item_get_macro (item, "SERVICEDESC");
  const char *what = incident_item_get_macro (item, "WHAT");
  const IncidentFormatWord *state;

  if (service == NULL)
    service = incident_item_get_macro (item, "SERVICENAME");
  if (what != NULL && g_str_equal (what, "HOST"))
    service = NULL;
  state = read_state (item, service != NULL);
  if (state == NULL)
    return;

  incident_nagios_set_object (item, host, service);
  read_status (item, state, service != NULL);
  read_episode (item, service != NULL);
  read_times (item);
  read_words (item, service != NULL);
  read_labels (item);
}

gboolean
incident_nagios_read (IncidentIntakeMessage  *message,
                      const char             *prefix,
                      GError                **error)
{
  g_auto(IncidentItem) item = { NULL, };

  incident_item_init (&item, message);
  if (incident_item_read_macros (&item, prefix) != NULL)
    read_notification (&item);
  return incident_item_finish (&item, error);
}

gboolean
incident_nagios_has_macro (IncidentNode *root,
                           const char   *bytes,
                           gsize         length,
                           const char   *name)
{
  gsize name_length = strlen (name);
  const char *end = bytes + length;

  if (root != NULL)
    return incident_node_get_member (root, name) != NULL;

  for (const char *at = bytes; at != NULL && at < end; at = memchr (at, '\n', (gsize) (end - at)))
    {
      at += *at == '\n';
      if ((gsize) (end - at) > name_length && memcmp (at, name, name_length) == 0 && at[name_length] == '=')
        return TRUE;
    }

  return FALSE;
}

static gboolean
read_message (IncidentIntakeMessage  *message,
              GError                **error)
{
  return incident_nagios_read (message, "NAGIOS_", error);
}

/* Checkmk gives the same macros without prefix, and more. */
static gboolean
recognise (IncidentNode *root,
           const char   *bytes,
           gsize         length)
{
  return incident_nagios_has_macro (root, bytes, length, "NAGIOS_NOTIFICATIONTYPE")
         || (incident_nagios_has_macro (root, bytes, length, "NOTIFICATIONTYPE")
             && incident_nagios_has_macro (root, bytes, length, "HOSTNAME")
             && !incident_nagios_has_macro (root, bytes, length, "WHAT")
             && !incident_nagios_has_macro (root, bytes, length, "OMD_SITE"));
}

const IncidentFormat incident_format_nagios = {
  .name = "nagios",
  .title = "Nagios, Naemon and their like: macros of a notification command",
  .recognise = recognise,
  .read = read_message,
};
