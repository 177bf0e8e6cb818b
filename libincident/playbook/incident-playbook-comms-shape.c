/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "playbook/incident-playbook-shape-private.h"

/* The table of what a playbook says of communication, from the leaves up. */

#define PATTERN(shape, expression, words) \
  static const IncidentShape shape = { .kind = INCIDENT_SHAPE_PATTERN, .pattern = expression, .wanted = words }

#define DOMAIN_LABEL "[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?"
#define DOMAIN_NAME DOMAIN_LABEL "(?:\\." DOMAIN_LABEL ")*"
/* No dash in front: programs would take it for an option. */
#define LOCAL_PART "[A-Za-z0-9!#$%&'*+/=?^_`{|}~][A-Za-z0-9!#$%&'*+/=?^_`{|}~-]*(?:\\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*"
#define NAME_PART "(?:[a-z0-9_-]|\\{(?:number|title|severity|service)\\})*"

static const char * const kinds[] = {
  "slack", "webhook", "mattermost", "rocketchat", "discord", "teams", "mail", "command", "own", NULL
};
static const char * const records[] = { "pinned", "all", NULL };
static const char * const steps[] = {
  "room", "card", "announcement", "topic", "invite", "bookmark", "file", "archive", NULL
};

static const IncidentShape text = { .kind = INCIDENT_SHAPE_TEXT };
static const IncidentShape name = { .kind = INCIDENT_SHAPE_NAME };
static const IncidentShape flag = { .kind = INCIDENT_SHAPE_BOOLEAN };
static const IncidentShape duration = { .kind = INCIDENT_SHAPE_DURATION };
static const IncidentShape any_duration = { .kind = INCIDENT_SHAPE_DURATION, .is_zero_allowed = TRUE };
static const IncidentShape count = { .kind = INCIDENT_SHAPE_NUMBER, .most = 1000 };
static const IncidentShape url = { .kind = INCIDENT_SHAPE_URL };
/* Who knows the address of a chat's webhook may write there. */
static const IncidentShape secret_url = { .kind = INCIDENT_SHAPE_URL, .otherwise = &incident_playbook_secret_shape };
static const IncidentShape kind = { .kind = INCIDENT_SHAPE_WORD, .words = kinds };
static const IncidentShape record = { .kind = INCIDENT_SHAPE_WORD, .words = records };
static const IncidentShape step = { .kind = INCIDENT_SHAPE_WORD, .words = steps };
REFERENCE_TO (person, "people");
REFERENCE_TO (team, "teams");
REFERENCE_TO (role, "roles");
REFERENCE_TO (channel, "channels");
PATTERN (slack_channel, "^[CGD][A-Z0-9]{2,}$", "the id of a channel in Slack, such as “C0INCIDENTS”, not its name");
const IncidentShape incident_playbook_slack_user_shape = {
  .kind = INCIDENT_SHAPE_PATTERN, .pattern = "^(?:[TE][A-Z0-9]{2,}/)?[UW][A-Z0-9]{2,}$",
  .wanted = "the id of a person in Slack, such as “U2CERLKJA”, or with the workspace “T1DC2JH3J/U2CERLKJA”"
};
PATTERN (emoji, "^[a-z0-9_+'-]{1,100}$", "the name of an emoji without colons, such as “pushpin”");
PATTERN (room_name, "^(?=.{1,200}$)" NAME_PART "\\{number\\}" NAME_PART "$",
         "a name of a–z, 0–9, “_” and “-” with {number} in it, and {title}, {severity} or {service} where they are wanted, such "
         "as “inc-{number}-{title}”");
const IncidentShape incident_playbook_address_shape = {
  .kind = INCIDENT_SHAPE_PATTERN, .pattern = "^(?=.{3,254}$)(?=[^@]{1,64}@)" LOCAL_PART "@" DOMAIN_NAME "$",
  .wanted = "a mail address such as “ops@example.org”"
};
PATTERN (domain, "^(?=.{1,253}$)" DOMAIN_NAME "$", "a domain such as “example.org”");

LIST_OF (persons, person, "person");
LIST_OF (team_list, team, "team");
LIST_OF (channel_list, channel, "channel");
/* They are looked up where the lifecycle is known. */
LIST_OF (events, name, "event");
LIST_OF (addresses, incident_playbook_address_shape, "address");
LIST_OF (arguments, text, "argument");
LIST_OF (step_list, step, "kind");

static const IncidentShapeMember contacts_members[] = {
  { "slack", &incident_playbook_slack_user_shape, FALSE, "Their id in Slack, such as U2CERLKJA; or with the workspace T1DC2JH3J/U2CERLKJA" },
  { "mail", &incident_playbook_address_shape, FALSE, "Their mail address" },
  END
};
const IncidentShape incident_playbook_contacts_shape = { .kind = INCIDENT_SHAPE_OBJECT, .members = contacts_members };

static const IncidentShapeMember invite_members[] = {
  { "teams", &team_list, FALSE, "The members of these teams" },
  { "people", &persons, FALSE, "These people" },
  END
};
OBJECT_OF (invite, invite_members);
static const IncidentShapeMember room_members[] = {
  { "name", &room_name, FALSE, "What it is called; inc-{number}-{title} if not said" },
  { "private", &flag, FALSE, "Whether only who is invited sees it" },
  { "invite", &invite, FALSE, "Who is invited, besides those who have a role in the case and those who own its service" },
  { "archive-after", &any_duration, FALSE, "So long after the end of the case it is archived; never if not said" },
  { "record", &record, FALSE, "What becomes part of the case's record: what is pinned, or all that is said" },
  END
};
OBJECT_OF (room, room_members);
static const IncidentShapeMember give_up_members[] = {
  { "after", &duration, FALSE, "So long after it was to be sent" },
  { "attempts", &count, FALSE, "After so many attempts" },
  END
};
OBJECT_OF (give_up, give_up_members);

static const IncidentShapeMember channel_members[] = {
  { "kind", &kind, TRUE, "What it is" },
  { "if", &incident_playbook_condition_shape, FALSE, "Only these cases are told of" },
  { "events", &events, FALSE, "Only these events are told, by their kind; [\"*\"] for all; as is usual for its kind if not said" },
  { "give-up", &give_up, FALSE, "When a message that does not get through is given up" },
  { "token", &incident_playbook_secret_shape, FALSE, "Slack: the token of the bot, xoxb-…" },
  { "app-token", &incident_playbook_secret_shape, FALSE, "Slack: the token of the app, xapp-…, to be called through Socket Mode" },
  { "signing-secret", &incident_playbook_secret_shape, FALSE, "Slack: what it signs its calls over HTTP with" },
  { "announce", &slack_channel, FALSE, "Slack: the id of the channel in which cases are announced" },
  { "room", &room, FALSE, "Slack: each case has a channel of its own" },
  { "pin-emoji", &emoji, FALSE, "Slack: a reaction with it puts a message on the timeline; pushpin if not said" },
  { "api", &url, FALSE, "Slack: where its Web API is, if not at Slack" },
  { "url", &secret_url, FALSE, "Webhooks and chats: where to send, or where that is told" },
  { "key", &incident_playbook_secret_shape, FALSE, "Webhooks: the key that is signed with, whsec_…" },
  { "old-key", &incident_playbook_secret_shape, FALSE, "Webhooks: another one, while the key is changed" },
  { "near", &flag, FALSE, "Whether it may be at a private address, and without encryption" },
  { "certificate", &text, FALSE, "The file of a certificate authority that is trusted in place of the system's" },
  { "from", &incident_playbook_address_shape, FALSE, "Mail: who writes" },
  { "to", &addresses, FALSE, "Mail: who is written to" },
  { "domain", &domain, FALSE, "Mail: of the ids of messages; that of “from” if not said" },
  { "run", &arguments, FALSE, "Commands: the program and its arguments. Mail: that which takes a message as sendmail does" },
  { "does", &step_list, FALSE, "Own: what the program can do, besides to post and to page" },
  END
};
OBJECT_OF (channel_object, channel_members);
const IncidentShape incident_playbook_channels_shape = {
  .kind = INCIDENT_SHAPE_MAP, .element = &channel_object, .singular = "channel"
};

static const IncidentShapeMember audience_members[] = {
  { "title", &name, FALSE, "What people call it" },
  { "approved-by", &role, FALSE, "The role whose holder approves an update before it goes out" },
  { "channels", &channel_list, FALSE, "By which channels it is told" },
  { "public", &flag, FALSE, "Whether its updates stand on the status page" },
  END
};
OBJECT_OF (audience_object, audience_members);
const IncidentShape incident_playbook_audiences_shape = {
  .kind = INCIDENT_SHAPE_MAP, .element = &audience_object, .singular = "audience"
};

MAP_OF (public_services, name, "service");
static const IncidentShapeMember status_page_members[] = {
  { "title", &name, TRUE, "What stands at its top" },
  { "about", &text, FALSE, "What it is about" },
  { "services", &public_services, FALSE, "The services that it shows, and what the public calls them" },
  END
};
const IncidentShape incident_playbook_status_page_shape = { .kind = INCIDENT_SHAPE_OBJECT, .members = status_page_members };

static const IncidentShapeMember desk_members[] = {
  { "address", &url, TRUE, "Where people reach it" },
  { "links", &incident_playbook_secret_shape, FALSE, "The key that links in mails are signed with" },
  END
};
const IncidentShape incident_playbook_desk_shape = { .kind = INCIDENT_SHAPE_OBJECT, .members = desk_members };
