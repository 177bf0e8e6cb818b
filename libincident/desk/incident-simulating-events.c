/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "desk/incident-simulating-private.h"

#include <libincident/incident-time.h>

/* What happens in a simulation. */

static void
refuse (IncidentSimulating *self,
        const char         *what,
        const GError       *error)
{
  incident_json_writer_begin_object (&self->refused);
  incident_json_writer_moment (&self->refused, "at", incident_simulating_get_wall (self));
  incident_json_writer_member (&self->refused, "what", what);
  incident_json_writer_member (&self->refused, "why", error->message);
  incident_json_writer_end_object (&self->refused);
}

static IncidentCommand *
make_command (const IncidentScenarioEvent *event,
              GError                     **error)
{
  static const char * const arguments[] = { "target", "role", "person", "due", "text" };
  g_autoptr(IncidentCommand) command = incident_command_new (event->action, incident_node_get_string (event->node, event->action));

  for (guint i = 0; i < G_N_ELEMENTS (arguments); i++)
    {
      const char *value = incident_node_get_string (event->node, arguments[i]);

      if (value == NULL && g_str_equal (arguments[i], "text"))
        value = "simulated";
      if (value != NULL && !incident_command_set (command, arguments[i], value, error))
        return NULL;
    }

  return g_steal_pointer (&command);
}

/* As a person would do it, with the guards and rights that they would meet. */
static void
act (IncidentSimulating          *self,
     const IncidentScenarioEvent *event)
{
  g_auto(IncidentDecision) decision = { NULL, };
  g_autoptr(GError) error = NULL;
  g_autoptr(IncidentCommand) command = make_command (event, &error);

  if (command != NULL)
    {
      incident_decision_init (&decision, incident_desk_get_clock (self->desk), &self->operations, self->rulebook);
      decision.now = incident_simulating_get_wall (self);
      incident_decision_turn_to (&decision, self->number, self->simulation.state);
    }
  if (command == NULL || !incident_decision_command (&decision, command, NULL, &error))
    {
      refuse (self, event->action, error);
      return;
    }

  for (guint i = 0; i < decision.drafts->len; i++)
    {
      const IncidentRecord *draft = g_ptr_array_index (decision.drafts, i);

      incident_simulation_apply (&self->simulation, draft->facts, draft->actor, draft->occurred_at);
    }
}

static void
change_severity (IncidentSimulating *self,
                 const char         *severity)
{
  g_autofree char *facts = g_strconcat ("severity=", severity, NULL);

  incident_simulation_apply (&self->simulation, facts, INCIDENT_DESK_ACTOR, incident_simulating_get_wall (self));
}

static void
add_override (IncidentSimulating *self,
              IncidentNode       *node)
{
  const char *since = incident_node_get_string (node, "from");
  IncidentOverrideKind kind = INCIDENT_OVERRIDE_KIND_ADD;
  gint64 from = incident_simulating_get_wall (self);
  gint64 until = from;
  IncidentRosterChange *change;
  IncidentRoster *changed;

  incident_override_kind_from_string (incident_node_get_string (node, "kind"), &kind, NULL);
  incident_time_from_string (incident_node_get_string (node, "until"), &until, NULL);
  if (since != NULL)
    incident_time_from_string (since, &from, NULL);
  change = incident_roster_change_new (incident_node_get_string (node, "schedule"), kind, incident_node_get_string (node, "person"),
                                       incident_node_get_string (node, "substitute"), from, MAX (until, from), NULL);
  change->added_at = incident_simulating_get_wall (self);
  changed = incident_roster_with (self->roster, change);
  incident_roster_unref (self->roster);
  self->roster = self->simulation.planning.roster = changed;
}

static void
add_failure (IncidentSimulating *self,
             IncidentNode       *node)
{
  const IncidentFailure failure = { incident_node_get_string (node, "person"), incident_node_get_string (node, "channel") };

  g_array_append_val (self->failures, failure);
}

static void
play (IncidentSimulating          *self,
      const IncidentScenarioEvent *event)
{
  IncidentNode *what = incident_node_get_member (event->node, event->action);

  if (g_str_equal (event->action, "severity"))
    change_severity (self, what->value.string);
  else if (g_str_equal (event->action, "override"))
    add_override (self, what);
  else if (g_str_equal (event->action, "fails"))
    add_failure (self, what);
  else if (g_str_equal (event->action, "clock"))
    self->ahead += incident_scenario_read_offset (what->value.string);
  else
    act (self, event);
}

void
incident_simulating_play_due (IncidentSimulating *self)
{
  const GArray *events = self->scenario->events;

  for (; self->n_played < events->len; self->n_played++)
    {
      const IncidentScenarioEvent *event = &g_array_index (events, IncidentScenarioEvent, self->n_played);

      if (event->at > self->now)
        break;
      play (self, event);
    }
}

