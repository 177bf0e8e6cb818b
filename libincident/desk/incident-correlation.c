/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "desk/incident-briefing-part-private.h"

#include <libincident/incident-error.h>
#include <libincident/incident-time.h>

#include "base/incident-json-writer-private.h"
#include "model/incident-operation-private.h"

/* Cases that may have one cause are linked, so that people look; nothing is merged. What is known for this is
 * made anew from the alerts after a start, and a link that could not be written is left out: it is advice. */

/* So many cases of a rule are kept in mind, and linked to at most. */
#define MOST_RELATED 16

/* A case that was told of an alert. */
typedef struct
{
  guint64     number;
  gint64      at;
  const char *service;  /* interned; NULL: none */
} Sighting;

/* FALSE: the alert lacks a label that both must have. */
static gboolean
put_values (GString                   *key,
            guint                      position,
            const IncidentCorrelation *rule,
            IncidentLabels             labels)
{
  g_string_printf (key, "%u\xff", position);
  for (guint i = 0; i < rule->equal->len; i++)
    {
      const char *value = incident_labels_get (labels, g_ptr_array_index (rule->equal, i));

      if (value == NULL)
        return FALSE;
      g_string_append_printf (key, "%s\xff", value);
    }

  return TRUE;
}

static void
note (IncidentDeskAlerts *self,
      const char         *key,
      const Sighting     *sighting)
{
  GArray *seen = g_hash_table_lookup (self->related, key);

  if (seen == NULL)
    {
      seen = g_array_new (FALSE, FALSE, sizeof (Sighting));
      g_hash_table_insert (self->related, g_strdup (key), seen);
    }
  for (guint i = 0; i < seen->len; i++)
    if (g_array_index (seen, Sighting, i).number == sighting->number)
      {
        g_array_index (seen, Sighting, i).at = MAX (g_array_index (seen, Sighting, i).at, sighting->at);
        return;
      }
  if (seen->len == MOST_RELATED)
    g_array_remove_index (seen, 0);
  g_array_append_val (seen, *sighting);
}

static Sighting
see (const IncidentKnown *known,
     IncidentAlert       *alert,
     gint64               at)
{
  const char *service = known->route->service != NULL ? known->route->service : incident_labels_get (alert->labels, "service");

  return (Sighting) { known->case_number, at, g_intern_string (service) };
}

void
incident_desk_alerts_note_related (IncidentDeskAlerts  *self,
                                   const IncidentKnown *known,
                                   IncidentAlert       *alert,
                                   gint64               at)
{
  GPtrArray *rules = self->rules->intake->correlations;
  g_autoptr(GString) key = g_string_new (NULL);
  Sighting sighting;

  if (rules->len == 0 || known->case_number == 0)
    return;

  sighting = see (known, alert, at);
  for (guint i = 0; i < rules->len; i++)
    if (put_values (key, i, g_ptr_array_index (rules, i), alert->labels))
      note (self, key->str, &sighting);
}

static gboolean
depends (const IncidentRules *rules,
         const char          *service,
         const char          *other)
{
  const IncidentRulesService *known = service != NULL ? g_hash_table_lookup (rules->services, service) : NULL;

  return known != NULL && other != NULL && incident_strings_contain (known->depends_on, other);
}

static gboolean
is_related (const IncidentRules       *rules,
            const IncidentCorrelation *rule,
            const Sighting            *ours,
            const Sighting            *theirs)
{
  if (theirs->number == ours->number || theirs->at < ours->at - rule->within)
    return FALSE;

  return !rule->dependent || depends (rules, ours->service, theirs->service) || depends (rules, theirs->service, ours->service);
}

typedef struct
{
  IncidentBriefing *briefing;
  IncidentDecision  decision;
  GHashTable       *links;     /* number of a case → the rule (lent) by which it is related */
} Linking;

static char *
make_payload (const IncidentCorrelation *rule)
{
  IncidentJsonWriter writer;
  g_autofree char *text = g_strdup_printf ("The rule “%s” of the playbook says that they may have one cause",
                                           rule->name != NULL ? rule->name : "correlate");

  incident_json_writer_init (&writer, FALSE);
  incident_json_writer_begin_object (&writer);
  incident_json_writer_member (&writer, "text", text);
  incident_json_writer_end_object (&writer);
  return incident_json_writer_finish (&writer);
}

static gboolean
look (guint64               number,
      const IncidentState  *state,
      gpointer              data,
      GError              **error)
{
  Linking *self = data;
  IncidentDecision *decision = &self->decision;
  GHashTableIter iter;
  gpointer other, rule;

  incident_decision_turn_to (decision, number, state);
  incident_operations_draw (incident_desk_get_operations (self->briefing->desk), decision->operation);
  g_hash_table_iter_init (&iter, self->links);
  while (g_hash_table_iter_next (&iter, &other, &rule))
    {
      g_autofree char *id = incident_case_number_to_string (*(guint64 *) other);
      g_autoptr(GString) facts = g_string_new (NULL);

      incident_facts_append (facts, "link", "related");
      incident_facts_append (facts, "linked-to", id);
      incident_facts_append (facts, "by", "automation");
      incident_decision_add (decision, "linked", INCIDENT_DESK_ACTOR, self->briefing->received_at, facts->str, make_payload (rule));
    }

  return TRUE;
}

static void
find_related (IncidentDeskAlerts   *alerts,
              const Sighting       *ours,
              IncidentLabels        labels,
              GHashTable           *links)
{
  GPtrArray *rules = alerts->rules->intake->correlations;
  g_autoptr(GString) key = g_string_new (NULL);

  for (guint i = 0; i < rules->len; i++)
    {
      IncidentCorrelation *rule = g_ptr_array_index (rules, i);
      GArray *seen = put_values (key, i, rule, labels) ? g_hash_table_lookup (alerts->related, key->str) : NULL;

      for (guint j = 0; seen != NULL && j < seen->len; j++)
        {
          const Sighting *theirs = &g_array_index (seen, Sighting, j);

          if (is_related (alerts->rules, rule, ours, theirs))
            g_hash_table_insert (links, g_memdup2 (&theirs->number, sizeof theirs->number), rule);
        }
    }
}

static void
link_case (Linking              *self,
           IncidentBriefingPart *part,
           IncidentDeskAlerts   *alerts)
{
  const IncidentTelling *telling = g_ptr_array_index (part->tellings, 0);
  Sighting ours = see (telling->known, telling->alert, self->briefing->received_at);

  g_hash_table_remove_all (self->links);
  find_related (alerts, &ours, telling->alert->labels, self->links);
  if (g_hash_table_size (self->links) > 0)
    incident_store_look_at (incident_desk_get_store (self->briefing->desk), &part->number, 1, look, self, NULL);
}

static void
note_part (IncidentDeskAlerts   *alerts,
           IncidentBriefingPart *part,
           gint64                at)
{
  for (guint i = 0; i < part->tellings->len; i++)
    {
      const IncidentTelling *telling = g_ptr_array_index (part->tellings, i);

      if (telling->tells == INCIDENT_TELLS_FIRED)
        incident_desk_alerts_note_related (alerts, telling->known, telling->alert, at);
    }
}

GPtrArray *
incident_briefing_correlate (IncidentBriefing *self)
{
  IncidentDeskAlerts *alerts = incident_desk_get_alerts (self->desk);
  Linking linking = { self, { NULL, }, NULL };
  g_autoptr(GPtrArray) drafts = NULL;

  if (alerts->rules->intake->correlations->len == 0)
    return NULL;

  incident_decision_init (&linking.decision, incident_desk_get_clock (self->desk), incident_desk_get_operations (self->desk),
                          incident_desk_get_rulebook (self->desk));
  linking.links = g_hash_table_new_full (g_int64_hash, g_int64_equal, g_free, NULL);
  for (guint i = 0; i < self->parts->len; i++)
    {
      IncidentBriefingPart *part = g_ptr_array_index (self->parts, i);

      if (part->is_opened)
        link_case (&linking, part, alerts);
      note_part (alerts, part, self->received_at);
    }
  drafts = g_ptr_array_ref (linking.decision.drafts);
  incident_decision_clear (&linking.decision);
  g_hash_table_unref (linking.links);
  return drafts->len > 0 ? g_steal_pointer (&drafts) : NULL;
}
