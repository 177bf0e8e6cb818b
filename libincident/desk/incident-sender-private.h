/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <libincident/incident-channel.h>

#include "comms/incident-breaker-private.h"
#include "desk/incident-desk-private.h"
#include "model/incident-comms-rules-private.h"

G_BEGIN_DECLS

/* The reaction that delivers: claims messages from the outbox, a lane at a time, gives each to its
 * channel, and writes down what became of it. In the desk's thread. */

/* Three times as long as an attempt may take. */
#define INCIDENT_SENDER_LEASE (90 * G_TIME_SPAN_SECOND)

/* How a channel stands with us. */
typedef struct
{
  char             *name;
  IncidentChannel  *channel;     /* NULL: the host has to add it, or it cannot be made */
  gboolean          is_own;      /* the host has added it */
  IncidentBreaker   breaker;
  guint             n_in_flight;
  gboolean          is_probing;
  gboolean          is_probed;   /* it says that it works again: one message shows whether that gets through */
  gboolean          is_new;      /* it was begun, or loaded anew: a person may have mended what closed it */
} IncidentWay;

typedef struct
{
  IncidentDesk         *desk;       /* whose it is */
  char                 *holder;     /* who we are, in claims; NULL: nothing was sent yet */
  GHashTable           *ways;       /* name → IncidentWay */
  const IncidentRules  *rules;      /* the ways are of these; held */
  gboolean              has_channels; /* as these say */
  guint                 n_in_flight;
  gboolean              is_going_on;
  GPtrArray            *waiting;    /* (element-type GTask): of incident_desk_deliver_async () */
  GQueue                recent;     /* of IncidentCase: those that are told of one after another are read once */
  gint64                ahead;      /* the wall is so far ahead of the clock of the boot … */
  gboolean              is_ahead_known; /* … as far as the pages know */
  gint64                next;       /* when something is due; INT64_MAX: nothing waits */
  GError               *trouble;    /* what ailed the store since somebody was told */
} IncidentSender;

void         incident_sender_init      (IncidentSender  *self,
                                        IncidentDesk    *desk);
void         incident_sender_clear     (IncidentSender  *self);
IncidentSender *incident_desk_get_sender (IncidentDesk  *self);

/* Looks which playbook is in force; its channels are made when something is to be sent. */
void         incident_sender_follow_playbook (IncidentSender *self);
IncidentWay *incident_sender_get_way   (IncidentSender  *self,
                                        const char      *name);
/* Sends what is due, and goes on when something has ended. */
void         incident_sender_go_on     (IncidentSender  *self);
/* The case, kept for a while; NULL with an error. */
IncidentCase *incident_sender_get_case (IncidentSender  *self,
                                        guint64          number,
                                        GError         **error);

/* Who only looks keeps none: cases keep their desk. */
void         incident_sender_forget_cases (IncidentSender *self);

/* What ails the store is told to who waits for the end; that others were quicker is no trouble. */
void         incident_sender_note_trouble (IncidentSender *self,
                                        const GError      *error); /* nullable */

/* One attempt, of a row that was claimed (transfer full). It calls incident_sender_ended () at its end. */
void         incident_attempt_start    (IncidentSender    *sender,
                                        IncidentWay       *way,
                                        IncidentOutboxRow *row);
void         incident_sender_ended     (IncidentSender    *self,
                                        IncidentWay       *way);
/* So that others know how the channel stands, if that has changed. */
void         incident_sender_save_breaker (IncidentSender *self,
                                        IncidentWay       *way);
/* Tells in the timelines of the cases for which something waits there that a channel is down, or up again. */
void         incident_sender_tell_of_channel (IncidentSender *self,
                                        IncidentWay       *way,
                                        const char        *why);
/* The message of a row (transfer full), as it would be sent; for who only looks, too. */
IncidentMessage *incident_sender_render (IncidentSender    *self,
                                        IncidentOutboxRow *row,
                                        const char       **why,
                                        GError           **error);

G_END_DECLS
