/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <libincident/incident-desk.h>

#include "model/incident-case-private.h"
#include "model/incident-decision-private.h"
#include "playbook/incident-playbook-private.h"
#include "store/incident-store-private.h"

G_BEGIN_DECLS

/* How often a command is judged anew when others keep writing first. */
#define INCIDENT_DESK_MAX_ATTEMPTS 16

/* The rules that are in force, and the documents that the store has of them. */
typedef struct
{
  IncidentPlaybook *playbook;  /* NULL: only a lifecycle was given */
  IncidentRulebook  rulebook;
  GMutex            lock;      /* of what is kept */
  gboolean          is_kept;   /* the store has the documents */
} IncidentDeskRules;

typedef struct _IncidentDeskAlerts IncidentDeskAlerts;
typedef struct _IncidentDeskSlack IncidentDeskSlack;
typedef struct _IncidentDeskOncall IncidentDeskOncall;

IncidentDeskAlerts *incident_desk_get_alerts (IncidentDesk     *self);
IncidentDeskSlack  *incident_desk_get_slack  (IncidentDesk     *self);
IncidentDeskOncall *incident_desk_get_oncall (IncidentDesk     *self);

/* Both NULL: the built-in ones. */
void               incident_desk_rules_init  (IncidentDeskRules *self,
                                              IncidentPlaybook  *playbook,
                                              IncidentLifecycle *lifecycle);
void               incident_desk_rules_clear (IncidentDeskRules *self);
IncidentDeskRules *incident_desk_get_rules   (IncidentDesk      *self);
/* Is an asynchronous act in flight? */
gboolean           incident_desk_is_acting   (IncidentDesk      *self);
void               incident_desk_tell_refused (IncidentDesk     *self,
                                              IncidentRefusal   *refusal);

/* Where the ids of its commands come from. */
IncidentOperations *incident_desk_get_operations (IncidentDesk *self);
/* What commands are judged by. Lent until the playbook changes. */
const IncidentRulebook *incident_desk_get_rulebook (IncidentDesk *self);
/* Loads a lifecycle of an older playbook; FALSE without an error: the store has none. */
gboolean      incident_desk_load_lifecycle (IncidentDesk     *self,
                                           const char       *id,
                                           GError          **error);
/* All that was recorded of a case, as it is in the store. (transfer full) */
IncidentTimeline *incident_desk_load_past (IncidentDesk      *self,
                                           guint64           number,
                                           GError          **error);
/* Loads that of a case, where it is not known yet. */
gboolean      incident_desk_know_lifecycle (IncidentDesk        *self,
                                           const IncidentState *state,
                                           GError             **error);
/* The one way into the store. Any thread. */
gboolean      incident_desk_commit        (IncidentDesk     *self,
                                           IncidentCommit   *commit,
                                           GError          **error);
/* What its rules say is in force from now on, where the store does not know that yet: done by each commit, and by whoever
 * acts on them without one. Any thread. */
gboolean      incident_desk_keep_rules    (IncidentDesk     *self,
                                           GError          **error);
/* May @actor do what no case is there for? @what says so for a person: “silence alerts”. Who may not is written down. */
gboolean      incident_desk_check_right   (IncidentDesk     *self,
                                           const char       *verb,
                                           const char       *what,
                                           const char       *actor,
                                           GError          **error);
/* Who was refused for lack of right is written down, beside the timelines. @error is
 * what the command met; it is another one afterwards if that could not be written. */
void          incident_desk_audit         (IncidentDesk     *self,
                                           guint64           number,
                                           IncidentCommand  *command,
                                           GError          **error);
/* The case for which a command is recorded already; 0: it is not. An error if it is
 * another one than is asked for; 0 asks for any. Any thread. */
gboolean      incident_desk_find_recorded (IncidentDesk     *self,
                                           IncidentCommand  *command,
                                           guint64           asked,
                                           guint64          *number,
                                           GError          **error);
gboolean      incident_desk_check_same_case (guint64          asked,
                                           guint64           recorded,
                                           GError          **error);
/* The living object of a case, or NULL. Lent. */
IncidentCase *incident_desk_peek_case (IncidentDesk  *self,
                                       guint64        number);
/* Takes in what the store loaded: records of one case, in order. The case is
 * (transfer full) and to be announced. */
IncidentCase *incident_desk_adopt     (IncidentDesk  *self,
                                       GPtrArray     *records);
/* Takes in what we committed ourselves, and tells the world. */
IncidentCase *incident_desk_committed (IncidentDesk  *self,
                                       GPtrArray     *records);
/* The same where a commit tells of many cases. */
void          incident_desk_committed_many (IncidentDesk *self,
                                            GPtrArray    *drafts);
/* A merge writes to another case too, so it is done by itself. */
gboolean      incident_desk_check_alone   (IncidentCommand  *command,
                                           GError          **error);
/* Does the lifecycle have what the query asks for? */
gboolean      incident_desk_check_query (IncidentDesk  *self,
                                         IncidentQuery *query,
                                         GError       **error);
/* Brings one case up to the last event, and tells of it. */
gboolean      incident_desk_catch_up  (IncidentDesk  *self,
                                       IncidentCase  *kase,
                                       GError       **error);
/* Asynchronous acts on one case wait for each other, so that a desk never gets into
 * its own way; those that open one (0) never do. FALSE: @task (transfer full) waits. */
gboolean      incident_desk_take_turn (IncidentDesk  *self,
                                       guint64        number,
                                       GTask         *task);
/* Lends the task that comes next, (transfer full), or NULL. */
GTask        *incident_desk_give_turn (IncidentDesk  *self,
                                       guint64        number);

G_END_DECLS
