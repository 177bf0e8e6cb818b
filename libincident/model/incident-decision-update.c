/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "model/incident-decision-private.h"

#include <libincident/incident-time.h>

#include "model/incident-comms-rules-private.h"
#include "model/incident-update-private.h"

/* What a decision on an update says: given at once, proposed, or approved. */

static const char *
get_audience (IncidentCommand *command)
{
  const char *audience = incident_command_peek (command, INCIDENT_ARGUMENT_AUDIENCE);

  return audience != NULL ? audience : "internal";
}

gboolean
incident_decision_is_proposal (IncidentDecision *self,
                               IncidentCommand  *command)
{
  return self->transition->record == &incident_verbs[INCIDENT_VERB_UPDATE]
         && incident_update_needs_approval (self->rulebook->rules, incident_decision_get_ahead (self),
                                            incident_command_get_actor (command), get_audience (command));
}

/* When the next one was to come, if that is still to come. */
static void
append_proposed_next (const IncidentRecord *proposal,
                      gint64                now,
                      GString              *facts)
{
  g_autofree char *next = incident_facts_dup (proposal->facts, "proposed-next");
  gint64 time;

  if (next != NULL && incident_time_from_string (next, &time, NULL) && time > now)
    incident_facts_append (facts, "next-update", next);
}

static void
append_approval (IncidentDecision *self,
                 IncidentCommand  *command,
                 GString          *facts)
{
  guint seq = (guint) g_ascii_strtoull (incident_command_peek (command, INCIDENT_ARGUMENT_EVENT), NULL, 10);
  const IncidentRecord *proposal = incident_timeline_find (self->past, seq);
  g_autofree char *audience = incident_facts_dup (proposal->facts, "audience");

  incident_facts_append (facts, "update", audience);
  incident_facts_append_number (facts, "for", seq);
  if (incident_command_peek (command, INCIDENT_ARGUMENT_DUE) != NULL)
    incident_verb_append_due (command, "next-update", self->now, facts);
  else
    append_proposed_next (proposal, self->now, facts);
}

void
incident_decision_append_update (IncidentDecision *self,
                                 IncidentCommand  *command,
                                 GString          *facts)
{
  if (self->transition->record == &incident_verbs[INCIDENT_VERB_APPROVE])
    append_approval (self, command, facts);
  else if (incident_decision_is_proposal (self, command))
    {
      incident_facts_append (facts, "audience", get_audience (command));
      incident_verb_append_due (command, "proposed-next", self->now, facts);
    }
  else
    {
      incident_facts_append (facts, "update", get_audience (command));
      incident_verb_append_due (command, "next-update", self->now, facts);
    }
}
