/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <libincident/incident-delivery.h>
#include <libincident/incident-severity.h>

#include "store/incident-outbox-private.h"

G_BEGIN_DECLS

/* What a message says, in no channel's dialect: each channel renders this in its own.
 * All text is plain: names, titles and words of users, not escaped for anything. */

typedef struct
{
  char *name;
  char *value;
} IncidentMessageField;

typedef struct
{
  char      *title;
  GPtrArray *lines;        /* of strings */
} IncidentMessageSection;

typedef enum
{
  INCIDENT_ACTION_PLAIN,
  INCIDENT_ACTION_GOOD,
  INCIDENT_ACTION_GRAVE,
} IncidentActionStyle;

/* The field that says how to; who can make a link puts it there. */
#define INCIDENT_FIELD_ACKNOWLEDGE "Acknowledge"
/* The last part of the value of a button on a page. */
#define INCIDENT_ACTION_OF_PAGE    "page"

/* A button. */
typedef struct
{
  char               *id;      /* “incident.ack”, “incident.escalate”, “incident.resolve”, “incident.role” … */
  char               *label;
  char               *value;   /* “INC-42/17/1”: the case, the number of the event it was drawn from, the episode */
  char               *confirm; /* what is asked before it counts; NULL: nothing */
  IncidentActionStyle style;
} IncidentMessageAction;

struct _IncidentMessage
{
  IncidentOutboxRow *row;            /* where it stands in the outbox; never NULL */

  char              *case_id;        /* “INC-42”; NULL: it is of no case */
  char              *title;          /* nullable */
  char              *text;           /* all of it in plain words; never NULL, and never empty */
  char             **recipients;     /* addresses, or ids of people on this channel; never NULL */
  char              *conversation;   /* where it goes, as the far side names it; nullable */
  char              *thread;         /* the message there that it belongs below; nullable */
  char              *replaces;       /* the message there that it takes the place of; nullable */
  IncidentSeverity   severity;
  gboolean           is_over;        /* the case has ended */
  GPtrArray         *fields;         /* (element-type IncidentMessageField) */
  GPtrArray         *sections;       /* (element-type IncidentMessageSection) */
  GPtrArray         *actions;        /* (element-type IncidentMessageAction) */
  char              *url;            /* where to read on; nullable */
  char              *event;          /* for programs: an event as JSON, such as “timeline --json” shows; nullable */
  char              *event_kind;     /* “resolved”; nullable */
  gint64             occurred_at;    /* of that event; INCIDENT_TIME_NONE */
  char              *file_name;      /* nullable, as those below */
  char              *file_type;
  GBytes            *file;
  char              *first_key;      /* the key of the first message of its case here, to which mail refers */
};

/* Takes @row. To be filled by who makes it, before anybody else sees it. */
IncidentMessage *incident_message_new         (IncidentOutboxRow *row);
void             incident_message_add_field   (IncidentMessage   *self,
                                               const char        *name,
                                               const char        *value); /* NULL: nothing is added */
/* In place of what it said. */
void             incident_message_set_field   (IncidentMessage   *self,
                                               const char        *name,
                                               const char        *value);
IncidentMessageSection *
                 incident_message_add_section (IncidentMessage   *self,
                                               const char        *title);
void             incident_message_add_action  (IncidentMessage   *self,
                                               const char        *id,
                                               const char        *label,
                                               const char        *value,
                                               const char        *confirm, /* nullable */
                                               IncidentActionStyle style);

/* What became of an attempt, for who sends. */
typedef struct
{
  gboolean         is_told;        /* else the answer of the task alone counts */
  IncidentOutcome  outcome;
  char            *detail;         /* nullable, as the strings below */
  gint64           retry_after;    /* 0: not told */
  gboolean         whole_channel;  /* it holds for all that goes through the channel */
  char            *external_id;
  char            *conversation;
  char            *permalink;
} IncidentDeliveryResult;

const IncidentDeliveryResult *incident_delivery_get_result (IncidentDelivery *self);
void             incident_delivery_set_unsure_since (IncidentDelivery *self,
                                               gint64             since);
/* What an error means where the channel did not say. */
IncidentOutcome  incident_outcome_from_error  (const GError      *error);

G_END_DECLS
