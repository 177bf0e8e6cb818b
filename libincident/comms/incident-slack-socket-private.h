/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "comms/incident-slack-api-private.h"
#include "comms/incident-slack-call-private.h"

G_BEGIN_DECLS

/* Slack's Socket Mode: what would come to an address of ours comes through a connection that we open. In a build
 * without HTTP it cannot be made. Belongs to the thread, and the thread-default context, in which it is started. */

typedef struct _IncidentSlackSocket IncidentSlackSocket;

/* JSON to be answered, or NULL. With an error the call is not acknowledged, and Slack brings it again. */
typedef char *(*IncidentSlackTakeFunc) (IncidentSlackCall *call,
                                        gpointer           data,
                                        GError           **error);
/* @is_over: it does not listen any more, until a person has mended what @message tells. */
typedef void  (*IncidentSlackTroubleFunc) (const char     *message,
                                        gboolean           is_over,
                                        gpointer           data);

/* How patient it is; what is 0 is as usual. */
typedef struct
{
  guint first_wait;       /* before the second attempt to connect, at most, in ms; doubled for each one after */
  guint longest_wait;     /* ms */
  guint keepalive;        /* s between pings: three that are not answered end a connection */
  guint drain;            /* ms for which the old connection goes on being heard beside the new one */
} IncidentSlackPatience;

/* NULL with G_IO_ERROR_NOT_SUPPORTED: this build speaks no HTTP; INCIDENT_ERROR_INVALID: there is no token or no address
 * of the Web API. Copies what it needs of @rules. */
IncidentSlackSocket *incident_slack_socket_new   (const IncidentChannelRules  *rules,
                                                  IncidentClock               *clock,
                                                  const IncidentSlackPatience *patience, /* nullable */
                                                  IncidentSlackTakeFunc        take,
                                                  IncidentSlackTroubleFunc     trouble,
                                                  gpointer                     data,
                                                  GError                     **error);
void                 incident_slack_socket_start (IncidentSlackSocket         *self);
/* Has Slack greeted it? */
gboolean             incident_slack_socket_is_open (IncidentSlackSocket       *self);
/* Ends connections that have been silent for too long; it is done by itself, too. */
void                 incident_slack_socket_check (IncidentSlackSocket         *self);
/* Stops it. None of the functions is called any more. */
void                 incident_slack_socket_free  (IncidentSlackSocket         *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (IncidentSlackSocket, incident_slack_socket_free)

G_END_DECLS
