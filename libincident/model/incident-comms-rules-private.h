/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <libincident/incident-message-kind.h>

#include "model/incident-rules-private.h"
#include "model/incident-secret-private.h"

G_BEGIN_DECLS

/* What a playbook says of communication: through which channels, what, and to whom.
 * Strings are kept by the IncidentRules that these belong to. */

typedef enum
{
  INCIDENT_DIALECT_SLACK,       /* Web API, both ways */
  INCIDENT_DIALECT_WEBHOOK,     /* CloudEvents, signed by Standard Webhooks: for programs */
  INCIDENT_DIALECT_MATTERMOST,  /* incoming webhooks of chats: for people */
  INCIDENT_DIALECT_ROCKETCHAT,
  INCIDENT_DIALECT_DISCORD,
  INCIDENT_DIALECT_TEAMS,
  INCIDENT_DIALECT_MAIL,        /* sendmail(8) */
  INCIDENT_DIALECT_COMMAND,     /* a program of the team's */
  INCIDENT_DIALECT_OWN,         /* the host program adds it to the desk */
} IncidentDialect;

/* What messages of a kind may cost, at most. */
typedef struct
{
  gint64 age;       /* 0: as usual for the kind */
  guint  attempts;  /* 0: any number */
} IncidentBudget;

typedef struct
{
  const char       *name;          /* “slack”, “ops-mail” */
  IncidentDialect   dialect;
  gboolean          is_conditional;
  IncidentCondition condition;     /* for which cases */
  GPtrArray        *events;        /* of strings: kinds of events that are told, “*”: all; NULL: as is usual for the dialect */
  IncidentBudget    posts;         /* posts, pages, mails and events for programs; others have the usual */

  /* Slack */
  const char       *api;           /* base of the Web API, with “/” at its end; NULL: Slack's own */
  IncidentSecret    token;         /* of the bot */
  IncidentSecret    app_token;     /* for Socket Mode; neither env nor file: over HTTP */
  IncidentSecret    signing;       /* what Slack signs its requests with */
  const char       *announce;      /* id of the channel where cases are announced; NULL: nowhere */
  gboolean          has_rooms;     /* a channel for each case */
  const char       *room_name;     /* “inc-{number}-{title}” */
  gboolean          is_private;
  gint64            archive_after; /* so long after the end; -1: never */
  GPtrArray        *invite_teams;  /* of strings, never NULL, as that below: whose members are brought in, besides those with a role and the owners */
  GPtrArray        *invite_people;
  const char       *pin_emoji;     /* “pushpin”: a reaction that puts a message on the timeline */
  gboolean          records_all;   /* all that is said in the rooms becomes part of the record */

  /* Webhooks and other chats */
  const char       *url;           /* NULL: a secret */
  IncidentSecret    secret_url;
  IncidentSecret    key;           /* Standard Webhooks: whsec_… */
  IncidentSecret    old_key;       /* while keys are changed */
  gboolean          may_be_near;   /* private addresses and http are allowed */
  const char       *certificate;   /* file of a CA that is trusted in place of the system's; nullable */

  /* Mail */
  const char       *from;
  GPtrArray        *to;            /* addresses; never NULL */
  const char       *domain;        /* of Message-IDs; NULL: that of from */

  /* Mail (the sendmail to run; NULL: /usr/sbin/sendmail) and commands */
  GPtrArray        *run;           /* argv */

  /* A host program's own */
  gboolean          does[INCIDENT_MESSAGE_KIND_PAGE + 1]; /* by kind; posts and pages always */
} IncidentChannelRules;

typedef struct
{
  const char       *name;          /* “customer”; “internal” is always there */
  const char       *title;         /* nullable */
  const char       *approved_by;   /* the role whose holder approves; NULL: nobody has to */
  GPtrArray        *channels;      /* of strings: names */
  gboolean          is_public;     /* what is told there stands on the status page */
} IncidentAudience;

typedef struct
{
  const char       *title;         /* NULL: there is no status page */
  const char       *about;         /* nullable */
  GPtrArray        *services;      /* of strings: names, in their order */
  GHashTable       *titles;        /* service → what the public calls it */
} IncidentStatusPageRules;

/* How one is known on a channel. */
typedef struct
{
  const char       *slack;         /* “U2CERLKJA”, or with its workspace “T1DC2JH3J/U2CERLKJA”; nullable, as those below */
  const char       *mail;
} IncidentContacts;

typedef struct _IncidentCommsRules
{
  GPtrArray               *channels;   /* (element-type IncidentChannelRules), in the order of their names */
  GPtrArray               *audiences;  /* (element-type IncidentAudience), likewise; without a section “internal” and “customer” */
  IncidentStatusPageRules  status_page;
  GHashTable              *contacts;   /* person → IncidentContacts */
  const char              *address;    /* where people reach incident serve: “https://desk.example.org/”; nullable */
  IncidentSecret           links;      /* the key that links to it are signed with */
} IncidentCommsRules;

IncidentCommsRules   *incident_comms_rules_new          (void);
void                  incident_comms_rules_free         (IncidentCommsRules       *self);
IncidentChannelRules *incident_comms_rules_add_channel  (IncidentCommsRules       *self,
                                                         const char               *name); /* lent */
/* The one of the name, which may be there. */
IncidentAudience     *incident_comms_rules_add_audience (IncidentCommsRules       *self,
                                                         const char               *name); /* lent */
/* All but “internal”, where a playbook says which there are. */
void                  incident_comms_rules_clear_audiences (IncidentCommsRules    *self);
IncidentContacts     *incident_comms_rules_add_contacts (IncidentCommsRules       *self,
                                                         const char               *person); /* lent */
const IncidentChannelRules *
                      incident_comms_rules_get_channel  (const IncidentCommsRules *self,
                                                         const char               *name);
const IncidentAudience *
                      incident_comms_rules_get_audience (const IncidentCommsRules *self,
                                                         const char               *name);
/* The person whose contact it is on Slack; NULL: nobody's. @team: the workspace. */
const char           *incident_comms_rules_find_slack_user (const IncidentCommsRules *self,
                                                         const char               *team, /* nullable */
                                                         const char               *user);

G_END_DECLS
