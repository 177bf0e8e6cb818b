/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <libincident/incident-message-kind.h>

G_BEGIN_DECLS

/* Messages that wait to be delivered, and those that were. They are written in the commit of
 * the events that cause them, and claimed by whoever sends: a lane at a time, its first
 * message first, under a token that fences off who was too slow. */

/* What a message waits for, and when it is not wanted any more. */
typedef enum
{
  INCIDENT_WANTED_ALWAYS,
  INCIDENT_WANTED_OPEN,     /* while the case is open */
  INCIDENT_WANTED_ENDED,    /* while it has ended */
  INCIDENT_WANTED_EPISODE,  /* while the case is live in the episode it was written in */
  INCIDENT_WANTED_UNACKNOWLEDGED, /* and nobody has acknowledged it */
} IncidentWanted;

/* Who goes first, across lanes. */
typedef enum
{
  INCIDENT_OUTBOX_PAGE,
  INCIDENT_OUTBOX_CREATE,
  INCIDENT_OUTBOX_ANNOUNCE,
  INCIDENT_OUTBOX_ANSWER,
  INCIDENT_OUTBOX_UPDATE,
  INCIDENT_OUTBOX_TIDY,
} IncidentOutboxPriority;

typedef struct
{
  guint64               id;            /* by the store, rising */
  char                 *key;           /* stable and unique: the far side may see it, so it says nothing */
  guint64               subject;       /* the case; 0 with a draft: the one that it opens; else of no case */
  int                   draft;         /* of a new row: the draft whose event caused it, which gives case and seq; -1 */
  guint32               seq;           /* of the event that caused it; 0: none */
  guint32               episode;       /* of the case by then */
  IncidentWanted        wanted;
  IncidentMessageKind   kind;
  char                 *channel;       /* its name in the playbook */
  char                 *lane;          /* within the channel: strictly one after another. “%c” in it is the case's id, once it is known */
  IncidentOutboxPriority priority;
  char                 *body;          /* JSON: what it says, or what it means to show */
  char                 *recipient;     /* nullable: to whom it goes there */
  char                 *coalesce;      /* nullable: a pending one of this key takes the new one in. “%c” as in lane */
  char                 *after;         /* nullable: the key of the one it cannot do without */
  gint64                created_at;
  gint64                not_before;    /* of a coalesced one: pushed on to that of the new one, … (after an attempt: only on) */
  gint64                no_later;      /* … but never beyond this. INT64_MAX: as far as it takes */
  gint64                expires_at;    /* INT64_MAX: never */
  guint                 most_attempts; /* 0: any number */

  IncidentMessageState  state;
  guint                 attempts;
  gint64                unsure_since;  /* when the first attempt began that may have arrived; INCIDENT_TIME_NONE */
  guint64               token;         /* under which it was claimed */
  char                 *external_id;   /* nullable, as those below: what the far side calls it … */
  char                 *conversation;  /* … and where it stands there */
  char                 *permalink;
  char                 *trouble;       /* of the last attempt, or why it is what it is */
  gint64                changed_at;
  char                 *log;           /* JSON array of attempts: [{"at":…,"outcome":…,"detail":…}], the last 20 */
} IncidentOutboxRow;

/* What becomes of a row: under a claim, or by a person's hand. */
typedef struct
{
  guint64               id;
  guint64               token;         /* the claim's: INCIDENT_ERROR_CONFLICT if the lane was claimed anew, or it was said
                                        * already what became of it. 0: no claim … */
  IncidentMessageState  from;          /* … so it must still stand like this */
  IncidentMessageState  to;            /* of a pending and an unsure one, its lane is free again */
  guint                 attempts;
  gint64                not_before;
  gint64                expires_at;
  gint64                unsure_since;
  gint64                at;
  char                 *external_id;   /* nullable, as those below */
  char                 *conversation;
  char                 *permalink;
  char                 *trouble;
  char                 *log;
} IncidentOutboxChange;

/* What is known of a channel as a whole: breaker, pauses. Shared by all who send. */
typedef struct
{
  char                 *channel;
  guint64               version;       /* follows: INCIDENT_ERROR_CONFLICT where another is there by now; 0: there was none */
  char                 *data;          /* JSON, for who sends */
} IncidentChannelState;

typedef struct
{
  gint64                now;
  gint64                until;         /* the lease */
  const char           *holder;
  const char * const   *channels;      /* that may be claimed from, NULL at the end; in this order of preference among
                                        * messages of the same priority that are due since the same moment */
} IncidentOutboxClaim;

/* Of the rows to be listed. */
typedef struct
{
  guint                 states;        /* a bit each; 0: any */
  const char           *channel;       /* nullable: any */
  guint64               subject;       /* 0: any */
  guint64               after;         /* id */
  guint                 limit;
} IncidentOutboxQuery;

typedef struct
{
  guint64               n[INCIDENT_MESSAGE_STATE_DEAD + 1];
  gint64                oldest;        /* created_at of the oldest that is pending, sending or unsure; INCIDENT_TIME_NONE */
} IncidentOutboxCount;

/* All that is 0 or NULL, but for draft (-1), no_later and expires_at (never), unsure_since. */
IncidentOutboxRow  *incident_outbox_row_new      (void);
IncidentOutboxRow  *incident_outbox_row_copy     (const IncidentOutboxRow *self);
void                incident_outbox_row_free     (IncidentOutboxRow       *self);
/* A bit each: “dead”; “waiting” for all that are not final; NULL: any (0). INCIDENT_ERROR_INVALID */
gboolean            incident_message_states_from_string (const char       *string,
                                                  guint                   *states,
                                                  GError                 **error);
/* One that leaves the row as it is, but for its state. */
IncidentOutboxChange *incident_outbox_change_new (const IncidentOutboxRow *row,
                                                  IncidentMessageState     to,
                                                  gint64                   at);
void                incident_outbox_change_free  (IncidentOutboxChange    *self);
void                incident_channel_state_free  (IncidentChannelState    *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (IncidentOutboxRow, incident_outbox_row_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (IncidentOutboxChange, incident_outbox_change_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (IncidentChannelState, incident_channel_state_free)

G_END_DECLS
