/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "model/incident-lifecycle-private.h"

#include "base/incident-json-writer-private.h"

static void
write_phases (IncidentJsonWriter *writer,
              IncidentLifecycle  *self)
{
  incident_json_writer_name (writer, "phases");
  incident_json_writer_begin_array (writer);
  for (guint i = 0; i < self->phases->len; i++)
    {
      const IncidentPhase *phase = incident_lifecycle_phase (self, i);

      incident_json_writer_begin_object (writer);
      incident_json_writer_member (writer, "name", phase->name);
      incident_json_writer_member (writer, "state", incident_status_to_string (phase->status));
      incident_json_writer_end_object (writer);
    }
  incident_json_writer_end_array (writer);
}

static void
write_from (IncidentJsonWriter       *writer,
            IncidentLifecycle        *self,
            const IncidentTransition *transition)
{
  incident_json_writer_name (writer, "from");
  incident_json_writer_begin_array (writer);
  for (guint i = 0; i < self->phases->len; i++)
    if ((transition->from >> i & 1) != 0)
      incident_json_writer_string (writer, incident_lifecycle_phase (self, i)->name);
  incident_json_writer_end_array (writer);
}

static void
write_guards (IncidentJsonWriter       *writer,
              const IncidentTransition *transition)
{
  incident_json_writer_name (writer, "guards");
  incident_json_writer_begin_array (writer);
  for (guint i = 0; i < INCIDENT_N_GUARDS; i++)
    if ((transition->guards >> i & 1) != 0)
      incident_json_writer_string (writer, incident_guard_get_name ((IncidentGuard) i));
  incident_json_writer_end_array (writer);
}

static const char *
get_to (IncidentLifecycle        *self,
        const IncidentTransition *transition)
{
  return transition->to >= 0 ? incident_lifecycle_phase (self, transition->to)->name : NULL;
}

static void
write_transition (IncidentJsonWriter       *writer,
                  IncidentLifecycle        *self,
                  const IncidentTransition *transition)
{
  incident_json_writer_begin_object (writer);
  incident_json_writer_member (writer, "verb", transition->verb);
  incident_json_writer_member (writer, "event", transition->event);
  write_from (writer, self, transition);
  incident_json_writer_member (writer, "to", get_to (self, transition));
  write_guards (writer, transition);
  if (transition->episode)
    {
      incident_json_writer_name (writer, "episode");
      incident_json_writer_boolean (writer, TRUE);
    }
  incident_json_writer_end_object (writer);
}

/**
 * incident_lifecycle_to_json:
 * @self: a lifecycle
 *
 * Writes the lifecycle as JSON that [ctor@Lifecycle.new_from_json] reads.
 *
 * Returns: (transfer full): a JSON object
 *
 * Since: 0.1
 */
char *
incident_lifecycle_to_json (IncidentLifecycle *self)
{
  IncidentJsonWriter writer;

  g_return_val_if_fail (self != NULL, NULL);

  incident_json_writer_init (&writer, TRUE);
  incident_json_writer_begin_object (&writer);
  write_phases (&writer, self);
  incident_json_writer_name (&writer, "verbs");
  incident_json_writer_begin_array (&writer);
  for (guint i = 0; i < self->transitions->len; i++)
    if (!incident_lifecycle_transition (self, i)->is_built_in)
      write_transition (&writer, self, incident_lifecycle_transition (self, i));
  incident_json_writer_end_array (&writer);
  incident_json_writer_end_object (&writer);
  return incident_json_writer_finish (&writer);
}

typedef void (*AppendEdge) (GString    *out,
                            const char *from,
                            const char *to,
                            const char *verb);

/* Verbs that leave the phase as it is would only clutter a picture. */
static void
append_edges (GString           *out,
              IncidentLifecycle *self,
              AppendEdge         append_edge)
{
  for (guint i = 0; i < self->transitions->len; i++)
    {
      const IncidentTransition *transition = incident_lifecycle_transition (self, i);
      const char *to = get_to (self, transition);

      if (to == NULL || transition->is_built_in)
        continue;
      if (transition->from == 0)
        append_edge (out, NULL, to, transition->verb);
      for (guint j = 0; j < self->phases->len; j++)
        if ((transition->from >> j & 1) != 0)
          append_edge (out, incident_lifecycle_phase (self, j)->name, to, transition->verb);
    }
}

static void
append_dot_edge (GString    *out,
                 const char *from,
                 const char *to,
                 const char *verb)
{
  if (from == NULL)
    g_string_append_printf (out, "  start [shape=point, label=\"\"];\n  start -> \"%s\" [label=\"%s\"];\n", to, verb);
  else
    g_string_append_printf (out, "  \"%s\" -> \"%s\" [label=\"%s\"];\n", from, to, verb);
}

/**
 * incident_lifecycle_to_dot:
 * @self: a lifecycle
 *
 * Draws the lifecycle for Graphviz: phases as boxes, those that end a case with
 * a double border, verbs as arrows.
 *
 * Returns: (transfer full): a graph in the DOT language
 *
 * Since: 0.1
 */
char *
incident_lifecycle_to_dot (IncidentLifecycle *self)
{
  GString *out;

  g_return_val_if_fail (self != NULL, NULL);

  out = g_string_new ("digraph lifecycle {\n  rankdir=LR;\n  node [shape=box, style=rounded];\n");
  for (guint i = 0; i < self->phases->len; i++)
    {
      const IncidentPhase *phase = incident_lifecycle_phase (self, i);

      g_string_append_printf (out, "  \"%s\"%s;\n", phase->name,
                              phase->status == INCIDENT_STATUS_ENDED ? " [peripheries=2]" : "");
    }
  append_edges (out, self, append_dot_edge);
  g_string_append (out, "}\n");
  return g_string_free (out, FALSE);
}

/* Ids may hold dashes, which Mermaid takes in a state's name only behind an alias. */
static void
append_mermaid_name (GString    *out,
                     const char *name)
{
  for (; *name != '\0'; name++)
    g_string_append_c (out, *name == '-' ? '_' : *name);
}

static void
append_mermaid_edge (GString    *out,
                     const char *from,
                     const char *to,
                     const char *verb)
{
  g_string_append (out, "  ");
  if (from == NULL)
    g_string_append (out, "[*]");
  else
    append_mermaid_name (out, from);
  g_string_append (out, " --> ");
  append_mermaid_name (out, to);
  g_string_append_printf (out, ": %s\n", verb);
}

/**
 * incident_lifecycle_to_mermaid:
 * @self: a lifecycle
 *
 * Draws the lifecycle for Mermaid, which many wikis and forges show.
 *
 * Returns: (transfer full): a state diagram
 *
 * Since: 0.1
 */
char *
incident_lifecycle_to_mermaid (IncidentLifecycle *self)
{
  GString *out;

  g_return_val_if_fail (self != NULL, NULL);

  out = g_string_new ("stateDiagram-v2\n");
  for (guint i = 0; i < self->phases->len; i++)
    {
      g_string_append_printf (out, "  state \"%s\" as ", incident_lifecycle_phase (self, i)->name);
      append_mermaid_name (out, incident_lifecycle_phase (self, i)->name);
      g_string_append_c (out, '\n');
    }
  append_edges (out, self, append_mermaid_edge);
  for (guint i = 0; i < self->phases->len; i++)
    {
      if (incident_lifecycle_phase (self, i)->status != INCIDENT_STATUS_ENDED)
        continue;
      g_string_append (out, "  ");
      append_mermaid_name (out, incident_lifecycle_phase (self, i)->name);
      g_string_append (out, " --> [*]\n");
    }
  return g_string_free (out, FALSE);
}
