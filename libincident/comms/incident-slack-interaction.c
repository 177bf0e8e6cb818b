/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "comms/incident-slack-call-inside-private.h"

#include <string.h>

/* What people do with what we showed them: buttons, modals, shortcuts. */

static char *
dup_id_of (IncidentNode *node,
           const char   *name,
           const char   *member)
{
  return incident_slack_dup_id (incident_node_get_string (incident_node_get_member (node, name), member));
}

static char *
dup_first (char *first,  /* (transfer full) */
           char *second) /* (transfer full) */
{
  if (first == NULL)
    return second;

  g_free (second);
  return first;
}

static char *
dup_plain (const char *text)
{
  return text != NULL ? incident_slack_text_to_plain (text) : NULL;
}

/* What is chosen in an element of a modal or on a button; NULL: nothing. */
static char *
dup_value (IncidentNode *element)
{
  static const char * const names[] = { "value", "selected_user", "selected_conversation", "selected_channel", "selected_date" };
  IncidentNode *options = incident_node_get_member (element, "selected_options");
  const char *chosen = incident_node_get_string (incident_node_get_member (element, "selected_option"), "value");
  g_autoptr(GPtrArray) values = g_ptr_array_new ();

  for (guint i = 0; chosen == NULL && i < G_N_ELEMENTS (names); i++)
    chosen = incident_node_get_string (element, names[i]);
  if (chosen != NULL || options == NULL)
    return g_strdup (chosen);

  for (guint i = 0; i < incident_node_get_length (options); i++)
    {
      const char *value = incident_node_get_string (incident_node_get_child (options, i), "value");

      if (value != NULL)
        g_ptr_array_add (values, (gpointer) value);
    }
  g_ptr_array_add (values, NULL);
  return values->len > 1 ? g_strjoinv (",", (char **) values->pdata) : NULL;
}

/* state.values: block_id → action_id → element. Each of our blocks has one element. */
static GHashTable *
read_fields (IncidentNode *view)
{
  IncidentNode *values = incident_node_get_member (incident_node_get_member (view, "state"), "values");
  GHashTable *fields = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);

  if (values == NULL || values->type != INCIDENT_JSON_OBJECT)
    return fields;

  for (guint i = 0; i < incident_node_get_length (values); i++)
    {
      IncidentNode *block = incident_node_get_child (values, i);
      char *value = block->type == INCIDENT_JSON_OBJECT ? dup_value (incident_node_get_child (block, 0)) : NULL;

      if (value != NULL)
        g_hash_table_replace (fields, g_strdup (block->name), value);
    }

  return fields;
}

static void
read_button (IncidentSlackCall *self,
             IncidentNode      *payload)
{
  IncidentNode *container = incident_node_get_member (payload, "container");
  IncidentNode *message = incident_node_get_member (payload, "message");
  IncidentNode *action = incident_node_get_child (incident_node_get_member (payload, "actions"), 0);

  self->action = g_strdup (incident_node_get_string (action, "action_id"));
  self->value = dup_value (action);
  self->message = dup_first (dup_id_of (payload, "container", "message_ts"), dup_id_of (payload, "message", "ts"));
  self->thread = dup_first (incident_slack_dup_id (incident_node_get_string (container, "thread_ts")),
                            incident_slack_dup_id (incident_node_get_string (message, "thread_ts")));
  if (self->conversation == NULL)
    self->conversation = incident_slack_dup_id (incident_node_get_string (container, "channel_id"));
  incident_slack_call_set_operation (self, self->trigger);
}

static void
read_modal (IncidentSlackCall *self,
            IncidentNode      *payload)
{
  IncidentNode *view = incident_node_get_member (payload, "view");

  self->action = g_strdup (incident_node_get_string (view, "callback_id"));
  self->value = g_strdup (incident_node_get_string (view, "private_metadata"));
  self->fields = read_fields (view);
  /* One modal counts once, however often its button is pressed. */
  incident_slack_call_set_operation (self, incident_node_get_string (view, "id"));
  incident_slack_call_set_operation (self, self->trigger);
}

static void
read_shortcut (IncidentSlackCall *self,
               IncidentNode      *payload)
{
  IncidentNode *message = incident_node_get_member (payload, "message");
  g_autofree char *bot = incident_slack_dup_id (incident_node_get_string (message, "bot_id"));

  self->action = g_strdup (incident_node_get_string (payload, "callback_id"));
  self->message = dup_first (incident_slack_dup_id (incident_node_get_string (payload, "message_ts")),
                             dup_id_of (payload, "message", "ts"));
  self->thread = incident_slack_dup_id (incident_node_get_string (message, "thread_ts"));
  self->author = dup_first (incident_slack_dup_id (incident_node_get_string (message, "user")), g_steal_pointer (&bot));
  self->text = dup_plain (incident_node_get_string (message, "text"));
  self->permalink = g_strdup (incident_node_get_string (message, "permalink"));
  incident_slack_call_set_operation (self, self->trigger);
}

static IncidentSlackCallKind
find_kind (const char *type)
{
  if (g_strcmp0 (type, "block_actions") == 0)
    return INCIDENT_SLACK_CALL_BUTTON;
  if (g_strcmp0 (type, "view_submission") == 0)
    return INCIDENT_SLACK_CALL_FORM;
  if (g_strcmp0 (type, "message_action") == 0 || g_strcmp0 (type, "shortcut") == 0)
    return INCIDENT_SLACK_CALL_SHORTCUT;
  return INCIDENT_SLACK_CALL_IGNORED;
}

IncidentSlackCall *
incident_slack_read_interaction (IncidentNode  *payload,
                                 GError       **error)
{
  const char *type = incident_node_get_string (payload, "type");
  IncidentSlackCall *self;

  if (type == NULL)
    {
      incident_node_fail (payload, error, "has no “type”: it is nothing that Slack sends");
      return NULL;
    }

  self = incident_slack_call_new (find_kind (type));
  if (self->kind == INCIDENT_SLACK_CALL_IGNORED)
    return self;

  /* Of an app that is installed for a whole organisation, “team” is null. */
  self->team = dup_first (dup_id_of (payload, "team", "id"), dup_id_of (payload, "user", "team_id"));
  self->user = dup_id_of (payload, "user", "id");
  self->conversation = dup_id_of (payload, "channel", "id");
  self->trigger = incident_slack_dup_id (incident_node_get_string (payload, "trigger_id"));
  self->response_url = g_strdup (incident_node_get_string (payload, "response_url"));
  if (self->kind == INCIDENT_SLACK_CALL_BUTTON)
    read_button (self, payload);
  else if (self->kind == INCIDENT_SLACK_CALL_FORM)
    read_modal (self, payload);
  else
    read_shortcut (self, payload);
  return self;
}
