/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "intake/incident-format-nagios-private.h"

#include <libincident/incident-error.h>

#include <string.h>

#include "base/incident-error-private.h"
#include "intake/incident-formats-private.h"

/* Icinga 2: what /v1/events streams, a JSON object a line, each of them an alert; or the macros of
 * Nagios, which its notification commands are given under the same names (ICINGA_… too). */

#define PREFIX     "ICINGA_"
#define MOST_LINES 10000

typedef enum
{
  EVENT_STATE,
  EVENT_NOTIFICATION,
  EVENT_ACKNOWLEDGED,
  EVENT_OTHER,
} Kind;

static const struct
{
  const char *name;
  Kind        kind;
} kinds[] = {
  { "StateChange", EVENT_STATE },
  { "Flapping", EVENT_STATE },
  { "AcknowledgementCleared", EVENT_STATE },
  { "Notification", EVENT_NOTIFICATION },
  { "AcknowledgementSet", EVENT_ACKNOWLEDGED },
  { "CheckResult", EVENT_OTHER },
  { "CommentAdded", EVENT_OTHER },
  { "CommentRemoved", EVENT_OTHER },
  { "DowntimeAdded", EVENT_OTHER },
  { "DowntimeRemoved", EVENT_OTHER },
  { "DowntimeStarted", EVENT_OTHER },
  { "DowntimeTriggered", EVENT_OTHER },
};

/* They are numbers, sometimes written with a fraction. */
static gint64
read_number (IncidentItem *item,
             IncidentNode *object,
             const char   *name,
             gint64        missing)
{
  IncidentNode *node = incident_node_get_member (object, name);

  if (node == NULL || node->type == INCIDENT_JSON_NULL)
    return missing;
  if (node->type == INCIDENT_JSON_INT)
    return node->value.integer;
  if (node->type == INCIDENT_JSON_DOUBLE && node->value.number >= 0 && node->value.number < 1e6)
    return (gint64) node->value.number;

  incident_item_fail (item, node, "must be a whole number");
  return missing;
}

/* By its number: a host is up or down, a service has four states. */
static const IncidentFormatWord *
to_state (IncidentItem *item,
          IncidentNode *object,
          gint64        number,
          gboolean      is_host)
{
  static const char * const services[] = { "OK", "WARNING", "CRITICAL", "UNKNOWN" };
  static const char * const hosts[] = { "UP", "DOWN" };
  const char *word = NULL;

  if (is_host && number >= 0 && number < (gint64) G_N_ELEMENTS (hosts))
    word = hosts[number];
  else if (!is_host && number >= 0 && number < (gint64) G_N_ELEMENTS (services))
    word = services[number];
  if (word != NULL)
    return incident_format_find_word (incident_nagios_states, word);

  if (incident_node_get_member (object, "state") == NULL)
    incident_item_fail (item, object, "must have the member “state”");
  else
    incident_item_fail (item, incident_node_get_member (object, "state"),
                        is_host ? "must be 0 (up) or 1 (down)" : "must be 0 (OK), 1, 2 or 3 (unknown)");
  return NULL;
}

static void
read_state (IncidentItem *item,
            IncidentNode *root,
            gboolean      is_host)
{
  const IncidentFormatWord *state = to_state (item, root, read_number (item, root, "state", -1), is_host);
  gboolean is_soft = read_number (item, root, "state_type", 1) == 0;
  gboolean is_down = read_number (item, root, "downtime_depth", 0) > 0;
  IncidentAlertDraft *draft = &item->draft;

  if (state == NULL)
    return;

  draft->status = state->status;
  draft->severity = state->severity;
  if (state->status == INCIDENT_ALERT_STATUS_RESOLVED)
    return;
  if (is_soft)
    draft->status = INCIDENT_ALERT_STATUS_INFO;
  else if (is_down)
    draft->status = INCIDENT_ALERT_STATUS_SUPPRESSED;
  else if (incident_node_get_boolean (root, "acknowledgement"))
    draft->status = INCIDENT_ALERT_STATUS_ACKNOWLEDGED;
}

/* It has no state of the host, only that of the check: from 2 on the host is down. */
static void
read_notification (IncidentItem *item,
                   IncidentNode *root,
                   gboolean      is_host)
{
  const char *type = incident_item_require_text (item, root, "notification_type");
  IncidentNode *result = incident_item_get_object (item, root, "check_result");
  const IncidentFormatWord *state;
  gint64 number;

  if (type == NULL)
    return;
  if (g_str_equal (type, "ACKNOWLEDGEMENT"))
    item->draft.status = INCIDENT_ALERT_STATUS_ACKNOWLEDGED;
  else if (g_str_equal (type, "RECOVERY"))
    item->draft.status = INCIDENT_ALERT_STATUS_RESOLVED;
  else if (g_str_equal (type, "CUSTOM"))
    item->draft.status = INCIDENT_ALERT_STATUS_INFO;
  else if (!g_str_equal (type, "PROBLEM") && !g_str_has_prefix (type, "DOWNTIME") && !g_str_has_prefix (type, "FLAPPING"))
    incident_item_fail (item, incident_node_get_member (root, "notification_type"),
                        INCIDENT_NAGIOS_MUST_BE_TYPE ", not “%s”", type);
  else if (result == NULL)
    incident_item_fail (item, root, "must have the member “check_result”");
  else
    {
      number = read_number (item, result, "state", -1);
      state = to_state (item, result, is_host && number >= 0 && number < 4 ? number >= 2 : number, is_host);
      item->draft.status = state != NULL ? state->status : INCIDENT_ALERT_STATUS_INFO;
      item->draft.severity = state != NULL ? state->severity : NULL;
    }
}

static void
read_kind (IncidentItem *item,
           IncidentNode *root,
           gboolean      is_host)
{
  const char *type = incident_item_require_text (item, root, "type");
  guint i;

  for (i = 0; type != NULL && i < G_N_ELEMENTS (kinds) && !g_str_equal (kinds[i].name, type); i++)
    ;
  if (type == NULL || item->error != NULL)
    return;

  if (i == G_N_ELEMENTS (kinds))
    incident_item_fail (item, incident_node_get_member (root, "type"),
                        "must be a type such as “StateChange”, not “%s”", type);
  else if (kinds[i].kind == EVENT_STATE)
    read_state (item, root, is_host);
  else if (kinds[i].kind == EVENT_NOTIFICATION)
    read_notification (item, root, is_host);
  else
    item->draft.status = kinds[i].kind == EVENT_ACKNOWLEDGED ? INCIDENT_ALERT_STATUS_ACKNOWLEDGED
                                                             : INCIDENT_ALERT_STATUS_INFO;
  incident_item_add_annotation (item, "type", type);
}

/* Comments and downtimes name what they are of inside. */
static void
read_object (IncidentItem  *item,
             IncidentNode  *root,
             const char   **service)
{
  static const char * const inner[] = { "downtime", "comment" };
  const char *host = incident_item_get_text (item, root, "host");

  *service = incident_item_get_text (item, root, "service");
  for (guint i = 0; host == NULL && i < G_N_ELEMENTS (inner); i++)
    {
      IncidentNode *object = incident_node_get_member (root, inner[i]);

      host = incident_item_get_text (item, object, "host_name");
      *service = incident_item_get_text (item, object, "service_name");
    }
  if (host == NULL)
    host = incident_item_require_text (item, root, "host");
  if (host != NULL)
    incident_nagios_set_object (item, host, *service);
}

static void
read_event (IncidentItem *item,
            IncidentNode *root)
{
  static const char * const annotations[] = { "author", "comment", "text" };
  IncidentAlertDraft *draft = &item->draft;
  IncidentNode *comment = incident_node_get_member (root, "comment");
  const char *service, *output;

  read_object (item, root, &service);
  read_kind (item, root, service == NULL);
  incident_item_read_unix_time (item, incident_node_get_member (root, "timestamp"), &draft->told_at);
  if (draft->status == INCIDENT_ALERT_STATUS_FIRING)
    draft->starts_at = draft->told_at;
  else if (draft->status == INCIDENT_ALERT_STATUS_RESOLVED)
    draft->ends_at = draft->told_at;

  output = incident_item_get_text (item, incident_item_get_object (item, root, "check_result"), "output");
  draft->summary = incident_item_first_line (item, output);
  incident_item_add_annotation (item, "output", output);
  for (guint i = 0; i < G_N_ELEMENTS (annotations); i++)
    if (comment == NULL || comment->type == INCIDENT_JSON_STRING || !g_str_equal (annotations[i], "comment"))
      incident_item_add_annotation (item, annotations[i], incident_item_get_text (item, root, annotations[i]));
}

/* Lines */

static void
read_line (IncidentItem *item,
           gsize         start,
           gsize         length,
           guint         n)
{
  g_autofree char *pointer = g_strdup_printf ("/%u", n);
  IncidentNode *root;

  incident_item_reset (item);
  root = incident_item_read_json (item, start, length, pointer);
  if (root != NULL)
    read_event (item, root);
  item->draft.raw_start = start;
  item->draft.raw_length = length;
  if (!incident_item_take (item))
    incident_intake_message_refuse (item->message, g_steal_pointer (&item->error));
}

static guint
count_lines (IncidentIntakeMessage *message)
{
  const char *at = message->bytes;
  const char *end = at + message->length;
  guint n = 0;

  while (end > at && g_ascii_isspace (end[-1]))
    end--;
  for (; at != NULL; n++)
    {
      at = memchr (at, '\n', (gsize) (end - at));
      at = at != NULL ? at + 1 : NULL;
    }
  return n;
}

static gboolean
is_object (IncidentIntakeMessage *message)
{
  const char *at = message->bytes;
  const char *end = at + message->length;

  while (at < end && g_ascii_isspace (*at))
    at++;
  return at < end && *at == '{';
}

/* An object that is no event is one of macros; it may be written over many lines. */
static gboolean
holds_macros (IncidentIntakeMessage *message)
{
  g_autoptr(IncidentTree) tree = NULL;

  if (!is_object (message))
    return TRUE;

  tree = incident_tree_new (message->bytes, message->length, NULL, NULL);
  return tree != NULL && (incident_node_get_member (incident_tree_get_root (tree), "NOTIFICATIONTYPE") != NULL
                          || incident_node_get_member (incident_tree_get_root (tree), PREFIX "NOTIFICATIONTYPE") != NULL);
}

/* One event may have been made pretty on its way; and one line that is broken is told as such. */
static gboolean
is_one_event (IncidentIntakeMessage *message)
{
  g_autoptr(IncidentTree) tree = incident_tree_new (message->bytes, message->length, NULL, NULL);

  return tree != NULL || count_lines (message) <= 1;
}

static gboolean
read_one (IncidentIntakeMessage  *message,
          GError                **error)
{
  g_auto(IncidentItem) item = { NULL, };
  IncidentNode *root;

  incident_item_init (&item, message);
  root = incident_item_read_json (&item, 0, message->length, "");
  if (root != NULL)
    read_event (&item, root);
  return incident_item_finish (&item, error);
}

static void
read_lines (IncidentIntakeMessage *message)
{
  const char *end = message->bytes + message->length;
  g_auto(IncidentItem) item = { NULL, };
  guint n = 0;

  incident_item_init (&item, message);
  for (const char *at = message->bytes; at < end; at++)
    {
      const char *line_end = memchr (at, '\n', (gsize) (end - at));
      gsize length = (gsize) ((line_end != NULL ? line_end : end) - at);

      while (length > 0 && g_ascii_isspace (at[length - 1]))
        length--;
      if (length > 0)
        read_line (&item, (gsize) (at - message->bytes), length, n++);
      at = line_end != NULL ? line_end : end;
    }
}

/* Does its first line stand alone? */
static gboolean
begins_with_json (IncidentIntakeMessage *message)
{
  const char *line_end = memchr (message->bytes, '\n', message->length);
  g_autoptr(IncidentTree) tree = incident_tree_new (message->bytes, (gsize) (line_end - message->bytes), NULL, NULL);

  return tree != NULL;
}

static gboolean
read_message (IncidentIntakeMessage  *message,
              GError                **error)
{
  if (holds_macros (message))
    return incident_nagios_read (message, PREFIX, error);
  if (is_one_event (message))
    return read_one (message, error);
  if (count_lines (message) > MOST_LINES)
    {
      incident_set_error_at (error, INCIDENT_ERROR_INVALID, "",
                             "The body has more than %d lines: send them in parts", MOST_LINES);
      return FALSE;
    }

  read_lines (message);
  if (message->alerts->len > 0 || begins_with_json (message))
    return TRUE;

  /* Lines are no items of it. */
  g_ptr_array_set_size (message->refused, 0);
  return read_one (message, error);
}

static gboolean
is_event (const char *bytes,
          gsize       length)
{
  g_autoptr(IncidentTree) tree = incident_tree_new (bytes, length, NULL, NULL);
  IncidentNode *root = tree != NULL ? incident_tree_get_root (tree) : NULL;
  const char *type = incident_node_get_string (root, "type");

  for (guint i = 0; type != NULL && i < G_N_ELEMENTS (kinds); i++)
    if (g_str_equal (kinds[i].name, type))
      return incident_node_get_member (root, "timestamp") != NULL;

  return FALSE;
}

static gboolean
recognise (IncidentNode *root,
           const char   *bytes,
           gsize         length)
{
  const char *line_end = memchr (bytes, '\n', length);

  if (incident_nagios_has_macro (root, bytes, length, PREFIX "NOTIFICATIONTYPE"))
    return TRUE;
  if (length == 0 || (*bytes != '{' && root == NULL))
    return FALSE;

  return is_event (bytes, root != NULL || line_end == NULL ? length : (gsize) (line_end - bytes));
}

const IncidentFormat incident_format_icinga = {
  .name = "icinga",
  .title = "Icinga 2: events of its API, or macros of a notification command",
  .recognise = recognise,
  .read = read_message,
};
