/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "model/incident-effect-private.h"

#include <libincident/incident-priority.h>
#include <libincident/incident-severity.h>

#include <string.h>

#include "base/incident-enum-private.h"
#include "model/incident-state-private.h"

/* A name from a newer minor version is not known here: say so, do not guess. */
static gint8
read_enum (GType         type,
           IncidentSlice value)
{
  g_autofree char *nick = g_strndup (value.start, value.length);
  int number = 0;

  if (!incident_enum_from_nick (type, "value", nick, &number, NULL))
    return 0;

  return (gint8) number;
}

static gint64
read_number (IncidentSlice value)
{
  return (gint64) g_ascii_strtoull (value.start, NULL, 10);
}

static const char *
read_phase (IncidentSlice value)
{
  g_autofree char *phase = g_strndup (value.start, value.length);

  return g_intern_string (phase);
}

static gboolean
is (IncidentSlice  slice,
    const char    *word)
{
  return strncmp (slice.start, word, slice.length) == 0 && word[slice.length] == '\0';
}

static gboolean
read_progress (IncidentEffect *self,
               IncidentSlice   name,
               IncidentSlice   value)
{
  if (is (name, "phase"))
    self->phase = read_phase (value);
  else if (is (name, "state"))
    {
      self->live = is (value, "live");
      self->open = !is (value, "ended");
    }
  else if (is (name, "level"))
    self->level = read_number (value);
  else if (is (name, "episode"))
    self->episode = read_number (value);
  else
    return FALSE;

  return TRUE;
}

static gboolean
read_other (IncidentEffect *self,
            IncidentSlice   name,
            IncidentSlice   value)
{
  if (is (name, "alert"))
    {
      self->alert = self->n_alerts == 0 ? value : self->alert;
      self->n_alerts++;
    }
  else if (is (name, "alert-status"))
    self->firing = is (value, "firing");
  else if (is (name, "role"))
    self->role = value;
  else if (is (name, "person"))
    self->person = value;
  else if (is (name, "severity"))
    self->severity = read_enum (INCIDENT_TYPE_SEVERITY, value);
  else if (is (name, "severity-from"))
    self->severity_from_alert = TRUE;
  else if (is (name, "impact"))
    self->impact = read_enum (INCIDENT_TYPE_LEVEL, value);
  else if (is (name, "urgency"))
    self->urgency = read_enum (INCIDENT_TYPE_LEVEL, value);
  else if (is (name, "service"))
    self->service = value;
  else if (is (name, "category"))
    self->category = value;
  else if (is (name, "group"))
    self->group = value;
  else if (is (name, "playbook"))
    self->playbook = value;
  else if (is (name, "lifecycle"))
    self->lifecycle = value;
  else
    return FALSE;

  return TRUE;
}

/* Which message of a chat it is, and for whom: people talk, and nobody's view of the case is stale by that. */
static gboolean
is_of_talk (IncidentSlice name)
{
  return is (name, "message") || is (name, "thread") || is (name, "audience");
}

/* Said by few events. */
static void
read_rare (IncidentEffect *self,
           IncidentSlice   name,
           IncidentSlice   value,
           const char     *facts)
{
  if (is (name, "priority"))
    self->priority = read_enum (INCIDENT_TYPE_PRIORITY, value);
  else if (is (name, "priority-by"))
    self->priority_by = is (value, "rule") ? INCIDENT_PRIORITY_BY_RULE
                        : is (value, "person") ? INCIDENT_PRIORITY_BY_PERSON : INCIDENT_PRIORITY_BY_TABLE;
  else if (is (name, "major"))
    self->major = TRUE;
  else if (is (name, "joins"))
    self->joins = TRUE;
  else if (is (name, "leaves"))
    self->leaves = value;
  else if (is (name, "run"))
    self->run.number = (guint) read_number (value);
  else if (!is (name, "target") && !is (name, "escalation") && !is (name, "provider") && !is_of_talk (name))
    {
      /* Of what the escalator does there are many, and who did it is known. */
      if (self->run.number == 0 || !is (name, "by"))
        self->more = facts;
      if (is (name, "by"))
        self->is_automatic = TRUE;
      else if (is (name, "reminded") || is (name, "delivery"))
        self->is_reminder = TRUE;
      else if (is (name, "redacts"))
        self->redacts = read_number (value);
    }
}

/* Under which rules it was said, and by whom: that says nothing of the case. */
static gboolean
is_circumstance (IncidentSlice name)
{
  return is (name, "playbook") || is (name, "lifecycle") || is (name, "by") || is (name, "provider")
         || is (name, "reminded") || is (name, "delivery") || is (name, "channel")
         || is (name, "run") || is (name, "answers")
         || is_of_talk (name);
}

void
incident_effect_read (IncidentEffect *self,
                      const char     *facts)
{
  const char *cursor = facts;
  IncidentSlice name, value;
  gboolean says_something = FALSE;

  *self = (IncidentEffect) {
    .live = -1, .open = -1, .severity = -1, .impact = -1, .urgency = -1, .priority = -1, .level = -1, .episode = -1,
    .is_progress = TRUE, .run = { .step = -1, .loop = -1, .arming = -1, .state = -1, .failures = -1 },
  };
  while (incident_facts_next (&cursor, &name.start, &name.length, &value.start, &value.length))
    {
      if (read_progress (self, name, value))
        {
          says_something = TRUE;
          continue;
        }
      self->is_progress = FALSE;
      if (incident_run_effect_read (&self->run, name.start, name.length, value.start, value.length))
        continue;
      says_something = says_something || !is_circumstance (name);
      if (!read_other (self, name, value))
        read_rare (self, name, value, facts);
    }
  self->decides = self->alert.start == NULL && says_something;
}
