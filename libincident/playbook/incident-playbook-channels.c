/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "playbook/incident-playbook-compile-private.h"

#include <string.h>

/* Channels: each kind has members of its own. */

#define KIND(dialect) (1u << INCIDENT_DIALECT_ ## dialect)
#define CHATS (KIND (MATTERMOST) | KIND (ROCKETCHAT) | KIND (DISCORD) | KIND (TEAMS))

#define OWN_ARCHIVE_AFTER (48 * G_TIME_SPAN_HOUR)

static const char * const dialects[] = {
  [INCIDENT_DIALECT_SLACK] = "slack",
  [INCIDENT_DIALECT_WEBHOOK] = "webhook",
  [INCIDENT_DIALECT_MATTERMOST] = "mattermost",
  [INCIDENT_DIALECT_ROCKETCHAT] = "rocketchat",
  [INCIDENT_DIALECT_DISCORD] = "discord",
  [INCIDENT_DIALECT_TEAMS] = "teams",
  [INCIDENT_DIALECT_MAIL] = "mail",
  [INCIDENT_DIALECT_COMMAND] = "command",
  [INCIDENT_DIALECT_OWN] = "own",
};

/* What is not here is for all. */
static const struct
{
  const char *member;
  guint       kinds;   /* that may have it */
  guint       needs;   /* that cannot do without */
} members[] = {
  { "token", KIND (SLACK), KIND (SLACK) },
  { "app-token", KIND (SLACK), 0 },
  { "signing-secret", KIND (SLACK), 0 },
  { "announce", KIND (SLACK), 0 },
  { "room", KIND (SLACK), 0 },
  { "pin-emoji", KIND (SLACK), 0 },
  { "api", KIND (SLACK), 0 },
  { "url", KIND (WEBHOOK) | CHATS, KIND (WEBHOOK) | CHATS },
  { "key", KIND (WEBHOOK), KIND (WEBHOOK) },
  { "old-key", KIND (WEBHOOK), 0 },
  { "near", KIND (SLACK) | KIND (WEBHOOK) | CHATS, 0 },
  { "certificate", KIND (SLACK) | KIND (WEBHOOK) | CHATS, 0 },
  { "from", KIND (MAIL), KIND (MAIL) },
  { "to", KIND (MAIL), 0 },
  { "domain", KIND (MAIL), 0 },
  { "run", KIND (MAIL) | KIND (COMMAND), KIND (COMMAND) },
  { "does", KIND (OWN), 0 },
};

/* What is recorded beside that which verbs record. */
static const char * const events[] = {
  "alert-fired", "alerts-fired", "alert-resolved", "alerts-resolved", "alert-worsened", "alert-acknowledged", "alert-flapping",
  "alerts-ended", "case-merged", "channel-down", "channel-up", "escalation-acknowledged", "escalation-ended",
  "escalation-exhausted", "escalation-moved", "escalation-paused", "escalation-rearmed", "escalation-started", "fallback-paged",
  "lifecycle-changed", "message-dead", "page-failed", "person-paged", "priority-raised", "reminded", "step-fired", "step-skipped",
  "update-proposed", NULL
};

static gboolean
is_event (IncidentLifecycle *lifecycle,
          const char        *kind)
{
  if (g_str_equal (kind, "*") || g_strv_contains (events, kind))
    return TRUE;

  for (guint i = 0; i < lifecycle->transitions->len; i++)
    if (g_str_equal (incident_lifecycle_transition (lifecycle, i)->event, kind))
      return TRUE;
  return FALSE;
}

/* “slack”, “webhook” */
static char *
join_kinds (guint kinds)
{
  GString *text = g_string_new (NULL);

  for (guint i = 0; i < G_N_ELEMENTS (dialects); i++)
    if ((kinds >> i & 1) != 0)
      g_string_append_printf (text, "%s“%s”", text->len > 0 ? ", " : "", dialects[i]);
  return g_string_free (text, FALSE);
}

static void
check_members (IncidentCompiler *self,
               IncidentNode     *entry,
               IncidentDialect   dialect)
{
  for (guint i = 0; i < G_N_ELEMENTS (members); i++)
    {
      IncidentNode *node = incident_node_get_member (entry, members[i].member);

      if (node != NULL && (members[i].kinds >> dialect & 1) == 0)
        {
          g_autofree char *kinds = join_kinds (members[i].kinds);

          incident_problems_add (self->problems, node, "is not for “%s”: “%s” is for %s", dialects[dialect], members[i].member,
                                 kinds);
        }
      else if (node == NULL && (members[i].needs >> dialect & 1) != 0)
        incident_problems_add (self->problems, entry, "must have the member “%s”, as all of the kind “%s”", members[i].member,
                               dialects[dialect]);
    }
}

static void
check_https (IncidentCompiler     *self,
             IncidentNode         *url,
             IncidentChannelRules *channel)
{
  if (url != NULL && url->type == INCIDENT_JSON_STRING && !channel->may_be_near && g_str_has_prefix (url->value.string, "http:"))
    incident_problems_add (self->problems, url, "must be https, unless “near” is true");
}

/* Programs and mail are told of cases, and not of how they are told. */
static gboolean
can_tell (IncidentDialect  dialect,
          const char      *kind)
{
  static const char * const troubles[] = { "channel-down", "channel-up", "message-dead", NULL };

  return (dialect != INCIDENT_DIALECT_WEBHOOK && dialect != INCIDENT_DIALECT_MAIL) || !g_strv_contains (troubles, kind);
}

static void
read_events (IncidentCompiler     *self,
             IncidentNode         *entry,
             IncidentChannelRules *channel)
{
  IncidentNode *list = incident_node_get_member (entry, "events");

  for (guint i = 0; i < incident_node_get_length (list); i++)
    {
      IncidentNode *node = incident_node_get_child (list, i);

      if (!is_event (self->rules->lifecycle, node->value.string))
        incident_problems_add (self->problems, node, "must be a kind of event, such as “resolved”, or “*” for all; “%s” is none",
                               node->value.string);
      else if (!can_tell (channel->dialect, node->value.string))
        incident_problems_add (self->problems, node, "is not told by a channel of the kind “%s”", dialects[channel->dialect]);
    }
  if (list != NULL)
    channel->events = incident_compiler_keep_list (self, entry, "events");
}

static void
read_give_up (IncidentCompiler     *self,
              IncidentNode         *node,
              IncidentChannelRules *channel)
{
  const char *after = incident_node_get_string (node, "after");
  IncidentNode *attempts = incident_node_get_member (node, "attempts");

  channel->posts.age = after != NULL ? incident_duration_from_text (after) : 0;
  channel->posts.attempts = attempts != NULL ? (guint) attempts->value.integer : 0;
  if (node != NULL && after == NULL && attempts == NULL)
    incident_problems_add (self->problems, node, "must say by “after”, “attempts” or both when it is given up");
}

static void
read_room (IncidentCompiler     *self,
           IncidentNode         *node,
           IncidentChannelRules *channel)
{
  IncidentNode *invite = incident_node_get_member (node, "invite");
  const char *name = incident_compiler_keep (self, node, "name");
  const char *archive_after = incident_node_get_string (node, "archive-after");

  if (node == NULL)
    return;

  channel->has_rooms = TRUE;
  if (name != NULL)
    channel->room_name = name;
  channel->is_private = incident_node_get_boolean (node, "private");
  if (archive_after != NULL)
    channel->archive_after = incident_duration_from_text (archive_after);
  g_ptr_array_unref (channel->invite_teams);
  channel->invite_teams = incident_compiler_keep_list (self, invite, "teams");
  g_ptr_array_unref (channel->invite_people);
  channel->invite_people = incident_compiler_keep_list (self, invite, "people");
  channel->records_all = g_strcmp0 (incident_node_get_string (node, "record"), "all") == 0;
}

static void
read_slack (IncidentCompiler     *self,
            IncidentNode         *entry,
            IncidentChannelRules *channel)
{
  const char *emoji = incident_compiler_keep (self, entry, "pin-emoji");

  channel->api = incident_compiler_keep_base (self, entry, "api");
  channel->token = incident_compiler_read_secret (self, entry, "token");
  channel->app_token = incident_compiler_read_secret (self, entry, "app-token");
  channel->signing = incident_compiler_read_secret (self, entry, "signing-secret");
  channel->announce = incident_compiler_keep (self, entry, "announce");
  if (emoji != NULL)
    channel->pin_emoji = emoji;
  read_room (self, incident_node_get_member (entry, "room"), channel);
  check_https (self, incident_node_get_member (entry, "api"), channel);
}

/* Programs are run as they are written here, with no shell, and so by their path. */
static void
read_run (IncidentCompiler     *self,
          IncidentNode         *entry,
          IncidentChannelRules *channel)
{
  IncidentNode *list = incident_node_get_member (entry, "run");
  IncidentNode *program = list != NULL ? incident_node_get_child (list, 0) : NULL;

  if (list == NULL)
    return;

  channel->run = incident_compiler_keep_list (self, entry, "run");
  if (program == NULL)
    incident_problems_add (self->problems, list, "must begin with the path of a program");
  else if (!g_path_is_absolute (program->value.string))
    incident_problems_add (self->problems, program, "must be the whole path of a program, such as “/usr/local/bin/bell”");
}

static void
read_does (IncidentNode         *list,
           IncidentChannelRules *channel)
{
  for (guint i = 0; i < incident_node_get_length (list); i++)
    channel->does[incident_compiler_get_enum (INCIDENT_TYPE_MESSAGE_KIND, incident_node_get_child (list, i)->value.string)] = TRUE;
  /* There is no “room” here that says when. */
  if (channel->does[INCIDENT_MESSAGE_KIND_ARCHIVE])
    channel->archive_after = OWN_ARCHIVE_AFTER;
}

static void
set_does_of_slack (IncidentChannelRules *channel)
{
  for (guint i = INCIDENT_MESSAGE_KIND_ROOM; i <= INCIDENT_MESSAGE_KIND_ARCHIVE; i++)
    channel->does[i] = channel->has_rooms;
  channel->does[INCIDENT_MESSAGE_KIND_ANNOUNCEMENT] = channel->announce != NULL;
}

static void
read_condition (IncidentCompiler     *self,
                IncidentNode         *node,
                IncidentChannelRules *channel)
{
  if (node == NULL)
    return;

  channel->is_conditional = TRUE;
  incident_condition_clear (&channel->condition);
  incident_compiler_check_filled (self, node);
  incident_compiler_read_condition (self, node, &channel->condition);
}

static void
read_channel (IncidentCompiler     *self,
              IncidentNode         *entry,
              IncidentChannelRules *channel)
{
  const char *kind = incident_node_get_string (entry, "kind");

  while (!g_str_equal (dialects[channel->dialect], kind))
    channel->dialect++;
  check_members (self, entry, channel->dialect);
  read_condition (self, incident_node_get_member (entry, "if"), channel);
  read_events (self, entry, channel);
  read_give_up (self, incident_node_get_member (entry, "give-up"), channel);

  channel->may_be_near = incident_node_get_boolean (entry, "near");
  channel->certificate = incident_compiler_keep (self, entry, "certificate");
  channel->url = incident_compiler_keep (self, entry, "url");
  channel->secret_url = incident_compiler_read_secret (self, entry, "url");
  channel->key = incident_compiler_read_secret (self, entry, "key");
  channel->old_key = incident_compiler_read_secret (self, entry, "old-key");
  check_https (self, incident_node_get_member (entry, "url"), channel);
  read_slack (self, entry, channel);

  channel->from = incident_compiler_keep (self, entry, "from");
  channel->domain = incident_compiler_keep (self, entry, "domain");
  g_ptr_array_unref (channel->to);
  channel->to = incident_compiler_keep_list (self, entry, "to");
  incident_compiler_check_not_empty (self, incident_node_get_member (entry, "to"));
  read_run (self, entry, channel);
  read_does (incident_node_get_member (entry, "does"), channel);
  if (channel->dialect == INCIDENT_DIALECT_SLACK)
    set_does_of_slack (channel);
}

void
incident_playbook_compile_channels (IncidentCompiler *self,
                                    IncidentNode     *section)
{
  IncidentNode *entry;

  for (guint i = 0; incident_compiler_next_entry (section, &i, &entry);)
    read_channel (self, entry,
                  incident_comms_rules_add_channel (self->rules->comms, incident_rules_keep (self->rules, entry->name)));
}

static gboolean
has_audience (const IncidentCommsRules *comms,
              const char               *channel)
{
  for (guint i = 0; i < comms->audiences->len; i++)
    if (incident_strings_contain (((const IncidentAudience *) g_ptr_array_index (comms->audiences, i))->channels, channel))
      return TRUE;

  return FALSE;
}

/* Is somebody paged by it? */
static gboolean
has_pages (const IncidentOncallRules *oncall,
           const char                *channel)
{
  GHashTableIter iter;
  gpointer value;

  if (oncall->policies->len == 0)
    return FALSE;

  g_hash_table_iter_init (&iter, oncall->people);
  while (g_hash_table_iter_next (&iter, NULL, &value))
    {
      const IncidentOncallPerson *person = value;

      for (guint i = 0; i < person->methods->len; i++)
        if (g_str_equal (g_array_index (person->methods, IncidentContactMethod, i).channel, channel))
          return TRUE;
    }
  return FALSE;
}

/* Is there a message that would be sent? */
static gboolean
is_used (const IncidentRules        *rules,
         const IncidentChannelRules *channel)
{
  if (has_pages (rules->oncall, channel->name))
    return TRUE;
  if (channel->dialect == INCIDENT_DIALECT_SLACK)
    return channel->announce != NULL || channel->has_rooms;
  if (channel->dialect == INCIDENT_DIALECT_MAIL && channel->to->len == 0)
    return FALSE;
  for (guint i = INCIDENT_MESSAGE_KIND_ROOM; i <= INCIDENT_MESSAGE_KIND_ARCHIVE; i++)
    if (channel->does[i])
      return TRUE;

  return channel->events == NULL || channel->events->len > 0 || has_audience (rules->comms, channel->name);
}

void
incident_playbook_check_channels (IncidentCompiler *self,
                                  IncidentNode     *section)
{
  const IncidentCommsRules *comms = self->rules->comms;
  IncidentNode *entry;

  for (guint i = 0; incident_compiler_next_entry (section, &i, &entry);)
    {
      const IncidentChannelRules *channel = incident_comms_rules_get_channel (comms, entry->name);

      if (channel->dialect == INCIDENT_DIALECT_SLACK && !incident_secret_is_told (&channel->signing)
          && !incident_secret_is_told (&channel->app_token))
        incident_problems_add (self->warnings, entry, "has neither “signing-secret” nor “app-token”: nothing comes back from Slack");
      if (!is_used (self->rules, channel))
        incident_problems_add (self->warnings, entry, "has nothing that would be sent: %s",
                               channel->dialect == INCIDENT_DIALECT_SLACK ? "there is neither “announce” nor “room”"
                               : channel->dialect == INCIDENT_DIALECT_MAIL && channel->to->len == 0 ? "“to” is missing"
                               : "“events” is empty, and no audience is told by it");
    }
}
