/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <libincident/incident-clock.h>

#include <libsoup/soup.h>

#include "comms/incident-slack-call-private.h"

G_BEGIN_DECLS

/* One connection of Socket Mode: reads envelopes, and acknowledges them. */

typedef struct _IncidentSlackLine IncidentSlackLine;

typedef struct
{
  /* Slack says hello. */
  void  (*greeted) (IncidentSlackLine *line,
                    gpointer           data);
  /* Slack will close it: “warning”, “refresh_requested”, “too_many_websockets”, “link_disabled”. */
  void  (*ending)  (IncidentSlackLine *line,
                    const char        *reason, /* nullable */
                    gpointer           data);
  /* It is closed, and to be freed. */
  void  (*lost)    (IncidentSlackLine *line,
                    gpointer           data);
  char *(*call)    (IncidentSlackLine *line,
                    IncidentSlackCall *call,
                    gpointer           data,
                    GError           **error);
} IncidentSlackLineFuncs;

/* @keepalive: seconds between pings. @funcs is static. */
IncidentSlackLine *incident_slack_line_new         (SoupWebsocketConnection      *connection,
                                                    IncidentClock                *clock,
                                                    guint                         keepalive,
                                                    const IncidentSlackLineFuncs *funcs,
                                                    gpointer                      data);
gboolean           incident_slack_line_is_greeted  (IncidentSlackLine            *self);
/* Ends it in so many milliseconds, unless Slack does so before. */
void               incident_slack_line_drain       (IncidentSlackLine            *self,
                                                    guint                         wait);
gboolean           incident_slack_line_is_draining (IncidentSlackLine            *self);
/* For how long nothing was heard, in microseconds. */
gint64             incident_slack_line_get_silence (IncidentSlackLine            *self);
/* Closes it; none of the functions is called any more. */
void               incident_slack_line_free        (IncidentSlackLine            *self);

G_END_DECLS
