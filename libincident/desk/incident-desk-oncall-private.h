/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "desk/incident-desk-private.h"
#include "oncall/incident-plan-private.h"

G_BEGIN_DECLS

/* What the desk knows of who is on call, and how pages become messages. */

struct _IncidentDeskOncall
{
  IncidentRoster      *roster;     /* as it was read last; NULL: nobody has asked yet */
  GHashTable          *playbooks;  /* version → IncidentPlaybook that was asked for, NULL: it is not known; NULL: none was */
};

void                 incident_desk_oncall_clear (IncidentDeskOncall     *self);
/* Writes into the journal which playbook is in force, so that it is known later which schedules held when; nothing where it
 * says so already, or there is nothing to say. Any thread. */
gboolean             incident_desk_declare_playbook (IncidentDesk       *self,
                                                 const IncidentRules    *rules,
                                                 GError                **error);
/* All of it, the oldest first (element-type IncidentRosterEntry). Any thread. */
GPtrArray           *incident_desk_load_roster_journal (IncidentDesk    *self,
                                                 GError                **error);

/* As it is in the store by now. (transfer full) */
IncidentRoster      *incident_desk_load_roster  (IncidentDesk           *self,
                                                 GError                **error);
/* The rules of a playbook that was in force once, kept once they were asked for; NULL: not known. Lent. */
const IncidentRules *incident_desk_find_rules   (IncidentDesk           *self,
                                                 const char             *version);
/* Was it asked for, so that it is found, or found to be nowhere, without the store? */
gboolean             incident_desk_knows_rules  (IncidentDesk           *self,
                                                 const char             *version);
/* Asks the store for it where it was not yet. */
gboolean             incident_desk_learn_rules  (IncidentDesk           *self,
                                                 const char             *version,
                                                 GError                **error);
/* Adds a change as incident_desk_add_override() does, also one of a calendar: then those that were brought from one to the
 * schedule before are withdrawn by it. @wanted is lent. */
IncidentOverride    *incident_desk_add_change   (IncidentDesk           *self,
                                                 const IncidentRosterChange *wanted,
                                                 const char             *actor,
                                                 GError                **error);
/* Time, boot and old policies; @roster is lent. */
void                 incident_desk_init_planning (IncidentDesk          *self,
                                                 IncidentPlanning       *planning,
                                                 IncidentRoster         *roster);
/* The messages of a plan: for each page that is to be sent one by each method of the person. Adds to @messages (element-type
 * IncidentOutboxRow). @number and @episode: of the case; @draft: of the first event of the plan in the commit. */
void                 incident_paging_add        (const IncidentRules    *rules,
                                                 const IncidentPlan     *plan,
                                                 guint64                 number,
                                                 guint                   episode,
                                                 int                     draft,
                                                 gint64                  now,
                                                 GPtrArray              *messages);
/* Why a page is not wanted any more: it was acknowledged, a later one took its place …; NULL: it is. */
const char          *incident_paging_find_unwanted (const IncidentOutboxRow *row,
                                                 const IncidentState    *state);

G_END_DECLS
