/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "model/incident-said-private.h"

#include <libincident/incident-time.h>

#include "model/incident-decision-private.h"
#include "model/incident-update-private.h"

static gboolean
is (const IncidentRecord *record,
    IncidentVerbId        verb)
{
  return g_str_equal (record->kind, incident_verbs[verb].event);
}

gboolean
incident_said_is_kind (const char *kind)
{
  for (guint i = INCIDENT_VERB_SAY; i <= INCIDENT_VERB_PIN; i++)
    if (g_str_equal (kind, incident_verbs[i].event))
      return TRUE;

  return FALSE;
}

/* What is said once more was told twice: only an edit changes it. */
static void
apply (IncidentSaid         *self,
       const IncidentRecord *record)
{
  if (is (record, INCIDENT_VERB_DELETE_SAID))
    {
      self->is_deleted = TRUE;
      return;
    }

  self->is_withheld = self->is_withheld || record->payload == NULL;
  if (is (record, INCIDENT_VERB_PIN))
    {
      self->pinned = record;
      if (self->words == NULL)
        self->words = record;
    }
  else if (is (record, INCIDENT_VERB_EDIT_SAID))
    {
      self->is_edited = TRUE;
      self->words = record;
    }
  else if (self->said == NULL)
    {
      self->said = record;
      if (!self->is_edited)
        self->words = record;
    }
}

void
incident_said_look_up (IncidentSaid     *self,
                       IncidentTimeline *past,
                       const char       *message)
{
  const GArray *seqs = incident_timeline_find_message (past, message);

  *self = (IncidentSaid) { NULL, };
  for (guint i = 0; seqs != NULL && i < seqs->len; i++)
    apply (self, incident_timeline_find (past, g_array_index (seqs, guint, i)));
}

gboolean
incident_said_is_known (IncidentTimeline *past,
                        const char       *message)
{
  IncidentSaid self;

  incident_said_look_up (&self, past, message);
  return self.words != NULL;
}

gint64
incident_said_get_time (IncidentTimeline *past,
                        const char       *message)
{
  IncidentSaid self;

  incident_said_look_up (&self, past, message);
  return self.said != NULL ? self.said->occurred_at : INCIDENT_TIME_NONE;
}

/* Who said it is the actor of that event, where no other name was given. */
char *
incident_said_dup_author (const IncidentSaid *self)
{
  const IncidentRecord *told = self->said != NULL ? self->said : self->pinned;
  char *author = told != NULL ? incident_record_dup_string (told, "author") : NULL;

  return author != NULL || self->said == NULL ? author : g_strdup (self->said->actor);
}

static char *
dup_proposed (IncidentTimeline *past,
              IncidentCommand  *command)
{
  const char *number = incident_command_peek (command, INCIDENT_ARGUMENT_EVENT);

  return incident_record_dup_string (incident_timeline_find (past, (guint) g_ascii_strtoull (number, NULL, 10)), "text");
}

char *
incident_said_dup_words (IncidentTimeline   *past,
                         const IncidentVerb *verb,
                         IncidentCommand    *command,
                         IncidentArgument    argument)
{
  IncidentSaid self;

  if (verb == &incident_verbs[INCIDENT_VERB_APPROVE] && argument == INCIDENT_ARGUMENT_TEXT)
    return dup_proposed (past, command);
  if (verb != &incident_verbs[INCIDENT_VERB_PIN])
    return NULL;

  incident_said_look_up (&self, past, incident_command_peek (command, INCIDENT_ARGUMENT_MESSAGE));
  if (argument == INCIDENT_ARGUMENT_AUTHOR)
    return incident_said_dup_author (&self);
  if (argument == INCIDENT_ARGUMENT_PERMALINK)
    return self.said != NULL ? incident_record_dup_string (self.said, "permalink") : NULL;

  return self.words != NULL && argument == INCIDENT_ARGUMENT_TEXT ? incident_record_dup_string (self.words, "text") : NULL;
}

static gboolean
says (const IncidentRecord *record,
      IncidentCommand      *command)
{
  g_autofree char *text = record != NULL ? incident_record_dup_string (record, "text") : NULL;

  return g_strcmp0 (text, incident_command_peek (command, INCIDENT_ARGUMENT_TEXT)) == 0;
}

/* What was removed for good stays so, whatever the chat goes on to say of it: an edit may have the same words. */
gboolean
incident_said_is_so (IncidentTimeline *past,
                     IncidentVerbId    verb,
                     IncidentCommand  *command)
{
  IncidentSaid self;

  incident_said_look_up (&self, past, incident_command_peek (command, INCIDENT_ARGUMENT_MESSAGE));
  switch ((int) verb)
    {
    case INCIDENT_VERB_SAY:
      return self.is_withheld;
    case INCIDENT_VERB_EDIT_SAID:
      return self.is_withheld || self.is_deleted || (self.words != NULL && says (self.words, command));
    case INCIDENT_VERB_DELETE_SAID:
      return self.is_deleted || (self.said == NULL && self.pinned == NULL);
    case INCIDENT_VERB_PIN:
      return self.is_withheld || self.pinned != NULL;
    default:
      return FALSE;
    }
}

static void
add_redaction (IncidentDecision     *self,
               const IncidentRecord *record,
               const char           *actor,
               gint64                occurred_at)
{
  const IncidentRecord *first = g_ptr_array_index (self->drafts, self->drafts->len - 1);
  g_autoptr(GString) facts = g_string_new (NULL);

  if (record->payload == NULL)
    return;

  incident_facts_append_number (facts, "redacts", record->seq);
  incident_decision_append_automation (self, actor, facts);
  incident_decision_add (self, incident_verbs[INCIDENT_VERB_REDACT].event, actor, occurred_at, facts->str,
                         g_strdup (first->payload));
}

void
incident_decision_redact_parts (IncidentDecision *self,
                                guint             seq,
                                const char       *actor,
                                gint64            occurred_at)
{
  const IncidentRecord *asked = self->past != NULL ? incident_timeline_find (self->past, seq) : NULL;
  g_autofree char *message = asked != NULL && incident_said_is_kind (asked->kind)
                             ? incident_facts_dup (asked->facts, "message") : NULL;
  const GArray *seqs = message != NULL ? incident_timeline_find_message (self->past, message) : NULL;
  const IncidentRecord *twin = asked != NULL ? incident_update_find_twin (self->past, asked) : NULL;

  if (twin != NULL)
    add_redaction (self, twin, actor, occurred_at);
  for (guint i = 0; seqs != NULL && i < seqs->len; i++)
    {
      const IncidentRecord *record = incident_timeline_find (self->past, g_array_index (seqs, guint, i));

      if (record->seq != seq && !is (record, INCIDENT_VERB_DELETE_SAID))
        add_redaction (self, record, actor, occurred_at);
    }
}
