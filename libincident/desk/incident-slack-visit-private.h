/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <libincident/incident-case-verbs.h>

#include "comms/incident-slack-api-private.h"
#include "comms/incident-slack-call-private.h"
#include "desk/incident-desk-private.h"
#include "model/incident-comms-rules-private.h"

G_BEGIN_DECLS

/* Somebody who comes from Slack with something to do. */
typedef struct
{
  IncidentDesk               *desk;     /* lent, as are the channel and the call */
  const IncidentChannelRules *channel;
  IncidentRules              *rules;    /* a reference: who hears of what is done may load another playbook */
  IncidentSlackCall          *call;
  char                       *person;   /* who it is; NULL: nobody that the playbook knows */
} IncidentSlackVisit;

void             incident_slack_visit_init       (IncidentSlackVisit         *self,
                                                  IncidentDesk               *desk,
                                                  const IncidentChannelRules *channel,
                                                  IncidentSlackCall          *call);
void             incident_slack_visit_clear      (IncidentSlackVisit         *self);
/* Who has an id of Slack's; NULL: nobody. */
char            *incident_slack_visit_dup_person (const IncidentSlackVisit   *self,
                                                  const char                 *user);
/* Whom “@U1”, “@ana”, “ana” and “me” mean; NULL with INCIDENT_ERROR_NOT_FOUND. */
char            *incident_slack_visit_dup_named  (const IncidentSlackVisit   *self,
                                                  const char                 *name,
                                                  GError                    **error);
/* The case of the conversation; 0: it belongs to none. */
gboolean         incident_slack_visit_find_room  (const IncidentSlackVisit   *self,
                                                  guint64                    *number,
                                                  GError                    **error);
/* By the visitor, and recorded once however often it is brought. Where nobody knows them, it is refused
 * and written down: NULL with INCIDENT_ERROR_REFUSED. */
IncidentCommand *incident_slack_visit_new_command (const IncidentSlackVisit  *self,
                                                  const char                 *verb,
                                                  guint64                     number,
                                                  GError                    **error);
/* The same by anybody. */
IncidentCommand *incident_slack_visit_new_command_for (const IncidentSlackVisit *self,
                                                  const char                 *verb,
                                                  const char                 *actor,
                                                  IncidentVerification        verification);
/* Was it recorded before? */
gboolean         incident_slack_visit_find_recorded (const IncidentSlackVisit *self,
                                                  guint64                    *number,
                                                  GError                    **error);
/* “INC-42: resolved: rolled back”, as this command said it: the same each time. */
char            *incident_slack_visit_tell_done  (const IncidentSlackVisit   *self,
                                                  IncidentCase               *kase);
/* The event that this command recorded in a case; 0: none. */
guint            incident_slack_visit_find_seq   (const IncidentSlackVisit   *self,
                                                  guint64                     number);
/* What went wrong, and what would be right, for a person. */
char            *incident_slack_tell_error       (const GError               *error);
/* It is not what was asked for: nothing can be recorded now. */
gboolean         incident_slack_is_trouble       (const GError               *error);
/* Says something to the visitor alone, where they are. */
void             incident_slack_visit_answer     (const IncidentSlackVisit   *self,
                                                  guint64                     number, /* of a case; 0: of none */
                                                  const char                 *text);
void             incident_slack_visit_answer_error (const IncidentSlackVisit *self,
                                                  guint64                     number,
                                                  const GError               *error);
/* What shows the case where the button was shall be drawn anew. */
void             incident_slack_visit_redraw     (const IncidentSlackVisit   *self,
                                                  IncidentCase               *kase);
/* Shows a form. If it cannot be shown, @instead is said. */
void             incident_slack_visit_open_form  (const IncidentSlackVisit   *self,
                                                  const char                 *view,
                                                  const char                 *instead);
/* By the address that came with the call, which takes it for half an hour. */
void             incident_slack_visit_respond    (const IncidentSlackVisit   *self,
                                                  const char                 *text);

/* What each kind of call leads to: JSON to be answered, or NULL. */
char            *incident_slack_take_command     (IncidentSlackVisit         *self);
char            *incident_slack_take_button      (IncidentSlackVisit         *self);
char            *incident_slack_take_form        (IncidentSlackVisit         *self);
char            *incident_slack_take_shortcut    (IncidentSlackVisit         *self);
/* FALSE: nothing was recorded, and it should come again. */
gboolean         incident_slack_take_said        (IncidentSlackVisit         *self,
                                                  GError                    **error);
gboolean         incident_slack_take_pin         (IncidentSlackVisit         *self,
                                                  GError                    **error);

/* Shows the form that opens a case. FALSE: nobody knows who asks for it. */
gboolean         incident_slack_offer_opening    (const IncidentSlackVisit   *self,
                                                  GError                    **error);

/* For who asks: where a case stands, what may be done, what is open. */
char            *incident_slack_show_case        (IncidentCase               *kase);
char            *incident_slack_show_next        (IncidentCase               *kase,
                                                  const char                 *actor,
                                                  GError                    **error);
char            *incident_slack_show_list        (IncidentDesk               *desk,
                                                  GError                    **error);
/* “resolved by bo, 14:02 UTC”, where something has changed since @seq that @verb depends on; NULL: nothing has. */
char            *incident_slack_dup_staleness    (IncidentCase               *kase,
                                                  const char                 *verb,
                                                  const char                 *role, /* nullable */
                                                  guint                       seq,
                                                  guint                       episode,
                                                  gint64                      now);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (IncidentSlackVisit, incident_slack_visit_clear)

G_END_DECLS
