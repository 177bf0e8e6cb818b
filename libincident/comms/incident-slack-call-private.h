/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib-object.h>

#include "base/incident-node-private.h"

G_BEGIN_DECLS

/* What comes from Slack, over HTTP or through Socket Mode, read once and told alike. */

typedef enum
{
  INCIDENT_SLACK_CALL_HELLO,      /* url_verification, ssl_check: text is what is to be answered */
  INCIDENT_SLACK_CALL_COMMAND,    /* /incident …: text is what follows */
  INCIDENT_SLACK_CALL_BUTTON,     /* action_id and value */
  INCIDENT_SLACK_CALL_SHORTCUT,   /* on a message: text is what that says */
  INCIDENT_SLACK_CALL_FORM,       /* a modal that was submitted: fields */
  INCIDENT_SLACK_CALL_SAID,       /* a message in a channel */
  INCIDENT_SLACK_CALL_EDITED,     /* text is the new one */
  INCIDENT_SLACK_CALL_DELETED,
  INCIDENT_SLACK_CALL_PINNED,     /* a pin or an emoji on a message; text may be empty */
  INCIDENT_SLACK_CALL_IGNORED,    /* nothing for us: it is answered with 200 and nothing else */
} IncidentSlackCallKind;

typedef struct
{
  IncidentSlackCallKind kind;
  char       *operation;     /* what tells a repetition: “slack:” and event_id, trigger_id, the id of a modal, or else the
                              * envelope_id; nullable */
  char       *team;          /* nullable, as all below */
  char       *user;          /* who did it: “U2CERLKJA” */
  char       *conversation;  /* “C1” */
  char       *message;       /* ts of the message that it is about */
  char       *thread;        /* ts of the parent of that message */
  char       *author;        /* who wrote that message */
  char       *text;          /* plain: unescaped once; mentions as Slack writes them, “<@U1>”, become “@U1” */
  char       *permalink;
  char       *action;        /* action_id, or callback_id of a form or shortcut */
  char       *value;         /* of a button; private_metadata of a form */
  char       *emoji;         /* of a reaction */
  char       *trigger;       /* trigger_id: opens a modal within 3 s */
  char       *response_url;
  char       *command;       /* “/incident” */
  GHashTable *fields;        /* of a form: block_id → value */
  gboolean    is_bot;        /* a program wrote it */
  char       *bot;           /* its bot_id; nullable */
} IncidentSlackCall;

/* As much as Slack may send at once; more is not read. */
#define INCIDENT_SLACK_MAX_BODY (1024 * 1024)

/* FALSE with INCIDENT_ERROR_REFUSED: the signature is not Slack's, or too old or new for @now (300 s, both ways). */
gboolean           incident_slack_verify        (const char         *secret,
                                                 const char         *timestamp, /* header X-Slack-Request-Timestamp; nullable */
                                                 const char         *signature, /* header X-Slack-Signature; nullable */
                                                 GBytes             *body,
                                                 gint64              now,
                                                 GError            **error);
/* Of a request whose signature was verified; @content_type may have a charset. NULL with INCIDENT_ERROR_INVALID. */
IncidentSlackCall *incident_slack_call_read     (const char         *content_type, /* nullable */
                                                 GBytes             *body,
                                                 GError            **error);
/* Of an envelope of Socket Mode: its type, its payload, its id. What our own bot wrote is IGNORED, here and above. */
IncidentSlackCall *incident_slack_call_read_envelope (const char    *type,
                                                 IncidentNode       *payload,
                                                 const char         *envelope_id,
                                                 GError            **error);
/* Is it something that Slack would bring again, if it were not taken? */
gboolean           incident_slack_call_is_event (const IncidentSlackCall *self);
/* Slack's markup as plain text. */
char              *incident_slack_text_to_plain (const char     *text);
/* “1355517523.000005” as microseconds; INCIDENT_TIME_NONE: it is no such. */
gint64             incident_slack_time_from_ts  (const char     *ts); /* nullable */
void               incident_slack_call_free     (IncidentSlackCall  *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (IncidentSlackCall, incident_slack_call_free)

G_END_DECLS
