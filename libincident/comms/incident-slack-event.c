/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "comms/incident-slack-call-inside-private.h"

#include <string.h>

#include "comms/incident-slack-blocks-private.h"

/* What happens in the conversations that our app is in: what is said, changed, deleted and pinned. */

/* Kinds of messages that somebody said; others tell of joins, topics … */
static const char * const said_subtypes[] = { "file_share", "thread_broadcast", "me_message", "bot_message", NULL };

static char *
dup_id (IncidentNode *node,
        const char   *name)
{
  return incident_slack_dup_id (incident_node_get_string (node, name));
}

static gboolean
is_same (const char *a,
         const char *b)
{
  return a != NULL && g_strcmp0 (a, b) == 0;
}

/* Is it one of those for whom the event was brought: the bot of our app? */
static gboolean
is_our_bot (IncidentNode *payload,
            const char   *user)
{
  IncidentNode *all = incident_node_get_member (payload, "authorizations");

  for (guint i = 0; i < incident_node_get_length (all); i++)
    {
      IncidentNode *one = incident_node_get_child (all, i);

      if (incident_node_get_boolean (one, "is_bot") && is_same (user, incident_node_get_string (one, "user_id")))
        return TRUE;
    }

  return FALSE;
}

static gboolean
is_own (IncidentNode *payload,
        IncidentNode *message)
{
  const char *app = incident_node_get_string (payload, "api_app_id");

  return is_our_bot (payload, incident_node_get_string (message, "user"))
         || is_same (app, incident_node_get_string (message, "app_id"))
         || is_same (app, incident_node_get_string (incident_node_get_member (message, "bot_profile"), "app_id"))
         || is_same (INCIDENT_SLACK_EVENT_TYPE, incident_node_get_string (incident_node_get_member (message, "metadata"), "event_type"));
}

static void
take_author (IncidentSlackCall *self,
             IncidentNode      *message)
{
  const char *name = incident_node_get_string (message, "username");

  self->bot = dup_id (message, "bot_id");
  self->is_bot = self->bot != NULL || is_same ("bot_message", incident_node_get_string (message, "subtype"));
  self->author = dup_id (message, "user");
  if (self->author != NULL)
    return;

  if (name == NULL)
    name = incident_node_get_string (incident_node_get_member (message, "bot_profile"), "name");
  /* A person has an id. */
  self->is_bot = self->is_bot || name != NULL;
  self->author = name != NULL ? g_strdup (name) : g_strdup (self->bot);
}

/* Files have no words of their own: their names are. */
static char *
dup_words (IncidentNode *message)
{
  const char *text = incident_node_get_string (message, "text");
  IncidentNode *files = incident_node_get_member (message, "files");
  g_autofree char *plain = incident_slack_text_to_plain (text != NULL ? text : "");
  GString *words = g_string_new (plain);

  for (guint i = 0; i < incident_node_get_length (files); i++)
    {
      IncidentNode *file = incident_node_get_child (files, i);
      const char *name = incident_node_get_string (file, "name");
      const char *link = incident_node_get_string (file, "permalink");

      if (name != NULL)
        g_string_append_printf (words, "%s[%s%s%s]", words->len > 0 ? "\n" : "", name, link != NULL ? ": " : "",
                                link != NULL ? link : "");
    }

  return g_string_free (words, FALSE);
}

static void
take_message (IncidentSlackCall *self,
              IncidentNode      *message)
{
  self->message = dup_id (message, "ts");
  self->thread = dup_id (message, "thread_ts");
  /* Of the one that begins a thread it is its own. */
  if (is_same (self->thread, self->message))
    g_clear_pointer (&self->thread, g_free);
  self->text = dup_words (message);
  self->permalink = g_strdup (incident_node_get_string (message, "permalink"));
  take_author (self, message);
}

/* Slack tells of a change, too, when it only adds a preview of a link. */
static gboolean
is_real_change (IncidentNode *message,
                IncidentNode *before)
{
  return before == NULL || g_strcmp0 (incident_node_get_string (message, "text"), incident_node_get_string (before, "text")) != 0;
}

static void
read_change (IncidentSlackCall *self,
             IncidentNode      *payload,
             IncidentNode      *event)
{
  IncidentNode *message = incident_node_get_member (event, "message");
  IncidentNode *before = incident_node_get_member (event, "previous_message");

  if (is_own (payload, message) || !is_real_change (message, before))
    return;

  /* What is left of the first of a thread whose message was deleted. */
  self->kind = is_same ("tombstone", incident_node_get_string (message, "subtype"))
               ? INCIDENT_SLACK_CALL_DELETED : INCIDENT_SLACK_CALL_EDITED;
  take_message (self, self->kind == INCIDENT_SLACK_CALL_DELETED && before != NULL ? before : message);
  self->user = dup_id (incident_node_get_member (message, "edited"), "user");
  if (self->user == NULL)
    self->user = g_strdup (self->author);
}

/* Slack does not tell who: mostly the author, sometimes an administrator. */
static void
read_deletion (IncidentSlackCall *self,
               IncidentNode      *payload,
               IncidentNode      *event)
{
  IncidentNode *before = incident_node_get_member (event, "previous_message");

  if (is_own (payload, before))
    return;

  self->kind = INCIDENT_SLACK_CALL_DELETED;
  take_message (self, before);
  g_free (self->message);
  self->message = dup_id (event, "deleted_ts");
  self->user = g_strdup (self->author);
}

static void
read_message (IncidentSlackCall *self,
              IncidentNode      *payload,
              IncidentNode      *event)
{
  const char *subtype = incident_node_get_string (event, "subtype");

  self->conversation = dup_id (event, "channel");
  if (is_same ("message_changed", subtype))
    read_change (self, payload, event);
  else if (is_same ("message_deleted", subtype))
    read_deletion (self, payload, event);
  else if ((subtype == NULL || g_strv_contains (said_subtypes, subtype)) && !is_own (payload, event))
    {
      self->kind = INCIDENT_SLACK_CALL_SAID;
      take_message (self, event);
      self->user = dup_id (event, "user");
    }
}

static void
read_pin (IncidentSlackCall *self,
          IncidentNode      *payload,
          IncidentNode      *event)
{
  IncidentNode *item = incident_node_get_member (event, "item");
  IncidentNode *message = incident_node_get_member (item, "message");

  self->user = dup_id (event, "user");
  /* We pin the summary of a case ourselves. */
  if (message == NULL || is_our_bot (payload, self->user) || is_own (payload, message))
    return;

  self->kind = INCIDENT_SLACK_CALL_PINNED;
  self->conversation = dup_id (event, "channel_id");
  take_message (self, message);
  if (self->author == NULL)
    self->author = dup_id (event, "item_user");
}

static void
read_reaction (IncidentSlackCall *self,
               IncidentNode      *payload,
               IncidentNode      *event)
{
  IncidentNode *item = incident_node_get_member (event, "item");
  const char *emoji = incident_node_get_string (event, "reaction");

  self->user = dup_id (event, "user");
  if (emoji == NULL || !is_same ("message", incident_node_get_string (item, "type")) || is_our_bot (payload, self->user))
    return;

  self->kind = INCIDENT_SLACK_CALL_PINNED;
  /* “+1::skin-tone-2” */
  self->emoji = g_strndup (emoji, strcspn (emoji, ":"));
  self->conversation = dup_id (item, "channel");
  self->message = dup_id (item, "ts");
  self->author = dup_id (event, "item_user");
}

IncidentSlackCall *
incident_slack_read_event (IncidentNode  *payload,
                           GError       **error)
{
  const char *type = incident_node_get_string (payload, "type");
  IncidentNode *event = incident_node_get_member (payload, "event");
  const char *event_type = incident_node_get_string (event, "type");
  g_autoptr(IncidentSlackCall) self = NULL;

  if (type == NULL)
    {
      incident_node_fail (payload, error, "has no “type”: it is nothing that Slack sends");
      return NULL;
    }

  self = incident_slack_call_new (INCIDENT_SLACK_CALL_IGNORED);
  incident_slack_call_set_operation (self, incident_node_get_string (payload, "event_id"));
  if (!g_str_equal (type, "event_callback"))
    return g_steal_pointer (&self);

  self->team = dup_id (payload, "team_id");
  if (is_same ("message", event_type))
    read_message (self, payload, event);
  else if (is_same ("pin_added", event_type))
    read_pin (self, payload, event);
  else if (is_same ("reaction_added", event_type))
    read_reaction (self, payload, event);

  /* Identity is channel and ts. */
  if (self->conversation == NULL || self->message == NULL)
    self->kind = INCIDENT_SLACK_CALL_IGNORED;
  return g_steal_pointer (&self);
}
