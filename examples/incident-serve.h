/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <libsoup/soup.h>

#include "incident-words.h"

G_BEGIN_DECLS

/* The long-running desk: what it shares with its door, its guard and its counters.
 * All of it lives in one thread. */

typedef struct _Metrics Metrics;

typedef struct
{
  Words        *words;          /* lent */
  IncidentDesk *desk;
  SoupServer   *soup;
  GSocket      *listener;       /* NULL once nobody may come any more */
  guint         listener_source;
  GSocket      *arriving;       /* lent, as that below, while libsoup is told of a connection */
  GIOStream    *arriving_stream;
  GTlsCertificate *certificate; /* NULL: no TLS */
  GMainLoop    *loop;
  Metrics      *metrics;

  gboolean      is_open;        /* senders need no token, so only this machine may come in */
  gboolean      is_quiet;
  gboolean      is_stopping;

  guint         n_connections;
  guint         n_visits;       /* requests that are not answered to their end */
  gsize         n_held;         /* bytes of their bodies */

  char         *trouble;        /* what ailed the store when it last took nothing; NULL: all is well */
  gint64        trouble_at;     /* monotonic */
  guint         settle_source;
  gint64        settle_at;      /* when it is due; monotonic */
  char         *settle_trouble; /* what was told last; NULL: all is well */
  gulong        changed_handler;
  guint         deliver_source;
  gboolean      is_delivering;
  GCancellable *delivering;     /* cancelled: nothing more is begun */
  char         *deliver_trouble; /* as settle_trouble */
  guint         remind_source;
  char         *remind_trouble;
  IncidentEscalator *escalator;
  guint         escalate_source;
  gint64        escalate_at;    /* as settle_at */
  char         *escalate_trouble;
} Server;

/* Looks after what is due for alerts by now, and sees to it that it is called again. */
void        server_settle       (Server            *self);
/* The same in a moment, once for all that came in until then. */
void        server_settle_soon  (Server            *self);
/* A request has ended: the last one ends the server, if it is stopping. */
void        server_visit_ended  (Server            *self);

void        server_complain     (const char        *what,
                                 const GError      *error);
/* Messages go out when they are due, and people are paged and reminded, until it stops. */
void        server_start_deliveries (Server        *self);
void        server_deliver_soon (Server            *self);
void        server_stop_deliveries (Server         *self);
/* Looks in a moment who is to be paged, rather than in a second. */
void        server_escalate_soon (Server           *self);

/* Where it listens. */
gboolean    listener_start      (Server            *server,
                                 GError           **error);
void        listener_stop       (Server            *server);
char       *listener_dup_url    (Server            *server);
/* Do the tokens of the playbook suffice for where it listens? */
gboolean    listener_may_serve  (Server            *server,
                                 GError           **error);

/* What is answered. */
typedef struct
{
  guint       status;
  const char *type;      /* of the body; static */
  char       *body;      /* NULL: empty */
  const char *allow;     /* the methods there are; NULL: not told */
  char       *why;       /* for the log: never what a sender sent; NULL: nothing to say */
} Answer;

void        answer_clear        (Answer            *self);
/* Takes @body. */
void        answer_set          (Answer            *self,
                                 guint              status,
                                 const char        *type,
                                 char              *body);
void        answer_set_error    (Answer            *self,
                                 guint              status,
                                 const char        *code,
                                 const char        *message,
                                 const char        *where);
/* @is_known: the sender has shown a token or a signature. */
void        answer_set_failure  (Answer            *self,
                                 const GError      *error,
                                 gboolean           is_known);
/* Is it the store that ails, so that the sender shall try again? */
gboolean    answer_is_trouble   (const GError      *error);
void        answer_write        (const Answer      *self,
                                 SoupServerMessage *message);
/* The whole of it, after which the connection ends. */
char       *answer_to_http      (const Answer      *self);
char       *answer_object       (const char        *name,
                                 ...) G_GNUC_NULL_TERMINATED;

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Answer, answer_clear)

/* The routes: everything that comes in whole. */
void        door_open           (Server            *server);

/* The limits: what comes in at all. */
void        guard_set_up        (Server            *server);
/* Of each connection. FALSE: there are too many. */
gboolean    guard_watch         (Server            *server,
                                 GSocket           *socket);
/* Keeps for the log what was said of a request; @why is copied. */
void        guard_note          (SoupServerMessage *message,
                                 const char        *why);
/* Answers at once, without waiting for the rest of the request, and ends the connection:
 * libsoup finds it closed. @stream: what goes through @socket. */
void        refuse              (Server            *server,
                                 GSocket           *socket,
                                 GIOStream         *stream,
                                 const Answer      *answer);

Metrics    *metrics_new         (void);
void        metrics_free        (Metrics           *self);
void        metrics_add_message (Metrics           *self,
                                 const char        *format,
                                 guint              status,
                                 gsize              n_bytes);
/* (element-type IncidentReceipt) */
void        metrics_add_alerts  (Metrics           *self,
                                 GPtrArray         *receipts,
                                 double             seconds);
void        metrics_add_refused (Metrics           *self,
                                 guint              status);
/* OpenMetrics 1.0 */
char       *metrics_to_text     (Metrics           *self,
                                 const Server      *server);

G_END_DECLS
