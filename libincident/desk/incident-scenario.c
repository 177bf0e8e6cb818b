/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "desk/incident-scenario-private.h"

#include <libincident/incident-error.h>
#include <libincident/incident-time.h>

#include <string.h>

#include "base/incident-error-private.h"
#include "base/incident-shape-private.h"
#include "base/incident-time-private.h"
#include "model/incident-record-private.h"

/* Longer than any escalation; a simulation is bounded by its steps besides. */
#define LONGEST_DAYS 366
#define MOST_EVENTS  1000
/* Schedules are looked up ahead of the clock, so it stays away from the ends of the calendar. */
#define ROOM         (2 * LONGEST_DAYS * G_TIME_SPAN_DAY)

static const char * const severities[] = { "sev1", "sev2", "sev3", "sev4", "sev5", NULL };
static const char * const kinds[] = { "add", "remove", "replace", NULL };

static const IncidentShape text_shape = { INCIDENT_SHAPE_TEXT };
static const IncidentShape name_shape = { INCIDENT_SHAPE_NAME };
static const IncidentShape id_shape = { INCIDENT_SHAPE_ID };
static const IncidentShape moment_shape = { INCIDENT_SHAPE_MOMENT };
static const IncidentShape duration_shape = { INCIDENT_SHAPE_DURATION };
static const IncidentShape severity_shape = { INCIDENT_SHAPE_WORD, .words = severities };
static const IncidentShape kind_shape = { INCIDENT_SHAPE_WORD, .words = kinds };
static const IncidentShape labels_shape = { INCIDENT_SHAPE_MAP, .element = &text_shape, .singular = "label", .is_free = TRUE };
static const IncidentShape jump_shape = { INCIDENT_SHAPE_PATTERN, .pattern = "^[+-][1-9][0-9]{0,5}[smhd]$",
                                          .wanted = "how far the clock is set, such as “+2h” or “-30m”" };

static const IncidentShapeMember case_members[] = {
  { "title", &text_shape }, { "severity", &severity_shape }, { "service", &name_shape }, { "category", &name_shape },
  { "phase", &id_shape }, { "labels", &labels_shape }, { NULL }
};
static const IncidentShape made_shape = { INCIDENT_SHAPE_OBJECT, .members = case_members };
static const IncidentShape case_shape = { INCIDENT_SHAPE_PATTERN, .pattern = "^INC-[1-9][0-9]{0,18}$",
                                          .wanted = "the id of a case, such as “INC-7”, or an object that describes one",
                                          .otherwise = &made_shape };

static const IncidentShapeMember override_members[] = {
  { "schedule", &name_shape, TRUE }, { "kind", &kind_shape, TRUE }, { "person", &name_shape, TRUE },
  { "substitute", &name_shape }, { "from", &moment_shape }, { "until", &moment_shape, TRUE }, { NULL }
};
static const IncidentShape override_shape = { INCIDENT_SHAPE_OBJECT, .members = override_members };

static const IncidentShapeMember failure_members[] = {
  { "person", &name_shape, TRUE }, { "channel", &name_shape }, { NULL }
};
static const IncidentShape failure_shape = { INCIDENT_SHAPE_OBJECT, .members = failure_members };

/* Up to “severity”, a verb and who does it; then what else happens; from “target” on, what goes with a verb. */
static const IncidentShapeMember event_members[] = {
  { "at", &text_shape, TRUE },
  { "acknowledge", &name_shape }, { "unacknowledge", &name_shape }, { "diagnose", &name_shape }, { "examine", &name_shape },
  { "escalate", &name_shape }, { "assign", &name_shape }, { "snooze", &name_shape }, { "page", &name_shape },
  { "update", &name_shape }, { "resolve", &name_shape }, { "recover", &name_shape }, { "close", &name_shape },
  { "cancel", &name_shape }, { "reopen", &name_shape },
  { "severity", &severity_shape }, { "override", &override_shape }, { "fails", &failure_shape }, { "clock", &jump_shape },
  { "target", &text_shape }, { "role", &id_shape }, { "person", &name_shape }, { "due", &text_shape }, { "text", &text_shape },
  { NULL }
};
static const IncidentShape event_shape = { INCIDENT_SHAPE_OBJECT, .members = event_members };
static const IncidentShape events_shape = { INCIDENT_SHAPE_LIST, .element = &event_shape, .singular = "event", .most = MOST_EVENTS };

static const IncidentShapeMember scenario_members[] = {
  { "case", &case_shape, TRUE }, { "from", &moment_shape }, { "until", &moment_shape }, { "for", &duration_shape },
  { "events", &events_shape }, { NULL }
};
static const IncidentShape scenario_shape = { INCIDENT_SHAPE_OBJECT, .members = scenario_members };

gint64
incident_scenario_read_offset (const char *text)
{
  gint64 duration = incident_duration_from_text (text + 1);

  return *text == '-' ? -duration : duration;
}

static gint64
read_moment (IncidentNode *node,
             const char   *name,
             gint64        otherwise)
{
  const char *text = incident_node_get_string (node, name);
  gint64 time = otherwise;

  if (text != NULL)
    incident_time_from_string (text, &time, NULL);
  return time;
}

/* “+10m”, or “+0m”: at once. */
static gboolean
is_offset (const char *text)
{
  if (*text != '+')
    return FALSE;

  return incident_shape_is_duration (text + 1) || (text[1] == '0' && text[2] != '\0' && strchr ("smhd", text[2]) != NULL && text[3] == '\0');
}

/* A time, or so long after the beginning. */
static gint64
read_at (const IncidentScenario *self,
         IncidentNode           *event,
         GPtrArray              *problems)
{
  IncidentNode *node = incident_node_get_member (event, "at");
  const char *text = node->value.string;
  gint64 time = self->from;

  if (is_offset (text))
    return self->from + incident_scenario_read_offset (text);
  if (!incident_time_from_string (text, &time, NULL))
    incident_problems_add (problems, node, "must be a time with its zone, such as “2026-12-24T22:00:00+01:00”, or how long after "
                           "the beginning, such as “+10m”");
  else if (time < self->from)
    incident_problems_add (problems, node, "is before the simulation begins");
  return time;
}

static gboolean
is_action (const char *name)
{
  for (const IncidentShapeMember *member = event_members + 1; !g_str_equal (member->name, "target"); member++)
    if (g_str_equal (member->name, name))
      return TRUE;

  return FALSE;
}

static void
check_override (IncidentNode *override,
                GPtrArray    *problems)
{
  gboolean replaces = g_str_equal (incident_node_get_string (override, "kind"), "replace");
  gboolean has_substitute = incident_node_get_member (override, "substitute") != NULL;

  if (replaces && !has_substitute)
    incident_problems_add (problems, override, "must have the member “substitute”: who comes in place of the person");
  if (!replaces && has_substitute)
    incident_problems_add (problems, incident_node_get_member (override, "substitute"), "goes with the kind “replace” alone");
}

static void
read_event (IncidentScenario *self,
            IncidentNode     *node,
            GPtrArray        *problems)
{
  IncidentScenarioEvent event = { .node = node };
  guint n_actions = 0;

  for (guint i = 0; i < incident_node_get_length (node); i++)
    {
      const char *name = incident_node_get_child (node, i)->name;

      if (!is_action (name))
        continue;
      event.action = name;
      n_actions++;
    }

  if (n_actions != 1)
    incident_problems_add (problems, node, "must say one thing that happens, such as “acknowledge”");
  event.at = read_at (self, node, problems);
  if (n_actions == 1 && g_str_equal (event.action, "override"))
    check_override (incident_node_get_member (node, "override"), problems);
  g_array_append_val (self->events, event);
}

static int
compare_events (gconstpointer a,
                gconstpointer b)
{
  const IncidentScenarioEvent *one = a;
  const IncidentScenarioEvent *other = b;

  if (one->at != other->at)
    return one->at < other->at ? -1 : 1;
  return (one->node->position > other->node->position) - (one->node->position < other->node->position);
}

static gboolean
is_in_calendar (const IncidentScenario *self,
                gint64                  ahead)
{
  return self->from + ahead >= INCIDENT_TIME_MIN + ROOM && self->until + ahead <= INCIDENT_TIME_MAX - ROOM;
}

/* However often it is set. */
static void
check_clock (const IncidentScenario *self,
             GPtrArray              *problems)
{
  gint64 ahead = 0;

  for (guint i = 0; i < self->events->len && is_in_calendar (self, ahead); i++)
    {
      const IncidentScenarioEvent *event = &g_array_index (self->events, IncidentScenarioEvent, i);

      if (g_strcmp0 (event->action, "clock") != 0)
        continue;
      ahead += incident_scenario_read_offset (incident_node_get_string (event->node, "clock"));
      if (!is_in_calendar (self, ahead))
        incident_problems_add (problems, incident_node_get_member (event->node, "clock"), "sets the clock where no calendar goes");
    }
}

/* What the shape cannot tell. */
static void
read_scenario (IncidentScenario *self,
               IncidentNode     *root,
               gint64            now,
               GPtrArray        *problems)
{
  IncidentNode *kase = incident_node_get_member (root, "case");
  IncidentNode *events = incident_node_get_member (root, "events");
  const char *lasts = incident_node_get_string (root, "for");

  if (kase->type == INCIDENT_JSON_OBJECT)
    self->made = kase;
  else
    self->case_id = kase->value.string;
  self->from = read_moment (root, "from", now);
  self->until = read_moment (root, "until", lasts != NULL ? self->from + incident_duration_from_text (lasts) : self->from);
  if (lasts != NULL && incident_node_get_member (root, "until") != NULL)
    incident_problems_add (problems, incident_node_get_member (root, "for"), "cannot stand beside “until”");
  if (self->until <= self->from || self->until - self->from > LONGEST_DAYS * G_TIME_SPAN_DAY)
    incident_problems_add (problems, root, "must say how long it goes on, by “until” or “for”: at most %d days", LONGEST_DAYS);
  else if (!is_in_calendar (self, 0))
    incident_problems_add (problems, root, "is of a time that no calendar goes to");
  for (guint i = 0; i < incident_node_get_length (events); i++)
    read_event (self, incident_node_get_child (events, i), problems);
  g_array_sort (self->events, compare_events);
  check_clock (self, problems);
}

gboolean
incident_scenario_read (IncidentScenario  *self,
                        const char        *json,
                        gint64             now,
                        GError           **error)
{
  g_autoptr(GPtrArray) problems = NULL;
  IncidentNode *root;

  memset (self, 0, sizeof *self);
  self->tree = incident_tree_new (json, strlen (json), "scenario", error);
  if (self->tree == NULL)
    return FALSE;

  self->events = g_array_new (FALSE, FALSE, sizeof (IncidentScenarioEvent));
  problems = incident_problems_new ();
  root = incident_tree_get_root (self->tree);
  incident_shape_check (&scenario_shape, root, root, problems);
  if (problems->len == 0)
    read_scenario (self, root, now, problems);
  return incident_problems_end (problems, error);
}

void
incident_scenario_clear (IncidentScenario *self)
{
  g_clear_pointer (&self->tree, incident_tree_free);
  g_clear_pointer (&self->events, g_array_unref);
}

/* The phase that “open” leads to; -1 where there is none of the name. */
static int
find_phase (IncidentLifecycle *lifecycle,
            const char        *name)
{
  if (name != NULL)
    return incident_lifecycle_find_phase (lifecycle, name);

  for (guint i = 0; i < lifecycle->transitions->len; i++)
    {
      const IncidentTransition *transition = incident_lifecycle_transition (lifecycle, i);

      if (transition->from == 0 && transition->to >= 0)
        return transition->to;
    }

  return -1;
}

IncidentState *
incident_scenario_make_state (const IncidentScenario  *self,
                              const IncidentRulebook  *rulebook,
                              GError                 **error)
{
  static const char * const said[] = { "severity", "service", "category" };
  IncidentLifecycle *lifecycle = rulebook->rules->lifecycle;
  int number = find_phase (lifecycle, incident_node_get_string (self->made, "phase"));
  g_autoptr(GString) facts = g_string_new (NULL);
  IncidentState *state;
  IncidentEffect effect;

  if (number < 0)
    {
      incident_node_fail (incident_node_get_member (self->made, "phase"), error, "is no phase of the lifecycle");
      return NULL;
    }

  for (guint i = 0; i < G_N_ELEMENTS (said); i++)
    if (incident_node_get_member (self->made, said[i]) != NULL)
      incident_facts_append (facts, said[i], incident_node_get_string (self->made, said[i]));
  incident_facts_append (facts, "phase", incident_lifecycle_phase (lifecycle, number)->name);
  incident_facts_append (facts, "state", incident_status_to_string (incident_lifecycle_phase (lifecycle, number)->status));
  incident_facts_append_number (facts, "episode", 1);

  state = g_new0 (IncidentState, 1);
  incident_effect_read (&effect, facts->str);
  incident_state_apply (state, &effect, 1, INCIDENT_DESK_ACTOR, self->from);
  state->binding = rulebook->binding;
  return state;
}
