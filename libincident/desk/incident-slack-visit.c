/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "desk/incident-slack-visit-private.h"

#include "desk/incident-desk-slack-private.h"

#include <libincident/incident-error.h>

#include <string.h>

#include "base/incident-error-private.h"
#include "base/incident-hash-private.h"
#include "model/incident-record-private.h"

/* Who comes from Slack, on which case, and what is recorded of that. */

#define PROVIDER "slack"

void
incident_slack_visit_init (IncidentSlackVisit         *self,
                           IncidentDesk               *desk,
                           const IncidentChannelRules *channel,
                           IncidentSlackCall          *call)
{
  self->desk = desk;
  self->channel = channel;
  self->rules = incident_rules_ref (incident_desk_get_rulebook (desk)->rules);
  self->call = call;
  self->person = incident_slack_visit_dup_person (self, call->user);
}

void
incident_slack_visit_clear (IncidentSlackVisit *self)
{
  g_clear_pointer (&self->person, g_free);
  g_clear_pointer (&self->rules, incident_rules_unref);
}

/* As they are written down where the playbook has no name for them. */
static char *
dup_slack_name (const IncidentSlackVisit *self,
                const char               *user)
{
  return self->call->team != NULL ? g_strdup_printf ("slack:%s/%s", self->call->team, user) : g_strdup_printf ("slack:%s", user);
}

char *
incident_slack_visit_dup_person (const IncidentSlackVisit *self,
                                 const char               *user)
{
  const char *person = user != NULL ? incident_comms_rules_find_slack_user (self->rules->comms, self->call->team, user) : NULL;

  if (person == NULL && user != NULL)
    person = incident_desk_find_met (self->desk, self->channel->name, user);
  if (person != NULL || user == NULL)
    return g_strdup (person);

  /* Without people in the playbook any name is somebody's. */
  return g_hash_table_size (self->rules->people) == 0 ? dup_slack_name (self, user) : NULL;
}

/* “@U2CERLKJA” is an id, “@ana” a name. */
static gboolean
is_user_id (const char *name)
{
  if ((*name != 'U' && *name != 'W') || strlen (name) < 6)
    return FALSE;
  for (; *name != '\0'; name++)
    if (!g_ascii_isupper (*name) && !g_ascii_isdigit (*name))
      return FALSE;

  return TRUE;
}

char *
incident_slack_visit_dup_named (const IncidentSlackVisit  *self,
                                const char                *name,
                                GError                   **error)
{
  gboolean is_mention = *name == '@';
  char *person;

  if (g_ascii_strcasecmp (name, "me") == 0 && self->person != NULL && !g_hash_table_contains (self->rules->people, "me"))
    return g_strdup (self->person);
  if (!is_mention || !is_user_id (name + 1))
    return g_strdup (is_mention ? name + 1 : name);

  person = incident_slack_visit_dup_person (self, name + 1);
  if (person == NULL)
    incident_set_error_at (error, INCIDENT_ERROR_NOT_FOUND, "person",
                           "Nobody in the playbook has the Slack id %s: name a person of the playbook, or add the id to their contacts",
                           name + 1);
  return person;
}

gboolean
incident_slack_visit_find_room (const IncidentSlackVisit  *self,
                                guint64                   *number,
                                GError                   **error)
{
  *number = 0;
  return self->call->conversation == NULL
         || incident_store_find_conversation (incident_desk_get_store (self->desk), self->channel->name, self->call->conversation,
                                              number, error);
}

IncidentCommand *
incident_slack_visit_new_command_for (const IncidentSlackVisit *self,
                                      const char               *verb,
                                      const char               *actor,
                                      IncidentVerification      verification)
{
  g_autoptr(IncidentActor) visitor = incident_actor_new (actor, verification, PROVIDER);
  IncidentCommand *command = incident_command_new_for (verb, visitor);
  g_autofree char *operation = self->call->operation != NULL ? incident_hash_to_version (self->call->operation) : NULL;

  if (operation != NULL)
    incident_command_set_operation (command, operation, NULL);
  return command;
}

static void
refuse_unknown (const IncidentSlackVisit  *self,
                const char                *verb,
                guint64                    number,
                GError                   **error)
{
  static char *codes[] = { (char *) "unverified-actor", NULL };
  const char *user = self->call->user != NULL ? self->call->user : "nobody";
  g_autofree char *name = dup_slack_name (self, user);
  g_autoptr(IncidentCommand) command = incident_slack_visit_new_command_for (self, verb, name, INCIDENT_VERIFICATION_SIGNATURE);
  g_autofree char *message = g_strdup_printf ("“%s” refused: unverified-actor: the playbook knows nobody who has the Slack id %s; "
                                              "whoever keeps the playbook can add it to a person's contacts", verb, user);
  GError *local_error = NULL;

  incident_set_error_refused (&local_error, codes, message);
  incident_desk_audit (self->desk, number, command, &local_error);
  g_propagate_error (error, local_error);
}

IncidentCommand *
incident_slack_visit_new_command (const IncidentSlackVisit  *self,
                                  const char                *verb,
                                  guint64                    number,
                                  GError                   **error)
{
  if (self->person != NULL)
    return incident_slack_visit_new_command_for (self, verb, self->person, INCIDENT_VERIFICATION_SIGNATURE);

  refuse_unknown (self, verb, number, error);
  return NULL;
}

gboolean
incident_slack_visit_find_recorded (const IncidentSlackVisit  *self,
                                    guint64                   *number,
                                    GError                   **error)
{
  g_autoptr(IncidentCommand) command = incident_slack_visit_new_command_for (self, "note", "slack", INCIDENT_VERIFICATION_NONE);

  return incident_desk_find_recorded (self->desk, command, 0, number, error);
}

/* The first event of the command: others followed from it. */
static const IncidentRecord *
find_recorded_event (const IncidentSlackVisit *self,
                     IncidentCase             *kase)
{
  IncidentTimeline *timeline = incident_case_peek_timeline (kase);
  g_autofree char *operation = self->call->operation != NULL ? incident_hash_to_version (self->call->operation) : NULL;
  const IncidentRecord *found = NULL;

  for (guint seq = incident_case_get_version (kase); operation != NULL && seq > 0; seq--)
    {
      const IncidentRecord *record = incident_timeline_find (timeline, seq);
      g_autofree char *of_record = record != NULL ? incident_operation_to_string (record->operation) : NULL;

      if (g_strcmp0 (of_record, operation) == 0)
        found = record;
      else if (found != NULL)
        break;
    }

  return found;
}

guint
incident_slack_visit_find_seq (const IncidentSlackVisit *self,
                               guint64                   number)
{
  g_autoptr(IncidentCase) kase = incident_desk_get_case (self->desk, number, NULL);
  const IncidentRecord *record = kase != NULL ? find_recorded_event (self, kase) : NULL;

  return record != NULL ? record->seq : 0;
}

char *
incident_slack_visit_tell_done (const IncidentSlackVisit *self,
                                IncidentCase             *kase)
{
  const IncidentRecord *record = find_recorded_event (self, kase);
  g_autoptr(GString) line = g_string_new (NULL);

  if (record == NULL)
    return g_strdup_printf ("%s: that is so already, and nothing was changed", incident_case_get_id (kase));

  incident_record_write_summary (record, line);
  return g_strdup_printf ("%s: %s", incident_case_get_id (kase), line->str);
}

gboolean
incident_slack_is_trouble (const GError *error)
{
  return !g_error_matches (error, INCIDENT_ERROR, INCIDENT_ERROR_INVALID)
         && !g_error_matches (error, INCIDENT_ERROR, INCIDENT_ERROR_REFUSED)
         && !g_error_matches (error, INCIDENT_ERROR, INCIDENT_ERROR_NOT_FOUND);
}

/* What ails the store is no business of the chat: its messages may name files and hosts. */
char *
incident_slack_tell_error (const GError *error)
{
  const char *name = error->domain == INCIDENT_ERROR ? incident_error_to_string ((IncidentError) error->code) : "failed";

  if (!incident_slack_is_trouble (error))
    return g_strdup (error->message);
  if (g_error_matches (error, INCIDENT_ERROR, INCIDENT_ERROR_COMMIT_UNKNOWN))
    return g_strdup ("It is not known whether that was recorded: look at the case before you do it again");

  return g_strdup_printf ("That could not be recorded now (%s): try again in a moment. Nothing has changed", name);
}
