/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "base/incident-json-writer-private.h"
#include "oncall/incident-roster-private.h"

G_BEGIN_DECLS

/* What the entries of the journal say, as JSON:
 *
 * “playbook”              version
 * “add”, “remove”,
 * “replace”, “swap”       person, substitute (of replace alone), from, until, text; “rest-of”: the id of the swap
 *                         of which another part was taken
 * “temporary”, “feed”     from, until, text, shifts: person, words, priority, from, until
 * “taken”                 swap: its id; person: who takes it; from, until: the part of it that is left of that swap
 * “withdrawn”             id
 *
 * All members are there; what is not known is null. */
typedef struct
{
  IncidentRosterChange *change;   /* owned; of a kind of change */
  guint64               of;       /* the id that is spoken of; 0: none */
  char                 *version;  /* owned */
  char                 *person;   /* owned */
  gint64                from;
  gint64                until;
} IncidentRosterBody;

/* INCIDENT_ERROR_CORRUPT, naming the entry. */
gboolean             incident_roster_body_read          (IncidentRosterBody         *self,
                                                         const IncidentRosterEntry  *entry,
                                                         GError                    **error);
void                 incident_roster_body_clear         (IncidentRosterBody         *self);
gboolean             incident_roster_entry_fail         (const IncidentRosterEntry  *self,
                                                         GError                    **error,
                                                         const char                 *format,
                                                         ...) G_GNUC_PRINTF (3, 4);

IncidentRosterEntry *incident_roster_entry_new_playbook (const char                 *version,
                                                         gint64                      at,
                                                         const char                 *actor);
/* @rest_of: 0: it is not what is left of a swap. */
IncidentRosterEntry *incident_roster_entry_new_change   (const IncidentRosterChange *change,
                                                         guint64                     rest_of,
                                                         gint64                      at,
                                                         const char                 *actor);
IncidentRosterEntry *incident_roster_entry_new_taken    (const IncidentRosterChange *swap,
                                                         gint64                      from,
                                                         gint64                      until,
                                                         gint64                      at,
                                                         const char                 *actor);
IncidentRosterEntry *incident_roster_entry_new_withdrawn (const IncidentRosterChange *change,
                                                         gint64                      at,
                                                         const char                 *actor);
/* The members “from” and “until”; null where nobody has looked yet whether it is a time that can be written. */
void                 incident_roster_write_span         (IncidentJsonWriter         *writer,
                                                         gint64                      from,
                                                         gint64                      until);
/* The member “shifts”; null where there are none. */
void                 incident_roster_change_write_shifts (const IncidentRosterChange *self,
                                                         IncidentJsonWriter         *writer);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (IncidentRosterBody, incident_roster_body_clear)

G_END_DECLS
