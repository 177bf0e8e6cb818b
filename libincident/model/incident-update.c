/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "model/incident-update-private.h"

#include <libincident/incident-time.h>

#include "model/incident-comms-rules-private.h"

static const struct
{
  const char    *phase;
  IncidentStage  stage;
} known_phases[] = {
  { "examination", INCIDENT_STAGE_IDENTIFIED },
  { "resolution", INCIDENT_STAGE_MONITORING },
};

/* Of a lifecycle with phases of its own nothing is claimed but what their states say. */
IncidentStage
incident_stage_of (const IncidentState *state)
{
  if (!state->live)
    return INCIDENT_STAGE_RESOLVED;

  for (guint i = 0; i < G_N_ELEMENTS (known_phases); i++)
    if (g_str_equal (known_phases[i].phase, state->phase))
      return known_phases[i].stage;

  return INCIDENT_STAGE_INVESTIGATING;
}

const char *
incident_stage_to_string (IncidentStage stage)
{
  static const char * const names[] = { "investigating", "identified", "monitoring", "resolved" };

  return names[stage];
}

gint64
incident_update_get_next (const IncidentRules *rules,
                          const IncidentState *state,
                          gint64               at)
{
  gint64 every = rules->cadence.updates[state->severity];

  return every > 0 && state->live ? at + every : INCIDENT_TIME_NONE;
}

gint64
incident_update_get_due (const IncidentRules *rules,
                         const IncidentState *state,
                         gint64               since)
{
  if (!state->open)
    return INCIDENT_TIME_NONE;
  if (state->dossier != NULL && state->dossier->next_update != INCIDENT_TIME_NONE)
    return state->dossier->next_update;

  return incident_update_get_next (rules, state, since);
}

gboolean
incident_update_may_approve (const IncidentRules *rules,
                             const IncidentState *state,
                             const char          *actor,
                             gboolean             by_name,
                             const char          *audience)
{
  const IncidentAudience *known = incident_comms_rules_get_audience (rules->comms, audience);

  return by_name || known == NULL || known->approved_by == NULL || incident_state_holds (state, known->approved_by, actor);
}

gboolean
incident_update_needs_approval (const IncidentRules *rules,
                                const IncidentState *state,
                                const char          *actor,
                                const char          *audience)
{
  IncidentSituation situation;
  gboolean by_name = FALSE;

  incident_situation_init (&situation, state, NULL);
  incident_rules_permit (rules, "approve", actor, &situation, &by_name);
  return !incident_update_may_approve (rules, state, actor, by_name, audience);
}

static gboolean
is_told (const IncidentRecord *record,
         const char           *fact,
         const char           *value)
{
  g_autofree char *found = incident_facts_dup (record->facts, fact);

  return g_strcmp0 (found, value) == 0;
}

/* What came after it for the same audience tells more of how it stands. */
static gboolean
ends (const IncidentRecord *record,
      const char           *audience)
{
  if (g_str_equal (record->kind, "update-given"))
    return is_told (record, "update", audience);

  return g_str_equal (record->kind, "update-proposed") && is_told (record, "audience", audience);
}

const IncidentRecord *
incident_update_find_proposal (IncidentTimeline *past,
                               guint             seq,
                               guint            *ended_by)
{
  const IncidentRecord *proposal = incident_timeline_find (past, seq), *record;
  g_autofree char *audience = NULL;

  *ended_by = 0;
  if (proposal == NULL || !g_str_equal (proposal->kind, "update-proposed"))
    return NULL;

  audience = incident_facts_dup (proposal->facts, "audience");
  for (guint i = seq + 1; *ended_by == 0 && (record = incident_timeline_find (past, i)) != NULL; i++)
    if (ends (record, audience))
      *ended_by = i;
  return proposal;
}

static gboolean
say_the_same (const IncidentRecord *a,
              const IncidentRecord *b)
{
  g_autofree char *left = incident_record_dup_string (a, "text");
  g_autofree char *right = incident_record_dup_string (b, "text");

  return left != NULL && g_strcmp0 (left, right) == 0;
}

const IncidentRecord *
incident_update_find_twin (IncidentTimeline     *past,
                           const IncidentRecord *update)
{
  const IncidentRecord *twin = NULL;
  guint ended_by;

  if (g_str_equal (update->kind, "update-given"))
    {
      g_autofree char *proposed = incident_facts_dup (update->facts, "for");

      twin = proposed != NULL ? incident_timeline_find (past, (guint) g_ascii_strtoull (proposed, NULL, 10)) : NULL;
    }
  else if (incident_update_find_proposal (past, update->seq, &ended_by) != NULL && ended_by != 0)
    {
      g_autofree char *seq = g_strdup_printf ("%u", update->seq);

      twin = incident_timeline_find (past, ended_by);
      if (!is_told (twin, "for", seq))
        twin = NULL;
    }
  return twin != NULL && say_the_same (update, twin) ? twin : NULL;
}
