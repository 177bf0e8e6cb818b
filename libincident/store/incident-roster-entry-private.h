/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib-object.h>

G_BEGIN_DECLS

/* The journal of what people changed about who is on call: appended, never edited. */

typedef struct
{
  guint64     id;         /* from 1, without a gap; by the store */
  gint64      at;
  const char *kind;       /* interned: “playbook” (another is in force), “add”, “remove”, “replace”, “swap”, “temporary”, “feed”;
                           * “taken”, “withdrawn” */
  char       *schedule;   /* GRefString, nullable */
  char       *actor;      /* GRefString */
  char       *body;       /* a JSON object; its members are those of incident-roster.c */
} IncidentRosterEntry;

/* What a commit adds to the journal. */
typedef struct
{
  guint64     follows;    /* the last entry there was; INCIDENT_ERROR_CONFLICT where there are others by now */
  GPtrArray  *entries;    /* (element-type IncidentRosterEntry): each is given its id */
} IncidentRosterAppend;

/* Who may do a piece of work alone for a while, by name. Correctness never rests on it: it saves work. */
typedef struct
{
  const char *name;       /* “escalator” */
  guint64     token;      /* in a commit: the claim's that is held; INCIDENT_ERROR_CONFLICT where it was claimed anew */
  char       *holder;     /* in a commit: not read */
  gint64      until;      /* the lease; in a commit: its new end */
} IncidentClaim;

IncidentRosterEntry *incident_roster_entry_new  (const char *kind,
                                                 gint64      at,
                                                 const char *schedule, /* nullable */
                                                 const char *actor,
                                                 char       *body);    /* (transfer full) */
void                 incident_roster_entry_free (IncidentRosterEntry *self);
void                 incident_claim_clear       (IncidentClaim       *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (IncidentRosterEntry, incident_roster_entry_free)
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (IncidentClaim, incident_claim_clear)

G_END_DECLS
