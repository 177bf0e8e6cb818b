/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "store/incident-roster-entry-private.h"

IncidentRosterEntry *
incident_roster_entry_new (const char *kind,
                           gint64      at,
                           const char *schedule,
                           const char *actor,
                           char       *body)
{
  IncidentRosterEntry *self = g_new0 (IncidentRosterEntry, 1);

  self->kind = g_intern_string (kind);
  self->at = at;
  self->schedule = schedule != NULL ? g_ref_string_new_intern (schedule) : NULL;
  self->actor = g_ref_string_new_intern (actor);
  self->body = body;
  return self;
}

void
incident_roster_entry_free (IncidentRosterEntry *self)
{
  if (self == NULL)
    return;

  g_clear_pointer (&self->schedule, g_ref_string_release);
  g_ref_string_release (self->actor);
  g_free (self->body);
  g_free (self);
}

void
incident_claim_clear (IncidentClaim *self)
{
  g_clear_pointer (&self->holder, g_free);
}
