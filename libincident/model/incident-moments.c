/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "model/incident-moments-private.h"

#include <libincident/incident-time.h>

#include <string.h>

#include "model/incident-guard-private.h"

static void
span_free (gpointer data)
{
  IncidentSpan *self = data;

  g_free (self->value);
  g_free (self);
}

static void
end_span (GPtrArray *spans,
          gint64     at)
{
  IncidentSpan *last = spans->len > 0 ? g_ptr_array_index (spans, spans->len - 1) : NULL;

  if (last != NULL && last->until == INCIDENT_TIME_NONE)
    last->until = at;
}

static void
begin_span (GPtrArray  *spans,
            const char *value,
            gint64      at)
{
  IncidentSpan *last = spans->len > 0 ? g_ptr_array_index (spans, spans->len - 1) : NULL;
  IncidentSpan *span;

  if (last != NULL && last->until == INCIDENT_TIME_NONE && g_str_equal (last->value, value))
    return;

  end_span (spans, at);
  span = g_new0 (IncidentSpan, 1);
  span->value = g_strdup (value);
  span->from = at;
  span->until = INCIDENT_TIME_NONE;
  g_ptr_array_add (spans, span);
}

/* A case that is reopened is as severe as it was. */
static void
resume_severity (IncidentMoments *self,
                 gint64           at)
{
  const IncidentSpan *last = self->severities->len > 0 ? g_ptr_array_index (self->severities, self->severities->len - 1) : NULL;

  if (last != NULL)
    begin_span (self->severities, last->value, at);
}

static void
begin_episode (IncidentMoments *self,
               gint64           at)
{
  resume_severity (self, at);
  self->opened_at = at;
  self->acknowledged_at = INCIDENT_TIME_NONE;
  self->major_at = INCIDENT_TIME_NONE;
  self->recovered_at = INCIDENT_TIME_NONE;
  self->closed_at = INCIDENT_TIME_NONE;
  g_hash_table_remove_all (self->filed);
}

static void
read_phase (IncidentMoments      *self,
            const IncidentEffect *effect,
            gint64                at)
{
  if (effect->episode >= 0)
    begin_episode (self, at);
  if (effect->phase != NULL)
    {
      self->phase_since = at;
      begin_span (self->phases, effect->phase, at);
    }
  if (effect->open == 0)
    {
      self->closed_at = at;
      end_span (self->severities, at);
    }
  else if (effect->live == 0)
    self->recovered_at = at;
}

static void
read_severity (IncidentMoments      *self,
               const IncidentEffect *effect,
               guint                 major,
               gint64                at)
{
  if (effect->severity > 0)
    {
      self->judged_at = at;
      begin_span (self->severities, incident_severity_to_string ((IncidentSeverity) effect->severity), at);
    }
  if (self->major_at == INCIDENT_TIME_NONE
      && (effect->major || (effect->severity > 0 && (major >> effect->severity & 1) != 0)))
    self->major_at = at;
}

static void
read_facts (IncidentMoments      *self,
            const IncidentRecord *record,
            gint64                at)
{
  g_autofree char *acknowledged = incident_facts_dup (record->facts, "acknowledged-by");
  g_autofree char *filed = incident_facts_dup (record->facts, "filed");

  if (acknowledged != NULL && self->acknowledged_at == INCIDENT_TIME_NONE)
    self->acknowledged_at = at;
  if (filed != NULL)
    g_hash_table_insert (self->filed, g_steal_pointer (&filed), g_memdup2 (&at, sizeof at));
}

static gboolean
is_commander (IncidentSlice role)
{
  return role.start != NULL && role.length == strlen (INCIDENT_ROLE_COMMANDER)
         && strncmp (role.start, INCIDENT_ROLE_COMMANDER, role.length) == 0;
}

void
incident_moments_init (IncidentMoments *self,
                       IncidentCase    *kase,
                       guint            major)
{
  IncidentTimeline *timeline = incident_case_peek_timeline (kase);
  guint n = g_list_model_get_n_items (G_LIST_MODEL (timeline));

  self->filed = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  self->severities = g_ptr_array_new_with_free_func (span_free);
  self->phases = g_ptr_array_new_with_free_func (span_free);
  self->commanded_at = INCIDENT_TIME_NONE;
  self->judged_at = INCIDENT_TIME_NONE;
  self->acted_at = INCIDENT_TIME_NONE;
  for (guint i = 0; i < n; i++)
    {
      const IncidentRecord *record = incident_timeline_get_record (timeline, i);
      gint64 at = record->occurred_at;
      IncidentEffect effect;

      incident_effect_read (&effect, record->facts);
      read_phase (self, &effect, at);
      read_severity (self, &effect, major, at);
      if (is_commander (effect.role) && effect.person.start != NULL && self->commanded_at == INCIDENT_TIME_NONE)
        self->commanded_at = at;
      if (effect.more != NULL)
        read_facts (self, record, at);
      if (!effect.is_reminder)
        self->acted_at = MAX (self->acted_at, at);
    }
}

void
incident_moments_clear (IncidentMoments *self)
{
  g_clear_pointer (&self->filed, g_hash_table_unref);
  g_clear_pointer (&self->severities, g_ptr_array_unref);
  g_clear_pointer (&self->phases, g_ptr_array_unref);
}
